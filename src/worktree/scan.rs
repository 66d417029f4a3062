//! The walk: every file of the project folder, and everything that is none, with the reason.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ffi::OsStr;
use std::fmt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder, WalkState};
use serde::Serialize;

use super::beneath::Standing;
use super::folders::{Folder, Look, Still, folder_of};
use super::{AIUT_FOLDER, IGNORE_FILE, Stat, WorkTree};
use crate::object::{FileId, Paths, RepoPath, fold_name};

/// Up to so many tracked files one thread walks: waking others takes longer than they save.
const FEW_FILES: usize = 1000;

/// A file as the walk met it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScannedFile {
    /// Its metadata.
    pub stat: Stat,
    /// Its content, once known: see `WorkTree::contents`.
    pub id: Option<FileId>,
    /// Whether any write since would show in its stat.
    pub(super) settled: bool,
    /// Whether the walk passed it by, because a rule ignores it.
    pub(super) ignored: bool,
}

/// Something in the folder that is not, or cannot be, a file of the project.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unlisted {
    /// Path from the project folder, as well as text can show it.
    pub path: String,
    /// Why.
    pub reason: String,
}

impl ScannedFile {
    /// A file with this stat, and the content that its stat proves, if any.
    pub(super) fn known(stat: Stat, id: Option<FileId>) -> Self {
        Self {
            stat,
            id,
            settled: id.is_some(),
            ignored: false,
        }
    }

    /// The stat, if every write since would show in it.
    #[must_use]
    pub fn certain(&self) -> Option<Stat> {
        Some(self.stat).filter(|_| self.settled && self.id.is_some())
    }
}

impl Unlisted {
    pub(super) fn because(path: &str, reason: &dyn fmt::Display) -> Self {
        Self {
            path: path.to_owned(),
            reason: reason.to_string(),
        }
    }
}

/// What lies in the project folder. Each list is sorted by path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scan {
    /// The files, ignored ones left out unless they are tracked.
    pub files: BTreeMap<RepoPath, ScannedFile>,
    /// Left alone by rule: symlinks, pipes, projects within the project.
    pub skipped: Vec<Unlisted>,
    /// Files and folders whose names are unsafe on some system.
    pub refused: Vec<Unlisted>,
    /// Files and folders that could not be read. What they hold is unknown, not gone.
    pub unreadable: Vec<Unlisted>,
    /// What is to be remembered of the folders.
    pub(super) folders: Vec<Folder>,
}

impl Scan {
    /// Whether `path` is, or lies in, something that could not be read.
    #[must_use]
    pub fn is_unreadable(&self, path: &RepoPath) -> bool {
        self.unreadable
            .iter()
            .any(|hidden| is_within(path.as_str(), &hidden.path))
    }

    fn sort(&mut self) {
        for list in [&mut self.skipped, &mut self.refused, &mut self.unreadable] {
            list.sort();
            list.dedup();
        }
    }

    /// Refuses new files that a case- or normalisation-insensitive system would take for another
    /// file or folder: of the two, the tracked one stays, else the first.
    fn refuse_twins(&mut self, tracked: &HashSet<&RepoPath>) {
        let mut taken: BTreeMap<String, &str> = BTreeMap::new();
        let mut twins = Vec::new();
        let is_tracked = |path: &&RepoPath| tracked.contains(path);
        let (old, new): (Vec<_>, Vec<_>) = self.files.keys().partition(is_tracked);
        for path in old.into_iter().chain(new) {
            let text = path.as_str();
            let ends = text
                .match_indices('/')
                .map(|(at, _)| at)
                .chain([text.len()]);
            for prefix in ends.map(|end| &text[..end]) {
                let holder = *taken.entry(fold_name(prefix)).or_insert(prefix);
                if holder != prefix && !tracked.contains(path) {
                    twins.push((path.clone(), holder.to_owned()));
                    break;
                }
            }
        }
        for (path, holder) in twins {
            self.files.remove(&path);
            let reason = format!("some systems cannot tell its name from {holder}");
            self.refused.push(Unlisted {
                path: path.to_string(),
                reason,
            });
        }
    }
}

/// Whether `path` is `folder` or lies in it.
pub(crate) fn is_within(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What one thread of the walk has met.
#[derive(Default)]
struct Met {
    files: Vec<(RepoPath, ScannedFile)>,
    /// Folders that were listed.
    folders: Vec<String>,
    rest: Scan,
}

/// Gathers a thread's findings when the thread ends.
struct Gather<'a> {
    root: &'a Path,
    met: Met,
    paths: Paths,
    still: Option<&'a Still<'a>>,
    all: &'a Mutex<Vec<Met>>,
}

impl Drop for Gather<'_> {
    fn drop(&mut self) {
        let met = std::mem::take(&mut self.met);
        self.all
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(met);
    }
}

