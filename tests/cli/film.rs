//! A film from its screenplay on: what an edit makes stale, and why.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::world::World;
use crate::edits::{Random, edit_script};

/// Three scenes that carry nothing over from one to the next.
pub(super) const SCRIPT: &str = "\
Title: Three Rooms

INT. KITCHEN - DAY

RUTH, 40, fills a kettle at the sink.

RUTH
The train was late again.

PAVEL, 45, reads a newspaper and does not look up.

PAVEL
Then leave earlier.

EXT. STATION PLATFORM - NIGHT

Rain. A clock with no hands. IDA, 9, sits on a suitcase.

IDA
Nobody is coming for us.

INT. ATTIC - MORNING

Pavel opens a trunk. Dust rises in the light.

PAVEL
She kept everything.
";

/// A project with this script, small pictures, everything generated that `what` names.
pub(super) fn film(script: &str, what: &[&str]) -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    let settings = "[film]\nwidth = 160\nheight = 90\n";
    world.write("aiut.toml", settings);
    world.write("script.fountain", script);
    world.ok(&["commit", "-q", "-m", "First draft"]);
    world.ok(&[&["generate"], what].concat());
    world
}

/// The paths that are not up to date.
pub(super) fn stale(world: &World) -> Vec<String> {
    world
        .ok(&["stale", "--paths"])
        .lines()
        .map(str::to_owned)
        .collect()
}

fn states(world: &World) -> Value {
    world.json(&["stale"])["states"].clone()
}

#[test]
fn from_a_screenplay_to_a_film_and_no_further() {
    let world = film(SCRIPT, &[]);
    for made in [
        "film.mp4",
        "cuts/003.mov",
        "clips/001_001.mov",
        "frames/002_001.png",
        "bible/characters/ruth.toml",
    ] {
        assert!(world.path(made).is_file(), "{made}");
    }
    assert_eq!(
        states(&world)
            .as_object()
            .unwrap()
            .keys()
            .collect::<Vec<_>>(),
        ["fresh"]
    );
    assert_eq!(world.run(&["stale", "--check"]).code, Some(0));
    let before = world.json(&["log"]);
    assert!(world.ok(&["generate"]).contains("up to date"));
    assert_eq!(world.json(&["log"]), before, "a second run commits nothing");
    let shown = world.ok(&["show"]);
    assert!(
        shown.contains("by animatic") && shown.contains("$0.00"),
        "{shown}"
    );
    assert!(world.ok(&["status"]).contains("Nothing to commit"));
}

#[test]
fn a_changed_line_touches_its_shots_and_the_cuts_above_them() {
    let world = film(SCRIPT, &[]);
    let edited = SCRIPT.replace("Then leave earlier.", "Then run for it.");
    world.write("script.fountain", edited);
    let touched = stale(&world);
    assert!(
        touched.iter().any(|path| path.starts_with("clips/001_")),
        "{touched:?}"
    );
    for path in &touched {
        let inside = path.contains("/001") || path == "film.mp4";
        assert!(inside, "{path} lies outside the scene: {touched:?}");
    }
    let clips = touched
        .iter()
        .filter(|path| path.starts_with("clips/"))
        .count();
    let all = std::fs::read_dir(world.path("clips")).unwrap().count();
    assert!(clips < all / 2, "{clips} of {all} clips");
    assert_eq!(world.run(&["stale", "--check"]).code, Some(3));

    let clip = touched
        .iter()
        .rfind(|path| path.starts_with("clips/"))
        .unwrap();
    let why = world.ok(&["why", clip]);
    for part in [
        "\"Then leave earlier.\" → \"Then run for it.\"",
        "scene 1, dialogue of PAVEL",
        "script.fountain#scene=001",
        "shots/001.json is stale",
        "prompts/001",
    ] {
        assert!(why.contains(part), "{part:?} is not in\n{why}");
    }
    let done = world.ok(&["generate"]);
    assert!(
        done.contains(&format!("clips        {clips} made")),
        "{done}"
    );
    assert!(stale(&world).is_empty());
}

#[test]
fn what_changes_no_picture_makes_no_picture_stale() {
    let world = film(SCRIPT, &["clips"]);
    let pictures = |said: &str| {
        let touched = stale(&world);
        let pictures: Vec<_> = touched
            .iter()
            .filter(|p| p.starts_with("frames/") || p.starts_with("clips/"))
            .collect();
        assert!(pictures.is_empty(), "{said}: {pictures:?}");
    };
    world.write(
        "script.fountain",
        SCRIPT.replace("Rain. A", "[[Ask for the rain machine.]]\n\nRain. A"),
    );
    pictures("a note");

    let at = SCRIPT.find("EXT. STATION").unwrap();
    let end = SCRIPT.find("INT. ATTIC").unwrap();
    let moved = [&SCRIPT[..at], &SCRIPT[end..], "\n", &SCRIPT[at..end]].concat();
    world.write("script.fountain", &moved);
    pictures("a moved scene");
    let scenes = world.json(&["scenes"]);
    let numbers: Vec<_> = scenes
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["number"].clone())
        .collect();
    assert_eq!(numbers, ["1", "3", "2"], "numbers stay with their scenes");

    world.write("script.fountain", SCRIPT);
    let list: Value = serde_json::from_str(&world.read("shots/001.json")).unwrap();
    world.write("shots/001.json", list.to_string());
    pictures("a reformatted shot list");

    world.write("bible/locations/harbour.toml", "description = \"cranes\"\n");
    world.ok(&["commit", "-q", "-m", "A place that nothing refers to"]);
    std::fs::rename(
        world.path("bible/locations/harbour.toml"),
        world.path("bible/locations/port.toml"),
    )
    .unwrap();
    pictures("a renamed place");
}

