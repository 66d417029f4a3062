//! Files, time and processes: atomic writes, locks, the clock, programs within limits; near words. The only
//! room that writes files.

pub mod atomic;
pub mod boot;
pub mod build_id;
pub mod causes;
pub mod clock;
pub mod fault;
pub mod filesystem;
pub mod folder;
pub mod layout;
pub mod lock;
pub mod open_files;
pub mod positioned;
pub mod process;
pub mod progress;
pub mod regular;
pub mod sealed;
pub mod search_path;
pub mod sparse;

pub use aiut_nearest as nearest;
