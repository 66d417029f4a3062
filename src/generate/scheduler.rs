//! Carries out a plan: stage by stage, the items of a stage side by side.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::selection::Selection;
use super::{Bench, Generator, Generators, ItemError, RunOutput, SinkError};
use crate::object::{Action, FileId, GenerationId};
use crate::pipeline::{Item, Outcome, Planner, Reader, Slot, Snapshot, Stage, State, price_of};

/// Where results go, the moment they arrive, and what they may cost.
pub trait Sink: Sync {
    /// What is held for a run that may cost something.
    type Hold;

    /// What keeps other processes from making the same run, until it is dropped.
    type Claim;

    /// Claims a run of this action before it starts: the next take if `another` is wanted, else the
    /// only one, for which whoever makes it just now is waited for.
    ///
    /// # Errors
    /// Why nobody knows which runs there are.
    fn claim(&self, action: &Action, another: bool) -> Result<Claimed<Self::Claim>, SinkError>;

    /// Holds what a run of this item may cost, before it starts; none for what is free. `price` is
    /// what the price table says, in millionths of a US dollar, if it says anything.
    ///
    /// # Errors
    /// Why it may not run: a budget, or a ledger that cannot be written.
    fn hold(
        &self,
        stage: &Stage,
        item: &Item,
        price: Option<u64>,
    ) -> Result<Option<Self::Hold>, SinkError>;

    /// Stores what a run produced, with its provenance, and settles what was held for it; durable
    /// when it returns.
    ///
    /// # Errors
    /// Why it could not be stored; what it cost is settled all the same.
    fn store(
        &self,
        finished: FinishedRun<'_>,
        hold: Option<Self::Hold>,
    ) -> Result<Stored, SinkError>;

    /// Settles what was held for a run of which nothing came.
    ///
    /// # Errors
    /// Why that could not be written down; all that was held counts then.
    fn failed(&self, hold: Option<Self::Hold>, charged: Charged) -> Result<(), SinkError>;

    /// Milliseconds since 1970.
    fn now_ms(&self) -> i64;

    /// Time since some moment, for measuring.
    fn elapsed(&self) -> Duration;

    /// Says that `done` of `total` outputs of `stage` that need a program are finished; first with 0,
    /// also where there are none.
    fn progress(&self, stage: &str, done: usize, total: usize);

    /// Says that a stage had its turn.
    fn finished(&self, turn: &Turn<'_>);
}

/// Whose run it is.
pub enum Claimed<C> {
    /// Ours.
    Ours {
        /// 0 for the first take, then what no take had.
        seed: u64,
        /// Keeps others from making it.
        claim: C,
    },
    /// Another process made it since it was planned.
    Made(GenerationId, FileId),
}

/// What a stage did, and what it took.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    /// The stage.
    pub stage: &'a Stage,
    /// What became of each item that there was something to do for.
    pub done: &'a [ItemReport],
    /// How many outputs the stage has or should have.
    pub outputs: usize,
    /// How many of them were made in memory, those too that came out as they were.
    pub in_memory: usize,
    /// What it took to look at them, and to make what is made in memory.
    pub planned: Duration,
    /// What the runs of a program took, all together.
    pub ran: Duration,
    /// What these made, in the generator's own measure; none where that is not known.
    pub amount: Option<u64>,
    /// How many ran side by side.
    pub side_by_side: usize,
}

impl Turn<'_> {
    /// How many outputs a program made, and how many it was to make.
    #[must_use]
    pub fn made(&self) -> (usize, usize) {
        let runs = || self.done.iter().filter(|done| done.ran);
        let made = |done: &&ItemReport| {
            matches!(done.result, ItemResult::Placed { .. } | ItemResult::Take(_))
        };
        (runs().filter(made).count(), runs().count())
    }
}

/// What became of a run's output.
pub struct Stored {
    /// The run.
    pub generation: GenerationId,
    /// The output.
    pub id: FileId,
    /// Why what it cost could not be written down, though it stands in the generation.
    pub unsettled: Option<String>,
}

