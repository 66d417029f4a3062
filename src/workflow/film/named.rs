//! What the words of a command line name of a film: the one place that reads them.
//!
//! ```text
//! target = stage [part …] | part | path                    frames 2-11   cuts scene 2   frames/002_011.png
//! part   = "scene" number | "shot" shot | shot | number | character | location
//! ```
//! A number is written as it is printed or as its files are (`2A`, `2a`, `002A`), a shot as well
//! (`2-11`, `002_011`). A path is taken from the folder that the command runs in, else from the
//! project's, as paths are printed.

mod unknown;

use std::collections::HashSet;
use std::path::Path;

use super::plan::Planned;
use crate::film::cast::slug;
use crate::film::ids::{scene_name, scene_of_shot, scenes_named, shot_name, shots_named};
use crate::generate::Target;
use crate::history::HistoryError;
use crate::object::RepoPath;
use crate::pipeline::{Each, Item, Pipeline, State};
use crate::workflow::repository::locate;

pub use unknown::UnknownName;

/// Words that name parts of a film, as typed in a folder. None stands for the whole film.
#[derive(Debug, Clone, Default)]
pub struct Targets {
    words: Vec<Word>,
}

#[derive(Debug, Clone)]
struct Word {
    text: String,
    /// What it is as a path of the project.
    path: Option<RepoPath>,
}

impl Targets {
    /// What `words` may mean to someone in the folder `cwd` of the project in `root`.
    ///
    /// # Errors
    /// For a path outside the project, or one that no tree can hold.
    pub fn typed(root: &Path, cwd: &Path, words: &[String]) -> Result<Self, HistoryError> {
        let mut typed: Vec<Word> = Vec::new();
        // `"scene 12"` is meant as the two words are.
        let words = words.iter().flat_map(|text| match text.split_once(' ') {
            Some((title, name)) if is_title(title) => {
                vec![title.to_owned(), name.trim().to_owned()]
            }
            _ => vec![text.clone()],
        });
        for text in words {
            let text = &text;
            let follows = typed.last().is_some_and(|word| is_title(&word.text));
            let looks = text.contains(['/', '.']) && !follows;
            let path = match locate(root, cwd, Path::new(text)) {
                // The project folder itself: everything.
                Ok(None) if looks => return Ok(Self::default()),
                Err(error) if looks => return Err(error),
                path => path.unwrap_or_default(),
            };
            let text = text.clone();
            typed.push(Word { text, path });
        }
        Ok(Self { words: typed })
    }

    /// Whether nothing is named: the whole film is meant.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The one word as a path of the project, if it is one word and may be a path.
    pub(super) fn path(&self) -> Option<&RepoPath> {
        match self.words.as_slice() {
            [word] => word.path.as_ref(),
            _ => None,
        }
    }

    /// What was typed, and what each word is as a path.
    pub(super) fn parts(&self) -> impl Iterator<Item = &str> {
        self.words.iter().flat_map(|word| {
            let path = word.path.as_ref().map_or("", RepoPath::as_str);
            [word.text.as_str(), path]
        })
    }

    /// The words as they were typed, for messages.
    #[must_use]
    pub fn text(&self) -> String {
        let words: Vec<&str> = self.words.iter().map(|word| word.text.as_str()).collect();
        words.join(" ")
    }
}

/// Whether the word after this one is the name.
pub(super) fn is_title(word: &str) -> bool {
    word.eq_ignore_ascii_case("scene") || word.eq_ignore_ascii_case("shot")
}

/// Names in the order of the script: those that are there, then those of outputs whose scene or
/// shot is gone.
#[derive(Debug, Default)]
struct Known<'f> {
    all: Vec<&'f str>,
    present: usize,
}

