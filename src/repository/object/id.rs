//! Ids: BLAKE3, one newtype per kind, so that a tree's id cannot go where a commit's belongs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id: expected 64 lower-case hexadecimal digits, got {0:?}")]
pub struct ParseIdError(pub String);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 32]);

        impl $name {
            /// The id with these 32 bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// The 32 bytes of the id.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }

            /// The 64 hexadecimal digits, as `b3sum` prints them.
            #[must_use]
            pub fn to_hex(&self) -> String {
                blake3::Hash::from_bytes(self.0).to_hex().to_string()
            }

            /// The first 12 digits: what listings show.
            #[must_use]
            pub fn short(&self) -> String {
                self.to_hex()[..12].to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.to_hex())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.short())
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let canonical = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
                match blake3::Hash::from_hex(text) {
                    Ok(hash) if canonical => Ok(Self(*hash.as_bytes())),
                    _ => Err(ParseIdError(text.to_owned())),
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.serialize_str(&self.to_hex())
                } else {
                    serializer.serialize_bytes(&self.0)
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
                } else {
                    let bytes = serde_bytes::ByteArray::<32>::deserialize(deserializer)?;
                    Ok(Self(bytes.into_array()))
                }
            }
        }
    )*};
}

ids! {
    /// A file: BLAKE3-256 of its bytes, so it equals what `b3sum FILE` prints.
    FileId,
    /// A stored piece of a file: BLAKE3-256 of its bytes.
    ChunkId,
    /// A folder's listing.
    TreeId,
    /// A commit.
    CommitId,
    /// One run of an action.
    GenerationId,
    /// Everything that determines an output; the key of the action cache.
    ActionId,
    /// A decision to keep a stale output.
    AcceptanceId,
    /// One entry of the operation log.
    OperationId,
    /// Every ref and HEAD at one moment.
    ViewId,
    /// A node of the tree of refs.
    RefsId,
    /// What was let go of.
    ExpiryId,
    /// Two versions of a file that collide.
    ConflictId,
}

impl FileId {
    /// The id of a file with these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }
}

impl ChunkId {
    /// The id of a chunk with these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_from_its_text_and_nothing_else_does() {
        let id = FileId::of(b"INT. KITCHEN - DAY\n");
        assert_eq!(id.to_hex().parse(), Ok(id));
        assert!("".parse::<FileId>().is_err());
        assert!(id.to_hex()[1..].parse::<FileId>().is_err());
        assert!(id.to_hex().to_uppercase().parse::<FileId>().is_err());
    }
}
