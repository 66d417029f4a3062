//! Is the store as it was written? Packs by themselves, then the journal against them.
//!
//! Nothing is believed: packs are walked record by record. The index is not looked at: it holds nothing
//! that the packs do not, and is made anew when something is mended. The lock is held only while names and lengths are taken; packs are never written
//! over, so what they held then can be read in peace.

use std::path::Path;

use super::catalogue::{Catalogue, Opened};
use super::error::{Result, StoreError, io_error};
use super::house::House;
use super::journal::{Found, JOURNAL};
use super::pack::pack_name;
use super::record::RecordId;
use super::reindex::shortened;
use super::replaced::Fate;
use crate::base::layout;
use crate::base::lock::{FileLock, Holder, WAIT};

/// What is told of a store without a journal.
pub const NO_JOURNAL: &str = "there is no journal of where the project stands; the next command makes it \
                              from the operations in the packs";

/// What sort of thing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// Bytes of a pack are not as they were written.
    PackBytes,
    /// A pack is gone, or cut off.
    PackMissing,
    /// A file's layout does not give that file.
    Layout,
    /// The journal does not say where the project stands.
    Journal,
    /// The list of what is not here on purpose is damaged.
    Promised,
}

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What sort.
    pub kind: FindingKind,
    /// Number of the pack, if it is about one.
    pub pack: Option<u32>,
    /// Where in it, in bytes.
    pub offset: Option<u64>,
    /// The record that lies there, where that is known.
    pub record: Option<RecordId>,
    /// What does not hold.
    pub what: String,
}

/// What a check came to.
#[derive(Debug)]
pub struct Check {
    /// Everything that is sound.
    pub catalogue: Catalogue,
    /// What is not as it was written.
    pub findings: Vec<Finding>,
    /// What looks odd and is in order: an interrupted commit, a leftover.
    pub notes: Vec<String>,
    /// Packs looked at.
    pub packs: usize,
    /// Records looked at.
    pub records: usize,
    /// Bytes of the packs.
    pub bytes: u64,
}

/// How far a check is.
pub trait Watch: Sync {
    /// A part of the work begins, of so many bytes.
    fn begin(&self, what: &str, bytes: u64);
    /// So many more bytes are done.
    fn advance(&self, bytes: u64);
}

/// Checks the store in `folder`: the structure of packs and journal, and with `data` every byte of
/// every pack and every file that is put together by a layout. Opens nothing that it has not
/// checked, so it works on any store, whatever befell it.
///
/// # Errors
/// An I/O error; `Lock` when another process writes for too long.
pub fn check(folder: &Path, holder: &Holder, data: bool, watch: &dyn Watch) -> Result<Check> {
    let house = House::enter(folder)?;
    let opened = {
        let _lock = lock(&house, holder)?;
        Opened::all(&house)?
    };
    let mut notes = strangers(&house)?;
    let mut findings: Vec<Finding> = opened.shortened().into_iter().map(missing).collect();
    match &opened.journal {
        Found::Sound(_) => {}
        Found::Missing => notes.push(NO_JOURNAL.to_owned()),
        Found::Damaged(what) => findings.push(Finding {
            kind: FindingKind::Journal,
            pack: None,
            offset: None,
            record: None,
            what: format!("{JOURNAL} is damaged, {what}"),
        }),
    }
    let mut catalogue = opened.walk()?;
    findings.extend(catalogue.promised_harm.as_ref().map(|what| Finding {
        kind: FindingKind::Promised,
        pack: None,
        offset: None,
        record: None,
        what: format!("promised is damaged: {what}"),
    }));
    if data {
        watch.begin("Reading packs", catalogue.bytes());
        catalogue.verify(&|bytes| watch.advance(bytes))?;
    }
    for (number, found) in &catalogue.packs {
        findings.extend(found.walk.harm.iter().map(|harm| Finding {
            kind: FindingKind::PackBytes,
            pack: Some(*number),
            offset: Some(harm.offset),
            record: harm.id,
            what: harm.what.clone(),
        }));
        if found.walk.unfinished > 0 {
            notes.push(format!(
                "{}: {} bytes at its end are of a commit that was interrupted; nothing needs them",
                name_of(*number),
                found.walk.unfinished
            ));
        }
    }
    leftovers(&catalogue, &findings, &mut notes);
    if data {
        let (bytes, spared) = catalogue.laid_out();
        notes.extend(spared.iter().map(|(record, bytes)| {
            format!(
                "file {}: {bytes} bytes, nearly all of them the same few over and over: they were \
                 not put together; `aiut cat {} >/dev/null` does it",
                &record.hex()[..12],
                record.hex()
            )
        }));
        watch.begin("Putting files together", bytes);
        for (record, error) in catalogue.check_layouts(&|bytes| watch.advance(bytes)) {
            // A chunk that is missing is told as such, with the files it is missing from.
            if let StoreError::Damaged { what, .. } = error {
                let place = catalogue.entries(&record).next();
                findings.push(Finding {
                    kind: FindingKind::Layout,
                    pack: place.map(|(number, _)| number),
                    offset: place.map(|(_, entry)| entry.offset),
                    record: Some(record),
                    what,
                });
            }
        }
    }
    let (packs, bytes) = (catalogue.packs.len(), catalogue.bytes());
    let walked = catalogue.packs.values();
    let records = walked.map(|found| found.walk.entries.len()).sum();
    findings.sort_by_key(|finding| (finding.kind, finding.pack, finding.offset, finding.record));
    Ok(Check {
        catalogue,
        findings,
        notes,
        packs,
        records,
        bytes,
    })
}

/// The write lock, unless nothing can be written here at all.
fn lock(house: &House, holder: &Holder) -> Result<Option<FileLock>> {
    let lock = FileLock::acquire(&house.own, super::LOCK, holder, WAIT);
    match lock.map_err(StoreError::from) {
        Err(error) if error.is_for_want_of_rights() || error.is_for_want_of_room() => Ok(None),
        lock => lock.map(Some),
    }
}

/// What lies in the folder and is none of the store's.
fn strangers(house: &House) -> Result<Vec<String>> {
    let found = layout::strangers(&house.own);
    let found = found.map_err(io_error("list", house.own.path()))?;
    let note = |name| format!("{name} is not one of aiut's files, and is left as it is");
    Ok(found.into_iter().map(note).collect())
}

fn name_of(number: u32) -> String {
    format!("packs/{}", pack_name(number))
}

/// What is told of a pack that is gone, or ends before the end that was acknowledged.
fn missing((number, found, acknowledged): (u32, Option<u64>, u64)) -> Finding {
    Finding {
        kind: FindingKind::PackMissing,
        pack: Some(number),
        offset: found,
        record: None,
        what: match found {
            Some(length) => shortened(acknowledged - length),
            None => format!("it is gone; {acknowledged} bytes were once written"),
        },
    }
}

fn leftovers(catalogue: &Catalogue, findings: &[Finding], notes: &mut Vec<String>) {
    for (number, fate, _) in &catalogue.leftovers {
        notes.push(match fate {
            Fate::Drop => format!(
                "{}: others took its place; `aiut gc` removes it",
                name_of(*number)
            ),
            Fate::SetAside => format!(
                "{}: it is damaged and others took its place; `aiut gc` moves it to damaged/",
                name_of(*number)
            ),
        });
    }
    for (number, _) in &catalogue.stumps {
        if findings.iter().all(|finding| finding.pack != Some(*number)) {
            notes.push(format!(
                "{}: a pack whose creation was interrupted; it holds nothing",
                name_of(*number)
            ));
        }
    }
}
