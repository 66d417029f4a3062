//! `branch`, `switch`, `tag`.

use aiut::workflow::repository::{self as commands, SwitchTarget};

use super::world::{World, path};

#[test]
fn switching_changes_only_what_differs_and_carries_other_edits_over() {
    let world = World::with(&[("same", "1"), ("a", "1"), ("old/x", "1")]);
    world.fork("other");
    world.write("a", "2");
    world.remove("old/x");
    world.write("new/y", "2");
    world.commit("Other");
    let before = std::fs::metadata(world.at("same"))
        .unwrap()
        .modified()
        .unwrap();
    world.write("untracked", "mine");
    world.switch("main").unwrap();
    world.assert_files(&[
        ("same", "1"),
        ("a", "1"),
        ("old/x", "1"),
        ("untracked", "mine"),
    ]);
    assert!(
        !world.at("new").exists(),
        "the folder it left empty is gone"
    );
    assert_eq!(
        std::fs::metadata(world.at("same"))
            .unwrap()
            .modified()
            .unwrap(),
        before
    );
    world.write("same", "edited");
    world.switch("other").unwrap();
    assert_eq!(world.status(), ["A untracked", "M same"]);
}

#[test]
fn switching_refuses_to_overwrite_what_is_not_committed() {
    let world = World::with(&[("a", "1"), ("b", "1")]);
    world.fork("other");
    world.write("a", "2");
    world.write("new", "2");
    world.write("folder/x", "2");
    world.commit("Other");
    world.switch("main").unwrap();
    world.write("a", "edited");
    world.write("new", "untracked");
    world.write("folder", "a file where a folder must be");
    let before = world.files();
    let error = world.switch("other").unwrap_err();
    let message = error.to_string();
    assert_eq!(
        message,
        "uncommitted changes would be overwritten in a, new, folder"
    );
    assert!(error.hint().unwrap().contains("--discard"));
    assert_eq!(world.files(), before);
    assert_eq!(world.subjects(), ["Begin"]);
    // An edit that is what the other side holds is in nobody's way.
    world.write("a", "2");
    world.write("new", "2");
    world.remove("folder");
    world.switch("other").unwrap();
    assert!(world.status().is_empty());
}

#[test]
fn even_an_ignored_file_is_not_overwritten() {
    let world = World::with(&[("a", "1")]);
    world.fork("other");
    world.write("out.tmp", "committed");
    world.commit("Other");
    world.switch("main").unwrap();
    world.write(".aiutignore", "*.tmp\n");
    world.write("out.tmp", "ignored, and mine");
    assert!(world.switch("other").is_err());
    assert_eq!(world.read("out.tmp"), "ignored, and mine");
}

#[test]
fn timelines_are_made_listed_renamed_and_deleted_with_care() {
    let world = World::with(&[("a", "1")]);
    let create = |name: &str, start: &str| {
        commands::create_timeline(&world.project, &world.caller("branch"), name, start)
    };
    create("what-if/stays", "HEAD").unwrap();
    assert!(create("what-if", "HEAD").is_err());
    assert!(create("What-If/Stays", "HEAD").is_err());
    assert!(create("a..b", "HEAD").is_err());
    assert_eq!(
        create("x", "mian").unwrap_err().hint().unwrap(),
        "did you mean main?"
    );
    world.switch("what-if/stays").unwrap();
    world.write("a", "2");
    world.commit("Stays");
    let rename = |from: &str, to: &str| {
        commands::rename_timeline(&world.project, &world.caller("branch -m"), from, to)
    };
    assert!(rename("what-if/stays", "stays").unwrap().timeline.current);
    assert!(rename("nothing", "x").is_err());
    let names = || -> Vec<_> {
        let listed = commands::timelines(&world.project).unwrap();
        let mark = |current| if current { "*" } else { " " };
        listed
            .iter()
            .map(|entry| format!("{}{}", mark(entry.current), entry.name))
            .collect()
    };
    assert_eq!(names(), [" main", "*stays"]);
    let delete = |name: &str, force| {
        let names = [name.to_owned()];
        commands::delete_timelines(&world.project, &world.caller("branch -d"), &names, force)
    };
    assert_eq!(
        delete("stays", true).unwrap_err().to_string(),
        "timeline stays is the current one"
    );
    world.switch("main").unwrap();
    let error = delete("stays", false).unwrap_err();
    assert!(
        error.to_string().contains("on no other timeline"),
        "{error}"
    );
    delete("stays", true).unwrap();
    assert_eq!(names(), ["*main"]);
    world.undo().unwrap();
    assert_eq!(names(), ["*main", " stays"]);
    world.switch("stays").unwrap();
    assert!(delete("main", false).is_ok(), "all of it is on stays");
    assert_eq!(
        delete("mian", false).unwrap_err().to_string(),
        "no timeline is called \"mian\""
    );
}

#[test]
fn a_commit_is_looked_at_without_a_timeline_only_when_asked_for() {
    let world = World::with(&[("a", "1")]);
    world.write("a", "2");
    world.commit("Second");
    let tag =
        |name: &str, at: &str| commands::create_tag(&world.project, &world.caller("tag"), name, at);
    tag("v1", "HEAD~1").unwrap();
    assert!(tag("v1", "HEAD").is_err());
    assert_eq!(
        commands::tags(&world.project).unwrap()[0].commit.subject,
        "Begin"
    );
    let error = world.switch("v1").unwrap_err();
    assert!(error.hint().unwrap().contains("--detach v1"), "{error}");
    let go = |target| commands::switch(&world.project, &world.caller("switch"), target, false);
    let outcome = go(SwitchTarget::Detached("v1")).unwrap();
    assert_eq!(
        (outcome.to.timeline, outcome.changed),
        (None, vec![path("a")])
    );
    world.write("a", "3");
    world.commit("On no timeline");
    assert_eq!(world.cat("main:a").unwrap(), "2");
    go(SwitchTarget::New {
        name: "kept",
        start: None,
    })
    .unwrap();
    assert_eq!(world.subjects(), ["On no timeline", "Begin"]);
    commands::delete_tags(&world.project, &world.caller("tag -d"), &["v1".to_owned()]).unwrap();
    assert!(commands::tags(&world.project).unwrap().is_empty());
    assert_eq!(
        world.switch("mian").unwrap_err().hint().unwrap(),
        "did you mean main?"
    );
}

#[test]
fn a_timeline_can_be_named_before_the_first_commit() {
    let world = World::new();
    world.fork("story");
    world.write("a", "1");
    world.commit("Begin");
    let listed = commands::timelines(&world.project).unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].name, "story");
}

#[test]
fn files_and_folders_of_one_name_change_places_between_timelines() {
    let world = World::with(&[("x", "file"), ("y/1", "folder"), ("y/2", "folder")]);
    world.fork("other");
    world.remove("x");
    std::fs::remove_dir_all(world.at("y")).unwrap();
    world.write("x/1", "folder");
    world.write("y", "file");
    world.commit("Other");
    world.switch("main").unwrap();
    world.assert_files(&[("x", "file"), ("y/1", "folder"), ("y/2", "folder")]);
    world.switch("other").unwrap();
    world.assert_files(&[("x/1", "folder"), ("y", "file")]);
    assert!(world.status().is_empty());
}
