//! The syntax, a rule at a time, where the suites of other programs say nothing.

use aiut_film::fountain::{Element, ElementKind, from_plain_text, parse, plain};

/// Each element as a word and its text.
fn read(text: &str) -> Vec<(&'static str, String)> {
    parse(text)
        .elements
        .iter()
        .map(|element| (word(element), element.text.clone()))
        .collect()
}

fn word(element: &Element) -> &'static str {
    match &element.kind {
        ElementKind::SceneHeading { .. } => "heading",
        ElementKind::Action => "action",
        ElementKind::Centered => "centered",
        ElementKind::Character { .. } => "cue",
        ElementKind::Parenthetical => "how",
        ElementKind::Dialogue => "said",
        ElementKind::Lyric => "lyric",
        ElementKind::Transition => "transition",
        ElementKind::Section { .. } => "section",
        ElementKind::Synopsis => "synopsis",
        ElementKind::PageBreak => "break",
        ElementKind::Note => "note",
        ElementKind::Boneyard => "boneyard",
    }
}

fn assert_reads(text: &str, expected: &[(&str, &str)]) {
    let read = read(text);
    let read: Vec<(&str, &str)> = read
        .iter()
        .map(|(word, text)| (*word, text.as_str()))
        .collect();
    assert_eq!(read, expected, "{text:?}");
}

#[test]
fn headings() {
    for heading in [
        "INT. A",
        "ext a",
        "Est. A",
        "INT./EXT. A",
        "INT/EXT. A",
        "EXT/INT. A",
        "EXT./INT. A",
        "I/E A",
        "E/I. A",
        "i./e. A",
        "INT.A",
        "**INT. A - DAY**",
        "\t INT. A",
    ] {
        assert_reads(
            &format!("\n{heading}\n\nGo."),
            &[("heading", heading.trim()), ("action", "Go.")],
        );
    }
    for action in [
        "INTO THE WOODS",
        "I. A",
        "INT",
        "EXTRA. A",
        "Interior. A",
        "..A",
        ". A",
        ".",
        "...and",
    ] {
        assert_reads(
            &format!("\n{action}\n\nGo."),
            &[("action", action), ("action", "Go.")],
        );
    }
    // A missing blank line after a heading is forgiven, one before it is not.
    assert_reads(
        "INT. A\nHe goes.\nINT. B",
        &[("heading", "INT. A"), ("action", "He goes.\nINT. B")],
    );
    assert_reads(
        "INT. A\nEXT. B\n",
        &[("heading", "INT. A"), ("heading", "EXT. B")],
    );
}

#[test]
fn scene_numbers() {
    let number = |text: &str| match &parse(text).elements[0].kind {
        ElementKind::SceneHeading { number } => {
            (number.clone(), parse(text).elements[0].text.clone())
        }
        other => panic!("{other:?}"),
    };
    for (text, expected) in [
        ("INT. A #12A#", "12A"),
        ("INT. A#1#", "1"),
        (".A B #I-1)# ", "I-1)"),
    ] {
        assert_eq!(number(text).0.as_deref(), Some(expected));
    }
    for text in [
        "INT. A #1 2#",
        "INT. A ##",
        "INT. A #é#",
        "INT. A #1",
        "INT. A 1#",
        "INT. A #1234567890123456789012345#",
    ] {
        assert_eq!(number(text), (None, text.to_owned()));
    }
}

