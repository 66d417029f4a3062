//! A film whose project calls every stage and every folder otherwise is made as any other, and every
//! command says the same of it under its names.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::world::World;

/// Every stage, its name here, what it writes, and where that lies here.
const NAMES: [(&str, &str, &str, &str); 16] = [
    ("idea", "kernel", "idea.md", "kernel.md"),
    ("treatment", "telling", "treatment.md", "telling.md"),
    ("beats", "steps", "beats.json", "steps.json"),
    ("script", "pages", "script.fountain", "script.fountain"),
    ("characters", "people", "bible/characters/", "lore/people/"),
    ("locations", "places", "bible/locations/", "lore/places/"),
    ("style", "manner", "bible/style.toml", "lore/manner.toml"),
    ("scenes", "needs", "scenes/", "needs/"),
    ("shots", "plans", "shots/", "made/plans/"),
    ("looks", "dress", "looks/", "made/dress/"),
    ("prompts", "asks", "prompts/", "asks/"),
    ("frames", "stills", "frames/", "stills/still_"),
    ("voices", "sound", "voices/", "sound/"),
    ("clips", "moves", "clips/", "moves/"),
    ("cuts", "joins", "cuts/", "joins/"),
    ("film", "whole", "film.mp4", "whole.mp4"),
];

/// Small pictures, and no more of them than it takes.
const SETTINGS: &str = "[film]\nfps = 24\nwidth = 64\nheight = 36\n\
    [price]\nespeak = { per = \"line\", usd = 0.25 }\nanimatic = { per = \"second\", usd = 0.5 }\n";

/// Keys under which a word is no stage, though it may be one's name.
const NO_STAGE: [&str; 5] = ["by", "each", "makes", "kind", "generator"];

/// Keys of what takes another time, or has another id, for each project.
const OWN: [&str; 13] = [
    "id",
    "commit",
    "commits",
    "generation",
    "generations",
    "milliseconds",
    "started_ms",
    "finished_ms",
    "size",
    "bytes",
    "time",
    "took",
    "operation",
];

struct Both {
    plain: World,
    renamed: World,
}

impl Both {
    /// The film of a script, under the usual names and under others.
    fn new(script: &str) -> Self {
        let [plain, renamed] = [SETTINGS.to_owned(), renamed_settings()].map(|settings| {
            let world = World::new();
            world.ok(&["init", "-q", "--template", "none"]);
            world.write("aiut.toml", settings);
            world.write("script.fountain", script);
            world.ok(&["commit", "-q", "-m", "First draft"]);
            world
        });
        Self { plain, renamed }
    }

    fn each(&self) -> [&World; 2] {
        [&self.plain, &self.renamed]
    }

    /// What a command prints, the same in both but for the names; words are translated.
    fn says(&self, words: &[&str]) -> String {
        let own = words_here(words);
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        let (plain, here) = (self.plain.ok(words), self.renamed.ok(&own));
        assert_eq!(
            sorted_if_paths(&path_here(&plain)),
            sorted_if_paths(&here),
            "{words:?}"
        );
        plain
    }

    /// What a command tells as JSON, the same in both but for the names.
    fn tells(&self, words: &[&str]) -> Value {
        let own = words_here(words);
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        let plain = self.plain.json(words);
        let (mut expected, mut here) = (plain.clone(), self.renamed.json(&own));
        translate("", &mut expected);
        forget("", &mut here);
        forget("", &mut expected);
        let lines = |value: &Value| -> Vec<String> {
            let text = serde_json::to_string_pretty(value).unwrap();
            text.lines().map(str::to_owned).collect()
        };
        let (expected, here) = (lines(&expected), lines(&here));
        let differs = expected
            .iter()
            .zip(&here)
            .position(|(one, other)| one != other);
        let at = differs.unwrap_or(expected.len().min(here.len()));
        let around =
            |lines: &[String]| lines[at.saturating_sub(8)..lines.len().min(at + 3)].join("\n");
        assert!(
            expected == here,
            "{words:?}:\n{}\nand here\n{}",
            around(&expected),
            around(&here)
        );
        plain
    }

    /// Puts `new` in the place of `old` in a file.
    fn edit(&self, path: &str, old: &str, new: &str) {
        for (world, path) in self.each().into_iter().zip([path, &path_here(path)]) {
            let text = world.read(path);
            assert!(text.contains(old), "{path}: no {old:?}");
            world.write(path, text.replacen(old, new, 1));
        }
    }

