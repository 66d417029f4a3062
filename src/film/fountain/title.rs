//! The title page: `Key: value` lines at the head of the file.

use super::ast::{Element, ElementKind, TitleEntry};
use super::classify::{is_heading, is_transition};
use super::lines::Line;

/// Keys that make a title page even where the text runs on without a blank line.
const USUAL_KEYS: [&str; 16] = [
    "title",
    "credit",
    "author",
    "authors",
    "source",
    "draft date",
    "date",
    "contact",
    "contact info",
    "copyright",
    "notes",
    "revision",
    "format",
    "episode",
    "series",
    "language",
];

/// The title page, the remarks that stood in it, and how many logical lines they take.
#[derive(Default)]
pub(super) struct TitlePage {
    pub(super) entries: Vec<TitleEntry>,
    pub(super) remarks: Vec<Element>,
    pub(super) taken: usize,
}

/// Reads the title page; an empty one if the file opens with something else.
pub(super) fn title_page(lines: &[Line<'_>]) -> TitlePage {
    let mut page = TitlePage::default();
    let mut at = 0;
    for line in lines {
        if line.is_remark() {
            page.remarks.push(remark(line));
        } else if line.is_blank() {
            break;
        } else if let Some((key, value)) = key_line(&line.text) {
            let lines = line.lines.clone();
            page.entries.push(TitleEntry {
                key: key.to_owned(),
                value: value.to_owned(),
                lines,
            });
        } else if let (Some(entry), true) = (page.entries.last_mut(), is_indented(&line.text)) {
            if !entry.value.is_empty() {
                entry.value.push('\n');
            }
            entry.value.push_str(line.text.trim());
            // A remark between key and value lies inside the entry.
            while page
                .remarks
                .pop_if(|remark| remark.lines.start >= entry.lines.start)
                .is_some()
            {}
            entry.lines.end = line.lines.end;
        } else {
            break;
        }
        at += 1;
    }
    let runs_on = lines.get(at).is_some_and(|line| !line.is_blank());
    if is_title_page(&page.entries, runs_on) {
        page.taken = at;
        page
    } else {
        TitlePage::default()
    }
}

/// `CUT TO:` and `FADE IN:` open many scripts and are no keys: an entry alone, upper case and
/// without a value, is no title page. An unusual first key needs the blank line after the page.
fn is_title_page(entries: &[TitleEntry], runs_on: bool) -> bool {
    let Some(first) = entries.first() else {
        return false;
    };
    let usual = USUAL_KEYS
        .iter()
        .any(|key| first.key.eq_ignore_ascii_case(key));
    let shouted =
        entries.len() == 1 && first.value.is_empty() && !first.key.chars().any(char::is_lowercase);
    usual || !(shouted || runs_on)
}

fn key_line(text: &str) -> Option<(&str, &str)> {
    let (key, value) = text.split_once(':')?;
    let starts = key.starts_with(char::is_alphabetic);
    let fits = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '/' | '\'');
    let is_key = starts
        && key.chars().all(fits)
        && key.split_whitespace().count() <= 4
        && !value.starts_with("//")
        && !is_heading(text)
        && !(is_transition(text) && value.is_empty());
    is_key.then(|| (key.trim_end(), value.trim()))
}

/// Three spaces or a tab.
fn is_indented(text: &str) -> bool {
    text.starts_with('\t') || text.starts_with("   ")
}

/// A note or boneyard that stands alone.
pub(super) fn remark(line: &Line<'_>) -> Element {
    let (kind, parts) = if line.notes.is_empty() {
        (ElementKind::Boneyard, &line.boneyards)
    } else {
        (ElementKind::Note, &line.notes)
    };
    let text = parts
        .iter()
        .map(|part| part.trim())
        .collect::<Vec<_>>()
        .join("\n");
    Element {
        kind,
        text,
        notes: Vec::new(),
        lines: line.lines.clone(),
    }
}
