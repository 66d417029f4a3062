//! What changed of pictures, clips and sounds, as images; and two timelines beside each other.

use super::film::film;
use super::world::World;

const SCRIPT: &str = "INT. KITCHEN - NIGHT\n\nRAE, 30, fills a kettle.\n\nRAE\nWho is there?\n";

/// A grey picture.
fn png(value: u8, width: u32, height: u32) -> Vec<u8> {
    let picture = image::GrayImage::from_pixel(width, height, image::Luma([value]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

/// A second of a tone.
fn wav(loudness: i16) -> Vec<u8> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 8000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
    for at in 0..8000 {
        let sign = if at / 20 % 2 == 0 { 1 } else { -1 };
        writer.write_sample(loudness * sign).unwrap();
    }
    writer.finalize().unwrap();
    bytes.into_inner()
}

fn size(world: &World, path: &str) -> (u32, u32) {
    image::open(world.path(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
        .to_rgb8()
        .dimensions()
}

#[test]
fn pictures_and_sounds_are_written_beside_each_other() {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    world.write("a/still.png", png(10, 64, 36));
    world.write("tone.wav", wav(1000));
    world.write("gone.png", png(1, 8, 8));
    world.write("note.txt", "one\n");
    world.ok(&["commit", "-q", "-m", "First"]);
    world.write("a/still.png", png(90, 64, 36));
    world.write("tone.wav", wav(20_000));
    world.write("note.txt", "two\n");
    std::fs::remove_file(world.path("gone.png")).unwrap();
    let said = world.ok(&["diff", "--stat", "--out", "../seen"]);
    assert!(said.contains("Wrote 2 images into"), "{said}");
    assert_eq!(size(&world, "../seen/a/still.png.png"), (3 * 650 + 10, 380));
    assert_eq!(size(&world, "../seen/tone.wav.png"), (1220, 430));
    assert!(!world.path("../seen/gone.png.png").exists());
    // Two files of the disk, and a commit and another.
    let loose = [
        "diff",
        "--no-project",
        "--out",
        "../loose",
        "a/still.png",
        "../seen/a/still.png.png",
    ];
    world.ok(&loose);
    assert!(size(&world, "../loose/still.png.png.png").0 > 1900);
    world.ok(&["commit", "-q", "-m", "Second"]);
    world.ok(&[
        "diff",
        "--stat",
        "--out",
        "../stored",
        "HEAD~1",
        "HEAD",
        "tone.wav",
    ]);
    assert_eq!(
        std::fs::read(world.path("../stored/tone.wav.png")).unwrap(),
        std::fs::read(world.path("../seen/tone.wav.png")).unwrap()
    );
    let refused = world.run(&["diff", "--out", "note.txt", "HEAD~1", "HEAD"]);
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.stderr.contains("cannot write"), "{refused}");
    assert_eq!(world.read("note.txt"), "two\n");
}

#[test]
fn clips_are_shown_by_matching_moments() {
    let world = film(SCRIPT, &["clips"]);
    let clip = "clips/001_001.mov";
    let before = std::fs::read(world.path(clip)).unwrap();
    world.write(
        "script.fountain",
        SCRIPT.replace("fills a kettle", "sits in a car"),
    );
    world.ok(&["generate", "-q", "clips"]);
    assert_ne!(std::fs::read(world.path(clip)).unwrap(), before);
    world.ok(&["diff", "--stat", "--out", "../seen", "HEAD~1", "HEAD", clip]);
    assert_eq!(
        size(&world, "../seen/clips/001_001.mov.png"),
        (6 * 330 + 10, 3 * 190 + 10)
    );
}

#[test]
fn two_timelines_are_summed_up() {
    let world = film(SCRIPT, &["prompts"]);
    world.ok(&["switch", "-q", "-c", "what-if"]);
    world.write(
        "script.fountain",
        SCRIPT.replace("Who is there?", "Go away, whoever you are out there!"),
    );
    world.ok(&["commit", "-q", "-m", "Angry"]);
    let report = world.json(&["diff", "--timelines", "main", "what-if"]);
    assert_eq!(
        (&report["left"]["commits"], &report["right"]["commits"]),
        (&0.into(), &1.into())
    );
    assert_eq!(
        report["story"]["scripts"][0]["diff"]["scenes"][0]["fate"],
        "changed"
    );
    assert!(
        report["left"]["film"]["states"]["stale"].is_null(),
        "{report}"
    );
    assert!(
        report["right"]["film"]["states"]["stale"].as_u64().unwrap() > 0,
        "{report}"
    );
    let said = world.ok(&["diff", "--timelines", "main", "what-if"]);
    for words in [
        "main and what-if parted at",
        "In all: 1 scene changed",
        "made for     $0.00",
        "to refresh",
        "shots ",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
    assert_eq!(
        world
            .run(&["diff", "--timelines", "main", "what-if", "-q"])
            .code,
        Some(3)
    );
    let same = world.ok(&["diff", "--timelines", "main", "main"]);
    assert!(same.contains("nothing differs"), "{same}");
    assert_eq!(
        world.run(&["diff", "--timelines", "main", "nothing"]).code,
        Some(1)
    );
    assert_eq!(world.run(&["diff", "--timelines", "main"]).code, Some(2));
    // In a project that is no film there are no stages, and the rest is told.
    let plain = World::new();
    plain.ok(&["init", "-q", "--template", "none"]);
    plain.write("a", "1\n");
    plain.ok(&["commit", "-q", "-m", "First"]);
    let report = plain.json(&["diff", "--timelines", "main", "main"]);
    assert!(
        report["left"]["film"].is_null() && report["left"]["unknown"].is_null(),
        "{report}"
    );
}
