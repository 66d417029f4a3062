//! `aiut search`: files by path, kind, tag and by what their texts say.
//!
//! Only what is committed is looked through. A file is a hit once for each version of it: in the
//! newest commit of those looked through that has it. Folders that commits share are read once. What
//! aiut itself tells in the comments of new files is nobody's words and not looked through.

mod hints;
mod kind;

use std::collections::HashSet;

use globset::{GlobBuilder, GlobMatcher};
use serde::Serialize;

pub use kind::ArtifactKind;

use self::hints::Hints;
use super::repository::Result;
use crate::history::{HistoryError, Project, RefKind, TreeWalk, log, nearest_name, run_if_kept};
use crate::object::{
    Action, Commit, CommitId, EntryId, FileId, GenerationId, RepoPath, Tree, TreeEntry, TreeId,
};
use crate::pipeline::{Layout, NUMBERS, Pipeline};

/// Most bytes of a text that is read: a feature screenplay is a quarter of a megabyte.
const LIMIT_BYTES: u64 = 4 << 20;

/// Most characters of a line that are told.
const MOST_CHARS: usize = 400;

/// What to look for. A file has to meet all of it.
#[derive(Debug, Clone, Default)]
pub struct SearchRequest<'r> {
    /// Each has to stand in the path or in one line of the text, in any case.
    pub words: &'r [String],
    /// Paths; without a slash, names of files in any folder.
    pub path: Option<&'r str>,
    /// A kind, or the name of the stage that made it.
    pub kind: Option<&'r str>,
    /// Tags, as a pattern: their commits are looked through.
    pub tag: Option<&'r str>,
    /// Look through every timeline and tag, and all that they stand on.
    pub everywhere: bool,
    /// At most so many hits.
    pub limit: usize,
}

/// A file, or a line of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// Where in the project.
    pub path: RepoPath,
    /// What it is.
    pub kind: ArtifactKind,
    /// The newest commit, of those looked through, that has it so.
    pub commit: CommitId,
    /// Its bytes.
    pub id: FileId,
    /// Their number.
    pub size: u64,
    /// The stage that made it; none for a file made by hand.
    pub stage: Option<String>,
    /// The line, from 1; none where the path alone was asked for or met.
    pub line: Option<usize>,
    /// What it says, shortened.
    pub text: Option<String>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SearchReport {
    /// By commit, the newest first, then path and line.
    pub hits: Vec<Hit>,
    /// Whether there are more than were asked for.
    pub more: bool,
    /// Texts too large to be looked into.
    pub too_large: Vec<RepoPath>,
}

/// Why nothing was looked for.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// From the repository.
    #[error(transparent)]
    Repository(#[from] super::repository::RepositoryError),
    /// Not how patterns are written.
    #[error("{pattern:?} is not a pattern: {reason}")]
    Pattern {
        /// As typed.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Neither a kind nor a stage.
    #[error("no kind and no stage is called {0:?}")]
    Kind(String),
}

impl SearchError {
    /// What to type next, if that is known.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Repository(error) => error.hint(),
            Self::Pattern { .. } => Some("write it like frames/012*.png or *.wav".into()),
            Self::Kind(_) => {
                let names: Vec<_> = ArtifactKind::ALL.iter().map(|kind| kind.name()).collect();
                Some(format!(
                    "kinds: {}; `aiut stages` lists the stages",
                    names.join(", ")
                ))
            }
        }
    }
}

/// Looks for files in the current commit, in the commits with a tag, or in all. What a file is, the
/// project's stages say.
///
/// # Errors
/// `Pattern`, `Kind`; `UnknownRef` for a tag that there is not; what the store says.
pub fn search(
    project: &Project,
    pipeline: &Pipeline,
    request: &SearchRequest<'_>,
) -> std::result::Result<SearchReport, SearchError> {
    let mut search = Search {
        project,
        layout: pipeline.layout(),
        trees: TreeWalk::new(|id| Ok(project.store().get::<Tree>(id)?)),
        words: request
            .words
            .iter()
            .map(|word| word.to_lowercase())
            .collect(),
        path: request.path.map(pattern).transpose()?,
        kind: request.kind.map(wanted_kind),
        hints: Hints::new(),
        limit: request.limit,
        seen_folders: HashSet::new(),
        seen_files: HashSet::new(),
        report: SearchReport {
            hits: Vec::new(),
            more: false,
            too_large: Vec::new(),
        },
        stage_seen: false,
    };
    for commit in commits(project, request)? {
        let tree = project
            .store()
            .get::<Commit>(commit)
            .map_err(super::repository::RepositoryError::from)?
            .tree;
        search
            .trees
            .begin(tree)
            .map_err(super::repository::RepositoryError::from)?;
        search.folder(commit, tree, "")?;
        if search.report.more {
            break;
        }
    }
    if let (Some(Wanted::Stage(name)), false) = (&search.kind, search.stage_seen)
        && pipeline.stage(name).is_none()
    {
        return Err(SearchError::Kind(name.clone()));
    }
    Ok(search.report)
}

