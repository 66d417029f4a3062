//! Facts about files, kept under their content: how long a scene is follows from its shot list, and a
//! film has hundreds of lists, which take long to read only to be added up. Who is in the film takes as
//! long to find as parsing the script does.

use std::collections::HashMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::snapshot::Snapshot;
use super::unread::ReadError;
use crate::film::ids::ShotId;
use crate::object::FileId;

/// With more bytes of facts than this, those go that this process did not ask for.
const MOST: usize = 2 << 20;

/// Of a kind of fact, a file and its content.
pub(super) type Key = [u8; 32];

/// The facts that are known.
#[derive(Default)]
pub(super) struct Facts {
    known: HashMap<Key, Fact>,
    /// Whether those that earlier processes kept are among them.
    loaded: bool,
    /// Whether there are others.
    is_new: bool,
}

struct Fact {
    json: Arc<str>,
    asked: bool,
}

/// What a shot list comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShotsIn {
    /// How many shots it has.
    pub shots: usize,
    /// What they last together, in frames.
    pub frames: u64,
    /// The ids of those that are locked, in order.
    pub locked: Vec<ShotId>,
}

/// What a finished request says of the pictures that it asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VideoIn {
    /// Pixels.
    pub width: Option<u64>,
    /// Pixels.
    pub height: Option<u64>,
    /// Its length.
    pub frames: Option<u64>,
    /// Frames a second, as it is written there.
    pub fps: Option<Value>,
}

impl Snapshot {
    /// What the shot list at `path` comes to; none if it is absent or has no shots.
    ///
    /// # Errors
    /// As [`Snapshot::document`].
    pub fn shots_in(&self, path: &str) -> Result<Option<ShotsIn>, ReadError> {
        let found = self.fact("shots", path, |list| {
            let shots = list.get("shots")?.as_array()?;
            let is_locked = |shot: &&Value| shot.get("locked") == Some(&Value::Bool(true));
            let frames = |shot: &Value| shot.get("duration")?.as_u64();
            let id = |shot: &Value| shot.get("shot_id")?.as_str()?.parse().ok();
            Some(ShotsIn {
                shots: shots.len(),
                frames: shots.iter().filter_map(frames).sum(),
                locked: shots.iter().filter(is_locked).filter_map(id).collect(),
            })
        });
        Ok(found?.flatten())
    }

    /// What the request at `path` says of its pictures; none if it is absent.
    ///
    /// # Errors
    /// As [`Snapshot::document`].
    pub fn video_in(&self, path: &str) -> Result<Option<VideoIn>, ReadError> {
        self.fact("video", path, |request| {
            let number = |key: &str| request.pointer(key).and_then(Value::as_u64);
            VideoIn {
                width: number("/video/width"),
                height: number("/video/height"),
                frames: number("/video/frames"),
                fps: request.pointer("/video/fps").cloned(),
            }
        })
    }

    /// What `find` finds in a document: a function of its value alone. `kind` names it.
    fn fact<T: Serialize + DeserializeOwned>(
        &self,
        kind: &str,
        path: &str,
        find: impl FnOnce(&Value) -> T,
    ) -> Result<Option<T>, ReadError> {
        let Some(id) = self.file(path)? else {
            return Ok(None);
        };
        // What is told of a document depends on what the stages take it for, too.
        let taken_for = format!("{:?}", self.layout().kind_of(path));
        let key = key_of([kind, path, &taken_for], &id);
        if let Some(known) = self.known_fact(&key) {
            return Ok(Some(known));
        }
        // What is wrong with a document is found each time.
        let Some(document) = self.document(path)? else {
            return Ok(None);
        };
        let found = find(&document);
        let mut facts = self.parsed.facts.lock().expect("no panic while held");
        facts.put(key, &found);
        Ok(Some(found))
    }

    /// Notes what counts of each scene, if the story was read: a later edit can then be told without parsing
    /// the script as it is now once more.
    pub fn note_scenes(&self) {
        let Some(story) = self.story_if_read() else {
            return;
        };
        for scene in story.scenes() {
            let key = key_of_scene(&scene.digest().to_text());
            if self.fact_as_text(&key).is_none() {
                let mut facts = self.parsed.facts.lock().expect("no panic while held");
                facts.put(key, scene.value());
            }
        }
    }

    /// What counted of a scene, by its digest, as far as that was noted.
    pub(super) fn scene_of_digest(&self, digest: &str) -> Option<Value> {
        self.known_fact(&key_of_scene(digest))
    }

    fn known_fact<T: DeserializeOwned>(&self, key: &Key) -> Option<T> {
        serde_json::from_str(&self.fact_as_text(key)?).ok()
    }

    /// A fact as JSON, if it is known.
    pub(super) fn fact_as_text(&self, key: &Key) -> Option<Arc<str>> {
        let mut facts = self.parsed.facts.lock().expect("no panic while held");
        if !facts.loaded {
            facts.loaded = true;
            let kept = self.contents.facts().unwrap_or_default();
            for (key, json) in entries(&kept) {
                let fact = Fact {
                    json: json.into(),
                    asked: false,
                };
                facts.known.entry(key).or_insert(fact);
            }
        }
        let fact = facts.known.get_mut(key)?;
        fact.asked = true;
        Some(Arc::clone(&fact.json))
    }

