//! The walk: every file of the project folder, and everything that is none, with the reason.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ffi::OsStr;
use std::fmt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder, WalkState};
use serde::Serialize;

use super::beneath::Standing;
use super::{AIUT_FOLDER, IGNORE_FILE, Stat, WorkTree};
use crate::object::{FileId, RepoPath, UnsafeName, fold_name};

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
    rest: Scan,
}

/// Gathers a thread's findings when the thread ends.
struct Gather<'a> {
    root: &'a Path,
    met: Met,
    /// The folder that was met last: most files that follow lie in it.
    folder: Option<RepoPath>,
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
    /// Walks the folder. A file of `tracked`, which comes in the order of the paths, or of `also`
    /// is listed even where an ignore rule matches it.
    #[must_use]
    pub fn scan<'t>(
        &self,
        tracked: impl Iterator<Item = &'t RepoPath> + Clone,
        also: &BTreeSet<RepoPath>,
    ) -> Scan {
        let mut builder = WalkBuilder::new(&self.root);
        let one = tracked.clone().nth(FEW_FILES).is_none();
        builder
            .threads(usize::from(one))
            .standard_filters(false)
            .add_custom_ignore_filename(IGNORE_FILE)
            .follow_links(false)
            .filter_entry(|entry| !is_reserved(entry.file_name()));
        let all = Mutex::new(Vec::new());
        builder.build_parallel().run(|| {
            let (met, folder) = (Met::default(), None);
            let mut gather = Gather {
                root: &self.root,
                met,
                folder,
                all: &all,
            };
            Box::new(move |entry| gather.visit(entry))
        });
        let mut scan = Scan::default();
        let mut files = Vec::new();
        for mut met in all.into_inner().unwrap_or_else(PoisonError::into_inner) {
            files.append(&mut met.files);
            scan.skipped.append(&mut met.rest.skipped);
            scan.refused.append(&mut met.rest.refused);
            scan.unreadable.append(&mut met.rest.unreadable);
        }
        files.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let (passed_by, has_new) = compare(&files, tracked.clone());
        scan.files = files.into_iter().collect();
        self.add_ignored(&mut scan, passed_by.into_iter().chain(also));
        if has_new {
            scan.refuse_twins(&tracked.collect());
        }
        scan.sort();
        scan
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
                        stat,
                        id: None,
                        settled: false,
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
            return WalkState::Continue;
        }
        self.enter(&entry)
    }

    fn enter(&mut self, entry: &DirEntry) -> WalkState {
        let relative = self.relative(entry.path());
        let kind = entry.file_type();
        let is_folder = kind.is_some_and(|kind| kind.is_dir());
        let checked = self.checked(&relative);
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
        } else if kind.is_some_and(|kind| kind.is_file()) {
            match entry.metadata() {
                Ok(metadata) => {
                    let stat = Stat::of(&metadata);
                    self.met.files.push((
                        path,
                        ScannedFile {
                            stat,
                            id: None,
                            settled: false,
                        },
                    ));
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

    /// The path, every name of it checked; those of the folder only once.
    fn checked(&mut self, relative: &str) -> Result<RepoPath, UnsafeName> {
        let Some((folder, name)) = relative.rsplit_once('/') else {
            return RepoPath::new(relative);
        };
        match &mut self.folder {
            Some(known) if known.as_str() == folder => known.join(name),
            slot => slot.insert(RepoPath::new(folder)?).join(name),
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
mod tests {
    use super::*;
    use crate::worktree::tests::{names, project};

    fn scan(tree: &WorkTree) -> Scan {
        tree.scan([].iter(), &BTreeSet::new())
    }

    #[test]
    fn ignore_rules_hold_in_each_folder_and_never_for_tracked_files() {
        let (_folder, tree) = project(&[
            (".aiutignore", "*.tmp\n/renders/\n!keep.tmp\n"),
            ("script.fountain", "x"),
            ("a.tmp", "x"),
            ("shots/keep.tmp", "x"),
            ("renders/out.mp4", "x"),
            ("shots/.aiutignore", "*.bak\n"),
            ("shots/1.bak", "x"),
            ("1.bak", "x"),
            (".hidden/x", "x"),
            (".git/config", "x"),
        ]);
        let listed = scan(&tree);
        let expected = [
            ".aiutignore",
            ".hidden/x",
            "1.bak",
            "script.fountain",
            "shots/.aiutignore",
            "shots/keep.tmp",
        ];
        assert_eq!(names(&listed), expected);
        let tracked = RepoPath::new("renders/out.mp4").unwrap();
        let listed = tree.scan([&tracked].into_iter(), &BTreeSet::new());
        assert!(listed.files.contains_key(&tracked));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_of_the_project_is_listed_with_its_reason() {
        let (folder, tree) = project(&[
            ("a.txt", "x"),
            ("sequel/.aiut/format", "1"),
            ("sequel/script.fountain", "x"),
            ("what?.txt", "x"),
            ("aux/inner.txt", "x"),
            ("Rae.toml", "x"),
            ("rae.toml", "x"),
            ("Bible/x", "x"),
            ("bible/y", "x"),
        ]);
        std::os::unix::fs::symlink("/etc", folder.path().join("etc")).unwrap();
        std::os::unix::fs::symlink("a.txt", folder.path().join("b.txt")).unwrap();
        let listed = scan(&tree);
        assert_eq!(names(&listed), ["Bible/x", "Rae.toml", "a.txt"]);
        let show = |list: &[Unlisted]| -> Vec<String> {
            list.iter()
                .map(|entry| format!("{}: {}", entry.path, entry.reason))
                .collect()
        };
        let skipped = [
            "b.txt: a symlink, which is not followed",
            "etc: a symlink, which is not followed",
            "sequel: a project of its own",
        ];
        assert_eq!(show(&listed.skipped), skipped);
        let refused = [
            "aux: it is a device name on Windows",
            "bible/y: some systems cannot tell its name from Bible",
            "rae.toml: some systems cannot tell its name from Rae.toml",
            "what?.txt: it holds a character that Windows cannot store",
        ];
        assert_eq!(show(&listed.refused), refused);
    }
}
