//! What runs cost: budgets hold them, `cost` forgets none, and nothing is asked for unseen.

use serde_json::Value;

use super::command::{ECHO, UNPRICED, configure, posters};
use super::film::SCRIPT;
use super::world::World;

/// Says that it cost half a dollar.
pub(super) const HALF: &str = "cat > output.json\necho '{\"cost_usd\": 0.5}'\n";

/// Three posters by `tool`, with these lines in `[budget]`.
pub(super) fn with_budget(tool: &str, more: &str, budget: &str) -> World {
    let world = posters(tool, more);
    let settings = world.read("aiut.toml");
    world.write("aiut.toml", format!("{settings}\n[budget]\n{budget}\n"));
    world.ok(&["commit", "-q", "-m", "A budget"]);
    world
}

/// A second stage, of a sheet a scene by the same tool, at 40 cents each.
fn with_sheets(world: &World) {
    let settings = world.read("aiut.toml");
    let sheets = "[stage.sheets]\neach = \"scene\"\nreads = [\"scenes/{scene}.json\"]\n\
                  writes = \"sheets/{scene}.json\"\nby = \"command\"\n\
                  command = [\"sh\", \"tools/poster.sh\"]\nprice = { per = \"item\", usd = 0.4 }\n";
    world.write("aiut.toml", format!("{settings}{sheets}"));
    world.ok(&["trust", "--yes"]);
}

pub(super) fn total(world: &World) -> Value {
    world.json(&["cost"])["total"].clone()
}

pub(super) fn made(world: &World) -> usize {
    std::fs::read_dir(world.path("posters")).map_or(0, Iterator::count)
}

pub(super) const PRICE: &str = "price = { per = \"item\", usd = 0.1 }";

#[test]
fn a_budget_holds_a_run_before_it_starts() {
    for (budget, name) in [
        ("run = 0.25", "run"),
        ("day = 0.25", "day"),
        ("project = 0.25", "project"),
    ] {
        let world = with_budget(ECHO, PRICE, budget);
        let plan = world.ok(&["plan", "posters"]);
        assert!(plan.contains("over budget"), "{plan}");
        let refused = world.run(&["generate", "posters", "--yes"]);
        assert_eq!(refused.code, Some(1), "{refused}");
        let said = format!("budget.{name} is $0.25, and this may cost $0.30");
        assert!(refused.stderr.contains(&said), "{refused}");
        assert_eq!((made(&world), &total(&world)["runs"]), (0, &Value::from(0)));
        // A part of it fits.
        world.ok(&["generate", "posters/001.json", "posters/002.json", "--yes"]);
        assert_eq!(total(&world)["spent_micro_usd"], 200_000);
    }
}

#[test]
fn what_a_command_says_that_it_cost_counts_between_items_and_from_run_to_run() {
    // Nobody knows the price before the first item has run; then the second has no room.
    let world = with_budget(HALF, UNPRICED, "day = 0.8");
    let stopped = world.run(&["generate", "posters", "--yes"]);
    assert_eq!(stopped.code, Some(1), "{stopped}");
    assert!(stopped.stderr.contains("budget.day is $0.80"), "{stopped}");
    assert_eq!(made(&world), 1, "{stopped}");
    assert_eq!(total(&world)["spent_micro_usd"], 500_000);
    // The next run knows what it costs, and is refused before it starts.
    let refused = world.run(&["generate", "posters", "--yes"]);
    assert!(refused.stderr.contains("nothing was made"), "{refused}");
    assert_eq!(total(&world)["spent_micro_usd"], 500_000);
}

