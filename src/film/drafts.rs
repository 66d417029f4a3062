//! Drafts of the bible's files, from what the script tells, for a person to fill.

use toml_edit::{Array, DocumentMut, Item, Key, Table, Value};

use crate::cast::{Character, Gender, NameKind};
use crate::color::by_place;
use crate::prose;
use crate::scenes::Heading;
use crate::words::{Place, TimeOfDay};

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

/// A draft of `bible/locations/NAME.toml`. `headings` are those of its scenes, `descriptions` the
/// sentences with which they open.
pub fn draft_location(name: &str, headings: &[&Heading], descriptions: &[&str]) -> String {
    let mut draft = Draft::about(&prose::display_name(name));
    let inside = headings
        .iter()
        .any(|heading| heading.place == Some(Place::Interior));
    let outside = headings
        .iter()
        .any(|heading| heading.place == Some(Place::Exterior));
    let where_ = match (inside, outside) {
        (true, true) => "inside and outside",
        (false, true) => "outside",
        _ => "inside",
    };
    let mut times: Vec<&str> = Vec::new();
    for time in headings
        .iter()
        .map(|heading| heading.time_of_day())
        .filter(|time| *time != TimeOfDay::Unsaid)
        .map(TimeOfDay::code)
    {
        if !times.contains(&time) {
            times.push(time);
        }
    }
    times.sort_unstable();
    let when = if times.is_empty() {
        String::new()
    } else {
        format!(", by {}", times.join(" and "))
    };
    draft.comment(&format!("Seen {where_}{when}."));
    let description = descriptions.first().copied().unwrap_or_default();
    draft.field("name", &prose::display_name(name), "");
    draft.field(
        "description",
        &prose::plain(description),
        "what it looks like",
    );
    draft.list(
        "palette",
        "three to five colours #rrggbb: sky or wall, ground, accents; empty: chosen from the name",
    );
    draft.field("mood", "", "how it feels");
    draft.field(
        "base_prompt",
        "",
        "for every picture of the place; empty: the description",
    );
    draft.field(
        "ambient",
        "",
        "what it sounds like; empty: chosen from the name",
    );
    draft.list("references", "image files in the project");
    draft.table("time", "What changes with the time of day.");
    for time in &times {
        draft.field(time, "", "");
    }
    draft.print()
}

/// A draft of `bible/style.toml`.
pub fn draft_style(title: &str) -> String {
    let of = match title.trim() {
        "" => "the film",
        title => title,
    };
    let mut draft = Draft::about(&format!("The visual style of {of}"));
    draft.field("tone", "", "bittersweet, larger than life");
    draft.list("palette", "colours in words or #rrggbb");
    draft.field("lighting", "", "soft, low sun");
    draft.field("grain", "", "fine 35mm grain");
    draft.field(
        "lens",
        "",
        "focal lengths limit the shot engine: 27mm, 40mm and 75mm",
    );
    draft.list(
        "references",
        "films, painters, or image files in the project",
    );
    draft.list("do_not", "what must never be seen");
    draft.print()
}

/// What the drafts tell in comments of how to fill them, which is the same in each of them.
pub fn draft_hints() -> Vec<String> {
    let nobody = Character {
        name: String::new(),
        full_name: String::new(),
        slug: String::new(),
        kind: NameKind::Named,
        gender: Gender::Unknown,
        speaks: false,
        aliases: Vec::new(),
        introduction: None,
    };
    let drafts = [
        draft_character(&nobody, 0),
        draft_location("", &[], &[]),
        draft_style(""),
    ];
    let lines = drafts.iter().flat_map(|draft| draft.lines());
    let hints = lines.filter_map(|line| line.rsplit_once("# "));
    hints.map(|(_, hint)| hint.trim().to_owned()).collect()
}

/// A TOML document in the making: whatever text comes into it, it stays TOML.
struct Draft {
    document: DocumentMut,
    /// The table that fields go into; none at the top.
    table: Option<&'static str>,
    /// Comments that stand before the next field or table.
    comments: String,
}

impl Draft {
    fn about(subject: &str) -> Self {
        let mut draft = Self {
            document: DocumentMut::new(),
            table: None,
            comments: String::new(),
        };
        draft.comment(subject);
        draft
    }

    /// A line of its own for people. What a comment may not hold, line ends and other control
    /// characters, becomes a space: a title of two lines is one line here.
    fn comment(&mut self, text: &str) {
        self.comments.push_str("# ");
        let shown = |c: char| if c.is_control() { ' ' } else { c };
        self.comments.extend(text.chars().map(shown));
        self.comments.push('\n');
    }

