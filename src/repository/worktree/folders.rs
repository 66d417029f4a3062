//! Folders that need not be listed again, for nothing was made, renamed or removed in them since.
//!
//! A folder's times change with its entries, on file systems of [`Nature::Unix`]. So a folder with
//! the times and the inode that were recorded holds the files that the stat cache lists in it, and
//! asking for each file's stat is all that is left to do. What is recorded was seen *after* the
//! listing, with times that lie *before* it began: what happened in between would show.
//!
//! Every other folder is listed, and everything is when an ignore file changed, came or went.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};

use cap_std::fs::Dir;
use rayon::prelude::*;

use super::beneath::{Standing, stat_in};
use super::cache::StatCache;
use super::scan::{Scan, is_within};
use super::{IGNORE_FILE, Stat, WorkTree};
use crate::base::filesystem::{Nature, examine};
use crate::object::RepoPath;

/// So many files of one folder are asked by one thread.
const BATCH: usize = 1024;

/// A folder that a walk has listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Folder {
    /// From the project folder, which itself is empty.
    pub path: String,
    /// What it was when all that it holds was listed; none when it must be listed each time.
    pub stat: Option<FolderStat>,
}

/// What changes when a folder's entries do. Times in nanoseconds since 1970.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct FolderStat {
    pub mtime: i64,
    pub ctime: i64,
    pub inode: u64,
}

impl From<Stat> for FolderStat {
    fn from(stat: Stat) -> Self {
        Self {
            mtime: stat.mtime,
            ctime: stat.ctime,
            inode: stat.inode,
        }
    }
}

/// What is known without listing.
pub(super) struct Still<'c> {
    /// Folders as they were recorded.
    folders: HashSet<&'c str>,
    /// Folders that are not, and all above them.
    listed: HashSet<&'c str>,
    /// The files of [`Self::folders`], in the order of their paths.
    pub(super) files: Vec<StillFile>,
}

/// A file of a folder that was not listed.
pub(super) struct StillFile {
    /// Where the cache has it.
    pub place: u32,
    /// What it is now.
    pub stat: Stat,
}

impl Still<'_> {
    /// Whether no folder has to be listed.
    pub(super) fn is_all(&self) -> bool {
        self.listed.is_empty()
    }

    /// Whether all that the folder holds, folders within it apart, is known.
    pub(super) fn knows(&self, folder: &str) -> bool {
        self.folders.contains(folder)
    }

    /// Whether the walk need not enter this folder.
    pub(super) fn spares(&self, folder: &str) -> bool {
        self.knows(folder) && !self.listed.contains(folder)
    }
}

/// The folder that holds `path`; empty at the top.
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

