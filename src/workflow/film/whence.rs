//! Where bytes come from, looked up by content.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::FilmError;
use super::session::Session;
use crate::base::regular;
use crate::history::{Ends, diff_trees, entry_at, log};
use crate::object::{Commit, CommitId, EntryId, FileId, GenerationId, RepoPath};
use crate::pipeline::Records;

/// Where some bytes come from.
#[derive(Debug, Clone, Serialize)]
pub struct Origin {
    /// The content.
    pub id: FileId,
    /// The runs that made it.
    pub generations: Vec<MadeBy>,
    /// The commits of the current timeline that brought it in, newest first.
    pub commits: Vec<CommitOf>,
}

/// A run that made some bytes.
#[derive(Debug, Clone, Serialize)]
pub struct MadeBy {
    /// The run.
    pub generation: GenerationId,
    /// Which output it was.
    pub path: RepoPath,
    /// The stage.
    pub stage: String,
    /// The generator and its version.
    pub generator: String,
    /// The seed, if the generator took one.
    pub seed: Option<u64>,
    /// The selectors that it read.
    pub reads: Vec<String>,
    /// Versions of the tools that took part.
    pub tools: BTreeMap<String, String>,
    /// The model that answered, where one was asked.
    pub model: Option<String>,
    /// Millionths of a US dollar.
    pub cost_micro_usd: u64,
    /// The content id of the request, where one was sent.
    pub request: Option<FileId>,
    /// The content id of the answer, where one came.
    pub answer: Option<FileId>,
    /// Milliseconds since 1970.
    pub finished_ms: i64,
}

/// A commit that brought some bytes in.
#[derive(Debug, Clone, Serialize)]
pub struct CommitOf {
    /// The commit.
    pub commit: CommitId,
    /// Where the bytes lie in it.
    pub path: RepoPath,
    /// The first line of its message.
    pub summary: String,
}

impl Session<'_> {
    /// Where the bytes of a file come from, wherever it lies.
    ///
    /// # Errors
    /// `Io` when the file cannot be read.
    pub fn whence(&self, file: &Path) -> Result<Origin, FilmError> {
        let io = |source| FilmError::Io {
            action: "read",
            path: file.display().to_string(),
            source,
        };
        let mut hasher = blake3::Hasher::new();
        hasher
            .update_reader(regular::open(file).map_err(io)?)
            .map_err(io)?;
        let id = FileId::from_bytes(*hasher.finalize().as_bytes());
        let mut generations = Vec::new();
        for generation in self.project.store().generations_of_output(id)? {
            let past = self.records.generation(&generation)?;
            let outputs = past
                .generation
                .outputs
                .iter()
                .filter(|output| output.id == id);
            for output in outputs {
                generations.push(MadeBy {
                    generation,
                    path: output.path.clone(),
                    stage: past.action.stage.clone(),
                    generator: format!("{} {}", past.action.generator, past.action.version),
                    seed: past.generation.seed,
                    reads: past.action.reads.keys().cloned().collect(),
                    tools: past.generation.tools.clone(),
                    model: past.generation.model.clone(),
                    cost_micro_usd: past.generation.cost_micro_usd,
                    request: past.generation.request,
                    answer: past.generation.answer,
                    finished_ms: past.generation.finished_ms,
                });
            }
        }
        generations.sort_by_key(|made| (made.finished_ms, made.generation));
        Ok(Origin {
            id,
            generations,
            commits: self.commits_with(id)?,
        })
    }

    fn commits_with(&self, id: FileId) -> Result<Vec<CommitOf>, FilmError> {
        let store = self.project.store();
        let mut found = Vec::new();
        let Some(head) = self.project.view()?.1.head_commit() else {
            return Ok(found);
        };
        let ends = Ends::of(store)?;
        for logged in log(store, &[head], &[], usize::MAX)? {
            let parent = logged
                .commit
                .parents
                .first()
                .filter(|parent| !ends.has(parent));
            let before = parent
                .map(|parent| store.get::<Commit>(*parent))
                .transpose()?;
            let before = before.map(|commit| commit.tree);
            for change in diff_trees(store, before, Some(logged.commit.tree))? {
                let came = change.after.is_some_and(|after| after.id == id);
                let is_new = change.before.is_none_or(|before| before.id != id);
                // A merge that only takes it over from what it joins did not bring it.
                let joined = logged.commit.parents.get(1..).unwrap_or_default();
                if came && is_new && !self.has_any(joined, &change.path, id)? {
                    let summary = logged.commit.message.lines().next().unwrap_or_default();
                    found.push(CommitOf {
                        commit: logged.id,
                        path: change.path,
                        summary: summary.to_owned(),
                    });
                }
            }
        }
        Ok(found)
    }

    /// Whether one of these commits has the file at this path.
    fn has_any(
        &self,
        commits: &[CommitId],
        path: &RepoPath,
        id: FileId,
    ) -> Result<bool, FilmError> {
        let store = self.project.store();
        for commit in commits {
            let tree = store.get::<Commit>(*commit)?.tree;
            if entry_at(store, tree, path)?.is_some_and(|entry| entry.id == EntryId::File(id)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
