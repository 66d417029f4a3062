//! Which paragraphs of a screenplay stand word for word in an older version of it, wherever they stood
//! there: what `blame` follows from version to version.
//!
//! A feature has hundreds of versions that differ in a few scenes each. So both are cut at their headings,
//! which is quickly done, what is the same in both is set aside, and only the rest is taken apart.

use std::collections::HashMap;

use super::compare::Side;
use super::draft::{BlockKind, Unit, UnitKind};
use super::pairing::{MOVED_WORDS, is_same_block, pair_blocks};
use crate::numbers::{by_count, common};
use crate::scenes::Scene;

/// A paragraph of a screenplay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptUnit {
    /// The scene that it stands in, by its place from 0; none for the title page and the outline.
    pub scene: Option<usize>,
    /// What it is.
    pub kind: UnitKind,
    /// Its first line, from 1.
    pub line: usize,
    /// How many lines it has, without the blank ones behind it.
    pub lines: usize,
    /// Its text, without the blank lines behind it.
    pub text: String,
}

/// The paragraphs of a screenplay in order, and its scenes.
#[must_use]
pub fn script_units(text: &str) -> (Vec<ScriptUnit>, Vec<Scene>) {
    let side = Side::of(text);
    let mut units = Vec::new();
    for (block, lines) in side.draft.blocks.iter().zip(&side.lines) {
        let scene = match block.kind {
            BlockKind::Scene(index) => Some(index),
            BlockKind::Front | BlockKind::Divider => None,
        };
        for (unit, line) in block.units.iter().zip(lines) {
            if unit.parts.is_empty() {
                continue;
            }
            let text = unit.text().trim_end().to_owned();
            units.push(ScriptUnit {
                scene,
                kind: unit.kind,
                line: *line,
                lines: text.lines().count(),
                text,
            });
        }
    }
    (units, side.draft.scenes)
}

/// Where paragraphs of `new`, named by their first lines, stand in `old`: the first line there of each
/// that is the same word for word; none for one that is not. Lines count from 1.
#[must_use]
pub fn carried_units(old: &str, new: &str, lines: &[usize]) -> Vec<Option<usize>> {
    let between = Between::of(old, new);
    let mut rest = None;
    let place = |line: &usize| match between.same(line - 1) {
        Some(at) => Some(at + 1),
        None => {
            let (before, after, found) = rest.get_or_insert_with(|| {
                let (before, after) = between.rest();
                let found = carried(&before.text, &after.text);
                (before, after, found)
            });
            let at = found.get(&(after.inside(line - 1) + 1))?;
            Some(before.outside(at - 1) + 1)
        }
    };
    lines.iter().map(place).collect()
}

/// Where the scene whose heading stands in this line of `new` begins in `old`, and whether it says the same
/// there; none where it is not there. Lines count from 1.
#[must_use]
pub fn scene_before(old: &str, new: &str, line: usize) -> Option<(usize, bool)> {
    let between = Between::of(old, new);
    if let Some(at) = between.same(line - 1) {
        return Some((at + 1, true));
    }
    let (before, after) = between.rest();
    let (old, new) = (Side::of(&before.text), Side::of(&after.text));
    let first = |side: &Side, block: usize| side.lines[block].first().copied();
    let heading = after.inside(line - 1) + 1;
    let mut pairs = pair_blocks(&old.draft, &new.draft).into_iter();
    let (from, to) = pairs.find(|(_, to)| first(&new, *to) == Some(heading))?;
    let is_same = is_same_block(&old.draft.blocks[from], &new.draft.blocks[to]);
    Some((before.outside(first(&old, from)? - 1) + 1, is_same))
}

/// The first line in `old` of each paragraph of `new` that is the same there, by its first line.
fn carried(old: &str, new: &str) -> HashMap<usize, usize> {
    let (old, new) = (Side::of(old), Side::of(new));
    let mut found = HashMap::new();
    let (mut old_left, mut new_left) = (places(&old), places(&new));
    for (from, to) in pair_blocks(&old.draft, &new.draft) {
        let (olds, news) = (&old.draft.blocks[from].units, &new.draft.blocks[to].units);
        for (i, j) in same_units(olds, news) {
            found.insert((to, j), (from, i));
        }
    }
    // What was moved into another scene.
    let taken: std::collections::HashSet<_> = found.values().copied().collect();
    old_left.retain(|place| !taken.contains(place) && is_long(unit(&old, *place)));
    new_left.retain(|place| !found.contains_key(place) && is_long(unit(&new, *place)));
    let keys = |side: &Side, places: &[Place]| -> Vec<_> {
        places
            .iter()
            .map(|place| unit(side, *place).key())
            .collect()
    };
    let moved = by_count(&keys(&old, &old_left), &keys(&new, &new_left));
    found.extend(moved.into_iter().map(|(i, j)| (new_left[j], old_left[i])));
    let line = |side: &Side, (block, unit): Place| side.lines[block][unit];
    found
        .into_iter()
        .map(|(to, from)| (line(&new, to), line(&old, from)))
        .collect()
}

