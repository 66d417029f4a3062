//! Timelines joined: scripts by scene, JSON by field, media by choice.

use super::world::World;

const SCRIPT: &str = "\
INT. CABIN - NIGHT

Mila sits by the window. The rain stops.

MILA
We are late.

EXT. DECK - NIGHT

Wind. Jonas leans on the rail.

JONAS
Cold.

INT. ENGINE ROOM - NIGHT

The engine stops.
";

/// A film on `main`; `edit` makes the timeline `noir` from it, and `here` what is done on `main` since.
fn forked(there: impl Fn(&World), here: impl Fn(&World)) -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("script.fountain", SCRIPT);
    world.write("notes.txt", "one\ntwo\nthree\n");
    world.ok(&["commit", "-q", "-m", "Script"]);
    world.ok(&["switch", "-q", "-c", "noir"]);
    there(&world);
    world.ok(&["commit", "-q", "-m", "Noir"]);
    world.ok(&["switch", "-q", "main"]);
    here(&world);
    world.ok(&["commit", "-q", "-m", "Main"]);
    world
}

/// Runs a command and wants it to end with this code; all that it wrote.
fn ends(world: &World, code: i32, arguments: &[&str]) -> String {
    let run = world.run(arguments);
    assert_eq!(run.code, Some(code), "{arguments:?}:\n{run}");
    run.stdout + &run.stderr
}

fn edit(world: &World, from: &str, to: &str) {
    let text = world.read("script.fountain");
    assert!(text.contains(from), "{from}");
    world.write("script.fountain", text.replacen(from, to, 1));
}

#[test]
fn scenes_moved_and_edited_on_two_timelines_come_together() {
    let world = forked(
        |world| edit(world, "Cold.", "Freezing."),
        |world| {
            let deck = SCRIPT.find("EXT. DECK").unwrap();
            let engine = SCRIPT.find("INT. ENGINE").unwrap();
            let moved = format!(
                "{}{}\n{}",
                &SCRIPT[..deck],
                &SCRIPT[engine..],
                SCRIPT[deck..engine].trim_end()
            );
            world.write("script.fountain", &(moved + "\n"));
        },
    );
    let said = world.ok(&["merge", "noir"]);
    assert!(said.contains("Merge noir into main"), "{said}");
    let text = world.read("script.fountain");
    assert!(
        text.find("ENGINE").unwrap() < text.find("DECK").unwrap(),
        "{text}"
    );
    assert!(text.contains("Freezing."), "{text}");
    // A commit with both as parents, one operation, nothing left over.
    let shown = world.json(&["show", "HEAD"]);
    assert_eq!(shown["parents"].as_array().unwrap().len(), 2);
    let status = world.json(&["status"]);
    assert_eq!(
        status["changes"]["modified"].as_array().map(Vec::len),
        Some(0),
        "{status}"
    );
    world.ok(&["fsck"]);
    let again = world.ok(&["merge", "noir"]);
    assert!(again.contains("Nothing to join"), "{again}");
    world.ok(&["undo", "-q"]);
    assert!(!world.read("script.fountain").contains("Freezing."));
}

#[test]
fn new_scenes_of_both_get_numbers_of_their_own() {
    let scene = |name: &str| format!("INT. {name} - NIGHT\n\nSomebody waits.\n\nEXT. DECK");
    let world = forked(
        |world| edit(world, "EXT. DECK", &scene("GALLEY")),
        |world| {
            edit(
                world,
                "EXT. DECK",
                &scene("STAIRS").replace("waits", "runs down the stairs"),
            )
        },
    );
    world.ok(&["merge", "-q", "noir"]);
    let scenes = world.json(&["scenes"]);
    let scenes: Vec<(&str, &str)> = scenes
        .as_array()
        .unwrap()
        .iter()
        .map(|scene| {
            (
                scene["number"].as_str().unwrap(),
                scene["heading"].as_str().unwrap(),
            )
        })
        .collect();
    let expected = [
        ("1", "INT. CABIN - NIGHT"),
        ("1A", "INT. STAIRS - NIGHT"),
        ("1B", "INT. GALLEY - NIGHT"),
        ("2", "EXT. DECK - NIGHT"),
        ("3", "INT. ENGINE ROOM - NIGHT"),
    ];
    assert_eq!(scenes, expected);
}

