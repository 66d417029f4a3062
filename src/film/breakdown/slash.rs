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
    if names {
        part.replace('/', " and ")
    } else {
        part.to_owned()
    }
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
