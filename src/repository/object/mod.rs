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
mod project;
mod provenance;
mod ref_tree;
mod references;
mod refs;
mod shape;
mod tree;

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
pub use project::{ParseProjectIdError, ProjectId};
pub use provenance::*;
pub use ref_tree::{
    Below, MAX_LEAF_REFS, MAX_REF_DEPTH, RefDifferences, RefMoves, RefNodes, Refs, all_refs,
    differing_refs, find_ref, move_refs,
};
pub use references::{Reference, references_of};
pub use refs::*;
pub use shape::Malformed;
pub use tree::*;

pub use crate::base::clock::Timestamp;
