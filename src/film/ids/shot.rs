//! The id of a shot.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::order::Place;
use super::scene::scene_name;
use super::stem::number_of;

/// The longest number of a shot within its scene.
const LONGEST: usize = 24;

/// A shot's id, `012_003A`: the file stem of its scene, and its number there.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ShotId {
    text: String,
    /// Bytes of the scene's stem.
    scene: usize,
}

/// A text that is no id of a shot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not the id of a shot, such as \"012_003A\"")]
pub struct NotAShotId(pub String);

impl ShotId {
    /// The shot with this number in the scene with this file stem.
    #[must_use]
    pub fn new(scene: &str, number: &str) -> Self {
        Self {
            text: format!("{scene}_{number}"),
            scene: scene.len(),
        }
    }

    /// The ids of so many shots of a scene that never had any.
    #[must_use]
    pub fn first(scene: &str, count: usize) -> Vec<Self> {
        let ids = (1..=count).map(|number| Self::new(scene, &format!("{number:03}")));
        ids.collect()
    }

    /// As in files.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The file stem of its scene: `012`.
    #[must_use]
    pub fn scene(&self) -> &str {
        &self.text[..self.scene]
    }

    /// Its number in the scene: `003A`.
    #[must_use]
    pub fn number(&self) -> &str {
        &self.text[self.scene + 1..]
    }

    /// As a slate prints it: `12-3A`.
    #[must_use]
    pub fn slate(&self) -> String {
        let number = number_of(self.number()).unwrap_or_else(|| self.number().to_owned());
        format!("{}-{number}", scene_name(self.scene()))
    }
}

/// Whether this is the number of a shot within its scene: letters and digits, of which one at least.
#[must_use]
pub fn is_shot_number(number: &str) -> bool {
    (1..=LONGEST).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && number.bytes().any(|byte| byte.is_ascii_digit())
}

/// The file stem of a shot's scene and the shot's number; none for what is no id of a shot.
pub(super) fn parts(id: &str) -> Option<(&str, &str)> {
    let (scene, number) = id.split_once('_')?;
    (!scene.is_empty() && is_shot_number(number)).then_some((scene, number))
}

/// The scene of a shot, as a file stem: `012` of `012_003`; none for what is no shot.
#[must_use]
pub fn scene_of_shot(id: &str) -> Option<&str> {
    parts(id).map(|(scene, _)| scene)
}

/// The scene that an item of that name belongs to, as a file stem: `012` for the scene `012` and its
/// shot `012_003`; none for what is of no scene, such as `rae` or the whole film.
#[must_use]
pub fn scene_of_item(item: &str) -> Option<&str> {
    let stem = scene_of_shot(item).unwrap_or(item);
    // Most stems are three digits, and this is asked of every item of a plan.
    let is_plain = stem.len() == 3 && stem.bytes().all(|byte| byte.is_ascii_digit());
    (is_plain || number_of(stem).is_some()).then_some(stem)
}

/// A shot as a slate prints it, `12-3A` for `012_003A`; what is no shot as it is.
#[must_use]
pub fn shot_name(id: &str) -> String {
    id.parse()
        .map_or_else(|_| id.to_owned(), |id: ShotId| id.slate())
}

impl FromStr for ShotId {
    type Err = NotAShotId;

    fn from_str(text: &str) -> Result<Self, NotAShotId> {
        Self::try_from(text.to_owned())
    }
}

impl TryFrom<String> for ShotId {
    type Error = NotAShotId;

    fn try_from(text: String) -> Result<Self, NotAShotId> {
        match scene_of_shot(&text).map(str::len) {
            Some(scene) => Ok(Self { text, scene }),
            None => Err(NotAShotId(text)),
        }
    }
}

impl From<ShotId> for String {
    fn from(id: ShotId) -> Self {
        id.text
    }
}

impl fmt::Display for ShotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl PartialEq<str> for ShotId {
    fn eq(&self, other: &str) -> bool {
        self.text == other
    }
}

impl PartialOrd for ShotId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ShotId {
    fn cmp(&self, other: &Self) -> Ordering {
        let scene = |id: &Self| Place::of(&scene_name(id.scene()));
        let number = |id: &Self| Place::of(id.number());
        scene(self)
            .cmp(&scene(other))
            .then_with(|| number(self).cmp(&number(other)))
            .then_with(|| self.text.cmp(&other.text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_scene_and_a_number() {
        for (text, scene, number, slate) in [
            ("012_003A", "012", "003A", "12-3A"),
            ("012A_010B", "012A", "010B", "12A-10B"),
            ("001+61_003", "001+61", "003", "1a-3"),
            ("I-1-A_A001", "I-1-A", "A001", "I-1-A-A1"),
            ("002_3b", "002", "3b", "2-3b"),
        ] {
            let id: ShotId = text.parse().unwrap();
            assert_eq!((id.scene(), id.number()), (scene, number));
            assert_eq!(id.slate(), slate);
            assert_eq!(
                (id.to_string(), &id),
                (text.to_owned(), &ShotId::new(scene, number))
            );
            let json = serde_json::to_string(&id).unwrap();
            assert_eq!(json, format!("{text:?}"));
            assert_eq!(serde_json::from_str::<ShotId>(&json).unwrap(), id);
        }
        for text in [
            "",
            "012",
            "_003",
            "012_",
            "012_../x",
            "100_acre",
            "012_003_004",
        ] {
            assert!(text.parse::<ShotId>().is_err(), "{text}");
            assert_eq!(shot_name(text), text);
        }
    }

    #[test]
    fn shots_stand_in_the_order_of_their_scenes_and_numbers() {
        let row = [
            "002_A001", "002_001", "002_001A", "002_002", "002A_001", "010_001",
        ];
        let mut ids = row.map(|text| text.parse::<ShotId>().unwrap());
        ids.reverse();
        ids.sort();
        assert_eq!(ids.map(String::from), row);
    }

    #[test]
    fn what_is_of_no_scene_is_not_taken_for_one() {
        for (item, scene) in [
            ("012", Some("012")),
            ("012_003", Some("012")),
            ("001+61_003", Some("001+61")),
            ("100_acre", None),
            ("rae", None),
            ("old_man", None),
            ("", None),
        ] {
            assert_eq!(scene_of_item(item), scene, "{item}");
        }
    }
}
