//! What differs, as text: a title a file, then lines that `git apply` understands, or facts side by
//! side; or one line a file and a sum. Whoever looks at it sees control characters spelled out; a
//! program gets the bytes, with the headers that git writes.

pub(in crate::cli) mod csv;
pub(in crate::cli) mod fields;
mod patch;
pub(in crate::cli) mod story;
mod words;

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::cli::format::{count, duration, shown, size};
use crate::cli::output::Output;
use crate::cli::palette::Palette;
use crate::diff::{
    Content, FileChange, Hunk, Line, LineKind, MediaDiff, MediaFacts, Side, Status, TextDiff,
    Totals,
};
use crate::film::rate::FrameRate;
use crate::pipeline::NUMBERS;

/// Widest bar of a summary, in columns.
const BAR: usize = 40;

/// Writes each change in full, with `words` word by word. What aiut keeps for itself comes after what
/// people wrote.
pub(in crate::cli) fn changes(
    out: &mut Output,
    changes: &[FileChange],
    words: bool,
) -> io::Result<()> {
    let (own, written): (Vec<_>, Vec<_>) = changes
        .iter()
        .partition(|change| change.path().as_str() == NUMBERS);
    for (index, change) in written.into_iter().chain(own).enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        self::change(out, change, words)?;
    }
    Ok(())
}

fn change(out: &mut Output, change: &FileChange, words: bool) -> io::Result<()> {
    let palette = out.palette.clone();
    let title = palette.title;
    writeln!(out, "{title}{}{title:#}", headline(change))?;
    if out.for_programs {
        patch::header(out, change)?;
    } else if let (Some(old), Some(new)) = (&change.old, &change.new)
        && old.exec != new.exec
    {
        let mode = |exec| if exec { "executable" } else { "not executable" };
        fact(
            out,
            "mode",
            Some(mode(old.exec).to_owned()),
            Some(mode(new.exec).to_owned()),
        )?;
    }
    match &change.content {
        Content::Same => Ok(()),
        Content::Text(text) => self::text(out, &palette, change, text, words),
        Content::Media(media) => {
            sizes(out, change)?;
            self::media(out, media)
        }
        Content::Binary => sizes(out, change),
        Content::Large { limit } => {
            sizes(out, change)?;
            writeln!(out, "  larger than {}, so not compared", size(*limit))
        }
    }
}

/// `modified: script.fountain`, `renamed: idea.md -> drafts/idea.md`
pub(in crate::cli) fn headline(change: &FileChange) -> String {
    let word = word(change.status);
    match (&change.old, &change.new) {
        (Some(old), Some(new)) if old.path != new.path => {
            format!(
                "{word}: {} -> {}",
                shown(old.path.as_str()),
                shown(new.path.as_str())
            )
        }
        _ => format!("{word}: {}", shown(change.path().as_str())),
    }
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Added => "added",
        Status::Removed => "removed",
        Status::Modified => "modified",
        Status::Renamed => "renamed",
    }
}

fn text(
    out: &mut Output,
    palette: &Palette,
    change: &FileChange,
    text: &TextDiff,
    words: bool,
) -> io::Result<()> {
    if text.hunks.is_empty() {
        return Ok(());
    }
    if out.for_programs {
        patch::files(out, change)?;
        return text
            .hunks
            .iter()
            .try_for_each(|hunk| self::hunk(out, palette, hunk, words));
    }
    let side = |side: &Option<Side>, mark: char| match side {
        Some(side) => format!("{mark}/{}", side.path),
        None => "/dev/null".to_owned(),
    };
    let title = palette.title;
    writeln!(
        out,
        "{title}--- {}{title:#}",
        shown(&side(&change.old, 'a'))
    )?;
    writeln!(
        out,
        "{title}+++ {}{title:#}",
        shown(&side(&change.new, 'b'))
    )?;
    text.hunks
        .iter()
        .try_for_each(|hunk| self::hunk(out, palette, hunk, words))
}

fn hunk(out: &mut Output, palette: &Palette, hunk: &Hunk, words: bool) -> io::Result<()> {
    let range = |start: usize, lines: usize| match lines {
        1 => start.to_string(),
        _ => format!("{start},{lines}"),
    };
    let (old, new) = (
        range(hunk.old_start, hunk.old_lines),
        range(hunk.new_start, hunk.new_lines),
    );
    let place = palette.place;
    write!(out, "{place}@@ -{old} +{new} @@{place:#}")?;
    match &hunk.heading {
        Some(heading) => writeln!(out, " {}", shown(heading))?,
        None => writeln!(out)?,
    }
    if words {
        return words::lines(out, palette, &hunk.lines);
    }
    hunk.lines
        .iter()
        .try_for_each(|line| self::line(out, palette, line))
}

