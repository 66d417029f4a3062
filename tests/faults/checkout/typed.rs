//! Somebody types into the folder while a command is put back, or before.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use aiut::base::fault::{Step, Watcher, watch};
use aiut::history::Project;

use super::scenes::*;
use crate::faults::{alone, seed};
use crate::world::{caller, files_in};

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
