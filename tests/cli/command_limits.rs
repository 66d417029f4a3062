//! Stages made by commands: what goes wrong, what limits them, and what never reaches them.

use std::path::Path;
use std::process::Stdio;

use super::command::{ECHO, configure, failure, posters, stale};
use super::world::World;

#[test]
fn a_failure_names_stage_item_status_and_last_words_and_the_others_go_on() {
    let world = posters(
        "grep -q '\"002\"' || { echo '{}' > output.json; exit 0; }\n\
         seq 1 5000 >&2; echo 'no such font: Bodoni' >&2; exit 7\n",
        "",
    );
    let run = failure(&world);
    for part in [
        "1 output was not made",
        "stage.posters, 002: \"sh tools/poster.sh\" ended with exit status 7",
        "| no such font: Bodoni",
    ] {
        assert!(run.stderr.contains(part), "{part:?} is not in\n{run}");
    }
    assert!(
        !run.stderr.contains("| 4980"),
        "only the end is told\n{run}"
    );
    assert!(world.path("posters/001.json").is_file());
    assert!(world.path("posters/003.json").is_file());
    assert!(!world.path("posters/002.json").exists());
    assert_eq!(stale(&world), ["posters/002.json"]);
}

#[test]
fn what_is_no_output_is_told_and_nothing_is_taken() {
    let world = posters("", "size = 1");
    let secret = world.home().join("secret");
    super::world::write(&secret, b"not for the store");
    for (tool, said) in [
        ("true\n", "ended well and wrote no output.json"),
        (": > output.json\n", "left output.json empty"),
        ("mkdir output.json\n", "made output.json a folder"),
        ("ln -s inputs output.json\n", "made output.json a symlink"),
        (
            "mkfifo output.json\n",
            "made output.json something else; it must be a regular file",
        ),
        (
            "dd if=/dev/zero of=output.json bs=1024 count=1025 2>/dev/null\n",
            "wrote 2 MiB to output.json, more than the 1 MiB that `size` allows",
        ),
        ("echo Loading model; cat > output.json\n", "no JSON object"),
        (
            "yes; cat > output.json\n",
            "more than 1 MiB to standard output",
        ),
        ("kill -9 $$\n", "was ended by a signal"),
        ("exec 2>&-; exit 3\n", "exit status 3"),
    ] {
        world.write("tools/poster.sh", tool);
        world.ok(&["trust", "--yes"]);
        let run = failure(&world);
        assert!(run.stderr.contains(said), "{tool}: {run}");
        assert!(!world.path("posters").exists(), "{tool}");
    }
    let link = format!("ln -s {} output.json\n", secret.display());
    world.write("tools/poster.sh", link);
    world.ok(&["trust", "--yes"]);
    assert!(failure(&world).stderr.contains("a symlink"));
    let found = world.run(&["whence", secret.to_str().unwrap()]);
    assert!(!found.stdout.contains("posters"), "{found}");
    let left = std::fs::read_dir(world.path(".aiut/scratch")).unwrap();
    assert_eq!(
        left.count(),
        0,
        "what commands leave goes with their folders"
    );
}

#[test]
fn a_program_that_is_not_there_is_told() {
    let world = posters(ECHO, "command = [\"no-such-upscaler\"]");
    world.ok(&["trust", "--yes"]);
    let run = failure(&world);
    assert!(
        run.stderr.contains("no program no-such-upscaler in PATH"),
        "{run}"
    );
    configure(&world, "command = [\"tools/gone.sh\"]");
    world.ok(&["trust", "--yes"]);
    let run = failure(&world);
    assert!(
        run.stderr.contains("tools/gone.sh: it does not exist"),
        "{run}"
    );
    world.write("tools/bare.sh", ECHO);
    configure(&world, "command = [\"tools/bare.sh\"]");
    world.ok(&["trust", "--yes"]);
    let run = failure(&world);
    assert!(
        run.stderr
            .contains("begins with a line such as `#!/bin/sh`"),
        "{run}"
    );
}

