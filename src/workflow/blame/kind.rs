//! What a row of a file is: a line, a paragraph of a screenplay, a field of a shot.

use serde::Serialize;
use serde_json::Value;

use super::Part;
use crate::diff::{as_text, carried_lines};
use crate::film::ids::{SceneNumber, scene_of_shot, scenes_named, shots_named};
use crate::film::scenes::Scene;
use crate::film::versions::{
    ScriptUnit, ShotField, UnitKind, carried_fields, carried_units, script_units, shot_fields,
};
use crate::history::Project;
use crate::object::RepoPath;
use crate::pipeline::{Makes, Pipeline, SCRIPT};
use crate::workflow::comparison::SCRIPT_EXTENSIONS;
use crate::workflow::film::{numbers_in, shots_of};
use crate::workflow::repository::PartError;
use crate::workflow::scenes_of::scene_lines;

/// By what a file is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BlameKind {
    /// Line by line.
    Lines,
    /// A screenplay, paragraph by paragraph.
    Script,
    /// A shot list, field by field.
    Shots,
}

/// What a row says, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Where it stands.
    #[serde(flatten)]
    pub place: Place,
    /// A line, a paragraph, or the value of a field.
    pub text: String,
}

/// Where a row stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Place {
    /// A line, from 1.
    Line {
        /// Its number.
        line: usize,
    },
    /// A paragraph of a screenplay.
    Unit {
        /// Its first line, from 1.
        line: usize,
        /// How many lines it has.
        lines: usize,
        /// What it is.
        element: UnitKind,
        /// The number of its scene; none for the title page and the outline.
        scene: Option<SceneNumber>,
        /// The heading of its scene.
        heading: Option<String>,
    },
    /// A field of a shot list.
    Field {
        /// The shot; none for what is said of the scene.
        shot: Option<String>,
        /// Its name.
        field: String,
    },
}

impl BlameKind {
    /// What a file is told by.
    pub(super) fn of(path: &RepoPath, bytes: &[u8], by_line: bool) -> Self {
        let extension = path.as_str().rsplit_once('.').map_or("", |(_, end)| end);
        match as_text(bytes) {
            _ if by_line => Self::Lines,
            Some(_) if SCRIPT_EXTENSIONS.contains(&extension) => Self::Script,
            Some(text) if extension == "json" && shot_fields(text).is_some() => Self::Shots,
            _ => Self::Lines,
        }
    }
}

/// A version of the file.
pub(super) struct Loaded {
    text: String,
    /// Of a shot list.
    fields: Vec<ShotField>,
    /// Of a screenplay whose rows are told.
    units: std::cell::OnceCell<(Vec<ScriptUnit>, Vec<Scene>)>,
    kind: BlameKind,
}

impl Loaded {
    /// Takes a version apart; none for what is no text, or no shot list where there were shot lists.
    pub(super) fn of(kind: BlameKind, bytes: Vec<u8>) -> Option<Self> {
        as_text(&bytes)?;
        let text = String::from_utf8(bytes).ok()?;
        let fields = match kind {
            BlameKind::Shots => shot_fields(&text)?,
            BlameKind::Lines | BlameKind::Script => Vec::new(),
        };
        Some(Self {
            text,
            fields,
            units: std::cell::OnceCell::new(),
            kind,
        })
    }

    fn units(&self) -> &(Vec<ScriptUnit>, Vec<Scene>) {
        self.units.get_or_init(|| script_units(&self.text))
    }

    /// Every row of it; `read` gives the file with the scene numbers.
    pub(super) fn rows(
        &self,
        kind: BlameKind,
        read: &dyn Fn(&RepoPath) -> Option<Vec<u8>>,
    ) -> Vec<Row> {
        match kind {
            BlameKind::Lines => {
                let lines = self.text.lines().enumerate();
                let row = |(at, text): (usize, &str)| Row {
                    place: Place::Line { line: at + 1 },
                    text: text.to_owned(),
                };
                lines.map(row).collect()
            }
            BlameKind::Script => {
                let (units, scenes) = self.units();
                let numbers = scene_lines(scenes, read).numbers;
                let row = |unit: &ScriptUnit| Row {
                    place: Place::Unit {
                        line: unit.line,
                        lines: unit.lines,
                        element: unit.kind,
                        scene: unit.scene.map(|at| numbers[at].clone()),
                        heading: unit.scene.map(|at| scenes[at].heading.raw.clone()),
                    },
                    text: unit.text.clone(),
                };
                units.iter().map(row).collect()
            }
            BlameKind::Shots => {
                let row = |field: &ShotField| Row {
                    place: Place::Field {
                        shot: field.shot.clone(),
                        field: field.field.clone(),
                    },
                    text: match &field.value {
                        Value::String(text) => text.clone(),
                        value => value.to_string(),
                    },
                };
                self.fields.iter().map(row).collect()
            }
        }
    }

