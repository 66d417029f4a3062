//! What is carried on from shot to shot: things in hand, postures; names of roles and places in other
//! languages; who is there when a scene begins.

use super::engine_common::{Film, film};
use aiut_film::shots::Shot;

fn said<'f>(film: &'f Film, line: &str) -> (&'f Shot, &'f str) {
    let mut all = film
        .scenes
        .iter()
        .flat_map(|scene| scene.list.shots.iter().zip(&scene.requests));
    let fits =
        |shot: &Shot| shot.dialogue_text.as_deref() == Some(line) || shot.content.contains(line);
    let found = all.find(|(shot, _)| fits(shot));
    let (shot, request) = found.unwrap_or_else(|| panic!("no shot has {line:?}"));
    (shot, &request.frame.prompt)
}

fn holding(film: &Film, line: &str, who: &str) -> Option<String> {
    let (shot, _) = said(film, line);
    let place = shot.blocking.iter().find(|place| place.character == who);
    place
        .unwrap_or_else(|| panic!("{who} is not in {shot:?}"))
        .holding
        .clone()
}

#[test]
fn what_is_taken_up_is_in_hand_until_it_is_let_go() {
    let film = film(
        "INT. HUT - NIGHT\n\nMARA picks up a brass lantern. TOM watches her.\n\nMARA\nOne.\n\nTOM\nTwo.\n\n\
         She walks round the table twice.\n\nMARA\nThree.\n\nShe sets the lantern on the table.\n\nMARA\nFour.\n\n\
         TOM grabs the lantern.\n\nTOM\nFive.\n\nHe grabs her arm and takes the stairs.\n\nMARA\nSix.\n",
    );
    assert_eq!(
        holding(&film, "Three.", "MARA").as_deref(),
        Some("a brass lantern")
    );
    assert!(said(&film, "Three.").1.contains("holding a brass lantern"));
    assert_eq!(holding(&film, "Four.", "MARA"), None);
    assert_eq!(holding(&film, "Five.", "TOM").as_deref(), Some("a lantern"));
    assert_eq!(holding(&film, "Six.", "MARA"), None);
}

#[test]
fn roles_of_other_languages_have_no_english_article() {
    let film = film(
        "INT. ZUG - NACHT\n\nDer KELLNER zündet Kerzen an und stellt eine auf den Tisch. JÜRGEN KÖßLER, 58, sitzt am Fenster. Er nickt.\n\n\
         KELLNER\nEs gibt Suppe.\n\nJÜRGEN\nGut.\n\nINT. GARE - JOUR\n\nUn CHEF DE GARE à gants blancs attend.\n\nCHEF DE GARE\nAlors ?\n",
    );
    let all: String = film
        .scenes
        .iter()
        .flat_map(|scene| &scene.requests)
        .map(|request| format!("{}\n", request.frame.prompt))
        .collect();
    assert!(all.contains("Der Kellner zündet"), "{all}");
    assert!(all.contains("of Kellner"), "{all}");
    assert!(all.contains("Kößler, 58"), "{all}");
    for wrong in [
        "the kellner",
        "the Kellner",
        "der kellner",
        "KÖßLER",
        "the chef de gare",
    ] {
        assert!(!all.contains(wrong), "{wrong}: {all}");
    }
}

#[test]
fn places_joined_by_a_slash_are_two() {
    let film = film(
        "INT. KITCHEN/LIVING ROOM - NIGHT\n\nTOM waits.\n\nTOM\nYes.\n\nINT. BLOOM HOUSE - PORCH - DAY\n\nTOM waits.\n\nTOM\nNo.\n",
    );
    let (_, first) = said(&film, "Yes.");
    assert!(
        first.contains("Setting: kitchen and living room, interior, at night."),
        "{first}"
    );
    let (_, second) = said(&film, "No.");
    assert!(
        second.contains("porch, in daylight")
            || second.contains("porch of Bloom house, in daylight"),
        "{second}"
    );
}

#[test]
fn they_at_the_beginning_of_a_scene_are_those_it_tells_of_as_known() {
    let film = film(
        "EXT. RIM - DAY\n\nNOOR and JONAH crawl. KESSLER waits.\n\nNOOR\nYes.\n\nJONAH\nNo.\n\nKESSLER\nWell.\n\n\
         EXT. GORGE RIM - LATER\n\nThey lie on their backs. Steam rises from them.\n\nA shadow falls over Noor. Kessler holds a \
         pistol. He looks at the cuff on Jonah's wrist.\n\nKESSLER\nUp.\n",
    );
    let (shot, prompt) = said(&film, "They lie");
    assert_eq!(shot.characters_in_frame, ["NOOR", "JONAH"]);
    assert!(
        prompt.contains("Noor and Jonah lie on their backs"),
        "{prompt}"
    );
}
