use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::object::{decode, encode, id_of};

/// Nodes in memory, which counts how many are read.
#[derive(Default)]
struct Memory {
    nodes: RefCell<HashMap<RefsId, Vec<u8>>>,
    read: Cell<usize>,
}

impl RefNodes for Memory {
    type Error = String;

    fn node(&self, id: RefsId) -> Result<Refs, String> {
        self.read.set(self.read.get() + 1);
        let nodes = self.nodes.borrow();
        let bytes = nodes.get(&id).ok_or("it is missing")?;
        decode(bytes).map_err(|error| error.to_string())
    }

    fn broken(&self, _: RefsId, what: String) -> String {
        what
    }
}

impl Memory {
    fn put(&self, node: &Refs) -> Result<RefsId, String> {
        let id = id_of(node).map_err(|error| error.to_string())?;
        self.nodes.borrow_mut().insert(id, encode(node).unwrap());
        Ok(id)
    }

    fn moved(&self, root: Option<RefsId>, moves: &RefMoves) -> RefsId {
        move_refs(self, root, moves, &mut |node| self.put(node)).unwrap()
    }
}

fn commit(n: u8) -> CommitId {
    CommitId::from_bytes([n; 32])
}

fn name(n: usize) -> String {
    match n % 3 {
        0 => format!("timelines/{n}"),
        1 => format!("tags/v{n}"),
        _ => format!("remotes/studio/{n}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_same_refs_give_the_same_tree_whatever_became_of_them_before(
        steps in prop::collection::vec(
            prop::collection::btree_map(0_usize..600, prop::option::weighted(0.5, 0_u8..3), 0..400),
            1..6,
        ),
    ) {
        let memory = Memory::default();
        let mut model: BTreeMap<String, CommitId> = BTreeMap::new();
        let mut root = memory.moved(None, &RefMoves::new());
        for step in steps {
            let before = (root, model.clone());
            let moves: RefMoves =
                step.into_iter().map(|(n, to)| (name(n), to.map(commit))).collect();
            root = memory.moved(Some(root), &moves);
            for (name, to) in moves {
                match to {
                    Some(commit) => model.insert(name, commit),
                    None => model.remove(&name),
                };
            }
            prop_assert_eq!(&all_refs(&memory, root).unwrap(), &model);
            for n in (0..600).step_by(17) {
                let found = find_ref(&memory, root, &name(n)).unwrap();
                prop_assert_eq!(found, model.get(&name(n)).copied());
            }
            let at_once = model.iter().map(|(name, at)| (name.clone(), Some(*at))).collect();
            prop_assert_eq!(memory.moved(None, &at_once), root);
            let mut differing = BTreeMap::new();
            for n in 0..600 {
                let (was, is) = (before.1.get(&name(n)).copied(), model.get(&name(n)).copied());
                if was != is {
                    differing.insert(name(n), (was, is));
                }
            }
            prop_assert_eq!(differing_refs(&memory, before.0, root).unwrap(), differing);
        }
    }
}

#[test]
fn moving_one_ref_costs_the_same_beside_ten_and_beside_ten_thousand() {
    let cost = |count: usize| {
        let memory = Memory::default();
        let all = (0..count).map(|n| (format!("timelines/{n}"), Some(commit(1))));
        let root = memory.moved(None, &all.collect());
        let before = memory.nodes.borrow().len();
        memory.read.set(0);
        let moves = RefMoves::from([("timelines/7".to_owned(), Some(commit(2)))]);
        let after = memory.moved(Some(root), &moves);
        let made = memory.nodes.borrow().len() - before;
        let bytes: usize = {
            let nodes = memory.nodes.borrow();
            let way = |root| {
                let (mut at, mut bytes) = (root, 0);
                for depth in 0.. {
                    bytes += nodes[&at].len();
                    match decode::<Refs>(&nodes[&at]).unwrap() {
                        Refs::Few { .. } => break,
                        Refs::Many { below } => {
                            at = below[digit(&blake3::hash(b"timelines/7"), depth)].id;
                        }
                    }
                }
                bytes
            };
            way(after)
        };
        assert_eq!(differing_refs(&memory, root, after).unwrap().len(), 1);
        (made, memory.read.get(), bytes)
    };
    let (few, many) = (cost(10), cost(10_000));
    assert!(
        few.0 == 1 && many.0 <= 4 && many.1 <= 12,
        "{few:?} {many:?}"
    );
    assert!(many.2 < 5000, "{many:?}");
}

#[test]
fn trees_that_are_not_as_they_should_be_are_refused() {
    let memory = Memory::default();
    let few = |names: &[String]| Refs::Few {
        refs: names.iter().map(|name| (name.clone(), commit(1))).collect(),
    };
    const MOST: usize = MAX_LEAF_REFS;
    let names: Vec<String> = (0..MOST + 1).map(name).collect();
    assert!(encode(&few(&names)).is_err(), "too many for one node");
    assert!(encode(&few(&["heads/main".into()])).is_err());
    let below = |digit: &str, node: &Refs, count| Refs::Many {
        below: BTreeMap::from([(
            digit.to_owned(),
            Below {
                id: memory.put(node).unwrap(),
                count,
            },
        )]),
    };
    let one = few(&names[..1]);
    assert!(encode(&below("g", &one, MOST as u64 + 1)).is_err());
    assert!(
        encode(&below("0", &one, 3)).is_err(),
        "too few for a node below"
    );
    // It says that it has more refs than it has.
    let at = digit(&blake3::hash(names[0].as_bytes()), 0);
    let liar = memory.put(&below(at, &one, MOST as u64 + 1)).unwrap();
    let error = find_ref(&memory, liar, &names[0]).unwrap_err();
    assert!(error.contains("not as many"), "{error}");
    // A name that does not belong there.
    let strangers = few(&names[..MOST]);
    let node = Refs::Many {
        below: DIGITS[..2]
            .iter()
            .map(|digit| {
                let id = memory.put(&strangers).unwrap();
                (
                    (*digit).to_owned(),
                    Below {
                        id,
                        count: MOST as u64,
                    },
                )
            })
            .collect(),
    };
    let root = memory.put(&node).unwrap();
    let error = all_refs(&memory, root).unwrap_err();
    assert!(error.contains("does not belong there"), "{error}");
    // One digit below the other without end.
    let mut deep = few(&names[..MOST]);
    let hash = blake3::hash(names[0].as_bytes());
    for depth in (0..20).rev() {
        deep = below(digit(&hash, depth), &deep, MOST as u64 + 1);
    }
    let root = memory.put(&deep).unwrap();
    for error in [
        find_ref(&memory, root, &names[0]).unwrap_err(),
        all_refs(&memory, root).unwrap_err(),
    ] {
        assert!(error.contains("deeper than refs"), "{error}");
    }
}
