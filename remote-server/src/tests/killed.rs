//! A server that is killed while people push: what was acknowledged is there once, refs are old or new, and
//! every project stays whole. The server is this test binary, run again.

use std::collections::BTreeSet;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use aiut_client::{HttpRemote, Keys};

use super::support::{Desk, Place, noise};
use crate::Scope;
use crate::base::clock::{Clock, SystemClock};
use crate::object::{Commit, CommitId};
use crate::remote::{Remote, RemoteError};

const FOLDER: &str = "AIUT_TEST_SERVE_FOLDER";
const ADDRESS: &str = "AIUT_TEST_SERVE_ADDRESS";

#[allow(
    clippy::disallowed_methods,
    reason = "a test reads its environment alone"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn number(name: &str, otherwise: u64) -> u64 {
    let given = variable(name).and_then(|text| text.parse().ok());
    given.unwrap_or(otherwise)
}

/// Not a test of its own: what the killed server runs.
#[test]
fn serves_when_it_is_run_to() {
    let (Some(folder), Some(address)) = (variable(FOLDER), variable(ADDRESS)) else {
        return;
    };
    let arguments = [
        "aiut-server",
        "run",
        &folder,
        "--listen",
        &address,
        "--keep-free",
        "1",
        "--log-level",
        "error",
    ];
    crate::main(arguments.map(Into::into));
}

struct Victim {
    folder: PathBuf,
    address: SocketAddr,
    child: Child,
}

impl Victim {
    fn start(folder: &Path, address: SocketAddr) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args([
                "--exact",
                "tests::killed::serves_when_it_is_run_to",
                "--nocapture",
            ])
            .env(FOLDER, folder)
            .env(ADDRESS, address.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let child = command.spawn().unwrap();
        while TcpStream::connect(address).is_err() {
            std::thread::sleep(Duration::from_millis(5));
        }
        Self {
            folder: folder.to_owned(),
            address,
            child,
        }
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn kill_and_start(&mut self) {
        self.kill();
        *self = Self::start(&self.folder.clone(), self.address);
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Numbers that follow from a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// Asks until it is answered.
fn patiently<T>(mut ask: impl FnMut() -> Result<T, RemoteError>) -> Result<T, RemoteError> {
    loop {
        match ask() {
            Err(error) if error.is_passing() => {}
            answer => return answer,
        }
    }
}

/// All commits that one stands on, and itself.
fn history(desk: &Desk, tip: CommitId) -> BTreeSet<CommitId> {
    let (mut seen, mut stack) = (BTreeSet::new(), vec![tip]);
    while let Some(id) = stack.pop() {
        if seen.insert(id) {
            stack.extend(desk.project.store().get::<Commit>(id).unwrap().parents);
        }
    }
    seen
}

#[test]
fn nothing_that_was_acknowledged_is_lost_when_the_server_is_killed() {
    let (people, pushes) = (number("AIUT_WRITERS", 3), number("AIUT_COMMITS", 3));
    let (kills, seed) = (number("AIUT_KILLS", 10), number("AIUT_SEED", 1));
    println!("AIUT_SEED={seed}");
    let place = Place::new();
    let now = SystemClock::default().now().unix_seconds;
    let new = crate::NewToken {
        name: "Rae".into(),
        scopes: vec![Scope::Read, Scope::Push],
        projects: vec!["ferry".parse().unwrap()],
        expires: now + 3600,
    };
    let added = crate::Tokens::change(place.root.folder(), |tokens| tokens.add(new, now));
    let token = added.unwrap().1;
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let mut victim = Victim::start(place.root.folder().path(), free);
    let remote = || {
        let origin = format!("http://{free}");
        let keys = Keys::parse(&format!("{origin} {token}"), "test").unwrap();
        HttpRemote::new(format!("{origin}/ferry").parse().unwrap(), &keys, None).unwrap()
    };
    let start = Desk::new();
    let first = start.commit(None, &[("start", vec![0])]);
    start.push(&remote(), false).unwrap();

    let done = AtomicU64::new(0);
    let working = AtomicBool::new(true);
    let person = |person: u64| -> Vec<CommitId> {
        let (desk, remote) = (Desk::new(), remote());
        let mut acknowledged = Vec::new();
        for n in 0..pushes {
            let name = format!("by-{person}-{n}");
            let bytes = noise(300_000, person * 1000 + n);
            let mut last = None;
            loop {
                let on = patiently(|| desk.fetch(&remote)).unwrap();
                // It may have been done, and only the answer was lost.
                if let Some(last) = last.filter(|last| history(&desk, on).contains(last)) {
                    acknowledged.push(last);
                    break;
                }
                let commit = desk.commit(Some(on), &[(&name, bytes.clone())]);
                last = Some(commit);
                match patiently(|| desk.push(&remote, false)) {
                    Ok(_) => {
                        acknowledged.push(commit);
                        break;
                    }
                    Err(RemoteError::Moved(_) | RemoteError::NotForward(_)) => {}
                    Err(error) => panic!("{error}"),
                }
            }
            done.fetch_add(1, Ordering::Relaxed);
        }
        acknowledged
    };
    let acknowledged: Vec<CommitId> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..people)
            .map(|n| scope.spawn(move || person(n)))
            .collect();
        let (victim, working) = (&mut victim, &working);
        let killer = scope.spawn(move || {
            let mut dice = Dice(seed);
            let mut killed = 0;
            while killed < kills && working.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(30 + dice.below(500)));
                victim.kill_and_start();
                killed += 1;
            }
            killed
        });
        let all: Vec<_> = all
            .into_iter()
            .flat_map(|one| one.join().unwrap())
            .collect();
        working.store(false, Ordering::Relaxed);
        assert!(killer.join().unwrap() > 0);
        all
    });
    assert_eq!(acknowledged.len() as u64, people * pushes);
    let last = patiently(|| start.fetch(&remote())).unwrap();
    let known = history(&start, last);
    let wanted: BTreeSet<CommitId> = acknowledged.iter().copied().chain([first]).collect();
    // Each once, and nothing else: what was not acknowledged was not done.
    assert_eq!(known, wanted);
    for person in 0..people {
        for n in 0..pushes {
            let bytes = start.read(last, &format!("by-{person}-{n}"));
            assert!(bytes == noise(300_000, person * 1000 + n));
        }
    }
    assert!(remote().advertise().unwrap().mark > people * pushes);
    victim.kill();
    place.is_sound();
}
