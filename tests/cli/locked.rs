//! Shots that people lock, and shot lists that they edit.

use serde_json::Value;

use super::film::{SCRIPT, film};
use super::world::{Run, World};

fn list(world: &World, scene: &str) -> Value {
    serde_json::from_str(&world.read(&format!("shots/{scene}.json"))).unwrap()
}

fn shot(world: &World, id: &str) -> Value {
    let list = list(world, id.split('_').next().unwrap());
    let shots = list["shots"].as_array().unwrap();
    let found = shots.iter().find(|shot| shot["shot_id"] == id);
    found
        .unwrap_or_else(|| panic!("no {id} in {list:#}"))
        .clone()
}

fn put(world: &World, scene: &str, list: &Value) {
    let text = serde_json::to_string_pretty(list).unwrap() + "\n";
    world.write(&format!("shots/{scene}.json"), text);
}

/// Changes a shot as people do in an editor.
fn edit(world: &World, id: &str, change: impl FnOnce(&mut Value)) {
    let scene = id.split('_').next().unwrap();
    let mut list = list(world, scene);
    let shots = list["shots"].as_array_mut().unwrap();
    change(shots.iter_mut().find(|shot| shot["shot_id"] == id).unwrap());
    put(world, scene, &list);
}

fn lengths(world: &World, scene: &str) -> (u64, u64) {
    let list = list(world, scene);
    let shots = list["shots"].as_array().unwrap().iter();
    let sum = shots.map(|shot| shot["duration"].as_u64().unwrap()).sum();
    (list["target_duration"].as_u64().unwrap(), sum)
}

