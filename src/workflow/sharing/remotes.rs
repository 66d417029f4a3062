//! `.aiut/remotes.toml`: which remotes the project has, and which of their timelines its own follow. It is of
//! this copy alone and never travels.
//!
//! ```toml
//! [remote.origin]
//! place = "/media/studio/night-ferry"
//!
//! [timeline.main]
//! remote = "origin"
//! follows = "main"
//! ```

use std::collections::BTreeMap;
use std::io::Read;

use serde::{Deserialize, Serialize};

use super::place::Place;
use super::{Result, SharingError};
use crate::base::atomic;
use crate::base::folder::Folder;
use crate::history::{Project, nearest_name};
use crate::object::check_ref_name;

const FILE: &str = "remotes.toml";
/// Most bytes that the file may have.
const MAX_BYTES: u64 = 1 << 20;
const HEADER: &str =
    "# Written by `aiut remote`, `aiut clone` and `aiut push`; of this copy alone.\n\n";
/// What a clone calls the place that it came from.
pub(super) const ORIGIN: &str = "origin";

/// A timeline of a remote that one of the project follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upstream {
    /// The remote.
    pub remote: String,
    /// The short name of its timeline.
    pub follows: String,
}

impl Upstream {
    /// As a revision names it: `origin/main`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", self.remote, self.follows)
    }
}

/// A remote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RemoteReport {
    /// What it is called here.
    pub name: String,
    /// Where it is, without secrets.
    pub place: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    place: String,
    /// What of it comes here without being asked for; none is all.
    #[serde(skip_serializing_if = "Option::is_none")]
    keeps: Option<Keeps>,
}

/// What of a remote comes here without being asked for: `aiut clone --no-media`, `--only`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keeps {
    /// Whether pictures, clips and sounds do.
    pub media: bool,
    /// Patterns of paths; none is all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
}

/// The remotes of a project.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Remotes {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    remote: BTreeMap<String, Row>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    timeline: BTreeMap<String, Upstream>,
}

impl Remotes {
    /// Those of a project; none where it has no file of them.
    ///
    /// # Errors
    /// `Malformed`, `Io`.
    pub fn load(project: &Project) -> Result<Self> {
        Self::load_in(project.tree().own())
    }

