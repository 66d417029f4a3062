//! What holds of every text: it parses, in linear time, and prints back as it was.

use std::time::{Duration, Instant};

use super::fountain_support as corpus;
use aiut_film::fountain::{
    DecodeError, ElementKind, MAX_SCRIPT_BYTES, Piece, Script, decode, from_plain_text,
    is_blank_line, parse, plain, read,
};
use aiut_film::scenes::{eighths, split};
use proptest::prelude::*;

/// Prints back byte for byte, by pieces that follow each other without hole or overlap, and with
/// nothing but blank lines between the elements.
fn check(text: &str) -> Script {
    let script = parse(text);
    let lines = script.source_lines();
    let mut at = 0;
    for piece in script.pieces() {
        let span = piece.lines();
        assert_eq!(span.start, at, "{text:?}");
        assert!(span.end > span.start, "{text:?}");
        if matches!(piece, Piece::Gap(_)) {
            assert!(
                lines[span.clone()].iter().all(|line| is_blank_line(line)),
                "{text:?}"
            );
        }
        at = span.end;
    }
    assert_eq!(at, lines.len(), "{text:?}");
    assert_eq!(script.print(), text);
    for scene in split(&script) {
        let _ = (scene.content_digest(), aiut_film::scenes::eighths(&scene));
    }
    script
}

