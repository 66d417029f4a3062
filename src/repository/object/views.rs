//! Views read one after the other. Each names every ref, and mostly differs in one from the view
//! before: what it shares with that one is compared, and neither parsed nor checked again.

use super::shape::Walk;
use super::{CommitId, Head, InvalidObject, MAX_OBJECT_BYTES, View, check_full_ref, decode};

/// Reads views, the more alike the faster.
#[derive(Debug, Default)]
pub struct ViewReader {
    /// The encoding up to the refs of the last view that was read.
    front: Vec<u8>,
    /// The commit that its HEAD is detached at.
    detached: Option<CommitId>,
    /// Its encoded refs: name and commit in turn.
    refs: Vec<u8>,
    /// Where each of them begins.
    starts: Vec<u32>,
    /// Refs that were parsed so far.
    parsed: usize,
}

impl ViewReader {
    /// Refs that were parsed so far.
    #[must_use]
    pub fn parsed(&self) -> usize {
        self.parsed
    }

    /// The commits that the view with this encoding names, but for those that the view before names
    /// under the same name. Accepts exactly what [`decode`] does.
    ///
    /// # Errors
    /// As [`decode`].
    pub fn read(&mut self, encoding: &[u8]) -> Result<Vec<CommitId>, InvalidObject> {
        if let Some(commits) = self.compare(encoding) {
            return Ok(commits);
        }
        // It is no view, or one that cannot be told here to be one.
        let view = decode::<View>(encoding)?;
        self.parsed += view.refs.len();
        let detached = detached(&view);
        Ok(view.refs.into_values().chain(detached).collect())
    }

    /// None if it is not surely a view.
    fn compare(&mut self, encoding: &[u8]) -> Option<Vec<CommitId>> {
        let mut walk = Walk::new(encoding);
        if walk.head().ok()? != (5, 2) || walk.key().ok()? != b"head" {
            return None;
        }
        walk.item(1).ok()?;
        if walk.key().ok()? != b"refs" {
            return None;
        }
        let front = &encoding[..walk.at()];
        let (major, count) = walk.head().ok()?;
        let refs = &encoding[walk.at()..];
        if major != 5 || encoding.len() > MAX_OBJECT_BYTES {
            return None;
        }
        let known_detached = match front == self.front {
            true => self.detached,
            // The same view without a ref.
            false => detached(&decode::<View>(&[front, &[0xa0]].concat()).ok()?),
        };
        let Changed { starts, commits } = self.changed(refs)?;
        if starts.len() as u64 != count {
            return None;
        }
        self.parsed += commits.len();
        self.starts = starts;
        self.refs.clear();
        self.refs.extend_from_slice(refs);
        self.front.clear();
        self.front.extend_from_slice(front);
        self.detached = known_detached;
        Some(commits.into_iter().chain(known_detached).collect())
    }

    /// What of these refs is not as in the view before. Both come in the order of their names, so
    /// they are gone through side by side: a stretch that is the same on both is passed over.
    fn changed(&self, refs: &[u8]) -> Option<Changed> {
        let (old, known) = (&self.refs[..], self.starts.len());
        let end = |n: usize| match self.starts.get(n + 1) {
            Some(next) => *next as usize,
            None => old.len(),
        };
        let mut starts = Vec::with_capacity(known + 1);
        let mut commits = Vec::new();
        let (mut at, mut next) = (0, 0);
        let mut last: Option<&[u8]> = None;
        while at < refs.len() {
            let name = name_at(refs, at)?;
            if last.is_some_and(|last| !in_order(last, name)) {
                return None;
            }
            if next < known {
                let from = self.starts[next] as usize;
                let same = common_prefix(&old[from..], &refs[at..]);
                let count = partition(known - next, |n| end(next + n) - from <= same);
                if count > 0 {
                    let stretch = self.starts[next..next + count].iter();
                    starts.extend(stretch.map(|start| *start - from as u32 + at as u32));
                    at += end(next + count - 1) - from;
                    next += count;
                    last = Some(name_at(refs, *starts.last()? as usize)?);
                    continue;
                }
            }
            starts.push(u32::try_from(at).ok()?);
            let mut walk = Walk::new(refs);
            walk.skip(at);
            let name = walk.key().ok()?;
            check_full_ref(std::str::from_utf8(name).ok()?).ok()?;
            if walk.head().ok()? != (2, 32) {
                return None;
            }
            let id = walk.take(32).ok()?.try_into().ok()?;
            commits.push(CommitId::from_bytes(id));
            at = walk.at();
            last = Some(name);
            while next < known && !in_order(name, name_at(old, self.starts[next] as usize)?) {
                next += 1;
            }
        }
        Some(Changed { starts, commits })
    }
}

