//! Help, usage errors, completions, man pages, colour and pipes.

use insta::assert_snapshot;

use super::world::World;

#[test]
fn an_unknown_command_or_option_is_answered_with_the_nearest() {
    let world = World::new();
    assert_snapshot!(world.run(&["comit"]), @"
    --- stderr
    error: no such command: comit
    hint: did you mean `commit`?
    hint: `aiut --help` lists all commands
    --- exit code 2
    ");
    assert_snapshot!(world.run(&["config", "--lits"]), @"
    --- stderr
    error: unexpected argument --lits
    hint: did you mean `--list`?
    hint: usage: aiut config --list [KEY] [VALUE]
    --- exit code 2
    ");
    assert_snapshot!(world.run(&["completions", "bsh"]), @"
    --- stderr
    error: bsh is not a value for SHELL
    hint: did you mean `bash`?
    hint: one of: bash, elvish, fish, powershell, zsh
    --- exit code 2
    ");
    assert_snapshot!(world.run(&["config", "a", "b", "c"]), @"
    --- stderr
    error: unexpected argument c
    hint: usage: aiut config [OPTIONS] [KEY] [VALUE]
    --- exit code 2
    ");
}

#[test]
fn with_no_command_the_help_is_the_answer() {
    let world = World::new();
    let run = world.run(&[]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("Usage: aiut"), "{run}");
    let help = world.ok(&["--help"]);
    for word in ["config", "completions", "man", "Exit codes", "NO_COLOR"] {
        assert!(help.contains(word), "{word} is not in\n{help}");
    }
}

#[test]
fn every_command_says_what_it_is_for_and_gives_an_example() {
    let world = World::new();
    let help = world.ok(&["--help"]);
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| !line.starts_with("Usage"))
        .take_while(|line| !line.starts_with("Options"))
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next())
        .collect();
    assert!(commands.len() >= 3, "{help}");
    for command in commands {
        let help = world.ok(&[command, "--help"]);
        assert!(help.contains(&format!("aiut {command}")), "{help}");
        assert!(
            help.contains("Examples:\n"),
            "{command} has no examples:\n{help}"
        );
    }
}

#[test]
fn man_pages_are_written_one_a_command() {
    let world = World::new();
    assert!(world.ok(&["man"]).contains(".TH aiut 1"));
    let said = world.ok(&["man", "pages/man1"]);
    assert!(
        said.starts_with("Wrote ") && said.ends_with("into pages/man1\n"),
        "{said}"
    );
    let page = world.read("pages/man1/aiut-config.1");
    assert!(page.contains("aiut config film.fps 25"), "{page}");
}

#[test]
fn nobody_reading_is_no_error() {
    let world = World::new();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = world.command(&world.path(""), &["config", "--list"]);
    let output = command.stdout(writer).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    let world = World::new();
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let mut command = world.command(&world.path(""), &["config", "--list"]);
    let output = command.stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(
        message.starts_with("error: cannot write the output: "),
        "{message}"
    );
}

#[test]
fn colour_is_asked_for_by_option_then_settings_then_environment() {
    let mut world = World::new();
    let colored = |world: &World, arguments: &[&str]| world.ok(arguments).contains('\x1b');
    assert!(!colored(&world, &["config", "--list"]));
    assert!(colored(&world, &["config", "--list", "--color", "always"]));
    world.set("NO_COLOR", "1");
    assert!(colored(&world, &["config", "--list", "--color", "always"]));
    assert!(!colored(&world, &["config", "--list"]));
    world.ok(&["config", "ui.color", "always"]);
    assert!(colored(&world, &["config", "--list"]));
    assert!(!colored(&world, &["config", "--list", "--color", "never"]));
}

#[test]
fn a_command_can_be_run_from_elsewhere() {
    let world = World::new();
    world.write("inner/aiut.toml", "film.fps = 25\n");
    assert_eq!(world.ok(&["-C", "inner", "config", "film.fps"]), "25\n");
    assert_snapshot!(world.run(&["-C", "nowhere", "config", "film.fps"]), @"
    --- stderr
    error: there is no folder $ROOT/film/nowhere
    --- exit code 1
    ");
}

#[test]
fn a_clock_that_is_none_is_refused() {
    let mut world = World::new();
    world.set("AIUT_CLOCK", "noon");
    assert_snapshot!(world.run(&["config", "--list"]), @r#"
    --- stderr
    error: AIUT_CLOCK is "noon", which is not a number of Unix seconds
    --- exit code 1
    "#);
}
