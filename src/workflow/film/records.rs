//! The past of a film, read from the store.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use serde_json::Value;

use super::configuration::configuration;
use super::present::{Present, head_of};
use crate::BUILD;
use crate::base::causes::with_causes;
use crate::base::fault;
use crate::history::{FlatTree, HistoryError, Project, current_expiry, entry_at, log};
use crate::object::{
    Acceptance, AcceptanceId, Action, ActionId, Expiry, FileId, Generation, GenerationId, RepoPath,
};
use crate::pipeline::{Contents, Digest, Item, Past, Records, Snapshot, Unread, value_of};
use crate::store::StoreError;
use crate::workflow::pieces::{join, split};
use crate::workflow::settings::{PROJECT_FILE, ProjectConfig};

/// Largest file that is read into memory: sources and stage files are texts, far below it.
const MAX_TEXT_BYTES: u64 = 64 << 20;

/// What the store says, by what can be done about it.
pub(super) fn unread(error: StoreError) -> Unread {
    let told = with_causes(&error);
    match error {
        StoreError::TooLarge { .. } => Unread::TooLarge(told),
        StoreError::NotFound { .. } | StoreError::Damaged { .. } | StoreError::Invalid { .. } => {
            Unread::Damaged {
                told,
                source: Arc::new(error),
            }
        }
        _ => refusal(error),
    }
}

/// What the system, or something of aiut's, did not give.
pub(super) fn refusal(error: impl std::error::Error + Send + Sync + 'static) -> Unread {
    Unread::Refused {
        told: with_causes(&error),
        source: Arc::new(error),
    }
}

/// Under which facts about documents are kept.
const FACTS: &[u8] = b"aiut 2026 facts of documents v1";

/// Generations, actions and contents of a project, each read once.
pub(super) struct StoreRecords {
    project: Arc<Project>,
    /// What the current commit says.
    head: Arc<FlatTree>,
    /// Where the history of the current commit has each generation, the newest first; made when
    /// it is first asked for.
    lineage: OnceLock<HashMap<GenerationId, usize>>,
    /// What is let go of; read when it is first asked for.
    expiry: OnceLock<Expiry>,
    /// Where the work tree holds which content.
    present: Arc<Present>,
    past: Mutex<HashMap<GenerationId, Arc<Past>>>,
    /// What the settings were over time; read when it is first asked for.
    configurations: OnceLock<Vec<Value>>,
    /// The first thing that the system refused to read. A plan goes on without what is damaged or
    /// malformed, and says so; of what could not be read nothing is known, so there is no plan.
    failed: OnceLock<Unread>,
}

impl StoreRecords {
    /// The records of `project`; `head` is what its current commit says, `present` which contents
    /// its work tree holds where.
    #[must_use]
    pub(super) fn new(project: Arc<Project>, head: Arc<FlatTree>, present: Arc<Present>) -> Self {
        Self {
            project,
            head,
            lineage: OnceLock::new(),
            expiry: OnceLock::new(),
            present,
            past: Mutex::default(),
            configurations: OnceLock::new(),
            failed: OnceLock::new(),
        }
    }

    /// How many commits below the current one a generation was last brought in; none if the history
    /// of this timeline does not have it, as when that was undone.
    fn depth(&self, id: &GenerationId) -> Option<usize> {
        let lineage = self.lineage.get_or_init(|| {
            let commits = || {
                let head = self.project.view()?.1.head_commit();
                head.map_or(Ok(Vec::new()), |head| {
                    log(self.project.store(), &[head], &[], usize::MAX)
                })
            };
            let commits = commits().unwrap_or_else(|error| {
                self.fail(error);
                Vec::new()
            });
            let mut lineage = HashMap::new();
            for (depth, logged) in commits.into_iter().enumerate() {
                for id in &logged.commit.generations {
                    lineage.entry(*id).or_insert(depth);
                }
            }
            lineage
        });
        lineage.get(id).copied()
    }

    /// Whether a take was let go of, and this timeline does not hold it.
    fn is_let_go(&self, id: &GenerationId) -> bool {
        self.expired().take(id).is_some()
            && self.depth(id).is_none()
            && !self.head.values().any(|entry| entry.made_by == Some(*id))
    }

    /// The numbers that takes of a file bore which were let go of, by their runs.
    pub(super) fn numbers_gone(&self, path: &RepoPath) -> BTreeMap<GenerationId, usize> {
        self.expired().numbers(path).collect()
    }