/// A unit, by its block and its place in it.
type Place = (usize, usize);

fn places(side: &Side) -> Vec<Place> {
    let blocks = side.draft.blocks.iter().enumerate();
    blocks
        .flat_map(|(at, block)| (0..block.units.len()).map(move |unit| (at, unit)))
        .collect()
}

fn unit(side: &Side, (block, unit): Place) -> &Unit {
    &side.draft.blocks[block].units[unit]
}

fn is_long(unit: &Unit) -> bool {
    unit.text().split_whitespace().count() >= MOVED_WORDS
}

/// The units that say the same: in order, and then those that moved.
fn same_units(old: &[Unit], new: &[Unit]) -> Vec<(usize, usize)> {
    let keys = |units: &[Unit]| -> Vec<_> { units.iter().map(Unit::key).collect() };
    let (old_keys, new_keys) = (keys(old), keys(new));
    let mut pairs = common(&old_keys, &new_keys);
    let (mut from, mut to): (Vec<usize>, Vec<usize>) =
        ((0..old.len()).collect(), (0..new.len()).collect());
    let is_old: std::collections::HashSet<usize> = pairs.iter().map(|pair| pair.0).collect();
    let is_new: std::collections::HashSet<usize> = pairs.iter().map(|pair| pair.1).collect();
    from.retain(|at| !is_old.contains(at) && is_long(&old[*at]));
    to.retain(|at| !is_new.contains(at) && is_long(&new[*at]));
    let moved = by_count(
        &from.iter().map(|at| &old_keys[*at]).collect::<Vec<_>>(),
        &to.iter().map(|at| &new_keys[*at]).collect::<Vec<_>>(),
    );
    pairs.extend(moved.into_iter().map(|(i, j)| (from[i], to[j])));
    pairs
}

/// A part of a screenplay that is read alike wherever it stands: scenes as a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Chunk<'t> {
    text: &'t str,
    /// Its first line, from 0.
    line: usize,
}

/// A screenplay cut at its headings, but not within a boneyard.
fn chunks(text: &str) -> Vec<Chunk<'_>> {
    let mut chunks = Vec::new();
    let (mut start, mut first) = (0, 0);
    let mut depth = 0_isize;
    let (mut at, mut is_blank) = (0, false);
    for (line, piece) in text.split_inclusive('\n').enumerate() {
        if is_blank && depth == 0 && begins_scene(piece) {
            chunks.push(Chunk {
                text: &text[start..at],
                line: first,
            });
            (start, first) = (at, line);
        }
        if piece.contains('*') {
            let (open, closed) = (piece.matches("/*").count(), piece.matches("*/").count());
            depth += open.cast_signed() - closed.cast_signed();
        }
        is_blank = matches!(piece, "\n" | "\r\n");
        at += piece.len();
    }
    chunks.push(Chunk {
        text: &text[start..],
        line: first,
    });
    chunks
}

/// Two versions, and what is the same in both.
struct Between<'t> {
    old: Vec<Chunk<'t>>,
    new: Vec<Chunk<'t>>,
    /// For each chunk of the newer version, the same one of the older.
    same: Vec<Option<usize>>,
}

