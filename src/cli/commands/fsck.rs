use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::json;
use crate::cli::render;
use crate::history::Project;
use crate::workflow::repository::{FsckRequest, fsck};

/// Check that the project is as it was written, and mend it
///
/// Looks at the structure of all packs, at the journal of where the project stands, and at everything
/// that operations, commits and folders lead to. The index is not looked at: it holds nothing that
/// the packs do not. With --data it reads every byte of every pack as well. What is wrong is
/// named with the pack, the place, the object, and the paths and commits that suffer.
///
/// With --repair it does what it says it would do, and makes a new index in any case: the
/// sound records of a damaged pack into a new one, the damaged pack moved to .aiut/damaged; lost
/// files stored again from the folder where it holds their bytes. Nothing is deleted.
#[derive(Debug, Args)]
#[command(after_help = "\
Exits with 3 if something is wrong, and with --repair if something still is.

Examples:
  aiut fsck
  aiut fsck --data
  aiut fsck --data --repair
  aiut fsck --json")]
pub(crate) struct FsckArgs {
    /// Read every byte of every pack, too
    #[arg(long)]
    data: bool,
    /// Mend what can be mended
    #[arg(long)]
    repair: bool,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for FsckArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        // Not opened: opening would trust what is to be checked.
        let root = Project::root_around(&context.folder)?;
        let request = FsckRequest {
            data: self.data,
            repair: self.repair,
        };
        let progress = context.progress();
        let report = fsck(&root, &context.caller().holder, request, &*progress)?;
        drop(progress);
        if self.json.json {
            json(&mut context.out, &report)?;
        } else {
            render::upkeep::fsck(&mut context.out, &report)?;
        }
        Ok(if report.is_sound() {
            Outcome::Done
        } else {
            Outcome::Found
        })
    }
}
