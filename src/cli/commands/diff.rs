use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::Run;
use crate::base::atomic;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::difference::{
    CONTEXT, DifferenceArgs, Looks, Subject, Told, Versions, names, sights,
};
use crate::diff::Side;
use crate::cli::error::CliError;
use crate::cli::format::{count, json, shown};
use crate::cli::operands::Takes;
use crate::cli::render;
use crate::cli::screen::Wish;
use crate::history::{Resolved, entry_at};
use crate::object::CommitId;
use crate::workflow::comparison::{LooseFiles, Version, head_tree, side_at};
use crate::workflow::film::compare_timelines;
use crate::workflow::repository::Scope;

/// Show how two versions differ
///
/// With no revision, the folder is compared with the last commit; with one, the folder with that;
/// with two, or A..B, the first with the second; A...B compares B with where the two part. Text is shown by line, with the words that changed marked
/// in colour; images, clips and sounds by size, length, resolution and codec, and stills also by
/// how far apart they look. --story tells it in the words of film: scenes cut, added, moved, split,
/// with the words and speakers that changed; shots with their fields, old and new, and what that does
/// to the length; JSON and TOML by field, whatever the layout. --no-project compares two files that
/// need lie in no project, --takes two takes of an output. --out writes an image of each picture, clip
/// and sound that changed: before, after and difference side by side, matching moments, waveforms;
/// --open shows them. --timelines sums up two timelines: stories, states of stages, cost. Into a pipe or a file it writes what `git apply` takes. With --quiet the
/// exit code alone tells, as with --exit-code: 3 if anything differs.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut diff
  aiut diff script.fountain
  aiut diff HEAD~2 --stat
  aiut diff --word-diff
  aiut diff --story main what-if
  aiut diff --story --stat HEAD~5 -- shots
  aiut diff --format csv main what-if shots > shots.csv
  aiut diff --name-only main what-if shots
  aiut diff main:draft-1.fountain HEAD:script.fountain
  aiut diff --takes 1 2 frames/012_003.png
  aiut diff --open main what-if -- frames/012_003.png
  aiut diff --out changed main what-if frames clips
  aiut diff --timelines main what-if
  aiut diff --no-project --story draft-1.fountain ~/Desktop/draft-2.fountain
  aiut diff --exit-code --quiet && echo nothing changed
  aiut diff main..what-if -- script.fountain")]
pub(crate) struct DiffArgs {
    /// At most two revisions, then files or folders
    #[arg(value_name = "REV|PATH")]
    words: Vec<String>,
    /// Files and folders that could be mistaken for revisions
    #[arg(last = true, value_name = "PATH")]
    paths: Option<Vec<PathBuf>>,
    #[command(flatten)]
    difference: DifferenceArgs,
    /// In the words of film as a table to read, JSON, or CSV for a spreadsheet; with --story
    #[arg(long, value_name = "FORMAT", conflicts_with_all = ["patch", "name_only", "name_status", "word_diff"])]
    format: Option<Format>,
    /// Two files anywhere, in a project or not: script.fountain ~/draft-2.fountain
    #[arg(long, conflicts_with = "takes")]
    no_project: bool,
    /// Two takes of an output, by their numbers in `aiut takes`; the output follows
    #[arg(long, num_args = 2, value_names = ["TAKE", "TAKE"], requires = "words")]
    takes: Option<Vec<String>>,
    /// Two timelines beside each other: commits since they parted, stories, states of stages, cost
    #[arg(long, num_args = 2, value_names = ["TIMELINE", "TIMELINE"], conflicts_with_all = ["words", "paths", "no_project", "takes", "format"])]
    timelines: Option<Vec<String>>,
    /// Write each picture, clip and sound that changed into this folder, as an image of both versions
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Show these images with your system's viewer
    #[arg(long)]
    open: bool,
    /// Lines around each change
    #[arg(short = 'U', long, value_name = "LINES", default_value_t = CONTEXT)]
    context: usize,
    /// Exit with 3 if anything differs, with 0 if nothing does; with --quiet, say nothing else
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    json: JsonArgs,
}

/// So many images a system's viewer is asked to show at once.
const MOST_OPENED: usize = 8;

/// How a difference in the words of film is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
    Csv,
}

