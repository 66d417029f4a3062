//! Two files outside a project, and what git calls: tried with the real git.

use std::path::Path;
use std::process::{Command, Stdio};

use super::world::World;

const SCRIPT: &str = "INT. CABIN - NIGHT\n\nMila sits by the window. The rain stops.\n\nMILA\nWe are late.\n\n\
                      EXT. DECK - NIGHT\n\nWind. Jonas leans on the rail.\n\nJONAS\nCold.\n\n\
                      INT. ENGINE ROOM - NIGHT\n\nThe engine stops.\n";

/// Runs git in the world's folder, with aiut on its path; its exit code and all that it wrote.
fn git(world: &World, arguments: &[&str]) -> (Option<i32>, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_aiut")).parent().unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(program.to_owned()).chain(std::env::split_paths(&path));
    let output = Command::new("git")
        .args(["-c", "user.name=Rae", "-c", "user.email=rae@example.org"])
        .args(["-c", "init.defaultBranch=main", "-c", "core.pager=cat"])
        .args(arguments)
        .current_dir(world.path(""))
        .env_clear()
        .env("PATH", std::env::join_paths(paths).unwrap())
        .env("HOME", world.home())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .stdin(Stdio::null())
        .output()
        .expect("git is installed");
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    (output.status.code(), text.into_owned())
}

fn done(world: &World, arguments: &[&str]) -> String {
    let (code, text) = git(world, arguments);
    assert_eq!(code, Some(0), "git {arguments:?}:\n{text}");
    text
}

/// A git repository set up as `aiut help textconv` says, with a script and a shot list in it.
fn repository() -> World {
    let world = World::new();
    done(&world, &["init", "-q"]);
    let help = world.ok(&["help", "textconv"]);
    let lines = help.lines().map(str::trim);
    let mut settings = 0;
    for line in lines.filter(|line| line.starts_with("git config")) {
        let (key, value) = line["git config ".len()..].split_once(' ').unwrap();
        done(&world, &["config", key, value.trim_matches('\'')]);
        settings += 1;
    }
    assert_eq!(settings, 3, "{help}");
    assert!(help.contains("echo '*.fountain diff=aiut merge=aiut' >> .gitattributes"));
    world.write(
        ".gitattributes",
        "*.fountain diff=aiut merge=aiut\n*.json diff=aiut merge=aiut\n",
    );
    world.write("script.fountain", SCRIPT);
    world.write("a.json", "{\"x\": 1, \"y\": 1}\n");
    done(&world, &["add", "."]);
    done(&world, &["commit", "-q", "-m", "First"]);
    world
}

/// Two branches that change the files each in its way, on `main` at the end.
fn branches(here: impl Fn(&World), there: impl Fn(&World)) -> World {
    let world = repository();
    done(&world, &["switch", "-q", "-c", "noir"]);
    there(&world);
    done(&world, &["commit", "-q", "-a", "-m", "Noir"]);
    done(&world, &["switch", "-q", "main"]);
    here(&world);
    done(&world, &["commit", "-q", "-a", "-m", "Main"]);
    world
}

#[test]
fn git_shows_a_screenplay_by_scene_and_speaker() {
    let world = repository();
    world.write(
        "script.fountain",
        SCRIPT.replace("JONAS\nCold", "MILA\nCold"),
    );
    world.write("a.json", "{\n  \"y\": 2,\n  \"x\": 1\n}\n");
    let shown = done(&world, &["diff", "-U0"]);
    for line in [
        "-/y = 1\n+/y = 2\n",
        "-JONAS: Cold.\n+MILA: Cold.\n",
        " @@ EXT. DECK - NIGHT\n",
    ] {
        assert!(shown.contains(line), "{line:?} in {shown}");
    }
    assert!(!shown.contains("/x = 1\n+"), "{shown}");
}

#[test]
fn git_joins_a_scene_that_one_moved_and_the_other_edited() {
    let moved = |world: &World| {
        let (deck, engine) = (
            SCRIPT.find("EXT. DECK").unwrap(),
            SCRIPT.find("INT. ENGINE").unwrap(),
        );
        let text = [
            &SCRIPT[..deck],
            &SCRIPT[engine..],
            "\n",
            SCRIPT[deck..engine].trim_end(),
            "\n",
        ];
        world.write("script.fountain", text.concat());
        world.write("a.json", "{\"x\": 2, \"y\": 1}\n");
    };
    let edited = |world: &World| {
        world.write("script.fountain", SCRIPT.replace("Cold.", "Freezing."));
        world.write("a.json", "{\"x\": 1, \"y\": 3}\n");
    };
    let world = branches(moved, edited);
    // By lines it is a conflict: the scene is gone where it was edited.
    world.write(".git/info/attributes", "* merge=text\n");
    let (code, text) = git(&world, &["merge", "noir"]);
    assert_eq!(code, Some(1), "{text}");
    done(&world, &["merge", "--abort"]);
    world.write(".git/info/attributes", "");
    done(&world, &["merge", "-q", "--no-edit", "noir"]);
    let text = world.read("script.fountain");
    assert!(text.find("ENGINE") < text.find("DECK"), "{text}");
    assert!(
        text.contains("Freezing.") && !text.contains("Cold."),
        "{text}"
    );
    assert_eq!(world.read("a.json"), "{\"x\": 2, \"y\": 3}\n");
}

