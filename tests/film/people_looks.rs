//! How people look: what their introduction says, and in what state the script shows them.

use super::engine_common::film;
use aiut_film::cast::{Character, Gender, NameKind};

fn character(name: &str, introduction: &str) -> Character {
    Character {
        name: name.to_owned(),
        full_name: name.to_owned(),
        slug: "x".to_owned(),
        kind: NameKind::Named,
        gender: Gender::Unknown,
        speaks: true,
        aliases: Vec::new(),
        introduction: Some(introduction.to_owned()),
        age_of: None,
        ages_vary: false,
    }
}

#[test]
fn who_speaks_may_be_presented_without_capitals() {
    let first = film(
        "INT. HOUSE - DAY\n\nTeddy, the family dog, walks up.\n\nTEDDY\nHello.\n\nMAX\nOh.\n\nMax waits, a cup in hand.\n",
    );
    let look = |name: &str| first.cast.get(name).map(|one| one.appearance().physical);
    assert_eq!(look("TEDDY").as_deref(), Some("a family dog"));
    assert_eq!(look("MAX").as_deref(), Some(""));
    let film = film(
        "INT. HOUSE - DAY\n\nDIRK is crawling in through the window.\n\nDirk, 30s, bearded, waves.\n\nDIRK\nHello.\n",
    );
    let dirk = film.cast.get("DIRK").map(|one| one.appearance().physical);
    assert_eq!(dirk.as_deref(), Some("30s, bearded"));
}

#[test]
fn two_who_speak_in_one_scene_do_not_share_a_name() {
    let film = film(
        "INT. LAB - DAY\n\nVICTOR FRANKENSTEIN, 24, enters.\n\nVICTOR\nYes.\n\nVICTOR\nNo.\n\nFRANKENSTEIN\nIs Victor here.\n",
    );
    let who = film.scenes[0].list.shots.iter();
    let speakers: Vec<&str> = who
        .filter_map(|shot| shot.dialogue_speaker.as_deref())
        .collect();
    assert!(speakers.contains(&"FRANKENSTEIN"), "{speakers:?}");
    assert!(speakers.contains(&"VICTOR"), "{speakers:?}");
}

