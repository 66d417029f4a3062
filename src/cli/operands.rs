//! What follows a command: revisions, then paths, told apart as git tells them apart.

use std::path::{Component, Path, PathBuf};

use super::context::Context;
use super::error::CliError;
use crate::history::{HistoryError, Project, RefKind, Resolved, entry_at, read_tree};
use crate::object::{RepoPath, TreeId};
use crate::workflow::settings::{nearest, nearest_path};

/// Revisions and paths of one command line.
pub(super) struct Operands {
    /// In order; at most as many as the command takes.
    pub(super) revisions: Vec<Resolved>,
    /// From the top of the project; empty for the whole of it.
    pub(super) paths: Vec<RepoPath>,
}

impl Operands {
    /// Whether a file is among the paths, or in a folder among them.
    pub(super) fn within(&self) -> impl Fn(&RepoPath) -> bool + '_ {
        |path| {
            let beneath = |around: &RepoPath| {
                let rest = path.as_str().strip_prefix(around.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            self.paths.is_empty() || self.paths.iter().any(beneath)
        }
    }
}

impl Context {
    /// A path of the project as typed, from where the command runs; none for the whole project.
    pub(super) fn repo_path(
        &self,
        project: &Project,
        path: &Path,
    ) -> Result<Option<RepoPath>, CliError> {
        let absolute = self.absolute(path);
        let Ok(inside) = absolute.strip_prefix(project.root()) else {
            return Err(CliError::new(format!(
                "{} is outside the project {}",
                path.display(),
                project.root().display()
            )));
        };
        let mut names = Vec::new();
        for part in inside.components() {
            match part {
                Component::Normal(name) => names.push(name.to_str().ok_or_else(|| {
                    CliError::new(format!("{} is not a name in UTF-8", path.display()))
                })?),
                _ => return Err(CliError::new(format!("{} is no path", path.display()))),
            }
        }
        if names.is_empty() {
            return Ok(None);
        }
        RepoPath::new(names.join("/"))
            .map(Some)
            .map_err(|error| CliError::of(&error))
    }

    /// Paths as typed; empty when one of them is the whole project, as when there are none.
    pub(super) fn repo_paths(
        &self,
        project: &Project,
        paths: &[PathBuf],
    ) -> Result<Vec<RepoPath>, CliError> {
        let paths: Result<Option<Vec<_>>, _> = paths
            .iter()
            .map(|path| self.repo_path(project, path))
            .collect();
        Ok(paths?.unwrap_or_default())
    }

    /// Tells revisions from paths: the first words, at most `most` of them, are revisions as long
    /// as they name one; `A..B` is two. Words after `--` are paths.
    pub(super) fn operands(
        &self,
        project: &Project,
        words: &[String],
        after_dashes: Option<&[PathBuf]>,
        most: usize,
    ) -> Result<Operands, CliError> {
        let now = self.clock.now();
        let mut revisions = Vec::new();
        let mut rest = words.iter();
        while let Some(word) = rest.as_slice().first() {
            let range = word
                .split_once("..")
                .filter(|_| revisions.is_empty() && most >= 2);
            if let Some((from, to)) = range.filter(|_| !self.exists(word)) {
                for end in [from, to] {
                    let end = if end.is_empty() { "HEAD" } else { end };
                    revisions.push(project.resolve(end, now)?);
                }
                rest.next();
                break;
            }
            if revisions.len() == most {
                break;
            }
            match project.resolve(word, now) {
                Ok(_) if after_dashes.is_none() && self.exists(word) => {
                    let message = format!("{word} is a revision and a path");
                    let hint = "set paths apart with `--`: revisions before it, paths behind";
                    return Err(CliError::misuse(message).hint(hint));
                }
                Ok(resolved) => revisions.push(resolved),
                Err(error) if after_dashes.is_some() => return Err(error.into()),
                Err(HistoryError::UnknownRevision { .. }) => break,
                Err(_) if self.exists(word) => break,
                Err(error) => return Err(error.into()),
            }
            rest.next();
        }
        let words = rest.as_slice();
        let paths = match after_dashes {
            Some(_) if !words.is_empty() => {
                return Err(CliError::misuse(format!(
                    "at most {most} revisions can be given"
                )));
            }
            Some(paths) => paths.to_vec(),
            None => {
                self.check_paths(project, words, &revisions)?;
                words.iter().map(PathBuf::from).collect()
            }
        };
        Ok(Operands {
            revisions,
            paths: self.repo_paths(project, &paths)?,
        })
    }

    /// Refuses words that name nothing: in the folder, in the revisions given, in HEAD.
    fn check_paths(
        &self,
        project: &Project,
        words: &[String],
        revisions: &[Resolved],
    ) -> Result<(), CliError> {
        if words.iter().all(|word| self.exists(word)) {
            return Ok(());
        }
        let mut trees: Vec<TreeId> = revisions.iter().map(|revision| revision.tree).collect();
        trees.extend(
            project
                .resolve("HEAD", self.clock.now())
                .ok()
                .map(|head| head.tree),
        );
        for word in words.iter().filter(|word| !self.exists(word)) {
            let known = match self.repo_path(project, Path::new(word)) {
                Ok(Some(path)) => trees.iter().try_fold(false, |found, tree| {
                    Ok::<_, HistoryError>(
                        found || entry_at(project.store(), *tree, &path)?.is_some(),
                    )
                })?,
                Ok(None) => true,
                Err(error) => return Err(error),
            };
            if !known {
                return Err(unknown_word(project, word, trees.last().copied())?);
            }
        }
        Ok(())
    }

    /// Whether something lies at this path, as typed.
    fn exists(&self, path: &str) -> bool {
        self.absolute(Path::new(path)).symlink_metadata().is_ok()
    }
}

/// A word that could have been a revision or a path, with the nearest of both.
fn unknown_word(
    project: &Project,
    word: &str,
    tree: Option<TreeId>,
) -> Result<CliError, HistoryError> {
    let (_, view) = project.view()?;
    let mut names: Vec<String> = vec!["HEAD".to_owned()];
    names.extend(RefKind::Timeline.names(&view).map(str::to_owned));
    names.extend(RefKind::Tag.names(&view).map(str::to_owned));
    let mut near = nearest(word, names.iter().map(String::as_str)).map(str::to_owned);
    if let (None, Some(tree)) = (&near, tree) {
        let tree = read_tree(project.store(), tree)?;
        let paths: Vec<&str> = tree.keys().map(RepoPath::as_str).collect();
        near = nearest_path(word, &paths).map(str::to_owned);
    }
    Ok(CliError::new(format!("{word} is no revision and no path"))
        .hints(near.map(|near| format!("did you mean {near}?"))))
}
