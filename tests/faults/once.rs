//! The built program in a film of its own, of which one read or step fails.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const SCRIPT: &str = "Title: Lanterns\n\nINT. BOATHOUSE - NIGHT\n\nMara lights a lantern.\n\nMARA\nIs anybody \
    here?\n\nEXT. PIER - DAWN\n\nThe lantern is out. Mara waits.\n\nMARA\nNobody came.\n";

/// A film with some history, copied for each run.
pub(super) struct Film {
    seed: World,
    operations: String,
}

/// A project with a home beside it.
pub(super) struct World {
    root: tempfile::TempDir,
}

/// What a run came to.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) stdout: String,
    /// Without what tells of the fault.
    pub(super) stderr: String,
    pub(super) code: Option<i32>,
    /// What was broken, if anything was.
    pub(super) fault: Option<String>,
}

impl Film {
    pub(super) fn new() -> Self {
        let seed = World::empty();
        let ok = |arguments: &[&str]| {
            let run = seed.run(arguments, None);
            assert_eq!(run.code, Some(0), "{arguments:?}: {run:?}");
            run.stdout
        };
        ok(&["init", "-q"]);
        seed.write("script.fountain", SCRIPT);
        ok(&["commit", "-q", "-m", "First draft"]);
        ok(&["branch", "other"]);
        ok(&["generate", "prompts"]);
        seed.write("notes/lamp.md", "A lantern.\n");
        seed.write("numbers.md", "7\n");
        ok(&["commit", "-q", "-m", "Notes"]);
        seed.write("notes/lamp.md", "Two lanterns.\n");
        ok(&["commit", "-q", "-m", "More of them"]);
        seed.write(
            "script.fountain",
            &SCRIPT.replace("lights", "lights and lifts"),
        );
        let operations = ok(&["op", "log"]);
        Self { seed, operations }
    }

    pub(super) fn copy(&self) -> World {
        let world = World {
            root: tempfile::tempdir().expect("a folder"),
        };
        copy(self.seed.root.path(), world.root.path());
        world
    }

    /// What `op log` says of it.
    pub(super) fn operations(&self) -> &str {
        &self.operations
    }
}

impl World {
    fn empty() -> Self {
        let root = tempfile::tempdir().expect("a folder");
        for folder in ["home", "film"] {
            std::fs::create_dir(root.path().join(folder)).expect("a folder");
        }
        Self { root }
    }

    fn folder(&self) -> PathBuf {
        self.root.path().join("film")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder().join(path);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    /// Runs the program; `fault` is what `AIUT_FAIL` says.
    pub(super) fn run(&self, arguments: &[&str], fault: Option<&str>) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_aiut"))
            .args(arguments)
            .current_dir(self.folder())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.root.path().join("home"))
            .env("AIUT_CLOCK", "1767225600")
            .env("AIUT_PROJECT_ID", "00112233445566778899aabbccddeeff")
            .env("AIUT_AUTHOR_NAME", "Rae")
            .env("AIUT_AUTHOR_EMAIL", "rae@example.org")
            .envs(fault.map(|fault| ("AIUT_FAIL", fault)))
            .stdin(Stdio::null())
            .output()
            .expect("the program runs");
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            text.replace(&self.root.path().display().to_string(), "$ROOT")
        };
        let (told, stderr): (Vec<String>, Vec<String>) = text(output.stderr)
            .lines()
            .map(str::to_owned)
            .partition(|line| line.starts_with("fault: "));
        Run {
            stdout: text(output.stdout),
            stderr: stderr.join("\n"),
            code: output.status.code(),
            fault: told
                .first()
                .map(|line| line["fault: ".len()..].trim_matches('"').to_owned()),
        }
    }

    /// The files of the project with their bytes, aiut's own apart.
    pub(super) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        gather(&self.folder(), &self.folder(), &mut files);
        files
    }
}

fn gather(root: &Path, folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            if !path.ends_with(".aiut") {
                gather(root, &path, files);
            }
        } else {
            let name = path.strip_prefix(root).expect("it lies there").to_owned();
            files.insert(name, std::fs::read(&path).expect("a file"));
        }
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let to = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            std::fs::create_dir_all(&to).expect("a folder");
            copy(&path, &to);
        } else {
            std::fs::copy(&path, &to).expect("a copy");
        }
    }
}
