//! Capitals: which words of a script are written large for their weight, and which are names,
//! acronyms and what a sign says.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use super::find::is_open;
use super::word::{Word, lower, words};

const ORDINARY_TEXT: &str = include_str!("ordinary.txt");

static ORDINARY: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    ORDINARY_TEXT
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect()
});

/// Words that keep their capitals where a whole line stands in capitals.
const ACRONYMS: &[&str] = &[
    "ai", "ak", "am", "apc", "atm", "bbc", "bmw", "ceo", "cctv", "cd", "cia", "cnn", "cpr", "dj",
    "dna", "dvd", "ecg", "eeg", "er", "eta", "fbi", "gps", "hq", "hiv", "ibm", "id", "iou", "iq",
    "iv", "jfk", "kgb", "laser", "led", "mit", "mri", "nasa", "nato", "nypd", "pa", "pc", "pm",
    "rv", "sos", "suv", "swat", "tnt", "tv", "uav", "ufo", "uk", "un", "usa", "usb", "vcr", "vhs",
    "vip", "vw", "wc",
];

/// Words for peoples and what is theirs.
#[rustfmt::skip]
const PEOPLES: &[&str] = &[
    "african", "american", "arab", "asian", "australian", "austrian", "belgian", "brazilian", "british", "canadian", "chinese", "cuban", "czech",
    "danish", "dutch", "egyptian", "english", "european", "finnish", "french", "german", "greek", "hungarian", "indian", "irish", "israeli",
    "italian", "japanese", "jewish", "korean", "mexican", "norwegian", "persian", "polish", "portuguese", "roman", "romanian", "russian",
    "scottish", "siamese", "spanish", "swedish", "swiss", "turkish", "ukrainian", "vietnamese", "welsh", "christmas", "easter", "sunday",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
];

/// Names as they are spelt.
pub trait Spelt {
    /// The spelling of a word that is given in small letters, if it belongs to a name.
    fn spelt(&self, lower: &str) -> Option<&str>;
}

impl Spelt for BTreeMap<String, String> {
    fn spelt(&self, lower: &str) -> Option<&str> {
        self.get(lower).map(String::as_str)
    }
}

/// `EDWARD BLOOM` → `Edward Bloom`; a name that has small letters already stays as it is.
pub fn display_name(name: &str) -> String {
    let mut shown = Vec::new();
    let mut words = name.split(' ').peekable();
    while let Some(word) = words.next() {
        let small = lower(word);
        // `KARL THE GIANT`, but `LADY DI`.
        let within = !shown.is_empty() && words.peek().is_some();
        let inner = within && SMALL_IN_NAMES.contains(&small.as_str());
        shown.push(if inner { small } else { title_word(word) });
    }
    shown.join(" ")
}

/// Words that are small within a name, in the languages of scripts. `LE` and `VAN` are not: in
/// English and French they are mostly capitals (`Jean Le Roux`, `Dick Van Dyke`).
#[rustfmt::skip]
const SMALL_IN_NAMES: &[&str] = &[
    "the", "of", "and", "with", "from", "de", "du", "des", "et", "à", "aux", "von", "vom", "zu", "zum", "zur", "der", "und",
    "del", "di", "da", "dos", "das",
];

/// Beginnings of family names after which another capital follows.
const PREFIXES: &[&str] = &[
    "Mc", "Mac", "De", "Di", "Du", "La", "Le", "Van", "Von", "Fitz", "O'", "O’",
];

/// `McALLISTER`: the beginning in the script's own small letters, the rest in capitals.
pub(super) fn after_prefix(word: &str) -> Option<&str> {
    let capitals = |rest: &&str| {
        rest.chars().filter(|c| c.is_uppercase()).count() >= 2 && !rest.contains(char::is_lowercase)
    };
    let mut rests = PREFIXES
        .iter()
        .filter_map(|prefix| word.strip_prefix(prefix));
    rests.find(capitals)
}

