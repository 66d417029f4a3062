//! A script back to text, from the lines of its parts.

use std::ops::Range;

use super::ast::{Element, Script, TitleEntry};
use super::lines::{BOM, source_lines};

/// A stretch of source lines and what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// An entry of the title page.
    Title(&'a TitleEntry),
    /// An element.
    Element(&'a Element),
    /// Blank lines between them.
    Gap(Range<usize>),
}

impl Piece<'_> {
    /// Its source lines.
    #[must_use]
    pub fn lines(&self) -> Range<usize> {
        match self {
            Self::Title(entry) => entry.lines.clone(),
            Self::Element(element) => element.lines.clone(),
            Self::Gap(lines) => lines.clone(),
        }
    }
}

impl Script {
    /// The source lines with their line ends: what the `lines` of an element count.
    #[must_use]
    pub fn source_lines(&self) -> Vec<&str> {
        source_lines(&self.source)
    }

    /// Title entries, elements and the blank lines between, in order and without holes.
    #[must_use]
    pub fn pieces(&self) -> Vec<Piece<'_>> {
        let entries = self.title_page.iter().map(Piece::Title);
        let mut parts: Vec<Piece<'_>> = entries
            .chain(self.elements.iter().map(Piece::Element))
            .collect();
        parts.sort_by_key(|piece| piece.lines().start);
        let mut pieces = Vec::with_capacity(parts.len() * 2);
        let mut at = 0;
        for part in parts {
            let lines = part.lines();
            if at < lines.start {
                pieces.push(Piece::Gap(at..lines.start));
            }
            at = lines.end;
            pieces.push(part);
        }
        let end = self.source_lines().len();
        if at < end {
            pieces.push(Piece::Gap(at..end));
        }
        pieces
    }

    /// The text, put together from its pieces: the same as `source`, byte for byte.
    #[must_use]
    pub fn print(&self) -> String {
        let lines = self.source_lines();
        self.pieces()
            .iter()
            .flat_map(|piece| lines[piece.lines()].iter().copied())
            .collect()
    }

    /// The source text of these lines.
    #[must_use]
    pub fn text_of(&self, lines: Range<usize>) -> String {
        self.source_lines()[lines].concat()
    }
}

/// Whether a source line shows nothing.
#[must_use]
pub fn is_blank_line(line: &str) -> bool {
    line.trim_start_matches(BOM).trim().is_empty()
}
