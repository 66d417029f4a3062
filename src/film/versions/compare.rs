//! What differs between two versions of a screenplay, in its own words.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use super::draft::{Block, BlockKind, Draft, Part, PartKind, Unit, UnitKind};
use super::list::Versus;
use super::pairing::{pair_blocks, pair_units};
use crate::fountain::ElementKind;
use crate::scenes::{Scene, eighths};

/// How two versions of a screenplay differ.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ScriptDiff {
    /// Changes of the title page.
    pub title_page: Vec<UnitChange>,
    /// The scenes that differ, in the order of the newer version; one that was cut stands where it stood.
    pub scenes: Vec<SceneChange>,
    /// The length of all scenes before, in eighths of a page.
    pub old_eighths: u32,
    /// The length of all scenes now, in eighths of a page.
    pub new_eighths: u32,
}

/// A scene that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SceneChange {
    /// What happened to it.
    pub fate: SceneFate,
    /// Whether it also stands elsewhere among the scenes now.
    pub moved: bool,
    /// In the older version.
    pub old: Option<SceneSide>,
    /// In the newer one.
    pub new: Option<SceneSide>,
    /// The scene of the older version that most of an added scene stood in, by its place from 0.
    pub split_from: Option<usize>,
    /// The scene of the newer version that most of a cut scene stands in, by its place from 0.
    pub merged_into: Option<usize>,
    /// Those who speak in it now and did not.
    pub speakers_gained: Vec<String>,
    /// Those who spoke in it and no longer do.
    pub speakers_lost: Vec<String>,
    /// Its paragraphs that differ, in order.
    pub changes: Vec<UnitChange>,
    /// Its notes that differ, and paragraphs in which nothing but a note does: no audience sees them.
    pub notes: Vec<UnitChange>,
}

/// What happened to a scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SceneFate {
    /// Only the newer version has it.
    Added,
    /// Only the older version has it.
    Cut,
    /// Both have it, with other words.
    Changed,
    /// Both have it with the same words, at another place.
    Moved,
}

/// One version of a scene.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SceneSide {
    /// Its place in the script, from 0.
    pub index: usize,
    /// Its heading as written.
    pub heading: String,
    /// Its first source line, from 1.
    pub line: usize,
    /// Its length in eighths of a page.
    pub eighths: u32,
}

/// What happened to a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ScriptChange {
    /// Only the newer version has it.
    Added,
    /// Only the older version has it.
    Removed,
    /// It says something else.
    Changed,
    /// It stands elsewhere in its scene.
    Moved,
    /// The same words are spoken by somebody else.
    Speaker,
}

/// A paragraph that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnitChange {
    /// What happened to it.
    pub what: ScriptChange,
    /// What it is.
    pub kind: UnitKind,
    /// Its text in the older version, without the blank lines after it.
    pub old: Option<String>,
    /// Its text in the newer one.
    pub new: Option<String>,
    /// Its first line in the older version, from 1.
    pub old_line: Option<usize>,
    /// Its first line in the newer version, from 1.
    pub new_line: Option<usize>,
}

/// The share of its paragraphs, in permille, that makes a scene part of another one.
const PART_OF: usize = 500;

/// Compares two versions of a screenplay. White space at line ends and blank lines do not count.
#[must_use]
pub fn compare_scripts(old: &str, new: &str) -> ScriptDiff {
    let (old, new) = (Side::of(old), Side::of(new));
    let pairs = pair_blocks(&old.draft, &new.draft);
    let versus = Versus::new(old.draft.blocks.len(), new.draft.blocks.len(), &pairs);
    let mut diff = ScriptDiff {
        old_eighths: old.eighths(),
        new_eighths: new.eighths(),
        ..ScriptDiff::default()
    };
    let mut cut = 0;
    for (at, block) in new.draft.blocks.iter().enumerate() {
        let before = versus.of[at];
        // What was cut stands before the first block that stayed behind it.
        if before.is_some_and(|before| versus.stayed[before]) {
            let before = before.unwrap_or(cut);
            diff.cut(&old, &new, &versus, cut..before);
            cut = cut.max(before);
        }
        let changes = match before {
            Some(before) => unit_changes(&old, before, &new, at),
            None => all(&new, at, ScriptChange::Added),
        };
        let moved = before.is_some_and(|before| !versus.stayed[before]);
        match block.kind {
            BlockKind::Front => diff.title_page.extend(changes),
            BlockKind::Divider if changes.is_empty() => {}
            // Of a section that is moved as it is, the scenes around it tell.
            BlockKind::Divider => diff.title_page.extend(changes),
            BlockKind::Scene(index) => {
                let fate = match (before, changes.is_empty()) {
                    (None, _) => SceneFate::Added,
                    (Some(_), false) => SceneFate::Changed,
                    (Some(_), true) if moved => SceneFate::Moved,
                    (Some(_), true) => continue,
                };
                let old_scene = before.and_then(|before| old.scene(before));
                let (gained, lost) = speakers(old_scene, Some(&new.draft.scenes[index]));
                let (notes, changes) = changes.into_iter().partition(is_of_notes);
                diff.scenes.push(SceneChange {
                    fate,
                    moved,
                    old: before.and_then(|before| old.side(before)),
                    new: new.side(at),
                    split_from: before
                        .is_none()
                        .then(|| holder(&new.draft.blocks[at], &old))
                        .flatten(),
                    merged_into: None,
                    speakers_gained: gained,
                    speakers_lost: lost,
                    changes,
                    notes,
                });
            }
        }
    }
    diff.cut(&old, &new, &versus, cut..old.draft.blocks.len());
    diff
}

