//! Letting go of old operations, and of takes that no timeline holds: what is lost by that, and
//! what is freed.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use serde::Serialize;

use super::gc::refuse_broken;
use super::{RepositoryError, Result, SCRATCH_LOCK};
use crate::base::lock::{FileLock, LockError};
use crate::history::{
    Caller, HistoryError, Project, Reached, Search, Standing, Transaction, ends_of,
    kept_operations, operations,
};
use crate::object::{
    ExpiredTake, Expiry, Generation, GenerationId, ObjectId, ObjectKind, Operation, OperationId,
    Reference, TakePlace,
};
use crate::store::{Catalogue, RecordId};

/// How long it is waited for a run: one that ends just now.
const FOR_A_RUN: Duration = Duration::from_secs(1);

/// What is lost when something is let go of: what nothing else holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Loss {
    /// Operations.
    pub operations: usize,
    /// Commits.
    pub commits: usize,
    /// Takes.
    pub takes: usize,
    /// What they cost to make, in millionths of a US dollar.
    pub cost_micro_usd: u64,
    /// Versions of files, takes among them.
    pub files: usize,
    /// Bytes of packs that this frees.
    pub bytes: u64,
}

/// Old operations that can be let go of.
#[derive(Debug, Clone)]
pub struct OldOperations {
    /// What is lost.
    pub loss: Loss,
    cutoff: i64,
}

/// What there is, read once for several questions.
pub(super) struct Holdings<'c> {
    pub(super) catalogue: &'c Catalogue,
    pub(super) standing: Standing,
}

impl<'c> Holdings<'c> {
    pub(super) fn of(catalogue: &'c Catalogue) -> Result<Self> {
        let standing = Standing::of(catalogue)?;
        Ok(Self {
            catalogue,
            standing,
        })
    }

    /// What is lost when `next` is let go of, and what these runs hold that nothing else does.
    pub(super) fn loss(&self, next: Expiry, runs: &[GenerationId]) -> Result<(Loss, Reached)> {
        let catalogue = self.catalogue;
        let mut search = Search::default();
        search.follow_project(catalogue, &self.standing.with(next))?;
        let stays: HashSet<RecordId> = search.reached().records.clone();
        let files = search.reached().files.len();
        search.follow_project(catalogue, &self.standing)?;
        let runs = runs.iter().copied().map(Reference::to::<Generation>);
        search.follow(catalogue, runs)?;
        let reached = search.into_reached();
        let mut loss = Loss {
            files: reached.files.len() - files,
            ..Loss::default()
        };
        for record in reached.records.difference(&stays) {
            loss.bytes += catalogue.stored_bytes(record);
            match record.object_kind() {
                Some(ObjectKind::Operation) => loss.operations += 1,
                Some(ObjectKind::Commit) => loss.commits += 1,
                Some(ObjectKind::Generation) => {
                    let id = GenerationId::from_digest(*record.digest());
                    if let Some(run) = super::du::unless_lost(catalogue.get::<Generation>(id))? {
                        loss.takes += 1;
                        loss.cost_micro_usd =
                            loss.cost_micro_usd.saturating_add(run.cost_micro_usd);
                    }
                }
                _ => {}
            }
        }
        Ok((loss, reached))
    }

    /// What is let go of when all operations go that are older than `cutoff`, in Unix seconds; none
    /// when there are none.
    pub(super) fn without_operations(
        &self,
        project: &Project,
        cutoff: i64,
    ) -> Result<Option<Expiry>> {
        let log = operations(project.store(), usize::MAX)?;
        let kept = &log[..kept_operations(&log, cutoff)];
        let numbers = kept.iter().map(|logged| logged.operation.number);
        let now = &self.standing.expiry;
        let Some(before) = numbers.min().filter(|before| *before > now.before) else {
            return Ok(None);
        };
        if kept.len() == log.len() {
            return Ok(None);
        }
        let mut next = Expiry {
            before,
            ..now.clone()
        };
        let after = self.standing.with(next.clone());
        let mut stay = Vec::new();
        for id in after.operations() {
            if let Some(operation) = super::du::unless_lost(self.catalogue.get::<Operation>(id))? {
                stay.push(operation);
            }
        }
        next.ends = ends_of(&stay, |id| after.is_past(id));
        Ok(Some(next))
    }

    /// The runs that no timeline, tag or remote leads to, and that are not let go of already.
    pub(super) fn unused(&self) -> Result<BTreeMap<GenerationId, Generation>> {
        let mut held = Search::default();
        held.follow_refs(self.catalogue, &self.standing)?;
        let held = &held.reached().records;
        let mut unused = BTreeMap::new();
        for id in self.catalogue.ids::<Generation>() {
            let record = RecordId::of_object(ObjectKind::Generation, *id.digest());
            if held.contains(&record) || self.standing.expiry.take(&id).is_some() {
                continue;
            }
            if let Some(run) = super::du::unless_lost(self.catalogue.get::<Generation>(id))? {
                unused.insert(id, run);
            }
        }
        Ok(unused)
    }

