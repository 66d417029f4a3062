//! V1 on speech: lines become beats, voices are laid over pictures.

use super::beat::Beat;
use super::decompose::{PARENTHETICAL, PASS, Voice, Walk, lay};
use super::speech::{Chunk, Speech};
use crate::cast::{Gender, NameKind};
use crate::fountain::{Element, ElementKind};
use crate::prose;
use crate::words::{Heard, Trigger};

impl Walk<'_> {
    pub(super) fn speech(&mut self, elements: &[&Element], at: usize) -> usize {
        let (speech, end) = Speech::gather(elements, at, self.cast, &self.reader);
        if let Some(end) = self.both(&speech, elements, at, end) {
            return end;
        }
        let on_screen = speech.heard == Heard::OnScreen;
        let mut chunks = speech.chunks(self.rules.speech_words());
        match speech.heard {
            Heard::OnScreen => {
                self.reader.spoke(&speech.who);
                self.doer = speech.who.first().copied();
            }
            Heard::VoiceOver => self.join_voice(&speech, &mut chunks, elements, at, end),
            Heard::OffScreen => {}
        }
        if chunks.is_empty() {
            return end;
        }
        if !self.voice.is_empty() {
            // Two voices in a row: the first has no picture of its own.
            self.flush(at);
        }
        self.show_insert(at);
        let lead = self.lead_in.take();
        let aim = self.aim.take();
        for (part, chunk) in chunks.iter().enumerate() {
            let listener = self.listens(&speech, part, chunks.len());
            let heard = match listener {
                Some(_) => Heard::OffScreen,
                None => speech.heard,
            };
            let trigger = match heard {
                Heard::OnScreen => Trigger::Dialogue,
                Heard::OffScreen => Trigger::OffScreen,
                Heard::VoiceOver => Trigger::VoiceOver,
            };
            let mut beat = Beat::new(trigger, at, end);
            if let Some(lead) = lead.as_ref().filter(|_| part == 0) {
                beat.from = lead.from;
                beat.content.clone_from(&lead.content);
                beat.add_who(&lead.who);
                beat.because(
                    PASS,
                    "decompose.lead_in_words",
                    "what stands before the line leads into it",
                );
            }
            if let Some(aim) = aim.as_ref().filter(|_| part == 0) {
                beat.from = beat.from.min(aim.from);
                if on_screen && aim.who.len() == 1 && aim.who.first() == speech.who.first() {
                    beat.directions.clone_from(&aim.directions);
                } else {
                    beat.content = if beat.content.is_empty() {
                        aim.content.clone()
                    } else {
                        format!("{} {}", aim.content, beat.content)
                    };
                    beat.directions.clone_from(&aim.directions);
                }
                beat.add_who(&aim.who);
                beat.reasons.extend(aim.reasons.clone());
            }
            if let Some((name, from)) = self.place.take() {
                beat.content = format!("{name} {}", beat.content).trim_end().to_owned();
                beat.from = beat.from.min(from);
                beat.opens = true;
            }
            beat.speakers.clone_from(&speech.who);
            beat.speaker = Some(speech.name.clone());
            beat.heard = Some(heard);
            beat.line = Some(chunk.text.clone());
            beat.pauses = chunk.pauses;
            let mut tone = chunk.tone(&self.rules.talk);
            if let Some(through) = speech.through {
                let why = "the cue says where the voice comes from".to_owned();
                tone.insert(0, (through.to_owned(), PARENTHETICAL, why));
            }
            for (_, rule, why) in &tone {
                beat.because(PASS, *rule, why.clone());
            }
            let tone: Vec<String> = tone.into_iter().map(|(tone, ..)| tone).collect();
            beat.tone = (!tone.is_empty()).then(|| tone.join(", "));
            let told = match heard {
                Heard::OnScreen => {
                    let name = speech.display(self.cast);
                    chunk.told(&name, part, &beat.content, beat.tone.as_deref())
                }
                Heard::OffScreen => self.listening(&speech.who),
                Heard::VoiceOver => {
                    self.hold(&mut beat);
                    String::new()
                }
            };
            for sentence in prose::sentences(&told) {
                let meant = self.reader.read(sentence);
                beat.add_who(&meant);
            }
            if on_screen {
                self.reader.spoke(&speech.who);
            }
            beat.add_content(&told);
            let why = match (heard, part) {
                _ if listener.is_some() => {
                    "a long speech is seen on whoever listens, too".to_owned()
                }
                (Heard::OnScreen, 0) => "a new speaker".to_owned(),
                (Heard::OnScreen, n) => {
                    format!("part {} of a long speech, divided between sentences", n + 1)
                }
                _ => "somebody is heard who is not in the picture".to_owned(),
            };
            let rule = match listener {
                Some(_) => "talk.listen_from",
                None => "decompose.speech_words",
            };
            beat.because(PASS, rule, why);
            self.push(beat);
        }
        end
    }

    /// Who is seen listening in a part of a long speech: in its second, its fifth and so on, but not in
    /// the last one.
    fn listens(&self, speech: &Speech, part: usize, parts: usize) -> Option<usize> {
        /// From one part that is seen on the listener to the next.
        const APART: usize = 3;
        let long = parts >= self.rules.talk.listen_from && part + 1 < parts;
        if speech.heard != Heard::OnScreen || !long || part % APART != 1 {
            return None;
        }
        self.silent(&speech.who)
    }

    /// The picture under a voice that has none of its own: the one before goes on.
    pub(super) fn hold(&self, beat: &mut Beat) {
        beat.add_content("The moment holds.");
        if let Some(last) = self.beats.last() {
            beat.add_who(&last.in_frame());
        }
    }

    /// The one of those present who came last and does not speak.
    fn silent(&self, speaking: &[usize]) -> Option<usize> {
        let named = self.present.iter().rev().find(|&&at| {
            let one = &self.cast.characters[at];
            !speaking.contains(&at) && one.kind != NameKind::Group && one.gender != Gender::Neuter
        });
        named.copied()
    }

    /// Two who speak at once are one shot of both, if their words are short enough for one. Returns the
    /// end of what both say; none if nobody speaks with this one.
    fn both(
        &mut self,
        first: &Speech,
        elements: &[&Element],
        at: usize,
        end: usize,
    ) -> Option<usize> {
        let next = elements.get(end)?;
        if !matches!(next.kind, ElementKind::Character { dual: true, .. }) {
            return None;
        }
        let (second, end) = Speech::gather(elements, end, self.cast, &self.reader);
        let seen = first.heard == Heard::OnScreen && second.heard == Heard::OnScreen;
        let mut who = first.who.clone();
        who.extend(second.who.iter().filter(|one| !first.who.contains(one)));
        let words = first.words() + second.words();
        if !seen || who.len() < 2 || words > 2 * self.rules.speech_words() {
            return None;
        }
        self.flush(at);
        let mut beat = Beat::new(Trigger::Dialogue, at, end);
        let names = [first, &second].map(|speech| speech.display(self.cast));
        beat.content = prose::capitalise(&format!("{} and {} speak at once.", names[0], names[1]));
        let texts = [first, &second].map(|speech| (speech.name.clone(), speech.text()));
        beat.line = Some(format!("{} {}", texts[0].1, texts[1].1));
        beat.speaker = Some(format!("{} AND {}", first.name, second.name));
        beat.together = texts.into();
        beat.speakers = who.clone();
        beat.heard = Some(Heard::OnScreen);
        beat.add_who(&who);
        self.reader.spoke(&who);
        let why = "the script sets their words side by side: they speak at once";
        beat.because(PASS, "the script", why);
        self.push(beat);
        Some(end)
    }

    /// The picture under a voice from outside the frame.
    fn listening(&self, speaking: &[usize]) -> String {
        match self.silent(speaking) {
            Some(one) => format!(
                "{} listens.",
                prose::capitalise(&self.cast.characters[one].in_text())
            ),
            None => "The place is still.".to_owned(),
        }
    }

    /// Lays the beginning of a voice over the beat before it, if that one shows action and says
    /// nothing yet; or keeps a short one for the action after it. Takes what it used off `chunks`.
    fn join_voice(
        &mut self,
        speech: &Speech,
        chunks: &mut Vec<Chunk>,
        elements: &[&Element],
        at: usize,
        end: usize,
    ) {
        if self.lead_in.is_some()
            || self.aim.is_some()
            || !self.voice.is_empty()
            || chunks.is_empty()
        {
            return;
        }
        let voice = |chunk: Chunk| Voice {
            from: at,
            name: speech.name.clone(),
            who: speech.who.clone(),
            pauses: chunk.pauses,
            text: chunk.text,
        };
        if let Some(last) = self.beats.last_mut()
            && last.line.is_none()
            && last.trigger != Trigger::Title
            && last.to == at
            && last.cut.is_none()
        {
            lay(last, voice(chunks.remove(0)));
            last.to = end;
            last.because(
                PASS,
                "voice over",
                "the voice is heard over the action before it",
            );
        }
        if elements
            .get(end)
            .is_some_and(|next| next.kind == ElementKind::Action)
        {
            self.voice.extend(chunks.drain(..).map(voice));
        }
    }
}
