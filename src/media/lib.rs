//! Panels, voices, clips, cuts and the film; what is in a media file.
//!
//! Panels are drawn here; voices, clips, cuts and the film come from external programs, found and
//! run by [`tools`] with limits. Everything takes bytes or paths, the [`tools::Tools`] and a
//! temporary folder, and hands back bytes or a finished file in that folder; on failure nothing is
//! left. The same inputs give the same bytes with the same programs.

pub mod beside;
pub mod card;
pub mod clip;
pub mod compare;
pub mod cut;
pub mod film;
pub mod motion;
pub mod panel;
pub mod probe;
pub mod sheet;
pub mod sound;
pub mod still;
pub mod tools;
pub mod voice;

mod ambience;
mod color;
mod encode;
mod error;
mod font;
mod level;
mod pen;
mod run;
mod scratch;
mod segment;
mod yuv;

pub use encode::Format;
pub use error::MediaError;
pub use font::missing_glyphs;
pub use scratch::Rendered;
