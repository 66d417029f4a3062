//! The flat tree, path by path, and the nested trees that are stored.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde::Serialize;

use super::extent::{Extent, Extents, Folder, TreeWalk, excess_of};
use super::{HistoryError, Result};
use crate::object::{
    AcceptanceId, ConflictId, EntryId, FileId, GenerationId, RepoPath, Tree, TreeEntry, TreeId,
};
use crate::store::{Batch, Store};
use crate::worktree::Content;

/// What a commit says of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FileEntry {
    /// Its bytes.
    pub id: FileId,
    /// Their number.
    pub size: u64,
    /// Whether it may be executed.
    pub exec: bool,
    /// The run that wrote it, if one did; kept when it is edited by hand since.
    pub made_by: Option<GenerationId>,
    /// The decision to keep it though stale, if one was taken.
    pub accepted: Option<AcceptanceId>,
    /// The versions that it stands for, if they collide and nobody settled it yet.
    pub conflict: Option<ConflictId>,
}

impl FileEntry {
    /// A file of no known origin.
    #[must_use]
    pub fn plain(content: Content) -> Self {
        let Content { id, size, exec } = content;
        Self {
            id,
            size,
            exec,
            made_by: None,
            accepted: None,
            conflict: None,
        }
    }

    /// The same file with other bytes: it keeps where it comes from and what was decided on it.
    #[must_use]
    pub fn holding(&self, content: Content) -> Self {
        let Content { id, size, exec } = content;
        Self {
            id,
            size,
            exec,
            ..*self
        }
    }

    /// What of it the work tree can show.
    #[must_use]
    pub fn content(&self) -> Content {
        Content {
            id: self.id,
            size: self.size,
            exec: self.exec,
        }
    }

    fn of(entry: &TreeEntry, id: FileId) -> Self {
        let TreeEntry {
            size,
            exec,
            made_by,
            accepted,
            conflict,
            ..
        } = *entry;
        Self {
            id,
            size,
            exec,
            made_by,
            accepted,
            conflict,
        }
    }

    fn named(&self, name: &str) -> TreeEntry {
        TreeEntry {
            exec: self.exec,
            made_by: self.made_by,
            accepted: self.accepted,
            conflict: self.conflict,
            ..TreeEntry::file(name, self.id, self.size)
        }
    }
}

/// Every file of a commit.
pub type FlatTree = BTreeMap<RepoPath, FileEntry>;

/// One path's step from one tree to another; `None` is no file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TreeChange {
    /// The file.
    pub path: RepoPath,
    /// What the first tree says.
    pub before: Option<FileEntry>,
    /// What the second tree says.
    pub after: Option<FileEntry>,
}

/// Reads a whole tree, flat.
///
/// # Errors
/// `Store`; `TreeTooLarge`, before anything of its size is spelled out.
pub fn read_tree(store: &Store, tree: TreeId) -> Result<FlatTree> {
    let mut trees = trees(store);
    trees.begin(tree)?;
    let mut files = Vec::new();
    gather(&mut trees, tree, None, &mut files)?;
    Ok(files.into_iter().collect())
}

fn trees(store: &Store) -> TreeWalk<'_> {
    TreeWalk::new(|id| Ok(store.get::<Tree>(id)?))
}

/// Calls itself for each folder: the trees were measured, so at most `MAX_PATH_NAMES` deep.
fn gather(
    trees: &mut TreeWalk<'_>,
    tree: TreeId,
    folder: Option<&RepoPath>,
    files: &mut Vec<(RepoPath, FileEntry)>,
) -> Result<()> {
    let tree = trees.get(tree)?;
    for entry in tree.entries() {
        let path = path_in(folder, &entry.name)?;
        match entry.id {
            EntryId::File(id) => files.push((path, FileEntry::of(entry, id))),
            EntryId::Dir(id) => gather(trees, id, Some(&path), files)?,
        }
    }
    Ok(())
}

fn path_in(folder: Option<&RepoPath>, name: &str) -> Result<RepoPath> {
    Ok(match folder {
        Some(folder) => folder.join(name)?,
        None => RepoPath::new(name)?,
    })
}

