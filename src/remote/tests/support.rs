//! Projects with a few films in them, and remotes that fail.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tempfile::TempDir;

use crate::base::clock::{Clock, FixedClock, SystemClock};
use crate::base::progress::Silent;
use crate::history::{Caller, FileEntry, FlatTree, Project, read_tree, write_tree};
use crate::ids::{PackId, SessionId};
use crate::object::{Action, ActionId, Commit, CommitId, Generation, Output, Person, ProjectId};
use aiut_repository::worktree::Content;

use crate::store::{RecordId, Store};
use crate::wire::{Advertised, Listed, Push, Pushed, Session, Wanted};
use crate::{
    By, Fetched, FolderRemote, HostLimits, PushRequest, Remote, RemoteError, Report, Result, fetch,
    push,
};

/// Bytes that neither repeat nor shrink.
pub(super) fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut bytes = vec![0; length];
    let key = *blake3::hash(&seed.to_le_bytes()).as_bytes();
    blake3::Hasher::new_keyed(&key)
        .finalize_xof()
        .fill(&mut bytes);
    bytes
}

/// Numbers that follow from a seed.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed ^ 0x9e37_79b9_7f4a_7c15)
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }
}

/// Somebody's project.
pub(super) struct Desk {
    _folder: TempDir,
    pub(super) project: Project,
    clock: FixedClock,
}

impl Desk {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = FixedClock::starting_at(1_795_176_000);
        let id = ProjectId::random();
        let project = Project::init(folder.path(), &caller(&clock), id).unwrap();
        Self {
            _folder: folder,
            project,
            clock,
        }
    }

    pub(super) fn store(&self) -> &Store {
        self.project.store()
    }

    pub(super) fn root(&self) -> &Path {
        self.project.root()
    }

    /// Files of a timeline by their paths.
    pub(super) fn files(&self, commit: CommitId) -> BTreeMap<String, Vec<u8>> {
        let commit: Commit = self.store().get::<Commit>(commit).unwrap();
        let files: FlatTree = read_tree(self.store(), commit.tree).unwrap();
        let of = |(path, entry): (&crate::object::RepoPath, &FileEntry)| {
            let bytes = self.store().read_file(entry.id, u64::MAX).unwrap();
            (path.as_str().to_owned(), bytes)
        };
        files.iter().map(of).collect()
    }

    /// Commits these files on top of `parents`, and moves a timeline there.
    pub(super) fn commit(
        &self,
        timeline: &str,
        parents: &[CommitId],
        files: &[(&str, Vec<u8>)],
    ) -> CommitId {
        let caller = caller(&self.clock);
        let mut transaction = self.project.transaction(&caller).unwrap();
        let mut all: FlatTree = match parents.first() {
            Some(parent) => {
                let parent = self.store().get::<Commit>(*parent).unwrap();
                read_tree(self.store(), parent.tree).unwrap()
            }
            None => FlatTree::default(),
        };
        let batch = transaction.batch();
        let mut generations = Vec::new();
        for (path, bytes) in files {
            let stored = batch.put_seekable(std::io::Cursor::new(bytes)).unwrap();
            let mut entry = FileEntry::plain(Content {
                id: stored.id,
                size: stored.size,
                exec: false,
            });
            if path.starts_with("frames/") {
                let action = Action {
                    schema: 1,
                    stage: "frames".into(),
                    item: (*path).to_owned(),
                    generator: "panel".into(),
                    version: "1".into(),
                    parameters: [].into(),
                    reads: [].into(),
                };
                let action: ActionId = batch.put(&action).unwrap();
                let run = Generation {
                    action,
                    outputs: vec![Output {
                        path: path.parse().unwrap(),
                        id: stored.id,
                        size: stored.size,
                    }],
                    request: None,
                    answer: None,
                    model: None,
                    seed: None,
                    cost_micro_usd: 0,
                    started_ms: 1,
                    finished_ms: 2,
                    tools: [].into(),
                    inputs: [].into(),
                };
                let run = batch.put(&run).unwrap();
                entry.made_by = Some(run);
                generations.push(run);
            }
            all.insert(path.parse().unwrap(), entry);
        }
        let tree = write_tree(batch, &all).unwrap();
        let commit = Commit {
            tree,
            parents: parents.to_vec(),
            author: Person {
                name: "Rae".into(),
                email: "rae@example.org".into(),
            },
            time: self.clock.now(),
            message: format!("change {}", files.len()),
            generations,
        };
        let id = transaction.batch().put(&commit).unwrap();
        transaction
            .view
            .set(&format!("timelines/{timeline}"), Some(id));
        transaction.publish(&caller, vec![], None).unwrap();
        id
    }

    pub(super) fn push(&self, remote: &dyn Remote, timeline: &str) -> Result<Report> {
        self.push_as(remote, timeline, false)
    }

    pub(super) fn push_as(
        &self,
        remote: &dyn Remote,
        timeline: &str,
        force: bool,
    ) -> Result<Report> {
        let name = format!("timelines/{timeline}");
        let to = self.project.refs().unwrap().get(&name).copied();
        let request = PushRequest {
            to: [(name, to)].into(),
            force,
            ..PushRequest::default()
        };
        push(remote, self.store(), &request, &Silent)
    }

    /// Fetches all refs, and notes where they are.
    pub(super) fn fetch(&self, remote: &dyn Remote) -> Result<Fetched> {
        let tips: Vec<CommitId> = self.project.refs().unwrap().into_values().collect();
        let fetched = fetch(remote, self.store(), &tips, &|_| true, self.root(), &Silent)?;
        let caller = caller(&self.clock);
        let mut transaction = self.project.transaction(&caller).unwrap();
        for (name, commit) in &fetched.there.refs {
            let name = name.strip_prefix("timelines/").unwrap_or(name);
            transaction
                .view
                .set(&format!("remotes/studio/{name}"), Some(*commit));
        }
        transaction.publish(&caller, vec![], None).unwrap();
        Ok(fetched)
    }

    /// Everything that its refs lead to is there and sound.
    pub(super) fn is_sound(&self) {
        sound(&self.root().join(".aiut"));
    }
}

