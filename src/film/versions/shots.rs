//! What differs between two versions of a shot list, shot by shot. Read as loosely as possible, so
//! that a list that was written by hand, or by an older version, is compared all the same.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::fields::{FieldChange, compare_objects};
use crate::numbers::{ascending, by_count};
use crate::rate::FrameRate;

/// How two versions of a scene's shot list differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShotListDiff {
    /// The number of the scene; none where the list does not say.
    pub scene: Option<String>,
    /// Its heading.
    pub slugline: Option<String>,
    /// Frames a second, as the newer version says, else the older one.
    pub fps: Option<FrameRate>,
    /// How many shots there were.
    pub old_shots: usize,
    /// How many there are.
    pub new_shots: usize,
    /// The sum of their durations before, in frames.
    pub old_frames: u64,
    /// The sum of their durations now, in frames.
    pub new_frames: u64,
    /// The fields of the scene itself that differ.
    pub fields: Vec<FieldChange>,
    /// The shots that differ, in the order of the newer version; one that went stands where it stood.
    pub shots: Vec<ShotChange>,
}

/// A shot that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShotChange {
    /// What happened to it.
    pub fate: ShotFate,
    /// Whether it stands elsewhere among the shots now.
    pub moved: bool,
    /// In the older version.
    pub old: Option<ShotSide>,
    /// In the newer one.
    pub new: Option<ShotSide>,
    /// The shot beside it that most words of an added shot were taken from.
    pub split_from: Option<String>,
    /// The shot beside it that most words of a removed shot went into.
    pub merged_into: Option<String>,
    /// Its fields that differ.
    pub fields: Vec<FieldChange>,
}

/// What happened to a shot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShotFate {
    /// Only the newer version has it.
    Added,
    /// Only the older version has it.
    Removed,
    /// Both have it, and a field differs.
    Changed,
    /// Both have it as it is, at another place or under another id.
    Moved,
}

/// One version of a shot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShotSide {
    /// `012_003`
    pub shot_id: String,
    /// Its place in the scene, from 0.
    pub index: usize,
    /// The sentences seen in it.
    pub content: String,
    /// Its size, `CU`; empty where the list does not say.
    pub shot_type: String,
    /// Frames.
    pub duration: u64,
}

/// Fewest words of a shot by which it is said to be a part of another one.
const LEAST_WORDS: usize = 3;
/// Fields that say where a shot stands and not what it is.
const PLACES: [&str; 2] = ["shot_id", "source"];

