//! Commands that change files of the folder, where they are given, and what must be there afterwards.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aiut::base::clock::FixedClock;
use aiut::base::fault::{Step, Watcher, watch};
use aiut::base::lock::Holder;
use aiut::history::{Interrupted, Project};
use aiut::object::OperationId;
use aiut::workflow::progress::Silent;
use aiut::workflow::repository::{
    self as commands, FsckRequest, LogOptions, LogRequest, RepositoryError, Scope, SwitchTarget,
};

use crate::faults::number;
use crate::world::{START, World, caller, files_in, rae};

pub(super) const EIO: i32 = 5;
pub(super) const ENOSPC: i32 = 28;
pub(super) const EINVAL: i32 = 22;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// The step fails with this error of the system.
    Fails(i32),
    /// Neither this step is taken nor any after it, as if the process had ended.
    Ends,
    /// The process ends.
    Aborts,
}

pub(super) const WAYS: [Way; 3] = [Way::Fails(EIO), Way::Fails(ENOSPC), Way::Ends];

/// Stops a process at a step, the first being 0.
pub(super) struct Stopper {
    at: u64,
    way: Way,
    /// On a file system that can exchange two names.
    exchanges: bool,
    reached: AtomicU64,
}

impl Stopper {
    pub(super) fn new(at: u64, way: Way, exchanges: bool) -> Arc<Self> {
        let reached = AtomicU64::new(0);
        Arc::new(Self {
            at,
            way,
            exchanges,
            reached,
        })
    }

    pub(super) fn reached(&self) -> u64 {
        self.reached.load(Ordering::SeqCst)
    }
}

impl Watcher for Stopper {
    fn step(&self, step: &Step<'_>) -> io::Result<()> {
        let number = self.reached.fetch_add(1, Ordering::SeqCst);
        let error = match self.way {
            Way::Fails(error) if number == self.at => error,
            Way::Ends if number >= self.at => EIO,
            Way::Aborts if number == self.at => std::process::abort(),
            _ if !self.exchanges && matches!(step, Step::Exchange { .. }) => EINVAL,
            _ => return Ok(()),
        };
        // A write that fails may have written some of it.
        if let (
            true,
            Step::Write {
                file,
                bytes,
                offset: None,
                ..
            },
        ) = (number == self.at, step)
        {
            let mut file: &std::fs::File = file;
            io::Write::write_all(&mut file, &bytes[..bytes.len() / 2])?;
        }
        Err(io::Error::from_raw_os_error(error))
    }
}

pub(super) type Files = BTreeMap<String, String>;
pub(super) type Act = fn(&Project, &FixedClock) -> Result<(), RepositoryError>;

/// A command, and the folder that it is given in.
pub(super) struct Scene {
    pub(super) name: &'static str,
    pub(super) set: fn(&World),
    pub(super) act: Act,
    /// What takes it back.
    pub(super) back: Act,
}

fn switch(
    project: &Project,
    clock: &FixedClock,
    to: &str,
    discard: bool,
) -> Result<(), RepositoryError> {
    let target = SwitchTarget::Timeline(to);
    commands::switch(project, &caller(clock, "switch"), target, discard).map(drop)
}

fn undo(project: &Project, clock: &FixedClock) -> Result<(), RepositoryError> {
    commands::undo(project, &caller(clock, "undo")).map(drop)
}

fn redo(project: &Project, clock: &FixedClock) -> Result<(), RepositoryError> {
    commands::redo(project, &caller(clock, "redo")).map(drop)
}

fn restore(project: &Project, clock: &FixedClock, from: &str) -> Result<(), RepositoryError> {
    let caller = caller(clock, "restore");
    commands::restore(project, &caller, &Scope::all(), Some(from)).map(drop)
}

/// Text of some blocks.
pub(super) fn long(text: &str) -> String {
    text.repeat(3_000)
}

