//! A film, opened: its work tree, stages, past and configuration, ready to be planned.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;

use super::configuration::{check_generators, configuration, stages};
use super::generate::cores;
use super::named::{FilmNames, Targets};
use super::own::Numbers;
use super::records::{Present, StoreRecords};
use super::report::{Basis, FilmReport};
use super::subject::edit_message;
use super::times::Times;
use super::trust::Agreement;
use super::{FilmError, memo, query};
use crate::film::rate::FrameRate;
use crate::generate::{Generators, Selection, Target, builtin};
use crate::history::{Caller, Entry, FlatTree, Project, Survey};
use crate::object::{Commit, FileId, GenerationId, Head, Person, RepoPath, TreeId};
use crate::pipeline::{
    Explainer, Item, NUMBERS, Options, Parsed, Pipeline, Planner, ReadError, Recipes, Snapshot,
    Stage, State, Story, Tracked, price_of, remembered,
};
use crate::store::Store;
use crate::workflow::repository::{self, CommitRequest, Edits, Scope};
use crate::workflow::settings::{Budget, ProjectConfig};
use crate::workflow::spending::{self, Ledger};
use crate::workflow::trust::TrustFile;
use crate::worktree::Content;

/// Of so many scenes it is told which edit touched them: explaining takes longer than finding out.
const TOLD_REASONS: usize = 12;

/// What a film needs of the world around it.
pub struct World<'a> {
    /// `PATH`, in which programs are looked for.
    pub search: OsString,
    /// Variables that the user's own configuration gives to commands, with their values.
    pub environment: BTreeMap<String, Option<OsString>>,
    /// What commands the user agreed to; none where there is no place for a user's configuration.
    pub trust: Option<TrustFile>,
    /// Where it is noted how long work takes on this machine, for all projects of this user; none where
    /// there is no place for that.
    pub times: Option<PathBuf>,
    /// Who acts, and the time.
    pub caller: Caller<'a>,
}

/// A film, opened.
pub struct Session<'a> {
    pub(super) project: Arc<Project>,
    pub(super) world: World<'a>,
    pub(super) pipeline: Pipeline,
    pub(super) generators: Generators,
    pub(super) records: Arc<StoreRecords>,
    /// What the current commit says.
    head: Arc<FlatTree>,
    /// What lies in the work tree, as it would be committed.
    work: Arc<FlatTree>,
    /// How the one differs from the other.
    edits: Edits,
    /// The same, as the planner wants it.
    pub(super) tracked: BTreeMap<RepoPath, Tracked>,
    /// Where the work tree holds which content.
    pub(super) present: Arc<Present>,
    /// `numbers.toml` as the script wants it, if that differs from the file.
    pub(super) numbers: Option<String>,
    /// The same for whatever is committed.
    own: Numbers,
    /// What the project would run, and whether it may.
    pub(super) agreement: Agreement,
    /// What may be spent.
    pub(super) budget: Budget,
    /// What work takes here.
    pub(super) times: Times,
    recipes: Recipes,
    snapshot: Snapshot,
}

/// A plan with the snapshot that it leads to.
pub struct Planned {
    /// Every output of every stage.
    pub items: Vec<Item>,
    /// What is known of the result.
    pub snapshot: Snapshot,
    /// What planning took.
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

impl<'a> Session<'a> {
    /// Opens the film of a project.
    ///
    /// # Errors
    /// A work tree, configuration or script that cannot be read.
    pub fn open(
        project: Arc<Project>,
        config: &ProjectConfig,
        world: World<'a>,
    ) -> Result<Self, FilmError> {
        let pipeline = stages(config)?;
        let generators = builtin();
        check_generators(config, &pipeline, &generators)?;
        let (head, work, edits) = look(&project)?;
        let present = Arc::new(Present::of(&project, work.clone()));
        let records = Arc::new(StoreRecords::new(
            project.clone(),
            head.clone(),
            present.clone(),
        ));
        let tracked = tracked(&work);
        let mut snapshot = Snapshot::new(
            tracked.iter().map(|(path, file)| (path.clone(), file.id)),
            Arc::new(configuration(config)),
            records.clone(),
            Arc::new(Parsed::default()),
        );
        let numbers = remember(&snapshot, project.store())?;
        if let Some(text) = &numbers {
            let id = snapshot.keep(text.clone().into_bytes());
            let path = RepoPath::new(NUMBERS).expect("a safe name");
            snapshot.place(path, crate::pipeline::Slot::Known(id));
        }
        let own = Numbers::of(project.clone(), config);
        let recipes = generators.recipes();
        let host = &world.caller.holder.host;
        let times = Times::load(project.tree().own(), world.times.as_deref(), host, cores());
        let agreement = Agreement::find(&project, &pipeline, &snapshot, &world);
        all_read(&records, ())?;
        Ok(Self {
            project,
            world,
            pipeline,
            generators,
            records,
            head,
            work,
            edits,
            tracked,
            present,
            numbers,
            own,
            agreement,
            budget: config.budget,
            times,
            recipes,
            snapshot,
        })
    }

