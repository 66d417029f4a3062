use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::difference::{DifferenceArgs, Looks, Told, Versions};
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};
use crate::cli::operands::{Operands, Takes};
use crate::cli::render;
use crate::history::{Project, Span};
use crate::object::{CommitId, RepoPath, Timestamp};
use crate::workflow::comparison::step_of;
use crate::workflow::origin::file_history;
use crate::workflow::repository::{self, LogOptions, LogRequest, Scope, ShowReport};

/// Show commits, or a file as it was
///
/// Of a commit: who, when, why, what it generated and at what cost, and how it differs from the
/// one before; with paths, what of it concerns these. Of a file, REV:PATH: which commit wrote it
/// last, and the run that made it. With --json, one object each.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut show
  aiut show HEAD~2 --stat
  aiut show HEAD~2 script.fountain
  aiut show main:frames/012_003.png")]
pub(crate) struct ShowArgs {
    /// Commits, A..B for all between them, or a file in a commit; the current commit when none is
    /// given; then files or folders
    #[arg(value_name = "REV|REV:PATH|PATH")]
    words: Vec<String>,
    /// Files and folders that could be mistaken for revisions
    #[arg(last = true, value_name = "PATH")]
    paths: Option<Vec<PathBuf>>,
    #[command(flatten)]
    difference: DifferenceArgs,
    #[command(flatten)]
    json: JsonArgs,
}

/// What is to be shown.
enum Shown {
    Commit(CommitId),
    File(String, RepoPath),
}

/// What `show --json` prints of a commit.
#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    report: ShowReport,
    /// How it differs from its first parent, where that is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<Told>,
}

impl Run for ShowArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let now = context.clock.now();
        let paths = self.paths.as_deref();
        let operands = context.operands(&project, &self.words, paths, Takes::Each)?;
        let wanted = wanted(&project, &operands, now)?;
        let looks = Looks::new(context, &project, &operands.scope);
        if !self.json.json {
            context.page();
        }
        for (index, one) in wanted.iter().enumerate() {
            if index > 0 && !self.json.json {
                writeln!(context.out)?;
            }
            match one {
                Shown::File(revision, path) => {
                    let file = file_history(&project, revision, path, now)?;
                    match self.json.json {
                        true => json(&mut context.out, &file)?,
                        false => render::log::file(&mut context.out, &file)?,
                    }
                }
                Shown::Commit(commit) => self.commit(context, &looks, *commit)?,
            }
        }
        Ok(Outcome::Done)
    }
}

impl ShowArgs {
    fn commit(
        &self,
        context: &mut Context,
        looks: &Looks<'_>,
        commit: CommitId,
    ) -> Result<(), CliError> {
        let report = repository::show(looks.project, &context.stages(looks.project)?, commit, looks.scope)?;
        let (old, new) = step_of(looks.project, commit)?;
        let versions = Versions { old, new };
        let out = &mut context.out;
        if self.json.json {
            let difference = match self.difference.any() {
                true => Some(self.difference.told(looks, versions)?),
                false => None,
            };
            return Ok(json(out, &Report { report, difference })?);
        }
        render::log::commit(out, &report)?;
        let found = self.difference.write(out, looks, versions)?;
        if found.files == 0 && !looks.scope.is_all() {
            let paths = looks.scope.paths().iter();
            let paths: Vec<String> = paths.map(|path| shown(path.as_str()).to_string()).collect();
            writeln!(out, "It changed nothing in {}", paths.join(", "))?;
        }
        Ok(())
    }
}

/// What the words name, in their order.
fn wanted(
    project: &Project,
    operands: &Operands,
    now: Timestamp,
) -> Result<Vec<Shown>, CliError> {
    let mut wanted = Vec::new();
    let mut spans = Vec::new();
    for (span, found) in operands.found() {
        match (span, found.as_slice()) {
            (Span::At(text), [one]) => wanted.push(match &one.path {
                Some(path) => Shown::File(text.clone(), path.clone()),
                None => Shown::Commit(one.commit),
            }),
            _ => spans.push(span.clone()),
        }
    }
    if !spans.is_empty() {
        let request = LogRequest {
            spans: &spans,
            scope: Scope::all(),
            limit: usize::MAX,
            now,
            options: LogOptions::default(),
        };
        let log = repository::log(project, &request)?.into_iter();
        wanted.extend(log.map(|entry| Shown::Commit(entry.commit.id)));
    } else if wanted.is_empty() {
        wanted.push(Shown::Commit(project.resolve("HEAD", now)?.commit));
    }
    Ok(wanted)
}
