//! Remarks: sentences of the action that no picture shows. They tell the reader what somebody once did,
//! knows or means, or what to think of it.

use super::word::tokens;

/// A sentence that begins with one of these, word for word, only remarks on something. `*` stands for
/// one word, as a subject does.
#[rustfmt::skip]
const OPENINGS: &[&str] = &[
    "actually it is", "as it turns out", "call it", "enough said", "fair enough", "for what it is worth", "guess who", "imagine",
    "in fact it is", "in other words", "in short", "it * matter", "it could be", "it feels like",
    "it goes without saying", "it has been", "it has never", "it is a matter of", "it is almost as if",
    "it is always", "it is as if", "it is clear", "it is easy to", "it is hard to", "it's hard to", "hard to read", "hard to tell", "hard to say", "impossible to tell", "as far as anyone knows", "it is her only",
    "it is his only", "it is how", "it is impossible to", "it is like", "it is love", "it is never", "it is no",
    "it is not", "it is nothing", "it is obvious", "it is over", "it is perfect", "it is possible",
    "it is the first", "it is the last", "it is the kind of", "it is the only", "it is the same", "it is the truth",
    "it is time", "it is too late", "it is true", "it is what", "it is why", "it is worth", "it may be",
    "it might be", "it must be", "it seems", "it takes a moment to", "it turns out", "it was", "it will",
    "it would", "make no mistake", "need we say", "needless to say", "no one knows", "no one will ever",
    "no wonder", "nobody knows", "nobody will ever", "not that", "nothing new", "of course it", "so much for", "speaking of", "what the hell",
    "suffice it to say", "that is a first", "that is all", "that is how", "that is it", "that is not",
    "that is the", "that is what", "that is why", "that was", "that will", "the truth is", "time to", "one thing is", "the question is", "there has never been",
    "there is no decision", "there is no denying", "there is no doubt", "there is no escape", "there is no hope", "there is no mistake", "there is no need", "there is no point", "there is no question", "there is no reason", "there is no telling", "there is no time", "there is no going back", "there is no other way", "there is no turning back",
    "there is no way", "there is something about", "there was", "there were", "these are not", "they are not the",
    "still subtitled", "subtitled", "think", "this has been", "this is as", "this is going to", "it is going to be", "this is how", "this is not", "this is the first",
    "this is the kind of", "this is the last", "this is the moment", "this is the only", "this is what",
    "this is where", "this is why", "this may be", "this might be", "this must be", "this was", "this will",
    "turns out", "what * does not know", "what we do not know", "which is", "which means", "who knows",
    "who would have thought", "you can", "you could", "you get", "you have", "you know", "you might", "you never",
    "you would",
];

/// What follows a subject of one or two words in a remark on them: what they once did, know or want.
#[rustfmt::skip]
const PREDICATES: &[&str] = &[
    "belongs here", "does not make sense", "makes no sense", "does not add up", "clearly does not", "clearly has", "clearly is", "clearly loves", "could be anyone",
    "could have", "could not be more", "did not", "does not know", "does not understand", "does not want", "had",
    "had been", "had never", "has always", "have always", "have been", "have had", "have known", "have never", "has been", "has been here before", "has done this before", "has had",
    "has known", "has lost", "has never", "has no idea", "has not", "has seen better", "has waited", "hates",
    "hopes", "is about to find out", "is everything", "is in love", "is no fool", "is not stupid",
    "is not the kind", "is not the man", "is not the type", "is not used to", "is right", "is still the", "is the kind of", "is the best", "are long gone", "are already long gone",
    "is the love of", "is the one who", "is the only one", "is the sort of", "is the type", "is used to",
    "is wrong", "knew", "know", "knows", "likes", "loves", "may never", "means business", "means it", "might never",
    "must have", "needs to", "needs no introduction", "never was", "never knew", "never liked", "never wanted",
    "never will", "once was", "owns the place", "should have", "thought", "used to", "wants nothing", "wants to",
    "was", "was always", "was never", "were", "will be", "will have", "will never", "will not", "wishes",
    "would be", "would do", "would have", "would like", "would never", "would rather",
];

/// Who a sentence that begins with one word is about.
const SUBJECTS: &[&str] = &[
    "he",
    "she",
    "they",
    "it",
    "nobody",
    "everybody",
    "everyone",
    "this",
    "that",
];

/// Words that speak of the film as a film.
const OF_THE_FILM: &[&str] = &[
    "audience",
    "audiences",
    "viewer",
    "viewers",
    "reader",
    "readers",
    "screenplay",
    "script",
    "movie",
    "moviegoers",
    "filmmakers",
];

