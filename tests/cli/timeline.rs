//! The tree of timelines, and what is told before one is deleted.

use serde_json::Value;

use super::film::film;
use super::world::World;

const SCRIPT: &str = "INT. KITCHEN - NIGHT\n\nRAE, 30, fills a kettle.\n\nRAE\nWho is there?\n";

/// main; `quiet` leaves it, `late` leaves `quiet`; main takes `quiet` in and goes on.
fn forked() -> World {
    let world = film(SCRIPT, &["shots"]);
    let edit = |from: &str, to: &str, message: &str| {
        world.write(
            "script.fountain",
            world.read("script.fountain").replace(from, to),
        );
        world.ok(&["commit", "-q", "-m", message]);
    };
    world.ok(&["switch", "-q", "-c", "quiet"]);
    edit("Who is there?", "Hello?", "Hello");
    world.ok(&["switch", "-q", "-c", "late"]);
    edit("a kettle", "two kettles", "Two kettles");
    world.ok(&["switch", "-q", "main"]);
    world.ok(&["merge", "-q", "--no-ff", "quiet"]);
    world
}

fn node<'n>(nodes: &'n Value, name: &str) -> &'n Value {
    let mut nodes = nodes.as_array().unwrap().iter();
    nodes.find(|node| node["name"] == name).unwrap()
}

#[test]
fn timelines_stand_below_those_that_they_leave() {
    let world = forked();
    let nodes = world.json(&["timeline"]);
    let names: Vec<_> = nodes
        .as_array()
        .unwrap()
        .iter()
        .map(|node| &node["name"])
        .collect();
    assert_eq!(names, ["main", "quiet", "late"]);
    let (main, quiet, late) = (
        node(&nodes, "main"),
        node(&nodes, "quiet"),
        node(&nodes, "late"),
    );
    assert_eq!(
        (&main["current"], &main["fork"]),
        (&Value::Bool(true), &Value::Null)
    );
    assert_eq!(main["merges"][0]["timeline"], "quiet");
    assert_eq!(quiet["fork"]["timeline"], "main");
    assert_eq!(quiet["commits"], 1);
    assert_eq!(late["fork"]["timeline"], "quiet");
    assert_eq!(late["fork"]["commit"]["subject"], "Hello");
    assert_eq!(late["depth"], 2);
    // Each stands as its own files do: the shots of an edited script are stale.
    assert!(late["film"]["stale"].as_u64().unwrap() > 0);
    let shots = late["film"]["stages"].as_array().unwrap();
    let shots = shots.iter().find(|row| row["stage"] == "shots").unwrap();
    assert_eq!(shots["states"]["stale"], 1, "{shots}");
    let plain = world.json(&["timeline", "--no-states"]);
    assert_eq!(node(&plain, "late")["film"], Value::Null);
    let told = world.ok(&["timeline"]);
    assert!(told.starts_with("* main "), "{told}");
    assert!(
        told.contains("\n    quiet ") && told.contains("\n      late "),
        "{told}"
    );
    assert!(told.contains("took in quiet with"), "{told}");
    assert!(told.contains("leaves quiet at"), "{told}");
}

#[test]
fn the_tree_is_drawn_for_a_browser() {
    let world = forked();
    world.ok(&["commit", "--amend", "-q", "-m", "Join <quiet> & \"go on\""]);
    assert_eq!(
        world.ok(&["timeline", "--svg", "tree.svg"]),
        "Drew 3 timelines to $ROOT/film/tree.svg\n"
    );
    let first = world.read("tree.svg");
    world.ok(&["timeline", "-q", "--svg", "tree.svg"]);
    assert_eq!(
        world.read("tree.svg"),
        first,
        "the same tree is the same picture"
    );
    assert!(
        first.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""),
        "{first}"
    );
    assert!(
        first.contains("Join &lt;quiet&gt; &amp; &quot;go on&quot;"),
        "{first}"
    );
    // Every element that opens is closed.
    let opened = first.matches('<').count() - first.matches("</").count();
    assert_eq!(
        opened,
        first.matches("/>").count() + first.matches("</").count()
    );
    let run = world.run(&["timeline", "--svg", "nowhere/tree.svg"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.contains("nowhere/tree.svg"), "{run}");
}

#[test]
fn what_would_be_lost_with_a_timeline_is_told() {
    let world = forked();
    let run = world.run(&["branch", "-d", "late"]);
    assert_eq!(run.code, Some(1), "{run}");
    let lost = "on no other timeline: 1 commit; scene INT. KITCHEN - NIGHT\n";
    assert!(run.stderr.contains(lost), "{run}");
    // What runs made counts.
    world.ok(&["switch", "-q", "late"]);
    world.ok(&["generate", "-q", "shots"]);
    world.ok(&["switch", "-q", "main"]);
    let run = world.run(&["branch", "-d", "late"]);
    assert!(
        run.stderr
            .contains("2 commits; scene INT. KITCHEN - NIGHT; 1 take for $0.00"),
        "{run}"
    );
    assert!(
        world.ok(&["branch"]).contains("late"),
        "nothing was deleted"
    );
    // What main took in is not lost with `quiet`, and what was deleted comes back.
    world.ok(&["branch", "-d", "quiet"]);
    world.ok(&["branch", "-D", "late"]);
    world.ok(&["undo"]);
    assert!(world.ok(&["branch"]).contains("late"));
}

#[test]
fn how_a_timeline_stands_is_remembered_until_it_stands_otherwise() {
    let world = forked();
    let asked = || {
        let plan = world.json(&["merge", "--plan", "late"]);
        let refresh = &plan["refresh"];
        let merge = [
            &refresh["goes_stale"],
            &refresh["report"]["states"],
            &refresh["report"]["items"],
        ];
        let sides = world.json(&["diff", "--timelines", "main", "late"]);
        (
            world.json(&["timeline"]),
            sides["right"]["film"].clone(),
            merge.map(Value::clone),
        )
    };
    let first = asked();
    assert_eq!(asked(), first, "remembered");
    assert_eq!(node(&first.0, "late")["film"], first.1, "both ask the same");
    // Its shots are stale before the merge too.
    assert_eq!(first.2[1]["stale"], 1, "{:?}", first.2);
    std::fs::remove_dir_all(world.path(".aiut/index")).unwrap();
    assert_eq!(asked(), first, "planned from nothing");
    world.ok(&["switch", "-q", "late"]);
    world.ok(&["generate", "-q", "shots"]);
    world.ok(&["switch", "-q", "main"]);
    let later = asked();
    assert!(later.1["stale"].as_u64() < first.1["stale"].as_u64());
    std::fs::remove_dir_all(world.path(".aiut/index")).unwrap();
    assert_eq!(asked(), later, "planned from nothing");
}
