use std::io::Write;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};
use crate::cli::render;
use crate::history::Project;
use crate::workflow::repository::{
    self, RepositoryError, TimelineReport, create_timeline, current, delete_timelines, remote_timelines, rename_timeline, timelines,
};
use crate::workflow::sharing;

/// List, make, rename or delete timelines
///
/// A timeline is a named line of commits: a way the story could go. `aiut switch` moves to one. What
/// would be lost with a timeline is told before it is deleted: commits, scenes, takes and what they cost.
/// `aiut undo` brings it back.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut branch
  aiut branch what-if
  aiut branch what-if main~3
  aiut branch -m what-if rae-stays
  aiut branch -m rae-leaves       # the current one
  aiut branch -d rae-stays
  aiut branch -D what-if happy-ending
  aiut branch -u origin/main
  aiut branch -a                  # with origin/main and the like")]
pub(crate) struct BranchArgs {
    /// The new timeline
    name: Option<String>,
    /// Where it begins; the current commit when not given
    start: Option<String>,
    /// Delete timelines
    #[arg(short, long, value_name = "NAME", num_args = 1.., conflicts_with_all = ["name", "rename"])]
    delete: Vec<String>,
    /// Delete timelines even when their commits are on no other
    #[arg(short = 'D', value_name = "NAME", num_args = 1.., conflicts_with_all = ["name", "rename", "delete"])]
    delete_anyway: Vec<String>,
    /// Rename a timeline; the current one where only its new name is given
    #[arg(short = 'm', long = "move", value_names = ["OLD", "NEW"], num_args = 1..=2, conflicts_with = "name")]
    rename: Option<Vec<String>>,
    /// With -d, delete even what is on no other timeline
    #[arg(short, long, requires = "delete")]
    force: bool,
    /// Let a timeline, the current one when none is named, follow one of a remote: REMOTE/NAME
    #[arg(short = 'u', long, value_name = "UPSTREAM", conflicts_with_all = ["rename", "delete", "delete_anyway", "start"])]
    set_upstream_to: Option<String>,
    /// Let it follow nothing any more
    #[arg(long, conflicts_with_all = ["rename", "delete", "delete_anyway", "start", "set_upstream_to"])]
    unset_upstream: bool,
    /// List with the author and the time of each last commit, and what it follows
    #[arg(short, long, conflicts_with_all = ["name", "rename", "delete", "delete_anyway"])]
    verbose: bool,
    /// List the timelines of remotes, as they were seen last
    #[arg(short, long, conflicts_with_all = ["name", "rename", "delete", "delete_anyway"])]
    remotes: bool,
    /// List those of remotes, too
    #[arg(short, long, conflicts_with_all = ["name", "rename", "delete", "delete_anyway"])]
    all: bool,
    /// Print the name of the current timeline; nothing if the project stands on none
    #[arg(long, conflicts_with_all = ["name", "rename", "delete", "delete_anyway", "verbose"])]
    show_current: bool,
    #[command(flatten)]
    json: JsonArgs,
}

impl BranchArgs {
    fn follow(&self, context: &mut Context, project: &Project) -> Result<Outcome, CliError> {
        let upstream = self.set_upstream_to.as_deref();
        let report = sharing::follow(project, self.name.as_deref(), upstream)?;
        if self.json.json {
            json(&mut context.out, &report)?;
            return Ok(Outcome::Done);
        }
        let name = shown(&report.timeline);
        match &report.follows {
            Some(follows) => context.say(format_args!("{name} follows {}", shown(follows)))?,
            None => context.say(format_args!("{name} follows nothing any more"))?,
        }
        Ok(Outcome::Done)
    }
}

impl Run for BranchArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let caller = context.caller();
        let is_json = self.json.json;
        if self.unset_upstream || self.set_upstream_to.is_some() {
            return self.follow(context, &project);
        }
        let names = [&self.delete[..], &self.delete_anyway].concat();
        if !names.is_empty() {
            let force = self.force || !self.delete_anyway.is_empty();
            let mut outcome = delete_timelines(&project, &caller, &names, force);
            if let Err(error @ RepositoryError::NotMerged { .. }) = &outcome
                && context.can_ask()
            {
                let question = format!("{error}.\nDelete it all the same?");
                if context.ask(&shown(&question).to_string())? {
                    outcome = delete_timelines(&project, &caller, &names, true);
                }
            }
            let outcome = outcome?;
            for TimelineReport { name, .. } in &outcome.deleted {
                sharing::renamed(&project, name, None)?;
            }
            if is_json {
                context.done(&outcome)?;
                return Ok(Outcome::Done);
            }
            for TimelineReport { name, commit, .. } in &outcome.deleted {
                let (name, stood) = (shown(name), commit.id.short());
                context.say(format_args!("Deleted timeline {name}; it stood at {stood}"))?;
            }
        } else if let Some([old @ .., new]) = self.rename.as_deref() {
            let here = current(&project)?.timeline;
            let Some(old) = old.first().or(here.as_ref()) else {
                return Err(CliError::new("no timeline is current: say which gets another name")
                    .hint(format!("aiut branch -m OLD {new}")));
            };
            let outcome = rename_timeline(&project, &caller, old, new)?;
            sharing::renamed(&project, old, Some(new))?;
            match is_json {
                true => context.done(&outcome)?,
                false => {
                    let (old, new) = (shown(old), shown(new));
                    context.say(format_args!("Timeline {old} is now called {new}"))?;
                }
            }
        } else if let Some(name) = &self.name {
            let start = self.start.as_deref().unwrap_or("HEAD");
            let outcome = create_timeline(&project, &caller, name, start)?;
            let (stands, name) = (outcome.commit.id.short(), shown(name));
            match is_json {
                true => context.done(&outcome)?,
                false => context.say(format_args!(
                    "Made timeline {name} at {stands}; `aiut switch {name}` moves there"
                ))?,
            }
        } else if self.show_current {
            let head = repository::current(&project)?;
            match (is_json, &head.timeline) {
                (true, _) => json(&mut context.out, &head)?,
                (_, Some(name)) => writeln!(context.out, "{}", shown(name))?,
                (_, None) => {}
            }
        } else {
            let mut timelines = match self.remotes {
                true => Vec::new(),
                false => timelines(&project)?,
            };
            if self.remotes || self.all {
                timelines.extend(remote_timelines(&project)?);
            }
            match is_json {
                true => json(&mut context.out, &timelines)?,
                false => {
                    let follows = match self.verbose {
                        true => sharing::upstreams(&project)?,
                        false => Vec::new(),
                    };
                    let more = self.verbose.then_some(&*follows);
                    render::listing::timelines(&mut context.out, &timelines, more)?;
                }
            }
        }
        Ok(Outcome::Done)
    }
}
