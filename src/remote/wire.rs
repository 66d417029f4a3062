//! What two machines say to each other, whatever carries it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{PackId, SessionId};
use crate::object::{CommitId, FileId, ProjectId};
use crate::store::RecordId;

/// The version of everything here. Sides of different versions say so and do nothing.
pub const PROTOCOL: u32 = 2;

/// Where a remote stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advertised {
    /// Which protocol it speaks.
    pub protocol: u32,
    /// Which project it is.
    pub project: ProjectId,
    /// The short name of the timeline that a clone begins on.
    pub head: String,
    /// Timelines and tags by their full names.
    pub refs: BTreeMap<String, CommitId>,
    /// Moves on whenever a ref does.
    pub mark: u64,
}

/// A push that was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Which.
    pub id: SessionId,
    /// Until when it is kept, in Unix seconds by the clock of the remote.
    pub expires: i64,
    /// Packs of it that have arrived whole.
    pub packs: Vec<PackId>,
    /// What it came to, if it was committed already.
    pub done: Option<Pushed>,
}

/// From where to where a ref moves. None is no ref: it is made, or taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefMove {
    /// Where it has to be.
    pub from: Option<CommitId>,
    /// Where it is to be.
    pub to: Option<CommitId>,
}

/// What a push comes to: all of it or nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Push {
    /// By full names.
    pub moves: BTreeMap<String, RefMove>,
    /// Whether refs may leave commits behind, tags move, and refs be taken away.
    pub force: bool,
}

/// That refs moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pushed {
    /// The mark of the remote since.
    pub mark: u64,
}

/// What a fetch asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Wanted {
    /// Commits to be had.
    pub wants: Vec<CommitId>,
    /// Commits that are there already, with all that they lead to.
    pub common: Vec<CommitId>,
    /// Commits that the history of whoever asks ends before: what common ones stand on by way of these is not
    /// there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ends: Vec<CommitId>,
    /// Only so many commits from each wanted one on, itself included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depth: Option<u32>,
    /// Objects, and no contents of files.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub objects_alone: bool,
    /// Instead of all that: the contents of these files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileId>,
}

/// A record that is to be sent, and bytes of its payload as it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// Which.
    pub record: RecordId,
    /// Bytes.
    pub stored: u32,
}

impl Listed {
    /// Bytes of one on the wire.
    pub const BYTES: usize = 37;

    /// The record, then the length in little-endian.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[..33].copy_from_slice(&self.record.to_bytes());
        bytes[33..].copy_from_slice(&self.stored.to_le_bytes());
        bytes
    }

    /// What such bytes say; none where they name no record that can be sent.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; Self::BYTES]) -> Option<Self> {
        let (record, stored) = bytes.split_first_chunk::<33>()?;
        Some(Self {
            record: RecordId::from_bytes(record)?,
            stored: u32::from_le_bytes(stored.try_into().ok()?),
        })
    }
}
