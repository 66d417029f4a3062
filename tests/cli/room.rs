//! Room on disk: old operations and unused takes, told by `du`, let go of when asked.

use super::command::posters;
use super::world::{Run, World};

/// Never the same twice, and no smaller for being packed; says that it cost a quarter dollar.
const NOISE: &str =
    "head -c 60000 /dev/urandom | base64 > output.json\necho '{\"cost_usd\": 0.25}'\n";

/// A hundred days after the first command.
const LATER: &str = "1775900000";

/// Posters, and two more takes of one that were undone.
fn film() -> World {
    let world = posters(NOISE, "price = { per = \"item\", usd = 0.25 }");
    world.ok(&["generate", "posters", "--yes"]);
    for _ in 0..2 {
        world.ok(&["generate", "posters/001.json", "--new-take", "--yes"]);
    }
    world.ok(&["undo"]);
    world.ok(&["undo"]);
    world
}

/// Enough operations for those before them to be let go of.
fn idle(world: &World) {
    for _ in 0..52 {
        world.ok(&["branch", "idle"]);
        world.ok(&["branch", "--force", "-d", "idle"]);
    }
}

fn bytes(world: &World) -> u64 {
    let packs = std::fs::read_dir(world.path(".aiut/packs")).unwrap();
    packs
        .map(|pack| pack.unwrap().metadata().unwrap().len())
        .sum()
}

fn failed(run: &Run, says: &[&str]) {
    assert_eq!(run.code, Some(1), "{run}");
    for says in says {
        assert!(run.stderr.contains(says), "{says:?} in {run}");
    }
}

fn has(text: &str, says: &[&str]) {
    for says in says {
        assert!(text.contains(says), "{says:?} in {text}");
    }
}

