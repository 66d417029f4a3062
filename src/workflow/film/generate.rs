//! Bringing a film up to date, and committing what came of it.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};

use super::answers::Question;
use super::claims::Claims;
use super::course::Course;
use super::named::Targets;
use super::present::StoreFiles;
use super::records::inputs;
use super::report::WholeReport;
use super::session::Session;
use super::sink::StoreSink;
use super::subject::subject;
use super::times::Work;
use super::{FilmError, FilmReport, memo};
use crate::generate::{Bench, ItemError, ItemReport, ItemResult, Report, Scheduler, Selection};
use crate::media::tools::Tools;
use crate::object::{
    Commit, CommitId, FileId, Generation, GenerationId, Head, Output, Person, RepoPath,
};
use crate::pipeline::{Item, Options, Outcome, Snapshot, action_id};
use crate::store::Batch;
use crate::workflow::progress::Watch;
use crate::workflow::repository::{GeneratedEntry, GeneratedRequest, commit_generated};

/// What to bring up to date, and how.
#[derive(Debug, Clone, Default)]
pub struct GenerateOptions {
    /// What to bring up to date.
    pub targets: Targets,
    /// Make another take of what is named.
    pub new_take: bool,
    /// Make again what only the generator's version made old.
    pub outdated: bool,
    /// Items made side by side; the number of cores if not said.
    pub jobs: Option<NonZeroUsize>,
    /// Spend whatever it takes, also on what turns up only during the run.
    pub whatever_it_costs: bool,
}

impl GenerateOptions {
    /// How many items are made side by side.
    pub(super) fn side_by_side(&self) -> usize {
        self.jobs.map_or_else(cores, NonZeroUsize::get)
    }
}

/// What a run did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Generated {
    /// The commit of the outputs; none if nothing changed.
    pub commit: Option<CommitId>,
    /// Outputs written, restored or taken away.
    pub written: usize,
    /// A row for each stage that had something to do.
    pub stages: Vec<StageDone>,
    /// Hand-edited outputs into which the new one was merged.
    pub merged: Vec<RepoPath>,
    /// `PATH: FIELD` where a hand edit won over the new output.
    pub conflicts: Vec<String>,
    /// Hand-edited outputs whose new version is a take.
    pub takes: Vec<RepoPath>,
    /// Outputs that were edited while the run was under way; the new version is a take.
    pub kept_edits: Vec<RepoPath>,
    /// What people should know of outputs that were made.
    pub remarks: Vec<Remark>,
    /// What failed, and what was refused.
    pub failed: Vec<Failed>,
    /// What only waits for something that was not made.
    pub waiting: Vec<Failed>,
    /// Whether it was stopped before the end.
    pub cancelled: bool,
}

/// A stage's part of a run.
#[derive(Debug, Clone, Default, Serialize)]
pub struct StageDone {
    /// The stage.
    pub stage: String,
    /// Made by a program or provider.
    pub made: usize,
    /// Made in memory.
    pub written: usize,
    /// Put back from an earlier run.
    pub restored: usize,
    /// Taken away.
    pub removed: usize,
    /// Failed, or refused.
    pub failed: usize,
    /// Not made, as it waits for something that was not made.
    pub waiting: usize,
}

impl StageDone {
    /// What a stage came to.
    pub(super) fn of(stage: &str, done: &[ItemReport]) -> Self {
        let mut row = Self {
            stage: stage.to_owned(),
            ..Self::default()
        };
        for step in done {
            let number = match (&step.result, step.item.outcome) {
                (ItemResult::Failed(_), Outcome::Wait) => &mut row.waiting,
                (ItemResult::Failed(_), _) => &mut row.failed,
                (ItemResult::Stopped, _) => continue,
                (ItemResult::Removed, _) => &mut row.removed,
                (ItemResult::Take(_), _) => &mut row.made,
                (
                    ItemResult::Placed {
                        generation: None, ..
                    },
                    _,
                ) => &mut row.written,
                (ItemResult::Placed { .. }, Outcome::Restore(..)) if !step.ran => &mut row.restored,
                (ItemResult::Placed { .. }, _) => &mut row.made,
            };
            *number += 1;
        }
        row
    }

