//! Sending what is new here, and moving the refs of the other side.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, Read};
use std::sync::mpsc;

use crate::base::progress::{Progress, Unit};
use crate::common::find_common;
use crate::ids::{SessionId, first_sixteen};
use crate::names::is_shared;
use crate::object::{CommitId, check_full_ref, check_ref_name};
use crate::packing::{Parcel, parcels, write_parcel};
use crate::plan::{PlanOf, plan_of};
use crate::remote::Remote;
use crate::storage::Storage;
use crate::store::RecordId;
use crate::wire::{Advertised, Listed, Push, RefMove};
use crate::{RemoteError, Result};

/// How often something that may pass is tried again.
const TRIES: u32 = 5;
/// Most records that are asked about at a time.
const ASKED: usize = 100_000;

/// What is to be pushed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PushRequest {
    /// Where the remote's refs are to be, by their full names; none takes a ref away.
    pub to: BTreeMap<String, Option<CommitId>>,
    /// Where they have to be now, for those that somebody looked at (`--force-with-lease`); the others are
    /// expected where the remote says they are.
    pub from: BTreeMap<String, Option<CommitId>>,
    /// Whether refs may leave commits behind.
    pub force: bool,
}

/// What was pushed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Refs that moved, with both places.
    pub moved: BTreeMap<String, RefMove>,
    /// Records that were sent.
    pub records: usize,
    /// Bytes that were sent, those of an interrupted try of before not counted.
    pub bytes: u64,
}

/// Sends what the refs of a push lead to and the remote does not have, and moves them. The same push goes on
/// where one that was interrupted stopped.
///
/// # Errors
/// `Moved`, `NotForward`, `Refused`: nothing moved. `Away` where nobody knows: the same push finds out.
pub fn push(
    remote: &dyn Remote,
    storage: &dyn Storage,
    request: &PushRequest,
    progress: &dyn Progress,
) -> Result<Report> {
    let there = again(|| remote.advertise())?;
    check_advertised(&there)?;
    let moves = moves_of(&there, request);
    if moves.is_empty() {
        return Ok(Report::default());
    }
    let session = begin(remote, &there, &moves)?;
    let mut report = Report {
        moved: moves.clone(),
        ..Report::default()
    };
    let push = Push {
        moves,
        force: request.force,
    };
    let listed = list(remote, storage, &there, &push, progress)?;
    // What is missing may change: others push, and what nothing needs is let go of.
    for round in 0.. {
        let missing = missing(remote, &session, &listed)?;
        send(remote, storage, &session, &missing, &mut report, progress)?;
        match again(|| remote.commit(&session, &push)) {
            Ok(_) => break,
            Err(RemoteError::Missing(_)) if round < 2 => {}
            Err(RemoteError::Ended) if has_moved(remote, &push)? => break,
            Err(error) => return Err(error),
        }
    }
    Ok(report)
}

/// Whether all refs are where the push was to bring them: its answer was lost, and it is known no more.
fn has_moved(remote: &dyn Remote, push: &Push) -> Result<bool> {
    let refs = again(|| remote.advertise())?.refs;
    let is_there = |(name, to): (&String, &RefMove)| refs.get(name).copied() == to.to;
    Ok(push.moves.iter().all(is_there))
}

/// What the other side says of itself has to be of this protocol, and its names have to be names: they become
/// refs here, and are shown.
pub(crate) fn check_advertised(there: &Advertised) -> Result<()> {
    if there.protocol != crate::PROTOCOL {
        return Err(RemoteError::Protocol {
            theirs: there.protocol,
            ours: crate::PROTOCOL,
        });
    }
    let is_wrong = |name: &String| !is_shared(name) || check_full_ref(name).is_err();
    if let Some(name) = there.refs.keys().find(|name| is_wrong(name)) {
        let what = format!("the other side has a ref that is called {name:?}, which is no name");
        return Err(RemoteError::Refused(what));
    }
    check_ref_name(&there.head).map_err(|error| RemoteError::Refused(error.to_string()))
}

/// The refs that have to move.
fn moves_of(there: &Advertised, request: &PushRequest) -> BTreeMap<String, RefMove> {
    let of = |(name, to): (&String, &Option<CommitId>)| {
        let found = there.refs.get(name).copied();
        let from = request.from.get(name).copied().unwrap_or(found);
        let moves = *to != found || from != found;
        let gone = to.is_none() && found.is_none() && from.is_none();
        (moves && !gone).then(|| (name.clone(), RefMove { from, to: *to }))
    };
    request.to.iter().filter_map(of).collect()
}

/// Begins a push. Its name follows from what it moves, so that the same one is found again; where one of that
/// name was done and then undone by somebody, the next name is taken.
fn begin(
    remote: &dyn Remote,
    there: &Advertised,
    moves: &BTreeMap<String, RefMove>,
) -> Result<SessionId> {
    for count in 0_u32.. {
        let mut hasher = blake3::Hasher::new_derive_key("aiut 2026 push v1");
        hasher
            .update(there.project.as_bytes())
            .update(&count.to_le_bytes());
        for (name, RefMove { from, to }) in moves {
            hasher
                .update(&(name.len() as u64).to_le_bytes())
                .update(name.as_bytes());
            for side in [from, to] {
                hasher.update(&side.map_or([0; 32], |commit| *commit.as_bytes()));
            }
        }
        let id = SessionId(first_sixteen(&hasher.finalize()));
        if again(|| remote.begin(&id))?.done.is_none() {
            return Ok(id);
        }
    }
    unreachable!("a name that was not used is found before four billion")
}

