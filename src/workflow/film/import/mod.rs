//! Bringing a screenplay, a folder with one, or a picture into the project.

mod folder;
mod picture;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Serialize;

use self::folder::Gathered;
use self::picture::Pictures;
use super::FilmError;
use super::session::Session;
use crate::base::regular;
use crate::exchange::picture::{Recovered, is_png};
use crate::film::fountain::{self, Encoding, IntakeError, MAX_SCRIPT_BYTES};
use crate::film::scenes::split;
use crate::history::{entry_at, operations};
use crate::object::{FileId, RepoPath};
use crate::pipeline::SCRIPT;
use crate::worktree::{Change, Content};

/// The folder of pictures that come from elsewhere.
pub(super) const IMPORTS: &str = "imports/";

/// How the name ends of a file with what a picture was asked for with.
pub(crate) const PROMPT_ENDING: &str = ".prompt.json";

/// So many operations back it is looked for where a file came from.
const LOOKED_BACK: usize = 100;

/// Where something to import comes from.
pub enum ImportFrom<'a> {
    /// A file or a folder.
    Path(&'a Path),
    /// Standard input: a screenplay, or a picture that is given a place.
    Stream(&'a mut dyn Read),
}

impl ImportFrom<'_> {
    /// As messages name it.
    fn shown(&self) -> String {
        match self {
            Self::Path(path) => path.display().to_string(),
            Self::Stream(_) => "standard input".to_owned(),
        }
    }
}

/// What was brought in.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Imported {
    /// The files that were brought in, `script.fountain` first if it is among them.
    pub files: Vec<RepoPath>,
    /// Those of them that were not the same already.
    pub changed: Vec<RepoPath>,
    /// Scenes of the script; none if no script was imported.
    pub scenes: Option<usize>,
    /// What the script was made Fountain from: `plain text`, `UTF-16`; none if it was taken as it
    /// is.
    pub converted_from: Option<&'static str>,
    /// Files of the folder that were left out, with the reason.
    pub skipped: Vec<(String, String)>,
    /// What a picture was asked for with; none if nothing of it was found, or it was no picture.
    pub prompt: Option<Recovered>,
    /// Whether it was a picture.
    pub is_picture: bool,
    /// Whether something gave way that is in no commit: what was imported before.
    #[serde(skip)]
    pub has_replaced: bool,
}

/// Where the content of a new file comes from.
enum Incoming {
    File(PathBuf),
    Bytes(Vec<u8>),
}

/// Why something is not imported, and what to do.
struct Refusal {
    reason: String,
    hint: Option<String>,
}

impl Refusal {
    fn new(reason: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            hint: Some(hint.into()),
        }
    }
}

impl From<String> for Refusal {
    fn from(reason: String) -> Self {
        Self { reason, hint: None }
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        error.to_string().into()
    }
}

impl From<IntakeError> for Refusal {
    fn from(error: IntakeError) -> Self {
        Self {
            hint: error.hint().map(str::to_owned),
            reason: error.to_string(),
        }
    }
}

/// A screenplay, as it becomes the script.
struct Script {
    bytes: Vec<u8>,
    scenes: usize,
    converted_from: Option<&'static str>,
}

impl Script {
    /// From the bytes of a file; of more than a script may have, one byte more is enough to see it.
    fn take_in(bytes: Vec<u8>, name: Option<&str>) -> Result<Self, Refusal> {
        let intake = fountain::take_in(&bytes, name)?;
        let scenes = split(&intake.script).len();
        let converted_from = match (intake.was_laid_out, intake.encoding) {
            (true, _) => Some("plain text"),
            (false, Encoding::Utf16) => Some("UTF-16"),
            (false, Encoding::Utf8) => None,
        };
        let changed = match intake.bytes {
            Cow::Owned(changed) => Some(changed),
            Cow::Borrowed(_) => None,
        };
        Ok(Self {
            bytes: changed.unwrap_or(bytes),
            scenes,
            converted_from,
        })
    }

    fn read(path: &Path) -> Result<Self, Refusal> {
        let bytes = read_script_bytes(regular::open(path)?, &[])?;
        Self::take_in(bytes, path.file_name().and_then(|name| name.to_str()))
    }
}

