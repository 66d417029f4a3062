//! Paragraphs set in rows of Courier 12: ten characters to the inch, in the columns of the trade.

use std::collections::HashMap;

use serde::Serialize;

use crate::fountain::{Element, ElementKind, StyledText, runs};
use crate::numbers::{Numbers, Omission};
use crate::versions::{Passage, Version};

/// Columns between the margins, for headings and action.
pub const COLUMNS: usize = 61;

/// How an element is set: what it is, its first column from the left margin, its width.
struct Setting {
    kind: RowKind,
    column: usize,
    width: usize,
}

const fn setting(kind: RowKind, column: usize, width: usize) -> Setting {
    Setting {
        kind,
        column,
        width,
    }
}

const HEADING: Setting = setting(RowKind::Heading, 0, 57);
const ACTION: Setting = setting(RowKind::Action, 0, COLUMNS);
const CUE: Setting = setting(RowKind::Cue, 22, 38);
const PARENTHETICAL: Setting = setting(RowKind::Parenthetical, 16, 26);
const DIALOGUE: Setting = setting(RowKind::Dialogue, 10, 35);

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// Nothing.
    Blank,
    /// A scene heading, or OMITTED.
    Heading,
    /// Action, centered text, a lyric that nobody's cue sings.
    Action,
    /// A cue.
    Cue,
    /// How a line is said.
    Parenthetical,
    /// What is said.
    Dialogue,
    /// A transition.
    Transition,
    /// `(MORE)` below a speech that goes on overleaf.
    More,
}

/// A row of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// What it is.
    pub kind: RowKind,
    /// The column of its first character, from the left margin.
    pub column: usize,
    /// Its text, in stretches of one style.
    #[serde(serialize_with = "as_text")]
    pub runs: Vec<StyledText>,
    /// The number of the scene that begins here, for both margins.
    pub scene: Option<String>,
    /// Whether it changed, so that an asterisk stands in the margin.
    pub is_marked: bool,
}

fn as_text<S: serde::Serializer>(runs: &[StyledText], to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(&runs.iter().map(|run| run.text.as_str()).collect::<String>())
}

impl Row {
    pub(super) fn blank() -> Self {
        Self::plain(RowKind::Blank, 0, "")
    }

    pub(super) fn plain(kind: RowKind, column: usize, text: &str) -> Self {
        let run = StyledText {
            text: text.to_owned(),
            ..StyledText::default()
        };
        Self {
            kind,
            column,
            runs: vec![run],
            scene: None,
            is_marked: false,
        }
    }

    /// `(MORE)`
    pub(super) fn more() -> Self {
        Self::plain(RowKind::More, CUE.column, "(MORE)")
    }

    /// The cue above the rest of a speech.
    pub(super) fn continued(cue: &str) -> Self {
        let said = cue.to_uppercase().contains("(CONT");
        let text = if said {
            cue.to_owned()
        } else {
            format!("{cue} (CONT'D)")
        };
        Self::plain(RowKind::Cue, CUE.column, &text)
    }

    /// Its text without styles.
    #[must_use]
    pub fn text(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }

    /// Whether two rows look the same but for the mark.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        (self.kind, self.column, &self.runs, &self.scene)
            == (other.kind, other.column, &other.runs, &other.scene)
    }
}

/// A paragraph in rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// What it is of: a passage of the script, or a scene that was omitted.
    pub(super) of: Origin,
    pub(super) rows: Vec<Row>,
    /// Whether a page ends before it, as the script says.
    pub(super) breaks: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Origin {
    Passage(usize),
    Omitted(String),
}

impl Block {
    pub(super) fn is_heading(&self) -> bool {
        self.rows
            .first()
            .is_some_and(|row| row.kind == RowKind::Heading)
    }

    /// The cue, of a speech.
    pub(super) fn cue(&self) -> Option<String> {
        let first = self.rows.first().filter(|row| row.kind == RowKind::Cue)?;
        Some(first.text())
    }
}

/// Every paragraph of a version that is printed, with the scenes that were omitted where their numbers
/// belong.
pub(super) fn set(version: &Version, numbers: &Numbers) -> Vec<Block> {
    let mut omitted: Vec<Vec<String>> = vec![Vec::new(); version.scenes.len() + 1];
    let mut of_scene = Vec::with_capacity(version.scenes.len());
    for row in &numbers.rows {
        match row.omission {
            Omission::Cut => {
                let before = of_scene.len().min(version.scenes.len());
                omitted[before].push(row.number.to_string());
            }
            _ => of_scene.push(row.number.to_string()),
        }
    }
    let mut blocks = Vec::new();
    let mut breaks = false;
    let mut told = 0;
    let mut tell = |until: usize, blocks: &mut Vec<Block>| {
        while told < until {
            blocks.extend(omitted[told].iter().map(|number| self::omitted(number)));
            told += 1;
        }
    };
    for (at, passage) in version.passages.iter().enumerate() {
        if let Some(scene) = passage.scene {
            tell(scene + 1, &mut blocks);
        }
        let elements = &version.elements[passage.elements.clone()];
        breaks |= elements
            .iter()
            .any(|element| element.kind == ElementKind::PageBreak);
        let rows = rows_of(passage, elements, &of_scene);
        if !rows.is_empty() {
            let breaks = std::mem::take(&mut breaks);
            let of = Origin::Passage(at);
            blocks.push(Block { of, rows, breaks });
        }
    }
    tell(version.scenes.len() + 1, &mut blocks);
    blocks
}

