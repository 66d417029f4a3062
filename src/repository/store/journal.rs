//! Where this project stands: `heads`, a journal of its own beside the packs, never exchanged.
//!
//! ```text
//! bytes of the pack → fsync → record of the journal → fsync → index, which nothing waits for
//! ```
//! A record says which operations are the current ones and how far packs were acknowledged. What the
//! packs hold beyond that are objects like any other: nothing stands on them. The file has its full
//! length from the beginning, so that a record is written over zeros and its sync changes no length; once
//! it is full it is replaced whole.
//!
//! A record that does not hold was torn where zeros stand in it that nobody writes: it was never
//! acknowledged. Anything else is damage. Then the journal counts for nothing, and is made anew from the
//! operations in the packs.

use std::collections::BTreeMap;
use std::io::Read as _;

use super::error::{Result, StoreError, io_error};
use super::house::House;
use super::pack::{Appender, random_uuid};
use crate::base::atomic;
use crate::base::folder::Found as FoundFile;
use crate::object::OperationId;

/// The file of the journal.
pub(super) const JOURNAL: &str = "heads";

const MAGIC: &[u8; 8] = b"aiuthead";
const VERSION: u8 = 1;
const HEADER_BYTES: usize = 64;
const CHECK_BYTES: usize = 16;
/// The last byte of a record, so that one that was cut short ends in a zero.
const LAST: u8 = 0xff;
/// Bytes of a record without heads and packs: length, sequence number, two counts, check, last byte.
const LEAST_RECORD_BYTES: usize = 4 + 8 + 1 + 4 + CHECK_BYTES + 1;
/// Number, random number, length.
const PACK_BYTES: usize = 28;
/// Room for this much behind the first record: some hundred commits.
const ROOM_BYTES: usize = 32 << 10;
/// Longest that is read: some million packs.
const MAX_BYTES: u64 = 64 << 20;
/// Most operations that stand side by side.
const MAX_HEADS: usize = 255;
/// What a disk writes whole or not at all.
const SECTOR_BYTES: usize = 512;

/// Which journal, and which of its records: where an index says that it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// The random number of the journal.
    pub(super) uuid: [u8; 16],
    /// That of the record: each has one more than the one before.
    pub(super) sequence: u64,
}

/// How far a pack was acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Acknowledged {
    /// The random number in its header.
    pub(super) uuid: [u8; 16],
    /// Bytes from its beginning on.
    pub(super) length: u64,
}

pub(super) type AcknowledgedPacks = BTreeMap<u32, Acknowledged>;

/// What the last record of a journal says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Journal {
    pub(super) mark: Mark,
    /// Operations that no other of this project followed, the current one first.
    pub(super) heads: Vec<OperationId>,
    pub(super) packs: AcknowledgedPacks,
    /// Where the next record goes in the file.
    end: usize,
    /// Bytes of the file.
    capacity: usize,
    /// Whether zeros stand there, to be written over.
    ready: bool,
}

/// What there is of a journal.
#[derive(Debug)]
pub(super) enum Found {
    Sound(Journal),
    Missing,
    /// What does not hold.
    Damaged(String),
}

impl Found {
    pub(super) fn sound(self) -> Option<Journal> {
        match self {
            Self::Sound(journal) => Some(journal),
            _ => None,
        }
    }
}

impl Journal {
    /// The first record of a new journal, not yet written.
    pub(super) fn new(heads: Vec<OperationId>, packs: AcknowledgedPacks) -> Self {
        let uuid = random_uuid();
        Self {
            mark: Mark { uuid, sequence: 1 },
            heads,
            packs,
            end: 0,
            capacity: 0,
            ready: false,
        }
    }

    /// The same journal saying this, not yet written.
    pub(super) fn followed_by(&self, heads: Vec<OperationId>, packs: AcknowledgedPacks) -> Self {
        let mut next = Self::new(heads, packs);
        next.mark = Mark {
            sequence: self.mark.sequence + 1,
            ..self.mark
        };
        next
    }