    fn field(&mut self, key: &str, value: &str, hint: &str) {
        self.value(key, Value::from(value), hint);
    }

    fn list(&mut self, key: &str, hint: &str) {
        self.value(key, Value::Array(Array::new()), hint);
    }

    fn value(&mut self, key: &str, mut value: Value, hint: &str) {
        if !hint.is_empty() {
            value.decor_mut().set_suffix(format!("  # {hint}"));
        }
        let mut name = Key::new(key);
        let comments = std::mem::take(&mut self.comments);
        name.leaf_decor_mut().set_prefix(comments);
        let top = self.document.as_table_mut();
        let table = match self.table {
            Some(table) => top.get_mut(table).and_then(Item::as_table_mut),
            None => Some(top),
        };
        if let Some(table) = table {
            table.insert_formatted(&name, Item::Value(value));
        }
    }

    /// The fields that follow go into this table.
    fn table(&mut self, name: &'static str, about: &str) {
        self.comments.push('\n');
        self.comment(about);
        let mut table = Table::new();
        table
            .decor_mut()
            .set_prefix(std::mem::take(&mut self.comments));
        self.document.insert(name, Item::Table(table));
        self.table = Some(name);
    }

    fn print(&self) -> String {
        self.document.to_string()
    }
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
    use proptest::prelude::*;

    use super::*;
    use crate::bible::{CharacterRecord, LocationRecord, StyleRecord};

    fn character(full_name: &str, introduction: &str) -> Character {
        Character {
            name: full_name.to_owned(),
            full_name: full_name.to_owned(),
            slug: "x".to_owned(),
            kind: NameKind::Named,
            gender: Gender::Male,
            speaks: true,
            aliases: Vec::new(),
            introduction: Some(introduction.to_owned()),
        }
    }

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

    proptest! {
        #[test]
        fn whatever_the_script_holds_a_draft_is_read_and_says_it(
            name in any::<String>(), text in any::<String>(), raw in any::<String>(),
            control in "[\\x00-\\x1f\\x7f-\\u{9f}\"'\\\\#\\[=]{0,8}", place in 0_usize..300,
        ) {
            let text = format!("{text}{control}{raw}");
            let name = format!("{name}{control}");
            let text = format!("{text}\"\"\"'''{control}\u{202e}\u{2028}");
            let draft = draft_character(&character(&name, &text), place);
            let document = draft.parse::<DocumentMut>().map(|document| document.to_string());
            prop_assert_eq!(document, Ok(draft.clone()));
            let record = CharacterRecord::parse(&draft);
            prop_assert_eq!(record.map(|record| record.name), Ok(prose::display_name(&name)));
            let heading = Heading::parse(&raw);
            let record = LocationRecord::parse(&draft_location(&name, &[&heading], &[&text]));
            prop_assert_eq!(record.map(|record| record.description), Ok(prose::plain(&text)));
            let record = StyleRecord::parse(&draft_style(&text));
            prop_assert_eq!(record, Ok(StyleRecord::default()));
        }
    }

    #[test]
    fn hints_are_what_every_draft_says() {
        let hints = draft_hints();
        for hint in [
            "what one remembers: a gesture, a scar, a prop",
            "how it feels",
        ] {
            assert!(hints.iter().any(|known| known == hint), "{hints:?}");
        }
        let said = "KARL (30) enters.";
        assert!(!hints.iter().any(|hint| hint.contains(said)));
    }

    #[test]
    fn a_title_of_two_lines_is_one_comment() {
        let draft = draft_style("BRICK & STEEL\nFULL RETIRED");
        assert!(draft.starts_with("# The visual style of BRICK & STEEL FULL RETIRED\n"));
        assert_eq!(StyleRecord::parse(&draft), Ok(StyleRecord::default()));
    }

    #[test]
    fn drafts_are_files_the_bible_reads() {
        let heading = Heading::parse("INT. JOE'S \"BAR\" - NIGHT");
        let draft = draft_location("JOE'S \"BAR\"", &[&heading], &["A *long* counter."]);
        let record = LocationRecord::parse(&draft).unwrap();
        assert_eq!(
            (record.description.as_str(), record.time["night"].as_str()),
            ("A long counter.", "")
        );
        assert_eq!(
            StyleRecord::parse(&draft_style("X")).unwrap(),
            StyleRecord::default()
        );
    }
}
