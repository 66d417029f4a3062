//! Operations and takes that are let go of: what is lost, what stays, and what comes back.

use std::sync::Arc;

use aiut::base::clock::{Clock, FixedClock};
use aiut::history::{self, HistoryError, Project, current_expiry};
use aiut::object::{CommitId, Expiry, Generation, Operation};
use aiut::pipeline::Pipeline;
use aiut::store::Position;
use aiut::workflow::repository::{self as commands, GcRequest, RepositoryError, Scope};

use super::upkeep::{DAY, assert_sound, checked};
use super::world::{START, World, caller, frame, generate, idle, path};

fn at(day: i64) -> Arc<FixedClock> {
    Arc::new(FixedClock::starting_at(START + day * DAY))
}

/// Lets go of what is older than `days`, seen from `day`; whether there was anything.
pub(super) fn expire(world: &World, day: i64, days: i64) -> Option<commands::Loss> {
    let clock = at(day);
    let cutoff = clock.now().unix_seconds - days * DAY;
    let old = commands::old_operations(&world.project, cutoff).unwrap()?;
    let loss = old.loss;
    commands::let_go_of_operations(&world.project, &caller(&*clock, "gc --operations"), &old)
        .unwrap();
    Some(loss)
}

pub(super) fn collect(world: &World, day: i64, grace_days: u32) -> aiut::store::Collected {
    let clock = at(day);
    let request = GcRequest {
        grace_days,
        dry_run: false,
    };
    let report = commands::gc(&world.project, &caller(&*clock, "gc"), request).unwrap();
    report.collected
}

pub(super) fn delete_unused(world: &World) -> usize {
    let unused = commands::unused_takes(&world.project).unwrap();
    unused
        .let_go(&world.project, &world.caller("takes --unused --delete"))
        .unwrap()
}

/// Sound to the last byte, with nothing odd, and the same once the index is made anew.
pub(super) fn assert_whole(world: &World) {
    assert_sound(world.folder.path());
    let report = checked(world.folder.path(), false, false);
    assert_eq!(report.notes, [""; 0]);
    let told = |project: &Project| {
        let log = commands::op_log_and_end(project, usize::MAX).unwrap();
        let expiry = current_expiry(project.store()).unwrap();
        (log, expiry, project.view().unwrap().0)
    };
    let copy = tempfile::tempdir().unwrap();
    for folder in ["", "packs"] {
        let from = world.at(".aiut").join(folder);
        let to = copy.path().join(".aiut").join(folder);
        std::fs::create_dir_all(&to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let wanted = folder == "packs" || entry.file_name() == "format";
            if wanted {
                std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
            }
        }
    }
    let rebuilt = Project::open(copy.path()).unwrap();
    assert_eq!(told(&rebuilt), told(&world.project));
}

/// Goes from the log to each file by itself: all of it is there, but for what was let go of, and that
/// too where a timeline leads to it.
pub(super) fn assert_readable(world: &World) {
    let store = world.project.store();
    let expiry = current_expiry(store).unwrap();
    let gone = |id| expiry.takes.iter().any(|take| take.outputs.contains(&id));
    let log = commands::op_log(&world.project, usize::MAX).unwrap();
    let mut seen = std::collections::HashSet::new();
    for (n, operation) in log.iter().enumerate() {
        let operation = store.get::<Operation>(operation.id).unwrap();
        let view = Position::read(store, operation.view).unwrap();
        let commits: Vec<CommitId> = view
            .refs(store)
            .unwrap()
            .into_values()
            .chain(view.head_commit())
            .collect();
        for logged in history::log(store, &commits, &[], usize::MAX).unwrap() {
            if !seen.insert(logged.id) {
                continue;
            }
            for (path, entry) in history::read_tree(store, logged.commit.tree).unwrap() {
                let is_there = store.contains_file(entry.id).unwrap();
                assert!(
                    is_there || (n > 0 && gone(entry.id)),
                    "{path} of {}",
                    logged.id
                );
                let Some(run) = entry.made_by.filter(|_| is_there || n == 0) else {
                    continue;
                };
                let is_there = store.has::<Generation>(run).unwrap();
                assert!(is_there || (n > 0 && expiry.take(&run).is_some()), "{run}");
            }
        }
    }
}

