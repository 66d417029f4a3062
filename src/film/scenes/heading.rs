//! A scene heading taken apart: `INT. JOE'S BAR - BACK ROOM - NIGHT (1973)`.
//!
//! It falls into pieces at dashes, slashes, commas and full stops. What a piece says of the time is
//! in the table of `words::heading`; all else is the name of the place.

use crate::fountain::plain;
use crate::words::{Common, Frame, HeadingWords, Place, Reading, TimeOfDay, When, common, year_in};

/// The parts of a scene heading. Texts are without emphasis marks, spaces collapsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Inside or outside, as it says.
    pub place: Place,
    /// `JOE'S BAR`; empty if it names no place.
    pub setting: String,
    /// What stands between the setting and the time: `["BACK ROOM"]`. Each lies in the one before.
    pub sub_settings: Vec<String>,
    /// `NIGHT`, as written.
    pub time: Option<String>,
    /// What is said beside these: `(1973)`, `[STORY VERSION]`, `DRIVING`.
    pub tail: Option<String>,
    /// What it says of the time of day.
    pub hour: TimeOfDay,
    /// Whether its scene goes on from the one before: `CONTINUOUS`, `SAME`.
    pub goes_on: bool,
    /// Whether another day has come since the scene before: `NEXT MORNING`.
    pub another_day: bool,
    /// As what its scene is shown, if it says: `FLASHBACK`.
    pub frame: Option<Frame>,
    /// The year that it names: `1973`.
    pub year: Option<String>,
    /// The heading as written, without its scene number; empty for a scene without heading.
    pub raw: String,
}

impl Default for Heading {
    fn default() -> Self {
        Self {
            place: Place::Unsaid,
            setting: String::new(),
            sub_settings: Vec::new(),
            time: None,
            tail: None,
            hour: TimeOfDay::Unsaid,
            goes_on: false,
            another_day: false,
            frame: None,
            year: None,
            raw: String::new(),
        }
    }
}

/// A piece of a heading.
struct Piece {
    text: String,
    reading: Reading,
    /// Whether dashes stand around it: a time may have other words beside it there.
    dashed: bool,
}

impl Heading {
    /// Takes the text of a scene heading apart, with the built-in words.
    #[must_use]
    pub fn parse(raw: &str) -> Self {
        Self::read(raw, &HeadingWords::builtin())
    }

    /// Takes the text of a scene heading apart.
    #[must_use]
    pub fn read(raw: &str, words: &HeadingWords) -> Self {
        let text = collapse(&plain(raw));
        let text = text.replace('（', " (").replace('）', ") ");
        let (prefix, mut place) = words.prefix(&text).unwrap_or((0, Place::Unsaid));
        let mut tail = Vec::new();
        let mut times = Vec::new();
        let mut names: Vec<String> = Vec::new();
        let mut begun = false;
        for piece in pieces(&text[prefix..], words) {
            let mut piece = piece;
            // `OFFICE / EXT. STREET`
            if let Some((len, other)) = words.prefix(&piece.text) {
                place = if place == other || place == Place::Unsaid {
                    other
                } else {
                    Place::Both
                };
                piece = Piece::new(piece.text[len..].trim(), piece.dashed, words);
            }
            let aside = bracketed(&piece.text, words, &mut times, &mut tail);
            let piece = Piece::new(&aside, piece.dashed, words);
            if piece.text.is_empty() {
                continue;
            }
            match piece.sort(!names.is_empty(), begun) {
                Sort::Time => {
                    begun = true;
                    times.push(piece.text);
                }
                Sort::Remark if names.is_empty() && !piece.sets_apart() => names.push(piece.text),
                Sort::Remark => tail.push(piece.text),
                Sort::Name => {
                    let (frame, name) = piece.opening_frame();
                    tail.extend(frame);
                    names.push(name);
                }
                Sort::NameAndTime(at) => {
                    let (name, time) = piece.text.split_at(at);
                    names.push(name.trim_end_matches([',', ' ', '.']).to_owned());
                    times.push(time.trim().to_owned());
                    begun = true;
                }
            }
        }
        names.retain(|name| !name.is_empty());
        let mut out = Self {
            place,
            raw: raw.to_owned(),
            ..Self::default()
        };
        let mut names = names.into_iter();
        out.setting = names.next().unwrap_or_default();
        out.sub_settings = names.collect();
        out.say(times, tail, words);
        out
    }

