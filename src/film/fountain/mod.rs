//! Fountain, the plain-text screenplay format (<https://fountain.io/syntax>), version 1.1.
//!
//! [`parse`] never fails and loses nothing: every element knows its source lines, so that
//! [`Script::print`] gives back the file byte for byte. `docs/fountain.md` records what is read
//! otherwise than by other programs, and why.

mod ast;
mod classify;
mod decode;
mod emphasis;
mod foreign;
mod heard;
mod intake;
mod lines;
mod parse;
mod plain_text;
mod print;
mod title;

pub use ast::*;
pub use decode::{
    DecodeError, MAX_NAME_BYTES, MAX_SCENES, MAX_SCRIPT_BYTES, decode, read, read_by,
};
pub use emphasis::{StyledText, plain, runs};
pub use foreign::{Foreign, recognise};
pub use heard::{CueSound, cue_device, cue_sound, is_device, is_voice, voice_of};
pub use intake::{Encoding, Intake, IntakeError, take_in};
pub use parse::{parse, parse_by};
pub use plain_text::from_plain_text;
pub use print::{Piece, is_blank_line};
