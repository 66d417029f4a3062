//! Keys of a later aiut in objects: kept as they are, and of no meaning here.
//!
//! A key that begins with `!` changes what the others mean, so an object with such a key is refused by who
//! does not know it.

use super::canonical::rule;
use super::shape::Walk;
use super::{InvalidObject, ObjectKind};

/// What a kind's objects may hold.
#[derive(Debug, Clone, Copy)]
pub struct Keys {
    /// Those of the object.
    pub own: &'static [&'static str],
    /// A key whose value is a list of maps, and their keys.
    pub items: Option<(&'static str, &'static [&'static str])>,
}

impl Keys {
    /// Those of an object without such a list.
    #[must_use]
    pub const fn of(own: &'static [&'static str]) -> Self {
        Self { own, items: None }
    }
}

/// So many keys of a map may be unknown: far more than any version would add, and few enough to keep.
const MOST_KEYS: usize = 64;

/// A key and its encoded value.
type Pair = (String, Vec<u8>);

/// Keys that this aiut does not know.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Later(Option<Box<[Pair]>>);

impl Later {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    fn pairs(&self) -> &[Pair] {
        self.0.as_deref().unwrap_or_default()
    }

    fn of(pairs: Vec<Pair>) -> Self {
        Self((!pairs.is_empty()).then(|| pairs.into()))
    }
}

/// The keys of an object that this aiut does not know: its own, and those of the maps in its list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LaterKeys {
    /// Its own.
    pub own: Later,
    /// Those of each map; empty where none has any.
    pub items: Vec<Later>,
}

impl LaterKeys {
    fn is_empty(&self) -> bool {
        self.own.is_empty() && self.items.iter().all(Later::is_empty)
    }
}

/// The same encoding without the keys that this aiut does not know; none if it knows them all.
///
/// # Errors
/// `Later` names a key that may not be passed over.
pub(super) fn split(
    kind: ObjectKind,
    keys: Keys,
    encoding: &[u8],
) -> Result<Option<(Vec<u8>, LaterKeys)>, InvalidObject> {
    let Some(pairs) = pairs(encoding, keys.own.len() + MOST_KEYS)? else {
        return Ok(None);
    };
    let mut later = LaterKeys::default();
    let (mut known, own) = apart(kind, pairs, keys.own)?;
    later.own = own;
    let mut list = Vec::new();
    for (key, value) in &mut known {
        let Some((_, item_keys)) = keys
            .items
            .filter(|(name, _)| key.as_bytes() == name.as_bytes())
        else {
            continue;
        };
        let Some(items) = items(value) else {
            continue;
        };
        write_head(&mut list, 4, items.len());
        for item in items {
            match self::pairs(item, item_keys.len() + MOST_KEYS)? {
                Some(pairs) => {
                    let (known, unknown) = apart(kind, pairs, item_keys)?;
                    write_map(&mut list, known.into_iter());
                    later.items.push(unknown);
                }
                None => list.extend_from_slice(item),
            }
        }
        *value = &list;
        // The one list there is.
        break;
    }
    if later.is_empty() {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(encoding.len());
    write_map(&mut bytes, known.into_iter());
    Ok(Some((bytes, later)))
}

/// The encoding with these keys put back where they belong.
pub(super) fn join(keys: Keys, encoding: Vec<u8>, later: &LaterKeys) -> Vec<u8> {
    if later.is_empty() {
        return encoding;
    }
    let Ok(Some(mut known)) = pairs(&encoding, usize::MAX) else {
        return encoding;
    };
    let mut list = Vec::new();
    if let Some((name, _)) = keys.items
        && let Some((_, value)) = known.iter_mut().find(|(key, _)| *key == name)
        && let Some(items) = items(value)
        && !later.items.is_empty()
    {
        write_head(&mut list, 4, items.len());
        for (item, later) in items.into_iter().zip(&later.items) {
            match pairs(item, usize::MAX) {
                Ok(Some(known)) => write_map(&mut list, with(known, later).into_iter()),
                _ => list.extend_from_slice(item),
            }
        }
        *value = &list;
    }
    let mut bytes = Vec::with_capacity(encoding.len());
    write_map(&mut bytes, with(known, &later.own).into_iter());
    bytes
}

type Pairs<'b> = Vec<(&'b str, &'b [u8])>;

/// The pairs of a map, or nothing if it is none. It was found to be canonical before.
///
/// # Errors
/// It has more than `most`.
fn pairs(encoding: &[u8], most: usize) -> Result<Option<Pairs<'_>>, InvalidObject> {
    let mut walk = Walk::new(encoding);
    let Ok((5, count)) = walk.head() else {
        return Ok(None);
    };
    rule(count <= most as u64, || {
        format!("it has {count} keys, and no more than {MOST_KEYS} may be unknown")
    })?;
    Ok(pairs_of(walk, encoding, count))
}

