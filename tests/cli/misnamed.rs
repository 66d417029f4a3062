//! Slips that change nothing, and of which nobody would be told: names that nothing reads, bytes that
//! are not what a name says, and paths in `reads` that are nowhere.

use super::command::posters;
use super::film::{SCRIPT, film, stale};
use super::world::World;

/// What `stale` notes of files, a line each.
fn notes(world: &World) -> Vec<String> {
    let told = world.ok(&["stale"]);
    let notes = told.lines().filter_map(|line| line.strip_prefix("note: "));
    notes.map(str::to_owned).collect()
}

#[test]
fn a_file_that_nothing_reads_for_its_name_is_told_with_the_name_that_is_read() {
    let world = film(SCRIPT, &["frames"]);
    assert_eq!(notes(&world), [""; 0]);
    let rename = |from: &str, to: &str| {
        std::fs::create_dir_all(world.path(to).parent().unwrap()).unwrap();
        std::fs::rename(world.path(from), world.path(to)).unwrap();
    };
    let ruth = "bible/characters/ruth.toml";
    let kitchen = "bible/locations/kitchen.toml";
    let list = "shots/001.json";
    for (from, to, said) in [
        (ruth, "bible/characters/Ruth.toml", ruth),
        (
            ruth,
            "bible/characters/ruth.TOML",
            "files in bible/characters/ end in .toml",
        ),
        (
            ruth,
            "bible/characters/ruth.yaml",
            "files in bible/characters/ end in .toml",
        ),
        (
            ruth,
            "bible/characters/main/ruth.toml",
            "in bible/characters/ itself",
        ),
        (ruth, "bible/ruth.toml", ruth),
        (
            kitchen,
            "bible/locations/TheKitchen.toml",
            "the film has no place TheKitchen",
        ),
        (kitchen, "bible/places/kitchen.toml", kitchen),
        (kitchen, "bible/locations/kitchn.toml", kitchen),
        (
            "bible/style.toml",
            "bible/Style.toml",
            "call it bible/style.toml",
        ),
        (list, "shots/1.json", list),
        (list, "shots/scene-1.json", list),
        (list, "shots/scene 001.json", list),
        (list, "shot/001.json", "did you mean shots/?"),
    ] {
        // A list that was only renamed is known by its content, and told as one without a scene.
        let is_list = from == list;
        match is_list {
            true => world.write(to, world.read(from) + " "),
            false => rename(from, to),
        }
        let told = notes(&world);
        assert!(
            told.len() == 1
                && told[0].starts_with(&format!("{to}: nothing reads "))
                && told[0].contains(said),
            "{to}: {told:?}"
        );
        let planned = world.run(&["plan"]);
        assert!(planned.stdout.contains(said), "{to}: {planned}");
        match is_list {
            true => std::fs::remove_file(world.path(to)).unwrap(),
            false => rename(to, from),
        }
    }
    // Without a script nobody can say.
    rename("script.fountain", "notes/script.txt");
    assert_eq!(notes(&world), [""; 0]);
    rename("notes/script.txt", "script.fountain");
    // A place whose scenes were cut has the name that it was given.
    world.write(
        "script.fountain",
        SCRIPT.replace("INT. KITCHEN", "INT. CELLAR"),
    );
    world.ok(&["generate", "locations"]);
    assert!(world.path(kitchen).is_file());
    assert_eq!(notes(&world), [""; 0]);
    // What lies beside the film is people's own.
    for own in [
        "notes/ruth.toml",
        "bible/characters/ruth.md",
        "bible/images/001.json.txt",
        "shots/notes.md",
        "imports/x.json",
        "props/1.json",
    ] {
        world.write(own, "");
    }
    assert_eq!(notes(&world), [""; 0]);
    let told = world.json(&["stale"])["remarks"].clone();
    assert_eq!(told, serde_json::json!([]));
}

#[test]
fn a_file_that_both_names_have_is_told_to_be_there() {
    let world = film(SCRIPT, &["characters"]);
    world.write("bible/characters/The Ruth.toml", "name = \"Ruth\"\n");
    let told = notes(&world);
    assert_eq!(
        told,
        [
            "bible/characters/The Ruth.toml: nothing reads it: the film has no character The Ruth; \
          bible/characters/ruth.toml is there, and is read"
        ]
    );
}

