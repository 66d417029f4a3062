//! How a shot's content says that somebody speaks, and how the same reads before spoken words.

/// A verb of speaking.
#[derive(Debug, PartialEq, Eq)]
pub struct Verb {
    /// Of one who speaks.
    pub one: &'static str,
    /// Of several.
    pub many: &'static str,
    /// Of one, before spoken words.
    pub says: &'static str,
    /// Of several, before spoken words.
    pub say: &'static str,
    /// What stands between the verb and whom it is said to: `says` `to`, `asks`.
    pub towards: &'static str,
}

const fn verb(
    one: &'static str,
    many: &'static str,
    says: &'static str,
    say: &'static str,
    towards: &'static str,
) -> Verb {
    Verb {
        one,
        many,
        says,
        say,
        towards,
    }
}

/// Verbs of speaking, the plainest first.
const VERBS: &[Verb] = &[
    verb("speaks", "speak", "says", "say", " to"),
    verb("asks", "ask", "asks", "ask", ""),
    verb("exclaims", "exclaim", "exclaims", "exclaim", " to"),
    verb("goes on", "go on", "goes on", "go on", " speaking to"),
    verb("shouts", "shout", "shouts", "shout", " at"),
    verb("sings", "sing", "sings", "sing", " to"),
    verb("whispers", "whisper", "whispers", "whisper", " to"),
    verb("says", "say", "says", "say", " to"),
    verb("calls", "call", "calls", "call", " to"),
    verb("yells", "yell", "yells", "yell", " at"),
    verb("mutters", "mutter", "mutters", "mutter", " to"),
    verb("screams", "scream", "screams", "scream", " at"),
    verb("replies", "reply", "replies", "reply", " to"),
    verb("answers", "answer", "answers", "answer", ""),
    verb("explains", "explain", "explains", "explain", " to"),
];

/// The parts of a sentence that says that somebody speaks: `Anna` ` smiles and ` `speaks` `, low`.
#[derive(Debug, PartialEq, Eq)]
pub struct Telling<'s> {
    /// What stands between the name and the verb, with its spaces.
    pub between: &'s str,
    /// The verb.
    pub verb: &'static Verb,
    /// Whether several speak.
    pub several: bool,
    /// What follows the verb, without the end mark.
    pub rest: &'s str,
}

/// Whether words of a tone say what a voice from elsewhere comes through: `over the phone`.
#[must_use]
pub fn comes_through(words: &str) -> bool {
    crate::fountain::is_device(words)
}

/// Takes a sentence apart that begins with `name` and says that they speak; none if it says something
/// else.
#[must_use]
pub fn telling<'s>(sentence: &'s str, name: &str) -> Option<Telling<'s>> {
    let head = sentence.get(..name.len())?;
    if name.is_empty() || head.to_lowercase() != name.to_lowercase() {
        return None;
    }
    let after = sentence[name.len()..].strip_prefix(' ')?;
    let mut at = 0;
    loop {
        let left = &after[at..];
        let begins = |word: &str| {
            let rest = left.strip_prefix(word)?;
            let whole = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '\'' || c == '-');
            whole.then_some(rest)
        };
        for verb in VERBS {
            for (word, several) in [(verb.one, false), (verb.many, true)] {
                if let Some(rest) = begins(word) {
                    return Some(Telling {
                        between: &sentence[name.len()..name.len() + 1 + at],
                        verb,
                        several,
                        rest: rest.trim_end_matches(['.', '!', '?', ':', ' ']),
                    });
                }
            }
        }
        // "smiles and speaks"
        let (word, rest) = left.split_once(' ')?;
        rest.strip_prefix("and ").filter(|_| !word.is_empty())?;
        at += word.len() + " and ".len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn parts<'s>(sentence: &'s str, name: &str) -> (&'s str, &'static str, bool, &'s str) {
        let told = telling(sentence, name).unwrap();
        (told.between, told.verb.one, told.several, told.rest)
    }

    #[test]
    fn a_sentence_that_tells_of_speaking_falls_into_its_parts() {
        assert_eq!(
            parts("Anna speaks, low.", "Anna"),
            (" ", "speaks", false, ", low")
        );
        assert_eq!(
            parts("The old man smiles and asks Boris.", "the old man"),
            (" smiles and ", "asks", false, " Boris")
        );
        assert_eq!(
            parts("Anna and Boris go on.", "Anna and Boris"),
            (" ", "goes on", true, "")
        );
        for other in ["Anna sits.", "Anna speakeasy.", "Boris speaks.", "Annabel"] {
            assert_eq!(telling(other, "Anna"), None, "{other}");
        }
    }
}
