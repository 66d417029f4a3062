//! What may not be changed on a timeline, because somebody locked it there.

use std::collections::BTreeSet;

use serde::Serialize;

use super::FilmError;
use super::approve::approvals_of;
use super::merged::settings_of;
use super::report::FilmReport;
use super::session::{Session, World};
use crate::object::RepoPath;
use crate::pipeline::{Approval, Approved, Options};

/// Files told by name where something is locked.
const MOST_PATHS: usize = 3;

/// Something that is locked, and would be changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Breach {
    /// What is locked.
    pub what: Approved,
    /// Who locked it.
    pub by: String,
    /// Outputs that would change.
    pub paths: Vec<RepoPath>,
}

impl Breach {
    /// `stage shots, locked by Ada: shots/002.json and 3 more`
    #[must_use]
    pub fn told(&self) -> String {
        let named: Vec<&str> = self
            .paths
            .iter()
            .take(MOST_PATHS)
            .map(RepoPath::as_str)
            .collect();
        let more = match self.paths.len().saturating_sub(MOST_PATHS) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let by = self.by.split(" <").next().unwrap_or_default();
        format!("{}, locked by {by}: {}{more}", self.what, named.join(", "))
    }
}

impl Session<'_> {
    /// Refuses to go on where something locked would change.
    ///
    /// # Errors
    /// `Locked` says what.
    pub fn check_locks(&self, breaches: &[Breach], command: &'static str) -> Result<(), FilmError> {
        if breaches.is_empty() {
            return Ok(());
        }
        let names = breaches.iter().map(|breach| match &breach.what {
            Approved::Stage(name) | Approved::Path(name) => name.clone(),
        });
        Err(FilmError::Locked {
            timeline: self.timeline()?.unwrap_or_default(),
            breaches: breaches.iter().map(Breach::told).collect(),
            command,
            what: names.collect::<Vec<_>>().join(" "),
        })
    }

    /// What is locked here as the current commit has it.
    fn locked(&self) -> Result<Vec<(Approved, Approval)>, FilmError> {
        let Some(timeline) = self.timeline()? else {
            return Ok(Vec::new());
        };
        let approvals = approvals_of(&self.project, &self.head)?;
        let locked = approvals.locked_on(&timeline);
        Ok(locked
            .map(|(what, by)| (what.clone(), by.clone()))
            .collect())
    }

    /// What is locked on this timeline and would change if the edits were committed: a file itself, an
    /// output, or one that would no longer be what it was made from.
    ///
    /// # Errors
    /// Approvals, or a film, that cannot be read.
    pub fn edits_under_locks(&self) -> Result<Vec<Breach>, FilmError> {
        let locked = self.locked()?;
        if locked.is_empty() || !self.has_edits() {
            return Ok(Vec::new());
        }
        let edited: BTreeSet<&RepoPath> = self.edits.files.keys().collect();
        let mut after = None;
        let mut before = None;
        let mut breaches = Vec::new();
        for (what, approval) in locked {
            let mut paths: BTreeSet<RepoPath> = BTreeSet::new();
            match &what {
                Approved::Path(path) => {
                    let named = edited.iter().filter(|edited| edited.as_str() == path);
                    paths.extend(named.map(|path| (*path).clone()));
                }
                Approved::Stage(name) => {
                    if let Some(stage) = self.pipeline.stage(name) {
                        let of_stage = edited
                            .iter()
                            .filter(|path| stage.item_of(path.as_str()).is_some());
                        paths.extend(of_stage.map(|path| (*path).clone()));
                    }
                    let after = match &mut after {
                        Some(known) => known,
                        empty => empty.insert(self.open_items()?),
                    };
                    if after.iter().any(|(stage, _)| stage == name) {
                        let before = match &mut before {
                            Some(known) => known,
                            empty => empty.insert(self.open_before()?),
                        };
                        let new = after.difference(before).filter(|(stage, _)| stage == name);
                        paths.extend(new.map(|(_, path)| path.clone()));
                    }
                }
            }
            if !paths.is_empty() {
                breaches.push(Breach {
                    what,
                    by: approval.by,
                    paths: paths.into_iter().collect(),
                });
            }
        }
        Ok(breaches)
    }

    /// The outputs that need work, with their stages.
    fn open_items(&self) -> Result<BTreeSet<(String, RepoPath)>, FilmError> {
        let planned = self.plan(Options::default())?;
        let open = planned.items.iter().filter(|item| item.state.needs_work());
        Ok(open
            .map(|item| (item.stage.clone(), item.path.clone()))
            .collect())
    }

    /// The same for the current commit, without the edits.
    fn open_before(&self) -> Result<BTreeSet<(String, RepoPath)>, FilmError> {
        let Some(config) = settings_of(&self.project, &self.head)? else {
            return Ok(BTreeSet::new());
        };
        let world = World {
            search: self.world.search.clone(),
            environment: self.world.environment.clone(),
            trust: self.world.trust.clone(),
            times: self.world.times.clone(),
            caller: self.world.caller.clone(),
        };
        let head = (*self.head).clone();
        Session::supposed(self.project.clone(), &config, world, head)?.open_items()
    }

    /// What is locked on this timeline and would be made anew, or stands on what would be.
    ///
    /// # Errors
    /// Approvals that cannot be read.
    pub fn runs_under_locks(&self, report: &FilmReport) -> Result<Vec<Breach>, FilmError> {
        let mut breaches = Vec::new();
        for (what, approval) in self.locked()? {
            let under: BTreeSet<String> = match &what {
                Approved::Stage(name) => self.pipeline.under(name),
                Approved::Path(_) => BTreeSet::new(),
            };
            let changes = |row: &&super::ItemRow| {
                let is_change = matches!(
                    row.action.as_str(),
                    "write" | "restore" | "run" | "take" | "remove" | "wait"
                );
                let is_under = match &what {
                    Approved::Stage(_) => under.contains(&row.stage),
                    Approved::Path(path) => row.path.as_str() == path,
                };
                is_change && is_under
            };
            let paths: Vec<RepoPath> = report
                .items
                .iter()
                .filter(changes)
                .map(|row| row.path.clone())
                .collect();
            if !paths.is_empty() {
                breaches.push(Breach {
                    what,
                    by: approval.by,
                    paths,
                });
            }
        }
        Ok(breaches)
    }
}
