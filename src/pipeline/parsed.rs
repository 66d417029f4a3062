//! Values parsed from files, kept so that nothing is parsed, hashed or searched twice.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::contents::Contents;
use super::digest::Digest;
use super::facts::Facts;
use super::snapshot::{NUMBERS, SCRIPT, Snapshot};
use super::story::{ScriptRead, Story, read_numbers, read_script};
use super::unread::ReadError;
use super::who::Who;
use super::written::Form;
use crate::film::fountain::Script;
use crate::film::numbers::Numbers;
use crate::film::words::{HeadingWords, OwnHeadingWords};
use crate::object::{FileId, RepoPath};

/// A script, or why it cannot be read.
type ScriptResult = Result<Arc<ScriptRead>, ReadError>;

/// What reading a story came to.
type StoryRead = Result<Arc<Story>, ReadError>;

/// Values parsed from files, by what they were parsed from; shared by all snapshots of a process,
/// so that nothing is parsed twice.
#[derive(Default)]
pub struct Parsed {
    pub(super) documents: Mutex<HashMap<FileId, Result<Arc<Value>, Malformed>>>,
    /// What is wrong with a file of a form, if anything.
    pub(super) wrong: Mutex<HashMap<(FileId, Form), Option<String>>>,
    pub(super) stories: Mutex<HashMap<[u8; 32], StoryRead>>,
    /// By the words of headings, as the configuration has them, too.
    scripts: Mutex<HashMap<(FileId, String), ScriptResult>>,
    /// The words of headings, by what the configuration has of them.
    words: Mutex<HashMap<String, Arc<HeadingWords>>>,
    numbers: Mutex<HashMap<FileId, Result<Arc<Numbers>, ReadError>>>,
    /// By the script and the bible's people.
    casts: Mutex<HashMap<[u8; 32], Arc<Who>>>,
    /// What is known of documents without reading them.
    pub(super) facts: Arc<Mutex<Facts>>,
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
    /// The script of this content.
    ///
    /// # Errors
    /// `Broken` says in which line it is no screenplay.
    pub(super) fn script(&self, id: &FileId) -> Result<Arc<ScriptRead>, ReadError> {
        let key = (*id, self.own_headings());
        let known = self.parsed.scripts.lock().expect("no panic while held");
        if let Some(known) = known.get(&key) {
            return known.clone();
        }
        drop(known);
        let bytes = self.bytes(SCRIPT, id)?;
        let words = self.heading_words()?;
        let read = read_script(&bytes, &words).map(|script| Arc::new(script.into()));
        let mut known = self.parsed.scripts.lock().expect("no panic while held");
        known.insert(key, read.clone());
        read
    }

    /// The story, if somebody asked for it.
    pub(super) fn story_if_read(&self) -> Option<&Arc<Story>> {
        self.story.get()?.as_ref().ok()?.as_ref()
    }

    /// Reads a script that will be asked for. One that cannot be read is told whoever asks for it: its bytes are
    /// taken from `contents`, where nobody is told.
    pub fn parse_ahead(&self, id: &FileId, contents: Arc<dyn Contents>) {
        let mut apart = self.with_files([]);
        apart.contents = contents;
        let _ = apart.script(id);
    }

    /// Notes what a text of numbers that was just printed says.
    pub(super) fn know_numbers(&self, text: &str, numbers: Numbers) {
        let id = FileId::of(text.as_bytes());
        let mut known = self.parsed.numbers.lock().expect("no panic while held");
        known.insert(id, Ok(Arc::new(numbers)));
    }

    /// What the configuration has of words of headings; empty if nothing.
    pub(super) fn own_headings(&self) -> String {
        self.config("headings")
            .map(Value::to_string)
            .unwrap_or_default()
    }

    /// The words of headings: the built-in ones and those of the project.
    ///
    /// # Errors
    /// `Broken` names the project's file, where they are none.
    pub fn heading_words(&self) -> Result<Arc<HeadingWords>, ReadError> {
        let Some(own) = self.config("headings") else {
            return Ok(HeadingWords::builtin());
        };
        let key = own.to_string();
        let mut known = self.parsed.words.lock().expect("no panic while held");
        if let Some(words) = known.get(&key) {
            return Ok(words.clone());
        }
        let own: OwnHeadingWords =
            serde_json::from_value(own.clone()).map_err(|error| ReadError::Broken {
                path: "aiut.toml".to_owned(),
                reason: format!("[headings]: {error}"),
            })?;
        let words = Arc::new(HeadingWords::with(&own));
        known.insert(key, words.clone());
        Ok(words)
    }

