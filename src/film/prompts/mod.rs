//! V6: the finished request of a shot, `prompts/012_003.json`.
//!
//! A prompt is composed of parts: the framing, what happens (the script's own sentences, made fit), the
//! words spoken, the people, the place, the style. `Composer` lets none in that hangs or repeats what
//! was said, writes them as the project's template says (`templates`), and keeps what was left out;
//! `check` holds the result to the same.

mod action;
mod check;
mod compose;
mod doers;
mod dress;
mod file;
mod framing;
mod hands;
mod line;
mod panel;
mod people;
mod place;
mod settings;
mod sound;
mod templates;
mod video;

use std::collections::BTreeMap;

use crate::bible::{CharacterRecord, LocationRecord, StyleRecord};
use crate::ids::SceneNumber;
use crate::prose;
use crate::rate::FrameRate;
use crate::request::{FrameRequest, ShotRequest, VideoRequest};
use crate::shots::{Shot, ShotList};
use crate::words::{Place, PromptPart, TimeOfDay, Trigger};

pub use check::{LONGEST, Problem, check, refusal, remarks};
pub use compose::{Composed, LeftOut, Told, Why};
pub use file::{check_request, request_words};
pub use people::People;
pub use settings::{LIMITS, Settings, WrongSetting};
pub use sound::voice;

use action::{Action, action};
use compose::Composer;
use people::ShotSpellings;
use settings::Of;
use video::{audio, video_prompt};

/// Of a scene's shot list, what every request of it needs: not its shots, so that one does not stand
/// on the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SceneHead {
    /// Production number.
    pub number: SceneNumber,
    /// The heading as written, without number.
    pub slugline: String,
    /// The time of day.
    pub time: TimeOfDay,
    /// The place as people write it; `scene` where no heading says it.
    pub place: String,
    /// Inside or outside.
    pub int_ext: Place,
    /// The year, if the heading names one.
    pub period: String,
    /// Frames a second.
    pub fps: FrameRate,
}

impl From<&ShotList> for SceneHead {
    fn from(list: &ShotList) -> Self {
        Self {
            number: list.scene.clone(),
            slugline: list.slugline.clone(),
            time: list.time,
            place: list.place.clone(),
            int_ext: list.int_ext,
            period: list.period.clone(),
            fps: list.fps,
        }
    }
}

impl SceneHead {
    /// Whether a heading says the place.
    fn is_placed(&self) -> bool {
        self.place != "scene"
    }

    /// The place in capitals, as panels and sounds are found by it; empty where nothing says it.
    fn place_name(&self) -> String {
        if self.is_placed() {
            self.place.replace(", ", " - ").to_uppercase()
        } else {
            String::new()
        }
    }

    /// The same for a shot that plays elsewhere than its scene.
    fn of_shot(&self, shot: &Shot) -> Self {
        let mut head = self.clone();
        if let Some(elsewhere) = &shot.elsewhere {
            head.place.clone_from(&elsewhere.place);
            head.int_ext = elsewhere.int_ext;
            head.time = elsewhere.time;
            head.period.clone_from(&elsewhere.period);
        }
        head
    }
}

/// Everything a request is made from.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// The scene.
    pub scene: &'a SceneHead,
    /// The shot.
    pub shot: &'a Shot,
    /// The people of the scene, as in its looks.
    pub people: &'a People,
    /// Records by slug: those in the frame and the speaker suffice.
    pub characters: &'a BTreeMap<String, CharacterRecord>,
    /// The record of the shot's location.
    pub location: Option<&'a LocationRecord>,
    /// The style.
    pub style: &'a StyleRecord,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// How prompts are written.
    pub settings: &'a Settings,
}

