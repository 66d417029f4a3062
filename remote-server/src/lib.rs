//! The server that a team shares its projects through.
//!
//! ```text
//! serve: connections ─► routes: one table ─► access: token, scope, project ─► handlers ─► aiut-remote's Host
//! ```
//! All that is said of pushes and fetches lies in `aiut-remote` and does not know HTTP; here is what a network
//! adds: who may do what, how much, how long, and who is told.
//!
//! # Invariants
//! - Every route is a row of [`routes::ROUTES`], and no handler runs before its row's scope was checked.
//! - What one may not see and what is not there are answered alike.
//! - No secret is logged, stored or answered: of a token only its hash is kept.

mod access;
mod app;
mod audit;
mod body;
mod check;
mod cli;
mod handlers;
mod hooks;
mod metrics;
mod names;
mod root;
mod routes;
mod serve;
#[cfg(test)]
mod tests;
mod tokens;

pub use app::{App, Limits};
pub use cli::main;
pub use names::{Pattern, ProjectName};
pub use root::Root;
pub use serve::{Server, bind};
pub use tokens::{NewToken, Scope, Tokens};

use aiut_base as base;
use aiut_remote as remote;
use aiut_repository::{history, object, store};
