//! Scene numbers through single edits, and the file that keeps them.

use super::fountain_support as corpus;
use super::numbers_over_time::{scenes, script_of, written};
use aiut_film::fountain::parse;
use aiut_film::numbers::{Numbers, Omission, renumber, write_numbers};
use aiut_film::scenes::split;

fn numbers_of(text: &str, memory: &Numbers) -> (Numbers, Vec<String>) {
    let (memory, scenes) = memory.number(scenes(text));
    (
        memory,
        scenes
            .into_iter()
            .map(|scene| scene.number.into())
            .collect(),
    )
}

#[test]
fn a_new_scene_takes_a_letter_and_a_cut_one_leaves_its_number_behind() {
    let (memory, numbers) = numbers_of(&script_of(&[0, 1, 2]), &Numbers::default());
    assert_eq!(numbers, ["1", "2", "3"]);
    let (memory, numbers) = numbers_of(&script_of(&[0, 10, 1, 2]), &memory);
    assert_eq!(numbers, ["1", "1A", "2", "3"]);
    let (memory, numbers) = numbers_of(&script_of(&[0, 10, 11, 1, 2, 12]), &memory);
    assert_eq!(numbers, ["1", "1A", "1B", "2", "3", "4"]);
    let (memory, numbers) = numbers_of(&script_of(&[13, 0, 14, 10, 11, 1, 12]), &memory);
    assert_eq!(numbers, ["A1", "1", "A1A", "1A", "1B", "2", "4"]);
    let cut: Vec<&str> = memory
        .rows
        .iter()
        .filter(|row| row.omission == Omission::Cut)
        .map(|row| row.number.as_str())
        .collect();
    assert_eq!(cut, ["3"]);
    // 4 is the last, and 3 stays spent: what comes after is 5; the cut scene comes back as 3.
    let (memory, numbers) = numbers_of(&script_of(&[13, 0, 14, 10, 11, 1, 12, 15]), &memory);
    assert_eq!(numbers.last().unwrap(), "5");
    let (_, numbers) = numbers_of(&script_of(&[13, 0, 14, 10, 11, 1, 2, 12, 15]), &memory);
    assert_eq!(numbers, ["A1", "1", "A1A", "1A", "1B", "2", "3", "4", "5"]);
}

#[test]
fn the_number_in_the_script_wins() {
    let (memory, _) = numbers_of(&script_of(&[0, 1, 2]), &Numbers::default());
    let marked = script_of(&[0, 1, 2]).replacen("DAY\n", "DAY #40#\n", 1);
    let marked = marked.replacen("NIGHT\n", "NIGHT #7A#\n", 1);
    let said: Vec<String> = scenes(&marked)
        .iter()
        .filter_map(|s| s.marked.clone().map(String::from))
        .collect();
    let (memory, numbers) = numbers_of(&marked, &memory);
    assert!(
        !said.is_empty() && said.iter().all(|number| numbers.contains(number)),
        "{numbers:?}"
    );
    assert_eq!(
        memory.rows.len(),
        3,
        "a renamed scene was not cut: {memory:?}"
    );
    // Two scenes that say the same: the first has it.
    let twice = "INT. A - DAY #5#\n\nOne.\n\nINT. B - DAY #5#\n\nTwo.\n";
    let (_, numbers) = numbers_of(twice, &Numbers::default());
    assert_eq!(numbers[0], "5");
    assert_ne!(numbers[1], "5");
    // Before a number that is said, whole numbers count up.
    let (_, numbers) = numbers_of(
        "INT. A\n\nOne.\n\nINT. B #5#\n\nTwo.\n\nINT. C\n\nThree.\n",
        &Numbers::default(),
    );
    assert_eq!(numbers, ["1", "5", "6"]);
}

#[test]
fn omitted_in_the_script_keeps_the_number_and_the_memory() {
    let (memory, _) = numbers_of(&script_of(&[0, 1, 2]), &Numbers::default());
    for omitted in [".OMITTED\n\n", "INT. SOMEWHERE ELSE\n\nOMITTED\n\n"] {
        let text = [written(0), omitted.to_owned(), written(2)].concat();
        let (memory, numbers) = numbers_of(&text, &memory);
        assert_eq!(numbers, ["1", "2", "3"]);
        assert_eq!(memory.rows[1].omission, Omission::Shown);
        assert_eq!(memory.update(&scenes(&text)), memory);
        let (memory, numbers) = numbers_of(&script_of(&[0, 1, 2]), &memory);
        assert_eq!(numbers, ["1", "2", "3"]);
        assert!(
            memory
                .rows
                .iter()
                .all(|row| row.omission == Omission::Present)
        );
    }
}

