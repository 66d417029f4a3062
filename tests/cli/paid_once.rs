//! Every run counts once, whatever happens to it, and none is paid for twice.

use serde_json::Value;

use super::command::{ECHO, UNPRICED, posters};
use super::film::SCRIPT;
use super::money::{HALF, PRICE, made, total};
use super::upkeep::spoil;
use super::world::World;

#[test]
fn a_run_whose_end_was_not_written_down_counts_once() {
    let world = posters(ECHO, PRICE);
    world.ok(&["generate", "posters", "--yes", "--jobs", "1"]);
    // aiut died after the last was stored, before its end was noted.
    let ledger = world.read(".aiut/ledger");
    let cut = ledger.trim_end().rfind('\n').unwrap() + 1;
    assert!(ledger[cut..].starts_with("{\"settled\""), "{ledger}");
    world.write(".aiut/ledger", &ledger[..cut]);
    let total = total(&world);
    assert_eq!(
        (&total["runs"], &total["spent_micro_usd"]),
        (&3.into(), &300_000.into()),
        "{total}"
    );
    assert_eq!(total["open_micro_usd"], 0, "it is known what it cost");
    world.ok(&["config", "budget.project", "0.3"]);
    let budgets = &world.json(&["cost"])["budgets"];
    assert_eq!(budgets[0]["spent_micro_usd"], 300_000, "{budgets}");
}

#[test]
fn what_others_spent_is_not_forgotten_when_its_records_are_freed() {
    let world = posters(HALF, UNPRICED);
    world.ok(&["generate", "posters", "--yes"]);
    world.ok(&["generate", "posters/001.json", "--new-take", "--yes"]);
    world.ok(&["undo"]);
    // As in a copy that got all of this from elsewhere: there the ledger is not.
    std::fs::remove_file(world.path(".aiut/ledger")).unwrap();
    world.ok(&["config", "budget.project", "2"]);
    let told = || {
        let report = world.json(&["cost", "--by", "person"]);
        let rows = report["rows"].as_array().unwrap();
        assert_eq!(
            (rows.len(), &rows[0]["name"]),
            (1, &"Rae Lindqvist".into()),
            "{report}"
        );
        let (total, budgets) = (&report["total"], &report["budgets"]);
        assert_eq!(
            (&total["runs"], &total["spent_micro_usd"]),
            (&4.into(), &2_000_000.into()),
            "{report}"
        );
        assert_eq!(budgets[0]["spent_micro_usd"], 2_000_000, "{report}");
    };
    told();
    world.ok(&["takes", "--unused", "--delete", "--yes"]);
    told();
    for _ in 0..2 {
        let freed = world.json(&["gc", "--grace", "0"]);
        assert_eq!(freed["dry_run"], false, "{freed}");
        told();
    }
    assert_eq!(
        world.json(&["takes", "posters"]).as_array().unwrap().len(),
        3
    );
    let refused = world.run(&["generate", "posters/002.json", "--new-take", "--yes"]);
    assert!(
        refused
            .stderr
            .contains("budget.project is $2.00; $2.00 of it is spent"),
        "{refused}"
    );
}

#[test]
fn a_run_whose_record_is_damaged_is_told_and_not_paid_again() {
    let world = posters(ECHO, PRICE);
    world.ok(&["generate", "posters", "--yes", "--jobs", "1"]);
    std::fs::remove_file(world.path("posters/001.json")).unwrap();
    world.ok(&["commit", "-q", "-m", "Away with it"]);
    // The first record of a run is that of the first poster.
    spoil(&world, b"cost_micro_usd", 0);
    let plan = world.json(&["plan", "posters"]);
    assert_eq!(plan["price_micro_usd"], 0, "{plan}");
    let items = plan["items"].as_array().unwrap();
    let item = items.iter().find(|item| item["path"] == "posters/001.json");
    assert_eq!(item.unwrap()["state"], "broken", "{plan}");
    for more in [&[][..], &["--yes"]] {
        let run = world.run(&[&["generate", "posters"], more].concat());
        assert_eq!(run.code, Some(1), "{run}");
        for said in [
            "the record of generation ",
            "is damaged at byte",
            "`aiut fsck`",
        ] {
            assert!(run.stderr.contains(said), "{run}");
        }
    }
    assert_eq!((made(&world), held(&world)), (2, 3));
}

/// Two runs of `words` at once, the second begun while the first makes what it makes; the takes
/// of the first poster then.
#[cfg(unix)]
fn at_once(world: &World, words: &[&str]) -> Vec<Value> {
    let home = world.home();
    let (log, go) = (home.join("runs"), home.join("go"));
    let tool = format!(
        "cat > output.json\necho >> {}\nwhile ! test -e {}; do sleep 0.02; done\n",
        log.display(),
        go.display()
    );
    world.write("tools/poster.sh", tool);
    world.ok(&["trust", "--yes"]);
    std::fs::remove_file(&go).unwrap_or_default();
    let spawn = || {
        let mut command = world.command(&world.path(""), words);
        command.stdout(std::process::Stdio::null());
        command.spawn().unwrap()
    };
    let lines = || std::fs::read_to_string(&log).map_or(0, |text| text.lines().count());
    // Folders of runs that live.
    let runs = || {
        let there = std::fs::read_dir(world.path(".aiut/scratch")).unwrap();
        let names = there.map(|entry| entry.unwrap().file_name());
        names.filter(|name| name != "run-claims").count()
    };
    let before = lines();
    let mut first = spawn();
    while lines() == before {
        assert!(first.try_wait().unwrap().is_none(), "it ended too early");
    }
    let mut second = spawn();
    while runs() < 2 {
        assert!(second.try_wait().unwrap().is_none(), "it ended too early");
    }
    super::world::write(&go, b"");
    assert!(first.wait().unwrap().success() && second.wait().unwrap().success());
    let takes = world.json(&["takes", "posters/001.json"]);
    takes.as_array().unwrap().clone()
}