impl ScriptDiff {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.title_page.is_empty() && self.scenes.is_empty()
    }

    fn cut(&mut self, old: &Side, new: &Side, versus: &Versus, blocks: std::ops::Range<usize>) {
        for at in blocks.filter(|at| versus.at[*at].is_none()) {
            let changes = all(old, at, ScriptChange::Removed);
            let Some(side) = old.side(at) else {
                self.title_page.extend(changes);
                continue;
            };
            let (_, lost) = speakers(old.scene(at), None);
            let (notes, changes) = changes.into_iter().partition(is_of_notes);
            self.scenes.push(SceneChange {
                fate: SceneFate::Cut,
                moved: false,
                old: Some(side),
                new: None,
                split_from: None,
                merged_into: holder(&old.draft.blocks[at], new),
                speakers_gained: Vec::new(),
                speakers_lost: lost,
                changes,
                notes,
            });
        }
    }
}

/// A version, and where its units stand.
pub(super) struct Side {
    pub(super) draft: Draft,
    /// The first line of each unit, from 1, by block.
    pub(super) lines: Vec<Vec<usize>>,
    /// The scenes that a unit stands in, by what tells it from others; found when the first is asked for.
    scenes_of: OnceCell<HashMap<(UnitKind, String), Vec<usize>>>,
}

impl Side {
    pub(super) fn of(text: &str) -> Self {
        let draft = Draft::of(text);
        let mut line = 1;
        let count = |text: &str| text.bytes().filter(|byte| *byte == b'\n').count();
        let mut lines = Vec::with_capacity(draft.blocks.len());
        for block in &draft.blocks {
            let mut starts = Vec::with_capacity(block.units.len());
            for unit in &block.units {
                starts.push(line);
                line += unit
                    .parts
                    .iter()
                    .map(|part| count(&part.text))
                    .sum::<usize>()
                    + count(&unit.gap);
            }
            lines.push(starts);
        }
        Self {
            draft,
            lines,
            scenes_of: OnceCell::new(),
        }
    }

    /// The scenes that each unit stands in, ascending.
    fn scenes_of(&self) -> &HashMap<(UnitKind, String), Vec<usize>> {
        self.scenes_of.get_or_init(|| {
            let mut found: HashMap<_, Vec<usize>> = HashMap::new();
            for block in &self.draft.blocks {
                let BlockKind::Scene(index) = block.kind else {
                    continue;
                };
                for unit in &block.units {
                    let scenes = found.entry(unit.key()).or_default();
                    if scenes.last() != Some(&index) {
                        scenes.push(index);
                    }
                }
            }
            found
        })
    }

    fn scene(&self, block: usize) -> Option<&Scene> {
        match self.draft.blocks[block].kind {
            BlockKind::Scene(index) => Some(&self.draft.scenes[index]),
            BlockKind::Front | BlockKind::Divider => None,
        }
    }

    fn eighths(&self) -> u32 {
        let lengths = self.draft.scenes.iter().map(eighths);
        lengths.fold(0, u32::saturating_add)
    }

    fn side(&self, block: usize) -> Option<SceneSide> {
        let scene = self.scene(block)?;
        Some(SceneSide {
            index: scene.index,
            heading: scene.heading.raw.clone(),
            line: scene.lines.start + 1,
            eighths: eighths(scene),
        })
    }
}

/// Whether a change is of notes alone.
fn is_of_notes(change: &UnitChange) -> bool {
    fn filmed(text: &Option<String>) -> Option<Vec<&str>> {
        text.as_deref().map(without_notes)
    }
    match change.what {
        _ if change.kind == UnitKind::Note => true,
        ScriptChange::Changed => filmed(&change.old) == filmed(&change.new),
        _ => false,
    }
}

