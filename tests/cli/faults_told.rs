//! Faults that were told wrongly, or not at all: each with what is said of it now.

use super::film::SCRIPT;
use super::world::World;

/// A project with one commit, and the format file of another one.
fn of_another_project() -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("notes.txt", "one\n");
    world.ok(&["commit", "-q", "-m", "One"]);
    let format = world.read(".aiut/format");
    let id = format.lines().nth(1).unwrap();
    let other = "project ffeeddccbbaa99887766554433221100";
    world.write(".aiut/format", format.replace(id, other));
    world
}

#[test]
fn packs_of_another_project_are_not_sound() {
    for gone in [&[][..], &["heads"], &["heads", "index"]] {
        let world = of_another_project();
        for name in gone {
            let path = world.path(".aiut").join(name);
            let _ = std::fs::remove_file(&path);
            let _ = std::fs::remove_dir_all(&path);
        }
        let fsck = world.run(&["fsck"]);
        assert_eq!(fsck.code, Some(3), "{gone:?}: {fsck}");
        let said = &fsck.stdout;
        assert!(
            said.contains("all operations that are stored are of others"),
            "{fsck}"
        );
        assert!(said.contains("as its second line"), "{fsck}");
        // Nothing is promised that cannot be done.
        assert!(!said.contains("the next command makes it"), "{fsck}");
        assert!(
            !said.contains("is rebuilt") && !said.contains("new index"),
            "{fsck}"
        );
        let repair = world.run(&["fsck", "--repair"]);
        assert_eq!(repair.code, Some(1), "{repair}");
    }
}

#[test]
fn what_a_lost_pack_held_is_told_with_what_to_type() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("notes.txt", "one\n");
    world.ok(&["commit", "-q", "-m", "One"]);
    // A torn end that nobody vouches for closes the pack, so the next commit begins another.
    let pack = world.path(".aiut/packs/00000001.pack");
    let mut bytes = std::fs::read(&pack).unwrap();
    bytes.extend(b"what was to be more of it");
    super::world::write(&pack, &bytes);
    std::fs::remove_file(world.path(".aiut/heads")).unwrap();
    std::fs::remove_dir_all(world.path(".aiut/index")).unwrap();
    let fsck = world.ok(&["fsck"]);
    assert!(
        fsck.contains("nothing needs them") && !fsck.contains("cuts"),
        "{fsck}"
    );
    world.write("notes.txt", "two\n");
    world.ok(&["commit", "-q", "-m", "Two"]);
    assert!(world.path(".aiut/packs/00000002.pack").is_file());
    std::fs::remove_file(&pack).unwrap();
    for index in ["there", "gone"] {
        for command in [&["log"][..], &["diff", "HEAD~1", "HEAD"], &["op", "log"]] {
            let run = world.run(command);
            assert_eq!(run.code, Some(1), "index {index}, {command:?}: {run}");
            assert!(
                run.stderr.contains("aiut fsck"),
                "index {index}, {command:?}: {run}"
            );
        }
        let _ = std::fs::remove_dir_all(world.path(".aiut/index"));
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_become_so_long_is_told() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    let noise =
        (0..9_u32 << 15).flat_map(|n| blake3::hash(&n.to_le_bytes()).as_bytes()[..4].to_vec());
    world.write("large.bin", noise.collect::<Vec<u8>>());
    let prepared = world.command(&world.path(""), &["commit", "-m", "Large"]);
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "ulimit -f 100; exec \"$0\" \"$@\""]);
    command
        .arg(prepared.get_program())
        .args(prepared.get_args());
    command.current_dir(world.path("")).env_clear();
    for (name, value) in prepared.get_envs() {
        command.env(name, value.unwrap());
    }
    let run = world.finish(command);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.contains("ulimit -f"), "{run}");
    world.ok(&["commit", "-q", "-m", "Large"]);
    world.ok(&["fsck", "--data"]);
}

#[test]
fn a_project_is_not_imported_into_itself() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("../ferry.fountain", SCRIPT);
    world.write("inner/notes.txt", "x\n");
    for folder in ["..", "../.", "inner/../.."] {
        let run = world.run(&["import", folder]);
        assert_eq!(run.code, Some(1), "{run}");
        assert!(run.stderr.contains("the project lies in it"), "{run}");
    }
    assert!(!world.path("script.fountain").exists());
    world.write("inner/ferry.fountain", SCRIPT);
    world.ok(&["import", "inner"]);
    assert_eq!(world.read("script.fountain"), SCRIPT);
}

