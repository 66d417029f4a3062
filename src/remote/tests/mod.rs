//! Pushes and fetches between folders, whole and interrupted, and what is refused.

mod between;
mod bundled;
mod interrupted;
mod many;
mod refused;
mod support;
