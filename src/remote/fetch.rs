//! Getting what the other side has and this one does not. No ref of this side moves: whoever calls this moves
//! them, as one operation.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::path::Path;
use std::sync::mpsc;

use crate::arrival::{Arrival, open_pack};
use crate::base::progress::{Progress, Unit};
use crate::error::io_error;
use crate::object::{CommitId, ObjectKind};
use crate::packing::{Parcel, parcels};
use crate::plan::find_common;
use crate::push::{again, check_advertised};
use crate::remote::Remote;
use crate::storage::Storage;
use crate::store::RecordId;
use crate::wire::{Advertised, Listed, Wanted};
use crate::{RemoteError, Result};

/// How often a download that breaks off without a byte is tried again.
const TRIES: u32 = 5;

/// What was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Where the remote stands. All that the chosen refs lead to is stored here now.
    pub there: Advertised,
    /// Records that came.
    pub records: usize,
    /// Bytes of the packs that they came in.
    pub bytes: u64,
}

/// Fetches everything that the remote's refs lead to, as far as `choose` wants them, and that is not here.
/// `tips` are the commits that refs of this side stand on: with them, all they lead to is here.
///
/// Packs lie in unnamed files in `scratch` and are taken over one after the other, so that what has come stays
/// when the next is interrupted; nothing of it is reached by a ref before all of it is there.
///
/// # Errors
/// `Needs` where it builds upon what is not here; `Refused` when the remote sends what it may not; what keeps it from answering.
pub fn fetch(
    remote: &dyn Remote,
    storage: &dyn Storage,
    tips: &[CommitId],
    choose: &dyn Fn(&str) -> bool,
    scratch: &Path,
    progress: &dyn Progress,
) -> Result<Fetched> {
    let there = again(|| remote.advertise())?;
    check_advertised(&there)?;
    let mut lacking = Vec::new();
    for id in remote.needs() {
        let commit = RecordId::of_object(ObjectKind::Commit, *id.as_bytes());
        if storage.stored(&commit)?.is_none() {
            lacking.push(id);
        }
    }
    if !lacking.is_empty() {
        return Err(RemoteError::Needs(lacking));
    }
    let chosen = there.refs.iter().filter(|(name, _)| choose(name));
    let wants: BTreeSet<CommitId> = chosen.map(|(_, commit)| *commit).collect();
    let ours: BTreeSet<CommitId> = tips.iter().copied().collect();
    let wants: Vec<CommitId> = wants.difference(&ours).copied().collect();
    let mut fetched = Fetched {
        there,
        records: 0,
        bytes: 0,
    };
    if wants.is_empty() {
        return Ok(fetched);
    }
    progress.start("Comparing", None, Unit::Items);
    let common = find_common(remote, storage, tips)?;
    let wanted = Wanted { wants, common };
    let listed = again(|| remote.list(&wanted))?;
    let mut missing: Vec<Listed> = Vec::new();
    for listed in listed {
        if !storage.has(&listed.record)? {
            missing.push(listed);
        }
    }
    progress.finish();
    let parcels = parcels(&missing);
    let bytes = parcels.iter().map(|parcel| parcel.bytes).sum();
    progress.start("Fetching", Some(bytes), Unit::Bytes);
    let received = receive_all(remote, &parcels, scratch, &mut |parcel, file| {
        take_over(storage, file, scratch)?;
        fetched.records += parcel.records.len();
        fetched.bytes += parcel.bytes;
        progress.advance(parcel.bytes);
        Ok(())
    });
    progress.finish();
    received?;
    // Whatever the other side listed: this is what it was asked for.
    let missing: Result<Vec<_>> = wanted
        .wants
        .iter()
        .map(|id| RecordId::of_object(ObjectKind::Commit, *id.as_bytes()))
        .filter_map(|record| match storage.has(&record) {
            Ok(true) => None,
            Ok(false) => Some(Ok(record)),
            Err(error) => Some(Err(error)),
        })
        .collect();
    match missing?.is_empty() {
        true => Ok(fetched),
        false => Err(RemoteError::Refused(format!(
            "{} did not send what it advertises",
            remote.name()
        ))),
    }
}

/// Downloads parcels, each while the one before is taken over.
fn receive_all(
    remote: &dyn Remote,
    parcels: &[Parcel],
    scratch: &Path,
    take: &mut dyn FnMut(&Parcel, File) -> Result<()>,
) -> Result<()> {
    let (sender, receiver) = mpsc::sync_channel(1);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for parcel in parcels {
                let received = receive(remote, parcel, scratch);
                let stop = received.is_err();
                // Nobody takes any more where taking over failed.
                if sender.send((parcel, received)).is_err() || stop {
                    return;
                }
            }
        });
        for (parcel, received) in receiver {
            take(parcel, received?)?;
        }
        Ok(())
    })
}

/// Downloads one parcel into a file without a name, going on where a connection broke.
fn receive(remote: &dyn Remote, parcel: &Parcel, scratch: &Path) -> Result<File> {
    let mut file = tempfile::tempfile_in(scratch).map_err(io_error("make a file in", scratch))?;
    let (mut have, mut tries) = (0, 0);
    loop {
        let mut out = Limited {
            file: &mut file,
            room: parcel.bytes - have,
        };
        let came = remote.download(&parcel.records, have, &mut out);
        let now = parcel.bytes - out.room;
        tries = if now > have { 0 } else { tries + 1 };
        have = now;
        match came {
            Ok(()) if have == parcel.bytes => return Ok(file),
            Ok(()) => {}
            Err(error) if !error.is_passing() => return Err(error),
            Err(error) if tries >= TRIES => return Err(error),
            Err(_) => {}
        }
        if tries >= TRIES {
            let what = format!("a pack breaks off at byte {have} of {}", parcel.bytes);
            return Err(RemoteError::Away(what));
        }
    }
}

/// Takes no more than was announced.
struct Limited<'f> {
    file: &'f mut File,
    room: u64,
}

impl io::Write for Limited<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() as u64 > self.room {
            return Err(io::Error::other("more came than was announced"));
        }
        io::Write::write_all(self.file, bytes)?;
        self.room -= bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::Write::flush(self.file)
    }
}

/// Checks a pack as the server does, and adds it: what a record names came before it, or is here.
fn take_over(storage: &dyn Storage, mut file: File, scratch: &Path) -> Result<()> {
    file.seek(SeekFrom::Start(0))
        .map_err(io_error("read", scratch))?;
    let packs = [open_pack(file, scratch)?];
    Arrival::new(storage, &packs).check()?;
    storage.add(&packs)
}
