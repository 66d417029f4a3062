//! What is stale, summed up by stage and by scene, with price and time.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

use super::shots::LockedShot;
use crate::generate::{Generators, Selection};
use crate::object::RepoPath;
use crate::pipeline::{Item, Outcome, Pipeline, Records, Stage, State};

/// The state of a film, or the plan to bring it up to date.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FilmReport {
    /// How many outputs there are or should be.
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
    /// What bringing all up to date costs, in millionths of a US dollar.
    pub price_micro_usd: u64,
    /// How long the runs took the last time, in milliseconds, summed; a guess for what never ran.
    pub estimated_ms: u64,
    /// Files that kept the plan from being complete.
    pub problems: Vec<String>,
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
    /// The price of all these runs, in millionths of a US dollar.
    pub price_micro_usd: u64,
    /// The time of all these runs, one after the other, in milliseconds.
    pub estimated_ms: u64,
}

/// A scene's part of a report.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SceneRow {
    /// File stem: `012`.
    pub scene: String,
    /// How many outputs are in each state.
    pub states: BTreeMap<State, usize>,
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
pub struct Basis<'a> {
    /// The stages.
    pub pipeline: &'a Pipeline,
    /// The generators that they name.
    pub generators: &'a Generators,
    /// What is recorded of the past.
    pub records: &'a dyn Records,
    /// What a run of an item may cost, in millionths of a US dollar.
    pub price: &'a dyn Fn(&Stage, &Item) -> u64,
}

impl FilmReport {
    /// Sums up a plan; of items that are not selected nothing is to be done.
    #[must_use]
    pub fn new(basis: &Basis<'_>, plan: &[Item], selection: &Selection) -> Self {
        let pipeline = basis.pipeline;
        let is_take = |stage: &Stage, item: &Item| {
            selection.is_take(item) && basis.generators.external(&stage.by).is_some()
        };
        let is_work = |stage: &Stage, item: &Item| {
            is_take(stage, item) || (item.state.needs_work() && selection.contains(&item.path))
        };
        let mut report = Self {
            outputs: plan.len(),
            states: BTreeMap::new(),
            edited: 0,
            edited_items: Vec::new(),
            locked: Vec::new(),
            stages: Vec::new(),
            scenes: Vec::new(),
            items: Vec::new(),
            price_micro_usd: 0,
            estimated_ms: 0,
            problems: Vec::new(),
        };
        let mut scenes: BTreeMap<String, BTreeMap<State, usize>> = BTreeMap::new();
        let mut problems = HashSet::new();
        for stage in pipeline.stages() {
            let of_stage: Vec<&Item> = plan.iter().filter(|i| i.stage == stage.name).collect();
            if of_stage.is_empty() {
                continue;
            }
            let mut row = StageRow {
                stage: stage.name.clone(),
                title: stage.title.clone(),
                outputs: of_stage.len(),
                states: BTreeMap::new(),
                runs: 0,
                maybe: 0,
                price_micro_usd: 0,
                estimated_ms: 0,
            };
            // Drafts are there for people to write in.
            let edited = of_stage
                .iter()
                .filter(|item| !stage.keep && item.is_by_people());
            report.edited_items.extend(edited.map(|item| EditedRow {
                path: item.path.clone(),
                stage: item.stage.clone(),
                state: item.state,
            }));
            let work = of_stage.iter().filter(|item| is_work(stage, item));
            let known = Durations::of(work.copied(), basis.records);
            for item in of_stage {
                *row.states.entry(item.state).or_default() += 1;
                *report.states.entry(item.state).or_default() += 1;
                if !is_work(stage, item) {
                    continue;
                }
                let action = action_of(item, is_take(stage, item));
                match action {
                    "run" | "take" => row.runs += 1,
                    "wait" => row.maybe += 1,
                    _ => {}
                }
                if matches!(action, "run" | "take" | "wait") {
                    let price = (basis.price)(stage, item);
                    row.price_micro_usd = row.price_micro_usd.saturating_add(price);
                    row.estimated_ms += known.estimate(item, stage);
                }
                if !item.scene().is_empty() && matches!(stage.each_name(), "scene" | "shot") {
                    let states = scenes.entry(item.scene().to_owned()).or_default();
                    *states.entry(item.state).or_default() += 1;
                }
                if let Some(problem) = &item.problem
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
                    problem: item.problem.clone(),
                });
            }
            report.price_micro_usd = report.price_micro_usd.saturating_add(row.price_micro_usd);
            report.estimated_ms += row.estimated_ms;
            report.stages.push(row);
        }
        report.edited = report.edited_items.len();
        report.scenes = scenes
            .into_iter()
            .map(|(scene, states)| SceneRow { scene, states })
            .collect();
        report
    }

    /// How many outputs would be taken away.
    #[must_use]
    pub fn removals(&self) -> usize {
        self.items.iter().filter(|item| item.is_removal()).count()
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

/// How long the runs of a stage took.
struct Durations {
    by_path: BTreeMap<RepoPath, u64>,
    mean: Option<u64>,
}

impl Durations {
    /// Of items with something to do: only these are asked for their past.
    fn of<'i>(items: impl Iterator<Item = &'i Item>, records: &dyn Records) -> Self {
        let mut by_path = BTreeMap::new();
        for item in items {
            let past = item
                .current
                .and_then(|c| c.made_by)
                .map(|id| records.generation(&id));
            if let Some(Ok(past)) = past {
                let run = &past.generation;
                let took = u64::try_from(run.finished_ms - run.started_ms).unwrap_or(0);
                by_path.insert(item.path.clone(), took);
            }
        }
        let mean =
            (!by_path.is_empty()).then(|| by_path.values().sum::<u64>() / by_path.len() as u64);
        Self { by_path, mean }
    }

    fn estimate(&self, item: &Item, stage: &Stage) -> u64 {
        let took = self.by_path.get(&item.path).copied();
        took.or(self.mean).unwrap_or_else(|| first_guess(&stage.by))
    }
}

/// Milliseconds a run takes on two cores before any was measured (`docs/pipeline.md`).
fn first_guess(generator: &str) -> u64 {
    match generator {
        "panel" => 60,
        "espeak" => 80,
        "animatic" => 2_000,
        "cut" => 1_500,
        "film" => 10_000,
        "command" => 1_000,
        _ => 0,
    }
}
