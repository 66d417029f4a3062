//! What a repository is made of: ids, object kinds and their one canonical encoding. Pure.
//!
//! A file's id is the BLAKE3 of its bytes. Everything else is an [`Object`]: a structure with one
//! canonical DAG-CBOR encoding, whose id is the BLAKE3 of those bytes under a context of its kind.

mod canonical;
mod commit;
mod conflict;
mod expiry;
mod id;
mod later;
mod limits;
mod money;
mod operation;
mod path;
mod provenance;
mod references;
mod refs;
mod shape;
mod tree;
mod views;

pub use canonical::*;
pub use commit::*;
pub use conflict::*;
pub use expiry::*;
pub use id::*;
pub use later::{Keys, Later, LaterKeys};
pub use limits::*;
pub use money::*;
pub use operation::*;
pub use path::*;
pub use provenance::*;
pub use references::{Reference, references_of};
pub use refs::*;
pub use shape::Malformed;
pub use tree::*;
pub use views::ViewReader;

pub use crate::base::clock::Timestamp;
