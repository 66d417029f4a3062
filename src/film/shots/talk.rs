//! V1 on speech: lines become beats, voices are laid over pictures.

use super::beat::Beat;
use super::decompose::{PASS, Voice, Walk, lay};
use super::speech::{Chunk, Speech};
use crate::cast::{Gender, NameKind};
use crate::fountain::{Element, ElementKind};
use crate::prose;
use crate::words::{Heard, Trigger};

impl Walk<'_> {
    pub(super) fn speech(&mut self, elements: &[&Element], at: usize) -> usize {
        let (speech, end) = Speech::gather(elements, at, self.cast, &self.reader);
        let on_screen = speech.heard == Heard::OnScreen;
        let mut chunks = speech.chunks(self.rules.speech_words());
        match speech.heard {
            Heard::OnScreen => self.reader.spoke(&speech.who),
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
            let trigger = match speech.heard {
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
            beat.heard = Some(speech.heard);
            beat.line = Some(chunk.text.clone());
            beat.pauses = chunk.pauses;
            let tone = chunk.tone(&self.rules.talk);
            for (_, rule, why) in &tone {
                beat.because(PASS, *rule, why.clone());
            }
            let tone: Vec<String> = tone.into_iter().map(|(tone, ..)| tone).collect();
            beat.tone = (!tone.is_empty()).then(|| tone.join(", "));
            let told = match speech.heard {
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
            let why = match (speech.heard, part) {
                (Heard::OnScreen, 0) => "a new speaker".to_owned(),
                (Heard::OnScreen, n) => {
                    format!("part {} of a long speech, divided between sentences", n + 1)
                }
                _ => "somebody is heard who is not in the picture".to_owned(),
            };
            beat.because(PASS, "decompose.speech_words", why);
            self.push(beat);
        }
        end
    }

    /// The picture under a voice that has none of its own: the one before goes on.
    pub(super) fn hold(&self, beat: &mut Beat) {
        beat.add_content("The moment holds.");
        if let Some(last) = self.beats.last() {
            beat.add_who(&last.in_frame());
        }
    }

    /// The picture under a voice from outside the frame.
    fn listening(&self, speaking: &[usize]) -> String {
        let named = self.present.iter().rev().find(|&&at| {
            let one = &self.cast.characters[at];
            !speaking.contains(&at) && one.kind != NameKind::Group && one.gender != Gender::Neuter
        });
        match named {
            Some(&one) => format!(
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
