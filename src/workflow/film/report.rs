//! What is stale, summed up by stage and by scene, with price and time.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::generate::Remark;
use super::shots::LockedShot;
use super::times::{Times, Work};
use crate::generate::{Generators, Selection};
use crate::object::RepoPath;
use crate::pipeline::{Item, Outcome, Pipeline, Records, Snapshot, Stage, State};
use crate::workflow::spending::Expense;

/// The state of a film, or the plan to bring it up to date.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FilmReport {
    /// What the words of the command line named; none where everything is meant.
    #[serde(skip)]
    pub(super) selection: Option<Selection>,
    /// What there is beside that.
    #[serde(skip)]
    pub(super) film: Whole,
    /// The outputs that a program is to make, or may be, with what each is expected to cost in millionths
    /// of a US dollar; none where nobody knows.
    #[serde(skip)]
    pub(super) runs: BTreeMap<RepoPath, Option<u64>>,
    /// How many outputs there are or should be: of all that was asked for.
    pub outputs: usize,
    /// How many of them are in each state.
    pub states: BTreeMap<State, usize>,
    /// How many outputs people changed since they were generated, or made themselves.
    pub edited: usize,
    /// These outputs.
    pub edited_items: Vec<EditedRow>,
    /// The shots that are locked.
    pub locked: Vec<LockedShot>,
    /// A row for each stage that has outputs.
    pub stages: Vec<StageRow>,
    /// A row for each scene with something to do.
    pub scenes: Vec<SceneRow>,
    /// The outputs with something to do, in the order in which it would be done.
    pub items: Vec<ItemRow>,
    /// What bringing all up to date may cost.
    #[serde(flatten)]
    pub expense: Expense,
    /// How long it is expected to take on the clock on the wall, in milliseconds, with as many side by
    /// side as there will be: by what such work took on this machine, else a guess.
    pub estimated_ms: u64,
    /// Files that kept the plan from being complete.
    pub problems: Vec<String>,
    /// Files that nothing reads for their names, and what stages read that is nowhere.
    pub remarks: Vec<Remark>,
}

/// A report with what its JSON leaves out, to be remembered whole.
#[derive(Serialize, Deserialize)]
pub(super) struct WholeReport {
    report: FilmReport,
    selection: Option<Selection>,
    film: Whole,
    runs: BTreeMap<RepoPath, Option<u64>>,
}

impl WholeReport {
    pub(super) fn of(mut report: FilmReport) -> Self {
        Self {
            selection: report.selection.take(),
            film: report.film,
            runs: std::mem::take(&mut report.runs),
            report,
        }
    }

    pub(super) fn report(self) -> FilmReport {
        let Self {
            report,
            selection,
            film,
            runs,
        } = self;
        FilmReport {
            selection,
            film,
            runs,
            ..report
        }
    }
}

/// The outputs of a film, whatever of it a report is on.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct Whole {
    /// How many there are or should be.
    pub(super) outputs: usize,
    /// How many of them people changed or made.
    pub(super) edited: usize,
}

/// An output that people changed or made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EditedRow {
    /// The output.
    pub path: RepoPath,
    /// Its stage.
    pub stage: String,
    /// Its state; `unmanaged` is one that people made and nothing else ever did.
    pub state: State,
}

/// A stage's part of a report.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StageRow {
    /// The name in `aiut.toml`.
    pub stage: String,
    /// What people call it.
    pub title: String,
    /// How many outputs it has or should have.
    pub outputs: usize,
    /// How many are in each state.
    pub states: BTreeMap<State, usize>,
    /// How many runs of a program or provider are sure to be needed.
    pub runs: usize,
    /// How many more may be needed, once what they read is made.
    pub maybe: usize,
    /// What all these runs may cost.
    #[serde(flatten)]
    pub expense: Expense,
    /// Its part of the time, in milliseconds.
    pub estimated_ms: u64,
}

/// A scene's part of a report.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SceneRow {
    /// File stem: `012`.
    pub scene: String,
    /// How many outputs are in each state.
    pub states: BTreeMap<State, usize>,
    /// Which edit touched it, in words; said of the first few scenes that one touched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl SceneRow {
    /// Whether something that its outputs were made from is no longer what it was, rather than that
    /// they were not made yet, or wait for others.
    #[must_use]
    pub fn is_touched(&self) -> bool {
        let touched = [State::Stale, State::Orphan, State::Broken];
        touched.iter().any(|state| self.states.contains_key(state))
    }
}

/// An output with something to do about it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ItemRow {
    /// The output.
    pub path: RepoPath,
    /// Its stage.
    pub stage: String,
    /// Its state.
    pub state: State,
    /// Whether people changed it since it was generated.
    pub edited: bool,
    /// What `generate` does: `write`, `restore`, `run`, `take`, `refuse`, `remove`, `wait` or `keep`.
    pub action: String,
    /// What is wrong with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

