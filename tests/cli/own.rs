//! Files of people's own in the place of generated ones, equal takes, prompts of any form, and the
//! slips in what people write.

use serde_json::{Value, json};

use super::film::{SCRIPT, film, stale};
use super::world::World;

fn takes(world: &World, path: &str) -> Vec<Value> {
    world.json(&["takes", path]).as_array().unwrap().clone()
}

/// Which take is starred.
fn starred(world: &World, path: &str) -> Value {
    let takes = takes(world, path);
    let mut selected = takes.iter().filter(|take| take["selected"] == true);
    let one = selected
        .next()
        .unwrap_or_else(|| panic!("no take is starred: {takes:?}"));
    assert!(selected.next().is_none(), "one take is starred: {takes:?}");
    one.clone()
}

fn bytes(world: &World, path: &str) -> Vec<u8> {
    std::fs::read(world.path(path)).unwrap()
}

#[test]
fn a_frame_of_ones_own_is_a_take() {
    let world = film(SCRIPT, &["clips"]);
    let frame = "frames/002_001.png";
    let (made, own) = (bytes(&world, frame), bytes(&world, "frames/001_001.png"));
    world.write(frame, &own);
    let one = starred(&world, frame);
    assert_eq!(
        (&one["by_hand"], &one["take"]),
        (&true.into(), &2.into()),
        "not committed yet"
    );
    assert!(world.ok(&["takes", frame]).contains("* 2"));
    let after = stale(&world);
    let after: Vec<&String> = after.iter().filter(|path| path.contains('_')).collect();
    assert_eq!(after, ["clips/002_001.mov"], "what comes after it");
    world.ok(&["generate", "clips"]);
    assert_eq!(bytes(&world, frame), own);
    assert!(stale(&world).iter().all(|path| !path.starts_with("clips/")));
    assert_eq!(starred(&world, frame)["by_hand"], true);

    // Its inputs move on: the new one lies beside it.
    world.write(
        "script.fountain",
        SCRIPT.replace("Rain. A clock", "Snow. A cracked clock"),
    );
    let done = world.ok(&["generate", "frames"]);
    assert!(done.contains("the new one is a take beside it"), "{done}");
    assert_eq!(
        (bytes(&world, frame), takes(&world, frame).len()),
        (own.clone(), 3)
    );
    assert_eq!(starred(&world, frame)["take"], 2);

    // Back and forth.
    world.ok(&["pick", frame, "1"]);
    assert_eq!(
        (bytes(&world, frame), &starred(&world, frame)["take"]),
        (made, &1.into())
    );
    world.ok(&["pick", frame, "2"]);
    assert_eq!(bytes(&world, frame), own);
    assert_eq!(starred(&world, frame)["by_hand"], true);
    world.ok(&["pick", frame, "3"]);
    assert!(!stale(&world).contains(&frame.to_owned()));
    assert_eq!(takes(&world, frame).len(), 3, "picking makes no takes");
}

#[test]
fn what_was_never_generated_is_a_take_too() {
    let world = film(SCRIPT, &["prompts"]);
    let other = film(SCRIPT, &["frames"]);
    let frame = "frames/002_001.png";
    let own = bytes(&other, "frames/001_001.png");
    world.write(frame, &own);
    assert_eq!(starred(&world, frame)["by_hand"], true);
    world.ok(&["generate", "frames"]);
    assert_eq!(bytes(&world, frame), own);
    let done = world.ok(&["generate", frame, "--new-take"]);
    assert!(done.contains("beside"), "{done}");
    assert_eq!(bytes(&world, frame), own);
    let (one, all) = (starred(&world, frame), takes(&world, frame));
    assert_eq!((&one["by_hand"], all.len()), (&true.into(), 2));
    world.ok(&["pick", frame, "2"]);
    assert_eq!(bytes(&world, frame), bytes(&other, frame));
    world.ok(&["pick", frame, "1"]);
    assert_eq!(bytes(&world, frame), own);
}

