//! Values of variables that commands are given, kept out of whatever is told or recorded of a run.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Read;

use aho_corasick::{AhoCorasick, MatchKind};
use serde_json::Value;

/// Fewest bytes of a value that is masked: shorter ones (`0,1`, `true`) stand in any text.
const SHORTEST: usize = 6;

/// A file with a zero byte in its first bytes, so many, is no text; git has the same rule.
const LOOKED_AT: usize = 8000;

/// Knows the values of named variables, and puts `[NAME]` in their place.
///
/// A value is known as it stands, without the white space around it, as JSON writes it, and line by
/// line where it has several, as keys and credentials in files do.
pub(super) struct Masks {
    /// `[NAME]`, a pattern each.
    names: Vec<String>,
    /// The longest of the values that begin at a place is what stands there.
    places: AhoCorasick,
    /// Says whether there is one, of texts that are too long to be held in memory.
    any: AhoCorasick,
    longest: usize,
}

impl Masks {
    /// Those of the variables that are set.
    pub(super) fn of(variables: &BTreeMap<String, Option<OsString>>) -> Self {
        let mut patterns: BTreeMap<Vec<u8>, String> = BTreeMap::new();
        for (name, value) in variables {
            let Some(value) = value else { continue };
            for spelling in spellings(value.as_encoded_bytes()) {
                if spelling.len() >= SHORTEST {
                    patterns
                        .entry(spelling)
                        .or_insert_with(|| format!("[{name}]"));
                }
            }
        }
        let longest = patterns.keys().map(Vec::len).max().unwrap_or(0);
        let search = |kind| {
            let mut search = AhoCorasick::builder();
            let search = search.match_kind(kind).build(patterns.keys());
            search.expect("an environment is far smaller than what can be searched for")
        };
        Self {
            places: search(MatchKind::LeftmostLongest),
            any: search(MatchKind::Standard),
            names: patterns.into_values().collect(),
            longest,
        }
    }

    /// Bytes of the longest value: so many more must be kept of a text whose beginning is cut off, for
    /// [`Masks::tail`] to know a value at the cut.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// The text without the values.
    pub(super) fn bytes<'t>(&self, text: &'t [u8]) -> Cow<'t, [u8]> {
        if !self.places.is_match(text) {
            return Cow::Borrowed(text);
        }
        Cow::Owned(self.places.replace_all_bytes(text, &self.names))
    }

    /// The same.
    pub(super) fn text(&self, text: &str) -> String {
        self.places.replace_all(text, &self.names)
    }

    /// The last `kept` bytes of a text, and those values whole that reach into them; none of what is
    /// left of a value that was cut off before [`Masks::longest`] bytes more.
    pub(super) fn tail(&self, text: &[u8], kept: usize) -> Vec<u8> {
        let start = text.len().saturating_sub(kept);
        let mut told = Vec::new();
        let mut at = start;
        for found in self.places.find_iter(text) {
            if found.end() <= start {
                continue;
            }
            told.extend_from_slice(text.get(at..found.start()).unwrap_or_default());
            told.extend_from_slice(self.names[found.pattern()].as_bytes());
            at = found.end();
        }
        told.extend_from_slice(&text[at..]);
        told
    }

    /// An answer in JSON without the values, however it spells them.
    pub(super) fn json(&self, answer: Vec<u8>) -> Vec<u8> {
        let Ok(mut value) = serde_json::from_slice::<Value>(&answer) else {
            return self.bytes(&answer).into_owned();
        };
        // Of a key that stands twice, the one is in the bytes alone.
        if !self.value(&mut value) && !self.places.is_match(&answer) {
            return answer;
        }
        let mut bytes = serde_json::to_vec_pretty(&value).expect("JSON can be written");
        bytes.push(b'\n');
        bytes
    }

    /// Whether there was something to mask.
    fn value(&self, value: &mut Value) -> bool {
        match value {
            Value::Null | Value::Bool(_) => false,
            Value::Number(number) => {
                let text = number.to_string();
                let found = self.places.is_match(&text);
                if found {
                    *value = self.text(&text).into();
                }
                found
            }
            Value::String(text) => {
                let found = self.places.is_match(text.as_str());
                if found {
                    *text = self.text(text);
                }
                found
            }
            Value::Array(values) => values.iter_mut().fold(false, |found, value| {
                let here = self.value(value);
                here || found
            }),
            Value::Object(fields) => {
                let mut found = false;
                for (key, mut value) in std::mem::take(fields) {
                    found |= self.value(&mut value) || self.places.is_match(key.as_str());
                    fields.insert(self.text(&key), value);
                }
                found
            }
        }
    }

    /// The variable whose value stands in a text, as `NAME`; none of what is no text.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn within(&self, mut file: impl Read) -> std::io::Result<Option<&str>> {
        if self.names.is_empty() {
            return Ok(None);
        }
        let mut start = Vec::new();
        file.by_ref()
            .take(LOOKED_AT as u64)
            .read_to_end(&mut start)?;
        if start.contains(&0) {
            return Ok(None);
        }
        let mut found = self.any.stream_find_iter(start.as_slice().chain(file));
        let found = found.next().transpose()?;
        let name = found.map(|found| self.names[found.pattern()].as_str());
        Ok(name.map(|name| name.trim_matches(['[', ']'])))
    }
}

