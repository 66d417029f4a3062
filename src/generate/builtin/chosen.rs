//! Some scenes of a film, as `with = { scenes = "1-3, 12A" }` names them.

use crate::film::ids::scenes_named;

/// The scenes that `said` names, in the order of the film; all where it names none. `1-3` are the scenes
/// from the first to the last, with those that were inserted between them.
pub(super) fn chosen<'s>(said: &str, stems: &[&'s str]) -> Result<Vec<&'s str>, String> {
    let words = said.split([',', ' ']).filter(|word| !word.is_empty());
    let mut is_in = vec![false; stems.len()];
    let mut is_all = true;
    for word in words {
        is_all = false;
        for scene in places(word, stems)? {
            is_in[scene] = true;
        }
    }
    let named = stems
        .iter()
        .zip(is_in)
        .filter(|(_, is_in)| is_all || *is_in);
    Ok(named.map(|(stem, _)| *stem).collect())
}

/// A scene, or all from one to another. A number may hold a hyphen itself, so whole ones are looked for first.
fn places(word: &str, stems: &[&str]) -> Result<std::ops::RangeInclusive<usize>, String> {
    let place = |typed: &str| match scenes_named(typed, stems.iter().copied())[..] {
        [stem] => stems.iter().position(|known| *known == stem),
        _ => None,
    };
    if let Some(at) = place(word) {
        return Ok(at..=at);
    }
    let ends = word
        .match_indices('-')
        .find_map(|(at, sign)| Some((place(&word[..at])?, place(&word[at + sign.len()..])?)));
    match ends {
        Some((first, last)) if first <= last => Ok(first..=last),
        Some(_) => Err(format!("{word} ends before it begins")),
        None => Err(format!("the film has no scene {word}")),
    }
}

#[cfg(test)]
mod tests {
    use super::chosen;

    const STEMS: [&str; 6] = ["001", "002", "002A", "003", "I-1-A", "012"];

    #[test]
    fn scenes_are_named_one_by_one_and_from_to() {
        for (said, scenes) in [
            ("", "001 002 002A 003 I-1-A 012"),
            ("3", "003"),
            ("1-3", "001 002 002A 003"),
            ("12, 2a", "002A 012"),
            ("I-1-A", "I-1-A"),
            ("003-i-1-a 3", "003 I-1-A"),
        ] {
            let found = chosen(said, &STEMS).expect(said);
            assert_eq!(found.join(" "), scenes, "{said:?}");
        }
    }

    #[test]
    fn what_names_no_scene_is_told() {
        for (said, told) in [
            ("1, 4", "the film has no scene 4"),
            ("3-1", "3-1 ends before it begins"),
            ("1-99", "the film has no scene 1-99"),
            ("-", "the film has no scene -"),
        ] {
            assert_eq!(chosen(said, &STEMS), Err(told.to_owned()), "{said}");
        }
    }
}
