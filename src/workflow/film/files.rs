//! Files of scenes and shots by name, for commands that take paths of any commit: nothing is
//! planned, names come from `numbers.toml`.

use std::io::Read as _;
use std::path::Path;

use super::named::is_title;
use crate::base::regular;
use crate::film::ids::{ShotId, scene_of_shot, scenes_named, shots_named};
use crate::film::numbers::{MAX_NUMBERS_BYTES, Numbers, Row};
use crate::object::RepoPath;
use crate::pipeline::{Each, NUMBERS, Pipeline, Stage, read_numbers};

/// What `numbers.toml` in a project's folder says; none where it cannot be read.
pub(crate) fn numbers_in(root: &Path) -> Option<Numbers> {
    let file = regular::open(&root.join(NUMBERS)).ok()?;
    let mut bytes = Vec::new();
    let most = MAX_NUMBERS_BYTES as u64;
    file.take(most + 1).read_to_end(&mut bytes).ok()?;
    read_numbers(&bytes).ok()
}

/// The ids of all shots that are remembered.
pub(crate) fn shots_of(numbers: &Numbers) -> Vec<String> {
    let of_row = |row: &Row| {
        let stem = row.number.stem();
        let shots = row.shots.shots.iter();
        let ids: Vec<String> = shots
            .map(|shot| ShotId::new(&stem, &shot.id).into())
            .collect();
        ids
    };
    numbers.present().flat_map(of_row).collect()
}

/// What is known of a project to tell names from paths.
pub struct Paths<'p> {
    /// Its folder.
    pub root: &'p Path,
    /// Its stages.
    pub pipeline: &'p Pipeline,
    /// Whether a word is a path as it stands.
    pub is_path: &'p dyn Fn(&str) -> bool,
    /// Whether a path of the project holds, or held, anything.
    pub is_file: &'p dyn Fn(&RepoPath) -> bool,
}

/// A scene or a shot.
enum Part {
    Scene(String),
    Shot(String),
}

impl Paths<'_> {
    /// The words, with those that name a scene or a shot, `scene 2`, `2-11`, `frames 2-11`, replaced
    /// by the paths of its files, absolute.
    #[must_use]
    pub fn with_files(&self, words: &[String]) -> Vec<String> {
        let Some(numbers) = numbers_in(self.root) else {
            return words.to_vec();
        };
        let shots = shots_of(&numbers);
        let stems: Vec<String> = numbers.present().map(|row| row.number.stem()).collect();
        let mut found = Vec::new();
        let mut rest = words;
        while let Some((word, after)) = rest.split_first() {
            rest = after;
            let stage = self.pipeline.stage(word);
            let mut parts = match stage {
                Some(_) => after,
                None => &words[words.len() - after.len() - 1..],
            };
            let before = found.len();
            while let Some((part, used)) = self.part(parts, &stems, &shots) {
                let files = self.files(stage, &part, &stems, &shots);
                if files.is_empty() {
                    break;
                }
                found.extend(files);
                parts = &parts[used..];
                rest = parts;
                if stage.is_none() {
                    break;
                }
            }
            if found.len() == before {
                found.push(word.clone());
            }
        }
        found
    }

    fn part(&self, words: &[String], stems: &[String], shots: &[String]) -> Option<(Part, usize)> {
        let word = words
            .first()
            .filter(|word| !(self.is_path)(word) && !word.contains('/'))?;
        let (name, title, used) = match words.get(1).filter(|_| is_title(word)) {
            Some(name) => (name, word.to_lowercase(), 2),
            None => (word, String::new(), 1),
        };
        let known: Vec<&str> = shots.iter().map(String::as_str).collect();
        if let ("" | "shot", [shot]) = (title.as_str(), shots_named(name, &known).as_slice()) {
            return Some((Part::Shot((*shot).to_owned()), used));
        }
        let scenes = scenes_named(name, stems.iter().map(String::as_str));
        match (title.as_str(), scenes.as_slice()) {
            ("scene", [stem]) => Some((Part::Scene((*stem).to_owned()), used)),
            _ => None,
        }
    }

    fn files(
        &self,
        only: Option<&Stage>,
        part: &Part,
        stems: &[String],
        shots: &[String],
    ) -> Vec<String> {
        let is_meant = |each: Each, item: &str| match (part, each) {
            (Part::Scene(stem), Each::Scene) => item == stem,
            (Part::Scene(stem), Each::Shot) => scene_of_shot(item) == Some(stem),
            (Part::Shot(shot), Each::Shot) => item == shot,
            _ => false,
        };
        let mut files = Vec::new();
        for stage in self.pipeline.stages() {
            let Some(each) = stage.each else { continue };
            if only.is_some_and(|only| only.name != stage.name) {
                continue;
            }
            let items = if each == Each::Scene { stems } else { shots };
            let items = items.iter().filter(|item| is_meant(each, item));
            let paths = items.filter_map(|item| RepoPath::new(stage.output(item)).ok());
            let there = paths.filter(|path| (self.is_file)(path));
            files.extend(
                there.map(|path| self.root.join(path.as_str()).to_string_lossy().into_owned()),
            );
        }
        files
    }
}
