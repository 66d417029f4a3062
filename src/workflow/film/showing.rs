//! Which file is meant by who wants to see something: the film, the cut of a scene, a clip, any
//! file of the project.

use super::FilmError;
use super::about::items_of;
use super::named::{FilmNames, Targets, UnknownName};
use super::plan::Planned;
use super::session::Session;
use crate::base::nearest::nearest_path;
use crate::generate::Target;
use crate::object::RepoPath;
use crate::pipeline::{Item, Options, State};
use crate::workflow::search::ArtifactKind;

/// A file to be shown.
#[derive(Debug, Clone)]
pub struct Showing {
    /// Where.
    pub path: RepoPath,
    /// Its state, if it is an output that is out of date.
    pub out_of_date: Option<State>,
}

/// Ends of names whose files a viewer shows and never runs, beside pictures, clips and sounds.
const TEXTS: [&str; 10] = [
    "csv", "fdx", "fountain", "json", "md", "srt", "toml", "txt", "yaml", "yml",
];

/// Whether a viewer only shows such a file. What a system would run on a click is none: a project
/// comes from anywhere.
#[must_use]
pub fn is_only_shown(path: &RepoPath) -> bool {
    let end = path
        .file_name()
        .rsplit_once('.')
        .map(|(_, end)| end.to_lowercase());
    let is_text = end.is_some_and(|end| TEXTS.contains(&end.as_str()));
    is_text || is_media(path)
}

fn is_media(path: &RepoPath) -> bool {
    let kind = ArtifactKind::by_ending(path);
    matches!(
        kind,
        ArtifactKind::Image | ArtifactKind::Clip | ArtifactKind::Sound
    )
}

/// Whether it plays: a clip or a sound.
#[must_use]
pub fn plays(path: &RepoPath) -> bool {
    matches!(
        ArtifactKind::by_ending(path),
        ArtifactKind::Clip | ArtifactKind::Sound
    )
}