fn is_stored(world: &World, bytes: &[u8]) -> bool {
    let id = aiut::object::FileId::of(bytes);
    world.project.store().contains_file(id).unwrap()
}

fn operation_let_go(error: &RepositoryError) -> bool {
    matches!(
        error,
        RepositoryError::History(HistoryError::OperationLetGo)
    )
}

/// Commits that only old operations hold, then so many more operations.
fn long_ago(later: usize) -> (World, CommitId) {
    let world = World::with(&[("script", "1")]);
    world.write("script", "undone and forgotten");
    let undone = world.commit("Undone");
    world.write("other", "of a timeline that is deleted");
    world.undo().unwrap();
    world.write("script", "1");
    generate(&world, 1);
    world.undo().unwrap();
    world.write("script", "never committed");
    let scope = Scope::of(vec![path("script")]);
    commands::restore(&world.project, &world.caller("restore"), &scope, None).unwrap();
    idle(&world, later / 2);
    (world, undone)
}

#[test]
fn what_only_old_operations_hold_is_told_and_let_go_of() {
    let (world, undone) = long_ago(120);
    let all = commands::op_log(&world.project, usize::MAX).unwrap();
    assert_eq!(expire(&world, 30, 90), None, "nothing is that old");
    let before = collect(&world, 200, 0);
    assert_eq!(before.records, 0, "all of it is held");
    let pipeline = Pipeline::film();
    let now = at(200).now();
    let du = commands::du(&world.project, &pipeline, &Scope::all(), now).unwrap();
    let lost = expire(&world, 200, 90).expect("there are old ones");
    assert_eq!(du.old_operations, Some(lost), "du said so beforehand");
    assert_eq!(lost.operations, all.len() - 100);
    assert_eq!(
        (lost.commits, lost.takes, lost.cost_micro_usd),
        (2, 1, 250_000)
    );
    // The undone script, the frame and its request, and what was never committed.
    assert_eq!(lost.files, 4);
    assert!(lost.bytes > 40_000, "{lost:?}");

    let (log, is_cut) = commands::op_log_and_end(&world.project, usize::MAX).unwrap();
    assert_eq!((log.len(), is_cut), (101, true));
    assert_whole(&world);
    assert!(
        is_stored(&world, b"undone and forgotten"),
        "the grace has begun"
    );

    assert_eq!(collect(&world, 201, 30).records, 0);
    assert_eq!(collect(&world, 202, 0).bytes, lost.bytes, "as was said");
    for gone in [
        &b"undone and forgotten"[..],
        b"never committed",
        &frame(1),
        &frame(1001),
    ] {
        assert!(!is_stored(&world, gone));
    }
    assert!(
        world
            .project
            .store()
            .get::<aiut::object::Commit>(undone)
            .is_err()
    );
    assert_whole(&world);
    assert_eq!(world.subjects(), ["Begin"]);
    world.write("script", "2");
    world.commit("Later");
    assert_whole(&world);
}

#[test]
fn undo_goes_back_to_the_end_of_the_log_and_says_so() {
    let (world, _) = long_ago(120);
    expire(&world, 200, 90).unwrap();
    collect(&world, 201, 0);
    // Nothing of it comes back, and that is said; then it is the turn of the one before.
    let first = commands::undo(&world.project, &world.caller("undo")).unwrap();
    let returned = first.returned.unwrap();
    assert!(returned.operations_gone && returned.operations == 0);
    assert_eq!(first.operation.command, "aiut gc --operations");
    let mut undone = 1;
    let error = loop {
        match world.undo() {
            Ok(()) => undone += 1,
            Err(error) => break error,
        }
    };
    assert!(operation_let_go(&error), "{error}");
    assert!(error.hint().is_some());
    assert_eq!(undone, 100);
    for _ in 0..100 {
        world.redo().unwrap();
    }
    assert_whole(&world);
    let error = commands::op_restore(&world.project, &world.caller("op"), "0123", false);
    assert!(error.is_err());
}

