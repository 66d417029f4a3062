//! Is there room for what a checkout writes, and is it as long as it is said to be? Asked before
//! the first byte is written.

use super::{HistoryError, Project, Result, current_expiry};
use crate::base::filesystem::examine;
use crate::store::StoreError;
use crate::worktree::{Change, Content};

/// Less is not worth a question: it is written before it is asked.
const WORTH_ASKING: u64 = 64 << 20;

/// Checks the contents that the changes bring in.
///
/// # Errors
/// `OtherSize`, `NoRoom` and `FileLetGo`; what the store says.
pub(super) fn check(project: &Project, changes: &[Change]) -> Result<()> {
    let mut needed = 0_u64;
    for Change { path, after, .. } in changes {
        let Some(Content { id, size, .. }) = *after else {
            continue;
        };
        let found = match project.store().file_size(id) {
            Err(error @ StoreError::NotFound { .. }) => {
                let takes = current_expiry(project.store())?.takes;
                return Err(match takes.iter().any(|take| take.outputs.contains(&id)) {
                    true => HistoryError::FileLetGo(path.clone()),
                    false => error.into(),
                });
            }
            found => found?,
        };
        if found != size {
            return Err(HistoryError::OtherSize {
                path: path.clone(),
                said: size,
                found,
            });
        }
        needed = needed.saturating_add(size);
    }
    if needed < WORTH_ASKING {
        return Ok(());
    }
    // Where it cannot be asked, the disk tells by itself.
    let Some(free) = examine(project.root()).ok().and_then(|on| on.free_bytes) else {
        return Ok(());
    };
    if needed <= free {
        return Ok(());
    }
    // With holes it may be less.
    needed = 0;
    for content in changes.iter().filter_map(|change| change.after) {
        needed = needed.saturating_add(project.store().room_of(content.id)?);
    }
    match needed > free {
        true => Err(HistoryError::NoRoom { needed, free }),
        false => Ok(()),
    }
}
