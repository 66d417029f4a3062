//! Why a shot is as it is, and what its prompts are put together from.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::FilmError;
use super::answers::Question;
use super::named::Targets;
use super::plan::Planned;
use super::session::Session;
use super::shots::locks;
use crate::film::ids::{scene_of_shot, shot_name};
use crate::film::prompts::Composed;
use crate::film::shots::{Passage, Shot, Why, why};
use crate::film::words::PromptPart;
use crate::generate::{explain_prompts, explain_scene};
use crate::pipeline::{Makes, shot_ids};

/// A shot with the decisions that made it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Explained {
    /// `012_003`
    pub shot: String,
    /// What is seen.
    pub content: String,
    /// Whether it is locked: then every field stays as it is, whatever the engine decided.
    pub locked: bool,
    /// Whether the lines that it was made from are gone from the script.
    pub lines_gone: bool,
    /// In the order of the passes; none for a shot that is not made from the script.
    pub reasons: Vec<Decision>,
    /// What decided each field, with the value that it has in the shot list.
    pub fields: Vec<FieldDecision>,
}

/// What decided a field of a shot.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FieldDecision {
    /// As in the shot list: `shot_type`.
    pub field: String,
    /// What it is there.
    pub value: Value,
    /// The rule that applied, or what else it follows from.
    pub rule: String,
    /// Why it did.
    pub why: String,
    /// The words of the script that it follows from; empty where it follows from none alone.
    pub words: String,
}

/// The prompts of a shot with what they are put together from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExplainedPrompts {
    /// `012_003`
    pub shot: String,
    /// The file that holds them.
    pub path: String,
    /// That of the frame and that of the clip.
    pub prompts: Vec<ExplainedPrompt>,
}

/// A prompt with what it is put together from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExplainedPrompt {
    /// `frame` or `video`.
    pub prompt: String,
    /// The template with its version: `sentences 1`.
    pub template: String,
    /// Its characters.
    pub length: usize,
    /// How many it may have; none where people wrote it.
    pub most: Option<usize>,
    /// Whether it stands in the shot list as people wrote it.
    pub by_hand: bool,
    /// Whether people changed it in its file.
    pub edited: bool,
    /// In order; none where people wrote it.
    pub parts: Vec<PromptRow>,
    /// What could have stood in it.
    pub left_out: Vec<LeftOutRow>,
}

/// A part of a prompt.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PromptRow {
    /// Which: `action`.
    pub part: String,
    /// As it stands in the prompt.
    pub text: String,
    /// The file and the fields that it comes from.
    pub from: String,
    /// The words of the script that these follow from; empty where there are none.
    pub words: String,
}

/// Something that does not stand in a prompt.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LeftOutRow {
    /// What kind of part it is.
    pub part: String,
    /// What it says.
    pub text: String,
    /// Why it is not there.
    pub why: String,
}

/// One decision of the shot engine.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Decision {
    /// The pass.
    pub pass: String,
    /// The rule that applied.
    pub rule: String,
    /// Why it did.
    pub why: String,
}

/// Where the parts of a prompt come from: a kind of file, and what of it.
const SOURCES: &[(PromptPart, Makes, &str)] = &[
    (PromptPart::Title, Makes::ShotList, "content"),
    (
        PromptPart::Framing,
        Makes::ShotList,
        "shot_type, blocking, prop",
    ),
    (PromptPart::Placing, Makes::ShotList, "blocking"),
    (PromptPart::Lens, Makes::ShotList, "camera_height, lens_mm"),
    (PromptPart::Action, Makes::ShotList, "content"),
    (
        PromptPart::Line,
        Makes::ShotList,
        "dialogue_text, dialogue_speaker, dialogue_tone",
    ),
    (PromptPart::Meanwhile, Makes::ShotList, "meanwhile"),
    (PromptPart::Mood, Makes::ShotList, "intensity"),
    (
        PromptPart::Person,
        Makes::Character,
        "physical, wardrobe, signature",
    ),
    (PromptPart::Place, Makes::Location, "name, base_prompt"),
    (PromptPart::Light, Makes::Location, "time"),
    (PromptPart::Air, Makes::Location, "mood"),
    (
        PromptPart::Style,
        Makes::Style,
        "tone, lighting, palette, grain, lens",
    ),
    (PromptPart::Camera, Makes::ShotList, "camera_movement"),
    (PromptPart::Length, Makes::ShotList, "duration"),
    (PromptPart::Sound, Makes::Location, "ambient"),
];

/// Of a part, the field of the shot whose words of the script are its own.
fn field_of(part: PromptPart) -> Option<&'static str> {
    match part {
        PromptPart::Title | PromptPart::Action => Some("content"),
        PromptPart::Line => Some("dialogue_text"),
        PromptPart::Meanwhile => Some("meanwhile"),
        PromptPart::Place => Some("setting_ref"),
        PromptPart::Camera => Some("camera_movement"),
        _ => None,
    }
}

