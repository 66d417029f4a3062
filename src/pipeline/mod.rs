//! Stages, selectors, recorded reads and staleness. Pure: no clock, no network, no files.
//!
//! A [`Pipeline`] is data: for each stage what it runs over, reads and writes. A [`Snapshot`] is
//! the project at one moment. The [`Planner`] walks the stages over it and gives each output a
//! [`State`]; generators see their inputs only through a [`Reader`], which records every selector
//! with the digest of what it gave, and that record is what staleness is computed from.

mod approvals;
mod arguments;
mod changes;
mod check;
mod claims;
mod command;
mod contents;
mod counts;
mod derived;
mod digest;
mod expansion;
mod facts;
mod fields;
mod item;
mod judge;
mod kept;
mod locks;
mod makes;
mod memory;
mod order;
mod parsed;
mod pattern;
mod plan;
mod price;
mod reader;
mod seconds;
mod selector;
mod snapshot;
mod stage;
mod stages;
mod story;
mod threads;
mod unread;
mod who;
mod why;
mod with;
mod written;

pub use approvals::*;
pub use arguments::{INPUTS, absolute_paths, pattern_into};
pub use claims::{HEAD, claims, denied};
pub use command::{COMMAND, DEFAULT_SIZE, DEFAULT_TIMEOUT, UnclearRead, Wanted};
pub use contents::Contents;
pub use derived::Derived;
pub use digest::*;
pub use facts::{ShotsIn, VideoIn};
pub use fields::*;
pub use item::*;
pub use kept::{Book, Kept, Later};
pub use makes::*;
pub use memory::*;
pub use parsed::{Malformed, Parsed, malformed};
pub use pattern::{is_written, may_name, shape};
pub use plan::*;
pub use price::*;
pub use reader::*;
pub use seconds::Seconds;
pub use selector::*;
pub use snapshot::*;
pub use stage::*;
pub use stages::*;
pub use story::*;
pub use threads::*;
pub use unread::*;
pub use why::*;
pub use with::{May, Told};
