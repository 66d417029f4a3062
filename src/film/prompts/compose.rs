//! Puts a prompt together: collects its parts, lets none in that would make it hang or stammer, and
//! writes them as a template says.

use std::collections::BTreeSet;

use super::Inputs;
use super::check::{LONGEST, PHRASE, Problem, check, clauses, without_quotes};
use super::templates::{Form, GIVEN_UP, Join};
use crate::prose;
use crate::words::PromptPart;

/// Of a list, so many clauses are tried.
const MOST_PARTS: usize = 512;

/// Of what is left out, so much is told.
const MOST_LEFT_OUT: usize = 64;

/// A prompt with what it was put together from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Composed {
    /// The prompt.
    pub text: String,
    /// Characters that it may have; none where people wrote it.
    pub most: Option<usize>,
    /// Its parts, in order; none where people wrote it.
    pub parts: Vec<Told>,
    /// What is not in it, in the order in which it was left out.
    pub left_out: Vec<LeftOut>,
}

/// A part of a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Which.
    pub part: PromptPart,
    /// The slug of whom it is about, if it is about one.
    pub of: Option<String>,
    /// As it stands in the prompt.
    pub text: String,
}

/// Something that could have stood in a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// What kind of part it is.
    pub part: PromptPart,
    /// What it says.
    pub text: String,
    /// Why it is not there.
    pub why: Why,
}

/// Why something is not in a prompt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say it")]
pub enum Why {
    #[error("it is said already")]
    Said,
    #[error("{0}")]
    Wrong(Problem),
    #[error("there is no room: the prompt may have {0} characters")]
    NoRoom(usize),
    #[error("the template has no place for it")]
    NoPlace,
    #[error("the setting lines = {0:?} leaves it out")]
    TurnedOff(&'static str),
    #[error("it cannot be filmed")]
    Unfilmable,
}

/// A collected part.
#[derive(Debug)]
struct Piece {
    part: PromptPart,
    of: Option<String>,
    /// A whole sentence.
    text: String,
    /// The same for a template of tags, where it reads otherwise there.
    tags: Option<String>,
}

/// Collects sentences for a prompt and lets none in that would make it stammer.
#[derive(Debug)]
pub(super) struct Composer {
    form: &'static Form,
    most: usize,
    part: PromptPart,
    of: Option<String>,
    pieces: Vec<Piece>,
    left_out: Vec<LeftOut>,
    /// The words of long names: they may come again.
    names: Vec<Vec<String>>,
    words: Vec<String>,
    clauses: BTreeSet<Vec<String>>,
    phrases: BTreeSet<Vec<String>>,
}

impl Composer {
    /// For a prompt of this form, of at most so many characters.
    pub(super) fn new(form: &'static Form, most: usize) -> Self {
        Self {
            form,
            most,
            part: PromptPart::Framing,
            of: None,
            pieces: Vec::new(),
            left_out: Vec::new(),
            names: Vec::new(),
            words: Vec::new(),
            clauses: BTreeSet::new(),
            phrases: BTreeSet::new(),
        }
    }

    /// Whose names may come again, however long they are.
    pub(super) fn know(&mut self, inputs: &Inputs<'_>) {
        let frame = inputs.frame();
        let shown = frame.iter().map(|(_, name)| name.as_str());
        let scripts = inputs.shot.characters_in_frame.iter().map(String::as_str);
        self.names = long_names(shown.chain(scripts));
    }

    /// Whether words are but a name.
    fn is_name(&self, words: &[String]) -> bool {
        is_name(words, &self.names)
    }

    /// What is added from now on is this part.
    pub(super) fn about(&mut self, part: PromptPart) {
        self.part = part;
        self.of = None;
    }

    /// What is added from now on is this part, about the one with this slug.
    pub(super) fn about_one(&mut self, part: PromptPart, slug: &str) {
        self.part = part;
        self.of = Some(slug.to_owned());
    }

    /// Whether the form has a place for a part.
    pub(super) fn has(&self, part: PromptPart) -> bool {
        self.form.has(part)
    }

