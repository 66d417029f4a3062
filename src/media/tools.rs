//! The external programs and where they are.
//!
//! A program is an absolute path found on the search path that the caller passes in, never inside
//! the work tree, where a clone could have put one. Nothing is ever downloaded.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use ffmpeg_sidecar::command::FfmpegCommand;
use ffmpeg_sidecar::log_parser::try_parse_version;

use super::error::MediaError;
use super::run::Invocation;
use aiut_base::search_path::SearchPath;

/// A program that aiut runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Program {
    /// Makes clips, cuts and the film.
    Ffmpeg,
    /// Reads what is in a media file.
    Ffprobe,
    /// Speaks scratch voices.
    Espeak,
}

impl Program {
    /// The name of its file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ffmpeg => "ffmpeg",
            Self::Ffprobe => "ffprobe",
            Self::Espeak => "espeak-ng",
        }
    }

    /// How to get it, as a sentence without its full stop.
    #[must_use]
    pub fn install(self) -> &'static str {
        match self {
            Self::Ffmpeg | Self::Ffprobe => {
                "Install it with `apt install ffmpeg`, `brew install ffmpeg` or `winget install ffmpeg`"
            }
            Self::Espeak => {
                "Install it with `apt install espeak-ng`, `brew install espeak-ng` or `winget install espeak-ng`"
            }
        }
    }

    /// What still works while it is missing.
    #[must_use]
    pub fn without(self) -> &'static str {
        match self {
            Self::Ffmpeg => {
                "Scenes, shots, prompts, panels and voices work without it; clips, cuts and the film do not"
            }
            Self::Ffprobe => "Everything but cuts, the film and comparing clips works without it",
            Self::Espeak => {
                "Everything but voices works without it; clips then carry the sound of the place alone"
            }
        }
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[derive(Debug)]
struct Tool {
    path: PathBuf,
    version: OnceLock<String>,
}

/// The programs on a search path; each is looked for when it is first needed, as most commands need none.
#[derive(Debug, Default)]
pub struct Tools {
    search_path: OsString,
    work_tree: PathBuf,
    folders: OnceLock<SearchPath>,
    ffmpeg: OnceLock<Option<Tool>>,
    ffprobe: OnceLock<Option<Tool>>,
    espeak: OnceLock<Option<Tool>>,
}

impl Tools {
    /// Programs in the folders of `search_path` (as `PATH` has it). Relative folders and anything
    /// inside `work_tree` are passed over, also where a symlink leads there.
    #[must_use]
    pub fn find(search_path: &OsStr, work_tree: &Path) -> Self {
        Self {
            search_path: search_path.to_owned(),
            work_tree: work_tree.to_owned(),
            ..Self::default()
        }
    }

    /// Where a program was found.
    ///
    /// # Errors
    /// [`MediaError::Missing`].
    pub fn path(&self, program: Program) -> Result<&Path, MediaError> {
        self.tool(program).map(|tool| tool.path.as_path())
    }

    /// What version a program says it is; asked once.
    ///
    /// # Errors
    /// When it is missing, does not run, or says nothing of the kind.
    pub fn version(&self, program: Program) -> Result<&str, MediaError> {
        let tool = self.tool(program)?;
        if let Some(version) = tool.version.get() {
            return Ok(version);
        }
        let flag = if program == Program::Espeak {
            "--version"
        } else {
            "-version"
        };
        let output = Invocation::new(Command::new(&tool.path), program, Duration::from_secs(20))
            .args([flag])
            .run()?;
        let said = String::from_utf8_lossy(&output.stdout);
        let first = said.lines().next().unwrap_or_default();
        let version = try_parse_version(first)
            .or_else(|| {
                first
                    .split_once("speech: ")
                    .map(|(_, rest)| rest.to_owned())
            })
            .or_else(|| {
                first
                    .split_once("version ")
                    .map(|(_, rest)| rest.to_owned())
            })
            .and_then(|rest| rest.split_whitespace().next().map(str::to_owned))
            .ok_or_else(|| {
                MediaError::unusable(
                    tool.path.display().to_string(),
                    format!("says no version: {first:?}"),
                )
            })?;
        Ok(tool.version.get_or_init(|| version))
    }

