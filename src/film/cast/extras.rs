//! Those whom a sentence shows and nobody calls by name: `a gunman`, `two sheep`, `the passengers`.
//!
//! An extra is a noun for somebody alive that no name of the cast takes. It is framed beside the cast,
//! and a pronoun after it means it: "A gunman drops from a ledge. He lands badly." is not about whoever
//! was named before.

use super::absence::Unseen;
use super::appearance_words::KIN;
use super::extras_words::{
    ANIMALS, BEHIND, CROWDS, DOUBTFUL, FOREIGN, FOREIGN_ARTICLES, LIKE, NUMBERS, OF_MANY, OF_THEM,
    ONE_OF_MANY, PEOPLE,
};
use super::small_words::is_small;
use super::{Gender, fold::fold, roles};
use crate::prose::{self, Word};
use crate::words::{Common, common};

/// Somebody, something alive or several of them who are nobody of the cast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extra {
    /// As a picture of them is described: `a massive black dog`, `two gunmen`.
    pub shown: String,
    /// As a sentence after it calls them: `the dog`, `the gunmen`.
    pub again: String,
    /// What a pronoun calls them.
    pub gender: Gender,
}

/// An extra with the words that name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) extra: Extra,
    /// The place in the sentence at which its phrase begins.
    pub(super) from: usize,
    /// The noun's place.
    pub(super) at: usize,
}

/// So many words may stand between an article and its noun.
const DESCRIBED: usize = 3;
/// Of one sentence so many are told; no picture shows more kinds.
const MOST: usize = 4;

/// The extras of a sentence, in order. `taken` tells of a word whether a name of the cast has it.
pub(super) fn extras(
    sentence: &str,
    words: &[Word<'_>],
    unseen: &Unseen<'_>,
    taken: &dyn Fn(usize) -> bool,
) -> Vec<Found> {
    let lower: Vec<String> = words.iter().map(Word::lower).collect();
    let line = Line {
        sentence,
        words,
        lower: &lower,
    };
    let mut found: Vec<Found> = Vec::new();
    // A question is the reader's.
    if sentence.trim_end().ends_with('?') {
        return found;
    }
    for at in 0..words.len() {
        let Some(kind) = kind(&lower[at], &words[at]) else {
            continue;
        };
        // "A crowd of students" are students.
        let of = OF_MANY.contains(&lower[at].as_str()) && line.word(at + 1) == "of";
        let many = (at + 2..(at + 5).min(words.len()))
            .any(|other| of && self::kind(&lower[other], &words[other]).is_some());
        if found.len() == MOST
            || many
            || taken(at)
            || unseen.is_absent(at, 1)
            || !line.is_head(at, kind)
            || line.is_told_of(at, taken)
        {
            continue;
        }
        if let Some(extra) = line.phrase(at, kind)
            && found.iter().all(|other| other.extra.again != extra.again)
        {
            let from = line.begins(at);
            found.push(Found { extra, from, at });
        }
    }
    found
}

/// What a noun is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kind {
    gender: Gender,
    /// It is of another language than English.
    foreign: bool,
}

fn kind(lower: &str, word: &Word<'_>) -> Option<Kind> {
    let english = |gender| Kind {
        gender,
        foreign: false,
    };
    if roles::CUE_ONLY.contains(&lower) || DOUBTFUL.contains(&lower) {
        return None;
    }
    if ANIMALS.contains(&lower) {
        return Some(english(Gender::Neuter));
    }
    if CROWDS.contains(&lower) || plural_of(lower, ANIMALS) || plural_of(lower, PEOPLE) {
        return Some(english(Gender::Plural));
    }
    let folded = &*fold(lower);
    if let Some((.., gender)) = FOREIGN.iter().find(|(noun, _)| *noun == folded) {
        // German nouns have capitals: `die kinder` is no noun of theirs.
        let foreign = true;
        return Some(Kind {
            gender: *gender,
            foreign,
        });
    }
    if let Some(gender) = roles::role(lower) {
        let foreign = roles::is_foreign(lower);
        let sure = gender != Gender::Neuter && !(foreign && is_small(lower));
        return sure.then_some(Kind { gender, foreign });
    }
    if roles::group(lower) {
        return Some(english(Gender::Plural));
    }
    if PEOPLE.contains(&lower) {
        return Some(english(Gender::Unknown));
    }
    // `three swordsmen`, `the firewoman`
    let ends = |end: &str| lower.len() > end.len() + 2 && lower.ends_with(end);
    let small = !word.capitalised() || word.all_caps();
    match () {
        () if !small => None,
        () if ends("women") || ends("men") && !ends("omen") && !ends("imen") => {
            Some(english(Gender::Plural))
        }
        () if ends("woman") => Some(english(Gender::Female)),
        () if ends("man") && common(lower).is_none() && !ends("human") => {
            Some(english(Gender::Male))
        }
        () => None,
    }
}

