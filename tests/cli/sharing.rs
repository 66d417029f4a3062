//! A project shared through a folder: two people, one place.

use super::world::{Run, World};

const SCRIPT: &str = "\
INT. CABIN - NIGHT

Mila sits by the window.

EXT. DECK - NIGHT

Jonas leans on the rail.
";

/// A place, the project of the first that was pushed there, and the copy of the second in `../second`.
fn shared() -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("script.fountain", SCRIPT);
    world.ok(&["commit", "-q", "-m", "Script"]);
    world.ok(&["init", "--shared", "../studio/ferry"]);
    world.ok(&["remote", "add", "origin", "../studio/ferry"]);
    world.ok(&["push", "-q"]);
    ok_in(
        &world,
        ".",
        &["clone", "-q", "../studio/ferry", "../second"],
    );
    world
}

fn ok_in(world: &World, folder: &str, arguments: &[&str]) -> String {
    let run = world.run_in(folder, arguments);
    assert_eq!(run.code, Some(0), "{folder} {arguments:?}:\n{run}");
    run.stdout
}

fn second(world: &World, arguments: &[&str]) -> String {
    ok_in(world, "../second", arguments)
}

fn edit(world: &World, file: &str, from: &str, to: &str) {
    let text = world.read(file);
    assert!(text.contains(from), "{from}");
    world.write(file, text.replacen(from, to, 1));
}

/// Replaces words of the script in a folder, and commits that with the new ones as the message.
fn commits(world: &World, folder: &str, from: &str, to: &str) {
    edit(world, &format!("{folder}/script.fountain"), from, to);
    ok_in(world, folder, &["commit", "-q", "-m", to]);
}

fn head(world: &World, folder: &str) -> String {
    let log = ok_in(world, folder, &["log", "-1", "--json"]);
    let log: serde_json::Value = serde_json::from_str(&log).unwrap();
    log[0]["id"].as_str().unwrap().to_owned()
}

fn fails(world: &World, folder: &str, code: i32, arguments: &[&str]) -> Run {
    let run = world.run_in(folder, arguments);
    assert_eq!(run.code, Some(code), "{arguments:?}:\n{run}");
    run
}

#[test]
fn what_one_pushes_another_pulls() {
    let world = shared();
    assert_eq!(world.read("../second/script.fountain"), SCRIPT);
    assert_eq!(head(&world, "."), head(&world, "../second"));
    assert!(second(&world, &["status"]).contains("Follows origin/main"));
    commits(&world, "../second", "Jonas leans", "Jonas sleeps");
    assert!(second(&world, &["status"]).contains("1 commit ahead"));
    let said = second(&world, &["push"]);
    assert!(
        said.contains("To origin") && said.contains("main"),
        "{said}"
    );
    assert!(second(&world, &["push"]).contains("has everything already"));

    let before = world.json(&["op", "log"]).as_array().unwrap().len();
    let said = world.ok(&["pull"]);
    assert!(said.contains("moved on to"), "{said}");
    assert!(world.read("script.fountain").contains("Jonas sleeps"));
    assert_eq!(head(&world, "."), head(&world, "../second"));
    // One operation, which can be taken back and done again.
    assert_eq!(
        world.json(&["op", "log"]).as_array().unwrap().len(),
        before + 1
    );
    world.ok(&["undo"]);
    assert_eq!(world.read("script.fountain"), SCRIPT);
    world.ok(&["redo"]);
    assert!(world.ok(&["pull"]).contains("has all of"));
}

#[test]
fn both_went_on_and_are_joined() {
    let world = shared();
    commits(&world, ".", "Mila sits", "Mila stands");
    commits(&world, "../second", "Jonas leans", "Jonas sleeps");
    second(&world, &["push", "-q"]);

    let run = fails(&world, ".", 1, &["push"]);
    assert!(run.stderr.contains("`aiut pull` joins"), "{run}");
    let run = fails(&world, ".", 1, &["pull", "--ff-only"]);
    assert!(run.stderr.contains("both went on"), "{run}");
    world.ok(&["fetch"]);
    assert!(world.ok(&["status"]).contains("1 commit ahead, 1 behind"));
    assert!(world.ok(&["branch", "-v"]).contains("follows origin/main"));
    let log = world.ok(&["log", "main..origin/main", "--oneline"]);
    assert!(log.contains("Jonas sleeps"), "{log}");
    let said = world.ok(&["pull"]);
    assert!(said.contains("Merge origin/main into main"), "{said}");
    let script = world.read("script.fountain");
    assert!(
        script.contains("Mila stands") && script.contains("Jonas sleeps"),
        "{script}"
    );
    world.ok(&["push", "-q"]);
    second(&world, &["pull", "-q"]);
    assert_eq!(head(&world, "."), head(&world, "../second"));
}

