//! The repository: objects, the store that keeps them, the work tree and history. It knows nothing of films.

pub mod history;
pub mod object;
pub mod store;
pub mod worktree;

use aiut_base as base;

/// Which build of this crate computed what the work tree remembers between runs; see `build.rs`.
const BUILD: base::build_id::BuildId = base::build_id::BuildId::new(env!("AIUT_BUILD"));
