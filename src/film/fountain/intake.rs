//! A file that people bring in, as the script it is to become.

use std::borrow::Cow;

use super::ast::{ElementKind, Script};
use super::decode::{ByteOrder, DecodeError, MAX_SCRIPT_BYTES, read, utf16_order};
use super::foreign::{by_name, data, recognise};
use super::plain_text::from_plain_text;

/// How the characters of a file were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As a script's are.
    Utf8,
    /// Two bytes each.
    Utf16,
}

/// A screenplay that was brought in.
#[derive(Debug)]
pub struct Intake<'a> {
    /// The bytes of the script: those of the file, unless it was converted.
    pub bytes: Cow<'a, [u8]>,
    /// The script in them.
    pub script: Script,
    /// How the file was written.
    pub encoding: Encoding,
    /// Whether it was plain text, laid out for print, and no Fountain.
    pub was_laid_out: bool,
}

/// Why a file cannot become the script.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IntakeError {
    /// It is no text, or something else.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// It is a text, and no scene begins in it.
    #[error("no scene begins in it")]
    NoScenes,
}

impl IntakeError {
    /// What to do about it, when that is known.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Decode(error) => error.hint(),
            Self::NoScenes => Some(
                "a scene begins with a heading on a line of its own, such as `INT. KITCHEN - DAY`, \
                 with a blank line above it",
            ),
        }
    }
}

/// Reads a file that is to become the script, by its content; `name` is the file's, if it has one,
/// and decides only where the content leaves it open. Fountain stays byte for byte; plain text that
/// is laid out for print becomes Fountain, but in a file that is called `.fountain`.
///
/// # Errors
/// What it is instead, with what to do.
pub fn take_in<'a>(bytes: &'a [u8], name: Option<&str>) -> Result<Intake<'a>, IntakeError> {
    if bytes.len() > MAX_SCRIPT_BYTES {
        let bytes = bytes.len();
        return Err(DecodeError::TooLarge { bytes }.into());
    }
    let (bytes, encoding) = match utf16(bytes) {
        Some(text) => (Cow::Owned(text?.into_bytes()), Encoding::Utf16),
        None => (Cow::Borrowed(bytes), Encoding::Utf8),
    };
    if let Some(found) = recognise(&bytes) {
        return Err(DecodeError::Foreign(found).into());
    }
    let script = read(&bytes)?;
    if let Some(found) = data(&script.source, name) {
        return Err(DecodeError::Foreign(found).into());
    }
    let is_fountain = name
        .and_then(|name| name.rsplit_once('.'))
        .is_some_and(|(_, ending)| {
            ["fountain", "spmd"]
                .iter()
                .any(|own| ending.eq_ignore_ascii_case(own))
        });
    let text = match is_fountain {
        true => None,
        false => Some(from_plain_text(&script.source)).filter(|text| *text != script.source),
    };
    let was_laid_out = text.is_some();
    let (bytes, script) = match text {
        Some(text) => {
            let script = read(text.as_bytes())?;
            (Cow::Owned(text.into_bytes()), script)
        }
        None => (bytes, script),
    };
    if has_scenes(&script, is_fountain) {
        return Ok(Intake {
            bytes,
            script,
            encoding,
            was_laid_out,
        });
    }
    Err(match name.and_then(by_name) {
        Some(found) => DecodeError::Foreign(found).into(),
        None => IntakeError::NoScenes,
    })
}

/// The text of a file that is UTF-16, without its byte order mark.
fn utf16(bytes: &[u8]) -> Option<Result<String, DecodeError>> {
    let order = utf16_order(bytes)?;
    let is_marked = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    if !is_marked && recognise(bytes).is_some() {
        return None;
    }
    let rest = match bytes {
        [0xFF, 0xFE, rest @ ..] | [0xFE, 0xFF, rest @ ..] => rest,
        rest => rest,
    };
    let (units, odd) = rest.as_chunks::<2>();
    let units = units.iter().map(|pair| match order {
        ByteOrder::Little => u16::from_le_bytes(*pair),
        ByteOrder::Big => u16::from_be_bytes(*pair),
    });
    let text = char::decode_utf16(units).collect::<Result<String, _>>();
    Some(match text {
        Ok(text) if odd.is_empty() => Ok(text),
        _ => Err(DecodeError::Utf16),
    })
}

