//! `INT./EXT.`: of such a scene each shot is on one side. It begins on the side that the heading names first, and
//! goes where what is told stands, and where people go.

use std::rc::Rc;

use super::beat::Beat;
use super::decompose::Walk;
use super::elsewhere::Spot;
use crate::breakdown::{self, Spelling};
use crate::prose;
use crate::scenes::Heading;
use crate::words::{HeadingWords, Place, Trigger};

/// Words of what is inside, and of what is outside.
#[rustfmt::skip]
const INSIDE: &[&str] = &[
    "inside", "indoors", "dashboard", "steering", "windshield", "windscreen", "pedals", "pedal", "seat", "backseat", "passenger", "gearstick",
    "rearview", "cab", "ceiling", "foyer", "hallway", "kitchen", "bedroom", "bathroom", "sofa", "couch", "carpet", "fireplace", "desk",
    "shelf", "shelves", "stove", "sink", "mantel", "counter", "pew", "bunk", "corridor", "upstairs", "downstairs", "radio",
];
#[rustfmt::skip]
const OUTSIDE: &[&str] = &[
    "outside", "outdoors", "roof", "rooftop", "street", "road", "highway", "lawn", "yard", "porch", "sidewalk", "pavement", "sky", "field",
    "river", "driveway", "grass", "horizon", "doorstep", "garden", "alley", "gate", "fence", "hood", "bumper", "trees", "bank", "beach",
    "parking", "curb", "kerb", "sun", "moon", "stars", "clouds", "mud", "snow",
];

/// What people do to come from one side to the other.
#[rustfmt::skip]
const GO_OUT: &[&[&str]] = &[
    &["gets", "out"], &["get", "out"], &["steps", "out"], &["step", "out"], &["goes", "out"], &["comes", "out"], &["climbs", "out"],
    &["walks", "out"], &["runs", "out"], &["heads", "out"], &["storms", "out"], &["jumps", "out"], &["hops", "out"], &["up", "and", "out"],
    &["out", "of", "the", "car"], &["out", "the", "door"], &["out", "of", "the", "house"], &["goes", "outside"], &["steps", "outside"],
    &["down", "the", "front", "steps"], &["onto", "the", "porch"], &["emerges"],
];
#[rustfmt::skip]
const GO_IN: &[&[&str]] = &[
    &["gets", "in"], &["get", "in"], &["steps", "inside"], &["goes", "inside"], &["back", "inside"], &["climbs", "in"], &["comes", "inside"],
    &["hops", "in"], &["jumps", "in"], &["into", "the", "car"], &["into", "the", "house"], &["gets", "back", "in"], &["walks", "inside"],
    &["enters"], &["goes", "in"],
];

/// The sides of a scene.
struct Sides {
    inside: Rc<Spot>,
    outside: Rc<Spot>,
}

impl Walk<'_> {
    /// Says of each shot of a scene `INT./EXT.` on which side it plays.
    pub(super) fn settle_sides(&mut self) {
        let heading = self.scene.heading;
        if heading.place != Place::Both || heading.setting.is_empty() {
            return;
        }
        let (sides, first) = self.both_sides(heading);
        let mut side = first;
        for beat in &mut self.beats {
            if beat.elsewhere.is_some() || beat.trigger == Trigger::Title {
                continue;
            }
            let words = prose::tokens(&beat.content);
            side = told(&words).unwrap_or(side);
            let spot = match side {
                Place::Exterior => &sides.outside,
                _ => &sides.inside,
            };
            beat.elsewhere = Some(Rc::clone(spot));
            because(beat, side);
            if goes(&words, GO_OUT) {
                side = Place::Exterior;
            } else if goes(&words, GO_IN) {
                side = Place::Interior;
            }
        }
    }

    /// What the heading calls both sides, and which of them it names first: of `INT./EXT. LORRY - CAB / FORD` the cab
    /// is inside, the ford outside; of `INT./EXT. BLOOM HOUSE` both are the house.
    fn both_sides(&self, heading: &Heading) -> (Sides, Place) {
        let words = HeadingWords::builtin();
        let raw = heading.raw.trim_start_matches(['.', ' ']);
        let first = match raw.chars().next() {
            Some('E' | 'e' | 'A' | 'a') => Place::Exterior,
            _ => Place::Interior,
        };
        let prefix = words.prefix(raw).map_or(0, |(prefix, _)| prefix);
        let parts: Vec<Heading> = raw[prefix..]
            .split('/')
            .map(Heading::parse)
            .filter(|part| !part.setting.is_empty())
            .collect();
        let spelling = Spelling::of(&self.scene.elements);
        let whole = self.spot_of(heading, self.scene.time);
        let spot = |part: Option<&Heading>, place: Place| {
            let mut spot = whole.clone();
            spot.shown.int_ext = place;
            if let Some(part) = part {
                spot.shown.place = breakdown::shown_place(part, self.names.spellings(), &spelling);
            }
            Rc::new(spot)
        };
        let (inside, outside) = match (parts.as_slice(), first) {
            ([one, other], Place::Exterior) => (Some(other), Some(one)),
            ([one, other], _) => (Some(one), Some(other)),
            _ => (None, None),
        };
        let sides = Sides {
            inside: spot(inside, Place::Interior),
            outside: spot(outside, Place::Exterior),
        };
        (sides, first)
    }
}

fn because(beat: &mut Beat, side: Place) {
    let why = format!(
        "of both sides in the heading it shows the {}",
        side.phrase()
    );
    beat.because(super::decompose::PASS, "the script", why);
}

/// On which side what the words name stands; none if they name none, or as much of both.
fn told(words: &[String]) -> Option<Place> {
    let count = |list: &[&str]| {
        words
            .iter()
            .filter(|word| list.contains(&word.as_str()))
            .count()
    };
    match count(INSIDE).cmp(&count(OUTSIDE)) {
        std::cmp::Ordering::Greater => Some(Place::Interior),
        std::cmp::Ordering::Less => Some(Place::Exterior),
        std::cmp::Ordering::Equal => None,
    }
}

fn goes(words: &[String], phrases: &[&[&str]]) -> bool {
    phrases.iter().any(|phrase| {
        words
            .windows(phrase.len())
            .any(|window| window.iter().eq(phrase.iter()))
    })
}
