//! `revert` and `cherry-pick`.

use std::collections::BTreeMap;

use aiut::history::FileEntry;
use aiut::object::{FileId, GenerationId, Head, RepoPath};
use aiut::workflow::repository::{
    self as commands, GeneratedEntry, GeneratedRequest, OwnFiles, RepositoryError,
    TransplantOutcome,
};

use super::world::{World, path, rae};

/// No files of aiut's own.
pub(crate) const NONE: Option<Numbers> = None;

/// A stand-in for the scene numbers: a file that counts the lines of `script`.
pub(crate) struct Numbers<'w>(&'w World);

impl OwnFiles for Numbers<'_> {
    fn is_own(&self, path: &RepoPath) -> bool {
        path.as_str() == "numbers"
    }

    fn renewed(
        &self,
        files: &BTreeMap<RepoPath, FileEntry>,
    ) -> Result<Vec<(RepoPath, Vec<u8>)>, RepositoryError> {
        let store = self.0.project.store();
        let script = store.read_file(files["script"].id, 1 << 20).unwrap();
        let lines = script.iter().filter(|byte| **byte == b'\n').count();
        Ok(vec![(path("numbers"), lines.to_string().into_bytes())])
    }
}

pub(crate) fn revert(world: &World, revision: &str) -> Result<TransplantOutcome, RepositoryError> {
    let (caller, author) = (world.caller("revert"), rae());
    commands::revert(
        &world.project,
        &caller,
        &author,
        revision,
        None,
        None,
        &NONE,
    )
}

pub(crate) fn pick(
    world: &World,
    revisions: &[&str],
) -> Result<TransplantOutcome, RepositoryError> {
    let revisions: Vec<String> = revisions.iter().map(|text| (*text).to_owned()).collect();
    let caller = world.caller("cherry-pick");
    commands::cherry_pick(&world.project, &caller, &revisions, None, &NONE)
}

pub(crate) fn conflicts(outcome: &TransplantOutcome) -> Vec<&str> {
    let conflicts = outcome.conflicts.iter();
    conflicts.map(|conflict| conflict.path.as_str()).collect()
}

pub(crate) const TEN: &str = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n";

#[test]
fn a_revert_takes_back_one_commit_and_keeps_what_came_after() {
    let world = World::with(&[("script", TEN), ("gone", "x"), ("keep", "x")]);
    world.write("script", &TEN.replace("2\n", "two\n"));
    world.remove("gone");
    world.write("d/new", "new");
    let second = world.commit("Second\n\nWith a reason.");
    world.write("script", &world.read("script").replace("9\n", "nine\n"));
    world.commit("Third");
    world.write("keep", "not committed");
    let outcome = revert(&world, "HEAD~1").unwrap();
    assert!(outcome.conflicts.is_empty());
    assert_eq!(
        outcome.changed,
        [path("d/new"), path("gone"), path("script")]
    );
    assert_eq!(
        outcome.commits[0].message,
        format!("Revert \"Second\"\n\nTakes back commit {second}.")
    );
    let after = [
        ("script", TEN.replace("9\n", "nine\n")),
        ("gone", "x".to_owned()),
        ("keep", "not committed".to_owned()),
    ];
    let after: Vec<_> = after.iter().map(|(p, t)| (*p, t.as_str())).collect();
    world.assert_files(&after);
    assert_eq!(world.status(), ["M keep"]);
    assert_eq!(world.subjects()[0], "Revert \"Second\"");

    // Again there is nothing to take back, and no commit is made.
    let again = revert(&world, "HEAD~2").unwrap();
    assert!(again.commits.is_empty());
    assert_eq!(again.idle[0].id, second);
    assert_eq!(world.subjects().len(), 4);

    // A revert of the revert does it again.
    revert(&world, "HEAD").unwrap();
    assert_eq!(world.read("d/new"), "new");
    world.undo().unwrap();
    world.undo().unwrap();
    assert_eq!(world.subjects(), ["Third", "Second", "Begin"]);
    assert_eq!(world.read("d/new"), "new");
    assert_eq!(world.status(), ["M keep"]);
}

#[test]
fn the_first_commit_can_be_taken_back() {
    let world = World::with(&[("a", "1")]);
    revert(&world, "HEAD").unwrap();
    world.assert_files(&[]);
    assert_eq!(world.subjects().len(), 2);
}

#[test]
fn uncommitted_changes_in_the_way_are_refused_by_name() {
    let world = World::with(&[("a", "1"), ("b", "1")]);
    world.write("a", "2");
    world.commit("Second");
    world.write("a", "edited");
    world.write("b", "edited");
    let error = revert(&world, "HEAD").unwrap_err();
    assert_eq!(
        error.to_string(),
        "a file is not committed and would be changed: a"
    );
    assert!(error.hint().is_some());
    world.assert_files(&[("a", "edited"), ("b", "edited")]);
    assert_eq!(world.subjects().len(), 2);
    assert!(revert(&world, "nowhere").is_err());
    assert!(revert(&world, "HEAD:a").is_err());
}