impl Session<'_> {
    /// Why a shot is as it is: recomputed from the script, not stored.
    ///
    /// # Errors
    /// `UnknownName`, or `NoSuch` when the script gives no such shot.
    pub fn explain(&self, targets: &Targets) -> Result<Explained, FilmError> {
        self.answer(&Question::about("explain", targets), |planned| {
            self.explain_of(planned, targets)
        })
    }

    /// What the prompts of a shot are put together from, and what was left out: recomputed, not stored.
    ///
    /// # Errors
    /// `UnknownName`, or `NoSuch` when there is no such shot, or nothing built in makes its prompts.
    pub fn explain_prompts(&self, targets: &Targets) -> Result<ExplainedPrompts, FilmError> {
        self.answer(&Question::about("explain prompt", targets), |planned| {
            self.explain_prompts_of(planned, targets)
        })
    }

    fn explain_of(&self, planned: &Planned, targets: &Targets) -> Result<Explained, FilmError> {
        let shot = &self.one_shot(planned, targets)?;
        let no_such = || FilmError::NoSuch(format!("shot {}", shot_name(shot)));
        let stem = scene_of_shot(shot).unwrap_or(shot);
        let path = self.list_of(stem).ok_or_else(no_such)?;
        let list = self.list(planned, &path)?.ok_or_else(no_such)?;
        let at = shot_ids(&list)
            .iter()
            .position(|id| id == shot)
            .ok_or_else(no_such)?;
        let made = &list["shots"][at];
        let content = made["content"].as_str().unwrap_or_default().to_owned();
        let explained = explain_scene(&planned.snapshot, stem, &path)?;
        let explained = explained.shots.into_iter().find(|one| one.id == **shot);
        let locks = locks(&planned.snapshot, |stem| self.list_of(stem), [stem]);
        let locked = locks
            .get(stem)
            .and_then(|locks| locks.shots.iter().find(|locked| locked.shot == *shot));
        let decision = |reason: &crate::film::shots::Reason| Decision {
            pass: reason.pass.to_string(),
            rule: reason.rule.to_string(),
            why: reason.why.to_string(),
        };
        let field = |why: &Why| {
            let value = made.get(why.field).cloned().unwrap_or_default();
            let is_empty = value.is_null() || value.as_str() == Some("");
            (!is_empty).then(|| FieldDecision {
                field: why.field.to_owned(),
                value,
                rule: why.rule.clone(),
                why: why.why.clone(),
                words: why.words.clone(),
            })
        };
        let of_shot = explained.as_ref();
        Ok(Explained {
            shot: shot.clone(),
            content,
            locked: locked.is_some(),
            lines_gone: locked.is_some_and(|locked| locked.lines_gone),
            reasons: of_shot
                .map(|one| one.reasons.iter().map(decision).collect())
                .unwrap_or_default(),
            fields: of_shot
                .map(|one| one.fields.iter().filter_map(field).collect())
                .unwrap_or_default(),
        })
    }

    fn explain_prompts_of(
        &self,
        planned: &Planned,
        targets: &Targets,
    ) -> Result<ExplainedPrompts, FilmError> {
        let id = &self.one_shot(planned, targets)?;
        let no_such = || FilmError::NoSuch(format!("prompt of shot {}", shot_name(id)));
        let mut stages = self.pipeline.stages().iter();
        let stage = stages
            .find(|stage| stage.makes == Some(Makes::Prompt) && stage.by == "prompts")
            .ok_or_else(no_such)?;
        let path = stage.output(id);
        let (shot, made) = explain_prompts(&planned.snapshot, stage, id)?;
        let why = self.words_of(planned, &shot)?;
        let file = self.list(planned, &path)?;
        let row = |composed: &Composed, prompt: &str, template: &str| {
            let pointer = format!("/{prompt}/prompt");
            let in_file = file.as_ref().and_then(|file| file.pointer(&pointer));
            let parts = composed.parts.iter().map(|told| PromptRow {
                part: told.part.to_string(),
                text: told.text.clone(),
                from: self.source(told.part, told.of.as_deref(), &shot),
                words: field_of(told.part)
                    .and_then(|field| why.iter().find(|why| why.field == field))
                    .map(|why| why.words.clone())
                    .unwrap_or_default(),
            });
            let left_out = composed.left_out.iter().map(|left| LeftOutRow {
                part: left.part.to_string(),
                text: left.text.clone(),
                why: left.why.to_string(),
            });
            ExplainedPrompt {
                prompt: prompt.to_owned(),
                template: template.to_owned(),
                length: composed.text.chars().count(),
                most: composed.most,
                by_hand: composed.most.is_none(),
                edited: in_file.is_some_and(|text| text.as_str() != Some(&composed.text)),
                parts: parts.collect(),
                left_out: left_out.collect(),
            }
        };
        let request = &made.request;
        let prompts = vec![
            row(&made.frame, "frame", &request.frame.template),
            row(&made.video, "video", &request.video.template),
        ];
        Ok(ExplainedPrompts {
            shot: id.clone(),
            path,
            prompts,
        })
    }

    /// The words of the script behind the fields of a shot.
    fn words_of(&self, planned: &Planned, shot: &Shot) -> Result<Vec<Why>, FilmError> {
        let stem = shot.shot_id.scene();
        let story = planned.story()?;
        let Some(scene) = story.scene(stem) else {
            return Ok(Vec::new());
        };
        let text = crate::film::breakdown::SceneText::of(scene.scene());
        Ok(why(
            &[],
            &Passage {
                heading: &text.heading.raw,
                elements: &text.elements,
                from: shot.source.from,
                to: shot.source.to,
                content: &shot.content,
                meanwhile: shot.meanwhile.as_deref(),
            },
        ))
    }

    /// The file and the fields that a part comes from.
    fn source(&self, part: PromptPart, of: Option<&str>, shot: &Shot) -> String {
        let Some((_, makes, fields)) = SOURCES.iter().find(|(known, ..)| *known == part) else {
            return String::new();
        };
        let item = match makes {
            Makes::Character => of.unwrap_or_default(),
            Makes::Location => &shot.setting_ref,
            Makes::Style => "",
            _ => shot.shot_id.scene(),
        };
        let path = self.pipeline.layout().path(*makes, item);
        path.map_or_else(|| (*fields).to_owned(), |path| format!("{path}: {fields}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::film::words::Vocabulary as _;

    #[test]
    fn every_part_of_a_prompt_has_a_source() {
        for part in PromptPart::ALL {
            assert!(SOURCES.iter().any(|(known, ..)| known == part), "{part}");
        }
    }
}
