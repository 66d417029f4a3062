//! A look at the folder: what of it is as the cache has it, what had to be listed, and how both
//! stand to what should be there.

use std::collections::{BTreeSet, HashSet};
use std::io;

use cap_fs_ext::DirExt;

use super::beneath::{Barrier, Place, is_project};
use super::cache::StatEntry;
use super::folders::{Still, StillFile};
use super::scan::{Found, Met, Scan, ScannedFile, Unlisted};
use super::{Content, Stat, StatCache, WorkTree};
use crate::object::{Paths, RepoPath};

/// The folder as it is now.
pub struct Look<'c> {
    cache: &'c StatCache,
    still: Option<Still<'c>>,
    met: Met,
    /// On the file system's clock, when the listing began; none when nothing is to be remembered.
    began: Option<i64>,
    same: Vec<u32>,
}

impl Look<'_> {
    /// Takes out the files that are what they should be, by the cache, and gives back what remains
    /// of what should be there. Its paths come in their order.
    pub fn take_out_same<'t, T>(
        &mut self,
        should: impl Iterator<Item = (&'t str, Content, T)>,
    ) -> Vec<(&'t str, T)> {
        let Some(still) = &mut self.still else {
            return should.map(|(path, _, what)| (path, what)).collect();
        };
        let cache = self.cache;
        let files = std::mem::take(&mut still.files).into_iter();
        let mut files = files.map(|file| (cache.entry(file.place), file)).peekable();
        let mut rest = Vec::new();
        for (path, content, what) in should {
            while let Some((_, other)) = files.next_if(|(entry, _)| entry.path < path) {
                still.files.push(other);
            }
            match files.next_if(|(entry, _)| entry.path == path) {
                Some((entry, file)) if is(&entry, &file.stat, &content) => {
                    self.same.push(file.place);
                }
                other => {
                    still.files.extend(other.map(|(_, file)| file));
                    rest.push((path, what));
                }
            }
        }
        still.files.extend(files.map(|(_, file)| file));
        rest
    }
}

/// Whether the file, with this stat now, is known to hold what it should.
fn is(known: &StatEntry<'_>, stat: &Stat, content: &Content) -> bool {
    known.answer(stat) == Some(content.id)
        && stat.size == content.size
        && (stat.exec == content.exec || cfg!(not(unix)))
}

