//! Who holds themselves how. A posture belongs to the subject of its verb: when a black cat sleeps, nobody
//! else in the shot lies down.

use std::collections::BTreeMap;

use super::beat::Beat;
use super::decompose::Walk;
use crate::cast::Gender;
use crate::prose;
use crate::words::Posture;

/// Words that tell how somebody holds themselves; of two postures in one clause the first in this table.
const POSTURES: &[(Posture, &[&str])] = &[
    (
        Posture::Lying,
        &[
            "lies",
            "lying",
            "lie",
            "asleep",
            "sleeps",
            "sleeping",
            "collapses",
            "unconscious",
            "sprawls",
            "sprawled",
            "faints",
            "schläft",
            "liegt",
            "dort",
            "allongé",
            "allongée",
            "couché",
            "couchée",
            "endormi",
            "endormie",
        ],
    ),
    (
        Posture::Kneeling,
        &[
            "kneels",
            "kneeling",
            "kneel",
            "crouches",
            "crouching",
            "crouched",
            "squats",
            "squat",
            "squatting",
            "crawls",
            "crawling",
            "kniet",
            "hockt",
            "agenouillé",
            "agenouillée",
            "accroupi",
            "accroupie",
        ],
    ),
    (
        Posture::Sitting,
        &[
            "sits", "sitting", "seated", "sit", "drives", "driving", "rides", "riding", "rows",
            "rowing", "sitzt", "sitzend", "assis", "assise", "sentado", "sentada", "seduto",
            "seduta",
        ],
    ),
    (
        Posture::Running,
        &[
            "runs", "running", "run", "races", "rushes", "bolts", "sprints", "chases", "dashes",
            "flees", "hurries",
        ],
    ),
    (
        Posture::Walking,
        &[
            "walks",
            "walking",
            "walk",
            "strolls",
            "paces",
            "enters",
            "approaches",
            "leaves",
            "crosses",
            "marches",
            "shambles",
            "follows",
            "climbs",
            "wanders",
            "shuffles",
            "steps",
        ],
    ),
    (
        Posture::Standing,
        &[
            "stands", "standing", "stand", "rises", "rise", "jumps", "leaps", "up",
        ],
    ),
];

/// What parts a sentence into clauses.
const JOINTS: &[&str] = &[
    "and", "but", "then", "as", "while", "where", "when", "who", "until", "or",
];

/// Words that may stand between a subject and its verb.
const BETWEEN: &[&str] = &[
    "all", "already", "alone", "also", "both", "each", "finally", "is", "are", "just", "now",
    "still", "there", "now", "again", "only", "simply", "suddenly", "then", "never", "not", "too",
    "himself", "herself", "the", "a", "an", "young", "old", "little", "another", "first",
];

/// "McAllister watches the needle lie flat": the verb is of what somebody sees, or lets happen.
fn is_of_what_is_seen(clause: &[String], verb: usize) -> bool {
    #[rustfmt::skip]
    const SEES: &[&str] = &[
        "watches", "watch", "sees", "see", "hears", "hear", "feels", "lets", "let", "makes", "make", "helps", "help", "has", "notices",
    ];
    let bare = [
        "lie", "sit", "stand", "kneel", "squat", "walk", "run", "rise",
    ];
    bare.contains(&clause[verb].as_str())
        && clause[..verb]
            .iter()
            .any(|word| SEES.contains(&word.as_str()))
}

