//! What lists say of runs: stage, item, generator, model, cost.
//!
//! A run never changes, so what is said of many is kept in the disposable index under their ids: a list of a
//! film's files, or of a commit that made thousands, would read two objects a run each time.

use std::collections::HashMap;
use std::hash::Hash;

use serde::{Deserialize, Serialize};

use super::Result;
use crate::history::{self, Project};
use crate::object::{Action, GenerationId};
use crate::workflow::pieces::{join, split};

/// Fewer runs are read as fast as they are looked up.
const MANY: usize = 32;

/// A run, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GenerationReport {
    /// Its id.
    pub id: GenerationId,
    /// The stage: `frames`.
    pub stage: String,
    /// What it ran for: `012_003`.
    pub item: String,
    /// What made the output: `panel`.
    pub generator: String,
    /// The model, where one was asked.
    pub model: Option<String>,
    /// What it cost, in micro-dollars.
    pub cost_micro_usd: u64,
}

/// These runs, in their order; those that were let go of and are gone are left out.
///
/// # Errors
/// What the store says.
pub(in crate::workflow) fn runs(
    project: &Project,
    ids: &[GenerationId],
) -> Result<Vec<GenerationReport>> {
    if ids.len() < MANY {
        return read(project, ids);
    }
    let key = key("aiut 2026 runs in short v1", ids);
    if let Some(runs) = kept(project, &key, ids)? {
        return Ok(runs);
    }
    let runs = read(project, ids)?;
    if runs.len() == ids.len() {
        keep(project, &key, &runs);
    }
    Ok(runs)
}

/// What these runs cost together, in micro-dollars; nothing is known of those that were let go of and are gone.
///
/// # Errors
/// What the store says.
pub(in crate::workflow) fn cost(project: &Project, ids: &[GenerationId]) -> Result<u64> {
    if ids.len() < MANY {
        return read(project, ids).map(|runs| cost_of(&runs));
    }
    let key = key("aiut 2026 cost of runs v1", ids);
    let memo = project.store().memo_get(crate::BUILD, &key).ok().flatten();
    if let Some(cost) = memo.and_then(|memo| memo.as_slice().try_into().ok())
        && none_is_gone(project, ids)?
    {
        return Ok(u64::from_le_bytes(cost));
    }
    let runs = runs(project, ids)?;
    let cost = cost_of(&runs);
    if runs.len() == ids.len() {
        let memo = cost.to_le_bytes();
        // Without it the runs are read again.
        let _ = project.store().memo_put(crate::BUILD, &[(key, memo)]);
    }
    Ok(cost)
}

/// What runs cost together, in micro-dollars.
pub(super) fn cost_of(runs: &[GenerationReport]) -> u64 {
    let costs = runs.iter().map(|run| run.cost_micro_usd);
    costs.fold(0, u64::saturating_add)
}

fn read(project: &Project, ids: &[GenerationId]) -> Result<Vec<GenerationReport>> {
    let runs = ids.iter().map(|id| one(project, *id));
    runs.filter_map(Result::transpose).collect()
}

/// None when it was let go of and is gone.
fn one(project: &Project, id: GenerationId) -> Result<Option<GenerationReport>> {
    let Some(generation) = history::run_if_kept(project.store(), id)? else {
        return Ok(None);
    };
    let action = project.store().get::<Action>(generation.action)?;
    Ok(Some(GenerationReport {
        id,
        stage: action.stage,
        item: action.item,
        generator: action.generator,
        model: generation.model,
        cost_micro_usd: generation.cost_micro_usd,
    }))
}

/// Runs as they are kept: each word once.
#[derive(Default, Serialize, Deserialize)]
struct Table {
    stages: Vec<String>,
    generators: Vec<String>,
    models: Vec<Option<String>>,
    /// Stage, generator, model, cost in micro-dollars, item.
    rows: Vec<(usize, usize, usize, u64, String)>,
}

fn key(kept: &str, ids: &[GenerationId]) -> Vec<u8> {
    let mut hasher = blake3::Hasher::new_derive_key(kept);
    for id in ids {
        hasher.update(id.as_bytes());
    }
    hasher.finalize().as_bytes().to_vec()
}

