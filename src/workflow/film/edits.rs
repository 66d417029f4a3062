//! Committing what people edited, before something is made from it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::FilmError;
use super::present::Present;
use super::session::{Session, look, tracked};
use super::subject::edit_message;
use crate::history::{Caller, FileEntry, FlatTree};
use crate::object::{Person, RepoPath};
use crate::pipeline::NUMBERS;
use crate::workflow::repository::{self, CommitRequest, Scope};

impl Session<'_> {
    /// Whether a path holds what the current commit says, or nothing at all.
    pub(super) fn is_committed(&self, path: &RepoPath) -> bool {
        let now = self.work.get(path).map(|entry| entry.content());
        now.is_none() || now == self.head.get(path).map(|entry| entry.content())
    }

    /// Commits what people edited since the last commit, `numbers.toml` brought up to date, so
    /// that everything an output was made from is in the history.
    ///
    /// # Errors
    /// `EditedMeanwhile` when a file holds something else than when the film was opened.
    pub(super) fn commit_edits(&mut self, author: &Person) -> Result<(), FilmError> {
        let numbers = RepoPath::new(NUMBERS).expect("a safe name");
        let paths = self
            .work
            .keys()
            .chain(self.head.keys())
            .collect::<BTreeSet<_>>();
        let content = |tree: &FlatTree, path: &RepoPath| tree.get(path).map(FileEntry::content);
        let edited = paths
            .into_iter()
            .filter(|p| content(&self.work, p) != content(&self.head, p));
        let own = self.numbers.as_ref().map(|_| &numbers);
        let edited: BTreeSet<&RepoPath> = edited.chain(own).collect();
        if edited.is_empty() {
            return Ok(());
        }
        let message = edit_message(edited.into_iter());
        let planned = self.work.clone();
        self.commit(author, &message, Scope::all())?;
        let paths: BTreeSet<_> = planned.keys().chain(self.work.keys()).collect();
        let changed = |path: &RepoPath| content(&planned, path) != content(&self.work, path);
        match paths.into_iter().find(|p| **p != numbers && changed(p)) {
            Some(path) => Err(FilmError::EditedMeanwhile(path.clone())),
            None => Ok(()),
        }
    }

    /// Commits what people put in the place of an output, if it is in no commit yet.
    pub(super) fn commit_own(&mut self, path: &RepoPath, author: &Person) -> Result<(), FilmError> {
        if self.is_committed(path) {
            return Ok(());
        }
        let message = edit_message(std::iter::once(path));
        self.commit(author, &message, Scope::of(vec![path.clone()]))
    }

    pub(super) fn commit(
        &mut self,
        author: &Person,
        message: &str,
        scope: Scope,
    ) -> Result<(), FilmError> {
        let caller = self.world.caller.clone();
        self.commit_by(&caller, author, message, scope)
    }

    /// The same, by who may do more, or less, than usual.
    pub(super) fn commit_by(
        &mut self,
        caller: &Caller<'_>,
        author: &Person,
        message: &str,
        scope: Scope,
    ) -> Result<(), FilmError> {
        let request = CommitRequest {
            author,
            message,
            scope,
            own: &self.own,
            generations: Vec::new(),
        };
        repository::commit(&self.project, caller, &request)?;
        self.numbers = None;
        (self.head, self.work, self.edits) = look(&self.project)?;
        self.tracked = tracked(&self.work);
        self.present = Arc::new(Present::of(&self.project, self.work.clone()));
        Ok(())
    }
}