    /// The same, by the folder `.aiut`.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub(super) fn load_in(own: &Folder) -> Result<Self> {
        let path = own.path_of(FILE);
        let io = |source| SharingError::Io {
            action: "read",
            path: path.clone(),
            source,
        };
        if own.find_file(FILE).map_err(io)?.is_none() {
            return Ok(Self::default());
        }
        let mut text = String::new();
        let file = own.read(FILE).map_err(io)?;
        let read = file.take(MAX_BYTES + 1).read_to_string(&mut text);
        read.map_err(io)?;
        let malformed = |reason: String| SharingError::Malformed {
            path: path.clone(),
            reason,
        };
        if text.len() as u64 > MAX_BYTES {
            return Err(malformed(format!("it is longer than {MAX_BYTES} bytes")));
        }
        let known: Self = toml::from_str(&text)
            .map_err(|error| malformed(error.to_string().trim_end().to_owned()))?;
        // A place is looked at by whoever goes there: a wrong one shall not stop `status`.
        for name in known.remote.keys() {
            check_name(name).map_err(|error| malformed(error.to_string()))?;
        }
        for (name, upstream) in &known.timeline {
            for name in [name, &upstream.remote, &upstream.follows] {
                check_ref_name(name).map_err(|error| malformed(error.to_string()))?;
            }
        }
        Ok(known)
    }

    /// Writes them.
    ///
    /// # Errors
    /// `Io`.
    pub fn save(&self, project: &Project) -> Result<()> {
        let own = project.tree().own();
        let text = toml::to_string(self).expect("names and texts can be written as TOML");
        let written = atomic::write_in(own, FILE, (HEADER.to_owned() + &text).as_bytes());
        written.map_err(|source| SharingError::Io {
            action: "write",
            path: own.path_of(FILE),
            source,
        })
    }

    /// Each, by name.
    pub fn list(&self) -> impl Iterator<Item = RemoteReport> {
        self.remote.iter().map(|(name, row)| RemoteReport {
            name: name.clone(),
            place: row.place.clone(),
        })
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.remote.keys().map(String::as_str)
    }

    /// Names another one.
    ///
    /// # Errors
    /// `RemoteExists`, `BadName`.
    pub fn add(&mut self, name: &str, place: &Place) -> Result<()> {
        check_name(name)?;
        if self.remote.contains_key(name) {
            return Err(SharingError::RemoteExists(name.to_owned()));
        }
        let place = place.to_string();
        self.remote
            .insert(name.to_owned(), Row { place, keeps: None });
        Ok(())
    }

    /// Says where a remote is now.
    ///
    /// # Errors
    /// `UnknownRemote`.
    pub fn set_place(&mut self, name: &str, place: &Place) -> Result<()> {
        let unknown = self.unknown(name);
        let row = self.remote.get_mut(name).ok_or(unknown)?;
        row.place = place.to_string();
        Ok(())
    }

    /// What of a remote comes here without being asked for; none is all.
    #[must_use]
    pub fn keeps(&self, name: &str) -> Option<&Keeps> {
        self.remote.get(name)?.keeps.as_ref()
    }

    /// Says what of a remote comes here.
    pub(super) fn keep(&mut self, name: &str, keeps: Option<Keeps>) {
        if let Some(row) = self.remote.get_mut(name) {
            row.keeps = keeps;
        }
    }

    /// Forgets a remote; no timeline follows it any more.
    ///
    /// # Errors
    /// `UnknownRemote`.
    pub fn remove(&mut self, name: &str) -> Result<()> {
        if self.remote.remove(name).is_none() {
            return Err(self.unknown(name));
        }
        self.timeline.retain(|_, upstream| upstream.remote != name);
        Ok(())
    }

    /// Where a remote is.
    ///
    /// # Errors
    /// `UnknownRemote`.
    pub fn place(&self, name: &str) -> Result<Place> {
        let row = self.remote.get(name).ok_or_else(|| self.unknown(name))?;
        Place::parse(&row.place)
    }

    /// The remote that is meant where none is named: the one that the timeline follows, else the only one,
    /// else `origin`.
    ///
    /// # Errors
    /// `NoRemote`, `WhichRemote`.
    pub fn usual(&self, timeline: Option<&str>) -> Result<String> {
        if let Some(upstream) = timeline.and_then(|name| self.upstream(name)) {
            return Ok(upstream.remote.clone());
        }
        let mut names = self.remote.keys();
        match (names.next(), names.next()) {
            (None, _) => Err(SharingError::NoRemote),
            (Some(only), None) => Ok(only.clone()),
            _ if self.remote.contains_key(ORIGIN) => Ok(ORIGIN.to_owned()),
            _ => Err(SharingError::WhichRemote(
                self.remote.keys().cloned().collect(),
            )),
        }
    }

    /// What a timeline follows.
    #[must_use]
    pub fn upstream(&self, timeline: &str) -> Option<&Upstream> {
        self.timeline.get(timeline)
    }

    /// Says what a timeline follows; none for nothing.
    pub fn follow(&mut self, timeline: &str, upstream: Option<Upstream>) {
        match upstream {
            Some(upstream) => self.timeline.insert(timeline.to_owned(), upstream),
            None => self.timeline.remove(timeline),
        };
    }

    fn unknown(&self, name: &str) -> SharingError {
        SharingError::UnknownRemote {
            name: name.to_owned(),
            nearest: nearest_name(name, self.names()),
        }
    }
}

/// Checks the name of a remote: one part of a ref's name.
///
/// # Errors
/// `BadName`.
pub(super) fn check_name(name: &str) -> Result<()> {
    let bad = |reason: &str| SharingError::BadName {
        name: name.to_owned(),
        reason: reason.to_owned(),
    };
    check_ref_name(name).map_err(|error| bad(error.reason))?;
    match name.contains('/') {
        true => Err(bad("it holds a /")),
        false => Ok(()),
    }
}
