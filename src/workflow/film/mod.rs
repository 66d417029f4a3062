//! Use cases of a film: what is stale and why, bringing it up to date, takes, acceptance.

mod configuration;
mod continuity;
mod cost;
mod error;
mod explain;
mod generate;
mod import;
mod memo;
mod own;
mod query;
mod records;
mod references;
mod report;
mod scratch;
mod select;
mod session;
mod subject;
mod trust;
mod whence;

pub(crate) use configuration::stages;
pub use continuity::MirrorOf;
pub use cost::{BudgetRow, CostReport, CostRow};
pub use error::FilmError;
pub(crate) use error::suggest_output;
pub use explain::{Decision, Explained};
pub use generate::{Failed, GenerateOptions, Generated, Remark, StageDone};
pub use import::{ImportFrom, Imported};
pub use memo::{Standing, standing};
pub use own::Numbers;
pub use query::{Dependencies, SceneLine, Take};
pub use report::{FilmReport, ItemRow, SceneRow, StageRow};
pub use select::Accepted;
pub use session::{Planned, Session, World};
pub use trust::{TrustReport, TrustRow};
pub use whence::{CommitOf, MadeBy, Origin};
