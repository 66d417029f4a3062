//! Who is in the film: what follows from the script and the bible's people, whatever the scenes are
//! numbered.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use super::digest::Digest;
use super::facts::{Facts, Key};
use super::snapshot::Snapshot;
use super::unread::ReadError;
use super::written::told_of_toml;
use crate::film::bible::CharacterRecord;
use crate::film::cast::{Cast, Names};
use crate::film::fountain::Script;
use crate::object::RepoPath;

/// The cast, found when it is first asked for: a script of the past is often read for its scenes alone.
pub(super) struct Who {
    script: Arc<Script>,
    bible: BTreeMap<String, CharacterRecord>,
    /// The file of the bible for which nobody can say who is who.
    pub(super) unsure: Option<ReadError>,
    found: OnceLock<Found>,
    /// The cast as JSON, if it was found before.
    known: Option<Arc<str>>,
    key: Key,
    facts: Arc<Mutex<Facts>>,
}

struct Found {
    cast: Cast,
    names: Names,
    digest: Digest,
}

impl Who {
    /// Reads what the bible says of its people. `key` stands for the script and for these files.
    ///
    /// # Errors
    /// `Pending`, of a file that is still to be made.
    pub(super) fn read(
        script: Arc<Script>,
        snapshot: &Snapshot,
        characters: &[RepoPath],
        key: Key,
    ) -> Result<Self, ReadError> {
        let mut bible = BTreeMap::new();
        let mut unsure = None;
        for path in characters {
            let Some((_, slug)) = snapshot.layout().kind_of(path.as_str()) else {
                continue;
            };
            match read_character(snapshot, path.as_str()) {
                Ok(record) => bible.extend(record.map(|record| (slug.to_owned(), record))),
                Err(error) if error.is_of_file() => drop(unsure.get_or_insert(error)),
                Err(error) => return Err(error),
            }
        }
        Ok(Self {
            script,
            bible,
            unsure,
            found: OnceLock::new(),
            known: snapshot.fact_as_text(&key),
            key,
            facts: Arc::clone(&snapshot.parsed.facts),
        })
    }

    fn found(&self) -> &Found {
        self.found.get_or_init(|| {
            let known = self.known.as_ref();
            let known = known.and_then(|json| serde_json::from_str::<Cast>(json).ok());
            let cast = known.unwrap_or_else(|| {
                let cast = Cast::from_script(&self.script, &self.bible);
                let mut facts = self.facts.lock().expect("no panic while held");
                facts.put(self.key, &cast);
                cast
            });
            let value = serde_json::to_value(&cast).expect("a cast is plain data");
            Found {
                names: Names::new(&cast),
                digest: Digest::of_json(&value),
                cast,
            }
        })
    }

    pub(super) fn cast(&self) -> &Cast {
        &self.found().cast
    }

    pub(super) fn names(&self) -> &Names {
        &self.found().names
    }

    pub(super) fn digest(&self) -> Digest {
        self.found().digest
    }
}

fn read_character(snapshot: &Snapshot, path: &str) -> Result<Option<CharacterRecord>, ReadError> {
    let Some(document) = snapshot.parse(path)? else {
        return Ok(None);
    };
    CharacterRecord::for_cast(&document)
        .map(Some)
        .map_err(|fault| {
            let bytes = snapshot.file(path).ok().flatten();
            let bytes = bytes.and_then(|id| snapshot.bytes(path, &id).ok());
            let text = String::from_utf8_lossy(bytes.as_deref().unwrap_or_default()).into_owned();
            ReadError::Broken {
                path: path.to_owned(),
                reason: told_of_toml(&fault, &text),
            }
        })
}