/// Whether a process still runs.
fn runs(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

#[test]
fn a_command_that_takes_too_long_ends_with_all_that_it_started() {
    let world = posters("", "timeout = 1");
    let pid = world.home().join("pid");
    let tool = format!(
        "echo still thinking >&2\nsleep 600 & echo $! > {}\nwait\n",
        pid.display()
    );
    world.write("tools/poster.sh", tool);
    world.ok(&["trust", "--yes"]);
    let run = world.run(&["generate", "posters/001.json"]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr
            .contains("was ended after 1 s; stage.posters.timeout"),
        "{run}"
    );
    assert!(run.stderr.contains("| still thinking"), "{run}");
    let pid = std::fs::read_to_string(pid).unwrap();
    while runs(&pid) {}
}

#[cfg(target_os = "linux")]
#[test]
fn a_command_gets_no_more_memory_than_its_stage_says() {
    // A shell that keeps 40 MB in a variable.
    let tool = "x=$(head -c 40000000 /dev/zero | tr '\\0' a)\necho ${#x} > output.json\n";
    let world = posters(tool, "memory = 32");
    let run = failure(&world);
    // Which way a shell fails without memory is its own affair.
    assert!(
        run.stderr.contains("\" was ended by") || run.stderr.contains("\" ended with"),
        "{run}"
    );
    configure(&world, "memory = 1000");
    world.ok(&["trust", "--yes"]);
    world.ok(&["generate", "posters"]);
    assert_eq!(world.read("posters/001.json"), "40000000\n");
}

#[test]
fn nothing_of_the_environment_reaches_a_command_unless_the_user_says_so() {
    let mut world = posters("env > output.json; pwd >> output.json\n", "");
    world.set("SECRET_KEY", "hunter2-canary");
    world.set("FONT_KEY", "bodoni-canary");
    world.ok(&["generate", "posters"]);
    let said = world.read("posters/001.json");
    let folder = said.lines().last().unwrap();
    assert!(folder.contains(".aiut/scratch/"), "{said}");
    for name in ["HOME", "TMPDIR"] {
        assert!(
            said.contains(&format!("{name}={folder}\n")),
            "{name}: {said}"
        );
    }
    assert!(said.contains("LANG=C.UTF-8\n"), "{said}");
    let known = [
        "PATH=", "HOME=", "TMPDIR=", "LANG=", "PWD=", "OLDPWD=", "SHLVL=", "_=", "/",
    ];
    for line in said.lines() {
        assert!(
            known.iter().any(|name| line.starts_with(name)),
            "{line:?} in\n{said}"
        );
    }
    holds_nowhere(&world.path(""), b"hunter2-canary");

    // A project cannot ask for it; its user can hand it on, and is asked again.
    configure(&world, "environment = [\"SECRET_KEY\"]");
    assert_eq!(world.run(&["generate", "posters"]).code, Some(1));
    configure(&world, "version = \"2\"");
    world.ok(&["config", "command.environment", "[\"FONT_KEY\"]"]);
    let run = failure(&world);
    assert!(run.stderr.contains("not trusted"), "{run}");
    assert!(world.ok(&["trust", "--show"]).contains("FONT_KEY"));
    world.write(
        "tools/poster.sh",
        "echo \"${#FONT_KEY} ${#SECRET_KEY}\" > output.json\n",
    );
    world.ok(&["trust", "--yes"]);
    world.ok(&["generate", "posters"]);
    assert_eq!(world.read("posters/001.json"), "13 0\n");
}

/// A film whose posters are made by a tool that is given a key, and agreed to.
fn with_a_key(tool: &str) -> World {
    let mut world = posters(tool, "");
    world.set("FONT_KEY", "bodoni-canary");
    world.ok(&["config", "command.environment", "[\"FONT_KEY\"]"]);
    world.ok(&["trust", "--yes"]);
    world
}

#[test]
fn a_key_that_a_command_prints_is_neither_told_nor_kept() {
    let tool = "cat > output.json\n\
                printf '{\"model\": \"up with %s\", \"url\": \"https://x/?key=%s\", \
                \"tools\": {\"up\": \"1 %s\"}}\\n' \"$FONT_KEY\" \"$FONT_KEY\" \"$FONT_KEY\"\n";
    let world = with_a_key(tool);
    world.ok(&["generate", "posters"]);
    let found = world.json(&["whence", "posters/001.json"]);
    let made = &found["generations"][0];
    assert_eq!(made["model"], "up with [FONT_KEY]", "{found}");
    assert_eq!(made["tools"]["up"], "1 [FONT_KEY]", "{found}");
    let answer = world.ok(&["cat", made["answer"].as_str().expect("an answer was kept")]);
    assert!(answer.contains("https://x/?key=[FONT_KEY]"), "{answer}");
    holds_nowhere(&world.path(""), b"bodoni-canary");

    // The end of what it says is told: a key at the place where that is cut is no exception.
    let before = (0..64).map(|at| {
        format!(
            "head -c {} /dev/zero | tr '\\0' ' ' >&2; echo >&2\n",
            16320 + at
        )
    });
    for said in before.step_by(7) {
        let tool = format!(
            "echo \"401: $FONT_KEY is no key\" >&2\n{said}echo \"see $FONT_KEY\" >&2\nexit 3\n"
        );
        world.write("tools/poster.sh", tool);
        world.ok(&["trust", "--yes"]);
        let run = failure(&world);
        assert!(run.stderr.contains("| see [FONT_KEY]"), "{run}");
        assert!(!run.stderr.contains("canary"), "{run}");
    }
    // As UTF-16 has it, and with an escape in between: controls are not told.
    world.write(
        "tools/poster.sh",
        "printf '%s' \"$FONT_KEY\" | sed 's/./&\\n/g' | tr '\\n' '\\0' >&2\n\
         printf '\\nsee %s\\033canary\\n' \"${FONT_KEY%canary}\" >&2\nexit 3\n",
    );
    world.ok(&["trust", "--yes"]);
    let run = failure(&world);
    for said in ["| [FONT_KEY]", "| see [FONT_KEY]"] {
        assert!(run.stderr.contains(said), "{run}");
    }
    assert!(!run.stderr.contains("canary"), "{run}");
    world.write(
        "tools/poster.sh",
        "cat > output.json; printf '{\"cost_usd\": \"%s\"}' \"$FONT_KEY\"\n",
    );
    world.ok(&["trust", "--yes"]);
    let run = failure(&world);
    assert!(run.stderr.contains("[FONT_KEY]"), "{run}");
    assert!(!run.stderr.contains("canary"), "{run}");
    holds_nowhere(&world.path(""), b"bodoni-canary");
}

#[test]
fn an_output_that_holds_a_key_is_refused_by_the_name_of_the_key() {
    let world = with_a_key("echo \"{\\\"key\\\": \\\"$FONT_KEY\\\"}\" > output.json\n");
    let run = failure(&world);
    let said = "wrote the value of FONT_KEY into output.json";
    assert!(run.stderr.contains(said), "{run}");
    assert!(!run.stderr.contains("canary"), "{run}");
    assert!(!world.path("posters").exists());
    holds_nowhere(&world.path(""), b"bodoni-canary");
}

/// Fails if some file beneath `folder` holds these bytes, packs read through their encoding.
fn holds_nowhere(folder: &Path, bytes: &[u8]) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            holds_nowhere(&path, bytes);
            continue;
        }
        let content = std::fs::read(&path).unwrap();
        let mut texts = vec![content.clone()];
        // Whatever is compressed lies in zstd frames.
        for at in content
            .windows(4)
            .enumerate()
            .filter_map(|(at, four)| (four == [0x28, 0xb5, 0x2f, 0xfd]).then_some(at))
        {
            texts.extend(zstd::stream::decode_all(&content[at..]).ok());
            let mut start = Vec::new();
            if let Ok(decoder) = zstd::stream::read::Decoder::new(&content[at..]) {
                let _ = std::io::Read::read_to_end(&mut decoder.single_frame(), &mut start);
                texts.push(start);
            }
        }
        for text in texts {
            let found = text.windows(bytes.len()).any(|window| window == bytes);
            assert!(!found, "{} holds it", path.display());
        }
    }
}

