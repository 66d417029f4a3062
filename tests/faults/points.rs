//! Each step of a run of batches fails once, in each way; and every so many steps fail.

use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use aiut::base::fault::{Step, Watcher, watch};
use aiut::store::{Store, StoreError};

use super::work::{PROJECT, check, read_all, store_batch};
use super::{alone, number, seed};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failure {
    /// The system's error of this number.
    Error(i32),
    Panic,
    Kill,
}

/// EIO and ENOSPC, which have these numbers on every Unix.
const EIO: Failure = Failure::Error(5);
const ENOSPC: Failure = Failure::Error(28);

/// Fails steps by their number, the first being 0.
struct Breaker {
    at: u64,
    /// And again every so many.
    every: Option<u64>,
    failure: Failure,
    reached: AtomicU64,
    broke: AtomicBool,
}

impl Breaker {
    fn new(at: u64, every: Option<u64>, failure: Failure) -> Arc<Self> {
        Arc::new(Self {
            at,
            every,
            failure,
            reached: AtomicU64::new(0),
            broke: AtomicBool::new(false),
        })
    }

    /// Whether it broke something since it was last asked.
    fn broke(&self) -> bool {
        self.broke.swap(false, Ordering::SeqCst)
    }
}

impl Watcher for Breaker {
    fn step(&self, step: &Step<'_>) -> io::Result<()> {
        if matches!(step, Step::Indexed(_)) {
            return Ok(());
        }
        let number = self.reached.fetch_add(1, Ordering::SeqCst);
        let due = match self.every {
            None => number == self.at,
            Some(every) => number % every == self.at % every,
        };
        if !due {
            return Ok(());
        }
        // A write that fails may have written some of it.
        if let Step::Write {
            file,
            bytes,
            offset,
            ..
        } = step
        {
            let mut file: &std::fs::File = file;
            if let Some(offset) = offset {
                io::Seek::seek(&mut file, io::SeekFrom::Start(*offset))?;
            }
            file.write_all(&bytes[..bytes.len() / 2])?;
        }
        self.broke.store(true, Ordering::SeqCst);
        match self.failure {
            Failure::Error(number) => Err(io::Error::from_raw_os_error(number)),
            Failure::Panic => panic!("the step was to panic"),
            Failure::Kill => std::process::abort(),
        }
    }
}

/// Some are so large that they get a pack of their own.
fn large(n: u64) -> bool {
    n == 2
}

const BATCHES: u64 = 5;

/// What has been acknowledged, and how far it got.
#[derive(Default)]
struct Progress {
    acknowledged: Option<u64>,
    attempted: Option<u64>,
}

/// Opens, stores batches, makes the index anew, stores more; until something fails.
fn run(folder: &Path, breaker: Option<&Breaker>, progress: &mut Progress) -> Result<(), String> {
    let said = |error: aiut::store::StoreError| error.to_string();
    let store = Store::open(folder).map_err(said)?;
    for n in progress.acknowledged.map_or(0, |n| n + 1)..BATCHES {
        progress.attempted = Some(n);
        let stored = store_batch(&store, n, large);
        let broke = breaker.is_some_and(Breaker::broke);
        assert!(
            !broke || stored.is_err(),
            "batch {n} was acknowledged though a step failed"
        );
        if let Err(error) = stored {
            let current = read_all(&store, large).expect("it reads on");
            assert_eq!(current, progress.acknowledged, "after {error}");
            return Err(error.to_string());
        }
        progress.acknowledged = Some(n);
        if n == 3 {
            store.rebuild_index().map_err(said)?;
        }
    }
    Ok(())
}

/// How many steps a run has.
fn steps() -> u64 {
    let sandbox = tempfile::tempdir().unwrap();
    let folder = sandbox.path().join(".aiut");
    drop(Store::create(&folder, PROJECT).unwrap());
    let counter = Breaker::new(u64::MAX, None, EIO);
    watch(Some(counter.clone()));
    run(&folder, None, &mut Progress::default()).unwrap();
    watch(None);
    counter.reached.load(Ordering::SeqCst)
}

/// The steps that are to fail: every so many, beginning with any.
fn chosen() -> impl Iterator<Item = u64> {
    let stride = number("AIUT_STRIDE", 4);
    let steps = steps();
    println!("{steps} steps, every {stride}");
    (seed() % stride..steps).step_by(stride as usize)
}

#[test]
fn a_step_that_fails_is_an_error_and_is_made_up_for_by_trying_again() {
    let _alone = alone();
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let chosen: Vec<u64> = chosen().collect();
    let mut failures = Vec::new();
    for (at, failure) in chosen
        .iter()
        .flat_map(|at| [EIO, ENOSPC, Failure::Panic].map(|f| (*at, f)))
    {
        if let Err(what) = fail_once(at, failure) {
            failures.push(format!("step {at}, {failure:?}: {what}"));
        }
    }
    std::panic::set_hook(hook);
    println!("{} cases", chosen.len() * 3);
    assert_eq!(failures, Vec::<String>::new());
}

