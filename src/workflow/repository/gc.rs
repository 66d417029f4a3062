//! `aiut gc`.

use std::collections::HashSet;

use serde::Serialize;

use super::Result;
use crate::base::folder::Kind;
use crate::base::lock::FileLock;
use crate::history::{Caller, HistoryError, Project, Reached, Search, arrow_to, roots};
use crate::object::Operation;
use crate::store::{Catalogue, CollectRequest, Collected, Needed, RecordId, StoreError};

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
    // Then no command may be halfway: what it has stored and not yet published is needed.
    let enter = || -> Result<_> { Ok(project.transaction(caller)?) };
    let mut collected = project
        .store()
        .collect(&when, &mut Live::default(), enter)?;
    collected.leftover_bytes += clear_scratch(project, request.dry_run)?;
    Ok(GcReport {
        dry_run: request.dry_run,
        grace_days: request.grace_days,
        collected,
    })
}

/// What is reachable.
#[derive(Default)]
struct Live {
    search: Search,
    /// Records that stay whatever they are.
    kept: HashSet<RecordId>,
}

impl Needed for Live {
    fn follow_roots(&mut self, catalogue: &Catalogue) -> Result<(), StoreError> {
        self.search.follow(catalogue, roots(catalogue))?;
        refuse_broken(self.search.reached())
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
}

fn refuse_broken(reached: &Reached) -> Result<(), StoreError> {
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

/// Removes what runs that died had left in `scratch/`. Returns its bytes.
pub(crate) fn clear_scratch(project: &Project, dry_run: bool) -> Result<u64> {
    let own = project.tree().own();
    let io = |action, source| HistoryError::Io {
        action,
        path: own.path_of(super::SCRATCH),
        source,
    };
    // Every run that lives shares this lock.
    let Some(_alone) = FileLock::try_acquire(own, super::SCRATCH_LOCK, &Default::default())? else {
        return Ok(0);
    };
    let scratch = own.folder_if_any(super::SCRATCH);
    let Some(scratch) = scratch.map_err(|source| io("open", source))? else {
        return Ok(0);
    };
    let mut bytes = 0;
    for (name, kind) in scratch.list().map_err(|source| io("list", source))? {
        // Runs make folders; anything else is somebody else's.
        if kind != Kind::Folder {
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
