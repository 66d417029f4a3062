//! Two versions of a screenplay, compared and joined by scene, paragraph and sentence.

use std::collections::{BTreeMap, BTreeSet};

use aiut_film::fountain::parse;
use aiut_film::versions::{
    Choice, MergedScript, SceneFate, ScriptChange, UnitKind, compare_scripts, merge_scripts, settle,
};

use super::random::Random;

const BASE: &str = "\
Title: Ferry

FADE IN:

INT. CABIN - NIGHT

Mila sits by the window. The rain stops. A bell rings.

MILA
(softly)
We are late.

JONAS
We are not.

Jonas takes his coat. He leaves.

EXT. DECK - NIGHT

Wind. Jonas leans on the rail.

JONAS
Cold.

INT. ENGINE ROOM - NIGHT

The engine stops.

CUT TO:

EXT. HARBOUR - DAY

The ferry arrives.
";

fn joined(ours: &str, theirs: &str) -> String {
    let merged = merge(BASE, ours, theirs);
    assert_eq!(merged.places, [], "{}", merged.text);
    let again = merge(BASE, theirs, ours);
    assert_eq!(again.text, merged.text, "the sides in the other order");
    merged.text
}

fn merge(base: &str, ours: &str, theirs: &str) -> MergedScript {
    merge_scripts(base, ours, theirs).expect("it is read as it was put together")
}

fn edit(from: &str, to: &str) -> String {
    let edited = BASE.replacen(from, to, 1);
    assert_ne!(edited, BASE, "{from} is in the script");
    edited
}

/// The script with its scenes in this order.
fn reordered(order: &[usize]) -> String {
    let starts: Vec<usize> = ["INT. CABIN", "EXT. DECK", "INT. ENGINE", "EXT. HARBOUR"]
        .iter()
        .map(|heading| BASE.find(heading).expect("it is a heading"))
        .collect();
    let scene = |at: &usize| &BASE[starts[*at]..starts.get(at + 1).copied().unwrap_or(BASE.len())];
    let scenes: Vec<_> = order.iter().map(|at| scene(at).trim_end()).collect();
    format!("{}{}\n", &BASE[..starts[0]], scenes.join("\n\n"))
}

#[test]
fn an_unchanged_side_gives_the_other() {
    for edited in [
        edit("late", "early"),
        reordered(&[0, 2, 1, 3]),
        edit("CUT TO:\n\n", ""),
    ] {
        assert_eq!(joined(BASE, &edited), edited);
    }
    assert_eq!(joined(BASE, BASE), BASE);
}

#[test]
fn neighbouring_edits_are_both_kept() {
    let ours = edit("We are late.", "We are too late.");
    let theirs = edit("(softly)", "(loudly)");
    let both = ours.replace("(softly)", "(loudly)");
    assert_eq!(joined(&ours, &theirs), both);
    // In one paragraph, and in the paragraphs beside it.
    let ours = edit("sits by", "stands at").replace("MILA\n", "MILA (O.S.)\n");
    let theirs = edit("A bell rings", "A phone rings").replace("We are not.", "We are.");
    let both = ours
        .replace("A bell rings", "A phone rings")
        .replace("We are not.", "We are.");
    assert_eq!(joined(&ours, &theirs), both);
}

#[test]
fn a_scene_that_one_moved_is_the_one_that_the_other_edited() {
    let ours = reordered(&[0, 2, 1, 3]);
    let theirs = edit("Cold.", "Freezing.");
    assert_eq!(joined(&ours, &theirs), ours.replace("Cold.", "Freezing."));
}

#[test]
fn both_insert_scenes_at_one_place() {
    let with = |scene: &str| edit("EXT. DECK", &format!("{scene}\n\nEXT. DECK"));
    let ours = with("INT. STAIRS - NIGHT\n\nJonas runs up the stairs.");
    let theirs = with("INT. GALLEY - NIGHT\n\nThe cook drops a plate.");
    let merged = merge(BASE, &ours, &theirs);
    assert_eq!(merged.places, []);
    let place = |words: &str| merged.text.find(words).expect("both are there");
    assert!(place("He leaves") < place("STAIRS") && place("STAIRS") < place("GALLEY"));
    assert!(place("GALLEY") < place("EXT. DECK"));
    // The very same scene is inserted once.
    assert_eq!(joined(&ours, &ours), ours);
}

