//! What a log follows down the history: a file through its names, a scene through its places, lines
//! through edits around them, a text that comes and goes.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::{PartError, Result};
use crate::diff::{LIMIT_BYTES, as_text, range_before};
use crate::film::versions::{scene_before, script_units};
use crate::history::{Ends, HistoryError, Project, diff_trees, entry_at, gone_files};
use crate::object::{Commit, CommitId, EntryId, FileId, RepoPath, TreeEntry};
use crate::workflow::comparison::SCRIPT_EXTENSIONS;
use crate::workflow::lineage::renamed_from;
use crate::workflow::scenes_of::scene_lines;

/// A part of a file whose changes count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Followed {
    /// A scene of a screenplay, by its number.
    Scene(String),
    /// Lines, from 0.
    Lines(Range<usize>),
}

/// A part of one version of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Whole,
    /// The first line of the scene's heading, from 1.
    Scene(usize),
    Lines(Range<usize>),
}

/// What is followed, as a commit has it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct State {
    path: RepoPath,
    entry: Option<TreeEntry>,
    part: Part,
}

/// Follows one file. Commits are shown to it in order: each before its parents.
pub(super) struct Follower<'p> {
    project: &'p Project,
    gone: std::collections::HashSet<FileId>,
    states: RefCell<HashMap<CommitId, Vec<State>>>,
    /// Where a commit that nothing led to begins.
    path: RepoPath,
    followed: Option<Followed>,
    /// Whether a part was found at all, and what there was instead.
    missing: RefCell<Option<PartError>>,
    is_found: Cell<bool>,
    names: RefCell<BTreeSet<RepoPath>>,
}

impl<'p> Follower<'p> {
    pub(super) fn new(
        project: &'p Project,
        path: RepoPath,
        followed: Option<Followed>,
    ) -> Result<Self> {
        Ok(Self {
            project,
            gone: gone_files(project.store())?,
            states: RefCell::default(),
            names: RefCell::new(BTreeSet::from([path.clone()])),
            path,
            followed,
            missing: RefCell::default(),
            is_found: Cell::new(false),
        })
    }

    /// Every name that the file had.
    pub(super) fn names(&self) -> Vec<RepoPath> {
        self.names.borrow().iter().cloned().collect()
    }

    /// Why the part was found in none of the commits that the walk began with.
    pub(super) fn missing(&self) -> Option<PartError> {
        match self.is_found.get() {
            true => None,
            false => self.missing.borrow_mut().take(),
        }
    }

    /// Whether a commit changed what is followed, compared with each parent.
    pub(super) fn sees(&self, id: CommitId, commit: &Commit) -> Result<bool, HistoryError> {
        let known = self.states.borrow_mut().remove(&id);
        let states = match known {
            // It came with a later commit: what stands at its place here is something else.
            Some(states) if states.is_empty() => {
                for parent in Ends::of(self.project.store())?.parents(commit) {
                    self.states.borrow_mut().entry(parent).or_default();
                }
                return Ok(false);
            }
            Some(states) => states,
            None => self.begin(commit)?.into_iter().collect(),
        };
        let mut is_changed = false;
        for state in states {
            is_changed |= self.step(commit, &state)?;
        }
        Ok(is_changed)
    }

    /// What a commit that no other led to has of it.
    fn begin(&self, commit: &Commit) -> Result<Option<State>, HistoryError> {
        let entry = self.entry(commit, &self.path)?;
        let part = match (&self.followed, &entry) {
            (None, _) => Part::Whole,
            (Some(followed), Some(entry)) => match self.part(commit, followed, entry)? {
                Ok(part) => part,
                Err(missing) => {
                    self.missing.borrow_mut().get_or_insert(missing);
                    return Ok(None);
                }
            },
            (Some(_), None) => return Ok(None),
        };
        self.is_found.set(true);
        Ok(Some(State {
            path: self.path.clone(),
            entry,
            part,
        }))
    }

