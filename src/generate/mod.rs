//! Carrying out a plan: the scheduler and the generators.

mod builtin;
mod command;
mod error;
mod scheduler;
mod selection;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub use builtin::{
    ExplainedShot, Explanation, builtin, explain_prompts, explain_scene, shot_fingerprints,
};
pub use command::{CodeFile, CommandEntry, Commands, Manifest, Taken, not_trusted};
pub use error::{FilesError, ItemError, RunError, SinkError, SinkFault};
pub use scheduler::*;
pub use selection::*;

use crate::media::Rendered;
use crate::media::tools::Tools;
use crate::object::FileId;
use crate::pipeline::{Estimate, Item, PriceUnit, Reader, Recipe, Recipes, Snapshot, Stage, Told};

/// A generator: what the planner knows of it, and how to run it.
pub trait Generator: Recipe {
    /// Makes the output of an item whose [`Recipe::make`] said that a program is needed. It reads
    /// exactly what `make` read. `seed` is 0 for the first take of an action and counts up.
    ///
    /// # Errors
    /// Why nothing was made.
    fn run(
        &self,
        item: &str,
        reader: &Reader<'_>,
        bench: &Bench<'_>,
        seed: u64,
    ) -> Result<RunOutput, RunError>;

    /// How much there is to do for an item, in a measure of the generator's own by which the times of
    /// runs compare; none where that is not known yet.
    fn amount(&self, item: &str, stage: &Stage, snapshot: &Snapshot) -> Option<u64> {
        let _ = (item, stage, snapshot);
        Some(1)
    }
}

/// What a run gave.
pub struct RunOutput {
    /// The output.
    pub output: Output,
    /// Versions of the outside tools that took part; recorded, never compared.
    pub tools: BTreeMap<String, String>,
    /// What people should know of the output, though it was made.
    pub remarks: Vec<String>,
    /// What was said to whoever made it, and by them.
    pub exchange: Exchange,
}

impl RunOutput {
    /// What was made here, without asking anyone.
    #[must_use]
    pub fn here(output: Output, tools: BTreeMap<String, String>) -> Self {
        Self {
            output,
            tools,
            remarks: Vec::new(),
            exchange: Exchange::default(),
        }
    }
}

/// What was said to whoever made an output, and by them; kept with the generation.
#[derive(Debug, Clone, Default)]
pub struct Exchange {
    /// The request as sent.
    pub request: Option<Vec<u8>>,
    /// The answer as received.
    pub answer: Option<Vec<u8>>,
    /// The model that answered.
    pub model: Option<String>,
    /// What it said that it cost, in millionths of a US dollar; none if it did not say.
    pub cost_micro_usd: Option<u64>,
}

/// An output, in memory or as a file in the scratch folder.
pub enum Output {
    /// The bytes.
    Bytes(Vec<u8>),
    /// A file in the scratch folder.
    File(Rendered),
    /// A file that a command left.
    Taken(Taken),
}

/// What a running generator works with.
pub struct Bench<'a> {
    /// ffmpeg, ffprobe, espeak-ng.
    pub tools: &'a Tools,
    /// A folder of its own, removed after the run.
    pub scratch: &'a Path,
    /// Gives stored contents as files.
    pub files: &'a dyn Files,
    /// What commands are run with, and which of them may be.
    pub commands: &'a Commands,
    /// Set when the user wants to stop.
    pub stop: &'a AtomicBool,
}

/// Gives stored contents as files that programs can open.
pub trait Files: Sync {
    /// A file that holds the content with this id; `name` tells its extension.
    ///
    /// # Errors
    /// Why the content cannot be given.
    fn open(&self, id: &FileId, name: &str) -> Result<PathBuf, FilesError>;

    /// Writes a copy of the content with this id to `path`, verified; its folder must exist.
    ///
    /// # Errors
    /// Why the content cannot be given.
    fn copy(&self, id: &FileId, path: &Path) -> Result<(), FilesError>;

    /// These are about to be opened, so that what is not here may come in one go. What cannot come is told by
    /// who opens it.
    fn expect(&self, _ids: &[FileId]) {}
}

/// Tells that what these items read is about to be opened.
fn expect(files: &dyn Files, items: &[Item]) {
    let read = items.iter().flat_map(|item| item.record.all_inputs());
    let ids: Vec<FileId> = read.map(|(_, id)| *id).collect();
    files.expect(&ids);
}

/// A generator that stages may name.
#[derive(Clone)]
pub enum Known {
    /// Works in memory, while planning.
    Pure(Arc<dyn Recipe>),
    /// Needs a program or a provider.
    External(Arc<dyn Generator>),
}

/// The generators that stages may name.
#[derive(Clone)]
pub struct Generators {
    known: BTreeMap<&'static str, Known>,
}

impl Generators {
    /// A set of generators by name.
    #[must_use]
    pub fn new(known: impl IntoIterator<Item = (&'static str, Known)>) -> Self {
        Self {
            known: known.into_iter().collect(),
        }
    }

    /// Whether there is a generator of this name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.known.contains_key(name)
    }

    /// The generator of this name, if it needs a program or a provider.
    #[must_use]
    pub fn external(&self, name: &str) -> Option<&dyn Generator> {
        match self.known.get(name)? {
            Known::Pure(_) => None,
            Known::External(generator) => Some(&**generator),
        }
    }

    /// Every name, sorted.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.known.keys().copied()
    }

    /// What each is expected to take before any run of it was measured.
    #[must_use]
    pub fn estimates(&self) -> BTreeMap<&'static str, Estimate> {
        let estimate = |known: &Known| match known {
            Known::Pure(recipe) => recipe.estimate(),
            Known::External(generator) => generator.estimate(),
        };
        let known = self.known.iter();
        known
            .map(|(name, known)| (*name, estimate(known)))
            .collect()
    }

    /// What a price for outputs of this generator may count, beside that they are there.
    #[must_use]
    pub fn units(&self, name: &str) -> &'static [PriceUnit] {
        match self.known.get(name) {
            Some(Known::Pure(recipe)) => recipe.units(),
            Some(Known::External(generator)) => generator.units(),
            None => &[],
        }
    }

    /// What a stage made by this generator can tell it in `with`.
    #[must_use]
    pub fn told(&self, name: &str) -> &'static [Told] {
        match self.known.get(name) {
            Some(Known::Pure(recipe)) => recipe.told(),
            Some(Known::External(generator)) => generator.told(),
            None => &[],
        }
    }

    /// What the planner needs of them.
    #[must_use]
    pub fn recipes(&self) -> Recipes {
        let recipe = |known: &Known| -> Arc<dyn Recipe> {
            match known {
                Known::Pure(recipe) => recipe.clone(),
                Known::External(generator) => generator.clone(),
            }
        };
        self.known
            .iter()
            .map(|(name, known)| (*name, recipe(known)))
            .collect()
    }
}
