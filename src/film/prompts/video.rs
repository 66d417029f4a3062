//! The clip's prompt, and what is heard in it.

use super::action::Action;
use super::compose::Composed;
use super::settings::Of;
use super::{Inputs, framing, line, meanwhile, own, people_and_place, sound, style, voice};
use crate::rate::FrameRate;
use crate::request::{AudioRequest, VoicedLine};
use crate::words::{Movement, PromptPart, Pronoun, Trigger};

/// How the frame moves: the camera's move and what happens, with the parts that the form has besides.
pub(super) fn video_prompt(inputs: &Inputs<'_>, action: &Action) -> Composed {
    let shot = inputs.shot;
    let mut prompt = inputs.settings.composer(Of::Video);
    prompt.know(inputs);
    if shot.trigger == Trigger::Title {
        prompt.about(PromptPart::Title);
        prompt.add("The title stands still.");
    } else {
        if prompt.has(PromptPart::Framing) {
            framing::framing(inputs, &mut prompt);
        }
        let moves = shot.camera_movement != Movement::Static;
        let told = |sentence: &String| sentence.starts_with("The camera");
        if moves || !action.sentences.iter().any(told) {
            let subject = inputs.frame().first().map(|(_, name)| name.clone());
            prompt.about(PromptPart::Camera);
            prompt.add(&framing::camera_clause(
                shot.camera_movement,
                subject.as_deref(),
            ));
        }
        // The clause for the move has said it.
        let rest = action
            .sentences
            .iter()
            .filter(|sentence| !(moves && told(sentence)));
        let rest: Vec<String> = rest.cloned().collect();
        action.leave_out(&mut prompt);
        line::add_action(inputs, Of::Video, &rest, &mut prompt);
        meanwhile(inputs, &mut prompt);
        if prompt.is_empty() {
            prompt.about(PromptPart::Camera);
            prompt.add("The camera holds still.");
        }
        people_and_place(inputs, &mut prompt);
    }
    if prompt.has(PromptPart::Sound) {
        prompt.about(PromptPart::Sound);
        prompt.add_list("Heard:", &[&ambient(inputs)]);
    }
    if prompt.has(PromptPart::Style) {
        style(inputs, &mut prompt);
    }
    prompt.about(PromptPart::Length);
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

/// The sound of the place.
fn ambient(inputs: &Inputs<'_>) -> String {
    let shot = inputs.shot;
    let own_place = inputs
        .location
        .map(|record| record.ambient.trim().to_owned())
        .filter(|text| !text.is_empty());
    own(&shot.ambient).or(own_place).unwrap_or_else(|| {
        sound::ambient(
            &inputs.scene.place,
            &shot.content,
            inputs.scene.int_ext,
            inputs.scene.time,
        )
    })
}

/// What is heard in a shot.
pub(super) fn audio(inputs: &Inputs<'_>) -> AudioRequest {
    let shot = inputs.shot;
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
            tone: shot.dialogue_tone.clone(),
            voice: voice(
                &slug,
                pronouns,
                inputs.characters.get(&slug).map(|record| &record.voice),
            ),
        }
    });
    AudioRequest {
        dialogue,
        ambient: ambient(inputs),
    }
}
