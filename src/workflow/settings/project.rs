//! What `aiut.toml` says, with every value in its type.

use std::collections::BTreeMap;
use std::path::Path;

use super::error::{Position, SettingsError};
use super::keys::Layer;
use super::toml_file::{SettingsFile, dotted};
use crate::film::rate::FrameRate;
use crate::object::dollars;

/// Name of the file that makes a folder a project.
pub const PROJECT_FILE: &str = "aiut.toml";

/// The settings of a project.
#[derive(Debug, Clone)]
pub struct ProjectConfig {
    /// `[film]`
    pub film: FilmSettings,
    /// `[budget]`
    pub budget: Budget,
    /// `[price]`, by name.
    pub prices: BTreeMap<String, Price>,
    file: SettingsFile,
}

/// What the whole film shares.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FilmSettings {
    /// `Untitled` when the project does not say.
    pub title: String,
    /// Frames a second.
    pub fps: FrameRate,
    /// Pixels, even.
    pub width: u32,
    /// Pixels, even.
    pub height: u32,
    /// `16:9`
    pub aspect: String,
}

/// Most that may be spent, in micro-dollars; none where no cap is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Budget {
    /// By one run.
    pub run: Option<u64>,
    /// In one day.
    pub day: Option<u64>,
    /// By the whole project.
    pub project: Option<u64>,
}

/// What something costs.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Price {
    /// What is counted: `image`, `second`, `run`.
    pub per: String,
    /// Micro-dollars each.
    pub micro_usd: u64,
}

impl ProjectConfig {
    /// Reads a project's `aiut.toml`; an absent file is a project with nothing set.
    ///
    /// # Errors
    /// `SettingsError` says what is wrong and where.
    pub fn load(path: &Path) -> Result<Self, SettingsError> {
        Ok(Self::from_file(SettingsFile::load(path, Layer::Project)?))
    }

    /// Reads the text of an `aiut.toml`, of any version of the project; `path` is for messages.
    ///
    /// # Errors
    /// `SettingsError` says what is wrong and where.
    pub fn parse(text: &str, path: &Path) -> Result<Self, SettingsError> {
        Ok(Self::from_file(SettingsFile::parse(
            text,
            path,
            Layer::Project,
        )?))
    }

    fn from_file(file: SettingsFile) -> Self {
        let integer = |key: &str, default: u32| {
            let value = file.value(key).and_then(toml::Value::as_integer);
            value
                .and_then(|number| u32::try_from(number).ok())
                .unwrap_or(default)
        };
        let (width, height) = (integer("film.width", 1280), integer("film.height", 720));
        let film = FilmSettings {
            title: file.text("film.title").unwrap_or("Untitled").to_owned(),
            fps: file
                .value("film.fps")
                .and_then(|fps| fps.clone().try_into().ok())
                .unwrap_or(FrameRate::FILM),
            width,
            height,
            aspect: file
                .text("film.aspect")
                .map_or_else(|| ratio(width, height), str::to_owned),
        };
        let budget = Budget {
            run: file.amount("budget.run"),
            day: file.amount("budget.day"),
            project: file.amount("budget.project"),
        };
        let prices = section(&file, "price")
            .filter_map(|(name, price)| {
                let per = price.get("per")?.as_str()?.to_owned();
                let usd = format!("{}.usd", dotted("price", name));
                let micro_usd = file.amount(&usd)?;
                Some((name.clone(), Price { per, micro_usd }))
            })
            .collect();
        Self {
            film,
            budget,
            prices,
            file,
        }
    }

    /// The stages that the project changes or adds, in the order of the file, as written; the
    /// pipeline gives them their meaning and answers with [`ProjectConfig::invalid`].
    pub fn stages(&self) -> impl Iterator<Item = (&str, &toml::Table)> {
        section(&self.file, "stage")
            .filter_map(|(name, stage)| Some((name.as_str(), stage.as_table()?)))
    }

