//! Which part of one version is which of another.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Block, BlockKind, Draft, PartKind, Unit, UnitKind};
use crate::numbers::{ascending, best_in_order, by_count, common, same_scenes};

/// Paragraphs with fewer words than this are everywhere ("Beat."), so that one elsewhere is another one.
pub(super) const MOVED_WORDS: usize = 3;
/// Runs of changed paragraphs beyond this many pairs are paired by their order alone.
const MAX_CELLS: usize = 40_000;

/// Pairs of places: in the older list, and in the newer.
pub(super) type Pairs = Vec<(usize, usize)>;

/// Which block of `new` is which of `old`.
pub(super) fn pair_blocks(old: &Draft, new: &Draft) -> Pairs {
    let mut pairs = Pairs::new();
    let place = |draft: &Draft| -> BTreeMap<usize, usize> {
        let scenes = draft.blocks.iter().enumerate();
        let scenes = scenes.filter_map(|(at, block)| match block.kind {
            BlockKind::Scene(index) => Some((index, at)),
            BlockKind::Front | BlockKind::Divider => None,
        });
        scenes.collect()
    };
    let (old_at, new_at) = (place(old), place(new));
    let same = same_scenes(&old.scenes, &new.scenes);
    for (scene, before) in same.iter().enumerate() {
        if let Some(before) = before {
            pairs.push((old_at[before], new_at[&scene]));
        }
    }
    // There is one front, always first.
    pairs.push((0, 0));
    pair_dividers(old, new, &mut pairs);
    pairs.sort_unstable();
    pairs
}

/// Dividers by their text, else by the scene that they follow.
fn pair_dividers(old: &Draft, new: &Draft, pairs: &mut Pairs) {
    let dividers = |draft: &Draft| -> Vec<usize> {
        let is = |at: &usize| draft.blocks[*at].kind == BlockKind::Divider;
        (0..draft.blocks.len()).filter(is).collect()
    };
    let (mut from, mut to) = (dividers(old), dividers(new));
    let texts = |draft: &Draft, places: &[usize]| -> Vec<String> {
        let text = |at: &usize| draft.blocks[*at].text().trim_end().to_owned();
        places.iter().map(text).collect()
    };
    let equal = by_count(&texts(old, &from), &texts(new, &to));
    let equal: Pairs = equal.into_iter().map(|(i, j)| (from[i], to[j])).collect();
    let (gone, taken): (BTreeSet<_>, BTreeSet<_>) = equal.iter().copied().unzip();
    from.retain(|at| !gone.contains(at));
    to.retain(|at| !taken.contains(at));
    let scenes: BTreeMap<usize, usize> = pairs.iter().copied().collect();
    let follows: Pairs = from
        .iter()
        .filter_map(|old| Some((*old, scenes.get(&(old.checked_sub(1)?))? + 1)))
        .filter(|(_, new)| to.binary_search(new).is_ok())
        .collect();
    pairs.extend(equal);
    pairs.extend(follows);
}

/// Which unit of `new` is which of `old`: equal ones in order, equal ones elsewhere, and between
/// those that stayed the most alike of a kind.
pub(super) fn pair_units(old: &[Unit], new: &[Unit]) -> Pairs {
    let keys = |units: &[Unit]| -> Vec<_> { units.iter().map(Unit::key).collect() };
    let (old_keys, new_keys) = (keys(old), keys(new));
    let mut pairs = common(&old_keys, &new_keys);
    let (mut is_old_paired, mut is_new_paired) = (vec![false; old.len()], vec![false; new.len()]);
    for (from, to) in &pairs {
        (is_old_paired[*from], is_new_paired[*to]) = (true, true);
    }
    let is_long = |key: &(UnitKind, String)| key.1.split_whitespace().count() >= MOVED_WORDS;
    let may_move = |keys: &[(UnitKind, String)], is_paired: &[bool]| -> Vec<usize> {
        let is_free = |at: &usize| !is_paired[*at] && is_long(&keys[*at]);
        (0..keys.len()).filter(is_free).collect()
    };
    let from = may_move(&old_keys, &is_old_paired);
    let to = may_move(&new_keys, &is_new_paired);
    let moved = by_count(
        &from.iter().map(|at| &old_keys[*at]).collect::<Vec<_>>(),
        &to.iter().map(|at| &new_keys[*at]).collect::<Vec<_>>(),
    );
    pairs.extend(moved.into_iter().map(|(i, j)| (from[i], to[j])));
    pair_between(old, new, &mut pairs);
    pairs.sort_unstable();
    pairs
}