#[test]
fn a_cut_and_a_placeholder_are_not_taken_for_each_other() {
    let (memory, _) = numbers_of(&script_of(&[0, 1, 2, 3]), &Numbers::default());
    let (memory, _) = numbers_of(&script_of(&[0, 2, 3]), &memory);
    let text = [written(0), ".OMITTED\n\n".to_owned(), written(3)].concat();
    let (memory, numbers) = numbers_of(&text, &memory);
    assert_eq!(numbers, ["1", "3", "4"]);
    assert_eq!(memory.update(&scenes(&text)), memory);
}

#[test]
fn a_scene_rewritten_from_scratch_in_its_place_is_still_that_scene() {
    let before = "INT. BARN - DAY\n\nHay.\n\nEXT. FIELD - DAY\n\nCorn waves in slow wind.\n\nINT. CAR - DAY\n\nRain.\n";
    let after = before.replace(
        "Corn waves in slow wind.",
        "Everything burned down yesterday.",
    );
    let (memory, _) = numbers_of(before, &Numbers::default());
    let (_, numbers) = numbers_of(&after, &memory);
    assert_eq!(numbers, ["1", "2", "3"]);
}

#[test]
fn numbers_are_written_into_the_headings_and_nowhere_else() {
    let text = "Title: X\n\nFADE IN:\n\n\tINT. KITCHEN - DAY  \r\n\r\nTea. #not a number#\n\n.ROOF #4#\n\nWind.\n\nEXT. YARD - NIGHT [[cold [[?]] #9#\n\nSnow.\n\nINT. HALL /* old\n*/\n\nDust.\n";
    let script = parse(text);
    let (memory, numbered) = Numbers::default().number(split(&script));
    let written = write_numbers(&script, &numbered);
    let expected = text
        .replace("DAY  \r", "DAY #1#  \r")
        .replace("HALL /*", "HALL #10# /*");
    assert_eq!(written, expected);
    assert_eq!(
        memory.update(&split(&parse(&written))),
        memory,
        "writing changes no number"
    );
    assert_eq!(write_numbers(&parse(&written), &numbered), written);
    let again = renumber(&parse(&written));
    assert_eq!(
        again,
        expected
            .replace("#4#", "#2#")
            .replace("#9#", "#3#")
            .replace("#10#", "#4#")
    );
    let renumbered = memory.update(&split(&parse(&again)));
    assert_eq!(renumbered, memory.renumber(&split(&parse(&written))));
    assert_eq!(renumbered.rows.len(), 4);
}

#[test]
fn written_numbers_change_only_headings_in_the_corpus() {
    for (path, text) in corpus::screenplays() {
        let script = parse(&text);
        let (memory, numbered) = Numbers::default().number(split(&script));
        let written = write_numbers(&script, &numbered);
        let again = parse(&written);
        let scenes = split(&again);
        assert_eq!(memory.update(&scenes), memory, "{path}");
        for (scene, known) in scenes.iter().zip(&numbered) {
            assert_eq!(scene.content_digest(), known.content_digest(), "{path}");
            assert!(
                scene.is_implicit() || scene.marked.as_ref() == Some(&known.number),
                "{path}: {:?}",
                scene.heading
            );
        }
        let (old, new) = (script.source_lines(), again.source_lines());
        let changed = old.iter().zip(&new).filter(|(old, new)| old != new).count();
        let headings = numbered.iter().filter(|scene| !scene.is_implicit()).count();
        assert!(old.len() == new.len() && changed <= headings, "{path}");
    }
}

#[test]
fn the_file_is_plain_and_its_errors_name_the_line() {
    let text = "INT. \"BAR\" - DAY\n\nA tall woman polishes glasses.\n";
    let (memory, _) = Numbers::default().number(scenes(text));
    let digest = &memory.rows[0].digest;
    assert!(memory.print().ends_with(&format!(
        "\n[[scene]]\nnumber = \"1\"\nheading = \"INT. \\\"BAR\\\" - DAY\"\ndigest = \"{digest}\"\n\
         words = [\"glasses\", \"polishes\", \"tall\", \"woman\"]\n"
    )));
    let row = |number: &str, rest: &str| {
        format!("[[scene]]\nnumber = \"{number}\"\nheading = \"\"\ndigest = \"\"\n{rest}")
    };
    let cases = [
        ("[[scene]\n".to_owned(), 1, "]"),
        (row("1", "colour = 3\n"), 5, "colour"),
        (row("1", "") + &row("2", "") + &row("1", ""), 10, "line 2"),
        (row("1 2", ""), 2, "\"1 2\" is not a scene number"),
        (row("1", "omitted = \"gone\"\n"), 5, "gone"),
        (
            row("1", "shots = [[\"001\", \"a\"], [\"001\", \"b\"]]\n"),
            5,
            "shot 001 is listed twice",
        ),
        (row("1", "retired = [\"x\"]\n"), 5, "\"x\" is not a shot id"),
    ];
    for (text, line, says) in cases {
        let error = Numbers::parse(&text).unwrap_err();
        assert_eq!(error.line, line, "{error}");
        assert!(error.to_string().contains(says), "{error}");
    }
    assert_eq!(Numbers::parse("").unwrap(), Numbers::default());
}