#[test]
fn equal_takes_are_told_as_equal() {
    let world = film(SCRIPT, &["cuts"]);
    let cut = "cuts/003.mov";
    let done = world.ok(&["generate", cut, "--new-take"]);
    assert!(done.contains("same as take 1"), "{done}");
    assert_eq!(takes(&world, cut)[1]["same_as"], 1);
    assert_eq!(starred(&world, cut)["take"], 2);
    assert!(world.ok(&["takes", cut]).contains("same as take 1"));
    let frame = "frames/001_002.png";
    let done = world.ok(&["generate", frame, "--new-take"]);
    assert!(!done.contains("same as"), "{done}");
    assert_eq!(takes(&world, frame)[1]["same_as"], Value::Null);
}

#[test]
fn what_is_edited_by_hand_is_listed_and_let_go_of() {
    let world = film(SCRIPT, &["frames"]);
    assert!(
        world
            .ok(&["stale", "--edited"])
            .contains("No output is edited")
    );
    let (frame, list) = ("frames/002_001.png", "shots/001.json");
    let (made, text) = (bytes(&world, frame), world.read(list));
    world.write(frame, bytes(&world, "frames/001_001.png"));
    world.write(list, text.replacen("\"lens_mm\": ", "\"lens_mm\": 1", 1));
    assert_ne!(world.read(list), text);
    assert_eq!(
        world.ok(&["stale", "--edited", "--paths"]),
        format!("{list}\n{frame}\n")
    );
    let report = world.json(&["stale"]);
    assert_eq!(
        (
            &report["edited"],
            report["edited_items"].as_array().unwrap().len()
        ),
        (&2.into(), 2)
    );
    assert!(
        world
            .ok(&["stale"])
            .contains("2 outputs are edited by hand")
    );
    assert!(
        world
            .ok(&["stale", "--edited"])
            .contains("aiut restore --generated")
    );
    assert!(
        world
            .ok(&["why", frame])
            .contains("aiut restore --generated frames/002_001.png")
    );

    world.ok(&["restore", "--generated", frame, "shots"]);
    assert_eq!((bytes(&world, frame), world.read(list)), (made, text));
    assert!(
        world
            .ok(&["stale", "--edited"])
            .contains("No output is edited")
    );
    let own = takes(&world, frame);
    assert_eq!(
        own.iter().filter(|take| take["by_hand"] == true).count(),
        1,
        "it stays a take"
    );
    let run = world.run(&["restore", "--generated", frame]);
    assert!(
        run.code == Some(1) && run.stderr.contains("as it was generated"),
        "{run}"
    );
}

/// Writes a prompt of one's own for a shot.
fn prompt(world: &World, shot: &str, text: &str) {
    let path = format!("shots/{}.json", shot.split('_').next().unwrap());
    let mut list: Value = serde_json::from_str(&world.read(&path)).unwrap();
    let shots = list["shots"].as_array_mut().unwrap();
    let one = shots.iter_mut().find(|one| one["shot_id"] == shot).unwrap();
    one["frame_prompt"] = text.into();
    world.write(&path, serde_json::to_string_pretty(&list).unwrap() + "\n");
}

#[test]
fn a_prompt_may_have_any_form() {
    let world = film(SCRIPT, &["prompts"]);
    for text in [
        "wide shot, rain, neon",
        "Rain on a window",
        "rain",
        "雨の夜",
        "(rain:1.2), [neon]",
    ] {
        prompt(&world, "001_001", text);
        let done = world.ok(&["generate", "prompts"]);
        assert!(!done.contains("prompt:"), "{text}: {done}");
        let request: Value = serde_json::from_str(&world.read("prompts/001_001.json")).unwrap();
        assert_eq!(request["frame"]["prompt"], text);
    }
    // What looks like a slip is told, and done.
    prompt(&world, "001_001", "rain, rain, neon");
    let done = world.ok(&["generate", "prompts"]);
    assert!(
        done.contains("prompts/001_001.json") && done.contains("\"rain\" stands twice"),
        "{done}"
    );
    // Signs that nobody sees are refused, with their place; what waits for that has not failed.
    prompt(&world, "001_001", "rain\u{202e}neon");
    let run = world.run(&["generate", "prompts"]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.contains("shots/001.json: line ") && run.stderr.contains("U+202E"),
        "{run}"
    );
    assert!(run.stderr.contains("shot 001_001, frame_prompt"), "{run}");
}

