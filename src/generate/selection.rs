//! Which outputs a run is to bring up to date: what was asked for and all that stands under it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::object::RepoPath;
use crate::pipeline::{CHARACTERS, Item, Outcome, Pipeline, State};

/// What a user asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// `frames`
    Stage(String),
    /// `scene 12`, as a file stem; everything of that scene, not the film above it.
    Scene(String),
    /// `frames/012_003.png`, or a folder.
    Path(String),
}

/// The outputs of a run.
#[derive(Debug, Clone, Default)]
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
    pub fn of(plan: &[Item], targets: &[Target], new_take: bool) -> Self {
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
        // Of a shot list that cannot be read, or that a command has still to make, nobody knows
        // which outputs stand on it: it is taken along whenever what was asked for may be among
        // them.
        let undecided = plan.iter().filter(|item| {
            let open = item.state == State::Broken || decides_what_there_is(item);
            open && targets.iter().any(|t| t.may_stand_on(item))
        });
        let mut open: Vec<&Item> = named.into_iter().chain(undecided).collect();
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
fn decides_what_there_is(item: &Item) -> bool {
    let unknown = matches!(item.outcome, Outcome::Run | Outcome::Refuse | Outcome::Wait);
    unknown && (item.stage == "shots" || item.path.as_str().starts_with(CHARACTERS))
}

impl Target {
    /// Whether the item is one of those named.
    #[must_use]
    pub fn names(&self, item: &Item) -> bool {
        match self {
            Self::Stage(stage) => item.stage == *stage,
            Self::Scene(stem) => item.scene() == stem,
            Self::Path(path) => {
                let rest = item.path.as_str().strip_prefix(path.trim_end_matches('/'));
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
        }
    }

    /// Whether outputs of this target may depend on the item.
    fn may_stand_on(&self, item: &Item) -> bool {
        match self {
            Self::Stage(_) => true,
            Self::Scene(stem) => item.scene() == stem,
            Self::Path(_) => false,
        }
    }

    /// What the words of a command line name: `scene 12`, a stage, or a path. `is_known` knows paths
    /// that are not in the plan.
    ///
    /// # Errors
    /// The word that names nothing, with what it might have meant.
    pub fn parse(
        words: &[String],
        pipeline: &Pipeline,
        plan: &[Item],
        scene_stem: impl Fn(&str) -> Option<String>,
        is_known: impl Fn(&str) -> bool,
    ) -> Result<Vec<Self>, UnknownTarget> {
        let mut targets = Vec::new();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let unknown = |what: &str| UnknownTarget::new(what, pipeline, plan);
            if word == "scene" {
                let number = words.next().ok_or_else(|| unknown("scene"))?;
                let stem = scene_stem(number).ok_or_else(|| unknown(&format!("scene {number}")))?;
                targets.push(Self::Scene(stem));
            } else if pipeline.stage(word).is_some() {
                targets.push(Self::Stage(word.clone()));
            } else {
                let path = word.trim_start_matches("./");
                let target = Self::Path(path.to_owned());
                if !plan.iter().any(|item| target.names(item)) && !is_known(path) {
                    return Err(unknown(word));
                }
                targets.push(target);
            }
        }
        Ok(targets)
    }
}

/// A word that names no stage, scene or output.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} is no stage, no scene and no output of a stage")]
pub struct UnknownTarget {
    /// The word.
    pub word: String,
    /// The nearest name there is, if one is near.
    pub suggestion: Option<String>,
}

impl UnknownTarget {
    fn new(word: &str, pipeline: &Pipeline, plan: &[Item]) -> Self {
        let stages = pipeline.stages().iter().map(|stage| stage.name.as_str());
        let suggestion = stages
            .chain(plan.iter().map(|item| item.path.as_str()))
            .map(|name| (strsim::jaro_winkler(word, name), name))
            .filter(|(score, _)| *score > 0.8)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, name)| name.to_owned());
        Self {
            word: word.to_owned(),
            suggestion,
        }
    }
}
