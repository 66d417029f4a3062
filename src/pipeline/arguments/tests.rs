use std::collections::BTreeMap;
use std::ops::Bound;

use super::*;

fn stage(arguments: &[&str]) -> Stage {
    let mut stage = Stage::reading_everything();
    stage.command = std::iter::once("sh")
        .chain(arguments.iter().copied())
        .map(str::to_owned)
        .collect();
    stage
}

fn named(argument: &str, files: &[&str]) -> Vec<String> {
    let files: BTreeMap<String, RepoPath> = files
        .iter()
        .map(|path| ((*path).to_owned(), RepoPath::new(*path).expect("safe")))
        .collect();
    let stage = stage(&[argument]);
    let longest = |upto: &str| {
        let upto = (Bound::Unbounded, Bound::Included(upto));
        files
            .range::<str, _>(upto)
            .next_back()
            .map(|(_, path)| path)
    };
    let found = stage.files_named(&longest);
    for path in files.values() {
        assert_eq!(
            found.contains(&path),
            stage.names_file(path.as_str()),
            "{argument} {path}"
        );
    }
    found.into_iter().map(ToString::to_string).collect()
}

#[test]
fn a_file_is_found_however_it_is_written() {
    let files = [
        "tools/e.sh",
        "tool",
        "tools/up scale.py",
        "tools/e.sha",
        "tools/d",
        "x y",
    ];
    for argument in [
        "tools/e.sh",
        "./tools/e.sh",
        "tools//e.sh",
        "tools/./e.sh",
        ".//tools/.//e.sh",
        "--lut=tools/e.sh",
        "-Itools/e.sh",
        "-I./tools/e.sh",
        "@tools/e.sh",
        "file:tools/e.sh",
        "file:tools%2Fe.sh",
        "a,tools/e.sh",
        ". tools/e.sh; true",
        "cat tools/e.sh|sh",
        "sh<tools/e.sh",
        "'tools'/e.sh",
        "too\\ls/e.sh",
        "$PWD/tools/e.sh",
        "${PWD%/.x*}/tools/e.sh",
        "/proc/self/cwd/tools/e.sh",
        "~/tools/e.sh",
        "inputs/tools/e.sh",
        "$(cat tools/e.sh)",
    ] {
        assert_eq!(named(argument, &files), ["tools/e.sh"], "{argument}");
    }
    assert_eq!(named("tool", &files), ["tool"]);
    assert_eq!(named("-ftool", &files), ["tool"]);
    assert_eq!(named("tools/up scale.py", &files), ["tools/up scale.py"]);
    assert_eq!(named("--x=x y", &files), ["x y"]);
    assert_eq!(named("tool tools/e.sha", &files), ["tool", "tools/e.sha"]);
    for other in [
        "tools/e.sh2",
        "other/tools/e.sh",
        "mytool",
        "tool.",
        "tools",
        "etools/e.sh",
    ] {
        assert_eq!(named(other, &files), [""; 0], "{other}");
    }
}

#[test]
fn what_leads_out_of_the_folder_is_seen() {
    for text in [
        "..",
        "../../../../tools/e.sh",
        "-I../lib",
        "-I..",
        "--dir=..",
        "a/../b",
        "cd ..; . tools/e.sh",
        "cd \"..\"",
        "..//x",
        "./../x",
        ".\\./x",
        "%2e%2e/x",
        "a:..:b",
        "x=..",
        "cd $x..",
        "cd ${x}..; . t/e.sh",
        "cd $1..",
        "cd $-..",
        ".$x./e.sh",
        "cd ${x-..}",
        "cd ${x:-.}.",
        "cd .{.,x}",
        "cd .\"$x\".",
    ] {
        assert_eq!(way_out(text), Some(".."), "{text}");
    }
    for text in [
        ". .?/.?/.?/.?/t*/e.sh",
        "cd .*",
        "cd .[.]/x",
        "cd .[!a]",
        "-I.?/lib",
        "cd a/.?",
        "cd .\\?",
        "cd .$x?",
        "cd .@(.)",
        "cd ${x}.?",
        "cd .**/",
    ] {
        assert_eq!(way_out(text), Some("a pattern that may be .."), "{text}");
    }
    assert_eq!(way_out(". ~rae/film/tools/e.sh"), Some("~"));
    for text in ["$PWD/.aiut/index", "cat .aiut/format", "-C.aiut"] {
        assert_eq!(way_out(text), Some(".aiut"), "{text}");
    }
    for text in [
        "...",
        "1..5",
        "HEAD..",
        "a..b",
        "wait...",
        "s/a/b/",
        "x.aiutignore",
        "-x.",
        "a.b.c",
        "*.png",
        "inputs/*.png",
        "x.*",
        "a.[ch]",
        ".*x",
        ".x?",
        "${f%.*}",
        "\"${f%.*}\".png",
        "$x.png",
        "${x}.png",
        "$a...$b",
        "{a,b}.png",
        "~/x",
        "$1 ~ /x/",
        "sh t*/e.sh",
    ] {
        assert_eq!(way_out(text), None, "{text}");
    }
}

#[test]
fn absolute_paths_are_seen_in_every_place() {
    for text in [
        "/p/x",
        "--a=/p/x",
        "-I/p/x",
        "file:///p/x",
        ". /p/x",
        "@/p/x",
        "\"/p\"/x",
    ] {
        assert!(
            absolute_paths(text).iter().any(|path| path == "/p/x"),
            "{text}"
        );
    }
    assert!(absolute_paths("a/b").is_empty());
}

#[test]
fn words_that_may_be_files_are_recorded() {
    let stage = stage(&[
        "-c",
        "cp tools/a.sh x 1.5",
        "-x",
        "4",
        "--m=lib/b",
        "inputs/c.md",
        "*.py",
    ]);
    let words: Vec<_> = stage.code_arguments().collect();
    assert_eq!(
        words,
        [
            "cp tools/a.sh x 1.5",
            "tools/a.sh",
            "1.5",
            "lib/b",
            "inputs/c.md",
            "c.md",
            ".py"
        ]
    );
}
