//! Differences as programs get them: what `git apply` takes, and commits named as to git.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use super::world::{World, write};
use crate::edits::Random;

/// What a folder holds: bytes and executable bit by path.
type Files = BTreeMap<String, (Vec<u8>, bool)>;

struct Dice(Random);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0.below(limit)
    }

    fn line(&mut self) -> String {
        let words = [
            "",
            "Rae waits.",
            "INT. KITCHEN - NIGHT",
            " leading",
            "trailing ",
            "\t",
            "a\rb",
            "\r",
            "\u{1b}[31mred",
            "\u{202e}turned",
            "\u{2028}",
            "Ærø",
            "--- a/x",
            "+++ b/x",
            "@@ -1 +1 @@",
            "\\ No newline at end of file",
            "diff --git a/x b/x",
            "-",
            "+",
            "{",
            "\u{b}\u{c}\u{85}",
        ];
        let mut line = words[self.below(words.len())].to_owned();
        if self.below(2) == 0 {
            line += &self.below(40).to_string();
        }
        line + ["\n", "\n", "\n", "\r\n"][self.below(4)]
    }

    fn text(&mut self) -> Vec<u8> {
        let lines = [0, 1, 2, 12, 60][self.below(5)];
        let text: String = (0..lines).map(|_| self.line()).collect();
        self.end(text)
    }

    /// The text, in one of four without its last line's end.
    fn end(&mut self, text: String) -> Vec<u8> {
        match self.below(4) {
            0 => text.trim_end_matches('\n').as_bytes().to_vec(),
            _ => text.into_bytes(),
        }
    }

    fn edited(&mut self, bytes: &[u8]) -> Vec<u8> {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        for _ in 0..=self.below(3) {
            let at = self.below(lines.len() + 1);
            match self.below(3) {
                0 if at < lines.len() => drop(lines.remove(at)),
                1 if at < lines.len() => lines[at] = self.line(),
                _ => {
                    let line = self.line();
                    // Behind a last line without an end, a new line would join it.
                    let at = if lines.last().is_some_and(|last| !last.ends_with('\n')) {
                        at.min(lines.len() - 1)
                    } else {
                        at
                    };
                    lines.insert(at, line);
                }
            }
        }
        let text = lines.concat();
        self.end(text)
    }

    fn change(&mut self, files: &mut Files) {
        let paths: Vec<String> = files.keys().cloned().collect();
        if paths.is_empty() {
            return;
        }
        let path = paths[self.below(paths.len())].clone();
        match self.below(7) {
            0 => drop(files.remove(&path)),
            1 => {
                let (bytes, exec) = files.remove(&path).unwrap();
                let bytes = if self.below(2) == 0 {
                    self.edited(&bytes)
                } else {
                    bytes
                };
                files.insert(format!("moved/{} {path}", self.below(9)), (bytes, exec));
            }
            2 => {
                let text = self.text();
                files.insert(
                    format!("new {}/ü.txt", self.below(9)),
                    (text, self.below(3) == 0),
                );
            }
            3 => files.get_mut(&path).unwrap().1 ^= true,
            4 if !path.contains('/') => {
                // A folder takes the place of a file.
                let (bytes, exec) = files.remove(&path).unwrap();
                files.insert(format!("{path}/inner"), (self.edited(&bytes), exec));
            }
            _ => {
                let edited = self.edited(&files[&path].0);
                files.entry(path).and_modify(|file| file.0 = edited);
            }
        }
    }
}

#[cfg(unix)]
fn lay_out(root: &Path, files: &Files) {
    use std::os::unix::fs::PermissionsExt;
    for entry in std::fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        match path.file_name().unwrap().to_str() {
            Some(".aiut") => {}
            _ if path.is_dir() => std::fs::remove_dir_all(path).unwrap(),
            _ => std::fs::remove_file(path).unwrap(),
        }
    }
    for (path, (bytes, exec)) in files {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        write(&path, bytes);
        let mode = if *exec { 0o755 } else { 0o644 };
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
}

#[cfg(unix)]
fn found(root: &Path) -> Files {
    use std::os::unix::fs::PermissionsExt;
    let mut files = Files::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            let exec = path.metadata().unwrap().permissions().mode() & 0o100 != 0;
            files.insert(name, (std::fs::read(&path).unwrap(), exec));
        }
    }
    files
}

#[cfg(unix)]
fn git_apply(folder: &Path, patch: &[u8]) -> Result<(), String> {
    let mut command = Command::new("git");
    command
        .args(["apply", "--whitespace=nowarn", "-"])
        .current_dir(folder);
    command.env("HOME", folder).env("GIT_CONFIG_NOSYSTEM", "1");
    command.env("GIT_CEILING_DIRECTORIES", folder.parent().unwrap());
    let mut child = command
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(patch).unwrap();
    let run = child.wait_with_output().unwrap();
    match run.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&run.stderr).into_owned()),
    }
}

