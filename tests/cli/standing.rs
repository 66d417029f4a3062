//! What `status` says beside the files: what is out of date, as far as that is remembered, and
//! whether `aiut.toml` can be read; and how it tells of many files.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::film::{SCRIPT, film};
use super::world::{World, write};

/// A film up to its prompts: no program is needed.
fn drafted() -> World {
    film(SCRIPT, &["prompts"])
}

fn film_line(world: &World) -> Option<String> {
    let said = world.ok(&["status"]);
    let mut lines = said.lines();
    lines
        .find(|line| line.starts_with("Film: "))
        .map(str::to_owned)
}

#[test]
fn status_says_what_is_out_of_date_as_far_as_it_was_found_out() {
    let empty = World::new();
    empty.ok(&["init", "-q"]);
    assert_eq!(film_line(&empty), None, "nobody asked");
    assert_eq!(empty.json(&["status"])["film"], Value::Null);

    let world = drafted();
    let found = world.json(&["stale"])["states"].clone();
    let open = found["missing"].as_u64().unwrap();
    assert_eq!(world.json(&["status"])["film"]["states"], found);
    let line = film_line(&world).unwrap();
    assert_eq!(
        line,
        format!("Film: {open} outputs are out of date: {open} missing; aiut stale tells more")
    );

    world.write("script.fountain", SCRIPT.replace("late again", "early"));
    let line = film_line(&world).unwrap();
    assert!(line.contains("not known since the last change"), "{line}");
    assert_eq!(world.json(&["status"])["film"]["states"], Value::Null);
    let found = world.json(&["stale"])["states"].clone();
    assert!(found["stale"].as_u64() > Some(0), "{found}");
    assert_eq!(world.json(&["status"])["film"]["states"], found);
    assert!(film_line(&world).unwrap().contains(" stale, "));

    // Another value in the settings, and a commit: both are changes.
    let settings = world.read("aiut.toml");
    world.write("aiut.toml", format!("{settings}fps = 25\n"));
    assert!(film_line(&world).unwrap().contains("not known"));
    world.write("aiut.toml", settings);
    assert_eq!(
        world.json(&["status"])["film"]["states"],
        found,
        "as it was"
    );
    world.ok(&["commit", "-q", "-m", "Early"]);
    assert!(film_line(&world).unwrap().contains("not known"));
    // Of a part of the files it would say too much.
    assert!(!world.ok(&["status", "bible"]).contains("Film: "));
}

#[test]
fn when_nothing_is_out_of_date_it_says_so_without_looking_again() {
    let world = film("INT. ROOM - DAY\n\nNobody.\n", &[]);
    world.ok(&["stale"]);
    let line = film_line(&world).unwrap();
    assert!(
        line.starts_with("Film: up to date, ") && line.ends_with(" fresh"),
        "{line}"
    );
}

#[test]
fn what_was_broken_for_a_damaged_record_is_not_told_once_that_is_mended() {
    let world = drafted();
    world.write("script.fountain", SCRIPT.replace("late again", "early"));
    let pack = world.path(".aiut/packs/00000001.pack");
    let sound = std::fs::read(&pack).unwrap();
    let mut bytes = sound.clone();
    let run = b"cost_micro_usd";
    for at in 0..bytes.len() - run.len() {
        if sound[at..].starts_with(run) {
            bytes[at] ^= 1;
        }
    }
    write(&pack, &bytes);
    let found = world.json(&["stale"])["states"].clone();
    assert!(found["broken"].as_u64() > Some(0), "{found}");
    write(&pack, &sound);
    let told = world.json(&["status"])["film"]["states"].clone();
    assert_eq!(told, Value::Null, "no file changed, but the store did");
    let found = world.json(&["stale"])["states"].clone();
    assert_eq!(found["broken"], Value::Null);
    assert_eq!(world.json(&["status"])["film"]["states"], found);
}

