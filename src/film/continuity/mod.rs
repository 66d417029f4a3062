//! Continuity, by rule and never by guess.
//!
//! `check` goes over the scenes in order and reports what contradicts itself; `mirror` shows a
//! scene what the one before leaves it with.

mod references;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aho_corasick::AhoCorasick;
use serde::{Deserialize, Serialize};

pub use references::{Described, missing, older};

use crate::breakdown::Breakdown;
use crate::ids::{SceneNumber, ShotId};
use crate::looks::{Asset, Carried, Looks};
use crate::prose;
use crate::shots::ShotList;
use crate::words::{Heard, TimeOfDay, Transition, Trigger};

/// One scene as the rules see it.
#[derive(Debug, Clone, Copy)]
pub struct SceneFacts<'a> {
    /// Its breakdown.
    pub breakdown: &'a Breakdown,
    /// Its looks.
    pub looks: &'a Looks,
    /// Its shots, if there are any yet.
    pub shots: Option<&'a ShotList>,
}

/// The rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// A state is described within continuous action, and nothing has caused it.
    StateAppears,
    /// A state is gone within continuous action, and nothing has ended it.
    StateVanishes,
    /// Continuous action, and it is earlier in the day than before.
    TimeRunsBackwards,
    /// Somebody handles a thing that a later scene brings in as new.
    PropBeforeEntrance,
    /// A character speaks on screen and no action of the scene, nor of the one it goes on from,
    /// shows them.
    SpeaksUnseen,
    /// The bible describes something otherwise now than when its reference image was last changed.
    ReferenceOlder,
    /// The bible names a reference image that is not there.
    ReferenceMissing,
    /// A shot is locked, and the lines that it was made from are gone from the script.
    LockedLinesGone,
    /// A file of the scene cannot be read, so nothing is known of the scene.
    Unreadable,
}

/// Something that contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// Production number of the scene; empty for what concerns the whole film.
    pub scene: String,
    /// Which rule.
    pub rule: Rule,
    /// Character, prop, location, or file of the bible.
    pub asset: String,
    /// In words, with what it is held against.
    pub message: String,
}

/// A locked shot whose lines are gone.
pub fn lines_gone(scene: &SceneNumber, shot: &str) -> Finding {
    Finding {
        scene: scene.to_string(),
        rule: Rule::LockedLinesGone,
        asset: shot.to_owned(),
        message: format!(
            "shot {shot} is locked, and the lines that it was made from are gone from the script"
        ),
    }
}

/// A file of a scene that cannot be read.
pub fn unreadable(scene: &SceneNumber, path: &str, reason: &str) -> Finding {
    Finding {
        scene: scene.to_string(),
        rule: Rule::Unreadable,
        asset: path.to_owned(),
        message: reason
            .strip_prefix(&format!("{path}: "))
            .unwrap_or(reason)
            .to_owned(),
    }
}

/// Hours of a day in order.
const HOURS: &[TimeOfDay] = &[
    TimeOfDay::Dawn,
    TimeOfDay::Morning,
    TimeOfDay::Day,
    TimeOfDay::Afternoon,
    TimeOfDay::Evening,
    TimeOfDay::Dusk,
    TimeOfDay::Night,
];

/// All contradictions, in the order of the scenes.
pub fn check(scenes: &[SceneFacts<'_>]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, scene) in scenes.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| &scenes[at]);
        if let Some(before) = before.filter(|_| scene.breakdown.continuous) {
            states(scene, before, &mut found);
            hours(scene, before, &mut found);
        }
        unseen(
            scene,
            before.filter(|_| scene.breakdown.continuous),
            &mut found,
        );
    }
    props(scenes, &mut found);
    let mut places = HashMap::<&str, usize>::new();
    for (at, scene) in scenes.iter().enumerate() {
        places.entry(scene.breakdown.scene.as_str()).or_insert(at);
    }
    found.sort_by_key(|finding| places.get(finding.scene.as_str()).copied());
    found
}

fn finding(scene: &SceneFacts<'_>, rule: Rule, asset: &str, message: String) -> Finding {
    Finding {
        scene: scene.breakdown.scene.to_string(),
        rule,
        asset: asset.to_owned(),
        message,
    }
}

fn states(scene: &SceneFacts<'_>, before: &SceneFacts<'_>, found: &mut Vec<Finding>) {
    let carried: Carried = before.looks.carried();
    let number = &scene.breakdown.scene;
    for (slug, asset) in &scene.looks.assets {
        let was = carried.get(slug).map(Vec::as_slice).unwrap_or_default();
        let was_there = before.looks.assets.contains_key(slug);
        for state in &asset.conditions {
            let new = state.since == *number && !state.caused && !state.tag.starts_with("wearing ");
            if new && was_there && !was.iter().any(|other| other.tag == state.tag) {
                found.push(finding(
                    scene,
                    Rule::StateAppears,
                    &asset.name,
                    format!(
                        "{} is {} ({:?}), and was not in scene {}, from which the action goes on",
                        asset.name, state.tag, state.reason, before.breakdown.scene,
                    ),
                ));
            }
        }
        for state in was {
            let still = asset.conditions.iter().any(|other| other.tag == state.tag);
            let ended = scene
                .looks
                .ended
                .iter()
                .any(|end| end.asset == *slug && end.tag == state.tag);
            let replaced = state.tag.starts_with("wearing ")
                && asset
                    .conditions
                    .iter()
                    .any(|other| other.tag.starts_with("wearing "));
            if !still && !ended && !replaced {
                found.push(finding(scene, Rule::StateVanishes, &asset.name, format!(
                    "{} was {} in scene {}, from which the action goes on, and nothing has changed it",
                    asset.name, state.tag, before.breakdown.scene,
                )));
            }
        }
    }
}

