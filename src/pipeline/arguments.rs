//! What the arguments of a command name, however they are written.
//!
//! A command runs in a folder of its own, which holds what was handed over and nothing else. So an
//! argument that names a file of the project, alone or within a longer text (`--lut=PATH`,
//! `@PATH`, a line of shell), has that file handed over and is part of what people agree to. An
//! argument that leads out of the folder is refused: whatever it names nobody would be shown.

use std::borrow::Cow;
use std::path::{Component, Path};

use super::expansion::{may_climb, may_lead_to, patterns_in, with_alternatives, without_variables};
use super::stage::Stage;
use crate::object::RepoPath;

/// The folder of the inputs, in the folder that the command runs in.
pub const INPUTS: &str = "inputs";

impl Stage {
    /// The program, if it is a file of the project.
    #[must_use]
    pub fn own_program(&self) -> Option<&str> {
        let program = self.command.first()?;
        program.contains('/').then_some(program.as_str())
    }

    /// The paths in the arguments that may be files of the project: those with a `/` or a `.` in
    /// them. Whether each is there is recorded.
    pub fn code_arguments(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let program = self.own_program().map(Cow::from);
        let words = self.command.iter().skip(1).flat_map(|text| paths_in(text));
        program.into_iter().chain(words.map(Cow::from))
    }

    /// Whether an argument names this file.
    pub(super) fn names_file(&self, path: &str) -> bool {
        self.command.iter().skip(1).any(|text| {
            readings(text).iter().any(|text| {
                let found = text.match_indices(path);
                found.into_iter().any(|(at, _)| is_bounded(text, at, path))
            })
        })
    }

    /// The files that arguments name, of those that `longest` knows: the longest path up to a
    /// text which that text begins with.
    pub(super) fn files_named<'p>(
        &self,
        longest: &dyn Fn(&str) -> Option<&'p RepoPath>,
    ) -> Vec<&'p RepoPath> {
        let mut files = Vec::new();
        for text in self.command.iter().skip(1).flat_map(|text| readings(text)) {
            for (at, _) in text.char_indices().filter(|(at, _)| begins(&text, *at)) {
                let rest = &text[at..];
                let mut upto = rest;
                while let Some(path) = longest(upto) {
                    if rest.starts_with(path.as_str()) && is_bounded(&text, at, path.as_str()) {
                        files.push(path);
                    }
                    upto = shared(path.as_str(), upto);
                }
            }
        }
        files.sort_unstable();
        files.dedup();
        files
    }
}

/// Where an argument leads out of the folder that the command runs in, as written there or as a
/// shell may expand it.
pub(super) fn way_out(text: &str) -> Option<&'static str> {
    let mut all = readings(text);
    let braces = all.iter().flat_map(|text| with_alternatives(text));
    let braces: Vec<_> = braces.map(Cow::Owned).collect();
    all.extend(braces);
    all.iter().find_map(|text| {
        let climbs = |(at, _): (usize, &str)| {
            let (before, after) = (
                text[..at].chars().next_back(),
                text[at + 2..].chars().next(),
            );
            let ends = after.is_none_or(|c| !is_name(c));
            let starts = before.is_none_or(|c| !is_name(c));
            // Behind the letter of an option, and before a slash, nothing else can be meant.
            let in_option = word_at(text, at).starts_with('-') && before != Some('.');
            ends && (starts || in_option || (after == Some('/') && before != Some('.')))
        };
        // What a variable is cut by (`${f%.*}`) is no file: patterns count where none is left.
        let matches_up = |(at, _): (usize, &str)| {
            let before = text[..at].chars().next_back();
            let starts = before.is_none_or(|c| !is_name(c) && !matches!(c, '*' | '?' | ']'));
            let in_option = word_at(text, at).starts_with('-') && before != Some('.');
            (starts || in_option) && may_climb(&text[at..])
        };
        // `~rae/film`: the folder of a user, wherever that is.
        let is_home = |(at, _): (usize, &str)| {
            let after = &text[at + 1..];
            let name = after.find(|c| !is_name(c)).unwrap_or(after.len());
            let starts = text[..at].chars().next_back();
            starts.is_none_or(|c| !is_name(c) && c != '/')
                && after.starts_with(char::is_alphabetic)
                && after[name..].starts_with('/')
        };
        let is_own = |(at, name): (usize, &str)| {
            let after = text[at + name.len()..].chars().next();
            begins(text, at) && after.is_none_or(|c| !is_name(c))
        };
        if text.match_indices("..").any(climbs) {
            Some("..")
        } else if !text.contains("${") && text.match_indices('.').any(matches_up) {
            Some("a pattern that may be ..")
        } else if text.match_indices('~').any(is_home) {
            Some("~")
        } else if text.match_indices(".aiut").any(is_own) {
            Some(".aiut")
        } else {
            None
        }
    })
}

