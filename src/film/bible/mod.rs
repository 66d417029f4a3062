//! The visual bible: what a person wrote about characters, locations and style, and drafts of it
//! taken from the script for a person to fill.

mod record;

pub use record::{CharacterRecord, LocationRecord, StyleRecord, VoiceRecord};
