//! A commit: a tree, where it came from, and who said so.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    CommitId, GenerationId, InvalidObject, Keys, MAX_PARENTS, Object, ObjectKind, Reference,
    Timestamp, TreeId, canonical::rule,
};

/// Longest name or address of a person, in bytes.
const MAX_PERSON_BYTES: usize = 1000;

/// Largest offset from UTC, in minutes.
const MAX_OFFSET: i32 = 24 * 60;

/// Someone who makes commits and decisions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// As it should be read.
    pub name: String,
    /// May be empty.
    pub email: String,
}

impl Person {
    /// The rules git has for the same: one line each, no angle brackets.
    pub(super) fn check(&self) -> Result<(), InvalidObject> {
        for text in [&self.name, &self.email] {
            let fits = text.len() <= MAX_PERSON_BYTES;
            rule(
                fits && !text.contains(|c: char| c.is_control() || matches!(c, '<' | '>')),
                || format!("{text:?} cannot stand in a name or address"),
            )?;
        }
        rule(!self.name.trim().is_empty(), || {
            "a person without a name".to_owned()
        })
    }
}

/// One step of a timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commit {
    /// The whole project.
    pub tree: TreeId,
    /// What it follows: none for the first, two for a merge.
    pub parents: Vec<CommitId>,
    /// Who.
    pub author: Person,
    /// When.
    pub time: Timestamp,
    /// Why; the first line is the subject.
    pub message: String,
    /// The runs whose outputs it brings in.
    pub generations: Vec<GenerationId>,
}

impl Object for Commit {
    type Id = CommitId;
    const KIND: ObjectKind = ObjectKind::Commit;
    const KEYS: Keys = Keys::of(&[
        "tree",
        "parents",
        "author",
        "time",
        "message",
        "generations",
    ]);

    fn check(&self) -> Result<(), InvalidObject> {
        self.author.check()?;
        check_time(self.time)?;
        rule(self.parents.len() <= MAX_PARENTS, || {
            format!(
                "{} parents are more than the {MAX_PARENTS} that a commit may have",
                self.parents.len()
            )
        })?;
        let distinct: BTreeSet<_> = self.parents.iter().collect();
        rule(distinct.len() == self.parents.len(), || {
            "a parent is named twice".to_owned()
        })?;
        let distinct: BTreeSet<_> = self.generations.iter().collect();
        rule(distinct.len() == self.generations.len(), || {
            "a run is named twice".to_owned()
        })
    }

    fn references(&self) -> Vec<Reference> {
        self.arrows()
    }
}

/// A time zone that exists.
pub(super) fn check_time(time: Timestamp) -> Result<(), InvalidObject> {
    rule(time.utc_offset_minutes.abs() <= MAX_OFFSET, || {
        format!(
            "{} minutes from UTC is not a time zone",
            time.utc_offset_minutes
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::{decode, encode, id_of};
    use super::*;

    fn commit() -> Commit {
        Commit {
            tree: TreeId::from_bytes([1; 32]),
            parents: vec![CommitId::from_bytes([2; 32])],
            author: Person {
                name: "Rae".into(),
                email: "rae@example.org".into(),
            },
            time: Timestamp {
                unix_seconds: 1_767_225_600,
                utc_offset_minutes: -90,
            },
            message: "Cut scene 12".into(),
            generations: vec![],
        }
    }

    #[test]
    fn a_commit_reads_back_and_its_id_never_changes() {
        let bytes = encode(&commit()).unwrap();
        assert_eq!(decode::<Commit>(&bytes), Ok(commit()));
        // The id is the format: a change here is a new version of it.
        assert_eq!(id_of(&commit()).unwrap().to_hex(), COMMIT_ID);
    }

    const COMMIT_ID: &str = "24780e26686db583adda2612d2d7da481edc693579b563d7d0384cd6276765dc";

    #[test]
    fn lists_have_no_more_than_they_may_and_nothing_twice() {
        let parents = |count: usize| Commit {
            parents: (0..count as u64)
                .map(|n| CommitId::from_bytes(*blake3::hash(&n.to_le_bytes()).as_bytes()))
                .collect(),
            ..commit()
        };
        assert!(encode(&parents(MAX_PARENTS)).is_ok());
        assert!(encode(&parents(MAX_PARENTS + 1)).is_err());
        let runs = [
            GenerationId::from_bytes([1; 32]),
            GenerationId::from_bytes([2; 32]),
        ];
        for (list, allowed) in [(vec![runs[0], runs[1]], true), (vec![runs[0]; 2], false)] {
            let commit = Commit {
                generations: list,
                ..commit()
            };
            assert_eq!(encode(&commit).is_ok(), allowed);
        }
    }

    #[test]
    fn unknown_keys_inside_other_encodings_and_broken_rules_are_refused() {
        // Only an object, and an entry of a tree, may have keys of a later aiut.
        let bytes = encode(&commit()).unwrap();
        let author = b"\x66author\xa2";
        let at = bytes.windows(8).position(|w| w == author).unwrap();
        let mut more = bytes.clone();
        more[at + 7] = 0xa3;
        more.splice(at + 8..at + 8, *b"\x61x\x01");
        assert!(matches!(
            decode::<Commit>(&more),
            Err(InvalidObject::Form { .. })
        ));

        let good = encode(&commit()).unwrap();
        assert!(decode::<Commit>(&[&good[..], b"\0"].concat()).is_err());
        for cut in 0..good.len() {
            assert!(decode::<Commit>(&good[..cut]).is_err(), "cut at {cut}");
        }

        let nobody = Person {
            name: " ".into(),
            email: String::new(),
        };
        assert!(
            encode(&Commit {
                author: nobody,
                ..commit()
            })
            .is_err()
        );
        let injected = Person {
            name: "a\nb".into(),
            email: String::new(),
        };
        assert!(
            encode(&Commit {
                author: injected,
                ..commit()
            })
            .is_err()
        );
        let time = Timestamp {
            unix_seconds: 0,
            utc_offset_minutes: 2_000,
        };
        assert!(encode(&Commit { time, ..commit() }).is_err());
        let parents = vec![CommitId::from_bytes([2; 32]); 2];
        assert!(
            encode(&Commit {
                parents,
                ..commit()
            })
            .is_err()
        );
    }
}
