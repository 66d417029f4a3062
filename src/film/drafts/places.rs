//! Drafts of places: what their headings and the text of their scenes tell.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Draft;
use crate::words::{Place, TimeOfDay};

/// What the script tells of a place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceInScript {
    /// Its name as people write it.
    pub name: String,
    /// From where it is seen, each once.
    pub seen: BTreeSet<Place>,
    /// By what light, each once.
    pub times: BTreeSet<TimeOfDay>,
    /// What the script says of its look; empty if nothing.
    pub description: String,
}

/// A draft of `bible/locations/NAME.toml`.
pub fn draft_location(place: &PlaceInScript) -> String {
    let mut draft = Draft::about(&place.name);
    let seen = |side| place.seen.contains(&side) || place.seen.contains(&Place::Both);
    let side = match (seen(Place::Interior), seen(Place::Exterior)) {
        (true, true) => "inside and outside",
        (false, true) => "outside",
        (true, false) => "inside",
        (false, false) => "",
    };
    let mut times: Vec<&str> = place.times.iter().map(|time| time.code()).collect();
    times.sort_unstable();
    let by = format!("by {}", times.join(" and "));
    let parts = [side, if times.is_empty() { "" } else { &by }];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if !parts.is_empty() {
        draft.comment(&format!("Seen {}.", parts.join(", ")));
    }
    draft.field("name", &place.name, "");
    draft.field("description", &place.description, "what it looks like");
    draft.list(
        "palette",
        "three to five colours #rrggbb: sky or wall, ground, accents; empty: chosen from the name",
    );
    draft.field("mood", "", "how it feels");
    draft.field(
        "base_prompt",
        "",
        "for every picture of the place; empty: the description",
    );
    draft.field(
        "ambient",
        "",
        "what it sounds like; empty: chosen from the name",
    );
    draft.list("references", "image files in the project");
    draft.table("time", "What changes with the time of day.");
    for time in &times {
        draft.field(time, "", "");
    }
    draft.print()
}