#[test]
fn undo_takes_it_back_as_long_as_nothing_was_freed() {
    let (world, _) = long_ago(120);
    let all = commands::op_log(&world.project, usize::MAX).unwrap().len();
    expire(&world, 200, 90).unwrap();
    collect(&world, 200, 30);
    let back = commands::undo(&world.project, &world.caller("undo")).unwrap();
    assert_eq!(back.returned.unwrap().operations, all - 100);
    // It and the undo are operations as well.
    let log = commands::op_log(&world.project, usize::MAX).unwrap();
    assert_eq!(log.len(), all + 2);
    assert_eq!(collect(&world, 300, 0).records, 0);
    assert_whole(&world);
    world.redo().unwrap();
    assert_eq!(
        commands::op_log(&world.project, usize::MAX).unwrap().len(),
        103
    );
    collect(&world, 300, 0);
    assert!(!is_stored(&world, b"never committed"));
    assert_whole(&world);
}

#[test]
fn a_clock_that_was_ahead_or_behind_costs_no_operation() {
    let world = World::with(&[("script", "1")]);
    idle(&world, 60);
    // One was made while the clock was a year ahead: what follows stays, whatever it says.
    let ahead = at(365);
    commands::create_timeline(&world.project, &caller(&*ahead, "branch"), "ahead", "HEAD").unwrap();
    idle(&world, 60);
    let log = commands::op_log(&world.project, usize::MAX).unwrap();
    let place = log
        .iter()
        .position(|o| o.time.unix_seconds > START + 300 * DAY)
        .unwrap();
    assert!(place > 100);
    let lost = expire(&world, 200, 90).unwrap();
    assert_eq!(lost.operations, log.len() - place - 1);
}

#[test]
fn a_take_that_no_timeline_holds_is_unused_and_another_is_not() {
    let world = World::with(&[("script", "1")]);
    let held = generate(&world, 1);
    let newer = generate(&world, 2);
    world.undo().unwrap();
    world.fork("alternate");
    let elsewhere = generate(&world, 3);
    generate(&world, 4);
    world.switch("main").unwrap();
    let unused = || {
        let unused = commands::unused_takes(&world.project).unwrap();
        Vec::from_iter(unused.runs.into_keys())
    };
    assert_eq!(unused(), [newer]);
    commands::create_tag(
        &world.project,
        &world.caller("tag"),
        "alternate-1",
        "alternate~1",
    )
    .unwrap();
    commands::delete_timelines(
        &world.project,
        &world.caller("branch -d"),
        &["alternate".to_owned()],
        true,
    )
    .unwrap();
    let mut two = unused();
    assert_eq!(two.len(), 2, "the newest take of the deleted timeline too");
    two.retain(|id| [held, elsewhere].contains(id));
    assert_eq!(two, [], "a tag holds a take");
    world.undo().unwrap();
    assert_eq!(unused(), [newer]);
}

#[test]
fn unused_takes_go_with_their_bytes_and_nothing_else_does() {
    let world = World::with(&[("script", "1")]);
    generate(&world, 1);
    world.write("script", "2");
    world.commit("Second");
    let gone = generate(&world, 2);
    let undone = world.head().unwrap();
    world.undo().unwrap();
    let unused = commands::unused_takes(&world.project).unwrap();
    let loss = unused.loss(&world.project).unwrap();
    assert_eq!(
        (loss.takes, loss.files, loss.cost_micro_usd),
        (1, 2, 250_000)
    );
    let pipeline = Pipeline::film();
    let du = commands::du(&world.project, &pipeline, &Scope::all(), world.now()).unwrap();
    assert_eq!(du.unused_takes, Some(loss), "du said so beforehand");
    assert_eq!(delete_unused(&world), 1);
    assert_eq!(delete_unused(&world), 0, "they are listed no more");
    assert_whole(&world);
    assert_eq!(collect(&world, 1, 30).records, 0, "the grace has begun");
    assert_eq!(collect(&world, 2, 0).bytes, loss.bytes, "as was said");
    assert!(!is_stored(&world, &frame(2)) && !is_stored(&world, &frame(1002)));
    assert!(is_stored(&world, &frame(1)) && is_stored(&world, &frame(1001)));
    assert_whole(&world);
    // The commit is still there; nothing stands on it any more.
    let log = commands::op_log(&world.project, usize::MAX).unwrap();
    let run = log.iter().find(|o| o.command == "aiut generate").unwrap();
    let id = run.id.to_string();
    let error = commands::op_restore(&world.project, &world.caller("op"), &id, true).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("frames/1.png") && text.contains("let go of"),
        "{text}"
    );
    let name = undone.to_string();
    let error = commands::create_timeline(&world.project, &world.caller("branch"), "again", &name)
        .unwrap_err();
    assert!(error.to_string().contains("no longer whole"), "{error}");
    assert!(error.hint().is_some());
    assert!(world.project.store().get::<Generation>(gone).is_err());
    world.undo().unwrap();
    assert_whole(&world);
}

