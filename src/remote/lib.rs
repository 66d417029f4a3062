//! Projects on their way between machines: what is missing where, packs, refs. No HTTP and no films.
//!
//! ```text
//! push, fetch ──► Remote ──► FolderRemote ─┐       BundleRemote: a file, to fetch from
//!                   │                      ├──► Host: pushes, checks ──► Storage, RefStore
//!                   └── HTTP ──► server ───┘
//! ```
//! [`Remote`] is what a client talks to, [`Host`] what stands behind it, on whichever machine. A push is
//! uploaded into quarantine, checked whole, and becomes visible by one swap of refs; `docs/sync.md` tells it
//! step by step.
//!
//! # Invariants
//! - A store that is pushed to is closed: whatever a record in it names is in it. So presence of a commit
//!   answers for all that it leads to, and no check walks a history.
//! - Nothing that arrived is believed: records are hashed, objects decoded by their rules, files put together.
//! - Refs move all at once, from where the pusher saw them, and last of all.

mod arrival;
mod bundle;
mod common;
#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
mod error;
mod fetch;
mod folder;
mod host;
mod ids;
mod names;
mod packing;
mod plan;
mod problem;
mod push;
mod remote;
mod storage;
#[cfg(test)]
mod tests;
mod wire;

pub use arrival::{Arrival, Left, LeftFile};
pub use bundle::{BundleOf, BundleRemote, Bundled, write_bundle};
pub use common::find_common;
pub use error::{Moved, RemoteError, Result};
pub use fetch::{FetchRequest, Fetched, Part, fetch, fetch_files, fetch_part, files_at};
pub use folder::{FolderRemote, host_of};
pub use host::{By, Gate, Host, HostLimits, MOST_ASKED, NoGate};
pub use ids::{PackId, ParseTokenError, SessionId};
pub use names::is_shared;
pub use packing::{MOST_PARCEL_BYTES, PARCEL_RECORDS, Parcel, parcels, write_parcel};
pub use plan::{contains, plan};
pub use problem::{Problem, ProblemCode};
pub use push::{PushRequest, Report, push};
pub use remote::Remote;
pub use storage::{MemoryRefs, MemoryStorage, RefStore, Standing, Storage, Swap, Swapped};
pub use wire::{Advertised, Listed, PROTOCOL, Push, Pushed, RefMove, Session, Wanted};

use aiut_base as base;
#[cfg(test)]
use aiut_repository::history;
use aiut_repository::{object, store};
