//! Standard output, or the pager in front of it.

use std::io::{self, BufWriter, Write};
use std::process::{Child, Command, Stdio};

use super::environment::Surroundings;
use super::error::CliError;
use super::palette::Palette;
use crate::base::process::spawn;

/// Where a command's answer goes.
pub(super) struct Output {
    sink: Sink,
    /// Colours for what is written here.
    pub(super) palette: Palette,
    /// Whether a program reads it, so that a difference is written in its own bytes.
    pub(super) for_programs: bool,
    margin: Option<Margin>,
}

/// What stands before each line, beside a drawing.
struct Margin {
    text: String,
    /// Whether an empty line comes before the first one.
    gap: bool,
    at_start: bool,
}

impl Margin {
    fn beside(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut lines = Vec::with_capacity(bytes.len() + self.text.len());
        let blank = self.text.trim_end().as_bytes();
        if std::mem::take(&mut self.gap) {
            lines.extend_from_slice(blank);
            lines.push(b'\n');
        }
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            match line {
                b"\n" if self.at_start => lines.extend_from_slice(blank),
                _ if self.at_start => lines.extend_from_slice(self.text.as_bytes()),
                _ => {}
            }
            lines.extend_from_slice(line);
            self.at_start = line.ends_with(b"\n");
        }
        lines
    }
}

enum Sink {
    Standard(BufWriter<Box<dyn Write + Send>>),
    Pager(Child),
}

/// What is written to standard output at a time, in bytes: what a pipe holds.
const WRITE_BYTES: usize = 64 << 10;

/// Standard output without the buffer that `io::Stdout` has of its own, which breaks what it is given
/// at the ends of lines.
fn unbuffered() -> Box<dyn Write + Send> {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd as _;
        if let Ok(own) = io::stdout().as_fd().try_clone_to_owned() {
            return Box::new(std::fs::File::from(own));
        }
    }
    Box::new(io::stdout())
}

impl Output {
    pub(super) fn standard(palette: Palette, for_programs: bool) -> Self {
        Self {
            for_programs,
            margin: None,
            sink: Sink::Standard(BufWriter::with_capacity(WRITE_BYTES, unbuffered())),
            palette,
        }
    }

    /// Sends everything from here on through the user's pager, when standard output is a
    /// terminal. A pager that cannot be started is done without.
    pub(super) fn page(&mut self, surroundings: &Surroundings, setting: Option<&str>) {
        if !surroundings.stdout_is_terminal || matches!(self.sink, Sink::Pager(_)) {
            return;
        }
        let pager = surroundings
            .variable("AIUT_PAGER")
            .or_else(|| setting.map(str::to_owned))
            .or_else(|| surroundings.variable("PAGER"))
            .unwrap_or_else(|| "less".to_owned());
        let Some(mut command) = program(&pager).filter(|_| pager.trim() != "cat") else {
            return;
        };
        // As git does: quit when it fits, pass colours, leave the text on the screen.
        if surroundings.variable("LESS").is_none() {
            command.env("LESS", "FRX");
        }
        if let Ok(child) = spawn(command.stdin(Stdio::piped())) {
            self.sink = Sink::Pager(child);
        }
    }

    /// Writes `text` before each line from here on, and an empty line before the first one with
    /// `gap`: none if there is none.
    pub(super) fn begin_margin(&mut self, text: &str, gap: bool) {
        self.margin = Some(Margin {
            text: text.to_owned(),
            gap,
            at_start: true,
        });
    }

    pub(super) fn end_margin(&mut self) {
        self.margin = None;
    }

    /// Writes out what is held back, and waits for the pager to be closed.
    pub(super) fn close(&mut self) -> io::Result<()> {
        match &mut self.sink {
            Sink::Standard(out) => out.flush(),
            Sink::Pager(child) => {
                drop(child.stdin.take());
                child.wait().map(|_| ())
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(margin) = self.margin.as_mut().filter(|_| !bytes.is_empty()) else {
            return self.sink.write(bytes);
        };
        let lines = margin.beside(bytes);
        self.sink.write_all(&lines)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(out) => out.write(bytes),
            Self::Pager(child) => match &mut child.stdin {
                Some(stdin) => stdin.write(bytes),
                None => Err(io::ErrorKind::BrokenPipe.into()),
            },
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(out) => out.flush(),
            Self::Pager(child) => child.stdin.as_mut().map_or(Ok(()), Write::flush),
        }
    }
}

/// A program as users name one in `PAGER` and `EDITOR`: words, or a line of shell when it has
/// more than words. None for an empty line.
pub(super) fn program(line: &str) -> Option<Command> {
    if cfg!(unix) && line.contains(|c: char| "|&;<>()$`\\\"'*?[#~=%".contains(c)) {
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("{line} \"$@\"")).arg(line);
        return Some(command);
    }
    let mut words = line.split_whitespace();
    let mut command = Command::new(words.next()?);
    command.args(words);
    Some(command)
}

/// Prints what `--help` and `--version` ask for.
pub(super) fn print_help(answer: &clap::Error, color: bool) -> Result<(), CliError> {
    let text = answer.render();
    let text = if color {
        text.ansi().to_string()
    } else {
        text.to_string()
    };
    let mut out = io::stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
