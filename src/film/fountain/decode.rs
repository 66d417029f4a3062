//! Bytes of a file into text.

use std::sync::Arc;

use super::ast::{ElementKind, Script};
use super::foreign::{Foreign, recognise};
use super::parse::parse_by;
use crate::words::HeadingWords;

/// The largest screenplay that is read: 32 MiB, some two hundred features.
pub const MAX_SCRIPT_BYTES: usize = 32 << 20;

/// The longest scene heading, cue or section, in bytes: they become names, which are compared and
/// written many times.
pub const MAX_NAME_BYTES: usize = 1_000;

/// The most scenes: each has files of its own and a place in `numbers.toml`.
pub const MAX_SCENES: usize = 100_000;

/// Why a file is no screenplay.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Larger than [`MAX_SCRIPT_BYTES`].
    #[error(
        "too large for a screenplay: {bytes} bytes, the limit is {} (32 MiB)",
        MAX_SCRIPT_BYTES
    )]
    TooLarge {
        /// Its length.
        bytes: usize,
    },
    /// UTF-16, by its byte order mark, or as every other byte is zero.
    #[error("the text is UTF-16; save it as UTF-8")]
    Utf16,
    /// It holds a NUL byte.
    #[error("not a text: line {line} holds a NUL byte (byte {byte} of the file)")]
    Binary {
        /// Counted from 1.
        line: usize,
        /// Counted from 0.
        byte: usize,
    },
    /// Not UTF-8.
    #[error(
        "not UTF-8: line {line} holds the byte 0x{value:02X} (byte {byte} of the file); \
         save it as UTF-8"
    )]
    NotUtf8 {
        /// Counted from 1.
        line: usize,
        /// Counted from 0.
        byte: usize,
        /// The first byte that does not fit.
        value: u8,
    },
    /// A line that names something is longer than [`MAX_NAME_BYTES`].
    #[error(
        "line {line} is a {kind} of {bytes} bytes, the limit is {}; `!` before it makes it action",
        MAX_NAME_BYTES
    )]
    LongName {
        /// Counted from 1.
        line: usize,
        /// `scene heading`, `cue` or `section`.
        kind: &'static str,
        /// Its length.
        bytes: usize,
    },
    /// More than [`MAX_SCENES`].
    #[error("too many scenes: line {line} begins scene {}, the limit is {}", MAX_SCENES + 1, MAX_SCENES)]
    TooManyScenes {
        /// Where the first one too many begins, counted from 1.
        line: usize,
    },
    /// Something else than a screenplay.
    #[error("it is {}, not a screenplay", .0.what)]
    Foreign(Foreign),
    /// Nothing to film in it.
    #[error(
        "the script has no scenes yet: type a scene heading such as `INT. KITCHEN - DAY`, \
         a blank line, and what happens"
    )]
    Empty,
}

impl DecodeError {
    /// What to do about it, when that is known.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Foreign(found) => Some(found.todo),
            Self::Utf16 => Some(
                "`iconv -f UTF-16 -t UTF-8 FILE > NEW` makes it UTF-8, and so does `aiut import FILE`",
            ),
            Self::NotUtf8 { .. } => Some(
                "`iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW` makes it UTF-8, if it was saved under Windows",
            ),
            _ => None,
        }
    }
}

/// Which byte of a letter comes first in a text that is UTF-16.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ByteOrder {
    /// The low one.
    Little,
    /// The high one.
    Big,
}

/// How a text is UTF-16, if it is: by its byte order mark, or by its beginning, where the one byte of
/// nearly every letter is zero and the other never.
pub(super) fn utf16_order(bytes: &[u8]) -> Option<ByteOrder> {
    const LOOKED_AT: usize = 1 << 10;
    match bytes {
        [0xFF, 0xFE, ..] => return Some(ByteOrder::Little),
        [0xFE, 0xFF, ..] => return Some(ByteOrder::Big),
        _ => {}
    }
    let (pairs, _) = bytes[..bytes.len().min(LOOKED_AT)].as_chunks::<2>();
    let zeros = |at: usize| pairs.iter().filter(|pair| pair[at] == 0).count();
    match (zeros(0), zeros(1), pairs.len()) {
        (0, low, all) if all >= 4 && low > all / 2 => Some(ByteOrder::Little),
        (high, 0, all) if all >= 4 && high > all / 2 => Some(ByteOrder::Big),
        _ => None,
    }
}

