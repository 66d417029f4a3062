//! Memos of any length: the index keeps short ones alone, so a long one is kept in pieces.

use std::borrow::Cow;

use crate::BUILD;
use crate::store::Store;

/// Bytes of a piece.
const PIECE: usize = 60 << 10;
/// Longest memo that is kept, in bytes; a longer one is worked out again.
const MOST: usize = 64 << 20;

/// A key and what is noted under it.
pub(super) type Memo<'b> = (Vec<u8>, Cow<'b, [u8]>);

/// Memos that together hold `bytes` under `key`, each overwriting what that key held before. None if
/// there are too many bytes.
pub(super) fn split<'b>(key: &[u8], bytes: &'b [u8]) -> Option<Vec<Memo<'b>>> {
    split_as(key, bytes, &digest(bytes))
}

/// The same of bytes whose digest is known.
pub(super) fn split_as<'b>(
    key: &[u8],
    bytes: &'b [u8],
    digest: &[u8; 32],
) -> Option<Vec<Memo<'b>>> {
    if bytes.len() > MOST {
        return None;
    }
    let mut head = digest.to_vec();
    head.extend((bytes.len() as u64).to_le_bytes());
    let pieces = bytes.chunks(PIECE).enumerate();
    let pieces = pieces.map(|(at, piece)| (piece_key(key, at), Cow::from(piece)));
    let head = (key.to_vec(), Cow::from(head));
    Some(std::iter::once(head).chain(pieces).collect())
}

/// By which bytes are told from others that stood under the same key.
pub(super) fn digest(bytes: &[u8]) -> [u8; 32] {
    *blake3::hash(bytes).as_bytes()
}

/// What was split, if all of it is still there as it was.
pub(super) fn join(store: &Store, key: &[u8]) -> Option<Vec<u8>> {
    join_if(store, key, |_| true)
}

/// What was split, if it is what has this digest.
pub(super) fn join_of(store: &Store, key: &[u8], wanted: &[u8; 32]) -> Option<Vec<u8>> {
    join_if(store, key, |digest| digest == wanted)
}

fn join_if(
    store: &Store,
    key: &[u8],
    is_wanted: impl FnOnce(&[u8; 32]) -> bool,
) -> Option<Vec<u8>> {
    let memo = |key: &[u8]| store.memo_get(BUILD, key).ok().flatten();
    let head = memo(key)?;
    let (of_all, length) = head.split_first_chunk::<32>()?;
    if !is_wanted(of_all) {
        return None;
    }
    let length = u64::from_le_bytes(length.try_into().ok()?);
    let length = usize::try_from(length)
        .ok()
        .filter(|length| *length <= MOST)?;
    let mut bytes = Vec::with_capacity(length);
    for at in 0..length.div_ceil(PIECE) {
        let found = store.memo_onto(BUILD, &piece_key(key, at), &mut bytes);
        found.ok().filter(|found| *found)?;
    }
    // Another process may have written in between, and a page may be damaged.
    (bytes.len() == length && digest(&bytes) == *of_all).then_some(bytes)
}

fn piece_key(key: &[u8], at: usize) -> Vec<u8> {
    [key, &(at as u64).to_le_bytes()[..]].concat()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A new store, in a folder that goes with it.
    pub(in crate::workflow) fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::create(
            &folder.path().join("store"),
            crate::object::ProjectId::random(),
        )
        .expect("a store");
        (folder, store)
    }

    #[test]
    fn what_was_split_is_joined_whatever_its_length() {
        let (_folder, store) = store();
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 5 * PIECE + 7] {
            let bytes: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let memos = split(b"key", &bytes).expect("it is short enough");
            store.memo_put(BUILD, &memos).expect("noted");
            assert_eq!(join(&store, b"key"), Some(bytes), "{length} bytes");
        }
        assert_eq!(join(&store, b"other"), None);
    }

    #[test]
    fn pieces_of_two_memos_are_none() {
        let (_folder, store) = store();
        let bytes = [1, 2].map(|byte| vec![byte; 3 * PIECE]);
        let [one, two] = bytes
            .each_ref()
            .map(|bytes| split(b"key", bytes).expect("short"));
        store.memo_put(BUILD, &one).expect("noted");
        store.memo_put(BUILD, &two[2..3]).expect("noted");
        assert_eq!(join(&store, b"key"), None);
    }

    #[test]
    fn what_is_too_long_is_not_kept() {
        assert!(split(b"key", &vec![0; MOST + 1]).is_none());
    }
}
