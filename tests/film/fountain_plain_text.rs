//! Screenplays as plain text, laid out for print, come back as the Fountain that they were.

use super::fountain_support as corpus;
use aiut_film::fountain::{Element, ElementKind, Script, from_plain_text, parse, plain};

/// How a page is laid out.
#[derive(Clone, Copy)]
struct Layout {
    numbers: bool,
    columns: bool,
    form_feeds: bool,
    double_spaced: bool,
}

const LINES_A_PAGE: usize = 54;

/// Prints a script as the programs for screenplays export it to text.
struct Printer {
    layout: Layout,
    out: Vec<String>,
    on_page: usize,
    page: usize,
    scene: usize,
}

impl Printer {
    fn column(&self, column: usize) -> String {
        " ".repeat(if self.layout.columns { column } else { 0 })
    }

    fn push(&mut self, line: String) {
        self.out.push(line);
        if self.layout.double_spaced {
            self.out.push(String::new());
        }
        self.on_page += 1;
    }

    /// Ends the page if fewer lines than these are left on it.
    fn room(&mut self, lines: usize, speaker: Option<&str>) {
        if self.on_page + lines <= LINES_A_PAGE {
            return;
        }
        if speaker.is_some() {
            self.push(self.column(37) + "(MORE)");
        }
        self.push(String::new());
        self.push(self.column(60) + "(CONTINUED)");
        self.page += 1;
        self.on_page = 0;
        let feed = if self.layout.form_feeds {
            "\u{c}"
        } else {
            "\n\n"
        };
        self.push(format!(
            "{feed}{}THE FILM - Blue Rev. 1/2/99      {}.",
            self.column(15),
            self.page
        ));
        let number = match self.layout.numbers && self.scene > 0 {
            true => format!("{:<6}", self.scene),
            false => self.column(6),
        };
        self.push(format!("{number}CONTINUED:"));
        self.push(String::new());
        if let Some(speaker) = speaker {
            self.push(format!("{}{speaker} (CONT'D)", self.column(37)));
        }
    }

    fn wrapped(&mut self, text: &str, column: usize, width: usize, speaker: Option<&str>) {
        for line in text.lines() {
            let mut row = String::new();
            let mut rows = Vec::new();
            for word in line.split_whitespace() {
                if !row.is_empty() && row.chars().count() + 1 + word.chars().count() > width {
                    rows.push(std::mem::take(&mut row));
                }
                if !row.is_empty() {
                    row.push(' ');
                }
                row.push_str(word);
            }
            rows.push(row);
            for row in rows {
                // Programs break speech at the end of a page, and keep paragraphs of action whole.
                if speaker.is_some() {
                    self.room(3, speaker);
                }
                self.push(self.column(column) + &row);
            }
        }
    }

    fn element(&mut self, element: &Element, speaker: Option<&str>) {
        let text = plain(&element.text);
        match &element.kind {
            ElementKind::SceneHeading { .. } => {
                self.room(6, None);
                self.push(String::new());
                self.scene += 1;
                let text = text.to_uppercase();
                let line = match self.layout.numbers {
                    true => format!("{:<15}{text:<55}   {}", self.scene, self.scene),
                    false => self.column(15) + &text,
                };
                self.push(line);
            }
            ElementKind::Action => {
                self.room(2 + text.len() / 60, None);
                self.push(String::new());
                self.wrapped(&text, 15, 60, None);
            }
            ElementKind::Character { .. } => {
                self.room(5, None);
                self.push(String::new());
                self.push(self.column(37) + &text);
            }
            ElementKind::Parenthetical => {
                let text = format!("({text})");
                self.wrapped(&text, 31, 28, speaker);
            }
            ElementKind::Dialogue => self.wrapped(&text, 25, 35, speaker),
            ElementKind::Transition => {
                self.room(2, None);
                self.push(String::new());
                self.push(format!("{}{text}", self.column(60)));
            }
            _ => {}
        }
    }
}

fn printed(script: &Script, layout: Layout) -> String {
    let mut printer = Printer {
        layout,
        out: vec![
            String::new(),
            " ".repeat(35) + "THE FILM",
            String::new(),
            " ".repeat(37) + "Written by",
            String::new(),
            " ".repeat(35) + "Rae Lindqvist",
            String::new(),
            String::new(),
        ],
        on_page: 8,
        page: 1,
        scene: 0,
    };
    let mut speaker = None;
    for element in &script.elements {
        match &element.kind {
            ElementKind::Character { name, .. } => speaker = Some(name.clone()),
            ElementKind::Parenthetical | ElementKind::Dialogue => {}
            _ => speaker = None,
        }
        printer.element(element, speaker.as_deref());
    }
    printer.out.join("\n") + "\n"
}