fn line(out: &mut Output, palette: &Palette, line: &Line) -> io::Result<()> {
    let (sign, style, word) = match line.kind {
        LineKind::Context => (' ', anstyle::Style::new(), anstyle::Style::new()),
        LineKind::Removed => ('-', palette.removed, palette.removed_word),
        LineKind::Added => ('+', palette.added, palette.added_word),
    };
    write!(out, "{style}{sign}{style:#}")?;
    for span in &line.spans {
        let style = if span.changed { word } else { style };
        match out.for_programs {
            true => out.write_all(span.text.as_bytes())?,
            false => write!(out, "{style}{}{style:#}", shown(&span.text))?,
        }
    }
    writeln!(out)?;
    if line.unterminated {
        writeln!(out, "\\ No newline at end of file")?;
    }
    Ok(())
}

fn sizes(out: &mut Output, change: &FileChange) -> io::Result<()> {
    let bytes = |side: &Option<Side>| side.as_ref().map(|side| side.size);
    let (old, new) = (bytes(&change.old), bytes(&change.new));
    let (mut before, mut after) = (old.map(size), new.map(size));
    if old != new && before == after {
        let exact = |bytes: u64| format!("{bytes} B");
        (before, after) = (old.map(exact), new.map(exact));
    }
    fact(out, "size", before, after)
}

fn media(out: &mut Output, media: &MediaDiff) -> io::Result<()> {
    type Read = fn(&MediaFacts) -> Option<String>;
    let rows: [(&str, Read); 4] = [
        ("resolution", |facts| {
            Some(format!("{}x{}", facts.width?, facts.height?))
        }),
        ("duration", |facts| facts.duration_ms.map(duration)),
        ("frame rate", |facts| match facts.frame_rate? {
            (frames, 1) => Some(format!("{frames} fps")),
            (frames, seconds) => Some(match FrameRate::of(frames, seconds) {
                Some(rate) => format!("{} fps", rate.decimal()),
                None => format!("{frames}/{seconds} fps"),
            }),
        }),
        ("codec", |facts| {
            Some(facts.codecs.join(", ")).filter(|codecs| !codecs.is_empty())
        }),
    ];
    for (name, read) in rows {
        fact(
            out,
            name,
            media.old.as_ref().and_then(read),
            media.new.as_ref().and_then(read),
        )?;
    }
    match media.distance_permille {
        None => Ok(()),
        Some(0) => writeln!(out, "  {:<11} the same", "looks"),
        Some(permille) => {
            writeln!(
                out,
                "  {:<11} {}.{} % apart",
                "looks",
                permille / 10,
                permille % 10
            )
        }
    }
}

/// One fact, before and after; once where nothing changed.
fn fact(out: &mut Output, name: &str, old: Option<String>, new: Option<String>) -> io::Result<()> {
    let value = match (old, new) {
        (None, None) => return Ok(()),
        (Some(old), Some(new)) if old != new => format!("{old} -> {new}"),
        (Some(value), _) | (None, Some(value)) => value,
    };
    writeln!(out, "  {name:<11} {}", shown(&value))
}

/// Writes one line a file, and the sum.
pub(in crate::cli) fn stat(out: &mut Output, changes: &[FileChange]) -> io::Result<()> {
    let name = |change: &FileChange| match (&change.old, &change.new) {
        (Some(old), Some(new)) if old.path != new.path => {
            format!(
                "{} -> {}",
                shown(old.path.as_str()),
                shown(new.path.as_str())
            )
        }
        _ => shown(change.path().as_str()).to_string(),
    };
    let width = changes
        .iter()
        .map(|change| name(change).width())
        .max()
        .unwrap_or(0);
    let most = changes
        .iter()
        .map(|change| change.stat())
        .map(|stat| stat.added + stat.removed);
    let most = most.max().unwrap_or(0).max(1);
    let (added, removed) = (out.palette.added, out.palette.removed);
    for change in changes {
        let name = name(change);
        let pad = " ".repeat(width - name.width());
        write!(out, " {name}{pad} | ")?;
        let stat = change.stat();
        if stat.text {
            // The longest bar fills its room, and whatever changed shows at least one sign.
            let bar = |lines: usize| {
                if most <= BAR {
                    lines
                } else {
                    (lines * BAR).div_ceil(most)
                }
            };
            let (plus, minus) = ("+".repeat(bar(stat.added)), "-".repeat(bar(stat.removed)));
            writeln!(
                out,
                "{} {added}{plus}{added:#}{removed}{minus}{removed:#}",
                stat.added + stat.removed
            )?;
        } else {
            let size = |side: &Option<Side>| side.as_ref().map_or("-".into(), |s| size(s.size));
            match change.content {
                Content::Same => writeln!(out, "the same content")?,
                _ => writeln!(out, "{} -> {}", size(&change.old), size(&change.new))?,
            }
        }
    }
    totals(out, Totals::of(changes))
}

fn totals(out: &mut Output, totals: Totals) -> io::Result<()> {
    if totals.files == 0 {
        return Ok(());
    }
    let files = count(totals.files, "file", "files");
    let added = count(totals.added, "line", "lines");
    writeln!(
        out,
        " {files} changed, {added} added, {} removed",
        totals.removed
    )
}