/// The text of a screenplay file, its byte order mark and line ends kept.
///
/// # Errors
/// When it is too large, empty, binary, not UTF-8, or what [`recognise`] knows.
pub fn decode(bytes: &[u8]) -> Result<&str, DecodeError> {
    if bytes.len() > MAX_SCRIPT_BYTES {
        return Err(DecodeError::TooLarge { bytes: bytes.len() });
    }
    if utf16_order(bytes).is_some() {
        return Err(DecodeError::Utf16);
    }
    if let Some(found) = recognise(bytes) {
        return Err(DecodeError::Foreign(found));
    }
    if let Some(byte) = bytes.iter().position(|b| *b == 0) {
        return Err(DecodeError::Binary {
            line: line_of(bytes, byte),
            byte,
        });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let byte = error.valid_up_to();
        DecodeError::NotUtf8 {
            line: line_of(bytes, byte),
            byte,
            value: bytes[byte],
        }
    })?;
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        return Err(DecodeError::Empty);
    }
    Ok(text)
}

/// Decodes and parses a screenplay that is to be filmed.
///
/// # Errors
/// As [`decode`]; also what is beyond a limit, by its line, and [`DecodeError::Empty`] for a script
/// without heading, action or speech.
pub fn read(bytes: &[u8]) -> Result<Script, DecodeError> {
    read_by(bytes, &HeadingWords::builtin())
}

/// As [`read`], of a screenplay whose headings begin with these words.
///
/// # Errors
/// As [`read`].
pub fn read_by(bytes: &[u8], words: &Arc<HeadingWords>) -> Result<Script, DecodeError> {
    let script = parse_by(decode(bytes)?, words);
    check_limits(&script)?;
    let has_scene = script.elements.iter().any(|element| {
        matches!(element.kind, ElementKind::SceneHeading { .. }) || element.kind.is_filmed()
    });
    if has_scene {
        Ok(script)
    } else {
        Err(DecodeError::Empty)
    }
}

fn check_limits(script: &Script) -> Result<(), DecodeError> {
    let mut scenes = 0;
    for element in &script.elements {
        let line = element.lines.start + 1;
        let kind = match element.kind {
            ElementKind::SceneHeading { .. } => "scene heading",
            ElementKind::Character { .. } => "cue",
            ElementKind::Section { .. } => "section",
            _ => continue,
        };
        let bytes = element.text.len();
        if bytes > MAX_NAME_BYTES {
            return Err(DecodeError::LongName { line, kind, bytes });
        }
        scenes += usize::from(kind == "scene heading");
        if scenes > MAX_SCENES {
            return Err(DecodeError::TooManyScenes { line });
        }
    }
    Ok(())
}

fn line_of(bytes: &[u8], at: usize) -> usize {
    1 + bytes[..at].iter().filter(|b| **b == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beyond_a_limit_is_named_by_its_line() {
        let long = "A".repeat(MAX_NAME_BYTES + 1);
        for (text, line, kind) in [
            (format!("INT. {long}\n"), 1, "scene heading"),
            (format!("Rain.\n\n{long}\nYes.\n"), 3, "cue"),
            (format!("Rain.\n\n# {long}\n"), 3, "section"),
        ] {
            let error = read(text.as_bytes()).unwrap_err();
            assert!(
                matches!(&error, DecodeError::LongName { line: l, kind: k, .. } if (*l, *k) == (line, kind)),
                "{error:?}"
            );
            assert!(read(text.replace(&long, "A").as_bytes()).is_ok());
        }
        assert!(read(format!("Rain.\n\n!{long}\nYes.\n").as_bytes()).is_ok());
        let scenes = ".a\n\n".repeat(MAX_SCENES);
        assert!(read(scenes.as_bytes()).is_ok());
        let line = 2 * MAX_SCENES + 1;
        assert_eq!(
            read((scenes + ".a\n").as_bytes()).unwrap_err(),
            DecodeError::TooManyScenes { line }
        );
    }
}