/// Stores a whole tree. Folders that are stored already are not written again.
///
/// # Errors
/// `Store`, which also says which names cannot stand in one folder; `ResultTooLarge`.
pub fn write_tree(batch: &Batch<'_>, files: &FlatTree) -> Result<TreeId> {
    if let Some(excess) = excess_of(files.keys().map(RepoPath::as_str)) {
        return Err(HistoryError::ResultTooLarge(excess));
    }
    let edits = files
        .iter()
        .map(|(path, entry)| (path.as_str(), Some(*entry)))
        .collect();
    Ok(edit(None, batch, None, edits)?
        .map_or_else(|| put(batch, Tree::default()), Ok)?
        .0)
}

/// Stores `base` with these entries set, or removed (`None`). Only folders on the way to an edit
/// are read and written.
///
/// # Errors
/// As [`write_tree`].
pub fn edit_tree(
    store: &Store,
    batch: &Batch<'_>,
    base: Option<TreeId>,
    edits: &BTreeMap<RepoPath, Option<FileEntry>>,
) -> Result<TreeId> {
    if let (Some(base), true) = (base, edits.is_empty()) {
        return Ok(base);
    }
    let edits = edits
        .iter()
        .map(|(path, entry)| (path.as_str(), *entry))
        .collect();
    Ok(edit(Some(store), batch, base, edits)?
        .map_or_else(|| put(batch, Tree::default()), Ok)?
        .0)
}

/// Stores `base`, whose files are `before`, with the files `after` in their place: what did not
/// change stays as it is, with all that a later aiut says of it.
///
/// # Errors
/// As [`write_tree`].
pub fn change_tree(
    store: &Store,
    batch: &Batch<'_>,
    base: TreeId,
    before: &FlatTree,
    after: &FlatTree,
) -> Result<TreeId> {
    if let Some(excess) = excess_of(after.keys().map(RepoPath::as_str)) {
        return Err(HistoryError::ResultTooLarge(excess));
    }
    let gone = before.keys().filter(|path| !after.contains_key(*path));
    let changed = after
        .iter()
        .filter(|(path, entry)| before.get(*path) != Some(*entry));
    let edits = gone
        .map(|path| (path.clone(), None))
        .chain(changed.map(|(path, entry)| (path.clone(), Some(*entry))))
        .collect();
    edit_tree(store, batch, Some(base), &edits)
}

/// What is to happen in one folder to one name.
#[derive(Default)]
struct Edits<'e> {
    here: Option<Option<FileEntry>>,
    below: Vec<(&'e str, Option<FileEntry>)>,
}

/// A folder that is being edited.
type Names = BTreeMap<String, TreeEntry>;

/// The edited folder's id and size; `None` when nothing is left in it. Calls itself for each folder
/// on the way, so what it holds on the stack is kept small.
fn edit(
    store: Option<&Store>,
    batch: &Batch<'_>,
    base: Option<TreeId>,
    edits: Vec<(&str, Option<FileEntry>)>,
) -> Result<Option<(TreeId, u64)>> {
    let old = match (store, base) {
        (Some(store), Some(base)) => store.get::<Tree>(base)?,
        _ => Tree::default(),
    };
    let mut entries = by_name(&old);
    for (name, Edits { here, below }) in by_first_name(edits) {
        if let Some(here) = here {
            set_file(&mut entries, name, here);
        }
        let folder = entries.get(name).and_then(TreeEntry::tree_id);
        let adds = below.iter().any(|(_, entry)| entry.is_some());
        if below.is_empty() || (folder.is_none() && !adds) {
            continue;
        }
        let edited = edit(store, batch, folder, below)?;
        set_folder(&mut entries, name, edited);
    }
    finish(batch, old, entries)
}

fn by_name(tree: &Tree) -> Names {
    let entries = tree.entries().iter();
    entries
        .map(|entry| (entry.name.clone(), entry.clone()))
        .collect()
}

