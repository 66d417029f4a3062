//! Cast, breakdown, looks and continuity on small scripts.

use std::collections::BTreeMap;

use super::engine_common::{Film, film};
use aiut_film::bible::CharacterRecord;
use aiut_film::cast::{Cast, Gender, NameKind};
use aiut_film::continuity::{Rule, SceneFacts, check, mirror};
use aiut_film::fountain;
use aiut_film::words::{Place, TimeOfDay};

fn tags(film: &Film, scene: usize, who: &str) -> Vec<String> {
    let asset = &film.scenes[scene].looks.assets[who];
    asset
        .conditions
        .iter()
        .map(|state| state.tag.clone())
        .collect()
}

fn findings(film: &Film) -> Vec<(Rule, String)> {
    let facts: Vec<SceneFacts<'_>> = film
        .scenes
        .iter()
        .map(|scene| SceneFacts {
            breakdown: &scene.breakdown,
            looks: &scene.looks,
            shots: Some(&scene.list),
        })
        .collect();
    check(&facts)
        .into_iter()
        .map(|found| (found.rule, found.asset))
        .collect()
}

#[test]
fn names_that_mean_one_person_are_one_character() {
    let script = fountain::parse(
        "INT. BAR - DAY\n\nDICK STEEL, 50, a retired cop, sits beside his wife, ROSE. A WAITRESS waits.\n\n\
         STEEL\nHello, Josephine.\n\nJOSEPHINE\nHi.\n\nJOSEPHINE\nHi.\n\nJOSEPHINE\nHi.\n\nJOSEPHINE\nHi.\n\n\
         JOSEPHINE\nHi.\n\nJOSEHPINE\nHi again.\n\nSTEEL AND ROSE\nBye.\n\nWAITRESS (O.S.)\nBye!\n",
    );
    let bible = BTreeMap::from([(
        "josephine".to_owned(),
        CharacterRecord::parse("pronouns = 'they'\naliases = ['Jo Jo']").unwrap(),
    )]);
    let cast = Cast::from_script(&script, &bible);
    let names: Vec<&str> = cast
        .characters
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(names, ["JOSEPHINE", "ROSE", "STEEL", "WAITRESS"]);
    let steel = cast.get("STEEL").unwrap();
    assert_eq!(
        (steel.full_name.as_str(), steel.gender, steel.kind),
        ("DICK STEEL", Gender::Male, NameKind::Named)
    );
    assert_eq!(cast.get("ROSE").unwrap().gender, Gender::Female);
    assert_eq!(cast.get("WAITRESS").unwrap().kind, NameKind::Role);
    assert_eq!(cast.get("JOSEPHINE").unwrap().gender, Gender::Unknown);
    assert!(
        cast.get("JOSEPHINE")
            .unwrap()
            .aliases
            .contains(&"jo jo".to_owned())
    );
    let speakers = |cue: &str| {
        cast.speakers(cue)
            .iter()
            .map(|one| one.name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(speakers("JOSEHPINE"), ["JOSEPHINE"]);
    assert_eq!(speakers("STEEL AND ROSE"), ["STEEL", "ROSE"]);
}

/// Small words of a name name nobody, whatever the language; several speak under one cue.
#[test]
fn french_and_german_names_are_told_apart() {
    let film = film(
        "INT. ZUG - NACHT\n\nJÜRGEN sieht ÉLODIE. FRAU ÖZDEMİR strickt. Le CHEF DE GARE attend.\n\n\
         ÉLODIE\nOui.\n\nJÜRGEN\nJa.\n\nÉLODIE ET JÜRGEN\nNon.\n\nJÜRGEN UND ÉLODIE\nNein.\n\n\
         FRAU ÖZDEMİR\nSo.\n\nCHEF DE GARE\nEt voilà.\n\nVOIX DU POSTE (V/O)\nAttention.\n\n\
         Frau Özdemir nickt.\n\nUne pierre tombe du tablier, et de la neige.\n",
    );
    let mut names: Vec<&str> = film
        .cast
        .characters
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "CHEF DE GARE",
            "FRAU ÖZDEMİR",
            "JÜRGEN",
            "VOIX DU POSTE",
            "ÉLODIE"
        ]
    );
    let list = &film.scenes[0].list;
    let in_frame = |part: &str| {
        let shot = list.shots.iter().find(|shot| shot.content.contains(part));
        shot.unwrap_or_else(|| panic!("{part}: {:?}", list.shots))
            .characters_in_frame
            .clone()
    };
    assert_eq!(in_frame("nickt"), ["FRAU ÖZDEMİR"]);
    assert_eq!(in_frame("pierre"), Vec::<String>::new());
    assert_eq!(list.time, TimeOfDay::Night);
    let both = list.shots.iter().filter(|shot| {
        shot.dialogue_text
            .as_deref()
            .is_some_and(|text| text.starts_with('N'))
    });
    for shot in both {
        for name in ["JÜRGEN", "ÉLODIE"] {
            let seen = &shot.characters_in_frame;
            assert!(seen.contains(&name.to_owned()), "{name}: {seen:?}");
        }
    }
}

