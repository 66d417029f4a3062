//! What a shot list may hold, for lists that people edited: fields, words, numbers, ids.

use std::collections::HashSet;

use serde::Deserialize as _;
use serde_json::Value;

use crate::ids::is_shot_number;
use crate::rate::FrameRate;
use crate::words::{
    CameraHeight, Depth, DistanceBand, Facing, Heard, InitImage, Movement, Place, Posture, Pronoun,
    SceneKind, ShotSize, TimeOfDay, Transition, Trigger, Vocabulary as _,
};
use crate::written::{self, Fault, Field, FieldKind, Step, WordField};

/// Longest shot, in seconds: what a clip may last.
pub const LONGEST_SHOT: u64 = 30 * 60;

/// Most frames of a number in a list; how many a shot may have is a matter of the rate.
const LONGEST: u32 = 999_999;

const LIST: &[Field] = &[
    Field::needed("scene", FieldKind::SceneNumber),
    Field::needed("slugline", FieldKind::Text),
    Field::needed("time", FieldKind::Word(TimeOfDay::WORDS)),
    Field::needed("place", FieldKind::Text),
    Field::new("int_ext", FieldKind::Word(Place::WORDS)),
    Field::new("within", FieldKind::Texts),
    Field::new("period", FieldKind::Text),
    Field::needed("beat", FieldKind::Word(SceneKind::WORDS)),
    Field::new("act", FieldKind::Or(&FieldKind::Whole(0, u32::MAX))),
    Field::needed("emotional_polarity", FieldKind::Text),
    Field::needed("visual_intent", FieldKind::Table(INTENT)),
    Field::needed("fps", FieldKind::Rate),
    Field::needed("target_duration", FieldKind::Whole(0, u32::MAX)),
    Field::needed("pacing_curve", FieldKind::Text),
    Field::needed("transition_in", FieldKind::Word(Transition::WORDS)),
    Field::needed("crossfade_in", FieldKind::Whole(0, LONGEST)),
    Field::needed("shots", FieldKind::Tables(SHOT)),
];

const INTENT: &[Field] = &[
    Field::needed("emotional_start", FieldKind::Text),
    Field::needed("emotional_end", FieldKind::Text),
    Field::needed("conflict_axis", FieldKind::Text),
];

const SHOT: &[Field] = &[
    Field::needed("shot_id", FieldKind::Text),
    Field::needed("trigger", FieldKind::Word(Trigger::WORDS)),
    Field::needed("content", FieldKind::Text),
    Field::needed("source", FieldKind::Table(SOURCE)),
    Field::new("dialogue_text", FieldKind::Or(&FieldKind::Text)),
    Field::new("dialogue_speaker", FieldKind::Or(&FieldKind::Text)),
    Field::new(
        "dialogue_source",
        FieldKind::Or(&FieldKind::Word(Heard::WORDS)),
    ),
    Field::new("dialogue_together", FieldKind::Tables(WORDS)),
    Field::new("dialogue_tone", FieldKind::Or(&FieldKind::Text)),
    Field::new("meanwhile", FieldKind::Or(&FieldKind::Text)),
    Field::needed("characters_in_frame", FieldKind::Texts),
    Field::new("extras_in_frame", FieldKind::Tables(EXTRA)),
    Field::needed("shot_type", FieldKind::Word(ShotSize::WORDS)),
    Field::needed("camera_movement", FieldKind::Word(Movement::WORDS)),
    Field::needed("lens_mm", FieldKind::Whole(1, 10_000)),
    Field::needed("camera_height", FieldKind::Word(CameraHeight::WORDS)),
    Field::needed("distance_band", FieldKind::Word(DistanceBand::WORDS)),
    Field::needed("blocking", FieldKind::Tables(BLOCKING)),
    Field::needed("intensity", FieldKind::Whole(0, 1000)),
    Field::needed("duration", FieldKind::Whole(1, LONGEST)),
    Field::needed("transition_to_next", FieldKind::Word(Transition::WORDS)),
    Field::needed("crossfade", FieldKind::Whole(0, LONGEST)),
    Field::needed("setting_ref", FieldKind::Text),
    Field::new("elsewhere", FieldKind::Or(&FieldKind::Table(ELSEWHERE))),
    Field::needed("character_refs", FieldKind::Texts),
    Field::new("prop", FieldKind::Or(&FieldKind::Text)),
    Field::new("frame_prompt", FieldKind::Or(&FieldKind::Prompt)),
    Field::new("video_prompt", FieldKind::Or(&FieldKind::Prompt)),
    Field::new("negative_prompt", FieldKind::Or(&FieldKind::Prompt)),
    Field::new("ambient", FieldKind::Or(&FieldKind::Prompt)),
    Field::needed("init_image", FieldKind::Word(InitImage::WORDS)),
    Field::needed("aspect_ratio", FieldKind::Ratio),
    Field::new("notes", FieldKind::Text),
    Field::new("locked", FieldKind::Flag),
];