#[test]
fn only_what_describes_somebody_is_a_look() {
    for (introduction, physical, clothes) in [
        (
            "ANN, a young biracial engineer dons a space suit.",
            "a young biracial engineer",
            "",
        ),
        (
            "ANN, 60s, in a green coat, waits.",
            "60s",
            "in a green coat",
        ),
        (
            "ANN (40s, broad-shouldered, angry) waits.",
            "40s, broad-shouldered",
            "",
        ),
        (
            "ANN (30), a giant of a woman, enters.",
            "aged 30, a giant of a woman",
            "",
        ),
        ("ANN, tall, red-haired, stands up.", "tall, red-haired", ""),
        (
            "ANN, 40's and handsome, tells the story.",
            "40's and handsome",
            "",
        ),
        (
            "ANN, now 17 with braces, is fuming and ready to leave.",
            "aged 17 with braces",
            "",
        ),
        ("ANN, AGE 3, listens.", "aged 3", ""),
        (
            "ANN is a big woman with a scar.",
            "a big woman with a scar",
            "",
        ),
        ("ANN is 10.", "aged 10", ""),
        ("ANN in a dark suit waits.", "", "in a dark suit"),
        ("ANN, wearing a crown, sits.", "", "wearing a crown"),
        ("ANN, 70, cardigan, waits.", "aged 70", "in a cardigan"),
        (
            "ANN, a mother of twins in her forties looks up.",
            "a mother of twins in her forties",
            "",
        ),
        ("ANN, with long red hair, waits.", "with long red hair", ""),
        ("ANN with thick glasses reads.", "with thick glasses", ""),
        ("The gorgeous ANN sits.", "gorgeous", ""),
        ("A very tall ANN sits.", "very tall", ""),
        ("Red-headed ANN is 10.", "red-headed, aged 10", ""),
        ("ANN -- a retired cop -- sits.", "a retired cop", ""),
        ("ANN, la trentaine, lit un journal.", "30s", ""),
        (
            "ANN, 58, Lokführerin, Mütze, drückt einen Knopf.",
            "aged 58",
            "Mütze",
        ),
        ("ANN, 60 ans, avocate, attend.", "aged 60", ""),
        ("ANN, 3, listens wide-eyed.", "aged 3", ""),
        (
            "ANN, 8, yellow boots, holds a ladder for her tall father.",
            "aged 8",
            "yellow boots",
        ),
        (
            "ANN, 50s, immaculate raincoat, waits by a grey car.",
            "50s, immaculate raincoat",
            "",
        ),
        (
            "ANN (30), who fancies herself an artist, sits.",
            "aged 30",
            "",
        ),
        // Who she is to others is none.
        ("ANN, wife, tall, waits.", "tall", ""),
        ("ANN, a gorgeous bride, waits.", "gorgeous", ""),
        ("ANN, older sister, 50s, waits.", "50s", ""),
        // Nor is what hangs about her, what she rests on things, and what nobody sees.
        (
            "ANN, 34, unshaven, a map pinned over the bunk.",
            "aged 34, unshaven",
            "",
        ),
        (
            "ANN, 41, Pilotin, die Hand an der Bremse.",
            "aged 41, Pilotin",
            "",
        ),
        ("ANN, 41, les coudes sur la table.", "aged 41", ""),
        (
            "ANN, 60, a bad hip and a long coat.",
            "aged 60",
            "a long coat",
        ),
        (
            "ANN, 20, a scar on her cheek.",
            "aged 20, a scar on her cheek",
            "",
        ),
        // What she does, feels and holds is none.
        ("ANN, unaware of her danger, continues to eat.", "", ""),
        ("ANN, already late, runs.", "", ""),
        ("We get an angle on ANN, who watches.", "", ""),
        ("ANN, close behind, pants.", "", ""),
        ("ANN, a gun in her hand, waits.", "", ""),
        ("ANN, a look of horror on her face, runs.", "", ""),
        ("ANN, her eyes on the door, waits.", "", ""),
        ("ANN, in the doorway, waits.", "", ""),
        ("ANN, with a gun, waits.", "", ""),
        ("ANN, sobbing, drops the phone.", "", ""),
        ("ANN, the first to arrive, sits.", "", ""),
        ("ANN drops into the chair.", "", ""),
        ("ANN is fuming.", "", ""),
        ("ANN is at the door.", "", ""),
        ("A drenched ANN stands in the door.", "", ""),
        ("An angry ANN stands in the door.", "", ""),
        ("Young ANN sits.", "", ""),
        ("His mother ANN sits.", "", ""),
        ("A woman named ANN sits.", "", ""),
        ("Behind ANN a door opens.", "", ""),
    ] {
        let look = character("ANN", introduction).appearance();
        assert_eq!(
            (look.physical.as_str(), look.clothes.as_str()),
            (physical, clothes),
            "{introduction}"
        );
    }
}

/// The tags of the one scene of a script, as `RAE: muddy, MAX: wet`.
fn states(sentence: &str) -> Vec<String> {
    let film = film(&format!(
        "INT. BARN - DAY\n\nRAE waits. She sits. MAX smokes a pipe. He nods.\n\n{sentence}\n\nRAE\nYes.\n\nMAX\nNo.\n"
    ));
    let looks = &film.scenes[0].looks;
    let all = looks.assets.values().flat_map(|asset| {
        let tags = asset.conditions.iter();
        tags.map(|state| format!("{}: {}", asset.name, state.tag))
    });
    all.collect()
}

