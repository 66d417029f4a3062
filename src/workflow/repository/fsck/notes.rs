//! What looks odd in a project and is in order.

use std::collections::BTreeSet;

use super::Examined;
use crate::object::{FileId, Operation, OperationId};
use crate::store::RecordId;

impl Examined {
    /// What is not here on purpose.
    pub(super) fn elsewhere(&self) -> Vec<String> {
        let catalogue = &self.check.catalogue;
        let is_here = |id: &&FileId| {
            let forms = [RecordId::of_blob(**id), RecordId::of_layout(**id)];
            forms.iter().any(|form| catalogue.contains(form))
        };
        let files = self.reached.elsewhere.iter();
        let absent: Vec<&FileId> = files.filter(|id| !is_here(id)).collect();
        let bytes = absent
            .iter()
            .filter_map(|id| catalogue.promised.bytes_of(**id));
        let bytes: u64 = bytes.sum();
        let mut notes = Vec::new();
        if !absent.is_empty() {
            notes.push(format!(
                "{} contents of {bytes} bytes are not here on purpose: a remote has them; `aiut hydrate` gets them",
                absent.len()
            ));
        }
        let ends = catalogue.promised.commits.len();
        if ends > 0 {
            notes.push(format!(
                "the history ends before {ends} commits that a remote has; `aiut fetch --unshallow` gets it"
            ));
        }
        notes
    }

    /// Operations that are not in the log of the current one: of a copy that went another way, or
    /// of a log that lost its end.
    pub(super) fn beside(&self) -> Vec<String> {
        let catalogue = &self.check.catalogue;
        let mut beside: BTreeSet<OperationId> = self.standing.operations().collect();
        let Some(head) = catalogue.head() else {
            // Which one is the current one is not known yet.
            return Vec::new();
        };
        let mut log = vec![head];
        while let Some(id) = log.pop() {
            if beside.remove(&id)
                && let Ok(operation) = catalogue.get::<Operation>(id)
            {
                log.extend(operation.parents);
            }
        }
        let mut ends = beside.clone();
        for id in &beside {
            if let Ok(operation) = catalogue.get::<Operation>(*id) {
                for parent in operation.parents {
                    ends.remove(&parent);
                }
            }
        }
        let told = ends.into_iter().map(|id| {
            let command = catalogue.get::<Operation>(id).map(|operation| operation.command);
            format!(
                "operation {} ({}) is not in the log of the current one; `aiut op restore {}` goes to what it did",
                id.short(),
                command.unwrap_or_default(),
                id.short()
            )
        });
        told.collect()
    }
}
