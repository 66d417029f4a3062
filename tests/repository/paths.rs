//! Files and folders that take each other's place, by restoring and by committing.

use aiut::workflow::repository::{self as commands, RestoreOutcome, Scope};

use super::world::{World, path};

fn restore(world: &World, scope: &[&str], from: Option<&str>) -> RestoreOutcome {
    let scope = Scope::of(scope.iter().map(|text| path(text)).collect());
    commands::restore(&world.project, &world.caller("restore"), &scope, from).unwrap()
}

#[test]
fn a_file_is_restored_where_a_folder_stands() {
    let world = World::with(&[("take", "1"), ("other", "1")]);
    world.remove("take");
    world.write("take/inner/new", "mine");
    world.write("other", "2");
    let outcome = restore(&world, &["take"], None);
    assert_eq!(outcome.restored, [path("take")]);
    assert_eq!(outcome.gave_way, [path("take/inner/new")]);
    world.assert_files(&[("other", "2"), ("take", "1")]);
    world.undo().unwrap();
    world.assert_files(&[("other", "2"), ("take/inner/new", "mine")]);
}

#[test]
fn a_folder_is_restored_where_a_file_stands() {
    let world = World::with(&[("take/inner", "1"), ("take/more", "1")]);
    std::fs::remove_dir_all(world.at("take")).unwrap();
    world.write("take", "mine");
    let outcome = restore(&world, &["take/inner"], None);
    assert_eq!(outcome.restored, [path("take/inner")]);
    assert_eq!(outcome.gave_way, [path("take")]);
    world.assert_files(&[("take/inner", "1")]);
    world.undo().unwrap();
    world.assert_files(&[("take", "mine")]);
}

#[test]
fn what_an_earlier_commit_had_is_restored_over_edits_of_both() {
    let world = World::with(&[("take", "1")]);
    world.remove("take");
    world.write("take/a", "a");
    world.write("take/b", "b");
    world.commit("A folder");
    world.write("take/b", "edited");
    world.write("take/c", "new");
    let outcome = restore(&world, &["take"], Some("HEAD~1"));
    assert_eq!(
        outcome.restored,
        [path("take"), path("take/a"), path("take/b")]
    );
    assert_eq!(outcome.overwritten, [path("take/b")]);
    assert_eq!(outcome.gave_way, [path("take/c")]);
    world.assert_files(&[("take", "1")]);
    world.undo().unwrap();
    world.assert_files(&[("take/a", "a"), ("take/b", "edited"), ("take/c", "new")]);
}

#[test]
fn a_commit_of_what_lies_in_a_folder_takes_away_the_file_of_its_name_and_says_so() {
    let world = World::with(&[("take", "1"), ("other", "1")]);
    world.remove("take");
    world.write("take/deep/inner", "2");
    world.write("take/more", "3");
    world.write("other", "2");
    let outcome = world.try_commit("Inner", &["take/deep"]).unwrap();
    assert_eq!(outcome.changes.added, [path("take/deep/inner")]);
    assert_eq!(outcome.changes.deleted, [path("take")]);
    assert_eq!(outcome.changes.len(), 2);
    assert_eq!(world.status(), ["A take/more", "M other"]);
    assert_eq!(world.cat("HEAD:take/deep/inner").unwrap(), "2");
    assert_eq!(world.cat("HEAD:other").unwrap(), "1");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_keeps_the_systems_reason() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::with(&[("a", "1"), ("closed/x", "1")]);
    let close = |at: &str| {
        let mode = std::fs::Permissions::from_mode(0o000);
        std::fs::set_permissions(world.at(at), mode).unwrap();
    };
    world.write("a", "2");
    close("a");
    if std::fs::read(world.at("a")).is_ok() {
        // Permissions do not bind the system's administrator.
        return;
    }
    let denied = std::io::Error::from_raw_os_error(13).to_string();
    let report = commands::status(&world.project, &Scope::of(vec![path("a")])).unwrap();
    assert_eq!(report.unreadable[0].reason, denied);
    let told = |scope: &str| world.try_commit("x", &[scope]).unwrap_err().to_string();
    assert_eq!(told("a"), format!("cannot read a ({denied})"));
    close("closed");
    assert_eq!(told("closed/x"), format!("cannot read closed ({denied})"));
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(world.at("closed"), mode).unwrap();
}
