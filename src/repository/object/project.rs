//! Which project an operation is of.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The random number that a project got when it was made, and that its operations carry. A copy of a
/// project has the same one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectId([u8; 16]);

/// Why a text is not the id of a project.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a project: expected 32 lower-case hexadecimal digits, got {0:?}")]
pub struct ParseProjectIdError(pub String);

impl ProjectId {
    /// The id with these 16 bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// One that no other project has.
    #[must_use]
    pub fn random() -> Self {
        let mut bytes = [0; 16];
        for half in bytes.chunks_exact_mut(8) {
            // The standard library seeds its hashers from the system's source of randomness.
            let number = RandomState::new().hash_one(std::process::id());
            half.copy_from_slice(&number.to_le_bytes());
        }
        Self(bytes)
    }

    /// Its 16 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for ProjectId {
    /// The 32 hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ProjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProjectId({self})")
    }
}

impl FromStr for ProjectId {
    type Err = ParseProjectIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || ParseProjectIdError(text.to_owned());
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let digits: Option<Vec<u8>> = text.bytes().map(digit).collect();
        let digits = digits.filter(|digits| digits.len() == 32);
        let mut bytes = [0; 16];
        for (byte, pair) in bytes
            .iter_mut()
            .zip(digits.ok_or_else(refused)?.chunks_exact(2))
        {
            *byte = pair[0] << 4 | pair[1];
        }
        Ok(Self(bytes))
    }
}

impl Serialize for ProjectId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_bytes(&self.0)
        }
    }
}

impl<'de> Deserialize<'de> for ProjectId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = String::deserialize(deserializer)?;
            text.parse().map_err(serde::de::Error::custom)
        } else {
            let bytes = serde_bytes::ByteArray::<16>::deserialize(deserializer)?;
            Ok(Self(bytes.into_array()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_back_from_its_text_and_nothing_else_does() {
        let id = ProjectId::from_bytes(*b"0123456789abcdef");
        assert_eq!(id.to_string(), "30313233343536373839616263646566");
        assert_eq!(id.to_string().parse(), Ok(id));
        for text in ["", "3031", "30313233343536373839616263646566ff"] {
            assert!(text.parse::<ProjectId>().is_err(), "{text}");
        }
        assert!(
            "3031323334353637383961626364656G"
                .parse::<ProjectId>()
                .is_err()
        );
        assert_ne!(ProjectId::random(), ProjectId::random());
    }
}
