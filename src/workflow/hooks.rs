//! Programs of the user's own that run beside a command: before it, to stop it, or after it.
//!
//! ```text
//! .aiut/hooks/NAME ──► found ──► agreed to, in this user's trust file? ──► run by `cli`
//! ```
//! They lie in `.aiut`, which never travels. And as a folder can be copied with all that is in it,
//! each runs only after its user agreed to its bytes, at this place.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};

use super::trust::{TrustError, TrustFile};
use crate::base::atomic;
use crate::base::folder::Folder;
use crate::base::nearest::nearest;
use crate::base::process::while_nothing_starts;
use crate::base::regular;
use crate::history::Project;

/// The folder of the hooks, in `.aiut`.
const FOLDER: &str = "hooks";

/// Most bytes of a hook.
const MOST_BYTES: u64 = 64 << 20;

/// A moment at which a program may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hook {
    /// Before a commit, whose message is not written yet.
    PreCommit,
    /// After one.
    PostCommit,
    /// Before the first output is made.
    PreGenerate,
    /// After the last.
    PostGenerate,
    /// After `aiut stale` told what is out of date.
    PostStale,
    /// Before anything is sent.
    PrePush,
}

impl Hook {
    /// All of them, in the order in which a day meets them.
    pub const ALL: [Self; 6] = [
        Self::PreCommit,
        Self::PostCommit,
        Self::PrePush,
        Self::PreGenerate,
        Self::PostGenerate,
        Self::PostStale,
    ];

    /// The name of its file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PreCommit => "pre-commit",
            Self::PostCommit => "post-commit",
            Self::PreGenerate => "pre-generate",
            Self::PostGenerate => "post-generate",
            Self::PostStale => "post-stale",
            Self::PrePush => "pre-push",
        }
    }

    /// When it runs.
    #[must_use]
    pub const fn moment(self) -> &'static str {
        match self {
            Self::PreCommit => "before a commit, and may stop it",
            Self::PostCommit => "after a commit",
            Self::PreGenerate => "before a run makes anything, and may stop it",
            Self::PostGenerate => "after a run",
            Self::PostStale => "after `aiut stale`",
            Self::PrePush => "before a push sends anything, and may stop it",
        }
    }

    /// One that does something useful as it is.
    #[must_use]
    pub const fn sample(self) -> Option<&'static str> {
        match self {
            Self::PreCommit => Some(include_str!("../../hooks/pre-commit")),
            Self::PreGenerate => Some(include_str!("../../hooks/pre-generate")),
            Self::PostStale => Some(include_str!("../../hooks/post-stale")),
            Self::PostCommit | Self::PostGenerate | Self::PrePush => None,
        }
    }

    /// The one of that name.
    ///
    /// # Errors
    /// `Unknown`, with the nearest that there is.
    pub fn named(name: &str) -> Result<Self, HookError> {
        let found = Self::ALL.into_iter().find(|hook| hook.name() == name);
        found.ok_or_else(|| HookError::Unknown {
            name: name.to_owned(),
            nearest: nearest(name, Self::ALL.map(Self::name)).map(str::to_owned),
        })
    }
}

impl fmt::Display for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Hook {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Whether a hook runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HookState {
    /// There is none.
    Absent,
    /// Its file is not executable.
    NotExecutable,
    /// Its bytes were not agreed to.
    NotAgreed,
    /// It runs.
    Runs,
}

/// A hook of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundHook {
    /// Which.
    pub hook: Hook,
    /// Whether it runs.
    pub state: HookState,
    /// Where it lies, or would.
    pub path: PathBuf,
}

