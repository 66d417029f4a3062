//! How many commits two histories do not share.

use std::collections::{BinaryHeap, HashMap};

use super::{Ends, Result};
use crate::object::{Commit, CommitId};
use crate::store::Store;

const OF_A: u8 = 1;
const OF_B: u8 = 2;
const OF_BOTH: u8 = OF_A | OF_B;

/// So many commits that both sides have are looked at beyond the last that one side has alone: by a clock that was
/// late, one of them may be younger than it says, and stand on what was counted.
const SLACK: usize = 64;

/// How many commits `a` stands on that `b` does not, and the other way round, both themselves included.
///
/// Goes back from both by time, and only as far as they differ: of what both have in common, it looks at [`SLACK`]
/// commits. So it counts too many where a clock was late for longer than that, and never too few.
///
/// # Errors
/// `Store`.
pub fn apart(store: &Store, a: CommitId, b: CommitId) -> Result<(usize, usize)> {
    if a == b {
        return Ok((0, 0));
    }
    let ends = Ends::of(store)?;
    let mut walk = Walk {
        store,
        queue: BinaryHeap::new(),
        sides: HashMap::new(),
        single: 0,
    };
    walk.reach(a, OF_A)?;
    walk.reach(b, OF_B)?;
    let (mut oldest, mut slack) = (i64::MAX, SLACK);
    while let Some((time, id)) = walk.queue.pop() {
        let known = walk.sides.get_mut(&id).expect("it was reached");
        known.queued = false;
        let sides = known.sides;
        match sides {
            OF_BOTH => {}
            _ => {
                walk.single -= 1;
                oldest = oldest.min(time);
            }
        }
        let commit = store.get::<Commit>(id)?;
        for parent in ends.parents(&commit) {
            walk.reach(parent, sides)?;
        }
        // Nothing below is of one side alone, and, as clocks go, nothing that was taken for that is reached again.
        let next = walk.queue.peek().map(|(time, _)| *time);
        if walk.single > 0 || next.is_some_and(|next| next >= oldest) {
            slack = SLACK;
        } else if slack == 0 {
            break;
        } else {
            slack -= 1;
        }
    }
    let count = |side| {
        walk.sides
            .values()
            .filter(|known| known.sides == side)
            .count()
    };
    Ok((count(OF_A), count(OF_B)))
}

struct Known {
    sides: u8,
    time: i64,
    queued: bool,
}

struct Walk<'s> {
    store: &'s Store,
    queue: BinaryHeap<(i64, CommitId)>,
    sides: HashMap<CommitId, Known>,
    /// How many in the queue are of one side alone.
    single: usize,
}

impl Walk<'_> {
    fn reach(&mut self, id: CommitId, sides: u8) -> Result<()> {
        let time = match self.sides.get(&id) {
            Some(known) => known.time,
            None => self.store.get::<Commit>(id)?.time.unix_seconds,
        };
        let known = self.sides.entry(id).or_insert(Known {
            sides: 0,
            time,
            queued: false,
        });
        let all = known.sides | sides;
        if all == known.sides {
            return Ok(());
        }
        match (known.queued, all) {
            (true, OF_BOTH) => self.single -= 1,
            (false, OF_BOTH) => self.queue.push((time, id)),
            (false, _) => {
                self.single += 1;
                self.queue.push((time, id));
            }
            (true, _) => {}
        }
        known.sides = all;
        known.queued = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::{Clock, FixedClock};
    use crate::history::{Caller, Project};
    use crate::object::{Person, ProjectId, Timestamp, Tree};

    #[test]
    fn commits_of_one_side_alone_are_counted_whatever_their_clocks_say() {
        let folder = tempfile::tempdir().unwrap();
        let clock = FixedClock::starting_at(1_795_176_000);
        let caller = Caller {
            holder: Default::default(),
            clock: &clock,
            aftermath: Default::default(),
            guard: std::sync::Arc::new(()),
        };
        let project = Project::init(folder.path(), &caller, ProjectId::random()).unwrap();
        let batch = project.store().batch();
        let tree = batch.put(&Tree::default()).unwrap();
        let put = |parents: &[CommitId], seconds: i64, message: &str| {
            let author = Person {
                name: "Rae".into(),
                email: "rae@example.org".into(),
            };
            let commit = Commit {
                tree,
                parents: parents.to_vec(),
                author,
                time: Timestamp {
                    unix_seconds: clock.now().unix_seconds + seconds,
                    utc_offset_minutes: 0,
                },
                message: message.to_owned(),
                generations: Vec::new(),
            };
            batch.put(&commit).unwrap()
        };
        let root = put(&[], 0, "root");
        let base = put(&[root], 10, "base");
        // Two on one side, one of them by a clock that is late; three on the other, with a merge of the first.
        let a1 = put(&[base], -5000, "a1");
        let a2 = put(&[a1], 30, "a2");
        let b1 = put(&[base], 20, "b1");
        let b2 = put(&[b1], 40, "b2");
        let joined = put(&[b2, a1], 50, "joined");
        batch.commit().unwrap();
        let store = project.store();
        for (a, b, expected) in [
            (base, base, (0, 0)),
            (a2, base, (2, 0)),
            (base, b2, (0, 2)),
            (a2, b2, (2, 2)),
            (a2, joined, (1, 3)),
            (root, joined, (0, 5)),
        ] {
            assert_eq!(apart(store, a, b).unwrap(), expected);
            assert_eq!(apart(store, b, a).unwrap(), (expected.1, expected.0));
        }
    }
}
