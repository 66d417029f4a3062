//! Conflicts: kept with the file, and settled.

use aiut::object::{Conflict, FileId};
use aiut::workflow::repository::{
    self as commands, GcRequest, OpenConflict, Parts, RepositoryError, ResolveOutcome,
    ResolveRequest, Scope, Settlement,
};

use super::transplant::{NONE, TEN, conflicts, generate, made_by, pick, revert, run};
use super::world::{World, path, rae};

fn open(world: &World) -> Vec<OpenConflict> {
    commands::status(&world.project, &Scope::all())
        .unwrap()
        .conflicts
}

fn paths(open: &[OpenConflict]) -> Vec<&str> {
    open.iter().map(|open| open.path.as_str()).collect()
}

fn resolve(
    world: &World,
    paths: &[&str],
    settlement: Settlement,
) -> Result<ResolveOutcome, RepositoryError> {
    let scope = match paths {
        ["."] => Scope::all(),
        paths => Scope::of(paths.iter().map(|text| path(text)).collect()),
    };
    let (caller, author) = (world.caller("resolve"), rae());
    let request = ResolveRequest {
        scope: &scope,
        parts: &Parts::new(),
        settlement,
        message: None,
    };
    commands::resolve(&world.project, &caller, &author, request, &NONE)
}

fn text_of(world: &World, id: FileId) -> String {
    let bytes = world.project.store().read_file(id, 1 << 20).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn is_sound(world: &World) {
    let holder = world.caller("fsck").holder;
    let request = commands::FsckRequest {
        data: true,
        repair: false,
    };
    let report = commands::fsck(
        world.folder.path(),
        &holder,
        request,
        &aiut::base::progress::Silent,
    )
    .unwrap();
    assert_eq!(report.findings, []);
}

/// `a` to `d`, `new` and `p` collide each in its own way.
fn collided() -> World {
    let world = World::with(&[("a", TEN), ("b", "1\n"), ("c", "1\n"), ("p", "\0a")]);
    world.fork("other");
    world.write("a", &TEN.replace("2\n", "two\n").replace("9\n", "nine\n"));
    world.write("b", "2\n");
    world.remove("c");
    world.write("new", "theirs\n");
    world.write("p", "\0b");
    world.commit("There");
    world.switch("main").unwrap();
    world.write("a", &TEN.replace("2\n", "zwei\n"));
    world.remove("b");
    world.write("c", "changed\n");
    world.write("new", "ours\n");
    world.write("p", "\0c");
    world.commit("Here");
    let outcome = pick(&world, &["other"]).unwrap();
    assert_eq!(conflicts(&outcome), ["a", "b", "c", "new", "p"]);
    assert_eq!(outcome.commits.len(), 1);
    world
}

#[test]
fn what_collides_is_kept_with_the_file_and_the_rest_is_joined() {
    let world = collided();
    let joined = TEN.replace("2\n", "zwei\n").replace("9\n", "nine\n");
    let after = [
        ("a", joined.as_str()),
        // Deleted here: what came stands for it, so that it is not overlooked.
        ("b", "2\n"),
        ("c", "changed\n"),
        ("new", "ours\n"),
        ("p", "\0c"),
    ];
    world.assert_files(&after);
    assert!(world.status().is_empty());
    let open = open(&world);
    assert_eq!(paths(&open), ["a", "b", "c", "new", "p"]);
    let reasons: Vec<_> = open.iter().map(|open| open.reason.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "the same lines were changed differently",
            "it was deleted or renamed here, and changed there",
            "it was changed here, and deleted or renamed there",
            "both sides have another new file of this name",
            "both sides changed it, so one version has to be chosen",
        ]
    );
    let Conflict {
        base,
        ours,
        theirs,
        places,
    } = &open[0].conflict;
    assert_eq!(open[0].names, ["a#line=2"]);
    assert_eq!(text_of(&world, base.unwrap().id), TEN);
    assert_eq!(
        text_of(&world, ours.unwrap().id),
        TEN.replace("2\n", "zwei\n")
    );
    assert!(text_of(&world, theirs.unwrap().id).contains("two"));
    assert_eq!((places.len(), places[0].line), (1, Some(2)));
    assert_eq!(places[0].theirs.as_deref(), Some("two\n"));
    let log = commands::op_log(&world.project, 1).unwrap();
    assert_eq!(log[0].command, "aiut cherry-pick");
    let request = commands::LogRequest {
        spans: &[],
        scope: Scope::all(),
        limit: 1,
        now: world.now(),
        options: commands::LogOptions::default(),
    };
    let log = commands::log(&world.project, &request).unwrap();
    let told = "\n\nConflicts:\n  a\n  b\n  c\n  new\n  p";
    assert!(log[0].commit.message.ends_with(told), "{:?}", log[0].commit);
    is_sound(&world);
}

