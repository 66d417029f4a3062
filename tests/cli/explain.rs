//! Why a shot and its prompts are as they are, and the prompts of another model beside them.

use super::film::film;
use super::world::World;

const BAR: &str = "INT. BAR - NIGHT\n\nANNA, 30s, wipes a glass, furious. BORIS looks away.\n\n\
                   ANNA\n(quietly)\nYou sold the boat.\n\nBORIS\nI sold the boat.\n";

/// The shot in which Anna speaks.
fn annas(world: &World) -> String {
    let shots = world.json(&["shots", "1"]);
    let mut shots = shots.as_array().unwrap().iter();
    let shot = shots
        .find(|shot| shot["line"] == "You sold the boat.")
        .unwrap();
    shot["shot"].as_str().unwrap().to_owned()
}

/// Whether the cells of these rows begin in the same columns.
fn aligned(text: &str, rows: &[(&str, &str)]) -> bool {
    let place = |(name, cell): &(&str, &str)| {
        let mut lines = text.lines();
        let row = lines.find(|line| line.trim_start().starts_with(name) && line.contains(cell));
        row.and_then(|row| row.find(cell))
    };
    let mut places = rows.iter().map(place);
    let first = places.next().flatten();
    first.is_some() && places.all(|place| place == first)
}

#[test]
fn a_shot_is_explained_field_by_field_with_the_words_of_the_script() {
    let world = film(BAR, &["prompts"]);
    let shot = annas(&world);
    let told = world.ok(&["explain", "shot", &shot]);
    for part in [
        "dialogue_tone",
        "meanwhile",
        "shot_type",
        "“ANNA, 30s, wipes a glass, furious.”",
    ] {
        assert!(told.contains(part), "{part} is missing in\n{told}");
    }
    let rows = [
        ("lens_mm", "camera.lens"),
        ("duration", "pacing."),
        ("transition_to_next", "transition."),
    ];
    assert!(aligned(&told, &rows), "{told}");
    let json = world.json(&["explain", &shot]);
    let fields = json["fields"].as_array().unwrap();
    let of = |name: &str| fields.iter().find(|field| field["field"] == name).unwrap();
    assert_eq!(of("dialogue_tone")["value"], "quietly");
    assert_eq!(of("dialogue_text")["words"], "You sold the boat.");
    assert_eq!(of("dialogue_speaker")["words"], "ANNA");
    assert_eq!(of("setting_ref")["words"], "INT. BAR - NIGHT");
}

#[test]
fn a_prompt_is_explained_part_by_part_with_what_was_left_out() {
    let world = film(BAR, &["prompts"]);
    let shot = annas(&world);
    world.write(
        "aiut.toml",
        "[stage.prompts]\nwith = { frame = \"tags\", video_most = 200, lines = \"video\" }\n",
    );
    let told = world.ok(&["explain", "prompt", &shot]);
    for part in [
        "tags 1",
        "of 600 characters",
        "left out",
        "the setting lines = \"video\" leaves it out",
    ] {
        assert!(told.contains(part), "{part} is missing in\n{told}");
    }
    let rows = [
        ("framing", "shots/001.json"),
        ("meanwhile", "shots/001.json"),
    ];
    assert!(aligned(&told, &rows), "{told}");
    let json = world.json(&["explain", "prompt", &shot]);
    let (frame, video) = (&json["prompts"][0], &json["prompts"][1]);
    assert_eq!(
        (&frame["edited"], &frame["by_hand"]),
        (&false.into(), &false.into())
    );
    assert_eq!(video["most"], 200);
    let parts = video["parts"].as_array().unwrap();
    let line = parts.iter().find(|part| part["part"] == "line").unwrap();
    assert_eq!(line["words"], "You sold the boat.");
    let path = format!("prompts/{shot}.json");
    let edited = world
        .read(&path)
        .replace("The camera holds still.", "The camera waits.");
    world.write(&path, edited);
    let json = world.json(&["explain", "prompt", &shot]);
    assert_eq!(json["prompts"][1]["edited"], true);
}

#[test]
fn another_target_makes_prompts_stale_and_their_difference_can_be_read() {
    let world = film(BAR, &["prompts"]);
    let shot = annas(&world);
    world.ok(&["config", "stage.prompts.with", "{ target = \"tags\" }"]);
    let why = world.ok(&["why", &format!("prompts/{shot}.json")]);
    assert!(why.contains("stale"), "{why}");
    world.ok(&["generate", "prompts", "-q"]);
    let diff = world.ok(&["diff", "HEAD~1", "HEAD", &format!("prompts/{shot}.json")]);
    let line = |mark: char, part: &str| {
        let mut lines = diff.lines();
        lines.any(|line| line.starts_with(mark) && line.contains(part))
    };
    assert!(line('-', "\"template\": \"sentences 1\""), "{diff}");
    assert!(line('+', "\"template\": \"tags 1\""), "{diff}");
    assert!(line('-', "You sold the boat."), "{diff}");
    assert!(!line('+', "You sold the boat.\\\""), "{diff}");
    let wrong = world.run(&["config", "stage.prompts.with", "{ target = \"tag\" }"]);
    assert!(
        wrong.stderr.contains("sentences or tags or sections"),
        "{}",
        wrong.stderr
    );
}
