//! The walk: every file of the folders it lists, and everything that is none, with the reason.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ffi::OsStr;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use ignore::{DirEntry, WalkBuilder, WalkState};
use serde::Serialize;

use super::beneath::Barrier;
use super::folders::{Folder, Still, folder_of};
use super::rules::Rules;
use super::{AIUT_FOLDER, IGNORE_FILE, Stat, WorkTree};
use crate::base::layout;
use crate::object::{FileId, Paths, RepoPath, fold_name};

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
    /// What the walk passed by in folders that stand where a file was asked for.
    pub(super) passed: Vec<Unlisted>,
    /// Places in the cache of the files that were taken out, because they are as they should be.
    pub(super) same: Vec<u32>,
    /// What is to be remembered of the folders.
    pub(super) folders: Vec<Folder>,
}

/// What stands at a path, as far as a scan knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found<'s> {
    /// Nothing, or a folder.
    Nothing,
    /// A file.
    File(&'s ScannedFile),
    /// Something else, at the path or where a folder above it should be: it is neither gone, nor
    /// is anything written over it.
    Barred(&'s Unlisted),
    /// It, or a folder above it, could not be read.
    Unreadable(&'s Unlisted),
}

impl Scan {
    /// What stands at `path`.
    #[must_use]
    pub fn found(&self, path: &RepoPath) -> Found<'_> {
        if let Some(file) = self.files.get(path) {
            return Found::File(file);
        }
        if let Some(hidden) = covering(&self.unreadable, path) {
            return Found::Unreadable(hidden);
        }
        covering(&self.skipped, path).map_or(Found::Nothing, Found::Barred)
    }

    /// What is no file of the project and lies in the folder that stands at `path`, so that this
    /// cannot become a file. Of an ignored file only if the path was asked for.
    pub fn kept_within(&self, path: &RepoPath) -> impl Iterator<Item = &Unlisted> {
        let lists = [&self.skipped, &self.refused, &self.unreadable, &self.passed];
        let below = format!("{path}/");
        lists.into_iter().flat_map(move |list| {
            let first = list.partition_point(|entry| entry.path < below);
            let within = |entry: &&Unlisted| entry.path.starts_with(&below);
            list[first..].iter().take_while(within).collect::<Vec<_>>()
        })
    }

    /// A listing that broke off, of nobody knows which folder: any file may be missing here.
    #[must_use]
    pub fn broken_off(&self) -> Option<&Unlisted> {
        self.unreadable.iter().find(|entry| entry.path == ROOT)
    }

    /// Whether `path` is, or lies in, something that could not be read.
    #[must_use]
    pub fn is_unreadable(&self, path: &RepoPath) -> bool {
        covering(&self.unreadable, path).is_some()
    }

    pub(super) fn sort(&mut self) {
        for list in [
            &mut self.skipped,
            &mut self.refused,
            &mut self.unreadable,
            &mut self.passed,
        ] {
            list.sort();
            list.dedup();
        }
    }

    /// Refuses new files that a case- or normalisation-insensitive system would take for another
    /// file or folder: of the two, the `tracked` one stays, else the first. What was asked for
    /// counts as tracked, lest a plan takes it for absent; so do `same`, of which nothing else is
    /// known here.
    pub(super) fn refuse_twins(&mut self, tracked: &HashSet<&str>, same: &[&str]) {
        let mut taken: BTreeMap<String, &str> = BTreeMap::new();
        let mut twins = Vec::new();
        let is_tracked = |path: &&str| tracked.contains(*path);
        let (old, new): (Vec<&str>, Vec<&str>) = self
            .files
            .keys()
            .map(RepoPath::as_str)
            .partition(is_tracked);
        let tracked = same.len() + old.len();
        for (at, path) in same.iter().copied().chain(old).chain(new).enumerate() {
            let ends = path
                .match_indices('/')
                .map(|(at, _)| at)
                .chain([path.len()]);
            for prefix in ends.map(|end| &path[..end]) {
                let holder = *taken.entry(fold_name(prefix)).or_insert(prefix);
                if holder != prefix && at >= tracked {
                    twins.push((path.to_owned(), holder.to_owned()));
                    break;
                }
            }
        }
        for (path, holder) in twins {
            self.files.remove(path.as_str());
            let reason = twin_of(&holder);
            self.refused.push(Unlisted { path, reason });
        }
    }
}

/// Why a file cannot be kept beside another one.
pub(crate) fn twin_of(other: &str) -> String {
    format!("some systems cannot tell its name from {other}")
}

/// How the project folder itself is named in a list.
const ROOT: &str = ".";

/// The entry of a sorted list that is `path` or a folder above it.
fn covering<'l>(list: &'l [Unlisted], path: &RepoPath) -> Option<&'l Unlisted> {
    if list.is_empty() {
        return None;
    }
    let path = path.as_str();
    let ends = path.match_indices('/').map(|(at, _)| &path[..at]);
    let mut prefixes = std::iter::once(ROOT).chain(ends).chain([path]);
    prefixes.find_map(|prefix| {
        let first = list.partition_point(|entry| entry.path.as_str() < prefix);
        list.get(first).filter(|entry| entry.path == prefix)
    })
}

/// Whether `path` is `folder` or lies in it.
#[must_use]
pub fn is_within(path: &str, folder: &str) -> bool {
    folder == ROOT
        || path
            .strip_prefix(folder)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What a walk, or one thread of it, has met.
#[derive(Default)]
pub(super) struct Met {
    pub files: Vec<(RepoPath, ScannedFile)>,
    /// Folders that were listed.
    pub folders: Vec<String>,
    pub rest: Scan,
}

/// Gathers a thread's findings when the thread ends.
struct Gather<'a> {
    tree: &'a WorkTree,
    met: Met,
    paths: Paths,
    still: Option<&'a Still<'a>>,
    ruled: &'a Ruled,
    /// The folder asked for last, with the rules that hold in it.
    near: Option<(String, Option<Arc<Rules>>)>,
    all: &'a Mutex<Vec<Met>>,
}

