//! The only eyes of a generator: a reader that records what it was asked for.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::digest::Digest;
use super::makes::Makes;
use super::parsed::Shared;
use super::selector::{Part, Selector};
use super::snapshot::{NUMBERS, SCRIPT, Snapshot};
use super::stage::Stage;
use super::story::{Story, StoryScene};
use super::unread::ReadError;
use crate::film::cast::{Cast, Names};
use crate::object::{FileId, RepoPath};

/// Reads a snapshot for one item of one stage, recording every selector with the digest of what
/// it gave.
pub struct Reader<'a> {
    snapshot: &'a Snapshot,
    stage: &'a Stage,
    record: RefCell<Record>,
}

/// What a reader was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Each selector with the digest of its value.
    pub reads: BTreeMap<Selector, Digest>,
    /// Files that are still to be made; with any of these, the rest decides nothing yet.
    pub pending: BTreeSet<String>,
    /// The files that were read, with their content at the time, but for `people`.
    pub inputs: BTreeMap<String, FileId>,
    /// The files of the bible's people, if the cast was read; shared, as most items read it.
    pub people: Option<Arc<BTreeMap<String, FileId>>>,
}

/// What was to be seen of the files when something was read.
pub(super) trait Seen {
    /// The content at a path, if a file was there whose content was known.
    fn known(&self, path: &str) -> Option<FileId>;

    /// The contents of the script and of its numbers.
    fn script(&self) -> [Option<FileId>; 2] {
        [SCRIPT, NUMBERS].map(|path| self.known(path))
    }

    /// The files of the bible's people.
    fn people(&self) -> Arc<BTreeMap<String, FileId>>;
}

impl Seen for Snapshot {
    fn known(&self, path: &str) -> Option<FileId> {
        self.file(path).ok().flatten()
    }

    fn people(&self) -> Arc<BTreeMap<String, FileId>> {
        Self::people(self)
    }
}

impl Record {
    /// Notes what a selector gave, with the files that it was read from.
    pub(super) fn note(&mut self, selector: Selector, digest: Digest, seen: &impl Seen) {
        match &selector {
            Selector::Scene { .. } | Selector::Part { .. } => {
                for (path, id) in [SCRIPT, NUMBERS].into_iter().zip(seen.script()) {
                    self.inputs.extend(id.map(|id| (path.to_owned(), id)));
                }
                if matches!(
                    &selector,
                    Selector::Part {
                        part: Part::Cast | Part::Member(_),
                        ..
                    }
                ) {
                    self.people = Some(seen.people());
                }
            }
            Selector::Names(_) | Selector::Config(_) => {}
            // Where nothing is locked, nothing of the list was used.
            Selector::Locked(_) if digest == Digest::Absent => {}
            Selector::File(path)
            | Selector::Pointer { path, .. }
            | Selector::Shot { path, .. }
            | Selector::ShotIds(path)
            | Selector::Locked(path) => {
                let id = seen.known(path);
                self.inputs.extend(id.map(|id| (path.clone(), id)));
            }
        }
        self.reads.insert(selector, digest);
    }

    /// Every file that was read, with its content at the time.
    pub fn all_inputs(&self) -> impl Iterator<Item = (&String, &FileId)> {
        self.people
            .iter()
            .flat_map(|people| people.iter())
            .chain(&self.inputs)
    }
}

impl<'a> Reader<'a> {
    /// A reader of `snapshot` for `stage`.
    #[must_use]
    pub fn new(snapshot: &'a Snapshot, stage: &'a Stage) -> Self {
        Self {
            snapshot,
            stage,
            record: RefCell::default(),
        }
    }

    /// What was read.
    #[must_use]
    pub fn into_record(self) -> Record {
        self.record.into_inner()
    }

