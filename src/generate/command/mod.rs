//! `by = "command"`: a program of the user's, or one that comes with the project, makes the output.
//!
//! ```text
//! plan:  read all that `reads` names and the files that are executed ─▶ the action's key
//! run:   trusted? ─▶ a folder of its own: code, inputs/, read-only copies
//!        ─▶ program, request on standard input, next to no environment, limits
//!        ─▶ output.EXT, a regular file ─▶ the store; the rest goes with the folder
//! ```
//! Nothing runs that is not, byte for byte, what the user agreed to ([`Manifest`]). What it says goes
//! through [`Masks`] before anything is told or kept of it: it may know the user's keys.

mod answer;
mod fault;
mod inputs;
mod manifest;
mod masks;
mod room;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Seek as _;
use std::path::PathBuf;
use std::process::Command as Process;
use std::sync::atomic::Ordering;
use std::time::Duration;

pub use manifest::{CodeFile, CommandEntry, Manifest};
pub use room::Taken;

use self::answer::Answer;
use self::fault::Fault;
use self::inputs::Given;
use self::masks::Masks;
use self::room::Room;
use super::{Bench, Exchange, Generator, Output, RunError, RunOutput};
use crate::base::process::{End, Ended, Job, JobError};
use crate::base::search_path::SearchPath;
use crate::pipeline::{
    DEFAULT_SIZE, DEFAULT_TIMEOUT, Estimate, PriceUnit, ReadError, Reader, Recipe, RecipeResult,
    Stage,
};

/// What Unix says of a file that may be executed and is no program (`ENOEXEC`).
const NO_PROGRAM: i32 = 8;

/// Bytes of standard output: a short answer, not the output.
const MAX_ANSWER: usize = 1 << 20;

/// Bytes of standard error that are kept: the last ones.
const KEPT_LOG: usize = 16 << 10;

/// Lines of it that are told, and characters of each.
const TOLD_LINES: usize = 12;
const TOLD_CHARACTERS: usize = 300;

/// Sets the limit on memory, in KiB, and becomes the program. Standard Rust sets no limit between
/// fork and exec without unsafe code; the arguments are passed on as they are.
const LIMITED: &str = r#"ulimit -v "$1" && shift && exec "$@""#;

/// What commands are run with.
#[derive(Debug, Clone, Default)]
pub struct Commands {
    /// What the user agreed to; none if to nothing.
    pub trusted: Option<Manifest>,
    /// Where programs are looked for.
    pub search: SearchPath,
    /// Variables that the user's own configuration gives to commands, those that are not set too.
    pub environment: BTreeMap<String, Option<OsString>>,
}

/// A command.
pub(super) struct Command;

impl Recipe for Command {
    fn version(&self) -> &'static str {
        "1"
    }

    fn estimate(&self) -> Estimate {
        Estimate::of(Duration::from_secs(1))
    }

    fn units(&self) -> &'static [PriceUnit] {
        &[PriceUnit::Image, PriceUnit::Line, PriceUnit::Second]
    }

    fn make(&self, item: &str, reader: &Reader<'_>) -> Result<RecipeResult, ReadError> {
        Given::read(item, reader).map(|_| RecipeResult::External)
    }
}

