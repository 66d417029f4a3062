//! The breakdown of a scene: `scenes/012.json`, what production needs to know about it.

mod props;
mod scene;
mod sentence;
mod shown;
mod slash;
mod title;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::cast::{Cast, Names, Reader};
use crate::fountain::ElementKind;
use crate::ids::SceneNumber;
use crate::prose;
use crate::rate::FrameRate;
use crate::scenes::{eighths_in_frames, format_eighths};
use crate::words::{Heard, Place};

use props::Props;

pub use props::{HandledProp, props_in};
pub use scene::{SceneText, location_name, location_slug, location_within};
pub use sentence::{begins_with_direction, in_sentence};
pub use shown::{Spelling, shown_place};
pub use title::screen_title;

/// `scenes/012.json`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Breakdown {
    /// Production number.
    pub scene: SceneNumber,
    /// The heading as written, without number.
    pub slugline: String,
    /// Inside or outside; `none` if the heading does not say.
    pub place: Place,
    /// `BLOOM HOUSE - KITCHEN`
    pub setting: String,
    /// Slug of the location: `bible/locations/SLUG.toml`; empty without a heading.
    pub location: String,
    /// `NIGHT`, as written; empty if the heading does not say.
    pub time: String,
    /// What else the heading says: `(1973)`.
    pub remarks: String,
    /// The act, if the script says.
    pub act: Option<u32>,
    /// Whether the heading says that it goes on from the scene before.
    pub continuous: bool,
    /// Eighths of a page.
    pub eighths: u32,
    /// `1 3/8`
    pub pages: String,
    /// Length in frames at one page a minute.
    pub frames: u32,
    /// Who speaks and is seen, in the order of their first line.
    pub speaking: Vec<String>,
    /// Who is seen and does not speak, in order.
    pub acting: Vec<String>,
    /// Who is only heard: (V.O.), (O.S.).
    pub heard: Vec<String>,
    /// What is handled or shown, in order.
    pub props: Vec<HandledProp>,
    /// One whole sentence.
    pub summary: String,
    /// Whether its last picture is a title card, such as THE END.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ends_on_title: bool,
}

/// Breaks a scene down.
pub fn breakdown(scene: &SceneText<'_>, cast: &Cast, names: &Names, fps: FrameRate) -> Breakdown {
    let mut reader = Reader::new(cast, names, &scene.elements);
    let (mut speaking, mut seen, mut heard) = (Vec::new(), Vec::new(), Vec::new());
    let mut props = Props::default();
    let mut summary = None;
    for element in &scene.elements {
        match &element.kind {
            ElementKind::Character {
                name, extensions, ..
            } => {
                let who = reader.speakers(name, extensions);
                if reader.heard(name, extensions) != Heard::OnScreen {
                    heard.extend(who);
                } else {
                    reader.spoke(&who);
                    speaking.extend(who);
                }
            }
            ElementKind::Action => {
                let text = prose::plain(&element.text);
                for sentence in prose::sentences(&text) {
                    let who = reader.read(sentence);
                    props_in(sentence, &who, cast)
                        .into_iter()
                        .for_each(|prop| props.add(prop));
                    if summary.is_none() && !who.is_empty() {
                        summary = prose::prompt_sentence(sentence, names.spellings());
                    }
                    seen.extend(who);
                }
            }
            _ => {}
        }
    }
    let speaking = once(&speaking, &[]);
    let acting = once(&seen, &speaking);
    let heard = once(&heard, &[speaking.as_slice(), acting.as_slice()].concat());
    let shown = |who: &[usize]| {
        who.iter()
            .map(|&one| cast.characters[one].name.clone())
            .collect::<Vec<_>>()
    };
    let summary = summary.unwrap_or_else(|| talk(&speaking, cast));
    Breakdown {
        scene: scene.number.clone(),
        slugline: scene.heading.raw.clone(),
        place: scene.heading.place,
        setting: scene.location_name(),
        location: scene.location(),
        time: scene.heading.time.clone().unwrap_or_default(),
        remarks: scene.heading.tail.clone().unwrap_or_default(),
        act: scene.act,
        continuous: scene.continues(),
        eighths: scene.eighths,
        pages: format_eighths(scene.eighths),
        frames: eighths_in_frames(scene.eighths, fps),
        speaking: shown(&speaking),
        acting: shown(&acting),
        heard: shown(&heard),
        props: props.all,
        summary,
        ends_on_title: title::ends_on_title(&scene.elements),
    }
}

fn once(list: &[usize], without: &[usize]) -> Vec<usize> {
    let mut seen: HashSet<usize> = without.iter().copied().collect();
    let new = list.iter().copied();
    new.filter(|one| seen.insert(*one)).collect()
}

fn talk(speaking: &[usize], cast: &Cast) -> String {
    let names: Vec<String> = speaking
        .iter()
        .map(|&one| cast.characters[one].display())
        .collect();
    match names.as_slice() {
        [] => "Nobody speaks.".to_owned(),
        [one] => format!("{one} speaks."),
        [first, second] => format!("{first} and {second} talk."),
        [first @ .., last] => format!("{} and {last} talk.", first.join(", ")),
    }
}

impl Breakdown {
    /// Pretty JSON in the order of the fields, with a newline at the end.
    pub fn to_json(&self) -> String {
        crate::json::pretty(self)
    }

    /// Reads `scenes/012.json`.
    ///
    /// # Errors
    /// Not JSON, or not a breakdown; says line and column.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}
