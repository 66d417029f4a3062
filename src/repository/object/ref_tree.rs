//! The refs of a project as a tree of small objects, so that moving one of them costs the same beside ten and
//! beside ten thousand.
//!
//! A name lies where the hexadecimal digits of its BLAKE3 lead:
//!
//! ```text
//! up to 128 refs   {refs: {"timelines/main": commit, …}}
//! more             {below: {"0": {id, count}, …, "f": …}}   by the next digit; what has no refs is left out
//! ```
//! So the same refs give the same tree, whatever became of them before.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    CommitId, InvalidObject, Keys, Kind, Object, Reference, RefsId, canonical::rule, check_full_ref,
};

/// Most refs that are not spread over nodes below: few enough to be written by each commit, and so many that
/// a thousand are read in seventeen nodes.
pub const MAX_LEAF_REFS: usize = 128;
/// Most digits of a hash that lead to a ref.
pub const MAX_REF_DEPTH: usize = 16;

/// A node of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WireRefs", into = "WireRefs")]
pub enum Refs {
    /// Few refs: full names and commits.
    Few {
        /// `timelines/main`, `tags/v1`, `remotes/studio/main`.
        refs: BTreeMap<String, CommitId>,
    },
    /// Many, by the next digit of the hashes of their names.
    Many {
        /// One lower-case hexadecimal digit each.
        below: BTreeMap<String, Below>,
    },
}

/// A node below another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Below {
    /// Which.
    pub id: RefsId,
    /// How many refs there are in it and below.
    pub count: u64,
}

/// A node as it is encoded: with one of the two.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireRefs {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refs: Option<BTreeMap<String, CommitId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    below: Option<BTreeMap<String, Below>>,
}

impl From<Refs> for WireRefs {
    fn from(node: Refs) -> Self {
        let (refs, below) = match node {
            Refs::Few { refs } => (Some(refs), None),
            Refs::Many { below } => (None, Some(below)),
        };
        Self { refs, below }
    }
}

impl TryFrom<WireRefs> for Refs {
    type Error = &'static str;

    fn try_from(wire: WireRefs) -> Result<Self, Self::Error> {
        match (wire.refs, wire.below) {
            (Some(refs), None) => Ok(Self::Few { refs }),
            (None, Some(below)) => Ok(Self::Many { below }),
            _ => Err("a node has either refs or nodes below"),
        }
    }
}

impl Default for Refs {
    fn default() -> Self {
        Self::Few {
            refs: BTreeMap::new(),
        }
    }
}

impl Refs {
    /// How many refs there are in it and below.
    #[must_use]
    pub fn count(&self) -> u64 {
        match self {
            Self::Few { refs } => refs.len() as u64,
            Self::Many { below } => below
                .values()
                .fold(0, |sum, below| sum.saturating_add(below.count)),
        }
    }
}

impl Object for Refs {
    type Id = RefsId;
    const KIND: Kind = Kind::Refs;
    const KEYS: Keys = Keys::of(&["refs", "below"]);

    fn check(&self) -> Result<(), InvalidObject> {
        let full = |name: &String| {
            check_full_ref(name).map_err(|error| InvalidObject::Rule(error.to_string()))
        };
        match self {
            Self::Few { refs } => {
                refs.keys().try_for_each(full)?;
                rule(refs.len() <= MAX_LEAF_REFS, || {
                    format!("{} refs in one node", refs.len())
                })
            }
            Self::Many { below } => {
                let is_digit = |key: &String| matches!(key.as_bytes(), [b'0'..=b'9' | b'a'..=b'f']);
                rule(below.keys().all(is_digit), || {
                    "what leads to refs is no digit".to_owned()
                })?;
                let some = below.values().all(|below| below.count > 0);
                rule(some && self.count() > MAX_LEAF_REFS as u64, || {
                    "too few refs for nodes below".to_owned()
                })
            }
        }
    }

    fn references(&self) -> Vec<Reference> {
        match self {
            Self::Few { refs } => {
                let commits = refs.values().copied();
                commits.map(Reference::to::<super::Commit>).collect()
            }
            Self::Many { below } => below
                .values()
                .map(|below| Reference::to::<Self>(below.id))
                .collect(),
        }
    }
}

