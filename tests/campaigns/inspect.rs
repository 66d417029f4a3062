//! Everything that a project holds, read to the last byte.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use aiut::history::{FlatTree, Project, operations, read_tree};
use aiut::object::{Commit, CommitId, FileId, Operation, OperationId, TreeId};
use aiut::store::{Position, Store};

/// What a project came to.
#[derive(Debug)]
pub(super) struct Seen {
    /// From the current one back to the first.
    pub(super) operations: Vec<(OperationId, Operation)>,
    pub(super) view: Position,
    /// Every ref by its full name.
    pub(super) refs: BTreeMap<String, CommitId>,
    /// Those that some operation's refs lead to.
    pub(super) commits: BTreeMap<CommitId, Commit>,
    /// What the current commit holds.
    pub(super) head: FlatTree,
    /// Files whose bytes were read.
    pub(super) files: usize,
}

impl Seen {
    /// Whether the operation is in the log.
    pub(super) fn has(&self, id: OperationId) -> bool {
        self.operations.iter().any(|(logged, _)| *logged == id)
    }

    /// The current operation.
    pub(super) fn current(&self) -> OperationId {
        self.operations[0].0
    }
}

/// Reads every operation, commit, tree and file that anything leads to; the store compares each
/// with its id.
pub(super) fn inspect(folder: &Path) -> Seen {
    let project = Project::open(folder).unwrap();
    let store = project.store();
    assert_eq!(store.damage().unwrap(), []);
    let log = operations(store, usize::MAX).unwrap();
    let mut commits = BTreeMap::new();
    let mut trees = BTreeSet::new();
    for logged in &log {
        let view = Position::read(store, logged.operation.view).unwrap();
        let refs = view.refs(store).unwrap().into_values();
        let heads = refs.chain(view.head_commit());
        follow(store, heads.collect(), &mut commits);
        trees.extend(
            logged
                .operation
                .files
                .iter()
                .flat_map(|f| [f.before, f.after]),
        );
    }
    trees.extend(commits.values().map(|commit: &Commit| commit.tree));
    let view = project.view().unwrap().1;
    let head = view.head_commit().map(|commit| commits[&commit].tree);
    let head = head.map_or_else(FlatTree::new, |tree| read_tree(store, tree).unwrap());
    Seen {
        files: read_files(store, &trees),
        operations: log.into_iter().map(|l| (l.id, l.operation)).collect(),
        refs: view.refs(store).unwrap(),
        view: std::sync::Arc::unwrap_or_clone(view),
        commits,
        head,
    }
}

fn follow(store: &Store, mut next: Vec<CommitId>, commits: &mut BTreeMap<CommitId, Commit>) {
    while let Some(id) = next.pop() {
        if let Entry::Vacant(place) = commits.entry(id) {
            let commit: Commit = store.get(id).unwrap();
            next.extend(&commit.parents);
            place.insert(commit);
        }
    }
}

fn read_files(store: &Store, trees: &BTreeSet<TreeId>) -> usize {
    let mut read = HashSet::new();
    for tree in trees {
        for (path, entry) in read_tree(store, *tree).unwrap() {
            if read.insert(entry.id) {
                let bytes = store.read_file(entry.id, u64::MAX);
                let bytes = bytes.unwrap_or_else(|error| panic!("{path}: {error}"));
                assert_eq!(FileId::of(&bytes), entry.id, "{path}");
            }
        }
    }
    read.len()
}

/// The files of a folder without the project's own, by path.
pub(super) fn files_of(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in std::fs::read_dir(inner).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
            if path.is_dir() {
                if name != ".aiut" {
                    folders.push(path);
                }
            } else {
                files.insert(name.to_owned(), std::fs::read(&path).unwrap());
            }
        }
    }
    files
}
