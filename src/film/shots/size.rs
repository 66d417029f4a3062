//! V2: shot types. From the trigger and the number of people; exchanges by a pattern of shot and
//! reverse shot; closer as intensity rises; never the same size too often in a row.

use super::beat::Beat;
use super::called;
use super::doing::{self, Need};
use super::rooms::Rooms;
use super::rules::{ByCount, Rules};
use crate::breakdown::SceneText;
use crate::cast::{Cast, Gender};
use crate::prose;
use crate::words::{Heard, ShotSize, Trigger};

pub(super) const PASS: &str = "V2 shot type";

/// Sets intensity, exchange, listener and size of every beat.
pub(super) fn assign(
    beats: &mut [Beat],
    scene: &SceneText<'_>,
    cast: &Cast,
    rooms: &Rooms,
    rules: &Rules,
) {
    let interior = scene.interior();
    exchanges(beats);
    face(beats, scene, rules);
    for at in 0..beats.len() {
        beats[at].listener = listener(beats, at, cast, rooms);
        beats[at].intensity = intensity(&beats[at], rules);
    }
    let mut run: Vec<ShotSize> = Vec::new();
    for beat in beats.iter_mut() {
        let (size, rule, why) = choose(beat, cast, rules);
        let (size, fixed) = match directed(beat, rules) {
            Some((size, phrase)) => {
                beat.because(
                    PASS,
                    "camera.direction",
                    format!("the script says {phrase:?}"),
                );
                (size, true)
            }
            None => {
                beat.because(PASS, rule, why);
                (size, false)
            }
        };
        let size = possible(beat, size, cast);
        let size = if interior && !fixed && size < rules.size.widest_inside {
            rules.size.widest_inside
        } else {
            size
        };
        let need = doing::need(beat, rules).filter(|_| !fixed && may_widen(beat));
        let size = match &need {
            Some(need) => widened(beat, size, need),
            None => size,
        };
        let size = if fixed {
            size
        } else {
            let closest = need.map_or(ShotSize::Ecu, |need| need.closest);
            vary(beat, size, closest, &run, cast, rules)
        };
        beat.size = size;
        run.push(size);
    }
}

/// Numbers the lines of each exchange: lines on screen with at most two other beats between them.
fn exchanges(beats: &mut [Beat]) {
    let mut line = 0;
    let mut gap = usize::MAX;
    for beat in beats.iter_mut() {
        if beat.trigger == Trigger::Dialogue {
            line = if gap > 2 { 0 } else { line + 1 };
            beat.exchange = Some(line);
            gap = 0;
        } else {
            gap = gap.saturating_add(if beat.opens || beat.time_jump { 3 } else { 1 });
        }
    }
}

/// Says where people do not face each other: side by side in a car, one behind the other, a back turned.
fn face(beats: &mut [Beat], scene: &SceneText<'_>, rules: &Rules) {
    let rule = &rules.size.abreast;
    let place = prose::tokens(&scene.heading.raw);
    let seated = rule.places.iter().any(|phrase| phrase.found_in(&place));
    let mut abreast = seated;
    for beat in beats.iter_mut() {
        if beat.time_jump || beat.opens {
            abreast = seated;
        }
        let words = prose::tokens(&beat.content);
        if rule.faces.iter().any(|phrase| phrase.found_in(&words)) {
            abreast = false;
        } else if rule.phrases.iter().any(|phrase| phrase.found_in(&words)) {
            abreast = true;
        }
        beat.abreast = abreast;
    }
}

