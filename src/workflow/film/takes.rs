//! The takes of an output: its generations, and what people put in their place.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::plan::Planned;
use super::session::Session;
use super::{FilmError, suggest_output};
use crate::history::{entry_at, log};
use crate::object::{CommitId, EntryId, FileId, GenerationId, RepoPath};
use crate::pipeline::{Item, Records};

/// One take of an output.
#[derive(Debug, Clone, Serialize)]
pub struct Take {
    /// The output.
    pub path: RepoPath,
    /// Counted from 1, oldest first.
    pub take: usize,
    /// Whether it is the one in the work tree.
    pub selected: bool,
    /// Whether people made it, or changed what was generated.
    pub by_hand: bool,
    /// The run; none for what people made.
    pub generation: Option<GenerationId>,
    /// What it made.
    pub id: FileId,
    /// Bytes.
    pub size: u64,
    /// The generator and its version; `by hand` for what people made.
    pub generator: String,
    /// The seed, if the generator took one.
    pub seed: Option<u64>,
    /// Millionths of a US dollar.
    pub cost_micro_usd: u64,
    /// Milliseconds since 1970: when the run ended, or when people's own was first committed; none
    /// before that.
    pub finished_ms: Option<i64>,
    /// Whether it was made from what is current now.
    pub current_inputs: bool,
    /// The first take with the same bytes, if that is another.
    pub same_as: Option<usize>,
    /// The generation that people changed, or its own.
    #[serde(skip)]
    pub(super) made_by: Option<GenerationId>,
}

/// Every take of the output at `path`, oldest first.
///
/// # Errors
/// `UnknownOutput` when no stage makes it; a damaged record.
pub(super) fn takes(
    session: &Session,
    planned: &Planned,
    path: &RepoPath,
) -> Result<Vec<Take>, FilmError> {
    let item = planned.items.iter().find(|item| item.path == *path);
    let takes = all(session, item, path)?;
    if item.is_none() && takes.iter().all(|take| take.by_hand) {
        return Err(suggest_output(planned, path.as_str()));
    }
    Ok(takes)
}

/// Every take of what lies at `path`, oldest first.
///
/// # Errors
/// A damaged record.
pub(super) fn all(
    session: &Session,
    item: Option<&Item>,
    path: &RepoPath,
) -> Result<Vec<Take>, FilmError> {
    let mut takes = generated(session, item, path)?;
    takes.extend(by_hand(session, item, path, &takes)?);
    number(&mut takes);
    if let Some(at) = selected(session, path, &takes) {
        takes[at].selected = true;
    }
    Ok(takes)
}

/// The takes of an output that generators made.
fn generated(
    session: &Session,
    item: Option<&Item>,
    path: &RepoPath,
) -> Result<Vec<Take>, FilmError> {
    let generations = session.records.generations_of(path);
    let mut takes = Vec::new();
    for id in generations.map_err(FilmError::Store)? {
        let past = session.records.generation(&id).map_err(FilmError::Store)?;
        let Some(output) = past.generation.outputs.iter().find(|o| o.path == *path) else {
            continue;
        };
        takes.push(Take {
            path: path.clone(),
            take: 0,
            selected: false,
            by_hand: false,
            generation: Some(id),
            id: output.id,
            size: output.size,
            generator: format!("{} {}", past.action.generator, past.action.version),
            seed: past.generation.seed,
            cost_micro_usd: past.generation.cost_micro_usd,
            finished_ms: Some(past.generation.finished_ms),
            current_inputs: has_current_inputs(session, item, Some(id)),
            same_as: None,
            made_by: Some(id),
        });
    }
    Ok(takes)
}

/// Whether the inputs of a generation are those of now; what was never generated has none.
fn has_current_inputs(
    session: &Session,
    item: Option<&Item>,
    made_by: Option<GenerationId>,
) -> bool {
    let now = item.and_then(|item| item.action.as_ref());
    let Some(made_by) = made_by else { return true };
    let past = session.records.generation(&made_by).ok();
    now.zip(past)
        .is_some_and(|(now, past)| now.reads == past.action.reads)
}

/// What lies, or lay on some timeline, at the path and came from no generator.
fn by_hand(
    session: &Session,
    item: Option<&Item>,
    path: &RepoPath,
    generated: &[Take],
) -> Result<Vec<Take>, FilmError> {
    let known: BTreeSet<FileId> = generated.iter().map(|take| take.id).collect();
    let take = |id, size, made_by, finished_ms| Take {
        path: path.clone(),
        take: 0,
        selected: false,
        by_hand: true,
        generation: None,
        id,
        size,
        generator: "by hand".to_owned(),
        seed: None,
        cost_micro_usd: 0,
        finished_ms,
        current_inputs: has_current_inputs(session, item, made_by),
        same_as: None,
        made_by,
    };
    let mut found: BTreeMap<FileId, Take> = BTreeMap::new();
    let (store, view) = (session.project.store(), session.project.view()?.1);
    let heads: BTreeSet<CommitId> = view
        .refs
        .values()
        .copied()
        .chain(view.head_commit())
        .collect();
    let heads: Vec<CommitId> = heads.into_iter().collect();
    // The newest first, so that the oldest stays.
    for logged in log(store, &heads, std::slice::from_ref(path), usize::MAX)? {
        let Some(entry) = entry_at(store, logged.commit.tree, path)? else {
            continue;
        };
        if let EntryId::File(id) = entry.id
            && !known.contains(&id)
        {
            // A commit tells the second alone: what was made in it came before.
            let time = (logged.commit.time.unix_seconds.saturating_mul(1000)).saturating_add(999);
            found.insert(id, take(id, entry.size, entry.made_by, Some(time)));
        }
    }
    if let Some((id, size, made_by)) = session.present_at(path)
        && !known.contains(&id)
    {
        found
            .entry(id)
            .or_insert_with(|| take(id, size, made_by, None));
    }
    Ok(found.into_values().collect())
}

/// Numbers takes by age, and says which are equal. What is in no commit yet is the youngest.
fn number(takes: &mut [Take]) {
    let age = |take: &Take| take.finished_ms.unwrap_or(i64::MAX);
    takes.sort_by_key(|take| (age(take), take.generation, take.id));
    let mut first: BTreeMap<FileId, usize> = BTreeMap::new();
    for (at, take) in takes.iter_mut().enumerate() {
        take.take = at + 1;
        let same = *first.entry(take.id).or_insert(at + 1);
        take.same_as = (same != at + 1).then_some(same);
    }
}

/// Which take lies in the work tree: of equal ones that of the generation it came from.
fn selected(session: &Session, path: &RepoPath, takes: &[Take]) -> Option<usize> {
    let (id, _, made_by) = session.present_at(path)?;
    let equal = |at: &usize| takes[*at].id == id;
    let own = |at: &usize| takes[*at].made_by == made_by;
    let places = || (0..takes.len()).filter(equal);
    places().find(own).or_else(|| places().next())
}
