//! The places of a conflict by the names that people type behind `#`.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::Result;
use super::join::is_script;
use crate::film::fountain::parse;
use crate::film::ids::ShotId;
use crate::film::numbers::{MAX_NUMBERS_BYTES, Numbers};
use crate::film::scenes::{Scene, split};
use crate::film::versions::marked_places;
use crate::history::{FileEntry, Project};
use crate::merge::{LIMIT_BYTES, line_of};
use crate::object::{Conflict, FileId, Place, RepoPath};
use crate::pipeline::SCRIPT;

/// The list that a shot list has its shots in.
const SHOTS: &str = "/shots/";

/// A part of a file in conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// `scene=12`: every place in that scene of a screenplay.
    Scene(String),
    /// `shot=012_003`, or with a pointer after it one of its fields.
    Shot {
        /// Its id, or as a slate has it: `12-3`.
        shot: String,
        /// RFC 6901 within the shot; empty for all of it.
        pointer: String,
    },
    /// `conflict=2`: the number in its marks.
    Conflict(u64),
    /// `line=7`: its first line.
    Line(u64),
    /// `/palette/0`: a field, and all beneath it.
    Field(String),
}

/// A text that names no part of a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no place of a file")]
pub struct NotAPart(pub String);

impl FromStr for Part {
    type Err = NotAPart;

    fn from_str(text: &str) -> std::result::Result<Self, NotAPart> {
        let no = || NotAPart(text.to_owned());
        if text.starts_with('/') {
            return Ok(Self::Field(text.to_owned()));
        }
        let number = |digits: &str| digits.parse().map_err(|_| no());
        match text.split_once('=').ok_or_else(no)? {
            (_, "") => Err(no()),
            ("scene", number) => Ok(Self::Scene(number.to_owned())),
            ("shot", shot) => {
                let (shot, pointer) = shot.split_at(shot.find('/').unwrap_or(shot.len()));
                Ok(Self::Shot {
                    shot: shot.to_owned(),
                    pointer: pointer.to_owned(),
                })
            }
            ("conflict", mark) => Ok(Self::Conflict(number(mark)?)),
            ("line", line) => Ok(Self::Line(number(line)?)),
            _ => Err(no()),
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scene(number) => write!(f, "scene={number}"),
            Self::Shot { shot, pointer } => write!(f, "shot={shot}{pointer}"),
            Self::Conflict(mark) => write!(f, "conflict={mark}"),
            Self::Line(line) => write!(f, "line={line}"),
            Self::Field(pointer) => f.write_str(pointer),
        }
    }
}

/// The parts that are meant of each file of which not all is.
pub type Parts = BTreeMap<RepoPath, Vec<Part>>;

/// A place of a conflict as it is found in the file now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    /// What names it, and no other place of the file; none names the whole file.
    pub(super) part: Option<Part>,
    /// Its first line.
    pub(super) line: Option<u64>,
    /// The scenes that it lies in, or holds.
    scenes: Vec<Scenes>,
    shot: Option<(ShotId, String)>,
    place: Place,
}

type Scenes = (String, String);

impl Spot {
    /// Whether it is among those that `part` means.
    pub(super) fn is_of(&self, part: &Part) -> bool {
        match part {
            Part::Scene(wanted) => {
                let mut scenes = self.scenes.iter();
                scenes.any(|(number, stem)| number == wanted || stem == wanted)
            }
            Part::Shot { shot, pointer } => self.shot.as_ref().is_some_and(|(id, inner)| {
                (id.as_str() == shot || id.slate() == *shot) && is_beneath(inner, pointer)
            }),
            Part::Conflict(mark) => self.place.mark == Some(*mark),
            Part::Line(line) => self.line == Some(*line),
            Part::Field(pointer) => {
                let own = self.place.pointer.as_deref();
                own.is_some_and(|own| is_beneath(own, pointer))
            }
        }
    }

    /// Its name with that of its file.
    pub(super) fn named(&self, path: &RepoPath) -> String {
        match &self.part {
            Some(part) => format!("{path}#{part}"),
            None => path.to_string(),
        }
    }
}

