//! Films joined from stored clips, trimmed and written anew by ffmpeg without encoding: what the store
//! grows by.

#[path = "media/scenes.rs"]
mod scenes;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use aiut::media::tools::{Program, Tools};
use aiut::store::Store;
use scenes::{output, text, tools, write};

/// How clips are encoded.
struct Kind {
    name: &'static str,
    /// Of the clips, and of what is made of them first.
    extension: &'static str,
    arguments: &'static [&'static str],
}

/// As `media::encode` has it.
const OURS: Kind = Kind {
    name: "H.264 and PCM",
    extension: "mov",
    arguments: &[
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-crf",
        "20",
        "-threads",
        "1",
        "-g",
        "48",
        "-video_track_timescale",
        "24000",
        "-c:a",
        "pcm_s16le",
        "-ac",
        "2",
    ],
};
/// As generators deliver them.
const USUAL: Kind = Kind {
    name: "H.264 and AAC",
    extension: "mp4",
    arguments: &[
        "-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac", "-ac", "2",
    ],
};
const HEVC: Kind = Kind {
    name: "HEVC and AAC",
    extension: "mp4",
    arguments: &[
        "-c:v",
        "libx265",
        "-preset",
        "ultrafast",
        "-x265-params",
        "log-level=none",
        "-tag:v",
        "hvc1",
        "-c:a",
        "aac",
        "-ac",
        "2",
    ],
};

/// Clips of one kind, and a folder to work in.
struct Shoot {
    tools: Tools,
    folder: tempfile::TempDir,
    kind: Kind,
    clips: Vec<PathBuf>,
}