#[test]
fn what_nobody_knows_the_cost_of_is_told_and_asked_for() {
    let world = posters(HALF, UNPRICED);
    let plan = world.json(&["plan", "posters"]);
    assert_eq!(
        (&plan["price_micro_usd"], &plan["unknown_cost_runs"]),
        (&0.into(), &3.into()),
        "{plan}"
    );
    let mut rows = plan["stages"].as_array().unwrap().iter();
    let row = rows.find(|row| row["stage"] == "posters").unwrap();
    assert_eq!(row["unknown_cost_runs"], 3, "{plan}");
    let told = world.ok(&["plan", "posters"]);
    assert!(
        told.contains("cost unknown") && !told.contains("$0.00"),
        "{told}"
    );
    for flags in [&[][..], &["--json"], &["-q"]] {
        let refused = world.run(&[&["generate", "posters"], flags].concat());
        assert_eq!(refused.code, Some(1), "{refused}");
        for said in [
            "nothing was made: this has 3 runs of unknown cost",
            "aiut generate posters --yes",
            "aiut config stage.posters.price '{ per = \"item\", usd = 0 }'",
        ] {
            let told = refused.stderr.replace("\\\"", "\"");
            assert!(told.contains(said), "{refused}");
        }
        assert_eq!((made(&world), &total(&world)["runs"]), (0, &0.into()));
    }
    let cost = world.json(&["cost"]);
    assert_eq!(cost["unknown_cost_runs"], 3, "{cost}");
    let shown = world.ok(&["cost"]);
    assert!(
        shown.contains("nobody knows what 3 runs may cost"),
        "{shown}"
    );
    // What is known and what is not stand side by side.
    with_sheets(&world);
    let both = ["generate", "posters", "sheets"];
    let refused = world.run(&both);
    let said = "this may cost $1.20 and has 3 runs of unknown cost";
    assert!(refused.stderr.contains(said), "{refused}");
    let said = "$1.20 and 3 runs of unknown cost";
    assert!(refused.stdout.contains(said), "{refused}");
    // Once one has run, the price is what it was.
    world.ok(&["generate", "posters/001.json", "--yes"]);
    let refused = world.run(&both);
    assert!(refused.stderr.contains("this may cost $2.20"), "{refused}");
    assert!(!refused.stderr.contains("unknown"), "{refused}");
}

#[test]
fn a_command_that_ran_for_nothing_is_free_until_it_is_another_one() {
    let world = posters(ECHO, UNPRICED);
    let take = ["generate", "posters/001.json", "--new-take"];
    world.ok(&["generate", "posters/001.json", "--yes"]);
    world.ok(&["generate", "posters"]);
    world.ok(&take);
    assert_eq!(total(&world)["runs"], 4);
    // Another model, another script: what they cost is another matter.
    configure(
        &world,
        &format!("{UNPRICED}\nwith = {{ model = \"dear\" }}"),
    );
    let asked = |what: &str| {
        let refused = world.run(&take);
        let said = "this has 1 run of unknown cost";
        assert!(refused.stderr.contains(said), "{what}: {refused}");
    };
    asked("another model");
    configure(&world, UNPRICED);
    world.ok(&take);
    world.write("tools/poster.sh", format!("{ECHO}: paid\n"));
    world.ok(&["trust", "--yes"]);
    asked("another script");
    // What an earlier one cost counts, though: it is asked for as a price.
    world.write("tools/poster.sh", HALF);
    world.ok(&["trust", "--yes"]);
    world.ok(&[&take[..], &["--yes"]].concat());
    world.write("tools/poster.sh", ECHO);
    let refused = world.run(&take);
    assert!(refused.stderr.contains("this may cost $0.50"), "{refused}");
}

#[test]
fn what_may_not_run_costs_nothing_and_is_not_asked_for() {
    let world = posters(ECHO, UNPRICED);
    world.ok(&["generate", "posters", "--yes"]);
    world.ok(&["trust", "--revoke"]);
    for take in [&[][..], &["--new-take"]] {
        std::fs::remove_file(world.path("posters/001.json")).unwrap_or_default();
        world.write("tools/poster.sh", format!("{ECHO}: changed\n"));
        let words = [&["generate", "posters/001.json"], take].concat();
        let plan = world.json(&[&words[..], &["--dry-run"]].concat());
        assert_eq!(plan["plan"]["unknown_cost_runs"], 0, "{plan}");
        let item = plan["plan"]["items"].as_array().unwrap().iter();
        assert_eq!(item.last().unwrap()["action"], "refuse", "{plan}");
        let refused = world.run(&words);
        assert!(refused.stderr.contains("not trusted"), "{refused}");
    }
}

