//! How much a tree stands for, told before any of it is spelled out.
//!
//! Trees are shared: thirty of them, each naming the next one twice, are a few kilobytes and a
//! thousand million paths. So whoever is about to go through every path asks first; each tree is
//! counted once, from the bottom up, however often and however deep it comes up.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::rc::Rc;

use super::{HistoryError, Result};
use crate::object::{MAX_PATH_NAMES, Tree, TreeId};

/// Most files and folders of one commit.
pub const MAX_ENTRIES: u64 = 3_000_000;
/// Most bytes of all their paths together.
pub const MAX_PATH_BYTES: u64 = 512 << 20;

/// What lies below a folder. Counts stop at the largest number there is.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    /// Files and folders.
    pub(super) entries: u64,
    /// Bytes of their paths from this folder on.
    pub(super) path_bytes: u64,
    /// Names in the longest of these paths.
    pub(super) depth: u64,
}

/// Why a tree is more than a commit may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// Files and folders.
    Entries(u64),
    /// Bytes of paths.
    PathBytes(u64),
    /// Names in a path.
    Depth,
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entries(u64::MAX) => write!(
                f,
                "it stands for more files and folders than can be counted, and a commit may have \
                 {MAX_ENTRIES}"
            ),
            Self::Entries(found) => write!(
                f,
                "it stands for {found} files and folders, and a commit may have {MAX_ENTRIES}"
            ),
            Self::PathBytes(found) => write!(
                f,
                "its paths have {found} bytes, and those of a commit may have {MAX_PATH_BYTES}"
            ),
            Self::Depth => write!(
                f,
                "its folders lie too deep in each other, and a path may have {MAX_PATH_NAMES} names"
            ),
        }
    }
}

impl Extent {
    /// Counts an entry, and what is below it if it is a folder.
    pub(super) fn add(&mut self, name: usize, below: Self) {
        let entries = below.entries.saturating_add(1);
        let names = (name as u64 + 1).saturating_mul(entries);
        self.entries = self.entries.saturating_add(entries);
        self.path_bytes = self
            .path_bytes
            .saturating_add(names.saturating_add(below.path_bytes));
        self.depth = self.depth.max(below.depth + 1);
    }

    /// That of a tree of these files. The paths come in their order.
    pub(super) fn of_paths<'p>(paths: impl Iterator<Item = &'p str>) -> Self {
        let mut extent = Self::default();
        let mut last = "";
        for path in paths {
            let same = path.bytes().zip(last.bytes()).take_while(|(a, b)| a == b);
            let same = same.count();
            let ends = path
                .match_indices('/')
                .map(|(at, _)| at)
                .chain([path.len()]);
            for (depth, end) in (1..).zip(ends) {
                extent.depth = extent.depth.max(depth);
                // A folder that the path before lies in, too.
                let is_known = same > end && last.as_bytes()[end] == b'/';
                if !is_known {
                    extent.entries += 1;
                    extent.path_bytes += end as u64 + 1;
                }
            }
            last = path;
        }
        extent
    }

    /// Counts a file as if it shared no folder with another: no less than what it comes to.
    pub(super) fn add_alone(&mut self, path: &str) {
        let names = 1 + path.bytes().filter(|byte| *byte == b'/').count() as u64;
        self.entries += names;
        self.path_bytes += names * (path.len() as u64 + 1);
        self.depth = self.depth.max(names);
    }

    /// What of it is more than a commit may have.
    #[must_use]
    pub(super) fn excess(&self) -> Option<Excess> {
        if self.depth > MAX_PATH_NAMES as u64 {
            Some(Excess::Depth)
        } else if self.entries > MAX_ENTRIES {
            Some(Excess::Entries(self.entries))
        } else if self.path_bytes > MAX_PATH_BYTES {
            Some(Excess::PathBytes(self.path_bytes))
        } else {
            None
        }
    }
}

/// What a tree of these files, which come in their order, has more of than a commit may have.
pub(super) fn excess_of<'p>(paths: impl Iterator<Item = &'p str> + Clone) -> Option<Excess> {
    // Folders are told from each other only where they can matter.
    let mut most = Extent::default();
    paths.clone().for_each(|path| most.add_alone(path));
    most.excess()?;
    Extent::of_paths(paths).excess()
}

/// A folder as it is measured: what its files come to, and the folders in it, each with the bytes of
/// its name.
pub(super) type Folder<K> = (Extent, Vec<(usize, K)>);

/// Extents that are known, by folder, or by whatever stands for one.
#[derive(Debug)]
pub(super) struct Extents<K>(HashMap<K, Extent>);

impl<K> Default for Extents<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

