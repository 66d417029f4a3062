//! From logical lines to elements.

use super::ast::{Element, ElementKind, Script};
use super::classify;
use super::lines::{Line, logical_lines};
use super::title;

/// Parses a screenplay. Every text is a screenplay: what has no other shape is action.
///
/// Takes time linear in the length of the text.
#[must_use]
pub fn parse(source: &str) -> Script {
    let lines = logical_lines(source);
    let page = title::title_page(&lines);
    let lines = &lines[page.taken..];
    let mut parser = Parser {
        elements: page.remarks,
        ..Parser::default()
    };
    let followed = followed_by_text(lines);
    for (at, line) in lines.iter().enumerate() {
        parser.line(line, followed[at], lines.get(at + 1));
    }
    parser.close();
    Script {
        source: source.to_owned(),
        title_page: page.entries,
        elements: parser.elements,
    }
}

/// For each line, whether text follows without a blank line between; remarks and lines of two
/// spaces are looked through.
fn followed_by_text(lines: &[Line<'_>]) -> Vec<bool> {
    let mut followed = vec![false; lines.len()];
    let mut below = false;
    for (at, line) in lines.iter().enumerate().rev() {
        followed[at] = below;
        if !(line.is_remark() || line.holds_open()) {
            below = !line.is_blank();
        }
    }
    followed
}

/// What the line before leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Context {
    /// Nothing: a blank line, the start, or an element that is always one line.
    #[default]
    Fresh,
    /// A paragraph of action or lyrics.
    Paragraph,
    /// What a cue says.
    Speech,
}

#[derive(Default)]
struct Parser {
    elements: Vec<Element>,
    context: Context,
    /// The last element may take more lines.
    open: bool,
    /// Lines of two spaces seen since its last line.
    held: usize,
}

impl Parser {
    fn line(&mut self, line: &Line<'_>, followed: bool, next: Option<&Line<'_>>) {
        if line.is_remark() {
            self.close();
            self.elements.push(title::remark(line));
            if self.context == Context::Paragraph {
                self.context = Context::Fresh;
            }
        } else if line.is_blank() {
            if self.context == Context::Speech && line.holds_open() {
                self.held += 1;
            } else {
                self.close();
                self.context = Context::Fresh;
            }
        } else if !self.forced(line) && !self.shaped(line, followed, next) {
            self.running(line);
        }
    }

    /// Elements that a mark at the start of the line makes, wherever it stands.
    fn forced(&mut self, line: &Line<'_>) -> bool {
        let text = line.text.trim();
        if let Some(action) = line.text.trim_start().strip_prefix('!') {
            let action = action.strip_prefix('!').unwrap_or(action);
            if self.context == Context::Speech {
                self.close();
            }
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
    fn shaped(&mut self, line: &Line<'_>, followed: bool, next: Option<&Line<'_>>) -> bool {
        if self.context != Context::Fresh {
            return false;
        }
        let text = line.text.as_ref();
        if let Some((depth, words)) = classify::section(text) {
            self.single(ElementKind::Section { depth }, words, line);
        } else if let Some(heading) = classify::forced_heading(text) {
            self.heading(heading, line);
        } else if classify::is_heading(text) {
            self.heading(text, line);
        } else if classify::is_transition(text) && stands_alone(next) {
            self.single(ElementKind::Transition, text.trim(), line);
        } else if let Some(cue) = cue(text, followed) {
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
        self.close();
        self.push(kind, text, line);
        self.context = Context::Fresh;
    }

    /// Adds the line to the open element if it is of this kind, else opens one.
    fn extend(&mut self, kind: ElementKind, text: &str, line: &Line<'_>) {
        match self.elements.last_mut() {
            Some(last) if self.open && last.kind == kind => {
                for _ in 0..=self.held {
                    last.text.push('\n');
                }
                last.text.push_str(text);
                last.notes
                    .extend(line.notes.iter().map(|note| note.trim().to_owned()));
                last.lines.end = line.lines.end;
                self.held = 0;
            }
            _ => {
                self.close();
                self.push(kind, text, line);
                self.open = true;
            }
        }
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

    fn close(&mut self) {
        self.open = false;
        self.held = 0;
    }
}

/// A forced cue speaks even if nothing follows; one by shape must be followed by its words.
fn cue(text: &str, followed: bool) -> Option<classify::Cue> {
    match text.trim_start().strip_prefix('@') {
        Some(name) => classify::cue(name, true),
        None if followed => classify::cue(text, false),
        None => None,
    }
}

/// Whether a transition may end here: nothing, a remark or a heading follows.
fn stands_alone(next: Option<&Line<'_>>) -> bool {
    next.is_none_or(|next| next.is_blank() || classify::is_heading(&next.text))
}

/// A tab counts as four spaces.
fn untab(text: &str) -> String {
    text.replace('\t', "    ")
}
