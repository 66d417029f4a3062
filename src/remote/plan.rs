//! What has to be sent: everything that some commits lead to and others do not.
//!
//! Commits are walked from the newest on until nothing is left that only the wanted ones stand on; each new one
//! is compared with those it follows, folder by folder, and equal folders are not opened. So the work grows
//! with what differs, and not with the history.
//!
//! What is left out is reached from a commit that the other side has, or comes in the list itself. What a record
//! names comes before it, so any beginning of the list, together with the common commits, is whole: what was
//! taken over of a transfer that broke off is a sound store.

use std::collections::{BTreeSet, BinaryHeap, HashMap, HashSet};

use crate::object::{
    Acceptance, Commit, CommitId, Conflict, EntryId, FileId, Generation, Object, ObjectId, Tree,
    TreeEntry, TreeId,
};
use crate::storage::{Storage, object};
use crate::store::{Link, RecordId};
use crate::wire::Listed;
use crate::{RemoteError, Result};

/// What a commit is known to be reached from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Colour {
    wanted: bool,
    common: bool,
}

/// The commits that `wants` stand on and `common` do not, each behind those that it follows.
///
/// Commits of `common` that are not here say nothing. A commit is taken to be no older than what it stands on;
/// where clocks were wrong, more is listed than needed, and never less.
fn new_commits(storage: &dyn Storage, of: &PlanOf<'_>) -> Result<New> {
    let PlanOf { wants, common, .. } = *of;
    let mut colours: HashMap<CommitId, Colour> = HashMap::new();
    let mut known: HashMap<CommitId, Commit> = HashMap::new();
    let mut queue: BinaryHeap<(i64, CommitId)> = BinaryHeap::new();
    // Commits in the queue that only the wanted ones are known to stand on.
    let mut open: HashSet<CommitId> = HashSet::new();
    let mut order = Vec::new();

    for id in common {
        if let Some(time) = time_of(storage, &mut known, *id)? {
            colours.entry(*id).or_default().common = true;
            queue.push((time, *id));
        }
    }
    for id in wants {
        let time = time_of(storage, &mut known, *id)?;
        let time = time.ok_or_else(|| RemoteError::Incomplete(record_of::<Commit>(*id)))?;
        let colour = colours.entry(*id).or_default();
        colour.wanted = true;
        if !colour.common {
            open.insert(*id);
        }
        queue.push((time, *id));
    }
    let mut oldest = i64::MAX;
    while let Some((time, id)) = queue.pop() {
        // What is as old as a wanted commit may still turn out to lead to it.
        if open.is_empty() && time < oldest {
            break;
        }
        open.remove(&id);
        let colour = colours[&id];
        if colour.wanted {
            order.push(id);
            oldest = oldest.min(time);
        }
        for parent in known[&id].parents.clone() {
            let before = colours.get(&parent).copied().unwrap_or_default();
            let after = Colour {
                wanted: before.wanted || (colour.wanted && !colour.common),
                common: before.common || (colour.common && !of.ends.contains(&parent)),
            };
            if after == before {
                continue;
            }
            let Some(time) = time_of(storage, &mut known, parent)? else {
                let record = record_of::<Commit>(parent);
                if colour.common || (of.may_lack && storage.is_promised(&record)?) {
                    continue;
                }
                return Err(RemoteError::Incomplete(record_of::<Commit>(parent)));
            };
            colours.insert(parent, after);
            match after.common {
                true => drop(open.remove(&parent)),
                false => drop(open.insert(parent)),
            }
            queue.push((time, parent));
        }
    }
    let mut seen = HashSet::new();
    order.retain(|id| !colours[id].common && seen.insert(*id));
    if let Some(depth) = of.depth {
        let near = within(&known, wants, depth);
        order.retain(|id| near.contains(id));
    }
    let mut there: HashSet<CommitId> = order.iter().copied().collect();
    let common = colours.iter().filter(|(_, colour)| colour.common);
    there.extend(common.map(|(id, _)| *id));
    Ok(New {
        commits: sorted(&order, &mut known),
        there,
    })
}

/// The record of an object.
/// Commits that are sent, and those that the other side then has, as far as they were looked at.
struct New {
    commits: Vec<(CommitId, Commit)>,
    there: HashSet<CommitId>,
}

