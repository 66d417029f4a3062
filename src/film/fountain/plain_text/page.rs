//! A printed page as text: its lines by column, without what the print added.

use std::collections::{BTreeMap, BTreeSet};

use crate::fountain::ast::{Element, ElementKind, Script, TitleEntry};
use crate::fountain::classify;

/// A tab stands at every eighth column.
const TAB: usize = 8;
/// A cue stands at least so far to the right of the action.
pub(super) const CUE_STEP: usize = 8;
/// A number that stands so far to the right is a page's.
const PAGE_NUMBER_COLUMN: usize = 30;
/// So many page numbers, scene numbers at the margin and the like make a text a printed one.
const PRINTED: usize = 3;
/// So many running heads that are alike make one known.
const REPEATED: usize = 2;

/// A line of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Its first column, from 0.
    pub(super) column: usize,
    /// Without the spaces around it, scene numbers at the margins and marks of revision; empty for
    /// a blank line.
    pub(super) text: String,
    /// The scene number that stood at its margins.
    pub(super) number: Option<String>,
    /// What the print added stood here: a page may end between the lines around it.
    pub(super) is_removed: bool,
    /// A speech goes on after it: `(MORE)`.
    pub(super) goes_on: bool,
}

impl Line {
    pub(super) fn is_blank(&self) -> bool {
        self.text.is_empty()
    }
}

/// A text that is laid out for print.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) lines: Vec<Line>,
    /// Where action and headings begin.
    pub(super) action: usize,
    /// Whether cues have a column of their own.
    pub(super) has_columns: bool,
}

impl Page {
    /// Reads a text by its columns; none if it is not laid out so, or is Fountain by its marks.
    pub(super) fn read(text: &str, script: &Script) -> Option<Self> {
        let marks = marks(script);
        if marks == Marks::Fountain {
            return None;
        }
        let mut lines: Vec<Line> = text
            .trim_start_matches('\u{feff}')
            .split(['\n', '\u{c}'])
            .map(line)
            .collect();
        let numbered = take_margin_numbers(&mut lines);
        let removed = remove_running_matter(&mut lines);
        // `#4 is on the door` marks no section in a text with page numbers.
        if marks == Marks::Some && numbered + removed < PRINTED {
            return None;
        }
        let action = action_column(&lines)?;
        let has_columns = has_columns(&lines, action);
        // Fountain may be indented too, and its lines end where their writers ended them.
        let is_printed = numbered > 0
            || removed > usize::from(!has_columns)
            || has_columns && wraps(&lines) >= PRINTED;
        is_printed.then_some(Self {
            lines,
            action,
            has_columns,
        })
    }
}

/// What a text uses that only Fountain has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Marks {
    None,
    /// What also begins a line of prose: `#`, `=`, `~`, `>`, `!`.
    Some,
    /// A title page, notes, forced headings.
    Fountain,
}

fn marks(script: &Script) -> Marks {
    let lines = script.source_lines();
    let mark = |element: &Element| {
        let opens = |mark| starts(&lines, element.lines.start, mark);
        let (is_certain, is_likely) = match &element.kind {
            ElementKind::SceneHeading { number } => (number.is_some() || opens("."), false),
            ElementKind::Character { dual, .. } => (*dual || opens("@"), false),
            ElementKind::Centered | ElementKind::Note | ElementKind::Boneyard => (true, true),
            ElementKind::Lyric | ElementKind::Section { .. } | ElementKind::Synopsis => {
                (false, true)
            }
            ElementKind::Transition => (false, opens(">")),
            ElementKind::Action => (false, opens("!")),
            ElementKind::Dialogue | ElementKind::Parenthetical | ElementKind::PageBreak => {
                (false, false)
            }
        };
        match (is_certain, is_likely) {
            (true, _) => Marks::Fountain,
            (_, true) => Marks::Some,
            _ => Marks::None,
        }
    };
    let keys = ["title", "credit"];
    let is_title = |key: &str| keys.iter().any(|known| key.eq_ignore_ascii_case(known));
    // A printed title page has no keys.
    let source = script.source_lines();
    let is_keyed = |entry: &TitleEntry| source[entry.lines.start].contains(':');
    let mut entries = script.title_page.iter();
    if entries.any(|entry| is_title(&entry.key) && is_keyed(entry)) {
        return Marks::Fountain;
    }
    script
        .elements
        .iter()
        .map(mark)
        .max()
        .unwrap_or(Marks::None)
}