impl Inputs<'_> {
    /// A character's name as people read it.
    fn display(&self, slug: &str, name: &str) -> String {
        let own = self
            .characters
            .get(slug)
            .map(|record| record.name.trim())
            .filter(|name| !name.is_empty());
        own.map_or_else(|| prose::display_name(name), str::to_owned)
    }

    /// A character's name as it stands in a sentence.
    fn in_text(&self, slug: &str, name: &str) -> String {
        // A draft of the bible has the script's own name: of a role, a noun with its article.
        let scripts = prose::display_name(name);
        let own = self.characters.get(slug).is_some_and(|record| {
            let told = record.name.trim();
            !told.is_empty() && told != scripts
        });
        if own {
            self.display(slug, name)
        } else {
            crate::cast::name_in_text(name)
        }
    }

    /// The same as a sentence about what happens has it: as the script does, unless the bible has
    /// another name altogether.
    fn in_action(&self, slug: &str, name: &str) -> String {
        let (own, scripts) = (self.in_text(slug, name), crate::cast::name_in_text(name));
        let (whole, part) = (prose::tokens(&own), prose::tokens(&scripts));
        let article = |word: &&String| matches!(word.as_str(), "the" | "a" | "an");
        let mut part = part.iter().filter(|word| !article(word));
        let known = part.all(|word| whole.contains(word));
        if known { scripts } else { own }
    }

    fn speaker(&self) -> String {
        let name = self.shot.dialogue_speaker.as_deref().unwrap_or_default();
        let slug = self.slug(name);
        self.display(&slug, name)
    }

    /// The slug of a name: from the frame, else from the looks, else made.
    fn slug(&self, name: &str) -> String {
        let framed = self
            .shot
            .characters_in_frame
            .iter()
            .position(|other| other == name);
        framed
            .and_then(|at| self.shot.character_refs.get(at).cloned())
            .or_else(|| self.people.slug(name).map(str::to_owned))
            .unwrap_or_else(|| crate::cast::slug(name))
    }

    /// Who is in the frame: slug and display name.
    fn frame(&self) -> Vec<(String, String)> {
        let all = self
            .shot
            .characters_in_frame
            .iter()
            .zip(&self.shot.character_refs);
        all.map(|(name, slug)| (slug.clone(), self.in_text(slug, name)))
            .collect()
    }

    /// How the words of the names in this scene are spelt.
    fn spellings(&self) -> ShotSpellings<'_> {
        let frame = self.frame();
        let names = frame.iter().flat_map(|(slug, name)| {
            let record = self.characters.get(slug).into_iter();
            let aliases = record.flat_map(|record| record.aliases.iter().map(String::as_str));
            std::iter::once(name.as_str()).chain(aliases)
        });
        ShotSpellings::new(self.people, names)
    }
}

/// The request of a shot, with what its prompts were put together from.
#[derive(Debug, Clone)]
pub struct Made {
    /// The request.
    pub request: ShotRequest,
    /// The frame's prompt.
    pub frame: Composed,
    /// The clip's prompt.
    pub video: Composed,
}

/// Makes the request of a shot.
pub fn request(inputs: &Inputs<'_>) -> ShotRequest {
    made(inputs).request
}

/// The same, with what was put together and what was left out.
pub fn made(inputs: &Inputs<'_>) -> Made {
    let shot = inputs.shot;
    let scene = inputs.scene.of_shot(shot);
    let inputs = &Inputs {
        scene: &scene,
        ..*inputs
    };
    let action = action(inputs);
    let by_hand = |text| Composed {
        text,
        ..Composed::default()
    };
    let frame = match own(&shot.frame_prompt) {
        Some(text) => by_hand(text),
        None => frame_prompt(inputs, &action),
    };
    let video = match own(&shot.video_prompt) {
        Some(text) => by_hand(text),
        None => video_prompt(inputs, &action),
    };
    let request = ShotRequest {
        shot: shot.shot_id.clone(),
        frame: FrameRequest {
            template: inputs.settings.name(Of::Frame),
            prompt: frame.text.clone(),
            negative_prompt: negative(inputs, &frame),
            aspect_ratio: shot.aspect_ratio.clone(),
            width: inputs.width,
            height: inputs.height,
            init_image: shot.init_image,
            references: references(inputs),
            panel: panel::panel(inputs, &action.sentences),
        },
        video: VideoRequest {
            template: inputs.settings.name(Of::Video),
            prompt: video.text.clone(),
            negative_prompt: negative(inputs, &video),
            movement: shot.camera_movement,
            frames: shot.duration,
            fps: inputs.scene.fps,
            width: inputs.width,
            height: inputs.height,
        },
        audio: audio(inputs),
    };
    Made {
        request,
        frame,
        video,
    }
}

