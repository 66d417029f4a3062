//! Settings in two layers that never overlap: `aiut.toml` says what the film is and travels with
//! the project; the user's own file says who is at the keyboard and what runs on this machine.
//! A project can therefore never choose a program to run or a name to commit under.
//!
//! Both are checked against one table of keys ([`KEYS`]), which `aiut config` lists, checks new
//! values against and takes its suggestions from.

mod edit;
mod error;
mod identity;
mod keys;
mod layers;
mod project;
mod toml_file;
mod user;
mod values;

pub use crate::base::nearest::{nearest, nearest_name, nearest_path};
pub use edit::{edited, removed};
pub use error::{Position, SettingsError};
pub use identity::{GitFiles, IdentityError, IdentitySource, resolve_identity};
pub use keys::{KEYS, Key, Layer, SettingKind, find_key};
pub use layers::{Change, Edit, Layers, Origin, Setting, find_project_file, write_in_project};
pub use project::{Budget, FilmSettings, PROJECT_FILE, Price, ProjectConfig};
pub use toml_file::SettingsFile;
pub use user::{ColorChoice, UserConfig, user_file};
