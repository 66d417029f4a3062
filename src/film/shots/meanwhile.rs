//! V2 on speech: what goes on while somebody speaks. A sentence of the action that tells of something
//! lasting ("Anna wipes a glass, furious.") is kept with whoever does it, and shown with the lines that
//! follow, until she does something else, leaves, or time passes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::beat::{Beat, Doing};
use super::rules::{Rules, Talk};
use super::size::PASS;
use super::verbs::{LIMBS, by_participle, ended, is_pending, is_posture_alone, of_one, settled};
use crate::cast::{Cast, Character, NameKind};
use crate::prose::{self, Word};
use crate::words::Trigger;

/// Where the rules of this stand.
pub(super) const RULE: &str = "talk.lasting";

/// Of those in the frame, so many are shown at something.
const MOST_SHOWN: usize = 2;

/// So many words behind a verb tell where it leads.
const NEAR: usize = 5;

/// A picture that is held under a voice has so many words.
const PICTURE: usize = 4;

/// Of a sentence, so many words are read.
const MOST_WORDS: usize = 60;

/// What somebody is at.
#[derive(Debug, Clone)]
struct Business {
    /// A whole sentence that begins with the name.
    text: String,
    /// The shot that shows it first.
    beat: usize,
}

/// What is known of one person.
#[derive(Debug, Default)]
struct Busy {
    /// Something that goes on.
    doing: Option<Business>,
    /// A look or an expression, which passes.
    look: Option<Business>,
}

/// Sets what goes on in every shot with a line.
pub(super) fn assign(beats: &mut [Beat], cast: &Cast, rules: &Rules) {
    let talk = &rules.talk;
    let mut known: BTreeMap<usize, Busy> = BTreeMap::new();
    // What the last shot of action showed, for a voice that is heard over it.
    let mut picture: Option<usize> = None;
    for at in 0..beats.len() {
        let beat = &mut beats[at];
        if beat.time_jump || beat.opens && at > 0 {
            known.clear();
            picture = None;
        }
        if !beat.doings.is_empty() {
            picture = Some(at);
        }
        for doing in &beat.doings {
            note(doing, at, cast, talk, &mut known);
        }
        if beat.trigger == Trigger::Exit
            && let Some(one) = beat.who.first()
        {
            known.remove(one);
        }
        // Whoever answers waits and searches for words no longer.
        if beat.speaks_on_screen() {
            for one in &beat.speakers {
                if let Some(busy) = known.get_mut(one) {
                    busy.doing.take_if(|doing| is_pending(&doing.text));
                }
            }
        }
        let talks = matches!(
            beat.trigger,
            Trigger::Dialogue | Trigger::OffScreen | Trigger::VoiceOver
        );
        let own = !beat.doings.is_empty() || !talks;
        if beat.line.is_none() || own {
            continue;
        }
        let frame = beat.in_frame();
        let shown = frame.iter().filter_map(|one| {
            let busy = known.get(one)?;
            let fresh = |business: &&Business, most: usize| at - business.beat <= most;
            let doing = busy.doing.as_ref();
            let look = busy.look.as_ref();
            doing
                .filter(|business| fresh(business, talk.goes_on))
                .or(look.filter(|business| fresh(business, talk.passes)))
        });
        let mut shown: Vec<String> = shown.map(|business| business.text.clone()).collect();
        // What two do together is one sentence.
        shown.dedup();
        shown.truncate(MOST_SHOWN);
        let why = if let [first, ..] = shown.as_slice() {
            (RULE, format!("it goes on from before: {first:?}"))
        } else if let Some(last) = picture.filter(|_| beat.trigger == Trigger::VoiceOver) {
            let doings = beats[last].doings.iter();
            let long = |doing: &&Doing| prose::words(&doing.text).len() >= PICTURE;
            // Only what those do who are in the picture, or nobody.
            let here = |doing: &&Doing| {
                doing.who.is_empty() || doing.who.iter().any(|one| frame.contains(one))
            };
            let mut doings = doings.rev().filter(here);
            shown.extend(doings.find(long).map(|doing| doing.text.clone()));
            if shown.is_empty() {
                continue;
            }
            (RULE, "the picture before it goes on".to_owned())
        } else if let Some(one) = silent(beat, &frame, cast) {
            shown.push(format!("{} listens.", prose::capitalise(&one.in_text())));
            let why = "nobody in the frame is said to do anything else";
            (RULE, why.to_owned())
        } else {
            continue;
        };
        let beat = &mut beats[at];
        beat.meanwhile = Some(shown.join(" "));
        beat.because(PASS, why.0, why.1);
    }
}

