//! Completion in shells: clap's engine walks the command line, `workflow::offers` knows the names
//! of the project.
//!
//! A shell runs `aiut` with [`VARIABLE`] set to its name and the words behind `--`; the answer is
//! one candidate a line. Whatever goes wrong, nothing is said and the exit code is 0: a person is
//! in the middle of a word.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::builder::StyledStr;
use clap::{Arg, Command, CommandFactory, ValueHint};
use clap_complete::engine::{
    ArgValueCandidates, ArgValueCompleter, CompletionCandidate, PathCompleter,
};
use clap_complete::env::{Bash, Elvish, EnvCompleter, Fish, Powershell, Zsh};

use super::arguments::Arguments;
use super::context::clock;
use super::environment::Surroundings;
use super::usage::command_of;
use crate::object::Timestamp;
use crate::workflow::offers::{Place, Want};

/// Names the shell that asks.
pub(super) const VARIABLE: &str = "AIUT_COMPLETE";
/// The line up to the cursor, as bash has it.
const LINE: &str = "_AIUT_LINE";

/// Completes what a shell asks for, if one asks: whether it did.
pub(super) fn completed(arguments: &[OsString], surroundings: &Surroundings) -> bool {
    let Some(shell) = surroundings
        .variable(VARIABLE)
        .filter(|name| !name.is_empty())
    else {
        return false;
    };
    let words = arguments.iter().skip_while(|word| *word != "--").skip(1);
    let words: Vec<OsString> = words.cloned().collect();
    let mut answer = Vec::new();
    if words.is_empty() {
        // As clap has it: `source <(AIUT_COMPLETE=bash aiut)`.
        let _ = write_registration(&shell, &mut answer);
    } else if let Some(shell) = shells(surroundings.variable(LINE))
        .iter()
        .find(|known| known.is(&shell))
    {
        let (before, typed) = words_typed(&words, surroundings);
        let folder = folder_of(&before, surroundings);
        let Ok(clock) = clock(surroundings) else {
            return true;
        };
        let mut command = with_names(folder.clone(), before, &typed, clock.now());
        // An engine without an answer has none to give.
        let _ = shell.write_complete(&mut command, words, Some(&folder), &mut answer);
    }
    let mut out = io::stdout();
    let _ = out.write_all(&answer).and_then(|()| out.flush());
    true
}

/// Prints what a shell has to read once so that it asks.
pub(super) fn write_registration(shell: &str, out: &mut dyn Write) -> io::Result<()> {
    let shells = shells(None);
    let shell = shells.iter().find(|known| known.is(shell));
    let shell = shell.ok_or_else(|| io::Error::other("no such shell"))?;
    shell.write_registration(VARIABLE, "aiut", "aiut", "aiut", out)
}

fn shells(line: Option<String>) -> [Box<dyn EnvCompleter>; 5] {
    let bash = Box::new(BashLine { line });
    [
        bash,
        Box::new(Elvish),
        Box::new(Fish),
        Box::new(Powershell),
        Box::new(Zsh),
    ]
}

/// The words of the line, as text: those before the one that is completed, and that one.
fn words_typed(words: &[OsString], surroundings: &Surroundings) -> (Vec<String>, String) {
    if let Some(line) = surroundings.variable(LINE) {
        let mut words = split_line(&line);
        let typed = words.pop().unwrap_or_default();
        return (words, typed);
    }
    let index = surroundings.variable("_CLAP_COMPLETE_INDEX");
    let index = index
        .and_then(|index| index.parse().ok())
        .unwrap_or(words.len().saturating_sub(1));
    let mut words = words.iter().map(|word| word.to_string_lossy().into_owned());
    let before = words.by_ref().take(index).collect();
    (before, words.next().unwrap_or_default())
}

/// Where the command would run: `-C DIR` counts.
fn folder_of(words: &[String], surroundings: &Surroundings) -> PathBuf {
    let mut folder = surroundings.folder.clone().unwrap_or_default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.strip_prefix("-C") {
            Some("") => folder.extend(words.next().map(Path::new)),
            Some(named) => folder.push(named),
            None => {}
        }
    }
    folder
}

