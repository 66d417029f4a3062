//! Text by lines, with the words that changed inside a changed line.

use serde::Serialize;
use similar::{Algorithm, ChangeTag, DiffOp, DiffTag, InlineChangeOptions};

/// Most bytes that either side of a text may have to be compared: a feature screenplay is a
/// quarter of a megabyte.
pub const LIMIT_BYTES: u64 = 4 << 20;

/// Most bytes of a changed block in which words are looked for: beyond that nobody reads them,
/// and the search is quadratic.
const MOST_WORD_BYTES: usize = 16 << 10;

/// How closely two texts are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detail {
    /// Lines shown around each change.
    pub context: usize,
    /// Whether the words that changed within a line are looked for. It takes most of the time, so
    /// only for whoever shows them.
    pub words: bool,
    /// Whether pictures, clips and sounds are looked at, which other programs do and takes seconds: only
    /// for whoever shows what they found.
    pub media: bool,
}

impl Detail {
    /// For whoever only counts lines.
    pub const NONE: Self = Self {
        context: 0,
        words: false,
        media: false,
    };
    /// For whoever looks at pictures, clips and sounds, and only counts lines.
    pub const MEDIA: Self = Self {
        media: true,
        ..Self::NONE
    };
}

/// How two texts differ.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TextDiff {
    /// Lines that came.
    pub added: usize,
    /// Lines that went.
    pub removed: usize,
    /// What changed, each place with a few lines around it.
    pub hunks: Vec<Hunk>,
}

/// One place where two texts differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hunk {
    /// First line in the old text, from 1; the line before, when the hunk has none of it.
    pub old_start: usize,
    /// Lines of the old text.
    pub old_lines: usize,
    /// First line in the new text, from 1; the line before, when the hunk has none of it.
    pub new_start: usize,
    /// Lines of the new text.
    pub new_lines: usize,
    /// The scene heading, section or table that its first change lies in.
    pub heading: Option<String>,
    /// In reading order.
    pub lines: Vec<Line>,
}

/// What happened to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// Nothing.
    Context,
    /// It went.
    Removed,
    /// It came.
    Added,
}

/// One line of a hunk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What happened to it.
    pub kind: LineKind,
    /// Its number in the old text, from 1.
    pub old: Option<usize>,
    /// Its number in the new text, from 1.
    pub new: Option<usize>,
    /// Its text in parts, without the line's end.
    pub spans: Vec<Span>,
    /// Whether the file ends here without a line's end.
    pub unterminated: bool,
}

impl Line {
    /// The whole line.
    #[must_use]
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    /// As it stands there.
    pub text: String,
    /// Whether this is what changed within the line.
    pub changed: bool,
}

/// The bytes as text, when they are text: UTF-8 with no zero byte.
#[must_use]
pub fn as_text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains('\0'))
}

/// How two texts differ. Lines end with `\n`, as for every tool that applies a difference; a `\r`
/// belongs to its line, so that a text that changed only from `\r\n` to `\n` differs in each.
#[must_use]
pub fn text_diff(old: &str, new: &str, detail: Detail) -> TextDiff {
    // Histogram reads as well and takes quadratic time where many lonely lines are alike.
    let mut config = similar::TextDiff::configure();
    let (old_lines, new_lines): (Vec<&str>, Vec<&str>) = (
        old.split_inclusive('\n').collect(),
        new.split_inclusive('\n').collect(),
    );
    let config = config.algorithm(Algorithm::Patience);
    let diff = config.diff_slices(&old_lines, &new_lines);
    let mut result = TextDiff::default();
    // The last heading above what was looked at so far.
    let (mut above, mut place) = (0, None);
    for group in diff.grouped_ops(detail.context) {
        let mut lines = Vec::new();
        for op in &group {
            let words = detail.words && op.tag() == DiffTag::Replace;
            if words && has_words(&diff, op) {
                by_words(&diff, op, &mut lines);
            } else {
                lines.extend(diff.iter_changes(op).map(|change| {
                    let spans = vec![(false, change.value())];
                    line(change.tag(), change.old_index(), change.new_index(), spans)
                }));
            }
        }
        let changed = group.iter().find(|op| op.tag() != DiffTag::Equal);
        let changed = changed.map_or(0, |op| op.old_range().start);
        let passed = &old_lines[above..changed.clamp(above, old_lines.len())];
        (above, place) = (above + passed.len(), heading(passed).or(place));
        let count = |kind| {
            lines
                .iter()
                .filter(|line: &&Line| line.kind == kind)
                .count()
        };
        result.removed += count(LineKind::Removed);
        result.added += count(LineKind::Added);
        let (Some(first), Some(last)) = (group.first(), group.last()) else {
            continue;
        };
        let (old_range, new_range) = (
            first.old_range().start..last.old_range().end,
            first.new_range().start..last.new_range().end,
        );
        result.hunks.push(Hunk {
            old_start: old_range.start + usize::from(!old_range.is_empty()),
            old_lines: old_range.len(),
            new_start: new_range.start + usize::from(!new_range.is_empty()),
            new_lines: new_range.len(),
            heading: place.clone(),
            lines,
        });
    }
    result
}

