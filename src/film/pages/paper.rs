//! The colours of revisions, in the order in which productions use them.

use std::fmt;
use std::str::FromStr;

/// The colours, with what they look like on a screen.
const COLORS: [(&str, &str); 10] = [
    ("white", "#ffffff"),
    ("blue", "#d6e6f5"),
    ("pink", "#fadadd"),
    ("yellow", "#fdf6c3"),
    ("green", "#d8efd3"),
    ("goldenrod", "#f3dca0"),
    ("buff", "#f2e3c9"),
    ("salmon", "#f9cdbd"),
    ("cherry", "#f2b6c1"),
    ("tan", "#e0cfb4"),
];
/// What stands before a colour that comes again.
const ROUNDS: [&str; 3] = ["", "double ", "triple "];

/// The paper of a revision: white first, then blue, pink … and double white.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paper(usize);

/// A text that names no paper.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no colour of a revision: white, blue, pink, yellow, green, goldenrod, buff, salmon, cherry, tan, then double white …"
)]
pub struct NotAPaper(pub String);

impl Paper {
    /// That of the first revision of a script that was given out.
    pub const FIRST_REVISION: Self = Self(1);

    /// `BLUE`, `DOUBLE WHITE`
    #[must_use]
    pub fn name(self) -> String {
        self.to_string().to_uppercase()
    }

    /// What it looks like on a screen, `#d6e6f5`.
    #[must_use]
    pub fn color(self) -> &'static str {
        COLORS[self.0 % COLORS.len()].1
    }
}

impl fmt::Display for Paper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (round, color) = (self.0 / COLORS.len(), self.0 % COLORS.len());
        write!(f, "{}{}", ROUNDS[round], COLORS[color].0)
    }
}

impl FromStr for Paper {
    type Err = NotAPaper;

    fn from_str(text: &str) -> Result<Self, NotAPaper> {
        let asked = text.to_lowercase().replace(['-', '_'], " ");
        let mut all = (0..ROUNDS.len() * COLORS.len()).map(Self);
        all.find(|paper| paper.to_string() == asked)
            .ok_or_else(|| NotAPaper(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn papers_are_named_in_their_order() {
        for name in ["white", "blue", "cherry", "double white", "triple tan"] {
            let paper: Paper = name.parse().expect("a paper");
            assert_eq!(paper.to_string(), name);
        }
        assert_eq!("Double-Blue".parse(), Ok(Paper(11)));
        assert_eq!(Paper::FIRST_REVISION.name(), "BLUE");
        for none in ["", "mauve", "double", "quadruple white"] {
            assert_eq!(none.parse::<Paper>(), Err(NotAPaper(none.to_owned())));
        }
    }
}
