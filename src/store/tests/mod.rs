//! The store as its users see it.

mod support;

mod basic;
mod concurrent;
mod crash;
mod damage;
mod format;
mod model;