fn caller(clock: &FixedClock) -> Caller<'_> {
    Caller {
        holder: Default::default(),
        clock,
        aftermath: Default::default(),
        guard: std::sync::Arc::new(()),
    }
}

/// A store holds what it says, whole.
pub(super) fn sound(folder: &Path) {
    use crate::history::{Standing, reach_all};
    use crate::store::{Catalogue, Watch, check};
    struct Unwatched;
    impl Watch for Unwatched {
        fn begin(&self, _what: &str, _bytes: u64) {}
        fn advance(&self, _bytes: u64) {}
    }
    let checked = check(folder, &Default::default(), true, &Unwatched).unwrap();
    assert!(checked.findings.is_empty(), "{:?}", checked.findings);
    let catalogue = Catalogue::read(folder).unwrap();
    let standing = Standing::of(&catalogue).unwrap();
    let reached = reach_all(&catalogue, &standing).unwrap();
    assert!(
        reached.is_whole(),
        "{:?} {:?}",
        reached.broken_objects,
        reached.broken_files
    );
}

/// A shared folder.
pub(super) struct Studio {
    _folder: TempDir,
    pub(super) path: PathBuf,
}

impl Studio {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("film");
        FolderRemote::create(&path, ProjectId::random()).unwrap();
        Self {
            _folder: folder,
            path,
        }
    }

    pub(super) fn open(&self) -> FolderRemote {
        self.open_at(Arc::new(SystemClock::default()))
    }

    pub(super) fn open_at(&self, clock: Arc<dyn Clock>) -> FolderRemote {
        let by = By {
            name: "rae".into(),
            may_force: true,
        };
        FolderRemote::open(&self.path, by, clock, HostLimits::default()).unwrap()
    }

    pub(super) fn is_sound(&self) {
        sound(&self.path);
    }
}

/// A remote that passes everything on, counts, and breaks off where it is told to.
pub(super) struct Flaky<'r> {
    pub(super) remote: &'r dyn Remote,
    /// Calls and pieces of transfers that are left before one fails, and every one after it.
    left: AtomicU64,
    /// Whether what fails was done all the same.
    pub(super) after: bool,
    /// Records that were asked about.
    pub(super) asked: AtomicU64,
    pub(super) calls: AtomicU64,
}

impl<'r> Flaky<'r> {
    pub(super) fn new(remote: &'r dyn Remote, left: u64, after: bool) -> Self {
        Self {
            remote,
            left: AtomicU64::new(left),
            after,
            asked: AtomicU64::new(0),
            calls: AtomicU64::new(0),
        }
    }

    pub(super) fn has_failed(&self) -> bool {
        self.left.load(Ordering::Relaxed) == 0
    }

    fn fails(&self) -> bool {
        let less = |left: u64| left.checked_sub(1);
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less)
            .is_err()
    }

    fn call<T>(&self, call: impl FnOnce() -> Result<T>) -> Result<T> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        match self.fails() {
            false => call(),
            true => {
                if self.after {
                    call()?;
                }
                Err(RemoteError::Away("cut".into()))
            }
        }
    }
}

struct CutRead<'c>(&'c Flaky<'c>, &'c mut (dyn Read + Send));

impl Read for CutRead<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.0.fails() {
            return Err(std::io::Error::other("cut"));
        }
        let most = buffer.len().min(10_000);
        self.1.read(&mut buffer[..most])
    }
}

struct CutWrite<'c>(&'c Flaky<'c>, &'c mut dyn Write);

impl Write for CutWrite<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.fails() {
            return Err(std::io::Error::other("cut"));
        }
        let most = bytes.len().min(10_000);
        self.1.write(&bytes[..most])
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.1.flush()
    }
}

impl Remote for Flaky<'_> {
    fn name(&self) -> String {
        self.remote.name()
    }
    fn advertise(&self) -> Result<Advertised> {
        self.call(|| self.remote.advertise())
    }
    fn missing(&self, session: Option<&SessionId>, records: &[RecordId]) -> Result<Vec<RecordId>> {
        self.asked
            .fetch_add(records.len() as u64, Ordering::Relaxed);
        self.call(|| self.remote.missing(session, records))
    }
    fn begin(&self, session: &SessionId) -> Result<Session> {
        self.call(|| self.remote.begin(session))
    }
    fn arrived(&self, session: &SessionId, pack: &PackId) -> Result<u64> {
        self.call(|| self.remote.arrived(session, pack))
    }
    fn upload(
        &self,
        session: &SessionId,
        pack: &PackId,
        bytes: u64,
        offset: u64,
        rest: &mut (dyn Read + Send),
    ) -> Result<u64> {
        let mut rest = CutRead(self, rest);
        self.remote.upload(session, pack, bytes, offset, &mut rest)
    }
    fn commit(&self, session: &SessionId, push: &Push) -> Result<Pushed> {
        self.call(|| self.remote.commit(session, push))
    }
    fn list(&self, wanted: &Wanted) -> Result<Vec<Listed>> {
        self.call(|| self.remote.list(wanted))
    }
    fn download(&self, records: &[RecordId], offset: u64, out: &mut dyn Write) -> Result<()> {
        let mut out = CutWrite(self, out);
        self.remote.download(records, offset, &mut out)
    }
}