#[test]
fn bytes_that_something_else_holds_stay() {
    let world = World::with(&[("script", "1")]);
    generate(&world, 1);
    world.undo().unwrap();
    std::fs::write(world.at("poster.png"), frame(1)).unwrap();
    world.commit("The same bytes by hand");
    delete_unused(&world);
    collect(&world, 1, 0);
    assert!(is_stored(&world, &frame(1)));
    assert!(!is_stored(&world, &frame(1001)), "the request of the run");
    assert_whole(&world);
    // What comes later holds what it leads to, although such bytes were let go of once.
    world.undo().unwrap();
    collect(&world, 2, 0);
    assert!(is_stored(&world, &frame(1)));
    world.redo().unwrap();
    assert_whole(&world);
    let again = generate(&world, 1);
    world.undo().unwrap();
    collect(&world, 3, 0);
    assert!(world.project.store().has::<Generation>(again).unwrap());
    assert_whole(&world);
}

#[test]
fn undo_brings_takes_back_as_long_as_they_are_there() {
    let world = World::with(&[("script", "1")]);
    generate(&world, 1);
    world.undo().unwrap();
    delete_unused(&world);
    collect(&world, 1, 30);
    let back = commands::undo(&world.project, &world.caller("undo")).unwrap();
    assert_eq!(
        back.returned.map(|back| (back.takes, back.takes_gone)),
        Some((1, 0))
    );
    assert_eq!(
        current_expiry(world.project.store()).unwrap(),
        Expiry::default()
    );
    collect(&world, 100, 0);
    assert!(is_stored(&world, &frame(1)));
    world.redo().unwrap();
    collect(&world, 100, 0);
    assert!(!is_stored(&world, &frame(1)));
    let gone = commands::undo(&world.project, &world.caller("undo")).unwrap();
    assert_eq!(
        gone.returned.map(|back| (back.takes, back.takes_gone)),
        Some((0, 1))
    );
    assert_whole(&world);
}

#[test]
fn a_take_of_a_run_that_was_killed_is_unused_and_goes() {
    let world = World::with(&[("script", "1")]);
    generate(&world, 1);
    // Its operation is undone and let go of, as if it had never been.
    world.undo().unwrap();
    idle(&world, 60);
    expire(&world, 200, 90).unwrap();
    let unused = commands::unused_takes(&world.project).unwrap();
    assert_eq!(unused.runs.len(), 1);
    let loss = unused.loss(&world.project).unwrap();
    assert_eq!((loss.takes, loss.files), (1, 2));
    delete_unused(&world);
    assert_eq!(
        commands::unused_takes(&world.project).unwrap().runs.len(),
        0
    );
    collect(&world, 200, 0);
    assert!(!is_stored(&world, &frame(1)));
    assert_whole(&world);
}

#[test]
fn what_others_let_go_of_meanwhile_stays_let_go_of() {
    let (world, _) = long_ago(110);
    let clock = at(200);
    let cutoff = clock.now().unix_seconds - 90 * DAY;
    let old = commands::old_operations(&world.project, cutoff).unwrap();
    let old = old.expect("there are old operations");
    // Another process is faster, and lets go of takes besides.
    expire(&world, 200, 90).unwrap();
    assert_eq!(delete_unused(&world), 1);
    let before = current_expiry(world.project.store()).unwrap();
    let caller = caller(&*clock, "gc --operations");
    commands::let_go_of_operations(&world.project, &caller, &old).unwrap();
    let after = current_expiry(world.project.store()).unwrap();
    assert_eq!(after.takes, before.takes);
    assert!(after.before > before.before, "a later one is old by now");
    collect(&world, 200, 0);
    assert_whole(&world);
}
