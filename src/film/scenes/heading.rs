//! A scene heading taken apart: `INT. JOE'S BAR - BACK ROOM - NIGHT (1973)`.

use crate::fountain::{heading_prefix, plain};

/// Words that say when, by themselves, and the time of day that they mean: in English, French and
/// German. Where a heading has several, the first here counts: `PRE-DAWN`, `MIDNIGHT`.
const TIMES: &[(&str, &str)] = &[
    ("PRE DAWN", "dawn"),
    ("PREDAWN", "dawn"),
    ("MIDNIGHT", "night"),
    ("NIGHTFALL", "dusk"),
    ("DAYBREAK", "dawn"),
    ("SUNRISE", "dawn"),
    ("SUNUP", "dawn"),
    ("DAWN", "dawn"),
    ("AUBE", "dawn"),
    ("LEVER DU SOLEIL", "dawn"),
    ("LEVER DU JOUR", "dawn"),
    ("MORGENDÄMMERUNG", "dawn"),
    ("MORGENGRAUEN", "dawn"),
    ("SONNENAUFGANG", "dawn"),
    ("SUNSET", "dusk"),
    ("SUNDOWN", "dusk"),
    ("DUSK", "dusk"),
    ("TWILIGHT", "dusk"),
    ("MAGIC HOUR", "dusk"),
    ("GOLDEN HOUR", "dusk"),
    ("BLUE HOUR", "dusk"),
    ("CRÉPUSCULE", "dusk"),
    ("COUCHER DU SOLEIL", "dusk"),
    ("COUCHER DE SOLEIL", "dusk"),
    ("HEURE BLEUE", "dusk"),
    ("ABENDDÄMMERUNG", "dusk"),
    ("DÄMMERUNG", "dusk"),
    ("SONNENUNTERGANG", "dusk"),
    ("AFTERNOON", "afternoon"),
    ("APRÈS MIDI", "afternoon"),
    ("NACHMITTAG", "afternoon"),
    ("NACHMITTAGS", "afternoon"),
    ("MORNING", "morning"),
    ("MATIN", "morning"),
    ("MATINÉE", "morning"),
    ("MORGENS", "morning"),
    ("FRÜHER MORGEN", "morning"),
    ("AM MORGEN", "morning"),
    ("NÄCHSTER MORGEN", "morning"),
    ("NÄCHSTEN MORGEN", "morning"),
    ("VORMITTAG", "morning"),
    ("NOON", "day"),
    ("MIDDAY", "day"),
    ("MITTAG", "day"),
    ("MITTAGS", "day"),
    ("EVENING", "evening"),
    ("SOIR", "evening"),
    ("SOIRÉE", "evening"),
    ("ABEND", "evening"),
    ("ABENDS", "evening"),
    ("MINUIT", "night"),
    ("MITTERNACHT", "night"),
    ("NIGHT", "night"),
    ("NUIT", "night"),
    ("NACHT", "night"),
    ("NACHTS", "night"),
    ("DAYTIME", "day"),
    ("DAY", "day"),
    ("JOUR", "day"),
    ("JOURNÉE", "day"),
    ("TAGSÜBER", "day"),
    ("AM TAG", "day"),
    ("NÄCHSTER TAG", "day"),
    ("NÄCHSTEN TAG", "day"),
];

/// Words that say when only where nothing else stands between the dashes: a `TAG SALE`, a
/// `MIDI STUDIO` and `MORGEN'S ROOM` are places.
const LONE_TIMES: &[(&str, &str)] = &[("TAG", "day"), ("MIDI", "day"), ("MORGEN", "morning")];

/// Words that say when by the scene before.
const RELATIVE_TIMES: &[&str] = &[
    "LATER",
    "CONTINUOUS",
    "SAME",
    "SAME TIME",
    "PLUS TARD",
    "AU MÊME MOMENT",
    "CONTINU",
    "SPÄTER",
    "GLEICHZEITIG",
    "FORTSETZUNG",
    "FORTLAUFEND",
];

/// Inside or outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// `INT.`
    Interior,
    /// `EXT.`, and `EST.`, which shows a place from outside.
    Exterior,
    /// `INT./EXT.`, `EXT/INT.`, `I/E`
    Both,
}

/// The parts of a scene heading. Texts are without emphasis marks, spaces collapsed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heading {
    /// `None` if the heading was forced and does not say.
    pub place: Option<Place>,
    /// `JOE'S BAR`
    pub setting: String,
    /// What stands between the setting and the time: `["BACK ROOM"]`.
    pub sub_settings: Vec<String>,
    /// `NIGHT`, as written.
    pub time: Option<String>,
    /// What is said beside these: `(1973)`, `[STORY VERSION]`, `DRIVING`.
    pub tail: Option<String>,
    /// The heading as written, without its scene number; empty for a scene without heading.
    pub raw: String,
}

impl Heading {
    /// Takes the text of a scene heading apart.
    #[must_use]
    pub fn parse(raw: &str) -> Self {
        let text = collapse(&plain(raw));
        let prefix = heading_prefix(&text).unwrap_or(0);
        let place = place(&text[..prefix]);
        let mut parts = split(&text[prefix..]);
        let mut tail = Vec::new();
        let time = take_time(&mut parts, &mut tail);
        let mut names = Vec::new();
        for part in parts {
            let name = without_asides(&part, &mut tail);
            names.extend((!name.is_empty()).then_some(name));
        }
        let mut names = names.into_iter();
        Self {
            place,
            setting: names.next().unwrap_or_default(),
            sub_settings: names.collect(),
            time,
            tail: (!tail.is_empty()).then(|| tail.join(" ")),
            raw: raw.to_owned(),
        }
    }

