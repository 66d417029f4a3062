use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::Run;
use crate::base::atomic;
use crate::cli::Outcome;
use crate::cli::arguments::{Arguments, ENVIRONMENT, EXIT_CODES, FILES};
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
            context.out.write_all(&page(root, "")?)?;
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
    all.insert(0, (name, page(command, above)?));
    Ok(all)
}

/// One page: what the help says, and what holds for every command.
fn page(command: clap::Command, above: &str) -> Result<Vec<u8>, CliError> {
    let command = command.mut_args(|argument| argument.hide_possible_values(false));
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let (notes, examples) = after.split_once("Examples:\n").unwrap_or((&after, ""));
    let has_commands = command.has_subcommands();
    let mut text = Vec::new();
    let source = concat!("aiut ", env!("CARGO_PKG_VERSION"));
    let page = Man::new(command).source(source).manual("aiut");
    page.render_title(&mut text)?;
    page.render_name_section(&mut text)?;
    page.render_synopsis_section(&mut text)?;
    page.render_description_section(&mut text)?;
    page.render_options_section(&mut text)?;
    if has_commands {
        page.render_subcommands_section(&mut text)?;
    }
    let mut more = Roff::new();
    if !notes.trim().is_empty() {
        more.control("SH", ["NOTES"]);
        more.text([roman(notes.trim().replace('\n', " "))]);
    }
    if !examples.is_empty() {
        more.control("SH", ["EXAMPLES"]);
        more.control("nf", []);
        for line in examples.lines() {
            more.text([roman(line.trim_start())]);
        }
        more.control("fi", []);
    }
    let codes = EXIT_CODES.iter().map(|(code, about)| (code.to_string(), *about));
    list(&mut more, "EXIT STATUS", codes);
    let named = |rows: &'static [(&str, &str)]| rows.iter().map(|(name, about)| ((*name).to_owned(), *about));
    list(&mut more, "ENVIRONMENT", named(ENVIRONMENT));
    list(&mut more, "FILES", named(FILES));
    if !above.is_empty() {
        more.control("SH", ["SEE ALSO"]);
        more.text([bold(above), roman("(1)")]);
    }
    more.to_writer(&mut text)?;
    Ok(text)
}

/// A section of names, each with what it means.
fn list(page: &mut Roff, title: &str, rows: impl Iterator<Item = (String, &'static str)>) {
    page.control("SH", [title]);
    for (name, about) in rows {
        page.control("TP", []);
        page.text([bold(name)]);
        page.text([roman(about)]);
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> CliError {
    CliError::new(format!("cannot write {}: {error}", path.display())).because_of(error)
}
