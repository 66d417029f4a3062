//! Carrying out a plan: the scheduler and the generators.

mod builtin;
mod scheduler;
mod selection;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use builtin::{SHOT_ENGINE_VERSION, builtin, explain_scene, shot_fingerprints};
pub use scheduler::*;
pub use selection::*;

use crate::media::Rendered;
use crate::media::tools::Tools;
use crate::object::FileId;
use crate::pipeline::{ReadError, Reader, Recipe, Recipes};

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
    ) -> Result<Produced, RunError>;
}

/// Why a run made nothing.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// An input could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The program or the rendering failed.
    #[error("{0}")]
    Failed(String),
}

impl RunError {
    /// A failure with this message.
    pub fn failed(error: impl std::fmt::Display) -> Self {
        Self::Failed(error.to_string())
    }
}

/// What a run gave.
pub struct Produced {
    /// The output.
    pub output: Output,
    /// Versions of the outside tools that took part; recorded, never compared.
    pub tools: BTreeMap<String, String>,
    /// What people should know of the output, though it was made.
    pub remarks: Vec<String>,
}

/// An output, in memory or as a file in the scratch folder.
pub enum Output {
    /// The bytes.
    Bytes(Vec<u8>),
    /// A file in the scratch folder.
    File(Rendered),
}

/// What a running generator works with.
pub struct Bench<'a> {
    /// ffmpeg, ffprobe, espeak-ng.
    pub tools: &'a Tools,
    /// A folder of its own, removed after the run.
    pub scratch: &'a Path,
    /// Gives stored contents as files.
    pub files: &'a dyn Files,
}

/// Gives stored contents as files that programs can open.
pub trait Files: Sync {
    /// A file that holds the content with this id; `name` tells its extension.
    ///
    /// # Errors
    /// Why the content cannot be given.
    fn open(&self, id: &FileId, name: &str) -> Result<PathBuf, String>;
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
