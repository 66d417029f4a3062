//! The store as its users see it.

pub(in crate::store) mod movie;
mod spoil;
pub(in crate::store) mod support;

mod basic;
mod bounds;
mod campaign;
mod collect;
mod concurrent;
mod crash;
mod damage;
mod films;
mod foreign;
mod format;
mod fsck;
mod hostile;
mod journal;
mod later;
mod model;
