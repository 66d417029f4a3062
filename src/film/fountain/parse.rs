//! From logical lines to elements.

use std::sync::Arc;

use super::ast::{Element, ElementKind, Script};
use super::classify;
use super::lines::{Line, logical_lines};
use super::title;
use crate::words::HeadingWords;

/// Parses a screenplay. Every text is a screenplay: what has no other shape is action.
///
/// Takes time linear in the length of the text.
#[must_use]
pub fn parse(source: &str) -> Script {
    parse_by(source, &HeadingWords::builtin())
}

/// Parses a screenplay whose headings begin with these words. As [`parse`] otherwise.
#[must_use]
pub fn parse_by(source: &str, words: &Arc<HeadingWords>) -> Script {
    let lines = logical_lines(source);
    let page = title::title_page(&lines);
    let lines = &lines[page.taken..];
    let mut parser = Parser {
        words,
        elements: page.remarks,
        context: Context::Fresh,
        open: None,
        held: 0,
        asides: Vec::new(),
    };
    let below = Below::of(lines, words);
    for (at, line) in lines.iter().enumerate() {
        parser.line(line, &below, at);
    }
    Script {
        source: source.to_owned(),
        title_page: page.entries,
        elements: parser.elements,
        words: words.clone(),
    }
}

/// What follows a line; asides are looked through.
struct Below<'a> {
    words: &'a HeadingWords,
    lines: &'a [Line<'a>],
    /// For each line the next that is no aside.
    next: Vec<usize>,
}

impl<'a> Below<'a> {
    fn of(lines: &'a [Line<'a>], words: &'a HeadingWords) -> Self {
        let mut next = vec![lines.len(); lines.len()];
        for at in (1..lines.len()).rev() {
            next[at - 1] = if lines[at].is_aside() { next[at] } else { at };
        }
        Self { words, lines, next }
    }

    /// Whether words follow, for a cue to speak.
    fn speaks(&self, mut at: usize) -> bool {
        loop {
            at = self.next[at];
            match self.lines.get(at) {
                Some(line) if line.holds_open() => {}
                line => return line.is_some_and(|line| !line.is_blank()),
            }
        }
    }

    /// Whether a transition may end here: a heading right below counts as a blank line.
    fn ends(&self, at: usize) -> bool {
        let next = self.lines.get(self.next[at]);
        let is_heading = |next: &Line<'_>| classify::is_heading_by(&next.text, self.words);
        next.is_none_or(|next| next.is_blank() || is_heading(next))
    }
}

/// What the line before leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Context {
    /// Nothing: a blank line, the start, or an element that is always one line.
    Fresh,
    /// A paragraph of action or lyrics.
    Paragraph,
    /// What a cue says.
    Speech,
}

struct Parser<'a> {
    words: &'a HeadingWords,
    elements: Vec<Element>,
    context: Context,
    /// The element that may take more lines.
    open: Option<usize>,
    /// Lines of two spaces seen since its last line.
    held: usize,
    /// The notes of the asides seen since its last line: they stand inside it if it goes on.
    asides: Vec<&'a str>,
}

impl<'a> Parser<'a> {
    fn line(&mut self, line: &Line<'a>, below: &Below<'_>, at: usize) {
        if line.is_aside() {
            self.elements.push(title::remark(line));
            self.asides.extend(&line.notes);
        } else if line.is_remark() {
            self.fresh();
            self.elements.push(title::remark(line));
        } else if self.context == Context::Speech && line.holds_open() {
            self.held += 1;
        } else if line.is_blank() {
            self.fresh();
        } else if !self.forced(line) && !self.shaped(line, below, at) {
            self.running(line);
        }
    }

    /// Elements that a mark at the start of the line makes, wherever it stands.
    fn forced(&mut self, line: &Line<'_>) -> bool {
        let text = line.text.trim();
        if let Some(action) = line.text.trim_start().strip_prefix('!') {
            let action = action.strip_prefix('!').unwrap_or(action);
            self.context = Context::Paragraph;
            self.extend(ElementKind::Action, &untab(action), line);
        } else if let Some(words) = text.strip_prefix('~') {
            if self.context != Context::Speech {
                self.context = Context::Paragraph;
            }
            self.extend(ElementKind::Lyric, words.trim(), line);
        } else if classify::is_page_break(text) {
            self.single(ElementKind::PageBreak, "", line);
        } else if let Some(words) = classify::centered(text) {
            self.single(ElementKind::Centered, words, line);
        } else if let Some(words) = text.strip_prefix('>') {
            self.single(ElementKind::Transition, words.trim(), line);
        } else if let Some(words) = text.strip_prefix('=') {
            self.single(ElementKind::Synopsis, words.trim(), line);
        } else {
            return false;
        }
        true
    }

