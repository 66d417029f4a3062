//! What a run tells while it goes, and how long it is said to take.
#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::film::{SCRIPT, film};
use super::world::{World, write};

/// Puts a program before the others of its name.
fn program(world: &mut World, name: &str, script: &str) {
    // Not beneath the project, not even by name: programs are never looked for there.
    let bin = world.home().join("bin");
    std::fs::create_dir_all(&bin).unwrap();
    write(&bin.join(name), script.as_bytes());
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(bin.join(name), mode).unwrap();
    let path = std::env::var("PATH").unwrap();
    world.set("PATH", &format!("{}:{path}", bin.display()));
}

/// A second of silence that is none.
fn wave() -> Vec<u8> {
    let samples: Vec<u8> = (0..22_050_i32)
        .flat_map(|at| ((at * 700 % 16_000 - 8_000) as i16).to_le_bytes())
        .collect();
    let bytes = samples.len() as u32;
    let mut wav = [
        b"RIFF".to_vec(),
        (bytes + 36).to_le_bytes().to_vec(),
        b"WAVEfmt ".to_vec(),
    ]
    .concat();
    for word in [16_u32, 1 | 1 << 16, 22_050, 44_100, 2 | 16 << 16] {
        wav.extend_from_slice(&word.to_le_bytes());
    }
    [wav, b"data".to_vec(), bytes.to_le_bytes().to_vec(), samples].concat()
}

/// A program that speaks when it is let, or after some seconds.
fn speaker(world: &mut World, before: &str) {
    write(&world.home().join("voice.wav"), &wave());
    let script = format!(
        "#!/bin/sh\nPATH=/usr/bin:/bin\ncase \"$1\" in --version) echo 'eSpeak NG text-to-speech: 1.0'; exit;; esac\n\
         {before}\nfor last; do :; done\ncp {} \"$last\"\n",
        world.home().join("voice.wav").display()
    );
    program(world, "espeak-ng", &script);
}

#[test]
fn a_row_is_told_when_its_stage_is_done_not_when_all_are() {
    let mut world = film(SCRIPT, &["characters"]);
    let go = world.home().join("go");
    let waits = format!("while [ ! -e {} ]; do sleep 0.05; done", go.display());
    speaker(&mut world, &waits);
    let mut run = world
        .command(&world.path(""), &["generate", "voices"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (tell, told) = mpsc::channel();
    let lines = BufReader::new(run.stdout.take().unwrap()).lines();
    let reader = std::thread::spawn(move || {
        lines
            .map_while(Result::ok)
            .for_each(|line| drop(tell.send(line)));
    });
    // No voice can be made before this is read: it would wait for good if rows came at the end.
    let mut rows = Vec::new();
    while !rows
        .iter()
        .any(|row: &String| row.starts_with("  prompts "))
    {
        let row = told.recv_timeout(Duration::from_secs(120));
        rows.push(row.unwrap_or_else(|_| panic!("nothing was told while it ran, but {rows:?}")));
    }
    assert!(rows[0].starts_with("Making "), "{rows:?}");
    assert!(run.try_wait().unwrap().is_none(), "it goes on");
    write(&go, b"");
    assert!(run.wait().unwrap().success());
    reader.join().unwrap();
    let rest: Vec<String> = told.iter().collect();
    assert!(
        rest.iter()
            .any(|row| row.starts_with("  voices ") && row.ends_with(" made")),
        "{rest:?}"
    );
    assert!(rest.last().unwrap().starts_with("Committed "), "{rest:?}");
}

#[test]
fn a_run_goes_on_when_nobody_reads_any_more() {
    let world = film(SCRIPT, &["characters"]);
    let mut run = world
        .command(&world.path(""), &["generate", "prompts"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(run.stdout.take());
    let output = run.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let states = world.json(&["stale"])["stages"].clone();
    let prompts = states
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["stage"] == "prompts")
        .unwrap();
    assert!(prompts["states"]["missing"].is_null(), "{prompts}");
}

#[test]
fn after_a_run_it_is_known_how_the_film_stands() {
    let world = film(SCRIPT, &["prompts"]);
    let known = |world: &World| world.json(&["status"])["film"]["states"].clone();
    let said = known(&world);
    assert!(said["fresh"].as_u64() > Some(0), "{said}");
    assert_eq!(world.json(&["stale"])["states"], said);
    // An edit by hand is merged, a scene goes, and a part is asked for.
    let shots = world.read("shots/001.json");
    world.write("shots/001.json", shots.replacen("\"eye\"", "\"low\"", 1));
    let (first, rest) = SCRIPT.split_once("EXT. STATION").unwrap();
    let rest = rest.split_once("INT. ATTIC").unwrap().1;
    world.write(
        "script.fountain",
        format!("{first}INT. ATTIC{rest}").replace("late again", "early"),
    );
    world.ok(&["generate", "shots", "--yes"]);
    let said = known(&world);
    assert!(said["missing"].as_u64() > Some(0), "{said}");
    assert_eq!(world.json(&["stale"])["states"], said);
}

/// The same with the clock of the machine, by which alone something can be measured.
fn timed(world: &World, words: &[&str]) -> Command {
    let mut command = world.command(&world.path(""), words);
    command.env_remove("AIUT_CLOCK");
    command
}

#[test]
fn how_long_it_takes_is_learnt_from_how_long_it_took() {
    let mut world = film(SCRIPT, &["prompts"]);
    speaker(&mut world, "sleep 1");
    let expected = |world: &World, stage: &str| {
        let plan = world
            .finish(timed(world, &["plan", stage, "--json"]))
            .stdout;
        let plan: Value = serde_json::from_str(&plan).unwrap();
        plan["estimated_ms"].as_u64().unwrap()
    };
    let guess = expected(&world, "voices");
    assert!(guess < 1_000, "{guess}");
    let begun = Instant::now();
    let run = world.finish(timed(&world, &["generate", "voices"]));
    assert_eq!(run.code, Some(0), "{run}");
    let took = begun.elapsed().as_millis() as u64;
    assert!(
        took > 1_000,
        "the lines are spoken by another program: {took}"
    );
    // Another project of the same user.
    world.write("../second/aiut.toml", "[film]\nwidth = 160\nheight = 90\n");
    world.write("../second/script.fountain", SCRIPT);
    for words in [&["init", "-q"][..], &["commit", "-q", "-m", "First"]] {
        let run = world.finish(world.command(&world.path("../second"), words));
        assert_eq!(run.code, Some(0), "{run}");
    }
    let mut plan = timed(&world, &["plan", "voices", "--json"]);
    plan.current_dir(world.path("../second"));
    let elsewhere: Value = serde_json::from_str(&world.finish(plan).stdout).unwrap();
    let elsewhere = elsewhere["estimated_ms"].as_u64().unwrap();
    assert!(
        (took / 3..took * 2).contains(&elsewhere),
        "{elsewhere} of {took}"
    );
    // And here, once it is to be made again.
    world.write("script.fountain", SCRIPT.replace("late again", "early"));
    let again = expected(&world, "voices");
    assert!(again > 500 && again < took * 2, "{again} of {took}");
    assert!(world.path(".aiut/times").is_file());
    assert!(world.home().join(".cache/aiut/times").is_file());
}
