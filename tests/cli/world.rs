//! A home, a clock and a folder of their own for each test, so that every run prints the same.

use std::cell::Cell;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// 2026-01-01T00:00:00Z
const START: i64 = 1_767_225_600;

/// Seconds between the starts of two commands: more than one command reads the clock.
const STEP: i64 = 60;

/// Everything that a run of the program can see.
pub(crate) struct World {
    root: tempfile::TempDir,
    clock: Cell<i64>,
    variables: Vec<(String, String)>,
}

/// What a run came to; shown as a snapshot has it.
pub(crate) struct Run {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: Option<i32>,
}

impl World {
    /// An empty folder `film`, and a user with a name.
    pub(crate) fn new() -> Self {
        let mut world = Self::nameless();
        world.set("AIUT_AUTHOR_NAME", "Rae Lindqvist");
        world.set("AIUT_AUTHOR_EMAIL", "rae@example.org");
        world
    }

    /// The same without the name.
    pub(crate) fn nameless() -> Self {
        let root = tempfile::tempdir().unwrap();
        for folder in ["home", "film"] {
            std::fs::create_dir(root.path().join(folder)).unwrap();
        }
        Self {
            root,
            clock: Cell::new(START),
            variables: Vec::new(),
        }
    }

    /// Sets a variable for the runs that follow.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// A path beneath the folder that commands run in.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.path().join("film").join(path)
    }

    /// The user's home.
    pub(crate) fn home(&self) -> PathBuf {
        self.root.path().join("home")
    }

    /// Writes a file, and the folders that it lies in.
    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        write(&path, content.as_ref());
    }

    /// Writes a file whose name the system may refuse; whether it did not.
    pub(crate) fn try_write(&self, path: &str, content: &str) -> bool {
        let path = self.path(path);
        let parent = path.parent().unwrap();
        std::fs::create_dir_all(parent).is_ok() && std::fs::write(&path, content).is_ok()
    }

    /// Reads a text file.
    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    /// The program, ready to run in a folder beneath the world's.
    pub(crate) fn command(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aiut"));
        command
            .args(arguments)
            .current_dir(folder)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home())
            .env("USER", "rae")
            .env("HOSTNAME", "studio")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("AIUT_CLOCK", self.clock.get().to_string())
            .env("AIUT_PROJECT_ID", "00112233445566778899aabbccddeeff")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        self.clock.set(self.clock.get() + STEP);
        command
    }

    /// Runs the program in the folder `film`.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.run_in("", arguments)
    }

    /// Runs the program in a folder beneath `film`.
    pub(crate) fn run_in(&self, folder: &str, arguments: &[&str]) -> Run {
        self.finish(self.command(&self.path(folder), arguments))
    }

    /// Runs the program and wants it to succeed; its standard output.
    pub(crate) fn ok(&self, arguments: &[&str]) -> String {
        let run = self.run(arguments);
        assert_eq!(run.code, Some(0), "{arguments:?} failed:\n{run}");
        run.stdout
    }

    /// Runs a reading command with `--json`.
    pub(crate) fn json(&self, arguments: &[&str]) -> serde_json::Value {
        let arguments = [arguments, &["--json"]].concat();
        serde_json::from_str(&self.ok(&arguments)).expect("the output is JSON")
    }

    /// Runs a command that [`World::command`] prepared.
    pub(crate) fn finish(&self, mut command: Command) -> Run {
        let output = command.output().unwrap();
        let root = self.root.path().canonicalize().unwrap();
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).expect("the output is text");
            let text = text.replace(root.to_str().unwrap(), "$ROOT");
            text.replace(self.root.path().to_str().unwrap(), "$ROOT")
        };
        Run {
            stdout: text(output.stdout),
            stderr: text(output.stderr),
            code: output.status.code(),
        }
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.stdout)?;
        if !self.stderr.is_empty() {
            write!(f, "--- stderr\n{}", self.stderr)?;
        }
        match self.code {
            Some(0) => Ok(()),
            Some(code) => writeln!(f, "--- exit code {code}"),
            None => writeln!(f, "--- killed"),
        }
    }
}

/// A file written plainly: a test is no place where half a file could be left.
#[expect(
    clippy::disallowed_methods,
    reason = "a fixture in a folder of the test"
)]
pub(crate) fn write(path: &Path, content: &[u8]) {
    std::fs::write(path, content).unwrap();
}

/// The shape of a JSON value: keys with the type of what they hold, in the order they stand; of a
/// list, the shape of its first item.
pub(crate) fn shape(value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "bool".to_owned(),
        Value::Number(number) if number.is_f64() => "float".to_owned(),
        Value::Number(_) => "integer".to_owned(),
        Value::String(_) => "text".to_owned(),
        Value::Array(items) => format!("[{}]", items.first().map(shape).unwrap_or_default()),
        Value::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(key, value)| format!("{key}: {}", shape(value)))
                .collect();
            format!("{{ {} }}", fields.join(", "))
        }
    }
}
