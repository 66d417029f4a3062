//! Revision pages: what a production prints of a script that was given out and changed.

use super::world::World;

/// Three pages, and a title.
fn script() -> String {
    let scene = |name: &str| {
        let paragraphs = (1..=27).map(|at| format!("Paragraph {at} of the {name}.\n\n"));
        format!("INT. {name} - DAY\n\n{}", paragraphs.collect::<String>())
    };
    let scenes = ["HALL", "ATTIC", "ROOF"].map(scene).concat();
    format!("Title: Night <Ferry>\n\n{scenes}")
}

/// A script that was given out, and its next version in the folder.
fn project() -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("script.fountain", script());
    world.ok(&["commit", "-q", "-m", "White"]);
    world.ok(&["tag", "-q", "white"]);
    let new = script().replace(
        "Paragraph 5 of the ATTIC.\n",
        "Paragraph 5 of the ATTIC.\n\nMila sneezes. 雨\n",
    );
    world.write("script.fountain", new);
    world
}

#[test]
fn pages_that_changed_are_printed_with_their_numbers_and_asterisks() {
    let world = project();
    insta::assert_snapshot!(world.run(&["revisions", "white", "--stat"]), @"
         2  1 line marked, scene 2
        2A  0 lines marked
    2 of 4 pages changed: 2, 2A
    ");
    let text = world.ok(&["revisions", "white", "--paper", "double-pink"]);
    let heading = format!("2{:6}INT. ATTIC - DAY{:46}2\n", "", "");
    let changed = format!("{:7}Mila sneezes. 雨{:52}*\n", "", "");
    for line in [
        "       Night <Ferry>                  DOUBLE PINK REV. 01/01/26      2.\n",
        &heading,
        &changed,
        "       Night <Ferry>                  DOUBLE PINK REV. 01/01/26     2A.\n",
    ] {
        assert!(text.contains(line), "{line:?} in {text}");
    }
    assert!(!text.contains("HALL") && !text.contains("ROOF"), "{text}");
    // In a commit it says the same, on the day of the commit.
    let json = world.json(&["revisions", "white", "--all"]);
    assert_eq!(
        (&json["total"], &json["pages"][2]["number"]),
        (&4.into(), &"2A".into())
    );
    assert_eq!(json["pages"][0]["is_revised"], false);
    world.ok(&["commit", "-q", "-m", "Blue"]);
    let committed = world.json(&["revisions", "white", "main", "--all"]);
    assert_eq!(committed["pages"], json["pages"]);
    assert_eq!(
        world.ok(&["revisions", "white", "white"]),
        "None of 3 pages changed.\n"
    );
}

#[test]
fn pages_are_written_for_the_screen_and_the_printer() {
    let world = project();
    let run = world.run(&[
        "revisions",
        "white",
        "--pdf",
        "blue.pdf",
        "--html",
        "blue.html",
    ]);
    assert_eq!(run.code, Some(0), "{run}");
    assert!(run.stdout.contains("Wrote 2 pages into blue.pdf"), "{run}");
    assert!(
        run.stderr.contains("1 letter is not in the PDF's Courier"),
        "{run}"
    );
    let pdf = std::fs::read(world.path("blue.pdf")).unwrap();
    assert!(pdf.starts_with(b"%PDF-") && pdf.windows(9).any(|part| part == b"/Count 2\n"));
    let html = world.read("blue.html");
    assert!(
        html.contains("Night &lt;Ferry&gt; - BLUE REV. 01/01/26") && html.contains("雨"),
        "{html}"
    );
    // Made again they are the same bytes.
    world.ok(&["revisions", "white", "--pdf", "again.pdf"]);
    assert_eq!(std::fs::read(world.path("again.pdf")).unwrap(), pdf);
}

#[test]
fn what_cannot_be_is_refused_and_nothing_is_written() {
    let world = project();
    let before = world.read("script.fountain");
    for (arguments, code, said) in [
        (
            &["white", "--pdf", "script.fountain"][..],
            2,
            "whose name ends in .pdf",
        ),
        (&["white", "--paper", "mauve"], 2, "no colour of a revision"),
        (
            &["white", "--script", "other.fountain"],
            1,
            "the older version has no other.fountain",
        ),
        (&["nothing"], 1, "nothing"),
        (&["white", "--pdf", "no/folder/x.pdf"], 1, "cannot write"),
    ] {
        let run = world.run(&[&["revisions"], arguments].concat());
        assert_eq!(run.code, Some(code), "{run}");
        assert!(run.stderr.contains(said), "{run}");
    }
    let none = world.run(&["revisions", "white", "white", "--pdf", "none.pdf"]);
    assert_eq!(none.code, Some(0), "{none}");
    assert!(none.stderr.contains("no PDF was written"), "{none}");
    assert!(!world.path("none.pdf").exists());
    assert_eq!(world.read("script.fountain"), before);
    world.write("numbers.toml", "[[scene\n");
    let broken = world.run(&["revisions", "white"]);
    assert_eq!(broken.code, Some(1), "{broken}");
    assert!(
        broken.stderr.contains("numbers.toml of the newer version"),
        "{broken}"
    );
}
