//! Which commit each part of a file is from.

use serde_json::Value;

use super::film::film;
use super::world::World;

const SCRIPT: &str = "Title: Ferry\n\nINT. CABIN - DAY\n\nMila sits on the bunk.\n\nMILA\nNo.\n\n\
    EXT. DECK - DAY\n\nWind over the deck.\n\nPAVEL\nYes, of course.\n\n\
    INT. HOLD - NIGHT\n\nWater drips on the crates.\n";

/// Subject of the commit, and text, of each row.
fn rows(report: &Value) -> Vec<(String, String)> {
    let subject = |row: &Value| {
        let origin = &report["origins"][row["origin"].as_u64().unwrap() as usize];
        let subject = &origin["commit"]["subject"];
        subject.as_str().unwrap_or("uncommitted").to_owned()
    };
    let rows = report["rows"].as_array().unwrap().iter();
    rows.map(|row| (subject(row), row["text"].as_str().unwrap().to_owned()))
        .collect()
}

/// The subject of the commit that the row with this text is from.
fn from(report: &Value, text: &str) -> String {
    let rows = rows(report);
    let found = rows.iter().find(|(_, row)| row.contains(text));
    found
        .unwrap_or_else(|| panic!("{text}: {rows:?}"))
        .0
        .clone()
}

/// An edit, a move of a scene, a new name of the file, an edit that is not committed.
fn written() -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    let mut text = SCRIPT.to_owned();
    let mut commit = |world: &World, edit: &dyn Fn(&str) -> String, message: &str| {
        text = edit(&text);
        world.write("script.fountain", &text);
        world.ok(&["commit", "-q", "-m", message]);
    };
    commit(&world, &str::to_owned, "First");
    let edit = |text: &str| text.replace("Wind over the deck.", "Gulls over the water.");
    commit(&world, &edit, "Gulls");
    commit(
        &world,
        &|text: &str| {
            let (deck, hold) = (
                text.find("EXT. DECK").unwrap(),
                text.find("INT. HOLD").unwrap(),
            );
            format!("{}{}\n{}", &text[..deck], &text[hold..], &text[deck..hold])
        },
        "Move",
    );
    commit(
        &world,
        &|text: &str| text.replace("MILA\nNo.", "PAVEL\nNo."),
        "Speaker",
    );
    world
}

#[test]
fn paragraphs_are_followed_through_moves_of_scenes() {
    let world = written();
    let report = world.json(&["blame", "script.fountain"]);
    assert_eq!(report["kind"], "script");
    assert_eq!(from(&report, "Gulls over"), "Gulls");
    assert_eq!(from(&report, "Yes, of course"), "First");
    assert_eq!(from(&report, "Water drips"), "First");
    assert_eq!(from(&report, "EXT. DECK"), "First");
    assert_eq!(from(&report, "No."), "Speaker");
    // Numbers stay with their scenes.
    let gulls = rows(&report).iter().position(|row| row.1.contains("Gulls"));
    assert_eq!(report["rows"][gulls.unwrap()]["scene"], "2");

    let shown = world.ok(&["blame", "--scene", "2"]);
    let mut lines = shown.lines();
    assert_eq!(lines.next(), Some("scene 2  EXT. DECK - DAY"));
    assert_eq!(lines.clone().count(), 3);
    let gulls = lines.nth(1).unwrap();
    assert!(gulls.contains("Rae Lindqvist 2026-01-01 hand"), "{gulls}");
    assert!(gulls.ends_with("16  Gulls over the water."), "{gulls}");

    // By line a moved scene came with the move, as for any other text.
    let report = world.json(&["blame", "--lines", "script.fountain"]);
    assert_eq!(report["kind"], "lines");
    let moved = [from(&report, "Gulls"), from(&report, "Water drips")];
    assert!(moved.contains(&"Move".to_owned()), "{moved:?}");
}

#[test]
fn a_renamed_file_and_edits_in_the_folder_are_told() {
    let world = written();
    let text = world.read("script.fountain");
    std::fs::rename(world.path("script.fountain"), world.path("ferry.fountain")).unwrap();
    world.write("ferry.fountain", text.replace("Water drips", "Oil drips"));
    world.ok(&["commit", "-q", "-m", "Rename"]);
    world.write(
        "ferry.fountain",
        text.replace("Water drips", "Oil drips")
            .replace("Gulls", "Terns"),
    );
    let report = world.json(&["blame", "ferry.fountain"]);
    assert_eq!(report["commit"], Value::Null);
    assert_eq!(from(&report, "Oil drips"), "Rename");
    assert_eq!(from(&report, "Terns"), "uncommitted");
    assert_eq!(from(&report, "Yes, of course"), "First");
    let first = &report["origins"].as_array().unwrap();
    let first = first
        .iter()
        .find(|origin| origin["commit"]["subject"] == "First");
    assert_eq!(first.unwrap()["path"], "script.fountain");
    assert!(
        world
            .ok(&["blame", "ferry.fountain"])
            .contains("\nuncommitted  you ")
    );
    // As it was, under its name of then.
    let report = world.json(&["blame", "HEAD~1", "script.fountain"]);
    assert_eq!(from(&report, "Gulls"), "Gulls");
    let range = world.json(&["blame", "-L", "16,16", "HEAD~1", "script.fountain"]);
    assert_eq!(
        rows(&range),
        [("Gulls".to_owned(), "Gulls over the water.".to_owned())]
    );
}