/// The whole command line, its arguments knowing the names of the project.
fn with_names(folder: PathBuf, before: Vec<String>, typed: &str, now: Timestamp) -> Command {
    let mut command = Arguments::command();
    command.build();
    let line: Vec<OsString> = before.iter().map(OsString::from).collect();
    let (path, _) = command_of(&command, &line);
    let path: Vec<String> = path.split_whitespace().map(str::to_owned).collect();
    let commands = (path == ["help"]).then(|| commands_to_tell(&command, &before));
    let place = Arc::new(Place::new(folder, before, now));
    let name = path.join(" ");
    // Of a word that is not begun, options are offered only where there is nothing else.
    let known = |argument: Arg| {
        let is_hidden = argument.is_hide_set() || (typed.is_empty() && !argument.is_positional());
        let argument = match (&commands, argument.is_positional()) {
            (Some(commands), true) => argument.add(commands.clone()),
            _ => completing(argument, &name, &place),
        };
        argument.hide(is_hidden)
    };
    at(command, &path, &|command| command.mut_args(known))
}

/// The commands that `aiut help` and the words behind it may go on with.
fn commands_to_tell(root: &Command, before: &[String]) -> ArgValueCandidates {
    let words = before.iter().filter(|word| *word != "help");
    let words: Vec<OsString> = words.map(OsString::from).collect();
    let (_, command) = command_of(root, &words);
    let named = |inner: &Command| (inner.get_name().to_owned(), inner.get_about().cloned());
    let shown = command
        .get_subcommands()
        .filter(|inner| !inner.is_hide_set());
    let commands: Vec<_> = shown.map(named).collect();
    ArgValueCandidates::new(move || {
        let candidate = |(name, about): &(String, Option<StyledStr>)| {
            CompletionCandidate::new(name).help(about.clone())
        };
        commands.iter().map(candidate).collect()
    })
}

/// Changes the command at `path`, and no other.
fn at(command: Command, path: &[String], change: &dyn Fn(Command) -> Command) -> Command {
    match path.split_first() {
        Some((inner, rest)) => command.mut_subcommand(inner, |command| at(command, rest, change)),
        None => change(command),
    }
}

fn completing(argument: Arg, command: &str, place: &Arc<Place>) -> Arg {
    if let Some(want) = wanted(&argument, command) {
        let place = place.clone();
        return argument.add(ArgValueCompleter::new(move |typed: &OsStr| {
            let offers = place.offers(want, &typed.to_string_lossy()).into_iter();
            let candidate = |(at, offer): (usize, crate::workflow::offers::Offer)| {
                let about = Some(offer.about).filter(|about| !about.is_empty());
                CompletionCandidate::new(offer.word)
                    .help(about.map(Into::into))
                    .display_order(Some(at))
            };
            offers.enumerate().map(candidate).collect::<Vec<_>>()
        }));
    }
    match argument.get_value_hint() {
        ValueHint::FilePath | ValueHint::AnyPath => {
            let paths = PathCompleter::any().current_dir(place.folder());
            argument.add(ArgValueCompleter::new(paths))
        }
        ValueHint::DirPath => {
            let folders = PathCompleter::dir().current_dir(place.folder());
            argument.add(ArgValueCompleter::new(folders))
        }
        _ => argument,
    }
}

/// What an argument takes, by what its help calls it.
fn wanted(argument: &Arg, command: &str) -> Option<Want> {
    let takes_value = argument
        .get_num_args()
        .is_some_and(|number| number.takes_values());
    if !takes_value || !argument.get_possible_values().is_empty() {
        return None;
    }
    let names = argument.get_value_names().unwrap_or_default();
    let name = names.first().map(|name| name.as_str());
    let by_command = match (command, argument.get_id().as_str()) {
        ("branch", "start") | ("switch", "start") | ("tag", "revision") => Some(Want::Revisions),
        ("branch", _) => Some(Want::Timelines),
        ("switch", "name") => Some(Want::Timelines),
        ("tag", _) => Some(Want::Tags),
        ("op restore", "id") | ("undo", _) => Some(Want::Operations),
        ("merge" | "rebase", "revision") => Some(Want::Revisions),
        ("resolve", "paths") => Some(Want::Conflicts),
        ("search", "words") => None,
        ("import" | "whence" | "man" | "init", _) => None,
        ("pick", "what" | "take") => Some(Want::TargetsAndTakes),
        (_, "what") => Some(Want::Targets),
        (_, "scene") => Some(Want::Scenes),
        (_, "shot") => Some(Want::Shots),
        ("config", "key") => Some(Want::Keys),
        ("config", "value") => Some(Want::Values),
        _ => None,
    };
    by_command.or(match name? {
        "REV" | "REV..." => Some(Want::Revisions),
        "REV|PATH" | "REV|REV:PATH|PATH" => Some(Want::RevisionsAndPaths),
        "REV:PATH" | "REV|REV:PATH" => Some(Want::FilesOfRevisions),
        "PATH" | "PATHS" | "FILE" => Some(Want::Paths),
        "TAG" => Some(Want::Tags),
        "KIND" => Some(Want::Kinds),
        "OPERATION" => Some(Want::Operations),
        _ => None,
    })
}

