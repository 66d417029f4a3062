//! `doctor` as it is typed.

use super::world::World;

fn finding(report: &serde_json::Value, subject: &str) -> serde_json::Value {
    let findings = report["findings"].as_array().unwrap();
    let found = findings
        .iter()
        .find(|finding| finding["subject"] == subject);
    found
        .unwrap_or_else(|| panic!("no {subject} in {report}"))
        .clone()
}

fn report(world: &World) -> (serde_json::Value, Option<i32>) {
    let run = world.run(&["doctor", "--json"]);
    (serde_json::from_str(&run.stdout).unwrap(), run.code)
}

#[test]
fn a_healthy_project_is_told_as_that() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("a", "1");
    world.ok(&["commit", "-q", "-m", "First"]);
    let (report, _) = report(&world);
    for subject in [
        "author",
        "clock",
        "packs",
        "index",
        "commands",
        "file system",
        "copies",
    ] {
        assert_eq!(finding(&report, subject)["state"], "good", "{subject}");
    }
    assert!(
        finding(&report, "author")["found"]
            .as_str()
            .unwrap()
            .contains("Rae Lindqvist")
    );
    assert!(
        finding(&report, "packs")["found"]
            .as_str()
            .unwrap()
            .starts_with("1 pack with ")
    );
    let own: Vec<_> = std::fs::read_dir(world.path(".aiut")).unwrap().collect();
    let names: Vec<_> = own
        .into_iter()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert!(
        names
            .iter()
            .all(|name| !name.to_string_lossy().starts_with(".tmp"))
    );
}

#[test]
fn what_is_missing_is_told_with_what_to_type() {
    let mut world = World::nameless();
    world.set("PATH", "/nowhere");
    let (report, code) = report(&world);
    assert_eq!(code, Some(3));
    for program in ["ffmpeg", "ffprobe", "espeak-ng"] {
        let finding = finding(&report, program);
        assert_eq!(finding["state"], "attention");
        assert!(finding["advice"].as_str().unwrap().contains("apt install"));
        assert!(finding["advice"].as_str().unwrap().contains("brew install"));
    }
    assert!(
        finding(&report, "author")["advice"]
            .as_str()
            .unwrap()
            .contains("aiut config author.name")
    );
    assert_eq!(finding(&report, "project")["state"], "note");
}

#[test]
fn a_clock_behind_the_last_operation_and_a_lost_index_are_told() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    std::fs::remove_dir_all(world.path(".aiut/index")).unwrap();
    let mut command = world.command(&world.path(""), &["doctor"]);
    command.env("AIUT_CLOCK", "1000000000");
    let run = world.finish(command);
    assert_eq!(run.code, Some(3));
    assert!(
        run.stdout
            .contains("!! clock: the last operation is dated "),
        "{run}"
    );
    assert!(
        run.stdout.contains("-- index: was missing or unusable"),
        "{run}"
    );
}
