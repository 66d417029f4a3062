use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use super::*;
use crate::worktree::tests::{names, project};
use crate::worktree::{Scan, StatCache};

fn scan(tree: &WorkTree) -> Scan {
    tree.scan(
        tree.look(&StatCache::default()),
        [].iter(),
        &BTreeSet::new(),
    )
}

/// Whether the rules ignore a file, or a folder where the path ends in `/`.
fn ignores(rules: &[u8], path: &str) -> bool {
    let rules = Rules::new("", rules, None);
    rules.ignores(path.trim_end_matches('/').as_bytes(), path.ends_with('/'))
}

#[test]
fn patterns_mean_what_they_mean_to_git() {
    for (rules, path, ignored) in [
        // Braces are letters.
        ("*.png{}", "a.png", false),
        ("*.png{}", "a.png{}", true),
        ("*.{png,wav}", "a.png", false),
        ("{", "{", true),
        ("[[:alpha:]]x", "ax", true),
        ("[[:alpha:]]x", "1x", false),
        ("[[:digit:][:upper:]]", "Q", true),
        // A class that is not closed is a set of letters; an unknown one fits nothing.
        ("[[:alpha]", "p", true),
        ("x[[:alpha][:digit:]]", "xpd]", true),
        ("[[:nought:]x]", "x", false),
        ("x/a**/c", "x/ab/d/c", true),
        ("x/[a]**/c", "x/ab/d/c", false),
        ("x/a**c", "x/ab/d/c", false),
        ("[z-a]", "m", false),
        ("[^a]b", "cb", true),
        ("[!a]b", "ab", false),
        ("[]-]x", "]x", true),
        // What is never closed fits nothing.
        ("[abc", "[abc", false),
        ("foo\\", "foo", false),
        ("\\#a", "#a", true),
        ("#a", "#a", false),
        ("\\!a", "!a", true),
        ("a \\ ", "a  ", true),
        ("a   ", "a", true),
        ("a\t", "a", false),
        ("/a/*/c", "a/b/c", true),
        ("a/*", "a/b/c", false),
        ("a/**/c", "a/b/d/c", true),
        ("a/**/c", "a/c", true),
        ("**/c", "c", true),
        ("a/**", "a/b", true),
        ("a/**", "a/", false),
        ("a**b", "axb", true),
        ("x/y", "a/x/y", false),
        ("y", "x/y", true),
        ("y/", "x/y", false),
        ("y/", "x/y/", true),
        ("\u{feff}y", "y", true),
        ("y\r\nz\r\n", "z", true),
        ("*.a\n!b.a", "b.a", false),
        ("!b.a\n*.a", "b.a", true),
    ] {
        assert_eq!(
            ignores(rules.as_bytes(), path),
            ignored,
            "{rules:?} {path:?}"
        );
    }
    // What follows bytes that are no UTF-8 counts, and so do they.
    assert!(ignores(b"caf\xe9\n*.tmp\n", "a.tmp"));
    assert!(Rules::new("", b"caf\xe9\n", None).ignores(b"caf\xe9", false));
    assert!(!ignores(b"*.tmp\0.x\n", "a.tmp.x"));
}

#[test]
fn a_rule_is_told_with_its_file_and_line() {
    let top = Arc::new(Rules::new("", b"# comment\n\n*.tmp\n", None));
    let inner = Rules::new("shots/old", b"!keep.tmp\n/*.bak\n", Some(top));
    let verdict = |path: &str| inner.verdict(path.as_bytes(), false);
    assert_eq!(verdict("shots/old/a.tmp").unwrap().rule, ".aiutignore:3");
    assert!(!verdict("shots/old/keep.tmp").unwrap().ignored);
    let bak = verdict("shots/old/a.bak").unwrap();
    assert_eq!(bak.rule, "shots/old/.aiutignore:2");
    assert_eq!(verdict("shots/old/a"), None);
}

