use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::Run;
use super::blame::lines;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::difference::{DifferenceArgs, Looks, Told, Versions};
use crate::cli::error::CliError;
use crate::cli::format::JsonList;
use crate::cli::operands::Takes;
use crate::cli::output::Output;
use crate::cli::render;
use crate::history::{Project, parse_since, parse_when};
use crate::object::{CommitId, Timestamp};
use crate::workflow::blame::script_path;
use crate::workflow::comparison::step_of;
use crate::workflow::repository::{
    Followed, Log, LogEntry, LogOptions, LogRequest, Pattern, Scope, log_followed,
};

/// Show the commits of a timeline
///
/// The newest first, with what each generated and what that cost. PATTERN is words or a regular
/// expression, found in any case. MOMENT is `yesterday`, `2 days ago`, `2026-11-20` or
/// `2026-11-20 14:00`. A commit that joins timelines is compared with the first of them. One file is
/// followed through its former names, a scene through its former places.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut log
  aiut log -5 --oneline
  aiut log -p script.fountain
  aiut log --stat --author rae --since yesterday
  aiut log main..what-if
  aiut log --scene 12
  aiut log -S 'Because we are thinking' script.fountain
  aiut log -L 40,60 -p script.fountain
  aiut log --graph --oneline --all")]
pub(crate) struct LogArgs {
    /// Revisions to start from, A..B, A...B, ^A without what A stands on, or -3 for three commits;
    /// then files or folders whose changes count
    #[arg(value_name = "REV|PATH", allow_negative_numbers = true)]
    words: Vec<String>,
    /// Files and folders that could be mistaken for revisions
    #[arg(last = true, value_name = "PATH")]
    paths: Option<Vec<PathBuf>>,
    /// At most so many commits
    #[arg(short = 'n', long, value_name = "COUNT")]
    number: Option<usize>,
    /// Only commits by a person whose name or mail address is like this
    #[arg(long, value_name = "PATTERN", allow_hyphen_values = true)]
    author: Option<String>,
    /// Only commits whose message is like this
    #[arg(long, value_name = "PATTERN", allow_hyphen_values = true)]
    grep: Option<String>,
    /// Only commits made then or later; a day from its beginning
    #[arg(long, visible_alias = "after", value_name = "MOMENT")]
    since: Option<String>,
    /// Only commits made then or earlier; a day to its end
    #[arg(long, visible_alias = "before", value_name = "MOMENT")]
    until: Option<String>,
    /// Only commits that changed this scene of the script, wherever it stood
    #[arg(long, value_name = "SCENE", conflicts_with = "range")]
    scene: Option<String>,
    /// Only commits that changed these lines of the file, 40,60 or 40,+5 or 40, wherever they stood
    #[arg(short = 'L', value_name = "LINES")]
    range: Option<String>,
    /// Only commits in which this text came or went, in just these letters
    #[arg(short = 'S', value_name = "TEXT", allow_hyphen_values = true)]
    text: Option<String>,
    /// From every timeline and tag
    #[arg(long)]
    all: bool,
    /// The oldest first; with -n, of the newest
    #[arg(long, conflicts_with = "graph")]
    reverse: bool,
    /// One line a commit
    #[arg(long)]
    oneline: bool,
    /// Draw how the commits hang together
    #[arg(long)]
    graph: bool,
    #[command(flatten)]
    difference: DifferenceArgs,
    #[command(flatten)]
    json: JsonArgs,
}

/// What `log --json` prints of a commit.
#[derive(Serialize)]
struct LogRow<'e> {
    #[serde(flatten)]
    entry: &'e LogEntry,
    /// How it differs from its first parent, where that is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<Told>,
}

