//! The plan of a film, and the report on it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::alike::alike;
use super::answers::Question;
use super::generate::cores;
use super::named::{FilmNames, Targets};
use super::report::{Basis, FilmReport, WholeReport};
use super::session::Session;
use super::unread::unread;
use super::{FilmError, memo, query};
use crate::generate::{Selection, Target};
use crate::object::{RepoPath, TreeId};
use crate::pipeline::{Explainer, Item, Options, ReadError, Snapshot, State, Story, price_of};
use crate::workflow::repository::Edits;

/// Of so many scenes it is told which edit touched them: explaining takes longer than finding out.
const TOLD_REASONS: usize = 12;

/// A plan with the snapshot that it leads to.
pub struct Planned {
    /// Every output of every stage.
    pub items: Vec<Item>,
    /// What is known of the result.
    pub snapshot: Snapshot,
    /// What planning everything takes.
    pub(super) took: Duration,
}

impl Planned {
    /// The script with its numbers.
    ///
    /// # Errors
    /// `Input` when there is none or it cannot be read.
    pub fn story(&self) -> Result<Arc<Story>, FilmError> {
        self.snapshot.story()?.ok_or(FilmError::NoScript)
    }
}

impl Session<'_> {
    /// Plans the whole film.
    ///
    /// # Errors
    /// `Unread` names what the system refused to read. What is damaged or malformed is part of
    /// the plan.
    pub fn plan(&self, options: Options) -> Result<Planned, FilmError> {
        let mut snapshot = self.snapshot();
        let (items, took) = self.plan_over(options, &mut snapshot)?;
        self.all_read(Planned {
            items,
            snapshot,
            took,
        })
    }

    /// Sums up a plan, or the part of it that is selected.
    #[must_use]
    pub(super) fn report(
        &self,
        planned: &Planned,
        selection: &Selection,
        jobs: usize,
    ) -> FilmReport {
        let all = |_: &Item| true;
        self.report_on(planned, selection, &all, jobs)
    }

    /// The same, of the outputs alone that are `asked` for.
    pub(super) fn report_on(
        &self,
        planned: &Planned,
        selection: &Selection,
        asked: &dyn Fn(&Item) -> bool,
        jobs: usize,
    ) -> FilmReport {
        let items: Vec<&Item> = planned.items.iter().collect();
        let costs = self.costs();
        let basis = Basis {
            pipeline: &self.pipeline,
            generators: &self.generators,
            records: &*self.records,
            inert: &self.held,
            price: &|stage, item| costs.expected(stage, price_of(stage, item, &planned.snapshot)),
            snapshot: &planned.snapshot,
            times: &self
                .times
                .gauged(self.stages(), &planned.items, planned.took),
            jobs,
            has_edits: self.has_edits(),
        };
        let locks = self.locks(planned).into_values();
        let mut remarks = unread(&self.pipeline, planned, &self.tracked, &*self.records);
        // Of a file that nothing reads, that is what there is to tell.
        let is_told = |path: &RepoPath| remarks.iter().any(|remark| remark.path == *path);
        let alike = alike(&planned.snapshot).into_iter();
        let alike: Vec<_> = alike.filter(|remark| !is_told(&remark.path)).collect();
        remarks.splice(0..0, alike);
        let mut report = FilmReport {
            locked: locks.flat_map(|locks| locks.shots).collect(),
            remarks,
            ..FilmReport::new(&basis, &items, selection, asked)
        };
        self.tell_reasons(&mut report, planned, selection);
        report
    }

    /// Says of the first scenes that an edit touched which edit that was.
    fn tell_reasons(&self, report: &mut FilmReport, planned: &Planned, selection: &Selection) {
        let touched = report.scenes.iter_mut().filter(|row| row.is_touched());
        let touched: Vec<_> = touched.take(TOLD_REASONS).collect();
        if touched.is_empty() {
            return;
        }
        let mut first: BTreeMap<&str, &Item> = BTreeMap::new();
        for item in &planned.items {
            if item.state == State::Stale && selection.contains(&item.path) {
                first.entry(item.scene()).or_insert(item);
            }
        }
        let explainer = Explainer::new(&planned.items, &planned.snapshot, &*self.records);
        for row in touched {
            let item = first.get(row.scene.as_str());
            row.reason = item.and_then(|item| explainer.edit(item.path.as_str()));
        }
    }

    /// What the words of a command line select.
    pub(super) fn select(
        &self,
        planned: &Planned,
        targets: &Targets,
        new_take: bool,
    ) -> Result<Selection, FilmError> {
        let targets = self.named(planned, targets)?;
        Ok(Selection::of(
            &self.pipeline,
            &planned.items,
            &targets,
            new_take,
        ))
    }

    /// What the words of a command line name, of the outputs of stages.
    pub(super) fn named(
        &self,
        planned: &Planned,
        targets: &Targets,
    ) -> Result<Vec<Target>, FilmError> {
        // A script that cannot be read is told as such, not by what it does not name.
        match planned.story() {
            Ok(_) | Err(FilmError::Input(ReadError::Pending(_))) => {}
            Err(error) => return Err(error),
        }
        Ok(FilmNames::of(&self.pipeline, planned).parse(targets, &|_| false)?)
    }

    /// What is out of date.
    ///
    /// # Errors
    /// Never for what is broken in the film: that is part of the report.
    pub fn stale(&self, outdated: bool) -> Result<FilmReport, FilmError> {
        self.stale_with(outdated, cores())
    }

    /// The same, with the time that it takes to refresh so many items side by side.
    pub(super) fn stale_with(&self, outdated: bool, jobs: usize) -> Result<FilmReport, FilmError> {
        let question = Question {
            options: Options { outdated },
            with: jobs.to_string(),
            ..Question::named("stale")
        };
        let whole = self.answer(&question, |planned| {
            let report = self.all_read(self.report(planned, &Selection::all(), jobs))?;
            let key = self.memo_key(outdated);
            memo::note(self.project.store(), key, &report);
            Ok(WholeReport::of(report))
        });
        Ok(whole?.report())
    }

    /// What is out of date of a film that is only supposed; of a stored tree that is remembered.
    ///
    /// # Errors
    /// `Unread` names what the system refused to read.
    pub(super) fn stale_supposed(&self) -> Result<FilmReport, FilmError> {
        if self.edits.tree.is_some() {
            return self.stale(false);
        }
        let planned = self.plan(Options::default())?;
        self.all_read(self.report(&planned, &Selection::all(), cores()))
    }

    /// What is out of date of the stages, scenes and paths that are named, and what bringing that up to
    /// date takes, with all that it stands on. With no words, of everything.
    ///
    /// # Errors
    /// A word that names nothing.
    pub fn stale_of(
        &self,
        targets: &Targets,
        outdated: bool,
    ) -> Result<(FilmReport, FilmReport), FilmError> {
        if targets.is_empty() {
            let report = self.stale(outdated)?;
            return Ok((report.clone(), report));
        }
        let question = Question {
            options: Options { outdated },
            ..Question::about("stale of", targets)
        };
        let reports = self.answer(&question, |planned| {
            let targets = self.named(planned, targets)?;
            let named = Selection::named(&self.pipeline, &planned.items, &targets);
            let needed = Selection::of(&self.pipeline, &planned.items, &targets, false);
            let asked = |item: &Item| named.contains(&item.path);
            let stale = self.report_on(planned, &named, &asked, cores());
            let refresh = self.report(planned, &needed, cores());
            Ok([stale, refresh].map(WholeReport::of))
        });
        let [stale, refresh] = reports?.map(WholeReport::report);
        Ok((stale, refresh))
    }

    /// The key of how the film stands when the folder holds what a tree says.
    pub(super) fn memo_key_at(&self, tree: TreeId) -> Vec<u8> {
        let edits = Edits {
            tree: Some(tree),
            files: BTreeMap::new(),
        };
        memo::key(&edits, &self.snapshot.config_text(), &self.pipeline, false)
    }

    fn memo_key(&self, outdated: bool) -> Vec<u8> {
        let settings = self.snapshot.config_text();
        memo::key(&self.edits, &settings, &self.pipeline, outdated)
    }

    /// The scenes in the script's order.
    ///
    /// # Errors
    /// Why the script cannot be read.
    pub fn scenes(&self) -> Result<Vec<query::SceneLine>, FilmError> {
        self.answer(&Question::named("scenes"), query::scenes)
    }
}
