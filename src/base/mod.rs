//! Files and time: atomic writes, locks, the clock. The only room that writes files.

pub mod atomic;
pub mod clock;
pub mod lock;
pub mod positioned;