#[test]
fn a_budget_that_known_prices_use_up_has_nothing_for_what_nobody_knows() {
    let world = with_budget(ECHO, UNPRICED, "run = 1.2");
    with_sheets(&world);
    world.ok(&["generate", "sheets", "--dry-run"]);
    let refused = world.run(&["generate", "posters", "sheets", "--yes"]);
    let said = "budget.run is $1.20, and this may cost $1.20 and has 3 runs of unknown cost";
    assert!(refused.stderr.contains(said), "{refused}");
    assert_eq!(made(&world), 0);
    world.ok(&["config", "budget.run", "1.21"]);
    world.ok(&["generate", "posters", "sheets", "--yes"]);
    assert_eq!(made(&world), 3);
}

#[test]
fn another_take_is_planned_asked_for_and_held() {
    let world = with_budget(ECHO, PRICE, "day = 0.5");
    world.ok(&["generate", "posters", "--yes"]);
    let plan = world.json(&["plan", "posters/001.json", "--new-take"]);
    assert_eq!(plan["price_micro_usd"], 100_000);
    assert_eq!(plan["items"][0]["action"], "take");
    let take = ["generate", "posters/001.json", "--new-take"];
    let asked = world.run(&take);
    assert_eq!(asked.code, Some(1), "{asked}");
    assert!(
        asked.stdout.contains("take     posters/001.json"),
        "{asked}"
    );
    let hint = "aiut generate posters/001.json --new-take --yes";
    assert!(asked.stderr.contains(hint), "{asked}");
    let yes = [&take[..], &["--yes"]].concat();
    world.ok(&yes);
    world.ok(&yes);
    let refused = world.run(&yes);
    let said = "budget.day is $0.50; $0.50 of it is spent or held, and this may cost $0.10";
    assert!(refused.stderr.contains(said), "{refused}");
    assert_eq!(total(&world)["spent_micro_usd"], 500_000);
}

#[test]
fn a_hint_repeats_the_words_that_were_typed() {
    let world = posters(ECHO, PRICE);
    let refused = world.run(&["generate", "posters"]);
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(
        refused.stderr.contains("aiut generate posters --yes"),
        "{refused}"
    );
    let plan = refused.stdout.find("run      posters/001.json");
    assert!(
        plan.is_some(),
        "the plan is shown before it is asked for:\n{refused}"
    );
    let failing = posters("exit 3\n", "");
    let failed = failing.run(&["generate", "scene", "2", "posters/001.json"]);
    let hint = "aiut generate scene 2 posters/001.json   tries again";
    assert!(failed.stderr.contains(hint), "{failed}");
}

