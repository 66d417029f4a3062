//! The finished request of a shot.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use crate::film::bible::{CharacterRecord, LocationRecord, StyleRecord};
use crate::film::prompts::{Inputs, LIMITS, Made, People, SceneHead, Settings, made};
use crate::film::shots::Shot;
use crate::film::words::Place;
use crate::pipeline::{
    Estimate, Makes, ReadError, Reader, Recipe, RecipeResult, Snapshot, Stage, Told,
};

use super::{pretty, scene_of, style};

/// The request of a shot.
pub(super) struct Prompts;

/// What a project says about its prompts; read by [`Settings::read`].
const TOLD: &[Told] = &[
    Told::words("target", TARGETS),
    Told::words("frame", TARGETS),
    Told::words("video", TARGETS),
    Told::whole("frame_most", LIMITS.0, LIMITS.1),
    Told::whole("video_most", LIMITS.0, LIMITS.1),
    Told::words(
        "lines",
        &["both", "video", "frame", "none", "true", "false"],
    ),
];

const TARGETS: &[&str] = &["sentences", "tags", "sections"];

impl Recipe for Prompts {
    fn version(&self) -> &'static str {
        "13"
    }

    fn estimate(&self) -> Estimate {
        Estimate::of(Duration::from_micros(400))
    }

    fn told(&self) -> &'static [Told] {
        TOLD
    }

    fn make(&self, id: &str, reader: &Reader<'_>) -> Result<RecipeResult, ReadError> {
        let (_, Made { request, .. }) = made_of(id, reader)?;
        for (name, prompt) in [
            ("frame", &request.frame.prompt),
            ("video", &request.video.prompt),
        ] {
            if prompt.trim().is_empty() {
                return Err(ReadError::Broken {
                    path: reader.path_of(Makes::ShotList, scene_of(id))?,
                    reason: format!("shot {id}: the {name} prompt is empty"),
                });
            }
        }
        Ok(RecipeResult::Bytes(pretty(reader, id, &request)?))
    }
}

/// The shot and what is made of it.
fn made_of(id: &str, reader: &Reader<'_>) -> Result<(Shot, Made), ReadError> {
    let path = reader.path_of(Makes::ShotList, scene_of(id))?;
    let shot: Shot = reader.shot(&path, id, "")?;
    let scene = head(&path, reader)?;
    let looks_path = reader.path_of(Makes::Looks, scene_of(id))?;
    let people: Arc<People> = reader.shared(&looks_path, "/assets")?;
    let characters = characters(&shot, &people, reader)?;
    let location = location(&path, &shot, reader)?;
    let style: StyleRecord = style(reader)?;
    let settings = settings(reader)?;
    let made = made(&Inputs {
        scene: &scene,
        shot: &shot,
        people: &people,
        characters: &characters,
        location: location.as_ref(),
        style: &style,
        width: reader.config("film.width")?,
        height: reader.config("film.height")?,
        settings: &settings,
    });
    Ok((shot, made))
}

/// What the prompts of a shot are put together from, by the stage that makes them.
///
/// # Errors
/// As reading what they are made from.
pub fn explain_prompts(
    snapshot: &Snapshot,
    stage: &Stage,
    shot: &str,
) -> Result<(Shot, Made), ReadError> {
    made_of(shot, &Reader::new(snapshot, stage))
}

/// What the stage says about its prompts.
fn settings(reader: &Reader<'_>) -> Result<Settings, ReadError> {
    Settings::read(&reader.stage().with).map_err(|wrong| ReadError::Broken {
        path: "aiut.toml".to_owned(),
        reason: format!("{}: {wrong}", wrong.key),
    })
}

/// Of the list, what every request of it needs.
fn head(path: &str, reader: &Reader<'_>) -> Result<SceneHead, ReadError> {
    Ok(SceneHead {
        number: reader.need(path, "/scene")?,
        slugline: reader.need(path, "/slugline")?,
        time: reader.need(path, "/time")?,
        place: reader.need(path, "/place")?,
        int_ext: reader.json(path, "/int_ext")?.unwrap_or(Place::Unsaid),
        period: reader.json(path, "/period")?.unwrap_or_default(),
        fps: reader.need(path, "/fps")?,
    })
}

/// The record of the shot's place, with what it takes over from the places that it lies in.
fn location(
    list: &str,
    shot: &Shot,
    reader: &Reader<'_>,
) -> Result<Option<LocationRecord>, ReadError> {
    if shot.setting_ref.is_empty() {
        return Ok(None);
    }
    let within: Vec<String> = match &shot.elsewhere {
        Some(elsewhere) => elsewhere.within.clone(),
        None => reader.json(list, "/within")?.unwrap_or_default(),
    };
    let record = |slug: &str| reader.json(&reader.path_of(Makes::Location, slug)?, "");
    let mut found: Option<LocationRecord> = record(&shot.setting_ref)?;
    for slug in &within {
        if let Some(outer) = record(slug)? {
            found.get_or_insert_default().within(&outer);
        }
    }
    Ok(found)
}

/// The records of those in the frame and of the speaker.
fn characters(
    shot: &Shot,
    people: &People,
    reader: &Reader<'_>,
) -> Result<BTreeMap<String, CharacterRecord>, ReadError> {
    let mut slugs: BTreeSet<&str> = shot.character_refs.iter().map(String::as_str).collect();
    if let Some(speaker) = &shot.dialogue_speaker {
        slugs.extend(people.slug(speaker));
    }
    let mut records = BTreeMap::new();
    for slug in slugs {
        let path = reader.path_of(Makes::Character, slug)?;
        if let Some(record) = reader.json(&path, "")? {
            records.insert(slug.to_owned(), record);
        }
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::May;

    #[test]
    fn whatever_a_stage_may_say_is_understood() {
        for told in TOLD {
            let values = match told.may {
                May::Words(words) => words.iter().map(|word| (*word).to_owned()).collect(),
                May::Whole(least, most) => vec![least.to_string(), most.to_string()],
                May::Scenes => vec!["1".to_owned()],
            };
            for value in values {
                let with = [(told.name.to_owned(), value)].into();
                Settings::read(&with).expect("it may be said");
            }
        }
    }
}