fn starts(lines: &[&str], at: usize, mark: &str) -> bool {
    lines
        .get(at)
        .is_some_and(|line| line.trim_start().starts_with(mark))
}

fn line(raw: &str) -> Line {
    let mut column = 0;
    for c in raw.chars() {
        match c {
            '\t' => column = (column / TAB + 1) * TAB,
            c if c.is_whitespace() => column += 1,
            _ => break,
        }
    }
    Line {
        column,
        text: without_revision_mark(raw.trim()).to_owned(),
        number: None,
        is_removed: false,
        goes_on: false,
    }
}

/// A star at the right margin says that a line is new in this draft.
fn without_revision_mark(text: &str) -> &str {
    match text.strip_suffix('*') {
        Some(rest) if rest.ends_with("   ") => rest.trim_end(),
        _ => text,
    }
}

/// `12`, `12A`, `A12`, with a full stop or without.
fn scene_number(word: &str) -> Option<&str> {
    let number = word.strip_suffix('.').unwrap_or(word);
    let digits = number.trim_matches(|c: char| c.is_ascii_uppercase());
    let fits = (1..=4).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && number.len() - digits.len() <= 3;
    fits.then_some(number)
}

/// Takes scene numbers off the margins of headings, and of other lines that carry the same at both.
/// How many there were.
fn take_margin_numbers(lines: &mut [Line]) -> usize {
    let mut found = 0;
    for line in lines {
        let text = line.text.as_str();
        let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let left = scene_number(first).filter(|_| !rest.trim().is_empty());
        let (body, gap) = match left {
            Some(_) => (
                rest.trim_start(),
                first.len() + rest.len() - rest.trim_start().len() + 1,
            ),
            None => (text, 0),
        };
        let (inner, last) = body.rsplit_once(char::is_whitespace).unwrap_or((body, ""));
        let right =
            scene_number(last).filter(|_| inner.ends_with([' ', '\t']) && !inner.trim().is_empty());
        let heading =
            |text: &str| classify::is_heading(text) && !text.starts_with(char::is_lowercase);
        let (body, number) = match (left, right) {
            (Some(left), Some(right)) if left == right => (inner.trim_end(), left),
            (Some(left), _) if heading(body) => (body, left),
            (None, Some(right)) if heading(body) => (inner.trim_end(), right),
            _ => continue,
        };
        // A number that opens a sentence is none of a scene: `12   12` and `5 men, 5` are not.
        if !body.chars().any(char::is_alphabetic)
            || body.chars().any(char::is_lowercase) && !heading(body)
        {
            continue;
        }
        let (body, number) = (body.to_owned(), number.to_owned());
        line.column += gap;
        line.text = body;
        line.number = Some(number);
        found += 1;
    }
    found
}

/// Takes out page numbers, running heads, `(CONTINUED)` and `(MORE)`; how many there were.
fn remove_running_matter(lines: &mut [Line]) -> usize {
    let heads = running_heads(lines);
    let mut removed = BTreeSet::new();
    let mut pages = BTreeSet::new();
    for (at, line) in lines.iter_mut().enumerate() {
        line.goes_on = is_more(&line.text);
        if line.goes_on || is_continued(&line.text) {
            removed.insert(at);
        } else if head_of(&line.text).is_some_and(|head| heads.contains(head)) {
            pages.insert(at);
        }
    }
    removed.extend(&pages);
    let alone = |at: &usize| is_page_number(&lines[*at].text) && stands_alone(lines, &removed, *at);
    let mut numbers: BTreeSet<usize> = (0..lines.len()).filter(alone).collect();
    // One alone may be what is seen: `12.`
    if numbers.len() + pages.len() == 1 {
        numbers.retain(|at| lines[*at].column >= PAGE_NUMBER_COLUMN);
    }
    removed.extend(&numbers);
    pages.extend(numbers);
    // What stands beside a page number again and again is a running head too.
    let mut beside = BTreeMap::<&str, Vec<usize>>::new();
    for page in &pages {
        for at in [page.checked_sub(1), Some(page + 1)].into_iter().flatten() {
            if let Some(line) = lines.get(at).filter(|line| !line.is_blank())
                && !removed.contains(&at)
            {
                beside.entry(line.text.as_str()).or_default().push(at);
            }
        }
    }
    let again = beside.into_values().filter(|found| found.len() > REPEATED);
    removed.extend(again.flatten().collect::<Vec<_>>());
    for at in &removed {
        lines[*at].text.clear();
        lines[*at].number = None;
        lines[*at].is_removed = true;
    }
    removed.len()
}