/// What `diff --json` prints.
#[derive(Debug, Serialize)]
struct Difference {
    /// The older commit; none before the first.
    from: Option<CommitId>,
    /// The newer commit; none for the folder.
    to: Option<CommitId>,
    #[serde(flatten)]
    told: Told,
}

/// What is compared, and what is told of its ends.
struct Ends<'a> {
    subject: Subject<'a>,
    from: Option<CommitId>,
    to: Option<CommitId>,
}

impl Run for DiffArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        if self.no_project {
            return self.loose(context);
        }
        if let Some([left, right]) = self.timelines.as_deref() {
            return self.beside(context, left, right);
        }
        if let Some(takes) = &self.takes {
            return self.two_takes(context, takes);
        }
        let project = context.project()?;
        let paths = self.paths.as_deref();
        let operands = context.operands(&project, &self.words, paths, Takes::Two)?;
        let (older, newer) = operands.ends(&project)?;
        let (from, to) = (older.as_ref(), newer.as_ref());
        let mut ends = Ends {
            from: from.map(|found| found.commit),
            to: to.map(|found| found.commit),
            subject: Subject::Versions(Versions {
                old: from.map(|found| found.tree),
                new: match to {
                    Some(found) => Version::Stored(Some(found.tree)),
                    None => Version::WorkTree,
                },
            }),
        };
        if let Some(two) = operands.two_files() {
            if !operands.scope.is_all() {
                let message = "the revisions name two files, and a path names another";
                return Err(CliError::misuse(message));
            }
            let side = |found: &Resolved| side_at(&project, found);
            ends.subject = Subject::Stored([side(two[0])?, side(two[1])?]);
        } else if older.is_none() {
            let (commit, tree) = head_tree(&project)?.unzip();
            let new = Version::WorkTree;
            ends.from = commit;
            ends.subject = Subject::Versions(Versions { old: tree, new });
        }
        if let Subject::Versions(versions) = ends.subject
            && versions.new == Version::WorkTree
        {
            for path in operands.scope.paths() {
                let is_tracked = match versions.old {
                    Some(tree) => entry_at(project.store(), tree, path)?.is_some(),
                    None => false,
                };
                let unlisted = project.tree().why_unlisted(path).filter(|_| !is_tracked);
                if let Some(entry) = unlisted.filter(|_| !self.is_json()) {
                    context.warn(&format!("{} is not kept: {}", entry.path, entry.reason));
                }
            }
        }
        let looks = Looks::new(context, &project, &operands.scope);
        self.tell(context, Some(&looks), ends)
    }
}

impl DiffArgs {
    fn is_json(&self) -> bool {
        self.json.json || self.format == Some(Format::Json)
    }

    /// Two timelines, summed up.
    fn beside(&self, context: &mut Context, left: &str, right: &str) -> Result<Outcome, CliError> {
        let project = Arc::new(context.project()?);
        let now = context.clock.now();
        let (a, b) = (project.resolve(left, now)?, project.resolve(right, now)?);
        let viewer = context.viewer(&project);
        let worlds = [context.world(), context.world()];
        let ends = [(left, &a), (right, &b)];
        let found = compare_timelines(&project, &viewer, worlds, ends, now)?;
        match self.json.json {
            true => json(&mut context.out, &found)?,
            false => render::timelines::timelines(&mut context.out, &found)?,
        }
        let is_asked = self.exit_code || context.is_quiet();
        Ok(match is_asked && found.story.files() > 0 {
            true => Outcome::Found,
            false => Outcome::Done,
        })
    }

