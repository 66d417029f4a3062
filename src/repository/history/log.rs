//! Walks over commits.

use std::collections::{BTreeSet, BinaryHeap, HashMap, HashSet};

use super::{Ends, Result, entry_at};
use crate::object::{Commit, CommitId, RepoPath};
use crate::store::{Store, StoreError};

/// A commit of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Its id.
    pub id: CommitId,
    /// What it says.
    pub commit: Commit,
}

/// Which commits of a walk are wanted.
#[derive(Clone, Copy)]
pub struct Selection<'s> {
    /// Only those that changed a file or folder among these, compared with each parent; none is all.
    pub paths: &'s [RepoPath],
    /// Only those for which this holds. It is asked of each commit before its parents, in the order of the
    /// log.
    pub keep: &'s dyn Fn(CommitId, &Commit) -> Result<bool>,
    /// At most so many.
    pub limit: usize,
}

impl Default for Selection<'_> {
    /// All of them.
    fn default() -> Self {
        Self {
            paths: &[],
            keep: &|_, _| Ok(true),
            limit: usize::MAX,
        }
    }
}

impl Selection<'_> {
    /// Whether a commit is wanted, whatever the number.
    fn has(&self, store: &Store, Logged { id, commit }: &Logged) -> Result<bool> {
        let is_kept = (self.keep)(*id, commit)?;
        Ok(is_kept && (self.paths.is_empty() || touches(store, commit, self.paths)?))
    }
}

/// The commits that `starts` stand on, themselves included: every commit before its parents, else
/// the newest first. With `paths`, only those that changed a file or folder among them, compared
/// with each parent. At most `limit`.
///
/// # Errors
/// `Store`.
pub fn log(
    store: &Store,
    starts: &[CommitId],
    paths: &[RepoPath],
    limit: usize,
) -> Result<Vec<Logged>> {
    let selection = Selection {
        paths,
        limit,
        ..Selection::default()
    };
    log_without(store, starts, &[], selection)
}

/// As [`log`], of what is selected, without the commits of `without` and all that they stand on.
///
/// # Errors
/// `Store`.
pub fn log_without(
    store: &Store,
    starts: &[CommitId],
    without: &[CommitId],
    selection: Selection<'_>,
) -> Result<Vec<Logged>> {
    let mut walk = Walk::new(store, starts, ancestors(store, without)?)?;
    let mut found = Vec::new();
    while found.len() < selection.limit {
        let Some(logged) = walk.next()? else { break };
        if selection.has(store, &logged)? {
            found.push(logged);
        }
    }
    Ok(found)
}

/// As [`log_without`], each commit with those of the log that it follows: its parents, or what these
/// stand on where they are not selected. Goes through all of the history.
///
/// # Errors
/// `Store`.
pub fn log_lines(
    store: &Store,
    starts: &[CommitId],
    without: &[CommitId],
    selection: Selection<'_>,
) -> Result<Vec<(Logged, Vec<CommitId>)>> {
    let mut walk = Walk::new(store, starts, ancestors(store, without)?)?;
    let mut passed = Vec::new();
    while let Some(logged) = walk.next()? {
        let selected = selection.has(store, &logged)?;
        passed.push((logged, selected));
    }
    // What stands for each commit, from the first on: itself, or what it stands on.
    let mut stands: HashMap<CommitId, Vec<CommitId>> = HashMap::new();
    let mut found = Vec::new();
    for (logged, selected) in passed.into_iter().rev() {
        let mut follows = Vec::new();
        for commit in logged.commit.parents.iter().flat_map(|id| stands.get(id)) {
            for id in commit {
                if !follows.contains(id) {
                    follows.push(*id);
                }
            }
        }
        if selected {
            stands.insert(logged.id, vec![logged.id]);
            found.push((logged, follows));
        } else {
            stands.insert(logged.id, follows);
        }
    }
    found.reverse();
    found.truncate(selection.limit);
    Ok(found)
}

