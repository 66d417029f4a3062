//! The operation log: what each command did to the refs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    CommitId, ExpiryId, InvalidObject, Keys, Kind, Later, LaterKeys, Object, OperationId,
    Reference, TIMELINES, Timestamp, TreeId, ViewId, canonical::rule, check_full_ref,
    check_ref_name, commit::check_time,
};

/// The timeline of a new project.
pub const FIRST_TIMELINE: &str = "main";

/// What the work tree stands on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Head {
    /// A timeline by its short name; it has no ref before its first commit.
    Timeline(String),
    /// A commit that no timeline moves with.
    Detached(CommitId),
}

/// Every ref and HEAD at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// What the work tree stands on.
    pub head: Head,
    /// Full ref names: `timelines/main`, `tags/v1`, `remotes/studio/main`.
    pub refs: BTreeMap<String, CommitId>,
    /// What a later aiut says of it.
    #[serde(skip)]
    pub later: Later,
}

impl Default for View {
    fn default() -> Self {
        Self {
            head: Head::Timeline(FIRST_TIMELINE.to_owned()),
            refs: BTreeMap::new(),
            later: Later::default(),
        }
    }
}

impl View {
    /// The commit that the work tree stands on; none before the first.
    #[must_use]
    pub fn head_commit(&self) -> Option<CommitId> {
        match &self.head {
            Head::Timeline(name) => self.refs.get(&format!("{TIMELINES}{name}")).copied(),
            Head::Detached(commit) => Some(*commit),
        }
    }
}

impl Object for View {
    type Id = ViewId;
    const KIND: Kind = Kind::View;
    const KEYS: Keys = Keys::of(&["head", "refs"]);

    fn check(&self) -> Result<(), InvalidObject> {
        let refuse = |error: super::InvalidRef| InvalidObject::Rule(error.to_string());
        if let Head::Timeline(name) = &self.head {
            check_ref_name(name).map_err(refuse)?;
        }
        self.refs
            .keys()
            .try_for_each(|name| check_full_ref(name).map_err(refuse))
    }

    fn references(&self) -> Vec<Reference> {
        self.arrows()
    }

    fn later(&self) -> LaterKeys {
        LaterKeys {
            own: self.later.clone(),
            items: Vec::new(),
        }
    }

    fn keep(&mut self, later: LaterKeys) {
        self.later = later.own;
    }
}

/// One command that moved a ref or the work tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// What it followed: none for the first.
    pub parents: Vec<OperationId>,
    /// Every ref and HEAD after it.
    pub view: ViewId,
    /// As typed: `aiut commit -m …`.
    pub command: String,
    /// Login name.
    pub user: String,
    /// Name of the machine.
    pub host: String,
    /// When.
    pub time: Timestamp,
    /// The operation that it takes back, if it is an undo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<OperationId>,
    /// What it did to files of the work tree, if anything: enough to take it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<FileChanges>,
    /// What is let go of since: handed on from operation to operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<ExpiryId>,
}

/// The files of the work tree that an operation changed, and no others, before and after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileChanges {
    /// What they held; a file that was made is not in it.
    pub before: TreeId,
    /// What they hold since; a file that was removed is not in it.
    pub after: TreeId,
}

impl Object for Operation {
    type Id = OperationId;
    const KIND: Kind = Kind::Operation;
    const KEYS: Keys = Keys::of(&[
        "parents", "view", "command", "user", "host", "time", "undoes", "files", "expiry",
    ]);

    fn check(&self) -> Result<(), InvalidObject> {
        check_time(self.time)?;
        rule(self.parents.len() <= 2, || {
            "an operation follows at most two".to_owned()
        })
    }

    fn references(&self) -> Vec<Reference> {
        self.arrows()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{decode, encode};
    use super::*;

    #[test]
    fn a_view_reads_back_and_knows_its_commit() {
        let commit = CommitId::from_bytes([3; 32]);
        let mut view = View::default();
        assert_eq!(view.head_commit(), None);
        view.refs.insert("timelines/main".into(), commit);
        view.refs.insert("tags/a-longer-name".into(), commit);
        assert_eq!(view.head_commit(), Some(commit));
        assert_eq!(decode::<View>(&encode(&view).unwrap()), Ok(view.clone()));
        view.head = Head::Detached(CommitId::from_bytes([4; 32]));
        assert_eq!(decode::<View>(&encode(&view).unwrap()), Ok(view.clone()));
        view.refs.insert("heads/main".into(), commit);
        assert!(encode(&view).is_err());
    }

    #[test]
    fn an_operation_reads_back() {
        let operation = Operation {
            parents: vec![OperationId::from_bytes([1; 32])],
            view: ViewId::from_bytes([2; 32]),
            command: "aiut undo".into(),
            user: "rae".into(),
            host: "stage".into(),
            time: Timestamp {
                unix_seconds: -5,
                utc_offset_minutes: 60,
            },
            undoes: Some(OperationId::from_bytes([1; 32])),
            files: Some(FileChanges {
                before: TreeId::from_bytes([3; 32]),
                after: TreeId::from_bytes([4; 32]),
            }),
            expiry: Some(ExpiryId::from_bytes([5; 32])),
        };
        assert_eq!(
            decode::<Operation>(&encode(&operation).unwrap()),
            Ok(operation)
        );
    }
}
