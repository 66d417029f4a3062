//! What changed of pictures, clips and sounds, as images to look at.

use super::single::LooseFiles;
use super::{Contents, Version};
use crate::diff::{Content, FileChange};
use crate::history::{Project, Result, gone_files};
use crate::media::MediaError;
use crate::object::RepoPath;
use crate::workflow::viewer::Viewer;

/// Two versions of a file on one image.
#[derive(Debug)]
pub struct Sight {
    /// Where the file lies.
    pub path: RepoPath,
    /// A PNG; else why there is none.
    pub image: std::result::Result<Vec<u8>, Unseen>,
}

/// Why two versions cannot be seen beside each other.
#[derive(Debug, thiserror::Error)]
pub enum Unseen {
    /// One of them is damaged, or needs a program that is missing.
    #[error("one of its versions cannot be shown")]
    NoMedia,
    /// What comparing them says.
    #[error(transparent)]
    Media(#[from] MediaError),
}

/// What is to be seen of these changes: of each picture, clip and sound that both versions have.
///
/// # Errors
/// A stored file that cannot be read.
pub fn sights(
    project: &Project,
    viewer: &Viewer,
    new: Version,
    changes: &[FileChange],
) -> Result<Vec<Sight>> {
    let contents = Contents {
        project,
        new,
        viewer,
        gone: gone_files(project.store())?,
    };
    let mut sights = Vec::new();
    for change in changes.iter().filter(|change| is_seen(change)) {
        let (old, new) = contents.views(change.old.as_ref(), change.new.as_ref())?;
        let image = match (&old, &new) {
            (Some(old), Some(new)) => viewer.beside(old, new).map_err(Unseen::from),
            _ => Err(Unseen::NoMedia),
        };
        sights.extend(sight(change.path(), image));
    }
    Ok(sights)
}

/// The same of two files of the disk.
#[must_use]
pub fn sights_of_loose(files: &LooseFiles, viewer: &Viewer, changes: &[FileChange]) -> Vec<Sight> {
    let seen = changes.iter().filter(|change| is_seen(change));
    let sight = |change: &FileChange| sight(change.path(), files.beside(viewer));
    seen.filter_map(sight).collect()
}

fn is_seen(change: &FileChange) -> bool {
    let is_media = matches!(change.content, Content::Media(_));
    is_media && change.old.is_some() && change.new.is_some()
}

/// Files of two kinds have nothing to be seen beside each other.
fn sight(path: &RepoPath, image: std::result::Result<Option<Vec<u8>>, Unseen>) -> Option<Sight> {
    let path = path.clone();
    match image {
        Ok(None) => None,
        Ok(Some(image)) => Some(Sight {
            path,
            image: Ok(image),
        }),
        Err(why) => Some(Sight {
            path,
            image: Err(why),
        }),
    }
}
