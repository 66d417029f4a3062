//! `aiut timeline`: how the timelines of a project hang together, and how each stands.
//!
//! A commit belongs to one timeline: the main line takes all that it leads to by first parents, then each of
//! the others what is left on its way down. Where that way meets a commit of another timeline, it forks.

mod svg;

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

use super::film::{FilmStates, World, states_at};
use super::repository::{CommitReport, Result, runs};
use crate::history::{Ends, HistoryError, Project, RefKind};
use crate::object::{Commit, CommitId, Head, TreeId};

pub use svg::drawing;

/// The name of the line that all others leave from, where there is one of that name.
const MAIN: &str = "main";

/// A timeline, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimelineNode {
    /// Its name.
    pub name: String,
    /// Whether the project stands on it.
    pub current: bool,
    /// Its last commit.
    pub head: CommitReport,
    /// Where it leaves another; none for the main line, and where nothing is shared.
    pub fork: Option<Fork>,
    /// How deep it stands in the tree: 0 for one that leaves no other.
    pub depth: usize,
    /// Commits of its own.
    pub commits: usize,
    /// What it took in, the newest first.
    pub merges: Vec<Joined>,
    /// Runs that its own commits brought in.
    pub runs: usize,
    /// What they cost, in micro-dollars.
    pub cost_micro_usd: u64,
    /// How its outputs stand; none where that was not asked, or the project is no film.
    pub film: Option<FilmStates>,
    /// Why that is not known.
    pub unknown: Option<String>,
}

/// Where a timeline leaves another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fork {
    /// The other one.
    pub timeline: String,
    /// The commit that both have.
    pub commit: CommitReport,
}

/// A merge on a timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Joined {
    /// The commit that joins.
    pub commit: CommitReport,
    /// The timeline that what came in is of; none where that has no name any more.
    pub timeline: Option<String>,
    /// The commit that came in.
    pub from: CommitId,
}

/// The timelines as a tree: each behind the one that it leaves, in the order in which they do. `world` is
/// given where it is asked how their outputs stand; timelines with the same files are planned once.
///
/// # Errors
/// What the store says. Of a film that cannot be planned, its timeline says why.
pub fn timeline_tree<'w>(
    project: &Arc<Project>,
    world: Option<&dyn Fn() -> World<'w>>,
) -> Result<Vec<TimelineNode>> {
    let (_, view) = project.view()?;
    let refs = view.refs(project.store())?;
    let mut heads: Vec<(String, CommitId)> = RefKind::Timeline
        .names(&refs)
        .map(|name| (name.to_owned(), refs[&RefKind::Timeline.full(name)]))
        .collect();
    // Behind the main line those that ended first, as others went on from there; then by name: the tree
    // never depends on who looks.
    let mut ended = HashMap::new();
    for (_, head) in &heads {
        let commit = project.store().get::<Commit>(*head);
        let time = commit.map_err(HistoryError::from)?.time.unix_seconds;
        ended.insert(*head, time);
    }
    heads.sort_by_key(|(name, head)| (name != MAIN, ended[head], name.clone()));
    let mut lines = Lines::default();
    let mut nodes = Vec::with_capacity(heads.len());
    for (name, head) in &heads {
        let node = lines.walk(project, name, *head)?;
        let is_current = *view.head() == Head::Timeline(name.clone());
        nodes.push(TimelineNode {
            current: is_current,
            ..node
        });
    }
    for node in &mut nodes {
        for joined in &mut node.merges {
            joined.timeline = lines.owner(joined.from).map(str::to_owned);
        }
    }
    let mut nodes = in_order(nodes, &lines);
    if let Some(world) = world {
        let mut known: HashMap<TreeId, (Option<FilmStates>, Option<String>)> = HashMap::new();
        for node in &mut nodes {
            let tree = project
                .store()
                .get::<Commit>(node.head.id)
                .map_err(HistoryError::from)?
                .tree;
            let found =
                known
                    .entry(tree)
                    .or_insert_with(|| match states_at(project, world(), tree) {
                        Ok(states) => (states, None),
                        Err(error) => (None, Some(error.to_string())),
                    });
            (node.film, node.unknown) = found.clone();
        }
    }
    Ok(nodes)
}

