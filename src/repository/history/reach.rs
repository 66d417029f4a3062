//! What is needed: everything that can be reached from the operation log and its refs.
//!
//! ```text
//! operation → view → refs → commit → tree → file, generation → action, outputs, acceptance
//! ```
//! Every operation that is stored and not let go of is a root, not only those that the current one
//! stands on: a log whose end was lost, or that went two ways in two copies, still holds what it held.
//! [`Standing`] says which these are.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rayon::prelude::*;

use super::extent::{Excess, Extent, Extents, Folder, folder_of};
use super::standing::{Phase, Spared, Standing};
use crate::object::{
    FileId, Object, ObjectKind, OperationId, Reference, Tree, TreeId, references_of,
};
use crate::store::{Catalogue, FileRecords, RecordId, StoreError};

/// So much is followed at a time.
const AT_ONCE: usize = 4096;
/// Fewer are not worth being shared out among threads.
const FEW: usize = 32;

/// Everything that was reached.
#[derive(Debug, Default)]
pub struct Reached {
    /// The records of it that are there.
    pub records: HashSet<RecordId>,
    /// Bytes of each file that was reached and is whole.
    pub files: BTreeMap<FileId, u64>,
    /// Objects that are missing or make no sense, and why.
    pub broken_objects: BTreeMap<(ObjectKind, [u8; 32]), String>,
    /// Files that are missing in whole or in part, and why.
    pub broken_files: BTreeMap<FileId, String>,
    /// Trees of commits and operations that are sound, and more than a commit may have.
    pub excessive: BTreeMap<TreeId, Excess>,
    /// Files that a remote has and that need not be here.
    pub elsewhere: BTreeSet<FileId>,
}

impl Reached {
    /// Whether everything that was named was found.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.broken_objects.is_empty() && self.broken_files.is_empty()
    }
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
    let mut search = Search::default();
    search.follow(catalogue, from)?;
    search.measure();
    search.check_sizes(catalogue)?;
    Ok(search.reached)
}

/// Finds everything that a project needs.
///
/// # Errors
/// An I/O error. What is missing or damaged is told in the answer.
pub fn reach_all(catalogue: &Catalogue, standing: &Standing) -> Result<Reached, StoreError> {
    let mut search = Search::default();
    search.follow_project(catalogue, standing)?;
    search.measure();
    search.check_sizes(catalogue)?;
    Ok(search.reached)
}

/// Follows arrows, and none twice.
#[derive(Debug, Default)]
pub struct Search {
    reached: Reached,
    seen: HashSet<Reference>,
    folders: HashMap<TreeId, Folder<TreeId>>,
    /// Trees that stand for all files of something.
    tops: HashSet<TreeId>,
    /// How long trees say that files are.
    claims: HashSet<(FileId, u64)>,
    /// What is passed over at the moment: takes that who is followed no longer holds.
    spared: Spared,
    /// What was passed over so far.
    skipped: HashSet<Reference>,
    /// Operations that others name. They have their turn with those that hold as much as they do;
    /// none while whatever is followed holds all that it leads to.
    later: Option<Vec<Reference>>,
}

/// What a tree holds: to be measured, and how long its files are said to be.
type Listing = (Folder<TreeId>, Vec<(FileId, u64)>);

/// What an object was found to say.
struct Said {
    arrows: Vec<Reference>,
    /// Of a tree.
    folder: Option<Listing>,
}

/// What came of an arrow.
enum Followed {
    Object(Result<Said, StoreError>),
    File(Result<FileRecords, StoreError>),
    /// A remote has it: whether it is here or not, nothing is missing, and a copy is not needed.
    Elsewhere,
}

impl Search {
    /// What was reached so far.
    #[must_use]
    pub fn reached(&self) -> &Reached {
        &self.reached
    }

    /// What was reached so far, to be taken over.
    #[must_use]
    pub fn into_reached(self) -> Reached {
        self.reached
    }

