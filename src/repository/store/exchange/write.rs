//! A pack for exchange as it is written: the same records in the same order are the same bytes, so that whoever
//! has a part of one can ask for the rest.

use std::io::Write;

use super::Carried;
use crate::store::error::{Result, StoreError};
use crate::store::facts::RecordEntry;
use crate::store::pack::{
    BATCH_RECORD_BYTES, PACK_HEADER_BYTES, TRAILER_BYTES, batch_end, batch_hasher, exchange_header,
    footer,
};
use crate::store::record::{FOOTER_ENTRY_BYTES, HEADER_BYTES};

/// Bytes of a pack for exchange of records with payloads of these lengths.
#[must_use]
pub fn exchange_bytes(stored: impl IntoIterator<Item = u32>) -> u64 {
    let header = HEADER_BYTES as u64;
    let per_record = header + FOOTER_ENTRY_BYTES as u64;
    let records: u64 = stored.into_iter().map(|b| per_record + u64::from(b)).sum();
    PACK_HEADER_BYTES + records + BATCH_RECORD_BYTES + header + TRAILER_BYTES
}

/// Writes a pack for exchange, record by record.
#[derive(Debug)]
#[must_use = "the pack is whole when it is finished"]
pub struct ExchangeWriter<W> {
    out: W,
    entries: Vec<RecordEntry>,
    headers: blake3::Hasher,
    /// Bytes so far.
    length: u64,
}

impl<W: Write> ExchangeWriter<W> {
    /// Begins a pack with this number, which follows from what goes into it.
    ///
    /// # Errors
    /// `Sink` when `out` fails.
    pub fn begin(mut out: W, number: &[u8; 16]) -> Result<Self> {
        out.write_all(&exchange_header(number))
            .map_err(StoreError::Sink)?;
        Ok(Self {
            out,
            entries: Vec::new(),
            headers: batch_hasher(),
            length: PACK_HEADER_BYTES,
        })
    }

    /// Adds a record. None may come twice.
    ///
    /// # Errors
    /// `Sink`.
    pub fn push(&mut self, carried: &Carried) -> Result<()> {
        let header = &carried.0.header;
        let bytes = header.to_bytes();
        self.entries
            .push(RecordEntry::new(header, self.length, None));
        self.headers.update(&bytes);
        self.length += header.total();
        self.write(&bytes)?;
        self.write(&carried.0.payload)
    }

    /// Writes what ends it. Returns where it was written to.
    ///
    /// # Errors
    /// `Sink`.
    pub fn finish(mut self) -> Result<W> {
        let records = u32::try_from(self.entries.len()).expect("a pack's records are limited");
        let mut end = Vec::new();
        batch_end(&self.headers, self.length - PACK_HEADER_BYTES, records).append_to(&mut end);
        let at = self.length + BATCH_RECORD_BYTES;
        end.extend_from_slice(&footer(&mut self.entries, at));
        self.write(&end)?;
        Ok(self.out)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.out.write_all(bytes).map_err(StoreError::Sink)
    }
}