#[test]
fn a_scene_that_is_cut_leaves_no_output_behind() {
    let world = film(SCRIPT, &["frames"]);
    let at = SCRIPT.find("INT. ATTIC").unwrap();
    world.write("script.fountain", &SCRIPT[..at]);
    let gone = |world: &World| {
        let touched = stale(world);
        touched
            .into_iter()
            .filter(|path| path.contains("/003"))
            .collect::<Vec<_>>()
    };
    assert!(gone(&world).contains(&"frames/003_001.png".to_owned()));
    world.ok(&["generate", "frames"]);
    assert!(!world.path("frames/003_001.png").exists());
    assert!(world.path("frames/001_001.png").is_file());
}

#[test]
fn an_id_is_what_b3sum_prints() {
    let world = film(SCRIPT, &["frames"]);
    let listed = world.json(&["ls", "HEAD", "frames"]);
    let files = listed["files"]
        .as_array()
        .or_else(|| listed.as_array())
        .unwrap();
    assert!(!files.is_empty());
    for file in files {
        let bytes = std::fs::read(world.path(file["path"].as_str().unwrap())).unwrap();
        assert_eq!(
            file["id"].as_str().unwrap(),
            blake3::hash(&bytes).to_hex().as_str()
        );
    }
}

#[test]
fn the_same_film_in_two_folders_has_the_same_bytes() {
    let (one, other) = (film(SCRIPT, &[]), film(SCRIPT, &[]));
    for folder in [
        "",
        "bible/characters",
        "scenes",
        "shots",
        "looks",
        "prompts",
        "frames",
        "voices",
        "clips",
        "cuts",
    ] {
        for entry in std::fs::read_dir(one.path(folder)).unwrap() {
            let path = entry.unwrap().path();
            if !path.is_file() {
                continue;
            }
            let name = path.file_name().unwrap();
            let twin = other.path(folder).join(name);
            assert!(
                std::fs::read(&path).unwrap() == std::fs::read(&twin).unwrap(),
                "{folder}/{name:?}"
            );
        }
    }
}

