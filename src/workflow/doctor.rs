//! `aiut doctor`: what is installed, what the folder lies on, how the project is.
//!
//! Looks only, but for a probe in `.aiut/` that is gone at once, and for what opening a project
//! repairs anyway.

use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use super::repository::Result;
use super::settings::IdentityError;
use crate::BUILD;
use crate::base::causes::with_causes;
use crate::base::filesystem::{examine, shares_bytes};
use crate::base::lock::{FileLock, Holder, LockError};
use crate::history::{HistoryError, Project, operations};
use crate::media::tools::{Program, Tools};
use crate::object::{Person, Timestamp};

/// Less room than this, in bytes, and the next film may not fit.
const LEAST_FREE_BYTES: u64 = 2 << 30;

/// Seconds by which clocks of two machines may well differ.
const CLOCK_TOLERANCE: i64 = 120;

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// As it should be.
    Good,
    /// Worth knowing.
    Note,
    /// Something should be done about it.
    Attention,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at: `ffmpeg`, `free space`.
    pub subject: &'static str,
    /// How it is.
    pub state: State,
    /// What was found.
    pub found: String,
    /// What to do about it.
    pub advice: Option<String>,
}

impl Finding {
    fn new(subject: &'static str, state: State, found: impl Into<String>) -> Self {
        Self {
            subject,
            state,
            found: found.into(),
            advice: None,
        }
    }

    fn good(subject: &'static str, found: impl Into<String>) -> Self {
        Self::new(subject, State::Good, found)
    }

    fn attention(subject: &'static str, found: impl Into<String>) -> Self {
        Self::new(subject, State::Attention, found)
    }

    fn advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }
}

/// All that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// Version of this program.
    pub version: &'static str,
    /// Which build of that version: what was remembered by another one does not count.
    pub build: &'static str,
    /// In the order in which one would look.
    pub findings: Vec<Finding>,
}

impl Diagnosis {
    /// Whether something should be done.
    #[must_use]
    pub fn needs_attention(&self) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|finding| finding.state == State::Attention)
    }
}

/// Looks at everything. A project that could not be opened is a finding, too.
#[must_use]
pub fn examine_all(
    tools: &Tools,
    author: &std::result::Result<Person, IdentityError>,
    project: &std::result::Result<Project, HistoryError>,
    now: Timestamp,
) -> Diagnosis {
    let programs = [Program::Ffmpeg, Program::Ffprobe, Program::Espeak];
    let mut findings: Vec<Finding> = programs.map(|program| of_program(tools, program)).into();
    findings.push(of_author(author));
    match project {
        Ok(project) => {
            findings.extend(of_folder(project.tree().own().path()));
            findings.extend(of_project(project, now));
        }
        Err(HistoryError::NotAProject(_)) => {
            let none = Finding::new("project", State::Note, "this folder is in no project");
            findings.push(none.advice("`aiut init` makes it one"));
        }
        Err(error) => findings.push(of_failure("project", error)),
    }
    Diagnosis {
        version: env!("CARGO_PKG_VERSION"),
        build: BUILD.as_str(),
        findings,
    }
}

fn of_program(tools: &Tools, program: Program) -> Finding {
    match (tools.path(program), tools.version(program)) {
        (Ok(path), Ok(version)) => {
            Finding::good(program.name(), format!("{version}, {}", path.display()))
        }
        (Ok(path), Err(error)) => {
            let found = format!("{} does not run: {error}", path.display());
            Finding::attention(program.name(), found).advice(program.install())
        }
        (Err(_), _) => {
            let found = format!("not found. {}", program.without());
            Finding::attention(program.name(), found).advice(program.install())
        }
    }
}

fn of_author(author: &std::result::Result<Person, IdentityError>) -> Finding {
    match author {
        Ok(Person { name, email }) => Finding::good("author", format!("{name} <{email}>")),
        Err(error) => {
            let found = format!("{error}; without it nothing can be committed");
            let finding = Finding::attention("author", found);
            match error.hints() {
                hints if hints.is_empty() => finding,
                hints => finding.advice(hints.join(", ")),
            }
        }
    }
}

fn of_folder(own: &Path) -> Vec<Finding> {
    let mut findings = Vec::new();
    match examine(own) {
        Ok(found) => {
            let name = found.name.unwrap_or("of a kind not known to aiut");
            findings.push(Finding::good("file system", name));
            match found.free_bytes {
                Some(free) if free < LEAST_FREE_BYTES => {
                    let found = format!("{} MiB are left", free >> 20);
                    findings.push(Finding::attention("free space", found).advice("make room"));
                }
                Some(free) => {
                    let found = format!("{} GiB are left", free >> 30);
                    findings.push(Finding::good("free space", found));
                }
                None => {}
            }
        }
        Err(error) => findings.push(Finding::attention("file system", error.to_string())),
    }
    let shares = match shares_bytes(own) {
        Ok(Some(true)) => Finding::good("copies", "files can share their bytes"),
        Ok(Some(false)) => {
            let found = "files cannot share their bytes here; aiut does not need it";
            Finding::good("copies", found)
        }
        Ok(None) => Finding::new("copies", State::Note, "not tried out on this system"),
        Err(error) => Finding::attention("copies", format!("no file can be written: {error}"))
            .advice("make .aiut writable; until then the project can be read only"),
    };
    findings.push(shares);
    findings
}

/// Looks at one side of a project.
type Look = fn(&Project, Timestamp) -> Result<Vec<Finding>>;

