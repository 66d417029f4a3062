//! V1 on the action: paragraphs become sentences, sentences become beats.

use super::beat::{Beat, Doing};
use super::decompose::{PASS, Walk};
use super::manners;
use super::paragraph::{
    comments, continues, directions, ended, goes, items, leans, participle, shouted, slug_line,
    structural,
};
use super::told::{Told, is_picture};
use crate::fountain::{Element, ElementKind};
use crate::prose;
use crate::words::{Heard, Trigger};

impl Walk<'_> {
    /// Takes the paragraphs from `at` on that belong together and returns where it stopped.
    pub(super) fn action(&mut self, elements: &[&Element], at: usize) -> usize {
        let mut text = prose::plain(&elements[at].text);
        let mut end = at + 1;
        // A sentence that is not ended goes on in the next paragraph: "... grabbing hold of" / "THE BEAST."
        while end < elements.len() && elements[end].kind == ElementKind::Action && !ended(&text) {
            let next = prose::plain(&elements[end].text);
            if (slug_line(&text) || shouted(&text)) && !prose::starts_lower(&next) {
                break;
            }
            text.push(' ');
            text.push_str(&next);
            end += 1;
        }
        if text.is_empty() {
            return end;
        }
        if structural(&text) {
            self.flush(at);
            self.remark(&text, end);
            return end;
        }
        if let Some((shown, behind)) = prose::superimposed(&text) {
            self.superimpose(if behind.is_empty() { shown } else { &text }, at);
            return at + 1;
        }
        if self.leaves(&text, at) {
            return end;
        }
        if slug_line(&text) && self.slug(&text, at, end) {
            return end;
        }
        // The points of a list are moments of their own: `-- She runs.`
        match items(&elements[at].text) {
            Some(items) if end == at + 1 => {
                for item in items {
                    self.sentences(&item, elements, at, end);
                }
                end
            }
            _ => self.sentences(&text, elements, at, end),
        }
    }

    /// Takes the sentences of a paragraph, and returns where it ends.
    fn sentences(&mut self, text: &str, elements: &[&Element], at: usize, end: usize) -> usize {
        let text = self.placed(text);
        let mut told: Vec<Told> = Vec::new();
        let mut notes: Vec<String> = Vec::new();
        for sentence in prose::quoting_sentences(text) {
            for one in self.tell_apart(sentence, at, end) {
                if self.is_remark(&one, &self.rules.camera.direction) {
                    notes.push(one.text);
                } else {
                    told.push(one);
                }
            }
        }
        let end = self.paragraph(told, elements, at, end);
        if !notes.is_empty() {
            self.remark(&notes.join(" "), end);
        }
        end
    }

    /// Words over the picture are on that of the next shot.
    fn superimpose(&mut self, shown: &str, at: usize) {
        self.flush_lead();
        let whole = shown.contains(['"', '“']);
        let sentence = if whole {
            shown.to_owned()
        } else {
            let end = if shown.ends_with(['.', '!', '?']) {
                ""
            } else {
                "."
            };
            format!("SUPER: \"{shown}\"{end}")
        };
        self.overlay
            .get_or_insert_with(|| (Vec::new(), at))
            .0
            .push(sentence);
    }

    /// What the script only remarks on goes to the notes of the shot that it stands behind.
    fn remark(&mut self, text: &str, end: usize) {
        match self.beats.last_mut() {
            Some(last) if last.trigger != Trigger::Title => {
                last.add_note(text);
                last.to = last.to.max(end);
                last.because(
                    PASS,
                    "a remark",
                    format!("{text:?} shows nothing: it is in the notes"),
                );
            }
            _ => self.notes.push(text.to_owned()),
        }
    }

    /// Takes a paragraph without its remarks, and returns where it ends.
    fn paragraph(
        &mut self,
        told: Vec<Told>,
        elements: &[&Element],
        at: usize,
        end: usize,
    ) -> usize {
        if told.is_empty() {
            return end;
        }
        if let Some(told) = self.pause_only(&told) {
            let Some(last) = self.beats.last_mut().filter(|_| self.lead_in.is_none()) else {
                self.lead(&told, elements, end);
                return end;
            };
            last.add_content(&told.text);
            last.pauses += 1;
            last.to = end;
            last.because(PASS, "a beat", format!("{:?} holds the shot", told.text));
            return end;
        }
        if let Some(last) = self.beats.last_mut()
            && self.lead_in.is_none()
            && self.voice.is_empty()
            && comments(&told)
            && last.trigger != Trigger::Title
            && last.cut.is_none()
        {
            for one in &told {
                last.add_content(&one.text);
            }
            last.to = end;
            last.because(
                PASS,
                "a comment",
                "the sentence comments on the shot before it and shows nothing new",
            );
            return end;
        }
        if let [only] = told.as_slice()
            && self.belongs_to_line(only, elements, end)
        {
            let only = Told {
                text: only.text.clone(),
                words: Vec::new(),
                who: only.who.clone(),
                extras: only.extras.clone(),
                from: at,
                to: end,
                aim: None,
                postures: only.postures.clone(),
            };
            self.lead(&only, elements, end);
            return end;
        }
        self.flush_lead();
        self.group(told);
        end
    }

    fn flush_lead(&mut self) {
        if let Some(lead) = self.lead_in.take() {
            self.push(lead);
        }
    }

    fn pause_only(&self, told: &[Told]) -> Option<Told> {
        let (first, last) = (told.first()?, told.last()?);
        let words: Vec<String> = told
            .iter()
            .flat_map(|one| one.words.iter().cloned())
            .collect();
        let pause = first
            .words
            .iter()
            .any(|word| manners::PAUSES.contains(&word.as_str()));
        let nobody = told.iter().all(|one| one.who.is_empty());
        let short = words.len() <= if told.len() == 1 { 7 } else { 18 };
        (pause && nobody && short).then(|| Told {
            text: told
                .iter()
                .map(|one| one.text.as_str())
                .collect::<Vec<_>>()
                .join(" "),
            words,
            who: Vec::new(),
            extras: Vec::new(),
            from: first.from,
            to: last.to,
            aim: None,
            postures: Vec::new(),
        })
    }

    /// Whether a paragraph only leads into the line after it.
    fn belongs_to_line(&self, told: &Told, elements: &[&Element], end: usize) -> bool {
        let Some(ElementKind::Character {
            name, extensions, ..
        }) = elements.get(end).map(|element| &element.kind)
        else {
            return false;
        };
        if self.reader.heard(name, extensions) != Heard::OnScreen {
            return false;
        }
        let open = told.text.ends_with([':', '-', '—', ','])
            || told.text.ends_with("...")
            || told.text.ends_with('…');
        let speakers = self.reader.speakers(name, extensions);
        let alone = told.who.iter().all(|one| speakers.contains(one));
        open && alone && told.words.len() <= self.rules.decompose.lead_in_words
    }

    fn lead(&mut self, told: &Told, elements: &[&Element], end: usize) {
        debug_assert!(end <= elements.len());
        let mut beat = self
            .lead_in
            .take()
            .unwrap_or_else(|| Beat::new(Trigger::Action, told.from, told.to));
        // "Coming up to the bed --" is what the one does who speaks then.
        let open = told
            .text
            .trim_end_matches(['-', '–', '—', '.', '…', ' ', ',']);
        let speaker = match elements.get(end).map(|element| &element.kind) {
            Some(ElementKind::Character { name, .. }) => self.names.speakers(self.cast, name),
            _ => Vec::new(),
        };
        match (speaker.as_slice(), participle(open)) {
            ([one], Some(doing)) => {
                let name = prose::capitalise(&self.cast.characters[*one].in_text());
                beat.add_content(&format!("{name} is {doing}."));
            }
            _ if open.len() < told.text.len() && !told.text.ends_with(['.', ':']) => {
                beat.add_content(&format!("{open}..."));
            }
            _ => beat.add_content(&told.text),
        }
        beat.to = told.to;
        beat.add_who(&told.who);
        beat.add_extras(&told.extras);
        beat.told_postures.extend(&told.postures);
        self.lead_in = Some(beat);
    }

    fn group(&mut self, told: Vec<Told>) {
        let limits = &self.rules.decompose;
        let mut open: Option<(Beat, usize, usize)> = None;
        for told in told {
            let (trigger, why) = self.classify(&told);
            let mut found = directions(&told.text, &self.rules.camera.direction);
            // A thing is seen as a thing, however close the script says.
            if told.aim.as_ref().is_some_and(|aim| aim.prop.is_some()) {
                found.retain(|&rule| self.rules.camera.direction[rule].size.is_none());
            }
            let jump = self.jumps(&told);
            let new = match &open {
                None => true,
                Some((beat, words, sentences)) => {
                    // What a look falls on, named thing by thing: "Her back. His back. The lid."
                    let looked_at = beat.trigger == Trigger::Pov && prose::is_fragment(&told.text);
                    let goes_on = told.who.is_empty()
                        || continues(&told.words)
                        || prose::lacks_subject(&told.text)
                        || looked_at
                        || leans(&told.words);
                    let full = words + told.words.len() > self.rules.beat_words()
                        || !goes_on && *sentences >= limits.beat_sentences;
                    let same = goes_on
                        || told.who.first() == beat.who.first()
                        || told.who.iter().all(|one| beat.who.contains(one));
                    let setting = self.beats.is_empty()
                        && beat.who.is_empty()
                        && !told.who.is_empty()
                        && *words >= 5;
                    let short = !setting && (*words < limits.short_words || told.words.len() < 4);
                    let own = trigger != Trigger::Action && trigger != beat.trigger;
                    let aimed = !found.is_empty() || told.aim.is_some();
                    // Somebody who acts is not in the shot of a thing, but may be in a picture.
                    // Nor is another one in a shot that is aimed at one.
                    let left = (matches!(beat.trigger, Trigger::Insert | Trigger::Pov)
                        || !beat.directions.is_empty() && !beat.who.is_empty())
                        && !told.who.is_empty()
                        && told.who.iter().any(|one| !beat.who.contains(one))
                        && !looked_at
                        && !beat.prop.as_deref().is_some_and(is_picture);
                    // One picture shows one room.
                    let elsewhere = |one: &usize| {
                        let here = beat.who.first();
                        here.is_some_and(|here| self.rooms.apart(*here, *one))
                    };
                    jump || aimed
                        || self.parted(&told.who, &beat.who)
                        || left
                        || told.who.iter().any(elsewhere)
                        || (!short || full) && (full || own || !same)
                        || own && (!short || trigger == Trigger::Insert && !beat.who.is_empty())
                }
            };
            if new {
                if let Some((beat, ..)) = open.take() {
                    self.close(beat);
                }
                let mut beat = self
                    .aim
                    .take()
                    .filter(|aim| aim.to <= told.from)
                    .unwrap_or_else(|| Beat::new(trigger, told.from, told.to));
                if !matches!(beat.trigger, Trigger::Insert | Trigger::Pov) {
                    beat.trigger = trigger;
                }
                beat.to = told.to;
                beat.time_jump = jump;
                if let Some((name, from)) = self.place.take() {
                    beat.add_content(&name);
                    beat.from = from;
                    beat.opens = true;
                    beat.because(PASS, "the script", "a new place within the scene");
                }
                beat.because(PASS, why.0, why.1);
                open = Some((beat, 0, 0));
            }
            if let Some((beat, words, sentences)) = &mut open {
                if *words < limits.short_words
                    && beat.trigger == Trigger::Action
                    && trigger != Trigger::Action
                {
                    beat.trigger = trigger;
                }
                beat.add_content(&told.text);
                let pictured =
                    beat.trigger == Trigger::Insert && beat.prop.as_deref().is_some_and(is_picture);
                if !pictured {
                    beat.add_who(&told.who);
                    beat.add_extras(&told.extras);
                    beat.doings.push(Doing {
                        text: told.text.clone(),
                        who: told.who.clone(),
                    });
                }
                beat.told_postures.extend(&told.postures);
                beat.directions.extend(found);
                beat.prop = beat.prop.take().or_else(|| self.prop(&told, beat.trigger));
                *words += told.words.len();
                *sentences += 1;
            }
        }
        if let Some((beat, ..)) = open {
            self.close(beat);
        }
    }

    pub(super) fn close(&mut self, mut beat: Beat) {
        if beat.trigger == Trigger::Insert {
            self.last_insert = Some(self.beats.len());
        }
        let pov = prose::tokens(&self.scene.heading.raw)
            .iter()
            .any(|word| word == "pov");
        if pov && matches!(beat.trigger, Trigger::Action | Trigger::Reaction) {
            beat.trigger = Trigger::Pov;
            beat.because(PASS, "the script", "the heading calls for a point of view");
        }
        if let Some(trigger) = beat
            .directions
            .iter()
            .rev()
            .find_map(|&rule| self.rules.camera.direction[rule].trigger)
            && !matches!(beat.trigger, Trigger::Disaster)
        {
            beat.trigger = trigger;
        }
        self.push(beat);
    }

    fn jumps(&self, told: &Told) -> bool {
        let started = !self.beats.is_empty();
        let head = &told.words[..told.words.len().min(5)];
        started
            && self.rules.transition.time_jumps.iter().any(|phrase| {
                phrase.position(head).is_some_and(|at| at <= 2)
                    && (phrase.len() > 1 || head.len() > 1 && told.text.contains("ater,"))
            })
    }

    fn classify(&self, told: &Told) -> (Trigger, (String, String)) {
        if self.montage {
            return (
                Trigger::Montage,
                ("the script".to_owned(), "part of a montage".to_owned()),
            );
        }
        if let Some(trigger) = told.aim.as_ref().and_then(|aim| aim.trigger) {
            let why = format!("the script aims the camera: {:?}", told.text);
            return (trigger, ("the script".to_owned(), why));
        }
        if let Some(thing) = self.detail(told) {
            return (
                Trigger::Insert,
                (
                    "a detail".to_owned(),
                    format!("the sentence is about the {thing} alone"),
                ),
            );
        }
        for rule in &self.rules.decompose.trigger {
            let Some(phrase) = rule
                .phrases
                .iter()
                .find(|phrase| phrase.found_in(&told.words))
            else {
                continue;
            };
            let fits = match rule.name {
                Trigger::Insert => self.insert_fits(told) && self.thing_in(told).is_some(),
                // "Through the scope: her back", but not "he looks through the scope".
                Trigger::Pov => phrase.position(&told.words) == Some(0),
                Trigger::Reaction => {
                    told.who.len() <= 2 && self.acts(told, phrase) && told.words.len() <= 18
                }
                Trigger::Entrance | Trigger::Exit => self.acts(told, phrase) && goes(told, phrase),
                Trigger::Disaster => !told.who.is_empty(),
                _ => true,
            };
            if fits {
                let why = format!("the sentence says {:?}", phrase.text);
                return (rule.name, (format!("decompose.trigger.{}", rule.name), why));
            }
        }
        (
            Trigger::Action,
            ("decompose".to_owned(), "a sentence of action".to_owned()),
        )
    }

    /// An insert shows a thing: one person at most, something to show, and not the next one so soon.
    fn insert_fits(&self, told: &Told) -> bool {
        let apart = self
            .last_insert
            .is_none_or(|last| self.beats.len() >= last + self.rules.decompose.inserts_apart);
        apart && told.who.len() <= 1 && told.words.len() <= 24
    }

    /// "The doorknob is ancient brass": nobody acts, a small thing is all there is to see.
    fn detail(&self, told: &Told) -> Option<String> {
        let article = told
            .words
            .first()
            .is_some_and(|word| DETERMINERS.contains(&word.as_str()));
        if !article || !told.who.is_empty() || !self.insert_fits(told) || told.words.len() > 20 {
            return None;
        }
        self.detail_of(told)
    }

    fn prop(&self, told: &Told, trigger: Trigger) -> Option<String> {
        // A moment of a montage may be about a thing.
        if trigger == Trigger::Montage && told.who.is_empty() {
            return self.detail_of(told);
        }
        if trigger != Trigger::Insert {
            return None;
        }
        let aimed = told.aim.as_ref().and_then(|aim| aim.prop.clone());
        aimed
            .or_else(|| self.detail_of(told))
            .or_else(|| self.thing_in(told))
    }
}

/// What begins a phrase about one thing, or a few.
const DETERMINERS: &[&str] = &["the", "a", "an", "his", "her", "one", "two", "three"];
