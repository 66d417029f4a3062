//! Cuts and the film: exact frames, packets that are copied, transitions, chapters, loudness, and
//! files that are not what they claim.

use std::path::{Path, PathBuf};

use super::scenes::{counted_frames, entries, frame_at, output, packets, pcm, tools};
use aiut_film::rate::FrameRate;
use aiut_film::words::Movement;
use aiut_media::card::Card;
use aiut_media::clip::{ClipSources, Motion, clip};
use aiut_media::cut::{Cut, Piece, Transition, cut};
use aiut_media::film::{FilmSources, Scene, film};
use aiut_media::probe::probe;
use aiut_media::tools::{Program, Tools};
use aiut_media::{Format, MediaError, Rendered, compare, still};

const FORMAT: Format = Format {
    width: 160,
    height: 90,
    fps: FrameRate::FILM,
};

/// A clip of one grey, with rain or without.
fn grey(tools: &Tools, folder: &Path, value: u8, frames: u32, ambient: &str) -> Rendered {
    let still = still::encode(&[value; 3 * 160 * 90], 160, 90).expect("encoded");
    let motion = Motion {
        movement: Movement::Static,
        frames,
        fps: FORMAT.fps,
        width: FORMAT.width,
        height: FORMAT.height,
    };
    let sources = ClipSources {
        still: &still,
        motion,
        voice: None,
        ambient,
        seed: "1",
    };
    clip(tools, &sources, folder).expect("made").file
}

fn piece(clip: &Rendered, next: Transition) -> Piece {
    Piece {
        clip: clip.path().to_owned(),
        next,
    }
}

fn joined(tools: &Tools, pieces: &[Piece], folder: &Path) -> Cut {
    cut(tools, pieces, Transition::Cut, FORMAT, folder).expect("cut")
}

/// Mean brightness of a frame.
fn mean(tools: &Tools, path: &Path, frame: u32) -> u32 {
    let luma = frame_at(tools, path, frame);
    u32::try_from(luma.iter().map(|pixel| u64::from(*pixel)).sum::<u64>() / luma.len() as u64)
        .expect("a byte")
}

/// What a file holds is what is promised: frames counted, sound to the sample.
fn exact(tools: &Tools, path: &Path, frames: u32) {
    assert_eq!(counted_frames(tools, path), frames);
    let info = probe(tools, path).expect("probed");
    // The mean rate is exact only where no frame is late by even a millisecond.
    assert_eq!((info.frames, info.rate), (Some(frames), Some((24, 1))));
    assert_eq!(pcm(tools, path).len() / 4, frames as usize * 2000);
}

#[test]
fn plain_cuts_copy_every_packet() {
    let (tools, folder) = (
        tools(),
        tempfile::Builder::new()
            .prefix("a folder's 'name'")
            .tempdir()
            .expect("a folder"),
    );
    let clips = [(40, 13), (120, 50), (200, 7)]
        .map(|(value, frames)| grey(&tools, folder.path(), value, frames, "rain"));
    let made = joined(
        &tools,
        &clips
            .iter()
            .map(|clip| piece(clip, Transition::Cut))
            .collect::<Vec<_>>(),
        folder.path(),
    );
    assert_eq!(made.frames, 70);
    exact(&tools, made.file.path(), 70);
    let expected: Vec<String> = clips
        .iter()
        .flat_map(|clip| packets(&tools, clip.path()))
        .collect();
    assert_eq!(packets(&tools, made.file.path()), expected);
    let sound: Vec<u8> = clips
        .iter()
        .flat_map(|clip| pcm(&tools, clip.path()))
        .collect();
    assert!(pcm(&tools, made.file.path()) == sound);
}

