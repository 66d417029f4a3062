//! V1 on lines in capitals that stand alone: they aim the camera, name a place, cut, or start a montage.

use super::aim;
use super::beat::Beat;
use super::decompose::{PASS, Walk};
use super::paragraph::{directions, returns};
use crate::prose;
use crate::words::Trigger;

impl Walk<'_> {
    /// A line in capitals of its own: aims the camera, names a place, cuts, or starts a montage.
    /// `false` if it is none of these.
    pub(super) fn slug(&mut self, text: &str, at: usize, end: usize) -> bool {
        let words = prose::tokens(text);
        let first = words.first().map(String::as_str).unwrap_or_default();
        if text.trim_end().ends_with("TO:")
            || text.trim_end().ends_with("OVER:")
            || matches!(first, "fade" | "intercut" | "cut")
            || self.transitions(&words)
        {
            let opens = first == "fade" && words.get(1).is_some_and(|word| word == "in");
            if !opens {
                self.transition(text, at);
            }
            return true;
        }
        if words
            .iter()
            .any(|word| word == "montage" || word == "shots")
        {
            self.montage = !words.iter().any(|word| word == "end");
            return true;
        }
        if returns(&words) {
            self.show_insert(at);
            return true;
        }
        if let Some(aimed) = aim::read(text) {
            let (who, extras, target) = self.aimed(&aimed);
            if let Some(target) = target {
                self.show_insert(at);
                let trigger = target.trigger.unwrap_or(Trigger::Action);
                let mut aim = Beat::new(trigger, at, end);
                aim.prop = target.prop;
                aim.add_who(&who);
                aim.add_extras(&extras);
                if trigger == Trigger::Pov && !aimed.rest.is_empty() {
                    aim.add_content(&sentence(aimed.rest, self.names.spellings()));
                }
                aim.because(PASS, "the script", format!("{text:?} aims the camera"));
                self.aim = Some(aim);
                return true;
            }
        } else if first == "insert" {
            self.show_insert(at);
            return true;
        }
        let who = self.reader.read(text);
        if !who.is_empty()
            && !matches!(
                first,
                "at" | "in" | "under" | "behind" | "outside" | "inside" | "near" | "by"
            )
        {
            let mut aim = self
                .aim
                .take()
                .unwrap_or_else(|| Beat::new(Trigger::Action, at, end));
            aim.add_who(&who);
            aim.add_content(&prose::sentence_case(
                text.trim_end_matches(['.', ':']),
                self.names.spellings(),
            ));
            aim.content.push('.');
            aim.to = end;
            aim.directions = directions(text, &self.rules.camera.direction);
            aim.because(PASS, "the script", format!("{text:?} aims the camera"));
            self.aim = Some(aim);
            return true;
        }
        // What a sign says belongs to the shot of the sign.
        if let Some(last) = self.beats.last_mut().filter(|last| {
            last.to == at && last.content.ends_with([':', '!', '"']) && last.line.is_none()
        }) {
            last.add_content(text);
            last.to = end;
            return true;
        }
        let place = matches!(
            first,
            "at" | "in"
                | "on"
                | "under"
                | "up"
                | "down"
                | "behind"
                | "outside"
                | "inside"
                | "near"
                | "by"
                | "back"
                | "backstage"
                | "further"
                | "beside"
                | "across"
                | "the"
        );
        if place {
            let name = prose::sentence_case(
                text.trim_end_matches(['.', ':', ',']),
                self.names.spellings(),
            );
            self.corner(text);
            self.place = Some((format!("{name}."), at));
        }
        place
    }

    /// Whether a line is a transition of the rules, with a word or two behind it: `FONDU AU NOIR`.
    fn transitions(&self, words: &[String]) -> bool {
        let mut rules = self.rules.transition.script.iter();
        rules.any(|rule| rule.phrase.begins(words) && words.len() <= rule.phrase.len() + 1)
    }

    /// An insert that the script calls for and says no more of is a shot of its own.
    pub(super) fn show_insert(&mut self, end: usize) {
        let Some(mut beat) = self.aim.take_if(|aim| aim.trigger == Trigger::Insert) else {
            return;
        };
        let thing = beat.prop.as_deref().unwrap_or("detail");
        let own = thing
            .split(' ')
            .next()
            .is_some_and(|word| word.ends_with("'s") || word.ends_with("’s"));
        beat.content = if own {
            format!("{}.", prose::capitalise(thing))
        } else {
            format!("The {thing}.")
        };
        beat.to = beat.to.min(end.max(beat.from + 1));
        self.close(beat);
    }
}

/// A line in capitals as a sentence.
fn sentence(line: &str, names: &std::collections::BTreeMap<String, String>) -> String {
    let text = prose::sentence_case(line.trim_end_matches(['.', ':', ',', ' ']), names);
    format!("{text}.")
}
