//! Packs opened at one moment.

use std::collections::HashMap;

use rayon::prelude::*;

use super::{Catalogue, Surveyed};
use crate::base::folder::Folder;
use crate::base::open_files::allow_open_files;
use crate::object::ProjectId;
use crate::store::error::{Result, StoreError, io_error};
use crate::store::house::House;
use crate::store::journal::{Found, Journal};
use crate::store::pack::{PACK_HEADER_BYTES, Pack, pack_name, pack_path};
use crate::store::promised::Promised;
use crate::store::reindex::pack_numbers;
use crate::store::replaced::{Fate, PackName, Replaced};
use crate::store::walk::walk;

/// Packs opened at one moment, to be read later: what others do to their names matters no more.
pub(in crate::store) struct Opened {
    packs_folder: Folder,
    packs: Vec<(u32, Pack, u64)>,
    leftovers: Vec<(u32, Fate, u64)>,
    stumps: Vec<(u32, u64)>,
    replaced: Replaced,
    project: ProjectId,
    promised: Promised,
    promised_harm: Option<String>,
    /// As it was before the packs were looked at, so that what it stands on is in them.
    pub(in crate::store) journal: Found,
}

impl Opened {
    /// Opens every pack that counts.
    pub(in crate::store) fn all(house: &House) -> Result<Self> {
        let packs_folder = &house.packs;
        let journal = Journal::read(house)?;
        let numbers = pack_numbers(packs_folder)?;
        allow_open_files(numbers.len());
        let replaced = Replaced::read(packs_folder, &numbers)?;
        let (promised, promised_harm) = match Promised::read(&house.own) {
            Err(StoreError::Damaged { what, .. }) => (Promised::default(), Some(what)),
            promised => (promised?, None),
        };
        let mut opened = Self {
            packs_folder: packs_folder.clone(),
            packs: Vec::new(),
            leftovers: Vec::new(),
            stumps: Vec::new(),
            replaced,
            project: house.project,
            promised,
            promised_harm,
            journal,
        };
        for number in numbers {
            let path = pack_path(packs_folder, number);
            let found = packs_folder.find_file(&pack_name(number));
            let found = found.map_err(io_error("examine", &path))?;
            let length = found.map_or(0, |found| found.bytes);
            if length < PACK_HEADER_BYTES {
                opened.stumps.push((number, length));
                continue;
            }
            let pack = Pack::open(packs_folder, number)?;
            let uuid = pack.uuid;
            match opened.replaced.fate(&PackName { number, uuid }) {
                Some(fate) => opened.leftovers.push((number, fate, length)),
                None => opened.packs.push((number, pack, length)),
            }
        }
        Ok(opened)
    }

    /// Packs that were acknowledged up to here and are not here, or end before it, with the bytes that
    /// there are of them; none of those that others took the place of.
    pub(in crate::store) fn shortened(&self) -> Vec<(u32, Option<u64>, u64)> {
        let Found::Sound(journal) = &self.journal else {
            return Vec::new();
        };
        let mut short = Vec::new();
        for (number, known) in &journal.packs {
            let (number, uuid) = (*number, known.uuid);
            if self.replaced.fate(&PackName { number, uuid }).is_some() {
                continue;
            }
            let found = self.packs.iter().find(|(n, ..)| *n == number);
            let stump = self.stumps.iter().find(|(n, _)| *n == number);
            let length = match found {
                // It has another one's number.
                Some((_, pack, _)) if pack.sound && pack.uuid != uuid => continue,
                Some((_, _, length)) => Some(*length),
                None => stump.map(|(_, length)| *length),
            };
            if length.unwrap_or(0) < known.length {
                short.push((number, length, known.length));
            }
        }
        short
    }

    /// How many bytes of a pack are known to have been acknowledged; none where nobody knows.
    fn vouched(&self, number: u32, pack: &Pack) -> Option<u64> {
        let Found::Sound(journal) = &self.journal else {
            return None;
        };
        match journal.packs.get(&number) {
            Some(known) if known.uuid == pack.uuid || !pack.sound => Some(known.length),
            _ => None,
        }
    }

    /// Walks them.
    pub(in crate::store) fn walk(self) -> Result<Catalogue> {
        let packs = self.packs.iter();
        let vouched: Vec<_> = packs.map(|(n, pack, _)| self.vouched(*n, pack)).collect();
        let walked: Vec<Result<(u32, Surveyed)>> = self
            .packs
            .into_par_iter()
            .zip(vouched)
            .map(|((number, pack, length), vouched)| {
                let walk = walk(&pack, length, vouched)?;
                Ok((number, Surveyed { pack, length, walk }))
            })
            .collect();
        let mut catalogue = Catalogue {
            packs_folder: self.packs_folder,
            packs: walked.into_iter().collect::<Result<_>>()?,
            places: HashMap::new(),
            project: self.project,
            journal: self.journal.sound(),
            leftovers: self.leftovers,
            stumps: self.stumps,
            promised: self.promised,
            promised_harm: self.promised_harm,
        };
        catalogue.list();
        Ok(catalogue)
    }
}
