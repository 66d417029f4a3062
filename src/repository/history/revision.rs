//! Revisions as they are typed.
//!
//! ```text
//! revision  = [base] step* [":" path]
//! span      = revision | "^" revision | [revision] ".." [revision] | [revision] "..." [revision]
//! base      = HEAD | @ | timeline | tag | remote's timeline | 4 or more digits of an id | before
//! before    = "-" | "@{-" n "}"                   (where the project stood, 1 or n switches ago)
//! step      = "~" [n] | "^" [n] | "@{" moment or n "}"        (the last only after a name)
//! ```

mod resolve;
#[cfg(test)]
mod tests;

use super::{HistoryError, Result};
use crate::object::{CommitId, RepoPath, TreeId};

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// `~n`: n first parents up.
    Up(usize),
    /// `^n`: the nth parent; `^0` the commit itself.
    Parent(usize),
    /// `@{…}`: where the name stood.
    Past(String),
    /// `-`, `@{-n}`: what the project stood on n switches ago.
    Before(usize),
}

/// A revision taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    base: String,
    steps: Vec<Step>,
    /// What follows the colon, if there is one; empty is the whole tree.
    pub path: Option<String>,
}

/// What one word of a command line names of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// `A`: the commit, and what it stands on.
    At(String),
    /// `^A`: without the commit and what it stands on.
    Without(String),
    /// `A..B`: from the first to the second.
    Between(String, String),
    /// `A...B`: from where they part to either.
    Either(String, String),
}

impl Span {
    /// Takes a word apart; an end that is left out is HEAD. What begins as a path is none.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        // A moment may hold dots, and so may a path.
        let end = word.find(['{', ':']).unwrap_or(word.len());
        let end_of = |text: &str| match text {
            "" => "HEAD".to_owned(),
            text => text.to_owned(),
        };
        if is_relative(word) {
            return Self::At(word.to_owned());
        }
        if let Some(rest) = word.strip_prefix('^') {
            return Self::Without(end_of(rest));
        }
        let dots = word.find("..").filter(|at| *at < end);
        let Some((from, to)) = dots.map(|at| word.split_at(at)) else {
            return Self::At(word.to_owned());
        };
        match to.strip_prefix("...") {
            Some(to) => Self::Either(end_of(from), end_of(to)),
            None => Self::Between(end_of(from), end_of(&to[2..])),
        }
    }

    /// The revisions that it names.
    pub fn ends(&self) -> impl Iterator<Item = &str> {
        let (first, second) = match self {
            Self::At(one) | Self::Without(one) => (one, None),
            Self::Between(from, to) | Self::Either(from, to) => (from, Some(to)),
        };
        [Some(first), second]
            .into_iter()
            .flatten()
            .map(String::as_str)
    }
}

/// Whether a path is written from a folder: `./x`, `../x`.
#[must_use]
pub fn is_relative(path: &str) -> bool {
    matches!(path, "." | "..") || path.starts_with("./") || path.starts_with("../")
}

/// What a revision stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The commit.
    pub commit: CommitId,
    /// Its tree.
    pub tree: TreeId,
    /// What follows the colon; none for the whole tree.
    pub path: Option<RepoPath>,
}

impl Revision {
    /// Takes a revision apart.
    ///
    /// # Errors
    /// `BadRevision` says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self> {
        let bad = |reason: &str| HistoryError::BadRevision {
            text: text.to_owned(),
            reason: reason.to_owned(),
        };
        let end = base_end(text);
        let (base, mut rest) = text.split_at(end);
        let mut steps = Vec::new();
        if base == "-" {
            steps.push(Step::Before(1));
        }
        let mut path = None;
        while let Some(first) = rest.chars().next() {
            let after = &rest[first.len_utf8()..];
            match first {
                ':' => {
                    path = Some(after.to_owned());
                    rest = "";
                }
                '~' | '^' => {
                    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
                    let number = match &after[..digits] {
                        "" => 1,
                        digits => digits.parse().map_err(|_| bad("the number is too large"))?,
                    };
                    let step = if first == '~' { Step::Up } else { Step::Parent };
                    steps.push(step(number));
                    rest = &after[digits..];
                }
                '@' if after.starts_with('{') => {
                    let end = after.find('}').ok_or_else(|| bad("`@{` is never closed"))?;
                    if !steps.is_empty() {
                        return Err(bad("`@{…}` follows a name, not a commit"));
                    }
                    let past = after[1..end].trim();
                    steps.push(match past.strip_prefix('-').map(str::parse::<usize>) {
                        Some(Ok(_)) if !matches!(base, "" | "@" | "HEAD") => {
                            return Err(bad(
                                "`@{-1}` follows no name: it is where the project stood",
                            ));
                        }
                        Some(Ok(0)) => return Err(bad("switches are counted from 1")),
                        Some(Ok(moves)) => Step::Before(moves),
                        _ => Step::Past(past.to_owned()),
                    });
                    rest = &after[end + 1..];
                }
                other => return Err(bad(&format!("{other:?} is not expected there"))),
            }
        }
        if base.is_empty() && steps.is_empty() && path.is_none() {
            return Err(bad("it is empty"));
        }
        let base = if matches!(base, "" | "@" | "-") {
            "HEAD"
        } else {
            base
        };
        Ok(Self {
            base: base.to_owned(),
            steps,
            path,
        })
    }
}

/// Where the name ends and steps or a path begin.
fn base_end(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        if matches!(c, '~' | '^' | ':') || (c == '@' && next == Some('{')) {
            return at;
        }
    }
    text.len()
}
