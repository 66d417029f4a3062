//! Since when records are known to be unreachable: what the grace of `gc` is counted from.
//!
//! A clock that is set back must not cost anybody anything: a mark is never set before the latest
//! time that was ever seen here, so a mark made while the clock was slow is not older than it is.

use std::collections::HashMap;
use std::io::Read as _;

use super::error::{Result, io_error};
use super::record::{RecordId, RecordKind};
use crate::base::atomic;
use crate::base::folder::Folder;

const FILE: &str = "unreachable";
const MAGIC: &[u8; 20] = b"aiut unreachable 1\r\n";
/// Kind, id, seconds.
const ITEM_BYTES: usize = 41;

/// The marks of a store.
#[derive(Debug)]
pub(super) struct Marks {
    folder: Folder,
    /// The latest time that was ever seen, in Unix seconds.
    latest: i64,
    since: HashMap<RecordId, i64>,
}

impl Marks {
    /// Reads them. Damaged ones are none: the grace begins anew.
    pub(super) fn load(folder: &Folder) -> Self {
        let mut bytes = Vec::new();
        let read = folder
            .read(FILE)
            .and_then(|mut file| file.read_to_end(&mut bytes));
        let read = read.ok().and_then(|_| decode(&bytes));
        let (latest, since) = read.unwrap_or((i64::MIN, HashMap::new()));
        Self {
            folder: folder.clone(),
            latest,
            since,
        }
    }

    /// Marks what is unreachable now and was not before, and takes the mark from all else.
    /// `known` is a time that is surely past.
    pub(super) fn update(
        &mut self,
        unreachable: impl Iterator<Item = RecordId>,
        now: i64,
        known: i64,
    ) {
        self.latest = self.latest.max(now).max(known);
        let latest = self.latest;
        let old = std::mem::take(&mut self.since);
        let mark = |id: RecordId| (id, old.get(&id).copied().unwrap_or(latest));
        self.since = unreachable.map(mark).collect();
    }

    /// Whether a record has been unreachable for `grace` seconds by a clock that says `now`.
    pub(super) fn is_due(&self, id: &RecordId, now: i64, grace: i64) -> bool {
        let since = self.since.get(id);
        since.is_some_and(|since| now.saturating_sub(*since) >= grace)
    }

    /// The earliest time at which something of what is marked is due.
    pub(super) fn next_due(&self, grace: i64) -> Option<i64> {
        let since = self.since.values().min()?;
        Some(since.saturating_add(grace))
    }

    pub(super) fn has(&self, id: &RecordId) -> bool {
        self.since.contains_key(id)
    }

    pub(super) fn forget(&mut self, id: &RecordId) {
        self.since.remove(id);
    }

    /// Writes them, durably.
    pub(super) fn save(&self) -> Result<()> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&self.latest.to_le_bytes());
        let mut items: Vec<_> = self.since.iter().collect();
        items.sort_unstable();
        for (id, since) in items {
            bytes.push(id.kind.code());
            bytes.extend_from_slice(&id.id);
            bytes.extend_from_slice(&since.to_le_bytes());
        }
        let check = blake3::hash(&bytes);
        bytes.extend_from_slice(check.as_bytes());
        atomic::write_in(&self.folder, FILE, &bytes)
            .map_err(io_error("write", &self.folder.path_of(FILE)))
    }
}

fn decode(bytes: &[u8]) -> Option<(i64, HashMap<RecordId, i64>)> {
    let (body, check) = bytes.split_last_chunk::<32>()?;
    if blake3::hash(body) != *check {
        return None;
    }
    let rest = body.strip_prefix(MAGIC)?;
    let (latest, items) = rest.split_first_chunk::<8>()?;
    let (items, rest) = items.as_chunks::<ITEM_BYTES>();
    let item = |item: &[u8; ITEM_BYTES]| {
        let id = item[1..33].try_into().expect("33 - 1 is 32");
        let since = i64::from_le_bytes(item[33..].try_into().expect("41 - 33 is 8"));
        Some((RecordId::new(RecordKind::from_code(item[0])?, id), since))
    };
    let since = items.iter().map(item).collect::<Option<_>>()?;
    rest.is_empty()
        .then_some((i64::from_le_bytes(*latest), since))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    fn chunk(n: u8) -> RecordId {
        RecordId::new(RecordKind::Chunk, [n; 32])
    }

    #[test]
    fn a_mark_keeps_its_time_as_long_as_the_record_is_unreachable() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        let mut marks = Marks::load(&folder);
        marks.update([chunk(1), chunk(2)].into_iter(), 100 * DAY, 0);
        marks.save().unwrap();
        let mut marks = Marks::load(&folder);
        marks.update([chunk(2), chunk(3)].into_iter(), 120 * DAY, 0);
        marks.save().unwrap();
        let marks = Marks::load(&folder);
        let due = |n, day| marks.is_due(&chunk(n), day * DAY, 30 * DAY);
        assert!(!due(2, 129) && due(2, 130));
        assert!(!due(3, 149) && due(3, 150));
        assert!(!due(1, 1000), "it was reachable in between");
        assert_eq!(marks.next_due(30 * DAY), Some(130 * DAY));
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_shorten_the_grace() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        let mut marks = Marks::load(&folder);
        marks.update([].into_iter(), 100 * DAY, 0);
        // The battery was empty; the mark is made as if no time had passed.
        marks.update([chunk(1)].into_iter(), 0, 0);
        assert!(!marks.is_due(&chunk(1), 101 * DAY, 30 * DAY));
        assert!(marks.is_due(&chunk(1), 130 * DAY, 30 * DAY));
        // So it is on a machine that never saw the time, but whose history did.
        let mut marks = Marks::load(&folder);
        marks.update([chunk(2)].into_iter(), 0, 100 * DAY);
        assert!(!marks.is_due(&chunk(2), 101 * DAY, 30 * DAY));
        // And set back after the mark was made, nothing is due.
        assert!(!marks.is_due(&chunk(2), 5, 0));
    }

    #[test]
    fn damaged_marks_are_none() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        let mut marks = Marks::load(&folder);
        marks.update([chunk(1)].into_iter(), DAY, 0);
        marks.save().unwrap();
        let path = place.path().join(FILE);
        let good = std::fs::read(&path).unwrap();
        for at in 0..good.len() {
            let mut bytes = good.clone();
            bytes[at] ^= 4;
            assert!(decode(&bytes).is_none(), "byte {at}");
        }
        assert!(decode(&good).is_some());
    }
}
