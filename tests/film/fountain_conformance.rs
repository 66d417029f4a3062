//! The conformance suites of other Fountain programs, run where they are present.
//!
//! Where a suite expects something else than we read, the case is listed here with what we read
//! instead; `docs/fountain.md` says why. A difference that is not listed fails, and so does one
//! that is listed and no longer there.

use std::collections::BTreeMap;

use super::fountain_support as corpus;
use aiut_film::fountain::{Element, ElementKind, Piece, Script, parse, runs};

/// What another program expects, and what we read instead.
struct Difference {
    case: &'static str,
    theirs: &'static str,
    ours: &'static str,
}

/// Puts our reading in place of theirs, and fails if theirs is not what the suite says.
fn settle(case: &str, expected: &str, differences: &[Difference]) -> String {
    let mut expected = expected.to_owned();
    for known in differences.iter().filter(|known| known.case == case) {
        assert!(
            expected.contains(known.theirs),
            "{case}: no longer expects {}",
            known.theirs
        );
        expected = expected.replacen(known.theirs, known.ours, 1);
    }
    expected
}

// screenplay-tools: one line an element, action and dialogue merged.

const SCREENPLAY_TOOLS: &[Difference] = &[
    // A boneyard between them leaves a transition and a heading.
    Difference {
        case: "Boneyards",
        theirs: "This is going to be BAD.\n\nCUT TO:\n/*0*/\"",
        ours: "This is going to be BAD.\"\nTRANSITION:\"CUT TO:\"\n/*0*/",
    },
    // One letter is enough for a name.
    Difference {
        case: "Character",
        theirs: "ACTION:\"3CPO\nNot work.\"",
        ours: "CHARACTER:\"3CPO\"\nDIALOGUE:\"Not work.\"",
    },
    // Two parentheticals in a row are two.
    Difference {
        case: "Parenthetical",
        theirs: "DIALOGUE:\"(bouncy)\nAlso trying this?\"",
        ours: "PARENTHETICAL:\"bouncy\"\nDIALOGUE:\"Also trying this?\"",
    },
    // Two spaces inside a note do not hold the speech before it open.
    Difference {
        case: "Notes",
        theirs: "retired?*\n\nHis hand",
        ours: "retired?*\"\nACTION:\"His hand",
    },
    // An empty line breaks a note: it stays text, and its paragraphs stay apart.
    Difference {
        case: "Notes",
        theirs: "Phone ringing.\nTesting a note without spaces[[3]]\nDefinitely",
        ours: "Phone ringing.\n\nTesting a note without spaces[[This\ndoesn't have spaces. Shouldn't work.\n\nDefinitely",
    },
    Difference {
        case: "Notes",
        theirs: "\n[[3]]NOTE:\"This\ndoesn't have spaces. Shouldn't work.\"",
        ours: "",
    },
    // `CUT TO:` at the head of a file is a transition, no title.
    Difference {
        case: "Sections",
        theirs: "TITLEENTRY:\"CUT TO\":\"\"",
        ours: "TRANSITION:\"CUT TO:\"",
    },
];

/// Our reading in the form of screenplay-tools. Notes and boneyards show as `[[0]]` and `/*0*/`
/// where they stood, and are listed at the end.
#[derive(Default)]
struct ToolsForm {
    lines: Vec<String>,
    remarks: Vec<String>,
    notes: usize,
    boneyards: usize,
}

impl ToolsForm {
    fn of(script: &Script) -> String {
        let mut form = Self::default();
        for entry in &script.title_page {
            let lines = script.source_lines()[entry.lines.clone()].concat();
            let value = lines.split_once(':').expect("an entry has a key").1;
            let value = value.trim_start_matches([' ', '\t']).trim_end_matches('\n');
            form.lines
                .push(format!("TITLEENTRY:\"{}\":\"{value}\"", entry.key));
        }
        // The open paragraph of action, and the blank lines since.
        let mut action: Option<String> = None;
        let mut blanks = 0;
        let mut after_centered = false;
        for piece in script.pieces() {
            let element = match piece {
                Piece::Title(_) => continue,
                Piece::Gap(lines) => {
                    blanks += lines.len();
                    continue;
                }
                Piece::Element(element) => element,
            };
            let text = form.text_of(script, element);
            let joins = matches!(element.kind, ElementKind::Action | ElementKind::Note);
            if joins {
                action = Some(match action.take() {
                    Some(open) => format!("{open}{}{text}", "\n".repeat(blanks + 1)),
                    None => text,
                });
                if std::mem::take(&mut after_centered) && blanks > 0 {
                    form.lines.push("ACTION:\"\"".to_owned());
                }
            } else {
                form.flush(&mut action);
                let centered = element.kind == ElementKind::Centered;
                if after_centered && centered && blanks > 0 {
                    form.lines.push("ACTION:\"\"".to_owned());
                }
                after_centered = centered;
                form.lines.push(rendered(element, &text));
            }
            blanks = 0;
        }
        form.flush(&mut action);
        form.lines.extend(form.remarks);
        form.lines.join("\n")
    }

