//! Bad input: what is said, with which exit code, and that nothing is half done.

use insta::assert_snapshot;

use super::world::World;

/// A project with one commit.
fn project() -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("script.fountain", "INT. KITCHEN - NIGHT\n");
    world.ok(&["commit", "-q", "-m", "First"]);
    world
}

#[test]
fn outside_a_project_every_command_says_so() {
    let world = World::new();
    for command in [
        "status", "log", "diff", "ls", "branch", "tag", "undo", "redo",
    ] {
        let run = world.run(&[command]);
        assert_eq!(run.code, Some(1), "{command}: {run}");
        assert!(
            run.stderr.contains("is not in a project"),
            "{command}: {run}"
        );
    }
    assert_snapshot!(world.run(&["commit", "-m", "x"]), @"
    --- stderr
    error: $ROOT/film is not in a project
    hint: `aiut init` makes this folder a project
    --- exit code 1
    ");
}

#[test]
fn a_project_in_a_project_is_refused() {
    let world = project();
    world.write("inner/x", "");
    assert_snapshot!(world.run(&["init", "inner"]), @"
    --- stderr
    error: $ROOT/film/inner lies in the project $ROOT/film
    hint: commit the folder as part of the project around it
    --- exit code 1
    ");
    assert!(!world.path("inner/.aiut").exists() && !world.path("inner/aiut.toml").exists());
    assert_snapshot!(world.run(&["init"]), @"
    --- stderr
    error: $ROOT/film is a project already
    --- exit code 1
    ");
}

#[test]
fn unknown_revisions_and_paths_are_answered_with_the_nearest() {
    let world = project();
    assert_snapshot!(world.run(&["switch", "mian"]), @r#"
    --- stderr
    error: no timeline is called "mian"
    hint: did you mean main?
    --- exit code 1
    "#);
    assert_snapshot!(world.run(&["show", "hed"]), @r#"
    --- stderr
    error: hed is neither a revision nor a path
    hint: did you mean HEAD?
    --- exit code 1
    "#);
    assert_snapshot!(world.run(&["show", "HEAD~1"]), @r#"
    --- stderr
    error: revision "HEAD~1": ab310d1bb21e is the first commit
    --- exit code 1
    "#);
    assert_snapshot!(world.run(&["cat", "HEAD:scrpt.fountain"]), @"
    --- stderr
    error: commit ab310d1bb21e has no scrpt.fountain
    hint: did you mean script.fountain?
    --- exit code 1
    ");
    assert_snapshot!(world.run(&["cat", "HEAD"]), @"
    --- stderr
    error: HEAD names no file
    hint: the file follows a colon: aiut cat HEAD:PATH
    --- exit code 2
    ");
    assert_snapshot!(world.run(&["diff", "script.fountian"]), @"
    --- stderr
    error: script.fountian is neither a revision nor a path
    hint: did you mean script.fountain?
    --- exit code 1
    ");
    assert_snapshot!(world.run(&["diff", "main", "main", "main"]), @"
    --- stderr
    error: at most two revisions can be given
    --- exit code 2
    ");
    assert_snapshot!(world.run(&["log", "mian"]), @"
    --- stderr
    error: mian is neither a revision nor a path
    hint: did you mean main?
    --- exit code 1
    ");
    assert_snapshot!(world.run(&["restore", "script.fountin"]), @"
    --- stderr
    error: the last commit has no script.fountin
    hint: did you mean script.fountain?
    --- exit code 1
    ");
    assert_snapshot!(world.run(&["commit", "-m", "x", "scripts"]), @"
    --- stderr
    error: the project has no scripts
    hint: did you mean script.fountain?
    --- exit code 1
    ");
    assert_snapshot!(world.run(&["tag", "-d", "v1"]), @r#"
    --- stderr
    error: no tag is called "v1"
    hint: `aiut tag` lists the tags
    --- exit code 1
    "#);
    assert_snapshot!(world.run(&["branch", "a..b"]), @r#"
    --- stderr
    error: "a..b" cannot be the name of a timeline or a tag: `..` and `@{` belong to revisions
    --- exit code 1
    "#);
    assert_snapshot!(world.run(&["branch", "main"]), @"
    --- stderr
    error: timeline main exists already
    --- exit code 1
    ");
    assert_snapshot!(world.run(&["switch", "HEAD"]), @r#"
    --- stderr
    error: "HEAD" is a commit, not a timeline
    hint: `aiut switch --detach HEAD` to look at it, `aiut switch -c NAME HEAD` to go on from it
    --- exit code 1
    "#);
    assert_snapshot!(world.run(&["op", "restore", "beef"]), @r#"
    --- stderr
    error: no operation is called "beef"
    hint: `aiut op log` lists them
    --- exit code 1
    "#);
}

#[test]
fn a_word_that_is_both_revision_and_path_must_be_set_apart() {
    let world = project();
    world.write("main", "a file\n");
    assert_snapshot!(world.run(&["log", "main"]), @"
    --- stderr
    error: main is a revision and a path
    hint: say which: `main -- .` is the revision, `-- main` the path
    --- exit code 2
    ");
    assert_eq!(
        world.ok(&["diff", "--", "main"]).lines().next(),
        Some("added: main")
    );
    world.ok(&["diff", "main", "--", "."]);
}

#[test]
fn a_commit_needs_someone_to_make_it() {
    let world = World::nameless();
    world.ok(&["init", "-q"]);
    assert_snapshot!(world.run(&["commit", "-m", "First"]), @r#"
    --- stderr
    error: your name and mail address are not known
    hint: aiut config author.name "Your Name"
    hint: aiut config author.email you@example.org
    --- exit code 1
    "#);
    world.ok(&["config", "author.name", "Rae"]);
    world.ok(&["config", "author.email", "rae@example.org"]);
    world.ok(&["commit", "-m", "First"]);
    assert_snapshot!(world.run(&["commit", "-m", " "]), @"
    --- stderr
    error: the message is empty
    hint: `aiut commit -m MESSAGE`
    --- exit code 1
    ");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_named_and_nothing_is_committed() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let world = project();
    world.write("secret.md", "x");
    symlink("/etc/hostname", world.path("link")).unwrap();
    world.write("aux.txt", "unsafe on Windows");
    assert_snapshot!(world.run(&["status"]), @"
    On timeline main, at ab310d1bb21e
      new       secret.md
      refused   aux.txt: it is a device name on Windows
      skipped   link: a symlink, which is not followed
    1 file: 1 new
    aiut diff shows the changes, aiut commit records them
    ");
    let closed = std::fs::Permissions::from_mode(0o000);
    std::fs::set_permissions(world.path("secret.md"), closed).unwrap();
    if std::fs::read(world.path("secret.md")).is_ok() {
        return; // Permissions do not bind this user.
    }
    assert_snapshot!(world.run(&["commit", "-m", "Secret"]), @"
    --- stderr
    error: cannot read secret.md (Permission denied (os error 13))
    hint: make them readable, or name them in .aiutignore
    --- exit code 1
    ");
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let world = World::new();
    let run = world.run(&["init", "/proc/film"]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.starts_with("error: ") && run.stderr.contains("/proc/film"),
        "{run}"
    );
}