#[test]
fn a_dissolve_shortens_by_its_overlap_and_leaves_neighbours_alone() {
    let (tools, folder) = (tools(), tempfile::tempdir().expect("a folder"));
    let clips = [(30, 24), (30, 30), (220, 30), (220, 20)]
        .map(|(value, frames)| grey(&tools, folder.path(), value, frames, "wind"));
    let nexts = [
        Transition::Cut,
        Transition::Dissolve(12),
        Transition::Cut,
        Transition::Cut,
    ];
    let pieces: Vec<Piece> = clips
        .iter()
        .zip(nexts)
        .map(|(clip, next)| piece(clip, next))
        .collect();
    let made = joined(&tools, &pieces, folder.path());
    assert_eq!(made.frames, 24 + 30 + 30 + 20 - 12);
    exact(&tools, made.file.path(), made.frames);
    let all = packets(&tools, made.file.path());
    assert_eq!(all[..24], packets(&tools, clips[0].path())[..]);
    assert_eq!(all[72..], packets(&tools, clips[3].path())[..]);
    // Brightness rises evenly over the twelve frames from 42 to 53.
    let levels: Vec<u32> = (41..55)
        .map(|frame| mean(&tools, made.file.path(), frame))
        .collect();
    assert!(levels.windows(2).all(|two| two[0] <= two[1]), "{levels:?}");
    assert!(
        levels[0] < 50
            && levels[13] > 195
            && levels[6].abs_diff(levels[0] + (levels[13] - levels[0]) * 6 / 13) < 8,
        "{levels:?}"
    );
}

#[test]
fn dissolves_on_both_sides_wipes_and_fades() {
    let (tools, folder) = (tools(), tempfile::tempdir().expect("a folder"));
    let clips = [60, 160, 60, 160, 60].map(|value| grey(&tools, folder.path(), value, 20, "rain"));
    let nexts = [
        Transition::Dissolve(10),
        Transition::Dissolve(10),
        Transition::Wipe(9),
        Transition::FadeToWhite(6),
        Transition::FadeToBlack(8),
    ];
    let pieces: Vec<Piece> = clips
        .iter()
        .zip(nexts)
        .map(|(clip, next)| piece(clip, next))
        .collect();
    let made = cut(
        &tools,
        &pieces,
        Transition::FadeIn(5),
        FORMAT,
        folder.path(),
    )
    .expect("cut");
    assert_eq!(made.frames, 100 - 29);
    exact(&tools, made.file.path(), 71);
    let at = |frame| mean(&tools, made.file.path(), frame);
    assert!(at(0) < 25, "fades in from black: {}", at(0));
    assert!(at(50) > 225, "ends in white: {}", at(50));
    assert!(at(70) < 25, "ends in black: {}", at(70));
    // In the middle of the wipe one side is the next clip, the other still the last.
    let luma = frame_at(&tools, made.file.path(), 35);
    assert!(
        luma[45 * 160 + 10] > 130 && luma[45 * 160 + 150] < 90,
        "{} {}",
        luma[45 * 160 + 10],
        luma[45 * 160 + 150]
    );
}

#[test]
fn overlaps_longer_than_clips_are_shortened() {
    let (tools, folder) = (tools(), tempfile::tempdir().expect("a folder"));
    let clips = [(60, 6), (160, 1), (90, 8)]
        .map(|(value, frames)| grey(&tools, folder.path(), value, frames, ""));
    let pieces: Vec<Piece> = clips
        .iter()
        .map(|clip| piece(clip, Transition::Dissolve(100)))
        .collect();
    let made = joined(&tools, &pieces, folder.path());
    assert_eq!(made.frames, 15);
    exact(&tools, made.file.path(), 15);
}

#[test]
fn a_foreign_clip_is_brought_into_form_and_ours_stay_as_they_are() {
    let (tools, folder) = (tools(), tempfile::tempdir().expect("a folder"));
    let ours = grey(&tools, folder.path(), 90, 16, "rain");
    let foreign = folder.path().join("foreign.mp4");
    let source = "testsrc=size=200x200:rate=30:duration=1";
    output(
        &tools,
        Program::Ffmpeg,
        &[
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            source,
            "-pix_fmt",
            "yuv444p",
            "-c:v",
            "libx264",
            foreign.to_str().expect("a path"),
        ],
    );
    let pieces = [
        piece(&ours, Transition::Cut),
        Piece {
            clip: foreign,
            next: Transition::Cut,
        },
        piece(&ours, Transition::Cut),
    ];
    let made = joined(&tools, &pieces, folder.path());
    assert_eq!(made.frames, 16 + 24 + 16);
    exact(&tools, made.file.path(), 56);
    let all = packets(&tools, made.file.path());
    assert_eq!(all[..16], packets(&tools, ours.path())[..]);
    assert_eq!(all[40..], packets(&tools, ours.path())[..]);
    let luma = frame_at(&tools, made.file.path(), 20);
    assert!(
        luma[45 * 160 + 5] < 20 && luma[45 * 160 + 80] != luma[45 * 160 + 5],
        "letterboxed"
    );
}

