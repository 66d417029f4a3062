//! The bible: what people decide about characters, locations and the style, and first drafts of it.

mod draft;
mod record;

pub use draft::{PlaceInScript, draft_character, draft_location, draft_style};
pub use record::{CharacterRecord, LocationRecord, StyleRecord, VoiceRecord};
