//! Revision pages: locked numbers, A pages, OMITTED, asterisks.

use aiut_film::numbers::Numbers;
use aiut_film::pages::{Page, Pages, ROWS, RowKind, revision};

/// A scene of so many short paragraphs.
fn scene(name: &str, paragraphs: usize) -> String {
    let mut text = format!("INT. {name} - DAY\n\n");
    for at in 1..=paragraphs {
        text += &format!("Paragraph {at} of the {}.\n\n", name.to_lowercase());
    }
    text
}

/// Four pages: each scene fills one to its last row.
fn script() -> String {
    ["KITCHEN", "HALL", "ATTIC", "ROOF"]
        .map(|name| scene(name, 27))
        .concat()
}

fn told(old: &str, new: &str) -> Pages {
    revision(old, new, [None, None])
}

fn numbers(pages: &Pages) -> Vec<&str> {
    pages
        .pages
        .iter()
        .map(|page| page.number.as_str())
        .collect()
}

fn revised(pages: &Pages) -> Vec<&str> {
    pages.revised().map(|page| page.number.as_str()).collect()
}

fn marked(page: &Page) -> Vec<String> {
    let rows = page.rows.iter().filter(|row| row.is_marked);
    rows.map(|row| row.text()).collect()
}

fn headings(pages: &Pages) -> Vec<String> {
    let rows = pages.pages.iter().flat_map(|page| &page.rows);
    let headings = rows.filter_map(|row| Some(format!("{} {}", row.scene.as_ref()?, row.text())));
    headings.collect()
}

#[test]
fn a_script_that_did_not_change_has_its_pages_and_no_mark() {
    let pages = told(&script(), &script());
    assert_eq!(numbers(&pages), ["1", "2", "3", "4"]);
    assert!(revised(&pages).is_empty());
    for page in &pages.pages {
        assert_eq!(page.rows.len(), ROWS);
        assert_eq!(page.rows[0].kind, RowKind::Heading);
    }
    assert_eq!(headings(&pages)[1], "2 INT. HALL - DAY");
}

#[test]
fn what_grows_goes_on_to_an_a_page_and_later_pages_stay() {
    let new = script().replace(
        "Paragraph 5 of the hall.\n",
        "Paragraph 5 of the hall.\n\nMila sneezes.\n",
    );
    let pages = told(&script(), &new);
    assert_eq!(numbers(&pages), ["1", "2", "2A", "3", "4"]);
    assert_eq!(revised(&pages), ["2", "2A"]);
    assert_eq!(marked(&pages.pages[1]), ["Mila sneezes."]);
    let over = &pages.pages[2];
    assert_eq!(
        (over.rows[0].text().as_str(), over.rows.len()),
        ("Paragraph 27 of the hall.", 1)
    );
    // Many more pages are A, B, C.
    let new = script().replace("Paragraph 5 of the hall.\n", &scene("CELLAR", 70));
    assert_eq!(
        numbers(&told(&script(), &new)),
        ["1", "2", "2A", "2B", "2C", "3", "4"]
    );
}

#[test]
fn a_word_that_changed_marks_its_row_alone() {
    let long = "Mila walks along the whole length of the deck and counts the windows until she has seen them all, twice.\n";
    let old = script().replace("Paragraph 5 of the hall.\n", long);
    let pages = told(&old, &old.replace("windows", "lifeboats"));
    let marks: Vec<String> = pages.pages.iter().flat_map(marked).collect();
    assert_eq!(
        marks,
        ["lifeboats until she has seen them all, twice."],
        "{pages:?}"
    );
    // A word that went leaves its mark where it stood, a paragraph that went at the next one.
    let pages = told(&old, &old.replace(" whole length", " length"));
    assert_eq!(pages.pages.iter().map(Page::marked_rows).sum::<usize>(), 1);
    let pages = told(&old, &old.replace("Paragraph 6 of the hall.\n\n", ""));
    let marks: Vec<String> = pages.pages.iter().flat_map(marked).collect();
    assert_eq!(marks, ["Paragraph 7 of the hall."]);
    // A note is no change.
    let pages = told(&old, &old.replace("Paragraph 7", "[[why?]] Paragraph 7"));
    assert!(revised(&pages).is_empty());
}

#[test]
fn a_cut_scene_is_omitted_and_its_page_is_told_beside_another() {
    let new = script().replace(&scene("HALL", 27), "");
    let pages = told(&script(), &new);
    assert_eq!(
        headings(&pages),
        [
            "1 INT. KITCHEN - DAY",
            "2 OMITTED",
            "3 INT. ATTIC - DAY",
            "4 INT. ROOF - DAY"
        ]
    );
    assert_eq!(numbers(&pages), ["1", "2", "3", "4"]);
    assert_eq!(marked(&pages.pages[1]), ["OMITTED"]);
    assert_eq!(revised(&pages), ["2"]);
    // A page of which nothing is left at all.
    let long = scene("HALL", 90);
    let old = script().replace(&scene("HALL", 27), &long);
    let pages = told(&old, &old.replace(&long, &scene("HALL", 10)));
    assert_eq!(numbers(&pages), ["1", "2-4", "5", "6", "7"]);
    assert_eq!(revised(&pages), ["2-4", "5"]);
}