impl<'t> Between<'t> {
    fn of(old: &'t str, new: &'t str) -> Self {
        let (old, new) = (chunks(old), chunks(new));
        let shorter = old.len().min(new.len());
        // The first may hold the title page, which is one at the head alone; the last may lack its end.
        let is_same = |i: usize, j: usize| old[i].text == new[j].text;
        let head = (0..shorter).take_while(|at| is_same(*at, *at)).count();
        let tail = (0..shorter - head)
            .take_while(|at| is_same(old.len() - 1 - at, new.len() - 1 - at))
            .count();
        let mut same = vec![None; new.len()];
        (0..head).for_each(|at| same[at] = Some(at));
        (0..tail).for_each(|at| same[new.len() - 1 - at] = Some(old.len() - 1 - at));
        let texts = |chunks: &[Chunk<'t>]| -> Vec<&'t str> {
            let middle = &chunks[head.max(1).min(chunks.len())..chunks.len() - tail];
            middle.iter().map(|chunk| chunk.text).collect()
        };
        let first = head.max(1);
        if first + tail <= shorter {
            for (i, j) in by_count(&texts(&old), &texts(&new)) {
                same[first + j] = Some(first + i);
            }
        }
        Self { old, new, same }
    }

    /// Where a line of the newer version stands in the older, if its scene is the same there. From 0.
    fn same(&self, line: usize) -> Option<usize> {
        let chunk = self.new.partition_point(|chunk| chunk.line <= line) - 1;
        let was = self.same[chunk]?;
        Some(line - self.new[chunk].line + self.old[was].line)
    }

    /// What is not the same, of each.
    fn rest(&self) -> (Rest, Rest) {
        let is_same: std::collections::HashSet<usize> =
            self.same.iter().flatten().copied().collect();
        let old = self.old.iter().enumerate();
        let new = self.new.iter().zip(&self.same);
        (
            Rest::of(
                old.filter(|(at, _)| !is_same.contains(at))
                    .map(|(_, chunk)| chunk),
            ),
            Rest::of(new.filter(|(_, was)| was.is_none()).map(|(chunk, _)| chunk)),
        )
    }
}

/// Some chunks of a version, one behind the other.
struct Rest {
    text: String,
    /// For each, its first line here and in the version.
    lines: Vec<(usize, usize)>,
}

impl Rest {
    fn of<'c>(chunks: impl Iterator<Item = &'c Chunk<'c>>) -> Self {
        let mut rest = Self {
            text: String::new(),
            lines: Vec::new(),
        };
        let mut line = 0;
        for chunk in chunks {
            rest.lines.push((line, chunk.line));
            rest.text.push_str(chunk.text);
            line += count(chunk.text);
        }
        rest
    }

    /// A line of the version as a line here.
    fn inside(&self, line: usize) -> usize {
        let at = self.lines.partition_point(|(_, outside)| *outside <= line);
        let (inside, outside) = self.lines[at.saturating_sub(1)];
        line - outside + inside
    }

    /// A line here as a line of the version.
    fn outside(&self, line: usize) -> usize {
        let at = self.lines.partition_point(|(inside, _)| *inside <= line);
        let (inside, outside) = self.lines[at.saturating_sub(1)];
        line - inside + outside
    }
}

/// Whether a line below a blank one looks like a heading.
fn begins_scene(line: &str) -> bool {
    const WORDS: &[&str] = &["INT.", "EXT.", "INT ", "EXT ", "EST.", "EST ", "I/E"];
    let is_word = |word: &&str| {
        let begin = line.as_bytes().get(..word.len());
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(word.as_bytes()))
    };
    // With a colon it could be taken for a title page where it opens a text.
    WORDS.iter().any(is_word) && !line.contains(':')
}

