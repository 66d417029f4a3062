//! The sound of a place, made from its words: rain, traffic, crickets, wind, a humming room.
//!
//! A bed is noise and simple oscillators through one-pole filters, from a seed; only additions and
//! multiplications of 32-bit floats, which are the same on every machine. It is quiet: it is there so
//! that a scene does not sound like a hole.

mod kinds;

use super::sound::narrow;
use kinds::{AmbienceKind, KINDS, Source};

/// Words that make what they stand beside fainter or stronger.
const WEIGHTS: [(&str, f32); 12] = [
    ("distant", 0.55),
    ("far", 0.55),
    ("faint", 0.5),
    ("soft", 0.6),
    ("gentle", 0.6),
    ("light", 0.65),
    ("low", 0.7),
    ("muffled", 0.5),
    ("heavy", 1.7),
    ("loud", 1.8),
    ("strong", 1.5),
    ("roaring", 1.9),
];

/// Sounds that are mixed at most.
const AT_MOST: usize = 3;

/// The sounds that the words of an ambience ask for, with their levels. Words of no known sound
/// still make a quiet room; no words make silence.
fn sounds(ambient: &str) -> Vec<(&'static AmbienceKind, f32)> {
    let mut found: Vec<(&AmbienceKind, f32)> = Vec::new();
    for phrase in ambient.to_lowercase().split([',', ';', '.']) {
        let words: Vec<&str> = phrase
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        // The first word that names a sound is what sounds: leaves in the wind are leaves.
        let kind = words
            .iter()
            .find_map(|word| KINDS.iter().find(|kind| kind.words.contains(word)));
        let Some(kind) = kind else {
            continue;
        };
        if found.iter().any(|(known, _)| std::ptr::eq(*known, kind)) {
            continue;
        }
        let weight: f32 = WEIGHTS
            .iter()
            .filter(|(word, _)| words.contains(word))
            .map(|(_, weight)| weight)
            .product();
        found.push((kind, kind.level * weight));
    }
    let spoken = ambient.chars().any(char::is_alphanumeric);
    if found.is_empty() && spoken {
        found.push((&KINDS[KINDS.len() - 1], KINDS[KINDS.len() - 1].level));
    }
    found.truncate(AT_MOST);
    // Several together are as loud as one.
    let share = 1.0 / (found.len().max(1) as f32).sqrt();
    found.iter_mut().for_each(|(_, level)| *level *= share);
    found
}

/// FNV-1a of the words that a bed grows from.
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A stereo bed of `count` frames of sound, left and right. The same words, seed and count give the
/// same samples; another seed gives the same place at another moment.
pub(crate) fn bed(ambient: &str, seed: &str, count: usize) -> Vec<[i16; 2]> {
    let mut bed = vec![[0_i32; 2]; count];
    for (index, (kind, level)) in sounds(ambient).into_iter().enumerate() {
        let root = digest(seed) ^ digest(kind.words[0]).rotate_left(index as u32 * 8);
        for side in 0..2 {
            // Each side has noise of its own, which is what makes it wide.
            let mut source = Source::new(root.wrapping_add(side as u64 * 0x9e37_79b9_7f4a_7c15));
            // Filters need a moment to fill.
            source.time = (root % 480_000) as u32;
            for _ in 0..4_000 {
                (kind.make)(&mut source);
                source.time += 1;
            }
            for frame in &mut bed {
                let value = (kind.make)(&mut source);
                source.time += 1;
                frame[side] += (value.clamp(-4.0, 4.0) * level * 32_767.0) as i32;
            }
        }
    }
    bed.into_iter().map(|frame| frame.map(narrow)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::level::{SPEECH, heard_square};
    use crate::sound::RATE;

    /// Loudness in LUFS of both sides together.
    fn loudness(bed: &[[i16; 2]]) -> f64 {
        let side = |side: usize| {
            let samples: Vec<i16> = bed.iter().map(|frame| frame[side]).collect();
            heard_square(&samples).unwrap_or(0.0)
        };
        -0.691 + 10.0 * (side(0) + side(1)).log10()
    }

    #[test]
    fn each_kind_is_heard_under_speech_and_its_own() {
        let mut seen = std::collections::BTreeSet::new();
        let mut wrong = String::new();
        for kind in &KINDS {
            let bed = bed(kind.words[0], "1-1", RATE as usize * 4);
            let under = SPEECH - loudness(&bed);
            if !(23.0..25.0).contains(&under) {
                let level = f64::from(kind.level) * 10_f64.powf((under - 24.0) / 20.0);
                wrong += &format!("{}: {under:.1} dB, level {level:.4}\n", kind.words[0]);
            }
            let peaks = bed.iter().flatten().map(|s| s.unsigned_abs());
            let peak = peaks.max().unwrap_or(0);
            assert!(peak < 9_000, "{}: peak {peak}", kind.words[0]);
            seen.insert(digest(&format!("{bed:?}")));
        }
        assert_eq!(wrong, "");
        assert_eq!(seen.len(), KINDS.len());
    }

    #[test]
    fn any_air_of_a_place_is_twenty_to_thirty_decibels_under_speech() {
        for words in [
            "quiet room tone",
            "a humming refrigerator, quiet room tone",
            "steady rain, distant thunder, night crickets",
            "a train far off, passing traffic, light wind",
            "murmuring guests, quiet room tone",
            "something unheard of",
        ] {
            for seed in ["1-1", "12_003"] {
                let under = SPEECH - loudness(&bed(words, seed, RATE as usize * 4));
                assert!((20.0..30.0).contains(&under), "{words}: {under}");
            }
        }
    }

    #[test]
    fn the_same_words_are_the_same_sound_and_no_words_are_silence() {
        assert_eq!(
            bed("rain, distant traffic", "12_003", 9_000),
            bed("rain, distant traffic", "12_003", 9_000)
        );
        assert_ne!(bed("rain", "12_003", 9_000), bed("rain", "12_004", 9_000));
        assert!(
            bed("", "12_003", 100)
                .iter()
                .flatten()
                .all(|sample| *sample == 0)
        );
        assert!(
            bed("something unheard of", "x", 9_000)
                .iter()
                .flatten()
                .any(|sample| *sample != 0)
        );
    }

    #[test]
    fn the_first_word_that_sounds_decides() {
        let kind = |words: &str| sounds(words)[0].0.words[0];
        for (words, expected) in [
            ("leaves in the wind", "leaves"),
            ("waves on the shore", "sea"),
            ("cars passing far off", "traffic"),
            ("a car engine", "engine"),
            ("a train far off", "engine"),
            ("a humming refrigerator", "hum"),
            ("murmuring guests", "crowd"),
            ("hospital monitors", "monitors"),
            ("distant thunder", "storm"),
            ("frogs and insects", "crickets"),
            ("footsteps down the hall", "steps"),
            ("quiet room tone", "steps"),
        ] {
            assert_eq!(kind(words), expected, "{words}");
        }
        assert_eq!(
            sounds("steady rain, distant thunder, night crickets, a crowd").len(),
            AT_MOST
        );
    }

    #[test]
    fn distance_is_heard() {
        let power = |words: &str| {
            bed(words, "x", 48_000)
                .iter()
                .map(|[l, _]| i64::from(*l).pow(2))
                .sum::<i64>()
        };
        assert!(power("distant traffic") * 3 < power("traffic"));
        assert!(power("heavy rain") > power("rain") * 2);
    }
}
