//! What made a file: its run, told in the words of the pipeline.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use super::repository::{
    self, FileReport, GenerationReport, LogEntry, LogOptions, LogRequest, Result, Scope,
};
use crate::history::{HistoryError, Project, Span};
use crate::object::{Action, FileId, Generation, GenerationId, RepoPath, Timestamp};

/// A file of a commit, and who made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedFile {
    /// Where.
    pub path: RepoPath,
    /// What: the id equals what `b3sum` prints.
    pub id: FileId,
    /// Bytes.
    pub size: u64,
    /// Whether its owner may execute it.
    pub exec: bool,
    /// The run that wrote it; none for a file made by hand.
    pub made_by: Option<Maker>,
}

/// The run that made a file, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Maker {
    /// The run.
    pub id: GenerationId,
    /// The stage: `frames`.
    pub stage: String,
    /// What it ran for: `012_003`.
    pub item: String,
    /// What made the output: `panel`.
    pub generator: String,
}

/// A file as it was, and where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileHistory {
    /// The file.
    #[serde(flatten)]
    pub file: ListedFile,
    /// The commit that wrote it last.
    pub last_change: Option<LogEntry>,
    /// The run that made it; none for a file made by hand.
    pub run: Option<RunReport>,
}

/// A run in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunReport {
    /// The model, where one was asked.
    pub model: Option<String>,
    /// The seed, where one was used.
    pub seed: Option<u64>,
    /// Micro-dollars.
    pub cost_micro_usd: u64,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub started_ms: i64,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub finished_ms: i64,
    /// Versions of outside tools.
    pub tools: BTreeMap<String, String>,
    /// Each selector that it read, and the digest of what it got.
    pub reads: BTreeMap<String, String>,
}

/// The files of a revision in `scope`, sorted by path.
///
/// # Errors
/// As `repository::ls`.
pub fn list(
    project: &Project,
    revision: &str,
    scope: &Scope,
    now: Timestamp,
) -> Result<Vec<ListedFile>> {
    let mut files = repository::ls(project, revision, now)?;
    scope.check_kept(project, files.iter().map(|file| &file.path))?;
    files.retain(|file| scope.contains(&file.path));
    listed(project, files)
}

/// A file of a revision, `REV:PATH`, with the commit that wrote it last and the run that made it.
///
/// # Errors
/// `IsAFolder`, or as `repository::ls`.
pub fn file_history(
    project: &Project,
    revision: &str,
    path: &RepoPath,
    now: Timestamp,
) -> Result<FileHistory> {
    let files = repository::ls(project, revision, now)?;
    let file = files.into_iter().find(|file| file.path == *path);
    let Some(file) = file else {
        return Err(repository::RepositoryError::IsAFolder {
            path: path.to_string(),
        });
    };
    let commit = project.resolve(revision, now)?.commit.to_hex();
    let request = LogRequest {
        spans: &[Span::At(commit)],
        scope: Scope::of(vec![path.clone()]),
        limit: 1,
        now,
        options: LogOptions::default(),
    };
    let last_change = repository::log(project, &request)?.pop();
    let file = listed(project, vec![file])?;
    let file = file.into_iter().next().expect("it is listed as it is");
    let run = file
        .made_by
        .as_ref()
        .map(|maker| run(project, maker.id))
        .transpose()?;
    Ok(FileHistory {
        file,
        last_change,
        run,
    })
}

fn listed(project: &Project, files: Vec<FileReport>) -> Result<Vec<ListedFile>> {
    let mut ids = Vec::new();
    let mut seen = HashSet::new();
    for file in &files {
        ids.extend(file.entry.made_by.filter(|id| seen.insert(*id)));
    }
    let mut makers = HashMap::new();
    for run in repository::runs(project, &ids)? {
        makers.insert(run.id, Maker::of(run));
    }
    let listed = |FileReport { path, entry }| ListedFile {
        path,
        id: entry.id,
        size: entry.size,
        exec: entry.exec,
        // A run that was let go of and is gone made it, but nobody knows what it was.
        made_by: entry.made_by.and_then(|id| makers.get(&id).cloned()),
    };
    Ok(files.into_iter().map(listed).collect())
}

impl Maker {
    fn of(run: GenerationReport) -> Self {
        let GenerationReport {
            id,
            stage,
            item,
            generator,
            ..
        } = run;
        Self {
            id,
            stage,
            item,
            generator,
        }
    }
}

fn run(project: &Project, id: GenerationId) -> Result<RunReport, HistoryError> {
    let run = project.store().get::<Generation>(id)?;
    let action = project.store().get::<Action>(run.action)?;
    Ok(RunReport {
        model: run.model,
        seed: run.seed,
        cost_micro_usd: run.cost_micro_usd,
        started_ms: run.started_ms,
        finished_ms: run.finished_ms,
        tools: run.tools,
        reads: action.reads,
    })
}
