//! A merge checked by what it came to, not by how it was made.

use std::collections::HashMap;

use super::Three;
use crate::fountain::{Element, ElementKind};

/// Whether of each sentence there are as many as the edits of both sides come to; one that both
/// added or took out counts once or twice. A paragraph that was taken for another one shows here, as its
/// words are then there twice, or gone.
pub(super) fn adds_up(versions: Three<&[Element]>, merged: &[Element]) -> bool {
    let mut counts: HashMap<String, [i64; 4]> = HashMap::new();
    let all = [versions.base, versions.ours, versions.theirs, merged];
    for (version, elements) in all.into_iter().enumerate() {
        for element in elements {
            count(element, |sentence| {
                counts.entry(sentence).or_default()[version] += 1
            });
        }
    }
    counts.values().all(|[base, ours, theirs, merged]| {
        let (we, they) = (ours - base, theirs - base);
        *merged == base + we + they || (we == they && *merged == base + we)
    })
}

fn count(element: &Element, mut found: impl FnMut(String)) {
    if matches!(element.kind, ElementKind::Boneyard | ElementKind::PageBreak) {
        return;
    }
    for sentence in element.text.split(['.', '!', '?', '…', '\n']) {
        let words: Vec<_> = sentence.split_whitespace().collect();
        if !words.is_empty() {
            found(words.join(" "));
        }
    }
}
