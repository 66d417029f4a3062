//! `numbers.toml`, which follows from the script of whatever tree it stands in.

use std::sync::Arc;

use serde_json::Value;

use super::configuration::configuration;
use super::records::{Present, StoreRecords};
use super::session::remember;
use crate::history::{FlatTree, Project};
use crate::object::RepoPath;
use crate::pipeline::{NUMBERS, Parsed, SCRIPT, Snapshot};
use crate::workflow::repository::{OwnFiles, RepositoryError};
use crate::workflow::settings::ProjectConfig;

/// The numbers of scenes and shots.
pub struct Numbers {
    project: Arc<Project>,
    config: Arc<Value>,
}

impl Numbers {
    /// Those of a film.
    #[must_use]
    pub fn of(project: Arc<Project>, config: &ProjectConfig) -> Self {
        Self {
            project,
            config: Arc::new(configuration(config)),
        }
    }
}

impl OwnFiles for Numbers {
    fn is_own(&self, path: &RepoPath) -> bool {
        path.as_str() == NUMBERS
    }

    fn renewed(&self, files: &FlatTree) -> Result<Vec<(RepoPath, Vec<u8>)>, RepositoryError> {
        if !files.keys().any(|path| path.as_str() == SCRIPT) {
            return Ok(Vec::new());
        }
        let all = Arc::new(files.clone());
        let present = Present::of(&self.project, all.clone());
        let records = StoreRecords::new(self.project.clone(), all, Arc::new(present));
        let records = Arc::new(records);
        let snapshot = Snapshot::new(
            files.iter().map(|(path, entry)| (path.clone(), entry.id)),
            self.config.clone(),
            records.clone(),
            Arc::new(Parsed::default()),
        );
        // What is malformed is told where it is needed; the next commit tries again.
        let text = remember(&snapshot, self.project.store()).ok().flatten();
        if let Some(reason) = records.failed() {
            return Err(RepositoryError::Unreadable(reason.to_owned()));
        }
        let path = RepoPath::new(NUMBERS).expect("a safe name");
        Ok(text
            .into_iter()
            .map(|text| (path.clone(), text.into_bytes()))
            .collect())
    }
}
