//! A log that follows a file through its names, a scene through its places, lines and a text.

use super::world::World;

const SCRIPT: &str = "INT. CABIN - DAY\n\nMila sits on the bunk.\n\nMILA\nNo.\n\n\
    EXT. DECK - DAY\n\nWind over the deck.\n\nPAVEL\nYes, of course.\n\n\
    INT. HOLD - NIGHT\n\nWater drips on the crates.\n";

/// Subjects of the commits that a log tells of, the newest first.
fn told(world: &World, arguments: &[&str]) -> Vec<String> {
    let log = world.json(&[&["log"], arguments].concat());
    let entries = log.as_array().unwrap().iter();
    entries
        .map(|entry| entry["subject"].as_str().unwrap().to_owned())
        .collect()
}

/// The deck is edited, moved behind the hold, the hold edited, the file renamed, the deck edited again.
fn followed() -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    let commit = |path: &str, text: &str, message: &str| {
        world.write(path, text);
        world.ok(&["commit", "-q", "-m", message]);
    };
    commit("script.fountain", SCRIPT, "First");
    let gulls = SCRIPT.replace("Wind over the deck.", "Gulls over the water.");
    commit("script.fountain", &gulls, "Gulls");
    let (deck, hold) = (
        gulls.find("EXT. DECK").unwrap(),
        gulls.find("INT. HOLD").unwrap(),
    );
    let moved = format!(
        "{}{}\n{}",
        &gulls[..deck],
        &gulls[hold..],
        &gulls[deck..hold]
    );
    commit("script.fountain", &moved, "Move");
    let oil = moved.replace("Water drips", "Oil drips");
    commit("script.fountain", &oil, "Oil");
    world.write("notes.txt", "Gulls over the water.\n");
    world.ok(&["commit", "-q", "-m", "Notes"]);
    let terns = oil.replace("Gulls", "Terns");
    commit("script.fountain", &terns, "Terns");
    world
}

#[test]
fn lines_that_came_with_a_commit_are_of_no_older_one() {
    let world = followed();
    // Many commits down, the place of these lines is that of others.
    let bell = world
        .read("script.fountain")
        .replace("MILA\nNo.\n", "A bell.\n\nMILA\nNo.\n");
    world.write("script.fountain", &bell);
    world.ok(&["commit", "-q", "-m", "Bell"]);
    let line = 1 + bell.lines().position(|line| line == "A bell.").unwrap();
    let lines = format!("{line},{line}");
    assert_eq!(told(&world, &["-L", &lines, "script.fountain"]), ["Bell"]);
    assert_eq!(
        told(&world, &["--all", "-L", &lines, "script.fountain"]),
        ["Bell"]
    );
}

#[test]
fn a_scene_is_followed_to_where_it_stood_before() {
    let world = followed();
    assert_eq!(told(&world, &["--scene", "2"]), ["Terns", "Gulls", "First"]);
    assert_eq!(told(&world, &["--scene", "3"]), ["Oil", "First"]);
    assert_eq!(told(&world, &["--scene", "2", "-n", "1"]), ["Terns"]);
    assert_eq!(
        told(&world, &["HEAD~2", "--scene", "2"]),
        ["Gulls", "First"]
    );
    assert_eq!(
        told(&world, &["--scene", "2", "--grep", "gulls"]),
        ["Gulls"]
    );
    let run = world.run(&["log", "--scene", "8"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(
        run.stderr.contains("no scene 8") && run.stderr.contains("1, 3, 2"),
        "{run}"
    );
    let run = world.run(&["log", "--scene", "2", "notes.txt"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.contains("not told scene by scene"), "{run}");
}

#[test]
fn lines_are_followed_past_edits_around_them() {
    let world = followed();
    let text = world.read("script.fountain");
    let line = |of: &str| text.lines().position(|line| line == of).unwrap() + 1;
    let oil = line("Oil drips on the crates.").to_string();
    assert_eq!(told(&world, &["-L", &oil, "script.fountain"])[0], "Oil");
    let mila = line("Mila sits on the bunk.").to_string();
    assert_eq!(told(&world, &["-L", &mila, "script.fountain"]), ["First"]);
    let terns = format!("{},+1", line("Terns over the water."));
    let found = told(&world, &["-L", &terns, "script.fountain"]);
    assert_eq!(found[..1], ["Terns"]);
    let cases: [(&[&str], i32, &str); 4] = [
        (&["log", "-L", "3"], 1, "and none is named"),
        (
            &["log", "-L", "400", "script.fountain"],
            1,
            "there is no line 400",
        ),
        (&["log", "-L", "x", "script.fountain"], 2, "names no lines"),
        (
            &["log", "-L", "3", "script.fountain", "notes.txt"],
            1,
            "several are named",
        ),
    ];
    for (arguments, code, message) in cases {
        let run = world.run(arguments);
        assert_eq!(run.code, Some(code), "{run}");
        assert!(run.stderr.contains(message), "{run}");
    }
}

#[test]
fn commits_in_which_a_text_came_or_went_are_found() {
    let world = followed();
    assert_eq!(told(&world, &["-S", "Gulls"]), ["Terns", "Notes", "Gulls"]);
    assert_eq!(
        told(&world, &["-S", "Gulls", "script.fountain"]),
        ["Terns", "Gulls"]
    );
    assert_eq!(told(&world, &["-S", "gulls"]), [""; 0]);
    // A file under another name says nothing new.
    std::fs::rename(world.path("notes.txt"), world.path("birds.txt")).unwrap();
    world.ok(&["commit", "-q", "-m", "Birds"]);
    assert_eq!(told(&world, &["-S", "Gulls"]), ["Terns", "Notes", "Gulls"]);
}

#[test]
fn a_file_is_followed_through_its_names() {
    let world = followed();
    let text = world.read("script.fountain");
    std::fs::rename(world.path("script.fountain"), world.path("ferry.fountain")).unwrap();
    world.write("ferry.fountain", text.replace("of course", "perhaps"));
    world.ok(&["commit", "-q", "-m", "Rename"]);
    world.write("ferry.fountain", text.replace("of course", "never"));
    world.ok(&["commit", "-q", "-m", "Never"]);
    let all = ["Never", "Rename", "Terns", "Oil", "Move", "Gulls", "First"];
    assert_eq!(told(&world, &["ferry.fountain"]), all);
    assert_eq!(told(&world, &["-n", "2", "ferry.fountain"]), all[..2]);
    assert_eq!(
        told(&world, &["-S", "Gulls", "ferry.fountain"]),
        ["Terns", "Gulls"]
    );
    assert_eq!(told(&world, &["--scene", "2", "ferry.fountain"]).len(), 5);
    // The difference is shown under the name of then.
    let patch = world.ok(&["log", "-p", "ferry.fountain"]);
    assert!(patch.contains("+Gulls over the water."), "{patch}");
    assert!(!patch.contains("notes.txt"), "{patch}");
    // What is gone can still be asked for.
    std::fs::remove_file(world.path("ferry.fountain")).unwrap();
    world.ok(&["commit", "-q", "-m", "Gone"]);
    assert_eq!(told(&world, &["ferry.fountain"])[..2], ["Gone", "Never"]);
}
