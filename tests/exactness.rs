//! Refreshing only what aiut calls stale gives the bytes that building everything anew gives, and
//! rebuilds nothing whose inputs had not changed. A plan made with what is remembered of the one before
//! says the same of every output as one made anew.

#![allow(
    unreachable_pub,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test: it prints its seed and reads what to run from the environment"
)]

mod support;

use std::collections::BTreeMap;

use aiut::object::RepoPath;
use serde_json::Value;
use support::edits::{Random, edit_script};
use support::memory::Film;
use support::{fixture, screenplay};

/// Edits of one film in one run; `AIUT_EDITS` multiplies it.
fn edits(number: usize) -> usize {
    let factor = std::env::var("AIUT_EDITS")
        .ok()
        .and_then(|text| text.parse().ok());
    number * factor.unwrap_or(1)
}

fn seed() -> u64 {
    let given = std::env::var("AIUT_SEED")
        .ok()
        .and_then(|text| text.parse().ok());
    given.unwrap_or(20_261_121)
}

/// Changes a source at random, as people do; says what was done.
fn edit(film: &mut Film, random: &mut Random) -> String {
    let bible: Vec<RepoPath> = film
        .files
        .keys()
        .filter(|p| p.as_str().starts_with("bible/"))
        .cloned()
        .collect();
    match random.below(10) {
        0..=6 => {
            let (script, said) = edit_script(&film.text("script.fountain"), random);
            film.put("script.fountain", script.as_bytes());
            said
        }
        7 | 8 if !bible.is_empty() => {
            let path = random.pick(&bible).clone();
            edit_bible(film, &path, random)
        }
        _ => {
            let (key, value) =
                *random.pick(&[("fps", 24), ("fps", 25), ("fps", 30), ("width", 1920)]);
            film.config["film"][key] = value.into();
            format!("set film.{key} to {value}")
        }
    }
}

fn edit_bible(film: &mut Film, path: &RepoPath, random: &mut Random) -> String {
    let fields: &[(&str, &str)] = if path.as_str().contains("/characters/") {
        &[
            ("physical", "a scar over the left eye"),
            ("signature", "never without a pencil"),
            ("color", "#3366aa"),
            ("pronouns", "they"),
        ]
    } else if path.as_str().contains("/locations/") {
        &[
            ("description", "bare brick and one window"),
            ("mood", "hushed"),
            ("ambient", "a clock"),
        ]
    } else {
        &[
            ("tone", "dry and warm"),
            ("lighting", "hard noon sun"),
            ("lens", "28mm and 50mm"),
        ]
    };
    let (field, value) = *random.pick(fields);
    let mut document: toml_edit::DocumentMut = film.text(path.as_str()).parse().expect("TOML");
    document[field] = toml_edit::value(value);
    film.put(path.as_str(), document.to_string().as_bytes());
    format!("set {field} of {path} to {value:?}")
}

/// Locks a shot at random, with changes of a person's own; says which.
fn lock(film: &mut Film, random: &mut Random) -> String {
    let lists: Vec<RepoPath> = film
        .files
        .keys()
        .filter(|path| path.as_str().starts_with("shots/"))
        .cloned()
        .collect();
    let path = random.pick(&lists).clone();
    let mut list = shot_list(film, &path);
    let shots = list["shots"].as_array_mut().expect("shots");
    if shots.is_empty() {
        return format!("locked nothing in {path}");
    }
    let at = random.below(shots.len());
    let shot = &mut shots[at];
    shot["locked"] = true.into();
    shot["lens_mm"] = (20 + random.below(80)).into();
    shot["duration"] = (12 + random.below(120)).into();
    let said = format!("locked {}", shot["shot_id"]);
    put_list(film, &path, &list);
    said
}

fn shot_list(film: &Film, path: &RepoPath) -> Value {
    serde_json::from_str(&film.text(path.as_str())).expect("JSON")
}

fn put_list(film: &mut Film, path: &RepoPath, list: &Value) {
    let text = serde_json::to_string_pretty(list).expect("JSON") + "\n";
    film.put(path.as_str(), text.as_bytes());
}

/// The same film built from its sources alone, with the locked shots then put in as a person would.
fn anew(film: &mut Film) -> Film {
    let mut anew = film.anew();
    anew.refresh();
    let lists: Vec<RepoPath> = film
        .files
        .keys()
        .filter(|path| path.as_str().starts_with("shots/"))
        .cloned()
        .collect();
    for path in lists {
        let kept = shot_list(film, &path);
        let kept = kept["shots"].as_array().expect("shots");
        if !kept.iter().any(|shot| shot["locked"] == true) {
            continue;
        }
        if !anew.files.contains_key(&path) {
            // Its scene was cut: the list stays for what is locked in it, and nothing is made of it.
            film.files.remove(&path);
            continue;
        }
        let mut list = shot_list(&anew, &path);
        let shots = list["shots"].as_array_mut().expect("shots");
        for (at, shot) in kept.iter().enumerate() {
            if shot["locked"] != true {
                continue;
            }
            let same = |id: &Value| {
                let id = id.clone();
                move |other: &Value| other["shot_id"] == id
            };
            if let Some(place) = shots.iter().position(same(&shot["shot_id"])) {
                shots[place] = shot.clone();
                continue;
            }
            // After the nearest of those before it that is there.
            let before = kept[..at].iter().rev();
            let after = before.filter_map(|one| shots.iter().position(same(&one["shot_id"])));
            let place = after.map(|place| place + 1).next().unwrap_or(0);
            shots.insert(place, shot.clone());
        }
        put_list(&mut anew, &path, &list);
    }
    anew.refresh();
    anew
}

