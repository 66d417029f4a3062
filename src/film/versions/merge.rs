//! Two versions of a screenplay joined that grew out of a third.

use std::mem::discriminant;

mod sentences;
mod verify;
mod writer;

use self::sentences::join_sentences;
pub(super) use self::sentences::pieces;
use self::verify::adds_up;
pub use self::verify::{script_adds_up, script_holds};
use self::writer::{Source, Writer};
use super::draft::{Block, Draft, Part, PartKind, Unit, UnitKind};
use super::list::{Slot, Versus, join};
use super::marks::open_marks;
use super::pairing::{
    Pairs, is_same_block, likeness, pair_blocks, pair_parts, pair_units, words_of,
};
use crate::fountain::parse;
use crate::numbers::common;

/// Two versions joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedScript {
    /// The result: Fountain, with both versions at each place where they collide, between notes.
    pub text: String,
    /// Those places, in the order of the text.
    pub places: Vec<ScriptPlace>,
}

/// Where both sides changed the same words, or one took out what the other changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptPlace {
    /// The number in its marks, from 1.
    pub number: u32,
    /// The heading of the scene it lies in, as it stands in the result; none before the first.
    pub heading: Option<String>,
    /// What collides.
    pub kind: UnitKind,
    /// The line of its first mark in the result, from 1.
    pub line: u64,
    /// The text there before; none where there was none.
    pub base: Option<String>,
    /// Our text there; none where we took it out.
    pub ours: Option<String>,
    /// Theirs, likewise.
    pub theirs: Option<String>,
}

/// The three versions of something.
#[derive(Debug, Clone, Copy)]
struct Three<T> {
    base: T,
    ours: T,
    theirs: T,
}

impl<T> Three<T> {
    fn map<U>(self, f: impl Fn(T) -> U) -> Three<U> {
        Three {
            base: f(self.base),
            ours: f(self.ours),
            theirs: f(self.theirs),
        }
    }
}

/// The side that changed; none when both did, and differently.
fn pick<T: PartialEq>(base: T, ours: T, theirs: T) -> Option<T> {
    if ours == theirs || theirs == base {
        Some(ours)
    } else if ours == base {
        Some(theirs)
    } else {
        None
    }
}

/// Joins `ours` and `theirs`, which both grew out of `base`, by scene, paragraph and sentence. What
/// only one side changed is taken from it, wherever the other moved it. None where what comes out
/// would be read as something else than the parts it was put together from, or does not hold what
/// both edits come to: such texts are joined by lines.
#[must_use]
pub fn merge_scripts(base: &str, ours: &str, theirs: &str) -> Option<MergedScript> {
    let texts = Three { base, ours, theirs };
    let drafts = texts.map(Draft::of);
    let marked = [base, ours, theirs].map(|text| open_marks(text).into_iter().max().unwrap_or(0));
    let next = marked.into_iter().max().unwrap_or(0) + 1;
    if let Some(text) = merge_in_place(texts, &drafts, next) {
        let places = Vec::new();
        return Some(MergedScript { text, places });
    }
    let mut merge = Merge {
        writer: Writer::new(ours, next),
    };
    let blocks = Three {
        base: &drafts.base.blocks,
        ours: &drafts.ours.blocks,
        theirs: &drafts.theirs.blocks,
    };
    let (our_pairs, their_pairs) = (
        pair_blocks(&drafts.base, &drafts.ours),
        pair_blocks(&drafts.base, &drafts.theirs),
    );
    merge.blocks(blocks, &our_pairs, &their_pairs);
    merge.finish(texts, &drafts)
}

/// Joins where nothing that both changed moved: paragraph by paragraph, without asking which scene is which.
/// None where something collides, or a scene that one side touched came, went or has another heading: that
/// takes scenes to tell.
fn merge_in_place(texts: Three<&str>, drafts: &Three<Draft>, next: u32) -> Option<String> {
    let lists = [&drafts.base, &drafts.ours, &drafts.theirs].map(|draft| -> Vec<Unit> {
        let blocks = draft.blocks.iter();
        blocks
            .flat_map(|block| block.units.iter().cloned())
            .collect()
    });
    let units = Three {
        base: lists[0].as_slice(),
        ours: &lists[1],
        theirs: &lists[2],
    };
    let mut merge = Merge {
        writer: Writer::new(texts.ours, next),
    };
    let mut at = Three {
        base: 0,
        ours: 0,
        theirs: 0,
    };
    for to in shared(units) {
        let between = Three {
            base: &units.base[at.base..to.base],
            ours: &units.ours[at.ours..to.ours],
            theirs: &units.theirs[at.theirs..to.theirs],
        };
        match pick(between.base, between.ours, between.theirs) {
            Some(_) => merge.taken(between, at),
            None if has_same_headings(between) => merge.units(between, at),
            None => return None,
        }
        // The unit that all have, if this is not the end.
        let all = Three {
            base: units.base.get(to.base..=to.base).unwrap_or_default(),
            ours: units.ours.get(to.ours..=to.ours).unwrap_or_default(),
            theirs: units.theirs.get(to.theirs..=to.theirs).unwrap_or_default(),
        };
        merge.units(all, to);
        at = to.map(|place| place + 1);
        if !merge.writer.is_clean() {
            return None;
        }
    }
    Some(merge.finish(texts, drafts)?.text)
}

