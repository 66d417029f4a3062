//! A screenplay's pages for people: as a web page, and as a PDF for the printer.

mod html;
mod pdf;
#[cfg(test)]
mod tests;

pub use html::html;
pub use pdf::{Pdf, pdf};

use crate::film::pages::{COLUMNS, Page, Paper, Row};

/// What stands at the head of every page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The title of the film.
    pub title: String,
    /// The colour of the revision.
    pub paper: Paper,
    /// The day of the revision, `11/21/26`.
    pub date: String,
}

impl Head {
    /// `BLUE REV. 11/21/26`; white is the script as it was first given out.
    #[must_use]
    pub fn revision(&self) -> String {
        match self.paper.name().as_str() {
            "WHITE" => self.date.clone(),
            name => format!("{name} REV. {}", self.date),
        }
    }

    /// The head of one page in the columns of its rows: title, revision, number.
    #[must_use]
    pub fn line(&self, page: &Page) -> String {
        let number = format!("{}.", page.number);
        let revision = self.revision();
        let room = (COLUMNS + 3).saturating_sub(revision.chars().count() + 4 + 8);
        let title: String = self.title.chars().take(room).collect();
        let rest = (COLUMNS + 3).saturating_sub(title.chars().count() + revision.chars().count());
        let (left, right) = (rest.saturating_sub(8), rest.min(8));
        format!("{title}{}{revision}{number:>right$}", " ".repeat(left))
    }
}

/// What marks a row that changed.
const MARK: &str = "*";
/// The column of the scene number before a heading, counted back from the left margin; that behind
/// it, and that of the asterisk, counted from the left margin.
const NUMBER_BEFORE: usize = 7;
const NUMBER_BEHIND: usize = 62;
const MARK_COLUMN: usize = 67;

/// What a page is set from, a text at a column: counted from seven columns left of the margin.
fn cells(row: &Row) -> Vec<(usize, String)> {
    let mut cells = Vec::new();
    if let Some(scene) = &row.scene {
        cells.push((0, scene.clone()));
        cells.push((NUMBER_BEFORE + NUMBER_BEHIND, scene.clone()));
    }
    if row.is_marked {
        cells.push((NUMBER_BEFORE + MARK_COLUMN, MARK.to_owned()));
    }
    cells
}

/// A row as a line of plain text, seven columns of margin before it.
#[must_use]
pub fn line(row: &Row) -> String {
    let mut line: Vec<char> = vec![' '; NUMBER_BEFORE + row.column];
    line.extend(row.text().chars());
    for (column, text) in cells(row) {
        let end = column + text.chars().count();
        if line.len() < end {
            line.resize(end, ' ');
        }
        for (at, letter) in text.chars().enumerate() {
            line[column + at] = letter;
        }
    }
    let line: String = line.into_iter().collect();
    line.trim_end().to_owned()
}
