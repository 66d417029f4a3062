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
#[must_use]
pub fn canonical_json(value: &Value) -> String {
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Object(map) => {
                let mut keys: Vec<_> = map.iter().collect();
                keys.sort_by(|a, b| a.0.cmp(b.0));
                Value::Object(
                    keys.into_iter()
                        .map(|(k, v)| (k.clone(), sorted(v)))
                        .collect(),
                )
            }
            Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
            other => other.clone(),
        }
    }
    sorted(value).to_string()
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