type Diff<'a> = similar::TextDiff<'a, 'a, str>;

/// Whether words are looked for: in a block that is not too long. A lone `\r` would be taken for a
/// line's end.
fn has_words(diff: &Diff<'_>, op: &DiffOp) -> bool {
    let old = op.old_range().filter_map(|index| diff.old_slice(index));
    let mut lines = old.chain(op.new_range().filter_map(|index| diff.new_slice(index)));
    let plain = |line: &str| !line.trim_end_matches(['\r', '\n']).contains('\r');
    let mut bytes = 0;
    lines.all(|line| {
        bytes += line.len();
        bytes <= MOST_WORD_BYTES
            && plain(line)
            && !line.ends_with('\r')
            && !line.ends_with("\r\r\n")
    })
}

fn by_words(diff: &Diff<'_>, op: &DiffOp, lines: &mut Vec<Line>) {
    let mut options = InlineChangeOptions::new();
    options.semantic_cleanup(true);
    // No deadline: the bound on bytes keeps it short, and the result the same on every machine.
    for change in diff.iter_inline_changes_with_options_deadline(op, options, None) {
        let spans = change
            .values()
            .iter()
            .map(|(changed, text)| (*changed, *text))
            .collect();
        lines.push(line(
            change.tag(),
            change.old_index(),
            change.new_index(),
            spans,
        ));
    }
}

fn line(tag: ChangeTag, old: Option<usize>, new: Option<usize>, parts: Vec<(bool, &str)>) -> Line {
    let unterminated = parts.last().is_none_or(|(_, text)| !text.ends_with('\n'));
    let mut spans: Vec<Span> = Vec::new();
    for (changed, text) in parts {
        let text = text.strip_suffix('\n').unwrap_or(text);
        match spans.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.changed == changed => last.text.push_str(text),
            _ => spans.push(Span {
                text: text.to_owned(),
                changed,
            }),
        }
    }
    // A line that changed from end to end has no part worth pointing at.
    if spans
        .iter()
        .all(|span| span.changed || span.text.trim().is_empty())
    {
        let text: String = spans.iter().map(|span| span.text.as_str()).collect();
        spans = if text.is_empty() {
            Vec::new()
        } else {
            vec![Span {
                text,
                changed: false,
            }]
        };
    }
    Line {
        kind: match tag {
            ChangeTag::Equal => LineKind::Context,
            ChangeTag::Delete => LineKind::Removed,
            ChangeTag::Insert => LineKind::Added,
        },
        old: old.map(|index| index + 1),
        new: new.map(|index| index + 1),
        spans,
        unterminated,
    }
}

/// Longest heading in characters: what fits behind the numbers on one line.
const MOST_HEADING_CHARS: usize = 60;

/// How lines start that say where in a screenplay, an outline or a settings file one is.
const HEADINGS: &[&str] = &[
    "int.", "ext.", "int/", "ext/", "int ", "ext ", "est.", "est ", "i/e", "e/i", "# ", "## ",
    "### ", "[",
];

/// The last of these lines that says where one is.
fn heading(lines: &[&str]) -> Option<String> {
    let line = lines
        .iter()
        .rev()
        .map(|line| line.trim_end())
        .find(|line| {
            let start: String = line.chars().take(5).collect::<String>().to_lowercase();
            HEADINGS.iter().any(|heading| start.starts_with(heading)) || is_forced_heading(line)
        })?;
    Some(line.chars().take(MOST_HEADING_CHARS).collect())
}