/// The edits of a folder by the names in it.
fn by_first_name(edits: Vec<(&str, Option<FileEntry>)>) -> BTreeMap<&str, Edits<'_>> {
    let mut names: BTreeMap<&str, Edits<'_>> = BTreeMap::new();
    for (path, entry) in edits {
        match path.split_once('/') {
            None => names.entry(path).or_default().here = Some(entry),
            Some((name, rest)) => names.entry(name).or_default().below.push((rest, entry)),
        }
    }
    names
}

fn set_file(entries: &mut Names, name: &str, file: Option<FileEntry>) {
    match file {
        Some(entry) => {
            let mut new = entry.named(name);
            if let Some(old) = entries.get(name).filter(|old| old.id == new.id) {
                new.later = old.later.clone();
            }
            entries.insert(name.to_owned(), new);
        }
        // A removed file gives way; a folder of that name is not what was meant.
        None if entries.get(name).is_some_and(|old| old.file_id().is_some()) => {
            entries.remove(name);
        }
        None => {}
    }
}

fn set_folder(entries: &mut Names, name: &str, folder: Option<(TreeId, u64)>) {
    match folder {
        Some((id, size)) => {
            let mut new = TreeEntry::dir(name, id, size);
            if let Some(old) = entries.get(name).filter(|old| old.tree_id().is_some()) {
                new.later = old.later.clone();
            }
            entries.insert(name.to_owned(), new);
        }
        None => drop(entries.remove(name)),
    }
}

fn finish(batch: &Batch<'_>, old: Tree, entries: Names) -> Result<Option<(TreeId, u64)>> {
    if entries.is_empty() {
        return Ok(None);
    }
    put(batch, old.with_entries(entries.into_values().collect())?).map(Some)
}

fn put(batch: &Batch<'_>, tree: Tree) -> Result<(TreeId, u64)> {
    Ok((batch.put(&tree)?, tree.size()))
}

/// Where two trees differ, sorted by path. Folders that are equal are not read.
///
/// # Errors
/// `Store`; `DifferenceTooLarge`, before anything of its size is spelled out.
pub fn diff_trees(
    store: &Store,
    before: Option<TreeId>,
    after: Option<TreeId>,
) -> Result<Vec<TreeChange>> {
    let mut trees = trees(store);
    let mut extents = Extents::default();
    let extent = extents.of((before, after), &mut |sides| differing(&mut trees, sides))?;
    if let Some(excess) = extent.excess() {
        return Err(HistoryError::DifferenceTooLarge {
            before,
            after,
            excess,
        });
    }
    let mut changes = Vec::new();
    diff_folder(&mut trees, (before, after), "", &mut changes)?;
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(changes)
}

/// A folder on two sides; `None` is none.
type Sides = (Option<TreeId>, Option<TreeId>);

/// Where two folders differ, to be measured.
fn differing(trees: &mut TreeWalk<'_>, sides: Sides) -> Result<Folder<Sides>> {
    let (before, after) = open(trees, sides)?;
    let (mut files, mut folders) = Folder::default();
    for (a, b) in side_by_side(entries(&before), entries(&after)) {
        let name = a.or(b).map_or(0, |entry| entry.name.len());
        match (
            a.and_then(TreeEntry::tree_id),
            b.and_then(TreeEntry::tree_id),
        ) {
            (None, None) => files.add(name, Extent::default()),
            below => folders.push((name, below)),
        }
    }
    Ok((files, folders))
}

type Opened = (Option<Rc<Tree>>, Option<Rc<Tree>>);

fn open(trees: &mut TreeWalk<'_>, (before, after): Sides) -> Result<Opened> {
    if before == after {
        return Ok((None, None));
    }
    let mut open = |id: Option<TreeId>| id.map(|id| trees.get(id)).transpose();
    Ok((open(before)?, open(after)?))
}

fn entries(tree: &Option<Rc<Tree>>) -> &[TreeEntry] {
    tree.as_ref().map_or(&[], |tree| tree.entries())
}