/// However it is typed, `(V.O.)` and `(O.S.)` keep their speaker out of the frame; so does a set.
#[test]
fn who_is_only_heard_is_not_in_the_frame() {
    for mark in [
        "V.O.",
        "V/O",
        "VO",
        "V. O.",
        "O.S.",
        "O. S.",
        "o.s.",
        "O/C",
        "OFF",
        "Voice over",
        "ON RADIO",
        "OVER THE INTERCOM",
    ] {
        let film = film(&format!(
            "INT. CAR - DAY\n\nMAX drives.\n\nRAE ({mark})\nTurn left.\n\nMAX (INTO RADIO)\nWhy?\n"
        ));
        assert_eq!(film.scenes[0].breakdown.heard, ["RAE"], "{mark}");
        for shot in &film.scenes[0].list.shots {
            assert!(
                !shot.characters_in_frame.contains(&"RAE".to_owned()),
                "{mark}"
            );
        }
        assert_eq!(film.scenes[0].breakdown.speaking, ["MAX"], "{mark}");
    }
}

#[test]
fn a_breakdown_tells_who_speaks_acts_and_is_heard_and_what_is_used() {
    let film = film(
        "INT. HOUSE - THE KITCHEN - NIGHT (1973)\n\nRAE CALDER, 30, picks up a letter. MAX watches her.\n\n\
         RAE\nNo.\n\nANN (V.O.)\nYes.\n",
    );
    let breakdown = &film.scenes[0].breakdown;
    assert_eq!(
        (
            breakdown.setting.as_str(),
            breakdown.location.as_str(),
            breakdown.time.as_str(),
            breakdown.place
        ),
        ("HOUSE - KITCHEN", "house_kitchen", "NIGHT", Place::Interior)
    );
    assert_eq!(breakdown.speaking, ["RAE"]);
    assert_eq!(breakdown.acting, ["MAX"]);
    assert_eq!(breakdown.heard, ["ANN"]);
    let letter = &breakdown.props[0];
    assert_eq!(
        (
            letter.name.as_str(),
            letter.by[0].as_str(),
            letter.introduced
        ),
        ("letter", "RAE", true)
    );
    assert_eq!(breakdown.frames, 180 * breakdown.eighths);
    assert_eq!(breakdown.summary, "Rae Calder, 30, picks up a letter.");
}

const STATES: &str = "\
EXT. FIELD - DAY

RAE stands in the rain. MAX waits. Rae falls in the mud.

RAE
Great.

INT. CAR - DAY - CONTINUOUS

Rae drives.

INT. OFFICE - DAY

Max types.

INT. BATHROOM - DAY

Rae washes her hands and showers.

INT. BAR - NIGHT

Rae drinks. Max, wearing a blue suit, joins her.
";

#[test]
fn a_state_is_kept_until_the_script_ends_it() {
    let film = film(STATES);
    assert_eq!(tags(&film, 0, "rae"), ["muddy"]);
    assert_eq!(tags(&film, 1, "rae"), ["muddy"]);
    assert_eq!(
        film.scenes[1].looks.assets["rae"].conditions[0].reason,
        "Rae falls in the mud."
    );
    assert!(film.scenes[2].looks.elsewhere.contains_key("rae"));
    assert_eq!(tags(&film, 3, "rae"), Vec::<String>::new());
    assert_eq!(tags(&film, 4, "rae"), Vec::<String>::new());
    assert_eq!(tags(&film, 4, "max"), ["wearing a blue suit"]);
    assert_eq!(film.scenes[3].looks.ended[0].tag, "muddy");
    // Before she falls, she is clean.
    let prompts: Vec<&str> = film.scenes[1]
        .requests
        .iter()
        .map(|one| one.frame.prompt.as_str())
        .collect();
    assert!(
        prompts.iter().any(|prompt| prompt.contains("Rae: muddy.")),
        "{prompts:?}"
    );
}

#[test]
fn a_flashback_neither_inherits_nor_hands_on() {
    let film = film(
        "EXT. FIELD - DAY\n\nRAE falls in the mud.\n\nINT. SCHOOL - DAY [FLASHBACK]\n\nRae sits, soaked, her arm in a sling.\n\n\
         EXT. FIELD - DAY\n\nRae gets up.\n",
    );
    assert_eq!(tags(&film, 1, "rae"), ["wet", "bandaged"]);
    assert_eq!(tags(&film, 2, "rae"), ["muddy"]);
}

#[test]
fn contradictions_are_found_by_rule() {
    let found = findings(&film(
        "EXT. FIELD - NIGHT\n\nRAE runs. She holds the gun.\n\nEXT. ROAD - DAY - CONTINUOUS\n\nRae, filthy, stops.\n\nMAX\nWho goes there?\n\n\
         INT. SHOP - DAY\n\nRae buys a gun.\n",
    ));
    assert_eq!(
        found,
        [
            (Rule::PropBeforeEntrance, "gun".to_owned()),
            (Rule::StateAppears, "RAE".to_owned()),
            (Rule::TimeRunsBackwards, "ROAD".to_owned()),
            (Rule::SpeaksUnseen, "MAX".to_owned()),
        ]
    );
    assert_eq!(findings(&film(STATES)), []);
}

#[test]
fn the_mirror_shows_how_the_scene_before_ends() {
    let film = film(STATES);
    let scene = &film.scenes[0];
    let facts = SceneFacts {
        breakdown: &scene.breakdown,
        looks: &scene.looks,
        shots: Some(&scene.list),
    };
    let mirror = mirror(&facts);
    assert_eq!(
        mirror.last_line,
        Some(("RAE".to_owned(), "Great.".to_owned()))
    );
    assert!(mirror.last_action.unwrap().contains("falls in the mud"));
    assert_eq!(
        mirror.last_shot.as_ref(),
        scene.list.shots.last().map(|shot| &shot.shot_id)
    );
    assert_eq!(mirror.state["rae"].conditions[0].tag, "muddy");
}
