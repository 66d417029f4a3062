//! The folder of a server.
//!
//! ```text
//! server                "aiut server 1\n"
//! tokens.json           hashes of tokens, for its owner's eyes alone
//! audit.log             a line a change of refs
//! projects/NAME/        a shared folder, as `docs/sync.md` has it
//! hooks/                programs that are asked before refs move (`crate::hooks`)
//! removed/NAME.TIME/    projects that were taken away
//! ```

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::base::atomic;
use crate::base::clock::Clock;
use crate::base::folder::{FileKind, Folder};
use crate::names::ProjectName;
use crate::object::ProjectId;
use crate::remote::{FolderRemote, Host, HostLimits, RemoteError, host_of};
use crate::store::Store;

const MARK: &str = "server";
const TEXT: &[u8] = b"aiut server 1\n";
const PROJECTS: &str = "projects";
const REMOVED: &str = "removed";

/// The folder of a server, held open.
#[derive(Debug, Clone)]
pub struct Root {
    folder: Folder,
    projects: Folder,
}

/// Why it cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RootError {
    /// Nothing of a server.
    #[error("{} is no folder of a server; `aiut-server init {}` makes one", .0.display(), .0.display())]
    NoServer(PathBuf),
    /// One is there.
    #[error("{} is the folder of a server already", .0.display())]
    Exists(PathBuf),
    /// A project of that name is there.
    #[error("there is a project {0} already")]
    ProjectExists(ProjectName),
    /// No project of that name is there.
    #[error("there is no project {0}")]
    NoProject(ProjectName),
    /// The system refused.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// On what.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// The project cannot be used.
    #[error(transparent)]
    Project(#[from] RemoteError),
}

fn io_error(path: &Path) -> impl Fn(io::Error) -> RootError + '_ {
    |source| RootError::Io {
        path: path.to_owned(),
        source,
    }
}

impl Root {
    /// Makes `path`, made if missing, the folder of a server.
    ///
    /// # Errors
    /// `Exists`; `Io`, also where other files lie there.
    pub fn init(path: &Path) -> Result<Self, RootError> {
        let folder = Folder::make(path).map_err(io_error(path))?;
        let found = folder.list().map_err(io_error(path))?;
        if found.iter().any(|(name, _)| name == MARK) {
            return Err(RootError::Exists(path.to_owned()));
        }
        if !found.is_empty() {
            return Err(io_error(path)(io::Error::other("it holds other files")));
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let own = std::fs::Permissions::from_mode(0o700);
            std::fs::set_permissions(path, own).map_err(io_error(path))?;
        }
        folder.folder_made(PROJECTS).map_err(io_error(path))?;
        atomic::write_in(&folder, MARK, TEXT).map_err(io_error(path))?;
        Self::open(path)
    }

