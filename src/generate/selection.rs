//! Which outputs a run is to bring up to date: what was asked for and all that stands under it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::film::ids::scene_of_item;
use crate::object::RepoPath;
use crate::pipeline::{Item, Makes, Outcome, Pipeline, State};

/// What a user asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// `frames`
    Stage(String),
    /// `scene 12`, as a file stem; everything of that scene, not the film above it.
    Scene(String),
    /// A shot, a character or a place: everything that is made for it alone.
    Item(String),
    /// `frames/012_003.png`, or a folder.
    Path(String),
    /// What a stage makes for a part of the film.
    Within(String, Box<Self>),
}

/// The outputs of a run.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Selection {
    all: bool,
    paths: BTreeSet<RepoPath>,
    takes: BTreeSet<RepoPath>,
}

impl Selection {
    /// Everything.
    #[must_use]
    pub fn all() -> Self {
        Self {
            all: true,
            ..Self::default()
        }
    }

    /// What `targets` name, and all that they are made from. `new_take` asks for another take of
    /// what they name themselves.
    #[must_use]
    pub fn of(pipeline: &Pipeline, plan: &[Item], targets: &[Target], new_take: bool) -> Self {
        let by_path: BTreeMap<&str, &Item> = plan.iter().map(|i| (i.path.as_str(), i)).collect();
        let named: Vec<&Item> = plan
            .iter()
            .filter(|item| targets.iter().any(|t| t.names(item)))
            .collect();
        let takes = if new_take {
            named.iter().map(|i| i.path.clone()).collect()
        } else {
            BTreeSet::new()
        };
        let mut paths = BTreeSet::new();
        let mut open: Vec<&Item> = named
            .into_iter()
            .chain(undecided(pipeline, plan, targets))
            .collect();
        // The people that an item read are mostly those that the others read.
        let mut people_of = BTreeSet::new();
        while let Some(item) = open.pop() {
            if paths.insert(item.path.clone()) {
                let people = item.record.people.iter();
                let people = people.filter(|people| people_of.insert(Arc::as_ptr(people)));
                let people = people.flat_map(|people| people.keys());
                let inputs = item.record.inputs.keys().chain(&item.record.pending);
                let inputs = inputs.chain(people);
                open.extend(inputs.filter_map(|path| by_path.get(path.as_str()).copied()));
            }
        }
        Self {
            all: false,
            paths,
            takes,
        }
    }

    /// What `targets` name themselves, and what keeps anybody from knowing all of it.
    #[must_use]
    pub fn named(pipeline: &Pipeline, plan: &[Item], targets: &[Target]) -> Self {
        let named = plan
            .iter()
            .filter(|item| targets.iter().any(|target| target.names(item)));
        let paths = named.chain(undecided(pipeline, plan, targets));
        Self {
            paths: paths.map(|item| item.path.clone()).collect(),
            ..Self::default()
        }
    }

    /// Whether the output is to be brought up to date.
    #[must_use]
    pub fn contains(&self, path: &RepoPath) -> bool {
        self.all || self.paths.contains(path)
    }

    /// Whether another take of it was asked for.
    #[must_use]
    pub fn wants_take(&self, path: &RepoPath) -> bool {
        self.takes.contains(path)
    }

    /// Whether another take of it was asked for and can be made now.
    #[must_use]
    pub fn is_take(&self, item: &Item) -> bool {
        self.wants_take(&item.path) && item.action.is_some() && item.state != State::Orphan
    }
}

/// Whether an output that is still unknown says which scenes' outputs or shots there are.
fn decides_what_there_is(pipeline: &Pipeline, item: &Item) -> bool {
    let unknown = matches!(item.outcome, Outcome::Run | Outcome::Refuse | Outcome::Wait);
    let makes = |makes| pipeline.does(&item.stage, makes);
    unknown && (makes(Makes::ShotList) || makes(Makes::Character))
}

/// Of a shot list that cannot be read, or that a command has still to make, nobody knows which outputs
/// stand on it: what of the plan may decide which outputs the targets name.
fn undecided<'p>(
    pipeline: &Pipeline,
    plan: &'p [Item],
    targets: &[Target],
) -> impl Iterator<Item = &'p Item> {
    // A plan has the stages in their order: what comes behind a stage decides nothing of it.
    let last = |target: &Target| {
        let stage = match target {
            Target::Stage(stage) | Target::Within(stage, _) => stage,
            Target::Scene(_) | Target::Item(_) | Target::Path(_) => return None,
        };
        plan.iter().rposition(|item| item.stage == *stage)
    };
    let targets: Vec<_> = targets
        .iter()
        .map(|target| (target, last(target)))
        .collect();
    let undecided = plan.iter().enumerate().filter(move |(at, item)| {
        let open = item.state == State::Broken || decides_what_there_is(pipeline, item);
        let mut targets = targets.iter();
        open && targets
            .any(|(target, last)| last.is_none_or(|last| *at <= last) && target.may_stand_on(item))
    });
    undecided.map(|(_, item)| item)
}

impl Target {
    /// Whether the item is one of those named.
    #[must_use]
    pub fn names(&self, item: &Item) -> bool {
        self.covers(&item.stage, &item.item, item.path.as_str())
    }

    /// Whether what a stage made for an item, at a path, is among what is named.
    #[must_use]
    pub fn covers(&self, stage: &str, item: &str, path: &str) -> bool {
        match self {
            Self::Stage(named) => stage == named,
            Self::Scene(stem) => scene_of_item(item) == Some(stem),
            Self::Item(name) => item == name,
            Self::Within(named, part) => stage == named && part.covers(stage, item, path),
            Self::Path(named) => {
                let rest = path.strip_prefix(named.trim_end_matches('/'));
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
        }
    }

    /// Whether outputs of this target may depend on the item.
    fn may_stand_on(&self, item: &Item) -> bool {
        match self {
            Self::Stage(_) => true,
            // What is of no scene, as the people of the bible are, is of all.
            Self::Scene(stem) => item.scene().is_empty() || item.scene() == stem,
            Self::Item(name) => {
                item.scene().is_empty() || scene_of_item(name) == Some(item.scene())
            }
            Self::Within(_, part) => part.may_stand_on(item),
            // The files of a folder are as open as those of a stage; that a file is there is known.
            Self::Path(named) => !named.rsplit('/').next().unwrap_or(named).contains('.'),
        }
    }
}