/// Lines that mean something, ends of lines that differ, and marks that do not close.
fn scraps() -> impl Strategy<Value = String> {
    let scrap = prop::sample::select(vec![
        "INT. BAR - DAY",
        "ext. road",
        ".FORCED",
        "INT. A #1#",
        "ANN",
        "ANN (V.O.) ^",
        "@mcAvoy",
        "(softly)",
        "Words, words.",
        "  ",
        "",
        "\t",
        " ",
        "> CENTRE <",
        "> CUT",
        "CUT TO:",
        "FADE OUT.",
        "~ la la",
        "# Act",
        "= what",
        "===",
        "[[note]]",
        "[[open",
        "close]]",
        "/* gone */",
        "/*",
        "*/",
        "Title: X",
        "    more",
        "Key:",
        "!Action",
        "*it* _un_ **b",
        "#1#",
        "\u{feff}",
        "É\u{301}😆",
        "(",
        "^",
        "@",
        ".",
        "[[a]] text [[b]]",
        "OMITTED",
    ]);
    let end = prop::sample::select(vec!["\n", "\n", "\n\n", "\r\n", "\r", ""]);
    prop::collection::vec((scrap, end), 0..40).prop_map(|lines| {
        lines
            .into_iter()
            .map(|(line, end)| format!("{line}{end}"))
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn scraps_print_back(text in scraps()) {
        check(&text);
    }

    #[test]
    fn any_text_prints_back(text in "\\PC{0,80}|[\\x00-\\x7f]{0,80}") {
        check(&text);
        let _ = plain(&text);
    }

    #[test]
    fn bytes_are_decoded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        if let Ok(text) = decode(&bytes) {
            prop_assert_eq!(text.as_bytes(), &bytes[..]);
        }
    }

    #[test]
    fn an_aside_changes_nothing_around_it(text in scraps(), at in 0..80_usize) {
        let text = text.replace(['[', ']', '/', '\u{feff}'], "").replace('\r', "\n");
        let mut lines: Vec<&str> = text.lines().collect();
        let kinds = |script: &Script| -> Vec<(ElementKind, String)> {
            let other = |kind: &ElementKind| *kind != ElementKind::Note;
            let elements = script.elements.iter().filter(|element| other(&element.kind));
            elements.map(|element| (element.kind.clone(), element.text.clone())).collect()
        };
        let before = parse(&lines.join("\n"));
        lines.insert(at % (lines.len() + 1), "[[aside]]");
        let after = parse(&lines.join("\n"));
        prop_assert_eq!(kinds(&before), kinds(&after));
    }

    #[test]
    fn prose_becomes_action(text in "[#>=~.@a-zA-Z: \n(]{0,60}") {
        let script = parse(&from_plain_text(&text));
        let speaks = |kind: &ElementKind| {
            matches!(kind, ElementKind::SceneHeading { .. } | ElementKind::Character { .. })
        };
        let is_screenplay = script.elements.iter().any(|element| speaks(&element.kind));
        let titled = script.title_page.iter().any(|e| e.key.eq_ignore_ascii_case("title"));
        if !is_screenplay && !titled {
            prop_assert!(script.elements.iter().all(|e| e.kind == ElementKind::Action));
            prop_assert!(script.title_page.is_empty());
        }
    }
}

#[test]
fn an_aside_on_a_title_page_changes_nothing_around_it() {
    let aside = |text: &str, at: usize| {
        let mut lines: Vec<&str> = text.lines().collect();
        lines.insert(at, "[[aside]]");
        parse(&lines.join("\n"))
    };
    for text in [
        "Title: X\nnote\nINT. BAR - DAY\n",
        "Title:\n\tBarrier\n  \n\t\"The Child\"\nCredit: By\n\nINT. BAR - DAY\n",
        "THE FERRY\n\nby\nA. Stone\n\nINT. BAR - DAY\n",
        "Title: X\nAuthor\nSource: Y\n\nINT. BAR - DAY\n",
    ] {
        let before = parse(text);
        let filmed = |script: &Script| -> Vec<String> {
            let is_filmed =
                |element: &&aiut_film::fountain::Element| element.kind != ElementKind::Note;
            let found = script.elements.iter().filter(is_filmed);
            found.map(|element| element.text.clone()).collect()
        };
        for at in 0..=text.lines().count() {
            let after = aside(text, at);
            assert_eq!(filmed(&before), filmed(&after), "{text:?} at {at}");
            let titles = |script: &Script| -> Vec<String> {
                script
                    .title_page
                    .iter()
                    .map(|entry| entry.value.clone())
                    .collect()
            };
            assert_eq!(titles(&before), titles(&after), "{text:?} at {at}");
            assert!(after.print().contains("[[aside]]"));
        }
    }
}

/// What the film of odd cues is there for.
#[test]
fn one_of_the_films_has_every_element() {
    let films = corpus::screenplays();
    let (_, text) = films
        .iter()
        .find(|(name, _)| name == "dead-air")
        .expect("the film of odd cues");
    let script = parse(text);
    let has = |what: &dyn Fn(&ElementKind) -> bool| {
        script.elements.iter().any(|element| what(&element.kind))
    };
    use ElementKind as E;
    assert!(has(
        &|kind| matches!(kind, E::SceneHeading { number: Some(number) } if number == "12A")
    ));
    assert!(has(&|kind| matches!(kind, E::Character { dual: true, .. })));
    for depth in 1..=3 {
        assert!(
            has(&|kind| matches!(kind, E::Section { depth: d } if *d == depth)),
            "{depth}"
        );
    }
    for kind in [
        E::Action,
        E::Parenthetical,
        E::Dialogue,
        E::Lyric,
        E::Transition,
        E::Centered,
        E::PageBreak,
        E::Synopsis,
        E::Note,
        E::Boneyard,
    ] {
        assert!(has(&|other| *other == kind), "{kind:?}");
    }
    assert!(
        script
            .title_page
            .iter()
            .any(|entry| entry.value.lines().count() > 1)
    );
    let headings = |text: &str| split(&parse(text)).len();
    for (name, text) in films.iter().take(4) {
        assert!(
            (7..=25).contains(&headings(text)),
            "{name}: {} scenes",
            headings(text)
        );
    }
}

#[test]
fn the_corpus_prints_back() {
    for (path, text) in corpus::screenplays() {
        let script = check(&text);
        assert!(!script.elements.is_empty(), "{path}");
        let crlf = text.replace("\r\n", "\n").replace('\n', "\r\n");
        let kinds = |script: &Script| -> Vec<(ElementKind, String)> {
            script
                .elements
                .iter()
                .map(|e| (e.kind.clone(), e.text.replace('\r', "")))
                .collect()
        };
        assert_eq!(
            kinds(&check(&crlf)),
            kinds(&script),
            "{path}: line ends change nothing"
        );
    }
}

/// A text of one mark again and again is read in no time; with its square it would take hours. How
/// the time grows is held by `tests/scale.rs`.
#[test]
fn hostile_text_is_read_in_no_time() {
    let seeds = [
        "[[",
        "/*",
        "*",
        "[[\n",
        "[[\n\n",
        "/*\n",
        "a\n[[x]]\n",
        "A\n[[x]]\n",
        "A\n  \n",
        "  \n",
        "_*",
        "*a",
        "**a* ",
        "A (",
        "#1",
        "]]",
        "*/",
        "INT. A\n\n",
        "INT. A\n\n/*\n\n*/",
        "A\n\n",
        "CUT TO:\n[[x]]\n",
        "(",
        "Key:\n",
        "Title: x\n[[n]]\n",
        "BOB\nhi\n[[x]]\n",
        "x ^\n",
        "> ",
        "=",
    ];
    for seed in seeds {
        let bytes = if ["[[", "/*", "*"].contains(&seed) {
            5_000_000
        } else {
            600_000
        };
        let text = seed.repeat(bytes / seed.len());
        let start = Instant::now();
        let script = parse(&text);
        assert!(script.print() == text, "{seed:?}");
        let words: usize = script.elements.iter().map(|e| plain(&e.text).len()).sum();
        assert!(words <= text.len() * 4);
        let scenes = split(&script);
        let eighths = scenes.iter().map(|scene| u64::from(eighths(scene)));
        assert!(eighths.sum::<u64>() >= scenes.len() as u64);
        let took = start.elapsed();
        assert!(took < Duration::from_secs(120), "{seed:?}: {took:?}");
    }
}

#[test]
fn what_is_no_screenplay_is_refused_with_the_reason() {
    let too_large = vec![b'a'; 50_000_000];
    let cases: [(&[u8], &str); 8] = [
        (b"", "type a scene heading such as `INT. KITCHEN - DAY`"),
        (b"\xEF\xBB\xBF \r\n\t\n", "no scenes yet"),
        (
            b"INT. A\n\n\x00\x01",
            "line 3 holds a NUL byte (byte 8 of the file)",
        ),
        (
            b"INT. A\n\ncaf\xE9\n",
            "line 3 holds the byte 0xE9 (byte 11 of the file)",
        ),
        (
            b"abc\xF0\x9F",
            "line 1 holds the byte 0xF0 (byte 3 of the file)",
        ),
        (b"\xFF\xFEI\0N\0T\0", "UTF-16"),
        (b"\xFE\xFF\0I\0N\0T", "UTF-16"),
        (&too_large, "50000000 bytes, the limit is 33554432 (32 MiB)"),
    ];
    for (bytes, says) in cases {
        let error = decode(bytes).unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    }
    assert!(matches!(
        decode(&vec![b'a'; MAX_SCRIPT_BYTES + 1]),
        Err(DecodeError::TooLarge { bytes }) if bytes == MAX_SCRIPT_BYTES + 1
    ));
    assert!(decode(&vec![b'a'; MAX_SCRIPT_BYTES]).is_ok());
    assert_eq!(
        read(b"Title: X\n\n[[Only a note.]]\n"),
        Err(DecodeError::Empty)
    );
    assert_eq!(read(b"INT. A - DAY\n").unwrap().elements.len(), 1);
    let bom = "\u{feff}INT. A\r\n\r\nTea.\r\n";
    assert_eq!(read(bom.as_bytes()).unwrap().print(), bom);
}