impl WorkTree {
    /// What lies in the folder. A file of `tracked`, which comes in the order of the paths, or of
    /// `also` is listed even where an ignore rule matches it. Folders that are as they were, by the
    /// look at them, are not listed again.
    #[must_use]
    pub fn scan<'t>(
        &self,
        look: Look<'_>,
        tracked: impl Iterator<Item = &'t RepoPath> + Clone,
        also: &BTreeSet<RepoPath>,
    ) -> Scan {
        let few = tracked.clone().nth(FEW_FILES).is_none();
        self.scan_by(few, look, tracked, also)
    }

    /// As [`Self::scan`]; of a `few` files nothing is remembered, for that takes longer than it saves.
    pub(super) fn scan_by<'t>(
        &self,
        few: bool,
        look: Look<'_>,
        tracked: impl Iterator<Item = &'t RepoPath> + Clone,
        also: &BTreeSet<RepoPath>,
    ) -> Scan {
        // Before the first folder is listed: what is made from here on has a later time.
        let moment = || if few { None } else { self.moment().ok() };
        let Look { cache, mut still } = look;
        let (mut met, mut began) = (Met::default(), None);
        if still.as_ref().is_none_or(|still| !still.is_all()) {
            began = moment();
            met = self.walk(few, still.as_ref());
        }
        let outdated = |still: &Still<'_>| self.is_outdated(still, cache, &met.rest, &met.folders);
        if still.as_ref().is_some_and(outdated) {
            still = None;
            began = moment();
            met = self.walk(few, None);
        }
        let Met {
            mut files,
            folders,
            rest: mut scan,
        } = met;
        if let Some(still) = &mut still {
            files.extend(in_full(std::mem::take(&mut still.files), tracked.clone()));
        }
        // A stable sort takes runs that are in order as they are.
        files.sort_by(|a, b| a.0.cmp(&b.0));
        let (passed_by, has_new) = compare(&files, tracked.clone());
        scan.files = files.into_iter().collect();
        self.add_ignored(&mut scan, passed_by.into_iter().chain(also));
        if has_new {
            scan.refuse_twins(&tracked.collect());
        }
        scan.sort();
        scan.folders = match began {
            Some(moment) => self.record(&scan, still.as_ref(), cache, folders, moment),
            None => cache.folders().to_vec(),
        };
        scan
    }

    /// Lists every folder but those that are `still`.
    fn walk(&self, few: bool, still: Option<&Still<'_>>) -> Met {
        let mut builder = WalkBuilder::new(&self.root);
        builder
            .threads(usize::from(few))
            .standard_filters(false)
            .add_custom_ignore_filename(IGNORE_FILE)
            .follow_links(false)
            .filter_entry(|entry| !is_reserved(entry.file_name()));
        let all = Mutex::new(Vec::new());
        builder.build_parallel().run(|| {
            let mut gather = Gather {
                root: &self.root,
                met: Met::default(),
                paths: Paths::default(),
                still,
                all: &all,
            };
            Box::new(move |entry| gather.visit(entry))
        });
        let mut met = Met::default();
        for mut part in all.into_inner().unwrap_or_else(PoisonError::into_inner) {
            met.files.append(&mut part.files);
            met.folders.append(&mut part.folders);
            met.rest.skipped.append(&mut part.rest.skipped);
            met.rest.refused.append(&mut part.rest.refused);
            met.rest.unreadable.append(&mut part.rest.unreadable);
        }
        met
    }

    /// Adds the tracked files that the walk passed by because a rule ignores them.
    fn add_ignored<'t>(&self, scan: &mut Scan, paths: impl Iterator<Item = &'t RepoPath>) {
        for path in paths {
            let skipped = |entry: &Unlisted| is_within(path.as_str(), &entry.path);
            if scan.files.contains_key(path)
                || scan.is_unreadable(path)
                || scan.skipped.iter().any(skipped)
            {
                continue;
            }
            match self.standing(path) {
                Ok(Standing::File(stat)) => {
                    let file = ScannedFile {
                        ignored: true,
                        ..ScannedFile::known(stat, None)
                    };
                    scan.files.insert(path.clone(), file);
                }
                Ok(Standing::Nothing | Standing::Folder | Standing::Other) => {}
                Err(error) => {
                    scan.unreadable
                        .push(Unlisted::because(path.as_str(), &error));
                }
            }
        }
    }
}

/// Which tracked files the walk has not met, and whether it met any that is not tracked. Both come
/// sorted, so one pass tells.
fn compare<'t>(
    files: &[(RepoPath, ScannedFile)],
    tracked: impl Iterator<Item = &'t RepoPath>,
) -> (Vec<&'t RepoPath>, bool) {
    let mut met = files.iter().map(|(path, _)| path).peekable();
    let (mut passed_by, mut has_new) = (Vec::new(), false);
    for path in tracked {
        while met.next_if(|met| *met < path).is_some() {
            has_new = true;
        }
        if met.next_if_eq(&path).is_none() {
            passed_by.push(path);
        }
    }
    (passed_by, has_new || met.peek().is_some())
}