#[test]
fn after_kill_9_nothing_that_was_finished_is_run_twice() {
    let world = posters("", "");
    let home = world.home();
    let (log, gate) = (home.join("runs"), home.join("gate"));
    let made = std::process::Command::new("mkfifo")
        .arg(&gate)
        .status()
        .unwrap();
    assert!(made.success());
    // The second scene waits at the gate the first time.
    let tool = format!(
        "cat > output.json\nitem=$(grep -o '\"item\": \"[0-9]*\"' output.json)\n\
         case $item in *002*) test -e {0}.002 || {{ : > {0}.002; read x < {1}; }};; esac\n\
         echo $item >> {0}\n",
        log.display(),
        gate.display()
    );
    world.write("tools/poster.sh", tool);
    world.ok(&["trust", "--yes"]);
    let mut command = world.command(&world.path(""), &["generate", "posters", "--jobs", "1"]);
    let command = command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    while !home.join("runs.002").exists() {
        assert!(child.try_wait().unwrap().is_none(), "it ended too early");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // Whoever waits at the gate may go.
    super::world::write(&gate, b"go\n");
    let done = world.json(&["generate", "posters"]);
    let row = done["stages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["stage"] == "posters");
    let row = row.unwrap();
    assert_eq!(
        (&row["restored"], &row["made"]),
        (&1.into(), &2.into()),
        "{done}"
    );
    let runs = std::fs::read_to_string(log).unwrap();
    assert_eq!(runs.matches("001").count(), 1, "{runs}");
    assert!(stale(&world).is_empty());
    let left = std::fs::read_dir(world.path(".aiut/scratch")).unwrap();
    assert_eq!(
        left.count(),
        0,
        "the next run takes away what a dead one left"
    );
}
