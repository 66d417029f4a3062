//! Sharing a project: what `clone`, `remote`, `fetch`, `pull`, `push` and `export bundle` do, told as plain data.
//!
//! ```text
//! remotes.toml ─► Remotes: names, places, which timeline follows which
//!                    │
//!                  Place ─► dyn Remote        objects travel first, no ref of this side moves
//!                    │
//!             one Transaction                 refs of the remote as they were seen, and what follows from them
//! ```
//! What a remote's timelines stand on is remembered under `remotes/NAME/`, so that `status` needs no network.

mod ahead;
mod bundle;
mod clone;
mod dehydrate;
mod error;
mod fetch;
mod hydrate;
mod partial;
mod place;
mod pull;
mod push;
mod remotes;
mod supply;
mod tracking;

pub use ahead::{Following, UpstreamReport, follow, offered, renamed, upstream, upstreams};
pub use bundle::{BundleOutcome, BundleRequest, bundle};
pub use clone::{CloneOutcome, CloneRequest, clone, share};
pub use dehydrate::{DehydrateOutcome, DehydrateRequest, dehydrate};
pub use error::{Result, SharingError};
pub use fetch::{FetchOutcome, FetchRequest, Transfer, fetch, forget};
pub use hydrate::{HydrateOutcome, HydrateRequest, check_spared, hydrate};
pub use place::{Around, KeySources, Place, Shared, TOKENS_VARIABLE};
pub use pull::{PullOutcome, PullRequest, pull, pull_onto};
pub use push::{
    PlannedRef, PushOutcome, PushPlan, PushRequest, Pushed, ReadyPush, Refspec, ready_to_push,
};
pub use remotes::{Keeps, RemoteReport, Remotes, Upstream};
pub use supply::{Supplied, Tell, supply_by_remotes};
pub use tracking::RefChange;
