//! A difference word by word, as `git diff --word-diff` writes it: `[-gone-]{+come+}`.

use std::io::{self, Write};

use anstyle::Style;

use crate::cli::format::shown;
use crate::cli::output::Output;
use crate::cli::palette::Palette;
use crate::diff::{Line, LineKind, Piece, word_pieces};

/// Writes lines of a hunk. Those that went and those that came in one place are one text.
pub(super) fn lines(out: &mut Output, palette: &Palette, lines: &[Line]) -> io::Result<()> {
    let (mut old, mut new) = (String::new(), String::new());
    for line in lines {
        let text = line.text() + "\n";
        match line.kind {
            LineKind::Removed => old += &text,
            LineKind::Added => new += &text,
            LineKind::Context => {
                block(out, palette, &old, &new)?;
                (old, new) = (String::new(), String::new());
                plain(out, &text)?;
            }
        }
    }
    block(out, palette, &old, &new)
}

/// Writes two versions of a stretch of text as one.
pub(super) fn block(out: &mut Output, palette: &Palette, old: &str, new: &str) -> io::Result<()> {
    let mut at_start = true;
    for piece in word_pieces(old, new) {
        let text = match piece {
            Piece::Same(text) => {
                plain(out, text)?;
                text
            }
            Piece::Removed(text) => {
                marked(out, palette.removed, ("[-", "-]"), text)?;
                text
            }
            Piece::Added(text) => {
                marked(out, palette.added, ("{+", "+}"), text)?;
                text
            }
        };
        at_start = text.ends_with('\n');
    }
    if at_start { Ok(()) } else { writeln!(out) }
}

/// Words between marks that end where a line ends, and begin anew.
fn marked(out: &mut Output, style: Style, marks: (&str, &str), text: &str) -> io::Result<()> {
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        if line.is_empty() {
            continue;
        }
        write!(out, "{style}{}", marks.0)?;
        plain(out, line)?;
        write!(out, "{}{style:#}", marks.1)?;
    }
    Ok(())
}

fn plain(out: &mut Output, text: &str) -> io::Result<()> {
    if out.for_programs {
        return out.write_all(text.as_bytes());
    }
    for line in text.split_inclusive('\n') {
        let (line, end) = match line.strip_suffix('\n') {
            Some(line) => (line, "\n"),
            None => (line, ""),
        };
        write!(out, "{}{end}", shown(line))?;
    }
    Ok(())
}
