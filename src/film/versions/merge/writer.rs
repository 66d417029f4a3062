//! Writes the joined script: units one after the other, with a blank line wherever two meet that
//! did not stand together before.

use std::mem::Discriminant;

use super::super::draft::{Unit, UnitKind};
use super::super::marks::Mark;
use super::{ScriptPlace, Three, pick};
use crate::fountain::ElementKind;

/// Whose text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Ours,
    Theirs,
}

/// The kinds of the elements of a script, in order.
pub(super) type Shape = Vec<Discriminant<ElementKind>>;

pub(super) struct Writer {
    text: String,
    /// Lines that are written whole.
    lines: u64,
    line_end: &'static str,
    next: u32,
    places: Vec<ScriptPlace>,
    heading: Option<String>,
    /// What must be found when it is read again.
    shape: Shape,
    /// The place of the unit that stood right behind the last one, by side.
    follows: [Option<usize>; 2],
}

impl Writer {
    /// `next` is the number of the first place that collides.
    pub(super) fn new(ours: &str, next: u32) -> Self {
        let line_end = match ours.contains("\r\n") {
            true => "\r\n",
            false => "\n",
        };
        Self {
            text: String::with_capacity(ours.len() + ours.len() / 8),
            lines: 0,
            line_end,
            next,
            places: Vec::new(),
            heading: None,
            shape: Vec::new(),
            follows: [None; 2],
        }
    }

    /// Whether nothing collided so far.
    pub(super) fn is_clean(&self) -> bool {
        self.places.is_empty()
    }

    /// The units of a block as they are.
    pub(super) fn units(&mut self, source: Source, units: &[Unit]) {
        self.new_block();
        for (at, unit) in units.iter().enumerate() {
            self.unit(&[(source, Some(at))], unit);
        }
    }

    /// Another block follows, whose units count from 0.
    pub(super) fn new_block(&mut self) {
        self.follows = [None; 2];
    }

    /// One unit, and where in its block it stands on each side.
    pub(super) fn unit(&mut self, places: &[(Source, Option<usize>)], unit: &Unit) {
        let follows = |(source, at): &(Source, Option<usize>)| {
            at.is_some() && self.follows[*source as usize] == *at
        };
        if !places.iter().any(follows) {
            self.blank_line();
        }
        if unit.kind == UnitKind::Heading {
            self.heading = Some(unit.text().trim().to_owned());
        }
        for part in &unit.parts {
            self.push(&part.text);
            self.shape.extend(part.element);
        }
        self.push(&unit.gap);
        self.follows = [None; 2];
        for (source, at) in places {
            self.follows[*source as usize] = at.map(|at| at + 1);
        }
    }

    /// Both versions of a place, each with its marks around it.
    pub(super) fn collide(
        &mut self,
        kind: UnitKind,
        base: Option<&[Unit]>,
        ours: Option<&[Unit]>,
        theirs: Option<&[Unit]>,
    ) {
        let text = |units: Option<&[Unit]>| {
            let text = |unit: &Unit| unit.text() + &unit.gap;
            let text = units?.iter().map(text).collect::<String>();
            Some(text.trim_end().to_owned() + self.line_end)
        };
        let (base, our_text, their_text) = (text(base), text(ours), text(theirs));
        self.blank_line();
        let place = ScriptPlace {
            number: self.next,
            heading: self.heading.clone(),
            kind,
            line: self.lines + 1,
            base,
            ours: our_text,
            theirs: their_text,
        };
        self.places.push(place);
        self.mark(Mark::Ours);
        self.side(ours);
        self.mark(Mark::Theirs);
        self.side(theirs);
        self.mark(Mark::End);
        self.next += 1;
    }

    fn side(&mut self, units: Option<&[Unit]>) {
        self.units(Source::Ours, units.unwrap_or_default());
        self.new_block();
    }

    fn mark(&mut self, mark: Mark) {
        self.blank_line();
        let note = mark.note(self.next) + self.line_end;
        self.push(&note);
        self.shape.push(std::mem::discriminant(&ElementKind::Note));
        self.blank_line();
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.lines += text.bytes().filter(|byte| *byte == b'\n').count() as u64;
    }

    /// Sees to it that what follows starts a paragraph.
    fn blank_line(&mut self) {
        let line_end = self.line_end;
        if self
            .text
            .trim_end_matches([' ', '\t', '\r', '\n'])
            .is_empty()
        {
            return;
        }
        let end = &self.text[self.text.trim_end().len()..];
        let breaks = end.matches('\n').count();
        (breaks..2).for_each(|_| self.push(line_end));
    }

    /// The text, its places and the elements that must be found in it.
    pub(super) fn finish(mut self, texts: Three<&str>) -> (String, Vec<ScriptPlace>, Shape) {
        let end = texts.map(|text| &text[text.trim_end().len()..]);
        let end = pick(end.base, end.ours, end.theirs).unwrap_or(end.ours);
        self.text.truncate(self.text.trim_end().len());
        self.text.push_str(end);
        (self.text, self.places, self.shape)
    }
}