#[test]
fn a_state_is_that_of_the_grammatical_subject() {
    for (sentence, expected) in [
        ("Rae is soaked.", "RAE: wet"),
        ("Rae, soaked, stares.", "RAE: wet"),
        ("Rae, very muddy, stares at Max.", "RAE: muddy"),
        ("A drenched Rae looks at Max.", "RAE: wet"),
        ("Max watches barefoot Rae leave.", "RAE: barefoot"),
        ("A scratched and sweaty Max sits.", "MAX: sweating"),
        ("Rae stands in the door, soaked.", "RAE: wet"),
        (
            "Bruised and bandaged, Max sorts the mail.",
            "MAX: bruised, MAX: bandaged",
        ),
        ("Rae falls in the mud.", "RAE: muddy"),
        ("Max looks on as Rae falls in the mud.", "RAE: muddy"),
        ("Max pushes Rae, who falls in the mud.", "RAE: muddy"),
        ("Max looks at her bloody hands.", "RAE: bloodied"),
        ("Rae's face is bloody.", "RAE: bloodied"),
        ("He smiles, his teeth bloody.", "MAX: bloodied"),
        ("Rae runs in her bare feet.", "RAE: barefoot"),
        ("Rae walks in on bare feet.", "RAE: barefoot"),
        (
            "Max, wearing a blue suit, nods.",
            "MAX: wearing a blue suit",
        ),
        (
            "Rae in a red dress nods to Max.",
            "RAE: wearing a red dress",
        ),
        (
            "Wearing a white shirt, Rae sings.",
            "RAE: wearing a white shirt",
        ),
        ("Rae puts on her coat and leaves.", "RAE: wearing a coat"),
        (
            "She's wearing a blue dress and hat.",
            "RAE: wearing a blue dress and hat",
        ),
        // Nobody's, or somebody else's.
        (
            "A bare foot sticks out from under the sheet. Rae lifts it.",
            "",
        ),
        ("Rae picks up a bloody knife.", ""),
        ("Rae drives down a muddy road.", ""),
        ("Max looks at a wet dog.", ""),
        ("Rae looks at the floor, which is wet.", ""),
        ("The floor is soaked. Rae sits.", ""),
        ("Rae sees a drenched man.", ""),
        ("Max gives Rae a dirty look.", ""),
        ("The tap drips. Rae fills a dripping cup.", ""),
        ("Rae looks at the bloody handkerchief in Max's hand.", ""),
        ("A man in torn clothes passes Rae.", ""),
        ("Rae passes a woman wearing a red hat.", ""),
        ("Rae looks at Max's pregnant wife.", ""),
        ("Rae is torn between two ways.", ""),
        ("Rae wears a smile.", ""),
        ("Rae takes off her dirty shirt.", "RAE: without shirt"),
        ("Rae's cat is wet.", ""),
    ] {
        assert_eq!(states(sentence).join(", "), expected, "{sentence}");
    }
}

#[test]
fn states_end_when_the_script_says_so() {
    for (end, left) in [
        ("INT. HALL - CONTINUOUS\n\nRae sits.", true),
        ("INT. HALL - LATER\n\nRae sits.", true),
        ("INT. HALL - LATER\n\nRae washes her face.", false),
        ("INT. HALL - LATER\n\nRae, freshly showered, sits.", false),
        ("INT. HALL - LATER\n\nMax washes his face. Rae sits.", true),
        ("INT. HALL - THE NEXT DAY\n\nRae sits.", false),
        ("INT. HALL - NEXT MORNING\n\nRae sits.", false),
        ("INT. HALL - THREE WEEKS LATER\n\nRae sits.", false),
    ] {
        let film = film(&format!(
            "EXT. FIELD - DAY\n\nMAX waits. RAE falls in the mud. She is muddy.\n\nRAE\nOh.\n\n{end}\n"
        ));
        let last = film.scenes.last().unwrap();
        let muddy = last.looks.assets["rae"]
            .conditions
            .iter()
            .any(|state| state.tag == "muddy");
        assert_eq!(muddy, left, "{end}");
    }
    for (shown, end, tag) in [
        ("Rae takes the beating.", "Her bruises are gone.", "bruised"),
        (
            "Rae, her arm in a sling, sits.",
            "Her arm has healed.",
            "bandaged",
        ),
        (
            "Rae, wearing a red coat, sits.",
            "She changes into a gown.",
            "wearing a red coat",
        ),
        (
            "Rae kicks off her shoes.",
            "She puts on her shoes.",
            "barefoot",
        ),
        ("She swims.", "Rae dries off.", "wet"),
    ] {
        let film = film(&format!(
            "EXT. FIELD - DAY\n\nRAE waits. {shown}\n\nRAE\nOh.\n\n{end}\n"
        ));
        let looks = &film.scenes[0].looks;
        assert!(
            looks.ended.iter().any(|one| one.tag == tag) || tag.starts_with("wearing"),
            "{shown} {:?}",
            looks
        );
        assert!(
            looks.assets["rae"]
                .conditions
                .iter()
                .all(|state| state.tag != tag),
            "{shown} {end}"
        );
    }
}

