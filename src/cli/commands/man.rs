use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory};
use clap_mangen::Man;

use super::Run;
use crate::base::atomic;
use crate::cli::Outcome;
use crate::cli::arguments::Arguments;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::count;

/// Print the manual page, or write one page a command
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut man | man -l -
  aiut man ~/.local/share/man/man1")]
pub(crate) struct ManArgs {
    /// Folder to write all pages into
    dir: Option<PathBuf>,
}

impl Run for ManArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let mut root = Arguments::command().disable_help_flag(true);
        root.build();
        let Some(dir) = &self.dir else {
            context.out.write_all(&page(root)?)?;
            return Ok(Outcome::Done);
        };
        let folder = context.absolute(dir);
        std::fs::create_dir_all(&folder).map_err(|error| unwritable(&folder, &error))?;
        let pages = pages(root, "")?;
        for (name, text) in &pages {
            let path = folder.join(format!("{name}.1"));
            atomic::write(&path, text).map_err(|error| unwritable(&path, &error))?;
        }
        let written = count(pages.len(), "page", "pages");
        context.say(format!("Wrote {written} into {}", dir.display()))?;
        Ok(Outcome::Done)
    }
}

/// The pages of a command and of those beneath it, by name: `aiut`, `aiut-op`, `aiut-op-log`.
fn pages(command: clap::Command, above: &str) -> Result<Vec<(String, Vec<u8>)>, CliError> {
    let name = match above {
        "" => command.get_name().to_owned(),
        above => format!("{above}-{}", command.get_name()),
    };
    let mut all = Vec::new();
    for inner in command.get_subcommands() {
        all.extend(pages(inner.clone(), &name)?);
    }
    all.insert(0, (name, page(command)?));
    Ok(all)
}

fn page(command: clap::Command) -> Result<Vec<u8>, CliError> {
    let mut text = Vec::new();
    let source = concat!("aiut ", env!("CARGO_PKG_VERSION"));
    Man::new(command)
        .source(source)
        .manual("aiut")
        .render(&mut text)?;
    Ok(text)
}

fn unwritable(path: &Path, error: &std::io::Error) -> CliError {
    CliError::new(format!("cannot write {}: {error}", path.display()))
}
