//! The fields that a file has, and what they may hold.

use crate::words::{Pronoun, Vocabulary as _, Word};

/// A field of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: FieldKind,
    /// Whether it must be there.
    pub(super) needed: bool,
}

impl Field {
    /// A field that may be left out.
    pub(crate) const fn new(name: &'static str, kind: FieldKind) -> Self {
        Self {
            name,
            kind,
            needed: false,
        }
    }

    /// Its name.
    #[cfg(test)]
    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }

    /// A field that must be there.
    pub(crate) const fn needed(name: &'static str, kind: FieldKind) -> Self {
        Self {
            name,
            kind,
            needed: true,
        }
    }
}

/// What a field may hold.
#[derive(Debug, Clone, Copy)]
pub(crate) enum FieldKind {
    Text,
    /// A prompt, of any form; empty: none.
    Prompt,
    Flag,
    /// A whole number, from the least to the most.
    Whole(u32, u32),
    /// One of these words.
    Word(&'static [Word]),
    /// `12A`
    SceneNumber,
    /// `16:9`
    Ratio,
    /// `24`, `23.976`, `"24000/1001"`
    Rate,
    /// `#rrggbb`, or nothing.
    Color,
    /// Three to five colours, or none.
    Palette,
    /// `she`, `she/her`, or nothing.
    Pronouns,
    /// This, or `null`.
    Or(&'static FieldKind),
    /// A list of texts.
    Texts,
    /// A list of tables.
    Tables(&'static [Field]),
    Table(&'static [Field]),
    /// A table of this, by names of any kind.
    Each(&'static FieldKind),
    /// A table of texts: by act, `1`, `2` …, and `default`.
    ByAct,
    /// A table of texts by words of a list: `night = "…"`.
    By(&'static [Word]),
    /// A table of texts or a text of people's own.
    Free,
}

/// A field that holds a word of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordField {
    /// Keys from the top, `[]` for each entry of a list: `shots[].blocking[].depth`.
    pub path: String,
    /// The list.
    pub words: &'static [Word],
}

/// The fields of a table, and of those within it, that hold words of a list.
pub(crate) fn word_fields(fields: &[Field]) -> Vec<WordField> {
    fn add(kind: FieldKind, path: String, found: &mut Vec<WordField>) {
        let each = |fields: &[Field], path: &str, found: &mut Vec<WordField>| {
            for field in fields {
                add(field.kind, format!("{path}.{}", field.name), found);
            }
        };
        match kind {
            FieldKind::Word(words) | FieldKind::By(words) => found.push(WordField { path, words }),
            FieldKind::Pronouns => found.push(WordField {
                path,
                words: Pronoun::WORDS,
            }),
            FieldKind::Or(kind) => add(*kind, path, found),
            FieldKind::Each(kind) => add(*kind, format!("{path}.NAME"), found),
            FieldKind::Table(fields) => each(fields, &path, found),
            FieldKind::Tables(fields) => each(fields, &format!("{path}[]"), found),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for field in fields {
        add(field.kind, field.name.to_owned(), &mut found);
    }
    found
}
