//! Reading a file once, and noticing when it changes meanwhile.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};

use rayon::prelude::*;

use super::folders::folder_of;
use super::{Scan, ScannedFile, Stat, StatCache, Unlisted, WorkTree, WorkTreeError};
use crate::base::atomic::AtomicFile;
use crate::base::progress::{Part, Unit};
use crate::object::{FileId, RepoPath};

/// So few files, and of so few bytes, one thread reads: waking others takes longer than they save.
const FEW_FILES: usize = 16;
const FEW_BYTES: u64 = 256 << 10;
/// How often a file that changes while being read is read again.
const ATTEMPTS: usize = 4;

/// The bytes of a file, which can be read from any place.
pub trait Bytes: Read + Seek {}

impl<T: Read + Seek> Bytes for T {}

/// What to do with the bytes of a file that must be read: hash them, or store them too. Called
/// from several threads.
pub type Reading<'a> = dyn Fn(&mut dyn Bytes) -> Result<FileId, super::FetchError> + Sync + 'a;

/// Hashes and stores nothing.
///
/// # Errors
/// Any I/O error of the reader.
pub fn hash(bytes: &mut dyn Bytes) -> Result<FileId, super::FetchError> {
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 128 << 10];
    loop {
        match bytes.read(&mut buffer) {
            Ok(0) => return Ok(FileId::from_bytes(*hasher.finalize().as_bytes())),
            Ok(length) => hasher.update(&buffer[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
    }
}

/// Keeps the I/O error of the file apart from those of whoever takes the bytes.
struct Watched<'a> {
    file: &'a mut File,
    failed: Option<io::Error>,
    part: Option<&'a Part<'a>>,
    /// Bytes that were not told of yet: what is read again is not told twice.
    left: u64,
}

impl Watched<'_> {
    fn note(&mut self, error: &io::Error) {
        self.failed = Some(error.raw_os_error().map_or_else(
            || io::Error::from(error.kind()),
            io::Error::from_raw_os_error,
        ));
    }
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer);
        if let (Ok(length), Some(part)) = (&read, self.part) {
            let new = self.left.min(*length as u64);
            self.left -= new;
            part.advance(new);
        }
        read.inspect_err(|error| self.note(error))
    }
}

impl Seek for Watched<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = self.file.seek(to);
        at.inspect_err(|error| self.note(error))
    }
}

impl WorkTree {
    /// Reads the file at `path` in one go: its id, and the stat that this id belongs to.
    ///
    /// # Errors
    /// `Unsteady` when it was written to during each of several readings; `Symlink`; `Io`;
    /// `Fetch` when `reading` fails on its own account.
    pub fn read(
        &self,
        path: &RepoPath,
        reading: &Reading<'_>,
    ) -> Result<(FileId, Stat), WorkTreeError> {
        self.read_telling(path, reading, None)
    }

    fn read_telling(
        &self,
        path: &RepoPath,
        reading: &Reading<'_>,
        part: Option<&Part<'_>>,
    ) -> Result<(FileId, Stat), WorkTreeError> {
        for _ in 0..ATTEMPTS {
            let mut file = self.open_file(path)?;
            let stat = |file: &File| file.metadata().map_err(WorkTreeError::io("read", path));
            let metadata = stat(&file)?;
            if !metadata.is_file() {
                let kind = io::ErrorKind::InvalidInput;
                return Err(WorkTreeError::io("read", path)(io::Error::new(
                    kind,
                    "not a file",
                )));
            }
            let before = Stat::of(&metadata);
            let mut watched = Watched {
                left: before.size,
                part,
                file: &mut file,
                failed: None,
            };
            let id = match (reading(&mut watched), watched.failed) {
                (Ok(id), _) => id,
                (Err(_), Some(error)) if error.kind() != io::ErrorKind::Interrupted => {
                    return Err(WorkTreeError::io("read", path)(error));
                }
                (Err(source), _) => {
                    return Err(WorkTreeError::Fetch {
                        path: path.clone(),
                        source,
                    });
                }
            };
            if Stat::of(&stat(&file)?) == before {
                return Ok((id, before));
            }
        }
        Err(WorkTreeError::Unsteady { path: path.clone() })
    }

