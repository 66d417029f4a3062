//! Values of the index as bytes.

use super::super::facts::{Location, PackState};
use super::super::record::Encoding;

const LOCATION_BYTES: usize = 21;
const PACK_BYTES: usize = 57;

pub(super) fn location_to_bytes(at: &Location) -> [u8; LOCATION_BYTES] {
    let mut bytes = [0; LOCATION_BYTES];
    bytes[0..4].copy_from_slice(&at.pack.to_le_bytes());
    bytes[4..12].copy_from_slice(&at.offset.to_le_bytes());
    bytes[12..16].copy_from_slice(&at.stored.to_le_bytes());
    bytes[16..20].copy_from_slice(&at.raw.to_le_bytes());
    bytes[20] = at.encoding.code();
    bytes
}

pub(super) fn location_from_bytes(bytes: &[u8]) -> Option<Location> {
    let bytes: &[u8; LOCATION_BYTES] = bytes.try_into().ok()?;
    Some(Location {
        pack: u32::from_le_bytes(part(bytes, 0)),
        offset: u64::from_le_bytes(part(bytes, 4)),
        stored: u32::from_le_bytes(part(bytes, 12)),
        raw: u32::from_le_bytes(part(bytes, 16)),
        encoding: Encoding::from_code(bytes[20])?,
    })
}

pub(super) fn pack_to_bytes(pack: &PackState) -> [u8; PACK_BYTES] {
    let mut bytes = [0; PACK_BYTES];
    bytes[0..16].copy_from_slice(&pack.uuid);
    bytes[16..24].copy_from_slice(&pack.length.to_le_bytes());
    bytes[24..56].copy_from_slice(&pack.tail);
    bytes[56] = u8::from(pack.closed);
    bytes
}

pub(super) fn pack_from_bytes(bytes: &[u8]) -> Option<PackState> {
    let bytes: &[u8; PACK_BYTES] = bytes.try_into().ok()?;
    Some(PackState {
        uuid: part(bytes, 0),
        length: u64::from_le_bytes(part(bytes, 16)),
        tail: part(bytes, 24),
        closed: bytes[56] == 1,
    })
}

/// `N` bytes from `at` on.
fn part<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes[at..at + N].try_into().expect("the range has N bytes")
}
