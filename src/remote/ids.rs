//! Names that both sides know a push and a pack by: 16 bytes, written as 32 hexadecimal digits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why a text is no such name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected 32 lower-case hexadecimal digits")]
pub struct ParseTokenError;

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 16]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = ParseTokenError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                sixteen(text).map(Self).ok_or(ParseTokenError)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

names! {
    /// A push, from its first question to its answer. Its pusher chooses it, so that the same push that is
    /// tried again after an interruption goes on where it was.
    SessionId,
    /// A pack on its way, by what goes into it.
    PackId,
}

impl SessionId {
    /// The name that the push of this name has among those of everybody: nobody gets at the push of another by
    /// knowing what it is called.
    #[must_use]
    pub fn of_owner(&self, owner: &str) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("aiut 2026 push of an owner v1");
        hasher.update(&self.0).update(owner.as_bytes());
        Self(first_sixteen(&hasher.finalize()))
    }
}

/// 16 bytes from 32 digits.
fn sixteen(text: &str) -> Option<[u8; 16]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    if text.len() != 32 {
        return None;
    }
    let mut bytes = [0; 16];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

/// The first 16 bytes of a hash.
pub(crate) fn first_sixteen(hash: &blake3::Hash) -> [u8; 16] {
    *hash.as_bytes().first_chunk().expect("a hash has 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_and_nothing_else_is_one() {
        let id = SessionId(*b"0123456789abcdef");
        assert_eq!(id.to_string(), "30313233343536373839616263646566");
        assert_eq!(id.to_string().parse(), Ok(id));
        for text in [
            "",
            "30",
            "../../../../etc/passwd..........",
            "3031323334353637383961626364656G",
        ] {
            assert!(text.parse::<PackId>().is_err(), "{text}");
        }
        assert!("é".repeat(16).parse::<PackId>().is_err());
    }
}
