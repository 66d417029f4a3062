//! What a ledger says, as far as it was read.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::costs::learnt;
use super::ledger::{Charge, Line, LineError, Outcome, Source};
use super::unheld::Unheld;
use crate::object::{GenerationId, Timestamp};

/// What was read of a ledger so far.
#[derive(Debug, Default)]
pub struct Pages {
    /// Every run, those too that never started.
    runs: Vec<Option<Charge>>,
    /// Where the runs of each stage are among them.
    stages: HashMap<String, Vec<usize>>,
    /// What they stored.
    generations: HashSet<GenerationId>,
    /// Runs that were not held here, and whose records went.
    freed: Vec<Unheld>,
    /// What the runs cost.
    totals: Totals,
    /// Bytes of whole lines.
    pub(super) bytes: u64,
    pub(super) lines: usize,
    /// The last of them: another file has another one there.
    pub(super) last: Vec<u8>,
}

/// Amounts in millionths of a US dollar, together and by day.
#[derive(Debug, Default)]
pub(super) struct Totals {
    all: u128,
    days: BTreeMap<i64, u128>,
}

impl Totals {
    pub(super) fn of(runs: &[Unheld]) -> Self {
        let mut totals = Self::default();
        runs.iter()
            .for_each(|run| totals.add(run.time, run.micro_usd));
        totals
    }

    fn add(&mut self, time: Timestamp, micro_usd: u64) {
        self.all += u128::from(micro_usd);
        *self.days.entry(time.day()).or_default() += u128::from(micro_usd);
    }

    /// Takes away what was added before.
    fn take(&mut self, time: Timestamp, micro_usd: u64) {
        self.all -= u128::from(micro_usd);
        *self.days.entry(time.day()).or_default() -= u128::from(micro_usd);
    }

    pub(super) fn all(&self) -> u64 {
        u64::try_from(self.all).unwrap_or(u64::MAX)
    }

    pub(super) fn of_day(&self, day: i64) -> u64 {
        let sum = self.days.get(&day).copied().unwrap_or(0);
        u64::try_from(sum).unwrap_or(u64::MAX)
    }
}

impl Pages {
    /// The runs that started, in their order.
    pub fn charges(&self) -> impl DoubleEndedIterator<Item = &Charge> {
        self.runs.iter().flatten()
    }

    /// The run with this number, if it started.
    pub(super) fn charge(&self, number: u64) -> Option<&Charge> {
        self.runs.get(place(number)?)?.as_ref()
    }

    /// Whether a line of its own tells of what is stored as this.
    #[must_use]
    pub fn has(&self, generation: &GenerationId) -> bool {
        self.is_settled(generation) || self.freed.iter().any(|run| run.generation == *generation)
    }

    /// Whether a run that was held here stored this.
    #[must_use]
    pub fn is_settled(&self, generation: &GenerationId) -> bool {
        self.generations.contains(generation)
    }

    /// What the runs cost.
    pub(super) fn totals(&self) -> &Totals {
        &self.totals
    }

    /// What the last runs of a stage tell of the next one of `command`; see [`super::Costs`].
    pub(super) fn learnt(&self, stage: &str, command: Option<&str>) -> Option<u64> {
        let runs = self.stages.get(stage)?.iter().rev();
        learnt(runs.filter_map(|run| self.runs[*run].as_ref()), command)
    }

    /// The number of the next hold.
    pub(super) fn next(&self) -> u64 {
        self.runs.len() as u64 + 1
    }

    /// The runs that were not held here: of those that are stored, and of those whose records went.
    /// `stored` was read before these pages, so that each run that was held here stands in them; one
    /// whose end is not written down yet, or never will be, takes the place of its hold.
    #[must_use]
    pub fn unheld(&mut self, stored: Vec<Unheld>) -> Vec<Unheld> {
        let mut known: HashSet<GenerationId> = self.generations.clone();
        let mut runs = stored;
        runs.extend(self.freed.iter().cloned());
        runs.retain(|run| known.insert(run.generation));
        let is_open = |run: &Option<Charge>| {
            let charge = run.as_ref()?;
            (charge.outcome == Outcome::Open).then(|| charge.run.path.clone())
        };
        let open = self.runs.iter().enumerate();
        let open = open.filter_map(|(place, run)| Some((is_open(run)?, place)));
        let mut open_at: HashMap<String, Vec<usize>> = HashMap::new();
        open.for_each(|(path, place)| open_at.entry(path).or_default().push(place));
        runs.retain(|run| {
            let Some(places) = open_at.get_mut(&run.path) else {
                return true;
            };
            let of_it = |place: &usize| {
                let charge = self.runs[*place].as_ref();
                charge.is_some_and(|charge| run.is_of(&charge.run))
            };
            let Some(at) = places.iter().position(of_it) else {
                return true;
            };
            let place = places.swap_remove(at);
            self.settle(place, run.micro_usd, Source::Reported, Some(run.generation));
            false
        });
        runs
    }

    fn settle(
        &mut self,
        place: usize,
        micro_usd: u64,
        source: Source,
        generation: Option<GenerationId>,
    ) {
        let Some(charge) = &mut self.runs[place] else {
            return;
        };
        self.totals.take(charge.run.time, charge.micro_usd);
        self.totals.add(charge.run.time, micro_usd);
        (charge.micro_usd, charge.source) = (micro_usd, source);
        charge.generation = generation;
        charge.outcome = match generation {
            Some(_) => Outcome::Made,
            None => Outcome::Failed,
        };
        self.generations.extend(generation);
    }

