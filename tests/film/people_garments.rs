//! What people look like: clothes taken off, torn and mentioned, what water does, how long it lasts, what
//! is told in other languages.

use super::engine_common::{Film, film};

fn tags(film: &Film, scene: usize, who: &str) -> Vec<String> {
    let asset = &film.scenes[scene].looks.assets[who];
    let states = asset.conditions.iter();
    states.map(|state| state.tag.clone()).collect()
}

/// The states of Edward after a sentence.
#[track_caller]
fn after(sentence: &str, expected: &[&str]) {
    let film = film(&format!(
        "EXT. QUAY - DAY\n\nEDWARD, 50, a cap, a good coat, waits with MARA. He nods. She nods.\n\n{sentence}\n"
    ));
    assert_eq!(tags(&film, 0, "edward"), expected, "{sentence}");
}

#[test]
fn water_makes_wet() {
    after("Edward jumps into the icy river.", &["wet"]);
    after("Edward wades through the shallow water.", &["wet"]);
    after("A huge wave hits Edward.", &["wet"]);
    after("The river takes him off his feet.", &["wet"]);
    after("Edward walks along the river bank.", &[]);
    after("Edward steps into the river house.", &[]);
    after("Edward falls into the mud.", &["muddy"]);
}

#[test]
fn clothes_are_torn_and_taken_off() {
    after("His good coat tears from collar to hem.", &["coat torn"]);
    after("Edward rips his coat.", &["coat torn"]);
    after("He takes off his cap.", &["without cap"]);
    after("Edward removes the cap.", &["without cap"]);
    after("Edward takes his cap off.", &["without cap"]);
    after(
        "Edward takes off his cap. He puts on his cap.",
        &["with a cap on"],
    );
    after("A coat hangs on the door.", &[]);
    let film = film(
        "EXT. QUAY - DAY\n\nEDWARD, 50, a cap, a good coat, waits.\n\nEDWARD\nYes.\n\nHe takes off his cap.\n\nEDWARD\nNo.\n",
    );
    let prompts: Vec<&str> = film.scenes[0]
        .requests
        .iter()
        .map(|request| request.frame.prompt.as_str())
        .collect();
    let last = prompts[prompts.len() - 1];
    assert!(last.contains("coat") && !last.contains("a cap,"), "{last}");
}

#[test]
fn clothes_that_a_scene_mentions_are_worn_in_it() {
    after(
        "Edward pulls a revolver out of his clown suit.",
        &["wearing a clown suit"],
    );
    after("He wipes his hands on his apron.", &["with an apron on"]);
    after("He pulls a photograph out of his coat.", &[]);
    after(
        "With a buzz cut and paratrooper gear, Edward squats.",
        &["with a buzz cut", "wearing paratrooper gear"],
    );
    after("He takes the suit from the hook.", &[]);
}

#[test]
fn a_bruise_of_which_nobody_tells_any_more_heals() {
    let scene = |at: usize| format!("INT. ROOM {at} - DAY\n\nEDWARD waits.\n\nEDWARD\nYes.\n\n");
    let film = film(&format!(
        "INT. RING - DAY\n\nEDWARD is bruised.\n\nEDWARD\nAh.\n\n{}{}{}",
        scene(1),
        scene(2),
        scene(3)
    ));
    assert_eq!(tags(&film, 1, "edward"), ["bruised"]);
    assert_eq!(tags(&film, 3, "edward"), Vec::<String>::new());
}

#[test]
fn what_somebody_stands_before_is_not_worn() {
    let film = film(
        "EXT. STREET - DAY\n\nTODD, standing out front of his building with a backpack, stares.\n\nTODD\nNo.\n",
    );
    assert_eq!(tags(&film, 0, "todd"), Vec::<String>::new());
}

#[test]
fn a_look_has_what_is_worn_about_a_body() {
    let film = film(
        "INT. HUT - NIGHT\n\nINES MORROW, 47, headphones round her neck, slides a fader up. McALLISTER, 70, cardigan, \
         screwdriver behind one ear, backs in. NOOR HADDAD, 35, climbing harness, forearms like rope, waits. ROBIN, 30, \
         bushy eyebrows, eyes closed, sleeps.\n\nINES MORROW\nYes.\n\nROBIN\nNo.\n\nNOOR HADDAD\nYes.\n\nMcALLISTER\nNo.\n",
    );
    let look = |who: &str| film.scenes[0].looks.assets[who].look.as_str();
    assert_eq!(look("ines_morrow"), "aged 47, headphones round her neck");
    assert_eq!(
        look("mcallister"),
        "aged 70, in a cardigan, screwdriver behind one ear"
    );
    assert_eq!(
        look("noor_haddad"),
        "aged 35, forearms like rope, in a climbing harness"
    );
    assert_eq!(look("robin"), "aged 30, bushy eyebrows");
}

#[test]
fn looks_of_other_languages_are_told_in_english_where_they_are_ages() {
    let film = film(
        "INT. ZUG - NACHT\n\nJÜRGEN, 58, Lokführer, Mütze, drückt auf einen Knopf. Nichts. Er drückt noch einmal.\n\n\
         MAÎTRE PRÉVÔT, 60 ans, avocat, compte. NOÉMIE, 9 ans, sort une baguette de son étui. Elle rit. Der WÄRTER, über \
         achtzig, schläft.\n\nJÜRGEN\nJa.\n\nNOÉMIE\nNon.\n\nMAÎTRE PRÉVÔT\nSi.\n\nWÄRTER\nNein.\n",
    );
    let asset = |who: &str| &film.scenes[0].looks.assets[who];
    assert_eq!(asset("jurgen").look, "aged 58, Mütze");
    assert_eq!(asset("jurgen").pronouns.code(), "he");
    assert_eq!(asset("maitre_prevot").look, "aged 60");
    assert_eq!(asset("noemie").look, "aged 9");
    assert_eq!(asset("noemie").pronouns.code(), "she");
    assert_eq!(asset("warter").look, "over eighty");
}

#[test]
fn a_name_alone_tells_no_model_whom_to_draw() {
    let film = film("INT. ROOM - DAY\n\nWILL looks up. He smiles.\n\nWILL\nYes.\n");
    let prompt = &film.scenes[0].requests.last().unwrap().frame.prompt;
    assert!(prompt.contains("Will: a man."), "{prompt}");
}