#[test]
fn cues() {
    let cue = |text: &str| match parse(&format!("{text}\nHello."))
        .elements
        .swap_remove(0)
        .kind
    {
        ElementKind::Character {
            name,
            extensions,
            dual,
        } => Some((name, extensions.join("|"), dual)),
        _ => None,
    };
    let named =
        |name: &str, extensions: &str, dual| Some((name.to_owned(), extensions.to_owned(), dual));
    assert_eq!(cue("EDWARD (V.O.)(CONT'D)"), named("EDWARD", "V.O.", false));
    assert_eq!(cue("ANN (cont’d) (O.S.) ^"), named("ANN", "O.S.", true));
    assert_eq!(
        cue("DR. O'NEIL (on the radio)"),
        named("DR. O'NEIL", "on the radio", false)
    );
    assert_eq!(cue("**ANN** (V.O."), named("ANN", "V.O.", false));
    assert_eq!(cue("\t\tR2D2"), named("R2D2", "", false));
    assert_eq!(cue("ÉLODIE"), named("ÉLODIE", "", false));
    assert_eq!(cue("@春香"), named("春香", "", false));
    assert_eq!(cue("@McCLANE^"), named("McCLANE", "", true));
    for action in [
        "23",
        "Ann",
        "春香",
        "ANN and BEN",
        "...",
        "(V.O.)",
        "CUT TO:",
        "FADE OUT.",
        "@",
        "@ (V.O.)",
    ] {
        assert_eq!(cue(action), None, "{action}");
    }
    // A cue must speak; one that is forced need not. Asides between do not count.
    assert_reads("ANN\n\nHello.", &[("action", "ANN"), ("action", "Hello.")]);
    assert_reads("@Ann\n\nHello.", &[("cue", "Ann"), ("action", "Hello.")]);
    assert_reads(
        "ANN\n[[how?]]\nHello.",
        &[("cue", "ANN"), ("note", "how?"), ("said", "Hello.")],
    );
    assert_reads("He is\nANN\nHello.", &[("action", "He is\nANN\nHello.")]);
}

#[test]
fn speech() {
    assert_reads(
        "ANN\n\t(low)\n\tOne.\n  \n  Two.\n(pause)\n~ la\nThree.\n\nShe goes.",
        &[
            ("cue", "ANN"),
            ("how", "low"),
            ("said", "One.\n\nTwo."),
            ("how", "pause"),
            ("lyric", "la"),
            ("said", "Three."),
            ("action", "She goes."),
        ],
    );
    // One space, or three, is a blank line.
    for blank in ["", " ", "   ", "\t"] {
        assert_reads(
            &format!("ANN\nOne.\n{blank}\nTwo."),
            &[("cue", "ANN"), ("said", "One."), ("action", "Two.")],
        );
    }
    let script = parse("ANN\nOne. [[sure?]]\n[[really]]\nTwo.\n");
    assert_eq!(script.elements[1].text, "One.\nTwo.");
    assert_eq!(script.elements[1].notes, ["sure?", "really"]);
    assert_eq!(script.elements[1].lines, 1..4);
}

#[test]
fn forced_elements_stand_anywhere() {
    assert_reads(
        "ANN\nOne.\n!BANG\nbang",
        &[("cue", "ANN"), ("said", "One."), ("action", "BANG\nbang")],
    );
    assert_reads("!!CLOSE ON A KEY", &[("action", "CLOSE ON A KEY")]);
    assert_reads(
        "Go.\n> Dissolve\n> THE END <\n====\n= why",
        &[
            ("action", "Go."),
            ("transition", "Dissolve"),
            ("centered", "THE END"),
            ("break", ""),
            ("synopsis", "why"),
        ],
    );
    // These open a block, or are text.
    assert_reads(
        "Go.\n#1 is here\n.45 caliber\n@home",
        &[("action", "Go.\n#1 is here\n.45 caliber\n@home")],
    );
    assert_reads("####### deep", &[("section", "deep")]);
}

