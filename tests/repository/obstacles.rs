//! What stands at a path and is neither nothing nor a file of the project: it is named, stays as it
//! is, and what lies behind it stays tracked.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use aiut::base::clock::FixedClock;
use aiut::history::{HistoryError, Project};
use aiut::workflow::repository::{
    self as commands, RepositoryError, RestoreOutcome, Scope, StatusReport, SwitchTarget,
};

use super::world::{START, World, caller, path};

fn discard(world: &World, name: &str) -> Result<(), RepositoryError> {
    let target = SwitchTarget::Timeline(name);
    commands::switch(&world.project, &world.caller("switch"), target, true).map(drop)
}

fn restore(
    world: &World,
    what: &str,
    from: Option<&str>,
) -> Result<RestoreOutcome, RepositoryError> {
    let scope = Scope::of(vec![path(what)]);
    commands::restore(&world.project, &world.caller("restore"), &scope, from)
}

fn status(world: &World) -> StatusReport {
    commands::status(&world.project, &Scope::all()).unwrap()
}

/// What a refusal names, if it is about something in the way.
fn in_the_way<T: std::fmt::Debug>(refused: Result<T, RepositoryError>) -> Vec<String> {
    match refused {
        Err(RepositoryError::History(HistoryError::InTheWay(entries))) => {
            entries.into_iter().map(|entry| entry.path).collect()
        }
        other => panic!("not refused for what is in the way: {other:?}"),
    }
}

#[test]
fn a_file_whose_name_differs_in_case_or_form_alone_is_a_file_of_its_own() {
    for (old, new) in [
        ("Foo", "foo"),
        ("\u{e9}.txt", "e\u{301}.txt"),
        ("Shots/1", "shots/1"),
        ("ſ.txt", "s.txt"),
    ] {
        let world = World::with(&[(old, "1")]);
        world.fork("b");
        world.remove(old);
        world.write(new, "2");
        world.commit("Two");
        world.switch("main").unwrap();
        world.write(new, "2");
        // It holds what it is to hold already.
        world.switch("b").unwrap();
        world.assert_files(&[(new, "2")]);
        world.undo().unwrap();
        assert_eq!(world.read(old), "1");
        assert_eq!(world.read(new), "2", "{new}");
        // And now it does not: no operation could keep both names to bring them back.
        world.write(new, "mine");
        assert_eq!(in_the_way(world.switch("b")), [new]);
        assert_eq!(in_the_way(discard(&world, "b")), [new]);
        assert_eq!(
            (world.read(new), world.read(old)),
            ("mine".into(), "1".into())
        );
        std::fs::rename(world.at(new), world.at("aside")).unwrap();
        world.switch("b").unwrap();
        world.assert_files(&[(new, "2"), ("aside", "mine")]);
    }
}

/// Every file in a folder and its length, but for `.aiut`.
fn listing(folder: &Path) -> BTreeMap<PathBuf, u64> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
    {
        if entry.file_name() == ".aiut" {
            continue;
        }
        match entry.file_type().unwrap().is_dir() {
            true => found.extend(listing(&entry.path())),
            false => drop(found.insert(entry.path(), entry.metadata().unwrap().len())),
        }
    }
    found
}

/// A project in which `sub/g` is tracked and differs on timeline `b`, and is then covered.
fn covered(cover: impl Fn(&World)) -> World {
    let world = World::with(&[("sub/g", "1"), ("a", "1")]);
    world.fork("b");
    world.write("sub/g", "2");
    world.write("sub/new", "2");
    world.write("a", "2");
    world.commit("Two");
    world.switch("main").unwrap();
    cover(&world);
    world
}

