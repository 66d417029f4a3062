//! Revisions as they are typed.
//!
//! ```text
//! revision  = [base] step* [":" path]
//! span      = revision | "^" revision | [revision] ".." [revision] | [revision] "..." [revision]
//! base      = HEAD | @ | timeline | tag | remote's timeline | 4 or more digits of an id | before
//! before    = "-" | "@{-" n "}"                   (where the project stood, 1 or n switches ago)
//! step      = "~" [n] | "^" [n] | "@{" moment or n "}"        (the last only after a name)
//! ```

use super::{
    HistoryError, Project, Result, error::nearest_name, head_before, operations_and_end, parse_when,
};
use crate::object::{
    Commit, CommitId, Head, REMOTES, RepoPath, TAGS, TIMELINES, Timestamp, TreeId,
};
use crate::store::{Position, Store};

/// Fewest digits of an id that are taken for one.
const MIN_DIGITS: usize = 4;
/// Digits of an id as it is printed in short.
const PRINTED_DIGITS: usize = 12;
/// Candidates shown of an ambiguous id.
const MAX_CANDIDATES: usize = 8;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// `~n`: n first parents up.
    Up(usize),
    /// `^n`: the nth parent; `^0` the commit itself.
    Parent(usize),
    /// `@{…}`: where the name stood.
    Past(String),
    /// `-`, `@{-n}`: what the project stood on n switches ago.
    Before(usize),
}

/// A revision taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    base: String,
    steps: Vec<Step>,
    /// What follows the colon, if there is one; empty is the whole tree.
    pub path: Option<String>,
}

/// What one word of a command line names of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// `A`: the commit, and what it stands on.
    At(String),
    /// `^A`: without the commit and what it stands on.
    Without(String),
    /// `A..B`: from the first to the second.
    Between(String, String),
    /// `A...B`: from where they part to either.
    Either(String, String),
}

impl Span {
    /// Takes a word apart; an end that is left out is HEAD. What begins as a path is none.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        // A moment may hold dots, and so may a path.
        let end = word.find(['{', ':']).unwrap_or(word.len());
        let end_of = |text: &str| match text {
            "" => "HEAD".to_owned(),
            text => text.to_owned(),
        };
        if is_relative(word) {
            return Self::At(word.to_owned());
        }
        if let Some(rest) = word.strip_prefix('^') {
            return Self::Without(end_of(rest));
        }
        let dots = word.find("..").filter(|at| *at < end);
        let Some((from, to)) = dots.map(|at| word.split_at(at)) else {
            return Self::At(word.to_owned());
        };
        match to.strip_prefix("...") {
            Some(to) => Self::Either(end_of(from), end_of(to)),
            None => Self::Between(end_of(from), end_of(&to[2..])),
        }
    }

    /// The revisions that it names.
    pub fn ends(&self) -> impl Iterator<Item = &str> {
        let (first, second) = match self {
            Self::At(one) | Self::Without(one) => (one, None),
            Self::Between(from, to) | Self::Either(from, to) => (from, Some(to)),
        };
        [Some(first), second]
            .into_iter()
            .flatten()
            .map(String::as_str)
    }
}

/// Whether a path is written from a folder: `./x`, `../x`.
#[must_use]
pub fn is_relative(path: &str) -> bool {
    matches!(path, "." | "..") || path.starts_with("./") || path.starts_with("../")
}

/// What a revision stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The commit.
    pub commit: CommitId,
    /// Its tree.
    pub tree: TreeId,
    /// What follows the colon; none for the whole tree.
    pub path: Option<RepoPath>,
}

