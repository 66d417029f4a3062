//! Pronouns of characters, the script's own before what names let one guess, and whether their age
//! varies.

use std::collections::{BTreeSet, HashMap};

use super::appearance_words::ARTICLES;
use super::pronouns::{How, singular};
use super::{Cast, Gender, NameKind, Names, Reader, roles, tables, told_age};
use crate::fountain::{CueSound, ElementKind, Script, cue_sound};
use crate::prose;

/// What a sentence that begins "She …", right after one about this person alone, weighs.
const SUBJECT: i32 = 2;
/// What "her hands" weighs, and whatever may be told of somebody else.
const WEAK: i32 = 1;
/// What is told beside the name weighs: `ROBIN, a young woman`.
const TOLD: i32 = 6;
/// From this weight on, pronouns are sure enough to go against a given name.
const SURE: i32 = 2;
/// The same where some pronouns speak for the name.
const SURE_OF_GIVEN: i32 = 6;
/// The same against a noun such as `WAITER`.
const SURE_OF_ROLE: i32 = 4;
/// A sentence of so few words tells of nobody else.
const SHORT: usize = 1;
/// So many words after a name are looked through for a noun that tells.
const BESIDE: usize = 8;

/// Sets the gender of every character by the pronouns of the script, else by nouns and given names.
pub(super) fn infer(script: &Script, cast: &mut Cast) {
    let Votes { votes, kinds, ages } = votes(script, cast);
    let kinds = kinds.into_iter();
    for (character, ages) in cast.characters.iter_mut().zip(ages) {
        character.ages_vary = ages.len() > 1;
    }
    for ((character, vote), kinds) in cast.characters.iter_mut().zip(votes).zip(kinds) {
        let voted = match vote {
            0 => Gender::Unknown,
            vote if vote > 0 => Gender::Male,
            _ => Gender::Female,
        };
        let noun = character.gender;
        let given = prose::tokens(&character.full_name)
            .iter()
            .chain(prose::tokens(&character.name).iter())
            .filter(|word| tables::title(word).is_none())
            .find_map(|word| tables::given_name(word))
            .filter(|_| character.kind == NameKind::Named)
            .unwrap_or(Gender::Unknown);
        // Where pronouns speak for the name as well, or none is surely theirs, the name tells.
        let against = usize::from(vote < 0);
        let doubtful =
            !kinds[against].is_sure || kinds[1 - against].is_told && vote.abs() < SURE_OF_GIVEN;
        let sure = vote.abs() >= SURE && (given == Gender::Unknown || given == voted || !doubtful);
        character.gender = match (noun, given) {
            (Gender::Neuter | Gender::Plural, _) => noun,
            (Gender::Unknown, Gender::Unknown) => voted,
            (Gender::Unknown, given) if !sure => given,
            (Gender::Unknown, _) => voted,
            _ if vote.abs() >= SURE_OF_ROLE => voted,
            _ => noun,
        };
    }
    // YOUNG DR. BENNETT has the pronouns of DR. BENNETT.
    let known: HashMap<String, Gender> = cast
        .characters
        .iter()
        .map(|one| (one.name.clone(), one.gender))
        .collect();
    for character in &mut cast.characters {
        if character.gender == Gender::Unknown
            && let Some(gender) = character.age_of.as_ref().and_then(|one| known.get(one))
        {
            character.gender = *gender;
        }
    }
}

/// For each character what speaks for "he" less what speaks for "she".
fn votes(script: &Script, cast: &Cast) -> Votes {
    let names = Names::new(cast);
    let reader = Reader::new(cast, &names, &[]);
    let mut votes = Votes {
        votes: vec![0; cast.characters.len()],
        kinds: vec![[Kind::default(); 2]; cast.characters.len()],
        ages: vec![BTreeSet::new(); cast.characters.len()],
    };
    // Of whom alone the latest words were, and whether they named them.
    let mut last: Option<(usize, bool)> = None;
    for element in &script.elements {
        match &element.kind {
            ElementKind::SceneHeading { .. } => last = None,
            ElementKind::Character {
                name, extensions, ..
            } => {
                let who = names.speakers(cast, name);
                let seen = cue_sound(name, extensions) == CueSound::Seen;
                last = match who[..] {
                    [one] if seen => Some((one, false)),
                    _ => None,
                };
            }
            ElementKind::Parenthetical => {
                if let Some((who, _)) = last {
                    let words = prose::tokens(&prose::plain(&element.text));
                    votes.by_pronouns(who, &words, true);
                }
            }
            ElementKind::Action => {
                let text = prose::plain(&element.text);
                for sentence in prose::sentences(&text) {
                    last = votes.read(sentence, last, &reader);
                }
            }
            _ => {}
        }
    }
    votes
}

