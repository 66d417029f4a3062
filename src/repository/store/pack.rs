//! Pack files: a header, batches of records, and once sealed a footer.
//!
//! ```text
//! header │ record … record batch-end │ record … batch-end │ … │ footer record │ trailer
//! ```

mod header;

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::PathBuf;

use super::error::{Result, StoreError, io_error};
use super::facts::RecordEntry;
use super::limits::{MAX_PACK_LENGTH, MAX_PACK_NUMBER};
use super::record::{
    BATCH_END_BYTES, BATCH_MAGIC, Broken, Encoding, FOOTER_ENTRY_BYTES, HEADER_BYTES, Header,
    Record, RecordKind,
};
use super::release::{READABLE, Release};
use crate::base::fault::{self, Step};
use crate::base::folder::Folder;
use crate::base::positioned::read_exact_at;
use crate::object::MAX_OBJECT_BYTES;
#[cfg(test)]
pub(super) use header::header_of;
use header::{EXCHANGE, MAGIC, VERSION, header_check};
pub(super) use header::{exchange_header, is_of_project, new_uuid, pack_header, random_uuid};

/// Bytes of a pack's header.
pub(super) const PACK_HEADER_BYTES: u64 = 32;
/// Bytes of the trailer of a sealed pack.
pub(super) const TRAILER_BYTES: u64 = 16;
/// Bytes of the record that ends a batch.
pub(super) const BATCH_RECORD_BYTES: u64 = (HEADER_BYTES + BATCH_END_BYTES) as u64;

pub(super) const SEAL: &[u8; 8] = b"aiutseal";

/// The name of a pack's file.
pub(super) fn pack_name(number: u32) -> String {
    format!("{number:08}.pack")
}

/// The path of a pack, for messages.
pub(super) fn pack_path(packs: &Folder, number: u32) -> PathBuf {
    packs.path_of(&pack_name(number))
}

/// The number in the name of a pack's file.
pub(super) fn pack_number(name: &str) -> Option<u32> {
    let number = name.strip_suffix(".pack")?.parse().ok()?;
    (number <= MAX_PACK_NUMBER && format!("{number:08}.pack") == name).then_some(number)
}

/// The numbers of `count` new packs, which follow the highest that there is.
pub(super) fn next_numbers(
    packs: &Folder,
    last: Option<u32>,
    count: usize,
) -> Result<std::ops::RangeInclusive<u32>> {
    let taken = last.unwrap_or(0);
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    match taken.checked_add(count) {
        Some(end) if end <= MAX_PACK_NUMBER || count == 0 => Ok(taken.saturating_add(1)..=end),
        _ => Err(StoreError::NumbersUsedUp {
            path: pack_path(packs, taken),
        }),
    }
}

/// Ends a batch: `headers` is the hash of all its records' headers, in order.
pub(super) fn batch_end(headers: &blake3::Hasher, bytes: u64, records: u32) -> Record {
    let mut payload = [0; BATCH_END_BYTES];
    payload[0..12].copy_from_slice(BATCH_MAGIC);
    payload[12..20].copy_from_slice(&bytes.to_le_bytes());
    payload[20..24].copy_from_slice(&records.to_le_bytes());
    Record::new(
        RecordKind::BatchEnd,
        *headers.finalize().as_bytes(),
        &payload,
        false,
    )
}

/// Hashes the headers of a batch.
pub(super) fn batch_hasher() -> blake3::Hasher {
    blake3::Hasher::new_derive_key("aiut 2026 batch v1")
}

/// Footer and trailer of a pack whose records end at `end`.
pub(super) fn footer(entries: &mut [RecordEntry], end: u64) -> Vec<u8> {
    entries.sort_by_key(|entry| (entry.kind.code(), entry.id, entry.offset));
    let mut index = Vec::with_capacity(entries.len() * FOOTER_ENTRY_BYTES);
    for entry in entries {
        index.push(entry.kind.code());
        index.push(entry.encoding.code());
        index.extend_from_slice(&entry.id);
        index.extend_from_slice(&entry.offset.to_le_bytes());
        index.extend_from_slice(&entry.stored.to_le_bytes());
        index.extend_from_slice(&entry.raw.to_le_bytes());
    }
    let id = RecordKind::Footer
        .digest(&index)
        .expect("a footer's id follows from its bytes");
    let mut out = Vec::with_capacity(index.len() + 128);
    Record::new(RecordKind::Footer, id, &index, false).append_to(&mut out);
    out.extend_from_slice(SEAL);
    out.extend_from_slice(&end.to_le_bytes());
    out
}

