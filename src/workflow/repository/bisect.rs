//! `aiut bisect`: which commit brought something in, by halving what is left to look at.
//!
//! What is known stands in `.aiut/bisect` while it is under way: where the project stood, the bad commit,
//! the good ones and those that tell nothing. What is left follows from that: all that the bad one stands
//! on and no good one does, in the order of the log, of which the middle is looked at next.

use std::collections::BTreeSet;
use std::io::Read as _;

use serde::{Deserialize, Serialize};

use super::report::tree_of;
use super::switch::{SwitchTarget, switch};
use super::{CommitReport, RepositoryError, Result};
use crate::base::atomic;
use crate::history::{
    Caller, HistoryError, Project, Selection, gone_files, is_ancestor, log_without, read_tree,
};
use crate::object::{CommitId, Head};
use crate::pipeline::Pipeline;

/// The file in `.aiut`.
const FILE: &str = "bisect";
/// What a hundred thousand verdicts take.
const MOST_BYTES: u64 = 16 << 20;

/// What a commit was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// What is looked for is not in it.
    Good,
    /// It is.
    Bad,
    /// Nobody can tell.
    Skip,
}

/// What is known so far.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    /// The timeline that the project stood on, or the commit.
    from: String,
    /// Every verdict in order.
    verdicts: Vec<(Verdict, CommitId)>,
}

/// Why there is nothing to halve.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BisectError {
    /// Nothing was begun.
    #[error("no bisect is under way")]
    NotBegun,
    /// One was.
    #[error("a bisect is under way already")]
    UnderWay,
    /// A good commit is above the bad one.
    #[error(
        "{good} is good, and {bad} before it is bad: what is looked for went, rather than came"
    )]
    Backwards {
        /// Shortened.
        good: String,
        /// Shortened.
        bad: String,
    },
    /// They are on different lines.
    #[error("{bad}, which is bad, does not stand on {good}, which is good")]
    Apart {
        /// Shortened.
        good: String,
        /// Shortened.
        bad: String,
    },
    /// The note of it cannot be read.
    #[error("what was known is damaged: {0}")]
    Damaged(String),
}

impl BisectError {
    /// What to type next.
    pub(super) fn hint(&self) -> &'static str {
        match self {
            Self::NotBegun => "aiut bisect start BAD GOOD   begins one",
            Self::UnderWay => "aiut bisect log   shows it; aiut bisect reset ends it",
            Self::Backwards { .. } => "call good what has it, and bad what lacks it",
            Self::Apart { .. } => "name a good commit that the bad one stands on",
            Self::Damaged(_) => "aiut bisect reset   forgets it",
        }
    }
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BisectStep {
    /// A bad or a good commit is still to be named.
    Waiting,
    /// The project stands on the commit to look at.
    Testing,
    /// The first bad commit is known.
    Found,
    /// Only commits of which nobody can tell are left.
    Unclear,
}

/// How a bisect stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BisectReport {
    /// How far it is.
    pub step: BisectStep,
    /// The commit to look at, or the first bad one.
    pub commit: Option<CommitReport>,
    /// Commits that may be the first bad one.
    pub left: usize,
    /// Those where only skipped ones are left.
    pub candidates: Vec<CommitReport>,
    /// Every verdict so far.
    pub verdicts: Vec<BisectVerdict>,
    /// Where the project stood before.
    pub from: String,
}

/// One verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BisectVerdict {
    /// What it is.
    pub verdict: Verdict,
    /// The commit.
    pub commit: CommitReport,
}

/// Begins: with the bad commit and good ones, as far as they are known.
///
/// # Errors
/// `UnderWay`; as [`bisect_mark`].
pub fn bisect_start(
    project: &Project,
    caller: &Caller<'_>,
    bad: Option<&str>,
    good: &[String],
) -> Result<BisectReport> {
    if read(project)?.is_some() {
        return Err(BisectError::UnderWay.into());
    }
    let (_, view) = project.view()?;
    let from = match view.head() {
        Head::Timeline(name) => name.clone(),
        Head::Detached(commit) => commit.to_hex(),
    };
    let now = caller.clock.now();
    let mut known = Known {
        from,
        verdicts: Vec::new(),
    };
    let commit = |text: &str| project.resolve(text, now).map(|found| found.commit);
    if let Some(text) = bad {
        known.verdicts.push((Verdict::Bad, commit(text)?));
    }
    for text in good {
        known.verdicts.push((Verdict::Good, commit(text)?));
    }
    go_on(project, caller, known)
}