/// Why nothing is known of a hook, or done about it.
#[derive(Debug, thiserror::Error)]
pub enum HookError {
    /// No hook is called so.
    #[error("no hook is called {name:?}")]
    Unknown {
        /// As it was asked for.
        name: String,
        /// The nearest that there is.
        nearest: Option<String>,
    },
    /// There is none of that name.
    #[error("the project has no hook {0}")]
    Absent(Hook),
    /// One is there already, another one.
    #[error("there is a hook {0} already, and it is another one")]
    InTheWay(Hook),
    /// aiut brings no sample of it.
    #[error("aiut has no sample of {0}")]
    NoSample(Hook),
    /// It is larger than any script or program of its kind.
    #[error("{} has more than {} MiB", .0.display(), MOST_BYTES >> 20)]
    TooLarge(PathBuf),
    /// What the user agreed to cannot be read or noted.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The system refused.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// `read`, `write`, …
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What it said.
        source: std::io::Error,
    },
}

impl HookError {
    /// What to type next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown { nearest, .. } => Some(match nearest {
                Some(name) => format!("did you mean {name}?"),
                None => "aiut hooks   lists them".to_owned(),
            }),
            Self::Absent(hook) => Some(match hook.sample() {
                Some(_) => format!("aiut hooks install {hook}   installs the sample"),
                None => format!("aiut hooks install {hook} FILE   installs a program of yours"),
            }),
            Self::InTheWay(hook) => Some(format!(
                "aiut hooks show {hook}   shows it; --force replaces it"
            )),
            Self::NoSample(hook) => Some(format!(
                "aiut hooks install {hook} FILE   installs a program of yours"
            )),
            Self::TooLarge(_) | Self::Trust(_) | Self::Io { .. } => None,
        }
    }
}

/// The hooks of a project, as its user agreed to them.
#[derive(Debug)]
pub struct Hooks<'p> {
    project: &'p Project,
    trust: Option<&'p TrustFile>,
}

impl<'p> Hooks<'p> {
    /// Those of `project`. Without a place for what was agreed to, none runs.
    #[must_use]
    pub fn of(project: &'p Project, trust: Option<&'p TrustFile>) -> Self {
        Self { project, trust }
    }

