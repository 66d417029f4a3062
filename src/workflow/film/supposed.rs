//! A film as a commit has it.

use std::sync::Arc;

use super::FilmError;
use super::merged::settings_of;
use super::report::FilmReport;
use super::session::{Session, World};
use crate::history::{Project, files_of};
use crate::object::TreeId;

/// How the outputs of a stored tree stand; none where it is no film.
///
/// # Errors
/// Settings or a script that cannot be read.
pub fn stale_at(
    project: &Arc<Project>,
    world: World<'_>,
    tree: TreeId,
) -> Result<Option<FilmReport>, FilmError> {
    let files = files_of(project, tree)?;
    let Some(config) = settings_of(project, &files)? else {
        return Ok(None);
    };
    let session = Session::supposed(project.clone(), &config, world, files)?;
    session.stale_anew().map(Some)
}
