//! `aiut config`: both layers as one list of settings, and changes to the right file.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::edit::{Typed, edited, edited_as, removed};
use super::error::SettingsError;
use super::keys::{KEYS, Key, Layer, find_key};
use super::project::PROJECT_FILE;
use super::toml_file::{SettingsFile, read_text};
use crate::base::atomic;
use crate::base::folder::Folder;
use crate::worktree::AIUT_FOLDER;

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// The project's `aiut.toml`.
    Project,
    /// The user's file.
    User,
}

/// One setting as `aiut config` shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Setting {
    /// `film.fps`
    pub key: String,
    /// As TOML reads it; none when it is not set and has no default.
    pub value: Option<toml::Value>,
    /// Where the value comes from.
    pub origin: Option<Origin>,
    /// What it is for.
    pub about: &'static str,
}

/// What to do with a setting.
#[derive(Debug, Clone, Copy)]
pub enum Change<'a> {
    /// Give it this value, as typed.
    Set(&'a str),
    /// Give it this text, although it may read as a number.
    SetText(&'a str),
    /// Take it out of its file.
    Unset,
}

/// A changed settings file, before it is written.
#[derive(Debug, Clone)]
pub struct Edit {
    /// Whose file it is.
    pub layer: Layer,
    /// The file.
    pub path: PathBuf,
    /// The setting as it was.
    pub before: Setting,
    /// The setting as it will be.
    pub after: Setting,
    /// Whether the key lies in a free section, whose values the room that uses them checks.
    pub is_free: bool,
    /// What the file holds; none if it is not there.
    pub old: Option<String>,
    /// What it is to hold.
    pub new: String,
}

impl Edit {
    /// Whether the file changes at all.
    #[must_use]
    pub fn is_change(&self) -> bool {
        self.old.as_ref() != Some(&self.new)
    }

    /// Writes the file.
    ///
    /// # Errors
    /// `Unwritable`.
    pub fn write(&self) -> Result<(), SettingsError> {
        let path = &self.path;
        let written = match self.layer {
            Layer::Project => write_in_project(path, self.new.as_bytes()),
            Layer::User => {
                atomic::clear_leftovers(path);
                std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))
                    .and_then(|()| atomic::write(path, self.new.as_bytes()))
            }
        };
        written.map_err(|source| SettingsError::Unwritable {
            path: path.clone(),
            source,
        })
    }
}

/// The files of both layers.
#[derive(Debug, Clone)]
pub struct Layers {
    user: Option<PathBuf>,
    project: Option<PathBuf>,
    only: Option<Layer>,
}

/// The `aiut.toml` of the project that `folder` lies in. Where the system refuses to say whether
/// there is one, that one: it is told by whoever reads it.
#[must_use]
pub fn find_project_file(folder: &Path) -> Option<PathBuf> {
    folder
        .ancestors()
        .map(|folder| folder.join(PROJECT_FILE))
        .find(|path| match path.symlink_metadata() {
            Ok(_) => true,
            Err(error) => !matches!(
                error.kind(),
                std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
            ),
        })
}

impl Layers {
    /// The layers in these files, or only one of them.
    #[must_use]
    pub fn new(user: Option<PathBuf>, project: Option<PathBuf>, only: Option<Layer>) -> Self {
        Self {
            user,
            project,
            only,
        }
    }

    /// One setting.
    ///
    /// # Errors
    /// `UnknownKey`, or what is wrong with its file.
    pub fn get(&self, name: &str) -> Result<Setting, SettingsError> {
        let key = self.key(name)?;
        Ok(setting(key, name, &self.load(key.layer)?))
    }

    /// All settings that have a name of their own, then those set in free sections.
    ///
    /// # Errors
    /// What is wrong with a file.
    pub fn list(&self) -> Result<Vec<Setting>, SettingsError> {
        let mut all = Vec::new();
        for layer in [Layer::Project, Layer::User] {
            if self.only.is_some_and(|only| only != layer) {
                continue;
            }
            let file = self.load(layer)?;
            for key in KEYS.iter().filter(|key| key.layer == layer) {
                if !key.name.ends_with('*') {
                    all.push(setting(key, key.name, &file));
                    continue;
                }
                let inside = file
                    .table()
                    .get(key.section())
                    .and_then(toml::Value::as_table);
                for (name, value) in inside.into_iter().flatten() {
                    leaves(
                        &format!("{}.{name}", key.section()),
                        value,
                        key,
                        layer,
                        &mut all,
                    );
                }
            }
        }
        Ok(all)
    }

