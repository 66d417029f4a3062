//! `status`, `commit`, `log`, `show`, `ls`.

use std::collections::BTreeMap;

use aiut::history::FileEntry;
use aiut::object::{FileId, RepoPath};
use aiut::workflow::repository::{
    self as commands, CommitRequest, LogOptions, LogRequest, OwnFiles, RepositoryError, Scope,
};

use super::world::{World, path, rae};

#[test]
fn status_tells_added_modified_deleted_and_renamed_until_they_are_committed() {
    let world = World::with(&[("a", "1"), ("b", "2"), ("c", "3"), ("d/e", "4")]);
    assert!(world.status().is_empty());
    world.write("a", "one");
    world.remove("b");
    world.remove("c");
    world.write("moved/c", "3");
    world.write("new", "5");
    assert_eq!(world.status(), ["A new", "M a", "D b", "R c -> moved/c"]);
    let outcome = world.try_commit("Change", &[]).unwrap();
    assert_eq!(outcome.changes.len(), 4);
    assert!(world.status().is_empty());
    let listed = commands::ls(&world.project, "HEAD", world.now()).unwrap();
    let listed: Vec<_> = listed
        .iter()
        .map(|file| (file.path.as_str(), file.entry.id))
        .collect();
    let id = |text: &str| FileId::of(text.as_bytes());
    assert_eq!(
        listed,
        [
            ("a", id("one")),
            ("d/e", id("4")),
            ("moved/c", id("3")),
            ("new", id("5"))
        ]
    );
}

#[test]
fn with_nothing_changed_no_commit_is_made() {
    let world = World::with(&[("a", "1")]);
    let before = world.project.view().unwrap();
    let outcome = world.try_commit("Again", &[]).unwrap();
    assert_eq!((outcome.commit, outcome.changes.len()), (None, 0));
    assert_eq!(
        world.project.view().unwrap(),
        before,
        "not even an operation"
    );
}

#[test]
fn named_paths_alone_are_committed_and_a_wrong_one_is_answered_with_the_nearest() {
    let world = World::with(&[
        ("script.fountain", "1"),
        ("shots/1.json", "1"),
        ("gone", "x"),
    ]);
    world.write("script.fountain", "2");
    world.write("shots/1.json", "2");
    world.write("shots/2.json", "2");
    world.remove("gone");
    let error = world
        .try_commit("x", &["shots", "script.fontain"])
        .unwrap_err();
    assert_eq!(error.to_string(), "the project has no script.fontain");
    assert_eq!(error.hint().unwrap(), "did you mean script.fountain?");
    let outcome = world.try_commit("Shots", &["shots", "gone"]).unwrap();
    assert_eq!(outcome.changes.len(), 3);
    assert_eq!(world.status(), ["M script.fountain"]);
    assert_eq!(world.cat("HEAD:shots/2.json").unwrap(), "2");
    assert_eq!(world.cat("HEAD:script.fountain").unwrap(), "1");
}

#[test]
fn an_edit_in_the_same_tick_of_the_clock_with_the_same_length_is_never_missed() {
    let world = World::with(&[("a", "0000")]);
    for round in 0..300 {
        world.write("a", "1111");
        assert_eq!(world.status(), ["M a"], "round {round}");
        // Before the clock of the file system moves on, most of the time.
        world.write("a", "0000");
        assert!(world.status().is_empty(), "round {round}");
    }
}

#[test]
fn a_file_of_mixed_sizes_comes_back_byte_for_byte() {
    let world = World::new();
    let large: String = (0..300_000).map(|n| format!("{n:07}\n")).collect();
    world.write("large.bin", &large);
    world.write("empty", "");
    world.commit("Sizes");
    assert_eq!(world.cat("HEAD:large.bin").unwrap(), large);
    assert_eq!(world.cat("HEAD:empty").unwrap(), "");
}

#[test]
fn status_does_not_keep_a_later_commit_from_storing_what_it_hashed() {
    let world = World::with(&[("a", "1")]);
    world.write("a", "2");
    world.write("b", "1");
    // Long enough ago for the cache to trust the stat.
    let past = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    for name in ["a", "b"] {
        let file = std::fs::File::options()
            .write(true)
            .open(world.at(name))
            .unwrap();
        file.set_modified(past).unwrap();
    }
    world.remove("a");
    world.write("c", "2");
    for _ in 0..3 {
        assert_eq!(world.status(), ["A c", "R a -> b"]);
    }
    world.commit("Moved");
    assert_eq!(world.cat("HEAD:b").unwrap(), "1");
    assert_eq!(world.cat("HEAD:c").unwrap(), "2");
}

