//! Scene numbers, written into the script.

use super::FilmError;
use super::session::Session;
use crate::film::fountain::parse_by;
use crate::film::numbers::{Numbers, renumber, write_numbers};
use crate::film::scenes::split;
use crate::object::RepoPath;
use crate::pipeline::{NUMBERS, SCRIPT};
use crate::worktree::{Change, Content};

impl Session<'_> {
    /// Writes the scene numbers into the script (`#12#`), or numbers all scenes anew. One
    /// operation, which `undo` takes back. Returns the files that changed.
    ///
    /// # Errors
    /// `Uncommitted` when the script holds an edit that is in no commit.
    pub fn number_scenes(&mut self, anew: bool) -> Result<Vec<RepoPath>, FilmError> {
        let (script, numbers) = (path(SCRIPT), path(NUMBERS));
        let snapshot = self.snapshot();
        let Some(id) = snapshot.file(SCRIPT)? else {
            return Err(FilmError::NoScript);
        };
        if !self.is_committed(&script) {
            return Err(FilmError::Uncommitted(SCRIPT.to_owned()));
        }
        let bytes = snapshot.bytes(SCRIPT, &id)?;
        let words = snapshot.heading_words()?;
        let parsed = crate::pipeline::read_script(&bytes, &words)?;
        let known = match snapshot.file(NUMBERS)? {
            Some(id) => crate::pipeline::read_numbers(&snapshot.bytes(NUMBERS, &id)?)?,
            None => Numbers::default(),
        };
        let (text, memory) = if anew {
            let text = renumber(&parsed);
            let memory = known.renumber(&split(&parse_by(&text, &words)));
            (text, memory)
        } else {
            let (memory, scenes) = known.number(split(&parsed));
            (write_numbers(&parsed, &scenes), memory)
        };
        let batch = self.project.store().batch();
        let before = self.contents([&script, &numbers]);
        let mut changes = Vec::new();
        for (path, text) in [(script, text), (numbers, memory.print())] {
            let stored = batch.put_file_bytes(text.as_bytes())?;
            let after = Content {
                id: stored.id,
                size: stored.size,
                exec: false,
            };
            let before = before.get(&path).copied();
            if before != Some(after) {
                changes.push(Change {
                    path,
                    before,
                    after: Some(after),
                    seen: None,
                });
            }
        }
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let changed = changes.iter().map(|change| change.path.clone()).collect();
        batch.commit()?;
        let transaction = self.project.transaction(&self.world.caller)?;
        transaction.publish(&self.world.caller, changes, None)?;
        Ok(changed)
    }
}

fn path(name: &str) -> RepoPath {
    RepoPath::new(name).expect("a safe name")
}