/// Commits that are fewer than so many steps from one of these.
fn within(known: &HashMap<CommitId, Commit>, from: &[CommitId], depth: u32) -> HashSet<CommitId> {
    let mut near: HashSet<CommitId> = HashSet::new();
    let mut row: Vec<CommitId> = from.to_vec();
    for _ in 0..depth {
        row.retain(|id| near.insert(*id));
        let parents = row.iter().filter_map(|id| known.get(id));
        row = parents.flat_map(|commit| commit.parents.clone()).collect();
        if row.is_empty() {
            break;
        }
    }
    near
}

pub(crate) fn record_of<T: Object>(id: T::Id) -> RecordId {
    RecordId::of_object(T::KIND, *id.digest())
}

/// The time of a commit, which is noted among those that are known; none where it is not stored.
pub(crate) fn time_of(
    storage: &dyn Storage,
    known: &mut HashMap<CommitId, Commit>,
    id: CommitId,
) -> Result<Option<i64>> {
    if let Some(commit) = known.get(&id) {
        return Ok(Some(commit.time.unix_seconds));
    }
    let Some(commit) = object::<Commit>(storage, id)? else {
        return Ok(None);
    };
    let time = commit.time.unix_seconds;
    known.insert(id, commit);
    Ok(Some(time))
}

/// The same commits, each behind those of them that it follows, whatever their times say.
fn sorted(order: &[CommitId], known: &mut HashMap<CommitId, Commit>) -> Vec<(CommitId, Commit)> {
    let within: HashSet<CommitId> = order.iter().copied().collect();
    let mut done: HashSet<CommitId> = HashSet::new();
    let mut out = Vec::with_capacity(order.len());
    for start in order.iter().rev() {
        let mut stack = vec![*start];
        while let Some(id) = stack.last().copied() {
            if done.contains(&id) {
                stack.pop();
                continue;
            }
            let waits = known[&id].parents.iter().copied();
            let waits: Vec<CommitId> = waits
                .filter(|parent| within.contains(parent) && !done.contains(parent))
                .collect();
            if waits.is_empty() {
                done.insert(id);
                out.push(id);
                stack.pop();
            } else {
                stack.extend(waits);
            }
        }
    }
    let take = |id: CommitId| Some((id, known.get(&id)?.clone()));
    out.into_iter().filter_map(take).collect()
}

/// Whether `tip` stands on `commit`, itself included.
///
/// # Errors
/// The storage cannot be read, or lacks a commit.
pub fn contains(storage: &dyn Storage, tip: CommitId, commit: CommitId) -> Result<bool> {
    // Nothing is new beyond the tip, if the tip stands on it. Where clocks were wrong that may be overlooked.
    if tip == commit
        || new_commits(storage, &PlanOf::new(&[commit], &[tip]))?
            .commits
            .is_empty()
    {
        return Ok(true);
    }
    let (mut seen, mut stack) = (HashSet::from([tip]), vec![tip]);
    while let Some(id) = stack.pop() {
        let found = object::<Commit>(storage, id)?;
        let found = found.ok_or_else(|| RemoteError::Incomplete(record_of::<Commit>(id)))?;
        if found.parents.contains(&commit) {
            return Ok(true);
        }
        stack.extend(
            found
                .parents
                .into_iter()
                .filter(|parent| seen.insert(*parent)),
        );
    }
    Ok(false)
}

/// What is to be listed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PlanOf<'w> {
    pub(crate) wants: &'w [CommitId],
    pub(crate) common: &'w [CommitId],
    /// Commits that the history of the other side ends before.
    pub(crate) ends: &'w [CommitId],
    pub(crate) depth: Option<u32>,
    pub(crate) objects_alone: bool,
    /// Whether what this side was promised may be missing here: then the other side has it, or says so.
    pub(crate) may_lack: bool,
}

impl<'w> PlanOf<'w> {
    pub(crate) fn new(wants: &'w [CommitId], common: &'w [CommitId]) -> Self {
        Self {
            wants,
            common,
            ..Self::default()
        }
    }
}

/// Lists every record that `wants` lead to and `common` do not, in the order that it should come in.
///
/// # Errors
/// `Incomplete` names what is not stored; the storage cannot be read.
pub fn plan(storage: &dyn Storage, wants: &[CommitId], common: &[CommitId]) -> Result<Vec<Listed>> {
    plan_of(storage, &PlanOf::new(wants, common))
}