/// Timelines `main` and `b`, each of which has one commit more than their first; on `b`.
pub(super) fn two_timelines() -> World {
    let world = World::new();
    world.write("same", "as ever");
    world.commit("First");
    for (path, text) in [
        ("take", "a file"),
        ("dir/deep/x", "x"),
        ("dir/y", "y"),
        ("Foo", "upper"),
        ("\u{e9}.txt", "composed"),
        ("plain", "one"),
        ("gone", "gone"),
        ("folder/a", "a"),
    ] {
        world.write(path, text);
    }
    world.write("long", &long("one "));
    world.commit("One");
    world.fork("b");
    for path in ["take", "dir", "Foo", "\u{e9}.txt", "gone"] {
        let path = world.at(path);
        std::fs::remove_file(&path)
            .or_else(|_| std::fs::remove_dir_all(&path))
            .unwrap();
    }
    for (path, text) in [
        ("take/inner.txt", "inner"),
        ("dir", "a file now"),
        ("foo", "lower"),
        ("e\u{301}.txt", "decomposed"),
        ("plain", "two"),
        ("new/nest/a", "a"),
        ("folder/b", "b"),
    ] {
        world.write(path, text);
    }
    world.write("long", &long("two "));
    world.commit("Two");
    world
}

/// What is in no commit; each but the last stands where files change.
pub(super) const UNCOMMITTED: [(&str, &str); 5] = [
    ("take/inner.txt", "an edit of inner"),
    ("dir", "an edit of dir"),
    ("plain", "an edit of plain"),
    ("foo", "an edit of foo"),
    ("mine", "nobody else's"),
];

pub(super) fn edit(world: &World) {
    UNCOMMITTED
        .iter()
        .for_each(|(path, text)| world.write(path, text));
}

pub(super) const SCENES: [Scene; 8] = [
    Scene {
        name: "restore --from HEAD~1 over edits",
        set: edit,
        act: |project, clock| restore(project, clock, "HEAD~1"),
        back: undo,
    },
    Scene {
        name: "restore over edits",
        set: edit,
        act: |project, clock| restore(project, clock, "HEAD"),
        back: undo,
    },
    Scene {
        name: "switch",
        set: |world| world.write("mine", "nobody else's"),
        act: |project, clock| switch(project, clock, "main", false),
        back: undo,
    },
    Scene {
        name: "switch the other way",
        set: |world| {
            world.switch("main").unwrap();
            world.write("same", "not committed");
        },
        act: |project, clock| switch(project, clock, "b", false),
        back: undo,
    },
    Scene {
        name: "switch --discard",
        set: edit,
        act: |project, clock| switch(project, clock, "main", true),
        back: undo,
    },
    Scene {
        name: "undo",
        set: |world| {
            edit(world);
            restore(&world.project, &world.clock, "HEAD~1").unwrap();
        },
        act: undo,
        back: redo,
    },
    Scene {
        name: "revert",
        set: |world| world.write("mine", "nobody else's"),
        act: |project, clock| {
            let caller = caller(clock, "revert");
            commands::revert(project, &caller, &rae(), "HEAD", None, None, &()).map(drop)
        },
        back: undo,
    },
    Scene {
        name: "cherry-pick",
        set: |world| {
            world.switch("main").unwrap();
            world.write("mine", "nobody else's");
        },
        act: |project, clock| {
            let caller = caller(clock, "cherry-pick");
            commands::cherry_pick(project, &caller, &["b".to_owned()], None, &()).map(drop)
        },
        back: undo,
    },
];

/// A folder with a project in it, to be copied.
pub(super) struct Stage {
    pub(super) scene: &'static Scene,
    pub(super) folder: tempfile::TempDir,
    pub(super) operation: Option<OperationId>,
    pub(super) before: Files,
    pub(super) after: Files,
    /// Of the command.
    pub(super) steps: u64,
    pub(super) exchanges: bool,
}

pub(super) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(std::fs::copy(entry.path(), to).unwrap()),
        }
    }
}

/// A copy, in memory where that can be: what is synced there is not waited for.
pub(super) fn copied(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
    let to = to.unwrap();
    copy(from, to.path());
    to
}

/// The time of day of each command.
pub(super) fn clock() -> FixedClock {
    FixedClock::starting_at(START + 86_400)
}

impl Stage {
    pub(super) fn of(scene: &'static Scene, exchanges: bool) -> Self {
        let world = two_timelines();
        (scene.set)(&world);
        let operation = world.project.view().unwrap().0;
        let World {
            folder, project, ..
        } = world;
        drop(project);
        let before = files_in(folder.path());
        let done = copied(folder.path());
        let counter = Stopper::new(u64::MAX, Way::Ends, exchanges);
        let project = Project::open(done.path()).unwrap();
        watch(Some(counter.clone()));
        (scene.act)(&project, &clock()).unwrap();
        watch(None);
        let after = files_in(done.path());
        assert_ne!(before, after);
        Self {
            scene,
            folder,
            operation,
            before,
            after,
            steps: counter.reached(),
            exchanges,
        }
    }

