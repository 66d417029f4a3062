//! Notes and review marks: a thread a file in `notes/`.
//!
//! A thread only grows: every message has an id of its own, so two versions of one are joined by taking the
//! messages of both.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::parsed::Malformed;

/// Where threads lie.
pub const NOTES: &str = "notes/";

/// Most bytes of a thread.
pub const MAX_THREAD_BYTES: u64 = 1 << 20;

/// What is thought of a block of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// It stays.
    Keep,
    /// It has to be written anew.
    Rewrite,
    /// It is just right.
    Love,
    /// It has to go.
    Hate,
}

impl Mark {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Keep, Self::Rewrite, Self::Love, Self::Hate];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Rewrite => "rewrite",
            Self::Love => "love",
            Self::Hate => "hate",
        }
    }
}

/// What a message does to its thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Does {
    /// It says something.
    #[default]
    Says,
    /// It ends it.
    Resolves,
    /// It opens it again.
    Reopens,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// When: `2026-11-30T10:00:00Z`.
    pub time: String,
    /// Of no other message.
    pub id: String,
    /// Who: `Ada Moreau <ada@example.com>`.
    pub by: String,
    /// What it does.
    #[serde(default, skip_serializing_if = "is_says")]
    pub does: Does,
    /// What is thought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

fn is_says(does: &Does) -> bool {
    *does == Does::Says
}

/// A thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thread {
    /// What it is about: `shot 002_011`, `scene 003`, `script.fountain`, `commit 1f2e…`.
    pub on: String,
    /// The words of the file that it is about; none for all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// In the order in which they were written.
    pub message: Vec<Message>,
}

impl Thread {
    /// Reads a thread.
    ///
    /// # Errors
    /// What is wrong with it, with the line.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let thread: Self = toml::from_str(text).map_err(|error| Malformed::toml(text, &error))?;
        match thread.message.is_empty() {
            true => Err(Malformed::Lacks("message")),
            false => Ok(thread),
        }
    }

    /// The file: the same thread is the same bytes.
    #[must_use]
    pub fn print(&self) -> String {
        toml::to_string(self).expect("texts can always be written")
    }

    /// Whether the last word on that is that it is settled.
    #[must_use]
    pub fn is_resolved(&self) -> bool {
        let last = self
            .message
            .iter()
            .rev()
            .find(|message| message.does != Does::Says);
        last.is_some_and(|message| message.does == Does::Resolves)
    }

    /// Two versions of a thread: the messages of both, in the order of their times.
    #[must_use]
    pub fn join(ours: &Self, theirs: &Self) -> Self {
        let messages = ours.message.iter().chain(&theirs.message);
        let by_id: BTreeMap<(&str, &str), &Message> = messages
            .map(|message| ((message.time.as_str(), message.id.as_str()), message))
            .collect();
        let first = ours.min(theirs);
        Self {
            on: first.on.clone(),
            quote: first.quote.clone(),
            message: by_id.into_values().cloned().collect(),
        }
    }

    fn min<'t>(&'t self, other: &'t Self) -> &'t Self {
        match (&self.on, &self.quote) <= (&other.on, &other.quote) {
            true => self,
            false => other,
        }
    }
}

/// Those whom a text names: `@ada` is `ada`.
#[must_use]
pub fn mentions(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        // Within a word it is a mail address.
        if c == '@' && !before.is_alphanumeric() {
            let rest = &text[at + 1..];
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_');
            let name = &rest[..end.unwrap_or(rest.len())];
            if !name.is_empty() && !found.iter().any(|known| known == name) {
                found.push(name.to_owned());
            }
        }
        before = c;
    }
    found
}

/// The id of a message: of its author, its time and what it says, so that no clock and no chance is asked.
#[must_use]
pub fn message_id(thread: &str, by: &str, time: &str, text: &str) -> String {
    let mut hasher = blake3::Hasher::new_derive_key("aiut 2026 note v1");
    for part in [thread, by, time, text] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex()[..12].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(time: &str, text: &str, does: Does) -> Message {
        Message {
            time: time.to_owned(),
            id: message_id("", "Ada", time, text),
            by: "Ada".to_owned(),
            does,
            mark: None,
            text: text.to_owned(),
        }
    }

    fn thread(messages: Vec<Message>) -> Thread {
        Thread {
            on: "shot 002_011".to_owned(),
            quote: None,
            message: messages,
        }
    }

    #[test]
    fn threads_read_back_and_join_by_message() {
        let first = message("1", "Too dark.\n@pavel?", Does::Says);
        let (ours, theirs) = (
            message("3", "Done.", Does::Resolves),
            message("2", "I see.", Does::Says),
        );
        let a = thread(vec![first.clone(), ours.clone()]);
        let b = thread(vec![first.clone(), theirs.clone()]);
        assert_eq!(Thread::parse(&a.print()), Ok(a.clone()));
        let joined = Thread::join(&a, &b);
        assert_eq!(joined, thread(vec![first, theirs, ours]));
        assert_eq!(joined, Thread::join(&b, &a));
        assert!(joined.is_resolved() && !b.is_resolved());
        for bad in [
            "",
            "on = 1\n",
            "on = \"x\"\nmessage = []\n",
            "on = \"x\"\nother = 1\n",
        ] {
            assert!(Thread::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn people_are_named_with_an_at_sign() {
        assert_eq!(
            mentions("@ada, ask @pavel-k; not a@b.org, @ada"),
            ["ada", "pavel-k"]
        );
        assert_eq!(mentions("@ nobody"), [""; 0]);
    }
}
