//! The name of a place as people write it: `REGGIE'S HOTEL ROOM` is `Reggie's hotel room`.
//!
//! A heading in capitals does not say which of its words are names. The cast says it, then the
//! scene's own text, then the list of common words; what none of these knows keeps a capital, as the
//! names of towns, bars and streets do in every language.

use std::collections::{HashMap, HashSet};

use crate::fountain::{Element, ElementKind};
use crate::prose::{self, Spelt, Word};
use crate::scenes::Heading;
use crate::words::{Common, common};

use super::scene::location_parts;
use super::sentence::DIRECTIONS;
use super::slash::{is_beside, slashed};

/// Words that stay in capitals wherever they stand, in small letters.
#[rustfmt::skip]
const ACRONYMS: &[&str] = &[
    "ac", "ai", "ak", "atm", "bbc", "bmw", "cbs", "cctv", "cd", "cia", "cnn", "ddr", "dea", "dj", "dmv", "dna", "doa", "dvd", "ecg",
    "er", "eu", "fbi", "gps", "hq", "hiv", "ibm", "icu", "iss", "it", "jfk", "kgb", "la", "lapd", "lax", "led", "mgm", "mi5", "mi6",
    "mit", "mri", "mtv", "nasa", "nato", "nbc", "nsa", "ny", "nyc", "nypd", "nyu", "or", "pa", "pc", "pd", "phd", "pow", "pow",
    "pr", "rv", "sos", "suv", "swat", "tnt", "tv", "ucla", "ufo", "uk", "un", "us", "usa", "usaf", "uss", "ussr", "vcr", "vfx", "vhs",
    "vip", "vr", "vw", "wc", "wwi", "wwii", "ymca", "ii", "iii", "iv", "vi", "vii", "viii", "ix", "xi", "xii",
];

/// Of these, words that mean something else unless they stand before another word that is common:
/// `IT DEPARTMENT`, `LA APARTMENT`, but not `LA RUE`.
const DOUBTFUL: &[&str] = &[
    "ac", "er", "it", "la", "or", "pa", "pow", "us", "un", "vi", "ix",
];

/// How the words of a scene are spelt, by its own text.
#[derive(Debug, Default)]
pub struct Spelling {
    /// By small letters: as a word stands within a sentence, if not always in capitals.
    words: HashMap<String, String>,
    /// Two words in small letters that the text writes as one name: `main street`.
    pairs: HashSet<(String, String)>,
}

impl Spelling {
    /// Reads the text of a scene.
    #[must_use]
    pub fn of(elements: &[&Element]) -> Self {
        let mut words = HashMap::new();
        let mut pairs = HashSet::new();
        for element in elements {
            if !matches!(element.kind, ElementKind::Action | ElementKind::Dialogue) {
                continue;
            }
            let text = prose::plain(&element.text);
            for sentence in prose::sentences(&text) {
                let read = prose::words(sentence);
                for two in read.windows(2) {
                    let name = |word: &Word<'_>| word.capitalised() && !word.all_caps();
                    let beside = sentence.get(two[0].end..two[1].start) == Some(" ");
                    if beside && two.iter().all(name) && common(&two[1].lower()).is_some() {
                        pairs.insert((two[0].lower(), two[1].lower()));
                    }
                }
                for word in read.iter().skip(1) {
                    let small = word.text.chars().all(|c| !c.is_uppercase());
                    if small || word.capitalised() && !word.all_caps() && word.text.len() > 2 {
                        words
                            .entry(word.lower())
                            .or_insert_with(|| word.text.to_owned());
                    }
                }
            }
        }
        Self { words, pairs }
    }
}

