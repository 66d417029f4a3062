//! Paths inside a project: relative, with `/`, safe to create on every system.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_normalization::UnicodeNormalization;

use super::MAX_PATH_NAMES;

/// Longest name in bytes that common file systems take.
pub const MAX_NAME_BYTES: usize = 255;

/// Why a name may not stand in a tree. Sources: the path rules of Windows, of HFS+ (ignorable
/// characters) and of NTFS (short names), as collected in git's and jj's advisories.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unsafe name {name:?}: {reason}")]
pub struct UnsafeName {
    /// The name or path refused.
    pub name: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl UnsafeName {
    /// The same of the path that the name stands in.
    fn of(self, path: &str) -> Self {
        Self {
            name: path.to_owned(),
            ..self
        }
    }
}

/// Checks one name of a tree against the rules of every system at once.
///
/// # Errors
/// `UnsafeName` says which rule the name breaks.
pub fn check_name(name: &str) -> Result<(), UnsafeName> {
    let refuse = |reason| {
        Err(UnsafeName {
            name: name.to_owned(),
            reason,
        })
    };
    if is_plain(name) {
        return Ok(());
    }
    if name.is_empty() {
        return refuse("it is empty");
    }
    if name == "." || name == ".." {
        return refuse("it points at a folder above or at itself");
    }
    if name.len() > MAX_NAME_BYTES {
        return refuse("it is longer than 255 bytes");
    }
    if name.contains(['/', '\\']) {
        return refuse("it holds a path separator");
    }
    if name.contains(|c: char| c.is_control()) {
        return refuse("it holds a control character");
    }
    if name.contains(['<', '>', ':', '"', '|', '?', '*']) {
        return refuse("it holds a character that Windows cannot store");
    }
    if name.ends_with(['.', ' ']) {
        return refuse("it ends in a dot or a space");
    }
    let folded = fold_name(name);
    if folded == ".aiut" || folded == ".git" {
        return refuse("it is reserved for version control");
    }
    if is_short_name_of(&folded, "aiut") || is_short_name_of(&folded, "git") {
        return refuse("it is an NTFS short name of a reserved folder");
    }
    let stem = folded.split('.').next().unwrap_or_default().trim_end();
    let numbered = |prefix: &str| {
        stem.strip_prefix(prefix).is_some_and(|rest| {
            let mut chars = rest.chars();
            matches!(
                (chars.next(), chars.next()),
                (Some('1'..='9' | '¹' | '²' | '³'), None)
            )
        })
    };
    if matches!(stem, "con" | "prn" | "aux" | "nul" | "conin$" | "conout$")
        || numbered("com")
        || numbered("lpt")
    {
        return refuse("it is a device name on Windows");
    }
    Ok(())
}

/// Whether a name is so plain that no rule can be broken: what nearly all names are, told without
/// folding them. Device names are three or four letters and digits long before the first dot.
fn is_plain(name: &str) -> bool {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let stem = name.find('.').unwrap_or(name.len());
    name.len() <= MAX_NAME_BYTES
        && name.bytes().all(|b| plain(&b))
        && !matches!(stem, 0 | 3 | 4)
        && !name.ends_with('.')
}

/// What a case- and normalisation-insensitive file system would take the name for: two names of
/// one folder that fold alike are refused.
#[must_use]
pub fn fold_name(name: &str) -> String {
    // Most names; the general way costs fifty times as much and gives the same.
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    name.chars()
        .filter(|c| !is_ignorable(*c))
        .nfkc()
        .flat_map(char::to_lowercase)
        .nfc()
        .collect()
}

/// Characters that HFS+ drops when it compares names.
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{00ad}' | '\u{200b}')
}

fn is_short_name_of(folded: &str, reserved: &str) -> bool {
    folded
        .strip_prefix(reserved)
        .and_then(|rest| rest.strip_prefix('~'))
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}

/// A path inside a project: names joined by `/`, each safe on every system, never empty.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepoPath(String);

impl RepoPath {
    /// The path these names spell.
    ///
    /// # Errors
    /// `UnsafeName` names the first name that breaks a rule.
    pub fn new(path: impl Into<String>) -> Result<Self, UnsafeName> {
        let path = path.into();
        check_names(&path)?;
        Ok(Self(path))
    }

    /// The whole path, names joined by `/`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last name.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// What follows the last dot of the last name, if anything does.
    #[must_use]
    pub fn extension(&self) -> Option<&str> {
        self.file_name()
            .rsplit_once('.')
            .map(|(_, extension)| extension)
    }

    /// The folder that holds it; none at the top.
    #[must_use]
    pub fn parent(&self) -> Option<RepoPath> {
        self.0
            .rsplit_once('/')
            .map(|(folder, _)| Self(folder.to_owned()))
    }

