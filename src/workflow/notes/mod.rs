//! `aiut note`: notes on shots, scenes, files and commits, as threads that merge.

use std::collections::BTreeMap;

use serde::Serialize;

use super::comparison::folder_bytes;
use super::film::{numbers_in, shots_of};
use super::repository::{CommitRequest, OwnFiles, RepositoryError, Scope, commit};
use crate::base::atomic;
use crate::diff::{LIMIT_BYTES, as_text};
use crate::film::ids::{scene_name, scenes_named, shot_name, shots_named};
use crate::history::{Caller, HistoryError, Project, Survey};
use crate::object::{Commit, CommitId, Person, RepoPath};
use crate::pipeline::{Does, MAX_THREAD_BYTES, Mark, Message, NOTES, Thread, mentions, message_id};

/// Why a note is not taken.
#[derive(Debug, thiserror::Error)]
pub enum NoteError {
    /// From the repository.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// Nothing is called so.
    #[error("there is no {what} {name}")]
    NoSuch {
        /// `shot`, `scene`, `file or commit`, `thread`.
        what: &'static str,
        /// As asked for.
        name: String,
    },
    /// Several threads may be meant.
    #[error("{name} may be any of {}", found.join(", "))]
    Ambiguous {
        /// As asked for.
        name: String,
        /// Their ids.
        found: Vec<String>,
    },
    /// A thread that cannot be read.
    #[error("{path}: {reason}")]
    Malformed {
        /// Its file.
        path: RepoPath,
        /// What is wrong with it.
        reason: String,
    },
    /// Nothing is said and nothing marked.
    #[error("the note says nothing")]
    Empty,
    /// Lines that a file has not.
    #[error("{path} has {lines} lines: there is no line {asked}")]
    NoLine {
        /// The file.
        path: RepoPath,
        /// How many it has.
        lines: usize,
        /// The one that was asked for.
        asked: usize,
    },
}

impl From<HistoryError> for NoteError {
    fn from(error: HistoryError) -> Self {
        Self::Repository(error.into())
    }
}

impl NoteError {
    /// What to type next.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Repository(error) => error.hints(),
            Self::NoSuch { what: "shot", .. } => vec!["aiut shots   lists the shots".to_owned()],
            Self::NoSuch { what: "scene", .. } => vec!["aiut scenes   lists the scenes".to_owned()],
            Self::NoSuch { what: "thread", .. } => {
                vec!["aiut note list --all   lists them".to_owned()]
            }
            Self::NoSuch { .. } => {
                vec!["--on takes shot 2-11, scene 3, a path or a commit".to_owned()]
            }
            Self::Ambiguous { .. } => vec!["type more of its id".to_owned()],
            Self::Malformed { path, .. } => {
                vec![format!(
                    "aiut restore {path}   brings back the last good one"
                )]
            }
            Self::Empty => vec!["aiut note add TEXT --on shot 2-11, or --mark love".to_owned()],
            Self::NoLine { .. } => vec!["name lines as -L 40,44".to_owned()],
        }
    }
}

/// A thread as it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoteThread {
    /// Its id.
    pub id: String,
    /// Its file.
    pub path: RepoPath,
    /// What it is about, as people say it: `shot 2-11`.
    pub about: String,
    /// Whether it is settled.
    pub resolved: bool,
    /// The line at which the words that it is about stand now, from 1; none where they are gone, or it is
    /// about no words.
    pub line: Option<usize>,
    /// Those whom its messages name.
    pub mentions: Vec<String>,
    /// What is said.
    #[serde(flatten)]
    pub thread: Thread,
}

/// A note that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoteOutcome {
    /// Its thread.
    #[serde(flatten)]
    pub thread: NoteThread,
    /// The commit that keeps it.
    pub commit: Option<CommitId>,
}

/// Who writes, and when.
pub struct Writer<'w> {
    /// Who.
    pub author: &'w Person,
    /// The lock and the clock.
    pub caller: &'w Caller<'w>,
    /// What a commit takes along.
    pub own: &'w dyn OwnFiles,
}

/// What is said.
#[derive(Debug, Clone, Copy, Default)]
pub struct Said<'s> {
    /// In words.
    pub text: &'s str,
    /// As a mark.
    pub mark: Option<Mark>,
    /// What it does to the thread.
    pub does: Does,
}

/// What a note is to be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    on: String,
    quote: Option<String>,
}

