//! Every `console` block of the README and of the tutorial is run, in order and in one shell for each part that begins with `# `,
//! and its output compared.
//!
//! In a block `$ ` starts a command and `> ` goes on with it; the lines below it are its output. A line `...` stands for any number of lines, `[..]`
//! for any text within a line, and an id (12 or 64 hexadecimal digits) for any other id of its length. A block marked
//! `exit=3` expects its last command to exit with 3, all others with 0. One marked `fixture` prints what it says of the screenplay that the
//! clone brings; of another one only its exit codes are compared.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot set the scene has failed"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Printed between the outputs, before the exit code; no command prints it.
const MARK: &str = "=-=-= exit";

struct Step {
    line: usize,
    command: String,
    expected: Vec<String>,
    exit: i32,
    /// Whether it prints this of one screenplay alone.
    of_fixture: bool,
}

#[test]
fn the_readme_tells_what_the_program_does() {
    tells_what_the_program_does("README.md", "# aiut", None);
}

#[test]
fn the_tutorial_tells_what_the_program_does() {
    tells_what_the_program_does(TUTORIAL, "# A week with aiut", None);
}

#[test]
fn two_people_make_one_film() {
    tells_what_the_program_does(TUTORIAL, TWO_DESKS, None);
}

/// The same with a feature that is none of this repository.
#[allow(
    clippy::disallowed_methods,
    reason = "tests are told where the corpus lies"
)]
#[test]
fn two_people_make_one_film_of_a_feature() {
    let corpus = std::env::var_os("AIUT_CORPUS").map(PathBuf::from);
    let feature = corpus.map(|corpus| corpus.join("feature/big-fish.screenplain.fountain"));
    let Some(feature) = feature.filter(|feature| feature.is_file()) else {
        println!("skipped: AIUT_CORPUS names no folder with a feature");
        return;
    };
    tells_what_the_program_does(TUTORIAL, TWO_DESKS, Some(&feature));
}

const TUTORIAL: &str = "docs/tutorial.md";
const TWO_DESKS: &str = "# Two desks, one film";

