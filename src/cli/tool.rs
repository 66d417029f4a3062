//! The merge tool of the user: a program of their own settings, never of a project.

use std::io::Write;
use std::path::Path;

use super::context::Context;
use super::error::CliError;
use super::output::program;
use crate::base::atomic;
use crate::base::process::spawn;
use crate::history::Project;
use crate::workflow::repository::{OpenConflict, version_of_conflict};

/// By what names the tool finds the four files in its environment: ours, and those of `git mergetool`.
const VARIABLES: [[&str; 2]; 4] = [
    ["BASE", "BASE"],
    ["OURS", "LOCAL"],
    ["THEIRS", "REMOTE"],
    ["RESULT", "MERGED"],
];

impl Context {
    /// Has the tool settle a file in conflict: what it made of it lies in the folder then. Where it ends with
    /// another exit code than 0, nothing is changed.
    pub(super) fn run_merge_tool(
        &mut self,
        project: &Project,
        open: &OpenConflict,
    ) -> Result<(), CliError> {
        let Some(tool) = self.user.merge_tool.clone() else {
            return Err(CliError::new("no merge tool is set")
                .hint("aiut config --user ui.merge_tool 'meld $OURS $BASE $THEIRS -o $RESULT'"));
        };
        let path = open.path.as_str();
        let failed = |path: &Path, error: std::io::Error| {
            CliError::new(format!("{}: {error}", path.display())).because_of(&error)
        };
        let folder = tempfile::Builder::new().prefix("aiut-merge-").tempdir();
        let folder = folder.map_err(|error| failed(Path::new(path), error))?;
        let target = project.root().join(path);
        // What was edited since is gone on from; a file that one side has not has no text.
        let result = match std::fs::read(&target) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(failed(&target, error)),
        };
        let sides = [
            &open.conflict.base,
            &open.conflict.ours,
            &open.conflict.theirs,
        ];
        let mut texts = Vec::with_capacity(VARIABLES.len());
        for side in sides {
            texts.push(version_of_conflict(project, side.as_ref())?);
        }
        texts.push(result);
        let name = path.rsplit('/').next().unwrap_or(path);
        let named = VARIABLES.iter().any(|names| {
            names.iter().any(|name| {
                tool.contains(&format!("${name}")) || tool.contains(&format!("${{{name}}}"))
            })
        });
        let mut command = program(&tool).ok_or_else(|| CliError::new("the merge tool is empty"))?;
        let mut files = Vec::with_capacity(VARIABLES.len());
        for (names, text) in VARIABLES.iter().zip(texts) {
            // The tool tells by its ending what kind of file it is.
            let file = folder.path().join(format!("{}_{name}", names[0]));
            atomic::write_cache(&file, &text).map_err(|error| failed(&file, error))?;
            for name in names {
                command.env(name, &file);
            }
            if !named {
                command.arg(&file);
            }
            files.push(file);
        }
        self.out.flush()?;
        let status = spawn(&mut command).and_then(|mut child| child.wait());
        match status {
            Ok(status) if status.success() => {}
            Ok(status) => {
                let message =
                    format!("{tool} ended with {status}: {path} is in conflict as before");
                return Err(CliError::new(message));
            }
            Err(error) => {
                let message = format!("the merge tool {tool} cannot be started: {error}");
                return Err(CliError::new(message)
                    .hint("`aiut config --user ui.merge_tool PROGRAM` sets another"));
            }
        }
        let [.., result] = files.as_slice() else {
            return Ok(());
        };
        let made = std::fs::read(result).map_err(|error| failed(result, error))?;
        let own = project.tree().own();
        atomic::write_by_way_of(own, &target, &made).map_err(|error| failed(&target, error))
    }
}
