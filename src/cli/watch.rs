//! A run of `generate` as it goes: a row on standard output for each stage that is done, and a bar on a
//! terminal.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use super::context::Context;
use super::format::shown;
use super::output::Output;
use super::progress::Bar;
use crate::workflow::film::StageDone;
use crate::workflow::progress::Watch;

/// Tells of a run.
pub(super) struct RunWatch<'c> {
    /// Where rows go, and why they could not; none for no rows.
    rows: Option<Mutex<(&'c mut Output, io::Result<()>)>>,
    bar: Option<Arc<Bar>>,
}

impl<'c> RunWatch<'c> {
    /// Writes rows if they are wanted, after what was said before: whoever reads a pipe is told what goes
    /// on while it does.
    pub(super) fn new(context: &'c mut Context, wants_rows: bool) -> Self {
        let bar = context.bar.clone();
        let rows = wants_rows && !context.quiet;
        let rows = rows.then(|| {
            let said = context.out.flush();
            Mutex::new((&mut context.out, said))
        });
        Self { rows, bar }
    }

    /// Takes the bar away.
    ///
    /// # Errors
    /// Why a row could not be written. The run went on all the same: what was asked for is not the
    /// rows.
    pub(super) fn close(self) -> io::Result<()> {
        if let Some(bar) = &self.bar {
            bar.end();
        }
        match self.rows {
            Some(rows) => rows.into_inner().expect("writing does not panic").1,
            None => Ok(()),
        }
    }

    fn apart<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }
}

impl Watch for RunWatch<'_> {
    fn at(&self, what: &str, done: u64, total: u64, left: u64) {
        if let Some(bar) = &self.bar {
            bar.run(what, done, total, left);
        }
    }

    fn finished(&self, row: &StageDone) {
        let Some(rows) = &self.rows else { return };
        let summary = row.summary();
        if summary.is_empty() {
            return;
        }
        let mut rows = rows.lock().expect("writing does not panic");
        let (out, result) = &mut *rows;
        if result.is_ok() {
            let stage = shown(&row.stage);
            *result = self.apart(|| {
                writeln!(out, "  {stage:<12} {summary}")?;
                out.flush()
            });
        }
    }
}
