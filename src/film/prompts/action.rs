//! What happens in a shot, as whole sentences fit for a prompt.

use super::Inputs;
use super::check::LONGEST;
use super::compose::{Composer, Why};
use crate::prose;
use crate::shots::looks_out;
use crate::words::{Heard, PromptPart, Trigger};

/// What happens in a shot.
pub(super) struct Action {
    /// Whole sentences fit for a prompt; never none.
    pub(super) sentences: Vec<String>,
    left_out: Vec<(String, Why)>,
}

impl Action {
    /// Notes what of the shot is not told.
    pub(super) fn leave_out(&self, prompt: &mut Composer) {
        prompt.about(PromptPart::Action);
        for (text, why) in &self.left_out {
            prompt.leave_out(text, why.clone());
        }
    }
}

/// What happens in a shot, as whole sentences fit for a prompt. Of what the script says nothing is left
/// out but what no picture shows, as far as there is room.
pub(super) fn action(inputs: &Inputs<'_>) -> Action {
    /// More than this is not drawn in one picture: no shot of a film is longer.
    const MOST_WORDS: usize = 200;
    let shot = inputs.shot;
    let spellings = inputs.spellings();
    let mut out: Vec<String> = Vec::new();
    let mut left_out = Vec::new();
    let mut words = 0;
    let subject = inputs.frame().first().map(|(_, name)| name.clone());
    for sentence in prose::quoting_sentences(&shot.content) {
        let mut leave = |why| left_out.push((sentence.to_owned(), why));
        // What is seen is in the next shot.
        let looks;
        let sentence = match looks_out(sentence) {
            true => {
                looks = format!("{} something outside the frame.", sentence.trim_end());
                looks.as_str()
            }
            false => sentence,
        };
        if shot.trigger != Trigger::Title && is_pause(sentence) {
            leave(Why::Unfilmable);
            continue;
        }
        let Some(whole) = prose::prompt_sentence(sentence, &spellings) else {
            leave(Why::Unfilmable);
            continue;
        };
        // "KEYS in the lock" are no verb.
        let shouts = prose::first_word(sentence).is_some_and(|word| word.all_caps());
        let subject = subject.as_deref().filter(|_| !shouts);
        let whole = with_subject(&whole, subject, out.last().map(String::as_str));
        let count = prose::words(&whole).len();
        // "Don Price." is in the framing already.
        let tokens = prose::tokens(&whole);
        let name = inputs
            .frame()
            .iter()
            .any(|(_, name)| prose::tokens(name) == tokens);
        if name || is_thought(&whole) || out.contains(&whole) {
            leave(Why::Unfilmable);
            continue;
        }
        // "Intrigued." says how the sentence before it is meant.
        if let (Some(last), Some(how)) = (out.last_mut(), state(&whole))
            && last.ends_with('.')
        {
            last.pop();
            last.push_str(&format!(", {how}."));
            words += count;
            continue;
        }
        if !out.is_empty() && words + count > MOST_WORDS {
            leave(Why::NoRoom(LONGEST));
            break;
        }
        words += count;
        out.push(whole);
    }
    let mut out = led_in(out, &spellings);
    if shot.trigger != Trigger::Title {
        super::doers::named(inputs, &mut out);
    }
    if out.is_empty() {
        out.push(fallback(inputs));
    }
    Action {
        sentences: out,
        left_out,
    }
}

/// "Under the table. Young Jenny unties a shoe." → "Under the table, young Jenny unties a shoe.": a corner of the place
/// that stands alone leads into what happens there.
fn led_in(sentences: Vec<String>, names: &dyn prose::Spelt) -> Vec<String> {
    #[rustfmt::skip]
    const WHERE: &[&str] = &[
        "at", "in", "on", "under", "behind", "outside", "inside", "near", "by", "beside", "across", "beneath", "above",
        "below", "between", "around", "against", "from",
    ];
    /// A corner is named in so many words.
    const MOST: usize = 6;
    let corner = |sentence: &str| {
        let words = prose::words(sentence);
        let first = words.first().map(prose::Word::lower).unwrap_or_default();
        WHERE.contains(&first.as_str())
            && words.len() <= MOST
            && sentence.ends_with('.')
            && !sentence.contains([',', ':', '"'])
    };
    let mut out: Vec<String> = Vec::with_capacity(sentences.len());
    for sentence in sentences {
        match out.last_mut().filter(|last| corner(last)) {
            Some(last) => {
                last.pop();
                last.push_str(", ");
                last.push_str(&prose::uncapitalise(&sentence, names));
            }
            None => out.push(sentence),
        }
    }
    out
}