    /// Writes what is to be seen of pictures, clips and sounds.
    fn show(
        &self,
        context: &mut Context,
        looks: Option<&Looks<'_>>,
        subject: &Subject<'_>,
    ) -> Result<(), CliError> {
        if self.out.is_none() && !self.open {
            return Ok(());
        }
        let sights = sights(looks, subject)?;
        let seen = sights.iter().filter(|sight| sight.image.is_ok()).count();
        if self.open && seen > MOST_OPENED {
            let message = format!("{seen} pictures, clips and sounds changed, too many to open");
            return Err(CliError::new(message)
                .hint("name the files, or write them with --out DIR and look at what you like"));
        }
        let folder = match &self.out {
            Some(folder) => context.absolute(folder),
            None => context.temporary_folder()?,
        };
        let root = looks.map_or(context.untrusted_folder(), |looks| looks.project.root().to_owned());
        for sight in &sights {
            let image = match &sight.image {
                Ok(image) => image,
                Err(why) => {
                    context.warn(&format!("{}: {why}", sight.path));
                    continue;
                }
            };
            let file = folder.join(format!("{}.png", sight.path));
            let unwritable = |error: std::io::Error| {
                let message = format!("cannot write {}: {error}", file.display());
                CliError::new(message).because_of(&error)
            };
            if let Some(parent) = file.parent() {
                std::fs::create_dir_all(parent).map_err(unwritable)?;
            }
            atomic::write(&file, image).map_err(unwritable)?;
            if self.open {
                context.show_file(&root, &file, Wish::Open)?;
            }
        }
        if !self.json.json {
            let images = count(seen, "image", "images");
            let place = folder.to_string_lossy().into_owned();
            context.say(format_args!("Wrote {images} into {}", shown(&place)))?;
        }
        Ok(())
    }

    /// Two files of the disk.
    fn loose(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let words = self.words.iter().map(PathBuf::from);
        let after = self.paths.iter().flatten().cloned();
        let files: Vec<PathBuf> = words.chain(after).collect();
        let [old, new] = files.as_slice() else {
            let message = format!("--no-project compares two files, not {}", files.len());
            return Err(CliError::misuse(message)
                .hint("aiut diff --no-project draft-1.fountain draft-2.fountain"));
        };
        let (old, new) = (context.absolute(old), context.absolute(new));
        let files = LooseFiles::read(&old, &new).map_err(|error| CliError::of(&error))?;
        let viewer = context.loose_viewer();
        let subject = Subject::Loose(&files, &viewer);
        let (from, to) = (None, None);
        self.tell(context, None, Ends { subject, from, to })
    }

    /// Two takes of an output.
    fn two_takes(&self, context: &mut Context, takes: &[String]) -> Result<Outcome, CliError> {
        let session = context.film()?;
        let targets = context.targets(session.root(), &self.words)?;
        let mut sides = Vec::new();
        for take in takes {
            let take = session.take_named(&targets, take)?;
            sides.push(Side {
                path: take.path,
                id: take.id,
                size: take.size,
                exec: false,
            });
        }
        let sides = sides.try_into().map_err(|_| CliError::misuse("name two takes"))?;
        let scope = Scope::all();
        let looks = Looks::new(context, session.project(), &scope);
        let subject = Subject::Stored(sides);
        let (from, to) = (None, None);
        self.tell(context, Some(&looks), Ends { subject, from, to })
    }

    /// Compares, and prints in the way that is asked for.
    fn tell(
        &self,
        context: &mut Context,
        looks: Option<&Looks<'_>>,
        ends: Ends<'_>,
    ) -> Result<Outcome, CliError> {
        let Ends { subject, from, to } = ends;
        let is_asked = self.exit_code || context.is_quiet();
        let outcome = |differs: bool| match differs && is_asked {
            true => Outcome::Found,
            false => Outcome::Done,
        };
        let difference = self.difference.clone().or_story(self.format.is_some());
        if self.is_json() {
            let told = difference.told_of(looks, &subject, self.context)?;
            let differs = told.files() > 0;
            json(&mut context.out, &Difference { from, to, told })?;
            self.show(context, looks, &subject)?;
            return Ok(outcome(differs));
        }
        let found = if context.is_quiet() {
            names(looks, &subject)?
        } else if self.format == Some(Format::Csv) {
            let told = difference.told_of(looks, &subject, self.context)?;
            if let Told::Story(story) = &told {
                render::diff::csv::story(&mut context.out, story)?;
            }
            told.found()
        } else {
            context.page();
            difference.write_of(&mut context.out, looks, &subject, self.context)?
        };
        for unreadable in &found.unreadable {
            context.warn(&format!(
                "cannot read {}: {}",
                unreadable.path, unreadable.reason
            ));
        }
        self.show(context, looks, &subject)?;
        Ok(outcome(found.files > 0))
    }
}
