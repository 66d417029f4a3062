//! V3: the camera's movements over a scene. What the script says comes first; then what a shot is there
//! for, how people move in it, and what is tense. Where nothing asks for a movement, a shot that lasts gets
//! one from what is in it: how people stand to each other, whether it tightens or lets go, one alone,
//! nobody. Short shots are held still, and no scene stands still for the most part.

use super::beat::Beat;
use super::camera::{PASS, Sides, found, side};
use super::moves::{CameraMove, Moves};
use super::rules::Rules;
use crate::breakdown::SceneText;
use crate::prose;
use crate::words::{Movement, SceneKind, ShotSize, Trigger};

/// What moves the camera in a shot, and why.
struct Wish {
    movement: CameraMove,
    rule: String,
    why: String,
}

impl Wish {
    fn new(movement: CameraMove, rule: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            movement,
            rule: rule.into(),
            why: why.into(),
        }
    }
}

const STILL: CameraMove = CameraMove::Word(Movement::Static);

/// The same movement at most so often in a row.
const MOST_SAME: usize = 2;

/// Sets the movement of every beat.
pub(super) fn movements(
    beats: &mut [Beat],
    scene: &SceneText<'_>,
    kind: SceneKind,
    sides: &Sides,
    rules: &Rules,
) {
    let plan = &rules.camera.plan;
    let least = plan.words.get(&kind).copied().unwrap_or(8);
    let lengths: Vec<usize> = beats.iter().map(length).collect();
    let mut wishes: Vec<Wish> = Vec::with_capacity(beats.len());
    for at in 0..beats.len() {
        let asked = asked(&beats[at], scene, rules);
        let long = lengths[at] >= least;
        let wish = asked.unwrap_or_else(|| {
            if long {
                filled(beats, at, scene, rules)
            } else {
                let why = "a short shot that nothing moves in is held still";
                Wish::new(rules.camera.default, "camera.default", why)
            }
        });
        wishes.push(wish);
    }
    // A scene that would stand still for the most part: its longest still shots move.
    let most = plan.most_static.get(&kind).copied().unwrap_or(1000);
    let is_still = |wish: &Wish| wish.movement == STILL;
    let count = wishes.len();
    let mut still: Vec<usize> = (0..count)
        .filter(|&at| is_still(&wishes[at]) && may_move(&beats[at], &wishes[at]))
        .collect();
    still.sort_by_key(|&at| (std::cmp::Reverse(lengths[at]), at));
    let mut standing = wishes.iter().filter(|wish| is_still(wish)).count();
    for at in still {
        if count < 3 || standing * 1000 <= most * count {
            break;
        }
        let wish = filled(beats, at, scene, rules);
        standing -= usize::from(!is_still(&wish));
        wishes[at] = wish;
    }
    for (at, wish) in wishes.into_iter().enumerate() {
        let beat = &mut beats[at];
        beat.movement = sided(wish.movement, beat, sides);
        beat.because(PASS, wish.rule, wish.why);
    }
    vary(beats, sides, rules);
}

/// Whether a still shot may be moved for the sake of the scene: not where the script or its kind hold it.
fn may_move(beat: &Beat, wish: &Wish) -> bool {
    beat.trigger != Trigger::Title
        && matches!(
            wish.rule.as_str(),
            "camera.default" | "camera.plan.falling" | "camera.plan.thing"
        )
}

/// How much a shot tells: what it says, or what happens in it.
fn length(beat: &Beat) -> usize {
    let spoken = beat
        .line
        .as_deref()
        .map_or(0, |line| line.split(' ').count());
    let told = beat.content.split(' ').count();
    if beat.speaks_on_screen() {
        spoken
    } else {
        told.max(spoken)
    }
}

/// The side of a movement that has one: the way that the one who moves looks.
fn sided(movement: CameraMove, beat: &Beat, sides: &Sides) -> Movement {
    let right = beat
        .in_frame()
        .first()
        .is_none_or(|one| side(sides, *one) < 500);
    match (movement, right) {
        (CameraMove::Word(movement), _) => movement,
        (CameraMove::Track, true) => Movement::TrackRight,
        (CameraMove::Track, false) => Movement::TrackLeft,
        (CameraMove::Pan, true) => Movement::PanRight,
        (CameraMove::Pan, false) => Movement::PanLeft,
    }
}

