//! What becomes of a project that something befell: it opens, or says what mends it.

use std::io::Write;
use std::path::Path;

use aiut::base::clock::FixedClock;
use aiut::history::Project;
use aiut::object::FileId;
use aiut::workflow::repository::{self as commands, CommitOutcome, GcRequest, Scope};
use aiut::worktree::{Change, Content, FetchError, Journal};

use super::upkeep::{DAY, assert_sound, checked, film, packs, told};
use super::world::{START, World, caller, files_in, path};

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            match std::fs::copy(entry.path(), to) {
                // Taken away since it was listed, as temporary files are.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                copied => drop(copied.unwrap()),
            }
        }
    }
}

#[test]
fn a_project_without_its_index_or_with_a_strange_one_opens_by_itself() {
    let other = World::with(&[("x", "of another project")]);
    let foreign = std::fs::read(other.at(".aiut/index/1/data.mdb")).unwrap();
    let world = film();
    let files = world.files();
    let (head, view) = (world.head(), world.project.view().unwrap().1);
    let World {
        folder, project, ..
    } = world;
    drop(project);
    let data = |number: u32| folder.path().join(format!(".aiut/index/{number}/data.mdb"));
    let good = std::fs::read(data(1)).unwrap();
    let mut number = 1;
    for strange in [
        None,
        Some(&foreign[..]),
        Some(&good[..good.len() / 2]),
        Some(b"x"),
    ] {
        match strange {
            None => std::fs::remove_dir_all(folder.path().join(".aiut/index")).unwrap(),
            Some(bytes) => std::fs::write(data(number), bytes).unwrap(),
        }
        // Nobody looks at it: it holds nothing of its own.
        let report = checked(folder.path(), true, false);
        assert!(
            report.findings.is_empty() && report.notes.is_empty(),
            "{report:?}"
        );
        let project = Project::open(folder.path()).unwrap();
        assert_eq!(project.view().unwrap().1, view);
        assert_eq!(project.view().unwrap().1.head_commit(), head);
        drop(project);
        assert_eq!(files_in(folder.path()), files);
        assert_sound(folder.path());
        if strange.is_some() {
            number += 1;
        }
    }
}

#[test]
fn a_torn_end_and_a_half_written_pack_are_no_damage_and_nobody_waits_for_a_stale_lock() {
    let world = film();
    let pack = packs(&world).remove(0);
    let whole = std::fs::read(&pack).unwrap();
    std::fs::write(&pack, [&whole[..], &whole[32..900]].concat()).unwrap();
    std::fs::write(world.at(".aiut/packs/00000002.pack"), &whole[..7]).unwrap();
    std::fs::write(world.at(".aiut/incoming/99-1.pack"), &whole[..500]).unwrap();
    std::fs::write(
        world.at(".aiut/lock"),
        "aiut commit (process 99, rae@stage)\n",
    )
    .unwrap();
    std::fs::write(
        world.at(".aiut/worktree.lock"),
        "aiut switch (process 99)\n",
    )
    .unwrap();
    let report = checked(world.folder.path(), true, false);
    assert!(report.is_sound() && report.notes.len() >= 2, "{report:?}");
    world.write("shots/4", "four");
    world.commit("Fourth");
    assert_eq!(world.subjects().len(), 4);
    assert_sound(world.folder.path());
    let request = GcRequest {
        grace_days: 30,
        dry_run: false,
    };
    commands::gc(&world.project, &world.caller("gc"), request).unwrap();
    assert!(!world.at(".aiut/incoming/99-1.pack").exists());
    assert_sound(world.folder.path());
}

#[test]
fn a_cut_pack_is_told_even_after_the_project_was_used_again() {
    let world = film();
    let pack = packs(&world).remove(0);
    let whole = std::fs::read(&pack).unwrap();
    // At the end of a batch, as if the last commit had never been.
    let magic = b"aiut batch\r\n";
    let ends: Vec<usize> = whole
        .windows(magic.len())
        .enumerate()
        .filter(|(_, window)| window == magic)
        .map(|(at, _)| at + 24)
        .collect();
    let World {
        folder, project, ..
    } = world;
    drop(project);
    std::fs::write(&pack, &whole[..ends[ends.len() - 2]]).unwrap();
    let before = told(&checked(folder.path(), false, false));
    assert!(
        before[0].contains("bytes more were once written"),
        "{before:?}"
    );
    let project = Project::open(folder.path()).unwrap();
    assert!(
        project.view().unwrap().0.is_some(),
        "it opens with what is there"
    );
    let after = told(&checked(folder.path(), false, false));
    assert!(
        after[0].contains("bytes more were once written"),
        "{after:?}"
    );
    let mended = checked(folder.path(), true, true);
    assert!(mended.is_sound(), "{mended:?}");
    assert_sound(folder.path());
}

#[test]
fn a_copy_taken_while_the_project_is_in_use_opens_and_is_whole() {
    let world = film();
    let to = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let project = Project::open(world.folder.path()).unwrap();
            let clock = FixedClock::starting_at(START + DAY);
            for round in 0..40 {
                world.write("shots/1", &format!("take {round}"));
                let author = super::world::rae();
                let request = commands::CommitRequest {
                    author: &author,
                    message: "Take",
                    scope: Scope::all(),
                    own: &(),
                    generations: vec![],
                };
                commands::commit(&project, &caller(&clock, "commit"), &request).unwrap();
            }
        });
        for round in 0..12 {
            let copied = to.path().join(round.to_string());
            copy(&world.at(".aiut"), &copied.join(".aiut"));
        }
    });
    for round in 0..12 {
        let copied = to.path().join(round.to_string());
        // A copy of the index may be torn in any way: as after any accident, it can be done without.
        let report = checked(&copied, true, true);
        assert!(report.is_sound(), "copy {round}: {report:?}");
        let project = Project::open(&copied).unwrap();
        let request = commands::LogRequest {
            spans: &[],
            scope: Scope::all(),
            limit: usize::MAX,
            now: world.now(),
            options: commands::LogOptions::default(),
        };
        assert!(
            commands::log(&project, &request).unwrap().len() >= 3,
            "copy {round}"
        );
    }
}

