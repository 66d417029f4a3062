//! Walking a pack record by record: after a crash, or when its index is lost.
//!
//! What counts is whole batches. Behind the last one there may be a torn tail, which was never
//! acknowledged and is cut. A broken batch that has an end, or a sound one behind it, is damage: it
//! stays, what is sound in it is kept, and the rest is told.
//!
//! Of the very last batch an end says little: the disk may have kept it and lost what lies before,
//! as nothing orders writes that were not synced. A sector that was never written reads as zeros,
//! which no record holds for so long: with one of these, nobody was ever told of it.

use super::error::Result;
use super::facts::{Fact, RecordEntry};
use super::limits::MAX_PACK_LENGTH;
use super::pack::{BATCH_RECORD_BYTES, Pack, batch_hasher};
use super::record::{BATCH_MAGIC, Broken, HEAD, HEADER_BYTES, Header, RecordKind};
use super::salvage::{Patience, next_batch_end, sound_records};
use crate::object::MAX_OBJECT_BYTES;

/// What a disk writes whole or not at all.
const SECTOR_BYTES: u64 = 512;

/// What a pack holds from some offset on.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Records of whole batches.
    pub(super) entries: Vec<RecordEntry>,
    /// Where the last whole batch ends.
    pub(super) end: u64,
    /// The id of that batch end, if there was one.
    pub(super) tail: Option<[u8; 32]>,
    /// Batches that were whole once and are broken.
    pub(super) damage: Vec<Damage>,
    /// The last batch, if it has an end and was never wholly written.
    last: Option<Last>,
}

/// What precedes a last batch that was never wholly written.
#[derive(Debug)]
struct Last {
    start: u64,
    tail: Option<[u8; 32]>,
}

impl Scan {
    /// Where a last batch begins that was never wholly written.
    pub(super) fn unwritten(&self) -> Option<u64> {
        self.last.as_ref().map(|last| last.start)
    }

    /// The same without a last batch that was never wholly written, if all that was acknowledged ends
    /// before it: at `vouched`.
    pub(super) fn without_broken_end(mut self, vouched: u64) -> Self {
        if let Some(last) = self.last.take_if(|last| last.start >= vouched) {
            self.entries.retain(|entry| entry.offset < last.start);
            self.damage.pop();
            (self.end, self.tail) = (last.start, last.tail);
        }
        self
    }

    /// Keeps what is sound of a broken batch.
    fn keep(&mut self, sound: Vec<RecordEntry>, damage: Damage, end: u64, unwritten: bool) {
        if unwritten {
            let (start, tail) = (self.end, self.tail);
            self.last = Some(Last { start, tail });
        }
        self.entries.extend(sound);
        self.damage.push(damage);
        self.end = end;
    }
}

/// A stretch of a pack that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Damage {
    pub(super) offset: u64,
    pub(super) what: Broken,
}

/// Why the end of a pack is not looked at.
pub(super) const TOO_LONG: &str = "it goes on, and a pack ends before 4 GiB";

/// Reads every batch between `from` and `to`.
pub(super) fn scan(pack: &Pack, from: u64, to: u64) -> Result<Scan> {
    let mut found = Scan {
        end: from,
        ..Scan::default()
    };
    let (whole, to) = (to, to.min(MAX_PACK_LENGTH));
    let mut patience = Patience::with(to.saturating_sub(from));
    while found.end < to {
        match batch(pack, found.end, to)? {
            Ok((entries, end, tail)) => {
                found.entries.extend(entries);
                (found.end, found.tail) = (end, Some(tail));
            }
            Err(damage) if !patience.bears(read_for(pack, found.end, &damage, to)) => {
                let sound = salvage(pack, found.end, to, &mut patience)?;
                found.keep(sound, damage, to, false);
            }
            Err(damage) => match next_batch_end(pack, found.end, to)? {
                Some((end, tail)) => {
                    let last = end - BATCH_RECORD_BYTES;
                    let sound = salvage(pack, found.end, last, &mut patience)?;
                    let unwritten = end == to && has_hole(pack, found.end, end)?;
                    found.keep(sound, damage, end, unwritten);
                    found.tail = Some(tail);
                }
                None if looks_ended(pack, found.end, to)? => {
                    let sound = salvage(pack, found.end, to, &mut patience)?;
                    let unwritten = has_hole(pack, found.end, to)?;
                    found.keep(sound, damage, to, unwritten);
                }
                None => break,
            },
        }
    }
    if to < whole {
        found.damage.push(Damage {
            offset: to,
            what: TOO_LONG,
        });
    }
    Ok(found)
}

/// Bytes that were read of a batch that begins at `start` before it turned out to be broken.
fn read_for(pack: &Pack, start: u64, damage: &Damage, to: u64) -> u64 {
    let broken = match pack.header(damage.offset) {
        Ok(header) if header.total() <= to - damage.offset => header.total(),
        _ => HEADER_BYTES as u64,
    };
    damage.offset - start + broken
}

type Batch = (Vec<RecordEntry>, u64, [u8; 32]);

