//! A cue with all that is said under it.

use super::decompose::PARENTHETICAL;
use super::manners::{bracketed, in_english, is_pause};
use super::rules::Talk;
use super::verbs::third_person;
use crate::cast::{Cast, Reader, is_everybody};
use crate::fountain::{Element, ElementKind, cue_device};
use crate::prose;
use crate::words::Heard;

/// Parentheticals in a row that are told; no picture shows more.
const MOST_MANNERS: usize = 32;

/// So many who speak at once are told by their names.
const MOST_SPOKEN: usize = 4;

pub(super) struct Speech {
    /// A character's name, or the cue's for several.
    pub(super) name: String,
    pub(super) who: Vec<usize>,
    pub(super) heard: Heard,
    /// What a voice that is only heard comes through: `over the phone`.
    pub(super) through: Option<&'static str>,
    parts: Vec<Part>,
}

struct Part {
    /// Parentheticals before the words.
    manner: Vec<String>,
    text: String,
    /// Whether any of the words are spoken, and whether any are sung.
    spoken: bool,
    sung: bool,
}

/// What of a speech is in one shot.
pub(super) struct Chunk {
    manner: Vec<String>,
    pub(super) text: String,
    pub(super) pauses: u32,
    sung: bool,
}

impl Part {
    fn empty() -> Self {
        Self {
            manner: Vec::new(),
            text: String::new(),
            spoken: false,
            sung: false,
        }
    }
}

impl Speech {
    /// Takes the block that begins with the cue at `at`; returns it with the index after it.
    pub(super) fn gather(
        elements: &[&Element],
        at: usize,
        cast: &Cast,
        reader: &Reader<'_>,
    ) -> (Self, usize) {
        let (name, extensions) = match &elements[at].kind {
            ElementKind::Character {
                name, extensions, ..
            } => (name.as_str(), extensions.as_slice()),
            _ => ("", &[][..]),
        };
        let who = reader.speakers(name, extensions);
        let known = |one: &usize| cast.characters[*one].name.clone();
        let shown = match who.as_slice() {
            [one] => known(one),
            // `BOTH` are who they are.
            [_, ..] if is_everybody(name) && who.len() <= MOST_SPOKEN => {
                who.iter().map(known).collect::<Vec<_>>().join(" AND ")
            }
            _ => prose::plain(name),
        };
        let mut parts = vec![Part::empty()];
        let mut end = at + 1;
        while end < elements.len() {
            let text = prose::plain(&elements[end].text);
            match elements[end].kind {
                ElementKind::Parenthetical => {
                    let fresh = parts.last().is_some_and(|part| !part.text.is_empty());
                    if fresh {
                        parts.push(Part::empty());
                    }
                    if let Some(part) = parts.last_mut()
                        && part.manner.len() < MOST_MANNERS
                    {
                        part.manner.push(text);
                    }
                }
                ElementKind::Dialogue | ElementKind::Lyric => {
                    let (manner, said) = bracketed(&text);
                    let fresh =
                        manner.is_some() && parts.last().is_some_and(|part| !part.text.is_empty());
                    if fresh {
                        parts.push(Part::empty());
                    }
                    if let (Some(part), Some(manner)) = (parts.last_mut(), manner)
                        && part.manner.len() < MOST_MANNERS
                    {
                        part.manner.push(manner.to_owned());
                    }
                    let text = said;
                    if let Some(part) = parts.last_mut() {
                        if !part.text.is_empty() && !text.is_empty() {
                            part.text.push(' ');
                        }
                        part.text.push_str(text);
                        match elements[end].kind {
                            ElementKind::Lyric => part.sung = true,
                            _ => part.spoken = true,
                        }
                    }
                }
                _ => break,
            }
            end += 1;
        }
        let heard = reader.heard(name, extensions);
        let through = cue_device(extensions).filter(|_| heard != Heard::OnScreen);
        (
            Self {
                through,
                name: shown,
                who,
                heard,
                parts,
            },
            end,
        )
    }

    /// `Edward`, `Edward and Will`.
    pub(super) fn display(&self, cast: &Cast) -> String {
        let names: Vec<String> = self
            .who
            .iter()
            .map(|&one| cast.characters[one].in_text())
            .collect();
        match names.as_slice() {
            [] => prose::display_name(&self.name),
            [one] => one.clone(),
            [first @ .., last] => format!("{} and {last}", first.join(", ")),
        }
    }

