//! What everybody looks like in a scene.

use crate::film::breakdown::{Breakdown, SceneText};
use crate::film::looks::{Carried, looks};
use crate::pipeline::{Makes, Part, ReadError, Reader, Recipe, RecipeResult};

use super::ActOf;

/// The looks of a scene.
pub(super) struct Looks;

impl Recipe for Looks {
    fn version(&self) -> &'static str {
        "10"
    }

    fn make(&self, stem: &str, reader: &Reader<'_>) -> Result<RecipeResult, ReadError> {
        let scene = reader.scene(stem)?;
        let cast = reader.cast()?;
        let breakdown: Breakdown = reader.need(&reader.path_of(Makes::Breakdown, stem)?, "")?;
        let act: Option<ActOf> = reader.part(Part::Act(stem.to_owned()))?;
        let before: Option<String> = reader.part(Part::Before(stem.to_owned()))?;
        let carried = match before {
            Some(before) => carried(&reader.path_of(Makes::Looks, &before)?, reader)?,
            None => Carried::new(),
        };
        let mut text = SceneText::of(scene.scene());
        text.act = act.and_then(|act| act.number);
        let looks = looks(&text, &breakdown, &cast, cast.names(), &carried);
        Ok(RecipeResult::Bytes(looks.to_json().into_bytes()))
    }
}

/// What a scene hands on, read from its looks.
fn carried(path: &str, reader: &Reader<'_>) -> Result<Carried, ReadError> {
    let looks: Option<crate::film::looks::Looks> = reader.json(path, "")?;
    Ok(looks.map(|looks| looks.carried()).unwrap_or_default())
}
