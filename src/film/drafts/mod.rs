//! Drafts of the bible's files, from what the script tells, for a person to fill.

mod look;
mod people;
mod places;

use toml_edit::{Array, DocumentMut, Item, Key, Table, Value};

use crate::cast::{Character, Gender, NameKind};

pub use look::described;
pub use people::{deserves_record, draft_character};
pub use places::{PlaceInScript, draft_location};

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
        age_of: None,
        ages_vary: false,
    };
    let drafts = [
        draft_character(&nobody, 0),
        draft_location(&PlaceInScript::default()),
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
/// Somebody whom that sentence introduces.
#[cfg(test)]
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
        age_of: None,
        ages_vary: false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::bible::{CharacterRecord, LocationRecord, StyleRecord};
    use crate::prose;
    use crate::words::{Place, TimeOfDay};

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
            let place = PlaceInScript { name: name.clone(), description: text.clone(), ..Default::default() };
            let record = LocationRecord::parse(&draft_location(&place));
            prop_assert_eq!(record.map(|record| (record.name, record.description)), Ok((name, text.clone())));
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
        let draft = draft_location(&PlaceInScript {
            name: "Joe's \"bar\"".to_owned(),
            seen: [Place::Interior].into(),
            times: [TimeOfDay::Night].into(),
            description: "A long counter.".to_owned(),
        });
        assert!(draft.contains("# Seen inside, by night.\n"), "{draft}");
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
