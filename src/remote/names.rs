//! Which refs are shared, and which names may stand side by side.

use std::collections::{BTreeMap, BTreeSet};

use crate::object::{CommitId, TAGS, TIMELINES, check_full_ref, fold_name};
use crate::wire::RefMove;
use crate::{RemoteError, Result};

/// Most refs that one push moves.
pub(crate) const MAX_MOVES: usize = 10_000;

/// Whether a ref is shared: what a project remembers of its own remotes is not.
#[must_use]
pub fn is_shared(full: &str) -> bool {
    full.starts_with(TIMELINES) || full.starts_with(TAGS)
}

/// Checks the names of refs that are to move.
pub(crate) fn check_moves(moves: &BTreeMap<String, RefMove>) -> Result<()> {
    if moves.len() > MAX_MOVES {
        let many = format!("{} refs at once; push at most {MAX_MOVES}", moves.len());
        return Err(RemoteError::Refused(many));
    }
    for (name, RefMove { from, to }) in moves {
        check_full_ref(name).map_err(|error| RemoteError::Refused(error.to_string()))?;
        if !is_shared(name) {
            return Err(RemoteError::Refused(format!(
                "{name:?} is no timeline and no tag"
            )));
        }
        if from.is_none() && to.is_none() {
            return Err(RemoteError::Refused(format!(
                "{name:?} moves from nowhere to nowhere"
            )));
        }
    }
    Ok(())
}

/// Checks that the new names among `moves` may stand beside the others, as `history::check_new_ref` does for
/// one: names that some file systems take for one, and `a` beside `a/b`, exclude each other. One pass over
/// all names, however many are new.
pub(crate) fn check_new_names(
    refs: &BTreeMap<String, CommitId>,
    moves: &BTreeMap<String, RefMove>,
) -> Result<()> {
    let stays = |name: &&String| moves.get(*name).is_none_or(|to| to.to.is_some());
    let new: Vec<&String> = moves
        .iter()
        .filter(|(name, to)| to.to.is_some() && !refs.contains_key(*name))
        .map(|(name, _)| name)
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    let clash = |name: &str, other: &str, why: &str| {
        Err(RemoteError::Refused(format!(
            "{name} cannot stand beside {other}: {why}"
        )))
    };
    // Folded names with the ones they stand for; those of timelines and tags apart, by their beginnings.
    let mut folded: BTreeMap<String, &String> = BTreeMap::new();
    for name in refs.keys().filter(stays) {
        folded.insert(fold_name(name), name);
    }
    for name in &new {
        if let Some(other) = folded.insert(fold_name(name), name) {
            return clash(name, other, "some systems cannot tell them apart");
        }
    }
    let all: BTreeSet<&str> = refs
        .keys()
        .filter(stays)
        .chain(new.iter().copied())
        .map(String::as_str)
        .collect();
    for name in new {
        let fold = fold_name(name);
        let inside = folded.range(format!("{fold}/")..).next();
        if let Some((_, other)) = inside.filter(|(other, _)| other.starts_with(&format!("{fold}/")))
        {
            return clash(name, other, "one would be a folder of the other");
        }
        for (at, _) in fold.match_indices('/') {
            if let Some(other) = folded.get(&fold[..at]) {
                return clash(name, other, "one would be a folder of the other");
            }
        }
        let twin = match (name.strip_prefix(TIMELINES), name.strip_prefix(TAGS)) {
            (Some(short), _) => format!("{TAGS}{short}"),
            (_, Some(short)) => format!("{TIMELINES}{short}"),
            _ => continue,
        };
        if all.contains(twin.as_str()) {
            return clash(name, &twin, "a word means one of them only");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_cannot_stand_side_by_side_are_refused() {
        let commit = CommitId::from_bytes([1; 32]);
        let refs: BTreeMap<String, CommitId> =
            ["timelines/main", "timelines/what-if/she-stays", "tags/v1"]
                .map(|name| (name.to_owned(), commit))
                .into();
        let to = |from, to| RefMove { from, to };
        let new = to(None, Some(commit));
        let check = |moves: &[(&str, RefMove)]| {
            let moves: BTreeMap<_, _> = moves
                .iter()
                .map(|(name, to)| ((*name).to_owned(), *to))
                .collect();
            check_moves(&moves).and_then(|()| check_new_names(&refs, &moves))
        };
        for name in [
            "timelines/v2",
            "timelines/what-if/she-goes",
            "tags/what",
            "timelines/mai",
        ] {
            check(&[(name, new)]).unwrap();
        }
        for name in [
            "timelines/Main",
            "timelines/what-if",
            "timelines/main/2",
            "timelines/What-If/She-Stays/x",
            "timelines/v1",
            "tags/main",
            "remotes/a/b",
            "timelines/a..b",
            "main",
        ] {
            assert!(check(&[(name, new)]).is_err(), "{name}");
        }
        assert!(check(&[("timelines/a", new), ("timelines/A", new)]).is_err());
        assert!(check(&[("timelines/a", new), ("timelines/a/b", new)]).is_err());
        assert!(check(&[("timelines/a", to(None, None))]).is_err());
        // What goes makes room, and what only moves is no new name.
        check(&[
            ("timelines/main", to(Some(commit), None)),
            ("timelines/Main", new),
        ])
        .unwrap();
        check(&[("timelines/main", to(Some(commit), Some(commit)))]).unwrap();
    }
}
