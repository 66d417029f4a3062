//! Moving refs: what lies on the way to them is made anew, and nothing else.

use std::collections::BTreeMap;

use super::{
    Below, Claimed, DIGITS, MAX_LEAF_REFS, Move, RefNodes, Refs, Way, checked, digit, gather,
};
use crate::object::{CommitId, RefsId};

/// What there is below some digits.
pub(super) enum Have {
    /// Refs, at most [`MAX_LEAF_REFS`] unless they are about to be spread.
    Few(BTreeMap<String, CommitId>),
    Many(BTreeMap<String, Below>),
    /// As before.
    Same(Below),
}

pub(super) fn have<N: RefNodes + ?Sized>(
    nodes: &N,
    node: Claimed,
    way: &Way,
) -> Result<Have, N::Error> {
    Ok(match checked(nodes, node, way)? {
        Refs::Few { refs } => Have::Few(refs),
        Refs::Many { below } => Have::Many(below),
    })
}

/// Calls itself for each digit, so at most `MAX_REF_DEPTH` deep.
pub(super) fn change<N: RefNodes + ?Sized>(
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

pub(super) fn stored<E>(
    have: Have,
    put: &mut dyn FnMut(&Refs) -> Result<RefsId, E>,
) -> Result<Below, E> {
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
