//! JSON as it is written: each value is a piece of its file's text.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

/// Levels that are looked into; what lies deeper is compared as text.
pub(super) const MAX_DEPTH: usize = 128;

/// A file: one value, with what stands around it.
pub(super) struct Document<'a> {
    /// A byte order mark, and white space.
    pub(super) head: &'a str,
    pub(super) value: &'a str,
    /// White space, mostly a line end.
    pub(super) tail: &'a str,
}

impl<'a> Document<'a> {
    /// The file's parts; none if it is not JSON.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
        let raw: &RawValue = serde_json::from_str(bare).ok()?;
        let value = raw.get();
        let start = offset(text, value);
        Some(Self {
            head: &text[..start],
            value,
            tail: &text[start + value.len()..],
        })
    }
}

/// An object or a list.
pub(super) struct Container<'a> {
    pub(super) open: char,
    pub(super) close: char,
    pub(super) items: Vec<Item<'a>>,
    /// White space between the brackets, if nothing else is there.
    pub(super) inner: &'a str,
}

/// A member of an object, or an entry of a list.
#[derive(Clone)]
pub(super) struct Item<'a> {
    /// White space before it.
    pub(super) before: &'a str,
    /// Of a member.
    pub(super) key: Option<Key<'a>>,
    pub(super) value: &'a str,
    /// White space between it and the comma or bracket that follows.
    pub(super) after: &'a str,
}

/// The key of a member.
#[derive(Clone)]
pub(super) struct Key<'a> {
    /// With quotes and escapes.
    pub(super) text: &'a str,
    /// What that means.
    pub(super) name: Cow<'a, str>,
    /// The colon, and white space around it.
    pub(super) colon: &'a str,
}

impl<'a> Container<'a> {
    /// The parts of an object or a list; none of anything else.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let (close, pieces) = match text.as_bytes().first()? {
            b'{' => ('}', serde_json::from_str::<Members<'a>>(text).ok()?.0),
            b'[' => {
                let entries: Vec<&RawValue> = serde_json::from_str(text).ok()?;
                (
                    ']',
                    entries.into_iter().map(|entry| (None, entry)).collect(),
                )
            }
            _ => return None,
        };
        let mut items: Vec<Item<'a>> = Vec::with_capacity(pieces.len());
        let mut at = 1;
        for (key, value) in pieces {
            let value = value.get();
            let first = key.map_or(value, RawValue::get);
            let start = offset(text, first);
            let gap = &text[at..start];
            let before = match gap.split_once(',') {
                Some((after, before)) => {
                    if let Some(last) = items.last_mut() {
                        last.after = after;
                    }
                    before
                }
                None => gap,
            };
            let key = match key {
                Some(key) => {
                    let text_of_key = key.get();
                    let end = start + text_of_key.len();
                    Some(Key {
                        text: text_of_key,
                        name: serde_json::from_str::<Name<'a>>(text_of_key).ok()?.0,
                        colon: &text[end..offset(text, value)],
                    })
                }
                None => None,
            };
            at = offset(text, value) + value.len();
            items.push(Item {
                before,
                key,
                value,
                after: "",
            });
        }
        let rest = &text[at..text.len() - 1];
        let inner = match items.last_mut() {
            Some(last) => {
                last.after = rest;
                ""
            }
            None => rest,
        };
        Some(Self {
            open: char::from(text.as_bytes()[0]),
            close,
            items,
            inner,
        })
    }

    pub(super) fn is_object(&self) -> bool {
        self.open == '{'
    }

    /// The member of this name.
    pub(super) fn member(&self, name: &str) -> Option<&Item<'a>> {
        self.items.iter().find(|item| item.name() == Some(name))
    }

    /// The names that several members bear.
    pub(super) fn twice(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.items.iter().filter_map(Item::name).collect();
        names.sort_unstable();
        let mut twice: Vec<&str> = names
            .windows(2)
            .filter(|pair| pair[0] == pair[1])
            .map(|pair| pair[0])
            .collect();
        twice.dedup();
        twice
    }
}

impl Item<'_> {
    pub(super) fn name(&self) -> Option<&str> {
        self.key.as_ref().map(|key| &*key.name)
    }
}

/// Where `part`, which is a piece of `text`, begins in it.
fn offset(text: &str, part: &str) -> usize {
    part.as_ptr() as usize - text.as_ptr() as usize
}

