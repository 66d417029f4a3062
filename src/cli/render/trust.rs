//! What a project would run.

use std::io::{self, Write};

use crate::cli::format::shown;
use crate::cli::output::Output;
use crate::workflow::film::{TrustReport, TrustRow};

/// Every command, exactly; then whether it may run.
pub(in crate::cli) fn report(out: &mut Output, report: &TrustReport) -> io::Result<()> {
    let root = report.root.display().to_string();
    if report.commands.is_empty() {
        return writeln!(out, "{} runs no commands.", shown(&root));
    }
    writeln!(out, "{} would run:", shown(&root))?;
    for row in &report.commands {
        command(out, row)?;
    }
    let palette = out.palette.clone();
    let (style, said) = if report.trusted {
        (palette.faint, "You agreed to this.")
    } else {
        (palette.warning, "You have not agreed to this yet.")
    };
    writeln!(out, "\n{style}{said}{style:#}")
}

fn command(out: &mut Output, row: &TrustRow) -> io::Result<()> {
    let (title, id) = (out.palette.title, out.palette.id);
    let entry = &row.entry;
    let stage = format!("stage.{}", entry.stage);
    let each = match entry.each {
        "film" => "once".to_owned(),
        each => format!("for each {each}"),
    };
    writeln!(out, "\n{title}{}{title:#}, {each}", shown(&stage))?;
    // As an array, so that it cannot be mistaken where one argument ends.
    let words: Vec<String> = entry
        .command
        .iter()
        .map(|word| format!("{word:?}"))
        .collect();
    let array = format!("[{}]", words.join(", "));
    writeln!(out, "  command      {}", shown(&array))?;
    match (&row.program, entry.command.first()) {
        (Some(program), _) => {
            let program = program.display().to_string();
            writeln!(out, "  program      {}", shown(&program))?;
        }
        (None, Some(name)) if !name.contains('/') => {
            writeln!(out, "  program      {} (not found in PATH)", shown(name))?;
        }
        _ => {}
    }
    for file in &entry.files {
        let path = shown(&file.path);
        match &file.id {
            Some(content) => writeln!(out, "  file         {path} {id}{content}{id:#}")?,
            None => writeln!(out, "  file         {path} (not there)")?,
        }
    }
    if row.refused.is_some() {
        let style = out.palette.warning;
        let said = "never: an argument leads into the project from outside";
        writeln!(out, "  runs         {style}{said}{style:#}")?;
    }
    let memory = match entry.memory {
        Some(mib) => format!("{mib} MiB of memory a process"),
        None => "any amount of memory".to_owned(),
    };
    writeln!(
        out,
        "  limits       {} s, {memory}, an output of {} MiB",
        entry.timeout, entry.size
    )?;
    if !entry.environment.is_empty() {
        let names = entry.environment.join(", ");
        writeln!(
            out,
            "  environment  {} (command.environment)",
            shown(&names)
        )?;
    }
    Ok(())
}
