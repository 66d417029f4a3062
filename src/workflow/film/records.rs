//! The past of a film, read from the store.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use serde_json::Value;

use super::configuration::configuration;
use crate::base::causes::with_causes;
use crate::base::fault;
use crate::generate::Files;
use crate::history::{FlatTree, HistoryError, Project, current_expiry, entry_at, log};
use crate::object::{
    Acceptance, AcceptanceId, Action, ActionId, Expiry, FileId, Generation, GenerationId, RepoPath,
};
use crate::pipeline::{Contents, Digest, Item, Past, Records, value_of};
use crate::store::{Store, StoreError};
use crate::workflow::settings::{PROJECT_FILE, ProjectConfig};

/// Largest file that is read into memory: sources and stage files are texts, far below it.
const MAX_TEXT_BYTES: u64 = 64 << 20;

/// What to type about a record that cannot be read.
const MENDING: &str =
    "`aiut fsck` says what is damaged, `aiut fsck --repair` mends what can be mended";

/// Where the work tree holds which content.
pub(super) struct Present {
    root: PathBuf,
    work: Arc<FlatTree>,
    /// Made when the first is asked for.
    places: OnceLock<HashMap<FileId, RepoPath>>,
}

impl Present {
    /// `work` is what lies in the work tree of `project`.
    pub(super) fn of(project: &Project, work: Arc<FlatTree>) -> Self {
        Self {
            root: project.root().to_owned(),
            work,
            places: OnceLock::new(),
        }
    }

    /// A file that holds this content.
    pub(super) fn get(&self, id: &FileId) -> Option<PathBuf> {
        let places = self.places.get_or_init(|| {
            let files = self.work.iter();
            files.map(|(path, file)| (file.id, path.clone())).collect()
        });
        Some(self.root.join(places.get(id)?.as_str()))
    }
}

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
    failed: OnceLock<String>,
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
                self.fail(&error);
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
                self.fail(&error);
                Expiry::default()
            })
        })
    }

    /// What could not be read so far, if anything: the path and the reason.
    #[must_use]
    pub(super) fn failed(&self) -> Option<&str> {
        self.failed.get().map(String::as_str)
    }

    /// Notes that something could not be read.
    pub(super) fn fail(&self, error: &dyn std::error::Error) {
        let _ = self.failed.set(with_causes(error));
    }

    fn told(&self, error: &StoreError) -> String {
        let text = with_causes(error);
        let is_known = matches!(
            error,
            StoreError::NotFound { .. }
                | StoreError::TooLarge { .. }
                | StoreError::Damaged { .. }
                | StoreError::Invalid { .. }
        );
        if !is_known {
            let _ = self.failed.set(text.clone());
        }
        text
    }

    fn refused(&self, path: &std::path::Path, error: &std::io::Error) -> String {
        let text = format!("cannot read {}: {error}", path.display());
        let _ = self.failed.set(text.clone());
        text
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
    pub(super) fn generations_of(&self, path: &RepoPath) -> Result<Vec<GenerationId>, String> {
        let mut found = self
            .project
            .store()
            .generations_at_path(path)
            .map_err(|error| self.told(&error))?;
        found.retain(|id| !self.is_let_go(id));
        Ok(found)
    }
}

impl Records for StoreRecords {
    fn generation(&self, id: &GenerationId) -> Result<Arc<Past>, String> {
        if let Some(past) = self.past.lock().expect("no panic while held").get(id) {
            return Ok(past.clone());
        }
        let read = || -> crate::store::Result<Past> {
            let generation: Generation = self.project.store().get(*id)?;
            let action: Action = self.project.store().get(generation.action)?;
            Ok(Past { generation, action })
        };
        let past = read().map_err(|error| {
            let (id, told) = (id.short(), self.told(&error));
            format!("the record of generation {id}: {told}; {MENDING}")
        })?;
        let past = Arc::new(past);
        self.past
            .lock()
            .expect("no panic while held")
            .insert(*id, past.clone());
        Ok(past)
    }

    fn acceptance(&self, id: &AcceptanceId) -> Result<Acceptance, String> {
        self.project
            .store()
            .get(*id)
            .map_err(|error| self.told(&error))
    }

