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
    if let Some(other) = &character.age_of {
        draft.comment(&format!("{} at another age.", prose::display_name(other)));
    }
    let look = character.appearance();
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
        &look.physical,
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
    draft.field("default", &look.clothes, "");
    draft.table(
        "voice",
        "The scratch voice. name is espeak-ng's (en-us+f3), pitch 0 to 99, speed in words a minute.",
    );
    draft.field("description", "", "for actors and voice providers");
    draft.field("name", "", "empty: chosen from the name");
    draft.print()
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
            ("KARL", "KARL (30) enters.", "aged 30"),
            (
                "WILL BLOOM",
                "WILL BLOOM, AGE 3, listens wide-eyed.",
                "aged 3",
            ),
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
