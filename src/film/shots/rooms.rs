//! Who can be in one picture. The ends of a call and the sides of an `INTERCUT` are rooms of their
//! own: nobody looks over a shoulder into another one.

use std::collections::BTreeMap;

use crate::breakdown::SceneText;
use crate::cast::{Cast, Names, Reader};
use crate::fountain::{CueSound, Element, ElementKind, cue_sound};
use crate::prose;
use crate::words::Heard;

/// Words of the action by which somebody is called, and phrases of them.
#[rustfmt::skip]
const CALLS: &[&[&str]] = &[
    &["phone"], &["telephone"], &["cellphone"], &["receiver"], &["dials"], &["hangs", "up"], &["picks", "up"],
    &["on", "the", "line"], &["phones"], &["smartphone"], &["payphone"], &["intercom"], &["walkie"], &["headset"],
    &["téléphone"], &["telefon"], &["teléfono"], &["telefono"], &["телефон"],
];

/// The rooms of a scene.
#[derive(Debug, Default)]
pub(super) struct Rooms {
    /// Of each person who is told apart from others, the room. Nobody else is kept apart.
    of: BTreeMap<usize, usize>,
}

impl Rooms {
    pub(super) fn of(scene: &SceneText<'_>, cast: &Cast, names: &Names) -> Self {
        let marker = scene.elements.iter().position(|element| intercuts(element));
        let of_both = prose::first_word(&scene.heading.raw)
            .is_some_and(|word| word.text.eq_ignore_ascii_case("intercut"));
        let cuts = marker.is_some() || scene.follows_intercut || of_both;
        if !cuts && !scene.elements.iter().any(|element| calls(element)) {
            return Self::default();
        }
        let mut reader = Reader::new(cast, names, &scene.elements);
        let mut rooms = Self::default();
        let mut next = 1;
        let mut speakers = Vec::new();
        for (at, element) in scene.elements.iter().enumerate() {
            match &element.kind {
                ElementKind::Action => {
                    // Before the cut all are in the room of the heading, which is the first.
                    let one_room = !of_both && marker.is_none_or(|marker| at < marker);
                    let text = prose::plain(&element.text);
                    for sentence in prose::sentences(&text) {
                        let who = reader.read(sentence);
                        let calls = one_room || !says_call(&prose::tokens(sentence));
                        let known = who.iter().find_map(|one| rooms.of.get(one)).copied();
                        for one in who {
                            let room = match known.filter(|_| calls) {
                                _ if one_room => 0,
                                Some(room) => room,
                                None => next,
                            };
                            next = next.max(room + 1);
                            rooms.of.entry(one).or_insert(room);
                        }
                        next += 1;
                    }
                }
                ElementKind::Character {
                    name, extensions, ..
                } => {
                    let who = reader.speakers(name, extensions);
                    if reader.heard(name, extensions) == Heard::OnScreen {
                        reader.spoke(&who);
                        speakers.push(who);
                    }
                }
                _ => {}
            }
        }
        // Whom no action shows speaks from elsewhere.
        for who in speakers {
            for one in who {
                rooms.of.entry(one).or_insert_with(|| {
                    next += 1;
                    next
                });
            }
        }
        rooms
    }

    /// Whether two are in different rooms.
    pub(super) fn apart(&self, one: usize, other: usize) -> bool {
        match (self.of.get(&one), self.of.get(&other)) {
            (Some(a), Some(b)) => a != b,
            _ => false,
        }
    }
}

fn intercuts(element: &Element) -> bool {
    let action = matches!(element.kind, ElementKind::Action | ElementKind::Transition);
    action
        && prose::first_word(&element.text)
            .is_some_and(|word| word.text.eq_ignore_ascii_case("intercut"))
}

fn calls(element: &Element) -> bool {
    match &element.kind {
        ElementKind::Action => says_call(&prose::tokens(&element.text)),
        ElementKind::Character {
            name, extensions, ..
        } => cue_sound(name, extensions) == CueSound::EitherEnd,
        ElementKind::Parenthetical => says_call(&prose::tokens(&element.text)),
        _ => false,
    }
}

fn says_call(words: &[String]) -> bool {
    CALLS.iter().any(|phrase| {
        let ends = |at: usize| phrase.len() == 1 || words.len() == at + phrase.len();
        words
            .windows(phrase.len())
            .enumerate()
            .any(|(at, window)| window.iter().eq(phrase.iter()) && ends(at))
    })
}