#[test]
fn a_look_is_in_every_prompt_that_shows_somebody() {
    let film = film(
        "INT. LAB - DAY\n\nBRIANNA, a young biracial engineer, dons a suit. A BOY, 9, gap-toothed, in a red cap, watches.\n\n\
         BRIANNA\nReady.\n\nThe boy nods. She nods.\n\nBRIANNA\nNow.\n\nThe boy runs.\n",
    );
    let scene = &film.scenes[0];
    for (shot, request) in scene.list.shots.iter().zip(&scene.requests) {
        let prompt = &request.frame.prompt;
        for (name, look) in [
            ("BRIANNA", "young biracial engineer"),
            ("BOY", "gap-toothed"),
            ("BOY", "red cap"),
        ] {
            if shot.characters_in_frame.iter().any(|one| one == name) {
                assert!(prompt.contains(look), "{name}: {prompt}");
            }
        }
    }
}

#[test]
fn an_age_is_that_of_its_time() {
    let film = film(
        "INT. HALL - DAY (1973)\n\nWILL, AGE 3, tall, listens.\n\nWILL\nOh.\n\nINT. BAR - DAY\n\nA drenched Will (29) sits.\n\nWILL\nYes.\n\n\
         INT. BAR - DAY - CONTINUOUS\n\nANN, 40, waits. Will nods.\n\nINT. SHOP - DAY - NEXT DAY\n\nWill and Ann wait.\n",
    );
    let tags = |scene: usize| -> Vec<String> {
        let conditions = film.scenes[scene].looks.assets["will"].conditions.iter();
        conditions
            .map(|state| state.tag.clone())
            .filter(|tag| tag.starts_with("aged"))
            .collect()
    };
    assert_eq!(
        [tags(0), tags(1), tags(2)],
        [["aged 3"], ["aged 29"], ["aged 29"]]
    );
    assert_eq!(tags(3), Vec::<String>::new());
    assert_eq!(film.cast.get("WILL").unwrap().appearance().physical, "tall");
    assert_eq!(
        film.cast.get("ANN").unwrap().appearance().physical,
        "aged 40"
    );
}

#[test]
fn a_pause_that_the_script_tells_of_ends_states() {
    let after = |beginning: &str| -> Vec<String> {
        let film = film(&format!(
            "INT. BARN - DAY\n\nANN, pregnant, her hands bloody, is muddy. Ann is pregnant.\n\nANN\nOh.\n\n\
             INT. SHOP - DAY\n\n{beginning}\n\nMAX waits.\n\nMAX\nHm.\n\nINT. BAR - DAY\n\nAnn sits.\n\nANN\nYes.\n"
        ));
        let conditions = film.scenes[2].looks.assets["ann"].conditions.iter();
        conditions.map(|state| state.tag.clone()).collect()
    };
    let all = after("The shop is dark.");
    assert!(
        all.contains(&"muddy".to_owned()) && all.contains(&"pregnant".to_owned()),
        "{all:?}"
    );
    assert_eq!(after("The next morning."), ["pregnant"]);
    assert_eq!(after("A week later, the shop is dark."), ["pregnant"]);
    assert_eq!(after("SUPER: SIX MONTHS LATER"), Vec::<String>::new());
    assert_eq!(after("Drei Jahre später."), Vec::<String>::new());
    // Nothing passes in these.
    assert_eq!(after("Another man waits all day and all week."), all);
}