/// A folder that is being measured.
struct Open<K> {
    folder: K,
    extent: Extent,
    rest: std::vec::IntoIter<(usize, K)>,
}

impl<K: Copy + Eq + Hash> Extents<K> {
    /// The extent of a folder. `open` is asked once for each that is not known. What lies deep takes
    /// no stack; what is found to be more than a commit may have is not gone through to its end, and
    /// its extent says no more than that.
    pub(super) fn of<E>(
        &mut self,
        folder: K,
        open: &mut dyn FnMut(K) -> Result<Folder<K>, E>,
    ) -> Result<Extent, E> {
        if let Some(known) = self.0.get(&folder) {
            return Ok(*known);
        }
        let mut found = 0_u64;
        let mut begin = |folder| {
            let (extent, folders) = open(folder)?;
            // Each folder is an entry at least once, and so are its files.
            found = found.saturating_add(extent.entries + 1);
            let rest = folders.into_iter();
            let open = Open {
                folder,
                extent,
                rest,
            };
            Ok((open, found))
        };
        let mut above: Vec<(Open<K>, usize)> = Vec::new();
        let (mut open, mut seen) = begin(folder)?;
        loop {
            match open.rest.next() {
                Some((name, below)) => match self.0.get(&below) {
                    Some(known) => open.extent.add(name, *known),
                    None if above.len() >= MAX_PATH_NAMES => {
                        return Ok(Extent {
                            depth: MAX_PATH_NAMES as u64 + 1,
                            ..Extent::default()
                        });
                    }
                    None if seen > MAX_ENTRIES + 1 => {
                        return Ok(Extent {
                            entries: u64::MAX,
                            ..Extent::default()
                        });
                    }
                    None => {
                        let inner;
                        (inner, seen) = begin(below)?;
                        above.push((std::mem::replace(&mut open, inner), name));
                    }
                },
                None => {
                    self.0.insert(open.folder, open.extent);
                    let Some((outer, name)) = above.pop() else {
                        return Ok(open.extent);
                    };
                    let done = std::mem::replace(&mut open, outer);
                    open.extent.add(name, done.extent);
                }
            }
        }
    }
}

/// A tree as it is measured.
pub(super) fn folder_of(tree: &Tree) -> Folder<TreeId> {
    let (mut extent, mut folders) = Folder::default();
    for entry in tree.entries() {
        match entry.tree_id() {
            Some(below) => folders.push((entry.name.len(), below)),
            None => extent.add(entry.name.len(), Extent::default()),
        }
    }
    (extent, folders)
}

/// The trees of one commit after another: each is measured before it is gone through, and read once.
pub struct TreeWalk<'r> {
    read: Box<dyn Fn(TreeId) -> Result<Tree> + 'r>,
    known: HashMap<TreeId, Rc<Tree>>,
    measured: Extents<TreeId>,
}

impl<'r> TreeWalk<'r> {
    /// A walk that reads trees so.
    pub fn new(read: impl Fn(TreeId) -> Result<Tree> + 'r) -> Self {
        Self {
            read: Box::new(read),
            known: HashMap::new(),
            measured: Extents::default(),
        }
    }

    /// Measures a commit's tree. Nothing but that tree may be gone through then; whoever follows its
    /// folders by calling himself is no more than [`MAX_PATH_NAMES`] deep.
    ///
    /// # Errors
    /// `TreeTooLarge` when it is more than a commit may have; those of reading.
    pub fn begin(&mut self, tree: TreeId) -> Result<()> {
        self.known.clear();
        let (read, known) = (&self.read, &mut self.known);
        let extent = self.measured.of(tree, &mut |id| {
            let tree = read(id)?;
            let folder = folder_of(&tree);
            known.insert(id, Rc::new(tree));
            Ok::<_, HistoryError>(folder)
        })?;
        match extent.excess() {
            Some(excess) => Err(HistoryError::TreeTooLarge { tree, excess }),
            None => Ok(()),
        }
    }