/// Whether a script has a heading that people would type, or people who speak: of any text, a line
/// `int x;` or a paragraph in capitals could be taken for one.
fn has_scenes(script: &Script, is_fountain: bool) -> bool {
    let lines = script.source_lines();
    let mut speeches = 0;
    let mut words = 0;
    for element in &script.elements {
        match &element.kind {
            ElementKind::SceneHeading { .. } => {
                let line = lines[element.lines.start].trim();
                let is_forced = line.starts_with('.');
                let typed = element.text.split_whitespace().next().unwrap_or_default();
                let shouts = |text: &str| !text.chars().any(char::is_lowercase);
                let is_typed = match is_forced {
                    true => {
                        is_fountain || shouts(line) && !line.contains(['{', '}', ';', '=', '_'])
                    }
                    false => is_fountain || shouts(typed) || typed.contains(['.', '/']),
                };
                if is_typed {
                    return true;
                }
            }
            ElementKind::Character { name, .. } if name.split(' ').count() <= 5 => speeches += 1,
            kind if kind.is_filmed() => words += 1,
            _ => {}
        }
    }
    // A stage play has no headings: much of it is speech.
    speeches > usize::from(!is_fountain) && speeches * 4 >= words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(bytes: &[u8], name: Option<&str>) -> Result<String, String> {
        match take_in(bytes, name) {
            Ok(intake) => Ok(String::from_utf8(intake.bytes.into_owned()).unwrap()),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn fountain_stays_byte_for_byte_whatever_it_is_called() {
        let text = "\u{feff}Title: X\r\n\r\nINT. BAR - DAY\r\n\r\n\t\tRAE\r\n\tYes.\r\n";
        for name in [
            None,
            Some("x"),
            Some("x.md"),
            Some("x.txt"),
            Some("x.spmd"),
            Some("x.pdf"),
            Some("x.json"),
        ] {
            assert_eq!(
                taken(text.as_bytes(), name).as_deref(),
                Ok(text),
                "{name:?}"
            );
        }
    }

    #[test]
    fn utf_16_becomes_utf_8() {
        let text = "INT. CAFÉ - DAY\n\nRae 🎬.\n";
        let units = text.encode_utf16();
        let little: Vec<u8> = units.clone().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = units.flat_map(u16::to_be_bytes).collect();
        for (mark, rest) in [([0xFF, 0xFE], little), ([0xFE, 0xFF], big)] {
            let bytes = [&mark[..], &rest].concat();
            assert_eq!(taken(&bytes, None).as_deref(), Ok(text));
            assert!(taken(&bytes[..bytes.len() - 1], None).is_err());
        }
        let fdx: Vec<u8> = "<?xml version=\"1.0\"?><FinalDraft/>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let told = taken(
            &[&[0xFF, 0xFE], fdx.as_slice()].concat(),
            Some("x.fountain"),
        );
        assert!(told.is_err_and(|told| told.contains("Final Draft")));
    }

    #[test]
    fn a_text_without_scenes_is_refused() {
        for text in [
            "Rae looks at the sea.\n",
            "int main(void) {\n    return 0;\n}\n",
            ".DS_Store\n\n.gitignore\n",
            ".card {\n  color: red;\n}\n",
            "# A readme\n\nWords.\n",
            "MIT License\n\nTHE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT ANY WARRANTY\nOF ANY KIND.\n",
            "Title: X\nAuthor: Y\n",
        ] {
            assert!(taken(text.as_bytes(), Some("x.txt")).is_err(), "{text}");
        }
        for text in [
            "int. bar - day\n\nRae.\n",
            "EXT ROAD\n\nRae.\n",
            ".SNIPER POV\n\nRae.\n",
            "RAE\nYes.\n\nTOM\nNo.\n",
        ] {
            assert!(taken(text.as_bytes(), None).is_ok(), "{text}");
        }
    }
}
