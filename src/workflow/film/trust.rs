//! The commands of a film, and whether the user agreed to run them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::FilmError;
use super::session::{Session, World};
use crate::base::search_path::SearchPath;
use crate::generate::{CommandEntry, Commands, Manifest, not_trusted};
use crate::history::Project;
use crate::pipeline::{Pipeline, Snapshot, Stage, absolute_paths, pattern_into};
use crate::workflow::trust::TrustError;

/// What a project would run, and whether it may.
pub(super) struct Agreement {
    manifest: Manifest,
    trusted: bool,
    /// Stages whose command never runs, each with the reason.
    refused: BTreeMap<String, String>,
    /// Stages that may not run, each with the reason.
    pub(super) inert: BTreeMap<String, String>,
    /// Which command each stage runs that runs one, as the ledger notes it.
    pub(super) identities: BTreeMap<String, String>,
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
    /// Whether what was agreed to was forgotten just now; only where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked: Option<bool>,
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
    pub entry: CommandEntry,
    /// The program as it is found now; none if it is not there. A file of the project stands
    /// under `files`.
    pub program: Option<PathBuf>,
    /// Why it never runs, whatever is agreed to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
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
        let commands = manifest.commands.iter().filter_map(|entry| {
            let stage = pipeline.stage(&entry.stage)?;
            Some((stage.name.clone(), entry.identity(stage)))
        });
        let mut found = Self {
            trusted: manifest.is_empty(),
            identities: commands.collect(),
            manifest,
            refused: BTreeMap::new(),
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
        let stages = || pipeline.stages().iter().filter(|s| s.runs_command());
        let refused = stages().filter_map(|stage| {
            let way = way_in(stage, project.root())?;
            Some((stage.name.clone(), way))
        });
        found.refused = refused.collect();
        let agreed = match &world.trust {
            Some(file) => file.agreed(project.root()),
            None => Err(TrustError::NoPlace),
        };
        let digest = found.manifest.digest();
        let because = match agreed {
            Ok(agreed) if agreed.contains(&digest) => {
                found.trusted = true;
                let mut runs = found.manifest.clone();
                runs.commands
                    .retain(|entry| !found.refused.contains_key(&entry.stage));
                found.commands.trusted = Some(runs);
                found.inert = found.refused.clone();
                return found;
            }
            Ok(agreed) if agreed.is_empty() => String::new(),
            Ok(_) => " (what it runs changed since it was)".to_owned(),
            Err(error) => format!(" ({error})"),
        };
        let reason = |stage: &Stage| (stage.name.clone(), not_trusted(stage, &because));
        found.inert = stages().map(reason).collect();
        found.inert.extend(found.refused.clone());
        found
    }
}

impl Session<'_> {
    /// What the project would run.
    #[must_use]
    pub fn trust_report(&self) -> TrustReport {
        let agreement = &self.agreement;
        let row = |entry: &CommandEntry| {
            let program = entry.command.first().filter(|name| !name.contains('/'));
            TrustRow {
                program: program.and_then(|name| agreement.commands.search.find(name)),
                refused: agreement.refused.get(&entry.stage).cloned(),
                entry: entry.clone(),
            }
        };
        TrustReport {
            root: self.root().to_owned(),
            trusted: agreement.trusted,
            revoked: None,
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

/// Why a command never runs: an argument leads into the project's folder from outside, where
/// nobody is shown what it names.
fn way_in(stage: &Stage, root: &Path) -> Option<String> {
    let real = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let word = stage.command.iter().find(|word| {
        let bare = |root: &Path| root.to_string_lossy().trim_start_matches('/').to_owned();
        let spelled = [root, &real].into_iter().map(bare);
        // `cd /; . home/rae/film/x.sh`; one name alone is a word like any other.
        spelled
            .into_iter()
            .any(|root| root.contains('/') && word.contains(&root))
            || absolute_paths(word)
                .iter()
                .any(|path| leads_into(Path::new(path), &real))
            || [root, &real]
                .iter()
                .any(|root| pattern_into(word, root).is_some())
    })?;
    Some(format!(
        "stage.{} would run {:?}: refused, as {word:?} leads into the project from outside; a file \
         of the project is named from the project's folder, as in \"tools/upscale.py\"",
        stage.name,
        stage.command_line()
    ))
}

/// Whether a path lies in the folder `root`, also by way of a symlink, or is above it.
fn leads_into(path: &Path, root: &Path) -> bool {
    // What is not there yet may lie in a folder that is.
    let real = path.ancestors().find_map(|path| path.canonicalize().ok());
    let real = real.unwrap_or_else(|| path.to_owned());
    let is_above = || path.components().count() > 1 && root.starts_with(&real) && path.exists();
    real.starts_with(root) || is_above()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn an_absolute_way_into_the_project_is_refused_and_others_are_not() {
        let world = tempfile::tempdir().unwrap();
        let root = world.path().join("a film");
        std::fs::create_dir_all(root.join("tools")).unwrap();
        std::fs::create_dir(world.path().join("elsewhere")).unwrap();
        std::os::unix::fs::symlink(&root, world.path().join("elsewhere/link")).unwrap();
        let mut stage = Stage::reading_everything();
        let way = |stage: &mut Stage, word: &str| {
            let place = world.path().display().to_string();
            stage.command = vec!["sh".to_owned(), word.replace("WORLD", &place)];
            way_in(stage, &root)
        };
        for word in [
            "WORLD/a film/tools/e.sh",
            "WORLD/a film/new.sh",
            "--lib=WORLD/a film/tools",
            "-IWORLD/a film",
            "file://WORLD/a%20film/tools",
            "cd WORLD && . a*/tools/e.sh",
            "cd 'WORLD/a film'; . tools/e.sh",
            "WORLD/elsewhere/link/tools/e.sh",
            "-IWORLD/elsewhere/link/tools",
            "cd /; . .WORLD/a film/tools/e.sh",
            "cd WORLD*; . a*/tools/e.sh",
            ". /proc/*/cwd/tools/e.sh",
            ". /proc/$PPID/c*d/tools/e.sh",
        ] {
            assert!(way(&mut stage, word).is_some(), "{word}");
        }
        for word in [
            "WORLD/elsewhere",
            "/bin/sh",
            "/nowhere/x",
            "/",
            "s/a/b/",
            "tools/e.sh",
            "WORLD/a",
        ] {
            assert_eq!(way(&mut stage, word), None, "{word}");
        }
    }
}
