//! Panels, voices, clips, cuts and the film; what is in a media file.

pub mod motion;
pub mod panel;
pub mod still;

mod color;
mod font;
mod pen;

pub use font::missing_glyphs;
