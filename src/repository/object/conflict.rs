//! Two versions of a file that truly collide, kept until somebody settles them.

use serde::{Deserialize, Serialize};

use super::{
    AcceptanceId, ConflictId, FileId, GenerationId, InvalidObject, Keys, Object, ObjectKind,
    Reference, canonical::rule,
};

/// What a tree entry that is in conflict stands for. The entry itself names a file that is whole in
/// its own syntax: the joined text, with our version at each place where both sides collide, or with
/// both versions between marks that this syntax has no other use for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conflict {
    /// The version that both grew out of; none where there was no such file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Side>,
    /// The version of the timeline that was changed; none where it has no such file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ours: Option<Side>,
    /// The version of the change that came; none where it removes the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theirs: Option<Side>,
    /// Where they collide, in the order of the file; empty where one version has to be chosen whole.
    pub places: Vec<Place>,
}

/// One version of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Side {
    /// Its bytes.
    pub id: FileId,
    /// Their number.
    pub size: u64,
    /// Whether it may be executed.
    pub exec: bool,
    /// The run that wrote it, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<GenerationId>,
    /// The decision to keep it though stale, if one was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<AcceptanceId>,
}

/// A place where both sides say something else than before, and not the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The field, as an RFC 6901 pointer, for a file that is joined by field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Whether it is the order of the entries there that collides, not what they say.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub order: bool,
    /// Its first line in the file that stands for the conflict, from 1, for one joined by lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The heading of the scene it lies in, for one joined by scenes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scene: Option<String>,
    /// What of the scene it is: `action`, `speech of MILA`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// The number in its marks, for a file that holds both versions between marks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<u64>,
    /// The text there before; of a field only where it is short.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// Our text there, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ours: Option<String>,
    /// Their text there, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theirs: Option<String>,
}

impl Place {
    /// The field at an RFC 6901 pointer, without any text.
    #[must_use]
    pub fn at_field(pointer: &str) -> Self {
        Self {
            pointer: Some(pointer.to_owned()),
            ..Self::default()
        }
    }
}

impl Object for Conflict {
    type Id = ConflictId;
    const KIND: ObjectKind = ObjectKind::Conflict;
    const KEYS: Keys = Keys {
        own: &["base", "ours", "theirs", "places"],
        items: Some((
            "places",
            &[
                "pointer", "order", "line", "scene", "element", "mark", "base", "ours", "theirs",
            ],
        )),
    };

    fn check(&self) -> Result<(), InvalidObject> {
        rule(self.ours.is_some() || self.theirs.is_some(), || {
            "neither side of the conflict has the file".to_owned()
        })?;
        rule(self.ours != self.theirs, || {
            "both sides of the conflict are the same".to_owned()
        })
    }

    fn references(&self) -> Vec<Reference> {
        self.arrows()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{decode, encode, references_of};
    use super::*;

    fn side(n: u8) -> Side {
        Side {
            id: FileId::from_bytes([n; 32]),
            size: n.into(),
            exec: false,
            made_by: None,
            accepted: None,
        }
    }

    #[test]
    fn it_reads_back_and_keeps_every_version() {
        let run = GenerationId::from_bytes([9; 32]);
        let conflict = Conflict {
            base: Some(side(1)),
            ours: Some(Side {
                made_by: Some(run),
                ..side(2)
            }),
            theirs: None,
            places: vec![Place {
                line: Some(7),
                scene: Some("INT. CABIN - DAY".to_owned()),
                mark: Some(1),
                base: Some("a\n".to_owned()),
                ours: Some("b\n".to_owned()),
                theirs: Some(String::new()),
                ..Place::default()
            }],
        };
        let bytes = encode(&conflict).unwrap();
        assert_eq!(decode::<Conflict>(&bytes), Ok(conflict));
        let expected = [
            Reference::File(side(1).id),
            Reference::File(side(2).id),
            Reference::to::<super::super::Generation>(run),
        ];
        assert_eq!(
            references_of(ObjectKind::Conflict, &bytes),
            Ok(expected.to_vec())
        );
    }

    #[test]
    fn two_sides_that_do_not_differ_are_no_conflict() {
        let conflict = |ours, theirs| Conflict {
            base: None,
            ours,
            theirs,
            places: Vec::new(),
        };
        assert!(encode(&conflict(Some(side(1)), Some(side(1)))).is_err());
        assert!(encode(&conflict(None, None)).is_err());
        assert!(encode(&conflict(Some(side(1)), None)).is_ok());
    }
}
