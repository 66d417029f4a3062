//! Scenes and shots by the names that people read and type: `2A` and `002A`, `2-11` and `002_011`.

use super::shot::{parts, scene_of_shot};
use super::stem::number_of;

/// What is left of a number where capitals, and zeros before digits, do not count.
fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    let mut in_digits = false;
    for (at, c) in text.char_indices() {
        let leads = c == '0' && !in_digits;
        let more = text[at + c.len_utf8()..].starts_with(|next: char| next.is_ascii_digit());
        if leads && more {
            continue;
        }
        in_digits = c.is_ascii_digit();
        key.extend(c.to_uppercase());
    }
    key
}

/// The scenes, of these file stems, that `typed` may mean: the one whose number or stem it is, else
/// all that differ in capitals and leading zeros alone.
#[must_use]
pub fn scenes_named<'s>(typed: &str, stems: impl IntoIterator<Item = &'s str>) -> Vec<&'s str> {
    let typed = typed.trim_matches('#');
    if typed.is_empty() {
        return Vec::new();
    }
    let wanted = key(typed);
    let mut alike = Vec::new();
    for stem in stems {
        let number = number_of(stem);
        let number = number.as_deref().unwrap_or(stem);
        if number == typed || stem == typed {
            return vec![stem];
        }
        if key(number) == wanted || key(stem) == wanted {
            alike.push(stem);
        }
    }
    alike
}

/// `2-11` taken apart, in every way that it may be: scene and shot, the longest scene first.
pub fn parts_of_shot(typed: &str) -> impl Iterator<Item = (&str, &str)> {
    let cuts = typed.rmatch_indices(['-', '_']);
    let parts = cuts.map(|(at, sign)| (&typed[..at], &typed[at + sign.len()..]));
    parts.filter(|(scene, shot)| !scene.is_empty() && !shot.is_empty())
}

/// The shots, of these ids, that `typed` may mean.
#[must_use]
pub fn shots_named<'s>(typed: &str, shots: &[&'s str]) -> Vec<&'s str> {
    if let Some(shot) = shots.iter().find(|shot| **shot == typed) {
        return vec![shot];
    }
    for (scene, number) in parts_of_shot(typed) {
        let mut stems: Vec<&str> = shots
            .iter()
            .filter_map(|shot| scene_of_shot(shot))
            .collect();
        stems.dedup();
        let stems = scenes_named(scene, stems);
        let wanted = key(number);
        let is_meant = |shot: &&&str| {
            let Some((stem, id)) = parts(shot) else {
                return false;
            };
            let short = number_of(id);
            let is = key(id) == wanted || short.is_some_and(|short| key(&short) == wanted);
            is && stems.contains(&stem)
        };
        let found: Vec<&str> = shots.iter().filter(is_meant).copied().collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::shot_name;

    const STEMS: [&str; 8] = [
        "001", "001+61", "002", "002A", "012", "A012", "1000", "I-1-A",
    ];

    #[test]
    fn a_scene_goes_by_its_number_and_by_its_files() {
        for (typed, stem) in [
            ("1", "001"),
            ("001", "001"),
            ("1a", "001+61"),
            ("2a", "002A"),
            ("2A", "002A"),
            ("002a", "002A"),
            ("#12#", "012"),
            ("a12", "A012"),
            ("1000", "1000"),
            ("i-1-a", "I-1-A"),
        ] {
            assert_eq!(scenes_named(typed, STEMS), [stem], "{typed}");
        }
        for nothing in ["", "3", "2B", "01000A", "x"] {
            assert!(scenes_named(nothing, STEMS).is_empty(), "{nothing}");
        }
        assert_eq!(scenes_named("1A", ["001+61", "001A"]), ["001A"]);
        assert_eq!(scenes_named("01A", ["001+61", "001A"]).len(), 2);
    }

    #[test]
    fn a_shot_goes_by_its_slate_and_by_its_files() {
        let shots = [
            "002_001",
            "002_011",
            "002_011A",
            "002_A001",
            "002A_001",
            "I-1-A_003",
        ];
        for (typed, shot) in [
            ("2-11", "002_011"),
            ("2_11", "002_011"),
            ("02-011", "002_011"),
            ("002_011", "002_011"),
            ("2-11a", "002_011A"),
            ("002_011a", "002_011A"),
            ("2-A1", "002_A001"),
            ("2-A001", "002_A001"),
            ("2a-1", "002A_001"),
            ("i-1-a-3", "I-1-A_003"),
        ] {
            assert_eq!(shots_named(typed, &shots), [shot], "{typed}");
            assert_eq!(shots_named(&shot_name(shot), &shots), [shot]);
        }
        for nothing in ["2-12", "3-1", "2", "-", "2-", "-1", "2-11B"] {
            assert!(shots_named(nothing, &shots).is_empty(), "{nothing}");
        }
    }
}