/// The shot in which somebody says this.
fn saying(world: &World, scene: &str, words: &str) -> String {
    let list = list(world, scene);
    let mut shots = list["shots"].as_array().unwrap().iter();
    let said = |shot: &&Value| {
        shot["dialogue_text"]
            .as_str()
            .is_some_and(|text| text.contains(words))
    };
    shots.find(said).unwrap()["shot_id"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn line(world: &World, id: &str) -> Value {
    let shots = world.json(&["shots"]);
    let mut shots = shots.as_array().unwrap().iter();
    shots.find(|shot| shot["shot"] == id).unwrap().clone()
}

#[test]
fn a_locked_shot_keeps_every_field_whatever_is_edited() {
    let world = film(SCRIPT, &["prompts"]);
    let id = saying(&world, "001", "Then leave earlier");
    let (target, _) = lengths(&world, "001");
    edit(&world, &id, |shot| {
        shot["shot_type"] = "ECU".into();
        shot["duration"] = (shot["duration"].as_u64().unwrap() + 11).into();
        shot["notes"] = "The hands, not the face.".into();
        shot["locked"] = true.into();
    });
    let locked = shot(&world, &id);
    world.ok(&["generate", "prompts"]);
    assert_eq!(shot(&world, &id), locked);
    assert_eq!(
        lengths(&world, "001"),
        (target, target),
        "the others share out the rest"
    );
    assert!(
        world
            .read(&format!("prompts/{id}.json"))
            .contains("\"size\": \"ECU\"")
    );

    let edits: [&dyn Fn(); 4] = [
        &|| {
            world.write(
                "script.fountain",
                SCRIPT.replace("Then leave earlier.", "Then run for it, will you?"),
            )
        },
        &|| world.write("aiut.toml", "[film]\nwidth = 160\nheight = 90\nfps = 25\n"),
        &|| world.write("bible/style.toml", "lens = \"28mm\"\n"),
        &|| {
            world.write(
                "bible/characters/pavel.toml",
                "pronouns = \"they\"\naliases = [\"Pasha\"]\n",
            )
        },
    ];
    for change in edits {
        change();
        world.ok(&["generate", "prompts"]);
        assert_eq!(shot(&world, &id), locked);
        let (target, sum) = lengths(&world, "001");
        assert_eq!(target, sum);
        assert!(
            world
                .ok(&["stale", "--paths"])
                .lines()
                .all(|path| !path.starts_with("shots/") && !path.starts_with("prompts/"))
        );
    }
    let other = list(&world, "001")["shots"][0].clone();
    assert_eq!(other["lens_mm"], 28, "what is not locked follows");
    assert!(
        world
            .read(&format!("prompts/{id}.json"))
            .contains("Then leave earlier.")
    );
}

#[test]
fn locks_are_said_by_shots_stale_why_and_explain() {
    let world = film(SCRIPT, &["prompts"]);
    edit(&world, "002_001", |shot| {
        shot["lens_mm"] = 90.into();
        shot["locked"] = true.into();
    });
    let told = line(&world, "002_001");
    assert_eq!(
        (&told["locked"], &told["lines_gone"]),
        (&true.into(), &false.into())
    );
    assert_eq!(told["edited"], serde_json::json!(["lens_mm"]));
    assert_eq!(line(&world, "002_002")["locked"], false);
    assert!(told["seconds"].as_f64().unwrap() > 0.1);
    let text = world.ok(&["shots", "2"]);
    assert!(
        text.contains("locked; edited: lens_mm") && !text.contains("001_001"),
        "{text}"
    );
    assert_eq!(world.ok(&["shots", "--locked"]).lines().count(), 2);
    assert_eq!(world.json(&["stale"])["locked"][0]["shot"], "002_001");
    assert!(world.ok(&["stale"]).contains("1 shot is locked"));
    for path in ["shots/002.json", "prompts/002_001.json"] {
        assert!(
            world.ok(&["why", path]).contains("shot 002_001 is locked"),
            "{path}"
        );
        assert_eq!(world.json(&["why", path])["locked"][0]["lines_gone"], false);
    }
    assert_eq!(
        world.json(&["why", "prompts/002_002.json"])["locked"],
        serde_json::json!([])
    );
    assert!(world.ok(&["explain", "shot", "002_001"]).contains("locked"));
    assert_eq!(world.run(&["shots", "44"]).code, Some(1));
}

#[test]
fn a_locked_shot_outlives_its_lines_and_finds_them_again() {
    let world = film(SCRIPT, &["prompts"]);
    let id = saying(&world, "001", "Then leave earlier");
    edit(&world, &id, |shot| shot["locked"] = true.into());
    let locked = shot(&world, &id);
    world.ok(&["generate", "prompts"]);
    let before: Vec<Value> = list(&world, "001")["shots"].as_array().unwrap().clone();
    let at = before
        .iter()
        .position(|shot| shot["shot_id"] == id.as_str())
        .unwrap();

    let cut = SCRIPT.replace("PAVEL\nThen leave earlier.\n\n", "");
    world.write("script.fountain", &cut);
    let done = world.ok(&["generate", "prompts"]);
    assert!(!done.contains("failed"), "{done}");
    assert_eq!(shot(&world, &id), locked);
    let now = list(&world, "001")["shots"].as_array().unwrap().clone();
    assert_eq!(
        now[at - 1]["shot_id"],
        before[at - 1]["shot_id"],
        "it stays in its place"
    );
    assert_eq!(now[at]["shot_id"], id.as_str());
    assert_eq!(line(&world, &id)["lines_gone"], true);
    for said in [
        world.ok(&["why", "shots/001.json"]),
        world
            .ok(&["shots"])
            .replace("its lines are gone", "are gone from the script"),
        world.ok(&["explain", "shot", &id]),
        world.run(&["continuity"]).stdout,
    ] {
        assert!(said.contains("gone from the script"), "{said}");
    }
    assert_eq!(
        world.json(&["plan", "prompts"])["items"],
        serde_json::json!([])
    );

    // The lines come back, elsewhere in the scene: one shot for them, the locked one.
    let moved = cut.replace(
        "RUTH\nThe train",
        "PAVEL\nThen leave earlier.\n\nRUTH\nThe train",
    );
    world.write("script.fountain", moved);
    world.ok(&["generate", "prompts"]);
    assert_eq!(shot(&world, &id), locked);
    assert_eq!(line(&world, &id)["lines_gone"], false);
    let shots = list(&world, "001")["shots"].clone();
    let said = shots
        .as_array()
        .unwrap()
        .iter()
        .filter(|shot| shot["dialogue_text"] == locked["dialogue_text"]);
    assert_eq!(said.count(), 1, "{shots:#}");
}

#[test]
fn shots_come_and_go_around_a_locked_one() {
    let world = film(SCRIPT, &["prompts"]);
    let id = saying(&world, "001", "Then leave earlier");
    edit(&world, &id, |shot| {
        shot["content"] = "Pavel lowers the paper.".into();
        shot["locked"] = true.into();
    });
    let locked = shot(&world, &id);
    for script in [
        SCRIPT.replace(
            "RUTH\nThe train",
            "A cup falls and breaks on the floor.\n\nRUTH\nThe train",
        ),
        SCRIPT.replace("RUTH\nThe train was late again.\n\n", ""),
        SCRIPT.replace(
            "EXT. STATION",
            "He laughs out loud and folds the paper.\n\nEXT. STATION",
        ),
    ] {
        world.write("script.fountain", script);
        world.ok(&["generate", "prompts"]);
        assert_eq!(shot(&world, &id), locked);
        assert_eq!(line(&world, &id)["lines_gone"], false);
        let (target, sum) = lengths(&world, "001");
        assert_eq!(target, sum);
    }
}

#[test]
fn a_scene_gets_longer_for_its_locked_shots_and_says_so() {
    let world = film(SCRIPT, &["shots"]);
    let (before, _) = lengths(&world, "002");
    edit(&world, "002_001", |shot| {
        shot["duration"] = 2000.into();
        shot["locked"] = true.into();
    });
    let done = world.ok(&["generate", "shots"]);
    assert!(
        done.contains("shots/002.json") && done.contains("longer"),
        "{done}"
    );
    let (target, sum) = lengths(&world, "002");
    assert_eq!((target, sum > before && sum > 2000), (sum, true));
    assert!(
        world
            .ok(&["why", "shots/002.json"])
            .contains("longer than its")
    );
    assert!(world.json(&["why", "shots/002.json"])["remark"].is_string());
}

#[test]
fn an_omitted_scene_keeps_its_locked_shots_until_it_is_back() {
    let world = film(SCRIPT, &["prompts"]);
    edit(&world, "002_001", |shot| {
        shot["lens_mm"] = 90.into();
        shot["locked"] = true.into();
    });
    let locked = shot(&world, "002_001");
    world.ok(&["generate", "prompts"]);
    let (head, rest) = SCRIPT.split_once("EXT. STATION").unwrap();
    let (_, tail) = rest.split_once("INT. ATTIC").unwrap();
    world.write("script.fountain", format!("{head}INT. ATTIC{tail}"));
    world.ok(&["generate", "prompts"]);
    assert_eq!(shot(&world, "002_001"), locked);
    world.write("script.fountain", SCRIPT);
    world.ok(&["generate", "prompts"]);
    assert_eq!(shot(&world, "002_001"), locked);
    assert!(
        world
            .read("prompts/002_001.json")
            .contains("\"lens_mm\": 90")
    );
}

#[test]
fn an_unlocked_shot_keeps_the_edits_and_follows_the_script_again() {
    let world = film(SCRIPT, &["prompts"]);
    let id = saying(&world, "001", "Then leave earlier");
    edit(&world, &id, |shot| {
        shot["lens_mm"] = 90.into();
        shot["locked"] = true.into();
    });
    for line in ["Then run for it.", "Then stay at home."] {
        world.write(
            "script.fountain",
            SCRIPT.replace("Then leave earlier.", line),
        );
        world.ok(&["generate", "prompts"]);
        assert_eq!(shot(&world, &id)["dialogue_text"], "Then leave earlier.");
    }
    edit(&world, &id, |shot| shot["locked"] = false.into());
    world.ok(&["generate", "prompts"]);
    let free = shot(&world, &id);
    assert_eq!(free["lens_mm"], 90, "what people changed stays");
    assert_eq!(free["dialogue_text"], "Then stay at home.");
    assert_eq!(line(&world, &id)["edited"], serde_json::json!(["lens_mm"]));
}

fn refused(world: &World, told: &[&str]) -> Run {
    let run = world.run(&["generate", "prompts"]);
    assert_eq!(run.code, Some(1), "{run}");
    for part in told {
        assert!(run.stderr.contains(part), "{part:?} is not in\n{run}");
    }
    run
}

#[test]
fn what_a_shot_list_cannot_hold_is_told_with_file_line_shot_and_field() {
    let world = film(SCRIPT, &["prompts"]);
    let good = list(&world, "002");
    for (key, value, told) in [
        ("shot_type", Value::from("CUU"), "did you mean \"CU\"?"),
        ("camera_movement", "dolly_zoom".into(), "dolly_zoom"),
        (
            "transition_to_next",
            "disolve".into(),
            "did you mean \"dissolve\"?",
        ),
        ("duration", 0.into(), "found 0"),
        ("duration", (-5).into(), "found -5"),
        ("duration", 2.5.into(), "found 2.5"),
        ("lens_mm", "50".into(), "found \"50\""),
        (
            "shot_id",
            "002_002".into(),
            "another shot of the list has this id",
        ),
        ("lens", 50.into(), "did you mean \"lens_mm\"?"),
        ("locked", "true".into(), "expected true or false"),
    ] {
        let mut list = good.clone();
        if key == "lens" {
            list["shots"][0].as_object_mut().unwrap().remove("lens_mm");
        }
        list["shots"][0][key] = value;
        put(&world, "002", &list);
        let shot = if key == "shot_id" {
            "shot 002_002, "
        } else {
            "shot 002_001, "
        };
        let run = refused(
            &world,
            &["shots/002.json: line ", ", column ", shot, key, told],
        );
        assert!(
            !run.stderr.contains("shots/001"),
            "the other scenes go on: {run}"
        );
    }
    // Only what reads the list stops.
    for command in [
        &["status"][..],
        &["scenes"],
        &["shots"],
        &["shots", "1"],
        &["stale"],
        &["plan"],
        &["log"],
        &["why", "shots/001.json"],
        &["explain", "shot", "001_001"],
        &["diff"],
    ] {
        let run = world.run(command);
        assert_eq!(run.code, Some(0), "{command:?}: {run}");
    }
    let run = world.run(&["shots", "2"]);
    assert!(
        run.code == Some(1) && run.stderr.contains("shots/002.json: line "),
        "{run}"
    );
    put(&world, "002", &good);
    world.ok(&["generate", "prompts"]);
}
