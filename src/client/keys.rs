//! Which token goes to whom.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::address::{InvalidAddress, Origin};

/// Longest file of keys, in bytes.
const MOST_BYTES: u64 = 1 << 20;

/// A token. Shows itself to nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    pub(crate) fn header(&self) -> String {
        format!("Bearer {}", self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

/// Why keys cannot be used. Says nothing of the keys.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// A line that is none.
    #[error(
        "{place}, line {line}: expected the beginning of an address and a token, such as `https://studio.example aiut_…`"
    )]
    Line {
        /// Where the text is from.
        place: String,
        /// Which line, from 1.
        line: usize,
    },
    /// A line for an address that is none.
    #[error("{place}, line {line}: {source}")]
    Address {
        /// Where the text is from.
        place: String,
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        source: InvalidAddress,
    },
    /// Others may read it.
    #[error("others may read {}, which holds tokens; type: chmod 600 {}", .0.display(), .0.display())]
    Open(PathBuf),
    /// It cannot be read.
    #[error("cannot read {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Tokens by whom they are for.
#[derive(Debug, Clone, Default)]
pub struct Keys(BTreeMap<Origin, Token>);

impl Keys {
    /// Reads `ORIGIN TOKEN`, a line each, or between semicolons as in a variable of the environment. `#` begins a
    /// remark. `place` is for messages.
    ///
    /// # Errors
    /// `Line`, `Address`.
    pub fn parse(text: &str, place: &str) -> Result<Self, KeysError> {
        let mut keys = BTreeMap::new();
        for (number, line) in text.split(['\n', ';']).enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = || KeysError::Line {
                place: place.to_owned(),
                line: number + 1,
            };
            let (origin, token) = line.split_once([' ', '\t', '=']).ok_or_else(wrong)?;
            let token = token.trim();
            let is_token = (8..=200).contains(&token.len())
                && token
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if !is_token {
                return Err(wrong());
            }
            let origin = origin.parse().map_err(|source| KeysError::Address {
                place: place.to_owned(),
                line: number + 1,
                source,
            })?;
            keys.insert(origin, Token(token.to_owned()));
        }
        Ok(Self(keys))
    }

    /// Reads a file that its owner alone may read; none is no keys.
    ///
    /// # Errors
    /// `Open`; those of [`Self::parse`]; `Io`.
    pub fn read(path: &Path) -> Result<Self, KeysError> {
        let io = |source| KeysError::Io {
            path: path.to_owned(),
            source,
        };
        let file = match std::fs::File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            file => file.map_err(io)?,
        };
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // Of the file that is open, so that no other one is read.
            let mode = file.metadata().map_err(io)?.permissions().mode();
            if mode & 0o077 != 0 {
                return Err(KeysError::Open(path.to_owned()));
            }
        }
        let mut text = String::new();
        file.take(MOST_BYTES)
            .read_to_string(&mut text)
            .map_err(io)?;
        Self::parse(&text, &path.display().to_string())
    }

    /// These, and those of `others` for whom there are none here.
    #[must_use]
    pub fn or(mut self, others: Self) -> Self {
        for (origin, token) in others.0 {
            self.0.entry(origin).or_insert(token);
        }
        self
    }

    /// The token for an origin.
    #[must_use]
    pub fn of(&self, origin: &Origin) -> Option<&Token> {
        self.0.get(origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_for_one_scheme_host_and_port() {
        let text = "# tokens\nhttps://studio.example aiut_1_secret\n\nhttp://localhost:7411=aiut_2_other\n";
        let keys = Keys::parse(text, "the file").unwrap();
        let of = |origin: &str| keys.of(&origin.parse().unwrap()).map(Token::header);
        assert_eq!(
            of("https://studio.example:443").as_deref(),
            Some("Bearer aiut_1_secret")
        );
        assert_eq!(
            of("http://localhost:7411").as_deref(),
            Some("Bearer aiut_2_other")
        );
        for other in [
            "https://studio.example:8443",
            "https://example",
            "https://a.studio.example",
            "http://localhost",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
        assert!(!format!("{keys:?}").contains("secret"));
        let both = Keys::parse(
            "https://studio.example aiut_9_mine; https://b aiut_8_mine",
            "x",
        )
        .unwrap()
        .or(keys);
        let mine = both
            .of(&"https://studio.example".parse().unwrap())
            .map(Token::header);
        assert_eq!(mine.as_deref(), Some("Bearer aiut_9_mine"));
        for wrong in [
            "https://a",
            "https://a secret token",
            "ftp://a aiut_1_secret",
            "https://a s\u{e9}cretsecret",
            "http://a aiut_1_secret",
        ] {
            let error = Keys::parse(wrong, "the file").unwrap_err().to_string();
            assert!(
                error.contains("line 1") && !error.contains("secret"),
                "{error}"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("tokens");
        assert!(Keys::read(&path).unwrap().0.is_empty());
        aiut_base::atomic::write_private(&path, b"https://a aiut_1_secret\n").unwrap();
        assert_eq!(Keys::read(&path).unwrap().0.len(), 1);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let error = Keys::read(&path).unwrap_err().to_string();
        assert!(error.contains("chmod 600"), "{error}");
    }
}
