//! What must fail, clearly and without having done anything.

use aiut::history::{HistoryError, Project};
use aiut::workflow::repository::{self as commands, RepositoryError, Scope};

use super::world::{World, path};

#[test]
fn a_project_is_found_from_below_and_missed_elsewhere() {
    let world = World::with(&[("shots/deep/1", "1")]);
    let found = Project::discover(&world.at("shots/deep")).unwrap();
    assert_eq!(found.root(), world.folder.path());
    let elsewhere = tempfile::tempdir().unwrap();
    let error = Project::discover(elsewhere.path()).unwrap_err();
    assert!(matches!(error, HistoryError::NotAProject(_)), "{error}");
    assert!(error.hint().unwrap().contains("aiut init"));
}

#[test]
fn a_project_is_not_made_twice_nor_inside_another() {
    let world = World::with(&[("shots/1", "1")]);
    let init = |at: &str| {
        let outcome = commands::init(
            &world.at(at),
            &world.caller("init"),
            aiut::object::ProjectId::random(),
        );
        outcome.map(|(_, outcome)| outcome.root).unwrap_err()
    };
    let again = init("");
    assert!(
        again.to_string().ends_with("is a project already"),
        "{again}"
    );
    let nested = init("shots");
    assert!(
        nested.to_string().contains("lies in the project"),
        "{nested}"
    );
    assert!(!world.at("shots/.aiut").exists());
}

#[test]
fn a_project_of_a_newer_version_is_left_alone() {
    let world = World::new();
    std::fs::write(world.at(".aiut/format"), "aiut repository 7\n").unwrap();
    let error = Project::open(world.folder.path()).unwrap_err();
    assert!(error.to_string().contains("aiut repository 7"), "{error}");
    assert_eq!(error.hint().unwrap(), "update aiut");
}

#[test]
fn a_commit_needs_a_message() {
    let world = World::new();
    world.write("a", "1");
    let error = world.try_commit(" \n", &[]).unwrap_err();
    assert!(matches!(error, RepositoryError::EmptyMessage));
    assert_eq!(world.head(), None);
}

#[test]
fn unsafe_names_are_told_and_not_committed() {
    let world = World::new();
    world.write("ok", "1");
    world.write("con.txt", "1");
    let outcome = world.try_commit("Begin", &[]).unwrap();
    assert_eq!(outcome.changes.added, [path("ok")]);
    assert_eq!(outcome.refused.len(), 1);
    assert_eq!(outcome.refused[0].path, "con.txt");
    assert!(outcome.refused[0].reason.contains("device name"));
}

#[test]
fn typed_paths_are_taken_from_the_folder_they_are_typed_in() {
    let world = World::with(&[("shots/1", "1"), ("a", "1")]);
    let typed = |cwd: &str, typed: &str| {
        Scope::typed(
            &world.project,
            &world.at(cwd),
            [std::path::Path::new(typed)],
        )
    };
    assert_eq!(
        typed("shots", "1").unwrap(),
        Scope::of(vec![path("shots/1")])
    );
    assert_eq!(typed("shots", "../a").unwrap(), Scope::of(vec![path("a")]));
    assert_eq!(typed("shots", "..").unwrap(), Scope::all());
    assert_eq!(
        typed("", "./shots/").unwrap(),
        Scope::of(vec![path("shots")])
    );
    assert!(typed("shots", "../../x").is_err());
    assert!(typed("", "/etc/passwd").is_err());
    let everything = Scope::typed(&world.project, &world.at("shots"), []).unwrap();
    assert!(everything.is_all());
}

#[test]
fn cat_and_ls_name_what_is_not_there() {
    let world = World::with(&[("shots/1.json", "1")]);
    let error = world.cat("HEAD:shots/1.jsn").unwrap_err();
    assert!(error.to_string().ends_with("has no shots/1.jsn"), "{error}");
    assert_eq!(error.hint().unwrap(), "did you mean shots/1.json?");
    assert_eq!(
        world.cat("HEAD:shots").unwrap_err().to_string(),
        "shots is a folder"
    );
    assert!(matches!(
        world.cat("HEAD").unwrap_err(),
        RepositoryError::NoPath
    ));
    assert!(
        world
            .cat("HEAD:../x")
            .unwrap_err()
            .to_string()
            .contains("unsafe name")
    );
    assert!(commands::ls(&world.project, "HEAD:nothing", world.now()).is_err());
}

