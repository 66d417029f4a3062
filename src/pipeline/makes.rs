//! Which kinds of files a film is made of, and where those of each kind lie. A stage says what it
//! makes, and everything else asks for the kind: no code knows a stage or a folder by its name.

use serde::{Deserialize, Serialize};

use super::stage::{Each, Stage};

/// What a stage makes. A stage of another kind of file, as a title card, makes none of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Makes {
    /// What comes before the script: the idea, the treatment, the beats.
    Outline,
    /// What the bible says of a character.
    Character,
    /// What the bible says of a place.
    Location,
    /// The style of the film.
    Style,
    /// What production needs to know about a scene.
    Breakdown,
    /// The shots of a scene.
    ShotList,
    /// What everybody looks like in a scene.
    Looks,
    /// The finished request of a shot.
    Prompt,
    /// The still of a shot.
    Frame,
    /// The line that is spoken in a shot.
    Voice,
    /// The moving picture of a shot.
    Clip,
    /// The clips of a scene, joined.
    Cut,
    /// All of it.
    Film,
}

impl Makes {
    /// What a stage that makes this runs over; none if it runs once.
    #[must_use]
    pub fn each(self) -> Option<Each> {
        match self {
            Self::Outline | Self::Style | Self::Film => None,
            Self::Character => Some(Each::Character),
            Self::Location => Some(Each::Location),
            Self::Breakdown | Self::ShotList | Self::Looks | Self::Cut => Some(Each::Scene),
            Self::Prompt | Self::Frame | Self::Voice | Self::Clip => Some(Each::Shot),
        }
    }

    /// The word for it in `aiut.toml`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Outline => "outline",
            Self::Character => "character",
            Self::Location => "location",
            Self::Style => "style",
            Self::Breakdown => "breakdown",
            Self::ShotList => "shot-list",
            Self::Looks => "looks",
            Self::Prompt => "prompt",
            Self::Frame => "frame",
            Self::Voice => "voice",
            Self::Clip => "clip",
            Self::Cut => "cut",
            Self::Film => "film",
        }
    }

    /// Whether the story is read from it, so that a film has it in one place.
    pub(super) fn is_of_bible(self) -> bool {
        matches!(self, Self::Character | Self::Location | Self::Style)
    }
}

/// How the files of a stage are called: `shots/{scene}.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    head: String,
    /// What follows the name of the item; none where a stage runs once and there is no such name.
    tail: Option<String>,
}

impl Naming {
    /// How the files of `writes` are called, with `{scene}` and the like for `each`.
    #[must_use]
    pub fn new(writes: &str, each: Option<Each>) -> Self {
        let (head, tail) = parts(writes, each);
        Self {
            head: head.to_owned(),
            tail: tail.map(str::to_owned),
        }
    }

    /// The file for `item`.
    #[must_use]
    pub fn path(&self, item: &str) -> String {
        match &self.tail {
            Some(tail) => [&self.head, item, tail].concat(),
            None => self.head.clone(),
        }
    }

    /// The item whose file `path` is, if it is one of these; the empty one where there is one file.
    #[must_use]
    pub fn item<'p>(&self, path: &'p str) -> Option<&'p str> {
        item_between((&self.head, self.tail.as_deref()), path)
    }

    /// With what every path of these begins.
    #[must_use]
    pub fn head(&self) -> &str {
        &self.head
    }

    /// The folder at the top of the project in which they lie, with its slash; none where they lie
    /// beside the script.
    #[must_use]
    pub fn top(&self) -> Option<&str> {
        self.head.find('/').map(|at| &self.head[..=at])
    }
}

/// What stands before and behind the name of the item in what a stage writes.
pub(super) fn parts(writes: &str, each: Option<Each>) -> (&str, Option<&str>) {
    let slot = each.map(Each::slot);
    match slot.and_then(|slot| writes.split_once(slot)) {
        Some((head, tail)) => (head, Some(tail)),
        None => (writes, None),
    }
}

