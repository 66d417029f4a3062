//! Ignore rules, read and applied as git reads and applies `.gitignore`.
//!
//! Each folder's file adds to those above it; the last rule that fits decides, the nearest file
//! first. A folder that is ignored is not entered, so nothing in it can be taken back. Patterns
//! are bytes: a line that is no UTF-8 is a rule like any other, and no pattern is an error.

mod glob;

use std::io::Read;
use std::sync::Arc;

use super::{IGNORE_FILE, WorkTree, WorkTreeError};
use crate::object::RepoPath;

/// Most bytes that an ignore file may have: a thousand times what people write.
const MOST_BYTES: u64 = 4 << 20;

/// The rules that hold in a folder.
#[derive(Debug)]
pub(super) struct Rules {
    /// The folder of the file, with a final `/`; empty at the top.
    folder: String,
    rules: Vec<Rule>,
    above: Option<Arc<Rules>>,
}

#[derive(Debug)]
struct Rule {
    /// Without a `!`, a first and a last slash.
    pattern: Vec<u8>,
    /// Bytes at the beginning that mean themselves.
    literal: usize,
    /// Whether it takes back what another rule ignores.
    takes_back: bool,
    folders_only: bool,
    /// Whether it is compared with names; else with paths from the folder of the file.
    of_names: bool,
    /// From 1.
    line: usize,
}

/// The rule that decides over a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// Whether the path is ignored, or taken back.
    pub(super) ignored: bool,
    /// `shots/.aiutignore:3`
    pub(super) rule: String,
}

impl Rules {
    /// The rules of a file in `folder`, which is empty at the top, over those of the folders above.
    pub(super) fn new(folder: &str, bytes: &[u8], above: Option<Arc<Self>>) -> Self {
        let folder = match folder {
            "" => String::new(),
            folder => format!("{folder}/"),
        };
        Self {
            folder,
            rules: parse(bytes),
            above,
        }
    }

    /// Whether `path`, from the project folder, is ignored, if the folders above it are not.
    pub(super) fn ignores(&self, path: &[u8], is_folder: bool) -> bool {
        self.deciding(path, is_folder)
            .is_some_and(|(_, rule)| !rule.takes_back)
    }

    /// What decides over `path`, to be told.
    pub(super) fn verdict(&self, path: &[u8], is_folder: bool) -> Option<Verdict> {
        let (rules, rule) = self.deciding(path, is_folder)?;
        Some(Verdict {
            ignored: !rule.takes_back,
            rule: format!("{}{IGNORE_FILE}:{}", rules.folder, rule.line),
        })
    }

    fn deciding(&self, path: &[u8], is_folder: bool) -> Option<(&Self, &Rule)> {
        let mut next = Some(self);
        while let Some(rules) = next {
            let inside = path.strip_prefix(rules.folder.as_bytes())?;
            let fits = |rule: &&Rule| rule.fits(inside, is_folder);
            if let Some(rule) = rules.rules.iter().rev().find(fits) {
                return Some((rules, rule));
            }
            next = rules.above.as_deref();
        }
        None
    }
}

impl Rule {
    /// The rule of a line, if it holds one.
    fn new(pattern: &[u8], line: usize) -> Option<Self> {
        let (takes_back, pattern) = match pattern.strip_prefix(b"!") {
            Some(pattern) => (true, pattern),
            None => (false, pattern),
        };
        let (folders_only, pattern) = match pattern.strip_suffix(b"/") {
            Some(pattern) => (true, pattern),
            None => (false, pattern),
        };
        let of_names = !pattern.contains(&b'/');
        let pattern = pattern.strip_prefix(b"/").unwrap_or(pattern);
        (!pattern.is_empty()).then(|| Self {
            pattern: pattern.to_vec(),
            literal: glob::literal_length(pattern),
            takes_back,
            folders_only,
            of_names,
            line,
        })
    }