    /// What is let go of with these runs; nothing before `until` holds them any more.
    pub(super) fn without_takes(
        &self,
        runs: &BTreeMap<GenerationId, Generation>,
        until: u64,
    ) -> Expiry {
        let mut next = self.standing.expiry.clone();
        next.takes
            .retain(|take| !runs.contains_key(&take.generation));
        next.takes.extend(runs.iter().map(|(id, run)| ExpiredTake {
            generation: *id,
            outputs: run.outputs.iter().map(|output| output.id).collect(),
            until,
            places: Vec::new(),
        }));
        next.takes.sort_by_key(|take| take.generation);
        next
    }
}

/// Finds the operations older than `cutoff`, in Unix seconds, that can be let go of: never the last
/// hundred. None when there are none.
///
/// # Errors
/// What the store says.
pub fn old_operations(project: &Project, cutoff: i64) -> Result<Option<OldOperations>> {
    let catalogue = Catalogue::read(project.store().folder())?;
    let holdings = Holdings::of(&catalogue)?;
    let Some(expiry) = holdings.without_operations(project, cutoff)? else {
        return Ok(None);
    };
    let (loss, reached) = holdings.loss(expiry, &[])?;
    refuse_broken(&reached)?;
    Ok(Some(OldOperations { loss, cutoff }))
}

/// Lets go of operations. It is an operation itself, that `undo` takes back as long as nothing was
/// freed. None if others did it meanwhile.
///
/// # Errors
/// `Lock`; what the store says.
pub fn let_go_of_operations(
    project: &Project,
    caller: &Caller<'_>,
    old: &OldOperations,
) -> Result<Option<OperationId>> {
    let mut transaction = project.transaction(caller)?;
    // Only now does what stays name what it will.
    let catalogue = Catalogue::read(project.store().folder())?;
    let next = Holdings::of(&catalogue)?.without_operations(project, old.cutoff)?;
    let Some(next) = next else {
        return Ok(None);
    };
    transaction.let_go(next);
    Ok(Some(transaction.publish(caller, Vec::new(), None)?))
}

/// Takes that no timeline, tag or remote holds.
#[derive(Debug, Clone)]
pub struct Unused {
    /// The runs.
    pub runs: BTreeMap<GenerationId, Generation>,
    /// The numbers that they bear among the takes of their files, where somebody gave them some.
    pub numbers: BTreeMap<GenerationId, Vec<TakePlace>>,
}

/// Finds the takes that no timeline, tag or remote holds, in any of its commits.
///
/// # Errors
/// What the store says.
pub fn unused_takes(project: &Project) -> Result<Unused> {
    let catalogue = Catalogue::read(project.store().folder())?;
    Ok(Unused {
        runs: Holdings::of(&catalogue)?.unused()?,
        numbers: BTreeMap::new(),
    })
}

impl Unused {
    /// What letting go of them frees.
    ///
    /// # Errors
    /// What the store says.
    pub fn loss(&self, project: &Project) -> Result<Loss> {
        let catalogue = Catalogue::read(project.store().folder())?;
        let holdings = Holdings::of(&catalogue)?;
        let next = holdings.without_takes(&self.runs, u64::MAX >> 1);
        let runs: Vec<GenerationId> = self.runs.keys().copied().collect();
        let (loss, reached) = holdings.loss(next, &runs)?;
        refuse_broken(&reached)?;
        Ok(loss)
    }

    /// Lets go of them, but for those that somebody has taken up meanwhile. It is an operation, that
    /// `undo` takes back as long as nothing was freed. Gives how many were let go of.
    ///
    /// # Errors
    /// `RunUnderWay`; `Lock`; what the store says.
    pub fn let_go(mut self, project: &Project, caller: &Caller<'_>) -> Result<usize> {
        // What a run made is on no timeline before it ends, and neither is what it brings back.
        let own = project.tree().own();
        let alone = FileLock::acquire(own, SCRATCH_LOCK, &caller.holder, FOR_A_RUN);
        let _alone = alone.map_err(|error| match error {
            LockError::Busy { .. } => RepositoryError::RunUnderWay,
            error => HistoryError::from(error).into(),
        })?;
        let mut transaction: Transaction<'_> = project.transaction(caller)?;
        let catalogue = Catalogue::read(project.store().folder())?;
        let holdings = Holdings::of(&catalogue)?;
        let unused = holdings.unused()?;
        self.runs.retain(|id, _| unused.contains_key(id));
        if self.runs.is_empty() {
            return Ok(0);
        }
        let until = project.store().operation_number()?;
        let mut next = holdings.without_takes(&self.runs, until);
        for take in &mut next.takes {
            if let Some(places) = self.numbers.remove(&take.generation) {
                take.places = places;
            }
        }
        transaction.let_go(next);
        transaction.publish(caller, Vec::new(), None)?;
        Ok(self.runs.len())
    }
}
