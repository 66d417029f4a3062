//! What follows a command: revisions, then paths, told apart as git tells them apart.

use std::path::{Path, PathBuf};

use super::context::Context;
use super::error::CliError;
use crate::history::{HistoryError, Project, RefKind, Resolved, entry_at, read_tree};
use crate::object::{RepoPath, TreeId};
use crate::workflow::repository::Scope;
use crate::workflow::settings::{nearest, nearest_path};

/// Revisions and paths of one command line.
pub(super) struct Operands {
    /// As typed and as found, in order; at most as many as the command takes.
    pub(super) revisions: Vec<(String, Resolved)>,
    /// The files and folders that the command is about.
    pub(super) scope: Scope,
}

impl Context {
    /// The files and folders that these paths mean, from where the command runs.
    pub(super) fn scope(&self, project: &Project, paths: &[PathBuf]) -> Result<Scope, CliError> {
        Ok(Scope::typed(
            project,
            &self.folder,
            paths.iter().map(PathBuf::as_path),
        )?)
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
                    revisions.push((end.to_owned(), project.resolve(end, now)?));
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
                    let hint =
                        format!("say which: `{word} -- .` is the revision, `-- {word}` the path");
                    return Err(CliError::misuse(message).hint(hint));
                }
                Ok(resolved) => revisions.push((word.clone(), resolved)),
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
            scope: self.scope(project, &paths)?,
        })
    }

    /// Refuses words that name nothing: in the folder, in the revisions given, in HEAD.
    fn check_paths(
        &self,
        project: &Project,
        words: &[String],
        revisions: &[(String, Resolved)],
    ) -> Result<(), CliError> {
        if words.iter().all(|word| self.exists(word)) {
            return Ok(());
        }
        let mut trees: Vec<TreeId> = revisions
            .iter()
            .map(|(_, revision)| revision.tree)
            .collect();
        trees.extend(
            project
                .resolve("HEAD", self.clock.now())
                .ok()
                .map(|head| head.tree),
        );
        for word in words.iter().filter(|word| !self.exists(word)) {
            let scope = self.scope(project, &[PathBuf::from(word)])?;
            let mut known = scope.is_all();
            for path in scope.paths() {
                for tree in &trees {
                    known = known || entry_at(project.store(), *tree, path)?.is_some();
                }
            }
            if !known && revisions.len() > 1 && project.resolve(word, self.clock.now()).is_ok() {
                return Err(CliError::misuse("at most two revisions can be given"));
            }
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
