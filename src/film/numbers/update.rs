//! The memory brought up to date with the script.

use std::collections::BTreeMap;

use super::matching::{rows_of_scenes, unmoved};
use super::number::{Number, Taken};
use super::sketch::Sketch;
use super::{Numbers, Omission, Row};
use crate::film::scenes::Scene;

impl Numbers {
    /// The memory after these scenes, in script order: a row for each, and the rows of scenes
    /// that are gone where they stood. A scene that is known keeps its number; updating again
    /// with the same scenes changes nothing.
    #[must_use]
    pub fn update(&self, scenes: &[Scene]) -> Self {
        let sketches: Vec<Sketch<'_>> = scenes.iter().map(Sketch::of).collect();
        let explicit = explicit_numbers(scenes);
        let row_of = rows_of_scenes(&self.rows, scenes, &sketches, &explicit);
        let mut said: Vec<Option<&str>> = vec![None; scenes.len()];
        explicit
            .iter()
            .for_each(|(number, scene)| said[*scene] = Some(number));

        let mut cut = self.cut_rows(&row_of, &explicit);
        let mut rows: Vec<Draft> = cut.remove(&None).unwrap_or_default();
        for (at, scene) in scenes.iter().enumerate() {
            let known = row_of[at].map(|row| &self.rows[row]);
            let number = match (said[at], known) {
                (Some(said), _) => Some(said.to_owned()),
                // The script gives this number to another scene.
                (None, Some(row)) if explicit.contains_key(row.number.as_str()) => None,
                (None, row) => row.map(|row| row.number.clone()),
            };
            rows.push(Draft {
                number,
                row: remember(scene, &sketches[at], known),
            });
            rows.extend(cut.remove(&Some(at)).unwrap_or_default());
        }
        let mut taken = Taken::new(1);
        self.rows.iter().for_each(|row| taken.add(&row.number));
        explicit.keys().for_each(|number| taken.add(number));
        if self.rows.is_empty() {
            count_up(&mut rows, &mut taken);
        }
        Self {
            rows: number_the_rest(rows, &mut taken),
        }
    }

    /// The rows that no scene has, by the scene they stand behind: the nearest one before them
    /// that did not move.
    fn cut_rows(
        &self,
        row_of: &[Option<usize>],
        explicit: &BTreeMap<&str, usize>,
    ) -> BTreeMap<Option<usize>, Vec<Draft>> {
        let mut matched = vec![false; self.rows.len()];
        row_of.iter().flatten().for_each(|row| matched[*row] = true);
        let mut anchors = unmoved(row_of).into_iter().peekable();
        let mut behind = None;
        let mut cut: BTreeMap<Option<usize>, Vec<Draft>> = BTreeMap::new();
        for (at, row) in self.rows.iter().enumerate() {
            if let Some((_, scene)) = anchors.next_if(|(row, _)| *row == at) {
                behind = Some(scene);
            }
            if !matched[at] && !explicit.contains_key(row.number.as_str()) {
                let row = Row {
                    omission: Omission::Cut,
                    ..row.clone()
                };
                let number = Some(row.number.clone());
                cut.entry(behind).or_default().push(Draft { number, row });
            }
        }
        cut
    }
}

/// A row whose number may still be open.
struct Draft {
    number: Option<String>,
    row: Row,
}

/// The numbers that the script says, each with the first scene that says it.
fn explicit_numbers(scenes: &[Scene]) -> BTreeMap<&str, usize> {
    let mut explicit = BTreeMap::new();
    for (at, scene) in scenes.iter().enumerate() {
        if let Some(number) = &scene.marked {
            explicit.entry(number.as_str()).or_insert(at);
        }
    }
    explicit
}

/// The row of a scene, its number aside. An omitted scene keeps what it was, so that it can come
/// back; an unchanged one keeps its row to the letter.
fn remember(scene: &Scene, sketch: &Sketch<'_>, known: Option<&Row>) -> Row {
    let omission = if scene.is_omitted() {
        Omission::Shown
    } else {
        Omission::Present
    };
    match known {
        Some(row) if scene.is_omitted() || row.digest == sketch.digest => Row {
            omission,
            ..row.clone()
        },
        _ => Row {
            number: String::new(),
            heading: scene.heading.raw.clone(),
            digest: sketch.digest.clone(),
            words: if scene.is_omitted() {
                Vec::new()
            } else {
                sketch.sample()
            },
            omission,
            shots: known.map(|row| row.shots.clone()).unwrap_or_default(),
        },
    }
}

/// At the first numbering, scenes before an explicit number count up to it if there is room.
fn count_up(rows: &mut [Draft], taken: &mut Taken) {
    let mut below = 0;
    let mut open = Vec::new();
    for at in 0..rows.len() {
        let Some(number) = rows[at].number.as_deref() else {
            open.push(at);
            continue;
        };
        let Some(Number { digits: above, .. }) = Number::parse(number) else {
            continue;
        };
        if (open.len() as u64) < above.saturating_sub(below) {
            for (digits, at) in (below + 1..).zip(&open) {
                let number = taken.print(digits);
                if !taken.has(&number) {
                    taken.add(&number);
                    rows[*at].number = Some(number);
                }
            }
        }
        below = above;
        open.clear();
    }
}

fn number_the_rest(drafts: Vec<Draft>, taken: &mut Taken) -> Vec<Row> {
    let open: Vec<Option<&str>> = drafts.iter().map(|draft| draft.number.as_deref()).collect();
    let numbers = taken.fill(&open);
    let numbered = |(draft, number): (Draft, String)| Row {
        number,
        ..draft.row
    };
    drafts.into_iter().zip(numbers).map(numbered).collect()
}