    /// Reads that of a store.
    ///
    /// # Errors
    /// `TooNew`, or an I/O error. Damage is none.
    pub(super) fn read(house: &House) -> Result<Found> {
        let path = house.own.path_of(JOURNAL);
        let mut bytes = Vec::new();
        let read = house
            .own
            .read(JOURNAL)
            .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes));
        match read {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Found::Missing);
            }
            read => read.map_err(io_error("read", &path))?,
        };
        if bytes.len() as u64 > MAX_BYTES {
            return Ok(Found::Damaged("it is longer than any journal".to_owned()));
        }
        let Some(header) = bytes.first_chunk::<HEADER_BYTES>() else {
            return Ok(Found::Damaged("it ends in its header".to_owned()));
        };
        if header[..8] != MAGIC[..] || header[48..] != blake3::hash(&header[..48]).as_bytes()[..16]
        {
            return Ok(Found::Damaged("its header".to_owned()));
        }
        if header[8] != VERSION {
            let what = "was written by a later aiut".to_owned();
            return Err(StoreError::TooNew {
                path,
                what,
                needs: None,
            });
        }
        if header[16..32] != house.project.as_bytes()[..] {
            return Ok(Found::Damaged("it is that of another project".to_owned()));
        }
        Ok(match parse(&bytes, header) {
            Ok(journal) => Found::Sound(journal),
            Err((at, what)) => Found::Damaged(format!("byte {at}: {what}")),
        })
    }

    /// The operation that is the current one.
    pub(super) fn head(&self) -> Option<OperationId> {
        self.heads.first().copied()
    }

    /// The heads once an operation follows these.
    pub(super) fn heads_with(
        &self,
        operation: OperationId,
        parents: &[OperationId],
    ) -> Vec<OperationId> {
        let rest = self.heads.iter().copied();
        let rest = rest.filter(|head| *head != operation && !parents.contains(head));
        let all = std::iter::once(operation).chain(rest);
        all.take(MAX_HEADS).collect()
    }

    /// Writes it whole, durably. Under the store's lock.
    pub(super) fn write(&mut self, house: &House) -> Result<()> {
        let header = header_of(house, &self.mark.uuid);
        let mut bytes = header.to_vec();
        self.heads.truncate(MAX_HEADS);
        let packs: Vec<_> = self.packs.iter().map(|(n, pack)| (*n, *pack)).collect();
        bytes.extend(record(&header, self.mark.sequence, &self.heads, &packs));
        let end = bytes.len();
        bytes.resize((end + ROOM_BYTES).next_multiple_of(4096), 0);
        atomic::write_in(&house.own, JOURNAL, &bytes)
            .map_err(io_error("write", &house.own.path_of(JOURNAL)))?;
        (self.end, self.capacity, self.ready) = (end, bytes.len(), true);
        Ok(())
    }

    /// Says that these are the heads and that these packs were written so far, durably. Under the
    /// store's lock, when that is on the disk. What it says can be taken back.
    ///
    /// # Errors
    /// An I/O error: nothing is said then, unless the error is `Unsure`.
    pub(super) fn append(
        &mut self,
        house: &House,
        heads: Vec<OperationId>,
        packs: &[(u32, Acknowledged)],
    ) -> Result<Said> {
        let header = header_of(house, &self.mark.uuid);
        let sequence = self.mark.sequence + 1;
        let bytes = record(&header, sequence, &heads, packs);
        let file = self.file_with_room(house, bytes.len())?;
        let mut appender = Appender {
            file,
            path: house.own.path_of(JOURNAL),
            length: self.end as u64,
        };
        let said = Said {
            at: self.end as u64,
            bytes: bytes.len(),
        };
        if let Err(error) = appender.append(&bytes).and_then(|()| appender.sync()) {
            appender.length = said.at;
            return Err(match appender.append(&vec![0; bytes.len()]) {
                Ok(()) => error,
                Err(_) => StoreError::Unsure(Box::new(error)),
            });
        }
        self.mark.sequence = sequence;
        self.heads = heads;
        self.packs.extend(packs.iter().copied());
        self.end += bytes.len();
        Ok(said)
    }

    /// The file, with zeros where the next record goes. One that has other names is left to them.
    fn file_with_room(&mut self, house: &House, bytes: usize) -> Result<std::fs::File> {
        let path = house.own.path_of(JOURNAL);
        let open = || {
            house
                .own
                .read_and_write(JOURNAL)
                .map_err(io_error("open", &path))
        };
        if self.ready && self.end + bytes <= self.capacity {
            let file = open()?;
            let names = FoundFile::of(&file)
                .map_err(io_error("examine", &path))?
                .names;
            if names <= 1 {
                return Ok(file);
            }
        }
        self.write(house)?;
        open()
    }
}

/// What was said last.
pub(super) struct Said {
    at: u64,
    bytes: usize,
}

impl Said {
    /// Takes it back: what came after it failed. Under the same lock.
    pub(super) fn take_back(&self, house: &House) -> std::io::Result<()> {
        let mut appender = Appender {
            file: house.own.read_and_write(JOURNAL)?,
            path: house.own.path_of(JOURNAL),
            length: self.at,
        };
        appender
            .append(&vec![0; self.bytes])
            .map_err(std::io::Error::other)
    }
}

fn header_of(house: &House, uuid: &[u8; 16]) -> [u8; HEADER_BYTES] {
    let mut header = [0; HEADER_BYTES];
    header[..8].copy_from_slice(MAGIC);
    header[8] = VERSION;
    header[16..32].copy_from_slice(house.project.as_bytes());
    header[32..48].copy_from_slice(uuid);
    let check = blake3::hash(&header[..48]);
    header[48..].copy_from_slice(&check.as_bytes()[..CHECK_BYTES]);
    header
}

fn check_of(header: &[u8; HEADER_BYTES], record: &[u8]) -> [u8; CHECK_BYTES] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&header[16..48]).update(record);
    let hash = hasher.finalize();
    *hash.as_bytes().first_chunk().expect("a hash has 32 bytes")
}

