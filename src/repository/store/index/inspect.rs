//! All that an index says, read without trusting it.

use super::super::error::{Result, io_error};
use super::super::facts::{Location, PackState};
use super::super::record::{RecordId, RecordKind};
use super::codec::location_from_bytes;
use super::env::{DATA, INDEX, folder_of, newest};
use super::pages::{self, Unsound};
use super::tables::{HEAD_KEY, OPEN_KEY, SCHEMA, SCHEMA_KEY, read_head, read_pack};
use crate::base::folder::Folder;
use crate::object::OperationId;

/// What lies in `index/`.
#[derive(Debug)]
pub(in crate::store) enum Inspected {
    /// None, or one that was never finished.
    Missing,
    /// Its pages are not as LMDB wrote them.
    Unsound {
        /// Which of the rebuilt ones.
        number: u32,
        what: String,
    },
    Sound(Box<Contents>),
}

/// The entries of an index.
#[derive(Debug, Default)]
pub(in crate::store) struct Contents {
    pub(in crate::store) number: u32,
    pub(in crate::store) packs: Vec<(u32, PackState)>,
    pub(in crate::store) records: Vec<(RecordId, Location)>,
    /// By action, by path and by output: key and generation.
    pub(in crate::store) pairs: [Vec<[u8; 64]>; 3],
    pub(in crate::store) head: Option<(OperationId, u64)>,
    pub(in crate::store) open: Option<u32>,
    pub(in crate::store) damage: Vec<(u32, u64, String)>,
    /// Entries that make no sense.
    pub(in crate::store) senseless: usize,
    schema: Option<Vec<u8>>,
}

/// Names of the tables of [`Contents::pairs`].
const PAIRS: [&str; 3] = ["by_action", "by_path", "by_output"];

/// Reads the newest index of a store, whose own folder is given. Under the store's lock.
pub(in crate::store) fn inspect(own: &Folder) -> Result<Inspected> {
    let Some(number) = newest(own)? else {
        return Ok(Inspected::Missing);
    };
    let path = own.path().join(format!("{INDEX}/{number}/{DATA}"));
    let file = folder_of(own, number).and_then(|folder| folder.read(DATA));
    let mut contents = Contents {
        number,
        ..Contents::default()
    };
    let mut add = |table: &str, key: &[u8], value: &[u8]| {
        if contents.add(table, key, value).is_none() {
            contents.senseless += 1;
        }
    };
    let read = file.map_err(Unsound::Io);
    let read = read.and_then(|file| pages::read(file, &mut add));
    match read {
        Ok(()) => {}
        Err(Unsound::Page(page, what)) => {
            let what = format!("page {page}: {what}");
            return Ok(Inspected::Unsound { number, what });
        }
        Err(Unsound::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Inspected::Missing);
        }
        Err(Unsound::Io(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            let what = "its file ends early".to_owned();
            return Ok(Inspected::Unsound { number, what });
        }
        Err(Unsound::Io(error)) => return Err(io_error("read", &path)(error)),
    }
    Ok(match contents.schema.as_deref() {
        Some(SCHEMA) => Inspected::Sound(Box::new(contents)),
        Some(_) => Inspected::Unsound {
            number,
            what: "it is of another form".to_owned(),
        },
        None => Inspected::Missing,
    })
}

impl Contents {
    /// Takes an entry in; none when it makes no sense.
    fn add(&mut self, table: &str, key: &[u8], value: &[u8]) -> Option<()> {
        match table {
            "meta" if key == SCHEMA_KEY => self.schema = Some(value.to_vec()),
            "meta" if key == HEAD_KEY => self.head = Some(read_head(value)?),
            "meta" if key == OPEN_KEY => self.open = Some(number(value)?),
            "packs" => {
                self.packs.push(read_pack((key, value))?);
            }
            "records" => {
                let (kind, id) = key.split_first()?;
                let id = RecordId::new(RecordKind::from_code(*kind)?, id.try_into().ok()?);
                self.records.push((id, location_from_bytes(value)?));
            }
            "memos" => {}
            "damage" => {
                let (pack, offset) = key.split_first_chunk::<4>()?;
                let offset = u64::from_be_bytes(offset.try_into().ok()?);
                let what = String::from_utf8_lossy(value).into_owned();
                self.damage.push((u32::from_be_bytes(*pack), offset, what));
            }
            table => {
                let place = PAIRS.iter().position(|pairs| *pairs == table)?;
                self.pairs[place].push(key.try_into().ok()?);
            }
        }
        Some(())
    }
}

fn number(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}
