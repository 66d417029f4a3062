//! Approvals: who approved which content, and what is locked, as `approvals.toml` has it.
//!
//! Nothing in the file says whether an approval still holds: it does as long as the content is the one that
//! was approved, and that is computed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::parsed::Malformed;
use super::stage::Stage;
use crate::object::{FileId, RepoPath};

/// Where the approvals of a project stand.
pub const APPROVALS: &str = "approvals.toml";

/// Most bytes of that file.
pub const MAX_APPROVALS_BYTES: u64 = 4 << 20;

const HEAD: &str = "# Who approved which content: `aiut approve` writes this file, and `aiut approve --list` reads it.\n\
    # An approval is void as soon as the content is another one.\n\n";

/// What was approved.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Approved {
    /// Every output of a stage, by its name.
    Stage(String),
    /// A file.
    Path(String),
}

impl fmt::Display for Approved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stage(name) => write!(f, "stage {name}"),
            Self::Path(path) => f.write_str(path),
        }
    }
}

/// An approval.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// When: `2026-11-30T10:00:00Z`.
    pub time: String,
    /// Who: `Ada Moreau <ada@example.com>`.
    pub by: String,
    /// The digest of what was approved, 64 hexadecimal digits.
    pub content: String,
    /// Why, in the words of who did.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// The timelines on which it may not be changed.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub locked_on: BTreeSet<String>,
}

/// All approvals of a project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Approvals(pub BTreeMap<Approved, Approval>);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    stage: BTreeMap<String, Approval>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    path: BTreeMap<String, Approval>,
}

impl Approvals {
    /// Reads the file.
    ///
    /// # Errors
    /// What is wrong with it, with the line.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let file: File = toml::from_str(text).map_err(|error| Malformed::toml(text, &error))?;
        let stages = file.stage.into_iter();
        let stages = stages.map(|(name, approval)| (Approved::Stage(name), approval));
        let paths = file.path.into_iter();
        let paths = paths.map(|(path, approval)| (Approved::Path(path), approval));
        Ok(Self(stages.chain(paths).collect()))
    }

    /// The file: sorted, so that the same approvals are the same bytes.
    #[must_use]
    pub fn print(&self) -> String {
        let mut file = File {
            stage: BTreeMap::new(),
            path: BTreeMap::new(),
        };
        for (what, approval) in &self.0 {
            match what {
                Approved::Stage(name) => file.stage.insert(name.clone(), approval.clone()),
                Approved::Path(path) => file.path.insert(path.clone(), approval.clone()),
            };
        }
        let rows = toml::to_string(&file).expect("texts and lists can always be written");
        format!("{HEAD}{rows}")
    }

    /// What is locked on a timeline, with the approval.
    pub fn locked_on<'a>(
        &'a self,
        timeline: &'a str,
    ) -> impl Iterator<Item = (&'a Approved, &'a Approval)> {
        let is_locked = move |approval: &Approval| approval.locked_on.contains(timeline);
        self.0
            .iter()
            .filter(move |(_, approval)| is_locked(approval))
    }

    /// Joins two versions that grew out of `base`: what only one side changed is as that side has it; of
    /// what both approved anew the later approval, locked where either was; a withdrawn one that the
    /// other side renewed stays. Never a conflict, and the same whichever side is ours.
    #[must_use]
    pub fn join(base: &Self, ours: &Self, theirs: &Self) -> Self {
        let all: BTreeSet<&Approved> = ours.0.keys().chain(theirs.0.keys()).collect();
        let joined = all.into_iter().filter_map(|what| {
            let (old, our, their) = (base.0.get(what), ours.0.get(what), theirs.0.get(what));
            let approval = match (our, their) {
                _ if our == their || their == old => our.cloned(),
                _ if our == old => their.cloned(),
                (Some(our), Some(their)) => {
                    let locked = our.locked_on.union(&their.locked_on).cloned().collect();
                    Some(Approval {
                        locked_on: locked,
                        ..our.max(their).clone()
                    })
                }
                (our, their) => our.or(their).cloned(),
            };
            Some((what.clone(), approval?))
        });
        Self(joined.collect())
    }
}

/// The digest of every output of a stage among these files, sorted by path; none where there is none.
#[must_use]
pub fn stage_content<'f>(
    stage: &Stage,
    files: impl Iterator<Item = (&'f RepoPath, FileId)>,
) -> Option<String> {
    let mut hasher = blake3::Hasher::new_derive_key("aiut 2026 approved stage v1");
    let mut is_any = false;
    for (path, id) in files {
        if stage.item_of(path.as_str()).is_some() {
            is_any = true;
            hasher.update(&(path.as_str().len() as u64).to_le_bytes());
            hasher.update(path.as_str().as_bytes());
            hasher.update(id.as_bytes());
        }
    }
    is_any.then(|| hasher.finalize().to_hex().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn approval(time: &str, content: &str) -> Approval {
        Approval {
            time: time.to_owned(),
            by: "Ada <ada@example.com>".to_owned(),
            content: content.to_owned(),
            why: String::new(),
            locked_on: BTreeSet::new(),
        }
    }

    fn approvals(rows: &[(&str, &str, &str)]) -> Approvals {
        let row = |(name, time, content): &(&str, &str, &str)| {
            (Approved::Stage((*name).to_owned()), approval(time, content))
        };
        Approvals(rows.iter().map(row).collect())
    }

    #[test]
    fn approvals_read_back_and_bad_files_are_told_by_line() {
        let mut all = approvals(&[("shots", "2026-01-01T00:00:00Z", "aa")]);
        let mut locked = approval("2026-01-02T00:00:00Z", "bb");
        locked.why = "the \"last\" draft".to_owned();
        locked.locked_on.insert("main".to_owned());
        all.0
            .insert(Approved::Path("script.fountain".to_owned()), locked);
        assert_eq!(Approvals::parse(&all.print()), Ok(all.clone()));
        assert_eq!(all.locked_on("main").count(), 1);
        assert_eq!(all.locked_on("late").count(), 0);
        assert_eq!(Approvals::parse(""), Ok(Approvals::default()));
        for bad in ["[stage.x]\nby = 1\n", "x = 1\n", "[stage.x]\n", "no"] {
            assert!(Approvals::parse(bad).is_err(), "{bad:?}");
        }
        let error = Approvals::parse("[stage.x]\nby = 1\n").unwrap_err();
        assert!(error.to_string().starts_with("line 2, "), "{error}");
    }

    #[test]
    fn both_sides_approve_and_nothing_collides() {
        let base = approvals(&[
            ("a", "1", "x"),
            ("b", "1", "x"),
            ("c", "1", "x"),
            ("e", "1", "x"),
        ]);
        let ours = approvals(&[
            ("a", "2", "y"),
            ("b", "2", "y"),
            ("d", "2", "y"),
            ("e", "1", "x"),
        ]);
        let theirs = approvals(&[("a", "1", "x"), ("b", "3", "z"), ("c", "1", "x")]);
        let joined = Approvals::join(&base, &ours, &theirs);
        assert_eq!(
            joined,
            approvals(&[("a", "2", "y"), ("b", "3", "z"), ("d", "2", "y")])
        );
        assert_eq!(joined, Approvals::join(&base, &theirs, &ours));
    }
}
