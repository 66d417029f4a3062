//! What was committed.

use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::shown;
use crate::cli::render::status;
use crate::object::{TAGS, TIMELINES};
use crate::workflow::repository::CommitOutcome;

/// Tells of a new commit, or that there is none.
pub(in crate::cli) fn told(context: &mut Context, outcome: &CommitOutcome) -> Result<(), CliError> {
    let Some(commit) = &outcome.commit else {
        return context.say("Nothing to commit");
    };
    let (id, place) = (context.out.palette.id, outcome.head.describe());
    let (short, subject) = (commit.id.short(), shown(&commit.subject));
    context.say(format_args!("{id}{short}{id:#} {subject}"))?;
    let sum = match outcome.changes.is_empty() {
        true => "No file changed".to_owned(),
        false => status::sum(&outcome.changes),
    };
    let Some(amended) = outcome.amended else {
        return context.say(format_args!("{sum}, on {}", shown(&place)));
    };
    let former = amended.short();
    context.say(format_args!(
        "{sum}, on {}, in the place of {id}{former}{id:#}",
        shown(&place)
    ))?;
    if !outcome.kept_by.is_empty() {
        let names = outcome.kept_by.iter().map(|full| {
            match (full.strip_prefix(TIMELINES), full.strip_prefix(TAGS)) {
                (Some(name), _) => format!("timeline {name}"),
                (_, Some(name)) => format!("tag {name}"),
                _ => full.clone(),
            }
        });
        let mut names: Vec<String> = names.collect();
        // Timelines before tags.
        names.sort_by_key(|name| name.starts_with("tag "));
        let word = if names.len() == 1 { "holds" } else { "hold" };
        let names = match names.as_slice() {
            [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => names.concat(),
        };
        context.say(format_args!(
            "{} still {word} {id}{former}{id:#}",
            shown(&names)
        ))?;
    }
    Ok(())
}
