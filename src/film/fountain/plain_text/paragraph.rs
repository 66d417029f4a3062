//! The lines of a printed page as the paragraphs of a script.

use super::page::{CUE_STEP, Line, Page};
use crate::fountain::classify;
use crate::fountain::parse::parse;

/// Right of the action by so many columns, a line that ends in a colon is a transition.
const TRANSITION_STEP: usize = 20;
/// A line is broken because it is full if the next word would have come within so many columns of
/// the widest line.
const SLACK: usize = 6;

/// A paragraph of the script that is made.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Paragraph {
    Heading {
        text: String,
        number: Option<String>,
    },
    Action(Vec<String>),
    /// Cue, and lines: parentheticals in brackets, speech.
    Speech(String, Vec<String>),
    Transition(String),
    Centered(String),
}

/// The Fountain text of a page.
pub(super) fn fountain(page: &Page) -> String {
    let groups = groups(&page.lines);
    let widths = Widths::of(page);
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    let (mut title, mut at) = (Vec::new(), 0);
    if let Some(first) = opening(page, &groups) {
        title = title_page(&groups[..first]);
        at = first;
    }
    let mut open = None;
    for group in &groups[at..] {
        group_into(page, &widths, group, &mut paragraphs, &mut open);
    }
    printed(&title, &paragraphs)
}

/// Lines that follow each other, with what ended them.
struct Group<'a> {
    lines: Vec<&'a Line>,
    /// `(MORE)` stood behind it.
    goes_on: bool,
}

fn groups(lines: &[Line]) -> Vec<Group<'_>> {
    let spread = is_double_spaced(lines);
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut blanks = 1;
    for line in lines {
        if line.is_blank() {
            if line.goes_on
                && let Some(last) = groups.last_mut()
            {
                last.goes_on = true;
            }
            // A page that ends parts paragraphs as a blank line does.
            blanks += if line.is_removed && spread { 2 } else { 1 };
            continue;
        }
        let parted = blanks > usize::from(spread);
        match groups.last_mut() {
            Some(last) if !parted => last.lines.push(line),
            _ => groups.push(Group {
                lines: vec![line],
                goes_on: false,
            }),
        }
        blanks = 0;
    }
    groups
}

/// Every line has a blank one below it, and more than one stands between paragraphs.
fn is_double_spaced(lines: &[Line]) -> bool {
    let (mut joined, mut single, mut parted, mut blanks) = (0, 0, 0, 9);
    for line in lines {
        if line.is_blank() {
            blanks += 1;
            continue;
        }
        match blanks {
            0 => joined += 1,
            1 => single += 1,
            _ => parted += 1,
        }
        blanks = 0;
    }
    single > 10 && joined * 20 < single && parted * 2 > single / 2 && parted > 3
}

/// The group that the film begins with, if something is laid out in the middle of a page before it.
fn opening(page: &Page, groups: &[Group<'_>]) -> Option<usize> {
    let first = groups.iter().position(|group| {
        let line = group.lines[0];
        line.number.is_some() || classify::is_heading(&line.text) || is_fade_in(&line.text)
    })?;
    let centered = |group: &Group<'_>| {
        group
            .lines
            .iter()
            .all(|line| line.column >= page.action + CUE_STEP)
    };
    (first > 0 && first <= 12 && centered(&groups[0])).then_some(first)
}

fn is_fade_in(text: &str) -> bool {
    matches!(
        text.trim_end_matches([':', '.']),
        "FADE IN" | "FADE UP" | "OVER BLACK"
    )
}

