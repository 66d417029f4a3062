//! An item of a book, read in place.

use super::bytes::{Cursor, Numbers};
use crate::object::{AcceptanceId, ActionId, FileId, GenerationId};
use crate::pipeline::item::{Outcome, State};
use crate::pipeline::snapshot::Tracked;

/// What stands where there is no text.
pub(super) const NONE: u32 = u32::MAX;

/// What a bit of an item says.
pub(super) mod flag {
    /// It has no output: a shot without a line has no voice.
    pub(in super::super) const NOTHING: u8 = 1;
    /// People changed it.
    pub(in super::super) const EDITED: u8 = 2;
    /// It was asked of the store what was made before.
    pub(in super::super) const ASKED: u8 = 4;
    /// It depends on more than what stands here: it is planned anew whenever something changed.
    pub(in super::super) const LOOSE: u8 = 8;
    pub(in super::super) const MADE: u8 = 16;
    pub(in super::super) const PROBLEM: u8 = 32;
}

/// Where the reads of an item's action are.
pub(super) mod action_kind {
    pub(in super::super) const NONE: u8 = 0;
    pub(in super::super) const OF_RECORD: u8 = 1;
    pub(in super::super) const OF_BASIS: u8 = 2;
}

/// The states by their numbers.
pub(super) const STATES: [State; 9] = [
    State::Fresh,
    State::Stale,
    State::Outdated,
    State::Pending,
    State::Missing,
    State::Orphan,
    State::Accepted,
    State::Unmanaged,
    State::Broken,
];

/// An item; texts, reads and slots by their numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct ItemView<'a> {
    pub(super) world: u8,
    flags: u8,
    pub(super) state: State,
    pub(super) kind: u8,
    pub(super) stage: u32,
    pub(super) item: u32,
    pub(super) path: u32,
    pub(super) outcome: Outcome,
    pub(super) current: Option<Tracked>,
    pub(super) made: Option<FileId>,
    pub(super) problem: Option<u32>,
    pub(super) version: u32,
    pub(super) action_item: u32,
    pub(super) action_id: Option<ActionId>,
    pub(super) conflicts: Numbers<'a>,
    /// What the generator read.
    pub(super) reads: Numbers<'a>,
    /// What else was looked at.
    pub(super) basis: Numbers<'a>,
    /// What stood at each of the paths of these.
    pub(super) slots: Numbers<'a>,
    pub(super) pending: Numbers<'a>,
    changes: Numbers<'a>,
}

/// What changed of a read.
pub(super) struct ChangeView {
    pub(super) selector: u32,
    pub(super) is_read: bool,
    pub(super) old: u32,
    pub(super) new: u32,
}

/// Where the numbers of an item's stage and name stand, in bytes.
const NAMES: usize = 4;

impl<'a> ItemView<'a> {
    /// The numbers of stage and name of an item that [`ItemView::read`] can read.
    pub(super) fn names(bytes: &[u8]) -> (u32, u32) {
        let number = |at: usize| {
            let bytes = bytes
                .get(at..at + 4)
                .and_then(|bytes| bytes.try_into().ok());
            bytes.map_or(NONE, u32::from_le_bytes)
        };
        (number(NAMES), number(NAMES + 4))
    }

    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut cursor = Cursor(bytes);
        let world = cursor.byte()?;
        let flags = cursor.byte()?;
        let state = *STATES.get(usize::from(cursor.byte()?))?;
        let kind = cursor.byte()?;
        let (stage, item, path) = (cursor.number()?, cursor.number()?, cursor.number()?);
        let outcome = read_outcome(&mut cursor)?;
        let current = read_current(&mut cursor)?;
        let has = |bit| flags & bit != 0;
        let made = match has(flag::MADE) {
            true => Some(FileId::from_bytes(cursor.digest()?)),
            false => None,
        };
        let problem = match has(flag::PROBLEM) {
            true => Some(cursor.number()?),
            false => None,
        };
        let (version, action_item) = match kind {
            action_kind::NONE => (NONE, NONE),
            _ => (cursor.number()?, cursor.number()?),
        };
        let action_id = match has(flag::ASKED) {
            true => Some(ActionId::from_bytes(cursor.digest()?)),
            false => None,
        };
        Some(Self {
            world,
            flags,
            state,
            kind,
            stage,
            item,
            path,
            outcome,
            current,
            made,
            problem,
            version,
            action_item,
            action_id,
            conflicts: cursor.numbers()?,
            reads: cursor.numbers()?,
            basis: cursor.numbers()?,
            slots: cursor.numbers()?,
            pending: cursor.numbers()?,
            changes: cursor.numbers()?,
        })
    }

    pub(super) fn has(&self, bit: u8) -> bool {
        self.flags & bit != 0
    }

    pub(super) fn changes(self) -> impl Iterator<Item = ChangeView> + 'a {
        let mut numbers = self.changes.iter();
        std::iter::from_fn(move || {
            Some(ChangeView {
                selector: numbers.next()?,
                is_read: numbers.next()? != 0,
                old: numbers.next()?,
                new: numbers.next()?,
            })
        })
    }
}

fn read_outcome(cursor: &mut Cursor<'_>) -> Option<Outcome> {
    Some(match cursor.byte()? {
        0 => Outcome::Keep,
        1 => Outcome::Write(FileId::from_bytes(cursor.digest()?)),
        2 => {
            let generation = GenerationId::from_bytes(cursor.digest()?);
            Outcome::Restore(generation, FileId::from_bytes(cursor.digest()?))
        }
        3 => Outcome::Run,
        4 => Outcome::Refuse,
        5 => Outcome::Remove,
        6 => Outcome::Wait,
        _ => return None,
    })
}

pub(super) fn put_outcome(out: &mut Vec<u8>, outcome: &Outcome) {
    match outcome {
        Outcome::Keep => out.push(0),
        Outcome::Write(id) => {
            out.push(1);
            out.extend(id.as_bytes());
        }
        Outcome::Restore(generation, id) => {
            out.push(2);
            out.extend(generation.as_bytes());
            out.extend(id.as_bytes());
        }
        Outcome::Run => out.push(3),
        Outcome::Refuse => out.push(4),
        Outcome::Remove => out.push(5),
        Outcome::Wait => out.push(6),
    }
}

fn read_current(cursor: &mut Cursor<'_>) -> Option<Option<Tracked>> {
    let tag = cursor.byte()?;
    if tag == 0 {
        return Some(None);
    }
    let id = FileId::from_bytes(cursor.digest()?);
    let made_by = match tag & 2 {
        0 => None,
        _ => Some(GenerationId::from_bytes(cursor.digest()?)),
    };
    let accepted = match tag & 4 {
        0 => None,
        _ => Some(AcceptanceId::from_bytes(cursor.digest()?)),
    };
    Some(Some(Tracked {
        id,
        made_by,
        accepted,
        in_conflict: tag & 8 != 0,
    }))
}

pub(super) fn put_current(out: &mut Vec<u8>, current: Option<&Tracked>) {
    let Some(current) = current else {
        out.push(0);
        return;
    };
    let tag = 1
        + 2 * u8::from(current.made_by.is_some())
        + 4 * u8::from(current.accepted.is_some())
        + 8 * u8::from(current.in_conflict);
    out.push(tag);
    out.extend(current.id.as_bytes());
    out.extend(current.made_by.iter().flat_map(|id| *id.as_bytes()));
    out.extend(current.accepted.iter().flat_map(|id| *id.as_bytes()));
}
