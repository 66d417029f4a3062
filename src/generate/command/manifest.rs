//! What a project would run: what people are shown, and what they agree to.
//!
//! A manifest names every command with its arguments, the content of every file that it executes,
//! its limits, and what of the user's environment it would get. Its digest covers all of that, so
//! agreeing to it agrees to nothing else.

use serde::Serialize;

use super::inputs::code;
use crate::object::FileId;
use crate::pipeline::{
    DEFAULT_SIZE, DEFAULT_TIMEOUT, Pipeline, ReadError, Reader, Snapshot, Stage, canonical_json,
};

/// Hexadecimal digits that tell one command from another.
const IDENTITY_DIGITS: usize = 32;

/// Every command of a project.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Manifest {
    /// In the order of the stages.
    pub commands: Vec<CommandEntry>,
}

/// A command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CommandEntry {
    /// The stage that runs it.
    pub stage: String,
    /// What it runs for: `scene`, `shot`, …, `film` for once.
    pub each: &'static str,
    /// Program and arguments.
    pub command: Vec<String>,
    /// The files of the project that it executes.
    pub files: Vec<CodeFile>,
    /// Seconds.
    pub timeout: u32,
    /// MiB of address space for each process; none for no limit.
    pub memory: Option<u32>,
    /// MiB.
    pub size: u32,
    /// Names of variables of the user's environment that it gets.
    pub environment: Vec<String>,
}

/// A file that a command executes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CodeFile {
    /// The file.
    pub path: String,
    /// BLAKE3 of its bytes; none if it is not there.
    pub id: Option<FileId>,
}

impl Manifest {
    /// What the project in `snapshot` would run, giving it the variables named in `environment`.
    #[must_use]
    pub fn of(pipeline: &Pipeline, snapshot: &Snapshot, environment: &[String]) -> Self {
        let stages = pipeline.stages().iter().filter(|s| s.runs_command());
        let entry = |stage: &Stage| CommandEntry::of(&Reader::new(snapshot, stage), environment);
        Self {
            commands: stages.map(entry).collect(),
        }
    }

    /// Whether the project runs nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.commands.is_empty()
    }

    /// The command of a stage.
    #[must_use]
    pub fn entry(&self, stage: &str) -> Option<&CommandEntry> {
        self.commands.iter().find(|entry| entry.stage == stage)
    }

    /// BLAKE3 of all of it, in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> String {
        let value = serde_json::to_value(self).expect("a manifest is plain data");
        let mut hasher = blake3::Hasher::new_derive_key("aiut 2026 trusted commands v1");
        hasher.update(canonical_json(&value).as_bytes());
        hasher.finalize().to_hex().to_string()
    }
}

impl CommandEntry {
    /// The command of the stage that `reader` reads for.
    #[must_use]
    pub fn of(reader: &Reader<'_>, environment: &[String]) -> Self {
        let stage = reader.stage();
        let files = match code(reader) {
            Ok(code) => code
                .into_iter()
                .map(|(path, id)| CodeFile { path, id: Some(id) })
                .collect(),
            // It cannot run; what it would run is told when it is there.
            Err(ReadError::Broken { path, .. } | ReadError::Unread { path, .. }) => {
                vec![CodeFile { path, id: None }]
            }
            Err(_) => Vec::new(),
        };
        Self {
            stage: stage.name.clone(),
            each: stage.each_name(),
            command: stage.command.clone(),
            files,
            timeout: stage.timeout.unwrap_or(DEFAULT_TIMEOUT),
            memory: stage.memory,
            size: stage.size.unwrap_or(DEFAULT_SIZE),
            environment: environment.to_vec(),
        }
    }

    /// Which command it is, in hexadecimal: a digest of what is agreed to, and of what its stage tells
    /// it beside that, as the model to ask for. Runs of the same one are expected to cost the same.
    #[must_use]
    pub fn identity(&self, stage: &Stage) -> String {
        let value = serde_json::to_value((self, stage.parameters())).expect("it is plain data");
        let mut hasher = blake3::Hasher::new_derive_key("aiut 2026 command that was run v1");
        hasher.update(canonical_json(&value).as_bytes());
        hasher.finalize().to_hex()[..IDENTITY_DIGITS].to_owned()
    }
}
