//! What the crate `aiut-media` promises: clips, cuts and films that real ffmpeg reads.

mod clip;
mod film;
mod scenes;