    /// The folder after the command was stopped at a step, and whether it said that it was done.
    pub(super) fn stopped(&self, at: u64, way: Way) -> (tempfile::TempDir, bool) {
        let folder = copied(self.folder.path());
        let project = Project::open(folder.path()).unwrap();
        watch(Some(Stopper::new(at, way, self.exchanges)));
        let done = (self.scene.act)(&project, &clock());
        watch(None);
        (folder, done.is_ok())
    }

    /// What must hold once nothing is stopped any more: all of the command has happened or nothing,
    /// it can be done and taken back, and all is sound.
    pub(super) fn check(&self, folder: &Path, is_done: bool) -> Result<(), String> {
        let said = |error: RepositoryError| error.to_string();
        let project = Project::open(folder).map_err(|error| error.to_string())?;
        if project.interrupted() != Interrupted::default() {
            return Err(format!("{:?}", project.interrupted()));
        }
        read(&project)?;
        let published = project.view().unwrap().0 != self.operation;
        if is_done && !published {
            return Err("it was done, and has not happened".to_owned());
        }
        let (is, is_to_be) = (files_in(folder), [&self.before, &self.after]);
        same(&is, is_to_be[usize::from(published)])?;
        if !published {
            (self.scene.act)(&project, &clock()).map_err(said)?;
            same(&files_in(folder), &self.after)?;
        }
        (self.scene.back)(&project, &clock()).map_err(said)?;
        same(&files_in(folder), &self.before)?;
        drop(project);
        is_sound(folder)?;
        let left = ["staging", "checkout"].map(|name| folder.join(".aiut").join(name).exists());
        match left {
            [false, false] => Ok(()),
            left => Err(format!("staging and journal are left: {left:?}")),
        }
    }
}

pub(super) fn same(is: &Files, is_to_be: &Files) -> Result<(), String> {
    if is == is_to_be {
        return Ok(());
    }
    let short = |files: &Files, others: &Files| {
        let other = files
            .iter()
            .filter(|(path, text)| others.get(*path) != Some(text));
        let other = other.map(|(path, text)| format!("{path}: {:.20}", text));
        other.collect::<Vec<_>>()
    };
    Err(format!(
        "there is {:?}, not {:?}",
        short(is, is_to_be),
        short(is_to_be, is)
    ))
}

pub(super) fn is_sound(folder: &Path) -> Result<(), String> {
    let request = FsckRequest {
        data: true,
        repair: false,
    };
    let report = commands::fsck(folder, &Holder::default(), request, &Silent);
    let report = report.map_err(|error| error.to_string())?;
    match report.is_sound() {
        true => Ok(()),
        false => Err(format!("{:?}", report.findings)),
    }
}

/// What only reads works, whatever is half done.
pub(super) fn read(project: &Project) -> Result<(), String> {
    let said = |error: RepositoryError| format!("reading: {error}");
    commands::status(project, &Scope::all()).map_err(said)?;
    let now = aiut::base::clock::Clock::now(&clock());
    let request = LogRequest {
        spans: &[],
        scope: Scope::all(),
        limit: usize::MAX,
        now,
        options: LogOptions::default(),
    };
    commands::log(project, &request).map_err(said)?;
    let mut bytes = Vec::new();
    let bytes = commands::cat(project, "HEAD:plain", now, None, &mut bytes);
    bytes.map(drop).map_err(said)
}

/// Of so many steps, those that are tried.
pub(super) fn chosen(steps: u64) -> impl Iterator<Item = u64> {
    every(number("AIUT_STRIDE", 4), steps)
}

/// Of so many steps, those at which a process ends that is then followed by many others.
pub(super) fn few(steps: u64) -> impl Iterator<Item = u64> {
    let stride = number("AIUT_STRIDE", 4);
    every(if stride == 1 { 1 } else { 3 * stride }, steps)
}

pub(super) fn every(stride: u64, steps: u64) -> impl Iterator<Item = u64> {
    (number("AIUT_SEED", 1) % stride..steps).step_by(stride as usize)
}

pub(super) fn stages() -> impl Iterator<Item = Stage> {
    // Where names cannot be exchanged is tried with one command that changes a file of each kind.
    let plain = SCENES.iter().map(|scene| (scene, true));
    let stages = plain.chain([(&SCENES[0], false), (&SCENES[5], false)]);
    stages.map(|(scene, exchanges)| Stage::of(scene, exchanges))
}
