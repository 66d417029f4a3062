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

mod change;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    CommitId, InvalidObject, Keys, Object, ObjectKind, Reference, RefsId, canonical::rule,
    check_full_ref,
};
use change::{Have, change, have, stored};

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
    const KIND: ObjectKind = ObjectKind::Refs;
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
                    "what leads to refs is not a digit".to_owned()
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
