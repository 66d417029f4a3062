//! `aiut fsck`: is the project as it was written, what suffers if not, and what mends it.
//!
//! ```text
//! store::check     packs and index by themselves
//! history::reach   operations → commits → trees → files, all of it there and decodable
//! affected         which paths of which commits need what is broken
//! plan             what `--repair` does about each: told before, done exactly so
//! ```
//! Nothing is opened that was not checked, so it works on any project, whatever befell it.

mod mend;
mod notes;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use serde::Serialize;

use super::Result;
use crate::base::lock::Holder;
use crate::history::{Affected, Broken, Reached, Standing, affected, reach_all};
use crate::object::{CommitId, FileId, ObjectId, ObjectKind, Operation, RepoPath};
use crate::store::{self, Check, FindingKind, NO_JOURNAL, RecordId, Watch};
use crate::workflow::progress::{Progress, Unit};
use crate::worktree::AIUT_FOLDER;

pub use mend::MendReport;

/// How a project is to be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FsckRequest {
    /// Read every byte.
    pub data: bool,
    /// Mend what can be mended.
    pub repair: bool,
}

/// What a check came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FsckReport {
    /// Whether every byte was read.
    pub data: bool,
    /// Packs that were looked at.
    pub packs: usize,
    /// Records in them.
    pub records: usize,
    /// Bytes of them.
    pub bytes: u64,
    /// Operations of the log, and those beside it.
    pub operations: usize,
    /// Commits that can be reached.
    pub commits: usize,
    /// Conflicts that can be reached, those that were settled since included.
    pub conflicts: usize,
    /// Files that can be reached, each content once.
    pub files: usize,
    /// What is wrong.
    pub findings: Vec<FsckFinding>,
    /// What looks odd and is in order.
    pub notes: Vec<String>,
    /// What `--repair` does, in this order.
    pub plan: Vec<String>,
    /// What it did.
    pub mended: Option<MendReport>,
}

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FsckFinding {
    /// `pack`, `heads`, `format`, `object` or `file`.
    pub kind: &'static str,
    /// The pack it lies in, from the `.aiut` folder on.
    pub pack: Option<String>,
    /// Where in the pack, in bytes.
    pub offset: Option<u64>,
    /// What lies there: `chunk`, `commit`, …
    pub object: Option<&'static str>,
    /// Its id.
    pub id: Option<String>,
    /// What does not hold.
    pub what: String,
    /// What suffers.
    pub affects: Vec<FsckAffected>,
    /// What mends it.
    pub remedy: String,
}

/// A path that is not whole in some commits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FsckAffected {
    /// The path; none when all of the commit suffers.
    pub path: Option<RepoPath>,
    /// The commits, the newest first.
    pub commits: Vec<CommitId>,
}

impl FsckReport {
    /// Whether nothing is wrong, or no more.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        match &self.mended {
            Some(mended) => mended.left.is_empty(),
            None => self.findings.is_empty(),
        }
    }
}

/// Checks the project in `root`, and mends it when asked to.
///
/// # Errors
/// An I/O error; `Lock` when another process writes for too long.
pub fn fsck(
    root: &Path,
    holder: &Holder,
    request: FsckRequest,
    progress: &dyn Progress,
) -> Result<FsckReport> {
    let examined = Examined::take(root, holder, request.data, progress)?;
    let sources = mend::sources(root, &examined)?;
    let mut report = examined.report(request.data, &sources);
    if request.repair {
        report.mended = Some(mend::mend(
            root, holder, request, &examined, &sources, progress,
        )?);
    }
    Ok(report)
}

/// Where in the folder the bytes of a broken file are found.
type Sources = BTreeMap<FileId, RepoPath>;

/// What was found, before it is put into words.
struct Examined {
    check: Check,
    reached: Reached,
    standing: Standing,
    affected: BTreeMap<Broken, Vec<Affected>>,
    /// The broken files that lack a record which a finding is about.
    lacking: HashMap<RecordId, Vec<Broken>>,
}

/// Which broken files lack which of the records that findings are about.
fn lacking(check: &Check, reached: &Reached) -> HashMap<RecordId, Vec<Broken>> {
    let records = check.findings.iter().filter_map(|finding| finding.record);
    let mut lacking: HashMap<RecordId, Vec<Broken>> = records
        .filter(|record| record.object_kind().is_none() && record.file().is_none())
        .map(|record| (record, Vec::new()))
        .collect();
    if lacking.is_empty() {
        return lacking;
    }
    for id in reached.broken_files.keys() {
        let mut tell = |record, is_there: bool| {
            if !is_there && let Some(files) = lacking.get_mut(&record) {
                let broken = Broken::File(*id);
                if files.last() != Some(&broken) {
                    files.push(broken);
                }
            }
        };
        // One whose layout makes no sense lacks that, and is told so.
        let _ = check.catalogue.records_of(*id, &mut tell);
    }
    lacking
}