    /// All that is said.
    pub(super) fn text(&self) -> String {
        let texts = self.parts.iter().map(|part| part.text.as_str());
        texts
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    pub(super) fn words(&self) -> usize {
        self.parts
            .iter()
            .map(|part| prose::words(&part.text).len())
            .sum()
    }

    /// The speech in pieces of at most `limit` words, whole sentences each, as even as they come.
    pub(super) fn chunks(&self, limit: usize) -> Vec<Chunk> {
        let mut chunks: Vec<Chunk> = Vec::new();
        let total = self.words();
        let pieces = total.div_ceil(limit.max(1)).max(1);
        let even = total.div_ceil(pieces);
        let mut size = 0;
        for part in &self.parts {
            for (i, sentence) in pieces_of(&part.text, limit).into_iter().enumerate() {
                let words = prose::words(sentence).len();
                let full = size > 0 && (size + words > limit || size >= even);
                if chunks.is_empty() || full {
                    chunks.push(Chunk {
                        manner: Vec::new(),
                        text: String::new(),
                        pauses: 0,
                        sung: part.sung,
                    });
                    size = 0;
                }
                if let Some(chunk) = chunks.last_mut() {
                    chunk.sung &= part.sung && !part.spoken;
                    if i == 0 {
                        chunk.take(&part.manner);
                    }
                    if !chunk.text.is_empty() && !sentence.is_empty() {
                        chunk.text.push(' ');
                    }
                    chunk.text.push_str(sentence);
                    size += words;
                }
            }
        }
        chunks
    }
}

/// The sentences of a text; one of more than `limit` words comes apart between clauses.
fn pieces_of(text: &str, limit: usize) -> Vec<&str> {
    let found = prose::sentences(text);
    if found.is_empty() {
        return vec![text];
    }
    found
        .into_iter()
        .flat_map(|sentence| prose::parts(sentence, limit))
        .collect()
}

impl Chunk {
    fn take(&mut self, manner: &[String]) {
        for one in manner {
            self.pauses += u32::from(is_pause(one));
            for piece in one.split(';') {
                let piece = piece
                    .trim()
                    .trim_end_matches(['.', ',', '-', ' '])
                    .trim_start_matches(['-', ' ']);
                // `singing, badly`: how they sing.
                let sings = |text: &str| SUNG.contains(&prose::tokens(text).join(" ").as_str());
                let piece = match piece.split_once(", ") {
                    Some((first, how)) if sings(first) => {
                        self.sung = true;
                        how
                    }
                    _ => piece,
                };
                let words = prose::tokens(piece);
                let pause = is_pause(piece) && words.len() <= 3;
                if SUNG.contains(&words.join(" ").as_str()) {
                    self.sung = true;
                } else if !piece.is_empty() && !pause && !is_readers(&words) {
                    self.manner.push(told_of(piece));
                }
            }
        }
    }

    /// How it is said: as the script's parentheticals have it, else as its own words show; and how it
    /// ends. With the rules that say so.
    pub(super) fn tone(&self, rules: &Talk) -> Vec<(String, &'static str, String)> {
        let mut all = Vec::new();
        let hows: Vec<&str> = self
            .manner
            .iter()
            .filter_map(|manner| match Manner::of(manner) {
                Manner::How(how) => Some(how),
                _ => None,
            })
            .collect();
        if !hows.is_empty() {
            let from = format!("the script says {:?}", hows.join("; "));
            all.push((hows.join(", then "), PARENTHETICAL, from));
        }
        let line = self.text.trim_end_matches(['"', '”', '\'', '’', ')', ' ']);
        let asks = line.ends_with(['?', '？', '؟']);
        if all.is_empty() && self.manner.is_empty() && !asks {
            let words = prose::tokens(&self.text);
            let found = rules.tone.iter().find_map(|tone| {
                let mut phrases = tone.begins.iter();
                let phrase = phrases.find(|phrase| {
                    phrase.begins(&words) && (!tone.marked || self.is_marked(phrase.len()))
                })?;
                Some((tone, phrase))
            });
            if let Some((tone, phrase)) = found {
                let from = format!("the line begins with {:?}", phrase.text);
                all.push((tone.says.clone(), "talk.tone", from));
            }
        }
        // What breaks off in quotes is somebody else's.
        let quoted = line.len() < self.text.trim_end().len();
        let ends = rules.end.iter().filter(|_| !quoted).find_map(|end| {
            let mark = end
                .marks
                .iter()
                .find(|mark| line.ends_with(mark.as_str()))?;
            Some((end, mark))
        });
        if let Some((end, mark)) = ends {
            let from = format!("the line ends in {mark:?}");
            all.push((end.says.clone(), "talk.end", from));
        }
        all
    }

