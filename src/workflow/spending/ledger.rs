//! The file: a line an event, each with its checksum, appended and synced under a lock.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;
use std::str::Utf8Error;

use serde::{Deserialize, Serialize};

use super::costs::Costs;
use super::pages::Pages;
use super::unheld::Unheld;
use crate::base::atomic;
use crate::base::fault::{self, Step};
use crate::base::folder::{Folder, Found};
use crate::base::lock::{FileLock, Holder, LockError, WAIT};
use crate::object::{GenerationId, Timestamp};

const FILE: &str = "ledger";
const LOCK: &str = "ledger.lock";
/// First line of the file. Another text is another version of it.
const HEADER: &str = "aiut ledger 1\n";
/// Hexadecimal digits of the BLAKE3 of a line's JSON that stand behind it.
const CHECK_DIGITS: usize = 16;
/// The largest ledger that is read, in bytes: some million runs.
const MAX_BYTES: u64 = 512 << 20;

/// What came of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It is under way, or its process died: nobody knows what was charged.
    Open,
    /// Its output is stored.
    Made,
    /// It failed after it had started.
    Failed,
}

/// How an amount is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The run said so.
    Reported,
    /// By the price table, or by what such runs cost before, as the run said nothing.
    Price,
}

/// A run that may have cost something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// Counted from 1, in the order of the ledger.
    pub number: u64,
    /// What was about to run.
    pub run: Held,
    /// What it cost, or what is held for it, in millionths of a US dollar.
    pub micro_usd: u64,
    /// How that is known.
    pub source: Source,
    /// What came of it.
    pub outcome: Outcome,
    /// The generation that was stored.
    pub generation: Option<GenerationId>,
}

/// What is about to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// When.
    pub time: Timestamp,
    /// The stage.
    pub stage: String,
    /// The item: `012_003`.
    pub item: String,
    /// The output.
    pub path: String,
    /// The timeline that the project stood on; none on a commit that no timeline moves with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeline: Option<String>,
    /// Who started it.
    pub by: String,
    /// Of a stage that runs a command, which one: a digest of all that the user agreed to run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The most that it is expected to cost, in millionths of a US dollar.
    pub micro_usd: u64,
}

/// A line of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum Line {
    /// A run is about to start. Holds are numbered as they come, from 1.
    Held(Held),
    /// It ended.
    Settled {
        /// The number of the hold.
        hold: u64,
        /// What it cost.
        micro_usd: u64,
        /// How that is known.
        source: Source,
        /// The generation, if its output is stored.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        generation: Option<GenerationId>,
    },
    /// It never started.
    Released {
        /// The number of the hold.
        hold: u64,
    },
    /// The record of a run that was not held here was about to go.
    Freed(Unheld),
}

/// Why the ledger could not be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The system said no.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another process kept it.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// A line in the middle is not what was written.
    #[error("{}, line {line}: {source}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        source: LineError,
    },
}

/// Why a line is not what was written.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// It is no text.
    #[error("it is not UTF-8")]
    NotText(#[from] Utf8Error),
    /// The first line is another one: the file is no ledger, or one of another version.
    #[error("it is not {:?}", HEADER.trim_end())]
    Header,
    /// It is torn.
    #[error("it has no end")]
    NoEnd,
    /// Nothing says what it was.
    #[error("it has no checksum")]
    NoChecksum,
    /// It is not what it was.
    #[error("its checksum is wrong")]
    Checksum,
    /// It says nothing that a ledger says.
    #[error(transparent)]
    Form(#[from] serde_json::Error),
    /// It is about a run that none of the lines before it is about.
    #[error("there is no hold {0}")]
    NoHold(u64),
    /// The whole file is longer than what is read.
    #[error("the file has more than {} MiB", MAX_BYTES >> 20)]
    TooLong,
}

impl LedgerError {
    /// What to type about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Damaged { path, .. } => Some(format!(
                "what was spent is not known for certain; to begin a new ledger, move {} away",
                path.display()
            )),
            _ => None,
        }
    }
}

/// A project's ledger.
#[derive(Debug, Clone)]
pub struct Ledger {
    folder: Folder,
    holder: Holder,
}