impl WorkTree {
    /// Which folders are as they were recorded, and their files as they are now. None when nothing
    /// of that can be relied on.
    pub(super) fn still<'c>(&self, cache: &'c StatCache) -> Option<Still<'c>> {
        if cache.folders().is_empty() || !self.shows_changes() {
            return None;
        }
        let mut files: HashMap<&str, Vec<u32>> = HashMap::new();
        let (mut last, mut run) = ("", Vec::new());
        for entry in cache.entries().filter(|entry| entry.listed) {
            let folder = folder_of(entry.path);
            if last != folder {
                files.entry(last).or_default().append(&mut run);
                last = folder;
            }
            run.push(entry.place);
        }
        files.entry(last).or_default().append(&mut run);
        let rules_changed = AtomicBool::new(false);
        let look = |folder: &'c Folder| {
            let places = files.get(folder.path.as_str());
            self.files_of(
                folder,
                cache,
                places.map_or(&[], Vec::as_slice),
                &rules_changed,
            )
        };
        let looks: Vec<_> = cache.folders().par_iter().map(look).collect();
        if rules_changed.into_inner() {
            return None;
        }
        let mut still = Still {
            folders: HashSet::new(),
            listed: HashSet::new(),
            files: Vec::new(),
        };
        for (folder, look) in cache.folders().iter().zip(looks) {
            let path = folder.path.as_str();
            if let Some(mut now) = look {
                still.files.append(&mut now);
                still.folders.insert(path);
                continue;
            }
            let mut above = Some(path);
            while let Some(path) = above {
                still.listed.insert(path);
                above = (!path.is_empty()).then(|| folder_of(path));
            }
        }
        still.files.sort_by_key(|found| found.place);
        Some(still)
    }

    /// The files of a folder that is as it was recorded; none when it, or what it holds, is not.
    fn files_of(
        &self,
        folder: &Folder,
        cache: &StatCache,
        places: &[u32],
        rules_changed: &AtomicBool,
    ) -> Option<Vec<StillFile>> {
        let dir = self.open_folder(&folder.path)?;
        let stat = Stat::of_beneath(&dir.dir_metadata().ok()?);
        if folder.stat != Some(stat.into()) {
            return None;
        }
        let look = |place: &u32| {
            let entry = cache.entry(*place);
            let name = entry.path.rsplit('/').next().unwrap_or(entry.path);
            let Ok(Standing::File(stat)) = stat_in(&dir, name) else {
                return None;
            };
            if name == IGNORE_FILE && entry.answer(&stat).is_none() {
                rules_changed.store(true, Ordering::Relaxed);
            }
            let place = *place;
            Some(StillFile { place, stat })
        };
        match places.len() {
            0..=BATCH => places.iter().map(look).collect(),
            _ => places.par_iter().with_min_len(BATCH).map(look).collect(),
        }
    }

    fn open_folder(&self, path: &str) -> Option<Dir> {
        if path.is_empty() {
            return self.dir.try_clone().ok();
        }
        self.folder_of(&rules_of(path)?).ok()?
    }

    fn shows_changes(&self) -> bool {
        examine(&self.root).is_ok_and(|found| found.nature == Nature::Unix)
    }

    /// Whether the rules, or what can be reached, are other than those that `still` was recorded
    /// under: then a walk that spared its folders proves nothing. `walked` are those it listed.
    pub(super) fn is_outdated(
        &self,
        still: &Still<'_>,
        cache: &StatCache,
        met: &Scan,
        walked: &[String],
    ) -> bool {
        let barred = [&met.skipped, &met.refused, &met.unreadable];
        let mut barred = barred.into_iter().flatten();
        let other_rules = |folder: &String| {
            let Some(path) = rules_of(folder) else {
                return true;
            };
            match self.standing(&path) {
                Ok(Standing::Nothing) => cache.has(&path),
                Ok(Standing::File(stat)) => cache.get(&path, &stat).is_none(),
                _ => true,
            }
        };
        barred.any(|entry| {
            still
                .folders
                .iter()
                .any(|path| is_within(path, &entry.path))
        }) || walked.iter().any(other_rules)
    }

    /// What to record of the folders of a scan: those that `still` knew, and those that were
    /// `walked` since `moment`. Nothing when an ignore file is itself ignored: it would change
    /// unseen.
    pub(super) fn record(
        &self,
        scan: &Scan,
        still: Option<&Still<'_>>,
        cache: &StatCache,
        walked: Vec<String>,
        moment: i64,
    ) -> Vec<Folder> {
        if !self.shows_changes() {
            return Vec::new();
        }
        let unlisted = [&scan.skipped, &scan.refused, &scan.unreadable];
        let troubled: HashSet<&str> = unlisted
            .into_iter()
            .flatten()
            .flat_map(|entry| [entry.path.as_str(), folder_of(&entry.path)])
            .collect();
        let mut folders: Vec<Folder> = cache
            .folders()
            .iter()
            .filter(|folder| still.is_some_and(|still| still.knows(&folder.path)))
            .cloned()
            .collect();
        for path in walked {
            let Some(dir) = self.open_folder(&path) else {
                continue;
            };
            let listed = |rules: RepoPath| scan.files.get(&rules).is_some_and(|file| !file.ignored);
            match stat_in(&dir, IGNORE_FILE) {
                Ok(Standing::Nothing) => {}
                _ if rules_of(&path).is_some_and(listed) => {}
                _ => return Vec::new(),
            }
            let stat = dir.dir_metadata().ok();
            let stat = stat.map(|metadata| Stat::of_beneath(&metadata));
            let stat = stat.filter(|stat| stat.is_settled(moment));
            folders.push(Folder {
                path,
                stat: stat.map(FolderStat::from),
            });
        }
        for folder in &mut folders {
            folder.stat = folder
                .stat
                .filter(|_| !troubled.contains(folder.path.as_str()));
        }
        folders.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        folders
    }
}

/// The ignore file of a folder, if it can be one of the project.
fn rules_of(folder: &str) -> Option<RepoPath> {
    match folder {
        "" => RepoPath::new(IGNORE_FILE).ok(),
        folder => RepoPath::new(folder).ok()?.join(IGNORE_FILE).ok(),
    }
}

#[cfg(test)]
mod tests;
