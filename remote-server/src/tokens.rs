//! Tokens: random 256 bits, of which only a hash is kept.
//!
//! A token is `aiut_ID_SECRET`. The id says which row to look at and is no secret; the secret is shown once.

use std::io::{self, Read};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::base::atomic;
use crate::base::folder::Folder;
use crate::base::lock::{FileLock, Holder};
use crate::names::{Pattern, ProjectName};

const FILE: &str = "tokens.json";
const LOCK: &str = "tokens.lock";
const WAIT: Duration = Duration::from_secs(10);
const MOST_FILE_BYTES: u64 = 16 << 20;
/// Longest life of a token, in days.
pub(crate) const MOST_DAYS: u32 = 3650;

/// What a token allows.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// See refs, fetch.
    Read,
    /// Push forward.
    Push,
    /// Push over what is there, and take refs away.
    Force,
    /// Lock and unlock.
    Lock,
    /// See metrics.
    Admin,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Read, Self::Push, Self::Force, Self::Lock, Self::Admin];
}

/// What is kept of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// Which row it is.
    pub id: String,
    /// Whose it is, for the audit log.
    pub name: String,
    /// BLAKE3 of the secret, under a context of its own.
    hash: String,
    /// What it allows.
    pub scopes: Vec<Scope>,
    /// For which projects.
    pub projects: Vec<Pattern>,
    /// When it was made, in Unix seconds.
    pub created: i64,
    /// When it ends.
    pub expires: i64,
    /// Whether it was taken back.
    #[serde(default)]
    pub revoked: bool,
}

impl Token {
    /// Whether it allows something in a project.
    #[must_use]
    pub fn allows(&self, scope: Scope, project: Option<&ProjectName>) -> bool {
        let here = |project| self.projects.iter().any(|pattern| pattern.matches(project));
        self.scopes.contains(&scope) && project.is_none_or(here)
    }
}

/// What a new token is to be.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// Whose it is.
    pub name: String,
    /// What it allows.
    pub scopes: Vec<Scope>,
    /// For which projects.
    pub projects: Vec<Pattern>,
    /// When it ends, in Unix seconds.
    pub expires: i64,
}

/// All tokens of a server.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tokens {
    /// In the order they were made.
    pub tokens: Vec<Token>,
}

fn hash_of(secret: &str) -> blake3::Hash {
    blake3::Hash::from_bytes(blake3::derive_key("aiut 2026 token v1", secret.as_bytes()))
}

/// Random digits.
fn random_hex<const BYTES: usize>() -> io::Result<String> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

impl Tokens {
    /// Those that are kept in a folder; none before the first.
    ///
    /// # Errors
    /// The file cannot be read, or is not what it was.
    pub fn read(folder: &Folder) -> io::Result<Self> {
        let mut text = Vec::new();
        match folder.read(FILE) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            file => file?.take(MOST_FILE_BYTES).read_to_end(&mut text)?,
        };
        serde_json::from_slice(&text).map_err(|error| {
            let path = folder.path_of(FILE);
            io::Error::other(format!("{} is damaged: {error}", path.display()))
        })
    }

    /// When the file was last replaced, to notice that without reading it.
    ///
    /// # Errors
    /// Any I/O error.
    pub fn stamp(folder: &Folder) -> io::Result<Option<(u64, u64)>> {
        Ok(folder.find_file(FILE)?.and_then(|found| found.identity))
    }

    /// Changes those of a folder, whoever else does.
    ///
    /// # Errors
    /// Any I/O error, or that of `change`; nothing is changed then.
    pub fn change<T>(
        folder: &Folder,
        change: impl FnOnce(&mut Self) -> io::Result<T>,
    ) -> io::Result<T> {
        let lock = FileLock::acquire(folder, LOCK, &Holder::default(), WAIT);
        let _lock = lock.map_err(io::Error::other)?;
        let mut tokens = Self::read(folder)?;
        let done = change(&mut tokens)?;
        let text = serde_json::to_vec_pretty(&tokens).map_err(io::Error::other)?;
        atomic::write_private(&folder.path_of(FILE), &text)?;
        Ok(done)
    }

    /// Adds one. Returns its text, which is never to be had again.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn add(&mut self, new: NewToken, now: i64) -> io::Result<(String, String)> {
        let (id, secret) = (random_hex::<6>()?, random_hex::<32>()?);
        let NewToken {
            name,
            scopes,
            projects,
            expires,
        } = new;
        self.tokens.push(Token {
            id: id.clone(),
            name,
            hash: hash_of(&secret).to_hex().to_string(),
            scopes,
            projects,
            created: now,
            expires,
            revoked: false,
        });
        let text = format!("aiut_{id}_{secret}");
        Ok((id, text))
    }

    /// The token of this text, if it holds now. What is compared is compared in the same time whatever it is.
    #[must_use]
    pub fn find(&self, text: &str, now: i64) -> Option<&Token> {
        let (id, secret) = text.strip_prefix("aiut_")?.split_once('_')?;
        let token = self.tokens.iter().find(|token| token.id == id);
        let given = hash_of(secret);
        let kept = token.map_or("", |token| &token.hash);
        // Without such a row something else is compared, so that it takes as long.
        let kept = blake3::Hash::from_hex(kept).unwrap_or_else(|_| hash_of(""));
        let same = kept == given;
        token.filter(|token| same && !token.revoked && now < token.expires)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_holds_until_it_ends_and_its_secret_is_kept_nowhere() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        let new = |name: &str| NewToken {
            name: name.into(),
            scopes: vec![Scope::Read],
            projects: vec!["a-*".parse().unwrap()],
            expires: 2000,
        };
        let (id, text) = Tokens::change(&folder, |tokens| tokens.add(new("rae"), 1000)).unwrap();
        let (other, _) = Tokens::change(&folder, |tokens| tokens.add(new("kim"), 1000)).unwrap();
        let tokens = Tokens::read(&folder).unwrap();
        let kept = std::fs::read_to_string(place.path().join(FILE)).unwrap();
        let secret = text.rsplit('_').next().unwrap();
        assert_eq!(secret.len(), 64);
        assert!(!kept.contains(secret));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(place.path().join(FILE))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let found = tokens.find(&text, 1999).unwrap();
        assert_eq!(found.name, "rae");
        let (a, b) = ("a-film".parse().unwrap(), "b".parse().unwrap());
        assert!(found.allows(Scope::Read, Some(&a)) && !found.allows(Scope::Read, Some(&b)));
        assert!(!found.allows(Scope::Push, Some(&a)));
        assert!(tokens.find(&text, 2000).is_none());
        for wrong in [
            "",
            "aiut_",
            "aiut__",
            &text[1..],
            &text[..text.len() - 1],
            &text.replace(&id, &other),
        ] {
            assert!(tokens.find(wrong, 1500).is_none(), "{wrong}");
        }
        let revoke = |tokens: &mut Tokens| {
            tokens.tokens[0].revoked = true;
            Ok(())
        };
        Tokens::change(&folder, revoke).unwrap();
        assert!(Tokens::read(&folder).unwrap().find(&text, 1500).is_none());
    }
}