#[cfg(unix)]
#[test]
fn an_ignore_file_that_is_no_file_holds_no_rules_and_is_named() {
    let (folder, tree) = project(&[("rules", "*\n"), ("a/x", "1"), ("b/x", "1"), ("c/x", "1")]);
    std::os::unix::fs::symlink("../rules", folder.path().join("a/.aiutignore")).unwrap();
    let pipe = Command::new("mkfifo")
        .arg(folder.path().join("b/.aiutignore"))
        .status();
    assert!(pipe.unwrap().success());
    std::fs::create_dir(folder.path().join("c/.aiutignore")).unwrap();
    let found = scan(&tree);
    assert_eq!(names(&found), ["a/x", "b/x", "c/x", "rules"]);
    let skipped: Vec<_> = found
        .skipped
        .iter()
        .map(|entry| entry.path.as_str())
        .collect();
    assert_eq!(skipped, ["a/.aiutignore", "b/.aiutignore"]);
    assert_eq!(found.unreadable, []);
}

#[cfg(unix)]
#[test]
fn what_keeps_a_named_path_out_is_told() {
    let (folder, tree) = project(&[
        (".aiutignore", "*.tmp\n/out/\n"),
        ("a.tmp", "1"),
        ("out/deep/x", "1"),
        ("sequel/.aiut/format", "1"),
        ("sequel/x", "1"),
        ("kept", "1"),
    ]);
    std::os::unix::fs::symlink("kept", folder.path().join("link")).unwrap();
    let why = |path: &str| {
        let told = tree.why_unlisted(&RepoPath::new(path).unwrap());
        told.map(|entry| format!("{}: {}", entry.path, entry.reason))
    };
    for (path, told) in [
        ("a.tmp", "a.tmp: ignored by .aiutignore:1"),
        ("out/deep/x", "out: ignored by .aiutignore:2"),
        ("link", "link: a symlink, which is not followed"),
        ("link/x", "link: a symlink, which is not followed"),
        ("sequel/x", "sequel: a project of its own"),
    ] {
        assert_eq!(why(path).as_deref(), Some(told), "{path}");
    }
    for path in ["kept", "missing", "missing/x", "kept/x"] {
        assert_eq!(why(path), None, "{path}");
    }
}

/// Random numbers from a seed, so that a failure can be had again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn of<'a>(&mut self, parts: &[&'a str]) -> &'a str {
        parts[self.below(parts.len())]
    }

    fn pattern(&mut self) -> Vec<u8> {
        let parts = [
            "a",
            "b",
            "c",
            "ab",
            "x.tmp",
            "*",
            "*",
            "**",
            "/",
            "/",
            "?",
            "[ab]",
            "[!a]",
            "[^b-z]",
            "[[:alpha:]]",
            "[[:digit:]x]",
            "[[:upper:][:punct:]]",
            "[a-c-e]",
            "[]a]",
            "[[:x",
            "[z-a]",
            "[a",
            "a**",
            "d",
            "{",
            "}",
            "{a,b}",
            "\\",
            "\\*",
            "\\[",
            "\\a",
            " ",
            "#",
            "!",
            "-",
            "]",
            "[[a]",
            "[\\]]",
            "[[:alpha]",
            "1",
            "é",
            "[é]",
            ".",
        ];
        let mut pattern = Vec::new();
        pattern.extend(
            self.of(&["", "", "", "", "", "!", "/", "\\", "**/", "*"])
                .bytes(),
        );
        for _ in 0..=self.below(5) {
            pattern.extend(self.of(&parts).bytes());
        }
        pattern.extend(
            self.of(&["", "", "", "", "/", "/**", "/*", " ", "\\ ", "*"])
                .bytes(),
        );
        if self.below(40) == 0 {
            pattern.push(0xe9);
        }
        pattern
    }

    fn rules(&mut self) -> Vec<u8> {
        let mut rules = Vec::new();
        for _ in 0..=self.below(3) {
            rules.extend(self.pattern());
            rules.extend(self.of(&["\n", "\n", "\n", "\r\n", "\n\n#c\n"]).bytes());
        }
        rules
    }
}