#[cfg(unix)]
#[test]
fn two_processes_pay_for_one_run_once_and_for_two_takes_twice() {
    let world = posters("", PRICE);
    let takes = at_once(&world, &["generate", "posters/001.json", "--yes"]);
    assert_eq!((takes.len(), held(&world)), (1, 1), "{takes:?}");
    let new = ["generate", "posters/001.json", "--new-take", "--yes"];
    let takes = at_once(&world, &new);
    let seeds: Vec<_> = takes.iter().map(|take| take["seed"].as_u64()).collect();
    assert_eq!(seeds, [Some(0), Some(1), Some(2)], "{takes:?}");
    assert_eq!(held(&world), 3);
    let same = takes.iter().filter(|take| !take["same_as"].is_null());
    assert_eq!(same.count(), 0, "{takes:?}");
    // One lies in the folder; the other is a take that no timeline holds.
    let unused = world.json(&["takes", "--unused"]);
    assert_eq!(unused["takes"].as_array().unwrap().len(), 1, "{unused}");
    assert_eq!(
        std::fs::read_dir(world.path(".aiut/scratch"))
            .unwrap()
            .count(),
        0
    );
}

#[cfg(unix)]
#[test]
fn a_commit_names_what_is_in_it_and_no_take_beside() {
    let world = posters(ECHO, "");
    world.ok(&["generate", "posters"]);
    // While both posters are made again, somebody writes into one of them.
    let own = world.path("posters/001.json");
    let tool = format!("cat > output.json\necho mine > {}\n", own.display());
    world.write("tools/poster.sh", tool);
    world.ok(&["trust", "--yes"]);
    let done = world.json(&["generate", "posters/001.json", "posters/002.json"]);
    assert_eq!(
        done["kept_edits"],
        serde_json::json!(["posters/001.json"]),
        "{done}"
    );
    let shown = world.json(&["show"]);
    assert_eq!(shown["subject"], "Generate posters", "{shown}");
    assert_eq!(shown["generations"], 1, "{shown}");
    let unused = world.json(&["takes", "--unused"]);
    let unused = unused["takes"].as_array().unwrap();
    assert_eq!(unused.len(), 1, "{unused:?}");
    assert_eq!(unused[0]["path"], "posters/001.json");
}

#[test]
fn what_cannot_be_told_of_a_take_takes_nothing_back() {
    let world = posters(ECHO, "");
    world.ok(&["generate", "posters/001.json"]);
    world.write("tools/poster.sh", format!("{ECHO}: anew\n"));
    world.ok(&["trust", "--yes"]);
    world.ok(&["generate", "posters/001.json"]);
    // The first record of a run is that of the first take, which nothing stands on any more.
    spoil(&world, b"cost_micro_usd", 0);
    let done = world.json(&["generate", "posters/001.json", "--new-take"]);
    assert!(done["commit"].is_string(), "{done}");
    let remark = done["remarks"][0]["remark"].as_str().unwrap();
    assert!(
        remark.contains("same as an earlier one is not known: "),
        "{done}"
    );
    assert!(remark.contains("`aiut fsck`"), "{done}");
    assert_eq!(held(&world), 3);
}

#[test]
fn what_turns_up_only_during_a_run_is_not_paid_unasked() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    // Which shots there are depends on what a command says of the characters.
    let settings = "[film]\nwidth = 160\nheight = 90\n\
        [stage.characters]\nby = \"command\"\ncommand = [\"sh\", \"tools/who.sh\"]\n\
        reads = [\"script.fountain\"]\nprice = { per = \"item\", usd = 0 }\n\
        [stage.frames]\neach = \"shot\"\nreads = [\"prompts/{shot}.json\"]\n\
        writes = \"frames/{shot}.json\"\nby = \"command\"\ncommand = [\"sh\", \"tools/frame.sh\"]\n\
        price = { per = \"image\", usd = 0.1 }\n\
        [stage.voices]\nby = \"hand\"\n[stage.clips]\nby = \"hand\"\n\
        [stage.cuts]\nby = \"hand\"\n[stage.film]\nby = \"hand\"\n";
    world.write("aiut.toml", settings);
    world.write("tools/who.sh", "echo 'pronouns = \"she\"' > output.toml\n");
    world.write("tools/frame.sh", ECHO);
    world.write("script.fountain", SCRIPT);
    world.ok(&["commit", "-q", "-m", "First draft"]);
    world.ok(&["trust", "--yes"]);
    assert_eq!(world.json(&["plan"])["price_micro_usd"], 0);
    let run = world.run(&["generate"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.contains("turned up during the run"), "{run}");
    assert!(!world.path("frames").exists(), "{run}");
    assert_eq!(world.json(&["cost"])["total"]["spent_micro_usd"], 0);
    // Now it is known, and asked for.
    let price = world.json(&["plan"])["price_micro_usd"].as_u64().unwrap();
    assert!(price > 0);
    let asked = world.run(&["generate"]);
    assert!(asked.stderr.contains("this may cost $"), "{asked}");
    world.ok(&["generate", "--yes"]);
    assert_eq!(world.json(&["cost"])["total"]["spent_micro_usd"], price);
}

/// How many runs the ledger has.
fn held(world: &World) -> usize {
    world.read(".aiut/ledger").matches("{\"held\"").count()
}
