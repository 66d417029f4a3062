//! Running an external program with limits.
//!
//! It gets an argument array, never a shell's line; an environment that is empty but for the
//! locale; a time limit, after which it is killed; and a bound on what it may say.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use ffmpeg_sidecar::event::{FfmpegEvent, LogLevel};
use ffmpeg_sidecar::log_parser::FfmpegLogParser;

use super::error::MediaError;
use super::tools::Program;
use aiut_base::process::{End, Job};

pub(crate) use aiut_base::process::Feed;

/// Bytes of an answer: far more than any that is asked for.
const MAX_OUTPUT: usize = 4 << 20;

/// Bytes of a program's complaints that are kept: the last ones.
const KEPT_LOG: usize = 16 << 10;

/// A program about to run.
pub(crate) struct Invocation {
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

impl Invocation {
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
            command,
            program,
            limit,
            input,
        } = self;
        let path = PathBuf::from(command.get_program());
        let job = Job {
            command,
            input,
            limit,
            max_output: MAX_OUTPUT,
            kept_log: KEPT_LOG,
            own_group: false,
            stop: None,
        };
        let ended = job.run().map_err(|error| MediaError::Start {
            program,
            path,
            source: error.into(),
        })?;
        match ended.end {
            End::Exited(status) if status.success() => Ok(Output {
                stdout: ended.output,
                log: ended.log,
            }),
            End::Exited(status) => Err(MediaError::Failed {
                program,
                code: status.code(),
                log: complaint(program, &ended.log),
            }),
            End::TooMuchOutput => Err(MediaError::TooMuch {
                program,
                limit: MAX_OUTPUT,
            }),
            // Nobody stops what has no flag to be stopped by.
            End::TimedOut | End::Stopped => Err(MediaError::TimedOut {
                program,
                limit,
                log: complaint(program, &ended.log),
            }),
        }
    }
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
    use std::path::Path;

    use super::*;

    fn shell(script: &str, limit: Duration) -> Invocation {
        Invocation::new(Command::new("/bin/sh"), Program::Ffmpeg, limit).args(["-c", script])
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
        let missing = Invocation::new(Command::new("/nowhere/ffmpeg"), Program::Ffmpeg, LONG).run();
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
