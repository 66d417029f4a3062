//! Voices and clips: exact lengths, the same bytes twice, and what happens to bad input.

use std::path::Path;

use super::scenes::{counted_frames, entries, frame_at, kitchen, tools};
use aiut_film::rate::FrameRate;
use aiut_film::request::Voice;
use aiut_film::words::{Movement, Vocabulary as _};
use aiut_media::clip::{ClipSources, Motion, clip};
use aiut_media::probe::probe;
use aiut_media::tools::{Program, Tools};
use aiut_media::voice::{Line, Room, speak};
use aiut_media::{MediaError, panel, still};

fn motion(movement: Movement, frames: u32) -> Motion {
    Motion {
        movement,
        frames,
        fps: FrameRate::FILM,
        width: 320,
        height: 180,
    }
}

fn sources(still: &[u8], motion: Motion) -> ClipSources<'_> {
    ClipSources {
        still,
        motion,
        voice: None,
        ambient: "rain, distant traffic",
        seed: "012_003",
    }
}

fn line(text: &str) -> Line {
    Line {
        text: text.into(),
        voice: Voice {
            name: "en-us+f3".into(),
            pitch: 55,
            speed: 160,
        },
    }
}

/// A still without a noted picture: a ramp with a bright block in its middle.
fn ramp() -> Vec<u8> {
    let rgb: Vec<u8> = (0..180_u32)
        .flat_map(|y| (0..320_u32).map(move |x| (x, y)))
        .flat_map(|(x, y)| {
            if (140..180).contains(&x) && (70..110).contains(&y) {
                [240; 3]
            } else {
                [(x / 2) as u8, (y / 2) as u8, 60]
            }
        })
        .collect();
    still::encode(&rgb, 320, 180).expect("encoded")
}

#[test]
fn every_move_has_exactly_its_frames_and_its_sound_the_same_length() {
    let (tools, folder, still) = (tools(), tempfile::tempdir().expect("a folder"), ramp());
    for movement in Movement::ALL.iter().copied() {
        for frames in [1, 11] {
            let motion = motion(movement, frames);
            let made = clip(&tools, &sources(&still, motion), folder.path())
                .unwrap_or_else(|error| panic!("{movement}: {error}"));
            assert_eq!(
                counted_frames(&tools, made.file.path()),
                frames,
                "{movement}"
            );
            let info = probe(&tools, made.file.path()).expect("probed");
            assert_eq!(
                (info.width, info.height, info.frames, info.rate),
                (Some(320), Some(180), Some(frames), Some((24, 1))),
                "{movement}"
            );
            assert_eq!(
                (info.video_codec.as_deref(), info.audio_codec.as_deref()),
                (Some("h264"), Some("pcm_s16le"))
            );
            assert_eq!((info.sample_rate, info.channels), (Some(48_000), Some(2)));
            let samples = super::scenes::pcm(&tools, made.file.path()).len() / 4;
            assert_eq!(samples, frames as usize * 2000, "{movement}");
        }
    }
    assert!(entries(folder.path()).is_empty(), "nothing stays behind");
}

#[test]
fn a_clip_is_the_same_bytes_in_another_folder_and_differs_with_its_sources() {
    let tools = tools();
    let (one, other) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::Builder::new()
            .prefix("another 'place' é")
            .tempdir()
            .expect("a folder"),
    );
    let still = panel::panel(&kitchen()).expect("drawn");
    let wav = speak(
        &tools,
        &line("You were gone before the tide turned."),
        None,
        one.path(),
    )
    .expect("spoken")
    .wav;
    let make = |movement: Movement, ambient: &str, folder: &Path| {
        let motion = motion(movement, 20);
        let sources = ClipSources {
            voice: Some(&wav),
            ambient,
            ..sources(&still, motion)
        };
        clip(&tools, &sources, folder)
            .expect("made")
            .file
            .bytes()
            .expect("read")
    };
    let first = make(Movement::PushIn, "rain", one.path());
    assert_eq!(first, make(Movement::PushIn, "rain", other.path()));
    assert_ne!(first, make(Movement::PullOut, "rain", one.path()));
    assert_ne!(first, make(Movement::PushIn, "wind", one.path()));
}

