//! `restore`, `undo`, `redo`, `op`.

use aiut::workflow::repository::{self as commands, Scope, SwitchTarget};

use super::world::{World, path};

#[test]
fn undo_goes_back_step_by_step_and_redo_forward_again() {
    let world = World::with(&[("a", "1")]);
    world.write("a", "2");
    world.commit("Second");
    world.fork("other");
    world.write("b", "3");
    world.commit("Third");
    let end = world.project.view().unwrap().1;
    for expected in [
        vec!["Second", "Begin"],
        vec!["Second", "Begin"],
        vec!["Begin"],
        vec![],
    ] {
        world.undo().unwrap();
        assert_eq!(world.subjects(), expected);
    }
    assert_eq!(
        world.undo().unwrap_err().to_string(),
        "there is nothing to undo"
    );
    // The commits are gone, the work is not.
    world.assert_files(&[("a", "2"), ("b", "3")]);
    assert_eq!(world.status(), ["A a", "A b"]);
    for _ in 0..4 {
        world.redo().unwrap();
    }
    assert_eq!(world.project.view().unwrap().1, end);
    assert_eq!(
        world.redo().unwrap_err().to_string(),
        "there is nothing to redo"
    );
    assert!(world.status().is_empty());
}

#[test]
fn undo_after_redo_and_new_work_after_undo_keep_to_the_order_of_things() {
    let world = World::with(&[("a", "1")]);
    world.write("a", "2");
    world.commit("Second");
    world.undo().unwrap();
    world.redo().unwrap();
    world.undo().unwrap();
    assert_eq!(world.subjects(), ["Begin"]);
    world.write("a", "3");
    world.commit("Instead");
    assert!(world.redo().is_err());
    world.undo().unwrap();
    assert_eq!(world.subjects(), ["Begin"]);
    world.undo().unwrap();
    assert!(world.subjects().is_empty());
    world.redo().unwrap();
    world.redo().unwrap();
    assert_eq!(world.subjects(), ["Instead", "Begin"]);
}

#[test]
fn restore_gives_back_what_was_committed_and_undo_what_it_overwrote() {
    let world = World::with(&[("a", "1"), ("d/b", "1"), ("d/c", "1")]);
    world.write("a", "2");
    world.write("d/b", "2");
    world.commit("Second");
    world.write("d/b", "never committed");
    world.remove("d/c");
    world.write("d/new", "never committed either");
    let restore = |scope: &str, from| {
        let scope = Scope::of(vec![path(scope)]);
        commands::restore(&world.project, &world.caller("restore"), &scope, from)
    };
    let outcome = restore("d", None).unwrap();
    assert_eq!(outcome.overwritten, [path("d/b")]);
    let kept = ("d/new", "never committed either");
    world.assert_files(&[("a", "2"), ("d/b", "2"), ("d/c", "1"), kept]);
    world.undo().unwrap();
    world.assert_files(&[("a", "2"), ("d/b", "never committed"), kept]);
    world.redo().unwrap();
    restore("a", Some("HEAD~1")).unwrap();
    world.assert_files(&[("a", "1"), ("d/b", "2"), ("d/c", "1"), kept]);
    assert_eq!(world.status(), ["A d/new", "M a"]);
    let error = restore("d/d", None).unwrap_err();
    assert_eq!(error.to_string(), "the last commit has no d/d");
    assert!(restore("a", Some("HEAD~9")).is_err());
}

#[test]
fn undo_refuses_to_touch_what_was_edited_since() {
    let world = World::with(&[("a", "1")]);
    world.fork("other");
    world.write("a", "2");
    world.commit("Second");
    world.switch("main").unwrap();
    world.write("a", "edited since");
    let error = world.undo().unwrap_err();
    assert_eq!(error.to_string(), "files were changed since: a");
    assert!(error.hint().is_some());
    world.assert_files(&[("a", "edited since")]);
    world.write("a", "1");
    world.undo().unwrap();
    world.assert_files(&[("a", "2")]);
}

#[test]
fn what_a_switch_discards_comes_back_with_undo() {
    let world = World::with(&[("a", "1"), ("b", "1")]);
    world.fork("other");
    world.write("a", "2");
    world.commit("Second");
    world.write("a", "never committed");
    world.write("b", "this neither");
    let main = SwitchTarget::Timeline("main");
    let outcome = commands::switch(&world.project, &world.caller("switch"), main, true).unwrap();
    assert_eq!(outcome.discarded, [path("a"), path("b")]);
    world.assert_files(&[("a", "1"), ("b", "1")]);
    world.undo().unwrap();
    world.assert_files(&[("a", "never committed"), ("b", "this neither")]);
    assert_eq!(world.project.view().unwrap().1.head_commit(), world.head());
    assert_eq!(world.status(), ["M a", "M b"]);
}

#[test]
fn every_command_is_in_the_operation_log_and_any_moment_can_be_restored() {
    let world = World::with(&[("a", "1")]);
    world.write("a", "2");
    world.commit("Second");
    world.undo().unwrap();
    let log = commands::op_log(&world.project, usize::MAX).unwrap();
    let typed: Vec<_> = log.iter().map(|entry| entry.command.as_str()).collect();
    assert_eq!(
        typed,
        ["aiut undo", "aiut commit", "aiut commit", "aiut init"]
    );
    assert_eq!(log[0].undoes, Some(log[1].id));
    assert_eq!(
        (log[0].user.as_str(), log[0].host.as_str()),
        ("rae", "stage")
    );
    let restore = |id: &str| commands::op_restore(&world.project, &world.caller("op"), id, false);
    assert!(restore(&log[3].id.to_hex()).is_err(), "a is edited");
    world.redo().unwrap();
    restore(&log[3].id.short()).unwrap();
    assert_eq!((world.head(), world.files().len()), (None, 0));
    world.undo().unwrap();
    world.assert_files(&[("a", "2")]);
    assert_eq!(world.subjects(), ["Second", "Begin"]);
    assert!(restore("zzzz").is_err());
}