/// A stand-in for the scene numbers: `two` for the second script.
struct Numbers;

impl OwnFiles for Numbers {
    fn is_own(&self, path: &RepoPath) -> bool {
        path.as_str() == "numbers.toml"
    }

    fn renewed(
        &self,
        files: &BTreeMap<RepoPath, FileEntry>,
    ) -> Result<Vec<(RepoPath, Vec<u8>)>, RepositoryError> {
        let script = files["script.fountain"].id;
        let numbers: &[u8] = if script == FileId::of(b"2") {
            b"two"
        } else {
            b"one"
        };
        Ok(vec![(path("numbers.toml"), numbers.to_vec())])
    }
}

#[test]
fn own_files_follow_from_what_is_committed_and_from_nothing_else() {
    let world = World::with(&[
        ("script.fountain", "1"),
        ("numbers.toml", "one"),
        ("a", "1"),
    ]);
    world.write("script.fountain", "2");
    world.write("a", "2");
    world.write("numbers.toml", "mine");
    let author = rae();
    let request = CommitRequest {
        author: &author,
        message: "Without the script",
        scope: Scope::of(vec![path("a")]),
        own: &Numbers,
        generations: vec![],
    };
    let outcome = commands::commit(&world.project, &world.caller("commit"), &request).unwrap();
    assert_eq!(outcome.changes.modified, [path("a")]);
    world.assert_files(&[
        ("numbers.toml", "mine"),
        ("script.fountain", "2"),
        ("a", "2"),
    ]);
}

#[test]
fn own_files_are_written_and_committed_with_the_rest() {
    let world = World::with(&[("script.fountain", "1"), ("numbers.toml", "one")]);
    world.write("script.fountain", "2");
    let author = rae();
    let request = CommitRequest {
        author: &author,
        message: "Scenes",
        scope: Scope::of(vec![path("script.fountain")]),
        own: &Numbers,
        generations: vec![],
    };
    let outcome = commands::commit(&world.project, &world.caller("commit"), &request).unwrap();
    assert_eq!(
        outcome.changes.modified,
        [path("numbers.toml"), path("script.fountain")]
    );
    world.assert_files(&[("numbers.toml", "two"), ("script.fountain", "2")]);
    assert!(world.status().is_empty());
    // Once more there is nothing to do.
    let again = commands::commit(&world.project, &world.caller("commit"), &request).unwrap();
    assert_eq!(again.commit, None);
    world.undo().unwrap();
    world.assert_files(&[("numbers.toml", "one"), ("script.fountain", "2")]);
}

#[test]
fn the_log_goes_from_the_newest_to_the_oldest_and_can_be_limited_to_paths() {
    let world = World::with(&[("a", "1"), ("shots/1", "1")]);
    world.write("a", "2");
    world.commit("Second\n\nWith a body.");
    world.write("shots/1", "2");
    world.commit("Third");
    assert_eq!(world.subjects(), ["Third", "Second", "Begin"]);
    let log = |scope: &str, limit| {
        let scope = Scope::of(vec![path(scope)]);
        let request = LogRequest {
            spans: &[],
            scope,
            limit,
            now: world.now(),
            options: LogOptions::default(),
        };
        commands::log(&world.project, &request).map(|log| {
            log.into_iter()
                .map(|entry| entry.commit.subject)
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(log("shots", 9).unwrap(), ["Third", "Begin"]);
    assert_eq!(log("a", 1).unwrap(), ["Second"]);
    assert_eq!(
        log("shot", 9).unwrap_err().hint().unwrap(),
        "did you mean shots?"
    );
    let shown = commands::show(
        &world.project,
        &aiut::pipeline::Pipeline::film(),
        world.project.resolve("HEAD~1", world.now()).unwrap().commit,
        &Scope::all(),
    )
    .unwrap();
    assert_eq!(shown.entry.commit.message, "Second\n\nWith a body.");
    assert_eq!(shown.changes.len(), 1);
    assert_eq!(shown.changes[0].after.unwrap().id, FileId::of(b"2"));
}

#[cfg(unix)]
#[test]
fn the_executable_bit_is_a_change_and_comes_back_with_a_switch() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::with(&[("run.sh", "1")]);
    world.fork("exec");
    let mode = || {
        std::fs::metadata(world.at("run.sh"))
            .unwrap()
            .permissions()
            .mode()
            & 0o111
    };
    std::fs::set_permissions(world.at("run.sh"), std::fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(world.status(), ["M run.sh"]);
    world.commit("Executable");
    world.switch("main").unwrap();
    assert_eq!(mode(), 0);
    world.switch("exec").unwrap();
    assert_ne!(mode(), 0);
    assert!(world.status().is_empty());
}
