//! Which shot is which, over time: the shots of a scene keep their ids while their content, or
//! their place between shots that stayed, says that they are the same.

use std::collections::HashSet;

use super::align;
use super::number::Taken;
use crate::ids::Place;

/// The digits of a shot id.
const WIDTH: usize = 3;

/// What is remembered of the shots of a scene.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShotMemory {
    /// In the order of the last shot list.
    pub shots: Vec<RememberedShot>,
    /// Ids of shots that are gone, in order: never given again.
    pub retired: Vec<String>,
}

/// A shot by its id and what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RememberedShot {
    /// `003`, `003A`: without the scene.
    pub id: String,
    /// The fingerprint that its maker gave: any text.
    pub digest: String,
}

impl ShotMemory {
    /// The memory after the scene was broken into shots with these fingerprints: one remembered
    /// shot for each, in order, and the ids of those that are gone among the retired.
    #[must_use]
    pub fn update(&self, digests: &[String]) -> Self {
        let ids = assign_shot_ids(&self.shots, &self.retired, digests);
        let kept: HashSet<&String> = ids.iter().collect();
        let gone = self
            .shots
            .iter()
            .map(|shot| &shot.id)
            .filter(|id| !kept.contains(id));
        let mut retired: Vec<String> = self.retired.iter().chain(gone).cloned().collect();
        retired.sort_by_cached_key(|id| Place::of(id));
        let pair = |(id, digest): (String, &String)| RememberedShot {
            id,
            digest: digest.clone(),
        };
        Self {
            shots: ids.into_iter().zip(digests).map(pair).collect(),
            retired,
        }
    }
}

/// The ids of shots with these fingerprints, in order.
///
/// Equal fingerprints keep their id (longest common subsequence). Between two that stayed, new
/// shots take over the ids of the old ones there, one for one; more of them become `003A`, `003B`
/// after the one before, `A001` before the first, and the next whole numbers after the last.
/// Without memory they are `001`, `002`, …; retired ids are not given again.
#[must_use]
pub fn assign_shot_ids(
    previous: &[RememberedShot],
    retired: &[String],
    digests: &[String],
) -> Vec<String> {
    let old: Vec<&str> = previous.iter().map(|shot| shot.digest.as_str()).collect();
    let new: Vec<&str> = digests.iter().map(String::as_str).collect();
    let mut ids: Vec<Option<&str>> = vec![None; new.len()];
    let (mut old_at, mut new_at) = (0, 0);
    let stayed = align::common(&old, &new);
    for (i, j) in stayed.into_iter().chain([(old.len(), new.len())]) {
        for (id, shot) in ids[new_at..j].iter_mut().zip(&previous[old_at..i]) {
            *id = Some(&shot.id);
        }
        if let Some(id) = ids.get_mut(j) {
            *id = Some(&previous[i].id);
        }
        (old_at, new_at) = (i + 1, j + 1);
    }
    let mut taken = Taken::new(WIDTH);
    let known = previous.iter().map(|shot| &shot.id).chain(retired);
    known.for_each(|id| taken.add(id));
    taken.fill(&ids)
}
