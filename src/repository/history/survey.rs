//! What the folder holds, beside what the current commit says of it.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Bound;
use std::sync::Arc;

use serde::Serialize;

use super::extent::excess_of;
use super::flat::{Flat, in_full};
use super::transaction::store;
use super::{FileEntry, FlatTree, HistoryError, Project, Result};
use crate::object::{FileId, RepoPath, TreeId};
use crate::store::{Batch, Promised};
use crate::worktree::{Content, Found, IGNORE_FILE, Scan, ScannedFile, Stat, StatCache, hash};

/// Which files must be known by their content.
enum Need<'n> {
    /// Only as far as telling what changed takes; what did not is left out.
    Changes,
    /// These of what changed; what did not is left out.
    Changed(&'n dyn Fn(&RepoPath) -> bool),
    /// As far as that takes, of every file.
    All,
    /// These.
    Paths(&'n dyn Fn(&RepoPath) -> bool),
}

/// A file that has another path than in the commit, with the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Renamed {
    /// Its path in the commit.
    pub from: RepoPath,
    /// Its path now.
    pub to: RepoPath,
}

/// How the folder differs from a commit; each list sorted by path, no path in two of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// New files.
    pub added: Vec<RepoPath>,
    /// Other bytes, or another executable bit.
    pub modified: Vec<RepoPath>,
    /// Gone files.
    pub deleted: Vec<RepoPath>,
    /// Moved files.
    pub renamed: Vec<Renamed>,
}

impl Changes {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.modified.is_empty()
            && self.deleted.is_empty()
            && self.renamed.is_empty()
    }

    /// The files that differ and are there, by their new names, sorted.
    #[must_use]
    pub fn present(&self) -> Vec<RepoPath> {
        let renamed = self.renamed.iter().map(|renamed| &renamed.to);
        let all = self.added.iter().chain(&self.modified).chain(renamed);
        let mut all: Vec<RepoPath> = all.cloned().collect();
        all.sort();
        all
    }

    /// How many paths differ, a renamed one counted once.
    #[must_use]
    pub fn len(&self) -> usize {
        self.added.len() + self.modified.len() + self.deleted.len() + self.renamed.len()
    }
}

/// A look at the folder.
#[derive(Debug)]
pub struct Survey {
    /// What the commit says.
    pub tracked: FlatTree,
    /// What the commit says of files in conflict, in either list or not.
    pub conflicts: FlatTree,
    /// What lies there.
    pub scan: Scan,
    /// What need not be here: such a file that is not in the folder was left out of it, and not deleted.
    promised: Arc<Promised>,
}

impl Survey {
    /// Looks just closely enough to tell what changed since `tree`. Files that are known to be as
    /// they were are in neither list.
    ///
    /// # Errors
    /// `Store`. What cannot be read is in `scan.unreadable`.
    pub fn of_changes(project: &Project, tree: Option<TreeId>) -> Result<Self> {
        Self::take(project, tree, &BTreeSet::new(), &Need::Changes, None)
    }

    /// As [`Self::of_changes`], and learns the content of what changed among what `within` names.
    ///
    /// # Errors
    /// As [`Self::of_changes`].
    pub fn of_changed(
        project: &Project,
        tree: Option<TreeId>,
        within: &dyn Fn(&RepoPath) -> bool,
    ) -> Result<Self> {
        Self::take(
            project,
            tree,
            &BTreeSet::new(),
            &Need::Changed(within),
            None,
        )
    }

    /// As [`Self::of_changes`], with every file in the lists.
    ///
    /// # Errors
    /// As [`Self::of_changes`].
    pub fn with_changes(project: &Project, tree: Option<TreeId>) -> Result<Self> {
        Self::take(project, tree, &BTreeSet::new(), &Need::All, None)
    }

    /// Learns the content of every file.
    ///
    /// # Errors
    /// As [`Self::of_changes`].
    pub fn of_everything(project: &Project, tree: Option<TreeId>) -> Result<Self> {
        Self::take(
            project,
            tree,
            &BTreeSet::new(),
            &Need::Paths(&|_| true),
            None,
        )
    }

