//! Pushes on their way: a folder each, with what it is about and what was uploaded.
//!
//! ```text
//! pushes/ID/push.json       since when, until when, what it came to
//! pushes/ID/lock            held by whoever uploads or commits
//! pushes/ID/PACK.part       a pack that has not arrived whole
//! pushes/ID/PACK.pack       one that has
//! ```
//! Nothing here is waited for until it is on the disk: what a power failure takes of an upload is found when the
//! push is committed, and sent again.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::arrival::open_pack;
use crate::base::atomic;
use crate::base::folder::{FileKind, Folder};
use crate::base::lock::{FileLock, Holder, LockError};
use crate::error::io_error;
use crate::ids::{PackId, SessionId};
use crate::store::{ExchangePack, StoreError};
use crate::wire::{Pushed, Session};
use crate::{RemoteError, Result};

const ABOUT: &str = "push.json";
const LOCK: &str = "lock";
/// How long a second request about the same push waits for the first.
const WAIT: Duration = Duration::from_secs(10);
/// How often a push is begun that others clear away meanwhile.
const TRIES: u32 = 10;
/// Written at a time.
const PIECE: usize = 256 << 10;

/// What is known of a push.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct About {
    expires: i64,
    since: u64,
    done: Option<Pushed>,
}

/// All pushes on their way to one project.
#[derive(Debug)]
pub(super) struct Sessions {
    pushes: Folder,
}

/// One of them.
#[derive(Debug)]
pub(super) struct Open<'s> {
    id: SessionId,
    folder: Folder,
    about: About,
    _of: &'s Sessions,
}

impl Sessions {
    pub(super) fn new(pushes: Folder) -> Self {
        Self { pushes }
    }

    /// The push of this name, begun if there is none or if it took too long.
    pub(super) fn begin(
        &self,
        id: &SessionId,
        now: i64,
        expires: i64,
        since: u64,
    ) -> Result<Open<'_>> {
        let name = id.to_string();
        let at = self.pushes.path_of(&name);
        for _ in 0..TRIES {
            match self.open(id, now) {
                Err(RemoteError::Ended) => {}
                open => return open,
            }
            // Whoever clears up takes a folder that says nothing yet, unless it is locked.
            let folder = match self.pushes.folder_made(&name) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                folder => folder.map_err(io_error("make", &at))?,
            };
            let _lock = match FileLock::acquire(&folder, LOCK, &Holder::default(), WAIT) {
                Err(LockError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                    continue;
                }
                lock => lock.map_err(StoreError::from)?,
            };
            if about(&folder)?.is_some_and(|about| about.expires > now) {
                continue;
            }
            let about = About {
                expires,
                since,
                done: None,
            };
            let open = Open {
                id: *id,
                folder,
                about,
                _of: self,
            };
            open.write_about(&open.about)?;
            return Ok(open);
        }
        Err(RemoteError::Away(
            "the push was cleared away as it began".to_owned(),
        ))
    }

    /// The push of this name.
    pub(super) fn open(&self, id: &SessionId, now: i64) -> Result<Open<'_>> {
        let name = id.to_string();
        let at = self.pushes.path_of(&name);
        let folder = self
            .pushes
            .folder_if_any(&name)
            .map_err(io_error("open", &at))?;
        let folder = folder.ok_or(RemoteError::Ended)?;
        let about = about(&folder)?.ok_or(RemoteError::Ended)?;
        if about.expires <= now {
            return Err(RemoteError::Ended);
        }
        Ok(Open {
            id: *id,
            folder,
            about,
            _of: self,
        })
    }

    fn all(&self) -> Result<Vec<(String, Folder)>> {
        let at = || self.pushes.path().to_owned();
        let mut found = Vec::new();
        for (name, kind) in self.pushes.list().map_err(io_error("list", at()))? {
            if kind == FileKind::Folder && name.parse::<SessionId>().is_ok() {
                let folder = self
                    .pushes
                    .folder_if_any(&name)
                    .map_err(io_error("open", at()))?;
                found.extend(folder.map(|folder| (name, folder)));
            }
        }
        Ok(found)
    }

    /// Removes those that took too long and that nobody works at.
    pub(super) fn clear(&self, now: i64) -> Result<usize> {
        let mut cleared = 0;
        for (name, folder) in self.all()? {
            if about(&folder)?.is_some_and(|about| about.expires > now) {
                continue;
            }
            let Ok(Some(_lock)) = FileLock::try_acquire(&folder, LOCK, &Holder::default()) else {
                continue;
            };
            // It may have begun meanwhile.
            if about(&folder)?.is_some_and(|about| about.expires > now) {
                continue;
            }
            let removed = self.pushes.remove_all(&name);
            removed.map_err(io_error("remove", self.pushes.path_of(&name)))?;
            cleared += 1;
        }
        Ok(cleared)
    }

    pub(super) fn bytes(&self) -> Result<u64> {
        self.all()?.iter().map(|(_, folder)| bytes_in(folder)).sum()
    }
}

/// What a push says of itself; none where it was never written.
fn about(folder: &Folder) -> Result<Option<About>> {
    let mut text = Vec::new();
    let read = folder
        .read(ABOUT)
        .and_then(|file| file.take(1 << 16).read_to_end(&mut text));
    match read {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        read => read.map_err(io_error("read", folder.path_of(ABOUT)))?,
    };
    Ok(serde_json::from_slice(&text).ok())
}

fn bytes_in(folder: &Folder) -> Result<u64> {
    let mut bytes = 0;
    for (name, _) in folder.list().map_err(io_error("list", folder.path()))? {
        let found = folder
            .find(&name)
            .map_err(io_error("examine", folder.path_of(&name)))?;
        bytes += found.map_or(0, |found| found.bytes);
    }
    Ok(bytes)
}

