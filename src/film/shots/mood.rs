//! What kind of scene it is, and what its pictures should tell.

use std::collections::BTreeMap;

use super::beat::Beat;
use super::model::VisualIntent;
use super::rules::Rules;
use crate::cast::Cast;
use crate::prose;
use crate::words::{SceneKind, Trigger};

pub(super) struct Mood {
    pub(super) polarity: String,
    pub(super) intent: VisualIntent,
}

/// Which pacing curve a scene takes.
pub(super) fn scene_kind(beats: &[Beat]) -> SceneKind {
    let count = |trigger: Trigger| beats.iter().filter(|beat| beat.trigger == trigger).count();
    let all = beats.len().max(1);
    let lines = count(Trigger::Dialogue);
    let heat: usize = beats.iter().filter(|beat| beat.intensity >= 600).count();
    if count(Trigger::Montage) * 2 > all {
        SceneKind::Montage
    } else if lines * 3 >= all && heat * 3 >= all {
        SceneKind::Confrontation
    } else if lines * 3 >= all {
        SceneKind::Dialogue
    } else if (heat + count(Trigger::Disaster)) * 3 >= all {
        SceneKind::Action
    } else if beats
        .last()
        .is_some_and(|last| last.trigger == Trigger::Reveal)
    {
        SceneKind::Reveal
    } else if lines == 0 && count(Trigger::Disaster) == 0 {
        SceneKind::Quiet
    } else {
        SceneKind::Action
    }
}

pub(super) fn read(beats: &[Beat], cast: &Cast, rules: &Rules) -> Mood {
    let half = beats.len().div_ceil(2);
    let (start, end) = (score(&beats[..half], rules), score(&beats[half..], rules));
    let end = if beats.len() < 2 { start } else { end };
    let (good, bad) = (start.0 + end.0, start.1 + end.1);
    let polarity = match (good, bad) {
        (0, 0) => "neutral",
        (good, bad) if good > 2 * bad => "positive",
        (good, bad) if bad > 2 * good => "negative",
        _ => "mixed",
    };
    Mood {
        polarity: polarity.to_owned(),
        intent: VisualIntent {
            emotional_start: feeling(start).to_owned(),
            emotional_end: feeling(end).to_owned(),
            conflict_axis: axis(beats, cast),
        },
    }
}

/// Words of joy and of sorrow, and the mean intensity.
fn score(beats: &[Beat], rules: &Rules) -> (usize, usize, u32) {
    let mut total = (0, 0, 0_u64);
    for beat in beats {
        for word in prose::tokens(&beat.content)
            .iter()
            .chain(&prose::tokens(beat.line.as_deref().unwrap_or_default()))
        {
            total.0 += usize::from(rules.intensity.positive_words.contains(word));
            total.1 += usize::from(rules.intensity.negative_words.contains(word));
        }
        total.2 += u64::from(beat.intensity);
    }
    let mean = total.2 / beats.len().max(1) as u64;
    (total.0, total.1, u32::try_from(mean).unwrap_or(u32::MAX))
}

fn feeling((good, bad, intensity): (usize, usize, u32)) -> &'static str {
    match (good > bad, bad > good, intensity >= 450) {
        (true, _, true) => "elated",
        (true, _, false) => "warm",
        (_, true, true) => "tense",
        (_, true, false) => "grave",
        (_, _, true) => "charged",
        _ => "calm",
    }
}

/// The two who speak most, if the scene is an exchange between them.
fn axis(beats: &[Beat], cast: &Cast) -> String {
    let mut lines = BTreeMap::<usize, usize>::new();
    for beat in beats
        .iter()
        .filter(|beat| beat.trigger == Trigger::Dialogue)
    {
        for &one in &beat.speakers {
            *lines.entry(one).or_default() += 1;
        }
    }
    let mut lines: Vec<(usize, usize)> = lines.into_iter().collect();
    lines.sort_by_key(|&(who, count)| (std::cmp::Reverse(count), who));
    match lines.as_slice() {
        [(first, _), (second, count), ..] if *count >= 2 => {
            format!(
                "{} and {}",
                cast.characters[*first].name, cast.characters[*second].name
            )
        }
        _ => String::new(),
    }
}