    /// Learns the content of every file that `wanted` names, and stores what is new of it in
    /// `batch`.
    ///
    /// # Errors
    /// As [`Self::of_changes`].
    pub fn storing(
        project: &Project,
        tree: Option<TreeId>,
        wanted: &dyn Fn(&RepoPath) -> bool,
        batch: &Batch<'_>,
    ) -> Result<Self> {
        let mut survey = Self::take(
            project,
            tree,
            &BTreeSet::new(),
            &Need::Paths(wanted),
            Some(batch),
        )?;
        survey.store_known(project, wanted, batch)?;
        Ok(survey)
    }

    /// Learns the content of these paths, and of whatever stands in their way.
    ///
    /// # Errors
    /// As [`Self::of_changes`].
    pub fn of_paths(
        project: &Project,
        tree: Option<TreeId>,
        paths: &BTreeSet<RepoPath>,
    ) -> Result<Self> {
        let mut above = BTreeSet::new();
        for path in paths {
            let mut parent = path.parent();
            while let Some(folder) = parent {
                parent = folder.parent();
                above.insert(folder);
            }
        }
        let wanted = |path: &RepoPath| {
            let mut ends = path.as_str().match_indices('/').map(|(at, _)| at);
            paths.contains(path)
                || above.contains(path)
                || ends.any(|end| paths.contains(&path.as_str()[..end]))
        };
        Self::take(project, tree, paths, &Need::Paths(&wanted), None)
    }

    fn take(
        project: &Project,
        tree: Option<TreeId>,
        also: &BTreeSet<RepoPath>,
        need: &Need<'_>,
        batch: Option<&Batch<'_>>,
    ) -> Result<Self> {
        let work = project.tree();
        let cache = StatCache::load(work);
        let flat = || tree.map_or_else(|| Ok(Flat::empty()), |tree| Flat::of(project, tree));
        let look = || work.look(&cache);
        let (flat, mut look) = match cache.is_large() {
            true => rayon::join(flat, look),
            false => (flat(), look()),
        };
        let flat = flat?;
        let tracked = match need {
            Need::Changes | Need::Changed(_) => {
                let files = flat.files();
                let known = files.map(|(path, entry)| (path, entry.content(), entry));
                in_full(look.take_out_same(known).into_iter())
            }
            _ => in_full(flat.files()),
        };
        let scan = work.scan(look, tracked.keys(), also);
        check_extent(&flat, &tracked, &scan)?;
        let in_conflict = |(_, entry): &(&str, FileEntry)| entry.conflict.is_some();
        let conflicts = in_full(flat.files().filter(in_conflict));
        let mut survey = Self {
            tracked,
            conflicts,
            scan,
            promised: project.store().promised()?,
        };
        survey.tell_hidden();
        let vanished: HashSet<u64> = survey.vanished().map(|(_, entry)| entry.size).collect();
        let Self { tracked, scan, .. } = &mut survey;
        let wanted = |path: &RepoPath, stat: &Stat| match (need, tracked.get(path)) {
            (Need::Paths(wanted), _) => wanted(path),
            (Need::Changed(wanted), _) if wanted(path) => true,
            (_, Some(entry)) => entry.size == stat.size,
            // It can only be a renamed file if it is as long as one that is gone. Rules are learnt
            // lest folders are listed anew each time.
            (_, None) => vanished.contains(&stat.size) || path.file_name() == IGNORE_FILE,
        };
        match batch {
            Some(batch) => {
                work.contents(scan, &cache, &|bytes| store(batch, bytes), &wanted)?;
            }
            None => work.contents(scan, &cache, &hash, &wanted)?,
        }
        Ok(survey)
    }

    /// Says of what stands over tracked files that these stay as they were committed.
    fn tell_hidden(&mut self) {
        let Self { tracked, scan, .. } = self;
        for entry in &mut scan.skipped {
            let below = format!("{}/", entry.path);
            let from = (Bound::Included(below.as_str()), Bound::Unbounded);
            let within = tracked.range::<str, _>(from);
            let within = within.take_while(|(path, _)| path.as_str().starts_with(&below));
            let reason = match within.count() {
                0 if tracked.contains_key(entry.path.as_str()) => {
                    "; the file of this name stays as it was committed".to_owned()
                }
                0 => continue,
                1 => "; one file in it stays as it was committed".to_owned(),
                count => format!("; {count} files in it stay as they were committed"),
            };
            entry.reason.push_str(&reason);
        }
    }

