//! The visual bible: what a person wrote about characters, locations and style, and drafts of it
//! taken from the script for a person to fill.

mod draft;
mod record;

pub use draft::{deserves_record, draft_character, draft_hints, draft_location, draft_style};
pub use record::{CharacterRecord, LocationRecord, StyleRecord, VoiceRecord};
