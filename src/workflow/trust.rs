//! What commands the user agreed to, by project: a file of the user's own, never the project's.
//!
//! A digest is of a [`crate::generate::Manifest`]: of everything that a project would run. It is
//! bound to the project's folder, so that a copy of the project elsewhere runs nothing. Several
//! are kept, as the timelines of a project may differ in their tools: going back to what was
//! agreed to asks nothing.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::base::{atomic, fault, regular};

/// Most bytes that the file may have.
const MAX_BYTES: u64 = 4 << 20;

/// Most digests that are kept for a project; the oldest go first.
const KEPT: usize = 32;

const HEADER: &str =
    "# Written by `aiut trust`: by project folder, what you agreed to run there.\n\n";

/// The file `trust.toml` beside the user's settings.
#[derive(Debug, Clone)]
pub struct TrustFile {
    path: PathBuf,
}

/// Why nothing can be learnt from the file, or noted in it.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// There is no place for it.
    #[error("neither HOME nor XDG_CONFIG_HOME says where your settings are")]
    NoPlace,
    /// The project could write its own trust.
    #[error("your settings, {}, lie inside the project", .0.display())]
    Inside(PathBuf),
    /// Others could have written it.
    #[error("{} can be changed by others; `chmod 600` it", .0.display())]
    Open(PathBuf),
    /// It, or the project's folder, cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It does not hold what such a file must, or the project's folder has no name that it can hold.
    #[error("{}: {reason}", path.display())]
    Unusable {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

type Known = BTreeMap<String, Vec<String>>;

impl TrustFile {
    /// The file in the folder of the user's settings file.
    #[must_use]
    pub fn beside(settings: &Path) -> Self {
        Self {
            path: settings.with_file_name("trust.toml"),
        }
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The digests that were agreed to for the project in `root`, oldest first.
    ///
    /// # Errors
    /// Why the file must not be relied on.
    pub fn agreed(&self, root: &Path) -> Result<Vec<String>, TrustError> {
        let root = self.outside(root)?;
        Ok(self.read()?.remove(&root).unwrap_or_default())
    }

    /// Notes that `digest` was agreed to for the project in `root`.
    ///
    /// # Errors
    /// Why it cannot be noted.
    pub fn agree(&self, root: &Path, digest: &str) -> Result<(), TrustError> {
        let root = self.outside(root)?;
        let mut known = self.read()?;
        let list = known.entry(root).or_default();
        list.retain(|other| other != digest);
        list.push(digest.to_owned());
        let excess = list.len().saturating_sub(KEPT);
        list.drain(..excess);
        self.write(&known)
    }

    /// Forgets all that was agreed to for the project in `root`; false if there was nothing.
    ///
    /// # Errors
    /// Why it cannot be noted.
    pub fn revoke(&self, root: &Path) -> Result<bool, TrustError> {
        let root = self.outside(root)?;
        let mut known = self.read()?;
        let was_there = known.remove(&root).is_some();
        if was_there {
            self.write(&known)?;
        }
        Ok(was_there)
    }

    /// The name of the project in `root`, as the file has it.
    fn outside(&self, root: &Path) -> Result<String, TrustError> {
        let unusable = |path: &Path, reason: String| TrustError::Unusable {
            path: path.to_owned(),
            reason,
        };
        let root = root.canonicalize().map_err(|source| TrustError::Io {
            path: root.to_owned(),
            source,
        })?;
        // The folder need not be there yet; the nearest that is tells where it will be.
        let folder = self
            .path
            .ancestors()
            .find_map(|folder| folder.canonicalize().ok());
        if self.path.starts_with(&root) || folder.is_some_and(|folder| folder.starts_with(&root)) {
            return Err(TrustError::Inside(self.path.clone()));
        }
        let text = root.to_str().map(str::to_owned);
        text.ok_or_else(|| unusable(&root, "its name is not UTF-8 text".to_owned()))
    }

    fn read(&self) -> Result<Known, TrustError> {
        let io = |source| TrustError::Io {
            path: self.path.clone(),
            source,
        };
        let opened = fault::read(&self.path).and_then(|()| regular::open(&self.path));
        let file = match opened {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Known::new()),
            Err(error) => return Err(io(error)),
        };
        let about = file.metadata().map_err(io)?;
        if writable_by_others(&about) {
            return Err(TrustError::Open(self.path.clone()));
        }
        let mut text = String::new();
        let read = file.take(MAX_BYTES).read_to_string(&mut text);
        read.map_err(io)?;
        toml::from_str(&text).map_err(|error| TrustError::Unusable {
            path: self.path.clone(),
            reason: error.to_string().trim().to_owned(),
        })
    }

    fn write(&self, known: &Known) -> Result<(), TrustError> {
        let text = toml::to_string(known).expect("names and digests are plain text");
        let folder = self.path.parent().unwrap_or(Path::new("."));
        atomic::clear_leftovers(&self.path);
        std::fs::create_dir_all(folder)
            .and_then(|()| {
                atomic::write_private(&self.path, (HEADER.to_owned() + &text).as_bytes())
            })
            .map_err(|source| TrustError::Io {
                path: self.path.clone(),
                source,
            })
    }
}

#[cfg(unix)]
fn writable_by_others(about: &std::fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o022 != 0
}

#[cfg(not(unix))]
fn writable_by_others(_about: &std::fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world() -> (tempfile::TempDir, TrustFile, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let film = folder.path().join("film");
        std::fs::create_dir(&film).unwrap();
        let file = TrustFile::beside(&folder.path().join("home/.config/aiut/config.toml"));
        (folder, file, film)
    }

    #[test]
    fn what_is_agreed_to_is_remembered_for_its_folder_alone() {
        let (folder, file, film) = world();
        assert!(file.agreed(&film).unwrap().is_empty());
        file.agree(&film, "aa").unwrap();
        file.agree(&film, "bb").unwrap();
        file.agree(&film, "aa").unwrap();
        assert_eq!(file.agreed(&film).unwrap(), ["bb", "aa"]);
        let copy = folder.path().join("copy");
        std::fs::create_dir(&copy).unwrap();
        assert!(file.agreed(&copy).unwrap().is_empty());
        assert!(file.revoke(&film).unwrap());
        assert!(!file.revoke(&film).unwrap());
        assert!(file.agreed(&film).unwrap().is_empty());
        for number in 0..KEPT + 5 {
            file.agree(&film, &number.to_string()).unwrap();
        }
        let kept = file.agreed(&film).unwrap();
        assert_eq!((kept.len(), kept[0].as_str()), (KEPT, "5"));
    }

    #[test]
    fn a_file_inside_the_project_is_not_relied_on() {
        let (_folder, _, film) = world();
        let inside = TrustFile::beside(&film.join(".config/aiut/config.toml"));
        assert!(matches!(inside.agreed(&film), Err(TrustError::Inside(_))));
        assert!(matches!(
            inside.agree(&film, "aa"),
            Err(TrustError::Inside(_))
        ));
        assert!(!film.join(".config").exists());
    }

    #[test]
    fn a_damaged_file_agrees_to_nothing_and_is_left_as_it_is() {
        let (_folder, file, film) = world();
        file.agree(&film, "aa").unwrap();
        atomic::write_private(file.path(), b"film = [\n").unwrap();
        let error = file.agreed(&film).unwrap_err().to_string();
        assert!(error.contains("trust.toml"), "{error}");
        assert!(file.agree(&film, "bb").is_err());
        assert_eq!(std::fs::read(file.path()).unwrap(), b"film = [\n");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_write_agrees_to_nothing() {
        use std::os::unix::fs::PermissionsExt as _;
        let (_folder, file, film) = world();
        file.agree(&film, "aa").unwrap();
        let mode = |mode| std::fs::Permissions::from_mode(mode);
        assert_eq!(
            std::fs::metadata(file.path()).unwrap().permissions().mode() & 0o777,
            0o600
        );
        std::fs::set_permissions(file.path(), mode(0o620)).unwrap();
        assert!(matches!(file.agreed(&film), Err(TrustError::Open(_))));
    }
}
