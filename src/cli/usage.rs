//! Command lines that cannot be read: what is wrong, the nearest that there is, and what people
//! who come from other tools type instead.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, CommandFactory};

use super::arguments::Arguments;
use super::error::CliError;
use super::format::for_shell;
use super::habits::{instead_of, instead_of_option, listed};
use crate::base::nearest::nearest;

/// What follows these options is their value and no command.
const WITH_VALUE: [&str; 2] = ["-C", "--color"];

impl CliError {
    /// Arguments that clap could not read, in the words of this program.
    pub(super) fn usage(error: &clap::Error, arguments: &[OsString]) -> Self {
        let mut root = Arguments::command();
        root.build();
        let (path, command) = command_of(&root, arguments);
        match error.kind() {
            ErrorKind::InvalidSubcommand => {
                let name = text(error, ContextKind::InvalidSubcommand);
                no_such_command(&root, &path, command, &name.unwrap_or_default())
            }
            ErrorKind::UnknownArgument => {
                let name = text(error, ContextKind::InvalidArg).unwrap_or_default();
                joined(&path, command, arguments)
                    .unwrap_or_else(|| unknown_argument(error, &path, command, &name))
            }
            ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
                invalid_value(error).unwrap_or_else(|| as_clap_says(error))
            }
            ErrorKind::MissingRequiredArgument => missing(error, &path, arguments),
            ErrorKind::MissingSubcommand => {
                let names: Vec<String> = names_beneath(command).map(str::to_owned).collect();
                Self::misuse(format!("say what to do: {}", listed(&names)))
                    .hint(format!("aiut {path} --help   tells about each"))
            }
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                Self::misuse(error.to_string().trim_end().to_owned())
            }
            _ => as_clap_says(error),
        }
    }
}

/// The error for a word after the command at `path` that is none of those beneath it.
pub(super) fn no_such_command(
    root: &Command,
    path: &str,
    command: &Command,
    name: &str,
) -> CliError {
    if path.is_empty() {
        let error = CliError::misuse(format!("no such command: {name}"));
        if let Some(text) = instead_of(name) {
            return error.hint(text);
        }
        let near = nearest(name, names_beneath(root));
        return error
            .hints(near.map(|near| format!("did you mean `{near}`?")))
            .hint("`aiut --help` lists all commands");
    }
    let near = nearest(name, names_beneath(command));
    CliError::misuse(format!("no such command: {path} {name}"))
        .hints(near.map(|near| format!("did you mean `{path} {near}`?")))
        .hint(format!("aiut {path} --help   tells what there is"))
}

fn names_beneath(command: &Command) -> impl Iterator<Item = &str> {
    let shown = command
        .get_subcommands()
        .filter(|inner| !inner.is_hide_set());
    shown.map(Command::get_name)
}

/// The command that a line names, as far as it goes: `op log`, and what is known of it.
pub(super) fn command_of<'c>(root: &'c Command, arguments: &[OsString]) -> (String, &'c Command) {
    let (mut path, mut command) = (Vec::new(), root);
    let mut words = arguments.iter().skip(1).filter_map(|word| word.to_str());
    while let Some(word) = words.next() {
        if WITH_VALUE.contains(&word) {
            words.next();
        } else if !word.starts_with('-') {
            let Some(inner) = command.find_subcommand(word) else {
                break;
            };
            path.push(inner.get_name());
            command = inner;
        } else if word == "--" {
            break;
        }
    }
    (path.join(" "), command)
}

fn unknown_argument(error: &clap::Error, path: &str, command: &Command, name: &str) -> CliError {
    let told = CliError::misuse(format!("unexpected argument {name}"));
    if !name.starts_with('-') {
        let one =
            (path == "import").then(|| format!("one at a time: aiut {path} {}", for_shell(name)));
        return told.hints(one).hints(usage_line(error));
    }
    if command.get_arguments().any(|argument| is(argument, name)) && !path.is_empty() {
        return told.hint(format!("it goes after the command: aiut {path} {name}"));
    }
    if let Some(text) = instead_of_option(path, name) {
        return told.hint(text);
    }
    let longs = command
        .get_arguments()
        .filter(|argument| !argument.is_hide_set());
    let longs: Vec<String> = longs
        .filter_map(Arg::get_long)
        .map(|long| format!("--{long}"))
        .collect();
    let near = match name.starts_with("--") {
        true => nearest(name, longs.iter().map(String::as_str)),
        false => None,
    };
    told.hints(near.map(|near| format!("did you mean `{near}`?")))
        .hints(usage_line(error))
}