    fn part(
        &self,
        commit: &Commit,
        followed: &Followed,
        entry: &TreeEntry,
    ) -> Result<Result<Part, PartError>, HistoryError> {
        let Some(text) = self.text(entry)? else {
            return Ok(Err(PartError::NotText(self.path.clone())));
        };
        Ok(match followed {
            Followed::Lines(range) => {
                let lines = text.lines().count();
                match range.start < lines {
                    true => Ok(Part::Lines(range.start..range.end.min(lines))),
                    false => Err(PartError::NoLine {
                        path: self.path.clone(),
                        lines,
                        asked: range.start + 1,
                    }),
                }
            }
            Followed::Scene(_) if !is_script(&self.path) => Err(PartError::OtherKind {
                path: self.path.clone(),
                what: "scene",
            }),
            Followed::Scene(asked) => {
                let (_, scenes) = script_units(&text);
                let read = |path: &RepoPath| -> Option<Vec<u8>> {
                    let entry = entry_at(self.project.store(), commit.tree, path).ok()??;
                    let id = entry.file_id()?;
                    self.project.store().read_file(id, LIMIT_BYTES).ok()
                };
                scene_lines(&scenes, &read)
                    .line(asked)
                    .map_err(|known| PartError::NoPart {
                        path: self.path.clone(),
                        what: "scene",
                        name: asked.clone(),
                        known,
                    })
                    .map(Part::Scene)
            }
        })
    }

    /// Tells the parents where it was; whether it is otherwise in each.
    fn step(&self, commit: &Commit, state: &State) -> Result<bool, HistoryError> {
        let mut is_changed = true;
        let ends = Ends::of(self.project.store())?;
        let parents: Vec<CommitId> = ends.parents(commit).collect();
        for parent in &parents {
            let found = self.project.store().get::<Commit>(*parent)?;
            let mut path = state.path.clone();
            let mut entry = self.entry(&found, &path)?;
            if state.entry.is_some()
                && entry.is_none()
                && let Some(was) = renamed_from(self.project, found.tree, commit.tree, &path)?
            {
                entry = self.entry(&found, &was)?;
                self.names.borrow_mut().insert(was.clone());
                path = was;
            }
            let is_same_file = path == state.path && entry == state.entry;
            let before = match (&state.part, &entry, &state.entry) {
                _ if is_same_file => Some((state.part.clone(), true)),
                (Part::Whole, ..) => Some((Part::Whole, false)),
                (part, Some(old), Some(new)) => self.part_before(part, old, new)?,
                _ => None,
            };
            let Some((part, is_same)) = before else {
                self.states.borrow_mut().entry(*parent).or_default();
                continue;
            };
            is_changed &= !is_same;
            let mut states = self.states.borrow_mut();
            let states = states.entry(*parent).or_default();
            let state = State { path, entry, part };
            if !states.contains(&state) {
                states.push(state);
            }
        }
        // Without a parent it came with this commit, if it is there.
        Ok(is_changed && (state.entry.is_some() || !parents.is_empty()))
    }

    fn part_before(
        &self,
        part: &Part,
        old: &TreeEntry,
        new: &TreeEntry,
    ) -> Result<Option<(Part, bool)>, HistoryError> {
        if old.id == new.id {
            return Ok(Some((part.clone(), true)));
        }
        let (Some(old), Some(new)) = (self.text(old)?, self.text(new)?) else {
            return Ok(None);
        };
        Ok(match part {
            Part::Whole => Some((Part::Whole, false)),
            Part::Scene(line) => {
                scene_before(&old, &new, *line).map(|(line, same)| (Part::Scene(line), same))
            }
            Part::Lines(range) => range_before(&old, &new, range.clone())
                .map(|(range, same)| (Part::Lines(range), same)),
        })
    }

    fn entry(&self, commit: &Commit, path: &RepoPath) -> Result<Option<TreeEntry>, HistoryError> {
        entry_at(self.project.store(), commit.tree, path)
    }

    fn text(&self, entry: &TreeEntry) -> Result<Option<String>, HistoryError> {
        text_of(self.project, &self.gone, entry)
    }
}

