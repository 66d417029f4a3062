//! What production needs to know about a scene.

use crate::film::breakdown::{SceneText, breakdown};
use crate::pipeline::{ReadError, Reader, Recipe, RecipeResult};

use super::pretty;

/// The breakdown of a scene.
pub(super) struct Breakdown;

impl Recipe for Breakdown {
    fn version(&self) -> &'static str {
        "10"
    }

    fn make(&self, stem: &str, reader: &Reader<'_>) -> Result<RecipeResult, ReadError> {
        let scene = reader.scene(stem)?;
        let cast = reader.cast()?;
        let fps = reader.config("film.fps")?;
        let text = SceneText::of(scene.scene());
        let breakdown = breakdown(&text, &cast, cast.names(), fps);
        Ok(RecipeResult::Bytes(pretty(reader, stem, &breakdown)?))
    }
}
