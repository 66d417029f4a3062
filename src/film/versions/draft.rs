//! A screenplay taken apart so that its text can be put together again byte for byte.

use std::mem::{Discriminant, discriminant};

use serde::Serialize;

use crate::fountain::{Element, ElementKind, Piece, Script, parse};
use crate::scenes::{Scene, split};

/// A version of a screenplay in parts.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) elements: Vec<Element>,
    pub(super) scenes: Vec<Scene>,
    pub(super) blocks: Vec<Block>,
}

/// A stretch of the script that moves as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) kind: BlockKind,
    pub(super) units: Vec<Unit>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockKind {
    /// What stands before the first scene: the title page.
    Front,
    /// A scene, by its place in [`Draft::scenes`].
    Scene(usize),
    /// Sections, synopses and page breaks between two scenes, which are no part of the first.
    Divider,
}

/// What one person would call a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// An entry of the title page.
    Title,
    /// A scene heading.
    Heading,
    /// Action, and centered text.
    Action,
    /// A cue with all that it says.
    Speech,
    /// A lyric that no cue sings.
    Lyric,
    /// A transition.
    Transition,
    /// A section, a synopsis or a page break.
    Outline,
    /// A note or a boneyard that stands alone.
    Note,
}

/// A paragraph, and the blank lines after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) kind: UnitKind,
    /// One for each element; a speech has several.
    pub(super) parts: Vec<Part>,
    /// The blank lines after it, as they are.
    pub(super) gap: String,
}

/// An element: its source lines as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) kind: PartKind,
    /// What the parser takes it for; none for an entry of the title page.
    pub(super) element: Option<Discriminant<ElementKind>>,
    pub(super) text: String,
}

/// What a part is; parts of a kind can be versions of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PartKind {
    Title,
    Cue,
    Parenthetical,
    Line,
    Other,
}

impl Unit {
    /// Its source lines, without the blank ones after it.
    pub(super) fn text(&self) -> String {
        self.parts.iter().map(|part| part.text.as_str()).collect()
    }

    /// By what it is told from other units: its text without what no reader sees.
    pub(super) fn key(&self) -> (UnitKind, String) {
        let text = self.text();
        let lines: Vec<_> = text.lines().map(str::trim_end).collect();
        (self.kind, lines.join("\n"))
    }
}

impl Block {
    /// Its source lines.
    pub(super) fn text(&self) -> String {
        let parts = self.units.iter().flat_map(|unit| {
            let texts = unit.parts.iter().map(|part| part.text.as_str());
            texts.chain([unit.gap.as_str()])
        });
        parts.collect()
    }
}

impl Draft {
    /// Takes a script apart.
    pub(super) fn of(text: &str) -> Self {
        let script = parse(text);
        let scenes = split(&script);
        let mut starts = block_starts(&script, &scenes).into_iter().peekable();
        let lines = script.source_lines();
        let mut blocks = vec![Block {
            kind: BlockKind::Front,
            units: Vec::new(),
        }];
        let mut count = 0;
        let mut is_open = false;
        for piece in script.pieces() {
            let text = lines[piece.lines()].concat();
            match piece {
                Piece::Gap(_) => {
                    is_open = false;
                    let units = &mut blocks
                        .last_mut()
                        .expect("one is there from the start")
                        .units;
                    match units.last_mut() {
                        Some(unit) => unit.gap.push_str(&text),
                        // Blank lines that open the file.
                        None => units.push(Unit {
                            kind: UnitKind::Title,
                            parts: Vec::new(),
                            gap: text,
                        }),
                    }
                }
                Piece::Title(_) => {
                    let units = &mut blocks
                        .last_mut()
                        .expect("one is there from the start")
                        .units;
                    let part = Part {
                        kind: PartKind::Title,
                        element: None,
                        text,
                    };
                    units.push(Unit::of(UnitKind::Title, part));
                }
                Piece::Element(found) => {
                    if let Some((_, kind)) = starts.next_if(|(at, _)| *at == count) {
                        is_open = false;
                        blocks.push(Block {
                            kind,
                            units: Vec::new(),
                        });
                    }
                    let units = &mut blocks
                        .last_mut()
                        .expect("one is there from the start")
                        .units;
                    let (unit, kind) = kinds(found);
                    let part = Part {
                        kind,
                        element: Some(discriminant(&found.kind)),
                        text,
                    };
                    match units.last_mut() {
                        Some(speech) if is_open && goes_on(found) => speech.parts.push(part),
                        _ => units.push(Unit::of(unit, part)),
                    }
                    is_open = units
                        .last()
                        .is_some_and(|unit| unit.kind == UnitKind::Speech);
                    count += 1;
                }
            }
        }
        Self {
            elements: script.elements,
            scenes,
            blocks,
        }
    }
}