/// A word of `--kind`.
enum Wanted {
    Kind(ArtifactKind),
    Stage(String),
}

fn wanted_kind(word: &str) -> Wanted {
    let word = word.to_lowercase();
    let kinds = ArtifactKind::ALL.into_iter();
    kinds
        .filter(|kind| kind.name() == word)
        .map(Wanted::Kind)
        .next()
        .unwrap_or(Wanted::Stage(word))
}

/// A pattern over paths; one without a slash is over the names of files.
fn pattern(text: &str) -> std::result::Result<GlobMatcher, SearchError> {
    let anywhere = format!("**/{text}");
    let text = match text.strip_prefix('/') {
        Some(text) => text,
        None if text.contains('/') => text,
        None => &anywhere,
    };
    let glob = GlobBuilder::new(text).literal_separator(true).build();
    glob.map(|glob| glob.compile_matcher())
        .map_err(|error| SearchError::Pattern {
            pattern: text.to_owned(),
            reason: error.kind().to_string(),
        })
}

/// The commits to look through, the newest first.
fn commits(
    project: &Project,
    request: &SearchRequest<'_>,
) -> std::result::Result<Vec<CommitId>, SearchError> {
    let read = || -> Result<_> { Ok((project.refs()?, project.view()?.1)) };
    let (refs, view) = read()?;
    let mut starts: Vec<CommitId> = Vec::new();
    if let Some(tag) = request.tag {
        let glob = GlobBuilder::new(tag).build();
        let glob = glob.map_err(|error| SearchError::Pattern {
            pattern: tag.to_owned(),
            reason: error.kind().to_string(),
        })?;
        let glob = glob.compile_matcher();
        let named = RefKind::Tag.names(&refs).filter(|name| glob.is_match(name));
        starts.extend(named.map(|name| refs[&RefKind::Tag.full(name)]));
        if starts.is_empty() {
            let unknown = HistoryError::UnknownRef {
                kind: RefKind::Tag.name(),
                name: tag.to_owned(),
                nearest: nearest_name(tag, RefKind::Tag.names(&refs)),
            };
            return Err(SearchError::Repository(unknown.into()));
        }
    } else if request.everywhere {
        starts.extend(refs.values().copied().chain(view.head_commit()));
    } else {
        starts.extend(view.head_commit());
    }
    let all = || -> Result<_> {
        let walked = log(project.store(), &starts, &[], usize::MAX)?;
        Ok(walked.into_iter().map(|logged| logged.id).collect())
    };
    if request.everywhere {
        return Ok(all()?);
    }
    // Of several tags the newest first; each commit once.
    let wanted: HashSet<_> = starts.iter().copied().collect();
    if wanted.len() < 2 {
        return Ok(wanted.into_iter().collect());
    }
    let mut ordered: Vec<CommitId> = all()?;
    ordered.retain(|commit| wanted.contains(commit));
    Ok(ordered)
}

struct Search<'p> {
    project: &'p Project,
    layout: &'p Layout,
    trees: TreeWalk<'p>,
    words: Vec<String>,
    path: Option<GlobMatcher>,
    kind: Option<Wanted>,
    hints: Hints,
    limit: usize,
    /// Folders that were gone through, each at its place.
    seen_folders: HashSet<(TreeId, String)>,
    seen_files: HashSet<(RepoPath, FileId)>,
    report: SearchReport,
    /// Whether any file was made by the stage that was asked for.
    stage_seen: bool,
}

