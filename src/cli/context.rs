//! All that a command may know of the world.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::arguments::Global;
use super::environment::Surroundings;
use super::error::CliError;
use super::format::{count, shown, size};
use super::output::Output;
use super::palette::Palette;
use super::progress::Bar;
use crate::base::clock::{Clock, FixedClock, SystemClock};
use crate::base::lock::Holder;
use crate::history::{Aftermath, Caller, HistoryError, Project};
use crate::media::tools::Tools;
use crate::object::{Person, ProjectId};
use crate::workflow::film::Locks;
use crate::workflow::progress::{Progress, Silent};
use crate::workflow::settings::{GitFiles, UserConfig, resolve_identity, user_file};
use crate::workflow::sharing::{
    Around, KeySources, Place, Remotes, Supplied, TOKENS_VARIABLE, supply_by_remotes,
};
use crate::workflow::viewer::Viewer;

/// Arguments, environment, folder, clock and terminal, read once and passed down.
pub(super) struct Context {
    /// Where the command runs, `-C` included; absolute.
    pub(super) folder: PathBuf,
    /// The answer goes here.
    pub(super) out: Output,
    /// The time.
    pub(super) clock: &'static dyn Clock,
    /// The user's settings.
    pub(super) user: UserConfig,
    /// Environment and terminal.
    pub(super) surroundings: Surroundings,
    /// The command as typed, for the operation log.
    pub(super) command_line: String,
    /// What the command recorded.
    pub(super) aftermath: Aftermath,
    pub(super) quiet: bool,
    /// What shows how far long work is; none where nobody looks.
    pub(super) bar: Option<Arc<Bar>>,
    color_errors: Palette,
}

impl Context {
    pub(super) fn new(
        global: &Global,
        surroundings: Surroundings,
        arguments: &[OsString],
    ) -> Result<Self, CliError> {
        let folder = match (&surroundings.folder, &global.folder) {
            (_, Some(folder)) if folder.is_absolute() => folder.clone(),
            (Some(here), Some(folder)) => here.join(folder),
            (Some(here), None) => here.clone(),
            (None, _) => return Err(CliError::new("the current folder no longer exists")),
        };
        if !folder.is_dir() {
            return Err(CliError::new(format!(
                "there is no folder {}",
                folder.display()
            )));
        }
        // Where the system is, as after `cd`: from here on, `..` is taken back by name.
        let folder = match cfg!(unix) {
            true => folder.canonicalize().unwrap_or(folder),
            false => folder,
        };
        let user = match config_file(&surroundings) {
            Some(path) => UserConfig::load(&path)?,
            None => UserConfig::default(),
        };
        let colors =
            surroundings.colors(global.color(), user.color, surroundings.stdout_is_terminal);
        Ok(Self {
            folder,
            out: Output::standard(
                Palette::new(colors),
                !surroundings.stdout_is_terminal && !colors,
            ),
            clock: clock(&surroundings)?,
            command_line: typed(arguments),
            aftermath: Aftermath::default(),
            quiet: global.quiet,
            bar: (surroundings.stderr_is_terminal && !global.quiet).then(Arc::default),
            color_errors: surroundings.error_palette(global.color().or(user.color)),
            user,
            surroundings,
        })
    }

    /// The user's settings file; none where neither `HOME` nor `XDG_CONFIG_HOME` says.
    pub(super) fn user_file(&self) -> Option<PathBuf> {
        config_file(&self.surroundings)
    }

    /// Who is at the keyboard, for a project in `root`.
    pub(super) fn author(&self, root: &Path) -> Result<Person, CliError> {
        let variable = |name: &str| self.surroundings.variable(name);
        let git = GitFiles::find(&variable, root);
        Ok(resolve_identity(&variable, &self.user, &git)?)
    }

    /// The project that the command runs in.
    pub(super) fn project(&mut self) -> Result<Project, CliError> {
        let project = Project::discover(&self.folder)?;
        let interrupted = project.interrupted();
        for left in interrupted.left_alone {
            self.warn(&left.to_string());
        }
        for why in interrupted.lost.iter().chain(&interrupted.pending) {
            self.warn(why);
        }
        if self.bar.is_some() {
            project.tell(&self.progress());
        }
        self.supply(&project);
        Ok(project)
    }

    /// What a command reads that a remote alone has is got from there, and that is told.
    fn supply(&self, project: &Project) {
        let (quiet, style) = (self.quiet, self.color_errors.hint);
        let tell = move |supplied: &Supplied| {
            let Supplied {
                remote,
                files,
                bytes,
            } = supplied;
            let (files, bytes) = (count(*files, "file", "files"), size(*bytes));
            let line = format!(
                "{style}getting{style:#} {files}, {bytes}, from {}\n",
                shown(remote)
            );
            if !quiet {
                // With standard error closed there is nobody to tell.
                let _ = std::io::stderr().write_all(line.as_bytes());
            }
        };
        supply_by_remotes(project, self.around(), self.progress(), Box::new(tell));
    }

