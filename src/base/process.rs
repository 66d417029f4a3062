//! A program that runs within limits: time, how much it may say, and with it whatever it starts.
//!
//! ```text
//! spawn ─▶ feed standard input, gather output and the end of the log, each in a thread
//!       ─▶ over when it has ended, its time is up, it says too much, or the user wants to stop
//!       ─▶ nothing of it is left: it is killed, and in a group of its own all that it started
//! ```

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

/// How often a program in a group of its own is looked after.
const TICK: Duration = Duration::from_millis(20);

/// How long a program that was asked to stop may take over it.
const STOP_GRACE: Duration = Duration::from_secs(2);

/// How long the pipes of a program that has ended are read to their end. Only what left its group
/// can still hold them open.
const DRAIN_GRACE: Duration = Duration::from_secs(2);

/// Held while programs start, and alone while one is written or a descriptor is opened that is
/// passed on at first.
static STARTS: RwLock<()> = RwLock::new(());

/// Does `work` while no program starts. A file that is open for writing cannot be executed, and a
/// program that starts at that moment would hold it open a little longer. LMDB opens its file so
/// that programs are given it; [`spawn`] sees to that, unless one starts at that very moment.
pub fn while_nothing_starts<T>(work: impl FnOnce() -> T) -> T {
    let _alone = STARTS.write().unwrap_or_else(PoisonError::into_inner);
    work()
}

/// Starts a program, which is given its standard streams and nothing else that is open here: no
/// index, no lock, and nothing that whoever started aiut left open.
///
/// # Errors
/// When it cannot be started.
pub fn spawn(command: &mut Command) -> io::Result<Child> {
    let _starting = STARTS.read().unwrap_or_else(PoisonError::into_inner);
    #[cfg(unix)]
    descriptors::keep_all();
    command.spawn()
}

/// Writes what a program reads.
pub type Feed = Box<dyn FnOnce(&mut dyn Write) -> io::Result<()> + Send>;

/// A program about to run. Its standard streams are pipes.
pub struct Job<'a> {
    /// Program, arguments, folder and environment.
    pub command: Command,
    /// Writes its standard input; none for an empty one.
    pub input: Option<Feed>,
    /// Longest time it may take.
    pub limit: Duration,
    /// Most bytes it may write to standard output.
    pub max_output: usize,
    /// Bytes of standard error that are kept: the last ones.
    pub kept_log: usize,
    /// Whether it gets a process group, which is ended with it (on Unix).
    pub own_group: bool,
    /// Set when the user wants to stop; a group is then asked to end, and made to after a while.
    pub stop: Option<&'a AtomicBool>,
}

/// A program that is over.
#[derive(Debug)]
pub struct Ended {
    /// How it ended.
    pub end: End,
    /// What it wrote to standard output; not all of it unless it ended by itself.
    pub output: Vec<u8>,
    /// The end of what it wrote to standard error.
    pub log: Vec<u8>,
}

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// By itself, or by a signal of someone else.
    Exited(ExitStatus),
    /// Killed: its time was up.
    TimedOut,
    /// Killed: it said more than it may.
    TooMuchOutput,
    /// It ended, or was killed, because the user wanted to stop.
    Stopped,
}

/// Why a program's end was not seen.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// It never ran.
    #[error("cannot be started: {0}")]
    NotStarted(io::Error),
    /// It was started, and what became of it is not known.
    #[error("was started, and cannot be waited for: {0}")]
    Lost(io::Error),
}

impl From<JobError> for io::Error {
    fn from(error: JobError) -> Self {
        match error {
            JobError::NotStarted(error) | JobError::Lost(error) => error,
        }
    }
}

