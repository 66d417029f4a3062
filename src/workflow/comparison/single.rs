//! Two files beside each other, wherever they are: two contents that a project holds, or two files
//! of the disk that need no project.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::sights::Unseen;
use super::stories::{Story, told_of_bytes};
use super::{Comparison, Contents, MEDIA_LIMIT, Version};
use crate::diff::{
    Content, Detail, FileChange, LIMIT_BYTES, Side, Status, Totals, as_text, text_diff,
};
use crate::history::{HistoryError, Project, Resolved, Result, entry_at, gone_files};
use crate::object::{FileId, RepoPath};
use crate::workflow::viewer::Viewer;

/// How the contents of two stored files differ, under the paths that the sides name.
///
/// # Errors
/// A file that cannot be read.
pub fn compare_stored(
    project: &Project,
    viewer: &Viewer,
    [old, new]: [Side; 2],
    detail: Detail,
) -> Result<Comparison> {
    if old == new {
        return Ok(comparison(Vec::new()));
    }
    let contents = stored(project, viewer)?;
    let content = contents.content(Some(&old), Some(&new), detail)?;
    Ok(comparison(vec![change(old, new, content)]))
}

/// The same in the words of film.
///
/// # Errors
/// As [`compare_stored`].
pub fn story_of_stored(project: &Project, viewer: &Viewer, [old, new]: [Side; 2]) -> Result<Story> {
    if old.id == new.id {
        return Ok(Story::default());
    }
    let found = (Status::Modified, Some(old), Some(new));
    stored(project, viewer)?.story_of(found)
}

/// The file that a revision names, `HEAD:script.fountain`.
///
/// # Errors
/// `NoSuchPath` where it names a folder, or nothing.
pub fn side_at(project: &Project, found: &Resolved) -> Result<Side> {
    let missing = |path: &str| HistoryError::NoSuchPath {
        path: path.to_owned(),
        place: format!("commit {}", found.commit.short()),
        nearest: None,
    };
    let path = found.path.as_ref().ok_or_else(|| missing("file"))?;
    let entry = entry_at(project.store(), found.tree, path)?;
    let file = entry.and_then(|entry| Some((entry.file_id()?, entry)));
    let (id, entry) = file.ok_or_else(|| missing(path.as_str()))?;
    Ok(Side {
        path: path.clone(),
        id,
        size: entry.size,
        exec: entry.exec,
    })
}

fn stored<'p>(project: &'p Project, viewer: &'p Viewer) -> Result<Contents<'p>> {
    Ok(Contents {
        project,
        new: Version::Stored(None),
        viewer,
        gone: gone_files(project.store())?,
    })
}

fn comparison(changes: Vec<FileChange>) -> Comparison {
    Comparison {
        totals: Totals::of(&changes),
        changes,
        unreadable: Vec::new(),
    }
}

fn change(old: Side, new: Side, content: Content) -> FileChange {
    FileChange {
        status: Status::Modified,
        old: Some(old),
        new: Some(new),
        content,
    }
}

