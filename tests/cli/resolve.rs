//! Conflicts settled place by place, in any order, later, by somebody else.

use super::world::World;

const SCRIPT: &str = "\
INT. CABIN - NIGHT

Mila sits by the window.

MILA
We are late.

EXT. DECK - NIGHT

Wind. Jonas leans on the rail.

JONAS
Cold.

INT. ENGINE ROOM - NIGHT

The engine stops.
";

const SHOTS: &str = r#"{
  "scene": "001",
  "shots": [
    {"shot_id": "001_001", "lens": 35, "content": "A door."},
    {"shot_id": "001_002", "lens": 50, "content": "Mila waits."}
  ]
}
"#;

/// A project on whose timeline `main` another one was merged that collides with it in three scenes, two
/// fields of a shot list, and two lines of a text.
fn collided() -> World {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    let state = |words: [&str; 3], lens: u32, content: &str, line: &str| {
        let script = SCRIPT
            .replace("We are late.", words[0])
            .replace("Cold.", words[1])
            .replace("The engine stops.", words[2]);
        world.write("script.fountain", script);
        let shots = SHOTS
            .replace("50", &lens.to_string())
            .replace("A door.", content);
        world.write("plans/shots.json", shots);
        world.write("notes.txt", format!("a\n{line} 1\nb\nc\nd\n{line} 2\ne\n"));
    };
    state(
        ["We are late.", "Cold.", "The engine stops."],
        50,
        "A door.",
        "base",
    );
    world.ok(&["commit", "-q", "-m", "Base"]);
    world.ok(&["switch", "-q", "-c", "noir"]);
    state(
        ["We are lost.", "Freezing.", "The engine dies."],
        85,
        "A red door.",
        "noir",
    );
    world.ok(&["commit", "-q", "-m", "Noir"]);
    world.ok(&["switch", "-q", "main"]);
    state(
        ["We are early.", "Warm.", "The engine roars."],
        24,
        "A blue door.",
        "main",
    );
    world.ok(&["commit", "-q", "-m", "Main"]);
    assert_eq!(world.run(&["merge", "noir"]).code, Some(3));
    world
}

fn open(world: &World) -> Vec<String> {
    let listed = world.run(&["resolve", "--json"]);
    let listed: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
    let conflicts = listed["conflicts"].as_array().unwrap().iter();
    let names = conflicts.flat_map(|one| one["names"].as_array().unwrap());
    names
        .map(|name| name.as_str().unwrap().to_owned())
        .collect()
}

const ALL: [&str; 7] = [
    "notes.txt#line=2",
    "notes.txt#line=6",
    "plans/shots.json#shot=001_001/content",
    "plans/shots.json#shot=001_002/lens",
    "script.fountain#scene=1",
    "script.fountain#scene=2",
    "script.fountain#scene=3",
];

#[test]
fn status_names_each_open_place() {
    let world = collided();
    assert_eq!(open(&world), ALL);
    let status = world.run(&["status"]);
    assert_eq!(status.code, Some(3), "{status}");
    for name in ALL {
        assert!(status.stdout.contains(name), "{name} in {status}");
    }
    for words in [
        "INT. CABIN - NIGHT, speech of MILA",
        "INT. ENGINE ROOM - NIGHT, action",
    ] {
        assert!(status.stdout.contains(words), "{words} in {status}");
    }
    let one = world.run(&["resolve", "script.fountain#scene=2"]);
    assert_eq!(one.code, Some(3));
    assert!(one.stdout.contains("Freezing."), "{one}");
    assert!(!one.stdout.contains("lost"), "{one}");
}

