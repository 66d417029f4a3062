//! Stages made by commands: what a command is given, what is taken from it, and what goes wrong.

use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use super::film::SCRIPT;
use super::world::{Run, World};

/// Copies its request to its output, so that a test can read what a command is given.
const ECHO: &str = "cat > output.json\n";

/// A film with a stage `posters`, one a scene, made by the shell script `tool`; agreed to.
fn posters(tool: &str, more: &str) -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    configure(&world, more);
    world.write("tools/poster.sh", tool);
    world.write("script.fountain", SCRIPT);
    world.ok(&["commit", "-q", "-m", "First draft"]);
    world.ok(&["trust", "--yes"]);
    world
}

/// Writes the settings; lines of `more` replace those with the same key.
fn configure(world: &World, more: &str) {
    let mut lines = vec![
        "each = \"scene\"",
        "reads = [\"scenes/{scene}.json#/slugline\"]",
        "writes = \"posters/{scene}.json\"",
        "by = \"command\"",
        "command = [\"sh\", \"tools/poster.sh\"]",
    ];
    let key = |line: &str| line.split(" = ").next().unwrap().to_owned();
    lines.retain(|line| more.lines().all(|other| key(other) != key(line)));
    let text = format!(
        "[film]\nwidth = 160\nheight = 90\n[stage.posters]\n{}\n{more}\n",
        lines.join("\n")
    );
    world.write("aiut.toml", text);
}

fn request(world: &World, path: &str) -> Value {
    serde_json::from_str(&world.read(path)).expect("the request is JSON")
}

/// The posters that are not up to date; nothing else of the film is made here.
fn stale(world: &World) -> Vec<String> {
    let mut paths = super::film::stale(world);
    paths.retain(|path| path.starts_with("posters/"));
    paths
}

/// The runs of `posters` that failed: the error, with the exit code 1.
fn failure(world: &World) -> Run {
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
         command = [\"./tools/frame\", \"x.png\"]\n[stage.sheet]\nreads = [\"frames/*.png\"]\n\
         writes = \"sheet.txt\"\nby = \"command\"\ncommand = [\"tools/frame\"]\n\
         price = { per = \"image\", usd = 0.25 }\n",
    );
    let bad = world.run(&["stages"]);
    assert!(bad.stderr.contains("no path inside"), "{bad}");
    let settings = world.read("aiut.toml").replace("./tools", "tools");
    world.write("aiut.toml", settings);
    world.write(
        "tools/frame",
        "#!/bin/sh\ncat > output.png\ncp output.png output.txt\n",
    );
    world.write("script.fountain", SCRIPT);
    world.ok(&["trust", "--yes"]);
    let stages = world.ok(&["stages"]);
    assert!(stages.contains("command"), "{stages}");
    let plan = world.json(&["plan", "sheet"]);
    assert_eq!(plan["price_micro_usd"], 250_000);
    let refused = world.run(&["generate", "sheet"]);
    assert!(refused.stderr.contains("estimated at $0.25"), "{refused}");
    world.ok(&["generate", "sheet", "--yes"]);
    let frame = request(&world, "frames/001_001.png");
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
    let sheets = cost
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["stage"] == "sheet");
    assert_eq!(sheets.unwrap()["runs"], 1);
}

#[test]
fn a_stage_that_decides_what_there_is_can_be_made_by_a_command() {
    let world = posters(ECHO, "");
    world.write("tools/who.sh", "echo 'pronouns = \"she\"' > output.toml\n");
    let settings = world.read("aiut.toml");
    let who = "[stage.characters]\nby = \"command\"\ncommand = [\"sh\", \"tools/who.sh\"]\n\
               reads = [\"script.fountain\"]\n";
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
        "",
    );
    world.ok(&["generate", "posters"]);
    let take = &taken(&world, "posters/001.json")[0];
    assert_eq!(take["cost_micro_usd"], 500_000);
    let cost = world.json(&["cost"]);
    let row = cost
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["stage"] == "posters");
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
fn a_failure_names_stage_item_status_and_last_words_and_the_others_go_on() {
    let world = posters(
        "grep -q '\"002\"' || { echo '{}' > output.json; exit 0; }\n\
         seq 1 5000 >&2; echo 'no such font: Bodoni' >&2; exit 7\n",
        "",
    );
    let run = failure(&world);
    for part in [
        "1 output was not made",
        "stage.posters, 002: \"sh tools/poster.sh\" ended with exit status 7",
        "| no such font: Bodoni",
    ] {
        assert!(run.stderr.contains(part), "{part:?} is not in\n{run}");
    }
    assert!(
        !run.stderr.contains("| 4980"),
        "only the end is told\n{run}"
    );
    assert!(world.path("posters/001.json").is_file());
    assert!(world.path("posters/003.json").is_file());
    assert!(!world.path("posters/002.json").exists());
    assert_eq!(stale(&world), ["posters/002.json"]);
}

