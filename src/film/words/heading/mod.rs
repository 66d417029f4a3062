//! The words of scene headings: what begins one, and what of it says when it plays. The built-in
//! ones are a table over languages; a project adds its own.

mod table;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::{Place, TimeOfDay};

/// How a word that begins a heading has to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Begins {
    /// In any case, with a full stop or a space behind: `INT.`, `Ext `.
    Any,
    /// As `Any`, beside another one alone: `I/E`.
    Paired,
    /// In capitals, with a full stop or a space behind.
    Word,
    /// In capitals, with a full stop behind: an abbreviation that is a word elsewhere.
    Stopped,
    /// With a space, a full stop or the like behind: of scripts without capitals.
    Sign,
    /// With anything behind.
    Mark,
}

/// What words of a heading say of when it plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The time of day.
    Hour(TimeOfDay),
    /// The time of day, but only where nothing else is said with it: a `TAG SALE`, a `MIDI STUDIO`
    /// and `MORGEN'S ROOM` are places.
    Lone(TimeOfDay),
    /// The scene goes on from the one before.
    GoesOn,
    /// Time has passed since the scene before.
    Later,
    /// It is another day.
    AnotherDay,
    /// It is shown as something else than what goes on.
    Framed(Frame),
    /// Said with a time; alone it says nothing: `A BIT`, `EARLY`.
    Beside,
}

/// As what a scene, or a part of one, is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame {
    /// Earlier than the story.
    Flashback,
    /// Later than the story.
    Flashforward,
    /// Dreamt or imagined.
    Dream,
    /// Several moments, one after the other.
    Montage,
    /// Two places by turns.
    Intercut,
    /// The story itself, after one of these.
    Present,
    /// Any other remark of a heading: `ESTABLISHING`, `DRIVING`.
    Remark,
}

/// A project's own words of headings, as in its `aiut.toml` under `[headings]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OwnHeadingWords {
    /// What begins a heading as `INT.` does.
    pub interior: Vec<String>,
    /// What begins a heading as `EXT.` does.
    pub exterior: Vec<String>,
    /// What begins a heading as `INT./EXT.` does.
    pub both: Vec<String>,
    /// By the time of day, what says it.
    pub times: BTreeMap<TimeOfDay, Vec<String>>,
    /// What says that a scene goes on from the one before.
    pub continues: Vec<String>,
    /// What says that time has passed.
    pub later: Vec<String>,
}

/// A word that begins headings.
#[derive(Debug, PartialEq, Eq)]
struct Prefix {
    /// Its first letter in capitals: most lines of a script fail at it.
    initial: char,
    word: String,
    begins: Begins,
    place: Place,
}

/// The words of headings, prepared for reading them.
#[derive(Debug, PartialEq, Eq)]
pub struct HeadingWords {
    /// Longest first.
    prefixes: Vec<Prefix>,
    /// By their first word, folded: the whole phrase, what it says, and its rank in the table.
    phrases: HashMap<String, Vec<(Vec<String>, When, usize)>>,
}

/// The built-in words, prepared once.
static BUILTIN: LazyLock<Arc<HeadingWords>> =
    LazyLock::new(|| Arc::new(HeadingWords::with(&OwnHeadingWords::default())));

/// A phrase found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// Its first word, counted from 0.
    pub from: usize,
    /// The word behind its last one.
    pub to: usize,
    /// What it says.
    pub when: When,
    /// Its place in the table: of two times of day the first one counts.
    pub rank: usize,
}

/// What words of a piece of a heading say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Its words, folded.
    pub words: Vec<String>,
    /// Phrases of the table, in order; `Beside` ones left out.
    pub said: Vec<Said>,
    /// Whether nothing else is said in it, and something is.
    pub whole: bool,
}

impl HeadingWords {
    /// The built-in words.
    #[must_use]
    pub fn builtin() -> Arc<Self> {
        BUILTIN.clone()
    }