#[test]
fn both_add_lines_to_one_scene() {
    let ours = edit("EXT. DECK", "MILA (V.O.)\nHe never came back.\n\nEXT. DECK");
    let theirs = edit("Wind. Jonas", "A gull cries.\n\nWind. Jonas");
    let both = ours.replace("Wind. Jonas", "A gull cries.\n\nWind. Jonas");
    assert_eq!(joined(&ours, &theirs), both);
}

#[test]
fn what_one_cut_and_the_other_wrote_anew_past_recognition_shows_both() {
    let base = "INT. BARN - DAY\n\nA goat.\n\nINES\nDon't count. I know the number.\n\nMILA\nI'm not counting.\n\n\
                Rain on the roof.\n\nEXT. ROAD - DAY\n\nDust.\n\nEXT. SHORE - DAY\n\nWaves.\n";
    for (cut, anew) in [
        // A speech that became action, a sentence of one, a scene.
        ("MILA\nI'm not counting.\n\n", "A rope breaks below.\n\n"),
        (" I know the number.", " Hold the rope."),
        (
            "EXT. ROAD - DAY\n\nDust.\n\n",
            "INT. CHAPEL - NIGHT\n\nCandles burn low.\n\n",
        ),
    ] {
        let (ours, theirs) = (base.replace(cut, ""), base.replace(cut, anew));
        for (first, second) in [(&ours, &theirs), (&theirs, &ours)] {
            let merged = merge(base, first, second);
            assert_eq!(merged.places.len(), 1, "{}", merged.text);
        }
    }
    // What came in elsewhere is kept.
    let ours = base.replace("MILA\nI'm not counting.\n\n", "");
    let theirs = ours.replace("A goat.", "A goat.\n\nA hen.");
    assert_eq!(merge(base, &ours, &theirs).text, theirs);
}

#[test]
fn what_one_cut_and_the_other_changed_shows_both() {
    let ours = reordered(&[0, 1, 3]);
    let theirs = edit("The engine stops.", "The engine stops. Silence.");
    for (first, second) in [(&ours, &theirs), (&theirs, &ours)] {
        let merged = merge(BASE, first, second);
        let [place] = merged.places.as_slice() else {
            panic!("one place: {:?}", merged.places);
        };
        assert_eq!(place.kind, UnitKind::Heading);
        assert!(
            merged
                .text
                .contains("INT. ENGINE ROOM - NIGHT\n\nThe engine stops. Silence.")
        );
        assert!(place.base.is_some());
        let kept = if first == &ours {
            Choice::Theirs
        } else {
            Choice::Ours
        };
        let gone = if first == &ours {
            Choice::Ours
        } else {
            Choice::Theirs
        };
        assert_eq!(
            settle(&merged.text, place.number, kept).as_deref(),
            Some(theirs.as_str())
        );
        assert_eq!(
            settle(&merged.text, place.number, gone).as_deref(),
            Some(ours.as_str())
        );
    }
    // Cut and not changed, it is gone.
    assert_eq!(
        joined(&ours, &edit("late", "early")),
        ours.replace("late", "early")
    );
}