/// The files with their paths, which are those of `tracked` where they are tracked. Both come
/// sorted. A path that is none, from a cache that was made elsewhere, is left out.
fn in_full<'t>(
    files: Vec<(&str, ScannedFile)>,
    tracked: impl Iterator<Item = &'t RepoPath>,
) -> impl Iterator<Item = (RepoPath, ScannedFile)> {
    let (mut tracked, mut paths) = (tracked.peekable(), Paths::default());
    files.into_iter().filter_map(move |(path, file)| {
        while tracked.next_if(|known| known.as_str() < path).is_some() {}
        let known = tracked.next_if(|known| known.as_str() == path);
        let path = known.map_or_else(|| paths.path(path).ok(), |known| Some(known.clone()));
        Some((path?, file))
    })
}

/// aiut's and git's own folders are neither files of the project nor worth a word.
fn is_reserved(name: &OsStr) -> bool {
    name == AIUT_FOLDER || name == ".git"
}

impl Gather<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = path_of(&error)
                    .map(|path| self.relative(path))
                    .unwrap_or_default();
                if !is_gone(&error) {
                    let reason = inner_message(&error);
                    self.met.rest.unreadable.push(Unlisted { path, reason });
                }
                return WalkState::Continue;
            }
        };
        if let Some(error) = entry.error() {
            let path = self.relative(&entry.path().join(IGNORE_FILE));
            self.met.rest.unreadable.push(Unlisted {
                path,
                reason: inner_message(error),
            });
        }
        if entry.depth() == 0 {
            self.list(String::new());
            return WalkState::Continue;
        }
        self.enter(&entry)
    }

    fn enter(&mut self, entry: &DirEntry) -> WalkState {
        let relative = self.relative(entry.path());
        let kind = entry.file_type();
        let is_folder = kind.is_some_and(|kind| kind.is_dir());
        if self.still.is_some_and(|still| match is_folder {
            true => still.spares(&relative),
            false => still.knows(folder_of(&relative)),
        }) {
            return WalkState::Skip;
        }
        let checked = self.paths.path(&relative);
        let rest = &mut self.met.rest;
        if entry.path_is_symlink() {
            rest.skipped.push(Unlisted::because(
                &relative,
                &"a symlink, which is not followed",
            ));
            return WalkState::Skip;
        }
        if entry.file_name().to_str().is_none() {
            rest.refused
                .push(Unlisted::because(&relative, &"its name is not UTF-8"));
            return WalkState::Skip;
        }
        let path = match checked {
            Ok(path) => path,
            Err(error) => {
                rest.refused
                    .push(Unlisted::because(&relative, &error.reason));
                return WalkState::Skip;
            }
        };
        if is_folder {
            if entry.path().join(AIUT_FOLDER).symlink_metadata().is_ok() {
                rest.skipped
                    .push(Unlisted::because(&relative, &"a project of its own"));
                return WalkState::Skip;
            }
            self.list(relative);
        } else if kind.is_some_and(|kind| kind.is_file()) {
            match entry.metadata() {
                Ok(metadata) => {
                    let file = ScannedFile::known(Stat::of(&metadata), None);
                    self.met.files.push((path, file));
                }
                Err(error) if is_gone(&error) => {}
                Err(error) => {
                    rest.unreadable
                        .push(Unlisted::because(&relative, &inner_message(&error)));
                }
            }
        } else {
            rest.skipped
                .push(Unlisted::because(&relative, &"neither a file nor a folder"));
        }
        WalkState::Continue
    }

    fn list(&mut self, folder: String) {
        if self.still.is_none_or(|still| !still.knows(&folder)) {
            self.met.folders.push(folder);
        }
    }

    fn relative(&self, path: &Path) -> String {
        let path = path.strip_prefix(self.root).unwrap_or(path);
        let text = path.to_string_lossy();
        if std::path::MAIN_SEPARATOR == '/' {
            text.into_owned()
        } else {
            text.replace(std::path::MAIN_SEPARATOR, "/")
        }
    }
}

/// Removed between the listing of its folder and the look at it.
fn is_gone(error: &ignore::Error) -> bool {
    error
        .io_error()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::NotFound)
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        _ => None,
    }
}

/// The message without the absolute path that the walk puts before it.
fn inner_message(error: &ignore::Error) -> String {
    match error {
        ignore::Error::WithPath { err, .. } | ignore::Error::WithDepth { err, .. } => {
            inner_message(err)
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
