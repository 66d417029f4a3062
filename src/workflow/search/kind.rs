//! Kinds of files.

use serde::Serialize;

use crate::object::RepoPath;
use crate::pipeline::{Layout, Makes, NUMBERS};
use crate::workflow::film::PROMPT_ENDING;
use crate::workflow::settings::PROJECT_FILE;
use crate::worktree::IGNORE_FILE;

/// What a file is, by its place in the film and its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ArtifactKind {
    /// A screenplay.
    Script,
    /// What comes before the script: idea, treatment, beats.
    Outline,
    /// Characters, locations, style.
    Bible,
    /// What a scene needs.
    Scene,
    /// The shots of a scene.
    ShotList,
    /// How characters look in a scene.
    Look,
    /// A request for a shot, or what an imported picture was asked for with.
    Prompt,
    /// A still.
    Image,
    /// Moving pictures: clips, cuts, the film.
    Clip,
    /// Voices, music.
    Sound,
    /// Settings and scene numbers.
    Settings,
    /// Any other text.
    Text,
    /// None of these.
    Other,
}

impl ArtifactKind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::Script,
        Self::Outline,
        Self::Bible,
        Self::Scene,
        Self::ShotList,
        Self::Look,
        Self::Prompt,
        Self::Image,
        Self::Clip,
        Self::Sound,
        Self::Settings,
        Self::Text,
        Self::Other,
    ];

    /// Its name, as typed.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Script => "script",
            Self::Outline => "outline",
            Self::Bible => "bible",
            Self::Scene => "scene",
            Self::ShotList => "shot-list",
            Self::Look => "look",
            Self::Prompt => "prompt",
            Self::Image => "image",
            Self::Clip => "clip",
            Self::Sound => "sound",
            Self::Settings => "settings",
            Self::Text => "text",
            Self::Other => "other",
        }
    }

    /// The kind of the file at `path`, where the files of the film lie as `layout` says.
    #[must_use]
    pub fn of(path: &RepoPath, layout: &Layout) -> Self {
        let by_ending = Self::by_ending(path);
        if by_ending.is_media() || by_ending == Self::Script {
            return by_ending;
        }
        let text = path.as_str();
        let by_stage = layout
            .kind_of(text)
            .and_then(|(makes, _)| Self::made(makes));
        if let Some(kind) = by_stage {
            return kind;
        }
        match text {
            PROJECT_FILE | NUMBERS | IGNORE_FILE => Self::Settings,
            _ if text.to_lowercase().ends_with(PROMPT_ENDING) => Self::Prompt,
            _ if layout.bible().iter().any(|top| text.starts_with(top)) => Self::Bible,
            _ => by_ending,
        }
    }

    /// The kind that the ending of a name tells, wherever the file lies.
    #[must_use]
    pub fn by_ending(path: &RepoPath) -> Self {
        let name = path.file_name().to_lowercase();
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        match extension {
            "png" | "jpg" | "jpeg" | "webp" | "gif" | "tif" | "tiff" | "exr" | "bmp" | "svg" => {
                Self::Image
            }
            "mp4" | "mov" | "mkv" | "webm" | "avi" | "mxf" | "m4v" => Self::Clip,
            "wav" | "mp3" | "flac" | "ogg" | "opus" | "m4a" | "aac" | "aif" | "aiff" => Self::Sound,
            "fountain" | "fdx" => Self::Script,
            "md" | "txt" | "json" | "toml" | "csv" | "yaml" | "yml" | "srt" | "html" | "xml" => {
                Self::Text
            }
            _ => Self::Other,
        }
    }

    /// The kind of what a stage makes; none of what its ending tells.
    fn made(makes: Makes) -> Option<Self> {
        match makes {
            Makes::Outline => Some(Self::Outline),
            Makes::Character | Makes::Location | Makes::Style => Some(Self::Bible),
            Makes::Breakdown => Some(Self::Scene),
            Makes::ShotList => Some(Self::ShotList),
            Makes::Looks => Some(Self::Look),
            Makes::Prompt => Some(Self::Prompt),
            Makes::Frame | Makes::Voice | Makes::Clip | Makes::Cut | Makes::Film => None,
        }
    }

    pub(super) fn is_media(self) -> bool {
        matches!(self, Self::Image | Self::Clip | Self::Sound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::Pipeline;

    fn kind(path: &str) -> ArtifactKind {
        let path = RepoPath::new(path).unwrap();
        ArtifactKind::of(&path, Pipeline::film().layout())
    }

    #[test]
    fn a_kind_follows_from_the_place_and_the_name() {
        use ArtifactKind as Kind;
        for (path, expected) in [
            ("script.fountain", Kind::Script),
            ("shots/012.json", Kind::ShotList),
            ("prompts/012_003.json", Kind::Prompt),
            ("imports/fox.prompt.json", Kind::Prompt),
            ("imports/FOX.PNG", Kind::Image),
            ("bible/characters/rae.toml", Kind::Bible),
            ("bible/characters/rae.png", Kind::Image),
            ("film.mp4", Kind::Clip),
            ("voices/012_003.wav", Kind::Sound),
            ("aiut.toml", Kind::Settings),
            ("notes/shots.json", Kind::Text),
            ("notes/tape", Kind::Other),
        ] {
            assert_eq!(kind(path), expected, "{path}");
        }
    }
}