fn of_project(project: &Project, now: Timestamp) -> Vec<Finding> {
    let parts: [(&'static str, Look); 4] = [
        ("clock", of_clock),
        ("packs", of_packs),
        ("index", of_index),
        ("commands", of_commands),
    ];
    let mut findings = Vec::new();
    for (subject, look) in parts {
        match look(project, now) {
            Ok(found) => findings.extend(found),
            Err(error) => findings.push(of_failure(subject, &error)),
        }
    }
    findings
}

fn of_failure(subject: &'static str, error: &dyn std::error::Error) -> Finding {
    Finding::attention(subject, with_causes(error))
}

fn of_clock(project: &Project, now: Timestamp) -> Result<Vec<Finding>> {
    let newest = operations(project.store(), 1)?;
    let ahead = newest.first().map_or(0, |logged| {
        logged.operation.time.unix_seconds - now.unix_seconds
    });
    Ok(vec![if ahead > CLOCK_TOLERANCE {
        let found = format!("the last operation is dated {ahead} seconds after now");
        Finding::attention("clock", found)
            .advice("set the clock, or find whose was wrong: aiut op log")
    } else {
        Finding::good("clock", "not behind the last operation")
    }])
}

fn of_packs(project: &Project, _now: Timestamp) -> Result<Vec<Finding>> {
    let folder = project.store().folder().join("packs");
    let io = |source| HistoryError::Io {
        action: "list",
        path: folder.clone(),
        source,
    };
    let (mut number, mut bytes) = (0_u64, 0_u64);
    for entry in std::fs::read_dir(&folder).map_err(io)? {
        let about = entry.and_then(|entry| entry.metadata()).map_err(io)?;
        if about.is_file() {
            number += 1;
            bytes += about.len();
        }
    }
    let found = match number {
        1 => format!("1 pack with {bytes} bytes"),
        many => format!("{many} packs with {bytes} bytes"),
    };
    let mut findings = vec![Finding::good("packs", found)];
    for damage in project.store().damage()? {
        let (path, offset) = (damage.path.display(), damage.offset);
        let found = format!("{path} is damaged at byte {offset}: {}", damage.what);
        let advice = "bring the pack back from a copy of the folder";
        findings.push(Finding::attention("packs", found).advice(advice));
    }
    Ok(findings)
}

fn of_index(project: &Project, _now: Timestamp) -> Result<Vec<Finding>> {
    let store = project.store();
    // A look at the refs goes through it, and opening the project brought it up to date.
    store.view()?;
    let repaired = store.recovery();
    let mut findings = Vec::new();
    if repaired.rebuilt {
        let found = "was missing or unusable, and was rebuilt from the packs";
        findings.push(Finding::new("index", State::Note, found));
    }
    if repaired.cut_bytes > 0 {
        let found = format!(
            "{} bytes of a command that died were taken out; nothing that was finished is lost",
            repaired.cut_bytes
        );
        findings.push(Finding::new("index", State::Note, found));
    }
    if store.is_read_only() {
        let found = "cannot be written, so the project can be read only";
        findings.push(Finding::attention("index", found).advice("make .aiut writable"));
    }
    if findings.is_empty() {
        findings.push(Finding::good("index", "in step with the packs"));
    }
    Ok(findings)
}

/// Commands at work, and what dead ones left.
fn of_commands(project: &Project, _now: Timestamp) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let interrupted = project.interrupted();
    for left in interrupted.left_alone {
        let advice = format!("look at it: aiut diff {}", left.path);
        findings.push(Finding::attention("commands", left.to_string()).advice(advice));
    }
    if let Some(lost) = interrupted.lost {
        let advice = "bring it back from a copy; aiut fsck --repair goes on from what is left";
        findings.push(Finding::attention("commands", lost).advice(advice));
    }
    if let Some(why) = interrupted.pending {
        let advice = "when the reason is gone, the next command puts it back";
        findings.push(Finding::attention("commands", why).advice(advice));
    }
    for name in ["worktree.lock", "lock"] {
        let own = project.tree().own();
        let found = own.find_file(name).map_err(|source| HistoryError::Io {
            action: "examine",
            path: own.path_of(name),
            source,
        })?;
        let Some(found) = found.filter(|_| !project.store().is_read_only()) else {
            continue;
        };
        // Who signed it and did not wipe the name off again is at work, or dead.
        let signed = found.bytes > 0;
        match FileLock::acquire(own, name, &Holder::default(), Duration::ZERO) {
            Ok(_) if signed => {
                let found =
                    format!(".aiut/{name} was left by a command that died; it blocks nothing");
                findings.push(Finding::new("commands", State::Note, found));
            }
            Ok(_) => {}
            Err(LockError::Busy { holder, .. }) => {
                let found = format!("{holder} is at work and holds .aiut/{name}");
                let advice = "wait for it; if it hangs, end that process: its lock goes with it";
                findings.push(Finding::new("commands", State::Note, found).advice(advice));
            }
            Err(error) => return Err(HistoryError::from(error).into()),
        }
    }
    if matches!(project.tree().interrupted(), Ok(Some(_))) && findings.is_empty() {
        let found = "a command died half-way, and its changes are not put back yet";
        let advice = "run any command that writes, such as `aiut status` with .aiut writable";
        findings.push(Finding::attention("commands", found).advice(advice));
    }
    if findings.is_empty() {
        findings.push(Finding::good(
            "commands",
            "none at work, none left half done",
        ));
    }
    Ok(findings)
}