/// Bash, with the line as it was typed: bash takes words apart at `:` and `=`, leaves their quotes
/// in them, and quotes no candidate.
struct BashLine {
    line: Option<String>,
}

impl EnvCompleter for BashLine {
    fn name(&self) -> &'static str {
        Bash.name()
    }

    fn is(&self, name: &str) -> bool {
        Bash.is(name)
    }

    fn write_registration(
        &self,
        var: &str,
        name: &str,
        bin: &str,
        completer: &str,
        buf: &mut dyn Write,
    ) -> io::Result<()> {
        let mut script = Vec::new();
        Bash.write_registration(var, name, bin, completer, &mut script)?;
        let script = String::from_utf8_lossy(&script);
        let asks = format!("{var}=\"bash\"");
        let line = format!("{LINE}=\"${{COMP_LINE:0:COMP_POINT}}\" {asks}");
        buf.write_all(script.replace(&asks, &line).as_bytes())
    }

    fn write_complete(
        &self,
        command: &mut Command,
        words: Vec<OsString>,
        folder: Option<&Path>,
        buf: &mut dyn Write,
    ) -> io::Result<()> {
        let Some(line) = &self.line else {
            return Bash.write_complete(command, words, folder, buf);
        };
        let words = split_line(line);
        let typed = words.last().cloned().unwrap_or_default();
        // Bash replaces what lies behind the last sign at which it takes words apart.
        let kept = typed.rfind([':', '=']).map_or("", |at| &typed[..=at]);
        let words: Vec<OsString> = words.into_iter().map(OsString::from).collect();
        let index = words.len().saturating_sub(1);
        let candidates = clap_complete::engine::complete(command, words, index, folder)?;
        for (at, candidate) in candidates.iter().enumerate() {
            let word = candidate.get_value().to_string_lossy();
            let word = quoted(word.strip_prefix(kept).unwrap_or(&word));
            write!(buf, "{}{word}", if at > 0 { "\u{b}" } else { "" })?;
        }
        Ok(())
    }
}

/// The words of a line of shell, without quotes; the last one is the one at the cursor.
fn split_line(line: &str) -> Vec<String> {
    let (mut words, mut word, mut is_open) = (Vec::new(), String::new(), false);
    let mut quote = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (None, ' ' | '\t' | '\n') => {
                if std::mem::take(&mut is_open) {
                    words.push(std::mem::take(&mut word));
                }
                continue;
            }
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None | Some('"'), '\\') => word.extend(chars.next()),
            (_, c) => word.push(c),
        }
        is_open = true;
    }
    words.push(word);
    words
}

/// A word with a stroke before all that bash would read otherwise.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=@^,+%~".contains(c);
    let mut quoted = String::with_capacity(word.len());
    for c in word.chars() {
        if !plain(c) {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_taken_apart_as_a_shell_does() {
        for (line, words) in [
            ("aiut why ", &["aiut", "why", ""][..]),
            ("aiut show HEAD:fr", &["aiut", "show", "HEAD:fr"]),
            ("aiut  open 'a b'/c", &["aiut", "open", "a b/c"]),
            ("aiut open a\\ b", &["aiut", "open", "a b"]),
            ("aiut open \"a b", &["aiut", "open", "a b"]),
            ("aiut commit -m '' ", &["aiut", "commit", "-m", "", ""]),
        ] {
            assert_eq!(split_line(line), words, "{line}");
        }
        assert_eq!(quoted("a b;c/d"), "a\\ b\\;c/d");
    }
}