    /// Every hook.
    ///
    /// # Errors
    /// One cannot be read.
    pub fn list(&self) -> Result<Vec<FoundHook>, HookError> {
        Hook::ALL.into_iter().map(|hook| self.find(hook)).collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// It cannot be read, or is no file.
    pub fn find(&self, hook: Hook) -> Result<FoundHook, HookError> {
        let state = match self.read(hook)? {
            None => HookState::Absent,
            Some((_, false)) => HookState::NotExecutable,
            Some((bytes, true)) => {
                let agreed = match self.trust {
                    Some(trust) => trust.agreed(self.project.root())?,
                    None => Vec::new(),
                };
                match agreed.contains(&digest(hook, &bytes)) {
                    true => HookState::Runs,
                    false => HookState::NotAgreed,
                }
            }
        };
        Ok(FoundHook {
            hook,
            state,
            path: self.path(hook),
        })
    }

    /// The bytes of a hook that is there.
    ///
    /// # Errors
    /// It cannot be read, or is no file.
    pub fn installed(&self, hook: Hook) -> Result<Option<Vec<u8>>, HookError> {
        Ok(self.read(hook)?.map(|(bytes, _)| bytes))
    }

    /// Checks that a hook can be put there: none is, or this very one, or another one may be replaced.
    ///
    /// # Errors
    /// `InTheWay`; it cannot be read.
    pub fn check_free(&self, hook: Hook, bytes: &[u8], replace: bool) -> Result<(), HookError> {
        match self.read(hook)? {
            Some((there, _)) if there != bytes && !replace => Err(HookError::InTheWay(hook)),
            _ => Ok(()),
        }
    }

    /// Puts a hook there that the user was shown and agreed to.
    ///
    /// # Errors
    /// `TooLarge`; `Trust`, and then nothing is there; it cannot be written.
    pub fn install(&self, hook: Hook, bytes: &[u8]) -> Result<FoundHook, HookError> {
        let path = self.path(hook);
        if bytes.len() as u64 > MOST_BYTES {
            return Err(HookError::TooLarge(path));
        }
        self.agree_to(&digest(hook, bytes))?;
        let io = |source| HookError::Io {
            action: "write",
            path: path.clone(),
            source,
        };
        let own = self.project.tree().own();
        own.folder_made(FOLDER).map_err(io)?;
        while_nothing_starts(|| atomic::write_program_by_way_of(own, &path, bytes)).map_err(io)?;
        self.find(hook)
    }

    /// Agrees to a hook with these bytes: those that were shown, whatever lies there by now.
    ///
    /// # Errors
    /// `Trust`; it cannot be read.
    pub fn agree(&self, hook: Hook, bytes: &[u8]) -> Result<FoundHook, HookError> {
        self.agree_to(&digest(hook, bytes))?;
        self.find(hook)
    }

    /// Takes a hook away.
    ///
    /// # Errors
    /// `Absent`; it cannot be removed.
    pub fn remove(&self, hook: Hook) -> Result<(), HookError> {
        let found = self.find(hook)?;
        let folder = self.folder()?;
        let (Some(folder), true) = (folder, found.state != HookState::Absent) else {
            return Err(HookError::Absent(hook));
        };
        folder
            .remove_file(hook.name())
            .map_err(|source| HookError::Io {
                action: "remove",
                path: found.path,
                source,
            })
    }

    fn agree_to(&self, digest: &str) -> Result<(), HookError> {
        let trust = self.trust.ok_or(TrustError::NoPlace)?;
        Ok(trust.agree(self.project.root(), digest)?)
    }

    fn path(&self, hook: Hook) -> PathBuf {
        let own = self.project.tree().own();
        own.path_of(FOLDER).join(hook.name())
    }

    fn folder(&self) -> Result<Option<Folder>, HookError> {
        let own = self.project.tree().own();
        own.folder_if_any(FOLDER).map_err(|source| HookError::Io {
            action: "open",
            path: own.path_of(FOLDER),
            source,
        })
    }

    /// Its bytes, and whether it is executable.
    fn read(&self, hook: Hook) -> Result<Option<(Vec<u8>, bool)>, HookError> {
        let Some(folder) = self.folder()? else {
            return Ok(None);
        };
        let path = self.path(hook);
        let io = |source| HookError::Io {
            action: "read",
            path: path.clone(),
            source,
        };
        let file = match folder.read(hook.name()) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            file => file.map_err(io)?,
        };
        let about = file.metadata().map_err(io)?;
        Ok(Some((whole(file, &path)?, is_executable(&about))))
    }
}

/// A program of the user's own, to be installed.
///
/// # Errors
/// `TooLarge`; it cannot be read.
pub fn read_program(path: &Path) -> Result<Vec<u8>, HookError> {
    let file = regular::open(path).map_err(|source| HookError::Io {
        action: "read",
        path: path.to_owned(),
        source,
    })?;
    whole(file, path)
}

fn whole(file: File, path: &Path) -> Result<Vec<u8>, HookError> {
    let mut bytes = Vec::new();
    let read = file.take(MOST_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|source| HookError::Io {
        action: "read",
        path: path.to_owned(),
        source,
    })?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(HookError::TooLarge(path.to_owned()));
    }
    Ok(bytes)
}

/// What a user agrees to: this hook with these bytes.
fn digest(hook: Hook, bytes: &[u8]) -> String {
    let mut hasher = blake3::Hasher::new_derive_key("aiut hook");
    hasher.update(hook.name().as_bytes());
    hasher.update(&[0]);
    hasher.update(bytes);
    format!("hook {hook} {}", hasher.finalize())
}

#[cfg(unix)]
fn is_executable(about: &std::fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o100 != 0
}

#[cfg(not(unix))]
fn is_executable(_about: &std::fs::Metadata) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::layout;

    #[test]
    fn each_hook_is_a_name_of_the_layout() {
        for hook in Hook::ALL {
            assert!(layout::HOOKS.contains(&hook.name()), "{hook}");
        }
    }
}
