//! What lies where the film's files lie and is read by nobody for its name, and what a stage wants to
//! read that is nowhere: slips that change nothing, and of which nobody would be told.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value;

use super::generate::Remark;
use super::import::IMPORTS;
use super::plan::Planned;
use crate::base::nearest::nearest_path;
use crate::film::cast::slug;
use crate::object::RepoPath;
use crate::pipeline::{
    Each, Makes, Naming, Pipeline, Records, Snapshot, Stage, State, Tracked, claims, is_written,
    may_name, shape,
};
use crate::workflow::settings::{PROJECT_FILE, nearest};

/// Endings of files that hold data, of which each folder wants one.
const DATA: [&str; 5] = ["toml", "json", "yaml", "yml", "tml"];

/// What nobody reads, with what to do about it, by path.
pub(super) fn unread(
    pipeline: &Pipeline,
    planned: &Planned,
    tracked: &BTreeMap<RepoPath, Tracked>,
    records: &dyn Records,
) -> Vec<Remark> {
    let mut found = misspelt_reads(pipeline, &planned.snapshot, tracked);
    // Without a script nobody can say who is in the film, and where it plays.
    if planned.story().is_err() {
        return found;
    }
    let film = Film::of(pipeline, planned, tracked, records);
    // Folders of pictures that people bring in, as references.
    let bible = pipeline.layout().bible();
    let mut folders = BTreeSet::new();
    let mut unread = Vec::new();
    for (path, file) in tracked {
        if film.outputs.contains(path) {
            continue;
        }
        let note = |remark: String| Remark {
            path: path.clone(),
            remark,
        };
        // Of an output that is a problem, of what people brought in it is a slip to be told.
        let is_within = |folder: &&str| path.as_str().starts_with(folder);
        if bible.iter().chain(&[IMPORTS]).any(is_within) {
            let denied = planned.snapshot.denied(path, &file.id).ok().flatten();
            found.extend(denied.map(note));
        }
        let remark = film
            .misnamed(path, file)
            .or_else(|| film.misplaced(path))
            .or_else(|| film.in_no_folder(path, &mut folders));
        unread.extend(remark.map(note));
    }
    // A stage of the project's own may well read one of them.
    unread.retain(|remark| {
        let mut items = planned.items.iter();
        !items.any(|item| item.reads_file(remark.path.as_str()))
    });
    found.extend(unread);
    found
}

struct Film<'p> {
    pipeline: &'p Pipeline,
    snapshot: &'p Snapshot,
    tracked: &'p BTreeMap<RepoPath, Tracked>,
    records: &'p dyn Records,
    /// Every output there is or should be.
    outputs: HashSet<&'p RepoPath>,
    /// The items of each stage.
    items: BTreeMap<&'p str, Vec<&'p str>>,
    /// Whether it is known which shots there are.
    knows_shots: bool,
}

impl<'p> Film<'p> {
    fn of(
        pipeline: &'p Pipeline,
        planned: &'p Planned,
        tracked: &'p BTreeMap<RepoPath, Tracked>,
        records: &'p dyn Records,
    ) -> Self {
        let mut items: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for item in &planned.items {
            items.entry(&item.stage).or_default().push(&item.item);
        }
        Self {
            pipeline,
            snapshot: &planned.snapshot,
            tracked,
            records,
            outputs: planned.items.iter().map(|item| &item.path).collect(),
            items,
            knows_shots: !planned.items.iter().any(|item| item.state == State::Broken),
        }
    }

    fn is_there(&self, path: &str) -> bool {
        self.tracked.keys().any(|known| known.as_str() == path)
    }

    /// A file in the folder of a stage that is none of its outputs.
    fn misnamed(&self, path: &RepoPath, file: &Tracked) -> Option<String> {
        let stages = self.pipeline.stages().iter();
        stages
            .filter(|stage| !stage.by_hand())
            .find_map(|stage| self.misnamed_for(stage, path, file))
    }

    fn misnamed_for(&self, stage: &Stage, path: &RepoPath, file: &Tracked) -> Option<String> {
        let each = stage.each?;
        if each == Each::Shot && !self.knows_shots || self.was_made_here(stage, path, file) {
            return None;
        }
        let (folder, ending) = place(stage)?;
        let rest = path.as_str().strip_prefix(folder)?;
        let items = self.items.get(stage.name.as_str())?;
        if let Some((_, name)) = rest.rsplit_once('/') {
            // Folders within belong to people, unless a file in one is called as one here.
            let item = name.strip_suffix(ending)?;
            let wanted = format!("{folder}{name}");
            return items
                .contains(&item)
                .then(|| format!("nothing reads it here: {wanted} is read, in {folder} itself"));
        }
        let Some(name) = rest.strip_suffix(ending) else {
            return wrong_ending(rest, ending).map(|stem| {
                format!("nothing reads it: files in {folder} end in {ending}, as in {folder}{stem}{ending}")
            });
        };
        let what = match each {
            Each::Scene => "scene",
            Each::Shot => "shot",
            Each::Character => "character",
            Each::Location => "place",
        };
        let meant = self.meant(path, name, items);
        let todo = match meant {
            Some(meant) => {
                let wanted = stage.output(meant);
                match self.is_there(&wanted) {
                    true => format!("; {wanted} is there, and is read"),
                    false => format!("; call it {wanted}"),
                }
            }
            None if slug(name) != *name && matches!(each, Each::Character | Each::Location) => {
                format!(
                    "; names of files are written as in {}",
                    stage.output(&slug(name))
                )
            }
            None => String::new(),
        };
        Some(format!(
            "nothing reads it: the film has no {what} {name}{todo}"
        ))
    }

