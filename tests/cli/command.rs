//! Stages made by commands: what a command is given, and what is taken from it.

use std::path::Path;

use serde_json::Value;

use super::film::SCRIPT;
use super::world::{Run, World};

/// Copies its request to its output, so that a test can read what a command is given.
pub(super) const ECHO: &str = "cat > output.json\n";

/// Of `more`, where nobody is to know what a poster costs before it is made.
pub(super) const UNPRICED: &str = "# no price";

/// A film with a stage `posters`, one a scene, made by the shell script `tool`; agreed to.
pub(super) fn posters(tool: &str, more: &str) -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    configure(&world, more);
    world.write("tools/poster.sh", tool);
    world.write("script.fountain", SCRIPT);
    world.ok(&["commit", "-q", "-m", "First draft"]);
    world.ok(&["trust", "--yes"]);
    world
}

/// Writes the settings; lines of `more` replace those with the same key. A poster costs nothing if
/// `more` does not speak of its price.
pub(super) fn configure(world: &World, more: &str) {
    let mut lines = vec![
        "each = \"scene\"",
        "reads = [\"scenes/{scene}.json#/slugline\"]",
        "writes = \"posters/{scene}.json\"",
        "by = \"command\"",
        "command = [\"sh\", \"tools/poster.sh\"]",
    ];
    let key = |line: &str| line.split(" = ").next().unwrap().to_owned();
    lines.retain(|line| more.lines().all(|other| key(other) != key(line)));
    let price = match more.contains("price") {
        true => "",
        false => "price = { per = \"item\", usd = 0 }\n",
    };
    let text = format!(
        "[film]\nwidth = 160\nheight = 90\n[stage.posters]\n{}\n{more}\n{price}",
        lines.join("\n")
    );
    world.write("aiut.toml", text);
}

fn request(world: &World, path: &str) -> Value {
    serde_json::from_str(&world.read(path)).expect("the request is JSON")
}

/// The posters that are not up to date; nothing else of the film is made here.
pub(super) fn stale(world: &World) -> Vec<String> {
    let mut paths = super::film::stale(world);
    paths.retain(|path| path.starts_with("posters/"));
    paths
}

/// The runs of `posters` that failed: the error, with the exit code 1.
pub(super) fn failure(world: &World) -> Run {
    let run = world.run(&["generate", "posters"]);
    assert_eq!(run.code, Some(1), "{run}");
    run
}

fn taken(world: &World, path: &str) -> Vec<Value> {
    world.json(&["takes", path]).as_array().unwrap().clone()
}

#[test]
fn a_command_is_given_what_its_stage_reads_and_makes_the_output() {
    let reads = "reads = [\"scenes/{scene}.json\", \"script.fountain#scene={scene}\", \
                 \"shots/{scene}.json#/no/such\", \"bible/characters/*.toml\", \
                 \"scenes/*.json#/scene\", \"bible/*.md#names\", \"config:film.fps\", \"notes/{scene}.md\"]\n\
                 with = { paper = \"grey\" }\n";
    let world = posters(
        "ls -l inputs/scenes >&2\ncat > output.json\ntest ! -w \"inputs/scenes/001.json\" || test \"$(id -u)\" = 0\n",
        reads,
    );
    world.write("notes/002.md", "wet");
    world.ok(&["generate", "posters"]);
    let given = request(&world, "posters/002.json");
    assert_eq!(given["protocol"], 1);
    assert_eq!(given["stage"], "posters");
    assert_eq!(given["item"], "002");
    assert_eq!(given["seed"], 0);
    assert_eq!(given["parameters"]["paper"], "grey");
    assert_eq!(given["output"], "output.json");
    let inputs = &given["inputs"];
    assert_eq!(inputs["scenes/002.json"]["file"], "inputs/scenes/002.json");
    let scene = &inputs["script.fountain#scene=002"]["value"];
    assert_eq!(scene["heading"], "EXT. STATION PLATFORM - NIGHT");
    assert_eq!(inputs["shots/002.json#/no/such"], Value::Null);
    assert_eq!(inputs["config:film.fps"]["value"], 24);
    assert_eq!(inputs["notes/002.md"]["file"], "inputs/notes/002.md");
    assert_eq!(
        inputs["bible/*.md#names"]["value"],
        Value::Array(Vec::new())
    );
    let people = inputs["bible/characters/*.toml"]["files"]
        .as_object()
        .unwrap();
    assert_eq!(
        people["bible/characters/ruth.toml"],
        "inputs/bible/characters/ruth.toml"
    );
    let numbers = inputs["scenes/*.json#/scene"]["values"]
        .as_object()
        .unwrap();
    assert_eq!(numbers["scenes/003.json"], "3");
    assert_eq!(
        request(&world, "posters/001.json")["inputs"]["notes/001.md"],
        Value::Null
    );

    // What it was given is what was recorded.
    let deps = world.json(&["deps", "posters/002.json"]);
    let read = deps["reads"].as_array().unwrap();
    for selector in [
        "bible/characters/*.toml#names",
        "bible/characters/ruth.toml",
        "scenes/001.json#/scene",
        "config:film.fps",
        "notes/002.md",
        "tools/poster.sh",
    ] {
        assert!(read.contains(&selector.into()), "{selector}: {deps}");
    }
    assert!(stale(&world).is_empty());

    // And each of it counts, a file that comes and one that goes too.
    let expect = |what: &str, paths: &[&str]| assert_eq!(stale(&world), paths, "{what}");
    world.write("notes/003.md", "dry");
    expect("a note that appears", &["posters/003.json"]);
    std::fs::remove_file(world.path("notes/003.md")).unwrap();
    world.write("bible/style.md", "noir");
    let all = ["posters/001.json", "posters/002.json", "posters/003.json"];
    expect("a name that a list of names gains", &all);
    std::fs::remove_file(world.path("bible/style.md")).unwrap();
    world.write("bible/characters/zoe.toml", "");
    expect("a file that a glob gains", &all);
    std::fs::remove_file(world.path("bible/characters/zoe.toml")).unwrap();
    expect("nothing", &[]);
}