#[test]
fn a_conflict_travels_and_the_other_settles_it() {
    let world = shared();
    commits(&world, ".", "Mila sits", "Mila stands");
    commits(&world, "../second", "Mila sits", "Mila lies");
    second(&world, &["push", "-q"]);
    let run = fails(&world, ".", 3, &["pull"]);
    assert!(run.stdout.contains("1 file is in conflict"), "{run}");
    let run = world.run(&["push", "-q"]);
    assert_eq!(run.code, Some(0), "{run}");
    assert!(
        run.stderr
            .contains("1 file is in conflict in what was pushed"),
        "{run}"
    );
    second(&world, &["pull", "-q"]);
    second(&world, &["resolve", "script.fountain", "--ours"]);
    second(&world, &["commit", "-q", "-m", "Settled"]);
    second(&world, &["push", "-q"]);
    world.ok(&["pull", "-q"]);
    assert!(
        world.json(&["status"])["conflicts"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    assert_eq!(head(&world, "."), head(&world, "../second"));
}

#[test]
fn timelines_and_tags_come_and_go() {
    let world = shared();
    world.ok(&["switch", "-q", "-c", "noir"]);
    commits(&world, ".", "Mila sits", "Mila smokes");
    world.ok(&["tag", "-q", "cut-1"]);
    let said = world.ok(&["push", "--all", "--tags", "--dry-run"]);
    assert!(
        said.contains("would move") && said.contains("noir"),
        "{said}"
    );
    assert!(second(&world, &["fetch"]).contains("Nothing new"));
    let said = world.ok(&["push", "--all", "--tags"]);
    assert!(said.contains("noir follows origin from now on"), "{said}");
    let said = second(&world, &["fetch"]);
    assert!(
        said.contains("origin/noir") && said.contains("tags/cut-1"),
        "{said}"
    );
    // A timeline that the remote alone has is made by going there.
    let said = second(&world, &["switch", "noir"]);
    assert!(said.contains("new timeline noir"), "{said}");
    assert!(second(&world, &["status"]).contains("Follows origin/noir"));
    second(&world, &["switch", "-q", "main"]);

    // What was rewritten goes there if nobody else was.
    edit(&world, "script.fountain", "smokes", "smiles");
    world.ok(&["commit", "-q", "--amend", "--no-edit"]);
    fails(&world, ".", 1, &["push"]);
    world.ok(&["push", "--force-with-lease"]);
    second(&world, &["switch", "-q", "noir"]);
    commits(&world, "../second", "Jonas leans", "Jonas falls");
    let run = fails(&world, "../second", 1, &["push", "--force-with-lease"]);
    assert!(run.stderr.contains("aiut fetch"), "{run}");

    let said = world.ok(&["push", "--delete", "noir"]);
    assert!(said.contains("gone"), "{said}");
    let said = second(&world, &["fetch", "--prune"]);
    assert!(said.contains("gone"), "{said}");
    let run = fails(&world, ".", 1, &["push", "--delete", "mian"]);
    assert!(run.stderr.contains("did you mean main"), "{run}");
}

#[test]
fn a_project_of_somebodys_own_is_cloned_and_pulled_from() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("script.fountain", SCRIPT);
    world.ok(&["commit", "-q", "-m", "Script"]);
    let said = world.ok(&["clone", ".", "../second"]);
    assert!(said.contains("1 timeline"), "{said}");
    commits(&world, ".", "Mila sits", "Mila stands");
    second(&world, &["pull", "-q"]);
    assert!(world.read("../second/script.fountain").contains("stands"));
    commits(&world, "../second", "Mila stands", "Mila lies");
    let run = fails(&world, "../second", 1, &["push"]);
    assert!(run.stderr.contains("files of its own"), "{run}");
    // What stands in the folder and is in no commit stops a pull, and nothing moves.
    commits(&world, ".", "Jonas leans", "Jonas falls");
    second(&world, &["undo", "-q"]);
    world.write("../second/script.fountain", "INT. NOWHERE - DAY\n");
    let run = world.run_in("../second", &["pull"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.contains("script.fountain"), "{run}");
    assert_eq!(
        world.read("../second/script.fountain"),
        "INT. NOWHERE - DAY\n"
    );
}

#[test]
fn what_is_wrong_is_told_with_what_mends_it() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    for (arguments, told) in [
        (&["push"][..], "`aiut remote add origin PLACE`"),
        (&["pull"], "`aiut remote add origin PLACE`"),
        (&["fetch", "studio"], "no remote is called \"studio\""),
        (&["remote", "add", "a/b", "../x"], "it holds a /"),
        (
            &["remote", "add", "x", "ssh://studio.example/x"],
            "ssh:// is not spoken here",
        ),
        (&["remote", "remove", "origin"], "no remote is called"),
        (&["clone", "../nowhere", "../copy"], "aiut init --shared"),
        (&["branch", "-u", "origin/main"], "no remote is called"),
    ] {
        let run = fails(&world, ".", 1, arguments);
        assert!(run.stderr.contains(told), "{arguments:?}:\n{run}");
    }
    assert!(!world.path("../copy").exists());
    world.ok(&["init", "--shared", "../studio"]);
    let run = fails(&world, ".", 1, &["init", "--shared", "../studio"]);
    assert!(run.stderr.contains("not empty"), "{run}");
    world.ok(&["remote", "add", "origin", "../studio"]);
    let run = fails(&world, ".", 1, &["remote", "add", "origin", "../studio"]);
    assert!(run.stderr.contains("set-url"), "{run}");
    let run = fails(&world, ".", 1, &["push"]);
    assert!(run.stderr.contains("has no commit yet"), "{run}");
    let run = fails(&world, ".", 1, &["pull"]);
    assert!(run.stderr.contains("follows no timeline"), "{run}");
    let run = fails(&world, ".", 1, &["fetch", "orign"]);
    assert!(run.stderr.contains("did you mean origin"), "{run}");
    let run = fails(&world, ".", 1, &["clone", "../studio", "."]);
    assert!(run.stderr.contains("not empty"), "{run}");
    // A clone of a place to which nothing was pushed yet stands on a timeline without a commit.
    let said = world.ok(&["clone", "../studio", "../copy"]);
    assert!(said.contains("0 timelines"), "{said}");
    // Edited by hand, and wrong.
    world.write(".aiut/remotes.toml", "[remote.origin]\nplaces = 3\n");
    let run = fails(&world, ".", 1, &["fetch"]);
    assert!(run.stderr.contains("remotes.toml"), "{run}");
    assert!(run.stderr.contains("line 2"), "{run}");
}

#[test]
fn a_clone_that_was_interrupted_goes_on() {
    let world = shared();
    // As a clone that was killed before its one visible step leaves it.
    world.ok(&["init", "-q", "--template", "none", "../third"]);
    ok_in(
        &world,
        "../third",
        &["remote", "add", "origin", "../studio/ferry"],
    );
    let said = world.ok(&["clone", "../studio/ferry", "../third"]);
    assert!(said.contains("1 timeline"), "{said}");
    assert_eq!(world.read("../third/script.fountain"), SCRIPT);
    // Or before it noted where it came from.
    world.ok(&["init", "-q", "--template", "none", "../fifth"]);
    world.ok(&["clone", "-q", "../studio/ferry", "../fifth"]);
    assert_eq!(world.read("../fifth/script.fountain"), SCRIPT);
    // Or as it made its folder.
    world.write("../sixth/.aiut/.gitignore", "*\n");
    std::fs::create_dir_all(world.path("../sixth/.aiut/packs")).unwrap();
    world.ok(&["clone", "-q", "../studio/ferry", "../sixth"]);
    assert_eq!(world.read("../sixth/script.fountain"), SCRIPT);
    // A project that lost its file of the format holds more than that, and is nobody's to clone into.
    std::fs::remove_file(world.path("../sixth/.aiut/format")).unwrap();
    std::fs::remove_dir_all(world.path("../sixth/.aiut/packs")).unwrap();
    std::fs::remove_file(world.path("../sixth/script.fountain")).unwrap();
    let heads = std::fs::read(world.path("../sixth/.aiut/heads")).unwrap();
    let run = fails(&world, ".", 1, &["clone", "../studio/ferry", "../sixth"]);
    assert!(run.stderr.contains("not empty"), "{run}");
    assert_eq!(
        std::fs::read(world.path("../sixth/.aiut/heads")).unwrap(),
        heads
    );
    // One of another place is not touched.
    world.ok(&["init", "-q", "--template", "none", "../fourth"]);
    ok_in(
        &world,
        "../fourth",
        &["remote", "add", "origin", "../elsewhere"],
    );
    let run = fails(&world, ".", 1, &["clone", "../studio/ferry", "../fourth"]);
    assert!(run.stderr.contains("not empty"), "{run}");
}

#[test]
fn a_project_travels_in_one_file() {
    let world = shared();
    let said = world.ok(&["export", "bundle", "../film.aiut"]);
    assert!(said.contains("aiut clone"), "{said}");
    std::fs::rename(world.path("../film.aiut"), world.path("../third.aiut")).unwrap();
    let said = ok_in(&world, "..", &["clone", "third.aiut"]);
    assert!(said.contains("1 timeline"), "{said}");
    // In the folder that the command ran in, called as the file is.
    assert_eq!(world.read("../third/script.fountain"), SCRIPT);
    let run = fails(&world, ".", 1, &["export", "bundle", "../third.aiut"]);
    assert!(run.stderr.contains("--force replaces it"), "{run}");
    let run = fails(&world, ".", 1, &["export", "bundle", "film.aiut"]);
    assert!(run.stderr.contains("lies in the project"), "{run}");
    let run = fails(
        &world,
        ".",
        1,
        &["export", "bundle", "../x.aiut", "--since", "main"],
    );
    assert!(run.stderr.contains("nothing was committed since"), "{run}");
    assert!(!world.path("../x.aiut").exists());

    commits(&world, ".", "Jonas leans", "Jonas sleeps");
    let said = world.ok(&[
        "export",
        "bundle",
        "../since.aiut",
        "main",
        "--since",
        "main~1",
    ]);
    assert!(said.contains("it builds upon"), "{said}");
    let run = fails(&world, ".", 1, &["clone", "../since.aiut", "../fourth"]);
    assert!(run.stderr.contains("which is not here"), "{run}");
    assert!(!world.path("../fourth").exists());
    ok_in(
        &world,
        "../third",
        &["remote", "add", "since", "../since.aiut"],
    );
    ok_in(&world, "../third", &["pull", "since"]);
    assert!(
        world
            .read("../third/script.fountain")
            .contains("Jonas sleeps")
    );
    let run = fails(&world, "../third", 1, &["push", "since", "main:other"]);
    assert!(run.stderr.contains("nothing is pushed to it"), "{run}");
    world.write("../broken.aiut", "not a film");
    let run = fails(&world, ".", 1, &["clone", "../broken.aiut"]);
    assert!(run.stderr.contains("no bundle"), "{run}");
}

#[test]
fn what_is_lost_at_the_place_is_told_and_not_taken_for_nothing() {
    let world = shared();
    std::fs::rename(
        world.path("../studio/ferry/packs/00000001.pack"),
        world.path("../aside.pack"),
    )
    .unwrap();
    for arguments in [
        &["fetch"][..],
        &["pull"],
        &["push"],
        &["clone", "../studio/ferry", "../x"],
    ] {
        let run = fails(&world, ".", 1, arguments);
        assert!(
            run.stderr.contains("00000001.pack is gone"),
            "{arguments:?}: {run}"
        );
    }
    assert!(!world.path("../x").exists());
}

#[test]
fn nothing_goes_that_was_not_seen() {
    let world = shared();
    commits(&world, "../second", "Jonas leans", "Jonas sleeps");
    second(&world, &["push", "-q"]);
    let run = fails(&world, ".", 1, &["push", "--delete", "main"]);
    assert!(run.stderr.contains("`aiut pull` joins it"), "{run}");
    commits(&world, ".", "Mila sits", "Mila stands");
    let run = fails(&world, ".", 1, &["push", "--dry-run"]);
    assert!(run.stderr.contains("`aiut pull` joins"), "{run}");
    world.ok(&["branch", "old", "HEAD~1"]);
    let run = fails(&world, ".", 1, &["push", "origin", "main:z", "old:z"]);
    assert!(run.stderr.contains("two commits"), "{run}");
    // A pull that is refused still saw where the remote stands.
    fails(&world, ".", 1, &["pull", "--ff-only"]);
    assert!(world.ok(&["status"]).contains("1 commit ahead, 1 behind"));
    world.ok(&["remote", "remove", "origin"]);
    let run = fails(&world, ".", 1, &["log", "origin/main"]);
    assert!(run.stderr.contains("origin/main"), "{run}");
}

#[test]
fn a_place_lies_outside_of_projects_and_need_not_have_a_main() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("script.fountain", SCRIPT);
    let run = fails(&world, ".", 1, &["init", "--shared", "inside"]);
    assert!(run.stderr.contains("lies in the project"), "{run}");
    world.ok(&["switch", "-q", "-c", "noir"]);
    world.ok(&["commit", "-q", "-m", "Script"]);
    world.ok(&["init", "-q", "--shared", "../studio/ferry"]);
    world.ok(&["remote", "add", "origin", "../studio/ferry"]);
    world.ok(&["push", "-q"]);
    let said = world.ok(&["clone", "../studio/ferry", "../second"]);
    assert!(said.contains("On timeline noir"), "{said}");
    assert_eq!(world.read("../second/script.fountain"), SCRIPT);
    // By way of a link, as mounted disks are often reached.
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(world.path("../studio/ferry"), world.path("../link")).unwrap();
        world.ok(&["clone", "-q", "../link", "../third"]);
    }
}

