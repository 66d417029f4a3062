use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde::Serialize;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::render::{self, status};
use crate::history::Project;
use crate::object::RepoPath;
use crate::workflow::hooks::Hook;
use crate::workflow::repository::{
    self, AmendRequest, CommitOutcome, CommitRequest, Scope, StatusReport, last_commit,
};

/// Record the folder as a new version
///
/// Takes everything that changed, or only what lies at the paths named. There is nothing to stage
/// first. Without -m or -F the message is written in your editor. As in git, empty lines around the
/// message and blanks at the ends of its lines are not kept.
///
/// --amend puts a commit with what changed since, and with another message, in the place of the last
/// one, whose author and time it keeps. The former commit is not lost: timelines and tags that hold
/// it keep it, and `aiut undo` goes back to it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut commit -m \"Cut the second ferry scene\"
  aiut commit -m \"New panels\" frames shots/012.json
  aiut commit --amend --no-edit
  aiut commit --amend --only -m \"A better message\"
  git log -1 --format=%B | aiut commit -F -")]
pub(crate) struct CommitArgs {
    /// What changed and why; given again, another paragraph
    #[arg(short, long, allow_hyphen_values = true)]
    message: Vec<String>,
    /// Take the message from a file; `-` is standard input
    #[arg(short = 'F', long = "file", value_name = "FILE", conflicts_with = "message")]
    file: Option<PathBuf>,
    /// Take everything that changed, as without paths
    #[arg(short, long, conflicts_with = "paths")]
    all: bool,
    /// Put the commit in the place of the last one
    #[arg(long)]
    amend: bool,
    /// With --amend, keep the message
    #[arg(long, requires = "amend", conflicts_with_all = ["message", "file"])]
    no_edit: bool,
    /// With --amend, leave all files out: only the message changes
    #[arg(short, long, requires = "amend", conflicts_with_all = ["paths", "all", "no_edit"])]
    only: bool,
    /// With --amend, be its author, now
    #[arg(long, requires = "amend")]
    reset_author: bool,
    /// Go on without the hooks pre-commit and post-commit
    #[arg(short, long)]
    no_verify: bool,
    /// Make a timeline of this name and commit there: for an edit of what is locked on this one
    #[arg(long, value_name = "NAME", conflicts_with = "amend")]
    branch: Option<String>,
    /// Files and folders to take; all when none is named
    paths: Vec<PathBuf>,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for CommitArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = Arc::new(context.project()?);
        let scope = context.scope(&project, &self.paths)?;
        if !self.no_verify {
            self.ask_hook(context, &project, &scope)?;
        }
        let outcome = match self.amend {
            true => self.amend(context, &project, scope),
            false => self.commit(context, &project, scope),
        };
        let outcome = outcome.map_err(|error| error.or_on_a_branch("aiut commit"))?;
        for refused in &outcome.refused {
            context.warn(&format!("{} is not kept: {}", refused.path, refused.reason));
        }
        match self.json.json {
            true => context.done(&outcome)?,
            false => render::commit::told(context, &outcome)?,
        }
        if !self.no_verify && outcome.commit.is_some() {
            context.hook_after(&project, Hook::PostCommit, || &outcome);
        }
        Ok(Outcome::Done)
    }
}

/// What the hook reads before a commit.
#[derive(Serialize)]
struct BeforeCommit {
    /// Whether it takes the place of the last one.
    amend: bool,
    /// The files that it would take, by the names that they have in the folder.
    paths: Vec<RepoPath>,
    /// As `aiut status --json` prints it.
    status: StatusReport,
}

impl CommitArgs {
    fn ask_hook(
        &self,
        context: &mut Context,
        project: &Project,
        scope: &Scope,
    ) -> Result<(), CliError> {
        let scope = if self.only { Scope::of(Vec::new()) } else { scope.clone() };
        context.hook_before(project, Hook::PreCommit, || {
            let status = repository::status(project, &scope)?;
            let is_something = self.amend || !status.is_clean();
            Ok(is_something.then(|| BeforeCommit {
                amend: self.amend,
                paths: status.changes.present(),
                status,
            }))
        })
    }

    fn commit(
        &self,
        context: &mut Context,
        project: &Arc<Project>,
        scope: Scope,
    ) -> Result<CommitOutcome, CliError> {
        let author = context.author(project.root())?;
        let given = self.given(context)?;
        match &self.branch {
            Some(name) => context.branch_off(project, name)?,
            // Nobody is to write a message in vain.
            None if given.is_none() => context.check_edits_under_locks(project)?,
            None => {}
        }
        let message = match given {
            Some(message) => message,
            None => {
                let report = repository::status(project, &scope)?;
                if report.is_clean() {
                    return Ok(CommitOutcome::nothing(report));
                }
                let notes = status::notes(&report);
                context.write_message(project.tree().own(), "", &notes)?
            }
        };
        let request = CommitRequest {
            author: &author,
            message: &message,
            scope,
            own: &context.own_files(project)?,
            generations: Vec::new(),
        };
        Ok(repository::commit(project, &context.caller(), &request)?)
    }

    fn amend(
        &self,
        context: &mut Context,
        project: &Arc<Project>,
        scope: Scope,
    ) -> Result<CommitOutcome, CliError> {
        let (commit, former) = last_commit(project)?;
        let author = match self.reset_author {
            true => Some(context.author(project.root())?),
            false => None,
        };
        let message = match self.given(context)? {
            None if !self.no_edit => {
                let scope = if self.only { Scope::of(Vec::new()) } else { scope.clone() };
                let notes = status::notes(&repository::status(project, &scope)?);
                let own = project.tree().own();
                let written = context.write_message(own, &former.message, &notes);
                let kept = "--no-edit keeps the message";
                Some(written.map_err(|error| error.hint(kept))?)
            }
            given => given,
        };
        let request = AmendRequest {
            commit,
            author: author.as_ref(),
            message: message.as_deref(),
            scope: (!self.only).then_some(scope),
            own: &context.own_files(project)?,
        };
        Ok(repository::amend(project, &context.caller(), &request)?)
    }

    /// The message, if it need not be written first.
    fn given(&self, context: &Context) -> Result<Option<String>, CliError> {
        if let Some(file) = &self.file {
            return Ok(Some(context.read_message(file)?));
        }
        let is_given = !self.message.is_empty();
        Ok(is_given.then(|| self.message.join("\n\n")))
    }
}
