//! `aiut dehydrate`: contents that a remote surely has go from here.
//!
//! What goes is reached from a timeline or tag of the remote as it stands now, and the remote says that it has
//! it. First it is promised, durably; then the files go from the folder; then the contents from the packs.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::Serialize;

use super::fetch::reach;
use super::partial::{is_media, is_own};
use super::place::Around;
use super::{Result, SharingError};
use crate::base::progress::{Progress, Unit};
use crate::history::{Caller, Project, Survey, TreeWalk, log};
use crate::object::{Commit, CommitId, EntryId, FileId, Generation, RepoPath, Tree, TreeId};
use crate::remote::files_at;
use crate::workflow::repository::{Scope, let_go_of_copies};
use crate::worktree::Change;

/// What is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DehydrateRequest<'r> {
    /// Which remote has it; none is the usual one.
    pub remote: Option<&'r str>,
    /// Which files; everything is the pictures, clips and sounds.
    pub scope: &'r Scope,
    /// Whether nothing goes, and it is only told.
    pub dry_run: bool,
}

/// What went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DehydrateOutcome {
    /// The remote that has it.
    pub remote: String,
    /// Contents that went, of all versions.
    pub contents: usize,
    /// Their bytes, whole.
    pub bytes: u64,
    /// Files that went from the folder.
    pub files: Vec<RepoPath>,
    /// By how many bytes the packs are smaller.
    pub freed: u64,
    /// Contents that stay, as the remote does not have them yet.
    pub kept: usize,
    /// Files of the folder that stay, as they were edited.
    pub edited: Vec<RepoPath>,
}

/// Lets contents go that the remote has.
///
/// # Errors
/// `NotLasting`; `NoSuchPath`; `Remote`.
pub fn dehydrate(
    project: &Project,
    caller: &Caller<'_>,
    around: &Around,
    request: DehydrateRequest<'_>,
    progress: &dyn Progress,
) -> Result<DehydrateOutcome> {
    let (shared, _) = reach(project, around, request.remote)?;
    let of = || SharingError::of(&shared.name);
    if !shared.remote.is_lasting() {
        return Err(SharingError::NotLasting(shared.name));
    }
    let store = project.store();
    let there = shared.remote.advertise().map_err(of())?;
    let mut tips = BTreeSet::new();
    for id in there.refs.values() {
        tips.extend(store.has::<Commit>(*id)?.then_some(*id));
    }
    let head = project.view()?.1.head_commit();
    let scope = request.scope;
    let is_meant = |path: &RepoPath| {
        let is_media = is_media(path.file_name());
        scope.contains(path) && !is_own(path.file_name()) && (is_media || !scope.is_all())
    };
    progress.start("Following the history", None, Unit::Items);
    let pushed = contents(project, &tips.into_iter().collect::<Vec<_>>(), &is_meant)?;
    let ours = contents(project, &head.into_iter().collect::<Vec<_>>(), &is_meant)?;
    progress.finish();
    if !scope.is_all() {
        let known: BTreeSet<RepoPath> = pushed.paths.union(&ours.paths).cloned().collect();
        scope.check(&known, "the history")?;
    }
    let mut here = Vec::new();
    for id in pushed.files.keys() {
        here.extend(store.contains_file(*id)?.then_some(*id));
    }
    let sure: BTreeSet<FileId> = files_at(&*shared.remote, &here)
        .map_err(of())?
        .into_iter()
        .collect();
    let mut outcome = DehydrateOutcome {
        remote: shared.name.clone(),
        ..DehydrateOutcome::default()
    };
    for id in &sure {
        outcome.contents += 1;
        outcome.bytes += store.file_size(*id)?;
    }
    for id in ours.files.keys().chain(&here).collect::<BTreeSet<_>>() {
        outcome.kept += usize::from(!sure.contains(id) && store.contains_file(*id)?);
    }
    if request.dry_run {
        return Ok(outcome);
    }
    let mut sizes = Vec::with_capacity(sure.len());
    for id in &sure {
        sizes.push((*id, store.file_size(*id)?));
    }
    store.promise(|list| {
        for (id, bytes) in &sizes {
            list.add_file(*id, Some(*bytes));
            list.want(*id, false);
        }
    })?;
    let promised = store.promised()?;
    let goes = |id: FileId| pushed.files.contains_key(&id) && promised.has_file(id);
    let mut edited = Vec::new();
    let mut files = Vec::new();
    project.lay_out(caller, |project| {
        let (_, view) = project.view()?;
        let Some(commit) = view.head_commit() else {
            return Ok(Vec::new());
        };
        let tree = project.store().get::<Commit>(commit)?.tree;
        let survey = Survey::of_everything(project, Some(tree))?;
        let mut changes = Vec::new();
        for (path, entry) in &survey.tracked {
            if !goes(entry.id) || !is_meant(path) {
                continue;
            }
            match survey.content(path) {
                Some(content) if content == entry.content() => {
                    files.push(path.clone());
                    changes.push(Change {
                        path: path.clone(),
                        before: Some(content),
                        after: None,
                        seen: survey.seen(path),
                    });
                }
                Some(_) => edited.push(path.clone()),
                None => {}
            }
        }
        Ok(changes)
    })?;
    (outcome.files, outcome.edited) = (files, edited);
    let mut copies = HashSet::new();
    for id in pushed.files.keys().filter(|id| goes(**id)) {
        if store.contains_file(*id)? {
            copies.insert(*id);
        }
    }
    if !copies.is_empty() {
        let report = let_go_of_copies(project, caller, copies)?;
        let collected = report.collected;
        outcome.freed = collected.bytes_before.saturating_sub(collected.bytes_after);
    }
    Ok(outcome)
}

/// Contents of a history at the paths that are meant.
#[derive(Default)]
struct Contents {
    files: BTreeMap<FileId, u64>,
    paths: BTreeSet<RepoPath>,
    seen: HashSet<(TreeId, String)>,
}

fn contents(
    project: &Project,
    tips: &[CommitId],
    is_meant: &dyn Fn(&RepoPath) -> bool,
) -> Result<Contents> {
    let store = project.store();
    let mut found = Contents::default();
    let mut trees = TreeWalk::new(|id| Ok(store.get::<Tree>(id)?));
    for logged in log(store, tips, &[], usize::MAX)? {
        trees.begin(logged.commit.tree)?;
        found.add(&mut trees, logged.commit.tree, "", is_meant)?;
        for id in logged.commit.generations {
            for output in store.get::<Generation>(id)?.outputs {
                if is_meant(&output.path) {
                    found.files.insert(output.id, output.size);
                }
            }
        }
    }
    Ok(found)
}

impl Contents {
    fn add(
        &mut self,
        trees: &mut TreeWalk<'_>,
        tree: TreeId,
        prefix: &str,
        is_meant: &dyn Fn(&RepoPath) -> bool,
    ) -> Result<()> {
        if !self.seen.insert((tree, prefix.to_owned())) {
            return Ok(());
        }
        let tree = trees.get(tree)?;
        for entry in tree.entries() {
            let path = format!("{prefix}{}", entry.name);
            match entry.id {
                EntryId::Dir(id) => self.add(trees, id, &format!("{path}/"), is_meant)?,
                EntryId::File(id) => {
                    if let Ok(path) = RepoPath::new(path)
                        && is_meant(&path)
                    {
                        self.files.insert(id, entry.size);
                        self.paths.insert(path);
                    }
                }
            }
        }
        Ok(())
    }
}
