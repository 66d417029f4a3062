use std::collections::BTreeMap;
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::Path;

use clap::Args;
use serde::Serialize;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::{AllArgs, JsonArgs};
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{count, for_shell, json, shown};
use crate::cli::render::film;
use crate::cli::render::rows::Rows;
use crate::cli::watch::RunWatch;
use crate::object::RepoPath;
use crate::pipeline::State;
use crate::workflow::film::{FilmReport, GenerateOptions, Generated};
use crate::workflow::hooks::Hook;
use crate::workflow::spending::SpendError;

/// Bring a stage, a scene, a path or the whole film up to date
///
/// Makes what is missing or stale, and all that it stands on, and commits the outputs with their
/// provenance. Uncommitted edits are committed first. Results are stored the moment they arrive:
/// after an interruption the next run goes on where this one stopped.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut generate
  aiut generate frames
  aiut generate scene 12
  aiut generate frames scene 12
  aiut generate clips 12-3
  aiut generate clips/012_003.mov
  aiut generate frames/012_003.png --new-take
  aiut generate --dry-run")]
pub(crate) struct GenerateArgs {
    #[command(flatten)]
    targets: TargetArgs,
    /// Only show what would be done
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Items made side by side [default: the number of cores]
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Make a timeline of this name and go on there: for what is locked on this one
    #[arg(long, value_name = "NAME", conflicts_with = "dry_run")]
    branch: Option<String>,
    /// Go on without the hooks pre-generate and post-generate
    #[arg(long)]
    no_verify: bool,
    /// Do not ask, whatever it costs and takes away
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    all: AllArgs,
    #[command(flatten)]
    json: JsonArgs,
}

/// What to bring up to date: the words of `plan` and `generate`.
#[derive(Debug, Args)]
pub(crate) struct TargetArgs {
    /// A stage, `scene 12`, a shot (12-3), both (`frames 12-3`), a character, a place, or a path;
    /// nothing for the whole film
    what: Vec<String>,
    /// Make another take of what is named, even if it is up to date
    #[arg(long, requires = "what")]
    new_take: bool,
    /// Make again what only the generator's version made old
    #[arg(long)]
    outdated: bool,
}

/// The plan and what came of it; of a dry run, nothing did.
#[derive(Serialize)]
struct Answer<'a> {
    plan: &'a FilmReport,
    #[serde(flatten)]
    done: &'a Generated,
}

/// What the hook reads before a run.
#[derive(Serialize)]
struct BeforeGenerate<'r> {
    /// Outputs with something to do.
    outputs: usize,
    /// What that may cost, in millionths of a US dollar.
    price_micro_usd: u64,
    /// Runs of which nobody knows what they cost.
    unknown_cost_runs: usize,
    /// As `aiut generate --dry-run --json` prints it.
    plan: &'r FilmReport,
}

/// And after one.
#[derive(Serialize)]
struct AfterGenerate<'r> {
    /// Outputs that were written.
    written: usize,
    /// Those that were not made.
    failed: usize,
    /// Whether somebody stopped it.
    cancelled: bool,
    /// What came of it, as `aiut generate --json` prints it.
    done: &'r Generated,
}

impl TargetArgs {
    /// What they ask for, in the project with this folder.
    pub(super) fn options(
        &self,
        context: &Context,
        root: &Path,
    ) -> Result<GenerateOptions, CliError> {
        Ok(GenerateOptions {
            targets: context.targets(root, &self.what)?,
            new_take: self.new_take,
            outdated: self.outdated,
            jobs: None,
            whatever_it_costs: false,
        })
    }

    /// `aiut generate` with the same words, for a shell.
    fn command(&self) -> String {
        let mut words = vec!["aiut".to_owned(), "generate".to_owned()];
        words.extend(self.what.iter().map(|word| for_shell(word)));
        let flags = [(self.new_take, "--new-take"), (self.outdated, "--outdated")];
        let flags = flags.iter().filter(|(given, _)| *given);
        words.extend(flags.map(|(_, flag)| (*flag).to_owned()));
        words.join(" ")
    }
}

