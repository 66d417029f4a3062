//! Which commits both sides have.

use std::collections::{BinaryHeap, HashMap, HashSet};

use crate::Result;
use crate::object::{Commit, CommitId};
use crate::plan::{record_of, time_of};
use crate::remote::Remote;
use crate::storage::Storage;
use crate::store::RecordId;

/// Commits that are asked about at first; twice as many each time after that.
const FIRST_ASKED: usize = 32;
/// Most commits that are asked about at a time.
const MOST_ASKED: usize = 16_384;

/// Finds commits that `tips` stand on, or are, and that the remote has: so many that nothing which both sides
/// have lies beyond them. Asks about few at first and twice as many each time, as most are near the end.
///
/// # Errors
/// What keeps the remote from answering; the storage cannot be read.
pub fn find_common(
    remote: &dyn Remote,
    storage: &dyn Storage,
    tips: &[CommitId],
) -> Result<Vec<CommitId>> {
    let record = |id: &CommitId| record_of::<Commit>(*id);
    let mut common = Vec::new();
    let mut parents: HashMap<CommitId, Vec<CommitId>> = HashMap::new();
    let mut known: HashMap<CommitId, Commit> = HashMap::new();
    let mut there: HashSet<CommitId> = HashSet::new();
    let mut queue: BinaryHeap<(i64, CommitId)> = BinaryHeap::new();
    let mut queued: HashSet<CommitId> = HashSet::new();
    for tip in tips {
        if let Some(time) = time_of(storage, &mut known, *tip)?
            && queued.insert(*tip)
        {
            queue.push((time, *tip));
        }
    }
    let mut most = FIRST_ASKED;
    while !queue.is_empty() {
        // Walks ahead without knowing the answers: what turns out to be there is walked for nothing.
        let mut asked = Vec::new();
        while asked.len() < most
            && let Some((_, id)) = queue.pop()
        {
            if there.contains(&id) {
                mark_there(id, &parents, &mut there);
                continue;
            }
            asked.push(id);
            let of = known
                .remove(&id)
                .map(|commit| commit.parents)
                .unwrap_or_default();
            for parent in &of {
                if queued.insert(*parent)
                    && let Some(time) = time_of(storage, &mut known, *parent)?
                {
                    queue.push((time, *parent));
                }
            }
            parents.insert(id, of);
        }
        if asked.is_empty() {
            break;
        }
        let records: Vec<RecordId> = asked.iter().map(record).collect();
        let missing: HashSet<RecordId> = remote.missing(None, &records)?.into_iter().collect();
        for id in asked {
            if missing.contains(&record(&id)) {
                continue;
            }
            if !there.contains(&id) {
                common.push(id);
            }
            mark_there(id, &parents, &mut there);
        }
        queue.retain(|(_, id)| !there.contains(id));
        most = (most * 2).min(MOST_ASKED);
    }
    Ok(common)
}

/// A commit is there, and so is what it stands on, as far as that was walked.
fn mark_there(
    id: CommitId,
    parents: &HashMap<CommitId, Vec<CommitId>>,
    there: &mut HashSet<CommitId>,
) {
    let mut stack = vec![id];
    there.insert(id);
    while let Some(id) = stack.pop() {
        for parent in parents.get(&id).into_iter().flatten() {
            if there.insert(*parent) {
                stack.push(*parent);
            }
        }
    }
}
