//! A project in a temporary folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aiut::base::clock::{Clock, FixedClock, Timestamp};
use aiut::base::lock::Holder;
use aiut::history::{Caller, Project};
use aiut::object::{Action, CommitId, FileId, Generation, GenerationId, Output, Person, RepoPath};
use aiut::workflow::repository::{
    self as commands, CommitOutcome, CommitRequest, GeneratedEntry, GeneratedRequest,
    RepositoryError, Scope, SwitchTarget,
};

/// 2026-11-20 12:00:00 UTC.
pub(crate) const START: i64 = 1_795_176_000;

pub(crate) struct World {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) project: Project,
}

pub(crate) fn path(text: &str) -> RepoPath {
    RepoPath::new(text).unwrap()
}

pub(crate) fn rae() -> Person {
    Person {
        name: "Rae".into(),
        email: "rae@example.org".into(),
    }
}

pub(crate) fn caller<'c>(clock: &'c dyn Clock, command: &str) -> Caller<'c> {
    let holder = Holder {
        user: "rae".into(),
        host: "stage".into(),
        command: format!("aiut {command}"),
    };
    Caller {
        holder,
        clock,
        aftermath: aiut::history::Aftermath::default(),
        guard: std::sync::Arc::new(()),
    }
}

impl World {
    /// A new project without a commit.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::starting_at(START));
        let project = commands::init(
            folder.path(),
            &caller(&*clock, "init"),
            aiut::object::ProjectId::random(),
        )
        .unwrap()
        .0;
        Self {
            folder,
            clock,
            project,
        }
    }

    /// A project with these files committed.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let world = Self::new();
        for (path, text) in files {
            world.write(path, text);
        }
        world.commit("Begin");
        world
    }

    pub(crate) fn caller(&self, command: &str) -> Caller<'_> {
        caller(&*self.clock, command)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.at(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.at(path)).unwrap()
    }

    pub(crate) fn remove(&self, path: &str) {
        std::fs::remove_file(self.at(path)).unwrap();
    }

    /// Every file in the folder but aiut's own, with its text.
    pub(crate) fn files(&self) -> BTreeMap<String, String> {
        files_in(self.folder.path())
    }

    /// The folder as it should be found.
    pub(crate) fn assert_files(&self, expected: &[(&str, &str)]) {
        let expected: BTreeMap<_, _> = expected
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect();
        assert_eq!(self.files(), expected);
    }

    pub(crate) fn try_commit(
        &self,
        message: &str,
        scope: &[&str],
    ) -> Result<CommitOutcome, RepositoryError> {
        let scope = if scope.is_empty() {
            Scope::all()
        } else {
            Scope::of(scope.iter().map(|text| path(text)).collect())
        };
        let author = rae();
        let request = CommitRequest {
            author: &author,
            message,
            scope,
            own: &(),
            generations: vec![],
        };
        commands::commit(&self.project, &self.caller("commit"), &request)
    }

    /// Commits everything; there must be something to commit.
    pub(crate) fn commit(&self, message: &str) -> CommitId {
        self.try_commit(message, &[])
            .unwrap()
            .commit
            .expect("something to commit")
            .id
    }

    pub(crate) fn switch(&self, name: &str) -> Result<(), RepositoryError> {
        let target = SwitchTarget::Timeline(name);
        commands::switch(&self.project, &self.caller("switch"), target, false).map(drop)
    }

    pub(crate) fn fork(&self, name: &str) {
        let target = SwitchTarget::New { name, start: None };
        commands::switch(&self.project, &self.caller("switch -c"), target, false).unwrap();
    }

    pub(crate) fn undo(&self) -> Result<(), RepositoryError> {
        commands::undo(&self.project, &self.caller("undo")).map(drop)
    }

    pub(crate) fn redo(&self) -> Result<(), RepositoryError> {
        commands::redo(&self.project, &self.caller("redo")).map(drop)
    }

    /// `A added`, `M modified`, `D deleted`, `R from -> to`, a line each.
    pub(crate) fn status(&self) -> Vec<String> {
        let changes = commands::status(&self.project, &Scope::all())
            .unwrap()
            .changes;
        let mark = |mark: &'static str, paths: Vec<RepoPath>| {
            paths.into_iter().map(move |path| format!("{mark} {path}"))
        };
        let renamed = changes.renamed.into_iter();
        mark("A", changes.added)
            .chain(mark("M", changes.modified))
            .chain(mark("D", changes.deleted))
            .chain(renamed.map(|renamed| format!("R {} -> {}", renamed.from, renamed.to)))
            .collect()
    }

    pub(crate) fn head(&self) -> Option<CommitId> {
        self.project.view().unwrap().1.head_commit()
    }

    pub(crate) fn cat(&self, revision: &str) -> Result<String, RepositoryError> {
        let mut bytes = Vec::new();
        commands::cat(&self.project, revision, self.now(), None, &mut bytes)?;
        Ok(String::from_utf8(bytes).unwrap())
    }

    pub(crate) fn subjects(&self) -> Vec<String> {
        let request = commands::LogRequest {
            spans: &[],
            scope: Scope::all(),
            limit: usize::MAX,
            now: self.now(),
            options: commands::LogOptions::default(),
        };
        let log = commands::log(&self.project, &request).unwrap();
        log.into_iter().map(|entry| entry.commit.subject).collect()
    }
}