    fn expired(&self) -> &Expiry {
        self.expiry.get_or_init(|| {
            current_expiry(self.project.store()).unwrap_or_else(|error| {
                self.fail(error);
                Expiry::default()
            })
        })
    }

    /// What could not be read so far, if anything: the path and the reason.
    #[must_use]
    pub(super) fn failed(&self) -> Option<&Unread> {
        self.failed.get()
    }

    /// Notes that something could not be read.
    pub(super) fn fail(&self, error: impl std::error::Error + Send + Sync + 'static) {
        self.noted(refusal(error));
    }

    /// Keeps what is newly known of documents. What cannot be kept costs time, nothing else.
    pub(super) fn keep_facts(&self, snapshot: &Snapshot) {
        let facts = snapshot.facts_to_keep();
        if let Some(memos) = facts.as_ref().and_then(|facts| split(FACTS, facts)) {
            let _ = self.project.store().memo_put(BUILD, &memos);
        }
    }

    /// The same error; where nobody knows what could not be read, that is noted.
    fn noted(&self, unread: Unread) -> Unread {
        if matches!(unread, Unread::Refused { .. }) {
            let _ = self.failed.set(unread.clone());
        }
        unread
    }

    fn unread(&self, error: StoreError) -> Unread {
        self.noted(unread(error))
    }

    fn refused(&self, path: &Path, error: std::io::Error) -> Unread {
        self.noted(Unread::Refused {
            told: format!("cannot read {}: {error}", path.display()),
            source: Arc::new(error),
        })
    }

    /// The settings of all commits that the current one stands on, the newest first; of the files
    /// that cannot be read as settings, none.
    fn configurations(&self) -> Result<Vec<Value>, HistoryError> {
        let settings = RepoPath::new(PROJECT_FILE).expect("the name of a file is a path");
        let Some(head) = self.project.view()?.1.head_commit() else {
            return Ok(Vec::new());
        };
        let store = self.project.store();
        let touched = log(store, &[head], std::slice::from_ref(&settings), usize::MAX)?;
        let mut found = Vec::new();
        for logged in touched {
            let entry = entry_at(store, logged.commit.tree, &settings)?;
            let Some(id) = entry.and_then(|entry| entry.file_id()) else {
                continue;
            };
            let text = self
                .read(&id)
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok());
            let place = Path::new(PROJECT_FILE);
            let parsed = text.and_then(|text| ProjectConfig::parse(&text, place).ok());
            found.extend(parsed.map(|config| configuration(&config)));
        }
        Ok(found)
    }

    /// Every generation that wrote to a path.
    ///
    /// # Errors
    /// Why the index cannot be read.
    pub(super) fn generations_of(&self, path: &RepoPath) -> Result<Vec<GenerationId>, Unread> {
        let mut found = self
            .project
            .store()
            .generations_at_path(path)
            .map_err(|error| self.unread(error))?;
        found.retain(|id| !self.is_let_go(id));
        Ok(found)
    }

    /// What an action has made by now, whoever ran it: what [`Records::cached`] says of when the plan
    /// was begun.
    ///
    /// # Errors
    /// Why a record cannot be read.
    pub(super) fn made_by_now(
        &self,
        action: &ActionId,
    ) -> Result<Option<(GenerationId, FileId)>, Unread> {
        self.first_of(self.project.store().generations_of_action(*action))
    }

    /// Of the takes of an action, the one to choose.
    fn first_of(
        &self,
        generations: Result<Vec<GenerationId>, StoreError>,
    ) -> Result<Option<(GenerationId, FileId)>, Unread> {
        let generations = generations.map_err(|error| self.unread(error))?;
        let mut takes = Vec::new();
        for id in generations.into_iter().filter(|id| !self.is_let_go(id)) {
            let past = self.generation(&id)?;
            if let Some(output) = past.generation.outputs.first() {
                takes.push((id, output.id, past));
            }
        }
        // The take that the current commit holds, then the last one that this timeline held, then
        // the newest of all, which may have been undone.
        let rank = |(id, _, past): &(GenerationId, FileId, Arc<Past>)| {
            let outputs = past.generation.outputs.iter();
            let mut held = outputs.filter_map(|output| self.head.get(&output.path)?.made_by);
            let depth = match held.any(|made_by| made_by == *id) {
                true => Some(0),
                false => self.depth(id).map(|depth| depth + 1),
            };
            let age = std::cmp::Reverse(past.generation.finished_ms);
            (depth.unwrap_or(usize::MAX), age, std::cmp::Reverse(*id))
        };
        if takes.len() > 1 {
            takes.sort_by_cached_key(rank);
        }
        let first = takes.into_iter().next();
        Ok(first.map(|(generation, output, _)| (generation, output)))
    }
}