#[test]
fn both_sides_of_a_merge_are_asked() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("script.fountain", SCRIPT);
    world.ok(&["commit", "-q", "-m", "First"]);
    world.ok(&["switch", "-q", "-c", "oil"]);
    world.write("script.fountain", SCRIPT.replace("Water", "Oil"));
    world.ok(&["commit", "-q", "-m", "Oil"]);
    world.ok(&["switch", "-q", "main"]);
    world.write("script.fountain", SCRIPT.replace("Wind", "Rain"));
    world.ok(&["commit", "-q", "-m", "Rain"]);
    world.ok(&["merge", "-q", "oil"]);
    for arguments in [
        &["blame", "script.fountain"][..],
        &["blame", "--lines", "script.fountain"],
    ] {
        let report = world.json(arguments);
        assert_eq!(from(&report, "Oil drips"), "Oil");
        assert_eq!(from(&report, "Rain over"), "Rain");
        assert_eq!(from(&report, "Mila sits"), "First");
    }
}

#[test]
fn a_field_of_a_shot_is_from_its_run_until_somebody_edits_it() {
    let world = film(
        "INT. KITCHEN - NIGHT\n\nRAE, 30, fills a kettle.\n\nRAE\nWho is there?\n",
        &["shots"],
    );
    let text = world.read("shots/001.json");
    let lens = text
        .lines()
        .find(|line| line.contains("\"lens_mm\""))
        .unwrap();
    world.write(
        "shots/001.json",
        text.replacen(lens, "      \"lens_mm\": 21,", 1),
    );
    world.ok(&["commit", "-q", "-m", "Wider"]);
    let report = world.json(&["blame", "--shot", "1-1"]);
    assert_eq!(report["kind"], "shots");
    assert_eq!(report["path"], "shots/001.json");
    let origin = |field: &str| {
        let rows = report["rows"].as_array().unwrap();
        let row = rows.iter().find(|row| row["field"] == field).unwrap();
        assert_eq!(row["shot"], "001_001");
        report["origins"][row["origin"].as_u64().unwrap() as usize].clone()
    };
    assert_eq!(origin("lens_mm")["commit"]["subject"], "Wider");
    assert_eq!(origin("lens_mm")["run"], Value::Null);
    let run = &origin("content")["run"];
    assert_eq!(run["stage"], "shots");
    let reads = run["reads"].as_array().unwrap();
    assert!(
        reads.iter().any(|read| read == "script.fountain#scene=001"),
        "{reads:?}"
    );
    let shown = world.ok(&["blame", "--shot", "1-1"]);
    assert!(shown.starts_with("shot 1-1\n"), "{shown}");
    assert!(shown.contains(" made shots 001 by "), "{shown}");
}

#[test]
fn what_cannot_be_told_is_refused_with_what_to_type() {
    let world = written();
    world.write("still.png", b"\x89PNG\0\0");
    world.ok(&["commit", "-q", "-m", "Still"]);
    let cases: &[(&[&str], i32, &str, &str)] = &[
        (&["blame"], 2, "no file is named", "aiut blame --scene 12"),
        (
            &["blame", "still.png"],
            1,
            "is no text",
            "aiut log still.png",
        ),
        (&["blame", "nowhere.txt"], 1, "nowhere.txt", ""),
        (
            &["blame", "-L", "900", "script.fountain"],
            1,
            "there is no line 900",
            "-L 10,20",
        ),
        (
            &["blame", "-L", "x", "script.fountain"],
            2,
            "names no lines",
            "-L 40,60",
        ),
        (&["blame", "--scene", "9"], 1, "no scene 9", "its scenes: 1"),
        (
            &["blame", "--shot", "9-9"],
            1,
            "no shot is called 9-9",
            "aiut shots",
        ),
        (
            &["blame", "--scene", "1", "numbers.toml"],
            1,
            "not told scene by scene",
            "script.fountain",
        ),
        (
            &["blame", "script.fountain", "numbers.toml"],
            2,
            "one file",
            "name one",
        ),
    ];
    for (arguments, code, message, hint) in cases {
        let run = world.run(arguments);
        assert_eq!(run.code, Some(*code), "{arguments:?}: {run}");
        assert!(run.stderr.contains(message), "{arguments:?}: {run}");
        assert!(run.stderr.contains(hint), "{arguments:?}: {run}");
        assert!(run.stdout.is_empty(), "{arguments:?}: {run}");
    }
}
