//! One settings file, read and checked against the table of keys, remembering where each key
//! stands.

use std::collections::BTreeMap;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml_edit::{Document, Item, Table, TableLike};

use super::error::{Position, SettingsError};
use super::keys::{KEYS, Key, Layer, find_key, meant};
use super::values::{MAX_USD, check_value, micro_dollars};
use crate::base::regular;
use crate::pipeline::MAX_UNIT_USD;

/// Most that a settings file may weigh: a thousand times what people write.
const MAX_BYTES: u64 = 1 << 20;

/// The values of one settings file.
#[derive(Debug, Clone, Default)]
pub struct SettingsFile {
    path: PathBuf,
    table: toml::Table,
    positions: BTreeMap<String, Position>,
    amounts: BTreeMap<String, u64>,
}

impl SettingsFile {
    /// Reads a settings file; one that is not there holds nothing.
    ///
    /// # Errors
    /// `Unreadable`, or what [`SettingsFile::parse`] finds wrong.
    pub fn load(path: &Path, layer: Layer) -> Result<Self, SettingsError> {
        match read_text(path) {
            Ok(text) => Self::parse(&text, path, layer),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(SettingsError::Unreadable {
                path: path.to_owned(),
                source,
            }),
        }
    }

    /// Reads the text of a settings file; `path` is for messages.
    ///
    /// # Errors
    /// `Syntax` and `Invalid` say where.
    pub fn parse(text: &str, path: &Path, layer: Layer) -> Result<Self, SettingsError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let document = Document::parse(text).map_err(|error| SettingsError::Syntax {
            path: path.to_owned(),
            position: Position::of(text, error.span().map_or(0, |span| span.start)),
            message: error.message().trim().replace('\n', ", "),
        })?;
        let mut check = Check {
            text,
            path,
            layer,
            positions: BTreeMap::new(),
            amounts: BTreeMap::new(),
        };
        check.document(document.as_table())?;
        let Check {
            positions, amounts, ..
        } = check;
        let table = toml::from_str(text).map_err(|error| SettingsError::Syntax {
            path: path.to_owned(),
            position: Position::of(text, error.span().map_or(0, |span| span.start)),
            message: error.message().trim().replace('\n', ", "),
        })?;
        Ok(Self {
            path: path.to_owned(),
            table,
            positions,
            amounts,
        })
    }

    /// The file's path, as messages name it.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Everything, in the order of the file.
    #[must_use]
    pub fn table(&self) -> &toml::Table {
        &self.table
    }

    /// The value at a dotted key. A part in quotes may itself hold dots.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&toml::Value> {
        let mut parts = toml_edit::Key::parse(key).ok()?.into_iter();
        let mut value = self.table.get(parts.next()?.get())?;
        for part in parts {
            value = value.as_table()?.get(part.get())?;
        }
        Some(value)
    }

    /// The amount at a dotted key, in micro-dollars, as exactly as it is written.
    #[must_use]
    pub fn amount(&self, key: &str) -> Option<u64> {
        self.amounts.get(key).copied()
    }

    /// Where a dotted key stands in the file.
    #[must_use]
    pub fn position(&self, key: &str) -> Option<Position> {
        self.positions.get(key).copied()
    }

    /// An error at a key of this file, for the rooms that check their own tables. A key that is
    /// not in the file stands where the nearest table above it does.
    #[must_use]
    pub fn invalid(
        &self,
        key: &str,
        problem: impl Into<String>,
        hint: Option<String>,
    ) -> SettingsError {
        let mut place = key;
        let position = loop {
            match (self.position(place), place.rsplit_once('.')) {
                (Some(position), _) => break position,
                (None, Some((above, _))) => place = above,
                (None, None) => break Position { line: 1, column: 1 },
            }
        };
        SettingsError::Invalid {
            path: self.path.clone(),
            position,
            key: key.to_owned(),
            problem: problem.into(),
            hint,
        }
    }

    /// A text value.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.value(key)?.as_str()
    }
}

/// The text of a settings file, never more than [`MAX_BYTES`].
pub(super) fn read_text(path: &Path) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    crate::base::fault::read(path)?;
    regular::open(path)?
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)?;
    let refuse = |why: &str| std::io::Error::new(std::io::ErrorKind::InvalidData, why.to_owned());
    if bytes.len() as u64 > MAX_BYTES {
        return Err(refuse("it is larger than 1 MiB"));
    }
    String::from_utf8(bytes).map_err(|_| refuse("it is not UTF-8 text"))
}

struct Check<'a> {
    text: &'a str,
    path: &'a Path,
    layer: Layer,
    positions: BTreeMap<String, Position>,
    amounts: BTreeMap<String, u64>,
}

