//! What commands of the pipeline need: an open film, a way to ask, a way to be stopped.

use std::io::{BufRead, Write};
use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::context::{Context, times_file};
use super::error::CliError;
use crate::history::{Caller, HistoryError, Project, entry_at, files_of};
use crate::object::{Head, RepoPath};
use crate::pipeline::{APPROVALS, Pipeline};
use crate::workflow::comparison::head_tree;
use crate::workflow::film::{FilmError, Locks, Numbers, Session, Targets, World, stages};
use crate::workflow::repository::{RepositoryError, SwitchTarget, locate, snapshot, switch};
use crate::workflow::settings::{PROJECT_FILE, ProjectConfig};

impl Context {
    /// The film of the project that the current folder lies in. It is not taken apart again: the process
    /// ends with the command, and to give some ten thousand small pieces of memory back before that takes
    /// longer than many a question.
    pub(super) fn film(&mut self) -> Result<ManuallyDrop<Session<'static>>, CliError> {
        let project = Arc::new(self.project()?);
        let config = ProjectConfig::load(&project.root().join(PROJECT_FILE))?;
        let world = self.world();
        Ok(ManuallyDrop::new(Session::open(project, &config, world)?))
    }

    /// What a film needs of the world around it.
    pub(super) fn world(&self) -> World<'static> {
        self.world_of(self.caller())
    }

    /// The same, with who acts.
    pub(super) fn world_of(&self, caller: Caller<'static>) -> World<'static> {
        let search = self.surroundings.variable("PATH").unwrap_or_default();
        let given = self.user.command_environment.iter();
        let value = |name: &String| (name.clone(), self.surroundings.path(name).map(Into::into));
        World {
            search: search.into(),
            environment: given.map(value).collect(),
            trust: self.trust_file(),
            times: times_file(&self.surroundings),
            caller,
        }
    }

    /// Commands of the project that may not run, a line for each; where the film cannot be opened,
    /// why nobody knows which these are. Only a project with commands is looked through.
    ///
    /// # Errors
    /// When the system refuses to read the settings: whether there are commands nobody knows.
    pub(super) fn untrusted(&mut self, root: &std::path::Path) -> Result<Vec<String>, CliError> {
        if !settings(root)?.is_some_and(|config| config.runs_commands()) {
            return Ok(Vec::new());
        }
        Ok(match self.film() {
            Ok(session) => session.untrusted(),
            Err(error) => vec![format!(
                "which commands may run is not known: {}",
                error.message()
            )],
        })
    }

    /// Refuses to commit edits of what is locked on this timeline, before a message is written for them.
    /// Only a project with approvals is looked through.
    ///
    /// # Errors
    /// `Locked` says what, and how to go on.
    pub(super) fn check_edits_under_locks(&mut self, project: &Project) -> Result<(), CliError> {
        let path = RepoPath::new(APPROVALS).expect("a safe name");
        let Some((_, tree)) = head_tree(project)? else {
            return Ok(());
        };
        if entry_at(project.store(), tree, &path)?.is_none() {
            return Ok(());
        }
        let found = snapshot(project)?;
        let Head::Timeline(timeline) = found.head else {
            return Ok(());
        };
        let before = files_of(project, tree)?;
        let locks = Locks::new(self.world());
        let breaches = locks.edits(project, &timeline, &before, &found.files)?;
        match breaches.is_empty() {
            true => Ok(()),
            false => Err(HistoryError::Locked { timeline, breaches }.into()),
        }
    }

    /// Goes to a new timeline that begins here, with all that is not committed yet.
    ///
    /// # Errors
    /// A name that cannot be one, or is one already.
    pub(super) fn branch_off(&mut self, project: &Project, name: &str) -> Result<(), CliError> {
        let target = SwitchTarget::New { name, start: None };
        switch(project, &self.caller(), target, false)?;
        Ok(())
    }

    /// The stages of a project; those of any film where its own cannot be read.
    ///
    /// # Errors
    /// When the system refuses to read the settings.
    pub(super) fn stages(&self, project: &Project) -> Result<Pipeline, CliError> {
        let own = settings(project.root())?.and_then(|config| stages(&config).ok());
        Ok(own.unwrap_or_else(Pipeline::film))
    }

    /// What a commit takes along that aiut keeps up to date itself; nothing where the settings
    /// are malformed, as a commit must be possible then too.
    ///
    /// # Errors
    /// When the system refuses to read the settings.
    pub(super) fn own_files(&self, project: &Arc<Project>) -> Result<Option<Numbers>, CliError> {
        let pipeline = self.stages(project)?;
        let config = settings(project.root())?;
        Ok(config.map(|config| Numbers::of(project.clone(), &config, &pipeline)))
    }

    /// A path as typed, from where the command runs, as a path of the project.
    pub(super) fn project_path(
        &self,
        root: &std::path::Path,
        typed: &str,
    ) -> Result<RepoPath, CliError> {
        let path = locate(root, &self.folder, std::path::Path::new(typed))?;
        path.ok_or_else(|| CliError::new(format!("{typed} is the project folder itself")))
    }

    /// What the words of a command name of the film, from where it runs.
    pub(super) fn targets(
        &self,
        root: &std::path::Path,
        words: &[String],
    ) -> Result<Targets, CliError> {
        Ok(Targets::typed(root, &self.folder, words)?)
    }

    /// A pattern of paths as typed, with `./` and `../` at its beginning taken from the project
    /// folder.
    pub(super) fn path_pattern(
        &self,
        root: &std::path::Path,
        pattern: &str,
    ) -> Result<String, CliError> {
        let (mut folder, mut rest) = (self.folder.clone(), pattern);
        loop {
            match (rest.strip_prefix("./"), rest.strip_prefix("../")) {
                (Some(after), _) => rest = after,
                (_, Some(after)) => {
                    folder.push("..");
                    rest = after;
                }
                _ if rest.len() == pattern.len() => return Ok(pattern.to_owned()),
                _ => break,
            }
        }
        let inside = locate(root, &folder, std::path::Path::new("."))?;
        let inside = inside.map_or_else(String::new, |folder| format!("{folder}/"));
        Ok(format!("/{inside}{rest}"))
    }

    /// Whether there is somebody who could answer a question.
    pub(super) fn can_ask(&self) -> bool {
        self.surroundings.stdin_is_terminal && self.surroundings.stderr_is_terminal
    }

    /// A yes-or-no question; without a terminal the answer is no.
    pub(super) fn ask(&mut self, question: &str) -> Result<bool, CliError> {
        if !self.can_ask() {
            return Ok(false);
        }
        let mut out = std::io::stderr();
        write!(out, "{question} [y/N] ")?;
        out.flush()?;
        let mut answer = String::new();
        std::io::stdin().lock().read_line(&mut answer)?;
        Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
    }

    /// A flag that Ctrl-C sets from here on, and whoever asks the process to end: a closed terminal, a
    /// cancelled job. A second Ctrl-C ends the process at once.
    pub(super) fn interrupts(&self) -> Arc<AtomicBool> {
        let flag = Arc::new(AtomicBool::new(false));
        let set = flag.clone();
        // Without a handler Ctrl-C ends the process, and the next run goes on from what is stored.
        let _ = ctrlc::set_handler(move || {
            if set.swap(true, Ordering::Relaxed) {
                // The second time there is no patience left.
                std::process::abort();
            }
        });
        #[cfg(unix)]
        for signal in [signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP] {
            // Under `nohup` the end of the terminal is to be no end of the run.
            if !is_ignored(signal) {
                let _ = signal_hook::flag::register(signal, flag.clone());
            }
        }
        flag
    }
}

/// Whether this process was started to ignore a signal, as far as the system tells.
#[cfg(unix)]
fn is_ignored(signal: std::ffi::c_int) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

/// The settings of the project in `root`; none where they are malformed.
fn settings(root: &std::path::Path) -> Result<Option<ProjectConfig>, CliError> {
    match ProjectConfig::load(&root.join(PROJECT_FILE)) {
        Ok(config) => Ok(Some(config)),
        Err(error) if error.is_refusal() => Err(error.into()),
        Err(_) => Ok(None),
    }
}

impl From<FilmError> for CliError {
    fn from(error: FilmError) -> Self {
        let is_locked = match &error {
            FilmError::History(error) | FilmError::Repository(RepositoryError::History(error)) => {
                error.is_locked()
            }
            _ => false,
        };
        Self::of(&error).hints(error.hints()).locked(is_locked)
    }
}
