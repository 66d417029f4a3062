//! How two versions differ in the words of film: screenplays by scene, shot lists by shot, settings
//! and other data by field; of all else, that it differs.

use rayon::prelude::*;
use serde::Serialize;
use serde_json::Value;

use super::{Contents, Matched, Version, pairs};
use crate::diff::{Detail, FileChange, LIMIT_BYTES, Side, Status, as_text};
use crate::film::versions::{
    FieldChange, ScriptDiff, ShotListDiff, compare_fields, compare_scripts, compare_shots,
};
use crate::history::{Project, Result, gone_files};
use crate::object::{RepoPath, TreeId};
use crate::pipeline::NUMBERS;
use crate::workflow::viewer::Viewer;
use crate::worktree::Unlisted;

/// What names of screenplays end in.
pub const SCRIPT_EXTENSIONS: &[&str] = &["fountain", "spmd"];

/// How two versions of a project differ, in the words of film.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Story {
    /// Screenplays.
    pub scripts: Vec<StoryChange>,
    /// Shot lists.
    pub shot_lists: Vec<ShotListChange>,
    /// Settings, the bible, prompts and all else that has fields.
    pub data: Vec<DataChange>,
    /// Everything else.
    pub others: Vec<FileChange>,
    /// What lies in the folder and cannot be read, so that nothing is said of it.
    pub unreadable: Vec<Unlisted>,
}

/// A screenplay that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoryChange {
    /// Where it lies, or lay.
    pub path: RepoPath,
    /// How it differs.
    pub diff: ScriptDiff,
}

/// A shot list that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShotListChange {
    /// Where it lies, or lay.
    pub path: RepoPath,
    /// How it differs.
    #[serde(flatten)]
    pub diff: ShotListDiff,
}

/// A file with fields that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DataChange {
    /// Where it lies, or lay.
    pub path: RepoPath,
    /// What happened to it.
    pub status: Status,
    /// Where it lay, if elsewhere.
    pub old_path: Option<RepoPath>,
    /// The fields that differ; none of a file that came or went.
    pub fields: Vec<FieldChange>,
}

impl Story {
    /// How many files differ.
    #[must_use]
    pub fn files(&self) -> usize {
        self.scripts.len() + self.shot_lists.len() + self.data.len() + self.others.len()
    }

    /// Of one file.
    fn of(file: FileStory) -> Self {
        let mut story = Self::default();
        story.add(file);
        story
    }

    fn add(&mut self, file: FileStory) {
        match file {
            FileStory::Same => {}
            FileStory::Script(script) => self.scripts.push(script),
            FileStory::Shots(shots) => self.shot_lists.push(shots),
            FileStory::Data(data) => self.data.push(data),
            FileStory::Other(other) => self.others.push(other),
        }
    }
}

/// How one file differs.
enum FileStory {
    /// In nothing that its readers see.
    Same,
    Script(StoryChange),
    Shots(ShotListChange),
    Data(DataChange),
    Other(FileChange),
}

/// How a file is read to be compared by what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::workflow) enum Reading {
    Script,
    Json,
    Toml,
}

impl Reading {
    fn of(side: &Side) -> Option<Self> {
        Self::of_extension(side.path.extension()?)
    }

    /// By what the name of a file ends in.
    pub(in crate::workflow) fn of_extension(extension: &str) -> Option<Self> {
        match extension {
            "json" => Some(Self::Json),
            "toml" => Some(Self::Toml),
            script if SCRIPT_EXTENSIONS.contains(&script) => Some(Self::Script),
            _ => None,
        }
    }

    /// The file as a value; none where it is not what its name says, or has marks of a conflict.
    pub(in crate::workflow) fn value(self, text: &str) -> Option<Value> {
        match self {
            Self::Script => None,
            Self::Json => serde_json::from_str(text).ok(),
            Self::Toml => Some(of_toml(toml::Value::Table(text.parse().ok()?))),
        }
    }
}

/// A value of TOML as one of JSON; a date is its text.
fn of_toml(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => match serde_json::Number::from_f64(number) {
            Some(number) => number.into(),
            None => number.to_string().into(),
        },
        toml::Value::Boolean(is) => is.into(),
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(list) => list.into_iter().map(of_toml).collect(),
        toml::Value::Table(table) => {
            let members = table.into_iter().map(|(key, value)| (key, of_toml(value)));
            Value::Object(members.collect())
        }
    }
}