impl Revision {
    /// Takes a revision apart.
    ///
    /// # Errors
    /// `BadRevision` says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self> {
        let bad = |reason: &str| HistoryError::BadRevision {
            text: text.to_owned(),
            reason: reason.to_owned(),
        };
        let end = base_end(text);
        let (base, mut rest) = text.split_at(end);
        let mut steps = Vec::new();
        if base == "-" {
            steps.push(Step::Before(1));
        }
        let mut path = None;
        while let Some(first) = rest.chars().next() {
            let after = &rest[first.len_utf8()..];
            match first {
                ':' => {
                    path = Some(after.to_owned());
                    rest = "";
                }
                '~' | '^' => {
                    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
                    let number = match &after[..digits] {
                        "" => 1,
                        digits => digits.parse().map_err(|_| bad("the number is too large"))?,
                    };
                    let step = if first == '~' { Step::Up } else { Step::Parent };
                    steps.push(step(number));
                    rest = &after[digits..];
                }
                '@' if after.starts_with('{') => {
                    let end = after.find('}').ok_or_else(|| bad("`@{` is never closed"))?;
                    if !steps.is_empty() {
                        return Err(bad("`@{…}` follows a name, not a commit"));
                    }
                    let past = after[1..end].trim();
                    steps.push(match past.strip_prefix('-').map(str::parse::<usize>) {
                        Some(Ok(_)) if !matches!(base, "" | "@" | "HEAD") => {
                            return Err(bad(
                                "`@{-1}` follows no name: it is where the project stood",
                            ));
                        }
                        Some(Ok(0)) => return Err(bad("switches are counted from 1")),
                        Some(Ok(moves)) => Step::Before(moves),
                        _ => Step::Past(past.to_owned()),
                    });
                    rest = &after[end + 1..];
                }
                other => return Err(bad(&format!("{other:?} is not expected there"))),
            }
        }
        if base.is_empty() && steps.is_empty() && path.is_none() {
            return Err(bad("it is empty"));
        }
        let base = if matches!(base, "" | "@" | "-") {
            "HEAD"
        } else {
            base
        };
        Ok(Self {
            base: base.to_owned(),
            steps,
            path,
        })
    }
}

/// Where the name ends and steps or a path begin.
fn base_end(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        if matches!(c, '~' | '^' | ':') || (c == '@' && next == Some('{')) {
            return at;
        }
    }
    text.len()
}

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

#[cfg(test)]
mod tests {
    use super::*;

    fn revision(base: &str, steps: Vec<Step>, path: Option<&str>) -> Revision {
        Revision {
            base: base.into(),
            steps,
            path: path.map(Into::into),
        }
    }

    #[test]
    fn spans_of_history_are_taken_apart() {
        let span = |word: &str| match Span::parse(word) {
            Span::At(one) => format!("at {one}"),
            Span::Without(one) => format!("without {one}"),
            Span::Between(from, to) => format!("{from} to {to}"),
            Span::Either(from, to) => format!("{from} or {to}"),
        };
        for (word, expected) in [
            ("main", "at main"),
            ("^main~2", "without main~2"),
            ("main..", "main to HEAD"),
            ("..x", "HEAD to x"),
            ("a..b", "a to b"),
            ("a...b", "a or b"),
            ("...b", "HEAD or b"),
            ("../x", "at ../x"),
            ("..", "at .."),
            ("./a..b", "at ./a..b"),
            ("HEAD:../x", "at HEAD:../x"),
            ("main@{2..3}", "at main@{2..3}"),
        ] {
            assert_eq!(span(word), expected, "{word}");
        }
    }

    #[test]
    fn revisions_are_taken_apart() {
        use Step::{Before, Parent, Past, Up};
        for (text, expected) in [
            ("main", revision("main", vec![], None)),
            ("HEAD~2", revision("HEAD", vec![Up(2)], None)),
            ("@^", revision("HEAD", vec![Parent(1)], None)),
            (
                "what-if/x^2~3",
                revision("what-if/x", vec![Parent(2), Up(3)], None),
            ),
            (
                "main@{yesterday}~",
                revision("main", vec![Past("yesterday".into()), Up(1)], None),
            ),
            (
                "@{2 days ago}:a.txt",
                revision("HEAD", vec![Past("2 days ago".into())], Some("a.txt")),
            ),
            (
                "main@{2026-11-20 14:00}:x",
                revision("main", vec![Past("2026-11-20 14:00".into())], Some("x")),
            ),
            (
                ":shots/1.json",
                revision("HEAD", vec![], Some("shots/1.json")),
            ),
            ("v1:a@{b}", revision("v1", vec![], Some("a@{b}"))),
            ("a@b", revision("a@b", vec![], None)),
            ("-", revision("HEAD", vec![Before(1)], None)),
            ("-~2:x", revision("HEAD", vec![Before(1), Up(2)], Some("x"))),
            ("@{-3}", revision("HEAD", vec![Before(3)], None)),
        ] {
            assert_eq!(Revision::parse(text).unwrap(), expected, "{text}");
        }
        for text in [
            "",
            "main@{",
            "main~1@{now}",
            "main@{-1}",
            "@{-0}",
            "main~x",
            "HEAD^^z",
            "main~99999999999999999999",
        ] {
            assert!(
                matches!(Revision::parse(text), Err(HistoryError::BadRevision { .. })),
                "{text}"
            );
        }
    }
}