#[test]
fn the_same_words_changed_twice_are_one_place() {
    let ours = edit("We are late.", "We are early.");
    let theirs =
        edit("We are late.", "We made it.").replace("The ferry arrives", "The ferry sinks");
    let merged = merge(BASE, &ours, &theirs);
    let [place] = merged.places.as_slice() else {
        panic!("one place: {:?}", merged.places);
    };
    assert_eq!(place.kind, UnitKind::Speech);
    assert_eq!(place.heading.as_deref(), Some("INT. CABIN - NIGHT"));
    assert_eq!(
        place.ours.as_deref(),
        Some("MILA\n(softly)\nWe are early.\n")
    );
    assert_eq!(
        place.theirs.as_deref(),
        Some("MILA\n(softly)\nWe made it.\n")
    );
    let line = merged
        .text
        .lines()
        .nth(usize::try_from(place.line - 1).expect("small"));
    assert_eq!(line, Some("[[conflict 1: ours]]"));
    let sunk = ours.replace("The ferry arrives", "The ferry sinks");
    assert_eq!(
        settle(&merged.text, 1, Choice::Ours).as_deref(),
        Some(sunk.as_str())
    );
    let theirs_text = settle(&merged.text, 1, Choice::Theirs);
    assert_eq!(theirs_text.as_deref(), Some(theirs.as_str()));
    // It stays Fountain: nothing of the marks is filmed.
    let script = parse(&merged.text);
    assert!(
        script
            .elements
            .iter()
            .filter(|found| found.kind.is_filmed())
            .all(|found| !found.text.contains("conflict"))
    );
}

#[test]
fn two_rewritings_of_one_paragraph_are_never_both_kept() {
    let ours = edit(
        "Jonas takes his coat. He leaves.",
        "He slams the door behind him.",
    );
    let theirs = edit(
        "Jonas takes his coat. He leaves.",
        "Nobody moves for a while.",
    );
    assert_eq!(merge(BASE, &ours, &theirs).places.len(), 1);
    // Also where one of them is of another kind.
    let theirs = edit("Jonas takes his coat. He leaves.", "JONAS\nGoodbye.");
    assert_eq!(merge(BASE, &ours, &theirs).places.len(), 1);
}

#[test]
fn a_new_scene_is_not_the_one_whose_heading_went() {
    let base = "EXT. STREET - NIGHT\n\nShe rides off.\n\nEXT. SHOP - NIGHT\n\nINT. BEDROOM - DAY\n\nMAYA\nHello there.\n";
    // Ours writes a scene under a heading that theirs takes from another one.
    let ours = base.replace("EXT. SHOP", "INT. BEDROOM - DAY\n\nEXT. SHOP");
    let theirs = base.replace("INT. BEDROOM - DAY", "BACK TO SCENE");
    let both = base
        .replace("INT. BEDROOM - DAY", "BACK TO SCENE")
        .replace("EXT. SHOP", "INT. BEDROOM - DAY\n\nEXT. SHOP");
    for (one, other) in [(&ours, &theirs), (&theirs, &ours)] {
        let merged = merge(base, one, other);
        assert_eq!((merged.text, merged.places), (both.clone(), vec![]));
    }
}

#[test]
fn a_renamed_speaker_and_new_words_go_together() {
    let ours = BASE.replace("JONAS", "JON").replace("Jonas", "Jon");
    let theirs = edit("Cold.", "Cold as ice.");
    assert_eq!(
        joined(&ours, &theirs),
        ours.replace("Cold.", "Cold as ice.")
    );
}

#[test]
fn a_comparison_speaks_of_scenes() {
    let new = reordered(&[0, 2, 1])
        .replace("JONAS\nWe are not.", "PILOT\nWe are not.")
        .replace("The rain stops. ", "");
    let diff = compare_scripts(BASE, &new);
    let fates: Vec<_> = diff
        .scenes
        .iter()
        .map(|scene| (scene.fate, scene.moved))
        .collect();
    assert!(fates.contains(&(SceneFate::Changed, false)));
    assert!(fates.contains(&(SceneFate::Cut, false)));
    assert_eq!(
        fates
            .iter()
            .filter(|(fate, _)| *fate == SceneFate::Moved)
            .count(),
        1
    );
    let cabin = &diff.scenes[0];
    let whats: Vec<_> = cabin
        .changes
        .iter()
        .map(|change| (change.what, change.kind))
        .collect();
    let expected = [
        (ScriptChange::Changed, UnitKind::Action),
        (ScriptChange::Speaker, UnitKind::Speech),
    ];
    assert_eq!(whats, expected);
    assert_eq!(
        (
            cabin.speakers_gained.as_slice(),
            cabin.speakers_lost.as_slice()
        ),
        (&["PILOT".to_owned()][..], &["JONAS".to_owned()][..])
    );
    assert_eq!(cabin.changes[0].old_line, Some(7));
    assert!(compare_scripts(BASE, BASE).is_empty());
    assert!(compare_scripts(BASE, &BASE.replace("\n\nJONAS", "\n\n\nJONAS")).is_empty());
}