/// Whether a word is the plural of one of these.
fn plural_of(word: &str, list: &[&str]) -> bool {
    let stem = |end: &str, own: &str| {
        let stem = word.strip_suffix(end)?;
        let mut all = list.iter();
        all.find(|noun| noun.strip_suffix(own).is_some_and(|other| other == stem))
    };
    stem("s", "").is_some()
        || stem("es", "").is_some()
        || stem("ies", "y").is_some()
        || stem("ves", "f").is_some()
        || matches!(word, "mice" | "geese" | "oxen") && list.contains(&"mouse")
}

struct Line<'a> {
    sentence: &'a str,
    words: &'a [Word<'a>],
    lower: &'a [String],
}

impl Line<'_> {
    fn word(&self, at: usize) -> &str {
        self.lower.get(at).map_or("", String::as_str)
    }

    /// What stands between a word and the one before it.
    fn gap(&self, at: usize) -> &str {
        match at.checked_sub(1).and_then(|before| self.words.get(before)) {
            Some(before) => self
                .words
                .get(at)
                .map_or("", |word| &self.sentence[before.end..word.start]),
            None => "",
        }
    }

    /// Whether a noun is the one that its phrase is about: `the dog`, not `dog food`, `guard tower`, `the
    /// guard's cap`.
    fn is_head(&self, at: usize, kind: Kind) -> bool {
        if self.words[at].possessive {
            return false;
        }
        let Some(next) = self.words.get(at + 1) else {
            return true;
        };
        let gap = self.gap(at + 1);
        if gap.trim() != "" {
            return !gap.starts_with('-') || gap.starts_with("--");
        }
        let lower = self.word(at + 1);
        let noun = matches!(common(lower), Some(Common::Place | Common::Thing));
        // "The dog barks", "the crowd waves": a thing's plural is a verb as well.
        let verb = lower.ends_with('s') && !lower.ends_with("ss");
        let many = kind.gender == Gender::Plural && !ONE_OF_MANY.contains(&self.word(at));
        // "The police card", "a police radio": whose a thing is.
        let of_them = OF_THEM.contains(&self.word(at))
            && !(is_small(lower) || lower.ends_with("ing") || lower.ends_with("ly"))
            && !prose::is_deed(&format!("{lower}s"));
        if of_them {
            return false;
        }
        // "Soldiers and a priest stand by the door."
        let from = self.begins(at);
        let joined = from > 0 && self.word(from - 1) == "and";
        if kind.foreign || many || joined {
            return true;
        }
        let done = ["ing", "ed", "ly"].iter().any(|end| lower.ends_with(end));
        let goes_on = is_small(lower) || done || BEHIND.contains(&lower) || next.all_caps();
        verb || goes_on && !noun
    }

    /// Whether a noun only tells who somebody is, or who is not there: `Edward, a young man`, `like a dog`,
    /// `he is a soldier`, `no passengers`.
    fn is_told_of(&self, at: usize, taken: &dyn Fn(usize) -> bool) -> bool {
        let from = self.begins(at);
        let adverb =
            |word: &str| word.ends_with("ly") || matches!(word, "still" | "just" | "only" | "not");
        let mut from_adverb = from;
        while from_adverb > 0 && adverb(self.word(from_adverb - 1)) {
            from_adverb -= 1;
        }
        let before = from_adverb
            .checked_sub(1)
            .map_or("", |before| self.word(before));
        // "In a way most guys would not notice": of a kind, not of those who are there.
        let negated = matches!(self.word(from), "no" | "any" | "every" | "each" | "most")
            || matches!(before, "without" | "no" | "than" | "nor" | "most");
        let compared = LIKE.contains(&before)
            || before == "as" && self.word(from).len() < 3
            || self.is_imagined(from);
        // "He is a soldier", "he's a soldier", but "Mila's cat", "there's a dog".
        let linked = matches!(
            before,
            "is" | "was" | "becomes" | "be" | "are" | "were" | "they're"
        );
        let short = from_adverb > 0
            && self.words[from_adverb - 1].possessive
            && determines(self.word(from));
        let subject = from_adverb.checked_sub(1 + usize::from(linked));
        let is = (linked || short) && subject.is_some_and(|at| self.word(at) != "there");
        // "His friends Wilbur and Ruthie" are told by their names.
        let named = self
            .words
            .get(at + 1)
            .is_some_and(|next| next.capitalised())
            && self.gap(at + 1) == " "
            && taken(at + 1);
        if named {
            return true;
        }
        // "Edward, 50, a giant, waits.", "the woman of his dreams, Sandra": a phrase between commas.
        let comma = |at: usize| {
            let gap = self.gap(at);
            gap.contains([',', '(', '—', '–']) || gap.contains("--")
        };
        let article = matches!(
            self.word(from),
            "a" | "an" | "the" | "his" | "her" | "their"
        );
        let named = (0..from).rev().take(8).any(taken);
        // "He's still the town's best physician."
        let owner = from.checked_sub(1).filter(|at| self.words[*at].possessive);
        let is = is
            || owner.is_some_and(|owner| {
                (owner.saturating_sub(4)..owner).any(|at| {
                    let pronoun = matches!(self.word(at), "he" | "she" | "it");
                    matches!(self.word(at), "is" | "was") || pronoun && self.words[at].possessive
                })
            });
        let apposed = from > 0 && comma(from) && article && named;
        let named_after = (at + 1..self.words.len().min(at + 7))
            .find(|next| comma(*next))
            .is_some_and(|next| (next..next + 3).any(taken) && determines(self.word(from)))
            && !NUMBERS.contains(&self.word(from))
            && !self.word(at).ends_with('s');
        let named_after =
            named_after || matches!(self.word(at + 1), "is" | "was") && (at + 2..at + 4).any(taken);
        let called = matches!(self.word(at + 1), "named" | "called");
        // "A sweetheart of a girl": she was told of before it.
        let again = from > 1
            && before == "of"
            && matches!(self.word(from), "a" | "an")
            && !OF_MANY.contains(&self.word(from - 2))
            && common(self.word(from - 2)).is_none();
        negated || again || compared || is || apposed || named_after || called
    }

    /// Whether a clause compares: "as one looks at a magician", "as if a man stood there".
    fn is_imagined(&self, from: usize) -> bool {
        let mut at = from;
        while at > 0 && from - at < 8 && !self.gap(at).contains([',', ';', ':']) {
            at -= 1;
            let as_if = self.word(at) == "as"
                && matches!(self.word(at + 1), "if" | "though" | "one" | "you");
            if as_if || self.word(at) == "than" {
                return true;
            }
        }
        false
    }

    /// The place of the word with which the phrase of a noun begins.
    fn begins(&self, at: usize) -> usize {
        let mut from = at;
        while from > 0 && at - from <= DESCRIBED {
            let gap = self.gap(from);
            let before = self.word(from - 1);
            let joined = gap == " " || gap == "-" || gap == ", " && at - from >= 1;
            // "A 90's grunge teenager": a number owns nobody.
            let digits = self
                .word(from - 1)
                .starts_with(|c: char| c.is_ascii_digit());
            if !joined || self.words[from - 1].possessive && !digits {
                break;
            }
            if determines(before) {
                // "All the passengers", "his two dogs"
                from -= 1;
                if from > 0 && self.gap(from) == " " && determines(self.word(from - 1)) {
                    from -= 1;
                }
                break;
            }
            if is_small(before) && !matches!(before, "old" | "small" | "new") || verb_like(before) {
                break;
            }
            from -= 1;
        }
        from
    }

    /// The phrase of a noun; none if it is one of a kind without an article.
    fn phrase(&self, at: usize, kind: Kind) -> Option<Extra> {
        let mut from = self.begins(at);
        // Back from `adjective noun` without an article to the noun.
        let owned = from > 0 && self.words[from - 1].possessive;
        let article = from < at && self.has_article(from, kind);
        let kin = KIN.contains(&self.word(at));
        // "His father" is somebody of the cast, whoever that is.
        if kin && !matches!(self.word(from), "a" | "an" | "another") {
            return None;
        }
        if !article && !owned {
            let bare = kind.gender == Gender::Plural && !ONE_OF_MANY.contains(&self.word(at));
            // "Line snakes the block": the noun before it does it.
            let noun = at > 0
                && self.gap(at) == " "
                && matches!(
                    common(self.word(at - 1)),
                    Some(Common::Thing | Common::Place)
                );
            let told = !kind.foreign || self.words[at].capitalised() && at > 0;
            if !bare || noun || !told {
                return None;
            }
            from = at;
        }
        // `a group of tourists`, `dozens of rats`
        if from > 1
            && self.word(from - 1) == "of"
            && OF_MANY.contains(&self.word(from - 2))
            && self.gap(from) == " "
            && self.gap(from - 1) == " "
        {
            let many = from - 2;
            let article = many > 0 && determines(self.word(many - 1)) && self.gap(many) == " ";
            from = many - usize::from(article);
        }
        let mut first = from;
        while first < at && drops(self.word(first), kind.foreign) {
            first += 1;
        }
        let noun = self.shown(at, at, kind.foreign);
        let body = self.shown(first, at, kind.foreign);
        let other = self.word(from) == "another";
        let counted = NUMBERS.contains(&self.word(first));
        let shown = match self.word(from) {
            _ if kind.foreign => body,
            "some" if kind.gender == Gender::Plural => format!("some {body}"),
            "a" | "an" | "some" | "one" => format!("{} {body}", article_for(&body)),
            _ if other => format!("another {body}"),
            _ if counted => body,
            _ if first < at && self.word(from) == self.word(first) => body,
            word if determines(word) || owned => format!("the {body}"),
            _ => body,
        };
        let again = if kind.foreign {
            noun
        } else {
            format!("the {noun}")
        };
        Some(Extra {
            shown,
            again,
            gender: kind.gender,
        })
    }

    /// Whether a phrase begins with an article, a number or the like of its noun's language.
    fn has_article(&self, from: usize, kind: Kind) -> bool {
        let word = self.word(from);
        let foreign = FOREIGN_ARTICLES.contains(&word);
        let digits = word.bytes().all(|b| b.is_ascii_digit());
        determines(word) && (foreign == kind.foreign || NUMBERS.contains(&word) || digits)
    }

    /// The words from one to another as they stand in a sentence: capitals that present somebody are gone.
    fn shown(&self, from: usize, to: usize, foreign: bool) -> String {
        let mut out = String::new();
        for at in from..=to {
            if at > from {
                out.push_str(if self.gap(at).contains('-') { "-" } else { " " });
            }
            let word = &self.words[at];
            let capital = word.capitalised() && !word.all_caps() && (foreign || at > 0);
            if capital {
                out.push_str(word.text);
            } else if foreign && at == to {
                out.push_str(&prose::display_name(word.text));
            } else {
                out.push_str(&word.lower());
            }
        }
        out
    }
}

/// A verb before a noun without an article is no adjective: "sees passengers".
fn verb_like(word: &str) -> bool {
    word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("ous")
}

/// Articles and the like, which the phrase gets anew.
const ARTICLES: &[&str] = &[
    "a", "an", "the", "his", "her", "their", "its", "this", "that", "these", "those", "some",
    "another", "other", "all", "both", "one", "our",
];
/// What says how many, beside numbers: the phrase keeps it.
const QUANTITIES: &[&str] = &["several", "many", "few", "no", "any", "every", "each"];

fn determines(word: &str) -> bool {
    [ARTICLES, QUANTITIES, NUMBERS, FOREIGN_ARTICLES]
        .iter()
        .any(|words| words.contains(&word))
        || word.len() < 4 && word.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a word before a noun is left out of the phrase.
fn drops(word: &str, foreign: bool) -> bool {
    let article = ARTICLES.contains(&word);
    article || foreign && FOREIGN_ARTICLES.contains(&word)
}

fn article_for(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    }
}
