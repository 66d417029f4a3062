//! A scene heading taken apart: `INT. JOE'S BAR - BACK ROOM - NIGHT (1973)`.

use crate::fountain::{heading_prefix, plain};
use crate::words::{Place, TimeOfDay};

/// What words of a heading say of the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// The time of day.
    Hour(TimeOfDay),
    /// The time of day, but only where nothing else stands between the dashes: a `TAG SALE`, a
    /// `MIDI STUDIO` and `MORGEN'S ROOM` are places.
    Lone(TimeOfDay),
    /// The scene goes on from the one before.
    GoesOn,
    /// Time has passed since the scene before.
    Later,
    /// It is another day. Said beside a time: by themselves these words are none.
    AnotherDay,
}

/// All words that say when, in English, French and German. Where a heading has several that say the
/// time of day, the first here counts: `PRE-DAWN`, `MIDNIGHT`.
const TIMES: &[(&str, When)] = &[
    ("PRE DAWN", When::Hour(TimeOfDay::Dawn)),
    ("PREDAWN", When::Hour(TimeOfDay::Dawn)),
    ("MIDNIGHT", When::Hour(TimeOfDay::Night)),
    ("NIGHTFALL", When::Hour(TimeOfDay::Dusk)),
    ("DAYBREAK", When::Hour(TimeOfDay::Dawn)),
    ("SUNRISE", When::Hour(TimeOfDay::Dawn)),
    ("SUNUP", When::Hour(TimeOfDay::Dawn)),
    ("DAWN", When::Hour(TimeOfDay::Dawn)),
    ("AUBE", When::Hour(TimeOfDay::Dawn)),
    ("LEVER DU SOLEIL", When::Hour(TimeOfDay::Dawn)),
    ("LEVER DU JOUR", When::Hour(TimeOfDay::Dawn)),
    ("MORGENDÄMMERUNG", When::Hour(TimeOfDay::Dawn)),
    ("MORGENGRAUEN", When::Hour(TimeOfDay::Dawn)),
    ("SONNENAUFGANG", When::Hour(TimeOfDay::Dawn)),
    ("SUNSET", When::Hour(TimeOfDay::Dusk)),
    ("SUNDOWN", When::Hour(TimeOfDay::Dusk)),
    ("DUSK", When::Hour(TimeOfDay::Dusk)),
    ("TWILIGHT", When::Hour(TimeOfDay::Dusk)),
    ("MAGIC HOUR", When::Hour(TimeOfDay::Dusk)),
    ("GOLDEN HOUR", When::Hour(TimeOfDay::Dusk)),
    ("BLUE HOUR", When::Hour(TimeOfDay::Dusk)),
    ("CRÉPUSCULE", When::Hour(TimeOfDay::Dusk)),
    ("COUCHER DU SOLEIL", When::Hour(TimeOfDay::Dusk)),
    ("COUCHER DE SOLEIL", When::Hour(TimeOfDay::Dusk)),
    ("HEURE BLEUE", When::Hour(TimeOfDay::Dusk)),
    ("ABENDDÄMMERUNG", When::Hour(TimeOfDay::Dusk)),
    ("DÄMMERUNG", When::Hour(TimeOfDay::Dusk)),
    ("SONNENUNTERGANG", When::Hour(TimeOfDay::Dusk)),
    ("AFTERNOON", When::Hour(TimeOfDay::Afternoon)),
    ("APRÈS MIDI", When::Hour(TimeOfDay::Afternoon)),
    ("NACHMITTAG", When::Hour(TimeOfDay::Afternoon)),
    ("NACHMITTAGS", When::Hour(TimeOfDay::Afternoon)),
    ("MORNING", When::Hour(TimeOfDay::Morning)),
    ("MATIN", When::Hour(TimeOfDay::Morning)),
    ("MATINÉE", When::Hour(TimeOfDay::Morning)),
    ("MORGENS", When::Hour(TimeOfDay::Morning)),
    ("FRÜHER MORGEN", When::Hour(TimeOfDay::Morning)),
    ("AM MORGEN", When::Hour(TimeOfDay::Morning)),
    ("NÄCHSTER MORGEN", When::Hour(TimeOfDay::Morning)),
    ("NÄCHSTEN MORGEN", When::Hour(TimeOfDay::Morning)),
    ("VORMITTAG", When::Hour(TimeOfDay::Morning)),
    ("NOON", When::Hour(TimeOfDay::Day)),
    ("MIDDAY", When::Hour(TimeOfDay::Day)),
    ("MITTAG", When::Hour(TimeOfDay::Day)),
    ("MITTAGS", When::Hour(TimeOfDay::Day)),
    ("EVENING", When::Hour(TimeOfDay::Evening)),
    ("SOIR", When::Hour(TimeOfDay::Evening)),
    ("SOIRÉE", When::Hour(TimeOfDay::Evening)),
    ("ABEND", When::Hour(TimeOfDay::Evening)),
    ("ABENDS", When::Hour(TimeOfDay::Evening)),
    ("MINUIT", When::Hour(TimeOfDay::Night)),
    ("MITTERNACHT", When::Hour(TimeOfDay::Night)),
    ("NIGHT", When::Hour(TimeOfDay::Night)),
    ("NUIT", When::Hour(TimeOfDay::Night)),
    ("NACHT", When::Hour(TimeOfDay::Night)),
    ("NACHTS", When::Hour(TimeOfDay::Night)),
    ("DAYTIME", When::Hour(TimeOfDay::Day)),
    ("DAY", When::Hour(TimeOfDay::Day)),
    ("JOUR", When::Hour(TimeOfDay::Day)),
    ("JOURNÉE", When::Hour(TimeOfDay::Day)),
    ("TAGSÜBER", When::Hour(TimeOfDay::Day)),
    ("AM TAG", When::Hour(TimeOfDay::Day)),
    ("NÄCHSTER TAG", When::Hour(TimeOfDay::Day)),
    ("NÄCHSTEN TAG", When::Hour(TimeOfDay::Day)),
    ("TAG", When::Lone(TimeOfDay::Day)),
    ("MIDI", When::Lone(TimeOfDay::Day)),
    ("MORGEN", When::Lone(TimeOfDay::Morning)),
    ("CONTINUOUS", When::GoesOn),
    ("SAME", When::GoesOn),
    ("MOMENTS LATER", When::GoesOn),
    ("CONTINU", When::GoesOn),
    ("AU MÊME MOMENT", When::GoesOn),
    ("FORTSETZUNG", When::GoesOn),
    ("FORTLAUFEND", When::GoesOn),
    ("GLEICHZEITIG", When::GoesOn),
    ("LATER", When::Later),
    ("PLUS TARD", When::Later),
    ("SPÄTER", When::Later),
    ("NEXT DAY", When::AnotherDay),
    ("NEXT MORNING", When::AnotherDay),
    ("ANOTHER DAY", When::AnotherDay),
    ("DAYS LATER", When::AnotherDay),
    ("WEEK LATER", When::AnotherDay),
    ("WEEKS LATER", When::AnotherDay),
    ("MONTHS LATER", When::AnotherDay),
    ("YEAR LATER", When::AnotherDay),
    ("YEARS LATER", When::AnotherDay),
    ("FOLLOWING", When::AnotherDay),
];

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

    /// What the heading says of the time of day.
    #[must_use]
    pub fn time_of_day(&self) -> TimeOfDay {
        let said = self.time.as_deref().unwrap_or_default();
        hour(said).unwrap_or(TimeOfDay::Unsaid)
    }

    /// Whether the heading says that its scene goes on from the one before: `CONTINUOUS`, `SAME`,
    /// `MOMENTS LATER`, `FORTSETZUNG`.
    #[must_use]
    pub fn continues(&self) -> bool {
        self.says(|when| when == When::GoesOn)
    }

    /// Whether the heading says that another day has come since the scene before: `NEXT MORNING`.
    #[must_use]
    pub fn another_day(&self) -> bool {
        self.says(|when| when == When::AnotherDay)
    }

    /// Whether its time or what stands beside it holds such words.
    fn says(&self, is: impl Fn(When) -> bool) -> bool {
        let said = [self.time.as_deref(), self.tail.as_deref()];
        let words: Vec<String> = said.into_iter().flatten().flat_map(upper_words).collect();
        says(&words, is)
    }
}

/// Whether among these words, in capitals, are some that say such a thing.
fn says(words: &[String], is: impl Fn(When) -> bool) -> bool {
    TIMES
        .iter()
        .any(|(said, when)| is(*when) && holds(words, said))
}

/// The time of day that a text says by itself.
fn hour(text: &str) -> Option<TimeOfDay> {
    let words = upper_words(text);
    let of_day = |(said, when): &(&str, When)| match when {
        When::Hour(hour) if holds(&words, said) => Some(*hour),
        When::Lone(hour) if matches!(words.as_slice(), [only] if only == said) => Some(*hour),
        _ => None,
    };
    TIMES.iter().find_map(of_day)
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
    let is_hour =
        |(said, when): &(&str, When)| matches!(when, When::Hour(_)) && last_upper == *said;
    if !TIMES.iter().any(is_hour) {
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
    says(&upper_words(text), |when| {
        matches!(when, When::GoesOn | When::Later)
    })
}

fn upper_words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_uppercase)
        .collect()
}

/// Whether these words stand in `text` one after the other.
fn holds(text: &[String], words: &str) -> bool {
    let here = |window: &[String]| window.iter().map(String::as_str).eq(words.split(' '));
    text.windows(words.split(' ').count()).any(here)
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