/// The absolute paths in an argument, each to the end of its word and to the end of the argument.
#[must_use]
pub fn absolute_paths(text: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for text in readings(text) {
        for (at, _) in text.match_indices('/') {
            let before = text[..at].chars().next_back();
            if before.is_some_and(|c| is_name(c) || c == '/')
                && !word_at(&text, at).starts_with('-')
            {
                continue;
            }
            let rest = &text[at..];
            let end = rest.find(|c| !is_name(c) && c != '/').unwrap_or(rest.len());
            paths.push(rest[..end].to_owned());
            if end < rest.len() {
                paths.push(rest.to_owned());
            }
        }
    }
    paths.dedup();
    paths
}

/// The first pattern in an argument that may match the folder with this path, or what lies in it,
/// from outside.
#[must_use]
pub fn pattern_into(text: &str, root: &Path) -> Option<String> {
    let names: Vec<String> = root
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
            _ => None,
        })
        .collect();
    let readings = readings(text);
    let patterns = readings.iter().flat_map(|text| patterns_in(text));
    let mut patterns = patterns.filter(|pattern| may_lead_to(pattern, &names));
    patterns.next().map(str::to_owned)
}

/// The paths that a text may spell: itself, and each of its words.
fn paths_in(text: &str) -> Vec<String> {
    let mut paths = Vec::new();
    let mut note = |word: &str| {
        let inside = word
            .strip_prefix(INPUTS)
            .and_then(|rest| rest.strip_prefix('/'));
        for path in [Some(word), inside].into_iter().flatten() {
            if path.contains(['/', '.'])
                && !path.starts_with('-')
                && !path.contains(['*', '{', '}', '#'])
                && RepoPath::new(path).is_ok()
                && !paths.iter().any(|known| known == path)
            {
                paths.push(path.to_owned());
            }
        }
    };
    for text in readings(text) {
        note(&text);
        for word in text.split(|c| !is_name(c) && c != '/') {
            note(word);
            // `-Itools/lib.py`
            let mut letters = word.strip_prefix('-').map_or("".chars(), str::chars);
            if letters.next().is_some() {
                note(letters.as_str());
            }
        }
    }
    paths
}

/// The text as a program may read it: paths without `./` and doubled slashes; that without quotes
/// and backslashes, as a shell takes it; that with `%2F` and the like resolved, as URLs are; and
/// each of them where no variable is set.
fn readings(text: &str) -> Vec<Cow<'_, str>> {
    let mut readings = vec![plain(text)];
    let mut add = |reading: Cow<'_, str>| {
        let reading = Cow::Owned(plain(&reading).into_owned());
        if !readings.contains(&reading) {
            readings.push(reading);
        }
    };
    if text.contains(['\'', '"', '\\']) {
        add(text.replace(['\'', '"', '\\'], "").into());
    }
    if text.contains('%') {
        add(unescaped(text).into());
    }
    let unset = readings.iter().flat_map(|text| without_variables(text));
    for reading in unset.collect::<Vec<_>>() {
        let reading = Cow::Owned(plain(&reading).into_owned());
        if !readings.contains(&reading) {
            readings.push(reading);
        }
    }
    readings
}

/// The text with `./`, `/./` and `//` as short as they can be.
fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains("./") && !text.contains("//") {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let within = out.ends_with('/');
        let fresh = within || !out.ends_with(is_name);
        match rest.strip_prefix("./").filter(|_| fresh) {
            Some(after) => rest = after.trim_start_matches('/'),
            None => {
                if !(c == '/' && within) {
                    out.push(c);
                }
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    out.into()
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let code = after
            .get(..2)
            .and_then(|code| std::str::from_utf8(code).ok());
        let code = code.filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(code) if *byte == b'%' => {
                bytes.push(code);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether a name can go on with this character without more ado.
pub(super) fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.') || !c.is_ascii()
}

/// From the beginning of the word that holds this place.
fn word_at(text: &str, at: usize) -> &str {
    let start = text[..at].rfind(|c| !is_name(c) && c != '/');
    let start = start.map_or(0, |at| {
        at + text[at..].chars().next().map_or(0, char::len_utf8)
    });
    &text[start..]
}

/// Whether the path that stands here is a word, or the end of one that leads into the project.
fn is_bounded(text: &str, at: usize, path: &str) -> bool {
    let after = text[at + path.len()..].chars().next();
    begins(text, at) && after.is_none_or(|c| !is_name(c) && c != '/')
}

/// Whether a path of the project may begin here.
fn begins(text: &str, at: usize) -> bool {
    let word = word_at(text, at);
    let start = text.len() - word.len();
    if start == at || word.starts_with('-') {
        return true;
    }
    // `$PWD/tools/x`, `/proc/self/cwd/tools/x`, `inputs/tools/x`; but `other/tools/x` is another file.
    let before = &text[start..at];
    let leads = before.starts_with('/')
        || before.strip_suffix('/') == Some(INPUTS)
        || text[..start].ends_with(['$', '}', ')', '`', '~', '*', '?', ']', '%']);
    text[..at].ends_with('/') && leads
}

/// What both begin with, shorter than either unless they are the same up to its end.
fn shared<'t>(path: &str, text: &'t str) -> &'t str {
    let mut length = path
        .bytes()
        .zip(text.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    if length == path.len() {
        length = length.saturating_sub(1);
    }
    while !text.is_char_boundary(length) {
        length -= 1;
    }
    &text[..length]
}

#[cfg(test)]
mod tests;