impl Run for GenerateArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        if let Some(name) = &self.branch {
            let project = context.project()?;
            context.branch_off(&project, name)?;
        }
        let mut session = context.film()?;
        let options = GenerateOptions {
            jobs: self.jobs,
            whatever_it_costs: self.yes,
            ..self.targets.options(context, session.root())?
        };
        let report = session.generate_report(&options)?;
        if self.dry_run || !report.needs_work() {
            if self.json.json {
                let done = Generated::default();
                json(&mut context.out, &Answer { plan: &report, done: &done })?;
            } else if report.needs_work() {
                film::plan(&mut context.out, &report, self.all.rows())?;
                film::remarks(&mut context.out, &report, self.all.rows())?;
            } else {
                context.say("Nothing to do: everything is up to date.")?;
                film::remarks(&mut context.out, &report, self.all.rows())?;
            }
            return Ok(Outcome::Done);
        }
        let on_a_branch = |error| CliError::from(error).or_on_a_branch("aiut generate");
        session.check_runs_under_locks(&report).map_err(on_a_branch)?;
        if let Some(refused) = session.afford(report.expense)? {
            let command = self.targets.command();
            return Err(CliError::new(format!("nothing was made: {refused}"))
                .hints(SpendError::from(refused).hint())
                .hint(format!("{command} --dry-run   shows the plan; name a part of it to make less")));
        }
        if !self.json.json {
            context.say(format_args!("Making {}.", film::effort(&report)))?;
        }
        if !self.no_verify {
            context.hook_before(session.project(), Hook::PreGenerate, || {
                Ok(Some(BeforeGenerate {
                    outputs: report.items.len(),
                    price_micro_usd: report.expense.price_micro_usd,
                    unknown_cost_runs: report.expense.unknown_cost_runs,
                    plan: &report,
                }))
            })?;
        }
        self.confirm(context, &report)?;
        let cancel = context.interrupts();
        let author = context.author(session.root())?;
        let watch = RunWatch::new(context, !self.json.json);
        let done = session.generate(&options, &report, &author, &watch, &cancel);
        let closed = watch.close();
        let done = done.map_err(on_a_branch)?;
        closed?;
        if self.json.json {
            json(&mut context.out, &Answer { plan: &report, done: &done })?;
        } else {
            print(context, &done, self.all.rows())?;
            film::remarks(&mut context.out, &report, self.all.rows())?;
            stays(context, &report, self.all.rows())?;
        }
        if !self.no_verify {
            context.hook_after(session.project(), Hook::PostGenerate, || AfterGenerate {
                written: done.written,
                failed: done.failed.len(),
                cancelled: done.cancelled,
                done: &done,
            });
        }
        if done.failed.is_empty() && done.waiting.is_empty() && !done.cancelled {
            return Ok(Outcome::Done);
        }
        Err(failure(&done, &self.targets.command(), self.all.rows()))
    }
}

impl GenerateArgs {
    /// Shows the plan and asks before money is spent, for all that is known, or outputs are taken
    /// away. Without a terminal no money is spent; what is taken away is listed, and stays in the
    /// history.
    fn confirm(&self, context: &mut Context, report: &FilmReport) -> Result<(), CliError> {
        let (is_free, removals) = (report.expense.is_free(), report.removals());
        if is_free && removals == 0 {
            return Ok(());
        }
        // Who reads JSON sees no plan before the question, and is not asked.
        let can_ask = context.can_ask() && !self.json.json;
        let asks = !self.yes && (!is_free || can_ask);
        if !self.json.json && (asks || !context.is_quiet()) {
            film::plan(&mut context.out, report, self.all.rows())?;
            context.out.flush()?;
        }
        if self.yes || (is_free && !can_ask) {
            return Ok(());
        }
        let mut what = report.expense.told();
        if removals > 0 {
            what.push(format!("takes {} away", count(removals, "output", "outputs")));
        }
        let what = what.join(" and ");
        if can_ask && context.ask(&format!("This {what}. Go on?"))? {
            return Ok(());
        }
        let command = self.targets.command();
        let price = report.of_unknown_cost().next().map(|row| {
            format!(
                "aiut config stage.{}.price '{{ per = \"item\", usd = 0 }}'   says that it costs \
                 nothing, or what it costs",
                row.stage
            )
        });
        Err(CliError::new(format!("nothing was made: this {what}"))
            .hint(format!("{command} --yes   goes on without asking"))
            .hints(price))
    }
}

/// So many remarks of one kind are told.
const MOST_NOTES: usize = 10;