    /// Stores what the cache knew the id of, though nothing stored its bytes yet.
    fn store_known(
        &mut self,
        project: &Project,
        wanted: &dyn Fn(&RepoPath) -> bool,
        batch: &Batch<'_>,
    ) -> Result<()> {
        let (tracked, scan) = (&self.tracked, &mut self.scan);
        for (path, file) in scan.files.iter_mut().filter(|(path, _)| wanted(path)) {
            let Some(id) = file.id else { continue };
            if tracked.get(path).is_some_and(|entry| entry.id == id) || batch.contains_file(id)? {
                continue;
            }
            let (id, stat) = project.tree().read(path, &|bytes| store(batch, bytes))?;
            (file.id, file.stat) = (Some(id), stat);
        }
        Ok(())
    }

    /// What the file at `path` holds now; none when there is no such file, or it was not needed.
    #[must_use]
    pub fn content(&self, path: &RepoPath) -> Option<Content> {
        let file = self.scan.files.get(path)?;
        let exec = if cfg!(unix) {
            file.stat.exec
        } else {
            // Where there is no such bit, it is as it was.
            self.tracked.get(path).is_some_and(|entry| entry.exec)
        };
        Some(Content {
            id: file.id?,
            size: file.stat.size,
            exec,
        })
    }

    /// The stat that goes with [`Self::content`], if any write since would show in it.
    #[must_use]
    pub fn seen(&self, path: &RepoPath) -> Option<Stat> {
        self.scan.files.get(path)?.certain()
    }

