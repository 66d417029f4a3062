//! Where generated files come from: actions, runs, and decisions to keep what is stale.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    AcceptanceId, ActionId, FileId, GenerationId, InvalidObject, Keys, Object, ObjectKind, Person,
    Reference, RepoPath, Timestamp, canonical::rule, commit::check_time,
};

/// The digest of a read that found nothing.
pub const ABSENT: &str = "absent";

/// Everything that determines an output. Its id is the cache key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Version of how keys are computed.
    pub schema: u32,
    /// The stage: `frames`.
    pub stage: String,
    /// What it ran for: `012_003`.
    pub item: String,
    /// What made the output: `panel`.
    pub generator: String,
    /// That generator's own version.
    pub version: String,
    /// What it was told beside what it read.
    pub parameters: BTreeMap<String, String>,
    /// Each selector that it read, and the digest of what it got: 64 hex digits or `absent`.
    pub reads: BTreeMap<String, String>,
}

impl Object for Action {
    type Id = ActionId;
    const KIND: ObjectKind = ObjectKind::Action;
    const KEYS: Keys = Keys::of(&[
        "schema",
        "stage",
        "item",
        "generator",
        "version",
        "parameters",
        "reads",
    ]);

    fn check(&self) -> Result<(), InvalidObject> {
        check_reads(&self.reads)
    }

    fn references(&self) -> Vec<Reference> {
        // Its reads are digests of values, not ids of what is stored.
        Vec::new()
    }
}

/// A file that a run wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// Where.
    pub path: RepoPath,
    /// What.
    pub id: FileId,
    /// Bytes.
    pub size: u64,
}

/// One run of an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Generation {
    /// What was run.
    pub action: ActionId,
    /// What it wrote.
    pub outputs: Vec<Output>,
    /// The request as sent, if one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<FileId>,
    /// The answer as received, if one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<FileId>,
    /// The model that answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The seed that was used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Millionths of a US dollar.
    pub cost_micro_usd: u64,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub started_ms: i64,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub finished_ms: i64,
    /// Versions of outside tools: recorded, not compared.
    pub tools: BTreeMap<String, String>,
    /// The files that were read, with their content at the time, so that `why` can show every
    /// value as it was.
    pub inputs: BTreeMap<RepoPath, FileId>,
}

impl Object for Generation {
    type Id = GenerationId;
    const KIND: ObjectKind = ObjectKind::Generation;
    const KEYS: Keys = Keys::of(&[
        "action",
        "outputs",
        "request",
        "answer",
        "model",
        "seed",
        "cost_micro_usd",
        "started_ms",
        "finished_ms",
        "tools",
        "inputs",
    ]);

    fn check(&self) -> Result<(), InvalidObject> {
        let paths: BTreeSet<_> = self.outputs.iter().map(|output| &output.path).collect();
        rule(paths.len() == self.outputs.len(), || {
            "an output is named twice".to_owned()
        })?;
        Ok(())
    }

    fn references(&self) -> Vec<Reference> {
        self.arrows()
    }
}

/// A decision to keep a stale output, for these exact inputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// Where the output is.
    pub path: RepoPath,
    /// Which bytes are kept.
    pub output: FileId,
    /// The reads that were current when it was decided.
    pub reads: BTreeMap<String, String>,
    /// In the words of whoever decided.
    pub why: String,
    /// Who.
    pub by: Person,
    /// When.
    pub time: Timestamp,
}

impl Object for Acceptance {
    type Id = AcceptanceId;
    const KIND: ObjectKind = ObjectKind::Acceptance;
    const KEYS: Keys = Keys::of(&["path", "output", "reads", "why", "by", "time"]);

    fn check(&self) -> Result<(), InvalidObject> {
        self.by.check()?;
        check_time(self.time)?;
        check_reads(&self.reads)
    }

    fn references(&self) -> Vec<Reference> {
        vec![Reference::Seen(self.output)]
    }
}

fn check_reads(reads: &BTreeMap<String, String>) -> Result<(), InvalidObject> {
    for (selector, digest) in reads {
        let hex = digest.len() == 64
            && digest
                .bytes()
                .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        rule(hex || digest == ABSENT, || {
            format!("{digest:?}, read at {selector:?}, is not a digest")
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{decode, encode, id_of};
    use super::*;

    fn action() -> Action {
        Action {
            schema: 1,
            stage: "frames".into(),
            item: "012_003".into(),
            generator: "panel".into(),
            version: "1".into(),
            parameters: [("width".into(), "1280".into())].into(),
            reads: [
                ("prompts/012_003.json".into(), FileId::of(b"{}").to_hex()),
                ("config:style".into(), ABSENT.into()),
            ]
            .into(),
        }
    }

    #[test]
    fn an_action_reads_back_and_anything_else_read_is_another_action() {
        assert_eq!(decode::<Action>(&encode(&action()).unwrap()), Ok(action()));
        let mut other = action();
        other
            .reads
            .insert("config:style".into(), FileId::of(b"noir").to_hex());
        assert_ne!(id_of(&action()).unwrap(), id_of(&other).unwrap());
        other.reads.insert("config:style".into(), "noir".into());
        assert!(encode(&other).is_err());
    }

    #[test]
    fn a_generation_reads_back_and_names_each_output_once() {
        let path: RepoPath = "frames/012_003.png".parse().unwrap();
        let output = Output {
            path,
            id: FileId::of(b"png"),
            size: 3,
        };
        let mut generation = Generation {
            action: id_of(&action()).unwrap(),
            outputs: vec![output.clone()],
            request: None,
            answer: Some(FileId::of(b"answer")),
            model: None,
            seed: Some(u64::MAX),
            cost_micro_usd: 50_000,
            started_ms: 1,
            finished_ms: 2,
            tools: [("ffmpeg".into(), "7.1".into())].into(),
            inputs: [("bible/rae.toml".parse().unwrap(), FileId::of(b"red"))].into(),
        };
        assert_eq!(
            decode::<Generation>(&encode(&generation).unwrap()),
            Ok(generation.clone())
        );
        generation.outputs.push(output);
        assert!(encode(&generation).is_err());
    }

    #[test]
    fn kinds_never_share_an_id() {
        let bytes = encode(&action()).unwrap();
        let digests: BTreeSet<_> = ObjectKind::ALL
            .iter()
            .map(|kind| kind.digest(&bytes))
            .collect();
        assert_eq!(digests.len(), ObjectKind::ALL.len());
    }
}