    /// Every file of the one is in the other, under its name, with the same bytes.
    fn files_are_same(&self) -> usize {
        let [plain, mut renamed] = self.each().map(|world| files(world, ""));
        for files in [&plain, &renamed] {
            assert!(files.contains_key("script.fountain"));
        }
        let count = plain.len();
        for (path, bytes) in plain {
            let here = path_here(&path);
            let found = renamed.remove(&here);
            assert!(
                found.is_some_and(|found| found == bytes),
                "{path} and {here}"
            );
        }
        assert_eq!(renamed.keys().collect::<Vec<_>>(), Vec::<&String>::new());
        count
    }
}

/// Every stage replaced by one of another name that reads and writes elsewhere.
fn renamed_settings() -> String {
    let film: toml::Table = aiut::pipeline::FILM.parse().unwrap();
    let mut settings = SETTINGS.to_owned();
    for (name, here, ..) in NAMES {
        let stage = &film["stage"][name];
        let writes = path_here(stage["writes"].as_str().unwrap());
        settings += &format!("[stage.{here}]\nreplaces = {name:?}\nwrites = {writes:?}\n");
        if let Some(reads) = stage.get("reads").and_then(toml::Value::as_array) {
            let reads = reads.iter().map(|read| path_here(read.as_str().unwrap()));
            settings += &format!("reads = {:?}\n", reads.collect::<Vec<_>>());
        }
    }
    settings
}

/// A text with the places of files as they are called here.
fn path_here(text: &str) -> String {
    let names = NAMES.iter();
    let text = names.fold(text.to_owned(), |text, (.., usual, here)| {
        text.replace(usual, here)
    });
    text.replace("bible/", "lore/")
}

/// A word of a command line: the name of a stage, or a place.
fn word_here(word: &str) -> String {
    let stage = NAMES.iter().find(|(name, ..)| *name == word);
    stage.map_or_else(|| path_here(word), |(_, here, ..)| (*here).to_owned())
}

/// A command line: the command has one name everywhere.
fn words_here(words: &[&str]) -> Vec<String> {
    let (command, rest) = words.split_first().unwrap();
    let rest = rest.iter().map(|word| word_here(word));
    std::iter::once((*command).to_owned()).chain(rest).collect()
}

/// Lines that are paths come in the order of their names.
fn sorted_if_paths(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

fn translate(key: &str, value: &mut Value) {
    match value {
        Value::String(_) if NO_STAGE.contains(&key) => {}
        Value::String(text) => *text = word_here(text),
        Value::Array(list) => list.iter_mut().for_each(|value| translate(key, value)),
        Value::Object(fields) => {
            for (key, value) in fields {
                translate(key, value);
            }
        }
        _ => {}
    }
}

/// Takes away what each project has of its own, and the order of what is sorted by path.
fn forget(key: &str, value: &mut Value) {
    match value {
        _ if OWN.contains(&key) => *value = Value::Null,
        Value::Array(list) => {
            list.iter_mut().for_each(|value| forget("", value));
            list.sort_by_cached_key(ToString::to_string);
        }
        Value::Object(fields) => {
            for (key, value) in fields {
                forget(key, value);
            }
        }
        _ => {}
    }
}

fn files(world: &World, folder: &str) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(world.path(folder)).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let path = format!("{folder}{name}");
        if name == ".aiut" || path == "aiut.toml" {
            continue;
        }
        match world.path(&path).is_dir() {
            true => found.extend(files(world, &format!("{path}/"))),
            false => drop(found.insert(path.clone(), std::fs::read(world.path(&path)).unwrap())),
        }
    }
    found
}

fn fixture() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(root.join("fixtures/night-ferry/script.fountain")).unwrap()
}

