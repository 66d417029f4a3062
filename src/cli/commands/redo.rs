use clap::Args;

/// Take back the last undo
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut redo")]
pub(crate) struct RedoArgs {}
