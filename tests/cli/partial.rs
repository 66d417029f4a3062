//! Copies that have a part of what is shared: what they lack comes when it is needed, and what they push is what a
//! whole copy would have pushed.

use std::process::Stdio;

use super::world::{Run, World};

pub(super) const SCRIPT: &str = "INT. CABIN - NIGHT\n\nMila sits by the window.\n";

/// Bytes that neither repeat nor shrink.
pub(super) fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut bytes = vec![0; length];
    let key = *blake3::hash(&seed.to_le_bytes()).as_bytes();
    blake3::Hasher::new_keyed(&key)
        .finalize_xof()
        .fill(&mut bytes);
    bytes
}

pub(super) const FIRST: usize = 300_000;
pub(super) const SECOND: usize = 200_000;

/// A place with a script and three pieces of media, one of which has two versions.
pub(super) fn shared() -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("script.fountain", SCRIPT);
    world.write("clips/one.mov", noise(FIRST, 1));
    world.write("clips/two.mov", noise(SECOND, 2));
    world.write("sound.wav", noise(50_000, 3));
    world.ok(&["commit", "-q", "-m", "First"]);
    world.write("clips/two.mov", noise(SECOND, 4));
    world.ok(&["commit", "-q", "-m", "Second"]);
    world.ok(&["init", "--shared", "../studio/ferry"]);
    world.ok(&["remote", "add", "origin", "../studio/ferry"]);
    world.ok(&["push", "-q"]);
    world
}

pub(super) fn ok_in(world: &World, folder: &str, arguments: &[&str]) -> String {
    let run = world.run_in(folder, arguments);
    assert_eq!(run.code, Some(0), "{folder} {arguments:?}:\n{run}");
    run.stdout
}

fn fails(world: &World, folder: &str, arguments: &[&str]) -> Run {
    let run = world.run_in(folder, arguments);
    assert_eq!(run.code, Some(1), "{folder} {arguments:?}:\n{run}");
    run
}

pub(super) fn json(world: &World, folder: &str, arguments: &[&str]) -> serde_json::Value {
    let arguments = [arguments, &["--json"]].concat();
    serde_json::from_str(&ok_in(world, folder, &arguments)).unwrap()
}

pub(super) fn is_there(world: &World, path: &str) -> bool {
    world.path(path).exists()
}

pub(super) fn bytes(world: &World, path: &str) -> Vec<u8> {
    std::fs::read(world.path(path)).unwrap()
}

/// Bytes of all packs of a copy.
pub(super) fn packed(world: &World, folder: &str) -> u64 {
    let packs = std::fs::read_dir(world.path(folder).join(".aiut/packs")).unwrap();
    packs
        .map(|pack| pack.unwrap().metadata().unwrap().len())
        .sum()
}

fn head(world: &World, folder: &str) -> String {
    let log = json(world, folder, &["log", "-1"]);
    log[0]["id"].as_str().unwrap().to_owned()
}

pub(super) fn is_sound(world: &World, folder: &str) {
    let said = ok_in(world, folder, &["fsck", "--data"]);
    assert!(said.contains("as it was written"), "{said}");
}

#[test]
fn a_copy_without_media_is_whole_for_all_that_reads_none() {
    let world = shared();
    let said = world.ok(&["clone", "--no-media", "../studio/ferry", "../part"]);
    assert!(
        said.contains("3 files") && said.contains("aiut hydrate"),
        "{said}"
    );
    assert_eq!(world.read("../part/script.fountain"), SCRIPT);
    for path in ["clips/one.mov", "clips/two.mov", "sound.wav"] {
        assert!(!is_there(&world, &format!("../part/{path}")), "{path}");
    }
    assert!(packed(&world, "../part") < 20_000);
    let status = json(&world, "../part", &["status"]);
    assert_eq!(status["changes"]["deleted"], serde_json::json!([]));
    assert_eq!(status["left_out"]["files"], 3);
    assert_eq!(status["left_out"]["bytes"], FIRST + SECOND + 50_000);
    assert_eq!(head(&world, "."), head(&world, "../part"));
    // None of these reads a clip.
    let before = packed(&world, "../part");
    for words in [
        &["log", "--stat"][..],
        &["ls"],
        &["show", "--stat"],
        &["show", "HEAD:clips/one.mov"],
        &["diff", "HEAD~1", "HEAD", "--stat"],
        &["du"],
        &["gc", "--grace", "0"],
        &["stale"],
        &["undo"],
        &["redo"],
        &["switch", "-c", "noir"],
        &["switch", "main"],
    ] {
        let run = world.run_in("../part", words);
        assert!(matches!(run.code, Some(0 | 3)), "{words:?}: {run}");
        assert!(!run.stderr.contains("getting"), "{words:?}: {run}");
    }
    assert!(packed(&world, "../part") < before + 20_000);
    is_sound(&world, "../part");
    assert!(ok_in(&world, "../part", &["fsck"]).contains("not here on purpose"));
}

