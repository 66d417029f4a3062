//! V1: a scene falls into beats. A beat holds whole sentences, and every sentence of the action is
//! in exactly one.

use std::collections::VecDeque;

use super::beat::{Beat, IN_MASTER};
use super::elsewhere::Spots;
use super::rooms::Rooms;
use super::rules::Rules;
use crate::breakdown::{self, SceneText, screen_title};
use crate::cast::{Cast, MOST_PEOPLE, Names, Reader};
use crate::fountain::ElementKind;
use crate::prose;
use crate::words::{Heard, Trigger};

pub(super) const PASS: &str = "V1 decomposition";

/// What is said of a parenthetical, in place of a rule.
pub(super) const PARENTHETICAL: &str = "the script, in brackets";

/// Words heard over a picture.
pub(super) struct Voice {
    /// The element it stands in.
    pub(super) from: usize,
    pub(super) name: String,
    pub(super) who: Vec<usize>,
    pub(super) text: String,
    pub(super) pauses: u32,
}

pub(super) struct Walk<'a> {
    pub(super) scene: &'a SceneText<'a>,
    pub(super) cast: &'a Cast,
    pub(super) rooms: &'a Rooms,
    pub(super) rules: &'a Rules,
    pub(super) reader: Reader<'a>,
    pub(super) names: &'a Names,
    pub(super) beats: Vec<Beat>,
    /// Text that belongs to the line after it: "Coming up to the bed --".
    pub(super) lead_in: Option<Beat>,
    /// Whom and how the next beat is to show: "ON WILL AND SANDRA".
    pub(super) aim: Option<Beat>,
    /// Pieces of a voice that wait for the pictures they lie over.
    pub(super) voice: VecDeque<Voice>,
    /// A new place in the scene begins: "AT THE PRODUCE SECTION".
    pub(super) place: Option<(String, usize)>,
    /// Words over the picture of the next beat, and the element of the first of them.
    pub(super) overlay: Option<(Vec<String>, usize)>,
    /// Remarks for the next beat, as none is before them.
    pub(super) notes: Vec<String>,
    pub(super) montage: bool,
    /// Whom the last sentence is about, or who spoke since.
    pub(super) doer: Option<usize>,
    /// Where it plays now.
    pub(super) spots: Spots,
    pub(super) present: Vec<usize>,
    pub(super) last_insert: Option<usize>,
}

/// Divides a scene into beats.
pub(super) fn decompose(
    scene: &SceneText<'_>,
    cast: &Cast,
    names: &Names,
    rooms: &Rooms,
    rules: &Rules,
) -> Vec<Beat> {
    let mut walk = Walk {
        scene,
        cast,
        rooms,
        rules,
        reader: Reader::new(cast, names, &scene.elements),
        names,
        beats: Vec::new(),
        lead_in: None,
        aim: None,
        voice: VecDeque::new(),
        place: None,
        overlay: None,
        notes: Vec::new(),
        montage: false,
        doer: None,
        spots: Spots::default(),
        present: Vec::new(),
        last_insert: None,
    };
    walk.doer = walk.reader.alone();
    walk.cut_against();
    walk.run();
    walk.beats
}