/// Where the nodes of trees are.
pub trait RefNodes {
    /// Why one cannot be had.
    type Error;

    /// The node with this id.
    ///
    /// # Errors
    /// What keeps it from being read.
    fn node(&self, id: RefsId) -> Result<Refs, Self::Error>;

    /// The error of a node that is not as the tree wants it.
    fn broken(&self, id: RefsId, what: String) -> Self::Error;
}

/// Refs and where they are to stand; `None` is no ref.
pub type RefMoves = BTreeMap<String, Option<CommitId>>;

/// Refs that stand elsewhere on one side than on the other, with both places.
pub type RefDifferences = BTreeMap<String, (Option<CommitId>, Option<CommitId>)>;

/// The commit of the ref with this full name.
///
/// # Errors
/// What [`RefNodes`] says.
pub fn find_ref<N: RefNodes + ?Sized>(
    nodes: &N,
    root: RefsId,
    name: &str,
) -> Result<Option<CommitId>, N::Error> {
    let hash = blake3::hash(name.as_bytes());
    let (mut at, mut claimed) = (root, None);
    for depth in 0..=MAX_REF_DEPTH {
        match load(nodes, at, claimed, &hash, depth)? {
            Refs::Few { refs } => return Ok(refs.get(name).copied()),
            Refs::Many { below } => match below.get(digit(&hash, depth)) {
                Some(below) => (at, claimed) = (below.id, Some(below.count)),
                None => return Ok(None),
            },
        }
    }
    Err(nodes.broken(at, TOO_DEEP.to_owned()))
}

/// Every ref, by full name.
///
/// # Errors
/// What [`RefNodes`] says.
pub fn all_refs<N: RefNodes + ?Sized>(
    nodes: &N,
    root: RefsId,
) -> Result<BTreeMap<String, CommitId>, N::Error> {
    let mut found = BTreeMap::new();
    gather(nodes, (root, None), &Way::default(), &mut found)?;
    Ok(found)
}

/// Refs that stand elsewhere in the second tree than in the first, with both places. Nodes that both have are
/// not read.
///
/// # Errors
/// What [`RefNodes`] says.
pub fn differing_refs<N: RefNodes + ?Sized>(
    nodes: &N,
    before: RefsId,
    after: RefsId,
) -> Result<RefDifferences, N::Error> {
    let mut found = BTreeMap::new();
    let sides = (Some((before, None)), Some((after, None)));
    differ(nodes, sides, &Way::default(), &mut found)?;
    Ok(found)
}

/// The tree with some refs moved. What is new of it is handed to `put`.
///
/// # Errors
/// What [`RefNodes`] says, or `put`.
pub fn move_refs<N: RefNodes + ?Sized>(
    nodes: &N,
    root: Option<RefsId>,
    moves: &RefMoves,
    put: &mut dyn FnMut(&Refs) -> Result<RefsId, N::Error>,
) -> Result<RefsId, N::Error> {
    let moves: Vec<Move<'_>> = moves
        .iter()
        .map(|(name, to)| (blake3::hash(name.as_bytes()), name.as_str(), *to))
        .collect();
    let way = Way::default();
    let have = match root {
        Some(root) => have(nodes, (root, None), &way)?,
        None => Have::Few(BTreeMap::new()),
    };
    let made = change(nodes, have, &way, &moves, put)?;
    Ok(stored(made, put)?.id)
}

const TOO_DEEP: &str = "it lies deeper than refs do";

type Move<'m> = (blake3::Hash, &'m str, Option<CommitId>);
/// A node, and how many refs the one above says that it has.
type Claimed = (RefsId, Option<u64>);

/// The digits that lead to a node.
#[derive(Debug, Clone, Default)]
struct Way(Vec<&'static str>);

impl Way {
    fn down(&self, digit: &'static str) -> Self {
        Self(self.0.iter().copied().chain([digit]).collect())
    }

    fn leads_to(&self, name: &str) -> bool {
        let hash = blake3::hash(name.as_bytes());
        let mut digits = (0..).zip(&self.0);
        digits.all(|(depth, at)| digit(&hash, depth) == *at)
    }
}

const DIGITS: [&str; 16] = [
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b", "c", "d", "e", "f",
];

fn digit(hash: &blake3::Hash, depth: usize) -> &'static str {
    let byte = hash.as_bytes()[depth / 2];
    let half = if depth.is_multiple_of(2) {
        byte >> 4
    } else {
        byte & 15
    };
    DIGITS[usize::from(half)]
}