    /// The content of every scanned file that `wanted` names: from the cache where it is certain,
    /// else by `reading` the file. A file that cannot be read moves to `scan.unreadable`, one
    /// that is gone since the scan is dropped. The cache that is on disk is brought up to date.
    ///
    /// # Errors
    /// What `reading` fails with on its own account.
    pub fn contents(
        &self,
        scan: &mut Scan,
        cache: &StatCache,
        reading: &Reading<'_>,
        wanted: &dyn Fn(&RepoPath, &Stat) -> bool,
    ) -> Result<(), WorkTreeError> {
        let (mut unknown, mut bytes) = (Vec::new(), 0_u64);
        let mut known = 0;
        let mut cached = cache.in_order();
        for (path, file) in &mut scan.files {
            if file.id.is_none() {
                *file = ScannedFile {
                    ignored: file.ignored,
                    ..ScannedFile::known(file.stat, cached.get(path, &file.stat))
                };
            }
            match file.id {
                Some(_) => known += 1,
                None if wanted(path, &file.stat) => {
                    unknown.push(path.clone());
                    bytes = bytes.saturating_add(file.stat.size);
                }
                None => {}
            }
        }
        // Before the first byte is read: what is written from here on has a later time.
        let moment = if unknown.is_empty() {
            None
        } else {
            self.moment().ok()
        };
        let part = self.progress.part("Reading files", bytes, Unit::Bytes);
        let read = |path: &RepoPath| self.read_telling(path, reading, Some(&part));
        let read: Vec<_> = match unknown.len() <= FEW_FILES && bytes <= FEW_BYTES {
            true => unknown.iter().map(read).collect(),
            false => unknown.par_iter().map(read).collect(),
        };
        drop(part);
        let mut learnt = false;
        for (path, result) in unknown.into_iter().zip(read) {
            match result {
                Ok((id, stat)) => {
                    let settled = moment.is_some_and(|moment| stat.is_settled(moment));
                    learnt |= settled;
                    if let Some(file) = scan.files.get_mut(&path) {
                        (file.stat, file.id, file.settled) = (stat, Some(id), settled);
                    }
                }
                Err(error @ WorkTreeError::Fetch { .. }) => return Err(error),
                Err(WorkTreeError::Io { source, .. }) if source.kind() == ErrorKind::NotFound => {
                    scan.files.remove(&path);
                }
                Err(error) => {
                    scan.files.remove(&path);
                    // The next look must meet it again.
                    let folder = folder_of(path.as_str());
                    let mut folders = scan.folders.iter_mut();
                    if let Some(folder) = folders.find(|known| known.path == folder) {
                        folder.stat = None;
                    }
                    scan.unreadable
                        .push(Unlisted::because(path.as_str(), &error.reason()));
                }
            }
        }
        scan.unreadable.sort();
        if known + scan.same.len() != cache.known() || learnt || scan.folders != cache.folders() {
            let cache = cache.renewed(scan.files.iter(), &scan.same, scan.folders.clone());
            // A cache that cannot be saved, as in a read-only folder, costs only time.
            let _ = cache.save(self);
        }
        Ok(())
    }

    /// This moment on the clock that stamps the files of this file system.
    pub(super) fn moment(&self) -> io::Result<i64> {
        let probe = AtomicFile::create_in(self.own(), "moment")?;
        Ok(Stat::of(&probe.metadata()?).mtime)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::worktree::tests::project;

    fn append(folder: &std::path::Path, bytes: &[u8]) -> io::Result<()> {
        let mut options = std::fs::OpenOptions::new();
        std::io::Write::write_all(
            &mut options.append(true).open(folder.join("take.wav"))?,
            bytes,
        )
    }

    #[test]
    fn a_file_that_is_written_to_during_every_reading_is_an_error_that_names_it() {
        let (folder, tree) = project(&[("take.wav", "aaaa")]);
        let path = RepoPath::new("take.wav").unwrap();
        let grow = |bytes: &mut dyn Bytes| {
            let id = hash(bytes)?;
            append(folder.path(), b"more")?;
            Ok(id)
        };
        let error = tree.read(&path, &grow).unwrap_err();
        assert!(matches!(error, WorkTreeError::Unsteady { .. }), "{error}");
        assert!(error.to_string().contains("take.wav"));
    }

    #[test]
    fn a_file_that_changes_once_while_it_is_read_is_read_again() {
        let (folder, tree) = project(&[("take.wav", "aaaa")]);
        let times = std::sync::atomic::AtomicU32::new(0);
        let once = |bytes: &mut dyn Bytes| {
            let id = hash(bytes)?;
            if times.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0 {
                append(folder.path(), b"b")?;
            }
            Ok(id)
        };
        let (id, stat) = tree
            .read(&RepoPath::new("take.wav").unwrap(), &once)
            .unwrap();
        assert_eq!((id, stat.size), (FileId::of(b"aaaab"), 5));
    }

    #[test]
    fn only_what_no_later_write_can_equal_is_kept_in_the_cache() {
        let (folder, tree) = project(&[("take.wav", "aaaa")]);
        let look = || {
            let mut scan = tree.scan(
                tree.look(&StatCache::default()),
                [].iter(),
                &BTreeSet::new(),
            );
            let cache = StatCache::load(&tree);
            tree.contents(&mut scan, &cache, &hash, &|_, _| true)
                .unwrap();
            assert_eq!(
                scan.files.values().next().unwrap().id,
                Some(FileId::of(b"aaaa"))
            );
            StatCache::load(&tree).known()
        };
        let at = folder.path().join("take.wav");
        let stamp = |time| {
            let file = std::fs::File::options().write(true).open(&at).unwrap();
            file.set_modified(time).unwrap();
        };
        let epoch = std::time::UNIX_EPOCH;
        // Far ahead of the clock: a write at that moment would leave the same time.
        stamp(epoch + std::time::Duration::from_secs(10_000_000_000));
        assert_eq!(look(), 0);
        stamp(epoch + std::time::Duration::from_secs(1_000_000_000));
        let changed = Stat::of(&std::fs::metadata(&at).unwrap()).ctime;
        while tree.moment().unwrap() <= changed {}
        assert_eq!(look(), 1);
    }
}
