//! Sizes and lengths by what is done, and what a scene opens on.

use super::engine_common::film;
use aiut_film::shots::Shot;
use aiut_film::words::{ShotSize, Trigger};

fn shots(text: &str) -> Vec<Shot> {
    let all = film(text).scenes.into_iter();
    all.flat_map(|scene| scene.list.shots).collect()
}

#[track_caller]
fn find(shots: &[Shot], part: &str) -> Shot {
    let found = shots.iter().find(|shot| shot.content.contains(part));
    found.unwrap_or_else(|| panic!("{part}")).clone()
}

/// So much of people is seen as what they do needs, whatever else makes a shot closer.
#[test]
fn whoever_uses_all_of_the_body_is_seen_whole() {
    let all = shots(
        "INT. HALL - DAY\n\nA long hall with a stage at its end and a hundred chairs.\n\nMARA\nHello.\n\n\
         Mara counts on her fingers. At six she runs.\n\nMARA\nSix!\n\n\
         Mara smiles and crawls under the stage.\n\nMARA\nGone.\n\n\
         Mara runs a finger along the wall, her eyes narrow.\n\nMARA\nDust.\n",
    );
    assert_eq!(find(&all, "At six").shot_type, ShotSize::Fs);
    assert_eq!(find(&all, "crawls").shot_type, ShotSize::Fs);
    let finger = find(&all, "runs a finger").shot_type;
    assert!(finger >= ShotSize::Mcu, "{finger}");
}

#[test]
fn two_who_fight_need_more_room_than_two_who_talk() {
    let all = shots(
        "EXT. YARD - DAY\n\nA yard behind a wall, wet and empty but for crates.\n\nMARA\nYou.\n\nTOBIN\nMe.\n\n\
         Mara wrestles with Tobin.\n\nTOBIN\nStop.\n\nTobin looks at Mara.\n",
    );
    assert_eq!(find(&all, "wrestles").shot_type, ShotSize::Fs);
    assert_eq!(find(&all, "looks at").shot_type, ShotSize::TwoShot);
}

/// What happens one after the other is not seen in the time of one thing.
#[test]
fn several_things_take_longer_than_one() {
    let all = shots(
        "EXT. ROAD - DAY\n\nMara waits by the car.\n\nMARA\nWell?\n\n\
         She takes the maps. She gets in. She drives on.\n\nMARA\nNorth.\n\nShe nods.\n",
    );
    let (three, one) = (find(&all, "takes the maps"), find(&all, "nods"));
    assert!(
        three.duration >= 24 * 4,
        "{} {}",
        three.content,
        three.duration
    );
    assert!(one.duration < 24 * 3, "{}", one.duration);
}

/// A scene opens on what happens first, and on no picture of its heading alone.
#[test]
fn no_shot_says_the_heading_alone() {
    let all = shots(
        "INT. DINING ROOM - NIGHT\n\nMara and Tobin sit at opposite ends of the table. Neither eats.\n\n\
         MARA\nSoup?\n\nTOBIN\nNo, thank you.\n\nMARA\nBread?\n\nTOBIN\nNo.\n\nMARA\nWine, then, if you like it red.\n\n\
         TOBIN\nI like it very much, and you know that.\n\nMARA\nThen drink it.\n\nTobin drinks.\n",
    );
    let first = &all[0];
    assert!(first.content.contains("opposite ends"), "{}", first.content);
    assert_eq!(
        (first.trigger, first.shot_type),
        (Trigger::Action, ShotSize::Ws)
    );
    assert!(
        all.iter()
            .all(|shot| !shot.content.starts_with("The dining room"))
    );
}

/// A scene that opens on words shows all who are there.
#[test]
fn words_that_open_a_scene_are_seen_wide() {
    let all = shots("INT. CELL - DAY\n\nMARA\nOne day.\n\nTOBIN\nTwo.\n\nMARA\nThree.\n");
    assert_eq!(
        (all[0].trigger, all[0].shot_type),
        (Trigger::Dialogue, ShotSize::Ws)
    );
}

#[test]
fn transitions_and_ends_of_other_languages_are_no_shots() {
    let all = shots(
        "INT. STELLWERK - NACHT\n\nMara radiert das Fragezeichen aus.\n\nRÜCKBLENDE - BAHNSTEIG - TAG (1962)\n\n\
         Tobin winkt.\n\nENDE DER RÜCKBLENDE.\n\nMara lacht.\n\nFONDU AU NOIR.\n",
    );
    let contents: Vec<&str> = all.iter().map(|shot| shot.content.as_str()).collect();
    assert!(
        contents
            .iter()
            .all(|one| !one.contains("FONDU") && !one.contains("ENDE")),
        "{contents:?}"
    );
}

/// What somebody does with the body is in no picture of a thing.
#[test]
fn a_thing_does_not_take_over_the_shot_of_somebody() {
    let all = shots(
        "INT. CAB - NIGHT\n\nThe water has found the pedals.\n\nMARA\nNo.\n\nMara folds the drawing. The radio reads the news.\n",
    );
    assert_ne!(find(&all, "folds").shot_type, ShotSize::Insert);
}

