//! Finds the files that only moved: among those that vanished and those that came.

use std::collections::{BTreeMap, HashMap};

use super::change::{Side, Status};

/// Most pairs of files that are compared by content; beyond, only the same content counts as a
/// rename.
pub const MOST_PAIRS: usize = 4_096;

/// How much two files must share to be one that moved, in permille: git's half.
const THRESHOLD: u32 = 500;

/// Joins what went and what came into the list of what happened, ordered by the path that a
/// reader looks for: the new one, else the old one. `likeness` answers in permille, or with none
/// where it cannot tell.
pub fn pair(
    removed: Vec<Side>,
    added: Vec<Side>,
    mut likeness: impl FnMut(&Side, &Side) -> Option<u32>,
) -> Vec<(Status, Option<Side>, Option<Side>)> {
    let mut removed: Vec<Option<Side>> = removed.into_iter().map(Some).collect();
    let mut added: Vec<Option<Side>> = added.into_iter().map(Some).collect();
    let mut renames = same_content(&mut removed, &mut added);

    let left = |sides: &[Option<Side>]| sides.iter().flatten().count();
    if left(&removed).saturating_mul(left(&added)) <= MOST_PAIRS {
        renames.extend(alike(&mut removed, &mut added, &mut likeness));
    }

    let mut all: Vec<(Status, Option<Side>, Option<Side>)> = renames
        .into_iter()
        .map(|(old, new)| (Status::Renamed, Some(old), Some(new)))
        .chain(
            removed
                .into_iter()
                .flatten()
                .map(|old| (Status::Removed, Some(old), None)),
        )
        .chain(
            added
                .into_iter()
                .flatten()
                .map(|new| (Status::Added, None, Some(new))),
        )
        .collect();
    all.sort_by(|(_, old, new), (_, other_old, other_new)| {
        let path = |new: &Option<Side>, old: &Option<Side>| {
            new.as_ref().or(old.as_ref()).map(|side| side.path.clone())
        };
        path(new, old).cmp(&path(other_new, other_old))
    });
    all
}

/// Pairs files of one id; of several, one with the same name first.
fn same_content(removed: &mut [Option<Side>], added: &mut [Option<Side>]) -> Vec<(Side, Side)> {
    let mut by_id: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (index, side) in removed.iter().enumerate() {
        // An empty file is like any other empty file, and says nothing.
        if let Some(side) = side.as_ref().filter(|side| side.size > 0) {
            by_id.entry(side.id).or_default().push(index);
        }
    }
    let mut renames = Vec::new();
    for new in added.iter_mut() {
        let Some(candidates) = new.as_ref().and_then(|side| by_id.get_mut(&side.id)) else {
            continue;
        };
        let name = new.as_ref().map(|side| side.path.file_name().to_owned());
        let same_name = candidates.iter().position(|index| {
            removed[*index].as_ref().map(|side| side.path.file_name()) == name.as_deref()
        });
        if candidates.is_empty() {
            continue;
        }
        let index = candidates.remove(same_name.unwrap_or(0));
        if let (Some(old), Some(new)) = (removed[index].take(), new.take()) {
            renames.push((old, new));
        }
    }
    renames
}

/// Pairs files that share most of their content, the most alike first.
fn alike(
    removed: &mut [Option<Side>],
    added: &mut [Option<Side>],
    likeness: &mut impl FnMut(&Side, &Side) -> Option<u32>,
) -> Vec<(Side, Side)> {
    let mut pairs = Vec::new();
    for (from, old) in removed.iter().enumerate() {
        for (to, new) in added.iter().enumerate() {
            if let (Some(old), Some(new)) = (old, new)
                && old.path.extension() == new.path.extension()
                // Half of the larger one cannot be shared when the smaller is less than that.
                && old.size.min(new.size) * 1000 >= old.size.max(new.size) * u64::from(THRESHOLD)
                && let Some(shared) = likeness(old, new).filter(|shared| *shared >= THRESHOLD)
            {
                pairs.push((shared, from, to));
            }
        }
    }
    pairs.sort_by_key(|(shared, from, to)| (std::cmp::Reverse(*shared), *from, *to));
    let mut renames = Vec::new();
    for (_, from, to) in pairs {
        if removed[from].is_some()
            && added[to].is_some()
            && let (Some(old), Some(new)) = (removed[from].take(), added[to].take())
        {
            renames.push((old, new));
        }
    }
    renames
}

/// How many bytes of two texts lie in lines that both have, in permille of the larger.
#[must_use]
pub fn likeness(old: &str, new: &str) -> u32 {
    let larger = old.len().max(new.len());
    if larger == 0 {
        return 1000;
    }
    let mut lines: HashMap<&str, usize> = HashMap::new();
    for line in old.split_inclusive('\n') {
        *lines.entry(line).or_default() += 1;
    }
    let mut shared = 0;
    for line in new.split_inclusive('\n') {
        if let Some(count) = lines.get_mut(line).filter(|count| **count > 0) {
            *count -= 1;
            shared += line.len();
        }
    }
    u32::try_from(shared * 1000 / larger).unwrap_or(1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::{FileId, RepoPath};

    fn side(path: &str, content: &str) -> Side {
        Side {
            path: RepoPath::new(path).expect("a safe path"),
            id: FileId::of(content.as_bytes()),
            size: content.len() as u64,
            exec: false,
        }
    }

    fn told(found: &[(Status, Option<Side>, Option<Side>)]) -> Vec<String> {
        let path = |side: &Option<Side>| side.as_ref().map_or("-".into(), |s| s.path.to_string());
        found
            .iter()
            .map(|(status, old, new)| format!("{status:?} {} {}", path(old), path(new)))
            .collect()
    }

    #[test]
    fn a_moved_file_is_found_by_content_and_then_by_likeness() {
        let texts = [
            ("script.fountain", "a\nb\nc\nd\n"),
            ("treatment.md", "a\nb\nc\nx\n"),
        ];
        let removed = vec![
            side("idea.md", "same"),
            side("notes/idea.md", "same"),
            side("script.fountain", texts[0].1),
            side("empty", ""),
        ];
        let added = vec![
            side("drafts/idea.md", "same"),
            side("drafts/script.fountain", texts[1].1),
            side("other", ""),
        ];
        let found = pair(removed, added, |old, _| {
            let old = texts.iter().find(|(path, _)| *path == old.path.as_str())?;
            Some(likeness(old.1, texts[1].1))
        });
        assert_eq!(
            told(&found),
            [
                "Renamed idea.md drafts/idea.md",
                "Renamed script.fountain drafts/script.fountain",
                "Removed empty -",
                "Removed notes/idea.md -",
                "Added - other",
            ]
        );
    }

    #[test]
    fn likeness_counts_shared_lines_once_each() {
        assert_eq!(likeness("a\na\nb\n", "a\nb\nc\n"), 666);
        assert_eq!(likeness("", ""), 1000);
        assert_eq!(likeness("a\n", ""), 0);
    }
}
