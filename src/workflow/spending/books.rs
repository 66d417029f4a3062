//! A run's view of the ledger: holds before each item, and settles after it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::costs::{Expense, expected};
use super::ledger::{Held, Ledger, LedgerError, Line, Source};
use super::pages::{Pages, Totals};
use super::refusal::{Agreed, NotAgreed, Refused, SpendError};
use super::unheld::Unheld;
use crate::base::clock::Clock;
use crate::object::GenerationId;
use crate::pipeline::{Item, Stage};
use crate::workflow::settings::Budget;

/// Who spends, and with what.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// Who started the run.
    pub by: String,
    /// The timeline that the project stands on.
    pub timeline: Option<String>,
    /// Which command each stage runs that runs one: a digest of all that the user agreed to run.
    pub commands: BTreeMap<String, String>,
}

/// Holds what items may cost, and settles what they did.
pub struct Books<'a> {
    ledger: Ledger,
    budget: Budget,
    clock: &'a dyn Clock,
    account: Account,
    /// What runs cost that were not held here.
    unheld: Totals,
    state: Mutex<State>,
    settled: Condvar,
}

#[derive(Default)]
struct State {
    pages: Pages,
    /// What this run spent or holds, in millionths of a US dollar, whatever becomes of the file.
    mine: u64,
    /// Stages of which an item runs alone, as the others wait to learn what it costs.
    awaited: BTreeSet<String>,
    /// Stages of which an item was made in this run, and cost nothing.
    free: BTreeSet<String>,
}

/// What is held for an item that is about to run. Dropped without being settled or released, as by a
/// panic, it counts for good; nobody waits for it any more.
#[must_use = "a hold that is neither settled nor released counts for good"]
pub struct Hold<'b> {
    books: &'b Books<'b>,
    number: u64,
    run: Held,
    /// Whether others of its stage wait to learn what it costs.
    is_awaited: bool,
}

/// What a run cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paid {
    /// It said so, in millionths of a US dollar.
    Reported(u64),
    /// It said nothing: what was held for it, by the price table or else by what runs before it cost.
    AsHeld,
}

impl Paid {
    /// The one or the other.
    #[must_use]
    pub fn of(reported: Option<u64>) -> Self {
        reported.map_or(Self::AsHeld, Self::Reported)
    }
}

impl Hold<'_> {
    /// The amount that is charged, in millionths of a US dollar.
    #[must_use]
    pub fn charge(&self, paid: Paid) -> u64 {
        match paid {
            Paid::Reported(micro_usd) => micro_usd,
            Paid::AsHeld => self.run.micro_usd,
        }
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        let books = self.books;
        // It is not, once it was settled: whoever did that may still have the state.
        if self.is_awaited {
            books.no_longer_awaited(self, &mut books.lock_state());
        }
    }
}

/// What is spent or held, in millionths of a US dollar.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// By this run.
    pub run: u64,
    /// Today.
    pub day: u64,
    /// By the whole project.
    pub project: u64,
}

impl<'a> Books<'a> {
    /// The books of a run that begins; `pages` is what the ledger says, and `unheld` what runs are not
    /// in it.
    #[must_use]
    pub fn open(
        ledger: Ledger,
        pages: Pages,
        unheld: &[Unheld],
        budget: Budget,
        account: Account,
        clock: &'a dyn Clock,
    ) -> Self {
        let state = State {
            pages,
            ..State::default()
        };
        Self {
            ledger,
            budget,
            clock,
            account,
            unheld: Totals::of(unheld),
            state: Mutex::new(state),
            settled: Condvar::new(),
        }
    }

    /// Whether the budgets have room for this much, before anything runs.
    ///
    /// # Errors
    /// `Refused` names the first that has not.
    pub fn allow(&self, expense: Expense) -> Result<(), Refused> {
        self.check(&self.lock_state(), expense)
    }

    /// What a run of a stage is expected to cost, in millionths of a US dollar; `price` is what the price
    /// table says. None where nobody knows.
    fn expected_by(&self, state: &State, stage: &Stage, price: Option<u64>) -> Option<u64> {
        let command = self.account.commands.get(&stage.name);
        expected(stage, price, || {
            state.pages.learnt(&stage.name, command.map(String::as_str))
        })
    }

