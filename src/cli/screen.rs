//! Files shown by programs of the system, or of the user's choice: never of the project's.

use std::io::Write;
use std::path::Path;
use std::process::Command;

use super::context::Context;
use super::error::CliError;
use super::format::shown;
use super::habits::listed;
use super::output::program;
use crate::base::process::spawn;
use crate::base::search_path::SearchPath;
use crate::object::RepoPath;
use crate::workflow::film::{Showing, is_only_shown};

/// A program with its first arguments.
type Known = (&'static str, &'static [&'static str]);

/// What shows a file as a click on it would.
const OPENERS: &[Known] = if cfg!(target_os = "macos") {
    &[("open", &[])]
} else if cfg!(windows) {
    &[("explorer", &[])]
} else {
    &[("xdg-open", &[]), ("gio", &["open"]), ("wslview", &[])]
};

/// What plays a clip where nothing else does.
const PLAYERS: &[Known] = &[
    ("mpv", &["--"]),
    ("vlc", &["--"]),
    ("ffplay", &["-loglevel", "error", "-autoexit"]),
];

/// What a file is shown for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    Open,
    Play,
}

impl Context {
    /// Shows a file of the project in `root`.
    pub(super) fn show_output(
        &mut self,
        root: &Path,
        showing: &Showing,
        wish: Wish,
    ) -> Result<(), CliError> {
        let path = &showing.path;
        let file = root.join(path.as_str());
        let is_folder = file.is_dir();
        check_shown(path, is_folder)?;
        if let Some(state) = showing.out_of_date {
            let state = state.name();
            self.warn(&format!(
                "{path} is {state}: `aiut generate {path}` brings it up to date"
            ));
        }
        let verb = if wish == Wish::Play {
            "Playing"
        } else {
            "Opening"
        };
        self.say(format_args!("{verb} {}", shown(path.as_str())))?;
        self.show_file(root, &file, wish)
    }

    /// Shows the file at an absolute path: by the user's program, or by the first of the system's
    /// that does. Programs in the project are not looked at.
    pub(super) fn show_file(
        &mut self,
        root: &Path,
        file: &Path,
        wish: Wish,
    ) -> Result<(), CliError> {
        self.out.flush()?;
        let path = self.surroundings.path("PATH").unwrap_or_default();
        let search = SearchPath::outside(path.as_os_str(), root);
        let (player, opener) = (self.user.player.clone(), self.user.opener.clone());
        let own = match wish {
            Wish::Play => player.map(|line| ("ui.player", line)),
            Wish::Open => None,
        };
        if let Some((key, line)) = own.or(opener.map(|line| ("ui.opener", line))) {
            let mut command = own_program(&line, &search).ok_or_else(|| {
                let message = format!("{line}, which {key} names, was not found in PATH");
                CliError::new(message).hint(format!("aiut config {key} PROGRAM"))
            })?;
            return ended(command.arg(file), &line);
        }
        let players = if wish == Wish::Play { PLAYERS } else { &[] };
        let mut failed = None;
        for (name, arguments) in OPENERS.iter().chain(players) {
            let Some(program) = search.find(name) else {
                continue;
            };
            match ended(Command::new(program).args(*arguments).arg(file), name) {
                Ok(()) => return Ok(()),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        let key = if wish == Wish::Play {
            "ui.player"
        } else {
            "ui.opener"
        };
        let hint = format!("aiut config {key} PROGRAM   says which to use");
        if let Some(error) = failed {
            return Err(error.hint(hint));
        }
        let tried = OPENERS.iter().chain(players);
        let tried: Vec<String> = tried.map(|(name, _)| (*name).to_owned()).collect();
        let file = file.display();
        Err(CliError::new(format!(
            "no program to show {file} was found in PATH: looked for {}",
            listed(&tried)
        ))
        .hint(hint))
    }
}

/// Refuses what a system would run rather than show.
pub(super) fn check_shown(path: &RepoPath, is_folder: bool) -> Result<(), CliError> {
    if is_folder || is_only_shown(path) {
        return Ok(());
    }
    Err(CliError::new(format!(
        "{path} is not a picture, sound, clip or text and might be a program: aiut does not open it"
    ))
    .hint("open it by hand if you trust it"))
}

/// The program of a setting: words, or a line of shell. The first word is looked for in `PATH`
/// outside the project.
fn own_program(line: &str, search: &SearchPath) -> Option<Command> {
    let named = program(line)?;
    let name = named.get_program().to_str()?;
    let program = match Path::new(name).is_absolute() {
        true => name.into(),
        false => search.find(name)?,
    };
    let mut command = Command::new(program);
    command.args(named.get_args()).env("PATH", search.text());
    Some(command)
}

/// Runs a viewer to its end.
fn ended(command: &mut Command, name: &str) -> Result<(), CliError> {
    let status = spawn(command).and_then(|mut child| child.wait());
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(CliError::new(format!("{name} ended with {status}"))),
        Err(error) => {
            Err(CliError::new(format!("{name} cannot be started: {error}")).because_of(&error))
        }
    }
}