#[test]
fn what_waits_has_not_failed() {
    let world = film(SCRIPT, &["frames"]);
    let path = "prompts/001_001.json";
    let text = world.read(path);
    let mut request: Value = serde_json::from_str(&text).unwrap();
    request["frame"]["prompt"] = " ".into();
    world.write(path, serde_json::to_string_pretty(&request).unwrap());
    world.write(
        "script.fountain",
        SCRIPT.replace("fills a kettle", "drops a kettle"),
    );
    let run = world.run(&["generate", "clips", "--json"]);
    assert_eq!(run.code, Some(1), "{run}");
    let done: Value = serde_json::from_str(&run.stdout).unwrap();
    let paths = |key: &str| -> Vec<String> {
        let list = done[key].as_array().unwrap().iter();
        list.map(|one| one["path"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(paths("failed"), [path]);
    let waiting = paths("waiting");
    assert!(
        waiting.contains(&"clips/001_001.mov".to_owned()),
        "{waiting:?}"
    );
    assert!(world.path("clips/002_001.mov").is_file());
    let run = world.run(&["generate", "clips"]);
    assert!(
        run.stderr.contains("1 output was not made") && run.stderr.contains("wait"),
        "{run}"
    );
    assert!(
        run.stdout.contains("waiting") && !run.stdout.contains("2 failed"),
        "{run}"
    );
}

#[test]
fn a_slip_in_the_bible_is_told_with_file_line_and_what_was_meant() {
    let world = film(SCRIPT, &["prompts"]);
    let (ruth, kitchen, style) = (
        "bible/characters/ruth.toml",
        "bible/locations/kitchen.toml",
        "bible/style.toml",
    );
    for (path, text, told) in [
        (
            ruth,
            "name = \"Ruth\"\npronoun = \"she\"\n",
            "line 2, column 1: pronoun: there is no such field; did you mean \"pronouns\"?",
        ),
        (
            ruth,
            "pronouns = \"shee\"\n",
            "line 1, column 12: pronouns: \"shee\" is not known; did you mean \"she\"?",
        ),
        (ruth, "physcal = \"tall\"\n", "did you mean \"physical\"?"),
        (
            ruth,
            "[voice]\nptich = 20\n",
            "line 2, column 1: voice.ptich: ",
        ),
        (ruth, "aliases = \"Mum\"\n", "expected a list of texts"),
        (ruth, "name = \"Ruth\n", "line 1"),
        (
            kitchen,
            "descripton = \"tiles\"\n",
            "did you mean \"description\"?",
        ),
        (
            kitchen,
            "[time]\nnigth = \"dark\"\n",
            "did you mean \"night\"?",
        ),
        (kitchen, "palette = [\"#fff\"]\n", "expected a colour"),
        (style, "tones = \"dry\"\n", "did you mean \"tone\"?"),
        (style, "do_not = \"neon\"\n", "expected a list of texts"),
    ] {
        let before = world.read(path);
        world.write(path, text);
        let run = world.run(&["generate", "prompts"]);
        assert_eq!(run.code, Some(1), "{text}: {run}");
        assert!(
            run.stderr.contains(&format!("{path}: line ")),
            "{text}: {run}"
        );
        assert!(run.stderr.contains(told), "{text}: {run}");
        let stale = world.ok(&["stale"]);
        assert!(stale.contains(told), "{text}: {stale}");
        for command in [
            &["status"][..],
            &["scenes"],
            &["shots"],
            &["plan"],
            &["log"],
            &["diff"],
            &["why", path],
        ] {
            let run = world.run(command);
            assert_eq!(run.code, Some(0), "{text}: {command:?}: {run}");
        }
        let run = world.run(&["continuity"]);
        assert!(matches!(run.code, Some(0 | 3)), "{text}: {run}");
        world.write(path, before);
        world.ok(&["generate", "prompts"]);
    }
}

#[test]
fn a_slip_stops_only_what_reads_the_file() {
    for slip in [
        "physcal = \"small\"\n",
        "physical = \"small\nsignature = sits\naliases = [\"Little One\"]\n",
    ] {
        let world = film(SCRIPT, &["prompts"]);
        world.write("bible/characters/ida.toml", slip);
        world.write(
            "script.fountain",
            SCRIPT.replace("fills a kettle", "drops a kettle"),
        );
        let run = world.run(&["generate", "prompts", "--json"]);
        let done: Value = serde_json::from_str(&run.stdout).unwrap();
        let failed = done["failed"].as_array().unwrap();
        assert!(!failed.is_empty(), "{run}");
        for one in failed {
            let path = one["path"].as_str().unwrap();
            assert!(path.contains("002") || path.ends_with("ida.toml"), "{run}");
        }
        assert!(
            world.read("shots/001.json").contains("drops a kettle"),
            "the other scenes go on"
        );
    }
    // A person whom nothing reads yet is told as well.
    let world = film(SCRIPT, &["characters"]);
    world.write("bible/characters/ida.toml", "physcal = \"small\"\n");
    assert!(world.ok(&["stale"]).contains("physcal"));
}

#[test]
fn notes_of_ones_own_have_a_place() {
    let world = film(SCRIPT, &["prompts"]);
    world.write(
        "bible/characters/ruth.toml",
        "pronouns = \"she/her\"\nx_actor = \"open\"\n\n[notes]\nborn = 1960\nlikes = [\"tea\"]\n",
    );
    world.write(
        "bible/locations/kitchen.toml",
        "notes = \"the one on Mill Lane\"\n",
    );
    world.write("bible/style.toml", "x_reference = [1, 2]\n");
    let mut list: Value = serde_json::from_str(&world.read("shots/001.json")).unwrap();
    list["shots"][0]["x_lut"] = json!({"name": "teal"});
    world.write(
        "shots/001.json",
        serde_json::to_string_pretty(&list).unwrap() + "\n",
    );
    world.write(
        "script.fountain",
        SCRIPT.replace("Then leave earlier", "Then run"),
    );
    world.ok(&["generate", "prompts"]);
    let list: Value = serde_json::from_str(&world.read("shots/001.json")).unwrap();
    assert_eq!(list["shots"][0]["x_lut"]["name"], "teal");
}

#[test]
fn a_take_that_is_restored_by_hand_is_that_take() {
    let world = film(SCRIPT, &["frames"]);
    let path = "frames/001_001.png";
    std::fs::remove_file(world.path(path)).unwrap();
    world.ok(&["commit", "-q", "-m", "Away"]);
    world.ok(&["restore", "-q", "--from", "HEAD~1", path]);
    world.ok(&["commit", "-q", "-m", "Back"]);
    assert_eq!(
        (
            starred(&world, path)["take"].clone(),
            takes(&world, path).len()
        ),
        (json!(1), 1)
    );
    assert!(!stale(&world).contains(&path.to_owned()));
    // The first of two takes, brought back by its bytes, is picked; nothing is edited.
    world.ok(&["generate", "-q", path, "--new-take"]);
    assert_eq!(starred(&world, path)["take"], 2);
    world.ok(&["restore", "-q", "--from", "HEAD~1", path]);
    world.ok(&["commit", "-q", "-m", "The first was better"]);
    assert_eq!(
        (
            starred(&world, path)["take"].clone(),
            takes(&world, path).len()
        ),
        (json!(1), 2)
    );
    assert!(!world.ok(&["stale"]).contains("edited"));
}

#[test]
fn a_draft_is_put_back_where_it_is_named() {
    let world = film(SCRIPT, &["characters"]);
    let ruth = "bible/characters/ruth.toml";
    let draft = world.read(ruth);
    world.write(
        ruth,
        draft.replace("signature = \"\"", "signature = \"a limp\""),
    );
    // With everything else it stays: it is there to be filled.
    let run = world.run(&["restore", "--generated", "bible"]);
    assert_eq!(run.code, Some(1), "{run}");
    world.ok(&["restore", "--generated", ruth]);
    assert_eq!(world.read(ruth), draft);
    let run = world.run(&["restore", "--generated", ruth]);
    assert!(
        run.code == Some(1) && run.stderr.contains("as it was generated"),
        "{run}"
    );
    world.ok(&["undo", "-q"]);
    assert!(world.read(ruth).contains("a limp"));
}