    /// The project's folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.project.root()
    }

    /// The stages, each after those it reads from.
    #[must_use]
    pub fn stages(&self) -> &[Stage] {
        self.pipeline.stages()
    }

    /// What runs of this project cost.
    pub(super) fn ledger(&self) -> Ledger {
        let holder = self.world.caller.holder.clone();
        Ledger::in_folder(self.project.tree().own(), holder)
    }

    /// Frames a second.
    #[must_use]
    pub fn frames_per_second(&self) -> FrameRate {
        let fps = self.snapshot.config("film.fps");
        fps.and_then(|fps| FrameRate::deserialize(fps).ok())
            .unwrap_or(FrameRate::FILM)
    }

    pub(super) fn planner(&self, options: Options) -> Planner<'_> {
        Planner {
            pipeline: &self.pipeline,
            recipes: &self.recipes,
            records: &*self.records,
            tracked: &self.tracked,
            options,
            inert: &self.agreement.inert,
        }
    }

    /// The snapshot to plan over.
    pub(super) fn snapshot(&self) -> Snapshot {
        self.snapshot.clone()
    }

    /// What the work tree held of these paths when the film was opened.
    pub(super) fn contents<'p>(
        &self,
        paths: impl IntoIterator<Item = &'p RepoPath>,
    ) -> BTreeMap<RepoPath, Content> {
        let known = |path: &RepoPath| Some((path.clone(), self.work.get(path)?.content()));
        paths.into_iter().filter_map(known).collect()
    }

    /// What the work tree held at a path when the film was opened: content, bytes, and the
    /// generation that it came from.
    pub(super) fn present_at(
        &self,
        path: &RepoPath,
    ) -> Option<(FileId, u64, Option<GenerationId>)> {
        let entry = self.work.get(path)?;
        Some((entry.id, entry.size, entry.made_by))
    }

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
        let content = |tree: &FlatTree, path: &RepoPath| tree.get(path).map(Entry::content);
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

    fn commit(&mut self, author: &Person, message: &str, scope: Scope) -> Result<(), FilmError> {
        let request = CommitRequest {
            author,
            message,
            scope,
            own: &self.own,
            generations: Vec::new(),
        };
        repository::commit(&self.project, &self.world.caller, &request)?;
        self.numbers = None;
        (self.head, self.work, self.edits) = look(&self.project)?;
        self.tracked = tracked(&self.work);
        self.present = Arc::new(Present::of(&self.project, self.work.clone()));
        Ok(())
    }

    /// What the project stands on.
    pub(super) fn stands_on(&self) -> Result<Head, FilmError> {
        Ok(self.project.view()?.1.head.clone())
    }

    /// Plans the whole film.
    ///
    /// # Errors
    /// `Unreadable` names what the system refused to read. What is damaged or malformed is part of
    /// the plan.
    pub fn plan(&self, options: Options) -> Result<Planned, FilmError> {
        let mut snapshot = self.snapshot();
        let clock = self.world.caller.clock;
        let begun = clock.elapsed();
        let items = self.planner(options).plan(&mut snapshot);
        let took = clock.elapsed().saturating_sub(begun);
        self.all_read(Planned {
            items,
            snapshot,
            took,
        })
    }

    /// An answer, if all was read that it is made of.
    ///
    /// # Errors
    /// `Unreadable` names what was not.
    pub(super) fn all_read<T>(&self, answer: T) -> Result<T, FilmError> {
        all_read(&self.records, answer)
    }

    /// Sums up a plan, or the part of it that is selected.
    #[must_use]
    pub(super) fn report(
        &self,
        planned: &Planned,
        selection: &Selection,
        jobs: usize,
    ) -> FilmReport {
        let items: Vec<&Item> = planned.items.iter().collect();
        self.report_on(planned, &items, selection, jobs)
    }

    /// The same, of these items alone.
    fn report_on(
        &self,
        planned: &Planned,
        items: &[&Item],
        selection: &Selection,
        jobs: usize,
    ) -> FilmReport {
        let charges = self.ledger().charges().unwrap_or_else(|error| {
            if matches!(error, spending::LedgerError::Io { .. }) {
                self.records.fail(&error);
            }
            Vec::new()
        });
        let basis = Basis {
            pipeline: &self.pipeline,
            generators: &self.generators,
            records: &*self.records,
            // What is damaged in the ledger is told by whoever is to spend.
            price: &|stage, item| {
                let price = price_of(stage, item, &planned.snapshot);
                spending::expected(&charges, stage, price).unwrap_or(0)
            },
            snapshot: &planned.snapshot,
            times: &self
                .times
                .gauged(self.stages(), &planned.items, planned.took),
            jobs,
            has_edits: self.has_edits(),
        };
        let locks = self.locks(planned).into_values();
        let mut report = FilmReport {
            locked: locks.flat_map(|locks| locks.shots).collect(),
            ..FilmReport::new(&basis, items, selection)
        };
        self.tell_reasons(&mut report, planned, selection);
        report
    }

    /// Whether a run would commit something first.
    pub(super) fn has_edits(&self) -> bool {
        self.numbers.is_some() || !self.edits.files.is_empty()
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
            let cause = item.and_then(|item| explainer.explain(item.path.as_str()));
            row.reason = cause.and_then(|cause| cause.edit());
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
        Ok(Selection::of(&planned.items, &targets, new_take))
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
        let key = self.memo_key(outdated);
        let store = self.project.store();
        if let Some(report) = memo::recall(store, &key).and_then(|known| known.report) {
            return Ok(report);
        }
        let planned = self.plan(Options { outdated })?;
        let report = self.all_read(self.report(&planned, &Selection::all(), jobs))?;
        memo::note(store, key, &report);
        Ok(report)
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
        let planned = self.plan(Options { outdated })?;
        let targets = self.named(&planned, targets)?;
        let named = Selection::named(&planned.items, &targets);
        let needed = Selection::of(&planned.items, &targets, false);
        let of_these = planned
            .items
            .iter()
            .filter(|item| named.contains(&item.path));
        let items: Vec<&Item> = of_these.collect();
        let stale = self.report_on(&planned, &items, &named, cores());
        let refresh = self.report(&planned, &needed, cores());
        self.all_read((stale, refresh))
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
        self.all_read(query::scenes(&self.plan(Options::default())?)?)
    }
}

