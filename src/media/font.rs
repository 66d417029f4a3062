//! The one font of everything that is drawn: DejaVu Sans Condensed, embedded in the binary.
//!
//! The system's fonts are never looked at, so a panel is the same bytes on every machine. Widths
//! are measured on the same font that draws, so that text can be wrapped before it is drawn.

use std::sync::{Arc, LazyLock};

use resvg::usvg::fontdb;
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider as _};

/// A cut of the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    /// Upright, for text.
    Regular,
    /// Upright and heavy, for names and numbers.
    Bold,
}

/// As the font names itself; what SVG text asks for.
pub(crate) const FAMILY: &str = "DejaVu Sans";

/// Stands for a character that the font does not have.
const MISSING: char = '\u{25a1}';

/// Text is looked at up to here: no caption has room for more, and a line of megabytes must not
/// cost more than a line.
const MAX_CHARS: usize = 1200;

struct Loaded {
    database: Arc<fontdb::Database>,
    regular: Measure,
    bold: Measure,
}

/// What a face is measured by.
struct Measure {
    glyphs: Charmap<'static>,
    /// In units of a font of size 1.
    advances: GlyphMetrics<'static>,
}

impl Measure {
    fn has(&self, c: char) -> bool {
        self.glyphs.map(c).is_some_and(|glyph| glyph.to_u32() != 0)
    }
}

static LOADED: LazyLock<Loaded> = LazyLock::new(|| {
    let regular = dejavu::sans_condensed::regular();
    let bold = dejavu::sans_condensed::bold();
    let mut database = fontdb::Database::new();
    for data in [regular, bold] {
        database.load_font_source(fontdb::Source::Binary(Arc::new(data)));
    }
    let parse = |data| {
        let font = FontRef::new(data).expect("the embedded font is a font");
        Measure {
            glyphs: font.charmap(),
            advances: font.glyph_metrics(Size::new(1.0), LocationRef::default()),
        }
    };
    Loaded {
        database: Arc::new(database),
        regular: parse(regular),
        bold: parse(bold),
    }
});

/// The embedded family and nothing else, loaded once a process.
pub(crate) fn database() -> Arc<fontdb::Database> {
    Arc::clone(&LOADED.database)
}

impl Face {
    fn font(self) -> &'static Measure {
        match self {
            Self::Regular => &LOADED.regular,
            Self::Bold => &LOADED.bold,
        }
    }

    /// How wide `text` is at `size`, by the advance of each glyph. Kerning and ligatures only make
    /// the drawn line narrower.
    pub(crate) fn width(self, text: &str, size: f32) -> f32 {
        let font = self.font();
        text.chars()
            .filter_map(|c| font.advances.advance_width(font.glyphs.map(c)?))
            .sum::<f32>()
            * size
    }
}

/// One line of text that XML can hold and the font can draw: runs of white space become one space,
/// control characters and marks that turn the direction of what follows go, and a character that
/// the font lacks becomes a hollow square.
pub(crate) fn printable(text: &str) -> String {
    let font = Face::Regular.font();
    let mut line = String::new();
    let mut marks = 0;
    for c in text.chars().take(MAX_CHARS) {
        if c.is_whitespace() {
            if !line.is_empty() && !line.ends_with(' ') {
                line.push(' ');
            }
            continue;
        }
        let steers = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{ffff}');
        if c.is_control() || steers {
            continue;
        }
        // A tower of accents would leave its line.
        let combining =
            matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{20d0}'..='\u{20ff}');
        marks = if combining { marks + 1 } else { 0 };
        if marks > 2 {
            continue;
        }
        line.push(if font.has(c) { c } else { MISSING });
    }
    line.truncate(line.trim_end().len());
    line
}

/// Characters of `text` that the font lacks and a hollow square stands for, each once, in order.
#[must_use]
pub fn missing_glyphs(text: &str) -> Vec<char> {
    let font = Face::Regular.font();
    let mut missing = Vec::new();
    for c in text
        .chars()
        .filter(|c| !c.is_control() && !c.is_whitespace())
    {
        if !font.has(c) && !missing.contains(&c) {
            missing.push(c);
        }
    }
    missing
}

/// Text broken into lines.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wrapped {
    /// Each no wider than was asked.
    pub(crate) lines: Vec<String>,
    /// Whether the end did not fit; the last line then ends in `…` after a whole word.
    pub(crate) cut: bool,
}