impl Unit {
    fn of(kind: UnitKind, part: Part) -> Self {
        Self {
            kind,
            parts: vec![part],
            gap: String::new(),
        }
    }
}

/// The elements at which blocks start, in order.
fn block_starts(script: &Script, scenes: &[Scene]) -> Vec<(usize, BlockKind)> {
    let mut starts = Vec::with_capacity(scenes.len() * 2);
    for (index, scene) in scenes.iter().enumerate() {
        starts.push((scene.elements.start, BlockKind::Scene(index)));
        let divider = divider(&script.elements[scene.elements.clone()]);
        if let Some(at) = divider {
            starts.push((scene.elements.start + at, BlockKind::Divider));
        }
    }
    starts
}

/// Where in a scene the outline of what follows begins: at its first section or page break behind
/// which nothing is filmed.
fn divider(elements: &[Element]) -> Option<usize> {
    let outline = elements.iter().rev().take_while(|element| {
        use ElementKind::{Boneyard, Note, PageBreak, Section, Synopsis};
        matches!(
            element.kind,
            Section { .. } | Synopsis | PageBreak | Note | Boneyard
        )
    });
    let tail = elements.len() - outline.count();
    let opens = |element: &Element| {
        matches!(
            element.kind,
            ElementKind::Section { .. } | ElementKind::PageBreak
        )
    };
    let found = elements[tail..].iter().position(opens)?;
    (tail + found > 0).then_some(tail + found)
}

fn kinds(element: &Element) -> (UnitKind, PartKind) {
    match element.kind {
        ElementKind::SceneHeading { .. } => (UnitKind::Heading, PartKind::Other),
        ElementKind::Action | ElementKind::Centered => (UnitKind::Action, PartKind::Line),
        ElementKind::Character { .. } => (UnitKind::Speech, PartKind::Cue),
        ElementKind::Parenthetical => (UnitKind::Speech, PartKind::Parenthetical),
        ElementKind::Dialogue => (UnitKind::Speech, PartKind::Line),
        ElementKind::Lyric => (UnitKind::Lyric, PartKind::Line),
        ElementKind::Transition => (UnitKind::Transition, PartKind::Other),
        ElementKind::Section { .. } | ElementKind::Synopsis | ElementKind::PageBreak => {
            (UnitKind::Outline, PartKind::Other)
        }
        ElementKind::Note | ElementKind::Boneyard => (UnitKind::Note, PartKind::Other),
    }
}

/// Whether an element right below a cue or its words belongs to them.
fn goes_on(element: &Element) -> bool {
    matches!(
        element.kind,
        ElementKind::Parenthetical | ElementKind::Dialogue | ElementKind::Lyric | ElementKind::Note
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "Title: Ferry\nAuthor: N\n\nFADE IN:\n\nINT. CABIN - DAY\n\nMila sits.\n\nMILA\n(softly)\nNo.\nNever.\n\n\
        # Act Two\n\n= She leaves.\n\nEXT. DECK - DAY\nWind.\n\n> CUT TO:\n";

    #[test]
    fn its_parts_are_its_text() {
        let draft = Draft::of(SCRIPT);
        let text: String = draft.blocks.iter().map(Block::text).collect();
        assert_eq!(text, SCRIPT);
        let kinds: Vec<_> = draft.blocks.iter().map(|block| block.kind).collect();
        use BlockKind::{Divider, Front, Scene};
        assert_eq!(kinds, [Front, Scene(0), Divider, Scene(1)]);
        let units: Vec<_> = draft.blocks[1].units.iter().map(|unit| unit.kind).collect();
        use UnitKind::{Action, Heading, Speech};
        assert_eq!(units, [Action, Heading, Action, Speech]);
        assert_eq!(draft.blocks[1].units[3].parts.len(), 3);
    }

    #[test]
    fn blank_lines_and_line_ends_of_every_kind_are_kept() {
        for text in [
            "\n\n\r\nINT. A\r\n\r\nGo.",
            "",
            "\n",
            "no heading\n\n\nat all  ",
        ] {
            let joined: String = Draft::of(text).blocks.iter().map(Block::text).collect();
            assert_eq!(joined, text);
        }
    }
}
