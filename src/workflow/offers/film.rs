//! Scenes, shots, takes and whatever else of the film can be named.

use std::collections::BTreeSet;
use std::path::Path;

use super::{Offer, Place, offer, split};
use crate::film::ids::{shot_name, shots_named};
use crate::object::RepoPath;
use crate::pipeline::Each;
use crate::workflow::film::shots_of;
use crate::workflow::repository::locate;

impl Place {
    pub(super) fn scenes(&self) -> Vec<Offer> {
        let numbers = self.numbers().unwrap_or_default();
        numbers
            .present()
            .map(|row| offer(row.number.as_str(), &row.heading))
            .collect()
    }

    fn shots(&self) -> Vec<String> {
        let mut shots = shots_of(&self.numbers().unwrap_or_default());
        if shots.is_empty() {
            shots = self.items_on_disk(Each::Shot);
        }
        shots
    }

    /// What outputs on the disk say that there is.
    fn items_on_disk(&self, each: Each) -> Vec<String> {
        let Some(root) = self.root() else {
            return Vec::new();
        };
        let mut items = BTreeSet::new();
        let pipeline = self.pipeline();
        for stage in pipeline
            .stages()
            .iter()
            .filter(|stage| stage.each == Some(each))
        {
            let (folder, _) = split(&stage.writes);
            let files = std::fs::read_dir(root.join(folder))
                .into_iter()
                .flatten()
                .flatten();
            let names = files.filter_map(|file| file.file_name().into_string().ok());
            items.extend(names.filter_map(|name| stage.item_of(&format!("{folder}{name}"))));
        }
        items.into_iter().collect()
    }

    fn follows(&self, title: &str) -> bool {
        self.before
            .last()
            .is_some_and(|word| word.eq_ignore_ascii_case(title))
    }

    pub(super) fn scenes_or_title(&self, typed: &str) -> Vec<Offer> {
        let mut offers = self.scenes();
        if !self.follows("scene") && !typed.is_empty() {
            offers.push(offer("scene", "a scene by its number"));
        }
        offers
    }

    pub(super) fn shots_or_title(&self, typed: &str) -> Vec<Offer> {
        if !self.follows("shot") && !typed.is_empty() && "shot".starts_with(typed) {
            return vec![offer("shot", "a shot by its number")];
        }
        self.shots_like(typed)
    }

    /// Shots in the way that they are typed, with a hyphen or as their files.
    fn shots_like(&self, typed: &str) -> Vec<Offer> {
        let as_files = typed.contains('_') || typed.starts_with("00");
        let shots = self.shots();
        let name = |shot: &String| match as_files {
            true => shot.clone(),
            false => shot_name(shot),
        };
        shots
            .iter()
            .map(|shot| offer(&name(shot), "shot"))
            .collect()
    }

    pub(super) fn targets(&self, typed: &str) -> Vec<Offer> {
        if self.follows("scene") {
            return self.scenes();
        }
        if typed.contains(['/', '.']) {
            return self.paths(typed);
        }
        if self.follows("shot") || typed.contains('_') {
            return self.shots_like(typed);
        }
        if typed.starts_with(|c: char| c.is_ascii_digit()) {
            let mut offers = self.scenes();
            let scene = typed.split('-').next().unwrap_or(typed);
            let is_whole = offers
                .iter()
                .any(|offer| offer.word.eq_ignore_ascii_case(scene));
            if is_whole {
                offers.extend(self.shots_like(typed));
            }
            return offers;
        }
        let pipeline = self.pipeline();
        let stages = pipeline.stages().iter();
        let mut offers: Vec<Offer> = stages
            .map(|stage| offer(&stage.name, &stage.title))
            .collect();
        offers.push(offer("scene", "a scene by its number"));
        offers.push(offer("shot", "a shot by its number"));
        for each in [Each::Character, Each::Location] {
            let items = self.items_on_disk(each);
            offers.extend(items.iter().map(|item| offer(item, each.key())));
        }
        // The folder of a stage is the stage.
        let mut paths = self.paths(typed);
        paths.retain(|path| pipeline.stage(path.word.trim_end_matches('/')).is_none());
        offers.extend(paths);
        offers
    }

    /// The numbers of the takes of what the words before name: a path, or a stage and a shot.
    pub(super) fn takes(&self) -> Vec<Offer> {
        let (Some(project), Some(root)) = (self.project(), self.root()) else {
            return Vec::new();
        };
        let Some(word) = self.before.last() else {
            return Vec::new();
        };
        let mut paths: Vec<RepoPath> = locate(&root, &self.folder, Path::new(word))
            .ok()
            .flatten()
            .into_iter()
            .collect();
        let shots = self.shots();
        let shots: Vec<&str> = shots.iter().map(String::as_str).collect();
        for shot in shots_named(word, &shots) {
            let pipeline = self.pipeline();
            let of_shots = pipeline
                .stages()
                .iter()
                .filter(|stage| stage.each == Some(Each::Shot));
            let named = of_shots
                .clone()
                .filter(|stage| self.before.contains(&stage.name));
            let stages: Vec<_> = if named.clone().next().is_some() {
                named.collect()
            } else {
                of_shots.collect()
            };
            paths.extend(
                stages
                    .iter()
                    .filter_map(|stage| RepoPath::new(stage.output(shot)).ok()),
            );
        }
        let number = |path: &RepoPath| {
            project
                .store()
                .generations_at_path(path)
                .map_or(0, |runs| runs.len())
        };
        let most = paths.iter().map(number).max().unwrap_or(0);
        (1..=most)
            .map(|take| offer(&take.to_string(), "take"))
            .collect()
    }
}
