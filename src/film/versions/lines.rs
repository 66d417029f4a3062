//! Files of a film as plain lines, for tools that compare by line: a line a sentence, or a field.

use serde_json::Value;

use super::draft::{Block, BlockKind, Draft, PartKind, Unit, UnitKind};
use super::fields::names_of_any;
use crate::fountain::plain;

/// What stands before a scene heading, so that a tool can find the scene that a line is in.
pub const SCENE_MARK: &str = "## ";

/// A screenplay as lines: headings behind [`SCENE_MARK`], a sentence a line, each line of a speech
/// behind its speaker. Emphasis, and how far apart paragraphs stand, does not show.
#[must_use]
pub fn script_lines(text: &str) -> String {
    let draft = Draft::of(text);
    let mut lines = Vec::new();
    for block in &draft.blocks {
        if !lines.is_empty() && matches!(block.kind, BlockKind::Scene(_)) {
            lines.push(String::new());
        }
        units(block, &mut lines);
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn units(block: &Block, lines: &mut Vec<String>) {
    for unit in block.units.iter().filter(|unit| !unit.parts.is_empty()) {
        match unit.kind {
            UnitKind::Heading => lines.push(format!("{SCENE_MARK}{}", unit.text().trim())),
            UnitKind::Speech => speech(unit, lines),
            UnitKind::Title => lines.extend(unit.text().lines().map(str::to_owned)),
            _ => lines.extend(sentences(&unit.text())),
        }
    }
}

fn speech(unit: &Unit, lines: &mut Vec<String>) {
    let is_cue = |kind: PartKind| kind == PartKind::Cue;
    let cue = unit.parts.iter().find(|part| is_cue(part.kind));
    let cue = cue.map_or("", |cue| cue.text.trim());
    for part in unit.parts.iter().filter(|part| !is_cue(part.kind)) {
        let words = sentences(&part.text).into_iter();
        lines.extend(words.map(|sentence| format!("{cue}: {sentence}")));
    }
}

/// The sentences of a paragraph, without the marks of emphasis and with one blank between words.
fn sentences(text: &str) -> Vec<String> {
    let joined = |piece: &str| piece.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = plain(text);
    let pieces = super::merge::pieces(&plain).into_iter().map(joined);
    pieces.filter(|piece| !piece.is_empty()).collect()
}

/// A value as lines, `/shots/012_003/duration = 48`: keys in alphabetical order, entries of lists by
/// their identity.
#[must_use]
pub fn value_lines(value: &Value) -> String {
    let mut lines = String::new();
    put(&mut String::new(), value, &mut lines);
    lines
}

fn put(path: &mut String, value: &Value, lines: &mut String) {
    let mut beneath = |key: &str, value: &Value| {
        let length = path.len();
        path.push('/');
        path.push_str(&key.replace('~', "~0").replace('/', "~1"));
        put(path, value, lines);
        path.truncate(length);
    };
    match value {
        Value::Object(map) if !map.is_empty() => {
            let mut members: Vec<_> = map.iter().collect();
            members.sort_unstable_by_key(|(key, _)| key.as_str());
            members
                .into_iter()
                .for_each(|(key, value)| beneath(key, value));
        }
        Value::Array(list)
            if list
                .iter()
                .any(|entry| entry.is_object() || entry.is_array()) =>
        {
            match names_of_any(list) {
                Some(names) => {
                    let named = names.into_iter().zip(list);
                    named.for_each(|(name, value)| beneath(name, value));
                }
                None => {
                    let placed = list.iter().enumerate();
                    placed.for_each(|(at, value)| beneath(&at.to_string(), value));
                }
            }
        }
        plain => lines.push_str(&format!("{path} = {plain}\n")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screenplay_is_a_line_a_sentence() {
        let script = "Title: Ferry\n\nINT. CABIN - NIGHT #2#\n\nMila *waits*. The rain stops.\n\n\
                      MILA (V.O.)\n(softly)\nWe are late. Go!\n\nEXT. DECK - DAY\n\n[[A note.]]\n\nCUT TO:\n";
        let lines = "Title: Ferry\n\n## INT. CABIN - NIGHT #2#\nMila waits.\nThe rain stops.\n\
                     MILA (V.O.): (softly)\nMILA (V.O.): We are late.\nMILA (V.O.): Go!\n\n\
                     ## EXT. DECK - DAY\n[[A note.]]\nCUT TO:\n";
        assert_eq!(script_lines(script), lines);
        assert_eq!(script_lines(""), "");
    }

    #[test]
    fn data_is_a_line_a_field() {
        let value = serde_json::json!({"b": [{"id": "x", "n": 1}], "a/c": [1, 2], "d": [{}, [3]]});
        assert_eq!(
            value_lines(&value),
            "/a~1c = [1,2]\n/b/x/id = \"x\"\n/b/x/n = 1\n/d/0 = {}\n/d/1 = [3]\n"
        );
        assert_eq!(value_lines(&Value::Null), " = null\n");
    }
}