#[test]
fn places_are_settled_in_any_order_and_by_anyone() {
    let world = collided();
    let done = world.ok(&["resolve", "script.fountain#scene=2", "--theirs"]);
    assert!(done.contains("script.fountain#scene=2: theirs"), "{done}");
    assert!(
        done.contains("3 files are still in conflict, at 6 places"),
        "{done}"
    );
    // What is left survives a commit that moves it, and a switch.
    let text = world.read("script.fountain");
    assert!(
        text.contains("Freezing.") && !text.contains("Warm."),
        "{text}"
    );
    world.write("script.fountain", format!("Title: Ferry\n\n{text}"));
    let notes = world.read("notes.txt");
    world.write("notes.txt", format!("new\n{notes}"));
    world.ok(&["commit", "-q", "-m", "Title"]);
    world.ok(&["switch", "-q", "noir"]);
    assert_eq!(world.run(&["status"]).code, Some(0));
    world.ok(&["switch", "-q", "main"]);
    let mut left: Vec<&str> = ALL.to_vec();
    left.retain(|name| *name != "script.fountain#scene=2");
    left[..2].copy_from_slice(&["notes.txt#line=3", "notes.txt#line=7"]);
    assert_eq!(open(&world), left);
    world.ok(&["resolve", "-q", "notes.txt#line=7", "--both"]);
    world.ok(&["resolve", "-q", "notes.txt#line=3", "--theirs"]);
    assert_eq!(
        world.read("notes.txt"),
        "new\na\nnoir 1\nb\nc\nd\nmain 2\nnoir 2\ne\n"
    );
    world.ok(&["resolve", "-q", "plans/shots.json#shot=1-2", "--theirs"]);
    let shots = world.read("plans/shots.json");
    assert!(
        shots.contains("\"lens\": 85") && shots.contains("A blue door."),
        "{shots}"
    );
    world.ok(&[
        "resolve",
        "-q",
        "plans/shots.json#/shots/001_001/content",
        "--ours",
    ]);
    world.ok(&["resolve", "-q", "script.fountain#scene=3", "--both"]);
    world.ok(&["resolve", "-q", "script.fountain#conflict=1", "--ours"]);
    let text = world.read("script.fountain");
    let both = "The engine roars.\n\nThe engine dies.\n";
    assert!(
        text.ends_with(both) && text.contains("We are early."),
        "{text}"
    );
    assert!(!text.contains("[["), "{text}");
    assert_eq!(world.run(&["status"]).code, Some(0));
    assert_eq!(world.ok(&["resolve"]), "No file is in conflict\n");
    for _ in 0..6 {
        world.ok(&["undo", "-q"]);
    }
    assert_eq!(open(&world), left);
    world.ok(&["fsck"]);
}

#[test]
fn a_file_is_settled_where_it_collides_and_keeps_what_was_joined() {
    let world = collided();
    world.ok(&["resolve", "-q", "script.fountain#scene=1", "--ours"]);
    world.ok(&["resolve", "-q", "script.fountain", "plans", "--theirs"]);
    let text = world.read("script.fountain");
    for words in ["We are early.", "Freezing.", "The engine dies."] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert_eq!(open(&world), ALL[..2]);
    let both = world.run(&["resolve", ".", "--both"]);
    assert_eq!(both.code, Some(0), "{both}");
    assert!(world.read("notes.txt").contains("main 1\nnoir 1\n"));
}

#[test]
fn an_edit_settles_the_places_that_it_is_said_to_settle() {
    let world = collided();
    let text = world.read("script.fountain");
    let start = text.find("[[conflict 2: ours]]").unwrap();
    let end = "[[conflict 2: end]]";
    let stop = text.find(end).unwrap() + end.len();
    let edited = format!("{}JONAS\nBrr.{}", &text[..start], &text[stop..]);
    world.write("script.fountain", &edited);
    let marked = world.run(&["resolve", "script.fountain#scene=1", "--edited"]);
    assert_eq!(marked.code, Some(1));
    assert!(
        marked.stderr.contains("marks of conflicts are left"),
        "{marked}"
    );
    let sides = world.run(&["resolve", "script.fountain#scene=1", "--ours"]);
    assert_eq!(sides.code, Some(1), "{sides}");
    world.ok(&["resolve", "-q", "script.fountain#scene=2", "--edited"]);
    assert_eq!(
        open(&world)[4..],
        ["script.fountain#scene=1", "script.fountain#scene=3"]
    );
    // A place that an edit took away is settled with its file, and not by a side.
    let text = world
        .read("script.fountain")
        .replace("[[conflict 1: ", "[[was 1: ");
    world.write("script.fountain", text);
    world.ok(&["commit", "-q", "-m", "Marks go"]);
    let gone = world.run(&["resolve", "script.fountain#conflict=1", "--ours"]);
    assert_eq!(gone.code, Some(1));
    assert!(gone.stderr.contains("was edited since"), "{gone}");
    assert!(gone.stderr.contains("--edited"), "{gone}");
    world.ok(&["resolve", "-q", "script.fountain", "--theirs"]);
    assert!(world.read("script.fountain").contains("The engine dies."));
}

