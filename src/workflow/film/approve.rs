//! `aiut approve`: who approved which content, what waits for it, and what may not be changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use super::FilmError;
use super::merged::settings_of;
use super::session::Session;
use super::under_lock::{Locks, breach};
use crate::base::atomic;
use crate::history::{FlatTree, HeldChange, HistoryError, Project};
use crate::object::{CommitId, FileId, Head, Person, RepoPath};
use crate::pipeline::{
    APPROVALS, Approval, Approvals, Approved, MAX_APPROVALS_BYTES, Options, Outcome, Pipeline,
    stage_content,
};
use crate::workflow::comparison::folder_bytes;
use crate::workflow::repository::Scope;

/// An approval, and whether it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApprovalRow {
    /// What was approved.
    pub what: Approved,
    /// Whether its content is the one that was approved.
    pub valid: bool,
    /// Whether it may not be changed on this timeline.
    pub locked: bool,
    /// Who, when, why.
    #[serde(flatten)]
    pub approval: Approval,
}

/// What approving, or taking that back, did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApproveOutcome {
    /// What was approved, or no longer is.
    pub rows: Vec<ApprovalRow>,
    /// The commit; none where all of it was so already.
    pub commit: Option<CommitId>,
}

/// The approvals that files hold; none where they hold none.
///
/// # Errors
/// `Broken` says what is wrong with the file.
pub(super) fn approvals_of(project: &Project, files: &FlatTree) -> Result<Approvals, FilmError> {
    parsed_approvals(project, files)?
        .map_err(|what| FilmError::Broken(format!("{APPROVALS}: {what}")))
}

/// The same of a commit that is to be held to them; none of a file that cannot be read, which only a
/// commit that nothing held could bring.
pub(super) fn approvals_in(project: &Project, files: &FlatTree) -> Result<Approvals, FilmError> {
    Ok(parsed_approvals(project, files)?.unwrap_or_default())
}

/// The approvals that files hold, or what is wrong with their file.
fn parsed_approvals(
    project: &Project,
    files: &FlatTree,
) -> Result<Result<Approvals, String>, FilmError> {
    let path = approvals_path();
    let Some(entry) = files.get(&path) else {
        return Ok(Ok(Approvals::default()));
    };
    if entry.conflict.is_some() {
        let hint = format!("it is in conflict; `aiut resolve {APPROVALS}` settles that");
        return Ok(Err(hint));
    }
    if entry.size > MAX_APPROVALS_BYTES {
        let most = MAX_APPROVALS_BYTES >> 20;
        return Ok(Err(format!("it has more than {most} MiB")));
    }
    let store = project.store();
    let bytes = match store.can_have_file(entry.id).map_err(HistoryError::from)? {
        true => store
            .read_file(entry.id, MAX_APPROVALS_BYTES)
            .map_err(HistoryError::from)?,
        // As it lies in the folder, in no commit yet.
        false => folder_bytes(project, &path, MAX_APPROVALS_BYTES)?.unwrap_or_default(),
    };
    Ok(match String::from_utf8(bytes) {
        Ok(text) => Approvals::parse(&text).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    })
}

pub(super) fn approvals_path() -> RepoPath {
    RepoPath::new(APPROVALS).expect("a safe name")
}

/// The digest of what an approval is about, as files have it; none where it is not there.
pub(super) fn content_of(what: &Approved, pipeline: &Pipeline, files: &FlatTree) -> Option<String> {
    match what {
        Approved::Stage(name) => {
            let stage = pipeline.stage(name)?;
            stage_content(stage, files.iter().map(|(path, entry)| (path, entry.id)))
        }
        Approved::Path(path) => {
            let path = RepoPath::new(path.as_str()).ok()?;
            files.get(&path).map(|entry| entry.id.to_hex())
        }
    }
}

/// Approvals that hold for the files before a change and not for those after it.
///
/// # Errors
/// Approvals or settings that cannot be read.
pub(super) fn voided(
    project: &Project,
    timeline: Option<&str>,
    before: &FlatTree,
    after: &FlatTree,
) -> Result<Vec<ApprovalRow>, FilmError> {
    let known = approvals_of(project, before)?;
    if known.0.is_empty() {
        return Ok(Vec::new());
    }
    let pipeline = match settings_of(project, before)? {
        Some(config) => super::stages(&config)?,
        None => Pipeline::film(),
    };
    // What comes may have been approved where it comes from.
    let renewed = approvals_of(project, after).unwrap_or_default();
    let rows = known.0.into_iter().filter(|(what, approval)| {
        let content = |files| content_of(what, &pipeline, files);
        let is_renewed = renewed
            .0
            .get(what)
            .is_some_and(|approval| content(after).as_ref() == Some(&approval.content));
        let holds = content(before).as_ref() == Some(&approval.content);
        holds && content(after).as_ref() != Some(&approval.content) && !is_renewed
    });
    let row = |(what, approval): (Approved, Approval)| ApprovalRow {
        locked: timeline.is_some_and(|timeline| approval.locked_on.contains(timeline)),
        valid: false,
        what,
        approval,
    };
    Ok(rows.map(row).collect())
}

