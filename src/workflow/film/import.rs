//! Bringing a screenplay, or a folder with one, into the project.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::FilmError;
use super::session::Session;
use crate::film::fountain;
use crate::film::scenes::split;
use crate::object::RepoPath;
use crate::pipeline::SCRIPT;
use crate::worktree::{Change, Content};

/// What was brought in.
#[derive(Debug, Clone, Serialize)]
pub struct Imported {
    /// The files that were written, `script.fountain` first if it is among them.
    pub files: Vec<RepoPath>,
    /// Scenes of the script; none if no script was imported.
    pub scenes: Option<usize>,
    /// Files of the folder that were left out, with the reason.
    pub skipped: Vec<(String, String)>,
}

/// Largest file that a folder's import takes, in bytes: what belongs into a project by hand.
const MAX_FILE_BYTES: u64 = 4 << 30;
/// Most files of one import.
const MAX_FILES: usize = 100_000;

impl Session<'_> {
    /// Imports a screenplay (Fountain or plain text) as `script.fountain`, or every file of a
    /// folder to the same place in the project, its one screenplay as the script. One operation:
    /// `undo` takes it back.
    ///
    /// # Errors
    /// `Import` says what is wrong with the file; `Uncommitted` names a file of the project that
    /// holds changes which are in no commit.
    pub fn import(&mut self, source: &Path) -> Result<Imported, FilmError> {
        let refuse = |reason: String| FilmError::Import {
            path: source.display().to_string(),
            reason,
        };
        let about = std::fs::metadata(source).map_err(|error| refuse(error.to_string()))?;
        let mut skipped = Vec::new();
        let files = if about.is_dir() {
            gather(source, &mut skipped).map_err(refuse)?
        } else {
            BTreeMap::from([(script_path(), source.to_owned())])
        };
        let scenes = match files.get(&script_path()) {
            Some(script) => Some(check_script(script).map_err(refuse)?),
            None => None,
        };
        if files.is_empty() {
            return Err(refuse("there is nothing in it to import".to_owned()));
        }
        for path in files.keys() {
            if !self.is_committed(path) {
                return Err(FilmError::Uncommitted(path.to_string()));
            }
        }
        let transaction = self.project.transaction(&self.world.caller)?;
        let batch = self.project.store().batch();
        let before = self.contents(files.keys());
        let mut changes = Vec::new();
        for (path, from) in &files {
            let io = |source| FilmError::Io {
                action: "read",
                path: from.display().to_string(),
                source,
            };
            let file = std::fs::File::open(from).map_err(io)?;
            let stored = batch.put_seekable(file)?;
            let after = Content {
                id: stored.id,
                size: stored.size,
                exec: false,
            };
            let before = before.get(path).copied();
            if before != Some(after) {
                changes.push(Change {
                    path: path.clone(),
                    before,
                    after: Some(after),
                    seen: None,
                });
            }
        }
        batch.commit()?;
        if !changes.is_empty() {
            // What is overwritten is in the current commit: undo finds it there.
            transaction.publish(&self.world.caller, changes, None)?;
        }
        let mut files: Vec<RepoPath> = files.into_keys().collect();
        files.sort_by_key(|path| path.as_str() != SCRIPT);
        Ok(Imported {
            files,
            scenes,
            skipped,
        })
    }
}

fn script_path() -> RepoPath {
    RepoPath::new(SCRIPT).expect("a safe name")
}

/// How many scenes a screenplay has.
fn check_script(path: &Path) -> Result<usize, String> {
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    // One byte more than is allowed tells a file that is too large from one that just fits.
    let limit = fountain::MAX_SCRIPT_BYTES as u64 + 1;
    file.take(limit)
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    let script = fountain::read(&bytes).map_err(|error| error.to_string())?;
    Ok(split(&script).len())
}

/// The files of a folder by where they go: one screenplay becomes the script, the rest keep
/// their places.
fn gather(
    folder: &Path,
    skipped: &mut Vec<(String, String)>,
) -> Result<BTreeMap<RepoPath, PathBuf>, String> {
    let mut files = BTreeMap::new();
    let mut scripts = Vec::new();
    let walk = ignore::WalkBuilder::new(folder)
        .standard_filters(false)
        .hidden(true)
        .follow_links(false)
        .sort_by_file_name(std::cmp::Ord::cmp)
        .build();
    for entry in walk {
        let entry = entry.map_err(|error| error.to_string())?;
        let relative = entry
            .path()
            .strip_prefix(folder)
            .map_err(|error| error.to_string())?;
        let name = relative.to_string_lossy().replace('\\', "/");
        let Some(kind) = entry.file_type().filter(|_| !name.is_empty()) else {
            continue;
        };
        if kind.is_dir() {
            continue;
        }
        if !kind.is_file() {
            skipped.push((name, "not a regular file".to_owned()));
            continue;
        }
        if entry
            .metadata()
            .is_ok_and(|about| about.len() > MAX_FILE_BYTES)
        {
            skipped.push((name, "larger than 4 GiB".to_owned()));
            continue;
        }
        let path = match RepoPath::new(name.as_str()) {
            Ok(path) => path,
            Err(error) => {
                skipped.push((name, error.reason.to_owned()));
                continue;
            }
        };
        if path.extension() == Some("fountain") && path.parent().is_none() {
            scripts.push(entry.into_path());
        } else {
            files.insert(path, entry.into_path());
        }
        if files.len() > MAX_FILES {
            return Err(format!("it holds more than {MAX_FILES} files"));
        }
    }
    match scripts.as_slice() {
        [] => {}
        [script] => {
            files.insert(script_path(), script.clone());
        }
        many => {
            let names = many.iter().filter_map(|path| path.file_name()?.to_str());
            let names = names.collect::<Vec<_>>().join(", ");
            return Err(format!(
                "it holds several screenplays ({names}); import one of them"
            ));
        }
    }
    Ok(files)
}