    /// The built-in words with a project's own.
    #[must_use]
    pub fn with(own: &OwnHeadingWords) -> Self {
        let mut prefixes = Vec::new();
        let mut add = |word: &str, begins, place| {
            let word = word.trim().trim_end_matches(['.', ':']).to_uppercase();
            if let Some(initial) = initial(&word) {
                prefixes.push(Prefix {
                    initial,
                    word,
                    begins,
                    place,
                });
            }
        };
        for (place, list) in [
            (Place::Interior, &own.interior),
            (Place::Exterior, &own.exterior),
            (Place::Both, &own.both),
        ] {
            for word in list {
                let cased = word.chars().any(|c| c.is_uppercase() || c.is_lowercase());
                let begins = if cased { Begins::Word } else { Begins::Sign };
                add(word, begins, place);
            }
        }
        for (place, begins, words) in table::PREFIXES {
            for word in *words {
                add(word, *begins, *place);
            }
        }
        // The longest one that fits is meant; of equal ones the project's own.
        prefixes.sort_by_key(|prefix| std::cmp::Reverse(prefix.word.len()));
        let mut phrases = HashMap::<String, Vec<(Vec<String>, When, usize)>>::new();
        let mut rank = 0;
        let mut add = |text: &str, when| {
            let words = folded_words(text);
            if let Some(first) = words.first() {
                let same = phrases.entry(first.clone()).or_default();
                same.push((words, when, rank));
                rank += 1;
            }
        };
        let times = own
            .times
            .iter()
            .flat_map(|(time, words)| words.iter().map(|word| (word, When::Hour(*time))));
        let goes_on = own.continues.iter().map(|word| (word, When::GoesOn));
        let later = own.later.iter().map(|word| (word, When::Later));
        for (word, when) in times.chain(goes_on).chain(later) {
            add(word, when);
        }
        for (when, words) in table::TIMES {
            words.iter().for_each(|word| add(word, *when));
        }
        for same in phrases.values_mut() {
            same.sort_by_key(|(words, _, rank)| (std::cmp::Reverse(words.len()), *rank));
        }
        Self { prefixes, phrases }
    }

    /// The opening words of a scene heading: the bytes they take and what they say; none if this is
    /// no heading. `INT.`, `EXT `, `INT. / EXT.`, `I/E`, `内 `.
    #[must_use]
    pub fn prefix(&self, text: &str) -> Option<(usize, Place)> {
        let (len, begins, place) = self.first_prefix(text)?;
        let rest = &text[len..];
        let inner = rest.trim_start();
        for join in table::JOINS {
            let Some(after) = strip_folded(inner, join) else {
                continue;
            };
            let after = after.trim_start();
            let Some((more, second, other)) = self.first_prefix(after) else {
                continue;
            };
            let lone = begins == Begins::Paired || second == Begins::Paired;
            let end = text.len() - after.len() + more;
            if lone && *join != "/" || !ended(&text[..end], &text[end..], second) {
                continue;
            }
            let both = if place == other { place } else { Place::Both };
            return Some((end, both));
        }
        (begins != Begins::Paired && ended(&text[..len], rest, begins)).then_some((len, place))
    }

    /// One word that begins headings, with its full stop.
    fn first_prefix(&self, text: &str) -> Option<(usize, Begins, Place)> {
        let first = initial(text)?;
        let fitting = |prefix: &&Prefix| prefix.initial == first;
        self.prefixes.iter().filter(fitting).find_map(|prefix| {
            let Prefix {
                word,
                begins,
                place,
                ..
            } = prefix;
            let rest = strip_folded(text, word)?;
            let len = text.len() - rest.len();
            let written = &text[..len];
            let capitals = !written.chars().any(char::is_lowercase) || written.contains('ß');
            let fits = match begins {
                Begins::Any | Begins::Paired => true,
                Begins::Word => capitals,
                Begins::Stopped => capitals && rest.starts_with('.'),
                Begins::Sign | Begins::Mark => true,
            };
            let stop = match rest.chars().next() {
                Some(c @ ('.' | '．' | '。' | '、')) => c.len_utf8(),
                _ => 0,
            };
            let parted =
                *begins == Begins::Mark || !rest.starts_with(|c: char| c.is_alphanumeric());
            (fits && parted).then_some((len + stop, *begins, *place))
        })
    }

    /// What the words of a text say of when it plays.
    #[must_use]
    pub fn read(&self, text: &str) -> Reading {
        let words = folded_words(text);
        let mut said = Vec::new();
        let mut whole = true;
        let mut at = 0;
        while at < words.len() {
            if let Some((len, when, rank)) = self.at(&words[at..]) {
                let to = at + len;
                if when != When::Beside {
                    said.push(Said {
                        from: at,
                        to,
                        when,
                        rank,
                    });
                }
                // `NEXT MORNING` is a morning, too.
                if matches!(when, When::AnotherDay | When::GoesOn | When::Framed(_)) {
                    let inner = (at..to).filter_map(|from| {
                        let (len, when, rank) = self.at(&words[from..to])?;
                        let hour = matches!(when, When::Hour(_) | When::Lone(_));
                        hour.then(|| Said {
                            from,
                            to: from + len,
                            when,
                            rank,
                        })
                    });
                    said.extend(inner);
                }
                at += len;
                continue;
            }
            if is_year(&words[at]) {
                let (from, to, when) = (at, at + 1, When::Framed(Frame::Remark));
                said.push(Said {
                    from,
                    to,
                    when,
                    rank: usize::MAX,
                });
            } else if !is_number(&words[at]) {
                whole = false;
            }
            at += 1;
        }
        whole &= !said.is_empty();
        Reading { words, said, whole }
    }