/// Commits in order. As long as a single commit is in sight, all others stand below it; only from
/// the first fork on must everything be counted.
struct Walk<'s> {
    store: &'s Store,
    ends: Ends,
    /// By time, then id, so that the order never depends on chance.
    ready: BinaryHeap<(i64, CommitId)>,
    commits: HashMap<CommitId, Commit>,
    /// Commits that are left out, with all that they stand on.
    hidden: HashSet<CommitId>,
    /// Children not yet given out, by commit; empty before the first fork.
    waiting: Option<HashMap<CommitId, usize>>,
}

impl<'s> Walk<'s> {
    fn new(store: &'s Store, starts: &[CommitId], hidden: HashSet<CommitId>) -> Result<Self> {
        let starts: BTreeSet<_> = starts.iter().filter(|id| !hidden.contains(id)).collect();
        let mut walk = Self {
            store,
            ends: Ends::of(store)?,
            hidden,
            ready: BinaryHeap::new(),
            commits: HashMap::new(),
            waiting: None,
        };
        for start in starts {
            walk.make_ready(*start)?;
        }
        Ok(walk)
    }

    fn load(&mut self, id: CommitId) -> Result<&Commit> {
        if !self.commits.contains_key(&id) {
            self.commits.insert(id, self.store.get::<Commit>(id)?);
        }
        Ok(&self.commits[&id])
    }

    fn make_ready(&mut self, id: CommitId) -> Result<()> {
        let time = self.load(id)?.time.unix_seconds;
        self.ready.push((time, id));
        Ok(())
    }

    /// Counts the children of everything in sight, and holds back what still has one above it.
    fn count(&mut self) -> Result<()> {
        let mut children: HashMap<CommitId, usize> = HashMap::new();
        let starts: Vec<CommitId> = self.ready.drain().map(|(_, id)| id).collect();
        let mut seen: HashSet<CommitId> = starts.iter().copied().collect();
        let mut stack = starts.clone();
        while let Some(id) = stack.pop() {
            for parent in self.load(id)?.parents.clone() {
                if self.hidden.contains(&parent) || self.ends.has(&parent) {
                    continue;
                }
                *children.entry(parent).or_default() += 1;
                if seen.insert(parent) {
                    stack.push(parent);
                }
            }
        }
        for start in starts {
            if !children.contains_key(&start) {
                self.make_ready(start)?;
            }
        }
        self.waiting = Some(children);
        Ok(())
    }

    fn next(&mut self) -> Result<Option<Logged>> {
        if self.waiting.is_none() && self.ready.len() > 1 {
            self.count()?;
        }
        let Some((_, id)) = self.ready.pop() else {
            return Ok(None);
        };
        let commit = self.commits.remove(&id).expect("what is ready was loaded");
        for parent in &commit.parents {
            if self.hidden.contains(parent) || self.ends.has(parent) {
                continue;
            }
            let last = match &mut self.waiting {
                None => true,
                Some(waiting) => {
                    let left = waiting.get_mut(parent).expect("every parent was counted");
                    *left -= 1;
                    *left == 0
                }
            };
            if last {
                self.make_ready(*parent)?;
            }
        }
        Ok(Some(Logged { id, commit }))
    }
}

