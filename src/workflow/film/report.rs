//! What is stale, summed up by stage and by scene, with price and time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::object::RepoPath;
use crate::pipeline::{Item, Outcome, Pipeline, PriceUnit, Records, Snapshot, Stage, State};

/// The state of a film, or the plan to bring it up to date.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FilmReport {
    /// How many outputs there are or should be.
    pub outputs: usize,
    /// How many of them are in each state.
    pub states: BTreeMap<State, usize>,
    /// Outputs that people changed since they were generated.
    pub edited: usize,
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
    /// What `generate` does: `write`, `restore`, `run`, `refuse`, `remove`, `wait` or `keep`.
    pub action: String,
    /// What is wrong with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

impl FilmReport {
    /// Sums up a plan; of items that `wanted` leaves out nothing is to be done.
    #[must_use]
    pub fn new(
        pipeline: &Pipeline,
        plan: &[Item],
        snapshot: &Snapshot,
        records: &dyn Records,
        wanted: impl Fn(&Item) -> bool,
    ) -> Self {
        let mut report = Self {
            outputs: plan.len(),
            states: BTreeMap::new(),
            edited: plan.iter().filter(|item| item.edited).count(),
            stages: Vec::new(),
            scenes: Vec::new(),
            items: Vec::new(),
            price_micro_usd: 0,
            estimated_ms: 0,
            problems: Vec::new(),
        };
        let mut scenes: BTreeMap<String, BTreeMap<State, usize>> = BTreeMap::new();
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
            let known = Durations::of(&of_stage, records);
            for item in of_stage {
                *row.states.entry(item.state).or_default() += 1;
                *report.states.entry(item.state).or_default() += 1;
                if !item.state.needs_work() || !wanted(item) {
                    continue;
                }
                match item.outcome {
                    Outcome::Run => row.runs += 1,
                    Outcome::Wait => row.maybe += 1,
                    _ => {}
                }
                if matches!(item.outcome, Outcome::Run | Outcome::Wait) {
                    row.price_micro_usd += price(stage, item, snapshot);
                    row.estimated_ms += known.estimate(item, stage);
                }
                if !item.scene().is_empty() && matches!(stage.each_name(), "scene" | "shot") {
                    let states = scenes.entry(item.scene().to_owned()).or_default();
                    *states.entry(item.state).or_default() += 1;
                }
                if let Some(problem) = &item.problem
                    && !report.problems.contains(problem)
                {
                    report.problems.push(problem.clone());
                }
                report.items.push(ItemRow {
                    path: item.path.clone(),
                    stage: item.stage.clone(),
                    state: item.state,
                    edited: item.edited,
                    action: action_name(item.outcome).to_owned(),
                    problem: item.problem.clone(),
                });
            }
            report.price_micro_usd += row.price_micro_usd;
            report.estimated_ms += row.estimated_ms;
            report.stages.push(row);
        }
        report.scenes = scenes
            .into_iter()
            .map(|(scene, states)| SceneRow { scene, states })
            .collect();
        report
    }

    /// Whether something is stale, missing, gone or broken.
    #[must_use]
    pub fn needs_work(&self) -> bool {
        !self.items.is_empty()
    }
}

fn action_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Keep => "keep",
        Outcome::Write(_) => "write",
        Outcome::Restore(..) => "restore",
        Outcome::Run => "run",
        Outcome::Refuse => "refuse",
        Outcome::Remove => "remove",
        Outcome::Wait => "wait",
    }
}

/// What a run of this item costs, in millionths of a US dollar.
fn price(stage: &Stage, item: &Item, snapshot: &Snapshot) -> u64 {
    let Some(price) = &stage.price else { return 0 };
    let units = match price.per {
        PriceUnit::Item | PriceUnit::Image | PriceUnit::Line => 1.0,
        PriceUnit::Second => {
            let request = format!("prompts/{}.json", item.item);
            let number = |pointer| {
                snapshot
                    .pointer(&request, pointer)
                    .ok()
                    .flatten()
                    .and_then(|v| v.as_f64())
            };
            match (number("/video/frames"), number("/video/fps")) {
                (Some(frames), Some(fps)) if fps > 0.0 => frames / fps,
                _ => 0.0,
            }
        }
    };
    // Prices are small and checked to be finite and not negative, so this cannot overflow.
    (price.usd * units * 1e6).round() as u64
}

/// How long the runs of a stage took.
struct Durations {
    by_path: BTreeMap<RepoPath, u64>,
    mean: Option<u64>,
}

impl Durations {
    fn of(items: &[&Item], records: &dyn Records) -> Self {
        let mut by_path = BTreeMap::new();
        for item in items {
            // Only stages with work to do are asked for their past.
            if !item.state.needs_work() {
                continue;
            }
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