    fn flush(&mut self, action: &mut Option<String>) {
        self.lines
            .extend(action.take().map(|text| format!("ACTION:\"{text}\"")));
    }

    /// The text with the marks that screenplay-tools leaves for remarks.
    fn text_of(&mut self, script: &Script, element: &Element) -> String {
        match element.kind {
            ElementKind::Note => return self.note(&element.text),
            ElementKind::Boneyard => {
                let source = script.text_of(element.lines.clone());
                let inside = source
                    .trim()
                    .trim_start_matches("/*")
                    .trim_end_matches("*/");
                self.remarks
                    .push(format!("/*{}*/BONEYARD:\"{inside}\"", self.boneyards));
                self.boneyards += 1;
                return format!("/*{}*/", self.boneyards - 1);
            }
            _ => {}
        }
        let mut text = element.text.clone();
        if !element.notes.is_empty() {
            // Where the notes stood is in the source alone.
            text = script.text_of(element.lines.clone()).trim_end().to_owned();
            for note in &element.notes {
                let at = text
                    .find(&format!("[[{note}]]"))
                    .expect("a note stands in its element");
                let mark = self.note(note);
                text.replace_range(at..at + note.len() + 4, &mark);
            }
        }
        text
    }

    fn note(&mut self, text: &str) -> String {
        self.remarks
            .push(format!("[[{}]]NOTE:\"{text}\"", self.notes));
        self.notes += 1;
        format!("[[{}]]", self.notes - 1)
    }
}

fn rendered(element: &Element, text: &str) -> String {
    match &element.kind {
        ElementKind::SceneHeading {
            number: Some(number),
        } => format!("HEADING:\"{text}\" ({number})"),
        ElementKind::SceneHeading { number: None } => format!("HEADING:\"{text}\""),
        ElementKind::Action | ElementKind::Note => format!("ACTION:\"{text}\""),
        ElementKind::Centered => format!("ACTION:\"{text}\" (centered)"),
        ElementKind::Character {
            name,
            extensions,
            dual,
        } => {
            let extensions: String = extensions
                .iter()
                .map(|text| format!(" \"({text})\""))
                .collect();
            format!(
                "CHARACTER:\"{name}\"{extensions}{}",
                if *dual { " (Dual)" } else { "" }
            )
        }
        ElementKind::Parenthetical => format!("PARENTHETICAL:\"{text}\""),
        ElementKind::Dialogue => format!("DIALOGUE:\"{text}\""),
        ElementKind::Lyric => format!("LYRIC:\"{text}\""),
        ElementKind::Transition => format!("TRANSITION:\"{text}\""),
        ElementKind::Section { depth } => format!("SECTION:\"{text}\" ({depth})"),
        ElementKind::Synopsis => format!("SYNOPSIS:\"{text}\""),
        ElementKind::PageBreak => "PAGEBREAK:\"\"".to_owned(),
        ElementKind::Boneyard => text.to_owned(),
    }
}

/// They keep the spaces inside `> text <`.
fn trim_centered(expected: &str) -> String {
    let trim = |line: &str| match line.strip_prefix("ACTION:\"") {
        Some(rest) => match rest.strip_suffix("\" (centered)") {
            Some(text) => format!("ACTION:\"{}\" (centered)", text.trim()),
            None => line.to_owned(),
        },
        None => line.to_owned(),
    };
    expected.lines().map(trim).collect::<Vec<_>>().join("\n")
}

#[test]
fn screenplay_tools() {
    // Their own `#tag`, a list of callbacks, lines not merged, and emphasis, which has its own test.
    let other = ["Tags", "SimpleCallbackParser", "Formatted"];
    let texts = corpus::folder("conformance/screenplay-tools", ".txt");
    let mut run = 0;
    for (file, expected) in texts {
        let case = file.trim_end_matches(".txt").trim_end_matches("-Merged");
        if other.contains(&case) || case.ends_with("-Unmerged") {
            continue;
        }
        let path = format!("conformance/screenplay-tools/{case}.fountain");
        let script = parse(&corpus::read(&path).expect("a case has its input"));
        let expected = settle(case, &trim_centered(expected.trim_end()), SCREENPLAY_TOOLS);
        assert_eq!(ToolsForm::of(&script), expected, "\n{case}");
        run += 1;
    }
    assert!(run == 0 || run == 15, "{run} cases");
}