/// Notes a verdict on commits, on the current one where none is named, and goes to the next.
///
/// # Errors
/// `NotBegun`, `Backwards`, `Apart`; as `switch` when edits are in the way.
pub fn bisect_mark(
    project: &Project,
    caller: &Caller<'_>,
    verdict: Verdict,
    revisions: &[String],
) -> Result<BisectReport> {
    let mut known = read(project)?.ok_or(BisectError::NotBegun)?;
    let now = caller.clock.now();
    let head = ["HEAD".to_owned()];
    let revisions = if revisions.is_empty() {
        &head[..]
    } else {
        revisions
    };
    for revision in revisions {
        let commit = project.resolve(revision, now)?.commit;
        known.verdicts.retain(|(_, marked)| *marked != commit);
        known.verdicts.push((verdict, commit));
    }
    go_on(project, caller, known)
}

/// How the bisect stands.
///
/// # Errors
/// `NotBegun`.
pub fn bisect_now(project: &Project) -> Result<BisectReport> {
    let known = read(project)?.ok_or(BisectError::NotBegun)?;
    Ok(look(project, &known)?.0)
}

/// Ends it: back to where the project stood.
///
/// # Errors
/// `NotBegun`; as `switch` when edits are in the way.
pub fn bisect_end(project: &Project, caller: &Caller<'_>) -> Result<String> {
    let known = match read(project) {
        Ok(known) => known.ok_or(BisectError::NotBegun)?,
        Err(RepositoryError::Bisect(BisectError::Damaged(why))) => {
            forget(project)?;
            return Err(BisectError::Damaged(why).into());
        }
        Err(error) => return Err(error),
    };
    let is_timeline = project
        .refs()?
        .contains_key(&format!("timelines/{}", known.from));
    let target = match is_timeline {
        true => SwitchTarget::Timeline(&known.from),
        false => SwitchTarget::Detached(&known.from),
    };
    let stands = match project.view()?.1.head() {
        Head::Timeline(name) => *name == known.from,
        Head::Detached(commit) => commit.to_hex() == known.from,
    };
    if !stands {
        switch(project, caller, target, false)?;
    }
    forget(project)?;
    Ok(known.from)
}

/// Why nothing can be told of the current commit: stages whose outputs the bad commit has are without any
/// in it, or outputs of it were let go of.
///
/// # Errors
/// `NotBegun`; what the store says.
pub fn bisect_missing(project: &Project, pipeline: &Pipeline) -> Result<Option<String>> {
    let known = read(project)?.ok_or(BisectError::NotBegun)?;
    let head = project.view()?.1.head_commit();
    let files = |commit: Option<CommitId>| -> Result<_> {
        Ok(match tree_of(project, commit)? {
            Some(tree) => read_tree(project.store(), tree)?,
            None => Default::default(),
        })
    };
    let (here, bad) = (files(head)?, files(known.bad())?);
    let gone = gone_files(project.store())?;
    if let Some((path, _)) = here.iter().find(|(_, entry)| gone.contains(&entry.id)) {
        return Ok(Some(format!("{path} was let go of")));
    }
    for stage in pipeline.stages() {
        let has = |files: &crate::history::FlatTree| {
            files
                .keys()
                .any(|path| stage.item_of(path.as_str()).is_some())
        };
        if has(&bad) && !has(&here) {
            return Ok(Some(format!("it has no outputs of {}", stage.name)));
        }
    }
    Ok(None)
}

impl Known {
    fn bad(&self) -> Option<CommitId> {
        let mut bad = self
            .verdicts
            .iter()
            .filter(|(verdict, _)| *verdict == Verdict::Bad);
        bad.next_back().map(|(_, commit)| *commit)
    }

