//! What is sound of a stretch of a pack that cannot be followed, wherever it begins: with a header
//! lost, the place of the next record is lost as well, and is searched for byte by byte.

use super::error::Result;
use super::pack::{BATCH_RECORD_BYTES, Pack};
use super::record::{BATCH_MAGIC, FIRST_PASSED_OVER, HEADER_BYTES, Header, RecordKind};
use super::scan::{record, refuse_later};

/// How much is searched at a time for sound records.
const SEARCH_BYTES: u64 = 1 << 20;
/// How much is searched first for the end of a batch, which mostly is near; then four times as much.
const FIRST_SEARCH: u64 = 4 << 10;

/// How many bytes of a pack may be read for batches and records that turn out to be none. By chance
/// hardly any bytes look like a header; but a header can be written that claims all that follows, and
/// one at every place.
pub(super) struct Patience(u64);

impl Patience {
    const LEAST: u64 = 1 << 20;
    const TIMES: u64 = 4;

    /// For a stretch of so many bytes, however often parts of it are gone through.
    pub(super) fn with(stretch: u64) -> Self {
        Self(Self::LEAST + Self::TIMES * stretch)
    }

    /// Whether there is still some left after so much was read for nothing.
    pub(super) fn bears(&mut self, bytes: u64) -> bool {
        self.0 = self.0.saturating_sub(bytes);
        self.0 > 0
    }
}

/// Hands on each sound record but footers between `start` and `end`: its header, where it lies and
/// its content. Gives up on what is behind a place where too much looks like records and is none.
pub(super) fn sound_records(
    pack: &Pack,
    start: u64,
    end: u64,
    patience: &mut Patience,
    tell: &mut dyn FnMut(Header, u64, &[u8]),
) -> Result<()> {
    let mut buffer = Vec::new();
    let mut at = start;
    while at + HEADER_BYTES as u64 <= end {
        buffer.resize(SEARCH_BYTES.min(end - at) as usize, 0);
        pack.read(&mut buffer, at)?;
        let mut next = 0;
        while let Some(head) = buffer.get(next..).and_then(<[u8]>::first_chunk) {
            let here = at + next as u64;
            let total = match Header::parse(head) {
                Ok(header) if header.kind != RecordKind::Footer => header.total(),
                Ok(_) => end,
                Err(_) => {
                    if could_be_later(head) {
                        refuse_later(pack, here, end, head)?;
                    }
                    end
                }
            };
            if total > end - here {
                next += 1;
                continue;
            }
            if let Ok((header, raw)) = record(pack, here, end)? {
                pack.admit(header.kind, here)?;
                tell(header, here, &raw);
                next += total as usize;
            } else if patience.bears(total) {
                next += 1;
            } else {
                return Ok(());
            }
        }
        at += next as u64;
    }
    Ok(())
}

/// Whether bytes among damaged ones may begin a record of a kind that this aiut does not know. Only the
/// kind is looked at: what else a later aiut may write is not told from noise so easily.
fn could_be_later(head: &[u8; HEADER_BYTES]) -> bool {
    let mut known = *head;
    known[0] = FIRST_PASSED_OVER;
    RecordKind::from_code(head[0]).is_none() && Header::parse(&known).is_ok()
}

/// Where the next sound batch end behind `from` ends, and its id.
pub(super) fn next_batch_end(pack: &Pack, from: u64, to: u64) -> Result<Option<(u64, [u8; 32])>> {
    let mut buffer = Vec::new();
    let mut at = from;
    let mut window = FIRST_SEARCH;
    while at < to {
        // Windows overlap, so that the mark is never cut in two.
        let length = window.min(to - at) as usize;
        buffer.resize(length, 0);
        pack.read(&mut buffer, at)?;
        let hits = buffer.windows(BATCH_MAGIC.len()).enumerate();
        for (hit, _) in hits.filter(|(_, window)| window == BATCH_MAGIC) {
            let start = (at + hit as u64).checked_sub(HEADER_BYTES as u64);
            let Some(start) = start.filter(|start| start + BATCH_RECORD_BYTES <= to) else {
                continue;
            };
            // Only of an end is the payload read: of anything else it may be long.
            if pack
                .header(start)
                .is_ok_and(|header| header.kind == RecordKind::BatchEnd)
                && let Ok((header, _)) = record(pack, start, to)?
            {
                return Ok(Some((start + header.total(), header.id)));
            }
        }
        if (length as u64) < window {
            break;
        }
        at += (length - BATCH_MAGIC.len() + 1) as u64;
        window = (window * 4).min(SEARCH_BYTES);
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::pack::pack_header;
    use crate::store::record::Record;

    fn pack_of(folder: &std::path::Path, bytes: &[u8]) -> Pack {
        let path = folder.join("00000001.pack");
        crate::base::atomic::write(&path, &[&pack_header(&[7; 16])[..], bytes].concat()).unwrap();
        let packs = crate::base::folder::Folder::open(folder).unwrap();
        Pack::open(&packs, 1).unwrap()
    }

    fn found(pack: &Pack, end: u64) -> Vec<u64> {
        let mut places = Vec::new();
        let mut patience = Patience::with(end - 32);
        sound_records(pack, 32, end, &mut patience, &mut |_, at, _| {
            places.push(at)
        })
        .unwrap();
        places
    }

    #[test]
    fn headers_that_each_claim_all_that_follows_take_no_quadratic_time() {
        let folder = tempfile::tempdir().unwrap();
        // A header of an object whose bytes are never those of its check, over and over.
        let object = RecordKind::Object(crate::object::ObjectKind::Tree);
        let count = 60_000;
        let mut bytes = Vec::new();
        for left in (0..count).rev() {
            let record = Record::new(object, [9; 32], &[0; 200], true);
            let mut head = record.header.to_bytes();
            let length = (left * HEADER_BYTES) as u32;
            head[4..8].copy_from_slice(&length.to_le_bytes());
            head[8..12].copy_from_slice(&(length + 1).to_le_bytes());
            bytes.extend_from_slice(&head);
        }
        let mut sound = Vec::new();
        Record::new(
            RecordKind::Blob,
            *blake3::hash(b"a").as_bytes(),
            b"a",
            false,
        )
        .append_to(&mut sound);
        let pack = pack_of(folder.path(), &[&sound[..], &bytes, &sound].concat());
        let before = crate::store::pack::reads();
        let end = pack.length().unwrap();
        let places = found(&pack, end);
        assert_eq!(places, [32], "what lies behind is given up");
        let read = crate::store::pack::reads() - before;
        assert!(read < 20 * end, "{read} bytes of {end} were read");
    }

    #[test]
    fn sound_records_are_found_between_broken_ones() {
        let folder = tempfile::tempdir().unwrap();
        let mut bytes = b"what was lost".to_vec();
        let blob = |text: &[u8], out: &mut Vec<u8>| {
            let at = 32 + out.len() as u64;
            Record::new(
                RecordKind::Blob,
                *blake3::hash(text).as_bytes(),
                text,
                false,
            )
            .append_to(out);
            at
        };
        let first = blob(b"one", &mut bytes);
        bytes.extend_from_slice(b"more that was lost");
        let second = blob(b"two", &mut bytes);
        let pack = pack_of(folder.path(), &bytes);
        assert_eq!(found(&pack, pack.length().unwrap()), [first, second]);
    }
}
