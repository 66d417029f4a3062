//! Walking a whole pack, and telling every byte of it that is not as it was written.
//!
//! The headers lead from record to record; the end of each batch holds their hash, so a walk over
//! headers alone finds every damaged header. Where it stumbles, the batch is searched for its sound
//! records, and what lies between them is the damage, told to the byte.

use rayon::prelude::*;

use super::error::{Result, StoreError};
use super::facts::{Fact, RecordEntry};
use super::limits::MAX_PACK_LENGTH;
use super::pack::{BATCH_RECORD_BYTES, PACK_HEADER_BYTES, Pack, TRAILER_BYTES, batch_hasher};
use super::record::{Broken, HEADER_BYTES, Header, RecordId, RecordKind};
use super::salvage::{Patience, next_batch_end, sound_records};
use super::scan::{TOO_LONG, batch_numbers, looks_ended, record, refuse_later};

/// Most damaged records of a pack that are told one by one.
const MOST_NAMED: usize = 100_000;

/// What a pack holds.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// Sound records, but for the ends of batches and the footer, in the order they lie in.
    pub(super) entries: Vec<RecordEntry>,
    /// What is not as it was written.
    pub(super) harm: Vec<Harm>,
    /// Where the last batch ends.
    pub(super) end: u64,
    /// The id of that batch's end; zeros without one.
    pub(super) tail: [u8; 32],
    /// Whether it ends with a footer and its trailer.
    pub(super) sealed: bool,
    /// Bytes behind the last batch that were never acknowledged.
    pub(super) unfinished: u64,
}

/// A stretch of a pack that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Harm {
    pub(super) offset: u64,
    pub(super) end: u64,
    /// The record that lies there, where that is known.
    pub(super) id: Option<RecordId>,
    pub(super) what: String,
}

impl Harm {
    fn new(offset: u64, end: u64, what: &str) -> Self {
        let what = what.to_owned();
        Self {
            offset,
            end,
            id: None,
            what,
        }
    }
}

/// Walks the first `length` bytes of a pack, of which the journal, if it holds, acknowledges `vouched`.
pub(super) fn walk(pack: &Pack, length: u64, vouched: Option<u64>) -> Result<Walk> {
    let mut found = Walk::of_nothing();
    if !pack.sound {
        found
            .harm
            .push(Harm::new(0, PACK_HEADER_BYTES, "the header of the pack"));
    }
    let (whole, length) = (length, length.min(MAX_PACK_LENGTH));
    if length < whole {
        found.harm.push(Harm::new(length, whole, TOO_LONG));
    }
    // Behind a sound footer that the trailer points to there is nothing to look for.
    let footer = pack.footer(length)?;
    let records_end = footer.as_ref().map_or(length, |(_, at)| *at);
    let mut patience = Patience::with(length);
    while found.end < records_end {
        let start = found.end;
        let stumbled = match batch(pack, start, records_end)? {
            Ok((entries, end, tail)) => {
                found.entries.extend(entries);
                (found.end, found.tail) = (end, tail);
                continue;
            }
            Err(stumbled) => stumbled,
        };
        let goes_on = patience.bears(stumbled.read);
        if goes_on && let Some((end, tail)) = next_batch_end(pack, start, records_end)? {
            found.salvage(pack, (start, end), stumbled, &mut patience)?;
            (found.end, found.tail) = (end, tail);
            continue;
        }
        let was_written = !goes_on
            || footer.is_some()
            || vouched.is_some_and(|vouched| vouched > start)
            || (vouched.is_none()
                && (looks_ended(pack, start, records_end)? || looks_sealed(pack, length)?));
        if !was_written {
            found.unfinished = length - start;
            return Ok(found);
        }
        let end = vouched.map_or(records_end, |vouched| vouched.min(records_end));
        let end = if end > start { end } else { records_end };
        found.salvage(pack, (start, end), stumbled, &mut patience)?;
        found.unfinished = records_end - end;
        found.end = end;
        break;
    }
    if let Some((mut listed, _)) = footer {
        found.sealed = true;
        listed.sort_by_key(|entry| entry.offset);
        let same = |a: &RecordEntry, b: &RecordEntry| {
            (a.kind, a.id, a.offset, a.stored, a.raw) == (b.kind, b.id, b.offset, b.stored, b.raw)
        };
        found.name_harm(&listed);
        let fits = found.harm.iter().any(|harm| harm.offset > 0)
            || (listed.len() == found.entries.len()
                && listed.iter().zip(&found.entries).all(|(a, b)| same(a, b)));
        if !fits {
            let what = "its footer lists other records than it holds";
            found.harm.push(Harm::new(records_end, length, what));
        }
    }
    Ok(found)
}

