//! The audit log: a line of JSON for each change of refs, synced before it is acknowledged.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::base::folder::Folder;
use crate::remote::Push;

const FILE: &str = "audit.log";

/// The log, open.
#[derive(Debug)]
pub(crate) struct Audit(Mutex<File>);

/// A change of refs.
#[derive(Debug, Serialize)]
pub(crate) struct Entry<'e> {
    /// Unix seconds.
    pub(crate) time: i64,
    /// Id of the token.
    pub(crate) token: &'e str,
    /// Whose it is.
    pub(crate) name: &'e str,
    pub(crate) project: &'e str,
    /// The name of the push.
    pub(crate) session: String,
    /// What moved, and whether by force.
    pub(crate) push: &'e Push,
    /// The number of the operation.
    pub(crate) mark: u64,
}

impl Audit {
    pub(crate) fn open(folder: &Folder) -> io::Result<Self> {
        Ok(Self(Mutex::new(folder.open_or_create(FILE)?)))
    }

    /// Appends a line, in one write.
    pub(crate) fn note(&self, entry: &Entry<'_>) -> io::Result<()> {
        let mut line = serde_json::to_vec(entry).map_err(io::Error::other)?;
        line.push(b'\n');
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::End(0))?;
        file.write_all(&line)?;
        file.sync_data()
    }
}
