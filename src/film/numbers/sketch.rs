//! How alike two scenes are, from little: the heading and a few words.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use crate::fountain::{ElementKind, plain};
use crate::scenes::Scene;

/// Words kept of a scene.
const SKETCH_WORDS: usize = 16;
/// Shorter words are in every scene.
const MIN_LETTERS: usize = 4;
/// What the heading weighs, in permille; the words weigh the rest.
const HEADING_WEIGHT: usize = 400;

/// What is known of a scene in the script, for comparing it with remembered ones. Its words are
/// gathered when they are asked for: most scenes are as they were.
#[derive(Debug)]
pub(super) struct Sketch<'a> {
    /// As in a row: 16 hexadecimal digits of the content digest.
    pub(super) digest: String,
    scene: &'a Scene,
    words: OnceCell<Words>,
}

/// The words of a scene, or of what is remembered of one.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) heading: BTreeSet<String>,
    pub(super) body: BTreeSet<String>,
}

impl<'a> Sketch<'a> {
    pub(super) fn of(scene: &'a Scene) -> Self {
        let digest = scene.content_digest().to_hex()[..16].to_owned();
        Self {
            digest,
            scene,
            words: OnceCell::new(),
        }
    }

    pub(super) fn words(&self) -> &Words {
        self.words.get_or_init(|| {
            let mut body = BTreeSet::new();
            for element in self.scene.lead.iter().chain(&self.scene.body) {
                let text = match &element.kind {
                    ElementKind::Character { name, .. } => name.clone(),
                    kind if kind.is_filmed() => plain(&element.text),
                    _ => continue,
                };
                body.extend(words_of(&text).filter(|word| word.chars().count() >= MIN_LETTERS));
            }
            Words {
                heading: words_of(&self.scene.heading.raw).collect(),
                body,
            }
        })
    }

    /// The words to remember, in alphabetical order: those with the smallest hashes. Such a
    /// choice is a fair sample that an edit elsewhere in the scene leaves as it is.
    pub(super) fn sample(&self) -> Vec<String> {
        let mut ranked: Vec<(blake3::Hash, &String)> = self
            .words()
            .body
            .iter()
            .map(|word| (blake3::hash(word.as_bytes()), word))
            .collect();
        ranked.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
        ranked.truncate(SKETCH_WORDS);
        let mut words: Vec<String> = ranked.into_iter().map(|(_, word)| word.clone()).collect();
        words.sort();
        words
    }
}

/// What two scenes have in common: counts of words.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Common {
    /// Words of both headings.
    pub(super) heading: usize,
    /// Remembered words that are still there.
    pub(super) body: usize,
}

/// How many words a scene is known by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub(super) heading: usize,
    pub(super) body: usize,
}

/// 0 to 1000: the share of heading words in common and of remembered words still there.
pub(super) fn likeness(scene: Size, row: Size, common: Common) -> u32 {
    let heading = match scene.heading + row.heading {
        0 => 1000,
        all => 2000 * common.heading / all,
    };
    let words = match row.body {
        0 if scene.body == 0 => 500,
        0 => 0,
        all => 1000 * common.body / all,
    };
    let likeness = heading * HEADING_WEIGHT + words * (1000 - HEADING_WEIGHT);
    u32::try_from(likeness / 1000).unwrap_or(1000)
}

/// The words in lower case, apostrophes kept inside them.
pub(super) fn words_of(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '\u{2019}'))
        .map(|word| word.trim_matches(['\'', '\u{2019}']))
        .filter(|word| !word.is_empty())
        .map(|word| word.to_lowercase().replace('\u{2019}', "'"))
}