/// The item whose name stands between these in `path`.
pub(super) fn item_between<'p>(
    (head, tail): (&str, Option<&str>),
    path: &'p str,
) -> Option<&'p str> {
    let Some(tail) = tail else {
        return (path == head).then_some("");
    };
    let item = path.strip_prefix(head)?.strip_suffix(tail)?;
    (!item.is_empty() && !item.contains('/')).then_some(item)
}

/// Where the files of a film lie, by what they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// In the order of the stages.
    namings: Vec<(Makes, Naming)>,
}

impl Layout {
    pub(super) fn of_stages(stages: &[Stage]) -> Self {
        let naming = |stage: &Stage| Some((stage.makes?, stage.naming()));
        Self {
            namings: stages.iter().filter_map(naming).collect(),
        }
    }

    /// How files of this kind are called, by the first stage that makes such; none if none does.
    #[must_use]
    pub fn of(&self, makes: Makes) -> Option<&Naming> {
        self.all_of(makes).next()
    }

    /// The same of every stage that makes such.
    pub fn all_of(&self, makes: Makes) -> impl Iterator<Item = &Naming> {
        let namings = self.namings.iter();
        namings.filter_map(move |(kind, naming)| (*kind == makes).then_some(naming))
    }

    /// The file of this kind for `item`; none if no stage makes such.
    #[must_use]
    pub fn path(&self, makes: Makes, item: &str) -> Option<String> {
        Some(self.of(makes)?.path(item))
    }

    /// What the file at `path` is, and for which item; none for what no stage makes.
    #[must_use]
    pub fn kind_of<'p>(&self, path: &'p str) -> Option<(Makes, &'p str)> {
        let mut namings = self.namings.iter();
        namings.find_map(|(makes, naming)| Some((*makes, naming.item(path)?)))
    }

    /// Whether it is the file of a character.
    pub(super) fn is_character(&self, path: &str) -> bool {
        self.all_of(Makes::Character)
            .any(|naming| naming.item(path).is_some())
    }

    /// The folders at the top of the project in which the bible lies, each once: `bible/`.
    #[must_use]
    pub fn bible(&self) -> Vec<&str> {
        let mut tops = Vec::new();
        for (_, naming) in self.namings.iter().filter(|(makes, _)| makes.is_of_bible()) {
            tops.extend(naming.top().filter(|top| !tops.contains(top)));
        }
        tops
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::Pipeline;

    #[test]
    fn a_file_is_what_the_stage_makes_in_whose_place_it_lies() {
        let film = Pipeline::film();
        let layout = film.layout();
        for (path, expected) in [
            ("shots/012.json", Some((Makes::ShotList, "012"))),
            ("prompts/012_003.json", Some((Makes::Prompt, "012_003"))),
            ("bible/characters/rae.toml", Some((Makes::Character, "rae"))),
            ("bible/characters/old/rae.toml", None),
            ("bible/characters/rae.png", None),
            ("bible/style.toml", Some((Makes::Style, ""))),
            ("film.mp4", Some((Makes::Film, ""))),
            ("script.fountain", None),
        ] {
            assert_eq!(layout.kind_of(path), expected, "{path}");
        }
        assert_eq!(layout.bible(), ["bible/"]);
        let clip = layout.path(Makes::Clip, "012_003");
        assert_eq!(clip.as_deref(), Some("clips/012_003.mov"));
    }

    #[test]
    fn every_word_is_the_one_that_is_read() {
        let film: toml::Table = crate::pipeline::FILM.parse().expect("TOML");
        let stages = film["stage"].as_table().expect("stages");
        let mut words = 0;
        for (name, stage) in stages {
            let Some(word) = stage.get("makes") else {
                continue;
            };
            let makes: Makes = word.clone().try_into().expect(name);
            assert_eq!(word.as_str(), Some(makes.word()), "{name}");
            words += 1;
        }
        assert_eq!(words, 15, "all but the script");
    }
}
