//! Shots of speech: the line, how it is said, what goes on meanwhile, who listens, and the forms of
//! prompts for different models.

use std::collections::BTreeMap;

use super::engine_common::{Film, corpus, film};
use aiut_film::prompts::{Inputs, Made, People, SceneHead, Settings, Why, made};
use aiut_film::shots::Shot;
use aiut_film::words::{Heard, PromptPart, Trigger};

fn shots(film: &Film) -> Vec<&Shot> {
    let scenes = film.scenes.iter();
    scenes.flat_map(|scene| &scene.list.shots).collect()
}

/// The shot whose line holds some words.
#[track_caller]
fn saying<'f>(film: &'f Film, words: &str) -> &'f Shot {
    let all = shots(film);
    let says = |shot: &&&Shot| {
        shot.dialogue_text
            .as_ref()
            .is_some_and(|text| text.contains(words))
    };
    all.iter()
        .find(says)
        .unwrap_or_else(|| panic!("nobody says {words:?}"))
}

/// What is made of each shot with these settings.
fn made_with(film: &Film, with: &[(&str, &str)]) -> Vec<Made> {
    let own = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    let settings = Settings::read(&with.iter().map(own).collect()).expect("known settings");
    let (records, style) = (BTreeMap::new(), Default::default());
    let mut all = Vec::new();
    for scene in &film.scenes {
        let head = SceneHead::from(&scene.list);
        let people = People::from(scene.looks.assets.clone());
        for shot in &scene.list.shots {
            all.push(made(&Inputs {
                scene: &head,
                shot,
                people: &people,
                characters: &records,
                location: None,
                style: &style,
                width: 1280,
                height: 720,
                settings: &settings,
            }));
        }
    }
    all
}

fn videos(film: &Film, with: &[(&str, &str)]) -> String {
    let all = made_with(film, with);
    let all: Vec<_> = all
        .iter()
        .map(|made| made.request.video.prompt.as_str())
        .collect();
    all.join("\n")
}

fn frames(film: &Film, with: &[(&str, &str)]) -> String {
    let all = made_with(film, with);
    let all: Vec<_> = all
        .iter()
        .map(|made| made.request.frame.prompt.as_str())
        .collect();
    all.join("\n")
}

const BAR: &str = "\
INT. BAR - NIGHT

ANNA, 30s, wipes a glass, furious. BORIS sits down at the bar and looks away.

ANNA
(quietly)
You sold the boat.

BORIS
I sold the boat?

MOM (O.S.)
Anna! Supper!

Anna puts the glass down.

ANNA
Sorry. It's late, and...

BORIS
But you--
";

#[test]
fn a_line_stands_in_quotes_with_who_says_it_how_and_to_whom() {
    let film = film(BAR);
    let told = videos(&film, &[]);
    for part in [
        "Anna, 30s, says to Boris, quietly: \"You sold the boat.\"",
        "Boris asks Anna: \"I sold the boat?\"",
        "A woman's voice from outside the frame says: \"Anna! Supper!\"",
        "in apology, trailing off: \"Sorry. It's late, and...\"",
        "cut short: \"But you--\".",
    ] {
        assert!(told.contains(part), "{part:?} is missing in\n{told}");
    }
    assert!(!told.contains("speaks"), "{told}");
    // A picture shows nobody who is only heard.
    let seen = frames(&film, &[]);
    assert!(
        seen.contains("\"You sold the boat.\"") && !seen.contains("Supper"),
        "{seen}"
    );
}

#[test]
fn what_leads_into_a_line_stands_before_who_says_it() {
    let film = film("INT. HALL - DAY\n\nANNA waits.\n\nWith a sudden calm --\n\nANNA\nI know.\n");
    let told = videos(&film, &[]);
    assert!(
        told.contains("With a sudden calm") && told.contains("says: \"I know.\""),
        "{told}"
    );
    assert!(!told.contains("speaks"), "{told}");
}

#[test]
fn a_tone_is_the_scripts_or_what_words_and_marks_show_in_any_language() {
    let say = |line: &str| {
        let film = film(&format!("INT. HALL - DAY\n\nANNA waits.\n\nANNA\n{line}\n"));
        let shot = saying(&film, "");
        let verb = shot
            .content
            .split(' ')
            .nth(1)
            .unwrap_or_default()
            .trim_matches(['.', ',']);
        (
            verb.to_owned(),
            shot.dialogue_tone.clone().unwrap_or_default(),
        )
    };
    for (line, verb, tone) in [
        ("(whispering)\nGo.", "speaks", "whispering"),
        ("Hello there.", "speaks", "in greeting"),
        ("Bonjour, madame.", "speaks", "in greeting"),
        ("Gracias.", "speaks", "with thanks"),
        ("Простите.", "speaks", "in apology"),
        ("谢谢", "speaks", "with thanks"),
        ("Hello?", "asks", ""),
        ("Run!", "exclaims", "urgently"),
        ("GET OUT OF HERE", "shouts", "in anger"),
        ("I saw it—", "speaks", "cut short"),
        ("If only…", "speaks", "trailing off"),
        ("The boat is red.", "speaks", ""),
    ] {
        assert_eq!(say(line), (verb.to_owned(), tone.to_owned()), "{line}");
    }
}

