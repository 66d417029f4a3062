//! Takes that no timeline, tag or remote holds: what they take and cost, and letting them go.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::FilmError;
use super::named::{FilmNames, Targets};
use super::session::Session;
use super::takes::{self, Take};
use crate::generate::Target;
use crate::object::{Action, FileId, GenerationId, RepoPath, TakePlace};
use crate::pipeline::{Options, Outcome};
use crate::workflow::repository::{Unused, unused_takes};

/// A take that no timeline holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnusedTake {
    /// The output.
    pub path: RepoPath,
    /// The stage that made it.
    pub stage: String,
    /// The run.
    pub generation: GenerationId,
    /// What it made.
    pub id: FileId,
    /// Bytes.
    pub size: u64,
    /// The generator and its version.
    pub generator: String,
    /// The seed, if the generator took one.
    pub seed: Option<u64>,
    /// Millionths of a US dollar.
    pub cost_micro_usd: u64,
    /// Milliseconds since 1970.
    pub finished_ms: i64,
    /// Whether the next `generate` would take it rather than make it anew.
    pub is_next: bool,
}

/// Takes that no timeline holds, the largest first.
#[derive(Debug, Clone, Serialize)]
pub struct UnusedReport {
    /// The takes.
    pub takes: Vec<UnusedTake>,
    /// Their bytes, whole.
    pub size: u64,
    /// Bytes of packs that letting go of them frees.
    pub bytes: u64,
    /// What they cost to make, in millionths of a US dollar.
    pub cost_micro_usd: u64,
    /// Whether they were let go of.
    pub deleted: bool,
    #[serde(skip)]
    unused: Unused,
}

impl UnusedReport {
    /// Those that the next `generate` would take, and what making them anew costs, in millionths
    /// of a US dollar.
    #[must_use]
    pub fn next(&self) -> (usize, u64) {
        let next = self.takes.iter().filter(|take| take.is_next);
        let cost = |sum: u64, take: &UnusedTake| sum.saturating_add(take.cost_micro_usd);
        (next.clone().count(), next.fold(0, cost))
    }
}

impl Session<'_> {
    /// The takes that no timeline, tag or remote holds, in any of its commits: of everything, or of
    /// the stages, scenes, outputs and folders that `words` name.
    ///
    /// # Errors
    /// `UnknownName`; what the store says.
    pub fn unused_takes(&self, words: &Targets) -> Result<UnusedReport, FilmError> {
        let planned = self.plan(Options::default())?;
        let next: BTreeSet<GenerationId> = planned
            .items
            .iter()
            .filter_map(|item| match item.outcome {
                Outcome::Restore(generation, _) => Some(generation),
                _ => None,
            })
            .collect();
        let mut unused = unused_takes(&self.project)?;
        let mut takes = Vec::new();
        for (generation, run) in &unused.runs {
            let action: Action = self.project.store().get(run.action)?;
            let Some(output) = run.outputs.first() else {
                continue;
            };
            takes.push((
                action.item,
                UnusedTake {
                    path: output.path.clone(),
                    stage: action.stage,
                    generation: *generation,
                    id: output.id,
                    size: run.outputs.iter().map(|output| output.size).sum(),
                    generator: format!("{} {}", action.generator, action.version),
                    seed: run.seed,
                    cost_micro_usd: run.cost_micro_usd,
                    finished_ms: run.finished_ms,
                    is_next: next.contains(generation),
                },
            ));
        }
        if !words.is_empty() {
            let named = FilmNames::of(&self.pipeline, &planned);
            let targets = named.parse(words, &|path| {
                let target = Target::Path(path.to_string());
                let mut takes = takes.iter();
                takes.any(|(item, take)| covers(&target, item, take))
            })?;
            takes.retain(|(item, take)| targets.iter().any(|target| covers(target, item, take)));
        }
        let mut takes: Vec<UnusedTake> = takes.into_iter().map(|(_, take)| take).collect();
        takes.sort_by(|a, b| {
            let size = b.size.cmp(&a.size);
            size.then_with(|| {
                (&a.path, a.finished_ms, a.generation).cmp(&(&b.path, b.finished_ms, b.generation))
            })
        });
        let chosen: BTreeSet<GenerationId> = takes.iter().map(|take| take.generation).collect();
        unused.runs.retain(|id, _| chosen.contains(id));
        let bytes = match takes.is_empty() {
            true => 0,
            false => unused.loss(&self.project)?.bytes,
        };
        let sum = |of: fn(&UnusedTake) -> u64| takes.iter().map(of).fold(0, u64::saturating_add);
        Ok(UnusedReport {
            size: sum(|take| take.size),
            cost_micro_usd: sum(|take| take.cost_micro_usd),
            takes,
            bytes,
            deleted: false,
            unused,
        })
    }

    /// Lets go of takes, but for those that somebody has taken up meanwhile. Gives how many went.
    ///
    /// # Errors
    /// What the store says.
    pub fn let_go_of_takes(&self, report: &UnusedReport) -> Result<usize, FilmError> {
        let caller = &self.world.caller;
        let mut unused = report.unused.clone();
        unused.numbers = self.numbers_of(report)?;
        Ok(unused.let_go(&self.project, caller)?)
    }

    /// Which takes of their files these are.
    fn numbers_of(
        &self,
        report: &UnusedReport,
    ) -> Result<BTreeMap<GenerationId, Vec<TakePlace>>, FilmError> {
        let paths: BTreeSet<&RepoPath> = report.takes.iter().map(|take| &take.path).collect();
        let mut numbers: BTreeMap<GenerationId, Vec<TakePlace>> = BTreeMap::new();
        let wanted = paths.into_iter().map(|path| (None, path));
        for take in takes::all(self, wanted)?.into_iter().flatten() {
            let Take {
                generation,
                take,
                path,
                ..
            } = take;
            let (Some(generation), Ok(take)) = (generation, take.try_into()) else {
                continue;
            };
            let places = numbers.entry(generation).or_default();
            places.push(TakePlace { path, take });
        }
        Ok(numbers)
    }
}

fn covers(target: &Target, item: &str, take: &UnusedTake) -> bool {
    target.covers(&take.stage, item, take.path.as_str())
}