fn pairs_of<'b>(mut walk: Walk<'b>, encoding: &'b [u8], count: u64) -> Option<Pairs<'b>> {
    let mut pairs = Vec::new();
    for _ in 0..count {
        let key = std::str::from_utf8(walk.key().ok()?).ok()?;
        let from = walk.at();
        walk.item(1).ok()?;
        pairs.push((key, &encoding[from..walk.at()]));
    }
    Some(pairs)
}

/// The items of a list, or nothing if it is none.
fn items(encoding: &[u8]) -> Option<Vec<&[u8]>> {
    let mut walk = Walk::new(encoding);
    let (4, count) = walk.head().ok()? else {
        return None;
    };
    let mut items = Vec::new();
    for _ in 0..count {
        let from = walk.at();
        walk.item(1).ok()?;
        items.push(&encoding[from..walk.at()]);
    }
    Some(items)
}

fn apart<'b>(
    kind: ObjectKind,
    pairs: Pairs<'b>,
    keys: &[&str],
) -> Result<(Pairs<'b>, Later), InvalidObject> {
    let (known, unknown): (Pairs<'_>, Pairs<'_>) =
        pairs.into_iter().partition(|(key, _)| keys.contains(key));
    if let Some((key, _)) = unknown.iter().find(|(key, _)| key.starts_with('!')) {
        let key = (*key).to_owned();
        return Err(InvalidObject::Later { kind, key });
    }
    let unknown = unknown.into_iter();
    let unknown = unknown.map(|(key, value)| (key.to_owned(), value.to_vec()));
    Ok((known, Later::of(unknown.collect())))
}

fn with<'b>(mut known: Pairs<'b>, later: &'b Later) -> Pairs<'b> {
    let later = later.pairs().iter();
    known.extend(later.map(|(key, value)| (key.as_str(), value.as_slice())));
    known.sort_by_key(|(key, _)| (key.len(), *key));
    known
}

fn write_map<'b>(out: &mut Vec<u8>, pairs: impl ExactSizeIterator<Item = (&'b str, &'b [u8])>) {
    write_head(out, 5, pairs.len());
    for (key, value) in pairs {
        write_head(out, 3, key.len());
        out.extend_from_slice(key.as_bytes());
        out.extend_from_slice(value);
    }
}