fn title_word(word: &str) -> String {
    if let Some(rest) = after_prefix(word).filter(|_| word.contains(char::is_lowercase)) {
        let prefix = &word[..word.len() - rest.len()];
        return format!("{prefix}{}", title_word(rest));
    }
    if word.chars().any(char::is_lowercase) {
        return word.to_owned();
    }
    // `MCALLISTER`: no other word begins so.
    if let Some(rest) = word
        .strip_prefix("MC")
        .filter(|rest| rest.chars().count() > 2 && rest.starts_with(char::is_alphabetic))
    {
        return format!("Mc{}", title_word(rest));
    }
    // `DJ 9-VOLT`; but `PA` may be somebody's father.
    let spelt_out = !word.contains(['A', 'E', 'I', 'O', 'U', 'Y']);
    if spelt_out && ACRONYMS.contains(&word.to_lowercase().as_str()) {
        return word.to_owned();
    }
    let mut out = String::with_capacity(word.len());
    let mut start = true;
    let chars: Vec<char> = word.chars().collect();
    for (i, &c) in chars.iter().enumerate() {
        if start {
            out.push(c);
        } else {
            out.push_str(&lower(c.encode_utf8(&mut [0; 4])));
        }
        // O'Brien, but Will's.
        start = matches!(c, '-' | '.' | '(' | '/')
            || matches!(c, '\'' | '’') && i + 2 < chars.len() && i == 1;
    }
    out
}

/// Puts words in capitals into ordinary ones: names as `names` spells them (keyed by lower case),
/// acronyms kept, the first word of the text with a capital. For a line that stands in capitals as a
/// whole; of a sentence, [`settle_capitals`] keeps what may be more than weight.
pub fn sentence_case(text: &str, names: &dyn Spelt) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let found = words(text);
    for (i, word) in found.iter().enumerate() {
        out.push_str(&text[at..word.start]);
        at = word.end;
        let whole = &text[word.start..word.end];
        let lower = word.lower();
        let beside_caps =
            |j: Option<usize>| j.and_then(|j| found.get(j)).is_some_and(Word::all_caps);
        let lone = word.text == "A" && i > 0 && beside_caps(Some(i + 1));
        // `U.S.` is several words of one letter.
        if !(word.all_caps() || lone) || is_acronym(word.text) {
            out.push_str(whole);
        } else if let Some(name) = names.spelt(&lower) {
            out.push_str(name);
            out.push_str(&whole[word.text.len()..].to_lowercase());
        } else {
            out.push_str(&whole.to_lowercase());
        }
    }
    out.push_str(&text[at..]);
    capitalise(&out)
}

/// Whether a word in capitals is one even where everything is: `FBI`, `R2D2`, `BMW`.
fn is_acronym(word: &str) -> bool {
    let short = word.chars().count() <= 4;
    ACRONYMS.contains(&word.to_lowercase().as_str())
        || word.contains(|c: char| c.is_ascii_digit())
        || short && word.is_ascii() && !word.contains(['A', 'E', 'I', 'O', 'U', 'Y'])
}

/// A sentence in which words that a script only writes large for their weight stand in small letters,
/// and names as `names` spells them. What is quoted, or shown by a colon in capitals (`It says: FOR
/// SALE`), and every run of capitals in which a word is neither a name nor an ordinary one, stays as it
/// is written: it is an acronym, a name, or what a sign says.
pub(super) fn settle_capitals(text: &str, names: &dyn Spelt) -> String {
    let found = words(text);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut i = 0;
    let mut open = false;
    let shown = shown_by_a_colon(text);
    while i < found.len() {
        let word = &found[i];
        open = is_open(open, &text[at..word.start]);
        out.push_str(&text[at..word.start]);
        let run = run_of_capitals(text, &found[i..]);
        let read = || i > 0 && READS.contains(&found[i - 1].lower().as_str());
        if run == 0 || open || word.start >= shown || read() {
            let run = run.max(1);
            let end = found[i + run - 1].end;
            out.push_str(&text[word.start..end]);
            at = end;
            i += run;
            continue;
        }
        let settled: Option<Vec<String>> = found[i..i + run]
            .iter()
            .map(|word| settled(word, &text[word.start..word.end], names))
            .collect();
        for (k, word) in found[i..i + run].iter().enumerate() {
            out.push_str(&text[at.max(found[i].start)..word.start]);
            match &settled {
                Some(settled) => out.push_str(&settled[k]),
                // A name is one in any company.
                None => match spelt(names, &word.lower()) {
                    Some(name) => {
                        out.push_str(name);
                        out.push_str(&text[word.start + word.text.len()..word.end].to_lowercase());
                    }
                    None => out.push_str(&text[word.start..word.end]),
                },
            }
            at = word.end;
        }
        i += run;
    }
    out.push_str(&text[at..]);
    capitalise(&out)
}