fn is_beneath(pointer: &str, of: &str) -> bool {
    let rest = pointer.strip_prefix(of);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The places of a conflict as they are found in the file that stands for it. `numbers` is the
/// `numbers.toml` beside it.
///
/// # Errors
/// What the store says.
pub(super) fn spots(
    project: &Project,
    path: &RepoPath,
    entry: &FileEntry,
    conflict: &Conflict,
    numbers: Option<FileId>,
) -> Result<Vec<Spot>> {
    let text = match conflict.places.iter().any(|place| place.line.is_some())
        && entry.size <= LIMIT_BYTES
    {
        true => Some(project.store().read_file(entry.id, LIMIT_BYTES)?),
        false => None,
    };
    let text = text.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let text = text.unwrap_or_default();
    let scenes = match is_script(path.as_str()) {
        true => scenes_of(project, path, &text, numbers)?,
        false => Vec::new(),
    };
    let marks: BTreeMap<u64, _> = marked_places(&text)
        .into_iter()
        .map(|place| (place.number.into(), place.lines))
        .collect();
    let spot = |place: &Place| {
        let lines = match place.mark {
            Some(mark) => marks.get(&mark).cloned(),
            None => place.line.map(|line| {
                let line = line_of(&text, place).unwrap_or(line);
                let ours = place.ours.as_deref().unwrap_or_default();
                line..=line + (ours.lines().count() as u64).saturating_sub(1)
            }),
        };
        let within = lines.clone().map(|lines| within(&scenes, lines));
        let shot = place.pointer.as_deref().and_then(shot_of);
        Spot {
            part: None,
            line: lines.map(|lines| *lines.start()),
            scenes: within.unwrap_or_default(),
            shot,
            place: place.clone(),
        }
    };
    let mut spots: Vec<Spot> = conflict.places.iter().map(spot).collect();
    let mut in_scene: BTreeMap<&Scenes, usize> = BTreeMap::new();
    for scene in spots.iter().flat_map(|spot| &spot.scenes) {
        *in_scene.entry(scene).or_default() += 1;
    }
    let name = |spot: &Spot| match (&spot.place, spot.scenes.first()) {
        (_, Some(scene)) if in_scene[scene] == 1 => Some(Part::Scene(scene.0.clone())),
        (place, _) if place.mark.is_some() => place.mark.map(Part::Conflict),
        (place, _) => match (&spot.shot, &place.pointer) {
            (Some((shot, pointer)), _) => Some(Part::Shot {
                shot: shot.as_str().to_owned(),
                pointer: pointer.clone(),
            }),
            (None, Some(pointer)) if pointer.is_empty() => None,
            (None, Some(pointer)) => Some(Part::Field(pointer.clone())),
            (None, None) => spot.line.map(Part::Line),
        },
    };
    let names: Vec<_> = spots.iter().map(name).collect();
    for (spot, name) in spots.iter_mut().zip(names) {
        spot.part = name;
    }
    Ok(spots)
}

/// The shot that a field of a shot list belongs to, and the pointer within it.
fn shot_of(pointer: &str) -> Option<(ShotId, String)> {
    let rest = pointer.strip_prefix(SHOTS)?;
    let (shot, inner) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    Some((shot.parse().ok()?, inner.to_owned()))
}

/// A scene of a script: its number, that as a file stem, and its lines, counted from 0.
type Numbered = (Scenes, std::ops::Range<usize>);

/// The scenes of a script with the numbers that `numbers.toml` gives them.
fn scenes_of(
    project: &Project,
    path: &RepoPath,
    text: &str,
    numbers: Option<FileId>,
) -> Result<Vec<Numbered>> {
    let scenes = split(&parse(text));
    let numbers = match numbers.filter(|_| path.as_str() == SCRIPT) {
        Some(id) => Some(project.store().read_file(id, MAX_NUMBERS_BYTES as u64)?),
        None => None,
    };
    let numbers = numbers.and_then(|bytes| Numbers::parse(std::str::from_utf8(&bytes).ok()?).ok());
    let known: Vec<_> = numbers
        .iter()
        .flat_map(Numbers::present)
        .map(|row| &row.number)
        .collect();
    let number = |scene: &Scene| match known.len() == scenes.len() {
        true => known[scene.index].clone(),
        // Headings of words that the project added are no scenes here.
        false => scene.number.clone(),
    };
    let numbered = |scene: &Scene| {
        let number = number(scene);
        (
            (number.as_str().to_owned(), number.stem()),
            scene.lines.clone(),
        )
    };
    Ok(scenes.iter().map(numbered).collect())
}

/// The scenes whose headings stand on these lines, counted from 1; else the one that they lie in.
fn within(scenes: &[Numbered], lines: std::ops::RangeInclusive<u64>) -> Vec<Scenes> {
    let first = |scene: &Numbered| scene.1.start as u64 + 1;
    let held: Vec<_> = scenes
        .iter()
        .filter(|scene| lines.contains(&first(scene)))
        .collect();
    let found = match held.is_empty() {
        false => held,
        true => {
            let mut before = scenes.iter().rev();
            before
                .find(|scene| first(scene) <= *lines.start())
                .into_iter()
                .collect()
        }
    };
    found.into_iter().map(|scene| scene.0.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_as_they_are_written() {
        for text in [
            "scene=12A",
            "shot=012_003",
            "shot=012_003/lens",
            "conflict=2",
            "line=7",
            "/a/b",
        ] {
            let part: Part = text.parse().expect("it names a part");
            assert_eq!(part.to_string(), text);
        }
        for text in [
            "",
            "scene",
            "scene=",
            "conflict=x",
            "line=-1",
            "act=1",
            "12",
        ] {
            assert_eq!(text.parse::<Part>(), Err(NotAPart(text.to_owned())));
        }
    }

    #[test]
    fn a_field_lies_beneath_another_by_whole_names() {
        assert!(is_beneath("/shots/a/lens", "/shots/a"));
        assert!(is_beneath("/shots", "/shots"));
        assert!(!is_beneath("/shots/ab", "/shots/a"));
        assert!(!is_beneath("/shots", "/shots/a"));
    }
}