#[cfg(unix)]
#[test]
fn a_symlink_swapped_in_leads_nowhere() {
    let world = World::with(&[("shots/1", "old"), ("a", "1")]);
    world.fork("other");
    world.write("shots/1", "new");
    world.commit("Other");
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("1"), "new").unwrap();
    std::fs::remove_dir_all(world.at("shots")).unwrap();
    std::os::unix::fs::symlink(outside.path(), world.at("shots")).unwrap();
    let report = commands::status(&world.project, &Scope::all()).unwrap();
    assert_eq!(report.skipped[0].path, "shots");
    assert!(world.switch("main").is_err());
    let restore = commands::restore(
        &world.project,
        &world.caller("restore"),
        &Scope::of(vec![path("shots/1")]),
        None,
    );
    assert!(restore.unwrap_err().to_string().contains("symlink"));
    assert_eq!(
        std::fs::read_to_string(outside.path().join("1")).unwrap(),
        "new"
    );
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 1);
    assert_eq!(world.subjects(), ["Other", "Begin"]);
}

/// Whether permissions bind this process at all: they do not bind root.
#[cfg(unix)]
fn is_bound_by_permissions(world: &World) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    world.write("probe", "x");
    let probe = world.at("probe");
    std::fs::set_permissions(&probe, std::fs::Permissions::from_mode(0o000)).unwrap();
    let bound = std::fs::read(&probe).is_err();
    std::fs::remove_file(probe).unwrap();
    bound
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_named_and_stops_only_the_commit_that_needs_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::with(&[("a", "1"), ("b", "1"), ("closed/x", "1")]);
    if !is_bound_by_permissions(&world) {
        return;
    }
    let close = |at: &str, mode| {
        std::fs::set_permissions(world.at(at), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    world.write("a", "2");
    world.write("b", "2");
    close("b", 0o000);
    close("closed", 0o000);
    let report = commands::status(&world.project, &Scope::all()).unwrap();
    let unreadable: Vec<_> = report
        .unreadable
        .iter()
        .map(|entry| entry.path.as_str())
        .collect();
    assert_eq!(unreadable, ["b", "closed"]);
    assert_eq!(report.changes.modified, [path("a")]);
    assert!(
        report.changes.deleted.is_empty(),
        "what cannot be seen is not gone"
    );
    let error = world.try_commit("All", &[]).unwrap_err().to_string();
    assert!(
        error.contains("b (") && error.contains("closed ("),
        "{error}"
    );
    assert!(world.try_commit("One", &["a"]).unwrap().commit.is_some());
    close("b", 0o644);
    close("closed", 0o755);
}

#[cfg(unix)]
#[test]
fn a_read_only_project_can_be_read_and_says_that_it_cannot_be_changed() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::with(&[("a", "1")]);
    if !is_bound_by_permissions(&world) {
        return;
    }
    fn each(folder: &std::path::Path, write: bool) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                each(&path, write);
            } else {
                set(&path, if write { 0o644 } else { 0o444 });
            }
        }
        set(folder, if write { 0o755 } else { 0o555 });
    }
    fn set(path: &std::path::Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    world.write("a", "2");
    let World {
        folder,
        clock,
        project,
    } = world;
    drop(project);
    set(&folder.path().join(".aiut"), 0o755);
    each(folder.path(), false);
    let project = Project::open(folder.path()).unwrap();
    let report = commands::status(&project, &Scope::all()).unwrap();
    assert_eq!(report.changes.modified, [path("a")]);
    let caller = super::world::caller(&*clock, "switch");
    let error = commands::create_timeline(&project, &caller, "x", "HEAD").unwrap_err();
    assert!(error.to_string().ends_with("is read-only"), "{error}");
    set(folder.path(), 0o755);
    for name in std::fs::read_dir(folder.path()).unwrap() {
        let path = name.unwrap().path();
        if path.is_dir() {
            set(&path, 0o755);
            each(&path, true);
        }
    }
}