/// Whom a speaker faces: whom the content names beside them, else who spoke before, else who acted
/// just before, else who answers, else who else is there. Nobody faces a machine or a crowd, nor
/// somebody in another room.
fn listener(beats: &[Beat], at: usize, cast: &Cast, rooms: &Rooms) -> Option<usize> {
    let beat = &beats[at];
    if beat.trigger != Trigger::Dialogue {
        return None;
    }
    let apart = |one: usize| {
        let mut speakers = beat.speakers.iter();
        speakers.any(|speaker| rooms.apart(*speaker, one))
    };
    let other = |one: &usize| {
        !beat.speakers.contains(one)
            && !matches!(
                cast.characters[*one].gender,
                Gender::Neuter | Gender::Plural
            )
            && !apart(*one)
            && !beat.left.contains(one)
    };
    // Nobody faces somebody in another place.
    let beside = |other_beat: &&Beat| other_beat.elsewhere == beat.elsewhere;
    let speaker_of = |other_beat: &Beat| {
        (other_beat.heard == Some(Heard::OnScreen))
            .then(|| other_beat.speakers.first().copied())
            .flatten()
    };
    let called = || {
        let line = beat.line.as_deref()?;
        let present = beat.present.iter().chain(&beat.who).copied();
        let mut fitting = present.filter(other);
        fitting.find(|one| called::is_called(line, &cast.characters[*one]))
    };
    called()
        .or_else(|| beat.who.iter().copied().find(other))
        .or_else(|| {
            beats[..at]
                .iter()
                .rev()
                .take(4)
                .filter(beside)
                .filter_map(speaker_of)
                .find(other)
        })
        .or_else(|| {
            beats[..at]
                .iter()
                .rev()
                .take(2)
                .filter(beside)
                .flat_map(|before| before.who.iter().copied())
                .find(other)
        })
        .or_else(|| {
            beats[at + 1..]
                .iter()
                .take(3)
                .filter(beside)
                .filter_map(speaker_of)
                .find(other)
        })
        .or_else(|| beat.present.iter().rev().copied().find(other))
}

fn intensity(beat: &Beat, rules: &Rules) -> u32 {
    let rule = &rules.intensity;
    let spoken = beat.line.as_deref().unwrap_or_default();
    let words: Vec<String> = prose::tokens(&beat.content)
        .into_iter()
        .chain(prose::tokens(spoken))
        .collect();
    let has = |list: &[String]| words.iter().any(|word| list.contains(word));
    let mut value = rule.base;
    if beat.content.contains('!') || spoken.contains('!') {
        value += rule.exclamation;
    }
    let caps = prose::words(&beat.content)
        .iter()
        .filter(|word| word.all_caps() && word.text.len() > 3)
        .count();
    value += rule.capitals * u32::try_from(caps.min(3)).unwrap_or(3);
    value += rule.line * u32::try_from(beat.exchange.unwrap_or(0).min(10)).unwrap_or(10);
    if has(&rule.strong_words) {
        value += rule.strong;
    }
    if has(&rule.soft_words) {
        value = value.saturating_sub(rule.soft);
    }
    if beat.trigger == Trigger::Disaster {
        value += rule.strong;
    }
    value.min(1000)
}

/// How many people these are; a crowd counts as three.
fn heads(who: &[usize], cast: &Cast) -> usize {
    who.iter()
        .map(|&one| {
            if cast.characters[one].gender == Gender::Plural {
                3
            } else {
                1
            }
        })
        .sum()
}

fn by_count(sizes: ByCount, count: usize) -> (ShotSize, &'static str) {
    match count {
        0 => (sizes.none, "none"),
        1 => (sizes.one, "one"),
        2 => (sizes.two, "two"),
        _ => (sizes.many, "many"),
    }
}

