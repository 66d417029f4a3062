//! The external programs: finding them, and running one with limits.
//!
//! A program is an absolute path found on the search path that the caller passes in, never inside
//! the work tree, where a clone could have put one. It gets an argument array, an environment that
//! is empty but for the locale, a time limit, and is killed when that has passed. Nothing is ever
//! downloaded.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use ffmpeg_sidecar::command::FfmpegCommand;
use ffmpeg_sidecar::event::{FfmpegEvent, LogLevel};
use ffmpeg_sidecar::log_parser::{FfmpegLogParser, try_parse_version};

use super::error::MediaError;

/// A program that aiut runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Program {
    /// Makes clips, cuts and the film.
    Ffmpeg,
    /// Reads what is in a media file.
    Ffprobe,
    /// Speaks scratch voices.
    Espeak,
}

impl Program {
    /// The name of its file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ffmpeg => "ffmpeg",
            Self::Ffprobe => "ffprobe",
            Self::Espeak => "espeak-ng",
        }
    }

    /// How to get it, as a sentence without its full stop.
    #[must_use]
    pub fn install(self) -> &'static str {
        match self {
            Self::Ffmpeg | Self::Ffprobe => {
                "Install it with `apt install ffmpeg`, `brew install ffmpeg` or `winget install ffmpeg`"
            }
            Self::Espeak => {
                "Install it with `apt install espeak-ng`, `brew install espeak-ng` or `winget install espeak-ng`"
            }
        }
    }

    /// What still works while it is missing.
    #[must_use]
    pub fn without(self) -> &'static str {
        match self {
            Self::Ffmpeg => {
                "Scenes, shots, prompts, panels and voices work without it; clips, cuts and the film do not"
            }
            Self::Ffprobe => "Everything but cuts, the film and comparing clips works without it",
            Self::Espeak => {
                "Everything but voices works without it; clips then carry the sound of the place alone"
            }
        }
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[derive(Debug)]
struct Tool {
    path: PathBuf,
    version: OnceLock<String>,
}

/// The programs found on a search path.
#[derive(Debug, Default)]
pub struct Tools {
    ffmpeg: Option<Tool>,
    ffprobe: Option<Tool>,
    espeak: Option<Tool>,
}

impl Tools {
    /// Looks for the programs in the folders of `search_path` (as `PATH` has it). Relative folders
    /// and anything inside `work_tree` are passed over, also where a symlink leads there.
    #[must_use]
    pub fn find(search_path: &OsStr, work_tree: &Path) -> Self {
        let tree = work_tree
            .canonicalize()
            .unwrap_or_else(|_| work_tree.to_owned());
        let outside = |path: &Path| {
            path.canonicalize()
                .is_ok_and(|real| !real.starts_with(&tree))
                && !path.starts_with(work_tree)
        };
        let look = |program: Program| {
            let file = format!("{}{}", program.name(), std::env::consts::EXE_SUFFIX);
            std::env::split_paths(search_path)
                .filter(|folder| folder.is_absolute())
                .map(|folder| folder.join(&file))
                .find(|path| executable(path) && outside(path))
                .map(|path| Tool {
                    path,
                    version: OnceLock::new(),
                })
        };
        Self {
            ffmpeg: look(Program::Ffmpeg),
            ffprobe: look(Program::Ffprobe),
            espeak: look(Program::Espeak),
        }
    }

    /// Where a program was found.
    ///
    /// # Errors
    /// [`MediaError::Missing`].
    pub fn path(&self, program: Program) -> Result<&Path, MediaError> {
        self.tool(program).map(|tool| tool.path.as_path())
    }

    /// What version a program says it is; asked once.
    ///
    /// # Errors
    /// When it is missing, does not run, or says nothing of the kind.
    pub fn version(&self, program: Program) -> Result<&str, MediaError> {
        let tool = self.tool(program)?;
        if let Some(version) = tool.version.get() {
            return Ok(version);
        }
        let flag = if program == Program::Espeak {
            "--version"
        } else {
            "-version"
        };
        let output = Run::new(Command::new(&tool.path), program, Duration::from_secs(20))
            .args([flag])
            .run()?;
        let said = String::from_utf8_lossy(&output.stdout);
        let first = said.lines().next().unwrap_or_default();
        let version = try_parse_version(first)
            .or_else(|| {
                first
                    .split_once("speech: ")
                    .map(|(_, rest)| rest.to_owned())
            })
            .or_else(|| {
                first
                    .split_once("version ")
                    .map(|(_, rest)| rest.to_owned())
            })
            .and_then(|rest| rest.split_whitespace().next().map(str::to_owned))
            .ok_or_else(|| {
                MediaError::unusable(
                    tool.path.display().to_string(),
                    format!("says no version: {first:?}"),
                )
            })?;
        Ok(tool.version.get_or_init(|| version))
    }

