//! V4: durations. Lines take the time to speak them, action by its words and verbs; both follow the
//! scene's pace and are fitted to its target, so that the frames sum exactly.
//!
//! Fitting is made to be calm: elastic shots stretch by one coarse factor, and the frames left over
//! go to a few shots that can take them, so that a changed word changes few lengths.

use super::beat::Beat;
use super::doing;
use super::rules::{Rules, frames};
use crate::prose;
use crate::rate::FrameRate;
use crate::words::{Heard, SceneKind, Trigger};

pub(super) const PASS: &str = "V4 duration";

/// A length with its room.
#[derive(Debug, Clone, Copy)]
struct Span {
    natural: u32,
    floor: u32,
    ceiling: u32,
    elastic: bool,
}

impl Span {
    /// A length without room.
    fn exactly(frames: u32) -> Self {
        Self {
            natural: frames,
            floor: frames,
            ceiling: frames,
            elastic: false,
        }
    }
}

/// Sets the frames of every beat and returns their sum: `target` as far as floors and ceilings
/// allow. A beat that is held has exactly the frames that it is held at.
pub(super) fn assign(
    beats: &mut [Beat],
    target: u32,
    kind: SceneKind,
    rules: &Rules,
    fps: FrameRate,
) -> u32 {
    let curve = rules
        .pacing
        .curve
        .get(&kind)
        .map_or([1000; 5], |curve| curve.fifths);
    let count = beats.len();
    let spans: Vec<Span> = beats
        .iter()
        .enumerate()
        .map(|(at, beat)| match beat.held {
            Some(frames) => Span::exactly(frames),
            None => span(beat, curve[(at * 5 / count.max(1)).min(4)], rules, fps),
        })
        .collect();
    let least: u64 = spans.iter().map(|span| u64::from(span.floor)).sum();
    let most: u64 = spans.iter().map(|span| u64::from(span.ceiling)).sum();
    let target = u32::try_from(u64::from(target).clamp(least, most)).unwrap_or(u32::MAX);
    let factor = factor(&spans, target, &rules.pacing.steps);
    let mut lengths: Vec<u32> = spans
        .iter()
        .map(|span| {
            let wanted = if span.elastic {
                scaled(span.natural, factor)
            } else {
                span.natural
            };
            wanted.clamp(span.floor, span.ceiling)
        })
        .collect();
    let absorbed = absorb(beats, &spans, &mut lengths, target, rules);
    for (at, beat) in beats.iter_mut().enumerate() {
        beat.frames = lengths[at];
        if let Some(frames) = beat.held {
            let why = format!("it is locked at {frames} frames; the others share out the rest");
            beat.because(PASS, "locked", why);
            continue;
        }
        if frames_of_quick(beat, rules, fps) {
            beat.because(PASS, "pacing.quick", "the script asks for speed");
        }
        let why = match (&beat.line, spans[at].elastic) {
            (Some(_), false) => format!(
                "its words take {} frames at {} a minute",
                spans[at].natural, rules.pacing.words_per_minute
            ),
            _ => format!(
                "{} frames by its words and verbs, scene factor {factor}/1000",
                spans[at].natural
            ),
        };
        beat.because(
            PASS,
            if beat.line.is_some() {
                "pacing.words_per_minute"
            } else {
                "pacing.action_word"
            },
            why,
        );
        if absorbed[at] != 0 {
            beat.because(
                PASS,
                "pacing.absorb",
                format!(
                    "{:+} frames so that the scene sums to {target}",
                    absorbed[at]
                ),
            );
        }
    }
    target
}

fn span(beat: &Beat, pace: u32, rules: &Rules, fps: FrameRate) -> Span {
    let pacing = &rules.pacing;
    let limits = pacing.limits.get(&beat.trigger).copied();
    let (floor, ceiling) =
        limits.map_or((0, pacing.longest), |limits| (limits.floor, limits.ceiling));
    let quick = is_quick(beat, rules);
    let floor = if quick {
        pacing.quick.shortest
    } else {
        floor.max(pacing.shortest)
    };
    let longest = frames(pacing.longest, fps).max(1);
    let floor = frames(floor, fps).clamp(1, longest);
    let ceiling = frames(ceiling, fps).min(longest);
    let pauses = beat.pauses * frames(pacing.pause, fps);
    let spoken = beat
        .line
        .as_deref()
        .map_or(0, |line| spoken(line, rules, fps));
    // The words of a line have to fit; the silence around them gives way.
    let line = (spoken + pauses).min(longest.max(spoken));
    if beat.trigger == Trigger::Dialogue {
        let natural = line.max(floor);
        let hold = frames(pacing.hold.get(&beat.trigger).copied().unwrap_or(0), fps);
        return Span {
            natural,
            floor: natural,
            ceiling: (natural + hold).min(longest).max(natural),
            elastic: false,
        };
    }
    let action = if beat.heard == Some(Heard::OnScreen) {
        0
    } else {
        action(beat, rules, fps)
    };
    let natural = u64::from(action) * u64::from(pace) / 1000;
    let natural = u32::try_from(natural)
        .unwrap_or(u32::MAX)
        .saturating_add(pauses);
    // What happens one after the other is not seen in less.
    let each = doing::actions(&beat.content) * pacing.action_each;
    let happens = match quick {
        true => 0,
        false => frames(each + pacing.action_each / 4, fps).min(longest),
    };
    // A voice over the action must find room in it.
    let floor = floor
        .max(happens)
        .max(scaled(natural, pacing.squeeze).min(longest))
        .max(line);
    let ceiling = match beat.trigger {
        Trigger::Establishing | Trigger::Title => ceiling,
        _ => ceiling.min(most(beat, rules, fps).saturating_add(pauses)),
    };
    let ceiling = ceiling.max(floor);
    Span {
        natural: natural.clamp(floor, ceiling),
        floor,
        ceiling,
        elastic: true,
    }
}