#[test]
fn what_is_no_output_is_told_and_nothing_is_taken() {
    let world = posters("", "size = 1");
    let secret = world.home().join("secret");
    super::world::write(&secret, b"not for the store");
    for (tool, said) in [
        ("true\n", "ended well and wrote no output.json"),
        (": > output.json\n", "left output.json empty"),
        ("mkdir output.json\n", "made output.json a folder"),
        ("ln -s inputs output.json\n", "made output.json a symlink"),
        ("mkfifo output.json\n", "no regular file"),
        (
            "dd if=/dev/zero of=output.json bs=1024 count=1025 2>/dev/null\n",
            "wrote 2 MiB to output.json, more than the 1 MiB that `size` allows",
        ),
        ("echo Loading model; cat > output.json\n", "no JSON object"),
        (
            "yes; cat > output.json\n",
            "more than 1 MiB to standard output",
        ),
        ("kill -9 $$\n", "was ended by a signal"),
        ("exec 2>&-; exit 3\n", "exit status 3"),
    ] {
        world.write("tools/poster.sh", tool);
        world.ok(&["trust", "--yes"]);
        let run = failure(&world);
        assert!(run.stderr.contains(said), "{tool}: {run}");
        assert!(!world.path("posters").exists(), "{tool}");
    }
    let link = format!("ln -s {} output.json\n", secret.display());
    world.write("tools/poster.sh", link);
    world.ok(&["trust", "--yes"]);
    assert!(failure(&world).stderr.contains("a symlink"));
    let found = world.run(&["whence", secret.to_str().unwrap()]);
    assert!(!found.stdout.contains("posters"), "{found}");
    let left = std::fs::read_dir(world.path(".aiut/scratch")).unwrap();
    assert_eq!(
        left.count(),
        0,
        "what commands leave goes with their folders"
    );
}

#[test]
fn a_program_that_is_not_there_is_told() {
    let world = posters(ECHO, "command = [\"no-such-upscaler\"]");
    world.ok(&["trust", "--yes"]);
    let run = failure(&world);
    assert!(
        run.stderr.contains("no program no-such-upscaler in PATH"),
        "{run}"
    );
    configure(&world, "command = [\"tools/gone.sh\"]");
    world.ok(&["trust", "--yes"]);
    let run = failure(&world);
    assert!(
        run.stderr.contains("tools/gone.sh: it does not exist"),
        "{run}"
    );
}

