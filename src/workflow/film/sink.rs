//! Where the results of a run go: into the store, with what they cost.

use std::collections::BTreeMap;
use std::fs::File;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::StageDone;
use super::claims::{Claim, Claims};
use super::course::Course;
use super::records::{StoreRecords, inputs};
use super::times::Times;
use crate::base::causes::with_causes;
use crate::generate::{
    Charged, Claimed, FinishedRun, Output, Sink, SinkError, SinkFault, Stored, Turn,
};
use crate::object::{Action, ActionId, FileId, Generation, GenerationId, Output as Made, RepoPath};
use crate::pipeline::{Item, Stage, action_id};
use crate::store::{Store, StoreError};
use crate::workflow::progress::Watch;
use crate::workflow::spending::{Agreed, Books, Hold, LedgerError, Paid, dollars};

/// How often it is looked whether the user wants to stop, while another process makes a run.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// What is told where the ledger does not have what a run cost, or that it cost nothing.
fn unsettled(micro_usd: Option<u64>, error: LedgerError) -> SinkError {
    let why = with_causes(&error);
    let told = match micro_usd {
        Some(cost) => format!(
            "it cost {}, which could not be written down: {why}",
            dollars(cost)
        ),
        None => format!("it cost nothing, which could not be written down: {why}"),
    };
    SinkError::telling(SinkFault::NotSettled, told, error)
}

/// What keeps a run from being claimed.
fn unclaimed(error: impl std::error::Error + Send + Sync + 'static) -> SinkError {
    SinkError::new(SinkFault::NotClaimed, error)
}

/// Stores what generators give, the moment they give it.
pub(super) struct StoreSink<'a> {
    /// Where to.
    pub(super) store: &'a Store,
    /// What runs cost, and what they may.
    pub(super) books: &'a Books<'a>,
    /// Tells milliseconds since 1970.
    pub(super) clock: &'a dyn crate::base::clock::Clock,
    /// Hears how far the run is.
    pub(super) watch: &'a dyn Watch,
    /// How far it is.
    pub(super) course: &'a Course,
    /// What work takes here.
    pub(super) times: &'a Mutex<Times>,
    /// What was made before.
    pub(super) records: &'a StoreRecords,
    /// Which runs are ours.
    pub(super) claims: Claims<'a>,
    /// Set when the user wants to stop.
    pub(super) stop: &'a AtomicBool,
    /// What each run was expected to cost in the plan that was agreed to; none where it may cost
    /// whatever it takes.
    pub(super) agreed: Option<&'a BTreeMap<RepoPath, Option<u64>>>,
}

impl StoreSink<'_> {
    /// What an item may cost.
    fn agreed(&self, path: &RepoPath) -> Agreed {
        let Some(agreed) = self.agreed else {
            return Agreed::Whatever;
        };
        match agreed.get(path) {
            None => Agreed::Nothing,
            Some(None) => Agreed::Whatever,
            Some(Some(told)) => Agreed::UpTo(*told),
        }
    }

    /// The seed that no take of an action has.
    fn next_seed(&self, action: ActionId) -> crate::store::Result<u64> {
        let takes = self.store.generations_of_action(action)?;
        let mut next = takes.len() as u64;
        for id in takes {
            // Some in between may be gone: no seed comes twice.
            let seed = self.store.get::<Generation>(id)?.seed.unwrap_or(0);
            next = next.max(seed.saturating_add(1));
        }
        Ok(next)
    }

    fn claim_only(&self, action: &ActionId) -> Result<Claimed<Claim>, SinkError> {
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return Err(SinkError::stopped());
            }
            let claim = self.claims.claim(action, 0, LOOK_AGAIN);
            if let Some(claim) = claim.map_err(unclaimed)? {
                // Whoever had it before may have made it.
                return Ok(match self.records.made_by_now(action).map_err(unclaimed)? {
                    Some((generation, id)) => Claimed::Made(generation, id),
                    None => Claimed::Ours { seed: 0, claim },
                });
            }
        }
    }

    fn claim_next(&self, action: &ActionId) -> Result<Claimed<Claim>, SinkError> {
        let next = || self.next_seed(*action).map_err(unclaimed);
        let mut seed = next()?;
        loop {
            let claim = self.claims.claim(action, seed, Duration::ZERO);
            match claim.map_err(unclaimed)? {
                Some(claim) => match next()? {
                    // Whoever had it before made it.
                    later if later > seed => seed = later,
                    _ => return Ok(Claimed::Ours { seed, claim }),
                },
                None => seed += 1,
            }
        }
    }
}

