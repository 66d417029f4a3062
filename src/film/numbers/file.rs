//! `numbers.toml`: read with the line of every error, written in one fixed layout.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;
use toml_writer::{ToTomlValue as _, TomlStringBuilder};

use super::{Numbers, Omission, RememberedShot, Row, ShotMemory};
use crate::ids::{NotASceneNumber, SceneNumber};

/// The largest `numbers.toml` that is read, in bytes.
pub const MAX_NUMBERS_BYTES: usize = 32 << 20;

const HEAD: &str = "\
# Which scene is which, over time: aiut finds a scene again by these rows when the script has
# changed. A cut scene keeps its row, and its number is not given again.
";

/// What is wrong with a `numbers.toml`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("numbers.toml, line {line}: {reason}")]
pub struct NumbersError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    scene: Vec<FileRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRow {
    number: Spanned<String>,
    heading: String,
    digest: String,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    omitted: Omission,
    shots: Option<Spanned<Vec<(String, String)>>>,
    retired: Option<Spanned<Vec<String>>>,
}

impl Numbers {
    /// Reads `numbers.toml`; an empty text is an empty memory.
    ///
    /// # Errors
    /// With the line, when it is no TOML, has a field it should not have, or says a number twice.
    pub fn parse(text: &str) -> Result<Self, NumbersError> {
        let error_at = |span: Option<Range<usize>>, reason: String| {
            let at = span.map_or(0, |span| span.start).min(text.len());
            let line = 1 + text.as_bytes()[..at]
                .iter()
                .filter(|b| **b == b'\n')
                .count();
            NumbersError { line, reason }
        };
        if text.len() > MAX_NUMBERS_BYTES {
            return Err(error_at(None, format!("too large: {} bytes", text.len())));
        }
        let file: File = toml::from_str(text)
            .map_err(|error| error_at(error.span(), error.message().trim().to_owned()))?;
        let mut rows = Vec::with_capacity(file.scene.len());
        let mut numbers: HashMap<SceneNumber, usize> = HashMap::new();
        // Rows stand one behind the other, so their lines are counted on.
        let (mut counted, mut line) = (0, 1);
        for row in file.scene {
            let (span, number) = (row.number.span(), row.number.get_ref());
            let number: SceneNumber = number.parse().map_err(|wrong: NotASceneNumber| {
                error_at(Some(span.clone()), wrong.to_string())
            })?;
            let between = &text.as_bytes()[counted.min(span.start)..span.start];
            line += between.iter().filter(|byte| **byte == b'\n').count();
            counted = span.start;
            if let Some(first) = numbers.insert(number.clone(), line) {
                let reason = format!("scene {number} stands here and in line {first}");
                return Err(error_at(Some(span), reason));
            }
            let shots = memory(&row).map_err(|(span, reason)| error_at(Some(span), reason))?;
            rows.push(Row {
                number,
                heading: row.heading,
                digest: row.digest,
                words: row.words,
                omission: row.omitted,
                shots,
            });
        }
        Ok(Self { rows })
    }

    /// The text of `numbers.toml`: the same memory, the same bytes.
    #[must_use]
    pub fn print(&self) -> String {
        let mut text = HEAD.to_owned();
        for row in &self.rows {
            let words: Vec<String> = row.words.iter().map(|word| quoted(word)).collect();
            let _ = write!(
                text,
                "\n[[scene]]\nnumber = {}\nheading = {}\ndigest = {}\nwords = [{}]\n",
                quoted(row.number.as_str()),
                quoted(&row.heading),
                quoted(&row.digest),
                words.join(", "),
            );
            match row.omission {
                Omission::Present => {}
                Omission::Shown => text.push_str("omitted = \"shown\"\n"),
                Omission::Cut => text.push_str("omitted = \"cut\"\n"),
            }
            if !row.shots.shots.is_empty() {
                text.push_str("shots = [\n");
                for shot in &row.shots.shots {
                    let _ = writeln!(text, "  [{}, {}],", quoted(&shot.id), quoted(&shot.digest));
                }
                text.push_str("]\n");
            }
            if !row.shots.retired.is_empty() {
                let ids: Vec<String> = row.shots.retired.iter().map(|id| quoted(id)).collect();
                let _ = writeln!(text, "retired = [{}]", ids.join(", "));
            }
        }
        text
    }
}

fn memory(row: &FileRow) -> Result<ShotMemory, (Range<usize>, String)> {
    let mut memory = ShotMemory::default();
    let mut seen = BTreeSet::new();
    let mut check = |id: &str, span: Range<usize>| {
        if id.is_empty()
            || !id
                .bytes()
                .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        {
            return Err((span, format!("{id:?} is not a shot id")));
        }
        if !seen.insert(id.to_owned()) {
            return Err((span, format!("shot {id} is listed twice")));
        }
        Ok(id.to_owned())
    };
    if let Some(shots) = &row.shots {
        for (id, digest) in shots.get_ref() {
            let id = check(id, shots.span())?;
            memory.shots.push(RememberedShot {
                id,
                digest: digest.clone(),
            });
        }
    }
    if let Some(retired) = &row.retired {
        for id in retired.get_ref() {
            memory.retired.push(check(id, retired.span())?);
        }
    }
    Ok(memory)
}

/// A TOML string of one line, in double quotes.
fn quoted(text: &str) -> String {
    TomlStringBuilder::new(text).as_basic().to_toml_value()
}
