//! What a new project starts with.

use std::io;
use std::path::{Path, PathBuf};

use super::settings::{Layer, PROJECT_FILE, SettingsError, SettingsFile, edited, write_in_project};

/// A named set of files and folders.
#[derive(Debug, Clone, Copy)]
pub struct Template {
    /// As given to `aiut init --template`.
    pub name: &'static str,
    folders: &'static [&'static str],
    files: &'static [(&'static str, &'static str)],
}

/// All templates; the first is the default.
pub const TEMPLATES: &[Template] = &[Template {
    name: "film",
    folders: &[
        "bible/characters",
        "bible/locations",
        "bible/props",
        "notes",
    ],
    files: &[
        (PROJECT_FILE, include_str!("template/film/aiut.toml")),
        (".aiutignore", include_str!("template/film/aiutignore")),
    ],
}];

/// What a template laid out.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct LaidOut {
    /// Files that were written; those that were there were left as they are.
    pub written: Vec<String>,
    /// Files that were there before.
    pub kept: Vec<String>,
}

/// Why a template could not be laid out.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// A file or folder could not be written.
    #[error("cannot write {}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The settings that lie in the folder are broken, or the title cannot be one.
    #[error(transparent)]
    Settings(#[from] SettingsError),
}

impl Template {
    /// Lays the template out in `root`, with this title. No file that is there is touched; an
    /// `aiut.toml` among them must be valid.
    ///
    /// # Errors
    /// `TemplateError` names the file.
    pub fn lay_out(&self, root: &Path, title: &str) -> Result<LaidOut, TemplateError> {
        let io = |path: &Path| {
            let path = path.to_owned();
            |source| TemplateError::Io { path, source }
        };
        SettingsFile::load(&root.join(PROJECT_FILE), Layer::Project)?;
        let mut laid_out = LaidOut::default();
        for folder in self.folders {
            let path = root.join(folder);
            std::fs::create_dir_all(&path).map_err(io(&path))?;
        }
        for (name, text) in self.files {
            let path = root.join(name);
            if path.symlink_metadata().is_ok() {
                laid_out.kept.push((*name).to_owned());
                continue;
            }
            let titled = match *name {
                PROJECT_FILE => edited(text, &path, "film.title", title)?,
                _ => (*text).to_owned(),
            };
            write_in_project(&path, titled.as_bytes()).map_err(io(&path))?;
            laid_out.written.push((*name).to_owned());
        }
        Ok(laid_out)
    }
}

/// What the files of the templates tell in comments, a line each.
pub fn hints() -> impl Iterator<Item = &'static str> {
    let files = TEMPLATES.iter().flat_map(|template| template.files);
    let lines = files.flat_map(|(_, text)| text.lines());
    let comments = lines.filter(|line| line.trim_start().starts_with('#'));
    // An example may have a comment of its own.
    comments.flat_map(|line| {
        line.split("# ")
            .map(str::trim)
            .filter(|part| !part.is_empty())
    })
}

/// The title that a folder's name makes: `the-red-coat` is `The Red Coat`.
#[must_use]
pub fn title_of(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let words: Vec<String> = name
        .split(|c: char| matches!(c, '-' | '_' | ' ') || c.is_control())
        .filter(|word| !word.is_empty())
        .map(|word| {
            let mut chars = word.chars();
            let first = chars.next().map(char::to_uppercase).into_iter().flatten();
            first.chain(chars).collect()
        })
        .collect();
    if words.is_empty() {
        "Untitled".to_owned()
    } else {
        words.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_valid_and_spares_what_is_there() {
        for template in TEMPLATES {
            let folder = tempfile::tempdir().unwrap();
            let first = template.lay_out(folder.path(), "The \"Red\" Coat").unwrap();
            assert!(first.written.iter().any(|name| name == PROJECT_FILE) && first.kept.is_empty());
            let path = folder.path().join(PROJECT_FILE);
            let file = SettingsFile::load(&path, Layer::Project).unwrap();
            assert_eq!(file.text("film.title"), Some("The \"Red\" Coat"));
            let before = std::fs::read(&path).unwrap();
            let second = template.lay_out(folder.path(), "Another").unwrap();
            assert!(second.written.is_empty() && second.kept == first.written);
            assert_eq!(std::fs::read(&path).unwrap(), before);
        }
    }

    #[test]
    fn a_title_is_made_of_the_folders_name() {
        assert_eq!(title_of(Path::new("/films/the-red_coat")), "The Red Coat");
        assert_eq!(title_of(Path::new("/")), "Untitled");
    }
}