/// A name as it is spelt; one with `ß` also as names in capitals are: `KÖSSLER`.
fn spelt<'n>(names: &'n dyn Spelt, lower: &str) -> Option<&'n str> {
    let own = names.spelt(lower);
    own.or_else(|| names.spelt(&lower.replace('ß', "ss")))
}

/// A word in capitals as it is spelt otherwise; none if it may be more than an ordinary word.
fn settled(word: &Word<'_>, whole: &str, names: &dyn Spelt) -> Option<String> {
    let lower = word.lower();
    if let Some(name) = spelt(names, &lower) {
        let tail = whole[word.text.len()..].to_lowercase();
        return Some(format!("{name}{tail}"));
    }
    if word.text == "I" || ACRONYMS.contains(&lower.as_str()) {
        return Some(whole.to_owned());
    }
    // What belongs to a people keeps the capital it always has.
    if PEOPLES.contains(&lower.as_str()) {
        return Some(capitalise(&whole.to_lowercase()));
    }
    ordinary(&lower).then(|| whole.to_lowercase())
}

/// How many words in capitals stand one after the other from the first on, parted by blanks or
/// hyphens alone. A lone `A` or `I` counts within a run.
fn run_of_capitals(text: &str, found: &[Word<'_>]) -> usize {
    let capital = |word: &Word<'_>| word.all_caps() || matches!(word.text, "A" | "I");
    let mut large = 0;
    for (k, word) in found.iter().enumerate() {
        let joined = k == 0
            || text[found[k - 1].end..word.start]
                .chars()
                .all(|c| matches!(c, ' ' | '-'));
        if !joined || !capital(word) {
            break;
        }
        if word.all_caps() {
            large = k + 1;
        }
    }
    large
}

/// Words behind which capitals are what somebody reads: `a door marked STAFF ONLY`.
const READS: &[&str] = &[
    "reads", "read", "reading", "says", "say", "saying", "marked", "labeled", "labelled", "titled",
    "entitled", "stamped", "spells", "spell", "spelling", "word", "words", "letters", "sign",
    "headline", "banner", "logo", "caption", "flashes", "blinks",
];

/// Where in a sentence that shows something by a colon in capitals to its end (`One line is underlined:
/// LAST CROSSING, FRIDAY`) that begins; its length, if it does not.
fn shown_by_a_colon(text: &str) -> usize {
    let last_small = text.char_indices().rev().find(|(_, c)| c.is_lowercase());
    let colon = last_small.and_then(|(at, _)| text[at..].find(": ").map(|colon| at + colon + 2));
    colon.unwrap_or(text.len())
}

/// Whether a word in small letters is an ordinary one in a base form or with a usual ending.
fn ordinary(word: &str) -> bool {
    let known = |stem: &str| ORDINARY.contains(stem);
    if known(word) {
        return true;
    }
    let twice = |stem: &str| {
        let mut tail = stem.chars().rev();
        let (last, before) = (tail.next(), tail.next());
        last.is_some() && last == before
    };
    ["ing", "ers", "ed", "er", "es", "ly", "s", "d", "y"]
        .iter()
        .any(|ending| {
            word.strip_suffix(ending).is_some_and(|stem| {
                let doubled = twice(stem) && known(&stem[..stem.len() - 1]);
                let ies = matches!(*ending, "es" | "ed") && stem.ends_with('i') && {
                    let base = &stem[..stem.len() - 1];
                    known(&format!("{base}y"))
                };
                stem.len() > 1
                    && stem.is_ascii()
                    && (known(stem) || known(&format!("{stem}e")) || doubled || ies)
            })
        })
}

/// Whether a word in small letters is an ordinary one as it stands, or with an ending that no family name has as
/// often: not `carter`, `brooks`.
pub fn plain_word(word: &str) -> bool {
    let known = |stem: &str| ORDINARY.contains(stem);
    let stem = |end: &str| word.strip_suffix(end).filter(|stem| stem.len() > 2);
    known(word)
        || ["ing", "ed"]
            .iter()
            .any(|end| stem(end).is_some_and(|stem| known(stem) || known(&format!("{stem}e"))))
}

/// A text with its first letter a capital.
pub fn capitalise(text: &str) -> String {
    let mut done = false;
    text.chars()
        .map(|c| {
            let first = !done && c.is_alphanumeric();
            done |= first;
            if first {
                c.to_uppercase().next().unwrap_or(c)
            } else {
                c
            }
        })
        .collect()
}

/// A text whose first word is small, unless it is a name, an acronym or `I`.
pub fn uncapitalise(text: &str, names: &dyn Spelt) -> String {
    let Some(first) = super::word::first_word(text) else {
        return text.to_owned();
    };
    let lower = first.lower();
    let small = first.text[1..].chars().any(char::is_lowercase) || first.text == "A";
    if !first.text.is_ascii() || !small || spelt(names, &lower).is_some() {
        return text.to_owned();
    }
    let (head, tail) = (
        &text[..first.start],
        &text[first.start + first.text.len()..],
    );
    format!("{head}{lower}{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> BTreeMap<String, String> {
        [("edward", "Edward"), ("mara", "Mara"), ("quill", "Quill")]
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .into()
    }

    #[track_caller]
    fn becomes(text: &str, expected: &str) {
        assert_eq!(settle_capitals(text, &names()), expected);
    }

    #[test]
    fn weight_is_taken_off_and_names_are_spelt() {
        becomes(
            "EDWARD hears a POP on the TV.",
            "Edward hears a pop on the TV.",
        );
        becomes(
            "MARA QUILL, 41, SLAMS the DOOR.",
            "Mara Quill, 41, slams the door.",
        );
        becomes("EDWARD'S MOTHER enters.", "Edward's mother enters.");
        becomes(
            "He dances with a GIRL IN A YELLOW COAT.",
            "He dances with a girl in a yellow coat.",
        );
        becomes("TWO GUNMEN are FLEEING.", "Two gunmen are fleeing.");
        becomes("The CHAMBERLAIN is FLEEING.", "The CHAMBERLAIN is fleeing.");
        becomes("AGENT-ZED MARA runs.", "AGENT-ZED Mara runs.");
    }

    #[test]
    fn acronyms_places_and_signs_keep_their_capitals() {
        for text in [
            "The AI scans the VW.",
            "A BMW with a USB stick and an RPG.",
            "The SS NORGE leaves PARIS.",
            "One line is underlined twice: LAST CROSSING, FRIDAY.",
            "The sign reads \"BEWARE OF THE DOG\".",
            "A poster: OPEN NOW.",
            "The door says STAFF ONLY.",
            "A brass plate, MUSEUM OF NATURAL HISTORY, shines.",
        ] {
            becomes(text, text);
        }
    }

    #[test]
    fn a_sentence_in_capitals_is_put_into_small_letters_if_it_is_one() {
        becomes("CALLER: KESTREL.", "Caller: KESTREL.");
        becomes("THE FBI VAN EXPLODES.", "The FBI van explodes.");
        becomes("MARA RUNS.", "Mara runs.");
        becomes(
            "A CHINESE VENTRILOQUIST bows.",
            "A Chinese ventriloquist bows.",
        );
        becomes("APPLAUSE and CHEERS.", "Applause and cheers.");
    }
}