    /// Follows what a project needs. Once more, with less let go of, it follows what that adds.
    ///
    /// # Errors
    /// As [`Self::follow`].
    pub fn follow_project(
        &mut self,
        catalogue: &Catalogue,
        standing: &Standing,
    ) -> Result<(), StoreError> {
        self.later = Some(Vec::new());
        for Phase { roots, spared } in standing.phases() {
            self.spared = spared;
            self.follow(catalogue, roots)?;
        }
        let named = self.later.replace(Vec::new()).unwrap_or_default();
        // Those that are stored were roots.
        let is_held = |arrow: &Reference| match arrow {
            Reference::Object(_, id) => !standing.is_past(&OperationId::from_bytes(*id)),
            _ => true,
        };
        let mut missing: Vec<Reference> = named.into_iter().filter(is_held).collect();
        let spared = &self.spared;
        missing.extend(self.skipped.extract_if(|arrow| !spared.has(arrow)));
        self.follow(catalogue, missing)?;
        self.later = None;
        self.spared = Spared::default();
        Ok(())
    }

    /// Follows what timelines, tags, remotes and HEAD lead to.
    ///
    /// # Errors
    /// As [`Self::follow`].
    pub fn follow_refs(
        &mut self,
        catalogue: &Catalogue,
        standing: &Standing,
    ) -> Result<(), StoreError> {
        self.follow(catalogue, standing.refs().iter().copied())
    }

    /// Follows what was passed over, as it may be held again.
    ///
    /// # Errors
    /// As [`Self::follow`].
    pub fn follow_skipped(&mut self, catalogue: &Catalogue) -> Result<(), StoreError> {
        let skipped = std::mem::take(&mut self.skipped);
        self.follow(catalogue, skipped)
    }

    /// As [`Self::follow`], and these themselves even if it has: what they lead to may not have been
    /// there.
    ///
    /// # Errors
    /// As [`Self::follow`].
    pub fn follow_anew(
        &mut self,
        catalogue: &Catalogue,
        from: impl IntoIterator<Item = Reference>,
    ) -> Result<(), StoreError> {
        let from: Vec<Reference> = from.into_iter().collect();
        for arrow in &from {
            self.seen.remove(arrow);
        }
        self.follow(catalogue, from)
    }

    /// Follows every arrow from these on that it has not followed.
    ///
    /// # Errors
    /// An I/O error. What is missing or damaged is told in [`Self::reached`].
    pub fn follow(
        &mut self,
        catalogue: &Catalogue,
        from: impl IntoIterator<Item = Reference>,
    ) -> Result<(), StoreError> {
        let mut stack = Vec::new();
        self.push(from, &mut stack);
        loop {
            let some = stack.split_off(stack.len().saturating_sub(AT_ONCE));
            let look = |arrow: Reference| (arrow, look(catalogue, arrow));
            let followed: Vec<_> = match some.len() < FEW {
                true => some.into_iter().map(look).collect(),
                false => some.into_par_iter().map(look).collect(),
            };
            for (arrow, followed) in followed {
                let mut arrows = self.enter(arrow, followed)?;
                self.pass_over(arrow, &mut arrows);
                self.push(arrows, &mut stack);
            }
            if stack.is_empty() {
                return Ok(());
            }
        }
    }

    /// Takes out what is not to be followed from here: a run holds what it made, whoever else does
    /// not.
    fn pass_over(&mut self, from: Reference, arrows: &mut Vec<Reference>) {
        if let Some(later) = &mut self.later
            && matches!(from, Reference::Object(ObjectKind::Operation, _))
        {
            let named = arrows.extract_if(.., |arrow| {
                matches!(arrow, Reference::Object(ObjectKind::Operation, _))
            });
            later.extend(named);
        }
        if !matches!(from, Reference::Object(ObjectKind::Generation, _)) {
            let skipped = arrows.extract_if(.., |arrow| self.spared.has(arrow));
            self.skipped.extend(skipped);
        }
    }