#[cfg(test)]
thread_local! {
    static READS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// Bytes that this thread has read from packs so far.
#[cfg(test)]
pub(super) fn reads() -> u64 {
    READS.with(std::cell::Cell::get)
}

/// An open pack, read by offset.
#[derive(Debug)]
pub(super) struct Pack {
    pub(super) path: PathBuf,
    pub(super) file: File,
    pub(super) uuid: [u8; 16],
    /// Whether its header is as it was written.
    pub(super) sound: bool,
    /// The lowest release that can read it; none where the header is damaged.
    pub(super) needs: Option<Release>,
    /// Whether it goes from one project to another.
    pub(super) exchange: bool,
}

impl Pack {
    /// Opens the pack. A damaged header does not stop it from being read, as each record speaks
    /// for itself; one that a later aiut wrote does.
    ///
    /// # Errors
    /// `TooNew`, or an I/O error.
    pub(super) fn open(packs: &Folder, number: u32) -> Result<Self> {
        let path = pack_path(packs, number);
        let file = packs.read(&pack_name(number));
        Self::in_file(file.map_err(io_error("open", &path))?, path)
    }

    /// The pack in a file that is open.
    pub(super) fn in_file(file: File, path: PathBuf) -> Result<Self> {
        let mut header = [0; PACK_HEADER_BYTES as usize];
        let mut pack = Self {
            path,
            file,
            uuid: [0; 16],
            sound: false,
            needs: None,
            exchange: false,
        };
        pack.read(&mut header, 0)?;
        pack.uuid.copy_from_slice(&header[16..32]);
        let needs = Release([header[9], header[10], header[11]]);
        if &header[0..8] == MAGIC && header[12..16] == header_check(&header) {
            if needs > READABLE || header[8] & !EXCHANGE != VERSION {
                let what =
                    format!("was written for aiut {needs}, and this one reads up to {READABLE}");
                return Err(pack.too_new(what, Some(needs)));
            }
            pack.sound = true;
            pack.exchange = header[8] & EXCHANGE != 0;
            pack.needs = Some(needs);
        }
        Ok(pack)
    }

    pub(super) fn length(&self) -> Result<u64> {
        Ok(self
            .file
            .metadata()
            .map_err(io_error("examine", &self.path))?
            .len())
    }

    /// The header of the record at `offset`.
    pub(super) fn header(&self, offset: u64) -> Result<Header> {
        let mut bytes = [0; HEADER_BYTES];
        self.read(&mut bytes, offset)?;
        Header::parse(&bytes).map_err(|what| self.damaged(offset, what))
    }

    /// The verified content of the record at `offset`, which must be of this kind and id. As its
    /// stored length is known beforehand, one read is enough.
    pub(super) fn record(
        &self,
        offset: u64,
        stored: u32,
        kind: RecordKind,
        id: &[u8; 32],
    ) -> Result<Vec<u8>> {
        if stored as usize > MAX_OBJECT_BYTES {
            // Only a footer is so large; asked of the file before it is allocated.
            let end = offset.saturating_add(HEADER_BYTES as u64 + u64::from(stored));
            if end > self.length()? {
                return Err(self.damaged(offset, "it ends before the record does"));
            }
        }
        let mut bytes = vec![0; HEADER_BYTES + stored as usize];
        self.read(&mut bytes, offset)?;
        let payload = bytes.split_off(HEADER_BYTES);
        let head: &[u8; HEADER_BYTES] =
            bytes.as_slice().try_into().expect("split after the header");
        let header = Header::parse(head).map_err(|what| self.damaged(offset, what))?;
        if header.kind != kind || header.id != *id {
            return Err(self.damaged(offset, "another record lies there"));
        }
        header
            .open(payload)
            .map_err(|what| self.damaged(offset, what))
    }

    /// The verified record of an entry as it lies in the pack.
    pub(super) fn stored(&self, entry: &RecordEntry) -> Result<Record> {
        let header = self.header(entry.offset)?;
        if (header.kind, header.id, header.stored) != (entry.kind, entry.id, entry.stored) {
            return Err(self.damaged(entry.offset, "another record lies there"));
        }
        let mut payload = vec![0; header.stored as usize];
        self.read(&mut payload, entry.offset + HEADER_BYTES as u64)?;
        match header.verify_whole(&payload) {
            Ok(()) => Ok(Record { header, payload }),
            Err(what) => Err(self.damaged(entry.offset, what)),
        }
    }

    /// The entries of the footer, if the first `length` bytes of the pack are sealed by a sound one,
    /// and where it begins. Others may seal a pack while it is read, so whoever noted its length
    /// asks about no more than that.
    pub(super) fn footer(&self, length: u64) -> Result<Option<(Vec<RecordEntry>, u64)>> {
        let least = PACK_HEADER_BYTES + HEADER_BYTES as u64 + TRAILER_BYTES;
        if !(least..=MAX_PACK_LENGTH).contains(&length) {
            return Ok(None);
        }
        let mut trailer = [0; TRAILER_BYTES as usize];
        self.read(&mut trailer, length - TRAILER_BYTES)?;
        let (seal, at) = trailer
            .split_first_chunk::<8>()
            .expect("a trailer has 16 bytes");
        let at = u64::from_le_bytes(at.try_into().expect("16 - 8 is 8"));
        if seal != SEAL || at < PACK_HEADER_BYTES || at > length - TRAILER_BYTES {
            return Ok(None);
        }
        let Ok(header) = self.header(at) else {
            return Ok(None);
        };
        if header.kind != RecordKind::Footer || at + header.total() + TRAILER_BYTES != length {
            return Ok(None);
        }
        // It lists what lies before it, so that says how long it can be: asked before it is unpacked.
        let most = (at - PACK_HEADER_BYTES) / HEADER_BYTES as u64 * FOOTER_ENTRY_BYTES as u64;
        if u64::from(header.raw) > most {
            return Ok(None);
        }
        let Ok(index) = self.record(at, header.stored, RecordKind::Footer, &header.id) else {
            return Ok(None);
        };
        let (entries, rest) = index.as_chunks::<FOOTER_ENTRY_BYTES>();
        if !rest.is_empty() {
            return Ok(None);
        }
        let entries: Result<Vec<RecordEntry>, Broken> = entries.iter().map(footer_entry).collect();
        let entries = entries.ok().filter(|entries| could_be_listed(entries, at));
        for entry in entries.iter().flatten() {
            self.admit(entry.kind, entry.offset)?;
        }
        Ok(entries.map(|entries| (entries, at)))
    }

    /// Refuses a record that a pack of this sort may not hold.
    ///
    /// # Errors
    /// `Refused` names the pack.
    pub(super) fn admit(&self, kind: RecordKind, offset: u64) -> Result<()> {
        if self.exchange && !kind.is_exchanged() {
            let what = format!(
                "a record that no pack for exchange may hold: {}",
                kind.name()
            );
            return Err(self.refused(offset, what));
        }
        Ok(())
    }

    /// It claims at `offset` what it may not.
    pub(super) fn refused(&self, offset: u64, what: String) -> StoreError {
        let path = self.path.clone();
        StoreError::Refused { path, offset, what }
    }

    /// The id of the batch end whose record ends at `end`; zeros where no batch was written.
    pub(super) fn tail(&self, end: u64) -> Result<[u8; 32]> {
        if end == PACK_HEADER_BYTES {
            return Ok([0; 32]);
        }
        let at = end
            .checked_sub(BATCH_RECORD_BYTES)
            .ok_or_else(|| self.damaged(end, "no batch ends here"))?;
        let header = self.header(at)?;
        self.record(at, header.stored, RecordKind::BatchEnd, &header.id)?;
        Ok(header.id)
    }

    pub(super) fn read(&self, buffer: &mut [u8], offset: u64) -> Result<()> {
        #[cfg(test)]
        READS.with(|reads| reads.set(reads.get() + buffer.len() as u64));
        let read = fault::read(&self.path).and_then(|()| read_exact_at(&self.file, buffer, offset));
        read.map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => self.damaged(offset, "it ends early"),
            _ => io_error("read", &self.path)(error),
        })
    }

    /// It holds at `offset` what this aiut does not know and may not pass over.
    pub(super) fn unknown(&self, offset: u64, what: &str) -> StoreError {
        let what = format!("holds at byte {offset} {what}, which this aiut does not know");
        self.too_new(what, None)
    }

    fn too_new(&self, what: String, needs: Option<Release>) -> StoreError {
        let path = self.path.clone();
        StoreError::TooNew { path, what, needs }
    }

    pub(super) fn damaged(&self, offset: u64, what: &str) -> StoreError {
        StoreError::Damaged {
            path: self.path.clone(),
            offset,
            what: what.to_owned(),
        }
    }
}