    /// The facts that are known, to be kept; none if there are no new ones.
    #[must_use]
    pub fn facts_to_keep(&self) -> Option<Vec<u8>> {
        let mut facts = self.parsed.facts.lock().expect("no panic while held");
        if !std::mem::take(&mut facts.is_new) {
            return None;
        }
        let bytes: usize = facts.known.values().map(|fact| fact.json.len()).sum();
        if bytes > MOST {
            facts.known.retain(|_, fact| fact.asked);
        }
        let mut bytes = Vec::new();
        for (key, fact) in &facts.known {
            bytes.extend(key);
            let length = u32::try_from(fact.json.len()).expect("a fact is small");
            bytes.extend(length.to_le_bytes());
            bytes.extend(fact.json.as_bytes());
        }
        Some(bytes)
    }
}

impl Facts {
    /// Notes a fact.
    pub(super) fn put(&mut self, key: Key, fact: &impl Serialize) {
        if let Ok(json) = serde_json::to_string(fact) {
            let fact = Fact {
                json: json.into(),
                asked: true,
            };
            self.known.insert(key, fact);
            self.is_new = true;
        }
    }
}

fn key_of_scene(digest: &str) -> Key {
    let mut hasher = blake3::Hasher::new_derive_key("aiut 2026 scene of a digest v1");
    *hasher.update(digest.as_bytes()).finalize().as_bytes()
}

fn key_of(texts: [&str; 3], id: &FileId) -> Key {
    let mut hasher = blake3::Hasher::new_derive_key("aiut 2026 fact of a document v1");
    for text in texts {
        hasher.update(text.as_bytes()).update(&[0]);
    }
    *hasher.update(id.as_bytes()).finalize().as_bytes()
}

/// What was kept, as far as it makes sense.
fn entries(mut bytes: &[u8]) -> impl Iterator<Item = (Key, &str)> {
    std::iter::from_fn(move || {
        let (key, rest) = bytes.split_first_chunk::<32>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = u32::from_le_bytes(*length) as usize;
        let (json, rest) = rest.split_at_checked(length)?;
        bytes = rest;
        Some((*key, std::str::from_utf8(json).ok()?))
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::object::RepoPath;
    use crate::pipeline::{Contents, Parsed, Pipeline, Unread};

    /// One file, and what was kept of it. Counts how often it is read.
    struct One {
        bytes: Vec<u8>,
        kept: Option<Vec<u8>>,
        read: Mutex<usize>,
    }

    impl Contents for One {
        fn read(&self, _: &FileId) -> Result<Vec<u8>, Unread> {
            *self.read.lock().expect("no panic while held") += 1;
            Ok(self.bytes.clone())
        }

        fn facts(&self) -> Option<Vec<u8>> {
            self.kept.clone()
        }
    }

    fn snapshot(path: &str, text: &str, kept: Option<Vec<u8>>) -> (Arc<One>, Snapshot) {
        let bytes = text.as_bytes().to_vec();
        let file = (RepoPath::new(path).expect("a path"), FileId::of(&bytes));
        let read = Mutex::default();
        let contents = Arc::new(One { bytes, kept, read });
        let layout = Pipeline::film().layout().clone();
        let (config, parsed) = (Arc::new(Value::Null), Arc::new(Parsed::default()));
        let snapshot = Snapshot::new([file], config, layout, contents.clone(), parsed);
        (contents, snapshot)
    }

    const REQUEST: &str = r#"{"video": {"width": 16, "height": 9, "frames": 30, "fps": 24}}"#;

    #[test]
    fn a_fact_is_found_again_without_reading_and_only_for_its_content_and_path() {
        let path = "other/001_001.json";
        let (contents, first) = snapshot(path, REQUEST, None);
        let found = first.video_in(path).expect("read").expect("it is there");
        assert_eq!((found.width, found.frames), (Some(16), Some(30)));
        let reads = |contents: &One| *contents.read.lock().expect("no panic while held");
        assert_eq!(reads(&contents), 1);
        let kept = first.facts_to_keep();
        assert!(kept.is_some() && first.facts_to_keep().is_none());
        let (contents, again) = snapshot(path, REQUEST, kept.clone());
        assert_eq!(again.video_in(path), Ok(Some(found)));
        assert_eq!((reads(&contents), again.facts_to_keep()), (0, None));
        let other = REQUEST.replace("30", "31");
        let (_, edited) = snapshot(path, &other, kept.clone());
        let frames = edited
            .video_in(path)
            .expect("read")
            .expect("it is there")
            .frames;
        assert_eq!(frames, Some(31));
        let path = "other/001_002.json";
        let (contents, moved) = snapshot(path, REQUEST, kept.clone());
        assert!(moved.video_in(path).is_ok() && reads(&contents) == 1);
        assert_eq!(moved.video_in("other/001_001.json"), Ok(None));
        // Cut short it is worth less, and does no harm.
        let cut = kept.map(|kept| kept[..kept.len() - 1].to_vec());
        let (contents, cut) = snapshot("other/001_001.json", REQUEST, cut);
        assert!(cut.video_in("other/001_001.json").is_ok() && reads(&contents) == 1);
    }

    #[test]
    fn what_is_wrong_is_told_each_time() {
        let path = "shots/001.json";
        let (_, first) = snapshot(path, "{", None);
        assert!(first.shots_in(path).is_err() && first.facts_to_keep().is_none());
        assert!(first.shots_in(path).is_err());
    }
}
