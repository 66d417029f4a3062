//! Provenance, and commits of what a run made.

use std::collections::BTreeMap;

use aiut::history::FileEntry;
use aiut::object::{AcceptanceId, FileId, GenerationId, Head};
use aiut::workflow::repository::{
    self as commands, GeneratedEntry, GeneratedOutcome, GeneratedRequest, RepositoryError,
};

use super::world::{World, path, rae};

fn run(number: u8) -> GenerationId {
    GenerationId::from_bytes([number; 32])
}

/// A file as the run `number` made it.
fn made(world: &World, at: &str, planned: &str, text: &str, number: u8) -> GeneratedEntry {
    let stored = world
        .project
        .store()
        .put_file_bytes(text.as_bytes())
        .unwrap();
    let planned = Some(planned).filter(|text| !text.is_empty());
    GeneratedEntry {
        path: path(at),
        planned: planned.map(|text| FileId::of(text.as_bytes())),
        id: Some(stored.id).filter(|_| !text.is_empty()),
        made_by: Some(run(number)),
    }
}

fn bring_in(
    world: &World,
    entries: &[GeneratedEntry],
) -> Result<GeneratedOutcome, RepositoryError> {
    let head = Head::Timeline("main".into());
    let author = rae();
    let request = GeneratedRequest {
        author: &author,
        message: &|_| "Generate frames".into(),
        head: &head,
        entries,
    };
    commands::commit_generated(&world.project, &world.caller("generate"), &request)
}

fn entry(world: &World, at: &str) -> FileEntry {
    let listed = commands::ls(&world.project, &format!("HEAD:{at}"), world.now()).unwrap();
    listed[0].entry
}

#[test]
fn the_files_of_a_run_are_written_committed_and_undone_together() {
    let world = World::with(&[
        ("script", "1"),
        ("frames/1.png", "old"),
        ("frames/9.png", "x"),
    ]);
    let outcome = bring_in(
        &world,
        &[
            made(&world, "frames/1.png", "old", "new", 1),
            made(&world, "frames/2.png", "", "two", 2),
            made(&world, "frames/9.png", "x", "", 3),
        ],
    )
    .unwrap();
    assert_eq!((outcome.written.len(), outcome.kept.len()), (3, 0));
    let after = [
        ("script", "1"),
        ("frames/1.png", "new"),
        ("frames/2.png", "two"),
    ];
    world.assert_files(&after);
    assert!(world.status().is_empty());
    assert_eq!(entry(&world, "frames/2.png").made_by, Some(run(2)));
    world.undo().unwrap();
    world.assert_files(&[
        ("script", "1"),
        ("frames/1.png", "old"),
        ("frames/9.png", "x"),
    ]);
    assert_eq!(world.subjects(), ["Begin"]);
    world.redo().unwrap();
    world.assert_files(&after);
}

#[test]
fn an_edit_made_during_the_run_is_never_overwritten() {
    let world = World::with(&[("a", "1"), ("b", "1"), ("c", "1"), ("d", "1")]);
    world.write("a", "edited");
    world.remove("b");
    world.write("new", "mine");
    world.write("way/x", "mine");
    let entries = [
        made(&world, "a", "1", "2", 1),
        made(&world, "b", "1", "2", 2),
        made(&world, "c", "1", "2", 3),
        made(&world, "new", "", "2", 4),
        made(&world, "way", "", "2", 5),
    ];
    let outcome = bring_in(&world, &entries).unwrap();
    assert_eq!(outcome.written, [path("c")]);
    let kept: Vec<_> = outcome.kept.iter().map(|kept| kept.path.as_str()).collect();
    assert_eq!(kept, ["a", "b", "new", "way"]);
    world.assert_files(&[
        ("a", "edited"),
        ("c", "2"),
        ("d", "1"),
        ("new", "mine"),
        ("way/x", "mine"),
    ]);
    assert_eq!(world.cat("HEAD:a").unwrap(), "1", "nor is it committed");
    // The very same again has nothing to add.
    assert_eq!(bring_in(&world, &entries[2..3]).unwrap().commit, None);
}

#[test]
fn what_was_not_committed_at_plan_time_is_stored_before_it_is_replaced() {
    let world = World::with(&[("a", "1")]);
    world.write("a", "uncommitted");
    bring_in(&world, &[made(&world, "a", "uncommitted", "2", 1)]).unwrap();
    assert_eq!(world.read("a"), "2");
    world.undo().unwrap();
    assert_eq!(world.read("a"), "uncommitted");
}

#[test]
fn nothing_is_written_to_another_timeline_than_the_run_was_planned_for() {
    let world = World::with(&[("a", "1")]);
    world.fork("other");
    let error = bring_in(&world, &[made(&world, "a", "1", "2", 1)]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the project was switched to timeline other meanwhile"
    );
    world.assert_files(&[("a", "1")]);
}

#[test]
fn a_generated_file_that_is_edited_or_renamed_keeps_its_origin() {
    let world = World::with(&[("script", "1")]);
    bring_in(
        &world,
        &[
            made(&world, "a.png", "", "a", 1),
            made(&world, "b.png", "", "b", 2),
        ],
    )
    .unwrap();
    let accepted = AcceptanceId::from_bytes([9; 32]);
    let decisions = BTreeMap::from([(path("b.png"), Some(accepted))]);
    let accept = |decisions: &BTreeMap<_, _>| {
        let caller = world.caller("accept");
        commands::commit_acceptances(&world.project, &caller, &rae(), "Keep b", decisions)
    };
    assert!(accept(&decisions).unwrap().is_some());
    assert!(accept(&decisions).unwrap().is_none(), "decided already");
    assert!(accept(&BTreeMap::from([(path("c.png"), None)])).is_err());
    world.write("a.png", "by hand");
    world.remove("b.png");
    world.write("moved/b.png", "b");
    world.write("copy.png", "a");
    world.commit("By hand");
    let edited = entry(&world, "a.png");
    assert_eq!(
        (edited.made_by, edited.id),
        (Some(run(1)), FileId::of(b"by hand"))
    );
    let moved = entry(&world, "moved/b.png");
    assert_eq!(
        (moved.made_by, moved.accepted),
        (Some(run(2)), Some(accepted))
    );
    assert_eq!(entry(&world, "copy.png").made_by, None);
    // It also survives going to another timeline and back.
    world.fork("other");
    world.write("a.png", "x");
    world.commit("Elsewhere");
    world.switch("main").unwrap();
    assert_eq!(entry(&world, "a.png"), edited);
    assert!(world.status().is_empty());
}

#[test]
fn a_snapshot_is_the_folder_as_it_would_be_committed() {
    let world = World::with(&[("a", "1"), ("b", "1")]);
    assert!(commands::snapshot(&world.project).unwrap().is_clean);
    bring_in(&world, &[made(&world, "a", "1", "2", 1)]).unwrap();
    world.write("a", "by hand");
    world.remove("b");
    world.write("c", "new");
    let snapshot = commands::snapshot(&world.project).unwrap();
    let files: Vec<_> = snapshot.files.keys().map(|path| path.as_str()).collect();
    assert_eq!((files, snapshot.is_clean), (vec!["a", "c"], false));
    assert_eq!(snapshot.files["a"].made_by, Some(run(1)));
    let bytes = world
        .project
        .store()
        .read_file(snapshot.files["c"].id, 100)
        .unwrap();
    assert_eq!(bytes, b"new");
}
