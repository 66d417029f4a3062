//! Where shots play: the place is in every prompt, within flashbacks, montages and intercuts too.

use super::engine_common::{corpus, film};
use aiut_film::scenes::Heading;
use aiut_film::words::{Place, TimeOfDay, Trigger};

/// The place of each shot of a scene, with who is in it.
fn places(text: &str, scene: usize) -> Vec<(String, Vec<String>)> {
    let film = film(text);
    let list = &film.scenes[scene].list;
    let place = |shot: &aiut_film::shots::Shot| match &shot.elsewhere {
        Some(elsewhere) => elsewhere.place.clone(),
        None => list.place.clone(),
    };
    let shots = list.shots.iter();
    shots
        .map(|shot| (place(shot), shot.characters_in_frame.clone()))
        .collect()
}

#[test]
fn every_prompt_names_its_place() {
    let mut lost = Vec::new();
    for (file, text) in corpus() {
        for scene in film(&text).scenes {
            for (shot, request) in scene.list.shots.iter().zip(&scene.requests) {
                let place = shot
                    .elsewhere
                    .as_ref()
                    .map_or(&scene.list.place, |other| &other.place);
                if shot.trigger == Trigger::Title || place == "scene" {
                    continue;
                }
                let prompt = request.frame.prompt.to_lowercase();
                let named = place
                    .split(", ")
                    .all(|part| prompt.contains(&part.to_lowercase()));
                if !named {
                    lost.push(format!("{file} {}: {place:?} in {prompt}", shot.shot_id));
                }
            }
        }
    }
    assert!(lost.is_empty(), "{}\n{}", lost.len(), lost.join("\n"));
}

#[test]
fn headings_in_other_languages_are_read() {
    use Place::{Both, Exterior, Interior};
    for (raw, place, setting, time) in [
        ("INT. CUISINE - NUIT", Interior, "CUISINE", TimeOfDay::Night),
        (
            "EXTÉRIEUR. JARDIN - PETIT MATIN",
            Exterior,
            "JARDIN",
            TimeOfDay::Dawn,
        ),
        ("INNEN. KÜCHE - TAG", Interior, "KÜCHE", TimeOfDay::Day),
        (
            "AUSSEN. HOF - ABENDDÄMMERUNG",
            Exterior,
            "HOF",
            TimeOfDay::Dusk,
        ),
        ("INNEN/AUSSEN AUTO - NACHT", Both, "AUTO", TimeOfDay::Night),
        ("INT. COCINA. NOCHE", Interior, "COCINA", TimeOfDay::Night),
        ("EXT. CALLE, MEDIODÍA", Exterior, "CALLE", TimeOfDay::Day),
        (
            "INT. CUCINA - POMERIGGIO",
            Interior,
            "CUCINA",
            TimeOfDay::Afternoon,
        ),
        ("EST. PIAZZA - NOTTE", Exterior, "PIAZZA", TimeOfDay::Night),
        (
            "INT. COZINHA - MANHÃ",
            Interior,
            "COZINHA",
            TimeOfDay::Morning,
        ),
        (
            "INT. COZINHA - NOITE",
            Interior,
            "COZINHA",
            TimeOfDay::Night,
        ),
        (
            "WNĘTRZE. KUCHNIA. NOC",
            Interior,
            "KUCHNIA",
            TimeOfDay::Night,
        ),
        ("PLENER. ULICA - DZIEŃ", Exterior, "ULICA", TimeOfDay::Day),
        ("ИНТ. КУХНЯ - НОЧЬ", Interior, "КУХНЯ", TimeOfDay::Night),
        ("НАТ. ДВОР. УТРО", Exterior, "ДВОР", TimeOfDay::Morning),
        (
            "ИНТ./НАТ. МАШИНА - ВЕЧЕР",
            Both,
            "МАШИНА",
            TimeOfDay::Evening,
        ),
        ("内 厨房 夜", Interior, "厨房", TimeOfDay::Night),
        ("外景 街道 清晨", Exterior, "街道", TimeOfDay::Morning),
        ("内/外 车里 日", Both, "车里", TimeOfDay::Day),
        ("外 夜 公园", Exterior, "公园", TimeOfDay::Night),
        ("屋内 台所（朝）", Interior, "台所", TimeOfDay::Morning),
        (
            "INT. KITCHEN (NIGHT)",
            Interior,
            "KITCHEN",
            TimeOfDay::Night,
        ),
        ("INT. KITCHEN. NIGHT", Interior, "KITCHEN", TimeOfDay::Night),
        (
            "INT. KITCHEN - PRESENT DAY",
            Interior,
            "KITCHEN",
            TimeOfDay::Day,
        ),
        (
            "INT. KITCHEN, NEXT MORNING",
            Interior,
            "KITCHEN",
            TimeOfDay::Morning,
        ),
        ("EXT. NIGHT - BEACH", Exterior, "BEACH", TimeOfDay::Night),
        ("INT & EXT. BARN - DUSK", Both, "BARN", TimeOfDay::Dusk),
        (
            "INT. OFFICE / EXT. STREET - DAY",
            Both,
            "OFFICE",
            TimeOfDay::Day,
        ),
        (
            "EXT. SUNSET BOULEVARD - NIGHT",
            Exterior,
            "SUNSET BOULEVARD",
            TimeOfDay::Night,
        ),
        (
            "INT. DAY CARE CENTER",
            Interior,
            "DAY CARE CENTER",
            TimeOfDay::Unsaid,
        ),
        (
            "INT. ST. MARY'S WARD - DAY",
            Interior,
            "ST. MARY'S WARD",
            TimeOfDay::Day,
        ),
    ] {
        let read = Heading::parse(raw);
        assert_eq!(
            (read.place, read.setting.as_str(), read.hour),
            (place, setting, time),
            "{raw}: {read:?}"
        );
    }
}

