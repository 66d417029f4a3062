//! The index beside the packs: what it hides, misplaces or invents.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::catalogue::{Catalogue, Surveyed, read};
use super::check::{Finding, FindingKind, about_index, name_of};
use super::facts::{Entry, Fact};
use super::index::Contents;
use super::record::{HEADER_BYTES, RecordId, RecordKind};
use crate::object::Kind;

/// The index beside the packs.
pub(super) struct Compare<'c> {
    pub(super) contents: &'c Contents,
    pub(super) catalogue: &'c Catalogue,
    pub(super) vouched: &'c dyn Fn(u32) -> Option<u64>,
    pub(super) findings: &'c mut Vec<Finding>,
    pub(super) notes: &'c mut Vec<String>,
}

impl Compare<'_> {
    fn index(&mut self, what: &str) {
        let what = format!("index/{} {what}", self.contents.number);
        self.findings.push(about_index(what));
    }

    /// Tells of many with one finding, naming the first.
    fn index_of_many(&mut self, what: &str, mut many: Vec<RecordId>) {
        many.sort_unstable();
        if let Some(first) = many.first() {
            let rest = match many.len() {
                1 => String::new(),
                count => format!(" and {} more", count - 1),
            };
            self.index(&format!("{what} {first}{rest}"));
        }
    }

    pub(super) fn packs(&mut self, names: &HashMap<u32, ([u8; 16], u64)>) {
        if self.contents.senseless > 0 {
            self.index("holds entries that make no sense");
        }
        let closed_by_others: HashSet<u32> =
            (self.catalogue.leftovers.iter().map(|(number, ..)| *number))
                .chain(self.catalogue.stumps.iter().map(|(number, _)| *number))
                .collect();
        for (number, state) in &self.contents.packs {
            let missing = |offset, what| Finding {
                kind: FindingKind::PackMissing,
                pack: Some(*number),
                offset,
                record: None,
                what,
            };
            let Some((uuid, length)) = names.get(number) else {
                if !closed_by_others.contains(number) {
                    let what = format!("it is gone; {} bytes were once written", state.length);
                    self.findings.push(missing(None, what));
                }
                continue;
            };
            if *uuid != state.uuid {
                self.index(&format!("knows another {}", name_of(*number)));
            } else if *length < state.length {
                let what = format!(
                    "it ends here, and {} bytes more were once written",
                    state.length - length
                );
                self.findings.push(missing(Some(*length), what));
            } else if state.closed && *length > state.length {
                self.findings.push(Finding {
                    kind: FindingKind::PackBytes,
                    pack: Some(*number),
                    offset: Some(state.length),
                    record: None,
                    what: "bytes behind the end that it was closed with".to_owned(),
                });
            }
            let walk = self.catalogue.packs.get(number).map(|found| &found.walk);
            if let Some(walk) = walk
                && walk.harm.is_empty()
                && walk.end == state.length
                && !state.closed
                && walk.tail != state.tail
            {
                self.index(&format!("knows another end of {}", name_of(*number)));
            }
        }
        let last = self.contents.packs.iter().map(|(number, _)| *number).max();
        for number in names.keys() {
            let known = self.contents.packs.iter().any(|(known, _)| known == number);
            if !known && last.is_some_and(|last| *number < last) {
                self.index(&format!("does not know {}", name_of(*number)));
            }
        }
        let mut open = self
            .contents
            .packs
            .iter()
            .filter(|(_, state)| !state.closed);
        let agrees = match self.contents.open {
            Some(number) => open.any(|(open, _)| *open == number),
            None => open.next().is_none(),
        };
        if !agrees {
            self.index("is wrong about which pack is written to");
        }
    }

    pub(super) fn records(&mut self) {
        let mut misplaced = Vec::new();
        let mut known = HashSet::with_capacity(self.contents.records.len());
        for (id, at) in &self.contents.records {
            known.insert(*id);
            let Some(found) = self.catalogue.packs.get(&at.pack) else {
                // The pack is told to be missing, unless the index never knew it.
                if !self.contents.packs.iter().any(|(n, _)| *n == at.pack) {
                    misplaced.push(*id);
                }
                continue;
            };
            let mut places = self.catalogue.entries(id);
            if places.any(|(pack, entry)| entry.location(pack) == *at) {
                continue;
            }
            // What lies in harm or behind the end is told as that.
            let end = at
                .offset
                .saturating_add(HEADER_BYTES as u64 + u64::from(at.stored));
            let mut harm = found.walk.harm.iter();
            let is_harmed = harm.any(|harm| at.offset < harm.end && harm.offset < end);
            let is_cut = (self.vouched)(at.pack).is_some_and(|vouched| found.length < vouched);
            let is_told = is_harmed || (is_cut && end > found.length);
            if !is_told {
                misplaced.push(*id);
            }
        }
        self.index_of_many("says wrongly where to find", misplaced);
        let mut hidden = Vec::new();
        let mut behind = 0;
        for id in self.catalogue.records() {
            if known.contains(&id) {
                continue;
            }
            let entered = |(pack, entry): (u32, &Entry)| {
                (self.vouched)(pack).is_some_and(|vouched| entry.offset < vouched)
                    || self.contents.packs.iter().any(|(known, _)| *known > pack)
            };
            if self.catalogue.entries(&id).any(entered) {
                hidden.push(id);
            } else {
                behind += 1;
            }
        }
        self.index_of_many("hides", hidden);
        if behind > 0 {
            self.notes.push(format!(
                "{behind} records of an interrupted commit; the next command enters them"
            ));
        }
    }

    /// What the index says of runs, against the runs.
    pub(super) fn facts(&mut self) {
        let known: HashSet<RecordId> = self.contents.records.iter().map(|(id, _)| *id).collect();
        let mut expected: [BTreeSet<[u8; 64]>; 3] = Default::default();
        let mut found: [BTreeSet<[u8; 64]>; 3] = Default::default();
        let pair = |key: &[u8; 32], id: &[u8; 32]| {
            let mut pair = [0; 64];
            pair[..32].copy_from_slice(key);
            pair[32..].copy_from_slice(id);
            pair
        };
        let is_sound = |id: &[u8; 32]| {
            let record = RecordId::of_object(Kind::Generation, *id);
            known.contains(&record) && self.catalogue.contains(&record)
        };
        for id in self.catalogue.records() {
            if id.object_kind() != Some(Kind::Generation) || !is_sound(&id.id) {
                continue;
            }
            let Some((pack, entry)) = self.catalogue.entries(&id).next() else {
                continue;
            };
            let raw = read(&self.catalogue.packs[&pack].pack, entry);
            let Some(Fact::Generation {
                action, outputs, ..
            }) = raw.ok().and_then(|raw| Fact::of(id.kind, id.id, &raw))
            else {
                continue;
            };
            expected[0].insert(pair(action.as_bytes(), &id.id));
            for (path, file) in outputs {
                expected[1].insert(pair(&path, &id.id));
                expected[2].insert(pair(file.as_bytes(), &id.id));
            }
        }
        for (found, pairs) in found.iter_mut().zip(&self.contents.pairs) {
            let sound = pairs.iter().filter(|pair| {
                let id: &[u8; 32] = pair.last_chunk().expect("a pair has 64 bytes");
                let record = RecordId::of_object(Kind::Generation, *id);
                is_sound(id) || !known.contains(&record)
            });
            found.extend(sound);
        }
        for (what, place) in [("actions", 0), ("paths", 1), ("outputs", 2)] {
            if expected[place] != found[place] {
                self.index(&format!("is wrong about the {what} of runs"));
            }
        }
    }

    pub(super) fn head(&mut self) {
        let heads = |found: &Surveyed| {
            let mut harm = found.walk.harm.iter();
            harm.any(|harm| harm.id.is_none_or(|id| id.kind == RecordKind::Head))
        };
        let behind = self.catalogue.packs.iter().any(|(number, found)| {
            (self.vouched)(*number).is_none_or(|vouched| vouched < found.walk.end)
        });
        if behind || self.catalogue.packs.values().any(heads) {
            return;
        }
        let highest = self
            .catalogue
            .heads
            .iter()
            .map(|(sequence, _)| sequence)
            .max();
        let known = self
            .contents
            .head
            .map(|(operation, sequence)| (sequence, operation));
        let agrees = match (known, highest) {
            (None, None) => true,
            (Some(known), Some(highest)) => {
                known.0 == *highest && self.catalogue.heads.contains(&known)
            }
            _ => false,
        };
        if !agrees {
            self.index("is wrong about the current operation");
        }
    }

    /// What was noted when packs were last read through, where it is not found again.
    pub(super) fn damage(&mut self) {
        for (number, offset, what) in &self.contents.damage {
            let told = self
                .findings
                .iter()
                .any(|finding| finding.pack == Some(*number) && finding.kind != FindingKind::Index);
            if !told {
                self.findings.push(Finding {
                    kind: FindingKind::PackMissing,
                    pack: Some(*number),
                    offset: Some(*offset),
                    record: None,
                    what: format!("noted earlier: {what}"),
                });
            }
        }
    }
}
