//! A project of so many files that folders are remembered rather than listed each time.

use aiut::workflow::repository::{self as commands, Scope};

use super::world::{World, path};

fn world() -> World {
    let world = World::new();
    for shot in 0..1_100 {
        let text = format!("shot {shot}");
        world.write(&format!("scenes/{:02}/{shot:04}.json", shot % 11), &text);
    }
    world.write(".aiutignore", "*.tmp\n");
    world.commit("Begin");
    // Once to learn the folders, once to rely on them.
    assert!(world.status().is_empty() && world.status().is_empty());
    world
}

#[test]
fn every_change_shows_among_many_files_and_only_once() {
    let world = world();
    world.write("scenes/03/0003.json", "edited");
    world.write("scenes/04/new.json", "new");
    world.write("scenes/04/left.tmp", "ignored");
    world.remove("scenes/05/0005.json");
    std::fs::rename(
        world.at("scenes/06/0006.json"),
        world.at("scenes/07/0006.json"),
    )
    .unwrap();
    world.write("bible/new/place.md", "new");
    let seen = [
        "A bible/new/place.md",
        "A scenes/04/new.json",
        "M scenes/03/0003.json",
        "D scenes/05/0005.json",
        "R scenes/06/0006.json -> scenes/07/0006.json",
    ];
    let sorted = |mut lines: Vec<String>| {
        lines.sort();
        lines
    };
    let expected = sorted(seen.map(str::to_owned).to_vec());
    assert_eq!(sorted(world.status()), expected);
    assert_eq!(sorted(world.status()), expected);
    world.write(".aiutignore", "new\n");
    let lines = world.status();
    assert!(
        lines.contains(&"A scenes/04/left.tmp".to_owned()),
        "{lines:?}"
    );
    assert!(
        !lines.contains(&"A bible/new/place.md".to_owned()),
        "{lines:?}"
    );
    world.commit("Changed");
    assert!(world.status().is_empty() && world.status().is_empty());
    world.undo().unwrap();
    assert_eq!(sorted(world.status()), sorted(lines));
}

#[test]
fn a_file_that_is_as_it_was_can_be_named_and_its_twin_is_refused() {
    let world = world();
    let status = |named: &str| commands::status(&world.project, &Scope::of(vec![path(named)]));
    assert!(status("scenes/03/0003.json").unwrap().is_clean());
    assert!(status("scenes/12").is_err());
    world.write(
        "scenes/03/0003.JSON",
        "a name that some systems take for the other",
    );
    let report = commands::status(&world.project, &Scope::all()).unwrap();
    assert!(report.is_clean());
    let refused: Vec<_> = report.refused.iter().map(|entry| &entry.path).collect();
    assert_eq!(refused, ["scenes/03/0003.JSON"]);
}

#[test]
fn switching_among_many_files_overwrites_nothing_that_came_meanwhile() {
    let world = world();
    world.fork("other");
    world.write("scenes/08/new.json", "of the other timeline");
    world.commit("Other");
    world.switch("main").unwrap();
    assert!(world.status().is_empty() && world.status().is_empty());
    world.write("scenes/08/new.json", "not committed");
    let error = world.switch("other").unwrap_err().to_string();
    assert!(error.contains("scenes/08/new.json"), "{error}");
    assert_eq!(world.read("scenes/08/new.json"), "not committed");
    world.remove("scenes/08/new.json");
    world.switch("other").unwrap();
    assert_eq!(world.read("scenes/08/new.json"), "of the other timeline");
    assert!(world.status().is_empty() && world.status().is_empty());
}
