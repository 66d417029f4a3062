//! Where a remote is, and how it is reached.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Result, SharingError};
use crate::base::clock::Clock;
use crate::remote::{By, FolderRemote, HostLimits, Remote};

/// The beginning of an address of a folder.
const FILE: &str = "file://";

/// Where a remote is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A folder of this machine or of what is mounted there; absolute.
    Folder(PathBuf),
}

/// What reaching a remote needs of the world around.
#[derive(Clone)]
pub struct Around {
    /// The name that a change is noted with.
    pub user: String,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// A remote that was reached, under the name that messages call it by.
pub struct Shared {
    /// What it is called.
    pub name: String,
    /// The remote.
    pub remote: Box<dyn Remote>,
}

impl Place {
    /// A place as it is written in `remotes.toml`: an absolute path.
    ///
    /// # Errors
    /// `BadPlace`.
    pub fn parse(text: &str) -> Result<Self> {
        Self::typed(text, &|path| path.to_owned())
    }

    /// A place as a person types it; `absolute` makes a path whole that is told from where they are.
    ///
    /// # Errors
    /// `BadPlace`.
    pub fn typed(text: &str, absolute: &dyn Fn(&Path) -> PathBuf) -> Result<Self> {
        let bad = |reason: &str| SharingError::BadPlace {
            place: text.to_owned(),
            reason: reason.to_owned(),
        };
        if text.trim().is_empty() {
            return Err(bad("it is empty"));
        }
        if text.contains(char::is_control) {
            return Err(bad("it holds a control character"));
        }
        let path = match text.strip_prefix(FILE) {
            Some(path) => folder_of(path).ok_or_else(|| {
                bad("file:// is followed by an absolute path, with %20 for a space")
            })?,
            None => {
                let scheme = text.split_once("://").map(|(scheme, _)| scheme);
                if let Some(scheme) = scheme.filter(|scheme| !scheme.contains('/')) {
                    return Err(bad(&format!("{scheme}:// is not spoken here")));
                }
                absolute(Path::new(text))
            }
        };
        match path.is_absolute() {
            true => Ok(Self::Folder(path)),
            false => Err(bad("the path is not absolute")),
        }
    }

    /// The folder's name, as a clone is called.
    #[must_use]
    pub fn stem(&self) -> Option<String> {
        let Self::Folder(path) = self;
        let name = path.file_name()?.to_str()?;
        let name = name.strip_suffix(".aiut").unwrap_or(name);
        (!name.is_empty()).then(|| name.to_owned())
    }

    /// Reaches it.
    ///
    /// # Errors
    /// `Remote` says why it cannot be.
    pub fn open(&self, name: &str, around: &Around) -> Result<Shared> {
        let Self::Folder(path) = self;
        // Whoever may write into the folder may do all that can be done there.
        let by = By {
            name: around.user.clone(),
            may_force: true,
        };
        let clock = Arc::clone(&around.clock);
        let remote = FolderRemote::open(path, by, clock, HostLimits::default());
        Ok(Shared {
            name: name.to_owned(),
            remote: Box::new(remote.map_err(SharingError::of(name))?),
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Folder(path) = self;
        write!(f, "{}", path.display())
    }
}

/// The path of a `file://` address; none where it names another machine or is no text.
fn folder_of(path: &str) -> Option<PathBuf> {
    let path = path.strip_prefix("localhost").unwrap_or(path);
    if !path.starts_with('/') {
        return None;
    }
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            byte => byte,
        });
    }
    Some(PathBuf::from(String::from_utf8(bytes).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_named_in_each_way_that_people_write_it() {
        let here = |path: &Path| Path::new("/films").join(path);
        let typed = |text: &str| Place::typed(text, &here).map(|place| place.to_string());
        for (text, path) in [
            ("/media/studio/ferry", "/media/studio/ferry"),
            ("ferry", "/films/ferry"),
            (
                "file:///media/studio/night%20ferry",
                "/media/studio/night ferry",
            ),
            ("file://localhost/media/x", "/media/x"),
        ] {
            assert_eq!(typed(text).unwrap(), path, "{text}");
        }
        for text in [
            "",
            " ",
            "https://studio.example/x",
            "file://studio/x",
            "file:///%zz",
            "a\nb",
        ] {
            assert!(typed(text).is_err(), "{text:?}");
        }
        assert!(Place::parse("ferry").is_err());
        let stem = |text: &str| Place::typed(text, &here).unwrap().stem();
        assert_eq!(stem("/media/ferry.aiut").as_deref(), Some("ferry"));
        assert_eq!(stem("/"), None);
    }
}