/// Everything that the push leads to and the remote's refs do not.
fn list(
    remote: &dyn Remote,
    storage: &dyn Storage,
    there: &Advertised,
    push: &Push,
    progress: &dyn Progress,
) -> Result<Vec<Listed>> {
    progress.start("Comparing", None, Unit::Items);
    let tips: Vec<CommitId> = push.moves.values().filter_map(|to| to.to).collect();
    let theirs: HashSet<CommitId> = there.refs.values().copied().collect();
    let (mut common, mut strange) = (Vec::new(), false);
    for id in theirs {
        match storage.stored(&RecordId::of_object(
            crate::object::ObjectKind::Commit,
            *id.as_bytes(),
        ))? {
            Some(_) => common.push(id),
            None => strange = true,
        }
    }
    if strange {
        common.extend(find_common(remote, storage, &tips)?);
    }
    let of = PlanOf {
        may_lack: true,
        ..PlanOf::new(&tips, &common)
    };
    let listed = plan_of(storage, &of);
    progress.finish();
    listed
}

/// Those of a list that the remote does not have.
fn missing(remote: &dyn Remote, session: &SessionId, listed: &[Listed]) -> Result<Vec<Listed>> {
    let mut found = Vec::new();
    for some in listed.chunks(ASKED) {
        let records: Vec<RecordId> = some.iter().map(|listed| listed.record).collect();
        let missing = again(|| remote.missing(Some(session), &records))?;
        let missing: HashSet<RecordId> = missing.into_iter().collect();
        found.extend(
            some.iter()
                .filter(|listed| missing.contains(&listed.record)),
        );
    }
    Ok(found)
}

fn send(
    remote: &dyn Remote,
    storage: &dyn Storage,
    session: &SessionId,
    missing: &[Listed],
    report: &mut Report,
    progress: &dyn Progress,
) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    let parcels = parcels(missing);
    let bytes = parcels.iter().map(|parcel| parcel.bytes).sum();
    progress.start("Sending", Some(bytes), Unit::Bytes);
    for parcel in &parcels {
        report.bytes += send_parcel(remote, storage, session, parcel)?;
        report.records += parcel.records.len();
        progress.advance(parcel.bytes);
    }
    progress.finish();
    Ok(())
}

/// Sends what has not arrived of a parcel. Returns the bytes sent.
fn send_parcel(
    remote: &dyn Remote,
    storage: &dyn Storage,
    session: &SessionId,
    parcel: &Parcel,
) -> Result<u64> {
    let mut offset = again(|| remote.arrived(session, &parcel.id))?;
    let mut sent = 0;
    let mut tries = 0;
    while offset < parcel.bytes {
        let came = piped(
            &|out| write_parcel(storage, &parcel.records, offset, out),
            &mut |rest| remote.upload(session, &parcel.id, parcel.bytes, offset, rest),
        );
        match came {
            Ok(have) => {
                sent += have.saturating_sub(offset);
                tries = if have > offset { 0 } else { tries + 1 };
                offset = have;
            }
            Err(RemoteError::Offset { have }) => {
                offset = have;
                tries += 1;
            }
            Err(error) if error.is_passing() => {
                tries += 1;
                if tries >= TRIES {
                    return Err(error);
                }
                let have = again(|| remote.arrived(session, &parcel.id))?;
                sent += have.saturating_sub(offset);
                offset = have;
            }
            Err(error) => return Err(error),
        }
        if tries >= TRIES {
            return Err(RemoteError::Away(format!(
                "a pack does not arrive: {offset} of {} bytes",
                parcel.bytes
            )));
        }
    }
    Ok(sent)
}

/// Reads in one thread what another writes. An error of the writer is the one that is told.
fn piped(
    write: &(dyn Fn(&mut dyn io::Write) -> Result<u64> + Sync),
    read: &mut dyn FnMut(&mut (dyn Read + Send)) -> Result<u64>,
) -> Result<u64> {
    let (sender, receiver) = mpsc::sync_channel(4);
    std::thread::scope(|scope| {
        let writer = scope.spawn(move || {
            let mut out = io::BufWriter::with_capacity(256 << 10, Sender(sender));
            let written = write(&mut out)?;
            io::Write::flush(&mut out)
                .map_err(|error| RemoteError::Away(format!("the connection broke: {error}")))?;
            Ok(written)
        });
        let mut rest = Receiver {
            receiver,
            piece: Vec::new(),
            at: 0,
        };
        let read = read(&mut rest);
        drop(rest);
        match writer.join().expect("a writer of packs does not panic") {
            Err(RemoteError::Away(_)) | Ok(_) => read,
            Err(error) => Err(error),
        }
    })
}

struct Sender(mpsc::SyncSender<Vec<u8>>);

impl io::Write for Sender {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.send(bytes.to_vec());
        sent.map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Receiver {
    receiver: mpsc::Receiver<Vec<u8>>,
    piece: Vec<u8>,
    at: usize,
}

impl Read for Receiver {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.piece.len() {
            match self.receiver.recv() {
                Ok(piece) => (self.piece, self.at) = (piece, 0),
                Err(_) => return Ok(0),
            }
        }
        let most = buffer.len().min(self.piece.len() - self.at);
        buffer[..most].copy_from_slice(&self.piece[self.at..self.at + most]);
        self.at += most;
        Ok(most)
    }
}

/// Asks again while what is wrong may pass. The waiting is the remote's: one that knows how long it takes.
pub(crate) fn again<T>(mut ask: impl FnMut() -> Result<T>) -> Result<T> {
    let mut tries = 1;
    loop {
        match ask() {
            Err(error) if error.is_passing() && tries < TRIES => tries += 1,
            answer => return answer,
        }
    }
}
