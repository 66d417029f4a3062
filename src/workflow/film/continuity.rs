//! What contradicts itself from scene to scene, and what a scene leaves to the next.

use std::collections::HashMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::answers::Question;
use super::named::Targets;
use super::plan::Planned;
use super::session::Session;
use super::{FilmError, references};
use crate::film::breakdown::Breakdown;
use crate::film::continuity::{Finding, Mirror, SceneFacts, check, lines_gone, mirror, unreadable};
use crate::film::ids::scene_name;
use crate::film::looks::Looks;
use crate::film::shots::ShotList;
use crate::pipeline::{Makes, Options, StoryScene};
use crate::workflow::settings::PROJECT_FILE;

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
struct SceneParts {
    breakdown: Breakdown,
    looks: Looks,
    shots: Option<ShotList>,
}

impl SceneParts {
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
    /// A script that cannot be read. A scene of which something cannot be read is part of the answer.
    pub fn continuity(&self) -> Result<Vec<Finding>, FilmError> {
        self.answer(&Question::named("continuity"), |planned| {
            self.continuity_of(planned)
        })
    }

    fn continuity_of(&self, planned: &Planned) -> Result<Vec<Finding>, FilmError> {
        let story = planned.story()?;
        let mut found = references::check(&self.project, &planned.snapshot)?;
        let locks = self.locks(planned);
        // Scenes are held against those that they go on from: none stands beside a gap.
        let mut run: Vec<SceneParts> = Vec::new();
        for scene in story.scenes() {
            let number = &scene.scene().number;
            match read(planned, scene) {
                Ok(made) => run.push(made),
                Err(Unread { path, reason }) => {
                    found.extend(check_run(&run));
                    run.clear();
                    found.push(unreadable(number, &path, &reason));
                }
            }
            let locked = locks.get(scene.stem()).map(|locks| &locks.shots);
            let gone = locked.into_iter().flatten().filter(|shot| shot.lines_gone);
            found.extend(gone.map(|shot| lines_gone(number, &shot.shot)));
        }
        found.extend(check_run(&run));
        let places = story.scenes().iter().enumerate();
        let places: HashMap<&str, usize> = places
            .map(|(at, scene)| (scene.scene().number.as_str(), at))
            .collect();
        found.sort_by_key(|finding| places.get(finding.scene.as_str()).copied());
        Ok(found)
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
        let number = scene_name(&stem);
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
            .and_then(|shot| self.pipeline.layout().path(Makes::Frame, shot.as_str()));
        let last_frame = frame.filter(|path| self.tracked.contains_key(path.as_str()));
        Ok(MirrorOf {
            before: scenes[at].scene().number.to_string(),
            mirror,
            last_frame,
        })
    }
}

fn check_run(run: &[SceneParts]) -> Vec<Finding> {
    let facts: Vec<SceneFacts<'_>> = run.iter().map(SceneParts::facts).collect();
    check(&facts)
}

/// A file of a scene that cannot be read.
struct Unread {
    path: String,
    reason: String,
}

impl From<Unread> for FilmError {
    fn from(unread: Unread) -> Self {
        Self::Broken(unread.reason)
    }
}

fn read(planned: &Planned, scene: &StoryScene) -> Result<SceneParts, Unread> {
    let stem = scene.stem();
    Ok(SceneParts {
        breakdown: need(planned, Makes::Breakdown, stem)?,
        looks: need(planned, Makes::Looks, stem)?,
        shots: match planned.snapshot.layout().path(Makes::ShotList, stem) {
            Some(path) => document(planned, &path)?,
            None => None,
        },
    })
}

fn need<T: DeserializeOwned>(planned: &Planned, makes: Makes, stem: &str) -> Result<T, Unread> {
    let path = planned.snapshot.layout().path(makes, stem);
    let path = path.ok_or_else(|| Unread {
        path: PROJECT_FILE.to_owned(),
        reason: format!("{PROJECT_FILE}: no stage makes {:?}", makes.word()),
    })?;
    document(planned, &path)?.ok_or_else(|| Unread {
        reason: format!("{path}: it could not be made; `aiut plan` says why"),
        path,
    })
}

fn document<T: DeserializeOwned>(planned: &Planned, path: &str) -> Result<Option<T>, Unread> {
    let unread = |reason: String| {
        // What waits for something is told by what is wrong with that.
        let mut items = planned.items.iter();
        let item = items.find(|item| item.path.as_str() == path);
        let problem = item.and_then(|item| item.problem.clone());
        Unread {
            path: path.to_owned(),
            reason: problem.unwrap_or(reason),
        }
    };
    let value = planned.snapshot.document(path);
    let Some(value) = value.map_err(|error| unread(error.to_string()))? else {
        return Ok(None);
    };
    let typed = T::deserialize(&*value);
    typed
        .map(Some)
        .map_err(|error| unread(format!("{path}: {error}")))
}
