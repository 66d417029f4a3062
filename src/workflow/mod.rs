//! Use cases, each joining the rooms below.

pub mod comparison;
pub mod doctor;
pub mod film;
pub mod git_tools;
pub mod offers;
pub mod origin;
mod pieces;
pub mod progress;
pub mod repository;
pub mod search;
pub mod settings;
pub mod sharing;
pub mod spending;
pub mod template;
pub mod trust;
pub mod viewer;