#[test]
fn an_inserted_scene_has_a_number_of_its_own() {
    let new = script().replace("INT. ATTIC", "INT. STAIRS - DAY\n\nSteps.\n\nINT. ATTIC");
    let pages = told(&script(), &new);
    assert_eq!(
        headings(&pages)[2..4],
        ["2A INT. STAIRS - DAY", "3 INT. ATTIC - DAY"]
    );
    assert_eq!(numbers(&pages), ["1", "2", "2A", "3", "4"]);
    assert_eq!(revised(&pages), ["2A"]);
    // What is remembered of the scenes counts, and what was omitted before stays so unmarked.
    let scenes = |text: &str| aiut_film::scenes::split(&aiut_film::fountain::parse(text));
    let memory = Numbers::default().update(&scenes(&script()));
    let without = script().replace(&scene("HALL", 27), "");
    let memory = memory.update(&scenes(&without));
    let pages = revision(&without, &without, [Some(&memory), None]);
    assert_eq!(headings(&pages)[1], "2 OMITTED");
    assert!(revised(&pages).is_empty());
}

#[test]
fn a_speech_that_is_broken_says_so_on_both_pages() {
    let words =
        "We have been waiting here for far too long and nobody came to tell us why. ".repeat(8);
    let text = format!(
        "{}MILA\n{words}\n\n{}",
        scene("HALL", 23),
        scene("ATTIC", 3)
    );
    let pages = told(&text, &text);
    let (first, second) = (&pages.pages[0], &pages.pages[1]);
    assert_eq!(first.rows.last().unwrap().text(), "(MORE)");
    assert!(first.rows.len() <= ROWS, "{}", first.rows.len());
    assert_eq!(second.rows[0].text(), "MILA (CONT'D)");
    assert!(revised(&pages).is_empty());
    // Nothing of it is lost or said twice.
    let said = pages.pages.iter().flat_map(|page| &page.rows);
    let said = said.filter(|row| row.kind == RowKind::Dialogue);
    let said: Vec<String> = said.map(|row| row.text()).collect();
    assert_eq!(said.join(" "), words.trim());
}

#[test]
fn no_heading_stands_alone_at_the_foot_of_a_page() {
    for paragraphs in 20..30 {
        let text = scene("HALL", paragraphs) + &scene("ATTIC", 5);
        for page in &told(&text, &text).pages {
            let last = page.rows.last().unwrap();
            assert_ne!(last.kind, RowKind::Heading, "{paragraphs}");
            assert_ne!(last.kind, RowKind::Cue, "{paragraphs}");
            assert!(page.rows.len() <= ROWS, "{paragraphs}");
        }
    }
}

#[test]
fn emphasis_and_long_words_are_set() {
    let text = format!(
        "INT. HALL - DAY\n\nShe *is* **late**. {}\n\nCUT TO:\n",
        "x".repeat(130)
    );
    let pages = told(&text, &text);
    let rows = &pages.pages[0].rows;
    let styled: Vec<_> = rows[2]
        .runs
        .iter()
        .filter(|run| run.italic || run.bold)
        .collect();
    assert_eq!(
        (styled[0].text.as_str(), styled[1].text.as_str()),
        ("is", "late")
    );
    assert!(
        rows.iter()
            .all(|row| row.column + row.text().chars().count() <= 61)
    );
    assert_eq!(rows.last().unwrap().column, 61 - "CUT TO:".len());
    assert_eq!(told("", "").pages.len(), 1);
}

/// Whatever is edited, the pages hold the script, in order, and no page more than fits.
#[test]
fn over_random_edits_every_word_is_printed_once() {
    use proptest::prelude::*;
    let word = prop_oneof!["MILA|JONAS|rain|wind|the long way home|a gull cries over the pier"];
    let paragraph = prop_oneof![
        "INT\\. [A-C] - DAY",
        proptest::collection::vec(word, 1..60).prop_map(|words| words.join(" ")),
        "[A-B]{3}\n[a-z ]{1,300}[a-z]",
    ];
    let script = proptest::collection::vec(paragraph, 0..60).prop_map(|parts| parts.join("\n\n"));
    proptest!(ProptestConfig::with_cases(64), |(old in script.clone(), new in script)| {
        let alone = told(&new, &new);
        let after = told(&old, &new);
        let words = |pages: &Pages| -> Vec<String> {
            let rows = pages.pages.iter().flat_map(|page| &page.rows);
            let kept = rows.filter(|row| row.kind != RowKind::More);
            let text: Vec<String> = kept
                .filter(|row| row.scene.is_none() && !row.text().ends_with("(CONT'D)"))
                .map(|row| row.text())
                .collect();
            text.join(" ").split_whitespace().map(str::to_owned).collect()
        };
        prop_assert_eq!(words(&alone), words(&after));
        for page in &after.pages {
            // One row more where a page that begins within a speech follows.
            prop_assert!(page.rows.len() <= ROWS + 1, "{}", page.rows.len());
        }
        let mut numbers = numbers(&after);
        numbers.sort_unstable();
        let count = numbers.len();
        numbers.dedup();
        prop_assert_eq!(numbers.len(), count);
    });
}