/// Refs of a view.
struct Changed {
    /// Where each begins.
    starts: Vec<u32>,
    /// The commits of those that the view before has not so.
    commits: Vec<CommitId>,
}

fn detached(view: &View) -> Option<CommitId> {
    match &view.head {
        Head::Detached(commit) => Some(*commit),
        Head::Timeline(_) => None,
    }
}

/// The canonical order of keys: the shorter first, then by bytes.
fn in_order(a: &[u8], b: &[u8]) -> bool {
    (a.len(), a) < (b.len(), b)
}

fn name_at(refs: &[u8], at: usize) -> Option<&[u8]> {
    let mut walk = Walk::new(refs);
    walk.skip(at);
    walk.key().ok()
}

/// How many of `0..count` come first for which it holds.
fn partition(count: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        match holds(middle) {
            true => low = middle + 1,
            false => high = middle,
        }
    }
    low
}

/// Bytes compared at a time.
const STEP: usize = 256;

fn common_prefix(a: &[u8], b: &[u8]) -> usize {
    let steps = a.chunks_exact(STEP).zip(b.chunks_exact(STEP));
    let at = steps.take_while(|(a, b)| a == b).count() * STEP;
    let rest = a[at..].iter().zip(&b[at..]);
    at + rest.take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::super::encode;
    use super::*;

    fn commit(n: u8) -> CommitId {
        CommitId::from_bytes([n; 32])
    }

    fn view(refs: &[(usize, u8)], head: Option<u8>) -> View {
        let mut view = View::default();
        if let Some(n) = head {
            view.head = Head::Detached(commit(n));
        }
        let name = |n: usize| match n % 3 {
            0 => format!("timelines/{}", "a".repeat(n + 1)),
            1 => format!("tags/v{n}"),
            _ => format!("remotes/studio/{n}"),
        };
        view.refs = refs.iter().map(|(n, c)| (name(*n), commit(*c))).collect();
        view
    }

    fn named(view: &View) -> BTreeSet<CommitId> {
        view.refs.values().copied().chain(detached(view)).collect()
    }

    proptest! {
        #[test]
        fn views_in_a_row_name_together_what_each_names_alone(
            rows in prop::collection::vec(
                (prop::collection::btree_map(0_usize..12, 0_u8..4, 0..9), prop::option::of(0_u8..4)),
                1..12,
            ),
        ) {
            let mut reader = ViewReader::default();
            let (mut together, mut alone) = (BTreeSet::new(), BTreeSet::new());
            for (refs, head) in rows {
                let view = view(&refs.into_iter().collect::<Vec<_>>(), head);
                together.extend(reader.read(&encode(&view).unwrap()).unwrap());
                alone.extend(named(&view));
                prop_assert_eq!(&together, &alone);
            }
        }

        #[test]
        fn it_accepts_what_decoding_accepts(
            refs in prop::collection::btree_map(0_usize..12, 0_u8..4, 0..9),
            at in any::<prop::sample::Index>(),
            byte in any::<u8>(),
            cut in any::<bool>(),
        ) {
            let refs: Vec<_> = refs.into_iter().collect();
            let good = encode(&view(&refs, None)).unwrap();
            let mut bytes = good.clone();
            let at = at.index(bytes.len());
            match cut {
                true => drop(bytes.remove(at)),
                false => bytes[at] = byte,
            }
            let mut reader = ViewReader::default();
            reader.read(&good).unwrap();
            let expected = decode::<View>(&bytes);
            prop_assert_eq!(reader.read(&bytes).map(drop), expected.as_ref().map(drop).map_err(Clone::clone));
            // Whatever came between, the next one is read rightly.
            let more = view(&[(3, 9), (4, 8)], Some(7));
            let read: BTreeSet<_> = reader.read(&encode(&more).unwrap()).unwrap().into_iter().collect();
            prop_assert_eq!(read, named(&more));
        }
    }

    #[test]
    fn a_thousand_views_of_a_thousand_refs_are_not_a_million() {
        let mut reader = ViewReader::default();
        let mut view = View::default();
        for n in 0..1000_u32 {
            view.refs.insert(
                format!("timelines/t{:04}", (n * 7919) % 1000),
                commit(n as u8),
            );
            assert_eq!(reader.read(&encode(&view).unwrap()).unwrap().len(), 1);
        }
        assert_eq!(reader.parsed(), 1000);
    }
}