/// A sentence of one word that only says how somebody or something is: `intrigued`.
fn state(sentence: &str) -> Option<String> {
    const STATES: &[&str] = &[
        "alone",
        "angry",
        "asleep",
        "awake",
        "bloody",
        "breathless",
        "calm",
        "dead",
        "drunk",
        "empty",
        "furious",
        "happy",
        "helpless",
        "motionless",
        "naked",
        "nervous",
        "proud",
        "sad",
        "silent",
        "speechless",
        "still",
        "unconscious",
        "weak",
    ];
    let word = sentence.strip_suffix('.')?;
    let plain = word.chars().all(char::is_alphabetic);
    let lower = word.to_lowercase();
    let ends = lower.ends_with("ed") || lower.ends_with("ly");
    let told = STATES.contains(&lower.as_str()) || lower.len() > 4 && ends;
    (plain && told).then_some(lower)
}

/// "Fine." is a thought, not a picture; "Gulls." is one.
fn is_thought(sentence: &str) -> bool {
    const THOUGHTS: &[&str] = &[
        "again",
        "almost",
        "and",
        "anyway",
        "beat",
        "but",
        "definitely",
        "done",
        "ever",
        "exactly",
        "finally",
        "fine",
        "good",
        "maybe",
        "never",
        "no",
        "not",
        "nope",
        "nothing",
        "now",
        "oh",
        "ok",
        "okay",
        "or",
        "pause",
        "perfect",
        "perhaps",
        "right",
        "so",
        "still",
        "suddenly",
        "sure",
        "then",
        "true",
        "well",
        "whatever",
        "why",
        "yes",
        "yet",
    ];
    match prose::tokens(sentence).as_slice() {
        [only] => THOUGHTS.contains(&only.as_str()),
        _ => false,
    }
}

/// What the engine writes where a voice is heard over the picture before: no picture of its own.
const HOLDS: &[&str] = &["The moment holds.", "The picture holds under the words."];

/// "A beat." is a length, not a picture.
fn is_pause(sentence: &str) -> bool {
    if HOLDS.contains(&sentence) {
        return true;
    }
    const PAUSES: &[&str] = &[
        "a", "an", "and", "another", "awkward", "beat", "brief", "for", "he", "holds", "it",
        "long", "moment", "more", "of", "one", "pause", "she", "short", "silence", "small",
        "tense", "the", "then", "there", "is", "they", "very", "after", "takes",
    ];
    let words = prose::tokens(sentence);
    words
        .iter()
        .any(|word| matches!(word.as_str(), "beat" | "pause"))
        && words.iter().all(|word| PAUSES.contains(&word.as_str()))
}

/// "Rips it open." has lost its subject to the sentence before; it gets it back. `before` is that sentence, if the
/// shot has it.
fn with_subject(sentence: &str, subject: Option<&str>, before: Option<&str>) -> String {
    let Some(subject) = subject.filter(|_| prose::lacks_subject(sentence)) else {
        return sentence.to_owned();
    };
    let whole = |subject: &str| {
        let first = prose::first_word(sentence).map_or(0, |word| word.end);
        let verb = sentence[..first].to_lowercase();
        prose::capitalise(&format!("{subject} {verb}{}", &sentence[first..]))
    };
    let Some(before) = before else {
        return whole(subject);
    };
    let words = prose::tokens(before);
    let first = words.first().map(String::as_str).unwrap_or_default();
    let name = prose::tokens(subject);
    match first {
        "he" | "she" => whole(first),
        _ if name.first().is_some_and(|own| own == first)
            || first == "the" && words.get(1) == name.last() =>
        {
            whole(subject)
        }
        // "A sedan swerves. Hits one.": of whatever the sentence before is about.
        _ => sentence.to_owned(),
    }
}

/// Where the script leaves no whole sentence for the picture.
fn fallback(inputs: &Inputs<'_>) -> String {
    let shot = inputs.shot;
    let spellings = inputs.spellings();
    let meanwhile = shot.meanwhile.as_deref().unwrap_or_default();
    let mut meanwhile = prose::sentences(meanwhile).into_iter();
    let goes_on = meanwhile.find_map(|sentence| prose::prompt_sentence(sentence, &spellings));
    let people = shot.characters_in_frame.iter().zip(&shot.character_refs);
    let names: Vec<String> = people
        .map(|(name, slug)| inputs.in_action(slug, name))
        .collect();
    let speaks = shot.dialogue_source == Some(Heard::OnScreen);
    match (names.as_slice(), goes_on) {
        ([one, ..], _) if speaks => prose::capitalise(&format!("{one} speaks.")),
        (_, Some(goes_on)) => goes_on,
        ([], None) => "The place lies still.".to_owned(),
        ([one], None) => prose::capitalise(&format!("{one} holds still.")),
        ([first @ .., last], None) => prose::capitalise(&format!(
            "{} and {last} share the moment.",
            first.join(", ")
        )),
    }
}

/// At most `most` characters of whole words.
pub(super) fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut out = String::new();
    for word in text.split(' ') {
        if out.chars().count() + 1 + word.chars().count() + 2 > most {
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    while prose::dangling(&out, prose::Ending::Open) && out.contains(' ') {
        out.truncate(out.rfind(' ').unwrap_or(0));
    }
    format!("{} …", out.trim_end_matches([',', ';', ':', '.', '-', ' ']))
}