impl Open<'_> {
    /// Nobody else uploads to it or commits it meanwhile.
    pub(super) fn lock(&self) -> Result<FileLock> {
        FileLock::acquire(&self.folder, LOCK, &Holder::default(), WAIT).map_err(|error| match error
        {
            LockError::Busy { .. } => {
                RemoteError::Away("another connection still works at this push".to_owned())
            }
            error => RemoteError::Store(StoreError::Lock(error)),
        })
    }

    pub(super) fn since(&self) -> u64 {
        self.about.since
    }

    /// What it came to.
    pub(super) fn done(&self) -> Result<Option<Pushed>> {
        Ok(about(&self.folder)?.and_then(|about| about.done))
    }

    pub(super) fn tell(&self) -> Result<Session> {
        let packs = self.names(".pack")?;
        Ok(Session {
            id: self.id,
            expires: self.about.expires,
            packs,
            done: self.about.done.clone(),
        })
    }

    fn names(&self, suffix: &str) -> Result<Vec<PackId>> {
        let listed = self
            .folder
            .list()
            .map_err(io_error("list", self.folder.path()))?;
        let mut names: Vec<PackId> = listed
            .iter()
            .filter_map(|(name, _)| name.strip_suffix(suffix)?.parse().ok())
            .collect();
        names.sort_unstable();
        Ok(names)
    }

    fn write_about(&self, about: &About) -> Result<()> {
        let bytes = serde_json::to_vec(about).expect("it is text and numbers");
        let written = atomic::write_cache_in(&self.folder, ABOUT, &bytes);
        written.map_err(io_error("write", self.folder.path_of(ABOUT)))
    }

    /// Keeps what it came to, until it expires, and lets go of what was uploaded.
    pub(super) fn finish(&self, pushed: &Pushed) -> Result<()> {
        self.write_about(&About {
            done: Some(pushed.clone()),
            ..self.about.clone()
        })?;
        self.throw_away()
    }

    /// Removes what was uploaded.
    pub(super) fn throw_away(&self) -> Result<()> {
        for suffix in [".pack", ".part"] {
            for pack in self.names(suffix)? {
                let name = format!("{pack}{suffix}");
                let removed = self.folder.remove_file(&name);
                removed.map_err(io_error("remove", self.folder.path_of(&name)))?;
            }
        }
        Ok(())
    }

    /// The packs that have arrived.
    pub(super) fn packs(&self) -> Result<Vec<ExchangePack>> {
        let open = |pack: PackId| {
            let name = format!("{pack}.pack");
            let at = self.folder.path_of(&name);
            let file = self.folder.read(&name).map_err(io_error("open", &at))?;
            open_pack(file, &at)
        };
        self.names(".pack")?.into_iter().map(open).collect()
    }

    /// How much of a pack has arrived.
    pub(super) fn arrived(&self, pack: &PackId) -> Result<u64> {
        for suffix in ["pack", "part"] {
            let name = format!("{pack}.{suffix}");
            let found = self.folder.find_file(&name);
            let found = found.map_err(io_error("examine", self.folder.path_of(&name)))?;
            if let Some(found) = found {
                return Ok(found.bytes);
            }
        }
        Ok(0)
    }

    /// Takes in the rest of a pack.
    pub(super) fn upload(
        &self,
        pack: &PackId,
        bytes: u64,
        offset: u64,
        rest: &mut dyn Read,
        most: u64,
    ) -> Result<u64> {
        let _alone = self.lock()?;
        let (whole, part) = (format!("{pack}.pack"), format!("{pack}.part"));
        let at = self.folder.path_of(&part);
        let has = self
            .folder
            .find_file(&whole)
            .map_err(io_error("examine", &at))?;
        if let Some(found) = has {
            return Ok(found.bytes);
        }
        let mut file = self
            .folder
            .open_or_create(&part)
            .map_err(io_error("open", &at))?;
        let have = file.metadata().map_err(io_error("examine", &at))?.len();
        if have != offset || offset > bytes {
            if have > bytes {
                // It is no part of what is sent now.
                file.set_len(0).map_err(io_error("cut", &at))?;
                return Err(RemoteError::Offset { have: 0 });
            }
            return Err(RemoteError::Offset { have });
        }
        let others = bytes_in(&self.folder)?;
        if others + (bytes - offset) > most {
            return Err(RemoteError::Full(format!(
                "one push may upload {most} bytes"
            )));
        }
        let have = append(&mut file, have, bytes, rest).map_err(|error| match error {
            Appended::Source(error) => RemoteError::Away(format!("the connection broke: {error}")),
            Appended::Sink(error) if is_full(&error) => {
                RemoteError::Full("the disk is full".to_owned())
            }
            Appended::Sink(error) => io_error("write", &at)(error),
        })?;
        if have == bytes {
            let moved = self.folder.rename(&part, &self.folder, &whole);
            moved.map_err(io_error("move", &at))?;
        }
        Ok(have)
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}

/// Which side failed.
enum Appended {
    Source(io::Error),
    Sink(io::Error),
}

/// Appends what comes, up to `bytes` in all. Returns how many there are. What came before an error stays.
fn append(file: &mut File, have: u64, bytes: u64, rest: &mut dyn Read) -> Result<u64, Appended> {
    file.seek(SeekFrom::Start(have)).map_err(Appended::Sink)?;
    let (mut have, mut piece) = (have, vec![0; PIECE]);
    while have < bytes {
        let most = usize::try_from(bytes - have).unwrap_or(PIECE).min(PIECE);
        let read = match rest.read(&mut piece[..most]) {
            Ok(0) => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read.map_err(Appended::Source)?,
        };
        file.write_all(&piece[..read]).map_err(Appended::Sink)?;
        have += read as u64;
    }
    Ok(have)
}