impl Examined {
    fn take(root: &Path, holder: &Holder, data: bool, progress: &dyn Progress) -> Result<Self> {
        let watch = Shown(progress);
        let folder = root.join(AIUT_FOLDER);
        let check = store::check(&folder, holder, data, &watch)?;
        progress.start("Following the history", None, Unit::Items);
        let standing = Standing::of(&check.catalogue)?;
        let mut reached = reach_all(&check.catalogue, &standing)?;
        for finding in &check.findings {
            if finding.kind == FindingKind::Layout
                && let Some(id) = finding.record.and_then(|record| record.file())
            {
                let id = FileId::from_bytes(id);
                if reached.files.remove(&id).is_some() {
                    reached.broken_files.insert(id, finding.what.clone());
                }
            }
        }
        let affected = affected(&check.catalogue, &reached);
        let lacking = lacking(&check, &reached);
        progress.finish();
        Ok(Self {
            check,
            reached,
            standing,
            affected,
            lacking,
        })
    }

    /// The broken objects and files that are so because of this record.
    fn broken_by(&self, record: &RecordId) -> Vec<Broken> {
        let Reached {
            broken_objects,
            broken_files,
            ..
        } = &self.reached;
        if let Some(kind) = record.object_kind() {
            let is_broken = broken_objects.contains_key(&(kind, *record.digest()));
            return is_broken
                .then_some(Broken::Object(kind, *record.digest()))
                .into_iter()
                .collect();
        }
        if let Some(id) = record.file() {
            let id = FileId::from_bytes(id);
            let is_broken = broken_files.contains_key(&id);
            return is_broken.then_some(Broken::File(id)).into_iter().collect();
        }
        self.lacking.get(record).cloned().unwrap_or_default()
    }

    fn affects(&self, broken: &[Broken]) -> Vec<FsckAffected> {
        let mut paths: BTreeMap<Option<RepoPath>, Vec<CommitId>> = BTreeMap::new();
        let lists = broken.iter().filter_map(|broken| self.affected.get(broken));
        for Affected { path, commits } in lists.flatten() {
            let known = paths.entry(path.clone()).or_default();
            let seen: HashSet<CommitId> = known.iter().copied().collect();
            known.extend(commits.iter().filter(|commit| !seen.contains(commit)));
        }
        paths
            .into_iter()
            .map(|(path, commits)| FsckAffected { path, commits })
            .collect()
    }

    fn report(&self, data: bool, sources: &Sources) -> FsckReport {
        let count = |kind| {
            let records = self.reached.records.iter();
            records
                .filter(|record| record.object_kind() == Some(kind))
                .count()
        };
        let mut notes = self.check.notes.clone();
        if self.is_foreign() {
            notes.retain(|note| note != NO_JOURNAL);
        }
        notes.extend(self.beside());
        notes.extend(self.elsewhere());
        FsckReport {
            data,
            packs: self.check.packs,
            records: self.check.records,
            bytes: self.check.bytes,
            operations: count(ObjectKind::Operation),
            commits: count(ObjectKind::Commit),
            conflicts: count(ObjectKind::Conflict),
            files: self.reached.files.len() + self.reached.broken_files.len(),
            findings: self.findings(sources),
            notes,
            plan: mend::plan(self, sources),
            mended: None,
        }
    }