    /// Fills in what the pieces beside the place say.
    fn say(&mut self, mut times: Vec<String>, mut tail: Vec<String>, words: &HeadingWords) {
        let readings: Vec<Reading> = times
            .iter()
            .chain(&tail)
            .map(|text| words.read(text))
            .collect();
        let hour = |reading: &Reading| reading.hour().is_some();
        let flows =
            |reading: &Reading| reading.says(|when| matches!(when, When::GoesOn | When::Later));
        let said = &readings[..times.len()];
        let chosen = said
            .iter()
            .position(hour)
            .or_else(|| said.iter().position(flows))
            .or_else(|| (!times.is_empty()).then_some(0));
        if let Some(at) = chosen {
            self.hour = said[at].hour().unwrap_or(TimeOfDay::Unsaid);
            self.time = Some(times.remove(at));
        }
        let says = |is: fn(When) -> bool| readings.iter().any(|reading| reading.says(is));
        self.goes_on = says(|when| when == When::GoesOn);
        self.another_day = says(|when| when == When::AnotherDay);
        let frames = readings.iter().flat_map(|reading| &reading.said);
        self.frame = frames
            .filter_map(|said| match said.when {
                When::Framed(frame) if frame != Frame::Remark => Some(frame),
                _ => None,
            })
            .next();
        self.year = year_in(&tail.join(" ")).or_else(|| year_in(&times.join(" ")));
        if self.year.is_none() {
            self.year = self.time.as_deref().and_then(year_in);
        }
        tail.extend(times);
        self.tail = (!tail.is_empty()).then(|| tail.join(" "));
    }

    /// What the heading says of the time of day.
    #[must_use]
    pub fn time_of_day(&self) -> TimeOfDay {
        self.hour
    }

    /// Whether the heading says that its scene goes on from the one before: `CONTINUOUS`, `SAME`,
    /// `MOMENTS LATER`, `FORTSETZUNG`.
    #[must_use]
    pub fn continues(&self) -> bool {
        self.goes_on
    }

    /// Whether the heading says that another day has come since the scene before: `NEXT MORNING`.
    #[must_use]
    pub fn another_day(&self) -> bool {
        self.another_day
    }

    /// Whether a heading without `INT.` or the like names no place: a line that was forced to be one and tells what
    /// happens (`ANNA SHOOTS HIM DEAD.`), or how it is seen (`SNIPER SCOPE POV`).
    pub(super) fn is_no_place(&self) -> bool {
        const SEEN: &[&str] = &[
            "POV", "INSERT", "CLOSE", "CLOSER", "ANGLE", "REVERSE", "WIDER",
        ];
        if self.place != Place::Unsaid {
            return false;
        }
        let raw = plain(&self.raw);
        let raw = raw.trim();
        let words: Vec<&str> = raw
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let sentence =
            words.len() > 2 && raw.ends_with(['.', '!', '?', '-', '\u{2026}', '\u{2014}']);
        let ends = |word: &&str| SEEN[..2].contains(word);
        let begins = |word: &&str| SEEN.contains(word);
        sentence || words.first().is_some_and(begins) || words.last().is_some_and(ends)
    }

    /// Of a first scene `INT./EXT. VISION`, which has no scene before it, what it says is the place.
    pub(super) fn name_what_is_said(&mut self) {
        let said = self.frame.and(self.tail.as_ref()).cloned();
        if self.setting.is_empty() && self.place != Place::Unsaid {
            self.setting = said.unwrap_or_default();
        }
    }

    /// The place that a scene takes over whose heading names none: `LATER`, `EXT. NIGHT`.
    pub(super) fn inherit(&mut self, before: &Self) {
        self.setting.clone_from(&before.setting);
        self.sub_settings.clone_from(&before.sub_settings);
        if self.place == Place::Unsaid {
            self.place = before.place;
        }
    }
}

