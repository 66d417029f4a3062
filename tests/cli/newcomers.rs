//! Walls that people ran into who had the help and nothing else.

use super::film::{SCRIPT, film};
use super::world::World;

/// What goes wrong with this command line.
fn refused(world: &World, line: &str) -> String {
    let arguments: Vec<&str> = line.split(' ').collect();
    let run = world.run(&arguments);
    assert_eq!(run.code, Some(1), "{line}: {run}");
    run.stderr
}

#[test]
fn what_cannot_be_read_is_out_of_date_whatever_was_asked_for() {
    let world = film(SCRIPT, &["frames"]);
    let list = world.read("shots/001.json");
    let style = world.read("bible/style.toml");
    let slips = [
        (
            "shots/001.json",
            list.replacen("\"WS\"", "\"WIDE\"", 1),
            "shots/001.json",
        ),
        (
            "shots/001.json",
            list.replacen("\"locked\": false", "\"locked\": yes", 1),
            "shots/001.json",
        ),
        (
            "bible/style.toml",
            style + "colr = \"x\"\n",
            "bible/style.toml",
        ),
    ];
    for (path, slip, named) in slips {
        let kept = world.read(path);
        assert_ne!(kept, slip);
        world.write(path, slip);
        for what in [
            "",
            "frames",
            "prompts",
            "frames/",
            "scene 1",
            "frames scene 1",
            "1-2",
        ] {
            let words = what.split(' ').filter(|word| !word.is_empty());
            let line: Vec<&str> = ["stale", "--check"].into_iter().chain(words).collect();
            let run = world.run(&line);
            // A shot that nobody can know of is told to be so.
            let asks_for_shots = what.contains("1-2") || what == "frames scene 1";
            assert!(
                run.code == Some(3) || asks_for_shots && run.code == Some(1),
                "{what}: {run}"
            );
            let told = run.stdout + &run.stderr;
            assert!(
                told.contains(named) && !told.contains("up to date:"),
                "{what}: {told}"
            );
        }
        // What stands before it is as it was.
        if path.starts_with("shots/") {
            let told = world.ok(&["stale", "--check", "scenes"]);
            assert!(told.contains("up to date"), "{told}");
        }
        world.write(path, kept);
    }
    assert_eq!(world.run(&["stale", "--check", "frames"]).code, Some(0));
}

#[test]
fn a_path_in_a_commit_that_is_not_there_is_told_as_one() {
    let world = film(SCRIPT, &["scenes"]);
    for line in [
        "show nowhere:script.fountain",
        "ls nowhere:script.fountain",
        "diff nowhere:x",
        "log nowhere:x",
    ] {
        let told = refused(&world, line);
        assert!(
            told.contains("no timeline, tag or commit is called"),
            "{line}: {told}"
        );
    }
}

#[test]
fn an_operation_whose_file_was_changed_later_says_what_goes_back_to_before() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.ok(&["config", "film.fps", "25"]);
    world.ok(&["config", "film.width", "320"]);
    let log = world.json(&["op", "log"]);
    let first = log[1]["id"].as_str().unwrap().to_owned();
    for commit in [false, true] {
        if commit {
            world.ok(&["commit", "-q", "-m", "Settings"]);
        }
        let told = refused(&world, &format!("undo {first}"));
        assert!(
            told.contains("files were changed since operation") && told.contains(": aiut.toml"),
            "{told}"
        );
        assert!(told.contains("aiut op restore"), "{told}");
    }
}

#[test]
fn a_slip_in_a_whole_stage_is_no_new_stage() {
    let world = super::command::posters(super::command::ECHO, "");
    for (more, said) in [
        ("price = { per = \"items\", usd = 1 }", "no `items`"),
        ("price = { per = \"item\", uds = 1 }", "unknown key"),
        ("each = \"scen\"", "there is no"),
    ] {
        super::command::configure(&world, more);
        let told = refused(&world, "stale");
        assert!(
            told.contains("stage.posters") && told.contains(said),
            "{told}"
        );
        for words in ["f64", "variant", "given whole"] {
            assert!(!told.contains(words), "{told}");
        }
    }
}

#[test]
fn files_that_aiut_keeps_itself_come_back_with_what_is_hinted() {
    let world = film(SCRIPT, &["scenes"]);
    world.write("numbers.toml", "[[[\n");
    let told = refused(&world, "scenes");
    assert!(told.contains("numbers.toml: line 1:"), "{told}");
    assert!(told.contains("aiut restore numbers.toml"), "{told}");
    world.ok(&["restore", "numbers.toml"]);
    world.ok(&["scenes"]);
    let told = refused(&world, "config film.fps 23.9");
    assert!(
        told.contains("59.94 or a whole number from 1 to 240, found 23.9"),
        "{told}"
    );
}