/// A node on the way to what has this hash.
fn load<N: RefNodes + ?Sized>(
    nodes: &N,
    id: RefsId,
    claimed: Option<u64>,
    hash: &blake3::Hash,
    depth: usize,
) -> Result<Refs, N::Error> {
    let way = Way((0..depth).map(|at| digit(hash, at)).collect());
    checked(nodes, (id, claimed), &way)
}

fn checked<N: RefNodes + ?Sized>(
    nodes: &N,
    (id, claimed): Claimed,
    way: &Way,
) -> Result<Refs, N::Error> {
    let node = nodes.node(id)?;
    let count = node.count();
    if claimed.is_some_and(|claimed| claimed != count) {
        let what = format!("it has {count} refs, and not as many as the node above says");
        return Err(nodes.broken(id, what));
    }
    match &node {
        Refs::Few { refs } => match refs.keys().find(|name| !way.leads_to(name)) {
            Some(name) => Err(nodes.broken(id, format!("{name} does not belong there"))),
            None => Ok(node),
        },
        Refs::Many { .. } if way.0.len() >= MAX_REF_DEPTH => {
            Err(nodes.broken(id, TOO_DEEP.to_owned()))
        }
        Refs::Many { .. } => Ok(node),
    }
}

/// Calls itself for each digit, so at most `MAX_REF_DEPTH` deep.
fn gather<N: RefNodes + ?Sized>(
    nodes: &N,
    node: Claimed,
    way: &Way,
    found: &mut BTreeMap<String, CommitId>,
) -> Result<(), N::Error> {
    match checked(nodes, node, way)? {
        Refs::Few { refs } => found.extend(refs),
        Refs::Many { below } => {
            for digit in DIGITS {
                if let Some(Below { id, count }) = below.get(digit) {
                    gather(nodes, (*id, Some(*count)), &way.down(digit), found)?;
                }
            }
        }
    }
    Ok(())
}

fn differ<N: RefNodes + ?Sized>(
    nodes: &N,
    (before, after): (Option<Claimed>, Option<Claimed>),
    way: &Way,
    found: &mut RefDifferences,
) -> Result<(), N::Error> {
    if before.map(|(id, _)| id) == after.map(|(id, _)| id) {
        return Ok(());
    }
    let open = |side: Option<Claimed>| side.map(|side| checked(nodes, side, way)).transpose();
    let sides = (open(before)?, open(after)?);
    let many = |side: &Option<Refs>| match side {
        Some(Refs::Many { below }) => Some(below.clone()),
        _ => None,
    };
    if let (Some(a), Some(b)) = (many(&sides.0), many(&sides.1)) {
        for digit in DIGITS {
            let below = |side: &BTreeMap<String, Below>| {
                side.get(digit).map(|below| (below.id, Some(below.count)))
            };
            differ(nodes, (below(&a), below(&b)), &way.down(digit), found)?;
        }
        return Ok(());
    }
    let all = |side: Option<Claimed>| -> Result<_, N::Error> {
        let mut refs = BTreeMap::new();
        side.map_or(Ok(()), |side| gather(nodes, side, way, &mut refs))?;
        Ok(refs)
    };
    let (before, mut after) = (all(before)?, all(after)?);
    for (name, stood) in before {
        let stands = after.remove(&name);
        if stands != Some(stood) {
            found.insert(name, (Some(stood), stands));
        }
    }
    found.extend(
        after
            .into_iter()
            .map(|(name, stands)| (name, (None, Some(stands)))),
    );
    Ok(())
}

/// What there is below some digits.
enum Have {
    /// Refs, at most [`MAX_LEAF_REFS`] unless they are about to be spread.
    Few(BTreeMap<String, CommitId>),
    Many(BTreeMap<String, Below>),
    /// As before.
    Same(Below),
}