    /// What the heading says of the time: `day night dawn dusk morning afternoon evening`, or
    /// `none`.
    #[must_use]
    pub fn time_of_day(&self) -> &'static str {
        let said = self.time.as_deref().unwrap_or_default();
        hour(said).unwrap_or("none")
    }
}

/// The time of day that a text says by itself.
fn hour(text: &str) -> Option<&'static str> {
    let words = upper_words(text);
    let said = TIMES.iter().find(|(time, _)| holds(&words, time));
    let lone = || {
        let [only] = words.as_slice() else {
            return None;
        };
        LONE_TIMES.iter().find(|(time, _)| only == time)
    };
    said.or_else(lone).map(|(_, hour)| *hour)
}

fn place(prefix: &str) -> Option<Place> {
    let prefix = prefix.to_ascii_uppercase();
    let outside = prefix.contains("EX") || prefix.contains("EST");
    match prefix.as_str() {
        "" => None,
        both if both.contains('/') => Some(Place::Both),
        _ if outside => Some(Place::Exterior),
        _ => Some(Place::Interior),
    }
}

fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The parts between dashes: `--`, `—`, `–`, or `-` with a space on one side; not in brackets.
fn split(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let space = |at: Option<usize>| {
        at.and_then(|at| chars.get(at))
            .is_none_or(|c| c.is_whitespace())
    };
    let mut parts = vec![String::new()];
    let mut depth = 0_usize;
    for (at, c) in chars.iter().enumerate() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let beside =
            |step: isize| at.checked_add_signed(step).and_then(|at| chars.get(at)) == Some(&'-');
        let dash = match c {
            '\u{2014}' | '\u{2013}' => true,
            '-' => space(at.checked_sub(1)) || space(Some(at + 1)) || beside(-1) || beside(1),
            _ => false,
        };
        if dash && depth == 0 {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(*c);
        }
    }
    parts
        .iter()
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

/// Takes the time of day off the end of `parts`: the last parts that say when, and what follows
/// them. What they say beside the time goes to `tail`.
fn take_time(parts: &mut Vec<String>, tail: &mut Vec<String>) -> Option<String> {
    let last = parts.iter().rposition(|part| says_when(part))?;
    if last == 0 {
        return take_last_word(parts);
    }
    let first = (1..last)
        .rev()
        .take_while(|at| says_when(&parts[*at]))
        .last()
        .unwrap_or(last);
    let mut times = Vec::new();
    for part in parts.drain(first..) {
        let part = without_brackets(&part, tail);
        times.extend(
            part.split('/')
                .map(collapse)
                .filter(|text| !text.is_empty()),
        );
    }
    let chosen = times
        .iter()
        .position(|text| hour(text).is_some())
        .or_else(|| times.iter().position(|text| is_relative(text)));
    let time = chosen.map(|at| times.remove(at));
    tail.extend(times);
    time
}

/// `INT HOUSE DAY`: no dash, yet the last word can only be a time.
fn take_last_word(parts: &mut Vec<String>) -> Option<String> {
    let [only] = parts.as_mut_slice() else {
        return None;
    };
    let (before, last) = only.rsplit_once(' ')?;
    let last_upper = last.to_uppercase();
    if !TIMES.iter().any(|(time, _)| last_upper == *time) {
        return None;
    }
    let time = last.to_owned();
    *only = before.trim_end_matches([',', ' ']).to_owned();
    Some(time)
}

fn says_when(part: &str) -> bool {
    let bare = without_brackets(part, &mut Vec::new());
    hour(&bare).is_some() || is_relative(&bare)
}

fn is_relative(text: &str) -> bool {
    let words = upper_words(text);
    RELATIVE_TIMES.iter().any(|time| holds(&words, time))
}

fn upper_words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_uppercase)
        .collect()
}

/// Whether these words stand in `text` one after the other.
fn holds(text: &[String], words: &str) -> bool {
    let words: Vec<&str> = words.split(' ').collect();
    text.windows(words.len()).any(|window| window == words)
}

/// Moves every `(…)` and `[…]` to `tail`.
fn without_brackets(part: &str, tail: &mut Vec<String>) -> String {
    take_brackets(part, tail, |_, _| true)
}

/// In a setting only `[…]` and years are asides: `A.P. NEWSROOM (PARIS)` is its name.
fn without_asides(part: &str, tail: &mut Vec<String>) -> String {
    take_brackets(part, tail, |open, inside| {
        open == '[' || inside.chars().filter(char::is_ascii_digit).count() >= 4
    })
}

fn take_brackets(part: &str, tail: &mut Vec<String>, takes: impl Fn(char, &str) -> bool) -> String {
    let mut kept = String::new();
    let mut rest = part;
    while let Some(at) = rest.find(['(', '[']) {
        let open = if rest[at..].starts_with('(') {
            '('
        } else {
            '['
        };
        let close = if open == '(' { ')' } else { ']' };
        let Some(len) = rest[at..].find(close) else {
            break;
        };
        let group = &rest[at..=at + len];
        kept.push_str(&rest[..at]);
        if takes(open, group) {
            tail.push(group.to_owned());
        } else {
            kept.push_str(group);
        }
        rest = &rest[at + len + 1..];
    }
    kept.push_str(rest);
    collapse(&kept)
}
