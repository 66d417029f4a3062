//! `aiut resolve`: settles conflicts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use super::conflicts::{OpenConflict, numbers_of, open_conflicts};
use super::join::is_script;
use super::places::Parts;
use super::report::{head_tree, tree_of};
use super::settle::{InConflict, settle_by};
use super::transplant::{changes_of_folder, renew};
use super::{CommitReport, HeadReport, OwnFiles, RepositoryError, Result, Scope, clean_message};
use crate::film::versions::open_marks;
use crate::history::{
    Caller, FileEntry, FlatTree, HistoryError, Project, Survey, change_tree, read_tree,
};
use crate::merge::{Choice, LIMIT_BYTES};
use crate::object::{FileId, Person, RepoPath, Side, TreeId};
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
    /// Both, ours first.
    Both,
    /// What the folder holds now.
    Edited,
}

impl Settlement {
    /// What it takes of each place; none looks into the folder.
    fn choice(self) -> Option<Choice> {
        match self {
            Self::Ours => Some(Choice::Ours),
            Self::Theirs => Some(Choice::Theirs),
            Self::Both => Some(Choice::Both),
            Self::Edited => None,
        }
    }

    /// The word for it in messages.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Theirs => "theirs",
            Self::Both => "both",
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
    /// The places that were settled, by their names.
    pub places: Vec<String>,
    /// Files of the folder that hold something else now.
    pub changed: Vec<RepoPath>,
    /// Conflicts that are left.
    pub open: Vec<OpenConflict>,
}

/// The conflicts of the current commit, among the files and places that are named.
///
/// # Errors
/// `NotInConflict`, `NoSuchPlace`; what the store says.
pub fn conflicts(project: &Project, scope: &Scope, parts: &Parts) -> Result<Vec<OpenConflict>> {
    let files = match head_tree(project, &project.view()?.1)? {
        None => FlatTree::new(),
        Some(tree) => read_tree(project.store(), tree)?,
    };
    let numbers = numbers_of(&files);
    let mut open = open_conflicts(project, &files, numbers)?;
    refuse_strangers(scope, parts, open.iter().map(|open| &open.path))?;
    open.retain(|open| scope.contains(&open.path));
    for open in open
        .iter_mut()
        .filter(|open| parts.contains_key(&open.path))
    {
        let one = InConflict::of(project, &open.path, &files[&open.path], numbers, parts)?;
        one.keep_meant(&mut open.conflict.places);
        one.keep_meant(&mut open.names);
    }
    Ok(open)
}

/// The bytes of one version of a file in conflict; nothing of a version that has no such file.
///
/// # Errors
/// What the store says, also of a file that is too large to be joined.
pub fn version_of_conflict(project: &Project, side: Option<&Side>) -> Result<Vec<u8>> {
    let bytes = side.map(|side| project.store().read_file(side.id, LIMIT_BYTES));
    Ok(bytes.transpose()?.unwrap_or_default())
}

/// What is to be settled, and how.
#[derive(Debug, Clone, Copy)]
pub struct ResolveRequest<'r> {
    /// The files.
    pub scope: &'r Scope,
    /// Of files of which not all is meant, what.
    pub parts: &'r Parts,
    /// How.
    pub settlement: Settlement,
    /// Instead of the usual message.
    pub message: Option<&'r str>,
}

/// Settles conflicts in one new commit on the current timeline: of each file the places that are meant, or
/// the version that has to be chosen whole. What is left of a conflict stays with the file.
///
/// # Errors
/// `NotInConflict`, `NothingInConflict`, `NoSuchPlace`; `Uncommitted` for files edited in the folder, unless
/// that is what settles them, and then `NotKept` for what is no file, `StillMarked`, and `Malformed` for
/// JSON and TOML that cannot be read; `EditedThere`, `OneVersionOnly`; `EmptyMessage`.
pub fn resolve(
    project: &Project,
    caller: &Caller<'_>,
    author: &Person,
    request: ResolveRequest<'_>,
    own: &dyn OwnFiles,
) -> Result<ResolveOutcome> {
    let ResolveRequest {
        scope,
        parts,
        settlement,
        message,
    } = request;
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
    let meant = meant(project, scope, parts, &tracked)?;
    let paths: BTreeSet<RepoPath> = meant.iter().map(|one| one.path.clone()).collect();
    let settled = match settlement.choice() {
        None => {
            let marked = still_marked(project, &meant);
            if !marked.is_empty() {
                return Err(RepositoryError::StillMarked(marked));
            }
            let held = in_folder(project, tree, transaction.batch(), &tracked, &paths)?;
            let text = |path: &RepoPath| held[path].map(|_| text_in_folder(project, path));
            meant
                .iter()
                .map(|one| (held[&one.path], text(&one.path).unwrap_or_default()))
                .collect()
        }
        Some(choice) => {
            // What was typed since would stand there as if it were a side.
            let edited = edited(project, tree, &paths)?;
            if !edited.is_empty() {
                return Err(RepositoryError::Uncommitted(edited));
            }
            let settled = meant.iter().map(|one| settle_by(project, one, choice));
            settled.collect::<Result<Vec<_>>>()?
        }
    };
    let mut chosen = Chosen::new();
    for (one, (entry, text)) in meant.iter().zip(settled) {
        let conflict = match one.rest(project, &text)? {
            Some(rest) if entry.is_some() => Some(transaction.batch().put(&rest)?),
            _ => None,
        };
        let entry = entry.map(|entry| FileEntry { conflict, ..entry });
        chosen.insert(one.path.clone(), entry);
    }
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
    let message = message.unwrap_or_else(|| usual_message(&meant, parts, settlement));
    let (store, batch) = (project.store(), transaction.batch());
    let written = change_tree(store, batch, tree, &tracked, &files)?;
    let (now, generations) = (caller.clock.now(), generations.into_iter().collect());
    let id = transaction.commit(written, author, now, &message, generations)?;
    let is_open = |path: &&RepoPath| {
        files
            .get(*path)
            .is_some_and(|entry| entry.conflict.is_some())
    };
    let settled = paths.iter().filter(|path| !is_open(path));
    let settled = settled.cloned().collect();
    let commit = CommitReport::made(&transaction, id).expect("it was made just now");
    let head = HeadReport::of(&transaction.view);
    transaction.leaves(written, files.clone());
    transaction.publish(caller, changes, None)?;
    // What is left can be read from now on.
    Ok(ResolveOutcome {
        commit,
        head,
        settled,
        places: meant.iter().flat_map(InConflict::names).collect(),
        changed,
        open: open_conflicts(project, &files, numbers_of(&files))?,
    })
}