    /// Opens the folder of a server.
    ///
    /// # Errors
    /// `NoServer`; `Io`.
    pub fn open(path: &Path) -> Result<Self, RootError> {
        let none = || RootError::NoServer(path.to_owned());
        let folder = match Folder::open_any(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(none()),
            folder => folder.map_err(io_error(path))?,
        };
        let mut text = Vec::new();
        match folder.read(MARK) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(none()),
            mark => mark.and_then(|mark| mark.take(64).read_to_end(&mut text)),
        }
        .map_err(io_error(path))?;
        if text != TEXT {
            let other = io::Error::other("another version of aiut-server made it");
            return Err(io_error(path)(other));
        }
        let projects = folder.folder_made(PROJECTS).map_err(io_error(path))?;
        Ok(Self { folder, projects })
    }

    /// Its handle.
    #[must_use]
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The folder of a project, whether it is there or not.
    #[must_use]
    pub fn path_of(&self, name: &ProjectName) -> PathBuf {
        self.projects.path_of(name.as_str())
    }

    /// Its projects, sorted.
    ///
    /// # Errors
    /// `Io`.
    pub fn projects(&self) -> Result<Vec<ProjectName>, RootError> {
        let listed = self
            .projects
            .list()
            .map_err(io_error(self.projects.path()))?;
        let folders = listed
            .into_iter()
            .filter(|(_, kind)| *kind == FileKind::Folder);
        let mut names: Vec<ProjectName> =
            folders.filter_map(|(name, _)| name.parse().ok()).collect();
        names.sort();
        Ok(names)
    }

    fn has(&self, name: &ProjectName) -> Result<bool, RootError> {
        let found = self
            .projects
            .find(name.as_str())
            .map_err(io_error(self.projects.path()))?;
        Ok(found.is_some_and(|found| found.kind == FileKind::Folder))
    }

    /// Makes an empty project.
    ///
    /// # Errors
    /// `ProjectExists`; `Io`; what the store says.
    pub fn add(&self, name: &ProjectName, id: ProjectId) -> Result<(), RootError> {
        if self.has(name)? {
            return Err(RootError::ProjectExists(name.clone()));
        }
        FolderRemote::create(&self.path_of(name), id)?;
        Ok(())
    }

    /// Takes a project out of service. Its folder is kept among those that were removed.
    ///
    /// # Errors
    /// `NoProject`; `Io`.
    pub fn remove(&self, name: &ProjectName, now: i64) -> Result<PathBuf, RootError> {
        if !self.has(name)? {
            return Err(RootError::NoProject(name.clone()));
        }
        let removed = self
            .folder
            .folder_made(REMOVED)
            .map_err(io_error(self.folder.path()))?;
        let to = format!("{name}.{now}");
        self.projects
            .rename(name.as_str(), &removed, &to)
            .and_then(|()| removed.sync())
            .and_then(|()| self.projects.sync())
            .map_err(io_error(removed.path()))?;
        Ok(removed.path_of(&to))
    }

    /// Opens a project; none where it is not there.
    ///
    /// # Errors
    /// What the store says.
    pub fn host(
        &self,
        name: &ProjectName,
        clock: Arc<dyn Clock>,
        limits: HostLimits,
    ) -> Result<Option<Host>, RootError> {
        if !self.has(name)? {
            return Ok(None);
        }
        let store = Store::open(&self.path_of(name)).map_err(RemoteError::from)?;
        Ok(Some(host_of(Arc::new(store), clock, limits)?))
    }

    /// Bytes that are free where it lies.
    ///
    /// # Errors
    /// `Io`.
    pub fn free_bytes(&self) -> Result<u64, RootError> {
        let path = self.folder.path();
        let stat = rustix::fs::statvfs(path).map_err(|error| io_error(path)(error.into()))?;
        Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
    }

    /// Bytes of the packs of a project.
    ///
    /// # Errors
    /// `Io`.
    pub fn pack_bytes(&self, name: &ProjectName) -> Result<u64, RootError> {
        let path = self.path_of(name).join("packs");
        let packs = Folder::open(&path).map_err(io_error(&path))?;
        let mut bytes = 0;
        for (name, _) in packs.list().map_err(io_error(&path))? {
            bytes += packs
                .find(&name)
                .map_err(io_error(&path))?
                .map_or(0, |found| found.bytes);
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn projects_come_and_go_and_other_folders_are_no_servers() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("srv");
        assert!(matches!(Root::open(&path), Err(RootError::NoServer(_))));
        let root = Root::init(&path).unwrap();
        assert!(matches!(Root::init(&path), Err(RootError::Exists(_))));
        assert!(Root::init(place.path()).is_err());
        let name: ProjectName = "ferry".parse().unwrap();
        root.add(&name, ProjectId::random()).unwrap();
        let again = root
            .add(&name, ProjectId::random())
            .unwrap_err()
            .to_string();
        assert!(again.contains("already"), "{again}");
        assert_eq!(root.projects().unwrap(), std::slice::from_ref(&name));
        let kept = root.remove(&name, 7).unwrap();
        assert!(kept.join("format").exists());
        assert_eq!(root.projects().unwrap(), []);
        assert!(matches!(
            root.remove(&name, 7),
            Err(RootError::NoProject(_))
        ));
        assert!(root.free_bytes().unwrap() > 0);
    }
}
