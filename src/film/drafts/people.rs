//! Drafts of people: what the script tells of them.

use super::Draft;
use crate::cast::{Character, Gender, NameKind};
use crate::color::by_place;
use crate::prose;

/// Whether a character gets a file of its own: a proper name, or a role that speaks.
pub fn deserves_record(character: &Character) -> bool {
    match character.kind {
        NameKind::Named => true,
        NameKind::Role => character.speaks,
        NameKind::Group => false,
    }
}

/// A draft of `bible/characters/NAME.toml`, for the `place`-th of the cast, counted from 0.
pub fn draft_character(character: &Character, place: usize) -> String {
    let mut draft = Draft::about(&character.display());
    if let Some(introduction) = &character.introduction {
        draft.comment(&format!("The script: {introduction}"));
    }
    let physical = character
        .introduction
        .as_deref()
        .map(|text| physical(text, character))
        .unwrap_or_default();
    let pronouns = match character.gender {
        Gender::Male => "he",
        Gender::Female => "she",
        Gender::Neuter => "it",
        Gender::Plural => "they",
        Gender::Unknown => "",
    };
    draft.field("name", &prose::display_name(&character.full_name), "");
    draft.list("aliases", "other names the script uses for the same person");
    draft.field(
        "pronouns",
        pronouns,
        "he, she, they or it; empty: taken from the script",
    );
    draft.field(
        "physical",
        &physical,
        "age, build, face, hair: what every picture needs",
    );
    draft.field(
        "signature",
        "",
        "what one remembers: a gesture, a scar, a prop",
    );
    draft.field(
        "portrait_prompt",
        "",
        "empty: made from physical and wardrobe",
    );
    draft.list("references", "image files in the project");
    draft.field(
        "color",
        &by_place(place),
        "#rrggbb of the figure in storyboard panels; empty: chosen from the name",
    );
    draft.table(
        "wardrobe",
        "Clothes, and by act where they change: 1 = \"a red coat\"",
    );
    draft.field("default", "", "");
    draft.table(
        "voice",
        "The scratch voice. name is espeak-ng's (en-us+f3), pitch 0 to 99, speed in words a minute.",
    );
    draft.field("description", "", "for actors and voice providers");
    draft.field("name", "", "empty: chosen from the name");
    draft.print()
}
/// What the introducing sentence says of a body: what stands beside the name between commas or in
/// brackets, its age, and the adjectives before the name.
fn physical(introduction: &str, character: &Character) -> String {
    let words = prose::words(introduction);
    let name = prose::tokens(&character.full_name);
    let lower: Vec<String> = words.iter().map(|word| word.lower()).collect();
    let Some(at) = lower
        .windows(name.len().max(1))
        .position(|window| window == name.as_slice())
    else {
        return String::new();
    };
    let mut parts: Vec<String> = Vec::new();
    // "the tweedy ECONOMICS PROFESSOR"
    let mut before = at;
    const STOPS: &[&str] = &[
        "a", "an", "the", "his", "her", "their", "its", "and", "but", "as", "with", "by", "of",
        "to", "is", "see",
    ];
    while before > 0
        && at - before < 3
        && !STOPS.contains(&lower[before - 1].as_str())
        && !words[before - 1].all_caps()
    {
        if words[before - 1].possessive
            || introduction[words[before - 1].end..words[before].start].trim() != ""
        {
            break;
        }
        before -= 1;
    }
    let article = before.checked_sub(1).is_some_and(|i| {
        matches!(
            lower[i].as_str(),
            "a" | "an" | "the" | "his" | "her" | "their"
        )
    });
    if before < at && article {
        parts.push(introduction[words[before].start..words[at - 1].end].to_owned());
    }
    let after = &introduction[words[at + name.len() - 1].end..];
    if let Some(inner) = after
        .trim_start()
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(')'))
    {
        parts.push(inner.0.trim().to_owned());
    } else if let Some(rest) = after.strip_prefix(',') {
        for clause in rest.split([',', ';']).take(5) {
            let clause = clause.split(" -- ").next().unwrap_or_default().trim();
            let tokens = prose::tokens(clause);
            let first = tokens.first().map(String::as_str).unwrap_or_default();
            if tokens.is_empty()
                || clause.ends_with(['.', '!', '?'])
                || ACTS.contains(&first)
                || acts(first)
                || tokens.len() > 8
            {
                break;
            }
            parts.push(
                clause
                    .trim_start_matches("now ")
                    .trim_start_matches("AGE ")
                    .to_owned(),
            );
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

const ACTS: &[&str] = &[
    "is", "are", "was", "who", "and", "but", "as", "in", "on", "at", "with", "stands", "sits",
];

fn acts(word: &str) -> bool {
    word.len() > 4
        && word.ends_with('s')
        && !word.ends_with("ss")
        && !word.ends_with("teens")
        && !word.ends_with("ties")
}

#[cfg(test)]
mod tests {
    use super::super::character;
    use super::*;
    use crate::bible::CharacterRecord;

    #[test]
    fn what_the_script_says_of_a_body_is_taken_over() {
        for (name, introduction, expected) in [
            (
                "BRICK BRADDOCK",
                "But BRICK BRADDOCK, retired police detective, is sitting quietly.",
                "retired police detective",
            ),
            ("KARL", "KARL (30) enters.", "30"),
            ("WILL BLOOM", "WILL BLOOM, AGE 3, listens wide-eyed.", "3"),
            (
                "ECONOMICS PROFESSOR",
                "The tweedy ECONOMICS PROFESSOR continues.",
                "tweedy",
            ),
            ("MIKE", "MIKE drops into the chair.", ""),
        ] {
            let draft = draft_character(&character(name, introduction), 0);
            let record = CharacterRecord::parse(&draft).unwrap();
            assert_eq!(record.physical, expected, "{introduction}");
            assert_eq!(record.pronouns, "he");
            assert!(draft.contains(introduction));
        }
    }
}
