//! Words of names by which nobody is called: numbers, months, ages, and the small words of languages.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::{fold::fold, tables};

/// Numbers in order, at which people of one kind are told apart: `FIRST GUARD`, `ZWEITER MANN`.
#[rustfmt::skip]
const ORDINALS: &[&str] = &[
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "last", "next",
    "another", "other",
    "premier", "premiere", "deuxieme", "seconde", "troisieme", "quatrieme", "cinquieme", "dernier", "derniere",
    "autre", "erster", "erste", "erstes", "zweiter", "zweite", "zweites", "dritter", "dritte", "drittes", "vierter",
    "vierte", "letzter", "letzte", "anderer", "andere",
    "primer", "primero", "primera", "segundo", "segunda", "tercer", "tercero", "tercera", "otro", "otra",
    "primo", "prima", "secondo", "seconda", "terzo", "terza", "altro", "altra",
    "primeiro", "primeira", "terceiro", "terceira", "outro", "outra",
    "pierwszy", "pierwsza", "drugi", "druga", "trzeci", "trzecia",
    "первыи", "первая", "второи", "вторая", "третии", "третья",
];

/// Numbers in words.
#[rustfmt::skip]
const NUMBERS: &[&str] = &[
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "twenty",
    "dozen", "hundred", "thousand", "number",
    "un", "une", "deux", "trois", "quatre", "cinq", "ein", "eine", "eins", "zwei", "drei", "vier", "funf",
    "uno", "una", "dos", "tres", "cuatro", "due", "tre", "quattro", "um", "uma", "dois", "duas", "jeden", "dwa",
    "trzy", "один", "два", "три",
];

/// Months and days of the week.
#[rustfmt::skip]
pub(super) const CALENDAR: &[&str] = &[
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "christmas", "easter",
    "spring", "summer", "autumn", "winter",
    "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre",
    "decembre", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
    "januar", "februar", "marz", "juni", "juli", "oktober", "dezember", "montag", "dienstag", "mittwoch",
    "donnerstag", "freitag", "samstag", "sonntag",
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre", "lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo",
    "gennaio", "febbraio", "aprile", "maggio", "giugno", "luglio", "settembre", "ottobre", "dicembre",
    "janeiro", "fevereiro", "marco", "maio", "junho", "julho", "setembro", "outubro", "novembro", "dezembro",
];