    /// Whether it fits a path from the folder of its file.
    fn fits(&self, path: &[u8], is_folder: bool) -> bool {
        if self.folders_only && !is_folder {
            return false;
        }
        if self.of_names {
            let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or(path);
            return match self.pattern.as_slice() {
                pattern if self.literal == pattern.len() => pattern == name,
                [b'*', end @ ..] if glob::literal_length(end) == end.len() => name.ends_with(end),
                pattern => name.starts_with(&pattern[..self.literal]) && glob::fits(pattern, name),
            };
        }
        // As git does it: what stands for itself is taken off first, so that in `x/a**/b` the `**`
        // comes to stand at the beginning, and crosses slashes.
        let (literal, rest) = self.pattern.split_at(self.literal);
        path.strip_prefix(literal)
            .is_some_and(|path| glob::fits(rest, path))
    }
}

/// The rules of an ignore file.
fn parse(bytes: &[u8]) -> Vec<Rule> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let lines = bytes.split(|byte| *byte == b'\n').enumerate();
    let rules = lines.filter_map(|(index, line)| Rule::new(pattern_of(line)?, index + 1));
    rules.collect()
}

/// What of a line is its pattern: up to a zero byte, without the CR of a CRLF and without spaces
/// at the end, unless a `\` stands before them. None of a comment.
fn pattern_of(line: &[u8]) -> Option<&[u8]> {
    if line.first() == Some(&b'#') {
        return None;
    }
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let line = line.split(|byte| *byte == 0).next()?;
    let (mut end, mut at) = (0, 0);
    while at < line.len() {
        match line[at] {
            b' ' => at += 1,
            b'\\' => {
                at = (at + 2).min(line.len());
                end = at;
            }
            _ => {
                at += 1;
                end = at;
            }
        }
    }
    Some(&line[..end])
}

impl WorkTree {
    /// The bytes of the ignore file in `folder`, which is empty at the top; none where there is no
    /// such file. As git, it follows no link there, and what is no regular file holds no rules.
    ///
    /// # Errors
    /// `Io` when it cannot be read, or is too large to be one.
    pub(super) fn read_rules(&self, folder: &str) -> Result<Option<Vec<u8>>, WorkTreeError> {
        let place = self.root().join(folder).join(IGNORE_FILE);
        match place.symlink_metadata() {
            Ok(found) if found.is_file() => {}
            // What is no file, and what cannot be looked at, the walk itself meets and names.
            _ => return Ok(None),
        }
        let path = match folder {
            "" => RepoPath::new(IGNORE_FILE),
            folder => RepoPath::new(format!("{folder}/{IGNORE_FILE}")),
        };
        let Ok(path) = path else { return Ok(None) };
        let file = match self.open_file(&path) {
            Ok(file) => file,
            Err(WorkTreeError::Symlink { .. }) => return Ok(None),
            Err(WorkTreeError::Io { source, .. })
                if source.kind() == std::io::ErrorKind::NotFound =>
            {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let io = || WorkTreeError::io("read", &path);
        let about = file.metadata().map_err(io())?;
        if !about.is_file() {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        file.take(MOST_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(io())?;
        if bytes.len() as u64 > MOST_BYTES {
            let reason = format!("it is larger than {} MiB", MOST_BYTES >> 20);
            return Err(io()(std::io::Error::new(
                std::io::ErrorKind::InvalidData,
                reason,
            )));
        }
        Ok(Some(bytes))
    }
}

/// Whether a pattern (`clips/*.mov`, `**/*.wav`), or a folder by its name, covers a path, as git's `wildmatch`
/// decides.
#[must_use]
pub fn is_matched(pattern: &str, path: &str) -> bool {
    let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
    let fits = |pattern: &str| glob::fits(pattern.as_bytes(), path.as_bytes());
    pattern.is_empty() || pattern == "." || fits(pattern) || fits(&format!("{pattern}/**"))
}

#[cfg(test)]
mod tests;