fn omitted(number: &str) -> Block {
    let mut row = Row::plain(RowKind::Heading, HEADING.column, "OMITTED");
    row.scene = Some(number.to_owned());
    Block {
        of: Origin::Omitted(number.to_owned()),
        rows: vec![row],
        breaks: false,
    }
}

/// Pairs of passages as pairs of blocks, ascending in the newer version; an omitted scene is the one
/// that was omitted before, or the heading that it had.
pub(super) fn pairs(from: &[Block], to: &[Block], pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let places = |blocks: &[Block]| -> HashMap<Origin, usize> {
        let place = |(at, block): (usize, &Block)| (block.of.clone(), at);
        blocks.iter().enumerate().map(place).collect()
    };
    let (old, new) = (places(from), places(to));
    let mut found: Vec<(usize, usize)> = pairs
        .iter()
        .filter_map(|(was, is)| {
            Some((
                *old.get(&Origin::Passage(*was))?,
                *new.get(&Origin::Passage(*is))?,
            ))
        })
        .collect();
    let headings: HashMap<&str, usize> = from
        .iter()
        .enumerate()
        .filter_map(|(at, block)| Some((block.rows[0].scene.as_deref()?, at)))
        .collect();
    let mut taken: std::collections::HashSet<usize> = found.iter().map(|(old, _)| *old).collect();
    for (at, block) in to.iter().enumerate() {
        if let Origin::Omitted(number) = &block.of
            && let Some(was) = headings.get(number.as_str())
            && taken.insert(*was)
        {
            found.push((*was, at));
        }
    }
    found.sort_unstable_by_key(|(_, new)| *new);
    found
}

fn rows_of(passage: &Passage, elements: &[Element], of_scene: &[String]) -> Vec<Row> {
    let mut rows = Vec::new();
    for element in elements {
        use ElementKind::{
            Action, Boneyard, Centered, Character, Dialogue, Lyric, Note, PageBreak, Parenthetical,
            SceneHeading, Section, Synopsis, Transition,
        };
        let text = &element.text;
        match &element.kind {
            SceneHeading { .. } => {
                rows.extend(wrapped(&text.to_uppercase(), &HEADING));
                if let (Some(row), Some(scene)) = (rows.first_mut(), passage.scene) {
                    row.scene = of_scene.get(scene).cloned();
                }
            }
            Action => rows.extend(wrapped(text, &ACTION)),
            Centered => rows.extend(wrapped(text, &ACTION).into_iter().map(centered)),
            Character { .. } => rows.extend(wrapped(text, &CUE)),
            Parenthetical => rows.extend(wrapped(&format!("({text})"), &PARENTHETICAL)),
            Dialogue => rows.extend(wrapped(text, &DIALOGUE)),
            Lyric if rows.is_empty() => rows.extend(wrapped(&format!("*{text}*"), &ACTION)),
            Lyric => rows.extend(wrapped(&format!("*{text}*"), &DIALOGUE)),
            Transition => {
                let set = wrapped(&text.to_uppercase(), &ACTION).into_iter();
                rows.extend(set.map(at_the_right));
            }
            Section { .. } | Synopsis | PageBreak | Note | Boneyard => {}
        }
    }
    rows
}

fn centered(mut row: Row) -> Row {
    row.column = COLUMNS.saturating_sub(width(&row)) / 2;
    row
}

fn at_the_right(mut row: Row) -> Row {
    row.kind = RowKind::Transition;
    row.column = COLUMNS.saturating_sub(width(&row));
    row
}

fn width(row: &Row) -> usize {
    row.runs.iter().map(|run| run.text.chars().count()).sum()
}

/// A letter and its style.
type Letter = (char, (bool, bool, bool));

/// A text broken between words into rows; a word that is longer than a row is broken within.
fn wrapped(text: &str, setting: &Setting) -> Vec<Row> {
    let letters: Vec<Letter> = runs(text)
        .iter()
        .flat_map(|run| {
            let style = (run.bold, run.italic, run.underline);
            run.text.chars().map(move |letter| (letter, style))
        })
        .collect();
    let mut rows = Vec::new();
    for line in letters.split(|(letter, _)| *letter == '\n') {
        let mut row: Vec<Letter> = Vec::new();
        for word in line.split(|(letter, _)| letter.is_whitespace()) {
            if word.is_empty() {
                continue;
            }
            if !row.is_empty() && row.len() + 1 + word.len() > setting.width {
                rows.push(std::mem::take(&mut row));
            }
            if !row.is_empty() {
                // The blank between two words of a style has it too, so that a line under both is one.
                let styles = [row[row.len() - 1].1, word[0].1];
                let style = if styles[0] == styles[1] {
                    styles[0]
                } else {
                    Default::default()
                };
                row.push((' ', style));
            }
            for letter in word {
                if row.len() == setting.width {
                    rows.push(std::mem::take(&mut row));
                }
                row.push(*letter);
            }
        }
        rows.push(row);
    }
    rows.iter().map(|letters| row(letters, setting)).collect()
}

fn row(letters: &[Letter], setting: &Setting) -> Row {
    let mut runs: Vec<StyledText> = Vec::new();
    for (letter, (bold, italic, underline)) in letters {
        match runs.last_mut() {
            Some(run) if (run.bold, run.italic, run.underline) == (*bold, *italic, *underline) => {
                run.text.push(*letter);
            }
            _ => runs.push(StyledText {
                text: letter.to_string(),
                bold: *bold,
                italic: *italic,
                underline: *underline,
            }),
        }
    }
    Row {
        kind: setting.kind,
        column: setting.column,
        runs,
        scene: None,
        is_marked: false,
    }
}