#[test]
fn what_is_read_comes_and_says_how_much_it_is() {
    let world = shared();
    world.ok(&["clone", "-q", "--no-media", "../studio/ferry", "../part"]);
    let run = world.run_in("../part", &["export", "bundle", "../../film/x.aiut"]);
    assert_eq!(run.code, Some(1), "{run}");
    let run = world.finish({
        let mut command = world.command(&world.path("../part"), &["cat", "HEAD~1:clips/two.mov"]);
        let out = std::fs::File::create(world.path("../old.mov")).unwrap();
        command.stdout(Stdio::from(out));
        command
    });
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(bytes(&world, "../old.mov"), noise(SECOND, 2));
    let run = world.run_in("../part", &["cat", "HEAD:script.fountain"]);
    assert_eq!(run.stderr, "", "{run}");
    assert!(!is_there(&world, "../part/clips/two.mov"));

    // Where the remote is away, that is said, and what would bring it.
    std::fs::rename(world.path("../studio"), world.path("../gone")).unwrap();
    let run = fails(&world, "../part", &["cat", "HEAD:clips/one.mov"]);
    assert_eq!(run.stdout, "");
    assert!(run.stderr.contains("300000 bytes"), "{run}");
    assert!(run.stderr.contains("aiut hydrate"), "{run}");
    fails(&world, "../part", &["hydrate", "clips"]);
    assert!(!is_there(&world, "../part/clips"));
    ok_in(&world, "../part", &["status"]);
    ok_in(&world, "../part", &["log"]);
    std::fs::rename(world.path("../gone"), world.path("../studio")).unwrap();

    let said = ok_in(&world, "../part", &["hydrate", "--dry-run"]);
    assert!(
        said.contains("3 contents") && said.contains("537.1 KiB"),
        "{said}"
    );
    ok_in(&world, "../part", &["hydrate", "clips"]);
    assert_eq!(bytes(&world, "../part/clips/one.mov"), noise(FIRST, 1));
    assert_eq!(bytes(&world, "../part/clips/two.mov"), noise(SECOND, 4));
    assert!(!is_there(&world, "../part/sound.wav"));
    assert!(ok_in(&world, "../part", &["hydrate", "clips"]).contains("Everything is here"));
    // What was got and deleted is deleted.
    std::fs::remove_file(world.path("../part/clips/one.mov")).unwrap();
    let status = json(&world, "../part", &["status"]);
    assert_eq!(
        status["changes"]["deleted"],
        serde_json::json!(["clips/one.mov"])
    );
    assert_eq!(status["left_out"]["files"], 1);
    ok_in(&world, "../part", &["restore", "clips/one.mov"]);
    assert_eq!(bytes(&world, "../part/clips/one.mov"), noise(FIRST, 1));
    let run = fails(&world, "../part", &["hydrate", "clips/onee.mov"]);
    assert!(run.stderr.contains("did you mean clips/one.mov"), "{run}");
    is_sound(&world, "../part");
}

#[test]
fn what_is_missing_and_was_not_promised_is_damage() {
    let world = shared();
    world.ok(&["clone", "-q", "--no-media", "../studio/ferry", "../part"]);
    let list = world.path("../part/.aiut/promised");
    let kept = std::fs::read(&list).unwrap();
    std::fs::remove_file(&list).unwrap();
    let run = world.run_in("../part", &["fsck"]);
    assert_eq!(run.code, Some(3), "{run}");
    assert!(run.stdout.contains("clips/one.mov"), "{run}");
    fails(&world, "../part", &["gc"]);
    let mut damaged = kept.clone();
    damaged[20] ^= 1;
    super::world::write(&list, &damaged);
    let run = world.run_in("../part", &["fsck"]);
    assert_eq!(run.code, Some(3), "{run}");
    assert!(run.stdout.contains("promised is damaged"), "{run}");
    super::world::write(&list, &kept);
    is_sound(&world, "../part");
    let run = fails(&world, "../part", &["remote", "remove", "origin"]);
    assert!(run.stderr.contains("hydrate --all"), "{run}");
    ok_in(&world, "../part", &["hydrate", "--all"]);
    assert!(!list.exists());
    is_sound(&world, "../part");
    ok_in(&world, "../part", &["remote", "remove", "origin"]);
}

