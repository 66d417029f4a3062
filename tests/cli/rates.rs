//! Frame rates from `aiut.toml` to the film: exact fractions, exact frames, sound to the sample.

use std::path::Path;
use std::process::Command;

use aiut::film::rate::FrameRate;
use serde_json::Value;

use super::film::{film, stale};
use super::world::World;

/// Two scenes, with a dissolve and a voice; enough is done in the first to fill its length.
const SCRIPT: &str = "\
Title: Two Tides

EXT. QUAY - DUSK

RUTH, 40, ties a boat to the wall, checks the knot and looks out over the water.

RUTH
Low water.

DISSOLVE TO:

EXT. QUAY - DAWN

PAVEL unties it.

PAVEL
High water.
";

fn with_rate(rate: &str) -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("aiut.toml", "[film]\nwidth = 64\nheight = 36\n");
    world.write("script.fountain", SCRIPT);
    world.ok(&["config", "film.fps", rate]);
    world
}

fn json(world: &World, path: &str) -> Value {
    serde_json::from_str(&world.read(path)).expect(path)
}

/// What a program says of a file.
fn says(program: &str, before: &[&str], file: &Path, after: &[&str]) -> Vec<u8> {
    let mut command = Command::new(program);
    command.args(before).arg(file).args(after);
    command.output().expect("it runs").stdout
}

/// Frames as they are decoded, the rate, and samples as they are decoded.
fn measured(file: &Path) -> (u64, String, u64) {
    let entries = "stream=nb_read_frames,avg_frame_rate,r_frame_rate";
    let shown = says(
        "ffprobe",
        &[
            "-v",
            "error",
            "-count_frames",
            "-select_streams",
            "v:0",
            "-show_entries",
            entries,
            "-of",
            "json",
        ],
        file,
        &[],
    );
    let shown: Value = serde_json::from_slice(&shown).expect("JSON");
    let stream = &shown["streams"][0];
    assert_eq!(stream["avg_frame_rate"], stream["r_frame_rate"]);
    let pcm = says(
        "ffmpeg",
        &["-v", "error", "-i"],
        file,
        &["-map", "0:a", "-f", "s16le", "-"],
    );
    (
        stream["nb_read_frames"].as_str().unwrap().parse().unwrap(),
        stream["avg_frame_rate"].as_str().unwrap().to_owned(),
        pcm.len() as u64 / 4,
    )
}

#[test]
fn clips_cuts_and_the_film_have_exactly_their_frames_and_sound() {
    for (said, exact) in [("23.976", "24000/1001"), ("29.97", "30000/1001")] {
        let world = with_rate(said);
        let rate: FrameRate = exact.parse().unwrap();
        world.ok(&["generate"]);
        let check = |path: &str, frames: u64| {
            let sound = rate.units_of(frames, 48_000);
            let found = measured(&world.path(path));
            assert_eq!(found, (frames, exact.to_owned(), sound), "{path} at {said}");
        };
        let mut whole = 0;
        for scene in ["001", "002"] {
            let list = json(&world, &format!("shots/{scene}.json"));
            assert_eq!(list["fps"], exact);
            let shots = list["shots"].as_array().unwrap();
            let mut cut = 0;
            for (at, shot) in shots.iter().enumerate() {
                let id = shot["shot_id"].as_str().unwrap();
                let frames = shot["duration"].as_u64().unwrap();
                check(&format!("clips/{id}.mov"), frames);
                let request = json(&world, &format!("prompts/{id}.json"));
                assert_eq!(request["video"]["fps"], exact);
                assert_eq!(request["video"]["frames"], frames);
                let is_overlap = shot["transition_to_next"] == "dissolve" && at + 1 < shots.len();
                let overlap = if is_overlap {
                    shot["crossfade"].as_u64()
                } else {
                    None
                };
                cut += frames - overlap.unwrap_or(0);
            }
            check(&format!("cuts/{scene}.mov"), cut);
            whole += cut;
        }
        // A card of four seconds before, and one after.
        whole += 2 * u64::from(rate.frames_of(4, 1));
        let (frames, found, sound) = measured(&world.path("film.mp4"));
        assert_eq!(
            (frames, found.as_str()),
            (whole, exact),
            "the film at {said}"
        );
        // Packets of AAC are 1,024 samples long.
        let wanted = rate.units_of(whole, 48_000);
        assert!(
            (wanted..wanted + 1_024).contains(&sound),
            "{sound}, not {wanted}, at {said}"
        );
        assert!(stale(&world).is_empty());
        // Another way to write the same rate makes nothing stale.
        world.ok(&["config", "film.fps", exact]);
        assert!(
            world
                .read("aiut.toml")
                .contains(&format!("fps = \"{exact}\""))
        );
        assert!(stale(&world).is_empty());
        world.ok(&["config", "film.fps", "24"]);
        assert!(stale(&world).contains(&"film.mp4".to_owned()));
    }
}