impl Session<'_> {
    /// The film, or what plays of the scene, the shot or the path that is named: of a scene its
    /// cut, of a shot its clip.
    ///
    /// # Errors
    /// `UnknownName` when nothing of the name plays, or several do; `NotMade`.
    pub fn to_play(&self, targets: &Targets) -> Result<Showing, FilmError> {
        let planned = self.plan(Options::default())?;
        if targets.is_empty() {
            let films = planned.items.iter().filter(|item| item.item.is_empty());
            let films: Vec<&Item> = films.filter(|item| plays(&item.path)).collect();
            let hint = "aiut play scene 12   plays a scene".to_owned();
            let none = || UnknownName::of("no stage makes a film".to_owned(), [hint]);
            return self.there(self.furthest(&films).ok_or_else(none)?);
        }
        let found = self.shown(&planned, targets)?;
        if let [Shown::File(path)] = found.as_slice() {
            return match plays(path) {
                true => Ok(self.file(&planned, path)),
                false => {
                    let message = format!("{path} is neither a clip nor a sound");
                    let hint = format!("aiut open {path}   shows it");
                    Err(UnknownName::of(message, [hint]).into())
                }
            };
        }
        let playing = |item: &&Item| plays(&item.path);
        let items: Vec<&Item> = outputs(&found).filter(playing).collect();
        let clips = |item: &&&Item| ArtifactKind::by_ending(&item.path) == ArtifactKind::Clip;
        let clips: Vec<&Item> = items.iter().filter(clips).copied().collect();
        let best = if clips.is_empty() { items } else { clips };
        self.one(targets, &best, "play")
    }

    /// The file that is named, or the last that there is of a shot or a scene.
    ///
    /// # Errors
    /// `UnknownName` when there is none, or several; `NotMade`.
    pub fn to_open(&self, targets: &Targets) -> Result<Showing, FilmError> {
        let planned = self.plan(Options::default())?;
        let found = self.shown(&planned, targets)?;
        if let [Shown::File(path)] = found.as_slice() {
            return Ok(self.file(&planned, path));
        }
        let all: Vec<&Item> = outputs(&found).collect();
        let there: Vec<&Item> = all
            .iter()
            .copied()
            .filter(|item| self.has(&item.path))
            .collect();
        self.one(
            targets,
            if there.is_empty() { &all } else { &there },
            "open",
        )
    }

    /// What is named, with a scene's own outputs before those of its shots.
    fn shown<'p>(
        &self,
        planned: &'p Planned,
        targets: &Targets,
    ) -> Result<Vec<Shown<'p>>, FilmError> {
        let names = FilmNames::of(&self.pipeline, planned);
        let found = names
            .parse(targets, &|path| self.has(path))
            .map_err(|error| self.no_file(targets).unwrap_or(error))?;
        let shown = |target: &Target| {
            let items = items_of(planned, std::slice::from_ref(target));
            match target {
                Target::Path(path) if items.iter().all(|item| item.path.as_str() != path) => {
                    RepoPath::new(path).map_or(Shown::Outputs(items), Shown::File)
                }
                Target::Scene(name) | Target::Item(name) => {
                    let own = items.iter().filter(|item| item.item == *name);
                    let own: Vec<&Item> = own.copied().collect();
                    // A shot is what one sees and hears of it; of a person there is nothing else.
                    let media = own.iter().filter(|item| is_media(&item.path));
                    let media: Vec<&Item> = media.copied().collect();
                    Shown::Outputs(if media.is_empty() { own } else { media })
                }
                _ => Shown::Outputs(items),
            }
        };
        Ok(found.iter().map(shown).collect())
    }

    /// The error for one word that is a path where no file lies.
    fn no_file(&self, targets: &Targets) -> Option<UnknownName> {
        let text = targets.text();
        let path = targets.path().filter(|_| text.contains(['/', '.']))?;
        let found = self.root().join(path.as_str()).symlink_metadata();
        if found.is_ok_and(|found| found.is_symlink()) {
            let message = format!("{path} is a link, and none is followed");
            return Some(UnknownName::of(message, []));
        }
        let files: Vec<&str> = self.tracked.keys().map(RepoPath::as_str).collect();
        let near = nearest_path(path.as_str(), &files);
        let near = near.map(|near| format!("did you mean {near}?"));
        Some(UnknownName::of(format!("there is no file {path}"), near))
    }

    fn one(&self, targets: &Targets, items: &[&Item], verb: &str) -> Result<Showing, FilmError> {
        let text = targets.text();
        let Some(item) = self.furthest(items) else {
            let message = format!("{text} names nothing to {verb}");
            let hint = format!("aiut open {text}   shows it");
            return Err(UnknownName::of(message, Some(hint).filter(|_| verb != "open")).into());
        };
        let alike = items
            .iter()
            .filter(|other| other.stage == item.stage)
            .count();
        if alike > 1 {
            let message = format!("{text} names {alike} files; name one");
            return Err(UnknownName::of(message, [format!("aiut {verb} {}", item.path)]).into());
        }
        self.there(item)
    }

    fn there(&self, item: &Item) -> Result<Showing, FilmError> {
        if !self.has(&item.path) {
            return Err(FilmError::NotMade(item.path.to_string()));
        }
        Ok(Showing {
            path: item.path.clone(),
            out_of_date: Some(item.state).filter(|state| state.needs_work()),
        })
    }

    fn file(&self, planned: &Planned, path: &RepoPath) -> Showing {
        let item = planned.items.iter().find(|item| item.path == *path);
        let state = item.map(|item| item.state);
        Showing {
            path: path.clone(),
            out_of_date: state.filter(|state| state.needs_work()),
        }
    }

    /// Whether a file or a folder lies there, itself and no link.
    fn has(&self, path: &RepoPath) -> bool {
        let found = self.root().join(path.as_str()).symlink_metadata();
        found.is_ok_and(|found| found.is_file() || found.is_dir())
    }
}

/// What one name stands for.
enum Shown<'p> {
    /// A file or folder that no stage makes.
    File(RepoPath),
    /// Outputs of stages.
    Outputs(Vec<&'p Item>),
}

fn outputs<'p, 's>(shown: &'s [Shown<'p>]) -> impl Iterator<Item = &'p Item> + 's {
    shown.iter().flat_map(|shown| match shown {
        Shown::File(_) => [].as_slice().iter().copied(),
        Shown::Outputs(items) => items.as_slice().iter().copied(),
    })
}
