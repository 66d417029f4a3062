//! The pages of a screenplay, as a revision changes them.

use thiserror::Error;

use super::{Version, read_now};
use crate::diff::{LIMIT_BYTES, as_text};
use crate::film::numbers::{Numbers, NumbersError};
use crate::film::pages::{Pages, revision};
use crate::history::{HistoryError, Project, entry_at};
use crate::object::{RepoPath, TreeId};
use crate::pipeline::NUMBERS;

/// Why there are no pages.
#[derive(Debug, Error)]
pub enum PagesError {
    /// Something cannot be read.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// One of the versions has no such file.
    #[error("{place} has no {path}")]
    NoScript {
        /// The screenplay.
        path: RepoPath,
        /// `the older version`, `the newer version`
        place: &'static str,
    },
    /// It is no text, or far longer than a screenplay.
    #[error("{path} of {place} is no screenplay")]
    NoText {
        /// The screenplay.
        path: RepoPath,
        /// Which version.
        place: &'static str,
    },
    /// What is remembered of the scenes cannot be read.
    #[error("{NUMBERS} of {place}")]
    Numbers {
        /// Which version.
        place: &'static str,
        /// Why.
        source: NumbersError,
    },
}

/// A newer version of a screenplay on pages that keep the numbers of an older one.
///
/// # Errors
/// As the kinds say.
pub fn revision_pages(
    project: &Project,
    old: TreeId,
    new: Version,
    script: &RepoPath,
) -> Result<Pages, PagesError> {
    let sides = [
        (Version::Stored(Some(old)), "the older version"),
        (new, "the newer version"),
    ];
    let mut texts = Vec::new();
    let mut numbers = Vec::new();
    for (version, place) in sides {
        let path = script.clone();
        let bytes = read(project, version, script)?;
        let bytes = bytes.ok_or_else(|| PagesError::NoScript {
            path: script.clone(),
            place,
        })?;
        let text = as_text(&bytes).filter(|_| bytes.len() as u64 <= LIMIT_BYTES);
        texts.push(text.ok_or(PagesError::NoText { path, place })?.to_owned());
        let path = RepoPath::new(NUMBERS).expect("a safe name");
        let memory = read(project, version, &path)?;
        let memory = memory.as_deref().and_then(as_text).map(Numbers::parse);
        numbers.push(
            memory
                .transpose()
                .map_err(|source| PagesError::Numbers { place, source })?,
        );
    }
    Ok(revision(
        &texts[0],
        &texts[1],
        [numbers[0].as_ref(), numbers[1].as_ref()],
    ))
}

/// The bytes of a file of a version, as many as are compared and one more; none where it has no such
/// file.
fn read(
    project: &Project,
    version: Version,
    path: &RepoPath,
) -> Result<Option<Vec<u8>>, HistoryError> {
    let Version::Stored(tree) = version else {
        let is_there = project
            .root()
            .join(path.as_str())
            .symlink_metadata()
            .is_ok();
        return match is_there {
            true => Ok(Some(read_now(project, path, LIMIT_BYTES + 1)?)),
            false => Ok(None),
        };
    };
    let Some(tree) = tree else {
        return Ok(None);
    };
    let entry = entry_at(project.store(), tree, path)?;
    let Some((id, size)) = entry.and_then(|entry| Some((entry.file_id()?, entry.size))) else {
        return Ok(None);
    };
    // What is too long is no text.
    match size > LIMIT_BYTES {
        true => Ok(Some(vec![0])),
        false => Ok(Some(project.store().read_file(id, LIMIT_BYTES)?)),
    }
}
