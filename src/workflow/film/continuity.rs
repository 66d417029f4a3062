//! What contradicts itself from scene to scene, and what a scene leaves to the next.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::named::Targets;
use super::session::{Planned, Session};
use super::{FilmError, references};
use crate::film::breakdown::Breakdown;
use crate::film::continuity::{Finding, Mirror, SceneFacts, check, mirror};
use crate::film::looks::Looks;
use crate::film::numbers::scene_of_stem;
use crate::film::shots::ShotList;
use crate::pipeline::{Options, ReadError, StoryScene};

/// The end of the scene before another.
#[derive(Debug, Clone, Serialize)]
pub struct MirrorOf {
    /// The scene that was asked about.
    pub before: String,
    /// What that scene leaves.
    #[serde(flatten)]
    pub mirror: Mirror,
    /// The frame of its last shot, if it was made.
    pub last_frame: Option<String>,
}

/// A scene with what was made of it.
struct Made {
    breakdown: Breakdown,
    looks: Looks,
    shots: Option<ShotList>,
}

impl Made {
    fn facts(&self) -> SceneFacts<'_> {
        SceneFacts {
            breakdown: &self.breakdown,
            looks: &self.looks,
            shots: self.shots.as_ref(),
        }
    }
}

impl Session<'_> {
    /// Everything that contradicts itself: what concerns the whole film, then scene by scene.
    ///
    /// # Errors
    /// A script or stage file that cannot be read.
    pub fn continuity(&self) -> Result<Vec<Finding>, FilmError> {
        let planned = self.plan(Options::default())?;
        let story = planned.story()?;
        let made: Vec<_> = story
            .scenes()
            .iter()
            .map(|scene| read(&planned, scene))
            .collect::<Result<_, _>>()?;
        let facts: Vec<SceneFacts<'_>> = made.iter().map(Made::facts).collect();
        let mut found = references::check(&self.project, &planned.snapshot)?;
        found.extend(check(&facts));
        self.all_read(found)
    }

    /// The end of the scene before the one that is named.
    ///
    /// # Errors
    /// `UnknownName`; `NoSuch` when there is none before it.
    pub fn mirror(&self, targets: &Targets) -> Result<MirrorOf, FilmError> {
        let planned = self.plan(Options::default())?;
        let story = planned.story()?;
        let scenes = story.scenes();
        let stem = self.one_scene(&planned, targets)?;
        let number = scene_of_stem(&stem).unwrap_or_else(|| stem.clone());
        let at = scenes
            .iter()
            .position(|scene| scene.stem() == stem)
            .ok_or_else(|| FilmError::NoSuch(format!("scene {number}")))?;
        let before = at
            .checked_sub(1)
            .ok_or_else(|| FilmError::NoSuch(format!("scene before {number}: it is the first")))?;
        let made = read(&planned, &scenes[before])?;
        let mirror = mirror(&made.facts());
        let frame = mirror
            .last_shot
            .as_ref()
            .map(|shot| format!("frames/{shot}.png"));
        let last_frame = frame.filter(|path| self.tracked.contains_key(path.as_str()));
        Ok(MirrorOf {
            before: scenes[at].scene().number.clone(),
            mirror,
            last_frame,
        })
    }
}

fn read(planned: &Planned, scene: &StoryScene) -> Result<Made, FilmError> {
    let stem = scene.stem();
    Ok(Made {
        breakdown: need(planned, &format!("scenes/{stem}.json"))?,
        looks: need(planned, &format!("looks/{stem}.json"))?,
        shots: document(planned, &format!("shots/{stem}.json"))?,
    })
}

fn need<T: DeserializeOwned>(planned: &Planned, path: &str) -> Result<T, FilmError> {
    let missing = || {
        let reason = "it could not be made; `aiut plan` says why".to_owned();
        FilmError::Input(ReadError::Broken {
            path: path.to_owned(),
            reason,
        })
    };
    document(planned, path)?.ok_or_else(missing)
}

fn document<T: DeserializeOwned>(planned: &Planned, path: &str) -> Result<Option<T>, FilmError> {
    let Some(value) = planned.snapshot.document(path)? else {
        return Ok(None);
    };
    let broken = |error: serde_json::Error| {
        FilmError::Input(ReadError::Broken {
            path: path.to_owned(),
            reason: error.to_string(),
        })
    };
    T::deserialize(&*value).map(Some).map_err(broken)
}
