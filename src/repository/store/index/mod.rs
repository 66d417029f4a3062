//! The index: where each record lies. Disposable, as everything in it follows from the packs.
//!
//! LMDB: many processes read beside one writer, and opening takes microseconds. It lives in
//! `index/NUMBER/`; a rebuilt one gets the next number, so that those who still read the old one
//! are not disturbed, and the highest number counts. A new one becomes visible whole, by its first
//! transaction. All writing happens under the store's lock. Nothing waits for the disk: `boot` says in
//! which run of the system an index was begun, and in another one it is in doubt, as the power may have
//! failed since; then it is made anew. Where no file can be had, on a full disk
//! or one that cannot be written to, an index is made in memory for one command.

mod codec;
mod engine;
mod env;
mod tables;

pub(super) use env::{Index, newest};
pub(super) use tables::{HexPrefix, IndexWriter, Standpoint};
