//! What follows a command: revisions, then paths, told apart as git tells them apart.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::context::Context;
use super::error::CliError;
use crate::history::{
    HistoryError, Project, RefKind, Resolved, Revision, Span, entry_at, is_relative, log,
    merge_base, read_tree,
};
use crate::object::{CommitId, RepoPath, TreeId};
use crate::workflow::film::Paths;
use crate::workflow::repository::{Scope, locate};
use crate::workflow::settings::{nearest_name, nearest_path};

/// How much of the history a command takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// One revision.
    One,
    /// Two ends: two revisions, or `A..B`.
    Two,
    /// Any part of it.
    Any,
    /// Any part of it, or single files of it.
    Each,
}

/// Revisions and paths of one command line.
pub(super) struct Operands {
    /// What was typed of the history, in order, with what its ends stand for.
    found: Vec<(Span, Vec<Resolved>)>,
    /// The files and folders that the command is about.
    pub(super) scope: Scope,
}

impl Operands {
    /// The parts of the history, as they were typed.
    pub(super) fn spans(&self) -> Vec<Span> {
        self.found.iter().map(|(span, _)| span.clone()).collect()
    }

    /// The revision of a command that takes one; HEAD when none is given.
    pub(super) fn revision(&self) -> &str {
        let first = self.found.first().and_then(|(span, _)| span.ends().next());
        first.unwrap_or("HEAD")
    }

    /// The older and the newer end of a command that takes two.
    pub(super) fn ends(
        &self,
        project: &Project,
    ) -> Result<(Option<Resolved>, Option<Resolved>), CliError> {
        let (mut ends, mut without) = (Vec::new(), Vec::new());
        for (span, found) in &self.found {
            match (span, found.as_slice()) {
                (Span::Without(_), _) => without.extend(found),
                (Span::Either(..), [left, right]) => {
                    let base = merge_base(project.store(), left.commit, right.commit)?;
                    let base = base.ok_or_else(|| {
                        CliError::new("the two have no commit in common").hint("name them as A..B")
                    })?;
                    ends.push(project.resolve_commit(base)?);
                    ends.push(right.clone());
                }
                _ => ends.extend(found.iter().cloned()),
            }
        }
        // `^A B` is `A..B`.
        let mut ends = without.into_iter().cloned().chain(ends);
        Ok((ends.next(), ends.next()))
    }

    /// The parts of the history, with what the ends of each stand for.
    pub(super) fn found(&self) -> &[(Span, Vec<Resolved>)] {
        &self.found
    }

    /// The two files that two revisions name, `A:x B:y`, if these are two.
    pub(super) fn two_files(&self) -> Option<[&Resolved; 2]> {
        let mut found = self.found.iter().flat_map(|(_, found)| found);
        let (one, other) = (found.next()?, found.next()?);
        let is_two = one.path.is_some() && other.path.is_some() && one.path != other.path;
        (is_two && found.next().is_none()).then_some([one, other])
    }

    fn count(&self) -> usize {
        self.found.iter().map(|(_, found)| found.len()).sum()
    }
}

impl Context {
    /// The files and folders that these paths mean, from where the command runs.
    /// A scene or a shot means its files: `2-11`, `scene 2`, `frames 2-11`.
    pub(super) fn scope(&self, project: &Project, paths: &[PathBuf]) -> Result<Scope, CliError> {
        let words: Option<Vec<String>> = paths
            .iter()
            .map(|path| path.to_str().map(str::to_owned))
            .collect();
        // What is no text is no name.
        let Some(words) = words else {
            return self.scope_of_paths(project, paths);
        };
        let named = self.with_files(project, &words)?;
        let paths: Vec<PathBuf> = named.iter().map(PathBuf::from).collect();
        self.scope_of_paths(project, &paths)
    }

    /// The words, with the files of the scenes and shots that they name in their place.
    fn with_files(&self, project: &Project, words: &[String]) -> Result<Vec<String>, CliError> {
        if words
            .iter()
            .all(|word| word.contains('/') || self.exists(word))
        {
            return Ok(words.to_vec());
        }
        let head = project.resolve("HEAD", self.clock.now()).ok();
        let is_file = |path: &RepoPath| {
            let on_disk = project
                .root()
                .join(path.as_str())
                .symlink_metadata()
                .is_ok();
            let tree = head.as_ref().map(|head| head.tree);
            let entry = |tree| entry_at(project.store(), tree, path).ok().flatten();
            on_disk || tree.and_then(entry).is_some()
        };
        let paths = Paths {
            root: project.root(),
            pipeline: &self.stages(project)?,
            is_path: &|word| self.exists(word),
            is_file: &is_file,
        };
        Ok(paths.with_files(words))
    }