impl Check<'_> {
    fn document(&mut self, table: &Table) -> Result<(), SettingsError> {
        for (section, item) in table {
            let place = self.key_position(table, section);
            let Some(inside) = item.as_table_like() else {
                return Err(self.unknown(place, section));
            };
            if self.keys().all(|key| key.section() != section) {
                return Err(self.unknown(place, section));
            }
            self.positions.insert(section.to_owned(), place);
            self.section(section, inside)?;
        }
        Ok(())
    }

    fn section(&mut self, section: &str, table: &dyn TableLike) -> Result<(), SettingsError> {
        for (name, item) in table.iter() {
            let name = dotted(section, name);
            let place = self.key_position_like(table, &name, item);
            match find_key(&name) {
                Ok(key) if key.layer == self.layer => {
                    check_value(key, item, self.text).map_err(|problem| {
                        let at = item.span().map_or(place, |span| self.at(&span));
                        self.error(at, &name, problem.to_string(), None)
                    })?;
                    self.remember(&name, place, item)?;
                }
                _ => return Err(self.unknown(place, &name)),
            }
        }
        Ok(())
    }

    fn remember(&mut self, name: &str, place: Position, item: &Item) -> Result<(), SettingsError> {
        self.positions.insert(name.to_owned(), place);
        if let Some(most) = most_dollars(name) {
            let amount = micro_dollars(item, self.text, most).map_err(|problem| {
                let at = item.span().map_or(place, |span| self.at(&span));
                self.error(at, name, problem.to_string(), None)
            })?;
            self.amounts.insert(name.to_owned(), amount);
        }
        if let Some(table) = item.as_table_like() {
            for (inner, item) in table.iter() {
                let inner = dotted(name, inner);
                let place = self.key_position_like(table, &inner, item);
                self.remember(&inner, place, item)?;
            }
        }
        Ok(())
    }

    fn keys(&self) -> impl Iterator<Item = &'static Key> + Clone + use<> {
        let layer = self.layer;
        KEYS.iter().filter(move |key| key.layer == layer)
    }

    fn unknown(&self, position: Position, name: &str) -> SettingsError {
        let elsewhere = KEYS
            .iter()
            .find(|key| key.layer != self.layer && (key.covers(name) || key.section() == name));
        let (problem, hint) = match (elsewhere, self.layer) {
            (Some(key), Layer::Project) => (
                "this is a setting of the user, which a project does not make".to_owned(),
                Some(format!(
                    "`aiut config --user {} VALUE`",
                    if key.covers(name) { name } else { key.name }
                )),
            ),
            (Some(key), Layer::User) => (
                "this is a setting of a project".to_owned(),
                Some(format!(
                    "write it into the project's aiut.toml, as {}",
                    key.name
                )),
            ),
            (None, _) => ("unknown key".to_owned(), meant(name, self.keys())),
        };
        self.error(position, name, problem, hint)
    }

    fn error(
        &self,
        position: Position,
        key: &str,
        problem: String,
        hint: Option<String>,
    ) -> SettingsError {
        SettingsError::Invalid {
            path: self.path.to_owned(),
            position,
            key: key.to_owned(),
            problem,
            hint,
        }
    }

    fn at(&self, span: &Range<usize>) -> Position {
        Position::of(self.text, span.start)
    }

    fn key_position(&self, table: &Table, name: &str) -> Position {
        let key = table.key(name).and_then(toml_edit::Key::span);
        let span = key
            .or_else(|| table.get(name).and_then(Item::span))
            .unwrap_or(0..0);
        self.at(&span)
    }

    fn key_position_like(&self, table: &dyn TableLike, name: &str, item: &Item) -> Position {
        let last = toml_edit::Key::parse(name)
            .ok()
            .and_then(|mut parts| parts.pop());
        let key = last.and_then(|last| table.key(last.get()).and_then(toml_edit::Key::span));
        self.at(&key.or_else(|| item.span()).unwrap_or(0..0))
    }
}

/// The most that a key which holds an amount may say, in US dollars; none for other keys.
fn most_dollars(key: &str) -> Option<u64> {
    let parts = toml_edit::Key::parse(key).ok()?;
    let parts: Vec<&str> = parts.iter().map(toml_edit::Key::get).collect();
    match parts.as_slice() {
        ["budget", _] => Some(MAX_USD),
        ["price", _, "usd"] | ["stage", _, "price", "usd"] => Some(MAX_UNIT_USD),
        _ => None,
    }
}

