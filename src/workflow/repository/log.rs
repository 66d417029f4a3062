//! `aiut log` and `aiut show`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::follow::{Followed, Follower, Pickaxe};
use super::report::{tree_before, tree_of};
use super::runs::{self, GenerationReport};
use super::{CommitReport, Pattern, RepositoryError, Result, Scope};
use crate::history::{self, Ends, Logged, Project, Selection, Span, TreeChange, diff_trees};
use crate::object::{Commit, CommitId, RepoPath, Timestamp};
use crate::pipeline::{NUMBERS, Pipeline};
use crate::store::Position;

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
    /// What else is asked of them.
    pub options: LogOptions,
}

/// What is asked of commits beside where they stand.
#[derive(Debug, Clone, Default)]
pub struct LogOptions {
    /// Whose name and mail address it is found in.
    pub author: Option<Pattern>,
    /// Whose message it is found in.
    pub message: Option<Pattern>,
    /// Made at this second since 1970 or later.
    pub since: Option<i64>,
    /// Made at this second since 1970 or earlier.
    pub until: Option<i64>,
    /// From every timeline and tag, beside the revisions.
    pub everywhere: bool,
    /// Only commits that changed this part of the one file in the scope.
    pub followed: Option<Followed>,
    /// Only commits in which this text came or went.
    pub text: Option<String>,
    /// Whether [`LogEntry::follows`] must lead past commits that are left out, which takes a walk over
    /// the whole history.
    pub lines: bool,
}

impl LogOptions {
    fn take_all(&self) -> bool {
        let Self {
            author,
            message,
            since,
            until,
            ..
        } = self;
        let is_asked = author.is_some() || message.is_some() || since.is_some() || until.is_some();
        !is_asked && self.followed.is_none() && self.text.is_none()
    }

    fn take(&self, commit: &Commit) -> bool {
        let Commit {
            author,
            message,
            time,
            ..
        } = commit;
        let found = |pattern: &Option<Pattern>, text: &dyn Fn() -> String| {
            pattern
                .as_ref()
                .is_none_or(|pattern| pattern.is_in(&text()))
        };
        self.since.is_none_or(|since| time.unix_seconds >= since)
            && self.until.is_none_or(|until| time.unix_seconds <= until)
            && found(&self.author, &|| {
                format!("{} <{}>", author.name, author.email)
            })
            && found(&self.message, &|| message.clone())
    }
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
    /// What those cost that are still there, in micro-dollars.
    pub cost_micro_usd: u64,
    /// Whether what it follows was left at a remote: there the history of this copy ends.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ends: bool,
    /// The commits of the log that it follows, for who draws it: its parents, or what these stand on
    /// where they are left out.
    #[serde(skip)]
    pub follows: Vec<CommitId>,
}

/// A commit in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShowReport {
    /// The commit.
    #[serde(flatten)]
    pub entry: LogEntry,
    /// How it differs from its first parent, or from nothing.
    pub changes: Vec<TreeChange>,
    /// The runs it brings in, in the order of the stages; those that were let go of and are gone are
    /// left out.
    pub runs: Vec<GenerationReport>,
}

/// What a log tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// The commits, the newest first, each before its parents.
    pub entries: Vec<LogEntry>,
    /// Further names that the one file in the scope had.
    pub names: Vec<RepoPath>,
}

/// Tells of commits, the newest first, each before its parents. Before the first commit: none.
///
/// # Errors
/// As [`log_followed`].
pub fn log(project: &Project, request: &LogRequest<'_>) -> Result<Vec<LogEntry>> {
    log_followed(project, request).map(|log| log.entries)
}