/// Compares two versions of a shot list; none where one of them is no shot list: an object with a
/// list `shots`, whose entries have a `shot_id` each of its own. An absent version is `null`.
#[must_use]
pub fn compare_shots(old: &Value, new: &Value) -> Option<ShotListDiff> {
    let (old, new) = (List::of(old)?, List::of(new)?);
    let mut diff = ShotListDiff {
        scene: said(&[new.top, old.top], "scene"),
        slugline: said(&[new.top, old.top], "slugline"),
        fps: [new.top, old.top].iter().find_map(|top| rate(top)),
        old_shots: old.shots.len(),
        new_shots: new.shots.len(),
        old_frames: old.frames(),
        new_frames: new.frames(),
        fields: match (old.is_absent(), new.is_absent()) {
            (false, false) => compare_objects(old.top, new.top, &["shots"]),
            _ => Vec::new(),
        },
        shots: Vec::new(),
    };
    let pairs = paired(&old, &new);
    let stayed: HashSet<usize> = ascending(&pairs).into_iter().map(|(_, now)| now).collect();
    let mut of = vec![None; new.shots.len()];
    let mut at = vec![None; old.shots.len()];
    for (was, now) in pairs {
        (of[now], at[was]) = (Some(was), Some(now));
    }
    let split = parts(&new, &old, &of, |was| at[was].map(|now| &new.shots[now]));
    let merged = parts(&old, &new, &at, |now| of[now].map(|was| &old.shots[was]));
    let mut gone = 0;
    let remove = |range: std::ops::Range<usize>, shots: &mut Vec<ShotChange>| {
        shots.extend(
            range
                .filter(|was| at[*was].is_none())
                .map(|was| ShotChange {
                    fate: ShotFate::Removed,
                    moved: false,
                    old: Some(old.side(was)),
                    new: None,
                    split_from: None,
                    merged_into: merged.get(&was).cloned(),
                    fields: Vec::new(),
                }),
        );
    };
    for (now, was) in of.iter().copied().enumerate() {
        let Some(was) = was else {
            diff.shots.push(ShotChange {
                fate: ShotFate::Added,
                moved: false,
                old: None,
                new: Some(new.side(now)),
                split_from: split.get(&now).cloned(),
                merged_into: None,
                fields: Vec::new(),
            });
            continue;
        };
        let moved = !stayed.contains(&now);
        if !moved {
            remove(gone..was, &mut diff.shots);
            gone = was;
        }
        // Where a shot stands in the script changes with every edit before it.
        let fields = compare_objects(old.shots[was], new.shots[now], &PLACES);
        let is_renamed = old.id(was) != new.id(now);
        let fate = match fields.is_empty() {
            false => ShotFate::Changed,
            true if moved || is_renamed => ShotFate::Moved,
            true => continue,
        };
        diff.shots.push(ShotChange {
            fate,
            moved,
            old: Some(old.side(was)),
            new: Some(new.side(now)),
            split_from: None,
            merged_into: None,
            fields,
        });
    }
    remove(gone..old.shots.len(), &mut diff.shots);
    Some(diff)
}

impl ShotListDiff {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.shots.is_empty()
    }
}

/// One version of a shot list.
struct List<'v> {
    top: &'v Map<String, Value>,
    shots: Vec<&'v Map<String, Value>>,
}

/// The version that is not there.
static NOTHING: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);

impl<'v> List<'v> {
    fn of(value: &'v Value) -> Option<Self> {
        let top = match value {
            Value::Null => {
                let (top, shots) = (&*NOTHING, Vec::new());
                return Some(Self { top, shots });
            }
            value => value.as_object()?,
        };
        let mut seen = HashSet::new();
        let shot = |value: &'v Value| {
            let shot = value.as_object()?;
            let id = shot.get("shot_id")?.as_str()?;
            seen.insert(id).then_some(shot)
        };
        let shots = top.get("shots")?.as_array()?;
        let shots = shots.iter().map(shot).collect::<Option<_>>()?;
        Some(Self { top, shots })
    }

    fn is_absent(&self) -> bool {
        self.top.is_empty()
    }

    fn id(&self, at: usize) -> &str {
        self.shots[at]["shot_id"].as_str().unwrap_or_default()
    }

    fn frames(&self) -> u64 {
        let frames = self.shots.iter().map(|shot| frames(shot));
        frames.fold(0, u64::saturating_add)
    }

    fn side(&self, at: usize) -> ShotSide {
        let shot = self.shots[at];
        ShotSide {
            shot_id: self.id(at).to_owned(),
            index: at,
            content: text(shot, "content").to_owned(),
            shot_type: text(shot, "shot_type").to_owned(),
            duration: frames(shot),
        }
    }
}

fn text<'v>(shot: &'v Map<String, Value>, field: &str) -> &'v str {
    shot.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn frames(shot: &Map<String, Value>) -> u64 {
    shot.get("duration").and_then(Value::as_u64).unwrap_or(0)
}

fn rate(top: &Map<String, Value>) -> Option<FrameRate> {
    FrameRate::deserialize(top.get("fps")?).ok()
}