/// Which timeline each commit belongs to.
#[derive(Default)]
struct Lines {
    names: Vec<String>,
    /// The timeline, and the place from its first commit on.
    owners: HashMap<CommitId, usize>,
}

impl Lines {
    fn owner(&self, commit: CommitId) -> Option<&str> {
        self.owners.get(&commit).map(|at| self.names[*at].as_str())
    }

    /// Takes the commits of a timeline, from its head down to what another has.
    fn walk(&mut self, project: &Arc<Project>, name: &str, head: CommitId) -> Result<TimelineNode> {
        let store = project.store();
        let at = self.names.len();
        self.names.push(name.to_owned());
        let report = |id: CommitId| -> Result<CommitReport> {
            let commit = store.get::<Commit>(id)?;
            Ok(CommitReport::new(id, &commit))
        };
        let mut node = TimelineNode {
            name: name.to_owned(),
            current: false,
            head: report(head)?,
            fork: None,
            depth: 0,
            commits: 0,
            merges: Vec::new(),
            runs: 0,
            cost_micro_usd: 0,
            film: None,
            unknown: None,
        };
        let mut next = Some(head);
        while let Some(id) = next {
            if let Some(owner) = self.owners.get(&id) {
                node.fork = Some(Fork {
                    timeline: self.names[*owner].clone(),
                    commit: report(id)?,
                });
                break;
            }
            self.owners.insert(id, at);
            let commit = store.get::<Commit>(id)?;
            node.commits += 1;
            for run in runs(project, &commit.generations)? {
                node.runs += 1;
                node.cost_micro_usd = node.cost_micro_usd.saturating_add(run.cost_micro_usd);
            }
            for from in commit.parents.iter().skip(1) {
                node.merges.push(Joined {
                    commit: CommitReport::new(id, &commit),
                    timeline: None,
                    from: *from,
                });
            }
            let ends = Ends::of(store)?;
            next = commit
                .parents
                .first()
                .copied()
                .filter(|parent| !ends.has(parent));
        }
        Ok(node)
    }
}

/// Each timeline behind the one that it leaves; of several, the one that left first comes first.
fn in_order(nodes: Vec<TimelineNode>, lines: &Lines) -> Vec<TimelineNode> {
    let mut children: HashMap<String, Vec<usize>> = HashMap::new();
    let mut roots = Vec::new();
    for (at, node) in nodes.iter().enumerate() {
        match &node.fork {
            Some(fork) => children.entry(fork.timeline.clone()).or_default().push(at),
            None => roots.push(at),
        }
    }
    debug_assert_eq!(lines.names.len(), nodes.len(), "each was walked once");
    let left = |at: &usize| {
        let node = &nodes[*at];
        let fork = node.fork.as_ref();
        (
            fork.map(|fork| (fork.commit.time.unix_seconds, fork.commit.id)),
            node.name.clone(),
        )
    };
    for list in children.values_mut() {
        list.sort_by_key(left);
    }
    let mut order = Vec::with_capacity(nodes.len());
    let mut stack: Vec<(usize, usize)> = roots.iter().rev().map(|at| (*at, 0)).collect();
    while let Some((at, depth)) = stack.pop() {
        order.push((at, depth));
        let below = children.get(&nodes[at].name).into_iter().flatten();
        stack.extend(below.rev().map(|child| (*child, depth + 1)));
    }
    let mut nodes: Vec<Option<TimelineNode>> = nodes.into_iter().map(Some).collect();
    let taken = order.into_iter().filter_map(|(at, depth)| {
        let node = nodes[at].take()?;
        Some(TimelineNode { depth, ..node })
    });
    taken.collect()
}