#[test]
fn screenplay_tools_emphasis() {
    let Some(text) = corpus::read("conformance/screenplay-tools/Formatted.fountain") else {
        return;
    };
    let expected = corpus::read("conformance/screenplay-tools/Formatted.txt").unwrap();
    let mut html = String::new();
    for run in runs(text.trim_end()) {
        let tags = [(run.bold, "b"), (run.italic, "i"), (run.underline, "u")];
        let on: Vec<&str> = tags
            .iter()
            .filter(|(on, _)| *on)
            .map(|(_, tag)| *tag)
            .collect();
        html.extend(on.iter().map(|tag| format!("<{tag}>")));
        html += &run.text;
        html.extend(on.iter().rev().map(|tag| format!("</{tag}>")));
    }
    // Emphasis nests.
    let nested = Difference {
        case: "Formatted",
        theirs: "face FILLS the *Leupold Mark 4* scope</u>",
        ours: "face FILLS the </u><i><u>Leupold Mark 4</u></i><u> scope</u>",
    };
    assert_eq!(html, settle("Formatted", expected.trim_end(), &[nested]));
}

// jouvence: YAML documents with `in`, `title` and `out`.

/// Which file, which document in it, what they expect and what we read.
const JOUVENCE: &[Difference] = &[
    // A line of spaces is blank, after centered text too.
    Difference {
        case: "centered 3",
        theirs: "**THE END**\\n",
        ours: "**THE END**\"|\"!",
    },
    // A lyric is always forced, whatever follows.
    Difference {
        case: "lyrics 2",
        theirs: "!~This is lyrics\\nBut this is not",
        ours: "~This is lyrics\"|\"!But this is not",
    },
];

/// Our reading in the form of jouvence: a mark for the kind, blank lines as part of the action,
/// but for the one that ends a block or stands before a heading.
fn jouvence_form(script: &Script) -> Vec<String> {
    let mut out = Vec::new();
    let mut action: Vec<String> = Vec::new();
    let mut in_block = !script.title_page.is_empty();
    for piece in script.pieces() {
        let element = match piece {
            Piece::Title(_) => continue,
            Piece::Gap(lines) => {
                action.extend(lines.map(|_| String::new()));
                continue;
            }
            Piece::Element(element) => element,
        };
        let text = &element.text;
        let line = match &element.kind {
            ElementKind::Action => {
                action.extend(text.split('\n').map(str::to_owned));
                continue;
            }
            ElementKind::Note | ElementKind::Boneyard => continue,
            ElementKind::Lyric => format!("~{text}"),
            ElementKind::Centered => format!("!><{text}"),
            ElementKind::Character { .. } => format!("@{text}"),
            ElementKind::Dialogue => format!("={text}"),
            ElementKind::Parenthetical => format!("_({text})"),
            ElementKind::SceneHeading { .. } => format!(".{text}"),
            ElementKind::Transition => format!(">{text}"),
            ElementKind::Section { .. } => format!("#{text}"),
            ElementKind::Synopsis => format!("+{text}"),
            ElementKind::PageBreak => "<pagebreak>".to_owned(),
        };
        if action.last().is_some_and(String::is_empty) {
            action.pop();
        }
        flush(&mut action, &mut out);
        out.push(line);
        in_block = false;
    }
    // A title page alone ends with its blank line.
    if in_block && action.iter().all(String::is_empty) {
        action.pop();
    }
    flush(&mut action, &mut out);
    out
}

fn flush(action: &mut Vec<String>, out: &mut Vec<String>) {
    if !action.is_empty() {
        out.push(format!("!{}", std::mem::take(action).join("\n")));
    }
}

#[derive(serde::Deserialize)]
struct JouvenceCase {
    #[serde(rename = "in")]
    input: String,
    title: Option<BTreeMap<String, String>>,
    out: Vec<String>,
}

#[test]
fn jouvence() {
    use serde::Deserialize as _;
    let mut run = 0;
    for (file, text) in corpus::folder("conformance/jouvence", ".yaml") {
        let name = file.trim_start_matches("test_").trim_end_matches(".yaml");
        for (at, document) in serde_norway::Deserializer::from_str(&text).enumerate() {
            let case = format!("{name} {}", at + 1);
            let JouvenceCase { input, title, out } = JouvenceCase::deserialize(document).unwrap();
            let script = parse(&input);
            let quoted = |lines: &[String]| {
                lines
                    .iter()
                    .map(|line| format!("{line:?}"))
                    .collect::<Vec<_>>()
                    .join("|")
            };
            let expected = settle(&case, &quoted(&out), JOUVENCE);
            assert_eq!(
                quoted(&jouvence_form(&script)),
                expected,
                "{case}: {input:?}"
            );
            if let Some(title) = title {
                let entry = |entry: &aiut_film::fountain::TitleEntry| {
                    (entry.key.to_lowercase(), entry.value.clone())
                };
                let ours: BTreeMap<String, String> = script.title_page.iter().map(entry).collect();
                assert_eq!(ours, title, "{case}");
            }
            run += 1;
        }
    }
    assert!(run == 0 || run == 46, "{run} cases");
}