    /// Whether these paths still have the files that were found there: a few system calls each.
    ///
    /// # Errors
    /// `WorkTree` names the path that cannot be looked at.
    pub fn still_holds<'p>(
        &self,
        project: &Project,
        paths: impl Iterator<Item = &'p RepoPath>,
    ) -> Result<bool> {
        let seen = paths.map(|path| (path, self.scan.files.get(path).map(|file| file.stat)));
        Ok(project.tree().still_stands(seen)?)
    }

    /// Tracked files that are gone.
    /// Whether a file with this content is left out of the folder unless it is asked for.
    #[must_use]
    pub fn is_left_out(&self, id: FileId) -> bool {
        self.promised.has_file(id)
    }

    /// Files of the commit that are not in the folder, as their contents are not here on purpose.
    pub fn left_out(&self) -> impl Iterator<Item = (&RepoPath, &FileEntry)> {
        let files = self.tracked.iter();
        files.filter(|(path, entry)| {
            self.is_left_out(entry.id)
                && !self.scan.files.contains_key(*path)
                && self.scan.found(path) == Found::Nothing
        })
    }

    fn vanished(&self) -> impl Iterator<Item = (&RepoPath, &FileEntry)> {
        let gone = |(path, entry, file): (_, Option<_>, Option<&ScannedFile>)| {
            // What is hidden behind something else is not gone: it stays tracked.
            let gone = file.is_none() && self.scan.found(path) == Found::Nothing;
            entry
                .filter(|entry: &&FileEntry| gone && !self.is_left_out(entry.id))
                .map(|entry| (path, entry))
        };
        self.side_by_side().filter_map(gone)
    }

    /// Each path with what the commit and the folder have there, in the order of the paths.
    fn side_by_side(
        &self,
    ) -> impl Iterator<Item = (&RepoPath, Option<&FileEntry>, Option<&ScannedFile>)> {
        let mut tracked = self.tracked.iter().peekable();
        let mut files = self.scan.files.iter().peekable();
        std::iter::from_fn(move || {
            let order = match (tracked.peek(), files.peek()) {
                (Some((old, _)), Some((new, _))) => old.cmp(new),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return None,
            };
            let old = if order.is_le() { tracked.next() } else { None };
            let new = if order.is_ge() { files.next() } else { None };
            let path = old.map(|(path, _)| path).or(new.map(|(path, _)| path))?;
            Some((path, old.map(|(_, entry)| entry), new.map(|(_, file)| file)))
        })
    }

    /// How the folder differs from the commit, among the paths that `within` names.
    #[must_use]
    pub fn changes(&self, within: &dyn Fn(&RepoPath) -> bool) -> Changes {
        let mut changes = Changes::default();
        let mut gone: BTreeMap<FileId, Vec<&RepoPath>> = BTreeMap::new();
        for (path, entry) in self.vanished().filter(|(path, _)| within(path)) {
            gone.entry(entry.id).or_default().push(path);
        }
        for (path, entry, file) in self.side_by_side() {
            let Some(file) = file else { continue };
            match entry {
                Some(entry) if is_modified(entry, file) && within(path) => {
                    changes.modified.push(path.clone());
                }
                Some(_) => {}
                None if !within(path) => {}
                None => match file.id.and_then(|id| take_one(gone.get_mut(&id)?, path)) {
                    Some(from) => changes.renamed.push(Renamed {
                        from,
                        to: path.clone(),
                    }),
                    None => changes.added.push(path.clone()),
                },
            }
        }
        changes.deleted = gone.into_values().flatten().cloned().collect();
        changes.deleted.sort();
        changes
    }

    /// The edits that make the commit's tree the folder's, among the paths that `within` names.
    /// A file edited by hand keeps the origin of the one that it was; so does a renamed one.
    ///
    /// # Errors
    /// `Unreadable` names the files whose content cannot be known.
    pub fn edits(
        &self,
        changes: &Changes,
        within: &dyn Fn(&RepoPath) -> bool,
    ) -> Result<BTreeMap<RepoPath, Option<FileEntry>>> {
        let unreadable = self.scan.unreadable.iter();
        let unreadable: Vec<_> = unreadable
            .filter(|hidden| RepoPath::new(hidden.path.as_str()).map_or(true, |path| within(&path)))
            .map(|hidden| (hidden.path.clone(), hidden.reason.clone()))
            .collect();
        if !unreadable.is_empty() {
            return Err(HistoryError::Unreadable(unreadable));
        }
        let mut edits = BTreeMap::new();
        let mut enter = |path: &RepoPath, origin: Option<&FileEntry>| {
            let Some(content) = self.content(path) else {
                return;
            };
            let entry = origin.map_or_else(
                || FileEntry::plain(content),
                |origin| origin.holding(content),
            );
            edits.insert(path.clone(), Some(entry));
        };
        changes.added.iter().for_each(|path| enter(path, None));
        changes
            .modified
            .iter()
            .for_each(|path| enter(path, self.tracked.get(path)));
        for Renamed { from, to } in &changes.renamed {
            enter(to, self.tracked.get(from));
        }
        let gone = changes
            .renamed
            .iter()
            .map(|renamed| &renamed.from)
            .chain(&changes.deleted);
        edits.extend(gone.map(|path| (path.clone(), None)));
        Ok(edits)
    }
}

/// Refuses more than a commit may have: files that are as they were, and those of the scan.
fn check_extent(flat: &Flat, tracked: &FlatTree, scan: &Scan) -> Result<()> {
    let mut most = flat.most();
    let found = scan.files.keys().map(RepoPath::as_str);
    found.clone().for_each(|path| most.add_alone(path));
    if most.excess().is_none() {
        return Ok(());
    }
    let files = flat.files().map(|(path, _)| path);
    let same = files.filter(|path| !tracked.contains_key(*path));
    let mut paths: Vec<&str> = found.chain(same).collect();
    paths.sort_unstable();
    match excess_of(paths.into_iter()) {
        Some(excess) => Err(HistoryError::FolderTooLarge(excess)),
        None => Ok(()),
    }
}

/// Whether a tracked file holds something else than the commit says.
fn is_modified(entry: &FileEntry, file: &ScannedFile) -> bool {
    let other_mode = cfg!(unix) && file.stat.exec != entry.exec;
    other_mode || file.stat.size != entry.size || file.id.is_some_and(|id| id != entry.id)
}

/// Of the vanished paths of one content, the one most likely renamed to `path`: of the same name
/// if there is one.
fn take_one(gone: &mut Vec<&RepoPath>, path: &RepoPath) -> Option<RepoPath> {
    let same_name = gone
        .iter()
        .position(|from| from.file_name() == path.file_name());
    (!gone.is_empty()).then(|| gone.remove(same_name.unwrap_or(0)).clone())
}