/// As [`log`], with the names that a file had: it is followed through them where the scope is one file.
///
/// # Errors
/// As [`Project::resolve`]; `NoSuchPath` when no commit there ever had a named path; `Part` when no commit
/// that the log begins with has the part that is to be followed, `OneFile` where there is no one file.
pub fn log_followed(project: &Project, request: &LogRequest<'_>) -> Result<Log> {
    let (_, view) = project.view()?;
    let (options, store) = (&request.options, project.store());
    let refs = view.refs(store)?;
    let (mut starts, without) = ends(project, request.spans, request.now)?;
    if options.everywhere {
        starts.extend(refs.values());
    }
    if starts.is_empty() || options.everywhere {
        starts.extend(view.head_commit());
    }
    let follower = follower(project, request, &starts)?;
    let pickaxe = options.text.as_ref();
    let pickaxe = pickaxe.map(|text| Pickaxe::new(project, text.clone()));
    let pickaxe = pickaxe.transpose()?;
    let keep = |id: CommitId, commit: &Commit| -> history::Result<bool> {
        // What is followed has to be shown every commit.
        let is_changed = match &follower {
            Some(follower) => follower.sees(id, commit)?,
            None => true,
        };
        let is_asked = is_changed && options.take(commit);
        match &pickaxe {
            Some(pickaxe) if is_asked => match &follower {
                Some(follower) => pickaxe.sees(commit, &|path| follower.names().contains(path)),
                None => {
                    // The scene numbers hold the words of the script again.
                    let is_whole = request.scope.is_all();
                    let within = |path: &RepoPath| match is_whole {
                        true => path.as_str() != NUMBERS,
                        false => request.scope.contains(path),
                    };
                    pickaxe.sees(commit, &within)
                }
            },
            _ => Ok(is_asked),
        }
    };
    let selection = Selection {
        paths: match (&follower, &pickaxe) {
            (None, None) => request.scope.paths(),
            _ => &[],
        },
        keep: &keep,
        limit: request.limit,
    };
    let leaves_out = !request.scope.is_all() || !options.take_all();
    let logged = if options.lines && leaves_out {
        history::log_lines(store, &starts, &without, selection)?
    } else {
        let logged = history::log_without(store, &starts, &without, selection)?;
        let with_parents = |logged: Logged| {
            let parents = logged.commit.parents.clone();
            (logged, parents)
        };
        logged.into_iter().map(with_parents).collect()
    };
    if let Some(missing) = follower.as_ref().and_then(Follower::missing) {
        return Err(missing.into());
    }
    if logged.is_empty() && request.limit > 0 && !starts.is_empty() {
        check_paths(project, request, &starts, &without)?;
    }
    let left = Ends::of(store)?;
    let entry = |(logged, mut follows): (Logged, Vec<CommitId>)| {
        follows.retain(|id| !left.has(id));
        let cost = runs::cost(project, &logged.commit.generations)?;
        let entry = entry(cost, &view, &refs, &left, &logged);
        Ok(LogEntry { follows, ..entry })
    };
    let names = follower.map_or_else(Vec::new, |follower| follower.names());
    Ok(Log {
        entries: logged.into_iter().map(entry).collect::<Result<_>>()?,
        names,
    })
}

/// What follows the one file of the scope; none where it is no single file.
fn follower<'p>(
    project: &'p Project,
    request: &LogRequest<'_>,
    starts: &[CommitId],
) -> Result<Option<Follower<'p>>> {
    let followed = request.options.followed.clone();
    let what = match &followed {
        Some(Followed::Scene(_)) => "--scene",
        Some(Followed::Lines(_)) => "-L",
        None => "",
    };
    let one = match request.scope.paths() {
        [path] => Some(path),
        _ => None,
    };
    let mut is_folder = false;
    for start in starts {
        if let (Some(path), Some(tree)) = (one, tree_of(project, Some(*start))?) {
            let entry = history::entry_at(project.store(), tree, path)?;
            is_folder |= entry.is_some_and(|entry| entry.tree_id().is_some());
        }
    }
    match one.filter(|_| !is_folder) {
        Some(path) => Follower::new(project, path.clone(), followed).map(Some),
        None if followed.is_none() => Ok(None),
        None => Err(RepositoryError::OneFile {
            what,
            paths: request
                .scope
                .paths()
                .iter()
                .map(ToString::to_string)
                .collect(),
        }),
    }
}

