//! The words that are spoken in a shot, as they stand in a prompt: in quotes behind who says them and
//! how, as models that make sound with the picture read them.

use super::Inputs;
use super::compose::{Composer, Why};
use super::settings::Of;
use crate::prose;
use crate::shots::{Telling, comes_through, telling};
use crate::words::{Heard, PromptPart, Pronoun};

/// What tells a model who of those in the picture speaks: so many clauses of a look, of so many words.
const LOOK: (usize, usize) = (2, 8);

/// Adds what happens, with the words that are spoken in their place.
pub(super) fn add_action(inputs: &Inputs<'_>, of: Of, action: &[String], prompt: &mut Composer) {
    let subject = Subject::of(inputs);
    let told = subject.as_ref().and_then(|subject| {
        let mut sentences = action.iter().enumerate();
        sentences.find_map(|(at, sentence)| {
            let (from, name) = subject.begins(sentence)?;
            Some((at, from, name))
        })
    });
    for (at, sentence) in action.iter().enumerate() {
        match &told {
            Some((here, from, name)) if *here == at => {
                let told = Saying {
                    whole: sentence,
                    lead: &sentence[..*from],
                    name,
                };
                add_line(inputs, of, subject.as_ref(), Some(told), prompt);
            }
            _ => {
                prompt.about(PromptPart::Action);
                prompt.tell(sentence);
            }
        }
    }
    if told.is_none() {
        add_line(inputs, of, subject.as_ref(), None, prompt);
    }
}

/// A sentence that says that somebody speaks: `With a sudden calm, Anna speaks.`
#[derive(Clone, Copy)]
struct Saying<'s> {
    /// All of it.
    whole: &'s str,
    /// What stands before the name.
    lead: &'s str,
    /// The name.
    name: &'s str,
}

impl<'s> Saying<'s> {
    fn parts(&self) -> Option<Telling<'s>> {
        telling(&self.whole[self.lead.len()..], self.name)
    }
}

/// Who speaks in the picture.
struct Subject {
    /// As a sentence names them: `Anna`, `Anna and Boris`.
    name: String,
    /// What else sentences call them.
    others: Vec<String>,
}

impl Subject {
    fn of(inputs: &Inputs<'_>) -> Option<Self> {
        let speaker = inputs.shot.dialogue_speaker.as_deref()?;
        let one = inputs.people.slug(speaker).is_some()
            || inputs
                .shot
                .characters_in_frame
                .iter()
                .any(|name| name == speaker);
        let names: Vec<String> = if one {
            vec![inputs.in_action(&inputs.slug(speaker), speaker)]
        } else {
            let parts = crate::cast::speakers_of(speaker);
            parts
                .map(|part| inputs.in_action(&inputs.slug(part), part))
                .collect()
        };
        let plain = crate::cast::name_in_text(speaker);
        let name = match names.as_slice() {
            [] => plain.clone(),
            [one] => one.clone(),
            [first @ .., last] => format!("{} and {last}", first.join(", ")),
        };
        let own = inputs.in_text(&inputs.slug(speaker), speaker);
        Some(Self {
            name,
            others: vec![own, plain],
        })
    }

    /// The name that a sentence says of that they speak, and where it stands: at the beginning, or behind
    /// a clause that leads into it.
    fn begins(&self, sentence: &str) -> Option<(usize, String)> {
        let joints = [", ", "-- ", "— "].into_iter().flat_map(|joint| {
            let ends = sentence.match_indices(joint);
            ends.map(move |(at, _)| at + joint.len())
        });
        let mut places = std::iter::once(0).chain(joints);
        places.find_map(|from| {
            let mut names = std::iter::once(&self.name).chain(&self.others);
            let name = names.find(|name| telling(&sentence[from..], name).is_some())?;
            Some((from, name.clone()))
        })
    }
}

