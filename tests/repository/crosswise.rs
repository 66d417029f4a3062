//! Two timelines that are edited and joined in every way, over screenplays, shot lists and bibles: what comes
//! out is what the edits come to, told from the edits themselves.

use std::collections::BTreeMap;

use aiut::workflow::repository::{self as commands, MergeOutcome, MergeRequest};
use proptest::prelude::*;

use super::transplant::NONE;
use super::world::{World, rae};

const SCRIPTS: [&str; 4] = [
    include_str!("../../fixtures/night-ferry/script.fountain"),
    include_str!("../../fixtures/low-water/script.fountain"),
    include_str!("../../fixtures/dead-air/script.fountain"),
    include_str!("../../fixtures/schneegrenze/script.fountain"),
];

const SCRIPT: &str = "draft.fountain";
const SHOTS: &str = "shots.json";
const BIBLE: &str = "bible.toml";

/// A place that one edit, and no other, is about.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Spot {
    /// A sentence of action, by its paragraph and its words.
    Sentence(usize, String),
    /// Behind a paragraph of action.
    Paragraph(usize),
    /// A field of a shot.
    Shot(usize, &'static str),
    /// Behind a shot.
    NewShot(usize),
    /// A field of the bible.
    Field(usize),
    /// Behind a field of the bible.
    NewField(usize),
}

fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n").map(str::to_owned).collect()
}

/// Paragraphs of plain action, none of which stands twice.
fn is_action(paragraph: &str, all: &[String]) -> bool {
    let is_plain = paragraph.lines().count() == 1
        && paragraph.ends_with('.')
        && paragraph.starts_with(char::is_uppercase)
        && !["INT", "EXT", "Title", ">"]
            .iter()
            .any(|start| paragraph.starts_with(start));
    is_plain && all.iter().filter(|other| *other == paragraph).count() == 1
}

const SHOT_FIELDS: [&str; 3] = ["size", "content", "lens"];

fn shots() -> String {
    let shots = (1..=8).map(|n| {
        let fields = SHOT_FIELDS.map(|field| format!("      \"{field}\": \"{field} {n}\""));
        format!(
            "    {{\n      \"shot_id\": \"012_{n:03}\",\n{}\n    }}",
            fields.join(",\n")
        )
    });
    format!(
        "{{\n  \"shots\": [\n{}\n  ]\n}}\n",
        shots.collect::<Vec<_>>().join(",\n")
    )
}

fn bible() -> String {
    let mut text = String::from("# One of the cast.\n\n");
    for n in 0..12 {
        if n % 4 == 0 && n > 0 {
            text += &format!("\n[table{n}]\n");
        }
        text += &format!("# About {n}.\nfield{n} = \"value {n}\" # so far\n");
    }
    text
}

/// Every place of the three files, in an order that follows from the seed.
fn spots(script: &str, seed: u64) -> Vec<Spot> {
    let all = paragraphs(script);
    let mut spots = Vec::new();
    for (at, paragraph) in all.iter().enumerate() {
        if !is_action(paragraph, &all) {
            continue;
        }
        spots.push(Spot::Paragraph(at));
        let sentences: Vec<_> = paragraph.split_inclusive(". ").collect();
        for sentence in &sentences {
            let once = sentences
                .iter()
                .filter(|other| other.trim() == sentence.trim())
                .count();
            if once == 1 && sentence.trim().ends_with('.') {
                spots.push(Spot::Sentence(at, sentence.trim().to_owned()));
            }
        }
    }
    for n in 1..=8 {
        spots.extend(SHOT_FIELDS.map(|field| Spot::Shot(n, field)));
        spots.push(Spot::NewShot(n));
    }
    for n in 0..12 {
        spots.extend([Spot::Field(n), Spot::NewField(n)]);
    }
    let mut state = seed | 1;
    let mut order: Vec<(u64, Spot)> = Vec::new();
    for spot in spots {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        order.push((state >> 20, spot));
    }
    order.sort_by_key(|(place, _)| *place);
    order.into_iter().map(|(_, spot)| spot).collect()
}

/// The file that a place lies in, and what it holds with the edit of this number made.
fn edited(
    spot: &Spot,
    number: usize,
    script: &str,
    read: &dyn Fn(&str) -> String,
) -> (&'static str, String) {
    let original = paragraphs(script);
    match spot {
        Spot::Sentence(_, sentence) => {
            let text = read(SCRIPT);
            let new = format!("Edit {number} happens here instead.");
            (SCRIPT, text.replacen(sentence.as_str(), &new, 1))
        }
        Spot::Paragraph(at) => {
            // Its sentences may be others by now: the paragraph before which it stands is not looked for, its
            // own beginning or any edit of it is.
            let mut found = paragraphs(&read(SCRIPT));
            let wanted = &original[*at];
            let first = wanted.split(". ").next().unwrap_or_default();
            let place = found
                .iter()
                .position(|one| one.contains(first) || one == wanted);
            let place = place.unwrap_or(found.len() - 1);
            found.insert(place + 1, format!("New {number} comes in from the rain."));
            (SCRIPT, found.join("\n\n"))
        }
        Spot::Shot(n, field) => {
            let text = read(SHOTS);
            let new = format!("\"{field}\": \"edit {number}\"");
            (
                SHOTS,
                text.replacen(&format!("\"{field}\": \"{field} {n}\""), &new, 1),
            )
        }
        Spot::NewShot(n) => {
            let text = read(SHOTS);
            let start = text.find(&format!("\"012_{n:03}\"")).expect("the shot");
            let end = start + text[start..].find('}').expect("its end") + 1;
            let shot = format!(",\n    {{\n      \"shot_id\": \"new {number}\"\n    }}");
            (SHOTS, format!("{}{shot}{}", &text[..end], &text[end..]))
        }
        Spot::Field(n) => {
            let text = read(BIBLE);
            (
                BIBLE,
                text.replacen(&format!("\"value {n}\""), &format!("\"edit {number}\""), 1),
            )
        }
        Spot::NewField(n) => {
            let text = read(BIBLE);
            let start = text.find(&format!("\nfield{n} = ")).expect("the field") + 1;
            let end = start + text[start..].find('\n').expect("its end") + 1;
            (
                BIBLE,
                format!("{}x_new{number} = 1\n{}", &text[..end], &text[end..]),
            )
        }
    }
}

