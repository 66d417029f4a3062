//! Every name that is shown is accepted where a thing is named.

use serde_json::Value;

use super::film::{SCRIPT, film};
use super::world::World;

/// The paths that a plan with a new take of these words makes, of the outputs that they name.
fn named(world: &World, words: &[&str]) -> Vec<String> {
    let plan = world.json(&[&["plan", "--new-take"], words].concat());
    let items = plan["items"].as_array().unwrap().iter();
    let mut paths: Vec<String> = items
        .map(|item| item["path"].as_str().unwrap().to_owned())
        .collect();
    paths.sort();
    paths
}

fn refused(world: &World, arguments: &[&str]) -> String {
    let run = world.run(arguments);
    assert_eq!(run.code, Some(1), "{arguments:?}: {run}");
    run.stderr
}

#[test]
fn a_shot_goes_by_every_name_that_is_printed_of_it() {
    let world = film(SCRIPT, &["voices", "frames"]);
    let shot = named(&world, &["002_002"]);
    assert!(shot.contains(&"frames/002_002.png".to_owned()), "{shot:?}");
    assert!(shot.iter().all(|path| path.contains("002_002")), "{shot:?}");
    for words in [
        &["2-2"][..],
        &["shot", "2-2"],
        &["shot", "002_002"],
        &["Shot", "02-002"],
        &["2_2"],
    ] {
        assert_eq!(named(&world, words), shot, "{words:?}");
    }
    let frame = ["frames/002_002.png"];
    for words in [
        &["frames", "2-2"][..],
        &["frames", "shot", "2-2"],
        &["Frames", "002_002"],
        &["frames/2-2"],
        &["frames/002_002"],
        &["./frames/002_002.png"],
    ] {
        assert_eq!(named(&world, words), frame, "{words:?}");
    }
    assert_eq!(
        named(&world, &["frames", "2-1", "2-2", "voices", "1-2"]),
        [
            "frames/002_001.png",
            "frames/002_002.png",
            "voices/001_002.wav"
        ]
        .iter()
        .filter(|path| world.path(path).exists())
        .copied()
        .collect::<Vec<_>>()
    );
}

#[test]
fn a_scene_goes_by_its_number_in_any_case_and_by_its_files() {
    let at = SCRIPT.find("INT. ATTIC").unwrap();
    let world = film(SCRIPT, &["frames"]);
    let inserted = "INT. CELLAR - NIGHT\n\nIda counts the jars.\n\n";
    world.write(
        "script.fountain",
        [&SCRIPT[..at], inserted, &SCRIPT[at..]].concat(),
    );
    world.ok(&["generate", "-q", "frames"]);
    let scene = named(&world, &["scene", "2A"]);
    assert!(
        scene.iter().any(|path| path == "frames/002A_001.png"),
        "{scene:?}"
    );
    assert!(scene.iter().all(|path| path.contains("/002A")), "{scene:?}");
    for words in [
        &["scene", "2a"][..],
        &["scene", "002A"],
        &["2a"],
        &["2A"],
        &["SCENE", "02a"],
    ] {
        assert_eq!(named(&world, words), scene, "{words:?}");
    }
    assert_eq!(named(&world, &["frames", "2a-1"]), ["frames/002A_001.png"]);
    let frames = named(&world, &["frames", "scene", "2a"]);
    assert!(
        frames.iter().all(|path| path.starts_with("frames/002A_")),
        "{frames:?}"
    );
    let mirror = world.json(&["mirror", "2A"]);
    for words in [&["scene", "2a"][..], &["2a"], &["002A"], &["2a-1"]] {
        assert_eq!(
            world.json(&[&["mirror"], words].concat()),
            mirror,
            "{words:?}"
        );
    }
    let explained = world.json(&["explain", "shot", "002A_001"]);
    for words in [&["2a-1"][..], &["shot", "2A-1"], &["002a_001"]] {
        assert_eq!(
            world.json(&[&["explain"], words].concat()),
            explained,
            "{words:?}"
        );
    }
}

