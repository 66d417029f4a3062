//! What every asset looks like in a scene: `looks/012.json`. A state (muddy, bloodied, wet) is
//! inherited from the scene before in which the asset appears, unless the script or a person changes
//! it.

mod bearers;
mod check;
mod conditions;
mod garments;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::breakdown::{Breakdown, SceneText};
use crate::cast::{Appearance, Cast, Character, Names, Reader};
use crate::fountain::ElementKind;
use crate::ids::SceneNumber;
use crate::prose;
use crate::words::{Heard, Lasts, Pronoun, TimeOfDay};

pub use check::{check_looks, looks_words};

/// The states of so many people are kept while they are elsewhere, else each scene of a long script
/// would list all who were ever seen in one. The first in the order of slugs make room.
const MOST_ELSEWHERE: usize = 64;

/// `looks/012.json`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looks {
    /// Production number.
    pub scene: SceneNumber,
    /// Whether the scene plays in another time (a flashback, a dream): it neither inherits states
    /// nor hands its own on.
    pub aside: bool,
    /// Whether the scene ends on a dissolve or a fade: time passes before the next one, and what
    /// lasts a day or less is not handed on.
    pub time_passes: bool,
    /// Everybody seen or heard in the scene, by slug.
    pub assets: BTreeMap<String, Asset>,
    /// States of those who are elsewhere, kept for their next scene.
    pub elsewhere: Carried,
    /// States that ended with this scene's beginning or in it, and why.
    pub ended: Vec<Ended>,
}

/// States that are not the ordinary one, by slug of the asset.
pub type Carried = BTreeMap<String, Vec<Condition>>;

/// One asset in a scene.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// Name in the shot lists.
    pub name: String,
    /// The longest name the script gives.
    pub full_name: String,
    /// Pronouns.
    pub pronouns: Pronoun,
    /// Which clothes of the bible: the act's number or `default`.
    pub wardrobe: String,
    /// What the script says of how they look, for those of whom the bible has no file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub look: String,
    /// Tags with their reasons.
    pub conditions: Vec<Condition>,
}

/// A state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// `muddy`, or `wearing all black`.
    pub tag: String,
    /// The words of the script, or a person's.
    pub reason: String,
    /// The scene in which it began.
    pub since: SceneNumber,
    /// In the scene in which it began: the element, counted as in a shot's source. Shots before it do
    /// not show it.
    pub from: usize,
    /// Whether something happened that explains it; else it was only described.
    pub caused: bool,
    /// How long it lasts.
    pub lasts: Lasts,
    /// The time of day when it was last seen: a night between two scenes ends what lasts a day.
    pub seen: TimeOfDay,
    /// In so many scenes since then it was seen and not told of again.
    #[serde(default, skip_serializing_if = "is_none")]
    pub untold: u32,
}

fn is_none(count: &u32) -> bool {
    *count == 0
}

/// A state that ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Slug of the asset.
    pub asset: String,
    /// The tag.
    pub tag: String,
    /// Why.
    pub reason: String,
}

/// Finds what everybody looks like in a scene. `carried` is what the scene before hands on.
pub fn looks(
    scene: &SceneText<'_>,
    breakdown: &Breakdown,
    cast: &Cast,
    names: &Names,
    carried: &Carried,
) -> Looks {
    let mut out = Looks {
        scene: scene.number.clone(),
        aside: conditions::aside(scene.heading),
        time_passes: conditions::time_passes(scene),
        assets: BTreeMap::new(),
        elsewhere: Carried::new(),
        ended: Vec::new(),
    };
    let here: Vec<&str> = [&breakdown.speaking, &breakdown.acting, &breakdown.heard]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    for name in here {
        if let Some(character) = names.index(name).map(|at| &cast.characters[at]) {
            out.assets.insert(
                character.slug.clone(),
                Asset {
                    name: character.name.clone(),
                    full_name: character.full_name.clone(),
                    pronouns: character.gender.pronoun(),
                    wardrobe: scene
                        .act
                        .map_or_else(|| "default".to_owned(), |act| act.to_string()),
                    look: look(character),
                    conditions: Vec::new(),
                },
            );
        }
    }
    inherit(&mut out, scene, carried);
    read(&mut out, scene, cast, names);
    let now = scene.heading.time_of_day();
    for state in out
        .assets
        .values_mut()
        .flat_map(|asset| &mut asset.conditions)
    {
        state.seen = now;
    }
    out
}

/// Body and clothes in one.
fn look(character: &Character) -> String {
    let Appearance { physical, clothes } = character.appearance();
    let both = [physical, clothes];
    let told: Vec<&str> = both
        .iter()
        .map(String::as_str)
        .filter(|text| !text.is_empty())
        .collect();
    told.join(", ")
}