#[test]
fn no_run_is_forgotten_neither_failed_nor_undone_nor_unselected() {
    let world = posters(HALF, UNPRICED);
    world.ok(&["generate", "posters", "--yes"]);
    world.ok(&["undo"]);
    world.ok(&["generate", "posters/002.json", "--new-take", "--yes"]);
    world.write("tools/poster.sh", "echo '{\"cost_usd\": 0.25}'\nexit 1\n");
    world.ok(&["trust", "--yes"]);
    let failed = world.run(&["generate", "posters/003.json", "--yes"]);
    assert_eq!(failed.code, Some(1), "{failed}");
    let report = world.json(&["cost"]);
    let total = &report["total"];
    assert_eq!(total["spent_micro_usd"], 4 * 500_000 + 250_000, "{report}");
    assert_eq!(
        (&total["runs"], &total["failed"]),
        (&Value::from(5), &Value::from(1))
    );
    let names = |by: &str| -> Vec<String> {
        let rows = world.json(&["cost", "--by", by])["rows"].clone();
        let rows = rows.as_array().unwrap().iter();
        rows.map(|row| row["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names("scene"), ["1", "2", "3"]);
    assert_eq!(names("timeline"), ["main"]);
    assert_eq!(names("day"), ["2026-01-01"]);
    assert_eq!(names("person"), ["Rae Lindqvist"]);
    let shown = world.ok(&["cost"]);
    assert!(shown.contains("$2.25"), "{shown}");
}

#[test]
fn a_command_that_says_nothing_is_reckoned_by_its_price_and_marked() {
    let world = posters(ECHO, PRICE);
    world.ok(&["generate", "posters", "--yes"]);
    assert_eq!(total(&world)["reckoned_micro_usd"], 300_000);
    let shown = world.ok(&["cost"]);
    assert!(
        shown.contains("~$0.30") && shown.contains("price table"),
        "{shown}"
    );
    let take = &world.json(&["takes", "posters/001.json"])[0];
    assert_eq!(take["cost_micro_usd"], 100_000);
    // One that fails has cost it too; one that never starts has not.
    world.write("tools/poster.sh", "exit 1\n");
    world.ok(&["trust", "--yes"]);
    world.run(&["generate", "posters/001.json", "--yes"]);
    assert_eq!(total(&world)["spent_micro_usd"], 400_000);
    world.write("tools/poster.sh", "exit 2\n");
    world.run(&["generate", "posters/001.json", "--yes"]);
    assert_eq!(total(&world)["spent_micro_usd"], 400_000);
}

#[test]
fn what_was_held_for_a_run_that_died_counts() {
    // The command ends aiut itself, at once and without a word.
    let world = with_budget("kill -9 $PPID\n", PRICE, "day = 0.15");
    let died = world.run(&["generate", "posters/001.json", "--yes"]);
    assert_eq!(died.code, None, "{died}");
    assert_eq!(total(&world)["open_micro_usd"], 100_000);
    let shown = world.ok(&["cost"]);
    assert!(shown.contains("whose process died"), "{shown}");
    let refused = world.run(&["generate", "posters/002.json", "--yes"]);
    assert!(
        refused.stderr.contains("$0.10 of it is spent or held"),
        "{refused}"
    );
}

#[test]
fn processes_side_by_side_stay_within_one_budget() {
    let world = with_budget("sleep 0.2\ncat > output.json\n", PRICE, "project = 0.2");
    let runs: Vec<_> = ["001", "002", "003"]
        .iter()
        .map(|scene| {
            let path = format!("posters/{scene}.json");
            let mut command = world.command(&world.path(""), &["generate", &path, "--yes"]);
            command.stdout(std::process::Stdio::null());
            command.stderr(std::process::Stdio::null());
            command.spawn().unwrap()
        })
        .collect();
    for mut run in runs {
        run.wait().unwrap();
    }
    assert!(total(&world)["spent_micro_usd"].as_u64().unwrap() <= 200_000);
}

#[test]
fn a_ledger_that_was_changed_stops_spending_and_says_where() {
    let world = posters(ECHO, PRICE);
    world.ok(&["generate", "posters", "--yes"]);
    let text =
        world
            .read(".aiut/ledger")
            .replacen("\"micro_usd\":100000", "\"micro_usd\":000000", 1);
    world.write(".aiut/ledger", text);
    for arguments in [
        &["cost"][..],
        &["generate", "posters/001.json", "--new-take", "--yes"],
    ] {
        let refused = world.run(arguments);
        assert_eq!(refused.code, Some(1), "{refused}");
        assert!(refused.stderr.contains("ledger, line 2"), "{refused}");
    }
    world.ok(&["status"]);
}

#[test]
fn without_a_script_nothing_is_taken_away() {
    let world = posters(ECHO, "");
    world.ok(&["generate", "posters"]);
    std::fs::remove_file(world.path("script.fountain")).unwrap();
    let plan = world.json(&["plan"]);
    let removed = |plan: &Value| {
        let items = plan["items"].as_array().unwrap().iter();
        items.filter(|item| item["action"] == "remove").count()
    };
    assert_eq!(removed(&plan), 0, "{plan}");
    world.run(&["generate", "posters"]);
    world.run(&["generate", "scenes"]);
    assert_eq!(made(&world), 3);
    // A scene that is cut takes its outputs with it; that is said before and after.
    let cut = SCRIPT.replace("EXT. STATION PLATFORM - NIGHT", "She waits.");
    world.write("script.fountain", &cut);
    assert!(removed(&world.json(&["plan", "posters"])) > 0);
    let done = world.ok(&["generate", "posters"]);
    assert!(done.contains("remove   posters/002.json"), "{done}");
    assert!(!world.path("posters/002.json").exists());
}

#[test]
fn a_take_that_comes_back_is_the_one_that_this_timeline_had() {
    let world = posters("cat > output.json\n", "");
    world.ok(&["generate", "posters"]);
    let first = world.read("posters/001.json");
    world.ok(&["generate", "posters/001.json", "--new-take"]);
    let second = world.read("posters/001.json");
    assert_ne!(first, second);
    let again = || {
        std::fs::remove_file(world.path("posters/001.json")).unwrap();
        world.ok(&["generate", "posters/001.json"]);
        world.read("posters/001.json")
    };
    assert_eq!(again(), second, "the take that the timeline holds");
    world.ok(&["pick", "posters/001.json", "1"]);
    assert_eq!(again(), first, "the take that was picked");
    // Undo the commits back to before the second take: it is not a take of this timeline then.
    let world = posters("cat > output.json\n", "");
    world.ok(&["generate", "posters"]);
    let first = world.read("posters/001.json");
    world.ok(&["generate", "posters/001.json", "--new-take"]);
    world.ok(&["undo"]);
    std::fs::remove_file(world.path("posters/001.json")).unwrap();
    world.ok(&["commit", "-q", "-m", "Without the first"]);
    world.ok(&["generate", "posters/001.json"]);
    assert_eq!(
        world.read("posters/001.json"),
        first,
        "an undone take stays undone"
    );
}

#[test]
fn a_run_that_failed_without_a_word_tells_nothing_of_what_the_next_one_costs() {
    let world = with_budget("exit 1\n", UNPRICED, "day = 0.6");
    let failed = world.run(&["generate", "posters", "--jobs", "3", "--yes"]);
    assert_eq!(failed.code, Some(1), "{failed}");
    assert_eq!(
        (&total(&world)["failed"], made(&world)),
        (&Value::from(3), 0)
    );
    world.write("tools/poster.sh", HALF);
    world.ok(&["trust", "--yes"]);
    let stopped = world.run(&["generate", "posters", "--jobs", "3", "--yes"]);
    assert_eq!(stopped.code, Some(1), "{stopped}");
    assert_eq!(
        (&total(&world)["spent_micro_usd"], made(&world)),
        (&Value::from(500_000), 1)
    );
}

#[test]
fn what_is_free_runs_whatever_was_spent() {
    let world = with_budget(ECHO, "price = { per = \"item\", usd = 0 }", "day = 0");
    world.ok(&["generate", "posters"]);
    assert_eq!(made(&world), 3);
    let world = with_budget(HALF, UNPRICED, "day = 0.5");
    world.run(&["generate", "posters/001.json", "--yes"]);
    let settings = world.read("aiut.toml");
    let free = "price = { per = \"item\", usd = 0 }\n[budget]";
    world.write("aiut.toml", settings.replace("[budget]", free));
    world.write("tools/poster.sh", ECHO);
    world.ok(&["trust", "--yes"]);
    world.ok(&["generate", "-q", "posters"]);
    assert_eq!(made(&world), 3);
}

#[test]
fn a_plan_is_not_printed_for_who_wants_quiet_and_is_not_asked() {
    let world = posters(ECHO, PRICE);
    assert_eq!(world.ok(&["generate", "-q", "posters", "--yes"]), "");
}

#[test]
fn what_nobody_knows_the_price_of_runs_only_where_something_is_left() {
    let world = with_budget(ECHO, UNPRICED, "run = 0");
    let refused = world.run(&["generate", "posters"]);
    assert!(
        refused.stderr.contains("nobody knows what this costs"),
        "{refused}"
    );
    assert!(refused.stderr.contains("budget.run is $0.00"), "{refused}");
    let settings = world.read("aiut.toml");
    let free = "command = [\"sh\", \"tools/poster.sh\"]\nprice = { per = \"item\", usd = 0 }";
    let settings = settings.replace("command = [\"sh\", \"tools/poster.sh\"]", free);
    world.write("aiut.toml", settings);
    world.ok(&["generate", "posters"]);
    assert_eq!(made(&world), 3);
}