#[test]
fn an_edit_of_the_tool_or_of_what_it_is_told_makes_outputs_stale_and_why_says_so() {
    let world = posters(ECHO, "");
    world.ok(&["generate", "posters"]);
    assert!(stale(&world).is_empty());
    for more in [
        "version = \"2\"",
        "with = { paper = \"grey\" }",
        "command = [\"sh\", \"tools/poster.sh\", \"-v\"]",
        "reads = []",
    ] {
        configure(&world, more);
        assert_eq!(stale(&world).len(), 3, "{more}");
    }
    let limits = "timeout = 5\nsize = 9";
    configure(&world, limits);
    assert!(stale(&world).is_empty(), "limits determine no output");

    configure(&world, "");
    world.write(
        "tools/poster.sh",
        "cat > output.json; echo >> output.json\n",
    );
    assert_eq!(stale(&world).len(), 3);
    let why = world.ok(&["why", "posters/001.json"]);
    assert!(why.contains("tools/poster.sh"), "{why}");
    configure(&world, "version = \"3\"");
    let why = world.ok(&["why", "posters/001.json"]);
    assert!(
        why.contains("parameter version") && why.contains('3'),
        "{why}"
    );
}

#[test]
fn an_output_comes_back_from_the_cache_and_a_new_take_gets_the_next_seed() {
    let world = posters(ECHO, "");
    world.ok(&["generate", "posters"]);
    let first = world.read("posters/001.json");
    std::fs::remove_file(world.path("posters/001.json")).unwrap();
    let done = world.json(&["generate", "posters"]);
    let row = &done["stages"].as_array().unwrap()[0];
    assert_eq!((&row["restored"], &row["made"]), (&1.into(), &0.into()));
    assert_eq!(world.read("posters/001.json"), first);
    world.ok(&["generate", "posters/001.json", "--new-take"]);
    assert_eq!(request(&world, "posters/001.json")["seed"], 1);
    assert_eq!(taken(&world, "posters/001.json").len(), 2);
    world.ok(&["pick", "posters/001.json", "1"]);
    assert_eq!(world.read("posters/001.json"), first);
    assert!(stale(&world).is_empty());
}

#[test]
fn a_built_in_stage_can_be_made_by_a_command_and_what_stands_on_it_follows() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write(
        "aiut.toml",
        "[film]\nwidth = 160\nheight = 90\n[stage.frames]\nby = \"command\"\n\
         command = [\"./tools/frame\", \"x.png\"]\nprice = { per = \"image\", usd = 0 }\n[stage.sheet]\nreads = [\"frames/*.png\"]\n\
         writes = \"sheet.txt\"\nby = \"command\"\ncommand = [\"tools/frame\"]\n\
         price = { per = \"image\", usd = 0.25 }\n",
    );
    let bad = world.run(&["stages"]);
    assert!(
        bad.stderr.contains("is not a path inside the project"),
        "{bad}"
    );
    let settings = world.read("aiut.toml").replace("./tools", "tools");
    world.write("aiut.toml", settings);
    world.write(
        "tools/frame",
        "#!/bin/sh\ncat > output.txt\nprintf '\\211PNG\\r\\n\\032\\n' > output.png\ncat output.txt >> output.png\n",
    );
    world.write("script.fountain", SCRIPT);
    world.ok(&["trust", "--yes"]);
    let stages = world.ok(&["stages"]);
    assert!(stages.contains("command"), "{stages}");
    let plan = world.json(&["plan", "sheet"]);
    assert_eq!(plan["price_micro_usd"], 250_000);
    let refused = world.run(&["generate", "sheet"]);
    assert!(refused.stderr.contains("this may cost $0.25"), "{refused}");
    world.ok(&["generate", "sheet", "--yes"]);
    let frame = std::fs::read(world.path("frames/001_001.png")).unwrap();
    let frame: Value = serde_json::from_slice(&frame[b"\x89PNG\r\n\x1a\n".len()..]).unwrap();
    assert_eq!(
        frame["inputs"]["prompts/001_001.json"]["file"],
        "inputs/prompts/001_001.json"
    );
    let sheet = request(&world, "sheet.txt");
    let frames = sheet["inputs"]["frames/*.png"]["files"]
        .as_object()
        .unwrap();
    let there = std::fs::read_dir(world.path("frames")).unwrap().count();
    assert_eq!(frames.len(), there);
    let edited = SCRIPT.replace("fills a kettle", "drops a kettle");
    world.write("script.fountain", edited);
    let touched = super::film::stale(&world);
    assert!(
        touched.contains(&"frames/001_001.png".to_owned()),
        "{touched:?}"
    );
    assert!(touched.contains(&"sheet.txt".to_owned()), "{touched:?}");
    let cost = world.json(&["cost"]);
    let rows = cost["rows"].as_array().unwrap();
    let sheets = rows.iter().find(|row| row["name"] == "sheet");
    assert_eq!(sheets.unwrap()["runs"], 1);
}

