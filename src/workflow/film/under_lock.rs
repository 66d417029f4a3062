//! What may not be changed on a timeline, because somebody locked it there.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::FilmError;
use super::approve::{approvals_in, content_of};
use super::merged::settings_of;
use super::report::FilmReport;
use super::session::{Session, World};
use crate::history::{
    Breach, FileEntry, FlatTree, Guard, HeldChange, HistoryError, Moved, Project, files_of,
};
use crate::object::{Commit, CommitId, EntryId, RepoPath};
use crate::pipeline::{Approval, Approvals, Approved, Options, Pipeline};
use crate::worktree::Content;

/// Holds what is locked: the file itself, the outputs of a stage, and what these were made from. Asked before
/// a timeline moves, whichever command moves it.
pub struct Locks<'w> {
    /// To plan with.
    world: World<'w>,
    /// What is given up by this very command.
    freed: BTreeSet<Approved>,
}

impl<'w> Locks<'w> {
    /// Holds everything that is locked.
    #[must_use]
    pub fn new(world: World<'w>) -> Self {
        let freed = BTreeSet::new();
        Self { world, freed }
    }

    /// Holds all but these.
    pub(super) fn but_for(world: World<'w>, freed: BTreeSet<Approved>) -> Self {
        Self { world, freed }
    }

    /// What is locked on a timeline and would be changed if its files became `after`, all of them stored.
    ///
    /// # Errors
    /// Approvals, or a film, that cannot be read.
    pub fn edits(
        &self,
        project: &Project,
        timeline: &str,
        before: &FlatTree,
        after: &FlatTree,
    ) -> Result<Vec<Breach>, FilmError> {
        let known = approvals_in(project, before)?;
        self.compare(project, timeline, known, &[], before, after)
    }

    /// What would be changed that is locked. Decisions in `brought` were taken where they come from, under the
    /// locks of that place.
    fn compare(
        &self,
        project: &Project,
        timeline: &str,
        known: Approvals,
        brought: &[Approvals],
        before: &FlatTree,
        after: &FlatTree,
    ) -> Result<Vec<Breach>, FilmError> {
        // Nothing would be locked by a file that cannot be read.
        let new = approvals_in(project, after)?;
        let pipeline = match settings_of(project, before)? {
            Some(config) => super::stages(&config)?,
            None => Pipeline::film(),
        };
        let mut open = None;
        let mut breaches = Vec::new();
        for (what, approval) in known.0 {
            if approval.locked_on.is_empty() {
                continue;
            }
            let row = new.0.get(&what);
            let mut told = |change| breaches.push(breach(&what, &approval, change));
            let is_held = |on: &String| {
                !(freed_in(brought, &what, on) || self.freed.contains(&what) && on == timeline)
            };
            let is_locked = |on: &String| row.is_some_and(|row| row.locked_on.contains(on));
            if approval
                .locked_on
                .iter()
                .any(|on| !is_locked(on) && is_held(on))
            {
                told(HeldChange::Freed);
                continue;
            }
            let Some(row) = row.filter(|row| row.locked_on.contains(timeline)) else {
                continue;
            };
            if !approval.locked_on.contains(timeline) {
                continue;
            }
            let is_renewed = row.content != approval.content;
            if is_renewed
                && !brought
                    .iter()
                    .any(|side| approves(side, &what, &row.content))
            {
                told(HeldChange::Approved);
                continue;
            }
            let content = |files| content_of(&what, &pipeline, files);
            let (old, now) = (content(before), content(after));
            // What was approved comes back, or comes from where it was approved.
            if now.as_ref() == Some(&row.content) && (is_renewed || now != old) {
                continue;
            }
            let mut paths = changed(&what, &pipeline, before, after);
            if let Approved::Stage(name) = &what {
                let open = match &open {
                    Some(open) => open,
                    None => open.insert(self.opened(project, before, after)?),
                };
                let of_stage = open.iter().filter(|(stage, _)| stage == name);
                paths.extend(of_stage.map(|(_, path)| path.clone()));
            }
            if !paths.is_empty() {
                told(HeldChange::Files(paths.into_iter().collect()));
            }
        }
        Ok(breaches)
    }

    /// Outputs, with their stages, that would need work and do not yet.
    fn opened(
        &self,
        project: &Project,
        before: &FlatTree,
        after: &FlatTree,
    ) -> Result<BTreeSet<(String, RepoPath)>, FilmError> {
        let project = Arc::new(project.clone());
        let open = |files: &FlatTree| -> Result<BTreeSet<(String, RepoPath)>, FilmError> {
            let Some(config) = settings_of(&project, files)? else {
                return Ok(BTreeSet::new());
            };
            let (project, world) = (project.clone(), self.world.clone());
            let session = Session::supposed(project, &config, world, files.clone(), None)?;
            let planned = session.plan(Options::default())?;
            let open = planned.items.iter().filter(|item| item.state.needs_work());
            let open = open.map(|item| (item.stage.clone(), item.path.clone()));
            Ok(open.collect())
        };
        let now = open(after)?;
        if now.is_empty() {
            return Ok(now);
        }
        Ok(now.difference(&open(before)?).cloned().collect())
    }

