//! Running an external program with limits.
//!
//! It gets an argument array, never a shell's line; an environment that is empty but for the
//! locale; a time limit, after which it is killed; and a bound on what it may say.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use ffmpeg_sidecar::event::{FfmpegEvent, LogLevel};
use ffmpeg_sidecar::log_parser::FfmpegLogParser;

use super::error::MediaError;
use super::tools::Program;

/// Bytes of an answer: far more than any that is asked for.
const MAX_OUTPUT: usize = 4 << 20;

/// Bytes of a program's complaints that are kept: the last ones.
const KEPT_LOG: usize = 16 << 10;

/// Writes what a program reads.
pub(crate) type Feed = Box<dyn FnOnce(&mut dyn Write) -> io::Result<()> + Send>;

/// A program about to run.
pub(crate) struct Run {
    command: Command,
    program: Program,
    limit: Duration,
    input: Option<Feed>,
}

/// What a program gave.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) stdout: Vec<u8>,
    /// The end of what it wrote to standard error.
    pub(crate) log: Vec<u8>,
}

impl Run {
    pub(crate) fn new(mut command: Command, program: Program, limit: Duration) -> Self {
        // Keys live in the environment, and these programs have switches there that write files.
        // Windows programs do not start in an empty one.
        if cfg!(unix) {
            command.env_clear();
        }
        command
            .env("LC_ALL", "C")
            .env("TZ", "UTC")
            .env_remove("FFREPORT")
            .env_remove("ESPEAK_DATA_PATH");
        Self {
            command,
            program,
            limit,
            input: None,
        }
    }