/// The only one in the frame who is silent while somebody in it speaks.
fn silent<'c>(beat: &Beat, frame: &[usize], cast: &'c Cast) -> Option<&'c Character> {
    let mut silent = frame.iter().filter(|one| !beat.speakers.contains(one));
    let one = silent.next()?;
    let person = &cast.characters[*one];
    let alone = silent.next().is_none() && beat.speaks_on_screen();
    (alone && person.kind != NameKind::Group && !beat.content.contains("listens")).then_some(person)
}

/// What a sentence does to what is known.
fn note(doing: &Doing, at: usize, cast: &Cast, talk: &Talk, known: &mut BTreeMap<usize, Busy>) {
    let led = subject(doing, cast).is_none().then(|| led_in(doing, cast));
    let doing = led.as_ref().and_then(Option::as_ref).unwrap_or(doing);
    let Some((who, name, begins)) = subject(doing, cast) else {
        return;
    };
    let mut kind = read(&doing.text[begins..], who.len() > 1, talk);
    if let Kind::Lasting(rest) | Kind::Seen(rest) = &mut kind {
        let other = doing
            .who
            .get(who.len())
            .filter(|_| doing.who.len() == who.len() + 1);
        let other = other.map(|one| cast.characters[*one].in_text());
        match standing_alone(rest, other.as_deref()).filter(|rest| !is_posture_alone(rest)) {
            Some(whole) => *rest = whole,
            None => kind = Kind::Other,
        }
    }
    let business = |rest: &str| Business {
        text: ended(&format!("{} {rest}", prose::capitalise(&name))),
        beat: at,
    };
    for one in who {
        let busy = known.entry(one).or_default();
        match &kind {
            Kind::Lasting(rest) => {
                busy.doing = Some(business(rest));
                busy.look = None;
            }
            Kind::Seen(rest) => busy.look = Some(business(rest)),
            Kind::Passing => busy.look = None,
            Kind::Other => *busy = Busy::default(),
        }
    }
}

/// Who a sentence is about, as it would name them, and where what they do begins in it.
fn subject(doing: &Doing, cast: &Cast) -> Option<(Vec<usize>, String, usize)> {
    let words: Vec<Word<'_>> = prose::words(&doing.text);
    let first = words.first()?;
    let named = |one: &usize| {
        let character = &cast.characters[*one];
        let names = [&character.name, &character.full_name];
        let mut names = names
            .into_iter()
            .chain(&character.aliases)
            .map(|name| prose::tokens(name));
        let lead = usize::from(matches!(first.lower().as_str(), "the" | "a" | "an"));
        let most = names
            .by_ref()
            .filter_map(|name| begins_with(&words[lead..], &name));
        most.max().map(|length| lead + length)
    };
    let pronoun = matches!(first.lower().as_str(), "he" | "she" | "they" | "it");
    let one = doing.who.first()?;
    let name = |one: usize| cast.characters[one].in_text();
    if pronoun && !first.possessive {
        let several = first.lower() == "they" && doing.who.len() > 1;
        let who = if several {
            doing.who.clone()
        } else {
            vec![*one]
        };
        let names: Vec<String> = who.iter().map(|one| name(*one)).collect();
        let (last, rest) = names.split_last()?;
        let names = match rest {
            [] => last.clone(),
            rest => format!("{} and {last}", rest.join(", ")),
        };
        return Some((who, names, first.end));
    }
    let length = named(one)?;
    let last = &words[length - 1];
    // `SCARY MELISSA` is not Scary Terry.
    let longer = words.get(length).is_some_and(|next| {
        let beside = doing.text.get(last.end..next.start) == Some(" ");
        beside && next.capitalised() && last.all_caps() == next.all_caps()
    });
    if last.possessive || longer {
        return None;
    }
    // "Anna and Boris sit."
    let and = words.get(length).filter(|word| word.text == "and");
    let second = doing.who.get(1).filter(|_| and.is_some());
    if let Some(two) = second {
        let names = prose::tokens(&cast.characters[*two].name);
        if let Some(more) = begins_with(words.get(length + 1..)?, &names) {
            let end = words[length + more].end;
            return Some((
                vec![*one, *two],
                format!("{} and {}", name(*one), name(*two)),
                end,
            ));
        }
    }
    Some((vec![*one], name(*one), last.end))
}

/// What a sentence says behind a clause that leads into it: "Finished with his work, he takes his hat" → "he takes his
/// hat"; "As Anna sits" → "Anna sits".
fn led_in(doing: &Doing, cast: &Cast) -> Option<Doing> {
    let text = &doing.text;
    let joints = text.match_indices(", ").map(|(at, joint)| at + joint.len());
    let first = prose::first_word(text).filter(|word| {
        matches!(
            word.lower().as_str(),
            "as" | "while" | "when" | "then" | "but" | "and" | "still"
        )
    });
    let behind = first.map(|word| word.end);
    behind.into_iter().chain(joints).find_map(|from| {
        let rest = Doing {
            text: text[from..].trim_start_matches([' ', ',']).to_owned(),
            who: doing.who.clone(),
        };
        subject(&rest, cast).is_some().then_some(rest)
    })
}

