//! Which remembered scene each scene of the script is.
//!
//! In this order, each step over what the ones before left: equal content in order, equal content
//! moved, an explicit number, the most alike in the same place, the most alike anywhere.

use std::collections::HashSet;

use super::align;
use super::alike::alike;
use super::sketch::Sketch;
use super::update::{Explicit, explicit_numbers};
use super::{Omission, Row, ShotMemory};
use crate::ids::SceneNumber;
use crate::scenes::Scene;

/// Likeness, in permille, that makes a scene the one that stood in its place. An equal heading
/// suffices: a scene rewritten from scratch is still that scene.
const SAME_PLACE: u32 = 400;
/// Likeness that makes a scene one that stood elsewhere.
const ELSEWHERE: u32 = 750;
/// Where there are very many, `OMITTED` stands for a row at most this many places away.
const OMITTED_NEAR: usize = 50;

/// For each scene of `new`, which of `old` it is, if it is one of them.
#[must_use]
pub fn same_scenes(old: &[Scene], new: &[Scene]) -> Vec<Option<usize>> {
    let remembered = |scene: &Scene| {
        let sketch = Sketch::of(scene);
        Row {
            number: scene.number.clone(),
            heading: scene.heading.raw.clone(),
            words: sketch.sample(),
            digest: sketch.digest,
            omission: match scene.is_omitted() {
                true => Omission::Shown,
                false => Omission::Present,
            },
            shots: ShotMemory::default(),
        }
    };
    let rows: Vec<Row> = old.iter().map(remembered).collect();
    let sketches: Vec<_> = new.iter().map(Sketch::of).collect();
    // Numbers that both versions say tell; a place in the script tells nothing.
    let said: HashSet<&SceneNumber> = old
        .iter()
        .filter_map(|scene| scene.marked.as_ref())
        .collect();
    let mut explicit = explicit_numbers(new);
    explicit.retain(|number, _| said.contains(*number));
    rows_of_scenes(&rows, new, &sketches, &explicit)
}

/// The row of each scene, if it has one.
pub(super) fn rows_of_scenes(
    rows: &[Row],
    scenes: &[Scene],
    sketches: &[Sketch<'_>],
    explicit: &Explicit<'_>,
) -> Vec<Option<usize>> {
    let mut is_numbered = vec![false; scenes.len()];
    explicit
        .values()
        .for_each(|scene| is_numbered[*scene] = true);
    let mut matching = Matching {
        rows,
        scenes,
        sketches,
        explicit,
        is_numbered,
        row_of: vec![None; scenes.len()],
        scene_of: vec![None; rows.len()],
    };
    matching.equal_content();
    matching.explicit_numbers();
    matching.alike_in_place();
    matching.alike_elsewhere();
    matching.row_of
}

/// The pairs of scene and row that stand in the same order in both: what did not move.
pub(super) fn unmoved(row_of: &[Option<usize>]) -> Vec<(usize, usize)> {
    let pairs: Vec<(usize, usize)> = row_of
        .iter()
        .enumerate()
        .filter_map(|(scene, row)| Some(((*row)?, scene)))
        .collect();
    align::ascending(&pairs)
}

struct Matching<'a> {
    rows: &'a [Row],
    scenes: &'a [Scene],
    sketches: &'a [Sketch<'a>],
    explicit: &'a Explicit<'a>,
    /// Scenes whose number the script says: likeness has no word in what they are.
    is_numbered: Vec<bool>,
    row_of: Vec<Option<usize>>,
    scene_of: Vec<Option<usize>>,
}

