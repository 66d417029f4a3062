//! `aiut status`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::conflicts::{OpenConflict, open_conflicts};
use super::report::head_tree;
use super::{HeadReport, Result, Scope};
use crate::history::{Changes, FileEntry, Project, Survey, entry_at};
use crate::object::{FileId, RepoPath, TreeId};
use crate::pipeline::NUMBERS;
use crate::worktree::{LeftAlone, Unlisted};

/// How the folder differs from the commit it stands on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatusReport {
    /// Where it stands.
    pub head: HeadReport,
    /// What is not committed.
    pub changes: Changes,
    /// Files of the current commit that stand for two versions that collide.
    pub conflicts: Vec<OpenConflict>,
    /// Files that are not in the folder, as their contents are at a remote alone.
    #[serde(skip_serializing_if = "LeftOut::is_empty")]
    pub left_out: LeftOut,
    /// Left alone by rule: symlinks, projects within the project.
    pub skipped: Vec<Unlisted>,
    /// Names that are unsafe on some system.
    pub refused: Vec<Unlisted>,
    /// What could not be read.
    pub unreadable: Vec<Unlisted>,
    /// Files that an interrupted command had changed and that were edited since: they are as they
    /// were found.
    pub left_alone: Vec<LeftAlone>,
    /// Why what an interrupted command had changed is not put back yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interrupted: Option<String>,
    /// What was committed last and is not there any more; what was there before is shown until it is back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost: Option<String>,
}

/// Files of the commit that are left out of the folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// How many.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
}

impl LeftOut {
    /// Those of a survey, at some paths.
    pub(in crate::workflow) fn of(survey: &Survey, within: &dyn Fn(&RepoPath) -> bool) -> Self {
        let mut sum = Self::default();
        for (_, entry) in survey.left_out().filter(|(path, _)| within(path)) {
            sum.files += 1;
            sum.bytes += entry.size;
        }
        sum
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files == 0
    }
}

impl StatusReport {
    /// Whether there is nothing to commit.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.changes.is_empty()
    }
}

/// What the folder holds beside a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edits {
    /// The commit's tree; none before the first.
    pub tree: Option<TreeId>,
    /// What differs from it: of each path what it holds now, none where it is gone.
    pub files: BTreeMap<RepoPath, Option<FileEntry>>,
}

/// Tells what changed since the last commit.
///
/// # Errors
/// What the store says. A file that cannot be read is in the report.
pub fn status(project: &Project, scope: &Scope) -> Result<StatusReport> {
    Ok(status_with_edits(project, scope)?.0)
}

/// The same, and what exactly the folder holds where that is known without reading more of it: all
/// that changed was read before and is as it was then.
///
/// # Errors
/// As [`status`].
pub fn status_with_edits(
    project: &Project,
    scope: &Scope,
) -> Result<(StatusReport, Option<Edits>)> {
    let (_, view) = project.view()?;
    let tree = head_tree(project, &view)?;
    let survey = match scope.is_all() {
        true => Survey::of_changes(project, tree)?,
        false => Survey::with_changes(project, tree)?,
    };
    let known = || survey.tracked.keys().chain(survey.scan.files.keys());
    let known: Vec<_> = known().collect();
    let unlisted = scope.unlisted(project, &survey.scan, known.iter().copied())?;
    let changes = survey.changes(&|path| scope.contains(path));
    let left_out = LeftOut::of(&survey, &|path| scope.contains(path));
    let edits = match scope.is_all() {
        true => edits(tree, &survey, &changes),
        false => None,
    };
    let named = |list: Vec<Unlisted>| -> Vec<Unlisted> {
        let named = |entry: &Unlisted| scope.concerns(&entry.path);
        list.into_iter().filter(named).collect()
    };
    let mut skipped = named(survey.scan.skipped);
    let (refused, unreadable) = (named(survey.scan.refused), named(survey.scan.unreadable));
    // What a rule ignores is told only to whoever asks for it.
    let told = |entry: &Unlisted| refused.contains(entry) || unreadable.contains(entry);
    let untold: Vec<_> = unlisted
        .into_iter()
        .filter(|entry| !told(entry) && !skipped.contains(entry))
        .collect();
    skipped.extend(untold);
    skipped.sort();
    let mut in_conflict = survey.conflicts;
    in_conflict.retain(|path, _| scope.contains(path));
    let conflicts = match in_conflict.is_empty() {
        true => Vec::new(),
        false => open_conflicts(project, &in_conflict, numbers_at(project, tree)?)?,
    };
    let interrupted = project.interrupted();
    let report = StatusReport {
        head: HeadReport::of(&view),
        changes,
        conflicts,
        left_out,
        skipped,
        refused,
        unreadable,
        left_alone: interrupted.left_alone,
        interrupted: interrupted.pending,
        lost: interrupted.lost,
    };
    Ok((report, edits))
}

/// `numbers.toml` of a tree.
fn numbers_at(project: &Project, tree: Option<TreeId>) -> Result<Option<FileId>> {
    let path = RepoPath::new(NUMBERS).expect("a safe name");
    let entry = tree
        .map(|tree| entry_at(project.store(), tree, &path))
        .transpose()?;
    Ok(entry.flatten().and_then(|entry| entry.file_id()))
}

/// The edits, if the content of each changed file is known.
fn edits(tree: Option<TreeId>, survey: &Survey, changes: &Changes) -> Option<Edits> {
    let moved = changes.renamed.iter().map(|renamed| &renamed.to);
    let mut changed = changes.added.iter().chain(&changes.modified).chain(moved);
    if !changed.all(|path| survey.content(path).is_some()) {
        return None;
    }
    let files = survey.edits(changes, &|_| true).ok()?;
    Some(Edits { tree, files })
}
