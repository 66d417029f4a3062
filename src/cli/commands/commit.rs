use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::shown;
use crate::cli::render::status;
use crate::workflow::repository::{self, CommitRequest};

/// Record the folder as a new version
///
/// Takes everything that changed, or only what lies at the paths named. There is nothing to stage
/// first. Without -m or -F the message is written in your editor. As in git, empty lines around the
/// message and blanks at the ends of its lines are not kept.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut commit -m \"Cut the second ferry scene\"
  aiut commit -m \"New panels\" frames shots/012.json
  git log -1 --format=%B | aiut commit -F -")]
pub(crate) struct CommitArgs {
    /// What changed and why; given again, another paragraph
    #[arg(short, long, allow_hyphen_values = true)]
    message: Vec<String>,
    /// Take the message from a file; `-` is standard input
    #[arg(short = 'F', long = "file", value_name = "FILE", conflicts_with = "message")]
    file: Option<PathBuf>,
    /// Files and folders to take; all when none is named
    paths: Vec<PathBuf>,
}

impl Run for CommitArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = Arc::new(context.project()?);
        let author = context.author(project.root())?;
        let scope = context.scope(&project, &self.paths)?;
        let message = if let Some(file) = &self.file {
            context.read_message(file)?
        } else if self.message.is_empty() {
            let report = repository::status(&project, &scope)?;
            if report.is_clean() {
                context.say("Nothing to commit")?;
                return Ok(Outcome::Done);
            }
            let notes = status::notes(&report);
            context.write_message(project.tree().own(), &notes)?
        } else {
            self.message.join("\n\n")
        };
        let request = CommitRequest {
            author: &author,
            message: &message,
            scope,
            own: &context.own_files(&project)?,
            generations: Vec::new(),
        };
        let outcome = repository::commit(&project, &context.caller(), &request)?;
        for refused in &outcome.refused {
            context.warn(&format!("{} is not kept: {}", refused.path, refused.reason));
        }
        match &outcome.commit {
            Some(commit) => {
                let (id, place) = (context.out.palette.id, outcome.head.describe());
                let (short, subject) = (commit.id.short(), shown(&commit.subject));
                context.say(format_args!("{id}{short}{id:#} {subject}"))?;
                let sum = status::sum(&outcome.changes);
                context.say(format_args!("{sum}, on {}", shown(&place)))?;
            }
            None => context.say("Nothing to commit")?,
        }
        Ok(Outcome::Done)
    }
}
