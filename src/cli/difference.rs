//! How a difference is shown: what `diff`, `show` and `log` have in common.

use std::io::{self, Write};

use clap::Args;
use serde::Serialize;

use super::context::Context;
use super::error::CliError;
use super::format::shown;
use super::output::Output;
use super::render::diff;
use crate::diff::{Detail, Status};
use crate::history::Project;
use crate::object::{RepoPath, TreeId};
use crate::workflow::comparison::{
    Comparison, NamedChange, Story, Version, compare, compare_names, compare_stories,
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
    /// Mark the words that changed, [-gone-]{+come+}, in any output
    #[arg(long)]
    word_diff: bool,
}

/// Two versions to be compared.
#[derive(Clone, Copy)]
pub(super) struct Versions {
    pub(super) old: Option<TreeId>,
    pub(super) new: Version,
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
    /// Lines around each change.
    pub(super) context: usize,
    /// Whether words are marked in colour.
    words: bool,
}

impl<'a> Looks<'a> {
    pub(super) fn new(context: &Context, project: &'a Project, scope: &'a Scope) -> Self {
        Self {
            project,
            viewer: context.viewer(project),
            scope,
            context: CONTEXT,
            words: context.out.palette.shows_words(),
        }
    }

    /// All that can be told, for a program.
    fn comparison(&self, versions: Versions) -> Result<Comparison, CliError> {
        self.compare(versions, true)
    }

    fn compare(&self, versions: Versions, words: bool) -> Result<Comparison, CliError> {
        let Versions { old, new } = versions;
        let detail = Detail {
            context: self.context,
            words,
        };
        let within = |path: &RepoPath| self.scope.contains(path);
        Ok(compare(
            self.project,
            &self.viewer,
            old,
            new,
            &within,
            detail,
        )?)
    }

    /// The same in the words of film.
    pub(super) fn story(&self, versions: Versions) -> Result<Story, CliError> {
        let Versions { old, new } = versions;
        let within = |path: &RepoPath| self.scope.contains(path);
        Ok(compare_stories(
            self.project,
            &self.viewer,
            old,
            new,
            &within,
        )?)
    }

    /// Which files differ.
    pub(super) fn names(
        &self,
        versions: Versions,
    ) -> Result<(Vec<NamedChange>, Vec<Unlisted>), CliError> {
        let Versions { old, new } = versions;
        let within = |path: &RepoPath| self.scope.contains(path);
        Ok(compare_names(
            self.project,
            &self.viewer,
            old,
            new,
            &within,
        )?)
    }
}

/// A difference for a program: by lines, or in the words of film.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Told {
    Lines(Comparison),
    Story(Story),
}

impl Told {
    /// How many files differ.
    pub(super) fn files(&self) -> usize {
        match self {
            Self::Lines(comparison) => comparison.changes.len(),
            Self::Story(story) => story.files(),
        }
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
        Ok(match self.story {
            true => Told::Story(looks.story(versions)?),
            false => Told::Lines(looks.comparison(versions)?),
        })
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
        if self.name_only || self.name_status {
            let (changes, unreadable) = looks.names(versions)?;
            for change in &changes {
                self.name(out, change)?;
            }
            let files = changes.len();
            return Ok(Found { files, unreadable });
        }
        if self.story {
            let story = looks.story(versions)?;
            diff::story::all(out, &story, !self.stat)?;
            let files = story.files();
            let unreadable = story.unreadable;
            return Ok(Found { files, unreadable });
        }
        let is_full = self.patch || self.word_diff || !self.stat;
        let words = is_full && looks.words && !self.word_diff;
        let comparison = looks.compare(versions, words)?;
        let files = comparison.changes.len();
        if self.stat {
            diff::stat(out, &comparison.changes)?;
        }
        if self.stat && is_full && files > 0 {
            writeln!(out)?;
        }
        if is_full {
            diff::changes(out, &comparison.changes, self.word_diff)?;
        }
        let unreadable = comparison.unreadable;
        Ok(Found { files, unreadable })
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