#[test]
fn picked_commits_come_one_by_one_and_go_together() {
    let world = World::with(&[("script", TEN), ("data.json", "{\"a\": 1, \"b\": 1}")]);
    world.fork("other");
    world.write("script", &TEN.replace("9\n", "nine\n"));
    world.commit("Nine");
    world.write("data.json", "{\"a\": 1, \"b\": 2}");
    let json = world.commit("Json");
    world.switch("main").unwrap();
    world.write("script", &TEN.replace("2\n", "two\n"));
    world.write("data.json", "{\"a\": 2, \"b\": 1}");
    world.commit("Here");
    let outcome = pick(&world, &["other~1", "other"]).unwrap();
    assert!(outcome.conflicts.is_empty());
    assert_eq!(world.subjects(), ["Json", "Nine", "Here", "Begin"]);
    assert_eq!(
        outcome.commits[1].message,
        format!("Json\n\nPicked from commit {json}.")
    );
    assert_eq!(
        world.read("script"),
        TEN.replace("2\n", "two\n").replace("9\n", "nine\n")
    );
    assert_eq!(world.read("data.json"), "{\"a\": 2, \"b\": 2}");
    assert!(world.status().is_empty());
    world.undo().unwrap();
    assert_eq!(world.subjects(), ["Here", "Begin"]);
    assert_eq!(world.read("data.json"), "{\"a\": 2, \"b\": 1}");
    world.redo().unwrap();
    assert_eq!(pick(&world, &["other"]).unwrap().idle.len(), 1);
    assert!(world.status().is_empty());
}

#[test]
fn a_file_never_takes_the_place_of_a_folder() {
    let world = World::with(&[("a", "1")]);
    world.fork("other");
    world.write("notes", "a file");
    world.commit("File");
    world.switch("main").unwrap();
    world.write("notes/today", "a folder");
    world.commit("Folder");
    let outcome = pick(&world, &["other"]).unwrap();
    assert_eq!(outcome.refused[0].path, path("notes"));
    assert!(outcome.commits.is_empty() && outcome.conflicts.is_empty());
    assert_eq!(world.read("notes/today"), "a folder");
}

pub(crate) fn run(number: u8) -> GenerationId {
    GenerationId::from_bytes([number; 32])
}

pub(crate) fn generate(world: &World, timeline: &str, text: &str, number: u8) {
    let store = world.project.store();
    let planned = std::fs::read(world.at("frames/1.png")).ok();
    let entry = GeneratedEntry {
        path: path("frames/1.png"),
        planned: planned.map(|bytes| FileId::of(&bytes)),
        id: Some(store.put_file_bytes(text.as_bytes()).unwrap().id),
        made_by: Some(run(number)),
    };
    let (author, head) = (rae(), Head::Timeline(timeline.into()));
    let request = GeneratedRequest {
        author: &author,
        message: &|_| "Generate frames".into(),
        head: &head,
        entries: &[entry],
    };
    commands::commit_generated(&world.project, &world.caller("generate"), &request).unwrap();
}

pub(crate) fn made_by(world: &World) -> Option<GenerationId> {
    let listed = commands::ls(&world.project, "HEAD:frames/1.png", world.now()).unwrap();
    listed[0].entry.made_by
}

#[test]
fn a_reverted_run_gives_back_the_former_file_and_its_origin() {
    let world = World::with(&[("a", "1")]);
    generate(&world, "main", "\0one", 1);
    generate(&world, "main", "\0two", 2);
    world.write("a", "2");
    world.commit("Later");
    revert(&world, "HEAD~1").unwrap();
    assert_eq!(world.read("frames/1.png"), "\0one");
    assert_eq!(made_by(&world), Some(run(1)));
    // A run that made the same bytes differs in its origin alone, and that goes too.
    generate(&world, "main", "\0one", 3);
    assert_eq!(made_by(&world), Some(run(3)));
    revert(&world, "HEAD").unwrap();
    assert_eq!(made_by(&world), Some(run(1)));
}

#[test]
fn generated_files_are_picked_whole_with_their_origin() {
    let world = World::with(&[("a", "1")]);
    generate(&world, "main", "\0one", 1);
    world.fork("other");
    generate(&world, "other", "\0two", 2);
    world.switch("main").unwrap();
    pick(&world, &["other"]).unwrap();
    assert_eq!(world.read("frames/1.png"), "\0two");
    assert_eq!(made_by(&world), Some(run(2)));
    world.undo().unwrap();
    generate(&world, "main", "\0three", 3);
    let outcome = pick(&world, &["other"]).unwrap();
    assert_eq!(conflicts(&outcome), ["frames/1.png"]);
    assert!(
        outcome.conflicts[0]
            .reason
            .contains("regenerated on both sides")
    );
    assert_eq!(made_by(&world), Some(run(3)));
}

#[test]
fn files_of_aiuts_own_are_brought_up_to_date_and_never_conflict() {
    let world = World::with(&[("script", TEN), ("numbers", "10")]);
    world.fork("other");
    world.write("script", &TEN.replace("9\n", "9\n9a\n"));
    world.write("numbers", "11");
    world.commit("One more");
    world.switch("main").unwrap();
    world.write("script", &TEN.replace("2\n", "2\n2a\n2b\n"));
    world.write("numbers", "12");
    world.commit("Two more");
    let caller = world.caller("cherry-pick");
    let other = ["other".to_owned()];
    let own = Some(Numbers(&world));
    let outcome = commands::cherry_pick(&world.project, &caller, &other, None, &own).unwrap();
    assert!(outcome.conflicts.is_empty(), "{:?}", outcome.conflicts);
    assert_eq!(world.read("numbers"), "13");
    assert!(world.status().is_empty());
    // Without them it is a text like any other.
    world.undo().unwrap();
    assert_eq!(conflicts(&pick(&world, &["other"]).unwrap()), ["numbers"]);
}