/// Verbs that something is done by: a remark that goes on with one shows something after all, "He has
/// been waiting and walks to the door". The first of a sentence with a comma or `and` counts.
fn goes_on(words: &[String], from: usize) -> bool {
    let verb = |word: &String| {
        word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us")
    };
    words[from..]
        .iter()
        .position(|word| matches!(word.as_str(), "and" | "but" | "as" | "while"))
        .is_some_and(|at| words[from + at + 1..].iter().take(3).any(verb))
}

/// Whether a sentence of the action, English, only remarks on something. `named` says of the words of the
/// cast's names that they are such.
pub(crate) fn is_remark(sentence: &str, named: &dyn Fn(&str) -> bool) -> bool {
    if sentence.contains(['"', '“', ':']) {
        return false;
    }
    let words = plain_words(sentence);
    if words
        .iter()
        .any(|word| OF_THE_FILM.contains(&word.as_str()))
    {
        return !goes_on(&words, 0);
    }
    let opening = OPENINGS
        .iter()
        .filter_map(|phrase| begins(&words, phrase))
        .max();
    if let Some(end) = opening {
        // "It is not a gun, it is a lighter."
        let clauses = sentence.contains([',', ';', '—', '–']) || sentence.contains("--");
        let sees = words
            .get(end)
            .is_some_and(|word| matches!(word.as_str(), "see" | "hear"));
        return !clauses && !sees && !goes_on(&words, end);
    }
    let clauses = sentence.contains([',', ';', '—', '–']) || sentence.contains("--");
    if hypothetical(&words) || heard_alone(&words) || !clauses && weighed(&words) {
        return true;
    }
    let subject = match words.first() {
        Some(first) if SUBJECTS.contains(&first.as_str()) => 1,
        Some(_) => words.iter().take(3).take_while(|word| named(word)).count(),
        None => 0,
    };
    if subject == 0 {
        return false;
    }
    let adverbs = words[subject..]
        .iter()
        .take_while(|word| ADVERBS.contains(&word.as_str()))
        .count();
    let subject = subject + adverbs;
    if !clauses && denied(&words[subject..]) && !goes_on(&words, subject + 2) {
        return true;
    }
    let predicate = PREDICATES
        .iter()
        .filter_map(|phrase| begins(&words[subject..], phrase))
        .max();
    predicate.is_some_and(|end| !goes_on(&words, subject + end))
}

/// Words that may stand before what is remarked.
const ADVERBS: &[&str] = &[
    "also",
    "already",
    "certainly",
    "clearly",
    "desperately",
    "just",
    "obviously",
    "only",
    "probably",
    "really",
    "simply",
    "still",
    "truly",
];

/// What somebody may be seen not to do: they hold still.
#[rustfmt::skip]
const STILL: &[&str] = &[
    "answer", "blink", "breathe", "budge", "flinch", "give", "look", "move", "react", "reply", "respond", "smile",
    "speak", "stir", "stop", "talk", "turn", "wait", "wake", "say",
];

/// "Does not open the lid": a picture shows what is done, and would show the lid open.
fn denied(words: &[String]) -> bool {
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let does = matches!(word(0), "does" | "do") && !STILL.contains(&word(2));
    // "Is not worried": a face shows what it feels.
    let is = matches!(word(0), "is" | "are") && FELT.contains(&word(2));
    (does || is) && word(1) == "not"
}

/// What somebody may be said not to be, and no face shows.
#[rustfmt::skip]
const FELT: &[&str] = &[
    "afraid", "alone", "amused", "angry", "ashamed", "blind", "bothered", "concerned", "convinced", "deterred",
    "discouraged", "done", "easily", "fazed", "finished", "fond", "fooled", "good", "happy", "impressed", "interested",
    "kidding", "mad", "pleased", "ready", "satisfied", "scared", "sure", "surprised", "so", "the", "used", "worried", "a", "an",
];

/// "Edward's voice begins": a sound alone, which stands where the voice speaks.
fn heard_alone(words: &[String]) -> bool {
    #[rustfmt::skip]
    const GOES: &[&str] = &[
        "begins", "continues", "comes", "fades", "drifts", "carries", "returns", "takes", "echoes", "rises",
        "is", "joins", "starts", "picks", "goes", "narrates",
    ];
    let voice = words.iter().take(4).position(|word| word == "voice");
    voice.is_some_and(|at| {
        let behind = words.get(at + 1).map_or("", String::as_str);
        let whose = at > 0 && !matches!(words[at - 1].as_str(), "a" | "the" | "another");
        whose && GOES.contains(&behind) && !goes_on(words, at + 1)
    })
}