    /// The project that the command runs in, if it runs in one.
    pub(super) fn project_if_any(&mut self) -> Result<Option<Project>, CliError> {
        match Project::root_around(&self.folder) {
            Err(HistoryError::NotAProject(_)) => Ok(None),
            _ => self.project().map(Some),
        }
    }

    /// What pictures, clips and sounds of a project are looked at with.
    pub(super) fn viewer(&self, project: &Project) -> Viewer {
        self.viewer_in(project.root())
    }

    /// The same for files that need lie in no project.
    pub(super) fn loose_viewer(&self) -> Viewer {
        self.viewer_in(&self.untrusted_folder())
    }

    /// The project around the folder, if there is one, else the folder: no program beneath it is used.
    pub(super) fn untrusted_folder(&self) -> PathBuf {
        Project::root_around(&self.folder).unwrap_or_else(|_| self.folder.clone())
    }

    fn viewer_in(&self, folder: &Path) -> Viewer {
        let path = self.surroundings.path("PATH").unwrap_or_default();
        let temporary = ["TMPDIR", "TEMP"]
            .iter()
            .find_map(|name| self.surroundings.path(name));
        Viewer {
            tools: Tools::find(path.as_os_str(), folder),
            temporary: temporary.unwrap_or_else(|| PathBuf::from("/tmp")),
        }
    }

    /// A new folder for files that a viewer may still show when this command is over: it stays.
    pub(super) fn temporary_folder(&self) -> Result<PathBuf, CliError> {
        let around = ["TMPDIR", "TEMP"]
            .iter()
            .find_map(|name| self.surroundings.path(name));
        let around = around.unwrap_or_else(|| PathBuf::from("/tmp"));
        let made = tempfile::Builder::new()
            .prefix("aiut-diff-")
            .tempdir_in(&around);
        let folder = made.map_err(|error| {
            let message = format!("cannot make a folder in {}: {error}", around.display());
            CliError::new(message).because_of(&error)
        })?;
        Ok(folder.keep())
    }

    /// Who acts, for locks and the operation log.
    fn unguarded(&self) -> Caller<'static> {
        let variable = |names: &[&str]| {
            names
                .iter()
                .find_map(|name| self.surroundings.variable(name))
        };
        let host = variable(&["HOSTNAME", "COMPUTERNAME"])
            .or_else(|| std::fs::read_to_string("/etc/hostname").ok())
            .map(|host| host.trim().to_owned())
            .filter(|host| !host.is_empty());
        Caller {
            holder: Holder {
                user: variable(&["USER", "LOGNAME", "USERNAME"]).unwrap_or_default(),
                host: host.unwrap_or_else(|| "localhost".to_owned()),
                command: self.command_line.clone(),
            },
            clock: self.clock,
            aftermath: self.aftermath.clone(),
            guard: Arc::new(()),
        }
    }

    /// Who acts, and what of a timeline may not be changed.
    pub(super) fn caller(&self) -> Caller<'static> {
        Caller {
            guard: Arc::new(Locks::new(self.world_of(self.unguarded()))),
            ..self.unguarded()
        }
    }

    /// What reaching a remote needs.
    pub(super) fn around(&self) -> Around {
        let variable = |names: &[&str]| {
            let mut found = names
                .iter()
                .filter_map(|name| self.surroundings.variable(name));
            found.find(|value| !value.is_empty())
        };
        Around {
            user: self.caller().holder.user,
            clock: Arc::new(self.clock),
            keys: KeySources {
                variable: variable(&[TOKENS_VARIABLE]),
                file: self.user_file().map(|file| file.with_file_name("tokens")),
                proxy: variable(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]),
                no_proxy: variable(&["NO_PROXY", "no_proxy"]),
            },
        }
    }

    /// The name of the remote that a word means: its name, or its place.
    pub(super) fn remote_name(&self, project: &Project, word: &str) -> Result<String, CliError> {
        let remotes = Remotes::load(project)?;
        let is_path = word.contains(['/', '\\']) || matches!(word, "." | "..");
        if !is_path || remotes.names().any(|name| name == word) {
            return Ok(word.to_owned());
        }
        let place = Place::typed(word, &|path| self.absolute(path))?.to_string();
        let known = remotes.list().find(|remote| remote.place == place);
        known.map(|remote| remote.name).ok_or_else(|| {
            let hint = format!("`aiut remote add NAME {word}` names it; then say NAME");
            CliError::new(format!("no remote is at {word}")).hint(hint)
        })
    }

    /// A path as typed, made absolute from where the command runs; `.` and `..` are taken out by
    /// their names alone, so that nothing on disk is followed.
    pub(super) fn absolute(&self, path: &Path) -> PathBuf {
        let mut whole = PathBuf::new();
        for part in self.folder.join(path).components() {
            match part {
                std::path::Component::CurDir => {}
                std::path::Component::ParentDir => {
                    whole.pop();
                }
                part => whole.push(part),
            }
        }
        whole
    }

    /// Sends the answer through the pager, where there is someone to read it.
    pub(super) fn page(&mut self) {
        self.out
            .page(&self.surroundings, self.user.pager.as_deref());
    }

    /// Says what was done, unless `--quiet`.
    pub(super) fn say(&mut self, text: impl std::fmt::Display) -> Result<(), CliError> {
        if !self.quiet {
            writeln!(self.out, "{text}")?;
        }
        Ok(())
    }

    /// Whether `--quiet` is given.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Prints as JSON what a command did, and with it the operation that this was, if anything
    /// changed.
    pub(super) fn done(&mut self, outcome: &impl serde::Serialize) -> Result<(), CliError> {
        #[derive(serde::Serialize)]
        struct Done<'o, T> {
            #[serde(flatten)]
            outcome: &'o T,
            recorded: Option<crate::object::OperationId>,
        }
        let recorded = self.aftermath.recorded();
        Ok(super::format::json(
            &mut self.out,
            &Done { outcome, recorded },
        )?)
    }

    /// The id that a new project gets.
    pub(super) fn new_project_id(&self) -> Result<ProjectId, CliError> {
        let Some(text) = self.surroundings.variable("AIUT_PROJECT_ID") else {
            return Ok(ProjectId::random());
        };
        text.parse()
            .map_err(|error| CliError::new(format!("AIUT_PROJECT_ID is {error}")))
    }

    /// Says on standard error what deserves attention and stops nothing.
    pub(super) fn warn(&mut self, text: &str) {
        let style = self.color_errors.warning;
        let line = format!("{style}warning:{style:#} {}\n", shown(text));
        // With standard error closed there is nobody to warn.
        let _ = std::io::stderr().write_all(line.as_bytes());
    }

    /// Shows how far long work is: on a terminal, and nowhere else.
    pub(super) fn progress(&self) -> Arc<dyn Progress> {
        match &self.bar {
            Some(bar) => bar.clone(),
            None => Arc::new(Silent),
        }
    }
}

