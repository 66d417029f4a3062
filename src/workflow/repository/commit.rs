//! `aiut commit`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::recognise::recognise;
use super::report::head_tree;
use super::{CommitReport, HeadReport, OwnFiles, RepositoryError, Result, Scope, StatusReport};
use crate::history::{
    Caller, Changes, FileEntry, FlatTree, HistoryError, Project, Survey, Transaction, apply_edits,
    edit_tree,
};
use crate::object::{Commit, CommitId, FileId, GenerationId, Person, RepoPath, Timestamp};
use crate::store::{Batch, Position, Stored};
use crate::worktree::{Change, Content, Unlisted};

/// What to commit.
#[derive(Clone)]
pub struct CommitRequest<'r> {
    /// Who.
    pub author: &'r Person,
    /// Why.
    pub message: &'r str,
    /// Which files.
    pub scope: Scope,
    /// Files that follow from what is committed, to be written to the folder and committed with
    /// the rest.
    pub own: &'r dyn OwnFiles,
    /// Runs whose outputs the commit brings in.
    pub generations: Vec<GenerationId>,
}

/// What was committed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CommitOutcome {
    /// The commit; none when there was nothing to commit.
    pub commit: Option<CommitReport>,
    /// Where the project stands.
    pub head: HeadReport,
    /// What the commit holds that its parent does not; of an amended one, that the former did not.
    pub changes: Changes,
    /// The commit that it takes the place of.
    pub amended: Option<CommitId>,
    /// Timelines and tags that stand on the amended commit all the same, by their full names.
    pub kept_by: Vec<String>,
    /// Left alone by rule.
    pub skipped: Vec<Unlisted>,
    /// Names that are unsafe on some system: not committed.
    pub refused: Vec<Unlisted>,
}

impl CommitOutcome {
    /// Where nothing changed.
    #[must_use]
    pub fn nothing(report: StatusReport) -> Self {
        Self {
            commit: None,
            head: report.head,
            changes: Changes::default(),
            amended: None,
            kept_by: Vec::new(),
            skipped: report.skipped,
            refused: report.refused,
        }
    }
}

/// Commits what changed among the named files. The files are read and stored before anybody has
/// to wait for it; only when another process was faster is it done again, in the way of others.
///
/// # Errors
/// `EmptyMessage`; `NoSuchPath` with a suggestion; `Unreadable`; `SwitchedMeanwhile`.
pub fn commit(
    project: &Project,
    caller: &Caller<'_>,
    request: &CommitRequest<'_>,
) -> Result<CommitOutcome> {
    let message = clean_message(request.message);
    if message.is_empty() {
        return Err(RepositoryError::EmptyMessage);
    }
    let request = CommitRequest {
        message: &message,
        ..request.clone()
    };
    record(project, caller, &request, None)
}

/// A commit that another one takes the place of.
#[derive(Clone, Copy)]
pub(super) struct Amended<'a> {
    /// Its id.
    pub(super) id: CommitId,
    /// What it says.
    pub(super) commit: &'a Commit,
    /// When the new one is said to be made.
    pub(super) time: Timestamp,
}

/// Commits, on top of HEAD or in the place of it. The message is clean already.
pub(super) fn record(
    project: &Project,
    caller: &Caller<'_>,
    request: &CommitRequest<'_>,
    amended: Option<Amended<'_>>,
) -> Result<CommitOutcome> {
    let batch = project.store().batch();
    let (operation, view) = project.view()?;
    let mut prepared = prepare(
        project,
        request,
        look(project, &view, request, &batch)?,
        &batch,
    )?;
    let transaction = project.transaction(caller)?;
    if let Some(amended) = amended
        && transaction.view.head_commit() != Some(amended.id)
    {
        let name = HeadReport::of(&transaction.view).describe();
        let found = transaction.view.head_commit();
        return Err(HistoryError::RefMoved { name, found }.into());
    }
    let is_same = transaction.operation() == operation && !transaction.has_recovered();
    if !is_same && transaction.view.head() != view.head() {
        let to = HeadReport::of(&transaction.view).describe();
        return Err(RepositoryError::SwitchedMeanwhile { to });
    }
    // The folder may have been looked at while another command was changing files that it then put
    // back, which no operation tells of.
    if !is_same || !prepared.still_holds(project)? {
        let survey = look(project, &transaction.view, request, &batch)?;
        prepared = prepare(project, request, survey, &batch)?;
    }
    finish(
        project,
        caller,
        request,
        amended,
        prepared,
        transaction,
        batch,
    )
}