/// Runs the part of a page that begins with a line, with another screenplay than its own if one is given.
fn tells_what_the_program_does(page: &str, part: &str, script: Option<&Path>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join(page)).unwrap();
    let mut steps = steps(page, &only(&text, part));
    let found = steps.len();
    assert!(found > 20, "only {found} commands found in {page}");
    for step in steps.iter_mut().filter(|step| step.of_fixture) {
        if script.is_some() {
            step.expected = vec!["...".to_owned()];
        }
    }

    let output = run(root, &steps, script);
    let mut rest = output.as_str();
    let mut wrong = String::new();
    for step in &steps {
        let place = format!("{page}:{}: `{}`", step.line, step.command);
        let (printed, code, after) =
            next_output(rest).unwrap_or_else(|| panic!("{place} did not come to its end:\n{rest}"));
        rest = after;
        let printed: Vec<&str> = printed.lines().collect();
        if code != step.exit {
            let _ = writeln!(wrong, "{place} exits with {code}, not {}", step.exit);
        }
        if code != step.exit || !lines_match(&step.expected, &printed) {
            let (expected, printed) = (step.expected.join("\n"), printed.join("\n"));
            let _ = writeln!(
                wrong,
                "{place}\n--- told\n{expected}\n--- printed\n{printed}\n"
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// One shell for all commands, so that `cd` and edits last, in a folder that holds the clone as `aiut` and nothing else.
fn run(root: &Path, steps: &[Step], script_file: Option<&Path>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let (home, work) = (folder.path().join("home"), folder.path().join("work"));
    std::fs::create_dir(&home).unwrap();
    std::fs::create_dir(&work).unwrap();
    std::os::unix::fs::symlink(root, work.join("aiut")).unwrap();

    let mut script = String::from("exec 2>&1\nPATH=\"$AIUT_BIN:$PATH\"\n");
    for step in steps {
        // The line end keeps the mark apart from output without one; `next_output` takes it away.
        let _ = writeln!(script, "{}\nprintf '\\n{MARK} %d\\n' $?", step.command);
    }
    let bin = Path::new(env!("CARGO_BIN_EXE_aiut"))
        .parent()
        .expect("a program lies in a folder");
    let mut shell = Command::new("sh");
    match script_file {
        Some(file) => shell.env("SCRIPT", file),
        None => shell.env_remove("SCRIPT"),
    };
    let done = shell
        .args(["-c", &script])
        .current_dir(&work)
        .stdin(Stdio::null())
        .env("AIUT_BIN", bin)
        .env("HOME", &home)
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env_remove("AIUT_AUTHOR_NAME")
        .env_remove("AIUT_AUTHOR_EMAIL")
        .env("AIUT_PAGER", "")
        .env_remove("AIUT_CLOCK")
        .output()
        .unwrap();
    String::from_utf8(done.stdout).unwrap()
}

/// What the next command printed, its exit code, and what follows.
fn next_output(text: &str) -> Option<(&str, i32, &str)> {
    let (printed, rest) = text.split_once(&format!("\n{MARK} "))?;
    let (code, rest) = rest.split_once('\n')?;
    Some((printed, code.parse().ok()?, rest))
}

/// The text with every other part taken out line by line, so that lines keep their numbers.
fn only(text: &str, part: &str) -> String {
    let (mut is_within, mut is_code) = (false, false);
    let mut kept = String::new();
    for line in text.lines() {
        is_code ^= line.starts_with("```");
        if !is_code && line.starts_with("# ") {
            is_within = line == part;
        }
        kept += if is_within { line } else { "" };
        kept.push('\n');
    }
    kept
}

fn steps(page: &str, text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut exit = None;
    let mut of_fixture = false;
    for (index, line) in text.lines().enumerate() {
        match (line.strip_prefix("```"), exit) {
            (Some(info), None) => {
                exit = block_exit(info, &format!("{page}:{}", index + 1));
                of_fixture = info.split_whitespace().any(|word| word == "fixture");
            }
            (Some(_), Some(code)) => {
                steps.last_mut().expect("a block has a command").exit = code;
                exit = None;
            }
            (None, None) => {}
            (None, Some(_)) => match (line.strip_prefix("$ "), steps.last_mut()) {
                (Some(command), _) => {
                    steps.push(Step {
                        line: index + 1,
                        command: command.to_owned(),
                        expected: Vec::new(),
                        exit: 0,
                        of_fixture,
                    });
                }
                (None, Some(step)) => match line.strip_prefix('>') {
                    Some(more) if step.expected.is_empty() => {
                        step.command += "\n";
                        step.command += more.strip_prefix(' ').unwrap_or(more);
                    }
                    _ => step.expected.push(line.to_owned()),
                },
                (None, None) => panic!("{page}:{}: output before any command", index + 1),
            },
        }
    }
    assert!(exit.is_none(), "{page}: the last block has no end");
    steps
}

/// The exit code that the last command of a block is to have; `None` if the block is no `console` or a fence of another kind.
fn block_exit(info: &str, place: &str) -> Option<i32> {
    let mut words = info.split_whitespace().filter(|word| *word != "fixture");
    if words.next() != Some("console") {
        return None;
    }
    match words.next() {
        None => Some(0),
        Some(word) => {
            let code = word
                .strip_prefix("exit=")
                .and_then(|code| code.parse().ok());
            Some(code.unwrap_or_else(|| panic!("{place}: `{word}` is not exit=CODE")))
        }
    }
}

fn lines_match(expected: &[String], printed: &[&str]) -> bool {
    match expected.split_first() {
        None => printed.is_empty(),
        Some((any, rest)) if any == "..." => {
            (0..=printed.len()).any(|from| lines_match(rest, &printed[from..]))
        }
        Some((line, rest)) => printed
            .split_first()
            .is_some_and(|(first, after)| line_matches(line, first) && lines_match(rest, after)),
    }
}

fn line_matches(expected: &str, printed: &str) -> bool {
    let (expected, printed) = (
        without_ids(expected.trim_end()),
        without_ids(printed.trim_end()),
    );
    let mut parts = expected.split("[..]");
    let first = parts.next().expect("a split has a part");
    let Some(mut rest) = printed.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// Commit ids follow from the time, and ids of sounds and clips from the installed programs.
fn without_ids(line: &str) -> String {
    let is_id = |word: &str| {
        [12, 64].contains(&word.len())
            && word.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    let words = line.split(' ').map(|word| {
        if is_id(word.trim_end_matches([':', ','])) {
            "ID"
        } else {
            word
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn what_differs_is_found() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let matches =
        |told: &str, printed: &str| lines_match(&lines(told), &printed.lines().collect::<Vec<_>>());
    assert!(matches("a\n...\nz", "a\nb\nc\nz"));
    assert!(matches("a\n...\nz", "a\nz"));
    assert!(!matches("a\n...\nz", "a\nb"));
    assert!(!matches("a", "a\nb"), "a line too many");
    assert!(!matches("a\nb", "a"), "a line too few");
    assert!(!matches("", "a"));
    assert!(matches("about [..], $0", "about 3 min, $0"));
    assert!(!matches("about [..], $0", "about 3 min, $1"));
    assert!(!matches("ab[..]bc", "abc"), "the two ends do not overlap");
    assert!(matches("0123456789ab First", "ba9876543210 First"));
    assert!(!matches("0123456789ab First", "ba9876543210 Second"));
    assert!(!matches("0123456789ab First", "none First"));
    assert!(!matches("10 outputs", "11 outputs"));
}

#[test]
fn a_block_is_read_as_it_is_written() {
    let text = "```sh\n$ no\n```\n```console exit=3\n$ one\nout\n\n$ two\n```\n```console\n$ three\n> more\n```\n";
    let steps = steps("a page", text);
    assert!(!steps[0].of_fixture);
    let told: Vec<_> = steps
        .iter()
        .map(|s| (s.line, s.command.as_str(), s.expected.join("|"), s.exit))
        .collect();
    assert_eq!(
        told,
        [
            (5, "one", "out|".to_owned(), 0),
            (8, "two", String::new(), 3),
            (11, "three\nmore", String::new(), 0)
        ]
    );
}

#[test]
fn a_part_is_run_alone() {
    let text =
        "# One\n```console\n$ one\n# no part\n```\n# Two\n```console fixture exit=1\n$ two\n```\n";
    let told = |part| -> Vec<_> {
        let steps = steps("a page", &only(text, part)).into_iter();
        let step = |step: Step| (step.line, step.command, step.exit, step.of_fixture);
        steps.map(step).collect()
    };
    assert_eq!(told("# One"), [(3, "one".to_owned(), 0, false)]);
    assert_eq!(told("# Two"), [(8, "two".to_owned(), 1, true)]);
}
