//! Messages written in the user's editor.

use std::io::{Read, Write};
use std::path::Path;

use super::context::Context;
use super::error::CliError;
use super::output::program;
use crate::base::atomic;
use crate::base::folder::Folder;
use crate::base::process::spawn;

/// Most bytes that a message may have.
const MOST_BYTES: u64 = 1 << 20;

/// The file that an editor has while a message is written.
const MESSAGE: &str = "MESSAGE";

/// Lines that start so are notes to the writer and not part of the message.
const NOTE: char = '#';

impl Context {
    /// The message in a file, or in what standard input brings for `-`.
    pub(super) fn read_message(&self, file: &Path) -> Result<String, CliError> {
        let (name, source) = match file.to_str() {
            Some("-") => {
                let input: Box<dyn Read> = Box::new(std::io::stdin());
                ("standard input".to_owned(), Ok(input))
            }
            _ => {
                let opened = std::fs::File::open(self.folder.join(file));
                let opened = opened.map(|file| Box::new(file) as Box<dyn Read>);
                (file.display().to_string(), opened)
            }
        };
        let failed = |reason: String| CliError::new(format!("cannot read {name}: {reason}"));
        let mut bytes = Vec::new();
        source
            .and_then(|source| source.take(MOST_BYTES + 1).read_to_end(&mut bytes))
            .map_err(|error| failed(error.to_string()))?;
        if bytes.len() as u64 > MOST_BYTES {
            return Err(failed(format!(
                "a message has at most {} MiB",
                MOST_BYTES >> 20
            )));
        }
        String::from_utf8(bytes).map_err(|_| failed("it is not UTF-8 text".to_owned()))
    }

    /// Has the user write a message in a file beneath `folder`, or go on with the one that is `begun`,
    /// with `notes` below it.
    pub(super) fn write_message(
        &mut self,
        folder: &Folder,
        begun: &str,
        notes: &str,
    ) -> Result<String, CliError> {
        let without =
            || CliError::new("a message is needed").hint("give it on the command line: -m \"…\"");
        let editor = self
            .surroundings
            .variable("VISUAL")
            .or_else(|| self.surroundings.variable("EDITOR"))
            .or_else(|| self.user.editor.clone())
            .filter(|editor| !editor.trim().is_empty());
        let editor = match editor {
            Some(editor) => editor,
            None if self.surroundings.stdin_is_terminal => {
                (if cfg!(windows) { "notepad" } else { "vi" }).to_owned()
            }
            None => return Err(without()),
        };
        let mut command = program(&editor).ok_or_else(without)?;
        let path = folder.path_of(MESSAGE);
        let failed = |error: std::io::Error| {
            CliError::new(format!("{}: {error}", path.display())).because_of(&error)
        };
        let text: String = notes
            .lines()
            .map(|line| format!("{NOTE} {line}").trim_end().to_owned() + "\n")
            .collect();
        let begun = match begun.trim_end() {
            "" => String::new(),
            begun => format!("{begun}\n"),
        };
        let text = format!("{begun}\n{text}");
        atomic::write_cache_in(folder, MESSAGE, text.as_bytes()).map_err(failed)?;
        self.out.flush()?;
        let status = spawn(command.arg(&path)).and_then(|mut child| child.wait());
        let mut written = String::new();
        let read = folder.read(MESSAGE);
        let read = read.and_then(|mut file| file.read_to_string(&mut written));
        folder.remove_file(MESSAGE).map_err(failed)?;
        match status {
            Ok(status) if status.success() => {}
            Ok(status) => return Err(CliError::new(format!("{editor} ended with {status}"))),
            Err(error) => {
                let message = format!("the editor {editor} cannot be started: {error}");
                return Err(CliError::new(message).hint("give the message with -m \"…\""));
            }
        }
        read.map_err(failed)?;
        let message = clean(&written);
        if message.is_empty() {
            return Err(CliError::new("the message is empty, so nothing was done"));
        }
        Ok(message)
    }
}

/// The message without notes, trailing blanks and blank lines around it.
fn clean(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with(NOTE))
        .map(str::trim_end)
        .collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_and_blank_lines_around_are_no_message() {
        assert_eq!(
            clean("\nCut scene 12  \n\nToo long.\n\n# On timeline main\n"),
            "Cut scene 12\n\nToo long."
        );
        assert_eq!(clean("\n# nothing\n"), "");
    }
}
