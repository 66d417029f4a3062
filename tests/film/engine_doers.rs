//! Who does it, by name: prompts of shots whose sentences say "he".

use super::engine_common::film;

/// The frame's and the clip's prompts of a scene with a man, a woman, and what follows.
fn told(head: &str, after: &str) -> [String; 2] {
    let film = film(&format!("INT. BARN - DAY\n\n{head}\n\n{after}\n"));
    let requests = film.scenes.iter().flat_map(|scene| &scene.requests);
    let all: Vec<_> = requests.collect();
    let join = |prompt: &dyn Fn(usize) -> String| {
        let all: Vec<String> = (0..all.len()).map(prompt).collect();
        all.join("\n")
    };
    [
        join(&|at| all[at].frame.prompt.clone()),
        join(&|at| all[at].video.prompt.clone()),
    ]
}

const TWO: &str = "TOM, 40, a tall man, leans on the gate. RUTH, 30, a quiet woman, waits. Tom looks at his watch. Ruth looks at her boots.";

#[test]
fn the_first_he_or_she_of_a_shot_has_a_name_in_frame_and_video() {
    for (after, wanted) in [
        (
            "RUTH\nGo on.\n\nHe opens the hatch.",
            "Tom opens the hatch.",
        ),
        (
            "TOM\nGo on.\n\nShe comes back with a rope.",
            "Ruth comes back with a rope.",
        ),
        (
            "RUTH\nGo on.\n\nHis hand closes round the rope.",
            "Tom's hand closes round the rope.",
        ),
    ] {
        for prompt in told(TWO, after) {
            assert!(
                prompt.contains(wanted),
                "{wanted:?} is missing in\n{prompt}"
            );
        }
    }
}

#[test]
fn who_was_named_is_not_named_again_and_nobody_is_guessed() {
    for (after, wanted) in [
        (
            "RUTH\nGo on.\n\nTom kneels and opens his bag.",
            "Tom kneels and opens his bag.",
        ),
        (
            "RUTH\nGo on.\n\nA stranger lifts his hat.",
            "lifts his hat.",
        ),
    ] {
        for prompt in told(TWO, after) {
            assert!(
                prompt.contains(wanted),
                "{wanted:?} is missing in\n{prompt}"
            );
        }
    }
}