impl ItemRow {
    /// Whether it would be taken away.
    #[must_use]
    pub fn is_removal(&self) -> bool {
        self.action == "remove"
    }
}

/// What a report is made of.
pub(super) struct Basis<'a> {
    /// The stages.
    pub pipeline: &'a Pipeline,
    /// The generators that they name.
    pub generators: &'a Generators,
    /// What is recorded of the past.
    pub records: &'a dyn Records,
    /// Stages whose command may not run, each with the reason.
    pub inert: &'a BTreeMap<String, String>,
    /// What a run of an item may cost, in millionths of a US dollar; none where nobody knows.
    pub price: &'a dyn Fn(&Stage, &Item) -> Option<u64>,
    /// What is known of the result.
    pub snapshot: &'a Snapshot,
    /// What work takes here.
    pub(super) times: &'a Times,
    /// How many items are made side by side.
    pub jobs: usize,
    /// Whether people edited something that a run would commit first.
    pub has_edits: bool,
}

impl FilmReport {
    /// Sums up what is `asked` for of a plan; of items that are not selected nothing is to be done.
    #[must_use]
    pub(super) fn new(
        basis: &Basis<'_>,
        plan: &[&Item],
        selection: &Selection,
        asked: &dyn Fn(&Item) -> bool,
    ) -> Self {
        let pipeline = basis.pipeline;
        let is_take = |stage: &Stage, item: &Item| {
            selection.is_take(item) && basis.generators.external(&stage.by).is_some()
        };
        let is_work = |stage: &Stage, item: &Item| {
            is_take(stage, item) || (item.state.needs_work() && selection.contains(&item.path))
        };
        let mut report = Self {
            selection: None,
            film: Whole {
                outputs: plan.len(),
                edited: 0,
            },
            runs: BTreeMap::new(),
            outputs: 0,
            states: BTreeMap::new(),
            edited: 0,
            edited_items: Vec::new(),
            locked: Vec::new(),
            stages: Vec::new(),
            scenes: Vec::new(),
            items: Vec::new(),
            expense: Expense::default(),
            estimated_ms: 0,
            problems: Vec::new(),
            remarks: Vec::new(),
        };
        let mut beside = Duration::ZERO;
        let mut scenes: BTreeMap<String, BTreeMap<State, usize>> = BTreeMap::new();
        let mut problems = HashSet::new();
        for stage in pipeline.stages() {
            let of_stage = plan.iter().filter(|item| item.stage == stage.name);
            let of_stage: Vec<&Item> = of_stage.copied().collect();
            let by_people = |item: &&&Item| !stage.keep && item.is_by_people();
            report.film.edited += of_stage.iter().filter(by_people).count();
            // A run looks at all outputs of a stage, whatever is asked for.
            let made = of_stage.iter().filter(|item| item.made.is_some()).count();
            let looked = (of_stage.len() - made) as u64;
            let looking = basis.times.expect(Work::Look, looked)
                + basis.times.expect(Work::Write(stage), made as u64);
            let of_stage: Vec<&Item> = of_stage.into_iter().filter(|item| asked(item)).collect();
            if of_stage.is_empty() {
                beside += looking;
                continue;
            }
            report.outputs += of_stage.len();
            let mut row = StageRow {
                stage: stage.name.clone(),
                title: stage.title.clone(),
                outputs: of_stage.len(),
                states: BTreeMap::new(),
                runs: 0,
                maybe: 0,
                expense: Expense::default(),
                estimated_ms: 0,
            };
            // Drafts are there for people to write in.
            let edited = of_stage.iter().filter(by_people);
            report.edited_items.extend(edited.map(|item| EditedRow {
                path: item.path.clone(),
                stage: item.stage.clone(),
                state: item.state,
            }));
            let mut runs = Vec::new();
            for item in of_stage {
                *row.states.entry(item.state).or_default() += 1;
                *report.states.entry(item.state).or_default() += 1;
                if !is_work(stage, item) {
                    continue;
                }
                let mut action = action_of(item, is_take(stage, item));
                let mut problem = item.problem.as_ref();
                if action == "take"
                    && let Some(reason) = basis.inert.get(&stage.name)
                {
                    (action, problem) = ("refuse", Some(reason));
                }
                match action {
                    "run" | "take" => row.runs += 1,
                    "wait" => row.maybe += 1,
                    _ => {}
                }
                if matches!(action, "run" | "take" | "wait") {
                    runs.push(item);
                }
                if !item.scene().is_empty() && matches!(stage.each_name(), "scene" | "shot") {
                    let states = scenes.entry(item.scene().to_owned()).or_default();
                    *states.entry(item.state).or_default() += 1;
                }
                if let Some(problem) = problem
                    && problems.insert(problem)
                {
                    report.problems.push(problem.clone());
                }
                report.items.push(ItemRow {
                    path: item.path.clone(),
                    stage: item.stage.clone(),
                    state: item.state,
                    edited: item.edited,
                    action: action.to_owned(),
                    problem: problem.cloned(),
                });
            }
            row.estimated_ms = milliseconds(looking + basis.run_time(stage, &runs));
            for item in &runs {
                let expected = (basis.price)(stage, item);
                row.expense = [row.expense, Expense::of_run(expected)].into_iter().sum();
                report.runs.insert(item.path.clone(), expected);
            }
            report.stages.push(row);
        }
        report.expense = report.stages.iter().map(|row| row.expense).sum();
        report.edited = report.edited_items.len();
        let changed = report.items.len() as u64;
        if changed > 0 {
            let stages: u64 = report.stages.iter().map(|row| row.estimated_ms).sum();
            let mut around = beside + basis.times.expect(Work::Store, changed);
            if basis.has_edits && report.makes_something() {
                around += basis.times.expect(Work::Edits, report.film.outputs as u64);
            }
            report.estimated_ms = stages + milliseconds(around);
        } else {
            report
                .stages
                .iter_mut()
                .for_each(|row| row.estimated_ms = 0);
        }
        report.scenes = scenes
            .into_iter()
            .map(|(scene, states)| SceneRow {
                scene,
                states,
                reason: None,
            })
            .collect();
        report
    }

