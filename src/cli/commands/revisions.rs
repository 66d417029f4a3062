use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::Run;
use crate::base::atomic;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{count, day, json, shown};
use crate::exchange::pages::{Head, html, line, pdf};
use crate::film::pages::{Page, Pages, Paper};
use crate::history::HistoryError;
use crate::object::{Commit, CommitId, RepoPath};
use crate::pipeline::SCRIPT;
use crate::workflow::comparison::{PagesError, Version, revision_pages};

/// Print the pages of the script that a revision changed
///
/// As productions do it: the pages and scenes of FROM keep their numbers. What grows goes on to A and B
/// pages, a scene that was cut stays as OMITTED, each line that changed has an asterisk in the margin, and
/// only pages that changed are printed again, on paper of the colour of the revision: white for the
/// script as it was given out, then blue, pink, yellow, green, goldenrod, buff, salmon, cherry, tan,
/// double white, and so on. The date is that of the commit TO, or today's for the folder.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut revisions white-draft                     the folder against what was given out
  aiut revisions white-draft blue-draft --stat
  aiut revisions white-draft blue-draft --pdf blue.pdf
  aiut revisions blue-draft --paper pink --html pink.html
  aiut revisions HEAD~3 HEAD --all --pdf script.pdf")]
pub(crate) struct RevisionsArgs {
    /// The revision whose pages were given out
    from: String,
    /// The newer one; the folder when none is given
    to: Option<String>,
    /// The colour of this revision
    #[arg(long, value_name = "COLOUR", default_value = "blue")]
    paper: Paper,
    /// The screenplay
    #[arg(long, value_name = "PATH", default_value = SCRIPT)]
    script: String,
    /// Every page, not only those that changed
    #[arg(long)]
    all: bool,
    /// One line a page
    #[arg(long)]
    stat: bool,
    /// Write a web page, which prints a page a sheet
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write a PDF, US letter
    #[arg(long, value_name = "FILE")]
    pdf: Option<PathBuf>,
    #[command(flatten)]
    json: JsonArgs,
}

/// What `revisions --json` prints.
#[derive(Serialize)]
struct Report<'p> {
    from: CommitId,
    /// The newer commit; none for the folder.
    to: Option<CommitId>,
    title: &'p str,
    /// `BLUE REV. 11/21/26`
    revision: String,
    paper: String,
    /// How many pages the script has.
    total: usize,
    /// Those that are printed.
    pages: &'p [&'p Page],
}

impl Run for RevisionsArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let targets = [(&self.html, "html"), (&self.pdf, "pdf")];
        for (path, end) in targets {
            check_name(path.as_deref(), end)?;
        }
        let project = context.project()?;
        let now = context.clock.now();
        let older = project.resolve(&self.from, now)?;
        let newer = self.to.as_ref().map(|to| project.resolve(to, now)).transpose()?;
        let script = context.project_path(project.root(), &self.script)?;
        let version = match &newer {
            Some(found) => Version::Stored(Some(found.tree)),
            None => Version::WorkTree,
        };
        let pages = revision_pages(&project, older.tree, version, &script);
        let pages = pages.map_err(|error| told(error, &script))?;
        let time = match &newer {
            Some(found) => {
                let commit = project.store().get::<Commit>(found.commit);
                commit.map_err(HistoryError::from)?.time
            }
            None => now,
        };
        let head = Head {
            title: pages.title.clone().unwrap_or_default().replace('\n', " "),
            paper: self.paper,
            date: day(time),
        };
        let printed: Vec<&Page> = match self.all {
            true => pages.pages.iter().collect(),
            false => pages.revised().collect(),
        };
        self.write(context, &head, &printed)?;
        if self.json.json {
            let report = Report {
                from: older.commit,
                to: newer.map(|found| found.commit),
                title: &head.title,
                revision: head.revision(),
                paper: self.paper.to_string(),
                total: pages.pages.len(),
                pages: &printed,
            };
            json(&mut context.out, &report)?;
            return Ok(Outcome::Done);
        }
        if self.stat || (self.html.is_none() && self.pdf.is_none()) {
            context.page();
            self.show(context, &head, &printed)?;
        }
        sum(context, &pages)?;
        Ok(Outcome::Done)
    }
}

