//! Kinds of files.

use serde::Serialize;

use crate::object::RepoPath;

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

    /// The kind of the file at `path`.
    #[must_use]
    pub fn of(path: &RepoPath) -> Self {
        let name = path.file_name().to_lowercase();
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let folder = path.as_str().split_once('/').map(|(first, _)| first);
        match (folder, extension) {
            (
                _,
                "png" | "jpg" | "jpeg" | "webp" | "gif" | "tif" | "tiff" | "exr" | "bmp" | "svg",
            ) => Self::Image,
            (_, "mp4" | "mov" | "mkv" | "webm" | "avi" | "mxf" | "m4v") => Self::Clip,
            (_, "wav" | "mp3" | "flac" | "ogg" | "opus" | "m4a" | "aac" | "aif" | "aiff") => {
                Self::Sound
            }
            (_, "fountain" | "fdx") => Self::Script,
            (Some("prompts"), "json") => Self::Prompt,
            _ if name.ends_with(".prompt.json") => Self::Prompt,
            (Some("bible"), _) => Self::Bible,
            (Some("scenes"), "json") => Self::Scene,
            (Some("shots"), "json") => Self::ShotList,
            (Some("looks"), "json") => Self::Look,
            (None, _) => match name.as_str() {
                "aiut.toml" | "numbers.toml" | ".aiutignore" => Self::Settings,
                "idea.md" | "treatment.md" | "beats.json" => Self::Outline,
                _ => Self::of_text(extension),
            },
            _ => Self::of_text(extension),
        }
    }

    fn of_text(extension: &str) -> Self {
        match extension {
            "md" | "txt" | "json" | "toml" | "csv" | "yaml" | "yml" | "srt" | "html" | "xml" => {
                Self::Text
            }
            _ => Self::Other,
        }
    }

    pub(super) fn is_media(self) -> bool {
        matches!(self, Self::Image | Self::Clip | Self::Sound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(path: &str) -> ArtifactKind {
        ArtifactKind::of(&RepoPath::new(path).unwrap())
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
