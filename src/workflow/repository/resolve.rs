//! `aiut resolve`: settles conflicts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use super::conflicts::{OpenConflict, entry_of, open_conflicts};
use super::join::is_script;
use super::report::{head_tree, tree_of};
use super::transplant::{changes_of_folder, renew};
use super::{CommitReport, HeadReport, OwnFiles, RepositoryError, Result, Scope, clean_message};
use crate::film::versions::open_marks;
use crate::history::{
    Caller, FileEntry, FlatTree, HistoryError, Project, Survey, change_tree, read_tree,
};
use crate::merge::LIMIT_BYTES;
use crate::object::{Conflict, FileId, Person, RepoPath, Side, TreeId};
use crate::pipeline::malformed;
use crate::store::Batch;
use crate::worktree::{Bytes, FetchError, Unlisted, is_within};

/// Which version of a file settles its conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settlement {
    /// That of the timeline, before the change came.
    Ours,
    /// That of the change that came.
    Theirs,
    /// What the folder holds now.
    Edited,
}

impl Settlement {
    /// The word for it in messages.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Theirs => "theirs",
            Self::Edited => "as edited",
        }
    }
}

/// What was settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResolveOutcome {
    /// The commit.
    pub commit: CommitReport,
    /// Where the project stands.
    pub head: HeadReport,
    /// The files that are in conflict no more.
    pub settled: Vec<RepoPath>,
    /// Files of the folder that hold something else now.
    pub changed: Vec<RepoPath>,
    /// Conflicts that are left.
    pub open: Vec<OpenConflict>,
}

/// The conflicts of the current commit, among the files that are named.
///
/// # Errors
/// `NotInConflict`; what the store says.
pub fn conflicts(project: &Project, scope: &Scope) -> Result<Vec<OpenConflict>> {
    let mut open = match head_tree(project, &project.view()?.1)? {
        None => Vec::new(),
        Some(tree) => open_conflicts(project, &read_tree(project.store(), tree)?)?,
    };
    let paths = open.iter().map(|open| &open.path);
    let strangers: Vec<_> = scope.unknown(paths).cloned().collect();
    if !strangers.is_empty() {
        return Err(RepositoryError::NotInConflict(strangers));
    }
    open.retain(|open| scope.contains(&open.path));
    Ok(open)
}

/// Settles the conflicts of the files that are named, in one new commit on the current timeline.
/// `message` replaces the usual one.
///
/// # Errors
/// `NotInConflict`, `NothingInConflict`; `Uncommitted` for files edited in the folder, unless that
/// is what settles them, and then `NotKept` for what is no file, and `Malformed` for JSON and TOML
/// that cannot be read; `EmptyMessage`.
pub fn resolve(
    project: &Project,
    caller: &Caller<'_>,
    author: &Person,
    scope: &Scope,
    settlement: Settlement,
    message: Option<&str>,
    own: &dyn OwnFiles,
) -> Result<ResolveOutcome> {
    let message = message.map(clean_message);
    if message.as_deref() == Some("") {
        return Err(RepositoryError::EmptyMessage);
    }
    let mut transaction = project.transaction(caller)?;
    let Some(head) = transaction.view.head_commit() else {
        let name = HeadReport::of(&transaction.view).timeline;
        return Err(HistoryError::Unborn(name.unwrap_or_default()).into());
    };
    let tree = tree_of(project, Some(head))?.expect("a commit was given");
    let tracked = read_tree(project.store(), tree)?;
    let in_conflict = tracked.iter().filter(|(_, entry)| entry.conflict.is_some());
    let in_conflict = in_conflict.map(|(path, _)| path);
    let strangers: Vec<_> = scope.unknown(in_conflict.clone()).cloned().collect();
    if !strangers.is_empty() {
        return Err(RepositoryError::NotInConflict(strangers));
    }
    let paths: BTreeSet<_> = in_conflict
        .filter(|path| scope.contains(path))
        .cloned()
        .collect();
    if paths.is_empty() {
        return Err(RepositoryError::NothingInConflict);
    }
    if settlement != Settlement::Edited {
        // What was typed since would stand there as if it were a side.
        let edited = edited(project, tree, &paths)?;
        if !edited.is_empty() {
            return Err(RepositoryError::Uncommitted(edited));
        }
    }
    if settlement == Settlement::Edited {
        let marked = still_marked(project, &paths);
        if !marked.is_empty() {
            return Err(RepositoryError::StillMarked(marked));
        }
    }
    let chosen = match settlement {
        Settlement::Edited => in_folder(project, tree, transaction.batch(), &tracked, &paths)?,
        Settlement::Ours => sides(project, &tracked, &paths, |conflict| conflict.ours)?,
        Settlement::Theirs => sides(project, &tracked, &paths, |conflict| conflict.theirs)?,
    };
    let mut files = tracked.clone();
    lay(&chosen, &mut files);
    renew(project, &mut files, own)?;
    // What was edited the folder holds already.
    let mut before = tracked.clone();
    if settlement == Settlement::Edited {
        lay(&chosen, &mut before);
    }
    let (changes, changed) = changes_of_folder(project, tree, &before, &files)?;
    let new_run = |(path, entry): (&RepoPath, &Option<FileEntry>)| {
        let run = entry.as_ref()?.made_by?;
        (tracked[path].made_by != Some(run)).then_some(run)
    };
    let generations: BTreeSet<_> = chosen.iter().filter_map(new_run).collect();
    let message = message.unwrap_or_else(|| usual_message(&paths, settlement));
    let (store, batch) = (project.store(), transaction.batch());
    let written = change_tree(store, batch, tree, &tracked, &files)?;
    let (now, generations) = (caller.clock.now(), generations.into_iter().collect());
    let id = transaction.commit(written, author, now, &message, generations)?;
    let outcome = ResolveOutcome {
        commit: CommitReport::made(&transaction, id).expect("it was made just now"),
        head: HeadReport::of(&transaction.view),
        settled: paths.iter().cloned().collect(),
        changed,
        open: open_conflicts(project, &files)?,
    };
    transaction.leaves(written, files);
    transaction.publish(caller, changes, None)?;
    Ok(outcome)
}

