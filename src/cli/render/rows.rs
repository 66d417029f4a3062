//! Long lists: the first rows, and how many more there are. One way for every command that a feature
//! film would make print hundreds of rows; `--all` prints them all, and `--json` always does.

use std::io::{self, Write};

use crate::cli::format::count;
use crate::cli::output::Output;

/// Rows that a person takes in at a glance: those of a terminal of the usual height, and some.
pub(in crate::cli) const MOST: usize = 40;

/// How much of a list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct Rows {
    most: usize,
    /// How to see the rest, or nothing where there is no way.
    how: Option<&'static str>,
}

impl Rows {
    /// The first [`MOST`] rows, or with `--all` every one.
    pub(in crate::cli) fn of(all: bool) -> Self {
        match all {
            true => Self::all(),
            false => Self {
                most: MOST,
                how: Some("--all lists them all"),
            },
        }
    }

    /// Every row.
    pub(in crate::cli) fn all() -> Self {
        Self {
            most: usize::MAX,
            how: None,
        }
    }

    /// Fewer rows, for one of several lists of a command; all where all are wanted.
    pub(in crate::cli) fn most(self, most: usize) -> Self {
        match self.is_all() {
            true => self,
            false => Self { most, ..self },
        }
    }

    /// The same, with other words for how to see the rest.
    pub(in crate::cli) fn how(self, how: &'static str) -> Self {
        let how = self.how.map(|_| how);
        Self { how, ..self }
    }

    /// Whether every row is wanted.
    pub(in crate::cli) fn is_all(self) -> bool {
        self.most == usize::MAX
    }

    /// How many of so many rows are printed. A row that says that there is one more takes as much
    /// room as that one.
    pub(in crate::cli) fn take(self, rows: usize) -> usize {
        match self.most.checked_add(1) {
            Some(most) if rows > most => self.most,
            _ => rows,
        }
    }

    /// What stands for the rest of so many rows: `… and 153 more scenes (--all lists them all)`.
    pub(in crate::cli) fn rest(self, rows: usize, one: &str, many: &str) -> Option<String> {
        self.more(rows - self.take(rows), one, many)
    }

    /// What stands for so many rows that are left out.
    pub(in crate::cli) fn more(self, left: usize, one: &str, many: &str) -> Option<String> {
        let how = self.how.map_or(String::new(), |how| format!(" ({how})"));
        (left > 0).then(|| {
            let left = count(left, &format!("more {one}"), &format!("more {many}"));
            format!("… and {left}{how}")
        })
    }

    /// Writes the rows with `write`, and how many are left out.
    pub(in crate::cli) fn write<T>(
        self,
        out: &mut Output,
        rows: &[T],
        (one, many): (&str, &str),
        mut write: impl FnMut(&mut Output, &T) -> io::Result<()>,
    ) -> io::Result<()> {
        for row in &rows[..self.take(rows.len())] {
            write(out, row)?;
        }
        match self.rest(rows.len(), one, many) {
            Some(rest) => writeln!(out, "{rest}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_is_counted_and_one_more_is_printed_rather_than_counted() {
        let rows = Rows::of(false);
        assert_eq!((rows.take(41), rows.take(42)), (41, 40));
        assert_eq!(rows.rest(41, "scene", "scenes"), None);
        assert_eq!(
            rows.rest(193, "scene", "scenes").as_deref(),
            Some("… and 153 more scenes (--all lists them all)")
        );
        assert_eq!(Rows::of(true).take(193), 193);
        assert_eq!(Rows::of(false).most(3).take(10), 3);
        assert_eq!(Rows::of(true).most(3).take(10), 10);
    }
}