/// Articles, prepositions, pronouns and other small words.
#[rustfmt::skip]
const SMALL: &[&str] = &[
    // English
    "a", "about", "above", "across", "after", "all", "also", "am", "among", "an", "and", "any", "are", "around", "as",
    "at", "away", "back", "be", "been", "before", "behind", "below", "beside", "between", "both", "but", "by",
    "can", "did", "do", "does", "down", "each", "else", "every", "everyone", "few", "for", "from", "had", "has",
    "have", "he", "her", "here", "him", "his", "how", "i", "if", "in", "inside", "into", "is", "it", "its", "just",
    "like", "many", "me", "more", "most", "my", "near", "new", "no", "not", "now", "of", "off", "old", "on", "only",
    "or", "our", "out", "outside", "over", "own", "same", "she", "small", "so", "some", "still", "such", "than",
    "that", "the", "their", "them", "then", "there", "these", "they", "this", "those", "through", "to", "too",
    "under", "up", "us", "very", "was", "we", "were", "what", "when", "where", "which", "while", "who", "whose",
    "why", "with", "without", "you", "your", "aka", "various", "several", "unknown", "unseen", "mysterious",
    // French
    "au", "aux", "avec", "ce", "ces", "cette", "chez", "d", "dans", "de", "des", "du", "elle", "elles", "en", "est",
    "et", "eux", "il", "ils", "je", "l", "la", "le", "les", "leur", "lui", "ma", "mais", "mes", "mon", "ni", "nous",
    "on", "ou", "par", "pas", "pour", "qui", "quoi", "sa", "sans", "se", "ses", "son", "sous", "sur", "ta", "tes",
    "ton", "tu", "vers", "vous",
    // German
    "aber", "als", "am", "auf", "aus", "bei", "bis", "da", "das", "dein", "dem", "den", "der", "des", "die", "dies",
    "dieser", "diese", "doch", "du", "durch", "einem", "einen", "einer", "eines", "er", "es", "fur", "gegen", "hat",
    "ich", "ihm", "ihn", "ihr", "ihre", "im", "ist", "kein", "keine", "man", "mein", "meine", "mit", "nach", "nicht",
    "noch", "nur", "ob", "oder", "ohne", "sein", "seine", "sie", "sind", "so", "uber", "um", "und", "uns", "unter",
    "vom", "von", "vor", "war", "was", "wer", "wie", "wir", "zu", "zum", "zur", "zwischen",
    // Spanish, Italian, Portuguese
    "al", "alla", "alle", "ante", "ao", "aos", "as", "che", "chi", "col", "como", "con", "da", "dal", "dalla", "das",
    "degli", "dei", "del", "della", "delle", "dello", "di", "do", "dos", "e", "ed", "egli", "el", "ella", "em",
    "entre", "era", "essa", "esta", "este", "gli", "ha", "hay", "i", "io", "las", "lei", "lo", "loro", "los", "mas",
    "mi", "na", "nas", "ne", "nel", "nella", "no", "nos", "o", "os", "para", "pela", "pelo", "per", "pero", "por",
    "porque", "que", "si", "sin", "sobre", "su", "sua", "suo", "sus", "te", "tra", "un", "uno", "y", "yo",
    // Polish, Dutch, Swedish
    "bez", "dla", "i", "jest", "na", "nie", "od", "pod", "przy", "sie", "ten", "ta", "to", "w", "z", "ze", "za",
    "een", "het", "van", "voor", "met", "niet", "och", "att", "det", "den", "en", "ett", "med", "pa", "som",
    // Russian
    "а", "без", "в", "во", "вы", "для", "до", "его", "ее", "за", "и", "из", "или", "их", "к", "как", "мы", "на", "не",
    "но", "о", "он", "она", "они", "от", "по", "под", "при", "с", "со", "ты", "у", "что", "это", "я",
];

static COUNTS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| ORDINALS.iter().chain(NUMBERS).copied().collect());
static SMALL_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lists = [SMALL, CALENDAR, tables::DETERMINERS, tables::PARTICLES];
    lists.into_iter().flatten().copied().collect()
});

/// Whether a word only counts: `1`, `1st`, `2ÈME`, `first`, `two`.
pub(super) fn counts(word: &str) -> bool {
    let word = &*fold(word);
    let digits = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = digits.len() < word.len()
        && matches!(
            digits,
            "" | "st" | "nd" | "rd" | "th" | "e" | "er" | "ere" | "eme" | "o" | "a" | "te"
        );
    number || COUNTS.contains(word)
}

/// Whether a word of a longer name is none by which its bearer is called.
pub(super) fn is_small(word: &str) -> bool {
    let folded = &*fold(word);
    let letter = folded.is_ascii() && folded.len() < 2;
    (letter || counts(folded))
        || tables::given_name(folded).is_none()
            && (SMALL_WORDS.contains(folded) || tables::variant(folded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_spelt_as_they_are_compared() {
        for word in [ORDINALS, NUMBERS, CALENDAR, SMALL].concat() {
            assert_eq!(fold(word), word);
        }
    }

    #[test]
    fn small_words_name_nobody() {
        for word in [
            "1", "1ST", "2nd", "FIRST", "2ème", "Zweiter", "October", "août", "der", "DE", "of",
            "два", "B",
        ] {
            assert!(is_small(word), "{word}");
        }
        for word in ["Will", "April", "Özdemir", "Steel", "李", "Ó"] {
            assert_eq!(is_small(word), word == "Ó", "{word}");
        }
    }
}
