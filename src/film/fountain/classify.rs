//! What a single line can be, by its shape alone.

use super::emphasis::plain;
use crate::words::HeadingWords;

/// Endings of an act or a film that writers type as transitions without `TO:`.
const ENDINGS: [&str; 9] = [
    "FADE OUT",
    "FADE TO BLACK",
    "FADE TO WHITE",
    "CUT TO BLACK",
    "CUT TO WHITE",
    "SMASH TO BLACK",
    "SMASH CUT TO BLACK",
    "HARD CUT TO BLACK",
    "IRIS OUT",
];

/// The longest scene number: it becomes part of file names.
const MAX_NUMBER: usize = 24;

/// Whether `line` has the shape of a scene heading, emphasised or not, by the built-in words.
pub(super) fn is_heading(line: &str) -> bool {
    is_heading_by(line, &HeadingWords::builtin())
}

/// Whether `line` has the shape of a scene heading, emphasised or not.
pub(super) fn is_heading_by(line: &str, words: &HeadingWords) -> bool {
    let text = line.trim().trim_start_matches(['*', '_']);
    words.prefix(text).is_some()
}

/// The text of a heading forced by one full stop: `.SNIPER SCOPE POV`.
pub(super) fn forced_heading(line: &str) -> Option<&str> {
    let text = line.trim().strip_prefix('.')?;
    text.starts_with(|c: char| c.is_alphanumeric())
        .then_some(text)
}

/// Splits the scene number off a heading: `INT. X #12A#` gives `INT. X` and `12A`.
pub(super) fn split_number(heading: &str) -> (&str, Option<&str>) {
    let text = heading.trim();
    let number = text.strip_suffix('#').and_then(|open| {
        let at = open.rfind('#')?;
        let number = &open[at + 1..];
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ')' | '-');
        let fits = (1..=MAX_NUMBER).contains(&number.len()) && number.chars().all(fits);
        fits.then_some((at, number))
    });
    match number {
        Some((at, number)) => (text[..at].trim_end(), Some(number)),
        None => (text, None),
    }
}

/// Whether `line` is a transition by its shape: upper case and ending in `TO:` (a space after the
/// colon makes it none), or one of the usual endings.
pub(super) fn is_transition(line: &str) -> bool {
    let text = plain(line.trim_start());
    if text.chars().any(char::is_lowercase) {
        return false;
    }
    let is_to = text.strip_suffix("TO:").is_some_and(|before| {
        before.is_empty() || before.ends_with(|c: char| !c.is_alphanumeric())
    });
    is_to || ENDINGS.contains(&text.trim_end_matches(['.', ':']))
}

/// The parts of a cue.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cue {
    pub(super) text: String,
    pub(super) name: String,
    pub(super) extensions: Vec<String>,
    pub(super) dual: bool,
}

/// Reads `line` as a cue. `forced` by `@`, its name may be in any case and script.
///
/// Otherwise no letter outside parentheses may be lower case and one must be upper case: so
/// `R2D2` and `3CPO` speak, `23` does not, and scripts without case need the `@`.
pub(super) fn cue(line: &str, forced: bool) -> Option<Cue> {
    let trimmed = line.trim();
    let dual = trimmed.ends_with('^');
    let text = trimmed.strip_suffix('^').unwrap_or(trimmed).trim_end();
    let (name, extensions) = split_cue(text);
    let mut letters = name.chars().filter(|c| c.is_alphabetic());
    let speaks = if forced {
        !name.is_empty()
    } else {
        letters.clone().any(char::is_uppercase)
            && !letters.any(char::is_lowercase)
            && !name.contains('^')
            && !is_transition(text)
    };
    speaks.then(|| Cue {
        text: text.to_owned(),
        name,
        extensions,
        dual,
    })
}

/// Reads a line of a printed page as a cue. Print needs no `@` for a name in capitals but for its
/// prefix: `McALLISTER`, `DeVRIES`.
pub(super) fn printed_cue(line: &str) -> Option<Cue> {
    cue(line, false).or_else(|| {
        let capitals = |word: &str| !word.contains(char::is_lowercase);
        let of_capitals = |cue: &Cue| {
            cue.name
                .split(' ')
                .all(|word| capitals(word) || has_small_prefix(word))
        };
        cue(line, true).filter(of_capitals)
    })
}

/// `McALLISTER`: a capital, up to three small letters, capitals.
fn has_small_prefix(word: &str) -> bool {
    let small = |c: char| c.is_lowercase();
    let rest = word.trim_start_matches(char::is_uppercase);
    let first = word.len() - rest.len();
    let name = rest.trim_start_matches(small);
    let prefix = &rest[..rest.len() - name.len()];
    word[..first].chars().count() == 1
        && (1..=3).contains(&prefix.chars().count())
        && name.chars().filter(|c| c.is_uppercase()).count() >= 2
        && !name.contains(small)
}

/// The name outside the parentheses and what stands in them, `CONT'D` left out.
fn split_cue(text: &str) -> (String, Vec<String>) {
    let text = plain(text);
    let mut name = String::new();
    let mut extensions = Vec::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('(') {
        let (inside, following) = after.split_once(')').unwrap_or((after, ""));
        name.push_str(before);
        if !is_continued(inside) && !inside.trim().is_empty() {
            extensions.push(inside.trim().to_owned());
        }
        rest = following;
    }
    name.push_str(rest);
    (
        name.split_whitespace().collect::<Vec<_>>().join(" "),
        extensions,
    )
}

/// `CONT'D`, `cont’d`, `CONTINUED`: who speaks goes on speaking, which says nothing of who it is.
fn is_continued(extension: &str) -> bool {
    let letters: String = extension.chars().filter(|c| c.is_alphanumeric()).collect();
    ["CONTD", "CONT", "CONTINUED"]
        .iter()
        .any(|word| letters.eq_ignore_ascii_case(word))
}

/// The text of `> text <`.
pub(super) fn centered(line: &str) -> Option<&str> {
    Some(line.trim().strip_prefix('>')?.strip_suffix('<')?.trim())
}

/// Three or more `=` and nothing else.
pub(super) fn is_page_break(line: &str) -> bool {
    let text = line.trim();
    text.len() >= 3 && text.bytes().all(|b| b == b'=')
}

/// The depth (1 to 6) and the title of a section.
pub(super) fn section(line: &str) -> Option<(u8, &str)> {
    let text = line.trim();
    let rest = text.trim_start_matches('#');
    let depth = u8::try_from(text.len() - rest.len())
        .unwrap_or(u8::MAX)
        .min(6);
    (depth > 0).then(|| (depth, rest.trim()))
}

/// The words of a line that is one pair of parentheses.
pub(super) fn parenthetical(line: &str) -> Option<&str> {
    Some(line.trim().strip_prefix('(')?.strip_suffix(')')?.trim())
}
