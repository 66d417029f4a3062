//! The flat tree of the current commit, kept so that its folders need not be decoded each time.
//!
//! `.aiut/tree`, sealed, all integers little-endian:
//! ```text
//! tree:[u8; 32] count:u32
//! count × { path length:u16, path, size:u64, flags:u8, id:[u8; 32],
//!           run that made it:[u8; 32] if flags & 2, acceptance:[u8; 32] if flags & 4 }
//! ```
//! Sorted by path; flag 1 is the executable bit. It says what follows from the tree's id, so it
//! is never out of date: it is that of the tree asked for, or no use.

use super::{Entry, FlatTree, Project, Result, read_tree};
use crate::base::sealed::{self, Sort, put_text, take, take_text};
use crate::object::{AcceptanceId, FileId, GenerationId, Paths, RepoPath, TreeId};

const CACHE: Sort = Sort {
    magic: *b"aiuttree",
    version: 1,
    // Some three million files.
    most_bytes: 512 << 20,
};
/// Bytes of an entry beside its path and what only some have.
const FIXED: usize = 2 + 8 + 1 + 32;
/// A tree of fewer files is decoded as fast as a file is written.
const MANY_FILES: usize = 200;

const EXEC: u8 = 1;
const MADE: u8 = 2;
const ACCEPTED: u8 = 4;

/// Every file of a tree, from the cache if it is about that tree; else the cache is made so.
///
/// # Errors
/// As [`read_tree`].
pub(super) fn files_of(project: &Project, tree: TreeId) -> Result<FlatTree> {
    let path = project.tree().own("tree");
    let cached = CACHE.read(&path).unwrap_or_default();
    if let Some(files) = CACHE.open(&cached).and_then(|body| decode(tree, body)) {
        return Ok(files);
    }
    let files = read_tree(project.store(), tree)?;
    keep_files(project, tree, &files);
    Ok(files)
}

/// Keeps the files of the tree that the project stands on now, for the next command.
pub fn keep_files(project: &Project, tree: TreeId, files: &FlatTree) {
    if files.len() >= MANY_FILES {
        // A cache that cannot be written, as in a read-only folder, costs only time.
        let _ = sealed::write(&project.tree().own("tree"), encode(tree, files));
    }
}

fn encode(tree: TreeId, files: &FlatTree) -> Vec<u8> {
    let mut bytes = CACHE.begin(36 + files.len() * (FIXED + 32 + 40));
    bytes.extend_from_slice(tree.as_bytes());
    let count = u32::try_from(files.len()).expect("fewer files than 4 billion");
    bytes.extend_from_slice(&count.to_le_bytes());
    for (path, entry) in files {
        let flag = |is: bool, flag: u8| if is { flag } else { 0 };
        put_text(&mut bytes, path.as_str());
        bytes.extend_from_slice(&entry.size.to_le_bytes());
        bytes.push(
            flag(entry.exec, EXEC)
                | flag(entry.made_by.is_some(), MADE)
                | flag(entry.accepted.is_some(), ACCEPTED),
        );
        bytes.extend_from_slice(entry.id.as_bytes());
        if let Some(id) = entry.made_by {
            bytes.extend_from_slice(id.as_bytes());
        }
        if let Some(id) = entry.accepted {
            bytes.extend_from_slice(id.as_bytes());
        }
    }
    bytes
}

/// The files, if the body is about this tree and makes sense. Paths are checked as those of any
/// tree: the cache of a project that was copied from elsewhere is nobody's word for them.
fn decode(tree: TreeId, mut rest: &[u8]) -> Option<FlatTree> {
    if take(&mut rest)? != *tree.as_bytes() {
        return None;
    }
    let count = u32::from_le_bytes(take(&mut rest)?) as usize;
    let mut files: Vec<(RepoPath, Entry)> = Vec::with_capacity(count.min(rest.len() / FIXED));
    let mut paths = Paths::default();
    for _ in 0..count {
        let path = paths.path(take_text(&mut rest)?).ok()?;
        let size = u64::from_le_bytes(take(&mut rest)?);
        let [flags] = take(&mut rest)?;
        let id = FileId::from_bytes(take(&mut rest)?);
        let mut id_if = |flag: u8| match flags & flag {
            0 => Some(None),
            _ => take(&mut rest).map(Some),
        };
        let made_by = id_if(MADE)?.map(GenerationId::from_bytes);
        let accepted = id_if(ACCEPTED)?.map(AcceptanceId::from_bytes);
        if files.last().is_some_and(|(last, _)| *last >= path) {
            return None;
        }
        let entry = Entry {
            id,
            size,
            exec: flags & EXEC != 0,
            made_by,
            accepted,
        };
        files.push((path, entry));
    }
    rest.is_empty().then(|| files.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> FlatTree {
        let entry = |n: u8, made_by, accepted| Entry {
            id: FileId::from_bytes([n; 32]),
            size: u64::from(n) << 40,
            exec: n == 2,
            made_by,
            accepted,
        };
        let made_by = Some(GenerationId::from_bytes([8; 32]));
        let accepted = Some(AcceptanceId::from_bytes([9; 32]));
        let path = |path: &str| RepoPath::new(path).unwrap();
        FlatTree::from([
            (path("bible/Ærø.md"), entry(1, None, None)),
            (path("frames/012_003.png"), entry(2, made_by, None)),
            (path("frames/012_004.png"), entry(3, made_by, accepted)),
        ])
    }

    #[test]
    fn files_read_back_for_their_own_tree_alone() {
        let tree = TreeId::from_bytes([7; 32]);
        let bytes = sealed::seal(encode(tree, &files()));
        let body = CACHE.open(&bytes).unwrap();
        assert_eq!(decode(tree, body), Some(files()));
        assert_eq!(decode(TreeId::from_bytes([6; 32]), body), None);
        for cut in 0..body.len() {
            assert_eq!(decode(tree, &body[..cut]), None, "cut at {cut}");
        }
    }

    #[test]
    fn paths_that_no_tree_could_hold_are_not_believed() {
        let tree = TreeId::from_bytes([7; 32]);
        for (good, bad) in [
            ("bible", "..///"),
            ("frames/012_003", "../../../012_"),
            ("frames/012_004", "frames/012_002"),
        ] {
            let bytes = String::from_utf8_lossy(&encode(tree, &files())).into_owned();
            assert!(bytes.contains(good));
            let mut bytes = encode(tree, &files());
            let at = bytes.windows(good.len()).position(|w| w == good.as_bytes());
            let at = at.unwrap();
            bytes[at..at + bad.len()].copy_from_slice(bad.as_bytes());
            let bytes = sealed::seal(bytes);
            assert_eq!(decode(tree, CACHE.open(&bytes).unwrap()), None, "{bad}");
        }
    }
}
