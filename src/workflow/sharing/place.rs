//! Where a remote is, and how it is reached.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Result, SharingError};
use crate::base::clock::Clock;
use crate::client::{Address, HttpRemote, InvalidAddress, Keys};
use crate::remote::{BundleRemote, By, FolderRemote, HostLimits, Remote, RemoteError};

/// The beginning of an address of a folder.
const FILE: &str = "file://";

/// Where a remote is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A folder, or a bundle in a file, of this machine or of what is mounted there; absolute.
    Path(PathBuf),
    /// A project of a server.
    Server(Address),
}

/// Where tokens are looked for. They are read when a server is asked, and not before.
#[derive(Clone, Default)]
pub struct KeySources {
    /// What a variable of the environment holds.
    pub variable: Option<String>,
    /// A file for its owner's eyes.
    pub file: Option<PathBuf>,
    /// The proxy that `https://` goes through.
    pub proxy: Option<String>,
    /// Hosts that are reached without it, as `NO_PROXY` lists them.
    pub no_proxy: Option<String>,
}

/// The variable of [`KeySources`], for messages.
pub const TOKENS_VARIABLE: &str = "AIUT_TOKENS";

impl KeySources {
    fn keys(&self) -> Result<Keys> {
        let variable = self.variable.as_deref().unwrap_or_default();
        let keys = Keys::parse(variable, TOKENS_VARIABLE)?;
        match &self.file {
            Some(file) => Ok(keys.or(Keys::read(file)?)),
            None => Ok(keys),
        }
    }
}

/// What reaching a remote needs of the world around.
#[derive(Clone)]
pub struct Around {
    /// The name that a change is noted with.
    pub user: String,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where tokens are.
    pub keys: KeySources,
}

/// A remote that was reached, under the name that messages call it by.
pub struct Shared {
    /// What it is called.
    pub name: String,
    /// The remote.
    pub remote: Box<dyn Remote>,
}

impl Place {
    /// A place as it is written in `remotes.toml`: an absolute path, or an address.
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
        if ["http://", "https://"]
            .iter()
            .any(|scheme| text.starts_with(scheme))
        {
            let bad = |error: InvalidAddress| SharingError::BadPlace {
                // As typed, but for a password.
                place: error.text().to_owned(),
                reason: error.why().to_owned(),
            };
            return text.parse().map(Self::Server).map_err(bad);
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
                // `host:path`, `C:\path`, `file:/path`: not a folder here of that name.
                if text
                    .split('/')
                    .next()
                    .is_some_and(|first| first.contains(':'))
                {
                    return Err(bad("a folder with a colon in its name is written ./NAME"));
                }
                absolute(Path::new(text))
            }
        };
        if path
            .to_str()
            .is_none_or(|path| path.contains(char::is_control))
        {
            return Err(bad("it is no UTF-8 text, or holds a control character"));
        }
        match path.is_absolute() {
            true => Ok(Self::Path(path)),
            false => Err(bad("the path is not absolute")),
        }
    }

    /// The folder's name, as a clone is called.
    #[must_use]
    pub fn stem(&self) -> Option<String> {
        let name = match self {
            Self::Path(path) => path.file_name()?.to_str()?,
            Self::Server(address) => address.project(),
        };
        let name = name.strip_suffix(".aiut").unwrap_or(name);
        (!name.is_empty()).then(|| name.to_owned())
    }

    /// Reaches it.
    ///
    /// # Errors
    /// `Remote` says why it cannot be.
    pub fn open(&self, name: &str, around: &Around) -> Result<Shared> {
        let reached: Result<Box<dyn Remote>, RemoteError> = match self {
            Self::Path(path) => {
                // Whoever may write into the folder may do all that can be done there.
                let by = By {
                    name: around.user.clone(),
                    may_force: true,
                };
                let clock = Arc::clone(&around.clock);
                // A link that leads to a disk is no link in a folder of aiut's.
                let path = &path.canonicalize().unwrap_or_else(|_| path.clone());
                match path.is_file() {
                    true => BundleRemote::open(path).map(|remote| Box::new(remote) as _),
                    false => FolderRemote::open(path, by, clock, HostLimits::default())
                        .map(|remote| Box::new(remote) as _),
                }
            }
            Self::Server(address) => {
                let keys = around.keys.keys()?;
                let proxy = around.keys.proxy.as_deref();
                // This machine is asked directly.
                let spared = around.keys.no_proxy.as_deref().unwrap_or_default();
                let is_asked =
                    !address.origin().is_local() && !address.origin().is_named_by(spared);
                let proxy = proxy.filter(|_| is_asked);
                let remote = HttpRemote::new(address.clone(), &keys, proxy);
                remote.map(|remote| Box::new(remote) as Box<dyn Remote>)
            }
        };
        Ok(Shared {
            name: name.to_owned(),
            remote: reached.map_err(SharingError::of(name))?,
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => write!(f, "{}", path.display()),
            Self::Server(address) => write!(f, "{address}"),
        }
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
            (
                "https://Studio.example/ferry/",
                "https://studio.example/ferry",
            ),
            ("http://127.0.0.1:7411/ferry", "http://127.0.0.1:7411/ferry"),
        ] {
            assert_eq!(typed(text).unwrap(), path, "{text}");
        }
        for text in [
            "",
            " ",
            "https://studio.example",
            "https://rae:secret@studio.example/x",
            "http://studio.example/x",
            "ssh://studio.example/x",
            "file://studio/x",
            "file:///%zz",
            "a\nb",
            "file:///tmp/%0a",
            "rae@studio:ferry",
            "file:/tmp/x",
        ] {
            assert!(typed(text).is_err(), "{text:?}");
        }
        assert!(Place::parse("ferry").is_err());
        let stem = |text: &str| Place::typed(text, &here).unwrap().stem();
        assert_eq!(stem("/media/ferry.aiut").as_deref(), Some("ferry"));
        assert_eq!(
            stem("https://studio.example/ferry").as_deref(),
            Some("ferry")
        );
        assert_eq!(stem("/"), None);
    }
}