#[test]
fn what_collides_is_kept_in_a_script_that_stays_fountain() {
    let world = forked(
        |world| {
            edit(world, "We are late.", "We are lost.");
            edit(world, "Cold.", "Freezing.");
            world.write("notes.txt", "one\nzwei\nthree\n");
        },
        |world| {
            edit(world, "We are late.", "We are early.");
            world.write("notes.txt", "one\ndeux\nthree\n");
        },
    );
    let merged = ends(&world, 3, &["merge", "noir"]);
    assert!(merged.contains("2 files are in conflict"), "{merged}");
    assert!(merged.contains("INT. CABIN - NIGHT"), "{merged}");
    let text = world.read("script.fountain");
    for words in [
        "[[conflict 1: ours]]",
        "We are early.",
        "We are lost.",
        "Freezing.",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    let open = ends(&world, 3, &["resolve"]);
    assert!(
        open.contains("INT. CABIN - NIGHT, speech of MILA"),
        "{open}"
    );
    let status = ends(&world, 3, &["status"]);
    assert!(status.contains("script.fountain#scene=1"), "{status}");
    let marked = ends(&world, 1, &["resolve", "script.fountain", "--edited"]);
    assert!(
        marked.contains("marks of conflicts are left: script.fountain (1)"),
        "{marked}"
    );
    world.ok(&["resolve", "-q", "script.fountain", "--theirs"]);
    assert!(world.read("script.fountain").contains("We are lost."));
    world.ok(&["resolve", "-q", "notes.txt", "--ours"]);
    assert_eq!(world.read("notes.txt"), "one\ndeux\nthree\n");
    world.ok(&["fsck"]);
}

#[test]
fn a_plan_tells_the_story_and_does_nothing() {
    let world = forked(
        |world| {
            edit(world, "Wind. ", "Wind. A gull cries. ");
            edit(
                world,
                "\nINT. ENGINE ROOM - NIGHT\n\nThe engine stops.\n",
                "",
            );
        },
        |world| edit(world, "late", "early"),
    );
    let before = world.json(&["show", "HEAD"]);
    let plan = world.ok(&["merge", "--plan", "noir"]);
    for words in [
        "~ EXT. DECK - NIGHT  (1 change)",
        "- INT. ENGINE ROOM - NIGHT",
        "Nothing was done",
    ] {
        assert!(plan.contains(words), "{words} in {plan}");
    }
    assert_eq!(world.json(&["show", "HEAD"])["id"], before["id"]);
    let plan = world.json(&["merge", "--plan", "noir"]);
    assert_eq!(plan["kind"], "joined");
    assert_eq!(
        plan["scripts"][0]["diff"]["scenes"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert!(
        plan["refresh"]["report"]["outputs"].as_u64().unwrap() > 0,
        "{plan}"
    );
}

#[test]
fn a_timeline_moves_on_where_nothing_was_done_since() {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    world.write("a", "1\n");
    world.ok(&["commit", "-q", "-m", "Base"]);
    world.ok(&["switch", "-q", "-c", "side"]);
    world.write("a", "2\n");
    world.ok(&["commit", "-q", "-m", "Side"]);
    world.ok(&["switch", "-q", "main"]);
    let said = world.ok(&["merge", "side"]);
    assert!(said.contains("moved on to"), "{said}");
    assert_eq!(world.read("a"), "2\n");
    world.ok(&["undo", "-q"]);
    world.ok(&["merge", "-q", "--no-ff", "side", "-m", "Both"]);
    assert_eq!(
        world.json(&["show", "HEAD"])["parents"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    world.ok(&["merge", "--abort"]);
    assert_eq!(world.read("a"), "1\n");
    let refused = ends(&world, 1, &["merge", "--abort"]);
    assert!(refused.contains("not a merge"), "{refused}");
    world.ok(&["merge", "-q", "--squash", "side"]);
    assert_eq!(
        world.json(&["show", "HEAD"])["parents"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn edits_in_the_folder_are_never_lost() {
    let world = forked(
        |world| world.write("notes.txt", "one\ntwo\ndrei\n"),
        |world| edit(world, "late", "early"),
    );
    world.write("notes.txt", "mine\n");
    let refused = ends(&world, 1, &["merge", "noir"]);
    assert!(refused.contains("notes.txt"), "{refused}");
    assert_eq!(world.read("notes.txt"), "mine\n");
    // What the merge does not touch stays as it is.
    world.write("notes.txt", "one\ntwo\nthree\n");
    world.write("other.txt", "mine\n");
    world.ok(&["merge", "-q", "noir"]);
    assert_eq!(world.read("other.txt"), "mine\n");
    assert_eq!(world.read("notes.txt"), "one\ntwo\ndrei\n");
}

#[test]
fn a_file_renamed_on_one_side_is_the_one_edited_on_the_other() {
    let renamed = |world: &World| {
        let text = world.read("notes.txt");
        world.write("ideas.txt", &text);
        std::fs::remove_file(world.path("notes.txt")).unwrap();
    };
    let edited = |world: &World| world.write("notes.txt", "one\ntwo\nthree\nfour\n");
    for (there, here) in [(true, false), (false, true)] {
        let world = forked(
            |world| if there { renamed(world) } else { edited(world) },
            |world| if here { renamed(world) } else { edited(world) },
        );
        world.ok(&["merge", "-q", "noir"]);
        assert_eq!(world.read("ideas.txt"), "one\ntwo\nthree\nfour\n");
        assert!(!world.path("notes.txt").exists());
    }
}

#[test]
fn timelines_joined_crosswise_are_joined_again() {
    let world = forked(
        |world| edit(world, "Cold.", "Freezing."),
        |world| edit(world, "late", "early"),
    );
    // Each takes what the other had, under a message of its own.
    world.ok(&["branch", "old-main"]);
    world.ok(&["merge", "-q", "noir"]);
    world.ok(&["switch", "-q", "noir"]);
    world.ok(&["merge", "-q", "old-main"]);
    edit(&world, "The engine stops.", "The engine dies.");
    world.ok(&["commit", "-q", "-m", "Engine"]);
    world.ok(&["switch", "-q", "main"]);
    edit(&world, "Wind.", "A storm.");
    world.ok(&["commit", "-q", "-m", "Storm"]);
    world.ok(&["merge", "-q", "noir"]);
    let text = world.read("script.fountain");
    for words in ["early", "Freezing.", "The engine dies.", "A storm."] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn strangers_and_nonsense_are_refused() {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    let empty = ends(&world, 1, &["merge", "nothing"]);
    assert!(empty.contains("nothing"), "{empty}");
    world.write("a", "1\n");
    world.ok(&["commit", "-q", "-m", "Base"]);
    ends(&world, 1, &["merge", "nothing"]);
    assert!(world.ok(&["merge", "main"]).contains("Nothing to join"));
}

#[test]
fn a_difference_is_told_scene_by_scene() {
    let world = forked(
        |world| {
            edit(world, "MILA\nWe", "JONAS\nWe");
            edit(
                world,
                "\nINT. ENGINE ROOM - NIGHT\n\nThe engine stops.\n",
                "",
            );
        },
        |world| edit(world, "leans", "sleeps"),
    );
    let scenes = world.ok(&["diff", "--story", "main", "noir"]);
    for words in [
        "~ INT. CABIN - NIGHT  (1 change, JONAS speaks now, MILA no longer speaks)",
        "line 5, given to another speaker",
        "[-MILA-]{+JONAS+}",
        "- INT. ENGINE ROOM - NIGHT  (1/8 pages, about 0:08)",
        "In all: 1 scene cut, 2 scenes changed; 3/8 → 2/8 pages, about 0:23 → 0:15",
        "[-sleeps-]{+leans+}",
    ] {
        assert!(scenes.contains(words), "{words} in {scenes}");
    }
    let short = world.ok(&["diff", "--story", "--stat", "main", "noir"]);
    assert_eq!(short.lines().count(), 5, "{short}");
    assert_eq!(world.ok(&["diff", "--story", "main", "main"]), "");
    assert_eq!(
        world.ok(&["diff", "--scenes", "--stat", "main", "noir"]),
        short
    );
}

#[test]
fn the_bible_and_settings_are_joined_by_field_and_keep_their_remarks() {
    let style = "# The look.\npalette = [\"#112233\", \"#445566\"] # cold\nmood = \"still\"\ngrain = \"fine\"\n";
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    world.write("bible/style.toml", style);
    world.ok(&["commit", "-q", "-m", "Style"]);
    world.ok(&["switch", "-q", "-c", "noir"]);
    world.write(
        "bible/style.toml",
        style.replace("still", "restless").replace("fine", "coarse"),
    );
    world.ok(&["commit", "-q", "-m", "Noir"]);
    world.ok(&["switch", "-q", "main"]);
    world.write(
        "bible/style.toml",
        style
            .replace("# cold", "# cold, then warm")
            .replace("fine", "none"),
    );
    world.ok(&["commit", "-q", "-m", "Main"]);
    ends(&world, 3, &["merge", "noir"]);
    let status = ends(&world, 3, &["status"]);
    assert!(status.contains("bible/style.toml#/grain"), "{status}");
    let joined = style
        .replace("# cold", "# cold, then warm")
        .replace("still", "restless");
    assert_eq!(
        world.read("bible/style.toml"),
        joined.replace("fine", "none")
    );
    world.ok(&["resolve", "-q", "bible/style.toml#/grain", "--theirs"]);
    assert_eq!(
        world.read("bible/style.toml"),
        joined.replace("fine", "coarse")
    );
}

#[test]
fn what_is_generated_never_collides_and_hand_edits_of_both_are_kept() {
    let world = super::film::film(SCRIPT, &["frames"]);
    world.ok(&["switch", "-q", "-c", "noir"]);
    edit(
        &world,
        "The engine stops.",
        "The engine dies slowly, at last.",
    );
    world.ok(&["generate", "-q", "frames", "--yes"]);
    let shots = world.read("shots/003.json");
    assert!(shots.contains("\"content\""), "{shots}");
    let by_hand = shots.replacen("The engine dies slowly", "By hand, the engine dies", 1);
    assert_ne!(shots, by_hand);
    world.write("shots/003.json", &by_hand);
    world.ok(&["commit", "-q", "-m", "By hand"]);
    world.ok(&["switch", "-q", "main"]);
    edit(&world, "INT. ENGINE ROOM - NIGHT", "INT. ENGINE ROOM - DAY");
    world.ok(&["generate", "-q", "frames", "--yes"]);
    let said = world.ok(&["merge", "noir"]);
    assert!(said.contains("another take there, ours is used"), "{said}");
    assert_eq!(world.run(&["status"]).code, Some(0));
    let script = world.read("script.fountain");
    assert!(
        script.contains("ROOM - DAY") && script.contains("dies slowly"),
        "{script}"
    );
    assert!(
        world
            .read("shots/003.json")
            .contains("By hand, the engine dies")
    );
    // Only what follows from both is to be made again.
    let stale = world.ok(&["stale", "frames", "--paths"]);
    assert!(stale.contains("frames/003_001.png"), "{stale}");
    assert!(stale.lines().all(|path| path.contains("003")), "{stale}");
    world.ok(&["generate", "-q", "frames", "--yes"]);
    assert!(
        world
            .read("shots/003.json")
            .contains("By hand, the engine dies")
    );
    world.ok(&["fsck"]);
}

#[test]
fn what_only_the_engine_changed_gives_way_to_a_hand() {
    let world = super::film::film(SCRIPT, &["shots"]);
    let by_hand = |old: &str, new: &str| {
        let shots = world.read("shots/003.json");
        let edited = shots.replacen(old, new, 1);
        assert_ne!(shots, edited);
        world.write("shots/003.json", edited);
        world.ok(&["commit", "-q", "-m", "By hand"]);
    };
    world.ok(&["switch", "-q", "-c", "noir"]);
    edit(&world, "INT. ENGINE ROOM - NIGHT", "INT. ENGINE ROOM - DAY");
    world.ok(&["generate", "-q", "shots"]);
    by_hand("The engine stops", "By hand, the engine stops");
    world.ok(&["switch", "-q", "main"]);
    edit(
        &world,
        "The engine stops.",
        "The engine dies slowly, at last.",
    );
    world.ok(&["generate", "-q", "shots"]);
    by_hand("\"camera_height\": \"eye\"", "\"camera_height\": \"low\"");
    // Both lists were edited, at different fields; that the content differs is the doing of the runs.
    let run = world.run(&["merge", "noir"]);
    assert_eq!(run.code, Some(0), "{run}");
    world.ok(&["generate", "-q", "shots"]);
    let shots = world.read("shots/003.json");
    assert!(shots.contains("By hand, the engine stops"), "{shots}");
    assert!(shots.contains("\"camera_height\": \"low\""), "{shots}");
    // A field that both edited by hand is a conflict, of which either version can be taken.
    world.ok(&["switch", "-q", "noir"]);
    by_hand("By hand, the engine stops", "Twice by hand, it stops");
    world.ok(&["switch", "-q", "main"]);
    by_hand("By hand, the engine stops", "Our hand, it stops");
    assert_eq!(world.run(&["merge", "noir"]).code, Some(3));
    let place = "shots/003.json#shot=003_001/content";
    let told = world.run(&["resolve"]).stdout;
    assert!(told.contains(place), "{told}");
    world.ok(&["resolve", "-q", place, "--theirs"]);
    assert!(world.read("shots/003.json").contains("Twice by hand"));
}