/// The folders with an ignore file of their own. A folder is met before what it holds.
type Ruled = RwLock<HashMap<String, Arc<Rules>>>;

/// The rules that hold in `folder`: its own, or those of the nearest folder above that has any.
fn rules_in(ruled: &Ruled, folder: &str) -> Option<Arc<Rules>> {
    let ruled = ruled.read().unwrap_or_else(PoisonError::into_inner);
    let mut at = folder;
    loop {
        match ruled.get(at) {
            Some(rules) => return Some(rules.clone()),
            None if at.is_empty() => return None,
            None => at = folder_of(at),
        }
    }
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
    /// Lists every folder but those that are `still`.
    pub(super) fn walk(&self, few: bool, still: Option<&Still<'_>>) -> Met {
        let mut builder = WalkBuilder::new(&self.root);
        builder
            .threads(usize::from(few))
            .standard_filters(false)
            .follow_links(false)
            .filter_entry(|entry| !is_reserved(entry.file_name()));
        let (all, ruled) = (Mutex::new(Vec::new()), Ruled::default());
        builder.build_parallel().run(|| {
            let mut gather = Gather {
                tree: self,
                met: Met::default(),
                paths: Paths::default(),
                still,
                ruled: &ruled,
                near: None,
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
        let nowhere = met
            .rest
            .unreadable
            .iter_mut()
            .filter(|entry| entry.path == ROOT);
        for entry in nowhere {
            // If it does so again, it can be named.
            let broken = met.folders.iter().find(|folder| {
                let entries = std::fs::read_dir(self.root.join(folder));
                entries.is_ok_and(|mut entries| entries.any(|entry| entry.is_err()))
            });
            let folder = match broken.map(String::as_str) {
                Some("") => "the project's folder",
                Some(folder) => folder,
                None => "a folder",
            };
            entry.reason = format!("{folder} cannot be listed to its end: {}", entry.reason);
        }
        met
    }
}

/// aiut's and git's own folders, and what a death of aiut may have left beside its settings, are
/// neither files of the project nor worth a word.
fn is_reserved(name: &OsStr) -> bool {
    name == AIUT_FOLDER || name == ".git" || name.to_str().is_some_and(layout::is_beside_settings)
}

impl Gather<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        let entry = entry.and_then(|entry| match crate::base::fault::read(entry.path()) {
            Ok(()) => Ok(entry),
            Err(error) => Err(error.into()),
        });
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                // Which folder broke off while it was listed is not always told: then nothing is
                // known of any.
                let path = path_of(&error).map(|path| self.relative(path));
                let path = path.filter(|path| !path.is_empty());
                let path = path.unwrap_or_else(|| ROOT.to_owned());
                if !is_gone(&error) {
                    let reason = inner_message(&error);
                    self.met.rest.unreadable.push(Unlisted { path, reason });
                }
                return WalkState::Continue;
            }
        };
        if entry.depth() == 0 {
            self.learn_rules("");
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
        if self.is_ignored(entry, &relative, is_folder) {
            return WalkState::Skip;
        }
        let checked = self.paths.path(&relative);
        let rest = &mut self.met.rest;
        if entry.path_is_symlink() {
            rest.skipped
                .push(Unlisted::because(&relative, &Barrier::Symlink));
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
                    .push(Unlisted::because(&relative, &Barrier::Project));
                return WalkState::Skip;
            }
            self.learn_rules(&relative);
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
                .push(Unlisted::because(&relative, &Barrier::Special));
        }
        WalkState::Continue
    }

    fn list(&mut self, folder: String) {
        if self.still.is_none_or(|still| !still.knows(&folder)) {
            self.met.folders.push(folder);
        }
    }

    /// Reads the ignore file of a folder that is about to be entered.
    fn learn_rules(&mut self, folder: &str) {
        let bytes = match self.tree.read_rules(folder) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return,
            Err(error) => {
                let path = match folder {
                    "" => IGNORE_FILE.to_owned(),
                    folder => format!("{folder}/{IGNORE_FILE}"),
                };
                let reason = error.reason();
                self.met.rest.unreadable.push(Unlisted { path, reason });
                return;
            }
        };
        let above = rules_in(self.ruled, folder);
        let rules = Arc::new(Rules::new(folder, &bytes, above));
        let mut ruled = self.ruled.write().unwrap_or_else(PoisonError::into_inner);
        ruled.insert(folder.to_owned(), rules);
    }

    /// Whether a rule ignores what lies in a folder that was met before.
    fn is_ignored(&mut self, entry: &DirEntry, relative: &str, is_folder: bool) -> bool {
        let folder = folder_of(relative);
        if self.near.as_ref().is_none_or(|(near, _)| near != folder) {
            self.near = Some((folder.to_owned(), rules_in(self.ruled, folder)));
        }
        let Some((_, Some(rules))) = &self.near else {
            return false;
        };
        // What text shows of a name that is none is not what a rule is compared with.
        #[cfg(unix)]
        if !relative.is_ascii() {
            use std::os::unix::ffi::OsStrExt;
            let path = entry.path().strip_prefix(self.tree.root());
            let bytes = path.map_or(relative.as_bytes(), |path| path.as_os_str().as_bytes());
            return rules.ignores(bytes, is_folder);
        }
        rules.ignores(relative.as_bytes(), is_folder)
    }

    fn relative(&self, path: &Path) -> String {
        let path = path.strip_prefix(self.tree.root()).unwrap_or(path);
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