impl<'f> Known<'f> {
    fn new(names: impl Iterator<Item = (&'f str, bool)>) -> Self {
        let (mut seen, mut all, mut gone) = (HashSet::new(), Vec::new(), Vec::new());
        for (name, is_gone) in names {
            match is_gone {
                true => gone.push(name),
                false if seen.insert(name) => all.push(name),
                false => {}
            }
        }
        let present = all.len();
        all.extend(gone.into_iter().filter(|name| seen.insert(name)));
        Self { all, present }
    }

    fn present(&self) -> &[&'f str] {
        &self.all[..self.present]
    }
}

/// Everything of a film that can be named.
pub(super) struct FilmNames<'f> {
    pipeline: &'f Pipeline,
    items: &'f [Item],
    /// As file stems.
    scenes: Known<'f>,
    /// As ids.
    shots: Known<'f>,
    /// Characters and places.
    others: HashSet<&'f str>,
}

impl<'f> FilmNames<'f> {
    pub(super) fn of(pipeline: &'f Pipeline, planned: &'f Planned) -> Self {
        let items = planned.items.as_slice();
        let each = |item: &Item| pipeline.stage(&item.stage).and_then(|stage| stage.each);
        let is_gone = |item: &Item| item.state == State::Orphan;
        let of_scenes = |item: &&Item| matches!(each(item), Some(Each::Scene | Each::Shot));
        let of_shots = |item: &&Item| each(item) == Some(Each::Shot);
        let of_others = |item: &&Item| matches!(each(item), Some(Each::Character | Each::Location));
        let scenes = items.iter().filter(of_scenes);
        let shots = items.iter().filter(of_shots);
        Self {
            pipeline,
            items,
            scenes: Known::new(scenes.map(|item| (item.scene(), is_gone(item)))),
            shots: Known::new(shots.map(|item| (item.item.as_str(), is_gone(item)))),
            others: items
                .iter()
                .filter(of_others)
                .map(|item| item.item.as_str())
                .collect(),
        }
    }

    /// What is named. `is_path` says which paths can be, beside those of outputs.
    ///
    /// # Errors
    /// The word that names nothing, or more than one thing.
    pub(super) fn parse(
        &self,
        targets: &Targets,
        is_path: &dyn Fn(&RepoPath) -> bool,
    ) -> Result<Vec<Target>, UnknownName> {
        let mut found = Vec::new();
        let mut words = targets.words.as_slice();
        while let Some((word, after)) = words.split_first() {
            if let Some(stage) = self.stage(&word.text) {
                words = after;
                let before = found.len();
                while let Some((part, after)) = self.part(words)? {
                    found.push(self.within(stage, part)?);
                    words = after;
                }
                if found.len() == before {
                    found.push(Target::Stage(stage.to_owned()));
                }
            } else if let Some((part, after)) = self.part(words)? {
                words = after;
                found.push(part);
            } else {
                words = after;
                found.push(self.path(word, is_path)?);
            }
        }
        Ok(found)
    }