    fn push(&mut self, arrows: impl IntoIterator<Item = Reference>, stack: &mut Vec<Reference>) {
        let new = arrows.into_iter().filter(|arrow| self.seen.insert(*arrow));
        stack.extend(new);
    }

    /// Takes in what came of an arrow, and gives those that lead on.
    fn enter(
        &mut self,
        arrow: Reference,
        followed: Followed,
    ) -> Result<Vec<Reference>, StoreError> {
        let reached = &mut self.reached;
        match (arrow, followed) {
            (Reference::Object(kind, id), Followed::Object(said)) => {
                reached.records.insert(RecordId::of_object(kind, id));
                let Said { arrows, folder } = match said {
                    Ok(said) => said,
                    Err(error) => {
                        reached.broken_objects.insert((kind, id), why(error)?);
                        return Ok(Vec::new());
                    }
                };
                if let Some((folder, files)) = folder {
                    self.folders.insert(TreeId::from_bytes(id), folder);
                    self.claims.extend(files);
                } else if matches!(kind, ObjectKind::Commit | ObjectKind::Operation) {
                    self.tops
                        .extend(arrows.iter().filter_map(|arrow| match arrow {
                            Reference::Object(ObjectKind::Tree, id) => {
                                Some(TreeId::from_bytes(*id))
                            }
                            _ => None,
                        }));
                }
                return Ok(arrows);
            }
            (Reference::File(id), Followed::File(Ok(file))) => {
                reached.records.extend(&file.records);
                match file.first_missing {
                    None => drop(reached.files.insert(id, file.size)),
                    Some(first) => {
                        let (missing, all) = (file.missing, file.records.len() + file.missing);
                        let why = format!(
                            "{missing} of its {all} records are missing, the first {first}"
                        );
                        reached.broken_files.insert(id, why);
                    }
                }
            }
            (Reference::File(id), Followed::File(Err(error))) => {
                reached.broken_files.insert(id, why(error)?);
            }
            // It may never have been stored, and what is left of it is kept.
            (_, Followed::File(file)) => reached
                .records
                .extend(file.iter().flat_map(|file| &file.records)),
            (Reference::File(id), Followed::Elsewhere) => {
                reached.elsewhere.insert(id);
            }
            (_, Followed::Object(_) | Followed::Elsewhere) => {}
        }
        Ok(Vec::new())
    }

    /// Finds the trees that are more than a commit may have. What is missing counts as empty.
    fn measure(&mut self) {
        let mut extents = Extents::default();
        let folders = &mut self.folders;
        let mut open =
            |id: TreeId| Ok::<_, std::convert::Infallible>(folders.remove(&id).unwrap_or_default());
        for top in &self.tops {
            let Ok(extent): Result<Extent, _> = extents.of(*top, &mut open);
            if let Some(excess) = extent.excess() {
                self.reached.excessive.insert(*top, excess);
            }
        }
    }

    /// A tree says how long its files are: where that is not so, one of the two is wrong.
    fn check_sizes(&mut self, catalogue: &Catalogue) -> Result<(), StoreError> {
        let Reached {
            records,
            files,
            broken_objects,
            ..
        } = &mut self.reached;
        let is_wrong =
            |(file, size): &(FileId, u64)| files.get(file).is_some_and(|has| has != size);
        self.claims.retain(is_wrong);
        if self.claims.is_empty() {
            return Ok(());
        }
        for record in records
            .iter()
            .filter(|record| record.object_kind() == Some(ObjectKind::Tree))
        {
            let id = *record.digest();
            if broken_objects.contains_key(&(ObjectKind::Tree, id)) {
                continue;
            }
            let tree = catalogue.get::<Tree>(TreeId::from_bytes(id))?;
            let wrong = tree.entries().iter().find_map(|entry| {
                let file = entry.file_id()?;
                self.claims
                    .contains(&(file, entry.size))
                    .then_some((entry, files[&file]))
            });
            if let Some((entry, found)) = wrong {
                let why = format!(
                    "{:?} should have {} bytes and has {found}",
                    entry.name, entry.size
                );
                broken_objects.insert((ObjectKind::Tree, id), why);
            }
        }
        Ok(())
    }
}

