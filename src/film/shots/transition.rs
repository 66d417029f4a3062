//! V5: transitions. Cuts, unless the script, a jump in time or the end of an act says otherwise.

use super::beat::Beat;
use super::rules::{Rules, frames};
use crate::breakdown::SceneText;
use crate::fountain::ElementKind;
use crate::prose;
use crate::rate::FrameRate;
use crate::words::{Transition, Trigger};

pub(super) const PASS: &str = "V5 transitions";

/// Sets the transition after every beat; returns how the scene itself is entered.
pub(super) fn assign(
    beats: &mut [Beat],
    scene: &SceneText<'_>,
    rules: &Rules,
    fps: FrameRate,
) -> (Transition, u32) {
    let transitions = &rules.transition;
    let count = beats.len();
    for at in 0..count {
        let jump = beats.get(at + 1).is_some_and(|next| next.time_jump);
        let (kind, length, rule, why) = if let Some(cut) = beats[at].cut {
            let rule = &transitions.script[cut];
            (
                rule.kind,
                rule.length,
                "transition.script",
                format!("the script says {:?}", rule.phrase.text),
            )
        } else if at + 1 == count && scene.act_end {
            (
                Transition::FadeToBlack,
                transitions.fade,
                "transition.fade",
                "the act ends here".to_owned(),
            )
        } else if jump {
            (
                Transition::Dissolve,
                transitions.dissolve,
                "transition.time_jumps",
                "time passes before the next shot".to_owned(),
            )
        } else {
            (
                transitions.default,
                0,
                "transition.default",
                "nothing asks for more than a cut".to_owned(),
            )
        };
        // An overlap longer than half of a shot would leave nothing of it.
        let next = beats.get(at + 1).map_or(u32::MAX, |next| next.frames);
        let longest = (beats[at].frames.min(next) / 2).min(frames(length, fps));
        beats[at].transition = kind;
        beats[at].crossfade = longest;
        beats[at].because(PASS, rule, why);
    }
    entered(beats, scene, rules, fps)
}

fn entered(
    beats: &[Beat],
    scene: &SceneText<'_>,
    rules: &Rules,
    fps: FrameRate,
) -> (Transition, u32) {
    let half = beats.first().map_or(0, |beat| beat.frames / 2);
    let opening = scene
        .elements
        .first()
        .filter(|element| matches!(element.kind, ElementKind::Transition | ElementKind::Action));
    if let Some(element) = opening
        && prose::tokens(&prose::plain(&element.text))
            .starts_with(&["fade".to_owned(), "in".to_owned()])
    {
        return (
            Transition::FadeIn,
            frames(rules.transition.fade, fps).min(half),
        );
    }
    let said = [scene.heading.time.as_deref(), scene.heading.tail.as_deref()];
    let mut words = prose::tokens(&said.into_iter().flatten().collect::<Vec<_>>().join(" "));
    if let Some(first) = beats
        .iter()
        .find(|beat| beat.trigger != Trigger::Establishing || !beat.content.starts_with("The "))
    {
        words.push(String::new());
        words.extend(prose::tokens(&first.content).into_iter().take(4));
    }
    let jumps = rules
        .transition
        .time_jumps
        .iter()
        .any(|phrase| phrase.found_in(&words));
    if jumps && !scene.continues() {
        return (
            Transition::Dissolve,
            frames(rules.transition.dissolve, fps).min(half),
        );
    }
    (rules.transition.default, 0)
}
