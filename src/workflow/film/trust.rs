//! The commands of a film, and whether the user agreed to run them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

use super::FilmError;
use super::session::{Session, World};
use crate::base::search_path::SearchPath;
use crate::generate::{Commands, Entry, Manifest, not_trusted};
use crate::history::Project;
use crate::pipeline::{Pipeline, Snapshot, Stage};
use crate::workflow::trust::TrustError;

/// What a project would run, and whether it may.
pub(super) struct Agreement {
    manifest: Manifest,
    trusted: bool,
    /// Stages that may not run, each with the reason.
    pub(super) inert: BTreeMap<String, String>,
    /// What commands are run with.
    pub(super) commands: Commands,
}

/// What a project would run, as people are shown it.
#[derive(Debug, Clone, Serialize)]
pub struct TrustReport {
    /// The project's folder.
    pub root: PathBuf,
    /// Whether all of it may run.
    pub trusted: bool,
    /// BLAKE3 of everything below.
    pub digest: String,
    /// Every command.
    pub commands: Vec<TrustRow>,
}

/// A command, with the program that it comes down to here.
#[derive(Debug, Clone, Serialize)]
pub struct TrustRow {
    /// What is agreed to.
    #[serde(flatten)]
    pub entry: Entry,
    /// The program as it is found now; none if it is not there. A file of the project stands
    /// under `files`.
    pub program: Option<PathBuf>,
}

impl Agreement {
    pub(super) fn find(
        project: &Project,
        pipeline: &Pipeline,
        snapshot: &Snapshot,
        world: &World<'_>,
    ) -> Self {
        let names: Vec<String> = world.environment.keys().cloned().collect();
        let manifest = Manifest::of(pipeline, snapshot, &names);
        let mut found = Self {
            trusted: manifest.is_empty(),
            manifest,
            inert: BTreeMap::new(),
            commands: Commands {
                trusted: None,
                search: SearchPath::outside(&world.search, project.root()),
                environment: world.environment.clone(),
            },
        };
        if found.manifest.is_empty() {
            return found;
        }
        let agreed = match &world.trust {
            Some(file) => file.agreed(project.root()),
            None => Err(TrustError::NoPlace),
        };
        let digest = found.manifest.digest();
        let because = match agreed {
            Ok(agreed) if agreed.contains(&digest) => {
                found.trusted = true;
                found.commands.trusted = Some(found.manifest.clone());
                return found;
            }
            Ok(agreed) if agreed.is_empty() => String::new(),
            Ok(_) => " (what it runs changed since it was)".to_owned(),
            Err(error) => format!(" ({error})"),
        };
        let reason = |stage: &Stage| (stage.name.clone(), not_trusted(stage, &because));
        let stages = pipeline.stages().iter().filter(|s| s.runs_command());
        found.inert = stages.map(reason).collect();
        found
    }
}

impl Session<'_> {
    /// What the project would run.
    #[must_use]
    pub fn trust_report(&self) -> TrustReport {
        let agreement = &self.agreement;
        let row = |entry: &Entry| {
            let program = entry.command.first().filter(|name| !name.contains('/'));
            TrustRow {
                program: program.and_then(|name| agreement.commands.search.find(name)),
                entry: entry.clone(),
            }
        };
        TrustReport {
            root: self.root().to_owned(),
            trusted: agreement.trusted,
            digest: agreement.manifest.digest(),
            commands: agreement.manifest.commands.iter().map(row).collect(),
        }
    }

    /// Why commands of the project may not run, a line for each stage.
    #[must_use]
    pub fn untrusted(&self) -> Vec<String> {
        self.agreement.inert.values().cloned().collect()
    }

    /// Notes that the user agreed to what [`Session::trust_report`] shows, and to nothing else.
    ///
    /// # Errors
    /// `Trust` when it cannot be noted.
    pub fn trust(&self) -> Result<(), FilmError> {
        let file = self.world.trust.as_ref().ok_or(TrustError::NoPlace)?;
        Ok(file.agree(self.root(), &self.agreement.manifest.digest())?)
    }

    /// Takes back all that was agreed to for this project; false if that was nothing.
    ///
    /// # Errors
    /// `Trust` when it cannot be noted.
    pub fn revoke_trust(&self) -> Result<bool, FilmError> {
        let file = self.world.trust.as_ref().ok_or(TrustError::NoPlace)?;
        Ok(file.revoke(self.root())?)
    }
}
