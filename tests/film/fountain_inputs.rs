//! The inputs of two other Fountain programs, run where they are present. They come without
//! expectations that could be compared, so what we read is written here, a word an element.

use super::fountain_support as corpus;
use aiut_film::fountain::{Element, ElementKind, Script, parse};

// nyousefi/Fountain, the reference implementation.

const REFERENCE: &[(&str, &str)] = &[
    ("Boneyard", "action boneyard boneyard action"),
    ("CenteredText", "centered transition centered centered"),
    (
        "Dialogue",
        "cue said cue said cue how said cue said cue said cue said cue said how cue said dual said \
         cue said how action cue said cue how said",
    ),
    ("DualDialogue", "cue said dual said"),
    ("ForcedElements", "action cue said cue lyric"),
    (
        "Indenting",
        "transition heading action cue said cue how said action",
    ),
    ("MultilineAction", "action action action"),
    ("Notes", "action note note action"),
    ("PageBreaks", "action break action break action"),
    (
        "SceneHeaders",
        "heading heading heading heading heading heading heading heading heading heading heading \
         heading heading heading heading action heading heading action heading",
    ),
    (
        "SceneNumbers",
        "heading heading heading heading heading heading heading",
    ),
    (
        "SectionHeaders",
        "section section section section section section section",
    ),
    (
        "Sections-Complex",
        "section synopsis heading section section heading",
    ),
    (
        "Simple",
        "action heading action cue how said break heading action transition centered note synopsis \
         boneyard section action section action heading action boneyard action note action",
    ),
    (
        "Synopses",
        "section synopsis section synopsis section synopsis",
    ),
    (
        "Transitions",
        "transition transition transition transition action transition transition",
    ),
];

fn word(element: &Element) -> &'static str {
    match &element.kind {
        ElementKind::SceneHeading { .. } => "heading",
        ElementKind::Action => "action",
        ElementKind::Centered => "centered",
        ElementKind::Character { dual: true, .. } => "dual",
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

fn words(script: &Script) -> String {
    script
        .elements
        .iter()
        .map(word)
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn reference_implementation() {
    let files = corpus::folder("conformance/nyousefi-Fountain", ".fountain");
    assert!(files.is_empty() || files.len() == REFERENCE.len());
    for (file, text) in files {
        let name = file.trim_end_matches(".fountain");
        let expected = REFERENCE
            .iter()
            .find(|(case, _)| *case == name)
            .expect("a listed case")
            .1;
        assert_eq!(words(&parse(&text)), expected, "{name}");
    }
}

#[test]
fn reference_implementation_in_detail() {
    let read = |name: &str| corpus::read(&format!("conformance/nyousefi-Fountain/{name}.fountain"));
    let Some(numbers) = read("SceneNumbers") else {
        return;
    };
    let script = parse(&numbers);
    let numbers = script.elements.iter().map(|element| match &element.kind {
        ElementKind::SceneHeading { number } => number.as_deref().unwrap_or_default(),
        _ => "",
    });
    assert_eq!(
        numbers.collect::<Vec<_>>(),
        ["1", "1A", "1a", "A1", "I-1-A", "1.", "110A"]
    );
    let script = parse(&read("Dialogue").unwrap());
    let names: Vec<(&str, &[String])> = script
        .elements
        .iter()
        .filter_map(|element| match &element.kind {
            ElementKind::Character {
                name, extensions, ..
            } => Some((name.as_str(), &extensions[..])),
            _ => None,
        })
        .collect();
    assert_eq!(names[1], ("EVE", &["O.S.".to_owned()][..]));
    assert_eq!(
        names[4],
        ("EVE", &[][..]),
        "CONT'D says nothing of who speaks"
    );
    let held = "I can be weird to. Here's\na space in the dialogue\nblock\n\nfor absolutely";
    assert!(
        script
            .elements
            .iter()
            .any(|element| element.text.contains(held))
    );
    let script = parse(&read("CenteredText").unwrap());
    assert_eq!(script.elements[3].text, "Lots of Space");
    let script = parse(&read("Sections-Complex").unwrap());
    assert_eq!(script.elements[4].kind, ElementKind::Section { depth: 2 });
    let script = parse(&read("Simple").unwrap());
    assert_eq!(script.title_page[2].value, "2/1/2012");
}

// screenplain.

const SCREENPLAIN: &[(&str, &str)] = &[
    ("boneyard", "action transition boneyard heading action"),
    ("dialogue", "cue said cue said"),
    ("dialogue-character-extension", "cue said"),
    ("dialogue-with-blank-line", "cue said"),
    ("dual-dialogue", "cue said dual said"),
    ("extended-characters", "action"),
    ("forced-action", "action"),
    ("forced-transition", "transition"),
    ("indentation", "heading action action action action action"),
    (
        "notes",
        "action action action action action action action note action action note action",
    ),
    ("page-break", "action break heading"),
    ("parenthetical", "cue how said"),
    (
        "scene-numbers",
        "heading action heading action heading action heading action heading action",
    ),
    (
        "sections",
        "section synopsis section synopsis heading synopsis action section heading action",
    ),
    ("simple", "heading action action cue said cue said cue said"),
    ("title-page", "action action"),
    (
        "utf-8-bom",
        "heading action action cue said cue said cue said",
    ),
];

#[test]
fn screenplain() {
    let files = corpus::folder("conformance/screenplain", ".fountain");
    assert!(files.is_empty() || files.len() == SCREENPLAIN.len());
    for (file, text) in &files {
        let name = file.trim_end_matches(".fountain");
        let expected = SCREENPLAIN
            .iter()
            .find(|(case, _)| *case == name)
            .expect("a listed case")
            .1;
        assert_eq!(words(&parse(text)), expected, "{name}");
    }
    let Some((_, notes)) = files.iter().find(|(name, _)| name == "notes.fountain") else {
        return;
    };
    let texts: Vec<String> = parse(notes).elements.into_iter().map(|e| e.text).collect();
    assert_eq!(
        texts[..4],
        [
            "Before1 After1",
            "Before2 After2",
            "Before3 After3",
            "Multiple on one"
        ]
    );
    assert_eq!(
        texts[4..6],
        [
            "This is not [[\na proper note",
            "because it contains a blank line\n]]"
        ]
    );
}