/// Refuses a path that no commit ever had.
fn check_paths(
    project: &Project,
    request: &LogRequest<'_>,
    starts: &[CommitId],
    without: &[CommitId],
) -> Result<()> {
    let (paths, store) = (request.scope.paths(), project.store());
    if paths.is_empty() {
        return Ok(());
    }
    let mut known = BTreeSet::new();
    for start in starts {
        let tree = tree_of(project, Some(*start))?.expect("a commit was given");
        known.extend(history::read_tree(store, tree)?.into_keys());
    }
    // Within a part of the history nothing need have happened to a path.
    let is_part = !without.is_empty() || !request.options.take_all();
    for path in paths {
        let one = std::slice::from_ref(path);
        if is_part && !history::log(store, starts, one, 1)?.is_empty() {
            known.insert(path.clone());
        }
    }
    request.scope.check_kept(project, &known)?;
    request.scope.check(&known, "the history")
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

/// Tells all about one commit, or of it what concerns the paths in `scope`; its runs in the order of
/// the stages.
///
/// # Errors
/// What the store says.
pub fn show(
    project: &Project,
    pipeline: &Pipeline,
    id: CommitId,
    scope: &Scope,
) -> Result<ShowReport> {
    let commit = project.store().get::<Commit>(id)?;
    let parent = tree_before(project, commit.parents.first().copied())?;
    let mut changes = diff_trees(project.store(), parent, Some(commit.tree))?;
    changes.retain(|change| scope.contains(&change.path));
    let made: BTreeSet<_> = changes
        .iter()
        .filter_map(|change| change.after.and_then(|after| after.made_by))
        .collect();
    let runs = commit.generations.iter();
    let runs = runs.filter(|id| scope.is_all() || made.contains(id));
    let runs = runs.copied().collect::<Vec<_>>();
    let is_all = runs.len() == commit.generations.len();
    let mut runs = runs::runs(project, &runs)?;
    let cost = if is_all {
        runs::cost_of(&runs)
    } else {
        runs::cost(project, &commit.generations)?
    };
    in_order(&mut runs, pipeline);
    let logged = Logged { id, commit };
    let left = Ends::of(project.store())?;
    let entry = entry(cost, &project.view()?.1, &project.refs()?, &left, &logged);
    Ok(ShowReport {
        entry,
        changes,
        runs,
    })
}

fn entry(
    cost_micro_usd: u64,
    view: &Position,
    refs: &BTreeMap<String, CommitId>,
    left: &Ends,
    logged: &Logged,
) -> LogEntry {
    let Logged { id, commit } = logged;
    LogEntry {
        commit: CommitReport::new(*id, commit),
        refs: refs_on(refs, *id),
        is_head: view.head_commit() == Some(*id),
        generations: commit.generations.len(),
        cost_micro_usd,
        ends: commit.parents.iter().any(|parent| left.has(parent)),
        follows: commit.parents.clone(),
    }
}

fn refs_on(refs: &BTreeMap<String, CommitId>, commit: CommitId) -> Vec<String> {
    let on = refs.iter().filter(|(_, stands)| **stands == commit);
    on.map(|(name, _)| name.clone()).collect()
}

/// Sorts runs as a film is made: by stage, then by what they ran for. Those of stages that the
/// project has no more come last.
fn in_order(runs: &mut [GenerationReport], pipeline: &Pipeline) {
    let stages = pipeline.stages();
    let place = |stage: &str| stages.iter().position(|known| known.name == stage);
    let last = stages.len();
    runs.sort_by_cached_key(|run| {
        let stage = place(&run.stage).unwrap_or(last);
        (stage, run.stage.clone(), run.item.clone(), run.id)
    });
}
