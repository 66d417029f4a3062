//! Choosing among takes, and keeping what is stale on purpose.

use std::collections::BTreeMap;

use serde::Serialize;

use super::about::items_of;
use super::named::{FilmNames, Targets};
use super::session::Session;
use super::subject::subject;
use super::{FilmError, takes};
use crate::object::{Acceptance, CommitId, FileId, GenerationId, Person, RepoPath};
use crate::pipeline::{Item, Options, Records, State};
use crate::workflow::repository::{
    GeneratedEntry, GeneratedRequest, commit_acceptances, commit_generated,
};

/// What was picked.
#[derive(Debug, Clone, Serialize)]
pub struct Picked {
    /// The output.
    pub path: RepoPath,
    /// The number of the take.
    pub take: usize,
    /// The run that made it; none for what people made.
    pub generation: Option<GenerationId>,
    /// What it made.
    pub id: FileId,
    /// The commit; none when the take was selected already.
    pub commit: Option<CommitId>,
}

/// What was accepted.
#[derive(Debug, Clone, Serialize)]
pub struct Accepted {
    /// The commit.
    pub commit: CommitId,
    /// The outputs.
    pub paths: Vec<RepoPath>,
}

impl Session<'_> {
    /// Selects a take of an output, by its number in [`Session::takes`]. What people put in its
    /// place and did not commit yet is committed first, so that it can be selected again.
    ///
    /// # Errors
    /// `UnknownTake`; `Uncommitted` when the file is edited at the very moment.
    pub fn pick(
        &mut self,
        path: &RepoPath,
        take: usize,
        author: &Person,
    ) -> Result<Picked, FilmError> {
        let planned = self.plan(Options::default())?;
        let takes = takes::takes(self, &planned, std::slice::from_ref(path))?.concat();
        let Some(wanted) = takes.iter().find(|one| one.take == take) else {
            let path = path.to_string();
            let takes = takes.iter().map(|take| take.take).collect();
            return Err(FilmError::UnknownTake { path, take, takes });
        };
        let picked = |commit| Picked {
            path: path.clone(),
            take,
            generation: wanted.generation,
            id: wanted.id,
            commit,
        };
        if wanted.selected
            && self
                .tracked
                .get(path)
                .is_some_and(|file| file.id == wanted.id)
        {
            return Ok(picked(None));
        }
        let entry = GeneratedEntry {
            path: path.clone(),
            planned: self.tracked.get(path).map(|file| file.id),
            id: Some(wanted.id),
            made_by: wanted.made_by,
        };
        self.commit_own(path, author)?;
        let message = format!("Pick take {take} of {path}");
        let commit = self.select_entries(&[entry], &message, author)?;
        Ok(picked(commit))
    }

    /// Lets go of what people changed: puts back what was generated. What they made is a take, and
    /// is committed first if it is in no commit yet. Returns the outputs that were put back.
    ///
    /// # Errors
    /// `UnknownOutput`; `NotGenerated` names a file that no generator ever made; `NotEdited` when
    /// nothing named is edited.
    pub fn let_go(
        &mut self,
        targets: &Targets,
        author: &Person,
    ) -> Result<(Vec<RepoPath>, Option<CommitId>), FilmError> {
        let planned = self.plan(Options::default())?;
        let named = self.outputs(&planned, targets)?;
        if let [item] = named.as_slice()
            && item.state == State::Unmanaged
        {
            return Err(FilmError::NotGenerated(item.path.to_string()));
        }
        let mut entries: BTreeMap<RepoPath, GeneratedEntry> = BTreeMap::new();
        // A draft is there to be filled: it is put back where it alone is named.
        let is_one = named.len() == 1;
        for item in named {
            let Some(current) = item.current.filter(|_| item.edited || is_one) else {
                continue;
            };
            let Some(made_by) = current.made_by else {
                continue;
            };
            let past = self.records.generation(&made_by);
            if let Ok(past) = &past
                && past.output(&item.path) == Some(current.id)
            {
                continue;
            }
            let entry = GeneratedEntry {
                path: item.path.clone(),
                planned: Some(current.id),
                id: past?.output(&item.path),
                made_by: Some(made_by),
            };
            entries.insert(item.path.clone(), entry);
        }
        if entries.is_empty() {
            return Err(FilmError::NotEdited(targets.text()));
        }
        let paths: Vec<RepoPath> = entries.keys().cloned().collect();
        for path in &paths {
            self.commit_own(path, author)?;
        }
        let message = subject("Let go of edits of", &paths);
        let entries: Vec<GeneratedEntry> = entries.into_values().collect();
        let commit = self.select_entries(&entries, &message, author)?;
        Ok((paths, commit))
    }

    fn select_entries(
        &self,
        entries: &[GeneratedEntry],
        message: &str,
        author: &Person,
    ) -> Result<Option<CommitId>, FilmError> {
        let request = GeneratedRequest {
            author,
            message: &|_| message.to_owned(),
            head: &self.stands_on()?,
            entries,
        };
        let outcome = commit_generated(&self.project, &self.world.caller, &request)?;
        match outcome.kept.first() {
            Some(kept) => Err(FilmError::Uncommitted(kept.path.to_string())),
            None => Ok(outcome.commit.map(|commit| commit.id)),
        }
    }

    /// Records that stale outputs are kept on purpose, for exactly the inputs of now.
    ///
    /// # Errors
    /// `NotAcceptable` names the first that is not stale or waits for something.
    pub fn accept(
        &mut self,
        targets: &Targets,
        why: &str,
        author: &Person,
    ) -> Result<Accepted, FilmError> {
        let planned = self.plan(Options::default())?;
        let targets = FilmNames::of(&self.pipeline, &planned).parse(targets, &|_| false)?;
        let mut accepted = Vec::new();
        let mut decisions = BTreeMap::new();
        let batch = self.project.store().batch();
        let mut named = Vec::new();
        for target in &targets {
            let items = items_of(&planned, std::slice::from_ref(target));
            let alone = matches!(items.as_slice(), [_]);
            named.extend(items.iter().map(|item| item.path.clone()));
            for item in items {
                // Of several, those that are stale are meant.
                let is_other = !alone && item.state != State::Stale;
                if is_other || decisions.contains_key(&item.path) {
                    continue;
                }
                let (action, file) = acceptable(item)?;
                let acceptance = batch.put(&Acceptance {
                    path: item.path.clone(),
                    output: file.id,
                    reads: action.reads.clone(),
                    why: why.to_owned(),
                    by: author.clone(),
                    time: self.world.caller.clock.now(),
                })?;
                decisions.insert(item.path.clone(), Some(acceptance));
                accepted.push(item.path.clone());
            }
        }
        let nothing = || FilmError::NotAcceptable {
            path: names(&named),
            reason: "nothing of it is stale",
        };
        if decisions.is_empty() {
            return Err(nothing());
        }
        // Nothing is committed before it is sure that there is something to accept.
        batch.commit()?;
        self.commit_edits(author)?;
        let message = format!("Accept {}: {why}", names(&accepted));
        let caller = &self.world.caller;
        let commit = commit_acceptances(&self.project, caller, author, &message, &decisions)?;
        Ok(Accepted {
            commit: commit.ok_or_else(nothing)?.id,
            paths: accepted,
        })
    }
}

fn acceptable(
    item: &Item,
) -> Result<(&crate::object::Action, crate::pipeline::Tracked), FilmError> {
    let refuse = |reason| FilmError::NotAcceptable {
        path: item.path.to_string(),
        reason,
    };
    match (item.state, &*item.action, item.current) {
        (State::Stale, Some(action), Some(file)) => Ok((action, file)),
        (State::Pending, ..) => Err(refuse("what it reads is still to be made")),
        (State::Missing, ..) => Err(refuse("it is not there")),
        (State::Accepted, ..) => Err(refuse("it is accepted already")),
        _ => Err(refuse("it is not stale")),
    }
}

fn names(paths: &[RepoPath]) -> String {
    match paths {
        [one] => one.to_string(),
        many => format!("{} outputs", many.len()),
    }
}