#[test]
fn a_scene_that_was_split_says_of_which_it_is_a_part() {
    let new = edit(
        "Jonas takes his coat.",
        "INT. CORRIDOR - NIGHT\n\nJonas takes his coat.",
    );
    let diff = compare_scripts(BASE, &new);
    let added = diff
        .scenes
        .iter()
        .find(|scene| scene.fate == SceneFate::Added);
    assert_eq!(added.and_then(|scene| scene.split_from), Some(0));
    let back = compare_scripts(&new, BASE);
    let cut = back
        .scenes
        .iter()
        .find(|scene| scene.fate == SceneFate::Cut);
    assert_eq!(cut.and_then(|scene| scene.merged_into), Some(0));
}

/// A random edit of a script by whole lines and words.
fn edited(text: &str, random: &mut Random) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..1 + random.below(4) {
        if lines.is_empty() {
            break;
        }
        let at = random.below(lines.len());
        match random.below(3) {
            0 => drop(lines.remove(at)),
            1 => lines.insert(
                at,
                ["", "Rain.", "MILA", "EXT. SEA - DAY", "(beat)", "[[note]]"][random.below(6)]
                    .to_owned(),
            ),
            _ => lines[at].push_str(" And more."),
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn over_random_edits_nothing_is_lost_and_sides_are_alike() {
    let mut random = Random::new(20);
    let mut by_lines = 0;
    for _ in 0..400 {
        let (ours, theirs) = (edited(BASE, &mut random), edited(BASE, &mut random));
        for side in [&ours, &theirs] {
            let merged = merge(BASE, side, BASE);
            assert_eq!(shape(&merged.text), shape(side), "{side}");
        }
        let (Some(a), Some(b)) = (
            merge_scripts(BASE, &ours, &theirs),
            merge_scripts(BASE, &theirs, &ours),
        ) else {
            by_lines += 1;
            continue;
        };
        assert_eq!(
            a.places.len(),
            b.places.len(),
            "ours\n{ours}\ntheirs\n{theirs}"
        );
        if a.places.is_empty() {
            // Of each sentence there are as many as both edits come to; the same edit made by both
            // counts once or twice.
            let counts = [BASE, &ours, &theirs, &a.text].map(sentences);
            let all: BTreeSet<&String> = counts.iter().flat_map(BTreeMap::keys).collect();
            for sentence in all {
                let [base, our, their, merged] = counts
                    .each_ref()
                    .map(|counts| counts.get(sentence).copied().unwrap_or(0));
                let (we, they) = (our - base, their - base);
                let fits = merged == base + we + they || (we == they && merged == base + we);
                assert!(
                    fits,
                    "{sentence:?}: {base} {our} {their}, {merged}\nours\n{ours}\ntheirs\n{theirs}\nmerged\n{}",
                    a.text
                );
            }
        }
    }
    assert!(by_lines < 40, "{by_lines} of 400 are left to lines");
}

/// How often each sentence of what is filmed stands in a script.
fn sentences(text: &str) -> BTreeMap<String, i32> {
    let mut counts = BTreeMap::new();
    for element in shape(text) {
        for sentence in element.split(['.', '\n']) {
            let words = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
            if !words.is_empty() {
                *counts.entry(words).or_default() += 1;
            }
        }
    }
    counts
}

fn shape(text: &str) -> Vec<String> {
    parse(text)
        .elements
        .into_iter()
        .map(|element| element.text)
        .collect()
}
