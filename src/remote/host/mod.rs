//! A shared project as it stands behind a remote: its records and refs, and pushes on their way.
//!
//! ```text
//! begin ─► missing ─► upload … ─► commit
//!                       │            │ every record checked ─► storage ─► refs, all at once ─► answer kept
//!                       ▼            ▼
//!                  pushes/ID/…  (quarantine: nobody reads it)
//! ```
//! A process may end between any two steps: what was added to the storage and is reached by no ref is harmless,
//! and the swap of refs is found again by the name of the push.

mod gate;
mod sessions;

use std::io::Read;
use std::sync::Arc;

use crate::arrival::Arrival;
use crate::base::clock::Clock;
use crate::base::folder::Folder;
use crate::ids::{PackId, SessionId};
use crate::names::check_moves;
use crate::object::{Commit, ObjectId, ObjectKind, ProjectId, TAGS};
use crate::packing::{MOST_PARCEL_BYTES, PARCEL_RECORDS};
use crate::plan::{PlanOf, plan_files, plan_of};
use crate::storage::{RefStore, Storage, Swap, Swapped, object};
use crate::store::{ExchangePack, RecordId, exchange_bytes};
use crate::wire::{Advertised, Listed, PROTOCOL, Push, Pushed, Session, Wanted};
use crate::{RemoteError, Result, contains, write_parcel};
pub use gate::{Gate, NoGate};
use sessions::Sessions;

/// Most records, or commits, that are asked about at once.
pub const MOST_ASKED: usize = 1 << 20;

/// So many pushes clear up what others left, by the first byte of their names: not each looks at all of them.
const ONE_OF_SIXTEEN: u8 = 16;

/// Who pushes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// The name that the change is noted with.
    pub name: String,
    /// Whether that may leave commits behind.
    pub may_force: bool,
}

/// What a host takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostLimits {
    /// How long a push is kept, in seconds.
    pub push_seconds: i64,
    /// Most bytes of all uploads of one push.
    pub push_bytes: u64,
}

impl Default for HostLimits {
    fn default() -> Self {
        Self {
            push_seconds: 24 * 3600,
            push_bytes: 1 << 40,
        }
    }
}

/// A shared project.
pub struct Host {
    storage: Arc<dyn Storage>,
    refs: Arc<dyn RefStore>,
    sessions: Sessions,
    clock: Arc<dyn Clock>,
    limits: HostLimits,
    project: ProjectId,
}

impl Host {
    /// One with these records and refs. What is uploaded lies in `pushes` meanwhile.
    #[must_use]
    pub fn new(
        project: ProjectId,
        storage: Arc<dyn Storage>,
        refs: Arc<dyn RefStore>,
        pushes: Folder,
        clock: Arc<dyn Clock>,
        limits: HostLimits,
    ) -> Self {
        Self {
            storage,
            refs,
            sessions: Sessions::new(pushes),
            clock,
            limits,
            project,
        }
    }

    fn now(&self) -> i64 {
        self.clock.now().unix_seconds
    }

    /// Its records.
    #[must_use]
    pub fn storage(&self) -> &dyn Storage {
        &*self.storage
    }

    /// Its refs.
    #[must_use]
    pub fn refs(&self) -> &dyn RefStore {
        &*self.refs
    }