#[test]
fn what_is_no_conflict_is_said_so() {
    let world = collided();
    for (place, code, words) in [
        (
            "script.fountain#scene=9",
            1,
            "script.fountain is not in conflict at #scene=9",
        ),
        (
            "plans/shots.json#/scene",
            1,
            "it is at plans/shots.json#shot=001_001/content",
        ),
        ("aiut.toml#/film", 1, "not in conflict"),
        ("script.fountain#act=1", 2, "names no place of a file"),
        ("plans#scene=1", 1, "plans is not in conflict"),
    ] {
        let run = world.run(&["resolve", place, "--ours"]);
        assert_eq!(run.code, Some(code), "{run}");
        assert!(run.stderr.contains(words), "{words}: {run}");
    }
    let both = world.run(&["resolve", "plans/shots.json#shot=001_002/lens", "--both"]);
    assert_eq!(both.code, Some(1));
    assert!(both.stderr.contains("can hold one version only"), "{both}");
    assert_eq!(open(&world), ALL);
}

#[test]
fn a_list_that_both_reordered_takes_either_order() {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    let list = |order: &str| {
        let entries = order
            .chars()
            .map(|id| format!("  {{\"id\": \"{id}\", \"n\": 1}}"));
        let entries: Vec<_> = entries.collect();
        world.write("beats.json", format!("[\n{}\n]\n", entries.join(",\n")));
    };
    list("abc");
    world.ok(&["commit", "-q", "-m", "Base"]);
    world.ok(&["switch", "-q", "-c", "other"]);
    list("cab");
    world.ok(&["commit", "-q", "-m", "There"]);
    world.ok(&["switch", "-q", "main"]);
    list("bca");
    world.ok(&["commit", "-q", "-m", "Here"]);
    assert_eq!(world.run(&["merge", "other"]).code, Some(3));
    assert!(world.run(&["resolve"]).stdout.contains("the order"));
    world.ok(&["resolve", "-q", "beats.json", "--theirs"]);
    let text = world.read("beats.json");
    let at = |id: &str| text.find(&format!("\"id\": \"{id}\"")).unwrap();
    assert!(at("c") < at("a") && at("a") < at("b"), "{text}");
}

#[cfg(unix)]
#[test]
fn a_merge_tool_settles_files_as_far_as_it_ends_well() {
    let world = collided();
    let without = world.run(&["resolve", "notes.txt", "--tool"]);
    assert_eq!(without.code, Some(1));
    assert!(without.stderr.contains("no merge tool is set"), "{without}");
    // A project has no say in it.
    world.write("aiut.toml", "[ui]\nmerge_tool = \"true\"\n");
    assert_ne!(world.run(&["resolve", "notes.txt", "--tool"]).code, Some(0));
    std::fs::remove_file(world.path("aiut.toml")).unwrap();
    let before = world.read("notes.txt");
    let set = |tool: &str| drop(world.ok(&["config", "--user", "ui.merge_tool", tool]));
    set("echo spoiled > $RESULT; exit 4 #");
    let failed = world.run(&["resolve", "notes.txt", "--tool"]);
    assert_eq!(failed.code, Some(1), "{failed}");
    assert!(
        failed.stderr.contains("is in conflict as before"),
        "{failed}"
    );
    assert_eq!(world.read("notes.txt"), before);
    assert_eq!(open(&world), ALL);
    // Named as git names them, and as arguments.
    set("cat $LOCAL $REMOTE > $MERGED #");
    world.ok(&["resolve", "-q", "notes.txt", "--tool"]);
    assert_eq!(
        world.read("notes.txt"),
        "a\nmain 1\nb\nc\nd\nmain 2\ne\na\nnoir 1\nb\nc\nd\nnoir 2\ne\n"
    );
    world.write("tool.sh", "test \"$#\" = 4 && cp \"$3\" \"$4\"\n");
    let tool = format!("sh {}", world.path("tool.sh").display());
    set(&tool);
    world.ok(&["resolve", "-q", "script.fountain", "--tool"]);
    assert!(world.read("script.fountain").contains("We are lost."));
    let place = world.run(&["resolve", "plans/shots.json#shot=1-1", "--tool"]);
    assert_eq!(place.code, Some(2), "{place}");
}

#[cfg(unix)]
#[test]
fn places_are_completed() {
    let world = collided();
    let command = |typed: &str| {
        let mut command = world.command(&world.path("."), &["--", "aiut", "resolve", typed]);
        command
            .env("AIUT_COMPLETE", "fish")
            .env("_CLAP_COMPLETE_INDEX", "2");
        let output = command.output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let offered = command("script.fountain#");
    for name in &ALL[4..] {
        assert!(offered.contains(name), "{name} in {offered}");
    }
    assert!(!offered.contains("notes.txt"), "{offered}");
    assert!(command("no").contains("notes.txt#line=6"));
}
