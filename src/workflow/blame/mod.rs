//! `aiut blame`: which commit a line, a paragraph of a screenplay or a field of a shot is from.
//!
//! Every row of the newest version is in question at first. What stands unchanged in a parent is asked of
//! that parent; what does not is from the commit itself. Commits are looked at from the newest on, so that
//! what several lead to is asked for once.

mod kind;

use std::collections::{BinaryHeap, HashMap, HashSet};
use std::ops::RangeInclusive;
use std::rc::Rc;

use serde::Serialize;

use self::kind::Loaded;
use super::comparison::folder_bytes;
use super::lineage::renamed_from;
use super::repository::{CommitReport, PartError, RepositoryError, Result};
use crate::diff::LIMIT_BYTES;
use crate::history::{
    Ends, HistoryError, Project, entry_at, gone_files, nearest, read_tree, run_if_kept,
};
use crate::object::{
    Action, Commit, CommitId, FileId, GenerationId, RepoPath, Timestamp, TreeEntry, TreeId,
};

pub use kind::{BlameKind, Place, Row, list_of_shot, script_path};

/// What to tell of.
#[derive(Debug, Clone)]
pub struct BlameRequest<'r> {
    /// The version; none for the file as it lies in the folder.
    pub revision: Option<&'r str>,
    /// The file.
    pub path: &'r RepoPath,
    /// Which part of it.
    pub part: Part<'r>,
    /// Line by line, whatever the file is.
    pub by_line: bool,
    /// What time it is, for revisions such as `main@{yesterday}`.
    pub now: Timestamp,
}

/// A part of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part<'r> {
    /// All of it.
    All,
    /// These lines, from 1.
    Lines(RangeInclusive<usize>),
    /// A scene of a screenplay, by its number.
    Scene(&'r str),
    /// A shot of a shot list.
    Shot(&'r str),
}

/// Where each row of a file is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BlameReport {
    /// The file.
    pub path: RepoPath,
    /// The commit; none for the file as it lies in the folder.
    pub commit: Option<CommitId>,
    /// What a row is.
    pub kind: BlameKind,
    /// What the rows are from, in the order in which these name them.
    pub origins: Vec<Origin>,
    /// The rows, in the order of the file.
    pub rows: Vec<BlamedRow>,
}

/// A row, and where it is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BlamedRow {
    /// The place of its origin in the list of them.
    pub origin: usize,
    /// Where in the file it stands, and what it says.
    #[serde(flatten)]
    pub row: Row,
}

/// What brought a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// The commit; none for what is not committed yet.
    pub commit: Option<CommitReport>,
    /// What the file was called there.
    pub path: RepoPath,
    /// The run that wrote it; none for what was written by hand.
    pub run: Option<OriginRun>,
}

/// A run that wrote rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OriginRun {
    /// Its id.
    pub id: GenerationId,
    /// The stage: `shots`.
    pub stage: String,
    /// What it ran for: `012`.
    pub item: String,
    /// What made it.
    pub generator: String,
    /// The model, where one was asked.
    pub model: Option<String>,
    /// What it was made from.
    pub reads: Vec<String>,
}

/// What is not known of yet: rows of one version of the file, each with its row in the newest.
struct Suspect {
    path: RepoPath,
    entry: TreeEntry,
    rows: Vec<(usize, usize)>,
}

struct Search<'p> {
    project: &'p Project,
    kind: BlameKind,
    gone: HashSet<FileId>,
    /// The versions that were read last.
    loaded: Vec<(FileId, Option<Rc<Loaded>>)>,
    ready: BinaryHeap<(i64, CommitId)>,
    suspects: HashMap<CommitId, Vec<Suspect>>,
    /// By the newest rows.
    found: Vec<Option<usize>>,
    origins: Vec<Origin>,
    known: HashMap<(CommitId, RepoPath), usize>,
}

/// Versions that are compared at a time: a commit's and those of its parents.
const KEPT_VERSIONS: usize = 4;

