//! A scene as the breakdown, the looks and the shot engine read it.

use std::collections::BTreeSet;

use crate::fountain::{Element, ElementKind};
use crate::ids::SceneNumber;
use crate::prose;
use crate::scenes::{self, Heading, Scene};
use crate::words::{Place, TimeOfDay};

/// What of a scene and its surroundings determines its breakdown, looks and shots. Notes,
/// synopses, sections, page breaks and the place in the script are left out on purpose.
#[derive(Debug, Clone)]
pub struct SceneText<'a> {
    /// Production number.
    pub number: &'a SceneNumber,
    /// The parts of its heading.
    pub heading: &'a Heading,
    /// What is seen and heard, and transitions, in order.
    pub elements: Vec<&'a Element>,
    /// Eighths of a page.
    pub eighths: u32,
    /// The act, if the script says.
    pub act: Option<u32>,
    /// Whether its act ends with it.
    pub act_end: bool,
    /// The time of day: what the heading says by itself unless set (`LATER` says nothing of the
    /// light).
    pub time: TimeOfDay,
    /// Slug of the previous scene's location, given only where this scene goes on from it
    /// (`continues`).
    pub previous_location: Option<&'a str>,
}

impl<'a> SceneText<'a> {
    /// The text of a scene by itself. Set `act_end`, `time` and `previous_location` where the scenes
    /// around it decide them.
    pub fn of(scene: &'a Scene) -> Self {
        let counted = |element: &&Element| {
            element.kind.is_filmed() || element.kind == ElementKind::Transition
        };
        Self {
            number: &scene.number,
            heading: &scene.heading,
            elements: scene
                .lead
                .iter()
                .chain(&scene.body)
                .filter(counted)
                .collect(),
            eighths: scenes::eighths(scene),
            act: scene.act.as_ref().and_then(|act| act.number),
            act_end: false,
            time: scene.heading.time_of_day(),
            previous_location: None,
        }
    }

    /// Whether its heading says that it goes on from the scene before: only then may anything of
    /// that scene be read.
    pub fn continues(&self) -> bool {
        self.heading.continues()
    }

    /// Slug of its location; empty without a heading.
    pub fn location(&self) -> String {
        location_slug(self.heading)
    }

    /// The location as a person reads it: `BLOOM HOUSE - KITCHEN`.
    pub fn location_name(&self) -> String {
        location_name(self.heading)
    }

    /// Whether it plays inside alone.
    pub fn interior(&self) -> bool {
        !matches!(self.heading.place, Some(Place::Exterior | Place::Both))
    }
}

/// `BLOOM HOUSE - KITCHEN`, without leading articles.
pub fn location_name(heading: &Heading) -> String {
    let mut parts = vec![heading.setting.as_str()];
    parts.extend(heading.sub_settings.iter().map(String::as_str));
    let parts: Vec<&str> = parts
        .into_iter()
        .map(|part| {
            let cut = ["THE ", "A ", "AN "].iter().find(|article| {
                part.get(..article.len())
                    .is_some_and(|head| head.eq_ignore_ascii_case(article))
            });
            cut.map_or(part, |article| part[article.len()..].trim_start())
        })
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" - ")
}

/// The location's file name in the bible; empty for a scene without a heading.
pub fn location_slug(heading: &Heading) -> String {
    let name = location_name(heading);
    if name.is_empty() {
        String::new()
    } else {
        crate::cast::slug(&name)
    }
}

/// Words that a scene writes with a capital within its sentences, in small letters: names of places
/// and the like.
pub fn proper_words(elements: &[&Element]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for element in elements {
        if !matches!(element.kind, ElementKind::Action | ElementKind::Dialogue) {
            continue;
        }
        let text = prose::plain(&element.text);
        for sentence in prose::sentences(&text) {
            for word in prose::words(sentence).iter().skip(1) {
                if word.capitalised() && !word.all_caps() && word.text.len() > 2 {
                    found.insert(word.lower());
                }
            }
        }
    }
    found
}

/// Words with which a heading leads to its place: `BACK AT THE GATE` is the gate.
const LEADING: &[&str] = &[
    "a",
    "across",
    "along",
    "an",
    "and",
    "approaching",
    "at",
    "back",
    "behind",
    "below",
    "beside",
    "by",
    "entering",
    "further",
    "in",
    "inside",
    "leaving",
    "near",
    "of",
    "on",
    "other",
    "outside",
    "over",
    "the",
    "under",
    "up",
    "&",
];

/// A location's name in small letters and without people: `BLOOM HOUSE - WILL'S BEDROOM` with
/// `named` true for the family's names → `bedroom`. `place` if nothing is left. Words in `spelt` keep
/// a capital.
pub fn place_words(name: &str, named: &dyn Fn(&str) -> bool, spelt: &BTreeSet<String>) -> String {
    let parts: Vec<String> = name
        .split([',', '/'])
        .flat_map(|part| part.split(" - "))
        .map(|part| {
            let part = prose::drop_asides(part);
            let person = |piece: &str| {
                prose::words(piece)
                    .iter()
                    .any(|word| word.possessive || named(&word.lower()))
            };
            let kept: Vec<String> = part
                .split_whitespace()
                .filter(|piece| !person(piece))
                // Initials keep their capitals: "A.P. newsroom".
                .map(|piece| {
                    let lower = piece.to_lowercase();
                    if piece.matches('.').count() > 1 {
                        piece.to_owned()
                    } else if spelt.contains(&lower) {
                        prose::display_name(&piece.to_uppercase())
                    } else {
                        lower
                    }
                })
                // What is left of "Will and Josephine's room" begins with "and".
                .skip_while(|word| LEADING.contains(&word.as_str()))
                .collect();
            kept.join(" ")
        })
        .filter(|part| !part.is_empty() && !prose::dangling(part, prose::Ending::Whole))
        .collect();
    parts.last().cloned().unwrap_or_else(|| "place".to_owned())
}