#[test]
fn a_path_is_taken_from_here_and_as_it_is_printed() {
    let world = film(SCRIPT, &["frames"]);
    for (folder, path) in [
        ("frames", "002_001.png"),
        ("frames", "../frames/002_001.png"),
        ("frames", "frames/002_001.png"),
        ("bible/characters", "frames/002_001.png"),
        ("bible", "2-1"),
    ] {
        let run = world.run_in(folder, &["takes", path, "--json"]);
        let takes: Value = serde_json::from_str(&run.stdout).expect("JSON");
        let found = takes.as_array().unwrap().iter();
        assert!(
            found
                .into_iter()
                .any(|take| take["path"] == "frames/002_001.png"),
            "{folder}: {path}: {run}"
        );
    }
    let deps = world.json(&["deps", "RUTH"]);
    assert_eq!(deps["path"], "bible/characters/ruth.toml");
    assert_eq!(
        world.json(&["deps", "script.fountain"])["path"],
        "script.fountain"
    );
}

#[test]
fn what_is_not_there_is_answered_with_what_is() {
    let world = film(SCRIPT, &["frames"]);
    let shots = world.read("shots/002.json").matches("\"shot_id\"").count();
    let told = format!("there is no shot 2-99; scene 2 has shots 2-1 to 2-{shots}");
    for arguments in [
        &["generate", "2-99"][..],
        &["plan", "shot", "2-99"],
        &["why", "frames", "2-99"],
        &["takes", "2-99"],
        &["pick", "2-99", "1"],
        &["accept", "2-99", "--why", "x"],
        &["deps", "2-99"],
        &["explain", "2-99"],
        &["explain", "shot", "2-99"],
    ] {
        assert!(refused(&world, arguments).contains(&told), "{arguments:?}");
    }
    let told = "there is no scene 44; the script has scenes 1 to 3";
    for arguments in [
        &["generate", "scene", "44"][..],
        &["plan", "44"],
        &["mirror", "44"],
        &["why", "scene", "44"],
        &["explain", "44-1"],
    ] {
        assert!(refused(&world, arguments).contains(told), "{arguments:?}");
    }
    let told = refused(&world, &["plan", "frmaes"]);
    assert!(told.contains("did you mean frames?"), "{told}");
    let told = refused(&world, &["plan", "cuts", "2-1"]);
    assert!(told.contains("one output for each scene"), "{told}");
    let told = refused(&world, &["plan", "frames/002_0011.png"]);
    assert!(told.contains("did you mean frames/002_001.png?"), "{told}");
    let told = refused(&world, &["plan", "scene", "2-1"]);
    assert!(told.contains("did you mean shot 2-1?"), "{told}");
}

#[test]
fn why_of_a_shot_is_why_of_the_last_output_that_waits() {
    let world = film(SCRIPT, &["frames"]);
    world.write("script.fountain", SCRIPT.replace("A clock", "A lamp"));
    let stale = world.ok(&["stale", "--paths"]);
    let frame = stale
        .lines()
        .find(|path| path.starts_with("frames/002"))
        .unwrap();
    let shot = frame.trim_start_matches("frames/").trim_end_matches(".png");
    let why = world.json(&["why", "frames", shot]);
    assert_eq!(why["path"], frame);
    // The clip was never made, and says so; what it stands on is part of why.
    assert_eq!(
        world.json(&["why", shot])["path"],
        format!("clips/{shot}.mov")
    );
    assert_eq!(world.json(&["why"])["path"], "film.mp4");
    assert_eq!(world.json(&["why", "scene", "2"])["path"], "cuts/002.mov");
}

#[test]
fn a_take_goes_by_its_number_and_its_ids() {
    let world = film(SCRIPT, &["frames"]);
    world.ok(&["generate", "-q", "frames", "2-1", "--new-take"]);
    let takes = world.json(&["takes", "frames", "2-1"]);
    let first = &takes[0];
    let text = |key: &str| first[key].as_str().unwrap()[..12].to_owned();
    for (words, take) in [
        (&["2-1"][..], "1".to_owned()),
        (&["frames", "2-1"], "2".to_owned()),
        (&["frames/002_001.png"], text("id")),
        (&["scene", "2"], "2".to_owned()),
        (&["shot", "2-1"], text("generation")),
    ] {
        let said = world.ok(&[&["pick"], words, &[&take]].concat());
        assert!(said.starts_with("Picked take "), "{words:?} {take}: {said}");
        assert!(said.contains("frames/002_001.png"), "{said}");
    }
    let told = refused(&world, &["pick", "frames", "2-1", "7"]);
    assert!(told.contains("but takes 1 and 2"), "{told}");
    let told = refused(&world, &["pick", "frames", "2-1", "ffffffff"]);
    assert!(
        told.contains("ffffffff is not a take of frames/002_001.png"),
        "{told}"
    );
    world.ok(&["generate", "-q", "frames", "2-2", "--new-take"]);
    let told = refused(&world, &["pick", "scene", "2", "1"]);
    assert!(told.contains("aiut pick frames/002_002.png 1"), "{told}");
}

