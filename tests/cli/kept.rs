//! A plan that is remembered says what one made anew says, whatever happened in between.

use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use serde_json::Value;

use super::film::{SCRIPT, film};
use super::world::World;
use crate::edits::{Random, edit_script};

/// A film up to its prompts, planned once: no program is needed.
fn planned() -> World {
    let world = film(SCRIPT, &["prompts"]);
    told(&world);
    world
}

/// What is told of the film by commands that plan it; times of estimates are nobody's promise.
fn told(world: &World) -> Vec<Value> {
    let commands = [
        &["stale"][..],
        &["plan"],
        &["scenes"],
        &["why"],
        &["deps", "film.mp4"],
        &["cost"],
        &["cost", "--by", "person"],
        &["continuity"],
        &["takes", "prompts"],
        &["explain", "1-1"],
        &["stale", "scene", "2"],
        &["plan", "frames", "1-1"],
        &["shots"],
        &["stale", "--edited"],
        &["why", "shots/001.json"],
    ];
    let told = commands.into_iter().map(|words| {
        let run = world.run(&[words, &["--json"]].concat());
        let mut told = serde_json::from_str(&run.stdout).unwrap_or(Value::Null);
        without_times(&mut told);
        serde_json::json!({"told": told, "error": run.stderr})
    });
    told.collect()
}

fn without_times(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.remove("estimated_ms");
            map.values_mut().for_each(without_times);
        }
        Value::Array(items) => items.iter_mut().for_each(without_times),
        _ => {}
    }
}

/// What memory tells, held against what is told without it; what was told.
fn same_as_anew(world: &World, when: &str) -> Vec<Value> {
    let replanned = told(world);
    let remembered = told(world);
    fs::remove_dir_all(world.path(".aiut/index")).expect("an index");
    let anew = told(world);
    assert_eq!(replanned, anew, "{when}: planned with what was remembered");
    assert_eq!(remembered, anew, "{when}: remembered");
    anew
}

fn edit(world: &World, from: &str, to: &str) {
    let script = world.read("script.fountain");
    assert!(script.contains(from), "{from:?} is in {script:?}");
    world.write("script.fountain", script.replace(from, to));
}

/// Other edits are made in one film after the other, so what is remembered is of many states at once.
#[test]
fn each_of_some_random_edits_is_told_as_without_memory() {
    let world = planned();
    let mut random = Random::new(20_261_129);
    for step in 0..4 {
        let (script, said) = edit_script(&world.read("script.fountain"), &mut random);
        world.write("script.fountain", script);
        let before = same_as_anew(&world, &format!("edit {step}: {said}"));
        if step % 2 == 1 {
            world.ok(&["generate", "-q", "--yes", "prompts"]);
            let after = same_as_anew(&world, &format!("edit {step}, and generated"));
            assert_ne!(before, after, "edit {step}: {said}");
        }
    }
}

#[test]
fn what_is_installed_and_who_asks_changes_no_answer() {
    let mut world = planned();
    let before = told(&world);
    world.set("PATH", "/nowhere");
    assert_eq!(told(&world), before, "without any program");
    same_as_anew(&world, "without any program");
    world.set("AIUT_AUTHOR_NAME", "Ida Berg");
    assert_eq!(told(&world), before, "of another user");
    same_as_anew(&world, "of another user");
}

#[test]
fn a_budget_and_what_was_spent_are_told_at_once() {
    let world = planned();
    let limits = |world: &World| world.json(&["cost"])["budgets"].clone();
    assert_eq!(limits(&world), serde_json::json!([]));
    world.ok(&["config", "budget.day", "20"]);
    assert_eq!(limits(&world)[0]["limit_micro_usd"], 20_000_000);
    same_as_anew(&world, "with a budget");
    world.ok(&["config", "budget.day", "30"]);
    assert_eq!(limits(&world)[0]["limit_micro_usd"], 30_000_000);
}

