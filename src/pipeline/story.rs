//! The script as selectors see it: numbered scenes, the cast, the places.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use serde_json::{Map, Value, json};

use super::counts::Text;
use super::digest::Digest;
use super::selector::Part;
use super::snapshot::{NUMBERS, SCRIPT, Snapshot};
use super::unread::ReadError;
use super::who::Who;
use crate::film::breakdown::{Spelling, location_slug, shown_place};
use crate::film::cast::{Cast, Names};
use crate::film::drafts::{PlaceInScript, described, deserves_record};
use crate::film::fountain::{self, Element, ElementKind, Script, plain};
use crate::film::numbers::{Numbers, ShotMemory};
use crate::film::prose::tokens;
use crate::film::scenes::{Act, Scene, split};
use crate::film::words::{HeadingWords, Place as Side, TimeOfDay};
use crate::object::{FileId, RepoPath};

/// A script with its numbers and cast.
pub struct Story {
    title: Value,
    scenes: Vec<StoryScene>,
    by_stem: HashMap<String, usize>,
    /// Of each scene, in order.
    times: Vec<TimeOfDay>,
    /// As the scenes number them.
    numbers: Numbers,
    who: Arc<Who>,
    places: OnceLock<BTreeMap<String, Value>>,
}

/// A script as it is parsed, with what counts of each of its scenes: whatever their numbers are.
pub(super) struct ScriptRead {
    pub(super) script: Arc<Script>,
    texts: OnceLock<Vec<Arc<OnceLock<Text>>>>,
}

impl From<Script> for ScriptRead {
    fn from(script: Script) -> Self {
        Self {
            script: Arc::new(script),
            texts: OnceLock::new(),
        }
    }
}

/// A scene, without anything that its place in the script decides: no source lines, no order, no
/// remarks. A generator that is given one cannot depend on those.
pub struct StoryScene {
    stem: String,
    index: usize,
    scene: Scene,
    text: Arc<OnceLock<Text>>,
    act: Option<Act>,
    shots: ShotMemory,
}

impl StoryScene {
    /// The file stem of its number: `012A`.
    #[must_use]
    pub fn stem(&self) -> &str {
        &self.stem
    }

    /// The scene: its heading and those of its elements that are filmed, each with its place
    /// among them as its line.
    #[must_use]
    pub fn scene(&self) -> &Scene {
        &self.scene
    }

    /// What counts of it, as a value.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.text().value
    }

    /// The digest of [`StoryScene::value`].
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.text().digest
    }

    fn text(&self) -> &Text {
        let text = || Text::of(&self.scene);
        self.text.get_or_init(text)
    }

    /// Its place among the scenes that are not omitted.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }
}

impl Story {
    /// Reads the story out of a snapshot.
    ///
    /// # Errors
    /// `Broken` names the script, the numbers or the bible file that cannot be read.
    pub fn read(
        snapshot: &Snapshot,
        script: &FileId,
        numbers: Option<&FileId>,
        characters: &[RepoPath],
    ) -> Result<Self, ReadError> {
        let script_id = script;
        let script = snapshot.script(script_id)?;
        let known = match numbers {
            Some(id) => snapshot.numbers(id)?,
            None => Arc::default(),
        };
        let who = snapshot.who(script_id, &script.script, characters)?;
        let (numbers, scenes) = known.number(split(&script.script));
        Ok(Self::new(&script, scenes, numbers, who))
    }

    /// Refuses to say who is in the film where the bible's names or pronouns cannot be read: what
    /// is made from the cast would be made wrongly. The scenes are known all the same.
    ///
    /// # Errors
    /// `Broken` names the file.
    pub(super) fn sure_of_cast(&self) -> Result<(), ReadError> {
        self.who.unsure.clone().map_or(Ok(()), Err)
    }

    fn new(script: &ScriptRead, scenes: Vec<Scene>, numbers: Numbers, who: Arc<Who>) -> Self {
        let filmed = scenes.into_iter().filter(|scene| !scene.is_omitted());
        // Which scenes are filmed, and in which order, follows from the script alone.
        let known = script.texts.get();
        let rows = numbers.places();
        let memory = |scene: &Scene| {
            let row = rows.get(&scene.number);
            row.map(|at| numbers.rows[*at].shots.clone())
                .unwrap_or_default()
        };
        let scenes: Vec<_> = filmed
            .enumerate()
            .map(|(index, scene)| {
                let text = known.and_then(|texts| texts.get(index));
                StoryScene::new(index, memory(&scene), scene, text)
            })
            .collect();
        let texts = scenes.iter().map(|scene: &StoryScene| scene.text.clone());
        script.texts.get_or_init(|| texts.collect());
        let times = times_of_day(&scenes);
        let by_stem = scenes.iter().map(|s| (s.stem.clone(), s.index)).collect();
        Self {
            title: title(&script.script),
            places: OnceLock::new(),
            scenes,
            by_stem,
            times,
            numbers,
            who,
        }
    }