/// Why two files of the disk cannot be compared.
#[derive(Debug, Error)]
pub enum LooseError {
    /// It is a folder, a pipe or the like.
    #[error("{} is no file", .0.display())]
    NoFile(PathBuf),
    /// Its name is none that a project could hold.
    #[error("{} has a name that cannot be shown", .0.display())]
    Name(PathBuf),
    /// It cannot be read.
    #[error("cannot read {}", path.display())]
    Unread {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Two files of the disk.
#[derive(Debug)]
pub struct LooseFiles {
    old: Loose,
    new: Loose,
}

/// A file of the disk.
#[derive(Debug)]
struct Loose {
    path: PathBuf,
    side: Side,
    /// Its bytes; none where they are more than are compared as a text.
    bytes: Option<Vec<u8>>,
}

impl LooseFiles {
    /// Reads both. What is told of them names them without their folders.
    ///
    /// # Errors
    /// When one is no file, or cannot be read.
    pub fn read(old: &Path, new: &Path) -> std::result::Result<Self, LooseError> {
        Ok(Self {
            old: Loose::read(old)?,
            new: Loose::read(new)?,
        })
    }

    fn is_same(&self) -> bool {
        self.old.side.id == self.new.side.id
    }

    /// How they differ.
    #[must_use]
    pub fn compare(&self, viewer: &Viewer, detail: Detail) -> Comparison {
        match self.is_same() {
            true => comparison(Vec::new()),
            false => comparison(vec![self.change(viewer, detail)]),
        }
    }

    /// The same in the words of film.
    #[must_use]
    pub fn story(&self, viewer: &Viewer) -> Story {
        if self.is_same() {
            return Story::default();
        }
        let (old, new) = (&self.old, &self.new);
        let told = old.bytes.as_deref().zip(new.bytes.as_deref());
        let told = told.and_then(|(was, is)| told_of_bytes((&old.side, was), (&new.side, is)));
        told.unwrap_or_else(|| Story {
            others: vec![self.change(viewer, Detail::MEDIA)],
            ..Story::default()
        })
    }

    /// Both on one image.
    pub(super) fn beside(&self, viewer: &Viewer) -> std::result::Result<Option<Vec<u8>>, Unseen> {
        let views = [&self.old, &self.new].map(|loose| viewer.look(loose.path.clone()));
        match views {
            [Some(old), Some(new)] => Ok(viewer.beside(&old, &new)?),
            _ => Err(Unseen::NoMedia),
        }
    }

    fn change(&self, viewer: &Viewer, detail: Detail) -> FileChange {
        let content = self.content(viewer, detail);
        change(self.old.side.clone(), self.new.side.clone(), content)
    }

    fn content(&self, viewer: &Viewer, detail: Detail) -> Content {
        let (old, new) = (&self.old, &self.new);
        if let (Some(was), Some(is)) = (&old.bytes, &new.bytes)
            && let (Some(was), Some(is)) = (as_text(was), as_text(is))
        {
            return Content::Text(text_diff(was, is, detail));
        }
        let larger = |limit| old.side.size.max(new.side.size) > limit;
        if larger(MEDIA_LIMIT) {
            return Content::Large { limit: MEDIA_LIMIT };
        }
        if !detail.media {
            return Content::Binary;
        }
        let (was, is) = (viewer.look(old.path.clone()), viewer.look(new.path.clone()));
        match (&was, &is) {
            (None, None) if larger(LIMIT_BYTES) => Content::Large { limit: LIMIT_BYTES },
            (None, None) => Content::Binary,
            _ => Content::Media(viewer.diff(was.as_ref(), is.as_ref())),
        }
    }
}

impl Loose {
    fn read(path: &Path) -> std::result::Result<Self, LooseError> {
        let unread = |source| LooseError::Unread {
            path: path.to_owned(),
            source,
        };
        // A pipe would be waited for: what it is, is asked first.
        let found = path.metadata().map_err(unread)?;
        if !found.is_file() {
            return Err(LooseError::NoFile(path.to_owned()));
        }
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.and_then(|name| RepoPath::new(name).ok());
        let name = name.ok_or_else(|| LooseError::Name(path.to_owned()))?;
        let mut file = File::open(path).map_err(unread)?;
        let bytes = match found.len() > LIMIT_BYTES {
            true => None,
            false => {
                let mut bytes = Vec::new();
                let mut start = (&mut file).take(LIMIT_BYTES + 1);
                start.read_to_end(&mut bytes).map_err(unread)?;
                Some(bytes).filter(|bytes| bytes.len() as u64 <= LIMIT_BYTES)
            }
        };
        let (id, size) = match &bytes {
            Some(bytes) => (FileId::of(bytes), bytes.len() as u64),
            None => {
                let mut hasher = blake3::Hasher::new();
                let file = File::open(path).map_err(unread)?;
                hasher.update_reader(file).map_err(unread)?;
                let id = FileId::from_bytes(*hasher.finalize().as_bytes());
                (id, found.len())
            }
        };
        Ok(Self {
            path: path.to_owned(),
            side: Side {
                path: name,
                id,
                size,
                exec: false,
            },
            bytes,
        })
    }
}