    fn configured(&self, key: &str, digest: &str) -> Option<Value> {
        let configurations = self.configurations.get_or_init(|| {
            self.configurations().unwrap_or_else(|error| {
                self.fail(&error);
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

    fn earlier(&self, path: &RepoPath, last: &GenerationId) -> Result<Vec<Arc<Past>>, String> {
        let all = self.generations_of(path)?;
        let read = |id: GenerationId| Ok((self.generation(&id)?, id));
        let age = |past: &Past| past.generation.finished_ms;
        let newest = age(&*self.generation(last)?);
        let mut found: Vec<_> = all.into_iter().map(read).collect::<Result<_, String>>()?;
        found.retain(|(past, _)| age(past) <= newest);
        found.sort_by_key(|(past, id)| std::cmp::Reverse((age(past), *id == *last, *id)));
        Ok(found.into_iter().map(|(past, _)| past).collect())
    }

    fn cached(&self, action: &ActionId) -> Result<Option<(GenerationId, FileId)>, String> {
        let generations = self.project.store().generations_of_action(*action);
        let generations = generations.map_err(|error| self.told(&error))?;
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

impl Contents for StoreRecords {
    fn head(&self, id: &FileId, most: usize) -> Result<Vec<u8>, String> {
        let Some(path) = self.present.get(id) else {
            let head = self.project.store().read_head(*id, most);
            return head.map_err(|error| self.told(&error));
        };
        let mut bytes = Vec::new();
        let read = fault::read(&path).and_then(|()| File::open(&path));
        let read = read.and_then(|file| file.take(most as u64).read_to_end(&mut bytes));
        read.map_err(|error| self.refused(&path, &error))?;
        Ok(bytes)
    }

    fn read(&self, id: &FileId) -> Result<Vec<u8>, String> {
        let store = self.project.store();
        if store
            .contains_file(*id)
            .map_err(|error| self.told(&error))?
        {
            return store
                .read_file(*id, MAX_TEXT_BYTES)
                .map_err(|error| self.told(&error));
        }
        // Not committed yet: the work tree has it.
        let path = self.present.get(id).ok_or("its content is not stored")?;
        let refused = |error| self.refused(&path, &error);
        let about = std::fs::metadata(&path).map_err(refused)?;
        if about.len() > MAX_TEXT_BYTES {
            return Err(format!("it is larger than {} MiB", MAX_TEXT_BYTES >> 20));
        }
        let bytes = fault::read(&path)
            .and_then(|()| std::fs::read(&path))
            .map_err(refused)?;
        if FileId::of(&bytes) == *id {
            Ok(bytes)
        } else {
            Err("it was changed while it was read; try again".to_owned())
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

/// Gives stored contents as files: the work tree's own where it holds them, else a copy.
pub(super) struct StoreFiles<'a> {
    /// Where contents are.
    pub(super) store: &'a Store,
    /// Where the work tree holds them already.
    pub(super) present: &'a Present,
    /// Where copies go.
    pub(super) scratch: &'a std::path::Path,
}

impl Files for StoreFiles<'_> {
    fn open(&self, id: &FileId, name: &str) -> Result<PathBuf, String> {
        if let Some(path) = self.present.get(id)
            && holds(&path, id)
        {
            return Ok(path);
        }
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let path = self.scratch.join(format!("{id}.{extension}"));
        if !path.exists() {
            self.copy(id, &path)?;
        }
        Ok(path)
    }

    fn copy(&self, id: &FileId, path: &std::path::Path) -> Result<(), String> {
        let mut copy = crate::base::atomic::AtomicFile::create(path).map_err(|e| e.to_string())?;
        self.store
            .copy_file(*id, &mut copy)
            .map_err(|error| with_causes(&error))?;
        copy.persist_cache().map_err(|error| error.to_string())
    }
}

/// Whether a file still holds this content.
fn holds(path: &std::path::Path, id: &FileId) -> bool {
    let mut hasher = blake3::Hasher::new();
    let read = File::open(path).and_then(|file| hasher.update_reader(file).map(drop));
    read.is_ok() && hasher.finalize().as_bytes() == id.as_bytes()
}
