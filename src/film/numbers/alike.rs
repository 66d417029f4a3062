//! Which remembered scenes are like which scenes of the script, without comparing each with each.

use std::collections::{BTreeSet, HashMap};

use super::align::MAX_CELLS;
use super::sketch::{Common, Size, Sketch, Words, likeness, words_of};
use super::{Omission, Row};

/// Where there are too many scenes to compare each row with all, a word leads to this many of those
/// that have it: the ones that stand nearest.
const NEAREST: usize = 24;
/// Then this many words of a row are looked up.
const WORDS: usize = 32;

/// The likeness of rows and scenes, for pairs where it is high enough: `(row, scene, permille)` by
/// their places in the two lists, in the order of rows and scenes.
///
/// Beyond [`MAX_CELLS`] pairs only the nearest scenes that have a word of the row are compared.
pub(super) fn alike(rows: &[&Row], scenes: &[&Sketch<'_>], least: u32) -> Vec<(usize, usize, u32)> {
    let index = Index::of(scenes);
    let all = rows.len().saturating_mul(scenes.len()) <= MAX_CELLS;
    let mut found = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        if row.omission != Omission::Present {
            continue;
        }
        let words = Words {
            heading: words_of(&row.heading).collect(),
            body: BTreeSet::new(),
        };
        let size = Size {
            heading: words.heading.len(),
            body: row.words.len(),
        };
        let common: Vec<(usize, Common)> = if all {
            index.common_with_all(&words, row)
        } else {
            let near = at * scenes.len() / rows.len();
            let places = index.nearest(&words, row, near).into_iter();
            places
                .map(|at| (at, common(scenes[at], &words, row)))
                .collect()
        };
        for (scene, common) in common {
            let likeness = likeness(index.sizes[scene], size, common);
            if likeness >= least {
                found.push((at, scene, likeness));
            }
        }
    }
    found
}

/// Scenes by their words.
struct Index<'s> {
    heading: HashMap<&'s str, Vec<usize>>,
    body: HashMap<&'s str, Vec<usize>>,
    sizes: Vec<Size>,
}

impl<'s> Index<'s> {
    fn of(scenes: &[&'s Sketch<'_>]) -> Self {
        let mut index = Self {
            heading: HashMap::new(),
            body: HashMap::new(),
            sizes: Vec::with_capacity(scenes.len()),
        };
        for (at, scene) in scenes.iter().enumerate() {
            let words = scene.words();
            for word in &words.heading {
                index.heading.entry(word).or_default().push(at);
            }
            for word in &words.body {
                index.body.entry(word).or_default().push(at);
            }
            index.sizes.push(Size {
                heading: words.heading.len(),
                body: words.body.len(),
            });
        }
        index
    }

    /// What each scene has in common with a row.
    fn common_with_all(&self, words: &Words, row: &Row) -> Vec<(usize, Common)> {
        let mut common = vec![Common::default(); self.sizes.len()];
        for place in words
            .heading
            .iter()
            .filter_map(|word| self.heading.get(word.as_str()))
        {
            place.iter().for_each(|at| common[*at].heading += 1);
        }
        for place in row
            .words
            .iter()
            .filter_map(|word| self.body.get(word.as_str()))
        {
            place.iter().for_each(|at| common[*at].body += 1);
        }
        common.into_iter().enumerate().collect()
    }

    /// The scenes that have a word of a row; for each word those nearest to `near`.
    fn nearest(&self, words: &Words, row: &Row, near: usize) -> BTreeSet<usize> {
        let heading = words.heading.iter().take(WORDS);
        let heading = heading.filter_map(|word| self.heading.get(word.as_str()));
        let body = row.words.iter().take(WORDS);
        let body = body.filter_map(|word| self.body.get(word.as_str()));
        let window = |places: &'_ Vec<usize>| {
            let middle = places.partition_point(|place| *place < near);
            let last = places.len().saturating_sub(NEAREST);
            let from = middle.saturating_sub(NEAREST / 2).min(last);
            places[from..places.len().min(from + NEAREST)].to_vec()
        };
        heading.chain(body).flat_map(window).collect()
    }
}

fn common(scene: &Sketch<'_>, words: &Words, row: &Row) -> Common {
    let own = scene.words();
    let kept = row.words.iter().filter(|word| own.body.contains(*word));
    Common {
        heading: words.heading.intersection(&own.heading).count(),
        body: kept.count(),
    }
}