/// Nothing is right above, or nothing right below and a page ends here.
fn stands_alone(lines: &[Line], removed: &BTreeSet<usize>, at: usize) -> bool {
    let blank = |at: Option<usize>| {
        let line = at.and_then(|at| Some((at, lines.get(at)?)));
        line.is_none_or(|(at, line)| line.is_blank() || removed.contains(&at))
    };
    blank(at.checked_sub(1)) && (blank(Some(at + 1)) || lines[at].column >= PAGE_NUMBER_COLUMN)
}

/// `12`, `12.`, `- 12 -`, `Page 12`, `12A.`
fn is_page_number(text: &str) -> bool {
    let text = text
        .strip_prefix("Page ")
        .or_else(|| text.strip_prefix("PAGE "))
        .unwrap_or(text);
    let inner = text.trim_matches(['-', '–', '—', ' ']);
    // A year is none.
    scene_number(inner).is_some_and(|number| number.len() <= 3)
}

/// What stands before the page number of a running head: `THE RED COAT - Blue Rev. 3/1    23.`
fn head_of(text: &str) -> Option<&str> {
    let (before, last) = text.rsplit_once(char::is_whitespace)?;
    scene_number(last)?;
    let head = before.trim_end();
    (before.len() >= head.len() + 2 && !head.is_empty() && !classify::is_heading(head))
        .then_some(head)
}

fn running_heads(lines: &[Line]) -> BTreeSet<String> {
    let mut counts = BTreeMap::<&str, usize>::new();
    for line in lines {
        if let Some(head) = head_of(&line.text) {
            *counts.entry(head).or_default() += 1;
        }
    }
    let often = counts.into_iter().filter(|(_, count)| *count >= REPEATED);
    often.map(|(head, _)| head.to_owned()).collect()
}

/// `(CONTINUED)`, `CONTINUED:`, `CONTINUED: (2)`: the scene goes on over the page.
fn is_continued(text: &str) -> bool {
    let letters: String = text.chars().filter(|c| c.is_alphabetic()).collect();
    letters == "CONTINUED" && (text.starts_with('(') || text.contains(':'))
}

fn is_more(text: &str) -> bool {
    text.eq_ignore_ascii_case("(more)")
}

/// Where headings begin, or without any, what most lines do; none of a text without lines.
fn action_column(lines: &[Line]) -> Option<usize> {
    let most = |of: &mut dyn Iterator<Item = &Line>| {
        let mut counts = BTreeMap::<usize, usize>::new();
        for line in of {
            *counts.entry(line.column).or_default() += 1;
        }
        let best = counts
            .into_iter()
            .max_by_key(|(column, count)| (*count, usize::MAX - column));
        best.map(|(column, _)| column)
    };
    let said = || lines.iter().filter(|line| !line.is_blank());
    most(&mut said().filter(|line| line.number.is_some() || classify::is_heading(&line.text)))
        .or_else(|| most(&mut said()))
}

/// How many sentences go on in the next line: the lines were full.
fn wraps(lines: &[Line]) -> usize {
    let goes_on = |pair: &&[Line]| match pair {
        [line, below] => {
            !line.is_blank()
                && !below.is_blank()
                && line.column == below.column
                && line
                    .text
                    .ends_with(|c: char| c.is_alphanumeric() || c == ',')
                && below.text.starts_with(char::is_alphanumeric)
                && line.text.chars().count() >= 20
        }
        _ => false,
    };
    lines.windows(2).filter(goes_on).count()
}

/// Whether people are named in a column of their own, far to the right of the action.
fn has_columns(lines: &[Line], action: usize) -> bool {
    let (mut inside, mut outside) = (0, 0);
    for (at, line) in lines.iter().enumerate() {
        let fresh = at
            .checked_sub(1)
            .is_none_or(|above| lines[above].is_blank());
        let speaks = lines.get(at + 1).is_some_and(|below| !below.is_blank());
        let is_cue = fresh
            && speaks
            && !classify::is_heading(&line.text)
            && classify::printed_cue(&line.text).is_some();
        if is_cue && line.column >= action + CUE_STEP {
            inside += 1;
        } else if is_cue {
            outside += 1;
        }
    }
    inside >= 2 && inside > outside
}
