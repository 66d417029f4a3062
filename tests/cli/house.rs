//! Links, pipes and files with other names in `.aiut`: nothing outside is touched, nothing hangs.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::world::{Run, World};

const SCRIPT: &str = "INT. KITCHEN - DAY\n\nRUTH, 40, fills a kettle.\n\nRUTH\nLate again.\n";

/// Each command as somebody would type it. `generate` stops at texts, which take no time.
const COMMANDS: &[&[&str]] = &[
    &["status"],
    &["log"],
    &["blame", "script.fountain"],
    &["bisect", "log"],
    &["note", "list"],
    &["show"],
    &["diff"],
    &["revisions", "HEAD~1", "HEAD"],
    &["cat", "HEAD:script.fountain"],
    &["ls"],
    &["search", "kettle"],
    &["op", "log"],
    &["scenes"],
    &["stages"],
    &["plan"],
    &["stale"],
    &["why", "prompts/001_001.json"],
    &["takes", "prompts/001_001.json"],
    &["pick", "prompts/001_001.json", "1"],
    &["accept", "--why", "as it is", "prompts/001_001.json"],
    &["approve", "script.fountain"],
    &["deps", "prompts/001_001.json"],
    &["cost"],
    &["continuity"],
    &["mirror", "1"],
    &["explain", "shot", "001_001"],
    &["whence", "script.fountain"],
    &["du"],
    &["doctor"],
    &["completions", "bash"],
    &["man", "../man"],
    &["textconv", "script.fountain"],
    &[
        "merge-driver",
        "../nothing",
        "../nothing",
        "../nothing",
        "a",
    ],
    &["trust"],
    &["config", "film.title", "Two Rooms"],
    &["init"],
    &["import", "../brought.fountain"],
    &["commit", "-m", "More"],
    &["branch", "other"],
    &["timeline"],
    &["tag", "cut"],
    &["switch", "main"],
    &["revert", "HEAD"],
    &["cherry-pick", "HEAD~1"],
    &["merge", "--plan", "main"],
    &["rebase", "main"],
    &["resolve", ".", "--ours"],
    &["remote", "add", "studio", "../studio"],
    &["fetch", "studio"],
    &["pull", "studio"],
    &["push", "studio"],
    &["clone", ".", "../copy"],
    &["hooks"],
    &["hydrate"],
    &["dehydrate"],
    &["export", "bundle", "../film.aiut"],
    &["undo"],
    &["redo"],
    &["restore", "--from", "HEAD", "script.fountain"],
    &["generate", "-q", "scenes"],
    &["gc"],
    &["fsck", "--repair"],
    &["open", "nowhere.txt"],
    &["shots"],
    &["play"],
    &["help"],
    &["version"],
];

/// Those that do not open the project, and one that tells of it as of anything else.
const ELSEWHERE: [&str; 9] = [
    "completions",
    "man",
    "textconv",
    "merge-driver",
    "help",
    "version",
    "init",
    "config",
    "doctor",
];

/// Names of the layout: those that are there, and those that may come to be.
const FILES: &[&str] = &[
    "format",
    "lock",
    "worktree.lock",
    "scratch.lock",
    "ledger",
    "ledger.lock",
    "stat",
    "tree",
    "unreachable",
    "checkout",
    "MESSAGE",
    "bisect",
    ".gitignore",
    ".stat.4711-0.tmp",
    ".aiut.toml.4711-0.tmp",
    "packs/00000001.pack",
    "packs/00000002.pack",
    "incoming/4711-0.pack",
    "index/1/data.mdb",
    "index/1/lock.mdb",
    "damaged/00000001.pack",
    "staging/0",
];
const FOLDERS: &[&str] = &[
    "packs",
    "incoming",
    "index",
    "index/1",
    "index/2",
    "damaged",
    "staging",
    "scratch",
    "scratch/run-AbC123",
];

/// A project with two commits and an edit that is not committed yet.
pub(super) fn begun() -> World {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    world.write("script.fountain", SCRIPT);
    world.write("aiut.toml", "[film]\n");
    world.ok(&["commit", "-q", "-m", "Begin"]);
    world.write("notes.txt", "one\n");
    world.ok(&["commit", "-q", "-m", "Notes"]);
    world.write("notes.txt", "two\n");
    super::world::write(&world.path("../brought.fountain"), SCRIPT.as_bytes());
    world
}

/// Every file below a folder with its bytes.
fn bytes_below(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.insert(path.clone(), b"a folder".to_vec());
                folders.push(path);
            } else {
                found.insert(path.clone(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy_all(&path, &to),
            false => drop(fs::copy(&path, &to).unwrap()),
        }
    }
}