fn count(text: &str) -> usize {
    text.matches('\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "Title: Ferry\n\nINT. CABIN - DAY\n\nMila sits on the bunk.\n\nMILA\nNo.\n\n\
        EXT. DECK - DAY\n\nWind over the deck.\n\nPAVEL\nYes, of course.\n\n\
        INT. HOLD - NIGHT\n\nWater drips on the crates.\n";

    /// Each paragraph of the new version with the first line of where it was.
    fn told(old: &str, new: &str) -> Vec<(String, Option<usize>)> {
        let (units, _) = script_units(new);
        let lines: Vec<usize> = units.iter().map(|unit| unit.line).collect();
        let carried = carried_units(old, new, &lines);
        let text = |unit: ScriptUnit| unit.text.lines().next().unwrap_or_default().to_owned();
        units.into_iter().map(text).zip(carried).collect()
    }

    fn line(text: &str, of: &str) -> Option<usize> {
        let at = text.lines().position(|line| line == of);
        at.map(|at| at + 1)
    }

    #[test]
    fn an_edit_is_new_and_the_rest_is_where_it_was() {
        let new = OLD.replace("Wind over the deck.", "No wind.\n\nGulls over the water.");
        for (text, was) in told(OLD, &new) {
            assert_eq!(was, line(OLD, &text), "{text}");
        }
    }

    #[test]
    fn a_moved_scene_and_a_paragraph_in_another_scene_are_followed() {
        let at = OLD.find("EXT. DECK").unwrap();
        let end = OLD.find("INT. HOLD").unwrap();
        let moved = format!("{}{}\n{}", &OLD[..at], &OLD[end..], &OLD[at..end]);
        for (text, was) in told(OLD, &moved) {
            assert_eq!(was, line(OLD, &text), "{text}");
        }
        let new = OLD.replace("Mila sits on the bunk.\n\n", "");
        let new = new.replace(
            "Water drips on the crates.\n",
            "Mila sits on the bunk.\n\nWater drips on the crates.\n",
        );
        for (text, was) in told(OLD, &new) {
            assert_eq!(was, line(OLD, &text), "{text}");
        }
    }

    #[test]
    fn a_speech_given_to_another_speaker_is_new() {
        let new = OLD.replace("PAVEL\n", "ANNA\n");
        let found = told(OLD, &new);
        let new: Vec<_> = found.iter().filter(|(_, was)| was.is_none()).collect();
        assert_eq!(new, [&("ANNA".to_owned(), None)]);
    }

    #[test]
    fn a_scene_is_followed_to_where_it_stood() {
        let (deck, hold) = (
            OLD.find("EXT. DECK").unwrap(),
            OLD.find("INT. HOLD").unwrap(),
        );
        let moved = format!("{}{}\n{}", &OLD[..deck], &OLD[hold..], &OLD[deck..hold]);
        let before = |old: &str, new: &str, heading: &str| {
            scene_before(old, new, line(new, heading).unwrap())
        };
        let was = |heading| line(OLD, heading).unwrap();
        for heading in ["INT. CABIN - DAY", "EXT. DECK - DAY", "INT. HOLD - NIGHT"] {
            assert_eq!(
                before(OLD, &moved, heading),
                Some((was(heading), true)),
                "{heading}"
            );
        }
        let edited = moved.replace("Wind", "No wind");
        let found = before(OLD, &edited, "EXT. DECK - DAY");
        assert_eq!(found, Some((was("EXT. DECK - DAY"), false)));
        let more = OLD.replace(
            "EXT. DECK",
            "EXT. PIER - NIGHT\n\nA rope, and nobody to pull it.\n\nEXT. DECK",
        );
        assert_eq!(before(OLD, &more, "EXT. PIER - NIGHT"), None);
        assert_eq!(
            before(OLD, &more, "EXT. DECK - DAY"),
            Some((was("EXT. DECK - DAY"), true))
        );
    }

    #[test]
    fn a_script_is_cut_at_its_headings_but_not_within_a_boneyard() {
        let heads = |text: &str| -> Vec<String> {
            let chunks = chunks(text);
            let joined: String = chunks.iter().map(|chunk| chunk.text).collect();
            assert_eq!(joined, text);
            for chunk in &chunks {
                let first = chunk.text.lines().next().unwrap_or_default();
                assert_eq!(text.lines().nth(chunk.line).unwrap_or_default(), first);
            }
            let head = |chunk: &Chunk<'_>| chunk.text.chars().take(4).collect();
            chunks.iter().map(head).collect()
        };
        assert_eq!(heads(OLD), ["Titl", "INT.", "EXT.", "INT."]);
        let bone = OLD.replace("Wind", "/* Wind").replace("Water", "*/ Water");
        assert_eq!(heads(&bone), ["Titl", "INT.", "EXT."]);
        assert_eq!(heads(""), [""]);
        let new = bone.replace("No.\n", "Never.\n");
        for (text, was) in told(&bone, &new) {
            let before = line(&bone, &text).filter(|_| text != "MILA");
            assert_eq!(was, before, "{text}");
        }
    }

    #[test]
    fn what_is_found_is_what_whole_scripts_would_tell() {
        let edits: [(&str, &str); 6] = [
            ("No.\n", "Never.\n"),
            ("Title: Ferry", "Title: The Ferry"),
            ("INT. HOLD - NIGHT", "INT. HOLD - DAY"),
            ("Wind over the deck.\n\n", ""),
            ("crates.\n", "crates."),
            ("EXT. DECK - DAY\n\n", ""),
        ];
        for (from, to) in edits {
            let new = OLD.replacen(from, to, 1);
            for (a, b) in [(OLD, new.as_str()), (new.as_str(), OLD)] {
                let whole = carried(a, b);
                for (text, was) in told(a, b) {
                    let at = line(b, &text).unwrap();
                    assert_eq!(was, whole.get(&at).copied(), "{from:?}: {text}");
                }
            }
        }
    }
}
