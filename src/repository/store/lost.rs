//! What the project stood on and is in no pack any more.

use super::Store;
use super::error::{Result, StoreError};
use super::house::House;
use super::index::Index;
use super::journal::{Found, JOURNAL, Journal};
use super::pack::pack_name;

impl Store {
    /// Why the project does not stand where it stood: the current operation is in no pack any more, and may
    /// come back. Until then what is left counts.
    ///
    /// # Errors
    /// An I/O error, or the index cannot be read.
    pub fn lost(&self) -> Result<Option<StoreError>> {
        match Journal::read(&self.house)? {
            Found::Sound(journal) => lost(&self.house, &self.index(), &journal),
            _ => Ok(None),
        }
    }
}

/// Why an index that is about this journal has another operation than it as the current one.
pub(super) fn lost(house: &House, index: &Index, journal: &Journal) -> Result<Option<StoreError>> {
    let (Some(head), Some(known)) = (journal.head(), index.standpoint()?) else {
        return Ok(None);
    };
    if known.mark != journal.mark || known.heads.first() == Some(&head) {
        return Ok(None);
    }
    let mut packs = journal.packs.iter();
    let short = packs.find_map(|(number, pack)| {
        let name = pack_name(*number);
        let found = house.packs.find_file(&name).ok().flatten();
        let ends = found.map(|found| found.bytes);
        let is_short = ends.is_none_or(|ends| ends < pack.length);
        is_short.then(|| (house.packs.path_of(&name), ends, pack.length))
    });
    // All of them are as long as they were: one is damaged, or another one in its place.
    let newest = journal.packs.last_key_value();
    let (path, ends, acknowledged) = match (short, newest) {
        (Some(short), _) => short,
        (None, Some((number, pack))) => {
            let path = house.packs.path_of(&pack_name(*number));
            (path, Some(pack.length), pack.length)
        }
        (None, None) => (house.own.path_of(JOURNAL), Some(0), 0),
    };
    Ok(Some(StoreError::Lost {
        path,
        ends,
        acknowledged,
    }))
}