/// Reads every record's payload as well. What does not hold goes from the entries to the harm.
pub(super) fn verify(pack: &Pack, found: &mut Walk, advance: &(dyn Fn(u64) + Sync)) -> Result<()> {
    let entries = std::mem::take(&mut found.entries);
    let checked: Vec<Result<(RecordEntry, Option<String>)>> = entries
        .into_par_iter()
        .map(|entry| {
            let read = pack.record(entry.offset, entry.stored, entry.kind, &entry.id);
            advance(HEADER_BYTES as u64 + u64::from(entry.stored));
            match read {
                Ok(_) => Ok((entry, None)),
                Err(StoreError::Damaged { what, .. }) => Ok((entry, Some(what))),
                Err(error) => Err(error),
            }
        })
        .collect();
    for checked in checked {
        match checked? {
            (entry, None) => found.entries.push(entry),
            (entry, Some(what)) => found.harm.push(Harm {
                id: Some(RecordId::new(entry.kind, entry.id)),
                ..Harm::new(entry.offset, end_of(&entry), &what)
            }),
        }
    }
    found.harm.sort_by_key(|harm| harm.offset);
    Ok(())
}

impl Walk {
    /// That of a pack of which nothing was looked at yet.
    pub(super) fn of_nothing() -> Self {
        Self {
            end: PACK_HEADER_BYTES,
            ..Self::default()
        }
    }

    /// Goes on to what was written since, in whole batches, up to `length`. Whether that is all there
    /// is.
    pub(super) fn follow(&mut self, pack: &Pack, length: u64) -> Result<bool> {
        let footer = pack.footer(length)?;
        let end = footer.as_ref().map_or(length, |(_, at)| *at);
        while self.end < end {
            let Ok((entries, end, tail)) = batch(pack, self.end, end)? else {
                return Ok(false);
            };
            self.entries.extend(entries);
            (self.end, self.tail) = (end, tail);
        }
        self.sealed = footer.is_some();
        self.unfinished = 0;
        Ok(self.harm.is_empty())
    }

    /// Takes the sound records between `start` and `end`; what lies between them is harm.
    fn salvage(
        &mut self,
        pack: &Pack,
        (start, end): (u64, u64),
        stumbled: Stumbled,
        patience: &mut Patience,
    ) -> Result<()> {
        let mut gap = start;
        let harmed = self.harm.len();
        sound_records(pack, start, end, patience, &mut |header, here, raw| {
            if gap < here {
                self.harm.push(Harm::new(gap, here, stumbled.what));
            }
            gap = here + header.total();
            if header.kind != RecordKind::BatchEnd {
                let fact = Fact::of(header.kind, header.id, raw);
                self.entries.push(RecordEntry::new(&header, here, fact));
            }
        })?;
        if gap < end {
            self.harm.push(Harm::new(gap, end, stumbled.what));
        }
        if self.harm.len() == harmed {
            // All of its records are sound, but they are not those that were written.
            self.harm
                .push(Harm::new(stumbled.offset, end, stumbled.what));
        }
        Ok(())
    }

