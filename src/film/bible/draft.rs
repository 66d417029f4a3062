//! First drafts of bible files, for a person to fill. What the script says is filled in; the rest
//! stands as empty fields with a word on what they are for.

use std::fmt::Write;

use serde::Deserialize;

use crate::film::cast::{Character, Gender};
use crate::film::prose;

/// A place as the script names it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PlaceInScript {
    /// `FERRY - ENGINE ROOM`
    pub name: String,
    /// The distinct headings that name it.
    pub headings: Vec<String>,
}

/// `bible/characters/NAME.toml` for a member of the cast. The names are left out on purpose: the
/// file's own name ties it to the cast, and a name in it is a person's decision.
#[must_use]
pub fn draft_character(character: &Character) -> String {
    let mut out = String::new();
    line(&mut out, &format!("# {}", character.display()));
    if let Some(introduction) = &character.introduction {
        line(&mut out, "# The script introduces them so:");
        for part in prose::plain(introduction).lines() {
            line(&mut out, &format!("#   {}", part.trim()));
        }
    }
    line(
        &mut out,
        "# Empty fields are found from the script; fill in what you decide.",
    );
    line(&mut out, "");
    let pronouns = match character.gender {
        Gender::Male => "he",
        Gender::Female => "she",
        Gender::Neuter => "it",
        Gender::Plural | Gender::Unknown => "they",
    };
    field(&mut out, "name", "as people read it");
    list(
        &mut out,
        "aliases",
        "other names that the script uses for them",
    );
    field(
        &mut out,
        "pronouns",
        &format!("he, she, they or it; the script reads as {pronouns}"),
    );
    field(&mut out, "physical", "body and face, in a few phrases");
    field(
        &mut out,
        "signature",
        "what one remembers: a gesture, a scar, a prop",
    );
    field(
        &mut out,
        "portrait_prompt",
        "else made from physical and wardrobe",
    );
    list(&mut out, "references", "pictures in the project");
    field(
        &mut out,
        "color",
        "#rrggbb of the figure in storyboard panels",
    );
    line(
        &mut out,
        "\n# Clothes by act: 1 = \"…\"; default for the acts not named.\n[wardrobe]",
    );
    line(&mut out, "\n[voice]");
    field(&mut out, "description", "in words, for actors");
    field(
        &mut out,
        "name",
        "espeak-ng voice with its variant, en-us+f3; else chosen from the name",
    );
    out
}

/// `bible/locations/NAME.toml` for a place.
#[must_use]
pub fn draft_location(place: &PlaceInScript) -> String {
    let mut out = String::new();
    line(&mut out, &format!("# {}", place.name));
    line(&mut out, "# In the script:");
    for heading in &place.headings {
        line(&mut out, &format!("#   {heading}"));
    }
    line(&mut out, "");
    field(&mut out, "name", "as people read it");
    field(&mut out, "description", "what it looks like");
    list(&mut out, "palette", "#rrggbb: sky or wall, ground, accents");
    field(&mut out, "mood", "how it feels");
    field(
        &mut out,
        "base_prompt",
        "for every picture of the place; else made from the description",
    );
    field(&mut out, "ambient", "what it sounds like");
    list(&mut out, "references", "pictures in the project");
    line(
        &mut out,
        "\n# What changes with the time of day: night = \"…\".\n[time]",
    );
    out
}

/// `bible/style.toml` for a film of this title.
#[must_use]
pub fn draft_style(title: &str) -> String {
    let mut out = String::new();
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    line(
        &mut out,
        &format!(
            "# How {} looks.",
            if title.is_empty() { "the film" } else { &title }
        ),
    );
    line(&mut out, "");
    field(&mut out, "tone", "bittersweet, larger than life");
    list(&mut out, "palette", "colours in words or #rrggbb");
    field(&mut out, "lighting", "soft, low sun");
    field(&mut out, "grain", "fine 35mm grain");
    field(
        &mut out,
        "lens",
        "focal lengths in it limit the shot engine's choice: 27mm, 40mm and 75mm",
    );
    list(
        &mut out,
        "references",
        "films, painters, or pictures in the project",
    );
    list(&mut out, "do_not", "what must never be seen");
    out
}

fn line(out: &mut String, text: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{}", text.trim_end());
}

fn field(out: &mut String, name: &str, about: &str) {
    line(out, &format!("{:<28} # {about}", format!("{name} = \"\"")));
}

fn list(out: &mut String, name: &str, about: &str) {
    line(out, &format!("{:<28} # {about}", format!("{name} = []")));
}

#[cfg(test)]
mod tests {
    use super::super::{CharacterRecord, LocationRecord, StyleRecord};
    use super::*;
    use crate::film::cast::Kind;

    #[test]
    fn a_draft_is_a_record_that_says_nothing_yet() {
        let character = Character {
            name: "MARA".into(),
            full_name: "MARA QUILL".into(),
            slug: "mara".into(),
            kind: Kind::Named,
            gender: Gender::Female,
            speaks: true,
            aliases: Vec::new(),
            introduction: Some(
                "MARA QUILL, 41, grease to the elbows, listens to an engine.".into(),
            ),
        };
        let text = draft_character(&character);
        assert!(
            text.contains("41, grease to the elbows") && text.contains("she"),
            "{text}"
        );
        assert_eq!(
            CharacterRecord::parse(&text),
            Ok(CharacterRecord::default())
        );
        let place = PlaceInScript {
            name: "QUAY".into(),
            headings: vec!["EXT. QUAY - DAWN".into()],
        };
        assert_eq!(
            LocationRecord::parse(&draft_location(&place)),
            Ok(LocationRecord::default())
        );
        assert_eq!(
            StyleRecord::parse(&draft_style("Night\nFerry")),
            Ok(StyleRecord::default())
        );
    }
}
