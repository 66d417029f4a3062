//! The store as its users see it.

mod support;

mod basic;