/// What the folder holds of these files, stored.
fn in_folder(
    project: &Project,
    tree: TreeId,
    batch: &Batch<'_>,
    tracked: &FlatTree,
    paths: &BTreeSet<RepoPath>,
) -> Result<Chosen> {
    let named = |path: &RepoPath| paths.contains(path);
    let survey = Survey::storing(project, Some(tree), &named, batch)?;
    let edits = survey.edits(&survey.changes(&named), &named)?;
    let lists = [&survey.scan.skipped, &survey.scan.refused];
    let in_the_way = |entry: &&Unlisted| {
        let hides = |path: &&RepoPath| is_within(path.as_str(), &entry.path);
        let mut hidden = paths.iter().filter(|path| !edits.contains_key(*path));
        hidden.any(|path| hides(&path))
    };
    let hidden: Vec<_> = lists
        .into_iter()
        .flatten()
        .filter(in_the_way)
        .cloned()
        .collect();
    if !hidden.is_empty() {
        return Err(RepositoryError::NotKept(hidden));
    }
    let found = |path: &RepoPath| match edits.get(path) {
        Some(edit) => *edit,
        None => Some(tracked[path]),
    };
    let chosen: Chosen = paths
        .iter()
        .map(|path| (path.clone(), found(path)))
        .collect();
    for (path, entry) in &chosen {
        if entry.is_some_and(|entry| entry.size <= LIMIT_BYTES) {
            refuse_malformed(project, path)?;
        }
    }
    Ok(chosen)
}

/// Refuses JSON and TOML that nothing can read: half of an edit would be committed as settled.
fn refuse_malformed(project: &Project, path: &RepoPath) -> Result<()> {
    let held = Mutex::new(Vec::new());
    let read = |bytes: &mut dyn Bytes| -> Result<FileId, FetchError> {
        let mut text = Vec::new();
        bytes.read_to_end(&mut text)?;
        let id = FileId::of(&text);
        *held.lock().unwrap_or_else(PoisonError::into_inner) = text;
        Ok(id)
    };
    project.tree().read(path, &read)?;
    let text = held.into_inner().unwrap_or_else(PoisonError::into_inner);
    match malformed(path, &text) {
        Some(source) => Err(RepositoryError::Malformed {
            path: path.clone(),
            source,
        }),
        None => Ok(()),
    }
}

/// Scripts of the folder in which both versions still stand between marks, each with the numbers of
/// these places.
fn still_marked(project: &Project, paths: &BTreeSet<RepoPath>) -> Vec<(RepoPath, Vec<u32>)> {
    let scripts = paths.iter().filter(|path| is_script(path.as_str()));
    let marks = |path: &RepoPath| {
        let bytes = std::fs::read(project.root().join(path.as_str())).ok()?;
        let marks = open_marks(&String::from_utf8_lossy(&bytes));
        (!marks.is_empty()).then(|| (path.clone(), marks))
    };
    scripts.filter_map(marks).collect()
}

/// Those of the files that the folder holds otherwise than the commit.
fn edited(project: &Project, tree: TreeId, paths: &BTreeSet<RepoPath>) -> Result<Vec<RepoPath>> {
    let survey = Survey::of_paths(project, Some(tree), paths)?;
    let changes = survey.changes(&|path| paths.contains(path));
    let gone = changes.deleted.into_iter();
    let moved = changes.renamed.into_iter().map(|renamed| renamed.from);
    Ok(changes
        .modified
        .into_iter()
        .chain(gone)
        .chain(moved)
        .collect())
}

/// One side of each conflict.
fn sides(
    project: &Project,
    tracked: &FlatTree,
    paths: &BTreeSet<RepoPath>,
    side: impl Fn(&Conflict) -> Option<Side>,
) -> Result<Chosen> {
    let in_conflict = paths
        .iter()
        .filter_map(|path| Some((path, tracked[path].conflict?)));
    in_conflict
        .map(|(path, id)| {
            let conflict = project.store().get::<Conflict>(id)?;
            Ok((path.clone(), side(&conflict).as_ref().map(entry_of)))
        })
        .collect()
}

/// What files are to hold; none is no file.
type Chosen = BTreeMap<RepoPath, Option<FileEntry>>;

/// Lays what was chosen over the files, as files that are in conflict no more.
fn lay(chosen: &Chosen, files: &mut FlatTree) {
    for (path, entry) in chosen {
        let settled = entry.map(|entry| FileEntry {
            conflict: None,
            ..entry
        });
        match settled {
            None => drop(files.remove(path)),
            Some(entry) => drop(files.insert(path.clone(), entry)),
        }
    }
}

fn usual_message(paths: &BTreeSet<RepoPath>, settlement: Settlement) -> String {
    let names: Vec<_> = paths.iter().map(RepoPath::as_str).collect();
    let word = settlement.word();
    match names.as_slice() {
        [name] => format!("Resolve {name}: {word}"),
        names => format!(
            "Resolve {} files: {word}\n\n{}",
            names.len(),
            names.join("\n")
        ),
    }
}
