//! Where and when a shot plays, in words: the place by its name, then what the bible says of it.

use super::Inputs;
use super::compose::Composer;
use crate::breakdown::{begins_with_direction, in_sentence};
use crate::prose;
use crate::words::{Place, PromptPart, TimeOfDay, Trigger};

/// Names the place as its heading does, then adds what the bible says of it: a description never
/// replaces the name.
pub(super) fn place(inputs: &Inputs<'_>, prompt: &mut Composer) {
    prompt.about(PromptPart::Place);
    setting(inputs, prompt);
    let Some(record) = inputs.location else {
        return;
    };
    prompt.add_list("The place:", &[record.look()]);
    prompt.about(PromptPart::Light);
    if let Some(variant) = record.time.get(inputs.scene.time.code()) {
        prompt.add_list("The light:", &[variant]);
    }
    prompt.about(PromptPart::Air);
    prompt.add_list("The mood:", &[&record.mood]);
}

/// Places under the open sky, by their last word.
#[rustfmt::skip]
const OUTSIDE: &[&str] = &[
    "alley", "backyard", "balcony", "beach", "boulevard", "cemetery", "courtyard", "desert", "driveway", "field", "forest",
    "garden", "graveyard", "highway", "hillside", "jungle", "lawn", "meadow", "mountain", "park", "patio", "pier", "playground",
    "porch", "riverbank", "riverside", "road", "roof", "rooftop", "sidewalk", "street", "swamp", "terrace", "woods", "yard",
];

fn lies_outside(place: &str) -> bool {
    let last = prose::last_word(place).map(|word| word.lower());
    last.is_some_and(|word| OUTSIDE.contains(&word.as_str()))
}

/// Through what one looks out of a place.
#[rustfmt::skip]
const OPTICS: &[&str] = &[
    "binoculars", "glass", "keyhole", "lens", "mesh", "periscope", "scope", "spyglass", "telescope", "viewfinder", "visor", "window", "windows",
    "windscreen", "windshield", "porthole", "peephole", "crosshairs", "grille", "fence", "blinds", "curtains",
];

/// Whether a look goes out of the place, so that it is not what is seen: "Through the scope: Noor's back."
fn seen_through(inputs: &Inputs<'_>) -> bool {
    if inputs.shot.trigger != Trigger::Pov {
        return false;
    }
    let words = prose::tokens(&inputs.shot.content);
    let at = words.iter().position(|word| word == "through");
    at.is_some_and(|at| {
        let mut near = words[at + 1..].iter().take(4);
        near.any(|word| OPTICS.contains(&word.as_str()))
    })
}

/// "Setting: Reggie's hotel room, interior, at night, in 1987."
fn setting(inputs: &Inputs<'_>, prompt: &mut Composer) {
    let scene = inputs.scene;
    // A porch is no interior, whatever the heading says of the house.
    let side = match scene.int_ext {
        Place::Interior if lies_outside(&scene.place) => "",
        side => side.phrase(),
    };
    let when = match scene.time {
        TimeOfDay::Unsaid => "",
        time => time.phrase(),
    };
    let year = match scene.period.as_str() {
        "" => String::new(),
        year => format!("in {year}"),
    };
    let sentence = |parts: &[&str]| {
        let said: Vec<&str> = parts
            .iter()
            .copied()
            .filter(|part| !part.is_empty())
            .collect();
        (!said.is_empty()).then(|| format!("Setting: {}.", said.join(", ")))
    };
    let through = seen_through(inputs);
    let side = if through { "" } else { side };
    // The prompt may have said the place before, by the same words: then it is put otherwise.
    let inner = scene
        .place
        .split_once(", ")
        .filter(|(_, inner)| !inner.contains(" and "));
    let inner = inner.map(|(outer, inner)| {
        // A direction lies in nothing, and has been said: what it lies in is left to say.
        if begins_with_direction(inner) {
            outer.to_owned()
        } else {
            format!("{inner} of {outer}")
        }
    });
    let from = through.then(|| format!("seen from {}", in_sentence(&scene.place, "")));
    let name = match &from {
        _ if !scene.is_placed() => "",
        Some(from) => from.as_str(),
        None => scene.place.as_str(),
    };
    let inner = inner
        .as_deref()
        .filter(|_| scene.is_placed() && !through)
        .unwrap_or(name);
    let tries: [&[&str]; 6] = [
        &[name, side, when, &year],
        &[inner, side, when, &year],
        &[name, side, &year],
        &[inner, side],
        &[name],
        &[side, when],
    ];
    for parts in tries {
        if sentence(parts).is_some_and(|sentence| prompt.add(&sentence)) {
            return;
        }
    }
}
