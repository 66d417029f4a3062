//! The visual bible: what a person wrote about characters, locations and style.

mod record;

pub use record::{
    CharacterRecord, LocationRecord, RecordError, StyleRecord, VoiceRecord, character_words,
    location_words,
};
