//! A few long memos side by side in the disposable index, each in a place of its own, with a list of
//! what stands where.
//!
//! Memos are never deleted one by one, so a shelf bounds what they take: a new one goes to a free
//! place, else to that of the oldest.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::BUILD;
use crate::store::Store;
use crate::workflow::pieces::{digest, join_of, split_as};

pub(super) type Digest = [u8; 32];

/// A row of places.
pub(super) struct Shelf {
    /// What is kept there, with the version of its form; no two shelves have the same name.
    pub(super) name: &'static str,
    /// How many places there are.
    pub(super) places: u8,
    /// Longest memo that is kept, in bytes; a longer one is worked out again.
    pub(super) most: usize,
}

/// What stands in a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Slot<L> {
    place: u8,
    /// Of its bytes: whoever worked meanwhile may have put something else there.
    bytes: Digest,
    /// What it is of.
    pub(super) label: L,
}

impl Shelf {
    /// What stands there, the newest first.
    pub(super) fn slots<L: DeserializeOwned>(&self, store: &Store) -> Vec<Slot<L>> {
        let memo = store.memo_get(BUILD, self.name.as_bytes()).ok().flatten();
        memo.and_then(|memo| serde_json::from_slice(&memo).ok())
            .unwrap_or_default()
    }

    /// The bytes of a slot, if they are still in its place.
    pub(super) fn bytes<L>(&self, store: &Store, slot: &Slot<L>) -> Option<Vec<u8>> {
        join_of(store, &self.place_key(slot.place), &slot.bytes)
    }

    /// Keeps bytes, and forgets those under an equal label. What cannot be kept costs time, nothing
    /// else.
    pub(super) fn keep<L>(&self, store: &Store, label: L, bytes: &[u8])
    where
        L: PartialEq + Serialize + DeserializeOwned,
    {
        if bytes.len() > self.most {
            return;
        }
        // Others may have kept theirs while these were made.
        let mut slots: Vec<Slot<L>> = self.slots(store);
        slots.retain(|slot| slot.label != label);
        let place = self.free_place(&slots);
        let digest = digest(bytes);
        let Some(mut memos) = split_as(&self.place_key(place), bytes, &digest) else {
            return;
        };
        slots.retain(|slot| slot.place != place);
        let slot = Slot {
            place,
            bytes: digest,
            label,
        };
        slots.insert(0, slot);
        if let Ok(list) = serde_json::to_vec(&slots) {
            memos.push((self.name.as_bytes().to_vec(), list.into()));
            let _ = store.memo_put(BUILD, &memos);
        }
    }

    /// A place that nothing stands in, or that of the oldest.
    fn free_place<L>(&self, slots: &[Slot<L>]) -> u8 {
        let is_free = |place: &u8| !slots.iter().any(|slot| slot.place == *place);
        let free = (0..self.places).find(is_free);
        free.or(slots.last().map(|slot| slot.place)).unwrap_or(0)
    }

    fn place_key(&self, place: u8) -> Vec<u8> {
        [self.name.as_bytes(), b"\0", &[place]].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::pieces::split;
    use crate::workflow::pieces::tests::store;

    const SHELF: Shelf = Shelf {
        name: "things of a test",
        places: 4,
        most: 200_000,
    };

    fn thing(of: u8) -> Vec<u8> {
        vec![of; 100_000]
    }

    #[test]
    fn each_of_what_is_kept_has_its_own_bytes_and_the_oldest_goes() {
        let (_folder, store) = store();
        for of in 1..=6 {
            SHELF.keep(&store, of, &thing(of));
        }
        let slots = SHELF.slots::<u8>(&store);
        let labels: Vec<u8> = slots.iter().map(|slot| slot.label).collect();
        assert_eq!(labels, [6, 5, 4, 3]);
        for slot in &slots {
            let bytes = SHELF.bytes(&store, slot);
            assert!(bytes == Some(thing(slot.label)), "{}", slot.label);
        }
    }

    #[test]
    fn of_one_label_the_last_bytes_are_kept_alone() {
        let (_folder, store) = store();
        for of in [1, 2, 1] {
            SHELF.keep(&store, of, &thing(of));
        }
        SHELF.keep(&store, 2, &thing(9));
        let slots = SHELF.slots::<u8>(&store);
        let labels: Vec<u8> = slots.iter().map(|slot| slot.label).collect();
        assert_eq!(labels, [2, 1]);
        assert!(SHELF.bytes(&store, &slots[0]) == Some(thing(9)));
    }

    #[test]
    fn what_is_too_long_is_not_kept() {
        let (_folder, store) = store();
        SHELF.keep(&store, 1, &vec![0; SHELF.most + 1]);
        assert_eq!(SHELF.slots::<u8>(&store), []);
        SHELF.keep(&store, 1, &vec![0; SHELF.most]);
        assert_eq!(SHELF.slots::<u8>(&store).len(), 1);
    }

    #[test]
    fn what_another_put_in_a_place_is_not_taken_for_what_stood_there() {
        let (_folder, store) = store();
        SHELF.keep(&store, 1, &thing(1));
        let slots = SHELF.slots::<u8>(&store);
        // Whole and sound, and of something else.
        let other = thing(2);
        let memos = split(&SHELF.place_key(slots[0].place), &other).expect("short enough");
        store.memo_put(BUILD, &memos).expect("noted");
        assert_eq!(SHELF.slots::<u8>(&store), slots);
        assert!(SHELF.bytes(&store, &slots[0]).is_none());
    }
}
