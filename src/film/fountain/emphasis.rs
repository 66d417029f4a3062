//! Emphasis: `*italic*`, `**bold**`, `***both***`, `_underline_`, nested, never across lines.
//!
//! A mark opens only before a character that is no space and closes only after one, so that
//! `*69 and then *23` stays as typed. `\*` and `\_` are the characters themselves.

/// A stretch of text in one style.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StyledText {
    /// The text without marks.
    pub text: String,
    /// Between `**`.
    pub bold: bool,
    /// Between `*`.
    pub italic: bool,
    /// Between `_`.
    pub underline: bool,
}

/// A row of `*`, or one `_`.
struct Mark {
    at: usize,
    len: usize,
    byte: u8,
    can_open: bool,
    can_close: bool,
}

/// What a paired mark does to the style from its place on.
#[derive(Clone, Copy)]
struct Turn {
    at: usize,
    len: usize,
    byte: u8,
    on: bool,
}

/// The text without its emphasis marks.
#[must_use]
pub fn plain(text: &str) -> String {
    if !text.contains(['*', '_']) {
        return text.to_owned();
    }
    runs(text).into_iter().map(|run| run.text).collect()
}

/// The text as stretches of one style each; line breaks stay in them.
#[must_use]
pub fn runs(text: &str) -> Vec<StyledText> {
    let mut runs: Vec<StyledText> = Vec::new();
    for line in text.split_inclusive('\n') {
        line_runs(line, &mut runs);
    }
    runs
}

fn line_runs(line: &str, runs: &mut Vec<StyledText>) {
    let turns = pair(&marks(line));
    let mut style = StyledText::default();
    let mut at = 0;
    for turn in turns {
        push(runs, &style, &line[at..turn.at]);
        match (turn.byte, turn.len) {
            (b'_', _) => style.underline = turn.on,
            (_, 1) => style.italic = turn.on,
            (_, 2) => style.bold = turn.on,
            _ => (style.bold, style.italic) = (turn.on, turn.on),
        }
        at = turn.at + turn.len;
    }
    push(runs, &style, &line[at..]);
}

fn push(runs: &mut Vec<StyledText>, style: &StyledText, raw: &str) {
    if raw.is_empty() {
        return;
    }
    let text = raw.replace("\\*", "*").replace("\\_", "_");
    match runs.last_mut() {
        Some(last)
            if (last.bold, last.italic, last.underline)
                == (style.bold, style.italic, style.underline) =>
        {
            last.text.push_str(&text);
        }
        _ => runs.push(StyledText {
            text,
            ..style.clone()
        }),
    }
}

fn marks(line: &str) -> Vec<Mark> {
    let bytes = line.as_bytes();
    let mut marks = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if matches!(bytes.get(at + 1), Some(b'*' | b'_')) => at += 2,
            byte @ (b'*' | b'_') => {
                let row = bytes[at..].iter().take_while(|b| **b == byte).count();
                let len = if byte == b'_' { 1 } else { row };
                let before = line[..at].chars().next_back();
                let after = line[at + len..].chars().next();
                marks.push(Mark {
                    at,
                    len,
                    byte,
                    can_open: after.is_some_and(|c| !c.is_whitespace()),
                    can_close: before.is_some_and(|c| !c.is_whitespace()),
                });
                at += len;
            }
            _ => at += 1,
        }
    }
    marks
}

/// Pairs each closing mark with the nearest open one of its kind.
fn pair(marks: &[Mark]) -> Vec<Turn> {
    let mut turns = Vec::new();
    let mut stars: Vec<Mark> = Vec::new();
    let mut underline: Option<usize> = None;
    for mark in marks {
        if mark.byte == b'_' {
            match underline {
                Some(at) if mark.can_close => {
                    turns.push(Turn {
                        at,
                        len: 1,
                        byte: b'_',
                        on: true,
                    });
                    turns.push(Turn {
                        at: mark.at,
                        len: 1,
                        byte: b'_',
                        on: false,
                    });
                    underline = None;
                }
                None if mark.can_open => underline = Some(mark.at),
                _ => {}
            }
            continue;
        }
        let (mut at, mut left) = (mark.at, mark.len);
        while mark.can_close && left > 0 {
            let Some(open) = stars.last_mut() else { break };
            let len = left.min(open.len).min(3);
            open.len -= len;
            turns.push(Turn {
                at: open.at + open.len,
                len,
                byte: b'*',
                on: true,
            });
            turns.push(Turn {
                at,
                len,
                byte: b'*',
                on: false,
            });
            if open.len == 0 {
                stars.pop();
            }
            at += len;
            left -= len;
        }
        if mark.can_open && left > 0 {
            stars.push(Mark {
                at,
                len: left,
                ..*mark
            });
        }
    }
    turns.sort_by_key(|turn| turn.at);
    turns
}
