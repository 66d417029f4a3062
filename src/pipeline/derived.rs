//! Values that follow from what a reader read, kept as long as all of it gives what it gave.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::reader::Reader;
use super::selector::Selector;
use super::snapshot::Snapshot;
use super::stage::Stage;
use super::unread::ReadError;

/// Values by name. What a value was made of is recorded as the inputs of an output are, so it is
/// worked out again when one of its reads gives something else, and only then.
#[derive(Debug, Serialize, Deserialize)]
pub struct Derived<T> {
    /// As they were before.
    #[serde(rename = "values")]
    known: BTreeMap<String, Value<T>>,
    /// As they are now.
    #[serde(skip, default = "BTreeMap::new")]
    now: BTreeMap<String, Value<T>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Value<T> {
    /// The selectors, as text.
    reads: Vec<String>,
    /// Of what they gave, in their order.
    digest: String,
    value: T,
}

impl<T> Default for Derived<T> {
    fn default() -> Self {
        Self {
            known: BTreeMap::new(),
            now: BTreeMap::new(),
        }
    }
}

impl<T: Clone> Derived<T> {
    /// The value of this name: the one that is known, if its reads give what they gave, else what `make`
    /// makes. `make` may read everything, and nothing but what the reader gives it.
    ///
    /// # Errors
    /// What `make` says.
    pub fn of(
        &mut self,
        name: &str,
        snapshot: &Snapshot,
        make: impl FnOnce(&Reader<'_>) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        let known = self.known.remove(name);
        if let Some(known) = known.filter(|known| known.holds(snapshot)) {
            let value = known.value.clone();
            self.now.insert(name.to_owned(), known);
            return Ok(value);
        }
        let stage = Stage::reading_everything();
        let reader = Reader::new(snapshot, &stage);
        let value = make(&reader)?;
        let record = reader.into_record();
        // What is still to be made leaves no digest.
        if record.pending.is_empty() {
            let reads = record.reads.keys().map(Selector::to_string);
            let kept = Value {
                reads: reads.collect(),
                digest: digest_of(record.reads.values().copied()),
                value: value.clone(),
            };
            self.now.insert(name.to_owned(), kept);
        }
        Ok(value)
    }

    /// The values that were asked for, to be kept.
    #[must_use]
    pub fn kept(self) -> Self {
        Self {
            known: self.now,
            now: BTreeMap::new(),
        }
    }
}

impl<T> Value<T> {
    fn holds(&self, snapshot: &Snapshot) -> bool {
        let digest = |read: &String| snapshot.digest(&read.parse::<Selector>().ok()?).ok();
        let digests: Option<Vec<Digest>> = self.reads.iter().map(digest).collect();
        digests.is_some_and(|digests| digest_of(digests.into_iter()) == self.digest)
    }
}

fn digest_of(digests: impl Iterator<Item = Digest>) -> String {
    let mut hasher = blake3::Hasher::new_derive_key("aiut 2026 reads of a derived value v1");
    for digest in digests {
        hasher.update(digest.to_text().as_bytes()).update(b"\n");
    }
    hasher.finalize().to_hex().to_string()
}
