//! What runs cost: a ledger that is written before and after each of them, and the budgets that
//! hold them.
//!
//! ```text
//! hold     under the ledger's lock: what was spent so far + what this run may cost ≤ budget?
//!          → a line "held", synced; only then the run starts
//! settle   a line "settled": what it cost, and whether anything came of it
//! release  a line "released": it never started
//! ```
//! A process that dies in between leaves a hold that nobody settles. It counts with all that it
//! held, as nobody knows what was charged. The ledger is local to this copy of the project and is
//! never exchanged: what others spent is known by the runs that they stored.

mod books;
mod costs;
mod ledger;
mod pages;
mod refusal;
mod sums;
mod unheld;

pub use books::{Account, Books, Hold, Paid, Spent};
pub use costs::{Costs, Expense};
pub use ledger::{Charge, Ledger, LedgerError, LineError, Outcome, Source};
pub use pages::Pages;
pub use refusal::{Agreed, NotAgreed, Refused, SpendError};
pub use sums::{By, Row, Sum, dollars, sum};
pub use unheld::Unheld;
