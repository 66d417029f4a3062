//! The flat tree of the current commit, kept so that its folders need not be decoded each time.
//!
//! `.aiut/tree`, sealed, all integers little-endian:
//! ```text
//! tree:[u8; 32] count:u32
//! count × { path length:u16, path, size:u64, flags:u8, id:[u8; 32],
//!           run that made it:[u8; 32] if flags & 2, acceptance:[u8; 32] if flags & 4,
//!           conflict:[u8; 32] if flags & 8 }
//! ```
//! Sorted by path; flag 1 is the executable bit. It says what follows from the tree's id, so it
//! is never out of date: it is that of the tree asked for, or no use.

use super::extent::Extent;
use super::{FileEntry, FlatTree, Project, Result, read_tree};
use crate::base::sealed::{self, Sort, put_text, take, take_text};
use crate::object::{AcceptanceId, ConflictId, FileId, GenerationId, Paths, RepoPath, TreeId};

const CACHE: Sort = Sort {
    magic: *b"aiuttree",
    version: 2,
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
const CONFLICT: u8 = 8;

/// The files of a tree as they lie in the cache: most commands look at each once.
pub(super) struct Flat {
    bytes: Vec<u8>,
    /// Where the first one begins.
    first: usize,
    count: usize,
    most: Extent,
}

impl Flat {
    /// Every file of a tree, from the cache if it is about that tree; else the cache is made so.
    ///
    /// # Errors
    /// As [`read_tree`].
    pub(super) fn of(project: &Project, tree: TreeId) -> Result<Self> {
        if let Some(flat) = Self::kept(project, tree) {
            return Ok(flat);
        }
        let files = read_tree(project.store(), tree)?;
        keep_files(project, tree, &files);
        let bytes = sealed::seal(encode(tree, &files));
        Ok(Self::open(tree, bytes).expect("what was encoded can be decoded"))
    }

    /// The cache, if it is about this tree.
    fn kept(project: &Project, tree: TreeId) -> Option<Self> {
        Self::open(tree, CACHE.read(project.tree().own(), "tree")?)
    }

    /// Of no file.
    pub(super) fn empty() -> Self {
        Self {
            bytes: Vec::new(),
            first: 0,
            count: 0,
            most: Extent::default(),
        }
    }

    /// If the bytes are about this tree and make sense. Paths are checked as those of any tree: the
    /// cache of a project that was copied from elsewhere is nobody's word for them.
    fn open(tree: TreeId, bytes: Vec<u8>) -> Option<Self> {
        let body = CACHE.open(&bytes)?;
        let mut rest = body;
        if take(&mut rest)? != *tree.as_bytes() {
            return None;
        }
        let count = u32::from_le_bytes(take(&mut rest)?) as usize;
        let first = bytes.len() - sealed::SEAL - rest.len();
        let (mut paths, mut last) = (Paths::default(), None);
        let mut most = Extent::default();
        for _ in 0..count {
            let (path, _) = decode(&mut rest)?;
            paths.check(path).ok()?;
            if last.is_some_and(|last| last >= path) {
                return None;
            }
            most.add_alone(path);
            last = Some(path);
        }
        rest.is_empty().then_some(Self {
            bytes,
            first,
            count,
            most,
        })
    }

    /// No less than what a tree of them comes to.
    pub(super) fn most(&self) -> Extent {
        self.most
    }

    /// Each file, in the order of the paths.
    pub(super) fn files(&self) -> impl Iterator<Item = (&str, FileEntry)> {
        let mut rest = &self.bytes[self.first..];
        let next = move || decode(&mut rest).expect("it was decoded before");
        std::iter::repeat_with(next).take(self.count)
    }
}

/// These files with their paths in full.
pub(super) fn in_full<'f>(files: impl Iterator<Item = (&'f str, FileEntry)>) -> FlatTree {
    let mut paths = Paths::default();
    files
        .map(|(path, entry)| (paths.path(path).expect("it was checked before"), entry))
        .collect()
}

/// Every file of a tree: from the cache if it is about that tree, else decoded.
///
/// # Errors
/// As [`read_tree`].
pub fn files_of(project: &Project, tree: TreeId) -> Result<FlatTree> {
    match Flat::kept(project, tree) {
        Some(flat) => Ok(in_full(flat.files())),
        None => read_tree(project.store(), tree),
    }
}