/// The same, of a part.
pub(crate) fn plan_of(storage: &dyn Storage, of: &PlanOf<'_>) -> Result<Vec<Listed>> {
    let mut plan = Plan::new(storage, of);
    let New { commits, there } = new_commits(storage, of)?;
    for (id, commit) in commits {
        let mut bases = Vec::new();
        for parent in commit
            .parents
            .iter()
            .filter(|parent| there.contains(parent))
        {
            // One that is not here is the other side's alone, and says nothing.
            bases.extend(object::<Commit>(storage, *parent)?.map(|parent| parent.tree));
        }
        plan.folder(commit.tree, bases)?;
        for generation in &commit.generations {
            plan.record(record_of::<Generation>(*generation))?;
        }
        plan.list(record_of::<Commit>(id))?;
    }
    Ok(plan.listed)
}

/// What has to be sent of these files, each piece before what is put together from it.
///
/// # Errors
/// `Absent` for one that is not there; as [`plan`].
pub(crate) fn plan_files(storage: &dyn Storage, files: &[FileId]) -> Result<Vec<Listed>> {
    let of = PlanOf::default();
    let mut plan = Plan::new(storage, &of);
    for file in files {
        if storage.file_record(*file)?.is_none() {
            return Err(RemoteError::Absent(format!("file {}", file.short())));
        }
        plan.file(*file, &[])?;
    }
    Ok(plan.listed)
}

/// A step of a walk that lists what is below something before it.
enum Visit<T, B> {
    Enter(T, B),
    Leave(T),
}

/// A list as it grows.
struct Plan<'s> {
    storage: &'s dyn Storage,
    listed: Vec<Listed>,
    seen: HashSet<RecordId>,
    files: HashSet<FileId>,
    /// Files of the other side whose chunks were noted as there.
    bases: HashSet<FileId>,
    objects_alone: bool,
    may_lack: bool,
}

impl<'s> Plan<'s> {
    fn new(storage: &'s dyn Storage, of: &PlanOf<'_>) -> Self {
        Self {
            storage,
            listed: Vec::new(),
            seen: HashSet::new(),
            files: HashSet::new(),
            bases: HashSet::new(),
            objects_alone: of.objects_alone,
            may_lack: of.may_lack,
        }
    }

    /// Lists a record, behind all that it names.
    fn list(&mut self, record: RecordId) -> Result<()> {
        let stored = self.storage.stored(&record)?;
        let stored = stored.ok_or(RemoteError::Incomplete(record))?;
        self.listed.push(Listed { record, stored });
        Ok(())
    }

    /// Lists a folder with what is in it, but for what `bases` have at the same place.
    fn folder(&mut self, top: TreeId, bases: Vec<TreeId>) -> Result<()> {
        let mut stack = vec![Visit::Enter(top, bases)];
        while let Some(visit) = stack.pop() {
            let (id, bases) = match visit {
                Visit::Enter(id, bases) => (id, bases),
                Visit::Leave(id) => {
                    self.list(record_of::<Tree>(id))?;
                    continue;
                }
            };
            if bases.contains(&id) || !self.seen.insert(record_of::<Tree>(id)) {
                continue;
            }
            stack.push(Visit::Leave(id));
            let tree = object::<Tree>(self.storage, id)?;
            let tree = tree.ok_or_else(|| RemoteError::Incomplete(record_of::<Tree>(id)))?;
            let mut others = Vec::with_capacity(bases.len());
            for base in &bases {
                others.extend(object::<Tree>(self.storage, *base)?);
            }
            for entry in tree.entries() {
                let same_place = others.iter().filter_map(|other| named(other, &entry.name));
                let same_place: Vec<&TreeEntry> = same_place.collect();
                match entry.id {
                    EntryId::Dir(folder) => {
                        let below = same_place.iter().filter_map(|other| other.tree_id());
                        let below: Vec<TreeId> = below.collect();
                        if !below.contains(&folder) {
                            stack.push(Visit::Enter(folder, below));
                        }
                    }
                    EntryId::File(file) => self.entry(entry, file, &same_place)?,
                }
            }
        }
        Ok(())
    }