/// A word such as `-5p` or `-p5`, in which git takes a number of commits together with options.
fn joined(path: &str, command: &Command, arguments: &[OsString]) -> Option<CliError> {
    let takes_numbers = command
        .get_arguments()
        .any(|argument| argument.is_allow_negative_numbers_set());
    let apart = |word: &str| {
        let letters = word.strip_prefix('-')?;
        let is_digit = |c: char| c.is_ascii_digit();
        let number: String = letters.chars().filter(|c| is_digit(*c)).collect();
        let options: Vec<char> = letters.chars().filter(|c| !is_digit(*c)).collect();
        let is_known = |option: &char| {
            let mut known = command.get_arguments().filter_map(Arg::get_short);
            known.any(|short| short == *option)
        };
        let is_joined = !number.is_empty()
            && letters.contains(&number)
            && !options.is_empty()
            && options.iter().all(is_known);
        is_joined.then(|| {
            let options = options.iter().map(|option| format!(" -{option}"));
            format!("-{number}{}", options.collect::<String>())
        })
    };
    let words = arguments.iter().filter_map(|word| word.to_str());
    let (word, apart) = words
        .filter(|_| takes_numbers)
        .find_map(|word| Some((word, apart(word)?)))?;
    let told = CliError::misuse(format!("{word} joins a number with options"));
    Some(told.hint(format!("type them apart: `aiut {path} {apart}`")))
}

/// Whether an option is written so: `-n`, `--number`.
fn is(argument: &Arg, option: &str) -> bool {
    match option.strip_prefix("--") {
        Some(long) => argument.get_long() == Some(long),
        None => {
            let mut letters = option.chars().skip(1);
            letters.next() == argument.get_short() && argument.get_short().is_some()
        }
    }
}

fn invalid_value(error: &clap::Error) -> Option<CliError> {
    let argument = plain(&text(error, ContextKind::InvalidArg)?);
    let value = text(error, ContextKind::InvalidValue).filter(|value| !value.is_empty());
    let possible = texts(error, ContextKind::ValidValue);
    let Some(value) = value else {
        let told = CliError::misuse(format!("{argument} needs a value"));
        return Some(told.hints(one_of(&possible)).hints(usage_line(error)));
    };
    if possible.is_empty() {
        let reason = std::error::Error::source(error).map(|reason| in_words(&reason.to_string()));
        let reason = reason.map(|reason| format!(": {reason}"));
        let message = format!(
            "{value} is not a value for {argument}{}",
            reason.unwrap_or_default()
        );
        return Some(CliError::misuse(message).hints(usage_line(error)));
    }
    let near = nearest(&value, possible.iter().map(String::as_str));
    Some(
        CliError::misuse(format!("{value} is not a value for {argument}"))
            .hints(near.map(|near| format!("did you mean `{near}`?")))
            .hints(one_of(&possible)),
    )
}

/// What the standard library says of numbers, in plain words.
fn in_words(reason: &str) -> String {
    let known = [
        ("invalid digit", "it has to be a whole number"),
        (
            "cannot parse integer from empty",
            "it has to be a whole number",
        ),
        ("would be zero", "it has to be at least 1"),
        ("too large", "the number is too large"),
    ];
    let found = known.iter().find(|(said, _)| reason.contains(said));
    found.map_or_else(|| reason.to_owned(), |(_, words)| (*words).to_owned())
}

fn one_of(possible: &[String]) -> Option<String> {
    (!possible.is_empty()).then(|| format!("one of: {}", possible.join(", ")))
}

fn missing(error: &clap::Error, path: &str, arguments: &[OsString]) -> CliError {
    let names = texts(error, ContextKind::InvalidArg);
    let names: Vec<String> = names.iter().map(|name| plain(name)).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    // To git, `switch -C NAME` makes a branch anew.
    let git = path == "switch" && arguments.iter().any(|word| word == "-C");
    let git =
        git.then(|| "-C is the folder to run in; `aiut switch -c NAME` makes a timeline".into());
    let all = (path == "restore")
        .then(|| "`aiut restore .` brings back every file, `aiut restore PATH` one".into());
    CliError::misuse(format!("{} {verb} missing", listed(&names)))
        .hints(git)
        .hints(all)
        .hints(usage_line(error))
}

/// `--color WHEN` for `--color <WHEN>`.
fn plain(argument: &str) -> String {
    argument
        .replace(['<', '>', '[', ']'], "")
        .replace("...", "")
}

fn as_clap_says(error: &clap::Error) -> CliError {
    let text = error.to_string();
    let first = text.split("\n\n").next().unwrap_or_default();
    let message = first.strip_prefix("error: ").unwrap_or(first).trim_end();
    CliError::misuse(message.to_owned()).hints(usage_line(error))
}

fn text(error: &clap::Error, kind: ContextKind) -> Option<String> {
    texts(error, kind).into_iter().next()
}

fn texts(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}

fn usage_line(error: &clap::Error) -> Option<String> {
    match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => {
            let text = usage.to_string();
            Some(text.trim().replacen("Usage: ", "usage: ", 1)).filter(|text| !text.is_empty())
        }
        _ => None,
    }
}