#[test]
fn every_stage_and_every_folder_may_have_another_name() {
    let both = Both::new(&fixture());
    both.tells(&["plan"]);
    both.says(&["stale", "--paths"]);
    for world in both.each() {
        world.ok(&["generate", "--yes", "-q"]);
        assert_eq!(world.ok(&["stale", "--paths"]), "");
    }
    let made = both.files_are_same();
    assert!(made > 100, "{made} files");

    // What was made, and what it cost.
    let scenes = both.tells(&["scenes"]);
    assert!(scenes[0]["shots"].as_u64() > Some(0), "{scenes}");
    both.tells(&["shots"]);
    both.tells(&["explain", "shot", "1-1"]);
    both.tells(&["continuity"]);
    let cost = both.tells(&["cost"]);
    let rows = cost["rows"].as_array().unwrap().iter();
    let spent = rows.filter(|row| row["spent_micro_usd"].as_u64() > Some(0));
    assert_eq!(spent.count(), 2, "voices and clips: {cost}");
    both.tells(&["takes", "frames/001_001.png"]);
    both.tells(&["deps", "prompts/001_001.json"]);
    for kind in [
        "shot-list",
        "prompt",
        "bible",
        "look",
        "scene",
        "image",
        "frames",
    ] {
        let found = both.tells(&["search", "--path", "*", "--kind", kind]);
        let hits = found["hits"].as_array().map_or(0, Vec::len);
        assert!(hits > 0, "{kind}: {found}");
    }

    // An edit goes as far as it does elsewhere, and says why.
    both.edit(
        "script.fountain",
        "INT. FERRY ENGINE ROOM - NIGHT",
        "INT. FERRY ENGINE ROOM - DAY",
    );
    let stale = both.says(&["stale", "--paths"]);
    assert!(stale.contains("shots/001.json"), "{stale}");
    both.tells(&["stale"]);
    both.tells(&["why", "shots", "scene", "1"]);
    both.tells(&["why", "frames/001_001.png"]);
    for world in both.each() {
        world.ok(&["generate", "--yes", "-q"]);
    }
    both.says(&["stale", "--paths"]);
    both.files_are_same();
}

#[test]
fn slips_locks_and_pictures_are_seen_under_other_names_too() {
    let both = Both::new(&fixture());
    for (world, stage) in both.each().into_iter().zip(["prompts", "asks"]) {
        world.ok(&["generate", "--yes", "-q", stage]);
    }
    // A slip in a file of the bible, a shot list that people keep, a file under no name of the film.
    both.edit("shots/001.json", "\"locked\": false", "\"locked\": true");
    both.says(&["stale", "--paths"]);
    both.tells(&["stale"]);
    both.tells(&["shots"]);
    for (path, text) in [
        ("shots/999.json", "{}"),
        ("bible/notes.toml", "a = 1\n"),
        ("bible/style.toml", "lense = 35\n"),
    ] {
        for (world, path) in both.each().into_iter().zip([path, &path_here(path)]) {
            world.write(path, text);
        }
    }
    let told = both.tells(&["stale"]).to_string();
    for slip in ["999", "lense", "bible/notes.toml"] {
        assert!(told.contains(slip), "{slip}: {told}");
    }
}

#[test]
fn a_stage_takes_the_place_of_one_of_the_film() {
    let refused = |settings: &str| {
        let world = World::new();
        world.ok(&["init", "-q"]);
        world.write("aiut.toml", settings);
        let run = world.run(&["stages"]);
        assert_eq!(run.code, Some(1), "{run}");
        run.stderr
    };
    for (settings, told) in [
        (
            "[stage.plans]\nreplaces = \"shot\"\n",
            "stage shot is not one of the film's own",
        ),
        (
            "[stage.film]\nreplaces = \"shots\"\n",
            "cannot take the name of another stage",
        ),
        (
            "[stage.plans]\nreplaces = \"shots\"\n[stage.shots]\nkeep = true\n",
            "a stage has one name",
        ),
        (
            "[stage.frames]\nmakes = \"cut\"\n",
            "a stage that makes \"cut\" has each = \"scene\"",
        ),
        (
            "[stage.frames]\nfrom = \"lists/{scene}.json\"\n",
            "no stage that makes \"shot-list\" writes",
        ),
        (
            "[stage.mine]\neach = \"scene\"\nmakes = \"shot-list\"\nwrites = \"mine/{scene}.json\"\nby = \"hand\"\n",
            "more than one stage makes \"shot-list\"",
        ),
        (
            "[price]\npanel = { per = \"second\", usd = 1 }\n",
            "has no second to count",
        ),
    ] {
        let said = refused(settings);
        assert!(said.contains(told), "{settings}: {said}");
    }
}