    fn moved(&self, project: &Project, moved: &Moved) -> Result<Vec<Breach>, FilmError> {
        let before = files_at(project, moved.before)?;
        let known = approvals_in(project, &before)?;
        if moved.renamed.is_some() {
            let locked = known.locked_on(&moved.timeline);
            let gone = locked.map(|(what, by)| breach(what, by, HeldChange::Freed));
            return Ok(gone.collect());
        }
        let after = files_at(project, moved.after)?;
        let brought = moved.brought.iter().map(|commit| {
            let files = files_at(project, *commit)?;
            approvals_in(project, &files)
        });
        let brought = brought.collect::<Result<Vec<_>, FilmError>>()?;
        let timeline = &moved.timeline;
        self.compare(project, timeline, known, &brought, &before, &after)
    }
}

impl Guard for Locks<'_> {
    fn holds(
        &self,
        project: &Project,
        _timeline: &str,
        stands: CommitId,
    ) -> Result<bool, HistoryError> {
        let tree = project.store().get::<Commit>(stands)?.tree;
        let path = super::approve::approvals_path();
        let Some(entry) = crate::history::entry_at(project.store(), tree, &path)? else {
            return Ok(false);
        };
        let EntryId::File(id) = entry.id else {
            return Ok(false);
        };
        let (size, exec) = (entry.size, entry.exec);
        let conflict = entry.conflict;
        let plain = FileEntry::plain(Content { id, size, exec });
        let files = FlatTree::from([(path, FileEntry { conflict, ..plain })]);
        let known = approvals_in(project, &files).map_err(unguarded)?;
        let mut rows = known.0.values();
        Ok(rows.any(|approval| !approval.locked_on.is_empty()))
    }

    fn breaches(&self, project: &Project, moved: &Moved) -> Result<Vec<Breach>, HistoryError> {
        self.moved(project, moved).map_err(unguarded)
    }
}

/// What keeps it from being known whether something locked would change.
fn unguarded(error: FilmError) -> HistoryError {
    match error {
        FilmError::History(error) => error,
        error => HistoryError::Unguarded {
            hint: error.hints().into_iter().next(),
            source: Box::new(error),
        },
    }
}

fn files_at(project: &Project, commit: CommitId) -> Result<FlatTree, HistoryError> {
    files_of(project, project.store().get::<Commit>(commit)?.tree)
}

pub(super) fn breach(what: &Approved, approval: &Approval, change: HeldChange) -> Breach {
    let (Approved::Stage(name) | Approved::Path(name)) = what;
    Breach {
        what: name.clone(),
        told: what.to_string(),
        by: approval.by.clone(),
        change,
    }
}

/// Whether the lock was given up where one of these comes from.
fn freed_in(brought: &[Approvals], what: &Approved, timeline: &str) -> bool {
    let is_locked = |side: &Approvals| {
        let row = side.0.get(what);
        row.is_some_and(|row| row.locked_on.contains(timeline))
    };
    brought.iter().any(|side| !is_locked(side))
}

/// Whether this very content is approved there.
fn approves(side: &Approvals, what: &Approved, content: &str) -> bool {
    side.0.get(what).is_some_and(|row| row.content == content)
}

/// The files of what is approved that are not the same on both sides.
fn changed(
    what: &Approved,
    pipeline: &Pipeline,
    before: &FlatTree,
    after: &FlatTree,
) -> BTreeSet<RepoPath> {
    let is_of_it = |path: &&RepoPath| match what {
        Approved::Path(name) => path.as_str() == name,
        Approved::Stage(name) => {
            let stage = pipeline.stage(name);
            stage.is_some_and(|stage| stage.item_of(path.as_str()).is_some())
        }
    };
    let id = |files: &FlatTree, path: &RepoPath| files.get(path).map(|entry: &FileEntry| entry.id);
    let paths = before.keys().chain(after.keys()).filter(is_of_it);
    paths
        .filter(|path| id(before, path) != id(after, path))
        .cloned()
        .collect()
}

impl Session<'_> {
    /// Refuses a run that would make anew what is locked on this timeline, or what it stands on: before
    /// anything is paid for.
    ///
    /// # Errors
    /// `Locked` says what; approvals that cannot be read.
    pub fn check_runs_under_locks(&self, report: &FilmReport) -> Result<(), FilmError> {
        let Some(timeline) = self.timeline()? else {
            return Ok(());
        };
        let approvals = approvals_in(&self.project, &self.head)?;
        let mut breaches = Vec::new();
        for (what, approval) in approvals.locked_on(&timeline) {
            let under: BTreeSet<String> = match what {
                Approved::Stage(name) => self.pipeline.under(name),
                Approved::Path(_) => BTreeSet::new(),
            };
            let changes = |row: &&super::ItemRow| {
                let is_change = matches!(
                    row.action.as_str(),
                    "write" | "restore" | "run" | "take" | "remove" | "wait"
                );
                let is_under = match what {
                    Approved::Stage(_) => under.contains(&row.stage),
                    Approved::Path(path) => row.path.as_str() == path,
                };
                is_change && is_under
            };
            let rows = report.items.iter().filter(changes);
            let paths: Vec<RepoPath> = rows.map(|row| row.path.clone()).collect();
            if !paths.is_empty() {
                breaches.push(breach(what, approval, HeldChange::Files(paths)));
            }
        }
        match breaches.is_empty() {
            true => Ok(()),
            false => Err(HistoryError::Locked { timeline, breaches }.into()),
        }
    }
}