/// Where it is noted how long work takes on this machine.
pub(super) fn times_file(surroundings: &Surroundings) -> Option<PathBuf> {
    let cache = surroundings.path("XDG_CACHE_HOME").or_else(|| {
        let home = surroundings
            .path("HOME")
            .or_else(|| surroundings.path("LOCALAPPDATA"));
        Some(home?.join(".cache"))
    });
    Some(
        cache
            .filter(|cache| cache.is_absolute())?
            .join("aiut")
            .join("times"),
    )
}

fn config_file(surroundings: &Surroundings) -> Option<PathBuf> {
    let home = surroundings
        .path("HOME")
        .or_else(|| surroundings.path("USERPROFILE"));
    user_file(
        surroundings.path("XDG_CONFIG_HOME").as_deref(),
        home.as_deref(),
    )
}

/// The clock of this process: the machine's, or the one that `AIUT_CLOCK` sets.
pub(super) fn clock(surroundings: &Surroundings) -> Result<&'static dyn Clock, CliError> {
    static FIXED: OnceLock<FixedClock> = OnceLock::new();
    let Some(text) = surroundings.variable("AIUT_CLOCK") else {
        return Ok(match surroundings.variable("TZ") {
            Some(_) => &SystemClock {
                zone_is_named: true,
            },
            None => &SystemClock {
                zone_is_named: false,
            },
        });
    };
    let seconds = text.parse().map_err(|_| {
        CliError::new(format!(
            "AIUT_CLOCK is {text:?}, which is not a number of Unix seconds"
        ))
    })?;
    Ok(FIXED.get_or_init(|| FixedClock::starting_at(seconds)))
}

/// The command line as one would type it again.
fn typed(arguments: &[OsString]) -> String {
    let mut words = vec!["aiut".to_owned()];
    for argument in arguments.iter().skip(1) {
        let text = argument.to_string_lossy();
        let plain = |c: char| c.is_alphanumeric() || "-_./:=~@^,+%".contains(c);
        if !text.is_empty() && text.chars().all(plain) {
            words.push(text.into_owned());
        } else {
            words.push(format!("'{}'", text.replace('\'', r"'\''")));
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_can_be_typed_again() {
        let words = [
            "/usr/bin/aiut",
            "commit",
            "-m",
            "Rae's coat",
            "shots/012.json",
            "",
        ];
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        assert_eq!(
            typed(&words),
            r"aiut commit -m 'Rae'\''s coat' shots/012.json ''"
        );
    }
}