impl Shoot {
    fn new(kind: Kind, clips: usize) -> Self {
        let mut shoot = Self {
            tools: tools(),
            folder: tempfile::tempdir().expect("a folder"),
            kind,
            clips: Vec::new(),
        };
        shoot.clips = (0..clips).map(|number| shoot.clip(number)).collect();
        shoot
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn ffmpeg(&self, arguments: &[&str]) {
        let arguments = [&["-v", "error", "-y"], arguments].concat();
        output(&self.tools, Program::Ffmpeg, &arguments);
    }

    /// Two to four seconds of moving noise that no other clip has, and sound.
    fn clip(&self, number: usize) -> PathBuf {
        let path = self.path(&format!("{number:03}.{}", self.kind.extension));
        let seconds = format!("{}", (48 + 7 * (number % 7)) as f64 / 24.0);
        let picture = format!(
            "testsrc2=size=256x144:rate=24,noise=alls=16:allf=t:all_seed={number},format=yuv420p"
        );
        let sound = format!("anoisesrc=r=48000:c=pink:a=0.3:seed={number}");
        let lavfi = ["-f", "lavfi", "-i"];
        let inputs = [&lavfi[..], &[&picture], &lavfi, &[&sound, "-t", &seconds]].concat();
        self.ffmpeg(&[&inputs, self.kind.arguments, &[text(&path)]].concat());
        path
    }

    /// All clips in a row, their packets copied.
    fn join(&self, name: &str, flags: &[&str]) -> PathBuf {
        let list = self.path(&format!("{name}.txt"));
        let lines = self.clips.iter();
        let lines: String = lines
            .map(|clip| format!("file '{}'\n", text(clip)))
            .collect();
        write(&list, lines.as_bytes());
        let film = self.path(name);
        let inputs = [
            "-f",
            "concat",
            "-safe",
            "0",
            "-i",
            text(&list),
            "-c",
            "copy",
        ];
        self.ffmpeg(&[&inputs, flags, &[text(&film)]].concat());
        film
    }

    /// The same packets, from `from` seconds on, in another file.
    fn copy(&self, source: &Path, name: &str, from: &str, flags: &[&str]) -> PathBuf {
        let copy = self.path(name);
        let inputs = ["-ss", from, "-i", text(source), "-c", "copy"];
        self.ffmpeg(&[&inputs, flags, &[text(&copy)]].concat());
        copy
    }

    /// A store that holds the files of `before` grows by at most 2 % of `file`.
    #[allow(clippy::print_stdout, reason = "how much is what one wants to know")]
    fn adds_little(&self, before: &[PathBuf], file: &Path, what: &str) {
        let folder = tempfile::tempdir_in(self.folder.path()).expect("a folder");
        let store =
            Store::create(folder.path(), aiut::object::ProjectId::random()).expect("created");
        for file in before {
            put(&store, file);
        }
        let start = used(folder.path());
        put(&store, file);
        let grown = used(folder.path()) - start;
        let size = file.metadata().expect("there").len();
        let name = self.kind.name;
        let percent = grown as f64 * 100.0 / size as f64;
        println!("{name}, {what}: {grown} of {size} bytes are new, {percent:.2} %");
        assert!(
            grown * 50 <= size,
            "{name}, {what}: {grown} of {size} bytes are new"
        );
    }

    /// Joins, moves and trims, into each of the containers.
    fn is_stored_once(&self, extensions: &[&str]) {
        let fast: &[&str] = &["-movflags", "+faststart"];
        for extension in extensions {
            let film = self.join(&format!("film.{extension}"), &[]);
            self.adds_little(&self.clips, &film, &format!("joined to .{extension}"));
            let moved = self.join(&format!("fast.{extension}"), fast);
            self.adds_little(
                &self.clips,
                &moved,
                &format!("joined to .{extension}, faststart"),
            );
            let film = [film];
            for other in extensions {
                let copy = self.copy(&film[0], &format!("copy.{other}"), "0", fast);
                self.adds_little(&film, &copy, &format!(".{extension} copied to .{other}"));
            }
            let trimmed = self.copy(&film[0], &format!("trimmed.{extension}"), "21.3", &[]);
            self.adds_little(&film, &trimmed, &format!(".{extension} trimmed"));
        }
    }
}

/// Stores a file, and makes sure that it comes back.
fn put(store: &Store, path: &Path) {
    let open = || File::open(path).expect("opened");
    let stored = store.put_seekable(open()).expect("stored");
    let mut hasher = blake3::Hasher::new();
    io::copy(&mut open(), &mut hasher).expect("read");
    assert_eq!(stored.id.as_bytes(), hasher.finalize().as_bytes());
    let copied = store
        .copy_file(stored.id, &mut io::sink())
        .expect("read back");
    assert_eq!(copied, path.metadata().expect("there").len());
}

/// Bytes of a store's packs.
fn used(store: &Path) -> u64 {
    let packs = std::fs::read_dir(store.join("packs")).expect("packs");
    let sizes = packs.map(|pack| pack.expect("listed").metadata().expect("there").len());
    sizes.sum()
}

#[test]
fn our_clips_are_stored_once() {
    Shoot::new(OURS, 60).is_stored_once(&["mov"]);
}

#[test]
fn clips_of_the_usual_kind_are_stored_once() {
    Shoot::new(USUAL, 60).is_stored_once(&["mp4", "mov"]);
}

#[test]
fn clips_in_hevc_are_stored_once() {
    let encoders = output(&tools(), Program::Ffmpeg, &["-hide_banner", "-encoders"]);
    if String::from_utf8_lossy(&encoders).contains("libx265") {
        Shoot::new(HEVC, 20).is_stored_once(&["mp4", "mov"]);
    }
}

#[test]
fn a_commit_of_a_film_finds_its_clips_also_where_the_tables_come_last() {
    let shoot = Shoot::new(USUAL, 8);
    let project = shoot.path("project");
    let home = shoot.path("home");
    for folder in [&project, &home] {
        std::fs::create_dir(folder).expect("made");
    }
    let aiut = |arguments: &[&str]| {
        let run = Command::new(env!("CARGO_BIN_EXE_aiut"))
            .args(arguments)
            .current_dir(&project)
            .env_clear()
            .env("HOME", &home)
            .env("AIUT_AUTHOR_NAME", "Rae Lindqvist")
            .env("AIUT_AUTHOR_EMAIL", "rae@example.org")
            .output()
            .expect("ran");
        assert!(
            run.status.success(),
            "{}",
            String::from_utf8_lossy(&run.stderr)
        );
    };
    let add = |file: &Path| {
        let name = file.file_name().expect("a name");
        std::fs::rename(file, project.join(name)).expect("moved");
    };
    let film = shoot.join("film.mp4", &[]);
    let size = film.metadata().expect("there").len();
    aiut(&["init"]);
    for clip in &shoot.clips {
        add(clip);
    }
    aiut(&["commit", "-m", "Clips"]);
    let before = used(&project.join(".aiut"));
    add(&film);
    aiut(&["commit", "-m", "The film"]);
    let grown = used(&project.join(".aiut")) - before;
    assert!(grown * 50 <= size, "{grown} of {size} bytes are new");
}