impl Matching<'_> {
    fn pair(&mut self, row: usize, scene: usize) {
        self.row_of[scene] = Some(row);
        self.scene_of[row] = Some(scene);
    }

    fn free_rows(&self, fits: impl Fn(&Row) -> bool) -> Vec<usize> {
        let free = |row: &usize| self.scene_of[*row].is_none() && fits(&self.rows[*row]);
        (0..self.rows.len()).filter(free).collect()
    }

    /// Scenes without a row that have content to compare.
    fn free_scenes(&self) -> Vec<usize> {
        let free =
            |scene: &usize| self.row_of[*scene].is_none() && !self.scenes[*scene].is_omitted();
        (0..self.scenes.len()).filter(free).collect()
    }

    /// Present scenes in order, then moved ones, then cut ones that came back.
    fn equal_content(&mut self) {
        type Pairing<'a> = fn(&[&'a str], &[&'a str]) -> Vec<(usize, usize)>;
        let steps: [(Pairing<'_>, bool); 3] = [
            (align::common, true),
            (align::by_count, true),
            (align::by_count, false),
        ];
        for (pairing, present) in steps {
            let rows = self.free_rows(|row| (row.omission == Omission::Present) == present);
            let scenes = self.free_scenes();
            let old: Vec<&str> = rows
                .iter()
                .map(|row| self.rows[*row].digest.as_str())
                .collect();
            let new: Vec<&str> = scenes
                .iter()
                .map(|scene| self.sketches[*scene].digest.as_str())
                .collect();
            for (i, j) in pairing(&old, &new) {
                self.pair(rows[i], scenes[j]);
            }
        }
    }

    fn explicit_numbers(&mut self) {
        for row in self.free_rows(|_| true) {
            if let Some(scene) = self.explicit.get(&self.rows[row].number)
                && self.row_of[*scene].is_none()
            {
                self.pair(row, *scene);
            }
        }
    }

    /// Between two scenes that did not move, pairs what is left in order, the most alike.
    fn alike_in_place(&mut self) {
        let mut anchors = unmoved(&self.row_of);
        anchors.push((self.rows.len(), self.scenes.len()));
        let (mut row_at, mut scene_at) = (0, 0);
        for (row_end, scene_end) in anchors {
            let rows: Vec<usize> = (row_at..row_end)
                .filter(|row| self.scene_of[*row].is_none())
                .collect();
            let scenes: Vec<usize> = (scene_at..scene_end)
                .filter(|scene| self.row_of[*scene].is_none() && !self.is_numbered[*scene])
                .collect();
            for (row, scene) in self.best_in_place(&rows, &scenes) {
                self.pair(row, scene);
            }
            (row_at, scene_at) = (row_end + 1, scene_end + 1);
        }
    }

    /// `OMITTED` in the script stands for the row that it stood for before, else for one whose
    /// scene is gone. A scene with content comes back from a cut row by equal content alone.
    fn best_in_place(&self, rows: &[usize], scenes: &[usize]) -> Vec<(usize, usize)> {
        if rows.is_empty() || scenes.is_empty() {
            return Vec::new();
        }
        let is_small = rows.len().saturating_mul(scenes.len()) <= align::MAX_CELLS;
        let mut scored = Vec::new();
        let omitted = (0..scenes.len()).filter(|at| self.scenes[scenes[*at]].is_omitted());
        for column in omitted {
            // Of many rows, those that stand where the scene does.
            let middle = column * rows.len() / scenes.len();
            let from = if is_small {
                0
            } else {
                middle.saturating_sub(OMITTED_NEAR)
            };
            let to = if is_small {
                rows.len()
            } else {
                rows.len().min(middle + OMITTED_NEAR)
            };
            for (row, known) in rows.iter().enumerate().take(to).skip(from) {
                let score = match self.rows[*known].omission {
                    Omission::Shown => 950,
                    Omission::Present => 900,
                    Omission::Cut => 600,
                };
                scored.push((row, column, score));
            }
        }
        let filmed: Vec<usize> = (0..scenes.len())
            .filter(|at| !self.scenes[scenes[*at]].is_omitted())
            .collect();
        let places = filmed.iter().map(|at| scenes[*at]).collect::<Vec<_>>();
        let pairs = self.alike(rows, &places, SAME_PLACE);
        scored.extend(pairs.into_iter().map(|(i, j, score)| (i, filmed[j], score)));
        let best = if is_small {
            let mut table = vec![0; rows.len() * scenes.len()];
            for (i, j, score) in scored {
                table[i * scenes.len() + j] = score;
            }
            let score = |i: usize, j: usize| table[i * scenes.len() + j];
            align::best_in_order(rows.len(), scenes.len(), score)
        } else {
            align::best_chain(&scored)
        };
        let pair = |(i, j): (usize, usize)| (rows[i], scenes[j]);
        best.into_iter().map(pair).collect()
    }

    fn alike_elsewhere(&mut self) {
        let rows = self.free_rows(|row| row.omission == Omission::Present);
        let scenes: Vec<usize> = self
            .free_scenes()
            .into_iter()
            .filter(|scene| !self.is_numbered[*scene])
            .collect();
        let pairs = self.alike(&rows, &scenes, ELSEWHERE).into_iter();
        let mut pairs: Vec<_> = pairs
            .map(|(i, j, likeness)| (std::cmp::Reverse(likeness), rows[i], scenes[j]))
            .collect();
        pairs.sort_unstable();
        for (_, row, scene) in pairs {
            if self.scene_of[row].is_none() && self.row_of[scene].is_none() {
                self.pair(row, scene);
            }
        }
    }

    fn alike(&self, rows: &[usize], scenes: &[usize], least: u32) -> Vec<(usize, usize, u32)> {
        if rows.is_empty() || scenes.is_empty() {
            return Vec::new();
        }
        let rows: Vec<&Row> = rows.iter().map(|row| &self.rows[*row]).collect();
        let scenes: Vec<_> = scenes.iter().map(|at| &self.sketches[*at]).collect();
        alike(&rows, &scenes, least)
    }
}
