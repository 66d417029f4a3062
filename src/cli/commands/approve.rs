use std::io::Write;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};
use crate::cli::habits::listed;
use crate::object::RepoPath;
use crate::workflow::film::ApprovalRow;

/// Note that a stage or a file is good as it is, and lock it
///
/// The note says who approved which content, and is void by itself once the content is another one.
/// A stage with `needs_approval` in aiut.toml waits for it. What is locked, and what it was made from,
/// stays as it is on this timeline, whichever command would change it: `aiut commit --branch NAME` and
/// `aiut generate --branch NAME` go on on a new one. `aiut undo` takes back all the same. Approvals stand in approvals.toml, go with the timeline, and merge without conflict.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut approve shots --why \"as discussed on Monday\"
  aiut approve script.fountain
  aiut approve frames --lock
  aiut approve --list
  aiut approve --withdraw frames")]
pub(crate) struct ApproveArgs {
    /// Stages, or files
    #[arg(value_name = "STAGE|PATH", required_unless_present = "list")]
    what: Vec<String>,
    /// Why
    #[arg(short, long, allow_hyphen_values = true, value_name = "TEXT", conflicts_with_all = ["list", "withdraw"])]
    why: Option<String>,
    /// And let nothing change it on this timeline
    #[arg(long, conflicts_with_all = ["list", "withdraw"])]
    lock: bool,
    /// Take the approval back, and the lock with it
    #[arg(long, conflicts_with = "list")]
    withdraw: bool,
    /// List what is approved, and whether that still holds
    #[arg(short, long, conflicts_with = "what")]
    list: bool,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for ApproveArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let mut session = context.film()?;
        if self.list {
            let rows = session.approval_rows()?;
            if self.json.json {
                json(&mut context.out, &rows)?;
                return Ok(Outcome::Done);
            }
            if rows.is_empty() {
                context.say("Nothing is approved.")?;
            }
            return rows.iter().try_for_each(|row| row_of(context, row)).map(|()| Outcome::Done);
        }
        let author = context.author(session.root())?;
        let path = |word: &String| -> Option<RepoPath> {
            context.project_path(session.root(), word).ok()
        };
        let words: Vec<_> = self.what.iter().map(|word| (word.clone(), path(word))).collect();
        let outcome = match self.withdraw {
            true => session.withdraw(&words, &author)?,
            false => {
                let why = self.why.as_deref().unwrap_or_default().trim();
                session.approve(&words, why, self.lock, &author)?
            }
        };
        if self.json.json {
            context.done(&outcome)?;
            return Ok(Outcome::Done);
        }
        for row in &outcome.rows {
            let what = row.what.to_string();
            let what = shown(&what);
            let elsewhere: Vec<_> = row.approval.locked_on.iter().cloned().collect();
            context.say(match (self.withdraw, row.locked) {
                (true, _) if !elsewhere.is_empty() => {
                    let elsewhere = listed(&elsewhere);
                    format!("{} is no longer locked on this timeline; it is on {}", what, shown(&elsewhere))
                }
                (true, _) => format!("The approval of {what} is withdrawn"),
                (false, true) => format!("Approved and locked on this timeline: {what}"),
                (false, false) => format!("Approved: {what}"),
            })?;
        }
        if outcome.commit.is_none() {
            context.say("All of it was so already.")?;
        }
        Ok(Outcome::Done)
    }
}

/// `approved  stage shots  by Ada Moreau, 2026-11-30: as discussed`
fn row_of(context: &mut Context, row: &ApprovalRow) -> Result<(), CliError> {
    let palette = context.out.palette.clone();
    let (style, state) = match (row.valid, row.locked) {
        (true, true) => (palette.added, "locked"),
        (true, false) => (palette.added, "approved"),
        (false, true) => (palette.warning, "locked, void"),
        (false, false) => (palette.warning, "void"),
    };
    let what = row.what.to_string();
    let by = row.approval.by.split(" <").next().unwrap_or_default();
    let day = row.approval.time.split('T').next().unwrap_or_default();
    let why = match row.approval.why.as_str() {
        "" => String::new(),
        why => format!(": {}", shown(why)),
    };
    writeln!(
        context.out,
        "{style}{state:<12}{style:#} {}  by {}, {}{why}",
        shown(&what),
        shown(by),
        shown(day)
    )?;
    Ok(())
}