#[test]
fn what_somebody_is_at_goes_on_while_they_speak_until_they_do_something_else() {
    let film = film(BAR);
    let goes_on = |words: &str| saying(&film, words).meanwhile.clone().unwrap_or_default();
    assert_eq!(
        goes_on("You sold"),
        "Anna wipes a glass, furious. Boris sits at the bar."
    );
    // She has put it down.
    assert!(!goes_on("It's late").contains("wipes"));
    assert!(goes_on("But you").contains("Boris sits at the bar."));
    let gone = super::engine_common::film(
        "EXT. PIER - DAY\n\nANNA rows the boat. BORIS fishes.\n\nANNA\nOne.\n\nAnna leaves.\n\n\
         LATER, Anna runs to the house.\n\nANNA\nTwo.\n",
    );
    assert!(
        saying(&gone, "One")
            .meanwhile
            .as_ref()
            .unwrap()
            .contains("rows the boat")
    );
    assert!(
        !saying(&gone, "Two")
            .meanwhile
            .as_ref()
            .is_some_and(|text| text.contains("rows"))
    );
}

#[test]
fn two_who_speak_at_once_are_one_shot_of_both() {
    let film = film(
        "INT. KITCHEN - DAY\n\nANNA and BORIS stare at the cake.\n\nANNA\nIt is mine!\n\nBORIS ^\nNo, it is mine!\n\nANNA\nFine.\n",
    );
    let shot = saying(&film, "It is mine");
    assert_eq!(
        shot.dialogue_text.as_deref(),
        Some("It is mine! No, it is mine!")
    );
    assert_eq!(shot.characters_in_frame, ["ANNA", "BORIS"]);
    assert_eq!(shot.dialogue_together.len(), 2);
    let told = videos(&film, &[]);
    let both = "At the same time Anna says: \"It is mine!\" and Boris says: \"No, it is mine!\"";
    assert!(told.contains(both), "{told}");
    assert_eq!(saying(&film, "Fine").dialogue_together, []);
}

#[test]
fn a_long_speech_falls_into_shots_at_the_ends_of_sentences_and_is_seen_on_the_listener_too() {
    let line = "We left the harbour before the sun was up and nobody said a word to anybody else. ";
    let speech = line.repeat(5).trim_end().to_owned();
    let script = format!(
        "INT. CABIN - DAY\n\nANNA and BORIS mend a net.\n\nBORIS\nTell me.\n\nANNA\n{speech}\n"
    );
    let film = film(&script);
    let spoken: Vec<&Shot> = shots(&film)
        .into_iter()
        .filter(|shot| shot.dialogue_speaker.as_deref() == Some("ANNA"))
        .collect();
    assert!(spoken.len() >= 3);
    for shot in &spoken {
        let text = shot.dialogue_text.as_deref().unwrap();
        assert!(
            text.ends_with('.') && text.starts_with("We left"),
            "{text:?}"
        );
    }
    let listens = spoken[1];
    assert_eq!(
        (listens.trigger, listens.dialogue_source),
        (Trigger::OffScreen, Some(Heard::OffScreen))
    );
    assert!(listens.characters_in_frame.contains(&"BORIS".to_owned()));
    assert!(
        listens.content.contains("Boris listens."),
        "{}",
        listens.content
    );
    // Alone there is nobody to look at.
    let alone = super::engine_common::film(
        &script
            .replace("ANNA and BORIS mend", "ANNA mends")
            .replace("BORIS\nTell me.\n\n", ""),
    );
    assert!(
        shots(&alone)
            .iter()
            .all(|shot| shot.trigger != Trigger::OffScreen)
    );
}

#[test]
fn a_form_says_which_parts_there_are_and_how_they_are_joined() {
    let film = film(BAR);
    let tags = frames(&film, &[("target", "tags")]);
    assert!(!tags.contains('"') && !tags.contains(". "), "{tags}");
    assert!(tags.lines().all(|line| line.chars().count() <= 600));
    let sections = videos(&film, &[("video", "sections")]);
    for title in [
        "Camera: ",
        "Dialogue: Anna",
        "Place: ",
        "Sound: ",
        "Length: ",
    ] {
        assert!(
            sections.contains(title),
            "{title} is missing in\n{sections}"
        );
    }
    for made in made_with(&film, &[("frame", "tags"), ("video", "sections")]) {
        assert_eq!(made.request.frame.template, "tags 1");
        assert_eq!(made.request.video.template, "sections 1");
    }
}