/// Whether a commit differs at one of the paths from each of its parents.
fn touches(store: &Store, commit: &Commit, paths: &[RepoPath]) -> Result<bool> {
    let at = |commit: &Commit| -> Result<Vec<_>> {
        paths
            .iter()
            .map(|path| entry_at(store, commit.tree, path))
            .collect()
    };
    let here = at(commit)?;
    let ends = Ends::of(store)?;
    let parents: Vec<CommitId> = ends.parents(commit).collect();
    if parents.is_empty() {
        return Ok(here.iter().any(Option::is_some));
    }
    for parent in parents {
        if at(&store.get::<Commit>(parent)?)? == here {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Everything that `starts` stand on, themselves included.
fn ancestors(store: &Store, starts: &[CommitId]) -> Result<HashSet<CommitId>> {
    let mut seen: HashSet<CommitId> = starts.iter().copied().collect();
    let mut stack = starts.to_vec();
    let ends = Ends::of(store)?;
    while let Some(id) = stack.pop() {
        let commit = store.get::<Commit>(id)?;
        stack.extend(ends.parents(&commit).filter(|parent| seen.insert(*parent)));
    }
    Ok(seen)
}

/// Whether `commit` stands on `ancestor`, or is it.
///
/// # Errors
/// `Store`.
pub fn is_ancestor(store: &Store, ancestor: CommitId, commit: CommitId) -> Result<bool> {
    Ok(ancestor == commit || ancestors(store, &[commit])?.contains(&ancestor))
}

/// Which of `tips` stand on `commit`, itself included. A commit is taken to be no older than what it
/// stands on, so that the walk ends there.
///
/// # Errors
/// `Store`.
pub fn standing_on(
    store: &Store,
    commit: CommitId,
    tips: &BTreeSet<CommitId>,
) -> Result<BTreeSet<CommitId>> {
    let oldest = store.get::<Commit>(commit)?.time.unix_seconds;
    let ends = Ends::of(store)?;
    let mut children: HashMap<CommitId, Vec<CommitId>> = HashMap::new();
    let mut seen: HashSet<CommitId> = tips.iter().copied().collect();
    let mut stack: Vec<CommitId> = tips.iter().copied().collect();
    while let Some(id) = stack.pop() {
        let found = store.get::<Commit>(id)?;
        if id == commit || found.time.unix_seconds < oldest {
            continue;
        }
        for parent in ends.parents(&found) {
            children.entry(parent).or_default().push(id);
            if seen.insert(parent) {
                stack.push(parent);
            }
        }
    }
    let mut above = HashSet::from([commit]);
    let mut stack = vec![commit];
    while let Some(id) = stack.pop() {
        let children = children.get(&id).into_iter().flatten();
        stack.extend(children.filter(|child| above.insert(**child)));
    }
    Ok(tips
        .iter()
        .copied()
        .filter(|tip| above.contains(tip))
        .collect())
}

/// The first commits that both stand on, on each way down from `b`: what these stand on, and
/// nothing else, is common to both.
///
/// # Errors
/// `Store`.
pub fn common(store: &Store, a: CommitId, b: CommitId) -> Result<Vec<CommitId>> {
    let of_a = ancestors(store, &[a])?;
    let ends = Ends::of(store)?;
    let mut best: BTreeSet<CommitId> = BTreeSet::new();
    let (mut seen, mut stack) = (HashSet::from([b]), vec![b]);
    while let Some(id) = stack.pop() {
        if of_a.contains(&id) {
            best.insert(id);
            continue;
        }
        let commit = store.get::<Commit>(id)?;
        stack.extend(ends.parents(&commit).filter(|parent| seen.insert(*parent)));
    }
    Ok(best.into_iter().collect())
}

/// The best common ancestors: those that no other common ancestor stands on, the newest first.
/// Several where timelines were joined crosswise.
///
/// # Errors
/// `Store`.
pub fn merge_bases(store: &Store, a: CommitId, b: CommitId) -> Result<Vec<CommitId>> {
    let best = common(store, a, b)?;
    let ends = Ends::of(store)?;
    // What both stand on may be there: without it, nothing tells what either changed.
    if best.is_empty()
        && let Some(left) = ends.any()
    {
        return Err(StoreError::HistoryEnds(left).into());
    }
    // Those that another one stands on: told by one walk down from all of them.
    let mut below: HashSet<CommitId> = HashSet::new();
    let mut stack = match best.len() {
        1 => Vec::new(),
        _ => Vec::from_iter(best.iter().copied()),
    };
    while let Some(id) = stack.pop() {
        let commit = store.get::<Commit>(id)?;
        stack.extend(ends.parents(&commit).filter(|parent| below.insert(*parent)));
    }
    let mut newest = Vec::with_capacity(best.len());
    for candidate in best {
        if !below.contains(&candidate) {
            let time = store.get::<Commit>(candidate)?.time.unix_seconds;
            newest.push((time, candidate));
        }
    }
    newest.sort_unstable_by(|a, b| b.cmp(a));
    Ok(newest.into_iter().map(|(_, id)| id).collect())
}

/// The newest of the best common ancestors.
///
/// # Errors
/// `Store`.
pub fn merge_base(store: &Store, a: CommitId, b: CommitId) -> Result<Option<CommitId>> {
    Ok(merge_bases(store, a, b)?.into_iter().next())
}
