//! `aiut gc`.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::Result;
use super::expire::{Loss, OldOperations, let_go_of_operations};
use crate::base::folder::FileKind;
use crate::base::lock::FileLock;
use crate::history::{Caller, HistoryError, Project, Reached, Search, Standing, arrow_to};
use crate::object::{
    Action, Commit, FileId, Generation, ObjectKind as Object, Operation, Timestamp,
};
use crate::store::{Catalogue, CollectRequest, Collected, Needed, RecordId, StoreError};
use crate::workflow::spending::{Ledger, Unheld};

/// How long something unneeded stays, unless asked otherwise.
pub const DEFAULT_GRACE_DAYS: u32 = 30;

const DAY: i64 = 24 * 60 * 60;

/// What is to be collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GcRequest {
    /// How many days something unneeded stays.
    pub grace_days: u32,
    /// Only say what would be done.
    pub dry_run: bool,
}

/// What was collected, or would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GcReport {
    /// Whether nothing was done.
    pub dry_run: bool,
    /// How many days something unneeded stays.
    pub grace_days: u32,
    /// What was lost with operations that were let go of, or would be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub let_go: Option<Loss>,
    /// What came of it; leftovers count what runs left in `scratch/`.
    #[serde(flatten)]
    pub collected: Collected,
}

/// Lets go of what neither refs nor operations lead to. Other commands may write until everything is
/// prepared.
///
/// # Errors
/// `Store(Unsound)` when something is damaged or missing: what it led to might be needed. `Lock`.
pub fn gc(project: &Project, caller: &Caller<'_>, request: GcRequest) -> Result<GcReport> {
    collect(project, caller, request, HashSet::new(), || {})
}

/// Collects as [`gc`] does, and lets the copies of these files go at once: a remote has them.
///
/// # Errors
/// As [`gc`].
pub fn let_go_of_copies(
    project: &Project,
    caller: &Caller<'_>,
    copies: HashSet<FileId>,
) -> Result<GcReport> {
    let request = GcRequest {
        grace_days: DEFAULT_GRACE_DAYS,
        dry_run: false,
    };
    collect(project, caller, request, copies, || {})
}

/// As [`gc`]; tells when all is prepared, and others may still write.
fn collect(
    project: &Project,
    caller: &Caller<'_>,
    request: GcRequest,
    copies: HashSet<FileId>,
    prepared: impl FnOnce(),
) -> Result<GcReport> {
    let known = match project.view()?.0 {
        Some(id) => project.store().get::<Operation>(id)?.time.unix_seconds,
        None => i64::MIN,
    };
    let when = CollectRequest {
        now: caller.clock.now().unix_seconds,
        known,
        grace: i64::from(request.grace_days) * DAY,
        dry_run: request.dry_run,
    };
    let unheld = RefCell::new(Vec::new());
    let run = Cell::new(alone(project)?.is_none());
    let mut live = Live {
        clock: Some((caller.clock.now(), &unheld)),
        run: Some(&run),
        copies,
        ..Live::default()
    };
    // Then no command may be halfway: what it has stored and not yet published is needed.
    let enter = || -> Result<_> {
        prepared();
        // A run that starts now waits until it is seen what is left.
        let alone = alone(project)?;
        run.set(alone.is_none());
        let transaction = project.transaction(caller)?;
        // What was spent is known for good, whatever becomes of what it was spent on.
        let ledger = Ledger::in_folder(project.tree().own(), caller.holder.clone());
        ledger.note_freed(unheld.take())?;
        Ok((alone, transaction))
    };
    let mut collected = project.store().collect(&when, &mut live, enter)?;
    collected.leftover_bytes += clear_scratch(project, request.dry_run)?;
    Ok(GcReport {
        dry_run: request.dry_run,
        grace_days: request.grace_days,
        let_go: None,
        collected,
    })
}

/// As [`gc`]; lets go of old operations first.
///
/// # Errors
/// As [`gc`].
pub fn gc_with_operations(
    project: &Project,
    caller: &Caller<'_>,
    request: GcRequest,
    old: &OldOperations,
) -> Result<GcReport> {
    if !request.dry_run {
        let_go_of_operations(project, caller, old)?;
    }
    let mut report = gc(project, caller, request)?;
    report.let_go = Some(old.loss);
    Ok(report)
}

/// What is reachable.
#[derive(Default)]
struct Live<'r> {
    /// The time, and where runs go that cost something and that nothing leads to.
    clock: Option<(Timestamp, &'r RefCell<Vec<Unheld>>)>,
    /// Whether a run is under way: what it made is on no timeline before it ends, and neither is what it
    /// brings back.
    run: Option<&'r Cell<bool>>,
    search: Search,
    standing: Standing,
    /// Records that stay whatever they are.
    kept: HashSet<RecordId>,
    /// Files whose copies go at once, unless something needs them.
    copies: HashSet<FileId>,
}

/// The runs that cost something and that nothing leads to, with who committed them.
fn forgotten(
    catalogue: &Catalogue,
    reached: &Reached,
    now: Timestamp,
) -> Result<Vec<Unheld>, StoreError> {
    let mut runs = Vec::new();
    for id in catalogue.ids::<Generation>() {
        let record = RecordId::of_object(Object::Generation, *id.as_bytes());
        if reached.records.contains(&record) {
            continue;
        }
        let run = catalogue.get::<Generation>(id)?;
        if run.cost_micro_usd == 0 {
            continue;
        }
        let action = match catalogue.get::<Action>(run.action) {
            Err(error) if error.is_loss() => None,
            action => Some(action?),
        };
        runs.extend(Unheld::of(id, &run, action.as_ref(), now));
    }
    if runs.is_empty() {
        return Ok(runs);
    }
    let mut persons = HashMap::new();
    for id in catalogue.ids::<Commit>() {
        let commit = catalogue.get::<Commit>(id)?;
        for id in commit.generations {
            persons.insert(id, commit.author.name.clone());
        }
    }
    for run in &mut runs {
        run.by = persons.remove(&run.generation).unwrap_or_default();
    }
    Ok(runs)
}

