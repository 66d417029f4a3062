//! A file of `prompts/` that people edited.

use serde_json::Value;

use super::refusal;
use crate::words::{
    CameraHeight, Depth, Facing, Hands, InitImage, Movement, Place, Posture, Pronoun, ShotSize,
    TimeOfDay, Vocabulary as _,
};
use crate::written::{self, Fault, Field, FieldKind, Step, WordField};

/// What is read of a request; other fields are for whoever put them there.
const REQUEST: &[Field] = &[
    Field::new("shot", FieldKind::Text),
    Field::new("frame", FieldKind::Table(FRAME)),
    Field::new("video", FieldKind::Table(VIDEO)),
    Field::new("audio", FieldKind::Table(AUDIO)),
];

const FRAME: &[Field] = &[
    Field::new("template", FieldKind::Text),
    Field::new("prompt", FieldKind::Text),
    Field::new("negative_prompt", FieldKind::Text),
    Field::new("aspect_ratio", FieldKind::Text),
    Field::new("width", FieldKind::Whole(0, u32::MAX)),
    Field::new("height", FieldKind::Whole(0, u32::MAX)),
    Field::new("init_image", FieldKind::Word(InitImage::WORDS)),
    Field::new("references", FieldKind::Texts),
    Field::new("panel", FieldKind::Table(PANEL)),
];

const PANEL: &[Field] = &[
    Field::new("slate", FieldKind::Text),
    Field::new("frames", FieldKind::Whole(0, u32::MAX)),
    Field::new("fps", FieldKind::Rate),
    Field::new("size", FieldKind::Word(ShotSize::WORDS)),
    Field::new("movement", FieldKind::Word(Movement::WORDS)),
    Field::new("height", FieldKind::Word(CameraHeight::WORDS)),
    Field::new("lens_mm", FieldKind::Whole(0, u32::MAX)),
    Field::new("figures", FieldKind::Tables(FIGURE)),
    Field::new("title", FieldKind::Texts),
    Field::new("insert", FieldKind::Or(&FieldKind::Text)),
    Field::new("setting", FieldKind::Table(SETTING)),
    Field::new("action", FieldKind::Text),
    Field::new("dialogue", FieldKind::Or(&FieldKind::Table(SPOKEN))),
];

const FIGURE: &[Field] = &[
    Field::new("name", FieldKind::Text),
    Field::new("pronouns", FieldKind::Word(Pronoun::WORDS)),
    Field::new("x", FieldKind::Whole(0, u32::MAX)),
    Field::new("depth", FieldKind::Word(Depth::WORDS)),
    Field::new("facing", FieldKind::Word(Facing::WORDS)),
    Field::new("posture", FieldKind::Word(Posture::WORDS)),
    Field::new("hands", FieldKind::Word(Hands::WORDS)),
    Field::new("speaking", FieldKind::Flag),
    Field::new("shoulder", FieldKind::Flag),
    Field::new("color", FieldKind::Text),
];

const SETTING: &[Field] = &[
    Field::new("name", FieldKind::Text),
    Field::new("place", FieldKind::Word(Place::WORDS)),
    Field::new("time", FieldKind::Word(TimeOfDay::WORDS)),
    Field::new("palette", FieldKind::Texts),
    Field::new("horizon", FieldKind::Whole(0, u32::MAX)),
];

const SPOKEN: &[Field] = &[
    Field::new("speaker", FieldKind::Text),
    Field::new("text", FieldKind::Text),
];

const VIDEO: &[Field] = &[
    Field::new("template", FieldKind::Text),
    Field::new("prompt", FieldKind::Text),
    Field::new("negative_prompt", FieldKind::Text),
    Field::new("movement", FieldKind::Word(Movement::WORDS)),
    Field::new("frames", FieldKind::Whole(0, u32::MAX)),
    Field::new("fps", FieldKind::Rate),
    Field::new("width", FieldKind::Whole(0, u32::MAX)),
    Field::new("height", FieldKind::Whole(0, u32::MAX)),
];

const AUDIO: &[Field] = &[
    Field::new("dialogue", FieldKind::Or(&FieldKind::Table(VOICED))),
    Field::new("ambient", FieldKind::Text),
];

const VOICED: &[Field] = &[
    Field::new("speaker", FieldKind::Text),
    Field::new("text", FieldKind::Text),
    Field::new("tone", FieldKind::Or(&FieldKind::Text)),
    Field::new("voice", FieldKind::Table(VOICE)),
];

const VOICE: &[Field] = &[
    Field::new("name", FieldKind::Text),
    Field::new("pitch", FieldKind::Whole(0, u32::MAX)),
    Field::new("speed", FieldKind::Whole(0, u32::MAX)),
];

/// The fields of a request that hold words of a list.
#[must_use]
pub fn request_words() -> Vec<WordField> {
    written::word_fields(REQUEST)
}

/// What of an edited request cannot be drawn, spoken, or sent to anybody.
#[must_use]
pub fn check_request(request: &Value) -> Vec<Fault> {
    let mut faults = written::check(request, REQUEST);
    // Fields of people's own disturb nobody.
    faults.retain(|fault| !fault.at_key);
    faults.extend(prompts(request));
    faults
}

/// Its prompts that cannot be sent.
fn prompts(request: &Value) -> Vec<Fault> {
    const PROMPTS: [(&str, &str); 4] = [
        ("frame", "prompt"),
        ("frame", "negative_prompt"),
        ("video", "prompt"),
        ("video", "negative_prompt"),
    ];
    let wrong = |(part, key): (&str, &str)| {
        let text = request.get(part)?.get(key)?.as_str()?;
        // Nothing need be forbidden.
        let may_be_empty = key == "negative_prompt";
        let problem = refusal(text).filter(|_| !(may_be_empty && text.trim().is_empty()))?;
        Some(Fault {
            path: vec![Step::Key(part.to_owned()), Step::Key(key.to_owned())],
            at_key: false,
            name: format!("{part}.{key}"),
            problem: problem.to_string(),
        })
    };
    PROMPTS.into_iter().filter_map(wrong).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_slip_in_a_request_is_told_with_its_field() {
        for (request, told) in [
            (
                json!({"video": {"movement": "push-inn"}}),
                "video.movement: \"push-inn\" is not known; did you mean \"push_in\"?",
            ),
            (
                json!({"frame": {"prompt": "Rain.", "panel": {"size": "close up"}}}),
                "frame.panel.size: \"close up\" is not known; did you mean \"CU\"?",
            ),
            (
                json!({"frame": {"panel": {"figures": [{"posture": "seated"}]}}}),
                "frame.panel.figures[1].posture: \"seated\" is not known; did you mean \"sitting\"?",
            ),
            (
                json!({"frame": {"panel": {"setting": {"time": "noon"}}}}),
                "frame.panel.setting.time: \"noon\" is not known",
            ),
            (json!({"video": {"frames": -1}}), "found -1"),
            (
                json!({"frame": {"prompt": ""}}),
                "frame.prompt: the prompt is empty",
            ),
        ] {
            let faults = check_request(&request);
            assert_eq!(faults.len(), 1, "{request}: {faults:?}");
            assert!(faults[0].to_string().contains(told), "{faults:?}");
        }
        let own = json!({"frame": {"prompt": "Rain.", "negative_prompt": "", "lut": "teal"}});
        assert_eq!(check_request(&own), []);
    }
}
