//! The folder as it would be committed now.

use super::Result;
use super::report::head_tree;
use crate::history::{FlatTree, Project, Survey, apply_edits};
use crate::object::{Head, OperationId};

/// The folder at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredWorkTree {
    /// What it stands on.
    pub head: Head,
    /// The operation that was the last one.
    pub operation: Option<OperationId>,
    /// Every file, with the origin that a commit would give it.
    pub files: FlatTree,
    /// Whether the files are those of the last commit.
    pub is_clean: bool,
}

/// Looks at every file, and stores what is new, so that each can be read from the store by its id.
///
/// # Errors
/// `Unreadable` names what cannot be read; `ReadOnly` when there is something to store.
pub fn snapshot(project: &Project) -> Result<StoredWorkTree> {
    let (operation, view) = project.view()?;
    let batch = project.store().batch();
    let survey = Survey::storing(project, head_tree(project, &view)?, &|_| true, &batch)?;
    batch.commit()?;
    let changes = survey.changes(&|_| true);
    let edits = survey.edits(&changes, &|_| true)?;
    let is_clean = edits.is_empty();
    let mut files = survey.tracked;
    apply_edits(&mut files, &edits);
    Ok(StoredWorkTree {
        head: view.head().clone(),
        operation,
        files,
        is_clean,
    })
}