/// `.SOMEWHERE`, Fountain's forced scene heading.
fn is_forced_heading(line: &str) -> bool {
    let mut chars = line.chars();
    chars.next() == Some('.') && chars.next().is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(context: usize) -> Detail {
        Detail {
            context,
            words: true,
            media: false,
        }
    }

    /// A hunk as a reader sees it, with changed words in brackets.
    fn shown(diff: &TextDiff) -> String {
        let mut out = String::new();
        for hunk in &diff.hunks {
            out += &format!(
                "@@ -{},{} +{},{} @@ {}\n",
                hunk.old_start,
                hunk.old_lines,
                hunk.new_start,
                hunk.new_lines,
                hunk.heading.as_deref().unwrap_or("")
            );
            for line in &hunk.lines {
                out.push(match line.kind {
                    LineKind::Context => ' ',
                    LineKind::Removed => '-',
                    LineKind::Added => '+',
                });
                for span in &line.spans {
                    out += &if span.changed {
                        format!("[{}]", span.text)
                    } else {
                        span.text.clone()
                    };
                }
                out += if line.unterminated { "\\\n" } else { "\n" };
            }
        }
        out
    }

    const SCENE: &str = "INT. KITCHEN - NIGHT\n\nRae pours the cold tea into the sink.\n\nRAE\nNot again.\n\nShe turns.\n";

    #[test]
    fn a_changed_word_is_marked_within_its_line_and_scene() {
        let new = SCENE.replace("cold", "hot");
        assert_eq!(
            shown(&text_diff(SCENE, &new, words(1))),
            "@@ -2,3 +2,3 @@ INT. KITCHEN - NIGHT\n \n-Rae pours the [cold] tea into the sink.\n\
             +Rae pours the [hot] tea into the sink.\n \n"
        );
    }

    #[test]
    fn where_nobody_sees_words_the_lines_are_the_same_and_whole() {
        let new = SCENE.replace("cold", "hot");
        let plain = Detail {
            words: false,
            ..words(1)
        };
        let expected = shown(&text_diff(SCENE, &new, words(1)));
        let expected = expected.replace("[cold]", "cold").replace("[hot]", "hot");
        assert_eq!(shown(&text_diff(SCENE, &new, plain)), expected);
    }

    #[test]
    fn lines_that_come_and_go_are_counted_and_placed() {
        let diff = text_diff("", "a\nb", words(3));
        assert_eq!((diff.added, diff.removed), (2, 0));
        assert_eq!(shown(&diff), "@@ -0,0 +1,2 @@ \n+a\n+b\\\n");
        assert_eq!(
            shown(&text_diff("a\nb\nc\n", "a\nc\n", words(0))),
            "@@ -2,1 +1,0 @@ \n-b\n"
        );
        assert_eq!(text_diff(SCENE, SCENE, words(3)), TextDiff::default());
    }

    #[test]
    fn a_lost_last_line_end_is_a_difference() {
        let shown = shown(&text_diff("a\nb\n", "a\nb", words(3)));
        assert_eq!(shown, "@@ -1,2 +1,2 @@ \n a\n-b\n+b\\\n");
    }

    #[test]
    fn a_lone_carriage_return_ends_no_line() {
        let shown = |old, new| shown(&text_diff(old, new, words(3))).replace('\r', "^M");
        assert_eq!(
            shown("a\rb\nc\n", "a\rx\nc\n"),
            "@@ -1,2 +1,2 @@ \n-a^Mb\n+a^Mx\n c\n"
        );
        assert_eq!(
            shown("a\r\nb\r\n", "a\r\nb\n"),
            "@@ -1,2 +1,2 @@ \n a^M\n-b^M\n+b\n"
        );
        assert_eq!(
            shown("a\rb", "a\rb\r"),
            "@@ -1,1 +1,1 @@ \n-a^Mb\\\n+a^Mb^M\\\n"
        );
    }

    #[test]
    fn distant_changes_are_two_hunks() {
        let old: String = (1..=40).map(|n| format!("line {n}\n")).collect();
        let new = old
            .replace("line 3\n", "")
            .replace("line 38\n", "line 38\nline 38A\n");
        let diff = text_diff(&old, &new, words(3));
        assert_eq!(diff.hunks.len(), 2);
        assert_eq!((diff.added, diff.removed), (1, 1));
    }

    #[test]
    fn bytes_with_a_zero_or_broken_utf8_are_not_text() {
        assert_eq!(as_text("Ærø".as_bytes()), Some("Ærø"));
        assert_eq!(as_text(b"a\0b"), None);
        assert_eq!(as_text(b"\xff\xfe"), None);
    }

    #[test]
    fn two_large_texts_with_nothing_in_common_are_told_apart() {
        let text = |word: &str| {
            (0..60_000)
                .map(|n| format!("{word} {n}\n"))
                .collect::<String>()
        };
        let diff = text_diff(&text("old"), &text("new"), words(3));
        assert_eq!((diff.added, diff.removed), (60_000, 60_000));
        // And with every other line in common.
        let some = |word: &str| text(word).replace("0\n", " stays\n");
        let (old, new) = (some("every"), some("every").replace(" stays", "0"));
        let lines_alone = Detail {
            words: false,
            ..words(3)
        };
        let diff = text_diff(&old, &new, lines_alone);
        assert_eq!((diff.added, diff.removed), (6_000, 6_000));
    }
}
