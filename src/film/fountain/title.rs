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

/// Lines that say who made a film, on a page without keys: alone, or with the name behind.
#[rustfmt::skip]
const CREDITS: [&str; 31] = [
    "written by", "screenplay by", "a screenplay by", "an original screenplay by", "story by", "teleplay by", "a film by",
    "a short film by", "an original screenplay", "based on", "screenplay", "by",
    "drehbuch von", "ein film von", "drehbuch", "von",
    "écrit par", "scénario de", "un film de", "par",
    "escrito por", "guion de", "guión de", "roteiro de", "por",
    "scritto da", "sceneggiatura di",
    "scenariusz", "сценарий", "编剧", "脚本",
];

/// So many lines a title page without keys may have, and a value may have that is not indented.
const MOST_BARE: usize = 8;

/// No line of a title is longer, in characters.
const LONGEST_TITLE: usize = 60;

/// Reads the title page; an empty one if the file opens with something else.
pub(super) fn title_page(lines: &[Line<'_>]) -> TitlePage {
    let mut page = TitlePage::default();
    let inset = inset(lines);
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        if line.is_remark() {
            page.remarks.push(remark(line));
        } else if line.is_blank() {
            match page.over_blank(lines, at) {
                Some(next) => {
                    let between = lines[at..next].iter().filter(|line| line.is_remark());
                    page.remarks.extend(between.map(remark));
                    at = next - 1;
                }
                None => break,
            }
        } else if let Some((key, value)) = key_line(outdented(&line.text, inset)) {
            let lines = line.lines.clone();
            page.entries.push(TitleEntry {
                key: key.to_owned(),
                value: value.to_owned(),
                lines,
            });
        } else if is_indented(outdented(&line.text, inset)) && !page.entries.is_empty()
            || page.runs_into(lines, at)
        {
            page.add(line);
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
        bare_page(lines)
    }
}

/// By how many blanks a whole title page stands in: its first line is one of the usual keys.
fn inset(lines: &[Line<'_>]) -> usize {
    let first = lines.iter().find(|line| !line.is_blank());
    let Some(text) = first.map(|line| line.text.as_ref()) else {
        return 0;
    };
    let inner = text.trim_start_matches([' ', '\t']);
    let usual = key_line(inner).is_some_and(|(key, _)| is_usual(key));
    if usual { text.len() - inner.len() } else { 0 }
}

/// A line without as many blanks before it, if it has them.
fn outdented(text: &str, inset: usize) -> &str {
    match text.get(..inset) {
        Some(blanks) if blanks.chars().all(|c| matches!(c, ' ' | '\t')) => &text[inset..],
        _ => text,
    }
}

impl TitlePage {
    /// A further line of the last entry.
    fn add(&mut self, line: &Line<'_>) {
        let Some(entry) = self.entries.last_mut() else {
            return;
        };
        if !entry.value.is_empty() {
            entry.value.push('\n');
        }
        entry.value.push_str(line.text.trim());
        // A remark between key and value lies inside the entry.
        while self
            .remarks
            .pop_if(|remark| remark.lines.start >= entry.lines.start)
            .is_some()
        {}
        entry.lines.end = line.lines.end;
    }

    /// Where the page goes on behind blank lines: behind one that only looks blank, or an empty one,
    /// another of the usual keys or the value that a key still waits for.
    fn over_blank(&self, lines: &[Line<'_>], at: usize) -> Option<usize> {
        let last = self.entries.last().filter(|_| self.is_usual())?;
        let more = lines[at..].iter().position(|line| !line.is_blank())?;
        let (blanks, next) = (&lines[at..at + more], &lines[at + more]);
        let mut blanks = blanks.iter().filter(|line| !line.is_aside());
        let looks_blank = blanks.all(|line| !line.text.is_empty());
        let goes_on = match key_line(&next.text) {
            Some((key, _)) => looks_blank || is_usual(key),
            None => is_indented(&next.text) && (looks_blank || last.value.is_empty()),
        };
        goes_on.then_some(at + more)
    }

    /// Whether an unindented line belongs to the entry before it: as the value that it has none of
    /// yet, before another key, or as a last short line of the page.
    fn runs_into(&self, lines: &[Line<'_>], at: usize) -> bool {
        let text = lines[at].text.as_ref();
        let Some(last) = self.entries.last().filter(|_| self.is_usual()) else {
            return false;
        };
        let block = lines[at + 1..].iter().filter(|line| !line.is_aside());
        let mut below = block.take(MOST_BARE).take_while(|line| !line.is_blank());
        let ends = ends_at(lines, at);
        is_title_line(text)
            && (last.value.is_empty()
                || below.any(|line| key_line(&line.text).is_some_and(|(key, _)| is_usual(key)))
                || ends && !text.ends_with(['.', '!', '?']))
    }

    fn is_usual(&self) -> bool {
        self.entries
            .first()
            .is_some_and(|first| is_usual(&first.key))
    }
}

/// A title page without keys: a title and, under it, who wrote it.
fn bare_page(lines: &[Line<'_>]) -> TitlePage {
    let none = TitlePage::default();
    let opens = |line: &&Line<'_>| !line.is_blank() && !is_title_line(&line.text);
    let end = lines
        .iter()
        .position(|line| opens(&line))
        .unwrap_or(lines.len());
    let filled: Vec<usize> = (0..end).filter(|at| !lines[*at].is_blank()).collect();
    let said = |at: &usize| lines[*at].text.trim();
    let Some(credit) = filled.iter().position(|at| is_credit(said(at))) else {
        return none;
    };
    // The name stands in its line or in the one below; nothing else belongs to the page.
    let alone = CREDITS.contains(
        &said(&filled[credit])
            .trim_end_matches(':')
            .to_lowercase()
            .as_str(),
    );
    let last = credit + usize::from(alone && credit + 1 < filled.len());
    let ends = filled.get(last).is_some_and(|at| ends_at(lines, *at));
    if credit == 0 || last >= MOST_BARE || !ends {
        return none;
    }
    let entry = |key: &str, range: &[usize]| TitleEntry {
        key: key.to_owned(),
        value: range.iter().map(said).collect::<Vec<_>>().join("\n"),
        lines: lines[range[0]].lines.start..lines[range[range.len() - 1]].lines.end,
    };
    let entries = vec![
        entry("Title", &filled[..credit]),
        entry("Credit", &filled[credit..=last]),
    ];
    let taken = filled[last] + 1;
    let outside = |line: &&Line<'_>| {
        let within = |entry: &TitleEntry| entry.lines.contains(&line.lines.start);
        line.is_remark() && !entries.iter().any(within)
    };
    TitlePage {
        remarks: lines[..taken].iter().filter(outside).map(remark).collect(),
        entries,
        taken,
    }
}

/// Whether a paragraph ends with this line; asides are looked through.
fn ends_at(lines: &[Line<'_>], at: usize) -> bool {
    let mut below = lines[at + 1..].iter().filter(|line| !line.is_aside());
    below.next().is_none_or(Line::is_blank)
}

/// `by M. Stone`, `Written by`
fn is_credit(text: &str) -> bool {
    let lower = text.trim_end_matches(':').to_lowercase();
    CREDITS.iter().any(|credit| {
        let Some(rest) = lower.strip_prefix(credit) else {
            return false;
        };
        let name = || text.split_whitespace().skip(credit.split(' ').count());
        rest.is_empty()
            || rest.starts_with([' ', ':'])
                && name()
                    .take(4)
                    .all(|word| !word.starts_with(char::is_lowercase))
                && name().next().is_some()
    })
}

/// Whether a line can stand on a title page: short, and nothing that films begin with.
fn is_title_line(text: &str) -> bool {
    let text = text.trim();
    let marked = text.starts_with(['#', '=', '>', '!', '@', '~', '.', '[', '(', '/']);
    let fades = text
        .trim_end_matches([':', '.'])
        .eq_ignore_ascii_case("FADE IN");
    text.chars().count() <= LONGEST_TITLE
        && !marked
        && !fades
        && !is_heading(text)
        && !is_transition(text)
}

/// `CUT TO:` and `FADE IN:` open many scripts and are no keys: an entry alone, upper case and
/// without a value, is no title page. An unusual first key needs the blank line after the page.
fn is_title_page(entries: &[TitleEntry], runs_on: bool) -> bool {
    let Some(first) = entries.first() else {
        return false;
    };
    let shouted =
        entries.len() == 1 && first.value.is_empty() && !first.key.chars().any(char::is_lowercase);
    is_usual(&first.key) || !(shouted || runs_on)
}

fn is_usual(key: &str) -> bool {
    USUAL_KEYS
        .iter()
        .any(|usual| key.eq_ignore_ascii_case(usual))
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

#[cfg(test)]
mod tests {
    use crate::fountain::parse;

    #[test]
    fn a_title_page_may_stand_in() {
        let script = parse("    Title: Our Masks\n    Author: N. B.\n\nINT. HALL - DAY\n\nRain.\n");
        let keys: Vec<&str> = script
            .title_page
            .iter()
            .map(|entry| entry.key.as_str())
            .collect();
        assert_eq!(keys, ["Title", "Author"]);
        let other = parse("    Nobody: waits.\n\nINT. HALL - DAY\n");
        assert!(other.title_page.is_empty());
    }
}