    /// Where it stands.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn advertise(&self) -> Result<Advertised> {
        advertise_of(&*self.refs, self.project)
    }

    /// As [`crate::Remote::missing`].
    ///
    /// # Errors
    /// As there.
    pub fn missing(
        &self,
        session: Option<&SessionId>,
        records: &[RecordId],
    ) -> Result<Vec<RecordId>> {
        let packs = match session {
            Some(session) => self.sessions.open(session, self.now())?.packs()?,
            None => Vec::new(),
        };
        missing_of(&*self.storage, &packs, records)
    }

    /// As [`crate::Remote::begin`].
    ///
    /// # Errors
    /// As there.
    pub fn begin(&self, session: &SessionId) -> Result<Session> {
        let now = self.now();
        if session.0[0] < ONE_OF_SIXTEEN {
            self.sessions.clear(now)?;
        }
        let mark = self.refs.standing()?.mark;
        let session = self
            .sessions
            .begin(session, now, now + self.limits.push_seconds, mark)?;
        session.tell()
    }

    /// As [`crate::Remote::arrived`].
    ///
    /// # Errors
    /// As there.
    pub fn arrived(&self, session: &SessionId, pack: &PackId) -> Result<u64> {
        self.sessions.open(session, self.now())?.arrived(pack)
    }

    /// As [`crate::Remote::upload`].
    ///
    /// # Errors
    /// As there.
    pub fn upload(
        &self,
        session: &SessionId,
        pack: &PackId,
        bytes: u64,
        offset: u64,
        rest: &mut dyn Read,
    ) -> Result<u64> {
        if bytes > MOST_PARCEL_BYTES {
            return Err(RemoteError::Refused(format!(
                "a pack of {bytes} bytes; at most {MOST_PARCEL_BYTES}"
            )));
        }
        let session = self.sessions.open(session, self.now())?;
        session.upload(pack, bytes, offset, rest, self.limits.push_bytes)
    }

    /// As [`crate::Remote::commit`], if `gate` lets it in.
    ///
    /// # Errors
    /// As there; what `gate` says.
    pub fn commit(
        &self,
        session: &SessionId,
        push: &Push,
        by: &By,
        gate: &dyn Gate,
    ) -> Result<Pushed> {
        check_moves(&push.moves)?;
        if push.force && !by.may_force {
            return Err(RemoteError::Refused(
                "your token may not push by force".to_owned(),
            ));
        }
        let now = self.clock.now();
        let open = self.sessions.open(session, now.unix_seconds)?;
        let _alone = open.lock()?;
        if let Some(done) = open.done()? {
            return Ok(done);
        }
        let packs = match open.packs() {
            Err(error @ RemoteError::Refused(_)) => {
                open.throw_away()?;
                return Err(error);
            }
            packs => packs?,
        };
        self.check(push, &packs, &open)?;
        if !packs.is_empty() {
            self.storage.add(&packs)?;
        }
        gate.admit(push, by)?;
        let swap = Swap {
            key: *session,
            since: open.since(),
            moves: push.moves.clone(),
            by: by.name.clone(),
            time: now,
        };
        match self.refs.swap(&swap)? {
            Swapped::Done(pushed) => {
                open.finish(&pushed)?;
                Ok(pushed)
            }
            Swapped::Moved(refs) => Err(RemoteError::Moved(refs)),
        }
    }

    /// Everything that has to hold before anything is taken over.
    fn check(&self, push: &Push, packs: &[ExchangePack], open: &sessions::Open<'_>) -> Result<()> {
        let arrival = Arrival::new(&*self.storage, packs);
        match arrival.check() {
            Err(error @ RemoteError::Refused(_)) => {
                // What is damaged has to be sent again, so it must not count as arrived.
                open.throw_away()?;
                return Err(error);
            }
            checked => checked?,
        }
        let tips = push.moves.values().filter_map(|to| to.to);
        let mut missing = Vec::new();
        for tip in tips {
            let record = RecordId::of_object(ObjectKind::Commit, *tip.digest());
            if !arrival.has(&record)? {
                missing.push(record);
            }
        }
        if !missing.is_empty() {
            return Err(RemoteError::Missing(missing));
        }
        if push.force {
            return Ok(());
        }
        let both = arrival.as_storage();
        for (name, to) in &push.moves {
            let Some(from) = to.from else { continue };
            let Some(tip) = to.to else {
                return Err(RemoteError::Refused(format!(
                    "{name} would be taken away: push that by force"
                )));
            };
            if tip == from {
                continue;
            }
            if name.starts_with(TAGS) {
                return Err(RemoteError::Refused(format!(
                    "{name} is a tag and does not move: push that by force"
                )));
            }
            // Where it was expected somewhere else than it is, that is told, and not this.
            let is_there = object::<Commit>(&both, from)?.is_some();
            if is_there && !contains(&both, tip, from)? {
                return Err(RemoteError::NotForward(name.clone()));
            }
        }
        Ok(())
    }

    /// As [`crate::Remote::list`].
    ///
    /// # Errors
    /// As there.
    pub fn list(&self, wanted: &Wanted) -> Result<Vec<Listed>> {
        list_of(&*self.storage, wanted)
    }

    /// Bytes of the pack of these records.
    ///
    /// # Errors
    /// `Absent` for a record that is not here; `Refused` when they are too many for one pack.
    pub fn download_bytes(&self, records: &[RecordId]) -> Result<u64> {
        let mut stored = Vec::new();
        for record in records {
            let bytes = self.storage.stored(record)?;
            stored.push(bytes.ok_or_else(|| RemoteError::Absent(record.to_string()))?);
        }
        let bytes = exchange_bytes(stored);
        if bytes > MOST_PARCEL_BYTES || records.len() > PARCEL_RECORDS {
            let what = format!("{} records of {bytes} bytes in one pack", records.len());
            return Err(RemoteError::Refused(what));
        }
        Ok(bytes)
    }

    /// As [`crate::Remote::download`].
    ///
    /// # Errors
    /// As there.
    pub fn download(
        &self,
        records: &[RecordId],
        offset: u64,
        out: &mut dyn std::io::Write,
    ) -> Result<()> {
        download_of(&*self.storage, records, offset, out)
    }

    /// Forgets pushes that took too long, with what was uploaded for them. Returns how many.
    ///
    /// # Errors
    /// Any I/O error.
    pub fn clear(&self) -> Result<usize> {
        self.sessions.clear(self.now())
    }

    /// Bytes of uploads that are on their way.
    ///
    /// # Errors
    /// Any I/O error.
    pub fn pending_bytes(&self) -> Result<u64> {
        self.sessions.bytes()
    }
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Host({})", self.project)
    }
}