/// The place of a heading as people write it, whose it is and all: `Reggie's hotel room`,
/// `Bloom house, kitchen`. Empty if it names none.
#[must_use]
pub fn shown_place(heading: &Heading, names: &dyn Spelt, spelling: &Spelling) -> String {
    let mut shown: Vec<String> = Vec::new();
    let mut before: Option<&str> = None;
    for raw in location_parts(heading) {
        let beside = before.is_some_and(|before| is_beside(heading, before, raw));
        before = Some(raw);
        let part = written(raw, names, spelling);
        let part = part.replace(" & ", " and ").replace(" / ", " and ");
        let part = slashed(&part);
        let mut part = part.trim_matches([' ', '.', ',', ';', ':']).to_owned();
        // `E.R.` ends in its own stop.
        let letters = part
            .rsplit(' ')
            .next()
            .is_some_and(|last| last.contains('.'));
        if letters && part.ends_with(char::is_uppercase) && raw.trim_end().ends_with('.') {
            part.push('.');
        }
        // `TRAIN - TRAIN CORRIDOR` does not stammer.
        let again = |before: &String| before.to_lowercase() == part.to_lowercase();
        if part.is_empty() || shown.iter().any(again) {
            continue;
        }
        match shown.last_mut().filter(|_| beside) {
            Some(last) => {
                last.push_str(" and ");
                last.push_str(&part);
            }
            None => shown.push(part),
        }
    }
    shown.join(", ")
}

/// A text in capitals as people write it; any other stays as it is.
fn written(text: &str, names: &dyn Spelt, spelling: &Spelling) -> String {
    let words = prose::words(text);
    let company = words
        .last()
        .is_some_and(|word| words.len() > 1 && COMPANIES.contains(&word.lower().as_str()));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (place, word) in words.iter().enumerate() {
        out.push_str(&text[at..word.start]);
        at = word.end;
        let whole = &text[word.start..word.end];
        let tail = &whole[word.text.len()..];
        if text.chars().any(char::is_lowercase) && !word.all_caps() {
            out.push_str(whole);
            continue;
        }
        let joint = common(&word.lower()) == Some(Common::Joint);
        let shown = if company && !joint && !word.possessive {
            prose::display_name(word.text)
        } else {
            spell(text, &words, place, names, spelling)
        };
        out.push_str(&shown);
        out.push_str(&tail.to_lowercase());
    }
    out.push_str(&text[at..]);
    in_brackets(&out).unwrap_or(out)
}

/// `newsroom (Paris)` is the newsroom in Paris: a name in brackets says in which town.
fn in_brackets(place: &str) -> Option<String> {
    let (before, town) = place.trim_end().strip_suffix(')')?.split_once(" (")?;
    let named = prose::words(town);
    let is_name = !named.is_empty()
        && named
            .iter()
            .all(|word| word.capitalised() && !word.all_caps() && common(&word.lower()).is_none());
    is_name.then(|| format!("{before} in {town}"))
}

/// Last words of the names of companies: all words before are part of the name.
#[rustfmt::skip]
const COMPANIES: &[&str] = &[
    "loan", "loans", "sons", "brothers", "bros", "co", "company", "inc", "ltd", "corporation", "associates", "partners",
];

/// What bears a name that nothing else bears, so that it is a part of it: `ASHTON RIVER`.
#[rustfmt::skip]
const NAMED: &[&str] = &[
    "river", "lake", "creek", "avenue", "boulevard", "county", "bay", "canyon", "falls", "island", "valley", "mountain",
    "park", "street", "road", "drive", "lane", "square", "manor", "abbey", "castle", "bridge", "beach", "heights", "forest", "gardens", "ranch",
    "yard", "university", "college", "hospital", "airport", "station", "theater", "theatre", "museum", "cathedral", "stadium", "plaza", "place",
    "harbor", "harbour", "port", "institute", "academy", "ridge", "peak", "end", "circus", "docks", "motel", "hotel", "inn", "prison",
    "hall", "hill", "hills", "pier", "tower", "point", "pass", "terrace", "row", "court", "mills", "springs",
];

/// Articles with which a name in another language begins: `LA RUE 14`.
const FOREIGN_ARTICLES: &[&str] = &["la", "le", "les", "el", "los", "las", "il", "lo", "gli"];