fn a_film(tools: &Tools, folder: &Path, ambient: &str) -> (aiut_media::film::Film, u32) {
    let clips =
        [(40, 30), (180, 26)].map(|(value, frames)| grey(tools, folder, value, frames, ambient));
    let cuts = [
        joined(
            tools,
            &[
                piece(&clips[0], Transition::Dissolve(8)),
                piece(&clips[1], Transition::Cut),
            ],
            folder,
        ),
        joined(tools, &[piece(&clips[1], Transition::Cut)], folder),
    ];
    let card = |title: &str, frames| {
        Some(Card {
            title: title.into(),
            lines: vec!["A film".into()],
            frames,
        })
    };
    let sources = FilmSources {
        title: "The Tide = House; #1".into(),
        scenes: cuts
            .iter()
            .zip(["1 INT. KITCHEN", "2 EXT. BEACH; DAWN"])
            .map(|(cut, title)| Scene {
                cut: cut.file.path().to_owned(),
                title: title.into(),
            })
            .collect(),
        opening: card("The Tide House", 24),
        closing: card("End", 36),
    };
    let frames = 24 + cuts[0].frames + cuts[1].frames + 36;
    (film(tools, &sources, FORMAT, folder).expect("made"), frames)
}

#[test]
fn the_film_has_every_frame_its_chapters_and_its_loudness() {
    let (tools, folder) = (tools(), tempfile::tempdir().expect("a folder"));
    let (made, frames) = a_film(&tools, folder.path(), "heavy rain");
    assert_eq!(
        (made.frames, made.chapters.as_slice()),
        (frames, [24, 72].as_slice())
    );
    assert_eq!(counted_frames(&tools, made.file.path()), frames);
    let info = probe(&tools, made.file.path()).expect("probed");
    assert_eq!(info.rate, Some((24, 1)));
    assert_eq!(
        (info.video_codec.as_deref(), info.audio_codec.as_deref()),
        (Some("h264"), Some("aac"))
    );
    assert!(
        info.duration_ms
            .expect("known")
            .abs_diff(u64::from(frames) * 1000 / 24)
            < 45
    );
    let shown = output(
        &tools,
        Program::Ffprobe,
        &[
            "-v",
            "error",
            "-show_chapters",
            "-show_format",
            "-of",
            "json",
            made.file.path().to_str().expect("a path"),
        ],
    );
    let shown: serde_json::Value = serde_json::from_slice(&shown).expect("JSON");
    let chapters = shown["chapters"].as_array().expect("chapters");
    let seen: Vec<(&str, &str)> = chapters
        .iter()
        .map(|chapter| {
            (
                chapter["tags"]["title"].as_str().unwrap_or(""),
                chapter["start_time"].as_str().unwrap_or(""),
            )
        })
        .collect();
    let wanted = [
        ("The Tide = House; #1", "0.000000"),
        ("1 INT. KITCHEN", "1.000000"),
        ("2 EXT. BEACH; DAWN", "3.000000"),
        ("End", "4.083000"),
    ];
    assert_eq!(seen, wanted);
    assert_eq!(shown["format"]["tags"]["title"], "The Tide = House; #1");
    assert!(
        made.measured
            .is_some_and(|loudness| (-6000..-1600).contains(&loudness)),
        "{:?}",
        made.measured
    );
    // The index comes before the pictures.
    let bytes = made.file.bytes().expect("read");
    let find = |what: &[u8]| {
        bytes
            .windows(4)
            .position(|four| four == what)
            .expect("present")
    };
    assert!(find(b"moov") < find(b"mdat"));
}

#[test]
fn a_silent_film_is_a_film() {
    let (tools, folder) = (tools(), tempfile::tempdir().expect("a folder"));
    let (made, frames) = a_film(&tools, folder.path(), "");
    assert_eq!(made.measured, None);
    assert_eq!(counted_frames(&tools, made.file.path()), frames);
    assert!(pcm(&tools, made.file.path()).iter().all(|byte| *byte == 0));
}

