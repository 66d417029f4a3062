//! The tree of timelines as a picture that every browser shows: the same tree, the same bytes.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use super::TimelineNode;
use crate::object::CommitId;
use crate::workflow::spending::dollars;

/// Pixels between two moments, between two timelines, and around all.
const STEP: usize = 56;
const ROW: usize = 74;
const MARGIN: usize = 28;
/// Room for the words behind the last moment.
const WORDS: usize = 520;
/// Longest first line of a message, in characters.
const MOST_CHARS: usize = 56;

/// The colours of the lines, one after the other: told apart by people who see few colours, too.
const COLORS: &[&str] = &[
    "#1b5e8c", "#b3541e", "#2e7d4f", "#7a3e8e", "#8a6d00", "#a02c5a", "#3b6e75", "#5d5d5d",
];

/// Draws the timelines: a line each, forks and merges as curves, moments from left to right.
#[must_use]
pub fn drawing(nodes: &[TimelineNode]) -> String {
    let moments = moments(nodes);
    let x = |time: i64, id: CommitId| {
        let at = moments.binary_search(&(time, id));
        MARGIN + at.unwrap_or_default() * STEP
    };
    let y = |row: usize| MARGIN + 16 + row * ROW;
    let rows: HashMap<&str, usize> = nodes
        .iter()
        .enumerate()
        .map(|(at, node)| (node.name.as_str(), at))
        .collect();
    let row_of = |name: &str| rows.get(name).copied();
    let width = 2 * MARGIN + moments.len().saturating_sub(1) * STEP + WORDS;
    let height = 2 * MARGIN + nodes.len() * ROW;
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"
    );
    for (row, node) in nodes.iter().enumerate() {
        let color = COLORS[row % COLORS.len()];
        let head = x(node.head.time.unix_seconds, node.head.id);
        let first = match &node.fork {
            Some(fork) => {
                let from = x(fork.commit.time.unix_seconds, fork.commit.id);
                if let Some(other) = row_of(&fork.timeline) {
                    curve(&mut out, color, (from, y(other)), (from + STEP / 2, y(row)));
                    dot(&mut out, COLORS[other % COLORS.len()], (from, y(other)), 4);
                }
                (from + STEP / 2).min(head)
            }
            None => MARGIN,
        };
        line(&mut out, color, (first, y(row)), (head, y(row)));
        for joined in &node.merges {
            let at = x(joined.commit.time.unix_seconds, joined.commit.id);
            if let Some(other) = joined.timeline.as_deref().and_then(row_of)
                && other != row
            {
                let from = at.saturating_sub(STEP / 2);
                curve(
                    &mut out,
                    COLORS[other % COLORS.len()],
                    (from, y(other)),
                    (at, y(row)),
                );
            }
            dot(&mut out, color, (at, y(row)), 4);
        }
        dot(&mut out, color, (head, y(row)), 6);
        words(&mut out, color, node, (head + 14, y(row)));
    }
    out + "</svg>\n"
}

/// All that happens, in order: where lines fork, join and end.
fn moments(nodes: &[TimelineNode]) -> Vec<(i64, CommitId)> {
    let mut moments = BTreeSet::new();
    for node in nodes {
        moments.insert((node.head.time.unix_seconds, node.head.id));
        let joined = node.merges.iter().map(|joined| &joined.commit);
        for commit in joined.chain(node.fork.as_ref().map(|fork| &fork.commit)) {
            moments.insert((commit.time.unix_seconds, commit.id));
        }
    }
    moments.into_iter().collect()
}

type Point = (usize, usize);

fn line(out: &mut String, color: &str, from: Point, to: Point) {
    let _ = writeln!(
        out,
        "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"{color}\" stroke-width=\"3\"/>",
        from.0, from.1, to.0, to.1
    );
}

fn curve(out: &mut String, color: &str, from: Point, to: Point) {
    let middle = usize::midpoint(from.0, to.0);
    let _ = writeln!(
        out,
        "<path d=\"M {} {} C {middle} {}, {middle} {}, {} {}\" fill=\"none\" stroke=\"{color}\" \
         stroke-width=\"2\"/>",
        from.0, from.1, from.1, to.1, to.0, to.1
    );
}

fn dot(out: &mut String, color: &str, at: Point, radius: usize) {
    let _ = writeln!(
        out,
        "<circle cx=\"{}\" cy=\"{}\" r=\"{radius}\" fill=\"{color}\"/>",
        at.0, at.1
    );
}

fn words(out: &mut String, color: &str, node: &TimelineNode, at: Point) {
    let weight = if node.current {
        " text-decoration=\"underline\""
    } else {
        ""
    };
    let subject: String = node.head.subject.chars().take(MOST_CHARS).collect();
    let _ = writeln!(
        out,
        "<text x=\"{}\" y=\"{}\" fill=\"{color}\" font-weight=\"bold\"{weight}>{}</text>\n\
         <text x=\"{}\" y=\"{}\" fill=\"#333333\">{} {}</text>\n\
         <text x=\"{}\" y=\"{}\" fill=\"#666666\">{}</text>",
        at.0,
        at.1 - 10,
        escaped(&node.name),
        at.0,
        at.1 + 6,
        node.head.id.short(),
        escaped(&subject),
        at.0,
        at.1 + 22,
        escaped(&standing(node)),
    );
}

/// `by Ada Moreau; 12 commits; $0.40; 3 of 212 stale`
fn standing(node: &TimelineNode) -> String {
    let commits = match node.commits {
        1 => "1 commit".to_owned(),
        count => format!("{count} commits"),
    };
    let film = match &node.film {
        Some(film) if film.stale == 0 => format!("; {} outputs up to date", film.outputs),
        Some(film) => format!("; {} of {} outputs need work", film.stale, film.outputs),
        None => String::new(),
    };
    let cost = dollars(node.cost_micro_usd);
    format!("by {}; {commits}; {cost}{film}", node.head.author.name)
}

/// Text as it may stand in XML: what has a meaning there is written otherwise, what may not be is left out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_become_markup() {
        assert_eq!(
            escaped("a<b> & \"c\"\u{1b}"),
            "a&lt;b&gt; &amp; &quot;c&quot;"
        );
    }
}