/// Whether a run of which nothing came cost something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charged {
    /// It never started.
    Nothing,
    /// It started. What it said that it cost, in millionths of a US dollar; none if nothing.
    Perhaps(Option<u64>),
}

/// A run that is over.
pub struct FinishedRun<'a> {
    /// What was made.
    pub item: &'a Item,
    /// What it was made with.
    pub action: &'a Action,
    /// The output.
    pub produced: RunOutput,
    /// The seed of the take: 0 for the first.
    pub seed: u64,
    /// When the run began, in milliseconds since 1970.
    pub started_ms: i64,
}

/// What became of an item.
#[derive(Debug, Clone)]
pub struct ItemReport {
    /// The item as it was planned.
    pub item: Item,
    /// What happened.
    pub result: ItemResult,
    /// What people should know of its output, though it was made.
    pub remarks: Vec<String>,
    /// Whether a program was to make it.
    pub ran: bool,
}

/// What happened to an item.
#[derive(Debug, Clone)]
pub enum ItemResult {
    /// Its output is this content, made by that generation.
    Placed {
        /// The content that goes to the path; merged, where it was edited by hand.
        id: FileId,
        /// What the generator itself gave.
        pure: FileId,
        /// The generation; none for what was made in memory and is recorded on commit.
        generation: Option<GenerationId>,
    },
    /// It is stored as a take, not selected: the file was edited by hand.
    Take(GenerationId),
    /// It is taken away.
    Removed,
    /// It failed, or what it needs failed.
    Failed(Arc<ItemError>),
    /// It was ended, or never begun, as the user wanted to stop.
    Stopped,
}

/// What a run of the scheduler did.
#[derive(Debug, Default)]
pub struct Report {
    /// The items that were worked on, in order.
    pub done: Vec<ItemReport>,
    /// How many external runs were made.
    pub runs: usize,
    /// How many outputs came back from earlier runs of the same action.
    pub restored: usize,
    /// How many outputs were found in each state, each when its stage had its turn.
    pub states: BTreeMap<State, usize>,
    /// Whether it was stopped before the end.
    pub cancelled: bool,
}

/// How to run.
pub struct Scheduler<'a, S: Sink> {
    /// Plans each stage when its turn comes.
    pub planner: &'a Planner<'a>,
    /// The generators.
    pub generators: &'a Generators,
    /// What to bring up to date.
    pub selection: &'a Selection,
    /// Where results go.
    pub sink: &'a S,
    /// Tools and room to work.
    pub bench: &'a Bench<'a>,
    /// How many items run side by side.
    pub jobs: usize,
    /// Set when the user wants to stop.
    pub cancel: &'a AtomicBool,
}

