//! What arrived, before anything of it is taken over.
//!
//! A store that is pushed to is closed: what a record in it names is in it. So it is enough that each record that
//! arrived names only what arrived with it or is there: by that, everything that it leads to is. That holds of
//! every record of the packs, reached by a ref or not, as a later push may build on it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rayon::prelude::*;

use crate::object::{CommitId, FileId, Generation, ObjectKind, Tree};
use crate::storage::Storage;
use crate::store::{Carried, ExchangePack, Link, RecordId, StoreError, put_together};
use crate::{RemoteError, Result};

/// Most missing records that are told.
const MOST_TOLD: usize = 1000;

/// Packs that arrived, in front of the storage that they are to go to.
pub struct Arrival<'a> {
    storage: &'a dyn Storage,
    packs: &'a [ExchangePack],
    places: HashMap<RecordId, (usize, usize)>,
}

/// How large a file may be that little is sent for.
const FREE_FILE_BYTES: u64 = 4 << 30;
/// How many times what its pieces take a larger file may have.
const MOST_REPEATED: u64 = 1024;

/// What arrived names and is not here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Left {
    /// Files, each with what is said of it.
    pub files: BTreeMap<FileId, LeftFile>,
    /// Commits.
    pub commits: BTreeSet<CommitId>,
}

/// What is said of a file that is not here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftFile {
    /// How long it is, if anybody says.
    pub bytes: Option<u64>,
    /// What it is called, without folders.
    pub names: BTreeSet<String>,
    /// Whether what names it is not whole without it; else it may never have been stored.
    pub needed: bool,
}

/// What was found of one record.
#[derive(Default)]
struct Looked {
    links: Vec<Link>,
    /// How long a tree says that its files are.
    claims: Vec<(FileId, u64)>,
}

impl<'a> Arrival<'a> {
    /// Lists what the packs hold.
    #[must_use]
    pub fn new(storage: &'a dyn Storage, packs: &'a [ExchangePack]) -> Self {
        let mut places = HashMap::new();
        for (number, pack) in packs.iter().enumerate() {
            for (place, record) in pack.records().enumerate() {
                places.entry(record).or_insert((number, place));
            }
        }
        Self {
            storage,
            packs,
            places,
        }
    }

    /// Whether a record arrived. A file counts whether it is one record or in chunks.
    #[must_use]
    pub fn has_arrived(&self, record: &RecordId) -> bool {
        self.places.contains_key(record)
            || record
                .file()
                .is_some_and(|file| self.file_record(FileId::from_bytes(file)).is_some())
    }

    fn file_record(&self, file: FileId) -> Option<RecordId> {
        let forms = [RecordId::of_blob(file), RecordId::of_layout(file)];
        forms
            .into_iter()
            .find(|form| self.places.contains_key(form))
    }

    /// Whether a record arrived or is there.
    ///
    /// # Errors
    /// The storage cannot be read.
    pub fn has(&self, record: &RecordId) -> Result<bool> {
        Ok(self.has_arrived(record) || self.storage.has(record)?)
    }

    fn carry(&self, record: &RecordId) -> Result<Option<Carried>> {
        match self.places.get(record) {
            Some((pack, place)) => Ok(Some(self.packs[*pack].carry(*place)?)),
            None => self.storage.carry(record),
        }
    }

    /// Bytes of a file, wherever it is.
    fn file_bytes(&self, file: FileId) -> Result<Option<u64>> {
        match self.file_record(file) {
            Some(record) => {
                let carried = self.carry(&record)?;
                Ok(carried
                    .map(|carried| carried.file_bytes())
                    .transpose()?
                    .flatten())
            }
            None => self.storage.file_bytes(file),
        }
    }

