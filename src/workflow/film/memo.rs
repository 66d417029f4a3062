//! What is remembered of how the film stands, so that nothing is planned again that has not changed.
//!
//! States follow from the files with their provenance, the settings and the code: the first two are
//! in the key, and the store adds the build to each memo's key (`BUILD`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::configuration::{check_generators, configuration, stages};
use super::parts::Parts;
use super::{FilmError, FilmReport};
use crate::BUILD;
use crate::generate::{ItemResult, Report, builtin};
use crate::history::{FileEntry, Project};
use crate::pipeline::{Pipeline, State, canonical_json};
use crate::store::Store;
use crate::workflow::repository::Edits;
use crate::workflow::settings::{ProjectConfig, SettingsError};

/// Under which it is noted that somebody asked how the film stands.
const ASKED: &[u8] = b"aiut 2026 film was looked at";

/// How a film stands, as far as that is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// How many outputs are in each state; none when something changed since that was last found out, or
    /// something was broken then.
    pub states: Option<BTreeMap<State, usize>>,
    /// How many outputs are edited by hand, or people's own; none as for `states`.
    pub edited: Option<usize>,
    /// How many shots are locked; none as for `states`.
    pub locked: Option<usize>,
}

impl Standing {
    /// How many outputs are out of date, where that is known.
    #[must_use]
    pub fn to_refresh(&self) -> Option<usize> {
        let states = self.states.as_ref()?.iter();
        let open = states.filter(|(state, _)| state.needs_work());
        Some(open.map(|(_, number)| number).sum())
    }
}

/// How the film stands, from memory alone: nothing is planned and no file is read. `edits` is what
/// the folder holds beside the current commit, none where that is not known without reading it.
/// None for a project whose film nobody asked about, or that was asked about by another build.
///
/// # Errors
/// What is wrong with the stages that the settings give.
pub fn standing(
    project: &Project,
    config: &ProjectConfig,
    edits: Option<&Edits>,
) -> Result<Option<Standing>, SettingsError> {
    let store = project.store();
    let checked = stages(config).and_then(|pipeline| {
        check_generators(config, &pipeline, &builtin())?;
        Ok(pipeline)
    });
    let pipeline = match checked {
        Ok(pipeline) => pipeline,
        Err(FilmError::Settings(error)) => return Err(error),
        // Of what cannot be told here nothing is said.
        Err(_) => return Ok(None),
    };
    let known = || {
        let settings = canonical_json(&configuration(config));
        let key = key(edits?, &settings, &pipeline, false);
        recall(store, &key)
    };
    let known = known();
    let was_asked = || matches!(store.memo_get(BUILD, ASKED), Ok(Some(_)));
    Ok((known.is_some() || was_asked()).then(|| Standing {
        edited: known.as_ref().map(|known| known.edited),
        locked: known.as_ref().map(|known| known.locked),
        states: known.map(|known| known.states),
    }))
}

/// A memo.
#[derive(Serialize, Deserialize)]
struct Remembered {
    states: BTreeMap<State, usize>,
    edited: usize,
    locked: usize,
}

fn recall(store: &Store, key: &[u8]) -> Option<Remembered> {
    serde_json::from_slice(&store.memo_get(BUILD, key).ok()??).ok()
}

/// Notes a report.
pub(super) fn note(store: &Store, key: Vec<u8>, report: &FilmReport) {
    let memo = Remembered {
        states: report.states.clone(),
        edited: report.edited,
        locked: report.locked.len(),
    };
    put(store, key, &memo);
}

/// Notes what a run left: each output as it was found when its stage had its turn, and what became of
/// it then. A plan made anew would come to the same. `before` is what was expected of the run: what is
/// people's own stays theirs.
pub(super) fn note_run(store: &Store, key: Vec<u8>, before: &FilmReport, run: &Report) {
    let mut states = run.states.clone();
    for done in &run.done {
        let (was, after) = (
            done.item.state,
            match &done.result {
                ItemResult::Placed { .. } => Some(State::Fresh),
                ItemResult::Removed => None,
                // It is what it was.
                ItemResult::Take(_) | ItemResult::Failed(_) | ItemResult::Stopped => continue,
            },
        );
        if let Some(number) = states.get_mut(&was) {
            *number -= 1;
        }
        if let Some(after) = after {
            *states.entry(after).or_default() += 1;
        }
    }
    states.retain(|_, number| *number > 0);
    let memo = Remembered {
        states,
        edited: before.film.edited,
        locked: before.locked.len(),
    };
    put(store, key, &memo);
}