#[test]
fn a_push_in_starts_on_the_whole_still_and_ends_on_its_middle() {
    let (tools, folder) = (tools(), tempfile::tempdir().expect("a folder"));
    let still = ramp();
    let motion = motion(Movement::PushIn, 24);
    let made = clip(&tools, &sources(&still, motion), folder.path()).expect("made");
    let held = clip(
        &tools,
        &sources(
            &still,
            Motion {
                movement: Movement::Static,
                ..motion
            },
        ),
        folder.path(),
    )
    .expect("made");
    let bright = |luma: &[u8]| luma.iter().filter(|pixel| **pixel > 180).count();
    let (first, last) = (
        bright(&frame_at(&tools, made.file.path(), 0)),
        bright(&frame_at(&tools, made.file.path(), 23)),
    );
    let still = bright(&frame_at(&tools, held.file.path(), 12));
    assert!(first.abs_diff(still) * 20 < still, "{first} of {still}");
    // 1/0.84 in each direction.
    assert!(
        last * 100 > still * 135 && last * 100 < still * 148,
        "{last} of {still}"
    );
}

#[test]
fn in_a_panel_the_picture_moves_and_the_slate_stays() {
    let (tools, folder) = (tools(), tempfile::tempdir().expect("a folder"));
    let mut request = kitchen();
    (request.width, request.height) = (640, 360);
    let still = panel::panel(&request).expect("drawn");
    let motion = Motion {
        width: 640,
        height: 360,
        ..motion(Movement::PanRight, 24)
    };
    let made = clip(&tools, &sources(&still, motion), folder.path()).expect("made");
    let (first, last) = (
        frame_at(&tools, made.file.path(), 0),
        frame_at(&tools, made.file.path(), 23),
    );
    let apart = |columns: std::ops::Range<usize>, rows: std::ops::Range<usize>| {
        let cells = rows
            .flat_map(|y| columns.clone().map(move |x| y * 640 + x))
            .collect::<Vec<_>>();
        cells
            .iter()
            .map(|at| u64::from(first[*at].abs_diff(last[*at])))
            .sum::<u64>()
            * 10
            / cells.len() as u64
    };
    assert!(
        apart(0..540, 0..300) > 60,
        "the picture moves: {}",
        apart(0..540, 0..300)
    );
    assert!(
        apart(550..640, 0..300) < 15,
        "the slate stays: {}",
        apart(550..640, 0..300)
    );
    assert!(
        apart(0..640, 310..360) < 15,
        "the captions stay: {}",
        apart(0..640, 310..360)
    );
}

#[test]
fn a_still_of_another_size_and_kind_is_fitted() {
    let (tools, folder) = (tools(), tempfile::tempdir().expect("a folder"));
    let square = still::encode(&[220; 3 * 90 * 90], 90, 90).expect("encoded");
    let motion = motion(Movement::Static, 2);
    let made = clip(&tools, &sources(&square, motion), folder.path()).expect("made");
    let luma = frame_at(&tools, made.file.path(), 0);
    assert!(
        luma[90 * 320 + 160] > 180 && luma[90 * 320 + 10] < 24,
        "black beside it"
    );
}

#[test]
fn voices_repeat_differ_and_survive_odd_text() {
    let (tools, folder) = (tools(), tempfile::tempdir().expect("a folder"));
    let say = |line: &Line| speak(&tools, line, None, folder.path()).expect("spoken");
    let plain = say(&line("The light was never for the ships."));
    assert_eq!(plain, say(&line("The light was never for the ships.")));
    assert!(
        plain.samples > 48_000
            && plain.samples < 48_000 * 4
            && plain.overflow == 0
            && plain.speed == 160
    );
    let mut low = line("The light was never for the ships.");
    low.voice = Voice {
        name: "en-us+m2".into(),
        pitch: 20,
        speed: 160,
    };
    assert_ne!(plain.wav, say(&low).wav);
    // Options, markup, phonemes and controls are read aloud or passed over, never obeyed.
    for odd in [
        "--version",
        "-w /tmp/x hello",
        "<speak>hello</speak>",
        "[[h@l'oU]] hello",
        "hello\u{0}\u{1b}there",
        "héllo — “well”…",
        "日本語 hello",
    ] {
        assert!(say(&line(odd)).samples > 5_000, "{odd:?}");
    }
    assert_eq!(say(&line("")).samples, 0);
    assert_eq!(say(&line("...")).overflow, 0);
    assert!(entries(folder.path()).is_empty());
}

