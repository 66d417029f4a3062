//! Screenplays, scenes, the bible, the shot engine and its prompts. Pure: no files, no clock.

pub mod bible;
pub mod breakdown;
pub mod cast;
pub(crate) mod color;
pub mod continuity;
pub mod drafts;
pub mod fountain;
pub mod ids;
mod json;
pub mod looks;
pub mod numbers;
pub mod pages;
pub mod prompts;
pub mod prose;
pub mod rate;
pub mod request;
pub mod scenes;
pub mod shots;
pub mod timecode;
pub mod versions;
pub mod words;
pub(crate) mod worn;
pub mod written;
