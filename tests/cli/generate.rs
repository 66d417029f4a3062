//! Generating: interruptions, hand edits, takes, acceptance, and what goes wrong.

use std::process::Stdio;

use serde_json::Value;

use super::command::posters;
use super::film::{SCRIPT, film, stale};
use super::world::World;

/// Makes everything and stops when the first frame is stored: the run, still going.
fn running(world: &World) -> std::process::Child {
    let mut command = world.command(&world.path(""), &["generate", "--jobs", "1"]);
    let child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut child = child;
    while takes(world, "frames/001_001.png").is_empty() {
        assert!(
            child.try_wait().unwrap().is_none(),
            "the run ended before its first frame"
        );
    }
    child
}

fn takes(world: &World, path: &str) -> Vec<Value> {
    world.json(&["takes", path]).as_array().unwrap().clone()
}

fn ready() -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("aiut.toml", "[film]\nwidth = 160\nheight = 90\n");
    world.write("script.fountain", SCRIPT);
    world.ok(&["commit", "-q", "-m", "First draft"]);
    world
}

#[test]
fn after_kill_9_nothing_that_was_finished_is_made_twice() {
    let world = ready();
    let mut child = running(&world);
    child.kill().unwrap();
    child.wait().unwrap();
    let done: Value = world.json(&["generate"]);
    let restored: u64 = done["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["restored"].as_u64().unwrap())
        .sum();
    assert!(restored > 0, "{done}");
    assert_eq!(done["failed"], Value::Array(Vec::new()));
    for folder in ["frames", "voices", "clips", "cuts"] {
        for entry in std::fs::read_dir(world.path(folder)).unwrap() {
            let name = entry.unwrap().file_name();
            let path = format!("{folder}/{}", name.to_str().unwrap());
            assert_eq!(takes(&world, &path).len(), 1, "{path} was made twice");
        }
    }
    assert!(stale(&world).is_empty());
}

#[test]
fn an_edit_made_during_a_run_is_not_overwritten() {
    let world = ready();
    let mut child = running(&world);
    world.write("frames/001_002.png", b"painted by hand meanwhile");
    assert!(child.wait().unwrap().success());
    assert_eq!(
        world.read("frames/001_002.png"),
        "painted by hand meanwhile"
    );
    assert!(world.path("frames/001_003.png").is_file());
    let takes = takes(&world, "frames/001_002.png");
    assert_eq!(takes.len(), 2, "the late result is a take");
    let own = takes.iter().find(|take| take["selected"] == true);
    assert_eq!(own.map(|take| &take["by_hand"]), Some(&true.into()));
}

#[test]
fn a_hand_edited_shot_survives_the_next_generation() {
    let world = film(SCRIPT, &["prompts"]);
    let mut list: Value = serde_json::from_str(&world.read("shots/001.json")).unwrap();
    let first = list["shots"][0]["shot_id"].as_str().unwrap().to_owned();
    list["shots"][0]["notes"] = "Keep the steam in frame.".into();
    list["shots"][0]["lens_mm"] = 85.into();
    world.write(
        "shots/001.json",
        serde_json::to_string_pretty(&list).unwrap(),
    );
    world.write(
        "script.fountain",
        SCRIPT.replace("Then leave earlier.", "Then run for it."),
    );
    let done = world.ok(&["generate", "prompts"]);
    assert!(
        done.contains("merged with your edit: shots/001.json"),
        "{done}"
    );
    let merged: Value = serde_json::from_str(&world.read("shots/001.json")).unwrap();
    assert_eq!(merged["shots"][0]["shot_id"], first);
    assert_eq!(merged["shots"][0]["lens_mm"], 85);
    assert_eq!(merged["shots"][0]["notes"], "Keep the steam in frame.");
    assert!(merged.to_string().contains("Then run for it."));
    assert!(
        world
            .read(&format!("prompts/{first}.json"))
            .contains("\"lens_mm\": 85")
    );
    let planned: Value = world.json(&["plan", "prompts"]);
    assert_eq!(planned["items"], Value::Array(Vec::new()));
}

#[test]
fn a_retouched_frame_stays_and_the_new_one_is_a_take() {
    let world = film(SCRIPT, &["frames"]);
    let retouched = std::fs::read(world.path("frames/002_001.png")).unwrap();
    world.write("frames/001_001.png", &retouched);
    world.write(
        "script.fountain",
        SCRIPT.replace("fills a kettle", "drops a kettle"),
    );
    world.run(&["generate", "frames"]);
    let touched: Vec<_> = takes(&world, "frames/001_001.png");
    assert_eq!(
        std::fs::read(world.path("frames/001_001.png")).unwrap(),
        retouched
    );
    assert_eq!(
        touched.len(),
        3,
        "what was painted is a take, and so is the new one"
    );
    assert_eq!(touched[1]["selected"], true);
    world.ok(&["pick", "frames/001_001.png", "3"]);
    assert_ne!(
        std::fs::read(world.path("frames/001_001.png")).unwrap(),
        retouched
    );
}

#[test]
fn takes_are_made_listed_and_picked() {
    let world = film(SCRIPT, &["frames"]);
    let frame = "frames/001_002.png";
    let first = std::fs::read(world.path(frame)).unwrap();
    world.ok(&["generate", frame, "--new-take"]);
    let second = std::fs::read(world.path(frame)).unwrap();
    assert_ne!(first, second, "another take stages the shot differently");
    let listed = takes(&world, frame);
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[1]["selected"], true);
    world.ok(&["pick", frame, "1"]);
    assert_eq!(std::fs::read(world.path(frame)).unwrap(), first);
    assert!(
        !stale(&world).contains(&frame.to_owned()),
        "both takes are of the current action"
    );
    world.ok(&["undo"]);
    assert_eq!(std::fs::read(world.path(frame)).unwrap(), second);
    let none = world.run(&["pick", frame, "7"]);
    assert_eq!(none.code, Some(1));
    assert!(none.stderr.contains("but takes 1 and 2"), "{none}");
}