impl Records for StoreRecords {
    fn generation(&self, id: &GenerationId) -> Result<Arc<Past>, Unread> {
        if let Some(past) = self.past.lock().expect("no panic while held").get(id) {
            return Ok(past.clone());
        }
        let read = || -> crate::store::Result<Past> {
            let generation: Generation = self.project.store().get(*id)?;
            let action: Action = self.project.store().get(generation.action)?;
            Ok(Past { generation, action })
        };
        let past = read().map_err(|error| Unread::Record {
            generation: id.short(),
            source: Box::new(self.unread(error)),
        })?;
        let past = Arc::new(past);
        self.past
            .lock()
            .expect("no panic while held")
            .insert(*id, past.clone());
        Ok(past)
    }

    fn acceptance(&self, id: &AcceptanceId) -> Result<Acceptance, Unread> {
        self.project
            .store()
            .get(*id)
            .map_err(|error| self.unread(error))
    }

    fn configured(&self, key: &str, digest: &str) -> Option<Value> {
        let configurations = self.configurations.get_or_init(|| {
            self.configurations().unwrap_or_else(|error| {
                self.fail(error);
                Vec::new()
            })
        });
        let mut values = configurations
            .iter()
            .filter_map(|whole| value_of(whole, key));
        values
            .find(|value| Digest::of_json(value).to_text() == digest)
            .cloned()
    }

    fn earlier(&self, path: &RepoPath, last: &GenerationId) -> Result<Vec<Arc<Past>>, Unread> {
        let all = self.generations_of(path)?;
        let read = |id: GenerationId| Ok((self.generation(&id)?, id));
        let age = |past: &Past| past.generation.finished_ms;
        let newest = age(&*self.generation(last)?);
        let mut found: Vec<_> = all.into_iter().map(read).collect::<Result<_, Unread>>()?;
        found.retain(|(past, _)| age(past) <= newest);
        found.sort_by_key(|(past, id)| std::cmp::Reverse((age(past), *id == *last, *id)));
        Ok(found.into_iter().map(|(past, _)| past).collect())
    }

    fn cached(&self, action: &ActionId) -> Result<Option<(GenerationId, FileId)>, Unread> {
        // A plan says what was so when it was begun, and asks of each item.
        let store = self.project.store();
        self.first_of(store.known_generations_of_action(*action))
    }
}

impl Contents for StoreRecords {
    fn facts(&self) -> Option<Vec<u8>> {
        join(self.project.store(), FACTS)
    }

    fn is_elsewhere(&self, id: &FileId) -> bool {
        self.project.store().is_elsewhere(*id).unwrap_or(false)
    }

    fn head(&self, id: &FileId, most: usize) -> Result<Vec<u8>, Unread> {
        let store = self.project.store();
        let present = self.present.get(id);
        let is_stored = store.can_have_file(*id);
        if is_stored.map_err(|error| self.unread(error))? {
            match (store.read_head(*id, most), &present) {
                (Ok(head), _) => return Ok(head),
                (Err(error), None) => return Err(self.unread(error)),
                // It may be damaged there alone.
                (Err(_), Some(_)) => {}
            }
        }
        let path = present.ok_or(Unread::NotStored)?;
        let read = fault::read(&path).and_then(|()| head_of(&path, id, most));
        let head = read.map_err(|error| self.refused(&path, error))?;
        head.ok_or(Unread::Changed)
    }

