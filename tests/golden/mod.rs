//! Programs that only say what they were asked: what a recipe asks of ffmpeg and espeak-ng is its
//! own, what they make of it is theirs and changes with their versions.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use aiut::media::tools::Tools;

/// Size and rate of the pictures that are made here: small, as nobody looks at them.
pub const WIDTH: u32 = 320;
pub const HEIGHT: u32 = 180;
const FPS: u32 = 24;

/// Each call is a folder of the log: the arguments, standard input, and the small files named by
/// the arguments. The environment is empty, so the script brings its own path.
const RECORD: &str = r#"#!/bin/sh
PATH=/usr/bin:/bin
call="LOG/$(printf %05d "$(ls LOG | wc -l)")"
mkdir "$call"
program="${0##*/}"
printf '%s\n' "$program" "$@" > "$call/arguments"
case "$*" in *pipe:0*|*--stdin*) cat > "$call/stdin";; esac
for word in "$@"; do
    file="${word#file:}"
    case "$file" in *.pcm|*.ffconcat|*.ffmetadata) cp "$file" "$call/";; esac
done
"#;

/// A clip for whoever looks at its first bytes alone; and how loud everything is.
const FFMPEG: &str = r#"
case "$1" in -version) echo "ffmpeg version 1.0 x"; exit;; esac
case "$file" in *.mov|*.mp4) printf '\0\0\0\024ftypqt  \0\0\0\0qt  ' > "$file";; esac
printf 'Summary:\n  I: -20.5 LUFS\n  Peak: -2.0 dBFS\n' >&2
"#;

/// Every clip is in the film's form and two seconds long.
const FFPROBE: &str = r#"
case "$1" in -version) echo "ffprobe version 1.0 x"; exit;; esac
cat <<'JSON'
{"format":{"duration":"2.000000"},"streams":[
{"codec_type":"video","codec_name":"h264","pix_fmt":"yuv420p","width":WIDTH,"height":HEIGHT,"r_frame_rate":"FPS/1",
"avg_frame_rate":"FPS/1","time_base":"1/FPS000","nb_frames":"48","sample_aspect_ratio":"1:1","extradata_hash":"MD5:1"},
{"codec_type":"audio","codec_name":"pcm_s16le","sample_rate":"48000","channels":2}]}
JSON
"#;

/// Every line is the same sound: longer than some shots, so that it is asked for again, faster.
const ESPEAK: &str = r#"
case "$1" in --version) echo "eSpeak NG text-to-speech: 1.0  x"; exit;; esac
cp WAV "$file"
"#;

/// The programs, and what they were asked.
pub struct Recorder {
    folder: tempfile::TempDir,
    pub tools: Tools,
}

impl Recorder {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("it is there");
        for name in ["log", "bin", "scratch"] {
            fs::create_dir(root.join(name)).expect("a folder");
        }
        write(&root.join("voice.wav"), &wave());
        let programs = [
            ("ffmpeg", FFMPEG),
            ("ffprobe", FFPROBE),
            ("espeak-ng", ESPEAK),
        ];
        for (name, answer) in programs {
            let script = format!("{RECORD}{answer}")
                .replace("LOG", &root.join("log").display().to_string())
                .replace("WAV", &root.join("voice.wav").display().to_string())
                .replace("WIDTH", &WIDTH.to_string())
                .replace("HEIGHT", &HEIGHT.to_string())
                .replace("FPS", &FPS.to_string());
            let path = root.join("bin").join(name);
            write(&path, script.as_bytes());
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is ours");
        }
        let search = OsString::from(root.join("bin"));
        let tools = Tools::find(&search, Path::new("/nowhere"));
        Self { folder, tools }
    }

    /// Where runs may leave what they like.
    pub fn scratch(&self) -> PathBuf {
        let root = self.folder.path().canonicalize().expect("it is there");
        root.join("scratch")
    }

    /// All that was asked since the last time, without what differs from run to run: the names of
    /// temporary folders.
    pub fn take(&self) -> Vec<u8> {
        let log = self.folder.path().join("log");
        let mut calls: Vec<_> = fs::read_dir(&log)
            .expect("it is there")
            .map(|entry| entry.expect("it can be listed").path())
            .collect();
        calls.sort();
        let mut all = Vec::new();
        for call in calls {
            let mut files: Vec<_> = fs::read_dir(&call)
                .expect("it is there")
                .map(|entry| entry.expect("it can be listed").path())
                .collect();
            files.sort();
            for file in files {
                let bytes = fs::read(&file).expect("it is there");
                let name = file.file_name().expect("a file").to_string_lossy();
                let plain = ["arguments", "pieces.ffconcat"].contains(&&*name);
                let bytes = match plain {
                    true => self.normal(&bytes),
                    false => bytes,
                };
                all.extend_from_slice(format!("{name} {}\n", bytes.len()).as_bytes());
                all.extend_from_slice(&bytes);
            }
            fs::remove_dir_all(&call).expect("it is ours");
        }
        all
    }

    fn normal(&self, bytes: &[u8]) -> Vec<u8> {
        let text = String::from_utf8(bytes.to_vec()).expect("arguments are text");
        let text = text.replace(&self.scratch().display().to_string(), "SCRATCH");
        let mut parts = text.split("aiut-media-");
        let mut normal = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            normal.push_str(part.split_once('/').map_or("", |(_, rest)| rest));
        }
        normal.into_bytes()
    }
}

/// Writes a file of a test.
#[allow(clippy::disallowed_methods, reason = "a test writes what it likes")]
pub fn write(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).expect("it can be written");
}

/// A second and a half of a tone at 22,050 Hz.
fn wave() -> Vec<u8> {
    let samples: Vec<i16> = (0..33_075)
        .map(|at| ((at * 700) % 16_000 - 8_000) as i16)
        .collect();
    let bytes = u32::try_from(samples.len() * 2).expect("short");
    let mut wav = Vec::new();
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&(bytes + 36).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt ");
    for word in [16_u32, 1 | 1 << 16, 22_050, 44_100, 2 | 16 << 16] {
        wav.extend_from_slice(&word.to_le_bytes());
    }
    wav.extend_from_slice(b"data");
    wav.extend_from_slice(&bytes.to_le_bytes());
    wav.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    wav
}
