//! What a revision stands for in a project.

use super::{Resolved, Revision, Step};
use crate::history::error::nearest_name;
use crate::history::{HistoryError, Project, Result, head_before, operations_and_end, parse_when};
use crate::object::{Commit, CommitId, Head, REMOTES, RepoPath, TAGS, TIMELINES, Timestamp};
use crate::store::{Position, Store};

/// Fewest digits of an id that are taken for one.
const MIN_DIGITS: usize = 4;
/// Digits of an id as it is printed in short.
const PRINTED_DIGITS: usize = 12;
/// Candidates shown of an ambiguous id.
const MAX_CANDIDATES: usize = 8;

impl Project {
    /// The commit, and path, that `text` stands for to someone for whom it is `now`.
    ///
    /// # Errors
    /// `BadRevision`, `UnknownRevision`, `AmbiguousRevision`, `Unborn`, `UnsafeName`.
    pub fn resolve(&self, text: &str, now: Timestamp) -> Result<Resolved> {
        let revision = Revision::parse(text)?;
        let (_, view) = self.view()?;
        let mut steps = revision.steps.iter();
        let mut commit = match revision.steps.first() {
            Some(Step::Past(when)) => {
                steps.next();
                self.past(text, &revision.base, when, &view, now)?
            }
            Some(Step::Before(moves)) => {
                steps.next();
                let mut before = Position::clone(&view);
                before.stand_on(self.store(), self.before(text, *moves, &view)?)?;
                before.head_commit().expect("it was found to have a commit")
            }
            _ => self.base(&revision.base, &view)?,
        };
        for step in steps {
            commit = self.step(text, commit, step)?;
        }
        let path = revision.path.filter(|path| !path.is_empty());
        let path = path
            .map(|path| RepoPath::new(path.trim_end_matches('/')))
            .transpose()?;
        let tree = self.store().get::<Commit>(commit)?.tree;
        Ok(Resolved { commit, tree, path })
    }

    /// What the project stood on before, if `text` asks for that and nothing else: `-` or `@{-2}`.
    /// A timeline has a commit then.
    ///
    /// # Errors
    /// `BadRevision` when it stood on nothing else, or when that timeline is gone.
    pub fn stood_before(&self, text: &str) -> Result<Option<Head>> {
        let Ok(revision) = Revision::parse(text) else {
            return Ok(None);
        };
        match (revision.steps.as_slice(), &revision.path) {
            ([Step::Before(moves)], None) => {
                Ok(Some(self.before(text, *moves, &self.view()?.1)?))
            }
            _ => Ok(None),
        }
    }

    fn before(&self, text: &str, moves: usize, view: &Position) -> Result<Head> {
        let bad = |reason: String| HistoryError::BadRevision {
            text: text.to_owned(),
            reason,
        };
        let never = || {
            bad(match moves {
                1 => "the project stood on nothing else before".to_owned(),
                _ => "the project was not switched that often".to_owned(),
            })
        };
        let head = head_before(self.store(), moves)?.ok_or_else(never)?;
        if let Head::Timeline(name) = &head
            && view
                .get(self.store(), &format!("{TIMELINES}{name}"))?
                .is_none()
        {
            return Err(bad(format!(
                "timeline {name}, where the project stood before, no longer exists"
            )));
        }
        Ok(head)
    }

    /// A commit, as a revision that names it.
    ///
    /// # Errors
    /// `Store`.
    pub fn resolve_commit(&self, commit: CommitId) -> Result<Resolved> {
        let tree = self.store().get::<Commit>(commit)?.tree;
        let path = None;
        Ok(Resolved { commit, tree, path })
    }

    /// The commit that a name or an id stands for. A ref that looks like an id hides no commit: of
    /// digits enough to be an id as it is printed, the commit is meant; of fewer, nobody knows.
    fn base(&self, name: &str, view: &Position) -> Result<CommitId> {
        let ref_of_name = named(self.store(), name, view);
        let ids = self.ids(name)?;
        let is_printed = name.len() >= PRINTED_DIGITS;
        let mut candidates: Vec<String> = ids.iter().map(CommitId::short).collect();
        match (ref_of_name, ids.as_slice()) {
            (Ok(None), []) => {}
            (Ok(None), [one]) => return Ok(*one),
            (Ok(Some(found)), []) => return Ok(found),
            (Ok(Some(found)), [one]) if found == *one => return Ok(found),
            (Ok(Some(_)) | Err(_), [one]) if is_printed => return Ok(*one),
            (Err(error), []) => return Err(error),
            (known, _) => {
                if !matches!(known, Ok(None)) {
                    let full = full_name(self.store(), name, view)?;
                    let full = full.map_or_else(|| name.to_owned(), |(full, _)| full);
                    candidates.insert(0, full);
                }
                return Err(HistoryError::AmbiguousRevision {
                    text: name.to_owned(),
                    ids: candidates,
                });
            }
        }
        let refs = view.refs(self.store())?;
        let names = refs.keys().map(|full| short_name(full)).chain(["HEAD"]);
        let nearest = nearest_name(name, names);
        Err(HistoryError::UnknownRevision {
            text: name.to_owned(),
            nearest,
        })
    }

