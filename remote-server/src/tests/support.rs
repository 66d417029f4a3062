//! A server in a folder of its own, and projects to push to it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use aiut_client::{HttpRemote, Keys};
use tempfile::TempDir;

use crate::base::clock::{Clock, FixedClock, Timestamp};
use crate::base::progress::Silent;
use crate::history::{Caller, FileEntry, FlatTree, Project, read_tree, write_tree};
use crate::object::{Commit, CommitId, Person, ProjectId};
use crate::remote::{PushRequest, Remote, Report, Result, fetch, push};
use crate::{App, Limits, NewToken, Root, Scope, Tokens};

/// A clock that a test sets.
#[derive(Debug)]
pub(super) struct Dial(pub(super) AtomicI64);

impl Clock for Dial {
    fn now(&self) -> Timestamp {
        Timestamp {
            unix_seconds: self.0.load(Ordering::Relaxed),
            utc_offset_minutes: 0,
        }
    }

    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed) * 1000
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

/// When tests begin.
pub(super) const NOW: i64 = 1_795_176_000;

/// The folder of a server, with the projects `ferry` and `other`.
pub(super) struct Place {
    folder: TempDir,
    pub(super) root: Root,
    pub(super) clock: Arc<Dial>,
}

impl Place {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::init(&folder.path().join("srv")).unwrap();
        for name in ["ferry", "other"] {
            root.add(&name.parse().unwrap(), ProjectId::random())
                .unwrap();
        }
        Self {
            folder,
            root,
            clock: Arc::new(Dial(AtomicI64::new(NOW))),
        }
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn token(&self, scopes: &[Scope], project: &str) -> (String, String) {
        let new = NewToken {
            name: "Rae".into(),
            scopes: scopes.to_vec(),
            projects: vec![project.parse().unwrap()],
            expires: NOW + 1000,
        };
        Tokens::change(self.root.folder(), |tokens| tokens.add(new, NOW)).unwrap()
    }

    pub(super) fn app(&self, limits: Limits) -> App {
        App::new(self.root.clone(), self.clock.clone(), limits).unwrap()
    }

    /// Serves until it is dropped.
    pub(super) fn serve(&self, limits: Limits) -> Running {
        let app = self.app(limits);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let server = runtime
            .block_on(crate::bind(app, ([127, 0, 0, 1], 0).into(), false))
            .unwrap();
        let address = server.address().unwrap();
        let running = runtime.spawn(async move {
            let _ = server
                .run(async {
                    let _ = ended.await;
                })
                .await;
        });
        Running {
            address,
            end: Some(end),
            running: Some(running),
            runtime: Some(runtime),
        }
    }

    /// Every project is whole.
    pub(super) fn is_sound(&self) {
        assert_eq!(
            format!("{:?}", crate::check::check(&self.root, true).unwrap()),
            format!("{:?}", std::process::ExitCode::SUCCESS)
        );
    }
}

/// A server that runs.
pub(super) struct Running {
    pub(super) address: SocketAddr,
    end: Option<tokio::sync::oneshot::Sender<()>>,
    running: Option<tokio::task::JoinHandle<()>>,
    runtime: Option<tokio::runtime::Runtime>,
}

impl Running {
    pub(super) fn remote(&self, token: &str, project: &str) -> HttpRemote {
        let origin = format!("http://{}", self.address);
        let keys = Keys::parse(&format!("{origin} {token}"), "test").unwrap();
        let address = format!("{origin}/{project}").parse().unwrap();
        HttpRemote::new(address, &keys, None).unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.end.take());
        if let (Some(runtime), Some(running)) = (self.runtime.take(), self.running.take()) {
            let _ = runtime.block_on(running);
            runtime.shutdown_timeout(Duration::from_secs(5));
        }
    }
}

/// Bytes that neither repeat nor shrink.
pub(super) fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut bytes = vec![0; length];
    let key = *blake3::hash(&seed.to_le_bytes()).as_bytes();
    blake3::Hasher::new_keyed(&key)
        .finalize_xof()
        .fill(&mut bytes);
    bytes
}

/// Somebody's project.
pub(super) struct Desk {
    _folder: TempDir,
    pub(super) project: Project,
    clock: FixedClock,
}

fn caller(clock: &FixedClock) -> Caller<'_> {
    Caller {
        holder: Default::default(),
        clock,
        aftermath: Default::default(),
        guard: std::sync::Arc::new(()),
    }
}

impl Desk {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = FixedClock::starting_at(NOW);
        let project = Project::init(folder.path(), &caller(&clock), ProjectId::random()).unwrap();
        Self {
            _folder: folder,
            project,
            clock,
        }
    }

    /// Commits these files on top of a commit, and moves `main` there.
    pub(super) fn commit(&self, parent: Option<CommitId>, files: &[(&str, Vec<u8>)]) -> CommitId {
        let caller = caller(&self.clock);
        let store = self.project.store();
        let mut transaction = self.project.transaction(&caller).unwrap();
        let mut all = match parent {
            Some(parent) => read_tree(store, store.get::<Commit>(parent).unwrap().tree).unwrap(),
            None => FlatTree::default(),
        };
        for (path, bytes) in files {
            let stored = transaction
                .batch()
                .put_seekable(std::io::Cursor::new(bytes))
                .unwrap();
            let content = aiut_repository::worktree::Content {
                id: stored.id,
                size: stored.size,
                exec: false,
            };
            all.insert(path.parse().unwrap(), FileEntry::plain(content));
        }
        let tree = write_tree(transaction.batch(), &all).unwrap();
        let commit = Commit {
            tree,
            parents: parent.into_iter().collect(),
            author: Person {
                name: "Rae".into(),
                email: "rae@example.org".into(),
            },
            time: self.clock.now(),
            message: "change".into(),
            generations: vec![],
        };
        let id = transaction.batch().put(&commit).unwrap();
        transaction.view.set("timelines/main", Some(id));
        transaction.publish(&caller, vec![], None).unwrap();
        id
    }

    pub(super) fn push(&self, remote: &dyn Remote, force: bool) -> Result<Report> {
        let name = "timelines/main".to_owned();
        let to = self.project.refs().unwrap().get(&name).copied();
        let request = PushRequest {
            to: [(name, to)].into(),
            force,
            ..PushRequest::default()
        };
        push(remote, self.project.store(), &request, &Silent)
    }

    /// Fetches everything, and gives where `main` is there.
    pub(super) fn fetch(&self, remote: &dyn Remote) -> Result<CommitId> {
        let tips: Vec<CommitId> = self.project.refs().unwrap().into_values().collect();
        let root = self.project.root();
        let fetched = fetch(
            remote,
            self.project.store(),
            &tips,
            &|_| true,
            root,
            &Silent,
        )?;
        let main = fetched.there.refs["timelines/main"];
        let caller = caller(&self.clock);
        let mut transaction = self.project.transaction(&caller).unwrap();
        transaction.view.set("remotes/studio/main", Some(main));
        transaction.publish(&caller, vec![], None).unwrap();
        Ok(main)
    }

    /// The bytes of a file of a commit.
    pub(super) fn read(&self, commit: CommitId, path: &str) -> Vec<u8> {
        let store = self.project.store();
        let files = read_tree(store, store.get::<Commit>(commit).unwrap().tree).unwrap();
        store.read_file(files[path].id, u64::MAX).unwrap()
    }
}
