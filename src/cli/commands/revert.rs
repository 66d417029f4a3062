use std::sync::Arc;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::shown;
use crate::cli::render;
use crate::workflow::repository;

/// Take back what a commit changed, in a new commit
///
/// Works on the current timeline; the commit may be anywhere. Where a file was changed differently
/// since, both versions are kept with it and every such file is named (exit code 3); `aiut resolve`
/// settles them. Generated files get their former content and origin. `aiut undo` takes it back.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut revert HEAD
  aiut revert main~3 -m \"The ferry scene stays after all\"
  aiut revert --mainline 1 HEAD        # what the merge brought into its first parent")]
pub(crate) struct RevertArgs {
    /// The commit whose change is taken back
    #[arg(value_name = "REV")]
    revision: String,
    /// For a merge: the number of the parent to go back to, from 1
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    mainline: Option<u16>,
    /// Why; given again, another paragraph (git's -m is --mainline)
    #[arg(short, long, allow_hyphen_values = true)]
    message: Vec<String>,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for RevertArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = Arc::new(context.project()?);
        let author = context.author(project.root())?;
        let own = context.own_files(&project)?;
        if let [number] = self.message.as_slice()
            && number.trim().bytes().all(|byte| byte.is_ascii_digit())
            && !number.trim().is_empty()
        {
            let (number, rev) = (number.trim(), shown(&self.revision));
            return Err(CliError::misuse(format!("-m is the message here, and {number} does not say why"))
                .hint(format!("of a merge: aiut revert --mainline {number} {rev}"))
                .hint(format!("of any other commit: aiut revert {rev}")));
        }
        let message = (!self.message.is_empty()).then(|| self.message.join("\n\n"));
        let (caller, message) = (context.caller(), message.as_deref());
        let (revision, mainline) = (&self.revision, self.mainline.map(usize::from));
        let outcome =
            repository::revert(&project, &caller, &author, revision, mainline, message, &own)?;
        let is_json = self.json.json;
        render::transplant::told(context, &outcome, "Nothing to take back", is_json)
    }
}