impl<'a> Sink for StoreSink<'a> {
    type Hold = Hold<'a>;
    type Claim = Claim;

    fn claim(&self, action: &Action, another: bool) -> Result<Claimed<Claim>, SinkError> {
        let action = action_id(action);
        match another {
            true => self.claim_next(&action),
            false => self.claim_only(&action),
        }
    }

    fn hold(
        &self,
        stage: &Stage,
        item: &Item,
        price: Option<u64>,
    ) -> Result<Option<Hold<'a>>, SinkError> {
        if !stage.may_cost() {
            return Ok(None);
        }
        let agreed = self.agreed(&item.path);
        let hold = self.books.hold(stage, item, price, agreed);
        hold.map(Some)
            .map_err(|error| SinkError::new(SinkFault::NotPaid, error))
    }

    fn failed(&self, hold: Option<Hold<'a>>, charged: Charged) -> Result<(), SinkError> {
        let Some(hold) = hold else { return Ok(()) };
        let paid = match charged {
            Charged::Nothing => {
                return self
                    .books
                    .release(hold)
                    .map_err(|error| unsettled(None, error));
            }
            Charged::Perhaps(said) => said.map_or(Paid::AsHeld, Paid::Reported),
        };
        let cost = hold.charge(paid);
        let settled = self.books.settle(hold, paid, None);
        settled.map_err(|error| unsettled(Some(cost), error))
    }

    fn store(
        &self,
        finished: FinishedRun<'_>,
        hold: Option<Hold<'a>>,
    ) -> Result<Stored, SinkError> {
        let paid = Paid::of(finished.produced.exchange.cost_micro_usd);
        let cost_micro_usd = match (&hold, paid) {
            (Some(hold), paid) => hold.charge(paid),
            (None, Paid::Reported(micro_usd)) => micro_usd,
            (None, Paid::AsHeld) => 0,
        };
        let store = || -> Result<(GenerationId, FileId), StoreError> {
            let batch = self.store.batch();
            let stored = match &finished.produced.output {
                Output::Bytes(bytes) => batch.put_file_bytes(bytes)?,
                Output::File(file) => {
                    batch.put_seekable(File::open(file.path()).map_err(StoreError::Source)?)?
                }
                Output::Taken(taken) => batch.put_seekable(taken.bytes())?,
            };
            let exchange = &finished.produced.exchange;
            let keep = |text: &Option<Vec<u8>>| -> crate::store::Result<Option<FileId>> {
                let stored = text.as_ref().map(|text| batch.put_file_bytes(text));
                Ok(stored.transpose()?.map(|stored| stored.id))
            };
            batch.put(finished.action)?;
            let generation = batch.put(&Generation {
                action: action_id(finished.action),
                outputs: vec![Made {
                    path: finished.item.path.clone(),
                    id: stored.id,
                    size: stored.size,
                }],
                request: keep(&exchange.request)?,
                answer: keep(&exchange.answer)?,
                model: exchange.model.clone(),
                seed: Some(finished.seed),
                cost_micro_usd,
                started_ms: finished.started_ms,
                finished_ms: self.clock.now_ms(),
                tools: finished.produced.tools.clone(),
                inputs: inputs(finished.item),
            })?;
            batch.commit()?;
            Ok((generation, stored.id))
        };
        let stored = store();
        let generation = stored.as_ref().ok().map(|(generation, _)| *generation);
        let settled = hold.map(|hold| self.books.settle(hold, paid, generation));
        let error = settled.and_then(Result::err);
        let unsettled = error.map(|error| unsettled(Some(cost_micro_usd), error));
        match (stored, unsettled) {
            (Ok((generation, id)), unsettled) => Ok(Stored {
                generation,
                id,
                unsettled: unsettled.map(|error| error.to_string()),
            }),
            (Err(error), unsettled) => {
                Err(SinkError::new(SinkFault::NotStored, error).and(unsettled))
            }
        }
    }

    fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    fn elapsed(&self) -> Duration {
        self.clock.elapsed()
    }

    fn progress(&self, stage: &str, done: usize, total: usize) {
        let place = self.course.at(stage, done, total, self.clock.elapsed());
        self.watch.at(stage, place.done, place.total, place.left);
    }

    fn finished(&self, turn: &Turn<'_>) {
        self.times
            .lock()
            .expect("no panic while held")
            .learn_turn(turn);
        if !turn.done.is_empty() {
            self.watch
                .finished(&StageDone::of(&turn.stage.name, turn.done));
        }
    }
}
