//! Three-way merge of a file by its kind.

use super::json::{is_json, merge_json, tokens};
use super::text::{LIMIT_BYTES, merge_text};

/// Joins two versions of the file at `path` that both grew out of `base`: JSON by field, other
/// text by lines, all else not at all. What only one of them changed is taken as it is.
///
/// # Errors
/// Why it cannot be joined, as the end of a sentence.
pub fn merge_file(path: &str, base: &[u8], ours: &[u8], theirs: &[u8]) -> Result<Vec<u8>, String> {
    if ours == theirs || theirs == base {
        return Ok(ours.to_owned());
    }
    if ours == base {
        return Ok(theirs.to_owned());
    }
    if [base, ours, theirs]
        .iter()
        .any(|side| side.len() as u64 > LIMIT_BYTES)
    {
        return Err("it is too large to be merged".to_owned());
    }
    let (Some(base), Some(ours), Some(theirs)) = (text(base), text(ours), text(theirs)) else {
        return Err("it is not a text, so one version has to be chosen".to_owned());
    };
    let by_lines = merge_text(base, ours, theirs).map_err(|places| match places {
        1 => "the same lines were changed differently".to_owned(),
        many => format!("the same lines were changed differently in {many} places"),
    });
    // Lines know nothing of brackets and commas.
    let sound = |kind: &str, parses: &dyn Fn(&str) -> bool| {
        let merged = by_lines.clone()?;
        if parses(ours) && parses(theirs) && !parses(&merged) {
            return Err(format!("joined by lines it is no {kind} any more"));
        }
        Ok(merged.into_bytes())
    };
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "json" => {
            let Some(merged) = merge_json(base, ours, theirs) else {
                return sound("JSON", &is_json);
            };
            if !merged.twice.is_empty() {
                let fields = merged.twice.join(", ");
                return Err(format!("these keys stand twice in an object: {fields}"));
            }
            if !merged.conflicts.is_empty() {
                let fields = merged.conflicts.join(", ");
                return Err(format!("these fields were changed differently: {fields}"));
            }
            // Where the lines come to the same, they have the layout of both.
            let text = by_lines.ok();
            let text = text.filter(|text| tokens(text) == tokens(&merged.text));
            Ok(text.unwrap_or(merged.text).into_bytes())
        }
        "toml" => sound("TOML", &|text| text.parse::<toml::Table>().is_ok()),
        _ => by_lines.map(String::into_bytes),
    }
}

fn text(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok();
    text.filter(|text| !text.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(path: &str, base: &str, ours: &str, theirs: &str) -> Result<String, String> {
        let bytes = merge_file(path, base.as_bytes(), ours.as_bytes(), theirs.as_bytes());
        bytes.map(|bytes| String::from_utf8(bytes).expect("text"))
    }

    #[test]
    fn json_is_joined_by_field_even_on_one_line() {
        let joined = merged(
            "beats.json",
            r#"{"a": 1, "b": 1}"#,
            r#"{"a": 2, "b": 1}"#,
            r#"{"a": 1, "b": 3}"#,
        );
        assert_eq!(joined.as_deref(), Ok(r#"{"a": 2, "b": 3}"#));
        let both = merged("x.json", r#"{"a": 1}"#, r#"{"a": 2}"#, r#"{"a": 3}"#);
        assert!(both.expect_err("a conflict").ends_with(": /a"));
        let twice = merged(
            "x.json",
            r#"{"a": 1}"#,
            r#"{"a": 1, "a": 2}"#,
            r#"{"a": 1, "b": 3}"#,
        );
        assert!(
            twice
                .expect_err("a conflict")
                .ends_with("twice in an object: /a")
        );
    }

    #[test]
    fn the_layout_of_json_stays_where_lines_can_be_joined() {
        let base = "{\"a\":1,\n\"x\":[1,2],\n\"y\":0,\n\"b\":1}";
        let (ours, theirs) = (
            base.replace("a\":1", "a\":2"),
            base.replace("b\":1", "b\":3"),
        );
        let joined = merged("x.json", base, &ours, &theirs);
        assert_eq!(
            joined.as_deref(),
            Ok(ours.replace("b\":1", "b\":3").as_str())
        );
    }

    #[test]
    fn toml_that_would_break_is_a_conflict() {
        let base = "[a]\n\nx = 1\n\ny = 2\n\nz = 3\n";
        let ours = base.replace("[a]\n", "[a]\nnew = 1\n");
        let theirs = format!("{base}new = 2\n");
        let error = merged("a.toml", base, &ours, &theirs).expect_err("a conflict");
        assert!(error.contains("TOML"), "{error}");
        assert!(merged("a.txt", base, &ours, &theirs).is_ok());
    }

    #[test]
    fn json_that_would_break_is_a_conflict_even_if_it_was_broken_before() {
        // A comma was missing, and each side put one in, at its own place.
        let base = "{\n\"a\": 1\n\n\"x\": 2,\n\n\"y\": 3\n}\n";
        let ours = base.replace("1\n", "1,\n");
        let theirs = base.replace("\n\n\"x\"", "\n\n,\"x\"");
        assert!(is_json(&ours) && is_json(&theirs));
        let error = merged("a.json", base, &ours, &theirs).expect_err("a conflict");
        assert!(error.contains("no JSON"), "{error}");
        assert!(merged("a.txt", base, &ours, &theirs).is_ok());
        // What was no JSON on one side either is text.
        assert!(merged("a.json", base, &ours, &format!("# x\n{base}")).is_ok());
    }

    #[test]
    fn what_is_no_text_is_never_joined() {
        assert!(merge_file("a.png", b"\0a", b"\0b", b"\0c").is_err());
    }
}