#[test]
fn who_is_renamed_in_the_script_leaves_one_file_and_gets_one() {
    let script = "INT. HALL - DAY\n\nRUTH VALE, 41, waits.\n\nRUTH\nHello.\n\nPAVEL\nHello.\n";
    let world = film(script, &["prompts"]);
    assert!(
        world
            .read("bible/characters/ruth.toml")
            .contains("\"Ruth Vale\"")
    );
    world.write("script.fountain", script.replace("RUTH", "NELL"));
    world.ok(&["generate", "-q", "prompts", "--yes"]);
    let people = std::fs::read_dir(world.path("bible/characters")).unwrap();
    let mut people: Vec<_> = people
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    people.sort();
    assert_eq!(people, ["nell.toml", "pavel.toml", "ruth.toml"]);
}

#[test]
fn people_places_and_scenes_are_named_as_the_script_writes_them() {
    let script = "INT. ENGINE ROOM - DAY\n\nCAPTAIN ODELL, 67, waits.\n\nCAPTAIN ODELL\nHello.\n";
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("script.fountain", script);
    for (words, path) in [
        (
            &["CAPTAIN ODELL"][..],
            "bible/characters/captain_odell.toml",
        ),
        (&["Captain_Odell"], "bible/characters/captain_odell.toml"),
        (&["engine room"], "bible/locations/engine_room.toml"),
        (&["looks", "scene 1"], "looks/001.json"),
        (&["looks", "Scene  1"], "looks/001.json"),
    ] {
        let plan = world.json(&[&["plan"], words].concat());
        let items = plan["items"].as_array().unwrap();
        let paths: Vec<_> = items.iter().map(|item| item["path"].as_str()).collect();
        assert!(paths.contains(&Some(path)), "{words:?}: {paths:?}");
    }
}

#[test]
fn names_that_are_nearly_right_are_answered_with_the_right_one() {
    let world = film(SCRIPT, &["frames"]);
    world.ok(&["switch", "-q", "-c", "alternate-ending"]);
    for command in [
        "switch my-ending",
        "show my-ending",
        "log my-ending",
        "diff my-ending",
        "branch -d my-ending",
        "restore --from my-ending script.fountain",
    ] {
        let told = refused(&world, command);
        assert!(
            told.contains("did you mean alternate-ending?"),
            "{command}: {told}"
        );
    }
    for (command, said) in [
        ("switch quiet", "`aiut branch` lists the timelines"),
        (
            "show fraems/001_001.png",
            "did you mean frames/001_001.png?",
        ),
        ("du fraems", "did you mean frames?"),
        ("du x", "`aiut ls` lists the files"),
        ("tag alternate-ending", "there is a timeline of this name"),
        ("tag main", "a tag cannot be called main"),
        ("log ../elsewhere", "lies outside the project"),
    ] {
        let told = refused(&world, command);
        assert!(told.contains(said), "{command}: {told}");
    }
    let run = world.run(&["switch", "-c", "another ending"]);
    assert!(run.stderr.contains("call it another-ending"), "{run}");
    for command in [["branch", ""], ["tag", ""]] {
        let run = world.run(&command);
        assert!(run.stderr.contains("a tag: it is empty"), "{run}");
    }
    world.ok(&["tag", "-q", "v1"]);
    assert!(refused(&world, "branch v1").contains("there is a tag of this name"));
}

#[test]
fn what_git_takes_together_is_told_to_be_typed_apart() {
    let world = film(SCRIPT, &["characters"]);
    for (command, said) in [
        ("log -5p", "`aiut log -5 -p`"),
        ("log -p5", "`aiut log -5 -p`"),
        (
            "commit --allow-empty -m x",
            "`aiut tag NAME` marks a moment",
        ),
        ("revert -m 1 HEAD", "aiut revert --mainline 1 HEAD"),
        ("config film.fps=25", "aiut config film.fps 25"),
        ("restore", "`aiut restore .` brings back every file"),
        ("import a.txt b.txt", "one at a time: aiut import b.txt"),
        ("lock 1-1", "`aiut shots --locked` lists the locked shots"),
        ("budget", "`aiut config budget.day 20`"),
    ] {
        let arguments: Vec<&str> = command.split(' ').collect();
        let run = world.run(&arguments);
        assert_eq!(run.code, Some(2), "{command}: {run}");
        assert!(run.stderr.contains(said), "{command}: {run}");
    }
    world.ok(&["log", "-1", "-p"]);
}
