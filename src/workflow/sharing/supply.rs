//! Contents that are elsewhere, got when a command reads them.

use std::sync::Arc;

use super::place::Around;
use super::remotes::Remotes;
use super::{Result, SharingError};
use crate::base::causes::with_causes;
use crate::base::folder::Folder;
use crate::base::progress::Progress;
use crate::history::Project;
use crate::object::FileId;
use crate::remote::{fetch_files, files_at};
use crate::store::{Store, Supplier, Unsupplied};

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

/// Why no remote gave what was read.
#[derive(Debug, thiserror::Error)]
enum Lacking {
    /// The list of remotes cannot be read.
    #[error(transparent)]
    Remotes(#[from] SharingError),
    /// Those that were asked have it not, or there is none.
    #[error("no remote has it")]
    Nowhere,
    /// One or more could not be asked.
    #[error("{}", each(.0))]
    Refused(Vec<Refusal>),
}

/// A remote that could not be asked, or did not give what it has.
#[derive(Debug)]
struct Refusal {
    remote: String,
    why: SharingError,
}

fn each(refusals: &[Refusal]) -> String {
    let told = |Refusal { remote, why }: &Refusal| {
        let why = match why {
            // It names the remote itself.
            SharingError::Remote { source, .. } => with_causes(source),
            why => with_causes(why),
        };
        format!("{remote} does not give it: {why}")
    };
    refusals.iter().map(told).collect::<Vec<_>>().join("; ")
}

impl Supplier for ByRemotes {
    fn supply(&self, store: &Store, files: &[FileId]) -> Result<(), Unsupplied> {
        Ok(self.ask_each(store, files)?)
    }
}

impl ByRemotes {
    fn ask_each(&self, store: &Store, files: &[FileId]) -> Result<(), Lacking> {
        let remotes = Remotes::load_in(&self.own)?;
        let mut names: Vec<&str> = remotes.names().collect();
        // Where parts come from is asked first.
        names.sort_by_key(|name| remotes.keeps(name).is_none());
        let (mut left, mut refusals) = (files.to_vec(), Vec::new());
        for name in names {
            match self.from(&remotes, name, store, &left) {
                Ok(lacking) => left = lacking,
                Err(why) => refusals.push(Refusal {
                    remote: name.to_owned(),
                    why,
                }),
            }
            if left.is_empty() {
                return Ok(());
            }
        }
        Err(match refusals.is_empty() {
            true => Lacking::Nowhere,
            false => Lacking::Refused(refusals),
        })
    }

    /// Gets what a remote has of these files. Returns those that it has not.
    fn from(
        &self,
        remotes: &Remotes,
        name: &str,
        store: &Store,
        files: &[FileId],
    ) -> Result<Vec<FileId>> {
        let of = || SharingError::of(name);
        let shared = remotes.place(name)?.open(name, &self.around)?;
        let there = files_at(&*shared.remote, files).map_err(of())?;
        if there.is_empty() {
            return Ok(files.to_vec());
        }
        let promised = store.promised()?;
        (self.tell)(&Supplied {
            remote: name.to_owned(),
            files: there.len(),
            bytes: there.iter().filter_map(|id| promised.bytes_of(*id)).sum(),
        });
        let scratch = self.own.path();
        let got = fetch_files(&*shared.remote, store, &there, scratch, &*self.progress);
        got.map_err(of())?;
        let lacking = files.iter().copied().filter(|id| !there.contains(id));
        Ok(lacking.collect())
    }
}
