//! A screenplay on pages, as productions print it, and what of them a revision changes.
//!
//! Once a script is given out its pages and scenes keep their numbers. What grows is put on A and B
//! pages, a scene that was cut stays as OMITTED, a line that changed carries an asterisk in the
//! margin, and only the pages that changed are printed again, on paper of the next colour.
//!
//! ```text
//! two versions ─ pair ─▶ paragraphs ─ set ─▶ rows ─ break where the older version broke ─▶ pages
//! ```

mod breaks;
mod locked;
mod marks;
mod paper;
mod rows;

use serde::Serialize;

use crate::fountain::parse;
use crate::numbers::Numbers;
use crate::versions::revise;

pub use paper::{NotAPaper, Paper};
pub use rows::{COLUMNS, Row, RowKind};

/// Rows of a page.
pub const ROWS: usize = 55;

/// A screenplay on pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pages {
    /// The title, if the script says one.
    pub title: Option<String>,
    /// In order.
    pub pages: Vec<Page>,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page {
    /// As it is printed: `10`, `10A`, `11-12` where the text of page 12 is gone.
    pub number: String,
    /// Whether it has to be printed again: its text is not that of the page of this number before.
    pub is_revised: bool,
    /// From its top; blank ones are rows too.
    pub rows: Vec<Row>,
}

/// Sets a version on pages that keep the numbers of an older one. `numbers` are what is remembered
/// of the scenes of either version; what that does not know is numbered as a commit would.
#[must_use]
pub fn revision(old: &str, new: &str, numbers: [Option<&Numbers>; 2]) -> Pages {
    let (was, is, mut pairs) = revise(old, new);
    let nothing = Numbers::default();
    let before = numbers[0].unwrap_or(&nothing).update(&was.scenes);
    let after = numbers[1].unwrap_or(&before).update(&is.scenes);
    let (from, to) = (rows::set(&was, &before), rows::set(&is, &after));
    pairs = rows::pairs(&from, &to, &pairs);
    let to = marks::mark(&from, to, &pairs);
    let title = parse(new).title_page.into_iter();
    let mut title = title.filter(|entry| entry.key.eq_ignore_ascii_case("title"));
    Pages {
        title: title
            .next()
            .map(|entry| crate::fountain::plain(&entry.value)),
        pages: locked::pages(&from, &to, &pairs),
    }
}

impl Pages {
    /// The pages that have to be printed again.
    pub fn revised(&self) -> impl Iterator<Item = &Page> {
        self.pages.iter().filter(|page| page.is_revised)
    }
}

impl Page {
    /// How many of its rows carry an asterisk.
    #[must_use]
    pub fn marked_rows(&self) -> usize {
        self.rows.iter().filter(|row| row.is_marked).count()
    }
}
