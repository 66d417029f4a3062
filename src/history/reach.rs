//! What is needed: everything that can be reached from the operation log and its refs.
//!
//! ```text
//! operation → view → refs → commit → tree → file, generation → action, outputs, acceptance
//! ```
//! Every operation that is stored is a root, not only those that the current one stands on: a log
//! whose end was lost, or that went two ways in two copies, still holds what it held.

use std::collections::{BTreeMap, HashSet};

use crate::object::{FileId, Kind, ObjectId, Reference, Tree, TreeId};
use crate::store::{Catalogue, RecordId, StoreError};

/// Everything that was reached.
#[derive(Debug, Default)]
pub struct Reached {
    /// The records of it that are there.
    pub records: HashSet<RecordId>,
    /// Bytes of each file that was reached and is whole.
    pub files: BTreeMap<FileId, u64>,
    /// Objects that are missing or make no sense, and why.
    pub broken_objects: BTreeMap<(Kind, [u8; 32]), String>,
    /// Files that are missing in whole or in part, and why.
    pub broken_files: BTreeMap<FileId, String>,
}

impl Reached {
    /// Whether everything that was named was found.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.broken_objects.is_empty() && self.broken_files.is_empty()
    }
}

/// The roots of a project.
#[must_use]
pub fn roots(catalogue: &Catalogue) -> Vec<Reference> {
    let operations = catalogue.operations().into_iter();
    operations
        .chain(catalogue.head())
        .map(Reference::to::<crate::object::Operation>)
        .collect()
}

/// The arrow that leads to a record, if one does: chunks and the like are reached by their files.
#[must_use]
pub fn arrow_to(record: &RecordId) -> Option<Reference> {
    match record.object_kind() {
        Some(kind) => Some(Reference::Object(kind, *record.digest())),
        None => record
            .file()
            .map(|id| Reference::Seen(FileId::from_bytes(id))),
    }
}

/// Follows every arrow from these on.
///
/// # Errors
/// An I/O error. What is missing or damaged is told in the answer.
pub fn reach(
    catalogue: &Catalogue,
    from: impl IntoIterator<Item = Reference>,
) -> Result<Reached, StoreError> {
    let mut reached = Reached::default();
    let mut stack: Vec<Reference> = from.into_iter().collect();
    let mut seen: HashSet<Reference> = stack.iter().copied().collect();
    while let Some(reference) = stack.pop() {
        match reference {
            Reference::Object(kind, id) => {
                reached.records.insert(RecordId::of_object(kind, id));
                match catalogue.references(kind, &id) {
                    Ok(names) => {
                        stack.extend(names.into_iter().filter(|name| seen.insert(*name)));
                        if kind == Kind::Tree {
                            check_sizes(catalogue, TreeId::from_bytes(id), &mut reached)?;
                        }
                    }
                    Err(error) => {
                        let why = why(error)?;
                        reached.broken_objects.insert((kind, id), why);
                    }
                }
            }
            Reference::File(id) => match catalogue.file(id) {
                Ok(file) => {
                    reached.records.extend(&file.records);
                    match file.missing.first() {
                        None => {
                            reached.files.insert(id, file.size);
                        }
                        Some(first) => {
                            let count = file.missing.len();
                            let why = format!(
                                "{count} of its {} records are missing, the first {first}",
                                file.records.len()
                            );
                            reached.broken_files.insert(id, why);
                        }
                    }
                }
                Err(error) => {
                    let why = why(error)?;
                    reached.broken_files.insert(id, why);
                }
            },
            Reference::Seen(id) => {
                // It may never have been stored, and what is left of it is kept.
                if let Ok(file) = catalogue.file(id) {
                    reached.records.extend(&file.records);
                }
            }
        }
    }
    Ok(reached)
}

/// A tree says how long its files are: where that is not so, one of the two is wrong.
fn check_sizes(catalogue: &Catalogue, id: TreeId, reached: &mut Reached) -> Result<(), StoreError> {
    for entry in catalogue.get::<Tree>(id)?.entries() {
        let Some(file) = entry.file_id() else {
            continue;
        };
        if let Ok(found) = catalogue.file(file)
            && found.size != entry.size
        {
            let why = format!(
                "{:?} is said to have {} bytes and has {}",
                entry.name, entry.size, found.size
            );
            reached
                .broken_objects
                .insert((Kind::Tree, *id.digest()), why);
        }
    }
    Ok(())
}

fn why(error: StoreError) -> Result<String, StoreError> {
    match error {
        StoreError::NotFound { .. } => Ok("it is missing".to_owned()),
        StoreError::Damaged { what, .. } => Ok(what),
        StoreError::Invalid { source, .. } => Ok(source.to_string()),
        error => Err(error),
    }
}