/// How many words of `words` the name is, if they begin with it.
fn begins_with(words: &[Word<'_>], name: &[String]) -> Option<usize> {
    let same = |(word, part): (&Word<'_>, &String)| word.lower() == *part;
    let fits = !name.is_empty() && words.len() >= name.len();
    (fits && words.iter().zip(name).all(same)).then_some(name.len())
}

/// What a sentence tells of somebody.
enum Kind {
    /// Something that goes on, from the verb on.
    Lasting(String),
    /// A look or an expression that is seen for a while.
    Seen(String),
    /// One that is over at once, and ends nothing.
    Passing,
    /// Anything else: it ends what went on.
    Other,
}

/// Reads what stands behind the subject. Of several verbs the last lasting one counts.
fn read(after: &str, several: bool, talk: &Talk) -> Kind {
    let mut words: Vec<Word<'_>> = prose::words(after);
    words.truncate(MOST_WORDS);
    let lower: Vec<String> = words
        .iter()
        .map(|word| after[word.start..word.end].to_lowercase())
        .collect();
    let in_list = |list: &[String], word: &str| list.iter().any(|known| known == word);
    let mut kind = None;
    for (at, word) in lower.iter().enumerate() {
        // Verbs stand behind the subject, a comma, "and" or an adverb.
        let before = match at.checked_sub(1) {
            None => after[..words[at].start].trim_end(),
            Some(last) => after[words[last].end..words[at].start].trim_end(),
        };
        let follows = at == 0
            || before.ends_with([',', ';', '-', '–', '—', ')', '.'])
            || matches!(
                lower[at - 1].as_str(),
                "and" | "then" | "still" | "now" | "also" | "just"
            )
            || lower[at - 1].ends_with("ly");
        // Behind a colon it is somebody or something else.
        if before.ends_with(':') || at > 0 && after[..words[at].start].contains(':') {
            break;
        }
        if !follows {
            continue;
        }
        let rest = |from: usize| tail(&after[words[from].start..], talk);
        // "Anna at the bar", "Anna is at the bar".
        let is = matches!(word.as_str(), "is" | "are" | "'s");
        let state = lower.get(at + usize::from(is));
        if let Some(state) = state
            && (is
                || at == 0
                    && before
                        .trim_matches([',', ' ', '-', '–', '—', '.'])
                        .is_empty())
        {
            let goes_on = state.ends_with("ing") && state.len() > 4;
            let how = in_list(&talk.places, state) && (is || state != "still");
            if how || is && goes_on {
                let verb = if several { "are" } else { "is" };
                kind = Some(Kind::Lasting(format!(
                    "{verb} {}",
                    rest(at + usize::from(is))
                )));
                continue;
            }
        }
        let verb = if several {
            of_one(word)
        } else {
            Cow::from(word.as_str())
        };
        // "pulls a photo out of his jacket" is over, too.
        let way = clause(after, &words[at + 1..])
            .take(NEAR)
            .any(|next| in_list(&talk.ways, &next));
        if let Some(done) = by_participle(word, &talk.lasting).filter(|_| at > 0) {
            let verb = if several { "are" } else { "is" };
            let moves = in_list(&talk.moving, done) && way;
            if !moves && !matches!(kind, Some(Kind::Lasting(_))) {
                kind = Some(Kind::Lasting(format!("{verb} {}", rest(at))));
            }
        } else if in_list(&talk.lasting, &verb) {
            let ends = in_list(&talk.moving, &verb) && way;
            kind = Some(match ends {
                true => Kind::Other,
                false => Kind::Lasting(settled(&rest(at))),
            });
        } else if in_list(&talk.passing, &verb) {
            if matches!(kind, None | Some(Kind::Passing)) {
                kind = Some(match in_list(&talk.seen, &verb) {
                    true => Kind::Seen(rest(at)),
                    false => Kind::Passing,
                });
            }
        } else if kind.is_none() && at == 0 {
            kind = Some(Kind::Other);
        }
    }
    kind.unwrap_or(Kind::Other)
}

/// What somebody does as it reads without the sentences before it: `him` is the other one's name. None
/// where a word means something that is not in it.
fn standing_alone(rest: &str, other: Option<&str>) -> Option<String> {
    let words = prose::words(rest);
    let mut out = String::with_capacity(rest.len());
    let mut from = 0;
    for (at, word) in words.iter().enumerate() {
        let after = words.get(at + 1);
        // "her." and "her with", but "her hand"
        let last = after.is_none_or(|next| {
            let between = &rest[word.end..next.start];
            let joins = [
                "with", "at", "in", "on", "as", "and", "from", "by", "to", "for", "into", "over",
                "through", "back", "down", "up", "away", "off", "close", "tight", "out",
            ];
            between.trim() != "" || joins.contains(&next.lower().as_str())
        });
        match word.lower().as_str() {
            "it" | "this" | "one" | "these" | "those" | "ones" if last => return None,
            "it" => return None,
            "him" | "them" | "her" if word.lower() != "her" || last => {
                out.push_str(&rest[from..word.start]);
                out.push_str(other?);
                from = word.end;
            }
            _ => {}
        }
    }
    out.push_str(&rest[from..]);
    Some(out)
}

/// The words up to the next mark or the next verb ("and looks up"), in small letters.
fn clause<'w>(text: &'w str, words: &'w [Word<'w>]) -> impl Iterator<Item = String> + 'w {
    let mut end = words.first().map_or(0, |word| word.start);
    words.iter().map_while(move |word| {
        let between = text.get(end..word.start)?;
        end = word.end;
        let joined = matches!(word.lower().as_str(), "and" | "then" | "as" | "while");
        (!joined && !between.contains([',', ';', '.', ':', '(', '—', '–'])).then(|| word.lower())
    })
}

