//! Bringing a screenplay, a folder with one, or a picture into the project.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::FilmError;
use super::session::Session;
use crate::base::regular;
use crate::exchange::picture::{self, Recovered};
use crate::film::fountain;
use crate::film::scenes::split;
use crate::object::{FileId, RepoPath};
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
    /// What a picture was asked for with; none if nothing of it was found, or it was no picture.
    pub prompt: Option<Recovered>,
    /// Whether it was a picture.
    pub is_picture: bool,
}

/// Where the content of a new file comes from.
enum Incoming {
    File(PathBuf),
    Bytes(Vec<u8>),
}

/// Largest file that a folder's import takes, in bytes: what belongs into a project by hand.
const MAX_FILE_BYTES: u64 = 4 << 30;
/// Largest picture, in bytes.
const MAX_PICTURE_BYTES: u64 = 256 << 20;
/// Most files of one import.
const MAX_FILES: usize = 100_000;

impl Session<'_> {
    /// Imports a screenplay (Fountain or plain text) as `script.fountain`; every file of a folder
    /// to the same place in the project, its one screenplay as the script; or a PNG, to `place` or
    /// into `imports/`, with what it was asked for with beside it. One operation: `undo` takes it
    /// back.
    ///
    /// # Errors
    /// `Import` says what is wrong with the file; `Uncommitted` names a file of the project that
    /// holds changes which are in no commit.
    pub fn import(
        &mut self,
        source: &Path,
        place: Option<&RepoPath>,
    ) -> Result<Imported, FilmError> {
        let refuse = |reason: String| FilmError::Import {
            path: source.display().to_string(),
            reason,
        };
        let about = std::fs::metadata(source).map_err(|error| refuse(error.to_string()))?;
        if !about.is_file() && !about.is_dir() {
            return Err(refuse("it is neither a file nor a folder".to_owned()));
        }
        if about.is_file() && looks_like_a_picture(source).map_err(refuse)? {
            return self.import_picture(source, place);
        }
        if place.is_some() {
            return Err(refuse(
                "only a picture can be given another place".to_owned(),
            ));
        }
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
        let files = files
            .into_iter()
            .map(|(path, file)| (path, Incoming::File(file)));
        let mut files = self.bring_in(files.collect())?;
        files.sort_by_key(|path| path.as_str() != SCRIPT);
        Ok(Imported {
            files,
            scenes,
            skipped,
            prompt: None,
            is_picture: false,
        })
    }

    /// Imports a picture. Without a `place` it goes into `imports/`, where no other may have its
    /// name yet.
    fn import_picture(
        &mut self,
        source: &Path,
        place: Option<&RepoPath>,
    ) -> Result<Imported, FilmError> {
        let refuse = |reason: String| FilmError::Import {
            path: source.display().to_string(),
            reason,
        };
        let bytes = read_at_most(source, MAX_PICTURE_BYTES).map_err(refuse)?;
        let read = picture::read(&bytes).map_err(|error| refuse(error.to_string()))?;
        let prompt = picture::recover(&read);
        let (path, sidecar) = picture_paths(source, place).map_err(refuse)?;
        if place.is_none()
            && let Some(there) = self.contents([&path]).get(&path)
            && there.id != FileId::of(&bytes)
        {
            return Err(refuse(format!(
                "{path} is another picture already; give this one a place with --as PATH"
            )));
        }
        let mut files = BTreeMap::from([(path, Incoming::Bytes(bytes))]);
        if let Some(prompt) = &prompt {
            let mut text =
                serde_json::to_string_pretty(prompt).expect("plain data has a JSON form");
            text.push('\n');
            files.insert(sidecar, Incoming::Bytes(text.into_bytes()));
        }
        Ok(Imported {
            files: self.bring_in(files)?,
            scenes: None,
            skipped: Vec::new(),
            prompt,
            is_picture: true,
        })
    }

    /// Writes files into the folder, in one operation. What they replace has to be committed.
    fn bring_in(
        &mut self,
        files: BTreeMap<RepoPath, Incoming>,
    ) -> Result<Vec<RepoPath>, FilmError> {
        let transaction = self.project.transaction(&self.world.caller)?;
        let batch = self.project.store().batch();
        let before = self.contents(files.keys());
        let mut changes = Vec::new();
        for (path, from) in &files {
            let stored = match from {
                Incoming::Bytes(bytes) => batch.put_file_bytes(bytes)?,
                Incoming::File(from) => {
                    let io = |source| FilmError::Io {
                        action: "read",
                        path: from.display().to_string(),
                        source,
                    };
                    batch.put_seekable(regular::open(from).map_err(io)?)?
                }
            };
            let after = Content {
                id: stored.id,
                size: stored.size,
                exec: false,
            };
            let before = before.get(path).copied();
            if before != Some(after) {
                if !self.is_committed(path) {
                    return Err(FilmError::Uncommitted(path.to_string()));
                }
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
        Ok(files.into_keys().collect())
    }
}

fn script_path() -> RepoPath {
    RepoPath::new(SCRIPT).expect("a safe name")
}

/// Whether a file begins as a picture, or is called one.
fn looks_like_a_picture(path: &Path) -> Result<bool, String> {
    let named = path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("png"));
    let mut head = Vec::new();
    let file = regular::open(path).map_err(|error| error.to_string())?;
    file.take(8)
        .read_to_end(&mut head)
        .map_err(|error| error.to_string())?;
    Ok(named || picture::is_png(&head))
}

/// Where a picture goes, and where what it was asked for with.
fn picture_paths(source: &Path, place: Option<&RepoPath>) -> Result<(RepoPath, RepoPath), String> {
    let path = |text: String| RepoPath::new(text).map_err(|error| error.to_string());
    let stem = source.file_stem().and_then(|stem| stem.to_str());
    match (place, stem) {
        // Beside a generated picture it would be in the way of the stage, so it never stands there.
        (Some(place), _) => {
            let text = place.as_str();
            let text = text.strip_prefix("imports/").unwrap_or(text);
            let stem = match text.rsplit_once('.') {
                Some((stem, extension)) if !extension.contains('/') => stem,
                _ => text,
            };
            Ok((place.clone(), path(format!("imports/{stem}.prompt.json"))?))
        }
        (None, Some(stem)) => Ok((
            path(format!("imports/{stem}.png"))?,
            path(format!("imports/{stem}.prompt.json"))?,
        )),
        (None, None) => Err("its name is not UTF-8; give it a place with --as PATH".to_owned()),
    }
}

fn read_at_most(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    let file = regular::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    if bytes.len() as u64 > limit {
        return Err(format!("it is larger than {} MiB", limit >> 20));
    }
    Ok(bytes)
}

/// How many scenes a screenplay has.
fn check_script(path: &Path) -> Result<usize, String> {
    let file = regular::open(path).map_err(|error| error.to_string())?;
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