/// What is compared of the files: everything but where insertions stand among each other.
fn told(files: &BTreeMap<String, String>) -> (Vec<String>, serde_json::Value, toml::Table) {
    let mut parts: Vec<String> = paragraphs(&files[SCRIPT])
        .iter()
        .map(|one| one.trim().to_owned())
        .collect();
    let is_new = |one: &String| one.starts_with("New ");
    let mut new: Vec<String> = parts.iter().filter(|one| is_new(one)).cloned().collect();
    parts.retain(|one| !is_new(one));
    new.sort();
    parts.extend(new);
    let mut shots: serde_json::Value = serde_json::from_str(&files[SHOTS]).expect("JSON");
    let list = shots["shots"].as_array_mut().expect("a list");
    let is_new = |shot: &serde_json::Value| {
        shot["shot_id"]
            .as_str()
            .is_some_and(|id| id.starts_with("new"))
    };
    list.sort_by_key(|shot| match is_new(shot) {
        true => shot["shot_id"].as_str().map(str::to_owned),
        false => None,
    });
    (parts, shots, files[BIBLE].parse().expect("TOML"))
}

fn merge(world: &World, revision: &str) -> MergeOutcome {
    let request = MergeRequest {
        revision,
        called: None,
        only_fast_forward: false,
        no_fast_forward: true,
        squash: false,
        message: None,
    };
    let outcome = commands::merge(
        &world.project,
        &world.caller("merge"),
        &rae(),
        request,
        &NONE,
    );
    outcome.unwrap()
}

/// What is done next.
#[derive(Debug, Clone, Copy)]
enum Step {
    Edit {
        on_other: bool,
        edits: usize,
    },
    Take {
        into_other: bool,
    },
    /// Each takes what the other had before.
    Cross,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => (any::<bool>(), 1usize..5).prop_map(|(on_other, edits)| Step::Edit { on_other, edits }),
        1 => any::<bool>().prop_map(|into_other| Step::Take { into_other }),
        2 => Just(Step::Cross),
    ];
    prop::collection::vec(step, 3..9)
}

fn stand_on(world: &World, other: bool) {
    let name = if other { "other" } else { "main" };
    let stands = commands::current(&world.project).unwrap();
    if stands.timeline.as_deref() != Some(name) {
        world.switch(name).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 60, failure_persistence: None, ..Default::default() })]

    #[test]
    fn edits_of_different_things_all_survive(which in 0usize..4, seed in any::<u64>(), steps in steps()) {
        let script = SCRIPTS[which];
        let (shots, bible) = (shots(), bible());
        let world = World::with(&[(SCRIPT, script), (SHOTS, &shots), (BIBLE, &bible)]);
        world.fork("other");
        let mut left = spots(script, seed).into_iter().enumerate();
        let mut done: Vec<(usize, Spot)> = Vec::new();
        for step in steps.into_iter().chain([Step::Cross, Step::Take { into_other: false }]) {
            match step {
                Step::Edit { on_other, edits } => {
                    stand_on(&world, on_other);
                    for (number, spot) in left.by_ref().take(edits) {
                        let (file, text) = edited(&spot, number, script, &|path| world.read(path));
                        prop_assert_ne!(&text, &world.read(file), "{:?} changes nothing", spot);
                        world.write(file, &text);
                        done.push((number, spot));
                    }
                    world.commit("Edits");
                }
                Step::Take { into_other } => {
                    stand_on(&world, into_other);
                    let from = if into_other { "main" } else { "other" };
                    prop_assert_eq!(merge(&world, from).conflicts, vec![]);
                }
                Step::Cross => {
                    stand_on(&world, false);
                    let old = world.head().expect("a commit").to_string();
                    prop_assert_eq!(merge(&world, "other").conflicts, vec![]);
                    stand_on(&world, true);
                    prop_assert_eq!(merge(&world, &old).conflicts, vec![]);
                }
            }
        }
        // The same edits made one after the other to the files alone.
        let mut expected: BTreeMap<String, String> = [(SCRIPT, script), (SHOTS, &shots), (BIBLE, &bible)]
            .map(|(path, text)| (path.to_owned(), text.to_owned()))
            .into();
        for (number, spot) in &done {
            let (file, text) = edited(spot, *number, script, &|path| expected[path].clone());
            expected.insert(file.to_owned(), text);
        }
        stand_on(&world, false);
        let found = world.files();
        prop_assert_eq!(told(&found), told(&expected));
        stand_on(&world, true);
        prop_assert_eq!(told(&world.files()), told(&expected));
    }
}