    /// A tree.
    ///
    /// # Errors
    /// Those of reading.
    pub fn get(&mut self, id: TreeId) -> Result<Rc<Tree>> {
        if let Some(tree) = self.known.get(&id) {
            return Ok(Rc::clone(tree));
        }
        let tree = Rc::new((self.read)(id)?);
        self.known.insert(id, Rc::clone(&tree));
        Ok(tree)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::convert::Infallible;

    use super::*;

    /// Folder N holds folder N - 1 so many times, and folder 0 one file; all names have two bytes.
    fn tower(height: u64, copies: usize) -> (Extent, usize) {
        let asked = Cell::new(0);
        let mut open = |folder: u64| -> Result<_, Infallible> {
            asked.set(asked.get() + 1);
            let mut files = Extent::default();
            if folder == 0 {
                files.add(2, Extent::default());
                return Ok((files, vec![]));
            }
            Ok((files, vec![(2, folder - 1); copies]))
        };
        let extent = Extents::default().of(height, &mut open).unwrap();
        (extent, asked.get())
    }

    #[test]
    fn shared_folders_are_counted_as_often_as_they_come_up_and_asked_once() {
        let (extent, asked) = tower(3, 2);
        assert_eq!((extent.entries, extent.depth), (2 + 4 + 8 + 8, 4));
        assert_eq!(extent.path_bytes, 3 * 2 + 6 * 4 + 9 * 8 + 12 * 8);
        assert_eq!((asked, extent.excess()), (4, None));
        let (extent, asked) = tower(30, 2);
        assert_eq!(asked, 31);
        assert_eq!(
            extent.excess(),
            Some(Excess::Entries((1 << 31) - 2 + (1 << 30)))
        );
        assert_eq!(tower(300, 3).0.excess(), Some(Excess::Entries(u64::MAX)));
    }

    #[test]
    fn paths_in_a_row_have_the_extent_of_their_tree() {
        let paths = ["a-b/x", "a/b/x", "a/b/y", "a/bc", "b", "b.c"];
        let extent = Extent::of_paths(paths.into_iter());
        let mut known = Extents::default();
        let file = |names: &[usize]| {
            let mut files = Extent::default();
            names
                .iter()
                .for_each(|name| files.add(*name, Extent::default()));
            files
        };
        let mut open = |folder: &str| -> Result<_, Infallible> {
            Ok(match folder {
                "" => (file(&[1, 3]), vec![(3, "a-b"), (1, "a")]),
                "a" => (file(&[2]), vec![(1, "a/b")]),
                "a-b" => (file(&[1]), vec![]),
                _ => (file(&[1, 1]), vec![]),
            })
        };
        assert_eq!(known.of("", &mut open).unwrap(), extent);
    }

    #[test]
    fn few_files_may_have_more_folders_than_a_commit() {
        const NAMES: usize = 100;
        let deep = "/d".repeat(NAMES - 1);
        let most = MAX_ENTRIES as usize / NAMES;
        let paths: Vec<String> = (0..=most).map(|n| format!("{n:08}{deep}")).collect();
        let count = |n: usize| excess_of(paths[..n].iter().map(String::as_str));
        assert_eq!(count(most), None);
        let found = MAX_ENTRIES + NAMES as u64;
        assert_eq!(count(most + 1), Some(Excess::Entries(found)));
        // In one folder they are no more than files.
        let beside: Vec<String> = (0..=most).map(|n| format!("e{deep}{n:08}")).collect();
        assert_eq!(excess_of(beside.iter().map(String::as_str)), None);
    }

    #[test]
    fn what_lies_deep_takes_no_stack() {
        assert_eq!(tower(MAX_PATH_NAMES as u64 - 1, 1).0.excess(), None);
        let (extent, asked) = tower(1_000_000, 1);
        assert_eq!(asked, MAX_PATH_NAMES + 1);
        assert_eq!(extent.excess(), Some(Excess::Depth));
    }

    #[test]
    fn what_is_too_much_is_not_gone_through_to_its_end() {
        const WIDE: u64 = 20_000;
        let asked = Cell::new(0);
        // Each folder holds two of the next level and a thousand files.
        let mut open = |(level, number): (u64, u64)| -> Result<_, Infallible> {
            asked.set(asked.get() + 1);
            let mut files = Extent::default();
            (0..1000).for_each(|_| files.add(2, Extent::default()));
            let below = |n| (2, (level + 1, (2 * number + n) % WIDE));
            match level < MAX_PATH_NAMES as u64 - 1 {
                true => Ok((files, vec![below(0), below(1)])),
                false => Ok((files, vec![])),
            }
        };
        let extent = Extents::default().of((0, 0), &mut open).unwrap();
        assert_eq!(extent.excess(), Some(Excess::Entries(u64::MAX)));
        assert_eq!(asked.get(), 2998);
    }

    #[test]
    fn long_names_count_as_often_as_they_stand_in_a_path() {
        let mut open = |folder: u64| -> Result<_, Infallible> {
            let mut files = Extent::default();
            if folder > 0 {
                return Ok((files, vec![(250, folder - 1)]));
            }
            (0..1_000_000).for_each(|_| files.add(2, Extent::default()));
            Ok((files, vec![]))
        };
        let extent = Extents::default().of(3, &mut open).unwrap();
        assert_eq!(extent.entries, 1_000_003);
        assert!(matches!(extent.excess(), Some(Excess::PathBytes(_))));
    }
}