/// What people read, element by element.
fn told(script: &Script) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for element in &script.elements {
        let text = plain(&element.text);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (kind, text) = match &element.kind {
            ElementKind::SceneHeading { .. } => ("heading", text.to_uppercase()),
            ElementKind::Action => ("action", text),
            ElementKind::Character { name, .. } => ("cue", name.clone()),
            ElementKind::Parenthetical => ("aside", text),
            ElementKind::Dialogue => ("speech", text),
            ElementKind::Transition => ("transition", text),
            _ => continue,
        };
        told.push(format!("{kind}: {text}"));
    }
    told
}

const PLAIN: Layout = Layout {
    numbers: false,
    columns: true,
    form_feeds: false,
    double_spaced: false,
};

#[test]
fn a_printed_screenplay_comes_back() {
    let layouts = [
        PLAIN,
        Layout {
            numbers: true,
            ..PLAIN
        },
        Layout {
            form_feeds: true,
            ..PLAIN
        },
        Layout {
            numbers: true,
            columns: false,
            ..PLAIN
        },
        Layout {
            numbers: true,
            double_spaced: true,
            ..PLAIN
        },
    ];
    for (path, text) in corpus::screenplays() {
        let script = parse(&text);
        let of = |kind: fn(&ElementKind) -> bool| {
            script.elements.iter().filter(|e| kind(&e.kind)).count()
        };
        let headings = of(|kind| matches!(kind, ElementKind::SceneHeading { .. }));
        if headings < 8 || of(|kind| matches!(kind, ElementKind::Character { .. })) < 8 {
            continue;
        }
        for (at, layout) in layouts.into_iter().enumerate() {
            let laid_out = printed(&script, layout);
            let back = parse(&from_plain_text(&laid_out));
            let (before, after) = (told(&script), told(&back));
            let diff = similar::capture_diff_slices(similar::Algorithm::Myers, &before, &after);
            let changed = diff.iter().filter(|op| op.tag() != similar::DiffTag::Equal);
            let lost: Vec<_> = changed
                .flat_map(|op| before[op.old_range()].iter())
                .collect();
            // What a print does not tell: forced headings, and words below the title.
            assert!(lost.len() <= 3, "{path}, layout {at}: {lost:#?}");
            let title = &back.title_page[0];
            assert_eq!(
                (title.key.as_str(), title.value.as_str()),
                ("Title", "THE FILM")
            );
            let again = back.print();
            assert_eq!(from_plain_text(&again), again, "{path}, layout {at}");
        }
    }
}

#[test]
fn what_is_fountain_stays_as_it_is() {
    for (path, text) in corpus::screenplays() {
        let speaks = |kind: &ElementKind| {
            matches!(
                kind,
                ElementKind::SceneHeading { .. } | ElementKind::Character { .. }
            )
        };
        // Without either it is prose.
        if parse(&text)
            .elements
            .iter()
            .any(|element| speaks(&element.kind))
        {
            assert!(from_plain_text(&text) == text, "{path}");
        }
    }
}

#[test]
fn the_marks_of_the_print_are_gone_and_nothing_else() {
    let page = "
                              NIGHT FERRY

                                  by

                            Rae Lindqvist
\u{c}
    FADE IN:

12  INT. FERRY - NIGHT                                           12

    RAE STANDS AT THE RAIL. NOBODY                                *
    else is up.

                        RAE
                  (to the sea,
                  softly)
              How many of us are there, do
              you think?

                        TOM (V.O.)
              23.

                             - 4 -

    #4 is written on the door.

                        TOM (cont'd)
              And counting. We were
                        (MORE)

                                                        (CONTINUED)
NIGHT FERRY                                                   5.

12  CONTINUED: (2)                                               12

                        TOM (CONT'D)
              more, once.

                                                        CUT TO:

13  OMITTED                                                      13

14A ANGLE ON THE WAKE                                           14A

    White.

NIGHT FERRY                                                   6.

    Then black.

                              THE END
";
    let expected = "\
Title: NIGHT FERRY
Credit: by
Author: Rae Lindqvist

FADE IN:

INT. FERRY - NIGHT #12#

RAE STANDS AT THE RAIL. NOBODY else is up.

RAE
(to the sea, softly)
How many of us are there, do you think?

TOM (V.O.)
23.

!#4 is written on the door.

TOM (cont'd)
And counting. We were more, once.

CUT TO:

.OMITTED #13#

.ANGLE ON THE WAKE #14A#

White.

Then black.

> THE END <
";
    assert_eq!(from_plain_text(page), expected);
    assert_eq!(from_plain_text(&page.replace('\n', "\r\n")), expected);
}

#[test]
fn what_is_seen_is_not_taken_for_a_page() {
    for text in [
        "INT. BAR - DAY\n\n1984\n\nRae.\n\n1985\n\nTom.\n\n1986\n",
        "INT. BAR - DAY\n\n12.\n\nRae counts.\n",
        "INT. BAR - DAY\n\nRAE\n23.\n\nTOM\n24.\n\nRAE\n25.\n",
        "INT. BAR 12\n\nRae.\n\nINT. BAR 13\n\nTom.\n",
    ] {
        assert_eq!(from_plain_text(text), text);
    }
}