    /// The scenes that are not omitted, in the script's order.
    #[must_use]
    pub fn scenes(&self) -> &[StoryScene] {
        &self.scenes
    }

    /// The scene with this file stem.
    #[must_use]
    pub fn scene(&self, stem: &str) -> Option<&StoryScene> {
        self.by_stem.get(stem).map(|index| &self.scenes[*index])
    }

    /// File stems, in the script's order.
    pub fn stems(&self) -> impl Iterator<Item = &str> {
        self.scenes.iter().map(|scene| scene.stem.as_str())
    }

    /// Who is in the film.
    #[must_use]
    pub fn cast(&self) -> &Cast {
        self.who.cast()
    }

    /// `numbers.toml` with the scenes as the script has them, and their shots as the file has them.
    #[must_use]
    pub fn numbers(&self) -> &Numbers {
        &self.numbers
    }

    fn places(&self) -> &BTreeMap<String, Value> {
        self.places.get_or_init(|| places(&self.scenes, &self.who))
    }

    /// The names of the cast, prepared for finding them in texts.
    #[must_use]
    pub fn names(&self) -> &Names {
        self.who.names()
    }

    /// The digest of the whole cast.
    #[must_use]
    pub fn cast_digest(&self) -> Digest {
        self.who.digest()
    }

    /// The file stems of those of the cast who have a place in the bible.
    #[must_use]
    pub fn member_slugs(&self) -> Vec<String> {
        let members = self
            .cast()
            .characters
            .iter()
            .filter(|member| deserves_record(member));
        members.map(|member| member.slug.clone()).collect()
    }

    /// The file stems of the places.
    #[must_use]
    pub fn place_slugs(&self) -> Vec<String> {
        self.places().keys().cloned().collect()
    }

    /// A value derived from the script.
    ///
    /// # Errors
    /// `Broken` names the file for which nobody can say who is who, where that counts.
    pub fn part(&self, part: &Part) -> Result<Option<Value>, ReadError> {
        if part.is_of_cast() {
            self.sure_of_cast()?;
        }
        Ok(self.value_of(part))
    }

    fn value_of(&self, part: &Part) -> Option<Value> {
        match part {
            Part::Scenes => Some(self.stems().collect()),
            Part::Cast => Some(serde_json::to_value(self.cast()).expect("plain data")),
            Part::Settings => Some(self.places().keys().map(String::as_str).collect()),
            Part::Title => Some(self.title.clone()),
            Part::Act(stem) => {
                let scene = self.scene(stem)?;
                let act = scene.act.as_ref()?;
                let next = self.scenes.get(scene.index + 1);
                let ends = next.is_none_or(|next| next.act.as_ref() != Some(act));
                Some(json!({ "title": act.title, "number": act.number, "ends": ends }))
            }
            Part::Before(stem) => {
                let index = self.scene(stem)?.index;
                Some(Value::from(self.scenes[index.checked_sub(1)?].stem.clone()))
            }
            Part::Time(stem) => Some(self.times[self.scene(stem)?.index].code().into()),
            Part::Shots(stem) => {
                let memory = &self.scene(stem)?.shots;
                let shots = memory
                    .shots
                    .iter()
                    .map(|shot| json!([shot.id, shot.digest]));
                Some(json!({ "shots": shots.collect::<Vec<_>>(), "retired": memory.retired }))
            }
            Part::Member(slug) => {
                let cast = self.cast();
                let member = &cast.characters[cast.place(slug)?];
                Some(serde_json::to_value(member).expect("plain data"))
            }
            Part::Place(slug) => self.places().get(slug).cloned(),
        }
    }
}

/// The time of day of each scene: what its heading says, or, where that is a time but none of the
/// day, what the nearest heading before says that is more than that. A heading without a time that stays
/// at the place of the one before has its time: `INT. HUT - STUDIO` after `INT. HUT - HALL - NIGHT`.
fn times_of_day(scenes: &[StoryScene]) -> Vec<TimeOfDay> {
    let (mut before, mut place) = (TimeOfDay::Unsaid, "");
    let mut times = Vec::with_capacity(scenes.len());
    for scene in scenes {
        let heading = &scene.scene.heading;
        let time = heading.time_of_day();
        let stays = !place.is_empty() && heading.setting == place;
        if time != TimeOfDay::Unsaid || heading.time.is_none() && !stays {
            before = time;
        }
        place = heading.setting.as_str();
        times.push(before);
    }
    times
}