fn choose(beat: &Beat, cast: &Cast, rules: &Rules) -> (ShotSize, String, String) {
    let size = &rules.size;
    let Some(sizes) = size.trigger.get(&beat.trigger).copied() else {
        return (
            ShotSize::Ms,
            "size.trigger".to_owned(),
            "no rule for this trigger".to_owned(),
        );
    };
    let count = {
        let mut all = beat.who.clone();
        all.extend(
            beat.speakers
                .iter()
                .filter(|one| beat.speaks_on_screen() && !beat.who.contains(one)),
        );
        heads(&all, cast)
    };
    if beat.trigger == Trigger::Montage && beat.prop.is_some() && count == 0 {
        let why = "a moment of a thing".to_owned();
        return (ShotSize::Insert, "size.trigger.insert.none".to_owned(), why);
    }
    if let Some(line) = beat.exchange.filter(|_| !beat.opens) {
        return exchange(beat, line, count, rules);
    }
    if beat.opens
        && !matches!(
            beat.trigger,
            Trigger::Insert | Trigger::Pov | Trigger::Title
        )
    {
        let (wide, column) = by_count(
            size.trigger
                .get(&Trigger::Establishing)
                .copied()
                .unwrap_or(sizes),
            count,
        );
        return (
            wide,
            format!("size.trigger.establishing.{column}"),
            "it opens the scene or a new place".to_owned(),
        );
    }
    if beat.trigger == Trigger::Action && count <= 1 {
        let words = prose::tokens(&beat.content);
        for rule in &size.phrase {
            if let Some(phrase) = rule.phrases.iter().find(|phrase| phrase.found_in(&words)) {
                return (
                    rule.size,
                    "size.phrase".to_owned(),
                    format!("{:?} needs room", phrase.text),
                );
            }
        }
    }
    let (chosen, column) = by_count(sizes, count);
    let (chosen, closer) = if count <= 1 {
        draw_in(chosen, beat.intensity, rules)
    } else {
        (chosen, "")
    };
    (
        chosen,
        format!("size.trigger.{}.{column}", beat.trigger),
        format!("{} with {column} in the frame{closer}", beat.trigger),
    )
}

fn exchange(beat: &Beat, line: usize, count: usize, rules: &Rules) -> (ShotSize, String, String) {
    let size = &rules.size;
    let others = beat
        .present
        .iter()
        .filter(|one| !beat.speakers.contains(one))
        .count();
    if line == 0 && beat.listener.is_some() {
        return if others >= 2 {
            (
                size.opening.many,
                "size.opening.many".to_owned(),
                "three or more are in play: the exchange opens on all".to_owned(),
            )
        } else {
            (
                size.opening.two,
                "size.opening.two".to_owned(),
                "the exchange opens on both".to_owned(),
            )
        };
    }
    let pattern = if beat.listener.is_some() {
        &size.pattern
    } else {
        &size.alone
    };
    let column = if beat.listener.is_some() {
        "pattern"
    } else {
        "alone"
    };
    let step = line.saturating_sub(usize::from(beat.listener.is_some())) % pattern.len().max(1);
    let base = pattern.get(step).copied().unwrap_or(ShotSize::Ms);
    let (chosen, closer) = if count <= 1 {
        draw_in(base, beat.intensity, rules)
    } else {
        (base, "")
    };
    (
        chosen,
        format!("size.{column}[{step}]"),
        format!("line {} of its exchange{closer}", line + 1),
    )
}

/// Steps closer on the ladder as intensity asks.
fn draw_in(size: ShotSize, intensity: u32, rules: &Rules) -> (ShotSize, &'static str) {
    let ladder = &rules.size.ladder;
    let steps = usize::from(intensity >= rules.size.closer_from)
        + usize::from(intensity >= rules.size.closest_from);
    match ladder.iter().position(|other| *other == size) {
        Some(at) if steps > 0 && size >= ShotSize::Mws => {
            let to = (at + steps).min(ladder.len() - 1);
            (
                ladder[to],
                if to > at {
                    ", drawn closer by its intensity"
                } else {
                    ""
                },
            )
        }
        _ => (size, ""),
    }
}

fn directed(beat: &Beat, rules: &Rules) -> Option<(ShotSize, String)> {
    beat.directions.iter().rev().find_map(|&rule| {
        let direction = &rules.camera.direction[rule];
        direction
            .size
            .map(|size| (size, direction.phrase.text.clone()))
    })
}

