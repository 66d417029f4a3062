//! Drafts of places: what their headings and the sentences that open them tell.

use super::Draft;
use crate::prose;
use crate::scenes::Heading;
use crate::words::{Place, TimeOfDay};

/// A draft of `bible/locations/NAME.toml`. `headings` are those of its scenes, `descriptions` the
/// sentences with which they open.
pub fn draft_location(name: &str, headings: &[&Heading], descriptions: &[&str]) -> String {
    let mut draft = Draft::about(&prose::display_name(name));
    let inside = headings
        .iter()
        .any(|heading| heading.place == Some(Place::Interior));
    let outside = headings
        .iter()
        .any(|heading| heading.place == Some(Place::Exterior));
    let where_ = match (inside, outside) {
        (true, true) => "inside and outside",
        (false, true) => "outside",
        _ => "inside",
    };
    let mut times: Vec<&str> = Vec::new();
    for time in headings
        .iter()
        .map(|heading| heading.time_of_day())
        .filter(|time| *time != TimeOfDay::Unsaid)
        .map(TimeOfDay::code)
    {
        if !times.contains(&time) {
            times.push(time);
        }
    }
    times.sort_unstable();
    let when = if times.is_empty() {
        String::new()
    } else {
        format!(", by {}", times.join(" and "))
    };
    draft.comment(&format!("Seen {where_}{when}."));
    let description = descriptions.first().copied().unwrap_or_default();
    draft.field("name", &prose::display_name(name), "");
    draft.field(
        "description",
        &prose::plain(description),
        "what it looks like",
    );
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
