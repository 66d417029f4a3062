//! `numbers.toml`, which follows from the script of whatever tree it stands in.

use std::sync::Arc;

use serde_json::Value;

use super::FilmError;
use super::configuration::configuration;
use super::present::Present;
use super::records::{StoreRecords, refusal};
use crate::BUILD;
use crate::generate::shot_fingerprints;
use crate::history::{FlatTree, Project};
use crate::object::RepoPath;
use crate::pipeline::{
    Derived, Layout, Makes, NUMBERS, Parsed, Pipeline, SCRIPT, Snapshot, remembered,
};
use crate::store::Store;
use crate::workflow::pieces::{join, split};
use crate::workflow::repository::{OwnFiles, RepositoryError};
use crate::workflow::settings::ProjectConfig;

/// The numbers of scenes and shots.
pub struct Numbers {
    project: Arc<Project>,
    config: Arc<Value>,
    layout: Arc<Layout>,
}

impl Numbers {
    /// Those of a film.
    #[must_use]
    pub fn of(project: Arc<Project>, config: &ProjectConfig, pipeline: &Pipeline) -> Self {
        Self {
            project,
            config: Arc::new(configuration(config)),
            layout: pipeline.layout().clone(),
        }
    }
}

impl OwnFiles for Numbers {
    fn is_own(&self, path: &RepoPath) -> bool {
        path.as_str() == NUMBERS
    }

    fn renewed(&self, files: &FlatTree) -> Result<Vec<(RepoPath, Vec<u8>)>, RepositoryError> {
        if !files.keys().any(|path| path.as_str() == SCRIPT) {
            return Ok(Vec::new());
        }
        let all = Arc::new(files.clone());
        let present = Present::of(&self.project, all.clone());
        let records = StoreRecords::new(self.project.clone(), all, Arc::new(present));
        let records = Arc::new(records);
        let snapshot = Snapshot::new(
            files.iter().map(|(path, entry)| (path.clone(), entry.id)),
            self.config.clone(),
            self.layout.clone(),
            records.clone(),
            Arc::new(Parsed::default()),
        );
        let remembered = remember(&snapshot, self.project.store(), || ()).map(|(text, ())| text);
        if let Some(unread) = records.failed() {
            return Err(RepositoryError::Unread(unread.clone()));
        }
        let text = match remembered {
            Ok(text) => text,
            // What is malformed is told where it is needed; the next commit tries again.
            Err(FilmError::Input(error)) if error.is_of_file() => None,
            Err(FilmError::History(error)) => return Err(error.into()),
            Err(FilmError::Repository(error)) => return Err(error),
            Err(error) => return Err(RepositoryError::Unread(refusal(error))),
        };
        let path = RepoPath::new(NUMBERS).expect("a safe name");
        Ok(text
            .into_iter()
            .map(|text| (path.clone(), text.into_bytes()))
            .collect())
    }
}

/// Under which the text that was last worked out stands, after its key: until it is committed, each
/// command asks for it.
const TEXT: &[u8] = b"aiut 2026 numbers text v1";

/// Under which stand the shots of each scene as they were last told apart: the shot engine works for
/// that, so an edit has it work on the scenes that it touches alone.
const FINGERPRINTS: &[u8] = b"aiut 2026 shots told apart v1";

/// `numbers.toml` as the script wants it, if that differs. What was found is noted, so that an
/// unchanged script is not gone through again. Where it has to be, `meanwhile` runs on another core: what
/// will be wanted after such an edit.
pub(super) fn remember<T: Send + Default>(
    snapshot: &Snapshot,
    store: &Store,
    meanwhile: impl FnOnce() -> T + Send,
) -> Result<(Option<String>, T), FilmError> {
    let key = memory_key(snapshot)?;
    if let Ok(Some(_)) = store.memo_get(BUILD, &key) {
        return Ok((None, T::default()));
    }
    let known = join(store, TEXT).and_then(|memo| {
        let text = memo.strip_prefix(key.as_slice())?;
        String::from_utf8(text.to_vec()).ok()
    });
    if known.is_some() {
        return Ok((known, T::default()));
    }
    std::thread::scope(|scope| {
        let meanwhile = scope.spawn(meanwhile);
        let text = worked_out(snapshot, store, &key)?;
        Ok((text, meanwhile.join().unwrap_or_default()))
    })
}

fn worked_out(snapshot: &Snapshot, store: &Store, key: &[u8]) -> Result<Option<String>, FilmError> {
    let known = join(store, FINGERPRINTS);
    let known = known.and_then(|memo| serde_json::from_slice(&memo).ok());
    // Which files are read for a scene depends on where the stages have theirs.
    let layout = format!("{:?}", snapshot.layout());
    let known = known.filter(|(of, _): &(String, _)| *of == layout);
    let mut known: Derived<Vec<String>> = known.map(|(_, known)| known).unwrap_or_default();
    let text = match remembered(snapshot, shot_fingerprints(snapshot, &mut known)) {
        // A script or a bible that cannot be read is told where it is needed.
        Err(error) if error.is_of_file() => return Ok(None),
        other => other?,
    };
    let keyed = text.as_ref().map(|text| [key, text.as_bytes()].concat());
    let mut memos = match &keyed {
        None => vec![(key.to_vec(), b"settled".into())],
        Some(keyed) => split(TEXT, keyed).unwrap_or_default(),
    };
    let known = serde_json::to_vec(&(layout, known.kept())).ok();
    let known = known.as_ref().and_then(|known| split(FINGERPRINTS, known));
    memos.extend(known.into_iter().flatten());
    // A memo that cannot be noted costs time, nothing else.
    let _ = store.memo_put(BUILD, &memos);
    Ok(text)
}

fn memory_key(snapshot: &Snapshot) -> Result<Vec<u8>, FilmError> {
    let mut key = blake3::Hasher::new_derive_key("aiut 2026 numbers settled v1");
    let paths = [SCRIPT, NUMBERS].into_iter().map(str::to_owned);
    let characters = snapshot.of_kind(Makes::Character).map(ToString::to_string);
    for path in paths.chain(characters) {
        key.update(path.as_bytes()).update(&[0]);
        if let Some(id) = snapshot.file(&path)? {
            key.update(id.as_bytes());
        }
    }
    key.update(snapshot.config_text().as_bytes());
    Ok(key.finalize().as_bytes().to_vec())
}
