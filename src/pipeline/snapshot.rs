//! A project's files at one moment, as the planner sees them: what is in the work tree, with what
//! this plan would write laid over it.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::{Arc, OnceLock};

use globset::GlobBuilder;
use serde_json::Value;

use super::claims::{HEAD, claims, denied};
use super::contents::Contents;
use super::digest::{Digest, canonical_json};
use super::kept::Book;
use super::locks::locked_shots;
use super::makes::{Layout, Makes};
use super::parsed::{Parsed, Shared, parse_document};
use super::selector::{Part, Selector};
use super::story::Story;
use super::unread::ReadError;
use super::written::Form;
use crate::object::{AcceptanceId, FileId, GenerationId, RepoPath};

/// A file of the project with what is known of its making.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tracked {
    /// Its content.
    pub id: FileId,
    /// The generation it came from, even if it was edited since.
    pub made_by: Option<GenerationId>,
    /// The decision to keep it though it is stale.
    pub accepted: Option<AcceptanceId>,
    /// Whether it stands for two versions that collide.
    pub in_conflict: bool,
}

/// What is said of a file in conflict.
pub(super) fn in_conflict(path: &str) -> String {
    format!("it is in conflict; `aiut resolve {path}` shows both versions")
}

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slot {
    /// A file whose content is known.
    Known(FileId),
    /// A file that stands for two versions that collide: nobody knows yet what it is to say.
    InConflict,
    /// A file that a run will make; nobody knows its bytes before.
    Unknown,
}

/// A project's files at one moment.
#[derive(Clone)]
pub struct Snapshot {
    pub(super) contents: Arc<dyn Contents>,
    pub(super) parsed: Arc<Parsed>,
    config: Arc<Value>,
    layout: Arc<Layout>,
    slots: BTreeMap<RepoPath, Slot>,
    written: HashMap<FileId, Arc<[u8]>>,
    /// Earlier plans, which have the bytes that they would write.
    books: Vec<Arc<Book>>,
    /// The story of these files, once it was asked for.
    pub(super) story: OnceLock<Result<Option<Arc<Story>>, ReadError>>,
    /// The files of the bible's people, once they were asked for.
    people: OnceLock<Arc<BTreeMap<String, FileId>>>,
}

/// Where the script lies, in every project; the selectors that need its scenes are about this file.
pub const SCRIPT: &str = "script.fountain";
/// Which scene is which, over time.
pub const NUMBERS: &str = "numbers.toml";

impl Snapshot {
    /// A snapshot with these files, which lie as `layout` says. `config` is the project's
    /// configuration, defaults included.
    #[must_use]
    pub fn new(
        files: impl IntoIterator<Item = (RepoPath, FileId)>,
        config: Arc<Value>,
        layout: Arc<Layout>,
        contents: Arc<dyn Contents>,
        parsed: Arc<Parsed>,
    ) -> Self {
        let slots = files
            .into_iter()
            .map(|(path, id)| (path, Slot::Known(id)))
            .collect();
        Self {
            contents,
            parsed,
            config,
            layout,
            slots,
            written: HashMap::new(),
            books: Vec::new(),
            story: OnceLock::new(),
            people: OnceLock::new(),
        }
    }

    /// The same project, holding other files: for reading what a generation once read.
    #[must_use]
    pub fn with_files(&self, files: impl IntoIterator<Item = (RepoPath, FileId)>) -> Self {
        Self {
            slots: files
                .into_iter()
                .map(|(path, id)| (path, Slot::Known(id)))
                .collect(),
            contents: Arc::clone(&self.contents),
            parsed: Arc::clone(&self.parsed),
            config: Arc::clone(&self.config),
            layout: Arc::clone(&self.layout),
            written: self.written.clone(),
            books: self.books.clone(),
            story: OnceLock::new(),
            people: OnceLock::new(),
        }
    }

    /// What stands at `path`.
    #[must_use]
    pub fn slot(&self, path: &str) -> Option<Slot> {
        self.slots.get(path).copied()
    }

