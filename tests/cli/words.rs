//! `aiut help`, and what is answered to who comes from other tools.

use super::world::World;

fn hint(world: &World, arguments: &[&str]) -> String {
    let run = world.run(arguments);
    assert_eq!(run.code, Some(2), "{arguments:?}: {run}");
    run.stderr
}

#[test]
fn help_is_a_command() {
    let world = World::new();
    assert_eq!(world.ok(&["help"]), world.ok(&["--help"]));
    for path in [&["commit"][..], &["op"], &["op", "log"], &["help"]] {
        let by_option = world.ok(&[path, &["--help"]].concat());
        assert_eq!(world.ok(&[&["help"], path].concat()), by_option, "{path:?}");
    }
    assert_eq!(world.ok(&["version"]), world.ok(&["--version"]));
    let told = hint(&world, &["help", "comit"]);
    assert!(told.contains("did you mean `commit`?"), "{told}");
    let told = hint(&world, &["help", "stash"]);
    assert!(told.contains("aiut switch -c NAME"), "{told}");
    let told = hint(&world, &["help", "op", "lgo"]);
    assert!(told.contains("did you mean `op log`?"), "{told}");
    let told = hint(&world, &["help", "branch", "main"]);
    assert!(told.contains("branch has no commands of its own"), "{told}");
}

#[test]
fn commands_of_other_tools_are_answered_with_what_to_type() {
    let world = World::new();
    for (typed, told) in [
        (&["add", "-A"][..], "`aiut commit` takes every change"),
        (&["checkout", "-b", "x"], "`aiut switch -c NAME`"),
        (&["reset", "--hard"], "`aiut undo`"),
        (&["stash", "pop"], "`aiut switch -c NAME`"),
        (&["rm", "x"], "delete the file by hand"),
        (&["mv", "a", "b"], "rename the file by hand"),
        (&["annotate", "x"], "`aiut blame PATH`"),
        (&["sync"], "`aiut pull`"),
        (&["reflog"], "`aiut op log`"),
        (&["worktree", "add"], "a project is one folder"),
        (&["describe"], "`aiut commit --amend`"),
        (&["bookmark"], "`aiut branch`"),
        (&["ci", "-m", "x"], "`aiut commit -m MESSAGE`"),
        (&["st"], "`aiut status`"),
        (&["unstage"], "there is nothing to stage"),
        (&["clean", "-fd"], "`aiut status` lists new files"),
        (&["lfs", "track"], "clips of any size"),
        (&["show-branch"], "`aiut log --graph A B`"),
        (&["render"], "`aiut generate`"),
    ] {
        let said = hint(&world, typed);
        assert!(said.contains(told), "{typed:?}: {said}");
        assert!(!said.contains("did you mean"), "{typed:?}: {said}");
    }
}

#[test]
fn options_of_other_tools_are_answered_with_what_to_type() {
    let world = World::new();
    for (typed, told) in [
        (&["diff", "--cached"][..], "there is nothing to stage"),
        (&["diff", "--staged", "x"], "there is nothing to stage"),
        (&["switch", "-C", "x"], "`aiut switch -c NAME`"),
        (&["switch", "-b", "x"], "`aiut switch -c NAME`"),
        (
            &["restore", "--source", "HEAD~1", "x"],
            "`aiut restore --from REV PATH`",
        ),
        (&["commit", "-p"], "parts of a file are not taken apart"),
        (
            &["status", "--force"],
            "lists the options that overwrite something",
        ),
    ] {
        let said = hint(&world, typed);
        assert!(said.contains(told), "{typed:?}: {said}");
    }
}

#[test]
fn only_what_is_near_is_offered() {
    let world = World::new();
    let near = |typed: &[&str]| {
        let said = hint(&world, typed);
        let line = said
            .lines()
            .find_map(|line| line.strip_prefix("hint: did you mean `"));
        line.map(|rest| rest.trim_end_matches("`?").to_owned())
    };
    for (typed, meant) in [
        (&["stauts"][..], Some("status")),
        (&["lgo"], Some("log")),
        (&["cherrypick"], Some("cherry-pick")),
        (&["gener"], Some("generate")),
        (&["xyzzy"], None),
        (&["tr"], None),
        (&["log", "--onelnie"], Some("--oneline")),
        (&["log", "--nonsense"], None),
        (&["op", "restor"], Some("op restore")),
    ] {
        assert_eq!(near(typed).as_deref(), meant, "{typed:?}");
    }
}

#[test]
fn options_of_every_command_go_before_it_and_after() {
    let world = World::new();
    world.write("inner/aiut.toml", "film.fps = 25\n");
    for arguments in [
        ["-C", "inner", "config", "film.fps"],
        ["config", "-C", "inner", "film.fps"],
        ["config", "film.fps", "-C", "inner"],
    ] {
        assert_eq!(world.ok(&arguments), "25\n");
    }
    let said = hint(&world, &["--oneline", "log"]);
    assert!(
        said.contains("it goes after the command: aiut log --oneline"),
        "{said}"
    );
}

#[test]
fn what_is_missing_or_no_number_is_said_in_plain_words() {
    let world = World::new();
    for (typed, told) in [
        (&["pick", "frames/001_001.png"][..], " is missing\n"),
        (&["pick"], "error: WHAT and TAKE are missing\n"),
        (
            &["log", "-n", "x"],
            "x is not a value for --number COUNT: it has to be a whole number",
        ),
        (
            &["generate", "-j", "0"],
            "0 is not a value for --jobs N: it has to be at least 1",
        ),
        (&["cost", "--by", "scenes"], "did you mean `scene`?"),
    ] {
        let said = hint(&world, typed);
        assert!(said.contains(told), "{typed:?}: {said}");
    }
}
