//! `import` of pictures.

use insta::assert_snapshot;

use super::world::World;

/// A PNG of one pixel of this shade, with a text.
fn png(shade: u8, keyword: &str, text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 1, 1);
    encoder.add_itxt_chunk(keyword.into(), text.into()).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[shade]).unwrap();
    writer.finish().unwrap();
    bytes
}

const PARAMETERS: &str = "a red coat\nNegative prompt: blurry\n\
                          Steps: 20, Sampler: Euler a, Seed: 42, Size: 1x1, Model: dream";

fn world() -> World {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    world.write("../coat.png", png(0, "parameters", PARAMETERS));
    world
}

#[test]
fn a_picture_comes_with_what_it_was_asked_for_with() {
    let world = world();
    assert_snapshot!(world.run(&["import", "../coat.png"]), @"
    Imported 2 files
      a red coat
    ");
    let sidecar: serde_json::Value =
        serde_json::from_str(&world.read("imports/coat.prompt.json")).unwrap();
    assert_eq!(sidecar["prompt"], "a red coat");
    assert_eq!(sidecar["negative_prompt"], "blurry");
    assert_eq!(sidecar["seed"], 42);
    assert_eq!(sidecar["graph"].as_str().unwrap().len(), 64);
    let bytes = std::fs::read(world.path("imports/coat.png")).unwrap();
    assert_eq!(bytes, png(0, "parameters", PARAMETERS));
    // Once more is nothing new; another one of its name needs a place.
    world.ok(&["import", "../coat.png"]);
    world.ok(&["commit", "-q", "-m", "Coat"]);
    world.write("../coat.png", png(9, "Title", "no prompt"));
    assert_snapshot!(world.run(&["import", "../coat.png"]), @"
    --- stderr
    error: $ROOT/film/../coat.png: imports/coat.png is another picture already; give this one a place with --as PATH
    --- exit code 1
    ");
    assert_snapshot!(
        world.run(&["import", "../coat.png", "--as", "bible/coat.png"]),
        @"Imported bible/coat.png; no prompt was found in it"
    );
    assert!(!world.path("imports/bible").exists());
    world.ok(&["undo", "-q"]);
    assert!(!world.path("bible").exists());
}

#[test]
fn a_place_of_its_own_has_its_prompt_in_imports() {
    let world = world();
    world.ok(&["import", "../coat.png", "--as", "frames/001_001.png"]);
    assert!(world.path("frames/001_001.png").exists());
    assert!(world.path("imports/frames/001_001.prompt.json").exists());
    assert_eq!(
        world.json(&["search", "--path", "*"])["hits"],
        serde_json::json!([])
    );
    world.write("a.fountain", "INT. ROOM - DAY\n\nRae.\n");
    let misplaced = world.run(&["import", "a.fountain", "--as", "b.fountain"]);
    assert_eq!(misplaced.code, Some(1));
}

#[test]
fn hostile_pictures_are_refused_and_leave_nothing() {
    let world = world();
    let bomb = png(0, "x", "y");
    let mut large = Vec::new();
    let mut encoder = png::Encoder::new(&mut large, 1, 1);
    let long = "a".repeat(40 << 20);
    encoder.add_ztxt_chunk("prompt".into(), long).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[0]).unwrap();
    writer.finish().unwrap();
    world.write("../bomb.png", &large);
    world.write("../cut.png", &bomb[..bomb.len() - 20]);
    world.write("../none.png", "not a picture");
    assert_snapshot!(world.run(&["import", "../bomb.png"]), @"
    --- stderr
    error: $ROOT/film/../bomb.png: its texts have more than 16 MiB
    --- exit code 1
    ");
    let cut = world.run(&["import", "../cut.png"]);
    assert!(cut.stderr.contains("cut.png: it is damaged: "), "{cut}");
    assert_snapshot!(world.run(&["import", "../none.png"]), @"
    --- stderr
    error: $ROOT/film/../none.png: it is not a PNG file
    --- exit code 1
    ");
    assert!(!world.path("imports").exists());
}