fn print(context: &mut Context, done: &Generated, rows: Rows) -> Result<(), CliError> {
    let rows = rows.most(MOST_NOTES);
    let palette = context.out.palette.clone();
    let out = &mut context.out;
    let told = |notes: &[String]| -> Vec<String> {
        notes.iter().map(|note| shown(note).to_string()).collect()
    };
    if !context.quiet {
        let named = |word: &str, paths: &[RepoPath]| -> Vec<String> {
            paths.iter().map(|path| format!("{word}: {path}")).collect()
        };
        let takes = |path: &RepoPath| {
            format!("yours stays, the new one is a take beside it: {path} (`aiut takes {path}` lists it, `aiut pick {path} TAKE` takes it)")
        };
        let lists = [
            named("merged with your edit", &done.merged),
            done.conflicts.iter().map(|kept| format!("your edit was kept: {kept}")).collect(),
            named("changed meanwhile, the new one is a take", &done.kept_edits),
            done.takes.iter().map(takes).collect(),
        ];
        for list in lists {
            rows.write(out, &told(&list), ("such output", "such outputs"), |out, note| {
                writeln!(out, "{note}")
            })?;
        }
        let warning = palette.warning;
        rows.write(out, &done.remarks, ("remark", "remarks"), |out, one| {
            let (path, remark) = (shown(one.path.as_str()), shown(&one.remark));
            writeln!(out, "{warning}{path}{warning:#}: {remark}")
        })?;
    }
    if let Some(commit) = &done.commit {
        let id = palette.id;
        let what = count(done.written, "output", "outputs");
        context.say(format_args!(
            "Committed {what}: {id}{}{id:#}",
            commit.short()
        ))?;
    } else if !done.takes.is_empty() || !done.kept_edits.is_empty() {
        let takes = count(done.takes.len() + done.kept_edits.len(), "take", "takes");
        context.say(format_args!("Made {takes}; the files stay as they were."))?;
    } else if done.failed.is_empty() && done.waiting.is_empty() {
        context.say("Nothing changed.")?;
    }
    Ok(())
}

/// Says which files of people's own are older than what they stand on, and what to do about it.
fn stays(context: &mut Context, report: &FilmReport, rows: Rows) -> Result<(), CliError> {
    let own = report.items.iter().filter(|item| item.edited && item.action == "keep");
    let own: Vec<_> = own.filter(|item| item.state == State::Stale).collect();
    if context.quiet {
        return Ok(());
    }
    rows.most(MOST_NOTES).write(&mut context.out, &own, ("such file", "such files"), |out, item| {
        let path = shown(item.path.as_str());
        writeln!(
            out,
            "yours stays: {path} (`aiut takes {path}` lists the others, `aiut accept {path} --why REASON` keeps yours)"
        )
    })?;
    Ok(())
}

fn failure(done: &Generated, command: &str, rows: Rows) -> CliError {
    let rows = rows.most(MOST_NOTES);
    // Many outputs fail for one reason: a missing program, a broken file.
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for failed in &done.failed {
        reasons.entry(&failed.reason).or_default().push(failed.path.as_str());
    }
    let mut message = match done.cancelled {
        true => {
            let kept = done.written + done.takes.len();
            format!("Interrupted, {kept} kept.")
        }
        false => String::new(),
    };
    let number = done.failed.len();
    if number > 0 {
        let start = if message.is_empty() { "" } else { "\n" };
        message += &format!("{start}{} not made:", count(number, "output was", "outputs were"));
    }
    let all = reasons.len();
    for (reason, paths) in reasons.into_iter().take(rows.take(all)) {
        let more = match paths.len() {
            1 => String::new(),
            many => format!(" and {} more", many - 1),
        };
        // What is wrong with a file itself names it already.
        let own = reason.strip_prefix(&format!("{}: ", paths[0]));
        let reason = own.filter(|_| paths.len() == 1).unwrap_or(reason);
        message += &format!("\n{}{more}: {reason}", paths[0]);
    }
    if let Some(rest) = rows.rest(all, "reason", "reasons") {
        message += &format!("\n{rest}");
    }
    let failed = done.failed.iter().chain(&done.waiting);
    let because = |error: CliError| failed.fold(error, |error, failed| error.because_of(&*failed.error));
    if done.cancelled {
        // What waits goes on with the rest.
        return because(CliError::interrupted(message))
            .hint(format!("{command}   goes on where it stopped"));
    }
    if let Some(first) = done.waiting.first() {
        let waiting = count(done.waiting.len(), "output waits", "outputs wait");
        message += &match number {
            0 => format!("{waiting} for others: {}: {}", first.path, first.reason),
            _ => format!("\n{waiting} for these"),
        };
    }
    because(CliError::unfinished(message)).hint(format!("{command}   tries again what failed"))
}
