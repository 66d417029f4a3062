//! Two scenes by turns: who speaks in one from the place of the other.

use std::collections::HashSet;

use crate::fountain::{CueSound, Element, ElementKind, cue_sound, plain};
use crate::words::Frame;

use super::{Heading, Scene};

/// So many scenes back is looked for the place of somebody who is elsewhere.
const REACH: usize = 4;

/// Somebody who speaks in a scene from another place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absent {
    /// As in the cue.
    pub name: String,
    /// The heading of the scene in which that place was shown.
    pub heading: Heading,
}

/// Says of each scene that is cut against another who speaks in it from there.
pub(super) fn find(scenes: &mut [Scene]) {
    for at in 1..scenes.len() {
        let after = scenes[at - 1]
            .body
            .iter()
            .rev()
            .find(|e| is_told(e))
            .is_some_and(calls);
        let within =
            scenes[at].body.iter().any(calls) || scenes[at].heading.frame == Some(Frame::Intercut);
        if after || within {
            scenes[at].absent = absent(scenes, at);
        }
    }
}

fn absent(scenes: &[Scene], at: usize) -> Vec<Absent> {
    let scene = &scenes[at];
    let acting = acting(before_intercut(scene));
    let here = (&scene.heading.setting, &scene.heading.sub_settings);
    let mut found: Vec<Absent> = Vec::new();
    for name in cues(scene) {
        if shown(name, &acting) && scene.heading.frame != Some(Frame::Intercut)
            || found.iter().any(|known| known.name == name)
        {
            continue;
        }
        let before = scenes[at.saturating_sub(REACH)..at].iter().rev();
        let place = before
            .filter(|other| !other.heading.setting.is_empty())
            .find(|other| {
                cues(other).any(|cue| cue == name) || shown(name, &self::acting(&other.body))
            });
        let heading = place.map(|other| &other.heading);
        if let Some(heading) = heading.filter(|other| (&other.setting, &other.sub_settings) != here)
        {
            found.push(Absent {
                name: name.to_owned(),
                heading: heading.clone(),
            });
        }
    }
    found
}

/// Whether an element calls for an intercut: `INTERCUT WITH:`, `INTERCUT - HALL / CAR`.
fn calls(element: &Element) -> bool {
    matches!(element.kind, ElementKind::Action | ElementKind::Transition)
        && plain(&element.text)
            .trim_start_matches(['(', '-', ' '])
            .starts_with("INTERCUT")
}

fn is_told(element: &Element) -> bool {
    element.kind.is_filmed() || element.kind == ElementKind::Transition
}

/// Who speaks in a scene and may be seen: the names of the cues.
fn cues(scene: &Scene) -> impl Iterator<Item = &str> {
    scene.body.iter().filter_map(|element| match &element.kind {
        ElementKind::Character {
            name, extensions, ..
        } if !matches!(cue_sound(name, extensions), CueSound::Only(_)) => Some(name.as_str()),
        _ => None,
    })
}

/// Of a scene what stands before it is cut against another; all of it if nothing in it says so.
fn before_intercut(scene: &Scene) -> &[Element] {
    let end = scene.body.iter().position(calls);
    &scene.body[..end.unwrap_or(scene.body.len())]
}

/// The words of the action, in capitals.
fn acting(elements: &[Element]) -> HashSet<String> {
    let actions = elements
        .iter()
        .filter(|e| e.kind == ElementKind::Action && !calls(e));
    let words = actions.flat_map(|e| {
        let text = plain(&e.text).to_uppercase();
        let words = text
            .split(|c: char| !c.is_alphanumeric())
            .map(str::to_owned);
        words.collect::<Vec<_>>()
    });
    words.collect()
}

fn shown(name: &str, acting: &HashSet<String>) -> bool {
    let upper = name.to_uppercase();
    let mut words = upper
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() > 1);
    words.next().is_some_and(|first| acting.contains(first))
}
