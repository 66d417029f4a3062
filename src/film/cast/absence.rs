//! Who is named in a sentence, and yet is not to be seen there.

use std::ops::Range;

use super::small_words;
use crate::prose::{self, Word};

/// What of somebody shows them: "Mila's hand" is Mila, "Mila's cat" is not.
#[rustfmt::skip]
pub(super) const OF_A_BODY: &[&str] = &[
    "amazement", "anger", "ankle", "ankles", "arm", "arms", "ass", "attention", "back", "beard", "belly",
    "blood", "body", "boot", "boots", "breath", "brow", "brows", "cap", "cheek", "cheeks", "chest", "chin",
    "clutches", "coat", "collar", "composure", "confidence", "corpse", "delight", "dismay", "dress", "ear",
    "ears", "elbow", "elbows", "embrace", "excitement", "expression", "eye", "eyebrow", "eyebrows", "eyelids",
    "eyes", "face", "fear", "features", "feet", "finger", "fingers", "fingertips", "fist", "fists", "foot",
    "forearm", "forearms", "forehead", "frown", "fury", "gaze", "glance", "glasses", "grasp", "grief", "grin",
    "grip", "hair", "hand", "hands", "hat", "head", "heel", "heels", "help", "hip", "hips", "horror", "hug",
    "jacket", "jaw", "joy", "kiss", "knee", "knees", "knuckles", "laces", "lap", "lapel", "lapels", "leg",
    "legs", "lip", "lips", "look", "mood", "moustache", "mouth", "mustache", "neck", "nose", "pain", "palm",
    "palms", "panic", "pants", "pocket", "pockets", "pride", "profile", "reaction", "reflection", "relief",
    "ribs", "shadow", "shirt", "shoe", "shoes", "shoulder", "shoulders", "side", "silhouette", "skin", "skirt",
    "sleeve", "sleeves", "smile", "stare", "stomach", "surprise", "tears", "teeth", "temple", "thigh",
    "throat", "thumb", "tie", "toe", "toes", "tongue", "torso", "touch", "trousers", "uniform", "waist",
    "wound", "wounds", "wrist", "wrists",
];

/// What of these may lie about without whose it is.
const TAKEN_OFF: &[&str] = &[
    "boot", "boots", "cap", "coat", "glasses", "hat", "jacket", "shoe", "shoes", "uniform",
];

/// So many words after an owner tell what is theirs: "Mila's pale, narrow face".
const OWNED_WITHIN: usize = 3;

/// After these words a name is only spoken, thought or heard of; articles between do not count.
#[rustfmt::skip]
const BEFORE: &[&[&str]] = &[
    &["about"], &["without"], &["hear"], &["hears"], &["heard"], &["hearing"], &["overhears"], &["remembers"],
    &["remembering"], &["imagines"], &["thinks", "of"], &["thinking", "of"], &["think", "of"], &["dreams", "of"],
    &["dreaming", "of"], &["sign", "of"], &["trace", "of"], &["news", "of"], &["word", "of"], &["mention", "of"],
    &["name", "of"], &["memory", "of"], &["memories", "of"], &["thought", "of"], &["thoughts", "of"],
    &["grave", "of"], &["ghost", "of"], &["named", "after"], &["letter", "from"], &["note", "from"],
    &["call", "from"], &["message", "from"], &["text", "from"], &["postcard", "from"], &["gift", "from"],
    &["letter", "to"], &["note", "to"], &["waits", "for"], &["waiting", "for"], &["looks", "for"],
    &["looking", "for"], &["searches", "for"], &["searching", "for"], &["instead", "of"], &["belongs", "to"],
    &["belonged", "to"], &["belonging", "to"], &["addressed", "to"], &["phone", "with"], &["line", "with"],
];

/// Before these words a name is that of somebody who is not there.
#[rustfmt::skip]
const AFTER: &[&[&str]] = &[
    &["is", "gone"], &["gone"], &["is", "missing"], &["is", "nowhere"], &["isn't", "there"],
    &["isn't", "here"], &["is", "not", "there"], &["is", "not", "here"], &["has", "left"], &["has", "vanished"],
    &["has", "disappeared"], &["is", "absent"], &["used", "to"], &["is", "no", "longer"],
];

