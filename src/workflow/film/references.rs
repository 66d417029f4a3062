//! Reference images of the bible: whether they are there, and as new as the words that they show.

use serde_json::Value;

use super::FilmError;
use crate::film::continuity::{Described, Finding, missing, older};
use crate::history::{Project, entry_at, log};
use crate::object::{EntryId, RepoPath};
use crate::pipeline::{Makes, Snapshot};

/// A file of the bible is read up to this size, in bytes.
const MAX_RECORD_BYTES: u64 = 1 << 20;

/// What the bible's reference images contradict. An image that was changed since the last commit is
/// as new as can be.
pub(super) fn check(project: &Project, snapshot: &Snapshot) -> Result<Vec<Finding>, FilmError> {
    let mut found = Vec::new();
    for (described, bible) in records(snapshot) {
        // A file that cannot be read is told where it is needed.
        let Ok(Some(now)) = snapshot.parse(bible.as_str()) else {
            continue;
        };
        for image in references(&now) {
            let path = RepoPath::new(image);
            let Some((path, id)) = path.ok().and_then(|path| {
                let id = snapshot.file(path.as_str()).ok().flatten()?;
                Some((path, id))
            }) else {
                // A style may well name a painter.
                if described != Described::Style {
                    found.push(missing(bible.as_str(), image));
                }
                continue;
            };
            let Some((committed, then)) = then(project, &path, bible)? else {
                continue;
            };
            if committed == EntryId::File(id) {
                found.extend(older(described, bible.as_str(), image, &then, &now));
            }
        }
    }
    Ok(found)
}

fn records(snapshot: &Snapshot) -> impl Iterator<Item = (Described, &RepoPath)> {
    let kinds = [
        (Described::Character, Makes::Character),
        (Described::Location, Makes::Location),
        (Described::Style, Makes::Style),
    ];
    let files = |(described, makes)| snapshot.of_kind(makes).map(move |path| (described, path));
    kinds.into_iter().flat_map(files)
}

fn references(record: &Value) -> impl Iterator<Item = &str> {
    let listed = record.get("references").and_then(Value::as_array);
    listed.into_iter().flatten().filter_map(Value::as_str)
}

/// What the last commit to change `image` made of it, and what `bible` said in that commit; none
/// before the image was committed.
fn then(
    project: &Project,
    image: &RepoPath,
    bible: &RepoPath,
) -> Result<Option<(EntryId, Value)>, FilmError> {
    let store = project.store();
    let Some(head) = project.view()?.1.head_commit() else {
        return Ok(None);
    };
    let paths = [image.clone()];
    let Some(last) = log(store, &[head], &paths, 1)?.pop() else {
        return Ok(None);
    };
    let tree = last.commit.tree;
    let Some(entry) = entry_at(store, tree, image)? else {
        return Ok(None);
    };
    let said = match entry_at(store, tree, bible)?.map(|entry| entry.id) {
        Some(EntryId::File(id)) => store.read_file(id, MAX_RECORD_BYTES)?,
        // The image is older than the file.
        _ => Vec::new(),
    };
    // What could not be read then is no reason to complain now.
    let said = String::from_utf8(said).ok();
    let said = said.and_then(|text| text.parse::<toml::Table>().ok());
    let value = said.and_then(|table| serde_json::to_value(table).ok());
    Ok(value.map(|value| (entry.id, value)))
}