#[test]
fn two_copies_that_went_different_ways_can_be_laid_together() {
    let world = film();
    let other = tempfile::tempdir().unwrap();
    copy(world.folder.path(), other.path());
    world.write("shots/1", "here");
    world.commit("Here");
    let theirs = Project::open(other.path()).unwrap();
    std::fs::write(other.path().join("shots/1"), "there").unwrap();
    let author = super::world::rae();
    let request = commands::CommitRequest {
        author: &author,
        message: "There",
        scope: Scope::all(),
        own: &(),
        generations: vec![],
    };
    commands::commit(&theirs, &world.caller("commit -m There"), &request).unwrap();
    drop(theirs);
    // Somebody puts the pack of the other copy beside ours.
    let pack = other.path().join(".aiut/packs/00000001.pack");
    std::fs::copy(pack, world.at(".aiut/packs/00000002.pack")).unwrap();
    assert_eq!(world.subjects()[0], "Here", "what was here stays");
    world.write("shots/9", "nine");
    world.commit("Goes on");
    let report = checked(world.folder.path(), true, false);
    assert!(report.is_sound(), "{report:?}");
    let [note] = report.notes.as_slice() else {
        panic!("{report:?}");
    };
    assert!(note.contains("aiut commit -m There"), "{note}");
    let id = note.split_whitespace().nth(1).unwrap();
    commands::op_restore(&world.project, &world.caller("op restore"), id, false).unwrap();
    assert_eq!(world.subjects()[0], "There");
    assert_eq!(world.read("shots/1"), "there");
    world.undo().unwrap();
    assert_eq!(world.subjects()[0], "Goes on");
    assert_eq!(world.read("shots/1"), "here");
    // Or the other copy's pack takes the place of ours: its state is what is there then.
    let World {
        folder, project, ..
    } = world;
    drop(project);
    let pack = other.path().join(".aiut/packs/00000001.pack");
    std::fs::copy(pack, folder.path().join(".aiut/packs/00000001.pack")).unwrap();
    std::fs::remove_file(folder.path().join(".aiut/packs/00000002.pack")).ok();
    let report = checked(folder.path(), true, true);
    assert!(report.is_sound(), "{report:?}");
    Project::open(folder.path()).unwrap();
}

#[test]
fn a_project_whose_packs_are_gone_says_that_its_history_is_lost() {
    let world = film();
    let World {
        folder, project, ..
    } = world;
    drop(project);
    std::fs::remove_file(folder.path().join(".aiut/packs/00000001.pack")).unwrap();
    let report = checked(folder.path(), false, false);
    let told = told(&report).join("\n");
    assert!(told.contains("it is gone"), "{told}");
    assert!(told.contains("the history is lost"), "{told}");
}

/// A project in which one file is edited by hand, and the change of another that a command makes.
fn half_changed() -> (World, Journal) {
    let world = World::with(&[("a", "one"), ("b", "one")]);
    world.write("b", "mine");
    let content = |text: &str| {
        Some(Content {
            id: FileId::of(text.as_bytes()),
            size: text.len() as u64,
            exec: false,
        })
    };
    let change = Change {
        path: path("a"),
        before: content("one"),
        after: content("two"),
        seen: None,
    };
    let journal = Journal {
        operation: world.project.view().unwrap().0,
        changes: vec![change],
    };
    (world, journal)
}

fn two(_: FileId, out: &mut dyn Write) -> Result<(), FetchError> {
    Ok(out.write_all(b"two")?)
}

fn assert_only_mine_is_committed(world: &World, outcome: &CommitOutcome) {
    assert_eq!(outcome.changes.modified, [path("b")]);
    world.assert_files(&[("a", "one"), ("b", "mine")]);
    assert_eq!(world.status(), Vec::<String>::new());
}

#[test]
fn a_commit_holds_nothing_of_a_checkout_that_died_while_the_folder_was_looked_at() {
    let (world, journal) = half_changed();
    // Nobody has opened the project since.
    let mut half = world.project.tree().prepare(&journal, &two).unwrap();
    half.apply().unwrap();
    drop(half);
    let outcome = world.try_commit("Mine", &[]).unwrap();
    assert_only_mine_is_committed(&world, &outcome);
}

#[test]
fn a_commit_holds_nothing_of_a_checkout_that_was_put_back_while_it_waited() {
    let (world, journal) = half_changed();
    let other = Project::open(world.folder.path()).unwrap();
    let held = other.transaction(&world.caller("switch")).unwrap();
    let mut half = other.tree().prepare(&journal, &two).unwrap();
    half.apply().unwrap();
    let outcome = std::thread::scope(|scope| {
        let commit = scope.spawn(|| world.try_commit("Mine", &[]));
        // By then it has seen the folder, and waits.
        std::thread::sleep(std::time::Duration::from_secs(1));
        half.put_back(&two, &|_, _| true).unwrap();
        drop(held);
        commit.join().unwrap()
    });
    assert_only_mine_is_committed(&world, &outcome.unwrap());
}