/// After "Will's" these tell what Will is or has done, not what is his.
const IS_SO: &[&str] = &[
    "already", "always", "been", "come", "done", "found", "gone", "got", "made", "never", "still",
    "taken",
];

/// Whoever is seen in one of these is not in the room.
#[rustfmt::skip]
const PICTURES: &[&str] = &[
    "album", "bust", "drawing", "headshot", "mugshot", "painting", "photo", "photograph", "photographs", "photos",
    "picture", "pictures", "polaroid", "portrait", "portraits", "poster", "sketch", "snapshot", "snapshots", "statue",
    "photographie", "foto", "fotografie", "bild", "fotografia", "retrato", "ritratto", "zdjecie", "фотография",
];
/// Unless it is only now being made.
const MAKES: &[&str] = &[
    "takes", "take", "taking", "snaps", "snap", "snapping", "shoots", "paints", "painting",
    "draws", "drawing", "sketches", "poses", "pose", "posing",
];
/// What a picture does with all that is told after it.
const SHOWS: &[&str] = &[
    "shows",
    "show",
    "showing",
    "depicts",
    "depicting",
    "reveals",
];

/// A sentence, looked through for those who are named and not seen.
pub(super) struct Unseen<'a> {
    words: &'a [Word<'a>],
    lower: &'a [String],
    quoted: Vec<Range<usize>>,
    /// From this word on all is in a picture.
    pictured_from: usize,
    /// The `of` of "a photograph of Mila".
    picture_of: Option<usize>,
}

impl<'a> Unseen<'a> {
    pub(super) fn of(sentence: &str, words: &'a [Word<'a>], lower: &'a [String]) -> Self {
        let makes = lower.iter().any(|word| MAKES.contains(&word.as_str()));
        let picture = lower
            .iter()
            .position(|word| PICTURES.contains(&word.as_str()))
            .filter(|at| !makes || MAKES.contains(&lower[*at].as_str()) && *at > 0);
        let (mut pictured_from, mut picture_of) = (usize::MAX, None);
        if let Some(at) = picture
            && let Some(next) = words.get(at + 1)
        {
            let gap = &sentence[words[at].end..next.start];
            let shows = lower[at + 1..]
                .iter()
                .take(3)
                .any(|word| SHOWS.contains(&word.as_str()));
            if gap.starts_with(':') || shows {
                pictured_from = at + 1;
            } else if matches!(lower[at + 1].as_str(), "of" | "de" | "von" | "di") {
                picture_of = Some(at + 1);
            }
        }
        Self {
            words,
            lower,
            quoted: quoted(sentence),
            pictured_from,
            picture_of,
        }
    }

    /// Whether a word is quoted, or in a picture.
    pub(super) fn is_shown_elsewhere(&self, at: usize) -> bool {
        at >= self.pictured_from
            || self
                .quoted
                .iter()
                .any(|quote| quote.contains(&self.words[at].start))
    }

    /// Whether the one whose name stands at these words is not seen.
    pub(super) fn is_absent(&self, at: usize, len: usize) -> bool {
        let last = at + len - 1;
        let after = self.lower.get(last + 1..).unwrap_or_default();
        self.is_shown_elsewhere(at)
            || self.owns_only(at, last)
            || self.follows(at)
            || self.in_picture(at)
            || AFTER.iter().any(|phrase| {
                // "Gone crazy" is not gone.
                let ends = after
                    .get(phrase.len())
                    .is_none_or(|next| small_words::is_small(next));
                after.iter().take(phrase.len()).eq(phrase.iter()) && (ends || phrase.len() > 2)
            })
    }

    /// Whether a name only tells whose something is.
    fn owns_only(&self, at: usize, last: usize) -> bool {
        if !self.words[last].possessive || self.is_short_for_is(last) {
            return false;
        }
        let mut owned = self.lower[last + 1..].iter().take(OWNED_WITHIN);
        let own = owned.find(|word| OF_A_BODY.contains(&word.as_str()));
        // "Ella's boots stand in the corner": she is not in them.
        own.is_none_or(|own| at == 0 && TAKEN_OFF.contains(&own.as_str()))
    }

    /// "Will's running", "Will's already there": Will is.
    fn is_short_for_is(&self, last: usize) -> bool {
        let Some(next) = self.lower.get(last + 1).map(String::as_str) else {
            return false;
        };
        let ends = |word: &String| small_words::is_small(word) || word == "already";
        let doing = next.ends_with("ing") && next.len() > 4;
        let small = small_words::is_small(next)
            && !small_words::counts(next)
            && !matches!(next, "own" | "old" | "new");
        doing && self.lower.get(last + 2).is_none_or(ends) || small || IS_SO.contains(&next)
    }

    fn follows(&self, at: usize) -> bool {
        let mut end = at;
        while end > 0
            && matches!(
                self.lower[end - 1].as_str(),
                "the" | "a" | "an" | "his" | "her" | "their"
            )
        {
            end -= 1;
        }
        let before = &self.lower[..end];
        BEFORE.iter().any(|phrase| {
            before.len() >= phrase.len()
                && before[before.len() - phrase.len()..].iter().eq(phrase.iter())
                // "Waits for Will to finish": Will is there.
                && !(phrase[phrase.len() - 1] == "for" && self.lower.get(at + 1).is_some_and(|next| next == "to"))
        })
    }

    /// "A photograph of Mila and Jonas"
    fn in_picture(&self, at: usize) -> bool {
        self.picture_of.is_some_and(|of| {
            of < at
                && self.lower[of + 1..at]
                    .iter()
                    .zip(&self.words[of + 1..at])
                    .all(|(word, shown)| shown.capitalised() || small_words::is_small(word))
        })
    }
}

