//! Runs the hooks of a project: what they are told, and what their end means.

use std::io::Write;
use std::process::{Command, ExitStatus, Stdio};

use serde::Serialize;

use super::context::Context;
use super::error::CliError;
use crate::base::process::spawn;
use crate::history::Project;
use crate::object::Head;
use crate::workflow::hooks::{FoundHook, Hook, HookState, Hooks};
use crate::workflow::trust::TrustFile;

/// Set while a hook runs, to its name: none runs within another.
const VARIABLE: &str = "AIUT_HOOK";

/// What a hook reads. Its own fields stand first; `T` has those of the moment.
#[derive(Serialize)]
struct Told<'t, T> {
    hook: Hook,
    root: &'t str,
    timeline: Option<String>,
    #[serde(flatten)]
    moment: T,
}

impl Context {
    /// What this user agreed to; none where there is no place for it.
    pub(super) fn trust_file(&self) -> Option<TrustFile> {
        self.user_file().map(|file| TrustFile::beside(&file))
    }

    /// Runs a hook before what it may stop; where `moment` has nothing to tell, there is nothing to stop.
    ///
    /// # Errors
    /// It stopped it, or cannot be run.
    pub(super) fn hook_before<T: Serialize>(
        &mut self,
        project: &Project,
        hook: Hook,
        moment: impl FnOnce() -> Result<Option<T>, CliError>,
    ) -> Result<(), CliError> {
        let Some(found) = self.hook_that_runs(project, hook)? else {
            return Ok(());
        };
        let Some(moment) = moment()? else {
            return Ok(());
        };
        let status = self.run_hook(project, &found, moment)?;
        if status.success() {
            return Ok(());
        }
        Err(
            CliError::new(format!("the hook {hook} stopped this: {}", ended(status))).hint(
                format!("aiut hooks show {hook}   shows it; --no-verify goes on without it"),
            ),
        )
    }

    /// Runs a hook after something that cannot be taken back by it: what goes wrong is told.
    pub(super) fn hook_after<T: Serialize>(
        &mut self,
        project: &Project,
        hook: Hook,
        moment: impl FnOnce() -> T,
    ) {
        let ran = self
            .hook_that_runs(project, hook)
            .and_then(|found| match found {
                Some(found) => self.run_hook(project, &found, moment()).map(Some),
                None => Ok(None),
            });
        match ran {
            Ok(Some(status)) if !status.success() => {
                self.warn(&format!("the hook {hook} failed: {}", ended(status)));
            }
            Ok(_) => {}
            Err(error) => self.warn(error.message()),
        }
    }

    /// The hook, if it may run. Where one is there that may not, that is told.
    fn hook_that_runs(
        &mut self,
        project: &Project,
        hook: Hook,
    ) -> Result<Option<FoundHook>, CliError> {
        if self.surroundings.path(VARIABLE).is_some() {
            return Ok(None);
        }
        let trust = self.trust_file();
        let found = Hooks::of(project, trust.as_ref()).find(hook)?;
        match found.state {
            HookState::Absent => return Ok(None),
            HookState::Runs => return Ok(Some(found)),
            HookState::NotExecutable => self.warn(&format!(
                "the hook {hook} does not run: it is not executable; `chmod +x {}`",
                found.path.display()
            )),
            HookState::NotAgreed => self.warn(&format!(
                "the hook {hook} does not run: you have not agreed to it as it is; \
                 `aiut hooks trust {hook}` shows it and asks"
            )),
        }
        Ok(None)
    }

    /// Its answer goes to standard error, as standard output is the command's own.
    fn run_hook<T: Serialize>(
        &mut self,
        project: &Project,
        found: &FoundHook,
        moment: T,
    ) -> Result<ExitStatus, CliError> {
        self.out.flush()?;
        let (_, view) = project.view()?;
        let told = Told {
            hook: found.hook,
            root: &project.root().to_string_lossy(),
            timeline: match view.head() {
                Head::Timeline(name) => Some(name.clone()),
                Head::Detached(_) => None,
            },
            moment,
        };
        let mut text = serde_json::to_vec_pretty(&told).map_err(std::io::Error::other)?;
        text.push(b'\n');
        let mut command = Command::new(&found.path);
        command
            .current_dir(project.root())
            .env(VARIABLE, found.hook.name())
            .stdin(Stdio::piped())
            .stdout(std::io::stderr());
        let failed = |error: std::io::Error| {
            let path = found.path.display();
            CliError::new(format!("the hook {path} cannot be run: {error}")).because_of(&error)
        };
        let mut child = spawn(&mut command).map_err(failed)?;
        let input = child.stdin.take();
        // One that does not read what it is told may fill the pipe, and ends all the same.
        let fed = std::thread::spawn(move || input.map(|mut input| input.write_all(&text)));
        let status = child.wait().map_err(failed)?;
        // Somebody whom it left behind may still hold the pipe.
        drop(fed);
        Ok(status)
    }
}

/// How a hook ended, in words.
fn ended(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("it ended with exit code {code}"),
        None => format!("it was ended by {status}"),
    }
}
