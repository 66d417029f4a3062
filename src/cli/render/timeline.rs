//! The tree of timelines.

use std::io::{self, Write};

use super::film::states;
use crate::cli::format::{count, shown, time};
use crate::cli::output::Output;
use crate::workflow::film::FilmStates;
use crate::workflow::spending::dollars;
use crate::workflow::timeline::TimelineNode;

/// Merges told of a timeline.
const MOST_MERGES: usize = 3;

/// Writes each timeline below the one that it leaves.
pub(in crate::cli) fn tree(out: &mut Output, nodes: &[TimelineNode]) -> io::Result<()> {
    for node in nodes {
        let indent = "  ".repeat(node.depth);
        let mark = if node.current { '*' } else { ' ' };
        let (style, id, faint) = (out.palette.reference, out.palette.id, out.palette.faint);
        let head = &node.head;
        writeln!(
            out,
            "{mark} {indent}{style}{}{style:#} {id}{}{id:#} {}",
            shown(&node.name),
            head.id.short(),
            shown(&head.subject)
        )?;
        let mut told = Vec::new();
        if let Some(fork) = &node.fork {
            told.push(format!(
                "leaves {} at {} {}",
                shown(&fork.timeline),
                fork.commit.id.short(),
                shown(&fork.commit.subject)
            ));
        }
        let runs = match node.runs {
            0 => String::new(),
            runs => format!(
                ", {} for {}",
                dollars(node.cost_micro_usd),
                count(runs, "run", "runs")
            ),
        };
        let day = time(head.time);
        let day = day.split(' ').next().unwrap_or_default();
        told.push(format!(
            "{}{runs}, the last by {} on {day}",
            count(node.commits, "commit of its own", "commits of its own"),
            shown(&head.author.name)
        ));
        for joined in node.merges.iter().take(MOST_MERGES) {
            let from = match &joined.timeline {
                Some(name) => shown(name).to_string(),
                None => joined.from.short(),
            };
            told.push(format!("took in {from} with {}", joined.commit.id.short()));
        }
        if node.merges.len() > MOST_MERGES {
            let more = node.merges.len() - MOST_MERGES;
            told.push(format!(
                "… and {}",
                count(more, "more merge", "more merges")
            ));
        }
        if let Some(film) = &node.film {
            told.extend(of_film(film));
        }
        if let Some(why) = &node.unknown {
            told.push(format!(
                "how its outputs stand is not known: {}",
                shown(why)
            ));
        }
        for line in told {
            writeln!(out, "  {indent}  {faint}{line}{faint:#}")?;
        }
    }
    Ok(())
}

/// `212 outputs: 209 fresh, 3 stale`, and the stages that need work.
fn of_film(film: &FilmStates) -> Vec<String> {
    let outputs = count(film.outputs, "output", "outputs");
    let mut lines = vec![match film.outputs {
        0 => outputs,
        _ => format!("{outputs}: {}", states(&film.states)),
    }];
    let stages = film.stages.iter().filter_map(|row| {
        let open = row.stale();
        (open > 0).then(|| format!("{} {open}", shown(&row.stage)))
    });
    let stages: Vec<String> = stages.collect();
    if !stages.is_empty() {
        lines.push(format!("need work: {}", stages.join(", ")));
    }
    lines
}
