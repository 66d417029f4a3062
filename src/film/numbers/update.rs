//! The memory brought up to date with the script.

use std::collections::{BTreeMap, HashMap};

use super::align;
use super::matching::rows_of_scenes;
use super::number::Taken;
use super::sketch::Sketch;
use super::{Numbers, Omission, Row, ShotMemory};
use crate::ids::{Number, Place, SceneNumber};
use crate::scenes::Scene;

impl Numbers {
    /// The memory after these scenes, in script order: a row for each, and the rows of scenes
    /// that are gone where their numbers belong. A scene that is known keeps its number; updating again
    /// with the same scenes changes nothing.
    #[must_use]
    pub fn update(&self, scenes: &[Scene]) -> Self {
        let sketches: Vec<Sketch<'_>> = scenes.iter().map(Sketch::of).collect();
        let explicit = explicit_numbers(scenes);
        let row_of = rows_of_scenes(&self.rows, scenes, &sketches, &explicit);
        let mut said: Vec<Option<&SceneNumber>> = vec![None; scenes.len()];
        explicit
            .iter()
            .for_each(|(number, scene)| said[*scene] = Some(number));

        let mut present = Vec::with_capacity(scenes.len());
        for (at, scene) in scenes.iter().enumerate() {
            let known = row_of[at].map(|row| &self.rows[row]);
            let number = match (said[at], known) {
                (Some(said), _) => Some(said.clone()),
                // The script gives this number to another scene.
                (None, Some(row)) if explicit.contains_key(&row.number) => None,
                (None, row) => row.map(|row| row.number.clone()),
            };
            present.push(Draft {
                number,
                ..remember(scene, &sketches[at], known)
            });
        }
        let mut taken = Taken::new(1);
        self.rows
            .iter()
            .for_each(|row| taken.add(row.number.as_str()));
        explicit
            .keys()
            .for_each(|number| taken.add(number.as_str()));
        if self.rows.is_empty() {
            count_up(&mut present, &mut taken);
        }
        let cut = self.cut_rows(&row_of, &explicit);
        let rows = number_the_rest(with_cut_rows(present, cut), &mut taken);
        // New numbers may lie nearer to a cut scene's than those that were known.
        let (cut, present): (Vec<_>, Vec<_>) = rows
            .into_iter()
            .map(Draft::of)
            .partition(|draft| draft.omission == Omission::Cut);
        let rows = with_cut_rows(present, cut);
        Self {
            rows: rows.into_iter().filter_map(Draft::numbered).collect(),
        }
    }

    /// The rows that no scene has.
    fn cut_rows(&self, row_of: &[Option<usize>], explicit: &Explicit<'_>) -> Vec<Draft> {
        let mut matched = vec![false; self.rows.len()];
        row_of.iter().flatten().for_each(|row| matched[*row] = true);
        let rows = self.rows.iter().zip(matched);
        let cut = rows
            .filter(|(row, matched)| !matched && !explicit.contains_key(&row.number))
            .map(|(row, _)| {
                Draft::of(Row {
                    omission: Omission::Cut,
                    ..row.clone()
                })
            });
        cut.collect()
    }
}

/// Puts each cut row behind the scene with the next lower number. Only the scenes whose numbers ascend
/// with the script say where that is, so that a scene that was moved takes no cut ones along. The order
/// thus follows from the script and the numbers, whatever was cut and moved first.
fn with_cut_rows(present: Vec<Draft>, mut cut: Vec<Draft>) -> Vec<Draft> {
    let order = |draft: &Draft| {
        draft
            .number
            .as_ref()
            .map(|number| Place::of(number.as_str()))
    };
    cut.sort_by_cached_key(order);
    let mut numbered: Vec<(Option<Place>, usize)> = present.iter().map(order).zip(0..).collect();
    numbered.retain(|(place, _)| place.is_some());
    numbered.sort_unstable();
    let mut ranks: Vec<(usize, usize)> = numbered
        .iter()
        .enumerate()
        .map(|(rank, (_, scene))| (rank, *scene))
        .collect();
    ranks.sort_unstable_by_key(|(_, scene)| *scene);
    let anchors = align::ascending(&ranks);
    let mut behind: BTreeMap<Option<usize>, Vec<Draft>> = BTreeMap::new();
    for draft in cut {
        let place = order(&draft);
        let lower = anchors.partition_point(|(rank, _)| numbered[*rank].0 < place);
        let scene = lower.checked_sub(1).map(|at| anchors[at].1);
        behind.entry(scene).or_default().push(draft);
    }
    let mut rows = behind.remove(&None).unwrap_or_default();
    for (at, draft) in present.into_iter().enumerate() {
        rows.push(draft);
        rows.extend(behind.remove(&Some(at)).unwrap_or_default());
    }
    rows
}