/// What somebody does without what comes after it: "wipes a glass, then looks up" → "wipes a glass".
fn tail(rest: &str, talk: &Talk) -> String {
    let words = prose::words(rest);
    let mut end = rest.len();
    for pair in words.windows(2) {
        let (word, next) = (pair[0].lower(), pair[1].lower());
        let between = &rest[pair[0].end..pair[1].start];
        let comma = between.contains([',', ';', '-', '–', '—', '.', '(']);
        let verb = |word: &str| {
            let ends = word.ends_with('s') && !word.ends_with("ss") && word.len() > 3
                || matches!(word, "is" | "has" | "was");
            ends && !pair[1].possessive && !pair[1].capitalised() && !LIMBS.contains(&word)
        };
        // "Anna sits at one end, Boris at the other"
        let stops = comma && (pair[1].capitalised() || talk.next.contains(&next))
            || comma && verb(&next) && !next.ends_with("ous")
            || between.contains(['.', '('])
                && !rest[pair[0].end..].trim_start_matches('.').is_empty();
        if stops {
            end = pair[0].end;
            break;
        }
        let joined = !comma && (talk.next.contains(&word) && word != "as" && word != "so");
        let and = word == "and" && (verb(&next) || next == "then") && !comma;
        if joined || and {
            end = pair[0].start;
            break;
        }
    }
    rest[..end]
        .trim_end_matches([' ', ',', ';', ':', '-', '–', '—'])
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn goes_on(after: &str, several: bool, expected: Option<&str>) {
        let rules = Rules::builtin();
        let found = match read(after, several, &rules.talk) {
            Kind::Lasting(rest) | Kind::Seen(rest) => Some(rest),
            Kind::Passing | Kind::Other => None,
        };
        let found = found.as_deref().map(|rest| rest.trim_end_matches('.'));
        assert_eq!(found, expected, "{after}");
    }

    #[test]
    fn what_lasts_goes_on_and_what_is_done_is_not() {
        goes_on(
            " wipes a glass, furious.",
            false,
            Some("wipes a glass, furious"),
        );
        goes_on(
            ", 30s, in a green coat, wipes a glass.",
            false,
            Some("wipes a glass"),
        );
        goes_on(" wipes a glass and looks up.", false, Some("wipes a glass"));
        goes_on(" sits down at the bar.", false, Some("sits at the bar"));
        goes_on(
            " opens the door and stands there.",
            false,
            Some("stands there"),
        );
        goes_on(" at the bar, alone.", false, Some("is at the bar, alone"));
        goes_on(" is reading a letter.", false, Some("is reading a letter"));
        goes_on(
            " enters, carrying a tray.",
            false,
            Some("is carrying a tray"),
        );
        goes_on(" sit on the pier.", true, Some("sit on the pier"));
        goes_on(" stares at the sea.", false, Some("stares at the sea"));
        goes_on(" still waits.", false, Some("waits"));
        for done in [
            " pulls a photo out of the drawer.",
            " still doesn't know.",
            " follows Will to the pier.",
            " enters.",
            " walks out.",
            " slams the door.",
            " nods.",
            " runs to the boat.",
        ] {
            goes_on(done, false, None);
        }
    }
}