    /// Notes that something is not in the prompt.
    pub(super) fn leave_out(&mut self, text: &str, why: Why) {
        let part = self.part;
        // One reason a part is enough where none of it can stand.
        let known = |other: &LeftOut| {
            other.part == part && other.why == why && (why == Why::NoPlace || other.text == text)
        };
        if self.left_out.len() < MOST_LEFT_OUT && !self.left_out.iter().any(known) {
            self.left_out.push(LeftOut {
                part,
                text: text.to_owned(),
                why,
            });
        }
    }

    /// Whether there is a place and room for a sentence.
    fn has_room(&self, sentence: &str) -> Result<(), Why> {
        if !self.has(self.part) {
            return Err(Why::NoPlace);
        }
        if sentence.chars().count() > self.most {
            return Err(Why::NoRoom(self.most));
        }
        Ok(())
    }

    /// Whether a sentence can be added: it does not hang and repeats nothing that was said.
    fn takes(&self, sentence: &str) -> Result<(), Why> {
        self.has_room(sentence)?;
        if let Some(problem) = check(sentence, &[]).into_iter().next() {
            return Err(Why::Wrong(problem));
        }
        let bare = without_quotes(sentence);
        let said = clauses(&bare)
            .any(|clause| self.clauses.contains(&clause) && !self.is_name(&clause))
            || self
                .phrases_with(&bare)
                .iter()
                .any(|phrase| self.phrases.contains(phrase) && !self.is_name(phrase));
        if said { Err(Why::Said) } else { Ok(()) }
    }

    /// The phrases that a sentence would add.
    fn phrases_with(&self, bare: &str) -> Vec<Vec<String>> {
        let before = self.words.len().saturating_sub(PHRASE - 1);
        let words: Vec<String> = self.words[before..]
            .iter()
            .cloned()
            .chain(prose::tokens(bare))
            .collect();
        words.windows(PHRASE).map(<[String]>::to_vec).collect()
    }

    /// Adds a whole sentence unless it hangs or repeats what was said. Returns whether it was
    /// added.
    pub(super) fn add(&mut self, sentence: &str) -> bool {
        self.put(sentence, None)
    }

    /// The same, with what it says in a template of tags.
    pub(super) fn add_with_tags(&mut self, sentence: &str, tags: &str) -> bool {
        self.put(sentence, Some(tags.to_owned()))
    }

    /// Adds what the script says, whatever it repeats, as long as there is room: action is never dropped
    /// for the words that describe it. Returns whether it was added.
    pub(super) fn tell(&mut self, sentence: &str) -> bool {
        let fits = self.has_room(sentence);
        self.put_if(sentence, None, fits)
    }

    fn put(&mut self, sentence: &str, tags: Option<String>) -> bool {
        let fits = self.takes(sentence.trim());
        self.put_if(sentence, tags, fits)
    }

    fn put_if(&mut self, sentence: &str, tags: Option<String>, fits: Result<(), Why>) -> bool {
        let sentence = sentence.trim();
        if sentence.is_empty() {
            return false;
        }
        if let Err(why) = fits {
            self.leave_out(sentence, why);
            return false;
        }
        let bare = without_quotes(sentence);
        self.clauses.extend(clauses(&bare));
        let phrases = self.phrases_with(&bare);
        self.phrases.extend(phrases);
        self.words.extend(prose::tokens(&bare));
        self.pieces.push(Piece {
            part: self.part,
            of: self.of.clone(),
            text: sentence.to_owned(),
            tags,
        });
        true
    }

    /// Adds `head` followed by those of the `clauses` that can be added, joined by commas.
    /// Clauses are a person's words and may hold commas of their own.
    pub(super) fn add_list(&mut self, head: &str, clauses: &[&str]) -> bool {
        let mut kept: Vec<String> = Vec::new();
        let parts = clauses
            .iter()
            .flat_map(|clause| clause.split([',', ';', '\n']))
            .take(MOST_PARTS);
        for part in parts.map(|part| part.trim().trim_end_matches(['.', '!', '?', ':'])) {
            let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
            let again = prose::tokens(&part);
            if again.is_empty() {
                continue;
            }
            // Several words in a row that were said already are not said again.
            if again.len() >= 3 && prose::contains_words(&self.words, &again) {
                self.leave_out(&part, Why::Said);
                continue;
            }
            kept.push(part);
            let sentence = format!("{head} {}.", kept.join(", "));
            let fits = match sentence.chars().count() > LONGEST {
                true => Err(Why::NoRoom(LONGEST)),
                false => self.takes(&sentence),
            };
            if let Err(why) = fits
                && let Some(part) = kept.pop()
            {
                self.leave_out(&part, why);
            }
        }
        !kept.is_empty() && self.add(&format!("{head} {}.", kept.join(", ")))
    }