/// Sets these files, or takes them away.
pub fn apply_edits<'e>(
    files: &mut FlatTree,
    edits: impl IntoIterator<Item = (&'e RepoPath, &'e Option<FileEntry>)>,
) {
    for (path, entry) in edits {
        match entry {
            Some(entry) => files.insert(path.clone(), *entry),
            None => files.remove(path),
        };
    }
}

/// Keeps the files of the tree that the project stands on now, for the next command.
pub(super) fn keep_files(project: &Project, tree: TreeId, files: &FlatTree) {
    if files.len() >= MANY_FILES {
        // A cache that cannot be written, as in a read-only folder, costs only time.
        let _ = sealed::write(project.tree().own(), "tree", encode(tree, files));
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
                | flag(entry.accepted.is_some(), ACCEPTED)
                | flag(entry.conflict.is_some(), CONFLICT),
        );
        bytes.extend_from_slice(entry.id.as_bytes());
        if let Some(id) = entry.made_by {
            bytes.extend_from_slice(id.as_bytes());
        }
        if let Some(id) = entry.accepted {
            bytes.extend_from_slice(id.as_bytes());
        }
        if let Some(id) = entry.conflict {
            bytes.extend_from_slice(id.as_bytes());
        }
    }
    bytes
}

/// The next file of a body.
fn decode<'b>(rest: &mut &'b [u8]) -> Option<(&'b str, FileEntry)> {
    let path = take_text(rest)?;
    let size = u64::from_le_bytes(take(rest)?);
    let [flags] = take(rest)?;
    let id = FileId::from_bytes(take(rest)?);
    let mut id_if = |flag: u8| match flags & flag {
        0 => Some(None),
        _ => take(rest).map(Some),
    };
    let made_by = id_if(MADE)?.map(GenerationId::from_bytes);
    let accepted = id_if(ACCEPTED)?.map(AcceptanceId::from_bytes);
    let conflict = id_if(CONFLICT)?.map(ConflictId::from_bytes);
    let entry = FileEntry {
        id,
        size,
        exec: flags & EXEC != 0,
        made_by,
        accepted,
        conflict,
    };
    Some((path, entry))
}

#[cfg(test)]
mod tests {
    use super::*;
    fn files() -> FlatTree {
        let entry = |n: u8, made_by, accepted, conflict| FileEntry {
            id: FileId::from_bytes([n; 32]),
            size: u64::from(n) << 40,
            exec: n == 2,
            made_by,
            accepted,
            conflict,
        };
        let made_by = Some(GenerationId::from_bytes([8; 32]));
        let accepted = Some(AcceptanceId::from_bytes([9; 32]));
        let conflict = Some(ConflictId::from_bytes([7; 32]));
        let path = |path: &str| RepoPath::new(path).unwrap();
        FlatTree::from([
            (path("bible/Ærø.md"), entry(1, None, None, None)),
            (
                path("frames/012_003.png"),
                entry(2, made_by, None, conflict),
            ),
            (
                path("frames/012_004.png"),
                entry(3, made_by, accepted, None),
            ),
        ])
    }

    #[test]
    fn files_read_back_for_their_own_tree_alone() {
        let tree = TreeId::from_bytes([7; 32]);
        let body = encode(tree, &files());
        let flat = Flat::open(tree, sealed::seal(body.clone())).unwrap();
        assert_eq!(in_full(flat.files()), files());
        let other = TreeId::from_bytes([6; 32]);
        assert!(Flat::open(other, sealed::seal(body.clone())).is_none());
        for cut in 0..body.len() {
            let bytes = sealed::seal(body[..cut].to_vec());
            assert!(Flat::open(tree, bytes).is_none(), "cut at {cut}");
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
            let mut bytes = encode(tree, &files());
            let at = bytes.windows(good.len()).position(|w| w == good.as_bytes());
            let at = at.unwrap();
            bytes[at..at + bad.len()].copy_from_slice(bad.as_bytes());
            assert!(Flat::open(tree, sealed::seal(bytes)).is_none(), "{bad}");
        }
    }
}