    /// The longest phrase with which `words` begin.
    fn at(&self, words: &[String]) -> Option<(usize, When, usize)> {
        let same = self.phrases.get(words.first()?)?;
        let found = same.iter().find(|(phrase, ..)| words.starts_with(phrase))?;
        Some((found.0.len(), found.1, found.2))
    }
}

/// Whether what stands behind such a word lets it begin a heading.
fn ended(head: &str, rest: &str, begins: Begins) -> bool {
    let stopped = head.ends_with(['.', '．', '。', '、']);
    match begins {
        Begins::Mark => true,
        // A sentence in capitals is none: `INTERIOR LIGHTS FLICKER.`
        Begins::Word => {
            stopped
                || rest.starts_with([' ', '\t', ':'])
                    && !rest.trim_end().ends_with(['.', '!', '?', '…'])
        }
        Begins::Sign => {
            (stopped || rest.starts_with(char::is_whitespace) || rest.starts_with(['：', ':']))
                && !rest.contains(['。', '，', '！', '？'])
        }
        Begins::Any | Begins::Paired | Begins::Stopped => stopped || rest.starts_with([' ', '\t']),
    }
}

impl Reading {
    /// The time of day; that of `Lone` words only if nothing else is said.
    #[must_use]
    pub fn hour(&self) -> Option<TimeOfDay> {
        let hours = self.said.iter().filter_map(|said| match said.when {
            When::Hour(hour) => Some((said.rank, hour)),
            When::Lone(hour) if self.whole => Some((said.rank, hour)),
            _ => None,
        });
        hours.min_by_key(|(rank, _)| *rank).map(|(_, hour)| hour)
    }

    /// Whether something that it says is such a thing.
    #[must_use]
    pub fn says(&self, is: impl Fn(When) -> bool) -> bool {
        self.said.iter().any(|said| is(said.when))
    }
}

/// The year that a text names: `(1973)`, `MID '70S`.
#[must_use]
pub fn year_in(text: &str) -> Option<String> {
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    let found = words.find(|word| is_year(word) && word.len() >= 4)?;
    Some(found.to_lowercase())
}

/// `1987`, `1970S`, `70S`
fn is_year(word: &str) -> bool {
    let digits = word.trim_end_matches(['S', 's']);
    let whole = digits.len() == 4 && digits.starts_with(['1', '2'])
        || digits.len() == 2 && digits.len() < word.len();
    whole && digits.bytes().all(|b| b.is_ascii_digit())
}

/// `3`, `1ST`, `10PM`
fn is_number(word: &str) -> bool {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < word.len() && matches!(rest, "" | "ST" | "ND" | "RD" | "TH" | "AM" | "PM" | "H")
}

/// The words of a text in capitals without accents.
fn folded_words(text: &str) -> Vec<String> {
    fold(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A text in capitals without accents: `MAÑANA` and `manana` are the same.
fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_uppercase();
    }
    let bare = text.nfkd().filter(|c| !('\u{300}'..='\u{36f}').contains(c));
    let plain = bare.map(|c| match c {
        'ł' | 'Ł' => 'L',
        c => c,
    });
    plain.collect::<String>().to_uppercase()
}

fn initial(text: &str) -> Option<char> {
    text.chars().next()?.to_uppercase().next()
}

/// What follows `word` at the head of `text`, whatever the case.
fn strip_folded<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    if let Some(head) = text.get(..word.len())
        && head.eq_ignore_ascii_case(word)
    {
        return Some(&text[word.len()..]);
    }
    if word.is_ascii() {
        return None;
    }
    let mut wanted = word.chars();
    let mut rest = text;
    loop {
        let Some(want) = wanted.next() else {
            return Some(rest);
        };
        let c = rest.chars().next()?;
        if c != want && !c.to_uppercase().eq(want.to_uppercase()) {
            return None;
        }
        rest = &rest[c.len_utf8()..];
    }
}
