use std::io::Write;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};
use crate::history::Project;
use crate::media::tools::Tools;
use crate::workflow::doctor::{State, examine_all};
use crate::workflow::settings::{GitFiles, resolve_identity};

/// Check programs, file system and project
///
/// Says which programs are there and what does not work without the others, who commits, what the
/// folder lies on, and how the project is. Works outside a project, too. Exit code 3 when something
/// needs attention, 0 otherwise.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut doctor
  aiut doctor --json")]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for DoctorArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = Project::discover(&context.folder);
        let root = project
            .as_ref()
            .map_or(context.folder.as_path(), Project::root);
        let search = context.surroundings.path("PATH").unwrap_or_default();
        let tools = Tools::find(search.as_os_str(), root);
        let variable = |name: &str| context.surroundings.variable(name);
        let git = GitFiles::find(&variable, root);
        let author = resolve_identity(&variable, &context.user, &git);
        let diagnosis = examine_all(&tools, &author, &project, context.clock.now());
        if self.json.json {
            json(&mut context.out, &diagnosis)?;
        } else {
            let (good, bad) = (context.out.palette.added, context.out.palette.removed);
            writeln!(context.out, "aiut {}", diagnosis.version)?;
            for finding in &diagnosis.findings {
                let (style, mark) = match finding.state {
                    State::Good => (good, "ok"),
                    State::Note => (good, "--"),
                    State::Attention => (bad, "!!"),
                };
                let (subject, found) = (finding.subject, shown(&finding.found));
                writeln!(context.out, "{style}{mark}{style:#} {subject}: {found}")?;
                if let Some(advice) = &finding.advice {
                    writeln!(context.out, "   {}", shown(advice))?;
                }
            }
        }
        Ok(if diagnosis.needs_attention() {
            Outcome::Found
        } else {
            Outcome::Done
        })
    }
}