#[test]
fn shots_and_scenes_are_accepted_on_purpose_by_name() {
    let world = film(SCRIPT, &["frames"]);
    world.write("script.fountain", SCRIPT.replace("A clock", "A lamp"));
    world.ok(&["generate", "-q", "prompts"]);
    let stale = world.ok(&["stale", "--paths"]);
    let frames: Vec<&str> = stale
        .lines()
        .filter(|path| path.starts_with("frames/"))
        .collect();
    assert!(!frames.is_empty(), "{stale}");
    world.ok(&["accept", "frames", "scene", "2", "--why", "kept"]);
    let states = &world.json(&["stale"])["states"];
    assert_eq!(states["accepted"], frames.len());
}

#[test]
fn files_of_scenes_and_shots_are_listed_compared_and_brought_back_by_name() {
    let world = film(SCRIPT, &["frames"]);
    let listed = |words: &[&str]| {
        let files = world.json(&[&["ls"], words].concat());
        let files = files.as_array().unwrap().iter();
        let paths = files.map(|file| file["path"].as_str().unwrap().to_owned());
        paths.collect::<Vec<_>>()
    };
    assert_eq!(listed(&["frames", "2-1"]), ["frames/002_001.png"]);
    let shot = listed(&["2-1"]);
    assert!(
        shot.contains(&"prompts/002_001.json".to_owned()),
        "{shot:?}"
    );
    assert!(shot.iter().all(|path| path.contains("002_001")), "{shot:?}");
    assert_eq!(listed(&["HEAD", "shot", "002_001"]), shot);
    let scene = listed(&["scene", "2"]);
    assert!(
        scene.contains(&"shots/002.json".to_owned()) && scene.len() > shot.len(),
        "{scene:?}"
    );
    assert!(scene.iter().all(|path| path.contains("/002")), "{scene:?}");
    assert!(world.ok(&["log", "--oneline", "2-1"]).contains("Generate"));
    std::fs::remove_file(world.path("frames/002_001.png")).unwrap();
    std::fs::remove_file(world.path("frames/002_002.png")).unwrap();
    assert!(
        world
            .ok(&["diff", "--stat", "2-1"])
            .contains("frames/002_001.png")
    );
    assert!(
        world
            .ok(&["restore", "frames", "2-1"])
            .contains("Restored 1 file")
    );
    assert!(world.path("frames/002_001.png").is_file());
    assert!(!world.path("frames/002_002.png").is_file());
    // A file of that name is that file.
    world.write("2-1", "a note");
    world.ok(&["commit", "-q", "-m", "A note", "2-1"]);
    assert_eq!(listed(&["2-1"]), ["2-1"]);
    let told = refused(&world, &["restore", "2-99"]);
    assert!(told.contains("2-99"), "{told}");
}

/// Words of a text that name no file: a path, or a shot's id, spells a number as files have to.
fn shown(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split_whitespace();
    words.filter(|word| !word.contains(['/', '.', '_']))
}

#[test]
fn a_scene_is_shown_by_the_number_that_the_script_writes() {
    let script = SCRIPT.replacen("KITCHEN - DAY", "KITCHEN - DAY #1a#", 1);
    let world = film(&script, &["prompts"]);
    assert!(world.json(&["scenes"])[0]["number"] == "1a");
    let edited = script.replacen("fills a kettle", "fills a pot", 1);
    world.write("script.fountain", &edited);
    for arguments in [
        &["scenes"][..],
        &["why", "scene", "1a"],
        &["why", "1a-1"],
        &["stale"],
        &["shots", "1a"],
        &["explain", "shot", "1a-1"],
        &["takes", "1a-1"],
        &["continuity"],
        &["cost", "--by", "scene"],
        &["mirror", "2"],
        &["search", "kettle"],
    ] {
        let run = world.run(arguments);
        let told = shown(&run.stdout).chain(shown(&run.stderr));
        let wrong: Vec<&str> = told.filter(|word| word.contains("+61")).collect();
        assert!(wrong.is_empty(), "{arguments:?}: {wrong:?} in {run}");
    }
    assert!(world.ok(&["mirror", "2"]).contains("scene 1a"));
}
