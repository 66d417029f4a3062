//! The rules of V3: what the camera is told to do.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::Error as _;

use super::rules::Phrase;
use crate::words::{
    CameraHeight, DistanceBand, Movement, SceneKind, ShotSize, Trigger, UnknownWord,
};

/// V3: camera.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct Camera {
    pub default: CameraMove,
    pub lens: BTreeMap<ShotSize, u32>,
    pub band: BTreeMap<ShotSize, DistanceBand>,
    pub trigger: BTreeMap<Trigger, ByPlace>,
    pub intense: Intense,
    pub speech: LongSpeech,
    pub phrase: Vec<MovePhrase>,
    pub plan: MovePlan,
    pub height: Vec<HeightPhrase>,
    pub direction: Vec<Direction>,
}

/// A movement that a rule asks for: one of the words, or one whose side is the engine's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CameraMove {
    /// This one.
    Word(Movement),
    /// `track_left` or `track_right`: the way that the one who moves looks.
    Track,
    /// `pan_left` or `pan_right`, likewise.
    Pan,
}

impl<'de> Deserialize<'de> for CameraMove {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let word = String::deserialize(from)?;
        match word.as_str() {
            "track" => Ok(Self::Track),
            "pan" => Ok(Self::Pan),
            _ => {
                let movement = word.parse().map(Self::Word);
                movement.map_err(|unknown: UnknownWord| {
                    D::Error::custom(format!("{unknown}, track, pan"))
                })
            }
        }
    }
}

/// One movement or several to choose from, never none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moves(Vec<CameraMove>);

impl Moves {
    /// The first of them, beginning to count at `from`, for which `fits` holds; else the one at `from`.
    pub(super) fn choose(&self, from: usize, fits: impl Fn(CameraMove) -> bool) -> CameraMove {
        let count = self.0.len().max(1);
        let at = |k: usize| self.0.get((from + k) % count).copied();
        (0..count)
            .filter_map(at)
            .find(|one| fits(*one))
            .or(at(0))
            .unwrap_or(CameraMove::Word(Movement::Static))
    }
}

impl<'de> Deserialize<'de> for Moves {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum OneOrMany {
            One(toml::Value),
            Many(Vec<toml::Value>),
        }
        let many = match OneOrMany::deserialize(from)? {
            OneOrMany::One(toml::Value::Array(many)) | OneOrMany::Many(many) => many,
            OneOrMany::One(one) => vec![one],
        };
        let moves = many.into_iter().map(|one| one.try_into::<CameraMove>());
        let moves: Vec<CameraMove> = moves.collect::<Result<_, _>>().map_err(D::Error::custom)?;
        if moves.is_empty() {
            return Err(D::Error::custom("it names no movement"));
        }
        Ok(Self(moves))
    }
}

/// Movements inside and outside.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct ByPlace {
    pub interior: Moves,
    pub exterior: Moves,
}

/// What moves the camera where nothing in a shot asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct MovePlan {
    pub words: BTreeMap<SceneKind, usize>,
    pub most_static: BTreeMap<SceneKind, usize>,
    pub rising: Tension,
    pub falling: Tension,
    pub relation: Relation,
    pub alone: Moves,
    pub nobody: Moves,
    pub thing: Moves,
    pub last: Moves,
}

/// From which change of intensity on the camera answers, and how.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct Tension {
    pub from: u32,
    pub movements: Moves,
}

/// How the camera answers to people who are together in a shot.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct Relation {
    #[serde(rename = "OTS")]
    pub ots: Moves,
    pub other: Moves,
}

/// What the camera does in close and intense shots.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct Intense {
    pub from: u32,
    pub movement: CameraMove,
    pub sizes: Vec<ShotSize>,
}

/// What the camera does in a long speech.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct LongSpeech {
    pub words: usize,
    pub movement: CameraMove,
    pub sizes: Vec<ShotSize>,
}

/// Phrases that move the camera.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct MovePhrase {
    pub movement: CameraMove,
    pub phrases: Vec<Phrase>,
}

/// Phrases that set its height.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct HeightPhrase {
    pub height: CameraHeight,
    pub phrases: Vec<Phrase>,
}

/// A direction that the script gives.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct Direction {
    pub phrase: Phrase,
    pub size: Option<ShotSize>,
    pub movement: Option<CameraMove>,
    pub height: Option<CameraHeight>,
    pub trigger: Option<Trigger>,
    #[serde(default)]
    pub caps: bool,
}