const EXTRA: &[Field] = &[
    Field::needed("shown", FieldKind::Text),
    Field::needed("again", FieldKind::Text),
    Field::needed("pronouns", FieldKind::Word(Pronoun::WORDS)),
    Field::new("several", FieldKind::Flag),
];

const ELSEWHERE: &[Field] = &[
    Field::needed("place", FieldKind::Text),
    Field::needed("int_ext", FieldKind::Word(Place::WORDS)),
    Field::needed("within", FieldKind::Texts),
    Field::needed("time", FieldKind::Word(TimeOfDay::WORDS)),
    Field::needed("period", FieldKind::Text),
];

const WORDS: &[Field] = &[
    Field::needed("speaker", FieldKind::Text),
    Field::needed("text", FieldKind::Text),
];

const SOURCE: &[Field] = &[
    Field::needed("from", FieldKind::Whole(0, u32::MAX)),
    Field::needed("to", FieldKind::Whole(0, u32::MAX)),
];

const BLOCKING: &[Field] = &[
    Field::needed("character", FieldKind::Text),
    Field::needed("x", FieldKind::Whole(0, 1000)),
    Field::needed("depth", FieldKind::Word(Depth::WORDS)),
    Field::needed("facing", FieldKind::Word(Facing::WORDS)),
    Field::needed("posture", FieldKind::Word(Posture::WORDS)),
    Field::new("holding", FieldKind::Or(&FieldKind::Text)),
    Field::needed("shoulder", FieldKind::Flag),
];

/// The fields of a shot list that hold words of a list.
#[must_use]
pub fn list_words() -> Vec<WordField> {
    written::word_fields(LIST)
}

/// What is wrong with the shot list of the scene with this file stem (`012`), if anything.
#[must_use]
pub fn check_list(list: &Value, stem: &str) -> Vec<Fault> {
    let mut faults = written::check(list, LIST);
    let shots = list.get("shots").and_then(Value::as_array);
    let mut seen = HashSet::new();
    for (at, shot) in shots.into_iter().flatten().enumerate() {
        let Some(id) = shot.get("shot_id").and_then(Value::as_str) else {
            continue;
        };
        let mut note = |key: &str, problem: String| {
            faults.push(Fault {
                path: vec![
                    Step::Key("shots".to_owned()),
                    Step::At(at),
                    Step::Key(key.to_owned()),
                ],
                at_key: false,
                name: format!("shot {id}, {key}"),
                problem,
            });
        };
        if !seen.insert(id) {
            note("shot_id", "another shot of the list has this id".to_owned());
        }
        if let Some(problem) = wrong_id(id, stem) {
            note("shot_id", problem);
        }
        let fps = list
            .get("fps")
            .and_then(|fps| FrameRate::deserialize(fps).ok());
        if let (Some(fps), Some(frames)) = (fps, shot.get("duration").and_then(Value::as_u64))
            && let longest = fps.frames_within(LONGEST_SHOT, 1)
            && frames > u64::from(longest)
        {
            let minutes = LONGEST_SHOT / 60;
            let problem = format!(
                "a shot lasts {minutes} minutes at most, {longest} frames at this rate, and not {frames}"
            );
            note("duration", problem);
        }
        let length = |key: &str| Some(shot.get(key)?.as_array()?.len());
        let (people, refs) = (length("characters_in_frame"), length("character_refs"));
        if let (Some(people), Some(refs)) = (people, refs)
            && people != refs
        {
            let problem = format!("it names {refs}, and characters_in_frame {people}");
            note("character_refs", problem);
        }
        let end = |key: &str| shot.get("source")?.get(key)?.as_u64();
        if let (Some(from), Some(to)) = (end("from"), end("to"))
            && from > to
        {
            note(
                "source",
                format!("it ends at {to}, before it begins at {from}"),
            );
        }
    }
    faults
}

