//! Approvals: what waits for them, what makes them void, and what a lock keeps.

use super::film::film;
use super::world::World;

const SCRIPT: &str = "INT. KITCHEN - NIGHT\n\nRAE, 30, fills a kettle.\n\nRAE\nWho is there?\n";

fn edit(world: &World, from: &str, to: &str) {
    let text = world.read("script.fountain");
    assert!(text.contains(from), "{text}");
    world.write("script.fountain", text.replace(from, to));
}

#[test]
fn a_stage_waits_until_what_it_needs_is_approved_as_it_is() {
    let world = film(SCRIPT, &["shots"]);
    world.write(
        "aiut.toml",
        "[film]\nwidth = 160\nheight = 90\n\n[stage.prompts]\nneeds_approval = [\"shots\"]\n",
    );
    let run = world.run(&["generate", "prompts"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(
        run.stderr
            .contains("waits for the approval of shots: aiut approve shots"),
        "{run}"
    );
    assert!(!world.path("prompts").exists(), "nothing was made");
    assert_eq!(
        world.ok(&["approve", "shots", "--why", "as discussed"]),
        "Approved: stage shots\n"
    );
    assert_eq!(
        world.ok(&["approve", "shots"]),
        "Approved: stage shots\nAll of it was so already.\n"
    );
    assert!(
        world
            .ok(&["log", "-1", "--oneline"])
            .contains("Approve stage shots")
    );
    let list = world.ok(&["approve", "--list"]);
    assert_eq!(
        list,
        "approved     stage shots  by Rae Lindqvist, 2026-01-01: as discussed\n"
    );
    world.ok(&["generate", "-q", "prompts"]);
    assert!(world.path("prompts/001_001.json").exists());
    // Another script makes other shots: what was approved is no longer what is there.
    edit(
        &world,
        "Who is there?",
        "Who on earth is there, at this hour?",
    );
    world.ok(&["commit", "-q", "-m", "Longer"]);
    let run = world.run(&["generate", "prompts"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(
        run.stderr
            .contains("aiut generate shots, then aiut approve shots"),
        "{run}"
    );
    world.ok(&["generate", "-q", "shots"]);
    assert!(world.ok(&["approve", "--list"]).starts_with("void "));
    let run = world.run(&["generate", "prompts"]);
    assert!(
        run.stderr.contains("which changed since it was approved"),
        "{run}"
    );
    world.ok(&["approve", "-q", "shots"]);
    world.ok(&["generate", "-q", "prompts"]);
}

#[test]
fn what_is_locked_changes_on_a_new_timeline_alone() {
    let world = film(SCRIPT, &["shots"]);
    world.ok(&["approve", "-q", "shots", "--lock"]);
    assert!(world.ok(&["approve", "--list"]).starts_with("locked "));
    // What changes no shot is no matter of the lock.
    let text = world.read("script.fountain");
    world.write(
        "script.fountain",
        format!("{text}\n[[Is this the ending?]]\n"),
    );
    world.ok(&["commit", "-q", "-m", "A question"]);
    edit(&world, "Who is there?", "Hello?");
    for command in [&["commit", "-m", "Hello"][..], &["generate", "shots"]] {
        let run = world.run(command);
        assert_eq!(run.code, Some(1), "{run}");
        assert!(
            run.stderr
                .contains("locked on main: stage shots, locked by Rae Lindqvist: shots/001.json"),
            "{run}"
        );
        assert!(
            run.stderr
                .contains(&format!("aiut {} --branch NAME", command[0])),
            "{run}"
        );
    }
    assert!(
        world.ok(&["status"]).contains("script.fountain"),
        "the edit is still there"
    );
    world.ok(&["commit", "-q", "--branch", "hello", "-m", "Rae says hello"]);
    assert!(world.ok(&["branch"]).contains("* hello"));
    world.ok(&["generate", "-q", "shots"]);
    // Back on main nothing changed, and the merge is refused there.
    world.ok(&["switch", "-q", "main"]);
    assert!(world.read("script.fountain").contains("Who is there?"));
    let plan = world.ok(&["merge", "--plan", "hello"]);
    assert!(
        plan.contains("void: the approval of stage shots, which is locked by Rae Lindqvist"),
        "{plan}"
    );
    let run = world.run(&["merge", "hello"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(
        run.stderr
            .contains("locked on main: stage shots, locked by Rae Lindqvist: shots/001.json"),
        "{run}"
    );
    assert_eq!(
        world.ok(&["approve", "--withdraw", "shots"]),
        "The approval of stage shots is withdrawn\n"
    );
    assert_eq!(world.ok(&["approve", "--list"]), "Nothing is approved.\n");
    world.ok(&["merge", "-q", "hello"]);
    assert!(world.read("script.fountain").contains("Hello?"));
}

#[test]
fn approvals_of_both_sides_merge_without_conflict() {
    let world = film(SCRIPT, &["shots"]);
    world.ok(&["switch", "-q", "-c", "other"]);
    world.ok(&["approve", "-q", "script.fountain"]);
    world.ok(&["switch", "-q", "main"]);
    world.ok(&["approve", "-q", "shots"]);
    world.ok(&["merge", "-q", "other"]);
    let list = world.ok(&["approve", "--list"]);
    assert!(
        list.contains("stage shots") && list.contains("script.fountain"),
        "{list}"
    );
    assert_eq!(list.matches("approved ").count(), 2, "{list}");
}

#[test]
fn what_cannot_be_approved_is_refused() {
    let world = film(SCRIPT, &["shots"]);
    let cases: [(&[&str], i32, &str); 5] = [
        (&["approve"], 2, "STAGE|PATH"),
        (&["approve", "frames"], 1, "no output of stage frames yet"),
        (&["approve", "nowhere.txt"], 1, "no file nowhere.txt"),
        (
            &["approve", "--withdraw", "shots"],
            1,
            "no approval of stage shots",
        ),
        (&["approve", "--list", "shots"], 2, "cannot be used with"),
    ];
    for (arguments, code, message) in cases {
        let run = world.run(arguments);
        assert_eq!(run.code, Some(code), "{arguments:?}: {run}");
        assert!(run.stderr.contains(message), "{arguments:?}: {run}");
    }
    assert!(!world.path("approvals.toml").exists());
    world.ok(&["switch", "-q", "--detach", "HEAD"]);
    let run = world.run(&["approve", "shots", "--lock"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.contains("stands on no timeline"), "{run}");
    world.write("approvals.toml", "[stage.shots]\nby = 1\n");
    let run = world.run(&["approve", "--list"]);
    assert!(run.stderr.contains("approvals.toml: line 2"), "{run}");
}