#[test]
fn takes_that_no_timeline_holds_are_listed_and_let_go_of_when_asked() {
    let world = film();
    has(
        &world.ok(&["du"]),
        &[
            "unused takes",
            "2 takes, made for $0.50",
            "`aiut takes --unused`",
        ],
    );
    let unused = world.json(&["takes", "--unused"]);
    let sizes: Vec<u64> = unused["takes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|take| take["size"].as_u64().unwrap())
        .collect();
    assert!(
        sizes.len() == 2 && sizes.is_sorted_by(|a, b| a >= b),
        "{unused}"
    );
    assert_eq!(unused["cost_micro_usd"], 500_000);
    assert_eq!(
        unused["bytes"],
        world.json(&["du"])["unused_takes"]["bytes"]
    );
    let listed = world.ok(&["takes", "--unused"]);
    has(
        &listed,
        &[
            "$0.25",
            "posters/001.json",
            "In all: 2 takes, ",
            "made for $0.50",
            "--delete",
        ],
    );
    // By stage, scene and path.
    for (words, number) in [
        (&["posters"][..], 2),
        (&["scene", "1"], 2),
        (&["scene", "2"], 0),
        (&["posters/001.json"], 2),
        (&["posters/002.json"], 0),
        (&["frames"], 0),
    ] {
        let some = world.json(&[&["takes", "--unused"], words].concat());
        assert_eq!(some["takes"].as_array().unwrap().len(), number, "{words:?}");
    }
    failed(&world.run(&["takes", "--unused", "nowhere"]), &["nowhere"]);
    assert_eq!(world.run(&["takes"]).code, Some(2));
    assert_eq!(
        world.run(&["takes", "posters/001.json", "--delete"]).code,
        Some(2)
    );

    // Without a terminal nobody is asked, and nothing goes.
    let delete = ["takes", "--unused", "posters", "--delete"];
    let hint = "aiut takes --unused posters --delete --yes";
    failed(
        &world.run(&delete),
        &["nothing was let go of", "2 takes", "$0.50", hint],
    );
    failed(
        &world.run(&[&delete[..], &["--json"]].concat()),
        &["nothing was let go of"],
    );
    assert_eq!(
        world.json(&["takes", "--unused"])["takes"]
            .as_array()
            .unwrap()
            .len(),
        2
    );

    let done = world.ok(&[&delete[..], &["--yes"]].concat());
    has(
        &done,
        &["Let go of 2 takes", "`aiut undo`", "`aiut gc --grace 0`"],
    );
    assert_eq!(
        world
            .json(&["takes", "posters/001.json"])
            .as_array()
            .unwrap()
            .len(),
        1
    );
    has(&world.ok(&["undo"]), &["2 takes kept again"]);
    assert_eq!(
        world
            .json(&["takes", "posters/001.json"])
            .as_array()
            .unwrap()
            .len(),
        3
    );
    world.ok(&["redo"]);

    let before = bytes(&world);
    world.ok(&["gc", "--grace", "0"]);
    let freed = before - bytes(&world);
    assert!(freed > 90_000, "{freed} bytes were freed");
    world.ok(&["fsck", "--data"]);
    has(&world.ok(&["undo"]), &["2 takes cannot be brought back"]);
    has(&world.ok(&["takes", "--unused"]), &["Every take is held"]);
    // What they cost is not forgotten.
    assert_eq!(world.json(&["cost"])["total"]["spent_micro_usd"], 1_250_000);
    // The next one has a seed of its own, and is paid for.
    world.ok(&["generate", "posters/001.json", "--new-take", "--yes"]);
    assert_eq!(world.json(&["cost"])["total"]["spent_micro_usd"], 1_500_000);
    world.ok(&["fsck", "--data"]);
}

#[cfg(unix)]
#[test]
fn takes_of_a_run_that_is_under_way_are_not_let_go_of() {
    let world = posters("", "");
    let home = world.home();
    let gate = home.join("gate");
    let made = std::process::Command::new("mkfifo").arg(&gate).status();
    assert!(made.unwrap().success());
    // The second poster waits at the gate; the first is stored by then.
    let tool = format!(
        "cat > output.json\ncase $(cat output.json) in *'\"item\": \"002\"'*) : > {0}.002; read x < {0};; esac\n",
        gate.display()
    );
    world.write("tools/poster.sh", tool);
    world.ok(&["trust", "--yes"]);
    let mut command = world.command(&world.path(""), &["generate", "posters", "--jobs", "1"]);
    command.stdout(std::process::Stdio::null());
    let mut run = command.spawn().unwrap();
    while !home.join("gate.002").exists() {
        assert!(run.try_wait().unwrap().is_none(), "it ended too early");
    }
    let delete = ["takes", "--unused", "--delete", "--yes"];
    let refused = world.run(&delete);
    super::world::write(&gate, b"go\n");
    assert!(run.wait().unwrap().success());
    failed(&refused, &["a run of `aiut generate` is under way"]);
    world.ok(&["gc", "--grace", "0"]);
    world.ok(&["fsck", "--data"]);
    assert_eq!(
        world.json(&["takes", "posters/001.json"])[0]["selected"],
        true
    );
    // Now that it has ended, they are on a timeline.
    world.ok(&delete);
    let takes = world.json(&["takes", "posters"]);
    assert_eq!(takes.as_array().unwrap().len(), 3, "{takes}");
}

#[test]
fn a_commit_whose_take_is_gone_can_be_looked_at_and_not_gone_back_to() {
    let world = film();
    world.ok(&["generate", "posters/001.json", "--new-take", "--yes"]);
    let id = world.json(&["log", "-n", "1"])[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    world.ok(&["undo"]);
    world.ok(&["takes", "--unused", "--delete", "--yes"]);
    world.ok(&["gc", "--grace", "0"]);
    let file = format!("{id}:posters/001.json");
    for looks in [
        &["log", &id][..],
        &["log", "--graph", "--oneline", &id],
        &["show", &id],
        &["show", "--stat", &id],
        &["show", &file],
        &["diff", &id],
        &["diff", "--stat", &id, "HEAD"],
        &["ls", &id],
        &["search", "poster", &id],
    ] {
        let run = world.run(looks);
        assert_eq!(run.code, Some(0), "{looks:?}: {run}");
    }
    for stands in [
        &["cat", &file][..],
        &["switch", "--detach", &id],
        &["switch", "-c", "again", &id],
        &["branch", "again", &id],
        &["tag", "again", &id],
        &["restore", "--from", &id, "posters/001.json"],
        &["cherry-pick", &id],
    ] {
        failed(&world.run(stands), &["posters/001.json", "let go of"]);
    }
    world.ok(&["fsck", "--data"]);
}

#[test]
fn what_the_next_run_would_take_is_said_to_be_paid_for_again() {
    let world = posters(NOISE, "price = { per = \"item\", usd = 0.25 }");
    world.ok(&["generate", "posters", "--yes"]);
    world.ok(&["undo"]);
    let listed = world.ok(&["takes", "--unused"]);
    has(
        &listed,
        &[
            "the next `aiut generate` would use it",
            "would use 3 of them",
            "$0.75",
        ],
    );
    world.ok(&["takes", "--unused", "posters/002.json", "--delete", "--yes"]);
    let plan = world.json(&["plan", "posters"]);
    assert_eq!(plan["price_micro_usd"], 250_000, "{plan}");
}

#[test]
fn old_operations_are_let_go_of_when_asked_and_their_room_is_freed() {
    let mut world = film();
    idle(&world);
    has(
        &world.ok(&["gc", "--operations", "--dry-run"]),
        &["no operations older than 90d"],
    );
    world.set("AIUT_CLOCK", LATER);
    let du = world.ok(&["du"]);
    has(&du, &["older than 90 days", "`aiut gc --operations 90d`"]);
    let old = world.json(&["du"])["old_operations"].clone();
    assert_eq!(old["takes"], 2, "{old}");
    assert_eq!(old["cost_micro_usd"], 500_000, "{old}");

    let dry = world.ok(&["gc", "--operations", "--dry-run"]);
    has(
        &dry,
        &[
            "Would let go of",
            "operations",
            "2 takes (made for $0.50)",
            "KiB",
        ],
    );
    for age in ["90", "90d", "12w", "2026-03-01", "90 days", "2.weeks.ago"] {
        assert_eq!(world.ok(&["gc", "-n", "--operations", age]), dry, "{age}");
    }
    let wrong = world.run(&["gc", "--operations", "soon"]);
    assert_eq!(wrong.code, Some(2), "{wrong}");
    assert_eq!(
        world.run(&["gc", "--operations", "2036-01-01"]).code,
        Some(2)
    );

    let hint = "aiut gc --operations 30d --yes";
    let refused = world.run(&["gc", "--operations", "30d"]);
    failed(&refused, &["nothing was let go of", "2 takes", hint]);
    assert_eq!(world.json(&["du"])["old_operations"], old);

    let operations = |world: &World| world.json(&["op", "log"]).as_array().unwrap().len();
    let all = operations(&world);
    let done = world.json(&["gc", "--operations", "30d", "--yes"]);
    assert_eq!(done["let_go"], old, "as was said");
    assert_eq!(operations(&world), 101);
    has(
        &world.ok(&["op", "log"]),
        &["let go of by `aiut gc --operations`"],
    );
    has(&world.ok(&["undo"]), &["operations in the log again"]);
    assert_eq!(operations(&world), all + 2);
    world.ok(&["redo"]);
    assert_eq!(operations(&world), 103);
    let before = bytes(&world);
    world.set("AIUT_CLOCK", "1775990000");
    world.ok(&["gc", "--grace", "0"]);
    assert!(before - bytes(&world) > 90_000);
    world.ok(&["fsck", "--data"]);
    has(&world.ok(&["undo"]), &["cannot be brought back"]);
    assert_eq!(world.json(&["du"])["old_operations"]["takes"], 0);
    // The index says the same when it is made anew.
    let log = world.ok(&["op", "log"]);
    std::fs::remove_dir_all(world.path(".aiut/index")).unwrap();
    assert_eq!(world.ok(&["op", "log"]), log);
    world.ok(&["fsck", "--data"]);
}