    /// The same with the amount of each price as a text, so that no float stands between what is
    /// written and what is reckoned with.
    #[must_use]
    pub fn stages_with_amounts(&self) -> toml::Table {
        let with_amount = |(name, stage): (&str, &toml::Table)| {
            let mut stage = stage.clone();
            let amount = self
                .file
                .amount(&format!("{}.price.usd", dotted("stage", name)));
            let price = stage.get_mut("price").and_then(toml::Value::as_table_mut);
            if let (Some(price), Some(amount)) = (price, amount) {
                price.insert("usd".to_owned(), dollars(amount).into());
            }
            (name.to_owned(), stage.into())
        };
        self.stages().map(with_amount).collect()
    }

    /// Whether a stage is made by a command.
    #[must_use]
    pub fn runs_commands(&self) -> bool {
        let by =
            |stage: &toml::Table| stage.get("by").and_then(toml::Value::as_str) == Some("command");
        self.stages().any(|(_, stage)| by(stage))
    }

    /// The rules of the shot engine that the project changes, as written.
    #[must_use]
    pub fn engine(&self) -> Option<&toml::Table> {
        self.file.table().get("engine")?.as_table()
    }

    /// The words of scene headings that the project adds, as written.
    #[must_use]
    pub fn headings(&self) -> Option<&toml::Table> {
        self.file.table().get("headings")?.as_table()
    }

    /// The value at a dotted key, `stage.frames.model`, when the project sets it.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&toml::Value> {
        self.file.value(key)
    }

    /// Where a dotted key stands in the file.
    #[must_use]
    pub fn position(&self, key: &str) -> Option<Position> {
        self.file.position(key)
    }

    /// An error at a key of the file, with its line and column.
    #[must_use]
    pub fn invalid(
        &self,
        key: &str,
        problem: impl Into<String>,
        hint: Option<String>,
    ) -> SettingsError {
        self.file.invalid(key, problem, hint)
    }

    /// The file as read.
    #[must_use]
    pub fn file(&self) -> &SettingsFile {
        &self.file
    }
}

impl Default for ProjectConfig {
    fn default() -> Self {
        Self::from_file(SettingsFile::default())
    }
}

fn section<'a>(
    file: &'a SettingsFile,
    name: &str,
) -> impl Iterator<Item = (&'a String, &'a toml::Value)> + use<'a> {
    file.table()
        .get(name)
        .and_then(toml::Value::as_table)
        .into_iter()
        .flatten()
}

/// Width to height in the smallest whole numbers.
fn ratio(width: u32, height: u32) -> String {
    let (mut a, mut b) = (width, height);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let divisor = a.max(1);
    format!("{}:{}", width / divisor, height / divisor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_is_a_film_at_the_defaults() {
        let film = ProjectConfig::parse("", Path::new(PROJECT_FILE))
            .expect("nothing is fine")
            .film;
        assert_eq!(
            (film.fps, film.width, film.height),
            (FrameRate::FILM, 1280, 720)
        );
        assert_eq!(
            (film.title.as_str(), film.aspect.as_str()),
            ("Untitled", "16:9")
        );
    }

    #[test]
    fn amounts_are_exact_micro_dollars_and_stages_keep_their_order() {
        let text = "film.width = 1080\nfilm.height = 1920\nbudget.run = 0.1\n\
            [price]\nmodel-x = { per = \"second\", usd = 0.05 }\n\
            [stage.zoom]\nby = \"panel\"\n[stage.frames]\nmodel = \"a.b\"\n";
        let config = ProjectConfig::parse(text, Path::new(PROJECT_FILE)).expect("valid");
        assert_eq!(config.film.aspect, "9:16");
        assert_eq!(
            config.budget,
            Budget {
                run: Some(100_000),
                ..Budget::default()
            }
        );
        assert_eq!(
            config.prices["model-x"],
            Price {
                per: "second".into(),
                micro_usd: 50_000
            }
        );
        assert_eq!(
            config.stages().map(|(name, _)| name).collect::<Vec<_>>(),
            ["zoom", "frames"]
        );
        assert_eq!(
            config.value("stage.frames.model"),
            Some(&toml::Value::from("a.b"))
        );
    }
}