/// The batch at `start`: its records, where it ends, and the id of its end.
fn batch(pack: &Pack, start: u64, to: u64) -> Result<Result<Batch, Damage>> {
    let mut hasher = batch_hasher();
    let mut entries = Vec::new();
    let mut at = start;
    loop {
        let (header, raw) = match record(pack, at, to)? {
            Ok(record) => record,
            Err(what) => return Ok(Err(Damage { offset: at, what })),
        };
        match header.kind {
            RecordKind::BatchEnd => {
                let whole = *hasher.finalize().as_bytes() == header.id;
                if !whole || batch_numbers(&raw) != Some((at - start, entries.len() as u32)) {
                    let what = "the end of a batch that does not fit it";
                    return Ok(Err(Damage { offset: at, what }));
                }
                return Ok(Ok((entries, at + header.total(), header.id)));
            }
            RecordKind::Footer => {
                return Ok(Err(Damage {
                    offset: at,
                    what: "a footer inside a batch",
                }));
            }
            _ => {
                pack.admit(header.kind, at)?;
                hasher.update(&header.to_bytes());
                entries.push(RecordEntry::new(
                    &header,
                    at,
                    Fact::of(header.kind, header.id, &raw),
                ));
                at += header.total();
            }
        }
    }
}

/// The record at `at`, verified, if it ends before `to`.
pub(super) fn record(pack: &Pack, at: u64, to: u64) -> Result<Result<(Header, Vec<u8>), Broken>> {
    if at + HEADER_BYTES as u64 > to {
        return Ok(Err("a record that is cut off"));
    }
    let mut bytes = [0; HEADER_BYTES];
    pack.read(&mut bytes, at)?;
    let header = match Header::parse(&bytes) {
        Ok(header) if at + header.total() > to => return Ok(Err("a record that is cut off")),
        Ok(header) => header,
        Err(what) => {
            refuse_later(pack, at, to, &bytes)?;
            return Ok(Err(what));
        }
    };
    let mut payload = vec![0; header.stored as usize];
    pack.read(&mut payload, at + HEADER_BYTES as u64)?;
    Ok(header.open(payload).map(|raw| (header, raw)))
}

/// Refuses a record that a later aiut wrote and that may not be passed over.
///
/// # Errors
/// `TooNew`, or an I/O error.
pub(super) fn refuse_later(
    pack: &Pack,
    at: u64,
    to: u64,
    bytes: &[u8; HEADER_BYTES],
) -> Result<()> {
    let Some((stored, what)) = Header::of_later(bytes) else {
        return Ok(());
    };
    let from = at + HEADER_BYTES as u64;
    if stored as usize > MAX_OBJECT_BYTES || from + u64::from(stored) > to {
        return Ok(());
    }
    let mut payload = vec![0; stored as usize];
    pack.read(&mut payload, from)?;
    match Header::is_sound_later(bytes, &payload) {
        true if bytes[0] == HEAD => {
            let what = "a record that no pack may hold: it says where a project stands".to_owned();
            Err(pack.refused(at, what))
        }
        true => Err(pack.unknown(at, &what)),
        false => Ok(()),
    }
}

/// The sound records of a broken batch.
fn salvage(pack: &Pack, start: u64, to: u64, patience: &mut Patience) -> Result<Vec<RecordEntry>> {
    let mut entries = Vec::new();
    sound_records(pack, start, to, patience, &mut |header, at, raw| {
        if header.kind != RecordKind::BatchEnd {
            entries.push(RecordEntry::new(
                &header,
                at,
                Fact::of(header.kind, header.id, raw),
            ));
        }
    })?;
    Ok(entries)
}

/// Whether some sector of a batch is all zeros. The last bytes of a batch may be, rightly.
fn has_hole(pack: &Pack, start: u64, end: u64) -> Result<bool> {
    let mut at = start;
    let end = end.saturating_sub(8);
    let mut buffer = Vec::new();
    while at < end {
        let next = (at - at % SECTOR_BYTES + SECTOR_BYTES).min(end);
        buffer.resize((next - at) as usize, 0);
        pack.read(&mut buffer, at)?;
        if buffer.iter().all(|byte| *byte == 0) {
            return Ok(true);
        }
        at = next;
    }
    Ok(false)
}

/// Whether a batch once ended here: what a crash tears has no end, what is damaged has one that is
/// broken at most in part.
pub(super) fn looks_ended(pack: &Pack, from: u64, to: u64) -> Result<bool> {
    let Some(at) = to.checked_sub(BATCH_RECORD_BYTES).filter(|at| *at >= from) else {
        return Ok(false);
    };
    let mut bytes = [0; BATCH_RECORD_BYTES as usize];
    pack.read(&mut bytes, at)?;
    let (head, payload) = bytes
        .split_first_chunk::<HEADER_BYTES>()
        .expect("it has 72 bytes");
    let is_end = |header: Header| header.kind == RecordKind::BatchEnd;
    Ok(payload.starts_with(BATCH_MAGIC) || Header::parse(head).is_ok_and(is_end))
}

/// Bytes and records of the batch, as its end says.
pub(super) fn batch_numbers(payload: &[u8]) -> Option<(u64, u32)> {
    let rest = payload.strip_prefix(BATCH_MAGIC)?;
    let (bytes, records) = rest.split_first_chunk::<8>()?;
    Some((
        u64::from_le_bytes(*bytes),
        u32::from_le_bytes(records.try_into().ok()?),
    ))
}

/// The records between `from` and `to` by their headers alone, payloads unread: for a footer.
pub(super) fn headers(pack: &Pack, from: u64, to: u64) -> Result<Vec<RecordEntry>> {
    let mut entries = Vec::new();
    let mut at = from;
    while at < to {
        let header = pack.header(at)?;
        pack.admit(header.kind, at)?;
        if header.kind != RecordKind::BatchEnd {
            entries.push(RecordEntry::new(&header, at, None));
        }
        at += header.total();
    }
    Ok(entries)
}