    /// Checks every record that arrived: its bytes against its id, what it says against the rules of its kind,
    /// that what it names is there, and that files are put together as their layouts say.
    ///
    /// # Errors
    /// `Missing` lists what was never sent; `Refused` says what is wrong with something that was.
    pub fn check(&self) -> Result<()> {
        let places: Vec<(RecordId, (usize, usize))> = self
            .places
            .iter()
            .map(|(record, at)| (*record, *at))
            .collect();
        let looked: Result<Vec<Looked>> = places.par_iter().map(|(_, at)| self.look(*at)).collect();
        let (mut links, mut claims) = (HashSet::new(), HashSet::new());
        for Looked {
            links: l,
            claims: c,
        } in looked?
        {
            links.extend(l);
            claims.extend(c);
        }
        let links: Vec<Link> = links.into_iter().collect();
        let missing: Result<Vec<Option<RecordId>>> = links
            .par_iter()
            .map(|link| {
                let record = match link {
                    Link::Record(record) => *record,
                    Link::File(file) => RecordId::of_blob(*file),
                    Link::Seen(_) => return Ok(None),
                };
                let is_missing = !self.has(&record)? && !self.storage.is_promised(&record)?;
                Ok(is_missing.then_some(record))
            })
            .collect();
        let missing: BTreeSet<RecordId> = missing?.into_iter().flatten().collect();
        if !missing.is_empty() {
            return Err(RemoteError::Missing(
                missing.into_iter().take(MOST_TOLD).collect(),
            ));
        }
        // Now that all of them are there.
        let layouts: Vec<&RecordId> = places
            .iter()
            .map(|(record, _)| record)
            .filter(|record| record.is_layout())
            .collect();
        layouts
            .into_iter()
            .try_for_each(|layout| self.check_file(layout))?;
        for (file, size) in claims {
            let found = self.file_bytes(file)?;
            if found.is_some_and(|found| found != size) {
                let what = format!(
                    "a tree says that file {} has {size} bytes, and it has others",
                    file.short()
                );
                return Err(RemoteError::Refused(what));
            }
        }
        Ok(())
    }

    /// What the records that arrived name and is neither among them nor here, and was not promised before: files,
    /// each with what is said of it, and commits.
    ///
    /// # Errors
    /// As [`Self::check`], of a record.
    pub(crate) fn left(&self) -> Result<Left> {
        let mut files: BTreeMap<FileId, LeftFile> = BTreeMap::new();
        let mut commits = BTreeSet::new();
        for (record, (pack, place)) in &self.places {
            let Some(kind) = record.object_kind() else {
                continue;
            };
            let carried = self.packs[*pack].carry(*place).map_err(refused)?;
            for link in carried.links().map_err(refused)? {
                match link {
                    Link::File(id) => files.entry(id).or_default().needed = true,
                    Link::Seen(id) => drop(files.entry(id).or_default()),
                    Link::Record(record) if record.object_kind() == Some(ObjectKind::Commit) => {
                        if !self.has(&record)? && !self.storage.is_promised(&record)? {
                            commits.insert(CommitId::from_bytes(*record.digest()));
                        }
                    }
                    Link::Record(_) => {}
                }
            }
            let mut say = |id, bytes, name: &str| {
                if let Some(file) = files.get_mut(&id) {
                    file.bytes = Some(bytes);
                    file.names.insert(name.to_owned());
                }
            };
            match kind {
                ObjectKind::Tree => {
                    let tree: Tree = carried.decode().map_err(refused)?;
                    for entry in tree.entries() {
                        if let Some(id) = entry.file_id() {
                            say(id, entry.size, &entry.name);
                        }
                    }
                }
                ObjectKind::Generation => {
                    let run: Generation = carried.decode().map_err(refused)?;
                    for output in &run.outputs {
                        say(output.id, output.size, output.path.file_name());
                    }
                    for (path, id) in &run.inputs {
                        if let Some(file) = files.get_mut(id) {
                            file.names.insert(path.file_name().to_owned());
                        }
                    }
                }
                _ => {}
            }
        }
        let mut left = BTreeMap::new();
        for (id, file) in files {
            let record = RecordId::of_blob(id);
            if !self.has(&record)? && !self.storage.is_promised(&record)? {
                left.insert(id, file);
            }
        }
        Ok(Left {
            files: left,
            commits,
        })
    }

    fn look(&self, (pack, place): (usize, usize)) -> Result<Looked> {
        let carried = self.packs[pack].carry(place).map_err(refused)?;
        let id = carried.id();
        if RecordId::from_bytes(&id.to_bytes()).is_none() {
            return Err(RemoteError::Refused(format!(
                "{id} does not go from one project to another"
            )));
        }
        let links = carried.links().map_err(refused)?;
        let mut claims = Vec::new();
        if id.object_kind() == Some(ObjectKind::Tree) {
            let tree: Tree = carried.decode().map_err(refused)?;
            let of = |entry: &crate::object::TreeEntry| Some((entry.file_id()?, entry.size));
            claims.extend(tree.entries().iter().filter_map(of));
        }
        Ok(Looked { links, claims })
    }

