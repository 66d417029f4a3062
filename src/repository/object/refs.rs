//! Names of refs: git's rules, so that they can go to git and back.

/// Where timelines live among the refs.
pub const TIMELINES: &str = "timelines/";
/// Where tags live among the refs.
pub const TAGS: &str = "tags/";
/// Where the timelines of remotes live among the refs: `remotes/REMOTE/NAME`.
pub const REMOTES: &str = "remotes/";

/// Longest full ref name, in bytes.
pub const MAX_REF_BYTES: usize = 1000;

/// Why a text cannot name a ref.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{:?} cannot be the name of a timeline or a tag: {reason}",
    short(name)
)]
pub struct InvalidRef {
    /// The name refused.
    pub name: String,
    /// The rule it breaks.
    pub reason: &'static str,
}

impl InvalidRef {
    /// The same name in one word, if that can be one: `alternate-ending`.
    #[must_use]
    pub fn nearest(&self) -> Option<String> {
        let words: Vec<&str> = short(&self.name).split_whitespace().collect();
        let name = words.join("-");
        (words.len() > 1 && check_ref_name(&name).is_ok()).then_some(name)
    }
}

/// A ref's name as people know it: without the folder that says of what kind it is.
fn short(name: &str) -> &str {
    let kinds = [TIMELINES, TAGS, REMOTES];
    let name_of = |kind: &&str| name.strip_prefix(*kind);
    kinds.iter().find_map(name_of).unwrap_or(name)
}

/// Checks the name of a timeline, tag or remote against the rules of `git check-ref-format`.
///
/// # Errors
/// `InvalidRef` says which rule it breaks.
pub fn check_ref_name(name: &str) -> Result<(), InvalidRef> {
    let refuse = |reason| {
        Err(InvalidRef {
            name: name.to_owned(),
            reason,
        })
    };
    if name.is_empty() {
        return refuse("it is empty");
    }
    if name.len() > MAX_REF_BYTES {
        return refuse("it is too long");
    }
    if name == "@" || name == "HEAD" {
        return refuse("it has a meaning of its own");
    }
    if name.starts_with('-') {
        return refuse("it begins like an option");
    }
    if name.contains("..") || name.contains("@{") {
        return refuse("`..` and `@{` belong to revisions");
    }
    if name.contains(|c: char| c.is_control() || c.is_whitespace() || "~^:?*[\\".contains(c)) {
        return refuse("it holds a space or one of ~ ^ : ? * [ \\");
    }
    if name.ends_with('.') {
        return refuse("it ends in a dot");
    }
    for part in name.split('/') {
        if part.is_empty() {
            return refuse("a part of it is empty");
        }
        if part.starts_with('.') || part.ends_with(".lock") {
            return refuse("a part of it begins with a dot or ends in .lock");
        }
    }
    Ok(())
}

/// Checks a full ref name: `timelines/NAME`, `tags/NAME` or `remotes/REMOTE/NAME`.
///
/// # Errors
/// `InvalidRef` says which rule it breaks.
pub fn check_full_ref(full: &str) -> Result<(), InvalidRef> {
    let refuse = |reason| InvalidRef {
        name: full.to_owned(),
        reason,
    };
    let name = [TIMELINES, TAGS, REMOTES]
        .into_iter()
        .find_map(|place| full.strip_prefix(place))
        .ok_or_else(|| refuse("it is neither a timeline, a tag nor a remote's"))?;
    if full.starts_with(REMOTES) && !name.contains('/') {
        return Err(refuse("it names a remote but none of its timelines"));
    }
    check_ref_name(name).map_err(|error| refuse(error.reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_gits_rules() {
        for name in ["main", "what-if/she-stays", "v1.0", "Ærø", "a.b"] {
            assert_eq!(check_ref_name(name), Ok(()), "{name:?}");
        }
        for name in [
            "", "@", "HEAD", "-d", "a..b", "a b", "a~1", "a^", "a:b", "a?", "a*", "a[", "a\\b",
            "a\u{7f}", "/a", "a/", "a//b", ".a", "a/.b", "a.lock", "a.lock/b", "a.", "a@{1}",
        ] {
            assert!(check_ref_name(name).is_err(), "{name:?} must be refused");
        }
        let nearest = |name| check_full_ref(name).unwrap_err().nearest();
        let name = nearest("timelines/alternate  ending");
        assert_eq!(name.as_deref(), Some("alternate-ending"));
        assert_eq!(nearest("timelines/a..b"), None);
    }

    #[test]
    fn a_full_name_says_which_kind_it_is() {
        for name in ["timelines/main", "tags/v1", "remotes/studio/main"] {
            assert_eq!(check_full_ref(name), Ok(()), "{name:?}");
        }
        for name in [
            "main",
            "heads/main",
            "timelines/",
            "remotes/studio",
            "tags/a..b",
        ] {
            assert!(check_full_ref(name).is_err(), "{name:?} must be refused");
        }
    }
}
