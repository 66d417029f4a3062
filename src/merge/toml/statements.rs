//! TOML as it is written: statements with what stands around them, so that what nobody touched keeps its
//! bytes.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use toml_edit::{Document, Item, Key, TableLike, Value};

use crate::merge::json::IDENTITIES;
use crate::merge::order::keeps_places;

/// A file: sections, the first of them without a header.
#[derive(Debug)]
pub(super) struct Text<'t> {
    /// What stands before the first statement and an empty line: a remark on the whole file.
    pub(super) head: &'t str,
    pub(super) sections: Vec<Section<'t>>,
    /// Remarks behind the last statement.
    pub(super) tail: &'t str,
}

/// A header with the entries under it.
#[derive(Debug)]
pub(super) struct Section<'t> {
    /// As an RFC 6901 pointer, entries of lists by their identity.
    pub(super) path: String,
    keys: Vec<String>,
    is_entry: bool,
    /// None of the first one.
    pub(super) header: Option<Statement<'t>>,
    pub(super) entries: Vec<Entry<'t>>,
}

/// A statement of a line or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Statement<'t> {
    /// Blank lines and remarks before it.
    pub(super) lead: &'t str,
    /// The statement up to its value, or all of a header.
    pub(super) key: &'t str,
    /// The value; nothing of a header.
    pub(super) value: &'t str,
    /// What stands behind it, to the end of the line.
    pub(super) end: &'t str,
}

/// A key with its value.
#[derive(Debug)]
pub(super) struct Entry<'t> {
    /// As that of a section.
    pub(super) path: String,
    keys: Vec<String>,
    pub(super) statement: Statement<'t>,
    /// What the value means, however it is written.
    pub(super) meaning: String,
}

impl<'t> Text<'t> {
    /// The parts of a file; none if it is no TOML.
    pub(super) fn parse(text: &'t str) -> Option<Self> {
        let document = Document::parse(text).ok()?;
        let mut values = Vec::new();
        gather(document.as_table(), &mut values)?;
        values.sort_unstable_by_key(|(span, _)| span.start);
        let mut values = values.into_iter().peekable();
        let mut parsed = Self {
            head: "",
            sections: vec![Section::of(None, Vec::new(), false)],
            tail: "",
        };
        let (mut lead, mut at) = (0, 0);
        while at < text.len() {
            let line = &text[at..end_of_line(text, at)];
            let bare = line.trim_start_matches('\u{feff}').trim_start();
            if bare.trim_end().is_empty() || bare.starts_with('#') {
                at += line.len();
                continue;
            }
            let before = &text[lead..at];
            if bare.starts_with('[') {
                let is_entry = bare.starts_with("[[");
                let keys = header_keys(bare, is_entry)?;
                let statement = Statement {
                    lead: before,
                    key: line,
                    value: "",
                    end: "",
                };
                parsed
                    .sections
                    .push(Section::of(Some(statement), keys, is_entry));
                at += line.len();
            } else {
                let (span, value) = values.next()?;
                let key = &text[at..span.start];
                let (named, _) = key.rsplit_once('=')?;
                let end = end_of_line(text, span.end);
                let keys = Key::parse(named.trim_start_matches('\u{feff}').trim()).ok()?;
                let statement = Statement {
                    lead: before,
                    key,
                    value: &text[span.clone()],
                    end: &text[span.end..end],
                };
                parsed.sections.last_mut()?.entries.push(Entry {
                    path: String::new(),
                    keys: keys.iter().map(|key| key.get().to_owned()).collect(),
                    statement,
                    meaning: meaning(value),
                });
                at = end;
            }
            lead = at;
        }
        parsed.tail = &text[lead..];
        parsed.split_head();
        // A value that no statement has would be lost.
        values.peek().is_none().then_some(parsed)
    }

    /// Takes the remark on the whole file from the first statement.
    fn split_head(&mut self) {
        let entries = self.sections.iter_mut().flat_map(|section| {
            let headers = section.header.iter_mut();
            headers.chain(section.entries.iter_mut().map(|entry| &mut entry.statement))
        });
        if let Some(first) = { entries }.next() {
            let mut at = 0;
            let mut cut = 0;
            for line in first.lead.split_inclusive('\n') {
                at += line.len();
                if line.trim().is_empty() {
                    cut = at;
                }
            }
            (self.head, first.lead) = first.lead.split_at(cut);
        }
    }

    /// The entries of lists of this name, each by its place among the sections.
    fn entries_of(&self, keys: &[String]) -> impl Iterator<Item = &Section<'t>> {
        let is_one = move |section: &&Section<'t>| section.is_entry && section.keys == keys;
        self.sections.iter().filter(is_one)
    }
}

