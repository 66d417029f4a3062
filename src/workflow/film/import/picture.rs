//! A picture, with what it was asked for with beside it.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use super::{IMPORTS, Imported, Incoming, PROMPT_ENDING, Refusal};
use crate::exchange::picture;
use crate::object::{FileId, RepoPath};

/// Largest picture, in bytes.
const MAX_PICTURE_BYTES: u64 = 256 << 20;

/// Pictures of a project.
pub(super) struct Pictures<F> {
    /// What stands at a path already.
    pub(super) there: F,
}

impl<F: Fn(&RepoPath) -> Option<FileId>> Pictures<F> {
    /// The files that a picture becomes. Without a `place` it goes into `imports/`, where no other
    /// may have its name yet.
    pub(super) fn take_in(
        &self,
        bytes: Vec<u8>,
        source: Option<&Path>,
        place: Option<&RepoPath>,
    ) -> Result<(Imported, BTreeMap<RepoPath, Incoming>), Refusal> {
        let read = picture::read(&bytes).map_err(|error| error.to_string())?;
        let prompt = picture::recover(&read);
        let (path, sidecar) = picture_paths(source, place)?;
        if place.is_none() && (self.there)(&path).is_some_and(|there| there != FileId::of(&bytes)) {
            return Err(format!(
                "{path} is another picture already; give this one a place with --as PATH"
            )
            .into());
        }
        let mut files = BTreeMap::from([(path, Incoming::Bytes(bytes))]);
        if let Some(prompt) = &prompt {
            let mut text =
                serde_json::to_string_pretty(prompt).expect("plain data has a JSON form");
            text.push('\n');
            files.insert(sidecar, Incoming::Bytes(text.into_bytes()));
        }
        let imported = Imported {
            prompt,
            is_picture: true,
            ..Imported::default()
        };
        Ok((imported, files))
    }
}

/// What is called a picture and is none, and nothing that is known either.
pub(super) fn or_no_png(refusal: Refusal, path: &Path) -> Refusal {
    let named = path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("png"));
    match named && !refusal.reason.starts_with("it is ") {
        true => "it is not a PNG file".to_owned().into(),
        false => refusal,
    }
}

/// The rest of a picture whose `head` was read.
pub(super) fn read_bytes(file: impl Read, head: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut bytes = head.to_vec();
    file.take(MAX_PICTURE_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_PICTURE_BYTES {
        return Err(format!("it is larger than {} MiB", MAX_PICTURE_BYTES >> 20).into());
    }
    Ok(bytes)
}

/// Where a picture goes, and where what it was asked for with.
fn picture_paths(
    source: Option<&Path>,
    place: Option<&RepoPath>,
) -> Result<(RepoPath, RepoPath), String> {
    let path = |text: String| RepoPath::new(text).map_err(|error| error.to_string());
    let stem = source.and_then(|source| source.file_stem()?.to_str());
    match (place, stem) {
        // Beside a generated picture it would be in the way of the stage, so it never stands there.
        (Some(place), _) => {
            let text = place.as_str();
            let text = text.strip_prefix(IMPORTS).unwrap_or(text);
            let stem = match text.rsplit_once('.') {
                Some((stem, extension)) if !extension.contains('/') => stem,
                _ => text,
            };
            Ok((
                place.clone(),
                path(format!("{IMPORTS}{stem}{PROMPT_ENDING}"))?,
            ))
        }
        (None, Some(stem)) => Ok((
            path(format!("{IMPORTS}{stem}.png"))?,
            path(format!("{IMPORTS}{stem}{PROMPT_ENDING}"))?,
        )),
        (None, None) => {
            Err("it has no name that can be kept; give it a place with --as PATH".to_owned())
        }
    }
}
