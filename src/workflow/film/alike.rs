//! Names in the bible that name nobody, or two people at once: slips that no file is wrong for by itself.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::Value;

use super::generate::Remark;
use crate::film::cast::slug;
use crate::object::RepoPath;
use crate::pipeline::{Makes, Snapshot};

/// What of the names of the bible's people cannot be meant so, by path.
pub(super) fn alike(snapshot: &Snapshot) -> Vec<Remark> {
    let people: Vec<&RepoPath> = snapshot.of_kind(Makes::Character).collect();
    let stem = |path: &RepoPath| {
        let kind = snapshot.layout().kind_of(path.as_str());
        kind.map(|(_, stem)| stem.to_owned())
    };
    // A file is about who it is called after, whatever another one says.
    let mut taken: BTreeMap<String, &RepoPath> = people
        .iter()
        .filter_map(|path| Some((stem(path)?, *path)))
        .collect();
    let mut found = Vec::new();
    for path in people {
        // What cannot be read is told by itself.
        let Ok(Some(file)) = snapshot.parse(path.as_str()) else {
            continue;
        };
        let mut tell = |remark: String| {
            found.push(Remark {
                path: path.clone(),
                remark,
            });
        };
        for name in names(&file) {
            let key = slug(name);
            if !name.contains(char::is_alphanumeric) {
                tell("a name in it is empty, and names nobody".to_owned());
                continue;
            }
            match taken.entry(key) {
                Entry::Vacant(free) => drop(free.insert(path)),
                Entry::Occupied(other) if *other.get() != path => tell(format!(
                    "it calls somebody {name:?}, and so does {}: nobody can say who is meant",
                    other.get()
                )),
                Entry::Occupied(_) => {}
            }
        }
    }
    found
}

/// The name and the aliases that a file gives.
fn names(file: &Value) -> impl Iterator<Item = &str> {
    let name = file.get("name").and_then(Value::as_str);
    let aliases = file.get("aliases").and_then(Value::as_array);
    let aliases = aliases.into_iter().flatten().filter_map(Value::as_str);
    name.into_iter().chain(aliases)
}
