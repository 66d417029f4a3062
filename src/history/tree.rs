//! The flat tree, path by path, and the nested trees that are stored.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Result;
use crate::object::{
    AcceptanceId, EntryId, FileId, GenerationId, RepoPath, Tree, TreeEntry, TreeId,
};
use crate::store::{Batch, Store};
use crate::worktree::Content;

/// What a commit says of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Entry {
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
}

impl Entry {
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
            ..
        } = *entry;
        Self {
            id,
            size,
            exec,
            made_by,
            accepted,
        }
    }

    fn named(&self, name: &str) -> TreeEntry {
        TreeEntry {
            exec: self.exec,
            made_by: self.made_by,
            accepted: self.accepted,
            ..TreeEntry::file(name, self.id, self.size)
        }
    }
}

/// Every file of a commit.
pub type FlatTree = BTreeMap<RepoPath, Entry>;

/// One path's step from one tree to another; `None` is no file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TreeChange {
    /// The file.
    pub path: RepoPath,
    /// What the first tree says.
    pub before: Option<Entry>,
    /// What the second tree says.
    pub after: Option<Entry>,
}

/// Reads a whole tree, flat.
///
/// # Errors
/// `Store`; `UnsafeName` cannot happen to a tree that was decoded.
pub fn read_tree(store: &Store, tree: TreeId) -> Result<FlatTree> {
    let mut files = Vec::new();
    gather(store, tree, None, &mut files)?;
    Ok(files.into_iter().collect())
}

fn gather(
    store: &Store,
    tree: TreeId,
    folder: Option<&RepoPath>,
    files: &mut Vec<(RepoPath, Entry)>,
) -> Result<()> {
    for entry in store.get::<Tree>(tree)?.entries() {
        let path = path_in(folder, &entry.name)?;
        match entry.id {
            EntryId::File(id) => files.push((path, Entry::of(entry, id))),
            EntryId::Dir(id) => gather(store, id, Some(&path), files)?,
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
/// `Store`, which also says which names cannot stand in one folder.
pub fn write_tree(batch: &Batch<'_>, files: &FlatTree) -> Result<TreeId> {
    let edits = files
        .iter()
        .map(|(path, entry)| (path.as_str(), Some(*entry)))
        .collect();
    Ok(edit(None, batch, None, edits)?
        .map_or_else(|| put(batch, Vec::new()), Ok)?
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
    edits: &BTreeMap<RepoPath, Option<Entry>>,
) -> Result<TreeId> {
    if let (Some(base), true) = (base, edits.is_empty()) {
        return Ok(base);
    }
    let edits = edits
        .iter()
        .map(|(path, entry)| (path.as_str(), *entry))
        .collect();
    Ok(edit(Some(store), batch, base, edits)?
        .map_or_else(|| put(batch, Vec::new()), Ok)?
        .0)
}

/// What is to happen in one folder to one name.
#[derive(Default)]
struct Edits<'e> {
    here: Option<Option<Entry>>,
    below: Vec<(&'e str, Option<Entry>)>,
}

/// The edited folder's id and size; `None` when nothing is left in it.
fn edit(
    store: Option<&Store>,
    batch: &Batch<'_>,
    base: Option<TreeId>,
    edits: Vec<(&str, Option<Entry>)>,
) -> Result<Option<(TreeId, u64)>> {
    let old = match (store, base) {
        (Some(store), Some(base)) => store.get::<Tree>(base)?.into_entries(),
        _ => Vec::new(),
    };
    let mut entries: BTreeMap<String, TreeEntry> = old
        .into_iter()
        .map(|entry| (entry.name.clone(), entry))
        .collect();
    let mut names: BTreeMap<&str, Edits<'_>> = BTreeMap::new();
    for (path, entry) in edits {
        match path.split_once('/') {
            None => names.entry(path).or_default().here = Some(entry),
            Some((name, rest)) => names.entry(name).or_default().below.push((rest, entry)),
        }
    }
    for (name, Edits { here, below }) in names {
        if let Some(here) = here {
            match here {
                Some(entry) => entries.insert(name.to_owned(), entry.named(name)),
                // A removed file gives way; a folder of that name is not what was meant.
                None if entries.get(name).is_some_and(|old| old.file_id().is_some()) => {
                    entries.remove(name)
                }
                None => None,
            };
        }
        let folder = entries.get(name).and_then(TreeEntry::tree_id);
        let adds = below.iter().any(|(_, entry)| entry.is_some());
        if below.is_empty() || (folder.is_none() && !adds) {
            continue;
        }
        match edit(store, batch, folder, below)? {
            Some((id, size)) => {
                entries.insert(name.to_owned(), TreeEntry::dir(name, id, size));
            }
            None => drop(entries.remove(name)),
        }
    }
    if entries.is_empty() {
        return Ok(None);
    }
    put(batch, entries.into_values().collect()).map(Some)
}

fn put(batch: &Batch<'_>, entries: Vec<TreeEntry>) -> Result<(TreeId, u64)> {
    let tree = Tree::new(entries)?;
    Ok((batch.put(&tree)?, tree.size()))
}

/// Where two trees differ, sorted by path. Folders that are equal are not read.
///
/// # Errors
/// `Store`.
pub fn diff_trees(
    store: &Store,
    before: Option<TreeId>,
    after: Option<TreeId>,
) -> Result<Vec<TreeChange>> {
    let mut changes = Vec::new();
    diff_folder(store, before, after, "", &mut changes)?;
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(changes)
}

fn diff_folder(
    store: &Store,
    before: Option<TreeId>,
    after: Option<TreeId>,
    prefix: &str,
    changes: &mut Vec<TreeChange>,
) -> Result<()> {
    if before == after {
        return Ok(());
    }
    let entries = |tree: Option<TreeId>| -> Result<BTreeMap<String, TreeEntry>> {
        let Some(tree) = tree else {
            return Ok(BTreeMap::new());
        };
        let entries = store.get::<Tree>(tree)?.into_entries();
        Ok(entries
            .into_iter()
            .map(|entry| (entry.name.clone(), entry))
            .collect())
    };
    let (old, new) = (entries(before)?, entries(after)?);
    let names: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for name in names {
        let (a, b) = (old.get(name), new.get(name));
        if a == b {
            continue;
        }
        let path = format!("{prefix}{name}");
        let file = |side: Option<&TreeEntry>| {
            side.and_then(|entry| entry.file_id().map(|id| Entry::of(entry, id)))
        };
        let folder = |side: Option<&TreeEntry>| side.and_then(TreeEntry::tree_id);
        let (before, after) = (file(a), file(b));
        if before != after {
            changes.push(TreeChange {
                path: RepoPath::new(path.clone())?,
                before,
                after,
            });
        }
        diff_folder(store, folder(a), folder(b), &format!("{path}/"), changes)?;
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