/// `aiut.toml` with two titles, and notes in JSON with two texts.
fn in_conflict() -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    let write = |title: &str| {
        world.write("aiut.toml", format!("[film]\ntitle = \"{title}\"\n"));
        world.write("notes.json", format!("{{\n  \"note\": \"{title}\"\n}}\n"));
        world.ok(&["commit", "-q", "-m", title]);
    };
    write("First");
    world.ok(&["switch", "-q", "-c", "other"]);
    write("Second");
    world.ok(&["switch", "-q", "main"]);
    write("Third");
    world.run(&["cherry-pick", "other"]);
    world
}

#[test]
fn settings_in_conflict_are_told_as_such() {
    let world = in_conflict();
    let status = world.run(&["status"]).stdout;
    assert!(status.contains("it is in conflict"), "{status}");
    assert!(status.contains("aiut resolve aiut.toml"), "{status}");
    assert!(!status.contains("not known"), "{status}");
    let json = world.run(&["status", "--json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["settings"]["message"], "it is in conflict");
    assert_eq!(json["film"], serde_json::Value::Null);
}

#[test]
fn a_conflict_is_not_settled_by_what_nothing_can_read() {
    let world = in_conflict();
    world.write("notes.json", "{\n  \"note\": \"Second\n}\n");
    let run = world.run(&["resolve", "notes.json", "--edited"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(
        run.stderr.contains("notes.json cannot be read: line"),
        "{run}"
    );
    world.write("aiut.toml", "[film\n");
    let run = world.run(&["resolve", "aiut.toml", "--edited"]);
    assert!(
        run.stderr.contains("aiut.toml cannot be read: line"),
        "{run}"
    );
    world.write("notes.json", "{\n  \"note\": \"Both\"\n}\n");
    world.ok(&["resolve", "notes.json", "--edited"]);
}

#[test]
fn what_is_lost_stands_in_the_json_of_status() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("notes.txt", "one\n");
    world.ok(&["commit", "-q", "-m", "One"]);
    let aside = world.path("../aside.pack");
    let pack = world.path(".aiut/packs/00000001.pack");
    std::fs::rename(&pack, &aside).unwrap();
    let run = world.run(&["status", "--json"]);
    let answer: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let lost = answer["lost"].as_str().unwrap_or_default();
    assert!(lost.contains("00000001.pack is gone"), "{run}");
    std::fs::rename(&aside, &pack).unwrap();
    assert!(world.json(&["status"]).get("lost").is_none());
}

#[test]
fn names_of_the_bible_that_name_nobody_or_two_are_told() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("script.fountain", SCRIPT);
    let said = |files: &[(&str, &str)]| {
        let _ = std::fs::remove_dir_all(world.path("bible/characters"));
        for (name, text) in files {
            world.write(&format!("bible/characters/{name}.toml"), text);
        }
        world.ok(&["stale"])
    };
    let empty = "names nobody";
    let both = "nobody can say who is meant";
    for (one, other, told) in [
        ("name = ''", "", Some(empty)),
        ("aliases = ['Mum', ' ']", "", Some(empty)),
        ("name = 'Rae'", "name = 'RAE'", Some(both)),
        (
            "aliases = ['Mum']",
            "aliases = ['the mum', 'Mum']",
            Some(both),
        ),
        ("aliases = ['Ida']", "name = 'Nora Webb'", Some(both)),
        (
            "name = 'Rae'\naliases = ['Rae', 'Mum']",
            "name = 'Nora'",
            None,
        ),
    ] {
        let said = said(&[("ruth", one), ("ida", other)]);
        for text in [empty, both] {
            assert_eq!(
                said.contains(text),
                told == Some(text),
                "{one} {other}: {said}"
            );
        }
    }
}

#[test]
fn a_wrong_value_is_told_in_the_words_of_settings() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    for (key, value, told) in [
        (
            "stage.frames.price",
            "5",
            "expected { per = \"image\", usd = 0.05 }",
        ),
        ("stage.frames.with", "3", "expected a table of parameters"),
        (
            "stage.frames.reads",
            "3",
            "expected a list of what it reads",
        ),
        (
            "stage.frames.each",
            "3",
            "expected scene, shot, character or location",
        ),
        ("stage.frames.keep", "3", "expected true or false"),
    ] {
        let run = world.run(&["config", key, value]);
        assert_eq!(run.code, Some(1), "{run}");
        assert!(run.stderr.contains(told), "{key}: {run}");
        for raw in ["struct", "sequence", "a map", "variant"] {
            assert!(!run.stderr.contains(raw), "{key}: {run}");
        }
    }
}