/// Whether a process still runs.
fn runs(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

#[test]
fn a_command_that_takes_too_long_ends_with_all_that_it_started() {
    let world = posters("", "timeout = 1");
    let pid = world.home().join("pid");
    let tool = format!(
        "echo still thinking >&2\nsleep 600 & echo $! > {}\nwait\n",
        pid.display()
    );
    world.write("tools/poster.sh", tool);
    world.ok(&["trust", "--yes"]);
    let run = world.run(&["generate", "posters/001.json"]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr
            .contains("was ended after 1 s; stage.posters.timeout"),
        "{run}"
    );
    assert!(run.stderr.contains("| still thinking"), "{run}");
    let pid = std::fs::read_to_string(pid).unwrap();
    while runs(&pid) {}
}

#[cfg(target_os = "linux")]
#[test]
fn a_command_gets_no_more_memory_than_its_stage_says() {
    // A shell that keeps 40 MB in a variable.
    let tool = "x=$(head -c 40000000 /dev/zero | tr '\\0' a)\necho ${#x} > output.json\n";
    let world = posters(tool, "memory = 32");
    let run = failure(&world);
    // Which way a shell fails without memory is its own affair.
    assert!(
        run.stderr.contains("\" was ended by") || run.stderr.contains("\" ended with"),
        "{run}"
    );
    configure(&world, "memory = 1000");
    world.ok(&["trust", "--yes"]);
    world.ok(&["generate", "posters"]);
    assert_eq!(world.read("posters/001.json"), "40000000\n");
}

#[test]
fn nothing_of_the_environment_reaches_a_command_unless_the_user_says_so() {
    let mut world = posters("env > output.json; pwd >> output.json\n", "");
    world.set("SECRET_KEY", "hunter2-canary");
    world.set("FONT_KEY", "bodoni-canary");
    world.ok(&["generate", "posters"]);
    let said = world.read("posters/001.json");
    let folder = said.lines().last().unwrap();
    assert!(folder.contains(".aiut/scratch/"), "{said}");
    for name in ["HOME", "TMPDIR"] {
        assert!(
            said.contains(&format!("{name}={folder}\n")),
            "{name}: {said}"
        );
    }
    assert!(said.contains("LANG=C.UTF-8\n"), "{said}");
    let known = [
        "PATH=", "HOME=", "TMPDIR=", "LANG=", "PWD=", "OLDPWD=", "SHLVL=", "_=", "/",
    ];
    for line in said.lines() {
        assert!(
            known.iter().any(|name| line.starts_with(name)),
            "{line:?} in\n{said}"
        );
    }
    holds_nowhere(&world.path(""), b"hunter2-canary");

    // A project cannot ask for it; its user can hand it on, and is asked again.
    configure(&world, "environment = [\"SECRET_KEY\"]");
    assert_eq!(world.run(&["generate", "posters"]).code, Some(1));
    configure(&world, "version = \"2\"");
    world.ok(&["config", "command.environment", "[\"FONT_KEY\"]"]);
    let run = failure(&world);
    assert!(run.stderr.contains("not trusted"), "{run}");
    assert!(world.ok(&["trust", "--show"]).contains("FONT_KEY"));
    world.ok(&["trust", "--yes"]);
    world.ok(&["generate", "posters"]);
    let said = world.read("posters/001.json");
    assert!(said.contains("FONT_KEY=bodoni-canary\n"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
}

/// Fails if some file beneath `folder` holds these bytes, packs read through their encoding.
fn holds_nowhere(folder: &Path, bytes: &[u8]) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            holds_nowhere(&path, bytes);
            continue;
        }
        let content = std::fs::read(&path).unwrap();
        let mut texts = vec![content.clone()];
        // Whatever is compressed lies in zstd frames.
        for at in content
            .windows(4)
            .enumerate()
            .filter_map(|(at, four)| (four == [0x28, 0xb5, 0x2f, 0xfd]).then_some(at))
        {
            texts.extend(zstd::stream::decode_all(&content[at..]).ok());
            let mut start = Vec::new();
            if let Ok(decoder) = zstd::stream::read::Decoder::new(&content[at..]) {
                let _ = std::io::Read::read_to_end(&mut decoder.single_frame(), &mut start);
                texts.push(start);
            }
        }
        for text in texts {
            let found = text.windows(bytes.len()).any(|window| window == bytes);
            assert!(!found, "{} holds it", path.display());
        }
    }
}

#[test]
fn after_kill_9_nothing_that_was_finished_is_run_twice() {
    let world = posters("", "");
    let home = world.home();
    let (log, gate) = (home.join("runs"), home.join("gate"));
    let made = std::process::Command::new("mkfifo")
        .arg(&gate)
        .status()
        .unwrap();
    assert!(made.success());
    // The second scene waits at the gate the first time.
    let tool = format!(
        "cat > output.json\nitem=$(grep -o '\"item\": \"[0-9]*\"' output.json)\n\
         case $item in *002*) test -e {0}.002 || {{ : > {0}.002; read x < {1}; }};; esac\n\
         echo $item >> {0}\n",
        log.display(),
        gate.display()
    );
    world.write("tools/poster.sh", tool);
    world.ok(&["trust", "--yes"]);
    let mut command = world.command(&world.path(""), &["generate", "posters", "--jobs", "1"]);
    let command = command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    while !home.join("runs.002").exists() {
        assert!(child.try_wait().unwrap().is_none(), "it ended too early");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // Whoever waits at the gate may go.
    super::world::write(&gate, b"go\n");
    let done = world.json(&["generate", "posters"]);
    let row = done["stages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["stage"] == "posters");
    let row = row.unwrap();
    assert_eq!(
        (&row["restored"], &row["made"]),
        (&1.into(), &2.into()),
        "{done}"
    );
    let runs = std::fs::read_to_string(log).unwrap();
    assert_eq!(runs.matches("001").count(), 1, "{runs}");
    assert!(stale(&world).is_empty());
    let left = std::fs::read_dir(world.path(".aiut/scratch")).unwrap();
    assert_eq!(
        left.count(),
        0,
        "the next run takes away what a dead one left"
    );
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
        ("trust = true", "line 4, column 8: stage.posters"),
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