impl Live<'_> {
    /// While a run is under way, every take is needed.
    fn follow_run(&mut self, catalogue: &Catalogue) -> Result<(), StoreError> {
        if !self.run.is_some_and(Cell::get) {
            return Ok(());
        }
        let takes = catalogue.ids::<Generation>();
        let takes = takes
            .into_iter()
            .map(|id| RecordId::of_object(Object::Generation, *id.as_bytes()));
        let takes: Vec<RecordId> = takes.collect();
        self.follow(catalogue, &takes)
    }
}

impl Needed for Live<'_> {
    fn follow_roots(&mut self, catalogue: &Catalogue) -> Result<(), StoreError> {
        self.standing = Standing::of(catalogue)?;
        self.search.follow_project(catalogue, &self.standing)?;
        let reached = self.search.reached();
        refuse_broken(reached)?;
        self.follow_run(catalogue)?;
        let reached = self.search.reached();
        if let Some((now, unheld)) = &self.clock {
            unheld.replace(forgotten(catalogue, reached, *now)?);
        }
        Ok(())
    }

    fn follow_new(
        &mut self,
        catalogue: &Catalogue,
        records: &[RecordId],
    ) -> Result<(), StoreError> {
        self.follow(catalogue, records)?;
        self.follow_run(catalogue)?;
        let is_operation = |record: &RecordId| record.object_kind() == Some(Object::Operation);
        if !records.iter().any(is_operation) {
            return Ok(());
        }
        // Whatever that did may lead to takes that were let go of: they have their turn next time.
        self.search.follow_skipped(catalogue)?;
        let now = Standing::of(catalogue)?;
        if now.expiry != self.standing.expiry {
            self.search.follow_project(catalogue, &now)?;
        }
        Ok(())
    }

    fn follow(&mut self, catalogue: &Catalogue, records: &[RecordId]) -> Result<(), StoreError> {
        // What is unreachable and stays may be broken: it is kept as it is.
        self.kept.extend(records);
        let arrows = records.iter().filter_map(arrow_to);
        self.search.follow_anew(catalogue, arrows)
    }

    fn has(&self, id: &RecordId) -> bool {
        self.search.reached().records.contains(id) || self.kept.contains(id)
    }

    fn goes_at_once(&self, catalogue: &Catalogue) -> HashSet<RecordId> {
        let promised = |id: &&FileId| catalogue.promised.has_file(**id);
        let files = self.copies.iter().filter(promised);
        let files = files.filter_map(|id| catalogue.file(*id).ok());
        files.flat_map(|file| file.records).collect()
    }
}

pub(super) fn refuse_broken(reached: &Reached) -> Result<(), StoreError> {
    let objects = reached.broken_objects.iter();
    let objects =
        objects.map(|((kind, id), why)| format!("{}: {why}", RecordId::of_object(*kind, *id)));
    let files = reached.broken_files.iter();
    let mut broken = objects.chain(files.map(|(id, why)| format!("file {}: {why}", id.short())));
    match broken.next() {
        None => Ok(()),
        Some(what) => Err(StoreError::Unsound { what }),
    }
}

/// The lock that every run that lives shares; none while there is one.
fn alone(project: &Project) -> Result<Option<FileLock>> {
    let own = project.tree().own();
    let alone = FileLock::try_acquire(own, super::SCRATCH_LOCK, &Default::default());
    Ok(alone.map_err(HistoryError::from)?)
}

/// Removes what runs that died had left in `scratch/`. Returns its bytes.
pub(crate) fn clear_scratch(project: &Project, dry_run: bool) -> Result<u64> {
    let own = project.tree().own();
    let io = |action, source| HistoryError::Io {
        action,
        path: own.path_of(super::SCRATCH),
        source,
    };
    let Some(_alone) = alone(project)? else {
        return Ok(0);
    };
    let scratch = own.folder_if_any(super::SCRATCH);
    let Some(scratch) = scratch.map_err(|source| io("open", source))? else {
        return Ok(0);
    };
    let mut bytes = 0;
    for (name, kind) in scratch.list().map_err(|source| io("list", source))? {
        // Runs make folders; anything else is somebody else's.
        if kind != FileKind::Folder {
            continue;
        }
        let found = folder_bytes(&scratch.path_of(&name));
        bytes += found.map_err(|source| io("examine", source))?;
        if !dry_run {
            let removed = scratch.remove_all(&name);
            removed.map_err(|source| io("clear", source))?;
        }
    }
    Ok(bytes)
}

/// Bytes of the files below a folder; what is not there, or goes meanwhile, has none.
pub(super) fn folder_bytes(folder: &std::path::Path) -> std::io::Result<u64> {
    let is_gone = |error: &std::io::Error| error.kind() == std::io::ErrorKind::NotFound;
    let entries = match std::fs::read_dir(folder) {
        Err(error) if is_gone(&error) => return Ok(0),
        entries => entries?,
    };
    let mut bytes = 0;
    for entry in entries {
        let entry = entry?;
        let data = match entry.metadata() {
            Err(error) if is_gone(&error) => continue,
            data => data?,
        };
        bytes += if data.is_dir() {
            folder_bytes(&entry.path())?
        } else {
            data.len()
        };
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests;
