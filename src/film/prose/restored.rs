//! What is left of a sentence without its viewer, as a sentence.

use super::word::{first_word, words};

/// What "we see" left behind as a sentence again: "him growing up" is "he is growing up", "the woman, who tracks Will" is
/// "the woman tracks Will".
pub(super) fn restored(text: &str) -> String {
    const OBJECTS: &[(&str, &str)] = &[("him", "he is"), ("them", "they are"), ("her", "she is")];
    let mut out = Vec::new();
    for (part, clause) in text.split(", ").enumerate() {
        let mut found = clause.splitn(3, ' ');
        let (first, second) = (
            found.next().unwrap_or_default(),
            found.next().unwrap_or_default(),
        );
        let object = OBJECTS
            .iter()
            .find(|(object, _)| first.eq_ignore_ascii_case(object));
        // "Her painting" may be a picture.
        let plain = !first.eq_ignore_ascii_case("her") || found.next().is_some();
        let doing = second.trim_end_matches(['.', '!']);
        let goes_on = doing.len() > 4 && doing.ends_with("ing") && !doing.ends_with("thing");
        out.push(match object {
            Some((_, subject)) if goes_on && plain => {
                let clause = format!("{subject}{}", &clause[first.len()..]);
                if part == 0 {
                    super::capitalise(&clause)
                } else {
                    clause
                }
            }
            _ => clause.to_owned(),
        });
    }
    let text = out.join(", ");
    // Only a relative clause is left to say what happens.
    let Some((who, what)) = text.split_once(", who ") else {
        return text;
    };
    let deed = first_word(what).is_some_and(|word| super::is_deed(&word.lower()));
    if deed && words(who).len() <= 4 && !what.contains(", ") {
        format!("{who} {what}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_is_told_as_a_sentence() {
        for (text, expected) in [
            (
                "As he climbs, him growing up.",
                "As he climbs, he is growing up.",
            ),
            (
                "Them running down the hill.",
                "They are running down the hill.",
            ),
            ("The woman, who tracks Will.", "The woman tracks Will."),
            ("Her painting.", "Her painting."),
            (
                "Her running down the hill.",
                "She is running down the hill.",
            ),
            (
                "The man, who sits there, waves.",
                "The man, who sits there, waves.",
            ),
            ("Him and his dog.", "Him and his dog."),
        ] {
            assert_eq!(restored(text), expected);
        }
    }
}
