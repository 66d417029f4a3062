//! Where the bytes of a project's files come from.

use super::unread::Unread;
use crate::object::FileId;

/// Where contents are read from.
pub trait Contents: Send + Sync {
    /// The bytes of the file with this id.
    ///
    /// # Errors
    /// What kept them from being read, naming the id.
    fn read(&self, id: &FileId) -> Result<Vec<u8>, Unread>;

    /// What was kept of facts about documents, if anything was.
    fn facts(&self) -> Option<Vec<u8>> {
        None
    }

    /// Whether it would have to be got from elsewhere first, which a plan does not do for a look.
    fn is_elsewhere(&self, _id: &FileId) -> bool {
        false
    }

    /// Its first bytes, at most so many, however large it is.
    ///
    /// # Errors
    /// What kept them from being read.
    fn head(&self, id: &FileId, most: usize) -> Result<Vec<u8>, Unread> {
        let mut bytes = self.read(id)?;
        bytes.truncate(most);
        Ok(bytes)
    }
}