/// What a shot itself asks for.
fn asked(beat: &Beat, scene: &SceneText<'_>, rules: &Rules) -> Option<Wish> {
    let camera = &rules.camera;
    if let Some((direction, movement)) = beat
        .directions
        .iter()
        .rev()
        .map(|&rule| &camera.direction[rule])
        .find_map(|direction| Some((direction, direction.movement?)))
    {
        let why = format!("the script says {:?}", direction.phrase.text);
        return Some(Wish::new(movement, "camera.direction", why));
    }
    if let Some(by_place) = camera.trigger.get(&beat.trigger) {
        let moves = if scene.interior() {
            &by_place.interior
        } else {
            &by_place.exterior
        };
        let rule = format!("camera.trigger.{}", beat.trigger);
        let movement = moves.choose(own_way(&scene.location()), |_| true);
        let why = match beat.trigger {
            Trigger::Establishing => "the way in which this place is opened",
            _ => "by its trigger",
        };
        return Some(Wish::new(movement, rule, why));
    }
    let acts = beat.trigger != Trigger::Dialogue && beat.trigger != Trigger::Insert;
    if acts {
        let words = prose::tokens(&beat.content);
        for rule in &camera.phrase {
            if let Some(phrase) = found(&rule.phrases, &words) {
                let why = format!("{:?} moves the camera", phrase.text);
                return Some(Wish::new(rule.movement, "camera.phrase", why));
            }
        }
    }
    if beat.intensity >= camera.intense.from && camera.intense.sizes.contains(&beat.size) {
        let why = format!("intensity {} in a close shot", beat.intensity);
        return Some(Wish::new(camera.intense.movement, "camera.intense", why));
    }
    let spoken = beat
        .line
        .as_deref()
        .map_or(0, |line| line.split(' ').count());
    if beat.speaks_on_screen()
        && spoken >= camera.speech.words
        && camera.speech.sizes.contains(&beat.size)
    {
        let why = format!("a speech of {spoken} words is drawn in slowly");
        return Some(Wish::new(camera.speech.movement, "camera.speech", why));
    }
    None
}

/// What a shot gets from what is in it.
fn filled(beats: &[Beat], at: usize, scene: &SceneText<'_>, rules: &Rules) -> Wish {
    let plan = &rules.camera.plan;
    let beat = &beats[at];
    let choose = |moves: &Moves| moves.choose(own_way(&beat.content), |one| fits(one, beat));
    let frame = beat.in_frame().len();
    let before = at
        .checked_sub(1)
        .map_or(beat.intensity, |before| beats[before].intensity);
    if at + 1 == beats.len()
        && at >= 4
        && !beat.speaks_on_screen()
        && beat.trigger != Trigger::Insert
    {
        let last = plan.last.choose(usize::from(!scene.interior()), |_| true);
        return Wish::new(last, "camera.plan.last", "the scene is left");
    }
    if beat.trigger == Trigger::Insert {
        let why = "a thing that matters is looked at";
        return Wish::new(choose(&plan.thing), "camera.plan.thing", why);
    }
    if frame == 0 {
        let why = "nobody is there: the camera looks over the place";
        return Wish::new(choose(&plan.nobody), "camera.plan.nobody", why);
    }
    if beat.intensity >= before.saturating_add(plan.rising.from) {
        let why = format!("tension rises from {before} to {}", beat.intensity);
        return Wish::new(choose(&plan.rising.movements), "camera.plan.rising", why);
    }
    if before >= beat.intensity.saturating_add(plan.falling.from) {
        let why = format!("tension falls from {before} to {}", beat.intensity);
        return Wish::new(choose(&plan.falling.movements), "camera.plan.falling", why);
    }
    if beat.size == ShotSize::Ots {
        let why = "from the one who listens to the one who speaks";
        return Wish::new(choose(&plan.relation.ots), "camera.plan.relation.OTS", why);
    }
    if frame >= 2 {
        let why =
            format!("{frame} are together: the camera moves with how they stand to each other");
        return Wish::new(
            choose(&plan.relation.other),
            "camera.plan.relation.other",
            why,
        );
    }
    let why = "one alone, for some time";
    Wish::new(choose(&plan.alone), "camera.plan.alone", why)
}

/// Whether a movement goes with the size: nothing is tracked in a face, no focus is drawn where one is.
fn fits(movement: CameraMove, beat: &Beat) -> bool {
    let close = matches!(beat.size, ShotSize::Cu | ShotSize::Ecu | ShotSize::Insert);
    match movement {
        CameraMove::Track | CameraMove::Pan => !close,
        CameraMove::Word(Movement::RackFocus) => beat.in_frame().len() >= 2,
        CameraMove::Word(Movement::Dolly) => {
            !close && beat.size <= ShotSize::Ms || beat.size == ShotSize::TwoShot
        }
        CameraMove::Word(_) => true,
    }
}

/// A number that a text has of its own.
fn own_way(text: &str) -> usize {
    text.bytes().fold(7usize, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(usize::from(byte))
    }) >> 4
}

/// Where the same movement would come too often in a row, another one takes its place.
fn vary(beats: &mut [Beat], sides: &Sides, rules: &Rules) {
    let mut done: Vec<Movement> = Vec::with_capacity(beats.len());
    for beat in beats.iter_mut() {
        let wanted = beat.movement;
        let often = wanted != Movement::Static
            && done.len() >= MOST_SAME
            && done[done.len() - MOST_SAME..]
                .iter()
                .all(|other| *other == wanted);
        let told = beat
            .directions
            .iter()
            .any(|&rule| rules.camera.direction[rule].movement.is_some());
        let held = rules.camera.trigger.contains_key(&beat.trigger);
        if often && !told && !held {
            let plan = &rules.camera.plan;
            let moves = match beat.in_frame().len() {
                0 => &plan.nobody,
                1 => &plan.alone,
                _ => &plan.relation.other,
            };
            let other = moves.choose(own_way(&beat.content), |one| {
                fits(one, beat) && sided(one, beat, sides) != wanted
            });
            let other = sided(other, beat, sides);
            let other = if other == wanted {
                Movement::Static
            } else {
                other
            };
            beat.movement = other;
            let why = format!("{wanted} would come a third time in a row");
            beat.because(PASS, "camera.plan", why);
        }
        done.push(beat.movement);
    }
}