impl Walk<'_> {
    /// Who of those in a sentence holds themselves how, by its verbs.
    pub(super) fn postures(&self, sentence: &str, who: &[usize]) -> Vec<(usize, Posture)> {
        if who.is_empty() {
            return Vec::new();
        }
        let words = prose::words(sentence);
        let lower: Vec<String> = words.iter().map(prose::Word::lower).collect();
        if !lower.iter().any(|word| posture_of(word).is_some()) {
            return Vec::new();
        }
        let mut found: Vec<(usize, Posture)> = Vec::new();
        let mut subject: Vec<usize> = Vec::new();
        let mut from = 0;
        while from < words.len() {
            let mut to = from + 1;
            while to < words.len() {
                let mark = sentence[words[to - 1].end..words[to].start].trim();
                let two_names =
                    lower[to] == "and" && lower.get(to + 1).is_some_and(|word| self.is_name(word));
                if !mark.is_empty() && mark != "-"
                    || JOINTS.contains(&lower[to].as_str()) && !two_names
                {
                    break;
                }
                to += 1;
            }
            let clause = &lower[from..to];
            let start = clause
                .iter()
                .position(|word| !JOINTS.contains(&word.as_str()))
                .unwrap_or(clause.len());
            let verb = clause
                .iter()
                .position(|word| posture_of(word).is_some())
                .filter(|at| !is_of_what_is_seen(clause, *at));
            let head =
                &clause[start.min(verb.unwrap_or(clause.len()))..verb.unwrap_or(clause.len())];
            let own = self.subject(
                sentence,
                head,
                &words[from + start.min(verb.unwrap_or(clause.len()))..to],
                who,
                from == 0,
            );
            match own {
                Subject::People(people) => subject = people,
                // "A black cat sleeps"; but "grease to the elbows" has no verb of posture.
                Subject::Other if verb.is_some() => subject.clear(),
                Subject::Other | Subject::None => {}
            }
            if let Some(posture) = verb.and_then(|at| told_by(clause, at)) {
                found.extend(subject.iter().map(|one| (*one, posture)));
            }
            from = to;
        }
        found
    }

    pub(super) fn is_name(&self, word: &str) -> bool {
        self.names.spellings().contains_key(word) || self.names.is_alias(word)
    }

    /// What stands before the verb of a clause.
    fn subject(
        &self,
        sentence: &str,
        head: &[String],
        words: &[prose::Word<'_>],
        who: &[usize],
        first: bool,
    ) -> Subject {
        let Some(word) = head.first() else {
            return Subject::None;
        };
        let pronoun = match word.as_str() {
            "he" => Some(Gender::Male),
            "she" => Some(Gender::Female),
            "they" => return Subject::People(who.to_vec()),
            _ => None,
        };
        if let Some(gender) = pronoun {
            let fits = |one: &&usize| {
                let found = self.cast.characters[**one].gender;
                found == gender || found == Gender::Unknown
            };
            let mut all = who.iter().filter(fits);
            return match (all.next(), all.next()) {
                (Some(one), None) => Subject::People(vec![*one]),
                (Some(one), Some(_)) if first => Subject::People(vec![*one]),
                _ => Subject::None,
            };
        }
        let people = |word: &String| self.is_name(word);
        let plain = head.iter().enumerate().all(|(at, word)| {
            let possessive = words.get(at).is_some_and(|word| word.possessive);
            !possessive
                && (people(word)
                    || word == "and"
                    || BETWEEN.contains(&word.as_str())
                    || word.ends_with("ly"))
        });
        // Whatever else the clause says behind a name that it begins with, the name is its subject.
        let begins = people(word) && !words.first().is_some_and(|word| word.possessive);
        if !(plain && head.iter().any(people) || begins) {
            return Subject::Other;
        }
        let text = match (words.first(), words.get(head.len() - 1)) {
            (Some(first), Some(last)) => &sentence[first.start..last.end],
            _ => "",
        };
        let named = self.reader.named(text);
        let named: Vec<usize> = who
            .iter()
            .copied()
            .filter(|one| named.contains(one))
            .collect();
        if named.is_empty() {
            Subject::Other
        } else {
            Subject::People(named)
        }
    }
}

/// Who or what a clause is about.
enum Subject {
    People(Vec<usize>),
    Other,
    /// It says none: that of the clause before it.
    None,
}

fn posture_of(word: &str) -> Option<Posture> {
    POSTURES
        .iter()
        .find(|(_, words)| words.contains(&word))
        .map(|(posture, _)| *posture)
}

/// What the clause's verb tells; none where it means something else: "lies to her", "picks it up".
fn told_by(clause: &[String], at: usize) -> Option<Posture> {
    let next = clause.get(at + 1).map(String::as_str).unwrap_or_default();
    match clause[at].as_str() {
        "lies" | "lie" if next == "to" => None,
        "runs" | "run" | "running" if matches!(next, "his" | "her" | "their" | "a" | "the") => None,
        "drives"
            if matches!(next, "it" | "a" | "the") && clause.iter().any(|word| word == "into") =>
        {
            None
        }
        "stands" if next == "guard" => Some(Posture::Standing),
        "up" => clause[..at]
            .iter()
            .any(|word| matches!(word.as_str(), "gets" | "sits" | "stands" | "jumps"))
            .then_some(Posture::Standing),
        word => posture_of(word),
    }
}

/// Sets who holds themselves how in every beat: by the verbs of the beat; who sat, knelt or lay
/// down stays so until a verb says otherwise.
pub(super) fn assign(beats: &mut [Beat]) {
    let mut state = BTreeMap::<usize, Posture>::new();
    for beat in beats.iter_mut() {
        if beat.time_jump || beat.opens {
            state.clear();
        }
        let mut now = BTreeMap::<usize, Posture>::new();
        for &(one, posture) in &beat.told_postures {
            match posture {
                Posture::Walking | Posture::Running => {
                    state.remove(&one);
                    now.insert(one, posture);
                }
                Posture::Standing => {
                    state.remove(&one);
                    now.remove(&one);
                }
                posture => {
                    state.insert(one, posture);
                    now.insert(one, posture);
                }
            }
        }
        for one in beat.in_frame() {
            if let (Some(posture), false) = (state.get(&one), now.contains_key(&one)) {
                now.insert(one, *posture);
            }
        }
        let frame = beat.in_frame();
        beat.postures = now
            .into_iter()
            .filter(|(one, _)| frame.contains(one))
            .collect();
    }
}
