//! The sound of a shot: voices chosen from names, the air of a place from its name.

use crate::bible::VoiceRecord;
use crate::prose;
use crate::request::Voice;
use crate::words::{Place, Pronoun, TimeOfDay};

/// espeak-ng's variants that sound like men, women, and neither.
const MEN: &[&str] = &["m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8"];
const WOMEN: &[&str] = &["f1", "f2", "f3", "f4", "f5"];
const EITHER: &[&str] = &["m1", "f2", "m3", "f4", "m7", "f5"];
/// Accents, so that two with the same variant still differ.
const LANGUAGES: &[&str] = &[
    "en-us",
    "en-gb",
    "en-us",
    "en-gb-x-rp",
    "en-us",
    "en-gb-scotland",
];

/// The scratch voice of a character: from the bible, else chosen by the slug, so that it stays the
/// same in every scene and whoever else is in the film.
pub fn voice(slug: &str, pronouns: Pronoun, record: Option<&VoiceRecord>) -> Voice {
    let hash = blake3::derive_key("aiut scratch voice 1", slug.as_bytes());
    let pick = |at: usize, count: usize| usize::from(hash[at]) % count;
    let (variants, low, high) = match pronouns {
        Pronoun::He => (MEN, 20, 50),
        Pronoun::She => (WOMEN, 50, 80),
        _ => (EITHER, 30, 70),
    };
    let name = format!(
        "{}+{}",
        LANGUAGES[pick(0, LANGUAGES.len())],
        variants[pick(1, variants.len())]
    );
    let own = record
        .map(|record| record.name.clone())
        .filter(|name| !name.is_empty());
    Voice {
        name: own.unwrap_or(name),
        pitch: record
            .and_then(|record| record.pitch)
            .unwrap_or(low + u32::from(hash[2]) % (high - low + 1))
            .min(99),
        speed: record
            .and_then(|record| record.speed)
            .unwrap_or(150 + u32::from(hash[3]) % 31)
            .clamp(80, 450),
    }
}

/// Sounds by words of the place or the action, the first three found.
#[rustfmt::skip]
const AIR: &[(&[&str], &str)] = &[
    (&["rain", "rains", "storm"], "steady rain"),
    (&["thunder", "lightning"], "distant thunder"),
    (&["river", "riverside", "creek", "stream"], "running water"),
    (&["underwater"], "muffled water"),
    (&["ocean", "beach", "sea", "shore"], "waves on the shore"),
    (&["pool", "swims"], "lapping water"),
    (&["swamp", "marsh"], "frogs and insects"),
    (&["forest", "woods", "tree", "jungle"], "leaves in the wind"),
    (&["campfire", "fire", "fireplace"], "a crackling fire"),
    (&["street", "sidewalk", "intersection", "downtown", "city"], "passing traffic"),
    (&["road", "highway", "freeway"], "cars passing far off"),
    (&["car", "chevy", "chevrolet", "truck", "driving"], "a car engine"),
    (&["airplane", "747", "plane", "flying"], "the drone of an aircraft"),
    (&["train", "station"], "a train far off"),
    (&["kitchen"], "a humming refrigerator"),
    (&["restaurant", "bar", "diner", "reception"], "murmuring guests"),
    (&["office", "newsroom"], "office machines"),
    (&["hospital"], "hospital monitors"),
    (&["church", "cemetery", "graveside"], "a hushed stillness"),
    (&["circus", "tent", "fair", "carnival"], "a fairground crowd"),
    (&["crowd", "audience", "mob", "stage"], "a restless crowd"),
    (&["school", "playground", "park"], "children at play"),
    (&["store", "supermarket", "checkout"], "store music"),
    (&["farm", "barn", "stables", "sheep"], "farm animals"),
    (&["phone", "telephone"], "a telephone line"),
    (&["printer", "copier", "computer"], "a whirring machine"),
    (&["garage"], "an echoing garage"),
    (&["bathroom"], "dripping water"),
    (&["basement", "cave", "vault"], "a hollow echo"),
    (&["hallway", "corridor", "stairs", "foyer"], "footsteps down the hall"),
];

/// The sound of a place in words.
pub(super) fn ambient(setting: &str, content: &str, side: Place, time: TimeOfDay) -> String {
    let place = prose::tokens(setting);
    let action = prose::tokens(content);
    let mut found: Vec<&str> = Vec::new();
    for (words, sound) in AIR {
        let weather = matches!(words[0], "rain" | "thunder" | "crowd" | "campfire");
        let there = words.iter().any(|word| {
            place.iter().any(|other| other == word)
                || weather && action.iter().any(|other| other == word)
        });
        if there && found.len() < 3 {
            found.push(sound);
        }
    }
    let base = match (side, time) {
        (Place::Interior, _) => "quiet room tone",
        (Place::Unsaid, _) => "a quiet atmosphere",
        (_, TimeOfDay::Night | TimeOfDay::Evening) => "night crickets",
        (_, TimeOfDay::Dawn | TimeOfDay::Morning) => "early birdsong",
        (_, _) => "light wind",
    };
    if found.len() < 3 {
        found.push(base);
    }
    found.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voice_is_the_characters_own_and_the_bible_wins() {
        assert_eq!(
            voice("rae", Pronoun::She, None),
            voice("rae", Pronoun::She, None)
        );
        assert_ne!(
            voice("rae", Pronoun::She, None),
            voice("max", Pronoun::She, None)
        );
        assert!(voice("rae", Pronoun::She, None).name.contains("+f"));
        let record = VoiceRecord {
            name: "en-us+m2".into(),
            speed: Some(900),
            ..VoiceRecord::default()
        };
        let told = voice("rae", Pronoun::She, Some(&record));
        assert_eq!((told.name.as_str(), told.speed), ("en-us+m2", 450));
    }

    #[test]
    fn the_air_fits_the_place() {
        assert_eq!(
            ambient("CAMPFIRE", "", Place::Exterior, TimeOfDay::Night),
            "a crackling fire, night crickets"
        );
        assert_eq!(
            ambient("Bloom house, kitchen", "", Place::Interior, TimeOfDay::Day),
            "a humming refrigerator, quiet room tone"
        );
    }
}
