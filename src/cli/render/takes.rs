//! Takes: one by one, and those that no timeline holds.

use std::io::{self, Write};

use crate::cli::format::{count, shown, size};
use crate::cli::output::Output;
use crate::workflow::film::{Take, UnusedReport};
use crate::workflow::spending::dollars;

/// So many are listed, unless all are asked for.
const MOST_LISTED: usize = 40;

/// One take of an output, on a line.
pub(in crate::cli) fn take(out: &mut Output, take: &Take) -> io::Result<()> {
    let (id, faint) = (out.palette.id, out.palette.faint);
    let mark = if take.selected { '*' } else { ' ' };
    let seed = take.seed.map(|seed| format!(", seed {seed}"));
    let inputs = match take.current_inputs {
        true => "",
        false => ", older inputs",
    };
    let same = take.same_as.map(|other| format!(", same as take {other}"));
    writeln!(
        out,
        "{mark} {:<3} {id}{}{id:#} {:>10}  {}  {faint}{}{}{inputs}{}{faint:#}",
        take.take,
        take.id.short(),
        size(take.size),
        dollars(take.cost_micro_usd),
        shown(&take.generator),
        seed.unwrap_or_default(),
        same.unwrap_or_default(),
    )
}

/// Takes that no timeline holds, and their sum.
pub(in crate::cli) fn unused(out: &mut Output, report: &UnusedReport, all: bool) -> io::Result<()> {
    if report.takes.is_empty() {
        return writeln!(out, "Every take is held by a timeline or a tag.");
    }
    let (id, faint) = (out.palette.id, out.palette.faint);
    let listed = match all {
        true => report.takes.len(),
        false => report.takes.len().min(MOST_LISTED),
    };
    let (listed, rest) = report.takes.split_at(listed);
    for take in listed {
        let seed = take.seed.map(|seed| format!(", seed {seed}"));
        let next = match take.is_next {
            true => "; the next `aiut generate` would use it",
            false => "",
        };
        writeln!(
            out,
            "{:>10}  {}  {id}{}{id:#} {}  {faint}{}{}{next}{faint:#}",
            size(take.size),
            dollars(take.cost_micro_usd),
            take.id.short(),
            shown(take.path.as_str()),
            shown(&take.generator),
            seed.unwrap_or_default(),
        )?;
    }
    if !rest.is_empty() {
        let bytes = size(rest.iter().map(|take| take.size).sum());
        let number = count(rest.len(), "smaller one", "smaller ones");
        writeln!(out, "... and {number}, {bytes}: --all lists them")?;
    }
    writeln!(out, "In all: {}", lost(report))
}

/// `12 takes, 1.3 GiB in packs, made for $12.40`
pub(in crate::cli) fn lost(report: &UnusedReport) -> String {
    let mut text = format!(
        "{}, {} in packs",
        count(report.takes.len(), "take", "takes"),
        size(report.bytes),
    );
    let cost = dollars(report.cost_micro_usd);
    if report.cost_micro_usd > 0 {
        text += &format!(", made for {cost}");
    }
    let (next, price) = report.next();
    if next > 0 {
        let price = match price {
            0 => String::new(),
            price => format!(", for some {}", dollars(price)),
        };
        text += &format!(
            "; the next `aiut generate` would use {next} of them, and makes them again otherwise{price}"
        );
    }
    text
}

/// What is said once they were let go of.
pub(in crate::cli) fn deleted(number: usize, report: &UnusedReport) -> String {
    let mut text = format!("Let go of {}", count(number, "take", "takes"));
    if number < report.takes.len() {
        let kept = count(report.takes.len() - number, "was", "were");
        text += &format!("; {kept} taken up meanwhile and stay");
    }
    text += &format!(
        "\n{} are freed by an `aiut gc` 30 days from now, or by `aiut gc --grace 0`; until then \
         `aiut undo` takes it back",
        size(report.bytes)
    );
    text
}