    /// A change of a setting in the file that it belongs in; nothing is written yet.
    ///
    /// # Errors
    /// `UnknownKey`, `BadValue`, `NotSet`, `NoFile`, or what is wrong with the file.
    pub fn edit(&self, name: &str, change: Change<'_>) -> Result<Edit, SettingsError> {
        let key = self.key(name)?;
        let path = self
            .file(key.layer)
            .ok_or(SettingsError::NoFile { layer: key.layer })?;
        let text = match read_text(path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(source) => {
                return Err(SettingsError::Unreadable {
                    path: path.clone(),
                    source,
                });
            }
        };
        let old = text.as_deref().unwrap_or_default();
        let new = match change {
            Change::Set(value) => edited(old, path, name, value)?,
            Change::SetText(value) => edited_as(Typed::Text, old, path, name, value)?,
            Change::Unset => removed(old, path, name)?.ok_or_else(|| SettingsError::NotSet {
                key: name.to_owned(),
            })?,
        };
        let read = |text| {
            Ok(setting(
                key,
                name,
                &SettingsFile::parse(text, path, key.layer)?,
            ))
        };
        Ok(Edit {
            layer: key.layer,
            path: path.clone(),
            before: read(old)?,
            after: read(&new)?,
            is_free: key.name.ends_with('*'),
            old: text,
            new,
        })
    }

    /// Whose file a setting lives in.
    ///
    /// # Errors
    /// `UnknownKey`, `OtherLayer`.
    pub fn layer_of(&self, name: &str) -> Result<Layer, SettingsError> {
        Ok(self.key(name)?.layer)
    }

    fn key(&self, name: &str) -> Result<&'static Key, SettingsError> {
        let unknown = |suggestion| SettingsError::UnknownKey {
            key: name.to_owned(),
            suggestion,
        };
        let key = find_key(name).map_err(unknown)?;
        match self.only {
            Some(only) if only != key.layer => Err(SettingsError::OtherLayer {
                key: name.to_owned(),
                layer: key.layer,
            }),
            _ => Ok(key),
        }
    }

    fn file(&self, layer: Layer) -> Option<&PathBuf> {
        match layer {
            Layer::Project => self.project.as_ref(),
            Layer::User => self.user.as_ref(),
        }
    }

    fn load(&self, layer: Layer) -> Result<SettingsFile, SettingsError> {
        match self.file(layer) {
            Some(path) => SettingsFile::load(path, layer),
            None => Ok(SettingsFile::default()),
        }
    }
}

/// Replaces a file of the project folder. What is written of it until then lies in `.aiut`, where it
/// never becomes part of a commit; beside the file only where there is no project yet.
///
/// # Errors
/// Any I/O error.
pub fn write_in_project(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    match Folder::open(&folder.join(AIUT_FOLDER)) {
        Ok(own) => atomic::write_by_way_of(&own, path, bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => atomic::write(path, bytes),
        Err(error) => Err(error),
    }
}

fn setting(key: &Key, name: &str, file: &SettingsFile) -> Setting {
    let set = file.value(name).cloned();
    let origin = match (&set, key.default) {
        (Some(_), _) => Some(origin(key.layer)),
        (None, "") => None,
        (None, _) => Some(Origin::Default),
    };
    let default = || key.default.parse::<toml::Value>().ok();
    Setting {
        key: name.to_owned(),
        value: set.or_else(default),
        origin,
        about: key.about,
    }
}

fn origin(layer: Layer) -> Origin {
    match layer {
        Layer::Project => Origin::Project,
        Layer::User => Origin::User,
    }
}

/// The values of a free section, one a line however deep they lie.
fn leaves(name: &str, value: &toml::Value, key: &Key, layer: Layer, all: &mut Vec<Setting>) {
    match value {
        toml::Value::Table(table) => {
            for (inner, value) in table {
                leaves(&format!("{name}.{inner}"), value, key, layer, all);
            }
        }
        value => all.push(Setting {
            key: name.to_owned(),
            value: Some(value.clone()),
            origin: Some(origin(layer)),
            about: key.about,
        }),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_look_that_the_system_refuses_is_no_absence() {
        let place = tempfile::tempdir().unwrap();
        // The system follows such a link for ever, and refuses.
        let closed = place.path().join("closed");
        std::os::unix::fs::symlink(&closed, &closed).unwrap();
        let found = find_project_file(&closed).expect("a place");
        assert_eq!(found, closed.join(PROJECT_FILE));
        let layers = Layers::new(None, Some(found.clone()), None);
        let error = layers.get("film.fps").expect_err("a refusal");
        assert!(error.is_refusal(), "{error}");
        assert!(error.to_string().contains("closed/aiut.toml"), "{error}");
        assert!(layers.edit("film.fps", Change::Set("25")).is_err());
        // What is the user's own is not concerned.
        assert!(layers.get("ui.pager").is_ok());
    }
}