impl<S: Sink> Scheduler<'_, S> {
    /// Brings the selection up to date; `snapshot` follows as results arrive.
    #[must_use]
    pub fn execute(&self, snapshot: &mut Snapshot) -> Report {
        let mut report = Report::default();
        let mut failed: BTreeSet<String> = BTreeSet::new();
        for stage in self.planner.pipeline.stages() {
            if self.cancel.load(Ordering::Relaxed) {
                report.cancelled = true;
                break;
            }
            let begun = self.sink.elapsed();
            let first = report.done.len();
            let items = self.planner.plan_stage(stage, snapshot);
            let outputs = items.len();
            let in_memory = items.iter().filter(|item| item.made.is_some()).count();
            let mut waiting = Vec::new();
            for item in items {
                *report.states.entry(item.state).or_default() += 1;
                if !self.selection.contains(&item.path) {
                    continue;
                }
                if self.must_run(&item) {
                    match self.planner.inert.get(&stage.name) {
                        None => waiting.push(item),
                        Some(reason) => report.done.push(ItemReport {
                            result: failure(ItemError::Planned(reason.clone())),
                            item,
                            remarks: Vec::new(),
                            ran: false,
                        }),
                    }
                } else if let Some(done) = settle(item, &failed) {
                    report.restored +=
                        usize::from(matches!(done.item.outcome, Outcome::Restore(..)));
                    report.done.push(done);
                }
            }
            let planned = self.sink.elapsed();
            let amount = self.amount(stage, &waiting, snapshot);
            let side_by_side = self.jobs.clamp(1, waiting.len().max(1));
            let finished = self.run_stage(stage, waiting, snapshot);
            report.cancelled |= self.cancel.load(Ordering::Relaxed);
            for done in finished {
                match done.ran {
                    true => report.runs += 1,
                    false => report.restored += 1,
                }
                match &done.result {
                    ItemResult::Placed { id, .. } => {
                        snapshot.place(done.item.path.clone(), Slot::Known(*id));
                    }
                    ItemResult::Failed(_) => {
                        failed.insert(done.item.path.to_string());
                    }
                    ItemResult::Take(_) | ItemResult::Removed | ItemResult::Stopped => {}
                }
                report.done.push(done);
            }
            self.sink.finished(&Turn {
                stage,
                done: &report.done[first..],
                outputs,
                in_memory,
                planned: planned.saturating_sub(begun),
                ran: self.sink.elapsed().saturating_sub(planned),
                amount,
                side_by_side,
            });
        }
        report
    }

    fn amount(&self, stage: &Stage, items: &[Item], snapshot: &Snapshot) -> Option<u64> {
        let generator = self.generators.external(&stage.by)?;
        let amounts = items
            .iter()
            .map(|item| generator.amount(&item.item, stage, snapshot));
        amounts.sum::<Option<u64>>()
    }

    fn must_run(&self, item: &Item) -> bool {
        item.outcome == Outcome::Run
            || (self.selection.is_take(item)
                && self
                    .planner
                    .pipeline
                    .stage(&item.stage)
                    .is_some_and(|stage| self.generators.external(&stage.by).is_some()))
    }

    fn run_stage(&self, stage: &Stage, items: Vec<Item>, snapshot: &Snapshot) -> Vec<ItemReport> {
        let Some(generator) = self.generators.external(&stage.by) else {
            self.sink.progress(&stage.name, 0, 0);
            return Vec::new();
        };
        super::expect(self.bench.files, &items);
        let total = items.len();
        let next = AtomicUsize::new(0);
        let count = AtomicUsize::new(0);
        let finished = Mutex::new(Vec::with_capacity(total));
        self.sink.progress(&stage.name, 0, total);
        let work = || {
            while !self.cancel.load(Ordering::Relaxed) {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(item) = items.get(index) else { break };
                let result = self.run_item(stage, generator, item, snapshot);
                let done = count.fetch_add(1, Ordering::Relaxed) + 1;
                self.sink.progress(&stage.name, done, total);
                finished
                    .lock()
                    .expect("no panic while held")
                    .push((index, result));
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..self.jobs.clamp(1, total.max(1)) {
                scope.spawn(work);
            }
            work();
        });
        let mut finished = finished.into_inner().expect("no panic while held");
        finished.sort_by_key(|(index, _)| *index);
        finished.into_iter().map(|(_, done)| done).collect()
    }

    fn run_item(
        &self,
        stage: &Stage,
        generator: &dyn Generator,
        item: &Item,
        snapshot: &Snapshot,
    ) -> ItemReport {
        let action = item.action.as_ref().expect("what runs has an action");
        let another = self.selection.wants_take(&item.path);
        let ((result, remarks), outcome) = match self.sink.claim(action, another) {
            Ok(Claimed::Ours { seed, claim }) => {
                let ran = self.run_claimed(stage, generator, item, snapshot, (action, seed));
                drop(claim);
                (ran, None)
            }
            Ok(Claimed::Made(generation, id)) => {
                let restored = Outcome::Restore(generation, id);
                (
                    (result_of(item, generation, id), Vec::new()),
                    Some(restored),
                )
            }
            Err(_) if self.cancel.load(Ordering::Relaxed) => {
                ((ItemResult::Stopped, Vec::new()), None)
            }
            Err(error) => ((failure(error), Vec::new()), None),
        };
        let ran = outcome.is_none();
        let mut item = item.clone();
        item.outcome = outcome.unwrap_or(item.outcome);
        ItemReport {
            item,
            result,
            remarks,
            ran,
        }
    }

    fn run_claimed(
        &self,
        stage: &Stage,
        generator: &dyn Generator,
        item: &Item,
        snapshot: &Snapshot,
        (action, seed): (&Action, u64),
    ) -> (ItemResult, Vec<String>) {
        // What fails once the user wants to stop was ended with the rest.
        let failed = |error: ItemError| match self.cancel.load(Ordering::Relaxed) {
            true => (ItemResult::Stopped, Vec::new()),
            false => (failure(error), Vec::new()),
        };
        let hold = match self.sink.hold(stage, item, price_of(stage, item, snapshot)) {
            Ok(hold) => hold,
            Err(error) => return failed(error.into()),
        };
        // Of a run that failed, what it cost is told with why, if that could not be written down.
        let settle = |hold, charged, run: ItemError| match self.sink.failed(hold, charged) {
            Ok(()) => failed(run),
            Err(sink) => {
                let run = Box::new(run);
                (failure(ItemError::Unsettled { run, sink }), Vec::new())
            }
        };
        if self.cancel.load(Ordering::Relaxed) {
            return settle(hold, Charged::Nothing, ItemError::Stopped);
        }
        let started_ms = self.sink.now_ms();
        let reader = Reader::new(snapshot, stage);
        let mut produced = match generator.run(&item.item, &reader, self.bench, seed) {
            Ok(produced) => produced,
            Err(error) => {
                let charged = error.charged();
                return settle(hold, charged, error.into());
            }
        };
        // What it read while running must be what the plan keyed it by, or the key would lie.
        let read = reader.into_record().reads;
        let undeclared = read.iter().find(|(selector, digest)| {
            action.reads.get(&selector.to_string()) != Some(&digest.to_text())
        });
        if let Some((selector, _)) = undeclared {
            let cost = produced.exchange.cost_micro_usd;
            let error = ItemError::Unplanned {
                generator: stage.by.clone(),
                selector: selector.clone(),
            };
            return settle(hold, Charged::Perhaps(cost), error);
        }
        let mut remarks = std::mem::take(&mut produced.remarks);
        let finished = FinishedRun {
            item,
            action,
            produced,
            seed,
            started_ms,
        };
        let stored = match self.sink.store(finished, hold) {
            Ok(stored) => stored,
            // Whoever stopped the run is told of it too: money may have been spent.
            Err(error) => return (failure(error), remarks),
        };
        remarks.extend(stored.unsettled);
        (result_of(item, stored.generation, stored.id), remarks)
    }
}