/// Notes that somebody asked, and what was found, unless something is broken: that may be a damaged
/// record, which is mended without a trace in the key. A memo that cannot be noted costs time, nothing
/// else.
fn put(store: &Store, key: Vec<u8>, memo: &Remembered) {
    let mut memos = vec![(ASKED.to_vec(), Vec::new())];
    if !memo.states.contains_key(&State::Broken)
        && let Ok(memo) = serde_json::to_vec(memo)
    {
        memos.push((key, memo));
    }
    let _ = store.memo_put(BUILD, &memos);
}

/// All that states are a function of, but for the code.
pub(super) fn key(edits: &Edits, settings: &str, pipeline: &Pipeline, outdated: bool) -> Vec<u8> {
    let mut key = Parts::new("aiut 2026 film report v3");
    edits_into(&mut key, edits);
    key.add(&[u8::from(outdated)]);
    key.add(settings.as_bytes());
    for stage in pipeline.stages() {
        let text = serde_json::to_string(stage).expect("a stage is plain data");
        key.add(text.as_bytes());
    }
    key.finish().to_vec()
}

/// What the files of the work tree are and where they come from.
pub(super) fn edits_into(parts: &mut Parts, edits: &Edits) {
    parts.add(edits.tree.as_ref().map_or(&[], |tree| tree.as_bytes()));
    for (path, entry) in &edits.files {
        parts.add(path.as_str().as_bytes());
        parts.add(&[u8::from(entry.is_some_and(|entry| entry.exec))]);
        for id in ids(entry.as_ref()) {
            parts.add(id.as_ref().map_or(&[], |id| id.as_slice()));
        }
    }
    parts.add(b"");
}

/// What a file is and where it comes from; of one that is gone, nothing.
fn ids(entry: Option<&FileEntry>) -> [Option<[u8; 32]>; 4] {
    let Some(entry) = entry else {
        return [None; 4];
    };
    [
        Some(*entry.id.as_bytes()),
        entry.made_by.map(|id| *id.as_bytes()),
        entry.accepted.map(|id| *id.as_bytes()),
        entry.conflict.map(|id| *id.as_bytes()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::{FileId, RepoPath, TreeId};
    use crate::worktree::Content;

    #[test]
    fn whatever_states_follow_from_is_in_the_key() {
        let path = |path: &str| RepoPath::new(path).expect("a safe path");
        let entry = |bytes: &[u8]| {
            let (id, size) = (FileId::of(bytes), bytes.len() as u64);
            FileEntry::plain(Content {
                id,
                size,
                exec: false,
            })
        };
        let edits = |files: &[(&str, Option<FileEntry>)]| Edits {
            tree: Some(TreeId::from_bytes([1; 32])),
            files: files.iter().map(|(at, entry)| (path(at), *entry)).collect(),
        };
        let film = Pipeline::film();
        let none = edits(&[]);
        let changed = Pipeline::new(
            &toml::from_str("[frames]\nby = \"command\"\ncommand = [\"x\"]\n").expect("TOML"),
        );
        let keys = [
            key(&none, "a", &film, false),
            key(&none, "a", &film, true),
            key(&none, "b", &film, false),
            key(&none, "a", &changed.expect("a pipeline"), false),
            key(
                &Edits {
                    tree: None,
                    ..edits(&[])
                },
                "a",
                &film,
                false,
            ),
            key(&edits(&[("x", None)]), "a", &film, false),
            key(&edits(&[("x", Some(entry(b"1")))]), "a", &film, false),
            key(&edits(&[("x", Some(entry(b"2")))]), "a", &film, false),
            key(&edits(&[("y", Some(entry(b"1")))]), "a", &film, false),
        ];
        let distinct: std::collections::BTreeSet<_> = keys.iter().collect();
        assert_eq!(distinct.len(), keys.len());
    }
}