    /// Whether these lines can be entered, one after the other.
    pub(super) fn check(&self, lines: &[Line]) -> Result<(), LineError> {
        let mut runs = self.runs.len();
        for line in lines {
            match line {
                Line::Held(_) => runs += 1,
                Line::Settled { hold, .. } | Line::Released { hold } => {
                    known(*hold, runs)?;
                }
                Line::Freed(_) => {}
            }
        }
        Ok(())
    }

    pub(super) fn enter(&mut self, line: Line) -> Result<(), LineError> {
        let runs = self.runs.len();
        match line {
            Line::Held(run) => {
                let number = self.next();
                let (micro_usd, source) = (run.micro_usd, Source::Price);
                let of_stage = self.stages.entry(run.stage.clone()).or_default();
                of_stage.push(self.runs.len());
                self.totals.add(run.time, micro_usd);
                self.runs.push(Some(Charge {
                    number,
                    run,
                    micro_usd,
                    source,
                    outcome: Outcome::Open,
                    generation: None,
                }));
            }
            Line::Settled {
                hold,
                micro_usd,
                source,
                generation,
            } => self.settle(known(hold, runs)?, micro_usd, source, generation),
            Line::Released { hold } => {
                if let Some(charge) = self.runs[known(hold, runs)?].take() {
                    self.totals.take(charge.run.time, charge.micro_usd);
                }
            }
            Line::Freed(run) => self.freed.push(run),
        }
        Ok(())
    }
}

fn place(number: u64) -> Option<usize> {
    usize::try_from(number).ok()?.checked_sub(1)
}

/// Where a hold is among so many.
fn known(hold: u64, runs: usize) -> Result<usize, LineError> {
    let place = place(hold).filter(|place| *place < runs);
    place.ok_or(LineError::NoHold(hold))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::spending::ledger::Held;

    const BEGUN: i64 = 1_767_225_600;

    fn at(seconds: i64) -> Timestamp {
        Timestamp {
            unix_seconds: BEGUN + seconds,
            utc_offset_minutes: 0,
        }
    }

    fn held(path: &str, seconds: i64, micro_usd: u64) -> Line {
        Line::Held(Held {
            time: at(seconds),
            stage: "clips".into(),
            item: "001".into(),
            path: path.into(),
            timeline: None,
            by: "Rae".into(),
            command: None,
            micro_usd,
        })
    }

    fn stored(id: u8, path: &str, seconds: i64, micro_usd: u64) -> Unheld {
        Unheld {
            generation: GenerationId::from_bytes([id; 32]),
            stage: "clips".into(),
            item: "001".into(),
            path: path.into(),
            by: String::new(),
            started_ms: (BEGUN + seconds) * 1000 + 5,
            time: at(seconds + 90),
            micro_usd,
        }
    }

    fn pages(lines: Vec<Line>) -> Pages {
        let mut pages = Pages::default();
        for line in lines {
            pages.enter(line).unwrap();
        }
        pages
    }

    fn all(pages: &Pages, unheld: &[Unheld]) -> u64 {
        let charges = pages.charges().map(|charge| charge.micro_usd).sum::<u64>();
        assert_eq!(charges, pages.totals().all());
        charges + Totals::of(unheld).all()
    }

    #[test]
    fn a_run_counts_once_before_and_after_its_end_is_written_down() {
        let settled = Line::Settled {
            hold: 1,
            micro_usd: 450,
            source: Source::Reported,
            generation: Some(GenerationId::from_bytes([1; 32])),
        };
        let of_others = stored(2, "b", 1, 30);
        let mut before = pages(vec![held("a", 0, 500)]);
        let unheld = before.unheld(vec![stored(1, "a", 1, 450), of_others.clone()]);
        assert_eq!(unheld, vec![of_others.clone()]);
        assert_eq!(all(&before, &unheld), 480);
        // The process that holds it comes to write its end.
        before.enter(settled.clone()).unwrap();
        assert_eq!(all(&before, &unheld), 480);
        let mut after = pages(vec![held("a", 0, 500), settled]);
        let unheld = after.unheld(vec![stored(1, "a", 1, 450), of_others.clone()]);
        assert_eq!((all(&after, &unheld), unheld.len()), (480, 1));
    }

    #[test]
    fn a_hold_stands_for_no_run_but_its_own() {
        for other in [
            stored(1, "b", 1, 7),
            stored(1, "a", -1, 7),
            stored(1, "a", 3600, 7),
        ] {
            let mut pages = pages(vec![held("a", 0, 500)]);
            let unheld = pages.unheld(vec![other.clone()]);
            assert_eq!(all(&pages, &unheld), 507, "{other:?}");
        }
        // Two takes of an output, of which one was held here and died.
        let mut pages = pages(vec![held("a", 0, 500)]);
        let unheld = pages.unheld(vec![stored(1, "a", 1, 450), stored(2, "a", 2, 40)]);
        assert_eq!((all(&pages, &unheld), unheld.len()), (490, 1));
    }

    #[test]
    fn what_was_freed_counts_as_long_as_nobody_stores_it_again() {
        let freed = stored(1, "a", 1, 70);
        let mut pages = pages(vec![Line::Freed(freed.clone())]);
        assert_eq!(pages.unheld(Vec::new()), vec![freed.clone()]);
        assert_eq!(pages.unheld(vec![freed.clone()]), [freed]);
    }

    #[test]
    fn what_never_started_costs_nothing() {
        let mut pages = pages(vec![held("a", 0, 500), held("b", 0, 40)]);
        pages.enter(Line::Released { hold: 1 }).unwrap();
        assert_eq!(all(&pages, &[]), 40);
        assert_eq!(pages.totals().of_day(at(0).day()), 40);
        assert_eq!(pages.totals().of_day(at(0).day() + 1), 0);
        assert!(pages.enter(Line::Released { hold: 3 }).is_err());
    }
}