#[test]
fn room_is_made_of_what_the_remote_surely_has() {
    let world = shared();
    world.write("clips/three.mov", noise(80_000, 9));
    world.ok(&["commit", "-q", "-m", "Third"]);
    world.write("clips/one.mov", noise(FIRST, 10));
    let said = world.ok(&["dehydrate", "--dry-run"]);
    assert!(
        said.contains("4 contents") && said.contains("nothing was done"),
        "{said}"
    );
    let before = packed(&world, ".");
    let said = world.ok(&["dehydrate"]);
    assert!(
        said.contains("4 contents") && said.contains("1 content stay"),
        "{said}"
    );
    assert!(said.contains("clips/one.mov stays in the folder"), "{said}");
    assert!(
        before - packed(&world, ".") > (FIRST + 2 * SECOND) as u64,
        "{said}"
    );
    assert!(!is_there(&world, "clips/two.mov") && is_there(&world, "clips/three.mov"));
    assert_eq!(bytes(&world, "clips/one.mov"), noise(FIRST, 10));
    let status = world.json(&["status"]);
    assert_eq!(
        status["changes"]["modified"],
        serde_json::json!(["clips/one.mov"])
    );
    assert_eq!(status["changes"]["deleted"], serde_json::json!([]));
    is_sound(&world, ".");
    // What was replaced was pushed before: nothing is lost.
    world.ok(&["commit", "-q", "-m", "Another"]);
    world.ok(&["push", "-q"]);
    world.ok(&["clone", "-q", "../studio/ferry", "../whole"]);
    is_sound(&world, "../whole");
    assert_eq!(bytes(&world, "../whole/clips/two.mov"), noise(SECOND, 4));
    assert_eq!(bytes(&world, "../whole/clips/three.mov"), noise(80_000, 9));
    // Going to an older commit leaves out what is elsewhere, and going back, too.
    world.ok(&["switch", "--detach", "HEAD~2"]);
    assert!(world.ok(&["status"]).contains("Nothing to commit"));
    world.ok(&["switch", "main"]);
    world.ok(&["hydrate"]);
    assert_eq!(bytes(&world, "clips/two.mov"), noise(SECOND, 4));
    // Somebody's own project may let go of it tomorrow.
    world.ok(&["remote", "add", "desk", "../whole"]);
    let run = fails(&world, ".", &["dehydrate", "--from", "desk"]);
    assert!(run.stderr.contains("gone tomorrow"), "{run}");
}

#[test]
fn some_files_alone_come_by_their_paths() {
    let world = shared();
    world.ok(&[
        "clone",
        "-q",
        "--only",
        "clips/t*",
        "../studio/ferry",
        "../part",
    ]);
    assert_eq!(bytes(&world, "../part/clips/two.mov"), noise(SECOND, 4));
    assert!(!is_there(&world, "../part/script.fountain"));
    assert!(
        packed(&world, "../part") < SECOND as u64 + 20_000,
        "the former version stays"
    );
    is_sound(&world, "../part");
    // What is pushed later comes by the same rule.
    world.write("clips/ten.mov", noise(1000, 5));
    world.write("clips/nine.mov", noise(1000, 6));
    world.ok(&["commit", "-q", "-m", "More"]);
    world.ok(&["push", "-q"]);
    ok_in(&world, "../part", &["pull", "-q"]);
    assert!(is_there(&world, "../part/clips/ten.mov"));
    assert!(!is_there(&world, "../part/clips/nine.mov"));
    assert!(ok_in(&world, "../part", &["status"]).contains("Nothing to commit"));
    is_sound(&world, "../part");
}

#[test]
fn a_short_history_says_where_it_ends_and_gets_the_rest() {
    let world = shared();
    world.ok(&["switch", "-q", "-c", "noir", "HEAD~1"]);
    world.write("script.fountain", format!("{SCRIPT}\nRain.\n"));
    world.ok(&["commit", "-q", "-m", "Rain"]);
    world.ok(&["push", "-q", "origin", "noir"]);
    world.ok(&["switch", "-q", "main"]);
    let said = world.ok(&["clone", "--depth", "1", "../studio/ferry", "../short"]);
    assert!(said.contains("--unshallow"), "{said}");
    assert_eq!(bytes(&world, "../short/clips/one.mov"), noise(FIRST, 1));
    let log = ok_in(&world, "../short", &["log", "--all"]);
    assert_eq!(log.matches("Ends:").count(), 2, "{log}");
    assert!(!log.contains("First"), "{log}");
    for words in [
        &["log", "--oneline", "--graph"][..],
        &["log", "script.fountain"],
        &["show"],
        &["show", "HEAD:clips/one.mov"],
        &["blame", "script.fountain"],
        &["status"],
        &["branch", "-a"],
        &["timeline"],
        &["du"],
        &["gc"],
    ] {
        ok_in(&world, "../short", words);
    }
    is_sound(&world, "../short");
    let run = fails(&world, "../short", &["show", "HEAD~1"]);
    assert!(run.stderr.contains("aiut fetch --unshallow"), "{run}");
    let run = fails(&world, "../short", &["merge", "origin/noir"]);
    assert!(run.stderr.contains("aiut fetch --unshallow"), "{run}");
    // What others push comes; what is behind it stays.
    world.write("script.fountain", format!("{SCRIPT}\nSnow.\n"));
    world.ok(&["commit", "-q", "-m", "Snow"]);
    world.ok(&["push", "-q"]);
    ok_in(&world, "../short", &["pull", "-q"]);
    assert!(world.read("../short/script.fountain").contains("Snow"));
    assert!(!ok_in(&world, "../short", &["log"]).contains("First"));
    is_sound(&world, "../short");
    let said = ok_in(&world, "../short", &["fetch", "--unshallow"]);
    assert!(said.contains("From origin"), "{said}");
    assert!(!is_there(&world, "../short/.aiut/promised"));
    assert!(ok_in(&world, "../short", &["log"]).contains("First"));
    is_sound(&world, "../short");
    let run = world.run_in("../short", &["merge", "origin/noir"]);
    assert!(matches!(run.code, Some(0 | 3)), "{run}");
}