/// What stands outside: a copy of what was at the name, so that it would do if it were followed, and
/// beside it whatever a command might take for its own.
fn outside(world: &World, was: &Path, is_folder: bool) -> PathBuf {
    let outside = world.path("../outside");
    let target = outside.join("target");
    fs::create_dir_all(&outside).unwrap();
    if is_folder {
        if was.is_dir() {
            copy_all(was, &target);
        }
        for inner in ["1", "2", "run-AbC123"] {
            fs::create_dir_all(target.join(inner)).unwrap();
            super::world::write(&target.join(inner).join("kept.txt"), b"kept");
        }
        for name in [
            "kept.txt",
            "0",
            "4711-0.pack",
            "00000009.pack",
            "data.mdb",
            "lock.mdb",
        ] {
            super::world::write(&target.join(name), b"kept");
        }
    } else {
        let bytes = fs::read(was).unwrap_or_else(|_| b"kept\n".to_vec());
        super::world::write(&target, &bytes);
    }
    target
}

fn remove(path: &Path) {
    match path.is_dir() {
        true => fs::remove_dir_all(path).unwrap(),
        false => drop(fs::remove_file(path)),
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
}

fn make_pipe(path: &Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status();
    assert!(made.unwrap().success());
}

/// Runs a command that must end.
fn run(world: &World, arguments: &[&str]) -> Run {
    let mut command = world.command(&world.path(""), arguments);
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let begun = Instant::now();
    let code = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status.code(),
            None if begun.elapsed() > Duration::from_secs(60) => {
                child.kill().unwrap();
                panic!("{arguments:?} hangs");
            }
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    };
    let mut stderr = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut stderr).unwrap();
    let stdout = String::new();
    Run {
        stdout,
        stderr,
        code,
    }
}

/// Runs every command: each refuses and names the place, or has nothing to do with it.
fn all_refuse(world: &World, name: &str, said: &str) {
    let before = bytes_below(&world.path("../outside"));
    for arguments in COMMANDS {
        let run = run(world, arguments);
        let said = format!("{said}: {arguments:?}\n{run}");
        if !ELSEWHERE.contains(&arguments[0]) {
            assert!(matches!(run.code, Some(1 | 2)), "{said}");
            assert!(run.stderr.contains(name), "{said}");
        }
        assert!(run.code.is_some(), "{said}");
        assert_eq!(before, bytes_below(&world.path("../outside")), "{said}");
    }
}

#[test]
fn every_command_is_in_the_list() {
    let world = World::new();
    let help = world.ok(&["--help"]);
    let mut listed = 0;
    let commands = help.lines().take_while(|line| !line.starts_with("Options"));
    for line in commands {
        let name = line
            .strip_prefix("  ")
            .and_then(|rest| rest.split(' ').next());
        let Some(name) = name.filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()))
        else {
            continue;
        };
        listed += 1;
        let known = COMMANDS.iter().any(|arguments| arguments[0] == name);
        assert!(known, "{name} is not tried");
    }
    assert!(listed > 35, "{help}");
}

fn refused_at(names: &[&str], kinds: &[&str]) {
    for (number, name) in names.iter().enumerate() {
        for kind in kinds {
            let world = begun();
            let path = world.path(".aiut").join(name);
            let is_folder = *kind == "a link to a folder";
            let target = outside(&world, &path, is_folder);
            remove(&path);
            match *kind {
                "a link to a file" | "a link to a folder" => symlink(&target, &path).unwrap(),
                "a link to nowhere" => symlink(world.path("../nowhere"), &path).unwrap(),
                "a pipe" => make_pipe(&path),
                _ => unreachable!("no such kind"),
            }
            all_refuse(&world, name, &format!("{number} {name} is {kind}"));
            assert!(!world.path("../nowhere").exists());
        }
    }
}

#[test]
fn a_link_where_a_file_belongs_is_refused_by_every_command() {
    refused_at(FILES, &["a link to a file", "a link to nowhere"]);
}

#[test]
fn a_pipe_or_a_link_to_a_folder_where_a_file_belongs_is_refused_by_every_command() {
    refused_at(FILES, &["a pipe", "a link to a folder"]);
}

#[test]
fn a_link_or_a_pipe_where_a_folder_belongs_is_refused_by_every_command() {
    refused_at(
        FOLDERS,
        &[
            "a link to a folder",
            "a link to a file",
            "a link to nowhere",
            "a pipe",
        ],
    );
}

#[test]
fn the_folder_itself_is_no_link() {
    let world = begun();
    let own = world.path(".aiut");
    let target = outside(&world, &own, true);
    remove(&own);
    symlink(&target, &own).unwrap();
    all_refuse(&world, ".aiut", "it is a link");
    symlink(world.path("../nowhere"), world.path("../own")).unwrap();
    make_pipe(&world.path("../pipe"));
    for other in ["../own", "../pipe"] {
        fs::remove_file(&own).unwrap();
        fs::rename(world.path(other), &own).unwrap();
        let before = bytes_below(&world.path("../outside"));
        let init = run(&world, &["init"]);
        assert_eq!(init.code, Some(1), "{other}: {init}");
        assert!(init.stderr.contains(".aiut"), "{other}: {init}");
        assert!(!world.path("../nowhere").exists());
        assert_eq!(before, bytes_below(&world.path("../outside")));
    }
}