/// Whether a path is that of a screenplay.
fn is_script(path: &RepoPath) -> bool {
    let extension = path.as_str().rsplit_once('.').map_or("", |(_, end)| end);
    SCRIPT_EXTENSIONS.contains(&extension)
}

fn text_of(
    project: &Project,
    gone: &std::collections::HashSet<FileId>,
    entry: &TreeEntry,
) -> Result<Option<String>, HistoryError> {
    let Some(id) = entry.file_id() else {
        return Ok(None);
    };
    if entry.size > LIMIT_BYTES || gone.contains(&id) {
        return Ok(None);
    }
    let bytes = project.store().read_file(id, LIMIT_BYTES)?;
    Ok(as_text(&bytes).map(str::to_owned))
}

/// Looks for commits in which a text came or went.
pub(super) struct Pickaxe<'p> {
    project: &'p Project,
    text: String,
    gone: std::collections::HashSet<FileId>,
    /// How often each version of a file says it.
    counts: RefCell<HashMap<FileId, usize>>,
}

/// What holds no words, by the ends of names: not read.
const WORDLESS: &[&str] = &[
    "png", "jpg", "jpeg", "webp", "gif", "exr", "wav", "flac", "mp3", "ogg", "m4a", "mov", "mp4",
    "mkv", "webm", "zip", "pdf",
];

impl<'p> Pickaxe<'p> {
    pub(super) fn new(project: &'p Project, text: String) -> Result<Self> {
        Ok(Self {
            project,
            text,
            gone: gone_files(project.store())?,
            counts: RefCell::default(),
        })
    }

    /// Whether a file among these says it more or less often than in each parent.
    pub(super) fn sees(
        &self,
        commit: &Commit,
        within: &dyn Fn(&RepoPath) -> bool,
    ) -> Result<bool, HistoryError> {
        let store = self.project.store();
        let mut parents: Vec<_> = Vec::with_capacity(commit.parents.len());
        let ends = Ends::of(store)?;
        for parent in ends.parents(commit) {
            parents.push(Some(store.get::<Commit>(parent)?.tree));
        }
        if parents.is_empty() {
            parents.push(None);
        }
        for parent in parents {
            let mut differs = false;
            // A file under another name says nothing new.
            let mut sum: HashMap<FileId, (usize, usize)> = HashMap::new();
            let changes = diff_trees(store, parent, Some(commit.tree))?;
            for change in changes.iter().filter(|change| within(&change.path)) {
                let end = change
                    .path
                    .as_str()
                    .rsplit_once('.')
                    .map_or("", |(_, end)| end);
                if WORDLESS.contains(&end.to_lowercase().as_str()) {
                    continue;
                }
                match (change.before, change.after) {
                    (Some(old), Some(new)) if old.id == new.id => {}
                    (Some(old), Some(new)) => {
                        differs |= self.count(old.id, old.size)? != self.count(new.id, new.size)?;
                    }
                    (Some(old), None) => {
                        self.count(old.id, old.size)?;
                        sum.entry(old.id).or_default().0 += 1;
                    }
                    (None, Some(new)) => {
                        self.count(new.id, new.size)?;
                        sum.entry(new.id).or_default().1 += 1;
                    }
                    (None, None) => {}
                }
            }
            let counts = self.counts.borrow();
            differs |= sum
                .iter()
                .any(|(id, (gone, came))| gone != came && counts[id] > 0);
            if !differs {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn count(&self, id: FileId, size: u64) -> Result<usize, HistoryError> {
        if let Some(known) = self.counts.borrow().get(&id) {
            return Ok(*known);
        }
        let entry = TreeEntry::file("", id, size);
        debug_assert!(matches!(entry.id, EntryId::File(_)), "a file was given");
        let text = text_of(self.project, &self.gone, &entry)?;
        let count = text.map_or(0, |text| text.matches(&self.text).count());
        self.counts.borrow_mut().insert(id, count);
        Ok(count)
    }
}
