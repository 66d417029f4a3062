//! What a shot is of: the thing that the script aims the camera at, whole action in the script's own case,
//! remarks in the notes.

use super::engine_common::{Film, film};
use aiut_film::shots::Shot;
use aiut_film::words::{Posture, ShotSize, Trigger};

fn shots(film: &Film) -> Vec<&Shot> {
    film.scenes
        .iter()
        .flat_map(|scene| &scene.list.shots)
        .collect()
}

fn prompts(film: &Film) -> String {
    film.scenes
        .iter()
        .flat_map(|scene| &scene.requests)
        .flat_map(|request| [request.frame.prompt.as_str(), &request.video.prompt])
        .collect::<Vec<_>>()
        .join("\n")
}

#[track_caller]
fn with<'a>(film: &'a Film, part: &str) -> &'a Shot {
    let all = shots(film);
    all.iter()
        .find(|shot| shot.content.contains(part))
        .unwrap_or_else(|| panic!("{part}: {all:#?}"))
}

#[test]
fn the_thing_named_is_the_subject() {
    for line in [
        "CLOSE ON a photograph: YOUNG JACK with his MOTHER on a beach.",
        "INSERT - A PHOTOGRAPH\n\nYoung Jack with his mother on a beach, in a photograph.",
        "Close up of a photograph of Jack and his mother.",
        "ECU: a photograph, torn.",
        "!!CLOSE ON A PHOTOGRAPH",
        "TIGHT ON the photograph in Jack's hand.",
        "INSERT: the photograph.",
    ] {
        let film = film(&format!(
            "INT. STUDY - NIGHT\n\nJACK opens a drawer and looks for a long time at what is in it.\n\n{line}\n\nBACK TO SCENE\n\nJACK\nMother.\n\nMOTHER\nYes?\n"
        ));
        let all = shots(&film);
        let shot = all
            .iter()
            .find(|shot| shot.trigger == Trigger::Insert)
            .unwrap_or_else(|| panic!("{line}: {all:#?}"));
        assert_eq!(shot.shot_type, ShotSize::Insert, "{line}");
        assert!(shot.characters_in_frame.is_empty(), "{line}: {shot:#?}");
        assert!(
            shot.prop
                .as_deref()
                .is_some_and(|prop| prop.contains("photograph")),
            "{line}: {shot:#?}"
        );
    }
}

#[test]
fn a_person_aimed_at_is_seen_close() {
    let film = film(
        "INT. BAR - NIGHT\n\nRAE sits alone and turns her glass round and round on the wood.\n\n\
         CLOSE ON RAE, who hears the door. MAX comes in and shakes the rain off his coat.\n\n\
         CLOSE ON RAE'S HANDS as they stop.\n\nANGLE ON Max, at the bar.\n\nRAE\nWell?\n\nMAX\nWell.\n",
    );
    let face = with(&film, "who hears the door");
    assert_eq!(
        (face.shot_type, face.characters_in_frame.as_slice()),
        (ShotSize::Cu, &["RAE".to_owned()][..]),
        "{face:#?}"
    );
    let hands = with(&film, "HANDS");
    assert_eq!(
        (hands.shot_type, hands.prop.as_deref()),
        (ShotSize::Insert, Some("rae's hands"))
    );
    assert_eq!(with(&film, "at the bar").characters_in_frame, ["MAX"]);
}

#[test]
fn who_owns_a_point_of_view_is_not_in_it() {
    for line in [
        "MAX'S POV -- Rae crosses the street without a look at anybody.",
        "MAX'S POV\n\nRae crosses the street without a look at anybody.",
        "POV MAX: Rae crosses the street.",
        "From Max's point of view, Rae crosses the street.",
    ] {
        let film = film(&format!(
            "EXT. STREET - DAY\n\nMAX leans out of a window and holds on to the frame with both hands.\n\n{line}\n\nMAX\nRae!\n\nRAE\nNo.\n"
        ));
        let all = shots(&film);
        let shot = all
            .iter()
            .find(|shot| shot.trigger == Trigger::Pov)
            .unwrap_or_else(|| panic!("{line}: {all:#?}"));
        assert_eq!(shot.shot_type, ShotSize::Pov, "{line}");
        assert_eq!(shot.characters_in_frame, ["RAE"], "{line}: {shot:#?}");
    }
    let film = film("EXT. STREET - DAY\n\nMAX looks through the scope and holds his breath.\n");
    assert_eq!(with(&film, "scope").characters_in_frame, ["MAX"]);
    assert_ne!(with(&film, "scope").trigger, Trigger::Pov);
}