/// A row whose number may still be open.
struct Draft {
    number: Option<SceneNumber>,
    heading: String,
    digest: String,
    words: Vec<String>,
    omission: Omission,
    shots: ShotMemory,
}

impl Draft {
    /// One whose number is settled.
    fn of(row: Row) -> Self {
        Self {
            number: Some(row.number),
            heading: row.heading,
            digest: row.digest,
            words: row.words,
            omission: row.omission,
            shots: row.shots,
        }
    }

    /// The row, once its number is settled.
    fn numbered(self) -> Option<Row> {
        Some(Row {
            number: self.number?,
            heading: self.heading,
            digest: self.digest,
            words: self.words,
            omission: self.omission,
            shots: self.shots,
        })
    }
}

/// Scenes by the numbers that the script says.
pub(super) type Explicit<'s> = HashMap<&'s SceneNumber, usize>;

/// The numbers that the script says, each with the first scene that says it.
pub(super) fn explicit_numbers(scenes: &[Scene]) -> Explicit<'_> {
    let mut explicit = Explicit::new();
    for (at, scene) in scenes.iter().enumerate() {
        if let Some(number) = &scene.marked {
            explicit.entry(number).or_insert(at);
        }
    }
    explicit
}

/// The row of a scene, its number aside. An omitted scene keeps what it was, so that it can come
/// back; an unchanged one keeps its row to the letter.
fn remember(scene: &Scene, sketch: &Sketch<'_>, known: Option<&Row>) -> Draft {
    let omission = if scene.is_omitted() {
        Omission::Shown
    } else {
        Omission::Present
    };
    match known {
        Some(row) if scene.is_omitted() || row.digest == sketch.digest => Draft {
            omission,
            ..Draft::of(row.clone())
        },
        _ => Draft {
            number: None,
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
        let Some(number) = &rows[at].number else {
            open.push(at);
            continue;
        };
        let Some(Number { digits: above, .. }) = Number::parse(number.as_str()) else {
            continue;
        };
        if (open.len() as u64) < above.saturating_sub(below) {
            for (digits, at) in (below + 1..).zip(&open) {
                let number = taken.print(digits);
                if !taken.has(&number) {
                    taken.add(&number);
                    rows[*at].number = Some(made(number));
                }
            }
        }
        below = above;
        open.clear();
    }
}

fn number_the_rest(drafts: Vec<Draft>, taken: &mut Taken) -> Vec<Row> {
    let number = |draft: &Draft| draft.number.clone();
    let known: Vec<Option<SceneNumber>> = drafts.iter().map(number).collect();
    let open: Vec<Option<&str>> = known
        .iter()
        .map(|number| number.as_ref().map(SceneNumber::as_str))
        .collect();
    let numbers = taken.fill(&open);
    let numbered = |(draft, number): (Draft, String)| {
        let number = Some(made(number));
        Draft { number, ..draft }.numbered()
    };
    drafts
        .into_iter()
        .zip(numbers)
        .filter_map(numbered)
        .collect()
}

/// A number that was made here.
fn made(number: String) -> SceneNumber {
    SceneNumber::try_from(number).expect("digits and a few letters are a number")
}