#[test]
fn transitions() {
    for text in [
        "CUT TO:",
        "SMASH CUT TO:",
        "**CUT TO:**",
        "\tFADE OUT.",
        "FADE TO BLACK.",
        "CUT TO BLACK",
    ] {
        assert_reads(
            &format!("Go.\n\n{text}\n\nGo."),
            &[
                ("action", "Go."),
                ("transition", text.trim()),
                ("action", "Go."),
            ],
        );
    }
    for text in ["CUT TO: ", "Cut to:", "FADE IN:", "POTATO:"] {
        assert_reads(
            &format!("Go.\n\n{text}\n\nGo."),
            &[("action", "Go."), ("action", text), ("action", "Go.")],
        );
    }
    assert_reads("CUT TO:\nShe goes.", &[("action", "CUT TO:\nShe goes.")]);
    assert_reads(
        "\nCUT TO:\nINT. A",
        &[("transition", "CUT TO:"), ("heading", "INT. A")],
    );
}

#[test]
fn remarks() {
    assert_reads("One [[a\nb]] two.", &[("action", "One  two.")]);
    assert_reads("One [[a\n  \nb]] two.", &[("action", "One  two.")]);
    assert_reads(
        "One [[a\n\nb]] two.",
        &[("action", "One [[a"), ("action", "b]] two.")],
    );
    assert_reads("One /* a\n\nb */ two.", &[("action", "One  two.")]);
    assert_reads("One /* a", &[("action", "One /* a")]);
    assert_reads("One.\n/* a */\nTwo.", &[("action", "One.\nTwo.")]);
    assert_reads(
        "One.\n/*\n\na */\nTwo.",
        &[("action", "One."), ("boneyard", "a"), ("action", "Two.")],
    );
    assert_reads(
        "[[a]] [[b]]\n\nOne.",
        &[("note", "a\nb"), ("action", "One.")],
    );
}

#[test]
fn title_pages() {
    let keys = |text: &str| -> Vec<(String, String)> {
        parse(text)
            .title_page
            .into_iter()
            .map(|entry| (entry.key, entry.value))
            .collect()
    };
    let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    };
    assert_eq!(
        keys("Title:\n\tA\n   B\nDraft date: today\n\nGo."),
        pairs(&[("Title", "A\nB"), ("Draft date", "today")])
    );
    assert_eq!(
        keys("\u{feff}title: A\r\n/* Credit: x */\r\nAuthor: B"),
        pairs(&[("title", "A"), ("Author", "B")])
    );
    assert_eq!(
        keys("Shooting script: Blue\nUnit: two\n\nGo."),
        pairs(&[("Shooting script", "Blue"), ("Unit", "two")])
    );
    for text in [
        "CUT TO:\n\nGo.",
        "FADE IN:\n\nGo.",
        "OVER BLACK:\n\nGo.",
        "INT. A: B - DAY\n\nGo.",
        "She says: go.\nThen goes.",
        "\nTitle: A",
        "http://a.b/c?d=e:f\n\nGo.",
    ] {
        assert_eq!(keys(text), [], "{text:?}");
    }
}

#[test]
fn emphasis_goes_and_what_only_looks_like_it_stays() {
    for (text, expected) in [
        ("*a* **b** ***c*** _d_", "a b c d"),
        ("_a *b* c_", "a b c"),
        ("***a** b*", "a b"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("*69 and *23", "*69 and *23"),
        ("\\*a\\* \\_b\\_", "*a* _b_"),
        ("*a\nb*", "*a\nb*"),
        ("****", "****"),
        ("_a", "_a"),
    ] {
        assert_eq!(plain(text), expected, "{text}");
    }
}

#[test]
fn plain_text() {
    let fountain = "INT. A - DAY\n\n#not touched\n\nGo.\n";
    assert_eq!(from_plain_text(fountain), fountain);
    let prose = "Rae: hello there.\n\n#1 fan.\nGoes on.\n\n> quoted\n\nThe end.\n";
    let forced = "!Rae: hello there.\n\n!#1 fan.\nGoes on.\n\n!> quoted\n\nThe end.\n";
    assert_eq!(from_plain_text(prose), forced);
    assert!(
        parse(forced)
            .elements
            .iter()
            .all(|e| e.kind == ElementKind::Action)
    );
}
