//! Getting what the other side has and this one does not. No ref of this side moves: whoever calls this moves
//! them, as one operation.

use std::collections::{BTreeSet, HashSet};
use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::path::Path;
use std::sync::mpsc;

use crate::arrival::{Arrival, Left, open_pack};
use crate::base::progress::{Progress, Unit};
use crate::common::find_common;
use crate::error::io_error;
use crate::object::{CommitId, FileId, ObjectKind};
use crate::packing::{Parcel, parcels};
use crate::push::{again, check_advertised};
use crate::remote::Remote;
use crate::storage::Storage;
use crate::store::RecordId;
use crate::wire::{Advertised, Listed, Wanted};
use crate::{RemoteError, Result};

/// How often a download that breaks off without a byte is tried again.
const TRIES: u32 = 5;
/// So many records are asked about at once.
const ASKED: usize = 100_000;

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
    let request = FetchRequest {
        tips,
        choose,
        ends: &[],
        deepen: &[],
        part: None,
    };
    fetch_part(remote, storage, &request, scratch, progress)
}

/// What is to be fetched.
#[derive(Clone, Copy)]
pub struct FetchRequest<'f> {
    /// Commits of this side.
    pub tips: &'f [CommitId],
    /// Which refs of the other side are wanted, by their full names.
    pub choose: &'f dyn Fn(&str) -> bool,
    /// Commits that the history of this side ends before.
    pub ends: &'f [CommitId],
    /// Those of them that are wanted now, with all that they stand on.
    pub deepen: &'f [CommitId],
    /// What may stay away; none is nothing.
    pub part: Option<Part<'f>>,
}

/// What of a project may stay away.
#[derive(Clone, Copy)]
pub struct Part<'f> {
    /// Commits beyond so many from each of the refs on.
    pub depth: Option<u32>,
    /// Contents of files.
    pub objects_alone: bool,
    /// Notes, durably, what is not here on purpose: the remote has it. Called before what names it is added.
    pub promise: &'f dyn Fn(&Left) -> Result<()>,
}

/// As [`fetch`], of all or a part.
///
/// # Errors
/// As [`fetch`]; those of `promise`.
pub fn fetch_part(
    remote: &dyn Remote,
    storage: &dyn Storage,
    request: &FetchRequest<'_>,
    scratch: &Path,
    progress: &dyn Progress,
) -> Result<Fetched> {
    let FetchRequest { tips, choose, .. } = *request;
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
    let mut wants: Vec<CommitId> = wants.difference(&ours).copied().collect();
    wants.extend(request.deepen);
    let mut fetched = Fetched {
        there,
        records: 0,
        bytes: 0,
    };
    if wants.is_empty() {
        return Ok(fetched);
    }
    progress.start("Comparing", None, Unit::Items);
    // What older commits lead to may be in newer ones, which says nothing of what they stand on.
    let common = match request.deepen.is_empty() {
        true => find_common(remote, storage, tips)?,
        false => Vec::new(),
    };
    let wanted = Wanted {
        wants,
        common,
        ends: request.ends.to_vec(),
        depth: request.part.and_then(|part| part.depth),
        objects_alone: request.part.is_some_and(|part| part.objects_alone),
        files: Vec::new(),
    };
    let (records, bytes) = get(remote, storage, &wanted, request.part, scratch, progress)?;
    (fetched.records, fetched.bytes) = (records, bytes);
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
fn take_over(
    remote: &dyn Remote,
    storage: &dyn Storage,
    mut file: File,
    scratch: &Path,
    part: Option<Part<'_>>,
) -> Result<()> {
    file.seek(SeekFrom::Start(0))
        .map_err(io_error("read", scratch))?;
    let packs = [open_pack(file, scratch)?];
    let arrival = Arrival::new(storage, &packs);
    if let Some(part) = part {
        leave_out(remote, &arrival, part)?;
    }
    arrival.check()?;
    storage.add(&packs)
}

/// What may stay away of what arrived is promised, if the remote has it; the rest is missing.
fn leave_out(remote: &dyn Remote, arrival: &Arrival<'_>, part: Part<'_>) -> Result<()> {
    let mut left = arrival.left()?;
    if !part.objects_alone {
        left.files.clear();
    }
    if part.depth.is_none() {
        left.commits.clear();
    }
    let records = left.files.keys().map(|id| RecordId::of_blob(*id));
    let commits = left.commits.iter();
    let commits = commits.map(|id| RecordId::of_object(ObjectKind::Commit, *id.as_bytes()));
    let records: Vec<RecordId> = records.chain(commits).collect();
    let mut lacking = HashSet::new();
    for some in records.chunks(ASKED) {
        lacking.extend(again(|| remote.missing(None, some))?);
    }
    left.files
        .retain(|id, _| !lacking.contains(&RecordId::of_blob(*id)));
    left.commits
        .retain(|id| !lacking.contains(&RecordId::of_object(ObjectKind::Commit, *id.as_bytes())));
    match left.files.is_empty() && left.commits.is_empty() {
        true => Ok(()),
        false => (part.promise)(&left),
    }
}

/// Gets what the remote lists and this side lacks. Returns how many records came, and bytes.
fn get(
    remote: &dyn Remote,
    storage: &dyn Storage,
    wanted: &Wanted,
    part: Option<Part<'_>>,
    scratch: &Path,
    progress: &dyn Progress,
) -> Result<(usize, u64)> {
    let mut missing: Vec<Listed> = Vec::new();
    for listed in again(|| remote.list(wanted))? {
        if !storage.has(&listed.record)? {
            missing.push(listed);
        }
    }
    progress.finish();
    let parcels = parcels(&missing);
    let bytes = parcels.iter().map(|parcel| parcel.bytes).sum();
    progress.start("Fetching", Some(bytes), Unit::Bytes);
    let mut came = (0, 0);
    let received = receive_all(remote, &parcels, scratch, &mut |parcel, file| {
        take_over(remote, storage, file, scratch, part)?;
        came.0 += parcel.records.len();
        came.1 += parcel.bytes;
        progress.advance(parcel.bytes);
        Ok(())
    });
    progress.finish();
    received?;
    Ok(came)
}

/// Gets the contents of files that are not here. Returns how many records came, and bytes. What has come of one
/// that broke off stays, and is not sent again.
///
/// # Errors
/// `Absent` where the remote lacks one; as [`fetch`].
pub fn fetch_files(
    remote: &dyn Remote,
    storage: &dyn Storage,
    files: &[FileId],
    scratch: &Path,
    progress: &dyn Progress,
) -> Result<(usize, u64)> {
    let mut came = (0, 0);
    for some in files.chunks(ASKED) {
        progress.start("Comparing", None, Unit::Items);
        let wanted = Wanted {
            files: some.to_vec(),
            ..Wanted::default()
        };
        let (records, bytes) = get(remote, storage, &wanted, None, scratch, progress)?;
        came = (came.0 + records, came.1 + bytes);
    }
    Ok(came)
}

/// Those of these files that a remote has.
///
/// # Errors
/// As [`Remote::missing`].
pub fn files_at(remote: &dyn Remote, files: &[FileId]) -> Result<Vec<FileId>> {
    let mut there = Vec::new();
    for some in files.chunks(ASKED) {
        let records: Vec<RecordId> = some.iter().map(|id| RecordId::of_blob(*id)).collect();
        let lacking = again(|| remote.missing(None, &records))?;
        let lacking: HashSet<RecordId> = lacking.into_iter().collect();
        let has = |id: &&FileId| !lacking.contains(&RecordId::of_blob(**id));
        there.extend(some.iter().filter(has));
    }
    Ok(there)
}