#[test]
fn what_says_when_is_no_place() {
    for tail in [
        ", A BIT LATER",
        ", SAME",
        ", LATER THAT NIGHT",
        " - CONTINUED",
        " - DAY 3",
        " (FLASHBACK) - 1987",
        " - MOMENTS LATER",
        ", THREE WEEKS LATER",
        " - THE NEXT DAY",
        " - PRESENT DAY",
        " - NIGHT - RAINING",
        ", A FEW MINUTES EARLIER",
        " - 10 PM",
        " - SAME TIME",
        " - DAWN (DREAM)",
        " - LATE SUMMER NIGHT",
        " - QUELQUES JOURS PLUS TARD",
        " - AM NÄCHSTEN MORGEN",
        " - AL DÍA SIGUIENTE",
    ] {
        let read = Heading::parse(&format!("INT. HALL{tail}"));
        assert_eq!(
            (read.setting.as_str(), read.sub_settings.len()),
            ("HALL", 0),
            "{tail}: {read:?}"
        );
    }
    let read = Heading::parse("INT. HALL (FLASHBACK) - 1987");
    assert_eq!(read.year.as_deref(), Some("1987"));
}

#[test]
fn a_heading_without_a_place_takes_it_over() {
    let film = film(
        "INT. BARN - DAY\n\nA cow.\n\n.LATER\n\nThe cow sleeps.\n\nINT. NIGHT\n\nThe cow snores.\n",
    );
    let told: Vec<(&str, Place, TimeOfDay)> = film
        .scenes
        .iter()
        .map(|scene| {
            (
                scene.list.place.as_str(),
                scene.list.int_ext,
                scene.list.time,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("barn", Place::Interior, TimeOfDay::Day),
            ("barn", Place::Interior, TimeOfDay::Unsaid),
            ("barn", Place::Interior, TimeOfDay::Night),
        ]
    );
    assert!(
        !film.scenes[1].requests[0]
            .frame
            .prompt
            .contains("Setting: later")
    );
}

#[test]
fn a_corner_inside_is_inside_and_a_vision_is_a_place() {
    let film = film("EXT. CHURCH - DAY\n\nRain.\n\nINSIDE THE CHURCH\n\nAnna kneels.\n");
    let shot = film.scenes[0].list.shots.iter().rev();
    let inside = shot.filter_map(|shot| shot.elsewhere.as_ref()).next();
    assert!(
        inside.is_some_and(
            |spot| spot.int_ext == Place::Interior && spot.place == "inside the church"
        )
    );
    assert_eq!(
        places("INT./EXT. VISION\n\nAnna kneels.\n", 0)[0].0,
        "vision"
    );
}

#[test]
fn a_heading_that_tells_what_happens_takes_the_place_over() {
    let text = "INT. BAKERY - NIGHT\n\nAnna waits.\n\n.ANNA SHOOTS HIM DEAD.\n\nHe falls.\n\n.ANNA'S POV\n\nA door.\n\n.BACK YARD\n\nRain.\n";
    for (scene, place) in [(1, "bakery"), (2, "bakery"), (3, "back yard")] {
        assert_eq!(places(text, scene)[0].0, place);
    }
}

#[test]
fn no_interior_is_assumed() {
    let film = film(".ENGINE TEST\n\nSparks fly.\n");
    assert!(
        film.scenes[0]
            .requests
            .iter()
            .all(|one| !one.frame.prompt.contains("interior"))
    );
}

#[test]
fn a_part_of_a_place_knows_where_it_lies() {
    let film = film("INT. BLOOM HOUSE, ATTIC - TRUNK - DAY\n\nDust.\n");
    assert_eq!(
        film.scenes[0].list.within,
        ["bloom_house_attic", "bloom_house"]
    );
}

#[test]
fn a_flashback_within_a_scene_has_its_own_place_and_time() {
    let text = "INT. BEDROOM - NIGHT\n\nMILA lies awake.\n\nFLASHBACK - SCHOOL YARD - DAY (1962)\n\nMila runs after a ball.\n\n\
                MILA\nMine!\n\nEND FLASHBACK\n\nMila turns the lamp off.\n";
    let shown = places(text, 0);
    assert_eq!(shown.first().map(|shot| shot.0.as_str()), Some("bedroom"));
    assert_eq!(shown.last().map(|shot| shot.0.as_str()), Some("bedroom"));
    assert!(
        shown.iter().any(|shot| shot.0 == "school yard"),
        "{shown:?}"
    );
    let film = film(text);
    let scene = &film.scenes[0];
    let there = scene
        .list
        .shots
        .iter()
        .zip(&scene.requests)
        .find(|(shot, _)| shot.elsewhere.is_some());
    let (shot, request) = there.unwrap();
    assert_eq!(shot.setting_ref, "school_yard");
    assert!(
        request
            .frame
            .prompt
            .contains("Setting: school yard, in daylight, in 1962."),
        "{}",
        request.frame.prompt
    );
}

#[test]
fn the_points_of_a_montage_have_their_own_places() {
    let text = "INT. GYM - DAY\n\nJACK waits.\n\nMONTAGE - JACK TRAINS\n\n-- EXT. BEACH - DAWN - Jack runs along the water.\n\
                -- Jack lifts a barrel.\n-- KITCHEN: Jack eats eggs.\n\nEND OF MONTAGE\n\nJack sits down.\n";
    let shown: Vec<String> = places(text, 0).into_iter().map(|shot| shot.0).collect();
    assert!(shown.iter().any(|place| place == "beach"), "{shown:?}");
    assert!(shown.iter().any(|place| place == "kitchen"), "{shown:?}");
    assert_eq!(shown.last().map(String::as_str), Some("gym"));
}

#[test]
fn each_side_of_an_intercut_stays_in_its_place() {
    let between = "INT. ANNA'S OFFICE - DAY\n\nANNA dials.\n\nINTERCUT WITH:\n\nINT. BORIS'S BOAT - DAY\n\nBORIS picks up.\n\n\
                   BORIS\nYes?\n\nANNA\nIt is me.\n\nBORIS\nI know.\n";
    let within = "INT. ANNA'S OFFICE - DAY\n\nANNA dials. She waits.\n\nINTERCUT - ANNA'S OFFICE / BORIS'S BOAT\n\n\
                  BORIS\nYes?\n\nANNA\nIt is me.\n\nBORIS\nI know.\n";
    // Who was shown elsewhere before is there, though the intercut names the house alone.
    let shown = places(
        "INT. MILL - ATTIC - NIGHT\n\nANNA finds the phone.\n\nANNA\nHello?\n\nINT. LORRY - CAB - NIGHT\n\nBORIS drives.\n\n\
         INTERCUT - MILL / LORRY\n\nAnna sits on a trunk.\n\nANNA\nWhere?\n\nBORIS\nHere.\n",
        1,
    );
    for (place, who) in &shown {
        let wanted = if place == "mill, attic" {
            "ANNA"
        } else {
            "BORIS"
        };
        assert!(who.iter().all(|name| name == wanted), "{shown:?}");
    }
    assert!(
        shown.iter().any(|(place, _)| place == "mill, attic"),
        "{shown:?}"
    );
    for (text, scene) in [(between, 1), (within, 0)] {
        for (place, who) in places(text, scene) {
            let wanted = match place.as_str() {
                "Anna's office" => "BORIS",
                "Boris's boat" => "ANNA",
                other => panic!("{other}"),
            };
            assert!(!who.iter().any(|name| name == wanted), "{place}: {who:?}");
        }
        let shown = places(text, scene);
        assert!(
            shown
                .iter()
                .any(|(place, who)| place == "Anna's office" && who == &["ANNA"]),
            "{shown:?}"
        );
        assert!(
            shown
                .iter()
                .any(|(place, who)| place == "Boris's boat" && who == &["BORIS"]),
            "{shown:?}"
        );
    }
}
