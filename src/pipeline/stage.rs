//! A stage as data: what it runs over, reads, writes and is made by.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::makes::{Layout, Makes, Naming, item_between, parts};
use super::price::Price;
use super::seconds::Seconds;

/// The word for people in place of a generator.
pub const BY_HAND: &str = "hand";

/// What a `[stage.NAME]` may hold.
pub const STAGE_KEYS: [&str; 19] = [
    "replaces",
    "title",
    "each",
    "from",
    "reads",
    "writes",
    "makes",
    "by",
    "keep",
    "price",
    "seconds",
    "with",
    "command",
    "code",
    "version",
    "timeout",
    "memory",
    "size",
    "needs_approval",
];

/// What a stage runs over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Each {
    /// Every scene of the script that is not omitted.
    Scene,
    /// Every shot of every shot list.
    Shot,
    /// Every member of the cast.
    Character,
    /// Every place.
    Location,
}

impl Each {
    /// The word that stands in braces in `writes` and `reads`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Scene => "scene",
            Self::Shot => "shot",
            Self::Character => "character",
            Self::Location => "location",
        }
    }

    /// The same in its braces.
    pub(super) fn slot(self) -> &'static str {
        match self {
            Self::Scene => "{scene}",
            Self::Shot => "{shot}",
            Self::Character => "{character}",
            Self::Location => "{location}",
        }
    }
}

/// One stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// The name in `[stage.NAME]`.
    #[serde(skip_deserializing)]
    pub name: String,
    /// What people call it.
    #[serde(default)]
    pub title: String,
    /// What it runs over; once, if nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<Each>,
    /// Which shot lists say what shots there are, for a stage that runs over shots: what their stage
    /// `writes`. Where it is not said, those of the only stage that makes shot lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What it may read.
    #[serde(default)]
    pub reads: Vec<String>,
    /// The file it makes for each.
    pub writes: String,
    /// What kind of file that is; none for a kind that nothing else asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub makes: Option<Makes>,
    /// The generator that makes it; `hand` for people.
    pub by: String,
    /// Whether the file belongs to people once it is there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keep: bool,
    /// What a unit costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// Of a stage that makes clips: how long they can be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<Seconds>,
    /// Parameters for the generator, as texts; part of the action, so changing one makes outputs
    /// stale. A built-in one takes those that it knows alone ([`super::Told`]).
    #[serde(
        default,
        deserialize_with = "super::with::texts",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub with: BTreeMap<String, String>,
    /// With `by = "command"`: program and arguments. Those that name files of the project are
    /// handed over with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// Further files that the command executes: modules that a script imports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub code: Vec<String>,
    /// What people call the tool as it is now; part of the action.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Seconds that the command may take for an item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u32>,
    /// MiB of address space that each of its processes may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<u32>,
    /// MiB that its output may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// Stages whose outputs somebody has to approve before anything is made here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs_approval: Vec<String>,
    /// Where its inputs lie, by what they are: what of `reads` is made by a stage that makes such.
    #[serde(skip)]
    pub(super) inputs: BTreeMap<Makes, Naming>,
    /// The shot lists that say which shots there are.
    #[serde(skip)]
    pub(super) lists: Option<Naming>,
    /// Reads whatever it likes: aiut's own eyes, never a stage of a file.
    #[serde(skip)]
    pub(super) unrestricted: bool,
}

impl Stage {
    /// No stage of the pipeline: what aiut itself reads with, where nothing is generated.
    #[must_use]
    pub fn reading_everything() -> Self {
        Self {
            name: String::new(),
            title: String::new(),
            each: None,
            from: None,
            reads: Vec::new(),
            writes: String::new(),
            makes: None,
            by: String::new(),
            keep: false,
            price: None,
            seconds: None,
            with: BTreeMap::new(),
            command: Vec::new(),
            code: Vec::new(),
            version: None,
            timeout: None,
            memory: None,
            size: None,
            needs_approval: Vec::new(),
            inputs: BTreeMap::new(),
            lists: None,
            unrestricted: true,
        }
    }

    /// Whether people make its output.
    #[must_use]
    pub fn by_hand(&self) -> bool {
        self.by == BY_HAND
    }

    /// The word for what it runs over; `film` if it runs once.
    #[must_use]
    pub fn each_name(&self) -> &'static str {
        self.each.map_or("film", Each::key)
    }

    /// How its files are called.
    #[must_use]
    pub fn naming(&self) -> Naming {
        Naming::new(&self.writes, self.each)
    }

    /// The file it makes for `item`.
    #[must_use]
    pub fn output(&self, item: &str) -> String {
        self.naming().path(item)
    }

    /// The item whose output `path` would be, if it is one of this stage's.
    #[must_use]
    pub fn item_of(&self, path: &str) -> Option<String> {
        item_between(parts(&self.writes, self.each), path).map(str::to_owned)
    }

    /// The file of this kind that the stage reads for `item`, or else the film's own; none where no
    /// stage makes such.
    #[must_use]
    pub fn input(&self, makes: Makes, item: &str, layout: &Layout) -> Option<String> {
        let naming = self.inputs.get(&makes).or_else(|| layout.of(makes))?;
        Some(naming.path(item))
    }
}
