//! Servers as remotes: what `aiut-remote` asks, over HTTP.
//!
//! # Invariants
//! - A token goes to the scheme, host and port that it is bound to, and nowhere else: no redirect is followed.
//! - It is in no message, no log and no `Debug`.
//! - Without TLS only this machine is talked to.
//! - What a server says is data: its words are shown without control characters, its lengths are limits.

mod address;
mod keys;
mod remote;

pub use address::{Address, InvalidAddress, Origin};
pub use keys::{Keys, KeysError, Token};
pub use remote::HttpRemote;

use aiut_remote as shared;
use aiut_repository::store;