/// What a commit is to bring in, worked out before anybody has to wait for it.
struct Prepared {
    survey: Survey,
    /// What people changed.
    changes: Changes,
    /// The files whose content in the folder that follows from.
    looked_at: Vec<RepoPath>,
    /// What the commit changes, aiut's own files among it.
    edits: BTreeMap<RepoPath, Option<FileEntry>>,
    /// What is written into the folder: aiut's own files.
    files: Vec<Change>,
}

impl Prepared {
    /// Whether the folder still holds what it follows from: a few system calls a file.
    fn still_holds(&self, project: &Project) -> Result<bool> {
        Ok(self.survey.still_holds(project, self.looked_at.iter())?)
    }
}

/// A message as git keeps it: no blanks at the ends of lines, no empty lines around it, and one
/// where there were several.
#[must_use]
pub fn clean_message(text: &str) -> String {
    let mut message = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.split('\n') {
        let line = line.trim_end_matches([' ', '\t', '\r']);
        if line.is_empty() {
            empty += 1;
            continue;
        }
        if !message.is_empty() {
            message.push_str(if empty == 0 { "\n" } else { "\n\n" });
        }
        message.push_str(line);
        empty = 0;
    }
    message
}

fn look(
    project: &Project,
    view: &Position,
    request: &CommitRequest<'_>,
    batch: &Batch<'_>,
) -> Result<Survey> {
    let tree = head_tree(project, view)?;
    Ok(Survey::storing(
        project,
        tree,
        &|path| is_wanted(request, path),
        batch,
    )?)
}

fn is_wanted(request: &CommitRequest<'_>, path: &RepoPath) -> bool {
    request.scope.contains(path) || request.own.is_own(path)
}

/// Works out what a commit brings in, and what aiut's own files are to say with that. Everything new
/// goes into the batch.
fn prepare(
    project: &Project,
    request: &CommitRequest<'_>,
    survey: Survey,
    batch: &Batch<'_>,
) -> Result<Prepared> {
    check_kept(project, request, &survey)?;
    let named = |path: &RepoPath| request.scope.contains(path);
    let mut changes = survey.changes(&named);
    let mut edits = survey.edits(&changes, &named)?;
    let looked_at = edits.keys().cloned().collect();
    let mut own = request.own.renewed(&with_edits(&survey.tracked, &edits))?;
    // Where the commit has them right already, those in the folder are nobody's business.
    own.retain(|(path, bytes)| {
        let tracked = survey.tracked.get(path).map(|entry| entry.id);
        named(path) || tracked != Some(FileId::of(bytes))
    });
    if !own.is_empty() {
        let named = |path: &RepoPath| named(path) || own.iter().any(|(own, _)| own == path);
        changes = survey.changes(&named);
        edits = survey.edits(&changes, &named)?;
    }
    let mut files = Vec::new();
    for (path, bytes) in &own {
        files.extend(renew(
            &survey,
            &mut edits,
            path,
            batch.put_file_bytes(bytes)?,
        ));
    }
    for path in replaced_by_folders(&survey.tracked, &edits) {
        edits.insert(path, None);
    }
    recognise(project, &mut edits)?;
    Ok(Prepared {
        survey,
        changes,
        looked_at,
        edits,
        files,
    })
}

/// Refuses what cannot be read, and what was named and is not kept.
fn check_kept(project: &Project, request: &CommitRequest<'_>, survey: &Survey) -> Result<()> {
    let known: Vec<_> = (survey.tracked.keys())
        .chain(survey.scan.files.keys())
        .collect();
    let unlisted = request.scope.unlisted(project, &survey.scan, known)?;
    let unreadable = survey.scan.unreadable.iter();
    let hidden: Vec<_> = unreadable
        .filter(|entry| request.scope.concerns(&entry.path))
        .map(|entry| (entry.path.clone(), entry.reason.clone()))
        .collect();
    if !hidden.is_empty() {
        return Err(HistoryError::Unreadable(hidden).into());
    }
    match unlisted.is_empty() {
        true => Ok(()),
        false => Err(RepositoryError::NotKept(unlisted)),
    }
}

