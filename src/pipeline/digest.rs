//! Digests of values that a generator read.

use std::fmt;

use serde_json::Value;

/// BLAKE3 of a value in its canonical form, or the fact that the value is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Digest {
    /// There was nothing to read; recorded too, so that a value that appears is noticed.
    Absent,
    /// BLAKE3-256 of the canonical bytes.
    Of([u8; 32]),
}

impl Digest {
    /// The digest of bytes as they are: for a whole file it equals the file's id.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self::Of(*blake3::hash(bytes).as_bytes())
    }

    /// The digest of a JSON or TOML value, whatever the order of its keys and its white space.
    #[must_use]
    pub fn of_json(value: &Value) -> Self {
        Self::of_bytes(canonical_json(value).as_bytes())
    }

    /// What an action records: 64 hexadecimal digits, or `absent`.
    #[must_use]
    pub fn to_text(self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("absent"),
            Self::Of(bytes) => f.write_str(&blake3::Hash::from_bytes(*bytes).to_hex()),
        }
    }
}

/// The value as compact JSON with its keys sorted at every level.
///
/// # Panics
/// Never: a JSON value has a JSON text.
#[must_use]
pub fn canonical_json(value: &Value) -> String {
    let mut out = Vec::new();
    write_canonical(value, &mut out);
    String::from_utf8(out).expect("JSON is UTF-8")
}

fn write_canonical(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by_key(|entry| entry.0);
            out.push(b'{');
            for (at, (key, value)) in entries.into_iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write_scalar(key, out);
                out.push(b':');
                write_canonical(value, out);
            }
            out.push(b'}');
        }
        Value::Array(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write_canonical(item, out);
            }
            out.push(b']');
        }
        other => write_scalar(other, out),
    }
}

fn write_scalar(value: &impl serde::Serialize, out: &mut Vec<u8>) {
    serde_json::to_writer(out, value).expect("it is plain data");
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn key_order_does_not_count_and_values_do() {
        assert_eq!(
            Digest::of_json(&json!({"a": 1, "b": {"c": [1, 2], "d": 3}})),
            Digest::of_json(&json!({"b": {"d": 3, "c": [1, 2]}, "a": 1})),
        );
        assert_ne!(
            Digest::of_json(&json!({"a": 1})),
            Digest::of_json(&json!({"a": "1"}))
        );
        assert_ne!(
            Digest::of_json(&json!([1, 2])),
            Digest::of_json(&json!([2, 1]))
        );
    }

    #[test]
    fn the_digest_of_a_whole_file_is_its_id() {
        let bytes = b"FADE IN:\n";
        let id = crate::object::FileId::of(bytes);
        assert_eq!(Digest::of_bytes(bytes).to_text(), id.to_hex());
    }
}