    /// `12 made, 3 from earlier runs`
    #[must_use]
    pub fn summary(&self) -> String {
        let parts = [
            (self.made, "made"),
            (self.written, "written"),
            (self.restored, "from earlier runs"),
            (self.removed, "taken away"),
            (self.failed, "failed"),
            (self.waiting, "waiting"),
        ];
        let parts = parts.iter().filter(|(number, _)| *number > 0);
        parts
            .map(|(number, word)| format!("{number} {word}"))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// What people should know of an output, though it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// The output.
    pub path: RepoPath,
    /// In words.
    pub remark: String,
}

/// An output that was not made.
#[derive(Debug, Clone, Serialize)]
pub struct Failed {
    /// The output.
    pub path: RepoPath,
    /// Why.
    pub reason: String,
    /// The same, with what it comes of.
    #[serde(skip)]
    pub error: Arc<ItemError>,
}

impl Session<'_> {
    /// What `generate` would do.
    ///
    /// # Errors
    /// A target that names nothing; a script that cannot be read.
    pub fn generate_report(&self, options: &GenerateOptions) -> Result<FilmReport, FilmError> {
        let outdated = options.outdated;
        if options.targets.is_empty() {
            return self.stale_with(outdated, options.side_by_side());
        }
        let question = Question {
            options: Options { outdated },
            with: format!("{} {}", options.new_take, options.side_by_side()),
            ..Question::about("plan", &options.targets)
        };
        let whole = self.answer(&question, |planned| {
            let selection = self.select(planned, &options.targets, options.new_take)?;
            let asked = |item: &Item| selection.contains(&item.path);
            let report = self.report_on(planned, &selection, &asked, options.side_by_side());
            Ok(WholeReport::of(FilmReport {
                selection: Some(selection),
                ..report
            }))
        });
        Ok(whole?.report())
    }

    /// Brings the targets up to date and commits the outputs. Uncommitted edits are committed
    /// before, so that what the outputs were made from is in the history; not if nothing can be made,
    /// as of a script that cannot be read. `expected` is what [`Session::generate_report`] said.
    ///
    /// # Errors
    /// A target that names nothing, a script that cannot be read, or a store that cannot be
    /// written. What fails to be made is part of the answer.
    pub fn generate(
        &mut self,
        options: &GenerateOptions,
        expected: &FilmReport,
        author: &Person,
        watch: &dyn Watch,
        cancel: &AtomicBool,
    ) -> Result<Generated, FilmError> {
        let clock = self.world.caller.clock;
        let begun = clock.elapsed();
        let course = Course::of(expected, begun);
        // What was agreed to; finding it out took a plan of the whole film.
        let selection = expected.selection.clone();
        let selection = selection.unwrap_or_else(Selection::all);
        if self.has_edits() && expected.makes_something() {
            self.commit_edits(author)?;
            let took = clock.elapsed().saturating_sub(begun);
            let outputs = expected.film.outputs as u64;
            self.times.learn(Work::Edits, outputs, took);
        }
        let head = self.stands_on()?;
        let stood_on = self.project.view()?.1.head_commit();
        let scratch = self.scratch()?;
        let tools = Tools::find(&self.world.search, self.root());
        let project = self.project.clone();
        let files = StoreFiles {
            store: project.store(),
            present: &self.present,
            scratch: scratch.path(),
        };
        let books = self.open_books(&author.name)?;
        let times = Mutex::new(self.times.clone());
        let sink = StoreSink {
            store: project.store(),
            books: &books,
            clock,
            watch,
            course: &course,
            times: &times,
            records: &self.records,
            claims: Claims {
                own: project.tree().own(),
                holder: &self.world.caller.holder,
            },
            stop: cancel,
            agreed: (!options.whatever_it_costs).then_some(&expected.runs),
        };
        let bench = Bench {
            tools: &tools,
            scratch: scratch.path(),
            files: &files,
            commands: &self.agreement.commands,
            stop: cancel,
        };
        let outdated = options.outdated;
        let kept = self.kept(Options { outdated })?;
        let planner = self.planner(Options { outdated }, Some(&kept));
        let run = Scheduler {
            planner: &planner,
            generators: &self.generators,
            selection: &selection,
            sink: &sink,
            bench: &bench,
            jobs: options.side_by_side(),
            cancel,
        };
        let mut snapshot = self.snapshot();
        let report = run.execute(&mut snapshot);
        sink.claims.clear();
        let report = self.all_read(report)?;
        let stored = clock.elapsed();
        let place = course.at_the_end(stored);
        watch.at("storing", place.done, place.total, place.left);
        let mut done = self.finish(&report, &snapshot, author, &head)?;
        if let Some(commit) = done.commit
            && !options.outdated
            && !report.cancelled
            && done.kept_edits.is_empty()
            && let Ok(commit) = self.project.store().get::<Commit>(commit)
        {
            // On top of what others committed meanwhile, states are not those of the plan.
            if commit.parents.first().copied() == stood_on {
                let key = self.memo_key_at(commit.tree);
                memo::note_run(self.project.store(), key, expected, &report);
            }
        }
        let mut times = times.into_inner().expect("no panic while held");
        let took = clock.elapsed().saturating_sub(stored);
        times.learn(Work::Store, done.written as u64, took);
        times.save(self.project.tree().own(), self.world.times.as_deref());
        done.remarks
            .extend(self.remarks_of_locks(&report, &snapshot));
        done.remarks
            .extend(self.remarks_of_prompts(&report, &snapshot));
        if options.new_take {
            done.remarks
                .extend(self.remarks_of_equals(&report, &selection));
        }
        Ok(done)
    }