    /// Holds what an item may cost; the line is on the disk when this returns. `price` is what the
    /// price table says, if it says anything. Where an item may turn out to cost more than is known,
    /// it waits for the one of its stage that is under way.
    ///
    /// # Errors
    /// `NotAgreed` when it is expected to cost more by now than was `agreed`; `Refused` when a budget
    /// has no room for it, counting what other processes hold; `Ledger`.
    pub fn hold(
        &self,
        stage: &Stage,
        item: &Item,
        price: Option<u64>,
        agreed: Agreed,
    ) -> Result<Hold<'_>, SpendError> {
        let mut state = self.lock_state();
        loop {
            let file = self.ledger.lock()?;
            self.ledger.read_on(&mut state.pages)?;
            let command = self.account.commands.get(&stage.name);
            let expected = self.expected_by(&state, stage, price);
            let is_alone = price.is_none() && self.is_alone(&state, stage, expected, agreed);
            if is_alone && state.awaited.contains(&stage.name) {
                // The one under way will tell what another costs.
                drop(file);
                let wait = self.settled.wait(state);
                state = wait.unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            if !agreed.allows(expected) {
                return Err(NotAgreed { agreed, expected }.into());
            }
            self.check(&state, Expense::of_run(expected))?;
            let micro_usd = expected.unwrap_or(0);
            let number = state.pages.next();
            let run = Held {
                time: self.clock.now(),
                stage: stage.name.clone(),
                item: item.item.clone(),
                path: item.path.to_string(),
                timeline: self.account.timeline.clone(),
                by: self.account.by.clone(),
                command: command.cloned(),
                micro_usd,
            };
            let line = Line::Held(run.clone());
            self.ledger.append(&mut state.pages, &[line])?;
            state.mine = state.mine.saturating_add(micro_usd);
            if is_alone {
                state.awaited.insert(stage.name.clone());
            }
            return Ok(Hold {
                books: self,
                number,
                run,
                is_awaited: is_alone,
            });
        }
    }

    /// Whether nothing else of a stage without a price may run beside an item of it: what that costs is
    /// learnt from what it says. That earlier runs were free promises nothing of the next one: a budget
    /// sees each of them alone, and who agreed to free runs only sees the first.
    fn is_alone(
        &self,
        state: &State,
        stage: &Stage,
        expected: Option<u64>,
        agreed: Agreed,
    ) -> bool {
        match expected {
            None => self.is_limited(),
            Some(0) => {
                let is_open = agreed != Agreed::Whatever && !state.free.contains(&stage.name);
                self.is_limited() || is_open
            }
            Some(_) => false,
        }
    }

    /// Notes what a run cost; `generation` is what it stored, none if it failed.
    ///
    /// # Errors
    /// `LedgerError`; the whole hold then counts.
    pub fn settle(
        &self,
        hold: Hold<'_>,
        paid: Paid,
        generation: Option<GenerationId>,
    ) -> Result<(), LedgerError> {
        let source = match paid {
            Paid::Reported(_) => Source::Reported,
            Paid::AsHeld => Source::Price,
        };
        let micro_usd = hold.charge(paid);
        if micro_usd == 0 && generation.is_some() {
            self.lock_state().free.insert(hold.run.stage.clone());
        }
        self.close(hold, micro_usd, |hold| Line::Settled {
            hold,
            micro_usd,
            source,
            generation,
        })
    }

    /// Lets go of what was held for a run that never started.
    ///
    /// # Errors
    /// `LedgerError`; the whole hold then counts.
    pub fn release(&self, hold: Hold<'_>) -> Result<(), LedgerError> {
        self.close(hold, 0, |hold| Line::Released { hold })
    }

