//! Questions about a film: what an output depends on, its takes, its scenes, its price.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::plan::Planned;
use super::session::Session;
use super::{FilmError, suggest_output};
use crate::film::scenes::{eighths, format_eighths};
use crate::object::RepoPath;
use crate::pipeline::{Cause, Explainer, Item, Makes};

/// What an output is made from, and what is made from it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Dependencies {
    /// The output or source file.
    pub path: RepoPath,
    /// The stage that makes it; none for a source.
    pub stage: Option<String>,
    /// The selectors that its generator read.
    pub reads: Vec<String>,
    /// Outputs that read it, or a part of it.
    pub read_by: Vec<RepoPath>,
}

/// What `path` is made from and what is made from it.
///
/// # Errors
/// `UnknownOutput` when neither a file nor an output is there.
pub(super) fn dependencies(
    session: &Session,
    planned: &Planned,
    path: &RepoPath,
) -> Result<Dependencies, FilmError> {
    let item = planned.items.iter().find(|item| item.path == *path);
    // What a broken file keeps from being planned is no source for that: it was made, from what its
    // record says.
    let made = item.is_none().then(|| session.made_at(path)).flatten();
    let reads = match (item, &made) {
        (Some(item), _) => reads_of(item),
        (None, Some((_, reads))) => reads.clone(),
        (None, None) => Vec::new(),
    };
    let read_by: Vec<RepoPath> = planned
        .items
        .iter()
        .filter(|item| item.path != *path && item.reads_file(path.as_str()))
        .map(|item| item.path.clone())
        .collect();
    if item.is_none() && planned.snapshot.slot(path.as_str()).is_none() {
        return Err(suggest_output(planned, path.as_str()));
    }
    Ok(Dependencies {
        path: path.clone(),
        stage: item
            .map(|item| item.stage.clone())
            .or_else(|| made.map(|(stage, _)| stage)),
        reads,
        read_by,
    })
}

fn reads_of(item: &Item) -> Vec<String> {
    let now = item.record.reads.keys().map(ToString::to_string);
    let mut reads: BTreeSet<String> = now.chain(item.record.pending.iter().cloned()).collect();
    if reads.is_empty()
        && let Some(action) = &*item.action
    {
        reads.extend(action.reads.keys().cloned());
    }
    reads.into_iter().collect()
}

/// Why an output has its state.
///
/// # Errors
/// `UnknownOutput` when no stage makes it.
pub(super) fn why(session: &Session, planned: &Planned, path: &str) -> Result<Cause, FilmError> {
    Explainer::new(&planned.items, &planned.snapshot, &*session.records)
        .explain(path)
        .ok_or_else(|| suggest_output(planned, path))
}

/// A scene of the list of scenes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SceneLine {
    /// The production number: `12A`.
    pub number: String,
    /// The heading.
    pub heading: String,
    /// Eighths of a page.
    pub eighths: u32,
    /// The same as productions print it: `2 3/8`.
    pub pages: String,
    /// How many shots it has; none if its shot list was not made yet.
    pub shots: Option<usize>,
    /// Its length in frames, by its shot list.
    pub frames: Option<u64>,
    /// How many of its outputs need work.
    pub stale: usize,
}

/// The scenes in the script's order.
///
/// # Errors
/// Why the script cannot be read.
pub(super) fn scenes(planned: &Planned) -> Result<Vec<SceneLine>, FilmError> {
    let story = planned.story()?;
    let mut work: BTreeMap<&str, usize> = BTreeMap::new();
    for item in planned.items.iter().filter(|item| item.state.needs_work()) {
        *work.entry(item.scene()).or_default() += 1;
    }
    let line = |scene: &crate::pipeline::StoryScene| {
        let snapshot = &planned.snapshot;
        let list = snapshot.layout().path(Makes::ShotList, scene.stem());
        let list = list.and_then(|path| snapshot.shots_in(&path).ok().flatten());
        SceneLine {
            number: scene.scene().number.to_string(),
            heading: scene.scene().heading.raw.clone(),
            eighths: eighths(scene.scene()),
            pages: format_eighths(eighths(scene.scene())),
            shots: list.as_ref().map(|list| list.shots),
            frames: list.map(|list| list.frames),
            stale: work.get(scene.stem()).copied().unwrap_or_default(),
        }
    };
    Ok(story.scenes().iter().map(line).collect())
}
