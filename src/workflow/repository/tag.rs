//! `aiut tag`.

use serde::Serialize;

use super::branch::existing;
use super::{CommitReport, Result};
use crate::history::{Caller, Project, RefKind, check_new_ref};

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TagReport {
    /// Its name.
    pub name: String,
    /// What it stands on.
    pub commit: CommitReport,
}

/// The tags, by name.
///
/// # Errors
/// What the store says.
pub fn tags(project: &Project) -> Result<Vec<TagReport>> {
    let (_, view) = project.view()?;
    let names = RefKind::Tag.names(&view);
    names
        .map(|name| {
            let commit = CommitReport::read(project, view.refs[&RefKind::Tag.full(name)])?;
            Ok(TagReport {
                name: name.to_owned(),
                commit,
            })
        })
        .collect()
}

/// Names a commit.
///
/// # Errors
/// `InvalidRef`, `RefExists`, `RefClash`, or as [`Project::resolve`].
pub fn create_tag(
    project: &Project,
    caller: &Caller<'_>,
    name: &str,
    revision: &str,
) -> Result<TagReport> {
    let mut transaction = project.transaction(caller)?;
    let commit = project.resolve(revision, caller.clock.now())?.commit;
    let full = check_new_ref(&transaction.view, RefKind::Tag, name)?;
    transaction.set_ref(&full, None, Some(commit))?;
    let report = TagReport {
        name: name.to_owned(),
        commit: CommitReport::read(project, commit)?,
    };
    transaction.publish(caller, Vec::new(), None)?;
    Ok(report)
}

/// Deletes a tag. Returns where it stood.
///
/// # Errors
/// `UnknownRef`.
pub fn delete_tag(project: &Project, caller: &Caller<'_>, name: &str) -> Result<CommitReport> {
    let mut transaction = project.transaction(caller)?;
    let commit = existing(&transaction.view, RefKind::Tag, name)?;
    transaction.set_ref(&RefKind::Tag.full(name), Some(commit), None)?;
    let stood = CommitReport::read(project, commit)?;
    transaction.publish(caller, Vec::new(), None)?;
    Ok(stood)
}
