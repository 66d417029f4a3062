//! V6: the finished request of a shot, `prompts/012_003.json`.
//!
//! A prompt is composed of whole sentences: the framing, what happens (the script's own sentences,
//! made fit), the people, the place, the style. `Composer` lets no sentence in that hangs or repeats
//! what was said, and `check` holds the result to the same.

mod action;
mod check;
mod file;
mod framing;
mod panel;
mod people;
mod sound;

use std::collections::{BTreeMap, HashSet};

use crate::bible::{CharacterRecord, LocationRecord, StyleRecord};
use crate::ids::SceneNumber;
use crate::prose;
use crate::rate::FrameRate;
use crate::request::{AudioRequest, FrameRequest, ShotRequest, VideoRequest, VoicedLine};
use crate::scenes::Heading;
use crate::shots::{Shot, ShotList};
use crate::words::{Movement, Place, Pronoun, TimeOfDay, Trigger};

pub use check::{LONGEST, Problem, check, refusal, remarks};
pub use file::{check_request, request_words};
pub use people::People;
pub use sound::voice;

use action::action_sentences;
use check::Composer;
use people::ShotSpellings;

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
    /// The place in words, without the names of people.
    pub place: String,
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
            fps: list.fps,
        }
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
        let own = self
            .characters
            .get(slug)
            .is_some_and(|record| !record.name.trim().is_empty());
        if own {
            self.display(slug, name)
        } else {
            crate::cast::name_in_text(name)
        }
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

/// Makes the request of a shot.
pub fn request(inputs: &Inputs<'_>) -> ShotRequest {
    let shot = inputs.shot;
    let heading = Heading::parse(&inputs.scene.slugline);
    let action = action_sentences(inputs);
    let negative = negative(inputs);
    let aspect_ratio = shot.aspect_ratio.clone();
    ShotRequest {
        shot: shot.shot_id.clone(),
        frame: FrameRequest {
            prompt: own(&shot.frame_prompt)
                .unwrap_or_else(|| frame_prompt(inputs, &heading, &action)),
            negative_prompt: negative.clone(),
            aspect_ratio,
            width: inputs.width,
            height: inputs.height,
            init_image: shot.init_image,
            references: references(inputs),
            panel: panel::panel(inputs, &heading, &action),
        },
        video: VideoRequest {
            prompt: own(&shot.video_prompt).unwrap_or_else(|| video_prompt(inputs, &action)),
            negative_prompt: negative,
            movement: shot.camera_movement,
            frames: shot.duration,
            fps: inputs.scene.fps,
            width: inputs.width,
            height: inputs.height,
        },
        audio: audio(inputs, &heading),
    }
}

fn own(text: &Option<String>) -> Option<String> {
    text.as_ref()
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
}

/// From this intensity a picture is told to be intense.
const CHARGED: u32 = 620;

fn frame_prompt(inputs: &Inputs<'_>, heading: &Heading, action: &[String]) -> String {
    let shot = inputs.shot;
    let mut prompt = Composer::default();
    if shot.trigger == Trigger::Title {
        let words = shot.content.split('"').nth(1).unwrap_or(&shot.content);
        prompt.add(&format!(
            "A title card reads \"{}\".",
            words.replace(" / ", " ")
        ));
        style(inputs, &mut prompt);
        return prompt.finish();
    }
    for sentence in framing::framing(inputs) {
        prompt.add(&sentence);
    }
    // A shot that only shows the place has no more to say than the place.
    if shot.source.from < shot.source.to {
        for sentence in action {
            prompt.tell(sentence);
        }
    }
    if shot.intensity >= CHARGED {
        prompt.add("The moment is charged.");
    }
    for (slug, name) in inputs.frame().into_iter().take(4) {
        person(inputs, &slug, &name, &mut prompt);
    }
    place(inputs, heading, &mut prompt);
    style(inputs, &mut prompt);
    prompt.finish()
}

/// "Edward: forty, broad shoulders, wearing a red coat, muddy."
fn person(inputs: &Inputs<'_>, slug: &str, name: &str, prompt: &mut Composer) {
    let asset = inputs.people.get(slug);
    let states: Vec<&str> = asset
        .into_iter()
        .flat_map(|asset| &asset.conditions)
        .filter(|state| state.shown_by(&inputs.scene.number, inputs.shot.source.to))
        .map(|state| state.tag.as_str())
        .collect();
    let mut clauses: Vec<String> = Vec::new();
    if let Some(record) = inputs.characters.get(slug) {
        clauses.push(record.physical.clone());
        let worn_by_script = states.iter().any(|state| state.starts_with("wearing "));
        let key = asset.map_or("default", |asset| asset.wardrobe.as_str());
        let clothes = record
            .wardrobe
            .get(key)
            .or_else(|| record.wardrobe.get("default"));
        let clothes = clothes
            .map(|clothes| clothes.trim())
            .filter(|clothes| !clothes.is_empty());
        if let Some(clothes) = clothes.filter(|_| !worn_by_script) {
            let told = clothes.to_lowercase().starts_with("wear");
            clauses.push(if told {
                clothes.to_owned()
            } else {
                format!("wearing {clothes}")
            });
        }
        clauses.push(record.signature.clone());
    }
    let clauses: Vec<&str> = clauses.iter().map(String::as_str).chain(states).collect();
    prompt.add_list(&format!("{}:", prose::capitalise(name)), &clauses);
}