/// The entries of two folders by name, where they differ. Both come sorted.
fn side_by_side<'t>(
    before: &'t [TreeEntry],
    after: &'t [TreeEntry],
) -> impl Iterator<Item = (Option<&'t TreeEntry>, Option<&'t TreeEntry>)> {
    let (mut before, mut after) = (before.iter().peekable(), after.iter().peekable());
    let pairs = std::iter::from_fn(move || {
        let order = match (before.peek(), after.peek()) {
            (Some(a), Some(b)) => a.name.as_bytes().cmp(b.name.as_bytes()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return None,
        };
        let a = before.next_if(|_| order.is_le());
        let b = after.next_if(|_| order.is_ge());
        Some((a, b))
    });
    pairs.filter(|(a, b)| a != b)
}

/// Calls itself for each folder: they were measured, so at most `MAX_PATH_NAMES` deep.
fn diff_folder(
    trees: &mut TreeWalk<'_>,
    sides: Sides,
    prefix: &str,
    changes: &mut Vec<TreeChange>,
) -> Result<()> {
    let (before, after) = open(trees, sides)?;
    for (a, b) in side_by_side(entries(&before), entries(&after)) {
        let Some(named) = a.or(b) else { continue };
        let path = format!("{prefix}{}", named.name);
        let file = |side: Option<&TreeEntry>| {
            side.and_then(|entry| entry.file_id().map(|id| FileEntry::of(entry, id)))
        };
        let below = (
            a.and_then(TreeEntry::tree_id),
            b.and_then(TreeEntry::tree_id),
        );
        let (before, after) = (file(a), file(b));
        if before != after {
            changes.push(TreeChange {
                path: RepoPath::new(path.clone())?,
                before,
                after,
            });
        }
        if below != (None, None) {
            diff_folder(trees, below, &format!("{path}/"), changes)?;
        }
    }
    Ok(())
}

/// What lies at `path` in a tree: a file or a folder.
///
/// # Errors
/// `Store`.
pub fn entry_at(store: &Store, tree: TreeId, path: &RepoPath) -> Result<Option<TreeEntry>> {
    let mut folder = tree;
    let mut names = path.names().peekable();
    while let Some(name) = names.next() {
        let Some(entry) = store.get::<Tree>(folder)?.get(name).cloned() else {
            return Ok(None);
        };
        match (names.peek(), entry.tree_id()) {
            (None, _) => return Ok(Some(entry)),
            (Some(_), Some(below)) => folder = below,
            (Some(_), None) => return Ok(None),
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::{decode, encode};

    #[test]
    fn what_a_later_aiut_says_of_a_file_outlives_a_change_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(
            &folder.path().join(".aiut"),
            crate::object::ProjectId::random(),
        )
        .unwrap();
        let file = |name: &str| {
            let stored = store.put_file_bytes(name.as_bytes()).unwrap();
            TreeEntry::file(name, stored.id, stored.size)
        };
        let mut bytes = encode(&Tree::new(vec![file("a")]).unwrap()).unwrap();
        // One pair more in the map of the entry, at the place of its key.
        let size = bytes
            .windows(5)
            .rposition(|five| five == b"\x64size")
            .unwrap();
        bytes.splice(size..size, *b"\x64note\x61x");
        let map = b"\xa1\x67entries\x81".len();
        assert_eq!(bytes[map], 0xa5);
        bytes[map] = 0xa6;
        let old: Tree = decode(&bytes).unwrap();
        let base = store.put(&old).unwrap();
        let before = read_tree(&store, base).unwrap();
        let mut after = before.clone();
        let new = file("b");
        let content = Content {
            id: new.file_id().unwrap(),
            size: new.size,
            exec: false,
        };
        after.insert(RepoPath::new("d/b").unwrap(), FileEntry::plain(content));
        let batch = store.batch();
        let changed = change_tree(&store, &batch, base, &before, &after).unwrap();
        batch.commit().unwrap();
        let changed: Tree = store.get(changed).unwrap();
        assert_eq!(changed.get("a"), old.get("a"));
        assert!(!changed.get("a").unwrap().later.is_empty());
        assert!(changed.get("d").is_some());
    }
}