    fn findings(&self, sources: &Sources) -> Vec<FsckFinding> {
        let mut findings = Vec::new();
        let mut told: BTreeSet<Broken> = BTreeSet::new();
        for finding in &self.check.findings {
            let broken: Vec<Broken> = finding
                .record
                .map(|record| self.broken_by(&record))
                .unwrap_or_default();
            told.extend(&broken);
            let has_copy = finding.kind == FindingKind::PackBytes
                && finding
                    .record
                    .is_some_and(|record| self.check.catalogue.contains(&record));
            findings.push(FsckFinding {
                kind: match finding.kind {
                    FindingKind::PackBytes | FindingKind::PackMissing => "pack",
                    FindingKind::Layout => "file",
                    FindingKind::Journal => "heads",
                    FindingKind::Promised => "promised",
                },
                pack: finding.pack.map(|number| format!("packs/{number:08}.pack")),
                offset: finding.offset,
                object: finding.record.map(|record| record.kind()),
                id: finding.record.map(|record| record.hex()),
                what: finding.what.clone(),
                affects: self.affects(&broken),
                remedy: match finding.kind {
                    FindingKind::Journal if self.is_foreign() => {
                        "it is right again once `format` is".to_owned()
                    }
                    FindingKind::Journal => {
                        "it is rebuilt from the operations in the packs".to_owned()
                    }
                    FindingKind::Promised => {
                        "what is not here on purpose cannot be told from what is lost: bring the file back from a \
                         copy of the project, or clone again"
                            .to_owned()
                    }
                    _ if has_copy => "another copy of it is sound".to_owned(),
                    FindingKind::PackMissing => {
                        "what the history lacks by that is told by itself".to_owned()
                    }
                    _ if finding.record.is_none() => "what is sound around it is kept".to_owned(),
                    _ => remedy(&broken, sources),
                },
            });
        }
        let objects = self.reached.broken_objects.iter();
        for ((kind, id), why) in objects {
            let broken = Broken::Object(*kind, *id);
            if !told.contains(&broken) {
                let id = RecordId::of_object(*kind, *id).hex();
                findings.push(self.missing("object", kind.name(), id, why, broken, sources));
            }
        }
        for (id, why) in &self.reached.broken_files {
            let broken = Broken::File(*id);
            if !told.contains(&broken) {
                findings.push(self.missing("file", "file", id.to_hex(), why, broken, sources));
            }
        }
        for (id, excess) in &self.reached.excessive {
            let broken = Broken::Object(ObjectKind::Tree, *id.digest());
            let mut finding = self.missing(
                "object",
                "tree",
                id.to_hex(),
                &excess.to_string(),
                broken,
                sources,
            );
            finding.remedy =
                "it is as it was written, but no command goes through it: see what names it, and \
                 delete or undo that"
                    .to_owned();
            findings.push(finding);
        }
        findings.extend(self.foreign());
        if self.check.catalogue.operations().is_empty() {
            findings.push(FsckFinding {
                kind: "object",
                pack: None,
                offset: None,
                object: Some(ObjectKind::Operation.name()),
                id: None,
                what: "not a single operation is stored: the history is lost".to_owned(),
                affects: Vec::new(),
                remedy: "bring back the packs from a copy of the project".to_owned(),
            });
        }
        findings
    }

    fn is_foreign(&self) -> bool {
        self.standing.is_foreign(&self.check.catalogue)
    }

    /// Packs of which not one operation is of this project, so that no command goes on from them.
    fn foreign(&self) -> Option<FsckFinding> {
        if !self.is_foreign() {
            return None;
        }
        let catalogue = &self.check.catalogue;
        let stored = catalogue.operations().into_iter();
        let stored = stored.filter_map(|id| Some(catalogue.get::<Operation>(id).ok()?.project));
        let others: BTreeSet<String> = stored.map(|project| project.to_string()).collect();
        let listed = Vec::from_iter(others.iter().map(String::as_str)).join(", ");
        let remedy = match others.len() {
            1 => format!(
                "if these are the project's packs, `format` is not as it was: write `project {listed}` \
                 as its second line; else bring the packs back from a copy of the project"
            ),
            _ => "bring back `format`, or the packs, from a copy of the project".to_owned(),
        };
        Some(FsckFinding {
            kind: "format",
            pack: None,
            offset: None,
            object: None,
            id: None,
            what: format!(
                "format says that this is project {}, and all operations that are stored are of others: \
                 {listed}",
                catalogue.project()
            ),
            affects: Vec::new(),
            remedy,
        })
    }

    fn missing(
        &self,
        kind: &'static str,
        object: &'static str,
        id: String,
        why: &str,
        broken: Broken,
        sources: &Sources,
    ) -> FsckFinding {
        FsckFinding {
            kind,
            pack: None,
            offset: None,
            object: Some(object),
            id: Some(id),
            what: why.to_owned(),
            affects: self.affects(&[broken]),
            remedy: remedy(&[broken], sources),
        }
    }
}

fn remedy(broken: &[Broken], sources: &Sources) -> String {
    let source = |broken: &Broken| match broken {
        Broken::File(id) => sources.get(id),
        Broken::Object(..) => None,
    };
    if broken.is_empty() {
        return "nothing needs it".to_owned();
    }
    let found: Option<Vec<&RepoPath>> = broken.iter().map(source).collect();
    match found {
        Some(paths) => {
            let paths: BTreeSet<String> = paths.iter().map(ToString::to_string).collect();
            let paths = Vec::from_iter(paths).join(", ");
            format!("stored again from {paths} in the folder")
        }
        None => "no sound copy is here: bring it back from a copy of the project".to_owned(),
    }
}

/// Tells the store's progress to whoever shows it.
struct Shown<'p>(&'p dyn Progress);

impl Watch for Shown<'_> {
    fn begin(&self, what: &str, bytes: u64) {
        self.0.start(what, Some(bytes), Unit::Bytes);
    }

    fn advance(&self, bytes: u64) {
        self.0.advance(bytes);
    }
}
