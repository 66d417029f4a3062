//! A scene as the breakdown, the looks and the shot engine read it.

use crate::fountain::{Element, ElementKind};
use crate::ids::SceneNumber;
use crate::scenes::{self, Absent, Heading, Scene};
use crate::words::{Place, TimeOfDay};

/// What of a scene and its surroundings determines its breakdown, looks and shots. Notes,
/// synopses, sections, page breaks and the place in the script are left out on purpose.
#[derive(Debug, Clone)]
pub struct SceneText<'a> {
    /// Production number.
    pub number: &'a SceneNumber,
    /// The parts of its heading.
    pub heading: &'a Heading,
    /// Who speaks in it from another place.
    pub absent: &'a [Absent],
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
    /// Whether the scene before it ends on `INTERCUT WITH:`.
    pub follows_intercut: bool,
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
            absent: &scene.absent,
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
            follows_intercut: scene.follows_intercut,
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

    /// Whether walls may stand in the way of the camera: its heading does not say that it plays
    /// outside.
    pub fn interior(&self) -> bool {
        !matches!(self.heading.place, Place::Exterior | Place::Both)
    }
}

/// `BLOOM HOUSE - KITCHEN`, without leading articles.
pub fn location_name(heading: &Heading) -> String {
    location_parts(heading).join(" - ")
}

/// The parts of a location's name, each lying in the one before it.
pub(super) fn location_parts(heading: &Heading) -> Vec<&str> {
    let parts = heading.sub_settings.iter().map(String::as_str);
    let parts = std::iter::once(heading.setting.as_str()).chain(parts);
    parts
        .map(without_article)
        .filter(|part| !part.is_empty())
        .collect()
}

fn without_article(part: &str) -> &str {
    let cut = ["THE ", "A ", "AN "].iter().find(|article| {
        part.get(..article.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(article))
    });
    cut.map_or(part, |article| part[article.len()..].trim_start())
}

/// The file names of the places that a location lies in, the nearest first: `bloom_house` for
/// `BLOOM HOUSE - KITCHEN`.
pub fn location_within(heading: &Heading) -> Vec<String> {
    let parts = location_parts(heading);
    let above = (1..parts.len()).rev();
    above
        .map(|len| crate::cast::slug(&parts[..len].join(" - ")))
        .collect()
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