#[test]
fn what_people_changed_in_a_shot_is_told_as_without_memory() {
    let world = planned();
    let list = world.read("shots/001.json");
    let mut shots: Value = serde_json::from_str(&list).expect("JSON");
    shots["shots"][0]["shot_type"] = "ECU".into();
    shots["shots"][0]["locked"] = true.into();
    world.write("shots/001.json", shots.to_string());
    same_as_anew(&world, "edited and locked");
    edit(&world, "late again", "early");
    same_as_anew(&world, "and its scene moved on");
    world.ok(&["generate", "prompts"]);
    same_as_anew(&world, "and was made again");
    assert!(world.ok(&["shots"]).contains("locked; edited: "));
}

#[test]
fn an_edit_and_taking_it_back_are_told_as_without_memory() {
    let world = planned();
    let before = same_as_anew(&world, "as it was");
    edit(&world, "late again", "early");
    let edited = same_as_anew(&world, "edited");
    assert_ne!(before, edited, "an edit is told");
    world.ok(&["commit", "-q", "-m", "Early"]);
    same_as_anew(&world, "committed");
    world.ok(&["undo"]);
    same_as_anew(&world, "undone");
    edit(&world, "early", "late again");
    assert_eq!(same_as_anew(&world, "taken back")[0], before[0]);
    world.ok(&["generate", "-q", "--yes", "prompts"]);
    same_as_anew(&world, "generated");
}

#[test]
fn another_timeline_and_back_are_told_as_without_memory() {
    let world = planned();
    let main = told(&world);
    world.ok(&["branch", "early"]);
    world.ok(&["switch", "-q", "early"]);
    edit(&world, "late again", "early");
    world.ok(&["generate", "-q", "--yes", "shots"]);
    let early = same_as_anew(&world, "on the other timeline");
    assert_ne!(main[0], early[0]);
    world.ok(&["switch", "-q", "main"]);
    assert_eq!(same_as_anew(&world, "and back")[0], main[0]);
}

#[test]
fn an_edit_that_leaves_length_and_time_is_told() {
    let world = planned();
    let before = told(&world);
    let path = world.path("script.fountain");
    let time = fs::metadata(&path).and_then(|about| about.modified());
    edit(&world, "late again", "late, Pa. ");
    let file = fs::File::options().write(true).open(&path).expect("a file");
    file.set_modified(time.unwrap_or(SystemTime::UNIX_EPOCH))
        .expect("a time");
    assert_ne!(told(&world), before);
}

#[test]
fn edits_within_one_second_are_each_told() {
    let world = planned();
    let mut seen = vec![told(&world)[0].clone()];
    for words in ["late, Rae", "late, Ray", "late, Roy"] {
        edit(&world, "late again", words);
        seen.push(world.json(&["why", "shots/001.json"]));
        edit(&world, words, "late again");
        assert_eq!(told(&world)[0], seen[0]);
    }
    seen.sort_by_key(ToString::to_string);
    seen.dedup();
    assert_eq!(seen.len(), 4, "each edit has its own words: {seen:#?}");
}

#[test]
fn settings_and_the_bible_are_told_as_without_memory() {
    let world = planned();
    let settings = world.read("aiut.toml");
    world.write("aiut.toml", format!("{settings}\n[engine]\n"));
    same_as_anew(&world, "an empty table");
    world.write("aiut.toml", settings.replace("[film]", "[film]\nfps = 25"));
    same_as_anew(&world, "another rate");
    world.write("aiut.toml", &settings);
    let person = fs::read_dir(world.path("bible/characters"))
        .expect("people")
        .next()
        .expect("a person")
        .expect("a file");
    let path = format!("bible/characters/{}", person.file_name().to_string_lossy());
    let text = world.read(&path);
    world.write(&path, format!("{text}signature = \"a red scarf\"\n"));
    same_as_anew(&world, "a person's mark");
    world.write(&path, format!("{text}signature = 3\n"));
    let broken = same_as_anew(&world, "a slip in a person's file");
    assert!(
        broken[0]["told"]["states"]["broken"].as_u64() > Some(0),
        "{}",
        broken[0]
    );
    fs::remove_file(world.path(&path)).expect("removed");
    same_as_anew(&world, "a person's file gone");
    fs::remove_file(world.path("shots/001.json")).expect("removed");
    same_as_anew(&world, "a shot list gone");
    world.write("shots/001.json", "{");
    same_as_anew(&world, "a shot list that is none");
}

