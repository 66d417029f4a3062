//! The fingerprint of what a scene holds.

use crate::fountain::{Element, ElementKind};

use super::Scene;

impl Scene {
    /// BLAKE3 over what is filmed and how it is headed. Notes, boneyards, synopses, sections,
    /// page breaks, blank lines, white space at line ends and the scene number do not count.
    #[must_use]
    pub fn content_digest(&self) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        for element in &self.lead {
            add(&mut hasher, element);
        }
        if !self.heading.raw.is_empty() {
            add_text(&mut hasher, b"heading", &self.heading.raw);
        }
        for element in &self.body {
            add(&mut hasher, element);
        }
        hasher.finalize()
    }
}

fn add(hasher: &mut blake3::Hasher, element: &Element) {
    let kind: &[u8] = match &element.kind {
        ElementKind::Action => b"action",
        ElementKind::Centered => b"centered",
        ElementKind::Character { dual: false, .. } => b"cue",
        ElementKind::Character { dual: true, .. } => b"dual cue",
        ElementKind::Parenthetical => b"parenthetical",
        ElementKind::Dialogue => b"dialogue",
        ElementKind::Lyric => b"lyric",
        ElementKind::Transition => b"transition",
        // A scene holds no second heading; the rest is not filmed.
        ElementKind::SceneHeading { .. }
        | ElementKind::Section { .. }
        | ElementKind::Synopsis
        | ElementKind::PageBreak
        | ElementKind::Note
        | ElementKind::Boneyard => return,
    };
    add_text(hasher, kind, &element.text);
}

/// Kind and text, each ended by a byte that neither can hold, so that no two scenes run together.
fn add_text(hasher: &mut blake3::Hasher, kind: &[u8], text: &str) {
    hasher.update(kind).update(&[0xFF]);
    for line in text.lines() {
        hasher.update(line.trim_end().as_bytes()).update(b"\n");
    }
    hasher.update(&[0xFF]);
}