impl Generator for Command {
    fn run(
        &self,
        item: &str,
        reader: &Reader<'_>,
        bench: &Bench<'_>,
        seed: u64,
    ) -> Result<RunOutput, RunError> {
        let stage = reader.stage();
        let given = Given::read(item, reader)?;
        let commands = bench.commands;
        let names: Vec<String> = commands.environment.keys().cloned().collect();
        let agreed = commands.trusted.as_ref().and_then(|m| m.entry(&stage.name));
        if agreed != Some(&CommandEntry::of(reader, &names)) {
            return Err(RunError::Refused(not_trusted(stage, "")));
        }
        let path = stage.output(item);
        let output = match path
            .rsplit('/')
            .next()
            .and_then(|name| name.rsplit_once('.'))
        {
            Some((_, extension)) => format!("output.{extension}"),
            None => "output".to_owned(),
        };
        let mut room = Room::new(bench.scratch)?;
        room.reserve(&output)?;
        for (path, id) in &given.code {
            room.lay(path, id, true, reader, bench.files)?;
        }
        for (place, id) in given.files() {
            room.lay(&place, &id, false, reader, bench.files)?;
        }
        let request = given.request(reader, item, seed, &output);
        let masks = Masks::of(&commands.environment);
        let kept_log = KEPT_LOG + masks.longest();
        let job = prepare(stage, &room, commands, bench, request.clone(), kept_log)
            .map_err(|fault| RunError::Refused(failure(stage, item, &fault.to_string(), &[])))?;
        let ended = job.run().map_err(|error| {
            let reason = match &error {
                JobError::NotStarted(why) if why.raw_os_error() == Some(NO_PROGRAM) => {
                    Fault::NoScript.to_string()
                }
                error => error.to_string(),
            };
            let reason = failure(stage, item, &reason, &[]);
            match error {
                JobError::NotStarted(source) => RunError::NotStarted { reason, source },
                JobError::Lost(source) => RunError::Charged {
                    reason,
                    cost_micro_usd: None,
                    source: Some(source),
                },
            }
        })?;
        // It has started: whatever is wrong with what came of it, it may have cost something.
        let log = last_words(&masks, &ended.log, ended.log.len() >= kept_log);
        let told = |fault: Fault| {
            let reason = masks.text(&fault.to_string());
            RunError::Charged {
                reason: failure(stage, item, &reason, log.as_bytes()),
                cost_micro_usd: answer::cost_in(&ended.output),
                source: fault.into_system(),
            }
        };
        succeeded(stage, &ended).map_err(told)?;
        let answer = Answer::parse(&ended.output).map_err(|error| told(error.into()))?;
        let limit = u64::from(stage.size.unwrap_or(DEFAULT_SIZE)) << 20;
        let taken = room.take(&output, limit).map_err(told)?;
        let mut bytes = taken.bytes();
        let named = masks.within(&mut bytes);
        let named = named.and_then(|named| bytes.rewind().map(|()| named));
        let unreadable = |source| Fault::Unreadable {
            name: output.clone(),
            source,
        };
        let named = named.map_err(|error| told(unreadable(error)))?;
        if let Some(variable) = named {
            return Err(told(Fault::HoldsKey {
                variable: variable.to_owned(),
                name: output,
            }));
        }
        drop(bytes);
        let said = answer.is_some().then(|| masks.json(ended.output));
        let Answer {
            model,
            cost_micro_usd,
            tools,
        } = answer.unwrap_or_default();
        let tools = tools.into_iter();
        Ok(RunOutput {
            output: Output::Taken(taken),
            tools: tools
                .map(|(name, version)| (masks.text(&name), masks.text(&version)))
                .collect(),
            remarks: Vec::new(),
            exchange: Exchange {
                request: Some(request),
                answer: said,
                model: model.map(|model| masks.text(&model)),
                cost_micro_usd,
            },
        })
    }
}

/// What is told of a stage whose command may not run; `because` follows the words `not trusted`.
#[must_use]
pub fn not_trusted(stage: &Stage, because: &str) -> String {
    format!(
        "stage.{} would run {:?}: not trusted{because}; see it with `aiut trust`",
        stage.name,
        stage.command_line()
    )
}

fn prepare<'b>(
    stage: &Stage,
    room: &Room,
    commands: &Commands,
    bench: &Bench<'b>,
    request: Vec<u8>,
    kept_log: usize,
) -> Result<Job<'b>, Fault> {
    if !cfg!(unix) {
        return Err(Fault::NotUnix);
    }
    let program = program(stage, room, commands)?;
    let mut process = match stage.memory {
        Some(mib) => {
            let mut process = Process::new("/bin/sh");
            process.args(["-c", LIMITED, "sh", &(u64::from(mib) * 1024).to_string()]);
            process.arg(program);
            process
        }
        None => Process::new(program),
    };
    let variables = commands.environment.iter();
    let variables = variables.filter_map(|(name, value)| Some((name, value.as_ref()?)));
    process
        .args(&stage.command[1..])
        .current_dir(room.folder())
        .env_clear()
        .envs(variables)
        .env("PATH", commands.search.text())
        .env("HOME", room.folder())
        .env("TMPDIR", room.folder())
        .env("LANG", "C.UTF-8");
    // Laying out the inputs may have taken long.
    if bench.stop.load(Ordering::Relaxed) {
        return Err(Fault::StoppedEarly);
    }
    Ok(Job {
        command: process,
        input: Some(Box::new(move |pipe| pipe.write_all(&request))),
        limit: Duration::from_secs(u64::from(stage.timeout.unwrap_or(DEFAULT_TIMEOUT))),
        max_output: MAX_ANSWER,
        kept_log,
        own_group: true,
        stop: Some(bench.stop),
    })
}

