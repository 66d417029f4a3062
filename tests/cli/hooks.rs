//! Hooks: what they are told, what they stop, and that none runs that was not agreed to.

use std::os::unix::fs::PermissionsExt;

use super::world::World;

const SCRIPT: &str = "INT. GALLEY - NIGHT\n\nMila stirs the soup.\n";

fn film() -> World {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    world.write("script.fountain", SCRIPT);
    world
}

/// A hook that notes what it reads, says something and ends with this code.
fn noting(name: &str, code: u8) -> String {
    format!("#!/bin/sh\ncat > ../{name}.json\necho \"{name} was here\"\nexit {code}\n")
}

fn install(world: &World, name: &str, text: &str) {
    world.write("../hook.sh", text);
    world.ok(&[
        "hooks",
        "install",
        name,
        "../hook.sh",
        "--yes",
        "--force",
        "-q",
    ]);
}

/// A film whose script is committed, and of which nothing is made.
fn planned() -> World {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "film"]);
    world.write("script.fountain", SCRIPT);
    world.ok(&["commit", "-q", "-m", "First"]);
    world
}

fn told(world: &World, name: &str) -> serde_json::Value {
    serde_json::from_str(&world.read(&format!("../{name}.json"))).unwrap()
}

#[test]
fn a_hook_before_a_commit_sees_what_would_be_taken_and_may_stop_it() {
    let world = film();
    install(&world, "pre-commit", &noting("pre-commit", 3));
    let run = world.run(&["commit", "-m", "First"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.contains("pre-commit was here"), "{run}");
    assert!(run.stderr.contains("exit code 3"), "{run}");
    assert!(run.stderr.contains("--no-verify"), "{run}");
    assert!(!world.run(&["log"]).stdout.contains("First"));
    let before = told(&world, "pre-commit");
    assert_eq!(before["hook"], "pre-commit");
    assert_eq!(before["timeline"], "main");
    assert_eq!(before["amend"], false);
    assert_eq!(before["paths"], serde_json::json!(["script.fountain"]));
    assert_eq!(before["status"]["changes"]["added"][0], "script.fountain");

    world.ok(&["commit", "--no-verify", "-m", "First"]);
    // Where nothing would be committed there is nothing to stop.
    let run = world.run(&["commit", "-m", "Nothing"]);
    assert!(!run.stderr.contains("was here"), "{run}");
    // What it prints goes to standard error, so that JSON stays JSON.
    install(&world, "pre-commit", "#!/bin/sh\necho fine\n");
    world.write("script.fountain", SCRIPT.replace("soup", "tea"));
    let run = world.run(&["commit", "-m", "Tea", "--json"]);
    assert_eq!(run.code, Some(0), "{run}");
    assert!(
        serde_json::from_str::<serde_json::Value>(&run.stdout).is_ok(),
        "{run}"
    );
    assert!(run.stderr.contains("fine"), "{run}");
}

#[test]
fn what_a_hook_writes_before_a_commit_is_committed_and_hooks_do_not_run_within_hooks() {
    let world = film();
    install(
        &world,
        "pre-commit",
        "#!/bin/sh\ncat >/dev/null\nsed -i 's/soup/stew/' script.fountain\n",
    );
    install(
        &world,
        "post-commit",
        &format!(
            "#!/bin/sh\ncat > ../post-commit.json\necho more >> more.txt\n'{}' commit -q -m More\nexit 1\n",
            env!("CARGO_BIN_EXE_aiut")
        ),
    );
    let run = world.run(&["commit", "-m", "First"]);
    assert_eq!(run.code, Some(0), "{run}");
    assert!(run.stderr.contains("post-commit failed"), "{run}");
    assert!(
        world
            .ok(&["cat", "main~1:script.fountain"])
            .contains("stew")
    );
    let log = world.ok(&["log", "--oneline"]);
    assert_eq!(log.lines().count(), 2, "{log}");
    assert!(log.contains("More"), "{log}");
    let after = told(&world, "post-commit");
    assert_eq!(after["commit"]["subject"], "First");
}

#[test]
fn no_hook_runs_that_was_not_agreed_to_as_it_is() {
    let world = film();
    // Put there by hand, or come with a copied folder.
    world.write(".aiut/hooks/pre-commit", noting("pre-commit", 1));
    let run = world.run(&["commit", "-m", "First"]);
    assert_eq!(run.code, Some(0), "{run}");
    assert!(run.stderr.contains("chmod +x"), "{run}");
    let executable = || {
        let path = world.path(".aiut/hooks/pre-commit");
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    };
    executable();
    let commits = |said: &str| {
        world.write("notes.txt", said);
        world.run(&["commit", "-m", said])
    };
    let run = commits("Second");
    assert_eq!(run.code, Some(0), "{run}");
    assert!(run.stderr.contains("aiut hooks trust pre-commit"), "{run}");
    assert!(!world.path("../pre-commit.json").exists());
    assert!(world.ok(&["hooks"]).contains("not agreed to"));
    // Without a terminal the answer is no.
    let run = world.run(&["hooks", "trust", "pre-commit"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stdout.contains("pre-commit was here"), "{run}");
    world.ok(&["hooks", "trust", "pre-commit", "--yes"]);
    assert_eq!(commits("Third").code, Some(1));
    // Edited, it asks again; taken back, all do.
    world.write(".aiut/hooks/pre-commit", "#!/bin/sh\nexit 1\n");
    executable();
    assert_eq!(commits("Fourth").code, Some(0));
    world.ok(&["hooks", "trust", "pre-commit", "--yes"]);
    assert_eq!(commits("Fifth").code, Some(1));
    world.ok(&["trust", "--revoke"]);
    assert_eq!(commits("Sixth").code, Some(0));
    // A copy of the folder elsewhere runs nothing.
    world.ok(&["hooks", "trust", "pre-commit", "--yes"]);
    let copied = std::process::Command::new("cp")
        .args(["-a", ".", "../copy"])
        .current_dir(world.path(""))
        .status();
    assert!(copied.unwrap().success());
    world.write("../copy/notes.txt", "copied");
    let run = world.run_in("../copy", &["commit", "-m", "Copied"]);
    assert_eq!(run.code, Some(0), "{run}");
    // Nor does a clone have any.
    world.ok(&["clone", "-q", ".", "../clone"]);
    assert!(!world.path("../clone/.aiut/hooks").exists());
}

#[test]
fn what_is_in_the_way_is_named() {
    let world = film();
    let run = world.run(&["hooks", "install", "pre-comit"]);
    assert!(run.stderr.contains("did you mean pre-commit"), "{run}");
    let run = world.run(&["hooks", "install", "pre-push"]);
    assert!(run.stderr.contains("no sample"), "{run}");
    let run = world.run(&["hooks", "install", "pre-push", "nowhere.sh", "--yes"]);
    assert!(run.stderr.contains("nowhere.sh"), "{run}");
    let run = world.run(&["hooks", "show", "pre-push"]);
    assert!(run.stderr.contains("no hook pre-push"), "{run}");
    let run = world.run(&["hooks", "remove", "pre-push"]);
    assert_eq!(run.code, Some(1), "{run}");
    let run = world.run(&["hooks", "install", "pre-commit"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stdout.contains("#!/bin/sh"), "{run}");
    assert!(!world.path(".aiut/hooks").exists());
    world.ok(&["hooks", "install", "pre-commit", "--yes"]);
    world.ok(&["hooks", "install", "pre-commit", "--yes"]);
    world.write("../mine.sh", "#!/bin/sh\n");
    let run = world.run(&["hooks", "install", "pre-commit", "../mine.sh", "--yes"]);
    assert!(run.stderr.contains("--force"), "{run}");
    world.ok(&[
        "hooks",
        "install",
        "pre-commit",
        "../mine.sh",
        "--yes",
        "--force",
    ]);
    assert_eq!(world.ok(&["hooks", "show", "pre-commit"]), "#!/bin/sh\n");
    world.ok(&["hooks", "remove", "pre-commit"]);
    assert!(!world.path(".aiut/hooks/pre-commit").exists());
    // A link, and a program that cannot be started.
    std::os::unix::fs::symlink("/bin/true", world.path(".aiut/hooks/pre-commit")).unwrap();
    let run = world.run(&["commit", "-m", "First"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.contains("pre-commit"), "{run}");
    std::fs::remove_file(world.path(".aiut/hooks/pre-commit")).unwrap();
    install(&world, "pre-commit", "#!/nowhere/shell\n");
    let run = world.run(&["commit", "-m", "First"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.contains("cannot be run"), "{run}");
}

#[test]
fn the_sample_before_a_commit_finds_slips_of_a_screenplay() {
    let world = film();
    world.ok(&["hooks", "install", "pre-commit", "--yes"]);
    world.ok(&["commit", "-m", "First"]);
    let slips = format!(
        "Title:\n    A play\n\n{SCRIPT}\nShe sits.\nINT. KITCHEN - DAY\n\nMARTIN:\nTea.\n\n\tTabs.\n\n\
         EXT DECK - DAY\n\nWind.\n\nCUT TO:\n\nMILA\nNo.\n"
    );
    world.write("a & b, play.fountain", slips.replace('\n', "\r\n"));
    let run = world.run(&["commit", "-m", "Slips"]);
    assert_eq!(run.code, Some(1), "{run}");
    let told: Vec<&str> = run
        .stderr
        .lines()
        .filter(|line| line.starts_with("a & b"))
        .collect();
    assert_eq!(
        told,
        [
            "a & b, play.fountain:9:INT. KITCHEN - DAY",
            "a & b, play.fountain:11:MARTIN:",
            "a & b, play.fountain:14:\tTabs.",
        ]
    );
    // What it says of them is so: the heading begins no scene, and nobody speaks.
    world.write("script.fountain", &slips);
    let scenes = world.ok(&["scenes"]);
    assert!(!scenes.contains("KITCHEN"), "{scenes}");
    assert!(scenes.contains("EXT DECK"), "{scenes}");
    world.write("script.fountain", SCRIPT);
    std::fs::remove_file(world.path("a & b, play.fountain")).unwrap();
    world.write("a play.fountain", SCRIPT);
    world.ok(&["commit", "-m", "Mended"]);
}

#[test]
fn the_sample_before_a_run_keeps_to_a_limit() {
    let mut world = planned();
    world.ok(&["hooks", "install", "pre-generate", "--yes"]);
    world.ok(&["generate", "-q", "shots"]);
    world.ok(&[
        "config",
        "stage.frames.price",
        "{ per = \"item\", usd = 6 }",
    ]);
    install(&world, "post-generate", &noting("post-generate", 0));
    let run = world.run(&["generate", "frames", "--yes"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.contains("a run may cost 5000000"), "{run}");
    assert!(!world.path("../post-generate.json").exists());
    world.set("AIUT_MOST_MICRO_USD", "900000000");
    world.ok(&["generate", "-q", "frames", "--yes"]);
    let after = told(&world, "post-generate");
    assert!(after["written"].as_u64().unwrap() > 0, "{after}");
    assert_eq!(after["failed"], 0);
}

#[test]
fn the_sample_after_stale_shows_a_message() {
    let mut world = planned();
    world.ok(&["hooks", "install", "post-stale", "--yes"]);
    world.write(
        "../bin/notify-send",
        "#!/bin/sh\nprintf '%s|' \"$@\" > ../message\n",
    );
    let shown = world.path("../bin/notify-send");
    std::fs::set_permissions(shown, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = std::env::var("PATH").unwrap();
    world.set(
        "PATH",
        &format!("{}:{path}", world.path("../bin").display()),
    );
    world.ok(&["stale"]);
    let message = world.read("../message");
    assert!(message.starts_with("aiut|"), "{message}");
    assert!(message.contains("outputs in"), "{message}");
    assert!(message.contains("out of date"), "{message}");
}

#[test]
fn a_hook_before_a_push_sees_where_it_goes() {
    let world = film();
    world.ok(&["commit", "-q", "-m", "First"]);
    world.ok(&["init", "-q", "--shared", "../shared"]);
    world.ok(&["remote", "add", "origin", "../shared"]);
    install(&world, "pre-push", &noting("pre-push", 1));
    let run = world.run(&["push"]);
    assert_eq!(run.code, Some(1), "{run}");
    let before = told(&world, "pre-push");
    assert_eq!(before["remote"], "origin");
    assert_eq!(before["force"], false);
    assert_eq!(before["refs"][0]["ref"], "timelines/main");
    assert!(
        before["place"].as_str().unwrap().ends_with("/shared"),
        "{before}"
    );
    assert_eq!(world.run(&["push", "--dry-run"]).code, Some(0));
    world.ok(&["push", "--no-verify"]);
}
