//! Use cases, each joining the rooms below.

pub mod blame;
pub mod comparison;
pub mod doctor;
pub mod film;
pub mod git_tools;
pub mod hooks;
mod lineage;
pub mod notes;
pub mod offers;
pub mod origin;
mod pieces;
pub mod progress;
pub mod repository;
mod scenes_of;
pub mod search;
pub mod settings;
pub mod sharing;
pub mod spending;
pub mod template;
pub mod timeline;
pub mod trust;
pub mod viewer;