/// `Title`, `Credit`, `Author` of what stands before the film; the rest as notes.
fn title_page(groups: &[Group<'_>]) -> Vec<(&'static str, Vec<String>)> {
    let mut entries: Vec<(&'static str, Vec<String>)> = Vec::new();
    let mut author_follows = false;
    for (index, group) in groups.iter().enumerate() {
        for line in &group.lines {
            let text = line.text.as_str();
            let lower = text.to_lowercase();
            let credit = lower == "by" || lower.ends_with(" by") && lower.split(' ').count() <= 5;
            let has = |key| entries.iter().any(|(known, _)| *known == key);
            let key = if credit && !has("Credit") {
                author_follows = true;
                "Credit"
            } else if author_follows && !has("Author") {
                "Author"
            } else if index == 0 && !has("Credit") {
                "Title"
            } else {
                "Notes"
            };
            match entries.iter_mut().find(|(known, _)| *known == key) {
                Some((_, lines)) => lines.push(text.to_owned()),
                None => entries.push((key, vec![text.to_owned()])),
            }
        }
    }
    entries
}

/// How wide the lines of each column run.
struct Widths {
    action: usize,
    speech: usize,
}

impl Widths {
    fn of(page: &Page) -> Self {
        let widest = |inside: &dyn Fn(&Line) -> bool| {
            let lines = page
                .lines
                .iter()
                .filter(|line| !line.is_blank() && inside(line));
            lines
                .map(|line| line.text.chars().count())
                .max()
                .unwrap_or(0)
        };
        let left = |line: &Line| line.column < page.action + 4;
        Self {
            action: widest(&|line| left(line) && line.number.is_none()).min(80),
            speech: match page.has_columns {
                true => widest(&|line| !left(line)).min(60),
                false => 60,
            },
        }
    }
}

/// Lines as paragraphs write them: a line that is full goes on in the next.
fn joined(lines: &[&str], width: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut last = 0;
    for text in lines {
        let word = text.split(' ').next().unwrap_or_default().chars().count();
        let is_full = last > 0 && last + 1 + word + SLACK > width;
        match out.last_mut() {
            Some(before) if is_full => {
                if !(before.ends_with('-') && !before.ends_with(" -") && !before.ends_with("--")) {
                    before.push(' ');
                }
                before.push_str(text);
            }
            _ => out.push((*text).to_owned()),
        }
        last = text.chars().count();
    }
    out
}

fn group_into(
    page: &Page,
    widths: &Widths,
    group: &Group<'_>,
    out: &mut Vec<Paragraph>,
    open: &mut Option<String>,
) {
    let mut rest = group.lines.as_slice();
    while let Some((first, below)) = rest.split_first() {
        let text = first.text.as_str();
        let step = first.column.saturating_sub(page.action);
        if first.number.is_some() || classify::is_heading(text) && !page_speaks(page, first) {
            out.push(Paragraph::Heading {
                text: text.to_owned(),
                number: first.number.clone(),
            });
            rest = below;
        } else if is_cue(page, first, below.first().copied()) {
            let speech = match page.has_columns {
                // Speech ends where the action's column is reached again.
                true => below
                    .iter()
                    .take_while(|line| line.column >= page.action + 4)
                    .count(),
                false => below.len(),
            };
            let name = classify::printed_cue(text)
                .map(|cue| cue.name)
                .unwrap_or_default();
            let lines = speech_lines(&below[..speech], widths.speech);
            // Over the end of a page, the same person goes on.
            match (open.take(), out.last_mut()) {
                (Some(before), Some(Paragraph::Speech(_, said))) if before == name => {
                    join_speech(said, lines);
                }
                _ => out.push(Paragraph::Speech(text.to_owned(), lines)),
            }
            *open = group.goes_on.then_some(name);
            rest = &below[speech..];
        } else if below.is_empty() && is_transition(text, step, page) {
            out.push(Paragraph::Transition(text.to_owned()));
            rest = below;
        } else if page.has_columns
            && below.is_empty()
            && step >= CUE_STEP
            && rest.len() == group.lines.len()
        {
            out.push(Paragraph::Centered(text.to_owned()));
            rest = below;
        } else {
            let ends = |line: &&&Line| {
                line.number.is_none()
                    && !classify::is_heading(&line.text)
                    && !(page.has_columns && is_cue(page, line, Some(line)))
            };
            let length = 1 + below.iter().take_while(ends).count();
            let texts: Vec<&str> = rest[..length]
                .iter()
                .map(|line| line.text.as_str())
                .collect();
            out.push(Paragraph::Action(joined(&texts, widths.action)));
            rest = &rest[length..];
        }
    }
    if group.goes_on && open.is_none() {
        *open = match out.last() {
            Some(Paragraph::Speech(cue, _)) => classify::printed_cue(cue).map(|cue| cue.name),
            _ => None,
        };
    }
}

/// Whether a line stands where people speak: what looks like a heading there is none.
fn page_speaks(page: &Page, line: &Line) -> bool {
    page.has_columns && line.column >= page.action + CUE_STEP
}

fn is_cue(page: &Page, line: &Line, below: Option<&Line>) -> bool {
    let Some(below) = below else { return false };
    let placed = !page.has_columns
        || line.column >= page.action + CUE_STEP && below.column >= page.action + 4;
    placed
        && !line.text.starts_with('(')
        && line.text.chars().count() <= 60
        && classify::printed_cue(&line.text).is_some()
}

fn is_transition(text: &str, step: usize, page: &Page) -> bool {
    let far = page.has_columns && step >= TRANSITION_STEP;
    classify::is_transition(text)
        || far && text.ends_with([':', '.']) && !text.chars().any(char::is_lowercase)
}

/// Parentheticals, whole, and speech between them.
fn speech_lines(lines: &[&Line], width: usize) -> Vec<String> {
    let mut out = Vec::new();
    let mut said: Vec<&str> = Vec::new();
    let mut aside: Option<String> = None;
    for line in lines {
        let text = line.text.as_str();
        if let Some(open) = &mut aside {
            open.push(' ');
            open.push_str(text);
        } else if text.starts_with('(') {
            out.extend(joined(&said, width));
            said.clear();
            aside = Some(text.to_owned());
        } else {
            said.push(text);
        }
        if let Some(done) = aside.take_if(|open| open.contains(')')) {
            out.push(done);
        }
    }
    out.extend(aside);
    out.extend(joined(&said, width));
    out
}

/// What is said before and after the end of a page as one speech.
fn join_speech(said: &mut Vec<String>, more: Vec<String>) {
    let mut more = more.into_iter();
    if let Some(next) = more.next() {
        match said.last_mut() {
            Some(last) if !last.ends_with(')') && !next.starts_with('(') => {
                last.push(' ');
                last.push_str(&next);
            }
            _ => said.push(next),
        }
    }
    said.extend(more);
}

/// The text, each paragraph marked where it would be read as something else.
fn printed(title: &[(&'static str, Vec<String>)], paragraphs: &[Paragraph]) -> String {
    let mut text = String::new();
    for (key, lines) in title {
        match lines.as_slice() {
            [one] => text.push_str(&format!("{key}: {one}\n")),
            many => {
                text.push_str(&format!("{key}:\n"));
                for line in many {
                    text.push_str(&format!("    {line}\n"));
                }
            }
        }
    }
    if !title.is_empty() {
        text.push('\n');
    }
    let mut action = Vec::new();
    let mut count = text.matches('\n').count();
    let title_lines = count;
    let mut push = |line: &str, is_action: bool| {
        text.push_str(line);
        text.push('\n');
        if is_action {
            action.push(count);
        }
        count += 1;
    };
    for (index, paragraph) in paragraphs.iter().enumerate() {
        if index > 0 {
            push("", false);
        }
        match paragraph {
            Paragraph::Heading { text, number } => {
                let dot = if classify::is_heading(text) { "" } else { "." };
                match number {
                    Some(number) => push(&format!("{dot}{text} #{number}#"), false),
                    None => push(&format!("{dot}{text}"), false),
                }
            }
            Paragraph::Action(lines) => lines.iter().for_each(|line| push(line, true)),
            Paragraph::Speech(cue, lines) => {
                let at = match classify::cue(cue, false) {
                    Some(_) => "",
                    None => "@",
                };
                push(&format!("{at}{cue}"), false);
                lines.iter().for_each(|line| push(line, false));
            }
            Paragraph::Transition(text) if classify::is_transition(text) => push(text, false),
            Paragraph::Transition(text) => push(&format!("> {text}"), false),
            Paragraph::Centered(text) => push(&format!("> {text} <"), false),
        }
    }
    let script = parse(&text);
    // Without a title page of its own, a first line such as `Rae: hello` makes none.
    let page = script
        .title_page
        .iter()
        .flat_map(|entry| entry.lines.clone());
    let taken: Vec<usize> = page.filter(|at| *at >= title_lines).collect();
    super::forced(&script, |at| action.binary_search(&at).is_ok(), &taken)
}
