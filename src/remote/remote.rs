//! What a client asks of the place that a project is shared at.

use std::io::{Read, Write};

use crate::Result;
use crate::ids::{PackId, SessionId};
use crate::object::CommitId;
use crate::store::RecordId;
use crate::wire::{Advertised, Listed, Push, Pushed, Session, Wanted};

/// The place that a project is shared at: a folder, or a server.
///
/// Every call may be repeated after a failure that [`crate::RemoteError::is_passing`]: what was done is not
/// done twice.
pub trait Remote: Send + Sync {
    /// What it is called in messages. Holds no secret.
    fn name(&self) -> String;

    /// Where it stands.
    ///
    /// # Errors
    /// What keeps it from answering.
    fn advertise(&self) -> Result<Advertised>;

    /// Whether what it has today can be counted on: somebody's own project and a file that was written once may
    /// be gone tomorrow.
    fn is_lasting(&self) -> bool {
        true
    }

    /// Commits that whoever fetches has to have already, with all that they lead to.
    fn needs(&self) -> Vec<CommitId> {
        Vec::new()
    }

    /// Which of these records it does not have, in their order. A file counts as there whether it is one record
    /// or in chunks. Within a push, what has arrived counts too, and what is there stays until the push ends.
    ///
    /// # Errors
    /// `Ended`; what keeps it from answering.
    fn missing(&self, session: Option<&SessionId>, records: &[RecordId]) -> Result<Vec<RecordId>>;

    /// Begins a push, or goes on with one of this name.
    ///
    /// # Errors
    /// What keeps it from answering.
    fn begin(&self, session: &SessionId) -> Result<Session>;

    /// How many bytes of a pack have arrived.
    ///
    /// # Errors
    /// `Ended`.
    fn arrived(&self, session: &SessionId, pack: &PackId) -> Result<u64>;

    /// Sends the rest of a pack of so many bytes in all, from `offset` on. Returns how many have arrived.
    ///
    /// # Errors
    /// `Ended`; `Offset` says where it goes on; `Full`; `Away` when the connection broke.
    fn upload(
        &self,
        session: &SessionId,
        pack: &PackId,
        bytes: u64,
        offset: u64,
        rest: &mut (dyn Read + Send),
    ) -> Result<u64>;

    /// Takes over what was uploaded and moves the refs: all of it, or nothing.
    ///
    /// # Errors
    /// `Moved`, `NotForward`, `Missing`, `Refused`, `Ended`.
    fn commit(&self, session: &SessionId, push: &Push) -> Result<Pushed>;

    /// What has to be fetched to have these commits, in the order it should come.
    ///
    /// # Errors
    /// `Absent` for commits that are not there.
    fn list(&self, wanted: &Wanted) -> Result<Vec<Listed>>;

    /// Writes the pack of these records to `out`, from `offset` on. The same records are the same bytes.
    ///
    /// # Errors
    /// `Absent`; `Away` when the connection broke, with `out` as far as it came.
    fn download(&self, records: &[RecordId], offset: u64, out: &mut dyn Write) -> Result<()>;
}