    /// Elements that need a blank line, or a one-line element, before them.
    fn shaped(&mut self, line: &Line<'_>, below: &Below<'_>, at: usize) -> bool {
        if self.context != Context::Fresh {
            return false;
        }
        let text = line.text.as_ref();
        if let Some((depth, words)) = classify::section(text) {
            self.single(ElementKind::Section { depth }, words, line);
        } else if let Some(heading) = classify::forced_heading(text) {
            self.heading(heading, line);
        } else if classify::is_heading_by(text, self.words) {
            self.heading(text, line);
        } else if classify::is_transition(text) && below.ends(at) {
            self.single(ElementKind::Transition, text.trim(), line);
        } else if let Some(cue) = cue(text, || below.speaks(at)) {
            let classify::Cue {
                text,
                name,
                extensions,
                dual,
            } = cue;
            self.single(
                ElementKind::Character {
                    name,
                    extensions,
                    dual,
                },
                &text,
                line,
            );
            self.context = Context::Speech;
        } else {
            return false;
        }
        true
    }

    /// Speech in a block of speech, action elsewhere.
    fn running(&mut self, line: &Line<'_>) {
        if self.context != Context::Speech {
            self.context = Context::Paragraph;
            self.extend(ElementKind::Action, &untab(&line.text), line);
        } else if let Some(words) = classify::parenthetical(&line.text) {
            self.single(ElementKind::Parenthetical, words, line);
            self.context = Context::Speech;
        } else {
            self.extend(ElementKind::Dialogue, line.text.trim(), line);
        }
    }

    fn heading(&mut self, text: &str, line: &Line<'_>) {
        let (text, number) = classify::split_number(text);
        let number = number.map(str::to_owned);
        self.single(ElementKind::SceneHeading { number }, text, line);
    }

    fn single(&mut self, kind: ElementKind, text: &str, line: &Line<'_>) {
        self.fresh();
        self.push(kind, text, line);
    }

    /// Adds the line to the open element if it is of this kind, else opens one.
    fn extend(&mut self, kind: ElementKind, text: &str, line: &Line<'_>) {
        let open = self.open.filter(|open| self.elements[*open].kind == kind);
        let Some(open) = open else {
            self.close();
            self.open = Some(self.elements.len());
            self.push(kind, text, line);
            return;
        };
        self.elements.truncate(open + 1);
        let element = &mut self.elements[open];
        for _ in 0..=self.held {
            element.text.push('\n');
        }
        element.text.push_str(text);
        let notes = self.asides.iter().chain(&line.notes);
        element
            .notes
            .extend(notes.map(|note| note.trim().to_owned()));
        element.lines.end = line.lines.end;
        self.held = 0;
        self.asides.clear();
    }

    fn push(&mut self, kind: ElementKind, text: &str, line: &Line<'_>) {
        let notes = line
            .notes
            .iter()
            .map(|note| note.trim().to_owned())
            .collect();
        let (text, lines) = (text.to_owned(), line.lines.clone());
        self.elements.push(Element {
            kind,
            text,
            notes,
            lines,
        });
    }

    fn fresh(&mut self) {
        self.close();
        self.context = Context::Fresh;
    }

    fn close(&mut self) {
        self.open = None;
        self.held = 0;
        self.asides.clear();
    }
}

/// A forced cue speaks even if nothing follows; one by shape must be followed by its words.
fn cue(text: &str, speaks: impl FnOnce() -> bool) -> Option<classify::Cue> {
    match text.trim_start().strip_prefix('@') {
        Some(name) => classify::cue(name, true),
        None => classify::cue(text, false).filter(|_| speaks()),
    }
}

/// A tab counts as four spaces.
fn untab(text: &str) -> String {
    text.replace('\t', "    ")
}
