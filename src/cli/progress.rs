//! How far long work is, drawn on a terminal.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::format::{shown, to_go};
use crate::workflow::progress::{Progress, Unit};

/// What takes less than this is not shown: it would only flicker.
const PATIENCE: Duration = Duration::from_millis(400);
/// How often the time to go is drawn anew while nothing else happens.
const TICK: Duration = Duration::from_millis(250);

/// One line on standard error that is wiped when the work is done.
#[derive(Debug, Default)]
pub(super) struct Bar(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Work that has begun and is not shown yet.
    waiting: Option<Part>,
    drawn: Option<ProgressBar>,
    /// A run is under way, which has one bar for all its parts.
    is_run: bool,
    /// When a run is expected to end, in milliseconds since it began.
    end: Arc<AtomicU64>,
    begun: Option<Instant>,
}

/// A part of some work.
#[derive(Debug)]
struct Part {
    what: String,
    total: Option<u64>,
    unit: Unit,
    since: Instant,
    done: u64,
}

impl Part {
    fn draw(&self) -> ProgressBar {
        let bar = ProgressBar::with_draw_target(self.total, ProgressDrawTarget::stderr());
        let template = match (self.total, self.unit) {
            (Some(_), Unit::Items) => "{msg} {wide_bar} {pos}/{len} {eta}",
            (Some(_), Unit::Bytes) => "{msg} {wide_bar} {binary_bytes}/{binary_total_bytes} {eta}",
            (None, Unit::Items) => "{spinner} {msg} {pos}",
            (None, Unit::Bytes) => "{spinner} {msg} {binary_bytes}",
        };
        bar.set_style(style(template));
        bar.set_message(self.what.clone());
        bar.set_position(self.done);
        bar.reset_eta();
        bar
    }
}

/// A template is a constant of this program: with a wrong one the plain bar is drawn.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

impl Progress for Bar {
    fn start(&self, what: &str, total: Option<u64>, unit: Unit) {
        self.with(|state| {
            if state.is_run {
                return;
            }
            state.clear();
            state.waiting = Some(Part {
                what: shown(what).to_string(),
                total,
                unit,
                since: Instant::now(),
                done: 0,
            });
        });
    }

    fn advance(&self, by: u64) {
        self.with(|state| {
            if state.is_run {
                return;
            }
            if let Some(bar) = &state.drawn {
                bar.inc(by);
            } else if let Some(part) = &mut state.waiting {
                part.done += by;
                if part.since.elapsed() > PATIENCE {
                    state.drawn = Some(part.draw());
                    state.waiting = None;
                }
            }
        });
    }

    fn finish(&self) {
        self.with(|state| {
            if !state.is_run {
                state.clear();
            }
        });
    }
}

impl Bar {
    /// Shows where a whole run is, in milliseconds of what it was expected to take.
    pub(super) fn run(&self, what: &str, done: u64, total: u64, left: u64) {
        self.with(|state| {
            if !state.is_run {
                state.clear();
                let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
                let begun = Instant::now();
                let end = state.end.clone();
                let left = move |_: &ProgressState, out: &mut dyn std::fmt::Write| {
                    let spent = spent_since(begun);
                    let left = end.load(Ordering::Relaxed).saturating_sub(spent);
                    // Nothing is done about a line that cannot be drawn.
                    let _ = write!(out, "{}", to_go(left));
                };
                let line = style("{prefix:<12} {wide_bar} {percent:>3} % {left}");
                bar.set_style(line.with_key("left", left));
                bar.enable_steady_tick(TICK);
                (state.is_run, state.drawn) = (true, Some(bar));
                state.begun = Some(begun);
            }
            let spent = state.begun.map_or(0, spent_since);
            state
                .end
                .store(spent.saturating_add(left), Ordering::Relaxed);
            if let Some(bar) = &state.drawn {
                bar.set_prefix(shown(what).to_string());
                bar.set_position(done);
            }
        });
    }

    /// Takes the line away while something else is written.
    pub(super) fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        let bar = self.0.lock().expect("drawing does not panic").drawn.clone();
        match bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Ends a run.
    pub(super) fn end(&self) {
        self.with(|state| {
            state.clear();
            state.is_run = false;
        });
    }

    fn with(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.0.lock().expect("drawing does not panic"));
    }
}

fn spent_since(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)
}

impl State {
    fn clear(&mut self) {
        self.waiting = None;
        if let Some(bar) = self.drawn.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.end();
    }
}