    /// Whether nothing was added.
    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The prompt. What nobody sees of a script is no part of it: some editors leave such signs.
    pub(super) fn finish(mut self) -> Composed {
        // Parts of one kind stay in the order in which they came.
        let rows = self.form.rows;
        let at = |part: PromptPart| rows.iter().position(|row| row.part == part);
        self.pieces.sort_by_key(|piece| at(piece.part));
        loop {
            let (text, parts) = written(self.form, &self.pieces);
            let length = text.chars().count();
            if length <= self.most || self.pieces.len() <= 1 {
                return Composed {
                    text,
                    most: Some(self.most),
                    parts,
                    left_out: self.left_out,
                };
            }
            let rank = |part: PromptPart| GIVEN_UP.iter().position(|other| *other == part);
            let last = (0..self.pieces.len())
                .rev()
                .min_by_key(|at| rank(self.pieces[*at].part));
            let piece = self.pieces.remove(last.unwrap_or_default());
            self.part = piece.part;
            self.leave_out(&piece.text, Why::NoRoom(self.most));
        }
    }
}

/// Parts in the order of their form, and what stands where.
fn written(form: &Form, pieces: &[Piece]) -> (String, Vec<Told>) {
    let mut text = String::new();
    let mut parts = Vec::with_capacity(pieces.len());
    let mut title = "";
    for piece in pieces {
        let Some(row) = form.rows.iter().find(|row| row.part == piece.part) else {
            continue;
        };
        let mut own = match form.join {
            Join::Sentences => piece.text.clone(),
            Join::Lines => below_title(piece).to_owned(),
            Join::Tags => tags(piece),
        };
        own.retain(|c| !prose::is_hidden(c));
        let between = match form.join {
            _ if text.is_empty() => "",
            Join::Sentences => " ",
            Join::Tags => ", ",
            Join::Lines if row.title == title => " ",
            Join::Lines => "\n",
        };
        text.push_str(between);
        if form.join == Join::Lines && row.title != title {
            text.push_str(row.title);
            text.push_str(": ");
        }
        title = row.title;
        text.push_str(&own);
        parts.push(Told {
            part: piece.part,
            of: piece.of.clone(),
            text: own,
        });
    }
    (text, parts)
}

/// `Style: soft light.` → `Style`, `soft light.`
fn headed(text: &str) -> Option<(&str, &str)> {
    /// "The place:" has two words.
    const MOST_WORDS: usize = 2;
    let (head, rest) = text.split_once(": ")?;
    let plain = head.split(' ').count() <= MOST_WORDS && !head.contains(['"', '.', ',']);
    plain.then_some((head, rest))
}

/// A part in the line of its title, which says what its own head would.
fn below_title(piece: &Piece) -> &str {
    match (piece.part, headed(&piece.text)) {
        (
            PromptPart::Style | PromptPart::Place | PromptPart::Light | PromptPart::Air,
            Some((_, rest)),
        ) => rest,
        _ => &piece.text,
    }
}

/// A part as phrases between commas.
fn tags(piece: &Piece) -> String {
    if let Some(tags) = &piece.tags {
        return tags.clone();
    }
    let text = match (piece.part, piece.text.split_once(": ")) {
        // The name says whose looks they are.
        (PromptPart::Person, Some((name, looks))) => format!("{name}, {looks}"),
        _ => below_title(piece).to_owned(),
    };
    let text = text.trim_end_matches(['.', '!', '?']);
    match piece.part {
        // No name begins these.
        PromptPart::Framing | PromptPart::Lens | PromptPart::Mood | PromptPart::Camera => {
            let mut chars = text.chars();
            let first = chars.next().into_iter().flat_map(char::to_lowercase);
            first.chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}

/// The words of names that have several: of `Dr. Tess Okafor` a mark parts the last two from the first.
fn long_names<'n>(names: impl Iterator<Item = &'n str>) -> Vec<Vec<String>> {
    let words = names.map(prose::tokens);
    words.filter(|name| name.len() >= 2).collect()
}

/// Whether words are but a part of a name, with or without an article.
fn is_name(words: &[String], names: &[Vec<String>]) -> bool {
    let bare = match words {
        [first, rest @ ..] if matches!(first.as_str(), "the" | "a" | "an") => rest,
        words => words,
    };
    let has = |name: &Vec<String>, part| prose::contains_words(name, part);
    names.iter().any(|name| has(name, words) || has(name, bare))
}

#[cfg(test)]
mod tests {
    use super::super::templates::{TEMPLATES, template};
    use super::*;
    use crate::words::Target;

    fn filled(target: Target, most: usize) -> Composed {
        let mut prompt = Composer::new(&template(target).frame, most);
        prompt.about(PromptPart::Style);
        prompt.add_list("Style:", &["predatory, fine grain"]);
        prompt.about(PromptPart::Framing);
        prompt.add("Medium close-up of Brick, facing right.");
        prompt.about(PromptPart::Lens);
        prompt.add_with_tags("Seen at eye level.", "eye level");
        prompt.about(PromptPart::Action);
        prompt.add("Brick sits down.");
        prompt.about_one(PromptPart::Person, "brick");
        prompt.add_list("Brick:", &["sixty", "grey beard. "]);
        prompt.finish()
    }

    #[test]
    fn a_title_with_a_stop_keeps_nobody_from_being_described() {
        let names = long_names(["Dr. Tess Okafor"].into_iter());
        assert!(is_name(&prose::tokens("Tess Okafor"), &names));
        assert!(!is_name(&prose::tokens("Tess waits"), &names));
    }

    #[test]
    fn the_composer_drops_what_was_said() {
        let mut composer = Composer::new(&TEMPLATES[0].frame, 2000);
        assert!(composer.add("Brick Braddock, retired police detective, is sitting quietly."));
        assert!(!composer.add("Brick Braddock, retired police detective, is sitting quietly."));
        assert!(composer.add_list(
            "Brick:",
            &["retired police detective, sixty", "grey beard. "]
        ));
        let made = composer.finish();
        assert_eq!(
            made.text,
            "Brick Braddock, retired police detective, is sitting quietly. Brick: sixty, grey beard."
        );
        assert_eq!(made.left_out.len(), 2);
        assert!(made.left_out.iter().all(|left| left.why == Why::Said));
    }

    #[test]
    fn a_template_orders_and_joins_the_parts() {
        assert_eq!(
            filled(Target::Sentences, 2000).text,
            "Medium close-up of Brick, facing right. Seen at eye level. Brick sits down. \
             Brick: sixty, grey beard. Style: predatory, fine grain."
        );
        assert_eq!(
            filled(Target::Tags, 2000).text,
            "medium close-up of Brick, facing right, Brick sits down, Brick, sixty, grey beard, \
             predatory, fine grain, eye level"
        );
        assert_eq!(
            filled(Target::Sections, 2000).text,
            "Shot: Medium close-up of Brick, facing right. Seen at eye level.\n\
             Action: Brick sits down.\nPeople: Brick: sixty, grey beard.\nStyle: predatory, fine grain."
        );
    }

    #[test]
    fn what_has_no_room_is_given_up_in_order_and_told() {
        let made = filled(Target::Sentences, 90);
        assert_eq!(
            made.text,
            "Medium close-up of Brick, facing right. Brick sits down. Brick: sixty, grey beard."
        );
        let left: Vec<_> = made.left_out.iter().map(|left| left.part).collect();
        assert_eq!(left, [PromptPart::Lens, PromptPart::Style]);
        assert_eq!(made.left_out[0].why, Why::NoRoom(90));
    }

    #[test]
    fn what_has_no_place_is_told_once() {
        let mut prompt = Composer::new(&template(Target::Tags).frame, 600);
        prompt.about(PromptPart::Line);
        assert!(!prompt.add("Brick says: \"No.\""));
        assert!(!prompt.add("Brick says: \"Yes.\""));
        let made = prompt.finish();
        assert_eq!((made.text.as_str(), made.left_out.len()), ("", 1));
        assert_eq!(made.left_out[0].why, Why::NoPlace);
    }
}