#[test]
fn a_long_line_hurries_and_what_still_does_not_fit_is_told() {
    let (tools, folder) = (tools(), tempfile::tempdir().expect("a folder"));
    let text = "I carried that box up three flights of stairs and down again, twice, because you asked me to.";
    let free = speak(&tools, &line(text), None, folder.path()).expect("spoken");
    let frames = |share: u64| Room {
        frames: (free.samples * share / 100 / 2000) as u32,
        fps: FrameRate::FILM,
    };
    let hurried = speak(&tools, &line(text), Some(frames(80)), folder.path()).expect("spoken");
    assert!(
        hurried.speed > 160 && hurried.speed <= 256 && hurried.overflow == 0,
        "{} wpm",
        hurried.speed
    );
    assert!(hurried.samples <= u64::from(frames(80).frames) * 2000);
    let cramped = speak(&tools, &line(text), Some(frames(30)), folder.path()).expect("spoken");
    assert_eq!(cramped.speed, 256);
    assert_eq!(
        cramped.overflow,
        cramped.samples - u64::from(frames(30).frames) * 2000
    );
    // Nothing was cut: at one pace, one length.
    let mut fast = line(text);
    fast.voice.speed = 256;
    assert_eq!(
        speak(&tools, &fast, None, folder.path())
            .expect("spoken")
            .samples,
        cramped.samples
    );
}

#[test]
fn a_clip_says_how_much_of_a_voice_had_no_room() {
    let (tools, folder) = (tools(), tempfile::tempdir().expect("a folder"));
    let spoken = speak(
        &tools,
        &line("The light was never for the ships."),
        None,
        folder.path(),
    )
    .expect("spoken");
    let (still, motion) = (ramp(), motion(Movement::Static, 12));
    let made = clip(
        &tools,
        &ClipSources {
            voice: Some(&spoken.wav),
            ambient: "",
            ..sources(&still, motion)
        },
        folder.path(),
    )
    .expect("made");
    assert_eq!(made.overflow, spoken.samples - 24_000);
    let silent = clip(
        &tools,
        &ClipSources {
            ambient: "",
            ..sources(&still, motion)
        },
        folder.path(),
    )
    .expect("made");
    assert!(
        super::scenes::pcm(&tools, silent.file.path())
            .iter()
            .all(|byte| *byte == 0)
    );
    assert!(
        super::scenes::pcm(&tools, made.file.path())
            .iter()
            .any(|byte| *byte != 0)
    );
}

#[test]
fn what_cannot_be_made_is_refused_and_leaves_nothing() {
    let (tools, folder, still) = (tools(), tempfile::tempdir().expect("a folder"), ramp());
    let fails = |still: &[u8], motion: Motion, voice: Option<&[u8]>| {
        let error = clip(
            &tools,
            &ClipSources {
                voice,
                ..sources(still, motion)
            },
            folder.path(),
        )
        .expect_err("refused");
        assert!(entries(folder.path()).is_empty(), "{error}");
        error.to_string()
    };
    assert!(fails(&still, motion(Movement::Static, 0), None).contains("clip of 0 frames"));
    assert!(fails(&still, motion(Movement::Static, u32::MAX), None).contains("frames"));
    assert!(
        fails(
            &still,
            Motion {
                width: 321,
                ..motion(Movement::Static, 5)
            },
            None
        )
        .contains("321x180")
    );
    assert!(fails(b"", motion(Movement::Static, 5), None).contains("image"));
    assert!(fails(&still[..200], motion(Movement::Static, 5), None).contains("image"));
    assert!(fails(&still, motion(Movement::Static, 5), Some(b"RIFFxxxxWAVE")).contains("WAV"));
    let voice = Line {
        voice: Voice {
            name: "../../etc/passwd".into(),
            pitch: 50,
            speed: 160,
        },
        ..line("x")
    };
    assert!(matches!(
        speak(&tools, &voice, None, folder.path()),
        Err(MediaError::Unusable { .. })
    ));
    let voice = Line {
        voice: Voice {
            name: "xx-nowhere".into(),
            pitch: 50,
            speed: 160,
        },
        ..line("x")
    };
    assert!(matches!(
        speak(&tools, &voice, None, folder.path()),
        Err(MediaError::Failed {
            program: Program::Espeak,
            ..
        })
    ));
    assert!(entries(folder.path()).is_empty());
}

#[test]
fn without_programs_the_error_says_what_to_install() {
    let none = Tools::find(std::ffi::OsStr::new(""), Path::new("/nowhere"));
    let (folder, still) = (tempfile::tempdir().expect("a folder"), ramp());
    let motion = motion(Movement::Static, 5);
    let error = clip(&none, &sources(&still, motion), folder.path())
        .expect_err("missing")
        .to_string();
    assert!(
        error.contains("ffmpeg is not installed") && error.contains("apt install ffmpeg"),
        "{error}"
    );
    let error = speak(&none, &line("x"), None, folder.path())
        .expect_err("missing")
        .to_string();
    assert!(
        error.contains("espeak-ng is not installed") && error.contains("apt install espeak-ng"),
        "{error}"
    );
    let png = folder.path().join("still.png");
    super::scenes::write(&png, &still);
    assert_eq!(
        probe(&none, &png).expect("images need no program").width,
        Some(320)
    );
}
