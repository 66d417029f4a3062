//! What only one timeline holds: what would be lost with it.

use std::collections::HashMap;

use serde::Serialize;

use super::Result;
use super::report::tree_of;
use super::runs::runs;
use crate::diff::{LIMIT_BYTES, as_text};
use crate::film::versions::compare_scripts;
use crate::history::{Ends, Project, Selection, entry_at, log_without, run_if_kept};
use crate::object::{CommitId, RepoPath, TreeId};
use crate::pipeline::SCRIPT;
use crate::workflow::spending::dollars;

/// Headings told by name.
const MOST_SCENES: usize = 4;

/// Work that is on one timeline alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unmerged {
    /// Commits.
    pub commits: usize,
    /// Headings of the scenes that differ from what is elsewhere.
    pub scenes: Vec<String>,
    /// Files that runs made.
    pub takes: usize,
    /// What those runs cost, in micro-dollars.
    pub cost_micro_usd: u64,
}

impl Unmerged {
    /// What `commit` stands on and none of `others` does.
    ///
    /// # Errors
    /// What the store says.
    pub(super) fn of(project: &Project, commit: CommitId, others: &[CommitId]) -> Result<Self> {
        let store = project.store();
        let logged = log_without(store, &[commit], others, Selection::default())?;
        let mut work = Self {
            commits: logged.len(),
            scenes: Vec::new(),
            takes: 0,
            cost_micro_usd: 0,
        };
        for one in &logged {
            for run in runs(project, &one.commit.generations)? {
                work.cost_micro_usd = work.cost_micro_usd.saturating_add(run.cost_micro_usd);
                let kept = run_if_kept(store, run.id)?;
                work.takes += kept.map_or(0, |run| run.outputs.len());
            }
        }
        // Where its line leaves what the others hold.
        let ends = Ends::of(store)?;
        let parents: HashMap<CommitId, Option<CommitId>> = logged
            .iter()
            .map(|one| (one.id, ends.parents(&one.commit).next()))
            .collect();
        let mut base = Some(commit);
        while let Some(parent) = base.and_then(|id| parents.get(&id)) {
            base = *parent;
        }
        let before = script(project, tree_of(project, base)?)?;
        let after = script(project, tree_of(project, Some(commit))?)?;
        if before != after {
            let diff = compare_scripts(&before, &after);
            let heading = |change: crate::film::versions::SceneChange| {
                let side = change.new.or(change.old);
                side.map_or_else(String::new, |side| side.heading)
            };
            work.scenes = diff.scenes.into_iter().map(heading).collect();
        }
        Ok(work)
    }
}

fn script(project: &Project, tree: Option<TreeId>) -> Result<String> {
    let Some(tree) = tree else {
        return Ok(String::new());
    };
    let path = RepoPath::new(SCRIPT).expect("a safe name");
    let entry = entry_at(project.store(), tree, &path)?;
    let entry = entry.filter(|entry| entry.size <= LIMIT_BYTES);
    let Some(id) = entry.and_then(|entry| entry.file_id()) else {
        return Ok(String::new());
    };
    let bytes = project.store().read_file(id, LIMIT_BYTES)?;
    Ok(as_text(&bytes).unwrap_or_default().to_owned())
}

impl std::fmt::Display for Unmerged {
    /// `2 commits; scenes INT. CABIN - DAY; 12 takes for $1.20`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let count = |number: usize, word: &str| match number {
            1 => format!("1 {word}"),
            number => format!("{number} {word}s"),
        };
        write!(f, "{}", count(self.commits, "commit"))?;
        if !self.scenes.is_empty() {
            let named = self.scenes[..self.scenes.len().min(MOST_SCENES)].join(", ");
            let word = if self.scenes.len() == 1 {
                "scene"
            } else {
                "scenes"
            };
            write!(f, "; {word} {named}")?;
            if self.scenes.len() > MOST_SCENES {
                write!(f, " and {} more", self.scenes.len() - MOST_SCENES)?;
            }
        }
        if self.takes > 0 {
            let takes = count(self.takes, "take");
            write!(f, "; {takes} for {}", dollars(self.cost_micro_usd))?;
        }
        Ok(())
    }
}