/// What is kept of these runs, if none of them was let go of: it may be gone.
fn kept(
    project: &Project,
    key: &[u8],
    ids: &[GenerationId],
) -> Result<Option<Vec<GenerationReport>>> {
    let Some(bytes) = join(project.store(), key) else {
        return Ok(None);
    };
    if !none_is_gone(project, ids)? {
        return Ok(None);
    }
    let table = serde_json::from_slice::<Table>(&bytes).ok();
    Ok(table.and_then(|table| table.runs(ids)))
}

/// Whether none of these was let go of.
fn none_is_gone(project: &Project, ids: &[GenerationId]) -> Result<bool> {
    let expiry = history::current_expiry(project.store())?;
    Ok(ids.iter().all(|id| expiry.take(id).is_none()))
}

fn keep(project: &Project, key: &[u8], runs: &[GenerationReport]) {
    let bytes = serde_json::to_vec(&Table::of(runs)).expect("text and numbers");
    // Without it the runs are read again.
    let _ = split(key, &bytes).map(|memos| project.store().memo_put(crate::BUILD, &memos));
}

impl Table {
    fn of(runs: &[GenerationReport]) -> Self {
        let mut words = (Words::default(), Words::default(), Words::default());
        let rows = runs.iter().map(|run| {
            (
                words.0.place(&run.stage),
                words.1.place(&run.generator),
                words.2.place(&run.model),
                run.cost_micro_usd,
                run.item.clone(),
            )
        });
        let rows = rows.collect();
        Self {
            rows,
            stages: words.0.list,
            generators: words.1.list,
            models: words.2.list,
        }
    }

    fn runs(self, ids: &[GenerationId]) -> Option<Vec<GenerationReport>> {
        let Self {
            stages,
            generators,
            models,
            rows,
        } = self;
        if rows.len() != ids.len() {
            return None;
        }
        let run = |(id, (stage, generator, model, cost_micro_usd, item)): (&GenerationId, _)| {
            Some(GenerationReport {
                id: *id,
                stage: stages.get::<usize>(stage)?.clone(),
                item,
                generator: generators.get::<usize>(generator)?.clone(),
                model: models.get::<usize>(model)?.clone(),
                cost_micro_usd,
            })
        };
        ids.iter().zip(rows).map(run).collect()
    }
}

/// Words in the order in which they were met first.
struct Words<T> {
    list: Vec<T>,
    places: HashMap<T, usize>,
}

impl<T> Default for Words<T> {
    fn default() -> Self {
        Self {
            list: Vec::new(),
            places: HashMap::new(),
        }
    }
}

impl<T: Clone + Eq + Hash> Words<T> {
    fn place(&mut self, word: &T) -> usize {
        if let Some(place) = self.places.get(word) {
            return *place;
        }
        self.list.push(word.clone());
        self.places.insert(word.clone(), self.list.len() - 1);
        self.list.len() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(n: u8) -> GenerationReport {
        GenerationReport {
            id: GenerationId::from_bytes([n; 32]),
            stage: ["shots", "frames"][usize::from(n % 2)].to_owned(),
            item: format!("{n:03}"),
            generator: "panel".to_owned(),
            model: n.is_multiple_of(3).then(|| "painter".to_owned()),
            cost_micro_usd: u64::from(n) << 40,
        }
    }

    #[test]
    fn a_table_holds_what_it_was_made_of() {
        let runs: Vec<_> = (0..9).map(report).collect();
        let ids: Vec<_> = runs.iter().map(|run| run.id).collect();
        let bytes = serde_json::to_vec(&Table::of(&runs)).unwrap();
        let table = || serde_json::from_slice::<Table>(&bytes).unwrap();
        assert_eq!(table().runs(&ids).as_deref(), Some(&runs[..]));
        assert_eq!(table().runs(&ids[1..]), None);
        let mut odd = table();
        odd.stages.clear();
        assert_eq!(odd.runs(&ids), None, "a row names what is not there");
    }
}