/// Files are named by shots, so an id begins with its scene and holds letters and digits.
fn wrong_id(id: &str, stem: &str) -> Option<String> {
    let number = id
        .strip_prefix(stem)
        .and_then(|rest| rest.strip_prefix('_'));
    match number {
        None => Some(format!(
            "ids of this scene begin with {stem}_, as in {stem}_003A"
        )),
        Some(number) if !is_shot_number(number) => Some(format!(
            "after {stem}_ an id has letters and digits, and one digit at least, as in {stem}_003A"
        )),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::shots::Shot;

    fn list() -> Value {
        json!({
            "scene": "2", "slugline": "INT. A - DAY", "time": "day", "place": "A", "beat": "action",
            "act": null, "emotional_polarity": "neutral",
            "visual_intent": {"emotional_start": "calm", "emotional_end": "calm", "conflict_axis": ""},
            "fps": 24, "target_duration": 72, "pacing_curve": "moderate", "transition_in": "cut",
            "crossfade_in": 0, "shots": [shot("002_001"), shot("002_002")],
        })
    }

    fn shot(id: &str) -> Value {
        json!({
            "shot_id": id, "trigger": "action", "content": "A door.", "source": {"from": 0, "to": 1},
            "dialogue_text": null, "dialogue_speaker": null, "dialogue_source": null,
            "characters_in_frame": [], "shot_type": "WS", "camera_movement": "static", "lens_mm": 35,
            "camera_height": "eye", "distance_band": "far",
            "blocking": [{"character": "RAE", "x": 500, "depth": "mid", "facing": "camera",
                "posture": "standing", "shoulder": false}],
            "intensity": 300, "duration": 36, "transition_to_next": "cut", "crossfade": 0,
            "setting_ref": "a", "character_refs": [], "prop": null, "frame_prompt": null,
            "video_prompt": null, "negative_prompt": null, "ambient": null,
            "init_image": "reference", "aspect_ratio": "16:9", "notes": "", "locked": false,
        })
    }

    #[test]
    fn fields_and_words_are_those_of_the_types() {
        assert_eq!(check_list(&list(), "002"), []);
        let typed: Shot = serde_json::from_value(shot("002_001")).unwrap();
        let written = serde_json::to_value(&typed).unwrap();
        let names: Vec<&str> = written
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        // These are left out of a shot that has none.
        let seldom = ["dialogue_together", "elsewhere", "extras_in_frame"];
        let known = SHOT.iter().map(Field::name);
        let known: Vec<&str> = known.filter(|name| !seldom.contains(name)).collect();
        assert_eq!(names, known);
    }

    #[test]
    fn each_slip_is_told_with_its_shot_and_field() {
        for (key, value, told) in [
            (
                "shot_type",
                json!("CUU"),
                "shot 002_002, shot_type: \"CUU\" is not known; did you mean \"CU\"?",
            ),
            (
                "camera_movement",
                json!("orbit"),
                "shot 002_002, camera_movement: \"orbit\" is not known",
            ),
            (
                "transition_to_next",
                json!("disolve"),
                "did you mean \"dissolve\"?",
            ),
            (
                "duration",
                json!(0),
                "shot 002_002, duration: expected a whole number from 1",
            ),
            ("duration", json!(-24), "found -24"),
            ("duration", json!("3s"), "found \"3s\""),
            (
                "duration",
                json!(100_000),
                "shot 002_002, duration: a shot lasts 30 minutes at most, 43200 frames at this rate",
            ),
            (
                "shot_id",
                json!("002_001"),
                "another shot of the list has this id",
            ),
            ("shot_id", json!("003_001"), "begin with 002_"),
            ("shot_id", json!("002_../x"), "letters and digits"),
            (
                "durration",
                json!(5),
                "shot 002_002, durration: there is no such field",
            ),
            (
                "character_refs",
                json!(["rae"]),
                "it names 1, and characters_in_frame 0",
            ),
            ("source", json!({"from": 3, "to": 1}), "it ends at 1"),
            ("locked", json!("yes"), "expected true or false"),
            (
                "frame_prompt",
                json!("rain\u{202e}"),
                "it holds an invisible character, U+202E",
            ),
        ] {
            let mut list = list();
            list["shots"][1][key] = value;
            let faults: Vec<String> = check_list(&list, "002")
                .iter()
                .map(ToString::to_string)
                .collect();
            assert!(
                faults.iter().any(|fault| fault.contains(told)),
                "{key}: {faults:?}"
            );
        }
        let mut own = list();
        own["shots"][0]["frame_prompt"] = json!("wide shot, rain, neon");
        own["shots"][0]["video_prompt"] = json!("");
        own["shots"][1]["x_lut"] = json!("teal");
        assert_eq!(check_list(&own, "002"), []);
    }
}