    /// The commits whose ids begin so.
    fn ids(&self, name: &str) -> Result<Vec<CommitId>> {
        let is_id = name.len() >= MIN_DIGITS && name.bytes().all(|b| b.is_ascii_hexdigit());
        if !is_id {
            return Ok(Vec::new());
        }
        let digits = name.to_ascii_lowercase();
        Ok(self.store().resolve::<Commit>(&digits, MAX_CANDIDATES)?)
    }

    fn step(&self, text: &str, from: CommitId, step: &Step) -> Result<CommitId> {
        let bad = |reason: String| HistoryError::BadRevision {
            text: text.to_owned(),
            reason,
        };
        let parent = |of: CommitId, number: usize| -> Result<CommitId> {
            let parents = self.store().get::<Commit>(of)?.parents;
            parents
                .get(number - 1)
                .copied()
                .ok_or_else(|| match parents.len() {
                    0 => bad(format!("{} is the first commit", of.short())),
                    1 => bad(format!("{} has only one parent", of.short())),
                    count => bad(format!("{} has only {count} parents", of.short())),
                })
        };
        match step {
            Step::Up(count) => (0..*count).try_fold(from, |commit, _| parent(commit, 1)),
            Step::Parent(0) => Ok(from),
            Step::Parent(number) => parent(from, *number),
            Step::Past(_) | Step::Before(_) => {
                Err(bad("`@{…}` follows a name, not a commit".into()))
            }
        }
    }

    /// Where a name stood: at a moment, or so many moves ago.
    fn past(
        &self,
        text: &str,
        name: &str,
        when: &str,
        view: &Position,
        now: Timestamp,
    ) -> Result<CommitId> {
        let bad = |reason: String| HistoryError::BadRevision {
            text: text.to_owned(),
            reason,
        };
        // Known today, or at least once: a deleted timeline has a past too.
        let (log, is_cut) = operations_and_end(self.store(), usize::MAX)?;
        let mut known = stood(self.store(), name, view)?.is_some();
        let moves = when.parse::<usize>().ok();
        let moment = match moves {
            Some(_) => i64::MAX,
            None => parse_when(when, now).ok_or_else(|| {
                bad(format!(
                    "{when:?} is not a date or a time; try `yesterday`, `2 days ago`, `2026-11-20`"
                ))
            })?,
        };
        let mut left = moves.unwrap_or(0);
        let mut last: Option<CommitId> = None;
        for logged in log {
            let view = Position::read(self.store(), logged.operation.view)?;
            let Some(stood) = stood(self.store(), name, &view)? else {
                continue;
            };
            known = true;
            if logged.operation.time.unix_seconds > moment {
                continue;
            }
            if last.is_some_and(|last| last != stood) {
                left -= 1;
            }
            last = Some(stood);
            if left == 0 {
                return Ok(stood);
            }
        }
        match (known, moves) {
            (false, _) => self.base(name, view),
            _ if is_cut => Err(bad(
                "the operations of that time were let go of by `aiut gc --operations`".into(),
            )),
            (true, Some(_)) => Err(bad(format!("{name} did not move that often"))),
            (true, None) => Err(bad(format!("{name} had no commit then"))),
        }
    }
}

/// The commit that a name stands for, if it is one.
fn named(store: &Store, name: &str, view: &Position) -> Result<Option<CommitId>> {
    if name == "HEAD" {
        let unborn = || match view.head() {
            Head::Timeline(name) => HistoryError::Unborn(name.clone()),
            Head::Detached(commit) => HistoryError::Unborn(commit.short()),
        };
        return view.head_commit().map(Some).ok_or_else(unborn);
    }
    match full_name(store, name, view)? {
        None if *view.head() == Head::Timeline(name.to_owned()) => {
            Err(HistoryError::Unborn(name.to_owned()))
        }
        found => Ok(found.map(|(_, commit)| commit)),
    }
}

/// The same; none where nothing stands there yet, too.
fn stood(store: &Store, name: &str, view: &Position) -> Result<Option<CommitId>> {
    match named(store, name, view) {
        Err(HistoryError::Unborn(_)) => Ok(None),
        found => found,
    }
}

/// The ref that a name means, in full, and its commit.
fn full_name(store: &Store, name: &str, view: &Position) -> Result<Option<(String, CommitId)>> {
    for place in ["", TIMELINES, TAGS, REMOTES] {
        let full = format!("{place}{name}");
        if let Some(commit) = view.get(store, &full)? {
            return Ok(Some((full, commit)));
        }
    }
    Ok(None)
}

fn short_name(full: &str) -> &str {
    [TIMELINES, TAGS, REMOTES]
        .iter()
        .find_map(|place| full.strip_prefix(place))
        .unwrap_or(full)
}
