//! `aiut du`.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::Serialize;

use super::expire::{Holdings, Loss};
use super::gc::folder_bytes;
use super::{RepositoryError, Result, Scope};
use crate::history::{HistoryError, Project, RefKind, TreeWalk, reach, reach_all};
use crate::object::{
    Commit, CommitId, EntryId, FileId, ObjectId, Reference, RepoPath, Timestamp, Tree, TreeId,
};
use crate::pipeline::Pipeline;
use crate::store::{Catalogue, RecordId, StoreError};
use crate::worktree::{StatCache, Unlisted};

/// Files that no stage makes.
const OTHER: &str = "other files";
/// Files that no commit has at a path: takes that were not selected, requests and answers.
const BESIDE: &str = "takes, requests";
/// Operations are old that are older than so many days.
pub const OLD_DAYS: u32 = 90;
const DAY: i64 = 24 * 60 * 60;
/// Objects.
const HISTORY: &str = "history";

/// What a project takes on disk, in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DuReport {
    /// Files of the folder.
    pub folder_files: usize,
    /// Their bytes.
    pub folder_bytes: u64,
    /// Packs; none when only some paths were asked for.
    pub packs: Option<usize>,
    /// Their bytes.
    pub pack_bytes: Option<u64>,
    /// Bytes of the index.
    pub index_bytes: Option<u64>,
    /// Bytes of damaged packs that were set aside.
    pub damaged_bytes: Option<u64>,
    /// What all versions take, by the stage that makes them; what several share is counted with
    /// the first.
    pub kinds: Vec<KindUse>,
    /// What each timeline takes.
    pub timelines: Vec<TimelineUse>,
    /// Bytes of packs that several timelines share.
    pub shared_bytes: u64,
    /// Bytes of packs that nothing needs: what `aiut gc` could free, the grace over.
    pub unreachable_bytes: u64,
    /// What only operations hold that are older than this many days and not among the last
    /// hundred; none when only some paths were asked for.
    pub old_operations: Option<Loss>,
    /// How many days that is.
    pub old_days: u32,
    /// What takes hold that no timeline, tag or remote holds; none when only some paths were asked
    /// for.
    pub unused_takes: Option<Loss>,
    /// Files and folders that could not be read, and so are not counted.
    pub unreadable: Vec<Unlisted>,
}

/// What files of one kind take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KindUse {
    /// The stage, or what else they are.
    pub kind: String,
    /// Contents, each once; of the history, objects.
    pub contents: usize,
    /// Their bytes, whole.
    pub bytes: u64,
    /// Bytes they take in packs.
    pub stored_bytes: u64,
}

/// What a timeline takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimelineUse {
    /// Its name.
    pub timeline: String,
    /// Bytes of packs that it needs.
    pub stored_bytes: u64,
    /// Bytes of them that no other timeline needs.
    pub own_bytes: u64,
}