fn inherit(out: &mut Looks, scene: &SceneText<'_>, carried: &Carried) {
    if out.aside {
        out.elsewhere.clone_from(carried);
        return;
    }
    let pause = conditions::pause_before(scene.heading).max(conditions::told_pause(scene));
    let long = pause.max(conditions::Pause::Some);
    let now = scene.heading.time_of_day();
    for (slug, states) in carried {
        let mut kept = Vec::new();
        for state in states {
            let pause = conditions::night_between(state.seen, now, pause);
            let known = state.lasts == Lasts::Always
                || pause == conditions::Pause::None
                || state.untold < conditions::MOST_SCENES;
            if conditions::survives(state.lasts, pause) && known {
                let mut state = state.clone();
                state.untold = state.untold.saturating_add(1);
                kept.push(state);
            } else if out.assets.contains_key(slug) {
                out.ended.push(Ended {
                    asset: slug.clone(),
                    tag: state.tag.clone(),
                    reason: pause.words().to_owned(),
                });
            }
        }
        match out.assets.get_mut(slug) {
            Some(asset) => asset.conditions = kept,
            // Whoever is elsewhere keeps what a told pause does not end: what else time does to it
            // shows when they are seen again.
            None => {
                let kept: Vec<Condition> = states
                    .iter()
                    .filter(|state| conditions::survives(state.lasts, long))
                    .cloned()
                    .collect();
                if !kept.is_empty() {
                    out.elsewhere.insert(slug.clone(), kept);
                }
            }
        }
    }
}

fn read(out: &mut Looks, scene: &SceneText<'_>, cast: &Cast, names: &Names) {
    let mut reader = Reader::new(cast, names, &scene.elements);
    for (at, element) in scene.elements.iter().enumerate() {
        match &element.kind {
            ElementKind::Character {
                name, extensions, ..
            } => {
                let who = reader.speakers(name, extensions);
                if reader.heard(name, extensions) == Heard::OnScreen {
                    reader.spoke(&who);
                }
            }
            ElementKind::Action => {
                let text = prose::plain(&element.text);
                for sentence in prose::sentences(&text) {
                    let reading = reader.read_closely(sentence);
                    for found in bearers::find(sentence, &reading, cast) {
                        apply(
                            out,
                            scene.number,
                            sentence,
                            &cast.characters[found.who].slug,
                            at,
                            &found,
                        );
                    }
                }
            }
            _ => {}
        }
    }
}

fn apply(
    out: &mut Looks,
    number: &SceneNumber,
    sentence: &str,
    slug: &str,
    at: usize,
    found: &bearers::Found,
) {
    let Some(asset) = out.assets.get_mut(slug) else {
        return;
    };
    let is_worn = |state: &Condition| state.tag.starts_with("wearing ");
    // What is taken off is no more worn, and what is put on again not off.
    if let Some(garment) = found.tag.strip_prefix(bearers::WITHOUT) {
        asset
            .conditions
            .retain(|state| !garments::is_of(&state.tag, garment));
    } else if let Some(worn) = garments::put_on(&found.tag) {
        asset
            .conditions
            .retain(|state| state.tag != format!("{}{worn}", bearers::WITHOUT));
        // The look has it, or another state.
        let known = prose::tokens(&asset.look).contains(&worn.to_owned());
        let again = asset
            .conditions
            .iter()
            .any(|state| garments::put_on(&state.tag) == Some(worn));
        if found.mentioned && (known || again) {
            return;
        }
    }
    if found.ends {
        let before = asset.conditions.len();
        asset
            .conditions
            .retain(|state| state.tag != found.tag && !(found.clothes && is_worn(state)));
        if asset.conditions.len() < before {
            out.ended.push(Ended {
                asset: slug.to_owned(),
                tag: found.tag.clone(),
                reason: sentence.to_owned(),
            });
        }
        return;
    }
    if found.clothes {
        asset.conditions.retain(|state| !is_worn(state));
    }
    if found.tag.starts_with(bearers::AGED) {
        let aged = |state: &Condition| state.tag.starts_with(bearers::AGED);
        asset.conditions.retain(|state| !aged(state));
    }
    if !asset.conditions.iter().any(|state| state.tag == found.tag) {
        asset.conditions.push(Condition {
            tag: found.tag.clone(),
            reason: sentence.to_owned(),
            since: number.clone(),
            from: at,
            caused: found.caused,
            lasts: found.lasts,
            seen: TimeOfDay::Unsaid,
            untold: 0,
        });
    } else if let Some(known) = asset
        .conditions
        .iter_mut()
        .find(|state| state.tag == found.tag)
    {
        known.untold = 0;
    }
}

impl Condition {
    /// Whether a shot of scene `number` that ends before element `to` shows it.
    pub fn shown_by(&self, number: &SceneNumber, to: usize) -> bool {
        self.since != *number || self.from < to
    }
}

impl Looks {
    /// What the scene hands on to the next one: the states of everybody, as they are at its end.
    pub fn carried(&self) -> Carried {
        let mut all = self.elsewhere.clone();
        let new = self.assets.values();
        let new = new.filter(|asset| !asset.conditions.is_empty()).count();
        while all.len() + new > MOST_ELSEWHERE && all.pop_first().is_some() {}
        if !self.aside {
            for (slug, asset) in &self.assets {
                if !asset.conditions.is_empty() {
                    all.insert(slug.clone(), asset.conditions.clone());
                }
            }
            if self.time_passes {
                for states in all.values_mut() {
                    states.retain(|state| state.lasts == Lasts::Always);
                }
                all.retain(|_, states| !states.is_empty());
            }
        }
        all
    }

    /// Pretty JSON with a newline at the end.
    pub fn to_json(&self) -> String {
        crate::json::pretty(self)
    }

    /// Reads `looks/012.json`.
    ///
    /// # Errors
    /// Not JSON, or not a looks file; says line and column.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}
