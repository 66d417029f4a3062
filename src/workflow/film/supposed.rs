//! A film as a commit has it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::FilmError;
use super::answers::{Question, STANDINGS};
use super::generate::cores;
use super::merged::settings_of;
use super::report::{FilmReport, StageRow};
use super::session::{Session, World};
use crate::generate::Selection;
use crate::history::{Project, files_of};
use crate::object::TreeId;
use crate::pipeline::State;

/// How the outputs of a film stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilmStates {
    /// How many there are or should be.
    pub outputs: usize,
    /// How many of them need work.
    pub stale: usize,
    /// How many are in each state.
    pub states: BTreeMap<State, usize>,
    /// The same by stage, of those that have outputs, in order.
    pub stages: Vec<StageStates>,
    /// How many runs bringing all up to date takes at least.
    pub runs: usize,
    /// What these may cost, in micro-dollars, as far as that is known.
    pub price_micro_usd: u64,
}

/// How the outputs of a stage stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageStates {
    /// Its name.
    pub stage: String,
    /// How many outputs are in each state.
    pub states: BTreeMap<State, usize>,
}

impl StageStates {
    /// How many of its outputs need work.
    #[must_use]
    pub fn stale(&self) -> usize {
        needing_work(&self.states)
    }
}

impl FilmStates {
    fn of(report: FilmReport) -> Self {
        let stage = |row: StageRow| StageStates {
            stage: row.stage,
            states: row.states,
        };
        Self {
            outputs: report.outputs,
            stale: needing_work(&report.states),
            runs: report.stages.iter().map(|row| row.runs).sum(),
            price_micro_usd: report.expense.price_micro_usd,
            states: report.states,
            stages: report.stages.into_iter().map(stage).collect(),
        }
    }
}

fn needing_work(states: &BTreeMap<State, usize>) -> usize {
    let open = states.iter().filter(|(state, _)| state.needs_work());
    open.map(|(_, number)| number).sum()
}

/// How the outputs of a stored tree stand; none where it is no film. What was found is remembered.
///
/// # Errors
/// Settings or a script that cannot be read.
pub fn states_at(
    project: &Arc<Project>,
    world: World<'_>,
    tree: TreeId,
) -> Result<Option<FilmStates>, FilmError> {
    let files = files_of(project, tree)?;
    let Some(config) = settings_of(project, &files)? else {
        return Ok(None);
    };
    let session = Session::supposed(project.clone(), &config, world, files, Some(tree))?;
    let question = Question {
        shelf: &STANDINGS,
        ..Question::named("states")
    };
    let states = session.answer(&question, |planned| {
        let report = session.report(planned, &Selection::all(), cores());
        session.all_read(FilmStates::of(report))
    });
    states.map(Some)
}