    fn finish(
        &self,
        report: &Report,
        snapshot: &Snapshot,
        author: &Person,
        head: &Head,
    ) -> Result<Generated, FilmError> {
        let caller = &self.world.caller;
        let mut done = Generated {
            cancelled: report.cancelled,
            ..Generated::default()
        };
        let mut entries = Vec::new();
        let batch = self.project.store().batch();
        for step in &report.done {
            let path = step.item.path.clone();
            let remarks = step.remarks.iter().map(|remark| Remark {
                path: path.clone(),
                remark: remark.clone(),
            });
            done.remarks.extend(remarks);
            match &step.result {
                ItemResult::Failed(error) => {
                    let list = match step.item.outcome {
                        Outcome::Wait => &mut done.waiting,
                        _ => &mut done.failed,
                    };
                    let (reason, error) = (error.to_string(), error.clone());
                    list.push(Failed {
                        path,
                        reason,
                        error,
                    });
                }
                ItemResult::Stopped => {}
                ItemResult::Removed => {
                    entries.push(entry(&step.item, None, None));
                }
                ItemResult::Take(_) => done.takes.push(path),
                ItemResult::Placed {
                    id,
                    pure,
                    generation,
                } => {
                    if step.item.edited {
                        done.merged.push(path.clone());
                        let fields = step.item.conflicts.iter();
                        done.conflicts
                            .extend(fields.map(|field| format!("{path}{field}")));
                    }
                    let made_by = match generation {
                        Some(generation) => *generation,
                        None => self.record(&batch, step, *id, *pure, snapshot)?,
                    };
                    entries.push(entry(&step.item, Some(*id), Some(made_by)));
                }
            }
        }
        batch.commit()?;
        // Each stage had one turn, in their order.
        let turns = report
            .done
            .chunk_by(|one, next| one.item.stage == next.item.stage);
        done.stages = turns
            .map(|turn| StageDone::of(&turn[0].item.stage, turn))
            .collect();
        if entries.is_empty() {
            return Ok(done);
        }
        let request = GeneratedRequest {
            author,
            message: &|paths| message(&report.done, paths),
            head,
            entries: &entries,
        };
        let outcome = commit_generated(&self.project, caller, &request)?;
        done.written = outcome.written.len();
        done.commit = outcome.commit.map(|commit| commit.id);
        done.kept_edits = outcome.kept.into_iter().map(|kept| kept.path).collect();
        Ok(done)
    }

    /// Stores what was made in memory with its provenance; the generation keeps the pure output.
    fn record(
        &self,
        batch: &Batch<'_>,
        step: &ItemReport,
        id: FileId,
        pure: FileId,
        snapshot: &Snapshot,
    ) -> Result<GenerationId, FilmError> {
        let action = step.item.action.as_ref().ok_or_else(|| {
            FilmError::Broken(format!("{}: made without an action", step.item.path))
        })?;
        let mut sizes = BTreeMap::new();
        for id in BTreeSet::from([id, pure]) {
            if let Some(bytes) = snapshot.written(&id) {
                sizes.insert(id, batch.put_file_bytes(&bytes)?.size);
            } else {
                sizes.insert(id, self.size_of(id)?);
            }
        }
        batch.put(action)?;
        let now = self.world.caller.clock.now_ms();
        let generation = batch.put(&Generation {
            action: action_id(action),
            outputs: vec![Output {
                path: step.item.path.clone(),
                id: pure,
                size: sizes[&pure],
            }],
            request: None,
            answer: None,
            model: None,
            seed: None,
            cost_micro_usd: 0,
            started_ms: now,
            finished_ms: now,
            tools: BTreeMap::new(),
            inputs: inputs(&step.item),
        })?;
        Ok(generation)
    }

    fn size_of(&self, id: FileId) -> Result<u64, FilmError> {
        Ok(self.project.store().file_size(id)?)
    }
}

/// `Generate 2 shots, 14 prompts, 14 frames, film`: what of a run is in the commit.
fn message(done: &[ItemReport], committed: &BTreeSet<&RepoPath>) -> String {
    let part = |turn: &[ItemReport]| {
        let paths = turn.iter().map(|step| &step.item.path);
        let stage = &turn[0].item.stage;
        match paths.filter(|path| committed.contains(path)).count() {
            0 => None,
            1 => Some(stage.clone()),
            number => Some(format!("{number} {stage}")),
        }
    };
    let turns = done.chunk_by(|one, next| one.item.stage == next.item.stage);
    let parts: Vec<String> = turns.filter_map(part).collect();
    subject("Generate", &parts)
}

/// What is to stand at the path of an item.
fn entry(item: &Item, id: Option<FileId>, made_by: Option<GenerationId>) -> GeneratedEntry {
    let planned = item.current.map(|current| current.id);
    GeneratedEntry {
        path: item.path.clone(),
        planned,
        id,
        made_by,
    }
}

/// One item a core.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
}