impl Session<'_> {
    fn approvals(&self) -> Result<Approvals, FilmError> {
        approvals_of(&self.project, &self.work)
    }

    /// The timeline that the project stands on.
    pub(super) fn timeline(&self) -> Result<Option<String>, FilmError> {
        Ok(match self.stands_on()? {
            Head::Timeline(name) => Some(name),
            Head::Detached(_) => None,
        })
    }

    fn row(&self, what: &Approved, approval: &Approval, timeline: Option<&str>) -> ApprovalRow {
        let content = content_of(what, &self.pipeline, &self.work);
        ApprovalRow {
            what: what.clone(),
            valid: content.as_ref() == Some(&approval.content),
            locked: timeline.is_some_and(|timeline| approval.locked_on.contains(timeline)),
            approval: approval.clone(),
        }
    }

    /// Every approval, with whether it holds.
    ///
    /// # Errors
    /// `Broken` says what is wrong with `approvals.toml`.
    pub fn approval_rows(&self) -> Result<Vec<ApprovalRow>, FilmError> {
        let timeline = self.timeline()?;
        let approvals = self.approvals()?;
        let rows = approvals.0.iter();
        Ok(rows
            .map(|(what, approval)| self.row(what, approval, timeline.as_deref()))
            .collect())
    }

    /// What a word of the command line means: a stage, or else a file at `path`.
    fn subject(&self, word: &str, path: Option<RepoPath>) -> Result<Approved, FilmError> {
        if self.pipeline.stage(word).is_some() {
            return Ok(Approved::Stage(word.to_owned()));
        }
        let what = path.map(|path| Approved::Path(path.to_string()));
        what.ok_or_else(|| FilmError::NoSuch(format!("stage or file {word}")))
    }

    /// Notes that these stages and files are approved as they are, and commits the note.
    ///
    /// # Errors
    /// `NoSuch` for a stage without outputs, or a file that is not there; `NoTimeline` to lock where the
    /// project stands on none.
    pub fn approve(
        &mut self,
        words: &[(String, Option<RepoPath>)],
        why: &str,
        lock: bool,
        author: &Person,
    ) -> Result<ApproveOutcome, FilmError> {
        let timeline = self.timeline()?;
        let mut approvals = self.approvals()?;
        let time = self.world.caller.clock.now();
        let mut named = Vec::new();
        for (word, path) in words {
            let what = self.subject(word, path.clone())?;
            let content = content_of(&what, &self.pipeline, &self.work).ok_or_else(|| {
                FilmError::NoSuch(match &what {
                    Approved::Stage(name) => format!("output of stage {name} yet"),
                    Approved::Path(path) => format!("file {path}"),
                })
            })?;
            let old = approvals.0.get(&what);
            if let (Some(old), Some(timeline)) = (old, &timeline)
                && old.locked_on.contains(timeline)
                && old.content != content
            {
                let breaches = vec![breach(&what, old, HeldChange::Approved)];
                let timeline = timeline.clone();
                return Err(HistoryError::Locked { timeline, breaches }.into());
            }
            let mut locked_on = old.map_or_else(BTreeSet::new, |old| old.locked_on.clone());
            if lock {
                locked_on.insert(timeline.clone().ok_or(FilmError::NoTimeline)?);
            }
            let is_as_before = old.is_some_and(|old| {
                old.content == content
                    && old.locked_on == locked_on
                    && (why.is_empty() || old.why == why)
            });
            if !is_as_before {
                let approval = Approval {
                    time: moment(time),
                    by: format!("{} <{}>", author.name, author.email),
                    content,
                    why: why.to_owned(),
                    locked_on,
                };
                approvals.0.insert(what.clone(), approval);
            }
            named.push(what);
        }
        let verb = if lock { "Approve and lock" } else { "Approve" };
        self.write_approvals(&approvals, &named, verb, BTreeSet::new(), author)
    }

    /// Takes approvals back, with their locks. One that another timeline is locked by stays for that one.
    ///
    /// # Errors
    /// `NoSuch` names what is not approved; `LockedElsewhere` what only another timeline can give up.
    pub fn withdraw(
        &mut self,
        words: &[(String, Option<RepoPath>)],
        author: &Person,
    ) -> Result<ApproveOutcome, FilmError> {
        let timeline = self.timeline()?;
        let mut approvals = self.approvals()?;
        let mut rows = Vec::new();
        let mut named = Vec::new();
        for (word, path) in words {
            // A stage that is no more can still be named.
            let stage = Approved::Stage(word.clone());
            let what = match approvals.0.contains_key(&stage) {
                true => stage,
                false => self.subject(word, path.clone())?,
            };
            let mut approval = approvals
                .0
                .remove(&what)
                .ok_or_else(|| FilmError::NoSuch(format!("approval of {what}")))?;
            let is_locked = timeline
                .as_ref()
                .is_some_and(|timeline| approval.locked_on.remove(timeline));
            if !approval.locked_on.is_empty() {
                if !is_locked {
                    return Err(FilmError::LockedElsewhere {
                        what: what.to_string(),
                        timelines: approval.locked_on.into_iter().collect(),
                    });
                }
                approvals.0.insert(what.clone(), approval.clone());
            }
            rows.push(self.row(&what, &approval, timeline.as_deref()));
            named.push(what);
        }
        let freed = named.iter().cloned().collect();
        let verb = "Withdraw the approval of";
        let outcome = self.write_approvals(&approvals, &named, verb, freed, author)?;
        Ok(ApproveOutcome { rows, ..outcome })
    }

    fn write_approvals(
        &mut self,
        approvals: &Approvals,
        named: &[Approved],
        verb: &str,
        freed: BTreeSet<Approved>,
        author: &Person,
    ) -> Result<ApproveOutcome, FilmError> {
        let text = approvals.print();
        let path = approvals_path();
        let is_as_before =
            self.work.get(&path).map(|entry| entry.id) == Some(FileId::of(text.as_bytes()));
        let mut commit = None;
        if !is_as_before {
            let file = self.root().join(APPROVALS);
            let written =
                atomic::write_by_way_of(self.project.tree().own(), &file, text.as_bytes());
            written.map_err(|source| HistoryError::Io {
                action: "write",
                path: file,
                source,
            })?;
            let names: Vec<String> = named.iter().map(ToString::to_string).collect();
            let message = super::subject::subject(verb, &names);
            let world = self.world.clone();
            let mut caller = self.world.caller.clone();
            caller.guard = Arc::new(Locks::but_for(world, freed));
            self.commit_by(&caller, author, &message, Scope::of(vec![path]))?;
            commit = self.project.view()?.1.head_commit();
        }
        let timeline = self.timeline()?;
        let row = |what: &Approved| {
            let approval = approvals.0.get(what)?;
            Some(self.row(what, approval, timeline.as_deref()))
        };
        Ok(ApproveOutcome {
            rows: named.iter().filter_map(row).collect(),
            commit,
        })
    }

    /// The stages that wait for an approval, each with what to do: one that is not there or void, or of
    /// what would be made anew.
    ///
    /// # Errors
    /// `Broken` says what is wrong with `approvals.toml`.
    pub(super) fn unapproved(&self) -> Result<BTreeMap<String, String>, FilmError> {
        let needs: Vec<(String, Vec<String>)> = self
            .stages()
            .iter()
            .filter(|stage| !stage.needs_approval.is_empty())
            .map(|stage| (stage.name.clone(), stage.needs_approval.clone()))
            .collect();
        let mut waiting = BTreeMap::new();
        if needs.is_empty() {
            return Ok(waiting);
        }
        let approvals = self.approvals()?;
        let planned = self.plan(Options::default())?;
        for (stage, needed) in needs {
            let open = needed.iter().find_map(|name| {
                let known = approvals.0.get(&Approved::Stage(name.clone()));
                let what = Approved::Stage(name.clone());
                let is_valid = known.is_some_and(|approval| {
                    content_of(&what, &self.pipeline, &self.work).as_ref()
                        == Some(&approval.content)
                });
                let mut of_stage = planned.items.iter().filter(|item| item.stage == *name);
                let is_open = of_stage.any(|item| item.outcome != Outcome::Keep);
                match (known, is_valid, is_open) {
                    (Some(_), true, false) => None,
                    (_, _, true) => Some(format!(
                        "it waits for the approval of {name}, which is to be made first: \
                         aiut generate {name}, then aiut approve {name}"
                    )),
                    (Some(_), false, false) => Some(format!(
                        "it waits for the approval of {name}, which changed since it was approved: \
                         aiut approve {name}"
                    )),
                    (None, ..) => Some(format!(
                        "it waits for the approval of {name}: aiut approve {name}"
                    )),
                }
            });
            if let Some(why) = open {
                waiting.insert(stage, why);
            }
        }
        Ok(waiting)
    }
}

/// `2026-11-30T10:00:00Z`
fn moment(time: crate::object::Timestamp) -> String {
    let shown = jiff::Timestamp::from_second(time.unix_seconds);
    shown.map_or_else(|_| time.unix_seconds.to_string(), |shown| shown.to_string())
}