    /// The stage that is read for. What of it determines the output is part of every action
    /// ([`Stage::parameters`]), so it needs no recording.
    #[must_use]
    pub fn stage(&self) -> &'a Stage {
        self.stage
    }

    /// Where the stage reads the file of this kind for `item`.
    ///
    /// # Errors
    /// `Broken` when no stage makes such files.
    pub fn path_of(&self, makes: Makes, item: &str) -> Result<String, ReadError> {
        let layout = self.snapshot.layout();
        let path = self.stage.input(makes, item, layout);
        path.ok_or_else(|| ReadError::Broken {
            path: "aiut.toml".to_owned(),
            reason: format!("no stage makes {:?}", makes.word()),
        })
    }

    fn note(&self, selector: Selector, digest: Digest) -> Result<(), ReadError> {
        let text = selector.to_string();
        // What people locked in an output, whoever makes it may know.
        let own = matches!(&selector, Selector::Locked(path) if self.stage.item_of(path).is_some());
        if !own && !self.stage.may_read(&text) {
            return Err(ReadError::Undeclared {
                stage: self.stage.name.clone(),
                selector: text,
            });
        }
        self.record
            .borrow_mut()
            .note(selector, digest, self.snapshot);
        Ok(())
    }

    /// The content id of a whole file; none if it is absent. A file that is still to be made
    /// gives no id either, and marks the item as pending.
    ///
    /// # Errors
    /// `Undeclared` when the stage may not read it.
    pub fn file(&self, path: &str) -> Result<Option<FileId>, ReadError> {
        let selector = Selector::File(path.to_owned());
        match self.snapshot.file(path) {
            Ok(id) => {
                self.note(
                    selector,
                    id.map_or(Digest::Absent, |id| Digest::Of(*id.as_bytes())),
                )?;
                Ok(id)
            }
            Err(ReadError::Pending(path)) => {
                self.record.borrow_mut().pending.insert(path);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The files that the arguments of the stage's command name, sorted.
    #[must_use]
    pub fn named_by_arguments(&self) -> Vec<&'a RepoPath> {
        let snapshot = self.snapshot;
        self.stage.files_named(&|text| snapshot.up_to(text))
    }

    /// Whether `path` was asked for and is still to be made.
    #[must_use]
    pub fn is_pending(&self, path: &str) -> bool {
        self.record.borrow().pending.contains(path)
    }

    /// The bytes of a file that this plan itself made; they are in no store yet.
    #[must_use]
    pub fn written(&self, id: &FileId) -> Option<Arc<[u8]>> {
        self.snapshot.written(id)
    }

    /// The paths that a glob names, sorted.
    ///
    /// # Errors
    /// `Broken` when the glob is malformed.
    pub fn names(&self, glob: &str) -> Result<Vec<String>, ReadError> {
        let names = self.snapshot.names(glob)?;
        let names: Vec<String> = names.into_iter().map(ToString::to_string).collect();
        let value = Value::from(names.as_slice());
        self.note(Selector::Names(glob.to_owned()), Digest::of_json(&value))?;
        Ok(names)
    }

    /// What any selector names, as JSON; none if it is absent. Of a whole file it is the id.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn value(&self, selector: &Selector) -> Result<Option<Value>, ReadError> {
        let value = self.pending(self.snapshot.value(selector))?;
        let digest = self.pending(self.snapshot.digest(selector))?;
        self.note(selector.clone(), digest)?;
        Ok(value)
    }

    fn pending<T>(&self, result: Result<T, ReadError>) -> Result<T, ReadError> {
        if let Err(ReadError::Pending(path)) = &result {
            self.record.borrow_mut().pending.insert(path.clone());
        }
        result
    }

    /// The bytes of a whole file; none if it is absent.
    ///
    /// # Errors
    /// As [`Snapshot::bytes`].
    pub fn bytes(&self, path: &str) -> Result<Option<Arc<[u8]>>, ReadError> {
        match self.file(path)? {
            Some(id) => self.snapshot.bytes(path, &id).map(Some),
            None => Ok(None),
        }
    }

    /// A value of a JSON or TOML file at an RFC 6901 pointer (empty for all of it).
    ///
    /// # Errors
    /// `Broken` when the file is malformed or the value is not of the type asked for.
    pub fn json<T: DeserializeOwned>(
        &self,
        path: &str,
        pointer: &str,
    ) -> Result<Option<T>, ReadError> {
        let value = self.pending(self.snapshot.pointer(path, pointer))?;
        let digest = value.as_ref().map_or(Digest::Absent, Digest::of_json);
        self.note(
            Selector::Pointer {
                path: path.into(),
                pointer: pointer.into(),
            },
            digest,
        )?;
        value.map(|value| typed(path, pointer, value)).transpose()
    }

    /// As [`Reader::json`], for a value that must be there.
    ///
    /// # Errors
    /// `Broken` also when it is absent.
    pub fn need<T: DeserializeOwned>(&self, path: &str, pointer: &str) -> Result<T, ReadError> {
        self.json(path, pointer)?.ok_or_else(|| ReadError::Broken {
            path: path.to_owned(),
            reason: if self.snapshot.slot(path).is_none() {
                "it does not exist".to_owned()
            } else {
                format!("it has no {pointer}")
            },
        })
    }

    /// As [`Reader::need`], for a value that many items read: it is taken apart once for all of
    /// them, however large it is.
    ///
    /// # Errors
    /// As [`Reader::need`].
    pub fn shared<T: DeserializeOwned + Send + Sync + 'static>(
        &self,
        path: &str,
        pointer: &str,
    ) -> Result<Arc<T>, ReadError> {
        let absent = || ReadError::Broken {
            path: path.to_owned(),
            reason: if self.snapshot.slot(path).is_none() {
                "it does not exist".to_owned()
            } else {
                format!("it has no {pointer}")
            },
        };
        let make = |value: Option<Value>| {
            let value = value.ok_or_else(absent)?;
            let digest = Digest::of_json(&value);
            let typed: T = typed(path, pointer, value)?;
            Ok((digest, Arc::new(typed) as Shared))
        };
        let (digest, shared) = self.pending(self.snapshot.shared::<T>(path, pointer, make))?;
        let selector = Selector::Pointer {
            path: path.into(),
            pointer: pointer.into(),
        };
        self.note(selector, digest)?;
        let shared = shared.and_then(|shared| shared.downcast().ok());
        shared.ok_or_else(absent)
    }

    /// A shot of a shot list, or one of its fields, wherever it stands in the list.
    ///
    /// # Errors
    /// `Broken` when the list is malformed or holds no such shot.
    pub fn shot<T: DeserializeOwned>(
        &self,
        path: &str,
        shot: &str,
        pointer: &str,
    ) -> Result<T, ReadError> {
        let value = self.pending(self.snapshot.shot(path, shot, pointer))?;
        let digest = value.as_ref().map_or(Digest::Absent, Digest::of_json);
        let selector = Selector::Shot {
            path: path.into(),
            shot: shot.into(),
            pointer: pointer.into(),
        };
        self.note(selector, digest)?;
        let value = value.ok_or_else(|| ReadError::Broken {
            path: path.to_owned(),
            reason: format!("it has no shot {shot}"),
        })?;
        typed(path, pointer, value)
    }

    /// The ids of a shot list, in order.
    ///
    /// # Errors
    /// `Broken` when the list is missing or malformed.
    pub fn shot_ids(&self, path: &str) -> Result<Vec<String>, ReadError> {
        let selector = Selector::ShotIds(path.to_owned());
        let value = self.pending(self.snapshot.value(&selector))?;
        self.note(
            selector,
            value.as_ref().map_or(Digest::Absent, Digest::of_json),
        )?;
        let value = value.ok_or_else(|| ReadError::Broken {
            path: path.to_owned(),
            reason: "it does not exist".to_owned(),
        })?;
        typed(path, "shots", value)
    }

    /// The locked shots of a shot list, in order.
    ///
    /// # Errors
    /// `Broken` when the list is malformed.
    pub fn locked<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, ReadError> {
        let selector = Selector::Locked(path.to_owned());
        let locked = self.value(&selector)?;
        locked.map_or(Ok(Vec::new()), |locked| typed(path, "shots", locked))
    }

    /// A value of the configuration; defaults are part of it, so it is there or a mistake.
    ///
    /// # Errors
    /// `Broken` when the value is missing or of another type.
    pub fn config<T: DeserializeOwned>(&self, key: &str) -> Result<T, ReadError> {
        let value = self.snapshot.config(key).cloned();
        let digest = value.as_ref().map_or(Digest::Absent, Digest::of_json);
        self.note(Selector::Config(key.to_owned()), digest)?;
        typed("aiut.toml", key, value.unwrap_or(Value::Null))
    }

    fn story(&self) -> Result<Arc<Story>, ReadError> {
        self.pending(self.snapshot.story())?
            .ok_or_else(|| ReadError::Broken {
                path: SCRIPT.to_owned(),
                reason: "there is no script; `aiut import FILE` brings one in".to_owned(),
            })
    }

    /// A scene of the script by its file stem (`012`).
    ///
    /// # Errors
    /// `Broken` when the script cannot be read or has no such scene.
    pub fn scene(&self, stem: &str) -> Result<SceneRef, ReadError> {
        let story = self.story()?;
        let Some(scene) = story.scene(stem) else {
            return Err(ReadError::Broken {
                path: SCRIPT.to_owned(),
                reason: format!("it has no scene {stem}"),
            });
        };
        let selector = Selector::Scene {
            path: SCRIPT.to_owned(),
            number: stem.to_owned(),
        };
        self.note(selector, scene.digest())?;
        let index = scene.index();
        Ok(SceneRef { story, index })
    }

    /// The whole cast.
    ///
    /// # Errors
    /// `Broken` when the script cannot be read.
    pub fn cast(&self) -> Result<CastRef, ReadError> {
        let story = self.story()?;
        story.sure_of_cast()?;
        let selector = Selector::Part {
            path: SCRIPT.to_owned(),
            part: Part::Cast,
        };
        self.note(selector, story.cast_digest())?;
        Ok(CastRef(story))
    }

    /// A value derived from the script.
    ///
    /// # Errors
    /// `Broken` when the script cannot be read.
    pub fn part<T: DeserializeOwned>(&self, part: Part) -> Result<Option<T>, ReadError> {
        let value = self.story()?.part(&part)?;
        let digest = value.as_ref().map_or(Digest::Absent, Digest::of_json);
        let name = part.to_string();
        self.note(
            Selector::Part {
                path: SCRIPT.to_owned(),
                part,
            },
            digest,
        )?;
        value.map(|value| typed(SCRIPT, &name, value)).transpose()
    }
}

/// A scene that a reader gave out.
pub struct SceneRef {
    story: Arc<Story>,
    index: usize,
}

impl std::ops::Deref for SceneRef {
    type Target = StoryScene;

    fn deref(&self) -> &StoryScene {
        &self.story.scenes()[self.index]
    }
}

/// The cast that a reader gave out.
pub struct CastRef(Arc<Story>);

impl CastRef {
    /// Its names, prepared for finding them in texts.
    #[must_use]
    pub fn names(&self) -> &Names {
        self.0.names()
    }
}

impl std::ops::Deref for CastRef {
    type Target = Cast;

    fn deref(&self) -> &Cast {
        self.0.cast()
    }
}

fn typed<T: DeserializeOwned>(path: &str, at: &str, value: Value) -> Result<T, ReadError> {
    T::deserialize(value).map_err(|error| ReadError::Broken {
        path: path.to_owned(),
        reason: if at.is_empty() {
            error.to_string()
        } else {
            format!("{at}: {error}")
        },
    })
}
