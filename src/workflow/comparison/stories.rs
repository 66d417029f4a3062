//! How screenplays differ, in their own words.

use serde::Serialize;

use super::{Contents, Pair, Version, pairs};
use crate::diff::{LIMIT_BYTES, Side, as_text};
use crate::film::versions::{ScriptDiff, compare_scripts};
use crate::history::{Project, Result, gone_files};
use crate::object::{RepoPath, TreeId};
use crate::workflow::viewer::Viewer;

/// What names of screenplays end in.
pub const SCRIPT_EXTENSIONS: &[&str] = &["fountain", "spmd"];

/// A screenplay that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoryChange {
    /// Where it lies, or lay.
    pub path: RepoPath,
    /// How it differs.
    pub diff: ScriptDiff,
}

/// The screenplays in which a stored tree and another version differ.
///
/// # Errors
/// A file of either version that cannot be read.
pub fn compare_stories(
    project: &Project,
    viewer: &Viewer,
    old: Option<TreeId>,
    new: Version,
    within: &dyn Fn(&RepoPath) -> bool,
) -> Result<Vec<StoryChange>> {
    let is_script = |side: &Side| {
        let extension = side
            .path
            .as_str()
            .rsplit_once('.')
            .map_or("", |(_, end)| end);
        SCRIPT_EXTENSIONS.contains(&extension) && side.size <= LIMIT_BYTES
    };
    let (pairs, _) = pairs(project, old, new, within)?;
    let scripts: Vec<Pair> = pairs
        .into_iter()
        .filter(|(old, new)| old.iter().chain(new).all(is_script))
        .collect();
    let contents = Contents {
        project,
        new,
        viewer,
        gone: gone_files(project.store())?,
    };
    let mut stories = Vec::new();
    for (_, old, new) in contents.matched(scripts)? {
        let bytes = [
            old.as_ref()
                .map_or(Ok(Vec::new()), |side| contents.read_old(side))?,
            new.as_ref()
                .map_or(Ok(Vec::new()), |side| contents.read_new(side))?,
        ];
        let [Some(was), Some(is)] = bytes.each_ref().map(|bytes| as_text(bytes)) else {
            continue;
        };
        let diff = compare_scripts(was, is);
        let side = new.or(old).expect("a pair has a side");
        if !diff.is_empty() {
            stories.push(StoryChange {
                path: side.path,
                diff,
            });
        }
    }
    stories.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(stories)
}
