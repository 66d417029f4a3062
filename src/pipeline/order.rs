//! Which stages stand on which, and the order that follows.

use std::collections::BTreeSet;

use super::pattern::{overlap, wildcards};
use super::stage::Stage;
use super::stages::PipelineError;

/// A stage can only wait for the approval of another one that does not stand on it.
pub(super) fn check_approvals(stages: &[Stage]) -> Result<(), PipelineError> {
    for stage in stages {
        for needed in &stage.needs_approval {
            let is_known = stages.iter().any(|other| other.name == *needed);
            let reason = match is_known {
                true if !under(stages, needed).contains(&stage.name) => continue,
                true => format!("{needed} is made from what this stage makes"),
                false => format!("there is no stage {needed:?}"),
            };
            return Err(PipelineError::Malformed {
                stage: stage.name.clone(),
                key: Some("needs_approval"),
                reason,
            });
        }
    }
    Ok(())
}

pub(super) fn under(stages: &[Stage], name: &str) -> BTreeSet<String> {
    let needs = needs(stages);
    let mut found = BTreeSet::new();
    let mut stack: Vec<usize> = (0..stages.len())
        .filter(|at| stages[*at].name == name)
        .collect();
    while let Some(at) = stack.pop() {
        if found.insert(stages[at].name.clone()) {
            stack.extend(&needs[at]);
        }
    }
    found
}

/// For each stage, the places of those whose outputs it reads or runs over.
fn needs(stages: &[Stage]) -> Vec<Vec<usize>> {
    let written: Vec<String> = stages
        .iter()
        .map(|stage| wildcards(&stage.writes))
        .collect();
    let needs = |stage: &Stage| -> Vec<usize> {
        let sources: Vec<String> = stage
            .sources()
            .map(|read| wildcards(read.split('#').next().unwrap_or(&read)))
            .collect();
        let lists = stage.lists.as_ref().map(|lists| lists.path("*"));
        let is_needed = |at: &usize| {
            let written = &written[*at];
            stages[*at].name != stage.name
                && (lists.as_ref() == Some(written)
                    || sources.iter().any(|source| overlap(source, written)))
        };
        (0..stages.len()).filter(is_needed).collect()
    };
    stages.iter().map(needs).collect()
}

/// Each stage after those whose outputs it reads or runs over, else in the order given.
pub(super) fn in_order(stages: Vec<Stage>) -> Result<Vec<Stage>, PipelineError> {
    let needs = needs(&stages);
    let mut order: Vec<usize> = Vec::with_capacity(stages.len());
    while order.len() < stages.len() {
        let mut waiting = (0..stages.len()).filter(|at| !order.contains(at));
        let first = waiting
            .clone()
            .next()
            .expect("fewer are in order than there are");
        let ready = waiting
            .find(|at| needs[*at].iter().all(|needed| order.contains(needed)))
            .ok_or_else(|| PipelineError::Cycle(stages[first].name.clone()))?;
        order.push(ready);
    }
    let mut stages: Vec<Option<Stage>> = stages.into_iter().map(Some).collect();
    let ordered = order.into_iter().filter_map(|at| stages[at].take());
    Ok(ordered.collect())
}