/// How a stored tree and another version differ in the words of film; `detail` is for files that have none.
/// What aiut keeps for itself about the numbers of scenes is left out.
///
/// # Errors
/// A file of either version that cannot be read.
pub fn compare_stories(
    project: &Project,
    viewer: &Viewer,
    old: Option<TreeId>,
    new: Version,
    within: &dyn Fn(&RepoPath) -> bool,
    detail: Detail,
) -> Result<Story> {
    let told = |path: &RepoPath| path.as_str() != NUMBERS && within(path);
    let (pairs, unreadable) = pairs(project, old, new, &told)?;
    let contents = Contents {
        project,
        new,
        viewer,
        gone: gone_files(project.store())?,
    };
    let found = contents.matched(pairs)?;
    let mut stories: Vec<(RepoPath, FileStory)> = found
        .into_par_iter()
        .map(|matched| {
            let side = matched.2.as_ref().or(matched.1.as_ref());
            let path = side.expect("a pair has a side").path.clone();
            Ok((path, contents.story(matched, detail)?))
        })
        .collect::<Result<_>>()?;
    stories.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut story = Story {
        unreadable,
        ..Story::default()
    };
    stories.into_iter().for_each(|(_, file)| story.add(file));
    Ok(story)
}

/// How two files differ that are read as what their names say; none where they are not that, or
/// are of two kinds.
pub(super) fn told_of_bytes(
    (old, was): (&Side, &[u8]),
    (new, is): (&Side, &[u8]),
) -> Option<Story> {
    let reading = Reading::of(old).filter(|reading| Reading::of(new) == Some(*reading))?;
    let file = Named {
        path: new.path.clone(),
        status: Status::Modified,
        old_path: Some(old.path.clone()).filter(|old| *old != new.path),
    };
    told(reading, file, Some(was), Some(is)).map(Story::of)
}

impl Contents<'_> {
    /// How one file differs.
    pub(super) fn story_of(&self, matched: Matched) -> Result<Story> {
        Ok(Story::of(self.story(matched, Detail::MEDIA)?))
    }

    fn story(&self, (status, old, new): Matched, detail: Detail) -> Result<FileStory> {
        let sides = || old.iter().chain(&new);
        let reading = sides().map(Reading::of).reduce(|a, b| a.filter(|_| a == b));
        let is_small = sides().all(|side| side.size <= LIMIT_BYTES);
        let reading = reading.flatten().filter(|_| is_small);
        let told = match reading.filter(|_| !self.is_gone(old.as_ref(), new.as_ref())) {
            Some(reading) => self.read_story(reading, status, old.as_ref(), new.as_ref())?,
            None => None,
        };
        if let Some(told) = told {
            return Ok(told);
        }
        let content = self.content(old.as_ref(), new.as_ref(), detail)?;
        Ok(FileStory::Other(FileChange {
            status,
            old,
            new,
            content,
        }))
    }

    /// How a file differs that is read as what its name says; none where it is not that.
    fn read_story(
        &self,
        reading: Reading,
        status: Status,
        old: Option<&Side>,
        new: Option<&Side>,
    ) -> Result<Option<FileStory>> {
        let was = old.map(|side| self.read_old(side)).transpose()?;
        let is = new.map(|side| self.read_new(side)).transpose()?;
        let path = |side: &Side| side.path.clone();
        let old_path = old.map(path);
        let Some(path) = new.map(path).or_else(|| old_path.clone()) else {
            return Ok(None);
        };
        let file = Named {
            old_path: old_path.filter(|old| *old != path),
            path,
            status,
        };
        Ok(told(reading, file, was.as_deref(), is.as_deref()))
    }
}

/// What is known of a file beside its content.
struct Named {
    path: RepoPath,
    status: Status,
    old_path: Option<RepoPath>,
}

fn told(
    reading: Reading,
    file: Named,
    old: Option<&[u8]>,
    new: Option<&[u8]>,
) -> Option<FileStory> {
    let text = |bytes: Option<&[u8]>| match bytes {
        None => Some(None),
        Some(bytes) => as_text(bytes).map(|text| Some(text.to_owned())),
    };
    let (old, new) = (text(old)?, text(new)?);
    let path = file.path;
    if reading == Reading::Script {
        let diff = compare_scripts(&old.unwrap_or_default(), &new.unwrap_or_default());
        return Some(match diff.is_empty() {
            true => FileStory::Same,
            false => FileStory::Script(StoryChange { path, diff }),
        });
    }
    let value = |text: Option<String>| match text {
        None => Some(Value::Null),
        Some(text) => reading.value(&text),
    };
    let (old, new) = (value(old)?, value(new)?);
    if let Some(diff) = compare_shots(&old, &new) {
        return Some(match diff.is_empty() {
            true => FileStory::Same,
            false => FileStory::Shots(ShotListChange { path, diff }),
        });
    }
    let fields = match file.status {
        Status::Added | Status::Removed => Vec::new(),
        Status::Modified | Status::Renamed => compare_fields(&old, &new),
    };
    if fields.is_empty() && file.status == Status::Modified {
        return Some(FileStory::Same);
    }
    Some(FileStory::Data(DataChange {
        path,
        status: file.status,
        old_path: file.old_path,
        fields,
    }))
}