impl LogArgs {
    /// How many commits to show, by `-n` or, as to git, by `-3`; and the other words.
    fn number(&self) -> Result<(Option<usize>, Vec<String>), CliError> {
        let is_number = |word: &&String| {
            let digits = word.strip_prefix('-').filter(|digits| !digits.is_empty());
            digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let (numbers, words): (Vec<_>, Vec<_>) = self.words.iter().partition(is_number);
        let number = match (self.number, numbers.as_slice()) {
            (number, []) => number,
            (None, [number]) => Some(number[1..].parse().map_err(|_| {
                CliError::misuse(format!("{number} is not a number of commits"))
            })?),
            _ => return Err(CliError::misuse("the number of commits is given twice")),
        };
        Ok((number, words.into_iter().cloned().collect()))
    }

    fn followed(&self) -> Result<Option<Followed>, CliError> {
        Ok(match (&self.scene, &self.range) {
            (Some(scene), _) => Some(Followed::Scene(scene.clone())),
            (None, Some(range)) => {
                let lines = lines(range)?;
                Some(Followed::Lines(lines.start() - 1..*lines.end()))
            }
            (None, None) => None,
        })
    }

    fn options(&self, now: Timestamp) -> Result<LogOptions, CliError> {
        let pattern = |option: &str, text: &Option<String>| -> Result<_, CliError> {
            let Some(text) = text else { return Ok(None) };
            let refused = |why| CliError::misuse(format!("{option}: {why}"));
            Ok(Some(Pattern::parse(text).map_err(refused)?))
        };
        type Parse = fn(&str, Timestamp) -> Option<i64>;
        let moment = |option: &str, text: &Option<String>, parse: Parse| {
            let Some(text) = text else { return Ok(None) };
            parse(text, now).map(Some).ok_or_else(|| {
                CliError::misuse(format!("{option}: {text:?} is not a date or a time"))
                    .hint("try `yesterday`, `2 days ago`, `2026-11-20` or `2026-11-20 14:00`")
            })
        };
        Ok(LogOptions {
            author: pattern("--author", &self.author)?,
            message: pattern("--grep", &self.grep)?,
            since: moment("--since", &self.since, parse_since)?,
            until: moment("--until", &self.until, parse_when)?,
            followed: self.followed()?,
            text: self.text.clone().filter(|text| !text.is_empty()),
            everywhere: self.all,
            lines: self.graph,
        })
    }
}

impl Run for LogArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let (number, words) = self.number()?;
        let paths = self.paths.as_deref();
        let operands = context.operands(&project, &words, paths, Takes::Any)?;
        let now = context.clock.now();
        let is_script = self.scene.is_some() && operands.scope.is_all();
        let scope = match is_script {
            true => Scope::of(vec![script_path()]),
            false => operands.scope.clone(),
        };
        let request = LogRequest {
            spans: &operands.spans(),
            scope,
            limit: number.unwrap_or(usize::MAX),
            now,
            options: self.options(now)?,
        };
        let Log { mut entries, names } = log_followed(&project, &request)?;
        if self.reverse {
            entries.reverse();
        }
        // A file is shown under each name that it had.
        let scope = match names.as_slice() {
            [] => request.scope.clone(),
            names => Scope::of(names.to_vec()),
        };
        let looks = Looks::new(context, &project, &scope);
        if self.json.json {
            let mut list = JsonList::default();
            for entry in &entries {
                let difference = match self.difference.any() {
                    true => Some(self.difference.told(&looks, versions(&project, entry.commit.id)?)?),
                    false => None,
                };
                list.item(&mut context.out, &LogRow { entry, difference })?;
            }
            list.end(&mut context.out)?;
            return Ok(Outcome::Done);
        }
        context.page();
        let style = render::log::Looks {
            oneline: self.oneline,
            graph: self.graph,
        };
        let mut below = |out: &mut Output, entry: &LogEntry| {
            let versions = versions(&project, entry.commit.id)?;
            self.difference.write(out, &looks, versions).map(drop)
        };
        let below = self.difference.any().then_some(&mut below as render::log::Below<'_>);
        render::log::entries(&mut context.out, &entries, style, below)?;
        Ok(Outcome::Done)
    }
}

fn versions(project: &Project, commit: CommitId) -> Result<Versions, CliError> {
    let (old, new) = step_of(project, commit)?;
    Ok(Versions { old, new })
}