/// "The bolts are older than both of them": a comparison of what is not seen.
fn weighed(words: &[String]) -> bool {
    const WEIGHED: &[&str] = &[
        "older", "younger", "wiser", "smarter", "richer", "poorer", "better", "worse", "worth",
    ];
    let is = words
        .iter()
        .take(6)
        .position(|word| matches!(word.as_str(), "is" | "are"));
    is.is_some_and(|at| {
        let behind = &words[at + 1..];
        behind
            .first()
            .is_some_and(|word| WEIGHED.contains(&word.as_str()))
            && behind.iter().any(|word| word == "than")
            && !goes_on(words, at)
    })
}

/// "Every one of them would kill him": what would happen, not what does.
fn hypothetical(words: &[String]) -> bool {
    let verb = |word: &String| {
        word.len() > 4 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us")
    };
    let would = words.iter().take(7).position(|word| word == "would");
    would.is_some_and(|at| {
        at > 0
            && !words[..at].iter().any(verb)
            && !words[..at]
                .iter()
                .any(|word| matches!(word.as_str(), "as" | "if" | "who" | "that"))
            && !goes_on(words, at)
    })
}

/// The words of a sentence, its short forms written out: `it's not` → `it is not`.
fn plain_words(sentence: &str) -> Vec<String> {
    let mut out = Vec::new();
    for word in sentence
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’')))
        .filter(|word| !word.is_empty())
    {
        let word = word.to_lowercase().replace('’', "'");
        let pronoun = |head: &str| {
            matches!(
                head,
                "it" | "that"
                    | "this"
                    | "he"
                    | "she"
                    | "there"
                    | "who"
                    | "what"
                    | "they"
                    | "we"
                    | "you"
                    | "i"
            )
        };
        match word.split_once('\'') {
            Some((head, "s")) if pronoun(head) => out.extend([head.to_owned(), "is".to_owned()]),
            Some((head, "re")) if pronoun(head) => out.extend([head.to_owned(), "are".to_owned()]),
            Some((head, "ve")) if pronoun(head) => out.extend([head.to_owned(), "have".to_owned()]),
            Some((head, "d")) if pronoun(head) => out.extend([head.to_owned(), "would".to_owned()]),
            Some((head, "ll")) if pronoun(head) => out.extend([head.to_owned(), "will".to_owned()]),
            Some((head, "t")) if head.ends_with('n') => {
                let base = match head {
                    "can" | "won" => head,
                    _ => &head[..head.len() - 1],
                };
                out.extend([base.to_owned(), "not".to_owned()]);
            }
            _ => out.extend(tokens(&word)),
        }
    }
    out
}

/// Where a phrase ends that the words begin with.
fn begins(words: &[String], phrase: &str) -> Option<usize> {
    let mut end = 0;
    for part in phrase.split(' ') {
        let word = words.get(end)?;
        if part != "*" && part != word {
            return None;
        }
        end += 1;
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remark(sentence: &str) -> bool {
        is_remark(sentence, &|word| {
            matches!(word, "karl" | "sandra" | "bloom")
        })
    }

    #[test]
    fn what_no_picture_shows_is_a_remark() {
        for sentence in [
            "It's not flattery.",
            "It's the truth.",
            "He has been here before.",
            "Karl has never seen the sea.",
            "Sandra Bloom used to dance.",
            "They were friends once.",
            "You'd think he would learn.",
            "This is the last time she comes here.",
            "He knows.",
            "She doesn't know that yet.",
            "It was her mother's.",
            "The audience gasps at this point.",
            "Nobody knows why.",
            "Time to work.",
            "Every one of them would kill him.",
            "He really wants to press it.",
            "They've always been close.",
            "There's no decision to be made.",
            "She'll never forget it.",
            "Karl does not lift the latch.",
            "They don't open the crate.",
            "The rails are older than the town.",
            "The watch is worth more than the house.",
            "Karl isn't worried.",
            "Karl's voice begins as a memory...",
        ] {
            assert!(remark(sentence), "{sentence}");
        }
    }

    #[test]
    fn what_can_be_filmed_is_none() {
        for sentence in [
            "It's raining.",
            "It's not a gun, it's a lighter.",
            "It's only a cat.",
            "It is a gun.",
            "This is Karl, 30, in a green coat.",
            "There is a letter on the table.",
            "He is soaked.",
            "He knows the door is open, and steps through it.",
            "Karl has been waiting and jumps up.",
            "Karl has a knife.",
            "Nobody moves.",
            "Karl doesn't move.",
            "She does not answer.",
            "Karl does not open it, but sits down.",
            "The old bolts are wet.",
            "It reads: \"That was it.\"",
            "He looks at the house where he was born.",
            "That door opens.",
            "It snows.",
            "She wants in and knocks.",
            "They are soaked to the skin.",
            "Karl is not in his chair.",
            "A voice comes from the dark.",
            "Her voice breaks and she turns away.",
        ] {
            assert!(!remark(sentence), "{sentence}");
        }
    }
}