#[test]
fn a_stage_that_decides_what_there_is_can_be_made_by_a_command() {
    let world = posters(ECHO, "");
    world.write("tools/who.sh", "echo 'pronouns = \"she\"' > output.toml\n");
    let settings = world.read("aiut.toml");
    let who = "[stage.characters]\nby = \"command\"\ncommand = [\"sh\", \"tools/who.sh\"]\n\
               reads = [\"script.fountain\"]\nprice = { per = \"item\", usd = 0 }\n";
    world.write("aiut.toml", format!("{settings}{who}"));
    let run = failure(&world);
    assert!(run.stderr.contains("stage.characters would run"), "{run}");
    world.ok(&["trust", "--yes"]);
    // Who is in the film comes first; what that leads to can then be asked for.
    world.ok(&["generate", "posters"]);
    assert!(world.read("bible/characters/ruth.toml").contains("she"));
    world.ok(&["generate", "posters"]);
    assert!(world.path("posters/003.json").is_file());
    assert!(stale(&world).is_empty());
}

#[test]
fn model_cost_tools_request_and_answer_are_kept_with_the_generation() {
    let world = posters(
        "cat > output.json\n\
         echo '{\"model\": \"up-2\", \"cost_usd\": 0.5, \"tools\": {\"torch\": \"2.9\"}, \"more\": 1}'\n",
        UNPRICED,
    );
    world.ok(&["generate", "posters", "--yes"]);
    let take = &taken(&world, "posters/001.json")[0];
    assert_eq!(take["cost_micro_usd"], 500_000);
    let cost = world.json(&["cost"]);
    let rows = cost["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["name"] == "posters");
    assert_eq!(row.unwrap()["spent_micro_usd"], 1_500_000);
    let shown = world.ok(&["show"]);
    assert!(
        shown.contains("by command") && shown.contains("$1.50"),
        "{shown}"
    );
    let origin = world.json(&["whence", "posters/001.json"]);
    assert_eq!(origin["generations"][0]["model"], "up-2", "{origin}");
}

#[test]
fn settings_that_cannot_work_are_told_with_line_and_column() {
    let world = posters(ECHO, "");
    for (more, said) in [
        (
            "timeout = 0",
            "aiut.toml, line 10, column 1: stage.posters.timeout: expected a whole",
        ),
        (
            "command = \"sh tools/poster.sh\"",
            "aiut.toml, line 9, column 1: stage.posters.command: expected a list of texts",
        ),
        (
            "reads = [\"script.fountain#scene=*\"]",
            "aiut.toml, line 9, column 1: stage.posters.reads: \"script.fountain#scene=*\"",
        ),
        (
            "trust = true",
            "line 10, column 1: stage.posters.trust: unknown key",
        ),
    ] {
        configure(&world, more);
        let run = world.run(&["stale"]);
        assert_eq!(run.code, Some(1), "{more}");
        assert!(run.stderr.contains(said), "{more}: {run}");
    }
}

/// The section of docs/pipeline.md on commands: its settings, its tool and what it says of them.
#[test]
fn the_example_of_the_documentation_works() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pipeline.md");
    let page = std::fs::read_to_string(page).unwrap();
    let section = page.split("\n## Commands\n").nth(1).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let block = |language: &str| {
        let start = format!("```{language}\n");
        let block = section.split(&start).nth(1).expect(language);
        block.split("```").next().unwrap()
    };
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("aiut.toml", block("toml"));
    world.write("tools/card.py", block("python"));
    world.write("script.fountain", SCRIPT);
    for line in block("console").lines() {
        let words: Vec<&str> = line.strip_prefix("$ aiut ").unwrap().split(' ').collect();
        world.ok(&words);
    }
    let card = world.read("cards/002.svg");
    assert!(card.contains("STATION PLATFORM"), "{card}");
    let given: Value = serde_json::from_str(block("json")).unwrap();
    let origin = world.json(&["whence", "cards/002.svg"]);
    let request = origin["generations"][0]["request"]
        .as_str()
        .unwrap()
        .to_owned();
    let kept: Value = serde_json::from_str(&world.ok(&["cat", &request])).unwrap();
    assert_eq!(
        kept, given,
        "the request of the page is the one that is sent"
    );
}