struct Votes {
    votes: Vec<i32>,
    /// What speaks for "he", and what for "she".
    kinds: Vec<[Kind; 2]>,
    /// The ages that the script tells of each.
    ages: Vec<BTreeSet<String>>,
}

/// What pronouns of one kind say of somebody.
#[derive(Debug, Clone, Copy, Default)]
struct Kind {
    is_told: bool,
    /// One of them is surely theirs.
    is_sure: bool,
}

impl Kind {
    fn add(&mut self, weight: i32) {
        self.is_told = true;
        self.is_sure |= weight >= SUBJECT;
    }
}

impl Votes {
    fn cast(&mut self, who: usize, gender: Gender, weight: i32) {
        match gender {
            Gender::Male => {
                self.kinds[who][0].add(weight);
                self.votes[who] = self.votes[who].saturating_add(weight);
            }
            Gender::Female => {
                self.kinds[who][1].add(weight);
                self.votes[who] = self.votes[who].saturating_sub(weight);
            }
            _ => {}
        }
    }

    /// Takes one sentence of the action. Returns of whom alone it is.
    fn read(
        &mut self,
        sentence: &str,
        last: Option<(usize, bool)>,
        reader: &Reader<'_>,
    ) -> Option<(usize, bool)> {
        let words = prose::words(sentence);
        let lower: Vec<String> = words.iter().map(prose::Word::lower).collect();
        let named = reader.named_at(&words);
        for &(who, at, len) in &named {
            self.ages[who].extend(told_age(&sentence[words[at + len - 1].end..]));
            // "Young Jenny", where she has no other name for it.
            let before = at.checked_sub(1).map(|before| lower[before].as_str());
            self.ages[who].extend(
                before
                    .filter(|word| tables::variant(word))
                    .map(str::to_owned),
            );
        }
        match named[..] {
            [] => {
                // "She closes one valve.": whom the words before were about.
                let Some(first) = lower.iter().take(3).find_map(|word| singular(word)) else {
                    // "Nothing." is between what is told of one.
                    return last.filter(|(_, named)| *named && lower.len() <= SHORT);
                };
                let (who, named) = last?;
                let leads = lower.first().is_some_and(|word| singular(word).is_some());
                let sure = named && (first.1 == How::Subject || leads);
                self.cast(who, first.0, if sure { SUBJECT } else { WEAK });
                last
            }
            [(who, at, _)] => {
                self.beside(who, &lower[at + 1..], sentence, &words[at..]);
                self.by_pronouns(who, &lower[at + 1..], false);
                Some((who, true))
            }
            _ => None,
        }
    }

    /// `ROBIN, a young woman`, `SAM (40s, male)`: what is told right beside a name.
    fn beside(&mut self, who: usize, after: &[String], sentence: &str, words: &[prose::Word<'_>]) {
        let Some([name, next]) = words.get(..2) else {
            return;
        };
        let gap = &sentence[name.end..next.start];
        if !gap.contains([',', '(']) {
            return;
        }
        let (mut introduced, mut foreign) = (false, false);
        for word in after.iter().take(BESIDE) {
            let word = word.as_str();
            introduced |= ARTICLES.contains(&word);
            foreign |= ARTICLES.contains(&word) && !matches!(word, "a" | "an" | "the");
            let told = match word {
                "male" => Some(Gender::Male),
                "female" => Some(Gender::Female),
                // "Une baguette de son étui": no son.
                _ if introduced && foreign == roles::is_foreign(word) => roles::role(word),
                _ if roles::is_foreign(word) => roles::role(word),
                _ => None,
            };
            match told {
                Some(gender) => return self.cast(who, gender, TOLD),
                None if matches!(word, "of" | "with" | "and" | "who" | "whose" | "to" | "at") => {
                    return;
                }
                None => {}
            }
        }
    }

    /// "Mara wipes her hands", "sees himself": a pronoun for the one a sentence names.
    fn by_pronouns(&mut self, who: usize, after: &[String], begins: bool) {
        for (at, word) in after.iter().enumerate() {
            let Some((gender, how)) = singular(word) else {
                continue;
            };
            let weight = match (word.as_str(), how) {
                ("himself" | "herself", _) => SUBJECT,
                (_, How::Subject) if begins && at == 0 => SUBJECT,
                (_, How::Subject) => WEAK,
                ("his", _) => WEAK,
                // "Her" before a noun is hers; before another word it is somebody else.
                ("her", _)
                    if after
                        .get(at + 1)
                        .is_some_and(|next| !super::small_words::is_small(next)) =>
                {
                    WEAK
                }
                _ => continue,
            };
            return self.cast(who, gender, weight);
        }
    }
}