#[test]
fn a_conflict_outlives_commits_switches_undo_and_collection() {
    let world = collided();
    world.undo().unwrap();
    assert_eq!(open(&world).len(), 0);
    assert_eq!(world.read("a"), TEN.replace("2\n", "zwei\n"));
    world.redo().unwrap();
    world.write("a", &(world.read("a") + "more\n"));
    world.commit("An edit settles nothing by itself");
    assert_eq!(paths(&open(&world)), ["a", "b", "c", "new", "p"]);
    world.switch("other").unwrap();
    assert_eq!(paths(&open(&world)), [""; 0]);
    world.switch("main").unwrap();
    assert_eq!(open(&world).len(), 5);
    // Neither side is in the tree of any timeline any more, but for the conflict.
    commands::delete_timelines(
        &world.project,
        &world.caller("branch -D"),
        &["other".to_owned()],
        true,
    )
    .unwrap();
    let request = GcRequest {
        grace_days: 0,
        dry_run: false,
    };
    commands::gc(&world.project, &world.caller("gc"), request).unwrap();
    is_sound(&world);
    resolve(&world, &["p", "b"], Settlement::Theirs).unwrap();
    assert_eq!(
        (world.read("p"), world.read("b")),
        ("\0b".into(), "2\n".into())
    );
    assert_eq!(paths(&open(&world)), ["a", "c", "new"]);
}

#[test]
fn each_way_to_settle_is_one_commit_that_undo_takes_back() {
    let world = collided();
    let done = resolve(&world, &["b", "new"], Settlement::Ours).unwrap();
    assert_eq!(done.settled, [path("b"), path("new")]);
    assert_eq!((done.changed, done.open.len()), (vec![path("b")], 3));
    assert!(!world.at("b").exists());
    assert_eq!(world.read("new"), "ours\n");
    resolve(&world, &["c"], Settlement::Theirs).unwrap();
    assert!(!world.at("c").exists());
    world.write("a", "both\n");
    // What was typed is not lost to a side.
    for side in [Settlement::Theirs, Settlement::Ours] {
        let refused = resolve(&world, &["a"], side).unwrap_err();
        assert!(
            matches!(refused, RepositoryError::Uncommitted(_)),
            "{refused}"
        );
    }
    resolve(&world, &["a"], Settlement::Edited).unwrap();
    assert_eq!(world.cat("HEAD:a").unwrap(), "both\n");
    assert_eq!(paths(&open(&world)), ["p"]);
    assert!(world.status().is_empty());
    assert_eq!(
        world.subjects()[..3],
        [
            "Resolve a: as edited",
            "Resolve c: theirs",
            "Resolve 2 files: ours"
        ]
    );
    let refused = resolve(&world, &["a", "p"], Settlement::Ours).unwrap_err();
    assert_eq!(refused.to_string(), "a is not in conflict");
    resolve(&world, &["p"], Settlement::Edited).unwrap();
    assert_eq!(open(&world), []);
    let nothing = resolve(&world, &[], Settlement::Ours).unwrap_err();
    assert_eq!(nothing.to_string(), "no file is in conflict");
    for _ in 0..4 {
        world.undo().unwrap();
    }
    assert_eq!(open(&world).len(), 5);
    is_sound(&world);
}

#[test]
fn a_change_waits_only_for_the_files_that_it_touches() {
    let world = World::with(&[("a", "1\n"), ("b", "1\n")]);
    world.fork("other");
    world.write("a", "2\n");
    world.commit("Collides");
    world.write("b", "2\n");
    world.commit("Fits");
    world.write("a", "4\n");
    world.commit("Touches it again");
    world.switch("main").unwrap();
    world.write("a", "3\n");
    world.commit("Here");
    let outcome = pick(&world, &["other~2", "other~1"]).unwrap();
    assert_eq!(conflicts(&outcome), ["a"]);
    world.assert_files(&[("a", "3\n"), ("b", "2\n")]);
    assert_eq!(world.subjects()[..2], ["Fits", "Collides"]);
    // It goes on from what collided, so that what collides now is its last version.
    let again = pick(&world, &["other"]).unwrap();
    assert_eq!(conflicts(&again), ["a"]);
    let open_now = open(&world);
    let theirs = open_now[0].conflict.theirs.unwrap();
    assert_eq!(text_of(&world, theirs.id), "4\n");
    assert_eq!(
        open_now[0].conflict.places[0].theirs.as_deref(),
        Some("4\n")
    );
    revert(&world, "HEAD").unwrap();
    let theirs = open(&world)[0].conflict.theirs.unwrap();
    assert_eq!(text_of(&world, theirs.id), "2\n");
    // What made it takes it away again.
    let back = revert(&world, "HEAD~3").unwrap();
    assert_eq!((conflicts(&back).len(), open(&world).len()), (0, 0));
    assert_eq!(world.read("a"), "3\n");
}

