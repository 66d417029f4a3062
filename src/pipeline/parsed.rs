//! Values parsed from files, kept so that nothing is parsed, hashed or searched twice.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::digest::Digest;
use super::snapshot::Snapshot;
use super::story::Story;
use super::unread::ReadError;
use super::written::Form;
use crate::object::FileId;

/// What reading a story came to.
type StoryRead = Result<Arc<Story>, ReadError>;

/// Values parsed from files, by what they were parsed from; shared by all snapshots of a process,
/// so that nothing is parsed twice.
#[derive(Default)]
pub struct Parsed {
    pub(super) documents: Mutex<HashMap<FileId, Result<Arc<Value>, String>>>,
    /// What is wrong with a file of a form, if anything.
    pub(super) wrong: Mutex<HashMap<(FileId, Form), Option<String>>>,
    pub(super) stories: Mutex<HashMap<[u8; 32], StoryRead>>,
    /// Where each shot stands in a shot list.
    shots: Mutex<HashMap<FileId, Arc<HashMap<String, usize>>>>,
    /// Values that many items read, with their digests and as the type that was asked for.
    shared: Mutex<HashMap<SharedKey, (Digest, Shared)>>,
}

/// A file, a place in it, and as what it was asked for.
type SharedKey = (FileId, String, TypeId);

/// A value of any type.
pub(super) type Shared = Arc<dyn Any + Send + Sync>;

impl Snapshot {
    /// A shot of a shot list, or one of its fields; none if the list or the shot is absent.
    ///
    /// # Errors
    /// As [`Snapshot::document`].
    pub fn shot(&self, path: &str, shot: &str, pointer: &str) -> Result<Option<Value>, ReadError> {
        let (Some(id), Some(list)) = (self.file(path)?, self.document(path)?) else {
            return Ok(None);
        };
        let mut known = self.parsed.shots.lock().expect("no panic while held");
        let places = known
            .entry(id)
            .or_insert_with(|| Arc::new(shot_places(&list)));
        let shot = places.get(shot).and_then(|at| list.get("shots")?.get(at));
        Ok(shot.and_then(|shot| shot.pointer(pointer)).cloned())
    }

    /// What `make` makes of the value at a pointer of a file, made once for each type `T`, with
    /// the digest of the value. `make` is not called for a file that is absent.
    pub(super) fn shared<T: 'static>(
        &self,
        path: &str,
        pointer: &str,
        make: impl FnOnce(Option<Value>) -> Result<(Digest, Shared), ReadError>,
    ) -> Result<(Digest, Option<Shared>), ReadError> {
        let Some(id) = self.file(path)? else {
            return Ok((Digest::Absent, None));
        };
        let key = (id, pointer.to_owned(), TypeId::of::<T>());
        let known = self.parsed.shared.lock().expect("no panic while held");
        if let Some((digest, shared)) = known.get(&key) {
            return Ok((*digest, Some(shared.clone())));
        }
        drop(known);
        let (digest, shared) = make(self.pointer(path, pointer)?)?;
        let mut known = self.parsed.shared.lock().expect("no panic while held");
        known.insert(key, (digest, shared.clone()));
        Ok((digest, Some(shared)))
    }
}

/// Where each shot stands in a shot list; of two with the same id the first.
fn shot_places(list: &Value) -> HashMap<String, usize> {
    let shots = list.get("shots").and_then(Value::as_array);
    let mut places = HashMap::new();
    for (at, shot) in shots.into_iter().flatten().enumerate() {
        if let Some(id) = shot.get("shot_id").and_then(Value::as_str) {
            places.entry(id.to_owned()).or_insert(at);
        }
    }
    places
}

/// A JSON or TOML text as a value.
///
/// # Errors
/// Where it is not well formed, with line and column.
pub(super) fn parse_document(path: &str, bytes: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| format!("not UTF-8 at byte {}", error.valid_up_to()))?;
    if path.ends_with(".toml") {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let at = error.span().map_or(0, |span| span.start);
            let (line, column) = position(text, at);
            format!("line {line}, column {column}: {}", error.message())
        })?;
        serde_json::to_value(table).map_err(|error| error.to_string())
    } else {
        // Some editors put a byte order mark before what they save.
        let text = text.trim_start_matches('\u{feff}');
        serde_json::from_str(text).map_err(|error| {
            let reason = error.to_string();
            let reason = reason
                .split(" at line ")
                .next()
                .unwrap_or(&reason)
                .to_owned();
            format!("line {}, column {}: {reason}", error.line(), error.column())
        })
    }
}

/// Line and column, from 1, of a byte of `text`.
pub(super) fn position(text: &str, at: usize) -> (usize, usize) {
    let before = &text.as_bytes()[..at.min(text.len())];
    let line = before.iter().filter(|b| **b == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|b| **b != b'\n').count() + 1;
    (line, column)
}
