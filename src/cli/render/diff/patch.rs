//! What git writes above a difference, for programs that apply it.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::cli::output::Output;
use crate::diff::{Content, FileChange, Side, Status};

/// The lines from `diff --git` on, up to where the contents begin.
pub(super) fn header(out: &mut Output, change: &FileChange) -> io::Result<()> {
    let path = |side: &Option<Side>| {
        side.as_ref()
            .unwrap_or_else(|| side_of(change))
            .path
            .clone()
    };
    let (old, new) = (path(&change.old), path(&change.new));
    let (a, b) = (quoted("a/", old.as_str()), quoted("b/", new.as_str()));
    writeln!(out, "diff --git {a} {b}")?;
    match (&change.old, &change.new) {
        (None, Some(new)) => writeln!(out, "new file mode {}", mode(new))?,
        (Some(old), None) => writeln!(out, "deleted file mode {}", mode(old))?,
        (Some(old), Some(new)) if old.exec != new.exec => {
            writeln!(out, "old mode {}\nnew mode {}", mode(old), mode(new))?;
        }
        _ => {}
    }
    if change.status == Status::Renamed {
        if change.content == Content::Same {
            writeln!(out, "similarity index 100%")?;
        }
        let (from, to) = (quoted("", old.as_str()), quoted("", new.as_str()));
        writeln!(out, "rename from {from}\nrename to {to}")?;
    }
    match change.content {
        Content::Same | Content::Text(_) => Ok(()),
        Content::Media(_) | Content::Binary | Content::Large { .. } => {
            let (old, new) = names(change);
            writeln!(out, "Binary files {old} and {new} differ")
        }
    }
}

/// The lines `---` and `+++`. A name with a blank is followed by a tab, which tells where it ends.
pub(super) fn files(out: &mut Output, change: &FileChange) -> io::Result<()> {
    let (old, new) = names(change);
    for (sign, name) in [("---", old), ("+++", new)] {
        let end = if name.contains(' ') { "\t" } else { "" };
        writeln!(out, "{sign} {name}{end}")?;
    }
    Ok(())
}

fn names(change: &FileChange) -> (String, String) {
    let name = |side: &Option<Side>, folder| match side {
        Some(side) => quoted(folder, side.path.as_str()),
        None => "/dev/null".to_owned(),
    };
    (name(&change.old, "a/"), name(&change.new, "b/"))
}

fn side_of(change: &FileChange) -> &Side {
    let side = change.new.as_ref().or(change.old.as_ref());
    side.expect("a change has one side at least")
}

fn mode(side: &Side) -> &'static str {
    if side.exec { "100755" } else { "100644" }
}

/// A path as git quotes it: as it is, or in quotes with its bytes beyond ASCII in octal.
fn quoted(folder: &str, path: &str) -> String {
    let plain = |byte: u8| (b' '..0x7f).contains(&byte) && !matches!(byte, b'"' | b'\\');
    if path.bytes().all(plain) {
        return format!("{folder}{path}");
    }
    let mut text = format!("\"{folder}");
    for byte in path.bytes() {
        match byte {
            b'"' | b'\\' => text.extend(['\\', char::from(byte)]),
            byte if plain(byte) => text.push(char::from(byte)),
            byte => {
                // Writing into a text cannot fail.
                let _ = write!(text, "\\{byte:03o}");
            }
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_quoted_as_git_quotes_them() {
        assert_eq!(quoted("a/", "x y.txt"), "a/x y.txt");
        assert_eq!(quoted("a/", "Ærø.txt"), "\"a/\\303\\206r\\303\\270.txt\"");
        assert_eq!(quoted("", "a\"b"), "\"a\\\"b\"");
    }
}