fn look(catalogue: &Catalogue, arrow: Reference) -> Followed {
    let record = match arrow {
        Reference::Object(kind, id) => RecordId::of_object(kind, id),
        Reference::File(id) | Reference::Seen(id) => RecordId::of_blob(id),
    };
    if catalogue.promised.has(&record) {
        return Followed::Elsewhere;
    }
    match arrow {
        Reference::Object(kind, id) => Followed::Object(said(catalogue, kind, &id)),
        Reference::File(id) | Reference::Seen(id) => Followed::File(catalogue.file(id)),
    }
}

fn said(catalogue: &Catalogue, kind: ObjectKind, id: &[u8; 32]) -> Result<Said, StoreError> {
    if kind != ObjectKind::Tree {
        let bytes = catalogue.object_bytes(kind, id)?;
        let arrows = references_of(kind, &bytes)
            .map_err(|source| catalogue.invalid(RecordId::of_object(kind, *id), source))?;
        return Ok(Said {
            arrows,
            folder: None,
        });
    }
    let tree = catalogue.get::<Tree>(TreeId::from_bytes(*id))?;
    let entries = tree.entries().iter();
    let files = entries.filter_map(|entry| Some((entry.file_id()?, entry.size)));
    Ok(Said {
        arrows: tree.references(),
        folder: Some((folder_of(&tree), files.collect())),
    })
}

fn why(error: StoreError) -> Result<String, StoreError> {
    match error {
        StoreError::NotFound { .. } => Ok("it is missing".to_owned()),
        StoreError::Damaged { what, .. } => Ok(what),
        StoreError::Invalid { source, .. } => Ok(source.to_string()),
        error => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::{Clock, FixedClock};
    use crate::base::lock::Holder;
    use crate::history::{Caller, Project};
    use crate::object::{Person, ProjectId};

    #[test]
    fn refs_that_views_share_are_read_once() {
        const TIMELINES: usize = 200;
        let folder = tempfile::tempdir().unwrap();
        let clock = FixedClock::starting_at(1_795_176_000);
        let caller = Caller {
            holder: Holder::default(),
            clock: &clock,
            aftermath: Default::default(),
            guard: std::sync::Arc::new(()),
        };
        let author = Person {
            name: "Rae".into(),
            email: "rae@example.org".into(),
        };
        let project = Project::init(folder.path(), &caller, ProjectId::random()).unwrap();
        let mut commits = HashSet::new();
        for n in 0..TIMELINES {
            let mut transaction = project.transaction(&caller).unwrap();
            let tree = transaction.batch().put(&Tree::default()).unwrap();
            let (now, message) = (clock.now(), n.to_string());
            let commit = transaction
                .commit(tree, &author, now, &message, vec![])
                .unwrap();
            let name = format!("timelines/version-{n}");
            transaction.view.set(&name, Some(commit));
            transaction.publish(&caller, vec![], None).unwrap();
            commits.insert(commit);
        }
        let catalogue = Catalogue::read(project.store().folder()).unwrap();
        let reached = reach_all(&catalogue, &Standing::of(&catalogue).unwrap()).unwrap();
        assert!(reached.is_whole());
        for commit in commits {
            let record = RecordId::of_object(ObjectKind::Commit, *commit.as_bytes());
            assert!(reached.records.contains(&record));
        }
        let is_node = |record: &&RecordId| record.object_kind() == Some(ObjectKind::Refs);
        let nodes = reached.records.iter().filter(is_node).count();
        // Each view differs in two from the one before, of two hundred in the end.
        assert!(nodes <= TIMELINES * 5, "{nodes} nodes");
    }
}