fn fail_once(at: u64, failure: Failure) -> Result<(), String> {
    let sandbox = tempfile::tempdir().unwrap();
    let folder = sandbox.path().join(".aiut");
    drop(Store::create(&folder, PROJECT).unwrap());
    let breaker = Breaker::new(at, None, failure);
    watch(Some(breaker.clone()));
    let mut progress = Progress::default();
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        run(&folder, Some(&breaker), &mut progress)
    }));
    watch(None);
    let panicked = match &ended {
        Ok(Ok(())) => return Err("the run did not fail".to_owned()),
        Ok(Err(_)) => false,
        Err(payload) => {
            let text = payload.downcast_ref::<&str>().copied();
            if text != Some("the step was to panic") {
                let text = payload
                    .downcast_ref::<String>()
                    .map(String::as_str)
                    .or(text);
                return Err(text.unwrap_or("a panic").to_owned());
            }
            true
        }
    };
    // What failed with an error has not happened; what was cut short may have.
    let attempted = if panicked {
        progress.attempted
    } else {
        progress.acknowledged
    };
    check(&folder, progress.acknowledged, attempted, large)
}

#[test]
fn a_run_in_which_every_so_many_steps_fail_loses_nothing_that_it_acknowledged() {
    let _alone = alone();
    for every in 2..number("AIUT_EVERY", 12) {
        for failure in [EIO, ENOSPC] {
            let sandbox = tempfile::tempdir().unwrap();
            let folder = sandbox.path().join(".aiut");
            drop(Store::create(&folder, PROJECT).unwrap());
            let breaker = Breaker::new(every - 1, Some(every), failure);
            watch(Some(breaker.clone()));
            let mut progress = Progress::default();
            // With every second step failing, nothing may ever get through; nothing is lost.
            for _ in 0..30 {
                breaker.broke();
                if run(&folder, Some(&breaker), &mut progress).is_ok() {
                    break;
                }
            }
            watch(None);
            let got = progress.acknowledged;
            check(&folder, got, got, large)
                .unwrap_or_else(|what| panic!("every {every}th, {failure:?}: {what}"));
        }
    }
}

/// A disk that syncs no pack, nor lets one be cut.
struct Stuck;

impl Watcher for Stuck {
    fn step(&self, step: &Step<'_>) -> io::Result<()> {
        let is_pack = |path: &Path| path.extension().is_some_and(|end| end == "pack");
        match step {
            Step::Sync(path) | Step::Cut(path, _) if is_pack(path) => {
                Err(io::Error::from_raw_os_error(5))
            }
            _ => Ok(()),
        }
    }
}

#[test]
fn a_batch_that_was_written_whole_and_cannot_be_cut_off_is_not_said_to_have_failed() {
    let _alone = alone();
    let sandbox = tempfile::tempdir().unwrap();
    let folder = sandbox.path().join(".aiut");
    let store = Store::create(&folder, PROJECT).unwrap();
    let small = |_| false;
    store_batch(&store, 0, small).unwrap();
    watch(Some(Arc::new(Stuck)));
    let error = store_batch(&store, 1, small).unwrap_err();
    watch(None);
    assert!(matches!(error, StoreError::Unsure(_)), "{error}");
    drop(store);
    // The next one finds out, and it stays so.
    let store = Store::open(&folder).unwrap();
    let found = read_all(&store, small).unwrap();
    store.rebuild_index().unwrap();
    assert_eq!(read_all(&store, small).unwrap(), found);
    let next = found.map_or(0, |n| n + 1);
    store_batch(&store, next, small).unwrap();
    drop(store);
    check(&folder, Some(next), Some(next), small).unwrap();
}

/// Set for a process that is to end at a step: the folder it writes to, and which step.
const VICTIM: &str = "AIUT_TEST_VICTIM";
const STEP: &str = "AIUT_TEST_STEP";

/// Not a test but the process that the next one starts.
#[test]
#[ignore = "not a test: the other process of one"]
fn victim() {
    let Ok(folder) = std::env::var(VICTIM) else {
        return;
    };
    let at = number(STEP, 0);
    let folder = Path::new(&folder);
    let mut out = io::stdout();
    watch(Some(Breaker::new(at, None, Failure::Kill)));
    let store = Store::open(folder).unwrap();
    for n in 0..BATCHES {
        store_batch(&store, n, large).unwrap();
        writeln!(out, "\nacknowledged {n}").unwrap();
        out.flush().unwrap();
        if n == 3 {
            store.rebuild_index().unwrap();
        }
    }
}

#[test]
fn a_process_that_ends_at_a_step_has_stored_a_batch_or_not() {
    let _alone = alone();
    let mut cases = 0;
    for at in chosen() {
        let sandbox = tempfile::tempdir().unwrap();
        let folder = sandbox.path().join(".aiut");
        drop(Store::create(&folder, PROJECT).unwrap());
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "faults::points::victim",
                "--ignored",
                "--nocapture",
            ])
            .env(VICTIM, &folder)
            .env(STEP, at.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let acknowledged = lines
            .filter_map(|line| line.ok()?.strip_prefix("acknowledged ")?.parse().ok())
            .last();
        assert!(
            !child.wait().unwrap().success(),
            "step {at} was not reached"
        );
        let attempted = acknowledged.map_or(0, |n: u64| n + 1);
        check(&folder, acknowledged, Some(attempted), large)
            .unwrap_or_else(|what| panic!("killed at step {at}: {what}"));
        cases += 1;
    }
    println!("{cases} cases");
}