    fn read(&self, id: &FileId) -> Result<Vec<u8>, Unread> {
        let store = self.project.store();
        if store
            .can_have_file(*id)
            .map_err(|error| self.unread(error))?
        {
            return store
                .read_file(*id, MAX_TEXT_BYTES)
                .map_err(|error| self.unread(error));
        }
        // Not committed yet: the work tree has it.
        let path = self.present.get(id).ok_or(Unread::NotStored)?;
        let refused = |error| self.refused(&path, error);
        let about = std::fs::metadata(&path).map_err(refused)?;
        if about.len() > MAX_TEXT_BYTES {
            let most = MAX_TEXT_BYTES >> 20;
            return Err(Unread::TooLarge(format!("it is larger than {most} MiB")));
        }
        let bytes = fault::read(&path)
            .and_then(|()| std::fs::read(&path))
            .map_err(refused)?;
        if FileId::of(&bytes) == *id {
            Ok(bytes)
        } else {
            Err(Unread::Changed)
        }
    }
}

/// The files that an item read, as an object keeps them.
#[must_use]
pub(super) fn inputs(item: &Item) -> std::collections::BTreeMap<RepoPath, FileId> {
    let inputs = item.record.all_inputs();
    inputs
        .filter_map(|(path, id)| Some((RepoPath::new(path.as_str()).ok()?, *id)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::FixedClock;
    use crate::history::{Caller, FileEntry};
    use crate::object::Output;
    use crate::pipeline::action_id;
    use crate::store::Store;
    use crate::worktree::Content;

    fn project() -> (tempfile::TempDir, Arc<Project>) {
        let folder = tempfile::tempdir().unwrap();
        let clock = FixedClock::starting_at(1_795_176_000);
        let caller = Caller {
            holder: Default::default(),
            clock: &clock,
            aftermath: Default::default(),
            guard: std::sync::Arc::new(()),
        };
        let project =
            Project::init(folder.path(), &caller, crate::object::ProjectId::random()).unwrap();
        (folder, Arc::new(project))
    }

    fn records(project: &Arc<Project>, work: FlatTree) -> StoreRecords {
        let present = Arc::new(Present::of(project, Arc::new(work)));
        StoreRecords::new(project.clone(), Arc::default(), present)
    }

    #[test]
    fn what_others_made_behind_a_newer_index_is_made_by_now() {
        let (folder, project) = project();
        let records = records(&project, FlatTree::new());
        let action = Action {
            schema: 1,
            stage: "frames".into(),
            item: "001_001".into(),
            generator: "command".into(),
            version: "1".into(),
            parameters: [].into(),
            reads: [].into(),
        };
        let id = action_id(&action);
        assert_eq!(records.cached(&id), Ok(None));
        // As when another process collects what nothing needs, and a third makes the frame.
        let other = Store::open(&folder.path().join(".aiut")).unwrap();
        other.rebuild_index().unwrap();
        let frame = other.put_file_bytes(b"a frame").unwrap();
        let batch = other.batch();
        batch.put(&action).unwrap();
        let made = Generation {
            action: id,
            outputs: vec![Output {
                path: RepoPath::new("frames/001_001.png").unwrap(),
                id: frame.id,
                size: frame.size,
            }],
            request: None,
            answer: None,
            model: None,
            seed: Some(0),
            cost_micro_usd: 1,
            started_ms: 0,
            finished_ms: 1,
            tools: [].into(),
            inputs: [].into(),
        };
        let made = batch.put(&made).unwrap();
        batch.commit().unwrap();
        assert_eq!(records.made_by_now(&id), Ok(Some((made, frame.id))));
        assert_eq!(records.cached(&id), Ok(Some((made, frame.id))));
    }

    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "a fixture in a folder of the test"
    )]
    fn the_first_bytes_are_those_of_the_content_asked_for_or_none() {
        let (folder, project) = project();
        let path = RepoPath::new("frame.png").unwrap();
        let seen = Content {
            id: FileId::of(b"a frame"),
            size: 7,
            exec: false,
        };
        let records = records(&project, FlatTree::from([(path, FileEntry::plain(seen))]));
        let write = |bytes: &[u8]| std::fs::write(folder.path().join("frame.png"), bytes).unwrap();
        let head = || records.head(&seen.id, 3);
        write(b"a frame");
        assert_eq!(head(), Ok(b"a f".to_vec()), "of the work tree");
        // Whoever looked at the folder saw the other, and nobody stored it.
        write(b"no frame");
        assert_eq!(head(), Err(Unread::Changed));
        project.store().put_file_bytes(b"a frame").unwrap();
        assert_eq!(head(), Ok(b"a f".to_vec()), "of the store");
        assert_eq!(records.failed(), None);
    }
}
