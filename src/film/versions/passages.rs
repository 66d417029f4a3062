//! Two versions of a screenplay as what is set on pages: paragraphs with their elements, and which
//! paragraph of the newer version is which of the older one.

use std::ops::Range;

use super::draft::{BlockKind, Draft, UnitKind};
use super::pairing::{pair_blocks, pair_units};
use crate::fountain::Element;
use crate::scenes::Scene;

/// A version of a screenplay.
#[derive(Debug)]
pub(crate) struct Version {
    pub(crate) elements: Vec<Element>,
    pub(crate) scenes: Vec<Scene>,
    /// In the order of the script, but for its title page.
    pub(crate) passages: Vec<Passage>,
}

/// A paragraph, or a cue with all that it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Passage {
    pub(crate) kind: UnitKind,
    /// The place of its scene among all.
    pub(crate) scene: Option<usize>,
    /// Its elements among all.
    pub(crate) elements: Range<usize>,
}

/// Two versions, and pairs of passages that are one: places in the older and in the newer version,
/// ascending in the newer.
pub(crate) fn revise(old: &str, new: &str) -> (Version, Version, Vec<(usize, usize)>) {
    let (old, new) = (Draft::of(old), Draft::of(new));
    let (from, to) = (Places::of(&old), Places::of(&new));
    let mut pairs = Vec::new();
    for (was, is) in pair_blocks(&old, &new) {
        let units = pair_units(&old.blocks[was].units, &new.blocks[is].units);
        let passage = |places: &Places, block: usize, unit: usize| places.of[block][unit];
        pairs.extend(
            units
                .into_iter()
                .filter_map(|(i, j)| Some((passage(&from, was, i)?, passage(&to, is, j)?))),
        );
    }
    pairs.sort_unstable_by_key(|(_, new)| *new);
    (Version::of(old, from), Version::of(new, to), pairs)
}

/// The passages of a draft, and the place of each of its units among them.
struct Places {
    passages: Vec<Passage>,
    /// By block and unit; none for what is of no element.
    of: Vec<Vec<Option<usize>>>,
}

impl Places {
    fn of(draft: &Draft) -> Self {
        let mut passages = Vec::new();
        let mut of = Vec::with_capacity(draft.blocks.len());
        let mut at = 0;
        for block in &draft.blocks {
            let scene = match block.kind {
                BlockKind::Scene(index) => Some(index),
                BlockKind::Front | BlockKind::Divider => None,
            };
            let mut units = Vec::with_capacity(block.units.len());
            for unit in &block.units {
                let parts = unit.parts.iter().filter(|part| part.element.is_some());
                let elements = at..at + parts.count();
                at = elements.end;
                units.push((!elements.is_empty()).then_some(passages.len()));
                if !elements.is_empty() {
                    let kind = unit.kind;
                    passages.push(Passage {
                        kind,
                        scene,
                        elements,
                    });
                }
            }
            of.push(units);
        }
        Self { passages, of }
    }
}

impl Version {
    fn of(draft: Draft, places: Places) -> Self {
        Self {
            elements: draft.elements,
            scenes: draft.scenes,
            passages: places.passages,
        }
    }
}
