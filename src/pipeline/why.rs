//! Why an output is not what it was made to be: the reads that changed, down the chain to the
//! edit, each with its old and its new value.

use std::cell::LazyCell;
use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fields::{FieldChange, field_changes};
use super::item::{Change, Item, Records, State};
use super::selector::{Part, Selector};
use super::snapshot::Snapshot;
use crate::film::ids::scene_name;
use crate::object::{ABSENT, RepoPath};

/// An output with the reasons for its state.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Cause {
    /// The output.
    pub path: RepoPath,
    /// Its stage.
    pub stage: String,
    /// Its state.
    pub state: State,
    /// Whether people changed it since it was generated.
    pub edited: bool,
    /// What is wrong with its inputs, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// The reads that changed.
    pub reasons: Vec<Reason>,
}

impl Cause {
    /// The edit at the end of the chain, in a line: the first of several.
    #[must_use]
    pub fn edit(&self) -> Option<String> {
        let reason = self.reasons.first()?;
        if let Some(edit) = reason.because.as_ref().and_then(|cause| cause.edit()) {
            return Some(edit);
        }
        let Some(change) = reason.fields.first() else {
            return Some(reason.selector.clone());
        };
        let name = match change.field.as_str() {
            "" => reason.selector.as_str(),
            field => field,
        };
        Some(match (&change.old, &change.new) {
            (Some(old), Some(new)) => format!("{name}: {} → {}", short(old), short(new)),
            (Some(old), None) => format!("{name}: {} is gone", short(old)),
            (None, Some(new)) => format!("{name}: {} is new", short(new)),
            (None, None) => name.to_owned(),
        })
    }
}

/// As much of a value as fits beside another.
fn short(value: &str) -> String {
    const MOST: usize = 40;
    let line = value.lines().next().unwrap_or_default();
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// A read that changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reason {
    /// What was read.
    pub selector: String,
    /// What became of it.
    pub change: ReadChange,
    /// What changed in it, where that can be said.
    pub fields: Vec<FieldChange>,
    /// Why that changed, if it is itself an output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Box<Cause>>,
}

/// What became of a read since the output was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReadChange {
    /// It has another value.
    Changed,
    /// It was not read before.
    Added,
    /// It is not read any more.
    Dropped,
    /// It is an output that is still to be made.
    Pending,
}

/// Explains outputs of one plan.
pub struct Explainer<'a> {
    items: HashMap<&'a str, &'a Item>,
    snapshot: &'a Snapshot,
    records: &'a dyn Records,
}

impl<'a> Explainer<'a> {
    /// An explainer for `plan`, whose result `snapshot` holds.
    #[must_use]
    pub fn new(plan: &'a [Item], snapshot: &'a Snapshot, records: &'a dyn Records) -> Self {
        let items = plan.iter().map(|item| (item.path.as_str(), item)).collect();
        Self {
            items,
            snapshot,
            records,
        }
    }

    /// Why the output at `path` has its state; none if no stage makes it.
    #[must_use]
    pub fn explain(&self, path: &str) -> Option<Cause> {
        self.cause(path, &mut BTreeSet::new(), usize::MAX)
    }

    /// The edit that the output at `path` is out of date for, as [`Cause::edit`] tells it. What else changed
    /// is not looked at: for that, a script may have to be parsed as it was.
    #[must_use]
    pub fn edit(&self, path: &str) -> Option<String> {
        self.cause(path, &mut BTreeSet::new(), 1)?.edit()
    }

    /// With at most so many reasons, of each output on the way.
    fn cause(&self, path: &str, seen: &mut BTreeSet<String>, most: usize) -> Option<Cause> {
        let item = self.items.get(path)?;
        seen.insert(path.to_owned());
        let before = LazyCell::new(|| {
            let past = item.current.and_then(|current| current.made_by);
            let past = self.records.generation(&past?).ok()?;
            let inputs = past.generation.inputs.iter();
            let inputs = inputs.map(|(path, id)| (path.clone(), *id));
            Some(self.snapshot.with_files(inputs))
        });
        let before = || LazyCell::force(&before).as_ref();
        let mut reasons: Vec<Reason> = Vec::new();
        for change in &*item.changes {
            if reasons.len() == most {
                break;
            }
            let became = match (&change.old, &change.new) {
                (Some(_), None) => ReadChange::Dropped,
                (None, Some(_)) => ReadChange::Added,
                _ => ReadChange::Changed,
            };
            let selector = change.selector.parse::<Selector>().ok();
            let Some(selector) = selector.filter(|_| change.is_read) else {
                reasons.push(Reason {
                    selector: change.selector.clone(),
                    change: ReadChange::Changed,
                    fields: vec![FieldChange {
                        field: String::new(),
                        old: change.old.clone(),
                        new: change.new.clone(),
                    }],
                    because: None,
                });
                continue;
            };
            let path = selector.path();
            if item.record.pending.contains(path.unwrap_or_default()) {
                continue;
            }
            let fields = match became {
                ReadChange::Changed => self.fields(&selector, &before, change),
                _ => Vec::new(),
            };
            reasons.push(Reason {
                selector: change.selector.clone(),
                change: became,
                fields,
                because: self.upstream(path, seen, most),
            });
        }
        for path in &item.record.pending {
            if reasons.len() == most {
                break;
            }
            let because = self.upstream(Some(path), seen, most);
            reasons.push(Reason {
                selector: path.clone(),
                change: ReadChange::Pending,
                fields: Vec::new(),
                because,
            });
        }
        Some(Cause {
            path: item.path.clone(),
            stage: item.stage.clone(),
            state: item.state,
            edited: item.edited,
            problem: item.problem.clone(),
            reasons,
        })
    }