/// Tells where the rows of a file are from.
///
/// # Errors
/// `NoSuchPath`, as [`Project::resolve`], or as [`PartError`] says.
pub fn blame(project: &Project, request: &BlameRequest<'_>) -> Result<BlameReport> {
    let path = request.path;
    let resolved = match project.resolve(request.revision.unwrap_or("HEAD"), request.now) {
        Err(HistoryError::Unborn(_)) if request.revision.is_none() => None,
        resolved => Some(resolved?),
    };
    let head = resolved.as_ref().map(|found| (found.commit, found.tree));
    let tracked = match head {
        Some((_, tree)) => {
            entry_at(project.store(), tree, path)?.filter(|entry| entry.file_id().is_some())
        }
        None => None,
    };
    let folder = match request.revision {
        None => folder_bytes(project, path, LIMIT_BYTES)?,
        Some(_) => None,
    };
    let bytes = match (folder, &tracked) {
        (Some(bytes), _) => bytes,
        (None, Some(entry)) if request.revision.is_some() => {
            if entry.size > LIMIT_BYTES {
                return Err(PartError::TooLarge(path.clone()).into());
            }
            let id = entry.file_id().expect("only files are looked at");
            project.store().read_file(id, LIMIT_BYTES)?
        }
        _ => return Err(no_such_path(project, head.map(|(_, tree)| tree), path)?),
    };
    if bytes.len() as u64 > LIMIT_BYTES {
        return Err(PartError::TooLarge(path.clone()).into());
    }
    let is_committed = tracked
        .as_ref()
        .is_some_and(|entry| entry.file_id() == Some(FileId::of(&bytes)));
    let kind = BlameKind::of(path, &bytes, request.by_line);
    let newest = Loaded::of(kind, bytes).ok_or_else(|| PartError::NotText(path.clone()))?;
    let numbers = |path: &RepoPath| -> Option<Vec<u8>> {
        match (request.revision, head) {
            (None, _) => folder_bytes(project, path, LIMIT_BYTES).ok().flatten(),
            (Some(_), Some((_, tree))) => {
                let id = entry_at(project.store(), tree, path).ok()??.file_id()?;
                project.store().read_file(id, LIMIT_BYTES).ok()
            }
            _ => None,
        }
    };
    let rows = newest.rows(kind, &numbers);
    let wanted = kind::wanted(kind, path, &newest, &rows, &request.part)?;
    let mut search = Search {
        project,
        kind,
        gone: gone_files(project.store())?,
        loaded: Vec::new(),
        ready: BinaryHeap::new(),
        suspects: HashMap::new(),
        found: vec![None; rows.len()],
        origins: Vec::new(),
        known: HashMap::new(),
    };
    search.begin(&newest, wanted.clone(), path, head, tracked, is_committed)?;
    search.run()?;
    Ok(search.report(request, head.map(|(commit, _)| commit), rows, &wanted))
}

fn no_such_path(
    project: &Project,
    tree: Option<TreeId>,
    path: &RepoPath,
) -> Result<RepositoryError> {
    let files = match tree {
        Some(tree) => read_tree(project.store(), tree)?,
        None => Default::default(),
    };
    let nearest = nearest(path.as_str(), files.keys().map(RepoPath::as_str));
    let error = HistoryError::NoSuchPath {
        path: path.to_string(),
        place: "the project".to_owned(),
        nearest,
    };
    Ok(error.into())
}

