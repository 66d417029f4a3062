//! Versions, timelines, undo: what the commands print and do.

use insta::assert_snapshot;

use super::world::World;

const SCRIPT: &str = "Title: The Red Coat\n\nINT. KITCHEN - NIGHT\n\nRae pours the cold tea into the sink.\n\nRAE\nNot again.\n\nEXT. QUAY - DAWN\n\nThe ferry is gone.\n";

/// A project with a script and one commit.
fn project() -> World {
    let world = World::new();
    world.ok(&["init", "--title", "The Red Coat"]);
    world.write("script.fountain", SCRIPT);
    world.ok(&["commit", "-m", "First draft"]);
    world
}

#[test]
fn a_new_project_is_laid_out_and_says_so() {
    let world = World::new();
    assert_snapshot!(world.run(&["init"]), @"
    Made $ROOT/film a project
      wrote aiut.toml
      wrote .aiutignore
    On timeline main
    ");
    assert!(world.path("bible/characters").is_dir());
    assert_eq!(world.ok(&["config", "film.title"]), "Film\n");
    assert_snapshot!(world.run(&["status"]), @"
    On timeline main, which has no commit yet
      new       .aiutignore
      new       aiut.toml
    2 files: 2 new
    aiut diff shows the changes, aiut commit records them
    ");
    assert_snapshot!(world.run(&["log"]), @r"");
    assert_snapshot!(world.run(&["init", "the-red-coat/.."]), @"
    --- stderr
    error: $ROOT/film is a project already
    --- exit code 1
    ");
}

#[test]
fn existing_work_becomes_a_project_and_is_left_as_it_is() {
    let world = World::new();
    world.write("aiut.toml", "film.title = \"Mine\"\n");
    assert_snapshot!(world.run(&["init"]), @"
    Made $ROOT/film a project
      wrote .aiutignore
      kept aiut.toml
    On timeline main
    ");
    assert_eq!(world.read("aiut.toml"), "film.title = \"Mine\"\n");
    world.write("other/note.txt", "");
    assert_snapshot!(world.run(&["init", "other"]), @"
    --- stderr
    error: $ROOT/film/other lies in the project $ROOT/film
    hint: commit the folder as part of the project around it
    --- exit code 1
    ");
    let plain = World::new();
    plain.ok(&["init", "--template", "none", "-q", "deep/er"]);
    assert!(!plain.path("deep/er/aiut.toml").exists() && plain.path("deep/er/.aiut").is_dir());
}

#[test]
fn an_edit_is_seen_told_and_recorded() {
    let world = project();
    world.write("script.fountain", SCRIPT.replace("cold", "hot"));
    world.write("notes/idea.md", "A coat.\n");
    assert_snapshot!(world.run(&["status"]), @"
    On timeline main, at 0b24f9152e13
      new       notes/idea.md
      modified  script.fountain
    2 files: 1 new, 1 modified
    aiut diff shows the changes, aiut commit records them
    ");
    assert_snapshot!(world.run(&["diff"]), @"
    added: notes/idea.md
    diff --git a/notes/idea.md b/notes/idea.md
    new file mode 100644
    --- /dev/null
    +++ b/notes/idea.md
    @@ -0,0 +1 @@
    +A coat.

    modified: script.fountain
    diff --git a/script.fountain b/script.fountain
    --- a/script.fountain
    +++ b/script.fountain
    @@ -2,7 +2,7 @@ INT. KITCHEN - NIGHT
     
     INT. KITCHEN - NIGHT
     
    -Rae pours the cold tea into the sink.
    +Rae pours the hot tea into the sink.
     
     RAE
     Not again.
    ");
    assert_snapshot!(world.run(&["diff", "--stat"]), @"
    notes/idea.md   | 1 +
    script.fountain | 2 +-
    2 files changed, 2 lines added, 1 removed
    ");
    assert_snapshot!(world.run(&["commit", "-m", "Hot tea", "script.fountain"]), @"
    1ed3b1645649 Hot tea
    2 files: 2 modified, on timeline main
    ");
    assert_snapshot!(world.run(&["status"]), @"
    On timeline main, at 1ed3b1645649
      new       notes/idea.md
    1 file: 1 new
    aiut diff shows the changes, aiut commit records them
    ");
    assert_snapshot!(world.run(&["log"]), @"
    commit 1ed3b164564991501c066aeccdd3530375d2103c9733ec407858b4efef5c21f4 (HEAD, main)
    Author: Rae Lindqvist <rae@example.org>
    Date:   2026-01-01 00:05:00 +00:00

        Hot tea

    commit 0b24f9152e13e980e7464feb7846d1ded08e25d3a931a7413d66645633e9cef4
    Author: Rae Lindqvist <rae@example.org>
    Date:   2026-01-01 00:01:00 +00:00

        First draft
    ");
    assert_snapshot!(world.run(&["show"]), @r#"
    commit 1ed3b164564991501c066aeccdd3530375d2103c9733ec407858b4efef5c21f4 (HEAD, main)
    Author: Rae Lindqvist <rae@example.org>
    Date:   2026-01-01 00:05:00 +00:00

        Hot tea

    modified: script.fountain
    diff --git a/script.fountain b/script.fountain
    --- a/script.fountain
    +++ b/script.fountain
    @@ -2,7 +2,7 @@ INT. KITCHEN - NIGHT
     
     INT. KITCHEN - NIGHT
     
    -Rae pours the cold tea into the sink.
    +Rae pours the hot tea into the sink.
     
     RAE
     Not again.

    modified: numbers.toml
    diff --git a/numbers.toml b/numbers.toml
    --- a/numbers.toml
    +++ b/numbers.toml
    @@ -4,10 +4,10 @@ [[scene]]
     [[scene]]
     number = "1"
     heading = "INT. KITCHEN - NIGHT"
    -digest = "6a3e93d1780e344a"
    -words = ["again", "cold", "into", "pours", "sink"]
    +digest = "9a9e535e33f494f3"
    +words = ["again", "into", "pours", "sink"]
     shots = [
    -  ["001", "08baf5bc18b4bc4c"],
    +  ["001", "7ab6198c8e19c51b"],
       ["002", "5d30da27853c0caf"],
     ]
    "#);
    assert_snapshot!(world.run(&["show", "HEAD:script.fountain"]), @"
    script.fountain
      id       8cb6c803294e6f088e203de1a74e80b7c93456d47ba74877aeb2f419cb32958f
      size     134 B
      changed  in 1ed3b1645649 Hot tea
      made by  hand
    ");
    world.ok(&["commit", "-q", "-m", "Idea"]);
    assert_snapshot!(world.run(&["commit", "-m", "Nothing"]), @"Nothing to commit");
}

#[test]
fn ids_are_what_b3sum_prints() {
    let world = project();
    let listed = world.ok(&["ls", "script.fountain"]);
    let id = blake3::hash(SCRIPT.as_bytes()).to_hex().to_string();
    assert_eq!(listed, format!("{id} {} script.fountain\n", SCRIPT.len()));
    assert_eq!(world.ok(&["cat", ":script.fountain"]), SCRIPT);
    assert_eq!(world.json(&["ls", "script.fountain"])[0]["id"], id);
}

#[test]
fn moved_and_edited_files_are_shown_as_renamed() {
    let world = project();
    let moved = SCRIPT.replace("gone", "late");
    std::fs::remove_file(world.path("script.fountain")).unwrap();
    world.write("drafts/script.fountain", moved);
    assert_snapshot!(world.run(&["diff"]), @"
    renamed: script.fountain -> drafts/script.fountain
    diff --git a/script.fountain b/drafts/script.fountain
    rename from script.fountain
    rename to drafts/script.fountain
    --- a/script.fountain
    +++ b/drafts/script.fountain
    @@ -9,4 +9,4 @@ EXT. QUAY - DAWN
     
     EXT. QUAY - DAWN
     
    -The ferry is gone.
    +The ferry is late.
    ");
    world.ok(&["commit", "-m", "Moved"]);
    assert_snapshot!(world.run(&["diff", "HEAD~1", "HEAD", "--stat"]), @"
    script.fountain -> drafts/script.fountain | 2 +-
    1 file changed, 1 line added, 1 removed
    ");
    assert_snapshot!(world.run(&["diff", "HEAD~1..HEAD", "--stat"]), @"
    script.fountain -> drafts/script.fountain | 2 +-
    1 file changed, 1 line added, 1 removed
    ");
}

#[test]
fn binary_and_large_files_are_told_by_their_size() {
    let world = project();
    world.write("look.bin", b"a\0b");
    world.write("huge.txt", "line\n".repeat(1 << 20));
    world.ok(&["commit", "-m", "Data"]);
    world.write("look.bin", b"a\0bc");
    world.write("huge.txt", "line\n".repeat(1 + (1 << 20)));
    assert_snapshot!(world.run(&["diff"]), @"
    modified: huge.txt
    diff --git a/huge.txt b/huge.txt
    Binary files a/huge.txt and b/huge.txt differ
      size        5242880 B -> 5242885 B
      larger than 4.0 MiB, so not compared

    modified: look.bin
    diff --git a/look.bin b/look.bin
    Binary files a/look.bin and b/look.bin differ
      size        3 B -> 4 B
    ");
}

#[test]
fn timelines_fork_and_are_drawn() {
    let world = project();
    assert_snapshot!(world.run(&["switch", "-c", "what-if"]), @"On new timeline what-if");
    world.write("script.fountain", SCRIPT.replace("gone", "late"));
    world.ok(&["commit", "-m", "The ferry is late"]);
    assert_snapshot!(world.run(&["switch", "main"]), @"On timeline main, 2 files changed");
    assert_eq!(world.read("script.fountain"), SCRIPT);
    assert_snapshot!(world.run(&["branch"]), @"
    * main    0b24f9152e13 First draft
      what-if ce015047fbd0 The ferry is late
    ");
    assert_snapshot!(world.run(&["tag", "draft-1"]), @"Tagged 0b24f9152e13 as draft-1");
    assert_snapshot!(world.run(&["tag"]), @"  draft-1 0b24f9152e13 First draft");
    assert_snapshot!(world.run(&["log", "--oneline", "--graph", "what-if"]), @"
    * ce015047fbd0 (what-if) The ferry is late
    * 0b24f9152e13 (HEAD, tag: draft-1, main) First draft
    ");
    assert_snapshot!(world.run(&["branch", "-d", "what-if"]), @"
    --- stderr
    error: timeline what-if has commits that are on no other timeline: 1 commit; scene EXT. QUAY - DAWN
    hint: `aiut branch -D what-if` deletes it all the same; `aiut undo` brings it back
    --- exit code 1
    ");
    assert_snapshot!(world.run(&["branch", "-m", "what-if", "late"]), @"Timeline what-if is now called late");
    assert_snapshot!(world.run(&["diff", "main", "late", "--stat"]), @"
    numbers.toml    | 6 +++---
    script.fountain | 2 +-
    2 files changed, 4 lines added, 4 removed
    ");
}

#[test]
fn everything_can_be_undone_and_done_again() {
    let world = project();
    world.write("script.fountain", SCRIPT.replace("cold", "hot"));
    world.ok(&["commit", "-m", "Hot tea"]);
    assert_snapshot!(world.run(&["undo"]), @"Undid `aiut commit -m 'Hot tea'`: now on timeline main, 1 file changed");
    assert_snapshot!(world.run(&["log", "--oneline"]), @"0b24f9152e13 (HEAD, main) First draft");
    assert_snapshot!(world.run(&["redo"]), @"Redid `aiut commit -m 'Hot tea'`: now on timeline main, 1 file changed");
    assert_snapshot!(world.run(&["redo"]), @"
    --- stderr
    error: there is nothing to redo
    --- exit code 1
    ");
    world.write("script.fountain", "nothing\n");
    assert_snapshot!(world.run(&["restore", "script.fountain"]), @"
      script.fountain (was edited)
    Restored 1 file
    ");
    assert_snapshot!(world.run(&["undo"]), @"Undid `aiut restore script.fountain`: now on timeline main, 1 file changed");
    assert_eq!(world.read("script.fountain"), "nothing\n");
    assert_snapshot!(world.run(&["op", "log", "-n", "3"]), @"
    e4703dc9534b aiut undo (takes back 5f14537f98b4)
        2026-01-01 00:08:00 +00:00, rae@studio
    5f14537f98b4 aiut restore script.fountain
        2026-01-01 00:07:00 +00:00, rae@studio
    c86fa70a4f42 aiut redo (takes back 7ea35ae9b7e8)
        2026-01-01 00:05:00 +00:00, rae@studio
    ");
}

#[test]
fn uncommitted_work_is_not_lost_by_switching() {
    let world = project();
    world.ok(&["switch", "-c", "what-if"]);
    world.write("script.fountain", SCRIPT.replace("gone", "late"));
    world.ok(&["commit", "-m", "Late"]);
    world.write("script.fountain", "work in progress\n");
    assert_snapshot!(world.run(&["switch", "main"]), @"
    --- stderr
    error: uncommitted changes would be overwritten in script.fountain
    hint: commit them, or give --discard (`aiut undo` then brings them back)
    --- exit code 1
    ");
    assert_snapshot!(world.run(&["switch", "main", "--discard"]), @"
    On timeline main, 2 files changed
      overwrote script.fountain; `aiut undo` brings it back
    ");
    world.ok(&["undo"]);
    assert_eq!(world.read("script.fountain"), "work in progress\n");
}

#[cfg(unix)]
#[test]
fn the_message_is_written_in_the_users_editor() {
    let mut world = project();
    world.write("script.fountain", SCRIPT.replace("cold", "hot"));
    assert_snapshot!(world.run(&["commit"]), @r#"
    --- stderr
    error: a message is needed
    hint: give it on the command line: -m "…"
    --- exit code 1
    "#);
    world.set(
        "EDITOR",
        "sh -c 'cp \"$1\" ../seen; echo \"Hot tea\" > \"$1\"' --",
    );
    assert_snapshot!(world.run(&["commit"]), @"
    7e94df9d8004 Hot tea
    2 files: 2 modified, on timeline main
    ");
    assert_snapshot!(std::fs::read_to_string(world.path("../seen")).unwrap(), @"

    # Say what changed and why. Lines that begin with # are left out; with nothing written,
    # nothing is committed.
    #
    # On timeline main
    #   modified  script.fountain
    ");
    world.write("script.fountain", SCRIPT);
    world.set("VISUAL", "true");
    assert_snapshot!(world.run(&["commit"]), @"
    --- stderr
    error: the message is empty, so nothing was done
    --- exit code 1
    ");
    world.set("VISUAL", "false");
    assert_snapshot!(world.run(&["commit"]), @"
    --- stderr
    error: false ended with exit status: 1
    --- exit code 1
    ");
}

#[test]
fn names_and_messages_cannot_steer_the_terminal() {
    let world = project();
    world.write("script.fountain", "\x1b]0;owned\x07\n");
    world.ok(&["commit", "-m", "\x1b[31mRed\u{202e}"]);
    for arguments in [
        &["log"][..],
        &["log", "--oneline"],
        &["show", "--stat"],
        &["op", "log"],
    ] {
        let shown = world.ok(arguments);
        assert!(shown.contains("\\u{1b}"), "{shown}");
        assert!(!shown.contains(['\x1b', '\u{202e}', '\x07']), "{shown}");
    }
    let error = world.run(&["switch", "\x1b]0;x\x07"]);
    assert!(
        !error.stderr.contains('\x1b') && error.code == Some(1),
        "{error}"
    );
}

#[test]
fn a_long_log_with_no_reader_is_no_error() {
    let world = project();
    for arguments in [
        &["log"][..],
        &["diff", "HEAD"],
        &["cat", ":script.fountain"],
        &["ls", "--json"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = world
            .command(&world.path(""), arguments)
            .stdout(writer)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(
            output.stderr.is_empty(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[test]
fn commands_can_be_given_from_a_folder_within() {
    let world = project();
    world.write("bible/characters/rae.toml", "signature = \"a red coat\"\n");
    let run = world.run_in("bible", &["commit", "-m", "Rae", "characters"]);
    assert_snapshot!(run, @"
    ab79f2e6a877 Rae
    1 file: 1 new, on timeline main
    ");
    assert_snapshot!(world.run_in("bible", &["log", "--oneline", "--", "characters/rae.toml"]), @"ab79f2e6a877 (HEAD, main) Rae");
    assert_snapshot!(world.run_in("bible", &["log", "--oneline", "../script.fountain"]), @"0b24f9152e13 First draft");
    assert_snapshot!(world.run_in("bible", &["diff", "../.."]), @"
    --- stderr
    error: ../.. lies outside the project
    hint: aiut looks at nothing outside $ROOT/film
    --- exit code 1
    ");
}

#[test]
fn with_its_new_name_alone_the_current_timeline_is_renamed() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("notes.txt", "one\n");
    world.ok(&["commit", "-q", "-m", "First"]);
    world.ok(&["branch", "other"]);
    world.ok(&["branch", "-m", "final"]);
    assert_eq!(world.ok(&["branch", "--show-current"]), "final\n");
    world.ok(&["branch", "-m", "other", "late"]);
    world.ok(&["switch", "-q", "--detach", "final"]);
    let run = world.run(&["branch", "-m", "lost"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.contains("aiut branch -m OLD lost"), "{run}");
}