/// An answer, if all was read that it is made of.
fn all_read<T>(records: &StoreRecords, answer: T) -> Result<T, FilmError> {
    match records.failed() {
        Some(reason) => Err(FilmError::Unreadable(reason.to_owned())),
        None => Ok(answer),
    }
}

/// What the current commit says, and what lies in the work tree as it would be committed.
fn look(project: &Project) -> Result<(Arc<FlatTree>, Arc<FlatTree>, Edits), FilmError> {
    let head = project.view()?.1.head_commit();
    let commit = head
        .map(|id| project.store().get::<Commit>(id))
        .transpose()?;
    let tree = commit.map(|commit| commit.tree);
    let survey = Survey::of_everything(project, tree)?;
    let all = |_: &RepoPath| true;
    let files = survey.edits(&survey.changes(&all), &all)?;
    let head = Arc::new(survey.tracked);
    let mut work = head.clone();
    for (path, entry) in &files {
        let work = Arc::make_mut(&mut work);
        match entry {
            Some(entry) => work.insert(path.clone(), *entry),
            None => work.remove(path),
        };
    }
    Ok((head, work, Edits { tree, files }))
}

fn tracked(work: &FlatTree) -> BTreeMap<RepoPath, Tracked> {
    let tracked = |file: &Entry| {
        let Entry {
            id,
            made_by,
            accepted,
            ..
        } = *file;
        Tracked {
            id,
            made_by,
            accepted,
        }
    };
    work.iter()
        .map(|(path, file)| (path.clone(), tracked(file)))
        .collect()
}

/// `numbers.toml` as the script wants it, if that differs. What was found settled is noted, so
/// that an unchanged script is not gone through again.
pub(super) fn remember(snapshot: &Snapshot, store: &Store) -> Result<Option<String>, FilmError> {
    let key = memory_key(snapshot)?;
    if let Ok(Some(_)) = store.memo_get(&key) {
        return Ok(None);
    }
    let text = match remembered(snapshot, crate::generate::shot_fingerprints(snapshot)) {
        // A script or a bible that cannot be read is told where it is needed.
        Err(ReadError::Broken { .. }) => return Ok(None),
        other => other?,
    };
    if text.is_none() {
        let _ = store.memo_put(&[(key, b"settled".as_slice())]);
    }
    Ok(text)
}

fn memory_key(snapshot: &Snapshot) -> Result<Vec<u8>, FilmError> {
    use crate::pipeline::{CHARACTERS, SCRIPT};
    let mut key = blake3::Hasher::new_derive_key("aiut 2026 numbers settled v1");
    let paths = [SCRIPT, NUMBERS].into_iter().map(str::to_owned);
    let characters = snapshot.under(CHARACTERS).map(ToString::to_string);
    for path in paths.chain(characters) {
        key.update(path.as_bytes()).update(&[0]);
        if let Some(id) = snapshot.file(&path)? {
            key.update(id.as_bytes());
        }
    }
    key.update(snapshot.config_text().as_bytes());
    Ok(key.finalize().as_bytes().to_vec())
}
