//! First drafts of the bible, for people to fill.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::film::cast::Character;
use crate::film::drafts::{PlaceInScript, draft_character, draft_location, draft_style};
use crate::pipeline::{Part, ReadError, Reader, Recipe, RecipeResult};

/// What the bible says of a character.
pub(super) struct DraftCharacter;

/// What the bible says of a place.
pub(super) struct DraftLocation;

/// The style of the film.
pub(super) struct DraftStyle;

impl Recipe for DraftCharacter {
    fn version(&self) -> &'static str {
        "8"
    }

    fn make(&self, slug: &str, reader: &Reader<'_>) -> Result<RecipeResult, ReadError> {
        let member: Option<Character> = reader.part(Part::Member(slug.to_owned()))?;
        let Some(member) = member else {
            return Ok(RecipeResult::Nothing);
        };
        let cast = reader.cast()?;
        let place = cast.place(slug);
        let text = draft_character(&member, place.unwrap_or_default());
        Ok(RecipeResult::Bytes(text.into_bytes()))
    }
}

impl Recipe for DraftLocation {
    fn version(&self) -> &'static str {
        "9"
    }

    fn make(&self, slug: &str, reader: &Reader<'_>) -> Result<RecipeResult, ReadError> {
        let Some(place) = reader.part::<PlaceInScript>(Part::Place(slug.to_owned()))? else {
            return Ok(RecipeResult::Nothing);
        };
        let text = draft_location(&place);
        Ok(RecipeResult::Bytes(text.into_bytes()))
    }
}

impl Recipe for DraftStyle {
    fn version(&self) -> &'static str {
        "2"
    }

    fn make(&self, _: &str, reader: &Reader<'_>) -> Result<RecipeResult, ReadError> {
        let page: BTreeMap<String, Value> = reader.part(Part::Title)?.unwrap_or_default();
        let title = page
            .get("title")
            .and_then(Value::as_str)
            .unwrap_or_default();
        Ok(RecipeResult::Bytes(draft_style(title).into_bytes()))
    }
}