    /// A file of a folder, with what is said of it.
    fn entry(&mut self, entry: &TreeEntry, file: FileId, bases: &[&TreeEntry]) -> Result<()> {
        let files: Vec<FileId> = bases.iter().filter_map(|base| base.file_id()).collect();
        if !files.contains(&file) {
            self.file(file, &files)?;
        }
        let named = |entry: &TreeEntry| -> BTreeSet<RecordId> {
            let run = entry.made_by.map(record_of::<Generation>);
            let accepted = entry.accepted.map(record_of::<Acceptance>);
            let conflict = entry.conflict.map(record_of::<Conflict>);
            [run, accepted, conflict].into_iter().flatten().collect()
        };
        let there: BTreeSet<RecordId> = bases.iter().flat_map(|base| named(base)).collect();
        for record in named(entry).difference(&there) {
            self.record(*record)?;
        }
        Ok(())
    }

    /// An object that is no commit and no folder, with all it leads to.
    fn record(&mut self, record: RecordId) -> Result<()> {
        let mut stack = vec![Visit::Enter(record, ())];
        while let Some(visit) = stack.pop() {
            let record = match visit {
                Visit::Enter(record, ()) => record,
                Visit::Leave(record) => {
                    self.list(record)?;
                    continue;
                }
            };
            if !self.seen.insert(record) {
                continue;
            }
            stack.push(Visit::Leave(record));
            let carried = self.storage.carry(&record)?;
            let carried = carried.ok_or(RemoteError::Incomplete(record))?;
            for link in carried.links()? {
                match link {
                    Link::Record(record) => stack.push(Visit::Enter(record, ())),
                    Link::File(file) => self.file(file, &[])?,
                    // It may never have been stored, or only in part.
                    Link::Seen(file) => self.seen_file(file)?,
                }
            }
        }
        Ok(())
    }

    /// A file, but for chunks that `bases` have.
    fn file(&mut self, file: FileId, bases: &[FileId]) -> Result<()> {
        if self.objects_alone || !self.files.insert(file) {
            return Ok(());
        }
        let Some(found) = self.storage.file_record(file)? else {
            let record = RecordId::of_blob(file);
            return match (self.storage.is_promised(&record)?, self.may_lack) {
                (true, true) => Ok(()),
                (true, false) => Err(RemoteError::Elsewhere(record)),
                (false, _) => Err(RemoteError::Incomplete(record)),
            };
        };
        if found.is_layout() {
            for base in bases {
                self.note_base(*base)?;
            }
            // A part comes before its chunks.
            for piece in self.pieces(found)?.into_iter().rev() {
                if self.seen.insert(piece) {
                    self.list(piece)?;
                }
            }
        }
        self.list(found)
    }

    fn seen_file(&mut self, file: FileId) -> Result<()> {
        let Some(found) = self.storage.file_record(file)? else {
            return Ok(());
        };
        if found.is_layout() {
            for piece in self.pieces(found)? {
                if self.storage.stored(&piece)?.is_none() {
                    return Ok(());
                }
            }
        }
        self.file(file, &[])
    }

    /// The chunks of a file of the other side need not be listed.
    fn note_base(&mut self, base: FileId) -> Result<()> {
        let layout = RecordId::of_layout(base);
        if self.files.contains(&base)
            || !self.bases.insert(base)
            || self.storage.stored(&layout)?.is_none()
        {
            return Ok(());
        }
        let pieces = self.pieces(layout)?;
        self.seen.extend(pieces);
        Ok(())
    }

    /// What a layout is put together from: parts, and the chunks of all of them.
    fn pieces(&self, layout: RecordId) -> Result<Vec<RecordId>> {
        let mut found = Vec::new();
        let mut stack = vec![layout];
        while let Some(record) = stack.pop() {
            let Some(carried) = self.storage.carry(&record)? else {
                return Err(RemoteError::Incomplete(record));
            };
            for link in carried.links()? {
                if let Link::Record(piece) = link {
                    found.push(piece);
                    if !piece.is_chunk() {
                        stack.push(piece);
                    }
                }
            }
        }
        Ok(found)
    }
}

/// The entry of this name in a folder, whose entries are sorted by the bytes of their names.
fn named<'t>(tree: &'t Tree, name: &str) -> Option<&'t TreeEntry> {
    let entries = tree.entries();
    let at = entries.binary_search_by(|entry| entry.name.as_bytes().cmp(name.as_bytes()));
    at.ok().map(|at| &entries[at])
}
