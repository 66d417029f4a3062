//! A merge checked by what it came to, not by how it was made.

use std::collections::HashMap;
use std::hash::Hash;
use std::mem::{Discriminant, discriminant};

use super::Three;
use crate::fountain::{Element, ElementKind, parse};

/// Whether of each sentence there are as many as the edits of both sides come to; one that both
/// added or took out counts once or twice. A paragraph that was taken for another one shows here, as its
/// words are then there twice, or gone.
pub(super) fn adds_up(versions: Three<&[Element]>, merged: &[Element]) -> bool {
    is_sum(versions.map(sentences), sentences(merged))
}

/// Whether a script that was joined otherwise, as by lines, holds what the edits of both sides come to: each
/// sentence in its scene, in the mouth of who says it, and as what it was.
#[must_use]
pub fn script_holds(base: &str, ours: &str, theirs: &str, joined: &str) -> bool {
    let said = |text: &str| spoken(&parse(text).elements);
    is_sum(Three { base, ours, theirs }.map(said), said(joined))
}

/// The same, wherever each sentence stands: for scripts of which one side gave scenes or speakers other names
/// while the other worked beneath them.
#[must_use]
pub fn script_adds_up(base: &str, ours: &str, theirs: &str, joined: &str) -> bool {
    let said = |text: &str| {
        let spoken = spoken(&parse(text).elements).into_iter();
        spoken
            .map(|(kind, _, _, sentence)| (kind, sentence))
            .collect()
    };
    is_sum(Three { base, ours, theirs }.map(said), said(joined))
}

fn is_sum<T: Eq + Hash>(versions: Three<Vec<T>>, merged: Vec<T>) -> bool {
    let mut counts: HashMap<T, [i64; 4]> = HashMap::new();
    let all = [versions.base, versions.ours, versions.theirs, merged];
    for (version, things) in all.into_iter().enumerate() {
        for thing in things {
            counts.entry(thing).or_default()[version] += 1;
        }
    }
    counts.values().all(|[base, ours, theirs, merged]| {
        let (we, they) = (ours - base, theirs - base);
        *merged == base + we + they || (we == they && *merged == base + we)
    })
}

fn sentences(elements: &[Element]) -> Vec<String> {
    let read = elements
        .iter()
        .filter(|element| !matches!(element.kind, ElementKind::Boneyard | ElementKind::PageBreak));
    read.flat_map(of_element).collect()
}

/// A sentence with what it is: its element, its scene, its speaker.
type Spoken = (Discriminant<ElementKind>, String, String, String);

fn spoken(elements: &[Element]) -> Vec<Spoken> {
    let (mut scene, mut speaker) = (String::new(), String::new());
    let mut found = Vec::with_capacity(elements.len());
    for element in elements {
        use ElementKind::{Character, Dialogue, Lyric, Note, Parenthetical, SceneHeading};
        if let SceneHeading { .. } = element.kind {
            scene.clone_from(&element.text);
        }
        match element.kind {
            Character { .. } => speaker.clone_from(&element.text),
            Dialogue | Lyric | Note | Parenthetical => {}
            _ => speaker.clear(),
        }
        let kind = discriminant(&element.kind);
        let mut sentences = of_element(element);
        // A page break has no words, and counts all the same.
        if sentences.is_empty() {
            sentences.push(String::new());
        }
        let spoken = |sentence| (kind, scene.clone(), speaker.clone(), sentence);
        found.extend(sentences.into_iter().map(spoken));
    }
    found
}

fn of_element(element: &Element) -> Vec<String> {
    let sentences = element.text.split(['.', '!', '?', '…', '\n']);
    let words = sentences.map(|sentence| sentence.split_whitespace().collect::<Vec<_>>().join(" "));
    words.filter(|sentence| !sentence.is_empty()).collect()
}
