//! Whatever an argument of a command names is shown and asked for, or refused.

use super::film::SCRIPT;
use super::world::World;

/// A film with a stage that runs these arguments.
fn film(command: &str) -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("script.fountain", SCRIPT);
    world.write("tools/e.sh", tool(""));
    world.write("tool", tool(""));
    let settings = format!(
        "[stage.poster]\nwrites = \"poster.txt\"\nby = \"command\"\nreads = [\"tools/*.sh\"]\n\
         price = {{ per = \"item\", usd = 0 }}\ncommand = {command}\n"
    );
    world.write(
        "aiut.toml",
        settings.replace("WORLD", world.path("").to_str().unwrap()),
    );
    world.ok(&["commit", "-q", "-m", "First draft"]);
    world
}

fn tool(more: &str) -> String {
    format!("echo poster > output.txt\n{more}")
}

#[test]
fn a_file_that_an_argument_names_in_any_way_is_asked_for_again_when_it_changes() {
    for (command, file) in [
        (r#"["sh", "./tools/e.sh"]"#, "tools/e.sh"),
        (r#"["sh", "tools//e.sh"]"#, "tools/e.sh"),
        (r#"["sh", "tool"]"#, "tool"),
        (r#"["sh", "-c", ". ./tools/e.sh"]"#, "tools/e.sh"),
        (r#"["sh", "-c", "sh <tools/e.sh"]"#, "tools/e.sh"),
        (r#"["sh", "inputs/tools/e.sh"]"#, "tools/e.sh"),
        (r#"["env", "-S", "sh 'tools/e.sh'"]"#, "tools/e.sh"),
        (
            r#"["sh", "-c", ". \"${PWD%/.a*}/tools/e.sh\""]"#,
            "tools/e.sh",
        ),
    ] {
        let world = film(command);
        world.ok(&["trust", "--yes"]);
        let report = world.json(&["trust", "--show"]);
        let files: Vec<_> = report["commands"][0]["files"]
            .as_array()
            .unwrap()
            .iter()
            .collect();
        assert!(
            files.iter().any(|row| row["path"] == file),
            "{command}: {files:?}"
        );
        world.ok(&["generate", "poster"]);
        assert_eq!(world.read("poster.txt"), "poster\n", "{command}");
        let mark = world.home().join("ran");
        world.write(file, tool(&format!(": > {}\n", mark.display())));
        let run = world.run(&["generate", "poster"]);
        assert_eq!(run.code, Some(1), "{command}: {run}");
        assert!(run.stderr.contains("not trusted"), "{command}: {run}");
        assert!(!mark.exists(), "{command}");
    }
}

#[test]
fn an_argument_that_leads_out_of_the_folder_is_refused() {
    for command in [
        r#"["sh", "../../../../tools/e.sh"]"#,
        r#"["sh", "-c", "cd ../../../..; . tools/e.sh"]"#,
        r#"["env", "--chdir=../../../..", "sh", "tools/e.sh"]"#,
        r#"["sh", "inputs/../../../../../tools/e.sh"]"#,
        r#"["sh", "-c", ". $OLDPWD/.aiut/x"]"#,
        r#"["sh", "-c", ". .?/.?/.?/.?/t*/e.sh"]"#,
        r#"["sh", "-c", "cd $x..; cd $x..; cd $x..; cd $x..; . tools/e.sh"]"#,
        r#"["bash", "-c", "cd .{.,x}/.{.,x}/.{.,x}/.{.,x}; . tools/e.sh"]"#,
    ] {
        let world = film(command);
        for arguments in [&["trust", "--yes"][..], &["generate", "poster"]] {
            let run = world.run(arguments);
            assert_eq!(run.code, Some(1), "{command}: {run}");
            assert!(run.stderr.contains("leads out of the folder"), "{run}");
        }
        assert!(!world.path("poster.txt").exists());
    }
    for command in [
        r#"["sh", "WORLD/tools/e.sh"]"#,
        r#"["sh", "-c", "cd 'WORLD'; . tools/e.sh"]"#,
        r#"["env", "-CWORLD", "sh", "tools/e.sh"]"#,
        r#"["sh", "/proc/self/cwd/tools/e.sh"]"#,
        r#"["sh", "-c", ". WORLD*/tools/e.sh"]"#,
        r#"["sh", "-c", ". /proc/$PPID/cw?/t*/e.sh"]"#,
    ] {
        let world = film(command);
        world.ok(&["trust", "--yes"]);
        assert!(
            world.ok(&["trust"]).contains("runs         never"),
            "{command}"
        );
        assert!(world.ok(&["plan"]).contains("refused, as"), "{command}");
        let run = world.run(&["generate", "poster"]);
        assert_eq!(run.code, Some(1), "{command}: {run}");
        assert!(
            run.stderr.contains("leads into the project from outside"),
            "{run}"
        );
        assert!(!world.path("poster.txt").exists());
    }
}

#[test]
fn a_pattern_finds_only_what_was_handed_over() {
    let world = film(r#"["sh", "-c", "echo t*/*.sh *.toml inputs/*/*.sh > output.txt"]"#);
    world.ok(&["trust", "--yes"]);
    world.ok(&["generate", "poster"]);
    assert_eq!(
        world.read("poster.txt"),
        "t*/*.sh *.toml inputs/tools/e.sh\n"
    );
}

#[test]
fn status_says_why_nobody_knows_which_commands_may_run() {
    let world = film(r#"["sh", "-c", ". ../x"]"#);
    let said = world.ok(&["status"]);
    assert!(
        said.contains("which commands may run is not known: "),
        "{said}"
    );
    assert!(said.contains("leads out of the folder"), "{said}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_command_is_given_no_descriptor_of_the_index_or_of_a_lock() {
    let world = film(r#"["sh", "-c", "ls -l /proc/self/fd > output.txt"]"#);
    world.ok(&["trust", "--yes"]);
    world.ok(&["generate", "poster"]);
    let said = world.read("poster.txt");
    let open: Vec<&str> = said
        .lines()
        .filter_map(|line| line.split_once(" -> "))
        .map(|(_, to)| to)
        .collect();
    // Three streams, and the folder that `ls` reads.
    assert_eq!(open.len(), 4, "{said}");
    assert!(!said.contains("mdb") && !said.contains("lock"), "{said}");
}
