//! An error as it goes over a wire, and back: what a client can act on stays what it was.

use serde::{Deserialize, Serialize};

use crate::store::{RecordId, StoreError};
use crate::{Moved, RemoteError};

/// What kind of error it is. The words stand in answers and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemCode {
    /// Refs are elsewhere than expected.
    Moved,
    /// Commits would be left behind.
    NotForward,
    /// Records were never sent.
    Missing,
    /// What was sent is against the rules.
    Refused,
    /// The push is known no more.
    Ended,
    /// The upload goes on elsewhere.
    Offset,
    /// Nothing there, or not for the asker.
    Absent,
    /// No valid token.
    Unauthorized,
    /// No room.
    Full,
    /// Later, perhaps.
    Away,
    /// Another protocol.
    Protocol,
    /// The other side is at fault.
    Internal,
}

impl ProblemCode {
    /// The status that it is answered with over HTTP.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Moved | Self::NotForward | Self::Offset => 409,
            Self::Missing | Self::Refused => 422,
            Self::Ended => 410,
            Self::Absent => 404,
            Self::Unauthorized => 401,
            Self::Full => 507,
            Self::Away => 503,
            Self::Protocol => 400,
            Self::Internal => 500,
        }
    }
}

/// An error as it goes over a wire. Says nothing of paths, tokens or what the system said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What kind.
    pub code: ProblemCode,
    /// In words.
    pub message: String,
    /// Refs that are elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<Moved>,
    /// Records that are missing: the number of the kind and the id, 66 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// How many bytes have arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub have: Option<u64>,
    /// The protocol of who answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<u32>,
}

impl Problem {
    /// One of these words.
    #[must_use]
    pub fn new(code: ProblemCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            moved: Vec::new(),
            missing: Vec::new(),
            have: None,
            protocol: None,
        }
    }

    /// What is told of an error. Of what failed on this side, only that it did: the log says more.
    #[must_use]
    pub fn of(error: &RemoteError) -> Self {
        use ProblemCode as Code;
        let told = |code, text: &str| Self::new(code, text);
        match error {
            RemoteError::Moved(refs) => Self {
                moved: refs.clone(),
                ..told(Code::Moved, &error.to_string())
            },
            RemoteError::NotForward(name) => told(Code::NotForward, name),
            RemoteError::Missing(records) => Self {
                missing: records.iter().map(digits).collect(),
                ..told(Code::Missing, &error.to_string())
            },
            RemoteError::Refused(text) => told(Code::Refused, text),
            RemoteError::Ended => told(Code::Ended, &error.to_string()),
            RemoteError::Offset { have } => Self {
                have: Some(*have),
                ..told(Code::Offset, &error.to_string())
            },
            RemoteError::Absent(_) => told(Code::Absent, &error.to_string()),
            RemoteError::Unauthorized => told(Code::Unauthorized, &error.to_string()),
            RemoteError::Full(text) => told(Code::Full, text),
            RemoteError::Away(text) => told(Code::Away, text),
            RemoteError::Protocol { ours, .. } => Self {
                protocol: Some(*ours),
                ..told(Code::Protocol, &error.to_string())
            },
            RemoteError::Store(StoreError::Lock(_)) => told(
                Code::Away,
                "somebody else is writing to the project; try again",
            ),
            // A server is no bundle, and builds upon nothing.
            RemoteError::Incomplete(_)
            | RemoteError::Elsewhere(_)
            | RemoteError::Needs(_)
            | RemoteError::Store(_)
            | RemoteError::Io { .. } => {
                told(Code::Internal, "the server failed; its log says more")
            }
        }
    }

    /// The error that it tells of, on the other side.
    #[must_use]
    pub fn into_error(self) -> RemoteError {
        match self.code {
            ProblemCode::Moved => RemoteError::Moved(self.moved),
            ProblemCode::NotForward => RemoteError::NotForward(self.message),
            ProblemCode::Missing => RemoteError::Missing(
                self.missing
                    .iter()
                    .filter_map(|text| record(text))
                    .collect(),
            ),
            ProblemCode::Refused => RemoteError::Refused(self.message),
            ProblemCode::Ended => RemoteError::Ended,
            ProblemCode::Offset => RemoteError::Offset {
                have: self.have.unwrap_or(0),
            },
            ProblemCode::Absent => {
                let what = self.message.strip_suffix(crate::error::ABSENT);
                RemoteError::Absent(what.unwrap_or(&self.message).to_owned())
            }
            ProblemCode::Unauthorized => RemoteError::Unauthorized,
            ProblemCode::Full => RemoteError::Full(self.message),
            ProblemCode::Away | ProblemCode::Internal => RemoteError::Away(self.message),
            ProblemCode::Protocol => RemoteError::Protocol {
                theirs: self.protocol.unwrap_or(0),
                ours: crate::PROTOCOL,
            },
        }
    }
}

fn digits(record: &RecordId) -> String {
    let bytes = record.to_bytes();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn record(text: &str) -> Option<RecordId> {
    let mut bytes = [0; 33];
    if text.len() != 66 || !text.is_ascii() {
        return None;
    }
    for (n, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * n..2 * n + 2], 16).ok()?;
    }
    RecordId::from_bytes(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::{CommitId, FileId};

    #[test]
    fn what_can_be_acted_on_comes_back_and_the_rest_says_nothing() {
        let moved = Moved {
            name: "timelines/main".into(),
            expected: None,
            found: Some(CommitId::from_bytes([3; 32])),
        };
        let errors = [
            RemoteError::Moved(vec![moved]),
            RemoteError::NotForward("timelines/main".into()),
            RemoteError::Missing(vec![RecordId::of_blob(FileId::of(b"a"))]),
            RemoteError::Refused("no".into()),
            RemoteError::Ended,
            RemoteError::Offset { have: 7 },
            RemoteError::Absent("project x".into()),
            RemoteError::Unauthorized,
            RemoteError::Full("disk".into()),
            RemoteError::Away("soon".into()),
        ];
        for error in errors {
            let problem = Problem::of(&error);
            let text = serde_json::to_string(&problem).unwrap();
            let back: Problem = serde_json::from_str(&text).unwrap();
            assert_eq!(format!("{:?}", back.into_error()), format!("{error:?}"));
        }
        let secret = RemoteError::Io {
            action: "open",
            path: "/srv/secret".into(),
            source: std::io::Error::other("secret"),
        };
        let text = serde_json::to_string(&Problem::of(&secret)).unwrap();
        assert!(!text.contains("secret"), "{text}");
        for text in [
            "",
            "é",
            &"zz".repeat(33),
            &"ff".repeat(33),
            &"00".repeat(33),
        ] {
            assert_eq!(record(text), None, "{text}");
        }
    }
}