/// The time of day that the words of a heading say, by the built-in words: `LATE AFTERNOON`.
#[must_use]
pub fn time_of_day(text: &str) -> TimeOfDay {
    let hour = HeadingWords::builtin().read(text).hour();
    hour.unwrap_or(TimeOfDay::Unsaid)
}

/// What a piece of a heading is.
enum Sort {
    Time,
    Remark,
    Name,
    /// A name with a time behind it, which begins at that byte: `HOUSE DAY`.
    NameAndTime(usize),
}

impl Piece {
    fn new(text: &str, dashed: bool, words: &HeadingWords) -> Self {
        let trim = |c: char| {
            c.is_whitespace() || matches!(c, '.' | ',' | ':' | ';' | '-' | '–' | '・' | '·')
        };
        let text = text.trim_start_matches(trim).trim_end();
        let text = text
            .trim_end_matches([',', ':', ';', '-', '・', '·'])
            .trim_end();
        Self {
            text: text.to_owned(),
            reading: words.read(text),
            dashed,
        }
    }

    /// `named` if a place has been named before it, `begun` if a time has.
    fn sort(&self, named: bool, begun: bool) -> Sort {
        let reading = &self.reading;
        let timed = reading.says(|when| !matches!(when, When::Framed(_)));
        if reading.whole {
            return if timed { Sort::Time } else { Sort::Remark };
        }
        let (Some(first), Some(last)) = (reading.said.first(), reading.said.last()) else {
            // After the time stand remarks, unless it is another part of the place.
            let place = reading.words.last().map(|word| word.to_lowercase());
            let is_place = place.is_some_and(|word| common(&word) == Some(Common::Place));
            return if begun && named && !is_place {
                Sort::Remark
            } else {
                Sort::Name
            };
        };
        let sure = |when: When| {
            matches!(
                when,
                When::Hour(_) | When::GoesOn | When::Later | When::AnotherDay
            )
        };
        let count = reading.words.len();
        let others = reading.words.iter().enumerate().filter(|(at, _)| {
            !reading
                .said
                .iter()
                .any(|said| (said.from..said.to).contains(at))
        });
        let place = others
            .clone()
            .any(|(_, word)| common(&word.to_lowercase()) == Some(Common::Place));
        let joined = last.from.checked_sub(1).is_some_and(|at| {
            let before = reading.words[at].to_lowercase();
            common(&before) == Some(Common::Joint)
        });
        let ends = last.to == count && sure(last.when) && !joined;
        let begins = first.from == 0 && sure(first.when);
        if self.dashed && named && !place && (ends || begins) {
            return Sort::Time;
        }
        // `INT HOUSE DAY`, `厨房 夜`: no dash, yet the last word can only be a time.
        if ends
            && (!begun && last.from > 0)
            && let Some(at) = self.byte_of(last.from)
        {
            return Sort::NameAndTime(at);
        }
        if begun && named && !place {
            return Sort::Remark;
        }
        Sort::Name
    }

    /// Where a word of the text begins; none where words are not parted by spaces alone.
    fn byte_of(&self, word: usize) -> Option<usize> {
        let mut at = 0;
        let mut count = 0;
        for (start, part) in spaced(&self.text) {
            if count == word {
                at = start;
                break;
            }
            count += part
                .split(|c: char| !c.is_alphanumeric())
                .filter(|part| !part.is_empty())
                .count();
        }
        (count == word && at > 0).then_some(at)
    }

    /// Whether a scene is shown otherwise by it: such words are no place.
    fn sets_apart(&self) -> bool {
        self.reading
            .says(|when| matches!(when, When::Framed(frame) if frame != Frame::Remark))
    }