/// Whether a shot is shorter than others may be.
fn frames_of_quick(beat: &Beat, rules: &Rules, fps: FrameRate) -> bool {
    beat.frames < frames(rules.pacing.shortest, fps) && is_quick(beat, rules)
}

/// Whether the script asks for speed: few words, and one of them says so.
fn is_quick(beat: &Beat, rules: &Rules) -> bool {
    let quick = &rules.pacing.quick;
    if beat.line.is_some()
        || beat.trigger == Trigger::Establishing
        || beat.trigger == Trigger::Title
    {
        return false;
    }
    let words = prose::tokens(&beat.content);
    words.len() <= quick.words && quick.phrases.iter().any(|phrase| phrase.found_in(&words))
}

/// Frames to speak a line, breath included.
fn spoken(line: &str, rules: &Rules, fps: FrameRate) -> u32 {
    let words = u64::try_from(prose::words(line).len()).unwrap_or(u64::MAX);
    if words == 0 {
        return 0;
    }
    let per_minute = u64::from(rules.pacing.words_per_minute.max(1));
    fps.frames_to_hold(words.saturating_mul(60), per_minute)
        .saturating_add(frames(rules.pacing.breath, fps))
}

fn action(beat: &Beat, rules: &Rules, fps: FrameRate) -> u32 {
    let words = prose::tokens(&beat.content);
    // A place is seen as long whatever it is called.
    let count = match beat.from == beat.to {
        true => 4,
        false => u32::try_from(words.len()).unwrap_or(u32::MAX),
    };
    let length = rules.pacing.action_base + rules.pacing.action_word * count.min(60);
    let factor = rules
        .pacing
        .verb
        .iter()
        .find(|rule| rule.phrases.iter().any(|phrase| phrase.found_in(&words)))
        .map_or(1000, |rule| rule.factor);
    frames(scaled(length, factor), fps)
}

/// How long what is told in so many words may be seen at most.
fn most(beat: &Beat, rules: &Rules, fps: FrameRate) -> u32 {
    let pacing = &rules.pacing;
    let words = u32::try_from(prose::words(&beat.content).len()).unwrap_or(u32::MAX);
    let more = pacing.action_most_word.saturating_mul(words.min(100));
    frames(pacing.action_most.saturating_add(more), fps)
}

fn scaled(value: u32, factor: u32) -> u32 {
    u32::try_from(u64::from(value) * u64::from(factor) / 1000).unwrap_or(u32::MAX)
}

/// The step whose sum comes nearest to the target; of two as near, the smaller.
fn factor(spans: &[Span], target: u32, steps: &[u32]) -> u32 {
    let sum = |factor: u32| -> u64 {
        spans
            .iter()
            .map(|span| {
                let wanted = if span.elastic {
                    scaled(span.natural, factor)
                } else {
                    span.natural
                };
                u64::from(wanted.clamp(span.floor, span.ceiling))
            })
            .sum()
    };
    steps
        .iter()
        .copied()
        .min_by_key(|&step| (sum(step).abs_diff(u64::from(target)), step))
        .unwrap_or(1000)
}

/// Gives or takes the frames left over, shot by shot in the order of the rules, each up to its
/// limit. Returns what each got.
fn absorb(
    beats: &[Beat],
    spans: &[Span],
    lengths: &mut [u32],
    target: u32,
    rules: &Rules,
) -> Vec<i64> {
    let mut rest = i64::from(target) - lengths.iter().map(|length| i64::from(*length)).sum::<i64>();
    let mut given = vec![0; lengths.len()];
    let rank = |at: usize| {
        rules
            .pacing
            .absorb
            .iter()
            .position(|trigger| *trigger == beats[at].trigger)
            .unwrap_or(usize::MAX)
    };
    let mut order: Vec<usize> = (0..lengths.len()).collect();
    // Within a kind the last ones first: what was tuned early in a scene stays.
    order.sort_by_key(|&at| (rank(at), std::cmp::Reverse(at)));
    for at in order {
        if rest == 0 {
            break;
        }
        let room = if rest > 0 {
            i64::from(spans[at].ceiling) - i64::from(lengths[at])
        } else {
            i64::from(spans[at].floor) - i64::from(lengths[at])
        };
        let take = if rest > 0 {
            rest.min(room.max(0))
        } else {
            rest.max(room.min(0))
        };
        lengths[at] = u32::try_from(i64::from(lengths[at]) + take).unwrap_or(lengths[at]);
        given[at] = take;
        rest -= take;
    }
    given
}