    /// Every path, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &RepoPath> {
        self.slots.keys()
    }

    /// Keeps `bytes` at hand, so that their id can be placed and read.
    pub fn keep(&mut self, bytes: Vec<u8>) -> FileId {
        let id = FileId::of(&bytes);
        self.written.insert(id, bytes.into());
        id
    }

    /// Lays a file whose content is stored elsewhere, or not yet known, over `path`.
    pub fn place(&mut self, path: RepoPath, slot: Slot) {
        self.forget_story(path.as_str());
        self.slots.insert(path, slot);
    }

    /// Takes `path` away.
    pub fn remove(&mut self, path: &str) {
        self.forget_story(path);
        self.slots.remove(path);
    }

    fn forget_story(&mut self, changed: &str) {
        if changed == SCRIPT || changed == NUMBERS || self.layout.is_character(changed) {
            self.story.take();
            self.people.take();
        }
    }

    /// The files of the bible's people that are there, with their contents: what reading the cast
    /// reads.
    pub(super) fn people(&self) -> Arc<BTreeMap<String, FileId>> {
        let known = |path: &RepoPath| Some((path.to_string(), self.file(path.as_str()).ok()??));
        let all = || Arc::new(self.of_kind(Makes::Character).filter_map(known).collect());
        self.people.get_or_init(all).clone()
    }

    /// The bytes that this plan wrote with this id, if it did.
    #[must_use]
    pub fn written(&self, id: &FileId) -> Option<Arc<[u8]>> {
        let known = self.written.get(id).cloned();
        known.or_else(|| self.books.iter().find_map(|book| book.written(id)))
    }

    /// Finds the bytes that an earlier plan would write.
    pub(super) fn lean_on(&mut self, book: Arc<Book>) {
        if !self.books.iter().any(|known| Arc::ptr_eq(known, &book)) {
            self.books.push(book);
        }
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// `Unread` when the content cannot be read.
    pub fn bytes(&self, path: &str, id: &FileId) -> Result<Arc<[u8]>, ReadError> {
        if let Some(bytes) = self.written(id) {
            return Ok(bytes);
        }
        let read = self.contents.read(id);
        read.map(Into::into).map_err(|source| ReadError::Unread {
            path: path.to_owned(),
            source,
        })
    }

    /// What is wrong with a file whose name claims what its bytes deny; none if nothing is.
    ///
    /// # Errors
    /// `Unread` when the content cannot be read.
    pub fn denied(&self, path: &RepoPath, id: &FileId) -> Result<Option<String>, ReadError> {
        if !claims(path) || self.contents.is_elsewhere(id) {
            return Ok(None);
        }
        let head = self.contents.head(id, HEAD);
        let head = head.map_err(|source| ReadError::Unread {
            path: path.to_string(),
            source,
        })?;
        Ok(denied(path.as_str(), &head))
    }

    /// The id of the file at `path`; none if it is absent.
    ///
    /// # Errors
    /// `Pending` when it is still to be made, `Broken` when it is in conflict.
    pub fn file(&self, path: &str) -> Result<Option<FileId>, ReadError> {
        match self.slot(path) {
            None => Ok(None),
            Some(Slot::Known(id)) => Ok(Some(id)),
            Some(Slot::Unknown) => Err(ReadError::Pending(path.to_owned())),
            Some(Slot::InConflict) => Err(ReadError::Broken {
                path: path.to_owned(),
                reason: in_conflict(path),
            }),
        }
    }

    /// A JSON or TOML file as a value; none if the file is absent.
    ///
    /// # Errors
    /// `Broken` with line and column when it is not well formed, or, of a shot list or a file of the
    /// bible, when it holds what such a file does not.
    pub fn document(&self, path: &str) -> Result<Option<Arc<Value>>, ReadError> {
        let (Some(id), Some(value)) = (self.file(path)?, self.parse(path)?) else {
            return Ok(None);
        };
        let Some(form) = Form::of(path, &self.layout) else {
            return Ok(Some(value));
        };
        let key = (id, form);
        let known = self
            .parsed
            .wrong
            .lock()
            .expect("no panic while held")
            .get(&key)
            .cloned();
        let wrong = match known {
            Some(wrong) => wrong,
            None => {
                let bytes = self.bytes(path, &id)?;
                let text = String::from_utf8_lossy(&bytes);
                let wrong = key.1.wrong(&value, &text);
                let mut known = self.parsed.wrong.lock().expect("no panic while held");
                known.insert(key, wrong.clone());
                wrong
            }
        };
        match wrong {
            None => Ok(Some(value)),
            Some(reason) => Err(ReadError::Broken {
                path: path.to_owned(),
                reason,
            }),
        }
    }

    /// A JSON or TOML file as a value, whatever it holds; none if the file is absent.
    ///
    /// # Errors
    /// `Broken` with line and column when it is not well formed.
    pub fn parse(&self, path: &str) -> Result<Option<Arc<Value>>, ReadError> {
        let Some(id) = self.file(path)? else {
            return Ok(None);
        };
        let known = self
            .parsed
            .documents
            .lock()
            .expect("no panic while held")
            .get(&id)
            .cloned();
        let parsed = match known {
            Some(parsed) => parsed,
            None => {
                let bytes = self.bytes(path, &id)?;
                let parsed = parse_document(path, &bytes).map(Arc::new);
                let mut documents = self.parsed.documents.lock().expect("no panic while held");
                documents.insert(id, parsed.clone());
                parsed
            }
        };
        parsed.map(Some).map_err(|malformed| ReadError::Broken {
            path: path.to_owned(),
            reason: malformed.to_string(),
        })
    }

    /// The value at an RFC 6901 pointer of a JSON or TOML file.
    ///
    /// # Errors
    /// As [`Snapshot::document`].
    pub fn pointer(&self, path: &str, pointer: &str) -> Result<Option<Value>, ReadError> {
        Ok(self
            .document(path)?
            .and_then(|document| document.pointer(pointer).cloned()))
    }

    /// The scenes, cast and places of the script; none if there is no script.
    ///
    /// # Errors
    /// `Broken` names the script, the numbers or the bible file that cannot be read.
    pub fn story(&self) -> Result<Option<Arc<Story>>, ReadError> {
        self.story.get_or_init(|| self.read_story()).clone()
    }

    fn read_story(&self) -> Result<Option<Arc<Story>>, ReadError> {
        let Some(script) = self.file(SCRIPT)? else {
            return Ok(None);
        };
        let numbers = self.file(NUMBERS)?;
        let mut key = blake3::Hasher::new();
        key.update(script.as_bytes());
        key.update(self.own_headings().as_bytes());
        key.update(numbers.as_ref().map_or(&[][..], |id| id.as_bytes()));
        let mut characters = Vec::new();
        for path in self.of_kind(Makes::Character) {
            let Some(id) = self.file(path.as_str())? else {
                continue;
            };
            let slug = self
                .layout
                .kind_of(path.as_str())
                .map_or("", |(_, slug)| slug);
            key.update(slug.as_bytes()).update(&[0]);
            key.update(path.as_str().as_bytes()).update(id.as_bytes());
            characters.push(path.clone());
        }
        let key = *key.finalize().as_bytes();
        let known = self
            .parsed
            .stories
            .lock()
            .expect("no panic while held")
            .get(&key)
            .cloned();
        if let Some(story) = known {
            return story.map(Some);
        }
        let story = Story::read(self, &script, numbers.as_ref(), &characters).map(Arc::new);
        self.parsed
            .stories
            .lock()
            .expect("no panic while held")
            .insert(key, story.clone());
        story.map(Some)
    }

    /// Where the files of each kind lie.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The files of this kind that are there.
    pub fn of_kind(&self, makes: Makes) -> impl Iterator<Item = &RepoPath> {
        let namings = self.layout.all_of(makes);
        namings.flat_map(|naming| {
            let files = self.under(naming.head());
            files.filter(|path| naming.item(path.as_str()).is_some())
        })
    }

    /// The paths that begin with `prefix`.
    pub fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a RepoPath> + 'a {
        let from = (Bound::Included(prefix), Bound::Unbounded);
        let paths = self.slots.range::<str, _>(from).map(|(path, _)| path);
        paths.take_while(move |path| path.as_str().starts_with(prefix))
    }

    /// The last path that does not come after `text`: the longest that `text` begins with, if it
    /// begins with any.
    pub(super) fn up_to(&self, text: &str) -> Option<&RepoPath> {
        let range = (Bound::Unbounded, Bound::Included(text));
        let last = self.slots.range::<str, _>(range).next_back();
        last.map(|(path, _)| path)
    }

    /// The paths that a glob names, sorted.
    ///
    /// # Errors
    /// `Broken` when the glob is malformed.
    pub fn names(&self, glob: &str) -> Result<Vec<&RepoPath>, ReadError> {
        let matcher = GlobBuilder::new(glob)
            .literal_separator(true)
            .build()
            .map_err(|error| ReadError::Broken {
                path: glob.to_owned(),
                reason: error.to_string(),
            })?;
        let matcher = matcher.compile_matcher();
        Ok(self
            .slots
            .keys()
            .filter(|path| matcher.is_match(path.as_str()))
            .collect())
    }

    /// A value of the configuration, keys joined by dots.
    #[must_use]
    pub fn config(&self, key: &str) -> Option<&Value> {
        value_of(&self.config, key)
    }

    /// The whole configuration in canonical form.
    #[must_use]
    pub fn config_text(&self) -> String {
        canonical_json(&self.config)
    }

    /// The value that a selector names, as JSON where it has such a form.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn value(&self, selector: &Selector) -> Result<Option<Value>, ReadError> {
        Ok(match selector {
            Selector::File(path) => self.file(path)?.map(|id| Value::String(id.to_hex())),
            Selector::Pointer { path, pointer } => self.pointer(path, pointer)?,
            Selector::Shot {
                path,
                shot,
                pointer,
            } => self.shot(path, shot, pointer)?,
            Selector::ShotIds(path) => self.document(path)?.map(|list| shot_ids(&list).into()),
            Selector::Locked(path) => self.document(path)?.and_then(|list| locked_shots(&list)),
            Selector::Scene { number, .. } => self
                .story()?
                .and_then(|story| story.scene(number).map(|s| s.value().clone())),
            Selector::Part { part, .. } => match self.story()? {
                Some(story) => story.part(part)?,
                None => None,
            },
            Selector::Names(glob) => Some(Value::from_iter(
                self.names(glob)?.iter().map(|path| path.as_str()),
            )),
            Selector::Config(key) => self.config(key).cloned(),
        })
    }

    /// The digest of what a selector names.
    ///
    /// # Errors
    /// As [`Snapshot::value`].
    pub fn digest(&self, selector: &Selector) -> Result<Digest, ReadError> {
        match selector {
            Selector::File(path) => Ok(self
                .file(path)?
                .map_or(Digest::Absent, |id| Digest::Of(*id.as_bytes()))),
            Selector::Scene { number, .. } => Ok(self
                .story()?
                .and_then(|story| story.scene(number).map(|scene| scene.digest()))
                .unwrap_or(Digest::Absent)),
            Selector::Part {
                part: Part::Cast, ..
            } => match self.story()? {
                Some(story) => story.sure_of_cast().map(|()| story.cast_digest()),
                None => Ok(Digest::Absent),
            },
            Selector::Pointer { path, pointer } => {
                let digest = |value: Option<Value>| -> Result<_, ReadError> {
                    let digest = value.as_ref().map_or(Digest::Absent, Digest::of_json);
                    Ok((digest, Arc::new(()) as Shared))
                };
                Ok(self.shared::<()>(path, pointer, digest)?.0)
            }
            other => Ok(self
                .value(other)?
                .map_or(Digest::Absent, |value| Digest::of_json(&value))),
        }
    }
}

/// What a configuration says at this key, whose names are joined by dots.
#[must_use]
pub fn value_of<'a>(configuration: &'a Value, key: &str) -> Option<&'a Value> {
    key.split('.')
        .try_fold(configuration, |value, name| value.get(name))
}

/// The ids of a shot list, in order.
#[must_use]
pub fn shot_ids(list: &Value) -> Vec<String> {
    let shots = list.get("shots").and_then(Value::as_array);
    let ids = shots
        .into_iter()
        .flatten()
        .filter_map(|shot| shot.get("shot_id")?.as_str());
    ids.map(str::to_owned).collect()
}
