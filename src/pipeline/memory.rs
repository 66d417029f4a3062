//! Brings `numbers.toml` up to date with the script. It is the one source that aiut writes: which
//! scene and which shot is which, over time.

use rayon::prelude::*;

use super::snapshot::{NUMBERS, SCRIPT, Snapshot};
use super::story::StoryScene;
use super::unread::ReadError;
use crate::film::numbers::MAX_NUMBERS_BYTES;

/// The text of `numbers.toml` after the script as it stands, if that differs from the file.
/// `fingerprints` says what tells the shots of a scene apart, in order.
///
/// # Errors
/// `Broken` names the script, the numbers or the bible file that cannot be read.
pub fn remembered(
    snapshot: &Snapshot,
    mut fingerprints: impl FnMut(&StoryScene) -> Result<Vec<String>, ReadError>,
) -> Result<Option<String>, ReadError> {
    let Some(story) = snapshot.story()? else {
        return Ok(None);
    };
    let before = match snapshot.file(NUMBERS)? {
        Some(id) => Some(snapshot.bytes(NUMBERS, &id)?),
        None => None,
    };
    // What tells shots apart asks for the digest of each.
    story.scenes().par_iter().for_each(|scene| {
        let _ = scene.digest();
    });
    let mut numbers = story.numbers().clone();
    let places = numbers.places();
    for scene in story.scenes() {
        let shots = fingerprints(scene)?;
        if let Some(at) = places.get(&scene.scene().number) {
            let row = &mut numbers.rows[*at];
            row.shots = row.shots.update(&shots);
        }
    }
    let text = numbers.print();
    if text.len() > MAX_NUMBERS_BYTES {
        return Err(ReadError::Broken {
            path: SCRIPT.to_owned(),
            reason: format!(
                "it has too many scenes and shots: numbers.toml would have {} bytes, the limit is {}",
                text.len(),
                MAX_NUMBERS_BYTES
            ),
        });
    }
    if before.as_deref() == Some(text.as_bytes()) {
        return Ok(None);
    }
    snapshot.know_numbers(&text, numbers);
    Ok(Some(text))
}