/// Where refs stand.
pub(crate) fn advertise_of(refs: &dyn RefStore, project: ProjectId) -> Result<Advertised> {
    let standing = refs.standing()?;
    Ok(Advertised {
        protocol: PROTOCOL,
        project,
        head: standing.head,
        refs: standing.refs,
        mark: standing.mark,
    })
}

/// Which records are neither in a storage nor in packs that arrived.
pub(crate) fn missing_of(
    storage: &dyn Storage,
    packs: &[ExchangePack],
    records: &[RecordId],
) -> Result<Vec<RecordId>> {
    if records.len() > MOST_ASKED {
        let many = format!("asked about {} records at once", records.len());
        return Err(RemoteError::Refused(many));
    }
    let arrival = Arrival::new(storage, packs);
    let mut missing = Vec::new();
    for record in records {
        if !arrival.has(record)? {
            missing.push(*record);
        }
    }
    Ok(missing)
}

/// What has to be fetched from a storage.
pub(crate) fn list_of(storage: &dyn Storage, wanted: &Wanted) -> Result<Vec<Listed>> {
    if wanted.wants.len() + wanted.common.len() + wanted.ends.len() + wanted.files.len()
        > MOST_ASKED
    {
        return Err(RemoteError::Refused(
            "asked for too many commits at once".to_owned(),
        ));
    }
    if !wanted.files.is_empty() {
        return plan_files(storage, &wanted.files);
    }
    for id in &wanted.wants {
        if object::<Commit>(storage, *id)?.is_none() {
            return Err(RemoteError::Absent(format!("commit {}", id.short())));
        }
    }
    plan_of(
        storage,
        &PlanOf {
            wants: &wanted.wants,
            common: &wanted.common,
            ends: &wanted.ends,
            depth: wanted.depth,
            objects_alone: wanted.objects_alone,
            may_lack: false,
        },
    )
}

/// The pack of some records of a storage, from `offset` on.
pub(crate) fn download_of(
    storage: &dyn Storage,
    records: &[RecordId],
    offset: u64,
    out: &mut dyn std::io::Write,
) -> Result<()> {
    if records.len() > PARCEL_RECORDS {
        return Err(RemoteError::Refused(format!(
            "{} records in one pack",
            records.len()
        )));
    }
    match write_parcel(storage, records, offset, out) {
        Err(RemoteError::Incomplete(record)) => Err(RemoteError::Absent(record.to_string())),
        written => written.map(drop),
    }
}
