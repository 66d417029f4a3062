use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::{AllArgs, JsonArgs};
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};
use crate::cli::render;
use crate::workflow::film::{Standing, standing};
use crate::workflow::repository::{self, StatusReport};
use crate::workflow::settings::{PROJECT_FILE, Position, ProjectConfig, SettingsError};
use crate::workflow::sharing::{self, UpstreamReport};

/// Show what changed since the last commit
///
/// Also what aiut does not keep: symlinks, names that some systems cannot store, files that
/// cannot be read; how many outputs are out of date, as far as that was found out since; and
/// whether `aiut.toml` can be read. Where many files of a folder changed, the folder is listed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut status
  aiut status bible
  aiut status --all       every file, however many
  aiut status --json")]
pub(crate) struct StatusArgs {
    /// Only these files and folders
    paths: Vec<PathBuf>,
    #[command(flatten)]
    all: AllArgs,
    #[command(flatten)]
    json: JsonArgs,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    report: StatusReport,
    /// What the current timeline follows; none where it follows nothing.
    upstream: Option<UpstreamReport>,
    /// How the film stands; none where nobody asked yet.
    film: Option<Standing>,
    /// Why `aiut.toml` cannot be read.
    settings: Option<Malformed>,
    /// Commands of the project that may not run, each with the reason.
    untrusted: Vec<String>,
}

/// What is wrong with `aiut.toml`, and where.
#[derive(Serialize)]
struct Malformed {
    message: String,
    #[serde(flatten)]
    position: Option<Position>,
    hint: Option<String>,
}

impl Malformed {
    fn in_conflict() -> Self {
        Self {
            message: "it is in conflict".to_owned(),
            position: None,
            hint: Some(format!("`aiut resolve {PROJECT_FILE}` shows both versions")),
        }
    }

    /// The system's refusal to read the file is an error of the command.
    fn of(error: SettingsError) -> Result<Self, CliError> {
        if error.is_refusal() {
            return Err(error.into());
        }
        Ok(Self {
            message: error.reason(),
            position: error.position(),
            hint: error.hint(),
        })
    }
}

impl Run for StatusArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let scope = context.scope(&project, &self.paths)?;
        let (report, edits) = repository::status_with_edits(&project, &scope)?;
        let config = ProjectConfig::load(&project.root().join(PROJECT_FILE));
        let mut open = report.conflicts.iter();
        let standing = match config {
            // One version stands for both, and nothing is planned by it.
            _ if open.any(|open| open.path.as_str() == PROJECT_FILE) => Ok(Err(Malformed::in_conflict())),
            Ok(config) => standing(&project, &config, edits.as_ref()).map(Ok),
            Err(error) => Err(error),
        };
        let (film, settings) = match standing {
            // Of some of the files it would say too much.
            Ok(Ok(film)) => (film.filter(|_| scope.is_all()), None),
            Ok(Err(in_conflict)) => (None, Some(in_conflict)),
            Err(error) => (None, Some(Malformed::of(error)?)),
        };
        let untrusted = context.untrusted(project.root())?;
        let end = match report.conflicts.is_empty() {
            true => Outcome::Done,
            false => Outcome::Found,
        };
        let timeline = report.head.timeline.as_deref();
        let upstream = timeline.map(|name| sharing::upstream(&project, name));
        let upstream = upstream.transpose()?.flatten();
        if self.json.json {
            let answer = Answer { report, upstream, film, settings, untrusted };
            json(&mut context.out, &answer)?;
            return Ok(end);
        }
        render::status::report(&mut context.out, &report, self.all.rows())?;
        if let Some(upstream) = upstream {
            render::sharing::upstream(&mut context.out, &upstream)?;
        }
        if let Some(film) = film {
            render::status::film(&mut context.out, &film)?;
        }
        if let Some(wrong) = settings {
            let at = wrong.position.map_or(String::new(), |at| format!(", {at}"));
            let style = context.out.palette.error;
            let message = shown(&wrong.message);
            writeln!(context.out, "{style}{PROJECT_FILE} cannot be read{style:#}{at}: {message}")?;
            if let Some(hint) = wrong.hint {
                writeln!(context.out, "  {}", shown(&hint))?;
            }
        }
        for line in untrusted {
            writeln!(context.out, "{}", shown(&line))?;
        }
        Ok(end)
    }
}