impl StoryScene {
    /// `text` has what counts of it, if anybody asked another story of the same script.
    fn new(
        index: usize,
        shots: ShotMemory,
        mut scene: Scene,
        text: Option<&Arc<OnceLock<Text>>>,
    ) -> Self {
        let stem = scene.number.stem();
        let act = scene.act.take();
        let filmed = scene.lead.drain(..).chain(scene.body.drain(..));
        let body: Vec<Element> = filmed
            .filter(|e| e.kind.is_filmed() || e.kind == ElementKind::Transition)
            .enumerate()
            .map(|(at, element)| Element {
                notes: Vec::new(),
                lines: at..at + 1,
                ..element
            })
            .collect();
        scene.index = 0;
        scene.elements = 0..body.len();
        scene.lines = 0..body.len();
        scene.body = body;
        Self {
            stem,
            index,
            scene,
            text: text.cloned().unwrap_or_default(),
            act,
            shots,
        }
    }
}

/// Reads the script, whose headings begin with these words.
///
/// # Errors
/// `Broken` says in which line it is no screenplay.
pub fn read_script(bytes: &[u8], words: &Arc<HeadingWords>) -> Result<Script, ReadError> {
    fountain::read_by(bytes, words).map_err(|error| ReadError::Broken {
        path: SCRIPT.to_owned(),
        reason: match error.hint() {
            Some(hint) => format!("{error}: {hint}"),
            None => error.to_string(),
        },
    })
}

/// Reads `numbers.toml`.
///
/// # Errors
/// `Broken` says in which line it is malformed.
pub fn read_numbers(bytes: &[u8]) -> Result<Numbers, ReadError> {
    let broken = |reason| ReadError::Broken {
        path: NUMBERS.to_owned(),
        reason,
    };
    let text = std::str::from_utf8(bytes).map_err(|error| broken(error.to_string()))?;
    Numbers::parse(text).map_err(|error| {
        broken(format!(
            "line {}: {}; `aiut restore {NUMBERS}` brings back the last good one",
            error.line, error.reason
        ))
    })
}

fn title(script: &Script) -> Value {
    let mut page = Map::new();
    for entry in &script.title_page {
        let key = entry.key.to_lowercase();
        let text = match key.as_str() {
            "title" => plain_title(&entry.value),
            _ => plain(&entry.value),
        };
        // A key that stands twice has two lines: a title and what it is a part of.
        let text = match page.get(&key).and_then(Value::as_str) {
            Some(before) if !text.is_empty() => format!("{before}\n{text}"),
            Some(before) => before.to_owned(),
            None => text,
        };
        page.insert(key, text.into());
    }
    Value::Object(page)
}

/// A title without emphasis, whose marks may open in one line and close in another.
fn plain_title(value: &str) -> String {
    // Emphasis ends with its line; a separator of lines is no end of one.
    const SEPARATOR: &str = "\u{2028}";
    plain(&value.replace('\n', SEPARATOR)).replace(SEPARATOR, "\n")
}

/// The places that headings name, with what the script tells of each.
fn places(scenes: &[StoryScene], who: &Who) -> BTreeMap<String, Value> {
    let names = name_words(who.cast());
    let person = |word: &str| names.contains(word);
    let mut places: BTreeMap<String, PlaceInScript> = BTreeMap::new();
    for scene in scenes {
        let heading = &scene.scene.heading;
        let slug = location_slug(heading);
        if slug.is_empty() {
            continue;
        }
        let actions = scene
            .scene
            .body
            .iter()
            .filter(|e| e.kind == ElementKind::Action);
        let place = places.entry(slug).or_insert_with(|| {
            let elements: Vec<&Element> = scene.scene.body.iter().collect();
            let spelling = Spelling::of(&elements);
            PlaceInScript {
                name: shown_place(heading, who.names().spellings(), &spelling),
                ..PlaceInScript::default()
            }
        });
        place
            .seen
            .extend(Some(heading.place).filter(|side| *side != Side::Unsaid));
        let hour = heading.time_of_day();
        place
            .times
            .extend(Some(hour).filter(|hour| *hour != TimeOfDay::Unsaid));
        if place.description.is_empty()
            && let Some(first) = actions.into_iter().next()
        {
            place.description = described(&first.text, &person);
        }
    }
    let value = |place| serde_json::to_value(place).expect("plain data");
    places
        .into_iter()
        .map(|(slug, place)| (slug, value(place)))
        .collect()
}

/// The words of the names of the cast, in small letters.
fn name_words(cast: &Cast) -> BTreeSet<String> {
    let names = cast.characters.iter().flat_map(|member| {
        [&member.name, &member.full_name]
            .into_iter()
            .chain(&member.aliases)
    });
    names
        .flat_map(|name| tokens(name))
        .filter(|word| word.len() > 2)
        .collect()
}