#[test]
fn what_a_name_claims_and_the_bytes_deny_is_a_problem() {
    let world = film(SCRIPT, &["frames"]);
    let frame = "frames/002_001.png";
    let made = std::fs::read(world.path(frame)).unwrap();
    for (text, said) in [
        (&b"The picture of the station.\n"[..], "it is a text"),
        (b"", "it is empty"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "it is what ends in .webp"),
    ] {
        world.write(frame, text);
        let told = world.run(&["stale", "--check", "frames"]);
        assert_eq!(told.code, Some(3), "{told}");
        let problem =
            format!("{frame}: its name ends in .png, but it is no PNG or JPEG picture: {said}");
        assert!(told.stdout.contains(&problem), "{told}");
        assert!(stale(&world).contains(&frame.to_owned()));
        let why = world.ok(&["why", frame]);
        assert!(why.contains(said), "{why}");
        let status = world.ok(&["status"]);
        assert!(status.contains("out of date"), "{status}");
        let run = world.run(&["generate", "frames"]);
        assert!(run.code == Some(1) && run.stderr.contains(said), "{run}");
    }
    world.write(frame, &made);
    world.ok(&["generate", "frames"]);
    assert!(!stale(&world).iter().any(|path| path.starts_with("frames/")));
}

#[test]
fn a_reference_that_is_no_picture_is_told() {
    let world = film(SCRIPT, &["characters"]);
    for path in ["bible/characters/ruth.png", "imports/ruth.png"] {
        world.write(path, "not a picture");
        let said = "its name ends in .png, but it is no PNG or JPEG picture: it is a text";
        assert_eq!(notes(&world), [format!("{path}: {said}")]);
        world.write(path, b"\x89PNG\r\n\x1a\n");
        assert_eq!(notes(&world), [""; 0]);
    }
}

#[test]
fn a_command_that_writes_another_kind_of_file_is_refused() {
    let world = posters(
        "echo 'no picture' > output.png\n",
        "writes = \"posters/{scene}.png\"",
    );
    let run = super::command::failure(&world);
    let said = "wrote output.png, and its name ends in .png, but it is no PNG or JPEG picture: it is a text";
    assert!(run.stderr.contains(said), "{run}");
    assert!(!world.path("posters").exists());
}

#[test]
fn what_a_command_reads_that_is_nowhere_is_told_with_what_may_be_meant() {
    for (read, meant) in [
        ("scenes/{scene}.jsn", "scenes/{scene}.json"),
        (
            "scene/{scene}.json#/slugline",
            "scenes/{scene}.json#/slugline",
        ),
        (
            "bible/charcters/*.toml",
            "bible/characters/{character}.toml",
        ),
        ("tools/postr.sh", "tools/poster.sh"),
        ("config:film.titel", "config:film.title"),
    ] {
        let world = posters("cat > output.json\n", &format!("reads = [\"{read}\"]"));
        assert_eq!(
            notes(&world),
            [format!(
                "aiut.toml: stage.posters reads {read}, and there is no such thing; did you mean {meant}?"
            )]
        );
    }
    for read in [
        "notes/{scene}.md",
        "scenes/{scene}.json#/slugline",
        "config:film.fps",
        "tools/*.sh",
    ] {
        let world = posters("cat > output.json\n", &format!("reads = [\"{read}\"]"));
        assert_eq!(notes(&world), [""; 0], "{read}");
    }
}

#[test]
fn what_a_broken_list_keeps_from_being_planned_is_no_source() {
    let world = film(SCRIPT, &["frames"]);
    let list = world.read("shots/001.json");
    let first = list.find("\"duration\": ").unwrap() + "\"duration\": ".len();
    let end = first + list[first..].find(',').unwrap();
    world.write(
        "shots/001.json",
        format!("{}100000{}", &list[..first], &list[end..]),
    );
    let told = world.run(&["stale", "--check"]);
    for part in [
        "shots/001.json: line ",
        "shot 001_001, duration: a shot lasts 30 minutes at most",
    ] {
        assert!(told.stdout.contains(part), "{part}: {told}");
    }
    let deps = world.json(&["deps", "frames/001_001.png"]);
    assert_eq!(deps["stage"], "frames", "{deps}");
    assert!(
        deps["reads"].to_string().contains("prompts/001_001.json"),
        "{deps}"
    );
    let deps = world.ok(&["deps", "frames/001_001.png"]);
    assert!(!deps.contains("source"), "{deps}");
    let why = world.ok(&["why", "clips"]);
    assert!(why.contains("Also out of date: shots/001.json"), "{why}");
    // A question about what is up to date, as far as it is known, is answered by what is broken.
    for what in ["prompts", "frames", "shots"] {
        let why = world.ok(&["why", what]);
        assert!(
            why.contains("duration: a shot lasts 30 minutes"),
            "{what}: {why}"
        );
    }
}
