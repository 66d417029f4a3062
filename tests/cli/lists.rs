//! Of a feature film, lists end: what an edit touched is shown, the rest is summed up, and `--all` and
//! `--json` have everything.

use super::film::film;
use super::world::World;

/// So many scenes, each in a place of its own.
const SCENES: usize = 60;

fn script(word: &str) -> String {
    let scene = |number: usize| {
        let word = if number == 31 { word } else { "waits" };
        format!("INT. ROOM {number} - DAY\n\nRAE, 30, {word}.\n\nRAE\nNumber {number}.\n\n")
    };
    (1..=SCENES).map(scene).collect()
}

/// A long film up to its shots, in one scene of which something changed.
fn long() -> World {
    let world = film(&script("waits"), &["shots"]);
    world.write("script.fountain", script("runs"));
    world
}

fn rows(text: &str) -> usize {
    text.lines().count()
}

#[test]
fn what_an_edit_touched_is_shown_and_the_rest_summed_up() {
    let world = long();
    let said = world.ok(&["stale"]);
    assert!(rows(&said) < 40, "{said}");
    let touched = said.lines().find(|line| line.starts_with("31 ")).unwrap();
    assert!(
        touched.contains("stale") && touched.contains("waits") && touched.contains("runs"),
        "{said}"
    );
    let rest = said
        .lines()
        .find(|line| line.starts_with("… and "))
        .unwrap();
    assert!(
        rest.contains(" more scenes (--all lists them all): ") && rest.ends_with(" missing"),
        "{rest}"
    );
    let all = world.ok(&["stale", "--all"]);
    assert!(rows(&all) > SCENES && !all.contains("… and"), "{all}");
    assert_eq!(
        world.json(&["stale"])["scenes"].as_array().unwrap().len(),
        SCENES
    );
    assert!(rows(&world.ok(&["stale", "--paths"])) > 3 * SCENES);

    for command in [&["plan"][..], &["generate", "-n"]] {
        let said = world.ok(command);
        assert!(rows(&said) < 60, "{said}");
        assert!(
            said.contains("more outputs (--all lists them all)"),
            "{said}"
        );
        let all = world.ok(&[command, &["--all"]].concat());
        assert!(
            rows(&all) > 4 * SCENES && !all.contains("… and"),
            "{}",
            rows(&all)
        );
    }
}

#[test]
fn stale_takes_the_words_of_plan_and_generate() {
    let world = long();
    let paths = |words: &[&str]| -> Vec<String> {
        let said = world.ok(&[&["stale", "--paths"], words].concat());
        said.lines().map(str::to_owned).collect()
    };
    let shots = paths(&["shots"]);
    assert_eq!(
        shots,
        ["shots/031.json"],
        "what is named, not what it stands on"
    );
    let of_scene = paths(&["scene", "31"]);
    assert!(of_scene.contains(&"shots/031.json".to_owned()));
    assert!(
        of_scene.iter().all(|path| path.contains("031")),
        "{of_scene:?}"
    );
    assert_eq!(
        paths(&["shots/031.json", "shots/030.json"]),
        ["shots/031.json"]
    );
    assert!(paths(&["shots/030.json"]).is_empty());
    let said = world.ok(&["stale", "scene", "31"]);
    assert!(
        said.contains("To refresh: aiut generate scene 31   ("),
        "{said}"
    );
    let said = world.ok(&["stale", "shots/030.json"]);
    assert!(
        said.starts_with("All of that is up to date: 1 fresh"),
        "{said}"
    );
    assert_eq!(
        world.run(&["stale", "--check", "shots/030.json"]).code,
        Some(0)
    );
    assert_eq!(world.run(&["stale", "--check", "shots"]).code, Some(3));
    assert_eq!(world.json(&["stale", "shots"])["outputs"], SCENES);
    assert_eq!(world.run(&["stale", "scene", "99"]).code, Some(1));
}

#[test]
fn hundreds_of_reasons_end_too() {
    let world = film(&script("waits"), &["prompts"]);
    // The film waits for every cut.
    let said = world.ok(&["why", "film.mp4"]);
    assert!(
        rows(&said) < 70 && said.contains("more reasons (--all lists them all)"),
        "{said}"
    );
    let all = world.ok(&["why", "film.mp4", "--all"]);
    assert!(
        rows(&all) > SCENES && !all.contains("… and"),
        "{}",
        rows(&all)
    );
    let whole = world.json(&["why", "film.mp4"]);
    assert!(whole["reasons"].as_array().unwrap().len() >= SCENES);
}

/// What lists say of the runs behind files and commits.
fn told(world: &World, commit: &str) -> [String; 4] {
    [
        world.ok(&["ls"]),
        world.ok(&["ls", "--json", commit]),
        world.ok(&["log", "--json"]),
        world.ok(&["show", "--json", commit]),
    ]
}

#[test]
fn what_is_said_of_many_runs_is_kept_and_stays_true() {
    let world = long();
    let first = told(&world, "HEAD");
    assert!(
        first[0]
            .lines()
            .filter(|line| line.contains(" by "))
            .count()
            > SCENES,
        "{}",
        first[0]
    );
    assert_eq!(told(&world, "HEAD"), first, "from what was kept");
    std::fs::remove_dir_all(world.path(".aiut/index")).unwrap();
    assert_eq!(told(&world, "HEAD"), first, "and without it");

    // Takes that are let go of are told of no more, though they were kept.
    world.write(
        "script.fountain",
        script("waits").replace("Number", "The number"),
    );
    world.ok(&["commit", "-m", "Other words"]);
    world.ok(&["generate", "shots"]);
    let shown = world.json(&["show", "HEAD"]);
    let undone = shown["id"].as_str().unwrap();
    assert!(shown["runs"].as_array().unwrap().len() >= SCENES);
    world.ok(&["undo"]);
    world.ok(&["takes", "--unused", "--delete", "--yes"]);
    world.ok(&["gc", "--grace", "0"]);
    let shown = world.json(&["show", undone]);
    assert_eq!(shown["runs"].as_array().unwrap().len(), 0, "{shown}");
}