    fn stage(&self, word: &str) -> Option<&'f str> {
        let mut stages = self
            .pipeline
            .stages()
            .iter()
            .map(|stage| stage.name.as_str());
        stages.find(|name| name.eq_ignore_ascii_case(word))
    }

    /// The scene, shot, character or place that words begin with, and the words behind it.
    fn part<'w>(&self, words: &'w [Word]) -> Result<Option<(Target, &'w [Word])>, UnknownName> {
        let Some((word, after)) = words.split_first() else {
            return Ok(None);
        };
        if is_title(&word.text) {
            let title = word.text.to_lowercase();
            let Some((name, after)) = after.split_first() else {
                let example = if title == "scene" {
                    "scene 12"
                } else {
                    "shot 12-3"
                };
                let message = format!("{title} needs a number, as in {example}");
                return Err(UnknownName::new(message));
            };
            let part = match title.as_str() {
                "scene" => self
                    .scene(&name.text)?
                    .ok_or_else(|| self.no_scene(&name.text))?,
                _ => self
                    .shot(&name.text)?
                    .ok_or_else(|| self.no_shot(&name.text))?,
            };
            return Ok(Some((part, after)));
        }
        if word.text.contains('/') {
            return Ok(None);
        }
        let found = match self.shot(&word.text)? {
            Some(shot) => Some(shot),
            None => match self.scene(&word.text)? {
                Some(scene) => Some(scene),
                None => self.other(&word.text),
            },
        };
        Ok(found.map(|part| (part, after)))
    }

    fn scene(&self, typed: &str) -> Result<Option<Target>, UnknownName> {
        let found = scenes_named(typed, self.scenes.all.iter().copied());
        let names = found.iter().map(|stem| scene_name(stem));
        one_of(typed, &found, names).map(|found| found.map(Target::Scene))
    }

    fn shot(&self, typed: &str) -> Result<Option<Target>, UnknownName> {
        let found = shots_named(typed, &self.shots.all);
        let names = found.iter().map(|shot| shot_name(shot));
        one_of(typed, &found, names).map(|found| found.map(Target::Item))
    }

    fn other(&self, typed: &str) -> Option<Target> {
        // As they stand in the script too: `CAPTAIN ODELL` is `captain_odell`.
        let exact = self.others.get(typed);
        let found = exact.or_else(|| self.others.get(slug(typed).as_str()));
        found.map(|name| Target::Item((*name).to_owned()))
    }

    /// What a stage makes for a part of the film.
    fn within(&self, stage: &str, part: Target) -> Result<Target, UnknownName> {
        let name = match &part {
            Target::Scene(stem) => format!("scene {}", scene_name(stem)),
            Target::Item(item) if scene_of_shot(item).is_some() => {
                format!("shot {}", shot_name(item))
            }
            Target::Item(item) | Target::Path(item) => item.clone(),
            Target::Stage(_) | Target::Within(..) => String::new(),
        };
        let scene = match &part {
            Target::Scene(stem) => Some(stem.clone()),
            _ => None,
        };
        let target = Target::Within(stage.to_owned(), Box::new(part));
        if self.items.iter().any(|item| target.names(item)) {
            return Ok(target);
        }
        if let Some(unread) = scene.and_then(|stem| self.unread(&stem)) {
            return Err(unread);
        }
        let each = self
            .pipeline
            .stage(stage)
            .map_or("film", |stage| stage.each_name());
        let message =
            format!("{stage} makes nothing for {name}: it makes one output for each {each}");
        let message = match each {
            "film" => {
                format!("{stage} makes nothing for {name}: it makes one output for the whole film")
            }
            _ => message,
        };
        Err(UnknownName::new(message).hint(format!("aiut plan {stage} --json   lists its outputs")))
    }

    fn path(
        &self,
        word: &Word,
        is_path: &dyn Fn(&RepoPath) -> bool,
    ) -> Result<Target, UnknownName> {
        let from_root = RepoPath::new(word.text.trim_end_matches('/')).ok();
        let paths = [word.path.as_ref(), from_root.as_ref()];
        for path in paths.into_iter().flatten() {
            let target = Target::Path(path.to_string());
            let is_folder = || self.is_folder(path);
            if self.items.iter().any(|item| target.names(item)) || is_path(path) || is_folder() {
                return Ok(target);
            }
            // `frames/2-11`, or a path without the end of its name.
            let Some((folder, name)) = path.as_str().rsplit_once('/') else {
                continue;
            };
            let text = name.to_owned();
            let name = [Word { text, path: None }];
            if let (Some(stage), Ok(Some((part, _)))) = (self.stage(folder), self.part(&name)) {
                return self.within(stage, part);
            }
        }
        Err(self.unknown(&word.text))
    }

    /// Whether a stage writes into a folder, where nothing may be known of yet.
    fn is_folder(&self, path: &RepoPath) -> bool {
        let mut written = self.pipeline.stages().iter().map(|stage| &stage.writes);
        written.any(|writes| {
            let rest = writes.strip_prefix(path.as_str());
            rest.is_some_and(|rest| rest.starts_with('/'))
        })
    }
}

/// The one that is meant, if any is.
fn one_of(
    typed: &str,
    found: &[&str],
    names: impl Iterator<Item = String>,
) -> Result<Option<String>, UnknownName> {
    match found {
        [] => Ok(None),
        [one] => Ok(Some((*one).to_owned())),
        _ => {
            let names: Vec<String> = names.collect();
            let message = format!("{typed} may be {}", names.join(" or "));
            Err(UnknownName::new(message).hint("write it with the capitals it has"))
        }
    }
}