    fn all(&self, wanted: Verdict) -> Vec<CommitId> {
        let found = self
            .verdicts
            .iter()
            .filter(|(verdict, _)| *verdict == wanted);
        found.map(|(_, commit)| *commit).collect()
    }
}

fn read(project: &Project) -> Result<Option<Known>> {
    match project.tree().own().read(FILE) {
        Ok(file) => {
            let mut bytes = Vec::new();
            let read = file.take(MOST_BYTES).read_to_end(&mut bytes);
            read.map_err(|source| io(project, "read", source))?;
            match serde_json::from_slice(&bytes) {
                Ok(known) => Ok(Some(known)),
                Err(error) => Err(BisectError::Damaged(error.to_string()).into()),
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(io(project, "read", source)),
    }
}

fn io(project: &Project, action: &'static str, source: std::io::Error) -> RepositoryError {
    let path = project.tree().own().path_of(FILE);
    HistoryError::Io {
        action,
        path,
        source,
    }
    .into()
}

fn forget(project: &Project) -> Result<()> {
    let removed = project.tree().own().remove_file(FILE);
    removed.map_err(|source| io(project, "remove", source))
}

/// What is left, and the commit to look at.
fn look(project: &Project, known: &Known) -> Result<(BisectReport, Option<CommitId>)> {
    let store = project.store();
    let report = |id: CommitId| CommitReport::read(project, id);
    let mut verdicts = Vec::with_capacity(known.verdicts.len());
    for (verdict, commit) in &known.verdicts {
        verdicts.push(BisectVerdict {
            verdict: *verdict,
            commit: report(*commit)?,
        });
    }
    let mut found = BisectReport {
        step: BisectStep::Waiting,
        commit: None,
        left: 0,
        candidates: Vec::new(),
        verdicts,
        from: known.from.clone(),
    };
    let (Some(bad), good) = (known.bad(), known.all(Verdict::Good)) else {
        return Ok((found, None));
    };
    if good.is_empty() {
        return Ok((found, None));
    }
    for one in &good {
        let names = || (one.short(), bad.short());
        if is_ancestor(store, bad, *one)? {
            let (good, bad) = names();
            return Err(BisectError::Backwards { good, bad }.into());
        }
        if !is_ancestor(store, *one, bad)? {
            let (good, bad) = names();
            return Err(BisectError::Apart { good, bad }.into());
        }
    }
    let logged = log_without(store, &[bad], &good, Selection::default())?;
    let left: Vec<CommitId> = logged.iter().map(|one| one.id).collect();
    found.left = left.len();
    let skipped: BTreeSet<CommitId> = known.all(Verdict::Skip).into_iter().collect();
    if left.len() == 1 {
        found.step = BisectStep::Found;
        found.commit = Some(report(bad)?);
        return Ok((found, None));
    }
    // Of those that are not bad for sure, the one nearest to the middle that may tell.
    let middle = left.len() / 2;
    let mut open: Vec<usize> = (0..left.len())
        .filter(|at| left[*at] != bad && !skipped.contains(&left[*at]))
        .collect();
    open.sort_by_key(|at| (at.abs_diff(middle), *at));
    match open.first() {
        Some(at) => {
            found.step = BisectStep::Testing;
            found.commit = Some(report(left[*at])?);
            Ok((found, Some(left[*at])))
        }
        None => {
            found.step = BisectStep::Unclear;
            found.candidates = left.iter().map(|id| report(*id)).collect::<Result<_>>()?;
            Ok((found, None))
        }
    }
}

/// Goes to what is to be looked at next, and notes what is known.
fn go_on(project: &Project, caller: &Caller<'_>, known: Known) -> Result<BisectReport> {
    let (found, next) = look(project, &known)?;
    if let Some(next) = next
        && project.view()?.1.head_commit() != Some(next)
    {
        switch(
            project,
            caller,
            SwitchTarget::Detached(&next.to_hex()),
            false,
        )?;
    }
    let bytes = serde_json::to_vec_pretty(&known).expect("ids and names");
    let written = atomic::write_in(project.tree().own(), FILE, &bytes);
    written.map_err(|source| io(project, "write", source))?;
    Ok(found)
}
