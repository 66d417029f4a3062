//! The elements of a screenplay.

use std::ops::Range;
use std::sync::Arc;

use crate::words::HeadingWords;

/// A parsed screenplay. Every source line belongs to exactly one element, title entry or note
/// block, so `source` can always be printed back as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The text it was parsed from, unchanged.
    pub source: String,
    /// The title page, in order.
    pub title_page: Vec<TitleEntry>,
    /// The body, in order, blank lines left out.
    pub elements: Vec<Element>,
    /// The words by which its headings were found, and are read.
    pub words: Arc<HeadingWords>,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            source: String::new(),
            title_page: Vec::new(),
            elements: Vec::new(),
            words: HeadingWords::builtin(),
        }
    }
}

/// One `Key: value` of the title page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TitleEntry {
    /// The key as written, without the colon.
    pub key: String,
    /// The value; lines joined by `\n`, their indentation removed.
    pub value: String,
    /// Its source lines, counted from 0, end exclusive.
    pub lines: Range<usize>,
}

/// One element of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// What it is, with what only that kind has.
    pub kind: ElementKind,
    /// Its text without forcing marks, scene numbers, notes and boneyard; emphasis marks kept;
    /// lines joined by `\n`.
    pub text: String,
    /// The notes `[[…]]` that stood inside it.
    pub notes: Vec<String>,
    /// Its source lines, counted from 0, end exclusive.
    pub lines: Range<usize>,
}

/// The kinds of element of the Fountain syntax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ElementKind {
    /// `INT. KITCHEN - DAY #12#`, or forced with `.`
    SceneHeading {
        /// The number between `#` marks, if the script carries one.
        number: Option<String>,
    },
    /// Everything that is nothing else. A paragraph break inside starts a new element.
    Action,
    /// `> text <`
    Centered,
    /// A cue: `RAE (V.O.)`. `text` is the cue as written without forcing mark and `^`.
    Character {
        /// The name without extensions: the identity of the speaker.
        name: String,
        /// The extensions without parentheses, `CONT'D` left out: `["V.O."]`.
        extensions: Vec<String>,
        /// Whether it speaks beside the block before it (`^`).
        dual: bool,
    },
    /// `(softly)`, text without the parentheses.
    Parenthetical,
    /// What the last cue says.
    Dialogue,
    /// `~ sung words`
    Lyric,
    /// `CUT TO:` or `> forced`
    Transition,
    /// `# Act one`
    Section {
        /// 1 to 6.
        depth: u8,
    },
    /// `= what happens`
    Synopsis,
    /// `===`
    PageBreak,
    /// A note that stands alone; its `text`, not its `notes`, is what it says.
    Note,
    /// Text between `/*` and `*/` that stands alone.
    Boneyard,
}

impl ElementKind {
    /// Whether it is seen or heard on the screen: action, centered text, speech and song.
    #[must_use]
    pub fn is_filmed(&self) -> bool {
        use ElementKind::{Action, Centered, Character, Dialogue, Lyric, Parenthetical};
        matches!(
            self,
            Action | Centered | Character { .. } | Parenthetical | Dialogue | Lyric
        )
    }
}