    /// Whether a mark stands behind so many first words.
    fn is_marked(&self, count: usize) -> bool {
        let words = prose::words(&self.text);
        let behind = count.checked_sub(1).and_then(|at| words.get(at));
        behind.is_none_or(|word| {
            let rest = self.text[word.end..].trim_start_matches(['"', '”', '\'', '’']);
            rest.is_empty() || !rest.starts_with(' ')
        })
    }

    /// The verb of speaking that fits: of one, of several.
    fn verb(&self, part: usize) -> (&'static str, &'static str) {
        let line = self.text.trim_end_matches(['"', '”', '\'', '’', ')', ' ']);
        if self.sung {
            return ("sings", "sing");
        }
        if shouted(&self.text) {
            return ("shouts", "shout");
        }
        match line.chars().last() {
            Some('?' | '？' | '؟' | '⁈' | '‽') => ("asks", "ask"),
            Some('!' | '！') => ("exclaims", "exclaim"),
            _ if part == 0 => ("speaks", "speak"),
            _ => ("goes on", "go on"),
        }
    }

    /// Says in whole sentences that somebody speaks, and how. `before` is what the shot already
    /// shows; if it says itself that somebody speaks, nothing is added.
    pub(super) fn told(&self, name: &str, part: usize, before: &str, tone: Option<&str>) -> String {
        let several = name.contains(" and ");
        let (one, many) = self.verb(part);
        let verb = if several { many } else { one };
        let mut first = Vec::new();
        let mut with = String::new();
        let mut with_verb: Vec<String> = Vec::new();
        for manner in &self.manner {
            match Manner::of(manner) {
                Manner::With(manner) => {
                    // One speaks to somebody, and asks them.
                    let manner = match (verb, manner.strip_prefix("to ")) {
                        ("asks" | "ask", Some(whom)) => whom,
                        _ => manner,
                    };
                    if !with.contains(manner) {
                        with.push(' ');
                        with.push_str(manner);
                    }
                }
                Manner::About(what) => {
                    with.push_str(" about ");
                    with.push_str(what);
                }
                Manner::Sentence(manner) => first.push(sentence(manner)),
                Manner::Alone(verb) => with_verb.push(verb),
                Manner::Does(manner) => first.push(sentence(&format!("{name} {manner}"))),
                Manner::How(_) => {}
            }
        }
        let says = prose::tokens(before)
            .iter()
            .any(|word| SPOKEN.contains(&word.as_str()));
        let mut out: Vec<String> = first;
        if !says || !with.is_empty() || tone.is_some() || !with_verb.is_empty() {
            with_verb.push(verb.to_owned());
            let how = tone.map(|how| format!(", {how}")).unwrap_or_default();
            out.insert(
                0,
                sentence(&format!("{name} {}{with}{how}.", with_verb.join(" and "))),
            );
        }
        if out.is_empty() {
            String::new()
        } else {
            out.join(" ")
        }
    }
}

/// Parentheticals that say that the words are sung.
#[rustfmt::skip]
const SUNG: &[&str] = &[
    "singing", "sings", "sung", "in song", "chante", "chantant", "en chantant", "singt", "singend", "canta", "cantando",
    "поёт", "поет", "歌",
];

/// Parentheticals, or clauses of them, that are for who reads: nobody sees or hears them.
#[rustfmt::skip]
const READERS: &[&str] = &[
    "cont'd", "cont’d", "continuing", "cont", "more", "off", "subtitled", "subtitles", "with subtitles", "in subtitles",
    "sous titré", "sous titrée", "sous titres", "mit untertiteln", "untertitelt", "subtitulado", "sottotitolato",
];

/// "too", beside nothing but a pronoun, says that another did the same before.
#[rustfmt::skip]
const TOO: &[&str] = &[
    "too", "also", "again", "likewise", "same", "ditto", "aussi", "auch", "ebenfalls", "pareil", "también", "anche", "também",
    "тоже", "också",
];
/// What may stand beside these.
#[rustfmt::skip]
const ALONE_WITH_TOO: &[&str] = &[
    "he", "she", "they", "him", "her", "them", "me", "it", "here", "the", "lui", "elle", "eux", "elles", "moi", "er", "sie",
    "ihn", "él", "ella", "lei", "ele", "ela", "он", "она", "encore", "de", "même",
];

/// Whether the words of a parenthetical are a remark for who reads.
fn is_readers(words: &[String]) -> bool {
    let is = |list: &[&str], word: &String| list.contains(&word.as_str());
    let too = words.iter().any(|word| is(TOO, word));
    READERS.contains(&words.join(" ").as_str())
        || too
            && words
                .iter()
                .all(|word| is(TOO, word) || is(ALONE_WITH_TOO, word))
}

/// A parenthetical in English, without the clauses that are for who reads: `In Chinese, subtitled` → `in Chinese`.
fn told_of(piece: &str) -> String {
    let clauses = piece.split(", ");
    let told: Vec<String> = clauses
        .filter(|clause| !is_readers(&prose::tokens(clause)))
        .map(|clause| in_english(clause).unwrap_or_else(|| clause.to_owned()))
        .collect();
    let told = told.join(", ");
    match told.strip_prefix("In ") {
        Some(rest) => format!("in {rest}"),
        None => told,
    }
}

/// Whether a line is written in capitals: two words of several letters, and no small letter.
fn shouted(line: &str) -> bool {
    let mut words = line
        .split_whitespace()
        .filter(|word| word.chars().filter(|c| c.is_uppercase()).count() >= 2);
    words.nth(1).is_some() && !line.chars().any(char::is_lowercase)
}

/// What a parenthetical says.
enum Manner<'m> {
    /// To whom or with what: it stands behind the verb.
    With(&'m str),
    /// What it is about: `re: the chart`.
    About(&'m str),
    /// What somebody does, with its own subject.
    Sentence(&'m str),
    /// A verb that stands beside the one of speaking: `smiles`.
    Alone(String),
    /// What the speaker does, from the verb on.
    Does(&'m str),
    /// How it sounds.
    How(&'m str),
}

impl<'m> Manner<'m> {
    fn of(manner: &'m str) -> Self {
        let words = prose::tokens(manner);
        let head = words.first().map(String::as_str).unwrap_or_default();
        match head {
            "to" | "on" | "into" | "at" | "with" | "over" | "through" | "across" | "in" | "for"
            | "from"
                if words.len() > 1 =>
            {
                Self::With(manner)
            }
            "re" | "regarding" if words.len() > 1 => {
                let rest = manner.split_once([' ', ':']).map_or("", |(_, rest)| rest);
                Self::About(rest.trim_start_matches([' ', ':']))
            }
            "he" | "she" | "they" | "his" | "her" | "their" | "the" => Self::Sentence(manner),
            _ if words.len() == 1 && SAID_ALONE.contains(&head) => Self::Alone(head.to_owned()),
            // "Eyes shut"
            "eyes" | "arms" | "hands" | "lips" | "fists" => Self::How(manner),
            _ if third_person(head) && words.len() > 1 => Self::Does(manner),
            _ if manner.starts_with(char::is_uppercase) => Self::Sentence(manner),
            _ => Self::How(manner),
        }
    }
}

/// Words that already say that somebody speaks.
const SPOKEN: &[&str] = &[
    "says", "calls", "shouts", "asks", "speaks", "yells", "whispers", "explains", "says:",
    "mutters", "screams", "replies", "answers",
];

/// Verbs that stand alone as a parenthetical: `(smiles)`.
const SAID_ALONE: &[&str] = &[
    "smiles", "nods", "laughs", "sighs", "reads", "whispers", "grins", "shrugs", "points", "cries",
    "winks", "sings",
];

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars
        .next()
        .map(|c| c.to_uppercase().collect::<String>())
        .unwrap_or_default();
    let text = format!("{first}{}", chars.as_str());
    if text.ends_with(['.', '!', '?']) {
        text
    } else {
        format!("{text}.")
    }
}