/// What the people in the shot allow: no over-the-shoulder without a listener, no close-up of a
/// crowd, no two-shot of one.
fn possible(beat: &Beat, size: ShotSize, cast: &Cast) -> ShotSize {
    let mut who = beat.who.clone();
    if beat.speaks_on_screen() {
        who.extend(beat.speakers.iter().filter(|one| !beat.who.contains(one)));
    }
    let count = heads(&who, cast);
    match size {
        ShotSize::Ots if beat.abreast && beat.listener.is_some() && count <= 2 => ShotSize::TwoShot,
        ShotSize::Ots if beat.listener.is_none() || beat.speakers.len() != 1 || count > 2 => {
            if count >= 3 {
                ShotSize::Ws
            } else {
                ShotSize::Ms
            }
        }
        ShotSize::Ots if count == 2 && beat.listener.is_none_or(|one| !who.contains(&one)) => {
            ShotSize::TwoShot
        }
        ShotSize::TwoShot if count >= 3 => ShotSize::Mws,
        ShotSize::TwoShot if count + usize::from(beat.listener.is_some() && count == 1) < 2 => {
            ShotSize::Ms
        }
        ShotSize::Cu | ShotSize::Ecu | ShotSize::Mcu if count == 2 => ShotSize::TwoShot,
        ShotSize::Cu | ShotSize::Ecu | ShotSize::Mcu | ShotSize::Ms if count >= 3 => ShotSize::Mws,
        ShotSize::Insert if count >= 2 && !shows_a_picture(beat) => ShotSize::Ms,
        other => other,
    }
}

/// Whoever a photograph shows may be in an insert of it.
fn shows_a_picture(beat: &Beat) -> bool {
    beat.prop.as_deref().is_some_and(super::told::is_picture)
}

/// Whether what is done decides how much is seen: the script did not ask for a thing or for somebody's eyes.
fn may_widen(beat: &Beat) -> bool {
    !matches!(
        beat.trigger,
        Trigger::Insert | Trigger::Pov | Trigger::Title
    )
}

/// As far away as what people do in the shot needs.
fn widened(beat: &mut Beat, size: ShotSize, need: &Need) -> ShotSize {
    // Two are as near in a two-shot as one in a medium shot.
    let near = match size {
        ShotSize::Ots | ShotSize::TwoShot => ShotSize::Ms,
        size => size,
    };
    if near <= need.closest {
        return size;
    }
    let why = format!("{:?} needs room", need.verb);
    beat.because(PASS, "size.body", why);
    need.closest
}

/// Another size where the run of the same would get too long: the nearest on the ladder that the
/// people in the shot allow.
fn vary(
    beat: &mut Beat,
    size: ShotSize,
    closest: ShotSize,
    run: &[ShotSize],
    cast: &Cast,
    rules: &Rules,
) -> ShotSize {
    let most = rules.size.max_same.max(1);
    let too_often = |size: ShotSize| {
        run.len() >= most && run[run.len() - most..].iter().all(|other| *other == size)
    };
    // A thing is seen close however often one is.
    if !too_often(size) || size == ShotSize::Insert {
        return size;
    }
    let ladder = &rules.size.ladder;
    let at = ladder
        .iter()
        .position(|other| *other == size)
        .unwrap_or(ladder.len() / 2);
    let closer = beat.intensity >= rules.size.closer_from;
    let mut order: Vec<usize> = (0..ladder.len()).filter(|&other| other != at).collect();
    // Nobody there: wide or medium, no portrait of a place.
    let nobody = beat.who.is_empty() && !beat.speaks_on_screen();
    order.retain(|&other| {
        !nobody || matches!(ladder[other], ShotSize::Ews | ShotSize::Ws | ShotSize::Ms)
    });
    order.retain(|&other| {
        ladder[other] > ShotSize::Ews || nobody && beat.trigger == Trigger::Establishing
    });
    order.retain(|&other| ladder[other] <= closest);
    // Who speaks alone is not shown from head to foot.
    let speaks = beat.trigger == Trigger::Dialogue && closest >= ShotSize::Ms;
    order.retain(|&other| !(speaks && matches!(ladder[other], ShotSize::Fs)));
    order.sort_by_key(|&other| {
        (
            other.abs_diff(at),
            if closer || at < 2 {
                other < at
            } else {
                other > at
            },
        )
    });
    let two = [ShotSize::TwoShot, ShotSize::Ots]
        .into_iter()
        .filter(|_| beat.listener.is_some() && closest >= ShotSize::Ms);
    let candidates = order.into_iter().map(|other| ladder[other]).chain(two);
    let found = candidates
        .map(|other| possible(beat, other, cast))
        .find(|other| !too_often(*other) && *other != size);
    match found {
        Some(other) => {
            beat.because(
                PASS,
                "size.max_same",
                format!("{} would stand {} times in a row", size.code(), most + 1),
            );
            other
        }
        None => size,
    }
}
