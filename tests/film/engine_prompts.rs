//! Prompts and captions over every screenplay of the corpus: whole, never cut, no stammer.

use std::collections::BTreeSet;

use super::engine_common::{corpus, film};
use aiut_film::prompts::{SceneHead, check};
use aiut_film::words::{ShotSize, Trigger};

/// Words at which no sentence of a prompt may end.
const HANGING: &[&str] = &[
    "a", "an", "the", "and", "or", "but", "nor", "of", "to", "into", "onto", "from", "with", "at",
    "by", "for", "as", "than", "if", "because", "while", "which", "whose", "my", "your", "their",
    "our", "is", "are", "was", "were", "we", "via", "upon", "toward", "towards",
];

fn sentence_ends(text: &str) -> Vec<String> {
    let mut ends = Vec::new();
    let mut word = String::new();
    let mut last = String::new();
    let chars: Vec<char> = text.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        if c.is_alphanumeric() || *c == '\'' {
            word.push(*c);
            continue;
        }
        if !word.is_empty() {
            last = std::mem::take(&mut word).to_lowercase();
        }
        let closes =
            matches!(c, '.' | '!' | '?') && chars.get(at + 1).is_none_or(|next| *next == ' ');
        if closes && chars.get(at + 2).is_none_or(|next| next.is_uppercase()) {
            ends.push(last.clone());
        }
    }
    ends
}

/// A prompt without what it quotes: spoken words and signs break off and stammer as they like.
fn unquoted(prompt: &str) -> String {
    let inside = |(at, part): (usize, &str)| {
        if at % 2 == 0 {
            part.to_owned()
        } else {
            "so".into()
        }
    };
    let mut parts = prompt
        .split('"')
        .enumerate()
        .map(inside)
        .collect::<Vec<_>>()
        .join("\"");
    for mark in ["so\" ", "so\""] {
        // What is quoted ends the sentence where no mark stands behind it.
        parts = parts.replace(mark, &mark.replace("so", "so."));
    }
    parts.replace("so.\".", "so\".")
}