/// `section.name`, the name in quotes when it must be.
pub(super) fn dotted(section: &str, name: &str) -> String {
    format!(
        "{section}.{}",
        toml_edit::Key::new(name)
            .default_repr()
            .as_raw()
            .as_str()
            .unwrap_or(name)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fail(text: &str, layer: Layer) -> String {
        let error = SettingsFile::parse(text, Path::new("aiut.toml"), layer).expect_err(text);
        match error.hint() {
            Some(hint) => format!("{error} | {hint}"),
            None => error.to_string(),
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_line_column_and_key() {
        let cases = [
            (
                "[film]\nfsp = 24\n",
                "aiut.toml, line 2, column 1: film.fsp: unknown key | did you mean film.fps?",
            ),
            (
                "[film]\nfps = \"24,0\"\n",
                "aiut.toml, line 2, column 7: film.fps: expected a frame rate: 23.976, 29.97, 47.952, 59.94 or a whole number from 1 to 240, found \"24,0\"",
            ),
            (
                "film.fps = 0\n",
                "aiut.toml, line 1, column 12: film.fps: 0 is not between 1 and 240",
            ),
            (
                "[film]\nwidth = 1281\n",
                "aiut.toml, line 2, column 9: film.width: 1281 is not a multiple of 2",
            ),
            (
                "[flim]\n",
                "aiut.toml, line 1, column 2: flim: unknown key | did you mean film?",
            ),
            (
                "[film]\naspect = \"wide\"\n",
                "aiut.toml, line 2, column 10: film.aspect: expected a ratio such as \"16:9\" or \"2.39:1\", found \"wide\"",
            ),
            (
                "title = \"x\"\n",
                "aiut.toml, line 1, column 1: title: unknown key | did you mean film.title?",
            ),
            (
                "stage.frames = 3\n",
                "aiut.toml, line 1, column 16: stage.frames: expected a table, found 3",
            ),
            (
                "[price]\npanel = { usd = 1 }\n",
                "aiut.toml, line 2, column 9: price.panel: per is missing: what the price is for, such as \"image\" or \"second\"",
            ),
            (
                "[budget]\nday = -1.5\n",
                "aiut.toml, line 2, column 7: budget.day: -1.5 is not an amount between 0 and 1000000000 US dollars",
            ),
            (
                "[author]\nname = \"x\"\n",
                "aiut.toml, line 1, column 2: author: this is a setting of the user, which a project does not make | `aiut config --user author.name VALUE`",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(fail(text, Layer::Project), expected);
        }
        assert!(
            fail("[film]\nfps = \n", Layer::Project).starts_with("aiut.toml, line 2, column 7: ")
        );
        assert!(fail("[film]\nfps = 1\nfps = 2\n", Layer::Project).contains("line 3, column 1"));
        assert!(fail("[film]\nfps = 24\n", Layer::User).contains("this is a setting of a project"));
        assert_eq!(
            fail("[command]\nenvironment = [\"A-B\"]\n", Layer::User),
            "aiut.toml, line 2, column 15: command.environment: expected names of environment \
             variables, as in [\"HF_TOKEN\"], found a list"
        );
        for (value, found) in [
            ("{ x = 1 }", "a table"),
            ("[1]", "a list"),
            ("[{ x = 1 }]", "a list"),
            ("2026-11-21", "a date"),
            ("1.5", "1.5"),
        ] {
            let text = format!("[film]\ntitle = {value}\n");
            let told = fail(&text, Layer::Project);
            assert!(told.ends_with(&format!("found {found}")), "{told}");
        }
        let told = fail("[[film.title]]\nx = 1\n", Layer::Project);
        assert!(told.ends_with("found a list of tables"), "{told}");
        for text in [
            "[command]\nenvironment = [\"HF_TOKEN\"]\n",
            "[trust]\ntools = true\n",
        ] {
            fail(text, Layer::Project);
        }
    }

    #[test]
    fn a_room_can_point_at_its_own_keys() {
        let text = "[stage.frames]\nby = \"panel\"\n[stage.frames.price]\nusd = 1\n";
        let file = SettingsFile::parse(text, Path::new("aiut.toml"), Layer::Project)
            .expect("free sections take anything");
        assert_eq!(
            file.position("stage.frames.by"),
            Some(Position { line: 2, column: 1 })
        );
        assert_eq!(
            file.position("stage.frames.price.usd"),
            Some(Position { line: 4, column: 1 })
        );
        let error = file.invalid("stage.frames.reads", "missing", None);
        assert_eq!(
            error.to_string(),
            "aiut.toml, line 1, column 8: stage.frames.reads: missing"
        );
    }
}