/// Whether a footer that begins at `end` could list these: in their order, none twice, and no two of
/// them at one place.
fn could_be_listed(entries: &[RecordEntry], end: u64) -> bool {
    let order = |entry: &RecordEntry| (entry.kind.code(), entry.id, entry.offset);
    if !entries.is_sorted_by(|a, b| order(a) < order(b)) {
        return false;
    }
    let mut places: Vec<(u64, u64)> = entries
        .iter()
        .map(|entry| (entry.offset, HEADER_BYTES as u64 + u64::from(entry.stored)))
        .collect();
    places.sort_unstable();
    let mut free = PACK_HEADER_BYTES;
    places.into_iter().all(|(offset, bytes)| {
        let fits = offset >= free;
        free = offset.saturating_add(bytes);
        fits && free <= end
    })
}

fn footer_entry(bytes: &[u8; FOOTER_ENTRY_BYTES]) -> Result<RecordEntry, Broken> {
    Ok(RecordEntry {
        kind: RecordKind::from_code(bytes[0]).ok_or("an unknown kind of record")?,
        encoding: Encoding::from_code(bytes[1]).ok_or("an unknown encoding")?,
        id: bytes[2..34].try_into().expect("34 - 2 is 32"),
        offset: u64::from_le_bytes(bytes[34..42].try_into().expect("42 - 34 is 8")),
        stored: u32::from_le_bytes(bytes[42..46].try_into().expect("46 - 42 is 4")),
        raw: u32::from_le_bytes(bytes[46..50].try_into().expect("50 - 46 is 4")),
        fact: None,
    })
}