/// The sentence with the words of the shot, if somebody speaks in it. `told` is the sentence that says
/// so, and the name that it begins with.
fn add_line(
    inputs: &Inputs<'_>,
    of: Of,
    subject: Option<&Subject>,
    told: Option<Saying<'_>>,
    prompt: &mut Composer,
) {
    let shot = inputs.shot;
    let (Some(line), Some(heard)) = (&shot.dialogue_text, shot.dialogue_source) else {
        if let Some(told) = told {
            prompt.about(PromptPart::Action);
            prompt.tell(told.whole);
        }
        return;
    };
    let plain = told.map(|told| plainly(inputs, &told));
    // A picture shows nobody who is only heard.
    let wanted = inputs.settings.quotes(of) && (of == Of::Video || heard == Heard::OnScreen);
    prompt.about(PromptPart::Line);
    let quoted = quoted(line);
    if quoted.is_empty() {
        // A sign alone, as in "...", is not spoken.
    } else if !inputs.settings.quotes(of) {
        prompt.leave_out(&quoted, Why::TurnedOff(inputs.settings.lines().code()));
    } else if wanted && shot.dialogue_together.len() > 1 {
        if prompt.tell(&at_once(inputs)) {
            return;
        }
    } else if wanted {
        let before = before_words(inputs, of, subject, told, heard);
        if prompt.tell(&format!("{before}: {quoted}")) {
            return;
        }
    }
    // Without its words it is still to be seen that somebody speaks.
    if let Some(plain) = plain {
        prompt.about(PromptPart::Action);
        prompt.tell(&plain);
    }
}

/// Who says what of those who speak at once.
fn at_once(inputs: &Inputs<'_>) -> String {
    let all = inputs.shot.dialogue_together.iter().map(|words| {
        let name = inputs.in_action(&inputs.slug(&words.speaker), &words.speaker);
        format!("{name} says: {}", in_quotes(&words.text))
    });
    let all: Vec<String> = all.collect();
    ended(format!("At the same time {}", all.join(" and ")))
}

/// "Mara speaks." becomes "Mara speaks to Tobin." where the picture shows whom.
fn plainly(inputs: &Inputs<'_>, saying: &Saying<'_>) -> String {
    let Some(told) = saying.parts() else {
        return saying.whole.to_owned();
    };
    let Saying { lead, name, .. } = saying;
    let verb = if told.several {
        told.verb.many
    } else {
        told.verb.one
    };
    let whom = listener(inputs, told.rest)
        .map(|whom| format!("{} {whom}", told.verb.towards))
        .unwrap_or_default();
    prose::capitalise(&format!(
        "{lead}{name}{}{verb}{whom}{}.",
        told.between, told.rest
    ))
}

/// What stands before the words: `Mara, thirty, in a red coat, says to Tobin, low`.
fn before_words(
    inputs: &Inputs<'_>,
    of: Of,
    subject: Option<&Subject>,
    told: Option<Saying<'_>>,
    heard: Heard,
) -> String {
    let tone = inputs.shot.dialogue_tone.as_deref();
    let tone = tone.map(|tone| format!(", {tone}")).unwrap_or_default();
    let from = match heard {
        Heard::OnScreen => "",
        Heard::OffScreen => "from outside the frame",
        Heard::VoiceOver => "over the picture",
    };
    if !from.is_empty() {
        let said = inputs.shot.dialogue_tone.as_deref().unwrap_or_default();
        let (first, rest) = said.split_once(", ").unwrap_or((said, ""));
        if comes_through(first) {
            let comma = if rest.is_empty() { "" } else { ", " };
            return format!("{} {first} says{comma}{rest}", voice(inputs));
        }
        return format!("{} {from} says{tone}", voice(inputs));
    }
    let Some(subject) = subject else {
        return format!("{} says{tone}", voice(inputs));
    };
    let name = &subject.name;
    let look = match of {
        Of::Video => look(inputs),
        // The looks of those in the picture follow.
        Of::Frame => String::new(),
    };
    let lead = told.map_or("", |told| told.lead);
    let told = told.and_then(|told| told.parts());
    let Some(told) = told else {
        let says = if name.contains(" and ") {
            "say"
        } else {
            "says"
        };
        return prose::capitalise(&format!("{name}{look} {says}{tone}"));
    };
    let says = if told.several {
        told.verb.say
    } else {
        told.verb.says
    };
    // One goes on, and does not go on to somebody.
    let whom = listener(inputs, told.rest)
        .filter(|_| !told.verb.towards.contains("speaking"))
        .map(|whom| format!("{} {whom}", told.verb.towards))
        .unwrap_or_default();
    prose::capitalise(&format!(
        "{lead}{name}{look}{}{says}{whom}{}",
        told.between, told.rest
    ))
}

