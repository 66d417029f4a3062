//! Those who are seen without a name: animals, crowds, a gunman; whom pronouns mean then; who has left.

use super::engine_common::{Film, film};

/// The extras of the shot whose content has these words.
fn extras(film: &Film, part: &str) -> Vec<String> {
    let shot = shot(film, part);
    let all = shot.extras_in_frame.iter();
    all.map(|one| one.shown.clone()).collect()
}

fn shot<'f>(film: &'f Film, part: &str) -> &'f aiut_film::shots::Shot {
    let mut all = film.scenes.iter().flat_map(|scene| &scene.list.shots);
    all.find(|shot| shot.content.contains(part))
        .unwrap_or_else(|| panic!("no shot says {part:?}"))
}

fn prompt<'f>(film: &'f Film, part: &str) -> &'f str {
    let mut all = film
        .scenes
        .iter()
        .flat_map(|scene| scene.list.shots.iter().zip(&scene.requests));
    let found = all.find(|(shot, _)| shot.content.contains(part));
    let (_, request) = found.unwrap_or_else(|| panic!("no shot says {part:?}"));
    &request.frame.prompt
}

#[track_caller]
fn of(sentence: &str, expected: &[&str]) {
    let film = film(&format!(
        "EXT. QUAY - DAY\n\nEDWARD (50) waits with MARA.\n\nEDWARD\nYes.\n\nMARA\nNo.\n\n{sentence}\n"
    ));
    let found: Vec<String> = film.scenes[0]
        .list
        .shots
        .iter()
        .flat_map(|shot| &shot.extras_in_frame)
        .map(|one| one.shown.clone())
        .collect();
    assert_eq!(found, expected, "{sentence}");
}

#[test]
fn a_pronoun_may_mean_who_acts_under_an_unknown_name() {
    let film = film(
        "INT. SHOP - DAY\n\nTOM stands by the door.\n\nTOM\nSo?\n\nBefore LARA can answer, Bosco nudges her hand. She looks down at him.\n\nLARA\nGood.\n",
    );
    let shot = film.scenes[0].list.shots.iter();
    let mut of = shot.filter(|shot| shot.content.contains("looks down at"));
    let shot = of.next().expect("the shot of the look");
    assert!(
        !shot.characters_in_frame.contains(&"TOM".to_owned()),
        "{shot:?}"
    );
}

#[test]
fn whose_a_thing_is_and_who_somebody_is_like_are_nobody_there() {
    let film = film(
        "EXT. STREET - DAY\n\nANNA still has the police card in her hand.\n\nAnna, dressed like a 90's grunge teenager, runs.\n\nPolice swarm the street.\n",
    );
    let extras: Vec<&str> = film.scenes[0]
        .list
        .shots
        .iter()
        .flat_map(|shot| &shot.extras_in_frame)
        .map(|one| one.again.as_str())
        .collect();
    assert!(
        !extras.iter().any(|one| one.contains("teenager")),
        "{extras:?}"
    );
    let shots = &film.scenes[0].list.shots;
    let card = shots.iter().find(|shot| shot.content.contains("card"));
    assert!(
        card.is_some_and(|shot| shot.extras_in_frame.is_empty()),
        "{shots:?}"
    );
}

#[test]
fn whoever_is_seen_without_a_name_is_in_the_frame() {
    of(
        "A massive black dog knocks the lamp down.",
        &["a massive black dog"],
    );
    of("Two gunmen drop from a ledge.", &["two gunmen"]);
    of("The passengers cheer.", &["the passengers"]);
    of("Gulls wheel over the pier.", &["gulls"]);
    of(
        "A crowd of students fills the steps.",
        &["a crowd of students"],
    );
    of(
        "Between two sheep sits a sailor.",
        &["two sheep", "a sailor"],
    );
    of(
        "Soldiers and a priest stand by the door.",
        &["soldiers", "a priest"],
    );
    of("An old man asleep on a bench.", &["an old man"]);
    of(
        "Zwei Hunde bellen. Ein Kind lacht.",
        &["Zwei Hunde", "Kind"],
    );
    of("Les passagers descendent.", &["passagers"]);
}

#[test]
fn words_for_people_that_show_nobody_are_none() {
    for sentence in [
        "Edward is a sailor.",
        "He's a soldier.",
        "Edward, a young soldier, looks up.",
        "He runs like a dog.",
        "He looks at her as one looks at a magician.",
        "There are no passengers.",
        "A sign reads \"THE DOG IS MAD\".",
        "A photograph of two soldiers on the wall.",
        "He takes the dog food to the guard tower.",
        "The soldier's cap lies in the mud.",
        "He pulls a knife out of his clown suit.",
        "The crack of a bat.",
        "Is this guy crazy?",
        "His father is dead.",
        "She listens the way a doctor listens to a chest.",
        "He ouvre son sac avec son couteau.",
    ] {
        of(sentence, &[]);
    }
}

