//! A film, opened: its work tree, stages, past and configuration, ready to be planned.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use super::FilmError;
use super::configuration::{check_generators, configuration, stages};
use super::generate::cores;
use super::kept::LastPlan;
use super::own::{Numbers, remember};
use super::present::Present;
use super::records::StoreRecords;
use super::times::Times;
use super::trust::Agreement;
use crate::film::rate::FrameRate;
use crate::generate::{Generators, builtin};
use crate::history::{Caller, FileEntry, FlatTree, Project, Survey, apply_edits};
use crate::object::{Commit, FileId, GenerationId, Head, RepoPath, TreeId};
use crate::pipeline::{
    Kept, NUMBERS, Options, Parsed, Pipeline, Planner, Recipes, SCRIPT, Slot, Snapshot, Stage,
    Tracked,
};
use crate::workflow::repository::Edits;
use crate::workflow::settings::{Budget, PROJECT_FILE, ProjectConfig};
use crate::workflow::spending::Ledger;
use crate::workflow::trust::TrustFile;
use crate::worktree::Content;

/// What a film needs of the world around it.
#[derive(Clone)]
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
    pub(super) head: Arc<FlatTree>,
    /// What lies in the work tree, as it would be committed.
    pub(super) work: Arc<FlatTree>,
    /// How the one differs from the other.
    pub(super) edits: Edits,
    /// The same, as the planner wants it.
    pub(super) tracked: BTreeMap<RepoPath, Tracked>,
    /// Where the work tree holds which content.
    pub(super) present: Arc<Present>,
    /// `numbers.toml` as the script wants it, if that differs from the file.
    pub(super) numbers: Option<String>,
    /// The same for whatever is committed.
    pub(super) own: Numbers,
    /// What the project would run, and whether it may.
    pub(super) agreement: Agreement,
    /// Stages that may not run now, each with the reason: a command that nobody agreed to, something that
    /// nobody approved yet.
    pub(super) held: BTreeMap<String, String>,
    /// What may be spent.
    pub(super) budget: Budget,
    /// What work takes here.
    pub(super) times: Times,
    /// The plan that was last found or made.
    pub(super) last_plan: LastPlan,
    recipes: Recipes,
    pub(super) snapshot: Snapshot,
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
        let looked = look(&project)?;
        Self::over(project, config, world, looked)
    }

    /// Opens the film as it would be if the folder held these files, all of them stored: to be planned,
    /// not to be made. Where they are a stored tree, that is named, and [`Self::answer`] can remember what is
    /// said of it.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub(super) fn supposed(
        project: Arc<Project>,
        config: &ProjectConfig,
        world: World<'a>,
        files: FlatTree,
        tree: Option<TreeId>,
    ) -> Result<Self, FilmError> {
        let files = Arc::new(files);
        let edits = Edits {
            tree,
            files: BTreeMap::new(),
        };
        Self::over(project, config, world, (files.clone(), files, edits))
    }

    fn over(
        project: Arc<Project>,
        config: &ProjectConfig,
        world: World<'a>,
        (head, work, edits): (Arc<FlatTree>, Arc<FlatTree>, Edits),
    ) -> Result<Self, FilmError> {
        let pipeline = stages(config)?;
        let generators = builtin();
        check_generators(config, &pipeline, &generators)?;
        if let Some(file) = work.get(PROJECT_FILE)
            && file.conflict.is_some()
        {
            return Err(FilmError::Broken(format!(
                "{PROJECT_FILE} is in conflict; `aiut resolve {PROJECT_FILE}` shows both versions"
            )));
        }
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
            pipeline.layout().clone(),
            records.clone(),
            Arc::new(Parsed::default()),
        );
        // After an edit the film is planned from the last plan, and told what the script was before.
        let was = head.get(SCRIPT).map(|entry| entry.id);
        let meanwhile = || {
            let last_plan = LastPlan::prepared(project.store());
            if let Some(was) = was.filter(|was| snapshot.file(SCRIPT).ok().flatten() != Some(*was))
            {
                let present = Arc::new(Present::of(&project, head.clone()));
                let records = StoreRecords::new(project.clone(), head.clone(), present);
                snapshot.parse_ahead(&was, Arc::new(records));
            }
            last_plan
        };
        let (numbers, last_plan) = remember(&snapshot, project.store(), meanwhile)?;
        if let Some(text) = &numbers {
            let id = snapshot.keep(text.clone().into_bytes());
            let path = RepoPath::new(NUMBERS).expect("a safe name");
            snapshot.place(path, Slot::Known(id));
        }
        // The numbers follow from the script as it stands; what else reads it waits.
        for (path, _) in work.iter().filter(|(_, entry)| entry.conflict.is_some()) {
            snapshot.place(path.clone(), Slot::InConflict);
        }
        let own = Numbers::of(project.clone(), config, &pipeline);
        let recipes = generators.recipes();
        let host = &world.caller.holder.host;
        let times = Times::load(
            project.tree().own(),
            world.times.as_deref(),
            host,
            cores(),
            generators.estimates(),
        );
        let agreement = Agreement::find(&project, &pipeline, &snapshot, &world);
        all_read(&records, ())?;
        let mut session = Self {
            held: agreement.inert.clone(),
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
            last_plan,
            recipes,
            snapshot,
        };
        // A command that may not run may not either where it was approved.
        for (stage, why) in session.unapproved()? {
            session.held.entry(stage).or_insert(why);
        }
        Ok(session)
    }

    /// The project that the film is.
    #[must_use]
    pub fn project(&self) -> &Project {
        &self.project
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

    /// Plans with what `kept` remembers.
    pub(super) fn planner<'p>(&'p self, options: Options, kept: Option<&'p Kept>) -> Planner<'p> {
        Planner {
            pipeline: &self.pipeline,
            recipes: &self.recipes,
            records: &*self.records,
            tracked: &self.tracked,
            options,
            inert: &self.held,
            kept,
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

    /// What the project stands on.
    pub(super) fn stands_on(&self) -> Result<Head, FilmError> {
        Ok(self.project.view()?.1.head().clone())
    }

    /// Whether a run would commit something first.
    pub(super) fn has_edits(&self) -> bool {
        self.numbers.is_some() || !self.edits.files.is_empty()
    }

    /// An answer, if all was read that it is made of.
    ///
    /// # Errors
    /// `Unread` names what was not.
    pub(super) fn all_read<T>(&self, answer: T) -> Result<T, FilmError> {
        all_read(&self.records, answer)
    }
}

/// An answer, if all was read that it is made of.
fn all_read<T>(records: &StoreRecords, answer: T) -> Result<T, FilmError> {
    match records.failed() {
        Some(unread) => Err(unread.clone().into()),
        None => Ok(answer),
    }
}

/// What the current commit says, and what lies in the work tree as it would be committed.
pub(super) fn look(project: &Project) -> Result<(Arc<FlatTree>, Arc<FlatTree>, Edits), FilmError> {
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
    if !files.is_empty() {
        apply_edits(Arc::make_mut(&mut work), &files);
    }
    Ok((head, work, Edits { tree, files }))
}

pub(super) fn tracked(work: &FlatTree) -> BTreeMap<RepoPath, Tracked> {
    let tracked = |file: &FileEntry| {
        let FileEntry {
            id,
            made_by,
            accepted,
            conflict,
            ..
        } = *file;
        Tracked {
            id,
            made_by,
            accepted,
            in_conflict: conflict.is_some(),
        }
    };
    work.iter()
        .map(|(path, file)| (path.clone(), tracked(file)))
        .collect()
}