    /// This folder's entry `name`.
    ///
    /// # Errors
    /// `UnsafeName` when the name breaks a rule.
    pub fn join(&self, name: &str) -> Result<Self, UnsafeName> {
        let path = format!("{}/{name}", self.0);
        match check_name(name).and_then(|()| check_depth(&path)) {
            Ok(()) => Ok(Self(path)),
            Err(error) => Err(error.of(&path)),
        }
    }

    /// Its names from the top.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }
}

/// Makes paths, most of which lie in the folder of the one before: the names above are checked once.
#[derive(Debug, Default)]
pub struct Paths {
    /// The folder that was checked last, with its final `/`.
    folder: String,
}

impl Paths {
    /// As [`RepoPath::new`].
    ///
    /// # Errors
    /// As [`RepoPath::new`].
    pub fn path(&mut self, path: &str) -> Result<RepoPath, UnsafeName> {
        self.check(path)?;
        Ok(RepoPath(path.to_owned()))
    }

    /// Whether [`Self::path`] would make it.
    ///
    /// # Errors
    /// As [`RepoPath::new`].
    pub fn check(&mut self, path: &str) -> Result<(), UnsafeName> {
        let at = path.rfind('/').map_or(0, |at| at + 1);
        let (folder, name) = path.split_at(at);
        if at == 0 || self.folder != folder {
            check_names(path)?;
            self.folder.clear();
            self.folder.push_str(folder);
            return Ok(());
        }
        check_name(name).map_err(|error| error.of(path))
    }
}

/// Refuses a path of more names than one may have.
fn check_depth(path: &str) -> Result<(), UnsafeName> {
    if path.bytes().filter(|byte| *byte == b'/').count() < MAX_PATH_NAMES {
        return Ok(());
    }
    Err(UnsafeName {
        name: path.to_owned(),
        reason: "it lies in more than 511 folders, one in the other",
    })
}

/// Checks each name of a path.
fn check_names(path: &str) -> Result<(), UnsafeName> {
    check_depth(path)?;
    let mut names = path.split('/');
    names.try_for_each(|name| check_name(name).map_err(|error| error.of(path)))
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl AsRef<str> for RepoPath {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for RepoPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl FromStr for RepoPath {
    type Err = UnsafeName;

    fn from_str(path: &str) -> Result<Self, Self::Err> {
        Self::new(path)
    }
}

impl Serialize for RepoPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for RepoPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_made_in_a_row_are_those_made_one_by_one() {
        let mut paths = Paths::default();
        for path in [
            "a/b/x", "a/b/y", "a/b/", "a/b/con", "a/b/c/x", "a/b/z", "a", "/a", "a/b", "", "aux/x",
            "aux/y", "b/x", "b/../x", "b/x",
        ] {
            assert_eq!(paths.path(path), RepoPath::new(path), "{path}");
        }
    }

    #[test]
    fn a_path_has_no_more_names_than_the_limit() {
        let deepest = ["d"; MAX_PATH_NAMES].join("/");
        let path = RepoPath::new(deepest.as_str()).unwrap();
        assert!(path.join("d").is_err());
        let deeper = format!("d/{deepest}");
        assert!(RepoPath::new(deeper.as_str()).is_err());
        assert!(Paths::default().path(&deeper).is_err());
        assert!(path.parent().unwrap().join("file").is_ok());
    }

    #[test]
    fn names_unsafe_on_any_system_are_refused() {
        for name in [
            "",
            ".",
            "..",
            "a/b",
            "a\\b",
            "a\0",
            "nul",
            "CON",
            "aux.c",
            "com1",
            "LPT9.txt",
            "x.",
            "x ",
            "a:b",
            ".aiut",
            ".AIUT",
            ".a\u{200c}iut",
            "aiut~1",
            ".git",
            "GIT~2",
            "tab\t",
            "what?",
        ] {
            assert!(check_name(name).is_err(), "{name:?} must be refused");
        }
        assert!(check_name(&"x".repeat(256)).is_err());
        for name in [
            "a",
            "012_003.png",
            ".aiutignore",
            "console",
            "com10",
            "Ærø",
            "a b",
            "aiut~",
        ] {
            assert_eq!(check_name(name), Ok(()), "{name:?}");
        }
    }

    #[test]
    fn names_that_one_file_system_would_merge_fold_alike() {
        assert_eq!(fold_name("Rae.toml"), fold_name("rAE.TOML"));
        assert_eq!(fold_name("e\u{301}.png"), fold_name("é.png"));
        assert_ne!(fold_name("a.png"), fold_name("b.png"));
    }
}
