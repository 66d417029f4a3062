//! How far a bisect is.

use std::io::{self, Write};

use crate::cli::format::{count, shown};
use crate::cli::output::Output;
use crate::workflow::repository::{BisectReport, BisectStep, CommitReport, Verdict};

fn name(commit: &CommitReport) -> String {
    format!("{} {}", commit.id.short(), shown(&commit.subject))
}

/// Writes every verdict so far, the first one first.
pub(in crate::cli) fn verdicts(out: &mut Output, report: &BisectReport) -> io::Result<()> {
    for one in &report.verdicts {
        let verdict = match one.verdict {
            Verdict::Good => "good",
            Verdict::Bad => "bad",
            Verdict::Skip => "skip",
        };
        writeln!(out, "{verdict}  {}", name(&one.commit))?;
    }
    Ok(())
}

/// Writes what is to be done next, or what was found.
pub(in crate::cli) fn stands(out: &mut Output, report: &BisectReport) -> io::Result<()> {
    let commit = report.commit.as_ref().map(name).unwrap_or_default();
    match report.step {
        BisectStep::Waiting => writeln!(
            out,
            "Waiting for a bad and a good commit: aiut bisect bad REV, aiut bisect good REV"
        ),
        BisectStep::Testing => {
            let left = count(report.left, "commit is left", "commits are left");
            let steps = report.left.next_power_of_two().trailing_zeros();
            let steps = count(steps as usize, "step", "steps");
            writeln!(
                out,
                "Now at {commit}\n{left}, about {steps}: aiut bisect good, bad or skip"
            )
        }
        BisectStep::Found => writeln!(
            out,
            "The first bad commit is {commit}\naiut show {} tells all of it; aiut bisect reset goes back to {}",
            report
                .commit
                .as_ref()
                .map(|commit| commit.id.short())
                .unwrap_or_default(),
            shown(&report.from)
        ),
        BisectStep::Unclear => {
            writeln!(
                out,
                "Only skipped commits are left. The first bad one is one of"
            )?;
            for commit in &report.candidates {
                writeln!(out, "  {}", name(commit))?;
            }
            Ok(())
        }
    }
}