/// What the words behind `--on` mean: `shot 2-11`, `scene 3`, a path, a revision. Of a file, some lines can
/// be meant, counted from 1: their words are noted, so that they are found when lines are added above.
///
/// # Errors
/// `NoSuch`; `NoLine`.
pub fn target(
    project: &Project,
    caller: &Caller<'_>,
    words: &[String],
    path: Option<RepoPath>,
    lines: Option<std::ops::RangeInclusive<usize>>,
) -> Result<Target, NoteError> {
    let missing = |what, name: &str| NoteError::NoSuch {
        what,
        name: name.to_owned(),
    };
    let whole = |on: String| Target { on, quote: None };
    match words {
        [title, name] if title == "shot" => {
            let shots =
                numbers_in(project.root()).map_or_else(Vec::new, |numbers| shots_of(&numbers));
            let known: Vec<&str> = shots.iter().map(String::as_str).collect();
            match shots_named(name, &known)[..] {
                [shot] => Ok(whole(format!("shot {shot}"))),
                _ => Err(missing("shot", name)),
            }
        }
        [title, name] if title == "scene" => {
            let stems: Vec<String> = numbers_in(project.root()).map_or_else(Vec::new, |numbers| {
                numbers.present().map(|row| row.number.stem()).collect()
            });
            match scenes_named(name, stems.iter().map(String::as_str))[..] {
                [stem] => Ok(whole(format!("scene {stem}"))),
                _ => Err(missing("scene", name)),
            }
        }
        [name] => {
            let file = match &path {
                Some(path) => folder_bytes(project, path, LIMIT_BYTES)?,
                None => None,
            };
            let Some((path, bytes)) = path.zip(file) else {
                let found = project.resolve(name, caller.clock.now());
                let found = found.map_err(|_| missing("file or commit", name))?;
                return Ok(whole(format!("commit {}", found.commit.to_hex())));
            };
            let Some(lines) = lines else {
                return Ok(whole(path.to_string()));
            };
            let text = as_text(&bytes).unwrap_or_default();
            let count = text.lines().count();
            if *lines.end() > count {
                return Err(NoteError::NoLine {
                    path,
                    lines: count,
                    asked: *lines.end(),
                });
            }
            let quoted = text.lines().skip(lines.start() - 1);
            let quoted: Vec<&str> = quoted.take(lines.end() + 1 - lines.start()).collect();
            Ok(Target {
                on: path.to_string(),
                quote: Some(quoted.join("\n")),
            })
        }
        _ => Err(missing("file or commit", &words.join(" "))),
    }
}

/// Begins a thread.
///
/// # Errors
/// `Empty`; as a commit.
pub fn add(
    project: &Project,
    writer: &Writer<'_>,
    target: Target,
    said: Said<'_>,
) -> Result<NoteOutcome, NoteError> {
    let message = message(writer, &target.on, said)?;
    let id = message.id.clone();
    let thread = Thread {
        on: target.on,
        quote: target.quote,
        message: vec![message],
    };
    write(project, writer, &id, thread, "Note on")
}

/// Adds to a thread: an answer, or that it is settled, or open again.
///
/// # Errors
/// `NoSuch`, `Ambiguous`, `Malformed`, `Empty`; as a commit.
pub fn answer(
    project: &Project,
    writer: &Writer<'_>,
    thread: &str,
    said: Said<'_>,
) -> Result<NoteOutcome, NoteError> {
    let found = one(project, thread)?;
    let message = message(writer, &found.id, said)?;
    let mut thread = found.thread;
    // The same words in the same second are the same message.
    if !thread.message.iter().any(|known| known.id == message.id) {
        thread.message.push(message);
    }
    let verb = match said.does {
        Does::Says => "Answer the note on",
        Does::Resolves => "Settle the note on",
        Does::Reopens => "Reopen the note on",
    };
    write(project, writer, &found.id, thread, verb)
}

fn message(writer: &Writer<'_>, thread: &str, said: Said<'_>) -> Result<Message, NoteError> {
    let text = said.text.trim();
    if text.is_empty() && said.mark.is_none() && said.does == Does::Says {
        return Err(NoteError::Empty);
    }
    let time = writer.caller.clock.now();
    let time = jiff::Timestamp::from_second(time.unix_seconds)
        .map_or_else(|_| time.unix_seconds.to_string(), |shown| shown.to_string());
    let by = format!("{} <{}>", writer.author.name, writer.author.email);
    Ok(Message {
        id: message_id(thread, &by, &time, text),
        time,
        by,
        does: said.does,
        mark: said.mark,
        text: text.to_owned(),
    })
}

fn write(
    project: &Project,
    writer: &Writer<'_>,
    id: &str,
    thread: Thread,
    verb: &str,
) -> Result<NoteOutcome, NoteError> {
    let path = file_of(id);
    let file = project.root().join(path.as_str());
    let failed = |source| HistoryError::Io {
        action: "write",
        path: file.clone(),
        source,
    };
    let folder = project.root().join(NOTES.trim_end_matches('/'));
    // Never through a link to somewhere else.
    match folder.symlink_metadata() {
        Ok(found) if !found.is_dir() => {
            let error = std::io::Error::other("it is no folder");
            return Err(failed(error).into());
        }
        Ok(_) => {}
        Err(_) => std::fs::create_dir(&folder).map_err(failed)?,
    }
    atomic::write(&file, thread.print().as_bytes()).map_err(failed)?;
    let told = told(project, id.to_owned(), path.clone(), thread)?;
    let message = format!("{verb} {}", told.about);
    let request = CommitRequest {
        author: writer.author,
        message: &message,
        scope: Scope::of(vec![path]),
        own: writer.own,
        generations: Vec::new(),
    };
    commit(project, writer.caller, &request)?;
    Ok(NoteOutcome {
        thread: told,
        commit: project.view()?.1.head_commit(),
    })
}