    /// How many outputs would be taken away.
    #[must_use]
    pub fn removals(&self) -> usize {
        self.items.iter().filter(|item| item.is_removal()).count()
    }

    /// Whether a run makes, brings back or takes away anything at all: not if all that it finds cannot be
    /// read, may not run, or waits for what cannot be made.
    #[must_use]
    pub fn makes_something(&self) -> bool {
        let makes = |item: &ItemRow| !matches!(&*item.action, "keep" | "refuse" | "wait");
        self.items.iter().any(makes)
    }

    /// The stages of which nobody knows what their runs cost.
    pub fn of_unknown_cost(&self) -> impl Iterator<Item = &StageRow> {
        let is_unknown = |row: &&StageRow| row.expense.unknown_cost_runs > 0;
        self.stages.iter().filter(is_unknown)
    }

    /// Whether something is stale, missing, gone or broken.
    #[must_use]
    pub fn needs_work(&self) -> bool {
        !self.items.is_empty()
    }
}

fn action_of(item: &Item, is_take: bool) -> &'static str {
    match item.outcome {
        Outcome::Keep | Outcome::Write(_) | Outcome::Restore(..) if is_take => "take",
        Outcome::Keep => "keep",
        Outcome::Write(_) => "write",
        Outcome::Restore(..) => "restore",
        Outcome::Run => "run",
        Outcome::Refuse => "refuse",
        Outcome::Remove => "remove",
        Outcome::Wait => "wait",
    }
}

impl Basis<'_> {
    /// What the runs of a stage are expected to take together.
    fn run_time(&self, stage: &Stage, runs: &[&Item]) -> Duration {
        let Some(generator) = self
            .generators
            .external(&stage.by)
            .filter(|_| !runs.is_empty())
        else {
            return Duration::ZERO;
        };
        let alone = self.jobs.min(runs.len()) <= 1;
        let work = Work::Run { stage, alone };
        let amount = |item: &&Item| generator.amount(&item.item, stage, self.snapshot);
        let known: Vec<u64> = runs.iter().filter_map(amount).collect();
        let amount = match known.len() as u64 {
            // Of what is still to be made nobody knows how much it will be.
            0 => runs.len() as u64,
            number => known.iter().sum::<u64>() * runs.len() as u64 / number,
        };
        if stage.runs_command() && self.times.learnt(work, amount).is_none() {
            // How long it took elsewhere says more of a command than nothing.
            let times: Vec<u64> = runs.iter().filter_map(|item| self.took(item)).collect();
            if let Some(mean) = times.iter().sum::<u64>().checked_div(times.len() as u64) {
                let side_by_side = self.jobs.clamp(1, runs.len()) as u64;
                return Duration::from_millis(mean * runs.len() as u64 / side_by_side);
            }
        }
        self.times.expect(work, amount)
    }

    /// Milliseconds that the run which made an output took, wherever that was.
    fn took(&self, item: &Item) -> Option<u64> {
        let past = self.records.generation(&item.current?.made_by?).ok()?;
        let run = &past.generation;
        u64::try_from(run.finished_ms - run.started_ms).ok()
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