#[test]
fn words_that_people_type_from_habit_mean_what_they_mean_there() {
    let world = shared();
    for name in ["noir", "comedy", "opera"] {
        world.ok(&["branch", name]);
    }
    world.ok(&["push", "-q", "origin", "noir", "comedy", "opera"]);
    let listed = world.ok(&["branch", "-r"]);
    assert!(
        listed.contains("origin/noir") && !listed.contains("* main"),
        "{listed}"
    );
    let listed = world.ok(&["branch", "-a"]);
    assert!(
        listed.contains("origin/noir") && listed.contains("* main"),
        "{listed}"
    );
    // The remote before the names, behind them, or left out.
    for words in [
        &["push", "-d", "origin", "noir"][..],
        &["push", "-d", "comedy", "origin"],
        &["push", "--delete", "opera"],
    ] {
        let said = world.ok(words);
        assert!(said.contains("gone"), "{words:?}: {said}");
    }
    let run = fails(&world, ".", 2, &["push", "--delete", "origin"]);
    assert!(run.stderr.contains("say which"), "{run}");
    // A remote by its place.
    assert!(
        world
            .ok(&["fetch", "../studio/ferry"])
            .contains("Nothing new")
    );
    assert!(
        world
            .ok(&["push", "../studio/ferry"])
            .contains("has everything")
    );
    let run = fails(&world, ".", 1, &["fetch", "../nowhere"]);
    assert!(
        run.stderr.contains("aiut remote add NAME ../nowhere"),
        "{run}"
    );
}

#[test]
fn what_was_done_here_goes_on_top_of_what_came() {
    let world = shared();
    commits(&world, ".", "Mila sits", "Mila stands");
    commits(&world, "../second", "Jonas leans", "Jonas sleeps");
    second(&world, &["push", "-q"]);
    let said = world.ok(&["pull", "--rebase"]);
    assert!(said.contains("From origin"), "{said}");
    let log = world.ok(&["log", "--oneline"]);
    let lines: Vec<&str> = log.lines().collect();
    assert!(
        lines[0].contains("Mila stands") && lines[1].contains("Jonas sleeps"),
        "{log}"
    );
    assert!(!log.contains("Merge"), "{log}");
    assert!(world.ok(&["status"]).contains("1 commit ahead"));
    world.ok(&["push", "-q"]);
    second(&world, &["pull", "--rebase", "-q"]);
    assert_eq!(head(&world, "."), head(&world, "../second"));
}
