//! What is told of a word that names nothing of a film.

use super::FilmNames;
use crate::base::nearest::{nearest, nearest_path};
use crate::film::ids::{parts_of_shot, scene_name, scene_of_shot, scenes_named, shot_name};
use crate::generate::Target;
use crate::pipeline::{Item, State};

/// What to do about a file that keeps names from being known.
const MEND: &str = "mend the file, or bring it back as it was with `aiut restore`";

/// A word that names nothing, and what to type instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct UnknownName {
    message: String,
    /// What to type about it.
    pub hints: Vec<String>,
}

impl UnknownName {
    pub(super) fn new(message: String) -> Self {
        let hints = Vec::new();
        Self { message, hints }
    }

    /// What is wrong, and what to type about it.
    pub(in super::super) fn of(message: String, hints: impl IntoIterator<Item = String>) -> Self {
        let hints = hints.into_iter().collect();
        Self { message, hints }
    }

    fn near(mut self, near: Option<&str>) -> Self {
        self.hints
            .extend(near.map(|near| format!("did you mean {near}?")));
        self
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl<'f> FilmNames<'f> {
    pub(super) fn unknown(&self, word: &str) -> UnknownName {
        if word.contains(['/', '.']) {
            return self.no_output(word);
        }
        let starts_as_number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
        let mut parts = parts_of_shot(word);
        if parts.any(|(scene, shot)| {
            let known = !scenes_named(scene, self.scenes.all.iter().copied()).is_empty();
            known || (starts_as_number(scene) && starts_as_number(shot))
        }) {
            return self.no_shot(word);
        }
        if starts_as_number(word) {
            return self.no_scene(word);
        }
        let stages = self
            .pipeline
            .stages()
            .iter()
            .map(|stage| stage.name.as_str());
        let near = nearest(word, stages.chain(self.others.iter().copied()));
        UnknownName::new(format!(
            "{word:?} is not a stage, a scene, a shot or an output"
        ))
        .near(near)
        .hint("aiut stages   lists the stages, `aiut scenes` the scenes")
    }

    /// The error for a path that no stage makes.
    pub(in super::super) fn no_output(&self, path: &str) -> UnknownName {
        let stages = self.pipeline.stages().iter();
        let may_be = stages.filter_map(|stage| stage.item_of(path)).next();
        if let Some(problem) = may_be.and_then(|_| self.problem(|_| true)) {
            return UnknownName::new(format!("whether there is a {path} is not known: {problem}"))
                .hint(MEND);
        }
        let outputs: Vec<&str> = self.items.iter().map(|item| item.path.as_str()).collect();
        UnknownName::new(format!("{path} is not made by any stage"))
            .near(nearest_path(path, &outputs))
            .hint("aiut plan --json   lists all outputs")
    }

    pub(super) fn no_scene(&self, typed: &str) -> UnknownName {
        if let Ok(Some(Target::Item(shot))) = self.shot(typed) {
            let name = shot_name(&shot);
            return UnknownName::new(format!("{typed} is a shot, not a scene"))
                .hint(format!("did you mean shot {name}?"));
        }
        let names: Vec<String> = self
            .scenes
            .present()
            .iter()
            .map(|stem| scene_name(stem))
            .collect();
        let known = match names.as_slice() {
            [] => {
                if let Some(problem) = self.problem(|item| item.scene().is_empty()) {
                    return UnknownName::new(format!("the scenes are not known: {problem}"))
                        .hint(MEND);
                }
                return UnknownName::new("there are no scenes yet".to_owned())
                    .hint("aiut import FILE   brings in a screenplay");
            }
            [one] => format!("the script has one scene, {one}"),
            [first, .., last] => format!("the script has scenes {first} to {last}"),
        };
        let near = nearest(typed, names.iter().map(String::as_str));
        UnknownName::new(format!("there is no scene {typed}; {known}"))
            .near(near.map(|near| format!("scene {near}")).as_deref())
            .hint("aiut scenes   lists them")
    }

    /// Which file keeps anybody from knowing the shots of a scene, if one cannot be read.
    pub(super) fn unread(&self, stem: &str) -> Option<UnknownName> {
        let concerns = |item: &Item| item.scene().is_empty() || item.scene() == stem;
        let problem = self.problem(concerns)?;
        let scene = scene_name(stem);
        let told = UnknownName::new(format!(
            "the shots of scene {scene} are not known: {problem}"
        ));
        Some(told.hint(MEND))
    }

    /// Why the first of these items cannot be read or told, if one cannot.
    fn problem(&self, concerns: impl Fn(&Item) -> bool) -> Option<&'f str> {
        let broken = |item: &&Item| item.state == State::Broken && concerns(item);
        let broken = self.items.iter().filter(broken);
        broken.filter_map(|item| item.problem.as_deref()).next()
    }

    pub(super) fn no_shot(&self, typed: &str) -> UnknownName {
        let scenes = || self.scenes.all.iter().copied();
        let stem = parts_of_shot(typed)
            .find_map(|(scene, _)| scenes_named(scene, scenes()).first().copied());
        let Some(stem) = stem else {
            let scene = parts_of_shot(typed).last().map(|(scene, _)| scene);
            let no_scene = self.no_scene(scene.unwrap_or(typed));
            return match scene {
                Some(_) => UnknownName::new(format!("there is no shot {typed}: {no_scene}"))
                    .hint("aiut scenes   lists them"),
                None => UnknownName::new(format!("{typed} is not a shot"))
                    .hint("write it as 12-3, the third shot of scene 12, or as its files: 012_003"),
            };
        };
        let of_scene = |shot: &&&str| scene_of_shot(shot) == Some(stem);
        let names: Vec<String> = self
            .shots
            .present()
            .iter()
            .filter(of_scene)
            .map(|shot| shot_name(shot))
            .collect();
        let scene = scene_name(stem);
        let known = match names.as_slice() {
            [] => {
                return self.unread(stem).unwrap_or_else(|| {
                    UnknownName::new(format!(
                        "there is no shot {typed}: the shots of scene {scene} are not known yet"
                    ))
                    .hint(format!(
                        "aiut generate shots scene {scene}   makes its shot list"
                    ))
                });
            }
            [one] => format!("scene {scene} has one shot, {one}"),
            [first, .., last] => format!("scene {scene} has shots {first} to {last}"),
        };
        UnknownName::new(format!("there is no shot {typed}; {known}"))
            .near(nearest(typed, names.iter().map(String::as_str)))
    }
}