fn own(text: &Option<String>) -> Option<String> {
    text.as_ref()
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
}

/// From this intensity a picture is told to be intense.
const CHARGED: u32 = 620;

fn frame_prompt(inputs: &Inputs<'_>, action: &Action) -> Composed {
    let shot = inputs.shot;
    let mut prompt = inputs.settings.composer(Of::Frame);
    prompt.know(inputs);
    if shot.trigger == Trigger::Title {
        let words = shot.content.split('"').nth(1).unwrap_or(&shot.content);
        prompt.about(PromptPart::Title);
        prompt.add(&format!(
            "A title card reads \"{}\".",
            words.replace(" / ", " ")
        ));
        style(inputs, &mut prompt);
        return prompt.finish();
    }
    framing::framing(inputs, &mut prompt);
    // A shot that only shows the place has no more to say than the place.
    if shot.source.from < shot.source.to {
        action.leave_out(&mut prompt);
        line::add_action(inputs, Of::Frame, &action.sentences, &mut prompt);
        meanwhile(inputs, &mut prompt);
    }
    if shot.intensity >= CHARGED {
        prompt.about(PromptPart::Mood);
        prompt.add("The moment is charged.");
    }
    people_and_place(inputs, &mut prompt);
    style(inputs, &mut prompt);
    prompt.finish()
}

/// Whom the picture shows and where, as far as the prompt's form has a place for it.
fn people_and_place(inputs: &Inputs<'_>, prompt: &mut Composer) {
    /// No model keeps more people apart.
    const MOST_PEOPLE: usize = 4;
    if prompt.has(PromptPart::Person) {
        for (slug, name) in inputs.frame().into_iter().take(MOST_PEOPLE) {
            prompt.about_one(PromptPart::Person, &slug);
            person(inputs, &slug, &name, prompt);
        }
    }
    if prompt.has(PromptPart::Place) {
        place::place(inputs, prompt);
    }
}

/// What goes on while somebody speaks.
fn meanwhile(inputs: &Inputs<'_>, prompt: &mut Composer) {
    /// More than this at once no picture shows.
    const MOST: usize = 4;
    let Some(meanwhile) = &inputs.shot.meanwhile else {
        return;
    };
    let spellings = inputs.spellings();
    prompt.about(PromptPart::Meanwhile);
    for sentence in prose::sentences(meanwhile).into_iter().take(MOST) {
        match prose::prompt_sentence(sentence, &spellings) {
            Some(whole) => drop(prompt.add(&whole)),
            None => prompt.leave_out(sentence, Why::Unfilmable),
        }
    }
}

/// "Edward: forty, broad shoulders, wearing a red coat, muddy."
fn person(inputs: &Inputs<'_>, slug: &str, name: &str, prompt: &mut Composer) {
    let mut clauses = looks(inputs, slug);
    if clauses.iter().all(|clause| clause.trim().is_empty()) {
        clauses.extend(dress::plain(inputs, slug));
    }
    clauses.extend(dress::holding(inputs, slug));
    let clauses: Vec<&str> = clauses.iter().map(String::as_str).collect();
    prompt.add_list(&format!("{}:", prose::capitalise(name)), &clauses);
}

