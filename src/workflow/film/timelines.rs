//! Two timelines beside each other: what each did since they parted, how their stories differ, how
//! their films stand, and what their outputs cost.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use super::FilmError;
use super::session::World;
use super::supposed::{FilmStates, states_at};
use crate::diff::Detail;
use crate::history::{FlatTree, Project, Resolved, Span, files_of, merge_base};
use crate::object::{CommitId, GenerationId, RepoPath, Timestamp};
use crate::workflow::comparison::{Story, Version, compare_stories};
use crate::workflow::repository::{LogOptions, LogRequest, Scope, cost_of_runs, log};
use crate::workflow::viewer::Viewer;

/// Two timelines, or any two revisions, beside each other.
#[derive(Debug, Serialize)]
pub struct Timelines {
    /// The newest commit that both stand on; none where they have none in common.
    pub base: Option<CommitId>,
    /// The first.
    pub left: Timeline,
    /// The second.
    pub right: Timeline,
    /// How the second differs from the first.
    pub story: Story,
}

/// One of the two.
#[derive(Debug, Serialize)]
pub struct Timeline {
    /// As it was named.
    pub name: String,
    /// Its commit.
    pub commit: CommitId,
    /// How many commits it has that the other lacks.
    pub commits: usize,
    /// What the runs cost whose outputs it holds, in millionths of a US dollar.
    pub cost_micro_usd: u64,
    /// How its film stands; none in a project that is no film.
    pub film: Option<FilmStates>,
    /// Why that is not known.
    pub unknown: Option<String>,
}

/// Looks at two revisions as they were committed; what the folder holds beside that does not count.
///
/// # Errors
/// A file or an object that cannot be read. Of a film that cannot be planned the answer says why.
pub fn compare_timelines(
    project: &Arc<Project>,
    viewer: &Viewer,
    worlds: [World<'_>; 2],
    ends: [(&str, &Resolved); 2],
    now: Timestamp,
) -> Result<Timelines, FilmError> {
    let [(left, a), (right, b)] = ends;
    let base = merge_base(project.store(), a.commit, b.commit)?;
    let [world, again] = worlds;
    let commits = |from: &str, to: &str| since(project, from, to, now);
    let everything = |_: &RepoPath| true;
    let new = Version::Stored(Some(b.tree));
    Ok(Timelines {
        base,
        story: compare_stories(
            project,
            viewer,
            Some(a.tree),
            new,
            &everything,
            Detail::NONE,
        )?,
        left: timeline(project, world, (left, a), commits(right, left)?)?,
        right: timeline(project, again, (right, b), commits(left, right)?)?,
    })
}

/// How many commits one has that the other lacks.
fn since(project: &Project, from: &str, to: &str, now: Timestamp) -> Result<usize, FilmError> {
    let request = LogRequest {
        spans: &[Span::Between(from.to_owned(), to.to_owned())],
        scope: Scope::all(),
        limit: usize::MAX,
        now,
        options: LogOptions::default(),
    };
    Ok(log(project, &request)?.len())
}

fn timeline(
    project: &Arc<Project>,
    world: World<'_>,
    (name, found): (&str, &Resolved),
    commits: usize,
) -> Result<Timeline, FilmError> {
    let cost_micro_usd = cost(project, &files_of(project, found.tree)?)?;
    let (film, unknown) = match states_at(project, world, found.tree) {
        Ok(film) => (film, None),
        Err(error) => (None, Some(error.to_string())),
    };
    Ok(Timeline {
        name: name.to_owned(),
        commit: found.commit,
        commits,
        cost_micro_usd,
        film,
        unknown,
    })
}

/// What the runs cost that made these files, each once.
fn cost(project: &Project, files: &FlatTree) -> Result<u64, FilmError> {
    let made: BTreeSet<GenerationId> = files.values().filter_map(|entry| entry.made_by).collect();
    Ok(cost_of_runs(project, &Vec::from_iter(made))?)
}