fn file_of(id: &str) -> RepoPath {
    RepoPath::new(format!("{NOTES}{id}.toml")).expect("a safe name")
}

/// Every thread, the oldest first; settled ones where `all` are wanted, and of those that name `person`
/// alone if one is given.
///
/// # Errors
/// `Malformed`.
pub fn list(
    project: &Project,
    all: bool,
    person: Option<&str>,
    about: Option<&Target>,
) -> Result<Vec<NoteThread>, NoteError> {
    let mut threads = threads(project)?;
    threads.retain(|thread| {
        let is_for = |person: &str| {
            let person = person.trim_start_matches('@').to_lowercase();
            thread
                .mentions
                .iter()
                .any(|name| name.to_lowercase() == person)
        };
        let is_about = |target: &Target| thread.thread.on == target.on;
        (all || !thread.resolved) && person.is_none_or(is_for) && about.is_none_or(is_about)
    });
    Ok(threads)
}

fn threads(project: &Project) -> Result<Vec<NoteThread>, NoteError> {
    let tree = match project.view()?.1.head_commit() {
        Some(commit) => Some(
            project
                .store()
                .get::<Commit>(commit)
                .map_err(HistoryError::from)?
                .tree,
        ),
        None => None,
    };
    let is_note =
        |path: &RepoPath| path.as_str().starts_with(NOTES) && path.as_str().ends_with(".toml");
    // Every file, also those that are known to be as they were.
    let survey = Survey::with_changes(project, tree)?;
    let mut found: BTreeMap<(String, String), NoteThread> = BTreeMap::new();
    for path in survey.scan.files.keys().filter(|path| is_note(path)) {
        let Some(bytes) = folder_bytes(project, path, MAX_THREAD_BYTES)? else {
            continue;
        };
        let malformed = |reason: String| NoteError::Malformed {
            path: path.clone(),
            reason,
        };
        if bytes.len() as u64 > MAX_THREAD_BYTES {
            return Err(malformed(format!(
                "it has more than {} MiB",
                MAX_THREAD_BYTES >> 20
            )));
        }
        let text = String::from_utf8(bytes).map_err(|error| malformed(error.to_string()))?;
        let thread = Thread::parse(&text).map_err(|error| malformed(error.to_string()))?;
        let id = path.file_name().trim_end_matches(".toml").to_owned();
        let key = (thread.message[0].time.clone(), id.clone());
        found.insert(key, told(project, id, path.clone(), thread)?);
    }
    Ok(found.into_values().collect())
}

fn told(
    project: &Project,
    id: String,
    path: RepoPath,
    thread: Thread,
) -> Result<NoteThread, NoteError> {
    let about = match thread.on.split_once(' ') {
        Some(("shot", shot)) => format!("shot {}", shot_name(shot)),
        Some(("scene", stem)) => format!("scene {}", scene_name(stem)),
        Some(("commit", hex)) => format!("commit {}", &hex[..hex.len().min(12)]),
        _ => thread.on.clone(),
    };
    let mut named: Vec<String> = Vec::new();
    for name in thread
        .message
        .iter()
        .flat_map(|message| mentions(&message.text))
    {
        if !named.contains(&name) {
            named.push(name);
        }
    }
    let line = match (&thread.quote, RepoPath::new(thread.on.as_str())) {
        (Some(quote), Ok(file)) => {
            let bytes = folder_bytes(project, &file, LIMIT_BYTES)?.unwrap_or_default();
            let text = as_text(&bytes).unwrap_or_default();
            text.find(quote.as_str())
                .map(|at| text[..at].matches('\n').count() + 1)
        }
        _ => None,
    };
    Ok(NoteThread {
        resolved: thread.is_resolved(),
        mentions: named,
        id,
        path,
        about,
        line,
        thread,
    })
}

/// The thread whose id begins so.
fn one(project: &Project, id: &str) -> Result<NoteThread, NoteError> {
    let mut threads = threads(project)?;
    threads.retain(|thread| !id.is_empty() && thread.id.starts_with(id));
    match threads.len() {
        0 => Err(NoteError::NoSuch {
            what: "thread",
            name: id.to_owned(),
        }),
        1 => Ok(threads.remove(0)),
        _ => Err(NoteError::Ambiguous {
            name: id.to_owned(),
            found: threads.into_iter().map(|thread| thread.id).collect(),
        }),
    }
}
