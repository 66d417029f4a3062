use std::path::PathBuf;
use std::sync::Arc;

use clap::{ArgGroup, Args};

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::render;
use crate::workflow::repository::{self, Settlement};

/// Show conflicts and settle them
///
/// Where `aiut merge`, `aiut revert` or `aiut cherry-pick` meet a file that was changed differently
/// here, both versions are kept with it. The file itself holds what could be joined: of a screenplay
/// both versions where they collide, between notes, of other files ours. Stages that read it wait
/// until it is settled, by anyone, at any time: by one of the versions, or by what you made of the
/// file. That is one commit. Without one of the options the conflicts are shown (exit code 3 if
/// there are any).
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut resolve
  aiut resolve script.fountain                 # both versions, place by place
  aiut resolve script.fountain --theirs
  aiut resolve script.fountain bible --edited -m \"Both endings, in this order\"")]
#[command(group = ArgGroup::new("settlement").requires("paths"))]
pub(crate) struct ResolveArgs {
    /// Files and folders; `.` for everything
    paths: Vec<PathBuf>,
    /// Take the version of this timeline, as it was before
    #[arg(long, group = "settlement")]
    ours: bool,
    /// Take the version of the change that came
    #[arg(long, group = "settlement")]
    theirs: bool,
    /// Take what the folder holds now
    #[arg(long, group = "settlement")]
    edited: bool,
    /// Why; given again, another paragraph
    #[arg(short, long, allow_hyphen_values = true, requires = "settlement")]
    message: Vec<String>,
    #[command(flatten)]
    json: JsonArgs,
}

impl ResolveArgs {
    fn settlement(&self) -> Option<Settlement> {
        let chosen = [
            (self.ours, Settlement::Ours),
            (self.theirs, Settlement::Theirs),
            (self.edited, Settlement::Edited),
        ];
        chosen.into_iter().find_map(|(is, chosen)| is.then_some(chosen))
    }
}

impl Run for ResolveArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = Arc::new(context.project()?);
        let scope = context.scope(&project, &self.paths)?;
        let Some(settlement) = self.settlement() else {
            let open = repository::conflicts(&project, &scope)?;
            return render::conflicts::list(context, &open, self.json.json);
        };
        let author = context.author(project.root())?;
        let own = context.own_files(&project)?;
        let message = (!self.message.is_empty()).then(|| self.message.join("\n\n"));
        let (caller, message) = (context.caller(), message.as_deref());
        let outcome =
            repository::resolve(&project, &caller, &author, &scope, settlement, message, &own)?;
        render::conflicts::settled(context, &outcome, settlement, self.json.json)
    }
}
