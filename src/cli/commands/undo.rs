use clap::Args;

/// Take back the last operation
///
/// Refs and files are put back as they were before it: a commit, a switch, a restore, a deleted
/// timeline. Again, and the one before is taken back. `aiut redo` goes the other way.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut undo
  aiut op log")]
pub(crate) struct UndoArgs {}
