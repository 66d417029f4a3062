//! Commits of outputs: tree entries and work-tree files in one operation.

use std::collections::BTreeMap;

use super::FilmError;
use crate::history::{Caller, Entry, Project, edit_tree};
use crate::object::{Commit, CommitId, GenerationId, Person, RepoPath};
use crate::worktree::{Change, Content};

/// What is to be committed.
pub(super) struct Outputs<'a> {
    /// Who commits.
    pub(super) author: &'a Person,
    /// The message.
    pub(super) message: String,
    /// The runs that made what is committed.
    pub(super) generations: Vec<GenerationId>,
    /// New entries; none takes the file away.
    pub(super) entries: BTreeMap<RepoPath, Option<Entry>>,
    /// What the work tree held when it was planned.
    pub(super) before: BTreeMap<RepoPath, Content>,
}

/// Writes outputs to the work tree and commits them, as one operation. A file that no longer
/// holds what it held when this was planned was edited meanwhile: it is left alone and named.
pub(super) fn commit_outputs(
    project: &Project,
    caller: &Caller<'_>,
    outputs: Outputs<'_>,
) -> Result<(Option<CommitId>, Vec<RepoPath>), FilmError> {
    let mut transaction = project.transaction(caller)?;
    let mut kept = Vec::new();
    let mut edits = BTreeMap::new();
    let mut changes = Vec::new();
    for (path, entry) in outputs.entries {
        let before = outputs.before.get(&path).copied();
        if !project.tree().holds(&path, before)? {
            kept.push(path);
            continue;
        }
        let after = entry.map(|entry| entry.content());
        if before != after {
            changes.push(Change {
                path: path.clone(),
                before,
                after,
                seen: None,
            });
        }
        edits.insert(path, entry);
    }
    if edits.is_empty() {
        return Ok((None, kept));
    }
    let head = transaction.view.head_commit();
    let base = head
        .map(|id| project.store().get::<Commit>(id))
        .transpose()?;
    let base = base.map(|commit| commit.tree);
    let tree = edit_tree(project.store(), transaction.batch(), base, &edits)?;
    if Some(tree) == base && changes.is_empty() {
        return Ok((None, kept));
    }
    let time = caller.clock.now();
    let commit = transaction.commit(
        tree,
        outputs.author,
        time,
        &outputs.message,
        outputs.generations,
    )?;
    transaction.publish(caller, changes, None)?;
    Ok((Some(commit), kept))
}
