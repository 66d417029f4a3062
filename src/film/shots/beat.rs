//! What a shot will show: the work piece that the passes V1 to V5 fill in.

use std::rc::Rc;

use super::elsewhere::Spot;
use crate::cast::{Extra, MOST_PEOPLE};
use crate::words::{CameraHeight, Heard, Movement, Posture, ShotSize, Transition, Trigger};

/// So many people the master of an exchange holds.
pub(super) const IN_MASTER: usize = 5;

/// A sentence of the action, and whom it names or means.
#[derive(Debug, Clone)]
pub(super) struct Doing {
    pub(super) text: String,
    pub(super) who: Vec<usize>,
}

/// One future shot.
#[derive(Debug, Clone)]
pub(super) struct Beat {
    pub(super) trigger: Trigger,
    /// Whole sentences.
    pub(super) content: String,
    /// Range of the scene's elements.
    pub(super) from: usize,
    pub(super) to: usize,
    /// Whom the content names or means, in order; the speaker first.
    pub(super) who: Vec<usize>,
    /// Who else is seen, without a name.
    pub(super) extras: Vec<Extra>,
    /// The sentences of the action in it.
    pub(super) doings: Vec<Doing>,
    /// Who speaks on screen or off it.
    pub(super) speakers: Vec<usize>,
    /// The speaker's name as in the list: a character's, or the cue's for several.
    pub(super) speaker: Option<String>,
    pub(super) line: Option<String>,
    /// Of two who speak at once: who says what.
    pub(super) together: Vec<(String, String)>,
    pub(super) heard: Option<Heard>,
    /// How the line is said.
    pub(super) tone: Option<String>,
    /// What goes on while it is said.
    pub(super) meanwhile: Option<String>,
    /// What those in the frame have in hand since before it.
    pub(super) holding: Vec<(usize, String)>,
    /// Whom the speaker faces.
    pub(super) listener: Option<usize>,
    /// They look the same way, or one stands behind the other: nobody is seen over a shoulder.
    pub(super) abreast: bool,
    /// "A beat." heard or written in the shot.
    pub(super) pauses: u32,
    pub(super) prop: Option<String>,
    pub(super) intensity: u32,
    /// Who holds themselves how, by the verbs of the content.
    pub(super) told_postures: Vec<(usize, Posture)>,
    /// What the script remarks here and no picture shows.
    pub(super) notes: String,
    /// Opens the scene or a new place in it: seen wide.
    pub(super) opens: bool,
    /// Where it plays, if not where the scene does.
    pub(super) elsewhere: Option<Rc<Spot>>,
    /// Time has passed since the beat before.
    pub(super) time_jump: bool,
    /// The script's camera directions: indices into the rules.
    pub(super) directions: Vec<usize>,
    /// The script's own transition after it: index into the rules.
    pub(super) cut: Option<usize>,
    /// Which line of its exchange it is, from 0; `None` outside one.
    pub(super) exchange: Option<usize>,
    /// Who is in the scene by now, in the order of their first appearance; of many the first and
    /// the last ones.
    pub(super) present: Vec<usize>,
    /// Who has left by now.
    pub(super) left: Vec<usize>,
    // V2
    pub(super) size: ShotSize,
    // V3
    pub(super) movement: Movement,
    pub(super) lens: u32,
    pub(super) height: CameraHeight,
    /// Who holds themselves otherwise than standing.
    pub(super) postures: Vec<(usize, Posture)>,
    // V4
    pub(super) frames: u32,
    /// The frames of its shot, where people locked it.
    pub(super) held: Option<u32>,
    // V5
    pub(super) transition: Transition,
    pub(super) crossfade: u32,
    /// What each pass decided, by which rule and why.
    pub(super) reasons: Vec<Reason>,
}

/// A decision of a pass about a shot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// `V1 decomposition` … `V5 transitions`.
    pub pass: &'static str,
    /// Where in the rules: `size.trigger.action.two`.
    pub rule: String,
    /// In words.
    pub why: String,
}

impl Beat {
    pub(super) fn new(trigger: Trigger, from: usize, to: usize) -> Self {
        Self {
            trigger,
            content: String::new(),
            from,
            to,
            who: Vec::new(),
            extras: Vec::new(),
            doings: Vec::new(),
            speakers: Vec::new(),
            speaker: None,
            line: None,
            together: Vec::new(),
            heard: None,
            tone: None,
            meanwhile: None,
            holding: Vec::new(),
            listener: None,
            abreast: false,
            pauses: 0,
            prop: None,
            intensity: 0,
            told_postures: Vec::new(),
            notes: String::new(),
            opens: false,
            elsewhere: None,
            time_jump: false,
            directions: Vec::new(),
            cut: None,
            exchange: None,
            present: Vec::new(),
            left: Vec::new(),
            size: ShotSize::Ms,
            movement: Movement::Static,
            lens: 0,
            height: CameraHeight::Eye,
            postures: Vec::new(),
            frames: 0,
            held: None,
            transition: Transition::Cut,
            crossfade: 0,
            reasons: Vec::new(),
        }
    }

    /// Whether somebody in the picture speaks.
    pub(super) fn speaks_on_screen(&self) -> bool {
        self.heard == Some(Heard::OnScreen)
    }

    /// Whom the frame holds: those of the content, the speaker, and whom the framing adds.
    pub(super) fn in_frame(&self) -> Vec<usize> {
        let mut all = Vec::new();
        let listener = matches!(self.size, ShotSize::Ots | ShotSize::TwoShot)
            .then_some(self.listener)
            .flatten();
        // A master holds everybody who is there.
        let all_in = self.exchange == Some(0) && self.size == ShotSize::Ws;
        let others = if all_in {
            &self.present[..self.present.len().min(IN_MASTER)]
        } else {
            &[]
        };
        let speakers = if self.speaks_on_screen() {
            self.speakers.as_slice()
        } else {
            &[]
        };
        for &one in speakers
            .iter()
            .chain(&self.who)
            .chain(&listener)
            .chain(others)
        {
            if !all.contains(&one) {
                all.push(one);
            }
        }
        all
    }

    pub(super) fn add_who(&mut self, who: &[usize]) {
        for &one in who {
            if self.who.len() < MOST_PEOPLE && !self.who.contains(&one) {
                self.who.push(one);
            }
        }
    }

    pub(super) fn add_extras(&mut self, extras: &[Extra]) {
        /// No picture shows more kinds.
        const MOST: usize = 4;
        for one in extras {
            let known = |other: &Extra| other.again == one.again;
            if self.extras.len() < MOST && !self.extras.iter().any(known) {
                self.extras.push(one.clone());
            }
        }
    }

    pub(super) fn add_content(&mut self, text: &str) {
        if !self.content.is_empty() && !text.is_empty() {
            self.content.push(' ');
        }
        self.content.push_str(text);
    }

    pub(super) fn add_note(&mut self, text: &str) {
        if !self.notes.is_empty() {
            self.notes.push(' ');
        }
        self.notes.push_str(text);
    }

    pub(super) fn because(
        &mut self,
        pass: &'static str,
        rule: impl Into<String>,
        why: impl Into<String>,
    ) {
        self.reasons.push(Reason {
            pass,
            rule: rule.into(),
            why: why.into(),
        });
    }
}
