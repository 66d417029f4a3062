//! Each step of a command that changes files of the folder fails once, or is the last that its
//! process takes; then the same for each step of putting back what it left.
//!
//! The names change kind, nest, and differ in case and in normalisation alone, and some of the files
//! hold what is in no commit.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use aiut::base::clock::FixedClock;
use aiut::base::fault::{Step, Watcher, watch};
use aiut::base::lock::Holder;
use aiut::history::{HistoryError, Interrupted, Project};
use aiut::object::OperationId;
use aiut::workflow::progress::Silent;
use aiut::workflow::repository::{
    self as commands, FsckRequest, LogOptions, LogRequest, RepositoryError, Scope, SwitchTarget,
};

use super::{alone, number, seed};
use crate::world::{START, World, caller, files_in, rae};

const EIO: i32 = 5;
const ENOSPC: i32 = 28;
const EINVAL: i32 = 22;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The step fails with this error of the system.
    Fails(i32),
    /// Neither this step is taken nor any after it, as if the process had ended.
    Ends,
    /// The process ends.
    Aborts,
}

const WAYS: [Way; 3] = [Way::Fails(EIO), Way::Fails(ENOSPC), Way::Ends];

/// Stops a process at a step, the first being 0.
struct Stopper {
    at: u64,
    way: Way,
    /// On a file system that can exchange two names.
    exchanges: bool,
    reached: AtomicU64,
}

impl Stopper {
    fn new(at: u64, way: Way, exchanges: bool) -> Arc<Self> {
        let reached = AtomicU64::new(0);
        Arc::new(Self {
            at,
            way,
            exchanges,
            reached,
        })
    }

