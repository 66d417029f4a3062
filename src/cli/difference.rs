//! How a difference is shown: what `diff`, `show` and `log` have in common.

use std::io::{self, Write};

use clap::Args;
use serde::Serialize;

use super::context::Context;
use super::error::CliError;
use super::format::shown;
use super::output::Output;
use super::render::diff;
use crate::diff::{Detail, FileChange, Side, Status};
use crate::history::Project;
use crate::object::{RepoPath, TreeId};
use crate::workflow::comparison::{
    self, Comparison, LooseFiles, NamedChange, Sight, Story, Version, compare, compare_names,
    compare_stored, compare_stories, sights_of_loose, story_of_stored,
};
use crate::workflow::repository::Scope;
use crate::workflow::viewer::Viewer;
use crate::worktree::Unlisted;

/// Lines around each change where nothing else is asked for.
pub(super) const CONTEXT: usize = 3;

/// What of a difference is shown.
#[derive(Debug, Clone, Args)]
pub(super) struct DifferenceArgs {
    /// What changed, line by line; with --stat, both
    #[arg(short, long)]
    patch: bool,
    /// One line a file
    #[arg(long)]
    stat: bool,
    /// Only the paths of the files
    #[arg(long, conflicts_with_all = ["patch", "stat", "word_diff", "name_status"])]
    name_only: bool,
    /// Only the paths, behind A for added, D deleted, M modified, R renamed
    #[arg(long, conflicts_with_all = ["patch", "stat", "word_diff"])]
    name_status: bool,
    /// In the words of film: screenplays by scene, shot lists by shot, JSON and TOML by field; with --stat, a line each
    #[arg(long, visible_alias = "scenes", conflicts_with_all = ["patch", "name_only", "name_status"])]
    story: bool,
    /// Mark the words that changed, [-gone-]{+come+}, in any output; --story always does
    #[arg(long, visible_alias = "words")]
    word_diff: bool,
}

/// Two versions to be compared.
#[derive(Clone, Copy)]
pub(super) struct Versions {
    pub(super) old: Option<TreeId>,
    pub(super) new: Version,
}

/// What is to be compared.
pub(super) enum Subject<'a> {
    /// Two versions of a project.
    Versions(Versions),
    /// Two files that a project holds.
    Stored([Side; 2]),
    /// Two files of the disk, and what they are looked at with.
    Loose(&'a LooseFiles, &'a Viewer),
}

/// What is asked of them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Question {
    Names,
    /// With the words that changed.
    Lines(Detail),
    Story(Detail),
}

/// What was found of two versions.
pub(super) struct Found {
    /// How many files differ.
    pub(super) files: usize,
    /// What could not be read.
    pub(super) unreadable: Vec<Unlisted>,
}

/// What a difference is looked at with.
pub(super) struct Looks<'a> {
    pub(super) project: &'a Project,
    pub(super) viewer: Viewer,
    pub(super) scope: &'a Scope,
}

impl<'a> Looks<'a> {
    pub(super) fn new(context: &Context, project: &'a Project, scope: &'a Scope) -> Self {
        Self {
            project,
            viewer: context.viewer(project),
            scope,
        }
    }

    /// What is asked of two versions.
    fn told(&self, versions: Versions, question: Question) -> Result<Told, CliError> {
        let Versions { old, new } = versions;
        let (project, viewer) = (self.project, &self.viewer);
        let within = |path: &RepoPath| self.scope.contains(path);
        Ok(match question {
            Question::Names => {
                let (changes, unreadable) = compare_names(project, viewer, old, new, &within)?;
                Told::Names(changes, unreadable)
            }
            Question::Lines(detail) => {
                Told::Lines(compare(project, viewer, old, new, &within, detail)?)
            }
            Question::Story(detail) => {
                Told::Story(compare_stories(project, viewer, old, new, &within, detail)?)
            }
        })
    }

    /// What is asked of two files that the project holds.
    fn told_of_stored(&self, sides: &[Side; 2], question: Question) -> Result<Told, CliError> {
        let (project, viewer, sides) = (self.project, &self.viewer, sides.clone());
        Ok(match question {
            Question::Names => {
                let comparison = compare_stored(project, viewer, sides, Detail::NONE)?;
                Told::Lines(comparison).into_names()
            }
            Question::Lines(detail) => Told::Lines(compare_stored(project, viewer, sides, detail)?),
            Question::Story(_) => Told::Story(story_of_stored(project, viewer, sides)?),
        })
    }
}

/// How two versions differ.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Told {
    /// Which files do.
    #[serde(skip)]
    Names(Vec<NamedChange>, Vec<Unlisted>),
    /// By lines.
    Lines(Comparison),
    /// In the words of film.
    Story(Story),
}

impl Told {
    /// How many files differ.
    pub(super) fn files(&self) -> usize {
        match self {
            Self::Names(changes, _) => changes.len(),
            Self::Lines(comparison) => comparison.changes.len(),
            Self::Story(story) => story.files(),
        }
    }

    /// How much there is, once all is written.
    pub(super) fn found(self) -> Found {
        let files = self.files();
        let unreadable = match self {
            Self::Names(_, unreadable) => unreadable,
            Self::Lines(comparison) => comparison.unreadable,
            Self::Story(story) => story.unreadable,
        };
        Found { files, unreadable }
    }

    /// Only which files do.
    fn into_names(self) -> Self {
        let Self::Lines(comparison) = self else {
            return self;
        };
        let path = |side: Option<Side>| side.map(|side| side.path);
        let named = |change: FileChange| NamedChange {
            status: change.status,
            old: path(change.old),
            new: path(change.new),
        };
        let changes = comparison.changes.into_iter().map(named).collect();
        Self::Names(changes, comparison.unreadable)
    }
}

