//! The time of day as the action tells it: "Night falls." wins over the heading, from there on.

use std::rc::Rc;

use super::decompose::{PASS, Walk};
use crate::prose;
use crate::words::{TimeOfDay, Trigger};

/// What the action says of the time, wherever it stands in a sentence.
#[rustfmt::skip]
const TELLS: &[(&[&str], TimeOfDay)] = &[
    (&["night", "falls"], TimeOfDay::Night), (&["night", "has", "fallen"], TimeOfDay::Night), (&["darkness", "falls"], TimeOfDay::Night),
    (&["full", "moon"], TimeOfDay::Night), (&["moonlight"], TimeOfDay::Night), (&["under", "the", "stars"], TimeOfDay::Night),
    (&["it", "is", "night"], TimeOfDay::Night), (&["it's", "night"], TimeOfDay::Night), (&["starry", "sky"], TimeOfDay::Night),
    (&["dawn", "breaks"], TimeOfDay::Dawn), (&["day", "breaks"], TimeOfDay::Dawn), (&["sun", "rises"], TimeOfDay::Dawn),
    (&["sun", "comes", "up"], TimeOfDay::Dawn), (&["sun", "is", "rising"], TimeOfDay::Dawn), (&["first", "light"], TimeOfDay::Dawn),
    (&["sun", "sets"], TimeOfDay::Dusk), (&["sun", "goes", "down"], TimeOfDay::Dusk), (&["sun", "is", "setting"], TimeOfDay::Dusk),
    (&["setting", "sun"], TimeOfDay::Dusk), (&["dusk", "falls"], TimeOfDay::Dusk), (&["morning", "sun"], TimeOfDay::Morning),
    (&["morning", "light"], TimeOfDay::Morning), (&["afternoon", "sun"], TimeOfDay::Afternoon),
    (&["die", "sonne", "geht", "auf"], TimeOfDay::Dawn), (&["die", "sonne", "geht", "unter"], TimeOfDay::Dusk), (&["mondlicht"], TimeOfDay::Night),
    (&["le", "soleil", "se", "lève"], TimeOfDay::Dawn), (&["le", "soleil", "se", "couche"], TimeOfDay::Dusk), (&["clair", "de", "lune"], TimeOfDay::Night),
];

/// What says it as a sentence of its own: "Night."
#[rustfmt::skip]
const ALONE: &[(&str, TimeOfDay)] = &[
    ("night", TimeOfDay::Night), ("dawn", TimeOfDay::Dawn), ("sunrise", TimeOfDay::Dawn), ("dusk", TimeOfDay::Dusk), ("sunset", TimeOfDay::Dusk),
    ("morning", TimeOfDay::Morning), ("evening", TimeOfDay::Evening), ("nacht", TimeOfDay::Night), ("nuit", TimeOfDay::Night), ("noche", TimeOfDay::Night),
];

/// Words that make it no more than a likeness.
const LIKENESS: &[&str] = &[
    "like", "as", "if", "until", "before", "painting", "picture", "photo", "poster",
];

impl Walk<'_> {
    /// Gives each shot the time that the action before it and in it tells.
    pub(super) fn settle_hours(&mut self) {
        if self.scene.heading.setting.is_empty() {
            return;
        }
        let whole = self.spot_of(self.scene.heading, self.scene.time);
        let mut said: Option<TimeOfDay> = None;
        for beat in &mut self.beats {
            if beat.trigger == Trigger::Title {
                continue;
            }
            // What is shown apart has a time of its own, and ends what was said.
            let own = beat
                .elsewhere
                .as_ref()
                .map_or(self.scene.time, |spot| spot.shown.time);
            if own != self.scene.time {
                said = None;
            }
            said = told(&beat.content).or(said);
            let Some(time) = said.filter(|time| *time != own) else {
                continue;
            };
            let mut spot = match &beat.elsewhere {
                Some(spot) => spot.as_ref().clone(),
                None => whole.clone(),
            };
            spot.shown.time = time;
            beat.elsewhere = Some(Rc::new(spot));
            let why = format!("the action says that it is {}", time.code());
            beat.because(PASS, "the script", why);
        }
    }
}

/// The last time of day that a text tells; none if it tells none.
fn told(text: &str) -> Option<TimeOfDay> {
    prose::sentences(text)
        .into_iter()
        .rev()
        .find_map(|sentence| {
            let words = prose::tokens(sentence);
            if let [only] = words.as_slice() {
                let alone = ALONE.iter().find(|(word, _)| word == only);
                return alone.map(|(_, time)| *time);
            }
            TELLS.iter().find_map(|(phrase, time)| {
                let at = words
                    .windows(phrase.len())
                    .position(|window| window.iter().eq(phrase.iter()))?;
                let likened = words[..at]
                    .iter()
                    .any(|word| LIKENESS.contains(&word.as_str()));
                (!likened).then_some(*time)
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_action_tells_the_time() {
        for (text, time) in [
            ("Under a full moon, Mara walks.", Some(TimeOfDay::Night)),
            ("Night. Rain.", Some(TimeOfDay::Night)),
            ("The sun sets over the sea.", Some(TimeOfDay::Dusk)),
            ("His face is round like a full moon.", None),
            ("The night porter nods.", None),
        ] {
            assert_eq!(told(text), time, "{text}");
        }
    }
}