/// The program as another build of it: the same but for its digest.
fn other_build(world: &World) -> PathBuf {
    let build = world.run(&["doctor", "--json"]).stdout;
    let build: Value = serde_json::from_str(&build).unwrap();
    let build = build["build"].as_str().unwrap().as_bytes().to_vec();
    let mut program = std::fs::read(env!("CARGO_BIN_EXE_aiut")).unwrap();
    let mut at = 0;
    let mut found = 0;
    while let Some(next) = program[at..]
        .windows(build.len())
        .position(|bytes| bytes == build)
    {
        at += next;
        program[at] = if program[at] == b'0' { b'1' } else { b'0' };
        found += 1;
    }
    assert!(found > 0, "the program does not know its build");
    let path = world.path("../aiut-other");
    write(&path, &program);
    path
}

#[test]
#[cfg(unix)]
fn another_build_remembers_nothing_of_this_one() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = drafted();
    world.ok(&["stale"]);
    assert_ne!(world.json(&["status"])["film"], Value::Null);
    let program = other_build(&world);
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&program, mode).unwrap();
    let upgraded = |words: &[&str]| {
        let command = world.command(&world.path(""), words);
        let mut other = std::process::Command::new(&program);
        other.args(words).current_dir(world.path("")).env_clear();
        other.envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
        world.finish(other)
    };
    let film = |said: &str| serde_json::from_str::<Value>(said).unwrap()["film"].clone();
    assert_eq!(film(&upgraded(&["status", "--json"]).stdout), Value::Null);
    upgraded(&["stale"]);
    assert_ne!(
        film(&upgraded(&["status", "--json"]).stdout)["states"],
        Value::Null
    );
    assert_ne!(
        world.json(&["status"])["film"]["states"],
        Value::Null,
        "each has its own"
    );
}

#[test]
fn status_says_where_the_settings_cannot_be_read() {
    let world = drafted();
    world.ok(&["stale"]);
    let cases = [
        (
            "[film]\nfps = = 2\n",
            2,
            "aiut.toml cannot be read, line 2, column 7: ",
        ),
        (
            "[film]\nwidht = 160\n",
            2,
            "aiut.toml cannot be read, line 2, column 1: film.widht",
        ),
        (
            "[film]\n\n[stage.frames]\nby = \"paint\"\n",
            4,
            "there is no generator \"paint\"",
        ),
        ("[stage.frames]\neach = \"page\"\n", 1, "stage.frames"),
    ];
    for (settings, line, said) in cases {
        world.write("aiut.toml", settings);
        let status = world.run(&["status"]);
        assert_eq!(status.code, Some(0), "{status}");
        assert!(status.stdout.contains(said), "{settings}\n{status}");
        assert!(!status.stdout.contains("Film: "), "{status}");
        let answer = world.json(&["status"]);
        assert_eq!(answer["settings"]["line"], json!(line), "{answer}");
        assert!(answer["settings"]["column"].is_u64() && answer["settings"]["message"].is_string());
    }
    world.write("aiut.toml", "");
    assert_eq!(world.json(&["status"])["settings"], Value::Null);
}

#[test]
fn many_files_are_told_by_their_folders() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.ok(&["commit", "-q", "-m", "Settings"]);
    for number in 0..3000 {
        world.write(&format!("rushes/day{}/{number:04}.txt", number % 3), b"x");
    }
    world.write("notes.md", "");
    let said = world.ok(&["status"]);
    assert!(said.lines().count() < 12, "{said}");
    assert!(
        said.contains("  new       rushes/day1/ (1000 files)\n"),
        "{said}"
    );
    assert!(said.contains("  new       notes.md\n"), "{said}");
    assert!(said.contains("3001 files: 3001 new"), "{said}");
    assert_eq!(
        world.ok(&["status", "--all"]).matches("  new ").count(),
        3001
    );
    assert_eq!(
        world.json(&["status"])["changes"]["added"]
            .as_array()
            .unwrap()
            .len(),
        3001
    );
    for number in 0..100 {
        world.write(&format!("{number}.md"), b"x");
    }
    let said = world.ok(&["status"]);
    assert!(said.contains("more lines (--all lists them all)"), "{said}");
    assert!(said.lines().count() < 50, "{said}");
}
