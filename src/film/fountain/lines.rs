//! Source text into logical lines: notes and boneyards are taken out first, as the syntax asks,
//! and a line break inside one does not end the line it stands in.
//!
//! Linear in the length of the text, whatever it holds: a search for a closing mark that found
//! none is remembered and not made again.

use std::borrow::Cow;
use std::ops::Range;

/// The byte order mark that some editors put first.
pub(super) const BOM: char = '\u{feff}';

/// One line as the parser sees it.
#[derive(Debug, Default)]
pub(super) struct Line<'a> {
    /// What is left without notes, boneyards and the line end.
    pub(super) text: Cow<'a, str>,
    /// Its source lines.
    pub(super) lines: Range<usize>,
    /// The notes taken out of it.
    pub(super) notes: Vec<&'a str>,
    /// The boneyards taken out of it.
    pub(super) boneyards: Vec<&'a str>,
}

impl Line<'_> {
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Nothing but notes and boneyards stood here.
    pub(super) fn is_remark(&self) -> bool {
        !(self.notes.is_empty() && self.boneyards.is_empty()) && self.is_blank()
    }

    /// A remark that changes nothing around it. Only a boneyard with an empty line inside does:
    /// it separates as that line would.
    pub(super) fn is_aside(&self) -> bool {
        self.is_remark() && !self.boneyards.iter().any(|text| has_empty_line(text))
    }

    /// A line of exactly two spaces: to the eye blank, but speech goes on after it.
    pub(super) fn holds_open(&self) -> bool {
        self.text == "  " && !self.is_remark()
    }
}

/// The source lines with their ends (`\n`, `\r\n` or `\r`), which joined are the text.
pub(super) fn source_lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let end = match text[start..].find(['\n', '\r']) {
            Some(at) => start + at + line_end(text.as_bytes(), start + at),
            None => text.len(),
        };
        lines.push(&text[start..end]);
        start = end;
    }
    lines
}

fn has_empty_line(text: &str) -> bool {
    let bytes = text.as_bytes();
    (0..bytes.len()).any(|at| {
        let end = line_end(bytes, at);
        end > 0 && line_end(bytes, at + end) > 0
    })
}

/// The length of the line end at `at`: 0 if there is none.
fn line_end(bytes: &[u8], at: usize) -> usize {
    match (bytes.get(at), bytes.get(at + 1)) {
        (Some(b'\r'), Some(b'\n')) => 2,
        (Some(b'\r' | b'\n'), _) => 1,
        _ => 0,
    }
}

/// The logical lines of `source`.
pub(super) fn logical_lines(source: &str) -> Vec<Line<'_>> {
    let start = if source.starts_with(BOM) {
        BOM.len_utf8()
    } else {
        0
    };
    let mut scan = Scan {
        source,
        segment: start,
        ..Scan::default()
    };
    let bytes = source.as_bytes();
    let mut at = start;
    while at < bytes.len() {
        at = match (bytes[at], bytes.get(at + 1)) {
            (b'\n' | b'\r', _) => scan.end_line(at, line_end(bytes, at)),
            (b'/', Some(b'*')) => match scan.boneyard_end(at) {
                Some(end) => {
                    scan.line.boneyards.push(&source[at + 2..end]);
                    scan.cut(at, end + 2)
                }
                None => at + 1,
            },
            (b'[', Some(b'[')) => match scan.note_end(at) {
                Some(end) => {
                    scan.line.notes.push(&source[at + 2..end]);
                    scan.cut(at, end + 2)
                }
                None => at + 1,
            },
            _ => at + 1,
        };
    }
    if scan.segment < source.len() || scan.is_cut {
        scan.end_line(source.len(), 0);
    }
    scan.done
}

#[derive(Default)]
struct Scan<'a> {
    source: &'a str,
    done: Vec<Line<'a>>,
    line: Line<'a>,
    /// Where the text not yet taken into `line` begins.
    segment: usize,
    is_cut: bool,
    /// The source line of `segment`.
    number: usize,
    /// No `*/` follows.
    no_boneyard_end: bool,
    /// No note that opens before this byte is closed.
    no_note_end_before: usize,
}

impl Scan<'_> {
    fn end_line(&mut self, at: usize, end_len: usize) -> usize {
        let rest = &self.source[self.segment..at];
        if self.is_cut {
            self.line.text.to_mut().push_str(rest);
        } else {
            self.line.text = Cow::Borrowed(rest);
        }
        self.number += 1;
        self.line.lines.end = self.number;
        self.done.push(std::mem::take(&mut self.line));
        self.line.lines.start = self.number;
        self.is_cut = false;
        self.segment = at + end_len;
        self.segment
    }

    /// Leaves `from..to` out of the line.
    fn cut(&mut self, from: usize, to: usize) -> usize {
        let before = &self.source[self.segment..from];
        self.line.text.to_mut().push_str(before);
        let bytes = self.source.as_bytes();
        let mut at = from;
        while at < to {
            let end = line_end(bytes, at);
            self.number += usize::from(end > 0);
            at += end.max(1);
        }
        self.is_cut = true;
        self.segment = to;
        to
    }

    fn boneyard_end(&mut self, open: usize) -> Option<usize> {
        if self.no_boneyard_end {
            return None;
        }
        let end = self.source[open + 2..]
            .find("*/")
            .map(|found| open + 2 + found);
        self.no_boneyard_end = end.is_none();
        end
    }

    /// The `]]` of the note that opens at `open`; an empty line before it makes it no note.
    fn note_end(&mut self, open: usize) -> Option<usize> {
        if open < self.no_note_end_before {
            return None;
        }
        let bytes = self.source.as_bytes();
        let mut at = open + 2;
        while at < bytes.len() {
            let end = line_end(bytes, at);
            if end > 0 && line_end(bytes, at + end) > 0 {
                break;
            }
            if bytes[at] == b']' && bytes.get(at + 1) == Some(&b']') {
                return Some(at);
            }
            at += end.max(1);
        }
        self.no_note_end_before = at;
        None
    }
}
