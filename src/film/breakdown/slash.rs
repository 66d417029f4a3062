//! Places that a slash joins in a heading.

use crate::prose;
use crate::scenes::Heading;
use crate::words::Place;

/// `kitchen/living room` is the kitchen and the living room; `24/7` stays.
pub(super) fn slashed(part: &str) -> String {
    let mut sides = part.split('/');
    let names = sides.by_ref().all(|side| {
        let letters = side.chars().filter(|c| c.is_alphabetic()).count();
        letters > 2
    });
    if names && is_within(part) {
        part.replace('/', ", ")
    } else if names {
        part.replace('/', " and ")
    } else {
        part.to_owned()
    }
}

/// Rooms and corners: behind a slash they lie in what stands before it, if that is none of them.
#[rustfmt::skip]
const ROOMS: &[&str] = &[
    "room", "kitchen", "bedroom", "bathroom", "hall", "hallway", "corridor", "stairs", "staircase", "stairwell", "landing", "lobby", "foyer",
    "office", "basement", "cellar", "attic", "closet", "bar", "lounge", "den", "study", "library", "pantry", "garage", "porch", "balcony",
    "roof", "rooftop", "backyard", "yard", "deck", "cabin", "cockpit", "bridge", "vault", "classroom", "cafeteria", "gym", "ward", "lab",
    "studio", "workshop", "restroom", "entrance", "doorway", "elevator", "reception", "cuisine", "chambre", "salon", "couloir", "escalier",
    "küche", "zimmer", "flur", "treppe", "cocina", "cucina",
];

/// `LAURISTON GARDENS/UPSTAIRS ROOM`: a room of what stands before the slash, not another place beside it.
fn is_within(part: &str) -> bool {
    let mut sides = part.split('/');
    let (Some(outer), Some(inner), None) = (sides.next(), sides.next(), sides.next()) else {
        return false;
    };
    let is_room = |side: &str| {
        let last = prose::last_word(side).map(|word| word.lower());
        last.is_some_and(|word| ROOMS.contains(&word.as_str()))
    };
    is_room(inner) && !is_room(outer)
}

/// What has rooms: behind a slash after one of these stands a part of it, `BLOOM HOUSE / STAIRS`.
#[rustfmt::skip]
const HAS_ROOMS: &[&str] = &[
    "house", "home", "apartment", "flat", "hotel", "motel", "hospital", "school", "building", "mansion", "castle", "church",
    "station", "mall", "store", "restaurant", "ship", "boat", "plane", "farm", "farmhouse", "cottage", "villa", "museum", "theater",
    "theatre", "prison", "palace", "clinic", "airport", "warehouse", "factory", "office", "penthouse", "inn", "maison", "haus",
];

/// Whether a slash stands between two parts that are two places: `KITCHEN/LIVING ROOM`.
pub(super) fn is_beside(heading: &Heading, one: &str, other: &str) -> bool {
    let raw = heading.raw.as_str();
    let joined = raw.match_indices(one).any(|(at, _)| {
        let rest = raw[at + one.len()..].trim_start();
        rest.strip_prefix(['/', '\\']).is_some_and(|rest| {
            rest.trim_start_matches(|c| c != '/').is_empty() || rest.contains(other)
        })
    });
    let rooms = || {
        let last = prose::last_word(one).map(|word| word.lower());
        last.is_some_and(|word| HAS_ROOMS.contains(&word.as_str()))
    };
    joined && (heading.place == Place::Both || !rooms())
}