    /// Whether a stage made a file under this name, once: it is no slip, its scene or place was cut.
    /// What lost its scene and is none of people's own is told as an orphan, under any name.
    fn was_made_here(&self, stage: &Stage, path: &RepoPath, file: &Tracked) -> bool {
        let Some(made_by) = file.made_by else {
            return false;
        };
        let past = || self.records.generation(&made_by).ok();
        !stage.keep || past().is_some_and(|past| past.output(path).is_some())
    }

    /// The item that a file is most likely about: by its name, by the name that it tells, else by the
    /// nearest in spelling.
    fn meant(&self, path: &RepoPath, name: &str, items: &[&'p str]) -> Option<&'p str> {
        // A picture, clip or sound bears no name within, and may be long, or elsewhere.
        let told = match claims(path) {
            true => None,
            false => self.snapshot.document(path.as_str()).ok().flatten(),
        };
        let told = told.as_ref().and_then(|file| file.get("name")?.as_str());
        let same = |name: &str| {
            let wanted = folded(name);
            items.iter().copied().find(|item| folded(item) == wanted)
        };
        same(name)
            .or_else(|| told.and_then(same))
            .or_else(|| nearest(name, items.iter().copied()))
    }

    /// A file of the bible that lies elsewhere in it.
    fn misplaced(&self, path: &RepoPath) -> Option<String> {
        let layout = self.pipeline.layout();
        let bible = layout.bible();
        bible.iter().find(|top| path.as_str().starts_with(**top))?;
        let name = path.file_name();
        let (stem, ending) = name.rsplit_once('.')?;
        let is_data = DATA.iter().any(|data| ending.eq_ignore_ascii_case(data));
        // What lies in the folders of people and places and is no slip is people's own.
        let style = layout.path(Makes::Style, "");
        let of_many = [Makes::Character, Makes::Location];
        let is_within = |makes: &Makes| {
            let head = layout.of(*makes).map(Naming::head);
            head.is_some_and(|head| path.as_str().starts_with(head))
        };
        if !is_data || of_many.iter().any(is_within) {
            return None;
        }
        let of = |makes: Makes| {
            let stages = self.pipeline.stages().iter();
            let stage = stages.clone().find(|stage| stage.makes == Some(makes))?;
            let items = self.items.get(stage.name.as_str())?;
            let meant = items.iter().find(|item| folded(item) == folded(stem))?;
            Some(stage.output(meant))
        };
        let is_style = |style: &String| {
            let name = style.rsplit('/').next().unwrap_or(style);
            let own = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            folded(stem) == folded(own)
        };
        let meant = style.clone().filter(is_style);
        let meant = meant.or_else(|| of_many.into_iter().find_map(of));
        Some(match meant {
            Some(wanted) if self.is_there(&wanted) => {
                format!("nothing reads it: {wanted} is there, and is read")
            }
            Some(wanted) => format!("nothing reads it: call it {wanted}"),
            None => {
                let named = of_many.map(|makes| layout.path(makes, "NAME"));
                let [characters, locations] = named.map(Option::unwrap_or_default);
                let style = style.unwrap_or_default();
                format!(
                    "nothing reads it: of the bible {style}, {characters} and {locations} are read"
                )
            }
        })
    }

    /// A file in a folder that is called nearly as one of the film's, told once for each folder.
    fn in_no_folder<'f>(
        &self,
        path: &'f RepoPath,
        folders: &mut BTreeSet<&'f str>,
    ) -> Option<String> {
        let (top, rest) = path.as_str().split_once('/')?;
        let stages = self.pipeline.stages().iter();
        let known: BTreeSet<&str> = stages
            .filter_map(|stage| Some(stage.writes.split_once('/')?.0))
            .collect();
        if known.contains(top) || rest.is_empty() {
            return None;
        }
        let near = nearest(top, known.iter().copied())?;
        let is_slip = top.chars().count().abs_diff(near.chars().count()) < 2;
        (is_slip && folders.insert(top))
            .then(|| format!("nothing reads what lies in {top}/: did you mean {near}/?"))
    }
}

/// The folder of a stage's outputs, and their ending: `shots/`, `.json`.
fn place(stage: &Stage) -> Option<(&str, &str)> {
    let key = format!("{{{}}}", stage.each?.key());
    let (head, tail) = stage.writes.split_once(&key)?;
    (head.ends_with('/') && tail.starts_with('.')).then_some((head, tail))
}

/// The name before an ending that was meant for `ending`: `.TOML`, `.yaml`.
fn wrong_ending<'n>(name: &'n str, ending: &str) -> Option<&'n str> {
    let (stem, typed) = name.rsplit_once('.')?;
    let typed = typed.to_ascii_lowercase();
    let is_data = |ending: &str| DATA.contains(&ending);
    let wanted = ending.trim_start_matches('.');
    (!stem.is_empty() && (typed == wanted || is_data(&typed) && is_data(wanted))).then_some(stem)
}

