//! Comments that aiut writes into new files, for people to fill these.

use std::collections::HashSet;

use crate::film::drafts::draft_hints;
use crate::object::RepoPath;
use crate::workflow::template;

/// Knows the comments of templates and drafts, word for word: what people write in comments is theirs.
pub(super) struct Hints(HashSet<String>);

impl Hints {
    pub(super) fn new() -> Self {
        let templates = template::hints().map(str::to_owned);
        Self(templates.chain(draft_hints()).collect())
    }

    /// Whether a file is of those that begin with such comments.
    pub(super) fn may_be_in(path: &RepoPath) -> bool {
        let name = path.as_str().rsplit('/').next().unwrap_or_default();
        name.ends_with(".toml") || name == crate::worktree::IGNORE_FILE
    }

    /// The line without them.
    pub(super) fn without<'t>(&self, mut line: &'t str) -> &'t str {
        while let Some((before, comment)) = line.rsplit_once("# ")
            && self.0.contains(comment.trim())
        {
            line = before;
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_aiut_says_is_left_out_and_what_people_say_is_not() {
        let hints = Hints::new();
        for (line, left) in [
            (
                "signature = \"a coat\"  # what one remembers: a gesture, a scar, a prop",
                "signature = \"a coat\"  ",
            ),
            (
                "# Clothes, and by act where they change: 1 = \"a red coat\"",
                "",
            ),
            (
                "# by = \"panel\"          # a built-in generator, \"command\", or the name of a provider",
                "",
            ),
            ("# my-model = { per = \"image\", usd = 0.05 }", ""),
            (
                "color = \"#112233\"  # #rrggbb of the figure in storyboard panels; empty: chosen from the name",
                "color = \"#112233\"",
            ),
            ("# Thumbs are red coats", "# Thumbs are red coats"),
            ("color = \"#112233\"", "color = \"#112233\""),
        ] {
            assert_eq!(hints.without(line).trim_end(), left.trim_end(), "{line}");
        }
    }
}
