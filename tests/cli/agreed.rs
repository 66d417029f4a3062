//! Nothing is spent that was not agreed to, and nothing that may have been charged is left out.

use super::command::{UNPRICED, posters};
use super::money::{HALF, made, total, with_budget};

/// Says that the first poster was free, and that another one cost half a dollar.
const FIRST_FREE: &str = "cat > output.json\nsleep 0.2\n\
    case $(grep '\"item\"' output.json) in\n\
    *001*) echo '{\"cost_usd\": 0}';;\n*) echo '{\"cost_usd\": 0.5}';;\nesac\n";

#[test]
fn what_was_free_so_far_is_not_paid_unasked() {
    for jobs in ["1", "8"] {
        let world = posters(FIRST_FREE, UNPRICED);
        world.ok(&["generate", "posters/001.json", "--yes"]);
        assert_eq!(world.json(&["plan", "posters"])["price_micro_usd"], 0);
        // Nobody is asked, as all is said to be free: the first that is not ends it.
        let stopped = world.run(&["generate", "posters", "--jobs", jobs]);
        assert_eq!(stopped.code, Some(1), "{stopped}");
        let said = "it turned up during the run that this may cost $0.50 and not $0.00";
        assert!(stopped.stderr.contains(said), "{stopped}");
        assert_eq!(total(&world)["spent_micro_usd"], 500_000, "{stopped}");
        assert_eq!(made(&world), 2, "{stopped}");
        let asked = world.run(&["generate", "posters"]);
        assert!(asked.stderr.contains("this may cost $0.50"), "{asked}");
        world.ok(&["generate", "posters", "--yes"]);
        assert_eq!(total(&world)["spent_micro_usd"], 1_000_000);
    }
}

#[test]
fn a_budget_sees_each_run_that_may_not_be_free_any_more() {
    let world = with_budget(FIRST_FREE, UNPRICED, "day = 0.6");
    world.ok(&["generate", "posters/001.json", "--yes"]);
    let stopped = world.run(&["generate", "posters", "--jobs", "8", "--yes"]);
    assert_eq!(stopped.code, Some(1), "{stopped}");
    assert!(stopped.stderr.contains("budget.day is $0.60"), "{stopped}");
    assert_eq!(total(&world)["spent_micro_usd"], 500_000, "{stopped}");
}

#[test]
fn a_command_that_stops_telling_what_it_costs_still_fills_the_budget() {
    let world = with_budget(HALF, UNPRICED, "project = 2.2");
    world.ok(&["generate", "posters/001.json", "--yes"]);
    world.write("tools/poster.sh", "cat > output.json\n");
    world.ok(&["trust", "--yes"]);
    for sum in [1_000_000, 1_500_000, 2_000_000] {
        world.ok(&["generate", "posters/002.json", "--new-take", "--yes"]);
        let total = total(&world);
        assert_eq!(total["spent_micro_usd"], sum, "{total}");
        assert_eq!(total["reckoned_micro_usd"], sum - 500_000, "{total}");
    }
    let full = world.run(&["generate", "posters/002.json", "--new-take", "--yes"]);
    assert_eq!(full.code, Some(1), "{full}");
    assert!(full.stderr.contains("budget.project is $2.20"), "{full}");
}

#[test]
fn a_run_that_ends_without_a_word_costs_what_others_did() {
    for (end, more) in [("exit 1\n", ""), ("sleep 60\n", "timeout = 1")] {
        let world = posters(HALF, &format!("{UNPRICED}\n{more}"));
        world.ok(&["generate", "posters/001.json", "--yes"]);
        world.write("tools/poster.sh", end);
        world.ok(&["trust", "--yes"]);
        let failed = world.run(&["generate", "posters/002.json", "--yes"]);
        assert_eq!(failed.code, Some(1), "{failed}");
        let total = total(&world);
        assert_eq!(total["spent_micro_usd"], 1_000_000, "{total}");
        assert_eq!(total["reckoned_micro_usd"], 500_000, "{total}");
        assert_eq!(
            (&total["failed"], &total["open_micro_usd"]),
            (&1.into(), &0.into())
        );
    }
}

#[test]
fn a_ledger_that_goes_during_a_run_is_begun_anew_and_has_what_that_cost() {
    for away in ["rm", "printf 'aiut ledger 1\\n' >"] {
        let world = posters("", UNPRICED);
        world.ok(&["config", "budget.run", "0.9"]);
        let ledger = world.path(".aiut/ledger");
        world.write(
            "tools/poster.sh",
            format!("{away} {}\n{HALF}", ledger.display()),
        );
        world.ok(&["trust", "--yes"]);
        // What the run spent before counts for its budget, wherever it stands.
        let stopped = world.run(&["generate", "posters", "--jobs", "1", "--yes"]);
        assert_eq!(stopped.code, Some(1), "{stopped}");
        assert!(stopped.stderr.contains("budget.run is $0.90"), "{stopped}");
        let total = total(&world);
        assert_eq!(total["spent_micro_usd"], 500_000, "{total}");
        assert_eq!(
            (&total["runs"], &total["open_micro_usd"]),
            (&1.into(), &0.into())
        );
    }
}

#[test]
fn a_take_that_was_paid_for_is_told_as_made_whatever_was_selected_before() {
    let world = posters(HALF, UNPRICED);
    world.ok(&["generate", "posters/001.json", "--yes"]);
    let script = world.read("script.fountain");
    let heading = script
        .lines()
        .find(|line| line.starts_with("INT."))
        .unwrap();
    let moved = script.replacen(heading, "INT. CELLAR - NIGHT", 1);
    world.write("script.fountain", moved);
    world.ok(&["generate", "posters/001.json", "--yes"]);
    // What it was made from is older, so bringing it up to date would bring the other one back.
    world.ok(&["pick", "posters/001.json", "1"]);
    let told = world.ok(&["generate", "posters/001.json", "--new-take", "--yes"]);
    assert!(told.contains("posters      1 made"), "{told}");
    assert_eq!(total(&world)["spent_micro_usd"], 1_500_000);
}
