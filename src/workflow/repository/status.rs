//! `aiut status`.

use serde::Serialize;

use super::report::head_tree;
use super::{HeadReport, Result, Scope};
use crate::history::{Changes, Project, Survey};
use crate::object::RepoPath;
use crate::worktree::{LeftAlone, Unlisted};

/// How the folder differs from the commit it stands on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatusReport {
    /// Where it stands.
    pub head: HeadReport,
    /// What is not committed.
    pub changes: Changes,
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
}

impl StatusReport {
    /// Whether there is nothing to commit.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.changes.is_empty()
    }
}

/// Tells what changed since the last commit.
///
/// # Errors
/// What the store says. A file that cannot be read is in the report.
pub fn status(project: &Project, scope: &Scope) -> Result<StatusReport> {
    let (_, view) = project.view()?;
    let tree = head_tree(project, &view)?;
    let survey = match scope.is_all() {
        true => Survey::of_changes(project, tree)?,
        false => Survey::with_changes(project, tree)?,
    };
    let known = || survey.tracked.keys().chain(survey.scan.files.keys());
    scope.check(known().collect::<Vec<_>>(), "the project")?;
    let changes = survey.changes(&|path| scope.contains(path));
    let named = |list: Vec<Unlisted>| {
        let named = |entry: &Unlisted| {
            let path = RepoPath::new(entry.path.as_str());
            scope.is_all() || path.is_ok_and(|path| scope.contains(&path))
        };
        list.into_iter().filter(named).collect()
    };
    let interrupted = project.interrupted();
    Ok(StatusReport {
        head: HeadReport::of(&view),
        changes,
        skipped: named(survey.scan.skipped),
        refused: named(survey.scan.refused),
        unreadable: named(survey.scan.unreadable),
        left_alone: interrupted.left_alone,
        interrupted: interrupted.pending,
    })
}
