//! How alike two scenes are, from little: the heading and a few words.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use crate::film::fountain::{ElementKind, plain};
use crate::film::scenes::Scene;

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

#[derive(Debug)]
struct Words {
    heading: BTreeSet<String>,
    body: BTreeSet<String>,
}

/// What is known of a remembered scene.
#[derive(Debug)]
pub(super) struct Remembered<'a> {
    heading: BTreeSet<String>,
    words: &'a [String],
}

impl<'a> Remembered<'a> {
    pub(super) fn new(heading: &str, words: &'a [String]) -> Self {
        Self {
            heading: words_of(heading).collect(),
            words,
        }
    }
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

    fn words(&self) -> &Words {
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

    /// 0 to 1000: the share of heading words in common and of remembered words still there.
    pub(super) fn likeness(&self, row: &Remembered<'_>) -> u32 {
        let own = self.words();
        let heading = match own.heading.len() + row.heading.len() {
            0 => 1000,
            all => 2000 * own.heading.intersection(&row.heading).count() / all,
        };
        let words = match row.words.len() {
            0 if own.body.is_empty() => 500,
            0 => 0,
            all => {
                1000 * row
                    .words
                    .iter()
                    .filter(|word| own.body.contains(*word))
                    .count()
                    / all
            }
        };
        let likeness = heading * HEADING_WEIGHT + words * (1000 - HEADING_WEIGHT);
        u32::try_from(likeness / 1000).unwrap_or(1000)
    }
}

/// The words in lower case, apostrophes kept inside them.
fn words_of(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '\u{2019}'))
        .map(|word| word.trim_matches(['\'', '\u{2019}']))
        .filter(|word| !word.is_empty())
        .map(|word| word.to_lowercase().replace('\u{2019}', "'"))
}