#[test]
fn no_prompt_hangs_is_cut_or_stammers() {
    let mut wrong = Vec::new();
    for (file, text) in corpus() {
        for scene in film(&text).scenes {
            for request in &scene.requests {
                for whole in [&request.frame.prompt, &request.video.prompt] {
                    let mut say =
                        |what: &str| wrong.push(format!("{file} {} {what}: {whole}", request.shot));
                    let prompt = &unquoted(whole);
                    if !whole.trim_end_matches('"').ends_with(['.', '!', '?']) {
                        say("has no end mark");
                    }
                    // "for a while", "a car goes by", "he comes to", "the corner he boxed her into", "rührt ihn nicht an"
                    let plain = prompt
                        .replace(" a while.", " a time.")
                        .replace(" by.", " past.")
                        .replace("comes to.", "wakes.")
                        .replace("her into.", "her in.")
                        .replace("ihn nicht an.", "ihn nicht.");
                    if sentence_ends(&plain)
                        .iter()
                        .filter(|word| HANGING.contains(&word.as_str()))
                        // "how massive he is", "where the plaster was"
                        .any(|word| {
                            let be = ["is", "are", "was", "were"].contains(&word.as_str());
                            let asks = ["how ", "who ", "what ", "where "];
                            !be || !asks.iter().any(|ask| plain.contains(ask))
                        })
                    {
                        say("hangs");
                    }
                    if prompt.contains("...")
                        || prompt.contains("…")
                        || prompt.contains("  ")
                        || prompt.len() > 2000
                    {
                        say("is not tidy");
                    }
                    let parts: Vec<&str> = prompt
                        .split([',', '.', ';', '!', '?'])
                        .map(str::trim)
                        .collect();
                    // Names and the script's own words may come again, no long phrase and nothing at once.
                    let long: Vec<String> = parts
                        .iter()
                        .filter(|part| part.split(' ').count() >= 5)
                        .map(|part| part.to_lowercase())
                        .collect();
                    let kinds: BTreeSet<&String> = long.iter().collect();
                    let at_once = parts
                        .windows(2)
                        .any(|pair| pair[0].contains(' ') && pair[0].eq_ignore_ascii_case(pair[1]));
                    if (kinds.len() < long.len() || at_once) && !prompt.contains('"') {
                        say("says a phrase twice");
                    }
                    let words: Vec<String> = prompt
                        .split(' ')
                        .map(|word| word.trim_end_matches(',').to_lowercase())
                        .collect();
                    if words
                        .windows(2)
                        .any(|pair| pair[0] == pair[1] && !pair[0].ends_with('.'))
                        && !prompt.contains('"')
                    {
                        say("says a word twice");
                    }
                    if let Some(problem) = check(whole, &[]).first() {
                        say(&problem.to_string());
                    }
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} prompts\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// The end of what happens in a prompt is an end in the script too: a mark follows it there.
#[test]
fn what_happens_is_never_broken_off() {
    let bare = |text: &str| -> String {
        text.chars()
            .filter(|c| {
                c.is_alphanumeric()
                    || matches!(
                        c,
                        ' ' | ','
                            | '.'
                            | ';'
                            | ':'
                            | '!'
                            | '?'
                            | '-'
                            | '('
                            | '"'
                            | '…'
                            | '—'
                            | '–'
                            | '\''
                            | '’'
                    )
            })
            .collect::<String>()
            .to_lowercase()
    };
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (file, text) in corpus() {
        for scene in film(&text).scenes {
            for (shot, request) in scene.list.shots.iter().zip(&scene.requests) {
                if shot.trigger == Trigger::Title {
                    continue;
                }
                let content = bare(&shot.content);
                for end in request.video.prompt.split_inclusive(". ") {
                    if end.starts_with("The camera") {
                        continue;
                    }
                    let words: Vec<String> = bare(end.trim().trim_end_matches(['.', '!', '?']))
                        .split_whitespace()
                        .map(str::to_owned)
                        .collect();
                    let Some(tail) = words.len().checked_sub(3).map(|at| words[at..].join(" "))
                    else {
                        continue;
                    };
                    // What the engine says itself is held by the test above.
                    let Some(at) = content.find(&tail) else {
                        continue;
                    };
                    seen += 1;
                    let after = content[at + tail.len()..].trim_start();
                    // What "we" who watch know is no picture.
                    let ours = ["we ", "we've ", "than we", "since we"];
                    // Nor is which time something happens.
                    let time = ["for the first time", "for the last time"];
                    let ends = ours.iter().chain(&time).any(|head| after.starts_with(head))
                        || after.is_empty()
                        || after.starts_with(|c: char| !c.is_alphanumeric());
                    if !ends {
                        wrong.push(format!(
                            "{file} {}: {end:?} goes on {after:?}",
                            shot.shot_id
                        ));
                    }
                }
            }
        }
        assert!(seen > 0, "{file}");
    }
    assert!(
        wrong.is_empty(),
        "{} sentences\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn captions_are_whole_words_of_one_line() {
    for (file, text) in corpus() {
        for scene in film(&text).scenes {
            for (shot, request) in scene.list.shots.iter().zip(&scene.requests) {
                let panel = &request.frame.panel;
                assert!(
                    !panel.action.is_empty() && panel.action.chars().count() <= 112,
                    "{file} {}",
                    shot.shot_id
                );
                assert!(!panel.action.contains('\n'));
                assert_eq!(
                    panel.figures.len(),
                    shot.characters_in_frame.len(),
                    "{file} {}",
                    shot.shot_id
                );
                assert_eq!(panel.insert.is_some(), panel.size == ShotSize::Insert);
                assert!((3..=5).contains(&panel.setting.palette.len()));
                assert_eq!(panel.frames, shot.duration);
            }
        }
    }
}

const SCRIPT: &str = "\
INT. KITCHEN - NIGHT

RAE CALDER, 30, lean and wiry, shoves MAX behind the counter, and slams into the

RAE
(low)
Stay down, stay down!

Max looks at the knife. He reaches for it as...
";

#[test]
fn the_bible_the_style_and_a_persons_own_words_shape_the_request() {
    use aiut_film::bible::{CharacterRecord, LocationRecord, StyleRecord};
    use aiut_film::prompts::{Inputs, People, request};

    let film = film(SCRIPT);
    let scene = &film.scenes[0];
    let rae = CharacterRecord::parse(
        "physical = 'thirty, lean and wiry, dark hair'\nsignature = 'a scar under the jaw'\n\
         references = ['refs/rae.png']\ncolor = '#112233'\n[wardrobe]\ndefault = 'a red coat'\n[voice]\nname = 'en-us+f9'\n",
    )
    .unwrap();
    let characters = [("rae".to_owned(), rae)].into();
    let location = LocationRecord::parse(
        "base_prompt = 'a cramped kitchen, chipped tiles'\npalette = ['#000001', '#000002', '#000003']\nambient = 'a dripping tap'\n[time]\nnight = 'one bare bulb'\n",
    )
    .unwrap();
    let style = StyleRecord::parse(
        "tone = 'predatory'\ngrain = 'fine grain'\ndo_not = ['cartoon', 'neon']\n",
    )
    .unwrap();
    let mut list = scene.list.clone();
    let spoken = list
        .shots
        .iter()
        .position(|shot| shot.dialogue_text.is_some())
        .unwrap();
    list.shots[spoken].negative_prompt = Some("blur, neon".into());
    let people = People::from(scene.looks.assets.clone());
    let head = SceneHead::from(&list);
    let settings = aiut_film::prompts::Settings::default();
    let inputs = |shot| Inputs {
        scene: &head,
        shot,
        people: &people,
        characters: &characters,
        location: Some(&location),
        style: &style,
        width: 1920,
        height: 1080,
        settings: &settings,
    };
    let made = request(&inputs(&list.shots[spoken]));
    let prompt = &made.frame.prompt;
    for part in [
        "Rae: thirty, lean and wiry, dark hair, wearing a red coat, a scar under the jaw.",
        "The place: a cramped kitchen, chipped tiles.",
        "The light: one bare bulb.",
        "Style: predatory, fine grain.",
    ] {
        assert!(prompt.contains(part), "{part:?} is missing in {prompt}");
    }
    assert_eq!(
        made.frame.negative_prompt,
        "cartoon, neon, blur, subtitles, captions, speech bubbles"
    );
    assert_eq!(made.frame.references, ["refs/rae.png"]);
    assert_eq!(
        made.frame.panel.setting.palette,
        ["#000001", "#000002", "#000003"]
    );
    assert_eq!(
        made.frame
            .panel
            .figures
            .iter()
            .find(|figure| figure.name == "Rae")
            .unwrap()
            .color,
        "#112233"
    );
    assert_eq!(made.audio.ambient, "a dripping tap");
    let voiced = made.audio.dialogue.unwrap();
    assert_eq!(
        (voiced.speaker.as_str(), voiced.voice.name.as_str()),
        ("Rae", "en-us+f9")
    );
    assert_eq!(voiced.text, "Stay down, stay down!");

    let mut own = list.shots[0].clone();
    own.frame_prompt = Some("A painting of a knife.".into());
    assert_eq!(
        request(&inputs(&own)).frame.prompt,
        "A painting of a knife."
    );
}

#[test]
fn a_broken_sentence_is_ended_at_its_last_whole_clause() {
    let film = film(SCRIPT);
    let all: Vec<&str> = film.scenes[0]
        .requests
        .iter()
        .map(|request| request.video.prompt.as_str())
        .collect();
    let all = all.join("\n");
    assert!(all.contains("shoves Max behind the counter."), "{all}");
    assert!(!all.contains("into the"), "{all}");
    assert!(!all.contains("for it as"), "{all}");
}

/// What no picture shows is no part of a prompt, and what is quoted stays whole.
#[test]
fn quotations_questions_and_asides_are_as_they_are_meant() {
    let text = "EXT. TOR - NIGHT\n\nA mast on a hill.\n\nSUPER: \"Radio Kestrel. Six hours left.\"\n\n\
                MARA\n(singing, badly)\n~O the road.\n\nUNDER THE TABLE\n\nA beat. Does she really mean it?\n\n\
                KEYS in the lock. Mara's VOICE begins as a memory...\n\nMara is not worried. She turns.\n";
    let film = film(text);
    let scene = &film.scenes[0];
    let prompts: Vec<&str> = scene
        .requests
        .iter()
        .map(|request| request.video.prompt.as_str())
        .collect();
    let all = prompts.join("\n");
    assert!(all.contains("\"Radio Kestrel. Six hours left.\""), "{all}");
    assert!(all.contains("sings, badly"), "{all}");
    assert!(all.contains("table, keys in the lock."), "{all}");
    for unseen in ["mean it", "voice begins", "worried", "singing"] {
        assert!(!all.contains(unseen), "{unseen}: {all}");
    }
}