/// Prepositions with their articles, small within a name in whichever language.
const WITHIN_NAMES: &[&str] = &[
    "du", "des", "aux", "am", "im", "zum", "zur", "vom", "der", "dem", "den", "della", "delle",
    "degli", "dello", "dos", "das", "del",
];

/// One word of a text in capitals.
fn spell(
    text: &str,
    words: &[Word<'_>],
    place: usize,
    names: &dyn Spelt,
    spelling: &Spelling,
) -> String {
    let word = &words[place];
    let lower = word.lower();
    let kind = common(&lower);
    let beside = |at: Option<usize>| {
        let other = at.and_then(|at| words.get(at))?;
        let lower = other.lower();
        names.spelt(&lower).filter(|_| common(&lower).is_none())
    };
    let own = names.spelt(&lower);
    // Somebody may be called Hill, and yet a hill is none of hers.
    let is_name = kind.is_none()
        || word.possessive
        || beside(place.checked_sub(1)).is_some()
        || beside(Some(place + 1)).is_some() && kind != Some(Common::Joint);
    if let Some(own) = own.filter(|_| is_name) {
        return own.to_owned();
    }
    if word.possessive && matches!(kind, Some(Common::Place | Common::Thing | Common::Quality)) {
        return prose::display_name(word.text);
    }
    // `A.P.`, `U.S.`, and the B of an apartment.
    let dotted = text[word.end..].starts_with('.') && word.text.chars().count() == 1;
    let single = word.text.chars().count() == 1 && place > 0 && kind != Some(Common::Joint)
        || word.text.chars().count() == 1 && place > 0 && place + 1 == words.len();
    if dotted || single || word.text.starts_with(|c: char| c.is_ascii_digit()) {
        return numbered(word.text, dotted || single);
    }
    let next_common = words
        .get(place + 1)
        .is_some_and(|next| matches!(common(&next.lower()), Some(Common::Place | Common::Thing)));
    // `SOUTH LA`, `LA APARTMENT`, but `LA RUE`.
    let last = place > 0 && place + 1 == words.len();
    let doubtful = DOUBTFUL.contains(&lower.as_str()) && !next_common && !last;
    if ACRONYMS.contains(&lower.as_str()) && !doubtful {
        return word.text.to_owned();
    }
    let unspoken = word.text.chars().count() <= 4
        && word.text.chars().count() > 1
        && word.text.is_ascii()
        && !word.text.contains(['A', 'E', 'I', 'O', 'U', 'Y'])
        && !matches!(
            lower.as_str(),
            "mr" | "mrs"
                | "dr"
                | "st"
                | "mt"
                | "ms"
                | "jr"
                | "sr"
                | "blvd"
                | "hwy"
                | "rd"
                | "ft"
                | "z"
                | "w"
                | "nr"
        );
    if unspoken {
        return word.text.to_owned();
    }
    // `GARE DU SUD`, `BAHNHOF AM PASS`
    if place > 0 && WITHIN_NAMES.contains(&lower.as_str()) {
        return lower;
    }
    let named = kind != Some(Common::Joint) && part_of_name(words, place, spelling)
        || FOREIGN_ARTICLES.contains(&lower.as_str()) && begins_name(words, place);
    if named {
        return prose::display_name(word.text);
    }
    match spelling.words.get(&lower) {
        Some(seen) if kind.is_none() || seen.chars().all(|c| !c.is_uppercase()) => {
            return seen.clone();
        }
        _ => {}
    }
    // `HOTEL ADLON`, `BIG RAOUL`: before a name that nothing knows a common word is part of it.
    let next = words.get(place + 1).filter(|next| {
        let beside = matches!(&text[word.end..next.start], " " | "-");
        let lower = next.lower();
        let done = text[..next.start].ends_with('-') && lower.ends_with("ed");
        let known = done
            || common(&lower).is_some()
            || prose::plain_word(&lower)
            || spelling
                .words
                .get(&lower)
                .is_some_and(|seen| seen.starts_with(char::is_lowercase))
            || names.spelt(&lower).is_some();
        beside
            && !known
            && next.text.chars().all(char::is_alphabetic)
            && next.text.chars().nth(1).is_some()
            && !ACRONYMS.contains(&lower.as_str())
    });
    // `RAIN-SLICKED`, `TWO DREAMS DEEP`: an ordinary word in another form, where a word beside it is ordinary.
    let before_is_hyphen = text[..word.start].ends_with('-');
    let formed = || {
        let stem = lower.strip_suffix("ed").or_else(|| lower.strip_suffix('s'));
        let known = |word: &Word<'_>| {
            let lower = word.lower();
            names.spelt(&lower).is_none() && (common(&lower).is_some() || prose::plain_word(&lower))
        };
        let before = place.checked_sub(1).and_then(|at| words.get(at));
        // `SLICKED` behind a hyphen is what was done by it.
        let hyphen = before_is_hyphen && lower.ends_with("ed");
        own.is_none()
            && (hyphen
                || stem.is_some_and(|stem| {
                    prose::plain_word(stem) || prose::plain_word(&format!("{stem}e"))
                }))
            && before.is_some_and(known)
    };
    let plain = kind.is_some() || own.is_none() && prose::plain_word(&lower) || formed();
    if plain && (next.is_none() || kind == Some(Common::Joint)) {
        return lower;
    }
    // `L'ÉTOILE`, `D'ARTAGNAN`, but `O'BRIEN`.
    match word.text.split_once(['\'', '’']) {
        Some((article @ ("L" | "D" | "DELL" | "ALL" | "DALL"), name)) => {
            let shown = prose::display_name(name);
            format!("{}'{shown}", article.to_lowercase())
        }
        _ => prose::display_name(word.text),
    }
}