impl Walk<'_> {
    fn run(&mut self) {
        let elements = self.scene.elements.clone();
        let mut at = 0;
        while at < elements.len() {
            if let Some(title) = screen_title(elements[at]) {
                self.title(&title, at);
                at += 1;
                continue;
            }
            at = match &elements[at].kind {
                ElementKind::Action => self.action(&elements, at),
                ElementKind::Character { .. } => self.speech(&elements, at),
                ElementKind::Transition => {
                    self.transition(&elements[at].text, at);
                    at + 1
                }
                // Dialogue and lyrics without a cue are heard over the picture.
                _ => {
                    self.orphan(&prose::plain(&elements[at].text), at);
                    at + 1
                }
            };
        }
        self.flush(elements.len());
        if !self.notes.is_empty() {
            // All of the scene is a remark: the place is shown.
            let mut beat = Beat::new(Trigger::Establishing, 0, elements.len());
            beat.content = place_sentence(self.scene, self.names);
            beat.opens = true;
            beat.because(
                PASS,
                "a remark",
                "the script only remarks on the scene: its place is shown",
            );
            self.push(beat);
        }
        self.establish();
        self.settle_sides();
        self.settle_hours();
    }

    pub(super) fn flush(&mut self, end: usize) {
        if let Some(mut lead) = self.lead_in.take() {
            lead.to = lead.to.max(lead.from + 1).min(end.max(lead.from + 1));
            self.push(lead);
        }
        self.show_insert(end);
        if let Some(aim) = self.aim.take() {
            self.push(aim);
        }
        if let Some((name, from)) = self.place.take() {
            let mut beat = Beat::new(Trigger::Establishing, from, from + 1);
            beat.content = name;
            self.push(beat);
        }
        if let Some((words, from)) = self.overlay.take_if(|_| end == self.scene.elements.len()) {
            // Nothing comes behind it: it is over the picture of the last shot.
            match self
                .beats
                .last_mut()
                .filter(|last| last.trigger != Trigger::Title)
            {
                Some(last) => {
                    words.iter().for_each(|sentence| last.add_content(sentence));
                    last.to = last.to.max(from + words.len());
                }
                None => {
                    self.overlay = Some((words, from));
                    let beat = Beat::new(Trigger::Establishing, from, from + 1);
                    self.push(beat);
                }
            }
        }
        while let Some(voice) = self.voice.pop_front() {
            let mut beat = Beat::new(Trigger::VoiceOver, voice.from, end.max(voice.from + 1));
            self.hold(&mut beat);
            lay(&mut beat, voice);
            self.push(beat);
        }
    }

    /// Whoever is in another room than the speaker, or than who is named first, is not in the shot.
    fn keep_to_one_room(&self, beat: &mut Beat) {
        let speaker = beat.speakers.first().filter(|_| beat.speaks_on_screen());
        if let Some(&first) = speaker.or(beat.who.first()) {
            beat.who.retain(|one| !self.rooms.apart(*one, first));
        }
    }

    pub(super) fn push(&mut self, mut beat: Beat) {
        if beat.line.is_none()
            && beat.trigger != Trigger::Title
            && let Some(voice) = self.voice.pop_front()
        {
            beat.from = beat.from.min(voice.from);
            lay(&mut beat, voice);
            beat.because(
                PASS,
                "voice over",
                "the voice is heard over the action after it",
            );
        }
        if beat.trigger != Trigger::Title
            && let Some((words, from)) = self.overlay.take()
        {
            let content = std::mem::take(&mut beat.content);
            words.iter().for_each(|sentence| beat.add_content(sentence));
            beat.add_content(&content);
            beat.from = beat.from.min(from);
            beat.because(PASS, "the script", "words stand over the picture");
        }
        for note in std::mem::take(&mut self.notes) {
            beat.add_note(&note);
        }
        self.keep_to_one_room(&mut beat);
        self.settle(&mut beat);
        for &one in beat.who.iter().chain(
            beat.speakers
                .iter()
                .filter(|_| beat.heard == Some(Heard::OnScreen)),
        ) {
            if !self.present.contains(&one) {
                // The first ones make the master, the last ones are whom somebody faces.
                if self.present.len() == MOST_PEOPLE {
                    self.present.remove(IN_MASTER);
                }
                self.present.push(one);
            }
        }
        beat.present = self.beside(&beat);
        let away = |one: &usize| self.reader.has_left(*one);
        beat.left = self.present.iter().copied().filter(away).collect();
        for last in self.beats.iter().rev().take(1) {
            let still = last.left.iter().filter(|one| away(one));
            beat.left.extend(still);
        }
        if let Some(&first) = beat.in_frame().first() {
            beat.present.retain(|one| !self.rooms.apart(*one, first));
        }
        if beat.trigger == Trigger::Exit
            && let Some(one) = beat.who.first()
        {
            self.present.retain(|other| other != one);
        }
        self.present.retain(|one| !self.reader.has_left(*one));
        self.beats.push(beat);
    }

    pub(super) fn transition(&mut self, text: &str, at: usize) {
        let words = prose::tokens(&prose::plain(text));
        let rules = &self.rules.transition.script;
        let found = (0..rules.len())
            .filter(|&rule| rules[rule].phrase.found_in(&words))
            .max_by_key(|&rule| (rules[rule].phrase.len(), std::cmp::Reverse(rule)));
        self.flush(at);
        if let Some(last) = self.beats.last_mut() {
            last.cut = found;
            last.to = last.to.max(at + 1);
            last.because(
                PASS,
                "the script",
                format!("the script writes {:?} after it", prose::plain(text)),
            );
        }
    }

    fn title(&mut self, text: &str, at: usize) {
        let text = text.trim_matches(['"', ' ']);
        if text.is_empty() {
            return;
        }
        // Lines of one title card stand one under the other.
        if let Some(last) = self.beats.last_mut()
            && last.trigger == Trigger::Title
            && last.to == at
        {
            let inner = last.content.trim_end_matches("\".").len();
            last.content.truncate(inner);
            last.content.extend([" / ", text, "\"."]);
            last.to = at + 1;
            return;
        }
        let mut beat = Beat::new(Trigger::Title, at, at + 1);
        beat.content = format!("Title: \"{text}\".");
        beat.because(PASS, "the script", "centred text is a title on the screen");
        self.push(beat);
    }

    fn orphan(&mut self, text: &str, at: usize) {
        if text.is_empty() {
            return;
        }
        let mut beat = Beat::new(Trigger::VoiceOver, at, at + 1);
        beat.content = "The picture holds under the words.".to_owned();
        beat.line = Some(text.to_owned());
        beat.heard = Some(Heard::VoiceOver);
        beat.because(
            PASS,
            "the script",
            "words without a speaker are heard over the picture",
        );
        self.push(beat);
    }

    /// Opens the scene: on a description of the place, on a shot of its own, or on the first action.
    fn establish(&mut self) {
        let goes_on = self.scene.continues()
            && self
                .scene
                .previous_location
                .is_some_and(|before| before == self.scene.location());
        if goes_on || self.scene.heading.raw.is_empty() {
            return;
        }
        let Some(first) = self.beats.first_mut() else {
            return;
        };
        // "They lie in the sun" is about people, whoever they are.
        let someone = prose::first_word(&first.content)
            .is_some_and(|word| matches!(word.lower().as_str(), "he" | "she" | "they"));
        let described = first.trigger == Trigger::Action
            && first.who.is_empty()
            && first.line.is_none()
            && !someone;
        if described {
            first.trigger = Trigger::Establishing;
            first.opens = true;
            first.because(
                PASS,
                "establishing",
                "the scene opens on a description of its place",
            );
        } else if first.trigger == Trigger::VoiceOver && first.who.is_empty() {
            first.trigger = Trigger::Establishing;
            first.content = place_sentence(self.scene, self.names);
            first.opens = true;
            first.because(PASS, "establishing", "the voice is heard over the place");
        } else {
            // A picture of the place alone would say no more than the heading.
            first.opens = true;
            first.because(
                PASS,
                "establishing",
                "the scene opens on the first that happens in it, seen wide",
            );
        }
    }
}

/// The place of a scene as people write it; `scene` where nothing says it.
pub(super) fn place(scene: &SceneText<'_>, names: &Names) -> String {
    let spelling = breakdown::Spelling::of(&scene.elements);
    let shown = breakdown::shown_place(scene.heading, names.spellings(), &spelling);
    if shown.is_empty() {
        "scene".to_owned()
    } else {
        shown
    }
}

/// "The patio in daylight.", "Reggie's hotel room at night."
fn place_sentence(scene: &SceneText<'_>, names: &Names) -> String {
    let when = scene.time.phrase();
    let at = if when.is_empty() {
        String::new()
    } else {
        format!(" {when}")
    };
    let place = breakdown::in_sentence(&place(scene, names), "");
    format!("{}{at}.", prose::capitalise(&place))
}

pub(super) fn lay(beat: &mut Beat, voice: Voice) {
    beat.line = Some(voice.text);
    beat.speaker = Some(voice.name);
    beat.speakers = voice.who;
    beat.heard = Some(Heard::VoiceOver);
    beat.pauses += voice.pauses;
}
