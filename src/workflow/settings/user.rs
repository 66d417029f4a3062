//! The user's own settings.

use std::path::{Path, PathBuf};

use super::error::SettingsError;
use super::keys::Layer;
use super::toml_file::SettingsFile;

/// When output is coloured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// On a terminal.
    #[default]
    Auto,
    /// Into pipes and files as well.
    Always,
    /// Nowhere.
    Never,
}

/// What the user's configuration says; nothing is required.
#[derive(Debug, Clone, Default)]
pub struct UserConfig {
    /// `author.name`
    pub author_name: Option<String>,
    /// `author.email`
    pub author_email: Option<String>,
    /// `ui.color`
    pub color: Option<ColorChoice>,
    /// `ui.pager`
    pub pager: Option<String>,
    /// `ui.editor`
    pub editor: Option<String>,
    /// `ui.opener`
    pub opener: Option<String>,
    /// `ui.player`
    pub player: Option<String>,
    /// `ui.merge_tool`
    pub merge_tool: Option<String>,
    /// `command.environment`
    pub command_environment: Vec<String>,
    file: SettingsFile,
}

impl UserConfig {
    /// Reads the user's file; an absent one sets nothing.
    ///
    /// # Errors
    /// `SettingsError` says what is wrong and where.
    pub fn load(path: &Path) -> Result<Self, SettingsError> {
        let file = SettingsFile::load(path, Layer::User)?;
        let text = |key: &str| file.text(key).map(str::to_owned);
        Ok(Self {
            author_name: text("author.name"),
            author_email: text("author.email"),
            color: file.text("ui.color").map(|word| match word {
                "always" => ColorChoice::Always,
                "never" => ColorChoice::Never,
                _ => ColorChoice::Auto,
            }),
            pager: text("ui.pager"),
            editor: text("ui.editor"),
            opener: text("ui.opener"),
            player: text("ui.player"),
            merge_tool: text("ui.merge_tool"),
            command_environment: names(&file, "command.environment"),
            file,
        })
    }

    /// The file as read.
    #[must_use]
    pub fn file(&self) -> &SettingsFile {
        &self.file
    }
}

/// A list of texts, each once, sorted.
fn names(file: &SettingsFile, key: &str) -> Vec<String> {
    let list = file.value(key).and_then(toml::Value::as_array);
    let names = list.into_iter().flatten().filter_map(toml::Value::as_str);
    let names: std::collections::BTreeSet<String> = names.map(str::to_owned).collect();
    names.into_iter().collect()
}

/// Where the user's file lies: beneath `XDG_CONFIG_HOME` when that is an absolute path, as the
/// XDG base directory rules ask, else beneath `HOME`.
#[must_use]
pub fn user_file(xdg_config_home: Option<&Path>, home: Option<&Path>) -> Option<PathBuf> {
    let folder = match xdg_config_home.filter(|path| path.is_absolute()) {
        Some(folder) => folder.to_owned(),
        None => home?.join(".config"),
    };
    Some(folder.join("aiut").join("config.toml"))
}
