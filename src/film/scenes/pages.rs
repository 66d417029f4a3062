//! How long a scene is on the page, in eighths, as productions count.
//!
//! Courier 12, ten characters to the inch, 55 lines a page; one page plays about a minute.

use crate::fountain::{Element, ElementKind, plain};
use crate::rate::FrameRate;

use super::Scene;

/// Lines of a page.
const PAGE_LINES: usize = 55;
/// Characters in a line of action, headings and transitions.
const ACTION_COLUMNS: usize = 61;
/// Characters in a line of dialogue.
const DIALOGUE_COLUMNS: usize = 35;
/// Characters in a line of a parenthetical, its parentheses included.
const PARENTHETICAL_COLUMNS: usize = 26;

/// The length of a scene in eighths of a page, rounded, at least 1.
#[must_use]
pub fn eighths(scene: &Scene) -> u32 {
    let lines = page_lines(scene);
    let eighths = (lines * 8 + PAGE_LINES / 2) / PAGE_LINES;
    u32::try_from(eighths.max(1)).unwrap_or(u32::MAX)
}

/// `2 3/8`, `7/8`, `4`.
#[must_use]
pub fn format_eighths(eighths: u32) -> String {
    match (eighths / 8, eighths % 8) {
        (pages, 0) => pages.to_string(),
        (0, rest) => format!("{rest}/8"),
        (pages, rest) => format!("{pages} {rest}/8"),
    }
}

/// What a length in eighths of a page plays, in frames: a page about a minute, so an eighth 7.5
/// seconds.
#[must_use]
pub fn eighths_in_frames(eighths: u32, fps: FrameRate) -> u32 {
    fps.frames_to_hold(u64::from(eighths) * 15, 2)
}

fn page_lines(scene: &Scene) -> usize {
    let heading = match scene.heading.raw.as_str() {
        "" => 0,
        raw => 1 + wrapped(raw, ACTION_COLUMNS),
    };
    let mut total = heading;
    // The block of speech under way, and the height of what it stands beside: a dual block is set
    // next to the one before it, and the taller counts.
    let (mut block, mut beside) = (0, 0);
    for element in scene.lead.iter().chain(&scene.body) {
        let lines = element_lines(element, block > 0);
        match &element.kind {
            ElementKind::Character { dual: true, .. } => {
                beside = beside.max(block);
                block = lines;
            }
            ElementKind::Character { .. } => {
                total += block.max(beside);
                (block, beside) = (lines, 0);
            }
            ElementKind::Parenthetical | ElementKind::Dialogue => block += lines,
            ElementKind::Lyric if block > 0 => block += lines,
            ElementKind::Note | ElementKind::Boneyard => {}
            _ => {
                total += block.max(beside) + lines;
                (block, beside) = (0, 0);
            }
        }
    }
    total + block.max(beside)
}

/// The lines it takes with the blank line before it.
fn element_lines(element: &Element, speaking: bool) -> usize {
    let text = plain(&element.text);
    match element.kind {
        ElementKind::Parenthetical => wrapped(&format!("({text})"), PARENTHETICAL_COLUMNS),
        ElementKind::Dialogue => wrapped(&text, DIALOGUE_COLUMNS),
        ElementKind::Lyric if speaking => wrapped(&text, DIALOGUE_COLUMNS),
        ElementKind::Character { .. } => 2,
        ElementKind::SceneHeading { .. }
        | ElementKind::Action
        | ElementKind::Centered
        | ElementKind::Lyric
        | ElementKind::Transition => 1 + wrapped(&text, ACTION_COLUMNS),
        ElementKind::Section { .. }
        | ElementKind::Synopsis
        | ElementKind::PageBreak
        | ElementKind::Note
        | ElementKind::Boneyard => 0,
    }
}

/// The lines that `text` takes in a column of this width, broken between words.
fn wrapped(text: &str, columns: usize) -> usize {
    text.split('\n')
        .map(|line| wrapped_line(line, columns))
        .sum()
}

fn wrapped_line(line: &str, columns: usize) -> usize {
    let mut lines = 1;
    let mut used = 0;
    for word in line.split_whitespace() {
        let width = word.chars().count();
        if used > 0 && used + 1 + width <= columns {
            used += 1 + width;
        } else {
            lines += usize::from(used > 0) + (width.max(1) - 1) / columns;
            used = (width.max(1) - 1) % columns + 1;
        }
    }
    lines
}
