//! `aiut tag`.

use std::collections::BTreeSet;

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
    let refs = project.refs()?;
    let names = RefKind::Tag.names(&refs);
    names
        .map(|name| {
            let commit = CommitReport::read(project, refs[&RefKind::Tag.full(name)])?;
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
    let full = check_new_ref(&transaction.refs()?, RefKind::Tag, name)?;
    transaction.set_ref(&full, None, Some(commit))?;
    let report = TagReport {
        name: name.to_owned(),
        commit: CommitReport::read(project, commit)?,
    };
    transaction.publish(caller, Vec::new(), None)?;
    Ok(report)
}

/// Tags that are gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeletedTags {
    /// Each with the commit that it stood on.
    pub deleted: Vec<TagReport>,
}

/// Deletes tags, all or none.
///
/// # Errors
/// `UnknownRef`.
pub fn delete_tags(
    project: &Project,
    caller: &Caller<'_>,
    names: &[String],
) -> Result<DeletedTags> {
    let mut transaction = project.transaction(caller)?;
    let names: BTreeSet<&String> = names.iter().collect();
    let mut deleted = Vec::new();
    for name in names {
        let commit = existing(&transaction, RefKind::Tag, name)?;
        transaction.set_ref(&RefKind::Tag.full(name), Some(commit), None)?;
        deleted.push(TagReport {
            name: name.clone(),
            commit: CommitReport::read(project, commit)?,
        });
    }
    transaction.publish(caller, Vec::new(), None)?;
    Ok(DeletedTags { deleted })
}