    /// What arrived and what is there as one, to be read.
    #[must_use]
    pub(crate) fn as_storage(&self) -> Both<'_> {
        Both(self)
    }

    /// Bytes that the pieces of a file take, each once.
    fn piece_bytes(&self, layout: &RecordId) -> Result<u64> {
        let (mut seen, mut stack, mut bytes) = (HashSet::new(), vec![*layout], 0);
        while let Some(record) = stack.pop() {
            let stored = match self.places.get(&record) {
                Some((pack, place)) => self.packs[*pack].stored_bytes(*place),
                None => self.storage.stored(&record)?.unwrap_or(0),
            };
            bytes += u64::from(stored);
            if record.is_chunk() {
                continue;
            }
            let carried = self.carry(&record)?;
            for link in carried
                .map(|carried| carried.links())
                .transpose()?
                .unwrap_or_default()
            {
                if let Link::Record(piece) = link
                    && seen.insert(piece)
                {
                    stack.push(piece);
                }
            }
        }
        Ok(bytes)
    }

    /// Puts a file in chunks together, as nothing else says whether its layout holds.
    fn check_file(&self, layout: &RecordId) -> Result<()> {
        let file = FileId::from_bytes(layout.file().expect("a layout is that of a file"));
        let load = |record: &RecordId| -> Result<Option<Carried>, StoreError> {
            if *record == RecordId::of_blob(file) {
                // It is the layout that is looked at.
                return Ok(None);
            }
            self.carry(record).map_err(|error| match error {
                RemoteError::Store(error) => error,
                other => StoreError::Source(std::io::Error::other(other)),
            })
        };
        // A few bytes may be named over and over: that is not worked through for whoever says so.
        let most =
            FREE_FILE_BYTES.saturating_add(self.piece_bytes(layout)?.saturating_mul(MOST_REPEATED));
        if self.file_bytes(file)?.is_some_and(|bytes| bytes > most) {
            return Err(RemoteError::Refused(format!(
                "file {} is far larger than what it is put together from",
                file.short()
            )));
        }
        put_together(&load, file, &mut std::io::sink())
            .map(drop)
            .map_err(refused)
    }
}

/// What arrived and what is there.
pub(crate) struct Both<'a>(&'a Arrival<'a>);

impl Storage for Both<'_> {
    fn stored(&self, id: &RecordId) -> Result<Option<u32>> {
        match self.0.places.get(id) {
            Some((pack, place)) => Ok(Some(self.0.packs[*pack].stored_bytes(*place))),
            None => self.0.storage.stored(id),
        }
    }

    fn carry(&self, id: &RecordId) -> Result<Option<Carried>> {
        self.0.carry(id)
    }

    fn is_promised(&self, id: &RecordId) -> Result<bool> {
        self.0.storage.is_promised(id)
    }

    fn add(&self, _packs: &[ExchangePack]) -> Result<()> {
        Err(RemoteError::Refused(
            "what arrived is only looked at".to_owned(),
        ))
    }
}

/// What is wrong with what arrived is not what is wrong with the store.
fn refused(error: StoreError) -> RemoteError {
    match error {
        StoreError::Damaged { what, .. } => {
            RemoteError::Refused(format!("a pack is damaged: {what}"))
        }
        StoreError::Refused { what, .. } => RemoteError::Refused(format!("a pack holds {what}")),
        StoreError::Invalid { kind, id, source } => {
            let short = id.get(..12).unwrap_or(&id);
            RemoteError::Refused(format!("{kind} {short}: {source}"))
        }
        StoreError::TooNew { what, .. } => RemoteError::Refused(format!("a pack {what}")),
        error => RemoteError::Store(error),
    }
}

/// Opens a pack that arrived.
///
/// # Errors
/// `Refused` when it is not whole, or holds what it may not.
pub(crate) fn open_pack(file: std::fs::File, path: &std::path::Path) -> Result<ExchangePack> {
    ExchangePack::open(file, path).map_err(refused)
}