impl Search<'_> {
    fn folder(&mut self, commit: CommitId, tree: TreeId, place: &str) -> Result<()> {
        if !self.seen_folders.insert((tree, place.to_owned())) {
            return Ok(());
        }
        for entry in self.trees.get(tree)?.entries() {
            if self.report.more {
                break;
            }
            let path = format!("{place}{}", entry.name);
            match entry.id {
                EntryId::Dir(below) => self.folder(commit, below, &format!("{path}/"))?,
                EntryId::File(id) => {
                    let path = RepoPath::new(path).map_err(HistoryError::from)?;
                    if self.seen_files.insert((path.clone(), id)) {
                        self.file(commit, path, id, entry)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn file(
        &mut self,
        commit: CommitId,
        path: RepoPath,
        id: FileId,
        entry: &TreeEntry,
    ) -> Result<()> {
        if let Some(glob) = &self.path
            && !glob.is_match(path.as_str())
        {
            return Ok(());
        }
        let kind = ArtifactKind::of(&path, self.layout);
        if let Some(Wanted::Kind(wanted)) = &self.kind
            && *wanted != kind
        {
            return Ok(());
        }
        if let Some(Wanted::Stage(wanted)) = &self.kind {
            match self.stage(entry.made_by)? {
                Some(stage) if stage == *wanted => self.stage_seen = true,
                _ => return Ok(()),
            }
        }
        let mut lines: Vec<(Option<usize>, Option<String>)> = Vec::new();
        let lower = path.as_str().to_lowercase();
        let rest: Vec<&String> = self
            .words
            .iter()
            .filter(|word| !lower.contains(word.as_str()))
            .collect();
        if rest.is_empty() {
            lines.push((None, None));
        }
        // The scene numbers hold the words of the script again, as what a scene is known by.
        let has_text = !kind.is_media() && path.as_str() != NUMBERS;
        if !self.words.is_empty() && has_text {
            if entry.size > LIMIT_BYTES {
                self.report.too_large.push(path.clone());
            } else {
                let bytes = self.project.store().read_file(id, LIMIT_BYTES)?;
                let text = crate::diff::as_text(&bytes).unwrap_or_default();
                let text = text.lines().map(|line| match Hints::may_be_in(&path) {
                    true => self.hints.without(line),
                    false => line,
                });
                lines.extend(matching(text, &self.words, &rest));
            }
        }
        if lines.is_empty() {
            return Ok(());
        }
        let stage = self.stage(entry.made_by)?;
        for (line, text) in lines {
            if self.report.hits.len() == self.limit {
                self.report.more = true;
                break;
            }
            self.report.hits.push(Hit {
                path: path.clone(),
                kind,
                commit,
                id,
                size: entry.size,
                stage: stage.clone(),
                line,
                text,
            });
        }
        Ok(())
    }

    fn stage(&self, made_by: Option<GenerationId>) -> Result<Option<String>> {
        let Some(id) = made_by else { return Ok(None) };
        let Some(run) = run_if_kept(self.project.store(), id)? else {
            return Ok(None);
        };
        Ok(Some(self.project.store().get::<Action>(run.action)?.stage))
    }
}

/// The lines in which at least one of `words` stands, and each of `rest`: those that the path has
/// not.
fn matching<'t>(
    lines: impl Iterator<Item = &'t str> + 't,
    words: &'t [String],
    rest: &'t [&String],
) -> impl Iterator<Item = (Option<usize>, Option<String>)> + 't {
    lines.enumerate().filter_map(move |(number, line)| {
        let lower = line.to_lowercase();
        let has = |word: &str| lower.contains(word);
        let found = words.iter().any(|word| has(word)) && rest.iter().all(|word| has(word));
        let text = || line.trim().chars().take(MOST_CHARS).collect();
        found.then(|| (Some(number + 1), Some(text())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_may_stand_in_the_path_or_in_the_line() {
        let words = ["012".to_owned(), "kettle".to_owned()];
        let rest = [&words[1]];
        let text = "a pot\n  The KETTLE sings\n012\n";
        let found: Vec<_> = matching(text.lines(), &words, &rest).collect();
        assert_eq!(found, [(Some(2), Some("The KETTLE sings".to_owned()))]);
    }
}
