//! What holds parts of a timeline as they are.
//!
//! Asked by the one place through which every ref moves, [`Transaction::publish`](super::Transaction::publish), so
//! that no command can forget it.

use std::collections::BTreeMap;
use std::fmt;

use super::{HistoryError, Project, Result, is_ancestor};
use crate::object::{Commit, CommitId, RepoPath, TIMELINES};
use crate::store::Position;

/// Files told by name where something is held.
const MOST_PATHS: usize = 3;

/// Says what of a timeline may not be changed.
pub trait Guard: Send + Sync {
    /// Whether anything is held on a timeline that stands on this commit: asked of every change, so it
    /// must be quick.
    ///
    /// # Errors
    /// What cannot be read.
    fn holds(&self, project: &Project, timeline: &str, stands: CommitId) -> Result<bool>;

    /// What is held there and would be changed.
    ///
    /// # Errors
    /// What cannot be read: then nobody knows, and nothing is done.
    fn breaches(&self, project: &Project, moved: &Moved) -> Result<Vec<Breach>>;
}

/// Nothing is held.
impl Guard for () {
    fn holds(&self, _project: &Project, _timeline: &str, _stands: CommitId) -> Result<bool> {
        Ok(false)
    }

    fn breaches(&self, _project: &Project, _moved: &Moved) -> Result<Vec<Breach>> {
        Ok(Vec::new())
    }
}

/// A timeline that is about to stand elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Its name.
    pub timeline: String,
    /// Where it stands.
    pub before: CommitId,
    /// Where it would stand; all of it is stored.
    pub after: CommitId,
    /// Commits that were there already and come to the timeline with it: decisions that were taken there,
    /// under the locks of that place, come along.
    pub brought: Vec<CommitId>,
    /// The name that it would have instead.
    pub renamed: Option<String>,
}

/// Something that is held, and would be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// What is held, to be typed.
    pub what: String,
    /// The same in a sentence.
    pub told: String,
    /// Who holds it.
    pub by: String,
    /// What would become of it.
    pub change: Change,
}

/// What would become of something that is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// These files would be others, or no longer what they were made from.
    Files(Vec<RepoPath>),
    /// Another content would be the approved one.
    Approved,
    /// Nothing would hold it any more.
    Freed,
}

impl fmt::Display for Breach {
    /// `stage shots, locked by Ada: shots/002.json and 3 more`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = self.by.split(" <").next().unwrap_or_default();
        write!(f, "{}, locked by {by}: ", self.told)?;
        match &self.change {
            Change::Approved => f.write_str("another content would be the approved one"),
            Change::Freed => f.write_str("the lock would be gone"),
            Change::Files(paths) => {
                let named: Vec<&str> = paths.iter().map(RepoPath::as_str).collect();
                let (named, more) = named.split_at(named.len().min(MOST_PATHS));
                f.write_str(&named.join(", "))?;
                match more.len() {
                    0 => Ok(()),
                    more => write!(f, " and {more} more"),
                }
            }
        }
    }
}

/// The timelines that would stand elsewhere than they do, where something is held on them; those that are
/// new or gone are none.
pub(super) fn held_moves(
    project: &Project,
    guard: &dyn Guard,
    after: &Position,
) -> Result<Vec<Moved>> {
    let store = project.store();
    let (_, before) = project.view()?;
    let refs = before.moves_to(after, store)?;
    let stood = |full: &str| Some(full.strip_prefix(TIMELINES)?.to_owned());
    let new: BTreeMap<CommitId, String> = refs
        .iter()
        .filter_map(|(full, sides)| match sides {
            (None, Some(to)) => Some((*to, stood(full)?)),
            _ => None,
        })
        .collect();
    let mut moves = Vec::new();
    for (full, (from, to)) in &refs {
        let (Some(timeline), Some(before)) = (stood(full), *from) else {
            continue;
        };
        let (after, renamed) = match to {
            Some(to) => (*to, None),
            None => match new.get(&before) {
                Some(name) => (before, Some(name.clone())),
                None => continue,
            },
        };
        if guard.holds(project, &timeline, before)? {
            let brought = Vec::new();
            moves.push(Moved {
                timeline,
                before,
                after,
                brought,
                renamed,
            });
        }
    }
    Ok(moves)
}

/// Refuses what would change something that is held. All that is asked after is stored.
pub(super) fn check(
    project: &Project,
    guard: &dyn Guard,
    moves: Vec<Moved>,
    made: &[(CommitId, Commit)],
) -> Result<()> {
    for mut moved in moves {
        let is_made = |id: &CommitId| made.iter().any(|(made, _)| made == id);
        let sources: Vec<CommitId> = match is_made(&moved.after) {
            false => vec![moved.after],
            true => {
                let parents = made.iter().flat_map(|(_, commit)| &commit.parents);
                parents.filter(|id| !is_made(id)).copied().collect()
            }
        };
        for source in sources {
            if !is_ancestor(project.store(), source, moved.before)? {
                moved.brought.push(source);
            }
        }
        let breaches = guard.breaches(project, &moved)?;
        if !breaches.is_empty() {
            let timeline = moved.timeline;
            return Err(HistoryError::Locked { timeline, breaches });
        }
    }
    Ok(())
}