    /// What changed in a read between what it was, which `before` holds, and now.
    fn fields<'s>(
        &self,
        selector: &Selector,
        before: &dyn Fn() -> Option<&'s Snapshot>,
        change: &Change,
    ) -> Vec<FieldChange> {
        let read = || before().and_then(|before| before.value(selector).ok().flatten());
        let old = match (selector, &change.old) {
            // Two ids say nothing to people; what made the file says more.
            (Selector::File(_), _) => return Vec::new(),
            (Selector::Config(key), Some(digest)) => self.records.configured(key, digest),
            // Else the whole script is parsed as it was, for one scene of it.
            (Selector::Scene { .. }, Some(digest)) => {
                self.snapshot.scene_of_digest(digest).or_else(read)
            }
            _ => read(),
        };
        let absent = change.old.as_deref() == Some(ABSENT);
        if old.is_none() && !absent {
            // What it was is not known any more.
            return Vec::new();
        }
        let new = self.snapshot.value(selector).ok().flatten();
        let (old, new) = (readable(selector, old), readable(selector, new));
        let mut fields = field_changes(old.as_ref(), new.as_ref());
        prefix(selector, &mut fields);
        fields
    }

    fn upstream(
        &self,
        path: Option<&str>,
        seen: &mut BTreeSet<String>,
        most: usize,
    ) -> Option<Box<Cause>> {
        let path = path.filter(|path| !seen.contains(*path))?;
        let item = self.items.get(path)?;
        (item.state != State::Fresh || item.edited)
            .then(|| self.cause(path, seen, most).map(Box::new))
            .flatten()
    }
}

/// A value without what only machines compare: scenes by their numbers, shots by their ids.
fn readable(selector: &Selector, value: Option<Value>) -> Option<Value> {
    let part = match selector {
        Selector::Part { part, .. } => Some(part),
        _ => None,
    };
    let ids = |shots: &[Value], key: &dyn Fn(&Value) -> Option<Value>| {
        let ids = shots
            .iter()
            .map(|shot| key(shot).unwrap_or_else(|| shot.clone()));
        ids.collect::<Value>()
    };
    match (selector, part, value?) {
        (_, Some(Part::Before(_) | Part::Act(_)), Value::String(stem)) => {
            Some(scene_name(&stem).into())
        }
        (_, Some(Part::Shots(_)), Value::Object(mut memory)) => {
            if let Some(Value::Array(shots)) = memory.get("shots") {
                let ids = ids(shots, &|shot| shot.get(0).cloned());
                memory.insert("shots".to_owned(), ids);
            }
            Some(memory.into())
        }
        (Selector::Locked(_), _, Value::Array(shots)) => {
            Some(ids(&shots, &|shot| shot.get("shot_id").cloned()))
        }
        (_, _, value) => Some(value),
    }
}

/// Says of each field what it is a field of, in words.
fn prefix(selector: &Selector, fields: &mut [FieldChange]) {
    let of_scene = |stem: &str, what: &str| format!("scene {}{what}", scene_name(stem));
    let name = match selector {
        Selector::Scene { number, .. } => of_scene(number, ""),
        Selector::Part { part, .. } => match part {
            Part::Cast => "cast".to_owned(),
            Part::Before(stem) => of_scene(stem, ", the scene before it"),
            Part::Time(stem) => of_scene(stem, ", time of day"),
            Part::Act(stem) => of_scene(stem, ", act"),
            Part::Shots(stem) => of_scene(stem, ", as numbers.toml has it"),
            Part::Scenes | Part::Settings | Part::Title | Part::Member(_) | Part::Place(_) => {
                return;
            }
        },
        _ => return,
    };
    for change in fields {
        let field = &change.field;
        let field = field.strip_prefix("elements.").unwrap_or(field);
        change.field = match field {
            "" => name.clone(),
            field => format!("{name}, {field}"),
        };
    }
}