#[test]
fn spoken_words_can_be_kept_out_and_what_is_left_out_is_told() {
    let film = film(BAR);
    for (lines, in_frame, in_video) in [
        ("both", true, true),
        ("video", false, true),
        ("frame", true, false),
        ("none", false, false),
        ("false", false, false),
    ] {
        let with = [("lines", lines)];
        assert_eq!(
            frames(&film, &with).contains("sold the boat"),
            in_frame,
            "{lines}"
        );
        assert_eq!(
            videos(&film, &with).contains("sold the boat"),
            in_video,
            "{lines}"
        );
        for made in made_with(&film, &with) {
            let quotes = made.request.video.prompt.contains('"');
            let forbids = made.request.video.negative_prompt.contains("subtitles");
            assert_eq!(quotes, forbids);
        }
    }
    let silent = made_with(&film, &[("lines", "none")]);
    let left: Vec<_> = silent
        .iter()
        .flat_map(|made| &made.video.left_out)
        .collect();
    assert!(left.iter().any(|left| left.part == PromptPart::Line
        && left.why == Why::TurnedOff("none")
        && left.text.contains("sold the boat")));
    let short = made_with(&film, &[("frame_most", "200")]);
    assert!(
        short
            .iter()
            .all(|made| made.frame.text.chars().count() <= 200)
    );
    let left: Vec<_> = short.iter().flat_map(|made| &made.frame.left_out).collect();
    assert!(left.iter().any(|left| left.why == Why::NoRoom(200)));
}

/// Over every screenplay: the line is in the clip's prompt, and hardly a shot only says that somebody
/// speaks.
#[test]
fn every_line_of_the_corpus_is_in_the_prompt_of_its_clip() {
    let words = |text: &str| -> String {
        let text = text.chars().filter(|c| c.is_alphanumeric());
        text.collect()
    };
    for (file, text) in corpus() {
        let film = film(&text);
        let (mut bare, mut all) = (Vec::new(), 0);
        for scene in &film.scenes {
            for (shot, request) in scene.list.shots.iter().zip(&scene.requests) {
                let Some(line) = &shot.dialogue_text else {
                    continue;
                };
                all += 1;
                let prompt = &request.video.prompt;
                let said = shot.dialogue_together.is_empty();
                if said && !words(prompt).contains(&words(line)) {
                    panic!("{file} {}: {line:?} is not in {prompt}", shot.shot_id);
                }
                let tells = shot.dialogue_tone.is_some() || shot.meanwhile.is_some();
                let only = prompt.contains(" speaks.") || prompt.contains(" speaks to ");
                if only || !tells && prompt.split('"').nth(1).is_none() {
                    bare.push(shot.shot_id.to_string());
                }
            }
        }
        assert!(
            bare.len() * 10 <= all,
            "{file}: {} of {all}: {bare:?}",
            bare.len()
        );
    }
}

#[test]
fn what_is_sung_is_sung_and_a_readers_remark_is_not_told() {
    let line = |line: &str| {
        let film = film(&format!("INT. HALL - DAY\n\nANNA waits.\n\nANNA\n{line}\n"));
        let told = videos(&film, &[]);
        let at = told.find("Anna ").unwrap_or_default();
        told[at..].to_owned()
    };
    for (said, wanted) in [
        ("~Row, row the boat.", "sings: \"Row, row the boat.\""),
        ("(singing)\nGo down, Moses.", "sings: \"Go down, Moses.\""),
        ("(chantant)\nAu clair de la lune.", "sings: \"Au clair"),
        (
            "(In Chinese, subtitled)\nThe boat is red.",
            "says in Chinese: \"The boat",
        ),
        (
            "(auf Deutsch, mit Untertiteln)\nDas Boot ist rot.",
            "auf Deutsch: \"Das Boot",
        ),
        ("(elle aussi)\nThe boat is red.", "says: \"The boat"),
        ("(him too)\nThe boat is red.", "says: \"The boat"),
        ("(again)\nThe boat is red.", "says: \"The boat"),
        (
            "He only said \"the boat is...\"",
            "says: \"He only said 'the boat is...'\"",
        ),
        ("He said \"the boat.\"", "says: \"He said 'the boat.'\""),
    ] {
        let told = line(said);
        assert!(told.contains(wanted), "{wanted:?} is missing in\n{told}");
        assert!(!told.contains("'\"."), "{told}");
    }
}

#[test]
fn a_voice_from_elsewhere_comes_through_what_the_cue_says() {
    for (cue, through) in [
        ("BORIS (ON PHONE) (V.O.)", "over the phone"),
        ("BORIS (OVER RADIO)", "over the radio"),
        ("BORIS (aus dem Lautsprecher)", "over the loudspeaker"),
        ("BORIS (ON TV)", "from the television"),
    ] {
        let film = film(&format!(
            "INT. HALL - DAY\n\nANNA waits.\n\nANNA\nWho is it?\n\n{cue}\nThe boat is red.\n"
        ));
        let tone = saying(&film, "The boat").dialogue_tone.clone();
        assert_eq!(tone.as_deref(), Some(through), "{cue}");
        let told = videos(&film, &[]);
        assert!(
            told.contains(&format!("voice {through} says: \"The boat")),
            "{told}"
        );
    }
}