/// Every command that would write to `sub/g` is refused, names `what`, and touches nothing.
fn is_refused(world: &World, what: &str) {
    let everything = || listing(world.folder.path());
    let before = everything();
    let named = vec![what.to_owned()];
    assert_eq!(in_the_way(restore(world, "sub", None)), named);
    assert_eq!(in_the_way(restore(world, "sub/g", Some("b"))), named);
    assert_eq!(in_the_way(world.switch("b")), named);
    assert_eq!(in_the_way(discard(world, "b")), named);
    let pick = commands::cherry_pick(
        &world.project,
        &world.caller("cherry-pick"),
        &["b".to_owned()],
        None,
        &(),
    );
    assert_eq!(in_the_way(pick), named);
    assert_eq!(everything(), before);
    // What lies behind is not gone: a commit keeps it.
    let report = status(world);
    assert!(report.changes.deleted.is_empty(), "{report:?}");
    assert!(
        report.skipped.iter().any(|entry| entry.path == what),
        "{report:?}"
    );
    world.write("other", "1");
    world.commit("Other");
    assert_eq!(world.cat("HEAD:sub/g").unwrap(), "1");
    world.undo().unwrap();
    world.remove("other");
}

#[test]
fn a_project_within_is_never_written_into_and_what_it_covers_stays_tracked() {
    type Cover = fn(&World);
    let covers: [Cover; 5] = [
        |world| std::fs::create_dir(world.at("sub/.aiut")).unwrap(),
        |world| std::fs::write(world.at("sub/.aiut"), "").unwrap(),
        |world| std::os::unix::fs::symlink("nowhere", world.at("sub/.aiut")).unwrap(),
        // Another project is copied over it.
        |world| {
            let other = World::with(&[("g", "theirs")]);
            std::fs::remove_dir_all(world.at("sub")).unwrap();
            std::fs::rename(other.folder.path(), world.at("sub")).unwrap();
            std::fs::create_dir(other.folder.path()).unwrap();
        },
        |world| {
            world.write(".aiutignore", "sub\n");
            std::fs::create_dir(world.at("sub/.aiut")).unwrap();
        },
    ];
    for cover in covers {
        let world = covered(cover);
        is_refused(&world, "sub");
        assert!(
            status(&world).skipped[0]
                .reason
                .starts_with("a project of its own; one file")
        );
        std::fs::remove_dir_all(world.at("sub/.aiut"))
            .or_else(|_| std::fs::remove_file(world.at("sub/.aiut")))
            .unwrap();
        restore(&world, "sub", None).unwrap();
        world.switch("b").unwrap();
        assert_eq!(world.read("sub/g"), "2");
    }
}

#[cfg(unix)]
#[test]
fn a_symlink_and_a_pipe_are_never_written_over_and_what_they_cover_stays_tracked() {
    let pipe = |at: std::path::PathBuf| {
        let made = std::process::Command::new("mkfifo").arg(at).status();
        assert!(made.unwrap().success());
    };
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("g"), "outside").unwrap();
    let link = |to: &std::path::Path, at| std::os::unix::fs::symlink(to, at).unwrap();
    for (what, cover) in [
        (
            "sub",
            &(|world: &World| link(outside.path(), world.at("sub"))) as &dyn Fn(&World),
        ),
        ("sub", &|world: &World| pipe(world.at("sub"))),
        ("sub/g", &|world: &World| {
            link(&outside.path().join("g"), world.at("sub/g"))
        }),
        ("sub/g", &|world: &World| pipe(world.at("sub/g"))),
    ] {
        let world = covered(|world| {
            world.remove("sub/g");
            if what == "sub" {
                std::fs::remove_dir(world.at("sub")).unwrap();
            } else {
                std::fs::create_dir_all(world.at("sub")).unwrap();
            }
        });
        cover(&world);
        let report = status(&world);
        assert!(report.is_clean(), "{report:?}");
        assert_eq!(report.skipped[0].path, what);
        assert!(
            report.skipped[0].reason.contains("as it was committed"),
            "{report:?}"
        );
        assert_eq!(in_the_way(world.switch("b")), [what]);
        assert_eq!(in_the_way(discard(&world, "b")), [what]);
        assert_eq!(in_the_way(restore(&world, "sub", None)), [what]);
        assert_eq!(std::fs::read(outside.path().join("g")).unwrap(), b"outside");
        assert!(world.at(what).symlink_metadata().is_ok());
        world.write("other", "1");
        world.commit("Other");
        assert_eq!(world.cat("HEAD:sub/g").unwrap(), "1");
    }
}

