//! The hooks of a project, a line each.

use std::io::{self, Write};

use crate::cli::output::Output;
use crate::workflow::hooks::{FoundHook, HookState};

/// Each hook, whether it runs, and when.
pub(in crate::cli) fn list(out: &mut Output, hooks: &[FoundHook]) -> io::Result<()> {
    let palette = out.palette.clone();
    for found in hooks {
        let (style, said) = match found.state {
            HookState::Runs => (palette.added, "runs"),
            HookState::NotExecutable => (palette.warning, "not executable"),
            HookState::NotAgreed => (palette.warning, "not agreed to"),
            HookState::Absent if found.hook.sample().is_some() => (palette.faint, "sample"),
            HookState::Absent => (palette.faint, "-"),
        };
        let (name, moment) = (found.hook.name(), found.hook.moment());
        writeln!(out, "{name:<13}  {style}{said:<14}{style:#}  {moment}")?;
    }
    Ok(())
}