impl Search<'_> {
    /// Asks the commit for these rows of the newest version; what is in the folder alone is from there.
    fn begin(
        &mut self,
        newest: &Loaded,
        wanted: Vec<usize>,
        path: &RepoPath,
        head: Option<(CommitId, TreeId)>,
        tracked: Option<TreeEntry>,
        is_committed: bool,
    ) -> Result<()> {
        let places = newest.places(&wanted);
        let mut rows: Vec<(usize, usize)> = places.iter().copied().zip(wanted).collect();
        let (Some((commit, _)), Some(entry)) = (head, tracked) else {
            self.uncommitted(path, &rows);
            return Ok(());
        };
        if !is_committed {
            let id = entry.file_id().expect("only files are looked at");
            let (carried, own) = match self.load(id, entry.size)? {
                Some(old) => split(rows, &old.carried(self.kind, newest, &places)),
                None => (Vec::new(), rows),
            };
            self.uncommitted(path, &own);
            rows = carried;
        }
        self.ask(
            commit,
            Suspect {
                path: path.clone(),
                entry,
                rows,
            },
        )
    }

    fn uncommitted(&mut self, path: &RepoPath, rows: &[(usize, usize)]) {
        if rows.is_empty() {
            return;
        }
        self.origins.push(Origin {
            commit: None,
            path: path.clone(),
            run: None,
        });
        for (_, newest) in rows {
            self.found[*newest] = Some(self.origins.len() - 1);
        }
    }

    /// Puts rows in question at a commit.
    fn ask(&mut self, commit: CommitId, suspect: Suspect) -> Result<()> {
        if suspect.rows.is_empty() {
            return Ok(());
        }
        let known = self.suspects.entry(commit).or_default();
        if known.is_empty() {
            let found = self.project.store().get::<Commit>(commit)?;
            self.ready.push((found.time.unix_seconds, commit));
        }
        match known.iter_mut().find(|known| known.path == suspect.path) {
            Some(known) => known.rows.extend(suspect.rows),
            None => known.push(suspect),
        }
        Ok(())
    }

    fn run(&mut self) -> Result<()> {
        while let Some((_, id)) = self.ready.pop() {
            let commit = self.project.store().get::<Commit>(id)?;
            for suspect in self.suspects.remove(&id).unwrap_or_default() {
                self.settle(id, &commit, suspect)?;
            }
        }
        Ok(())
    }

    /// Hands on to the parents what they have, and notes the rest as this commit's.
    fn settle(&mut self, id: CommitId, commit: &Commit, suspect: Suspect) -> Result<()> {
        let mut parents = Vec::with_capacity(commit.parents.len());
        let ends = Ends::of(self.project.store())?;
        let here: Vec<CommitId> = ends.parents(commit).collect();
        for parent in &here {
            let tree = self.project.store().get::<Commit>(*parent)?.tree;
            let entry = entry_at(self.project.store(), tree, &suspect.path)?;
            let entry = entry.filter(|entry| entry.file_id().is_some());
            // A parent that has the same file answers for all of it.
            if entry
                .as_ref()
                .is_some_and(|entry| entry.id == suspect.entry.id)
            {
                let entry = entry.expect("it was looked at");
                return self.ask(*parent, Suspect { entry, ..suspect });
            }
            parents.push((*parent, tree, entry));
        }
        let Suspect {
            path,
            entry,
            mut rows,
        } = suspect;
        for (parent, tree, old) in parents {
            let before = match old {
                Some(old) => Some((path.clone(), old)),
                None => self.under_another_name(commit.tree, tree, &path)?,
            };
            let Some((was, old)) = before else { continue };
            let ids = (entry.file_id(), old.file_id());
            let (Some(new_id), Some(old_id)) = ids else {
                continue;
            };
            let versions = (self.load(old_id, old.size)?, self.load(new_id, entry.size)?);
            let (Some(older), Some(newer)) = versions else {
                continue;
            };
            let places: Vec<usize> = rows.iter().map(|row| row.0).collect();
            let (carried, left) = split(rows, &older.carried(self.kind, &newer, &places));
            rows = left;
            self.ask(
                parent,
                Suspect {
                    path: was,
                    entry: old,
                    rows: carried,
                },
            )?;
        }
        if rows.is_empty() {
            return Ok(());
        }
        let origin = self.origin(id, commit, &path, &entry)?;
        for (_, newest) in rows {
            self.found[newest] = Some(origin);
        }
        Ok(())
    }

    fn under_another_name(
        &self,
        tree: TreeId,
        before: TreeId,
        path: &RepoPath,
    ) -> Result<Option<(RepoPath, TreeEntry)>> {
        let Some(was) = renamed_from(self.project, before, tree, path)? else {
            return Ok(None);
        };
        let entry = entry_at(self.project.store(), before, &was)?;
        Ok(entry.map(|entry| (was, entry)))
    }

    /// A version taken apart; none where it was let go of, is too large or of another kind.
    fn load(&mut self, id: FileId, size: u64) -> Result<Option<Rc<Loaded>>> {
        if let Some((_, known)) = self.loaded.iter().find(|(known, _)| *known == id) {
            return Ok(known.clone());
        }
        let loaded = match size > LIMIT_BYTES || self.gone.contains(&id) {
            true => None,
            false => {
                let bytes = self.project.store().read_file(id, LIMIT_BYTES)?;
                Loaded::of(self.kind, bytes).map(Rc::new)
            }
        };
        self.loaded.insert(0, (id, loaded.clone()));
        self.loaded.truncate(KEPT_VERSIONS);
        Ok(loaded)
    }

    /// The place of the origin that a commit is.
    fn origin(
        &mut self,
        id: CommitId,
        commit: &Commit,
        path: &RepoPath,
        entry: &TreeEntry,
    ) -> Result<usize> {
        if let Some(known) = self.known.get(&(id, path.clone())) {
            return Ok(*known);
        }
        self.origins.push(Origin {
            commit: Some(CommitReport::new(id, commit)),
            path: path.clone(),
            run: self.run_of(entry)?,
        });
        self.known
            .insert((id, path.clone()), self.origins.len() - 1);
        Ok(self.origins.len() - 1)
    }

    /// The run that wrote a file as it is; none where somebody edited it since.
    fn run_of(&self, entry: &TreeEntry) -> Result<Option<OriginRun>> {
        let Some(id) = entry.made_by else {
            return Ok(None);
        };
        let Some(run) = run_if_kept(self.project.store(), id)? else {
            return Ok(None);
        };
        if !run
            .outputs
            .iter()
            .any(|output| Some(output.id) == entry.file_id())
        {
            return Ok(None);
        }
        let action = self.project.store().get::<Action>(run.action)?;
        let mut reads: Vec<String> = action.reads.into_keys().collect();
        // What people write comes first.
        reads.sort_by_key(|read| read.starts_with("config:"));
        Ok(Some(OriginRun {
            id,
            stage: action.stage,
            item: action.item,
            generator: action.generator,
            model: run.model,
            reads,
        }))
    }

    /// The rows with their origins, these in the order of the rows.
    fn report(
        self,
        request: &BlameRequest<'_>,
        commit: Option<CommitId>,
        rows: Vec<Row>,
        wanted: &[usize],
    ) -> BlameReport {
        let mut order: Vec<usize> = Vec::new();
        let mut place = vec![None; self.origins.len()];
        let mut told = Vec::with_capacity(wanted.len());
        let wanted: HashSet<usize> = wanted.iter().copied().collect();
        for (at, row) in rows
            .into_iter()
            .enumerate()
            .filter(|(at, _)| wanted.contains(at))
        {
            let origin =
                self.found[at].expect("every row ends at a commit without parents at the latest");
            let origin = *place[origin].get_or_insert_with(|| {
                order.push(origin);
                order.len() - 1
            });
            told.push(BlamedRow { origin, row });
        }
        let mut origins: Vec<Option<Origin>> = self.origins.into_iter().map(Some).collect();
        let origins = order
            .iter()
            .map(|at| origins[*at].take().expect("each is named once"));
        BlameReport {
            path: request.path.clone(),
            commit: request.revision.and(commit),
            kind: self.kind,
            origins: origins.collect(),
            rows: told,
        }
    }
}

/// Rows, apart by whether an older version has them: those at their places there, and the rest.
type Apart = (Vec<(usize, usize)>, Vec<(usize, usize)>);

fn split(rows: Vec<(usize, usize)>, carried: &[Option<usize>]) -> Apart {
    let (mut there, mut rest) = (Vec::new(), Vec::new());
    for (row, was) in rows.into_iter().zip(carried) {
        match was {
            Some(was) => there.push((*was, row.1)),
            None => rest.push(row),
        }
    }
    (there, rest)
}