pub(crate) fn files_in(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            if name == ".aiut" {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(name, std::fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}

/// Bytes that do not shrink, of some frame.
pub(crate) fn frame(n: u64) -> Vec<u8> {
    let mut bytes = vec![0; 20_000];
    let mut hasher = blake3::Hasher::new();
    hasher
        .update(&n.to_le_bytes())
        .finalize_xof()
        .fill(&mut bytes);
    bytes
}

/// Generates a take of `frames/1.png` that cost $0.25, and commits it.
pub(crate) fn generate(world: &World, n: u64) -> GenerationId {
    let store = world.project.store();
    let stored = store.put_file_bytes(&frame(n)).unwrap();
    let action = Action {
        schema: 1,
        stage: "frames".into(),
        item: "1".into(),
        generator: "panel".into(),
        version: "1".into(),
        parameters: BTreeMap::new(),
        reads: BTreeMap::new(),
    };
    let at = path("frames/1.png");
    let generation = store
        .put(&Generation {
            action: store.put(&action).unwrap(),
            outputs: vec![Output {
                path: at.clone(),
                id: stored.id,
                size: stored.size,
            }],
            request: Some(store.put_file_bytes(&frame(1_000 + n)).unwrap().id),
            answer: None,
            model: None,
            seed: Some(n),
            cost_micro_usd: 250_000,
            started_ms: 0,
            finished_ms: n as i64,
            tools: BTreeMap::new(),
            inputs: BTreeMap::new(),
        })
        .unwrap();
    let view = world.project.view().unwrap().1;
    let (author, head) = (rae(), view.head().clone());
    let planned = std::fs::read(world.at("frames/1.png")).ok();
    let entry = GeneratedEntry {
        path: at,
        planned: planned.map(|bytes| FileId::of(&bytes)),
        id: Some(stored.id),
        made_by: Some(generation),
    };
    let request = GeneratedRequest {
        author: &author,
        message: &|_| "Generate frames".into(),
        head: &head,
        entries: &[entry],
    };
    commands::commit_generated(&world.project, &world.caller("generate"), &request).unwrap();
    generation
}

/// Operations that change nothing but a timeline, a second apart.
pub(crate) fn idle(world: &World, number: usize) {
    // A timeline needs a commit to stand on.
    if world.head().is_none() {
        world.write("idle", "idle");
        world.commit("Idle");
    }
    for n in 0..number {
        let name = format!("idle-{n}");
        let caller = world.caller("branch");
        commands::create_timeline(&world.project, &caller, &name, "HEAD").unwrap();
        commands::delete_timelines(&world.project, &caller, &[name], true).unwrap();
    }
}
