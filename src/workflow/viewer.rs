//! Looks at pictures, clips and sounds, so that two versions can be told apart.

use std::path::PathBuf;

use crate::diff::{MediaDiff, MediaFacts, MediaKind};
use crate::media::MediaError;
use crate::media::beside::beside;
use crate::media::probe::{MediaInfo, probe};
use crate::media::{compare, tools::Tools};

/// What media are looked at with.
#[derive(Debug)]
pub struct Viewer {
    /// Programs; without ffprobe only stills and plain sounds can be read.
    pub tools: Tools,
    /// Where copies of stored files may be put for a moment.
    pub temporary: PathBuf,
}

/// One version of a media file, looked at.
#[derive(Debug)]
pub(super) struct View {
    facts: MediaFacts,
    path: PathBuf,
    /// Kept as long as the path is needed.
    _copy: Option<tempfile::TempPath>,
}

impl View {
    /// The same, of a copy that goes when this does.
    pub(super) fn keeping(self, copy: tempfile::TempPath) -> Self {
        Self {
            _copy: Some(copy),
            ..self
        }
    }
}

impl Viewer {
    /// What the file shows; none when it is no media, is damaged, or cannot be read without a
    /// program that is missing.
    pub(super) fn look(&self, path: PathBuf) -> Option<View> {
        let facts = facts(probe(&self.tools, &path).ok()?);
        Some(View {
            facts,
            path,
            _copy: None,
        })
    }

    /// What the file shows, a fact a line, with the id of its bytes; none where nothing is seen.
    pub(super) fn facts_of(&self, path: &std::path::Path) -> Option<String> {
        let facts = self.look(path.to_owned())?.facts;
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(std::fs::File::open(path).ok()?).ok()?;
        let kind = match facts.kind {
            MediaKind::Image => "image",
            MediaKind::Video => "video",
            MediaKind::Audio => "sound",
        };
        let mut lines = vec![format!("{kind} {}", facts.codecs.join(", "))];
        let size = facts.width.zip(facts.height);
        lines.extend(size.map(|(width, height)| format!("resolution {width}x{height}")));
        lines.extend(
            facts
                .duration_ms
                .map(|ms| format!("duration {}.{:03} s", ms / 1000, ms % 1000)),
        );
        let rate = facts.frame_rate;
        lines.extend(rate.map(|(frames, seconds)| format!("frame rate {frames}/{seconds}")));
        lines.push(format!("id {}", hasher.finalize().to_hex()));
        Some(lines.iter().map(|line| format!("{line}\n")).collect())
    }

    /// Two versions on one image, a PNG; none where they are not of one kind, and why where they cannot
    /// be shown.
    pub(super) fn beside(&self, old: &View, new: &View) -> Result<Option<Vec<u8>>, MediaError> {
        beside(&self.tools, &old.path, &new.path)
    }

    /// Two versions side by side.
    pub(super) fn diff(&self, old: Option<&View>, new: Option<&View>) -> MediaDiff {
        MediaDiff {
            old: old.map(|view| view.facts.clone()),
            new: new.map(|view| view.facts.clone()),
            distance_permille: old.zip(new).and_then(|(old, new)| self.distance(old, new)),
        }
    }

    fn distance(&self, old: &View, new: &View) -> Option<u32> {
        match (old.facts.kind, new.facts.kind) {
            (MediaKind::Image, MediaKind::Image) => {
                let bytes = |view: &View| std::fs::read(&view.path).ok();
                let apart = compare::images(&bytes(old)?, &bytes(new)?).ok()?;
                Some(apart.permille())
            }
            (MediaKind::Video, MediaKind::Video) => {
                let apart = compare::clips(&self.tools, &old.path, &new.path).ok()?;
                Some(apart.permille())
            }
            _ => None,
        }
    }
}

fn facts(info: MediaInfo) -> MediaFacts {
    let kind = match (info.container.as_str(), info.width) {
        ("png" | "jpeg", _) => MediaKind::Image,
        (_, Some(_)) => MediaKind::Video,
        (_, None) => MediaKind::Audio,
    };
    let codecs = match kind {
        MediaKind::Image => vec![info.container],
        _ => info
            .video_codec
            .into_iter()
            .chain(info.audio_codec)
            .collect(),
    };
    MediaFacts {
        kind,
        width: info.width,
        height: info.height,
        duration_ms: info.duration_ms,
        frame_rate: info.rate,
        codecs,
    }
}
