//! Amounts of money as people write them, and as reports print them.

use super::command::{ECHO, UNPRICED, configure, posters};
use super::money::{PRICE, total, with_budget};
use super::world::World;

#[test]
fn a_price_per_second_is_for_shots() {
    let world = posters(ECHO, "");
    configure(&world, "price = { per = \"second\", usd = 0.1 }");
    let refused = world.run(&["plan", "posters"]);
    assert!(refused.stderr.contains("for each shot"), "{refused}");
}

#[test]
fn amounts_are_read_to_the_last_millionth_and_no_further() {
    for (usd, micros) in [
        ("0.1", 100_000_u64),
        ("0.000001", 1),
        ("\"0.05\"", 50_000),
        ("1e-3", 1_000),
        ("0.290_000", 290_000),
        ("999999.999999", 999_999_999_999),
        ("2", 2_000_000),
    ] {
        for price in [
            format!("price = {{ per = \"item\", usd = {usd} }}"),
            format!("[stage.posters.price]\nper = \"item\"\nusd = {usd}"),
            format!("[price.command]\nper = \"item\"\nusd = {usd}"),
        ] {
            let world = posters(ECHO, &price);
            let plan = world.json(&["plan", "posters/001.json"]);
            assert_eq!(plan["price_micro_usd"], micros, "{price}");
        }
        let world = with_budget(ECHO, PRICE, &format!("day = {usd}"));
        let budgets = &world.json(&["cost"])["budgets"];
        assert_eq!(budgets[0]["limit_micro_usd"], micros, "{usd}: {budgets}");
    }
}

#[test]
fn what_is_finer_or_no_amount_is_refused_where_it_stands() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    for (wrong, told) in [
        ("0.1234567", "has more than 6 decimals"),
        ("1e-7", "has more than 6 decimals"),
        ("\"0.0000001\"", "has more than 6 decimals"),
        ("-0.5", "not an amount between 0 and"),
        ("nan", "not an amount between 0 and"),
        ("\"five\"", "expected an amount in US dollars"),
        ("true", "expected an amount in US dollars"),
    ] {
        for (text, place) in [
            (
                format!("[budget]\nday = {wrong}\n"),
                "line 2, column 7: budget.day",
            ),
            (
                format!("[price]\npanel = {{ per = \"image\", usd = {wrong} }}\n"),
                "line 2, column",
            ),
            (
                format!("[stage.frames.price]\nper = \"image\"\nusd = {wrong}\n"),
                "line 3, column 7: stage.frames.price.usd",
            ),
            (
                format!("[stage.frames]\nprice = {{ per = \"image\", usd = {wrong} }}\n"),
                "line 2, column 32: stage.frames.price.usd",
            ),
        ] {
            world.write("aiut.toml", &text);
            let run = world.run(&["plan"]);
            assert_eq!(run.code, Some(1), "{text}{run}");
            let said = &run.stderr;
            assert!(said.contains(told) && said.contains(place), "{text}{run}");
        }
    }
    world.write("aiut.toml", "");
    for (key, value) in [
        ("budget.run", "0.1234567"),
        ("stage.frames.price", "{ per = \"image\", usd = 0.1234567 }"),
        ("price.panel", "{ per = \"image\", usd = 0.1234567 }"),
    ] {
        let run = world.run(&["config", key, value]);
        assert_eq!(run.code, Some(1), "{run}");
        assert!(run.stderr.contains("more than 6 decimals"), "{run}");
    }
    world.ok(&["config", "budget.run", "0.05"]);
    assert_eq!(world.read("aiut.toml"), "[budget]\nrun = 0.05\n");
}

#[test]
fn a_report_is_rounded_to_a_millionth_once() {
    let world = posters(
        "cat > output.json\necho '{\"cost_usd\": 0.30000000000000004}'\n",
        UNPRICED,
    );
    world.ok(&["generate", "posters", "--yes"]);
    assert_eq!(total(&world)["spent_micro_usd"], 900_000);
}