/// A name without what people write it differently by: capitals, what parts words, zeros before
/// numbers, `scene` and `shot`.
fn folded(name: &str) -> String {
    let mut out = String::new();
    let mut is_number = false;
    for c in slug(name).chars() {
        if c == '_' {
            is_number = false;
        } else if c == '0' && !is_number {
            // Of `10` the zero stays: a number has begun.
        } else {
            is_number = c.is_ascii_digit();
            out.push(c);
        }
    }
    for title in ["scene", "shot"] {
        if let Some(rest) = out.strip_prefix(title)
            && rest.starts_with(|c: char| c.is_ascii_digit())
        {
            return rest.to_owned();
        }
    }
    out
}

/// What commands want to read that is nowhere, where something is that they may have meant.
fn misspelt_reads(
    pipeline: &Pipeline,
    snapshot: &Snapshot,
    tracked: &BTreeMap<RepoPath, Tracked>,
) -> Vec<Remark> {
    let settings = RepoPath::new(PROJECT_FILE).expect("a safe name");
    let mut found = Vec::new();
    for stage in pipeline
        .stages()
        .iter()
        .filter(|stage| stage.runs_command())
    {
        for read in &stage.reads {
            let meant = match read.strip_prefix("config:") {
                Some(key) => misspelt_key(key, snapshot).map(|key| format!("config:{key}")),
                None => misspelt_path(read, pipeline, tracked),
            };
            found.extend(meant.map(|meant| Remark {
                path: settings.clone(),
                remark: format!(
                    "stage.{} reads {read}, and there is no such thing; did you mean {meant}?",
                    stage.name
                ),
            }));
        }
    }
    found
}

fn misspelt_key(key: &str, snapshot: &Snapshot) -> Option<String> {
    if snapshot.config(key).is_some() {
        return None;
    }
    let all: Value = serde_json::from_str(&snapshot.config_text()).ok()?;
    let mut keys = Vec::new();
    gather(&all, String::new(), &mut keys);
    nearest(key, keys.iter().map(String::as_str)).map(str::to_owned)
}

fn gather(value: &Value, key: String, keys: &mut Vec<String>) {
    for (name, value) in value.as_object().into_iter().flatten() {
        let key = match key.is_empty() {
            true => name.clone(),
            false => format!("{key}.{name}"),
        };
        gather(value, key.clone(), keys);
        keys.push(key);
    }
}

fn misspelt_path(
    read: &str,
    pipeline: &Pipeline,
    tracked: &BTreeMap<RepoPath, Tracked>,
) -> Option<String> {
    let (path, part) = read
        .split_once('#')
        .map_or((read, None), |(path, part)| (path, Some(part)));
    let is_there =
        is_written(pipeline, path) || tracked.keys().any(|file| may_name(path, file.as_str()));
    if is_there {
        return None;
    }
    let written = pipeline.stages().iter().map(|stage| stage.writes.as_str());
    let files = tracked.keys().map(RepoPath::as_str);
    let wanted = shape(path);
    let shapes: BTreeMap<String, &str> = files
        .chain(written)
        .map(|known| (shape(known), known))
        .collect();
    let known: Vec<&str> = shapes.keys().map(String::as_str).collect();
    let near = nearest_path(&wanted, &known)?;
    let near = shapes.get(near).copied().unwrap_or(near);
    Some(part.map_or_else(|| near.to_owned(), |part| format!("{near}#{part}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_however_they_are_written() {
        for (one, other) in [
            ("theStranger", "the_stranger"),
            ("The Stranger", "the_stranger"),
            ("2", "002"),
            ("scene-2", "002"),
            ("2-11", "002_011"),
            ("10", "010"),
        ] {
            assert_eq!(folded(one), folded(other), "{one}");
        }
        assert_ne!(folded("20"), folded("2"));
        assert_ne!(folded("200"), folded("20"));
        assert_eq!(wrong_ending("mara.TOML", ".toml"), Some("mara"));
        assert_eq!(wrong_ending("mara.json", ".toml"), Some("mara"));
        assert_eq!(wrong_ending("mara.png", ".toml"), None);
    }
}
