use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::json;
use crate::cli::render;
use crate::workflow::search::{SearchRequest, search};

/// Find files by words, path, kind or tag
///
/// Each word has to stand in a line of a text, or in its path, in capitals or not. Looks through
/// the current commit; what is not committed is not found. Comments with which aiut explains new
/// files, such as drafts of the bible, are not looked through.
#[derive(Debug, Args)]
#[command(after_help = "\
Kinds: script, outline, bible, scene, shot-list, look, prompt, image, clip, sound, settings, text,
other, or the name of a stage.

Examples:
  aiut search red coat
  aiut search kettle --kind prompt --all
  aiut search --path 'frames/012*.png' --tag 'cut-*'")]
pub(crate) struct SearchArgs {
    /// What to look for
    #[arg(required_unless_present_any = ["path", "kind", "tag"])]
    words: Vec<String>,
    /// Only at paths like this; without a slash, files of such a name anywhere; ./ and ../ are taken
    /// from this folder
    #[arg(long, value_name = "GLOB")]
    path: Option<String>,
    /// Only files of this kind, or made by this stage
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Look through the commits with this tag, or with tags like this
    #[arg(long, value_name = "TAG", conflicts_with = "all")]
    tag: Option<String>,
    /// Look through every timeline and the whole history
    #[arg(long)]
    all: bool,
    /// At most so many answers
    #[arg(short = 'n', long, value_name = "NUMBER", default_value_t = 1000)]
    limit: usize,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for SearchArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let path = self.path.as_deref();
        let path = path.map(|path| context.path_pattern(project.root(), path));
        let path = path.transpose()?;
        let request = SearchRequest {
            words: &self.words,
            path: path.as_deref(),
            kind: self.kind.as_deref(),
            tag: self.tag.as_deref(),
            everywhere: self.all,
            limit: self.limit,
        };
        let report = search(&project, &context.stages(&project)?, &request)?;
        for path in &report.too_large {
            context.warn(&format!("{path} is too large to be looked into"));
        }
        if self.json.json {
            json(&mut context.out, &report)?;
            return Ok(Outcome::Done);
        }
        context.page();
        render::listing::hits(&mut context.out, &report, self.all || self.tag.is_some())?;
        if report.more {
            context.warn("there is more; -n NUMBER shows it");
        }
        Ok(Outcome::Done)
    }
}