    /// The numbers of this content.
    ///
    /// # Errors
    /// `Broken` says in which line it is malformed.
    pub(super) fn numbers(&self, id: &FileId) -> Result<Arc<Numbers>, ReadError> {
        let known = self.parsed.numbers.lock().expect("no panic while held");
        if let Some(known) = known.get(id) {
            return known.clone();
        }
        drop(known);
        let read = read_numbers(&self.bytes(NUMBERS, id)?).map(Arc::new);
        let mut known = self.parsed.numbers.lock().expect("no panic while held");
        known.insert(*id, read.clone());
        read
    }

    /// Who is in the film of a script, with these files of the bible's people.
    ///
    /// # Errors
    /// `Pending`, of a file that is still to be made.
    pub(super) fn who(
        &self,
        id: &FileId,
        script: &Arc<Script>,
        characters: &[RepoPath],
    ) -> Result<Arc<Who>, ReadError> {
        let mut key = blake3::Hasher::new_derive_key("aiut 2026 who is in a film v1");
        key.update(id.as_bytes());
        let headings = self.own_headings();
        if !headings.is_empty() {
            key.update(headings.as_bytes()).update(&[0]);
        }
        for path in characters {
            if let Some(id) = self.file(path.as_str())? {
                let taken_for = format!("{:?}", self.layout().kind_of(path.as_str()));
                for text in [path.as_str(), &taken_for] {
                    key.update(text.as_bytes()).update(&[0]);
                }
                key.update(id.as_bytes());
            }
        }
        let key = *key.finalize().as_bytes();
        let known = self.parsed.casts.lock().expect("no panic while held");
        if let Some(known) = known.get(&key) {
            return Ok(Arc::clone(known));
        }
        drop(known);
        let who = Who::read(Arc::clone(script), self, characters, key)?;
        let who = Arc::new(who);
        let mut known = self.parsed.casts.lock().expect("no panic while held");
        known.insert(key, Arc::clone(&who));
        Ok(who)
    }

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

/// Why a text is neither JSON nor TOML, as its name says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// It is no text from this byte on.
    #[error("not UTF-8 at byte {0}")]
    NoText(usize),
    /// It is another text.
    #[error("line {line}, column {column}: {reason}")]
    Syntax {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What does not fit there.
        reason: String,
    },
    /// It is well formed and lacks what every such file has.
    #[error("it has no {0}")]
    Lacks(&'static str),
}

impl Malformed {
    /// What the parser of TOML has against a text.
    pub(super) fn toml(text: &str, error: &toml::de::Error) -> Self {
        let at = error.span().map_or(0, |span| span.start);
        let (line, column) = position(text, at);
        let reason = error.message().to_owned();
        Self::Syntax {
            line,
            column,
            reason,
        }
    }
}

/// Why a file whose name ends in `.json` or `.toml` cannot be read as such; none if it can, or has
/// another name.
#[must_use]
pub fn malformed(path: &RepoPath, bytes: &[u8]) -> Option<Malformed> {
    let is_document = matches!(path.extension(), Some("json" | "toml"));
    is_document.then(|| parse_document(path.as_str(), bytes).err())?
}

/// A JSON or TOML text as a value.
///
/// # Errors
/// Where it is not well formed, with line and column.
pub(super) fn parse_document(path: &str, bytes: &[u8]) -> Result<Value, Malformed> {
    let text =
        std::str::from_utf8(bytes).map_err(|error| Malformed::NoText(error.valid_up_to()))?;
    if path.ends_with(".toml") {
        let table: toml::Table = text
            .parse()
            .map_err(|error| Malformed::toml(text, &error))?;
        Ok(serde_json::to_value(table).expect("JSON has all that TOML has"))
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
            Malformed::Syntax {
                line: error.line(),
                column: error.column(),
                reason,
            }
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
