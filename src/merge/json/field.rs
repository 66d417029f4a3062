//! One field of a JSON text, as another version has it.

use std::borrow::Cow;

use super::document::{Container, Document, Item};
use super::identity::{identities, places};
use super::layout::{Joined, Layout, Place};
use super::{Side, Value};
use crate::merge::order::{Order, in_order};

/// The text with the field at `pointer` (RFC 6901, entries of lists by their identity) as `donor`
/// has it, and without it where `donor` has none; with `order`, the entries there stay what they are and
/// take the order that they have in `donor`. None where one text is no JSON, or has no such place.
#[must_use]
pub(in crate::merge) fn take_field(
    text: &str,
    donor: &str,
    pointer: &str,
    order: bool,
) -> Option<String> {
    let (own, other) = (Document::parse(text)?, Document::parse(donor)?);
    let names: Vec<String> = pointer.split('/').skip(1).map(unescaped).collect();
    let value = take(own.value, Some(other.value), &names, order)??;
    Some(format!("{}{value}{}", own.head, own.tail))
}

fn unescaped(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}

/// The value with what lies at the names taken over; an inner none is no value at all.
fn take(own: &str, other: Option<&str>, names: &[String], order: bool) -> Option<Option<String>> {
    let target = match names.split_first() {
        None if !order => return Some(other.map(str::to_owned)),
        None => None,
        Some((name, below)) => Some((name.as_str(), below)),
    };
    let own = Container::parse(own)?;
    let other = match other {
        Some(text) => Container::parse(text).filter(|other| other.open == own.open)?,
        None => Container::none(&own),
    };
    let all = [&own, &own, &other];
    let names: [Vec<Cow<'_, str>>; 3] = match own.is_object() {
        true => all.map(|object| {
            object
                .items
                .iter()
                .filter_map(Item::name)
                .map(Cow::from)
                .collect()
        }),
        false => {
            let wanted = target.map(|(wanted, _)| wanted);
            // As it was when the place was named: by the first key that has such a name.
            let knows = |names: &[Vec<Cow<'_, str>>; 3]| {
                let mut names = names.iter().flatten();
                wanted.is_none_or(|wanted| names.any(|name| name == wanted))
            };
            let named = identities(all).find(knows);
            named.or_else(|| places(all).filter(knows))?
        }
    };
    let place = |version: usize, name: &str| -> Option<Place<'_>> {
        let index = names[version].iter().position(|known| known == name)?;
        let items = &all[version].items;
        Some(Place {
            item: &items[index],
            index,
            is_last: index + 1 == items.len(),
        })
    };
    let whose = if target.is_none() {
        Order::Theirs
    } else {
        Order::Ours
    };
    let is_target = |name: &str| target.is_some_and(|(wanted, _)| wanted == name);
    let mut items = Vec::with_capacity(own.items.len() + 1);
    let mut is_found = target.is_none();
    for name in in_order(&names, whose) {
        let (in_own, in_other) = (place(1, name), place(2, name));
        let value = match (target, in_own) {
            (Some((wanted, below)), _) if wanted == name => {
                is_found = true;
                match (in_own, below.is_empty() && !order) {
                    (_, true) => in_other.map(|place| Value {
                        text: place.item.value.into(),
                        side: Side::Theirs,
                    }),
                    (Some(own), false) => {
                        let other = in_other.map(|place| place.item.value);
                        let text = take(own.item.value, other, below, order)?;
                        text.map(|text| Value {
                            text: text.into(),
                            side: Side::Ours,
                        })
                    }
                    (None, false) => return None,
                }
            }
            (_, Some(own)) => Some(Value {
                text: own.item.value.into(),
                side: Side::Ours,
            }),
            // What only the other has was not asked for.
            (_, None) => None,
        };
        if let Some(value) = value {
            // Elsewhere all stays as it is written here.
            let theirs = in_other.filter(|_| is_target(name));
            items.push(Joined {
                base: in_own,
                ours: in_own,
                theirs,
                value,
            });
        }
    }
    // Where both have none, it is as it should be.
    if !is_found && target.is_some_and(|(_, below)| !below.is_empty()) {
        return None;
    }
    let layout = Layout {
        base: &own,
        own: &own,
        other: &other,
        side: Side::Ours,
    };
    Some(Some(layout.write(&items)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "{\n  \"lens\": 35,\n  \"shots\": [\n    {\"shot_id\": \"a\", \"n\": 1},\n    {\"shot_id\": \"b\", \"n\": 2}\n  ]\n}\n";

    #[test]
    fn a_field_is_taken_over_and_nothing_else() {
        let donor = OWN.replace("35", "50").replace("\"n\": 2", "\"n\": 7");
        let taken = |pointer| take_field(OWN, &donor, pointer, false);
        assert_eq!(taken("/lens"), Some(OWN.replace("35", "50")));
        let inner = OWN.replace("\"n\": 2", "\"n\": 7");
        assert_eq!(taken("/shots/b/n"), Some(inner.clone()));
        assert_eq!(taken("/shots/b"), Some(inner));
        assert_eq!(taken(""), Some(donor.clone()));
        assert_eq!(taken("/shots/c/n"), None);
        assert_eq!(take_field(OWN, "no", "/lens", false), None);
    }

    #[test]
    fn what_one_lacks_comes_or_goes() {
        let without = "{\n  \"shots\": [\n    {\"shot_id\": \"a\", \"n\": 1}\n  ]\n}\n";
        assert_eq!(
            take_field(OWN, without, "/shots/b", false).as_deref(),
            Some(
                "{\n  \"lens\": 35,\n  \"shots\": [\n    {\"shot_id\": \"a\", \"n\": 1}\n  ]\n}\n"
            )
        );
        let both = take_field(without, OWN, "/shots/b", false);
        let both = take_field(&both.expect("a place"), OWN, "/lens", false);
        assert_eq!(both.as_deref(), Some(OWN));
        assert_eq!(
            take_field(without, without, "/lens", false).as_deref(),
            Some(without)
        );
    }

    #[test]
    fn an_order_is_taken_over_with_the_entries_as_they_are() {
        let turned =
            "{\"shots\": [{\"shot_id\": \"b\", \"n\": 9}, {\"shot_id\": \"a\", \"n\": 9}]}";
        let taken = take_field(OWN, turned, "/shots", true).expect("a list");
        let (a, b) = (taken.find("\"a\", \"n\": 1"), taken.find("\"b\", \"n\": 2"));
        assert!(b.is_some() && b < a, "{taken}");
        assert!(taken.contains("\"lens\": 35"), "{taken}");
    }
}
