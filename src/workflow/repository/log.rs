//! `aiut log` and `aiut show`.

use std::collections::BTreeSet;

use serde::Serialize;

use super::report::tree_of;
use super::{CommitReport, Result, Scope};
use crate::history::{self, Logged, Project, Span, TreeChange, diff_trees};
use crate::object::{
    Action, Commit, CommitId, Generation, GenerationId, RepoPath, Timestamp, View,
};
use crate::pipeline::Pipeline;

/// Which commits to tell of.
#[derive(Debug, Clone)]
pub struct LogRequest<'r> {
    /// Which part of the history; none is all of HEAD.
    pub spans: &'r [Span],
    /// Only commits that changed something here.
    pub scope: Scope,
    /// At most so many.
    pub limit: usize,
    /// What time it is, for revisions such as `main@{yesterday}`.
    pub now: Timestamp,
}

/// A commit of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogEntry {
    /// The commit.
    #[serde(flatten)]
    pub commit: CommitReport,
    /// Timelines and tags that stand on it, by their full names.
    pub refs: Vec<String>,
    /// Whether HEAD stands on it.
    pub is_head: bool,
    /// How many runs it brings in.
    pub generations: usize,
    /// What they cost, in micro-dollars.
    pub cost_micro_usd: u64,
}

/// A run that a commit brings in.
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

/// A commit in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShowReport {
    /// The commit.
    #[serde(flatten)]
    pub entry: LogEntry,
    /// How it differs from its first parent, or from nothing.
    pub changes: Vec<TreeChange>,
    /// The runs it brings in, in the order of the stages.
    pub runs: Vec<GenerationReport>,
}

/// Tells of commits, the newest first, each before its parents. Before the first commit: none.
///
/// # Errors
/// As [`Project::resolve`]; `NoSuchPath` when no commit there ever had a named path.
pub fn log(project: &Project, request: &LogRequest<'_>) -> Result<Vec<LogEntry>> {
    let (_, view) = project.view()?;
    let (mut starts, without) = ends(project, request.spans, request.now)?;
    if starts.is_empty() {
        starts.extend(view.head_commit());
    }
    let (paths, store) = (request.scope.paths(), project.store());
    let logged = history::log_without(store, &starts, &without, paths, request.limit)?;
    if logged.is_empty() && !paths.is_empty() && request.limit > 0 && !starts.is_empty() {
        let mut known = BTreeSet::new();
        for start in &starts {
            let tree = tree_of(project, Some(*start))?.expect("a commit was given");
            known.extend(history::read_tree(store, tree)?.into_keys());
        }
        // Within a part of the history nothing need have happened to a path.
        let has = |path: &RepoPath| -> Result<bool> {
            let path = std::slice::from_ref(path);
            Ok(!history::log(store, &starts, path, 1)?.is_empty())
        };
        for path in paths {
            if !without.is_empty() && has(path)? {
                known.insert(path.clone());
            }
        }
        request.scope.check_kept(project, &known)?;
        request.scope.check(&known, "the history")?;
    }
    logged
        .iter()
        .map(|logged| entry(project, &view, logged))
        .collect()
}

/// The commits that spans begin with, and those whose history they leave out.
fn ends(
    project: &Project,
    spans: &[Span],
    now: Timestamp,
) -> Result<(Vec<CommitId>, Vec<CommitId>)> {
    let commit = |text: &str| project.resolve(text, now).map(|found| found.commit);
    let (mut starts, mut without) = (Vec::new(), Vec::new());
    for span in spans {
        match span {
            Span::At(one) => starts.push(commit(one)?),
            Span::Without(one) => without.push(commit(one)?),
            Span::Between(from, to) => {
                without.push(commit(from)?);
                starts.push(commit(to)?);
            }
            Span::Either(left, right) => {
                let (left, right) = (commit(left)?, commit(right)?);
                without.extend(history::common(project.store(), left, right)?);
                starts.extend([left, right]);
            }
        }
    }
    Ok((starts, without))
}

/// Tells all about one commit.
///
/// # Errors
/// As [`Project::resolve`].
pub fn show(project: &Project, revision: &str, now: Timestamp) -> Result<ShowReport> {
    let id = project.resolve(revision, now)?.commit;
    let commit = project.store().get::<Commit>(id)?;
    let parent = tree_of(project, commit.parents.first().copied())?;
    let changes = diff_trees(project.store(), parent, Some(commit.tree))?;
    let runs = commit.generations.iter().map(|id| run(project, *id));
    let mut runs = runs.collect::<Result<Vec<_>>>()?;
    in_order(&mut runs);
    let entry = entry(project, &project.view()?.1, &Logged { id, commit })?;
    Ok(ShowReport {
        entry,
        changes,
        runs,
    })
}

fn entry(project: &Project, view: &View, logged: &Logged) -> Result<LogEntry> {
    let Logged { id, commit } = logged;
    let mut cost = 0_u64;
    for generation in &commit.generations {
        let run = project.store().get::<Generation>(*generation)?;
        cost = cost.saturating_add(run.cost_micro_usd);
    }
    Ok(LogEntry {
        commit: CommitReport::new(*id, commit),
        refs: refs_on(view, *id),
        is_head: view.head_commit() == Some(*id),
        generations: commit.generations.len(),
        cost_micro_usd: cost,
    })
}

fn refs_on(view: &View, commit: CommitId) -> Vec<String> {
    let on = view.refs.iter().filter(|(_, stands)| **stands == commit);
    on.map(|(name, _)| name.clone()).collect()
}

/// Sorts runs as a film is made: by stage, then by what they ran for. Stages of a project's own
/// come last.
fn in_order(runs: &mut [GenerationReport]) {
    let film = Pipeline::film();
    let place = |stage: &str| film.stages().iter().position(|known| known.name == stage);
    let last = film.stages().len();
    runs.sort_by_cached_key(|run| {
        let stage = place(&run.stage).unwrap_or(last);
        (stage, run.stage.clone(), run.item.clone(), run.id)
    });
}

fn run(project: &Project, id: GenerationId) -> Result<GenerationReport> {
    let generation = project.store().get::<Generation>(id)?;
    let action = project.store().get::<Action>(generation.action)?;
    Ok(GenerationReport {
        id,
        stage: action.stage,
        item: action.item,
        generator: action.generator,
        model: generation.model,
        cost_micro_usd: generation.cost_micro_usd,
    })
}