fn failure(error: impl Into<ItemError>) -> ItemResult {
    ItemResult::Failed(Arc::new(error.into()))
}

/// What becomes of an output that a program made.
fn result_of(item: &Item, generation: GenerationId, id: FileId) -> ItemResult {
    match item.is_by_people() {
        true => ItemResult::Take(generation),
        false => ItemResult::Placed {
            id,
            pure: id,
            generation: Some(generation),
        },
    }
}

/// What an item needs that is not run.
fn settle(item: Item, failed: &BTreeSet<String>) -> Option<ItemReport> {
    let result = match item.outcome {
        Outcome::Keep if item.state != State::Broken => return None,
        Outcome::Run => return None,
        Outcome::Keep | Outcome::Refuse => {
            failure(ItemError::Planned(item.problem.clone().unwrap_or_default()))
        }
        Outcome::Write(id) => ItemResult::Placed {
            id,
            pure: item.made.unwrap_or(id),
            generation: None,
        },
        Outcome::Restore(generation, id) => ItemResult::Placed {
            id,
            pure: id,
            generation: Some(generation),
        },
        Outcome::Remove => ItemResult::Removed,
        Outcome::Wait => {
            let pending: BTreeSet<_> = item.record.pending.iter().collect();
            let cause = pending.iter().find(|path| failed.contains(**path));
            let path = cause.or(pending.first());
            let path = path.map(|path| (*path).clone());
            failure(ItemError::Waits(path.unwrap_or_default()))
        }
    };
    Some(ItemReport {
        item,
        result,
        remarks: Vec::new(),
        ran: false,
    })
}
