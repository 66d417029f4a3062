//! Notes on shots, scenes, files and commits.

use super::film::film;
use super::world::World;

const SCRIPT: &str = "INT. KITCHEN - NIGHT\n\nRAE, 30, fills a kettle.\n\nRAE\nWho is there?\n";

fn id(world: &World) -> String {
    let list = world.json(&["note", "list"]);
    list[0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_thread_is_begun_answered_and_settled() {
    let world = film(SCRIPT, &["shots"]);
    let stale = world.ok(&["stale", "--paths"]);
    let told = world.ok(&[
        "note",
        "add",
        "Too dark, @pavel? Not a@b.org.",
        "--on",
        "shot",
        "1-1",
    ]);
    assert!(told.starts_with("Noted: shot 1-1 "), "{told}");
    let thread = id(&world);
    assert_eq!(
        world.ok(&["note", "reply", &thread[..5], "Lighter now"]),
        format!("Answered: shot 1-1 {thread}\n")
    );
    assert_eq!(
        world.ok(&["note", "list"]),
        format!(
            "{thread} shot 1-1\n  Rae Lindqvist, 2026-01-01\n    Too dark, @pavel? Not a@b.org.\n  \
             Rae Lindqvist, 2026-01-01\n    Lighter now\n"
        )
    );
    assert_eq!(
        world.json(&["note", "list"])[0]["mentions"],
        serde_json::json!(["pavel"])
    );
    assert_eq!(
        world
            .json(&["note", "list", "--for", "@Pavel"])
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        world
            .json(&["note", "list", "--for", "ada"])
            .as_array()
            .unwrap()
            .len(),
        0
    );
    assert_eq!(
        world
            .json(&["note", "list", "--on", "scene", "1"])
            .as_array()
            .unwrap()
            .len(),
        0
    );
    assert_eq!(
        world
            .json(&["note", "list", "--on", "shot", "001_001"])
            .as_array()
            .unwrap()
            .len(),
        1
    );
    world.ok(&["note", "resolve", "-q", &thread]);
    assert_eq!(world.ok(&["note", "list"]), "No note is open.\n");
    assert!(world.ok(&["note", "list", "--all"]).contains("settled"));
    world.ok(&["note", "reopen", "-q", &thread]);
    assert!(world.ok(&["note", "list"]).contains("opened it again"));
    // Each is committed, and one file.
    assert!(
        world
            .read(&format!("notes/{thread}.toml"))
            .contains("on = \"shot 001_001\"")
    );
    assert!(
        world
            .ok(&["log", "--oneline", "-1"])
            .contains("Reopen the note on shot 1-1")
    );
    // Nothing is made from notes.
    assert_eq!(world.ok(&["stale", "--paths"]), stale);
}

#[test]
fn a_mark_stays_with_its_words() {
    let world = film(SCRIPT, &["shots"]);
    world.ok(&[
        "note",
        "add",
        "-q",
        "--mark",
        "rewrite",
        "--on",
        "script.fountain",
        "-L",
        "5,6",
    ]);
    let list = world.json(&["note", "list"]);
    assert_eq!(
        (&list[0]["line"], &list[0]["quote"]),
        (&5.into(), &"RAE\nWho is there?".into())
    );
    assert_eq!(list[0]["message"][0]["mark"], "rewrite");
    world.write(
        "script.fountain",
        SCRIPT.replace("RAE, 30", "Rain.\n\nRAE, 30"),
    );
    assert_eq!(world.json(&["note", "list"])[0]["line"], 7);
    world.write("script.fountain", SCRIPT.replace("Who is there?", "Hello?"));
    assert_eq!(
        world.json(&["note", "list"])[0]["line"],
        serde_json::Value::Null
    );
    assert!(world.ok(&["note", "list"]).contains("words that are gone"));
}

#[test]
fn answers_of_two_timelines_merge_into_one_thread() {
    let world = film(SCRIPT, &["shots"]);
    world.ok(&["note", "add", "-q", "Too dark", "--on", "HEAD"]);
    let thread = id(&world);
    world.ok(&["switch", "-q", "-c", "other"]);
    world.ok(&["note", "reply", "-q", &thread, "I like it"]);
    world.ok(&["switch", "-q", "main"]);
    world.ok(&["note", "reply", "-q", &thread, "Me too"]);
    world.ok(&["note", "add", "-q", "Another", "--on", "scene", "1"]);
    world.ok(&["merge", "-q", "other"]);
    let list = world.json(&["note", "list"]);
    assert_eq!(list.as_array().unwrap().len(), 2);
    let texts: Vec<_> = list[0]["message"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["text"])
        .collect();
    assert_eq!(texts, ["Too dark", "I like it", "Me too"]);
}

#[test]
fn what_is_about_nothing_is_refused() {
    let world = film(SCRIPT, &["shots"]);
    let cases: [(&[&str], i32, &str); 8] = [
        (
            &["note", "add", "x", "--on", "shot", "9-9"],
            1,
            "there is no shot 9-9",
        ),
        (
            &["note", "add", "x", "--on", "scene", "9"],
            1,
            "there is no scene 9",
        ),
        (
            &["note", "add", "x", "--on", "nowhere"],
            1,
            "there is no file or commit nowhere",
        ),
        (
            &["note", "add", " ", "--on", "HEAD"],
            1,
            "the note says nothing",
        ),
        (
            &["note", "add", "x", "--on", "script.fountain", "-L", "90"],
            1,
            "there is no line 90",
        ),
        (&["note", "add", "--on", "HEAD"], 2, "TEXT is missing"),
        (
            &["note", "add", "x", "--on", "HEAD", "--mark", "meh"],
            2,
            "meh",
        ),
        (&["note", "reply", "abc", "x"], 1, "there is no thread abc"),
    ];
    for (arguments, code, message) in cases {
        let run = world.run(arguments);
        assert_eq!(run.code, Some(code), "{arguments:?}: {run}");
        assert!(run.stderr.contains(message), "{arguments:?}: {run}");
    }
    assert_eq!(
        world.json(&["note", "list", "--all"]),
        serde_json::json!([])
    );
    world.write("notes/abc.toml", "on = 1\n");
    let run = world.run(&["note", "list"]);
    assert!(run.stderr.contains("notes/abc.toml: line 1"), "{run}");
}

/// Among many files those that are known to be as they were are passed by; a thread is one of these as soon
/// as nobody adds to it.
#[test]
fn a_thread_that_nobody_adds_to_is_listed_among_many_files() {
    let world = film(SCRIPT, &["shots"]);
    world.ok(&["note", "add", "-q", "Too dark", "--on", "shot", "1-1"]);
    for number in 0..1_100 {
        world.write(
            &format!("stills/{:02}/{number:04}.txt", number % 11),
            "still",
        );
    }
    world.ok(&["commit", "-q", "-m", "Stills"]);
    let thread = id(&world);
    // Once to learn the files and their folders, then to rely on them.
    for _ in 0..3 {
        world.ok(&["status", "-q"]);
        assert_eq!(id(&world), thread);
    }
    world.ok(&["note", "reply", "-q", &thread, "Lighter now"]);
    world.ok(&["note", "resolve", "-q", &thread]);
    world.ok(&["status", "-q"]);
    assert_eq!(world.ok(&["note", "list"]), "No note is open.\n");
    assert_eq!(
        world.json(&["note", "list", "--all"])[0]["message"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}