    /// Writes the end of a run that cost this much; `line` is that of the hold with a number. In a file
    /// that took the place of the one that was written to, the hold is written again.
    fn close(
        &self,
        mut hold: Hold<'_>,
        micro_usd: u64,
        line: impl FnOnce(u64) -> Line,
    ) -> Result<(), LedgerError> {
        let mut state = self.lock_state();
        self.no_longer_awaited(&mut hold, &mut state);
        let _file = self.ledger.lock()?;
        self.ledger.read_on(&mut state.pages)?;
        let known = state.pages.charge(hold.number);
        let lines = match known.is_some_and(|charge| charge.run == hold.run) {
            true => vec![line(hold.number)],
            false => vec![Line::Held(hold.run.clone()), line(state.pages.next())],
        };
        self.ledger.append(&mut state.pages, &lines)?;
        let others = state.mine.saturating_sub(hold.run.micro_usd);
        state.mine = others.saturating_add(micro_usd);
        Ok(())
    }

    /// Whoever waits asks the ledger again, whether anything can be written there or not.
    fn no_longer_awaited(&self, hold: &mut Hold<'_>, state: &mut State) {
        if std::mem::take(&mut hold.is_awaited) {
            state.awaited.remove(&hold.run.stage);
            self.settled.notify_all();
        }
    }

    fn is_limited(&self) -> bool {
        self.budget != Budget::default()
    }

    /// What is spent or held by now.
    #[must_use]
    pub fn spent(&self) -> Spent {
        self.sums(&self.lock_state())
    }

    fn sums(&self, state: &State) -> Spent {
        let today = self.clock.now().day();
        let (held, unheld) = (state.pages.totals(), &self.unheld);
        Spent {
            run: state.mine,
            day: held.of_day(today).saturating_add(unheld.of_day(today)),
            project: held.all().saturating_add(unheld.all()),
        }
    }

    /// What nobody knows the cost of fits where anything is left beside what is known.
    fn check(&self, state: &State, expense: Expense) -> Result<(), Refused> {
        let (budget, spent) = (&self.budget, self.sums(state));
        for (name, limit, spent) in [
            ("run", budget.run, spent.run),
            ("day", budget.day, spent.day),
            ("project", budget.project, spent.project),
        ] {
            let Some(limit) = limit else { continue };
            let then = spent.saturating_add(expense.price_micro_usd);
            // What is free fits whatever was spent.
            let fits = match expense.unknown_cost_runs {
                0 => expense.is_free() || then <= limit,
                _ => then < limit,
            };
            if !fits {
                return Err(Refused {
                    budget: name,
                    limit,
                    spent,
                    expense,
                });
            }
        }
        Ok(())
    }

    fn lock_state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;
    use crate::base::clock::FixedClock;
    use crate::base::folder::Folder;
    use crate::base::lock::Holder;
    use crate::pipeline::COMMAND;

    #[test]
    fn a_run_that_panics_keeps_nobody_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let own = Folder::open(folder.path()).unwrap();
        let ledger = Ledger::in_folder(&own, Holder::default());
        let budget = Budget {
            run: Some(1_000_000),
            ..Budget::default()
        };
        // Threads that might wait for good are nobody's.
        let clock = Box::leak(Box::new(FixedClock::starting_at(1_767_225_600)));
        let (pages, account) = (Pages::default(), Account::default());
        let books = Books::open(ledger, pages, &[], budget, account, clock);
        let books: &'static Books<'static> = Box::leak(Box::new(books));
        let hold = move |item: &str| {
            let mut stage = Stage::reading_everything();
            (stage.name, stage.by) = ("clips".into(), COMMAND.into());
            let path = format!("clips/{item}.mov").parse().unwrap();
            let item = Item::new("clips", item, path, None);
            books.hold(&stage, &item, None, Agreed::Whatever).unwrap()
        };
        let (held, is_held) = mpsc::channel();
        let generator = std::thread::spawn(move || {
            let _hold = hold("001");
            held.send(()).unwrap();
            panic!("the generator");
        });
        is_held.recv().unwrap();
        let (done, is_done) = mpsc::channel();
        std::thread::spawn(move || {
            let second = hold("002");
            books.settle(second, Paid::Reported(5), None).unwrap();
            done.send(()).unwrap();
        });
        assert!(generator.join().is_err());
        let waited = is_done.recv_timeout(Duration::from_secs(60));
        assert_eq!(waited, Ok(()), "the second waits for a run that is over");
        // The first counts as open: nobody knows what it cost.
        assert_eq!(books.spent().run, 5);
    }
}