fn have<N: RefNodes + ?Sized>(nodes: &N, node: Claimed, way: &Way) -> Result<Have, N::Error> {
    Ok(match checked(nodes, node, way)? {
        Refs::Few { refs } => Have::Few(refs),
        Refs::Many { below } => Have::Many(below),
    })
}

/// Calls itself for each digit, so at most `MAX_REF_DEPTH` deep.
fn change<N: RefNodes + ?Sized>(
    nodes: &N,
    have: Have,
    way: &Way,
    moves: &[Move<'_>],
    put: &mut dyn FnMut(&Refs) -> Result<RefsId, N::Error>,
) -> Result<Have, N::Error> {
    let depth = way.0.len();
    let below = match have {
        Have::Few(mut refs) => {
            for (_, name, to) in moves {
                match to {
                    Some(commit) => refs.insert((*name).to_owned(), *commit),
                    None => refs.remove(*name),
                };
            }
            if refs.len() <= MAX_LEAF_REFS {
                return Ok(Have::Few(refs));
            }
            let all: Vec<Move<'_>> = refs
                .iter()
                .map(|(name, commit)| (blake3::hash(name.as_bytes()), name.as_str(), Some(*commit)))
                .collect();
            let mut below = BTreeMap::new();
            for (at, moves) in by_digit(&all, depth) {
                let empty = Have::Few(BTreeMap::new());
                below.insert(at, change(nodes, empty, &way.down(at), &moves, put)?);
            }
            below
        }
        Have::Same(_) => return Ok(have),
        Have::Many(known) => {
            let moves = by_digit(moves, depth);
            let mut below = BTreeMap::new();
            for at in DIGITS {
                let here = known.get(at).copied();
                let have = match (here, moves.get(at)) {
                    (Some(here), None) => Have::Same(here),
                    (None, None) => continue,
                    (here, Some(moves)) => {
                        let way = way.down(at);
                        let had = match here {
                            Some(Below { id, count }) => {
                                self::have(nodes, (id, Some(count)), &way)?
                            }
                            None => Have::Few(BTreeMap::new()),
                        };
                        change(nodes, had, &way, moves, put)?
                    }
                };
                below.insert(at, have);
            }
            below
        }
    };
    let count = |have: &Have| match have {
        Have::Few(refs) => refs.len() as u64,
        Have::Many(below) => below.values().map(|below| below.count).sum(),
        Have::Same(below) => below.count,
    };
    if below.values().map(count).sum::<u64>() <= MAX_LEAF_REFS as u64 {
        // Together again.
        let mut refs = BTreeMap::new();
        for (at, have) in below {
            match have {
                Have::Few(few) => refs.extend(few),
                Have::Same(Below { id, count }) => {
                    gather(nodes, (id, Some(count)), &way.down(at), &mut refs)?;
                }
                Have::Many(many) => {
                    for digit in DIGITS {
                        if let Some(Below { id, count }) = many.get(digit) {
                            let way = way.down(at).down(digit);
                            gather(nodes, (*id, Some(*count)), &way, &mut refs)?;
                        }
                    }
                }
            }
        }
        return Ok(Have::Few(refs));
    }
    let mut made = BTreeMap::new();
    for (at, have) in below {
        if count(&have) > 0 {
            made.insert(at.to_owned(), stored(have, put)?);
        }
    }
    Ok(Have::Many(made))
}

fn by_digit<'m>(moves: &[Move<'m>], depth: usize) -> BTreeMap<&'static str, Vec<Move<'m>>> {
    let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for step in moves {
        found.entry(digit(&step.0, depth)).or_default().push(*step);
    }
    found
}

fn stored<E>(have: Have, put: &mut dyn FnMut(&Refs) -> Result<RefsId, E>) -> Result<Below, E> {
    let node = match have {
        Have::Same(below) => return Ok(below),
        Have::Few(refs) => Refs::Few { refs },
        Have::Many(below) => Refs::Many { below },
    };
    let count = node.count();
    Ok(Below {
        id: put(&node)?,
        count,
    })
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::super::{decode, encode, id_of};
    use super::*;

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
}
