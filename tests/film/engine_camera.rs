//! The camera and the lengths: a plan with reasons, and clips that a model can make.

use std::collections::BTreeMap;

use super::engine_common::{corpus, film};
use aiut_film::breakdown::SceneText;
use aiut_film::cast::{Cast, Names};
use aiut_film::fountain;
use aiut_film::prose;
use aiut_film::rate::FrameRate;
use aiut_film::scenes;
use aiut_film::shots::{Plan, Rules, Setup, plan};
use aiut_film::words::{Movement, SceneKind, Trigger};

fn plans(text: &str, rules: &Rules) -> Vec<Plan> {
    let script = fountain::parse(text);
    let cast = Cast::from_script(&script, &BTreeMap::new());
    let names = Names::new(&cast);
    let setup = Setup {
        cast: &cast,
        names: &names,
        rules,
        lens_kit: &[],
        fps: FrameRate::FILM,
        aspect_ratio: "16:9",
    };
    scenes::split(&script)
        .iter()
        .map(|scene| plan(&SceneText::of(scene), &setup))
        .collect()
}

#[test]
fn no_scene_stands_still_and_none_repeats_itself() {
    for (file, text) in corpus() {
        let (mut still, mut all) = (0, 0);
        for scene in film(&text).scenes {
            let list = &scene.list;
            let moves: Vec<Movement> = list.shots.iter().map(|shot| shot.camera_movement).collect();
            let standing = moves.iter().filter(|one| **one == Movement::Static).count();
            still += standing;
            all += moves.len();
            if moves.len() >= 3 && list.beat == SceneKind::Action {
                assert!(
                    standing * 100 <= moves.len() * 60,
                    "{file} {}: {standing} of {} stand still",
                    list.slugline,
                    moves.len()
                );
            }
            for four in list.shots.windows(4) {
                let first = four[0].camera_movement;
                let same = four.iter().all(|shot| {
                    shot.camera_movement == first
                        && !matches!(
                            shot.trigger,
                            Trigger::Disaster | Trigger::Pov | Trigger::Reveal
                        )
                });
                assert!(
                    first == Movement::Static || !same,
                    "{file} {}: {first} four times",
                    four[0].shot_id
                );
            }
        }
        assert!(
            still * 100 <= all * 68,
            "{file}: {still} of {all} shots stand still"
        );
    }
}

#[test]
fn every_movement_has_a_reason() {
    let rules = Rules::builtin();
    for plan in plans(
        "INT. HALL - NIGHT\n\nA long row of doors, all of them open, and nobody in any of the rooms.\n\n\
         RAE walks down the hall with a lamp.\n\nRAE\nIs anybody there? I have been calling for an hour and nobody comes.\n\n\
         MAX\nOnly me.\n\nShe turns and screams. Max drops the lamp and the fire runs up the wall.\n",
        &rules,
    ) {
        for at in 0..plan.shots().len() {
            let camera = plan
                .explain(at)
                .iter()
                .filter(|reason| reason.pass == "V3 camera");
            let told: Vec<&str> = camera.map(|reason| reason.why.as_str()).collect();
            assert!(
                told.len() >= 2 && told.iter().all(|why| !why.is_empty()),
                "{told:?}"
            );
        }
        let kinds: std::collections::BTreeSet<Movement> = plan
            .shots()
            .iter()
            .map(|shot| shot.camera_movement)
            .collect();
        assert!(kinds.len() >= 3, "{kinds:?}");
    }
}

#[test]
fn a_shot_is_short_only_where_the_script_asks_for_speed() {
    for (file, text) in corpus() {
        for scene in film(&text).scenes {
            for shot in &scene.list.shots {
                let seconds = f64::from(shot.duration) / 24.0;
                assert!((1.0..=10.0).contains(&seconds), "{file} {}", shot.shot_id);
                if seconds < 2.0 {
                    assert!(
                        prose::tokens(&shot.content).len() <= 12 && shot.dialogue_text.is_none(),
                        "{file} {}: {seconds} s for {:?}",
                        shot.shot_id,
                        shot.content
                    );
                }
            }
        }
    }
    let lists = film(
        "EXT. ROAD - DAY\n\nRAE waits at the side of the road for a very long time. Nothing comes.\n\nSuddenly, a flash.\n\nRae shields her eyes and steps back from the road into the high wet grass.\n",
    );
    let quick = &lists.scenes[0].list.shots;
    let quick = quick.iter().find(|shot| shot.content.contains("flash"));
    assert!(quick.is_some_and(|shot| shot.content.contains("Suddenly")));
}

#[test]
fn lines_fit_their_shots_and_long_ones_are_divided() {
    let long = "I could be gone for weeks at a time, but every other Friday I put all the money that I had made \
                into an account, which I had set aside for a proper house with a white picket fence and a dog";
    let script = format!("INT. BAR - NIGHT\n\nRAE sits.\n\nRAE\n{long}. {long}.\n");
    let short = Rules::with(&"[pacing]\nlongest = 5000".parse().unwrap()).unwrap();
    for (rules, most) in [(Rules::builtin(), 240), (short, 120)] {
        for plan in plans(&script, &rules) {
            let lines: Vec<&str> = plan
                .shots()
                .iter()
                .filter_map(|shot| shot.dialogue_text.as_deref())
                .collect();
            assert_eq!(lines.join(" "), format!("{long}. {long}."));
            for shot in plan.shots() {
                assert!(shot.duration <= most, "{} frames", shot.duration);
                if let Some(line) = &shot.dialogue_text {
                    let words = u32::try_from(prose::words(line).len()).unwrap();
                    // At 155 words a minute.
                    assert!(
                        words * 60 * 24 <= shot.duration * 155,
                        "{line}: {}",
                        shot.duration
                    );
                }
            }
        }
    }
}