#[test]
fn the_whole_chain_is_the_same_bytes_in_another_folder() {
    let tools = tools();
    let (one, other) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::Builder::new()
            .prefix("other é")
            .tempdir()
            .expect("a folder"),
    );
    let first = a_film(&tools, one.path(), "rain")
        .0
        .file
        .bytes()
        .expect("read");
    assert!(
        first
            == a_film(&tools, other.path(), "rain")
                .0
                .file
                .bytes()
                .expect("read")
    );
    assert!(
        entries(one.path()).is_empty() && entries(other.path()).is_empty(),
        "nothing stays behind"
    );
}

#[test]
fn a_playlist_that_calls_itself_a_clip_opens_nothing() {
    let (tools, folder) = (tools(), tempfile::tempdir().expect("a folder"));
    let secret = grey(&tools, folder.path(), 250, 10, "");
    let playlist = folder.path().join("clip.mp4");
    let text = format!(
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:5\n#EXTINF:1.0,\nfile:{}\n#EXT-X-ENDLIST\n",
        secret.path().display()
    );
    super::scenes::write(&playlist, text.as_bytes());
    let concat = folder.path().join("clip.mov");
    super::scenes::write(
        &concat,
        format!("ffconcat version 1.0\nfile '{}'\n", secret.path().display()).as_bytes(),
    );
    for hostile in [playlist, concat] {
        assert!(matches!(
            probe(&tools, &hostile),
            Err(MediaError::Unusable { .. })
        ));
        let pieces = [Piece {
            clip: hostile.clone(),
            next: Transition::Cut,
        }];
        assert!(matches!(
            cut(&tools, &pieces, Transition::Cut, FORMAT, folder.path()),
            Err(MediaError::Unusable { .. })
        ));
        assert!(compare::clips(&tools, &hostile, secret.path()).is_err());
    }
}

#[test]
fn broken_and_missing_clips_are_named() {
    let (tools, folder) = (tools(), tempfile::tempdir().expect("a folder"));
    let whole = grey(&tools, folder.path(), 90, 16, "")
        .bytes()
        .expect("read");
    let path = |name: &str, bytes: &[u8]| -> PathBuf {
        let path = folder.path().join(name);
        super::scenes::write(&path, bytes);
        path
    };
    let broken = [
        path("cut.mov", &whole[..600]),
        path("empty.mov", b""),
        path("text.mov", b"not a film"),
        folder.path().join("absent.mov"),
    ];
    for clip in broken {
        let error = cut(
            &tools,
            &[Piece {
                clip: clip.clone(),
                next: Transition::Cut,
            }],
            Transition::Cut,
            FORMAT,
            folder.path(),
        )
        .expect_err("refused");
        let name = clip
            .file_name()
            .and_then(|name| name.to_str())
            .expect("a name");
        assert!(error.to_string().contains(name), "{name}: {error}");
    }
    assert!(cut(&tools, &[], Transition::Cut, FORMAT, folder.path()).is_err());
    let none = FilmSources {
        title: String::new(),
        scenes: Vec::new(),
        opening: None,
        closing: None,
    };
    assert!(film(&tools, &none, FORMAT, folder.path()).is_err());
    assert_eq!(
        entries(folder.path()).len(),
        3,
        "only what the test put there"
    );
}

#[test]
fn clips_are_compared_by_what_they_show() {
    let (tools, folder) = (tools(), tempfile::tempdir().expect("a folder"));
    let [dark, again, bright, one] = [
        (40, 20, "rain"),
        (40, 40, "wind"),
        (230, 20, ""),
        (230, 1, ""),
    ]
    .map(|(value, frames, ambient)| grey(&tools, folder.path(), value, frames, ambient));
    let same = compare::clips(&tools, dark.path(), again.path()).expect("compared");
    assert_eq!(
        (same.frames, same.permille(), same.sampled.len()),
        ((20, 40), 0, 5)
    );
    let apart = compare::clips(&tools, dark.path(), bright.path()).expect("compared");
    assert!(apart.permille() > 400, "{}", apart.permille());
    assert_eq!(
        compare::clips(&tools, bright.path(), one.path())
            .expect("compared")
            .permille(),
        0
    );
}
