use super::*;

fn revision(base: &str, steps: Vec<Step>, path: Option<&str>) -> Revision {
    Revision {
        base: base.into(),
        steps,
        path: path.map(Into::into),
    }
}

#[test]
fn spans_of_history_are_taken_apart() {
    let span = |word: &str| match Span::parse(word) {
        Span::At(one) => format!("at {one}"),
        Span::Without(one) => format!("without {one}"),
        Span::Between(from, to) => format!("{from} to {to}"),
        Span::Either(from, to) => format!("{from} or {to}"),
    };
    for (word, expected) in [
        ("main", "at main"),
        ("^main~2", "without main~2"),
        ("main..", "main to HEAD"),
        ("..x", "HEAD to x"),
        ("a..b", "a to b"),
        ("a...b", "a or b"),
        ("...b", "HEAD or b"),
        ("../x", "at ../x"),
        ("..", "at .."),
        ("./a..b", "at ./a..b"),
        ("HEAD:../x", "at HEAD:../x"),
        ("main@{2..3}", "at main@{2..3}"),
    ] {
        assert_eq!(span(word), expected, "{word}");
    }
}

#[test]
fn revisions_are_taken_apart() {
    use Step::{Before, Parent, Past, Up};
    for (text, expected) in [
        ("main", revision("main", vec![], None)),
        ("HEAD~2", revision("HEAD", vec![Up(2)], None)),
        ("@^", revision("HEAD", vec![Parent(1)], None)),
        (
            "what-if/x^2~3",
            revision("what-if/x", vec![Parent(2), Up(3)], None),
        ),
        (
            "main@{yesterday}~",
            revision("main", vec![Past("yesterday".into()), Up(1)], None),
        ),
        (
            "@{2 days ago}:a.txt",
            revision("HEAD", vec![Past("2 days ago".into())], Some("a.txt")),
        ),
        (
            "main@{2026-11-20 14:00}:x",
            revision("main", vec![Past("2026-11-20 14:00".into())], Some("x")),
        ),
        (
            ":shots/1.json",
            revision("HEAD", vec![], Some("shots/1.json")),
        ),
        ("v1:a@{b}", revision("v1", vec![], Some("a@{b}"))),
        ("a@b", revision("a@b", vec![], None)),
        ("-", revision("HEAD", vec![Before(1)], None)),
        ("-~2:x", revision("HEAD", vec![Before(1), Up(2)], Some("x"))),
        ("@{-3}", revision("HEAD", vec![Before(3)], None)),
    ] {
        assert_eq!(Revision::parse(text).unwrap(), expected, "{text}");
    }
    for text in [
        "",
        "main@{",
        "main~1@{now}",
        "main@{-1}",
        "@{-0}",
        "main~x",
        "HEAD^^z",
        "main~99999999999999999999",
    ] {
        assert!(
            matches!(Revision::parse(text), Err(HistoryError::BadRevision { .. })),
            "{text}"
        );
    }
}