    /// The same of paths alone.
    fn scope_of_paths(&self, project: &Project, paths: &[PathBuf]) -> Result<Scope, CliError> {
        Ok(Scope::typed(
            project,
            &self.folder,
            paths.iter().map(PathBuf::as_path),
        )?)
    }

    /// A revision as typed, with a path behind its colon that is written from here, `HEAD:./x`,
    /// taken from the project folder.
    pub(super) fn revision(&self, project: &Project, text: &str) -> Result<String, CliError> {
        let path = Revision::parse(text).ok().and_then(|parsed| parsed.path);
        let Some(path) = path.filter(|path| is_relative(path)) else {
            return Ok(text.to_owned());
        };
        let inside = locate(project.root(), &self.folder, Path::new(&path))?;
        let before = &text[..text.len() - path.len()];
        let inside = inside.as_ref().map_or("", RepoPath::as_str);
        Ok(format!("{before}{inside}"))
    }

    /// Tells revisions from paths: the first words are revisions as long as they name some and the
    /// command takes more. A word that begins as a path is one, and so are words after `--`.
    pub(super) fn operands(
        &self,
        project: &Project,
        words: &[String],
        after_dashes: Option<&[PathBuf]>,
        takes: Takes,
    ) -> Result<Operands, CliError> {
        let mut operands = Operands {
            found: Vec::new(),
            scope: Scope::all(),
        };
        let most = match takes {
            Takes::One => 1,
            Takes::Two => 2,
            Takes::Any | Takes::Each => usize::MAX,
        };
        let mut rest = words;
        while let Some((word, after)) = rest.split_first() {
            let left = most - operands.count().min(most);
            let is_path = is_relative(word) || Path::new(word).is_absolute();
            if left == 0 || (is_path && after_dashes.is_none()) {
                break;
            }
            let span = match takes {
                Takes::One => Span::At(word.clone()),
                Takes::Two | Takes::Any | Takes::Each => Span::parse(word),
            };
            let Some(found) = self.span(project, word, span, after_dashes.is_some())? else {
                break;
            };
            if found.1.len() > left {
                break;
            }
            operands.found.push(found);
            rest = after;
        }
        let mut paths: Vec<PathBuf> = match after_dashes {
            Some(_) if !rest.is_empty() => return Err(too_many(takes)),
            Some(paths) => paths.to_vec(),
            None => {
                let rest = self.with_files(project, rest)?;
                self.check_paths(project, &rest, &operands, takes)?;
                rest.iter().map(PathBuf::from).collect()
            }
        };
        paths.extend(self.path_of_revisions(project, &operands, takes)?);
        operands.scope = self.scope_of_paths(project, &paths)?;
        Ok(operands)
    }

