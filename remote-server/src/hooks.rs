//! Programs of who runs the server, before refs of a project move and after they did.
//!
//! They lie in `hooks/` of the server's folder, for all projects, and in `hooks/` of a project's. No
//! push brings one.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde::Serialize;

use crate::base::process::{End, Job};
use crate::base::regular;
use crate::names::ProjectName;
use crate::object::CommitId;
use crate::remote::{By, Gate, Push, RemoteError};
use crate::root::Root;

/// The folder that they lie in.
const FOLDER: &str = "hooks";

/// How long one may take.
const MOST_TIME: Duration = Duration::from_secs(30);

/// Bytes of what one prints that are told to who pushes.
const MOST_TOLD: usize = 4 << 10;

/// Asked before refs move: what it prints is told to who pushes.
const PRE_RECEIVE: &str = "pre-receive";

/// Told when they moved.
const POST_RECEIVE: &str = "post-receive";

/// The hooks of a project, and who pushes to it.
#[derive(Debug, Clone)]
pub(crate) struct Hooks {
    folders: [PathBuf; 2],
    project: ProjectName,
    /// The id of the token.
    token: String,
}

/// What a hook reads.
#[derive(Serialize)]
struct Told<'t> {
    hook: &'t str,
    project: &'t str,
    /// Whose token it is, and its id.
    name: &'t str,
    token: &'t str,
    force: bool,
    moves: Vec<ToldMove<'t>>,
}

#[derive(Serialize)]
struct ToldMove<'t> {
    #[serde(rename = "ref")]
    name: &'t str,
    from: Option<CommitId>,
    to: Option<CommitId>,
}

impl Hooks {
    pub(crate) fn of(root: &Root, project: &ProjectName, token: &str) -> Self {
        let folders = [
            root.folder().path().join(FOLDER),
            root.path_of(project).join(FOLDER),
        ];
        Self {
            folders,
            project: project.clone(),
            token: token.to_owned(),
        }
    }

    /// Tells that refs moved. What goes wrong is for the log.
    pub(crate) fn received(&self, push: &Push, by: &By) {
        for folder in &self.folders {
            match self.run(&folder.join(POST_RECEIVE), POST_RECEIVE, push, by) {
                Ok(Some(Verdict::Refused(said))) => {
                    tracing::warn!(project = %self.project, said, "post-receive failed");
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(project = %self.project, %error, "post-receive failed")
                }
            }
        }
    }

    fn run(
        &self,
        program: &Path,
        hook: &'static str,
        push: &Push,
        by: &By,
    ) -> std::io::Result<Option<Verdict>> {
        if !is_there(program)? {
            return Ok(None);
        }
        let moves = push.moves.iter().map(|(name, to)| ToldMove {
            name,
            from: to.from,
            to: to.to,
        });
        let told = Told {
            hook,
            project: self.project.as_str(),
            name: &by.name,
            token: &self.token,
            force: push.force,
            moves: moves.collect(),
        };
        let mut text = serde_json::to_vec_pretty(&told)?;
        text.push(b'\n');
        let mut command = Command::new(program);
        command.current_dir(program.parent().unwrap_or(Path::new("/")));
        let job = Job {
            command,
            input: Some(Box::new(move |input: &mut dyn Write| {
                input.write_all(&text)
            })),
            limit: MOST_TIME,
            max_output: MOST_TOLD,
            kept_log: MOST_TOLD,
            own_group: true,
            stop: None,
        };
        let ended = job.run()?;
        Ok(Some(match ended.end {
            End::Exited(status) if status.success() => Verdict::Admitted,
            End::Exited(status) => {
                let said = [ended.output, ended.log].concat();
                let said = String::from_utf8_lossy(&said);
                Verdict::Refused(match said.trim() {
                    "" => format!("{hook} ended with {status}"),
                    said => said.to_owned(),
                })
            }
            End::TimedOut | End::Stopped => Verdict::Refused(format!("{hook} took too long")),
            End::TooMuchOutput => Verdict::Refused(format!("{hook} said too much")),
        }))
    }
}

enum Verdict {
    Admitted,
    Refused(String),
}

impl Gate for Hooks {
    fn admit(&self, push: &Push, by: &By) -> Result<(), RemoteError> {
        for folder in &self.folders {
            let program = folder.join(PRE_RECEIVE);
            let ran = self.run(&program, PRE_RECEIVE, push, by);
            let verdict = ran.map_err(|source| RemoteError::Io {
                action: "run",
                path: program.clone(),
                source,
            })?;
            if let Some(Verdict::Refused(said)) = verdict {
                return Err(RemoteError::Refused(said));
            }
        }
        Ok(())
    }
}

/// Whether there is one. One that cannot be run as it lies there lets nothing in: it is never taken
/// for absent.
fn is_there(program: &Path) -> std::io::Result<bool> {
    let file = match regular::open(program) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        file => file?,
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = file.metadata()?.permissions().mode();
        let wrong = match mode {
            mode if mode & 0o100 == 0 => Some("it is not executable"),
            mode if mode & 0o022 != 0 => Some("others can change it"),
            _ => None,
        };
        if let Some(wrong) = wrong {
            return Err(std::io::Error::new(
                std::io::ErrorKind::PermissionDenied,
                wrong,
            ));
        }
    }
    Ok(true)
}
