//! The few colours of the output. Without colour every one of them prints nothing, so the text is
//! the same either way.

use anstyle::{AnsiColor, Style};

/// How each sort of text looks: `{style}text{style:#}`.
#[derive(Debug, Clone, Default)]
pub(super) struct Palette {
    /// `error:`
    pub(super) error: Style,
    /// `hint:`
    pub(super) hint: Style,
    /// What is out of order but no error.
    pub(super) warning: Style,
    /// Ids.
    pub(super) id: Style,
    /// Titles of a listing.
    pub(super) title: Style,
    /// What came.
    pub(super) added: Style,
    /// What went.
    pub(super) removed: Style,
    /// The words that came within a changed line.
    pub(super) added_word: Style,
    /// The words that went within a changed line.
    pub(super) removed_word: Style,
    /// Where in a file.
    pub(super) place: Style,
    /// Names of timelines and tags.
    pub(super) reference: Style,
    /// What one may skip.
    pub(super) faint: Style,
}

impl Palette {
    pub(super) fn new(color: bool) -> Self {
        if !color {
            return Self::default();
        }
        let of = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
        Self {
            error: of(AnsiColor::Red).bold(),
            hint: of(AnsiColor::Cyan),
            warning: of(AnsiColor::Yellow),
            id: of(AnsiColor::Yellow),
            title: Style::new().bold(),
            added: of(AnsiColor::Green),
            removed: of(AnsiColor::Red),
            added_word: of(AnsiColor::Green).invert(),
            removed_word: of(AnsiColor::Red).invert(),
            place: of(AnsiColor::Cyan),
            reference: of(AnsiColor::Green).bold(),
            faint: Style::new().dimmed(),
        }
    }

    /// Whether the words that changed within a line look other than the line.
    pub(super) fn shows_words(&self) -> bool {
        (self.added_word, self.removed_word) != (self.added, self.removed)
    }
}
