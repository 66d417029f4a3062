//! The folders of a store, held open: every file of it is reached beneath them.

use std::io;
use std::path::Path;

use super::error::{Result, StoreError, io_error};
use super::index;
use crate::base::folder::Folder;
use crate::base::layout;
use crate::base::progress::Listener;
use crate::object::ProjectId;

/// Says that a folder holds a store, in which format, and of which project.
pub(super) const FORMAT_FILE: &str = "format";
const FORMAT: &str = "aiut repository 1\nproject ";
/// Longest text read from the format file, in bytes.
const MAX_FORMAT_BYTES: u64 = 256;
/// The folder of the packs.
pub(super) const PACKS: &str = "packs";
const INCOMING: &str = "incoming";

/// `.aiut/`, and its folder of packs.
#[derive(Debug, Clone)]
pub(super) struct House {
    pub(super) own: Folder,
    pub(super) packs: Folder,
    pub(super) project: ProjectId,
    /// Hears how far the rewriting of packs is.
    pub(super) progress: Listener,
}

impl House {
    /// Opens the folder of a store, after a look at all that lies in it.
    pub(super) fn enter(path: &Path) -> Result<Self> {
        use io::ErrorKind::{NotADirectory, NotFound};
        let own = match Folder::open(path) {
            Err(error) if matches!(error.kind(), NotFound | NotADirectory) => {
                return Err(StoreError::NotARepository(path.to_owned()));
            }
            own => own.map_err(io_error("open", path))?,
        };
        match own.find(FORMAT_FILE) {
            Ok(None) => return Err(StoreError::NotARepository(path.to_owned())),
            found => found.map_err(io_error("examine", path))?,
        };
        layout::check(&own).map_err(io_error("use", path))?;
        let project = project_of(&own)?;
        let packs = packs_of(&own)?;
        Ok(Self {
            own,
            packs,
            project,
            progress: Listener::default(),
        })
    }

    /// The folder for packs that are being written, made if missing.
    pub(super) fn incoming(&self) -> Result<Folder> {
        made(&self.own, INCOMING)
    }

    /// The same; none when it is missing.
    pub(super) fn incoming_if_any(&self) -> Result<Option<Folder>> {
        let path = self.own.path_of(INCOMING);
        let incoming = self.own.folder_if_any(INCOMING);
        incoming.map_err(io_error("open", &path))
    }
}

/// A folder in another, made if missing.
pub(super) fn made(folder: &Folder, name: &str) -> Result<Folder> {
    folder
        .folder_made(name)
        .map_err(io_error("open", &folder.path_of(name)))
}

/// The folder of packs. It is made when it is missing and nothing says that there were packs: copies
/// may leave out empty folders. Where an index knows of some, they are lost, and that is said.
fn packs_of(own: &Folder) -> Result<Folder> {
    let path = own.path_of(PACKS);
    match own.folder_if_any(PACKS).map_err(io_error("open", &path))? {
        Some(packs) => Ok(packs),
        None if index::newest(own)?.is_some() => {
            let gone = "it is gone, with all versions that were kept in it; \
                bring it back from a copy of the project";
            let gone = io::Error::new(io::ErrorKind::NotFound, gone);
            Err(io_error("open", &path)(gone))
        }
        None => made(own, PACKS),
    }
}

/// The text of the format file.
pub(super) fn format_of(project: ProjectId) -> String {
    format!("{FORMAT}{project}\n")
}

fn project_of(own: &Folder) -> Result<ProjectId> {
    let path = own.path_of(FORMAT_FILE);
    let mut text = Vec::new();
    let read = own.read(FORMAT_FILE).and_then(|file| {
        io::Read::read_to_end(&mut io::Read::take(file, MAX_FORMAT_BYTES), &mut text)
    });
    read.map_err(io_error("read", &path))?;
    let said = std::str::from_utf8(&text).ok();
    let id = said.and_then(|text| text.strip_prefix(FORMAT)?.strip_suffix('\n')?.parse().ok());
    id.ok_or_else(|| {
        let found = String::from_utf8_lossy(&text).trim_end().to_owned();
        StoreError::UnknownFormat { path, found }
    })
}
