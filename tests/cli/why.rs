//! `why` says what changed in words: what it was and what it is, and never a digest.

use super::film::film;
use super::world::World;

const SCRIPT: &str = "INT. KITCHEN - NIGHT\n\nRAE, 30, fills a kettle.\n\nRAE\nWho is there?\n\n\
                      INT. HALL - CONTINUOUS\n\nRae opens the door. Nobody.\n";

fn made() -> World {
    film(SCRIPT, &["prompts"])
}

/// What `why` says of every shot list, each set of looks and every prompt.
fn all_whys(world: &World) -> String {
    let stale = world.ok(&["stale", "--paths"]);
    let made = ["scenes/", "shots/", "looks/", "prompts/"];
    let paths = stale
        .lines()
        .filter(|path| made.iter().any(|folder| path.starts_with(folder)));
    paths.map(|path| world.ok(&["why", path])).collect()
}

fn has_digest(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let is_hex = |word: &str| word.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    words
        .into_iter()
        .any(|word| word.len() >= 12 && is_hex(word))
}

#[test]
fn no_edit_is_told_in_digests() {
    let world = made();
    let before = SCRIPT.replace(
        "INT. HALL",
        "EXT. YARD - DAY\n\nA dog barks at RAE.\n\nINT. HALL",
    );
    let edits = [
        ("script.fountain", before),
        (
            "script.fountain",
            SCRIPT.replace("RAE\nWho", "PAVEL\nMe.\n\nRAE\nWho"),
        ),
        ("script.fountain", SCRIPT.replace("NIGHT", "DAWN")),
        (
            "script.fountain",
            SCRIPT.replace("Rae opens the door. Nobody.", "# ACT TWO"),
        ),
        ("bible/style.toml", "tone = \"bright\"\n".to_owned()),
        (
            "aiut.toml",
            "[film]\nwidth = 160\nheight = 90\nfps = 30\n".to_owned(),
        ),
    ];
    for (path, text) in edits {
        let kept = world.read(path);
        world.write(path, &text);
        let told = all_whys(&world);
        assert!(told.contains("is stale"), "{text}\n{told}");
        assert!(!has_digest(&told), "{text}\n{told}");
        assert!(!told.contains("1+"), "{told}");
        world.write(path, kept);
    }
}

#[test]
fn a_setting_is_told_as_it_was_and_as_it_is() {
    let world = made();
    let settings = world.read("aiut.toml");
    for fps in [30, 25] {
        world.write("aiut.toml", format!("{settings}fps = {fps}\n"));
        let why = world.ok(&["why", "shots/001.json"]);
        assert!(
            why.contains(&format!("config:film.fps\n    24 → {fps}\n")),
            "{why}"
        );
        world.ok(&["commit", "-q", "-m", "Another rate"]);
    }
    world.ok(&["generate", "-q", "shots/001.json"]);
    world.write("aiut.toml", format!("{settings}fps = 50\n"));
    let why = world.ok(&["why", "shots/001.json"]);
    assert!(why.contains("config:film.fps\n    25 → 50\n"), "{why}");
    // The other was made when there were 24.
    let why = world.ok(&["why", "shots/002.json"]);
    assert!(why.contains("config:film.fps\n    24 → 50\n"), "{why}");
}

#[test]
fn what_comes_and_goes_is_told_by_its_name() {
    let world = made();
    world.write(
        "script.fountain",
        SCRIPT.replace("RAE\nWho", "PAVEL\nMe.\n\nRAE\nWho"),
    );
    let why = world.ok(&["why", "shots/001.json"]);
    assert!(
        why.contains("cast, characters.PAVEL: \"PAVEL\" is new\n"),
        "{why}"
    );
    assert!(
        why.contains("scene 1, dialogue of PAVEL: \"Me.\" is new\n"),
        "{why}"
    );
    assert!(
        !why.contains("\"RAE\" →"),
        "nobody became somebody else: {why}"
    );
    world.write(
        "script.fountain",
        SCRIPT.replace(
            "INT. HALL",
            "EXT. YARD - DAY\n\nA dog barks at RAE.\n\nINT. HALL",
        ),
    );
    let why = world.ok(&["why", "shots/002.json"]);
    assert!(
        why.contains("scene 2, the scene before it: \"1\" → \"1A\"\n"),
        "{why}"
    );
    assert!(
        why.contains("script.fountain#scene=001A is read now\n"),
        "{why}"
    );
    assert!(
        world
            .ok(&["why", "scenes/001A.json"])
            .contains("It has not been made yet.")
    );
}