/// Whom the speaker speaks to, where the picture shows exactly one other and the sentence says none.
fn listener(inputs: &Inputs<'_>, rest: &str) -> Option<String> {
    let shot = inputs.shot;
    let speaker = shot.dialogue_speaker.as_ref()?;
    let fits = rest.is_empty() || rest.starts_with(',');
    match shot.characters_in_frame.as_slice() {
        [one, other] if fits && one == speaker => {
            Some(inputs.in_action(&inputs.slug(other), other))
        }
        _ => None,
    }
}

/// `, thirty, in a red coat,`: what of the speaker's look tells them from others.
fn look(inputs: &Inputs<'_>) -> String {
    let speaker = inputs.shot.dialogue_speaker.as_deref().unwrap_or_default();
    let (clauses, words) = LOOK;
    let looks = super::looks(inputs, &inputs.slug(speaker));
    let short = looks
        .iter()
        .flat_map(|clause| clause.split([',', ';', '\n']))
        .map(|clause| clause.trim().trim_end_matches(['.', '!', '?', ':']))
        .filter(|clause| !clause.is_empty() && prose::words(clause).len() <= words)
        .take(clauses);
    let short: Vec<&str> = short.collect();
    if short.is_empty() {
        return String::new();
    }
    format!(", {},", short.join(", "))
}

/// Whose voice it is, for a model that does not know the name.
fn voice(inputs: &Inputs<'_>) -> &'static str {
    let speaker = inputs.shot.dialogue_speaker.as_deref().unwrap_or_default();
    let one = inputs.people.get(&inputs.slug(speaker));
    match one.map(|asset| asset.pronouns) {
        Some(Pronoun::He) => "A man's voice",
        Some(Pronoun::She) => "A woman's voice",
        _ => "A voice",
    }
}

/// Spoken words in quotes, with an end: `"You sold the boat."`; nothing where no word is spoken.
fn quoted(line: &str) -> String {
    match in_quotes(line) {
        words if words.is_empty() => words,
        words => ended(words),
    }
}

/// Spoken words in one pair of quotes.
fn in_quotes(line: &str) -> String {
    let mut inner = String::with_capacity(line.len() + 2);
    for c in line.chars() {
        match c {
            '"' => inner.push('\''),
            '“' => inner.push('‘'),
            '”' => inner.push('’'),
            c if c.is_whitespace() => {
                if !inner.is_empty() && !inner.ends_with(' ') {
                    inner.push(' ');
                }
            }
            c => inner.push(c),
        }
    }
    // What goes on in the next shot breaks off after a clause.
    let inner = inner.trim_end_matches([' ', ',', ';', ':']);
    match inner.chars().any(char::is_alphanumeric) {
        true => format!("\"{inner}\""),
        false => String::new(),
    }
}

/// The same with a full stop, unless what is quoted ends the sentence.
fn ended(quoted: String) -> String {
    let inner = quoted.trim_end_matches(['"', '\'', '’', ')']);
    match inner.ends_with(['.', '!', '?']) {
        true => quoted,
        false => format!("{quoted}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_one_pair_of_quotes_with_an_end() {
        assert_eq!(quoted("You sold  it."), "\"You sold it.\"");
        assert_eq!(quoted("He said \"no\""), "\"He said 'no'\".");
        assert_eq!(quoted("He said \"no.\""), "\"He said 'no.'\"");
        assert_eq!(quoted("But I--"), "\"But I--\".");
        assert_eq!(quoted("When we met,"), "\"When we met\".");
        assert_eq!(quoted("..."), "");
    }
}