impl RevisionsArgs {
    /// Writes the files that are asked for.
    fn write(&self, context: &mut Context, head: &Head, pages: &[&Page]) -> Result<(), CliError> {
        if let Some(file) = &self.html {
            let text = html(head, pages.iter().copied());
            self.put(context, file, text.as_bytes(), pages)?;
        }
        let Some(file) = &self.pdf else {
            return Ok(());
        };
        let Some(made) = pdf(head, pages.iter().copied()) else {
            context.warn("no page changed, so no PDF was written; --all prints them all");
            return Ok(());
        };
        if made.unknown > 0 {
            let letters = count(made.unknown, "letter is", "letters are");
            context.warn(&format!(
                "{letters} not in the PDF's Courier and printed as ?; --html has them all"
            ));
        }
        self.put(context, file, &made.bytes, pages)
    }

    fn put(
        &self,
        context: &mut Context,
        file: &Path,
        bytes: &[u8],
        pages: &[&Page],
    ) -> Result<(), CliError> {
        let path = context.absolute(file);
        atomic::write(&path, bytes).map_err(|error| {
            CliError::new(format!("cannot write {}: {error}", path.display())).because_of(&error)
        })?;
        if self.json.json {
            return Ok(());
        }
        let pages = count(pages.len(), "page", "pages");
        let file = file.display().to_string();
        context.say(format_args!("Wrote {pages} into {}", shown(&file)))
    }

    /// The pages as text, or a line each.
    fn show(&self, context: &mut Context, head: &Head, pages: &[&Page]) -> Result<(), CliError> {
        let out = &mut context.out;
        let (title, mark) = (out.palette.title, out.palette.warning);
        for page in pages {
            if self.stat {
                let marks = count(page.marked_rows(), "line marked", "lines marked");
                let scenes = page.rows.iter().filter_map(|row| row.scene.as_deref());
                let scenes: Vec<&str> = scenes.collect();
                let scenes = match scenes.len() {
                    0 => String::new(),
                    1 => format!(", scene {}", scenes[0]),
                    _ => format!(", scenes {}", scenes.join(" ")),
                };
                writeln!(out, "{:>6}  {marks}{scenes}", shown(&page.number))?;
                continue;
            }
            writeln!(out, "{title}       {}{title:#}\n", shown(&head.line(page)))?;
            for row in &page.rows {
                let line = line(row);
                match row.is_marked {
                    true => writeln!(out, "{mark}{}{mark:#}", shown(&line))?,
                    false => writeln!(out, "{}", shown(&line))?,
                }
            }
            writeln!(out)?;
        }
        Ok(())
    }
}

/// `3 of 120 pages changed: 2, 2A, 15`
fn sum(context: &mut Context, pages: &Pages) -> Result<(), CliError> {
    let changed: Vec<&str> = pages.revised().map(|page| page.number.as_str()).collect();
    let total = count(pages.pages.len(), "page", "pages");
    if changed.is_empty() {
        return context.say(format_args!("None of {total} changed."));
    }
    let number = changed.len();
    context.say(format_args!("{number} of {total} changed: {}", changed.join(", ")))
}

/// Refuses a file whose name ends in something else, as that of a script would.
fn check_name(path: Option<&Path>, end: &str) -> Result<(), CliError> {
    let Some(path) = path else {
        return Ok(());
    };
    let extension = path.extension().and_then(|extension| extension.to_str());
    match extension.is_some_and(|extension| extension.eq_ignore_ascii_case(end)) {
        true => Ok(()),
        false => Err(CliError::misuse(format!(
            "--{end} writes a file whose name ends in .{end}, not {}",
            path.display()
        ))),
    }
}

fn told(error: PagesError, script: &RepoPath) -> CliError {
    match error {
        PagesError::History(error) => error.into(),
        error @ PagesError::NoScript { .. } => CliError::of(&error)
            .hint(format!("--script PATH names another screenplay than {script}")),
        error => CliError::of(&error),
    }
}