impl Session<'_> {
    /// Imports a screenplay (Fountain or plain text) as `script.fountain`; every file of a folder
    /// to the same place in the project, its one screenplay as the script; or a PNG, to `place` or
    /// into `imports/`, with what it was asked for with beside it. One operation: `undo` takes it
    /// back.
    ///
    /// # Errors
    /// `Import` says what it is instead, with what to do; `Uncommitted` names a file of the project
    /// that holds changes which are in no commit. Nothing is written then.
    pub fn import(
        &mut self,
        from: ImportFrom<'_>,
        place: Option<&RepoPath>,
    ) -> Result<Imported, FilmError> {
        let path = from.shown();
        let refuse = |Refusal { reason, hint }: Refusal| FilmError::Import { path, reason, hint };
        let incoming = match from {
            ImportFrom::Stream(stream) => self.incoming_stream(stream, place),
            ImportFrom::Path(path) => self.incoming_path(path, place),
        };
        let (mut imported, files) = incoming.map_err(refuse)?;
        (imported.changed, imported.has_replaced) = self.bring_in(&files)?;
        imported.files = files.into_keys().collect();
        imported.files.sort_by_key(|path| path.as_str() != SCRIPT);
        Ok(imported)
    }

    fn incoming_stream(
        &self,
        stream: &mut dyn Read,
        place: Option<&RepoPath>,
    ) -> Result<(Imported, BTreeMap<RepoPath, Incoming>), Refusal> {
        let mut head = Vec::new();
        stream.take(8).read_to_end(&mut head)?;
        if is_png(&head) {
            let bytes = picture::read_bytes(stream, &head)?;
            return self.pictures().take_in(bytes, None, place);
        }
        let bytes = read_script_bytes(stream, &head)?;
        only_pictures_have_places(place)?;
        Ok(of_script(Script::take_in(bytes, None)?, BTreeMap::new()))
    }

    fn incoming_path(
        &self,
        path: &Path,
        place: Option<&RepoPath>,
    ) -> Result<(Imported, BTreeMap<RepoPath, Incoming>), Refusal> {
        let about = std::fs::metadata(path)?;
        if about.is_dir() {
            only_pictures_have_places(place)?;
            self.outside_of(path)?;
            let Gathered {
                script,
                files,
                skipped,
            } = folder::gather(path)?;
            let (mut imported, files) = of_script(script, files);
            imported.skipped = skipped;
            return Ok((imported, files));
        }
        if !about.is_file() {
            return Err(Refusal::new(
                "it is neither a file nor a folder",
                "`aiut import -` reads a screenplay from standard input",
            ));
        }
        let mut file = regular::open(path)?;
        let mut head = Vec::new();
        Read::by_ref(&mut file).take(8).read_to_end(&mut head)?;
        if is_png(&head) {
            let bytes = picture::read_bytes(&mut file, &head)?;
            return self.pictures().take_in(bytes, Some(path), place);
        }
        let bytes = read_script_bytes(&mut file, &head)?;
        let name = path.file_name().and_then(|name| name.to_str());
        let script =
            Script::take_in(bytes, name).map_err(|refusal| picture::or_no_png(refusal, path))?;
        only_pictures_have_places(place)?;
        Ok(of_script(script, BTreeMap::new()))
    }

    /// Refuses a folder that the project lies in: the project would be copied into itself.
    fn outside_of(&self, folder: &Path) -> Result<(), Refusal> {
        let (folder, root) = (folder.canonicalize()?, self.root().canonicalize()?);
        match root != folder && root.starts_with(&folder) {
            true => Err(Refusal::new(
                "the project lies in it, and would be copied into itself",
                "`aiut import FILE` brings in one screenplay",
            )),
            false => Ok(()),
        }
    }

    fn pictures(&self) -> Pictures<impl Fn(&RepoPath) -> Option<FileId>> {
        Pictures {
            there: |path: &RepoPath| self.contents([path]).get(path).map(|content| content.id),
        }
    }

    /// Whether what lies at a path is what the last operation that touched it put there, such as an
    /// import: people edited nothing since.
    fn was_brought(&self, path: &RepoPath, now: Option<Content>) -> Result<bool, FilmError> {
        let store = self.project.store();
        for logged in operations(store, LOOKED_BACK)? {
            let Some(files) = logged.operation.files else {
                continue;
            };
            let after = entry_at(store, files.after, path)?.and_then(|entry| entry.file_id());
            let before = entry_at(store, files.before, path)?.and_then(|entry| entry.file_id());
            if after.is_some() || before.is_some() {
                return Ok(after.is_some() && after == now.map(|now| now.id));
            }
        }
        Ok(false)
    }

    /// Writes files into the folder, in one operation; those that changed, and whether they replace
    /// something that is in no commit. That has to be what was imported before: edits by hand do not
    /// give way.
    fn bring_in(
        &mut self,
        files: &BTreeMap<RepoPath, Incoming>,
    ) -> Result<(Vec<RepoPath>, bool), FilmError> {
        let transaction = self.project.transaction(&self.world.caller)?;
        let batch = self.project.store().batch();
        let before = self.contents(files.keys());
        let mut changes = Vec::new();
        let mut replaced = false;
        for (path, from) in files {
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
                    if !self.was_brought(path, before)? {
                        return Err(FilmError::Uncommitted(path.to_string()));
                    }
                    replaced = true;
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
        let changed = changes.iter().map(|change| change.path.clone()).collect();
        if !changes.is_empty() {
            // What is overwritten is stored: undo finds it there.
            transaction.publish(&self.world.caller, changes, None)?;
        }
        Ok((changed, replaced))
    }
}

fn of_script(
    script: Script,
    mut files: BTreeMap<RepoPath, Incoming>,
) -> (Imported, BTreeMap<RepoPath, Incoming>) {
    let imported = Imported {
        scenes: Some(script.scenes),
        converted_from: script.converted_from,
        ..Imported::default()
    };
    let path = RepoPath::new(SCRIPT).expect("a safe name");
    files.insert(path, Incoming::Bytes(script.bytes));
    (imported, files)
}

fn only_pictures_have_places(place: Option<&RepoPath>) -> Result<(), Refusal> {
    match place {
        Some(_) => Err(Refusal::new(
            "only a picture can be given another place",
            "leave out --as: a screenplay becomes script.fountain",
        )),
        None => Ok(()),
    }
}

/// The rest of a file whose `head` was read, to one byte more than a script may have: that tells a
/// file that is too large from one that just fits.
fn read_script_bytes(file: impl Read, head: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut bytes = head.to_vec();
    let limit = MAX_SCRIPT_BYTES as u64 + 1 - head.len() as u64;
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}