/// Says what a project takes on disk: all of it, or all versions of some of its files.
///
/// # Errors
/// `NoSuchPath` for what is neither in the folder nor in a commit; what the store says. What is
/// damaged takes nothing, as fsck tells of it; what the system refuses to read is an error.
pub fn du(
    project: &Project,
    pipeline: &Pipeline,
    scope: &Scope,
    now: Timestamp,
) -> Result<DuReport> {
    let catalogue = Catalogue::read(project.store().folder())?;
    let holdings = Holdings::of(&catalogue)?;
    let live = reach_all(&catalogue, &holdings.standing)?;
    let commits = live.records.iter().filter_map(|record| {
        let is_commit = record.object_kind() == Some(crate::object::ObjectKind::Commit);
        is_commit.then(|| CommitId::from_bytes(*record.digest()))
    });
    let mut paths = Paths::default();
    let mut trees = TreeWalk::new(|id| match catalogue.get::<Tree>(id) {
        Err(error) if error.is_loss() => Ok(Tree::default()),
        tree => Ok(tree?),
    });
    for id in commits.collect::<BTreeSet<_>>() {
        let Some(commit) = unless_lost(catalogue.get::<Commit>(id))? else {
            continue;
        };
        trees.begin(commit.tree)?;
        paths.add(&mut trees, commit.tree, "")?;
    }
    let cache = StatCache::load(project.tree());
    let tree = project.tree();
    let scan = tree.scan(tree.look(&cache), std::iter::empty(), &BTreeSet::new());
    let known = || paths.files.keys().chain(scan.files.keys());
    let unlisted = scope.unlisted(project, &scan, known().collect::<Vec<_>>())?;
    if !unlisted.is_empty() {
        return Err(RepositoryError::NotKept(unlisted));
    }
    let mut seen = HashSet::new();
    let mut kinds = Kinds::default();
    let mut at_paths: HashSet<FileId> = HashSet::new();
    for (path, ids) in &paths.files {
        let kind = pipeline
            .maker_of(path.as_str())
            .map_or(OTHER, |(stage, _)| stage.name.as_str());
        for id in ids {
            at_paths.insert(*id);
            if scope.contains(path) {
                kinds.add(&catalogue, kind, *id, &mut seen)?;
            }
        }
    }
    let order: HashMap<&str, usize> = (0..)
        .zip(pipeline.stages())
        .map(|(place, stage)| (stage.name.as_str(), place))
        .collect();
    if scope.is_all() {
        for id in live.files.keys().filter(|id| !at_paths.contains(id)) {
            kinds.add(&catalogue, BESIDE, *id, &mut seen)?;
        }
        let objects = live
            .records
            .iter()
            .filter(|record| record.object_kind().is_some());
        for record in objects {
            let bytes = catalogue.stored_bytes(record);
            kinds.count(HISTORY, bytes, bytes);
        }
    }
    let folder = scan.files.iter().filter(|(path, _)| scope.contains(path));
    let sizes: Vec<u64> = folder.map(|(_, file)| file.stat.size).collect();
    let (timelines, shared_bytes) = timelines(project, &catalogue, &seen, scope)?;
    let unreachable = catalogue.records().filter(|id| !live.records.contains(id));
    let unreachable_bytes = match scope.is_all() {
        true => unreachable.map(|id| catalogue.stored_bytes(&id)).sum(),
        false => 0,
    };
    let own = |name: &str| -> Result<Option<u64>> {
        if !scope.is_all() {
            return Ok(None);
        }
        let path = project.store().folder().join(name);
        let bytes = folder_bytes(&path).map_err(|source| HistoryError::Io {
            action: "examine",
            path,
            source,
        })?;
        Ok(Some(bytes))
    };
    let (mut old_operations, mut unused_takes) = (None, None);
    if scope.is_all() {
        let cutoff = now.unix_seconds - i64::from(OLD_DAYS) * DAY;
        let old = holdings.without_operations(project, cutoff)?;
        old_operations = Some(match old {
            Some(next) => holdings.loss(next, &[])?.0,
            None => Loss::default(),
        });
        let unused = holdings.unused()?;
        unused_takes = Some(match unused.is_empty() {
            true => Loss::default(),
            false => {
                let runs: Vec<_> = unused.keys().copied().collect();
                holdings
                    .loss(holdings.without_takes(&unused, u64::MAX >> 1), &runs)?
                    .0
            }
        });
    }
    let unreadable = scan.unreadable.iter();
    let unreadable = unreadable.filter(|entry| scope.concerns(&entry.path));
    Ok(DuReport {
        folder_files: sizes.len(),
        folder_bytes: sizes.iter().sum(),
        packs: scope.is_all().then(|| catalogue.pack_count()),
        pack_bytes: own("packs")?,
        index_bytes: own("index")?,
        damaged_bytes: own("damaged")?,
        kinds: kinds.listed(&order),
        timelines,
        shared_bytes,
        unreachable_bytes,
        old_operations,
        old_days: OLD_DAYS,
        unused_takes,
        unreadable: unreadable.cloned().collect(),
    })
}

/// What was read; none where it is missing or damaged.
pub(super) fn unless_lost<T>(read: std::result::Result<T, StoreError>) -> Result<Option<T>> {
    match read {
        Err(error) if error.is_loss() => Ok(None),
        read => Ok(Some(read?)),
    }
}

/// Every path of every commit, with the contents it had.
#[derive(Default)]
struct Paths {
    files: BTreeMap<RepoPath, BTreeSet<FileId>>,
    seen: HashSet<(TreeId, String)>,
}

