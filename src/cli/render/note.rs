//! Threads of notes.

use std::io::{self, Write};

use crate::cli::format::shown;
use crate::cli::output::Output;
use crate::pipeline::Does;
use crate::workflow::notes::NoteThread;

/// Lines of the words that a note is about.
const MOST_QUOTED: usize = 3;

/// Writes the threads, each with what is said in it.
pub(in crate::cli) fn threads(out: &mut Output, threads: &[NoteThread]) -> io::Result<()> {
    let (title, id, faint) = (out.palette.title, out.palette.id, out.palette.faint);
    for thread in threads {
        let line = match (thread.line, &thread.thread.quote) {
            (Some(line), _) => format!(", line {line}"),
            (None, Some(_)) => ", words that are gone".to_owned(),
            (None, None) => String::new(),
        };
        let settled = if thread.resolved { "  settled" } else { "" };
        writeln!(
            out,
            "{id}{}{id:#} {title}{}{line}{title:#}{settled}",
            thread.id,
            shown(&thread.about)
        )?;
        let quoted = thread.thread.quote.iter().flat_map(|quote| quote.lines());
        for words in quoted.take(MOST_QUOTED) {
            writeln!(out, "  {faint}> {}{faint:#}", shown(words))?;
        }
        for message in &thread.thread.message {
            let by = message.by.split(" <").next().unwrap_or_default();
            let day = message.time.split('T').next().unwrap_or_default();
            let does = match message.does {
                Does::Says => "",
                Does::Resolves => " settled it",
                Does::Reopens => " opened it again",
            };
            let mark = message
                .mark
                .map_or_else(String::new, |mark| format!(" [{}]", mark.word()));
            writeln!(out, "  {}, {}{does}{mark}", shown(by), shown(day))?;
            for line in message.text.lines() {
                writeln!(out, "    {}", shown(line))?;
            }
        }
    }
    Ok(())
}
