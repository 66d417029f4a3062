//! What a merge would do to the film, before it is done.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use super::FilmError;
use super::approve::{ApprovalRow, voided};
use super::report::FilmReport;
use super::session::{Session, World};
use crate::film::versions::compare_scripts;
use crate::history::{FlatTree, Project};
use crate::merge::LIMIT_BYTES;
use crate::object::{Commit, CommitId, RepoPath};
use crate::pipeline::SCRIPT;
use crate::workflow::comparison::StoryChange;
use crate::workflow::repository::{
    MergeKind, MergeOutcome, MergeRequest, OwnFiles, plan_merge as plan_files, supposing_ours,
};
use crate::workflow::settings::{PROJECT_FILE, ProjectConfig};

/// What a merge would do.
#[derive(Debug, Clone, Serialize)]
pub struct MergePlan {
    /// To the files.
    #[serde(flatten)]
    pub outcome: MergeOutcome,
    /// To the screenplay, in its own words.
    pub scripts: Vec<StoryChange>,
    /// To what was generated; none in a project that is no film.
    pub refresh: Option<Refresh>,
    /// Why that is not known.
    pub unknown: Option<String>,
    /// Approvals that hold now and would not: their content would be another one.
    pub voided: Vec<ApprovalRow>,
}

/// What would be out of date.
#[derive(Debug, Clone, Serialize)]
pub struct Refresh {
    /// Files in conflict: of these our version is supposed here.
    pub supposes_ours: Vec<RepoPath>,
    /// Outputs that are up to date now and would not be.
    pub goes_stale: Vec<RepoPath>,
    /// The film as it would stand, with what bringing it up to date takes.
    pub report: FilmReport,
}

/// What a merge would do to the files, the story and what was generated from it. Nothing is changed.
///
/// # Errors
/// As [`plan_files`]; of a film that cannot be planned the answer says why.
pub fn plan_merge(
    project: &Arc<Project>,
    worlds: [World<'_>; 2],
    request: MergeRequest<'_>,
    own: &dyn OwnFiles,
) -> Result<MergePlan, FilmError> {
    let [world, again] = worlds;
    let (outcome, before, after) = plan_files(project, &world.caller, request, own)?;
    let scripts = match outcome.changed.iter().find(|path| path.as_str() == SCRIPT) {
        Some(path) => script_changes(project, path, &before, &after)?,
        None => Vec::new(),
    };
    let timeline = outcome.head.timeline.as_deref();
    let voided = voided(project, timeline, &before, &after)?;
    let ours = outcome.head.commit;
    let theirs = match outcome.kind {
        MergeKind::UpToDate => ours,
        MergeKind::FastForward => Some(outcome.theirs.id),
        MergeKind::Joined | MergeKind::Squashed => None,
    };
    let sides = [(world, ours, before), (again, theirs, after)];
    let (refresh, unknown) = match refresh(project, sides) {
        Ok(refresh) => (refresh, None),
        Err(error) => (None, Some(error.to_string())),
    };
    Ok(MergePlan {
        outcome,
        scripts,
        refresh,
        unknown,
        voided,
    })
}

fn script_changes(
    project: &Project,
    path: &RepoPath,
    before: &FlatTree,
    after: &FlatTree,
) -> Result<Vec<StoryChange>, FilmError> {
    let text = |files: &FlatTree| -> Result<Option<String>, FilmError> {
        let Some(entry) = files.get(path).filter(|entry| entry.size <= LIMIT_BYTES) else {
            return Ok(None);
        };
        let bytes = project.store().read_file(entry.id, LIMIT_BYTES);
        Ok(String::from_utf8(bytes.map_err(crate::history::HistoryError::from)?).ok())
    };
    Ok(match (text(before)?, text(after)?) {
        (Some(old), Some(new)) => vec![StoryChange {
            path: path.clone(),
            diff: compare_scripts(&old, &new),
        }],
        _ => Vec::new(),
    })
}

/// The files of a film, and the commit that holds just these.
type Files<'w> = (World<'w>, Option<CommitId>, FlatTree);

/// Plans both films, one after the other: a plan is the most that is held in memory. Their settings are
/// those that they hold. What reads a file in conflict waits and could not be told of, so that these are
/// supposed to be settled.
fn refresh(
    project: &Arc<Project>,
    [before, after]: [Files<'_>; 2],
) -> Result<Option<Refresh>, FilmError> {
    let (world, commit, files) = after;
    let (files, supposes_ours) = supposing_ours(project, &files)?;
    let after = (world, commit.filter(|_| supposes_ours.is_empty()), files);
    let settings = |files: &FlatTree| settings_of(project, files);
    let (Some(old), Some(new)) = (settings(&before.2)?, settings(&after.2)?) else {
        return Ok(None);
    };
    let report = |(world, commit, files): Files<'_>, settings| {
        let commit = commit.map(|id| project.store().get::<Commit>(id));
        let tree = commit.transpose()?.map(|commit| commit.tree);
        Session::supposed(project.clone(), settings, world, files, tree)?.stale_supposed()
    };
    let stale_before = report(before, &old)?.items.into_iter();
    let stale_before: BTreeSet<RepoPath> = stale_before.map(|item| item.path).collect();
    let report = report(after, &new)?;
    let goes_stale = report.items.iter().map(|item| &item.path);
    let goes_stale = goes_stale
        .filter(|path| !stale_before.contains(*path))
        .cloned()
        .collect();
    Ok(Some(Refresh {
        supposes_ours,
        goes_stale,
        report,
    }))
}

/// The settings that a tree holds; none if it is no film.
pub(super) fn settings_of(
    project: &Project,
    files: &FlatTree,
) -> Result<Option<ProjectConfig>, FilmError> {
    let found = files.iter().find(|(path, _)| path.as_str() == PROJECT_FILE);
    let Some((_, entry)) = found else {
        return Ok(None);
    };
    let bytes = project.store().read_file(entry.id, LIMIT_BYTES);
    let bytes = bytes.map_err(crate::history::HistoryError::from)?;
    let path = project.root().join(PROJECT_FILE);
    let text = String::from_utf8_lossy(&bytes);
    let config = ProjectConfig::parse(&text, &path);
    config
        .map(Some)
        .map_err(|error| FilmError::Broken(error.to_string()))
}
