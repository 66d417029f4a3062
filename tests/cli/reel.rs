//! A film of some scenes, while the others are still to be made.

use std::process::Command;

use super::film::{SCRIPT, film, stale};
use super::world::World;

fn settings(scenes: &str) -> String {
    format!("[film]\nwidth = 160\nheight = 90\n\n[stage.film]\nwith = {{ scenes = {scenes} }}\n")
}

/// The titles of the film's chapters.
fn chapters(world: &World) -> Vec<String> {
    let shown = Command::new("ffprobe")
        .args(["-v", "error", "-show_chapters", "-of", "json"])
        .arg(world.path("film.mp4"))
        .output()
        .expect("ffprobe is there");
    let shown: serde_json::Value = serde_json::from_slice(&shown.stdout).expect("JSON");
    let chapters = shown["chapters"].as_array().expect("chapters").iter();
    let title = |chapter: &serde_json::Value| chapter["tags"]["title"].as_str().map(str::to_owned);
    chapters.filter_map(title).collect()
}

#[test]
fn a_film_of_some_scenes_needs_no_other() {
    let world = film(SCRIPT, &["prompts"]);
    world.write("aiut.toml", settings("\"1-2\""));
    world.ok(&["generate", "-q", "film"]);
    assert!(world.path("cuts/002.mov").exists() && !world.path("cuts/003.mov").exists());
    assert_eq!(
        chapters(&world),
        [
            "Three Rooms",
            "1 INT. KITCHEN - DAY",
            "2 EXT. STATION PLATFORM - NIGHT"
        ]
    );
    // What the third scene still needs is no matter of the film; it is one again as soon as that has it.
    assert!(!stale(&world).contains(&"film.mp4".to_owned()));
    world.write("script.fountain", SCRIPT.replace("everything", "nothing"));
    assert!(!stale(&world).contains(&"film.mp4".to_owned()));
    world.write("aiut.toml", settings("\"1-3\""));
    assert!(stale(&world).contains(&"film.mp4".to_owned()));
    world.write("aiut.toml", settings("3"));
    world.ok(&["generate", "-q", "film"]);
    assert_eq!(
        chapters(&world),
        ["Three Rooms", "3 INT. ATTIC - MORNING", "The End"]
    );
}

#[test]
fn scenes_that_are_none_are_refused() {
    let world = film(SCRIPT, &["prompts"]);
    for (scenes, said) in [
        ("\"1, 9\"", "scenes: the film has no scene 9"),
        ("\"3-1\"", "3-1 ends before it begins"),
        ("\"\"", "numbers of scenes"),
        ("false", "the film has no scene false"),
    ] {
        world.write("aiut.toml", settings(scenes));
        let run = world.run(&["generate", "film"]);
        assert_eq!(run.code, Some(1), "{scenes}: {run}");
        assert!(format!("{run}").contains(said), "{scenes}: {run}");
    }
}