    fn reached(&self) -> u64 {
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

type Files = BTreeMap<String, String>;
type Act = fn(&Project, &FixedClock) -> Result<(), RepositoryError>;

/// A command, and the folder that it is given in.
struct Scene {
    name: &'static str,
    set: fn(&World),
    act: Act,
    /// What takes it back.
    back: Act,
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
fn long(text: &str) -> String {
    text.repeat(3_000)
}

/// Timelines `main` and `b`, each of which has one commit more than their first; on `b`.
fn two_timelines() -> World {
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
const UNCOMMITTED: [(&str, &str); 5] = [
    ("take/inner.txt", "an edit of inner"),
    ("dir", "an edit of dir"),
    ("plain", "an edit of plain"),
    ("foo", "an edit of foo"),
    ("mine", "nobody else's"),
];

fn edit(world: &World) {
    UNCOMMITTED
        .iter()
        .for_each(|(path, text)| world.write(path, text));
}

const SCENES: [Scene; 8] = [
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
struct Stage {
    scene: &'static Scene,
    folder: tempfile::TempDir,
    operation: Option<OperationId>,
    before: Files,
    after: Files,
    /// Of the command.
    steps: u64,
    exchanges: bool,
}

fn copy(from: &Path, to: &Path) {
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
fn copied(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
    let to = to.unwrap();
    copy(from, to.path());
    to
}

/// The time of day of each command.
fn clock() -> FixedClock {
    FixedClock::starting_at(START + 86_400)
}

impl Stage {
    fn of(scene: &'static Scene, exchanges: bool) -> Self {
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
    fn stopped(&self, at: u64, way: Way) -> (tempfile::TempDir, bool) {
        let folder = copied(self.folder.path());
        let project = Project::open(folder.path()).unwrap();
        watch(Some(Stopper::new(at, way, self.exchanges)));
        let done = (self.scene.act)(&project, &clock());
        watch(None);
        (folder, done.is_ok())
    }

    /// What must hold once nothing is stopped any more: all of the command has happened or nothing,
    /// it can be done and taken back, and all is sound.
    fn check(&self, folder: &Path, is_done: bool) -> Result<(), String> {
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

fn same(is: &Files, is_to_be: &Files) -> Result<(), String> {
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

fn is_sound(folder: &Path) -> Result<(), String> {
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
fn read(project: &Project) -> Result<(), String> {
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
fn chosen(steps: u64) -> impl Iterator<Item = u64> {
    every(number("AIUT_STRIDE", 4), steps)
}

/// Of so many steps, those at which a process ends that is then followed by many others.
fn few(steps: u64) -> impl Iterator<Item = u64> {
    let stride = number("AIUT_STRIDE", 4);
    every(if stride == 1 { 1 } else { 3 * stride }, steps)
}

fn every(stride: u64, steps: u64) -> impl Iterator<Item = u64> {
    (number("AIUT_SEED", 1) % stride..steps).step_by(stride as usize)
}

fn stages() -> impl Iterator<Item = Stage> {
    // Where names cannot be exchanged is tried with one command that changes a file of each kind.
    let plain = SCENES.iter().map(|scene| (scene, true));
    let stages = plain.chain([(&SCENES[0], false), (&SCENES[5], false)]);
    stages.map(|(scene, exchanges)| Stage::of(scene, exchanges))
}

#[test]
fn a_checkout_that_fails_or_ends_at_any_step_has_happened_or_not() {
    let _alone = alone();
    seed();
    let (mut failures, mut cases) = (Vec::new(), 0);
    for stage in stages() {
        for (at, way) in chosen(stage.steps).flat_map(|at| WAYS.map(|way| (at, way))) {
            cases += 1;
            let (folder, is_done) = stage.stopped(at, way);
            let mut fault = stage.check(folder.path(), is_done).err();
            if !is_done && way != Way::Ends && fault.is_none() {
                // Whoever lives on puts back what it did, before it says that it failed.
                let (folder, _) = stage.stopped(at, way);
                fault = same(&files_in(folder.path()), &stage.before).err();
            }
            let of = |what| {
                format!(
                    "{}, {way:?} at {at} of {}: {what}",
                    stage.scene.name, stage.steps
                )
            };
            failures.extend(fault.map(of));
        }
    }
    println!("{cases} cases");
    assert_eq!(failures, Vec::<String>::new());
}

#[test]
fn a_command_that_cannot_put_back_what_it_changed_says_so() {
    let _alone = alone();
    let stage = Stage::of(&SCENES[2], true);
    let mut told = 0;
    for at in 0..stage.steps {
        let folder = copied(stage.folder.path());
        let project = Project::open(folder.path()).unwrap();
        watch(Some(Stopper::new(at, Way::Ends, true)));
        let done = (stage.scene.act)(&project, &clock());
        watch(None);
        let is_left = folder.path().join(".aiut/checkout").exists();
        let Err(error) = done else { continue };
        let text = error.to_string();
        let says = text.contains("cannot be put back yet") || text.contains("look before you do");
        assert!(
            says || !is_left || files_in(folder.path()) == stage.before,
            "{at}: {text}"
        );
        told += usize::from(is_left && says);
    }
    assert!(told > 0);
}

/// Set for a process that is to end at a step: the folder, which scene, and which step.
const VICTIM: [&str; 3] = ["AIUT_TEST_VICTIM", "AIUT_TEST_SCENE", "AIUT_TEST_STEP"];

/// Not a test but the process that the next one starts.
#[test]
#[ignore = "not a test: the other process of one"]
fn victim() {
    let Ok(folder) = std::env::var(VICTIM[0]) else {
        return;
    };
    let scene = &SCENES[number(VICTIM[1], 0) as usize];
    let project = Project::open(Path::new(&folder)).unwrap();
    watch(Some(Stopper::new(number(VICTIM[2], 0), Way::Aborts, true)));
    (scene.act)(&project, &clock()).unwrap();
}

#[test]
fn a_process_that_ends_in_a_checkout_leaves_all_of_it_or_nothing() {
    let _alone = alone();
    seed();
    let mut cases = 0;
    for (number, scene) in SCENES.iter().enumerate() {
        let stage = Stage::of(scene, true);
        for at in few(stage.steps) {
            cases += 1;
            let folder = copied(stage.folder.path());
            let ended = std::process::Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "faults::checkout::victim", "--ignored"])
                .env(VICTIM[0], folder.path())
                .env(VICTIM[1], number.to_string())
                .env(VICTIM[2], at.to_string())
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .status();
            let ended = ended.unwrap();
            assert!(
                !ended.success(),
                "{}: step {at} was not reached",
                scene.name
            );
            stage
                .check(folder.path(), false)
                .unwrap_or_else(|what| panic!("{}, killed at {at}: {what}", scene.name));
        }
    }
    println!("{cases} cases");
}

#[test]
fn putting_back_may_itself_fail_or_end_at_any_step() {
    let _alone = alone();
    seed();
    let (mut failures, mut cases) = (Vec::new(), 0);
    for stage in stages() {
        for at in few(stage.steps) {
            let (left, is_done) = stage.stopped(at, Way::Ends);
            let counter = Stopper::new(u64::MAX, Way::Ends, stage.exchanges);
            let whole = copied(left.path());
            watch(Some(counter.clone()));
            drop(Project::open(whole.path()).unwrap());
            watch(None);
            let again = chosen(counter.reached()).flat_map(|at| WAYS.map(|way| (at, way)));
            for (then, way) in again {
                cases += 1;
                let folder = copied(left.path());
                watch(Some(Stopper::new(then, way, stage.exchanges)));
                let fault = half_put_back(folder.path());
                watch(None);
                let fault = fault.and_then(|()| stage.check(folder.path(), is_done));
                let of = |what| {
                    let (name, steps) = (stage.scene.name, stage.steps);
                    format!("{name}, ended at {at} of {steps}, then {way:?} at {then}: {what}")
                };
                failures.extend(fault.err().map(of));
            }
        }
    }
    println!("{cases} cases");
    assert_eq!(failures, Vec::<String>::new());
}

/// A project that cannot be put back can be read, and says why nothing else is done.
fn half_put_back(folder: &Path) -> Result<(), String> {
    let project = match Project::open(folder) {
        Ok(project) => project,
        // The store was behind, too, and could not be brought up to date.
        Err(HistoryError::Store(_)) => return Ok(()),
        Err(error) => return Err(format!("open: {error}")),
    };
    read(&project)?;
    if project.interrupted().pending.is_none() {
        return Ok(());
    }
    match project.transaction(&caller(&clock(), "commit")) {
        Ok(_) | Err(HistoryError::NotPutBack(_)) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

/// What somebody does in the folder after a command died and before the next.
fn meddle(root: &Path, path: &str, folder: bool) -> bool {
    let at = root.join(path);
    let file = if folder { at.join("theirs") } else { at };
    let made = std::fs::create_dir_all(file.parent().unwrap());
    made.and_then(|()| std::fs::write(&file, "typed meanwhile"))
        .is_ok()
}

/// The paths that somebody types at.
const TYPED: [&str; 7] = [
    "take",
    "take/inner.txt",
    "dir",
    "dir/y",
    "plain",
    "foo",
    "new/nest/a",
];

/// Somebody who saves a file just before a step is taken.
struct Typist {
    at: u64,
    file: std::path::PathBuf,
    /// Over the old bytes, not by a new file that is moved there.
    in_place: bool,
    exchanges: bool,
    reached: AtomicU64,
    /// Whether it was saved, and what it was written over.
    typed: Mutex<Option<Option<String>>>,
}

impl Typist {
    fn save(&self) -> io::Result<()> {
        let was = std::fs::read_to_string(&self.file).ok();
        if self.file.is_dir() || !self.file.parent().is_some_and(Path::is_dir) {
            return Ok(());
        }
        if self.in_place {
            std::fs::write(&self.file, "typed meanwhile")?;
        } else {
            let new = self.file.with_extension("new~");
            std::fs::write(&new, "typed meanwhile")?;
            std::fs::rename(new, &self.file)?;
        }
        *self.typed.lock().unwrap() = Some(was);
        Ok(())
    }
}

impl Watcher for Typist {
    fn step(&self, step: &Step<'_>) -> io::Result<()> {
        if self.reached.fetch_add(1, Ordering::SeqCst) == self.at {
            self.save().unwrap();
        }
        match step {
            Step::Exchange { .. } if !self.exchanges => Err(io::Error::from_raw_os_error(EINVAL)),
            _ => Ok(()),
        }
    }
}

#[test]
fn what_is_typed_while_a_command_is_put_back_stays_or_is_kept_beside() {
    let _alone = alone();
    seed();
    let (mut failures, mut cases, mut beside) = (Vec::new(), 0, 0);
    for stage in stages() {
        for at in few(stage.steps) {
            let (left, _) = stage.stopped(at, Way::Ends);
            let counter = Stopper::new(u64::MAX, Way::Ends, stage.exchanges);
            let whole = copied(left.path());
            watch(Some(counter.clone()));
            drop(Project::open(whole.path()).unwrap());
            watch(None);
            for (then, path) in chosen(counter.reached()).flat_map(|at| TYPED.map(|p| (at, p))) {
                let root = copied(left.path());
                let typist = Arc::new(Typist {
                    at: then,
                    file: root.path().join(path),
                    in_place: (at + then) % 2 == 0,
                    exchanges: stage.exchanges,
                    reached: AtomicU64::new(0),
                    typed: Mutex::new(None),
                });
                watch(Some(typist.clone()));
                let project = Project::open(root.path());
                watch(None);
                let Some(was) = typist.typed.lock().unwrap().take() else {
                    continue;
                };
                cases += 1;
                let project = project.map_err(|error| error.to_string());
                let kept = project.and_then(|project| {
                    all_is_there(&stage, root.path(), project, path, was.as_deref())
                });
                match kept {
                    Ok(kept) => beside += kept,
                    Err(what) => {
                        let (name, steps) = (stage.scene.name, stage.steps);
                        failures.push(format!(
                            "{name}, ended at {at} of {steps}, {path} typed at {then}: {what}"
                        ));
                    }
                }
            }
        }
    }
    println!("{cases} cases, {beside} files kept beside");
    assert!(beside > 0);
    assert_eq!(failures, Vec::<String>::new());
}

#[test]
fn what_is_typed_after_a_command_died_stays_and_what_it_covers_is_kept_beside() {
    let _alone = alone();
    seed();
    let (mut failures, mut cases, mut beside) = (Vec::new(), 0, 0);
    for stage in stages() {
        for at in few(stage.steps) {
            let (left, _) = stage.stopped(at, Way::Ends);
            for path in TYPED {
                for folder in [false, true] {
                    let root = copied(left.path());
                    let found = files_in(root.path());
                    if !meddle(root.path(), path, folder) {
                        continue;
                    }
                    cases += 1;
                    match after_meddling(&stage, root.path(), &found, path, folder) {
                        Ok(kept) => beside += kept,
                        Err(what) => {
                            let (name, steps) = (stage.scene.name, stage.steps);
                            failures.push(format!(
                                "{name}, ended at {at} of {steps}, {path} {folder}: {what}"
                            ));
                        }
                    }
                }
            }
        }
    }
    println!("{cases} cases, {beside} files kept beside");
    assert!(beside > 0);
    assert_eq!(failures, Vec::<String>::new());
}

fn after_meddling(
    stage: &Stage,
    root: &Path,
    found: &Files,
    path: &str,
    folder: bool,
) -> Result<usize, String> {
    let project = Project::open(root).map_err(|error| error.to_string())?;
    let typed = if folder {
        format!("{path}/theirs")
    } else {
        path.to_owned()
    };
    let was = found.get(&typed).map(String::as_str);
    all_is_there(stage, root, project, &typed, was)
}

/// Whether what was typed at a path is there, and all that is in no commit but what it was typed
/// over, which is its owner's affair. How many files were laid beside.
fn all_is_there(
    stage: &Stage,
    root: &Path,
    project: Project,
    typed: &str,
    was: Option<&str>,
) -> Result<usize, String> {
    read(&project)?;
    let interrupted = project.interrupted();
    if let Some(why) = interrupted.pending {
        return Err(why);
    }
    let now = files_in(root);
    if now.get(typed).is_none_or(|text| text != "typed meanwhile") {
        return Err(format!("{typed} is gone: {:?}", now.keys()));
    }
    let published = project.view().unwrap().0 != stage.operation;
    for (at, text) in &stage.before {
        let is_committed = !UNCOMMITTED.iter().any(|(_, edit)| edit == text);
        let by_hand = was == Some(text) && at == typed;
        if !published && !is_committed && !by_hand && !now.values().any(|now| now == text) {
            return Err(format!("{at} is lost: {text}"));
        }
    }
    for left in &interrupted.left_alone {
        let Some(kept) = &left.kept_as else { continue };
        if !now.contains_key(kept.as_str()) {
            return Err(format!("{kept} is not there"));
        }
    }
    let transaction = project.transaction(&caller(&clock(), "commit"));
    transaction.map(drop).map_err(|error| error.to_string())?;
    drop(project);
    is_sound(root)?;
    let kept = interrupted.left_alone.iter();
    Ok(kept.filter(|left| left.kept_as.is_some()).count())
}