fn hours(scene: &SceneFacts<'_>, before: &SceneFacts<'_>, found: &mut Vec<Finding>) {
    let hour = |facts: &SceneFacts<'_>| {
        let time = crate::scenes::time_of_day(&facts.breakdown.time);
        HOURS
            .iter()
            .position(|hour| *hour == time)
            .map(|at| (at, time))
    };
    if let (Some((was, earlier)), Some((now, later))) = (hour(before), hour(scene))
        && now < was
    {
        found.push(finding(
            scene,
            Rule::TimeRunsBackwards,
            &scene.breakdown.setting,
            format!(
                "it is {later}, and scene {}, from which the action goes on, plays at {earlier}",
                before.breakdown.scene,
            ),
        ));
    }
}

fn unseen(scene: &SceneFacts<'_>, before: Option<&SceneFacts<'_>>, found: &mut Vec<Finding>) {
    let Some(shots) = scene.shots else { return };
    let acts = |list: &ShotList| -> BTreeSet<String> {
        list.shots
            .iter()
            .filter(|shot| shot.trigger != Trigger::Dialogue)
            .flat_map(|shot| shot.characters_in_frame.iter().cloned())
            .collect()
    };
    let mut seen = acts(shots);
    if let Some(before) = before {
        seen.extend(
            before
                .breakdown
                .speaking
                .iter()
                .chain(&before.breakdown.acting)
                .cloned(),
        );
    }
    let action = shots.shots.iter().any(|shot| {
        shot.dialogue_source != Some(Heard::OnScreen) && !shot.characters_in_frame.is_empty()
    });
    let speaking = scene.breakdown.speaking.iter();
    let unseen: Vec<&String> = speaking.filter(|name| !seen.contains(*name)).collect();
    if !action || unseen.is_empty() {
        return;
    }
    for (name, named) in unseen.iter().zip(named_by_others(&unseen, shots)) {
        if !named {
            found.push(finding(scene, Rule::SpeaksUnseen, name, format!(
                "{name} speaks on screen, and no action of the scene shows {name}; (O.S.) or an entrance is missing",
            )));
        }
    }
}

/// Whether each name stands in the line of somebody else; the text of each shot is gone through once.
fn named_by_others(names: &[&String], shots: &ShotList) -> Vec<bool> {
    let shown = names.iter().map(|name| prose::display_name(name));
    let mut named = vec![false; names.len()];
    let Ok(finder) = AhoCorasick::new(shown) else {
        return named;
    };
    let lines = shots.shots.iter();
    for shot in lines.filter(|shot| shot.trigger == Trigger::Dialogue) {
        for found in finder.find_overlapping_iter(&shot.content) {
            let name = found.pattern().as_usize();
            named[name] |= shot.dialogue_speaker.as_ref() != Some(names[name]);
        }
    }
    named
}

fn props(scenes: &[SceneFacts<'_>], found: &mut Vec<Finding>) {
    let mut handled = BTreeMap::<&str, &SceneFacts<'_>>::new();
    let mut entered = BTreeSet::<&str>::new();
    for scene in scenes {
        for prop in &scene.breakdown.props {
            if prop.introduced {
                if let Some(first) = handled
                    .get(prop.name.as_str())
                    .filter(|_| !entered.contains(prop.name.as_str()))
                {
                    found.push(finding(
                        first,
                        Rule::PropBeforeEntrance,
                        &prop.name,
                        format!(
                            "the {} is used here, and scene {} brings it in as new",
                            prop.name, scene.breakdown.scene,
                        ),
                    ));
                }
                entered.insert(&prop.name);
            } else if !prop.by.is_empty() && !entered.contains(prop.name.as_str()) {
                handled.entry(&prop.name).or_insert(scene);
            }
        }
    }
}

/// The end of a scene, for whoever works on the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mirror {
    /// The scene before.
    pub scene: SceneNumber,
    /// Its heading.
    pub slugline: String,
    /// Its last action.
    pub last_action: Option<String>,
    /// Its last line, with the speaker.
    pub last_line: Option<(String, String)>,
    /// What everybody in it looks like at its end, by slug.
    pub state: BTreeMap<String, Asset>,
    /// Its last shot, whose last frame the next scene follows.
    pub last_shot: Option<ShotId>,
    /// How that shot goes over into the next scene.
    pub transition: Option<Transition>,
}

/// What a scene leaves to the next.
pub fn mirror(before: &SceneFacts<'_>) -> Mirror {
    let shots = before
        .shots
        .map(|list| list.shots.as_slice())
        .unwrap_or_default();
    let last = shots.last();
    let action = shots
        .iter()
        .rev()
        .find(|shot| !matches!(shot.trigger, Trigger::Dialogue | Trigger::Title));
    let line = shots.iter().rev().find_map(|shot| {
        let text = shot.dialogue_text.clone()?;
        Some((shot.dialogue_speaker.clone().unwrap_or_default(), text))
    });
    Mirror {
        scene: before.breakdown.scene.clone(),
        slugline: before.breakdown.slugline.clone(),
        last_action: action.map(|shot| shot.content.clone()),
        last_line: line,
        state: before.looks.assets.clone(),
        last_shot: last.map(|shot| shot.shot_id.clone()),
        transition: last.map(|shot| shot.transition_to_next),
    }
}
