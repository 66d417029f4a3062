use std::path::PathBuf;

use clap::Args;

use super::Run;
use super::textconv::read;
use crate::base::atomic;
use crate::cli::Outcome;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{count, shown};
use crate::workflow::git_tools::join;

/// Join two versions of a file, for git
///
/// git calls it, as `aiut help textconv` says how. A screenplay is joined by scene, paragraph and
/// sentence, JSON by field, other text by line. The result takes the place of OURS; exit code 3 says
/// that something collides: in a screenplay both versions stand between notes, `[[conflict 1: ours]]`,
/// in other text between git's own marks.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  git config merge.aiut.driver 'aiut merge-driver %O %A %B %P'
  aiut merge-driver base.fountain mine.fountain theirs.fountain script.fountain")]
pub(crate) struct MergeDriverArgs {
    /// The version that both grew out of
    base: PathBuf,
    /// Ours; the result is written here
    ours: PathBuf,
    /// Theirs
    theirs: PathBuf,
    /// Where the file lies in the repository: what it is follows from its name
    path: String,
}

impl Run for MergeDriverArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let target = context.absolute(&self.ours);
        let ours = read(&target)?;
        let [base, theirs] = [&self.base, &self.theirs].map(|path| read(&context.absolute(path)));
        let joined = join(&self.path, &base?, &ours, &theirs?);
        if joined.bytes != ours {
            let unwritten = |error: std::io::Error| {
                let message = format!("cannot write {}: {error}", target.display());
                CliError::new(message).because_of(&error)
            };
            atomic::write(&target, &joined.bytes).map_err(unwritten)?;
        }
        if joined.places == 0 {
            return Ok(Outcome::Done);
        }
        let places = count(joined.places, "place collides", "places collide");
        context.warn(&format!("{places} in {}", shown(&self.path)));
        Ok(Outcome::Found)
    }
}