    /// `INTERCUT HALLWAY` is a hallway.
    fn opening_frame(self) -> (Option<String>, String) {
        let first = self.reading.said.first();
        let opens = first.filter(|said| {
            let frame = matches!(
                said.when,
                When::Framed(
                    Frame::Intercut | Frame::Montage | Frame::Flashback | Frame::Flashforward
                )
            );
            said.from == 0 && frame
        });
        let at = opens.and_then(|said| self.byte_of(said.to));
        match at {
            Some(at) => {
                let (frame, rest) = self.text.split_at(at);
                let rest = rest
                    .trim_start_matches("WITH ")
                    .trim_start_matches([':', ' ', '-']);
                (
                    Some(frame.trim_end_matches([':', ' ']).to_owned()),
                    rest.to_owned(),
                )
            }
            None => (None, self.text),
        }
    }
}

/// Words between spaces with their places.
fn spaced(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(' ')
        .map(move |part| (part.as_ptr() as usize - text.as_ptr() as usize, part))
}

fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The pieces of a heading, in order: between dashes (`--`, `—`, `–`, or `-` with a space on one
/// side), slashes with a space, commas; and between full stops where a time follows. What stands in
/// brackets is never divided.
fn pieces(text: &str, words: &HeadingWords) -> Vec<Piece> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let at = |at: Option<usize>| at.and_then(|at| chars.get(at)).map(|(_, c)| *c);
    let space = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let mut out: Vec<Piece> = Vec::new();
    let mut depth = 0_usize;
    let (mut start, mut soft) = (0, false);
    let mut close = |from: usize, to: usize, dashed: bool| {
        let piece = Piece::new(&text[from..to], dashed, words);
        if !piece.text.is_empty() {
            out.push(piece);
        }
    };
    for (index, &(byte, c)) in chars.iter().enumerate() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > 0 || byte < start {
            continue;
        }
        let (before, after) = (at(index.checked_sub(1)), at(Some(index + 1)));
        let dash = match c {
            '\u{2014}' | '\u{2013}' | '―' => true,
            '-' => space(before) || space(after) || before == Some('-') || after == Some('-'),
            _ => false,
        };
        let light = match c {
            '/' => space(before) && space(after),
            ',' | '，' | '、' => space(after) || c != ',',
            // Only a time stands behind a full stop: `ST. MARY'S` is one name.
            '.' | ';' | ':' | '。' | '・' | '·' => {
                let rest = &text[byte + c.len_utf8()..];
                let rest = rest.split(['(', '[']).next().unwrap_or_default();
                (space(after) || !c.is_ascii()) && words.read(rest).whole && !rest.trim().is_empty()
            }
            _ => false,
        };
        if dash || light {
            close(start, byte, !soft);
            start = byte + c.len_utf8();
            soft = light;
        }
    }
    close(start, text.len(), !soft);
    // `夜 厨房`, `NIGHT - BEACH`: the time may stand first.
    let lone = out.len() == 1 && out[0].text.chars().any(|c| c > '\u{2E7F}');
    if lone && let Some((first, rest)) = out[0].text.split_once(' ') {
        let (first, rest) = (
            Piece::new(first, true, words),
            Piece::new(rest, true, words),
        );
        if first.reading.whole {
            return vec![first, rest];
        }
    }
    out
}

/// Takes what stands in brackets out of a piece: times and remarks, and in a name `[…]` and years
/// alone, as `A.P. NEWSROOM (PARIS)` is its name.
fn bracketed(
    text: &str,
    words: &HeadingWords,
    times: &mut Vec<String>,
    tail: &mut Vec<String>,
) -> String {
    let outside = take_brackets(text, &mut Vec::new(), |_, _| true);
    let timed = words.read(&outside).whole;
    let mut asides = Vec::new();
    let kept = take_brackets(text, &mut asides, |open, inside| {
        let digits = inside.chars().filter(char::is_ascii_digit).count() >= 4;
        // `PRESS ROOM (?)`: what is not known is no part of a name.
        let empty = !inside.chars().any(char::is_alphanumeric);
        timed || open == '[' || digits || empty || words.read(inside).whole
    });
    for aside in asides {
        let reading = words.read(&aside);
        // `KITCHEN (NIGHT)`
        if !timed && reading.whole && reading.hour().is_some() {
            times.push(aside.trim_matches(['(', ')', '[', ']', ' ']).to_owned());
        } else {
            tail.push(aside);
        }
    }
    kept
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