/// The head of an item, in its shortest form.
fn write_head(out: &mut Vec<u8>, major: u8, argument: usize) {
    let argument = argument as u64;
    let major = major << 5;
    let bytes = argument.to_be_bytes();
    match argument {
        0..24 => out.push(major | bytes[7]),
        24..=0xff => out.extend_from_slice(&[major | 24, bytes[7]]),
        0x100..=0xffff => {
            out.push(major | 25);
            out.extend_from_slice(&bytes[6..]);
        }
        0x1_0000..=0xffff_ffff => {
            out.push(major | 26);
            out.extend_from_slice(&bytes[4..]);
        }
        _ => {
            out.push(major | 27);
            out.extend_from_slice(&bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::{
        Acceptance, AcceptanceId, Action, ActionId, Commit, CommitId, ExpiredTake, Expiry, FileId,
        Generation, GenerationId, Object, Operation, OperationId, Output, Person, Timestamp, Tree,
        TreeEntry, TreeId, View, ViewId, decode, encode,
    };
    use super::*;

    /// The encoding with another pair in its map, or in the first map of its list.
    fn put_in(encoding: &[u8], keys: Keys, key: &str, in_list: bool) -> Vec<u8> {
        let pair = Later::of(vec![(key.to_owned(), b"\x82\x01\x61x".to_vec())]);
        let mut later = LaterKeys::default();
        match in_list {
            true => {
                let list = pairs(encoding, usize::MAX).unwrap().unwrap();
                let value = list.iter().find(|(key, _)| *key == keys.items.unwrap().0);
                let count = items(value.unwrap().1).unwrap().len();
                later.items = vec![Later::default(); count];
                later.items[0] = pair;
            }
            false => later.own = pair,
        }
        join(keys, encoding.to_vec(), &later)
    }

    /// Whatever a later aiut puts into it, it is read as it is without that.
    fn passes_over<T: Object + PartialEq + std::fmt::Debug>(object: &T) {
        let encoding = encode(object).unwrap();
        for key in ["a", "zz", "a-key-longer-than-all-the-others"] {
            let more = put_in(&encoding, T::KEYS, key, false);
            assert_ne!(more, encoding);
            let read = decode::<T>(&more).unwrap();
            assert_eq!(read.references(), object.references());
            let again = encode(&read).unwrap();
            assert!(again == more || again == encoding, "{}", T::KIND);
        }
        let refused = decode::<T>(&put_in(&encoding, T::KEYS, "!a", false));
        let key = "!a".to_owned();
        assert_eq!(refused, Err(InvalidObject::Later { kind: T::KIND, key }));
        // What is wrong besides is not passed over.
        let mut short = pairs(&encoding, usize::MAX).unwrap().unwrap();
        short.retain(|(key, _)| *key != T::KEYS.own[0]);
        short.push(("zzzzzzzzzzzzzzzzzzzzzz", b"\x01"));
        let mut bytes = Vec::new();
        write_map(&mut bytes, short.into_iter());
        assert!(
            matches!(decode::<T>(&bytes), Err(InvalidObject::Form { .. })),
            "{}",
            T::KIND
        );
    }

    #[test]
    fn more_unknown_keys_than_any_version_would_add_are_refused() {
        let many = |count: usize| {
            let value = || b"\x01".to_vec();
            let own = (0..count).map(|n| (format!("k{n:03}"), value())).collect();
            let later = LaterKeys {
                own: Later::of(own),
                items: Vec::new(),
            };
            join(Tree::KEYS, encode(&tree()).unwrap(), &later)
        };
        assert!(decode::<Tree>(&many(MOST_KEYS)).is_ok());
        let refused = decode::<Tree>(&many(MOST_KEYS + 1)).unwrap_err();
        assert!(refused.to_string().contains("may be unknown"), "{refused}");
    }

    fn entry() -> TreeEntry {
        let mut entry = TreeEntry::file("a.fountain", FileId::from_bytes([1; 32]), 3);
        entry.made_by = Some(GenerationId::from_bytes([2; 32]));
        entry.accepted = Some(AcceptanceId::from_bytes([3; 32]));
        entry
    }

    fn tree() -> Tree {
        let folder = TreeEntry::dir("b", TreeId::from_bytes([4; 32]), 5);
        Tree::new(vec![entry(), folder]).unwrap()
    }

    #[test]
    fn every_kind_is_read_with_keys_of_a_later_aiut() {
        let time = Timestamp {
            unix_seconds: 1,
            utc_offset_minutes: 2,
        };
        let by = Person {
            name: "Rae".into(),
            email: String::new(),
        };
        let operation = OperationId::from_bytes([1; 32]);
        passes_over(&tree());
        passes_over(&Commit {
            tree: TreeId::from_bytes([1; 32]),
            parents: vec![CommitId::from_bytes([2; 32])],
            author: by.clone(),
            time,
            message: "Draft".into(),
            generations: vec![],
        });
        passes_over(&Action {
            schema: 1,
            stage: "frames".into(),
            item: "001_001".into(),
            generator: "panel".into(),
            version: "1".into(),
            parameters: BTreeMap::new(),
            reads: BTreeMap::new(),
        });
        passes_over(&Generation {
            action: ActionId::from_bytes([1; 32]),
            outputs: vec![Output {
                path: super::super::RepoPath::new("a").unwrap(),
                id: FileId::from_bytes([1; 32]),
                size: 1,
            }],
            request: Some(FileId::from_bytes([1; 32])),
            answer: Some(FileId::from_bytes([1; 32])),
            model: Some("m".into()),
            seed: Some(1),
            cost_micro_usd: 1,
            started_ms: 1,
            finished_ms: 2,
            tools: BTreeMap::new(),
            inputs: BTreeMap::new(),
        });
        passes_over(&Acceptance {
            path: super::super::RepoPath::new("a").unwrap(),
            output: FileId::from_bytes([1; 32]),
            reads: BTreeMap::new(),
            why: String::new(),
            by,
            time,
        });
        passes_over(&Operation {
            project: super::super::ProjectId::from_bytes([7; 16]),
            number: 2,
            parents: vec![operation],
            view: ViewId::from_bytes([2; 32]),
            command: "aiut undo".into(),
            user: "rae".into(),
            host: "stage".into(),
            time,
            undoes: Some(operation),
            files: Some(super::super::FileChanges {
                before: TreeId::from_bytes([3; 32]),
                after: TreeId::from_bytes([4; 32]),
            }),
            expiry: Some(super::super::ExpiryId::from_bytes([5; 32])),
        });
        passes_over(&View {
            head: super::super::Head::default(),
            refs: super::super::RefsId::from_bytes([1; 32]),
            later: Later::default(),
        });
        passes_over(&super::super::Refs::default());
        passes_over(&Expiry {
            before: 3,
            ends: vec![operation],
            takes: vec![ExpiredTake {
                generation: GenerationId::from_bytes([1; 32]),
                outputs: vec![],
                until: 2,
                places: vec![],
            }],
            later: Later::default(),
        });
    }

    #[test]
    fn an_entry_of_a_tree_keeps_its_keys_whatever_stands_beside_it() {
        let encoding = encode(&tree()).unwrap();
        for key in ["a", "note", "a-key-longer-than-all-the-others"] {
            let more = put_in(&encoding, Tree::KEYS, key, true);
            let more = put_in(&more, Tree::KEYS, key, false);
            let read = decode::<Tree>(&more).unwrap();
            assert!(!read.entries()[0].later.is_empty() && read.entries()[1].later.is_empty());
            assert_eq!(encode(&read).unwrap(), more);
            // Put into another tree, it is still what it was.
            let entries = read.into_entries();
            let other = Tree::new(vec![
                TreeEntry::file("0", FileId::from_bytes([9; 32]), 1),
                entries[0].clone(),
            ]);
            let other = other.unwrap();
            let again = decode::<Tree>(&encode(&other).unwrap()).unwrap();
            assert_eq!(again, other);
            assert_eq!(again.entries()[1], entries[0]);
        }
        let refused = decode::<Tree>(&put_in(&encoding, Tree::KEYS, "!a", true));
        assert!(
            matches!(refused, Err(InvalidObject::Later { .. })),
            "{refused:?}"
        );
        // Only where there is room for them.
        assert!(decode::<Tree>(b"\xa1\x67entries\x81\xa1\x61x\x01").is_err());
    }

    #[test]
    fn heads_have_their_shortest_form() {
        for argument in [
            0,
            23,
            24,
            255,
            256,
            65_535,
            65_536,
            0xffff_ffff,
            0x1_0000_0000,
        ] {
            let mut bytes = Vec::new();
            write_head(&mut bytes, 2, argument);
            assert_eq!(Walk::new(&bytes).head(), Ok((2, argument as u64)));
        }
    }
}