/// What a value may look like in a text.
fn spellings(value: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = vec![value.to_vec(), value.trim_ascii().to_vec()];
    let lines = value.split(|byte| *byte == b'\n');
    forms.extend(lines.map(|line| line.trim_ascii().to_vec()));
    for at in 0..forms.len() {
        if let Ok(text) = std::str::from_utf8(&forms[at]) {
            let json = Value::from(text).to_string();
            forms.push(json.as_bytes()[1..json.len() - 1].to_vec());
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masks(variables: &[(&str, &str)]) -> Masks {
        let variables = variables.iter();
        Masks::of(
            &variables
                .map(|(name, value)| ((*name).to_owned(), Some(OsString::from(value))))
                .collect(),
        )
    }

    #[test]
    fn values_give_way_to_names_and_the_longest_wins() {
        let masks = masks(&[
            ("KEY", "hunter2-canary"),
            ("LONG_KEY", "hunter2-canary-bird"),
            ("SHORT", "12345"),
            ("EMPTY", ""),
        ]);
        assert_eq!(
            masks.text("a hunter2-canary-bird, a hunter2-canary, 12345"),
            "a [LONG_KEY], a [KEY], 12345"
        );
        assert_eq!(masks.longest(), "hunter2-canary-bird".len());
        let none = Masks::of(&BTreeMap::from([("UNSET".to_owned(), None)]));
        assert_eq!(none.text("as it was"), "as it was");
        assert_eq!(none.longest(), 0);
    }

    #[test]
    fn a_value_is_known_in_parts_and_as_json() {
        let masks = masks(&[("CREDENTIALS", "first line\n  \"second\" line\n")]);
        assert_eq!(masks.text("| first line|"), "| [CREDENTIALS]|");
        assert_eq!(
            masks.text(r#""first line\n  \"second\" line\n""#),
            "\"[CREDENTIALS]\""
        );
        assert_eq!(
            masks.text(r#"{"x": "\"second\" line"}"#),
            r#"{"x": "[CREDENTIALS]"}"#
        );
    }

    #[test]
    fn of_a_text_that_is_cut_off_nothing_of_a_value_is_left() {
        let masks = masks(&[("KEY", "hunter2-canary")]);
        let kept = 20;
        for before in 0..60 {
            let text = format!("{}hunter2-canary{}", "x".repeat(before), "y".repeat(15));
            // What a reader of the last bytes has of it.
            let seen = text.len().saturating_sub(kept + masks.longest());
            let told = masks.tail(&text.as_bytes()[seen..], kept);
            let told = String::from_utf8(told).unwrap();
            assert!(!told.contains("canary"), "{told}");
            assert!(told.ends_with(&"y".repeat(15)), "{told}");
            assert!(told.contains("[KEY]"), "{told}");
        }
        let text = "hunter2-canary, and no more of it";
        assert_eq!(masks.tail(text.as_bytes(), 10), b"more of it");
    }

    #[test]
    fn an_answer_stays_json_whatever_is_masked_in_it() {
        let masks = masks(&[("KEY", "hunter2"), ("NUMBER", "123456")]);
        let masked = |text: &str| -> Value {
            let bytes = masks.json(text.as_bytes().to_vec());
            assert!(
                !masks.places.is_match(&bytes),
                "{}",
                String::from_utf8_lossy(&bytes)
            );
            serde_json::from_slice(&bytes).unwrap()
        };
        assert_eq!(
            masked(r#"{"a": ["hunter2", "\u0068unter2!"], "hunter2": 0.123456, "b": null}"#),
            serde_json::json!({"a": ["[KEY]", "[KEY]!"], "[KEY]": "0.[NUMBER]", "b": null})
        );
        assert_eq!(
            masked(r#"{"a": "hunter2", "a": 1}"#),
            serde_json::json!({"a": 1})
        );
        let clean = br#"{ "a":1.50 }"#.to_vec();
        assert_eq!(masks.json(clean.clone()), clean, "byte for byte");
    }

    #[test]
    fn texts_that_hold_a_value_are_known_by_its_name() {
        let masks = masks(&[("KEY", "hunter2-canary")]);
        let long = format!("{}hunter2-canary", "x".repeat(200_000));
        assert_eq!(masks.within(long.as_bytes()).unwrap(), Some("KEY"));
        assert_eq!(masks.within(&b"hunter2"[..]).unwrap(), None);
        let binary = [b"\0", long.as_bytes()].concat();
        assert_eq!(masks.within(binary.as_slice()).unwrap(), None);
    }
}