    /// What a word names of the history; none where it has to be a path.
    fn span(
        &self,
        project: &Project,
        word: &str,
        span: Span,
        must: bool,
    ) -> Result<Option<(Span, Vec<Resolved>)>, CliError> {
        let is_one = matches!(span, Span::At(_));
        if !is_one && !must && self.exists(word) {
            return Ok(None);
        }
        let now = self.clock.now();
        let mut texts = Vec::new();
        for end in span.ends() {
            texts.push(self.revision(project, end)?);
        }
        let found = texts.iter().map(|text| project.resolve(text, now));
        let found: Result<Vec<Resolved>, _> = found.collect();
        match found {
            Ok(_) if is_one && !must && self.exists(word) => {
                let message = format!("{word} is a revision and a path");
                let hint =
                    format!("say which: `{word} -- .` is the revision, `-- {word}` the path");
                Err(CliError::misuse(message).hint(hint))
            }
            Ok(found) => {
                let mut texts = texts.into_iter();
                let mut next = || texts.next().unwrap_or_default();
                let span = match span {
                    Span::At(_) => Span::At(next()),
                    Span::Without(_) => Span::Without(next()),
                    Span::Between(..) => Span::Between(next(), next()),
                    Span::Either(..) => Span::Either(next(), next()),
                };
                Ok(Some((span, found)))
            }
            // No path holds a colon: it stands before the path in a commit.
            Err(HistoryError::UnknownRevision { .. }) if is_one && !must && !word.contains(':') => {
                Ok(None)
            }
            Err(_) if !must && self.exists(word) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The path behind the colon of the revisions, `HEAD~1:x HEAD:x`, for a command that compares
    /// or follows one; `ls` reads it itself.
    fn path_of_revisions(
        &self,
        project: &Project,
        operands: &Operands,
        takes: Takes,
    ) -> Result<Option<PathBuf>, CliError> {
        let found = operands.found.iter().flat_map(|(_, found)| found);
        let mut paths: Vec<&RepoPath> = found.filter_map(|found| found.path.as_ref()).collect();
        paths.dedup();
        match paths.as_slice() {
            _ if matches!(takes, Takes::One | Takes::Each) => Ok(None),
            [] => Ok(None),
            [one] => Ok(Some(project.root().join(one.as_str()))),
            [_, _] if takes == Takes::Two && operands.two_files().is_some() => Ok(None),
            [one, other, ..] => {
                let message = format!("{one} and {other} are two paths; one can be looked at");
                Err(CliError::misuse(message).hint("name the path once, behind the revisions"))
            }
        }
    }

    /// Refuses words that name nothing: in the folder, in the revisions given, in HEAD; for a
    /// command that follows the history, in that.
    fn check_paths(
        &self,
        project: &Project,
        words: &[String],
        operands: &Operands,
        takes: Takes,
    ) -> Result<(), CliError> {
        if words.iter().all(|word| self.exists(word)) {
            return Ok(());
        }
        let head = project.resolve("HEAD", self.clock.now()).ok();
        let found = operands.found.iter().flat_map(|(_, found)| found);
        let commits: Vec<&Resolved> = found.chain(&head).collect();
        for word in words.iter().filter(|word| !self.exists(word)) {
            let scope = self.scope_of_paths(project, &[PathBuf::from(word)])?;
            let mut known = scope.is_all();
            for path in scope.paths() {
                for commit in &commits {
                    known = known || entry_at(project.store(), commit.tree, path)?.is_some();
                }
                if !known && matches!(takes, Takes::Any | Takes::Each) {
                    let starts: Vec<CommitId> = commits.iter().map(|found| found.commit).collect();
                    let path = std::slice::from_ref(path);
                    known = !log(project.store(), &starts, path, 1)?.is_empty();
                }
                if !known && takes == Takes::Any {
                    // What is on no timeline that was named, the command itself knows to say.
                    known = on_any(project, path)?;
                }
            }
            if !known && operands.count() > 1 && project.resolve(word, self.clock.now()).is_ok() {
                return Err(too_many(takes));
            }
            if !known {
                return Err(unknown_word(
                    project,
                    word,
                    head.as_ref().map(|head| head.tree),
                )?);
            }
        }
        Ok(())
    }

    /// Whether something lies at this path, as typed.
    fn exists(&self, path: &str) -> bool {
        self.absolute(Path::new(path)).symlink_metadata().is_ok()
    }
}

/// Whether a timeline or tag stands on a commit with this path.
fn on_any(project: &Project, path: &RepoPath) -> Result<bool, HistoryError> {
    let commits: BTreeSet<CommitId> = project.refs()?.into_values().collect();
    for commit in commits {
        let tree = project.resolve_commit(commit)?.tree;
        if entry_at(project.store(), tree, path)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn too_many(takes: Takes) -> CliError {
    CliError::misuse(match takes {
        Takes::One => "at most one revision can be given",
        Takes::Two => "at most two revisions can be given",
        Takes::Any | Takes::Each => "what follows a path is a path",
    })
}

/// A word that could have been a revision or a path, with the nearest of both.
fn unknown_word(
    project: &Project,
    word: &str,
    tree: Option<TreeId>,
) -> Result<CliError, HistoryError> {
    let refs = project.refs()?;
    let mut names: Vec<String> = vec!["HEAD".to_owned()];
    names.extend(RefKind::Timeline.names(&refs).map(str::to_owned));
    names.extend(RefKind::Tag.names(&refs).map(str::to_owned));
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut near = nearest_name(word, &names).map(str::to_owned);
    if let (None, Some(tree)) = (&near, tree) {
        let tree = read_tree(project.store(), tree)?;
        let paths: Vec<&str> = tree.keys().map(RepoPath::as_str).collect();
        near = nearest_path(word, &paths).map(str::to_owned);
    }
    Ok(
        CliError::new(format!("{word} is neither a revision nor a path")).hint(near.map_or_else(
            || {
                "`aiut branch` lists the timelines, `aiut tag` the tags, `aiut ls` the files"
                    .to_owned()
            },
            |near| format!("did you mean {near}?"),
        )),
    )
}
