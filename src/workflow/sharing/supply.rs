//! Contents that are elsewhere, got when a command reads them.

use std::sync::Arc;

use super::Result;
use super::place::Around;
use super::remotes::Remotes;
use crate::base::causes::with_causes;
use crate::base::folder::Folder;
use crate::base::progress::Progress;
use crate::history::Project;
use crate::object::FileId;
use crate::remote::{fetch_files, files_at};
use crate::store::{Store, Supplier};

/// What was got of a remote, to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supplied {
    /// The remote.
    pub remote: String,
    /// Contents.
    pub files: usize,
    /// Their bytes, as they were promised.
    pub bytes: u64,
}

/// Who hears of it, before the first byte comes.
pub type Tell = Box<dyn Fn(&Supplied) + Send + Sync>;

/// From now on, what a command of this project reads and is elsewhere is got from the remotes.
pub fn supply_by_remotes(
    project: &Project,
    around: Around,
    progress: Arc<dyn Progress>,
    tell: Tell,
) {
    project.store().supply_by(Arc::new(ByRemotes {
        own: project.tree().own().clone(),
        around,
        progress,
        tell,
    }));
}

struct ByRemotes {
    own: Folder,
    around: Around,
    progress: Arc<dyn Progress>,
    tell: Tell,
}

impl Supplier for ByRemotes {
    fn supply(&self, store: &Store, files: &[FileId]) -> Result<(), String> {
        let remotes = Remotes::load_in(&self.own).map_err(|error| with_causes(&error))?;
        let mut names: Vec<&str> = remotes.names().collect();
        // Where parts come from is asked first.
        names.sort_by_key(|name| remotes.keeps(name).is_none());
        let (mut left, mut why) = (files.to_vec(), Vec::new());
        for name in names {
            match self.from(&remotes, name, store, &left) {
                Ok(lacking) => left = lacking,
                Err(error) => why.push(error),
            }
            if left.is_empty() {
                return Ok(());
            }
        }
        Err(match why.is_empty() {
            true => "no remote has it".to_owned(),
            false => why.join("; "),
        })
    }
}

impl ByRemotes {
    /// Gets what a remote has of these files. Returns those that it has not.
    fn from(
        &self,
        remotes: &Remotes,
        name: &str,
        store: &Store,
        files: &[FileId],
    ) -> Result<Vec<FileId>, String> {
        let told = |error: &dyn std::error::Error| {
            format!("{name} does not give it: {}", with_causes(error))
        };
        let shared = remotes
            .place(name)
            .and_then(|place| place.open(name, &self.around));
        let shared = shared.map_err(|error| told(&error))?;
        let there = files_at(&*shared.remote, files).map_err(|error| told(&error))?;
        if there.is_empty() {
            return Ok(files.to_vec());
        }
        let promised = store.promised().map_err(|error| told(&error))?;
        (self.tell)(&Supplied {
            remote: name.to_owned(),
            files: there.len(),
            bytes: there.iter().filter_map(|id| promised.bytes_of(*id)).sum(),
        });
        let scratch = self.own.path();
        let got = fetch_files(&*shared.remote, store, &there, scratch, &*self.progress);
        got.map_err(|error| told(&error))?;
        Ok(files
            .iter()
            .copied()
            .filter(|id| !there.contains(id))
            .collect())
    }
}
