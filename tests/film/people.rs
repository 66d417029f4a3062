//! Who is seen and who is only heard or told of, by which names, and as what.

use std::collections::BTreeSet;

use super::engine_common::{Film, film};
use aiut_film::cast::{Gender, NameKind};

/// Everybody in the frame of some shot of a scene.
fn seen(film: &Film, scene: usize) -> BTreeSet<String> {
    let shots = &film.scenes[scene].list.shots;
    let all = shots.iter().flat_map(|shot| &shot.characters_in_frame);
    all.cloned().collect()
}

fn names(film: &Film) -> Vec<&str> {
    let all = film.cast.characters.iter();
    all.map(|one| one.name.as_str()).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn heard_people_are_not_in_the_room() {
    for cue in [
        "MOM (O. S.)",
        "MOM (off-screen)",
        "MOM (OC)",
        "MOM (V/O)",
        "MOM (PRE-LAP)",
        "MOM (phone)",
        "MOM (ON THE PHONE)",
        "MOM (over the phone)",
        "MOM (ON TV)",
        "MOM (on radio)",
        "MOM (filtered)",
        "MOM (from the speaker)",
        "MOM'S VOICE",
        "VOICE ON RADIO",
        "MOM (au téléphone)",
        "MOM (AM TELEFON)",
        "MOM (VOIX OFF)",
        "WOMAN'S VOICE",
        "RADIO",
        "NARRATOR",
    ] {
        let film = film(&format!(
            "INT. KITCHEN - DAY\n\nTOM stirs the soup.\n\n{cue}\nLuke! Come down!\n\nTOM\nQuiet.\n"
        ));
        assert_eq!(seen(&film, 0), set(&["TOM"]), "{cue}");
        assert_eq!(film.scenes[0].breakdown.speaking, ["TOM"], "{cue}");
    }
}

#[test]
fn whoever_holds_the_telephone_is_seen() {
    for (tom, joe) in [
        ("TOM (ON PHONE)", "JOE (ON PHONE)"),
        ("TOM (INTO PHONE)", "JOE (V.O.)"),
        ("TOM (into phone)", "JOE (PHONE)"),
        ("TOM", "JOE (filtered)"),
        ("TOM (ON RADIO)", "JOE (ON RADIO)"),
    ] {
        let film = film(&format!(
            "INT. KITCHEN - DAY\n\nTOM picks it up and listens.\n\n{tom}\nYes?\n\n{joe}\nHello.\n\n{tom}\nNo.\n"
        ));
        assert_eq!(seen(&film, 0), set(&["TOM"]), "{tom}, {joe}");
    }
    // Whose cue says it once is elsewhere for the scene.
    let film = film(
        "INT. HUT - NIGHT\n\nTOM waits.\n\nJOE (ON RADIO)\nCome in.\n\nTOM\nHere.\n\nJOE\nOver.\n",
    );
    assert_eq!(seen(&film, 0), set(&["TOM"]));
}

#[test]
fn a_voice_is_its_owners() {
    let film = film(
        "INT. HALL - DAY\n\nTOM sits.\n\nTOM\nHello?\n\nINT. CELLAR - DAY\n\nANN sits.\n\nTOM'S VOICE\nAnn?\n\nVOICE OF TOM\nAnn!\n\n\
         Tom's voice fades.\n",
    );
    assert_eq!(names(&film), ["ANN", "TOM"]);
    assert_eq!(seen(&film, 1), set(&["ANN"]));
    assert_eq!(film.scenes[1].breakdown.heard, ["TOM"]);
}

#[test]
fn all_who_speak_together_are_those_who_are_there() {
    for (cue, who) in [
        ("BOTH", &["JACK", "JOSH"][..]),
        ("THE TWO", &["JACK", "JOSH"]),
        ("LES DEUX", &["JACK", "JOSH"]),
        ("BEIDE", &["JACK", "JOSH"]),
        ("ALL", &["ANN", "JACK", "JOSH"]),
        ("EVERYONE", &["ANN", "JACK", "JOSH"]),
        ("EVERYBODY (CONT'D)", &["ANN", "JACK", "JOSH"]),
        ("TODOS", &["ANN", "JACK", "JOSH"]),
    ] {
        let film = film(&format!(
            "EXT. FIELD - DAY\n\nANN sleeps.\n\nJACK and JOSH wave.\n\nJACK\nHey.\n\nJOSH\nHey.\n\n{cue}\nOver here!\n"
        ));
        assert_eq!(names(&film), ["ANN", "JACK", "JOSH"], "{cue}");
        let last = film.scenes[0].list.shots.last().unwrap();
        let frame: BTreeSet<String> = last.characters_in_frame.iter().cloned().collect();
        assert_eq!(frame, set(who), "{cue}: {}", last.content);
        let prompt = &film.scenes[0].requests.last().unwrap().frame.prompt;
        assert!(
            !prompt.to_lowercase().contains("the both") && !prompt.contains("veryone"),
            "{prompt}"
        );
    }
}

#[test]
fn what_belongs_to_somebody_or_shows_them_is_not_them() {
    let film = film(
        "EXT. GARDEN - DAY\n\nJONAS walks. Mila's cat follows him to the Captain's chair. He thinks of Mila. A sign \
         reads \"CAPTAIN MILA\". Mila's boots stand by the door. He finds a photograph of Mila and the Captain.\n\nJONAS\nShoo.\n\n\
         INT. CABIN - DAY\n\nMILA and the CAPTAIN play cards. Jonas' hand is on the door.\n\nMILA\nYours.\n\nCAPTAIN\nMine.\n",
    );
    assert_eq!(seen(&film, 0), set(&["JONAS"]));
    assert_eq!(seen(&film, 1), set(&["CAPTAIN", "JONAS", "MILA"]));
}

#[test]
fn numbers_articles_and_months_name_nobody() {
    let film = film(
        "INT. EMBASSY - DAY\n\n1ST DIPLOMAT and 2ND DIPLOMAT shake hands. FIRST GUARD yawns. AUGUST and Doctor MAY smile.\n\n\
         1ST DIPLOMAT\nUntil October 1st.\n\n2ND DIPLOMAT\nAgreed.\n\nAUGUST\nAh.\n\nDER ALTE MANN\nJa.\n\nLA FEMME DU MARCHÉ\nOui.\n\n\
         INT. CELLAR - NIGHT\n\nA rat runs to the first hole. In August it was dry. The second hole is empty. Der Wind. La neige du \
         soir. The old guard of the 1st regiment hangs in a frame.\n",
    );
    assert_eq!(seen(&film, 1), BTreeSet::new());
    for name in ["1ST DIPLOMAT", "2ND DIPLOMAT"] {
        assert_eq!(film.cast.get(name).unwrap().kind, NameKind::Role);
    }
}

#[test]
fn headings_within_the_action_name_nobody() {
    for line in [
        "MONTAGE - JACK TRAINS",
        "SERIES OF SHOTS: JACK WORKS",
        "FLASHBACK - JACK RUNS",
        "INTERCUT - JACK WAITS",
        "SUPER: JACK LONDON, 1902",
        "TITLE: JACK IS BACK",
        "DREAM SEQUENCE - JACK FALLS",
    ] {
        let film = film(&format!(
            "INT. GYM - DAY\n\nJACK enters.\n\nJACK\nGo.\n\n{line}\n\n-- Jack runs.\n\n-- Jack sleeps on a bench.\n"
        ));
        assert_eq!(names(&film), ["JACK"], "{line}");
        assert_eq!(film.cast.characters[0].full_name, "JACK", "{line}");
        assert_eq!(seen(&film, 0), set(&["JACK"]), "{line}");
    }
}

#[test]
fn two_people_may_share_a_part_of_their_names() {
    let two = film(
        "INT. HALL - DAY\n\nWILL waits.\n\nWILL\nHello?\n\nINT. WARD - DAY\n\nDR. WILL SMITH washes his hands.\n\nDR. WILL SMITH\nNext.\n",
    );
    assert_eq!(names(&two), ["DR. WILL SMITH", "WILL"]);
    let silent = film(
        "INT. HALL - DAY\n\nWILL waits.\n\nWILL\nHello?\n\nINT. WARD - DAY\n\nDR. WILL SMITH washes his hands.\n",
    );
    assert_eq!(names(&silent), ["DR. WILL SMITH", "WILL"]);
    assert_eq!(seen(&silent, 0), set(&["WILL"]));
    // The script says that they are one: both in one scene, the whole name first, or a title alone.
    for script in [
        "INT. WARD - DAY\n\nDR. WILL SMITH washes his hands.\n\nWILL\nNext.\n",
        "INT. WARD - DAY\n\nWILL BLOOM, 30, waits.\n\nINT. HALL - DAY\n\nWILL\nNext.\n",
        "INT. WARD - DAY\n\nINSPECTOR GRAND waits.\n\nINSPECTOR GRAND\nSo.\n\nINT. HALL - DAY\n\nGRAND\nNext.\n",
    ] {
        assert_eq!(names(&film(script)).len(), 1, "{script}");
    }
    // A family name that two bear means neither.
    let family = film(
        "INT. BARN - DAY\n\nANNA HOLT, 40, and PETER HOLT, 60, argue.\n\nANNA\nNo.\n\nPETER\nYes.\n\nINT. ROAD - DAY\n\nThe Holt car passes.\n",
    );
    assert_eq!(seen(&family, 1), BTreeSet::new());
}

#[test]
fn accents_are_kept_for_showing_alone() {
    let film = film(
        "INT. CAFÉ - NUIT\n\nÉTIENNE lit. Etienne sourit.\n\nETIENNE\nBonjour.\n\nETIENNE\nBon.\n\nÉTIENNE\nOui.\n\n\
         EXT. STRASSE - TAG\n\nGunther KÖSSLER geht. Koessler? Kossler lacht.\n\nKÖSSLER\nJa.\n",
    );
    assert_eq!(names(&film), ["ÉTIENNE", "KÖSSLER"]);
    assert_eq!(seen(&film, 0), set(&["ÉTIENNE"]));
    assert_eq!(film.scenes[0].breakdown.speaking, ["ÉTIENNE"]);
}

#[test]
fn silent_people_with_numbers_are_people() {
    let film = film(
        "INT. RESTAURANT - NIGHT\n\nSERVANT #1 pours. WAITER #1 enters with a cup. He bows. THUG 2 nods. The SECOND COP sits.\n\n\
         GUEST\nThank you.\n",
    );
    let all = set(&["GUEST", "SECOND COP", "SERVANT #1", "THUG 2", "WAITER #1"]);
    assert_eq!(seen(&film, 0), all);
}

#[test]
fn somebody_at_another_age_is_the_same_with_a_look_of_their_own() {
    let film = film(
        "INT. STUDY - NIGHT\n\nJACK, 60, closes his eyes.\n\nJACK\nYes. She did.\n\nHe smiles.\n\n\
         EXT. BEACH - DAY - FLASHBACK\n\nYOUNG JACK, 8, gap-toothed, runs. Jack falls.\n\nJACK (YOUNG)\nOw.\n\nYOUNG JACK\nOw!\n",
    );
    assert_eq!(names(&film), ["JACK", "YOUNG JACK"]);
    let young = film.cast.get("YOUNG JACK").unwrap();
    assert_eq!(young.age_of.as_deref(), Some("JACK"));
    assert_eq!(young.gender, Gender::Male);
    assert_eq!(seen(&film, 1), set(&["YOUNG JACK"]));
}

#[test]
fn pronouns_are_the_scripts_own() {
    let film = film(
        "INT. ENGINE ROOM - NIGHT\n\nJEAN listens. She closes one valve. Her jaw sets.\n\nJEAN\nThere.\n\n\
         INT. DECK - NIGHT\n\nANDREA waits. He lights a pipe.\n\nANDREA\nHm.\n\n\
         INT. HOLD - NIGHT\n\nROBIN, a young woman in a coat, sits. KIM (30s, male) stands.\n\nROBIN\n(to herself)\nNo.\n\nKIM\nYes.\n\n\
         INT. BRIDGE - NIGHT\n\nNADJA looks at him. CAPTAIN HOLM turns his head.\n\nNADJA\nSir.\n\nCAPTAIN HOLM\nWhat?\n\n\
         INT. MESS - NIGHT\n\nMARY shows him out.\n\nMARY\nBye.\n",
    );
    use Gender::{Female, Male, Unknown};
    for (name, gender) in [
        ("JEAN", Female),
        ("ANDREA", Male),
        ("ROBIN", Female),
        ("KIM", Male),
        ("NADJA", Unknown),
        ("CAPTAIN HOLM", Male),
        ("MARY", Female),
    ] {
        assert_eq!(film.cast.get(name).unwrap().gender, gender, "{name}");
    }
    // Voices fit them.
    for scene in &film.scenes {
        for line in scene
            .requests
            .iter()
            .filter_map(|request| request.audio.dialogue.as_ref())
        {
            let voice = &line.voice.name;
            match film
                .cast
                .get(&line.speaker.to_uppercase())
                .map(|one| one.gender)
            {
                Some(Female) => assert!(voice.contains("+f"), "{} {voice}", line.speaker),
                Some(Male) => assert!(voice.contains("+m"), "{} {voice}", line.speaker),
                _ => {}
            }
        }
    }
}

/// The pairs who are in one shot.
fn together(film: &Film, scene: usize, one: &str, other: &str) -> bool {
    let shots = &film.scenes[scene].list.shots;
    let has = |shot: &aiut_film::shots::Shot, name: &str| {
        shot.characters_in_frame.iter().any(|known| known == name)
    };
    shots.iter().any(|shot| has(shot, one) && has(shot, other))
}

#[test]
fn each_end_of_a_call_is_in_a_room_of_its_own() {
    for script in [
        "INT. OFFICE - DAY\n\nANNA dials.\n\nINTERCUT WITH:\n\nINT. BOAT - DAY\n\nBORIS picks up.\n\nBORIS\nYes?\n\nANNA\nIt is me.\n\nBORIS\nI know.\n",
        "INT. OFFICE - DAY\n\nANNA waits.\n\nINTERCUT WITH:\n\nINT. BOAT - DAY\n\nBORIS lies in bed.\n\nBORIS\nYes?\n\nANNA\nIt is me.\n\nBORIS\nI know.\n",
        "INT. OFFICE - DAY\n\nANNA waits.\n\nINT. OFFICE - DAY\n\nANNA dials. LIZ reads.\n\nINTERCUT - OFFICE / BOAT\n\nBORIS sits in his boat. He answers.\n\n\
         BORIS\nYes?\n\nANNA\nIt is me.\n\nLIZ\nSay hello.\n\nBORIS\nI know.\n",
        "INT. OFFICE - DAY\n\nANNA waits.\n\nINTERCUT - OFFICE / BOAT - DAY\n\n.INTERCUT OFFICE / BOAT\n\nAnna sits. BORIS stands.\n\nBORIS\nYes?\n\nANNA\nIt is me.\n\nBORIS\nI know.\n",
        "INT. OFFICE - DAY\n\nANNA waits.\n\nINT. OFFICE - DAY\n\nANNA takes the telephone.\n\nANNA\nHello?\n\nBORIS\nYes?\n\nANNA\nIt is me.\n",
    ] {
        let film = film(script);
        assert!(!together(&film, 1, "ANNA", "BORIS"), "{script}");
        for request in &film.scenes[1].requests {
            let prompt = &request.frame.prompt;
            assert!(
                !prompt.contains("shoulder") || !prompt.contains("Boris"),
                "{prompt}"
            );
        }
    }
    // Who is in one room stays together, whatever rings.
    let film = film(
        "INT. OFFICE - DAY\n\nA phone rings. ANNA reads. LIZ looks at Anna.\n\nANNA\nWell?\n\nLIZ\nYou take it.\n\nANNA\nNo.\n",
    );
    assert!(together(&film, 0, "ANNA", "LIZ"));
}

#[test]
fn whom_something_is_done_to_is_somebody_else() {
    let film = film(
        "INT. ROOM - NIGHT\n\nPING waits. She sings. JING enters. She nods.\n\nJING\nGo.\n\nPING\nNo.\n\nJing grabs her, a hand over her mouth.\n\n\
         BOB waits. He coughs. TOM sleeps. He snores.\n\nBOB\nTom?\n\nBob shakes him.\n\nThey look up.\n",
    );
    let frame = |part: &str| -> BTreeSet<String> {
        let shots = &film.scenes[0].list.shots;
        let shot = shots.iter().find(|shot| shot.content.contains(part));
        let shot = shot.unwrap_or_else(|| panic!("{part}"));
        shot.characters_in_frame.iter().cloned().collect()
    };
    assert_eq!(frame("grabs her"), set(&["JING", "PING"]));
    assert_eq!(frame("shakes him"), set(&["BOB", "TOM"]));
    assert_eq!(frame("They look up"), set(&["BOB", "TOM"]));
}

#[test]
fn rooms_and_floors_are_nobody() {
    let film = film(
        "INT. INN - DAY\n\nANN is in ROOM 12 on the 2ND FLOOR. She reads ACT ONE of the play. PLAN B fails.\n\nANN\nHm.\n",
    );
    assert_eq!(names(&film), ["ANN"]);
}

#[test]
fn pronouns_of_other_languages_mean_people() {
    let film = film(
        "INT. KÜCHE - NACHT\n\nJÜRGEN und LENA sitzen am Tisch.\n\nJÜRGEN\nJa.\n\nEr steht auf.\n\nLENA\nNein.\n\nSie wirft das Messer.\n\n\
         INT. CUISINE - NUIT\n\nBRUNO, un homme maigre, attend. ÉLISE, une femme grande, lit.\n\nBRUNO\nOui.\n\nÉLISE\nNon.\n\nIl lui tend la lampe.\n\nIl y a du vent.\n\n\
         INT. HALL - DAY\n\nRORY sleeps.\n\nRORY\nHm.\n\nThe ER is full of smoke.\n",
    );
    let framed = |scene: usize, words: &str| -> BTreeSet<String> {
        let shots = &film.scenes[scene].list.shots;
        let shot = shots.iter().find(|shot| shot.content.contains(words));
        shot.into_iter()
            .flat_map(|shot| shot.characters_in_frame.clone())
            .collect()
    };
    assert!(framed(0, "steht auf").contains("JÜRGEN"));
    assert!(framed(0, "wirft").contains("LENA"));
    assert!(framed(1, "lampe").contains("BRUNO"));
    assert!(!framed(2, "smoke").contains("RORY"));
}

#[test]
fn names_with_a_small_prefix_are_introduced_as_others_are() {
    let made = film(
        "INT. HUT - DAY\n\nMcTAVISH, 70, bald, cuts bread.\n\n@McTAVISH\nEat.\n\nINT. HUT - NIGHT\n\nMcTavish sleeps.\n",
    );
    let one = &made.cast.characters[0];
    assert_eq!(
        (made.cast.characters.len(), one.display().as_str()),
        (1, "McTavish")
    );
    assert_eq!(one.appearance().physical, "aged 70, bald");
    let film = film("INT. HUT - DAY\n\nPAUL WEIß, 50, bald, cuts bread.\n\nPAUL\nEat.\n");
    let one = &film.cast.characters[0];
    assert_eq!(one.appearance().physical, "aged 50, bald");
}

#[test]
fn whom_a_relation_means_is_in_the_picture() {
    let film = film(
        "INT. ROOM - DAY\n\nOTTO and GRETA wait by the door.\n\nOTTO\nYes.\n\nGRETA\nNo.\n\nOtto kisses his pregnant wife.\n",
    );
    let shots = &film.scenes[0].list.shots;
    let shot = shots
        .iter()
        .find(|shot| shot.content.contains("kisses"))
        .unwrap();
    assert!(shot.characters_in_frame.iter().any(|name| name == "GRETA"));
}