#[test]
fn a_pronoun_after_an_extra_means_the_extra() {
    let film = film(
        "EXT. NARROWS - DAY\n\nNOOR squeezes through the gap. She looks back. JONAH follows. He limps.\n\nNOOR\nHere.\n\nJONAH\nYes.\n\n\
         A gunman drops from a ledge above them. He lands badly, comes up with a knife.\n\n\
         Noor cannot pass the case, and he cannot pass Noor.\n\nJonah kneels. He unlocks the case.\n\n\
         A dog runs in. It snaps at the case.\n\nThe gunmen of the valley ride in. They shoot at the rocks.\n",
    );
    let second = shot(&film, "cannot pass Noor");
    assert_eq!(second.characters_in_frame, ["NOOR"]);
    assert_eq!(extras(&film, "cannot pass Noor"), ["the gunman"]);
    assert!(
        prompt(&film, "cannot pass Noor").contains("and the gunman cannot pass Noor"),
        "{}",
        prompt(&film, "cannot pass Noor")
    );
    // Somebody of the cast is named: pronouns mean him again.
    let third = shot(&film, "unlocks");
    assert_eq!(third.characters_in_frame, ["JONAH"]);
    assert_eq!(third.extras_in_frame, []);
    assert_eq!(extras(&film, "ride in"), ["the gunmen"]);
    assert_eq!(
        shot(&film, "shoot at").characters_in_frame,
        Vec::<String>::new()
    );
}

#[test]
fn things_that_are_handed_on_are_nobody() {
    let film = film(
        "EXT. RIVERSIDE - DAY\n\nEDWARD, WILL and JOSEPHINE stand in the crowd. Edward pulls off his shoes, tying the laces \
         together.\n\nHe hands them to Josephine.\n\nShe throws them up at the wire.\n\nThey loop over.\n\nEDWARD\nGoodbye.\n\n\
         WILL\nBye.\n\nJOSEPHINE\nBye.\n",
    );
    let seen = &shot(&film, "They loop").characters_in_frame;
    assert!(
        !seen.contains(&"EDWARD".to_owned()) && !seen.contains(&"WILL".to_owned()),
        "{seen:?}"
    );
    assert_eq!(
        shot(&film, "hands them").characters_in_frame,
        ["EDWARD", "JOSEPHINE"]
    );
}

#[test]
fn who_has_left_neither_listens_nor_is_meant() {
    let film = film(
        "EXT. HOUSE - DAY\n\nEDWARD stands before SANDRA at the door. Inside, ROSE and MAY giggle.\n\nEDWARD\nI'm sorry.\n\n\
         He turns and walks down the front steps.\n\nSANDRA\nStop it. That poor boy.\n\nEdward steps back to the gate.\n\n\
         EDWARD\nSandra!\n",
    );
    let said = shot(&film, "Sandra speaks");
    assert_eq!(
        said.dialogue_text.as_deref(),
        Some("Stop it. That poor boy.")
    );
    assert!(
        !said.characters_in_frame.contains(&"EDWARD".to_owned()),
        "{said:?}"
    );
}

#[test]
fn whose_mother_it_is_like_is_not_there() {
    let film = film(
        "EXT. LONE HOUSE - DAY\n\nWILL walks up. It is surrounded by a white fence, identical to his mother's.\n\n\
         The door opens. JENNY HILL (50) stands there, the woman of his dreams.\n\nJENNY\nOh.\n\nWILL\nHello.\n",
    );
    assert_eq!(shot(&film, "identical").characters_in_frame, ["WILL"]);
}

#[test]
fn a_noun_with_the_name_behind_it_is_one_person() {
    let film = film(
        "EXT. SORORITY HOUSE - DAY\n\nEDWARD waits. Through the crack is the edge of a YOUNG WOMAN.\n\n\
         The door opens to reveal the woman of Edward's dreams, Sandra Templeton.\n\nSANDRA TEMPLETON\nYes?\n\nEDWARD\nHello.\n",
    );
    assert_eq!(
        shot(&film, "to reveal").characters_in_frame,
        ["SANDRA TEMPLETON"]
    );
}

#[test]
fn they_at_the_start_of_a_shot_are_told_by_name() {
    let film = film(
        "EXT. RIM - DAY\n\nNOOR and JONAH crawl over the edge.\n\nJONAH\nWe are up at last.\n\nNOOR\nYes.\n\n\
         They lie on their backs in the sun and look at the sky.\n",
    );
    let told = prompt(&film, "They lie");
    assert!(
        told.contains("lie on their backs") && !told.contains("They lie"),
        "{told}"
    );
}
