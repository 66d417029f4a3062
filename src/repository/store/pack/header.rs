//! The header of a pack: who can read it, where it is from, and its number.

use super::PACK_HEADER_BYTES;
use crate::object::ProjectId;
use crate::store::release::{Release, WRITTEN};

pub(super) const MAGIC: &[u8; 8] = b"aiutpack";
/// Of headers, records and batches as such: what all releases so far have in common.
pub(super) const VERSION: u8 = 1;
/// Set in the byte of the version: the pack goes from one project to another.
pub(super) const EXCHANGE: u8 = 0x80;

/// The header of a new pack.
pub(in crate::store) fn pack_header(uuid: &[u8; 16]) -> [u8; PACK_HEADER_BYTES as usize] {
    header_of(VERSION, WRITTEN, uuid)
}

/// The header of a new pack that goes from one project to another.
pub(in crate::store) fn exchange_header(uuid: &[u8; 16]) -> [u8; PACK_HEADER_BYTES as usize] {
    header_of(VERSION | EXCHANGE, WRITTEN, uuid)
}

/// The header of a pack of this version that this release is the lowest to read.
pub(in crate::store) fn header_of(
    version: u8,
    needs: Release,
    uuid: &[u8; 16],
) -> [u8; PACK_HEADER_BYTES as usize] {
    let mut bytes = [0; PACK_HEADER_BYTES as usize];
    bytes[0..8].copy_from_slice(MAGIC);
    bytes[8] = version;
    bytes[9..12].copy_from_slice(&needs.0);
    bytes[16..32].copy_from_slice(uuid);
    let check = header_check(&bytes);
    bytes[12..16].copy_from_slice(&check);
    bytes
}

/// Tells a header that another aiut wrote from one that is damaged, whatever its version.
pub(super) fn header_check(bytes: &[u8; PACK_HEADER_BYTES as usize]) -> [u8; 4] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&bytes[..12]).update(&bytes[16..]);
    let hash = hasher.finalize();
    hash.as_bytes()[..4]
        .try_into()
        .expect("a hash has 32 bytes")
}

/// A number that no other pack has.
pub(in crate::store) fn random_uuid() -> [u8; 16] {
    use std::hash::{BuildHasher, RandomState};
    // The standard library seeds its hashers at random; a pack's number needs no more than that.
    let mut bytes = [0; 16];
    for half in bytes.chunks_exact_mut(8) {
        half.copy_from_slice(
            &RandomState::new()
                .hash_one(std::process::id())
                .to_le_bytes(),
        );
    }
    bytes
}

/// The number of a new pack of a project: random, and to be told from those of other projects.
pub(in crate::store) fn new_uuid(project: ProjectId) -> [u8; 16] {
    let mut uuid = random_uuid();
    let sign = sign_of(project, &uuid);
    uuid[8..].copy_from_slice(&sign);
    uuid
}

/// Whether a pack with this number was written in this project, or in a copy of it.
pub(in crate::store) fn is_of_project(project: ProjectId, uuid: &[u8; 16]) -> bool {
    uuid[8..] == sign_of(project, uuid)
}

fn sign_of(project: ProjectId, uuid: &[u8; 16]) -> [u8; 8] {
    let mut hasher = blake3::Hasher::new_derive_key("aiut 2026 pack of a project v1");
    hasher.update(project.as_bytes()).update(&uuid[..8]);
    let hash = hasher.finalize();
    *hash.as_bytes().first_chunk().expect("a hash has 32 bytes")
}