/// Where the index has its entries.
fn index(world: &World) -> PathBuf {
    let folders = fs::read_dir(world.path(".aiut/index")).expect("an index");
    let folders = folders.filter_map(|entry| Some(entry.ok()?.path().join("data.mdb")));
    folders
        .filter(|path| path.is_file())
        .max()
        .expect("entries")
}

#[test]
fn a_damaged_memory_is_no_memory() {
    let world = planned();
    let before = told(&world);
    let path = index(&world);
    let sound = fs::read(&path).expect("read");
    // Selectors stand nowhere else in the index; where its own entries are damaged, more is lost.
    let selector = b"script.fountain#";
    let places = sound.windows(selector.len()).enumerate();
    let places = places.filter(|(_, bytes)| *bytes == selector);
    let places: Vec<usize> = places.map(|(at, _)| at).collect();
    assert!(!places.is_empty(), "a plan is kept");
    for at in places.iter().step_by((places.len() / 6).max(1)) {
        let mut bytes = sound.clone();
        bytes[*at] = b'S';
        fs::write(&path, &bytes).expect("written");
        assert!(told(&world) == before, "damaged at {at}");
    }
}

#[test]
fn a_run_that_another_process_stored_is_found() {
    let world = planned();
    let action = |world: &World| {
        let plan = world.json(&["plan"]);
        let items = plan["items"].as_array().expect("items").clone();
        let is_it = |item: &&Value| item["path"] == "frames/001_001.png";
        items.iter().find(is_it).expect("the frame")["action"].clone()
    };
    assert_eq!(action(&world), "run");
    world.ok(&["generate", "-q", "--yes", "frames/001_001.png"]);
    world.ok(&["undo"]);
    // The files are what they were when this was planned; the store has the frame now.
    assert_eq!(action(&world), "restore");
    same_as_anew(&world, "with a run that no timeline holds");
    world.ok(&["redo"]);
    same_as_anew(&world, "redone");
}

#[test]
fn a_conflict_and_its_end_are_told_as_without_memory() {
    let world = planned();
    world.ok(&["branch", "early"]);
    edit(&world, "late again", "late, as ever");
    world.ok(&["commit", "-q", "-m", "As ever"]);
    world.ok(&["switch", "-q", "early"]);
    edit(&world, "late again", "early");
    world.ok(&["commit", "-q", "-m", "Early"]);
    let before = same_as_anew(&world, "before");
    world.run(&["cherry-pick", "main"]);
    let during = same_as_anew(&world, "in conflict");
    assert_ne!(before, during, "a conflict is told");
    world.ok(&["resolve", "script.fountain", "--ours"]);
    assert_eq!(same_as_anew(&world, "settled")[0], before[0]);
}

#[test]
fn a_take_beside_a_clip_of_ones_own_can_be_made_once_a_conflict_is_settled() {
    let world = film(SCRIPT, &["frames"]);
    let clips = film(SCRIPT, &["clips"]);
    let (clip, frame) = ("clips/002_001.mov", "frames/002_001.png");
    let from = |world: &World, path: &str| fs::read(world.path(path)).expect("a file");
    // Never generated here: there is no run to hold it against.
    world.write(clip, from(&clips, "clips/001_001.mov"));
    world.ok(&["commit", "-q", "-m", "My own clip"]);
    world.ok(&["branch", "early"]);
    world.write(frame, from(&world, "frames/001_001.png"));
    world.ok(&["commit", "-q", "-m", "A frame"]);
    world.ok(&["switch", "-q", "early"]);
    world.write(frame, from(&world, "frames/003_001.png"));
    world.ok(&["commit", "-q", "-m", "Another frame"]);
    world.run(&["cherry-pick", "main"]);
    assert!(world.run(&["resolve"]).to_string().contains(frame));
    told(&world);
    world.ok(&["resolve", frame, "--ours"]);
    let done = world.ok(&["generate", clip, "--new-take"]);
    assert!(done.contains("beside"), "{done}");
}