/// The words of a paragraph without its notes, `[[…]]`.
fn without_notes(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[[") {
        let Some((_, behind)) = after.split_once("]]") else {
            break;
        };
        words.extend(before.split_whitespace());
        rest = behind;
    }
    words.extend(rest.split_whitespace());
    words
}

/// Those who speak now and did not, and those who did and no longer do, in alphabetical order.
fn speakers(old: Option<&Scene>, new: Option<&Scene>) -> (Vec<String>, Vec<String>) {
    let names = |scene: Option<&Scene>| -> BTreeSet<String> {
        let body = scene.into_iter().flat_map(|scene| &scene.body);
        let name = |kind: &ElementKind| match kind {
            ElementKind::Character { name, .. } => Some(name.clone()),
            _ => None,
        };
        body.filter_map(|element| name(&element.kind)).collect()
    };
    let (old, new) = (names(old), names(new));
    let without = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect();
    (without(&new, &old), without(&old, &new))
}

/// The scene of the other version that most paragraphs of a block stand in, word for word.
fn holder(block: &Block, other: &Side) -> Option<usize> {
    let is_content = |unit: &&Unit| !matches!(unit.kind, UnitKind::Heading | UnitKind::Transition);
    let units = block.units.iter().filter(is_content);
    let scenes_of = other.scenes_of();
    let mut counts: HashMap<usize, usize> = HashMap::new();
    let mut all = 0;
    for unit in units {
        all += 1;
        for index in scenes_of.get(&unit.key()).into_iter().flatten() {
            *counts.entry(*index).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .filter(|(_, both)| both * 1000 >= all * PART_OF)
        .max_by_key(|(index, both)| (*both, std::cmp::Reverse(*index)))
        .map(|(index, _)| index)
}

/// Every unit of a block, as added or removed.
fn all(side: &Side, block: usize, what: ScriptChange) -> Vec<UnitChange> {
    let units = side.draft.blocks[block].units.iter().enumerate();
    let units = units.filter(|(_, unit)| !unit.parts.is_empty());
    units
        .map(|(at, unit)| match what {
            ScriptChange::Removed => change(what, Some((side, block, at, unit)), None),
            _ => change(what, None, Some((side, block, at, unit))),
        })
        .collect()
}

type At<'a> = (&'a Side, usize, usize, &'a Unit);

fn change(what: ScriptChange, old: Option<At<'_>>, new: Option<At<'_>>) -> UnitChange {
    let text = |(_, _, _, unit): &At<'_>| unit.text().trim_end().to_owned();
    let line = |(side, block, at, _): &At<'_>| side.lines[*block][*at];
    let kind = new
        .or(old)
        .map_or(UnitKind::Action, |(_, _, _, unit)| unit.kind);
    UnitChange {
        what,
        kind,
        old: old.as_ref().map(text),
        new: new.as_ref().map(text),
        old_line: old.as_ref().map(line),
        new_line: new.as_ref().map(line),
    }
}

fn unit_changes(old: &Side, before: usize, new: &Side, at: usize) -> Vec<UnitChange> {
    let (from, to) = (&old.draft.blocks[before].units, &new.draft.blocks[at].units);
    if from == to {
        return Vec::new();
    }
    let versus = Versus::new(from.len(), to.len(), &pair_units(from, to));
    let mut changes = Vec::new();
    let mut cut = 0;
    let removed = |range: std::ops::Range<usize>, changes: &mut Vec<UnitChange>| {
        let gone = range.filter(|unit| versus.at[*unit].is_none() && !from[*unit].parts.is_empty());
        changes.extend(gone.map(|unit| {
            change(
                ScriptChange::Removed,
                Some((old, before, unit, &from[unit])),
                None,
            )
        }));
    };
    for (place, unit) in to.iter().enumerate() {
        let here: At<'_> = (new, at, place, unit);
        let Some(was) = versus.of[place] else {
            if !unit.parts.is_empty() {
                changes.push(change(ScriptChange::Added, None, Some(here)));
            }
            continue;
        };
        if versus.stayed[was] {
            removed(cut..was, &mut changes);
            cut = cut.max(was);
        }
        let what = match from[was].key() == unit.key() {
            true if versus.stayed[was] => continue,
            true => ScriptChange::Moved,
            false if is_other_speaker(&from[was], unit) => ScriptChange::Speaker,
            false => ScriptChange::Changed,
        };
        changes.push(change(
            what,
            Some((old, before, was, &from[was])),
            Some(here),
        ));
    }
    removed(cut..from.len(), &mut changes);
    changes
}

fn is_other_speaker(old: &Unit, new: &Unit) -> bool {
    let split = |unit: &Unit| -> Option<(String, String)> {
        let is_cue = |part: &&Part| part.kind == PartKind::Cue;
        let cue = unit.parts.iter().find(is_cue)?;
        let rest = unit.parts.iter().filter(|part| !is_cue(part));
        let words: String = rest
            .map(|part| part.text.trim_end())
            .collect::<Vec<_>>()
            .join("\n");
        Some((cue.text.trim_end().to_owned(), words))
    };
    match (split(old), split(new)) {
        (Some(old), Some(new)) => old.0 != new.0 && old.1 == new.1,
        _ => false,
    }
}
