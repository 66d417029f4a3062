//! Whether an index says what the packs hold: for tests, as nothing else has to ask.

use super::Store;
use super::error::Result;
use super::recover::in_memory;

impl Store {
    /// What the index in use says otherwise than one that is made now; none where they agree. Every record
    /// is read from where the index says that it lies.
    ///
    /// # Errors
    /// The index or a pack cannot be read.
    pub fn disagreement(&self) -> Result<Option<String>> {
        let (index, fresh) = (self.newest_index()?, in_memory(&self.house)?);
        let (known, right) = (index.said()?, fresh.said()?);
        if known != right {
            let odd = known.symmetric_difference(&right).next();
            return Ok(odd.map(|odd| format!("{odd:?}")));
        }
        if index.head()? != fresh.head()? {
            return Ok(Some(format!("{:?} is current", index.head()?)));
        }
        for (id, at) in index.places()? {
            let pack = self.pack(at.pack)?;
            if let Err(error) = pack.record(at.offset, at.stored, id.kind, &id.id) {
                return Ok(Some(error.to_string()));
            }
        }
        Ok(None)
    }
}
