//! What hands do in a drawing, from the verbs of what happens.

use crate::prose;
use crate::words::Hands;

/// Verbs in the third person, by what the hands do. The first verb of a sentence that is in it counts.
#[rustfmt::skip]
const VERBS: &[(Hands, &[&str])] = &[
    (Hands::Pointing, &["points", "gestures", "indicates", "aims", "beckons"]),
    (Hands::Raised, &["waves", "cheers", "dances", "celebrates", "surrenders", "applauds", "claps", "throws", "spins", "juggles"]),
    (Hands::Holding, &[
        "reads", "holds", "carries", "drinks", "sips", "eats", "draws", "writes", "types", "counts", "clutches", "studies", "unfolds",
        "folds", "opens the letter", "cradles", "plays", "smokes", "lights", "peels", "stirs", "pours", "drops", "prays", "knits",
        "photographs", "films", "texts", "dials", "scrolls", "unwraps", "wraps", "tears", "rips", "hugs", "cleans", "wipes",
    ]),
    (Hands::Reaching, &[
        "closes", "opens", "shuts", "touches", "presses", "pushes", "pulls", "turns", "grabs", "takes", "reaches", "picks", "lays",
        "puts", "places", "hands", "gives", "offers", "taps", "knocks", "slaps", "strokes", "shakes", "catches", "lifts", "sets",
        "switches", "flips", "flicks", "unlocks", "locks", "twists", "cranks", "pets", "pokes", "grips", "yanks", "tugs", "extends",
        "feels", "helps", "leans", "steers", "digs", "cuts", "paints", "hammers", "repairs", "fixes", "drives", "passes",
    ]),
];

/// Verbs that are nouns as well, and mean the hands only with an object: hands of a clock, a thing
/// that turns round.
const NEED_OBJECT: &[&str] = &[
    "turns", "hands", "opens", "closes", "drops", "plays", "leans", "passes", "lights", "draws",
    "shakes", "drives", "spins",
];

/// Words that no object begins with.
const NO_OBJECT: &[&str] = &[
    "to", "round", "around", "away", "back", "and", "up", "down", "at", "off", "on", "in", "out",
    "over", "past", "toward", "towards", "by", "against", "as", "his", "her", "their",
];

/// What the hands of each of `people` do in `sentences`. The one whom a sentence names first does what
/// it says; a sentence that names nobody goes on about the same one.
pub(super) fn hands(people: &[String], sentences: &[String]) -> Vec<Hands> {
    let mut hands = vec![Hands::Free; people.len()];
    let names: Vec<Vec<String>> = people.iter().map(|name| prose::tokens(name)).collect();
    let mut subject = (people.len() == 1).then_some(0);
    for sentence in sentences {
        let words = prose::tokens(sentence);
        let first = |name: &Vec<String>| words.iter().position(|word| name.contains(word));
        let named = names.iter().enumerate();
        let named = named.filter_map(|(who, name)| Some((first(name)?, who)));
        subject = match named.min() {
            // "He hands one to Mara": not Mara.
            Some((at, who)) if words[..at].iter().any(|word| is_pronoun(word)) => subject
                .filter(|before| *before != who)
                .or((people.len() == 2).then_some(1 - who.min(1))),
            Some((_, who)) => Some(who),
            None => subject,
        };
        let (Some(who), Some(found)) = (subject, of(&words)) else {
            continue;
        };
        if hands[who] == Hands::Free {
            hands[who] = found;
        }
    }
    hands
}

fn is_pronoun(word: &str) -> bool {
    matches!(word, "he" | "she" | "it" | "they")
}

fn of(words: &[String]) -> Option<Hands> {
    words.iter().enumerate().find_map(|(at, word)| {
        let next = words.get(at + 1).map(String::as_str);
        let has_object = next.is_some_and(|next| !NO_OBJECT.contains(&next));
        if NEED_OBJECT.contains(&word.as_str()) && !has_object {
            return None;
        }
        let mut rows = VERBS.iter();
        let row = rows.find(|(_, verbs)| verbs.contains(&word.as_str()));
        row.map(|(hands, _)| *hands)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alone(text: &str) -> Hands {
        hands(&["Mara".to_owned()], &[text.to_owned()])[0]
    }

    #[test]
    fn hands_do_what_the_verbs_say() {
        for (text, wanted) in [
            ("She closes one valve.", Hands::Reaching),
            ("Mara lays her palm on the warm iron.", Hands::Reaching),
            ("Mara reads the letter.", Hands::Holding),
            ("He points at the chart table.", Hands::Pointing),
            ("She dances badly.", Hands::Raised),
            ("Mara listens to an engine.", Hands::Free),
            ("He turns round.", Hands::Free),
            ("The door closes.", Hands::Free),
            ("She turns and leaves.", Hands::Free),
            ("She turns the wheel.", Hands::Reaching),
        ] {
            assert_eq!(alone(text), wanted, "{text}");
        }
    }

    #[test]
    fn each_does_what_is_said_of_them() {
        let people = ["Tobin".to_owned(), "Mrs. Lane".to_owned()];
        let said = [
            "Mrs. Lane waits.",
            "She holds a tablet.",
            "Tobin points at Mrs. Lane.",
        ];
        let hands = hands(&people, &said.map(str::to_owned));
        assert_eq!(hands, [Hands::Pointing, Hands::Holding]);
        let said = ["He hands one to Mrs. Lane and looks at the engine.".to_owned()];
        assert_eq!(super::hands(&people, &said), [Hands::Reaching, Hands::Free]);
    }
}
