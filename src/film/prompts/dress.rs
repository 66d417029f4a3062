//! What somebody wears in a shot, and its colour.

use super::Inputs;
use crate::color::{by_name, is_by_place, is_color};
use crate::prose;
use crate::words::Pronoun;
use crate::worn::{colored, worn};

/// The states that somebody shows in the shot.
pub(super) fn states<'a>(inputs: &Inputs<'a>, slug: &str) -> Vec<&'a str> {
    let asset = inputs.people.get(slug).into_iter();
    let states = asset.flat_map(|asset| &asset.conditions);
    states
        .filter(|state| state.shown_by(&inputs.scene.number, inputs.shot.source.to))
        .map(|state| state.tag.as_str())
        .collect()
}

/// What the bible has somebody wear in the scene.
pub(super) fn clothes<'a>(inputs: &Inputs<'a>, slug: &str) -> Option<&'a str> {
    let record = inputs.characters.get(slug)?;
    let asset = inputs.people.get(slug);
    let key = asset.map_or("default", |asset| asset.wardrobe.as_str());
    let all = &record.wardrobe;
    let clothes = all.get(key).or_else(|| all.get("default"))?.trim();
    Some(clothes).filter(|clothes| !clothes.is_empty())
}

/// Takes out of a look what somebody has taken off: of `cap, a good coat` the cap.
pub(super) fn take_off(clauses: &mut [String], states: &[&str]) {
    let off: Vec<&str> = states
        .iter()
        .filter_map(|state| state.strip_prefix("without "))
        .collect();
    if off.is_empty() {
        return;
    }
    let is_off = |part: &str| {
        let words = prose::tokens(part);
        words.iter().any(|word| off.contains(&word.as_str()))
    };
    for clause in clauses {
        let parts = clause.split(", ").filter(|part| !is_off(part));
        let parts = parts.map(|part| match part.split_once(" and ") {
            Some((first, rest)) if is_off(first) => rest,
            Some((first, rest)) if is_off(rest) => first,
            _ => part,
        });
        *clause = parts.collect::<Vec<_>>().join(", ");
    }
}

/// What somebody has in hand since a shot before.
pub(super) fn holding(inputs: &Inputs<'_>, slug: &str) -> Option<String> {
    let shot = inputs.shot;
    let at = shot.character_refs.iter().position(|other| other == slug)?;
    let name = shot.characters_in_frame.get(at)?;
    let place = shot
        .blocking
        .iter()
        .find(|place| place.character == *name)?;
    let thing = place.holding.as_ref()?;
    Some(format!("holding {thing}"))
}

/// Of a named person of whom nothing else is known: what a model cannot tell from the name.
pub(super) fn plain(inputs: &Inputs<'_>, slug: &str) -> Option<String> {
    let asset = inputs.people.get(slug)?;
    let noun = match asset.pronouns {
        Pronoun::He => "a man",
        Pronoun::She => "a woman",
        Pronoun::It | Pronoun::They => return None,
    };
    (!crate::cast::is_role(&asset.name)).then(|| noun.to_owned())
}

/// The colour of somebody's clothes: what people chose in the bible, else what the scene, the bible
/// and the name say is worn, else that by which a draft of the bible tells people apart.
pub(super) fn color(inputs: &Inputs<'_>, slug: &str, name: &str) -> String {
    let record = inputs.characters.get(slug);
    let put_on = states(inputs, slug);
    let mut put_on = put_on
        .iter()
        .rev()
        .filter_map(|state| state.strip_prefix("wearing "));
    let about = record
        .into_iter()
        .flat_map(|record| [&record.physical, &record.signature]);
    let full_name = inputs
        .people
        .get(slug)
        .map(|asset| asset.full_name.as_str());
    let told = put_on
        .find_map(colored)
        .or_else(|| clothes(inputs, slug).and_then(colored))
        .or_else(|| about.into_iter().find_map(|text| worn(text)))
        .or_else(|| full_name.and_then(worn))
        .or_else(|| worn(name));
    let own = record.map(|record| record.color.as_str());
    let own = own.filter(|color| is_color(color));
    let chosen = own.filter(|color| !is_by_place(color));
    let color = chosen.or(told).or(own).map(str::to_owned);
    color.unwrap_or_else(|| by_name(slug))
}