    /// Names the records that lie in damaged stretches, by a list of what was written, sorted by
    /// offset.
    pub(super) fn name_harm(&mut self, written: &[RecordEntry]) {
        let mut named = Vec::new();
        for harm in std::mem::take(&mut self.harm) {
            // The one before may reach into it.
            let from = written.partition_point(|entry| entry.offset < harm.offset);
            let to = written.partition_point(|entry| entry.offset < harm.end);
            let inside: Vec<&RecordEntry> = written[from.saturating_sub(1).min(to)..to]
                .iter()
                .filter(|entry| harm.offset < end_of(entry))
                .filter(|entry| !self.holds(entry))
                .take(MOST_NAMED.saturating_sub(named.len()))
                .collect();
            if harm.id.is_some() || inside.is_empty() {
                named.push(harm);
                continue;
            }
            named.extend(inside.into_iter().map(|entry| Harm {
                id: Some(RecordId::new(entry.kind, entry.id)),
                offset: entry.offset,
                end: end_of(entry),
                what: harm.what.clone(),
            }));
        }
        self.harm = named;
    }

    fn holds(&self, written: &RecordEntry) -> bool {
        let found = self
            .entries
            .binary_search_by_key(&written.offset, |entry| entry.offset);
        found.is_ok_and(|at| {
            (self.entries[at].kind, self.entries[at].id) == (written.kind, written.id)
        })
    }
}

pub(super) fn end_of(entry: &RecordEntry) -> u64 {
    entry.offset + HEADER_BYTES as u64 + u64::from(entry.stored)
}

/// Where a batch could not be followed.
struct Stumbled {
    offset: u64,
    what: Broken,
    /// Bytes that were read before.
    read: u64,
}

type Batch = (Vec<RecordEntry>, u64, [u8; 32]);

/// The batch at `start` by its headers: its records, where it ends, and the id of its end.
fn batch(pack: &Pack, start: u64, to: u64) -> Result<Result<Batch, Stumbled>> {
    let mut hasher = batch_hasher();
    let mut entries = Vec::new();
    let mut at = start;
    loop {
        let read = (entries.len() as u64 + 1) * HEADER_BYTES as u64;
        let stumbled = |what| {
            let offset = at;
            Ok(Err(Stumbled { offset, what, read }))
        };
        if at + HEADER_BYTES as u64 > to {
            return stumbled("a record that is cut off");
        }
        let mut bytes = [0; HEADER_BYTES];
        pack.read(&mut bytes, at)?;
        let header = match Header::parse(&bytes) {
            Ok(header) if at + header.total() > to => return stumbled("a record that is cut off"),
            Ok(header) => header,
            Err(what) => {
                refuse_later(pack, at, to, &bytes)?;
                return stumbled(what);
            }
        };
        match header.kind {
            RecordKind::Footer if entries.is_empty() => return stumbled("its footer"),
            RecordKind::Footer => return stumbled("a footer inside a batch"),
            RecordKind::BatchEnd => {
                let raw = match record(pack, at, to)? {
                    Ok((_, raw)) => raw,
                    Err(what) => return stumbled(what),
                };
                let whole = *hasher.finalize().as_bytes() == header.id;
                if !whole || batch_numbers(&raw) != Some((at - start, entries.len() as u32)) {
                    let what = "records that are not those the batch was written with";
                    let offset = start;
                    return Ok(Err(Stumbled { offset, what, read }));
                }
                return Ok(Ok((entries, at + BATCH_RECORD_BYTES, header.id)));
            }
            _ => {
                pack.admit(header.kind, at)?;
                hasher.update(&bytes);
                entries.push(RecordEntry::new(&header, at, None));
                at += header.total();
            }
        }
    }
}

/// Whether the pack was sealed once, though its footer does not hold.
fn looks_sealed(pack: &Pack, length: u64) -> Result<bool> {
    let Some(at) = length.checked_sub(TRAILER_BYTES) else {
        return Ok(false);
    };
    let mut trailer = [0; TRAILER_BYTES as usize];
    pack.read(&mut trailer, at)?;
    Ok(trailer.starts_with(super::pack::SEAL))
}