#[test]
fn every_rate_of_the_field_reaches_prompts_as_it_is() {
    let world = film(SCRIPT, &["characters"]);
    for (said, exact) in [
        ("23.976", "\"24000/1001\""),
        ("23.98", "\"24000/1001\""),
        ("24", "24"),
        ("25.0", "25"),
        ("29.97", "\"30000/1001\""),
        ("30", "30"),
        ("47.952", "\"48000/1001\""),
        ("48/1", "48"),
        ("50", "50"),
        ("59.94", "\"60000/1001\""),
        ("60000/1001", "\"60000/1001\""),
        ("60", "60"),
        ("12", "12"),
        ("240", "240"),
    ] {
        world.ok(&["config", "film.fps", said]);
        world.ok(&["generate", "prompts"]);
        let rate: FrameRate = exact.trim_matches('"').parse().unwrap();
        let list = json(&world, "shots/001.json");
        assert_eq!(list["fps"].to_string(), exact, "{said}");
        assert_eq!(
            json(&world, "scenes/001.json")["frames"],
            list["target_duration"]
        );
        let shots = list["shots"].as_array().unwrap();
        let sum: u64 = shots
            .iter()
            .filter_map(|shot| shot["duration"].as_u64())
            .sum();
        assert_eq!(sum, list["target_duration"].as_u64().unwrap());
        // A scene of an eighth plays for 7.5 seconds, at any rate.
        let late = rate.units_of(sum, 1000) % 7_500;
        assert!(late < 84, "{late} ms at {said}");
        assert!(world.ok(&["stale", "prompts"]).contains("up to date"));
        let request = world.read("prompts/001_001.json");
        assert!(
            request.contains(&format!("\"fps\": {exact}")),
            "{said}: {request}"
        );
        let scenes = world.ok(&["scenes"]);
        assert!(
            scenes.contains("0:07") || scenes.contains("0:08"),
            "{said}: {scenes}"
        );
    }
}

#[test]
fn what_is_no_frame_rate_is_refused_where_it_stands() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    for wrong in [
        "0",
        "241",
        "-24",
        "23.9",
        "24.5",
        "fast",
        "25000/1001",
        "1/0",
        "",
        "nan",
    ] {
        let run = world.run(&["config", "film.fps", wrong]);
        assert_ne!(run.code, Some(0), "{wrong}");
        assert!(run.stderr.contains("240"), "{wrong}: {}", run.stderr);
    }
    for wrong in ["0", "23.9", "\"fast\"", "[24]", "true", "{ a = 1 }", "inf"] {
        world.write("aiut.toml", format!("[film]\nfps = {wrong}\n"));
        let run = world.run(&["stale"]);
        assert_eq!(run.code, Some(1), "{wrong}");
        let told = &run.stderr;
        let placed = told.contains("line 2, column 7: film.fps: ") || wrong.starts_with('{');
        assert!(placed && told.contains("240"), "{wrong}: {told}");
    }
}

#[test]
fn a_shot_list_takes_any_way_to_write_its_rate() {
    let world = film(SCRIPT, &["prompts"]);
    let list = world.read("shots/001.json");
    for (written, exact) in [("23.976", "24000/1001"), ("\"30000/1001\"", "30000/1001")] {
        world.write(
            "shots/001.json",
            list.replace("\"fps\": 24", &format!("\"fps\": {written}")),
        );
        world.ok(&["generate", "prompts"]);
        assert_eq!(json(&world, "prompts/001_001.json")["video"]["fps"], exact);
    }
    world.write(
        "shots/001.json",
        list.replace("\"fps\": 24", "\"fps\": 23.9"),
    );
    let told = world.run(&["stale"]);
    assert!(
        told.stdout.contains("fps: expected") || told.stderr.contains("fps: expected"),
        "{}{}",
        told.stdout,
        told.stderr
    );
}
