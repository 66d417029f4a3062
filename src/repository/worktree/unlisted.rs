//! Why a path that somebody names is no file of the project.

use std::sync::Arc;

use super::WorkTree;
use super::beneath::{Barrier, Standing, is_project, stat_in};
use super::rules::Rules;
use super::scan::Unlisted;
use crate::object::RepoPath;

impl WorkTree {
    /// What keeps `path` out of the project, of itself or of a folder above it: a rule, a symlink,
    /// another project, a device, or what the system says. None where nothing lies there, and where
    /// a file does that is kept.
    #[must_use]
    pub fn why_unlisted(&self, path: &RepoPath) -> Option<Unlisted> {
        let mut above: Option<Arc<Rules>> = None;
        let mut at = String::new();
        let mut dir = match self.dir.try_clone() {
            Ok(dir) => dir,
            Err(error) => return Some(Unlisted::because(path.as_str(), &error)),
        };
        for name in path.names() {
            match self.read_rules(&at) {
                Ok(Some(bytes)) => above = Some(Arc::new(Rules::new(&at, &bytes, above))),
                Ok(None) => {}
                Err(error) => return Some(Unlisted::because(path.as_str(), &error.reason())),
            }
            at = match at.as_str() {
                "" => name.to_owned(),
                folder => format!("{folder}/{name}"),
            };
            let is_folder = match stat_in(&dir, name) {
                Ok(Standing::Nothing) => return None,
                Ok(Standing::Folder) => true,
                Ok(Standing::File(_)) => false,
                Ok(Standing::Other(by)) => return Some(Unlisted::because(&at, &by)),
                Err(error) => return Some(Unlisted::because(&at, &error)),
            };
            let verdict = above
                .as_ref()
                .and_then(|rules| rules.verdict(at.as_bytes(), is_folder));
            if let Some(verdict) = verdict.filter(|verdict| verdict.ignored) {
                let reason = format!("ignored by {}", verdict.rule);
                return Some(Unlisted::because(&at, &reason));
            }
            if !is_folder {
                return None;
            }
            dir = match cap_fs_ext::DirExt::open_dir_nofollow(&dir, name) {
                Ok(inner) => inner,
                Err(error) => return Some(Unlisted::because(&at, &error)),
            };
            match is_project(&dir) {
                Ok(false) => {}
                Ok(true) => return Some(Unlisted::because(&at, &Barrier::Project)),
                Err(error) => return Some(Unlisted::because(&at, &error)),
            }
        }
        None
    }
}
