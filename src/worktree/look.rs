//! A look at the folder: what of it is as the cache has it, what had to be listed, and how both
//! stand to what should be there.

use std::collections::BTreeSet;

use super::beneath::Standing;
use super::cache::Entry;
use super::folders::{Still, StillFile};
use super::scan::{Met, Scan, ScannedFile, Unlisted, is_within};
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
fn is(known: &Entry<'_>, stat: &Stat, content: &Content) -> bool {
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
    /// `also` is listed even where an ignore rule matches it.
    #[must_use]
    pub fn scan<'t>(
        &self,
        look: Look<'_>,
        tracked: impl Iterator<Item = &'t RepoPath> + Clone,
        also: &BTreeSet<RepoPath>,
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
        let (passed_by, has_new) = compare(&files, tracked.clone());
        scan.files = files.into_iter().collect();
        self.add_ignored(&mut scan, passed_by.into_iter().chain(also));
        if has_new {
            let same: Vec<_> = same.iter().map(|place| cache.entry(*place).path).collect();
            scan.refuse_twins(&tracked.map(RepoPath::as_str).collect(), &same);
        }
        scan.sort();
        scan.folders = match began {
            Some(moment) => self.record(&scan, still.as_ref(), cache, folders, moment),
            None => cache.folders().to_vec(),
        };
        scan.same = same;
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
