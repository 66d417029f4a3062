//! zstd for payloads: one frame each, within limits that are known before.

use std::cell::RefCell;

use super::record::Broken;

/// Below this, compression saves less than it costs.
const MIN_COMPRESSED: usize = 128;
/// The level of zstd's own default: text shrinks well at some hundred MB/s.
const LEVEL: i32 = 3;

thread_local! {
    // A context is a hundred kilobytes to set up: kept by each thread.
    static COMPRESSOR: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
    static DECOMPRESSOR: RefCell<Option<zstd::bulk::Decompressor<'static>>> =
        const { RefCell::new(None) };
}

/// The zstd frame of `raw`, if it saves a sixteenth.
pub(super) fn compress(raw: &[u8]) -> Option<Vec<u8>> {
    if raw.len() < MIN_COMPRESSED {
        return None;
    }
    COMPRESSOR.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = zstd::bulk::Compressor::new(LEVEL).ok();
        }
        // The room is what it may take: what does not fit is not worth it and stops early.
        let mut out = Vec::with_capacity(raw.len() - raw.len() / 16);
        slot.as_mut()?.compress_to_buffer(raw, &mut out).ok()?;
        out.shrink_to_fit();
        Some(out)
    })
}

/// The `length` bytes of a zstd frame; a frame that holds more is refused, not grown into.
pub(super) fn decompress(frame: &[u8], length: usize) -> Result<Vec<u8>, Broken> {
    DECOMPRESSOR.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = zstd::bulk::Decompressor::new().ok();
        }
        let decompressor = slot.as_mut().ok_or("zstd could not be set up")?;
        let mut out = Vec::with_capacity(length);
        match decompressor.decompress_to_buffer(frame, &mut out) {
            Ok(read) if read == length => Ok(out),
            _ => Err("its zstd frame does not hold what it should"),
        }
    })
}