fn record(
    header: &[u8; HEADER_BYTES],
    sequence: u64,
    heads: &[OperationId],
    packs: &[(u32, Acknowledged)],
) -> Vec<u8> {
    let length = LEAST_RECORD_BYTES + 32 * heads.len() + PACK_BYTES * packs.len();
    let mut bytes = Vec::with_capacity(length);
    let count = |count: usize| u32::try_from(count).expect("packs have numbers of eight digits");
    bytes.extend_from_slice(&count(length).to_le_bytes());
    bytes.extend_from_slice(&sequence.to_le_bytes());
    bytes.push(u8::try_from(heads.len()).expect("heads are limited"));
    for head in heads {
        bytes.extend_from_slice(head.as_bytes());
    }
    bytes.extend_from_slice(&count(packs.len()).to_le_bytes());
    for (number, pack) in packs {
        bytes.extend_from_slice(&number.to_le_bytes());
        bytes.extend_from_slice(&pack.uuid);
        bytes.extend_from_slice(&pack.length.to_le_bytes());
    }
    let check = check_of(header, &bytes);
    bytes.extend_from_slice(&check);
    bytes.push(LAST);
    bytes
}

/// The last of the records, or what is wrong and where.
fn parse(
    bytes: &[u8],
    header: &[u8; HEADER_BYTES],
) -> std::result::Result<Journal, (usize, &'static str)> {
    let mut journal: Option<Journal> = None;
    let mut at = HEADER_BYTES;
    while let Some(length) = bytes[at..].first_chunk::<4>() {
        let length = u32::from_le_bytes(*length) as usize;
        if length == 0 {
            break;
        }
        let record = bytes.get(at..at.saturating_add(length));
        let record = record.filter(|record| record.len() >= LEAST_RECORD_BYTES);
        let record = record.ok_or((at, "a record of an impossible length"))?;
        let (last, record) = record.split_last().expect("it is longer");
        let (said, check) = record
            .split_last_chunk::<CHECK_BYTES>()
            .expect("it is longer");
        if *last != LAST || *check != check_of(header, said) {
            break;
        }
        let (sequence, heads, packs) = decode(said).ok_or((at, "a record that makes no sense"))?;
        let mut packs_so_far = match journal.take() {
            Some(last) if last.mark.sequence + 1 == sequence => last.packs,
            Some(_) => return Err((at, "a record is missing")),
            None => AcknowledgedPacks::new(),
        };
        packs_so_far.extend(packs);
        at += length;
        journal = Some(Journal {
            mark: Mark {
                uuid: *header[32..].first_chunk().expect("it has 64 bytes"),
                sequence,
            },
            heads,
            packs: packs_so_far,
            end: at,
            capacity: bytes.len(),
            ready: true,
        });
    }
    let mut journal = journal.ok_or((at, "its first record does not hold"))?;
    journal.ready = bytes[at..].iter().all(|byte| *byte == 0);
    if !journal.ready && !is_torn(bytes, at) {
        return Err((at, "a record that does not hold"));
    }
    Ok(journal)
}

/// Whether what stands behind the last record that holds is one that was never wholly written: a zero
/// instead of its last byte, or one of its sectors, and nothing behind it.
fn is_torn(bytes: &[u8], at: usize) -> bool {
    let is_zero = |bytes: &[u8]| bytes.iter().all(|byte| *byte == 0);
    let next_sector = |at: usize| ((at / SECTOR_BYTES + 1) * SECTOR_BYTES).min(bytes.len());
    let length = bytes[at..]
        .first_chunk::<4>()
        .map_or(0, |length| u32::from_le_bytes(*length));
    if length == 0 {
        // Its first sector was not written; a record that is written over zeros reaches into the next one.
        let second = next_sector(at);
        return is_zero(&bytes[at..second]) && is_zero(&bytes[next_sector(second)..]);
    }
    let end = at + length as usize;
    if !is_zero(&bytes[end..]) {
        return false;
    }
    if bytes[end - 1] == 0 {
        return true;
    }
    let mut part = at;
    while part < end {
        let next = next_sector(part).min(end);
        if is_zero(&bytes[part..next]) {
            return true;
        }
        part = next;
    }
    false
}

type Decoded = (u64, Vec<OperationId>, Vec<(u32, Acknowledged)>);

fn decode(mut bytes: &[u8]) -> Option<Decoded> {
    let input = &mut bytes;
    take::<4>(input)?;
    let sequence = u64::from_le_bytes(take(input)?);
    let [heads] = take::<1>(input)?;
    let head = |_| Some(OperationId::from_bytes(take(input)?));
    let heads = (0..heads).map(head).collect::<Option<_>>()?;
    let count = u32::from_le_bytes(take(input)?) as usize;
    if count.checked_mul(PACK_BYTES) != Some(input.len()) {
        return None;
    }
    let pack = |_| {
        let number = u32::from_le_bytes(take(input)?);
        let uuid = take(input)?;
        let length = u64::from_le_bytes(take(input)?);
        Some((number, Acknowledged { uuid, length }))
    };
    let packs = (0..count).map(pack).collect::<Option<_>>()?;
    Some((sequence, heads, packs))
}

fn take<const N: usize>(input: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = input.split_first_chunk::<N>()?;
    *input = rest;
    Some(*first)
}