    pub(crate) fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.command.args(args);
        self
    }

    /// Bytes for its standard input.
    pub(crate) fn input(self, bytes: Vec<u8>) -> Self {
        self.feed(Box::new(move |pipe| pipe.write_all(&bytes)))
    }

    /// What writes to its standard input while it runs.
    pub(crate) fn feed(mut self, feed: Feed) -> Self {
        self.input = Some(feed);
        self
    }

    /// Runs to the end.
    pub(crate) fn run(self) -> Result<Output, MediaError> {
        let Self {
            mut command,
            program,
            limit,
            input,
        } = self;
        let path = PathBuf::from(command.get_program());
        command
            .stdin(if input.is_some() {
                Stdio::piped()
            } else {
                Stdio::null()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let child = command.spawn().map_err(|source| MediaError::Start {
            program,
            path,
            source,
        })?;
        let mut child = Killed(child);
        let deadline = Instant::now() + limit;
        if let (Some(feed), Some(mut pipe)) = (input, child.0.stdin.take()) {
            // A program that stops reading has its reasons, and its exit code tells them.
            std::thread::spawn(move || drop(feed(&mut pipe)));
        }
        let (send, receive) = channel();
        let stdout = child.0.stdout.take().expect("standard output is a pipe");
        let stderr = child.0.stderr.take().expect("standard error is a pipe");
        spawn_reader(send.clone(), move || {
            Part::Output(read_at_most(stdout, MAX_OUTPUT))
        });
        spawn_reader(send, move || Part::Log(read_tail(stderr)));

        let (mut stdout, mut log) = (None, None);
        let in_time =
            collect(&receive, deadline, &mut stdout, &mut log) && finished(&mut child.0, deadline);
        let log = log.unwrap_or_default();
        let overflow = matches!(stdout, Some(Err(())));
        if overflow {
            return Err(MediaError::TooMuch {
                program,
                limit: MAX_OUTPUT,
            });
        }
        if !in_time {
            return Err(MediaError::TimedOut {
                program,
                limit,
                log: complaint(program, &log),
            });
        }
        let status = child
            .0
            .wait()
            .map_err(MediaError::io(Path::new(program.name())))?;
        if !status.success() {
            return Err(MediaError::Failed {
                program,
                code: status.code(),
                log: complaint(program, &log),
            });
        }
        Ok(Output {
            stdout: stdout.and_then(Result::ok).unwrap_or_default(),
            log,
        })
    }
}

/// A child that does not outlive the wait for it.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

enum Part {
    /// All of standard output, or that it was too much.
    Output(Result<Vec<u8>, ()>),
    Log(Vec<u8>),
}

fn spawn_reader(send: Sender<Part>, read: impl FnOnce() -> Part + Send + 'static) {
    // Nobody listens any more after a time-out.
    std::thread::spawn(move || drop(send.send(read())));
}

/// Waits for both streams to end, or for too much output; false when the deadline came first.
fn collect(
    receive: &Receiver<Part>,
    deadline: Instant,
    stdout: &mut Option<Result<Vec<u8>, ()>>,
    log: &mut Option<Vec<u8>>,
) -> bool {
    while stdout.is_none() || log.is_none() {
        match receive.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(Part::Output(Err(()))) => {
                *stdout = Some(Err(()));
                return true;
            }
            Ok(Part::Output(bytes)) => *stdout = Some(bytes),
            Ok(Part::Log(bytes)) => *log = Some(bytes),
            Err(RecvTimeoutError::Timeout) => return false,
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    true
}

/// Whether a child that has closed its streams ends before the deadline; it nearly always has.
fn finished(child: &mut Child, deadline: Instant) -> bool {
    loop {
        match child.try_wait() {
            Ok(Some(_)) | Err(_) => return true,
            Ok(None) if Instant::now() >= deadline => return false,
            Ok(None) => std::thread::sleep(Duration::from_millis(1)),
        }
    }
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

fn read_tail(mut stream: impl Read) -> Vec<u8> {
    let mut tail = VecDeque::with_capacity(KEPT_LOG * 2);
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => {
                tail.extend(&buffer[..count]);
                let excess = tail.len().saturating_sub(KEPT_LOG);
                tail.drain(..excess);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    tail.into()
}

/// The lines of a log that say what is wrong: ffmpeg's errors where it marks any, else the last
/// few lines.
fn complaint(program: Program, log: &[u8]) -> String {
    let mut errors: VecDeque<String> = VecDeque::new();
    if program == Program::Ffmpeg {
        let mut parser = FfmpegLogParser::new(log);
        while let Ok(event) = parser.parse_next_event() {
            match event {
                FfmpegEvent::LogEOF => break,
                FfmpegEvent::Error(line)
                | FfmpegEvent::Log(LogLevel::Error | LogLevel::Fatal, line) => {
                    errors.push_back(line)
                }
                _ => {}
            }
        }
    }
    if errors.is_empty() {
        let text = String::from_utf8_lossy(log);
        errors = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect();
    }
    let first = errors.len().saturating_sub(4);
    let mut text = errors
        .into_iter()
        .skip(first)
        .collect::<Vec<_>>()
        .join("; ");
    text.retain(|c| !c.is_control());
    if text.is_empty() {
        "it said nothing".to_owned()
    } else {
        text
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str, limit: Duration) -> Run {
        Run::new(Command::new("/bin/sh"), Program::Ffmpeg, limit).args(["-c", script])
    }

    const LONG: Duration = Duration::from_secs(30);

    #[test]
    fn a_program_that_takes_too_long_is_killed() {
        let home = tempfile::tempdir().expect("a folder");
        let pid = home.path().join("pid");
        let script = format!(
            "echo $$ > {}; echo stuck >&2; exec sleep 600",
            pid.display()
        );
        let error = shell(&script, Duration::from_millis(300))
            .run()
            .expect_err("too long");
        assert!(matches!(error, MediaError::TimedOut { .. }), "{error}");
        let pid = std::fs::read_to_string(pid).expect("it ran");
        assert!(!Path::new("/proc").join(pid.trim()).exists() || !cfg!(target_os = "linux"));
    }

    #[test]
    fn a_failure_says_code_and_last_words() {
        let error = shell("echo first >&2; echo 'no such filter' >&2; exit 3", LONG)
            .run()
            .expect_err("failed");
        assert_eq!(
            error.to_string(),
            "ffmpeg failed with code 3: first; no such filter"
        );
        assert!(matches!(
            shell("kill -9 $$", LONG).run(),
            Err(MediaError::Failed { code: None, .. })
        ));
        let missing = Run::new(Command::new("/nowhere/ffmpeg"), Program::Ffmpeg, LONG).run();
        assert!(matches!(missing, Err(MediaError::Start { .. })));
    }

    #[test]
    fn floods_are_stopped_and_long_logs_kept_short() {
        assert!(matches!(
            shell("yes", LONG).run(),
            Err(MediaError::TooMuch { .. })
        ));
        let output = shell("yes | head -c 300000 >&2; echo end >&2", LONG)
            .run()
            .expect("ended well");
        assert!(output.log.len() <= KEPT_LOG && output.log.ends_with(b"end\n"));
    }

    #[test]
    fn keys_in_the_environment_are_not_passed_on() {
        let output = shell("env", LONG).run().expect("ran");
        let said = String::from_utf8(output.stdout).expect("text");
        assert!(
            said.lines()
                .all(|line| ["LC_ALL=", "TZ=", "PWD=", "SHLVL=", "_="]
                    .iter()
                    .any(|known| line.starts_with(known))),
            "{said}"
        );
    }

    #[test]
    fn input_arrives_and_a_program_that_ignores_it_is_no_error() {
        assert_eq!(
            shell("cat", LONG)
                .input(vec![7; 200_000])
                .run()
                .expect("ran")
                .stdout,
            vec![7; 200_000]
        );
        shell("exit 0", LONG)
            .input(vec![7; 2_000_000])
            .run()
            .expect("ran");
    }
}