/// Breaks `text` at spaces into at most `max_lines` lines of `max_width`, the first of them shorter
/// by `indent`. Only a word that is wider than a whole line is broken inside.
pub(crate) fn wrap(
    text: &str,
    face: Face,
    size: f32,
    max_width: f32,
    indent: f32,
    max_lines: usize,
) -> Wrapped {
    let text = printable(text);
    let mut lines: Vec<String> = vec![String::new()];
    let mut room = max_width - indent;
    let mut words: Vec<&str> = text
        .split(' ')
        .filter(|word| !word.is_empty())
        .rev()
        .collect();
    let mut cut = text.chars().count() >= MAX_CHARS;
    while let Some(word) = words.pop() {
        let full = lines.len() == max_lines;
        let line = lines.last_mut().expect("there is always a line");
        let candidate = if line.is_empty() {
            word.to_owned()
        } else {
            format!("{line} {word}")
        };
        if face.width(&candidate, size) <= room {
            *line = candidate;
            continue;
        }
        if full {
            cut = true;
            // A last line without a word yet shows what it can of this one.
            if line.is_empty() {
                *line = word[..fitting(word, face, size, room)].to_owned();
            }
            break;
        }
        if face.width(word, size) > max_width {
            let free = if line.is_empty() {
                room
            } else {
                room - face.width(&format!("{line} "), size)
            };
            let end = fitting(word, face, size, free);
            if end > 0 {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(&word[..end]);
            }
            words.push(&word[end..]);
            // A glyph wider than the line would never be placed.
            if end == 0 && line.is_empty() && room >= max_width {
                words.pop();
                cut = true;
                break;
            }
        } else {
            words.push(word);
        }
        lines.push(String::new());
        room = max_width;
    }
    lines.retain(|line| !line.is_empty());
    if cut {
        let first = lines.len() == 1;
        if let Some(line) = lines.last_mut() {
            let room = if first { max_width - indent } else { max_width };
            while face.width(&format!("{line}…"), size) > room {
                match line.rfind(' ') {
                    Some(space) => line.truncate(space),
                    None if line.pop().is_some() => {}
                    None => break,
                }
            }
            line.truncate(
                line.trim_end_matches([' ', ',', ';', ':', '-', '–', '—'])
                    .len(),
            );
            line.push('…');
        }
    }
    Wrapped { lines, cut }
}

/// Bytes of the longest beginning of `word` that fits into `room`.
fn fitting(word: &str, face: Face, size: f32, room: f32) -> usize {
    word.char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .take_while(|&end| face.width(&word[..end], size) <= room)
        .last()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_whole_words_and_fit() {
        let text = "Every day the clock on the mantel is wrong by a few more minutes.";
        let wrapped = wrap(text, Face::Regular, 20.0, 180.0, 60.0, 10);
        assert!(!wrapped.cut);
        assert_eq!(wrapped.lines.join(" "), text);
        assert!(Face::Regular.width(&wrapped.lines[0], 20.0) <= 120.0);
        assert!(
            wrapped
                .lines
                .iter()
                .all(|line| Face::Regular.width(line, 20.0) <= 180.0)
        );
    }

    #[test]
    fn what_does_not_fit_ends_after_a_whole_word() {
        let wrapped = wrap(
            "She opens the door, and the sea comes in",
            Face::Regular,
            20.0,
            130.0,
            0.0,
            2,
        );
        assert!(wrapped.cut);
        let shown = wrapped.lines.join(" ");
        let words = shown.strip_suffix('…').expect("marked as cut");
        assert!(
            "She opens the door, and the sea comes in".starts_with(words),
            "{shown}"
        );
        assert!(!words.ends_with(','));
    }

    #[test]
    fn a_word_wider_than_the_line_is_broken() {
        let wrapped = wrap(&"w".repeat(40), Face::Bold, 20.0, 100.0, 0.0, 99);
        assert_eq!(wrapped.lines.concat(), "w".repeat(40));
        assert!(
            wrapped
                .lines
                .iter()
                .all(|line| Face::Bold.width(line, 20.0) <= 100.0)
        );
    }

    #[test]
    fn hostile_characters_go_and_unknown_ones_are_squares() {
        assert_eq!(printable("a\u{0}\u{1b}[31m\tb \n\n c\u{202e}"), "a[31m b c");
        assert_eq!(printable("🎬 東"), "□ □");
        assert_eq!(missing_glyphs("東x東🎬"), ['東', '🎬']);
        assert_eq!(
            printable(&format!("e{}", "\u{301}".repeat(50)))
                .chars()
                .count(),
            3
        );
    }

    #[test]
    fn no_width_and_endless_text_end() {
        assert!(wrap("abc", Face::Regular, 20.0, 0.0, 0.0, 3).lines.len() <= 1);
        let endless = wrap(&"x".repeat(10_000), Face::Regular, 20.0, 300.0, 0.0, 2);
        assert!(endless.cut && endless.lines.len() == 2);
    }
}