impl Ledger {
    /// The ledger in a project's own folder.
    #[must_use]
    pub fn in_folder(folder: &Folder, holder: Holder) -> Self {
        let folder = folder.clone();
        Self { folder, holder }
    }

    /// All that stands in it. What is being appended by another process at this moment may or may
    /// not be there.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn pages(&self) -> Result<Pages, LedgerError> {
        let mut pages = Pages::default();
        self.read_on(&mut pages)?;
        Ok(pages)
    }

    /// What stands for all that is written in it: a digest of its bytes.
    ///
    /// # Errors
    /// `Io`, `Damaged` when it is too large to be read.
    pub fn state(&self) -> Result<[u8; 32], LedgerError> {
        let mut hasher = blake3::Hasher::new();
        if let Some((file, length)) = self.open()? {
            let read = hasher.update_reader(file.take(length));
            read.map_err(|source| self.io("read", source))?;
            hasher.update(b"it is there");
        }
        Ok(*hasher.finalize().as_bytes())
    }

    /// The file with its length; none before the first run.
    fn open(&self) -> Result<Option<(File, u64)>, LedgerError> {
        let io = |source| self.io("read", source);
        let file = match self.folder.read(FILE) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            file => file.map_err(io)?,
        };
        let length = file.metadata().map_err(io)?.len();
        if length > MAX_BYTES {
            return Err(self.damaged(0, LineError::TooLong));
        }
        Ok(Some((file, length)))
    }

    /// Writes down runs that no hold stands for, as their records are about to go; those that are
    /// not known yet.
    ///
    /// # Errors
    /// `LedgerError`; none of them is written down then.
    pub fn note_freed(&self, runs: Vec<Unheld>) -> Result<(), LedgerError> {
        if runs.is_empty() {
            return Ok(());
        }
        let _file = self.lock()?;
        let mut pages = self.pages()?;
        let lines = runs.into_iter().filter(|run| !pages.has(&run.generation));
        let lines: Vec<Line> = lines.map(Line::Freed).collect();
        match lines.is_empty() {
            true => Ok(()),
            false => self.append(&mut pages, &lines),
        }
    }

    /// What the runs of these stages tell of the next ones; with each stage comes the command that
    /// it runs now, as its holds name it.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn costs<'s>(
        &self,
        stages: impl IntoIterator<Item = (&'s str, Option<&'s str>)>,
    ) -> Result<Costs, LedgerError> {
        let pages = self.pages()?;
        let learnt = stages
            .into_iter()
            .filter_map(|(stage, command)| Some((stage.to_owned(), pages.learnt(stage, command)?)));
        Ok(Costs::new(learnt.collect()))
    }

    /// Keeps others from writing until it is dropped.
    pub(super) fn lock(&self) -> Result<FileLock, LedgerError> {
        Ok(FileLock::acquire(&self.folder, LOCK, &self.holder, WAIT)?)
    }

    /// Reads what was appended since; all of it, where another file took the place of the one that was
    /// read. An end that is torn was never acknowledged: a line without an end, or with zeros where
    /// bytes never came to the disk. Any other line that does not hold is damage.
    pub(super) fn read_on(&self, pages: &mut Pages) -> Result<(), LedgerError> {
        let io = |source| self.io("read", source);
        let Some((mut file, length)) = self.open()? else {
            *pages = Pages::default();
            return Ok(());
        };
        let known = pages.bytes - pages.last.len() as u64;
        let mut text = Vec::new();
        if length >= pages.bytes {
            file.seek(SeekFrom::Start(known)).map_err(io)?;
            let rest = (&file).take(length - known);
            { rest }.read_to_end(&mut text).map_err(io)?;
        }
        if !text.starts_with(&pages.last) {
            *pages = Pages::default();
            file.rewind().map_err(io)?;
            text.clear();
            file.take(length).read_to_end(&mut text).map_err(io)?;
        }
        let mut torn: Option<(usize, LineError)> = None;
        let (mut number, mut bytes) = (pages.lines, pages.bytes);
        for line in text[pages.last.len()..].split_inclusive(|byte| *byte == b'\n') {
            number += 1;
            bytes += line.len() as u64;
            let read = match read_line(line, number) {
                Err(reason) if !line.ends_with(b"\n") || line.contains(&0) => {
                    torn.get_or_insert((number, reason));
                    continue;
                }
                read => read,
            };
            // A whole line behind it: what does not hold was acknowledged once.
            if let Some((line, reason)) = torn {
                return Err(self.damaged(line, reason));
            }
            let entered = read.and_then(|line| line.map_or(Ok(()), |line| pages.enter(line)));
            entered.map_err(|reason| self.damaged(number, reason))?;
            (pages.lines, pages.bytes) = (number, bytes);
            pages.last = line.to_vec();
        }
        Ok(())
    }

    /// Appends lines, durably: all of them or none. The caller holds the lock and has read on to the end.
    pub(super) fn append(&self, pages: &mut Pages, lines: &[Line]) -> Result<(), LedgerError> {
        let io = |source| self.io("write", source);
        // Nothing is written that could not be read again.
        pages
            .check(lines)
            .map_err(|reason| self.damaged(pages.lines, reason))?;
        let mut file = self.folder.open_or_create(FILE).map_err(io)?;
        if Found::of(&file).map_err(io)?.names > 1 {
            // A copy by hard links has the same file: this project gets one of its own.
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).map_err(io)?;
            atomic::write_in(&self.folder, FILE, &bytes).map_err(io)?;
            file = self.folder.read_and_write(FILE).map_err(io)?;
        }
        let mut text = String::new();
        if pages.bytes == 0 {
            text += HEADER;
        }
        text.extend(lines.iter().map(written));
        // What is torn behind the last whole line was never acknowledged.
        self.cut(&file, pages.bytes).map_err(io)?;
        if let Err(error) = self.write(&mut file, pages.bytes, text.as_bytes()) {
            // A line that is not acknowledged must not count, either.
            self.cut(&file, pages.bytes).map_err(io)?;
            return Err(io(error));
        }
        pages.lines += text.lines().count();
        pages.bytes += text.len() as u64;
        let last = text.split_inclusive('\n').next_back().unwrap_or_default();
        pages.last = last.as_bytes().to_vec();
        for line in lines {
            let entered = pages.enter(line.clone());
            entered.map_err(|reason| self.damaged(pages.lines, reason))?;
        }
        Ok(())
    }

    fn cut(&self, file: &File, bytes: u64) -> io::Result<()> {
        fault::step(Step::Cut(&self.folder.path_of(FILE), bytes))?;
        file.set_len(bytes)
    }

    fn write(&self, file: &mut File, at: u64, bytes: &[u8]) -> io::Result<()> {
        let path = self.folder.path_of(FILE);
        fault::step(Step::Write {
            file,
            path: &path,
            offset: Some(at),
            bytes,
        })?;
        file.seek(SeekFrom::Start(at))?;
        file.write_all(bytes)?;
        fault::step(Step::Sync(&path))?;
        file.sync_all()?;
        match at {
            0 => self.folder.sync(),
            _ => Ok(()),
        }
    }

    fn io(&self, action: &'static str, source: io::Error) -> LedgerError {
        let path = self.folder.path_of(FILE);
        LedgerError::Io {
            action,
            path,
            source,
        }
    }

    fn damaged(&self, line: usize, source: LineError) -> LedgerError {
        let path = self.folder.path_of(FILE);
        LedgerError::Damaged { path, line, source }
    }
}

fn check_of(json: &str) -> String {
    blake3::hash(json.as_bytes()).to_hex()[..CHECK_DIGITS].to_owned()
}

fn written(line: &Line) -> String {
    let json = serde_json::to_string(line).expect("a line is plain data");
    format!("{json} {}\n", check_of(&json))
}

/// Reads a line with its line end; none for the header.
fn read_line(line: &[u8], number: usize) -> Result<Option<Line>, LineError> {
    let text = std::str::from_utf8(line)?;
    if number == 1 {
        return match text {
            HEADER => Ok(None),
            _ => Err(LineError::Header),
        };
    }
    let whole = text.strip_suffix('\n').ok_or(LineError::NoEnd)?;
    let (json, check) = whole.rsplit_once(' ').ok_or(LineError::NoChecksum)?;
    if check != check_of(json) {
        return Err(LineError::Checksum);
    }
    Ok(Some(serde_json::from_str(json)?))
}

#[cfg(test)]
mod tests;