#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// The members of an object as they are written, those of one name too.
struct Members<'a>(Vec<(Option<&'a RawValue>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;

        impl<'de> Visitor<'de> for Each {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((key, value)) = map.next_entry::<&RawValue, &RawValue>()? {
                    members.push((Some(key), value));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Each)
    }
}

/// What a text means: two that mean the same differ in layout, in the order of keys, or in how
/// strings and numbers are spelled.
#[derive(Debug, PartialEq)]
pub(super) enum Meaning<'a> {
    Word(&'a str),
    String(Cow<'a, str>),
    Number(Number),
    List(Vec<Meaning<'a>>),
    /// Sorted by name; of one name in the order of the text.
    Object(Vec<(Cow<'a, str>, Meaning<'a>)>),
}

impl<'a> Meaning<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self::at(text, 0)
    }

    fn at(text: &'a str, depth: usize) -> Self {
        match text.as_bytes().first() {
            Some(b'"') => match serde_json::from_str::<Name<'a>>(text) {
                Ok(Name(text)) => Self::String(text),
                // Half a surrogate pair, which no text can hold.
                Err(_) => Self::Word(text),
            },
            Some(b'-' | b'0'..=b'9') => Self::Number(Number::of(text)),
            Some(b'{' | b'[') if depth < MAX_DEPTH => match Container::parse(text) {
                Some(container) => Self::of_container(container, depth),
                None => Self::Word(text),
            },
            _ => Self::Word(text),
        }
    }

    fn of_container(container: Container<'a>, depth: usize) -> Self {
        let is_object = container.is_object();
        let items = container.items.into_iter();
        if !is_object {
            return Self::List(items.map(|item| Self::at(item.value, depth + 1)).collect());
        }
        let mut members: Vec<_> = items
            .filter_map(|item| Some((item.key?.name, Self::at(item.value, depth + 1))))
            .collect();
        members.sort_by(|a, b| a.0.cmp(&b.0));
        Self::Object(members)
    }
}

/// A number of any length: its digits without zeros at either end, and the power of ten of the
/// last of them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Number {
    negative: bool,
    digits: String,
    exponent: i128,
}

impl Number {
    fn of(text: &str) -> Self {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{part}");
        let digits = digits.trim_start_matches('0');
        let bare = digits.trim_end_matches('0');
        // An exponent beyond 128 bits is as good as the largest there is.
        let given = exponent.parse().unwrap_or(match exponent.starts_with('-') {
            true => i128::MIN >> 1,
            false => i128::MAX >> 1,
        });
        Self {
            negative,
            exponent: match bare.is_empty() {
                true => 0,
                false => given - part.len() as i128 + (digits.len() - bare.len()) as i128,
            },
            digits: bare.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_container_make_up_its_text() {
        let text = "{ \"a\" : 1 ,\r\n\t\"\\u0062\":[ ],\"a\":{\"x\":[1, 2]} }";
        let parsed = Container::parse(text).unwrap();
        let mut made = String::from(parsed.open);
        for (index, item) in parsed.items.iter().enumerate() {
            let key = item.key.as_ref().unwrap();
            made += if index > 0 { "," } else { "" };
            for part in [item.before, key.text, key.colon, item.value, item.after] {
                made += part;
            }
        }
        made.push(parsed.close);
        assert_eq!(made, text);
        assert_eq!(parsed.twice(), ["a"]);
        assert_eq!(parsed.items[1].name(), Some("b"));
        assert_eq!(Container::parse("[ \n ]").unwrap().inner, " \n ");
        let file = Document::parse("\u{feff} {}\r\n").unwrap();
        assert_eq!(
            (file.head, file.value, file.tail),
            ("\u{feff} ", "{}", "\r\n")
        );
        assert!(Document::parse("{} {}").is_none() && Document::parse("").is_none());
    }

    #[test]
    fn numbers_of_any_length_are_compared_by_what_they_are() {
        let same = |a, b| Meaning::of(a) == Meaning::of(b);
        for (a, b) in [
            ("8.50", "8.5"),
            ("1e2", "100"),
            ("-0", "-0.0e9"),
            ("0.10e1", "1"),
            ("\"\\u00e9\\/\"", "\"é/\""),
            ("{\"a\":1, \"b\":[2]}", "{\"b\":[2.0],\"a\":1}"),
        ] {
            assert!(same(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("12345678901234567890123", "12345678901234567890124"),
            ("1e400", "1e401"),
            ("0.1", "0.10000000000000000001"),
            ("\"1\"", "1"),
            ("-1", "1"),
        ] {
            assert!(!same(a, b), "{a} {b}");
        }
    }
}