impl WorkTree {
    /// Looks at the folder. Folders that are as they were when `cache` was saved are not listed.
    #[must_use]
    pub fn look<'c>(&self, cache: &'c StatCache) -> Look<'c> {
        self.look_at(cache, !cache.is_large())
    }

    /// As [`Self::look`]; of a `few` files nothing is remembered, for that takes longer than it
    /// saves.
    pub(super) fn look_at<'c>(&self, cache: &'c StatCache, few: bool) -> Look<'c> {
        // Before the first folder is listed: what is made from here on has a later time.
        let moment = || if few { None } else { self.moment().ok() };
        let mut look = Look {
            cache,
            still: self.still(cache),
            met: Met::default(),
            began: None,
            same: Vec::new(),
        };
        if look.still.as_ref().is_some_and(Still::is_all) {
            return look;
        }
        look.began = moment();
        look.met = self.walk(few, look.still.as_ref());
        let met = &look.met;
        let outdated = |still: &Still<'_>| self.is_outdated(still, cache, &met.rest, &met.folders);
        if look.still.as_ref().is_some_and(outdated) {
            look.still = None;
            look.began = moment();
            look.met = self.walk(few, None);
        }
        look
    }

    /// What lies in the folder. A file of `tracked`, which comes in the order of the paths, or of
    /// `asked` is listed even where an ignore rule matches it; so is a file that stands where one
    /// of `asked` needs a folder.
    #[must_use]
    pub fn scan<'t>(
        &self,
        look: Look<'_>,
        tracked: impl Iterator<Item = &'t RepoPath> + Clone,
        asked: &BTreeSet<RepoPath>,
    ) -> Scan {
        let Look {
            cache,
            mut still,
            met,
            began,
            same,
        } = look;
        let Met {
            mut files,
            folders,
            rest: mut scan,
        } = met;
        if let Some(still) = &mut still {
            let known = std::mem::take(&mut still.files);
            files.extend(in_full(cache, known, tracked.clone()));
        }
        // A stable sort takes runs that are in order as they are.
        files.sort_by(|a, b| a.0.cmp(&b.0));
        scan.sort();
        let (passed_by, has_new) = compare(&files, tracked.clone());
        scan.files = files.into_iter().collect();
        let mut finder = self.finder();
        for path in passed_by {
            scan.add(path, finder.find(path));
        }
        let (mut folders_asked, mut files_above) = (Vec::new(), Vec::new());
        for path in asked {
            match scan.add(path, finder.find(path)) {
                Some(Place::Folder) => folders_asked.push(path),
                Some(Place::Behind(above, stat)) => {
                    scan.add(&above, Ok(Place::File(stat)));
                    files_above.push(above);
                }
                _ => {}
            }
        }
        if has_new {
            let same: Vec<_> = same.iter().map(|place| cache.entry(*place).path).collect();
            let mut known: HashSet<&str> = tracked.map(RepoPath::as_str).collect();
            for path in asked.iter().chain(&files_above) {
                known.insert(path.as_str());
            }
            scan.refuse_twins(&known, &same);
        }
        for path in folders_asked {
            self.add_passed(&mut scan, path.as_str());
        }
        scan.sort();
        scan.folders = match began {
            Some(moment) => self.record(&scan, still.as_ref(), cache, folders, moment),
            None => cache.folders().to_vec(),
        };
        scan.same = same;
        scan
    }

    /// Adds what stands in a folder, at any depth, and is in none of the lists.
    fn add_passed(&self, scan: &mut Scan, folder: &str) {
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            match self.passed_in(scan, &folder) {
                Ok((mut inner, mut passed)) => {
                    folders.append(&mut inner);
                    scan.passed.append(&mut passed);
                }
                Err(error) => scan.unreadable.push(Unlisted::because(&folder, &error)),
            }
        }
    }

    /// The folders in a folder, and what else there is in it and in none of the lists.
    fn passed_in(&self, scan: &Scan, folder: &str) -> io::Result<(Vec<String>, Vec<Unlisted>)> {
        let (mut folders, mut passed) = (Vec::new(), Vec::new());
        let path = RepoPath::new(folder).map_err(io::Error::other)?;
        let Some(above) = self.folder_of(&path)? else {
            return Ok((folders, passed));
        };
        let dir = above.open_dir_nofollow(path.file_name())?;
        if is_project(&dir)? {
            passed.push(Unlisted::because(folder, &Barrier::Project));
            return Ok((folders, passed));
        }
        for entry in dir.entries()? {
            let entry = entry?;
            let name = entry.file_name();
            let inner = format!("{folder}/{}", name.to_string_lossy());
            let listed = [&scan.skipped, &scan.refused, &scan.unreadable]
                .into_iter()
                .flatten()
                .any(|other| other.path == inner);
            let is_folder = entry.file_type()?.is_dir();
            if listed || scan.files.contains_key(inner.as_str()) {
            } else if is_folder && RepoPath::new(inner.as_str()).is_ok() {
                folders.push(inner);
            } else {
                let why = match is_folder {
                    true => "not of the project",
                    false => "ignored",
                };
                passed.push(Unlisted::because(&inner, &why));
            }
        }
        Ok((folders, passed))
    }
}

impl Scan {
    /// Adds what stands at a path that the walk passed by. Gives back what is a folder, or hidden
    /// behind a file.
    fn add(&mut self, path: &RepoPath, place: io::Result<Place>) -> Option<Place> {
        if self.found(path) != Found::Nothing {
            return None;
        }
        match place {
            Ok(Place::File(stat)) => {
                let file = ScannedFile {
                    ignored: true,
                    ..ScannedFile::known(stat, None)
                };
                self.files.insert(path.clone(), file);
            }
            Ok(Place::Barred(at, by)) => {
                insert(&mut self.skipped, Unlisted::because(at.as_str(), &by));
            }
            Ok(Place::Nothing) => {}
            Ok(place @ (Place::Folder | Place::Behind(..))) => return Some(place),
            Err(error) => {
                insert(
                    &mut self.unreadable,
                    Unlisted::because(path.as_str(), &error),
                );
            }
        }
        None
    }
}

/// Into a list that is sorted, and stays so.
fn insert(list: &mut Vec<Unlisted>, entry: Unlisted) {
    let at = list.partition_point(|other| *other < entry);
    list.insert(at, entry);
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
    cache: &StatCache,
    files: Vec<StillFile>,
    tracked: impl Iterator<Item = &'t RepoPath>,
) -> impl Iterator<Item = (RepoPath, ScannedFile)> {
    let (mut tracked, mut paths) = (tracked.peekable(), Paths::default());
    files
        .into_iter()
        .filter_map(move |StillFile { place, stat }| {
            let entry = cache.entry(place);
            let file = ScannedFile::known(stat, entry.answer(&stat));
            while tracked
                .next_if(|known| known.as_str() < entry.path)
                .is_some()
            {}
            let known = tracked.next_if(|known| known.as_str() == entry.path);
            let path =
                known.map_or_else(|| paths.path(entry.path).ok(), |known| Some(known.clone()));
            Some((path?, file))
        })
}