fn place(inputs: &Inputs<'_>, heading: &Heading, prompt: &mut Composer) {
    let time = inputs.scene.time;
    if let Some(record) = inputs.location {
        let base = if record.base_prompt.trim().is_empty() {
            &record.description
        } else {
            &record.base_prompt
        };
        prompt.add_list("The place:", &[base]);
        if let Some(variant) = record.time.get(time.code()) {
            prompt.add_list("The light:", &[variant]);
        }
        prompt.add_list("The mood:", &[&record.mood]);
        if !base.trim().is_empty() {
            if time != TimeOfDay::Unsaid {
                prompt.add(&format!("It plays {}.", time.phrase()));
            }
            return;
        }
    }
    let name = crate::breakdown::location_name(heading);
    if name.is_empty() {
        return;
    }
    let shown = &inputs.scene.place;
    let inside = match heading.place {
        Some(Place::Interior) => "interior",
        Some(Place::Exterior) => "exterior",
        Some(Place::Both) => "interior and exterior",
        None => "setting",
    };
    let when = time.phrase();
    let at = if when.is_empty() {
        String::new()
    } else {
        format!(", {when}")
    };
    if !prompt.add(&format!("Setting: {shown}, {inside}{at}.")) {
        prompt.add(&format!("Setting: {shown}."));
    }
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
    prompt.add_list(
        "Style:",
        &[
            &style.tone,
            &style.lighting,
            &palette,
            &style.grain,
            &style.lens,
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

fn negative(inputs: &Inputs<'_>) -> String {
    let mut all: Vec<String> = Vec::new();
    let added = inputs
        .shot
        .negative_prompt
        .iter()
        .flat_map(|text| text.split(','));
    for item in inputs.style.do_not.iter().map(String::as_str).chain(added) {
        let item = item.trim().trim_end_matches('.').trim();
        if !item.is_empty() && !all.iter().any(|other| other.eq_ignore_ascii_case(item)) {
            all.push(item.to_owned());
        }
    }
    all.join(", ")
}

fn video_prompt(inputs: &Inputs<'_>, action: &[String]) -> String {
    let shot = inputs.shot;
    let mut prompt = Composer::default();
    if shot.trigger == Trigger::Title {
        prompt.add("The title stands still.");
    } else {
        let told = action
            .iter()
            .any(|sentence| sentence.starts_with("The camera"));
        if !told || shot.camera_movement != Movement::Static {
            let subject = inputs.frame().first().map(|(_, name)| name.clone());
            prompt.add(&framing::camera_clause(
                shot.camera_movement,
                subject.as_deref(),
            ));
        }
        for sentence in action {
            // The clause for the move has said it.
            if !(sentence.starts_with("The camera") && shot.camera_movement != Movement::Static) {
                prompt.tell(sentence);
            }
        }
        if prompt.is_empty() {
            prompt.add("The camera holds still.");
        }
    }
    prompt.add(&format!(
        "The shot lasts {} seconds.",
        seconds(shot.duration, inputs.scene.fps)
    ));
    prompt.finish()
}

/// `3.2`, rounded to tenths.
fn seconds(frames: u32, fps: FrameRate) -> String {
    let tenths = fps.units_of(u64::from(frames), 10);
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn audio(inputs: &Inputs<'_>, heading: &Heading) -> AudioRequest {
    let shot = inputs.shot;
    let interior = !matches!(heading.place, Some(Place::Exterior | Place::Both));
    let own_place = inputs
        .location
        .map(|record| record.ambient.trim().to_owned())
        .filter(|text| !text.is_empty());
    let ambient = own(&shot.ambient).or(own_place).unwrap_or_else(|| {
        sound::ambient(
            &crate::breakdown::location_name(heading),
            &shot.content,
            interior,
            inputs.scene.time,
        )
    });
    let dialogue = shot.dialogue_text.as_ref().map(|text| {
        let name = shot.dialogue_speaker.clone().unwrap_or_default();
        // Several at once have the voice of the first of them.
        let first = if inputs.people.slug(&name).is_some() {
            name.clone()
        } else {
            let first = crate::cast::speakers_of(&name).next();
            first.unwrap_or_default().to_owned()
        };
        let slug = inputs.slug(&first);
        let pronouns = inputs
            .people
            .get(&slug)
            .map_or(Pronoun::They, |asset| asset.pronouns);
        VoicedLine {
            speaker: inputs.speaker(),
            text: text.clone(),
            voice: voice(
                &slug,
                pronouns,
                inputs.characters.get(&slug).map(|record| &record.voice),
            ),
        }
    });
    AudioRequest { dialogue, ambient }
}

/// Names of the scene's people who are not in the frame, for `check`.
pub fn strangers(inputs: &Inputs<'_>) -> Vec<String> {
    let shown: Vec<String> = inputs
        .shot
        .characters_in_frame
        .iter()
        .zip(&inputs.shot.character_refs)
        .map(|(name, slug)| inputs.display(slug, name))
        .collect();
    let spoken: HashSet<String> = shown.iter().flat_map(|name| prose::tokens(name)).collect();
    inputs
        .people
        .iter()
        .map(|(slug, asset)| inputs.display(slug, &asset.name))
        .filter(|name| {
            !shown.contains(name) && !prose::tokens(name).iter().all(|word| spoken.contains(word))
        })
        .collect()
}