/// How many files of whatever is compared differ.
pub(super) fn names(looks: Option<&Looks<'_>>, subject: &Subject<'_>) -> Result<Found, CliError> {
    Ok(answer(looks, subject, Question::Names)?.found())
}

/// What is to be seen of the pictures, clips and sounds among whatever is compared.
pub(super) fn sights(
    looks: Option<&Looks<'_>>,
    subject: &Subject<'_>,
) -> Result<Vec<Sight>, CliError> {
    let Told::Lines(comparison) = answer(looks, subject, Question::Lines(Detail::MEDIA))? else {
        return Ok(Vec::new());
    };
    let changes = &comparison.changes;
    let new = match subject {
        Subject::Loose(files, viewer) => return Ok(sights_of_loose(files, viewer, changes)),
        Subject::Versions(versions) => versions.new,
        Subject::Stored(_) => Version::Stored(None),
    };
    let Some(looks) = looks else {
        return Ok(Vec::new());
    };
    Ok(comparison::sights(
        looks.project,
        &looks.viewer,
        new,
        changes,
    )?)
}

/// What is asked of whatever is compared; `looks` where a project is.
fn answer(
    looks: Option<&Looks<'_>>,
    subject: &Subject<'_>,
    question: Question,
) -> Result<Told, CliError> {
    match (subject, looks) {
        (Subject::Loose(files, viewer), _) => Ok(match question {
            Question::Names => Told::Lines(files.compare(viewer, Detail::NONE)).into_names(),
            Question::Lines(detail) => Told::Lines(files.compare(viewer, detail)),
            Question::Story(_) => Told::Story(files.story(viewer)),
        }),
        (Subject::Versions(versions), Some(looks)) => looks.told(*versions, question),
        (Subject::Stored(sides), Some(looks)) => looks.told_of_stored(sides, question),
        (_, None) => Err(CliError::new("versions are compared within a project")),
    }
}

impl DifferenceArgs {
    /// The same, in the words of film where `story` says so.
    pub(super) fn or_story(self, story: bool) -> Self {
        let story = self.story || story;
        Self { story, ..self }
    }

    /// All that is asked for, for a program.
    pub(super) fn told(&self, looks: &Looks<'_>, versions: Versions) -> Result<Told, CliError> {
        self.told_of(Some(looks), &Subject::Versions(versions), CONTEXT)
    }

    /// The same of whatever is compared, with so many lines around each change.
    pub(super) fn told_of(
        &self,
        looks: Option<&Looks<'_>>,
        subject: &Subject<'_>,
        context: usize,
    ) -> Result<Told, CliError> {
        let detail = Detail {
            context,
            words: true,
            media: true,
        };
        answer(looks, subject, self.question(detail, false))
    }

    /// What is asked; names only of who can read them.
    fn question(&self, detail: Detail, may_name: bool) -> Question {
        match (self.story, self.name_only || self.name_status) {
            (true, _) => Question::Story(detail),
            (false, true) if may_name => Question::Names,
            (false, _) => Question::Lines(detail),
        }
    }

    /// Whether a difference is asked for, of a command that shows none without.
    pub(super) fn any(&self) -> bool {
        self.patch
            || self.stat
            || self.story
            || self.word_diff
            || self.name_only
            || self.name_status
    }

    /// Writes how two versions differ.
    pub(super) fn write(
        &self,
        out: &mut Output,
        looks: &Looks<'_>,
        versions: Versions,
    ) -> Result<Found, CliError> {
        let subject = Subject::Versions(versions);
        self.write_of(out, Some(looks), &subject, CONTEXT)
    }

    /// The same of whatever is compared, with so many lines around each change.
    pub(super) fn write_of(
        &self,
        out: &mut Output,
        looks: Option<&Looks<'_>>,
        subject: &Subject<'_>,
        context: usize,
    ) -> Result<Found, CliError> {
        let is_full = self.patch || self.word_diff || !self.stat;
        let words = is_full && out.palette.shows_words() && !self.word_diff;
        let detail = Detail {
            context,
            words,
            media: is_full,
        };
        let question = self.question(detail, true);
        let told = answer(looks, subject, question)?;
        match &told {
            Told::Names(changes, _) => {
                let mut changes = changes.iter();
                changes.try_for_each(|change| self.name(out, change))?;
            }
            Told::Story(story) => diff::story::all(out, story, !self.stat)?,
            Told::Lines(comparison) => {
                let changes = &comparison.changes;
                if self.stat {
                    diff::stat(out, changes)?;
                }
                if self.stat && is_full && !changes.is_empty() {
                    writeln!(out)?;
                }
                if is_full {
                    diff::changes(out, changes, self.word_diff)?;
                }
            }
        }
        Ok(told.found())
    }

    fn name(&self, out: &mut Output, change: &NamedChange) -> io::Result<()> {
        let text = |path: Option<&RepoPath>, for_programs: bool| {
            let path = path.map_or("", RepoPath::as_str);
            match for_programs {
                true => path.to_owned(),
                false => shown(path).to_string(),
            }
        };
        let for_programs = out.for_programs;
        if self.name_status {
            let letter = match change.status {
                Status::Added => "A\t",
                Status::Removed => "D\t",
                Status::Modified => "M\t",
                Status::Renamed => "R\t",
            };
            write!(out, "{letter}")?;
            if change.status == Status::Renamed {
                write!(out, "{}\t", text(change.old.as_ref(), for_programs))?;
            }
        }
        writeln!(out, "{}", text(change.path(), for_programs))
    }
}