fn said(tops: &[&Map<String, Value>], field: &str) -> Option<String> {
    let value = tops.iter().find_map(|top| top.get(field))?;
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Which shot is which: by id, and what is left by all that a shot says.
fn paired(old: &List<'_>, new: &List<'_>) -> Vec<(usize, usize)> {
    let ids = |list: &List<'_>| -> Vec<String> {
        (0..list.shots.len())
            .map(|at| list.id(at).to_owned())
            .collect()
    };
    let mut pairs = by_count(&ids(old), &ids(new));
    let (from, to): (HashSet<_>, HashSet<_>) = pairs.iter().copied().unzip();
    let left = |list: &List<'_>, taken: &HashSet<usize>| -> Vec<usize> {
        (0..list.shots.len())
            .filter(|at| !taken.contains(at))
            .collect()
    };
    let (from, to) = (left(old, &from), left(new, &to));
    let saying = |list: &List<'_>, places: &[usize]| -> Vec<String> {
        let all = |at: &usize| {
            let mut fields: Vec<_> = list.shots[*at].iter().collect();
            fields.retain(|(key, _)| !PLACES.contains(&key.as_str()));
            fields.sort_unstable_by_key(|(key, _)| key.as_str());
            fields
                .iter()
                .map(|(key, value)| format!("{key}={value}\n"))
                .collect()
        };
        places.iter().map(all).collect()
    };
    let renamed = by_count(&saying(old, &from), &saying(new, &to));
    pairs.extend(renamed.into_iter().map(|(i, j)| (from[i], to[j])));
    pairs.sort_unstable_by_key(|(_, now)| *now);
    pairs
}

/// The shots of `list` that the other version lacks and whose words mostly stood in a shot beside
/// them there: by their places, the ids of those. `kept` is the same shot in the version of `list`.
fn parts<'v>(
    list: &List<'v>,
    other: &List<'_>,
    of: &[Option<usize>],
    kept: impl Fn(usize) -> Option<&'v &'v Map<String, Value>>,
) -> BTreeMap<usize, String> {
    let mut found = BTreeMap::new();
    let mut before = None;
    let mut after = vec![None; of.len()];
    let mut next = None;
    for at in (0..of.len()).rev() {
        after[at] = next;
        next = of[at].or(next);
    }
    for at in 0..of.len() {
        if let Some(there) = of[at] {
            before = Some(there);
            continue;
        }
        let words = words(list.shots[at]);
        let total: usize = words.values().sum();
        if total < LEAST_WORDS {
            continue;
        }
        let shared = |there: usize| {
            let mut left = self::words(other.shots[there]);
            // What that shot still says itself was not taken from it.
            for (word, count) in kept(there)
                .map(|shot| self::words(shot))
                .into_iter()
                .flatten()
            {
                let entry = left.entry(word).or_default();
                *entry = entry.saturating_sub(count);
            }
            let both =
                |(word, count): (&String, &usize)| left.get(word).copied().unwrap_or(0).min(*count);
            words.iter().map(both).sum::<usize>()
        };
        let beside = [before, after[at]].into_iter().flatten();
        let best = beside
            .map(|there| (shared(there), there))
            .max_by_key(|(both, _)| *both);
        if let Some((both, there)) = best.filter(|(both, _)| both * 2 >= total) {
            debug_assert!(both > 0, "half of {total} words");
            found.insert(at, other.id(there).to_owned());
        }
    }
    found
}