/// Whether a word is one of two that are a name together: by the scene's text, or as the river of a
/// name.
fn part_of_name(words: &[Word<'_>], place: usize, spelling: &Spelling) -> bool {
    let lower = words[place].lower();
    let before = place.checked_sub(1).map(|at| &words[at]);
    let after = words.get(place + 1).map(Word::lower);
    let paired = |one: String, other: String| spelling.pairs.contains(&(one, other));
    let pair = before.is_some_and(|before| paired(before.lower(), lower.clone()))
        || after.is_some_and(|after| paired(lower.clone(), after));
    let owned = before.is_some_and(|before| {
        let known = before.lower();
        let joined = common(&known).is_none() && !before.possessive;
        joined
            && !prose::plain_word(&known)
            && known.chars().all(char::is_alphabetic)
            && !DIRECTIONS.contains(&known.as_str())
            && spelling
                .words
                .get(&known)
                .is_none_or(|seen| seen.starts_with(char::is_uppercase))
    });
    pair || owned && NAMED.contains(&lower.as_str())
}

/// Whether a foreign article at the start of a place stands before a name that nothing knows.
fn begins_name(words: &[Word<'_>], place: usize) -> bool {
    // `DOWNTOWN LOS ANGELES`, but `RUE DE LA PAIX`.
    let first = place.checked_sub(1).is_none_or(|at| {
        let before = words[at].lower();
        let english = matches!(common(&before), Some(Common::Place | Common::Quality));
        DIRECTIONS.contains(&before.as_str()) || english && before.is_ascii()
    });
    first
        && words
            .get(place + 1)
            .is_some_and(|next| common(&next.lower()).is_none())
}

/// `747`, `4B`, `1st`
fn numbered(text: &str, keep: bool) -> String {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    if keep || !matches!(rest, "ST" | "ND" | "RD" | "TH" | "S") {
        text.to_owned()
    } else {
        text.to_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn shown(raw: &str) -> String {
        let names = [
            "Reggie",
            "Jenny",
            "Hill",
            "Bloom",
            "Will",
            "Josephine",
            "McCoy",
        ];
        let names: BTreeMap<String, String> = names
            .iter()
            .map(|name| (name.to_lowercase(), (*name).to_owned()))
            .collect();
        shown_place(&Heading::parse(raw), &names, &Spelling::default())
    }

    #[test]
    fn a_place_is_shown_as_people_write_it() {
        for (raw, expected) in [
            ("INT. REGGIE'S HOTEL ROOM - NIGHT", "Reggie's hotel room"),
            ("INT. BLOOM HOUSE - KITCHEN - DAY", "Bloom house, kitchen"),
            (
                "INT. WILL AND JOSEPHINE'S ROOM - DAY",
                "Will and Josephine's room",
            ),
            ("EXT. JENNY HILL'S HOUSE - DAY", "Jenny Hill's house"),
            ("EXT. STONE'S YARD - DAY", "Stone's yard"),
            ("EXT. HILL OUTSIDE ASHTON - DAY", "hill outside Ashton"),
            ("EXT. THE TOWN OF SPECTRE", "town of Spectre"),
            ("INT. FBI OFFICE - DAY", "FBI office"),
            ("INT. TV STUDIO B - DAY", "TV studio B"),
            ("INT. A.P. NEWSROOM (PARIS) - DAY", "A.P. newsroom in Paris"),
            ("INT. CAFÉ DE L'ÉTOILE - NUIT", "café de l'Étoile"),
            ("INT. O'BRIEN'S PUB - NIGHT", "O'Brien's pub"),
            ("EXT. ST. MARY'S CHURCH - DAY", "St. Mary's church"),
            (
                "INT. HORIZON SAVINGS & LOAN - DAY",
                "Horizon Savings and Loan",
            ),
            ("Int. Reggie's hotel room - night", "Reggie's hotel room"),
            ("EXT. STRASSE - TAG", "Strasse"),
            ("EXT. 街道 - DAY", "街道"),
            ("ИНТ. РЫНОК - НОЧЬ", "Рынок"),
            ("INT. MCCOY'S CABIN - DAY", "McCoy's cabin"),
            ("EXT. 42ND STREET - NIGHT", "42nd street"),
            (
                "INT. KITCHEN/LIVING ROOM - NIGHT",
                "kitchen and living room",
            ),
            ("INT. BLOOM HOUSE / STAIRS - DAY", "Bloom house, stairs"),
            (
                "INT. LAURISTON GARDENS/UPSTAIRS ROOM - NIGHT",
                "Lauriston Gardens, upstairs room",
            ),
            ("INT. SCOTLAND YARD - OFFICE (?)", "Scotland Yard, office"),
            ("EXT. ASHTON AIRPORT - DAY", "Ashton Airport"),
            ("EXT. SOUTH LA - DAY", "South LA"),
            ("INT. GARE DU SUD - MATIN", "Gare du Sud"),
            ("EXT. BAHNHOF AM HAFEN - TAG", "Bahnhof am Hafen"),
            ("EXT. RAIN-SLICKED STREETS - NIGHT", "rain-slicked streets"),
            ("EXT. DOWNTOWN LOS ANGELES - DAY", "downtown Los Angeles"),
            (
                "INT./EXT. LORRY - CAB / FORD - NIGHT",
                "lorry, cab and ford",
            ),
            ("INT. THE CHEVROLET - DAY", "Chevrolet"),
            ("INT. HOTEL ADLON - DAY", "Hotel Adlon"),
            ("EXT. MARLOW RIVER - DAY", "Marlow River"),
            ("EXT. DEEP RIVER - DAY", "deep river"),
            ("EXT. OUTSIDE LA RUE 14 - NIGHT", "outside La Rue 14"),
            ("INT. LA ZORBA - NIGHT", "La Zorba"),
            ("INT. NEWS DESK (LISBON) - DAY", "news desk in Lisbon"),
            ("INT. MARLEY & SONS - DAY", "Marley and Sons"),
            (
                "INT. SHERIFF BRODY'S OFFICE - DAY",
                "Sheriff Brody's office",
            ),
        ] {
            assert_eq!(shown(raw), expected, "{raw}");
        }
    }
}