/// The places of units that all have, in order, and the ends of the lists.
fn shared(units: Three<&[Unit]>) -> Vec<Three<usize>> {
    let keys = units.map(|units| units.iter().map(Unit::key).collect::<Vec<_>>());
    let mut in_theirs = vec![None; units.base.len()];
    for (base, theirs) in common(&keys.base, &keys.theirs) {
        in_theirs[base] = Some(theirs);
    }
    let in_ours = common(&keys.base, &keys.ours).into_iter();
    let of_all = in_ours.filter_map(|(base, ours)| {
        let theirs = in_theirs[base]?;
        Some(Three { base, ours, theirs })
    });
    of_all.chain([units.map(<[Unit]>::len)]).collect()
}

fn has_same_headings(units: Three<&[Unit]>) -> bool {
    let of = |units: &[Unit]| -> Vec<_> {
        let headings = units.iter().filter(|unit| unit.kind == UnitKind::Heading);
        headings.map(Unit::key).collect()
    };
    let base = of(units.base);
    of(units.ours) == base && of(units.theirs) == base
}

struct Merge {
    writer: Writer,
}

impl Merge {
    /// What was written, if it is read as it was put together, and, without a conflict, holds what both edits come to.
    fn finish(self, texts: Three<&str>, drafts: &Three<Draft>) -> Option<MergedScript> {
        let (text, places, shape) = self.writer.finish(texts);
        let elements = parse(&text).elements;
        let found = elements.iter().map(|element| discriminant(&element.kind));
        let versions = Three {
            base: drafts.base.elements.as_slice(),
            ours: &drafts.ours.elements,
            theirs: &drafts.theirs.elements,
        };
        let is_right = found.eq(shape) && (!places.is_empty() || adds_up(versions, &elements));
        is_right.then_some(MergedScript { text, places })
    }

    /// Units that one side changed at most; `from` is where they begin.
    fn taken(&mut self, units: Three<&[Unit]>, from: Three<usize>) {
        let (source, list, from) = match units.ours == units.base {
            true => (Source::Theirs, units.theirs, from.theirs),
            false => (Source::Ours, units.ours, from.ours),
        };
        for (at, unit) in list.iter().enumerate() {
            self.writer.unit(&[(source, Some(from + at))], unit);
        }
    }

    fn blocks(&mut self, blocks: Three<&Vec<Block>>, ours: &Pairs, theirs: &Pairs) {
        let slots = join(
            &Versus::new(blocks.base.len(), blocks.ours.len(), ours),
            &Versus::new(blocks.base.len(), blocks.theirs.len(), theirs),
            |at| blocks.ours[at].text().trim_end().to_owned(),
            |at| blocks.theirs[at].text().trim_end().to_owned(),
        );
        // All headings are much alike: what is under them tells.
        let words = |block: &Block| -> Vec<String> {
            let filmed = block
                .units
                .iter()
                .filter(|unit| unit.kind != UnitKind::Heading);
            let mut words: Vec<_> = filmed.flat_map(words_of).collect();
            words.sort_unstable();
            words
        };
        let alike = |our: usize, their: usize| {
            let (ours, theirs) = (words(&blocks.ours[our]), words(&blocks.theirs[their]));
            !ours.is_empty() && likeness(&ours, &theirs) >= ALIKE
        };
        for run in runs(&slots, alike) {
            if let [slot] = run
                && !slot.is_rival
            {
                self.block(blocks, *slot);
            } else {
                let units = |pick: fn(&Slot) -> Option<usize>, of: &[Block]| -> Vec<Unit> {
                    let places = run.iter().filter_map(pick);
                    places.flat_map(|at| of[at].units.clone()).collect()
                };
                let (our_units, their_units) = (
                    units(|slot| slot.ours, blocks.ours),
                    units(|slot| slot.theirs, blocks.theirs),
                );
                self.writer.collide(
                    UnitKind::Heading,
                    None,
                    Some(&our_units),
                    Some(&their_units),
                );
            }
        }
    }