#[test]
fn a_conflict_can_be_picked_to_another_timeline_and_settled_there() {
    let world = World::with(&[("a", "1\n")]);
    world.fork("other");
    world.write("a", "2\n");
    world.commit("There");
    world.switch("main").unwrap();
    world.write("a", "3\n");
    world.commit("Here");
    world.fork("copy");
    world.switch("main").unwrap();
    pick(&world, &["other"]).unwrap();
    world.switch("copy").unwrap();
    pick(&world, &["main"]).unwrap();
    assert_eq!(paths(&open(&world)), ["a"]);
    resolve(&world, &["a"], Settlement::Theirs).unwrap();
    assert_eq!(world.read("a"), "2\n");
    world.switch("main").unwrap();
    assert_eq!(world.read("a"), "3\n");
    assert_eq!(paths(&open(&world)), ["a"]);
}

#[test]
fn a_conflict_that_comes_back_is_told() {
    let world = collided();
    resolve(&world, &["."], Settlement::Ours).unwrap();
    let back = revert(&world, "HEAD").unwrap();
    assert_eq!(conflicts(&back), ["a", "b", "c", "new", "p"]);
    assert_eq!(open(&world).len(), 5);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_settles_nothing() {
    let world = collided();
    world.remove("a");
    std::os::unix::fs::symlink("p", world.at("a")).unwrap();
    let refused = resolve(&world, &["a"], Settlement::Edited).unwrap_err();
    assert!(matches!(refused, RepositoryError::NotKept(_)), "{refused}");
    assert_eq!(open(&world).len(), 5);
}

#[test]
fn a_generated_file_that_is_settled_has_the_origin_of_its_side() {
    let world = World::with(&[("a", "1")]);
    generate(&world, "main", "\0one", 1);
    world.fork("other");
    generate(&world, "other", "\0two", 2);
    world.switch("main").unwrap();
    generate(&world, "main", "\0three", 3);
    pick(&world, &["other"]).unwrap();
    assert_eq!(made_by(&world), Some(run(3)));
    resolve(&world, &["frames"], Settlement::Theirs).unwrap();
    assert_eq!(world.read("frames/1.png"), "\0two");
    assert_eq!(made_by(&world), Some(run(2)));
    world.undo().unwrap();
    resolve(&world, &["frames/1.png"], Settlement::Ours).unwrap();
    assert_eq!(made_by(&world), Some(run(3)));
}

#[test]
fn a_change_beside_an_open_place_leaves_it_open() {
    let world = World::with(&[("a", TEN), ("p", "\0a")]);
    world.fork("other");
    world.write("a", &TEN.replace("2\n", "two\n"));
    world.write("p", "\0b");
    world.commit("Collides");
    world.switch("main").unwrap();
    world.fork("third");
    world.write(
        "a",
        &TEN.replace("1\n2", "0\n1\n2").replace("8\n", "eight\n"),
    );
    world.commit("Beside it");
    world.write("p", "\0d");
    world.commit("The picture");
    world.switch("main").unwrap();
    world.write("a", &TEN.replace("2\n", "zwei\n"));
    world.write("p", "\0c");
    world.commit("Here");
    pick(&world, &["other"]).unwrap();
    pick(&world, &["third~1"]).unwrap();
    assert_eq!(
        world.read("a"),
        TEN.replace("1\n2", "0\n1\nzwei").replace("8\n", "eight\n")
    );
    let open_now = open(&world);
    assert_eq!(open_now[0].names, ["a#line=3"]);
    assert_eq!(
        open_now[0].conflict.places[0].theirs.as_deref(),
        Some("two\n")
    );
    // A picture has no room for a third version.
    let refused = pick(&world, &["third"]).unwrap();
    assert!(refused.refused[0].reason.contains("in conflict already"));
    is_sound(&world);
}

#[test]
fn new_files_of_both_are_joined_where_they_have_fields() {
    let world = World::with(&[("keep", "x")]);
    world.fork("other");
    world.write("a.json", "{\"a\": 1, \"c\": 3}");
    world.write("a.toml", "a = 1\nb = 2\n");
    world.commit("There");
    world.switch("main").unwrap();
    world.write("a.json", "{\"a\": 1, \"b\": 2}");
    world.write("a.toml", "a = 1\nb = 3\n");
    world.commit("Here");
    let outcome = pick(&world, &["other"]).unwrap();
    assert_eq!(conflicts(&outcome), ["a.toml"]);
    assert_eq!(world.read("a.json"), "{\"a\": 1, \"b\": 2, \"c\": 3}");
    assert_eq!(open(&world)[0].names, ["a.toml#/b"]);
    assert_eq!(world.read("a.toml"), "a = 1\nb = 3\n");
}