impl Job<'_> {
    /// Runs it to its end.
    ///
    /// # Errors
    /// When it cannot be started or waited for.
    pub fn run(self) -> Result<Ended, JobError> {
        let Self {
            mut command,
            input,
            limit,
            max_output,
            kept_log,
            own_group,
            stop,
        } = self;
        command
            .stdin(if input.is_some() {
                Stdio::piped()
            } else {
                Stdio::null()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        #[cfg(unix)]
        if own_group {
            std::os::unix::process::CommandExt::process_group(&mut command, 0);
        }
        let child = spawn(&mut command).map_err(JobError::NotStarted)?;
        let mut running = Running { child, own_group };
        let deadline = Instant::now() + limit;
        if let (Some(feed), Some(mut pipe)) = (input, running.child.stdin.take()) {
            // A program that stops reading has its reasons, and its exit code tells them.
            std::thread::spawn(move || drop(feed(&mut pipe)));
        }
        let (send, receive) = channel();
        let output = running
            .child
            .stdout
            .take()
            .expect("standard output is a pipe");
        let log = running
            .child
            .stderr
            .take()
            .expect("standard error is a pipe");
        spawn_reader(send.clone(), move || {
            Part::Output(read_at_most(output, max_output))
        });
        spawn_reader(send, move || Part::Log(read_tail(log, kept_log)));
        let mut said = Said::default();
        let watched = running.watch(&receive, deadline, stop, &mut said);
        let end = watched.map_err(JobError::Lost)?;
        if matches!(end, End::TimedOut | End::TooMuchOutput | End::Stopped) {
            running.kill();
            // What it said before tells why it took so long.
            said.drain(&receive);
        }
        Ok(Ended {
            end,
            output: said.output.and_then(Result::ok).unwrap_or_default(),
            log: said.log.unwrap_or_default(),
        })
    }
}

#[cfg(unix)]
mod descriptors {
    use std::os::fd::{BorrowedFd, RawFd};

    use rustix::io::{FdFlags, fcntl_getfd, fcntl_setfd};

    /// How far is looked where no folder lists what is open.
    const MAX_UNLISTED: RawFd = 4096;

    /// Lets no program have any descriptor that is open here but the standard streams.
    pub(super) fn keep_all() {
        match open() {
            Some(numbers) => numbers.into_iter().for_each(keep),
            None => (3..MAX_UNLISTED).for_each(keep),
        }
    }

    /// The descriptors that are open, as the system lists them.
    fn open() -> Option<Vec<RawFd>> {
        let place = if cfg!(target_os = "linux") {
            "/proc/self/fd"
        } else {
            "/dev/fd"
        };
        let mut numbers = Vec::new();
        for entry in std::fs::read_dir(place).ok()? {
            numbers.extend(entry.ok()?.file_name().to_str()?.parse::<RawFd>().ok());
        }
        numbers.retain(|number| *number > 2);
        Some(numbers)
    }

    #[allow(unsafe_code)]
    fn keep(number: RawFd) {
        // SAFETY: the number is borrowed for two calls that read and set its flag. Where it was
        // closed since, they fail; where another file has it by now, that one is kept too, as
        // everything is that this process opens.
        let descriptor = unsafe { BorrowedFd::borrow_raw(number) };
        if let Ok(flags) = fcntl_getfd(descriptor)
            && !flags.contains(FdFlags::CLOEXEC)
        {
            let _ = fcntl_setfd(descriptor, flags | FdFlags::CLOEXEC);
        }
    }
}

/// A child that does not outlive the wait for it.
struct Running {
    child: Child,
    own_group: bool,
}

impl Running {
    fn watch(
        &mut self,
        receive: &Receiver<Part>,
        deadline: Instant,
        stop: Option<&AtomicBool>,
        said: &mut Said,
    ) -> io::Result<End> {
        let mut stopping: Option<Instant> = None;
        loop {
            let now = Instant::now();
            if stop.is_some_and(|stop| stop.load(Ordering::Relaxed)) {
                let since = *stopping.get_or_insert_with(|| {
                    self.ask_to_end();
                    now
                });
                if now >= since + STOP_GRACE {
                    self.kill();
                    return Ok(End::Stopped);
                }
            }
            if said.too_much() {
                return Ok(End::TooMuchOutput);
            }
            if self.has_ended() {
                // What it left running in its group would hold the pipes open for ever.
                self.end_group();
                said.drain(receive);
                if said.too_much() {
                    return Ok(End::TooMuchOutput);
                }
                let status = self.child.wait()?;
                return Ok(match stopping {
                    Some(_) if !status.success() => End::Stopped,
                    _ => End::Exited(status),
                });
            }
            if now >= deadline {
                return Ok(End::TimedOut);
            }
            let rest = deadline.saturating_duration_since(now);
            if said.is_whole() {
                // It has closed its streams and nearly always ends at once.
                std::thread::sleep(Duration::from_millis(1));
            } else {
                said.wait(receive, rest.min(TICK));
            }
        }
    }

    /// Whether it has ended; it is not reaped, so that its number stays its own.
    #[cfg(unix)]
    fn has_ended(&mut self) -> bool {
        use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
        let id = WaitId::Pid(Pid::from_child(&self.child));
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        !matches!(waitid(id, options), Ok(None))
    }

    #[cfg(not(unix))]
    fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends what is left of its group; itself too, if it still runs.
    fn end_group(&self) {
        #[cfg(unix)]
        if self.own_group {
            use rustix::process::{Pid, Signal, kill_process_group};
            // An error means that nobody is left.
            let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        }
    }

    fn ask_to_end(&self) {
        #[cfg(unix)]
        if self.own_group {
            use rustix::process::{Pid, Signal, kill_process_group};
            let _ = kill_process_group(Pid::from_child(&self.child), Signal::TERM);
        }
    }

    fn kill(&mut self) {
        self.end_group();
        // An error means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Once it was waited for, its number may be another's.
        if matches!(self.child.try_wait(), Ok(None)) {
            self.kill();
        }
    }
}

enum Part {
    /// All of standard output, or that it was too much.
    Output(Result<Vec<u8>, ()>),
    Log(Vec<u8>),
}

#[derive(Default)]
struct Said {
    output: Option<Result<Vec<u8>, ()>>,
    log: Option<Vec<u8>>,
}

impl Said {
    fn is_whole(&self) -> bool {
        self.output.is_some() && self.log.is_some()
    }

    fn too_much(&self) -> bool {
        matches!(self.output, Some(Err(())))
    }

    /// Takes the next part that comes in time; false if none did.
    fn wait(&mut self, receive: &Receiver<Part>, time: Duration) -> bool {
        match receive.recv_timeout(time) {
            Ok(Part::Output(output)) => self.output = Some(output),
            Ok(Part::Log(log)) => self.log = Some(log),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return false,
        }
        true
    }

    fn drain(&mut self, receive: &Receiver<Part>) {
        let until = Instant::now() + DRAIN_GRACE;
        while !self.is_whole() && self.wait(receive, until.duration_since(Instant::now())) {}
    }
}

fn spawn_reader(send: Sender<Part>, read: impl FnOnce() -> Part + Send + 'static) {
    // Nobody listens any more once the program was given up.
    std::thread::spawn(move || drop(send.send(read())));
}

fn read_at_most(mut stream: impl Read, max: usize) -> Result<Vec<u8>, ()> {
    let mut bytes = Vec::new();
    // A broken stream ends like a whole one; the exit code tells them apart.
    let _ = stream.by_ref().take(max as u64 + 1).read_to_end(&mut bytes);
    if bytes.len() > max {
        Err(())
    } else {
        Ok(bytes)
    }
}

fn read_tail(mut stream: impl Read, kept: usize) -> Vec<u8> {
    let mut tail = VecDeque::with_capacity(kept * 2);
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => {
                tail.extend(&buffer[..count]);
                let excess = tail.len().saturating_sub(kept);
                tail.drain(..excess);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    tail.into()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Job<'static> {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        Job {
            command,
            input: None,
            limit: Duration::from_secs(60),
            max_output: 1000,
            kept_log: 100,
            own_group: true,
            stop: None,
        }
    }

    /// Whether a process that a script started still runs; one that ended and was not reaped by
    /// its new parent does not.
    fn runs(pid: &str) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
        stat.is_ok_and(|stat| !stat.contains(") Z "))
    }

    #[test]
    fn when_its_time_is_up_all_that_it_started_is_ended_and_its_last_words_are_kept() {
        let mut job = shell("sleep 600 & echo $! >&2; wait");
        job.limit = Duration::from_millis(300);
        let ended = job.run().unwrap();
        assert_eq!(ended.end, End::TimedOut);
        let pid = String::from_utf8(ended.log).unwrap();
        assert!(pid.trim().parse::<u32>().is_ok(), "{pid:?}");
        while runs(&pid) {}
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn it_is_given_its_standard_streams_and_nothing_else() {
        // As LMDB opens its file, and as a shell passes on what it has open.
        let open = std::fs::File::open("/proc/self/exe").unwrap();
        rustix::io::fcntl_setfd(&open, rustix::io::FdFlags::empty()).unwrap();
        let ended = shell("exec ls -l /proc/self/fd").run().unwrap();
        let said = String::from_utf8(ended.output).unwrap();
        let mut streams: Vec<&str> = said
            .lines()
            .filter_map(|line| line.split_once(" -> "))
            // The folder that `ls` is reading.
            .filter(|(_, to)| !to.ends_with("/fd"))
            .filter_map(|(name, _)| name.rsplit(' ').next())
            .collect();
        streams.sort_unstable();
        assert_eq!(streams, ["0", "1", "2"], "{said}");
        drop(open);
    }

    #[test]
    fn what_it_leaves_behind_does_not_outlive_it() {
        let started = Instant::now();
        let ended = shell("sleep 600 & echo $!").run().unwrap();
        assert!(matches!(ended.end, End::Exited(status) if status.success()));
        assert!(started.elapsed() < Duration::from_secs(30));
        let pid = String::from_utf8(ended.output).unwrap();
        while runs(&pid) {}
    }

    #[test]
    fn whoever_wants_to_stop_it_is_heard_even_by_the_deaf() {
        let stop = AtomicBool::new(true);
        let mut job = shell("trap '' TERM; sleep 600");
        job.stop = Some(&stop);
        assert_eq!(job.run().unwrap().end, End::Stopped);
    }

    #[test]
    fn it_may_say_so_much_and_no_more() {
        let flood = shell("yes").run().unwrap();
        assert_eq!(flood.end, End::TooMuchOutput);
        let ended = shell("yes | head -n 500 >&2; echo end >&2; head -c 1000 /dev/zero")
            .run()
            .unwrap();
        assert!(matches!(ended.end, End::Exited(_)));
        assert_eq!((ended.output.len(), ended.log.len()), (1000, 100));
        assert!(ended.log.ends_with(b"end\n"));
    }
}
