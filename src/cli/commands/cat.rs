use clap::Args;

use super::Run;
use crate::base::filesystem::room_for;
use crate::cli::Outcome;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::workflow::repository::{self, RepositoryError};

/// Print a file as it was in a commit
///
/// Writes the bytes as they are stored, whatever they are.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut cat HEAD~1:script.fountain
  aiut cat v1:film.mp4 > old.mp4
  aiut cat 3b1e…          the whole id of a content, as `aiut whence` prints it")]
pub(crate) struct CatArgs {
    /// The file, REV:./PATH from this folder; `:PATH` for the last commit's; or the whole id of a content
    #[arg(value_name = "REV:PATH")]
    file: String,
}

impl Run for CatArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let now = context.clock.now();
        let file = context.revision(&project, &self.file)?;
        let room = room_for(std::io::stdout());
        match repository::cat(&project, &file, now, room, &mut context.out) {
            Ok(_) => Ok(Outcome::Done),
            Err(RepositoryError::NoPath) => {
                let hint = format!("the file follows a colon: aiut cat {}:PATH", self.file);
                Err(CliError::misuse(format!("{} names no file", self.file)).hint(hint))
            }
            Err(error) => Err(error.into()),
        }
    }
}