#[test]
fn words_on_the_screen_are_quoted_as_they_are_written() {
    let film = film(
        "INT. BEDROOM - NIGHT\n\nSUPER: PARIS, 1962\n\nMILA sleeps.\n\nLATER\n\n\
         MILA wakes. The AI scans the VW. One line is underlined: LAST CROSSING, FRIDAY.\n\n\
         The sign reads \"Open ALL Night\".\n\nTITLE CARD: The Next Morning\n",
    );
    let all = prompts(&film);
    for part in [
        "\"PARIS, 1962\"",
        "The AI scans the VW.",
        "LAST CROSSING, FRIDAY",
        "\"Open ALL Night\"",
        "\"The Next Morning\"",
    ] {
        assert!(all.contains(part), "{part}: {all}");
    }
    assert!(
        !all.contains("1962\" Later") && !all.to_lowercase().contains("1962 later"),
        "{all}"
    );
}

#[test]
fn action_is_never_dropped_for_a_name() {
    for name in [
        "THE MAN IN THE RED HAT",
        "THE OLD WOMAN WITH THE SILVER CANE",
        "DOCTOR ALEXANDER VON DER HEYDEN THE THIRD",
    ] {
        let film = film(&format!(
            "EXT. GATE - DAY\n\n{name} speaks to the guard and points at the tower. {name} waits.\n\n{name}\nUp there.\n"
        ));
        let all = prompts(&film);
        assert!(all.contains("points at the tower"), "{all}");
        assert!(all.contains("waits."), "{all}");
    }
}

#[test]
fn what_no_picture_shows_is_in_the_notes() {
    let film = film(
        "INT. ATTIC - DAY\n\nRAE lifts the lid of a trunk. She has been here before. She takes out a coat.\n\n\
         It's the truth.\n\nShe puts it on. We know what that means.\n",
    );
    let told: String = shots(&film)
        .iter()
        .map(|shot| shot.content.as_str())
        .collect();
    let notes: String = shots(&film)
        .iter()
        .map(|shot| shot.notes.as_str())
        .collect();
    for part in [
        "She has been here before.",
        "It's the truth.",
        "We know what that means.",
    ] {
        assert!(
            !told.contains(part) && notes.contains(part),
            "{part}: {told} / {notes}"
        );
    }
    for part in ["lifts the lid", "takes out a coat", "puts it on"] {
        assert!(told.contains(part), "{told}");
    }
}

#[test]
fn a_thing_that_only_lends_its_name_is_no_insert() {
    for line in [
        "The glass and concrete structure rises behind the runway.",
        "The phone booth stands empty.",
        "A picture window looks out on the sea.",
        "The book shop is closed.",
        "A gun-grey sky hangs low.",
        "A watch tower is on the hill.",
    ] {
        let film = film(&format!(
            "EXT. AIRPORT - DAY\n\nADAM arrives with one bag and no ticket at all.\n\n{line}\n\nADAM\nBig.\n"
        ));
        assert!(
            shots(&film)
                .iter()
                .all(|shot| shot.trigger != Trigger::Insert),
            "{line}: {:#?}",
            shots(&film)
        );
    }
    let film = film(
        "INT. HALL - DAY\n\nADAM waits at the door of the old house with his hat in his hand.\n\nThe letter lies on the mat.\n\nADAM\nOh.\n",
    );
    assert_eq!(with(&film, "letter").trigger, Trigger::Insert);
}

#[test]
fn a_posture_belongs_to_its_subject() {
    let film = film(
        "INT. LIVING ROOM - DAY\n\nLEWIS waits. A black cat sleeps. MIRA stays on her feet.\n\n\
         LEWIS\nSit.\n\nMIRA\nNo.\n\nLewis's hat lies on the floor. Mira kneels, picks it up, and Lewis sits down.\n\n\
         LEWIS\nThanks.\n",
    );
    for shot in shots(&film) {
        for place in &shot.blocking {
            assert_ne!(place.posture, Posture::Lying, "{shot:#?}");
        }
    }
    let last = with(&film, "Mira kneels");
    let posture = |name: &str| {
        last.blocking
            .iter()
            .find(|place| place.character == name)
            .map(|place| place.posture)
    };
    assert_eq!(
        (posture("MIRA"), posture("LEWIS")),
        (Some(Posture::Kneeling), Some(Posture::Sitting)),
        "{last:#?}"
    );
    let all = prompts(&film);
    assert!(
        !all.contains("from the ground") && !all.contains("lying down"),
        "{all}"
    );
}

#[test]
fn the_points_of_a_list_are_shots_of_their_own() {
    let film = film(
        "EXT. WALL - DAY\n\nMONTAGE - THE CLIMB\n\n-- Noor's hand finds a rung.\n-- A rung breaks.\n-- A tree goes by underneath.\n\nNOOR\nUp.\n",
    );
    for part in ["finds a rung", "A rung breaks", "A tree goes by"] {
        let shot = with(&film, part);
        assert_eq!(shot.trigger, Trigger::Montage, "{shot:#?}");
        assert!(!shot.content.contains("--"));
        assert_eq!(shot.content.matches('.').count(), 1, "{shot:#?}");
    }
}