    fn tool(&self, program: Program) -> Result<&Tool, MediaError> {
        let slot = match program {
            Program::Ffmpeg => &self.ffmpeg,
            Program::Ffprobe => &self.ffprobe,
            Program::Espeak => &self.espeak,
        };
        let found = slot.get_or_init(|| {
            let outside = || SearchPath::outside(&self.search_path, &self.work_tree);
            let path = self.folders.get_or_init(outside).find(program.name())?;
            let version = OnceLock::new();
            Some(Tool { path, version })
        });
        found.as_ref().ok_or(MediaError::Missing { program })
    }

    /// A run of a program, to be given arguments.
    pub(crate) fn run(&self, program: Program, limit: Duration) -> Result<Invocation, MediaError> {
        let path = self.path(program)?;
        Ok(match program {
            // The sidecar's builder sets the log level that its parser reads.
            Program::Ffmpeg => {
                Invocation::new(FfmpegCommand::new_with_path(path).into(), program, limit).args([
                    "-hide_banner",
                    "-nostdin",
                    "-nostats",
                    "-y",
                    // Bytes of a single allocation: what a file claims must not become memory.
                    "-max_alloc",
                    "1073741824",
                ])
            }
            Program::Ffprobe => Invocation::new(Command::new(path), program, limit).args([
                "-v",
                "error",
                "-max_alloc",
                "1073741824",
            ]),
            Program::Espeak => Invocation::new(Command::new(path), program, limit),
        })
    }
}

/// `file:` before a path, so that no name is taken for a protocol or an option.
pub(crate) fn file_url(path: &Path) -> OsString {
    let mut url = OsString::from("file:");
    url.push(path);
    url
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{OpenOptionsExt as _, symlink};

    use std::io::Write as _;

    use super::*;

    fn program(folder: &Path, name: &str, script: &str) -> PathBuf {
        let path = folder.join(name);
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o755)
            .open(&path)
            .expect("created");
        file.write_all(script.as_bytes()).expect("written");
        path
    }

    #[test]
    fn programs_are_found_outside_the_work_tree_only() {
        let home = tempfile::tempdir().expect("a folder");
        let (tree, safe, linked) = (
            home.path().join("tree"),
            home.path().join("safe"),
            home.path().join("linked"),
        );
        for folder in [&tree, &safe, &linked] {
            std::fs::create_dir(folder).expect("created");
        }
        let inside = program(&tree, "ffmpeg", "#!/bin/sh\necho ffmpeg version 9.9 evil\n");
        symlink(&inside, linked.join("ffmpeg")).expect("linked");
        let path = |folders: &[&Path]| std::env::join_paths(folders).expect("a search path");
        let tools = Tools::find(&path(&[Path::new("bin"), &tree, &linked]), &tree);
        let error = tools.path(Program::Ffmpeg).expect_err("nothing safe there");
        let said = error.to_string();
        assert!(
            said.contains("apt install ffmpeg") && said.contains("panels and voices work"),
            "{said}"
        );

        let outside = program(
            &safe,
            "ffmpeg",
            "#!/bin/sh\necho ffmpeg version 5.1.9-0 Copyright\n",
        );
        let tools = Tools::find(&path(&[&tree, &linked, &safe]), &tree);
        assert_eq!(tools.path(Program::Ffmpeg).expect("found"), outside);
        assert_eq!(tools.version(Program::Ffmpeg).expect("said"), "5.1.9-0");
        assert!(matches!(
            tools.version(Program::Espeak),
            Err(MediaError::Missing {
                program: Program::Espeak
            })
        ));
    }

    #[test]
    fn a_version_is_asked_once() {
        let home = tempfile::tempdir().expect("a folder");
        program(
            home.path(),
            "espeak-ng",
            "#!/bin/sh\necho x >> \"${0%/*}/asked\"\necho 'eSpeak NG text-to-speech: 1.51  Data at: /x'\n",
        );
        let tools = Tools::find(home.path().as_os_str(), Path::new("/nowhere"));
        assert_eq!(
            (
                tools.version(Program::Espeak).expect("said"),
                tools.version(Program::Espeak).expect("said")
            ),
            ("1.51", "1.51")
        );
        assert_eq!(
            std::fs::read_to_string(home.path().join("asked")).expect("asked"),
            "x\n"
        );
    }
}
