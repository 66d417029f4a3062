//! First lines of the commits that aiut makes by itself.

use crate::object::RepoPath;
use crate::pipeline::NUMBERS;

/// `Edit script.fountain, bible/style.toml and 3 more`: what people wrote, `numbers.toml` last.
pub(super) fn edit_message<'p>(paths: impl Iterator<Item = &'p RepoPath>) -> String {
    let mut paths: Vec<&str> = paths.map(RepoPath::as_str).collect();
    paths.sort_by_key(|path| *path == NUMBERS);
    subject("Edit", &paths)
}

/// Most characters of a commit's first line: what `git log --oneline` shows in 80 columns.
const MOST_OF_SUBJECT: usize = 72;

/// `Edit a, b and 3 more`: as many names as fit into a line, but at least one.
pub(super) fn subject(verb: &str, names: &[impl AsRef<str>]) -> String {
    let mut line = verb.to_owned();
    for (at, name) in names.iter().enumerate() {
        let (name, left) = (name.as_ref(), names.len() - at - 1);
        let more = match left {
            0 => 0,
            left => format!(" and {left} more").len(),
        };
        let length = line.chars().count() + ", ".len() + name.chars().count() + more;
        if at > 0 && length > MOST_OF_SUBJECT {
            return format!("{line} and {} more", left + 1);
        }
        line += if at == 0 { " " } else { ", " };
        line += name;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::subject;

    #[test]
    fn a_subject_names_what_fits_into_a_line() {
        assert_eq!(
            subject("Edit", &["script.fountain"]),
            "Edit script.fountain"
        );
        let names: Vec<String> = (0..40)
            .map(|n| format!("bible/characters/{n}.toml"))
            .collect();
        let line = subject("Edit", &names);
        assert_eq!(
            line,
            "Edit bible/characters/0.toml, bible/characters/1.toml and 38 more"
        );
        let long = "x".repeat(200);
        assert_eq!(
            subject("Edit", &[&long[..], "b"]),
            format!("Edit {long} and 1 more")
        );
        for count in 1..40 {
            assert!(subject("Generate", &names[..count]).len() <= 72);
        }
    }
}