    fn block(&mut self, blocks: Three<&Vec<Block>>, slot: Slot) {
        let base = slot.base.map(|at| &blocks.base[at]);
        let ours = slot.ours.map(|at| &blocks.ours[at]);
        let theirs = slot.theirs.map(|at| &blocks.theirs[at]);
        match (base, ours, theirs) {
            (Some(base), Some(ours), Some(theirs)) => self.scene(Three { base, ours, theirs }),
            (Some(base), Some(kept), None) | (Some(base), None, Some(kept)) => {
                let is_touched = slot.is_moved || !is_same_block(base, kept);
                let (our_units, their_units) = (
                    ours.map(|block| &block.units),
                    theirs.map(|block| &block.units),
                );
                if is_touched {
                    self.writer.collide(
                        kept.units
                            .first()
                            .map_or(UnitKind::Heading, |unit| unit.kind),
                        Some(&base.units),
                        our_units.map(Vec::as_slice),
                        their_units.map(Vec::as_slice),
                    );
                }
            }
            (_, Some(new), _) => self.writer.units(Source::Ours, &new.units),
            (_, None, Some(new)) => self.writer.units(Source::Theirs, &new.units),
            (_, None, None) => {}
        }
    }

    fn scene(&mut self, blocks: Three<&Block>) {
        if let Some(whole) = pick(blocks.base, blocks.ours, blocks.theirs) {
            let source = match std::ptr::eq(whole, blocks.ours) {
                true => Source::Ours,
                false => Source::Theirs,
            };
            self.writer.units(source, &whole.units);
            return;
        }
        self.writer.new_block();
        let start = Three {
            base: 0,
            ours: 0,
            theirs: 0,
        };
        self.units(blocks.map(|block| block.units.as_slice()), start);
    }

    /// Joins paragraphs; `from` is where they begin.
    fn units(&mut self, units: Three<&[Unit]>, from: Three<usize>) {
        let (our_pairs, their_pairs) = (
            pair_units(units.base, units.ours),
            pair_units(units.base, units.theirs),
        );
        let slots = join(
            &Versus::new(units.base.len(), units.ours.len(), &our_pairs),
            &Versus::new(units.base.len(), units.theirs.len(), &their_pairs),
            |at| units.ours[at].key(),
            |at| units.theirs[at].key(),
        );
        let alike = |our: usize, their: usize| {
            likeness(&words_of(&units.ours[our]), &words_of(&units.theirs[their])) >= ALIKE
        };
        for run in runs(&slots, alike) {
            if let [slot] = run
                && !slot.is_rival
            {
                self.unit(units, *slot, from);
                continue;
            }
            let side = |pick: fn(&Slot) -> Option<usize>, of: &[Unit]| -> Vec<Unit> {
                let places = run.iter().filter_map(pick);
                places.map(|at| of[at].clone()).collect()
            };
            let (our_units, their_units) = (
                side(|slot| slot.ours, units.ours),
                side(|slot| slot.theirs, units.theirs),
            );
            let base: Vec<Unit> = side(|slot| slot.base, units.base);
            let kind = our_units
                .first()
                .or(their_units.first())
                .map_or(UnitKind::Action, |unit| unit.kind);
            let present = |units: &'_ [Unit]| !units.is_empty();
            self.writer.collide(
                kind,
                present(&base).then_some(base.as_slice()),
                present(&our_units).then_some(our_units.as_slice()),
                present(&their_units).then_some(their_units.as_slice()),
            );
        }
    }

    fn unit(&mut self, units: Three<&[Unit]>, slot: Slot, from: Three<usize>) {
        let places = [
            (Source::Ours, slot.ours.map(|at| from.ours + at)),
            (Source::Theirs, slot.theirs.map(|at| from.theirs + at)),
        ];
        let base = slot.base.map(|at| &units.base[at]);
        let ours = slot.ours.map(|at| &units.ours[at]);
        let theirs = slot.theirs.map(|at| &units.theirs[at]);
        let one = |unit: Option<&Unit>| unit.map(|unit| vec![unit.clone()]);
        match (base, ours, theirs) {
            (Some(base), Some(our), Some(their)) => match join_units(base, our, their) {
                Some(joined) => self.writer.unit(&places, &joined),
                None => self.writer.collide(
                    our.kind,
                    Some(std::slice::from_ref(base)),
                    Some(std::slice::from_ref(our)),
                    Some(std::slice::from_ref(their)),
                ),
            },
            (Some(base), Some(kept), None) | (Some(base), None, Some(kept)) => {
                if slot.is_moved || base.key() != kept.key() {
                    let (ours, theirs) = (one(ours), one(theirs));
                    self.writer.collide(
                        kept.kind,
                        Some(std::slice::from_ref(base)),
                        ours.as_deref(),
                        theirs.as_deref(),
                    );
                }
            }
            (_, Some(new), _) => self.writer.unit(&places[..1], new),
            (_, None, Some(new)) => self.writer.unit(&places[1..], new),
            (_, None, None) => {}
        }
    }
}