/// Who looks, and what is seen, are two pictures.
#[test]
fn what_somebody_sees_is_a_shot_of_its_own() {
    let film = film(
        "EXT. BEND - DAY\n\nNoor stands in the water.\n\nNOOR\nThere.\n\n\
         Noor sees an iron ladder in the wall, the lowest rung far up. She makes a step of her hands.\n\nNOOR\nUp.\n\n\
         Noor looks at Jonah as one looks at a magician.\n\nJONAH\nAnd you?\n",
    );
    let scene = &film.scenes[0];
    let shots = &scene.list.shots;
    let at = shots.iter().position(|shot| shot.content == "Noor sees");
    let at = at.expect("Noor looks in a shot of her own");
    let seen = &shots[at + 1];
    assert_eq!(
        seen.content,
        "an iron ladder in the wall, the lowest rung far up."
    );
    assert_eq!(
        (seen.trigger, seen.characters_in_frame.len()),
        (Trigger::Pov, 0)
    );
    let prompt = |at: usize| scene.requests[at].frame.prompt.as_str();
    assert!(
        prompt(at).contains("Noor sees something outside the frame."),
        "{}",
        prompt(at)
    );
    assert!(
        prompt(at + 1).contains("An iron ladder in the wall"),
        "{}",
        prompt(at + 1)
    );
    assert!(
        shots[at + 2].content.starts_with("She makes"),
        "{}",
        shots[at + 2].content
    );
    // Whom somebody looks at is there.
    assert!(
        shots
            .iter()
            .any(|shot| shot.content.contains("looks at Jonah as"))
    );
}

/// Nobody looks over a shoulder where all look ahead.
#[test]
fn people_who_do_not_face_each_other_are_seen_side_by_side() {
    let lines =
        "MARA\nLeft.\n\nTOBIN\nRight.\n\nMARA\nLeft, I said.\n\nTOBIN\nRight, said the map.\n\n";
    let car = shots(&format!(
        "INT. CAR - DAY\n\nMara drives, Tobin beside her.\n\n{lines}"
    ));
    assert!(car.iter().all(|shot| shot.shot_type != ShotSize::Ots));
    let room = shots(&format!(
        "INT. ROOM - DAY\n\nMara and Tobin sit at a table.\n\n{lines}"
    ));
    assert!(room.iter().any(|shot| shot.shot_type == ShotSize::Ots));
    let behind = shots(&format!(
        "INT. ROOM - DAY\n\nTobin stands behind Mara.\n\n{lines}Tobin turns to Mara.\n\n{lines}"
    ));
    let turns = behind
        .iter()
        .position(|shot| shot.content.contains("turns to"));
    let (before, after) = behind.split_at(turns.expect("he turns"));
    let over = |shots: &[Shot]| shots.iter().any(|shot| shot.shot_type == ShotSize::Ots);
    assert!(!over(before) && over(after));
}

/// Small things are seen close, in a montage too.
#[test]
fn small_things_are_seen_close() {
    let all = shots(
        "EXT. WALL - DAY\n\nMara climbs.\n\nMARA\nUp.\n\nA hand comes out of the dark and takes hold of a rope.\n\n\
         MONTAGE - THE CLIMB\n\n-- A rung breaks.\n-- Two pairs of boots, one without a heel, over the edge.\n-- The sun sets over the sea.\n\nEND OF MONTAGE\n",
    );
    for part in ["A hand", "A rung", "Two pairs"] {
        assert_eq!(find(&all, part).shot_type, ShotSize::Insert, "{part}");
    }
    assert_ne!(find(&all, "The sun").shot_type, ShotSize::Insert);
}

/// Of `INT./EXT.` each shot shows one side.
#[test]
fn of_both_sides_a_shot_shows_one() {
    let film = film(
        "INT./EXT. LORRY - CAB / FORD - NIGHT\n\nThe water has found the pedals.\n\nPAVEL\nYes, boss.\n\n\
         Pavel opens the door and climbs out.\n\nPAVEL\nAh.\n",
    );
    let scene = &film.scenes[0];
    let side = |part: &str| {
        let at = scene.list.shots.iter().position(|shot| {
            shot.content.contains(part) || shot.dialogue_text.as_deref() == Some(part)
        });
        scene.requests[at.unwrap_or_else(|| panic!("{part}"))]
            .frame
            .prompt
            .as_str()
    };
    for part in ["pedals", "Yes, boss.", "climbs out"] {
        let prompt = side(part);
        assert!(prompt.contains("cab, interior, at night"), "{prompt}");
    }
    let prompt = side("Ah.");
    assert!(
        prompt.contains("Setting: ford, exterior, at night"),
        "{prompt}"
    );
    assert!(!prompt.contains("interior"), "{prompt}");
}

/// What the action says of the time wins over the heading, from there on.
#[test]
fn the_time_that_the_action_tells_wins() {
    let film = film(
        "EXT. FIELD - DAY\n\nMara digs a hole by the fence.\n\nThe sun sets. She digs.\n\nMARA\nDone.\n\nEXT. ROAD - DAY\n\nMara walks.\n",
    );
    let prompts = |scene: usize| {
        film.scenes[scene]
            .requests
            .iter()
            .map(|one| one.frame.prompt.as_str())
    };
    let first: Vec<&str> = prompts(0).collect();
    assert!(first[0].contains("in daylight"), "{}", first[0]);
    assert!(
        first[1..].iter().all(|prompt| prompt.contains("at dusk")),
        "{first:?}"
    );
    assert!(prompts(1).all(|prompt| prompt.contains("in daylight")));
}

/// A parenthetical of another language is told in the words of the prompt.
#[test]
fn parentheticals_of_other_languages_are_in_english() {
    let film = film(
        "INT. CABINE - NUIT\n\nÉlodie et Anna attendent.\n\nÉLODIE\n(à voix basse)\nRien.\n\nANNA\n(zu Élodie)\nNichts.\n",
    );
    let prompts: Vec<&str> = film.scenes[0]
        .requests
        .iter()
        .map(|one| one.video.prompt.as_str())
        .collect();
    let all = prompts.join("\n");
    assert!(
        all.contains("in a low voice") && all.contains("to Élodie"),
        "{all}"
    );
    assert!(!all.contains("voix basse") && !all.contains("zu "), "{all}");
}