#[test]
fn what_is_accepted_stays_so_until_its_inputs_move_again() {
    let world = film(SCRIPT, &["frames"]);
    world.write(
        "script.fountain",
        SCRIPT.replace("Nobody is coming", "Somebody is coming"),
    );
    world.ok(&["generate", "prompts"]);
    let frames: Vec<_> = stale(&world)
        .into_iter()
        .filter(|p| p.starts_with("frames/002"))
        .collect();
    assert!(!frames.is_empty());
    world.ok(&["accept", &frames[0], "--why", "the old face is better"]);
    assert!(!stale(&world).contains(&frames[0]));
    assert_eq!(world.json(&["stale"])["states"]["accepted"], 1);
    world.write(
        "script.fountain",
        SCRIPT.replace("Nobody is coming", "Everybody is coming"),
    );
    world.ok(&["generate", "prompts"]);
    assert!(stale(&world).contains(&frames[0]), "it is open again");
    let refused = world.run(&["accept", "frames/001_001.png", "--why", "x"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("not stale"), "{refused}");
}

#[test]
fn a_broken_shot_list_is_named_with_its_line_and_the_rest_goes_on() {
    let world = film(SCRIPT, &["prompts"]);
    let text = world.read("shots/001.json");
    world.write(
        "shots/001.json",
        text.replacen("\"slugline\": ", "\"slugline\" ", 1),
    );
    let run = world.run(&["generate", "frames"]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.contains("shots/001.json") && run.stderr.contains("line 3"),
        "{run}"
    );
    assert!(world.path("frames/002_001.png").is_file(), "{run}");
    assert!(!world.path("frames/001_001.png").is_file());
    assert!(
        world.path("prompts/001_001.json").is_file(),
        "nothing is taken for gone"
    );
}

#[test]
fn without_ffmpeg_what_needs_it_fails_and_says_what_to_install() {
    let mut world = ready();
    let empty = world.home();
    world.set("PATH", empty.to_str().unwrap());
    let run = world.run(&["generate"]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.contains("ffmpeg") && run.stderr.contains("apt install"),
        "{run}"
    );
    assert!(run.stderr.contains("espeak-ng"), "{run}");
    assert!(
        world.path("frames/003_001.png").is_file(),
        "what needs no program is there"
    );
    assert!(!world.path("clips").exists());
}

#[test]
fn words_that_name_nothing_come_with_what_was_meant() {
    let world = film(SCRIPT, &["shots"]);
    let run = world.run(&["generate", "frmaes"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("did you mean frames?"), "{run}");
    let run = world.run(&["why", "shots/01.json"]);
    assert!(run.stderr.contains("shots/0"), "{run}");
    let run = world.run(&["generate", "scene", "44"]);
    assert!(run.stderr.contains("44"), "{run}");
}

#[test]
fn what_is_no_screenplay_is_refused_and_nothing_is_written() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    for (name, bytes, told) in [
        ("empty.fountain", Vec::new(), "no scenes yet"),
        ("binary.fountain", b"INT. A\0B".to_vec(), "NUL"),
        ("latin.fountain", b"INT. CAF\xc9 - DAY\n".to_vec(), "line 1"),
        ("huge.fountain", vec![b'a'; 50 << 20], "too large"),
    ] {
        world.write(name, bytes);
        let run = world.run(&["import", name]);
        assert_eq!(run.code, Some(1), "{name}: {run}");
        assert!(
            run.stderr.contains(told) && run.stderr.contains(name),
            "{name}: {run}"
        );
        assert!(!world.path("script.fountain").exists(), "{name}");
    }
    let run = world.run(&["import", "nowhere.fountain"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("nowhere.fountain"), "{run}");
    let run = world.run(&["generate"]);
    assert_eq!(run.code, Some(1), "{run}");
}

#[test]
fn an_import_does_not_run_over_edits() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("other.fountain", SCRIPT);
    world.write("script.fountain", "INT. A - DAY\n\nUnsaved.\n");
    let run = world.run(&["import", "other.fountain"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("not committed"), "{run}");
    world.ok(&["commit", "-q", "-m", "Mine"]);
    world.ok(&["import", "other.fountain"]);
    assert_eq!(world.read("script.fountain"), SCRIPT);
    world.ok(&["undo"]);
    assert_eq!(world.read("script.fountain"), "INT. A - DAY\n\nUnsaved.\n");
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_says_what_it_kept_and_how_to_go_on() {
    // A cancelled job and a closed terminal end it as Ctrl-C does, the latter not under `nohup`.
    interrupted("-INT");
    interrupted("-TERM");
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.map(|mask| u64::from_str_radix(mask.trim(), 16).unwrap());
    if ignored.is_none_or(|mask| mask & 1 == 0) {
        interrupted("-HUP");
    }
}

#[cfg(unix)]
fn interrupted(signal: &str) {
    // The second poster comes to no end, so that the run is interrupted while it is made.
    let tool = "cat > output.json\ngrep -q '\"item\": *\"001\"' output.json || sleep 60\n";
    let world = posters(tool, "");
    let mut command = world.command(&world.path(""), &["generate", "posters", "--jobs", "1"]);
    let child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while takes(&world, "posters/001.json").is_empty() {}
    let id = child.id().to_string();
    let sent = std::process::Command::new("kill")
        .args([signal, &id])
        .status();
    assert!(sent.unwrap().success());
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(130), "{said}");
    assert!(
        said.contains("Interrupted, ") && said.contains(" kept."),
        "{said}"
    );
    assert!(said.contains("aiut generate posters   goes on"), "{said}");
    assert!(!said.contains("error:"), "{said}");
    assert!(world.path("posters/001.json").is_file());
    assert!(!world.path("posters/002.json").exists());
}

#[test]
fn what_cannot_be_read_is_not_committed_by_a_run_that_makes_nothing() {
    let world = ready();
    world.ok(&["generate", "prompts"]);
    let head = || world.json(&["log", "-n", "1"])[0]["id"].clone();
    let before = head();
    let list = world.read("shots/001.json");
    let script = world.read("script.fountain");
    for (path, broken) in [
        ("shots/001.json", &b"{ \"shots\": "[..]),
        ("script.fountain", b"INT. A - DAY\n\n\xff\xfe"),
    ] {
        world.write(path, broken);
        for words in [
            &["generate", "prompts"][..],
            &["generate", "prompts", "--json"],
        ] {
            let run = world.run(words);
            assert_eq!(run.code, Some(1), "{run}");
            assert_eq!(head(), before, "{path} {words:?}: {run}");
        }
        assert_eq!(std::fs::read(world.path(path)).unwrap(), broken);
        world.write("shots/001.json", &list);
        world.write("script.fountain", &script);
    }
    // As soon as something is made of it, it is.
    world.write("script.fountain", script.replace("kettle", "glass"));
    world.ok(&["generate", "prompts"]);
    assert_ne!(head(), before);
}

#[test]
fn a_plan_of_a_part_shows_that_part() {
    let world = ready();
    let plan = world.json(&["plan", "prompts"]);
    let rows = plan["stages"].as_array().unwrap();
    let sum = |key: &str| {
        rows.iter()
            .map(|row| row[key].as_u64().unwrap())
            .sum::<u64>()
    };
    assert_eq!(plan["outputs"], sum("outputs"), "{plan}");
    let names: Vec<_> = rows
        .iter()
        .map(|row| row["stage"].as_str().unwrap())
        .collect();
    assert!(
        names.contains(&"prompts") && names.contains(&"shots"),
        "{names:?}"
    );
    for above in ["frames", "clips", "film", "voices"] {
        assert!(!names.contains(&above), "{names:?}");
    }
    let states = plan["states"].as_object().unwrap().values();
    let states: u64 = states.map(|number| number.as_u64().unwrap()).sum();
    assert_eq!(plan["outputs"], states, "{plan}");
    let told = world.ok(&["plan", "prompts"]);
    assert!(
        told.contains("\nprompts ") && !told.contains("\nframes "),
        "{told}"
    );
    // What is remembered of the whole film stays of the whole film.
    world.ok(&["generate", "prompts"]);
    let film = world.json(&["plan"]);
    let rows = film["stages"].as_array().unwrap().iter();
    assert!(rows.clone().any(|row| row["stage"] == "frames"), "{film}");
}

#[test]
fn json_has_one_shape_whatever_happens() {
    let world = ready();
    let answers = [
        world.json(&["generate", "scenes", "--dry-run"]),
        world.json(&["generate", "scenes"]),
        world.json(&["generate", "scenes"]),
    ];
    let keys =
        |answer: &Value| -> Vec<String> { answer.as_object().unwrap().keys().cloned().collect() };
    assert_eq!(keys(&answers[0]), keys(&answers[1]));
    assert_eq!(keys(&answers[1]), keys(&answers[2]));
    assert_eq!(
        answers[1]["written"],
        answers[0]["plan"]["items"].as_array().unwrap().len()
    );
    assert_eq!(answers[2]["written"], 0);

    let failed = world.run(&["generate", "scene", "44", "--json"]);
    let error: Value = serde_json::from_str(&failed.stderr).expect("errors are JSON, too");
    assert_eq!(
        (failed.code, &error["error"]["exit_code"]),
        (Some(1), &Value::from(1))
    );
    assert!(
        error["error"]["message"]
            .as_str()
            .unwrap()
            .contains("scene 44"),
        "{error}"
    );
    assert!(
        !error["error"]["hints"].as_array().unwrap().is_empty(),
        "{error}"
    );
    let misused = world.run(&["stale", "--jsn", "--json"]);
    let error: Value = serde_json::from_str(&misused.stderr).expect("errors are JSON, too");
    assert_eq!(error["error"]["kind"], "usage");
}