/// How somebody looks in the shot, in clauses: what they are like, what they wear, their state.
fn looks(inputs: &Inputs<'_>, slug: &str) -> Vec<String> {
    let states = dress::states(inputs, slug);
    let mut clauses: Vec<String> = Vec::new();
    if let Some(record) = inputs.characters.get(slug) {
        clauses.push(record.physical.clone());
        let worn_by_script = states.iter().any(|state| state.starts_with("wearing "));
        let clothes = dress::clothes(inputs, slug);
        if let Some(clothes) = clothes.filter(|_| !worn_by_script) {
            let said = prose::first_word(clothes).map(|word| word.lower());
            let told = matches!(
                said.as_deref(),
                Some("wearing" | "wears" | "in" | "dressed" | "clad")
            );
            clauses.push(if told {
                clothes.to_owned()
            } else {
                format!("wearing {clothes}")
            });
        }
        clauses.push(record.signature.clone());
    } else if let Some(asset) = inputs.people.get(slug) {
        clauses.push(asset.look.clone());
    }
    dress::take_off(&mut clauses, &states);
    let shown = states
        .into_iter()
        .filter(|state| !state.starts_with("without "));
    clauses.extend(shown.map(str::to_owned));
    clauses
}

fn style(inputs: &Inputs<'_>, prompt: &mut Composer) {
    let style = inputs.style;
    let palette = style.palette.join(" and ");
    let palette = if palette.is_empty() {
        palette
    } else {
        format!("colours {palette}")
    };
    let words: Vec<&String> = style
        .references
        .iter()
        .filter(|reference| !is_path(reference))
        .collect();
    let after = words
        .iter()
        .map(|word| word.as_str())
        .collect::<Vec<_>>()
        .join(" and ");
    let after = if after.is_empty() {
        after
    } else {
        format!("after {after}")
    };
    // The focal lengths are for the shot list: each shot says its own.
    let lens = style.lens.split([',', ';', '/']).map(str::trim);
    let lens: Vec<&str> = lens
        .filter(|part| !part.contains(|c: char| c.is_ascii_digit()))
        .collect();
    let lens = lens.join(", ");
    prompt.about(PromptPart::Style);
    prompt.add_list(
        "Style:",
        &[
            &style.tone,
            &style.lighting,
            &palette,
            &style.grain,
            &lens,
            &after,
        ],
    );
}

fn is_path(text: &str) -> bool {
    let lower = text.to_lowercase();
    [".png", ".jpg", ".jpeg", ".webp"]
        .iter()
        .any(|ending| lower.ends_with(ending))
}

fn references(inputs: &Inputs<'_>) -> Vec<String> {
    let people = inputs
        .frame()
        .into_iter()
        .filter_map(|(slug, _)| inputs.characters.get(&slug))
        .flat_map(|record| &record.references);
    let place = inputs
        .location
        .into_iter()
        .flat_map(|record| &record.references);
    let style = inputs
        .style
        .references
        .iter()
        .filter(|reference| is_path(reference));
    let mut all: Vec<String> = Vec::new();
    for reference in people.chain(place).chain(style) {
        if !all.contains(reference) {
            all.push(reference.clone());
        }
    }
    all
}

/// What must not be seen: what the style and the shot forbid, and writing where the prompt quotes words
/// that are spoken.
fn negative(inputs: &Inputs<'_>, prompt: &Composed) -> String {
    const NO_WRITING: &[&str] = &["subtitles", "captions", "speech bubbles"];
    let mut all: Vec<String> = Vec::new();
    let added = inputs
        .shot
        .negative_prompt
        .iter()
        .flat_map(|text| text.split(','));
    let quotes = prompt
        .parts
        .iter()
        .any(|told| told.part == PromptPart::Line);
    let writing = NO_WRITING.iter().copied().filter(|_| quotes);
    let forbidden = inputs.style.do_not.iter().map(String::as_str);
    for item in forbidden.chain(added).chain(writing) {
        let item = item.trim().trim_end_matches('.').trim();
        if !item.is_empty() && !all.iter().any(|other| other.eq_ignore_ascii_case(item)) {
            all.push(item.to_owned());
        }
    }
    all.join(", ")
}