/// The program as an absolute path.
fn program(stage: &Stage, room: &Room, commands: &Commands) -> Result<PathBuf, Fault> {
    if let Some(own) = stage.own_program() {
        return Ok(room.folder().join(own));
    }
    let name = &stage.command[0];
    let found = commands.search.find(name);
    found.ok_or_else(|| Fault::NoProgram(name.clone()))
}

fn succeeded(stage: &Stage, ended: &Ended) -> Result<(), Fault> {
    Err(match ended.end {
        End::Exited(status) if status.success() => return Ok(()),
        End::Exited(status) => match status.code() {
            Some(code) => Fault::Failed(code),
            None => Fault::Killed(status),
        },
        End::TimedOut => Fault::TimedOut {
            seconds: stage.timeout.unwrap_or(DEFAULT_TIMEOUT),
            stage: stage.name.clone(),
        },
        End::TooMuchOutput => Fault::TooMuchOutput(MAX_ANSWER),
        End::Stopped => Fault::Stopped,
    })
}

/// The last bytes of a log that are told, without values and controls: a value between whose letters
/// controls stand, as in UTF-16, would come together without them. `is_cut` says that the beginning
/// is missing.
fn last_words(masks: &Masks, log: &[u8], is_cut: bool) -> String {
    let masked = masks.bytes(log);
    let mut plain = String::from_utf8_lossy(&masked).into_owned();
    plain.retain(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    let kept = match is_cut {
        // What is left of a value at the cut is not known for one.
        true => plain.len().saturating_sub(masks.longest()),
        false => plain.len(),
    };
    let told = masks.tail(plain.as_bytes(), kept.min(KEPT_LOG));
    String::from_utf8_lossy(&told).into_owned()
}

/// An error with stage, item and the command's last words.
fn failure(stage: &Stage, item: &str, reason: &str, log: &[u8]) -> String {
    let item = if item.is_empty() {
        String::new()
    } else {
        format!(", {item}")
    };
    let mut message = format!(
        "stage.{}{item}: {:?} {reason}",
        stage.name,
        stage.command_line()
    );
    let log = String::from_utf8_lossy(log);
    let lines: Vec<&str> = log.lines().filter(|line| !line.trim().is_empty()).collect();
    for line in &lines[lines.len().saturating_sub(TOLD_LINES)..] {
        let line = line.chars().filter(|c| !c.is_control() || *c == '\t');
        message += "\n| ";
        message.extend(line.take(TOLD_CHARACTERS));
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_controls_take_apart_is_not_put_together() {
        let value = "bodoni-canary";
        let variables = BTreeMap::from([("KEY".to_owned(), Some(OsString::from(value)))]);
        let masks = Masks::of(&variables);
        let wide: String = value.chars().flat_map(|c| [c, '\0']).collect();
        for spelling in [
            wide.clone(),
            value.replace('-', "-\u{1b}"),
            value.replace('-', "\u{8}-\r"),
            value.replace('-', "\u{85}-"),
        ] {
            let told = last_words(&masks, format!("see {spelling}!\n").as_bytes(), false);
            assert_eq!(told, "see [KEY]!\n", "{spelling:?}");
        }
        // However much of one is missing at the beginning, none of the rest is told.
        for from in 0..wide.len() {
            let log = format!("{}{}\nthe end", &wide[from..], "x".repeat(40));
            let told = last_words(&masks, log.as_bytes(), true);
            assert!(!told.contains("canary") && !told.contains("ary"), "{told}");
            assert!(told.ends_with("x\nthe end"), "{told}");
        }
    }

    #[test]
    fn a_failure_names_stage_item_and_command_and_ends_with_the_last_words() {
        let table = "[it]\nwrites = \"x.png\"\nby = \"command\"\ncommand = [\"up\", \"a b\"]\n";
        let pipeline = crate::pipeline::Pipeline::new(&table.parse().unwrap()).unwrap();
        let stage = pipeline.stage("it").unwrap();
        let log: String = (0..40)
            .map(|line| format!("line {line}\x1b[31m\n\n"))
            .collect();
        let told = failure(stage, "012", "ended with exit status 3", log.as_bytes());
        let lines: Vec<_> = told.lines().collect();
        assert_eq!(
            lines[0],
            "stage.it, 012: \"up 'a b'\" ended with exit status 3"
        );
        assert_eq!(lines.len(), 1 + TOLD_LINES);
        assert_eq!(lines[TOLD_LINES], "| line 39[31m");
    }
}