fn walk_with_locks(name: &str, script: &str, steps: usize) {
    let seed = seed();
    println!("{name}: {steps} edits and locks with seed {seed}");
    let mut random = Random::new(seed);
    let mut film = Film::new(script).remembering();
    film.refresh();
    for step in 0..steps {
        let said = match random.below(4) {
            0 => lock(&mut film, &mut random),
            _ => edit(&mut film, &mut random),
        };
        let context = format!("{name}, seed {seed}, edit {step}: {said}");
        let locked = |film: &Film| -> Vec<Value> {
            let lists = film
                .files
                .keys()
                .filter(|path| path.as_str().starts_with("shots/"));
            let lists = lists.map(|path| shot_list(film, path));
            let shots =
                lists.flat_map(|list| list["shots"].as_array().cloned().unwrap_or_default());
            let mut locked: Vec<Value> = shots.filter(|shot| shot["locked"] == true).collect();
            // Where the lines of a shot were moved, it moves with them.
            locked.sort_by_key(|shot| shot["shot_id"].to_string());
            locked
        };
        let before = locked(&film);
        film.refresh();
        assert_eq!(before, locked(&film), "{context}\na locked shot changed");
        assert!(
            film.refresh().is_empty(),
            "{context}\na second run found something to do"
        );
        let anew = anew(&mut film).ids();
        assert_same(&context, &film.ids(), &anew);
    }
}

fn walk(name: &str, script: &str, steps: usize) {
    let seed = seed();
    println!("{name}: {steps} edits with seed {seed}");
    let mut random = Random::new(seed);
    let mut film = Film::new(script).remembering();
    film.refresh();
    for step in 0..steps {
        let before = film.ids();
        let said = edit(&mut film, &mut random);
        let edited = film.ids();
        let touched = film.refresh();
        let after = film.ids();
        let context = format!("{name}, seed {seed}, edit {step}: {said}");
        for path in &touched {
            assert_ne!(
                edited.get(path),
                after.get(path),
                "{context}\n{path} was made for nothing"
            );
        }
        assert!(
            film.refresh().is_empty(),
            "{context}\na second run found something to do"
        );
        let mut anew = film.anew();
        anew.refresh();
        assert_same(&context, &after, &anew.ids());
        drop(before);
    }
}

fn assert_same(
    context: &str,
    kept: &BTreeMap<RepoPath, aiut::object::FileId>,
    anew: &BTreeMap<RepoPath, aiut::object::FileId>,
) {
    let mut wrong: Vec<String> = Vec::new();
    for path in kept.keys().chain(anew.keys()) {
        if kept.get(path) != anew.get(path) {
            wrong.push(format!(
                "{path}: kept {:?}, anew {:?}",
                kept.get(path),
                anew.get(path)
            ));
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{context}\n{}", wrong.join("\n"));
}

#[test]
fn the_fixture_film_after_each_of_many_edits() {
    walk("night-ferry", &fixture("night-ferry"), edits(120));
}

#[test]
fn the_fixture_film_with_locked_shots_after_each_of_many_edits() {
    walk_with_locks("night-ferry", &fixture("night-ferry"), edits(40));
}

#[test]
fn a_short_screenplay_after_each_of_many_edits() {
    let Some(script) = screenplay("short/my-living-memory.fountain") else {
        return;
    };
    walk("my-living-memory", &script, edits(100));
}

#[test]
fn a_feature_after_each_of_many_edits() {
    let Some(script) = screenplay("feature/big-fish.screenplain.fountain") else {
        return;
    };
    // A plan of a whole feature from nothing, three times an edit: a few are minutes.
    walk("big-fish", &script, edits(12));
}

/// Other kinds of films: every odd cue, two languages, hardly a word.
#[test]
fn films_of_other_kinds_after_each_of_a_few_edits() {
    for name in ["dead-air", "schneegrenze", "low-water"] {
        walk(name, &fixture(name), edits(2));
    }
}

/// A word of the action changes what is made of its scene, and nothing else.
#[test]
fn a_changed_word_touches_its_scene_alone() {
    for name in ["dead-air", "schneegrenze", "low-water"] {
        let script = fixture(name);
        let mut film = Film::new(&script);
        film.refresh();
        let (before, after) = match name {
            "dead-air" => (
                "Forty goats in the headlamps",
                "Fifty goats in the headlamps",
            ),
            "schneegrenze" => ("Schnee, waagerecht.", "Schnee, senkrecht."),
            _ => ("The cage lurches.", "The cage shudders."),
        };
        assert_eq!(script.matches(before).count(), 1, "{name}");
        let lines = script[..script.find(before).expect("it stands there")].lines();
        let headings = lines.filter(|line| {
            let line = line.trim_start_matches('.');
            ["INT", "EXT", "EST"]
                .iter()
                .any(|word| line.starts_with(word))
        });
        let scene = headings.count();
        film.put("script.fountain", script.replace(before, after).as_bytes());
        let touched = film.refresh();
        // In `dead-air` the scenes carry their own numbers.
        let stem = match name {
            "dead-air" => "012A".to_owned(),
            _ => format!("{scene:03}"),
        };
        assert!(!touched.is_empty(), "{name}");
        for path in &touched {
            let file = path.as_str().rsplit('/').next().expect("a name");
            assert!(
                file.starts_with(&stem) || path.as_str() == "numbers.toml",
                "{name}: {path} was touched by a word of scene {stem}"
            );
        }
    }
}
