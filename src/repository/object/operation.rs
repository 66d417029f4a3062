//! The operation log: what each command did to the refs.

use serde::{Deserialize, Serialize};

use super::{
    CommitId, ExpiryId, InvalidObject, Keys, Later, LaterKeys, MAX_OPERATION_NUMBER, Object,
    ObjectKind, OperationId, ProjectId, Reference, RefsId, Timestamp, TreeId, ViewId,
    canonical::rule, check_ref_name, commit::check_time,
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

/// HEAD and the refs at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// What the work tree stands on: of this project alone.
    pub head: Head,
    /// The tree of the refs, which projects have in common.
    pub refs: RefsId,
    /// What a later aiut says of it.
    #[serde(skip)]
    pub later: Later,
}

impl Default for Head {
    fn default() -> Self {
        Self::Timeline(FIRST_TIMELINE.to_owned())
    }
}

impl Object for View {
    type Id = ViewId;
    const KIND: ObjectKind = ObjectKind::View;
    const KEYS: Keys = Keys::of(&["head", "refs"]);

    fn check(&self) -> Result<(), InvalidObject> {
        let Head::Timeline(name) = &self.head else {
            return Ok(());
        };
        check_ref_name(name).map_err(|error| InvalidObject::Rule(error.to_string()))
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
    /// The project that it was done in. Those of other projects move nothing here.
    pub project: ProjectId,
    /// One more than the highest number of its parents; 1 for the first.
    pub number: u64,
    /// What it followed: none for the first.
    pub parents: Vec<OperationId>,
    /// HEAD and the refs after it.
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
    const KIND: ObjectKind = ObjectKind::Operation;
    const KEYS: Keys = Keys::of(&[
        "project", "number", "parents", "view", "command", "user", "host", "time", "undoes",
        "files", "expiry",
    ]);

    fn check(&self) -> Result<(), InvalidObject> {
        check_time(self.time)?;
        rule(self.parents.len() <= 2, || {
            "an operation follows at most two".to_owned()
        })?;
        rule((1..=MAX_OPERATION_NUMBER).contains(&self.number), || {
            format!("its number is not from 1 to {MAX_OPERATION_NUMBER}")
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
    fn a_view_reads_back() {
        let mut view = View {
            head: Head::default(),
            refs: super::super::RefsId::from_bytes([5; 32]),
            later: Later::default(),
        };
        assert_eq!(decode::<View>(&encode(&view).unwrap()), Ok(view.clone()));
        view.head = Head::Detached(CommitId::from_bytes([4; 32]));
        assert_eq!(decode::<View>(&encode(&view).unwrap()), Ok(view.clone()));
        view.head = Head::Timeline("a..b".into());
        assert!(encode(&view).is_err());
    }

    #[test]
    fn an_operation_reads_back() {
        let mut operation = Operation {
            project: ProjectId::from_bytes([7; 16]),
            number: MAX_OPERATION_NUMBER,
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
            Ok(operation.clone())
        );
        for number in [0, MAX_OPERATION_NUMBER + 1, u64::MAX] {
            operation.number = number;
            assert!(encode(&operation).is_err(), "{number}");
        }
    }
}