    /// How rows are named from version to version: a paragraph by its first line.
    pub(super) fn places(&self, rows: &[usize]) -> Vec<usize> {
        match self.kind {
            BlameKind::Lines | BlameKind::Shots => rows.to_vec(),
            BlameKind::Script => rows.iter().map(|row| self.units().0[*row].line).collect(),
        }
    }

    /// Where in this version rows of a newer one stand.
    pub(super) fn carried(
        &self,
        kind: BlameKind,
        newer: &Self,
        places: &[usize],
    ) -> Vec<Option<usize>> {
        match kind {
            BlameKind::Lines => carried_lines(&self.text, &newer.text, places),
            BlameKind::Script => carried_units(&self.text, &newer.text, places),
            BlameKind::Shots => carried_fields(&self.fields, &newer.fields, places),
        }
    }
}

/// The rows that a part of the file has.
pub(super) fn wanted(
    kind: BlameKind,
    path: &RepoPath,
    file: &Loaded,
    rows: &[Row],
    part: &Part<'_>,
) -> Result<Vec<usize>, PartError> {
    let other = |what| PartError::OtherKind {
        path: path.clone(),
        what,
    };
    let some = |is_in: &dyn Fn(&Place) -> bool| -> Vec<usize> {
        let rows = rows.iter().enumerate();
        rows.filter(|(_, row)| is_in(&row.place))
            .map(|(at, _)| at)
            .collect()
    };
    let missing = |what, name: &str, known: Vec<String>| PartError::NoPart {
        path: path.clone(),
        what,
        name: name.to_owned(),
        known,
    };
    match (part, kind) {
        (Part::All, _) => Ok((0..rows.len()).collect()),
        (Part::Lines(_), BlameKind::Shots) => Err(other("line")),
        (Part::Lines(asked), _) => {
            let lines = file.text.lines().count();
            if *asked.start() == 0 || *asked.start() > lines {
                return Err(PartError::NoLine {
                    path: path.clone(),
                    lines,
                    asked: *asked.start(),
                });
            }
            Ok(some(&|place| match place {
                Place::Line { line } => asked.contains(line),
                Place::Unit { line, lines, .. } => {
                    line <= asked.end() && line + lines > *asked.start()
                }
                Place::Field { .. } => false,
            }))
        }
        (Part::Scene(asked), BlameKind::Script) => {
            let mut known: Vec<SceneNumber> = Vec::new();
            for row in rows {
                if let Place::Unit {
                    scene: Some(scene), ..
                } = &row.place
                    && known.last() != Some(scene)
                {
                    known.push(scene.clone());
                }
            }
            let stems: Vec<String> = known.iter().map(SceneNumber::stem).collect();
            let found = scenes_named(asked, stems.iter().map(String::as_str));
            let [stem] = found.as_slice() else {
                let known = known.iter().map(ToString::to_string).collect();
                return Err(missing("scene", asked, known));
            };
            Ok(some(&|place| match place {
                Place::Unit {
                    scene: Some(scene), ..
                } => scene.stem() == *stem,
                _ => false,
            }))
        }
        (Part::Scene(_), _) => Err(other("scene")),
        (Part::Shot(asked), BlameKind::Shots) => {
            let mut ids: Vec<&str> = file
                .fields
                .iter()
                .filter_map(|field| field.shot.as_deref())
                .collect();
            ids.dedup();
            let found = shots_named(asked, &ids);
            let [id] = found.as_slice() else {
                return Err(missing(
                    "shot",
                    asked,
                    ids.iter().map(|id| (*id).to_owned()).collect(),
                ));
            };
            Ok(some(
                &|place| matches!(place, Place::Field { shot: Some(shot), .. } if shot == id),
            ))
        }
        (Part::Shot(_), _) => Err(other("shot")),
    }
}

/// The screenplay of a film.
pub fn script_path() -> RepoPath {
    RepoPath::new(SCRIPT).expect("a safe name")
}

/// The shot list that a shot stands in, and its id; none where no shot is called so.
#[must_use]
pub fn list_of_shot(
    project: &Project,
    pipeline: &Pipeline,
    typed: &str,
) -> Option<(RepoPath, String)> {
    let shots = shots_of(&numbers_in(project.root())?);
    let known: Vec<&str> = shots.iter().map(String::as_str).collect();
    let [shot] = shots_named(typed, &known)[..] else {
        return None;
    };
    let stages = pipeline.stages();
    let stage = stages
        .iter()
        .find(|stage| stage.makes == Some(Makes::ShotList))?;
    let path = RepoPath::new(stage.output(scene_of_shot(shot)?)).ok()?;
    Some((path, shot.to_owned()))
}