#[test]
fn reading_commands_tell_of_the_film() {
    let world = film(SCRIPT, &["frames"]);
    let scenes = world.json(&["scenes"]);
    assert_eq!(scenes[1]["heading"], "EXT. STATION PLATFORM - NIGHT");
    let deps = world.json(&["deps", "prompts/001_001.json"]);
    assert_eq!(deps["stage"], "prompts");
    assert!(
        deps["read_by"]
            .as_array()
            .unwrap()
            .contains(&"frames/001_001.png".into())
    );
    let stages = world.json(&["stages"]);
    assert!(
        stages
            .as_array()
            .unwrap()
            .iter()
            .any(|stage| stage["name"] == "clips")
    );
    let explained = world.json(&["explain", "shot", "001_002"]);
    assert!(!explained["reasons"].as_array().unwrap().is_empty());
    assert!(!explained["fields"].as_array().unwrap().is_empty());
    let origin = world.json(&["whence", "frames/001_001.png"]);
    assert_eq!(origin["generations"][0]["stage"], "frames");
    assert_eq!(origin["commits"][0]["path"], "frames/001_001.png");
    let mirror = world.json(&["mirror", "2"]);
    assert_eq!(mirror["scene"], "1");
    assert!(world.json(&["continuity"]).is_array());
    let cost = world.json(&["cost"]);
    let rows = cost["rows"].as_array().unwrap();
    assert!(rows.iter().any(|row| row["name"] == "frames"));
    world.write(
        "aiut.toml",
        "[film]\nwidth = 160\nheight = 90\n[price]\nespeak = { per = \"line\", usd = 0.25 }\n",
    );
    let plan = world.json(&["plan", "voices"]);
    let voices = plan["stages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["stage"] == "voices")
        .unwrap();
    assert_eq!(
        voices["price_micro_usd"],
        voices["runs"].as_u64().unwrap() * 250_000
    );
    let refused = world.run(&["generate", "voices"]);
    assert_eq!(
        refused.code,
        Some(1),
        "without a terminal nobody agreed to pay:\n{refused}"
    );
    assert!(refused.stderr.contains("--yes"), "{refused}");
}

/// Every file of the film by path, but for what belongs to aiut.
fn files(world: &World) -> BTreeMap<String, Vec<u8>> {
    fn gather(folder: &Path, root: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.file_name().unwrap() == ".aiut" {
                continue;
            }
            if path.is_dir() {
                gather(&path, root, found);
            } else {
                let name = path
                    .strip_prefix(root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    gather(&world.path(""), &world.path(""), &mut found);
    found
}

/// A film made anew from the sources alone, in a folder that never held anything else.
fn anew(files: &BTreeMap<String, Vec<u8>>) -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    for (path, bytes) in files {
        let source = path.starts_with("bible/")
            || [
                "aiut.toml",
                ".aiutignore",
                "script.fountain",
                "numbers.toml",
            ]
            .contains(&path.as_str());
        if source {
            world.write(path, bytes);
        }
    }
    world.ok(&["generate"]);
    world
}

#[test]
fn refreshing_what_is_stale_gives_the_film_that_building_it_anew_gives() {
    let world = film(SCRIPT, &[]);
    let mut random = Random::new(20_261_126);
    let edits: [&dyn Fn(&mut Random); 4] = [
        &|random| {
            let (script, _) = edit_script(&world.read("script.fountain"), random);
            world.write("script.fountain", script);
        },
        &|_| {
            let bible = world.read("bible/characters/pavel.toml");
            world.write(
                "bible/characters/pavel.toml",
                bible.replacen("physical = \"\"", "physical = \"a grey moustache\"", 1),
            );
        },
        &|random| {
            let (script, _) = edit_script(&world.read("script.fountain"), random);
            world.write("script.fountain", script);
        },
        &|_| world.write("aiut.toml", "[film]\nwidth = 160\nheight = 90\nfps = 25\n"),
    ];
    for (step, edit) in edits.into_iter().enumerate() {
        edit(&mut random);
        let touched = stale(&world);
        world.ok(&["generate"]);
        let (kept, built) = (files(&world), files(&anew(&files(&world))));
        let paths: BTreeSet<_> = kept.keys().chain(built.keys()).collect();
        let wrong: Vec<_> = paths
            .into_iter()
            .filter(|path| kept.get(*path) != built.get(*path))
            .collect();
        assert!(
            wrong.is_empty(),
            "edit {step}, of what was stale {touched:?}: {wrong:?} differ\n{}",
            world.read("script.fountain")
        );
        assert!(kept.contains_key("film.mp4"));
    }
}

#[test]
fn a_later_scene_has_the_light_of_the_one_before() {
    let script = "INT. BRIDGE - NIGHT\n\nRUTH waits.\n\nEXT. DECK - LATER\n\nRuth walks.\n\n\
                  EXT. QUAY\n\nRuth stops.\n";
    let world = film(script, &["prompts"]);
    let time = |scene: &str| {
        let list: Value =
            serde_json::from_str(&world.read(&format!("shots/{scene}.json"))).unwrap();
        list["time"].as_str().unwrap().to_owned()
    };
    assert_eq!(["001", "002", "003"].map(time), ["night", "night", "none"]);
    assert!(world.read("prompts/002_001.json").contains("at night"));
    world.write("script.fountain", script.replace("NIGHT", "DAWN"));
    let why = world.ok(&["why", "shots/002.json"]);
    assert!(
        why.contains("script.fountain#time=002") && why.contains("\"night\" → \"dawn\""),
        "{why}"
    );
    assert!(!stale(&world).contains(&"shots/003.json".to_owned()));
}

#[test]
fn a_reference_image_is_held_against_the_words_that_it_shows() {
    let world = film(SCRIPT, &["characters"]);
    let bible = world.read("bible/characters/ruth.toml");
    let named = bible
        .lines()
        .map(|line| match line.starts_with("references") {
            true => "references = [\"bible/images/ruth.png\"]",
            false => line,
        })
        .collect::<Vec<_>>()
        .join("\n");
    world.write("bible/characters/ruth.toml", &named);
    let found = |world: &World| {
        let found = world.json(&["continuity"]);
        let of_bible = found.as_array().unwrap().iter();
        of_bible
            .filter(|finding| finding["scene"] == "")
            .map(|finding| finding["rule"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(found(&world), ["reference-missing"]);
    world.write("bible/images/ruth.png", b"a picture");
    assert!(found(&world).is_empty());
    world.ok(&["commit", "-q", "-m", "Ruth as she looks"]);
    world.write(
        "bible/characters/ruth.toml",
        named.replace("pronouns = \"", "pronouns = \"she"),
    );
    assert!(found(&world).is_empty(), "pronouns are not seen");
    world.write(
        "bible/characters/ruth.toml",
        named.replace("physical = \"aged 40\"", "physical = \"60, white hair\""),
    );
    assert_eq!(found(&world), ["reference-older"]);
    let said = world.ok(&["continuity"]);
    assert!(
        said.contains("bible/images/ruth.png is older than the physical that it shows"),
        "{said}"
    );
    world.write("bible/images/ruth.png", b"a newer picture");
    assert!(found(&world).is_empty(), "it was changed since");
}