impl<'t> Section<'t> {
    fn of(header: Option<Statement<'t>>, keys: Vec<String>, is_entry: bool) -> Self {
        Self {
            path: String::new(),
            keys,
            is_entry,
            header,
            entries: Vec::new(),
        }
    }

    /// The list of which it is an entry.
    pub(super) fn list(&self) -> Option<String> {
        let (list, _) = self.path.rsplit_once('/').filter(|_| self.is_entry)?;
        Some(list.to_owned())
    }

    /// What its entries say, without where.
    fn said(&self) -> Vec<(Vec<String>, String)> {
        let entries = self.entries.iter();
        entries
            .map(|entry| (entry.keys.clone(), entry.meaning.clone()))
            .collect()
    }

    /// What it is called by this key.
    fn identity(&self, key: &str) -> Option<&str> {
        let mut entries = self.entries.iter();
        let entry = entries.find(|entry| matches!(entry.keys.as_slice(), [only] if only == key))?;
        entry.meaning.starts_with('"').then_some(&entry.meaning)
    }
}

/// How the entries of lists of tables are told apart: by the keys of each list.
pub(super) struct Told(HashMap<Vec<String>, By>);

enum By {
    Identity(&'static str),
    Place,
}

/// Gives every section and entry of the three versions its path; none where entries of a list cannot be
/// told apart.
pub(super) fn name_all(versions: [&mut Text<'_>; 3]) -> Option<Told> {
    let mut lists: Vec<Vec<String>> = Vec::new();
    for version in &versions {
        let entries = version.sections.iter().filter(|section| section.is_entry);
        lists.extend(entries.map(|section| section.keys.clone()));
    }
    lists.sort_unstable();
    lists.dedup();
    let told = lists.into_iter().map(|keys| {
        let by = IDENTITIES.into_iter().find(|key| {
            let is_told = |version: &&mut Text<'_>| {
                let mut known = HashSet::new();
                let mut entries = version.entries_of(&keys);
                entries.all(|entry| entry.identity(key).is_some_and(|name| known.insert(name)))
            };
            versions.iter().all(is_told)
        });
        let counts = versions
            .each_ref()
            .map(|version| version.entries_of(&keys).count());
        let is_even = counts.windows(2).all(|pair| pair[0] == pair[1]);
        let told = by.map(By::Identity).or(is_even.then_some(By::Place))?;
        Some((keys, told))
    });
    let told = Told(told.collect::<Option<_>>()?);
    versions
        .into_iter()
        .try_for_each(|version| told.name(version))?;
    Some(told)
}

impl Told {
    /// Whether entries that are told apart by their place are sure to be still at their own.
    pub(super) fn is_sure(&self, [base, ours, theirs]: &[Text<'_>; 3]) -> bool {
        let by_place = self.0.iter().filter(|(_, by)| matches!(by, By::Place));
        let mut lists = by_place.map(|(keys, _)| keys);
        lists.all(|keys| {
            let said =
                |text: &Text<'_>| text.entries_of(keys).map(Section::said).collect::<Vec<_>>();
            let sides = [said(ours), said(theirs)];
            let base = said(base);
            sides.iter().all(|side| {
                keeps_places(&base, side, |old, new| {
                    old.iter().filter(|said| new.contains(said)).count()
                })
            })
        })
    }

    /// Gives every section and entry its path; none where two would have the same.
    pub(super) fn name(&self, version: &mut Text<'_>) -> Option<()> {
        // The entry that each list is at.
        let mut current: HashMap<Vec<String>, (usize, String)> = HashMap::new();
        let mut known: HashSet<String> = HashSet::new();
        for section in &mut version.sections {
            if section.is_entry {
                let place = current.get(&section.keys).map_or(0, |(place, _)| place + 1);
                let name = match self.0.get(&section.keys)? {
                    By::Identity(key) => section.identity(key)?.trim_matches('"').to_owned(),
                    By::Place => place.to_string(),
                };
                current.insert(section.keys.clone(), (place, name));
            }
            let mut path = String::new();
            for depth in 1..=section.keys.len() {
                path = below(&path, &section.keys[depth - 1]);
                if let Some((_, name)) = current.get(&section.keys[..depth]) {
                    path = below(&path, name);
                }
            }
            for entry in &mut section.entries {
                entry.path = entry
                    .keys
                    .iter()
                    .fold(path.clone(), |path, key| below(&path, key));
                if !known.insert(entry.path.clone()) {
                    return None;
                }
            }
            section.path = path;
        }
        Some(())
    }
}

/// The pointer of what lies in `at` under this name.
pub(super) fn below(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn end_of_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

/// The keys of a header line.
fn header_keys(line: &str, is_entry: bool) -> Option<Vec<String>> {
    let inner = &line[if is_entry { 2 } else { 1 }..];
    let (mut quote, mut escaped) = (None, false);
    let end = inner.char_indices().find(|(_, c)| {
        let closes = quote.is_none() && *c == ']';
        match (quote, *c) {
            (None, '"' | '\'') => quote = Some(*c),
            (Some(open), c) if c == open && !escaped => quote = None,
            _ => {}
        }
        escaped = quote == Some('"') && *c == '\\' && !escaped;
        closes
    });
    let keys = Key::parse(inner[..end?.0].trim()).ok()?;
    Some(keys.iter().map(|key| key.get().to_owned()).collect())
}

/// The values of statements, each with where it stands.
fn gather<'d>(table: &'d dyn TableLike, values: &mut Vec<(Range<usize>, &'d Value)>) -> Option<()> {
    for (_, item) in table.iter() {
        match item {
            Item::None => {}
            Item::Value(value) => values.push((value.span()?, value)),
            Item::Table(table) => gather(table, values)?,
            Item::ArrayOfTables(list) => list.iter().try_for_each(|table| gather(table, values))?,
        }
    }
    Some(())
}

/// What a value means, however it is written.
pub(super) fn meaning(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{:?}", text.value()),
        Value::Integer(number) => number.value().to_string(),
        Value::Float(number) => format!("{:?}f", number.value()),
        Value::Boolean(is) => is.value().to_string(),
        Value::Datetime(time) => time.value().to_string(),
        Value::Array(list) => {
            let entries: Vec<_> = list.iter().map(meaning).collect();
            format!("[{}]", entries.join(","))
        }
        Value::InlineTable(table) => {
            let mut members: Vec<_> = table
                .iter()
                .map(|(key, value)| format!("{key:?}={}", meaning(value)))
                .collect();
            members.sort_unstable();
            format!("{{{}}}", members.join(","))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# A film.\n\n# Its name\ntitle = \"Ferry\" # for now\na.b = [\n  1, # one\n  2,\n]\n\n[style]\npalette = ['#000000', \"x=[1]\"]\n\n[[lens]]\nid = \"wide\"\nmm = 24\n[lens.\"of ]\"]\nx = { y = 1 }\n# end\n";

    fn all(statement: &Statement<'_>) -> String {
        [
            statement.lead,
            statement.key,
            statement.value,
            statement.end,
        ]
        .concat()
    }

    fn whole(text: &Text<'_>) -> String {
        let sections = text.sections.iter().flat_map(|section| {
            let header = section.header.iter().map(all);
            header.chain(section.entries.iter().map(|entry| all(&entry.statement)))
        });
        let sections: String = sections.collect();
        format!("{}{sections}{}", text.head, text.tail)
    }

    #[test]
    fn its_statements_are_its_text() {
        for text in [
            FILE,
            "",
            "\n",
            "a = 1",
            "\u{feff}a = 1\r\n\r\n# x\r\n[b]\r\n",
            "# only",
        ] {
            let parsed = Text::parse(text).expect("TOML");
            assert_eq!(whole(&parsed), text);
        }
        assert!(Text::parse("a = ").is_none());
        assert!(Text::parse("a = 1\na = 2\n").is_none());
    }

    #[test]
    fn statements_have_the_paths_of_what_they_say() {
        let mut texts = [FILE, FILE, FILE].map(|text| Text::parse(text).expect("TOML"));
        name_all(texts.each_mut()).expect("told apart");
        let sections = texts[0].sections.iter();
        let paths: Vec<_> = sections
            .flat_map(|section| section.entries.iter().map(|entry| entry.path.as_str()))
            .collect();
        let expected = [
            "/title",
            "/a/b",
            "/style/palette",
            "/lens/wide/id",
            "/lens/wide/mm",
            "/lens/wide/of ]/x",
        ];
        assert_eq!(paths, expected);
        assert_eq!(texts[0].head, "# A film.\n\n");
        assert_eq!(texts[0].tail, "# end\n");
        assert_eq!(
            texts[0].sections[0].entries[0].statement.end,
            " # for now\n"
        );
    }

    #[test]
    fn what_is_written_otherwise_means_the_same() {
        let meaning_of = |text: &str| {
            Text::parse(text).expect("TOML").sections[0].entries[0]
                .meaning
                .clone()
        };
        assert_eq!(meaning_of("a = 0x10"), meaning_of("a = 16"));
        assert_eq!(meaning_of("a = 'x'"), meaning_of("a = \"\"\"x\"\"\""));
        assert_eq!(
            meaning_of("a = {b = 1, c = 2}"),
            meaning_of("a = { c=2,b=1 }")
        );
        assert_ne!(meaning_of("a = 1"), meaning_of("a = 1.0"));
        assert_ne!(meaning_of("a = \"1\""), meaning_of("a = 1"));
    }
}