    fn tool(&self, program: Program) -> Result<&Tool, MediaError> {
        let found = match program {
            Program::Ffmpeg => &self.ffmpeg,
            Program::Ffprobe => &self.ffprobe,
            Program::Espeak => &self.espeak,
        };
        found.as_ref().ok_or(MediaError::Missing { program })
    }

    /// A run of a program, to be given arguments.
    pub(crate) fn run(&self, program: Program, limit: Duration) -> Result<Run, MediaError> {
        let path = self.path(program)?;
        Ok(match program {
            // The sidecar's builder sets the log level that its parser reads.
            Program::Ffmpeg => Run::new(FfmpegCommand::new_with_path(path).into(), program, limit)
                .args([
                    "-hide_banner",
                    "-nostdin",
                    "-nostats",
                    "-y",
                    // Bytes of a single allocation: what a file claims must not become memory.
                    "-max_alloc",
                    "1073741824",
                ]),
            Program::Ffprobe => Run::new(Command::new(path), program, limit).args([
                "-v",
                "error",
                "-max_alloc",
                "1073741824",
            ]),
            Program::Espeak => Run::new(Command::new(path), program, limit),
        })
    }
}

#[cfg(unix)]
fn executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn executable(path: &Path) -> bool {
    path.is_file()
}

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
    fn new(mut command: Command, program: Program, limit: Duration) -> Self {
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

/// `file:` before a path, so that no name is taken for a protocol or an option.
pub(crate) fn file_url(path: &Path) -> OsString {
    let mut url = OsString::from("file:");
    url.push(path);
    url
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{OpenOptionsExt as _, symlink};

    use super::*;

    fn program(folder: &Path, name: &str, script: &str) -> PathBuf {
        let path = folder.join(name);
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o755)
            .open(&path)
            .expect("created");
        file.write_all(script.as_bytes()).expect("written");
        path
    }

    fn shell(script: &str, limit: Duration) -> Run {
        Run::new(Command::new("/bin/sh"), Program::Ffmpeg, limit).args(["-c", script])
    }

    const LONG: Duration = Duration::from_secs(30);

    #[test]
    fn programs_are_found_outside_the_work_tree_only() {
        let home = tempfile::tempdir().expect("a folder");
        let (tree, safe, linked) = (
            home.path().join("tree"),
            home.path().join("safe"),
            home.path().join("linked"),
        );
        for folder in [&tree, &safe, &linked] {
            std::fs::create_dir(folder).expect("created");
        }
        let inside = program(&tree, "ffmpeg", "#!/bin/sh\necho ffmpeg version 9.9 evil\n");
        symlink(&inside, linked.join("ffmpeg")).expect("linked");
        let path = |folders: &[&Path]| std::env::join_paths(folders).expect("a search path");
        let tools = Tools::find(&path(&[Path::new("bin"), &tree, &linked]), &tree);
        let error = tools.path(Program::Ffmpeg).expect_err("nothing safe there");
        let said = error.to_string();
        assert!(
            said.contains("apt install ffmpeg") && said.contains("panels and voices work"),
            "{said}"
        );

        let outside = program(
            &safe,
            "ffmpeg",
            "#!/bin/sh\necho ffmpeg version 5.1.9-0 Copyright\n",
        );
        let tools = Tools::find(&path(&[&tree, &linked, &safe]), &tree);
        assert_eq!(tools.path(Program::Ffmpeg).expect("found"), outside);
        assert_eq!(tools.version(Program::Ffmpeg).expect("said"), "5.1.9-0");
        assert!(matches!(
            tools.version(Program::Espeak),
            Err(MediaError::Missing {
                program: Program::Espeak
            })
        ));
    }

    #[test]
    fn a_version_is_asked_once() {
        let home = tempfile::tempdir().expect("a folder");
        program(
            home.path(),
            "espeak-ng",
            "#!/bin/sh\necho x >> \"${0%/*}/asked\"\necho 'eSpeak NG text-to-speech: 1.51  Data at: /x'\n",
        );
        let tools = Tools::find(home.path().as_os_str(), Path::new("/nowhere"));
        assert_eq!(
            (
                tools.version(Program::Espeak).expect("said"),
                tools.version(Program::Espeak).expect("said")
            ),
            ("1.51", "1.51")
        );
        assert_eq!(
            std::fs::read_to_string(home.path().join("asked")).expect("asked"),
            "x\n"
        );
    }

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