/// How often a shot says each word, in what is seen and what is spoken.
fn words(shot: &Map<String, Value>) -> BTreeMap<String, usize> {
    let mut words = BTreeMap::new();
    for field in ["content", "dialogue_text", "meanwhile"] {
        let text = text(shot, field).to_lowercase();
        let found = text.split(|c: char| !c.is_alphanumeric());
        for word in found.filter(|word| !word.is_empty()) {
            *words.entry(word.to_owned()).or_default() += 1;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn list(shots: &[(&str, &str, u64)]) -> Value {
        let shot = |(id, content, duration): &(&str, &str, u64)| json!({"shot_id": id, "content": content, "shot_type": "CU", "duration": duration});
        json!({"scene": "12", "fps": 24, "shots": shots.iter().map(shot).collect::<Vec<_>>()})
    }

    fn told(old: &[(&str, &str, u64)], new: &[(&str, &str, u64)]) -> Vec<String> {
        let diff = compare_shots(&list(old), &list(new)).expect("both are shot lists");
        let line = |shot: &ShotChange| {
            let side = shot.new.as_ref().or(shot.old.as_ref()).expect("one side");
            let mut line = format!("{:?} {}", shot.fate, side.shot_id);
            for (word, value) in [("from", &shot.split_from), ("into", &shot.merged_into)] {
                line += &value
                    .as_ref()
                    .map_or(String::new(), |id| format!(" {word} {id}"));
            }
            let fields = shot.fields.iter().map(|field| format!(" {}", field.field));
            line + &fields.collect::<String>() + if shot.moved { " moved" } else { "" }
        };
        diff.shots.iter().map(line).collect()
    }

    #[test]
    fn shots_come_go_move_and_change() {
        let old = [
            ("1_1", "Rain falls.", 24),
            ("1_2", "Mila waits.", 48),
            ("1_3", "A gull.", 12),
        ];
        let new = [
            ("1_3", "A gull.", 12),
            ("1_1", "Rain falls.", 30),
            ("1_1A", "Wind.", 9),
        ];
        assert_eq!(
            told(&old, &new),
            [
                "Moved 1_3 moved",
                "Changed 1_1 /duration",
                "Added 1_1A",
                "Removed 1_2"
            ]
        );
        assert!(told(&old, &old).is_empty());
    }

    #[test]
    fn split_and_merged_shots_are_recognised() {
        let whole = [
            (
                "1_1",
                "Mila opens the door. She looks down the empty stairs.",
                60,
            ),
            ("1_2", "A gull.", 9),
        ];
        let halves = [
            ("1_1", "Mila opens the door.", 30),
            ("1_1A", "She looks down the empty stairs.", 30),
            ("1_2", "A gull.", 9),
        ];
        assert_eq!(
            told(&whole, &halves),
            ["Changed 1_1 /content /duration", "Added 1_1A from 1_1"]
        );
        assert_eq!(
            told(&halves, &whole),
            ["Changed 1_1 /content /duration", "Removed 1_1A into 1_1"]
        );
        // Words that the shot beside it still says were not taken from it.
        let again = [
            whole[0],
            ("1_1A", "She looks down the empty stairs.", 30),
            whole[1],
        ];
        assert_eq!(told(&whole, &again), ["Added 1_1A"]);
    }

    #[test]
    fn a_shot_under_another_id_is_the_same_shot() {
        let old = [
            ("1_1", "Rain falls on the deck.", 24),
            ("1_2", "Mila waits.", 48),
        ];
        let new = [
            ("1_1", "Rain falls on the deck.", 24),
            ("1_7", "Mila waits.", 48),
        ];
        assert_eq!(told(&old, &new), ["Moved 1_7"]);
    }

    #[test]
    fn the_whole_scene_is_summed_up() {
        let old = list(&[("1_1", "Rain.", 24)]);
        let mut new = list(&[("1_1", "Rain.", 36), ("1_2", "Wind.", u64::MAX)]);
        new["pacing_curve"] = json!("slow");
        let diff = compare_shots(&old, &new).expect("both are shot lists");
        assert_eq!((diff.old_shots, diff.new_shots), (1, 2));
        assert_eq!((diff.old_frames, diff.new_frames), (24, u64::MAX));
        assert_eq!(diff.fields[0].field, "/pacing_curve");
        assert_eq!(
            (diff.scene.as_deref(), diff.fps),
            (Some("12"), Some(FrameRate::FILM))
        );
        let made = compare_shots(&Value::Null, &old).expect("one is absent");
        assert_eq!(made.shots[0].fate, ShotFate::Added);
        assert!(made.fields.is_empty());
        for other in [
            json!({}),
            json!({"shots": [{}]}),
            json!({"shots": [{"shot_id": "a"}, {"shot_id": "a"}]}),
        ] {
            assert_eq!(compare_shots(&old, &other), None, "{other}");
        }
    }
}