#[test]
fn files_with_other_names_are_read_and_never_written_into() {
    let world = begun();
    // As `cp -al` makes a copy: each file has a second name there.
    let backup = world.path("../backup");
    let link_all = |from: &Path, to: &Path| {
        let mut folders = vec![(from.to_owned(), to.to_owned())];
        while let Some((from, to)) = folders.pop() {
            fs::create_dir_all(&to).unwrap();
            for entry in fs::read_dir(&from).unwrap() {
                let path = entry.unwrap().path();
                let to = to.join(path.file_name().unwrap());
                match path.is_dir() {
                    true => folders.push((path, to)),
                    false => fs::hard_link(&path, &to).unwrap(),
                }
            }
        }
    };
    for round in 0..2 {
        for arguments in COMMANDS {
            let _ = fs::remove_dir_all(&backup);
            link_all(&world.path(".aiut"), &backup);
            let before = bytes_below(&backup);
            world.write("notes.txt", format!("{round} {arguments:?}\n"));
            let run = run(&world, arguments);
            let said = format!("{arguments:?}\n{run}");
            assert!(matches!(run.code, Some(0..=3)), "{said}");
            assert!(!run.stderr.contains(".aiut/"), "{said}");
            assert_eq!(before, bytes_below(&backup), "{said}");
        }
        world.ok(&["fsck", "--data"]);
    }
    world.ok(&["commit", "-m", "All of it"]);
}

#[test]
fn a_file_that_has_a_name_outside_is_not_written_into() {
    for name in FILES {
        let world = begun();
        let path = world.path(".aiut").join(name);
        if !path.exists() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            super::world::write(&path, b"kept\n");
        }
        fs::create_dir(world.path("../outside")).unwrap();
        fs::hard_link(&path, world.path("../outside/target")).unwrap();
        let before = bytes_below(&world.path("../outside"));
        for arguments in [
            &["status"][..],
            &["commit", "-m", "x"],
            &["gc"],
            &["fsck", "--repair"],
        ] {
            let run = run(&world, arguments);
            assert!(run.code.is_some(), "{name}: {arguments:?}\n{run}");
            let now = bytes_below(&world.path("../outside"));
            assert_eq!(before, now, "{name}: {arguments:?}\n{run}");
        }
    }
}

#[test]
fn a_strangers_thing_in_a_folder_of_aiut_is_left_and_listed() {
    let world = begun();
    let strangers = [
        "incoming/notes.pack",
        "index/mine/kept.txt",
        "index/1/kept.txt",
        "index/007/data.mdb",
        "scratch/kept.txt",
        "staging/kept.txt",
        "damaged/kept.txt",
        "packs/kept.txt",
        "mine/kept.txt",
    ];
    for name in strangers {
        world.write(&format!(".aiut/{name}"), "kept");
    }
    for arguments in [
        &["commit", "-m", "x"][..],
        &["switch", "-c", "b"],
        &["restore", "--from", "HEAD~1", "notes.txt"],
        &["generate", "-q", "scenes"],
        &["gc", "--grace", "0"],
    ] {
        world.ok(arguments);
    }
    fs::remove_file(world.path(".aiut/index/1/data.mdb")).unwrap();
    let said = world.ok(&["fsck"]);
    for name in strangers {
        assert_eq!(world.read(&format!(".aiut/{name}")), "kept", "{name}");
        let listed = name.starts_with("index/1/") || {
            let top = name.split('/').next().unwrap();
            said.contains(name)
                || said.contains(&format!("{top}/mine"))
                || said.contains("007") && name.contains("007")
                || name.starts_with("mine") && said.contains("mine ")
        };
        assert!(listed, "{name} is not in\n{said}");
    }
}

#[test]
fn four_gigabytes_of_address_space_are_enough_for_every_command() {
    let world = begun();
    for arguments in COMMANDS {
        let mut command = std::process::Command::new("sh");
        let prepared = world.command(&world.path(""), arguments);
        command.args(["-c", "ulimit -v 4000000; exec \"$0\" \"$@\""]);
        command
            .arg(prepared.get_program())
            .args(prepared.get_args());
        command.current_dir(world.path("")).env_clear();
        for (name, value) in prepared.get_envs() {
            command.env(name, value.unwrap());
        }
        let run = world.finish(command);
        assert!(matches!(run.code, Some(0..=3)), "{arguments:?}\n{run}");
        assert!(!run.stderr.contains("allocate"), "{arguments:?}\n{run}");
        assert!(!run.stderr.contains(".aiut/index"), "{arguments:?}\n{run}");
    }
    // Who has more room beside it is not disturbed, nor disturbs.
    world.ok(&["fsck", "--data"]);
}