/// Sets a file of aiut's own in what a commit brings in; what is to be written into the folder for
/// it, if that is anything.
fn renew(
    survey: &Survey,
    edits: &mut BTreeMap<RepoPath, Option<FileEntry>>,
    path: &RepoPath,
    stored: Stored,
) -> Option<Change> {
    let old = survey.tracked.get(path);
    let content = Content {
        id: stored.id,
        size: stored.size,
        exec: old.is_some_and(|old| old.exec),
    };
    if old.map(FileEntry::content) == Some(content) {
        edits.remove(path);
    } else {
        let entry = old.map_or_else(|| FileEntry::plain(content), |old| old.holding(content));
        edits.insert(path.clone(), Some(entry));
    }
    let before = survey.content(path);
    (before != Some(content)).then(|| Change {
        path: path.clone(),
        before,
        after: Some(content),
        seen: survey.seen(path),
    })
}

/// Makes the commit of what was prepared, under the lock.
fn finish<'p>(
    project: &'p Project,
    caller: &Caller<'_>,
    request: &CommitRequest<'_>,
    amended: Option<Amended<'_>>,
    prepared: Prepared,
    transaction: Transaction<'p>,
    batch: Batch<'p>,
) -> Result<CommitOutcome> {
    let Prepared {
        survey,
        changes,
        edits,
        files,
        ..
    } = prepared;
    let mut outcome = CommitOutcome {
        commit: None,
        head: HeadReport::of(&transaction.view),
        changes,
        amended: None,
        kept_by: Vec::new(),
        skipped: survey.scan.skipped,
        refused: survey.scan.refused,
    };
    if edits.is_empty() && files.is_empty() && amended.is_none() {
        outcome.changes = Changes::default();
        return Ok(outcome);
    }
    let mut transaction = if files.is_empty() {
        transaction.with_batch(batch)
    } else {
        // The files come out of the store, so they must be in it first.
        batch.commit()?;
        transaction
    };
    let base = head_tree(project, &transaction.view)?;
    let tree = edit_tree(project.store(), transaction.batch(), base, &edits)?;
    if edits.is_empty() && amended.is_none() {
        transaction.publish(caller, files, None)?;
        outcome.changes = Changes::default();
        return Ok(outcome);
    }
    let (author, message) = (request.author, request.message);
    let generations = request.generations.clone();
    let id = match amended {
        None => transaction.commit(tree, author, caller.clock.now(), message, generations)?,
        Some(amended) => {
            let commit = amended.replaced(tree, request);
            outcome.amended = Some(amended.id);
            outcome.kept_by = amended.check(&transaction, &commit)?;
            transaction.put_at_head(commit)?
        }
    };
    outcome.head = HeadReport::of(&transaction.view);
    outcome.changes = changes_of(&edits, &survey.tracked, &outcome.changes);
    outcome.commit = CommitReport::made(&transaction, id);
    transaction.leaves(tree, with_edits(&survey.tracked, &edits));
    transaction.publish(caller, files, None)?;
    Ok(outcome)
}

/// Files of the commit that no tree can hold beside what the edits bring, as a folder has their
/// name now: a commit of `x/y` takes `x` away, named or not.
fn replaced_by_folders(
    tracked: &FlatTree,
    edits: &BTreeMap<RepoPath, Option<FileEntry>>,
) -> Vec<RepoPath> {
    let mut replaced = Vec::new();
    for path in edits
        .iter()
        .filter(|(_, entry)| entry.is_some())
        .map(|(path, _)| path)
    {
        let mut above = path.parent();
        while let Some(folder) = above {
            above = folder.parent();
            if tracked.contains_key(&folder) {
                replaced.push(folder);
            }
        }
    }
    replaced
}

/// A commit's files with these set, or removed.
pub(super) fn with_edits(
    tracked: &FlatTree,
    edits: &BTreeMap<RepoPath, Option<FileEntry>>,
) -> FlatTree {
    let mut files = tracked.clone();
    apply_edits(&mut files, edits);
    files
}

/// The changes that the edits make: those of the folder, and what aiut's own files add to them.
fn changes_of(
    edits: &BTreeMap<RepoPath, Option<FileEntry>>,
    tracked: &FlatTree,
    found: &Changes,
) -> Changes {
    let mut changes = Changes {
        renamed: found.renamed.clone(),
        ..Changes::default()
    };
    let renamed = |path: &RepoPath| {
        found
            .renamed
            .iter()
            .any(|renamed| renamed.from == *path || renamed.to == *path)
    };
    for (path, entry) in edits.iter().filter(|(path, _)| !renamed(path)) {
        let list = match (entry, tracked.contains_key(path)) {
            (None, _) => &mut changes.deleted,
            (Some(_), true) => &mut changes.modified,
            (Some(_), false) => &mut changes.added,
        };
        list.push(path.clone());
    }
    changes
}
