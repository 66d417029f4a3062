//! Whom a line calls by name: "Will! What are you doing?", "Put that down, Boris."

use crate::cast::Character;
use crate::prose;

/// Whether a line speaks to somebody by a name of theirs, parted from the rest by marks.
pub(super) fn is_called(line: &str, who: &Character) -> bool {
    let words = prose::words(line);
    let mark = |text: &str| text.contains([',', '.', '!', '?', '…', '-', '—']);
    let is_name = |from: usize, to: usize| {
        let said: Vec<String> = words[from..to].iter().map(prose::Word::lower).collect();
        let said = said.join(" ");
        words[from].capitalised()
            && (said == who.name.to_lowercase() || who.aliases.contains(&said))
    };
    let parted = |from: usize, to: usize| {
        let before = from
            .checked_sub(1)
            .is_none_or(|last| mark(&line[words[last].end..words[from].start]));
        let after = words.get(to).map_or(&line[words[to - 1].end..], |next| {
            &line[words[to - 1].end..next.start]
        });
        before && mark(after) && !words[to - 1].possessive
    };
    // Only the first words and the last ones are said to somebody: a list of names is not.
    let ends = [
        (0, 1),
        (0, 2),
        (words.len().wrapping_sub(1), words.len()),
        (words.len().wrapping_sub(2), words.len()),
    ];
    words.len() > 1
        && ends.into_iter().any(|(from, to)| {
            from < to && to <= words.len() && is_name(from, to) && parted(from, to)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cast::{Gender, NameKind};

    #[test]
    fn a_name_between_marks_is_called() {
        let will = Character {
            name: "WILL".to_owned(),
            full_name: "WILL BLOOM".to_owned(),
            slug: "will".to_owned(),
            kind: NameKind::Named,
            gender: Gender::Male,
            speaks: true,
            aliases: vec!["will".to_owned(), "will bloom".to_owned()],
            introduction: None,
            age_of: None,
            ages_vary: false,
        };
        for line in [
            "Will! What are you doing?",
            "Put that down, Will.",
            "Will Bloom, come here.",
        ] {
            assert!(is_called(line, &will), "{line}");
        }
        for line in [
            "Will you come?",
            "I saw Will.",
            "Ask Anna and Will.",
            "Will's here, too.",
        ] {
            assert!(!is_called(line, &will), "{line}");
        }
    }
}