/// Where a sentence quotes what is written or said, closing marks left out. A word alone is only
/// quoted after a word for reading or saying: `the "Captain"` is called so.
pub(super) fn quoted(sentence: &str) -> Vec<Range<usize>> {
    if !sentence.contains(['"', '“', '«', '„']) {
        return Vec::new();
    }
    const SAYS: &[&str] = &[
        "reads", "read", "reading", "says", "saying", "said", "titled", "labeled", "labelled",
        "marked", "sign", "yells", "shouts", "calls", "whispers", "asks",
    ];
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    for (at, c) in sentence.char_indices() {
        if !matches!(c, '"' | '“' | '”' | '«' | '»' | '„') {
            continue;
        }
        let Some(from) = open.take() else {
            open = Some(at + c.len_utf8());
            continue;
        };
        let before = prose::tokens(&sentence[..from]);
        let told = before
            .last()
            .is_some_and(|word| SAYS.contains(&word.as_str()));
        if told || prose::words(&sentence[from..at]).len() > 1 {
            found.push(from..at);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn absent(sentence: &str, name: &str) -> bool {
        let words = prose::words(sentence);
        let lower: Vec<String> = words.iter().map(Word::lower).collect();
        let at = words
            .iter()
            .position(|word| word.text == name)
            .expect("the name stands in it");
        Unseen::of(sentence, &words, &lower).is_absent(at, 1)
    }

    #[test]
    fn what_is_told_of_somebody_need_not_show_them() {
        for sentence in [
            "Mila's cat follows him.",
            "Mila's boots stand in the corner.",
            "He sits in Mila's chair.",
            "A sign reads \"MILA'S BAR\".",
            "He thinks of Mila.",
            "There is no sign of Mila.",
            "A photograph of Mila and Jonas on the wall.",
            "CLOSE ON a photograph: a young Mila on a beach.",
            "The picture shows the captain with Mila.",
            "A letter from Mila.",
            "Mila is gone.",
            "He hears Mila in the hall.",
            "He turns to go without Mila.",
            "\"Where is Mila today?\" he says.",
        ] {
            let name = if sentence.contains("MILA") {
                "MILA"
            } else {
                "Mila"
            };
            assert!(absent(sentence, name), "{sentence}");
        }
        for sentence in [
            "Mila's eyes widen.",
            "He takes Mila's small cold hand.",
            "Mila's running down the stairs.",
            "Mila's already there.",
            "Mila's at the door.",
            "He looks at Mila.",
            "Mila holds a photograph of Jonas.",
            "He takes a picture of Mila.",
            "He waits for Mila to finish.",
            "The \"Mila\" of the posters smiles.",
            "Mila reads: \"Where is he?\"",
        ] {
            assert!(!absent(sentence, "Mila"), "{sentence}");
        }
    }
}