/// Pairs what is left between two units that stayed.
fn pair_between(old: &[Unit], new: &[Unit], pairs: &mut Pairs) {
    let (mut of, mut at) = (vec![None; new.len()], vec![false; old.len()]);
    for (from, to) in pairs.iter() {
        of[*to] = Some(*from);
        at[*from] = true;
    }
    let known: Pairs = (0..new.len())
        .filter_map(|to| Some((of[to]?, to)))
        .collect();
    let mut anchors = ascending(&known);
    anchors.push((old.len(), new.len()));
    let (mut old_from, mut new_from) = (0, 0);
    for (old_to, new_to) in anchors {
        let from: Vec<usize> = (old_from..old_to).filter(|from| !at[*from]).collect();
        let to: Vec<usize> = (new_from..new_to).filter(|to| of[*to].is_none()).collect();
        (old_from, new_from) = (old_to + 1, new_to + 1);
        if from.is_empty() || to.is_empty() {
            continue;
        }
        let is_small = from.len().saturating_mul(to.len()) <= MAX_CELLS;
        let words = |units: &[Unit], places: &[usize]| -> Vec<Vec<String>> {
            places.iter().map(|at| words_of(&units[*at])).collect()
        };
        let (old_words, new_words) = match is_small {
            true => (words(old, &from), words(new, &to)),
            false => (Vec::new(), Vec::new()),
        };
        // A paragraph that has nothing in common with the one in whose place it stands is that one
        // rewritten: were it another one, two rewritings would both be kept.
        let score = |i: usize, j: usize| match old[from[i]].kind == new[to[j]].kind {
            false => 0,
            true if is_small => 1 + likeness(&old_words[i], &new_words[j]),
            true => 1,
        };
        let best = match is_small {
            true => {
                let table: Vec<u32> = (0..from.len() * to.len())
                    .map(|cell| score(cell / to.len(), cell % to.len()))
                    .collect();
                best_in_order(from.len(), to.len(), |i, j| table[i * to.len() + j])
            }
            false => {
                let kinds = |units: &[Unit], places: &[usize]| -> Vec<UnitKind> {
                    places.iter().map(|at| units[*at].kind).collect()
                };
                ascending(&by_count(&kinds(old, &from), &kinds(new, &to)))
            }
        };
        pairs.extend(best.into_iter().map(|(i, j)| (from[i], to[j])));
    }
}

/// Which part of a speech is which: by kind and in order, equal ones first.
pub(super) fn pair_parts(old: &Unit, new: &Unit) -> Pairs {
    let unit = |part: &super::draft::Part| Unit {
        kind: match part.kind {
            PartKind::Title => UnitKind::Title,
            PartKind::Cue => UnitKind::Speech,
            PartKind::Parenthetical => UnitKind::Action,
            PartKind::Line => UnitKind::Lyric,
            PartKind::Other => UnitKind::Note,
        },
        parts: vec![part.clone()],
        gap: String::new(),
    };
    let units = |of: &Unit| -> Vec<Unit> { of.parts.iter().map(unit).collect() };
    pair_units(&units(old), &units(new))
}

/// The words of a unit in alphabetical order.
pub(super) fn words_of(unit: &Unit) -> Vec<String> {
    let text = unit.text().to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric());
    let mut words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.sort_unstable();
    words
}

/// 0 to 1000: the share of words that two units have in common.
pub(super) fn likeness(old: &[String], new: &[String]) -> u32 {
    let (mut i, mut j, mut both) = (0, 0, 0);
    while i < old.len() && j < new.len() {
        match old[i].cmp(&new[j]) {
            std::cmp::Ordering::Equal => {
                both += 1;
                (i, j) = (i + 1, j + 1);
            }
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
        }
    }
    match old.len() + new.len() {
        0 => 1000,
        all => u32::try_from(2000 * both / all).unwrap_or(1000),
    }
}

/// Whether two blocks say the same.
pub(super) fn is_same_block(old: &Block, new: &Block) -> bool {
    old.text().trim_end() == new.text().trim_end()
}
