//! What the tests of media share.
#![allow(dead_code, reason = "each test file uses a part")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use aiut_film::rate::FrameRate;
use aiut_film::request::{Figure, Panel, Setting, SpokenLine};
use aiut_film::words::{
    CameraHeight, Depth, Facing, Hands, Movement, Place, Posture, Pronoun, ShotSize, TimeOfDay,
};
use aiut_media::panel::Drawing;
use aiut_media::tools::{Program, Tools};

/// The programs of this machine.
#[allow(
    clippy::disallowed_methods,
    reason = "a test finds the programs where the shell does"
)]
pub(crate) fn tools() -> Tools {
    let tools = Tools::find(
        &std::env::var_os("PATH").unwrap_or_default(),
        Path::new("/nowhere"),
    );
    for program in [Program::Ffmpeg, Program::Ffprobe, Program::Espeak] {
        if let Err(error) = tools.path(program) {
            panic!("these tests need it: {error}");
        }
    }
    tools
}

/// Somebody speaking in a kitchen.
pub(crate) fn kitchen() -> Drawing {
    Drawing {
        slate: true,
        aspect_ratio: "16:9".into(),
        width: 320,
        height: 180,
        panel: Panel {
            slate: "12-3".into(),
            frames: 60,
            fps: FrameRate::FILM,
            size: ShotSize::Ws,
            movement: Movement::Static,
            height: CameraHeight::Eye,
            lens_mm: 35,
            figures: vec![Figure {
                name: "Mara".into(),
                x: 400,
                depth: Depth::Mid,
                facing: Facing::Right,
                posture: Posture::Standing,
                hands: Hands::Free,
                pronouns: Pronoun::They,
                speaking: true,
                shoulder: false,
                color: "#b5493c".into(),
            }],
            insert: None,
            title: Vec::new(),
            setting: Setting {
                name: "KITCHEN".into(),
                place: Place::Interior,
                time: TimeOfDay::Dusk,
                palette: Vec::new(),
                horizon: 620,
            },
            action: "Mara sets the lantern down.".into(),
            dialogue: Some(SpokenLine {
                speaker: "MARA".into(),
                text: "You were gone before the tide turned.".into(),
            }),
        },
    }
}

pub(crate) fn write(path: &Path, bytes: &[u8]) {
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .expect("created");
    file.write_all(bytes).expect("written");
}

/// What a folder holds.
pub(crate) fn entries(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder)
        .expect("listed")
        .map(|entry| entry.expect("listed").path())
        .collect()
}

pub(crate) fn output(tools: &Tools, program: Program, args: &[&str]) -> Vec<u8> {
    let output = Command::new(tools.path(program).expect("found"))
        .args(args)
        .output()
        .expect("ran");
    assert!(
        output.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().expect("a path in Unicode")
}

/// Frames that decoding a file gives.
pub(crate) fn counted_frames(tools: &Tools, path: &Path) -> u32 {
    let args = [
        "-v",
        "error",
        "-count_frames",
        "-select_streams",
        "v:0",
        "-show_entries",
        "stream=nb_read_frames",
        "-of",
        "csv=p=0",
        text(path),
    ];
    String::from_utf8(output(tools, Program::Ffprobe, &args))
        .expect("text")
        .trim()
        .trim_end_matches(',')
        .parse()
        .expect("a number")
}

/// All of a file's sound, decoded.
pub(crate) fn pcm(tools: &Tools, path: &Path) -> Vec<u8> {
    output(
        tools,
        Program::Ffmpeg,
        &[
            "-v",
            "error",
            "-i",
            text(path),
            "-map",
            "0:a",
            "-f",
            "s16le",
            "-",
        ],
    )
}

/// The brightness of every pixel of one frame.
pub(crate) fn frame_at(tools: &Tools, path: &Path, frame: u32) -> Vec<u8> {
    let select = format!("select=eq(n\\,{frame}),extractplanes=y");
    output(
        tools,
        Program::Ffmpeg,
        &[
            "-v",
            "error",
            "-i",
            text(path),
            "-vf",
            &select,
            "-frames:v",
            "1",
            "-f",
            "rawvideo",
            "-",
        ],
    )
}

/// A digest of each video packet as it lies in the file.
pub(crate) fn packets(tools: &Tools, path: &Path) -> Vec<String> {
    let listed = output(
        tools,
        Program::Ffmpeg,
        &[
            "-v",
            "error",
            "-i",
            text(path),
            "-map",
            "0:v",
            "-c",
            "copy",
            "-f",
            "framemd5",
            "-",
        ],
    );
    String::from_utf8(listed)
        .expect("text")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.rsplit(',').next().expect("a digest").trim().to_owned())
        .collect()
}
