//! Who is in the film: what follows from the script and the bible's people, whatever the scenes are
//! numbered.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use serde_json::Value;

use super::digest::Digest;
use super::facts::{Facts, Key};
use super::parsed::position;
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

/// What the cast is made from. A slip elsewhere in the file is told to whoever reads it.
fn read_character(snapshot: &Snapshot, path: &str) -> Result<Option<CharacterRecord>, ReadError> {
    let document = match snapshot.parse(path) {
        Ok(None) => return Ok(None),
        Ok(Some(document)) => document,
        Err(error @ ReadError::Broken { .. }) => {
            let bytes = snapshot.file(path)?.map(|id| snapshot.bytes(path, &id));
            let bytes = bytes.transpose()?.unwrap_or_default();
            let text = std::str::from_utf8(&bytes).ok();
            let value = text.and_then(without_slips).ok_or(error)?;
            Arc::new(value)
        }
        Err(error) => return Err(error),
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

/// Most lines with slips that are passed over.
const MOST_SLIPS: usize = 8;

/// A file of the bible without the lines that are no TOML, as long as each of them can only be about a
/// field that does not count for the cast: `physical = "tall`.
fn without_slips(text: &str) -> Option<Value> {
    let mut lines: Vec<&str> = text.split('\n').collect();
    for _ in 0..=MOST_SLIPS {
        let text = lines.join("\n");
        let error = match text.parse::<toml::Table>() {
            Ok(table) => return serde_json::to_value(table).ok(),
            Err(error) => error,
        };
        let (line, _) = position(&text, error.span()?.start);
        let slip = lines.get_mut(line.checked_sub(1)?)?;
        if !is_apart(slip) {
            return None;
        }
        *slip = "";
    }
    None
}

/// Whether a line begins and ends a field that does not count for the cast, whatever is wrong with it.
fn is_apart(line: &str) -> bool {
    let Some((key, value)) = line.split_once('=') else {
        return false;
    };
    let key = key.trim();
    let is_name = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    // What opens a list, a table or a text of several lines may swallow the lines behind it.
    let opens = ["[", "{", "\"\"\"", "'''"];
    is_name
        && !CharacterRecord::CAST.contains(&key)
        && !opens.iter().any(|open| value.contains(open))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_that_do_not_count_for_the_cast_are_passed_over() {
        let aliases = |text: &str| {
            let value = without_slips(text)?;
            value.get("aliases").cloned()
        };
        let mum = Some(serde_json::json!(["Mum"]));
        for text in [
            "aliases = ['Mum']\nphysical = \"tall\n",
            "physical = tall\nsignature = \"a scar\nportrait_prompt = 'x\naliases = ['Mum']\n",
            "aliases = ['Mum']\nphysical = 'a'\nphysical = 'b'\n",
            "aliases = ['Mum']\n[voice]\npitch = high\n",
        ] {
            assert_eq!(aliases(text), mum, "{text}");
        }
        for text in [
            "aliases = ['Mum\n",
            "aliases = ['Mum'\nphysical = 'tall'\n",
            "physical = \"\"\"tall\naliases = ['Mum']\n",
            "references = ['a.png'\naliases = ['Mum']\n",
            "aliases = ['Mum']\n[voice\npitch = 20\n",
            "aliases = ['Mum']\nwhat is this\n",
            "pronouns = she\n",
        ] {
            assert_eq!(without_slips(text), None, "{text}");
        }
    }
}
