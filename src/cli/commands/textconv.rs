use std::io::{Read, Write};
use std::path::PathBuf;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::workflow::git_tools::as_lines;

/// Print a file of a film as lines that git can compare
///
/// A screenplay a sentence a line, each line of a speech behind its speaker; JSON and TOML a field a
/// line, whatever the layout; pictures, clips and sounds by what is in them; anything else as it is.
/// With these lines in a git repository, `git diff` and `git log -p` show screenplays so:
///
///   echo '*.fountain diff=aiut merge=aiut' >> .gitattributes
///   git config diff.aiut.textconv 'aiut textconv'
///   git config diff.aiut.xfuncname '^## (.*)'
///   git config merge.aiut.driver 'aiut merge-driver %O %A %B %P'
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
#[command(after_help = "\
Examples:
  aiut textconv script.fountain
  aiut textconv shots/012.json | less")]
pub(crate) struct TextconvArgs {
    /// The file; what its name ends in says what it is
    file: PathBuf,
}

impl Run for TextconvArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let path = context.absolute(&self.file);
        let bytes = read(&path)?;
        let viewer = context.loose_viewer();
        match as_lines(&viewer, &path, &bytes) {
            Some(lines) => context.out.write_all(lines.as_bytes())?,
            None => context.out.write_all(&bytes)?,
        }
        Ok(Outcome::Done)
    }
}

/// Most bytes of a file that git hands over to be shown or joined.
const LIMIT_BYTES: u64 = 1 << 30;

/// The bytes of a file, of a size that fits into memory.
pub(super) fn read(path: &std::path::Path) -> Result<Vec<u8>, CliError> {
    let unread = |error: std::io::Error| {
        CliError::new(format!("cannot read {}: {error}", path.display())).because_of(&error)
    };
    // A pipe would be waited for: what it is, is asked first.
    let found = path.metadata().map_err(unread)?;
    if !found.is_file() {
        return Err(CliError::new(format!("{} is no file", path.display())));
    }
    if found.len() > LIMIT_BYTES {
        let message = format!("{} is larger than 1 GiB", path.display());
        return Err(CliError::new(message).hint("name files of text alone in .gitattributes"));
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(unread)?;
    file.take(LIMIT_BYTES).read_to_end(&mut bytes).map_err(unread)?;
    Ok(bytes)
}
