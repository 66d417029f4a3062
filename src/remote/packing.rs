//! Lists of records as packs on their way: cut into parcels of some size, each named by what goes into it, so
//! that both sides mean the same bytes by it and either can go on where it was.

use std::io::{self, Write};
use std::ops::Range;

use rayon::prelude::*;

use crate::ids::{PackId, first_sixteen};
use crate::storage::Storage;
use crate::store::{ExchangeWriter, RecordId, StoreError, exchange_bytes};
use crate::wire::Listed;
use crate::{RemoteError, Result};

/// A parcel ends about here, so that what has to be sent again after an interruption is little.
const PARCEL_BYTES: u64 = 32 << 20;
/// Or with so many records.
pub const PARCEL_RECORDS: usize = 100_000;
/// Bytes of payloads that are in memory at a time, and a record more.
const WINDOW_BYTES: u64 = 4 << 20;
/// Or so many records.
const WINDOW_RECORDS: usize = 1024;
/// Longest pack that is taken in: a parcel, and one more record of the largest kind.
pub const MOST_PARCEL_BYTES: u64 = PARCEL_BYTES + (64 << 20);

/// Records that travel in one pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// Its name.
    pub id: PackId,
    /// What goes into it, in that order.
    pub records: Vec<RecordId>,
    /// Bytes of the pack.
    pub bytes: u64,
}

impl Parcel {
    fn of(listed: &[Listed]) -> Self {
        let records = listed.iter().map(|listed| listed.record);
        Self {
            id: name_of(listed),
            records: records.collect(),
            bytes: exchange_bytes(listed.iter().map(|listed| listed.stored)),
        }
    }
}

/// The name of the pack of these records.
fn name_of(listed: &[Listed]) -> PackId {
    let mut hasher = blake3::Hasher::new_derive_key("aiut 2026 pack on its way v1");
    for listed in listed {
        hasher.update(&listed.to_bytes());
    }
    PackId(first_sixteen(&hasher.finalize()))
}

/// Cuts a list into parcels.
#[must_use]
pub fn parcels(listed: &[Listed]) -> Vec<Parcel> {
    let mut found = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (place, item) in listed.iter().enumerate() {
        bytes += u64::from(item.stored);
        if bytes >= PARCEL_BYTES || place + 1 - start >= PARCEL_RECORDS {
            found.push(Parcel::of(&listed[start..=place]));
            (start, bytes) = (place + 1, 0);
        }
    }
    if start < listed.len() {
        found.push(Parcel::of(&listed[start..]));
    }
    found
}

/// Writes the pack of these records to `out`, from `offset` on. Returns the bytes of all of it.
///
/// # Errors
/// `Incomplete` names a record that is not stored; `Away` when `out` fails.
pub fn write_parcel(
    storage: &dyn Storage,
    records: &[RecordId],
    offset: u64,
    out: &mut dyn Write,
) -> Result<u64> {
    let mut listed = Vec::with_capacity(records.len());
    for record in records {
        let stored = storage.stored(record)?;
        let stored = stored.ok_or(RemoteError::Incomplete(*record))?;
        listed.push(Listed {
            record: *record,
            stored,
        });
    }
    let skipping = Skipping { out, skip: offset };
    let sent = |error| match error {
        StoreError::Sink(error) => RemoteError::Away(format!("the connection broke: {error}")),
        error => RemoteError::Store(error),
    };
    let mut pack = ExchangeWriter::begin(skipping, &name_of(&listed).0).map_err(sent)?;
    for window in windows(listed.iter().map(|listed| listed.stored)) {
        let carry = |record: &RecordId| {
            let carried = storage.carry(record)?;
            carried.ok_or(RemoteError::Incomplete(*record))
        };
        let carried: Result<Vec<_>> = records[window].par_iter().map(carry).collect();
        carried?
            .iter()
            .try_for_each(|carried| pack.push(carried).map_err(sent))?;
    }
    pack.finish().map_err(sent)?;
    Ok(exchange_bytes(listed.iter().map(|listed| listed.stored)))
}

/// Stretches of a list whose payloads are read and verified together, by all processors.
pub(crate) fn windows(stored: impl IntoIterator<Item = u32>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut end, mut bytes) = (0, 0, 0);
    for length in stored {
        (end, bytes) = (end + 1, bytes + u64::from(length));
        if bytes >= WINDOW_BYTES || end - start >= WINDOW_RECORDS {
            found.push(start..end);
            (start, bytes) = (end, 0);
        }
    }
    if start < end {
        found.push(start..end);
    }
    found
}

/// Passes on what comes behind the first bytes.
struct Skipping<'w> {
    out: &'w mut dyn Write,
    skip: u64,
}

impl Write for Skipping<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let skipped = usize::try_from(self.skip)
            .unwrap_or(usize::MAX)
            .min(bytes.len());
        self.skip -= skipped as u64;
        self.out.write_all(&bytes[skipped..])?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_all_of_a_list_in_order() {
        assert!(windows([]).is_empty());
        assert_eq!(windows([1, 2, 3]), std::slice::from_ref(&(0..3)));
        assert_eq!(windows([5 << 20, 1, 4 << 20, 7]), [0..1, 1..3, 3..4]);
        let many = windows(std::iter::repeat_n(0, 2500));
        assert_eq!(many, [0..1024, 1024..2048, 2048..2500]);
    }
}
