//! Files that are, byte for byte, what a run wrote.

use std::collections::{BTreeMap, BTreeSet};

use super::Result;
use crate::history::{FileEntry, Project, current_expiry};
use crate::object::{Generation, GenerationId, RepoPath};
use crate::store::StoreError;

/// Gives each file that is what a run wrote to its path the run that made it: a take that was
/// restored or copied by hand is that take, and no edit of another. Of several runs with the same
/// bytes it is the one that the file had before, or the last. Takes that are let go of stay so.
///
/// # Errors
/// What the store says.
pub(super) fn recognise(
    project: &Project,
    edits: &mut BTreeMap<RepoPath, Option<FileEntry>>,
) -> Result<()> {
    let store = project.store();
    let mut let_go: Option<BTreeSet<GenerationId>> = None;
    for (path, entry) in edits {
        let Some(entry) = entry else { continue };
        let mut last: Option<(i64, GenerationId)> = None;
        for id in store.generations_of_output(entry.id)? {
            let run: Generation = match store.get(id) {
                // A record that is damaged or gone claims nothing; `fsck` tells of it.
                Err(StoreError::Damaged { .. } | StoreError::NotFound { .. }) => continue,
                read => read?,
            };
            let mut outputs = run.outputs.iter();
            if !outputs.any(|output| output.path == *path && output.id == entry.id) {
                continue;
            }
            if let_go.is_none() {
                let takes = current_expiry(store)?.takes.into_iter();
                let_go = Some(takes.map(|take| take.generation).collect());
            }
            if let_go.as_ref().is_some_and(|let_go| let_go.contains(&id)) {
                continue;
            }
            if entry.made_by == Some(id) {
                last = None;
                break;
            }
            last = last.max(Some((run.finished_ms, id)));
        }
        if let Some((_, id)) = last {
            entry.made_by = Some(id);
            // It was said of another take.
            entry.accepted = None;
        }
    }
    Ok(())
}
