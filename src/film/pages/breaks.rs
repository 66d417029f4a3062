//! Where a page ends: no heading stands at its foot, a speech that is broken says so on both pages,
//! and of a paragraph two rows stay together.

use super::ROWS;
use super::rows::{Block, Row};

/// A place in the text: a block, and a row of it.
pub(super) type Place = (usize, usize);

/// Rows of a paragraph that stay together at the foot and at the head of a page.
const TOGETHER: usize = 2;

/// A page before it has a number: where its text begins, and its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sheet {
    pub(super) begins: Place,
    pub(super) rows: Vec<Row>,
}

/// Sets the text between two places on sheets; at least one.
pub(super) fn sheets(blocks: &[Block], from: Place, until: Place) -> Vec<Sheet> {
    let mut setter = Setter {
        blocks,
        until,
        sheets: vec![Sheet {
            begins: from,
            rows: Vec::new(),
        }],
    };
    let mut at = from;
    while at < until && at.0 < blocks.len() {
        at = setter.put(at);
    }
    // The page behind begins within a speech.
    let goes_on = blocks.get(until.0).filter(|_| until.1 > 0 && from < until);
    if goes_on.is_some_and(|block| block.cue().is_some()) {
        setter.push(Row::more());
    }
    setter.sheets
}

struct Setter<'b> {
    blocks: &'b [Block],
    until: Place,
    sheets: Vec<Sheet>,
}

impl Setter<'_> {
    fn used(&self) -> usize {
        self.sheets.last().map_or(0, |sheet| sheet.rows.len())
    }

    fn push(&mut self, row: Row) {
        let sheet = self.sheets.last_mut().expect("one is there from the start");
        sheet.rows.push(row);
    }

    /// Begins a sheet, if the last one holds anything.
    fn turn(&mut self, begins: Place) {
        if self.used() > 0 {
            let rows = Vec::new();
            self.sheets.push(Sheet { begins, rows });
        }
    }

    /// The rows of a block that are still to be set.
    fn left(&self, at: Place) -> usize {
        let end = match at.0 == self.until.0 {
            true => self.until.1,
            false => self.blocks[at.0].rows.len(),
        };
        end.saturating_sub(at.1)
    }

    /// Sets what fits of the block at a place, and says where the text goes on.
    fn put(&mut self, at: Place) -> Place {
        let block = &self.blocks[at.0];
        if block.breaks && at.1 == 0 {
            self.turn(at);
        }
        let left = self.left(at);
        let cue = block.cue();
        let is_rest = at.1 > 0;
        let gap = usize::from(self.used() > 0 && !is_rest);
        let room = ROWS.saturating_sub(self.used() + gap);
        let above = usize::from(is_rest && cue.is_some());
        let needs = match block.is_heading() {
            // Some of what follows stands below it.
            true => left + self.behind((at.0 + 1, 0)),
            false => left + above,
        };
        if needs <= room || (self.used() == 0 && left + above <= ROWS) {
            return self.take(at, left, gap, cue.as_deref());
        }
        let more = usize::from(cue.is_some());
        let least = TOGETHER + more - usize::from(is_rest && more > 0);
        let fits = room
            .saturating_sub(above + more)
            .min(left.saturating_sub(TOGETHER));
        let may_break = !block.is_heading() && fits >= least && left > fits;
        if may_break || self.used() == 0 {
            let fits = if may_break {
                fits
            } else {
                (ROWS - above - more).min(left)
            };
            let next = self.take(at, fits, gap, cue.as_deref());
            if next.0 == at.0 && cue.is_some() {
                self.push(Row::more());
            }
            self.turn(next);
            return next;
        }
        self.turn(at);
        at
    }

    /// Rows of the block behind a heading that have to stand below it, with the blank one between.
    fn behind(&self, at: Place) -> usize {
        match at < self.until && at.0 < self.blocks.len() && !self.blocks[at.0].breaks {
            true => {
                let cue = usize::from(self.blocks[at.0].cue().is_some());
                1 + self.left(at).min(TOGETHER + cue)
            }
            false => 0,
        }
    }

    fn take(&mut self, at: Place, rows: usize, gap: usize, cue: Option<&str>) -> Place {
        (0..gap).for_each(|_| self.push(Row::blank()));
        let block = &self.blocks[at.0];
        if at.1 > 0
            && let Some(cue) = cue
        {
            let mut row = Row::continued(cue);
            row.is_marked = block.rows[0].is_marked;
            self.push(row);
        }
        let taken = block.rows[at.1..at.1 + rows].iter().cloned();
        taken.for_each(|row| self.push(row));
        match at.1 + rows == block.rows.len() {
            true => (at.0 + 1, 0),
            false => (at.0, at.1 + rows),
        }
    }
}
