//! The past of a film, read from the store.

use std::collections::HashMap;
use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use super::error::with_causes;
use crate::generate::{Files, Finished, Output, Sink};
use crate::history::{FlatTree, Project};
use crate::object::{
    Acceptance, AcceptanceId, Action, ActionId, FileId, Generation, GenerationId, Output as Made,
    RepoPath,
};
use crate::pipeline::{Contents, Past, Records, action_id};
use crate::store::Store;
use crate::workflow::progress::Progress;

/// Largest file that is read into memory: sources and stage files are texts, far below it.
const MAX_TEXT_BYTES: u64 = 64 << 20;

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
    /// Where the work tree holds which content.
    present: Arc<Present>,
    past: Mutex<HashMap<GenerationId, Arc<Past>>>,
}

impl StoreRecords {
    /// The records of `project`; `present` says which contents its work tree holds where.
    #[must_use]
    pub(super) fn new(project: Arc<Project>, present: Arc<Present>) -> Self {
        Self {
            project,
            present,
            past: Mutex::default(),
        }
    }

    /// Every generation that wrote to a path.
    ///
    /// # Errors
    /// Why the index cannot be read.
    pub(super) fn generations_of(&self, path: &RepoPath) -> Result<Vec<GenerationId>, String> {
        self.project
            .store()
            .generations_at_path(path)
            .map_err(|error| error.to_string())
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
        let past = Arc::new(read().map_err(|error| error.to_string())?);
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
            .map_err(|error| error.to_string())
    }

    fn cached(&self, action: &ActionId) -> Option<(GenerationId, FileId)> {
        let generations = self.project.store().generations_of_action(*action).ok()?;
        let runs = generations.into_iter().filter_map(|id| {
            let past = self.generation(&id).ok()?;
            let output = past.generation.outputs.first()?.id;
            Some(((past.generation.finished_ms, id), output))
        });
        let ((_, generation), output) = runs.max_by_key(|(when, _)| *when)?;
        Some((generation, output))
    }
}

impl Contents for StoreRecords {
    fn read(&self, id: &FileId) -> Result<Vec<u8>, String> {
        let store = self.project.store();
        if store
            .contains_file(*id)
            .map_err(|error| error.to_string())?
        {
            return store
                .read_file(*id, MAX_TEXT_BYTES)
                .map_err(|error| error.to_string());
        }
        // Not committed yet: the work tree has it.
        let path = self.present.get(id).ok_or("its content is not stored")?;
        let about = std::fs::metadata(&path).map_err(|error| error.to_string())?;
        if about.len() > MAX_TEXT_BYTES {
            return Err(format!("it is larger than {} MiB", MAX_TEXT_BYTES >> 20));
        }
        let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
        if FileId::of(&bytes) == *id {
            Ok(bytes)
        } else {
            Err("it was changed while it was read; try again".to_owned())
        }
    }
}

/// Stores what generators give, the moment they give it.
pub(super) struct StoreSink<'a> {
    /// Where to.
    pub(super) store: &'a Store,
    /// Tells milliseconds since 1970.
    pub(super) clock: &'a dyn crate::base::clock::Clock,
    /// Hears how far the run is.
    pub(super) progress: &'a dyn Progress,
}

impl Sink for StoreSink<'_> {
    fn store(&self, finished: Finished<'_>) -> Result<(GenerationId, FileId), String> {
        let store = || -> Result<(GenerationId, FileId), Box<dyn std::error::Error>> {
            let batch = self.store.batch();
            let stored = match &finished.produced.output {
                Output::Bytes(bytes) => batch.put_file_bytes(bytes)?,
                Output::File(file) => batch.put_seekable(File::open(file.path())?)?,
                Output::Taken(taken) => batch.put_seekable(taken.bytes())?,
            };
            let exchange = &finished.produced.exchange;
            let keep = |text: &Option<Vec<u8>>| -> crate::store::Result<Option<FileId>> {
                let stored = text.as_ref().map(|text| batch.put_file_bytes(text));
                Ok(stored.transpose()?.map(|stored| stored.id))
            };
            batch.put(finished.action)?;
            let generation = batch.put(&Generation {
                action: action_id(finished.action),
                outputs: vec![Made {
                    path: finished.item.path.clone(),
                    id: stored.id,
                    size: stored.size,
                }],
                request: keep(&exchange.request)?,
                answer: keep(&exchange.answer)?,
                model: exchange.model.clone(),
                seed: Some(finished.seed),
                cost_micro_usd: exchange.cost_micro_usd,
                started_ms: finished.started_ms,
                finished_ms: self.clock.now_ms(),
                tools: finished.produced.tools.clone(),
                inputs: inputs(finished.item),
            })?;
            batch.commit()?;
            Ok((generation, stored.id))
        };
        store().map_err(|error| with_causes(&*error))
    }

    fn takes(&self, action: &Action) -> u64 {
        let takes = self.store.generations_of_action(action_id(action));
        takes.map_or(0, |takes| takes.len() as u64)
    }

    fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    fn progress(&self, stage: &str, done: usize, total: usize) {
        if done == 0 {
            self.progress.start(stage, Some(total as u64));
        } else {
            self.progress.advance(1);
        }
        if done == total {
            self.progress.finish();
        }
    }
}

/// The files that an item read, as an object keeps them.
#[must_use]
pub(super) fn inputs(item: &crate::pipeline::Item) -> std::collections::BTreeMap<RepoPath, FileId> {
    let inputs = item.record.inputs.iter();
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