#[allow(clippy::disallowed_methods)]
fn write(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn a_pattern_of_many_stars_ends() {
    let stars = "*a".repeat(200) + "b";
    assert!(!ignores(stars.as_bytes(), &"a".repeat(5_000)));
    assert!(ignores(("*a".repeat(200)).as_bytes(), &"a".repeat(5_000)));
    let folders = "**/a/".repeat(60) + "b";
    assert!(!ignores(folders.as_bytes(), &"a/".repeat(500)));
}

/// Every rule over every path, beside git with the same files and the same name of ignore files.
#[cfg(unix)]
#[test]
#[allow(clippy::disallowed_methods, clippy::print_stderr)]
fn what_is_ignored_is_what_git_ignores() {
    const FOLDERS: usize = 700;
    let paths = [
        "a", "b", "ab", "x.tmp", "x.tmp{}", "{", "}", "{a,b}", "1", "!", "#", "-", "]", "[", "[a",
        "é", "a b", "Z", ".a", "!a", "#a", "d/a", "d/b", "d/x.tmp", "d/ab/c", "d/ab/a", "c/c/c",
        "c/a/b", "c/d/a/b", "c/ab", "aa/b/c/a", "aa/[/a", "aa/x.tmp", "aa/{/b",
    ];
    let seed = std::env::var("AIUT_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| u64::from(std::process::id()) << 20 | 0x5eed);
    eprintln!("AIUT_SEED={seed}");
    let mut dice = Dice(seed);
    let (folder, tree) = project(&[]);
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(arguments).current_dir(folder.path());
        command
            .env("HOME", folder.path())
            .env("GIT_CONFIG_NOSYSTEM", "1");
        command.output()
    };
    if !git(&["init", "-q"]).is_ok_and(|run| run.status.success()) {
        eprintln!("there is no git to compare with");
        return;
    }
    let mut rules = Vec::new();
    for number in 0..FOLDERS {
        let at = folder.path().join(format!("{number:03}"));
        paths.iter().for_each(|path| write(&at.join(path), b""));
        let here = dice.rules();
        write(&at.join(IGNORE_FILE), &here);
        let below = (dice.below(3) == 0).then(|| {
            let place = dice.of(&["d", "c", "c/d", "aa/b"]);
            (place, dice.rules())
        });
        if let Some((place, rules)) = &below {
            write(&at.join(place).join(IGNORE_FILE), rules);
        }
        rules.push((here, below));
    }
    let listing = git(&[
        "ls-files",
        "-z",
        "--others",
        "--exclude-per-directory=.aiutignore",
    ]);
    let listing = String::from_utf8(listing.unwrap().stdout).unwrap();
    let expected: BTreeSet<&str> = listing
        .split('\0')
        .filter(|path| !path.is_empty())
        .collect();
    let found = scan(&tree);
    assert_eq!(found.unreadable, [], "seed {seed}");
    let found: BTreeSet<&str> = found.files.keys().map(RepoPath::as_str).collect();
    let differs: Vec<_> = expected
        .symmetric_difference(&found)
        .take(20)
        .map(|path| {
            let (here, below) = &rules[path[..3].parse::<usize>().unwrap()];
            let text = |rules: &[u8]| String::from_utf8_lossy(rules).into_owned();
            let below = below.as_ref().map(|(place, rules)| (*place, text(rules)));
            (*path, expected.contains(path), text(here), below)
        })
        .collect();
    assert!(
        differs.is_empty(),
        "seed {seed}; path, kept by git, rules: {differs:#?}"
    );
    assert!(
        expected.len() > FOLDERS * paths.len() / 4,
        "too little was kept to say anything"
    );
}
