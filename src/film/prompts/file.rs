//! A file of `prompts/` that people edited.

use serde_json::Value;

use super::refusal;
use crate::words::{
    CameraHeight, Depth, Facing, InitImage, Movement, Place, Posture, ShotSize, TimeOfDay,
    Vocabulary as _,
};
use crate::written::{self, Fault, Field, Kind, Step, WordField};

/// What is read of a request; other fields are for whoever put them there.
const REQUEST: &[Field] = &[
    Field::new("shot", Kind::Text),
    Field::new("frame", Kind::Table(FRAME)),
    Field::new("video", Kind::Table(VIDEO)),
    Field::new("audio", Kind::Table(AUDIO)),
];

const FRAME: &[Field] = &[
    Field::new("prompt", Kind::Text),
    Field::new("negative_prompt", Kind::Text),
    Field::new("aspect_ratio", Kind::Text),
    Field::new("width", Kind::Whole(0, u32::MAX)),
    Field::new("height", Kind::Whole(0, u32::MAX)),
    Field::new("init_image", Kind::Word(InitImage::WORDS)),
    Field::new("references", Kind::Texts),
    Field::new("panel", Kind::Table(PANEL)),
];

const PANEL: &[Field] = &[
    Field::new("slate", Kind::Text),
    Field::new("frames", Kind::Whole(0, u32::MAX)),
    Field::new("fps", Kind::Rate),
    Field::new("size", Kind::Word(ShotSize::WORDS)),
    Field::new("movement", Kind::Word(Movement::WORDS)),
    Field::new("height", Kind::Word(CameraHeight::WORDS)),
    Field::new("lens_mm", Kind::Whole(0, u32::MAX)),
    Field::new("figures", Kind::Tables(FIGURE)),
    Field::new("insert", Kind::Or(&Kind::Text)),
    Field::new("setting", Kind::Table(SETTING)),
    Field::new("action", Kind::Text),
    Field::new("dialogue", Kind::Or(&Kind::Table(SPOKEN))),
];

const FIGURE: &[Field] = &[
    Field::new("name", Kind::Text),
    Field::new("x", Kind::Whole(0, u32::MAX)),
    Field::new("depth", Kind::Word(Depth::WORDS)),
    Field::new("facing", Kind::Word(Facing::WORDS)),
    Field::new("posture", Kind::Word(Posture::WORDS)),
    Field::new("speaking", Kind::Flag),
    Field::new("shoulder", Kind::Flag),
    Field::new("color", Kind::Text),
];

const SETTING: &[Field] = &[
    Field::new("name", Kind::Text),
    Field::new("place", Kind::Word(Place::WORDS)),
    Field::new("time", Kind::Word(TimeOfDay::WORDS)),
    Field::new("palette", Kind::Texts),
    Field::new("horizon", Kind::Whole(0, u32::MAX)),
];

const SPOKEN: &[Field] = &[
    Field::new("speaker", Kind::Text),
    Field::new("text", Kind::Text),
];

const VIDEO: &[Field] = &[
    Field::new("prompt", Kind::Text),
    Field::new("negative_prompt", Kind::Text),
    Field::new("movement", Kind::Word(Movement::WORDS)),
    Field::new("frames", Kind::Whole(0, u32::MAX)),
    Field::new("fps", Kind::Rate),
    Field::new("width", Kind::Whole(0, u32::MAX)),
    Field::new("height", Kind::Whole(0, u32::MAX)),
];

const AUDIO: &[Field] = &[
    Field::new("dialogue", Kind::Or(&Kind::Table(VOICED))),
    Field::new("ambient", Kind::Text),
];

const VOICED: &[Field] = &[
    Field::new("speaker", Kind::Text),
    Field::new("text", Kind::Text),
    Field::new("voice", Kind::Table(VOICE)),
];

const VOICE: &[Field] = &[
    Field::new("name", Kind::Text),
    Field::new("pitch", Kind::Whole(0, u32::MAX)),
    Field::new("speed", Kind::Whole(0, u32::MAX)),
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