impl Paths {
    fn add(&mut self, trees: &mut TreeWalk<'_>, tree: TreeId, prefix: &str) -> Result<()> {
        if !self.seen.insert((tree, prefix.to_owned())) {
            return Ok(());
        }
        let tree = trees.get(tree)?;
        for entry in tree.entries() {
            let path = format!("{prefix}{}", entry.name);
            match entry.id {
                EntryId::Dir(id) => self.add(trees, id, &format!("{path}/"))?,
                EntryId::File(id) => {
                    if let Ok(path) = RepoPath::new(path) {
                        self.files.entry(path).or_default().insert(id);
                    }
                }
            }
        }
        Ok(())
    }
}

#[derive(Default)]
struct Kinds(BTreeMap<String, (usize, u64, u64)>);

impl Kinds {
    fn count(&mut self, kind: &str, bytes: u64, stored: u64) {
        let sum = self.0.entry(kind.to_owned()).or_default();
        *sum = (sum.0 + 1, sum.1 + bytes, sum.2 + stored);
    }

    /// Counts a file, unless it was; of its records, those that were not.
    fn add(
        &mut self,
        catalogue: &Catalogue,
        kind: &str,
        id: FileId,
        seen: &mut HashSet<RecordId>,
    ) -> Result<()> {
        let Some(file) = unless_lost(catalogue.file(id))? else {
            return Ok(());
        };
        let is_new = file
            .records
            .first()
            .is_some_and(|record| !seen.contains(record));
        if !is_new {
            return Ok(());
        }
        let new = file
            .records
            .into_iter()
            .filter(|record| seen.insert(*record));
        let stored = new.map(|record| catalogue.stored_bytes(&record)).sum();
        self.count(kind, file.size, stored);
        Ok(())
    }

    /// In the order of the pipeline.
    fn listed(self, order: &HashMap<&str, usize>) -> Vec<KindUse> {
        let place = |kind: &str| match kind {
            OTHER => usize::MAX - 2,
            BESIDE => usize::MAX - 1,
            HISTORY => usize::MAX,
            stage => order.get(stage).copied().unwrap_or(usize::MAX - 3),
        };
        let mut kinds: Vec<KindUse> = self
            .0
            .into_iter()
            .map(|(kind, (contents, bytes, stored_bytes))| KindUse {
                kind,
                contents,
                bytes,
                stored_bytes,
            })
            .collect();
        kinds.sort_by_key(|kind| place(&kind.kind));
        kinds
    }
}

/// What each timeline needs of the packs, and what several need; with a scope, of its files.
fn timelines(
    project: &Project,
    catalogue: &Catalogue,
    counted: &HashSet<RecordId>,
    scope: &Scope,
) -> Result<(Vec<TimelineUse>, u64)> {
    let mut needed: Vec<(String, HashSet<RecordId>)> = Vec::new();
    for (full, commit) in &project.refs()? {
        let Some(name) = full.strip_prefix(RefKind::Timeline.place()) else {
            continue;
        };
        let mut records = reach(
            catalogue,
            [Reference::Object(
                crate::object::ObjectKind::Commit,
                *commit.digest(),
            )],
        )?
        .records;
        if !scope.is_all() {
            records.retain(|record| counted.contains(record));
        }
        needed.push((name.to_owned(), records));
    }
    let mut users: HashMap<RecordId, usize> = HashMap::new();
    for record in needed.iter().flat_map(|(_, records)| records) {
        *users.entry(*record).or_default() += 1;
    }
    let bytes = |records: &mut dyn Iterator<Item = &RecordId>| {
        records.map(|record| catalogue.stored_bytes(record)).sum()
    };
    let shared_bytes = bytes(&mut users.iter().filter(|(_, n)| **n > 1).map(|(id, _)| id));
    let listed = needed
        .iter()
        .map(|(name, records)| TimelineUse {
            timeline: name.clone(),
            stored_bytes: bytes(&mut records.iter()),
            own_bytes: bytes(&mut records.iter().filter(|record| users[record] == 1)),
        })
        .collect();
    Ok((listed, shared_bytes))
}