#[test]
fn a_folder_that_holds_what_is_not_kept_never_becomes_a_file() {
    let world = World::with(&[("take", "file")]);
    world.write(".aiutignore", "*.tmp\n");
    world.commit("Rules");
    world.fork("b");
    world.remove("take");
    world.write("take/inner", "1");
    world.commit("Folder");
    for (what, place) in [
        (
            "take/cache.tmp",
            &(|| world.write("take/cache.tmp", "mine")) as &dyn Fn(),
        ),
        ("take/deep/cache.tmp", &|| {
            world.write("take/deep/cache.tmp", "mine")
        }),
        ("take/deep", &|| {
            std::fs::create_dir_all(world.at("take/deep/.aiut")).unwrap()
        }),
        ("take/con.txt", &|| world.write("take/con.txt", "mine")),
        ("take/link", &|| {
            std::os::unix::fs::symlink("x", world.at("take/link")).unwrap()
        }),
    ] {
        place();
        let before: Vec<_> = status(&world).skipped;
        assert_eq!(in_the_way(world.switch("main")), [what]);
        assert_eq!(in_the_way(discard(&world, "main")), [what]);
        assert_eq!(status(&world).skipped, before);
        assert_eq!(world.read("take/inner"), "1");
        let at = world.at(what);
        if std::fs::remove_file(&at).is_err() {
            std::fs::remove_dir_all(&at).unwrap();
        }
    }
    // Folders that hold nothing give way, at any depth.
    std::fs::create_dir_all(world.at("take/deep/er")).unwrap();
    world.switch("main").unwrap();
    assert_eq!(world.read("take"), "file");
}

#[test]
fn an_ignored_file_is_stored_before_a_checkout_takes_its_place() {
    let world = World::with(&[("a", "1")]);
    world.fork("b");
    world.write("take/inner", "1");
    world.write("x.tmp", "theirs");
    world.commit("Folder");
    world.switch("main").unwrap();
    world.write(".aiutignore", "*.tmp\ntake\n");
    world.commit("Rules");
    // One of them stands where a folder is needed.
    world.write("take", "mine");
    world.write("x.tmp", "mine");
    let error = world.switch("b").unwrap_err().to_string();
    assert!(error.contains("x.tmp") && error.contains("take"), "{error}");
    assert_eq!(
        (world.read("take"), world.read("x.tmp")),
        ("mine".into(), "mine".into())
    );
    discard(&world, "b").unwrap();
    assert_eq!(world.read("take/inner"), "1");
    world.undo().unwrap();
    assert_eq!(
        (world.read("take"), world.read("x.tmp")),
        ("mine".into(), "mine".into())
    );
}

#[test]
fn a_damaged_journal_stops_what_writes_alone_and_says_what_to_do() {
    let world = World::with(&[("a", "1")]);
    let root = world.folder.path().to_owned();
    let journal = world.at(".aiut/checkout");
    let World {
        folder, project, ..
    } = world;
    drop(project);
    // What is no file at all is refused when the project is opened.
    std::os::unix::fs::symlink("nowhere", &journal).unwrap();
    let error = Project::open(&root).unwrap_err();
    assert!(format!("{error:?}").contains(".aiut/checkout"), "{error}");
    std::fs::remove_file(&journal).unwrap();
    let place: [&dyn Fn(); 1] = [&|| std::fs::write(&journal, "{\"operation\":").unwrap()];
    for place in place {
        place();
        let project = Project::open(&root).unwrap();
        let pending = project.interrupted().pending.unwrap();
        assert!(pending.contains(".aiut/checkout"), "{pending}");
        let report = commands::status(&project, &Scope::all()).unwrap();
        assert!(report.is_clean() && report.interrupted.is_some());
        let clock = FixedClock::starting_at(START);
        let error = project.transaction(&caller(&clock, "commit")).unwrap_err();
        assert!(matches!(error, HistoryError::NotPutBack(_)), "{error}");
        assert!(error.hint().is_some());
        std::fs::remove_file(&journal).unwrap();
        project
            .transaction(&caller(&clock, "commit"))
            .map(drop)
            .unwrap();
    }
    drop(folder);
}