#[test]
fn what_collides_stays_with_git_and_in_the_file() {
    let side = |world: &World, word: &str, number: u8| {
        world.write("script.fountain", SCRIPT.replace("late", word));
        world.write("a.json", format!("{{\"x\": {number}, \"y\": 1}}\n"));
    };
    let world = branches(
        |world| side(world, "early", 2),
        |world| side(world, "lost", 3),
    );
    let (code, said) = git(&world, &["merge", "noir"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("1 place collides in script.fountain"),
        "{said}"
    );
    let status = done(&world, &["status", "--short"]);
    assert_eq!(status, "UU a.json\nUU script.fountain\n");
    let text = world.read("script.fountain");
    for words in ["[[conflict 1: ours]]", "We are early.", "We are lost."] {
        assert!(text.contains(words), "{words} in {text}");
    }
    let json = world.read("a.json");
    assert!(json.starts_with("<<<<<<< ours\n{\"x\": 2,"), "{json}");
}

#[test]
fn files_that_lie_in_no_project_are_compared() {
    let world = World::new();
    world.write("a/draft.fountain", SCRIPT);
    world.write(
        "b/second.fountain",
        SCRIPT
            .replace("MILA\nWe", "JONAS\nWe")
            .replace("Wind. ", "[[loud?]] Wind. "),
    );
    let files = ["a/draft.fountain", "b/second.fountain"];
    let diff = |options: &[&str], files: [&str; 2]| {
        world.run(&[&["diff", "--no-project"], options, &files[..]].concat())
    };
    insta::assert_snapshot!(diff(&["--story"], files), @"
    second.fountain
      ~ INT. CABIN - NIGHT  (1 change, JONAS speaks now, MILA no longer speaks)
          line 5, given to another speaker
          [-MILA-]{+JONAS+}
          We are late.
      ~ EXT. DECK - NIGHT  (1 note)
          notes:
          line 10, changed
          {+[[loud?]]+} Wind. Jonas leans on the rail.
      In all: 2 scenes changed; 3/8 pages, about 0:23
    ");
    let lines = diff(&[], files);
    assert!(lines.stdout.contains("-MILA\n+JONAS\n"), "{lines}");
    assert_eq!(
        diff(&["--exit-code", "--name-only"], files).stdout,
        "second.fountain\n"
    );
    assert_eq!(diff(&["-q"], files).code, Some(3));
    let same = diff(&["--exit-code"], [files[0], files[0]]);
    assert_eq!((same.code, same.stdout.as_str()), (Some(0), ""));
    let json = diff(&["--story", "--json"], files).stdout;
    assert!(json.contains("\"speakers_gained\": [\n"), "{json}");
    world.write("p.png", [0x89, b'P', 0]);
    world.write("q.png", [0x89, b'Q', 0, 1]);
    let bytes = diff(&[], ["p.png", "q.png"]);
    assert!(bytes.stdout.contains("3 B -> 4 B"), "{bytes}");
    for (wrong, said) in [
        (["a", "p.png"], "is no file"),
        (["p.png", "nothing"], "cannot read"),
    ] {
        let run = diff(&[], wrong);
        assert_eq!(run.code, Some(1), "{run}");
        assert!(run.stderr.contains(said), "{run}");
    }
    let one = world.run(&["diff", "--no-project", "p.png"]);
    assert_eq!(one.code, Some(2), "{one}");
    assert!(one.stderr.contains("two files, not 1"), "{one}");
}

#[test]
fn two_files_of_two_commits_and_two_takes_are_compared() {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    world.write("draft.fountain", SCRIPT);
    world.ok(&["commit", "-q", "-m", "First"]);
    world.write("script.fountain", SCRIPT.replace("late", "early"));
    world.ok(&["commit", "-q", "-m", "Second"]);
    let two = ["diff", "HEAD~1:draft.fountain", "HEAD:script.fountain"];
    let shown = world.ok(&[&two[..], &["--story"]].concat());
    assert!(shown.contains("We are [-late.-]{+early.+}"), "{shown}");
    let missing = world.run(&["diff", "HEAD~1:script.fountain", "HEAD:draft.fountain"]);
    assert_eq!(missing.code, Some(1), "{missing}");
    let third = world.run(&[&two[..], &["draft.fountain"]].concat());
    assert_eq!(third.code, Some(2), "{third}");

    let world = super::film::film(
        "INT. KITCHEN - NIGHT\n\nRAE, 30, fills a kettle.\n",
        &["frames"],
    );
    world.ok(&["generate", "-q", "frames/001_001.png", "--new-take"]);
    let takes = ["diff", "--takes", "1", "2"];
    let shown = world.ok(&[&takes[..], &["frames/001_001.png"]].concat());
    assert!(
        shown.contains("looks") && shown.contains("% apart"),
        "{shown}"
    );
    let same = world.run(&["diff", "--takes", "1", "1", "frames", "1-1", "--exit-code"]);
    assert_eq!((same.code, same.stdout.as_str()), (Some(0), ""), "{same}");
    let none = world.run(&["diff", "--takes", "1", "9", "frames", "1-1"]);
    assert_eq!(none.code, Some(1), "{none}");
    assert_eq!(world.run(&takes).code, Some(2));
}