#[cfg(unix)]
#[test]
#[allow(clippy::print_stderr)]
fn git_apply_makes_of_the_old_files_the_new_ones() {
    const ROUNDS: u64 = 40;
    if Command::new("git").arg("--version").output().is_err() {
        eprintln!("there is no git to compare with");
        return;
    }
    let seed = std::env::var("AIUT_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let seed: u64 = seed.unwrap_or_else(|| u64::from(std::process::id()) << 20);
    eprintln!("AIUT_SEED={seed}");
    for round in 0..ROUNDS {
        let mut dice = Dice(Random::new(seed + round));
        let world = World::new();
        world.ok(&["init", "-q", "--template", "none"]);
        let mut files = Files::new();
        for path in [
            "a.txt",
            "with space.txt",
            "Ærø.md",
            "sub/it's é.txt",
            "run",
            "sub/{b}",
        ] {
            files.insert(path.to_owned(), (dice.text(), path == "run"));
        }
        lay_out(&world.path(""), &files);
        world.ok(&["commit", "-q", "-m", "Old"]);
        let old = files.clone();
        for _ in 0..=dice.below(5) {
            dice.change(&mut files);
        }
        lay_out(&world.path(""), &files);
        let copy = tempfile::tempdir().unwrap();
        let check = |arguments: &[&str], from: &Files, to: &Files| {
            let patch = world
                .command(&world.path(""), arguments)
                .output()
                .unwrap()
                .stdout;
            lay_out(copy.path(), from);
            if patch.is_empty() {
                assert_eq!(from, to, "seed {}", seed + round);
                return;
            }
            let applied = git_apply(copy.path(), &patch);
            let text = String::from_utf8_lossy(&patch);
            assert_eq!(applied, Ok(()), "seed {}\n{text}", seed + round);
            assert!(found(copy.path()) == *to, "seed {}\n{text}", seed + round);
        };
        check(&["diff"], &old, &files);
        if files == old {
            continue;
        }
        world.ok(&["commit", "-q", "-m", "New"]);
        check(&["diff", "HEAD~1", "HEAD"], &old, &files);
        check(&["diff", "HEAD", "HEAD~1"], &files, &old);
        check(&["show"], &old, &files);
    }
}

#[test]
fn what_is_no_text_is_said_as_git_says_it() {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    world.write("a b.bin", b"\0\x01");
    world.ok(&["commit", "-q", "-m", "Old"]);
    world.write("a b.bin", b"\0\x02");
    world.write("é.bin", b"\0\x02");
    let shown = world.ok(&["diff"]);
    for line in [
        "diff --git a/a b.bin b/a b.bin\n",
        "Binary files a/a b.bin and b/a b.bin differ\n",
        "diff --git \"a/\\303\\251.bin\" \"b/\\303\\251.bin\"\nnew file mode 100644\n",
        "Binary files /dev/null and \"b/\\303\\251.bin\" differ\n",
    ] {
        assert!(shown.contains(line), "{line}{shown}");
    }
    // Who reads it is told what changed and nothing for programs.
    let read = world.ok(&["--color", "always", "diff"]);
    assert!(
        !read.contains("diff --git") && read.contains("size"),
        "{read}"
    );
}

/// Two timelines that part after the first commit: `main` with A and B, `side` with C.
fn parted() -> World {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    let commit = |name: &str| {
        world.write(name, name);
        world.ok(&["commit", "-q", "-m", name]);
    };
    commit("Root");
    world.ok(&["branch", "-q", "side"]);
    commit("A");
    commit("B");
    world.ok(&["switch", "-q", "side"]);
    commit("C");
    world.ok(&["switch", "-q", "main"]);
    world
}

#[test]
fn parts_of_the_history_are_named_as_to_git() {
    let world = parted();
    let log = |words: &[&str]| {
        let shown = world.ok(&[&["log", "--oneline"], words].concat());
        let last = |line: &str| line.rsplit(' ').next().unwrap().to_owned();
        shown.lines().map(last).collect::<Vec<_>>().join(" ")
    };
    for (words, expected) in [
        (&["main..side"][..], "C"),
        (&["side.."], "B A"),
        (&["..side"], "C"),
        (&["main...side"], "C B A"),
        (&["^main", "side"], "C"),
        (&["side", "^main~1"], "C"),
        (&["main", "side"], "C B A Root"),
        (&["-1"], "B"),
        (&["-2", "main"], "B A"),
        (&["main~1..main"], "B"),
        (&["side..main", "A"], "A"),
        (&["side..main", "--", "A"], "A"),
        (&["-1", "^side", "main", "--", "A"], "A"),
        (&["main..main"], ""),
    ] {
        assert_eq!(log(words), expected, "{words:?}");
    }
    let diff = |words: &[&str]| {
        let changes = world.json(&[&["diff"], words].concat())["changes"].clone();
        let named = |change: &serde_json::Value| {
            let side = if change["new"].is_null() {
                "old"
            } else {
                "new"
            };
            let path = change[side]["path"].as_str().unwrap().to_owned();
            if side == "old" {
                format!("-{path}")
            } else {
                path
            }
        };
        changes
            .as_array()
            .unwrap()
            .iter()
            .map(named)
            .collect::<Vec<_>>()
            .join(" ")
    };
    for (words, expected) in [
        (&["main...side"][..], "C"),
        (&["side...main"], "A B"),
        (&["main..side"], "-A -B C"),
        (&["^main", "side"], "-A -B C"),
        (&["side", "^main"], "-A -B C"),
        (&["main~1:B", "main:B"], "B"),
    ] {
        assert_eq!(diff(words), expected, "{words:?}");
    }
    for words in [&["log", "nowhere..side"][..], &["diff", "main...nowhere"]] {
        let run = world.run(words);
        assert_eq!(run.code, Some(1), "{run}");
        assert!(run.stderr.contains("is called \"nowhere\""), "{run}");
    }
    assert_eq!(world.run(&["log", "-1", "-n", "2"]).code, Some(2));
    // Two files of any names.
    let both = world.ok(&["diff", "main~1:A", "main:B"]);
    assert!(both.contains("A") && both.contains("B"), "{both}");
}

#[test]
fn a_timeline_that_looks_like_an_id_hides_no_commit() {
    let world = parted();
    let id = world.json(&["log", "main"])[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let subject = |revision: &str| world.json(&["show", revision])["subject"].clone();
    for digits in [64, 12] {
        world.ok(&["branch", "-q", &id[..digits], "side"]);
        assert_eq!(subject(&id[..digits]), "B", "{digits}");
        assert_eq!(subject(&format!("timelines/{}", &id[..digits])), "C");
        world.ok(&["branch", "-q", "-d", &id[..digits]]);
    }
    let short = &id[..6];
    world.ok(&["branch", "-q", short, "side"]);
    let run = world.run(&["show", short]);
    assert_eq!(run.code, Some(1), "{run}");
    for named in [&format!("timelines/{short}"), &id[..12]] {
        assert!(run.stderr.contains(named), "{run}");
    }
    // On the same commit, nothing is left to ask.
    world.ok(&["branch", "-q", "-d", short]);
    world.ok(&["branch", "-q", short, "main"]);
    assert_eq!(subject(short), "B");
}

#[test]
fn a_message_is_kept_as_git_keeps_it() {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    let mut number = 0;
    let mut commit = |arguments: &[&str], input: Option<&[u8]>| {
        number += 1;
        world.write("a", number.to_string());
        let mut command = world.command(&world.path(""), &[&["commit", "-q"], arguments].concat());
        if input.is_some() {
            command.stdin(Stdio::piped());
        }
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        if let Some(input) = input {
            child.stdin.take().unwrap().write_all(input).unwrap();
        }
        let run = child.wait_with_output().unwrap();
        match run.status.code() {
            Some(0) => world.json(&["log", "-n", "1"])[0]["message"]
                .as_str()
                .unwrap()
                .to_owned(),
            code => format!("{code:?} {}", String::from_utf8_lossy(&run.stderr)),
        }
    };
    world.write("message", "\n\n from a file\n");
    for (arguments, input, expected) in [
        (
            &["-m", "\n \n\nhello  \n\n\n\nb\t\n\n"][..],
            None,
            "hello\n\nb",
        ),
        (&["-m", "one", "-m", "two"], None, "one\n\ntwo"),
        (&["-m", "-"], None, "-"),
        (
            &["-F", "-"],
            Some(&b"\r\n  read\r\nhere\r\n"[..]),
            "  read\nhere",
        ),
        (&["-F", "message"], None, " from a file"),
        (&["-m", "# kept"], None, "# kept"),
    ] {
        assert_eq!(commit(arguments, input), expected, "{arguments:?}");
    }
    for (arguments, input) in [
        (&["-m", " \n\t\n"][..], None),
        (&["-F", "-"], Some(&b"\n"[..])),
    ] {
        let told = commit(arguments, input);
        assert!(
            told.starts_with("Some(1) error: the message is empty"),
            "{told}"
        );
    }
    assert!(commit(&["-F", "-"], Some(b"\xff")).contains("it is not UTF-8 text"));
    assert!(commit(&["-F", "nowhere"], None).contains("cannot read nowhere"));
    assert!(commit(&["-F", "message", "-m", "x"], None).starts_with("Some(2)"));
    assert_eq!(world.json(&["log", "-n", "1"])[0]["subject"], "# kept");
}
