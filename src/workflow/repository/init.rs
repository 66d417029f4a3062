//! `aiut init`.

use std::path::Path;

use serde::Serialize;

use super::{HeadReport, Result};
use crate::history::{Caller, Project};
use crate::object::ProjectId;

/// A new project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InitOutcome {
    /// Its folder, as text shows it.
    pub root: String,
    /// Where it stands: on a timeline without a commit.
    pub head: HeadReport,
}

/// Makes `root` a project with an id that no other has.
///
/// # Errors
/// `AlreadyAProject`, `Nested`, `ReadOnly`.
pub fn init(root: &Path, caller: &Caller<'_>, id: ProjectId) -> Result<(Project, InitOutcome)> {
    let project = Project::init(root, caller, id)?;
    let head = HeadReport::of(&project.view()?.1);
    Ok((
        project,
        InitOutcome {
            root: root.to_string_lossy().into_owned(),
            head,
        },
    ))
}