/// What makes two added paragraphs two versions of one, in permille of their words.
const ALIKE: u32 = 400;

/// The slots one by one; but where both sides added something at one place, both may have written
/// the same thing anew: if one of them took something out right there, or what they added is much
/// the same, such a run is one. So is one with something that stands in the place of what both took out.
fn runs(slots: &[Slot], alike: impl Fn(usize, usize) -> bool) -> Vec<&[Slot]> {
    let is_gone =
        |slot: &Slot| slot.base.is_some() && (slot.ours.is_none() || slot.theirs.is_none());
    let is_new = |slot: &Slot| slot.base.is_none();
    let mut runs = Vec::with_capacity(slots.len());
    let mut rest = slots;
    while !rest.is_empty() {
        let changed = rest
            .iter()
            .take_while(|slot| is_gone(slot) || is_new(slot))
            .count();
        let run = &rest[..changed];
        let added =
            |pick: fn(&Slot) -> Option<usize>, other: fn(&Slot) -> Option<usize>| -> Vec<usize> {
                let alone = run
                    .iter()
                    .filter(|slot| is_new(slot) && other(slot).is_none());
                alone.filter_map(pick).collect()
            };
        let ours = added(|slot| slot.ours, |slot| slot.theirs);
        let theirs = added(|slot| slot.theirs, |slot| slot.ours);
        let both_added = !ours.is_empty() && !theirs.is_empty();
        let is_same = || {
            let alike = |our: &usize| theirs.iter().any(|their| alike(*our, *their));
            ours.iter().any(alike)
        };
        let collides = run.iter().any(|slot| slot.is_rival)
            || (both_added && (run.iter().any(is_gone) || is_same()));
        let taken = if collides { changed } else { changed.max(1) };
        let (head, tail) = rest.split_at(taken);
        match collides {
            true => runs.push(head),
            false => runs.extend(head.chunks(1)),
        }
        rest = tail;
    }
    runs
}

/// Joins a paragraph; none where both sides changed the same sentence of it.
fn join_units(base: &Unit, ours: &Unit, theirs: &Unit) -> Option<Unit> {
    if base.kind != ours.kind || base.kind != theirs.kind {
        return None;
    }
    let gap = pick(&base.gap, &ours.gap, &theirs.gap).unwrap_or(&ours.gap);
    let parts = match pick(&base.parts, &ours.parts, &theirs.parts) {
        Some(parts) => parts.clone(),
        None => join_parts(base, ours, theirs)?,
    };
    Some(Unit {
        kind: ours.kind,
        parts,
        gap: gap.clone(),
    })
}

fn join_parts(base: &Unit, ours: &Unit, theirs: &Unit) -> Option<Vec<Part>> {
    let (our_pairs, their_pairs) = (pair_parts(base, ours), pair_parts(base, theirs));
    let slots = join(
        &Versus::new(base.parts.len(), ours.parts.len(), &our_pairs),
        &Versus::new(base.parts.len(), theirs.parts.len(), &their_pairs),
        |at| ours.parts[at].text.as_str(),
        |at| theirs.parts[at].text.as_str(),
    );
    let mut parts = Vec::with_capacity(slots.len());
    for run in runs(&slots, |_, _| true) {
        let [slot] = run else { return None };
        if slot.is_torn || slot.is_rival {
            return None;
        }
        let base = slot.base.map(|at| &base.parts[at]);
        let our = slot.ours.map(|at| &ours.parts[at]);
        let their = slot.theirs.map(|at| &theirs.parts[at]);
        match (base, our, their) {
            (Some(base), Some(our), Some(their)) => parts.push(join_part(base, our, their)?),
            (Some(base), Some(kept), None) | (Some(base), None, Some(kept)) => {
                if slot.is_moved || base.text.trim_end() != kept.text.trim_end() {
                    return None;
                }
            }
            (_, Some(new), _) | (_, None, Some(new)) => parts.push(new.clone()),
            (_, None, None) => {}
        }
    }
    // A speech has one cue, and words: whatever else came out is for people to look at.
    let cues = parts
        .iter()
        .filter(|part| part.kind == PartKind::Cue)
        .count();
    let speaks = parts.iter().any(|part| part.kind == PartKind::Line);
    let is_speech = ours.kind == UnitKind::Speech;
    (!is_speech || (cues == 1 && parts[0].kind == PartKind::Cue && speaks)).then_some(parts)
}

fn join_part(base: &Part, ours: &Part, theirs: &Part) -> Option<Part> {
    let text = match pick(base.text.as_str(), ours.text.as_str(), theirs.text.as_str()) {
        Some(text) => text.to_owned(),
        None if ours.kind == PartKind::Line => {
            join_sentences(&base.text, &ours.text, &theirs.text)?
        }
        None => return None,
    };
    Some(Part {
        text,
        ..ours.clone()
    })
}
