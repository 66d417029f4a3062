//! What the process was started in, read once.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;

use super::palette::Palette;
use crate::workflow::settings::ColorChoice;

/// Most and fewest columns that help is set in.
const MOST_COLUMNS: usize = 100;
const LEAST_COLUMNS: usize = 40;

/// Environment, folder and terminal of this process.
#[derive(Debug, Clone)]
pub(super) struct Surroundings {
    variables: BTreeMap<OsString, OsString>,
    /// Absent when the folder was deleted under the process.
    pub(super) folder: Option<PathBuf>,
    pub(super) stdin_is_terminal: bool,
    pub(super) stdout_is_terminal: bool,
    pub(super) stderr_is_terminal: bool,
}

impl Surroundings {
    /// Reads them.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the folder"
    )]
    pub(super) fn read() -> Self {
        Self {
            variables: std::env::vars_os().collect(),
            folder: std::env::current_dir().ok(),
            stdin_is_terminal: std::io::stdin().is_terminal(),
            stdout_is_terminal: std::io::stdout().is_terminal(),
            stderr_is_terminal: std::io::stderr().is_terminal(),
        }
    }

    /// A variable of the environment, when it is text.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        self.variables
            .get(std::ffi::OsStr::new(name))?
            .to_str()
            .map(str::to_owned)
    }

    /// A variable that names a folder or file.
    pub(super) fn path(&self, name: &str) -> Option<PathBuf> {
        let value = self.variables.get(std::ffi::OsStr::new(name))?;
        (!value.is_empty()).then(|| PathBuf::from(value))
    }

    /// How wide help is: as wide as the terminal, and no wider than reads well.
    pub(super) fn columns(&self) -> usize {
        let terminal = match self.stdout_is_terminal || self.stderr_is_terminal {
            true => terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)),
            false => None,
        };
        let named = || self.variable("COLUMNS")?.parse().ok();
        let columns = terminal.or_else(named).unwrap_or(MOST_COLUMNS);
        columns.clamp(LEAST_COLUMNS, MOST_COLUMNS)
    }

    /// Whether `NO_COLOR` asks for none, as no-color.org has it: present and not empty.
    pub(super) fn no_color(&self) -> bool {
        self.path("NO_COLOR").is_some()
    }

    /// Whether to colour: the option, then the user's settings, then the environment, in the
    /// order that no-color.org gives.
    pub(super) fn colors(
        &self,
        option: Option<ColorChoice>,
        setting: Option<ColorChoice>,
        is_terminal: bool,
    ) -> bool {
        let environment = self.no_color().then_some(ColorChoice::Never);
        match option.or(setting).or(environment).unwrap_or_default() {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                is_terminal && self.variable("TERM").is_none_or(|term| term != "dumb")
            }
        }
    }

    /// Colours for error messages.
    pub(super) fn error_palette(&self, option: Option<ColorChoice>) -> Palette {
        Palette::new(self.colors(option, None, self.stderr_is_terminal))
    }
}