/// Writes at the end of a file, remembering where that is.
#[derive(Debug)]
pub(super) struct Appender {
    pub(super) file: File,
    pub(super) path: PathBuf,
    pub(super) length: u64,
}

impl Appender {
    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<()> {
        let mut write = || {
            fault::step(Step::Write {
                file: &self.file,
                path: &self.path,
                offset: Some(self.length),
                bytes,
            })?;
            self.file.seek(SeekFrom::Start(self.length))?;
            self.file.write_all(bytes)
        };
        write().map_err(io_error("write", &self.path))?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    pub(super) fn sync(&self) -> Result<()> {
        fault::step(Step::Sync(&self.path))
            .and_then(|()| self.file.sync_data())
            .map_err(io_error("sync", &self.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_packs_end_with_an_error_and_not_where_they_began() {
        let place = tempfile::tempdir().unwrap();
        let packs = Folder::open(place.path()).unwrap();
        let next = |last, count| next_numbers(&packs, last, count);
        assert_eq!(next(None, 2).unwrap(), 1..=2);
        assert_eq!(next(Some(7), 1).unwrap(), 8..=8);
        assert_eq!(next(Some(99_999_997), 2).unwrap(), 99_999_998..=99_999_999);
        for (last, count) in [(99_999_998, 2), (99_999_999, 1), (u32::MAX, 1)] {
            let error = next(Some(last), count).unwrap_err().to_string();
            assert!(error.contains(&format!("{last:08}.pack")), "{error}");
        }
    }

    #[test]
    fn names_of_packs_read_back_and_others_are_none() {
        assert_eq!(pack_number(&pack_name(42)), Some(42));
        for name in [
            "42.pack",
            "+0000042.pack",
            "00000042.pack.tmp",
            "pack",
            "100000000.pack",
            "4294967295.pack",
        ] {
            assert_eq!(pack_number(name), None, "{name}");
        }
    }
}
