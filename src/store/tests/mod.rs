//! The store as its users see it.

pub(in crate::store) mod movie;
pub(in crate::store) mod support;

mod basic;
mod concurrent;
mod crash;
mod damage;
mod films;
mod format;
mod model;