/// Refuses what is named and is not in conflict; a place is one of a file, not of a folder.
fn refuse_strangers<'k>(
    scope: &Scope,
    parts: &Parts,
    in_conflict: impl IntoIterator<Item = &'k RepoPath> + Clone,
) -> Result<()> {
    let known: BTreeSet<_> = in_conflict.clone().into_iter().collect();
    let of_no_file = parts.keys().filter(|path| !known.contains(path));
    let strangers: BTreeSet<_> = scope
        .unknown(in_conflict)
        .chain(of_no_file)
        .cloned()
        .collect();
    match strangers.is_empty() {
        true => Ok(()),
        false => Err(RepositoryError::NotInConflict(
            strangers.into_iter().collect(),
        )),
    }
}

/// The conflicts that are meant.
fn meant(
    project: &Project,
    scope: &Scope,
    parts: &Parts,
    tracked: &FlatTree,
) -> Result<Vec<InConflict>> {
    let in_conflict = tracked.iter().filter(|(_, entry)| entry.conflict.is_some());
    refuse_strangers(scope, parts, in_conflict.clone().map(|(path, _)| path))?;
    let numbers = numbers_of(tracked);
    let wanted = in_conflict.filter(|(path, _)| scope.contains(path));
    let meant = wanted.map(|(path, entry)| InConflict::of(project, path, entry, numbers, parts));
    let meant = meant.collect::<Result<Vec<_>>>()?;
    match meant.is_empty() {
        true => Err(RepositoryError::NothingInConflict),
        false => Ok(meant),
    }
}

/// The files as they would be if each conflict were settled by our version, and which these are.
///
/// # Errors
/// What the store says.
pub fn supposing_ours(project: &Project, files: &FlatTree) -> Result<(FlatTree, Vec<RepoPath>)> {
    let numbers = numbers_of(files);
    let open = files.iter().filter(|(_, entry)| entry.conflict.is_some());
    let mut settled = files.clone();
    let mut paths = Vec::new();
    for (path, entry) in open {
        let one = InConflict::of(project, path, entry, numbers, &Parts::new())?;
        let entry = match settle_by(project, &one, Choice::Ours) {
            Ok((entry, _)) => entry,
            // Somebody edited the place, and has the last word on it.
            Err(RepositoryError::EditedThere { .. } | RepositoryError::StillMarked(_)) => {
                Some(*entry)
            }
            Err(error) => return Err(error),
        };
        match entry {
            Some(entry) => {
                let conflict = None;
                settled.insert(path.clone(), FileEntry { conflict, ..entry });
            }
            None => {
                settled.remove(path);
            }
        }
        paths.push(path.clone());
    }
    Ok((settled, paths))
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

/// Scripts of the folder in which both versions of what is settled still stand between marks, each with
/// the numbers of these places.
fn still_marked(project: &Project, meant: &[InConflict]) -> Vec<(RepoPath, Vec<u32>)> {
    let scripts = meant.iter().filter(|one| is_script(one.path.as_str()));
    let marks = |one: &InConflict| {
        let bytes = std::fs::read(project.root().join(one.path.as_str())).ok()?;
        let mut marks = open_marks(&String::from_utf8_lossy(&bytes));
        marks.retain(|mark| one.settles_mark(*mark));
        (!marks.is_empty()).then(|| (one.path.clone(), marks))
    };
    scripts.filter_map(marks).collect()
}

/// The text of a file of the folder; nothing of one that is none.
fn text_in_folder(project: &Project, path: &RepoPath) -> String {
    let bytes = std::fs::read(project.root().join(path.as_str()));
    String::from_utf8(bytes.unwrap_or_default()).unwrap_or_default()
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

/// What files are to hold; none is no file.
type Chosen = BTreeMap<RepoPath, Option<FileEntry>>;

/// Lays what was chosen over the files.
fn lay(chosen: &Chosen, files: &mut FlatTree) {
    for (path, entry) in chosen {
        match entry {
            None => drop(files.remove(path)),
            Some(entry) => drop(files.insert(path.clone(), *entry)),
        }
    }
}

fn usual_message(meant: &[InConflict], parts: &Parts, settlement: Settlement) -> String {
    let named = |one: &InConflict| match parts.contains_key(&one.path) {
        true => one.names(),
        false => vec![one.path.to_string()],
    };
    let names: Vec<_> = meant.iter().flat_map(named).collect();
    let (word, list) = (settlement.word(), names.join("\n"));
    match (names.as_slice(), parts.is_empty()) {
        ([name], _) => format!("Resolve {name}: {word}"),
        (names, true) => format!("Resolve {} files: {word}\n\n{list}", names.len()),
        (names, false) => format!("Resolve {} places: {word}\n\n{list}", names.len()),
    }
}
